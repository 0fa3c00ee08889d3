#!/usr/bin/env python3
#
# run.py - what the plugin costs: paired runs of tshark with it and without it
#
# SPDX-License-Identifier: GPL-2.0-or-later
#
"""Measure tshark with the plugin against stock tshark, on a large generated capture.

Each row runs stock and the other one in turn (A B A B ...), as an ordinary user with a home
directory that holds only what is measured. Seconds are CPU time, user and system together;
the ratio is that of the two medians, the range is that of the pairs. Memory is peak resident
memory above stock, per WebSocket connection.

--instructions counts instructions under valgrind instead, start-up not included, on a capture
of 700 connections unless told otherwise: repeatable on a busy machine, but no limit is defined
for it.

Exit status: 0; 1 with --check when a limit is broken; 2 when nothing could be measured.
"""

import argparse
import os
import re
import statistics
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.dirname(HERE))

import tshark_home  # noqa: E402 (the folder above)

LIMIT_PLAIN = 1.25          # tshark -r
LIMIT_FILTER = 1.05         # tshark -Y, against stock with -Y websocket.opcode==8
LIMIT_REPORT = 1.10         # tshark -q -z wsclose,conn, against stock with -z conv,tcp
LIMIT_HTTP2 = 1.05          # tshark -Y http2, where there is no WebSocket
LIMIT_OCTETS = 1024         # per connection, above stock

# The limits hold for captures from this size on: in smaller ones start-up hides the rest.
CHECK_PACKETS = 500_000
CHECK_CONNECTIONS = 20_000

CLOSE_FILTER = "websocket.opcode==8"


class Row:
    """One comparison: the same capture, stock arguments against other arguments."""

    def __init__(self, name, home, capture, stock, other, limit=None, octets_limit=None):
        self.name, self.home, self.capture = name, home, capture
        self.stock, self.other = stock, other
        self.limit, self.octets_limit = limit, octets_limit
        self.pairs = []     # ((seconds, KiB) of stock, (seconds, KiB) of the other one)

    def ratio(self):
        return self.median(1, 0) / self.median(0, 0)

    def median(self, side, what):
        return statistics.median(pair[side][what] for pair in self.pairs)

    def pair_range(self):
        ratios = [other[0] / stock[0] for stock, other in self.pairs]
        return min(ratios), max(ratios)

    def octets(self, connections):
        return (self.median(1, 1) - self.median(0, 1)) * 1024 / connections

    def broken(self, connections):
        found = []
        if self.limit is not None and self.ratio() > self.limit:
            found.append(f"{self.name}: {self.ratio():.3f} times stock, limit {self.limit}")
        if self.octets_limit is not None and self.octets(connections) > self.octets_limit:
            found.append(f"{self.name}: {self.octets(connections):.0f} octets per connection "
                         f"above stock, limit {self.octets_limit}")
        return found


def measure(tshark, home, args):
    """CPU seconds and peak KiB of one run of tshark."""
    with tempfile.TemporaryFile() as errors:
        process = tshark.popen(home, args, stdout=subprocess.DEVNULL, stderr=errors)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            errors.seek(0)
            raise tshark_home.SetupError(f"tshark {' '.join(args)}: exit status "
                                         f"{process.returncode}\n{errors.read().decode()}")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss


def count_instructions(tshark, home, args):
    """Millions of instructions of one run of tshark; takes some ten times as long."""
    valgrind = ["--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null"]
    with tshark.popen(home, args, wrapper=["valgrind", *valgrind], text=True,
                      stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as process:
        errors = process.communicate()[1]
    match = re.search(r"I *refs: *([\d,]+)", errors)
    if process.returncode != 0 or match is None:
        raise tshark_home.SetupError(f"valgrind tshark {' '.join(args)}: exit status "
                                     f"{process.returncode}\n{errors}")
    return int(match.group(1).replace(",", "")) / 1e6


def generate(path, *args):
    subprocess.run([sys.executable, os.path.join(HERE, "generate.py"), path, *args], check=True)
    tshark_home.make_readable(path)


def count(tshark, home, capture, display_filter):
    return len(tshark.lines(home, ["-r", capture, "-Y", display_filter, "-T", "fields",
                                   "-e", "frame.number"]))


def check_work_is_done(tshark, stock_home, homes, capture):
    """A plugin that annotates nothing would be very fast. Returns (connections, Close packets)."""
    closes = count(tshark, stock_home, capture, CLOSE_FILTER)
    connections = count(tshark, stock_home, capture, "http.response.code==101")
    if closes == 0 or connections == 0:
        raise tshark_home.SetupError(f"{capture}: no WebSocket connection with a Close frame")
    for home, display_filter in homes:
        found = count(tshark, home, capture, display_filter)
        if found != closes:
            raise tshark_home.SetupError(f"-Y '{display_filter}' finds {found} packets, "
                                         f"{CLOSE_FILTER} finds {closes}")
    return connections, closes


def print_table(rows, connections):
    width = max(len(row.name) for row in rows)
    print(f"{'':{width}}  {'stock s':>8} {'with s':>8} {'ratio':>6} {'pairs':>13} {'limit':>6} "
          f"{'octets/conn':>12} {'limit':>6}")
    for row in rows:
        low, high = row.pair_range()
        limit = f"{row.limit:.2f}" if row.limit is not None else "-"
        octets = f"{row.octets(connections):.0f}" if row.octets_limit is not None else "-"
        octets_limit = str(row.octets_limit) if row.octets_limit is not None else "-"
        print(f"{row.name:{width}}  {row.median(0, 0):8.2f} {row.median(1, 0):8.2f} "
              f"{row.ratio():6.3f} {low:6.3f}-{high:6.3f} {limit:>6} {octets:>12} "
              f"{octets_limit:>6}")


def print_instructions(rows, tshark, stock_home, directory):
    """The same rows in instructions; those of an empty capture are start-up."""
    empty = os.path.join(directory, "empty.pcap")
    generate(empty, "--connections=0")

    def net(home, args):
        return count_instructions(tshark, home, args) - start_up[home]

    start_up = {home: count_instructions(tshark, home, ["-r", empty])
                for home in {stock_home, *(row.home for row in rows)}}
    width = max(len(row.name) for row in rows)
    print(f"{'':{width}}  {'stock M':>8} {'with M':>8} {'ratio':>6}")
    for row in rows:
        stock, other = net(stock_home, row.stock), net(row.home, row.other)
        print(f"{row.name:{width}}  {stock:8.1f} {other:8.1f} {other / stock:6.3f}", flush=True)


def run(args, directory):
    tshark = tshark_home.Tshark(args.tshark)
    stock_home, plugin_home = tshark_home.stock_and_plugin(tshark, directory, args.plugin)
    lua_home = None
    if tshark.has_lua():
        lua_home = tshark.make_home(os.path.join(directory, "lua"),
                                    lua=os.path.join(HERE, "wsclose.lua"))

    capture = os.path.abspath(args.capture) if args.capture else None
    if capture is None:
        capture = os.path.join(directory, "websocket.pcap")
        generate(capture, f"--connections={args.connections}", f"--frames={args.frames}")
    http = os.path.join(directory, "http.pcap")
    generate(http, f"--connections={args.connections}", f"--frames={args.frames}", "--kind=http")
    http2 = os.path.join(directory, "http2.pcap")
    generate(http2, f"--connections={args.connections}", f"--frames={args.frames}", "--kind=http2")

    annotated = [(plugin_home, "wsclose.event==2")]
    if lua_home:
        annotated.append((lua_home, "wsclose_lua"))
    connections, closes = check_work_is_done(tshark, stock_home, annotated, capture)
    packets = count(tshark, stock_home, capture, "frame")
    large = packets >= CHECK_PACKETS and connections >= CHECK_CONNECTIONS
    if args.check and not large:
        raise tshark_home.SetupError(f"--check: {packets} packets and {connections} connections, "
                                     f"less than {CHECK_PACKETS} and {CHECK_CONNECTIONS}")
    print(f"TShark {tshark.version}: {packets} packets, {connections} WebSocket connections, "
          f"{closes} packets with a Close frame"
          + ("\n" if args.instructions else f"; {args.runs} pairs per row\n"))

    reading = ["-r", capture]
    stock_filter = [*reading, "-Y", CLOSE_FILTER]
    rows = [
        Row("tshark -r", plugin_home, capture, reading, reading, LIMIT_PLAIN, LIMIT_OCTETS),
        Row("tshark -Y wsclose", plugin_home, capture, stock_filter,
            [*reading, "-Y", "wsclose"], LIMIT_FILTER, LIMIT_OCTETS),
        Row("tshark -Y 'wsclose.code == 1005'", plugin_home, capture, stock_filter,
            [*reading, "-Y", "wsclose.code == 1005"], LIMIT_FILTER, LIMIT_OCTETS),
        Row("tshark -2 -r", plugin_home, capture, ["-2", *reading], ["-2", *reading],
            None, LIMIT_OCTETS),
        Row("tshark -q -z wsclose,conn", plugin_home, capture, [*reading, "-q", "-z", "conv,tcp"],
            [*reading, "-q", "-z", "wsclose,conn"], LIMIT_REPORT),
        Row("tshark -r, HTTP without WebSocket", plugin_home, http, ["-r", http], ["-r", http]),
        Row("tshark -Y http2, no WebSocket", plugin_home, http2,
            ["-r", http2, "-Y", "http2"], ["-r", http2, "-Y", "http2"], LIMIT_HTTP2),
    ]
    if lua_home:
        rows.append(Row("Lua script instead, -Y on it", lua_home, capture, stock_filter,
                        [*reading, "-Y", "wsclose_lua"]))
    if args.instructions:
        print_instructions(rows, tshark, stock_home, directory)
        return 0
    for row in rows:
        measure(tshark, stock_home, ["-r", row.capture])    # the file into the page cache
        for _ in range(args.runs):
            row.pairs.append((measure(tshark, stock_home, row.stock),
                              measure(tshark, row.home, row.other)))
        if sys.stderr.isatty():
            print(f"done: {row.name}", file=sys.stderr)

    print_table(rows, connections)
    if not lua_home:
        print("\nLUA NOT MEASURED: this tshark was built without Lua")
    print()
    if not large:
        print(f"No limit applies below {CHECK_PACKETS} packets, {CHECK_CONNECTIONS} connections.")
        return 0
    broken = [text for row in rows for text in row.broken(connections)]
    for text in broken:
        print(f"LIMIT BROKEN: {text}")
    if not broken:
        print("All limits are kept.")
    return 1 if broken and args.check else 0


def measure_many(doc, what, default, measure):
    """The command line of a measurement of very many connections; measure(args, directory) has its
    exit status, as this has. args.number is how many, named by what."""
    parser = argparse.ArgumentParser(description=doc,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--plugin", required=True, help="wsclose.so of a build tree")
    parser.add_argument(f"--{what}", dest="number", type=int, default=default)
    parser.add_argument("--directory", help="where to put the captures (default: as TMPDIR says)")
    parser.add_argument("--tshark", default="tshark")
    args = parser.parse_args()
    if args.number < 1:
        parser.error(f"--{what}: at least 1")

    return tshark_home.measure_in(lambda directory: measure(args, directory), "wsclose-many-",
                                  args.directory)


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--plugin", required=True, help="wsclose.so of a build tree")
    parser.add_argument("--capture", help="measure on this capture instead of a generated one")
    parser.add_argument("--connections", type=int,
                        help="of the generated captures (default: 20000)")
    parser.add_argument("--frames", type=int, default=19, help="data frames per connection")
    parser.add_argument("--runs", type=int, default=5, metavar="N", help="pairs per row")
    parser.add_argument("--tshark", default="tshark", help="the tshark to measure")
    parser.add_argument("--check", action="store_true", help="exit 1 when a limit is broken")
    parser.add_argument("--instructions", action="store_true",
                        help="count instructions instead of seconds; needs valgrind")
    args = parser.parse_args()
    if args.instructions and args.check:
        parser.error("--check: no limit is defined for instructions")
    if args.connections is None:
        args.connections = 700 if args.instructions else 20000
    if args.runs < 1:
        parser.error("--runs: at least 1")

    return tshark_home.measure_in(lambda directory: run(args, directory), "wsclose-bench-")


if __name__ == "__main__":
    sys.exit(main())
