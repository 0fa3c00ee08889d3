#!/bin/sh
# versions.sh
# Build and test with Wireshark 4.0, 4.4 and 4.6, each in the Debian release that has it, and with
# other releases that are named. Build packages there, and install, use and purge them in a clean root.
#
#     sh tests/versions.sh [--packages] [FOLDER [RELEASE[=MIRROR]...]]
#
# --packages: the packages only. FOLDER holds two root directories per release, to build in and, with ".clean"
# behind its name, one that stays as it is, and the packages: those roots that are there are used, however they
# were made; others are made with debootstrap, from MIRROR if there is one. Default: a folder wsclose-versions in
# $TMPDIR or /tmp; bookworm trixie forky. No release of Debian has Wireshark 4.2, Ubuntu 24.04 does:
# noble=MIRROR, where the address of MIRROR has "ubuntu" in it.
#
# The summary names each version that was not tried. Has to be run as root. Exit status: 0 all that
# was tried passed, 1 not, 2 cannot start.
#
# SPDX-License-Identifier: GPL-2.0-or-later
set -u
. "$(dirname -- "$0")/setup.sh"

VERSIONS="4.0 4.2 4.4 4.6"

[ "$(id -u)" -eq 0 ] || die "has to be run as root, for chroot"
only_packages=
if [ "${1-}" = --packages ]; then
    only_packages=yes
    shift
fi
folder=${1:-${TMPDIR:-/tmp}/wsclose-versions}
[ $# -eq 0 ] || shift
[ $# -gt 0 ] || set -- bookworm trixie forky
for release in "$@"; do
    case ${release%%=*} in
    "" | */*) die "usage: versions.sh [FOLDER [RELEASE[=MIRROR]...]]" ;;
    esac
done
mkdir -p -- "$folder" && folder=$(cd -- "$folder" && pwd -P) || exit 2

# bootstrap RELEASE MIRROR ROOT: a minimal Debian or Ubuntu in ROOT; no MIRROR is debootstrap's own
bootstrap() {
    root=$3
    [ ! -d "$root" ] || return 0
    need debootstrap
    scripts=/usr/share/debootstrap/scripts
    script=$scripts/$1
    # A release that is younger than debootstrap is made like the next one.
    [ -e "$script" ] || script=$scripts/sid
    components=main
    case $2 in
    *ubuntu*)
        # All releases of Ubuntu have this script.
        script=$scripts/gutsy
        components=main,universe
        [ -e /usr/share/keyrings/ubuntu-archive-keyring.gpg ] ||
            say "Ubuntu's keys are not here: signatures of $2 are NOT CHECKED"
        ;;
    esac
    say "Making a root directory of $1: $root"
    quietly debootstrap --variant=minbase --components=$components "$1" "$root.part" "$2" \
        "$script" && mv -- "$root.part" "$root"
}

# copy_source ROOT: the source, in a new folder $copy of ROOT
copy_source() {
    copy=$(mktemp -d "$1/tmp/wsclose.XXXXXX") || return 1
    chmod 755 -- "$copy"
    (cd -- "$source" && tar -cf - --exclude=./.git --exclude='./build*' --exclude=node_modules .) |
        tar -xf - --no-same-owner -C "$copy" || return 1
    cp -- /etc/resolv.conf "$1/etc/resolv.conf"
}

# in_root ROOT COMMAND...: what is mounted in a namespace of its own is gone when the command is
in_root() {
    unshare --mount --propagation private sh -c '
        root=$1
        shift
        mount -t proc proc "$root/proc" && mount -t tmpfs tmpfs "$root/dev/shm" 2> /dev/null
        mount -t devpts -o newinstance,ptmxmode=0666 devpts "$root/dev/pts"
        exec chroot "$root" env PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 "$@"' sh "$@"
}

# test_in_root ROOT: the tests, on a copy of the source
test_in_root() {
    copy_source "$1" || return 1
    in_root "$1" sh "${copy#"$1"}/tests/all.sh" --quick --ci
    result=$?
    rm -rf -- "$copy"
    return $result
}

# pack_in_root ROOT FOLDER: the packages of this release, built twice
pack_in_root() {
    copy_source "$1" || return 1
    mkdir -- "$copy/packed" &&
        in_root "$1" sh "${copy#"$1"}/tests/packages/test_packages.sh" "${copy#"$1"}/packed"
    result=$?
    rm -rf -- "$2"
    [ $result -ne 0 ] || cp -R -- "$copy/packed" "$2" || result=1
    rm -rf -- "$copy"
    return $result
}

# use_in_root CLEAN_ROOT FOLDER: the packages of FOLDER, in a copy of that root
use_in_root() {
    used=$(mktemp -d "$folder/used.XXXXXX") || return 1
    cp -a --reflink=auto -- "$1/." "$used" && copy_source "$used" && cp -R -- "$2" "$copy/packed" &&
        in_root "$used" sh "${copy#"$used"}/tests/packages/use.sh" "${copy#"$used"}/packed"
    result=$?
    rm -rf -- "$used"
    return $result
}

status=0
summary=
tried=
for release in "$@"; do
    mirror=
    case $release in
    *=*) mirror=${release#*=} ;;
    esac
    release=${release%%=*}
    say "== $release"
    outcome=passed
    bootstrap "$release" "$mirror" "$folder/$release" && { [ -n "$only_packages" ] || test_in_root "$root"; } ||
        outcome=FAILED
    packages=passed
    pack_in_root "$folder/$release" "$folder/$release.packages" &&
        bootstrap "$release" "$mirror" "$folder/$release.clean" &&
        use_in_root "$root" "$folder/$release.packages" || packages=FAILED
    [ $outcome,$packages = passed,passed ] || status=1
    [ -z "$only_packages" ] || [ $outcome = FAILED ] || outcome="NOT TRIED"
    root=$folder/$release
    version=$(chroot "$root" tshark --version 2> /dev/null |
        sed -n '1s/^TShark[^0-9]*\([0-9.]*[0-9]\).*/\1/p')
    tried="$tried $version"
    summary="$summary$(printf '%-10s Wireshark %-8s %-9s  packages %s' \
        "$release" "${version:-?}" "$outcome" "$packages")
"
done
echo
printf '%s' "$summary"
for version in $VERSIONS; do
    case $tried in
    *" $version."*) ;;
    *) printf '%-10s Wireshark %-8s NOT TRIED\n' - "$version" ;;
    esac
done
exit $status
