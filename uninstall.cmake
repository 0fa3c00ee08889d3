# uninstall.cmake
# Remove what was installed: the files of install_manifest.txt, and the folders that are empty then.
#
#     cmake -DMANIFEST=BUILD_DIR/install_manifest.txt -P uninstall.cmake
#
# With DESTDIR as in the installation. Without it the profile goes too that the user who runs this made
# with wsclose-profile; where he changed it, nothing is removed.
#
# SPDX-License-Identifier: GPL-2.0-or-later

if(NOT EXISTS "${MANIFEST}")
    message(FATAL_ERROR "${MANIFEST} is not there: install the same version once more, then remove it")
endif()
file(STRINGS "${MANIFEST}" files)

# Where all of it lies: the prefix. Above it nothing is ours.
list(GET files 0 prefix)
foreach(file IN LISTS files)
    string(FIND "${file}/" "${prefix}/" at)
    while(NOT at EQUAL 0)
        get_filename_component(prefix "${prefix}" DIRECTORY)
        string(REGEX REPLACE "/$" "" prefix "${prefix}")
        string(FIND "${file}/" "${prefix}/" at)
    endwhile()
endforeach()

foreach(file IN LISTS files)
    if(file MATCHES "/wsclose-profile$" AND EXISTS "${file}" AND "$ENV{DESTDIR}" STREQUAL "")
        execute_process(COMMAND sh "${file}" remove RESULT_VARIABLE failed ERROR_VARIABLE said)
        if(NOT failed)
            message("${said}")
        elseif(NOT said MATCHES "there is no profile|is not from here|tshark is not there")
            message(FATAL_ERROR "${said}Nothing was removed.")
        endif()
    endif()
endforeach()

foreach(file IN LISTS files)
    file(REMOVE "$ENV{DESTDIR}${file}")
    if(EXISTS "$ENV{DESTDIR}${file}" OR IS_SYMLINK "$ENV{DESTDIR}${file}")
        message(FATAL_ERROR "$ENV{DESTDIR}${file} cannot be removed")
    endif()
endforeach()
foreach(file IN LISTS files)
    get_filename_component(folder "${file}" DIRECTORY)
    string(FIND "${folder}/" "${prefix}/" at)
    while(NOT prefix STREQUAL "" AND at EQUAL 0)
        # It removes no folder that holds something.
        execute_process(COMMAND rmdir "$ENV{DESTDIR}${folder}" RESULT_VARIABLE failed ERROR_QUIET)
        if(failed AND EXISTS "$ENV{DESTDIR}${folder}")
            break()
        endif()
        get_filename_component(folder "${folder}" DIRECTORY)
        string(FIND "${folder}/" "${prefix}/" at)
    endwhile()
endforeach()
file(REMOVE "${MANIFEST}")
