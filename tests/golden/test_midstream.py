#!/usr/bin/env python3
#
# test_midstream.py - connections whose opening handshake is not in the capture are found, and told right
#
# SPDX-License-Identifier: GPL-2.0-or-later
#
"""test_midstream.py --plugin BUILD/plugin/wsclose.so

All packets of real connections up to the response are left out. With a Close frame of each side a
connection is found without being told of, and what it says is what the whole one said, or less.
"""

import os
import struct
import sys
import tempfile
import unittest

import golden

sys.path.insert(0, os.path.join(golden.ROOT, "captures", "record"))

import pcapng  # noqa: E402 (the folder above)

CAPTURES = ["frame-over-many-segments", "h1-large-message", "matrix-aiohttp", "matrix-tornado",
            "matrix-ws", "matrix-wsproto", "message-too-big-ws", "own-failure-codes-ws",
            "ws-server-close-no-code"]

ETHERNET_LEN = 14


def ends(connection):
    return frozenset((connection[f"{side}.address"], connection[f"{side}.port"])
                     for side in ("client", "server"))


def ends_of(packet):
    ip = packet[ETHERNET_LEN:]
    addresses = (".".join(map(str, ip[at:at + 4])) for at in (12, 16))
    return frozenset(zip(addresses, struct.unpack_from(">HH", ip, (ip[0] & 15) * 4)))


def conversation():
    """Messages of both sides, and nothing else."""
    numbers = [1, 1]
    for text in (b"Good morning", b"Good day", b"Good night"):
        for side in (0, 1):
            key = (b"\x37\xfa\x21\x3d" * 4)[:len(text)]
            frame = (b"\x81" + bytes((0x80 | len(text),)) + key[:4] +
                     bytes(map(int.__xor__, text, key)) if side == 0 else
                     b"\x81" + bytes((len(text),)) + text)
            ports = (50000, 8080)[::1 if side == 0 else -1]
            tcp = struct.pack(">HHIIBBHHH", *ports, numbers[side], numbers[1 - side], 0x50, 0x18,
                              1024, 0, 0)
            addresses = [bytes((192, 0, 2, 1)), bytes((192, 0, 2, 2))][::1 if side == 0 else -1]
            yield (bytes(12) + b"\x08\0" +
                   struct.pack(">BBHHHBBH", 0x45, 0, 40 + len(frame), 0, 0, 64, 6, 0) +
                   b"".join(addresses) + tcp + frame)
            numbers[side] += len(frame)


class Midstream(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        golden.make_readable(directory.name)
        self.path = os.path.join(directory.name, "rest.pcapng")

    def report(self, name, *args):
        return {ends(row): row for row in golden.connections_in(golden.tshark(
            name, "-q", "-z", "wsclose,json", *args))}

    def write(self, packets):
        pcapng.write(self.path, packets)
        golden.make_readable(self.path)

    def rest(self, name, whole):
        """What follows the responses."""
        response = {key: row.get("wsclose.response_in", 0) for key, row in whole.items()}
        return [(time, data) for number, (time, data) in
                enumerate(pcapng.read(golden.capture_path(name)), 1)
                if number > response.get(ends_of(data), 0)]

    def test_codes(self):
        for name in CAPTURES:
            with self.subTest(capture=name):
                whole = self.report(name)
                self.write(self.rest(name, whole))
                found = self.report(self.path)
                self.assertEqual([], [key for key in found if key not in whole])
                for key, row in whole.items():
                    if len({close["wsclose.sender"] for close in row["closes"]}) < 2:
                        continue
                    self.assertIn(key, found)
                    self.assertEqual(found[key]["client.port"], row["client.port"])
                    self.assertTrue(found[key]["wsclose.incomplete"])
                    for field in ("wsclose.client.code", "wsclose.server.code"):
                        self.assertIn(found[key].get(field), (None, row[field]))

    def test_closes_are_where_they_were(self):
        """The first Close is known for one with the second, and keeps its own packet."""
        name = "matrix-ws"
        packets = self.rest(name, self.report(name))
        self.write(packets)
        for row in self.report(self.path).values():
            numbers = [close["frame.number"] for close in row["closes"]]
            self.assertEqual(len(set(numbers)), len(numbers))
            for number in numbers:
                self.assertEqual(ends_of(packets[number - 1][1]), ends(row))

    def test_verdict_is_where_it_says(self):
        """Frames that a later packet shows to be some: the verdict stands on that one."""
        name = "generated-midstream-late"
        for args in ((), ("-2",)):
            rows = golden.field_rows(name, ["wsclose.event", "wsclose.verdict_in"], *args)
            self.assertEqual(rows, {5: {"wsclose.event": "2\x1e2\x1e3", "wsclose.verdict_in": "5\x1e5"}})
            [row] = self.report(name, *args).values()
            self.assertEqual(row["wsclose.verdict_in"], 5)
            self.assertEqual([close["frame.number"] for close in row["closes"]], [2, 3])

    def test_no_event(self):
        """A connection of which nothing else is told is in the reports all the same."""
        self.write([(number, data) for number, data in enumerate(conversation())])
        for args in ((), ("-2",)):
            rows = self.report(self.path, *args)
            self.assertEqual([(row["client.port"], row["wsclose.frames.client"],
                               row["wsclose.frames.server"], row["closes"])
                              for row in rows.values()], [(50000, 3, 3, [])])
            self.assertEqual(golden.tshark(self.path, "-Y", "wsclose", *args), [])


if __name__ == "__main__":
    golden.main()
