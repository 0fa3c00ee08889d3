#!/bin/sh
# use.sh
# In a fresh root of Debian: install the packages with apt, use them as a user does, purge them.
#
#     tests/packages/use.sh FOLDER
#
# For a root that nobody needs afterwards: tests/versions.sh makes it. Asks for root. FOLDER has the packages and is
# readable to all. Exit status: 0 all is well, 1 something is not, 2 cannot start.
#
# SPDX-License-Identifier: GPL-2.0-or-later
set -u
LC_ALL=C.UTF-8
export LC_ALL
. "$(dirname -- "$0")/../setup.sh"
source=$(dirname -- "$source")

[ $# -eq 1 ] && [ "$(id -u)" -eq 0 ] || die "usage, as root: use.sh FOLDER"
folder=$(cd -- "$1" && pwd -P) || exit 2
tmp=$(mktemp -d) && chmod 755 "$tmp" || exit 2
. "$source/tests/tap.sh"

# What is not about the packages: somebody has to compile, and to read manual pages.
TOOLS="gcc libc6-dev cmake make pkg-config man-db"
OURS="libwsclose-dev libwsclose0 wireshark-plugin-wsclose wsclose"
NOBODY=65534
capture=$tmp/capture.pcapng
cp -- "$source/captures/ws-1010-reason-declined.pcapng" "$capture" && chmod a+r "$capture" || exit 2
mkdir "$tmp/home" && chown $NOBODY:$NOBODY "$tmp/home" || exit 2

# as_user COMMAND...: an ordinary user with an empty home
as_user() {
    (cd / && setpriv --reuid=$NOBODY --regid=$NOBODY --clear-groups env HOME="$tmp/home" "$@" < /dev/null)
}

# planned: the packages that apt would install, with what they recommend
planned() {
    apt-get -q -s install "$folder"/*.deb > "$tmp/plan" 2>&1 || {
        cat "$tmp/plan"
        return 1
    }
    sed -n 's/^Inst \([^ ]*\) .*/\1/p' "$tmp/plan" | sort
}

# Our packages alone are installed on top of what others they need.
others_first() {
    planned > "$tmp/planned" && apt install --no-install-recommends $TOOLS \
        $(grep -vxF "$(printf '%s\n' $OURS)" "$tmp/planned")
}

brings_tshark() {
    for package in tshark jq $OURS; do
        grep -qx $package "$tmp/planned" || { echo "apt would not install $package"; return 1; }
    done
}

# What programs write as they go is not what a package leaves.
listing() {
    find / -xdev \( -path /proc -o -path /sys -o -path /dev -o -path /run -o -path /tmp -o -path "$tmp" \
        -o -path "$folder" -o -path "$source" -o -path /var/cache -o -path /var/log -o -path /var/lib/apt \
        -o -path /var/lib/dpkg \) -prune -o -printf '%p %y %m %l\n' | sort
}

installs() {
    same "$(planned)" "$(printf '%s\n' $OURS)" && apt install "$folder"/*.deb
}

plugin_loads() {
    as_user tshark -G plugins | grep -E "^wsclose[.]so[[:space:]].*/usr/lib/.*/wsclose[.]so$"
}

# A plugin for all users is loaded for root as well
loads_for_root() {
    tshark -G plugins | grep "^wsclose[.]so"
}

connections() {
    as_user tshark -r "$capture" -q -z wsclose,conn > "$tmp/out" 2>&1
    cat "$tmp/out"
    grep -q 1010 "$tmp/out" && grep -q extension_declined "$tmp/out"
}

report() {
    as_user wsclose-report "$capture" > "$tmp/out" || return 1
    # The line of type "coverage" is about the capture, and has no cause.
    same "$(jq -r '."wsclose.cause" // empty' "$tmp/out" | sort -u)" extension_declined
}

command_explains() {
    # For a code that nobody may send it has an exit status of its own.
    as_user wsclose code 1005 > "$tmp/out"
    cat "$tmp/out"
    grep -q "No Status Received" "$tmp/out"
}

profile() {
    as_user wsclose-profile install && as_user tshark -C wsclose -r "$capture" > "$tmp/out" &&
        grep -q 1010 "$tmp/out" && as_user wsclose-profile remove || return 1
    ! find "$tmp/home" -path '*wsclose*' | grep .
}

# Those of all our packages.
man_pages() {
    dpkg -L $OURS | sed -n 's,.*/man/man[0-9]/\(.*\)[.]\([0-9]\)[.]gz$,\2 \1,p' > "$tmp/pages"
    grep -qx "1 wsclose" "$tmp/pages" && grep -qx "7 wsclose-plugin" "$tmp/pages" || return 1
    # groff may stretch a line with blanks.
    while read -r section page; do
        as_user env MANPAGER=cat man "$section" "$page" | grep -q "$page  *- " || { echo "no $page($section)"; return 1; }
    done < "$tmp/pages"
}

expected_output() {
    (cd / && "$@") > "$tmp/out" && diff "$source/tests/install/consumer/expected.txt" "$tmp/out"
}

with_pkg_config() {
    cc -Wall -Werror "$source/tests/install/consumer/consumer.c" -o "$tmp/consumer" \
        $(pkg-config --cflags --libs wsclose) && expected_output "$tmp/consumer"
}

with_cmake() {
    cmake -S "$source/tests/install/consumer" -B "$tmp/consumer-build" && cmake --build "$tmp/consumer-build" &&
        expected_output "$tmp/consumer-build/consumer"
}

loader_knows() {
    ldconfig -p | grep "libwsclose.so.0 "
}

purges() {
    apt purge $OURS && ! dpkg-query -W -f '${Package} ${db:Status-Status}\n' $OURS 2> /dev/null | grep .
}

nothing_left() {
    listing > "$tmp/after"
    diff "$tmp/before" "$tmp/after" && ! ldconfig -p | grep wsclose && ! tshark -G plugins | grep wsclose
}

refresh_lists
check "what the packages need can be had from this release" others_first
[ "$failures" -eq 0 ] || finish
check "with the plugin come tshark and jq" brings_tshark
listing > "$tmp/before"
check "apt installs the packages from their files" installs
check "the loader knows the library" loader_knows
check "the plugin is loaded for a user" plugin_loads
check "the plugin is loaded for root" loads_for_root
check "tshark has the table of connections" connections
check "wsclose-report" report
check "wsclose code 1005" command_explains
check "wsclose-profile" profile
check "the manual pages" man_pages
check "a C program through pkg-config" with_pkg_config
check "a C program through find_package" with_cmake
check "apt purges the packages" purges
check "nothing is left of them" nothing_left
finish
