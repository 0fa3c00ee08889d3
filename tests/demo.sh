#!/bin/sh
# demo.sh
# Build the plugin, then let tshark say of a capture why its WebSocket connections closed.
#
#     sh tests/demo.sh [--full] [CAPTURE [TSHARK-OPTION...]]
#     sh tests/demo.sh --line TEXT...
#
# It prints a table of the connections, and how and why each of the first few ended; with --full all
# packets that tell of it. Options of tshark may follow the capture: -o tls.keylog_file:FILE where TLS
# has its keys beside it, -d tcp.port==8080,websocket where the capture began late. With --line it says what
# a line of a log means, as wsclose explain does (- reads lines), and needs no Wireshark. Installs the Debian
# packages that are missing; Wireshark's and your own settings stay as they are.
# Exit status: 0 all was read, 1 the file is no capture, or the line is not known, else as tshark's; 2 nothing
# was done.
#
# SPDX-License-Identifier: GPL-2.0-or-later
set -u
. "$(dirname -- "$0")/setup.sh"

NOBODY=65534

if [ "${1-}" = --line ]; then
    shift
    need $COMMAND_PACKAGES
    say "Building the command in $source/build-command"
    configure default build-command -B build-command -DWSCLOSE_PLUGIN=OFF || exit 2
    quietly cmake --build "$source/build-command" --target wsclose-command || exit 2
    exec "$source/build-command/decoder/wsclose" explain "$@"
fi

full=
if [ "${1-}" = --full ]; then
    full=--full
    shift
fi
capture=$source/captures/ws-1010-reason-declined.pcapng
if [ $# -gt 0 ]; then
    capture=$1
    shift
fi
case $capture in
-*) die "usage: demo.sh [--full] [CAPTURE [TSHARK-OPTION...]], or demo.sh --line TEXT..." ;;
esac

# check FILE: it is there and can be read
check() {
    [ -e "$1" ] || die "$1: no such file"
    [ -f "$1" ] || die "$1: not a file"
    [ -r "$1" ] || die "$1: no permission to read it"
}

absolute() {
    printf '%s/%s' "$(cd -- "$(dirname -- "$1")" && pwd -P)" "$(basename -- "$1")"
}

# quoted ARGUMENT...: as a shell reads them
quoted() {
    for argument in "$@"; do
        case $argument in
        '' | *[!A-Za-z0-9_./:=,@%+-]*)
            printf " '%s'" "$(printf '%s' "$argument" | sed "s/'/'\\\\''/g")"
            ;;
        *) printf ' %s' "$argument" ;;
        esac
    done
}

check "$capture"
if [ ! -s "$capture" ]; then
    say "demo.sh: $capture: the file is empty, so it is no capture. Capture again."
    exit 1
fi
capture=$(absolute "$capture")
# Wireshark does not say that there is no key log.
for option in "$@"; do
    shift
    case $option in
    *.keylog_file:?*)
        check "${option#*.keylog_file:}"
        option=${option%%.keylog_file:*}.keylog_file:$(absolute "${option#*.keylog_file:}")
        ;;
    esac
    set -- "$@" "$option"
done
arguments=$(quoted "$capture" "$@")

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

# readable FILE NAME: it, or a copy that the user may read who runs tshark
readable() {
    if as_user test -r "$1"; then
        printf '%s' "$1"
    else
        cp -- "$1" "$tmp/$2" && chmod a+r -- "$tmp/$2"
        printf '%s' "$tmp/$2"
    fi
}

shown=$(readable "$capture" capture)
for option in "$@"; do
    shift
    case $option in
    *.keylog_file:?*)
        option=${option%%.keylog_file:*}.keylog_file:$(readable "${option#*.keylog_file:}" keys)
        ;;
    esac
    set -- "$@" "$option"
done

# columns: as many as standard output has, if it is a terminal
columns() {
    case ${COLUMNS-} in
    '' | *[!0-9]*) stty size <&3 2> /dev/null | sed -n 's/^[0-9]* \([1-9][0-9]*\)$/\1/p' ;;
    *) printf '%s' "$COLUMNS" ;;
    esac
}

exec 3>&1
width=$(columns)
# That number is the default, which stands for what the terminal has.
[ "$width" != 120 ] || width=119

say "What closed the WebSocket connections of $(basename -- "$capture"):"
say ""
if [ -n "$full" ]; then
    set -- -Y wsclose -O wsclose -z wsclose,json "$@"
else
    # tshark writes into a pipe, so it cannot ask the terminal.
    set -- -q -z wsclose,json -z wsclose,conn ${width:+-o wsclose.table_width:$width} "$@"
fi
{
    as_user env HOME="$tmp" LD_LIBRARY_PATH="$tmp/lib" \
        tshark -r "$shown" "$@" < /dev/null 2> "$tmp/errors"
    echo $? > "$tmp/status"
} | COLUMNS=${width:-120} "$(python)" "$here/demo.py" "$tmp/status" $full
told=$?
status=$(cat -- "$tmp/status")

# Status of demo.py where nobody reads what is printed, as with "demo.sh | head".
[ $told -ne 3 ] || exit "$status"
if [ "$status" -ne 0 ] && grep -q "isn't a capture file" "$tmp/errors"; then
    say "demo.sh: $capture: no capture that Wireshark can read." \
        "It takes pcapng and pcap, as tcpdump, dumpcap and Wireshark write them."
    exit 1
fi
grep -v '^Running as user' "$tmp/errors" >&2
unknown="What the capture holds is not known, or not all of it."
if [ "$status" -gt 128 ]; then
    say "tshark crashed or was killed (signal $((status - 128)), $(kill -l "$status"))." "$unknown"
elif [ "$status" -ne 0 ]; then
    say "tshark failed (exit status $status). $unknown"
fi
[ "$status" -eq 0 ] || exit "$status"

# What to do next; where none has ended, what was said of that tells it.
again="sh$(quoted "$here/demo.sh")"
case $told$full in
0) say "To see the packets that tell of it, with all that is known:" && say "    $again --full$arguments" ;;
0*) ;;
5*)
    case $arguments in
    *wsclose.tls_servers:*) exit 0 ;;
    esac
    say "What can be told of TLS without its keys, from outside:"
    say "    $again$arguments -o wsclose.tls_servers:all"
    exit 0
    ;;
*) exit 0 ;;
esac
if tshark -G protocols 2> /dev/null | cut -f 3 | grep -qx wsclose; then
    say "With filters and columns (README has more of them):"
    say "    tshark -r$arguments -Y wsclose.verdict"
    ! command -v wireshark > /dev/null || say "    wireshark -r$arguments"
    exit 0
fi
say "To have it in your tshark and Wireshark, install it:"
if [ "$(id -u)" -eq 0 ]; then
    say "    cmake --build$(quoted "$source/build") && cmake --install$(quoted "$source/build")"
else
    say "    cd$(quoted "$source") &&"
    say "    cmake --preset default -B build-user -DWSCLOSE_PERSONAL=ON \\"
    say '        -DCMAKE_INSTALL_PREFIX="$HOME/.local" &&'
    say "    cmake --build build-user && cmake --install build-user"
fi
say "and then:"
say "    tshark -r$arguments -Y wsclose.verdict"
