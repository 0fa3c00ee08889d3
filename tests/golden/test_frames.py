#!/usr/bin/env python3
#
# test_frames.py - the frames that stock Wireshark dissects, and what we say of them
#
# SPDX-License-Identifier: GPL-2.0-or-later
#
"""test_frames.py --plugin BUILD/plugin/wsclose.so

On every capture, over HTTP/1.1, where all versions of Wireshark dissect WebSocket: each Close frame of
stock's in each packet against our items, with its sender, status code and reason; and the frames of
both sides that stock has shown until a verdict against those that the verdict counts. Where we differ
on purpose a table says why, and every row of it has to be needed.
"""

import collections
import unittest

import golden

SIDES = {"1": "client", "2": "server"}
CLOSE, VERDICT = "2", "3"

LONG = "a control frame has 125 octets at most; of a longer reason we show 123"
CUT_HEADER = "the masking key was not captured: stock shows the frame, we call the capture incomplete"
NOT_A_FRAME = "Decode As makes stock take the HTTP response for a Close frame"
BEHIND_IT = "and loses its step in the segment behind it"
TAKEN_FOR_AGAIN = "stock takes a segment for one that was sent again, and does not dissect it"
WITH_REQUEST = "stock does not dissect a frame in the segment of the upgrade request"
CUT_BODY = "stock shows nothing of a Close body that was not captured whole, we show its code"
NOT_UPGRADED = "stock goes on with HTTP after a 101 whose Upgrade is not websocket"
NO_FRAMES = "stock goes on with what the first octets that are no frame would be as one"
AHEAD = "stock shows the Close in the packet that closes the hole before it, we show it in its own"

FOUND_LATER = "no response shows that it is WebSocket; later packets do"

ANY = 0  # packet: there are many

# Where we differ on purpose: (capture, packet, what) and why.
KNOWN = {
    ("generated-not-websocket", ANY, "Close"): NO_FRAMES,
    ("generated-not-websocket", ANY, "frames"): NO_FRAMES,
    ("generated-out-of-step", ANY, "Close"): NO_FRAMES,
    ("generated-out-of-step", ANY, "frames"): NO_FRAMES,
    ("not-websocket", ANY, "Close"): NO_FRAMES,
    ("not-websocket", ANY, "frames"): NO_FRAMES,
    ("not-websocket-to-ws", ANY, "frames"): NO_FRAMES,
    ("not-websocket-to-websockets", ANY, "frames"): NO_FRAMES,
    ("out-of-step-from-server", ANY, "frames"): NO_FRAMES,
    ("out-of-step-websockets", ANY, "frames"): NO_FRAMES,
    ("out-of-step-ws", ANY, "frames"): NO_FRAMES,
    ("two-upgrade-handlers", ANY, "Close"): NO_FRAMES,
    ("handshake-header-missing", ANY, "Close"): NOT_UPGRADED,
    ("handshake-header-missing", ANY, "frames"): NOT_UPGRADED,
    ("aiohttp-illegal-close", 106, "Close"): LONG,
    ("generated-frame-invalid", 30, "Close"): LONG,
    ("websockets-illegal-close", 106, "Close"): LONG,
    ("ws-illegal-close", 106, "Close"): LONG,
    ("generated-reason-control-characters", 12, "Close"):
        "stock ends the reason at a NUL",
    ("generated-reason-not-utf8", 66, "Close"):
        "stock shows one replacement for a character that is cut off, we show one for each octet",
    ("generated-segments-again", 28, "frames"):
        "the client closes twice in one segment, and the first of them completes the verdict",
    ("message-and-close-in-one-segment-snaplen-header", 8, "Close"): CUT_HEADER,
    ("message-and-close-in-one-segment-snaplen-header", 11, "frames"): CUT_HEADER,
    ("message-and-close-in-one-segment-snaplen-reason", 8, "Close"): CUT_BODY,
    ("generated-1010-snaplen", 8, "Close"): CUT_BODY,
    ("generated-1010-snaplen", 22, "Close"): CUT_BODY,
    ("ws-1010-reason-declined-midstream-response", 1, "Close"): NOT_A_FRAME,
    ("ws-1010-reason-declined-midstream-response", 6, "Close"): BEHIND_IT,
    ("ws-1010-reason-declined-midstream-response", 6, "frames"): BEHIND_IT,
    ("generated-midstream-late", 5, "Close"): FOUND_LATER,
    ("generated-midstream-late", 5, "frames"): FOUND_LATER,
    ("generated-close-and-fin", 126, "Close"): TAKEN_FOR_AGAIN,
    ("generated-close-and-fin", 127, "frames"): TAKEN_FOR_AGAIN,
    ("generated-segments-lost", 93, "frames"): TAKEN_FOR_AGAIN,
    ("generated-segments-lost", 106, "Close"): TAKEN_FOR_AGAIN,
    ("generated-segments-lost", 106, "frames"): TAKEN_FOR_AGAIN,
    ("generated-tcp-noise", 62, "frames"): TAKEN_FOR_AGAIN,
    ("generated-handshake-ends", 64, "Close"): WITH_REQUEST,
    ("generated-handshake-ends", 66, "frames"): WITH_REQUEST,
    ("generated-handshake-headers", 66, "Close"): NOT_UPGRADED,
    ("generated-handshake-headers", 68, "Close"): NOT_UPGRADED,
    ("generated-handshake-headers", 68, "frames"): NOT_UPGRADED,
    ("segments-reordered", 11, "Close"): AHEAD,
    ("segments-reordered", 13, "Close"): AHEAD,
}


class Connection:
    """What stock has shown of a TCP connection so far."""

    def __init__(self):
        self.client_port = None
        self.frames = {"client": 0, "server": 0}

    def sender(self, source, frame):
        """By who asked for WebSocket; where that is not in the capture by masking (RFC 6455 5.1)."""
        if self.client_port is not None:
            return "client" if source == self.client_port else "server"
        return "client" if is_set(shown(frame, "websocket.mask")) else "server"


def shown(item, name):
    field = item.find(f".//field[@name='{name}']")
    return None if field is None else field.get("show")


def is_set(value):
    return golden.BOOLEANS.get(value, value) == "1"


def stock_close(sender, frame):
    """(sender, code that the other API reports, reason) of a Close frame."""
    empty = shown(frame, "websocket.payload_length") == "0"
    return (sender, "1005" if empty else shown(frame, "websocket.payload.close.status_code"),
            shown(frame, "websocket.payload.close.reason"))


def our_close(item):
    return (SIDES[shown(item, "wsclose.sender")], shown(item, "wsclose.code"),
            shown(item, "wsclose.reason"))


def read():
    """(capture, frame, what, stock's, ours) of all captures."""
    connections = collections.defaultdict(Connection)
    for name, number, _, packet in golden.packets_of_each(
            golden.capture_names(), "-Y", "websocket || wsclose || http.request", "-J",
            "websocket wsclose tcp http http2"):
        if packet.find("proto[@name='http2']") is not None:
            continue
        tcp = packet.find("proto[@name='tcp']")
        connection = connections[name, shown(tcp, "tcp.stream")]
        source = shown(tcp, "tcp.srcport")
        http = packet.find("proto[@name='http']")
        if http is not None and shown(http, "http.request.method") is not None:
            connection.client_port = source

        stock_closes = []
        for frame in packet.findall("proto[@name='websocket']"):
            sender = connection.sender(source, frame)
            connection.frames[sender] += 1
            if shown(frame, "websocket.opcode") == "8":
                stock_closes.append(stock_close(sender, frame))
        items = [item for item in packet.findall("proto[@name='wsclose']")
                 if shown(item, "wsclose.http2_stream") is None]
        yield (name, number, "Close", stock_closes,
               [our_close(item) for item in items if shown(item, "wsclose.event") == CLOSE])
        for item in items:
            if shown(item, "wsclose.event") == VERDICT:
                yield (name, number, "frames", tuple(connection.frames.values()),
                       tuple(int(shown(item, f"wsclose.frames.{side}"))
                             for side in connection.frames))


class Frames(unittest.TestCase):
    maxDiff = None

    def test_frames_are_those_of_stock(self):
        compared = collections.Counter()
        differences = {}
        for name, frame, what, stock, ours in read():
            compared[what] += len(ours) if what == "Close" else 1
            if stock != ours:
                place = (name, ANY, what) if (name, ANY, what) in KNOWN else (name, frame, what)
                differences[place] = f"stock {stock}, ours {ours}"
        unknown = {place: text for place, text in differences.items() if place not in KNOWN}
        self.assertEqual(unknown, {})
        self.assertEqual([place for place in KNOWN if place not in differences], [],
                         "stock and we agree there")
        self.assertGreater(compared["Close"], 1000)
        self.assertGreater(compared["frames"], 800)


if __name__ == "__main__":
    golden.main()
