#!/usr/bin/env python3
#
# test_stock.py - with the plugin, Wireshark says of everything else what it says without
#
# SPDX-License-Identifier: GPL-2.0-or-later
#
"""test_stock.py --plugin BUILD/plugin/wsclose.so

tshark runs twice with the same arguments, without the plugin and with it. Once the plugin's own items
are taken out, both must have printed the same octets, on stderr too, with the same exit status.

Each capture alone is for sharkd, which reads one after the other: it lists the packets and shows each of
them, without the plugin and with it, and once our items are taken out both must have said the same.
"""

import concurrent.futures
import itertools
import json
import os
import re
import unittest

import golden
import stock
import tshark_home

# At a time, each of the two with what it printed in memory.
WORKERS = min(2, os.cpu_count())
PARTS = 6

# What makes Wireshark dissect in another way, on all captures at once.
VARIANTS = {
    "no TCP reassembly": ["-o", "tcp.desegment_tcp_streams:FALSE"],
    "out of order": ["-o", "tcp.reassemble_out_of_order:TRUE"],
    "TCP not followed": ["-o", "tcp.analyze_sequence_numbers:FALSE"],
    "checksums": ["-o", "tcp.check_checksum:TRUE", "-o", "ip.check_checksum:TRUE"],
    "TLS records apart": ["-o", "tls.desegment_ssl_records:FALSE"],
    "TLS data apart": ["-o", "tls.desegment_ssl_application_data:FALSE"],
    "bodies apart": ["-o", "http.desegment_body:FALSE", "-o", "http.desegment_headers:FALSE"],
    "no decompression": ["-o", "websocket.decompress:FALSE"],
    "text is JSON": ["-o", "websocket.text_type:As JSON"],
    "heuristics first": ["-o", "tcp.try_heuristic_first:TRUE"],
    "heuristic WebSocket": ["--enable-heuristic", "websocket_tcp"],
    "heuristic WebSocket first": ["--enable-heuristic", "websocket_tcp",
                                  "-o", "tcp.try_heuristic_first:TRUE"],
    "no heuristic HTTP": ["--disable-heuristic", "http_tcp", "--disable-heuristic", "http_tls",
                          "--disable-heuristic", "http2_tcp", "--disable-heuristic", "http2_tls"],
    "decode as WebSocket": ["-d", "tcp.port==8080,websocket"],
    "decode as HTTP/2": ["-d", "tcp.port==8080,http2"],
    "decode TLS as HTTP": ["-d", "tls.port==443,http"],
    "decode as data": ["-d", "tcp.port==8080,data"],
    "no WebSocket": ["--disable-protocol", "websocket"],
    "no HTTP/2": ["--disable-protocol", "http2"],
    "no HTTP": ["--disable-protocol", "http"],
    "no TLS": ["--disable-protocol", "tls"],
    "transum": ["--enable-protocol", "transum"],
}

# Where a decoder that is chosen by hand decides alone.
DECODE_AS = {
    "ws-1010-reason-declined-midstream": ["websocket", "http", "http2", "data"],
    "ws-1010-reason-declined-midstream-response": ["websocket", "http", "http2", "data"],
    "h2-closes-ws-midstream": ["websocket", "http", "http2", "data"],
    "h2-deflate-ws-midstream": ["websocket", "http", "http2", "data"],
}

class Comparison:
    """The same arguments without the plugin and with it."""

    def __init__(self, name, args, style=None, with_plugin=()):
        self.name, self.args, self.style = name, list(args), style
        self.with_plugin = list(with_plugin)    # arguments that stock does not understand
        self.items = 0
        self.status = None
        self.differences = []

    def run(self):
        style = self.style.split() if self.style else []
        old = stock.run(Stock.home, [*self.args, *style])
        ours = stock.run(Stock.with_plugin, [*self.with_plugin, *self.args, *style])
        self.status = old.status
        differences, self.items = stock.differences(old, ours, self.style)
        command = " ".join(["tshark", *self.with_plugin, *self.args, *style])[:600]
        self.differences += [f"{self.name}: {what} differs: {command}\n{detail}"
                             for what, detail in differences]
        return self


def without_ours(tree):
    """The same of what sharkd shows of a packet."""
    stock = [item for item in tree if item.get("f") != "wsclose"]
    # Of a subtree it has the number, which depends on what else there is.
    for item in every_item(stock):
        item.pop("e", None)
    return stock, len(tree) - len(stock)


def every_item(tree):
    for item in tree:
        yield item
        yield from every_item(item.get("n", []))


def compare_by_sharkd(name, without, ours):
    """Differences in a capture, and how many items of ours there are."""
    differences = []
    items = 0
    frames = []
    for sharkd in (without, ours):
        sharkd.load(name)
        frames.append(sharkd.frames())
    if frames[0] != frames[1]:
        old, new = next(pair for pair in itertools.zip_longest(*frames) if pair[0] != pair[1])
        differences.append(f"{name}: in the list of packets\n  stock: {old}\n  with:  {new}")
    for frame in frames[0]:
        old, new = (sharkd.ask("frame", frame=frame["num"], proto=True, bytes=True, columns=True,
                               color=True) for sharkd in (without, ours))
        old["tree"], none = without_ours(old["tree"])
        new["tree"], some = without_ours(new["tree"])
        items += some - none
        if old != new:
            old, new = (json.dumps(what, indent=1).encode() for what in (old, new))
            differences.append(f"{name}, frame {frame['num']}: {stock.first_difference(old, new)}")
    return differences, items


class Stock(golden.MergedCaptures):
    """Every command line of a test runs before any failure is told: one cause shows in many."""

    home = None
    with_plugin = None

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        Stock.home = golden.Setup.tshark.make_home(os.path.join(cls.directory.name, "stock"))
        golden.Setup.tshark.require_no_plugin(Stock.home)
        Stock.with_plugin = golden.Setup.tshark.make_home(
            os.path.join(cls.directory.name, "with"), golden.Setup.plugin)
        stock.write_preferences(Stock.with_plugin)

    def compare(self, comparisons):
        """Run them all; returns how many items of ours were taken out."""
        with concurrent.futures.ThreadPoolExecutor(WORKERS) as pool:
            done = list(pool.map(Comparison.run, comparisons))
        self.tell([text for comparison in done for text in comparison.differences])
        return sum(comparison.items for comparison in done)

    def tell(self, differences):
        if differences:
            self.fail(f"{len(differences)} differences, the first ones:\n"
                      + "\n".join(differences[:5]))

    def expect_success(self, comparisons):
        items = self.compare(comparisons)
        failed = [(comparison.name, comparison.args) for comparison in comparisons
                  if comparison.status != 0]
        self.assertEqual(failed, [])
        return items

    def test_every_capture_alone(self):
        names = [name for name in golden.capture_names() if name not in golden.ARGUMENTS]
        found = golden.by_sharkd(compare_by_sharkd, names, Stock.home, Stock.with_plugin)
        self.tell([difference for differences, _ in found for difference in differences])
        # A plugin that says nothing would change nothing either.
        self.assertGreater(sum(items for _, items in found), 2500)

    def test_captures_that_need_arguments(self):
        comparisons = [Comparison(name, [*passes, "-r", golden.capture_path(name), *args], "-T pdml")
                       for name, args in golden.ARGUMENTS.items() for passes in ([], ["-2"])]
        self.assertGreater(self.expect_success(comparisons), 50)

    def test_all_captures_in_one(self):
        read = ["-r", self.all]
        comparisons = [Comparison("all", [*passes, *read, *more], style)
                       for passes in ([], ["-2"])
                       for more, style in ((["-x"], "-V"), ([], None),
                                           (["-q", "-z", "conv,tcp", "-z", "http,tree", "-z",
                                             "plen,tree"], None),
                                           (["-Y", "websocket.opcode == 8 || http2.type == 0"],
                                            "-V"),
                                           (["-T", "fields", "-e", "frame.protocols", "-e",
                                             "_ws.col.Protocol", "-e", "websocket.opcode"], None))]
        self.assertGreater(self.expect_success(comparisons), 5000)

    def test_pdml(self):
        """In parts, for the whole would be 300 MB, and twice. sharkd has the second pass."""
        names = [name for name in golden.capture_names() if name not in golden.ARGUMENTS]
        comparisons = []
        for i in range(PARTS):
            path = os.path.join(self.directory.name, f"part-{i}.pcapng")
            comparisons.append(Comparison("part", ["-r", golden.merge(path, names[i::PARTS])],
                                          "-T pdml"))
        self.assertGreater(self.expect_success(comparisons), 2500)

    def test_follow_stream(self):
        tables = {
            "tcp": self.streams("tcp.stream"),
            "http": self.streams("http", "tcp.stream"),
            "tls": self.streams("tls", "tcp.stream"),
            "http2": self.streams("http2.streamid", "tcp.stream", "http2.streamid"),
            "websocket": self.streams("websocket", "tcp.stream"),
        }
        help_of = stock.run(Stock.home, ["-z", "help"])
        known = set(re.findall(rb"\bfollow,(\w+)", help_of.out + help_of.err))
        followed = [protocol for protocol in tables if protocol.encode() in known]
        self.assertGreaterEqual(len(followed), 4)
        taps = []
        for protocol in followed:
            self.assertGreater(len(tables[protocol]), 20, protocol)
            taps += (part for stream in tables[protocol]
                     for part in ("-z", f"follow,{protocol},raw,{stream}"))
        self.expect_success([Comparison("follow", [*passes, "-r", self.all, "-q", *taps])
                             for passes in ([], ["-2"])])

    def streams(self, display_filter, *fields):
        """What follow calls them: STREAM, or STREAM,SUBSTREAM."""
        wanted = [part for field in fields or [display_filter] for part in ("-e", field)]
        lines = golden.Setup.tshark.lines(Stock.home, ["-r", self.all, "-Y", display_filter, "-T",
                                                       "fields", *wanted])
        found = set()
        for line in lines:
            columns = [column.split(",") for column in line.split("\t")]
            if len(columns) == 1:
                found.update(columns[0])
            elif len(columns[0]) == 1:
                found.update(f"{columns[0][0]},{sub}" for sub in columns[1])
        return sorted(found)

    def test_what_dissects_what(self):
        self.expect_success([Comparison("decoders", ["-G", what])
                             for what in ("decodes", "heuristic-decodes", "dissector-tables")])

    def test_variants(self):
        comparisons = [Comparison(what, ["-r", self.all, *args], "-V")
                       for what, args in VARIANTS.items()]
        comparisons += [Comparison(name, [*passes, "-r", golden.capture_path(name), "-d",
                                          f"tcp.port==8080,{decoder}"], "-T pdml")
                        for name, decoders in DECODE_AS.items() for decoder in decoders
                        for passes in ([], ["-2"])]
        self.expect_success(comparisons)

    def test_disabled_protocol(self):
        """There is nothing to take out then."""
        off = ["--disable-protocol", "wsclose"]
        comparisons = [Comparison("all", [*passes, "-r", self.all, *style], None, off)
                       for passes in ([], ["-2"]) for style in ([], ["-V"])]
        name = "ws-1010-reason-declined"
        comparisons.append(Comparison(name, ["-r", golden.capture_path(name), "-T", "pdml"], None,
                                      off))
        self.expect_success(comparisons)

    def test_file_that_is_cut_off(self):
        """tshark prints what it can, complains and fails."""
        path = os.path.join(self.directory.name, "cut-off.pcapng")
        with open(golden.capture_path("ws-1010-reason-declined"), "rb") as whole, \
                open(path, "wb") as part:
            octets = whole.read()
            part.write(octets[:len(octets) // 2 + 1])
        tshark_home.make_readable(path)
        comparisons = [Comparison("cut off", [*passes, "-r", path], style)
                       for passes in ([], ["-2"]) for style in (None, "-V", "-T pdml")]
        self.compare(comparisons)
        self.assertNotIn(0, [comparison.status for comparison in comparisons])


if __name__ == "__main__":
    golden.main()
