#
# tls_made.py - WebSocket connections within TLS, made of the TLS of Python
#
# SPDX-License-Identifier: GPL-2.0-or-later
#
"""Both ends talk in this process, and what they write becomes packets: the endings, and the ways to
lay out records in packets, that the shipped captures within TLS do not have."""

import base64
import hashlib
import os
import ssl
import struct

from damage import ACK, FIN, RST, SYN, Connection, Packet

CLIENT, SERVER = 0, 1
CLIENT_ADDRESS = bytes((127, 0, 0, 1))
PORT = 443
SEGMENT_MAX = 1448
TEXT, BINARY, CONTINUATION, CLOSE, PING, PONG = 1, 2, 0, 8, 9, 10
RSV1 = 0x40
VERSIONS = {"1.2": ssl.TLSVersion.TLSv1_2, "1.3": ssl.TLSVersion.TLSv1_3}

KEY = b"dGhlIHNhbXBsZSBub25jZQ=="
ACCEPT = base64.b64encode(hashlib.sha1(KEY + b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11").digest())
REQUEST = (b"GET /chat HTTP/1.1\r\nHost: made.example\r\nUpgrade: websocket\r\n"
           b"Connection: Upgrade\r\nSec-WebSocket-Key: " + KEY
           + b"\r\nSec-WebSocket-Version: 13\r\n\r\n")
RESPONSE = (b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Accept: " + ACCEPT + b"\r\n\r\n")


# A server's key and certificate that nobody checks.
CERTIFICATE = """\
-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgE9A58JLsYiBlKUte
fkVMSeJDiQIkQngc7XyoZW2t//ahRANCAATWFcv9SNNGT5216AHzjstn6gjg9sYu
qNZIoiJXEkfjNhcktC6Gb7vrHRb09LJtYHQeM04bd8d20eqrpGBsba+l
-----END PRIVATE KEY-----
-----BEGIN CERTIFICATE-----
MIIBhTCCASugAwIBAgIUZxVAI2lv5jvgvBzd31vzuBrcVbEwCgYIKoZIzj0EAwIw
FzEVMBMGA1UEAwwMbWFkZS5leGFtcGxlMCAXDTI2MTEyNjAxNDczOFoYDzIxMjYx
MTAyMDE0NzM4WjAXMRUwEwYDVQQDDAxtYWRlLmV4YW1wbGUwWTATBgcqhkjOPQIB
BggqhkjOPQMBBwNCAATWFcv9SNNGT5216AHzjstn6gjg9sYuqNZIoiJXEkfjNhck
tC6Gb7vrHRb09LJtYHQeM04bd8d20eqrpGBsba+lo1MwUTAdBgNVHQ4EFgQUT5CC
+2Ox9J3DlWrRs1Iacotcbt0wHwYDVR0jBBgwFoAUT5CC+2Ox9J3DlWrRs1Iacotc
bt0wDwYDVR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNIADBFAiEAozL9iiUgHCJg
2rB8YXap5lq9urYA9lNbhSiVOzeTGq8CIHvNdiqLuvSL+ep+IybQDyckp4cCRPFv
DfQgLx0yM933
-----END CERTIFICATE-----
"""


def frame(opcode, body=b"", fin=True, rsv=0, mask=True):
    masked = 0x80 if mask else 0
    head = bytes([(0x80 if fin else 0) | rsv | opcode])
    if len(body) < 126:
        head += bytes([masked | len(body)])
    else:
        head += struct.pack(">BH", masked | 126, len(body))
    if not mask:
        return head + body
    key = b"\1\2\3\4"
    return head + key + bytes(octet ^ key[i % 4] for i, octet in enumerate(body))


class Talk:
    """A TCP connection and, within it, TLS."""

    def __init__(self, port, version, folder, retry=False):
        self.port = port
        self.packets = []
        self.next = [1000, 5000]
        self.first = tuple(self.next)
        self.segment(CLIENT, flags=SYN)
        self.segment(SERVER, flags=SYN | ACK)
        self.segment(CLIENT)
        self.bios = [(ssl.MemoryBIO(), ssl.MemoryBIO()) for _ in range(2)]
        self.ends = self.shake_hands(version, folder, retry)

    def segment(self, side, octets=b"", flags=ACK, ack=None):
        if ack is None:
            ack = self.next[1 - side]
        if not flags & ACK:
            ack = 0
        ports = (self.port, PORT) if side == CLIENT else (PORT, self.port)
        tcp = struct.pack(">HHIIBBHHH", *ports, self.next[side], ack, 5 << 4, flags, 65000, 0, 0)
        data = (struct.pack(">BBHHHBBH", 0x45, 0, 40 + len(octets), 0, 0, 64, 6, 0)
                + CLIENT_ADDRESS * 2 + tcp + octets)
        self.packets.append(Packet(
            1000 * len(self.packets), data, side, self.next[side] - self.first[side],
            ack - self.first[1 - side] if flags & ACK else -1, flags, len(octets), 40))
        self.next[side] += len(octets) + bool(flags & (SYN | FIN))

    def shake_hands(self, version, folder, retry):
        """The two ends of TLS. retry: the server asks for another ClientHello."""
        client = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        client.check_hostname = False
        client.verify_mode = ssl.CERT_NONE
        client.keylog_filename = os.path.join(folder, "keys")
        server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        server.load_cert_chain(os.path.join(folder, "certificate"))
        if retry:
            server.set_ecdh_curve("secp384r1")
        for context in (client, server):
            context.minimum_version = context.maximum_version = version
        ends = [client.wrap_bio(*self.bios[CLIENT]),
                server.wrap_bio(*self.bios[SERVER], server_side=True)]
        waiting = {CLIENT, SERVER}
        while waiting:
            for side in sorted(waiting):
                try:
                    ends[side].do_handshake()
                    waiting.remove(side)
                except ssl.SSLWantReadError:
                    pass
                self.flush(side, acknowledged=True)
        return ends

    def flush(self, side, acknowledged=False, ack=None, ends=False):
        """Send what an end has written."""
        octets = self.bios[side][1].read()
        self.bios[1 - side][0].write(octets)
        while octets:
            part, octets = octets[:SEGMENT_MAX], octets[SEGMENT_MAX:]
            self.segment(side, part, ACK | (FIN if ends and not octets else 0), ack)
            if acknowledged and not octets:
                self.segment(1 - side)

    def write(self, side, *records, **how):
        for octets in records:
            self.ends[side].write(octets)
        self.flush(side, **how)

    def frame(self, side, opcode, body=b"", fin=True, rsv=0, mask=None, **how):
        self.write(side, frame(opcode, body, fin, rsv, side == CLIENT if mask is None else mask),
                   **how)

    def close(self, side, code, reason=b"", **how):
        self.frame(side, CLOSE, struct.pack(">H", code) + reason, **how)

    def open(self):
        self.write(CLIENT, REQUEST)
        self.write(SERVER, RESPONSE)

    def close_notify(self, side, **how):
        try:
            self.ends[side].unwrap()
        except ssl.SSLError:  # the other end has not answered yet
            pass
        self.flush(side, **how)

    def end(self, first=SERVER):
        for side in (first, 1 - first):
            self.segment(side, flags=ACK | FIN)
        self.segment(first)


# What is talked.

def closes(talk):
    talk.open()
    talk.frame(CLIENT, TEXT, b"hi")
    talk.frame(SERVER, TEXT, b"ho")
    talk.close(CLIENT, 1000, b"bye")
    talk.close(SERVER, 1000)
    talk.end()


def no_close(talk):
    talk.open()
    talk.frame(CLIENT, TEXT, b"hi")
    talk.frame(SERVER, TEXT, b"ho", acknowledged=True)
    talk.end()


def reset(talk):
    talk.open()
    talk.frame(CLIENT, TEXT, b"hi")
    talk.frame(SERVER, TEXT, b"ho", acknowledged=True)
    talk.segment(SERVER, flags=RST | ACK)


def requests_before(talk):
    for _ in range(2):
        talk.write(CLIENT, b"GET / HTTP/1.1\r\nHost: made.example\r\n\r\n")
        talk.write(SERVER, b"HTTP/1.1 200 OK\r\nContent-Length: 30\r\n\r\n" + b"x" * 30)
    talk.open()
    talk.frame(SERVER, TEXT, b"ho")
    talk.close(SERVER, 1001)
    talk.close(CLIENT, 1001)
    talk.end()


def long_messages(talk):
    talk.open()
    talk.frame(CLIENT, BINARY, b"a" * 4000)
    talk.write(SERVER, frame(BINARY, b"b" * 5000, mask=False), frame(TEXT, b"x", mask=False),
               acknowledged=True)
    talk.frame(SERVER, TEXT, b"first", fin=False)
    talk.frame(SERVER, CONTINUATION, b"last")
    talk.frame(CLIENT, PING, b"p")
    talk.frame(SERVER, PONG, b"p")
    talk.close(SERVER, 1011, b"oops")
    talk.close(CLIENT, 1011)
    talk.end()


def frame_in_records(talk):
    octets = frame(BINARY, b"z" * 300, mask=False)
    talk.open()
    talk.write(SERVER, octets[:100])
    talk.write(SERVER, octets[100:250])
    talk.write(SERVER, octets[250:] + frame(CLOSE, struct.pack(">H", 1013), mask=False))
    talk.close(CLIENT, 1013)
    talk.end()


def breach(talk, ends=False):
    talk.open()
    talk.frame(CLIENT, TEXT, b"hi", rsv=RSV1)
    talk.close(SERVER, 1002, b"rsv", ends=ends)
    talk.close(CLIENT, 1002)
    talk.segment(CLIENT, flags=ACK | FIN)
    if not ends:
        talk.segment(SERVER, flags=ACK | FIN)


def breach_and_end(talk):
    breach(talk, ends=True)


def notifies(talk):
    talk.open()
    talk.write(CLIENT, frame(TEXT, b"hi") + frame(CLOSE, struct.pack(">H", 4001) + b"x"))
    talk.ends[SERVER].write(frame(CLOSE, struct.pack(">H", 4001), mask=False))
    talk.close_notify(SERVER, ends=True)
    talk.close_notify(CLIENT)
    talk.segment(CLIENT, flags=ACK | FIN)


def refused(talk):
    talk.write(CLIENT, REQUEST)
    talk.write(SERVER, b"HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno")
    talk.end()


def unanswered(talk):
    talk.write(CLIENT, REQUEST, acknowledged=True)
    talk.end()


def crossing(talk):
    talk.open()
    talk.frame(CLIENT, TEXT, b"hi", acknowledged=True)
    ack = talk.next[CLIENT]
    talk.close(CLIENT, 1000)
    talk.close(SERVER, 1001, ack=ack)
    talk.end()


def one_close(talk):
    talk.open()
    talk.frame(CLIENT, TEXT, b"hi")
    talk.close(CLIENT, 3000, b"why", acknowledged=True)
    talk.end()


def late_data(talk):
    talk.open()
    talk.close(SERVER, 1008)
    talk.write(CLIENT, frame(TEXT, b"late") + frame(CLOSE, struct.pack(">H", 1008)))
    talk.segment(SERVER, flags=ACK | FIN)
    talk.segment(CLIENT, flags=RST | ACK)


TALKS = (closes, no_close, reset, requests_before, long_messages, frame_in_records, breach,
         breach_and_end, notifies, refused, unanswered, crossing, one_close, late_data)


def begun(folder, port, version, retry=False):
    """A talk over this version of TLS ("1.2"); its secrets go to "keys" in the folder."""
    path = os.path.join(folder, "certificate")
    if not os.path.exists(path):
        with open(path, "w", encoding="ascii") as file:
            file.write(CERTIFICATE)
    return Talk(port, VERSIONS[version], folder, retry)


def make(folder):
    """Connections, and the lines of their key log."""
    kinds = [(talk, name, False) for name in VERSIONS for talk in TALKS]
    kinds.append((closes, "1.3", True))
    connections = []
    for number, (what, name, retry) in enumerate(kinds):
        talk = begun(folder, 50000 + number, name, retry)
        what(talk)
        connections.append(Connection(f"made-{name}-{what.__name__}{'-retry' if retry else ''}",
                                      tuple(talk.packets), CLIENT_ADDRESS))
    with open(os.path.join(folder, "keys"), encoding="ascii") as file:
        return connections, file.read().splitlines()
