#!/usr/bin/env python3
#
# generate.py - write a large capture of WebSocket connections, to measure with
#
# SPDX-License-Identifier: GPL-2.0-or-later
#
"""Write a pcap FILE of many interleaved TCP connections, of WebSocket over HTTP/1.1 as a rule.

The same arguments give the same octets: every choice comes from a seeded generator.
Checksums are zero (Wireshark does not check them by default).
"""

import argparse
import base64
import hashlib
import json
import random
import struct
import sys
import zlib

DATA_FRAMES = 19        # per connection: with the rest, 600,000 packets of 20,000 connections
ACTIVE = 50             # connections that are interleaved at any time
SEGMENT = 1460          # octets of TCP payload, at most
POOL = 2000             # different data frames per direction and kind

FIN, SYN, RST, PSH, ACK = 0x01, 0x02, 0x04, 0x08, 0x10
TEXT, BINARY, CLOSE, PING, PONG = 0x1, 0x2, 0x8, 0x9, 0xA

CLIENT_MAC = bytes.fromhex("020000000001")
SERVER_MAC = bytes.fromhex("020000000002")
WS_GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"

USER_AGENTS = (
    "Mozilla/5.0 (X11; Linux x86_64; rv:115.0) Gecko/20100101 Firefox/115.0",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/124.0.0.0 Safari/537.36",
)

OFFER = "permessage-deflate; client_max_window_bits"

# One row per kind of closing handshake: weight, client starts it, code, reason, the
# answer's code (-1: an empty Close), and whether permessage-deflate must have been declined.
CLOSINGS = (
    (30, True, -1, "", -1, False),
    (10, False, -1, "", -1, False),
    (25, True, 1000, "", 1000, False),
    (10, False, 1000, "done", 1000, False),
    (10, True, 1001, "", 1001, False),
    (5, False, 1001, "server restart", 1001, False),
    (5, True, 1010, "permessage-deflate", 1010, True),
    (5, True, 4000, "session replaced", 4000, False),
)


def frame(rng, opcode, payload, masked, rsv1=False):
    """Octets of one frame (RFC 6455 section 5.2)."""
    first = 0x80 | (0x40 if rsv1 else 0) | opcode
    mask_bit = 0x80 if masked else 0
    size = len(payload)
    if size < 126:
        head = struct.pack("!BB", first, mask_bit | size)
    elif size < 65536:
        head = struct.pack("!BBH", first, mask_bit | 126, size)
    else:
        head = struct.pack("!BBQ", first, mask_bit | 127, size)
    if not masked:
        return head + payload
    key = rng.randbytes(4)
    pad = (key * (size // 4 + 1))[:size]
    mixed = int.from_bytes(payload, "big") ^ int.from_bytes(pad, "big")
    return head + key + mixed.to_bytes(size, "big")


def message(rng):
    """Opcode and payload of one data message: mostly short, now and then a few thousand octets."""
    dice = rng.random()
    size = 2 + int(rng.expovariate(1 / 60)) if dice < 0.97 else rng.randrange(400, 4000)
    if dice < 0.6:
        body = {"id": rng.randrange(10**6), "type": "update", "price": round(rng.random() * 100, 2)}
        return TEXT, json.dumps(body).encode()
    if dice < 0.8:
        words = ("alpha", "bravo", "charlie", "delta", "echo", "foxtrot", "golf", "hotel")
        return TEXT, " ".join(rng.choice(words) for _ in range(size // 5 + 1)).encode()
    return BINARY, rng.randbytes(size)


def deflated(payload):
    """A message compressed on its own, without its tail (RFC 7692 section 7.2.1)."""
    squeeze = zlib.compressobj(9, zlib.DEFLATED, -15)
    return (squeeze.compress(payload) + squeeze.flush(zlib.Z_SYNC_FLUSH))[:-4]


def frame_pools(rng):
    """Ready-made data frames by (masked, compressed): making each anew would take minutes."""
    pools = {}
    for masked in (False, True):
        for compressed in (False, True):
            pool = []
            for _ in range(POOL):
                opcode, payload = message(rng)
                if compressed:
                    pool.append(frame(rng, opcode, deflated(payload), masked, rsv1=True))
                else:
                    pool.append(frame(rng, opcode, payload, masked))
            pools[masked, compressed] = pool
    return pools


def ends(index, client_port, server_port):
    """Headers of Ethernet, addresses and ports of what a client (0) and a server (1) send."""
    number = index // 4
    client = bytes((10, 1 + (number >> 16), (number >> 8) & 255, number & 255))
    server = bytes((192, 0, 2, 1 + index % 8))
    return (
        (SERVER_MAC + CLIENT_MAC + b"\x08\x00", client + server,
         struct.pack("!HH", client_port, server_port)),
        (CLIENT_MAC + SERVER_MAC + b"\x08\x00", server + client,
         struct.pack("!HH", server_port, client_port)),
    )


def client_port(index):
    return 32768 + (index * 7919) % 28000


class Tcp:
    """Both directions of one TCP connection; makes the packets, sequence numbers included."""

    def __init__(self, rng, index, server_port=None):
        self.isn = (rng.getrandbits(31), rng.getrandbits(31))
        self.seq = list(self.isn)
        self.ends = ends(index, client_port(index), server_port or (80, 8080)[index % 2])

    def packet(self, who, flags, payload=b"", options=b""):
        """One packet; who is 0 (client) or 1 (server)."""
        ethernet, addresses, ports = self.ends[who]
        size = 40 + len(options) + len(payload)
        seq = self.seq[who]
        acked = self.seq[1 - who] if flags & ACK else 0
        self.seq[who] = (seq + len(payload) + (1 if flags & (SYN | FIN) else 0)) & 0xFFFFFFFF
        return b"".join((
            ethernet,
            struct.pack("!BBHHHBBH", 0x45, 0, size, seq & 0xFFFF, 0x4000, 64, 6, 0),
            addresses, ports,
            struct.pack("!IIBBHHH", seq, acked, (20 + len(options)) << 2, flags, 64240, 0, 0),
            options, payload))

    def segments(self, who, payload):
        for start in range(0, len(payload), SEGMENT):
            yield self.packet(who, ACK | PSH, payload[start:start + SEGMENT])

    def open(self):
        options = bytes.fromhex("020405b40402010303070101")
        yield self.packet(0, SYN, options=options)
        yield self.packet(1, SYN | ACK, options=options)
        yield self.packet(0, ACK)

    def close(self, first):
        yield self.packet(first, FIN | ACK)
        yield self.packet(1 - first, FIN | ACK)
        yield self.packet(first, ACK)


def upgrade(rng, accept_deflate, index):
    """The opening handshake: request and response (RFC 6455 section 1.3)."""
    key = base64.b64encode(rng.randbytes(16))
    accept = base64.b64encode(hashlib.sha1(key + WS_GUID).digest())
    request = (
        f"GET /socket/{index % 97} HTTP/1.1\r\n"
        "Host: ws.example.test\r\n"
        f"User-Agent: {USER_AGENTS[index % len(USER_AGENTS)]}\r\n"
        "Accept: */*\r\n"
        "Accept-Language: en-US,en;q=0.5\r\n"
        "Accept-Encoding: gzip, deflate, br\r\n"
        "Sec-WebSocket-Version: 13\r\n"
        "Origin: https://www.example.test\r\n"
        f"Sec-WebSocket-Extensions: {OFFER}\r\n"
        f"Sec-WebSocket-Key: {key.decode()}\r\n"
        "Connection: keep-alive, Upgrade\r\n"
        "Pragma: no-cache\r\n"
        "Cache-Control: no-cache\r\n"
        "Upgrade: websocket\r\n\r\n")
    response = (
        "HTTP/1.1 101 Switching Protocols\r\n"
        "Upgrade: websocket\r\n"
        "Connection: Upgrade\r\n"
        f"Sec-WebSocket-Accept: {accept.decode()}\r\n")
    if accept_deflate:
        response += ("Sec-WebSocket-Extensions: permessage-deflate; "
                     "server_no_context_takeover; client_no_context_takeover\r\n")
    return request.encode(), (response + "\r\n").encode()


def close_frame(rng, masked, code, reason):
    body = b"" if code < 0 else struct.pack("!H", code) + reason.encode()
    return frame(rng, CLOSE, body, masked)


def websocket(rng, index, frames, pools, data_only):
    """Packets of one WebSocket connection; all but its data is chosen before the first frame, so
    that captures with other numbers of frames hold the same connections."""
    tcp = Tcp(rng, index)
    weights = [row[0] for row in CLOSINGS]
    _, by_client, code, reason, answer, declined = rng.choices(CLOSINGS, weights)[0]
    compressed = not declined and rng.random() < 0.25
    stays_open = rng.random() < data_only

    yield from tcp.open()
    request, response = upgrade(rng, compressed, index)
    first = 0 if by_client else 1
    start = close_frame(rng, first == 0, code, reason)
    end = close_frame(rng, first == 1, answer, "")
    yield from tcp.segments(0, request)
    yield from tcp.segments(1, response)

    sent = 0
    while sent < frames:
        who = 0 if rng.random() < 0.5 else 1
        payload = rng.choice(pools[who == 0, compressed])
        sent += 1
        if sent < frames and rng.random() < 0.03:       # two frames in one segment
            payload += rng.choice(pools[who == 0, compressed])
            sent += 1
        yield from tcp.segments(who, payload)
        if rng.random() < 0.06:
            yield tcp.packet(1 - who, ACK)
    if stays_open:
        return

    yield from tcp.segments(first, start)
    yield from tcp.segments(1 - first, end)
    yield from tcp.close(1)     # the server ends TCP first (RFC 6455 section 7.1.1)


def plain_http(rng, index, frames, _pools, _data_only):
    """Packets of one keep-alive connection that never upgrades: as many requests as frames / 2."""
    tcp = Tcp(rng, index)
    yield from tcp.open()
    for turn in range((frames + 1) // 2):
        body = rng.randbytes(30 + int(rng.expovariate(1 / 300))).hex()
        request = (
            f"GET /item/{index % 97}/{turn} HTTP/1.1\r\n"
            "Host: www.example.test\r\n"
            f"User-Agent: {USER_AGENTS[index % len(USER_AGENTS)]}\r\n"
            "Accept: */*\r\n"
            "Accept-Encoding: gzip, deflate, br\r\n"
            "Connection: keep-alive\r\n\r\n")
        response = (
            "HTTP/1.1 200 OK\r\n"
            "Server: example\r\n"
            "Content-Type: text/plain\r\n"
            f"Content-Length: {len(body)}\r\n"
            "Cache-Control: max-age=60\r\n\r\n" + body)
        yield from tcp.segments(0, request.encode())
        yield from tcp.segments(1, response.encode())
        if rng.random() < 0.3:
            yield tcp.packet(0, ACK)
    yield from tcp.close(0)


def http2_frame(kind, flags, stream, payload):
    return len(payload).to_bytes(3, "big") + bytes((kind, flags)) + struct.pack("!I", stream) + payload


def http2_field(name, value):
    """A literal header field that is not indexed (RFC 7541 section 6.2.2), of short strings."""
    return b"\0" + b"".join(bytes((len(text),)) + text.encode() for text in (name, value))


def http2_fields(*fields):
    return b"".join(http2_field(name, value) for name, value in fields)


DATA, HEADERS, SETTINGS = 0x0, 0x1, 0x4
END_STREAM, END_HEADERS, SETTINGS_ACK = 0x1, 0x4, 0x1


def http2_open(tcp, allow_websocket):
    """TCP, and the prefaces of both sides (RFC 9113 section 3.4)."""
    yield from tcp.open()
    # SETTINGS_ENABLE_CONNECT_PROTOCOL, or SETTINGS_MAX_CONCURRENT_STREAMS
    settings = struct.pack("!HI", 0x8, 1) if allow_websocket else struct.pack("!HI", 0x3, 100)
    yield from tcp.segments(0, b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + http2_frame(SETTINGS, 0, 0, b""))
    yield from tcp.segments(1, http2_frame(SETTINGS, 0, 0, settings)
                            + http2_frame(SETTINGS, SETTINGS_ACK, 0, b""))
    yield from tcp.segments(0, http2_frame(SETTINGS, SETTINGS_ACK, 0, b""))


def plain_http2(rng, index, frames, _pools, _data_only, allow_websocket=False):
    """Packets of one connection of HTTP/2 without WebSocket: as many requests as frames / 2."""
    tcp = Tcp(rng, index)
    yield from http2_open(tcp, allow_websocket)
    for turn in range((frames + 1) // 2):
        stream = 2 * turn + 1
        body = rng.randbytes(30 + int(rng.expovariate(1 / 300))).hex().encode()
        yield from tcp.segments(0, http2_frame(HEADERS, END_STREAM | END_HEADERS, stream, http2_fields(
            (":method", "GET"), (":scheme", "https"), (":authority", "www.example.test"),
            (":path", f"/item/{index % 97}/{turn}"),
            ("user-agent", USER_AGENTS[index % len(USER_AGENTS)]), ("accept", "*/*"),
            ("accept-language", "en-US,en;q=0.5"), ("accept-encoding", "gzip, deflate, br"),
            ("cookie", f"session={index:016x}"))))
        yield from tcp.segments(1, http2_frame(HEADERS, END_HEADERS, stream, http2_fields(
            (":status", "200"), ("server", "example"), ("content-type", "text/plain"),
            ("content-length", str(len(body))), ("cache-control", "max-age=60")))
            + http2_frame(DATA, END_STREAM, stream, body))
        if rng.random() < 0.3:
            yield tcp.packet(0, ACK)
    yield from tcp.close(0)


def http2_websockets(rng, index, frames, pools, _data_only):
    """Packets of one connection of HTTP/2 with as many WebSockets as frames, one after the other:
    a message by the client, an empty Close, the same in answer, END_STREAM by both."""
    tcp = Tcp(rng, index)
    end = b""
    yield from http2_open(tcp, True)
    for turn in range(frames):
        stream = 2 * turn + 1
        yield from tcp.segments(0, end + http2_frame(HEADERS, END_HEADERS, stream, http2_fields(
            (":method", "CONNECT"), (":protocol", "websocket"), (":scheme", "https"),
            (":authority", "ws.example.test"), (":path", f"/socket/{turn % 97}"),
            ("sec-websocket-version", "13"), ("sec-websocket-extensions", OFFER))))
        yield from tcp.segments(1, http2_frame(HEADERS, END_HEADERS, stream,
                                               http2_fields((":status", "200"))))
        yield from tcp.segments(0, http2_frame(DATA, 0, stream, rng.choice(pools[True, False]))
                                + http2_frame(DATA, 0, stream, close_frame(rng, True, -1, "")))
        yield from tcp.segments(1, http2_frame(DATA, END_STREAM, stream,
                                               close_frame(rng, False, -1, "")))
        end = http2_frame(DATA, END_STREAM, stream, b"")
    yield from tcp.segments(0, end)
    yield from tcp.close(0)


def plain_http2_allowed(*args):
    """The same, where the server's SETTINGS allow WebSocket (RFC 8441 section 3)."""
    return plain_http2(*args, allow_websocket=True)


HANDSHAKE, CHANGE_CIPHER_SPEC, APPLICATION_DATA = 22, 20, 23
CLIENT_HELLO, SERVER_HELLO = 1, 2


def tls_record(kind, payload, version=0x0303):
    return struct.pack("!BHH", kind, version, len(payload)) + payload


def sized(width, payload):
    """A vector of TLS: its length in so many octets, and it."""
    return len(payload).to_bytes(width, "big") + payload


def tls_extension(kind, payload):
    return struct.pack("!H", kind) + sized(2, payload)


def client_hello(rng, session):
    """As of TLS 1.3 (RFC 8446 section 4.1.2)."""
    extensions = b"".join((
        tls_extension(0, sized(2, b"\0" + sized(2, b"www.example.test"))),
        tls_extension(10, sized(2, struct.pack("!HHH", 0x001D, 0x0017, 0x0018))),
        tls_extension(13, sized(2, struct.pack("!HHHH", 0x0403, 0x0804, 0x0401, 0x0503))),
        tls_extension(16, sized(2, sized(1, b"h2") + sized(1, b"http/1.1"))),
        tls_extension(43, sized(1, struct.pack("!HH", 0x0304, 0x0303))),
        tls_extension(51, sized(2, struct.pack("!H", 0x001D) + sized(2, rng.randbytes(32)))),
    ))
    suites = struct.pack("!HHHHH", 0x1301, 0x1302, 0x1303, 0xC02B, 0xC02F)
    return bytes((CLIENT_HELLO,)) + sized(3, b"\x03\x03" + rng.randbytes(32) + sized(1, session)
                                          + sized(2, suites) + sized(1, b"\0")
                                          + sized(2, extensions))


def server_hello(rng, session):
    extensions = (tls_extension(43, struct.pack("!H", 0x0304))
                  + tls_extension(51, struct.pack("!H", 0x001D) + sized(2, rng.randbytes(32))))
    return bytes((SERVER_HELLO,)) + sized(3, b"\x03\x03" + rng.randbytes(32) + sized(1, session)
                                          + b"\x13\x01\0" + sized(2, extensions))


def tls(rng, index, frames, _pools, _data_only):
    """Packets of one connection of TLS 1.3 that nobody has the keys of: random application data."""
    tcp = Tcp(rng, index, 443)
    session = rng.randbytes(32)
    change = tls_record(CHANGE_CIPHER_SPEC, b"\x01")
    yield from tcp.open()
    yield from tcp.segments(0, tls_record(HANDSHAKE, client_hello(rng, session), 0x0301))
    yield from tcp.segments(1, tls_record(HANDSHAKE, server_hello(rng, session)) + change
                            + tls_record(APPLICATION_DATA, rng.randbytes(2100)))
    yield from tcp.segments(0, change + tls_record(APPLICATION_DATA, rng.randbytes(53)))
    for _ in range(frames):
        size = 30 + int(rng.expovariate(1 / 60)) if rng.random() < 0.9 else rng.randrange(400, 8000)
        yield from tcp.segments(0 if rng.random() < 0.5 else 1,
                                tls_record(APPLICATION_DATA, rng.randbytes(size)))
        if rng.random() < 0.3:
            yield tcp.packet(0, ACK)
    yield from tcp.close(0)


class Udp:
    """Both directions of one client port and one server port."""

    def __init__(self, index, port):
        self.ends = ends(index, client_port(index), port)
        self.identity = index

    def packet(self, who, payload):
        ethernet, addresses, ports = self.ends[who]
        self.identity += 1
        return b"".join((
            ethernet,
            struct.pack("!BBHHHBBH", 0x45, 0, 28 + len(payload), self.identity & 0xFFFF, 0x4000, 64,
                        17, 0),
            addresses, ports, struct.pack("!HH", 8 + len(payload), 0), payload))


def dns_name(name):
    return b"".join(sized(1, label.encode()) for label in name.split(".")) + b"\0"


def udp(rng, index, frames, _pools, _data_only):
    """Packets of one client that asks for names and the time, and sends what no dissector knows."""
    dns, ntp, other = Udp(index, 53), Udp(index, 123), Udp(index, 40000 + index % 100)
    for turn in range(frames):
        dice = rng.random()
        if dice < 0.6:
            kind = rng.choice((1, 28))      # A or AAAA
            question = dns_name(f"host{turn}.{index % 97}.example.test") + struct.pack("!HH", kind, 1)
            number = rng.getrandbits(16)
            address = rng.randbytes(4 if kind == 1 else 16)
            yield dns.packet(0, struct.pack("!HHHHHH", number, 0x0100, 1, 0, 0, 0) + question)
            yield dns.packet(1, struct.pack("!HHHHHH", number, 0x8180, 1, 1, 0, 0) + question
                             + struct.pack("!HHHI", 0xC00C, kind, 1, 300) + sized(2, address))
        elif dice < 0.7:
            yield ntp.packet(0, b"\x23" + bytes(39) + rng.randbytes(8))
            yield ntp.packet(1, b"\x24\x02\x06\xe9" + bytes(12) + rng.randbytes(32))
        else:
            yield other.packet(rng.randrange(2), rng.randbytes(20 + int(rng.expovariate(1 / 200))))


KINDS = {"websocket": websocket, "http": plain_http, "http2": plain_http2,
         "http2-allowed": plain_http2_allowed, "http2-websockets": http2_websockets, "tls": tls,
         "udp": udp}


def write_capture(out, connections, frames, kind, data_only, seed):
    """Interleave the connections and write them; returns the number of packets."""
    rng = random.Random(seed)
    pools = frame_pools(rng)
    out.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1))
    started = 0
    active = []
    microseconds = 1_700_000_000_000_000
    packets = 0
    while True:
        while len(active) < ACTIVE and started < connections:
            own = random.Random(seed << 32 | started)
            active.append(kind(own, started, frames, pools, data_only))
            started += 1
        if not active:
            return packets
        slot = int(rng.random() * len(active))
        octets = next(active[slot], None)
        if octets is None:
            active[slot] = active[-1]
            active.pop()
            continue
        microseconds += 5 + int(rng.random() * 190)
        seconds, rest = divmod(microseconds, 1_000_000)
        out.write(struct.pack("<IIII", seconds, rest, len(octets), len(octets)) + octets)
        packets += 1


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("file", metavar="FILE")
    parser.add_argument("--connections", type=int, default=20000, metavar="N")
    parser.add_argument("--frames", type=int, default=DATA_FRAMES, metavar="M",
                        help="data frames per connection (default: %(default)s)")
    parser.add_argument("--data-only", type=float, default=0.0, metavar="SHARE",
                        help="share (0..1) of connections that never close (default: 0)")
    parser.add_argument("--kind", choices=KINDS, default="websocket",
                        help="of the connections: one WebSocket each (the default); ordinary requests "
                        "over HTTP/1.1 or HTTP/2, or over HTTP/2 that allows WebSocket; WebSockets "
                        "over HTTP/2, one per frame; TLS without keys; DNS and other UDP")
    parser.add_argument("--seed", type=int, default=6455)
    args = parser.parse_args()

    with open(args.file, "wb", buffering=1 << 20) as out:
        packets = write_capture(out, args.connections, args.frames, KINDS[args.kind],
                                args.data_only, args.seed)
    print(f"{args.file}: {packets} packets, {args.connections} connections", file=sys.stderr)


if __name__ == "__main__":
    main()
