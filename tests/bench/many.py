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

--growth measures how memory grows with the number of connections that have closed, with the plugin
and without: of a live tshark that reads the packets from a pipe (-i -), both with
-Y websocket.opcode==8; and of one that reads a file, with -z wsclose,json against stock's -z conv,tcp.
Each is run on a tenth of the connections and on all of them (100,000, in five minutes), and the
growth between is told per connection:

    python3 tests/bench/many.py --plugin build/plugin/wsclose.so --growth

Exit status: 0; 1 when a limit is broken: memory per connection above stock, or a connection that
never ends costs more than one that does; 2 when nothing could be measured.
"""

import os
import subprocess
import sys
import tempfile

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


def measure_live(tshark, home, capture, number, directory):
    """Peak KiB of tshark that is sent a capture through a pipe."""
    with tempfile.TemporaryFile() as out, subprocess.Popen(["cat", capture],
                                                           stdout=subprocess.PIPE) as cat:
        _, kib = bench.measure(tshark, home, ["-i", "-", "-Y", bench.CLOSE_FILTER], stdout=out,
                               stdin=cat.stdout, env={"TMPDIR": directory})
        out.seek(0)
        lines = sum(1 for _ in out)
    if lines != 2 * number:
        raise tshark_home.SetupError(f"tshark -i -: {lines} Close frames, not {2 * number}")
    return kib


def run_growth(args, directory):
    """Octets per connection by which memory grows."""
    tshark = tshark_home.Tshark(args.tshark)
    homes = tshark_home.stock_and_plugin(tshark, directory, args.plugin)
    live = os.path.join(directory, "live")      # where tshark, as nobody, writes what it captures
    os.mkdir(live)
    os.chmod(live, 0o777)
    reports = ("conv,tcp", "wsclose,json")
    numbers = (max(1, args.number // 10), args.number)
    if numbers[0] == numbers[1]:
        raise tshark_home.SetupError("--connections: at least 2 to see a growth")
    found = {"tshark -i -, -Y": [], "tshark -r, -z": []}
    for number in numbers:
        capture = os.path.join(directory, "many.pcap")
        bench.generate(capture, f"--connections={number}", "--frames=1")
        found["tshark -i -, -Y"].append([measure_live(tshark, home, capture, number, live)
                                         for home in homes])
        found["tshark -r, -z"].append([bench.measure(tshark, home, ["-r", capture, "-q", "-z",
                                                                    report])[1]
                                       for home, report in zip(homes, reports)])
        os.unlink(capture)
    print(f"{'octets per connection':24} {'stock':>8} {'with':>8} {'above':>8} {'limit':>8}")
    broken = False
    for name, (few, many) in found.items():
        stock, ours = ((after - before) * 1024 / (numbers[1] - numbers[0])
                       for before, after in zip(few, many))
        # A report keeps what it is going to print.
        limit = bench.LIMIT_OCTETS if "-i" in name else None
        broken |= limit is not None and ours - stock > limit
        print(f"{name:24} {stock:8.0f} {ours:8.0f} {ours - stock:8.0f} {limit or '-':>8}")
    if args.number < bench.CHECK_CONNECTIONS:
        print(f"No limit applies below {bench.CHECK_CONNECTIONS} connections.")
        return 0
    if broken:
        print("LIMIT BROKEN: octets per connection above stock")
    return 1 if broken else 0


def run(args, directory):
    if args.mode == "growth":
        return run_growth(args, directory)
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
    sys.exit(bench.measure_many(__doc__, "connections", 1_000_000, run, growth=(
        "how memory grows, live and with a report", 100_000)))
