# Read by cpack for each kind of package, before it does anything: version and time of the packages.
#
# SPDX-License-Identifier: GPL-2.0-or-later

# The newest heading of CHANGELOG: "## 0.2.0 - 2026-11-26", or "## Unreleased" above one.
file(STRINGS ${CPACK_WSCLOSE_SOURCE_DIR}/CHANGELOG.md headings REGEX "^## ")
list(GET headings 0 heading)
if(heading STREQUAL "## Unreleased")
    if(headings MATCHES "## ${CPACK_PACKAGE_VERSION} - ")
        message(FATAL_ERROR "${CPACK_PACKAGE_VERSION} was released: give CMakeLists.txt the next version")
    endif()
    # Before the release of that number, for apt too.
    string(APPEND CPACK_PACKAGE_VERSION "~unreleased")
    string(REPLACE "wsclose-" "wsclose-unreleased-" CPACK_PACKAGE_FILE_NAME "${CPACK_PACKAGE_FILE_NAME}")
elseif(NOT heading MATCHES "^## ${CPACK_PACKAGE_VERSION} - ")
    message(FATAL_ERROR "CHANGELOG.md begins with \"${heading}\", CMakeLists.txt has ${CPACK_PACKAGE_VERSION}")
endif()

# The same source gives the same packages, so their time is not that of today.
if(NOT DEFINED ENV{SOURCE_DATE_EPOCH})
    string(REGEX MATCH "20[0-9][0-9]-[01][0-9]-[0-3][0-9]" date "${headings}")
    execute_process(COMMAND date -u -d "${date}" +%s
        OUTPUT_VARIABLE epoch OUTPUT_STRIP_TRAILING_WHITESPACE RESULT_VARIABLE failed)
    if(NOT date OR failed)
        message(FATAL_ERROR "CHANGELOG.md has no release with a date")
    endif()
    set(ENV{SOURCE_DATE_EPOCH} ${epoch})
endif()

if(NOT CPACK_GENERATOR STREQUAL "DEB")
    return()
endif()
if(NOT CPACK_WSCLOSE_PREFIX STREQUAL "/usr")
    message(FATAL_ERROR "This build is for ${CPACK_WSCLOSE_PREFIX}; for packages of Debian: cmake --preset package")
endif()
# Each release of Debian has packages of its own; those of the next one replace them.
file(STRINGS /etc/os-release lines REGEX "^(ID|VERSION_ID|VERSION_CODENAME)=")
foreach(line IN LISTS lines)
    if(line MATCHES "^([A-Z_]+)=\"?([^\"]*)\"?$")
        set(os_${CMAKE_MATCH_1} "${CMAKE_MATCH_2}")
    endif()
endforeach()
string(REPLACE "debian" "deb" os_ID "${os_ID}")
# A release that is still being made has a name only.
if(NOT os_VERSION_ID)
    set(os_VERSION_ID "${os_VERSION_CODENAME}")
endif()
set(CPACK_DEBIAN_PACKAGE_RELEASE "1~${os_ID}${os_VERSION_ID}")
