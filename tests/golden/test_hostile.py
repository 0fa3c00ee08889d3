#!/usr/bin/env python3
#
# test_hostile.py - captures with random octets changed, cut packets and packets left out
#
# SPDX-License-Identifier: GPL-2.0-or-later
#
"""test_hostile.py --plugin BUILD/plugin/wsclose.so

Nothing crashes, nothing is a "Dissector bug" of ours, and both passes tell the same.
"""

import os
import random
import subprocess

import golden

SEEDS = range(1, 5)


# Of these stock takes the connection for WebSocket in a pass without a tree, and not in one with it.
GARBLED_VERSION = 'tcp.payload[0:5] == "HTTP/" and tcp.payload[0:7] != "HTTP/1."'


def renumbered(rows, garbled):
    """The rows that are not of these TCP connections, and WebSocket connections numbered anew: those
    are counted, too."""
    numbers = {}
    kept = {number: dict(row) for number, row in rows.items() if row["tcp.stream"] not in garbled}
    for number in sorted(kept):
        kept[number]["wsclose.stream"] = [numbers.setdefault(stream, len(numbers)) for stream in
                                          kept[number]["wsclose.stream"].split("\x1e")]
    return kept


class Hostile(golden.MergedCaptures):
    def edited(self, name, *args):
        path = os.path.join(self.directory.name, name)
        subprocess.run(["editcap", *args[:-1], self.all, path, *args[-1]], check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        golden.make_readable(path)
        return path

    def check(self, path):
        shown = golden.tshark(path, "-V", "-Y", "wsclose")  # fails where tshark does
        ours = [line for line in shown if "Dissector bug" in line and "wsclose" in line]
        self.assertEqual(ours, [])
        fields = ["wsclose.event", "wsclose.code", "wsclose.reason", "wsclose.stream",
                  "tcp.stream"]
        once, twice = golden.field_rows(path, fields), golden.field_rows(path, fields, "-2")
        garbled = set(golden.tshark(path, "-Y", GARBLED_VERSION, "-T", "fields", "-e", "tcp.stream"))
        once, twice = (renumbered(rows, garbled) for rows in (once, twice))
        self.assertEqual({number: (once.get(number), twice.get(number)) for number in {*once, *twice}
                          if once.get(number) != twice.get(number)}, {})

    def test_changed_octets(self):
        for seed in SEEDS[::golden.Setup.sample]:
            with self.subTest(seed=seed):
                self.check(self.edited(f"changed-{seed}.pcapng", "-E", "0.02", "-o", "54", "--seed",
                                       str(seed), []))

    def test_cut_packets(self):
        for length in (70, 54, 68, 72, 80, 200)[::golden.Setup.sample]:
            with self.subTest(snaplen=length):
                self.check(self.edited(f"cut-{length}.pcapng", "-s", str(length), []))

    def test_left_out_packets(self):
        for seed in SEEDS[::golden.Setup.sample]:
            with self.subTest(seed=seed):
                numbers = random.Random(seed).sample(range(1, 4000), 400)
                self.check(self.edited(f"left-out-{seed}.pcapng", "-F", "pcapng",
                                       [str(number) for number in sorted(numbers)]))


if __name__ == "__main__":
    golden.main()
