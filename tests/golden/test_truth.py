#!/usr/bin/env python3
#
# test_truth.py - the verdicts against what the endpoints' own APIs reported
#
# SPDX-License-Identifier: GPL-2.0-or-later
#
"""test_truth.py --plugin BUILD/plugin/wsclose.so [--markdown]

Compares wsclose.client.code, wsclose.server.code and wsclose.clean of every recorded capture with
its truth file, and prints how often each implementation agrees; with --markdown as docs/truth.md has it.
Captures that are cut out of a recorded one have the truth of the whole, and are not compared.
"""

import collections
import fnmatch
import json
import os
import sys
import unittest

import golden

MARKDOWN = "--markdown" in sys.argv

SIDES = ("client", "server")

Departure = collections.namedtuple("Departure", "implementation side where told reports why")

UNREAD = "fails the connection and resets TCP; the answer came before that, and was never read"
OWN_CLOSE = "does not tell what answered a close that the application began"
EMPTY = "takes an empty Close for one with 1000"
DROPPED = "takes an empty Close for a connection that was dropped"
TAKES_999 = "accepts 999, and answers with it"
AFTER_CLOSE = "fails the connection for the frame that follows the Close; RFC 6455 has it ignored"
UNREADABLE = "no code is told: a record was garbled on its way, and nobody can decipher it"
TOO_BIG = "counts no Close that comes after its own 1009"
OWN_VERDICT = "shows the 1007 that it sent"
HEARTBEAT = "shows 1000 where a Pong did not come"
BROKEN = "sends 1000 over data that it cannot inflate, and shows 1006"
NOT_HEARD = "counts its own answer, although the server had failed the connection and read no more"

# Where an API says something else than RFC 6455. where: patterns of CAPTURE/PATH; told: by RFC
# 6455; reports: by the API. Every row must be needed.
CODES = [
    Departure("aiohttp (Python)", "server", "aiohttp-illegal-close/unmasked", 1006, 1000,
              "accepts a Close of a client that is not masked"),
    Departure("aiohttp (Python)", "server", "message-too-big-aiohttp/", 1009, 1006, UNREAD),
    Departure("aiohttp (Python)", "server", "message-too-big-aiohttp-parts/both", 1009, 1006,
              TOO_BIG),
    Departure("aiohttp (Python)", "client", "message-too-big-clients/squeezed", 1009, 1006, TOO_BIG),
    Departure("websockets (Python)", "client", "message-too-big-clients/*", 1009, 1006, TOO_BIG),
    Departure("websockets (Python)", "client", "message-too-big-aiohttp-parts/parts", 1009, 1006,
              "TCP was reset before it had read the Close"),
    Departure("websockets (Python)", "server", "message-too-big-websockets-parts/both", 1009, 1006,
              TOO_BIG),
    Departure("ws (Node.js)", "client", "message-too-big-clients/squeezed", 1009, 1006, TOO_BIG),
    Departure("ws (Node.js)", "server", "message-too-big-ws-parts/parts", 1009, 1006, TOO_BIG),
    Departure("tornado (Python)", "server", "message-too-big-tornado/", 1009, None, UNREAD),
    Departure("tornado (Python)", "server", "message-too-big-tornado-parts/*", 1009, None, TOO_BIG),
    Departure("tornado (Python)", "client", "message-too-big-clients/squeezed", 1009, None, TOO_BIG),
    Departure("aiohttp (Python)", "server", "deflate-broken-aiohttp/*", 1000, 1006, BROKEN),
    Departure("aiohttp (Python)", "client", "deflate-broken-from-server/*", 1000, 1006, BROKEN),
    Departure("aiohttp (Python)", "server", "ping-unanswered-aiohttp/*", 1006, 1000, HEARTBEAT),
    Departure("aiohttp (Python)", "client", "ping-unanswered-*/aiohttp", 1006, 1000, HEARTBEAT),
    Departure("wsproto (Python)", "server", "deflate-broken-wsproto/* text-not-utf8-wsproto/*", 1006,
              1007, OWN_VERDICT),
    Departure("wsproto (Python)", "client",
              "deflate-broken-from-server/* text-not-utf8-from-server/*", 1006, 1007, OWN_VERDICT),
    Departure("wsproto (Python)", "server", "deflate-broken-wsproto/split*", None, 1007,
              "closes over a message in fragments, which Wireshark does not inflate"),
    Departure("ws (Node.js)", "server", "two-upgrade-handlers/one", 1002, 1006,
              "its other handler had closed the socket before the Close came"),
    Departure("ws (Node.js)", "server", "tls-alert/", None, 1006, UNREADABLE),
    Departure("ws (Node.js)", "client", "tls-alert-from-client/", None, 1006, UNREADABLE),
    Departure("aiohttp (Python)", "client", "tls-alert-from-client/", None, 1006, UNREADABLE),
    Departure("tornado (Python)", "client", "illegal-close-from-server/1005", 1006, 1005,
              "accepts 1005 on the wire, and answers with it"),
    Departure("tornado (Python)", "client", "illegal-close-from-server/999", 1006, 999, TAKES_999),
    Departure("Chromium", "client", "illegal-close-from-server/999", 1006, 999, TAKES_999),
    Departure("Chromium", "client", "data-after-close-from-server/*", 1001, 1006, AFTER_CLOSE),
    Departure("faye-websocket (Node.js)", "client", "ws-server-close-no-code/bye", 1005, 1000,
              EMPTY),
    Departure("faye-websocket (Node.js)", "server", "matrix-faye/", 1005, 1000, EMPTY),
    Departure("faye-websocket (Node.js)", "client", "upgrade-refused-more/old", 1006, 1002,
              "shows a refused upgrade as 1002"),
    Departure("websocket (Node.js)", "client", "ws-server-close-no-code/bye", 1005, 1006, DROPPED),
    Departure("websocket (Node.js)", "server", "matrix-websocket-node/", 1005, 1006, DROPPED),
    Departure("websocket-client (Python)", "client", "clients-close-no-code/", 1000, None,
              OWN_CLOSE),
    Departure("libwebsockets", "client", "matrix-ws/", 4000, None, OWN_CLOSE),
    Departure("libwebsockets", "server", "matrix-lws/close-1008", 1008, None, OWN_CLOSE),
    Departure("libwebsockets", "server", "matrix-lws/close-1011 h?-lws/close-1011", 1011, None,
              OWN_CLOSE),
    Departure("libwebsockets", "server", "matrix-lws/close-10* h?-lws/close-10*", 1000,
              None, OWN_CLOSE),
]

# The same for wasClean: told is wsclose.clean.
CLEAN = [
    Departure("ws (Node.js)", "client", "message-too-big*/*", False, True, NOT_HEARD),
    Departure("undici (Node.js)", "client", "message-too-big*/*", False, True, NOT_HEARD),
    Departure("ws (Node.js)", "server", "message-too-big*/*", False, True, NOT_HEARD),
    Departure("ws (Node.js)", "server", "not-websocket/*", False, True, NOT_HEARD),
    Departure("ws (Node.js)", "client", "message-too-big-clients/squeezed", True, False, TOO_BIG),
    Departure("ws (Node.js)", "server", "message-too-big-ws-parts/parts", True, False, TOO_BIG),
    Departure("ws (Node.js)", "server", "chromium-tab-closed/ h1-chromium/tab", False, True,
              "counts its own answer, although the client had closed its socket"),
    Departure("Chromium", "client", "message-too-big-tornado/", True, False,
              "TCP was reset right after its answer"),
    Departure("Chromium", "client", "data-after-close-from-server/*", True, False, AFTER_CLOSE),
    Departure("Chromium", "client", "illegal-close-from-server/999", False, True, TAKES_999),
    Departure("websocket (Node.js)", "client", "ws-server-close-no-code/bye", True, False, DROPPED),
]


IN_PARTS = "compressed, and in two frames: Wireshark inflates no such message"

# Where the cause of a truth file is not told: CAPTURE/PATH, what is told, and why.
CAUSES = {
    "deflate-broken-aiohttp/split": ("transport_end", IN_PARTS),
    "deflate-broken-websockets/split": ("unknown", IN_PARTS),
    "deflate-broken-ws/split": ("unknown", IN_PARTS),
    "deflate-broken-wsproto/split": ("unknown", IN_PARTS),
    "text-not-utf8-aiohttp/deflated-split": ("unknown", IN_PARTS),
    "text-not-utf8-autobahn/deflated-split": ("transport_end", IN_PARTS),
    "text-not-utf8-tornado/deflated-split": ("transport_end", IN_PARTS),
    "text-not-utf8-websockets/deflated-split": ("unknown", IN_PARTS),
    "text-not-utf8-ws/deflated-split": ("unknown", IN_PARTS),
    "tls-alert-from-client/": ("unknown", "a record was garbled, and aiohttp sends no alert"),
}


def number(value):
    return None if value is None else int(value)


def boolean(value):
    return None if value is None else golden.BOOLEANS.get(value, value) == "1"


def hidden(api):
    """The codes that an API without one (0 or None) may mean."""
    if api["code"]:
        return ()
    # libwebsockets has no code for an empty Close, and a sentence in place of an exception.
    exception = api["exception"] or ""
    if api["code"] == 0 or api["wasClean"] or exception == "peer-initiated close, length 0":
        return (1005,)
    return (1006,) if exception else (1005, 1006)


def verdicts(packet, first_stream):
    """What the items that have a verdict say, in order: {field without its prefix: text}."""
    tcp = {field.get("name"): field.get("show") for field in packet.iter("field")
           if field.get("name") in ("tcp.stream", "tcp.srcport", "tcp.dstport")}
    tcp["tcp.stream"] = int(tcp["tcp.stream"]) - first_stream
    items = [{field.get("name")[len("wsclose."):]: field.get("show")
              for field in item.findall("field") if field.get("name")}
             for item in packet.findall("proto[@name='wsclose']")]
    return [{**tcp, **fields} for fields in items if "verdict" in fields]


class Truth(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.pairs = []       # (capture, connection as the truth file has it, verdict)
        cls.unmatched = []
        cls.verdicts = collections.defaultdict(list)
        for name, _, first_stream, packet in golden.packets_of_each(
                golden.capture_names(), "-2", "-Y", "wsclose.verdict", "-j", "wsclose tcp"):
            cls.verdicts[name] += verdicts(packet, first_stream)
        for name in golden.capture_names():
            path = os.path.join(golden.CAPTURES, name + ".truth.json")
            if os.path.exists(path):
                with open(path, encoding="utf-8") as file:
                    cls.match(name, json.load(file)["connections"], cls.verdicts[name])
        cls.tally = collections.defaultdict(collections.Counter)
        cls.used = collections.Counter()
        cls.wrong = []
        for capture, connection, verdict in cls.pairs:
            for side in SIDES:
                cls.compare(capture, connection, verdict, side)

    @classmethod
    def match(cls, name, connections, found):
        """Tie verdicts to connections: by the stream of HTTP/2, where TCP carries that, and else
        in their order, where a TCP connection carries several."""
        streams = collections.defaultdict(lambda: ([], []))
        for connection in connections:
            if connection.get("open"):
                continue    # its end is not in the capture
            streams[(connection["tcp_stream"],
                     connection.get("http2_stream"))][0].append(connection)
        for verdict in found:
            streams[(verdict["tcp.stream"],
                     number(verdict.get("http2_stream")))][1].append(verdict)
        for (stream, over), (expected, ours) in sorted(
                streams.items(), key=lambda item: (item[0][0], item[0][1] or 0)):
            where = f"{name}, TCP stream {stream}" + (f", HTTP/2 stream {over}" if over else "")
            if len(expected) != len(ours):
                cls.unmatched.append(f"{where}: {len(ours)} verdicts for "
                                     f"{len(expected)} connections")
            for connection, verdict in zip(expected, ours):
                if str(connection["client_port"]) not in (verdict["tcp.srcport"],
                                                          verdict["tcp.dstport"]):
                    cls.unmatched.append(f"{where}: another client port")
                cls.pairs.append((name, connection, verdict))

    @classmethod
    def departs(cls, table, who, where, told, reports):
        """The row that knows of this departure, if there is one."""
        for row in table:
            if ((row.implementation, row.side) == who and (row.told, row.reports) == (told, reports)
                    and any(fnmatch.fnmatchcase(where, pattern) for pattern in row.where.split())):
                cls.used[row] += 1
                return True
        return False

    @staticmethod
    def has_cause(connection, verdict):
        """Whether the verdict has the cause that was brought about."""
        return verdict["cause"] in (connection["cause"], *connection.get("cause_or", ()))

    @classmethod
    def compare(cls, capture, connection, verdict, side):
        endpoint = connection[side]
        if side == {"front": "server", "back": "client"}.get(connection.get("leg")) and (
                "proxy" in connection):
            return    # the proxy, which has no API
        who = (endpoint["implementation"], side)
        where = capture + connection["path"]
        api = endpoint["api"]
        if "cause" in connection:
            cls.tally[who]["cause" if cls.has_cause(connection, verdict) else "no cause"] += 1
        if api is None:
            cls.tally[who]["silent"] += 1
            return
        told, reports = number(verdict.get(side + ".code")), api["code"]
        script = connection[side + "_script"]
        text = (f"{where} {script}, {who[0]} as {side}: told {told}, reports {reports}, "
                f"{api['exception']}; verdict: {verdict['verdict']}")
        if reports == told:
            cls.tally[who]["agrees"] += 1
        elif cls.departs(CODES, who, where, told, reports):
            cls.tally[who]["departs"] += 1
        elif told in hidden(api):
            cls.tally[who]["hidden"] += 1
        else:
            cls.tally[who]["wrong"] += 1
            cls.wrong.append(text)
        if api["wasClean"] is None:
            return
        clean = boolean(verdict.get("clean"))
        if clean != api["wasClean"] and not cls.departs(CLEAN, who, where, clean, api["wasClean"]):
            cls.wrong.append(f"clean {clean}, wasClean {api['wasClean']}: {text}")

    @classmethod
    def tearDownClass(cls):
        print("\n".join(line for line in cls.table() if MARKDOWN or not line.startswith("| ---")))

    @classmethod
    def table(cls):
        """Lines of the two tables, in Markdown."""
        columns = ("agrees", "hidden", "departs", "silent", "cause", "no cause")
        lines = ["| implementation | role | agrees | hides it | departs | reports nothing | "
                 "cause told | not told |",
                 "| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |"]
        total = collections.Counter()
        for (implementation, side), counts in sorted(cls.tally.items(), key=lambda i: (
                i[0][1], i[0][0].lower())):
            if implementation.startswith("scripted"):
                continue
            total.update(counts)
            lines.append(f"| {implementation} | {side} | " + " | ".join(
                str(counts[column]) for column in columns) + " |"
                + (f" {counts['wrong']} WRONG" if counts["wrong"] else ""))
        lines.append("| all | | " + " | ".join(
            str(total[column]) for column in columns) + " |")
        lines += ["", "| implementation | role | RFC 6455 | its API | connections | why |",
                  "| --- | --- | --- | --- | ---: | --- |"]
        for row in CODES + CLEAN:
            told, reports = (f"{'' if value else 'not '}clean" if isinstance(value, bool)
                             else str(value) for value in (row.told, row.reports))
            lines.append(f"| {row.implementation} | {row.side} | {told} | {reports} | "
                         f"{cls.used[row]} | {row.why} |")
        return lines

    def test_tables_of_the_document(self):
        with open(os.path.join(golden.ROOT, "docs", "truth.md"), encoding="utf-8") as file:
            rows = [line for line in file.read().splitlines() if line.startswith("|")]
        self.assertEqual(rows, [line for line in self.table() if line])

    def test_one_verdict_for_each_connection(self):
        self.assertEqual(self.unmatched, [], "\n" + "\n".join(self.unmatched))

    def test_never_two_verdicts(self):
        """Not even on the captures that nobody recorded."""
        streams = [(name, verdict["stream"]) for name, found in self.verdicts.items()
                   for verdict in found]
        self.assertGreater(len(streams), len(self.pairs))
        self.assertEqual(len(streams), len(set(streams)))

    def test_codes_and_clean(self):
        self.assertEqual(self.wrong, [], "\n" + "\n".join(self.wrong))

    def test_cause(self):
        wrong, known, right = [], set(), 0
        for capture, connection, verdict in self.pairs:
            if "cause" not in connection:
                continue
            where = capture + connection["path"]
            told = verdict["cause"]
            if self.has_cause(connection, verdict):
                right += 1
            elif CAUSES.get(where, [None])[0] == told:
                known.add(where)
            else:
                wrong.append(f"{where}: {told}, not {connection['cause']}; {verdict['verdict']}")
        self.assertEqual(wrong, [], "\n" + "\n".join(wrong))
        self.assertEqual(known, set(CAUSES))
        self.assertGreater(right, 400)

    def test_every_known_departure_is_seen(self):
        self.assertEqual([row for row in CODES + CLEAN if not self.used[row]], [])

    def test_nothing_is_incomplete(self):
        """Real peers were recorded from beginning to end. Nobody can decipher a garbled record, and
        Wireshark inflates no message in fragments."""
        self.assertEqual({capture + connection["path"] for capture, connection, verdict in self.pairs
                          if "incomplete" in verdict and not capture.startswith("tls-alert")},
                         {"deflate-broken-wsproto/split"})

    def test_enough_of_them(self):
        compared = {side: {connection[side]["implementation"]
                           for _, connection, _ in self.pairs if connection[side]["api"]}
                    for side in SIDES}
        self.assertGreaterEqual(len(self.pairs), 60)
        self.assertGreaterEqual(len(compared["client"]), 5)
        self.assertGreaterEqual(len(compared["server"]), 4)


if __name__ == "__main__":
    if MARKDOWN:
        sys.argv.remove("--markdown")
    golden.main()
