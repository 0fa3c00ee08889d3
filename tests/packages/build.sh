#!/bin/sh
# build.sh
# Build the packages of the release that runs here, from a copy of the source.
#
#     tests/packages/build.sh FOLDER [--twice]
#
# The packages come into FOLDER. --twice: once more from a folder of another name, and every file has to be the
# same. Installs the Debian packages that are missing. Exit status: 0 done, 1 not, 2 cannot start.
#
# SPDX-License-Identifier: GPL-2.0-or-later
set -u
. "$(dirname -- "$0")/../setup.sh"
source=$(dirname -- "$source")

case $#,${2-} in
1, | 2,--twice) ;;
*) die "usage: build.sh FOLDER [--twice]" ;;
esac
folder=$(cd -- "$1" && pwd -P) || exit 2
need $BUILD_PACKAGES $RUN_PACKAGES $PACK_PACKAGES

tmp=$(mktemp -d) || exit 1
trap 'rm -rf -- "$tmp"' EXIT
trap 'exit 1' HUP INT TERM

# pack SOURCE BUILD
pack() {
    mkdir -p -- "$1" && (cd -- "$source" && tar -cf - --exclude=./.git --exclude='./build*' \
        --exclude=./captures --exclude=node_modules .) | tar -xf - -C "$1" || return 1
    (cd -- "$1" && quietly cmake --preset package -B "$2") && quietly cmake --build "$2" || return 1
    for kind in DEB TGZ; do
        (cd -- "$2" && quietly cpack -G $kind) || return 1
    done
}

# archives BUILD
archives() {
    (cd -- "$1" && sha256sum -- *.deb *.tar.gz)
}

pack "$tmp/source" "$tmp/source/build" || exit 1
if [ $# -eq 2 ]; then
    (umask 027 && pack "$tmp/another/source" "$tmp/build") || exit 1
    archives "$tmp/source/build" > "$tmp/first"
    archives "$tmp/build" > "$tmp/second"
    diff "$tmp/first" "$tmp/second" || {
        say "built twice from the same source, and not the same"
        exit 1
    }
fi
cp -- "$tmp"/source/build/*.deb "$tmp"/source/build/*.tar.gz "$folder"
