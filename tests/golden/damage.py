#
# damage.py - what the tests on damaged connections share: connections, variants, what is untrue
#
# SPDX-License-Identifier: GPL-2.0-or-later
#
"""Damage connections in many ways, one at a time, and hold what is said of each variant against
what is said of the whole connection.

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
FIN, SYN, RST, ACK = 1, 2, 4, 16
PACKETS_MAX = 45      # of a connection; longer ones only repeat what the others show
LATER = 3             # packets between a packet and its repetition
SNAPLENS = (0, 20)    # octets of TCP payload
SHOWN = 12            # examples in a failure

OUT_OF_ORDER = ("-o", "tcp.reassemble_out_of_order:TRUE")
NO_REASSEMBLY = ("-o", "tcp.desegment_tcp_streams:FALSE")
NO_ANALYSIS = ("-o", "tcp.analyze_sequence_numbers:FALSE")

# What a variant may have differently though nothing of the connection changed.
PLACES = {"wsclose." + name for name in ("stream", "request_in", "response_in", "peer_close_in",
                                         "verdict_in", "client.close_in", "server.close_in",
                                         "cause_in", "ping_unanswered")}

TIMED = {"close_unanswered", "idle_timeout", "one_sided_silence", "lifetime_limit"}

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

    def of(self, items):
        """Those of verdicts or closes that are of this connection."""
        return [item for item in items if item.get("wsclose.http2_stream") == self.stream]


# Reading and writing.

def link_type(path):
    with open(path, "rb") as file:
        data = file.read(4096)
    section = struct.unpack_from("<I", data, 4)[0]
    return struct.unpack_from("<H", data, section + 8)[0]


def ip_packets(path):
    """[(time, octets from the IPv4 header on)]"""
    skip = 0 if link_type(path) == RAW_IP else 14
    return [(time, data[skip:]) for time, data in pcapng.read(path) if data[skip] >> 4 == 4]


def split(name, most=PACKETS_MAX):
    """The TCP connections of a capture that have so many packets at most."""
    flows = collections.OrderedDict()
    for time, data in ip_packets(golden.capture_path(name)):
        at = (data[0] & 15) * 4
        if data[9] != 6:
            continue
        ports = struct.unpack_from(">HH", data, at)
        ends = ((data[12:16], ports[0]), (data[16:20], ports[1]))
        flows.setdefault(frozenset(ends), []).append((time, data, ends[0]))
    for flow in flows.values():
        syns = {(source, data[(data[0] & 15) * 4 + 4:][:4]) for _, data, source in flow
                if data[(data[0] & 15) * 4 + 13] & (SYN | ACK) == SYN}
        if len(syns) != 1:
            continue  # no beginning, or the same ports again
        client = next(iter(syns))[0]
        first = {}
        packets = []
        for time, data, source in flow:
            at = (data[0] & 15) * 4
            seq, ack = struct.unpack_from(">II", data, at + 4)
            flags = data[at + 13]
            side = 0 if source == client else 1
            first.setdefault(side, seq)
            if flags & ACK:
                first.setdefault(1 - side, ack - 1)
            offset = at + (data[at + 12] >> 4) * 4
            total = struct.unpack_from(">H", data, 2)[0] or len(data)
            packets.append(Packet(
                time, data[:total], side, (seq - first[side]) & 0xFFFFFFFF,
                (ack - first[1 - side]) & 0xFFFFFFFF if flags & ACK else -1, flags, total - offset,
                offset))
        if len(packets) <= most and any(packet.payload for packet in packets):
            yield Connection(f"{name}:{client[1]}", tuple(packets), client[0])


def addressed(packet, number):
    """Octets of a packet whose client has an address of its own."""
    data = bytearray(packet.data)
    own, other = (12, 16) if packet.side == 0 else (16, 12)
    data[own:own + 4] = struct.pack(">I", 0x0A000000 + number + 1)
    data[other:other + 4] = bytes((192, 0, 2, 1))
    return bytes(data)


def write(path, variants):
    """A pcap file of raw IP packets."""
    with open(path, "wb") as file:
        file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, RAW_IP))
        clock = 1_000_000_000_000_000
        for number, variant in enumerate(variants):
            start = variant.packets[0].time if variant.packets else 0
            for packet in variant.packets:
                data = addressed(packet, number)
                time = clock + packet.time - start
                kept = data if packet.captured < 0 else data[:packet.captured]
                file.write(struct.pack("<IIII", time // 1_000_000, time % 1_000_000, len(kept),
                                       len(data)) + kept)
            clock += 100_000_000
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
        return address - 0x0A000001 if address >> 24 == 10 else 1 << 32

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
        """What is told with a Close frame, and not of the whole connection."""
        whole = self.wholes[variant.connection]
        for side in ("client", "server"):
            name = f"wsclose.{side}.code"
            if name in close and close[name] != whole.get(name):
                yield f"{side} is told another code with a Close frame"

    def contradictions(self, variant, verdict):
        """What a verdict says that the one on the whole connection does not."""
        whole = self.wholes[variant.connection]
        closes = self.closes[variant.connection]
        incomplete = "wsclose.incomplete" in verdict
        for peer, side in ((1, "client"), (0, "server")):
            name = f"wsclose.{side}.code"
            told, truth = verdict.get(name), whole.get(name)
            if told is None:
                if truth is not None and not incomplete:
                    yield f"{side} code unknown, yet not incomplete"
            elif told != truth:
                # A Close frame of the peer is there, and what came before it is not: a frame that
                # made its receiver fail the connection, an earlier Close. The frame says what it
                # says, with a warning.
                if not self.strict and incomplete and told in closes.get(peer, ()):
                    continue
                yield f"{side} is told {'1006' if told == '1006' else 'another code'}" \
                      f", which is not so{'' if incomplete else ', and not incomplete'}"
        if verdict["wsclose.initiator"] not in ("0", whole["wsclose.initiator"]):
            yield "another initiator"
        if self.flag(verdict, "clean") != self.flag(whole, "clean") and not incomplete:
            yield "clean differs, and not incomplete"
        causes = {whole["wsclose.cause"], verdict["wsclose.cause"]}
        # Who swaps packets, swaps their times.
        if self.flag(verdict, "cause_certain") == "1" and len(causes - {"unknown"}) > 1 and not (
                variant.swapped and causes & TIMED):
            yield f"{verdict['wsclose.cause']} is certain, not {whole['wsclose.cause']}"
        for expert in ("abnormal", "unanswered"):
            if f"wsclose.{expert}" in verdict and f"wsclose.{expert}" not in whole:
                yield f"{expert}, which is not so"

    @staticmethod
    def flag(verdict, name):
        value = verdict.get("wsclose." + name)
        return golden.BOOLEANS.get(value, value)

    def check_losses(self, runs):
        wrong = []
        for variant, verdicts in runs:
            if len(verdicts) > 1:
                wrong.append(("two verdicts", variant, verdicts[1]))
            for verdict in verdicts[:1]:
                # What no packet shows to be missing may as well never have been sent.
                if (shows_loss(variant, verdict["packet"])
                        and not self.is_half_a_response(variant)):
                    wrong += [(what, variant, verdict)
                              for what in self.contradictions(variant, verdict)]
        self.report(wrong)

    def is_half_a_response(self, variant):
        """Of a 101 that is cut nobody knows whether the rest was sent; it is taken for whole."""
        return "wsclose.handshake_status" not in self.wholes[variant.connection] and any(
            packet.captured >= 0 and b"HTTP/1.1 101" in packet.data[:packet.captured]
            for packet in variant.packets)

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
