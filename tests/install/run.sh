#!/bin/sh
# run.sh
# What an installation gives to others: headers, library, pkg-config file, CMake package, command.
#
#     tests/install/run.sh BUILD_DIR SOURCE_DIR
#
# Installs into a temporary folder, twice: to the configured prefix and to another one. Exit status:
# 0 all is well, 1 something is not, 77 the build has sanitizers (others cannot link to it).
#
# SPDX-License-Identifier: GPL-2.0-or-later
set -u
LC_ALL=C
export LC_ALL
unset LD_LIBRARY_PATH DESTDIR CDPATH

if [ $# -ne 2 ]; then
    echo "usage: run.sh BUILD_DIR SOURCE_DIR" >&2
    exit 2
fi
build=$(cd "$1" && pwd -P) || exit 2
source=$(cd "$2" && pwd -P) || exit 2
consumer=$source/tests/install/consumer
CC=${CC:-cc}
CXX=${CXX:-c++}
WARNINGS="-Wall -Wextra -Wshadow -Wwrite-strings -pedantic -Werror"

cached() {
    sed -n "s/^$1:[A-Z]*=//p" "$build/CMakeCache.txt"
}

if [ -n "$(cached WSCLOSE_SANITIZE)" ]; then
    echo "# this build has sanitizers: nothing is checked"
    exit 77
fi
prefix=$(cached CMAKE_INSTALL_PREFIX)
version=$(cached CMAKE_PROJECT_VERSION)

tmp=$(mktemp -d) && tmp=$(cd "$tmp" && pwd -P) || exit 2
# The build's own record of what was installed is not ours to change.
[ ! -f "$build/install_manifest.txt" ] || cp "$build/install_manifest.txt" "$tmp/manifest"
cleanup() {
    if [ -f "$tmp/manifest" ]; then
        cp "$tmp/manifest" "$build/install_manifest.txt"
    else
        rm -f "$build/install_manifest.txt"
    fi
    rm -rf "$tmp"
}
trap cleanup EXIT
trap 'exit 1' HUP INT TERM

. "$source/tests/tap.sh"

within() {
    case $1 in
    "$2"/*) ;;
    *) echo "'$1' is not within $2"; return 1 ;;
    esac
}

# The one file of this name that was installed.
installed() {
    find "$1" -name "$2" \( -type f -o -type l \)
}

header_alone() {
    printf '#include <wsclose/%s>\n' "$3" > "$tmp/alone.$2"
    $1 $WARNINGS -I"$root/include" -c "$tmp/alone.$2" -o "$tmp/alone.o"
}

all_headers() {
    same "$(cd "$root/include/wsclose" && find . -type f | sort)" \
        "$(cd "$source/decoder/include/wsclose" && find . -type f | sort)"
}

no_build_paths() {
    # Text and run paths; the debug information of an unstripped binary names its source, rightly.
    ! grep -rF -e "$build" -e "$source" "$libdir/pkgconfig" "$libdir/cmake" &&
        ! readelf -d "$libdir/libwsclose.so" "$root/bin/wsclose" | grep -F "$build"
}

only_declared_symbols() {
    # What has no version of its own is left as it is, and is one too many.
    nm -D --defined-only "$libdir/libwsclose.so" | awk '$3 !~ /^LIBWSCLOSE_[0-9.]*$/ { print $3 }' |
        sed 's/@@LIBWSCLOSE_[0-9]*[.][0-9]*$//' | sort > "$tmp/exported"
    # The name may stand on the line behind the type.
    sed -n -e '/^WSCLOSE_API [^(]*$/N' -e 's/^WSCLOSE_API [^(]*\(wsclose_[a-z0-9_]*\)(.*/\1/p' \
        "$root"/include/wsclose/*.h |
        sort > "$tmp/declared"
    [ -s "$tmp/declared" ] || { echo "no function is declared"; return 1; }
    ! grep -v '^wsclose_' "$tmp/exported" && diff "$tmp/declared" "$tmp/exported"
}

soname() {
    same "$(readelf -d "$libdir/libwsclose.so" | sed -n 's/.*(SONAME).*\[\(.*\)\]/\1/p')" \
        "libwsclose.so.${version%%.*}" && [ -e "$libdir/libwsclose.so.${version%%.*}" ]
}

needed() {
    same "$(readelf -d "$libdir/libwsclose.so" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p' | sort)" \
        "$(printf 'libc.so.6\nlibglib-2.0.so.0')"
}

# resolves FILE: the loader finds our library, and finds it in this installation
resolves() {
    found=$(ldd "$1" | sed -n 's/.*libwsclose\.so\.[0-9]* => \(.*\) (.*/\1/p')
    [ -n "$found" ] || { echo "$1 does not find libwsclose"; return 1; }
    within "$(readlink -f "$found")" "$root"
}

command_runs() {
    resolves "$root/bin/wsclose" &&
        same "$(cd / && "$root/bin/wsclose" --version)" "wsclose $version" &&
        "$root/bin/wsclose" close --json 03e8
}

expected_output() {
    "$@" > "$tmp/output" && diff "$consumer/expected.txt" "$tmp/output"
}

with_pkg_config() {
    flags=$(PKG_CONFIG_PATH=$libdir/pkgconfig pkg-config --cflags --libs wsclose) || return 1
    cp "$consumer/consumer.c" "$tmp/consumer.$2"
    (cd "$tmp" && $1 $WARNINGS "consumer.$2" -o "consumer-$2" $flags) || return 1
    expected_output env LD_LIBRARY_PATH="$libdir" "$tmp/consumer-$2"
}

pkg_config_version() {
    same "$(PKG_CONFIG_PATH=$libdir/pkgconfig pkg-config --modversion wsclose)" "$version" &&
        within "$(readlink -f "$(PKG_CONFIG_PATH=$libdir/pkgconfig \
            pkg-config --variable=libdir wsclose)")" "$root"
}

with_cmake() {
    rm -rf "$tmp/project"
    cp -R "$consumer" "$tmp/project" &&
        cmake -S "$tmp/project" -B "$tmp/project/build" -DCMAKE_PREFIX_PATH="$root" \
            -DCMAKE_FIND_USE_PACKAGE_REGISTRY=OFF -DCMAKE_C_FLAGS="$WARNINGS" &&
        within "$(sed -n 's/^wsclose_DIR:PATH=//p' "$tmp/project/build/CMakeCache.txt")" "$root" &&
        cmake --build "$tmp/project/build" &&
        expected_output "$tmp/project/build/consumer"
}

too_new_for_cmake() {
    rm -rf "$tmp/project"
    cp -R "$consumer" "$tmp/project"
    sed -i 's/find_package(wsclose CONFIG/find_package(wsclose 99 CONFIG/' "$tmp/project/CMakeLists.txt"
    ! cmake -S "$tmp/project" -B "$tmp/project/build" -DCMAKE_PREFIX_PATH="$root"
}

# man_page SECTION NAME: it is there, and man has nothing to say against it, where the locale is C neither
man_page() {
    page=$root/share/man/man$1/$2.$1
    [ -f "$page" ] || { echo "$page is not there"; return 1; }
    MANWIDTH=80 man --warnings -E UTF-8 -l "$page" > "$tmp/page" 2> "$tmp/warnings" < /dev/null
    cat "$tmp/warnings"
    [ ! -s "$tmp/warnings" ] && grep -q '^NAME' "$tmp/page" && grep -q "$2  *- " "$tmp/page" || return 1
    MANWIDTH=80 LC_ALL=C man --warnings -P cat -l "$page" > "$tmp/page" 2> "$tmp/warnings" < /dev/null
    cat "$tmp/warnings"
    [ ! -s "$tmp/warnings" ] && ! grep -n '[^[:print:][:space:]]' "$tmp/page"
}

plugin_installed() {
    set -- $(installed "$dest" wsclose.so)
    [ $# -eq 1 ] || { echo "installed $# times: $*"; return 1; }
    case $1 in
    */epan/wsclose.so) resolves "$1" ;;
    *) echo "$1 is not in an epan folder"; return 1 ;;
    esac
}

# The profile finds its files in this installation, and goes without a trace.
profile_installs() {
    mkdir "$tmp/profile-home" || return 1
    HOME=$tmp/profile-home "$root/bin/wsclose-profile" install &&
        [ -f "$tmp/profile-home/.config/wireshark/profiles/wsclose/colorfilters" ] &&
        HOME=$tmp/profile-home "$root/bin/wsclose-profile" remove && rmdir "$tmp/profile-home"
}

# remains FOLDER: what is in it
remains() {
    (cd "$1" && find . | sort)
}

# What others have in the same folders: before an installation, and after it is gone.
prepare() {
    mkdir -p "$root/bin" "$root/share/man/man1" && : > "$root/bin/other" && : > "$root/share/man/man1/other.1"
    before=$(remains "$dest")
}

goes() {
    DESTDIR=$dest cmake --build "$build" --target uninstall || return 1
    same "$(remains "$dest")" "$before"
}

# As INSTALL has it for one user, with the profile and in a shell whose PATH does not have it yet.
user_home=$tmp/user
for_one_user() {
    mkdir -p "$user_home/.config" && before=$(remains "$user_home") &&
        cmake --install "$build" --prefix "$user_home/.local" || return 1
    line=$(sed -n 's/^    \(export PATH=.*\)/\1/p' "$source/INSTALL")
    found=$(HOME=$user_home PATH=/usr/bin:/bin sh -c "$line"'
        command -v wsclose && command -v wsclose-report && command -v wsclose-profile') || return 1
    same "$found" "$(printf "$user_home/.local/bin/%s\n" wsclose wsclose-report wsclose-profile)" || return 1
    [ "$(cached WSCLOSE_MAN)" = OFF ] ||
        HOME=$user_home PATH=/usr/bin:/bin sh -c "$line"'; man -w wsclose wsclose-report wsclose-profile'
}

goes_for_one_user() {
    HOME=$user_home "$user_home/.local/bin/wsclose-profile" install || return 1
    changed=$user_home/.config/wireshark/profiles/wsclose/preferences
    cp "$changed" "$tmp/preferences" && echo "# mine" >> "$changed"
    installed=$(remains "$user_home")
    ! HOME=$user_home cmake --build "$build" --target uninstall &&
        same "$(remains "$user_home")" "$installed" || return 1
    cp "$tmp/preferences" "$changed"
    HOME=$user_home cmake --build "$build" --target uninstall || return 1
    same "$(remains "$user_home")" "$before"
}

listed_packages() {
    sed -n '/apt-get install/{ :a; /\\$/{ N; ba; }; s/.*recommends//; s/[\\[:space:]]\{1,\}/ /gp; q; }' "$source/INSTALL"
}

# What builds all that is installed, and runs it, is in INSTALL's list.
packages_are_listed() {
    listed=$(listed_packages)
    (
        . "$source/tests/setup.sh" # with a source of its own
        for package in $BUILD_PACKAGES $RUN_PACKAGES asciidoctor man-db jq; do
            case " $listed " in
            *" $package "*) ;;
            *) echo "INSTALL does not list $package"; exit 1 ;;
            esac
        done
    )
}

# check_all WHAT: the installation in $dest, whose prefix is $root there
check_all() {
    libdir=$(dirname "$(installed "$root" libwsclose.so)")
    check "$1: every public header is there" all_headers
    for header in $(cd "$root/include/wsclose" && ls); do
        check "$1: $header compiles alone as C" header_alone "$CC -std=c11" c "$header"
        if command -v "$CXX" > /dev/null; then
            check "$1: $header compiles alone as C++" header_alone "$CXX -std=c++11" cc "$header"
        fi
    done
    command -v "$CXX" > /dev/null || echo "# no C++ compiler: nothing was tried as C++"
    check "$1: the library exports what the headers declare, with versions, nothing else" only_declared_symbols
    check "$1: soname" soname
    check "$1: the library needs GLib and libc only" needed
    check "$1: no path of the build is left" no_build_paths
    check "$1: pkg-config names this version and place" pkg_config_version
    check "$1: a C program through pkg-config" with_pkg_config "$CC -std=c11" c
    if command -v "$CXX" > /dev/null; then
        check "$1: a C++ program through pkg-config" with_pkg_config "$CXX -std=c++11" cc
    fi
    check "$1: a C program through find_package" with_cmake
    check "$1: find_package refuses to be a later version" too_new_for_cmake
    check "$1: the command runs without LD_LIBRARY_PATH" command_runs
    if [ "$(cached WSCLOSE_MAN)" = OFF ]; then
        echo "# this build has no manual pages"
    else
        check "$1: the manual page of the command" man_page 1 wsclose
        if [ -f "$build/plugin/wsclose.so" ]; then
            check "$1: the manual page of the plugin" man_page 7 wsclose-plugin
            check "$1: the manual page of wsclose-report" man_page 1 wsclose-report
            check "$1: the manual page of wsclose-profile" man_page 1 wsclose-profile
        fi
    fi
    if [ -f "$build/plugin/wsclose.so" ]; then
        check "$1: the plugin is in place and finds the library" plugin_installed
        check "$1: the profile" profile_installs
    elif [ "$(cached WSCLOSE_PLUGIN)" = ON ]; then
        check "$1: the plugin was built" false
    else
        echo "# this build has no plugin"
    fi
}

check "INSTALL lists the packages" packages_are_listed

dest=$tmp/configured
root=$dest$prefix
prepare
check "install to the configured prefix" env DESTDIR="$dest" cmake --install "$build"
check_all configured
check "configured: nothing is left when it is removed" goes

dest=$tmp/other
root=$dest/opt/wsclose
prepare
check "install to another prefix" \
    env DESTDIR="$dest" cmake --install "$build" --prefix /opt/wsclose
check_all other
check "other: nothing is left when it is removed" goes

if [ -f "$build/plugin/wsclose.so" ]; then
    check "for one user: the commands and their manual pages are found" for_one_user
    check "for one user: nothing is left when it is removed" goes_for_one_user
fi

finish
