# Read by cpack when the packages are made. It takes files into an archive in the order in which the file system
# has them, and with the umask of who packs, so each archive is made once more, by tools that do not.
#
# SPDX-License-Identifier: GPL-2.0-or-later

function(run folder)
    execute_process(COMMAND ${ARGN} WORKING_DIRECTORY ${folder} OUTPUT_QUIET RESULT_VARIABLE failed)
    if(failed)
        list(JOIN ARGN " " command)
        message(FATAL_ERROR "failed: ${command}")
    endif()
endfunction()

foreach(archive IN LISTS CPACK_PACKAGE_FILES)
    get_filename_component(folder ${archive} DIRECTORY)
    if(CPACK_GENERATOR STREQUAL "DEB")
        run(${folder} dpkg-deb --raw-extract ${archive} again)
        run(${folder} dpkg-deb --root-owner-group -Zxz --build again ${archive})
        file(REMOVE_RECURSE ${folder}/again)
    elseif(CPACK_GENERATOR STREQUAL "TGZ")
        string(REGEX REPLACE "[.]gz$" "" tar ${archive})
        run(${folder} tar -cf ${tar} --sort=name --format=gnu --owner=root:0 --group=root:0
            --mtime=@$ENV{SOURCE_DATE_EPOCH} ${CPACK_PACKAGE_FILE_NAME})
        run(${folder} gzip -9nf ${tar})
    endif()
endforeach()
