#!/usr/bin/env python3
#
# test_carriers.py - the same TCP segments under other headers, whole and in fragments
#
# SPDX-License-Identifier: GPL-2.0-or-later
#
"""test_carriers.py --plugin BUILD/plugin/wsclose.so

Packets of shipped captures are put under every header that Wireshark finds TCP below, or are cut into
fragments of IP. Nothing else changes, so each packet says what it said before. What has no header of
TCP is not followed, and nothing is said of it.
"""

import json
import os
import struct
import subprocess
import sys
import tempfile
import unittest

import golden

sys.path.insert(0, os.path.join(golden.ROOT, "captures", "record"))

import pcapng  # noqa: E402 (the folder above)

# Closes, breaches, ends of TCP, messages over segments, HTTP/2; all of it over IPv4 on Ethernet.
SOURCES = ["ws-1010-reason-declined", "matrix-ws", "generated-breaches", "generated-transport-ends",
           "generated-segments-again", "frame-over-many-segments", "h2-closes-ws"]

# Link types, https://www.tcpdump.org/linktypes.html
NULL, ETHERNET, PPP, RAW, WLAN, COOKED, UPPER_PDU, COOKED_2 = 0, 1, 9, 101, 105, 113, 252, 276

HOP_BY_HOP, IPV4, TCP, UDP, IPV6, ROUTING, FRAGMENT, GRE, AH, DESTINATION = (
    0, 4, 6, 17, 41, 43, 44, 47, 51, 60)

MACS = bytes(range(2, 14))
OUTER_4 = bytes((192, 0, 2, 1)), bytes((192, 0, 2, 2))
OUTER_6 = bytes.fromhex("20010db8") + bytes(11) + b"\1", bytes.fromhex("20010db8") + bytes(11) + b"\2"

SECOND = 1_000_000


def is_ipv6(ip):
    return ip[0] >> 4 == 6


def ethertype(ip):
    return struct.pack(">H", 0x86DD if is_ipv6(ip) else 0x0800)


def ipv4(source, destination, protocol, payload, options=b"", identification=0, fragment=0):
    header_len = 20 + len(options)
    return struct.pack(">BBHHHBBH", 0x40 | header_len // 4, 0, header_len + len(payload),
                       identification, fragment, 64, protocol, 0
                       ) + source + destination + options + payload


def ipv6(source, destination, protocol, payload):
    return struct.pack(">IHBB", 6 << 28, len(payload), protocol, 64) + source + destination + payload


def tcp_of(ip):
    return ip[40:] if is_ipv6(ip) else ip[(ip[0] & 15) * 4:struct.unpack_from(">H", ip, 2)[0]]


def ends_of(ip):
    return (ip[8:24], ip[24:40]) if is_ipv6(ip) else (ip[12:16], ip[16:20])


def with_ipv6(ip):
    """The same segment between addresses of IPv6."""
    source, destination = (OUTER_6[0][:12] + end for end in ends_of(ip))
    return ipv6(source, destination, TCP, tcp_of(ip))


# Headers before IP.

def ethernet(ip):
    return MACS + ethertype(ip) + ip


def padded(ip):
    return ethernet(ip).ljust(60, b"\0")


def vlan(ip):
    return MACS + bytes.fromhex("81000064") + ethertype(ip) + ip


def vlan_twice(ip):
    return MACS + bytes.fromhex("88a80064 810000c8") + ethertype(ip) + ip


def mpls(ip):
    return MACS + bytes.fromhex("8847 00010040 00011140") + ip


def pppoe(ip):
    return MACS + bytes.fromhex("8864 1100 0001") + struct.pack(">H", len(ip) + 2) + ppp(ip)[2:]


def llc_snap(ip):
    if len(ip) > 1492:
        return ethernet(ip)  # a longer one would be taken for a type
    return MACS + struct.pack(">H", len(ip) + 8) + bytes.fromhex("aaaa03 000000") + ethertype(ip) + ip


def wlan(ip):
    return (bytes.fromhex("0801 0000") + MACS + MACS[:6] + bytes(2) + bytes.fromhex("aaaa03 000000")
            + ethertype(ip) + ip)


def ppp(ip):
    return bytes.fromhex("ff03") + (b"\0\x57" if is_ipv6(ip) else b"\0\x21") + ip


def cooked(ip):
    return bytes.fromhex("0000 0001 0006 020304050607 0000") + ethertype(ip) + ip


def cooked_2(ip):
    return ethertype(ip) + bytes.fromhex("0000 00000002 0001 00 06 020304050607 0000") + ip


def null(ip):
    return struct.pack("<I", 24 if is_ipv6(ip) else 2) + ip


# Tunnels, on Ethernet.

def in_ipv4(ip):
    return ethernet(ipv4(*OUTER_4, IPV6 if is_ipv6(ip) else IPV4, ip))


def in_ipv6(ip):
    return ethernet(ipv6(*OUTER_6, IPV6 if is_ipv6(ip) else IPV4, ip))


def in_itself(ip):
    """A tunnel between the ends of the connection."""
    if is_ipv6(ip):
        return ethernet(ipv6(*ends_of(ip), IPV6, ip))
    return ethernet(ipv4(*ends_of(ip), IPV4, ip))


def in_gre(ip):
    return ethernet(ipv4(*OUTER_4, GRE, bytes(2) + ethertype(ip) + ip))


def in_udp(port, payload):
    return ethernet(ipv4(*OUTER_4, UDP,
                         struct.pack(">HHHH", 50000, port, len(payload) + 8, 0) + payload))


def in_vxlan(ip):
    return in_udp(4789, bytes.fromhex("08000000 00000100") + ethernet(ip))


def in_geneve(ip):
    return in_udp(6081, bytes.fromhex("0000 6558 00000100") + ethernet(ip))


def in_gtp(ip):
    return in_udp(2152, struct.pack(">BBHI", 0x30, 255, len(ip), 1) + ip)


# Headers between IP and TCP.

def with_options(ip):
    return ethernet(ipv4(*ends_of(ip), TCP, tcp_of(ip), bytes.fromhex("94040000 01010100")))


def with_source_route(ip):
    """On its way to the first of two hops."""
    source, destination = ends_of(ip)
    return ethernet(ipv4(source, OUTER_4[0], TCP, tcp_of(ip),
                         bytes((131, 7, 4)) + destination + b"\0"))


def without_length(ip):
    """As a network card that cuts segments gets them."""
    if is_ipv6(ip):
        return ethernet(ip[:4] + bytes(2) + ip[6:])
    return ethernet(ip[:2] + bytes(2) + ip[4:])


def authenticated(ip):
    header = bytes((TCP, 4)) + bytes(2) + bytes.fromhex("00000001 00000001") + bytes(12)
    payload = header + tcp_of(ip)
    if is_ipv6(ip):
        return ethernet(ipv6(*ends_of(ip), AH, payload))
    return ethernet(ipv4(*ends_of(ip), AH, payload))


def with_extensions(ip):
    return ethernet(ipv6(*ends_of(ip), HOP_BY_HOP,
                         bytes((DESTINATION, 0, 1, 4)) + bytes(4)
                         + bytes((ROUTING, 1, 1, 12)) + bytes(12)
                         + bytes((FRAGMENT, 2, 0, 0)) + bytes(4) + OUTER_6[0]
                         + bytes((TCP, 0, 0, 0)) + bytes(4)
                         + tcp_of(ip)))


def with_route(ip):
    """On its way to the first of two hops."""
    source, destination = ends_of(ip)
    return ethernet(ipv6(source, OUTER_6[0], ROUTING,
                         bytes((TCP, 2, 0, 1)) + bytes(4) + destination + tcp_of(ip)))


ON_LINKS = [
    (RAW, bytes), (ETHERNET, padded), (ETHERNET, vlan), (ETHERNET, vlan_twice), (ETHERNET, mpls),
    (ETHERNET, pppoe), (ETHERNET, llc_snap), (WLAN, wlan), (PPP, ppp), (COOKED, cooked),
    (COOKED_2, cooked_2), (NULL, null),
]
IN_TUNNELS = [in_ipv4, in_ipv6, in_itself, in_gre, in_vxlan, in_geneve, in_gtp]
WITH_IPV4 = [with_options, with_source_route, without_length, authenticated]
WITH_IPV6 = [with_extensions, with_route, without_length, authenticated]


# Fragments of IP.

def cuts(payload):
    """Two or three pieces, all but the last in units of eight octets."""
    units = len(payload) // 8
    pieces = 3 if units >= 3 else 2
    ends = [units * i // pieces * 8 for i in range(1, pieces)] + [len(payload)]
    return [(start, payload[start:end]) for start, end in zip([0, *ends], ends)]


def fragments_4(ip, number):
    last = len(tcp_of(ip))
    return [ethernet(ipv4(*ends_of(ip), TCP, piece, identification=number & 0xFFFF,
                          fragment=start // 8 | (0x2000 if start + len(piece) < last else 0)))
            for start, piece in cuts(tcp_of(ip))]


def fragments_6(ip, number):
    last = len(tcp_of(ip))
    return [ethernet(ipv6(*ends_of(ip), FRAGMENT,
                          struct.pack(">BBHI", TCP, 0,
                                      start | (1 if start + len(piece) < last else 0), number)
                          + piece))
            for start, piece in cuts(tcp_of(ip))]


def tunnel_fragments(ip, number):
    """The tunnel is in fragments, not what it carries."""
    return [ethernet(ipv4(*OUTER_4, GRE, piece, identification=number & 0xFFFF,
                          fragment=start // 8 | (0x2000 if start + len(piece) < len(ip) + 4 else 0)))
            for start, piece in cuts(bytes(2) + ethertype(ip) + ip)]


FILLER = MACS + bytes.fromhex("88b5") + bytes(46)  # of a protocol for experiments


def read_sources():
    """[(time, octets from the IPv4 header on)], one capture behind the other."""
    packets = []
    for name in SOURCES:
        start = packets[-1][0] + SECOND if packets else 0
        capture = pcapng.read(golden.capture_path(name))
        packets += [(start + time - capture[0][0], data[14:]) for time, data in capture]
    return packets


class Carriers(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        directory = tempfile.TemporaryDirectory()
        cls.addClassCleanup(directory.cleanup)
        golden.make_readable(directory.name)
        cls.directory = directory.name
        cls.fields = golden.field_names()
        cls.over_4 = read_sources()
        cls.over_6 = [(time, with_ipv6(ip)) for time, ip in cls.over_4]
        cls.told_4 = cls.told(ETHERNET, [(time, ethernet(ip)) for time, ip in cls.over_4])
        cls.told_6 = cls.told(ETHERNET, [(time, ethernet(ip)) for time, ip in cls.over_6])

    @classmethod
    def told(cls, link, packets, *args):
        """What is said of packets: all fields, and the report."""
        path = os.path.join(cls.directory, "packets.pcapng")
        pcapng.write(path, packets, link)
        golden.make_readable(path)
        lines = golden.tshark(path, "-2", *golden.fields_printed(cls.fields), "-z", "wsclose,json",
                              *args)
        # The report is below the packets.
        split = next(i for i, line in enumerate(lines + ["{"]) if line.startswith("{"))
        report = [json.loads(line) for line in lines[split:]]
        del report[-1]["packets"]   # fragments are more
        return golden.rows_of(lines[:split], cls.fields), report

    def assert_same(self, told, wanted):
        self.assertEqual(told[0], wanted[0])
        self.assertEqual(told[1], wanted[1])

    def test_there_is_something_to_compare(self):
        for rows, report in (self.told_4, self.told_6):
            self.assertGreater(len(rows), 200)
            self.assertGreater(len(report), 50)

    def test_links(self):
        for link, carried in ON_LINKS:
            with self.subTest(carried.__name__):
                self.assert_same(self.told(link, [(time, carried(ip)) for time, ip in self.over_4]),
                                 self.told_4)
                self.assert_same(self.told(link, [(time, carried(ip)) for time, ip in self.over_6]),
                                 self.told_6)

    def test_tunnels(self):
        for carried in IN_TUNNELS:
            with self.subTest(carried.__name__):
                self.assert_same(
                    self.told(ETHERNET, [(time, carried(ip)) for time, ip in self.over_4]),
                    self.told_4)
                self.assert_same(
                    self.told(ETHERNET, [(time, carried(ip)) for time, ip in self.over_6]),
                    self.told_6)

    def test_headers_between(self):
        for carried in WITH_IPV4:
            with self.subTest(carried.__name__):
                self.assert_same(
                    self.told(ETHERNET, [(time, carried(ip)) for time, ip in self.over_4]),
                    self.told_4)
        for carried in WITH_IPV6:
            with self.subTest(carried.__name__, over="IPv6"):
                self.assert_same(
                    self.told(ETHERNET, [(time, carried(ip)) for time, ip in self.over_6],
                              "-o", "ipv6.tso_support:TRUE"),
                    self.told_6)

    def test_mixed(self):
        """Another header in each packet."""
        carried = [carried for link, carried in ON_LINKS if link == ETHERNET] + IN_TUNNELS
        self.assert_same(self.told(ETHERNET, [(time, carried[i % len(carried)](ip))
                                              for i, (time, ip) in enumerate(self.over_4)]),
                         self.told_4)

    def assert_same_in_pieces(self, cut, packets, order):
        pieces = []
        whole = []
        for number, (time, ip) in enumerate(packets):
            of_packet = cut(ip, number + 1)
            pieces += [(time, piece) for piece in order(of_packet)]
            whole += [(time, FILLER)] * (len(of_packet) - 1) + [(time, ethernet(ip))]
        self.assert_same(self.told(ETHERNET, pieces), self.told(ETHERNET, whole))

    def test_fragments(self):
        for cut, packets in ((fragments_4, self.over_4), (fragments_6, self.over_6),
                             (tunnel_fragments, self.over_4), (tunnel_fragments, self.over_6)):
            for order in (list, lambda pieces: pieces[1:] + pieces[:1], lambda pieces: pieces[::-1]):
                with self.subTest(cut.__name__):
                    self.assert_same_in_pieces(cut, packets, order)

    def test_fragments_that_are_not_put_together(self):
        """What is missing is said to be missing."""
        pieces = [(time, piece) for number, (time, ip) in enumerate(self.over_4)
                  for piece in fragments_4(ip, number)]
        rows, report = self.told(ETHERNET, pieces, "-o", "ip.defragment:FALSE")
        for connection in report:
            self.assertNotIn("wsclose.client.code", connection)
            self.assertNotIn("wsclose.server.code", connection)

    def test_every_packet_twice(self):
        """As -i any has them that go through two interfaces."""
        twice = [packet for time, ip in self.over_4 for packet in [(time, cooked_2(ip))] * 2]
        once = [packet for time, ip in self.over_4
                for packet in ((time, ethernet(ip)), (time, FILLER))]
        self.assert_same(self.told(COOKED_2, twice), self.told(ETHERNET, once))


class WithoutTcp(unittest.TestCase):
    """What has no header of TCP is not followed."""

    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        golden.make_readable(directory.name)
        self.path = os.path.join(directory.name, "packets.pcapng")

    def assert_nothing_told(self):
        golden.make_readable(self.path)
        self.assertEqual(golden.tshark(self.path, "-Y", "wsclose"), [])
        line, = golden.tshark(self.path, "-q", "-z", "wsclose,json")
        coverage = json.loads(line)
        self.assertEqual((coverage["connections"], coverage["whole"]), (0, False))
        self.assertGreater(coverage["without_header"], 0)

    def test_exported(self):
        """PDUs as Wireshark exports them: octets of one protocol, its name, addresses, ports."""
        packets = []
        for number, (time, ip) in enumerate(read_sources()):
            segment = tcp_of(ip)
            payload = segment[(segment[12] >> 4) * 4:]
            source, destination = ends_of(ip)
            tags = b""
            for tag, value in ((12, b"http" if payload[:4] in (b"GET ", b"HTTP") else b"websocket"),
                               (20, source), (21, destination), (24, struct.pack(">I", 2)),
                               (25, bytes(2) + segment[:2]), (26, bytes(2) + segment[2:4])):
                tags += struct.pack(">HH", tag, len(value) + -len(value) % 4) + value
                tags += bytes(-len(value) % 4)
            if payload and number < 1000:
                packets.append((time, tags + bytes(4) + payload))
        pcapng.write(self.path, packets, UPPER_PDU)
        self.assertGreater(len(golden.tshark(self.path, "-Y", "websocket")), 100)
        self.assert_nothing_told()


if __name__ == "__main__":
    golden.main()
