#!/bin/sh
# versions.sh
# Build and test with Wireshark 4.0, 4.4 and 4.6, each in the Debian release that has it.
#
#     sh tests/versions.sh [FOLDER [RELEASE...]]
#
# FOLDER holds one root directory per release: those that are there are used again, others are made
# with debootstrap. Default: a folder wsclose-versions in $TMPDIR or /tmp; bookworm trixie forky.
# Has to be run as root. Exit status: 0 all passed, 1 not, 2 cannot start.
#
# SPDX-License-Identifier: GPL-2.0-or-later
set -u
. "$(dirname -- "$0")/setup.sh"

[ "$(id -u)" -eq 0 ] || die "has to be run as root, for chroot"
folder=${1:-${TMPDIR:-/tmp}/wsclose-versions}
[ $# -eq 0 ] || shift
[ $# -gt 0 ] || set -- bookworm trixie forky
mkdir -p -- "$folder" && folder=$(cd -- "$folder" && pwd -P) || exit 2

# bootstrap RELEASE: a minimal Debian
bootstrap() {
    [ ! -e "$folder/$1/etc/debian_version" ] || return 0
    need debootstrap
    scripts=/usr/share/debootstrap/scripts
    script=$scripts/$1
    # A release that is younger than debootstrap is made like the next one.
    [ -e "$script" ] || script=$scripts/sid
    say "Making a root directory of $1 in $folder"
    quietly debootstrap --variant=minbase "$1" "$folder/$1.part" "" "$script" &&
        mv -- "$folder/$1.part" "$folder/$1"
}

# test_in RELEASE: the tests, on a copy of the source
test_in() {
    root=$folder/$1
    bootstrap "$1" || return 1
    copy=$(mktemp -d "$root/tmp/wsclose.XXXXXX") || return 1
    chmod 755 -- "$copy"
    (cd -- "$source" && tar -cf - --exclude=./.git --exclude='./build*' --exclude=node_modules .) |
        tar -xf - --no-same-owner -C "$copy" || return 1
    cp -- /etc/resolv.conf "$root/etc/resolv.conf"
    # What is mounted in a namespace of its own is gone when the tests are.
    unshare --mount --propagation private sh -c '
        mount -t proc proc "$1/proc" && mount -t tmpfs tmpfs "$1/dev/shm" 2> /dev/null
        exec chroot "$1" env PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 \
            sh "$2/tests/all.sh" --quick --ci' sh "$root" "${copy#"$root"}"
    result=$?
    rm -rf -- "$copy"
    return $result
}

status=0
summary=
for release in "$@"; do
    say "== $release"
    if test_in "$release"; then
        outcome=passed
    else
        outcome=FAILED
        status=1
    fi
    version=$(chroot "$folder/$release" tshark --version 2> /dev/null |
        sed -n '1s/^TShark[^0-9]*\([0-9.]*[0-9]\).*/\1/p')
    summary="$summary$(printf '%-10s Wireshark %-8s %s' "$release" "${version:-?}" "$outcome")
"
done
echo
printf '%s' "$summary"
exit $status
