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
import hmac
import os
import struct
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import http2  # noqa: E402
import pcapng  # noqa: E402

START = 1767225600 * 1000000    # 2026-01-01T00:00:00Z
CLIENT = bytes([192, 0, 2, 1])
SERVER = bytes([192, 0, 2, 80])
PORT = 8080
SWITCHING = ("Upgrade: websocket", "Connection: Upgrade")
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
        self.secrets = b""    # a key log of TLS
        self.now = START
        self.ports = first_port

    def connection(self, *args, **kwargs):
        return Connection(self, *args, **kwargs)


class Connection:
    """One TCP connection. client() and server() send octets; every step takes a millisecond."""

    def __init__(self, capture, offer=None, accept=None, status="101 Switching Protocols",
                 request=(), response=(), digest=None, handshake=True, client=CLIENT, trailer=b"",
                 port=None, start=0, switching=SWITCHING, server=SERVER, key=None, also=(),
                 server_port=PORT):
        self.capture = capture
        self.port = port or capture.ports
        capture.ports += port is None
        self.key = key or base64.b64encode(struct.pack("!QQ", 0x7773636C6F736500, self.port))
        self.trailer = trailer    # of each Ethernet frame, after padding to 60 octets
        # Where each segment is seen: the client's address, the server's, its port there.
        self.seen = [(client, server, server_port), *also]
        self.seq = {True: start + 1000, False: start + 5000}
        self.segment(True, SYN)
        self.segment(False, SYN | ACK)
        self.segment(True, ACK)
        if handshake:
            self.ask(offer, request).answer(accept, status, response, digest, switching)

    def segment(self, client, flags, data=b"", seq=None, ack=None):
        start = self.seq[client] if seq is None else seq
        if ack is None:
            ack = self.seq[not client] if flags & ACK else 0
        self.capture.now += 1000
        for place, (mine, server, port) in enumerate(self.seen):
            ends = [(mine, self.port), (server, port)]
            packet = self.packet(client, *(ends if client else ends[::-1]), start, ack, flags, data)
            self.capture.packets.append((self.capture.now + 30 * place, packet))
        if seq is None:
            self.seq[client] += len(data) + (1 if flags & (SYN | FIN) else 0)

    def packet(self, client, sender, receiver, seq, ack, flags, data):
        (src, me), (dst, peer) = sender, receiver
        tcp = struct.pack("!HHIIBBHHH", me, peer, seq, ack, 0x50, flags, 0xFFFF, 0, 0)
        pseudo = src + dst + struct.pack("!BBH", 0, 6, len(tcp) + len(data))
        tcp = tcp[:16] + struct.pack("!H", checksum(pseudo + tcp + data)) + tcp[18:]
        ip = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(tcp) + len(data), 0, 0x4000, 64, 6, 0,
                         src, dst)
        ip = ip[:10] + struct.pack("!H", checksum(ip)) + ip[12:]
        macs = [b"\x02\0\0\0\0\x02", b"\x02\0\0\0\0\x01"]
        ether = b"".join(macs if client else macs[::-1]) + b"\x08\x00"
        packet = ether + ip + tcp + data
        return packet.ljust(60, b"\0") + self.trailer if self.trailer else packet

    def data(self, client, octets):
        for at in range(0, len(octets), MSS):
            self.segment(client, PSH | ACK, octets[at:at + MSS])
        self.segment(not client, ACK)
        return self

    def ask(self, offer=None, request=()):
        lines = ["GET /chat HTTP/1.1", "Host: server.example.com:8080", "Upgrade: websocket",
                 "Connection: Upgrade", "Sec-WebSocket-Key: " + self.key.decode(),
                 "Sec-WebSocket-Version: 13", *request]
        lines += ["Sec-WebSocket-Extensions: " + line for line in self.lines(offer)]
        return self.data(True, "\r\n".join([*lines, "", ""]).encode("latin-1"))

    def answer(self, accept=None, status="101 Switching Protocols", response=(), digest=None,
               switching=SWITCHING):
        if digest is None:
            sha1 = hashlib.sha1(self.key + b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11").digest()
            digest = base64.b64encode(sha1).decode()
        lines = ["HTTP/1.1 " + status]
        if status.startswith("101"):
            lines += switching
            if digest:
                lines.append("Sec-WebSocket-Accept: " + digest)
        else:
            lines += ["Content-Length: 0"]
        lines += response
        lines += ["Sec-WebSocket-Extensions: " + line for line in self.lines(accept)]
        return self.data(False, "\r\n".join([*lines, "", ""]).encode("latin-1"))

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


class Http2:
    """One TCP connection over HTTP/2, and its streams that carry WebSocket."""

    def __init__(self, capture, **how):
        self.tcp = capture.connection(handshake=False, **how)
        self.hpack = {True: http2.Encoder(), False: http2.Encoder()}
        self.next = 1
        self.tcp.data(True, http2.PREFACE + http2.settings())
        self.tcp.data(False, http2.settings((http2.ENABLE_CONNECT_PROTOCOL, 1))
                      + http2.frame(http2.SETTINGS, 0, flags=http2.ACK))
        self.tcp.data(True, http2.frame(http2.SETTINGS, 0, flags=http2.ACK))

    def send(self, client, *octets):
        self.tcp.data(client, b"".join(octets))
        return self

    def block(self, client, stream, fields, flags=0):
        return http2.frame(http2.HEADERS, stream, self.hpack[client].encode(fields),
                           http2.END_HEADERS | flags)

    def request(self, offer=None, protocol="websocket", stream=None, more=(), flags=0):
        """The octets of an extended CONNECT; self.stream is its number."""
        self.stream = stream or self.next
        self.next = self.stream + 2
        fields = [(":method", "CONNECT"), (":protocol", protocol), (":scheme", "http"),
                  (":path", "/chat"), (":authority", "server.example.com:8080"),
                  ("sec-websocket-version", "13"), *more]
        fields += [("sec-websocket-extensions", line) for line in Connection.lines(offer)]
        return self.block(True, self.stream, fields, flags)

    def response(self, accept=None, status=200, flags=0, stream=None):
        fields = [(":status", str(status))]
        fields += [("sec-websocket-extensions", line) for line in Connection.lines(accept)]
        return self.block(False, stream or self.stream, fields, flags)

    def open(self, offer=None, accept=None, **how):
        """A WebSocket that is open: the number of its stream."""
        self.send(True, self.request(offer, **how)).send(False, self.response(accept))
        return self.stream

    def data(self, client, stream, *frames, end=False):
        """WebSocket frames in one DATA frame."""
        return self.send(client, http2.frame(http2.DATA, stream, b"".join(frames),
                                             http2.END_STREAM if end else 0))

    def greet(self, stream=None):
        return self.data(True, stream or self.stream, HELLO).data(
            False, stream or self.stream, WELCOME)

    def closing(self, stream=None, code=1000):
        """The closing handshake, begun by the client, and END_STREAM by both."""
        stream = stream or self.stream
        self.data(True, stream, close(code)).data(False, stream, close(code, masked=False))
        return self.data(False, stream, end=True).data(True, stream, end=True)

    def end(self):
        self.tcp.end(client=True)


@file("generated-h2-data",
      "how frames lie in DATA over HTTP/2: a message, a Ping and a Close in one; each octet of a "
      "Close in one of its own; a message over three, with an empty one between; two streams whose "
      "frames are cut and take turns; padding before nothing, behind a message, behind a Close; a "
      "DATA frame that TCP cuts inside its header")
def h2_data(capture):
    yours = close(1000, masked=False)
    c = Http2(capture)
    one = c.open()
    c.data(True, one, HELLO, frame(PING), close(1000)).data(False, one, yours, end=True)
    two = c.open()
    c.send(True, *[http2.frame(http2.DATA, two, bytes([octet])) for octet in close(4000, "slow")])
    for octet in close(4000, "slow", masked=False):
        c.data(False, two, bytes([octet]))
    c.data(False, two, end=True).data(True, two, end=True)
    three = c.open()
    for piece in (HELLO[:1], HELLO[1:4], b"", HELLO[4:] + close()[:3], close()[3:]):
        c.data(True, three, piece)
    c.data(False, three, close(masked=False), end=True)
    four, five = c.open(), c.open()
    mine = {four: close(4004, "four"), five: close(4005, "five")}
    for part in (slice(0, 5), slice(5, 9), slice(9, None)):
        c.send(True, *[http2.frame(http2.DATA, n, mine[n][part]) for n in (five, four)])
    for n in (four, five):
        c.data(False, n, close(4000 + (4 if n == four else 5), masked=False), end=True)
    six = c.open()
    for octets, padding in ((b"", 10), (HELLO, 7), (close(1000), 255)):
        c.send(True, http2.frame(http2.DATA, six, http2.padded(octets, padding), http2.PADDED))
    c.send(False, http2.frame(http2.DATA, six, http2.padded(yours, 3),
                              http2.PADDED | http2.END_STREAM))
    seven = c.open()
    octets = http2.frame(http2.DATA, seven, close(1001))
    for part in (octets[:4], octets[4:11], octets[11:]):
        c.send(True, part)
    c.data(False, seven, close(1001, masked=False), end=True).data(True, seven, end=True)
    c.end()


@file("generated-h2-breaches",
      "breaches of the protocol over HTTP/2, and 1002: a Close and a text of the client unmasked, "
      "the server's masked, RSV1 where no extension was negotiated, 1005 on the wire, a Close body "
      "of one octet, a fragmented Close; then data after the same side's Close")
def h2_breaches(capture):
    c = Http2(capture)
    for client, sent in ((True, close(1000, masked=False)), (True, frame(TEXT, b"bare", False)),
                         (False, frame(TEXT, b"masked")), (False, close(1000)),
                         (True, frame(TEXT, b"rsv", first=0xC1)), (True, close(1005)),
                         (False, frame(CLOSE, b"\x03", False)), (True, close(1000, first=0x08))):
        n = c.open()
        c.greet().data(client, n, sent).data(not client, n, close(1002, masked=not client))
        c.data(not client, n, end=True).data(client, n, end=True)
    n = c.open()
    c.data(True, n, close(1000), HELLO).data(False, n, close(1000, masked=False), end=True)
    c.data(True, n, end=True)
    c.end()


@file("generated-h2-resets",
      "RST_STREAM over HTTP/2 with every error code and one that is not registered, by the server; "
      "by the client; by both; after END_STREAM of its own sender in one packet and in two, of the "
      "other side; after one Close, after two; after a request without an answer")
def h2_resets(capture):
    c = Http2(capture)
    for error in (*range(14), 0x1234):
        n = c.open()
        c.greet().send(False, http2.rst_stream(n, error))
    n = c.open()
    c.greet().send(True, http2.rst_stream(n, 8))
    n = c.open()
    c.greet().send(True, http2.rst_stream(n, 8)).send(False, http2.rst_stream(n, 5))
    n = c.open()
    end = http2.frame(http2.DATA, n, flags=http2.END_STREAM)
    c.greet().send(False, end, http2.rst_stream(n, 8))
    n = c.open()
    c.greet().data(False, n, end=True).tcp.wait(1)
    c.send(False, http2.rst_stream(n, 8))
    n = c.open()
    c.greet().data(False, n, end=True).send(True, http2.rst_stream(n, 8))
    n = c.open()
    c.greet().data(True, n, close(1000)).send(False, http2.rst_stream(n, 0))
    n = c.open()
    c.greet().data(True, n, close(1000)).data(False, n, close(1000, masked=False))
    c.send(False, http2.rst_stream(n, 0))
    for client, error in ((False, 7), (False, 0), (True, 8)):
        c.send(True, c.request()).send(client, http2.rst_stream(c.stream, error))
    c.tcp.wait(1)
    c.end()


@file("generated-h2-goaway",
      "GOAWAY over HTTP/2: one that leaves out the second and third of three WebSockets; one that "
      "leaves out none, with a closing handshake after it; first 2^31-1, then the last stream; the "
      "client's; one with an error and the end of TCP, which ends what it left in")
def h2_goaway(capture):
    c = Http2(capture)
    first, _, _ = c.open(), c.open(), c.open()
    c.greet(first).send(False, http2.goaway(first)).greet(first)
    c.closing(first).end()
    c = Http2(capture)
    n = c.open()
    c.greet().send(False, http2.goaway(n)).closing(code=1001).end()
    c = Http2(capture)
    first = c.open()
    c.send(False, http2.goaway(0x7FFFFFFF))
    second = c.open()
    c.greet(second).send(False, http2.goaway(first)).closing(first).end()
    c = Http2(capture)
    c.open()
    c.greet().send(True, http2.goaway(0)).closing().end()
    c = Http2(capture)
    n = c.open()
    c.greet().send(False, http2.goaway(n, 2)).tcp.end()


@file("generated-h2-handshakes",
      "opening handshakes over HTTP/2: fields from the dynamic table in the second request and "
      "response; the extensions in two fields each; 103 before the 200; 204; 403 and 404 with "
      "END_STREAM in HEADERS; a request with END_STREAM; an extension that was not offered; a name "
      "over HEADERS and two CONTINUATION frames; padding and priority in HEADERS; then 1010")
def h2_handshakes(capture):
    deflate = "permessage-deflate; client_max_window_bits"
    needs = close(1010, "permessage-deflate")
    c = Http2(capture)
    for _ in range(2):
        n = c.open(deflate)
        c.greet().data(True, n, needs).data(
            False, n, close(1010, "permessage-deflate", masked=False), end=True)
    n = c.open([deflate, "x-trace"], ["permessage-deflate", "x-trace; level=1"])
    c.closing()
    c.send(True, c.request(deflate))
    c.send(False, c.response(status=103)).send(False, c.response()).closing()
    c.send(True, c.request(deflate)).send(False, c.response(status=204)).closing()
    for status in (403, 404):
        c.send(True, c.request()).send(False, c.response(status=status, flags=http2.END_STREAM))
    c.send(True, c.request(flags=http2.END_STREAM))
    c.send(False, c.response()).data(False, c.stream, WELCOME, end=True)
    c.open(deflate, "x-never-offered")
    c.send(True, http2.rst_stream(c.stream, 8))
    octets = c.request(deflate, more=[("x-more", "m" * 40)])[9:]
    c.send(True, http2.frame(http2.HEADERS, c.stream, octets[:33]),
           http2.frame(http2.CONTINUATION, c.stream, octets[33:70]),
           http2.frame(http2.CONTINUATION, c.stream, octets[70:], http2.END_HEADERS))
    c.send(False, c.response("permessage-deflate")).closing()
    octets = c.request(deflate)[9:]
    c.send(True, http2.frame(http2.HEADERS, c.stream,
                             http2.padded(b"\0\0\0\0\x0f" + octets, 5),
                             http2.END_HEADERS | http2.PADDED | 0x20))
    n = c.stream
    c.send(False, c.response()).data(True, n, needs).data(
        False, n, close(1010, masked=False), end=True).data(True, n, end=True)
    c.end()


@file("generated-h2-ends",
      "ends over HTTP/2: trailers with END_STREAM by the server, then by the client; END_STREAM in "
      "the DATA frame of the Close, by both; END_STREAM of one side, and messages of the other after "
      "it; a Close that is never answered; TCP ended with FIN and with RST under two WebSockets and "
      "one that had closed, after an idle minute")
def h2_ends(capture):
    c = Http2(capture)
    trailers = [("x-trailer", "done")]
    n = c.open()
    c.greet().send(False, c.block(False, n, trailers, http2.END_STREAM)).data(True, n, end=True)
    n = c.open()
    c.greet().send(True, c.block(True, n, trailers, http2.END_STREAM))
    c.send(False, c.block(False, n, trailers, http2.END_STREAM))
    n = c.open()
    c.greet().data(True, n, close(), end=True).data(False, n, close(masked=False), end=True)
    n = c.open()
    c.greet().data(True, n, end=True).data(False, n, WELCOME).data(
        False, n, close(1001, masked=False), end=True)
    n = c.open()
    c.greet().data(True, n, close(1000)).tcp.wait(5)
    c.data(True, n, end=True).data(False, n, end=True)
    for reset in (False, True):
        for _ in range(2):
            c.open()
            c.greet()
        c.open()
        c.closing().tcp.wait(60)
        if reset:
            c.tcp.reset(False)
        else:
            c.tcp.end()
            c = Http2(capture)


@file("generated-h2-open-at-end",
      "WebSockets over HTTP/2 that are open when the capture ends: one, one with a Close, one with "
      "END_STREAM of the client, one without an answer")
def h2_open_at_end(capture):
    c = Http2(capture)
    c.open()
    c.greet()
    c.data(True, c.open("permessage-deflate"), close(1000))
    c.data(True, c.open(), end=True)
    c.send(True, c.request())


@file("generated-h2-no-websocket",
      "HTTP/2 without any WebSocket, though octets look like Close frames: CONNECT without "
      ":protocol, with connect-udp, a POST, PUSH_PROMISE; nothing is annotated")
def h2_no_websocket(capture):
    c = Http2(capture)
    authority = (":authority", "server.example.com:8080")
    c.send(True, c.block(True, 1, [(":method", "CONNECT"), authority]))
    c.send(False, c.response(stream=1)).data(True, 1, close(1000)).data(
        False, 1, close(1000, masked=False), end=True).data(True, 1, end=True)
    n = c.open(protocol="connect-udp", stream=3)
    c.data(True, n, close(1000)).data(False, n, close(1000, masked=False), end=True)
    c.send(True, http2.rst_stream(n, 8))
    fields = [(":method", "POST"), (":scheme", "http"), (":path", "/"), authority]
    c.send(True, c.block(True, 5, fields)).data(True, 5, close(1000), end=True)
    promised = c.hpack[False].encode([(":method", "GET"), *fields[1:3], authority])
    c.send(False, http2.frame(http2.PUSH_PROMISE, 5, b"\0\0\0\x02" + promised,
                              http2.END_HEADERS))
    c.send(False, c.response(stream=5)).data(False, 5, close(masked=False), end=True)
    c.send(False, c.response(stream=2)).data(False, 2, close(masked=False), end=True)
    c.send(True, c.block(True, 7, [(":method", "GET"), (":protocol", "websocket"),
                                   *fields[1:]], http2.END_STREAM))
    c.send(False, c.response(stream=7)).data(False, 7, close(masked=False), end=True)
    c.end()


@file("generated-h2-hostile",
      "frames that HTTP/2 forbids, between those of a WebSocket that goes on, a TCP connection each: "
      "DATA on stream 0, padding as long as its frame, CONTINUATION of nothing, RST_STREAM of 3 "
      "octets and GOAWAY of 4, HEADERS that are no HPACK, a type that there is not, a stream of the "
      "server's numbers, one that is used again after its end, a second answer, DATA before the "
      "answer, a target and a name of control characters; last, a length of 16 MB")
def h2_hostile(capture):
    yours = close(1000, masked=False)
    for client, octets in (
            (True, http2.frame(http2.DATA, 0, close(4001))),
            (True, http2.frame(http2.DATA, 1, bytes([200]) + close(4001), http2.PADDED)),
            (True, http2.frame(http2.DATA, 1, bytes([9]) + b"\x88\x80", http2.PADDED)),
            (True, http2.frame(http2.DATA, 1, b"", http2.PADDED)),
            (False, http2.frame(http2.CONTINUATION, 1, b"\x88", http2.END_HEADERS)),
            (False, http2.frame(http2.RST_STREAM, 1, b"\0\0\x08")),
            (False, http2.frame(http2.GOAWAY, 0, b"\0\0\0\0")),
            (False, http2.frame(http2.HEADERS, 1, b"\xff\xff\xff\xff\xff\x7f\x40",
                                http2.END_HEADERS)),
            (False, http2.frame(0xFE, 1, yours)),
            (False, http2.frame(http2.RST_STREAM, 0, b"\0\0\0\x08")),
            (False, http2.rst_stream(2, 8))):
        c = Http2(capture)
        n = c.open()
        c.greet().send(client, octets).closing(n, 4000).end()
    c = Http2(capture)
    c.send(True, c.request(stream=2)).send(False, c.response()).closing().end()
    c = Http2(capture)
    for code in (4001, 4002):
        c.open(stream=1)
        c.closing(code=code)
    c.end()
    c = Http2(capture)
    n = c.open("permessage-deflate")
    c.send(False, c.response("permessage-deflate")).send(True, c.request(stream=n)).closing().end()
    c = Http2(capture)
    c.send(True, c.request()).data(True, c.stream, HELLO, close(4000))
    c.send(False, c.response()).data(False, c.stream, close(4000, masked=False), end=True)
    c.data(True, c.stream, end=True).end()
    c = Http2(capture)
    c.send(True, c.block(True, 1, [
        (":method", "CONNECT"), (":protocol", "websocket"), (":scheme", "http"),
        (":path", b"/\xff\x01\"'<b>" + b"x" * 300), (":authority", b'ser\x1bver"\\.example'),
        ("sec-websocket-extensions", b"\xff\0\r\n")]))
    c.stream = 1
    c.send(False, c.response()).closing().end()
    c = Http2(capture)
    n = c.open()
    c.greet().send(True, http2.frame(http2.DATA, n, close(4000), length=0xFFFFFF))
    c.tcp.end()


@file("generated-h2-segments-lost",
      "segments that the capture lacks, over HTTP/2: a message of the server, a Close of the server, "
      "one of the client that was never answered, the response, the request; a DATA frame of another "
      "stream; then a segment that came twice, and two that changed places")
def h2_segments_lost(capture):
    def lacking(client, octets):
        c.tcp.lost(client, octets)

    def data(stream, *frames):
        return http2.frame(http2.DATA, stream, b"".join(frames))

    yours = close(1001, masked=False)
    c = Http2(capture)
    n = c.open()
    lacking(False, data(n, WELCOME))
    c.greet().closing().end()
    c = Http2(capture)
    n = c.open()
    c.greet()
    lacking(False, data(n, yours))
    c.data(True, n, close(1001), end=True).data(False, n, end=True).end()
    c = Http2(capture)
    n = c.open()
    c.greet()
    lacking(True, data(n, close(1000)))
    c.tcp.segment(False, ACK)
    c.data(False, n, end=True).data(True, n, end=True).end()
    c = Http2(capture)
    c.send(True, c.request("permessage-deflate"))
    lacking(False, c.response())
    c.tcp.segment(True, ACK)
    c.greet().closing().end()
    c = Http2(capture)
    lacking(True, c.request("permessage-deflate"))
    c.tcp.segment(False, ACK)
    c.send(False, c.response()).greet().closing().end()
    c = Http2(capture)
    first, second = c.open(), c.open()
    lacking(False, data(first, WELCOME))
    c.greet(second).closing(second).closing(first).end()
    c = Http2(capture)
    n = c.open()
    late = c.tcp.seq[True]
    c.greet()
    c.tcp.segment(True, PSH | ACK, data(n, HELLO), seq=late)
    c.closing().end()
    c = Http2(capture)
    n = c.open()
    late, octets = c.tcp.seq[False], data(n, WELCOME)
    lacking(False, octets)
    c.tcp.segment(False, PSH | ACK, data(n, yours))
    c.tcp.segment(False, PSH | ACK, octets, seq=late)
    c.tcp.segment(True, ACK)
    c.data(True, n, close(1001), end=True).data(False, n, end=True).end()


@file("generated-h2-snaplen",
      "packets that the capture cuts, over HTTP/2, a TCP connection each: inside a message, the Close "
      "behind it in its DATA frame is not captured at all; inside the header of a Close, its code, "
      "its reason; inside the padding behind a Close; inside the header of the DATA frame; inside "
      "the response, the request; inside DATA of another stream")
def h2_snaplen(capture):
    def cut(octets):
        time, packet = capture.packets[-2]    # the last one is the acknowledgement
        capture.packets[-2] = (time, packet[:54 + octets], len(packet))

    mine = close(1010, "permessage-deflate")
    for sent, octets in ((HELLO + mine, 9 + 8), (mine, 9 + 1), (mine, 9 + 7), (mine, 9 + 12),
                         (mine, 5)):
        c = Http2(capture)
        n = c.open("permessage-deflate")
        c.greet().data(True, n, sent)
        cut(octets)
        c.data(False, n, close(1010, masked=False), end=True).data(True, n, end=True).end()
    c = Http2(capture)
    n = c.open("permessage-deflate")
    c.greet().send(True, http2.frame(http2.DATA, n, http2.padded(mine, 50), http2.PADDED))
    cut(9 + 1 + len(mine) + 4)
    c.data(False, n, close(1010, masked=False), end=True).data(True, n, end=True).end()
    c = Http2(capture)
    c.send(True, c.request("permessage-deflate")).send(False, c.response("permessage-deflate"))
    cut(12)
    c.greet().closing().end()
    c = Http2(capture)
    c.send(True, c.request("permessage-deflate"))
    cut(40)
    c.send(False, c.response()).greet().closing().end()
    c = Http2(capture)
    first, second = c.open(), c.open()
    c.data(True, first, HELLO)
    cut(12)
    c.closing(second).closing(first).end()


@file("generated-breach-tolerated",
      "a receiver that goes on after a breach: a server that answers a client which does not mask, "
      "then FIN by the server, then a clean close, then 1000 by the client, unmasked; a client that "
      "answers a server which masks; last, a client whose first breach is tolerated and whose second "
      "is not")
def breach_tolerated(capture):
    def talk(c, wrong, right, times=4):
        for _ in range(times):
            c.wait(1).data(wrong, frame(BINARY, b"abc", not wrong))
            c.data(right, frame(BINARY, b"abc", right))
        return c

    talk(capture.connection(), True, False).wait(1).end()
    talk(capture.connection(), True, False).server(close(1001, masked=False)).client(
        close(1001)).end()
    talk(capture.connection(), True, False).client(close(1000, masked=False)).server(
        close(1000, masked=False)).end()
    talk(capture.connection(), False, True).server(close(1000, masked=False)).client(
        close(1000)).end()
    c = talk(capture.connection(), True, False, 2).client(frame(3, b"abc", False))
    c.server(close(1002, masked=False)).client(close(1002)).end()


@file("generated-handshake-headers",
      "a 101 without Upgrade, with another Upgrade, without Connection, with another Connection: the "
      "client ends TCP; Sec-WebSocket-Accept twice, and its 1002; last, one without Upgrade, and a "
      "client that goes on all the same")
def handshake_headers(capture):
    upgrade, connection = "Upgrade: websocket", "Connection: Upgrade"
    for switching in ((connection,), ("Upgrade: h2c", connection), (upgrade,),
                      (upgrade, "Connection: keep-alive")):
        capture.connection(switching=switching).end(client=True)
    key = base64.b64encode(struct.pack("!QQ", 0x7773636C6F736500, capture.ports))
    accept = base64.b64encode(
        hashlib.sha1(key + b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11").digest()).decode()
    c = capture.connection(response=["Sec-WebSocket-Accept: " + accept])
    c.client(close(1002)).server(close(1002, masked=False)).end()
    from_client(capture, close(1000), 1000, switching=(connection,))


@file("generated-close-repeated",
      "a second Close of the same side, which changes nothing: from the server 1000 then 1005, 1000 "
      "then 5000, 1005 behind the client's answer; from the client 1001 then 4000")
def close_repeated(capture):
    for second in (1005, 5000):
        c = capture.connection()
        c.server(close(1000, masked=False)).server(close(second, masked=False))
        c.client(close(1000)).end()
    c = capture.connection()
    c.server(close(1000, masked=False)).client(close(1000))
    c.server(close(1005, masked=False)).end()
    c = capture.connection()
    c.client(close(1001, "first")).client(close(4000, "second"))
    c.server(close(1001, masked=False)).end()


@file("generated-1010-snaplen",
      "1010 whose reason the capture cuts; the answer repeats it whole, or has none")
def snaplen_1010(capture):
    for answer in ("x-trace", ""):
        c = capture.connection(offer="x-trace")
        c.client(close(1010, "x-trace"))
        time, packet = capture.packets[-2]    # the last one is the acknowledgement
        capture.packets[-2] = (time, packet[:54 + 6 + 2 + 3], len(packet))
        c.server(close(1010, answer, masked=False)).end()


@file("generated-subprotocol-unanswered",
      "a client that offers subprotocols, and a 101 that selects none: it ends TCP at once; it does not "
      "mind, and closes with 1000; last, one that offers an empty list")
def subprotocol_unanswered(capture):
    capture.connection(request=["Sec-WebSocket-Protocol: mqtt, stomp"]).end(client=True)
    from_client(capture, close(1000), 1000, request=["Sec-WebSocket-Protocol: mqtt"])
    from_client(capture, close(1000), 1000, request=["Sec-WebSocket-Protocol: ,"])


DEFLATE = {"offer": "permessage-deflate", "accept": "permessage-deflate"}


def talk(c, seconds=0, times=1, client=True, server=True):
    """A message of each side, or of one, every so many seconds."""
    for _ in range(times):
        c.wait(seconds)
        if client:
            c.client(HELLO)
        if server:
            c.server(WELCOME)
    return c


def closing(c, client, code=None, reason="", answer=None):
    """The closing handshake that one side begins, and the end of TCP."""
    c.data(client, close(code, reason, client))
    c.data(not client, close(answer or code, masked=not client))
    c.end()


@file("generated-idle-timeouts",
      "neither side sends anything for a round time: then FIN by the server after 60 s, RST by the "
      "server after 350 s, FIN after 240 s with keep-alive probes of TCP in between, FIN after 30 s "
      "without any frame; 1000 by the server after 300 s and 1001 after 30 s, whose reasons say so, "
      "1000 by the client after 120 s; then none: 1000 after 7.3 s, FIN after 41.7 s")
def idle_timeouts(capture):
    talk(capture.connection()).wait(60).end()
    talk(capture.connection()).wait(350).reset(False)
    c = talk(capture.connection())
    for seconds in (60, 60, 60):
        c.wait(seconds).segment(False, ACK, seq=c.seq[False] - 1)
        c.segment(True, ACK)
    c.wait(60).end()
    capture.connection().wait(30).end()
    for seconds, client, code, reason in ((300, False, 1000, "idle longer than 300 s"),
                                          (30, False, 1001, "Idle Timeout"),
                                          (120, True, 1000, "no activity"), (7.3, True, 1000, "")):
        closing(talk(capture.connection()).wait(seconds), client, code, reason)
    talk(capture.connection()).wait(41.7).end()


@file("generated-one-sided-silence",
      "one side sends nothing for a round time, though the other one does: the server for 60 s, then "
      "FIN; the client for 60 s, then RST by the server; the server for 120 s from the 101 on; the "
      "client for 300 s, then 1001 by the server")
def one_sided_silence(capture):
    def speaks(c, client, times, seconds):
        return talk(c, seconds, times, client, not client).wait(seconds)

    speaks(capture.connection().server(WELCOME), True, 4, 12).end()
    speaks(capture.connection().client(HELLO), False, 5, 10).reset(False)
    speaks(capture.connection(), True, 7, 15).end()
    c = speaks(capture.connection().client(HELLO), False, 5, 50)
    closing(c, False, 1001, "client idle")


@file("generated-lifetime",
      "messages to the end, and the server's side ends TCP when the connection is of a round age: "
      "FIN at 15 s, RST at 60 s, FIN at 300 s; 1001 at 900 s with a reason that says so; last, FIN "
      "at 37.4 s, which is none")
def lifetime(capture):
    def until(seconds, step):
        c = capture.connection()
        end = capture.now + int(seconds * 1000000) - 2000    # the 101 came a little earlier
        while capture.now + step * 1000000 < end:
            talk(c, step, client=seconds != 15)
        capture.now = end
        return c

    until(15, 1.9).end()
    until(60, 7.9).reset(False)
    until(300, 41.3).end()
    closing(until(900, 133.7), False, 1001, "maximum connection age")
    until(37.4, 5.1).end()


@file("generated-flow-forgotten",
      "a long silence, then a first packet that is answered by RST: a message of the client after "
      "360 s, a Ping of the server after 600 s, a Close of the client after 350 s, a message after "
      "an hour that is answered by RST with ACK; last, after 3.2 s only")
def flow_forgotten(capture):
    for seconds, client, sent, flags in ((360, True, HELLO, RST),
                                         (600, False, frame(PING, b"", False), RST),
                                         (350, True, close(1000), RST),
                                         (3600, True, HELLO, RST | ACK), (3.2, True, HELLO, RST)):
        c = talk(capture.connection(), times=2).wait(seconds)
        c.segment(client, PSH | ACK, sent)
        c.segment(not client, flags, ack=None if flags & ACK else 0)


def again(c, client, octets, times=7):
    """Octets that are sent again and again, each time after twice as long, and not acknowledged."""
    seq = c.seq[client]
    c.segment(client, PSH | ACK, octets)
    for i in range(times):
        c.wait(0.2 * 2 ** i).segment(client, PSH | ACK, octets, seq=seq)
    return c


@file("generated-path-dead",
      "what one side sends is never acknowledged: a message of the client after 300 s, sent eight "
      "times, and its FIN (still open); one of the server, then its RST; keep-alive probes of the "
      "server, then its RST; a message of the client, still being sent; then what is acknowledged at "
      "last, and 1000: a message sent five times, keep-alive probes")
def path_dead(capture):
    again(talk(capture.connection()).wait(300), True, HELLO).wait(25.6).segment(True, FIN | ACK)
    again(talk(capture.connection(), 1, 3), False, WELCOME, 8).wait(51.2).reset(False)
    for answered in (False, True):
        c = talk(capture.connection()).wait(60)
        for _ in range(6):
            c.segment(False, ACK, seq=c.seq[False] - 1)
            c.wait(10)
        if answered:
            c.segment(False, ACK, seq=c.seq[False] - 1)
            c.segment(True, ACK)
            closing(talk(c, 1), True, 1000)
        else:
            c.reset(False)
    again(talk(capture.connection(), 1, 3).wait(5), True, HELLO)
    c = again(talk(capture.connection()).wait(5), True, HELLO, 4)
    c.segment(False, ACK)
    closing(talk(c, 1), False, 1000)


def ping(c, client, octets=b"", answer=None):
    c.data(client, frame(PING, octets, client))
    return c if answer is None else c.data(not client, frame(PONG, answer, not client))


@file("generated-ping-unanswered",
      "a Ping that gets no Pong, and its sender gives up: FIN by the server after 30 s, by the "
      "client; RST by the server after 5 s; 1011 by the server, never answered, and by the client, "
      "answered; 1001 by the server, then two FINs that take their time; FIN by the server though "
      "the client sends messages; one that is still open")
def ping_unanswered(capture):
    for client in (False, True):
        c = ping(talk(capture.connection()).wait(30), client, b"1", b"1").wait(30)
        ping(c, client, b"2").wait(30).end(client)
    ping(talk(capture.connection()).wait(25), False).wait(5).reset(False)
    late = "keepalive ping timeout"
    c = ping(talk(capture.connection()).wait(20), False, b"\1\2\3\4").wait(20)
    c.server(close(1011, late, False)).wait(10).end()
    closing(ping(talk(capture.connection()).wait(20), True, b"\1\2\3\4").wait(20), True, 1011, late)
    c = ping(talk(capture.connection()).wait(20), False).wait(20)
    c.server(close(1001, "heartbeat timeout", False)).wait(10)
    for client in (False, True):
        c.segment(client, FIN | ACK)
        c.segment(not client, ACK)
        c.wait(5)
    c = ping(talk(capture.connection()).wait(30), False)
    talk(c, 9, 3, server=False).wait(3).end()
    ping(ping(talk(capture.connection()).wait(20), False).wait(20), False).wait(20)


@file("generated-ping-innocent",
      "Pings that ended nothing: each got its Pong, then FIN after 4.7 s; sent 5 ms before a 1000; a "
      "Pong that nobody asked for; one Pong for two Pings; a Pong that comes after 8 s")
def ping_innocent(capture):
    c = talk(capture.connection())
    for _ in range(2):
        ping(c.wait(14), False, b"a", b"a")
    c.wait(4.7).end()
    closing(ping(talk(capture.connection(), 2, 2), True).wait(0.004), True, 1000)
    closing(talk(capture.connection()).client(frame(PONG, b"here")).wait(2), False, 1000)
    c = ping(talk(capture.connection()).wait(3), False, b"1").wait(0.4)
    ping(c, False, b"2", b"2").wait(4.2).end()
    c = ping(talk(capture.connection()).wait(20), False, b"x").wait(8)
    closing(talk(c.client(frame(PONG, b"x")), 2), False, 1000)


@file("generated-shared-end",
      "connections of different ages that end together: five of one server by FIN, within 5 ms; four "
      "of another one by 1001; three of one client with three servers, by RST of the client; last, "
      "two of a server that end by chance 0.8 s apart")
def shared_end(capture):
    def several(times, client=False, server=False, last=1.3):
        """They begin one after another and speak in turn."""
        group = []
        for i in range(times):
            group.append(capture.connection(client=bytes([192, 0, 2, 11 + i * client]),
                                            server=bytes([192, 0, 2, server + i * (not client)])))
            for c in group:
                talk(c, 1.7)
        capture.now += int(last * 1000000)
        return group

    group = several(5, True, 90)
    for c in group:
        c.segment(False, FIN | ACK)
    for c in group:
        c.segment(True, FIN | ACK)
        c.segment(False, ACK)
    capture.now += 30000000
    for c in several(4, True, 91):
        closing(c, False, 1001, "server restarting")
    capture.now += 30000000
    for c in several(3, False, 92):
        c.reset(True)
    capture.now += 30000000
    for c in several(2, True, 96):
        closing(c, True, 1000)
        capture.now += 800000


PROXY = bytes([192, 0, 2, 60])


class Legs:
    """The connection of a client to a proxy, and of the proxy to a server; what comes is handed on.

    Of extensions: what the client offers, what of it the proxy hands on; what the server accepts,
    and what of that the proxy hands back."""

    def __init__(self, capture, offer=None, handed=None, accept=None, back=None):
        self.near = capture.connection(handshake=False, server=PROXY).ask(offer)
        self.far = capture.connection(offer=handed, accept=accept, client=PROXY, key=self.near.key,
                                      request=["X-Forwarded-For: 192.0.2.1"])
        self.near.answer(back)

    def client(self, *frames):
        self.near.client(*frames)
        self.far.client(*frames)
        return self

    def server(self, *frames):
        self.far.server(*frames)
        self.near.server(*frames)
        return self

    def wait(self, seconds):
        self.near.wait(seconds)
        return self

    def end(self):
        """The proxy ends both."""
        self.near.end()
        self.far.end(client=True)


@file("generated-two-legs",
      "a client, a proxy and a server, both connections of each: permessage-deflate that the proxy "
      "takes out of the request, then out of the response, and the client's 1010; the proxy ends "
      "both by FIN, by RST, and by FIN after the server was silent for 60 s; last, a clean close")
def two_legs(capture):
    deflate = "permessage-deflate"
    for how in ({"offer": deflate}, {"offer": deflate, "handed": deflate, "accept": deflate}):
        legs = Legs(capture, **how).client(close(1010, deflate)).server(close(1010, masked=False))
        legs.far.end()
        legs.near.end()
    talk(Legs(capture), 3.1, 2).wait(1.4).end()
    legs = talk(Legs(capture), 2.3, 2).wait(1.9)
    legs.near.reset(False)
    legs.far.reset(True)
    talk(Legs(capture).server(WELCOME), 13, 4, server=False).wait(8).end()
    legs = talk(Legs(capture), 2, 2).client(close(1000)).server(close(1000, masked=False))
    legs.far.end()
    legs.near.end()


@file("generated-captured-twice",
      "every packet twice, 30 us apart, as on both sides of a NAT: the same sequence numbers, "
      "another address and port of the server, or of both; a clean close, FIN after 60 s of silence, "
      "a Ping that gets no Pong")
def captured_twice(capture):
    inside = bytes([192, 0, 2, 180])
    closing(talk(capture.connection(also=[(CLIENT, inside, 80)]), 1), True, 1000)
    talk(capture.connection(also=[(bytes([192, 0, 2, 101]), inside, 80)])).wait(60).end()
    c = talk(capture.connection(also=[(CLIENT, inside, PORT)])).wait(30)
    ping(c, False).wait(30).end()


@file("generated-not-websocket",
      "octets in the upgraded stream that are no frames: an HTTP response and FIN of the server "
      "right after the 101; an HTML page of the server; a line of text of the client, JSON, an HTTP "
      "request; 1002, or RST; last, the same inside a frame, which is none")
def not_websocket(capture):
    refusal = (b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Type: text/html\r\n"
               b"Content-Length: 11\r\n\r\nBad Request")
    page = b"<html><head><title>502 Bad Gateway</title></head><body></body></html>\r\n"
    c = capture.connection().server(refusal)
    c.segment(False, FIN | ACK)
    c.client(close(1002)).segment(True, FIN | ACK)
    c.segment(False, ACK)
    talk(capture.connection(), 1).server(page).client(close(1002)).end(client=True)
    for octets in (b"hello server, are you there?\n", b"GET /status HTTP/1.1\r\n\r\n"):
        talk(capture.connection(), 1).client(octets).server(close(1002, masked=False)).end()
    capture.connection().client(b'{"op": "subscribe", "channel": "news"}\n').reset(False)
    closing(talk(capture.connection()).server(frame(TEXT, refusal, False)).client(
        frame(TEXT, page)), True, 1000)


@file("generated-out-of-step",
      "a stream that is out of step: the server writes 150 into the length's seven bits, so that the "
      "mask bit is set; the client writes 22 for 150; two writers of the server at a time; and 1002")
def out_of_step(capture):
    text = b'{"a":"' + b"x" * 142 + b'"}'
    wrong = bytes([0x81, 150]) + text
    talk(capture.connection(), 1).server(wrong).client(close(1002)).end(client=True)
    octets = frame(TEXT, text)
    short = octets[:1] + bytes([0x80 | 22]) + octets[4:]
    talk(capture.connection(), 1).client(short).server(close(1002, masked=False)).end()
    one, two = frame(TEXT, b"1" * 60, False), frame(TEXT, b"2" * 35, False)
    c = talk(capture.connection(), 1).server(one[:20], two, one[20:])
    c.client(close(1002)).end(client=True)


def stored(octets):
    """A compressed message (RFC 7692) that is not smaller: a block without compression."""
    return b"\0" + struct.pack("<HH", len(octets), len(octets) ^ 0xFFFF) + octets + b"\0"


@file("generated-text-not-utf8",
      "texts that are not UTF-8, and 1007: Latin-1 of the client; a character of the server that the "
      "next fragment does not go on with; one that is cut at the end; one inside a compressed "
      "message of the client; a surrogate, and RST by the server; last, characters over two "
      "fragments each, which are fine")
def text_not_utf8(capture):
    c = talk(capture.connection(), 1).client(frame(TEXT, b"caf\xe9 au lait"))
    closing(c, False, 1007, "invalid UTF-8")
    c = talk(capture.connection(), 1).server(frame(TEXT, b"good \xe2\x82", False, first=0x01))
    closing(c.server(frame(0, b"bad", False)), True, 1007)
    closing(capture.connection().server(frame(TEXT, b"cut \xf0\x9f\x98", False)), True, 1007)
    c = capture.connection(**DEFLATE).client(frame(TEXT, stored(b"caf\xe9"), first=0xC1))
    closing(c, False, 1007)
    talk(capture.connection(), 1).client(frame(TEXT, b"\xed\xa0\x80")).reset(False)
    c = capture.connection().server(frame(TEXT, b"caf\xc3", False, first=0x01))
    c.server(frame(0, b"\xa9 \xe2\x82", False, first=0x00)).server(frame(0, b"\xac", False))
    closing(talk(c), True, 1000)


@file("generated-compression-broken",
      "compressed messages that cannot be inflated, and 1007 or 1002: of the server, of the client, "
      "of the client over two fragments, of the client with RST by the server; last, one of the "
      "server that refers to the message before it, as it may, and 1000")
def compression_broken(capture):
    broken = b"\x06\xff\xff\0garbage"    # a block of the type that there is not
    hello, likewise = b"\xf2\x48\xcd\xc9\xc9\x07\0", b"\xf2\0\x11\0\0"    # RFC 7692, 7.2.3.2
    c = talk(capture.connection(**DEFLATE), 1).server(frame(TEXT, broken, False, first=0xC1))
    closing(c, True, 1007, "Invalid compressed data")
    c = talk(capture.connection(**DEFLATE), 1).client(frame(TEXT, broken, first=0xC1))
    closing(c, False, 1002, "inflate failed")
    c = capture.connection(**DEFLATE).client(frame(TEXT, broken[:5], first=0x41))
    closing(c.client(frame(0, broken[5:])), False, 1007)
    capture.connection(**DEFLATE).client(frame(BINARY, broken, first=0xC2)).reset(False)
    c = capture.connection(**DEFLATE)
    for octets in (hello, likewise):
        c.server(frame(TEXT, octets, False, first=0xC1))
    closing(c, True, 1000)


@file("generated-message-too-big",
      "1009: for a message of 20000 octets of the client in one frame, of the server over four "
      "fragments, of the client compressed; one of the client whose frame says 1 GB, of which the "
      "server reads 1400 octets")
def message_too_big(capture):
    big = b"x" * 5000
    closing(talk(capture.connection(), 1).client(frame(BINARY, big * 4)), False, 1009,
            "message too big")
    c = talk(capture.connection(), 1).server(frame(TEXT, big, False, first=0x01))
    for first in (0x00, 0x00, 0x80):
        c.server(frame(0, big, False, first=first))
    closing(c, True, 1009, "Max payload size exceeded")
    c = capture.connection(**DEFLATE).client(frame(BINARY, stored(big * 4), first=0xC2))
    closing(c, False, 1009)
    head = b"\x82\xff" + struct.pack("!Q", 1 << 30) + MASK
    c = talk(capture.connection(), 1).client(head + b"x" * 1386)
    c.server(close(1009, masked=False)).end()


@file("generated-close-unanswered",
      "a Close that is acknowledged and never answered: the server goes on for 10 s, then FIN by the "
      "client and RST; the client goes on for 10 s, then FIN; the client is silent for 10 s, the "
      "server for 60 s; the server goes on and all is still open")
def close_unanswered(capture):
    c = talk(talk(capture.connection()).client(close(1000)), 1.1, 8, client=False).wait(1.2)
    c.segment(True, FIN | ACK)
    c.segment(False, RST | ACK)
    c = talk(capture.connection()).server(close(1008, "policy", False))
    talk(c, 1.1, 8, server=False).wait(1.2).end()
    talk(capture.connection()).server(close(1000, masked=False)).wait(10).end()
    talk(capture.connection()).client(close(1000)).wait(60).reset(True)
    talk(talk(capture.connection()).client(close(1000)), 5, 6, client=False)


@file("generated-close-not-received",
      "an answer that came too late: the client ends TCP behind its Close and resets what comes; the "
      "server does so; the client, and the capture holds its RST before the answer")
def close_not_received(capture):
    for client, before in ((True, False), (False, False), (True, True)):
        c = talk(capture.connection(), 1)
        c.data(client, close(1000, masked=client)).segment(client, FIN | ACK)
        end = c.seq[client]
        c.segment(not client, PSH | ACK, close(1000, masked=not client))
        c.segment(client, RST, seq=end)
        if before:
            (time, answer), (later, reset) = capture.packets[-2:]
            capture.packets[-2:] = (time, reset), (later, answer)


@file("generated-extension-refused",
      "permessage-deflate was offered and accepted, the server compresses, and the client will have "
      "none of it: 1002 with two reasons, without an answer; 1003; 1010 that asks for what it has")
def extension_refused(capture):
    for code, reason, answered in ((1002, "compression is not supported here", False),
                                   (1002, "RSV1 must be clear", True),
                                   (1003, "compressed frames are not supported", True),
                                   (1010, "permessage-deflate", True)):
        c = capture.connection(**DEFLATE).client(HELLO)
        c.server(frame(TEXT, b"\xf2\x48\xcd\xc9\xc9\x07\0", False, first=0xC1))
        if answered:
            closing(c, True, code, reason)
        else:
            c.client(close(code, reason)).end(client=True)


@file("generated-declined-browser",
      "a browser that leaves after a 101 which declined permessage-deflate, as a server may: Chrome "
      "by RST after 0.3 s, Firefox by FIN after 2 s")
def declined_browser(capture):
    agent = "User-Agent: Mozilla/5.0 (X11; Linux x86_64) "
    capture.connection(offer="permessage-deflate; client_max_window_bits", request=[
        agent + "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36"]).wait(
            0.3).reset(True)
    capture.connection(offer="permessage-deflate", request=[
        agent.replace("64)", "64; rv:128.0)") + "Gecko/20100101 Firefox/128.0"]).wait(2.1).end(True)


@file("generated-going-away",
      "messages to the end, then 1001: by the client's side with Via in the request and a reason "
      "that names a proxy; by the server's side with such a reason; by a server that stops; without "
      "a reason by the client, by the server; 1012 by the server")
def going_away(capture):
    via = ["Via: 1.1 edge.example.com", "X-Forwarded-For: 192.0.2.7"]
    for client, code, reason, request in ((True, 1001, "this proxy is about to restart", via),
                                          (False, 1001, "WebSocket proxy restarting", ()),
                                          (False, 1001, "server shutting down", ()),
                                          (True, 1001, "", ()), (False, 1001, "", ()),
                                          (False, 1012, "service restart", ())):
        c = talk(capture.connection(request=request), 3.3, 3).wait(1.9)
        closing(c, client, code, reason)


@file("generated-handshake-refused",
      "an opening handshake that is answered with another status: 200, 401, 403, 404, 426, 429, 500, "
      "502, 503, 504; the client ends TCP")
def handshake_refused(capture):
    for status in ("200 OK", "401 Unauthorized", "403 Forbidden", "404 Not Found",
                   "426 Upgrade Required", "429 Too Many Requests", "500 Internal Server Error",
                   "502 Bad Gateway", "503 Service Unavailable", "504 Gateway Timeout"):
        capture.connection(status=status).end(client=True)


@file("generated-subprotocol-missed",
      "a client that leaves because the 101 selects none of the subprotocols that it offered: a browser "
      "by RST, which declined permessage-deflate has nothing to do with; 1002 with a reason; FIN")
def subprotocol_missed(capture):
    agent = "User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
    mqtt = "Sec-WebSocket-Protocol: mqtt"
    capture.connection(offer="permessage-deflate", request=[mqtt, agent]).reset(True)
    closing(capture.connection(request=[mqtt]), True, 1002, "Server sent no subprotocol")
    capture.connection(request=["Sec-WebSocket-Protocol: v2.stomp, v1.stomp"]).end(client=True)


class Tls(Connection):
    """A WebSocket connection within TLS 1.2, TLS_RSA_WITH_NULL_SHA256: every record is readable."""

    CHANGE, ALERT, HANDSHAKE, APPLICATION = 20, 21, 22, 23

    def __init__(self, capture):
        super().__init__(capture, handshake=False, server_port=443)
        randoms = {side: hashlib.sha256(b"%d %d" % (side, self.port)).digest()
                   for side in (True, False)}
        master = hashlib.sha384(randoms[True]).digest()
        capture.secrets += f"CLIENT_RANDOM {randoms[True].hex()} {master.hex()}\n".encode()
        keys = self.prf(master, b"key expansion" + randoms[False] + randoms[True], 64)
        self.keys, self.count = {True: keys[:32], False: keys[32:]}, {}
        said = b""
        for client, messages in (
                (True, [(1, b"\3\3" + randoms[True] + b"\0\0\2\0\x3b\1\0")]),
                (False, [(2, b"\3\3" + randoms[False] + b"\0\0\x3b\0"), (11, b"\0\0\0"), (14, b"")]),
                (True, [(16, b"\0\x30" + bytes(48))])):
            octets = b"".join(self.message(*m) for m in messages)
            said += octets
            self.send(client, self.HANDSHAKE, octets)
        for client, label in ((True, b"client finished"), (False, b"server finished")):
            self.send(client, self.CHANGE, b"\1")
            self.count[client] = 0
            finished = self.prf(master, label + hashlib.sha256(said).digest(), 12)
            said += self.message(20, finished)
            self.send(client, self.HANDSHAKE, self.message(20, finished))
        self.ask().answer()

    @staticmethod
    def message(kind, body):
        return bytes([kind]) + struct.pack("!I", len(body))[1:] + body

    @staticmethod
    def prf(secret, seed, size):
        """RFC 5246, section 5."""
        out, a = b"", seed
        while len(out) < size:
            a = hmac.digest(secret, a, "sha256")
            out += hmac.digest(secret, a + seed, "sha256")
        return out[:size]

    def send(self, client, kind, octets):
        if client in self.count:    # after ChangeCipherSpec
            head = struct.pack("!QBHH", self.count[client], kind, 0x303, len(octets))
            octets += hmac.digest(self.keys[client], head + octets, "sha256")
            self.count[client] += 1
        return super().data(client, struct.pack("!BHH", kind, 0x303, len(octets)) + octets)

    def data(self, client, octets):
        return self.send(client, self.APPLICATION, octets)

    def alert(self, client, level, description):
        return self.send(client, self.ALERT, bytes([level, description]))


@file("generated-tls-alert",
      "within TLS, and the secrets are in the capture: a fatal alert bad_record_mac by the server "
      "and FIN; decode_error by the client and RST; internal_error by the server right after the "
      "101; last, no error: close_notify by the server and FIN, without a Close")
def tls_alert(capture):
    talk(Tls(capture), 2.1, 2).wait(1.2).alert(False, 2, 20).end()
    talk(Tls(capture), 1.7, 2).wait(1.1).alert(True, 2, 50).reset(True)
    Tls(capture).alert(False, 2, 80).end()
    talk(Tls(capture), 2.3, 2).wait(1.4).alert(False, 1, 0).end()


@file("generated-answer-not-http",
      "what the server answers to the upgrade request is not HTTP: an alert of TLS, a line of text, "
      "HTTP/2.0; FIN by the server; the banner of SSH and FIN by the client; a line of text, then "
      "RST by the client; last, text before the 101, and a client that goes on all the same")
def answer_not_http(capture):
    for octets in (b"\x15\x03\x01\0\x02\x02\x16", b"400 Bad Request\n",
                   b"HTTP/2.0 400 Bad Request\r\n\r\n"):
        capture.connection(handshake=False).ask().server(octets).end()
    capture.connection(handshake=False).ask().server(b"SSH-2.0-OpenSSH_9.2\r\n").end(client=True)
    capture.connection(handshake=False).ask().server(b"busy\n").reset(True)
    c = capture.connection(handshake=False).ask().server(b"busy\n")
    c.answer().client(frame(TEXT, b"hello")).client(close(1000)).server(close(1000, masked=False))
    c.end()


@file("generated-answer-late",
      "the client resets TCP, and the 101 comes after that, with an extension that was not offered; "
      "the same, and then a Close")
def answer_late(capture):
    for frames in ([], [close(1000, masked=False)]):
        c = capture.connection(handshake=False).ask("permessage-deflate, x-a").wait(5).reset(True)
        c.answer("permessage-deflate, x-b")
        for octets in frames:
            c.server(octets)


@file("generated-obeyed-characters",
      "what a terminal obeys (C0, DEL, C1, characters that turn the direction of a text) in the "
      "reason of a Close frame, ten characters each; then DEL, C1 and direction in the request's path "
      "and Host, in an extension's name and in its quoted value")
def obeyed_characters(capture):
    # Not the last two of C0: tests separate fields by them.
    codes = [*range(0x01, 0x1E), *range(0x7F, 0xA0), 0x61C, 0x200E, 0x200F, *range(0x2028, 0x202F),
             *range(0x2066, 0x206A), 0xFEFF]
    for at in range(0, len(codes), 10):
        from_client(capture, close(4000, "".join(map(chr, codes[at:at + 10]))), 4000)
    text = "\x7f\x85\x9b\u202e\u2066".encode()
    for old, new in ((b"/chat", b"/" + text), (b"server.example", text), (b"x-name", text),
                     (b"x-value", text)):
        c = capture.connection(handshake=False)
        c.client(upgrade("x-name; a=\"x-value\"").replace(old, new)).answer()
        c.client(close(1000)).server(close(1000, masked=False)).end()


@file("generated-midstream-late",
      "begun in the middle: segments of both sides are lost, then a Close by each. Only a later "
      "packet shows that they are frames")
def midstream_late(capture):
    c = capture.connection(handshake=False)
    capture.packets.clear()
    c.lost(True, upgrade())
    c.segment(False, PSH | ACK, b"a response, or so: what it is cannot be told\r\n")
    c.lost(True, b"11 octets..").lost(False, b"7 octet")
    c.segment(True, PSH | ACK, close(1010, "permessage-deflate"))
    c.segment(False, PSH | ACK, close(1010, masked=False))
    c.segment(True, ACK)
    c.segment(True, FIN | ACK)


@file("generated-h2-close-first",
      "over HTTP/2 the client closes with 1010 before the response to its request, which declines the "
      "extension, and whose answer is a Close")
def h2_close_first(capture):
    c = Http2(capture)
    c.send(True, c.request("permessage-deflate"))
    c.data(True, c.stream, close(1010, "permessage-deflate"))
    c.send(False, c.response()).data(False, c.stream, close(1010, masked=False), end=True)
    c.end()


@file("generated-1010-after-reset",
      "the client resets TCP, and a Close frame of it with 1010 comes after that")
def mandatory_after_reset(capture):
    c = capture.connection(handshake=False).ask("permessage-deflate, x-a").answer()
    c.reset(True).client(close(1010, "x-a"))


def main(out):
    for index, (name, (_, function)) in enumerate(FILES.items()):
        capture = Capture(50000 + 100 * index)
        function(capture)
        pcapng.write(os.path.join(out, name + ".pcapng"), capture.packets,
                     secrets=capture.secrets)
    return 0


if __name__ == "__main__":
    HERE = os.path.dirname(os.path.abspath(__file__))
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else os.path.dirname(HERE)))
