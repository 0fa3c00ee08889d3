#!/usr/bin/env python3
#
# test_pairs.py - WebSocket over HTTP/2 against the same closes over HTTP/1.1
#
# SPDX-License-Identifier: GPL-2.0-or-later
#
"""test_pairs.py --plugin BUILD/plugin/wsclose.so

For each h2-NAME and its twin h1-NAME, whose connections took the same steps in the same order: the
events of both connections, item by item and field by field. Texts may name the carrier, and what
depends on the recording (times, packets) differs: of those only the presence is compared. What the
peers themselves do differently is in a table, with what proves it.
"""

import collections
import json
import os
import unittest

import golden

EVENTS = {"1": "negotiation", "2": "Close", "3": "verdict", "4": "breach"}

# Compared by their values, and by their presence alone.
SAME = {"event", "sender", "code", "code.on_wire", "code.class", "reason", "ext.offered",
        "ext.accepted", "ext.declined", "ext.unsolicited", "ext.invalid", "ext.needed",
        "ext.missing", "ext.verdict", "client.code", "server.code", "clean", "initiator",
        "frames.client", "frames.server", "incomplete", "cause", "cause_by", "cause_certain"}
PRESENT = {"verdict", "description", "seen_when", "fix", "request_in", "response_in",
           "client.close_in", "server.close_in", "peer_close_in", "verdict_in", "close_in",
           "close_rtt", "duration", "idle", "cause_in", "last_client", "last_server"}
OTHER = {"stream", "http2_stream", "handshake_status"}


def load_truth(name):
    with open(os.path.join(golden.CAPTURES, name + ".truth.json"), encoding="utf-8") as file:
        return json.load(file)["connections"]


Difference = collections.namedtuple(
    "Difference", "name path what over_http2 over_http11 why proof_http2 proof_http11")

# Where the peers did not do the same. A proof is a filter of stock Wireshark, on this connection or
# stream, and the side whose packet is the first that it finds. Every row must be needed.
KNOWN = [
    Difference("chromium", "/tab", "events", "negotiation verdict",
               "negotiation Close Close verdict",
               "when a tab is closed, Chromium sends a Close with 1001 over HTTP/1.1, and over HTTP/2 "
               "resets the stream with CANCEL without any Close",
               ("http2.rst_stream.error == 8 && http2.streamid == {stream}", "client"),
               ("websocket.payload.close.status_code == 1001", "client")),
    Difference("chromium-no-close", "/fin", "verdict initiator", "2", "1",
               "Chromium ends TCP upon the close_notify of TLS, before the server's FIN",
               ("http2.flags.end_stream == 1 && http2.streamid == {stream}", "server"),
               ("tcp.flags.fin == 1", "client")),
    Difference("goaway", "/calm", "verdict initiator", "1", "2",
               "Node.js as a client ends TCP upon a GOAWAY with an error, before the server does",
               ("tcp.flags.fin == 1", "client"), ("tcp.flags.fin == 1", "server")),
]


def status_class(values):
    return ["opened" if int(value) == 101 or 200 <= int(value) <= 299 else value
            for value in values]


def read_item(item, known):
    """{field without its prefix: what is compared of it}, the expert items as "expert"."""
    values = collections.defaultdict(list)
    expert = set()
    for field in item.iter("field"):
        if field.get("name") == "_ws.expert":
            expert.update(part.get("name") for part in field if
                          part.get("name", "").startswith("wsclose."))
    for field in item.findall("field"):
        name = field.get("name", "")
        if name.startswith("wsclose.") and name not in expert:
            value = field.get("show")
            values[name[len("wsclose."):]].append(golden.BOOLEANS.get(value, value))
    known.update(values)
    told = {name: values[name] for name in SAME & set(values)}
    told.update((name, "there") for name in PRESENT & set(values))
    if "handshake_status" in values:
        told["handshake_status"] = status_class(values["handshake_status"])
    # What ends TCP over HTTP/1.1 ends a stream over HTTP/2, mostly with an error.
    told["cause"] = ["transport_end" if cause == "stream_error" else cause
                     for cause in values["cause"]]
    if expert:
        told["expert"] = sorted(expert)
    return told


def events(names, known):
    """For each capture {(TCP stream, stream of HTTP/2 or None): its items, in their order}, and client
    ports."""
    found = {name: collections.defaultdict(list) for name in names}
    ports = {name: {} for name in names}
    for name, number, first_stream, packet in golden.packets_of_each(names, "-Y", "wsclose", "-j",
                                                                     "wsclose tcp"):
        tcp = {field.get("name"): int(field.get("show")) for field in packet.iter("field")
               if field.get("name") in ("tcp.stream", "tcp.srcport", "tcp.dstport")}
        for item in packet.findall("proto[@name='wsclose']"):
            over = item.find("field[@name='wsclose.http2_stream']")
            key = (tcp["tcp.stream"] - first_stream,
                   None if over is None else int(over.get("show")))
            found[name][key].append({"frame": number, **read_item(item, known)})
            ports[name][key] = {tcp["tcp.srcport"], tcp["tcp.dstport"]}
    return found, ports


def key_of(connection):
    return connection["tcp_stream"], connection.get("http2_stream")


def differences(ours, theirs):
    """(what, over HTTP/2, over HTTP/1.1) of two lists of items."""
    if [item["event"] for item in ours] != [item["event"] for item in theirs]:
        yield ("events", *(" ".join(EVENTS[item["event"][0]] for item in items)
                           for items in (ours, theirs)))
        return
    for mine, other in zip(ours, theirs):
        for name in sorted((set(mine) | set(other)) - {"frame"}):
            if mine.get(name) != other.get(name):
                yield (f"{EVENTS[mine['event'][0]]} {name}",
                       *(" ".join(map(str, v)) if isinstance(v, list) else str(v)
                         for v in (mine.get(name), other.get(name))))


def resets(names):
    """For each capture {(TCP stream, stream of HTTP/2): packet of its first RST_STREAM}"""
    found = {name: {} for name in names}
    for name, number, first_stream, packet in golden.packets_of_each(names, "-Y", "http2.type == 3",
                                                                     "-J", "tcp http2"):
        tcp = int(packet.find("proto[@name='tcp']/field[@name='tcp.stream']").get("show"))
        for frame in packet.iter("field"):
            if frame.get("name") == "http2.stream":
                kind, stream = (frame.find(f"field[@name='http2.{field}']")
                                for field in ("type", "streamid"))
                if kind is not None and kind.get("show") == "3":
                    found[name].setdefault((tcp - first_stream, int(stream.get("show"))), number)
    return found


def first_sender(name, proof, connection):
    """Which side sent the first packet that the filter of a proof finds."""
    port = connection["client_port"]
    found = golden.tshark(name, "-Y", f"tcp.stream == {connection['tcp_stream']} && "
                          + proof.format(stream=connection.get("http2_stream")),
                          "-T", "fields", "-e", "tcp.srcport")
    return None if not found else "client" if int(found[0]) == port else "server"


class Pairs(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        names = [name for name in golden.capture_names()
                 if os.path.exists(os.path.join(golden.CAPTURES, name + ".truth.json"))]
        cls.subjects = {prefix: [name[3:] for name in names if name.startswith(prefix + "-")]
                        for prefix in ("h1", "h2")}
        cls.fields = set()
        cls.wrong = []
        cls.used = set()
        cls.tally = collections.Counter()
        subjects = [name for name in cls.subjects["h2"] if name in cls.subjects["h1"]]
        over_http2 = [f"h2-{subject}" for subject in subjects]
        cls.events, cls.ports = events([*over_http2, *(f"h1-{subject}" for subject in subjects)],
                                       cls.fields)
        cls.resets = resets(over_http2)
        for subject in subjects:
            cls.compare(subject)

    @classmethod
    def compare(cls, subject):
        names = {over: f"{over}-{subject}" for over in ("h2", "h1")}
        truths = {over: load_truth(name) for over, name in names.items()}
        items = {}
        for over, name in names.items():
            found, ports = cls.events[name], cls.ports[name]
            items[over] = [found.pop(key_of(c), []) for c in truths[over]]
            for connection in truths[over]:
                if connection["client_port"] not in ports.get(key_of(connection), ()):
                    cls.wrong.append(f"{name}{connection['path']}: no event, or another client port")
            cls.wrong += [f"{name}: events on {key}, where the truth has no connection"
                          for key in found]
        cls.compare_resets(names["h2"], truths["h2"], items["h2"])
        cls.compare_attempts(names["h2"], truths["h2"], items["h2"])
        last = {over: [i for i, c in enumerate(truth) if not c.get("retried")]
                for over, truth in truths.items()}
        if len(last["h2"]) != len(last["h1"]):
            cls.wrong.append(f"{subject}: {len(last['h2'])} connections over HTTP/2, "
                             f"{len(last['h1'])} over HTTP/1.1")
        differ = 0
        for i, j in zip(last["h2"], last["h1"]):
            ours, theirs = items["h2"][i], items["h1"][j]
            cls.tally["connections"] += 1
            cls.tally.update(EVENTS[item["event"][0]] for item in ours)
            for what, mine, other in differences(ours, theirs):
                differ += 1
                cls.judge(names, truths["h2"][i], truths["h1"][j], what, mine, other)
        print(f"{subject}: {len(last['h2'])} connections, {differ} differences")

    @classmethod
    def compare_resets(cls, name, truth, items):
        """No verdict waits for more than the first RST_STREAM, whatever came before it."""
        when = cls.resets[name]
        for connection, ours in zip(truth, items):
            reset = when.get(key_of(connection))
            told = [item["frame"] for item in ours if item["event"] == ["3"]]
            if reset and told and told[0] > reset:
                cls.wrong.append(f"{name}{connection['path']}, stream "
                                 f"{connection['http2_stream']}: RST_STREAM in packet {reset}, "
                                 f"verdict in packet {told[0]}")

    @classmethod
    def compare_attempts(cls, name, truth, items):
        """An attempt that the client repeated by itself ended as the last one did."""
        for i, connection in enumerate(truth):
            if connection.get("retried"):
                cls.wrong += [f"{name}{connection['path']}, tried again: {difference}"
                              for difference in differences(items[i], items[i + 1])]

    @classmethod
    def judge(cls, names, over_http2, over_http11, what, mine, other):
        where = f"{names['h2']}{over_http2['path']}"
        for row in KNOWN:
            if ((f"h2-{row.name}", row.path, row.what, row.over_http2, row.over_http11)
                    == (names["h2"], over_http2["path"], what, mine, other)):
                cls.used.add(row)
                for over, connection, (proof, side) in (
                        ("h2", over_http2, row.proof_http2), ("h1", over_http11, row.proof_http11)):
                    if first_sender(names[over], proof, connection) != side:
                        cls.wrong.append(f"{where}: no proof of \"{row.why}\": {over}, {proof}")
                return
        cls.wrong.append(
            f"{where}, stream {over_http2['http2_stream']}, "
            f"{over_http2['client']['implementation']} {over_http2['client_script']}, "
            f"{over_http2['server']['implementation']} {over_http2['server_script']}: {what} is "
            f"{mine} over HTTP/2, {other} over HTTP/1.1")

    def test_same_events(self):
        self.assertEqual(self.wrong, [], "\n" + "\n".join(self.wrong))

    def test_every_known_difference_is_seen(self):
        self.assertEqual([row for row in KNOWN if row not in self.used], [])

    def test_every_capture_has_its_twin(self):
        self.assertEqual(self.subjects["h2"], self.subjects["h1"])

    def test_every_field_is_compared(self):
        """A field that is new has to be put into one of the sets above."""
        self.assertEqual(self.fields - SAME - PRESENT - OTHER, set())
        self.assertEqual(OTHER - self.fields, set())

    def test_enough_of_them(self):
        self.assertGreaterEqual(self.tally["connections"], 150)
        self.assertGreaterEqual(sum(map(len, self.resets.values())), 60)
        for event in ("negotiation", "Close", "verdict"):
            self.assertGreaterEqual(self.tally[event], 150, event)


if __name__ == "__main__":
    golden.main()
