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
#          --ci            first of the options: with what all.sh --ci has built
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
if [ "${1-}" = --ci ]; then
    be_strict
    shift
fi

[ -n "$(command -v clang)" ] || refresh_lists
need $BUILD_PACKAGES $RUN_PACKAGES $TEST_PACKAGES $FUZZ_PACKAGES $(clang_runtime)
{ build fuzz build-fuzz && build sanitize build-sanitize && build "$main_preset" "$main"; } || exit 2
exec "$(python)" "$source/tests/campaign/campaign.py" --minutes "$minutes" \
    --plugin "$source/$main/plugin/wsclose.so" \
    --sanitized "$source/build-sanitize/plugin/wsclose.so" --fuzz "$source/build-fuzz/tests/fuzz" \
    --found "$source/campaign-found" "$@"
