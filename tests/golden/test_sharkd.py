#!/usr/bin/env python3
#
# test_sharkd.py - one process that loads one capture after the other, and looks at packets in any order
#
# SPDX-License-Identifier: GPL-2.0-or-later
#
"""test_sharkd.py --plugin BUILD/plugin/wsclose.so

sharkd is Wireshark without its window: it loads a capture, lists its packets, shows any one of them, as
often as it is asked to. What it says is what tshark says of the capture alone.
"""

import json
import shutil
import subprocess
import unittest

import golden

CAPTURES = ["matrix-ws", "h2-closes-ws", "ws-1010-reason-declined", "tls13-close-no-code",
            "generated-breaches", "generated-no-websocket"]
FIELDS = ["wsclose.event", "wsclose.stream", "wsclose.code", "wsclose.verdict",
          "wsclose.peer_close_in", "wsclose.verdict_in"]


class Sharkd(unittest.TestCase):
    def setUp(self):
        program = shutil.which("sharkd")
        self.assertIsNotNone(program, "sharkd: no such program")
        self.process = subprocess.Popen(
            [program, "-"], env=golden.Setup.tshark.environment(golden.Setup.home),
            cwd=golden.Setup.home, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, **golden.Setup.tshark.user())
        self.addCleanup(self.stop)
        self.requests = 0

    def stop(self):
        self.process.stdin.close()
        self.assertEqual(self.process.wait(), 0)
        self.process.stdout.close()

    def ask(self, method, **params):
        self.requests += 1
        self.process.stdin.write(json.dumps({"jsonrpc": "2.0", "id": self.requests,
                                             "method": method, "params": params}) + "\n")
        self.process.stdin.flush()
        while True:
            line = self.process.stdout.readline()
            self.assertNotEqual(line, "", "sharkd has ended")
            if line.strip():
                answer = json.loads(line)
                self.assertEqual(answer["id"], self.requests)
                return answer["result"]

    def load(self, name):
        self.assertEqual(self.ask("load", file=golden.capture_path(name)), {"status": "OK"})

    def rows(self):
        """{packet: [texts of FIELDS]}"""
        # sharkd remembers what a filter has found, beyond the capture: no filter twice.
        columns = {f"column{i}": f"{field}:0" for i, field in enumerate(FIELDS)}
        packets = self.ask("frames", filter=f"wsclose || frame.number == {10**8 + self.requests}",
                           **columns)
        return {packet["num"]: packet["c"] for packet in packets}

    def tree(self, number):
        """Texts of our items in a packet."""
        texts = []

        def walk(items, ours):
            for item in items:
                is_ours = ours or item.get("f", "").startswith("wsclose")
                if is_ours:
                    texts.append(item["l"])
                walk(item.get("n", []), is_ours)

        walk(self.ask("frame", frame=number, proto=True)["tree"], False)
        return texts

    def test_packets(self):
        for name in CAPTURES * 2:
            with self.subTest(capture=name):
                self.load(name)
                rows = self.rows()
                self.assertEqual(rows, self.rows())
                wanted = golden.field_rows(name, ["wsclose.event"], "-2")
                self.assertEqual(sorted(rows), sorted(wanted))
                for number, row in wanted.items():
                    self.assertEqual(len(rows[number][0].split(",")),
                                     len(row["wsclose.event"].split("\x1e")))

    def test_details(self):
        """In any order, and again after another capture."""
        seen = {}
        for name in CAPTURES * 2:
            with self.subTest(capture=name):
                self.load(name)
                numbers = sorted(self.rows(), reverse=True)[:20]
                trees = {number: self.tree(number) for number in numbers}
                self.assertEqual(trees, {number: self.tree(number) for number in numbers[::-1]})
                self.assertEqual(trees, seen.setdefault(name, trees))
                self.assertTrue(all(trees.values()))

    def test_report(self):
        """Connections in the tree of counts, of one capture after the other."""
        for name in CAPTURES * 2:
            with self.subTest(capture=name):
                self.load(name)
                for _ in range(2):
                    tap = self.ask("tap", tap0="stat:wsclose")["taps"][0]
                    self.assertEqual(tap["stats"][0]["count"],
                                     len(golden.connections_in(golden.tshark(
                                         name, "-q", "-z", "wsclose,json"))))


if __name__ == "__main__":
    golden.main()
