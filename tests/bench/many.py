#!/usr/bin/env python3
#
# many.py - what a capture of a million connections costs
#
# SPDX-License-Identifier: GPL-2.0-or-later
#
"""Measure memory per connection on a capture of very many short WebSocket connections.

Two captures are made, of the same connections with one data message each: in one they all close
(11 packets each, the closing handshake and the FINs among them), in the other none ever ends (6
packets each). Stock tshark reads them with -Y websocket.opcode==8, the plugin with
-Y wsclose.verdict, once each. A million connections take 1.6 GB of disk in --directory, 8 GB of
memory (7 of them stock Wireshark's own), and a quarter of an hour:

    python3 tests/bench/many.py --plugin build/plugin/wsclose.so

Exit status: 0; 1 when a limit is broken: memory per connection above stock, or a connection that
never ends costs more than one that does; 2 when nothing could be measured.
"""

import os
import sys

import run as bench     # first: it finds tshark_home, in the folder above
import tshark_home

KINDS = (
    ("connections that close", 0),
    ("connections that never end", 1),
)


def measure_kind(tshark, homes, name, share, args, directory):
    """Octets per connection above stock; prints both runs."""
    capture = os.path.join(directory, "many.pcap")
    bench.generate(capture, f"--connections={args.number}", "--frames=1",
                   f"--data-only={share}")
    filters = (bench.CLOSE_FILTER, "wsclose.verdict")
    (stock_s, stock_kib), (with_s, with_kib) = (
        bench.measure(tshark, home, ["-r", capture, "-Y", display_filter])
        for home, display_filter in zip(homes, filters))
    os.unlink(capture)
    octets = (with_kib - stock_kib) * 1024 / args.number
    print(f"{name:27} {stock_s:8.1f} {with_s:8.1f} {with_s / stock_s:6.3f} "
          f"{stock_kib / 1024:10.0f} {with_kib / 1024:9.0f} {octets:12.0f}", flush=True)
    return octets


def run(args, directory):
    tshark = tshark_home.Tshark(args.tshark)
    stock_home, plugin_home = tshark_home.stock_and_plugin(tshark, directory, args.plugin)

    print(f"{'':27} {'stock s':>8} {'with s':>8} {'ratio':>6} {'stock MiB':>10} {'with MiB':>9} "
          f"{'octets/conn':>12}", flush=True)
    closing, endless = (
        measure_kind(tshark, (stock_home, plugin_home), name, share, args, directory)
        for name, share in KINDS)
    if args.number < bench.CHECK_CONNECTIONS:
        print(f"No limit applies below {bench.CHECK_CONNECTIONS} connections.")
        return 0
    broken = []
    if max(closing, endless) > bench.LIMIT_OCTETS:
        broken.append(f"{max(closing, endless):.0f} octets per connection above stock, "
                      f"limit {bench.LIMIT_OCTETS}")
    if endless > closing:
        broken.append("a connection that never ends costs more than one that does")
    for text in broken:
        print(f"LIMIT BROKEN: {text}")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(bench.measure_many(__doc__, "connections", 1_000_000, run))
