#!/usr/bin/python3
# generate.py - make the captures/generated-*.pcapng: what no real peer sends, or not on demand.
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Usage: captures/record/generate.py [FOLDER]      (default: captures/)
#
# Needs Python 3 and nothing else; writes the same octets every time. The addresses are those of
# RFC 5737 for documentation, the checksums of IP and TCP are right.

import base64
import hashlib
import os
import struct
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import pcapng  # noqa: E402

START = 1767225600 * 1000000    # 2026-01-01T00:00:00Z
CLIENT = bytes([192, 0, 2, 1])
SERVER = bytes([192, 0, 2, 80])
PORT = 8080
MSS = 1400
MASK = bytes([0x37, 0xFA, 0x21, 0x3D])

FIN, SYN, RST, PSH, ACK = 1, 2, 4, 8, 16
TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10

FILES = {}


def checksum(data):
    data += b"\0" * (len(data) % 2)
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return total ^ 0xFFFF


class Capture:
    """Packets of one file. No two files share a client port, so that they can be merged."""

    def __init__(self, first_port):
        self.packets = []
        self.now = START
        self.ports = first_port

    def connection(self, *args, **kwargs):
        return Connection(self, *args, **kwargs)


class Connection:
    """One TCP connection. client() and server() send octets; every step takes a millisecond."""

    def __init__(self, capture, offer=None, accept=None, status="101 Switching Protocols",
                 request=(), response=(), digest=None, handshake=True, client=CLIENT, trailer=b"",
                 port=None, start=0):
        self.capture = capture
        self.port = port or capture.ports
        capture.ports += port is None
        self.trailer = trailer    # of each Ethernet frame, after padding to 60 octets
        self.address = {True: client, False: SERVER}
        self.seq = {True: start + 1000, False: start + 5000}
        self.segment(True, SYN)
        self.segment(False, SYN | ACK)
        self.segment(True, ACK)
        if handshake:
            self.open(offer, accept, status, request, response, digest)

    def segment(self, client, flags, data=b"", seq=None, ack=None):
        me, peer = (self.port, PORT) if client else (PORT, self.port)
        start = self.seq[client] if seq is None else seq
        if ack is None:
            ack = self.seq[not client] if flags & ACK else 0
        tcp = struct.pack("!HHIIBBHHH", me, peer, start, ack, 0x50, flags, 0xFFFF, 0, 0)
        src, dst = self.address[client], self.address[not client]
        pseudo = src + dst + struct.pack("!BBH", 0, 6, len(tcp) + len(data))
        tcp = tcp[:16] + struct.pack("!H", checksum(pseudo + tcp + data)) + tcp[18:]
        ip = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(tcp) + len(data), 0, 0x4000, 64, 6, 0,
                         src, dst)
        ip = ip[:10] + struct.pack("!H", checksum(ip)) + ip[12:]
        macs = [b"\x02\0\0\0\0\x02", b"\x02\0\0\0\0\x01"]
        ether = b"".join(macs if client else macs[::-1]) + b"\x08\x00"
        self.capture.now += 1000
        packet = ether + ip + tcp + data
        if self.trailer:
            packet = packet.ljust(60, b"\0") + self.trailer
        self.capture.packets.append((self.capture.now, packet))
        if seq is None:
            self.seq[client] += len(data) + (1 if flags & (SYN | FIN) else 0)

    def data(self, client, octets):
        for at in range(0, len(octets), MSS):
            self.segment(client, PSH | ACK, octets[at:at + MSS])
        self.segment(not client, ACK)
        return self

    def open(self, offer, accept, status, request, response, digest):
        key = base64.b64encode(struct.pack("!QQ", 0x7773636C6F736500, self.port))
        lines = ["GET /chat HTTP/1.1", "Host: server.example.com:8080", "Upgrade: websocket",
                 "Connection: Upgrade", "Sec-WebSocket-Key: " + key.decode(),
                 "Sec-WebSocket-Version: 13", *request]
        lines += ["Sec-WebSocket-Extensions: " + line for line in self.lines(offer)]
        self.data(True, "\r\n".join([*lines, "", ""]).encode("latin-1"))
        if digest is None:
            sha1 = hashlib.sha1(key + b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11").digest()
            digest = base64.b64encode(sha1).decode()
        lines = ["HTTP/1.1 " + status]
        if status.startswith("101"):
            lines += ["Upgrade: websocket", "Connection: Upgrade"]
            if digest:
                lines.append("Sec-WebSocket-Accept: " + digest)
        else:
            lines += ["Content-Length: 0"]
        lines += response
        lines += ["Sec-WebSocket-Extensions: " + line for line in self.lines(accept)]
        self.data(False, "\r\n".join([*lines, "", ""]).encode("latin-1"))

    @staticmethod
    def lines(value):
        return [] if value is None else [value] if isinstance(value, str) else value

    def client(self, *frames):
        return self.data(True, b"".join(frames))

    def server(self, *frames):
        return self.data(False, b"".join(frames))

    def lost(self, client, octets):
        """Octets that were sent, and whose packets are not in the capture."""
        self.seq[client] += len(octets)
        return self

    def wait(self, seconds):
        self.capture.now += int(seconds * 1000000)
        return self

    def end(self, client=False):
        """FIN from one side, then the other; the server first, as RFC 6455 7.1.1 wants it."""
        self.segment(client, FIN | ACK)
        self.segment(not client, FIN | ACK)
        self.segment(client, ACK)
        return self

    def reset(self, client):
        self.segment(client, RST | ACK)
        return self


def frame(opcode, payload=b"", masked=True, first=None):
    """A frame; `first` replaces the first octet whole."""
    head = bytes([0x80 | opcode if first is None else first])
    bit = 0x80 if masked else 0
    size = len(payload)
    if size < 126:
        head += bytes([bit | size])
    else:
        head += bytes([bit | 126]) + struct.pack("!H", size)
    if masked:
        head += MASK
        payload = bytes(octet ^ MASK[i % 4] for i, octet in enumerate(payload))
    return head + payload


def close(code=None, reason=b"", masked=True, **how):
    reason = reason.encode() if isinstance(reason, str) else reason
    body = b"" if code is None else struct.pack("!H", code) + reason
    return frame(CLOSE, body, masked, **how)


def from_client(capture, sent, answered=1002, **handshake):
    c = capture.connection(**handshake)
    c.client(frame(TEXT, b"hello")).server(frame(TEXT, b"hello", False))
    c.client(sent)
    if answered is not None:
        c.server(close(answered, masked=False))
    c.end()


def from_server(capture, sent, answered=1002, **handshake):
    c = capture.connection(**handshake)
    c.client(frame(TEXT, b"hello")).server(frame(TEXT, b"hello", False))
    c.server(sent)
    if answered is not None:
        c.client(close(answered))
    c.end()


def file(name, shows):
    def keep(function):
        FILES[name] = (shows, function)
        return function
    return keep


@file("generated-reserved-codes",
      "1004, 1005, 1006 and 1015 in a Close frame, from the client, then 1005 and 1006 from the "
      "server; answered with 1002")
def reserved_codes(capture):
    for code in (1004, 1005, 1006, 1015):
        from_client(capture, close(code))
    for code in (1005, 1006):
        from_server(capture, close(code, "no status", masked=False))


@file("generated-invalid-codes",
      "0, 999, 1016, 2000, 2999, 5000 and 65535 from the client; 999 and 5000 from the server")
def invalid_codes(capture):
    for code in (0, 999, 1016, 2000, 2999, 5000, 65535):
        from_client(capture, close(code, "code %d" % code))
    for code in (999, 5000):
        from_server(capture, close(code, masked=False))


@file("generated-registered-codes",
      "every registered code that may be sent, from the server, with its answer")
def registered_codes(capture):
    for code in (1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000,
                 3003, 3008, 3999, 4000, 4999):
        from_server(capture, close(code, masked=False), code)


@file("generated-body-one-octet", "a Close body of one octet, from the client and from the server")
def body_one_octet(capture):
    from_client(capture, frame(CLOSE, b"\x03"))
    from_server(capture, frame(CLOSE, b"\x03", False))


@file("generated-reason-not-utf8",
      "reasons that are not UTF-8: Latin-1, an overlong form, a surrogate, one cut inside a "
      "character; from the client, the last from the server")
def reason_not_utf8(capture):
    for reason in (b"caf\xe9 closed", b"\xc0\xafslash", b"\xed\xa0\x80", b"good\xe2\x82"):
        from_client(capture, close(1000, reason), 1007)
    from_server(capture, close(1011, b"caf\xe9", masked=False), 1007)


@file("generated-reason-control-characters",
      "legal reasons that are awkward to print: NUL, newline, escape, a right-to-left override, "
      "123 octets")
def reason_control(capture):
    for reason in ("a\0b", "two\nlines\r\n", "\x1b[31mred\x1b[0m", "\u202egnp.exe", "x" * 123,
                   "\"quoted\" \\ back"):
        from_client(capture, close(4000, reason), 4000)


@file("generated-frame-invalid",
      "Close frames that are no legal frames: fragmented, 126 octets, RSV1, RSV1 where deflate is "
      "negotiated, RSV2, unmasked by the client, masked by the server")
def frame_invalid(capture):
    from_client(capture, close(1000, first=0x08))
    from_client(capture, close(1000, "a" * 124))
    from_client(capture, close(1000, first=0xC8))
    from_client(capture, close(1000, first=0xC8), offer="permessage-deflate",
                accept="permessage-deflate")
    from_client(capture, close(1000, first=0xA8))
    from_client(capture, close(1000, masked=False))
    from_server(capture, close(1000, masked=True))
    from_client(capture, close(first=0x08))


@file("generated-1010-from-server",
      "1010 started by a server: a breach; then one that only echoes the client's: none")
def server_1010(capture):
    from_server(capture, close(1010, "permessage-deflate", masked=False), 1010)
    from_server(capture, close(1010, masked=False), 1010, offer="permessage-deflate")
    from_client(capture, close(1010, "permessage-deflate"), 1010, offer="permessage-deflate")


@file("generated-1010-reasons",
      "the reason of a 1010 in all its shapes: a list, with parameters, quoted, upper case, free "
      "text, a substring of a name, an old alias, an accepted and a declined one, empty, not "
      "offered, broken")
def reasons_1010(capture):
    offer = "permessage-deflate; client_max_window_bits, x-trace, x-webkit-deflate-frame"
    for reason in ("permessage-deflate, x-trace", "permessage-deflate; server_max_window_bits=10",
                   "x-trace; level=\"7\"", "Permessage-Deflate",
                   "this client needs permessage-deflate", "permessage-deflated",
                   "x-webkit-deflate-frame", "x-trace,permessage-deflate", "", "x-never-offered",
                   ",,;=", "extension x-trace required, sorry"):
        from_client(capture, close(1010, reason), 1010, offer=offer)
    for reason in ("permessage-deflate", "x-trace", "permessage-deflate, x-trace", ""):
        from_client(capture, close(1010, reason), 1010, offer=offer,
                    accept="permessage-deflate; client_max_window_bits=12")
    from_client(capture, close(1010, "permessage-deflate"), 1010)


@file("generated-ext-unsolicited",
      "extensions in the response that were not offered, or not in those letters; the client ends "
      "TCP, or goes on")
def ext_unsolicited(capture):
    for offer, accept in ((None, "permessage-deflate"), ("permessage-deflate", "x-trace"),
                          ("permessage-deflate", "permessage-deflate, x-trace"),
                          ("permessage-deflate", "Permessage-Deflate")):
        capture.connection(offer=offer, accept=accept).end(client=True)
    from_client(capture, close(1000), 1000, accept="x-trace; level=2")


@file("generated-ext-invalid",
      "responses with parameters or a grammar that break RFC 7692 or RFC 6455 9.1, then an illegal "
      "offer; the client ends TCP")
def ext_invalid(capture):
    hint = "permessage-deflate; client_max_window_bits"
    bits = "permessage-deflate; server_max_window_bits=10"
    for offer, accept in (
            (hint, "permessage-deflate; client_max_window_bits"),
            (hint, "permessage-deflate; server_max_window_bits=16"),
            (hint, "permessage-deflate; server_max_window_bits=08"),
            (bits, "permessage-deflate; server_max_window_bits=12"),
            (bits, "permessage-deflate"),
            (bits, "permessage-deflate; server_max_window_bits=10; client_max_window_bits=10"),
            (hint, "permessage-deflate; server_no_context_takeover=1"),
            (hint, "permessage-deflate; server_no_context_takeover; server_no_context_takeover"),
            (hint, "permessage-deflate; level=9"),
            (hint, "permessage-deflate, permessage-deflate"),
            (hint, "permessage-deflate;;"),
            (hint, "permessage-deflate; client_max_window_bits=\"12\\\""),
            (hint, "permessage deflate"),
            (hint, ""),
            (hint, ", ,"),
            ("permessage-deflate; server_max_window_bits=7", None),
            ("permessage-deflate; =", None)):
        capture.connection(offer=offer, accept=accept).end(client=True)


@file("generated-ext-valid",
      "responses that look odd and are legal: empty list elements, quoted values, fallback offers, "
      "over two lines each; closed with 1000")
def ext_valid(capture):
    hint = "permessage-deflate; client_max_window_bits"
    for offer, accept in (
            (["permessage-deflate", "x-trace"], ["permessage-deflate", "x-trace"]),
            (["x-a, x-b", "permessage-deflate; client_max_window_bits"],
             ["permessage-deflate;client_max_window_bits=\"12\""]),
            (hint, ", permessage-deflate ,, "),
            ("permessage-deflate; server_max_window_bits=10, " + hint,
             "permessage-deflate; client_max_window_bits=9"),
            (hint + "=10", "permessage-deflate; client_max_window_bits=15"),
            ("x-quoted; a=\"b\\c\"", "x-quoted; a=bc"),
            ("x-webkit-deflate-frame", "x-webkit-deflate-frame")):
        from_client(capture, close(1000), 1000, offer=offer, accept=accept)


@file("generated-ext-long-header",
      "an offer of 8 KB, over several TCP segments, declined; 1010 with the last of its names")
def ext_long_header(capture):
    names = ["x-extension-%03d; parameter=value-%03d" % (i, i) for i in range(210)]
    from_client(capture, close(1010, "x-extension-209"), 1010, offer=", ".join(names))


@file("generated-handshake-invalid",
      "a 101 that the client must reject: wrong Sec-WebSocket-Accept, none, a subprotocol that "
      "was not offered; last, a client that goes on all the same")
def handshake_invalid(capture):
    wrong = base64.b64encode(b"not the right one...").decode()
    capture.connection(digest=wrong).end(client=True)
    capture.connection(digest="").end(client=True)
    capture.connection(request=["Sec-WebSocket-Protocol: chat"],
                       response=["Sec-WebSocket-Protocol: superchat"]).end(client=True)
    capture.connection(response=["Sec-WebSocket-Protocol: chat"]).end(client=True)
    from_client(capture, close(1000), 1000, digest=wrong)


@file("generated-data-after-close",
      "data after the same side's Close, from the client and from the server; a second Close")
def data_after_close(capture):
    c = capture.connection()
    c.client(close(1000), frame(TEXT, b"too late"))
    c.server(close(1000, masked=False)).end()
    c = capture.connection()
    c.server(close(1001, masked=False)).server(frame(TEXT, b"too late", False))
    c.client(close(1001)).end()
    c = capture.connection()
    c.client(close(1000)).client(close(1010, "second")).server(close(1000, masked=False)).end()
    c = capture.connection()
    c.server(close(1001, masked=False)).client(frame(TEXT, b"not yet closed by me"))
    c.client(close(1001)).end()


@file("generated-no-status-repeated",
      "a server that sends an empty Close on each of 12 connections")
def no_status_repeated(capture):
    for i in range(12):
        c = capture.connection(client=bytes([192, 0, 2, 10 + i]))
        c.server(close(masked=False)).client(close()).end()


@file("generated-transport-ends",
      "ends without a Close: FIN after 60 idle seconds, a FIN answered late with data in between, "
      "RST by either side, FIN sent twice, RST after a clean close, a Close never answered")
def transport_ends(capture):
    hello = frame(TEXT, b"hello", False)
    capture.connection().server(hello).wait(60).end()
    c = capture.connection().server(hello)
    c.segment(True, FIN | ACK)
    c.server(frame(TEXT, b"still sending", False)).server(frame(TEXT, b"and more", False))
    c.segment(False, FIN | ACK)
    c.segment(True, ACK)
    capture.connection().server(hello).reset(True)
    capture.connection().server(hello).reset(False)
    c = capture.connection().client(close(1000)).server(close(1000, masked=False))
    c.segment(False, FIN | ACK)
    c.segment(False, FIN | ACK, seq=c.seq[False] - 1)
    c.segment(True, FIN | ACK)
    c.segment(False, ACK)
    capture.connection().client(close(1000)).server(close(1000, masked=False)).reset(True)
    capture.connection().client(close(1000)).wait(5).end(client=True)
    # The client gives up right after a 101 that declined its extension.
    capture.connection(offer="permessage-deflate").end(client=True)
    # An opening handshake that never gets its answer.
    c = capture.connection(handshake=False)
    c.client(b"GET /chat HTTP/1.1\r\nHost: server.example.com:8080\r\nUpgrade: websocket\r\n"
             b"Connection: Upgrade\r\nSec-WebSocket-Key: d3NjbG9zZSBleGFtcGxlIQ==\r\n"
             b"Sec-WebSocket-Version: 13\r\n\r\n").reset(False)


@file("generated-open-at-end",
      "connections that are still open when the capture ends: no verdict, no 1006")
def open_at_end(capture):
    capture.connection().client(frame(TEXT, b"hello")).server(frame(TEXT, b"hello", False))
    capture.connection(offer="permessage-deflate").client(close(1000))
    c = capture.connection().client(frame(TEXT, b"hello"))
    c.segment(True, FIN | ACK)


@file("generated-no-websocket", "HTTP without any WebSocket: nothing is annotated")
def no_websocket(capture):
    c = capture.connection(handshake=False)
    c.client(b"GET / HTTP/1.1\r\nHost: server.example.com:8080\r\n\r\n")
    c.server(b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nok\n")
    c.end()


KEY = "dGhlIHNhbXBsZSBub25jZQ=="
GET = b"GET /page HTTP/1.1\r\nHost: server.example.com\r\n\r\n"
PAGE = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"
HINTS = b"HTTP/1.1 103 Early Hints\r\nLink: </style.css>\r\n\r\n"
REFUSAL = b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n"


def upgrade(extensions="permessage-deflate"):
    return ("GET /chat HTTP/1.1\r\nHost: server.example.com\r\nUpgrade: websocket\r\n"
            f"Connection: Upgrade\r\nSec-WebSocket-Key: {KEY}\r\nSec-WebSocket-Version: 13\r\n"
            f"Sec-WebSocket-Extensions: {extensions}\r\n\r\n").encode()


def switch(extensions=None):
    lines = "" if extensions is None else f"Sec-WebSocket-Extensions: {extensions}\r\n"
    return ("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n{lines}\r\n").encode()


@file("generated-http-forms",
      "opening handshakes that look odd: requests pipelined before the upgrade in its packet, an "
      "interim 103 before the 101 (alone, and in its packet), a header folded over three lines, a "
      "client that is refused twice and tries again with the same key; closed without a code")
def http_forms(capture):
    for requests, answers in (
            ((GET + GET + upgrade(),), (PAGE + PAGE + switch(),)),
            ((GET + GET + upgrade(),), (PAGE, PAGE, switch())),
            ((GET + upgrade(),), (PAGE, REFUSAL)),
            ((upgrade(),), (HINTS, switch())),
            ((upgrade(),), (HINTS + switch(),)),
            ((upgrade("permessage-deflate;\r\n client_max_window_bits,\r\n\tx-trace"),),
             (switch("x-trace"),)),
            ((upgrade(), upgrade(), upgrade()), (REFUSAL, REFUSAL, switch()))):
        c = capture.connection(handshake=False)
        if len(requests) == len(answers):
            for request, answer in zip(requests, answers):
                c.data(True, request).data(False, answer)
        else:
            c.data(True, requests[0])
            for answer in answers:
                c.data(False, answer)
        if b" 101 " in answers[-1]:
            c.client(close()).server(close(masked=False))
        c.end()


@file("generated-segments-again",
      "segments again that Wireshark dissects a second time: the upgrade request after its answer, "
      "Close frames after the FIN behind them; then a server that really closes twice, with the same "
      "octets, and a client that does so in one segment")
def segments_again(capture):
    c = capture.connection(handshake=False)
    request = c.seq[True]
    c.data(True, upgrade()).data(False, switch())
    c.segment(True, PSH | ACK, upgrade(), seq=request)
    sent = {True: c.seq[True], False: c.seq[False]}
    octets = {True: close(1000), False: close(1000, masked=False)}
    c.client(octets[True])
    c.segment(False, PSH | ACK, octets[False])
    c.segment(False, FIN | ACK)
    for client in (False, True, False):
        c.segment(client, PSH | ACK, octets[client], seq=sent[client])
    c.segment(True, FIN | ACK)

    c = capture.connection(handshake=False)
    c.data(True, upgrade()).data(False, switch())
    c.server(close(masked=False)).server(close(masked=False)).client(close(), close()).end()


HELLO = frame(TEXT, b"hello")
WELCOME = frame(TEXT, b"welcome", False)


@file("generated-close-and-fin",
      "how TCP brings a Close and an end: the FIN in the segment of the Close, by both sides, by "
      "one; in the segment of a message; both Closes empty and crossing, then with codes, then "
      "with the FIN in them; a Close after the other side's FIN: read, then answered by RST; last, "
      "a Close that the capture holds after the FIN behind it")
def close_and_fin(capture):
    mine, yours = close(1000), close(1000, masked=False)
    c = capture.connection().client(HELLO)
    c.segment(True, FIN | PSH | ACK, mine)
    c.segment(False, FIN | PSH | ACK, yours)
    c.segment(True, ACK)
    c = capture.connection().client(HELLO).client(mine)
    c.segment(False, FIN | PSH | ACK, yours)
    c.segment(True, FIN | ACK)
    c.segment(False, ACK)
    c = capture.connection().client(HELLO)
    c.segment(False, FIN | PSH | ACK, WELCOME)
    c.segment(True, FIN | ACK)
    c.segment(False, ACK)
    for flags, mine, yours in ((PSH | ACK, close(), close(masked=False)),
                               (PSH | ACK, close(4002), close(4001, masked=False)),
                               (FIN | PSH | ACK, close(4002), close(4001, masked=False))):
        c = capture.connection().client(HELLO)
        before = c.seq[True]
        c.segment(True, flags, mine)
        c.segment(False, flags, yours, ack=before)
        c.segment(True, ACK)
        if flags & FIN:
            c.segment(False, ACK)
        else:
            c.end()
    for answered in (FIN | ACK, RST | ACK):
        c = capture.connection().client(HELLO)
        c.segment(True, FIN | ACK)
        c.server(WELCOME).wait(0.5).server(close(1001, masked=False))
        if answered & FIN:
            c.segment(False, FIN | ACK)
            c.segment(True, ACK)
        else:
            c.segment(True, answered)
    # The network has turned the order of the server's last two segments round.
    c = capture.connection().client(HELLO).client(close(1000))
    c.segment(True, FIN | ACK)
    yours = close(1000, masked=False)
    late = c.seq[False]
    c.segment(False, FIN | ACK, seq=late + len(yours))
    c.segment(False, PSH | ACK, yours, seq=late)
    c.seq[False] = late + len(yours) + 1
    c.segment(True, ACK)


@file("generated-tcp-noise",
      "ends without a Close in the noise of TCP: FIN sent three times by the first side; "
      "keep-alive probes over two idle minutes, with and without an octet; a FIN before the last "
      "message of its side; padding and trailers behind each packet, once with a clean close, "
      "once with RST")
def tcp_noise(capture):
    c = capture.connection().client(HELLO)
    for _ in range(3):
        c.segment(True, FIN | ACK)
        c.seq[True] -= 1
        c.wait(0.2)
    c.seq[True] += 1
    c.segment(False, FIN | ACK)
    c.segment(True, ACK)
    for octet in (b"", b"\0"):
        c = capture.connection().client(HELLO)
        for _ in range(3):
            c.wait(40)
            c.segment(False, ACK, octet, seq=c.seq[False] - 1)
            c.segment(True, ACK)
        c.end()
    c = capture.connection().client(HELLO)
    late = c.seq[False]
    c.segment(False, FIN | ACK, seq=late + len(WELCOME))
    c.segment(False, PSH | ACK, WELCOME, seq=late)
    c.seq[False] = late + len(WELCOME) + 1
    c.segment(True, FIN | ACK)
    c.segment(False, ACK)
    trailer = bytes([0x88, 0x02, 0x03, 0xE8])    # it looks like a Close frame
    capture.connection(trailer=trailer).client(HELLO).client(close(1000)).server(
        close(1000, masked=False)).end()
    capture.connection(trailer=trailer).client(HELLO).reset(True)


@file("generated-segments-lost",
      "segments that the capture lacks: a message of the server, then FIN and FIN; one of the "
      "client that was acknowledged; the server's Close, answered; the client's Close, never "
      "answered; a message before two Closes; the 101; a message that the capture holds later; the "
      "server's Close, which it holds after its answer; last, a message before RST")
def segments_lost(capture):
    capture.connection().client(HELLO).lost(False, WELCOME).server(WELCOME).end()
    c = capture.connection().client(HELLO).lost(True, HELLO)
    c.segment(False, ACK)
    c.server(WELCOME).end()
    c = capture.connection().client(HELLO).lost(False, close(1001, masked=False))
    c.client(close(1001)).end()
    c = capture.connection().server(WELCOME).lost(True, close(3000))
    c.segment(False, ACK)
    c.end()
    capture.connection().lost(False, WELCOME).server(close(1001, masked=False)).client(
        close(1001)).end()
    c = capture.connection(handshake=False)
    c.data(True, upgrade()).lost(False, switch())
    c.segment(True, ACK)
    c.end()
    c = capture.connection().client(HELLO)
    late = c.seq[False]
    c.lost(False, WELCOME).segment(False, PSH | ACK, frame(TEXT, b"second", False))
    c.segment(False, PSH | ACK, WELCOME, seq=late)
    c.segment(True, ACK)
    c.end()
    c = capture.connection().client(HELLO)
    late, yours = c.seq[False], close(1001, masked=False)
    c.lost(False, yours).client(close(1001))
    c.segment(False, PSH | ACK, yours, seq=late)
    c.end()
    capture.connection().client(HELLO).lost(False, WELCOME).reset(False)


@file("generated-handshake-ends",
      "opening handshakes that end too early: FIN by the server, or the client, before an answer; "
      "half an answer; RST after an interim 103; then a 101 and RST at once by the client (deflate "
      "declined, then nothing offered), by the server; the request and a Close in one segment")
def handshake_ends(capture):
    for first in (False, True):
        capture.connection(handshake=False).client(upgrade()).wait(5).end(client=first)
    capture.connection(handshake=False).client(upgrade()).server(switch()[:60]).end()
    capture.connection(handshake=False).client(upgrade()).server(HINTS).reset(False)
    capture.connection(offer="permessage-deflate").reset(True)
    capture.connection().reset(True)
    capture.connection(offer="permessage-deflate").reset(False)
    c = capture.connection(handshake=False).client(upgrade() + close(1000))
    c.server(switch()).server(close(1000, masked=False)).end()


@file("generated-breaches",
      "frames that oblige the receiver to fail the connection, and its 1002. From the client: "
      "unmasked, RSV1, RSV2, opcodes 3 and 11, a fragmented Ping, one of 126 octets, RSV1 on a "
      "Ping where deflate is negotiated, a continuation of nothing, a new text inside a fragmented "
      "one, a length with its first bit set. From the server: masked, opcode 3, RSV1. Then a 1002 "
      "that is answered, a breach and a Close in one segment, a breach without any Close; last, "
      "RSV1 on a text that deflate allows")
def breaches(capture):
    deflate = {"offer": "permessage-deflate", "accept": "permessage-deflate"}
    for sent, how in ((frame(TEXT, b"bare", False), {}),
                      (frame(TEXT, b"rsv", first=0xC1), {}),
                      (frame(TEXT, b"rsv", first=0xA1), {}),
                      (frame(3, b"what"), {}), (frame(11), {}),
                      (frame(PING, b"half", first=0x09), {}), (frame(PING, b"p" * 126), {}),
                      (frame(PING, b"rsv", first=0xC9), deflate),
                      (frame(0, b"of nothing"), {}),
                      (frame(TEXT, b"begun", first=0x01) + frame(TEXT, b"anew"), {}),
                      (b"\x81\xff" + b"\xff" * 8 + MASK + b"abc", {})):
        from_client(capture, sent, **how)
    for sent in (frame(TEXT, b"masked"), frame(3, b"what", False),
                 frame(TEXT, b"rsv", False, first=0xC1)):
        from_server(capture, sent)
    bare = frame(TEXT, b"bare", False)
    capture.connection().client(bare).server(close(1002, masked=False)).client(close(1002)).end()
    capture.connection().client(bare + close(1000)).server(close(1002, masked=False)).end()
    capture.connection().client(bare).end()
    packed = bytes([0xCA, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00])    # "Hello", RFC 7692 7.2.3.1
    from_client(capture, frame(TEXT, packed, first=0xC1) + close(1000), 1000, **deflate)


@file("generated-port-reused",
      "seven connections from one client port: a clean close, RST, FIN without a Close, a refused "
      "upgrade, one that never ends, two clean closes")
def port_reused(capture):
    port = capture.ports
    again = ({"port": port, "start": 100000 * i} for i in range(7))
    capture.connection(**next(again)).client(close(1000)).server(close(1000, masked=False)).end()
    capture.connection(**next(again)).client(HELLO).reset(True)
    capture.connection(**next(again)).client(HELLO).wait(30).end()
    capture.connection(status="503 Service Unavailable", **next(again)).end()
    capture.connection(**next(again)).client(HELLO)
    for code in (3000, 4000):
        c = capture.connection(**next(again))
        c.client(close(code)).server(close(code, masked=False)).end()


@file("generated-host-hostile",
      "a request whose Host and target hold a quotation mark, a backslash, control characters, what "
      "is not UTF-8 and 300 letters: a report must stay what it is")
def host_hostile(capture):
    target = b"/\xff\x01\"'<b>" + "\u00e9".encode() + b"x" * 300
    request = upgrade().replace(b"/chat", target).replace(b"server.example", b'ser\x1bver"\\.example')
    c = capture.connection(handshake=False)
    c.data(True, request.replace(b".example.com", b".example")).data(False, switch())
    c.client(close()).server(close(masked=False)).end()


def main(out):
    for index, (name, (_, function)) in enumerate(FILES.items()):
        capture = Capture(50000 + 100 * index)
        function(capture)
        pcapng.write(os.path.join(out, name + ".pcapng"), capture.packets)
    return 0


if __name__ == "__main__":
    HERE = os.path.dirname(os.path.abspath(__file__))
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else os.path.dirname(HERE)))
