#!/usr/bin/env python3
#
# test_paths.py - every way that Wireshark goes over a capture tells the same
#
# SPDX-License-Identifier: GPL-2.0-or-later
#
"""test_paths.py --plugin BUILD/plugin/wsclose.so"""

import json
import os
import re
import subprocess
import xml.etree.ElementTree

import golden

# On the first pass nobody knows a Close frame or a verdict that is still to come.
LATER_PASS_ONLY = ("wsclose.peer_close_in", "wsclose.verdict_in", "wsclose.client.close_in",
                   "wsclose.server.close_in", "wsclose.response_in")

# What other connections add to a verdict, where they begin or end later.
NEIGHBOURS = {"wsclose.other_leg", "wsclose.together"}
BY_NEIGHBOURS = NEIGHBOURS | {"wsclose.cause", "wsclose.cause_in", "wsclose.cause_by",
                              "wsclose.cause_certain", "wsclose.verdict", "wsclose.description",
                              "wsclose.seen_when", "wsclose.fix"}

# The promise of interface.md: names that users' scripts filter on.
PROMISED = """
wsclose.event wsclose.stream wsclose.request_in wsclose.response_in wsclose.sender wsclose.code
wsclose.code.on_wire wsclose.code.class wsclose.reason wsclose.description wsclose.seen_when
wsclose.fix wsclose.peer_close_in wsclose.close_rtt wsclose.ext.offered wsclose.ext.accepted
wsclose.ext.declined wsclose.ext.unsolicited wsclose.ext.invalid wsclose.ext.needed
wsclose.ext.missing wsclose.ext.verdict wsclose.client.code wsclose.server.code
wsclose.handshake_status wsclose.no_status wsclose.no_status_repeated wsclose.mandatory_ext
wsclose.mandatory_ext_contradicted wsclose.mandatory_ext_from_server wsclose.reserved_on_wire
wsclose.code_invalid wsclose.body_truncated wsclose.reason_not_utf8 wsclose.frame_invalid
wsclose.ext_declined wsclose.ext_required_declined wsclose.ext_unsolicited wsclose.ext_invalid
wsclose.handshake_failed wsclose.verdict wsclose.clean wsclose.initiator wsclose.duration
wsclose.idle wsclose.frames.client wsclose.frames.server wsclose.incomplete wsclose.abnormal
wsclose.unanswered wsclose.data_after_close wsclose.handshake_invalid
wsclose.subprotocol_unanswered wsclose.breach_tolerated wsclose.cause wsclose.cause_in
wsclose.cause_by wsclose.cause_certain wsclose.other_leg wsclose.together wsclose.ping_unanswered
wsclose.last_client wsclose.last_server wsclose.not_websocket
""".split()

# What need not be tried on all captures is tried on some that have all kinds of items.
FORMATS = ["aiohttp-illegal-close", "chromium-close-no-code", "extension-two-header-lines",
           "generated-reason-control-characters", "tls13-close-no-code", "unsolicited-extension",
           "ws-1010-accepted", "ws-1010-reason-declined", "ws-1010-reason-declined-midstream"]


def without_later(rows, with_neighbours):
    """Without what only a later pass knows of a packet."""
    return {number: {field: value for field, value in row.items() if field not in LATER_PASS_ONLY
                     and not (number in with_neighbours and field in BY_NEIGHBOURS)}
            for number, row in rows.items()}


class Paths(golden.MergedCaptures):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.fields = golden.field_names()
        cls.first = golden.field_rows(cls.all, cls.fields)
        cls.second = golden.field_rows(cls.all, cls.fields, "-2")
        together = [name for name in FORMATS if name not in golden.ARGUMENTS]
        cls.formats = [golden.merge(os.path.join(cls.directory.name, "formats.pcapng"), together),
                       *(name for name in FORMATS if name in golden.ARGUMENTS)]

    def test_promised_names_are_filters(self):
        known = set(self.fields)
        self.assertEqual([name for name in PROMISED if name not in known], [])
        golden.tshark("ws-1010-reason-declined", "-Y", " || ".join(PROMISED))

    def test_every_name_is_in_some_capture(self):
        seen = set()
        for row in golden.field_rows(self.all, self.fields, "-o", "wsclose.no_status_threshold:1",
                                     "-o", "wsclose.mandatory_extensions:permessage-deflate"
                                     ).values():
            seen.update(row)
        for row in (*self.first.values(), *self.second.values()):
            seen.update(row)
        self.assertEqual([name for name in PROMISED if name not in seen], [])

    def test_passes_and_filters_agree(self):
        first, second = self.first, self.second
        self.assertGreater(len(first), 500)
        neighbours = {number for number, row in second.items() if NEIGHBOURS & set(row)}
        self.assertGreater(len(neighbours), 50)
        self.assertEqual(without_later(first, neighbours), without_later(second, neighbours))
        for field in LATER_PASS_ONLY:
            for number, row in first.items():
                if field in row:
                    self.assertEqual(row[field], second[number][field])
            self.assertGreater(sum(field in row for row in second.values()),
                               sum(field in row for row in first.values()))
        closes = {number: row for number, row in first.items() if "wsclose.code" in row}
        self.assertEqual(closes, golden.field_rows(self.all, self.fields, "-Y", "wsclose.code"))
        self.assertEqual(first, golden.field_rows(self.all, self.fields, "--enable-protocol",
                                                  "transum"))
        self.assertEqual(golden.explanation(self.all),
                         golden.explanation(self.all, "--enable-protocol", "transum"))

    def test_one_verdict_per_connection(self):
        rows = self.second
        told = [stream for row in rows.values()
                for event, stream in zip(row["wsclose.event"].split("\x1e"),
                                         row["wsclose.stream"].split("\x1e")) if event == "3"]
        self.assertGreater(len(told), 500)
        self.assertEqual(len(told), len(set(told)))
        for number, row in rows.items():
            for frame in row.get("wsclose.verdict_in", "").split("\x1e"):
                if frame:
                    self.assertIn("3", rows[int(frame)]["wsclose.event"].split("\x1e"), number)

    def test_events_without_a_reader_of_fields(self):
        """One-pass tshark whose filter names the protocol alone: most of the tree is faked."""
        lines = golden.tshark(self.all, "-Y", "wsclose", "-T", "fields", "-e", "frame.number")
        self.assertEqual([int(line) for line in lines], sorted(self.first))
        golden.tshark(self.all, "-2")  # hands over no tree at all on the second pass

    def test_json_ek_and_pdml(self):
        for name in self.formats:
            with self.subTest(capture=name):
                rows = golden.field_rows(name, ["wsclose.event"])
                packets = json.loads("\n".join(golden.tshark(name, "-Y", "wsclose", "-T", "json")))
                self.assertEqual(len(packets), len(rows))
                for packet in packets:
                    self.assertIn("wsclose", packet["_source"]["layers"])
                documents = [json.loads(line) for line in
                             golden.tshark(name, "-Y", "wsclose", "-T", "ek") if line]
                self.assertEqual(len(documents), 2 * len(rows))
                pdml = xml.etree.ElementTree.fromstring(
                    "\n".join(golden.tshark(name, "-Y", "wsclose", "-T", "pdml")))
                self.assertEqual(len(pdml.findall("packet")), len(rows))

    def test_expert_report(self):
        found = 0
        for name in self.formats:
            with self.subTest(capture=name):
                report = "\n".join(golden.tshark(name, "-q", "-z", "expert,wsclose"))
                shown = "\n".join(golden.explanation(name))
                messages = re.findall(r"\[Expert Info \([^)]*\)\]\n *\[(.*)\]$", shown, re.MULTILINE)
                found += len(messages)
                for message in messages:
                    self.assertRegex(report, " wsclose  " + re.escape(message))
        self.assertGreater(found, 10)

    def test_custom_column(self):
        column = 'gui.column.format:"No.","%m","Code","%Cus:wsclose.code:0:U"'
        for name in self.formats:
            with self.subTest(capture=name):
                codes = {number: row["wsclose.code"] for number, row
                         in golden.field_rows(name, ["wsclose.event", "wsclose.code"]).items()
                         if "wsclose.code" in row}
                lines = golden.tshark(name, "-o", column, "-Y", "wsclose.code")
                self.assertEqual(len(lines), len(codes))
                for line in lines:
                    number = int(line.split()[0])
                    for code in codes[number].split("\x1e"):
                        self.assertIn(code, line.split())

    def test_nothing_is_malformed_by_us(self):
        text = "\n".join(golden.tshark(self.all, "-V"))
        self.assertNotIn("Dissector bug", text)
        self.assertNotIn("Malformed Packet: wsclose", text)

    def test_disabled_protocol_says_nothing(self):
        self.assertEqual(golden.field_rows(self.all, ["wsclose.event"], "--disable-protocol",
                                           "wsclose"), {})

    def test_repeated_segments_count_once(self):
        """Where Wireshark does not follow TCP, it dissects every repetition."""
        for name in ("segments-repeated", "segments-retransmitted", "close-simultaneous"):
            with self.subTest(capture=name):
                fields = ["wsclose.event", "wsclose.stream", "wsclose.sender", "wsclose.code"]
                followed = golden.field_rows(name, fields)
                alone = golden.field_rows(name, fields, "-o",
                                          "tcp.analyze_sequence_numbers:FALSE")
                self.assertEqual([row for _, row in sorted(followed.items())],
                                 [row for _, row in sorted(alone.items())])

    def test_random_access(self):
        """sharkd dissects packets in the order that it is asked for, and several files in turn."""
        sharkd = os.path.join(os.path.dirname(golden.Setup.tshark.program), "sharkd")
        self.assertTrue(os.path.exists(sharkd), "sharkd comes with Debian's package tshark")
        names = [name for name in FORMATS if name not in golden.ARGUMENTS]
        requests, expected = [], []
        for name in [*names, *reversed(names)]:
            numbers = sorted(golden.field_rows(name, ["wsclose.event"]))
            requests.append(("load", {"file": os.path.join(golden.CAPTURES, name + ".pcapng")}))
            expected.append(None)
            for number in [*reversed(numbers), *numbers]:
                requests.append(("frame", {"frame": number, "proto": True}))
                expected.append((name, number))
        lines = [json.dumps({"jsonrpc": "2.0", "id": i + 1, "method": method, "params": params})
                 for i, (method, params) in enumerate(requests)]
        answers = self.ask_sharkd(sharkd, lines)
        trees = {}
        for i, key in enumerate(expected):
            self.assertIn("result", answers[i + 1], f"{key}: {answers[i + 1]}")
            if key is None:
                continue
            tree = self.our_labels(answers[i + 1]["result"]["tree"])
            self.assertTrue(tree, key)
            self.assertEqual(trees.setdefault(key, tree), tree, key)
        for name in names:
            told = [line.strip() for line in golden.explanation(name, "-2")
                    if line.startswith(("[", " "))]
            ours = [label for key in sorted(trees) if key[0] == name for label in trees[key]]
            self.assertEqual([line.strip("[]") for line in told],
                             [golden.normalised(f"[{label}]").strip("[]") for label in ours])

    @staticmethod
    def ask_sharkd(sharkd, lines):
        out = subprocess.run([sharkd, "-"], input="".join(line + "\n" for line in lines), text=True,
                             stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False,
                             env=golden.Setup.tshark.environment(golden.Setup.home),
                             cwd=golden.Setup.home, **golden.Setup.tshark.user()).stdout
        answers = [json.loads(line) for line in out.splitlines() if line.startswith("{")]
        return {answer["id"]: answer for answer in answers if "id" in answer}

    def our_labels(self, nodes, ours=False):
        labels = []
        for node in nodes:
            mine = ours or re.match(r"\[?WebSocket close", node.get("l", ""))
            if mine:
                labels.append(node["l"])
                labels += self.our_labels(node.get("n", []), True)
        return labels


if __name__ == "__main__":
    golden.main()
