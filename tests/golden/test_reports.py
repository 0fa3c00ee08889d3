#!/usr/bin/env python3
#
# test_reports.py - the statistics: tree, table and JSON Lines
#
# SPDX-License-Identifier: GPL-2.0-or-later
#
"""test_reports.py --plugin BUILD/plugin/wsclose.so

What the reports say is held against the fields of the same connections, as PDML has them.
"""

import collections
import contextlib
import fcntl
import functools
import json
import os
import pty
import re
import struct
import subprocess
import termios
import xml.etree.ElementTree

import golden
import strict_json

REPORTS = ("wsclose,tree", "wsclose,conn", "wsclose,json", "wsclose,table")

INTEGERS = {"wsclose.cause_by", "wsclose.together", "wsclose.ping_unanswered", "wsclose.initiator", "wsclose.client.code", "wsclose.server.code",
            "wsclose.frames.client", "wsclose.frames.server", "wsclose.handshake_status",
            "wsclose.request_in", "wsclose.response_in"}
BOOLEANS = {"wsclose.clean", "wsclose.incomplete", "wsclose.cause_certain"}
TIMES = {"wsclose.duration", "wsclose.idle", "wsclose.last_client", "wsclose.last_server"}
TEXTS = {"wsclose.cause", "wsclose.verdict", "wsclose.description", "wsclose.seen_when", "wsclose.fix"}
LISTS = {"wsclose.ext.offered", "wsclose.ext.accepted", "wsclose.ext.declined",
         "wsclose.ext.unsolicited", "wsclose.ext.invalid"}
LISTED_MAX = 50     # an item names no more of a list; the reports do
NUMBERS = {"wsclose.cause_in", "wsclose.other_leg"}


@functools.cache
def report(name, which, *args):
    """What is asked for twice is read once."""
    return golden.tshark(name, "-q", "-z", which, *args)


def objects(name, *args, which="wsclose,json"):
    return golden.connections_in(report(name, which, *args))


class Event:
    """One item of ours."""

    def __init__(self, proto):
        self.values = collections.defaultdict(list)
        items = [field[0] for field in proto.iter("field") if field.get("name") == "_ws.expert"]
        self.experts = {item.get("name").removesuffix(".expert") for item in items}
        for field in proto.iter("field"):
            name = field.get("name")
            if name.startswith("wsclose.") and field not in items:
                self.values[name].append(field.get("show"))

    def one(self, name):
        return self.values[name][0] if name in self.values else None


def events(name, *args):
    text = "\n".join(golden.tshark(name, "-Y", "wsclose", "-T", "pdml", *args))
    root = xml.etree.ElementTree.fromstring(text)
    return [Event(proto) for proto in root.iter("proto") if proto.get("name") == "wsclose"]


def printed(reason):
    """Control characters aside: PDML has escapes for them, other ones in each version."""
    return reason and re.sub(r"\\(x[0-9A-Fa-f]{1,2}|[0-7]{3}|[a-z])|\W", "", reason)


def copies(found):
    """Of two connections with the same packets the reports have the first one."""
    return {max(int(event.one("wsclose.stream")), int(event.one("wsclose.other_leg")))
            for event in found
            if "more than once, with other addresses" in (event.one("wsclose.description") or "")}


def by_stream(found):
    streams = collections.defaultdict(list)
    for event in found:
        streams[int(event.one("wsclose.stream"))].append(event)
    return streams


class Node:
    """One line of a statistics tree."""

    def __init__(self, line):
        match = re.match(r"( *)(.*?)  +(\d+)(?: |$)", line)
        self.depth, self.name, self.count = len(match[1]), match[2], int(match[3])


def tree_counts(lines):
    """{(name, name, ...): count} of a statistics tree."""
    counts, path = {}, []
    begun = False
    for line in lines:
        if line.startswith("---"):
            begun = True
        elif begun and line.strip():
            node = Node(line)
            path[node.depth:] = [node.name]
            counts[tuple(path)] = node.count
    return counts


class Reports(golden.MergedCaptures):
    maxDiff = None

    def test_strict_json(self):
        """RFC 8259, and nothing in it that a terminal obeys, which the values have all the same."""
        seen = set()
        for line in report(self.all, "wsclose,json"):
            found = strict_json.read(line)
            for close in found.get("closes", []):
                seen |= set(strict_json.OBEYED.findall(close.get("wsclose.reason", "")))
        self.assertEqual(seen, {chr(code) for code in range(1, 0x10000) if strict_json.OBEYED.match(chr(code))
                                and code not in (0x1E, 0x1F)})

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        found = events(cls.all, "-2")       # as the reports: what comes later counts
        cls.copies = copies(found)
        cls.events = [event for event in found
                      if int(event.one("wsclose.stream")) not in cls.copies]
        cls.streams = by_stream(cls.events)
        cls.json = objects(cls.all)
        cls.numbers = [number for number in range(len(cls.json) + len(cls.copies))
                       if number not in cls.copies]

    def verdicts(self):
        return {stream: event for stream, found in self.streams.items() for event in found
                if event.one("wsclose.event") == "3"}

    # JSON Lines

    def test_json_has_every_connection_once(self):
        self.assertEqual(len(self.copies), 19)
        self.assertEqual([row["wsclose.stream"] for row in self.json], self.numbers)
        self.assertLessEqual(set(self.streams), set(self.numbers))
        self.assertEqual({row["wsclose.stream"] for row in self.json if row["ended"]},
                         set(self.verdicts()))
        self.assertTrue(any(not row["ended"] for row in self.json))

    def test_json_says_what_the_verdicts_say(self):
        verdicts = self.verdicts()
        compared = collections.Counter()
        for row in self.json:
            if not row["ended"]:
                continue
            event = verdicts[row["wsclose.stream"]]
            for name in INTEGERS | BOOLEANS | TIMES | TEXTS | LISTS | NUMBERS:
                values = event.values.get(name, [])
                if name in NUMBERS:
                    self.assertEqual(row.get(name, []), list(map(int, values)), name)
                elif name in LISTS:
                    self.assertEqual(row.get(name, [])[:LISTED_MAX], values,
                                     (row["wsclose.stream"], name))
                elif values:
                    said = row[name]
                    expected = (int(values[0]) if name in INTEGERS else values[0] if name in TEXTS
                                else float(values[0]) if name in TIMES
                                else values[0] in ("1", "True"))
                    self.assertEqual(said, expected, (row["wsclose.stream"], name))
                    self.assertIs(type(said), type(expected))
                else:
                    self.assertNotIn(name, row)
                compared[name] += bool(values)
        self.assertEqual([name for name, count in compared.items() if count == 0], [])

    def test_opened(self):
        seen = set()
        told = [pair for name in (self.all, "ws-1010-reason-declined-midstream")
                for pair in zip(objects(name),
                                self.rows(name, "-o", "wsclose.table_width:0"))]
        for row, line in told:
            status = row.get("wsclose.handshake_status")
            if status is not None:
                over_http2 = "wsclose.http2_stream" in row
                opened = 200 <= status <= 299 if over_http2 else status == 101
                expected = "yes" if opened else "refused"
            else:
                frames = row["wsclose.frames.client"] + row["wsclose.frames.server"]
                expected = ("no answer" if "wsclose.request_in" in row and frames == 0
                            else "not seen")
            self.assertEqual(row["opened"], expected, row["wsclose.stream"])
            self.assertIn(f" {expected} ", line)
            seen.add(expected)
        self.assertEqual(seen, {"yes", "refused", "no answer", "not seen"})

    def test_json_names_the_expert_items(self):
        for row in self.json:
            found = self.streams.get(row["wsclose.stream"], [])
            experts = set().union(*(event.experts for event in found))
            self.assertEqual(set(row["expert"]), experts, row["wsclose.stream"])
            self.assertEqual(len(row["expert"]), len(set(row["expert"])))

    def test_json_tells_of_breaches(self):
        errors = set(golden.findings("Error"))
        self.assertTrue(any(row["breach"] for row in self.json))
        for row in self.json:
            self.assertEqual(row["breach"], bool(errors & set(row["expert"])),
                             row["wsclose.stream"])

    def test_a_second_close_counts(self):
        rows = objects("generated-close-repeated")
        self.assertEqual([row["breach"] for row in rows], [True, True, True, False])
        self.assertEqual([row["expert"] for row in rows],
                         [["wsclose.reserved_on_wire"], ["wsclose.code_invalid"],
                          ["wsclose.reserved_on_wire"], []])
        self.assertEqual([[close["wsclose.code"] for close in row["closes"]] for row in rows],
                         [[1000, 1000]] * 3 + [[1001, 1001]])

    def test_the_reason_that_counts(self):
        """Of a 1010 and the answer that repeats it, the one that the capture has whole."""
        verdicts = [row["wsclose.ext.verdict"] for row in objects("generated-1010-snaplen")]
        self.assertEqual(verdicts, ["confirmed", "unverifiable"])
        answers = [event.one("wsclose.ext.verdict") for event in events("generated-1010-snaplen")
                   if event.one("wsclose.sender") == "2"]
        self.assertEqual(answers, verdicts)

    def test_json_has_the_first_close_of_each_side(self):
        first = {}
        for event in self.events:
            if event.one("wsclose.event") == "2" and event.one("wsclose.sender") != "0":
                code = event.one("wsclose.code")
                on_wire = event.one("wsclose.code.on_wire")
                side = int(event.one("wsclose.stream")), int(event.one("wsclose.sender"))
                first.setdefault(side, (code and int(code), on_wire and on_wire in ("1", "True"),
                                        printed(event.one("wsclose.reason"))))
        told = {(row["wsclose.stream"], close["wsclose.sender"]):
                (close.get("wsclose.code"), close.get("wsclose.code.on_wire"),
                 printed(close.get("wsclose.reason")))
                for row in self.json for close in row["closes"]}
        self.assertGreater(len(told), 800)
        self.assertEqual(told, first)
        self.assertEqual(sum(len(row["closes"]) for row in self.json), len(told))

    def test_json_of_what_is_hostile(self):
        row, = objects("generated-host-hostile")
        self.assertEqual(row["host"], 'ser\ufffdver"\\.example')
        self.assertEqual(row["path"], '/\ufffd\ufffd"\'<b>\u00e9' + "x" * 300)
        table = "\n".join(report("generated-host-hostile", "wsclose,conn"))
        self.assertNotIn("\x1b", table)

    # The table

    def rows(self, name, *args):
        lines = report(name, "wsclose,conn", *args)
        heading = next(i for i, line in enumerate(lines) if "start" in line and "idle" in line)
        rules = [i for i, line in enumerate(lines) if line.startswith("====")]
        self.assertEqual((len(rules), rules[0]), (2, 0))
        self.assertEqual(lines[1], f"WebSocket connections: {rules[1] - heading - 1}")
        return lines[heading + 1:rules[1]]

    def test_table_has_a_line_per_connection(self):
        lines = self.rows(self.all)
        self.assertEqual([int(line.split()[0]) for line in lines], self.numbers)
        wide = self.rows(self.all, "-o", "wsclose.table_width:0")
        for row, line in zip(self.json, wide):
            self.assertTrue(line.endswith(row.get("wsclose.verdict",
                                                  "Still open where the capture ends")), line)
            for code in ("wsclose.client.code", "wsclose.server.code"):
                if code in row:
                    self.assertIn(f" {row[code]} ", line)
            self.assertIn(f"{row['client.address']}", line)
            self.assertIn(f":{row['server.port']} ", line)
            self.assertNotIn("\u2026", line.replace(row.get("wsclose.verdict", ""), ""))
            if row["opened"] == "refused":
                self.assertIn(f" refused {row['wsclose.handshake_status']} ", line)
            clean = {True: " yes ", False: " no "}.get(row.get("wsclose.clean"), " - ")
            self.assertIn(clean, line)

    def test_a_pipe_is_not_cut(self):
        lines = self.rows(self.all)
        self.assertNotIn("\u2026", "".join(lines))
        self.assertEqual(lines, self.rows(self.all, "-o", "wsclose.table_width:5000"))

    def assert_fits(self, name, lines, width):
        """Within a width nothing is cut but host, path and extensions, and what is not there is named;
        the verdict and the cause are whole as far as they have room."""
        self.assertLessEqual(max(map(len, lines)), width)
        rules = [i for i, line in enumerate(lines) if line == "=" * min(width, 80)]
        told = report(name, "wsclose,conn", "-o", "wsclose.table_width:5000")
        first = next(i for i, line in enumerate(told) if "start" in line and "idle" in line)
        blank = lines.index("")
        left_out = " ".join(lines[3:blank])
        heading = lines[blank + 2]
        for name, column in (("client", "client"), ("server", "server"), ("start", "start"),
                             ("idle", "idle"), ("opened", "opened"), ("clean", "clean"),
                             ("host and path", "and path"), ("ext. negot.", "negot.")):
            self.assertNotEqual(name in left_out, column in heading.split("code", 1)[-1], name)
        begins = {name: told[first].index(f" {name}") + 1 for name in ("verdict", "cause")}
        for line, whole in zip(lines[blank + 3:rules[1]], told[first + 1:]):
            verdict = whole[begins["verdict"]:begins["cause"]].strip()
            cause = whole[begins["cause"]:].split()[0]
            if width >= 60:
                self.assertIn(f" {verdict} ", line)
                self.assertIn(f" {cause} ", line + " ")
            for cut in re.findall(r"\S*\u2026", line):
                self.assertNotRegex(cut, r"^\[?[0-9a-f.:]+\]?:\d*\u2026$")
                self.assertIn(f" {cut[:-1]}", whole)
        return heading

    def test_table_fits_and_says_what_it_leaves_out(self):
        for name in ("matrix-ws", "generated-transport-ends", "ipv6-close-no-code", "reports"):
            name = self.all if name == "reports" else name
            for width in (40, 60, 80, 100, 119, 121, 150, 200):
                with self.subTest(name=name, width=width):
                    lines = report(name, "wsclose,conn", "-o", f"wsclose.table_width:{width}")
                    self.assert_fits(name, lines, width)
        heading = self.assert_fits("generated-transport-ends", report(
            "generated-transport-ends", "wsclose,conn", "-o", "wsclose.table_width:119"), 119)
        for column in ("client", "server", "and path", "idle"):
            self.assertIn(f" {column}", heading)

    def on_terminal(self, columns, *args, **env):
        """Lines of the table on a terminal of so many columns."""
        master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        with golden.Setup.tshark.popen(
                golden.Setup.home, ["-r", golden.capture_path("matrix-ws"), "-q", "-z", "wsclose,conn",
                                    *args], env, stdout=slave, stderr=subprocess.DEVNULL) as process:
            os.close(slave)
            said = b""
            with contextlib.suppress(OSError):      # of a terminal whose other end is closed
                while octets := os.read(master, 1 << 16):
                    said += octets
        os.close(master)
        self.assertEqual(process.returncode, 0)
        return said.decode().replace("\r\n", "\n").split("\n")[:-1]

    def test_the_terminal_s_width_counts(self):
        def told(width):
            return report("matrix-ws", "wsclose,conn", "-o", f"wsclose.table_width:{width}")

        self.assertEqual(self.on_terminal(80), told(80))
        self.assertEqual(self.on_terminal(190), told(190))
        self.assertEqual(self.on_terminal(190, COLUMNS="70"), told(70))
        self.assertEqual(self.on_terminal(190, COLUMNS="wide"), told(190))
        self.assertLessEqual(max(map(len, self.on_terminal(0))), 120)   # it does not say
        self.assertNotEqual(self.on_terminal(0), told(5000))
        # What the user sets holds all the same.
        self.assertEqual(self.on_terminal(190, "-o", "wsclose.table_width:80"), told(80))
        self.assertEqual(self.on_terminal(80, "-o", "wsclose.table_width:0"), told(0))

    def test_columns_stay_in_line(self):
        lines = report("ipv6-close-no-code", "wsclose,conn")
        heading = next(line for line in lines if "start" in line and "idle" in line)
        for line in self.rows("ipv6-close-no-code"):
            for name in ("client", "server", "verdict"):
                at = heading.index(name)
                self.assertEqual(line[at - 1], " ")
                self.assertNotEqual(line[at], " ")

    # The tree

    def test_tree_counts(self):
        self.assert_tree_counts(report(self.all, "wsclose,tree"), self.json, set(self.numbers))

    def assert_tree_counts(self, lines, told, streams):
        """That a tree counts all of these connections, with all of their events."""
        counts = tree_counts(lines)
        self.assertEqual(counts[("WebSocket connections",)], len(told))
        self.assertEqual(counts.get(("WebSocket connections", "closed cleanly"), 0),
                         sum(row.get("wsclose.clean", False) for row in told))
        self.assertEqual(counts.get(("WebSocket connections", "ended otherwise"), 0),
                         sum(row.get("wsclose.clean") is False for row in told))
        causes = collections.Counter(row["wsclose.cause"] for row in told if row["ended"])
        self.assertEqual({path[1]: count for path, count in counts.items()
                          if path[0] == "Why connections ended" and len(path) == 2}, causes)

        root = "Close frames by sender and code"
        names = {"0": "unknown endpoint", "1": "client", "2": "server"}
        closes = collections.Counter()
        found = [event for event in self.events if int(event.one("wsclose.stream")) in streams]
        for event in found:
            if event.one("wsclose.event") == "2":
                sender = names[event.one("wsclose.sender")]
                closes[(root,)] += 1
                closes[(root, sender)] += 1
                if event.one("wsclose.code"):
                    closes[(root, sender, event.one("wsclose.code"))] += 1
        counted = {(*path[:2], path[2].split()[0]) if len(path) == 3 else path: count
                   for path, count in counts.items() if path[0] == root}
        self.assertEqual(counts[(root,)], closes[(root,)])
        for path, count in closes.items():
            self.assertEqual(counted.get(path), count, path)

        root = "Extensions declined by server"
        declined = collections.Counter()
        rows = {row["wsclose.stream"]: row for row in told}
        for event in found:
            if event.one("wsclose.event") == "1":
                row = rows[int(event.one("wsclose.stream"))]
                server = f"{row['server.address']}:{row['server.port']}"
                if ":" in row["server.address"]:
                    server = f"[{row['server.address']}]:{row['server.port']}"
                for name in row.get("wsclose.ext.declined", []):
                    declined[(root, server, name)] += 1
        self.assertEqual(counts[(root,)], sum(declined.values()))
        for path, count in declined.items():
            if len(path[2]) < 100:      # longer names are cut by Wireshark
                self.assertEqual(counts.get(path), count, path)

        root = "1006 by who ended the transport"
        self.assertEqual(counts[(root,)],
                         sum(1006 in (row.get("wsclose.client.code"),
                                      row.get("wsclose.server.code")) for row in told))
        self.assertEqual(sum(count for path, count in counts.items()
                             if path[0] == root and len(path) == 2), counts[(root,)])

    def test_tree_holds_empty_closes_against_connections(self):
        name = "generated-no-status-repeated"
        rows = objects(name)
        counts = tree_counts(report(name, "wsclose,tree"))
        root = "Connections by address, and its empty Close frames (1005)"
        for number, side in ((1, "client"), (2, "server")):
            for address in {row[f"{side}.address"] for row in rows}:
                own = [row for row in rows if row[f"{side}.address"] == address]
                empty = sum(any(close["wsclose.code"] == 1005 and close["wsclose.sender"] == number
                                for close in row["closes"]) for row in own)
                self.assertGreater(empty, 0)
                self.assertEqual(counts[(root, address)], len(own))
                self.assertEqual(sum(count for path, count in counts.items()
                                     if path[:2] == (root, address) and len(path) == 3), empty)

    def test_reports_of_parts_add_up(self):
        """Trees and lines of single captures add up to those of all of them in one file."""
        names = ["fin-without-close", "matrix-faye", "upgrade-refused", "ws-illegal-close"]
        whole = os.path.join(self.directory.name, "whole.pcapng")
        subprocess.run(["mergecap", "-a", "-I", "none", "-w", whole,
                        *map(golden.capture_path, names)], check=True)
        golden.make_readable(whole)
        total = collections.Counter()
        lines = []
        for name in names:
            total.update(tree_counts(report(name, "wsclose,tree")))
            lines += objects(name)
        self.assertEqual({path: count for path, count in total.items() if count},
                         {path: count for path, count
                          in tree_counts(report(whole, "wsclose,tree")).items() if count})
        moved = ("wsclose.stream", "frame.number", "frame.time_relative", "wsclose.request_in",
                 "wsclose.response_in", "wsclose.verdict_in", "wsclose.cause_in")

        def unmoved(row):
            said = json.loads(re.sub(r"frame \d+", "frame N", json.dumps(row)))
            for close in said["closes"]:
                close["frame.number"] = None
            return {key: value for key, value in said.items() if key not in moved}

        self.assertEqual(list(map(unmoved, lines)), list(map(unmoved, objects(whole))))

    # How they are asked for

    def test_filters_select_connections(self):
        for given in ("wsclose.code == 1010", "wsclose.abnormal", "wsclose.event == 1",
                      "tcp.srcport == 8080 && wsclose.verdict", "wsclose.handshake_failed",
                      "http.request"):
            with self.subTest(filter=given):
                rows = golden.field_rows(self.all, ["wsclose.event", "wsclose.stream"], "-Y",
                                         given)
                streams = {int(stream) for row in rows.values()
                           for stream in row["wsclose.stream"].split("\x1e")} - self.copies
                if given == "http.request":    # the packet that begins a connection
                    streams |= {row["wsclose.stream"] for row in self.json
                                if "wsclose.request_in" in row
                                and "wsclose.http2_stream" not in row}
                self.assertTrue(streams)
                told = objects(self.all, which=f"wsclose,json,{given}")
                self.assertEqual({row["wsclose.stream"] for row in told}, streams)
                self.assertEqual([row for row in self.json if row["wsclose.stream"] in streams],
                                 told)
                table = report(self.all, f"wsclose,conn,{given}")
                self.assertEqual(table[1], f"WebSocket connections: {len(streams)}")
                self.assertEqual(table[2], f"Filter: {given}")
                self.assert_tree_counts(report(self.all, f"wsclose,tree,{given}"), told, streams)

    def test_no_connection_is_an_empty_table(self):
        for name, given in (("generated-no-websocket", ""), ("matrix-ws", ",tcp.port == 1")):
            lines = report(name, "wsclose,conn" + given)
            self.assertEqual(lines[1], "WebSocket connections: 0")
            self.assertTrue(any("verdict" in line for line in lines))
            self.assertEqual(objects(name, which="wsclose,json" + given), [])
            counts = tree_counts(report(name, "wsclose,tree" + given))
            self.assertEqual(counts[("WebSocket connections",)], 0)

    def test_two_passes_and_company_change_nothing(self):
        for which in REPORTS[:3]:
            alone = report(self.all, which)
            self.assertTrue(alone)
            self.assertEqual(alone, report(self.all, which, "-2"), which)
        together = golden.tshark(self.all, "-q", "-z", "expert,wsclose", "-z", "wsclose,json",
                                 "-z", "wsclose,conn", "-z", "http,tree", "-z", "wsclose,tree")
        for which in REPORTS[:3]:
            self.assertIn("\n".join(report(self.all, which)), "\n".join(together))
        twice = golden.tshark(self.all, "-q", "-z", "wsclose,json", "-z",
                              "wsclose,json,wsclose.code == 1010")
        filtered = report(self.all, "wsclose,json,wsclose.code == 1010")
        self.assertCountEqual(twice, report(self.all, "wsclose,json") + filtered)
        loud = golden.tshark("matrix-ws", "-z", "wsclose,json")
        self.assertEqual([line for line in loud if line.startswith("{")],
                         report("matrix-ws", "wsclose,json"))

    def test_the_window_s_table(self):
        """Its rows are made packet by packet: the cause is whole on a second pass, as the window's."""
        def cells(*args):
            lines = [line.split("|") for line in report(self.all, "wsclose,table", *args)]
            return [[cell.strip() for cell in line] for line in lines
                    if line[0].strip().isdigit()]

        once, twice = cells(), cells("-2")
        self.assertEqual([line[:2] + line[3:-2] for line in once],
                         [line[:2] + line[3:-2] for line in twice])
        self.assertEqual([(int(line[0]), line[2]) for line in twice],
                         [(row["wsclose.stream"], row.get("wsclose.cause", "-"))
                          for row in self.json])

    def test_bad_requests_are_errors(self):
        for which in ("wsclose,conn,no such filter", "wsclose,json,wsclose.nothing == 1",
                      "wsclose,connection"):
            with golden.Setup.tshark.popen(
                    golden.Setup.home, ["-r", golden.capture_path("matrix-ws"), "-q", "-z", which],
                    text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
                out, err = process.communicate()
            self.assertNotEqual(process.returncode, 0, which)
            self.assertEqual(out, "")
            self.assertTrue(err.strip(), which)

    def test_lines_come_whole(self):
        """Through a pipe, each write of tshark is one whole line."""
        with golden.Setup.tshark.popen(
                golden.Setup.home, ["-r", self.all, "-q", "-z", "wsclose,json"],
                stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
            while True:
                octets = os.read(process.stdout.fileno(), 1 << 16)
                if not octets:
                    break
                # The pipe holds 64 KiB: only what fills it may end within a line.
                self.assertTrue(octets.endswith(b"\n") or len(octets) >= 1 << 12)
        self.assertEqual(process.returncode, 0)


if __name__ == "__main__":
    golden.main()
