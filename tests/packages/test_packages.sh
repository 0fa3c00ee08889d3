#!/bin/sh
# test_packages.sh
# Build the packages of the release that runs here, and look into them.
#
#     tests/packages/test_packages.sh [FOLDER]
#
# With FOLDER they are built twice, have to be the same, and stay there. tests/versions.sh installs them in clean
# roots. Exit status: 0 all is well, 1 something is not, 77 packages of Debian cannot be built here.
#
# SPDX-License-Identifier: GPL-2.0-or-later
set -u
here=$(cd -- "$(dirname -- "$0")" && pwd -P) || exit 2

command -v dpkg > /dev/null || {
    echo "There is no dpkg here: the packages are NOT CHECKED"
    exit 77
}
if [ $# -gt 0 ]; then
    folder=$1
    twice=--twice
else
    folder=$(mktemp -d) || exit 2
    twice=
    trap 'rm -rf -- "$folder"' EXIT
    trap 'exit 1' HUP INT TERM
fi
sh "$here/build.sh" "$folder" $twice && sh "$here/look.sh" "$folder"
