#!/bin/sh
# test_issue_template.sh
# The commands of the issue template, run one after the other as a user would: what is secret goes, what we say stays.
#
#     tests/recipes/test_issue_template.sh PLUGIN LIBRARY
#
# SPDX-License-Identifier: GPL-2.0-or-later
set -u
LC_ALL=C.UTF-8
export LC_ALL

[ $# -eq 2 ] || {
    echo "usage: test_issue_template.sh PLUGIN LIBRARY" >&2
    exit 2
}
source=$(cd -- "$(dirname -- "$0")/../.." && pwd -P) || exit 2
tmp=$(mktemp -d) || exit 2
trap 'rm -rf -- "$tmp"' EXIT
trap 'exit 1' HUP INT TERM
. "$source/tests/tap.sh"

personal=$tmp/.local/lib/wireshark/plugins/$(pkg-config --modversion wireshark | cut -d . -f 1,2)/epan
mkdir -p "$personal" && cp -- "$1" "$personal" && cp -- "$2" "$tmp" || exit 2
# It has a host with a name, and addresses of documentation.
cp -- "$source/captures/generated-two-legs.pcapng" "$tmp/capture.pcapng"
sed -n 's/^    //p' "$source/.github/ISSUE_TEMPLATE/wrong-or-missing.md" > "$tmp/commands"
chmod -R a+rwX "$tmp"

# tshark that is started as root loads no personal plugin.
as_user() {
    if [ "$(id -u)" -eq 0 ]; then
        setpriv --reuid=65534 --regid=65534 --clear-groups env HOME="$tmp" LD_LIBRARY_PATH="$tmp" "$@"
    else
        env HOME="$tmp" LD_LIBRARY_PATH="$tmp" "$@"
    fi
}

commands() {
    [ -s "$tmp/commands" ] && (cd -- "$tmp" && as_user sh -e "$tmp/commands")
}

# verdict FILE
verdict() {
    as_user tshark -r "$1" -Y "wsclose.verdict && tcp.stream == 0" -T fields -E occurrence=l -e wsclose.verdict
}

same_verdict() {
    [ -n "$(verdict "$tmp/capture.pcapng")" ] &&
        same "$(verdict "$tmp/anonymous.pcap")" "$(verdict "$tmp/capture.pcapng")"
}

# secrets FILE: addresses and the name of the host
secrets() {
    as_user tshark -r "$1" -T fields -e ip.addr -e eth.addr -e http.host | tr ',\t' '\n\n' | grep . | sort -u
}

nothing_secret() {
    secrets "$tmp/one.pcapng" > "$tmp/before" && secrets "$tmp/anonymous.pcap" > "$tmp/after"
    cat "$tmp/before" "$tmp/after"
    [ "$(wc -l < "$tmp/before")" -ge 4 ] && ! grep -xF -f "$tmp/before" "$tmp/after"
}

check "the commands of the issue template run" commands
check "we say the same of the anonymous capture" same_verdict
check "no address and no name of the first is in it" nothing_secret
finish
