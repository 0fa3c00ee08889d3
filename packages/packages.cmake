# Packages: cpack -G DEB for Debian and its relatives, cpack -G TGZ for others.
#
# SPDX-License-Identifier: GPL-2.0-or-later

# CPack of older versions runs no scripts.
if(CMAKE_VERSION VERSION_LESS 3.21)
    return()
endif()

set(CPACK_PACKAGE_NAME wsclose)
# Who makes packages of their own says so: cpack -D CPACK_PACKAGE_CONTACT="NAME <ADDRESS>".
set(CPACK_PACKAGE_CONTACT "wsclose developers <wsclose@packages.invalid>")
set(CPACK_PACKAGE_CHECKSUM SHA256)
set(CPACK_STRIP_FILES ON)
# Else each package would begin with it; they have descriptions of their own.
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "")
set(CPACK_PROJECT_CONFIG_FILE ${CMAKE_CURRENT_LIST_DIR}/config.cmake)
set(CPACK_PRE_BUILD_SCRIPTS ${CMAKE_CURRENT_LIST_DIR}/stage.cmake)
set(CPACK_POST_BUILD_SCRIPTS ${CMAKE_CURRENT_LIST_DIR}/sort.cmake)
# For those three.
set(CPACK_WSCLOSE_SHLIBS ${CMAKE_BINARY_DIR}/packages/shlibs)
set(CPACK_WSCLOSE_SOURCE_DIR ${CMAKE_SOURCE_DIR})
set(CPACK_WSCLOSE_PREFIX ${CMAKE_INSTALL_PREFIX})
set(CPACK_WSCLOSE_WIRESHARK "${Wireshark_MAJOR_VERSION}.${Wireshark_MINOR_VERSION}")
math(EXPR next "0${Wireshark_MINOR_VERSION} + 1")
set(CPACK_WSCLOSE_WIRESHARK_NEXT "${Wireshark_MAJOR_VERSION}.${next}")

string(TOLOWER "wsclose-${PROJECT_VERSION}-${CMAKE_SYSTEM_NAME}-${CMAKE_SYSTEM_PROCESSOR}"
    CPACK_PACKAGE_FILE_NAME)
if(WSCLOSE_PLUGIN)
    string(APPEND CPACK_PACKAGE_FILE_NAME "-wireshark-${CPACK_WSCLOSE_WIRESHARK}")
endif()

# One package for each component; DEB-DEFAULT is NAME_VERSION_ARCHITECTURE.deb.
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_ENABLE_COMPONENT_DEPENDS ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_PACKAGE_SOURCE wsclose)

set(CPACK_DEBIAN_LIBRARY_PACKAGE_NAME libwsclose${PROJECT_VERSION_MAJOR})
set(CPACK_DEBIAN_LIBRARY_PACKAGE_SECTION libs)
# Which package a program needs that uses the library: dpkg-shlibdeps asks the symbols, others the shlibs.
file(WRITE ${CPACK_WSCLOSE_SHLIBS} "libwsclose ${PROJECT_VERSION_MAJOR} "
    "${CPACK_DEBIAN_LIBRARY_PACKAGE_NAME} (>= ${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR}.0~)\n")
set(CPACK_DEBIAN_LIBRARY_PACKAGE_CONTROL_EXTRA ${CMAKE_BINARY_DIR}/decoder/symbols
    ${CPACK_WSCLOSE_SHLIBS} ${CMAKE_CURRENT_LIST_DIR}/triggers)
set(CPACK_COMPONENT_LIBRARY_DESCRIPTION "explain why WebSocket connections closed - library
Reads the bytes of TCP connections, finds the WebSocket connections in them,
and says of each who ended it, which close code both endpoints report, why it
ended, and on which side to change what.")

set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_NAME libwsclose-dev)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_SECTION libdevel)
set(CPACK_COMPONENT_DEVELOPMENT_DEPENDS library)
set(CPACK_COMPONENT_DEVELOPMENT_DESCRIPTION "explain why WebSocket connections closed - development files
Reads the bytes of TCP connections, and says of each WebSocket connection in
them why it closed. Here are the headers of libwsclose, and what pkg-config
and CMake need to find it.")

set(CPACK_DEBIAN_COMMAND_PACKAGE_NAME wsclose)
set(CPACK_DEBIAN_COMMAND_PACKAGE_SECTION net)
set(CPACK_DEBIAN_COMMAND_PACKAGE_SUGGESTS wireshark-plugin-wsclose)
set(CPACK_COMPONENT_COMMAND_DEPENDS library)
set(CPACK_COMPONENT_COMMAND_DESCRIPTION "explain WebSocket close codes, frames and extensions
The command wsclose says what a close code such as 1005, 1006 or 1010 means
and who may send it, how two of them differ, what a Close frame holds, and
which extensions an opening handshake negotiated.")

set(CPACK_DEBIAN_PLUGIN_PACKAGE_NAME wireshark-plugin-wsclose)
set(CPACK_DEBIAN_PLUGIN_PACKAGE_SECTION net)
# The scripts need both; who has the window alone gets tshark too.
set(CPACK_DEBIAN_PLUGIN_PACKAGE_RECOMMENDS "tshark, jq")
set(CPACK_DEBIAN_PLUGIN_PACKAGE_SUGGESTS "wireshark, wsclose")
set(CPACK_DEBIAN_PLUGIN_PACKAGE_ENHANCES "wireshark, tshark")
set(CPACK_COMPONENT_PLUGIN_DEPENDS library)
set(CPACK_COMPONENT_PLUGIN_DESCRIPTION "Wireshark plugin: why WebSocket connections closed
For every WebSocket connection of a capture, over HTTP/1.1 and HTTP/2, it
says who ended it, which close code both endpoints report (1005, 1006 and
1010 among them), why it ended, with the packets that show it, and on which
side to change what.
.
It has reports for tshark, the command wsclose-report for many captures, and
a profile with colours, filter buttons and columns for the window.")

include(CPack)
