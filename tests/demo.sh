#!/bin/sh
# demo.sh
# Build the plugin, then let tshark say of a capture why its WebSocket connections closed.
#
#     sh tests/demo.sh [CAPTURE]
#
# Installs the Debian packages that are missing; Wireshark's and your own settings stay as they are.
#
# SPDX-License-Identifier: GPL-2.0-or-later
set -u
. "$(dirname -- "$0")/setup.sh"

NOBODY=65534

[ $# -le 1 ] || die "usage: demo.sh [CAPTURE]"
capture=${1:-$source/captures/ws-1010-reason-declined.pcapng}
[ -e "$capture" ] || die "$capture: no such file"
[ -f "$capture" ] || die "$capture: not a file"
[ -r "$capture" ] || die "$capture: no permission to read it"
capture=$(cd -- "$(dirname -- "$capture")" && pwd -P)/$(basename -- "$capture")

need $BUILD_PACKAGES $RUN_PACKAGES
say "Building the plugin in $source/build"
configure default build || exit 1
quietly cmake --build "$source/build" --target plugin wsclose-command || exit 1

built_for=$(pkg-config --modversion wireshark | cut -d . -f 1,2)
running=$(tshark --version 2> /dev/null | sed -n '1s/[^0-9]*\([0-9]*\.[0-9]*\)\..*/\1/p')
[ "$built_for" = "$running" ] ||
    die "the headers of Wireshark here are for $built_for, but tshark is $running"

tmp=$(mktemp -d /tmp/wsclose.XXXXXX) || exit 1
trap 'rm -rf -- "$tmp"' EXIT
trap 'exit 1' HUP INT TERM
plugins=$tmp/.local/lib/wireshark/plugins/$running/epan
mkdir -p "$plugins" "$tmp/lib"
cp -- "$source/build/plugin/wsclose.so" "$plugins"
cp -- "$source/build/decoder/libwsclose.so.0" "$tmp/lib"
chmod -R a+rX -- "$tmp"

# tshark that is started as root ignores personal plugins, so root becomes nobody.
as_user() {
    if [ "$(id -u)" -eq 0 ]; then
        setpriv --reuid=$NOBODY --regid=$NOBODY --clear-groups "$@"
    else
        "$@"
    fi
}

shown=$capture
if ! as_user test -r "$capture"; then
    cp -- "$capture" "$tmp/capture"
    chmod a+r -- "$tmp/capture"
    shown=$tmp/capture
fi

say "What closed the WebSocket connections of $(basename -- "$capture"):"
say "    tshark -r $(basename -- "$capture") -Y wsclose -O wsclose"
say ""
{
    as_user env HOME="$tmp" LD_LIBRARY_PATH="$tmp/lib" \
        tshark -r "$shown" -Y wsclose -O wsclose < /dev/null
    echo $? > "$tmp/status"
} | awk '{ print } END { exit NR == 0 }'
awk_status=$?
status=$(cat -- "$tmp/status")
unknown="What the capture holds is not known, or not all of it."
if [ "$status" -eq 0 ]; then
    [ $awk_status -ne 1 ] || echo "No WebSocket connection closes in this capture."
elif [ $awk_status -gt 1 ]; then
    # Nobody reads what tshark would say, as with "demo.sh | head".
    :
elif [ "$status" -gt 128 ]; then
    say "tshark crashed or was killed (signal $((status - 128)), $(kill -l "$status"))." "$unknown"
else
    say "tshark failed (exit status $status). $unknown"
fi
exit "$status"
