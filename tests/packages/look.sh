#!/bin/sh
# look.sh
# Look into packages that are built: is in them what has to be, as Debian wants it?
#
#     tests/packages/look.sh FOLDER
#
# FOLDER is what build.sh filled. Exit status: 0 all is well, 1 something is not, 2 cannot start.
#
# SPDX-License-Identifier: GPL-2.0-or-later
set -u
LC_ALL=C
export LC_ALL
. "$(dirname -- "$0")/../setup.sh"
source=$(dirname -- "$source")

[ $# -eq 1 ] || die "usage: look.sh FOLDER"
folder=$(cd -- "$1" && pwd -P) || exit 2
tmp=$(mktemp -d) && tmp=$(cd -- "$tmp" && pwd -P) || exit 2
trap 'rm -rf -- "$tmp"' EXIT
trap 'exit 1' HUP INT TERM
. "$source/tests/tap.sh"

PACKAGES="libwsclose-dev libwsclose0 wireshark-plugin-wsclose wsclose"
lib=usr/lib/$(dpkg-architecture -q DEB_HOST_MULTIARCH)
wireshark=$(pkg-config --modversion wireshark | cut -d . -f 1,2)
plugin=$lib/wireshark/plugins/$wireshark/epan/wsclose.so

# deb PACKAGE: its file
deb() {
    ls -- "$folder/$1"_*.deb
}

these_packages() {
    same "$(cd -- "$folder" && ls -- *.deb | sed 's/_.*//')" "$(printf '%s\n' $PACKAGES)"
}

# field PACKAGE NAME
field() {
    dpkg-deb -f "$(deb "$1")" "$2"
}

# files PACKAGE: without its documentation, man pages as they were before they were compressed
files() {
    (cd -- "$tmp/$1" && find usr ! -type d ! -path "usr/share/doc/$1/*" | sed 's,\(/man/.*\)[.]gz$,\1,' | sort)
}

# What is installed by cmake is in one of the packages, all of it, and nothing twice.
everything_once() {
    tar -xzf "$folder"/*.tar.gz -C "$tmp" && (cd -- "$tmp"/wsclose-*-linux-* && find . ! -type d |
        sed 's,^[.],usr,' | sort) > "$tmp/all"
    for package in $PACKAGES; do
        files $package
    done | sort > "$tmp/packed"
    [ -s "$tmp/all" ] && diff "$tmp/all" "$tmp/packed"
}

# only PACKAGE PATTERN: its files match
only() {
    ! files "$1" | grep -vxE "$2"
}

# has PACKAGE FILE...
has() {
    package=$1
    shift
    for file in "$@"; do
        [ -e "$tmp/$package/$file" ] || [ -L "$tmp/$package/$file" ] || {
            echo "$file is not there"
            return 1
        }
    done
}

well_formed() {
    # Owner, modes, and the time of the release, not of today.
    dpkg-deb -c "$(deb "$1")" > "$tmp/list"
    ! awk '$2 != "root/root" || $1 !~ /^(drwxr-xr-x|-rw-r--r--|-rwxr-xr-x|lrwxrwxrwx)$/' "$tmp/list" | grep . &&
        same "$(awk '{ print $4 }' "$tmp/list" | sort -u | wc -l)" 1 &&
        has "$1" "usr/share/doc/$1/copyright" "usr/share/doc/$1/changelog.gz" "usr/share/doc/$1/changelog.Debian.gz"
}

# Octets 4 to 8 of a gzip file are a time, bit 3 of octet 3 says that a name follows.
without_time() {
    find "$tmp/$1" -name '*.gz' > "$tmp/gz"
    [ -s "$tmp/gz" ] || return 1
    while IFS= read -r file; do
        same "$(od -An -tx1 -j3 -N5 -- "$file")" " 00 00 00 00 00" || return 1
    done < "$tmp/gz"
}

# binaries PACKAGE: they have no run path, no symbols for a debugger, and harden
binaries() {
    for file in $(cd -- "$tmp/$1" && find usr -type f \( -name '*.so*' -o -path usr/bin/wsclose \)); do
        file=$tmp/$1/$file
        ! readelf -d "$file" | grep -E 'RPATH|RUNPATH' || return 1
        ! readelf -S "$file" | grep -E '[.](symtab|debug|comment)' || return 1
        readelf -d "$file" | grep -q 'BIND_NOW' || { echo "$file binds late"; return 1; }
        readelf -W --dyn-syms "$file" | grep -q '__stack_chk_fail' || { echo "$file has no stack protector"; return 1; }
    done
}

symbols() {
    dpkg-deb -e "$(deb libwsclose0)" "$tmp/control" || return 1
    nm -D --defined-only "$tmp/libwsclose0/$lib"/libwsclose.so.0 | sed 's/.* //; s/@@/@/' | sort > "$tmp/exported"
    sed -n 's/^ \([^ ]*\) .*/\1/p' "$tmp/control/symbols" | sed 's/^\(LIBWSCLOSE.*\)@.*/\1/' | sort > "$tmp/listed"
    [ -s "$tmp/listed" ] && diff "$tmp/exported" "$tmp/listed"
}

# The loader is told by a trigger; nothing of ours runs at an installation.
no_scripts() {
    same "$(dpkg-deb -I "$(deb libwsclose0)" triggers | grep -v '^#')" "activate-noawait ldconfig" || return 1
    for package in $PACKAGES; do
        ! dpkg-deb --ctrl-tarfile "$(deb $package)" | tar -tf - |
            grep -vxE '[.]/(control|md5sums|symbols|shlibs|triggers)?' || return 1
    done
}

# The plugin is for the one version of Wireshark that looks into its folder.
depends_on_wireshark() {
    package=$(dpkg-query -S "$(readlink -f "/$lib/libwireshark.so")" | sed 's/[:,].*//')
    field wireshark-plugin-wsclose Depends > "$tmp/depends"
    cat "$tmp/depends"
    for version in "$wireshark.0-1" "$wireshark.99-1" "${wireshark%.*}.$((${wireshark#*.} + 1)).0~rc1-1"; do
        fits=yes
        tr , '\n' < "$tmp/depends" | sed -n "s/^ *$package (\(.*\) \(.*\))$/\1 \2/p" > "$tmp/bounds"
        [ -s "$tmp/bounds" ] || return 1
        while read -r operator bound; do
            dpkg --compare-versions "$version" "$operator" "$bound" || fits=no
        done < "$tmp/bounds"
        echo "$package $version: $fits"
        case $version in
        "$wireshark".*) [ $fits = yes ] || return 1 ;;
        *) [ $fits = no ] || return 1 ;;
        esac
    done
}

ours_of_the_same_version() {
    for package in libwsclose-dev wsclose wireshark-plugin-wsclose; do
        field $package Depends | tr , '\n' | sed 's/^ //' |
            grep -qxF "libwsclose0 (= $(field libwsclose0 Version))" || return 1
    done
}

content() {
    # The packages are looked into as whoever runs this.
    lintian --no-cfg --allow-root --fail-on error,warning "$folder"/*.deb
}

archive_runs() {
    "$tmp"/wsclose-*-linux-*/bin/wsclose --version &&
        ldd "$tmp"/wsclose-*-linux-*/"${plugin#usr/}" | grep -F "libwsclose.so.0 => $tmp/"
}

check "four packages" these_packages
for package in $PACKAGES; do
    mkdir -- "$tmp/$package" && dpkg-deb -x "$(deb $package)" "$tmp/$package" || exit 1
    check "$package: owners, modes, times, licence, changelogs" well_formed $package
    check "$package: nothing compressed has a time" without_time $package
    check "$package: binaries" binaries $package
done
check "everything that is installed is in one of them, once" everything_once
check "libwsclose0: the library alone" only libwsclose0 "$lib/libwsclose.so.0[.0-9]*"
check "libwsclose-dev: what a compiler, pkg-config and CMake look for" only libwsclose-dev \
    "usr/include/wsclose/.*|$lib/libwsclose.so|$lib/pkgconfig/wsclose.pc|$lib/cmake/wsclose/.*"
check "wsclose: the command" only wsclose "usr/bin/wsclose|usr/share/man/man1/wsclose.1"
check "wireshark-plugin-wsclose: the plugin, its scripts and its profile" has wireshark-plugin-wsclose $plugin \
    usr/bin/wsclose-report usr/bin/wsclose-profile usr/share/wsclose/profile/colorfilters \
    usr/share/man/man7/wsclose-plugin.7.gz
check "every exported symbol is in the list of symbols, and nothing else" symbols
check "a trigger, no scripts" no_scripts
check "they depend on the library of the same version" ours_of_the_same_version
check "the plugin depends on libwireshark of its minor version, and no other" depends_on_wireshark
check "lintian has no error and no warning" content
check "the archive runs from any folder" archive_runs
finish
