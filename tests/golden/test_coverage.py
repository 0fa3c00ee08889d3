#!/usr/bin/env python3
#
# test_coverage.py - what could not be looked into is said, once, in every report
#
# SPDX-License-Identifier: GPL-2.0-or-later
#
"""test_coverage.py --plugin BUILD/plugin/wsclose.so

Captures that lack something are made of the shipped ones: keys are left out, packets, the end of
packets. One with everything is in each test too, so that nothing is said for nothing.
"""

import json
import os
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import unittest

import golden

sys.path.insert(0, os.path.join(golden.ROOT, "captures", "record"))

import pcapng  # noqa: E402 (the folder above)
from key_log import secrets_of  # noqa: E402
from test_reports import tree_counts  # noqa: E402

COUNTS = ("tls_without_keys", "tls_partly", "begun_before", "with_gaps", "cut", "without_header",
          "quic")
NONE = "There is no WebSocket connection in this capture."
NOT_ALL = "No WebSocket connection was found, but not everything could be looked into."
UNREAD = "What could not be looked into"

# What each count is called in the tree, and how its text goes on after the number.
LABELS = {
    "tls_without_keys": ("TCP connections: TLS without keys", "is TLS without keys"),
    "tls_partly": ("TCP connections: TLS, decrypted in part", "Wireshark could decrypt only a part"),
    "begun_before": ("TCP connections: begun before the capture", "began before the capture"),
    "with_gaps": ("TCP connections: segments are missing", "lacks segments"),
    "cut": ("TCP connections: packets are cut short", "of which only the start was captured"),
    "without_header": ("packets of TCP: no whole header", "no whole header of TCP"),
    "quic": ("packets of QUIC: not read", "is QUIC, and WebSocket over HTTP/3 is not looked for"),
}

# Its packet in the capture of a 1010.
SERVER_CLOSE = 11


def udp_packet(text=b"text", port=5001):
    return (bytes(12) + b"\x08\0"
            + struct.pack(">BBHHHBBH", 0x45, 0, 28 + len(text), 0, 0, 64, 17, 0)
            + bytes((192, 0, 2, 1, 192, 0, 2, 2))
            + struct.pack(">HHHH", 5000, port, 8 + len(text), 0) + text)


def quic_packet():
    """An Initial packet of QUIC version 1 (RFC 9000 section 17.2.2); nobody can decrypt it."""
    return udp_packet(b"\xc0\0\0\0\1\x08" + b"destined" + b"\0\0\x44\xb0" + bytes(1200), 443)


class Coverage(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        directory = tempfile.TemporaryDirectory()
        cls.addClassCleanup(directory.cleanup)
        cls.directory = directory.name
        golden.make_readable(cls.directory)
        cls.captures = cls.make_captures()

    @classmethod
    def make(cls, name, packets, secrets=b""):
        path = os.path.join(cls.directory, name + ".pcapng")
        pcapng.write(path, packets, secrets=secrets)
        golden.make_readable(path)
        return path

    @classmethod
    def make_captures(cls):
        """{name: (path, {count: number} of what is not 0, WebSocket connections)}"""
        tls = pcapng.read(golden.capture_path("tls13-close-no-code"))
        secrets = secrets_of(golden.capture_path("tls13-close-no-code"))
        client = "\n".join(line for line in secrets if "SERVER_TRAFFIC" not in line) + "\n"
        whole = pcapng.read(golden.capture_path("ws-1010-reason-declined"))
        no_websocket = pcapng.read(golden.capture_path("generated-no-websocket"))
        response = next(number for number, (_, data) in enumerate(whole) if b"HTTP/1.1 101" in data)
        lost = [packet for number, packet in enumerate(whole, 1) if number != SERVER_CLOSE]
        cut = [(time, data[:70], len(data)) for time, data in whole]
        headless = [(time, data[:40], len(data)) for time, data in whole]
        return {
            "whole": (cls.make("whole", whole), {}, 1),
            "no-websocket": (cls.make("no-websocket", no_websocket), {}, 0),
            "no-keys": (cls.make("no-keys", tls), {"tls_without_keys": 1}, 0),
            "one-side": (cls.make("one-side", tls, client.encode()), {"tls_partly": 1}, 1),
            "late": (cls.make("late", whole[response + 1:response + 2]), {"begun_before": 1}, 0),
            "lost": (cls.make("lost", lost), {"with_gaps": 1}, 1),
            "cut": (cls.make("cut", cut), {"cut": 1}, 0),
            "headless": (cls.make("headless", headless), {"without_header": len(whole)}, 0),
            "empty": (cls.make("empty", []), {}, 0),
            "quic": (cls.make("quic", [(0, quic_packet())]), {"quic": 1}, 0),
            "udp": (cls.make("udp", [(0, udp_packet())] * 3), {}, 0),
        }

    def run_tshark(self, *args):
        """(standard output, standard error)"""
        with golden.Setup.tshark.popen(golden.Setup.home, args, text=True, encoding="utf-8",
                                       stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
            out, err = process.communicate()
        self.assertEqual(process.returncode, 0, err)
        return out, err

    def report(self, name, *which, args=()):
        reports = [part for one in which for part in ("-z", "wsclose," + one)]
        return self.run_tshark("-r", self.captures[name][0], "-q", *reports, *args)

    def assert_said_once(self, text, lacks):
        """A text has a paragraph for each count, with its number, and no other one."""
        flat = " ".join(text.split())
        for name in COUNTS:
            part = LABELS[name][1]
            if lacks.get(name, 0) != 1:     # the words of several are others
                part = re.sub(r"^is ", "are ", re.sub(r"^lacks", "lack", part))
            self.assertEqual(flat.count(part), name in lacks, (name, text))
        for number in lacks.values():
            self.assertIn(f"{number} ", flat)

    @staticmethod
    def below_table(out):
        return out.split("\n" + "=" * 80 + "\n")[-1]

    # JSON Lines

    def test_json(self):
        for name, (path, lacks, connections) in self.captures.items():
            with self.subTest(capture=name):
                out, err = self.report(name, "json")
                rows = [json.loads(line) for line in out.splitlines()]
                self.assertEqual(len(golden.connections_in(out.splitlines())), connections)
                coverage = rows[-1]
                self.assertEqual({count: coverage[count] for count in COUNTS},
                                 {count: lacks.get(count, 0) for count in COUNTS})
                self.assertEqual(coverage["whole"], not lacks)
                self.assertEqual(coverage["packets"], len(pcapng.read(path)))
                self.assertNotIn("disabled", coverage)
                for line in err.splitlines():
                    self.assertTrue(line.startswith("wsclose: "), line)
                self.assertEqual(len(err.splitlines()), len(lacks))
                self.assert_said_once(err, lacks)

    def test_tcp_connections(self):
        for name, expected in {"whole": 1, "no-keys": 1, "empty": 0, "udp": 0, "headless": 0}.items():
            coverage = json.loads(self.report(name, "json")[0].splitlines()[-1])
            self.assertEqual(coverage["tcp_connections"], expected, name)
        for name in ("port-reused", "matrix-ws"):
            coverage = json.loads(golden.tshark(name, "-q", "-z", "wsclose,json")[-1])
            self.assertEqual(coverage["tcp_connections"], len(set(golden.tshark(
                name, "-Y", "tcp", "-T", "fields", "-e", "tcp.stream"))), name)

    def test_connections_that_are_forgotten(self):
        """Their ports are used again."""
        packets = pcapng.read(golden.capture_path("port-reused"))
        path = self.make("forgotten", [(time, data[:70], len(data)) for time, data in packets])
        coverage = json.loads(golden.tshark(path, "-q", "-z", "wsclose,json")[-1])
        carrying = golden.tshark(path, "-Y", "tcp.len > 0", "-T", "fields", "-e", "tcp.stream")
        self.assertEqual(coverage["cut"], len(set(carrying)))

    def test_filter(self):
        """What could not be looked into is of the capture; the connections are those that pass."""
        for which in ("json,frame.number == 1 && frame.number == 2", "json,tcp"):
            out, err = self.report("lost", which)
            rows = [json.loads(line) for line in out.splitlines()]
            self.assertEqual(rows[-1]["connections"], len(rows) - 1)
            self.assertEqual(rows[-1]["with_gaps"], 1)
            self.assert_said_once(err, {"with_gaps": 1})
        table, err = self.report("whole", "conn,frame.number == 1 && frame.number == 2")
        self.assertIn("WebSocket connections: 0", table)
        self.assertNotIn(NONE, table)
        self.assertEqual((self.below_table(table), err), ("", ""))

    # The table

    def test_table(self):
        for name, (_, lacks, connections) in self.captures.items():
            with self.subTest(capture=name):
                out, err = self.report(name, "conn")
                below = self.below_table(out)
                self.assertEqual(err, "")
                self.assert_said_once(below, lacks)
                self.assertEqual(NONE in below, name == "no-websocket")
                self.assertEqual(NOT_ALL in below, bool(lacks) and connections == 0)
                self.assertEqual("This capture has no packets." in below, name == "empty")
                self.assertEqual("There is no TCP in this capture" in below, name == "udp")
                self.assertEqual(below == "", not lacks and connections > 0)

    def test_table_width(self):
        for width in (40, 80, 120):
            out, _ = self.report("no-keys", "conn", args=("-o", f"wsclose.table_width:{width}"))
            lines = self.below_table(out).splitlines()
            self.assertLessEqual(max(map(len, lines)), width)
            self.assertGreater(max(map(len, lines)), width - 20)
        wide = self.below_table(self.report("no-keys", "conn",
                                            args=("-o", "wsclose.table_width:0"))[0])
        self.assertEqual(len(wide.splitlines()), 3)     # a sentence, an empty line, a paragraph
        self.assertEqual(" ".join(wide.split()), " ".join(" ".join(lines).split()))

    # The tree

    def test_tree(self):
        for name, (_, lacks, _) in self.captures.items():
            with self.subTest(capture=name):
                out, err = self.report(name, "tree")
                counts = tree_counts(out.splitlines())
                expected = {(UNREAD, LABELS[count][0]): number for count, number in lacks.items()}
                if lacks:
                    expected[(UNREAD,)] = sum(lacks.values())
                self.assertEqual({path: count for path, count in counts.items()
                                  if path[0] == UNREAD}, expected)
                self.assert_said_once(err, lacks)

    # Together

    def test_said_once(self):
        """Below the table where there is one, else on standard error."""
        lacks = {"tls_without_keys": 1}
        for which in (["json", "tree"], ["tree", "json"], ["json", "json,tcp"]):
            out, err = self.report("no-keys", *which)
            self.assert_said_once(err, lacks)
            self.assert_said_once(out.replace(LABELS["tls_without_keys"][0], ""), {})
        for which in (["json", "conn", "tree"], ["tree", "json", "conn"], ["conn", "tree", "json"],
                      ["conn", "conn,tcp"]):
            out, err = self.report("no-keys", *which)
            self.assertEqual(err, "")
            self.assert_said_once(out.replace(LABELS["tls_without_keys"][0], ""), lacks)

    def test_second_pass_counts_nothing_again(self):
        for name in self.captures:
            for which in ("json", "conn", "tree"):
                self.assertEqual(self.report(name, which), self.report(name, which, args=("-2",)),
                                 (name, which))

    def test_without_a_report_nothing_is_said(self):
        _, err = self.run_tshark("-r", self.captures["no-keys"][0])
        self.assertEqual(err, "")

    def test_sessions_add_up(self):
        """tshark begins anew after so many packets, as it does between the files of a ring buffer."""
        whole = os.path.join(self.directory, "merged.pcapng")
        names = ["no-keys", "late", "udp", "no-keys", "whole"]
        subprocess.run(["mergecap", "-a", "-I", "none", "-w", whole,
                        *(self.captures[name][0] for name in names)], check=True)
        golden.make_readable(whole)
        first = len(pcapng.read(self.captures["no-keys"][0]))
        out, err = self.run_tshark("-r", whole, "-M", str(first), "-z", "wsclose,json", "-q")
        coverage = json.loads(out.splitlines()[-1])
        self.assertEqual(coverage["tls_without_keys"], 2)
        self.assertGreaterEqual(coverage["begun_before"], 2)     # the second one is in two sessions
        self.assertEqual(coverage["packets"],
                         sum(len(pcapng.read(self.captures[name][0])) for name in names))
        self.assertEqual(err.count("2 TCP connections are TLS without keys"), 1)
        self.assertEqual(err.count("TLS without keys"), 1)

    # Dissection that is disabled

    def test_disabled(self):
        for protocol, title in {"ip": "IPv4", "ipv6": "IPv6", "tcp": "TCP", "tls": "TLS",
                                "http": "HTTP", "http2": "HTTP/2", "websocket": "WebSocket",
                                "wsclose": "wsclose"}.items():
            with self.subTest(protocol):
                args = ("--disable-protocol", protocol)
                out, err = self.report("no-websocket", "json", args=args)
                coverage = json.loads(out.splitlines()[-1])
                self.assertEqual(coverage["disabled"], [protocol])
                self.assertFalse(coverage["whole"])
                said = f"wsclose: The dissection of {title} is disabled, "
                self.assertEqual(err.count(said), 1)
                self.assertIn(f"--disable-protocol {protocol}, ", err)
                below = self.below_table(self.report("no-websocket", "conn", args=args)[0])
                self.assertIn(NOT_ALL, below)
                self.assertEqual(" ".join(below.split()).count(said.removeprefix("wsclose: ")), 1)

    def test_several_disabled(self):
        out, err = self.report("no-keys", "json", args=("--disable-protocol", "tls",
                                                        "--disable-protocol", "http2"))
        coverage = json.loads(out.splitlines()[-1])
        self.assertEqual(coverage["disabled"], ["tls", "http2"])
        self.assertEqual(coverage["tls_without_keys"], 1)
        self.assertEqual(len(err.splitlines()), 2)
        self.assertNotIn("SSLKEYLOGFILE", err)      # keys are no remedy

    # wsclose-report

    def wsclose_report(self, *args):
        """(rows, standard error, exit status)"""
        environment = golden.Setup.tshark.environment(golden.Setup.home)
        environment["PATH"] = os.path.dirname(golden.Setup.tshark.program) + ":" + environment["PATH"]
        script = os.path.join(self.directory, "wsclose-report")
        shutil.copy(os.path.join(golden.ROOT, "plugin", "wsclose-report"), script)
        golden.make_readable(script)
        done = subprocess.run(["sh", script, *args], env=environment, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                              encoding="utf-8", check=False, cwd=golden.Setup.home,
                              **golden.Setup.tshark.user())
        return [json.loads(line) for line in done.stdout.splitlines()], done.stderr, done.returncode

    def test_wsclose_report(self):
        paths = [path for path, _, _ in self.captures.values()]
        rows, err, status = self.wsclose_report(*paths)
        self.assertEqual(status, 0, err)
        for name, (path, lacks, connections) in self.captures.items():
            own = [row for row in rows if row["file"] == path]
            self.assertEqual(len(own), connections + 1, name)
            self.assertEqual({count: own[-1][count] for count in COUNTS},
                             {count: lacks.get(count, 0) for count in COUNTS}, name)
            said = [line for line in err.splitlines()
                    if line.startswith(f"wsclose-report: {path}: ")]
            if name == "empty":
                self.assertEqual([line.split(": ")[2] for line in said], ["holds no packet"])
            else:
                self.assertEqual(len(said), len(lacks), (name, err))
                self.assert_said_once("\n".join(said), lacks)
        self.assertNotIn("wsclose: ", err)

    def test_wsclose_report_of_what_is_broken(self):
        with open(golden.capture_path("matrix-ws"), "rb") as file:
            octets = file.read()
        broken = {}
        for name, content in (("short", octets[:9000]), ("nothing", b""), ("text", b"no capture\n" * 99)):
            broken[name] = os.path.join(self.directory, name)
            with open(broken[name], "wb") as file:
                file.write(content)
            golden.make_readable(broken[name])
        rows, err, status = self.wsclose_report(*broken.values())
        self.assertEqual((rows, status), ([], 1))
        self.assertIn(f"wsclose-report: {broken['short']}: not read to its end", err)
        self.assertIn("cut short", err)
        self.assertIn(f"wsclose-report: {broken['nothing']}: empty, no capture at all", err)
        self.assertIn(f"wsclose-report: {broken['text']}: no capture that tshark can read", err)
        self.assertNotIn("TCP connection", err)
        rows, err, status = self.wsclose_report("--partial", broken["short"])
        self.assertEqual(status, 1)
        self.assertEqual({row["partial"] for row in rows}, {True})
        self.assertEqual((rows[-1]["type"], rows[-1]["whole"]), ("coverage", False))


if __name__ == "__main__":
    golden.main()
