#!/usr/bin/env python3
#
# streams.py - what very many WebSockets on one TCP connection cost
#
# SPDX-License-Identifier: GPL-2.0-or-later
#
"""Measure memory per stream on a capture of very many WebSockets on one connection of HTTP/2.

They come one after the other, four packets each; what is kept to follow a stream has to go when it
ends. Stock tshark reads the capture with -Y http2, the plugin with -Y wsclose.verdict, once each:

    python3 tests/bench/streams.py --plugin build/plugin/wsclose.so

Exit status: 0; 1 when a verdict is missing, or a limit broken: memory per stream above stock; 2 when
nothing could be measured.
"""

import os
import sys

import run as bench     # first: it finds tshark_home, in the folder above
import tshark_home


def run(args, directory):
    tshark = tshark_home.Tshark(args.tshark)
    stock_home, plugin_home = tshark_home.stock_and_plugin(tshark, directory, args.plugin)
    capture = os.path.join(directory, "streams.pcap")
    bench.generate(capture, "--connections=1", f"--frames={args.number}",
                   "--kind=http2-websockets")

    stock_s, stock_kib = bench.measure(tshark, stock_home, ["-r", capture, "-Y", "http2"])
    with_s, with_kib = bench.measure(tshark, plugin_home, ["-r", capture, "-Y", "wsclose.verdict"])
    verdicts = bench.count(tshark, plugin_home, capture, "wsclose.verdict && wsclose.code == 1005")
    octets = (with_kib - stock_kib) * 1024 / args.number
    print(f"{args.number} streams: {stock_s:.1f} s stock, {with_s:.1f} s with the plugin, "
          f"{stock_kib / 1024:.0f} and {with_kib / 1024:.0f} MiB, {octets:.0f} octets per stream; "
          f"{verdicts} verdicts")
    if verdicts != args.number:
        print("VERDICTS ARE MISSING")
        return 1
    if args.number < bench.CHECK_CONNECTIONS:
        print(f"No limit applies below {bench.CHECK_CONNECTIONS} streams.")
        return 0
    if octets > bench.LIMIT_OCTETS:
        print(f"LIMIT BROKEN: {octets:.0f} octets per stream above stock, "
              f"limit {bench.LIMIT_OCTETS}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(bench.measure_many(__doc__, "streams", 100_000, run))
