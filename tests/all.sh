#!/bin/sh
# all.sh
# Run every test: fuzz targets on their inputs, then everything with sanitizers, then everything as users get it.
#
#     sh tests/all.sh [--quick] [--ci]
#
# --quick  only as users get it
# --ci     compiler warnings are errors, and clang-tidy, cppcheck and clang-format have to be content
#
# Installs the Debian packages that are missing, and says so before. Exit status: 0 all passed, 1 not, 2 cannot start.
#
# SPDX-License-Identifier: GPL-2.0-or-later
set -u
. "$(dirname -- "$0")/setup.sh"

quick=
ci=
for option in "$@"; do
    case $option in
    --quick) quick=yes ;;
    --ci) ci=yes ;;
    *) die "usage: all.sh [--quick] [--ci]" ;;
    esac
done

CAMPAIGN_MINUTES=3
# Of a processor, roughly: with fuzzing and sanitizers, and without.
ALL_MINUTES=28
QUICK_MINUTES=9
[ -z "$ci" ] || be_strict

began=$(date +%s)
took() {
    now=$(date +%s)
    say "$1: $((now - began)) s"
    began=$now
}

processors=$(nproc)
[ -n "$quick" ] && minutes=$QUICK_MINUTES || minutes=$ALL_MINUTES
say "Building and testing take about $((minutes / processors + 1)) min on $processors processors," \
    "once all packages are there."
packages="$BUILD_PACKAGES $RUN_PACKAGES $TEST_PACKAGES"
if [ -z "$quick" ]; then
    [ -n "$(command -v clang)" ] || refresh_lists
    packages="$packages $FUZZ_PACKAGES $(clang_runtime)"
    [ -z "$ci" ] || packages="$packages $CI_PACKAGES"
fi
need $packages
took "packages"

build_or_end() {
    build "$@" || exit 1
    took "build, preset $1"
}

trees=$main
if [ -z "$quick" ]; then
    build_or_end fuzz build-fuzz
    build_or_end sanitize build-sanitize
    trees="build-fuzz build-sanitize $main"
fi
build_or_end "$main_preset" "$main"

# One run of ctest over all trees, so that its closing line counts every test.
all=$source/build-all
rm -rf -- "$all"
mkdir -- "$all" || exit 1
{
    if [ -n "$ci" ] && [ -z "$quick" ]; then
        # It reads the arguments of gcc, not all of which clang knows.
        printf 'add_test([==[clang-tidy]==] run-clang-tidy -quiet %s -p [==[%s]==] %s)\n' \
            -extra-arg=-Wno-ignored-optimization-argument "$source/$main" \
            '[==[/(decoder|decoder/words|plugin)/[^/]*[.]c$]==]'
        printf 'add_test([==[cppcheck]==] cppcheck --quiet --std=c11 --library=gtk %s --error-exitcode=1 %s)\n' \
            '--enable=warning,performance,portability --inline-suppr' \
            "[==[-I$source/decoder/include]==] [==[$source/decoder]==] [==[$source/plugin]==]"
        printf 'add_test([==[clang-format]==] sh [==[%s]==])\n' "$source/tests/format.sh"
    fi
    if [ -z "$quick" ]; then
        # On all processors, so nothing runs beside it.
        printf 'add_test([==[campaign]==] %s)\n' \
            "sh [==[$source/tests/campaign.sh]==] $CAMPAIGN_MINUTES ${ci:+--ci} \
            --found [==[$all/campaign-found]==]"
        printf 'set_tests_properties([==[campaign]==] PROPERTIES RUN_SERIAL TRUE)\n'
    fi
    for tree in $trees; do
        printf 'subdirs([==[%s]==])\n' "$source/$tree"
    done
} > "$all/CTestTestfile.cmake"

{
    ctest --test-dir "$all" --output-on-failure --no-tests=error -j "$processors" < /dev/null 2>&1
    echo $? > "$all/status"
} | tee "$all/log"
status=$(cat -- "$all/status")
took "tests"

# ctest numbers the tests in the order of the trees, and prints the failed ones by number.
failed() {
    sed -n '/^The following tests FAILED:/,$s/^[[:space:]]*\([0-9][0-9]*\) - \([^ ]*\).*/\1 \2/p' \
        "$all/log" | awk -v first="$1" -v last="$2" '$1 >= first && $1 <= last { printf " %s", $2 }'
}

# summary PART NUMBER_OF_TESTS
summary() {
    names=$(failed "$first" $((first + $2 - 1)))
    printf '%-16s %3d tests  %s\n' "$1" "$2" "${names:+FAILED:}${names:-passed}"
    first=$((first + $2))
}

echo
first=1
if [ -n "$ci" ] && [ -z "$quick" ]; then
    summary clang-tidy 1
    summary cppcheck 1
    summary clang-format 1
fi
[ -n "$quick" ] || summary campaign 1
for tree in $trees; do
    summary "$tree" "$(ctest --test-dir "$source/$tree" -N | sed -n 's/^Total Tests: //p')"
done
grep '[0-9]% tests passed, [0-9]* tests failed out of [0-9]*' "$all/log" | tail -n 1
[ "$status" -eq 0 ] || exit 1
