#
# segments.py - TCP connections of captures as segments that can be changed, and written again
#
# SPDX-License-Identifier: GPL-2.0-or-later
#
"""Read the connections of the shipped captures, and write changed ones: whatever was changed, the
headers are made anew, with lengths and check sums that are right."""

import dataclasses
import functools
import os
import struct

import part  # noqa: F401 (first: it tells where the others are)
import golden
import pcapng

FIN, SYN, RST, PSH, ACK = 1, 2, 4, 8, 16
CLIENT, SERVER = 0, 1
# Of a connection; longer ones only repeat what the others show.
SEGMENTS_MAX = 60
OCTETS_MAX = 30_000
# What fits into a packet, with room for the headers.
PAYLOAD_MAX = 60_000

ETHERNET, RAW_IP, COOKED = 1, 101, 113
LINK_LENGTHS = {ETHERNET: 14, RAW_IP: 0, COOKED: 16}


@dataclasses.dataclass(frozen=True)
class Segment:
    time: int              # in microseconds
    side: int
    seq: int               # relative to the side's first one
    ack: int               # relative to the other side's; 0 without
    flags: int
    payload: bytes = b""
    options: bytes = b""   # of TCP, padded
    captured: int = -1     # octets of payload that the capture keeps; all where negative

    @property
    def end(self):
        return self.seq + len(self.payload) + bool(self.flags & SYN) + bool(self.flags & FIN)


@dataclasses.dataclass(frozen=True)
class Connection:
    name: str
    segments: tuple
    ports: tuple           # of client and server
    version: int = 4       # of IP
    secrets: bytes = b""   # key log of TLS
    changes: tuple = ()    # what was done to it

    def with_segments(self, segments):
        return dataclasses.replace(self, segments=tuple(segments))


# Reading.

def transport(data):
    """(version, source, destination, offset of TCP, end of the packet), None if it is not TCP."""
    if len(data) < 20:
        return None
    if data[0] >> 4 == 4 and data[9] == 6:
        total = struct.unpack_from(">H", data, 2)[0] or len(data)
        return 4, data[12:16], data[16:20], (data[0] & 15) * 4, total
    if data[0] >> 4 == 6 and data[6] == 6:
        return 6, data[8:24], data[24:40], 40, 40 + struct.unpack_from(">H", data, 4)[0]
    return None


def flows(path):
    """{both ends: [(time, source, version, TCP header and payload)]}, and the secrets."""
    found = {}
    secrets = b""
    skip = 0
    for kind, body in pcapng.blocks(path):
        if kind == pcapng.INTERFACE:
            skip = LINK_LENGTHS[struct.unpack_from("<H", body)[0]]
        elif kind == pcapng.SECRETS:
            secrets += pcapng.secrets_of(body)
        elif kind == pcapng.PACKET:
            _, high, low, captured = struct.unpack_from("<IIII", body)
            data = body[20 + skip:20 + captured]
            where = transport(data)
            if where is None:
                continue
            version, source, destination, at, total = where
            ports = struct.unpack_from(">HH", data, at)
            ends = (source, ports[0]), (destination, ports[1])
            found.setdefault(frozenset(ends), []).append(
                (high << 32 | low, ends[0], version, data[at:total]))
    return found, secrets


def who_is_client(packets):
    for _, source, _, tcp in packets:
        if tcp[13] & (SYN | ACK) == SYN:
            return source
    for _, source, _, tcp in packets:
        if tcp[(tcp[12] >> 4) * 4:].startswith((b"GET ", b"PRI ")):
            return source
    return packets[0][1]


def segments_of(packets, client):
    first = {}
    for time, source, _, tcp in packets:
        side = CLIENT if source == client else SERVER
        seq, ack = struct.unpack_from(">II", tcp, 4)
        flags = tcp[13]
        first.setdefault(side, seq)
        if flags & ACK:
            first.setdefault(1 - side, (ack - 1) & 0xFFFFFFFF)
        offset = (tcp[12] >> 4) * 4
        yield Segment(time, side, (seq - first[side]) & 0xFFFFFFFF,
                      (ack - first[1 - side]) & 0xFFFFFFFF if flags & ACK else 0,
                      flags & (FIN | SYN | RST | PSH | ACK), tcp[offset:], tcp[20:offset])


def connections_in(name):
    """The connections of a capture that are short enough."""
    path = golden.capture_path(name)
    found, secrets = flows(path)
    beside = path[:-len(".pcapng")] + ".keys.log"
    if os.path.exists(beside):
        with open(beside, "rb") as file:
            secrets += file.read()
    for ends, packets in found.items():
        octets = sum(len(tcp) for *_, tcp in packets)
        if len(ends) != 2 or len(packets) > SEGMENTS_MAX or octets > OCTETS_MAX:
            continue
        client = who_is_client(packets)
        server = next(end for end in ends if end != client)
        yield Connection(f"{name}:{client[1]}", tuple(segments_of(packets, client)),
                         (client[1], server[1]), packets[0][2], secrets)


@functools.cache
def every_connection():
    return tuple(connection for name in golden.capture_names()
                 for connection in connections_in(name))


# Writing.

def check_sum(data):
    if len(data) % 2:
        data += b"\0"
    total = sum(struct.unpack(f">{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def address(version, side, number):
    """Of one side of the connection with this number in a file."""
    if version == 4:
        return struct.pack(">I", (10 << 24) + (side << 23) + number + 1)
    return bytes((0xFD, side)) + bytes(10) + struct.pack(">I", number + 1)


def packed(connection, segment, number, link, server):
    """Octets of a packet, and how many of them a capture has; server: the number of its address."""
    numbers = (number, server)
    ends = [address(connection.version, side, numbers[side]) for side in (CLIENT, SERVER)]
    source, destination = ends[segment.side], ends[1 - segment.side]
    ports = connection.ports if segment.side == CLIENT else connection.ports[::-1]
    first = (1_000_000 + number * 7919, 3_000_000_000 + number * 104_729)
    ack = segment.ack + first[1 - segment.side] if segment.flags & ACK else 0
    options = segment.options[:40] + bytes(-len(segment.options[:40]) % 4)
    tcp = struct.pack(">HHIIBBHHH", *ports, (segment.seq + first[segment.side]) & 0xFFFFFFFF,
                      ack & 0xFFFFFFFF, 20 + len(options) << 2, segment.flags, 65000, 0,
                      0) + options + segment.payload
    pseudo = source + destination + struct.pack(">IBBBB", len(tcp), 0, 0, 0, 6)
    tcp = tcp[:16] + struct.pack(">H", check_sum(pseudo + tcp)) + tcp[18:]
    if connection.version == 4:
        ip = struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(tcp), 0, 0x4000, 64, 6,
                         0) + source + destination
        ip = ip[:10] + struct.pack(">H", check_sum(ip)) + ip[12:]
    else:
        ip = struct.pack(">IHBB", 6 << 28, len(tcp), 6, 64) + source + destination
    head = b""
    if link == ETHERNET:
        head = bytes((2, 0, 0, 0, 0, 2 - segment.side, 2, 0, 0, 0, 0, 1 + segment.side)) + (
            b"\x08\x00" if connection.version == 4 else b"\x86\xdd")
    data = head + ip + tcp
    if segment.captured < 0:
        return data, len(data)
    return data, len(data) - max(len(segment.payload) - segment.captured, 0)


BEGAN = 1_000_000_000_000_000   # where the clock of a file starts
APART = 100_000_000             # so far is one connection from the next
TIME_MAX = (1 << 64) - 1        # that a packet of pcapng can have


def write(path, connections, link=ETHERNET, mingled=False):
    """A file of connections, one behind the other, or all at the same time and with one server.
    Returns for each connection the numbers of its packets."""
    packets = []
    clock = BEGAN
    for number, connection in enumerate(connections):
        times = [segment.time for segment in connection.segments]
        start = times[0] if times else 0
        for segment in connection.segments:
            # Times that were changed to nothing like a time stay so.
            time = segment.time if segment.time < 1 or segment.time > 1 << 60 else (
                clock + segment.time - start)
            packets.append((number, min(max(time, 0), TIME_MAX), segment))
        if not mingled:
            clock += APART + min(max(times, default=0) - start, 1 << 40) % (1 << 40)
    if mingled:
        packets.sort(key=lambda packet: packet[1])
    numbers = [[] for _ in connections]
    with open(path, "wb") as file:
        file.write(pcapng.header(link))
        for secrets in sorted({connection.secrets for connection in connections} - {b""}):
            file.write(pcapng.secrets_block(secrets))
        for place, (number, time, segment) in enumerate(packets, 1):
            data, captured = packed(connections[number], segment, number, link,
                                    0 if mingled else number)
            file.write(pcapng.packet_block(time, data[:captured], len(data)))
            numbers[number].append(place)
    golden.make_readable(path)
    return numbers


# Changing.

def with_payload(connection, index, payload):
    """Another payload in a segment; what follows it moves."""
    old = connection.segments[index]
    moved = len(payload) - len(old.payload)
    segments = []
    for place, segment in enumerate(connection.segments):
        if place == index:
            segment = dataclasses.replace(old, payload=payload)
        elif segment.side == old.side and segment.seq > old.seq:
            segment = dataclasses.replace(segment, seq=max(segment.seq + moved, 0))
        elif segment.side == old.side and segment.seq == old.seq and old.payload == segment.payload:
            segment = dataclasses.replace(segment, payload=payload)   # sent again
        elif segment.side != old.side and segment.ack > old.seq:
            segment = dataclasses.replace(segment, ack=max(segment.ack + moved, 0))
        segments.append(segment)
    return fitted(connection.with_segments(segments))


def cut_up(segment, lengths):
    """The same octets in segments of these lengths."""
    rest = segment.payload
    at = segment.seq
    parts = []
    for length in lengths:
        if length < len(rest):
            parts.append(dataclasses.replace(segment, seq=at, payload=rest[:length],
                                             flags=segment.flags & ~FIN))
            at += length
            rest = rest[length:]
    return [*parts, dataclasses.replace(segment, seq=at, payload=rest)]


def fitted(connection):
    """Without a payload that is too long for a packet."""
    if all(len(segment.payload) <= PAYLOAD_MAX for segment in connection.segments):
        return connection
    return connection.with_segments(
        part for segment in connection.segments
        for part in cut_up(segment, [PAYLOAD_MAX] * (len(segment.payload) // PAYLOAD_MAX)))


def with_data(connection):
    """Places of the segments that have octets."""
    return [place for place, segment in enumerate(connection.segments) if segment.payload]
