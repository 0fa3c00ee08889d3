#!/usr/bin/python3
# derive.py - make the captures that are cut out of a recorded one.
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Usage: captures/record/derive.py       (record.py runs it when it records everything)
#
# Needs editcap and tshark (Debian package tshark). The frame numbers in the editcap commands
# depend on the recording, so they are looked up; captures/README.md shows the commands as run.

import os
import subprocess
import sys

OUT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))

DECLINED = "ws-1010-reason-declined"
SEGMENT = "message-and-close-in-one-segment"
RESPONSE = "http.response.code == 101"
CLOSE = "websocket.opcode == 8"
HTTP2 = "h2-closes-ws"
HTTP2_DEFLATE = "h2-deflate-ws"

# name, source, what it shows, filter that finds a frame N and which of its matches, command.
TABLE = [
    (DECLINED + "-midstream", DECLINED,
     "the capture starts after the opening handshake: 1010 is unverifiable (stock Wireshark shows "
     "WebSocket only with `-d tcp.port==8080,websocket`)",
     RESPONSE, 0, lambda n: (["-r"], [f"{n + 1}-999"])),
    (DECLINED + "-midstream-response", DECLINED,
     "the capture starts with the response: what was offered is not known, and stock Wireshark "
     "shows no frame of a WebSocket connection whose request it has not seen",
     RESPONSE, 0, lambda n: (["-r"], [f"{n}-999"])),
    (DECLINED + "-cut-off", DECLINED,
     "the capture stops right after the client's Close: still open, no verdict",
     CLOSE, 0, lambda n: (["-r"], [f"1-{n}"])),
    (DECLINED + "-lost-segment", DECLINED,
     "the segment with the server's Close is not in the capture, though it was acknowledged",
     CLOSE, 1, lambda n: ([], [str(n)])),
    (SEGMENT + "-snaplen-message", SEGMENT,
     "cut inside the message: the Close behind it is not captured at all",
     None, 0, lambda n: (["-s", "300"], [])),
    (SEGMENT + "-snaplen-header", SEGMENT,
     "cut inside the Close frame's header: opcode and length are there, the masking key is not",
     None, 0, lambda n: (["-s", "678"], [])),
    (SEGMENT + "-snaplen-code", SEGMENT,
     "cut after one octet of the Close body: not to be taken for a body of one octet",
     None, 0, lambda n: (["-s", "681"], [])),
    (SEGMENT + "-snaplen-reason", SEGMENT,
     "cut inside the reason: the code is there",
     None, 0, lambda n: (["-s", "690"], [])),
    (HTTP2 + "-midstream", HTTP2,
     "the capture starts after the response on the first stream of HTTP/2; later ones begin in it, "
     "whose header fields come from a dynamic table that is not known (stock Wireshark shows HTTP/2 "
     "only with `-d tcp.port==8080,http2`)",
     "http2.type == 1", 1, lambda n: (["-r"], [f"{n + 1}-999"])),
    (HTTP2_DEFLATE + "-midstream", HTTP2_DEFLATE,
     "the same where the offers and responses that come from the dynamic table matter",
     "http2.type == 1", 1, lambda n: (["-r"], [f"{n + 1}-999"])),
    (HTTP2 + "-cut-off", HTTP2,
     "the capture stops right after the client's Close on the second stream of HTTP/2: still open",
     'http2.streamid == 3 && http2.type == 0 && tcp.dstport == 8080', 1,
     lambda n: (["-r"], [f"1-{n}"])),
    (HTTP2 + "-lost-segment", HTTP2,
     "the segment with the server's Close on the first stream of HTTP/2 is not in the capture, though "
     "it was acknowledged",
     'http2.streamid == 1 && http2.type == 0 && tcp.srcport == 8080', 1,
     lambda n: ([], [str(n)])),
    (HTTP2 + "-lost-request", HTTP2,
     "the segment with the second request over HTTP/2 is not in the capture",
     'http2.streamid == 3 && http2.type == 1 && tcp.dstport == 8080', 0,
     lambda n: ([], [str(n)])),
]


def command(row):
    name, source, _, display_filter, nth, make = row
    number = 0
    if display_filter:
        out = subprocess.run(["tshark", "-n", "-r", f"{OUT}/{source}.pcapng", "-Y", display_filter,
                              "-T", "fields", "-e", "frame.number"], check=True,
                             capture_output=True, text=True).stdout.split()
        number = int(out[nth])
    options, frames = make(number)
    return ["editcap", *options, f"{source}.pcapng", f"{name}.pcapng", *frames]


def main():
    for row in TABLE:
        subprocess.run(command(row), check=True, cwd=OUT)
    return 0


if __name__ == "__main__":
    sys.exit(main())
