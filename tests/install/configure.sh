#!/bin/sh
# configure.sh
# What CMake says of the Wireshark that is here: too old, none at all, one that will do.
#
#     tests/install/configure.sh SOURCE_DIR
#
# The packages are made up; most say that they were read, and end it there. Exit status: 0 all is well,
# 1 something is not.
#
# SPDX-License-Identifier: GPL-2.0-or-later
set -u
LC_ALL=C
export LC_ALL
unset CDPATH Wireshark_DIR Wireshark_ROOT CMAKE_PREFIX_PATH

if [ $# -ne 1 ]; then
    echo "usage: configure.sh SOURCE_DIR" >&2
    exit 2
fi
source=$(cd "$1" && pwd -P) || exit 2

tmp=$(mktemp -d) && tmp=$(cd "$tmp" && pwd -P) || exit 2
trap 'rm -rf "$tmp"' EXIT
trap 'exit 1' HUP INT TERM

# package VERSION: what Wireshark installs for CMake, as far as it matters here
package() {
    mkdir "$tmp/$1"
    echo 'message(FATAL_ERROR "the package was read")' > "$tmp/$1/WiresharkConfig.cmake"
    cat > "$tmp/$1/WiresharkConfigVersion.cmake" << END
set(PACKAGE_VERSION $1)
if(NOT PACKAGE_VERSION VERSION_LESS PACKAGE_FIND_VERSION)
    set(PACKAGE_VERSION_COMPATIBLE TRUE)
endif()
END
}

count=0
failures=0

# check NAME EXPECTED OPTION...: CMake fails, and EXPECTED is the first thing that it says against us
check() {
    name=$1
    expected=$2
    shift 2
    count=$((count + 1))
    rm -rf "$tmp/build"
    if cmake -S "$source" -B "$tmp/build" "$@" > "$tmp/log" 2>&1; then
        echo "CMake is content" >> "$tmp/log"
    elif [ "$(sed -n '/^CMake Error at /{ n; s/^ *//p; q; }' "$tmp/log")" = "$expected" ]; then
        echo "ok $count - $name"
        return
    fi
    echo "not ok $count - $name"
    sed 's/^/    /' "$tmp/log"
    failures=$((failures + 1))
}

for version in 3.6.2 4.0.0 4.2.2 4.6.9 5.0.0; do
    package $version
done
: > "$tmp/4.6.9/WiresharkConfig.cmake"
check "3.6 is too old, and is not read" "Wireshark 4.0 or later is needed, 3.6.2 is here" \
    -DWireshark_DIR="$tmp/3.6.2"
check "3.6 that is found before others is not passed over" \
    "Wireshark 4.0 or later is needed, 3.6.2 is here" \
    -DWireshark_DIR="$tmp/3.6.2" -DCMAKE_PREFIX_PATH="$tmp/4.6.9"
for version in 4.0.0 4.2.2 5.0.0; do
    check "$version will do" "the package was read" -DWireshark_DIR="$tmp/$version"
done
# CMake that looks in none of the usual places has to be told where its tools are.
check "no Wireshark" \
    'Could not find a package configuration file provided by "Wireshark" with' \
    -DCMAKE_MAKE_PROGRAM="$(command -v make)" -DCMAKE_C_COMPILER="$(command -v "${CC:-cc}")" \
    -DCMAKE_FIND_USE_CMAKE_SYSTEM_PATH=OFF -DCMAKE_FIND_USE_SYSTEM_ENVIRONMENT_PATH=OFF \
    -DCMAKE_FIND_USE_PACKAGE_REGISTRY=OFF -DCMAKE_FIND_USE_SYSTEM_PACKAGE_REGISTRY=OFF

echo "1..$count"
if [ "$failures" -gt 0 ]; then
    echo "# $failures of $count failed"
    exit 1
fi
