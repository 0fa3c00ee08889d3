#!/bin/sh
# versions.sh
# Build and test with Wireshark 4.0, 4.4 and 4.6, each in the Debian release that has it, and with
# other releases that are named.
#
#     sh tests/versions.sh [FOLDER [RELEASE[=MIRROR]...]]
#
# FOLDER holds one root directory per release: those that are there are used, however they were made;
# others are made with debootstrap, from MIRROR if there is one. Default: a folder wsclose-versions in
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
folder=${1:-${TMPDIR:-/tmp}/wsclose-versions}
[ $# -eq 0 ] || shift
[ $# -gt 0 ] || set -- bookworm trixie forky
for release in "$@"; do
    case ${release%%=*} in
    "" | */*) die "usage: versions.sh [FOLDER [RELEASE[=MIRROR]...]]" ;;
    esac
done
mkdir -p -- "$folder" && folder=$(cd -- "$folder" && pwd -P) || exit 2

# bootstrap RELEASE MIRROR: a minimal Debian or Ubuntu in $root; no MIRROR is debootstrap's own
bootstrap() {
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
    say "Making a root directory of $1 in $folder"
    quietly debootstrap --variant=minbase --components=$components "$1" "$root.part" "$2" \
        "$script" && mv -- "$root.part" "$root"
}

# test_in_root: the tests in $root, on a copy of the source
test_in_root() {
    copy=$(mktemp -d "$root/tmp/wsclose.XXXXXX") || return 1
    chmod 755 -- "$copy"
    (cd -- "$source" && tar -cf - --exclude=./.git --exclude='./build*' --exclude=node_modules .) |
        tar -xf - --no-same-owner -C "$copy" || return 1
    cp -- /etc/resolv.conf "$root/etc/resolv.conf"
    # What is mounted in a namespace of its own is gone when the tests are.
    unshare --mount --propagation private sh -c '
        mount -t proc proc "$1/proc" && mount -t tmpfs tmpfs "$1/dev/shm" 2> /dev/null
        mount -t devpts -o newinstance,ptmxmode=0666 devpts "$1/dev/pts"
        exec chroot "$1" env PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 \
            sh "$2/tests/all.sh" --quick --ci' sh "$root" "${copy#"$root"}"
    result=$?
    rm -rf -- "$copy"
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
    root=$folder/$release
    say "== $release"
    if bootstrap "$release" "$mirror" && test_in_root; then
        outcome=passed
    else
        outcome=FAILED
        status=1
    fi
    version=$(chroot "$root" tshark --version 2> /dev/null |
        sed -n '1s/^TShark[^0-9]*\([0-9.]*[0-9]\).*/\1/p')
    tried="$tried $version"
    summary="$summary$(printf '%-10s Wireshark %-8s %s' "$release" "${version:-?}" "$outcome")
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
