#!/bin/sh
# within_wireshark.sh
# Does our tree fit Wireshark's own build, as one of its plugins (CUSTOM_PLUGIN_SRC_DIR)?
#
#     tests/install/within_wireshark.sh SOURCE_DIR
#
# Wireshark's source is not here; a project of a few lines stands in for it, with the macros that a plugin uses,
# and the libraries and headers of the Wireshark that is installed. Exit status: 0 all is well, 1 something is not.
#
# SPDX-License-Identifier: GPL-2.0-or-later
set -u
unset CDPATH

[ $# -eq 1 ] || {
    echo "usage: within_wireshark.sh SOURCE_DIR" >&2
    exit 2
}
source=$(cd -- "$1" && pwd -P) || exit 2
tmp=$(mktemp -d) && tmp=$(cd -- "$tmp" && pwd -P) && chmod 755 "$tmp" || exit 2
trap 'rm -rf -- "$tmp"' EXIT
trap 'exit 1' HUP INT TERM
. "$source/tests/tap.sh"

mkdir -p "$tmp/wireshark/cmake/modules" "$tmp/wireshark/plugins/epan" "$tmp/home" || exit 2
ln -s "$source" "$tmp/wireshark/plugins/epan/wsclose"
cat > "$tmp/wireshark/CMakeLists.txt" << 'END'
cmake_minimum_required(VERSION 3.18)
project(wireshark C)
list(APPEND CMAKE_MODULE_PATH ${CMAKE_SOURCE_DIR}/cmake/modules)
set(CMAKE_C_VISIBILITY_PRESET hidden)
find_package(Wireshark CONFIG REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(GLIB REQUIRED glib-2.0)
include_directories(SYSTEM ${GLIB_INCLUDE_DIRS} ${Wireshark_INCLUDE_DIR})
link_libraries(${GLIB_LIBRARIES})
add_custom_target(plugins)
foreach(folder IN LISTS CUSTOM_PLUGIN_SRC_DIR)
    add_subdirectory(${folder})
endforeach()
END
cat > "$tmp/wireshark/cmake/modules/WiresharkPlugin.cmake" << 'END'
macro(set_module_info plugin major minor micro extra)
endmacro()
macro(add_wireshark_plugin_library plugin subfolder)
    add_library(${plugin} MODULE ${PLUGIN_FILES})
    set_target_properties(${plugin} PROPERTIES PREFIX ""
        LIBRARY_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/run/plugins/${subfolder})
    add_dependencies(plugins ${plugin})
endmacro()
macro(install_plugin plugin subfolder)
endmacro()
END
built=$tmp/build/run/plugins/epan/wsclose.so

builds() {
    cmake -S "$tmp/wireshark" -B "$tmp/build" -DCUSTOM_PLUGIN_SRC_DIR=plugins/epan/wsclose &&
        cmake --build "$tmp/build" --target wsclose -j "$(nproc)"
}

alone() {
    ! ldd "$built" | grep -F libwsclose
}

entry_points() {
    python3 "$source/tests/golden/test_symbols.py" "$built"
}

explains() {
    personal=$tmp/home/.local/lib/wireshark/plugins/$(pkg-config --modversion wireshark | cut -d . -f 1,2)/epan
    mkdir -p "$personal" && cp "$built" "$personal" && cp "$source/captures/ws-1010-reason-declined.pcapng" "$tmp" &&
        chmod -R a+rX "$tmp" || return 1
    # tshark that is started as root loads no personal plugin.
    [ "$(id -u)" -ne 0 ] || set -- setpriv --reuid=65534 --regid=65534 --clear-groups
    "$@" env HOME="$tmp/home" tshark -r "$tmp/ws-1010-reason-declined.pcapng" -q -z wsclose,conn > "$tmp/out"
    cat "$tmp/out"
    grep -q extension_declined "$tmp/out"
}

check "Wireshark's build takes our tree as a plugin" builds
check "the decoder is in it" alone
check "it exports what Wireshark looks for, and nothing else" entry_points
check "tshark loads it, and it explains a capture" explains
finish
