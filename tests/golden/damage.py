#
# damage.py - what the tests on damaged connections share: connections, variants, what is untrue
#
# SPDX-License-Identifier: GPL-2.0-or-later
#
"""Damage connections in many ways, and hold what is said of each variant against what is said of the
whole connection.

All variants of one kind stand in one file, each with a client address of its own.
"""

import collections
import concurrent.futures
import dataclasses
import functools
import os
import re
import struct
import sys
import tempfile
import unittest

import golden

sys.path.insert(0, os.path.join(golden.ROOT, "captures", "record"))

import pcapng  # noqa: E402 (the folder above)

RAW_IP = 101
# Octets before the IP header, by the type of the link.
LINK_HEADERS = {RAW_IP: 0, 1: 14, 113: 16, 276: 20}
TCP = 6
FIN, SYN, RST, ACK = 1, 2, 4, 16
PACKETS_MAX = 45      # of a connection; longer ones only repeat what the others show
LATER = 3             # packets between a packet and its repetition
LATE = 2              # packets that overtake a late one; swaps have one
SNAPLENS = (0, 20)    # octets of TCP payload
PACKET_SNAPLENS = (600, 1300)    # octets of a packet, as tcpdump -s counts them
ETHERNET = 14         # octets of the header that the shipped captures have before that of IP
BETWEEN = 100_000_000    # microseconds from the end of a variant to the next one
SHOWN = 12            # examples in a failure

OUT_OF_ORDER = ("-o", "tcp.reassemble_out_of_order:TRUE")
NO_REASSEMBLY = ("-o", "tcp.desegment_tcp_streams:FALSE")
NO_ANALYSIS = ("-o", "tcp.analyze_sequence_numbers:FALSE")
SINGLE_RECORDS = ("-o", "tls.desegment_ssl_records:FALSE")

# What a variant may have differently though nothing of the connection changed.
PLACES = {"wsclose." + name for name in ("stream", "request_in", "response_in", "peer_close_in",
                                         "verdict_in", "client.close_in", "server.close_in",
                                         "cause_in", "ping_unanswered")}

TIMED = {"close_unanswered", "flow_forgotten", "idle_timeout", "lifetime_limit", "one_sided_silence",
         "ping_unanswered"}

# A client, a frame number, how often something was sent again.
VARYING = re.compile(r"\b10\.\d+\.\d+\.\d+\b|(?<=\bframe )\d+|(?<=sent it )\d+(?= times)")


@functools.cache
def unvaried(text):
    return VARYING.sub("*", text)


@dataclasses.dataclass(frozen=True)
class Packet:
    time: int             # in microseconds
    data: bytes           # from the IP header on
    side: int             # 0 client, 1 server
    seq: int              # relative to the side's first one
    ack: int              # relative to the other side's; -1 without
    flags: int
    payload: int          # its length
    offset: int           # of the payload in data
    captured: int = -1    # octets of data that a variant keeps

    @property
    def end(self):
        return self.seq + self.payload + bool(self.flags & SYN) + bool(self.flags & FIN)

    def __str__(self):
        names = "".join(letter for bit, letter in ((SYN, "S"), (FIN, "F"), (RST, "R"), (ACK, "."))
                        if self.flags & bit)
        cut = "" if self.captured < 0 else f" cut to {self.captured - self.offset}"
        body = self.data[self.offset:self.offset + 12]
        return (f"{'CS'[self.side]} {names:3} seq {self.seq} ack {self.ack} len {self.payload}"
                f"{cut}{' ' + repr(body)[1:] if body else ''}")


@dataclasses.dataclass(frozen=True)
class Variant:
    connection: int
    kind: str
    where: int            # of a packet in the whole connection
    packets: tuple
    lost: tuple = ()      # packets of the whole that are not in it
    swapped: tuple = ()   # the two packets, in their new order


@dataclasses.dataclass(frozen=True)
class Connection:
    name: str             # capture and client port
    packets: tuple
    client: bytes         # address
    stream: str = None    # of HTTP/2: one of those that these packets have
    number: int = 0       # of its TCP connection in the capture, as tcp.stream counts

    def of(self, items):
        """Those of verdicts or closes that are of this connection."""
        return [item for item in items if item.get("wsclose.http2_stream") == self.stream]


# Reading and writing.

def link_type(path):
    """Of the first interface."""
    with open(path, "rb") as file:
        data = file.read()
    at = 0
    while struct.unpack_from("<I", data, at)[0] != pcapng.INTERFACE:
        at += struct.unpack_from("<I", data, at + 4)[0]
    return struct.unpack_from("<H", data, at + 8)[0]


def ip_packets(path):
    """[(time, octets from the IP header on)]"""
    skip = LINK_HEADERS[link_type(path)]
    return [(time, data[skip:]) for time, data in pcapng.read(path) if data[skip] >> 4 in (4, 6)]


def ip_header(data):
    """Its length, the protocol that follows, the length of all of it, and where the two addresses
    are."""
    if data[0] >> 4 == 6:
        return 40, data[6], 40 + struct.unpack_from(">H", data, 4)[0], slice(8, 24), slice(24, 40)
    return ((data[0] & 15) * 4, data[9], struct.unpack_from(">H", data, 2)[0] or len(data),
            slice(12, 16), slice(16, 20))


def split(name, most=PACKETS_MAX):
    """The TCP connections of a capture that have so many packets at most."""
    flows = collections.OrderedDict()
    for time, data in ip_packets(golden.capture_path(name)):
        at, protocol, _, source, destination = ip_header(data)
        if protocol != TCP:
            continue
        ports = struct.unpack_from(">HH", data, at)
        ends = ((data[source], ports[0]), (data[destination], ports[1]))
        flows.setdefault(frozenset(ends), []).append((time, data, ends[0]))
    for number, flow in enumerate(flows.values()):
        syns = {(source, data[ip_header(data)[0] + 4:][:4]) for _, data, source in flow
                if data[ip_header(data)[0] + 13] & (SYN | ACK) == SYN}
        if len(syns) != 1:
            continue  # no beginning, or the same ports again
        client = next(iter(syns))[0]
        first = {}
        packets = []
        for time, data, source in flow:
            at, _, total, _, _ = ip_header(data)
            seq, ack = struct.unpack_from(">II", data, at + 4)
            flags = data[at + 13]
            side = 0 if source == client else 1
            first.setdefault(side, seq)
            if flags & ACK:
                first.setdefault(1 - side, ack - 1)
            offset = at + (data[at + 12] >> 4) * 4
            packets.append(Packet(
                time, data[:total], side, (seq - first[side]) & 0xFFFFFFFF,
                (ack - first[1 - side]) & 0xFFFFFFFF if flags & ACK else -1, flags, total - offset,
                offset))
        if len(packets) <= most and any(packet.payload for packet in packets):
            yield Connection(f"{name}:{client[1]}", tuple(packets), client[0], number=number)


FIRST_CLIENT = 0x0A000001
SERVER = bytes((192, 0, 2, 1))
NETWORK = bytes.fromhex("20010db8") + bytes(8)    # what precedes these in IPv6


def addressed(packet, number):
    """Octets of a packet whose client has an address of its own."""
    data = bytearray(packet.data)
    ends = ip_header(data)[3:]
    for end, address in ((ends[packet.side], struct.pack(">I", FIRST_CLIENT + number)),
                         (ends[1 - packet.side], SERVER)):
        data[end] = address if data[0] >> 4 == 4 else NETWORK + address
    return bytes(data)


def write(path, variants):
    """A pcap file of raw IP packets."""
    with open(path, "wb") as file:
        file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, RAW_IP))
        clock = 1_000_000_000_000_000
        for number, variant in enumerate(variants):
            start = variant.packets[0].time if variant.packets else 0
            time = clock
            for packet in variant.packets:
                data = addressed(packet, number)
                time = clock + packet.time - start
                kept = data if packet.captured < 0 else data[:packet.captured]
                file.write(struct.pack("<IIII", time // 1_000_000, time % 1_000_000, len(kept),
                                       len(data)) + kept)
            clock = time + BETWEEN
    golden.make_readable(path)


# The variants.

def at_times_of(packets, whole):
    """The same packets at the times of others, so that time does not run backwards."""
    return tuple(dataclasses.replace(packet, time=original.time)
                 for packet, original in zip(packets, whole))


def cut(packet, octets):
    if packet.payload <= octets:
        return packet
    return dataclasses.replace(packet, captured=packet.offset + octets)


def has_headers(packet):
    """Of HTTP/2: the preface, or a frame with (part of) a header list."""
    payload = packet.data[packet.offset:]
    if payload.startswith(b"PRI "):
        return True
    while len(payload) >= 9:
        if payload[3] in (1, 9) and payload[:2] == b"\0\0":
            return True
        payload = payload[9 + int.from_bytes(payload[:3], "big"):]
    return False


def is_handshake(packet):
    """Of HTTP, or of TLS: the records that are not application data."""
    start = packet.data[packet.offset:packet.offset + 5]
    return start.startswith((b"GET ", b"HTTP/", b"\x14\x03", b"\x16\x03")) or has_headers(packet)


def is_request(packet):
    """What Wireshark has to see before it knows what follows."""
    return (packet.data[packet.offset:packet.offset + 4] == b"GET "
            or packet.side == 0 and has_headers(packet))


def losses(index, whole):
    for i, packet in enumerate(whole):
        yield Variant(index, "drop", i, whole[:i] + whole[i + 1:], (packet,))
    for k in range(1, len(whole)):
        yield Variant(index, "head", k, whole[k:], whole[:k])
    for side in (0, 1):
        yield Variant(index, "one-way", side, tuple(p for p in whole if p.side == side),
                      tuple(p for p in whole if p.side != side))
    for octets in SNAPLENS:
        yield Variant(index, f"snap-{octets}", -1, tuple(cut(p, octets) for p in whole))
        yield Variant(index, f"snap-{octets}", -2, tuple(
            p if is_handshake(p) else cut(p, octets) for p in whole))
        for i, packet in enumerate(whole):
            if packet.payload > octets:
                yield Variant(index, f"snap-{octets}", i,
                              whole[:i] + (cut(packet, octets),) + whole[i + 1:])


def tails(index, whole):
    for k in range(1, len(whole)):
        yield Variant(index, "tail", k, whole[:k])


def repetitions(index, whole):
    for i, packet in enumerate(whole):
        yield Variant(index, "twice", i, whole[:i + 1] + (packet,) + whole[i + 1:])
        j = i + 1 + LATER
        if j <= len(whole):
            again = dataclasses.replace(packet, time=whole[j - 1].time)
            yield Variant(index, "again", i, whole[:j] + (again,) + whole[j:])


def swaps(index, whole):
    for i in range(len(whole) - 1):
        pair = (whole[i + 1], whole[i])
        yield Variant(index, "swap", i, at_times_of(whole[:i] + pair + whole[i + 2:], whole),
                      swapped=pair)


def snapped(packet, octets):
    return cut(packet, max(octets - ETHERNET - packet.offset, 0))


def cuts(index, whole):
    for octets in PACKET_SNAPLENS:
        kind = f"snaplen-{octets}"
        short = tuple(snapped(packet, octets) for packet in whole)
        if short == whole:
            continue
        yield Variant(index, kind, -1, short)
        for i, packet in enumerate(short):
            if packet.captured >= 0:
                yield Variant(index, kind, i, whole[:i] + (packet,) + whole[i + 1:])


def cuts_of_one_side(index, whole):
    """From some packet on nothing of one side can be read."""
    for side in (0, 1):
        first = next((i for i, packet in enumerate(whole)
                      if packet.side == side and packet.payload and not is_handshake(packet)),
                     len(whole))
        for octets in (0, 20):
            yield Variant(index, f"side-{octets}", side, whole[:first] + tuple(
                cut(packet, octets) if packet.side == side else packet
                for packet in whole[first:]))


def tls_losses(index, whole):
    yield from losses(index, whole)
    yield from cuts(index, whole)
    yield from cuts_of_one_side(index, whole)


def late(index, whole):
    """A packet that comes after others that were sent after it."""
    for i in range(len(whole) - LATE):
        overtaking = whole[i + 1:i + 1 + LATE]
        yield Variant(index, "late", i, at_times_of(
            whole[:i] + overtaking + (whole[i],) + whole[i + 1 + LATE:], whole),
            swapped=(*overtaking, whole[i]))


# Two damages at once.

def in_order_of_time(packets):
    times = sorted(packet.time for packet in packets)
    return tuple(dataclasses.replace(packet, time=time) for packet, time in zip(packets, times))


def dropped(random, packets, variant):
    i = random.randrange(len(packets))
    return dataclasses.replace(variant, packets=packets[:i] + packets[i + 1:],
                               lost=(*variant.lost, packets[i]))


def shortened(random, packets, variant):
    i = random.choice([i for i, packet in enumerate(packets) if packet.payload] or [0])
    packet = cut(packets[i], random.randrange(max(packets[i].payload, 1)))
    return dataclasses.replace(variant, packets=packets[:i] + (packet,) + packets[i + 1:])


def repeated(random, packets, variant):
    i = random.randrange(len(packets))
    j = min(i + 1 + random.randrange(2 * LATER), len(packets))
    again = dataclasses.replace(packets[i], time=packets[j - 1].time)
    return dataclasses.replace(variant, packets=packets[:j] + (again,) + packets[j:])


def delayed(random, packets, variant):
    """One late packet at most: what another one shows of the order is another matter."""
    if variant.swapped or len(packets) <= LATE:
        return variant
    i = random.randrange(len(packets) - LATE)
    overtaking = packets[i + 1:i + 1 + LATE]
    return dataclasses.replace(variant, swapped=(*overtaking, packets[i]), packets=(
        packets[:i] + overtaking + (packets[i],) + packets[i + 1 + LATE:]))


def begun_late(random, packets, variant):
    return dataclasses.replace(variant, packets=packets[random.randrange(len(packets)):])


def ended_early(random, packets, variant):
    return dataclasses.replace(variant, packets=packets[:random.randrange(len(packets)) + 1])


DAMAGES = (dropped, shortened, repeated, delayed, begun_late, ended_early)


def pair(random, index, whole):
    """A variant with two damages."""
    chosen = [random.choice(DAMAGES), random.choice(DAMAGES)]
    variant = Variant(index, "+".join(damage.__name__ for damage in chosen), -1, whole)
    for damage in chosen:
        variant = damage(random, variant.packets, variant)
        if not variant.packets:
            return dataclasses.replace(variant, packets=whole, lost=(), swapped=())
    return dataclasses.replace(variant, packets=in_order_of_time(variant.packets))


# What a capture can show.

def uncovered(side, lost, kept):
    """Where the first octet is that no packet of the variant has; None where all are there."""
    for start, end in sorted((p.seq, p.end) for p in lost if p.side == side):
        at = start
        for packet in sorted((p for p in kept if p.side == side), key=lambda p: p.seq):
            if packet.seq <= at < packet.end:
                at = packet.end
        if at < end:
            return at
    return None


def shows_loss(variant, until):
    """Whether the packets up to the verdict show that octets are missing: a later segment of their
    sender, an acknowledgement of the other side, a packet that is cut, no handshake."""
    seen = variant.packets[:until + 1]
    if any(packet.captured >= 0 for packet in seen) or variant.kind in ("head", "one-way"):
        return True
    for side in (0, 1):
        start = uncovered(side, variant.lost, seen)
        if start is not None and any(packet.seq > start if packet.side == side
                                     else packet.ack > start for packet in seen):
            return True
    return False


def shows_swap(variant):
    """Whether packets or their acknowledgements tell in which order they were sent, and Wireshark
    dissects them: it decodes no header list of HTTP/2 behind its own acknowledgement."""
    first, second = variant.swapped
    if first.side == 1 and second.side == 0 and has_headers(second):
        return False
    if first.side == second.side:
        return first.seq != second.seq or first.end != second.end
    return first.ack >= second.end and second.end > second.seq


def shows_order(variant):
    """Whether packets or their acknowledgements tell that the late packet was sent before those
    that have overtaken it."""
    late_one = variant.swapped[-1]
    return late_one.end > late_one.seq and all(
        packet.seq != late_one.seq if packet.side == late_one.side
        else packet.ack >= late_one.end for packet in variant.swapped[:-1])


def shows_both(variant, until):
    """Whether the packets up to the verdict show each of two damages, the one without the other."""
    alone = dataclasses.replace(variant, kind="drop", packets=tuple(
        dataclasses.replace(packet, captured=-1) for packet in variant.packets))
    return all(shows_loss(dataclasses.replace(alone, lost=(packet,)), until)
               for packet in variant.lost if packet.end > packet.seq) and (
                   not variant.swapped or shows_order(variant))


def is_half_a_response(whole, variant):
    """Of a 101 that is cut nobody knows whether the rest was sent; it is taken for whole."""
    return "wsclose.handshake_status" not in whole and any(
        packet.captured >= 0 and b"HTTP/1.1 101" in packet.data[:packet.captured]
        for packet in variant.packets)


# What is untrue.

def flag(verdict, name):
    value = verdict.get("wsclose." + name)
    return golden.BOOLEANS.get(value, value)


def close_contradictions(whole, close):
    """What is told with a Close frame, and not of the whole connection."""
    for side in ("client", "server"):
        name = f"wsclose.{side}.code"
        if name in close and close[name] != whole.get(name):
            yield f"{side} is told another code with a Close frame"


def code_contradictions(whole, closes, verdict, strict):
    incomplete = "wsclose.incomplete" in verdict
    for peer, side in ((1, "client"), (0, "server")):
        name = f"wsclose.{side}.code"
        told, truth = verdict.get(name), whole.get(name)
        if told is None:
            if truth is not None and not incomplete:
                yield f"{side} code unknown, yet not incomplete"
        elif told != truth:
            # A Close frame of the peer is there, and what came before it is not: a frame that made
            # its receiver fail the connection, an earlier Close. The frame says what it says, with
            # a warning.
            if not strict and incomplete and told in closes.get(peer, ()):
                continue
            yield f"{side} is told {'1006' if told == '1006' else 'another code'}" \
                  f", which is not so{'' if incomplete else ', and not incomplete'}"


def contradictions(whole, closes, variant, verdict, strict=False, causes=()):
    """What a verdict says that the one on the whole connection does not.

    closes  codes of the Close frames that the whole has, by sender
    strict  no other code than the right one may be told, not even that of a Close frame which is
            there, where what came before it is not
    causes  that are known to be right, besides the one told of the whole"""
    yield from code_contradictions(whole, closes, verdict, strict)
    if verdict["wsclose.initiator"] not in ("0", whole["wsclose.initiator"]):
        yield "another initiator"
    if flag(verdict, "clean") != flag(whole, "clean") and "wsclose.incomplete" not in verdict:
        yield "clean differs, and not incomplete"
    told = verdict["wsclose.cause"]
    right = {whole["wsclose.cause"], "unknown", *causes}
    # Who swaps packets, swaps their times.
    if flag(verdict, "cause_certain") == "1" and told not in right and not (
            variant.swapped and {told, whole["wsclose.cause"]} & TIMED):
        yield f"{told} is certain, not {whole['wsclose.cause']}"
    if "wsclose.abnormal" in verdict and "1006" not in (whole.get("wsclose.client.code"),
                                                        whole.get("wsclose.server.code")):
        yield "abnormal, which is not so"
    if "wsclose.unanswered" in verdict and "wsclose.unanswered" not in whole:
        yield "unanswered, which is not so"


class Case(unittest.TestCase):
    """Connections, files of variants, and the runs of tshark on them."""

    maxDiff = None
    limits = {}           # {(preference, connection): why}: told wrongly where Wireshark works so
    arguments = ()        # of every run of tshark
    # Whether no other code than the right one may be told, not even that of a Close frame which is
    # there, where what came before it is not.
    strict = False

    @classmethod
    def setUpClass(cls):
        cls.directory = tempfile.TemporaryDirectory()
        golden.make_readable(cls.directory.name)
        cls.files = {}        # name: (path, variants)
        cls.results = {}      # (name, argument, ...): what run_tshark() returns

    @classmethod
    def tearDownClass(cls):
        cls.directory.cleanup()

    @classmethod
    def written(cls, name, variants):
        path = os.path.join(cls.directory.name, name + ".pcap")
        write(path, variants)
        return path

    @classmethod
    def add_file(cls, name, variants):
        cls.files[name] = (cls.written(name, variants), variants)

    @classmethod
    def add_variants(cls, name, make):
        """A file of what make(index, packets) gives for each connection."""
        cls.add_file(name, [variant for index, connection in enumerate(cls.connections)
                            for variant in make(index, connection.packets)])

    @classmethod
    def run_all(cls, keys):
        """Run tshark for each (name of a file, argument, ...)."""
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            cls.results = dict(zip(keys, pool.map(lambda key: cls.run_tshark(
                *cls.files[key[0]], *key[1:]), keys)))

    @classmethod
    def kind(cls, connection, verdict):
        """By what a connection and the verdict on it differ from others."""
        raise NotImplementedError

    @classmethod
    def choose(cls, every):
        """One connection of each kind."""
        wholes = [Variant(i, "whole", 0, connection.packets)
                  for i, connection in enumerate(every)]
        found, _ = cls.run_tshark(cls.written("every", wholes), wholes, closes=True)
        cls.connections, cls.wholes, cls.closes = [], [], []
        kinds = set()
        each = [(connection, verdict, closes)
                for connection, (verdicts, closes) in zip(every, found) for verdict in verdicts
                if len(verdicts) == 1 or "wsclose.http2_stream" in verdict]
        for connection, verdict, closes in each:
            connection = dataclasses.replace(connection,
                                             stream=verdict.get("wsclose.http2_stream"))
            kind = cls.kind(connection, verdict)
            if kind in kinds or "wsclose.incomplete" in verdict:
                continue
            kinds.add(kind)
            if len(kinds) % golden.Setup.sample != 0:
                continue
            cls.connections.append(connection)
            cls.wholes.append(verdict)
            cls.closes.append({side: {close["wsclose.code"] for close in connection.of(sent)}
                               for side, sent in closes.items()})

    # What tshark says.

    @classmethod
    def run_tshark(cls, path, variants, *args, closes=False):
        """For each variant its verdicts, and its Close frames by sender; and what Wireshark says is
        wrong with us."""
        fields = "wsclose.verdict or _ws.malformed" + (" or wsclose.code" if closes else "")
        first = []   # frame number before a variant's first packet
        count = 0
        for variant in variants:
            first.append(count)
            count += len(variant.packets)
        found = [([], {}) for _ in variants]
        faults = []
        for packet in golden.packets(path, "-Y", fields, "-j", "ip wsclose _ws.malformed",
                                     "-o", "wsclose.no_status_threshold:0", *cls.arguments, *args):
            malformed = packet.find("proto[@name='_ws.malformed']")
            if malformed is not None and "wsclose" in (malformed.get("showname") or ""):
                faults.append(malformed.get("showname"))
            ip = packet.find("proto[@name='ip']")
            number = min(cls.client_of(ip.find(f"field[@name='ip.{end}']")) for end in ("src", "dst"))
            frame = golden.number_of(packet) - first[number] - 1
            for item in packet.findall("proto[@name='wsclose']"):
                fields = {}
                for field in item.iter("field"):
                    name = field.get("name", "")
                    if name.startswith("wsclose.") and name not in fields:
                        fields[name] = unvaried(field.get("show"))
                fields["packet"] = frame
                if fields["wsclose.event"] == "3":
                    found[number][0].append(fields)
                elif "wsclose.code" in fields:
                    sender = int(fields["wsclose.sender"]) - 1
                    found[number][1].setdefault(sender, []).append(fields)
        return found, faults

    @staticmethod
    def client_of(field):
        address = struct.unpack(">I", bytes(map(int, field.get("show").split("."))))[0]
        return address - FIRST_CLIENT if address >> 24 == 10 else 1 << 32

    def run_file(self, name, *args):
        """[(variant, its verdicts)] of a run that the tests share."""
        found, faults = self.results[(name, *args)]
        self.assertEqual(faults, [])
        return [(variant, self.connections[variant.connection].of(verdicts))
                for variant, (verdicts, _) in zip(self.files[name][1], found)]

    # What is wrong.

    def report(self, wrong, preference=()):
        """wrong: [(what, variant, verdict or None)]; fails if one of them is no known limit."""
        limits = tuple(name for of, name in self.limits if of == preference)
        wrong = [entry for entry in wrong
                 if not self.connections[entry[1].connection].name.startswith(limits)]
        if not wrong:
            return
        classes = collections.Counter((what, variant.kind) for what, variant, _ in wrong)
        lines = [f"{count} x {kind}: {what}" for (what, kind), count in classes.most_common()]
        told = collections.Counter()
        for what, variant, verdict in wrong:
            told[what, variant.kind] += 1
            if told[what, variant.kind] > SHOWN // len(classes) + 1:
                continue
            lines.append("")
            lines += self.shown(what, variant, verdict)
        self.fail("\n".join(["", *lines]))

    def shown(self, what, variant, verdict):
        whole = self.wholes[variant.connection]
        lines = [f"{self.connections[variant.connection].name} {variant.kind} {variant.where}: "
                 f"{what}"]
        lines += [f"    {i + 1:2} {packet}" for i, packet in enumerate(variant.packets)
                  if verdict is None or i <= verdict["packet"] + 1]
        lines += [f"  not there: {packet}" for packet in variant.lost]
        for name, fields in (("whole", whole), ("variant", verdict)):
            lines.append(f"  {name}: {self.codes(fields)} {fields['wsclose.verdict']}"
                         + (f" [packet {fields['packet'] + 1}]" if name == "variant" else "")
                         if fields else f"  {name}: no verdict")
        return lines

    @staticmethod
    def codes(verdict):
        return "/".join(verdict.get(f"wsclose.{side}.code", "-") for side in ("client", "server")
                        ) + (" incomplete" if "wsclose.incomplete" in verdict else "")

    def close_contradictions(self, variant, close):
        return close_contradictions(self.wholes[variant.connection], close)

    def contradictions(self, variant, verdict):
        return contradictions(self.wholes[variant.connection], self.closes[variant.connection],
                              variant, verdict, self.strict)

    def check_losses(self, runs):
        wrong = []
        for variant, verdicts in runs:
            if len(verdicts) > 1:
                wrong.append(("two verdicts", variant, verdicts[1]))
            for verdict in verdicts[:1]:
                # What no packet shows to be missing may as well never have been sent.
                if (shows_loss(variant, verdict["packet"])
                        and not is_half_a_response(self.wholes[variant.connection], variant)):
                    wrong += [(what, variant, verdict)
                              for what in self.contradictions(variant, verdict)]
        self.report(wrong)

    def check_tails(self, runs):
        """A verdict is there with the packet that settles it, and no other one before."""
        wrong = []
        for variant, verdicts in runs:
            whole = self.wholes[variant.connection]
            settled = whole["packet"] < variant.where
            if len(verdicts) != settled:
                wrong.append((f"{len(verdicts)} verdicts", variant,
                              verdicts[0] if verdicts else None))
            elif settled and any(whole[key] != verdicts[0].get(key) for key in whole
                                 if key not in PLACES and key != "packet"):
                wrong.append(("another verdict", variant, verdicts[0]))
        self.report(wrong)

    def check_repetitions(self, runs):
        wrong = []
        for variant, verdicts in runs:
            whole = self.wholes[variant.connection]
            if len(verdicts) != 1:
                wrong.append((f"{len(verdicts)} verdicts", variant,
                              verdicts[0] if verdicts else None))
                continue
            keys = sorted(key for key in {*whole, *verdicts[0]} - PLACES - {"packet"}
                          if whole.get(key) != verdicts[0].get(key))
            if keys:
                wrong.append((" ".join(keys), variant, verdicts[0]))
        self.report(wrong)

    def check_swaps(self, runs, preference=(), some_unread=False):
        """some_unread: there may be variants of which nothing can be read."""
        wrong = []
        for variant, verdicts in runs:
            if not shows_swap(variant):
                continue
            if len(verdicts) != 1 and (verdicts or not some_unread):
                wrong.append((f"{len(verdicts)} verdicts", variant,
                              verdicts[0] if verdicts else None))
            for verdict in verdicts[:1]:
                wrong += [(what, variant, verdict)
                          for what in self.contradictions(variant, verdict)]
        self.report(wrong, preference)
