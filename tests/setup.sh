# setup.sh
# Sourced by the scripts beside it: what --help prints, where things are, and how to get what is missing.
#
# SPDX-License-Identifier: GPL-2.0-or-later

# Names of Debian and its relatives; INSTALL has those of Fedora.
COMMAND_PACKAGES="gcc libc6-dev cmake ninja-build pkg-config libglib2.0-dev libjson-glib-dev python3"
BUILD_PACKAGES="$COMMAND_PACKAGES wireshark-dev"
RUN_PACKAGES="tshark"
PACK_PACKAGES="asciidoctor dpkg-dev lintian"
TEST_PACKAGES="$PACK_PACKAGES man-db g++ binutils make python3-websockets nodejs node-ws jq parallel
    curl rsync openssh-client python3-asyncssh wireshark xvfb dbus at-spi2-core python3-gi
    python3-xlib python3-pil python3-pyelftools tcpreplay valgrind doxygen"
FUZZ_PACKAGES="clang"
CI_PACKAGES="clang-tidy clang-format cppcheck"

# What stands above in the script, less the license at its end.
case ${1-} in
-h | --help)
    awk 'NR > 2 { if (/SPDX/) exit; sub(/^# ?/, ""); print }' "$0"
    exit 0
    ;;
esac

unset CDPATH
here=$(cd -- "$(dirname -- "$0")" && pwd -P) || exit 2
source=$(dirname -- "$here")
lists_are_fresh=

say() {
    printf '%s\n' "$*" >&2
}

die() {
    say "$(basename -- "$0"): $*"
    exit 2
}

as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    else
        sudo "$@"
    fi
}

# Nothing may ask: not debconf, not dpkg about a changed file, not apt about another apt at work.
apt() {
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=600 \
        -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold "$@" < /dev/null >&2
}

refresh_lists() {
    command -v apt-get > /dev/null || return 0
    [ -z "$lists_are_fresh" ] || return 0
    # One broken source of many does not matter here: if it does, the installation fails next.
    apt update || say "apt-get update failed; going on with the lists that are there"
    lists_are_fresh=yes
}

missing() {
    for package in "$@"; do
        case $(dpkg-query -W -f '${db:Status-Status}' "$package" 2> /dev/null) in
        installed) ;;
        *) printf ' %s' "$package" ;;
        esac
    done
}

# plan PACKAGE...: what apt would do, "NUMBER OF PACKAGES, SIZE UNIT"
plan() {
    as_root env LC_ALL=C apt-get -q --assume-no install --no-install-recommends "$@" < /dev/null 2>&1 |
        sed -n -e 's/^[0-9]* upgraded, \([0-9]*\) newly installed.*/\1/p' \
            -e 's,^Need to get \([0-9.]*\) \([kMG]*B\).*,\1 \2,p' | tr '\n' ' '
}

# minutes NUMBER SIZE UNIT: roughly, at 5 MB a second, with a quarter of a second to unpack each
minutes() {
    awk -v number="$1" -v size="$2" -v unit="$3" 'BEGIN {
        factor["kB"] = 0.001; factor["MB"] = 1; factor["GB"] = 1000
        printf "%d", 1 + (size * factor[unit] / 5 + number / 4) / 60
    }'
}

# need PACKAGE...: install those that are missing, and say before what that is
need() {
    if ! command -v apt-get > /dev/null; then
        say "There is no apt-get here. What INSTALL lists has to be there already."
        return 0
    fi
    wanted=$(missing "$@")
    [ -n "$wanted" ] || return 0
    if [ "$(id -u)" -ne 0 ] && ! command -v sudo > /dev/null; then
        die "some packages are missing, and without root or sudo they cannot be installed." \
            "As root: apt-get install --no-install-recommends$wanted"
    fi
    refresh_lists
    set -- $wanted
    count=$#
    set -- $(plan "$@")
    say "Installing $count missing packages:$wanted."
    # Where apt has another plan, or none, it says so itself below.
    [ $# -ne 3 ] || say "With what they need they are $1, $2 $3 to download; this takes about" \
        "$(minutes "$@") min."
    apt install --no-install-recommends $wanted ||
        die "apt-get could not install$wanted"
}

# libFuzzer and Clang's sanitizers are in a package of Clang's version, or in Clang's own.
clang_runtime() {
    command -v apt-get > /dev/null || return 0
    if command -v clang > /dev/null; then
        version=$(clang -dumpversion | sed 's/\..*//')
    else
        version=$(apt-cache depends clang | sed -n 's/^ *Depends: clang-\([0-9]*\)$/\1/p')
    fi
    runtime=libclang-rt-$version-dev
    [ -z "$(apt-cache search --names-only "^$runtime\$")" ] || echo "$runtime"
}

# Debian's Python is the one that has Debian's modules.
python() {
    if [ -x /usr/bin/python3 ]; then
        echo /usr/bin/python3
    else
        command -v python3
    fi
}

# configure PRESET FOLDER [OPTION...]
# In a subshell, as quietly is: the scripts have variables of the same names.
configure() (
    preset=$1
    tree=$source/$2
    shift 2
    if [ -e "$tree" ] && [ ! -w "$tree" ]; then
        die "$tree belongs to somebody else; remove it, then run this again"
    fi
    # CMake refuses a tree whose source has moved, as it does between a machine and its containers.
    if [ -f "$tree/CMakeCache.txt" ] &&
        ! grep -qxF "CMAKE_HOME_DIRECTORY:INTERNAL=$source" "$tree/CMakeCache.txt"; then
        rm -rf -- "$tree"
    fi
    (cd -- "$source" &&
        quietly cmake --preset "$preset" -DPython3_EXECUTABLE="$(python)" "$@")
)

# quietly COMMAND...: show what it printed only if it fails
quietly() (
    log=$(mktemp) || exit 1
    if "$@" > "$log" 2>&1 < /dev/null; then
        rm -f -- "$log"
    else
        cat -- "$log" >&2
        rm -f -- "$log"
        say "failed: $*"
        exit 1
    fi
)

# How the plugin that users get is built.
main_preset=default
main=build
werror=OFF

# Compiler warnings are errors.
be_strict() {
    main_preset=ci
    main=build-ci
    werror=ON
}

# build PRESET FOLDER, with its tests
build() {
    configure "$1" "$2" -DWSCLOSE_WERROR=$werror -DBUILD_TESTING=ON && quietly cmake --build "$source/$2"
}
