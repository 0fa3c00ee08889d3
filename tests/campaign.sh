#!/bin/sh
# campaign.sh
# Damage and attack: does all that is said still hold, and does nothing crash?
#
#     sh tests/campaign.sh [MINUTES] [OPTION...]
#
# MINUTES  how long, builds not counted; 60 if it is left out
# OPTION   --seed N        other inputs (1 if it is left out)
#          --only PART     fuzzing, mutations, truth, scale or memory, and no other; may be repeated
#          --first         stop at the first thing that is found
#          --found FOLDER  where what is found goes (campaign-found beside this folder)
#
# Installs the Debian packages that are missing, and says so before. Its last line has the counts. Exit status: 0
# nothing was found, 1 something was, 2 it could not start, or a part could not run.
#
# SPDX-License-Identifier: GPL-2.0-or-later
set -u
. "$(dirname -- "$0")/setup.sh"

minutes=60
case ${1-} in
[0-9]*)
    minutes=$1
    shift
    ;;
esac

[ -n "$(command -v clang)" ] || refresh_lists
need $BUILD_PACKAGES $RUN_PACKAGES $TEST_PACKAGES $FUZZ_PACKAGES $(clang_runtime)
for preset in fuzz sanitize default; do
    case $preset in
    default) tree=build ;;
    *) tree=build-$preset ;;
    esac
    configure "$preset" "$tree" -DBUILD_TESTING=ON && quietly cmake --build "$source/$tree" || exit 2
done
exec "$(python)" "$source/tests/campaign/campaign.py" --minutes "$minutes" \
    --plugin "$source/build/plugin/wsclose.so" \
    --sanitized "$source/build-sanitize/plugin/wsclose.so" --fuzz "$source/build-fuzz/tests/fuzz" \
    --found "$source/campaign-found" "$@"
