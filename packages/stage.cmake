# Read by cpack when all files of all packages are staged, before they are packed: what Debian wants of them.
#
# SPDX-License-Identifier: GPL-2.0-or-later

set(stage ${CPACK_TEMPORARY_INSTALL_DIRECTORY})
set(ENV{LC_ALL} C)

# run(VARIABLE COMMAND...): what the command prints
function(run variable)
    execute_process(COMMAND ${ARGN} WORKING_DIRECTORY ${stage}
        OUTPUT_VARIABLE output OUTPUT_STRIP_TRAILING_WHITESPACE RESULT_VARIABLE failed)
    if(failed)
        list(JOIN ARGN " " command)
        message(FATAL_ERROR "failed: ${command}")
    endif()
    set(${variable} "${output}" PARENT_SCOPE)
endfunction()

# document(PACKAGE FOLDER): licence and changelogs
function(document package folder)
    set(folder ${folder}/share/doc/${package})
    file(MAKE_DIRECTORY ${folder})
    file(COPY_FILE ${CPACK_WSCLOSE_SOURCE_DIR}/packages/copyright ${folder}/copyright)
    file(COPY_FILE ${CPACK_WSCLOSE_SOURCE_DIR}/CHANGELOG.md ${folder}/changelog)
    run(date date -u -R -d "@$ENV{SOURCE_DATE_EPOCH}")
    file(WRITE ${folder}/changelog.Debian
        "wsclose (${CPACK_PACKAGE_VERSION}-${CPACK_DEBIAN_PACKAGE_RELEASE}) unstable; urgency=medium\n\n"
        "  * See changelog.gz.\n\n -- ${CPACK_PACKAGE_CONTACT}  ${date}\n")
    file(CHMOD ${folder}/copyright ${folder}/changelog ${folder}/changelog.Debian
        PERMISSIONS OWNER_READ OWNER_WRITE GROUP_READ WORLD_READ)
    run(none gzip -9n ${folder}/changelog ${folder}/changelog.Debian)
endfunction()

# depend(COMPONENT BINARY...): on the packages of the libraries that they need
function(depend component)
    list(TRANSFORM ARGN PREPEND -e)
    run(depends dpkg-shlibdeps -O -l${libraries} -L${CPACK_WSCLOSE_SHLIBS} -x${CPACK_DEBIAN_LIBRARY_PACKAGE_NAME} ${ARGN})
    string(REGEX REPLACE "^.*shlibs:Depends=" "" depends "${depends}")
    # A plugin lies in the folder of one minor version, and no other one looks there.
    if(depends MATCHES "libwireshark[0-9a-z]+")
        string(APPEND depends ", ${CMAKE_MATCH_0} (<< ${CPACK_WSCLOSE_WIRESHARK_NEXT}~)")
    endif()
    set(CPACK_DEBIAN_${component}_PACKAGE_DEPENDS "${depends}" PARENT_SCOPE)
endfunction()

if(CPACK_GENERATOR STREQUAL "DEB")
    # dpkg-shlibdeps wants to be in a source package.
    file(WRITE ${stage}/debian/control "")
    file(GLOB libraries ${stage}/library/usr/lib/*-*)
    foreach(component IN LISTS CPACK_COMPONENTS_ALL)
        string(TOUPPER ${component} upper)
        document(${CPACK_DEBIAN_${upper}_PACKAGE_NAME} ${stage}/${component}/usr)
        file(GLOB_RECURSE pages ${stage}/${component}/usr/share/man/*)
        if(pages)
            run(none gzip -9n ${pages})
        endif()
        file(GLOB_RECURSE files ${stage}/${component}/usr/bin/* ${stage}/${component}/usr/lib/*)
        set(binaries)
        foreach(file IN LISTS files)
            if(IS_SYMLINK ${file})
                continue()
            endif()
            file(READ ${file} magic LIMIT 4 HEX)
            if(magic STREQUAL "7f454c46")
                # Where Debian has its libraries the loader looks anyway.
                file(RPATH_REMOVE FILE ${file})
                run(none strip -R .comment -R .note ${file})
                list(APPEND binaries ${file})
            endif()
        endforeach()
        if(binaries)
            # By this folder dpkg-shlibdeps knows a package.
            file(MAKE_DIRECTORY ${stage}/${component}/DEBIAN)
            depend(${upper} ${binaries})
            file(REMOVE_RECURSE ${stage}/${component}/DEBIAN)
        endif()
    endforeach()
    file(REMOVE_RECURSE ${stage}/debian)
endif()
# Folders are made with the umask of who packs.
run(none find . -type d -exec chmod 755 {} +)
run(none find . -exec touch -h -d "@$ENV{SOURCE_DATE_EPOCH}" {} +)
