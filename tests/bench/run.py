#!/usr/bin/env python3
#
# run.py - what the plugin costs: tshark with it and without it
#
# SPDX-License-Identifier: GPL-2.0-or-later
#
"""Measure tshark with the plugin against stock tshark, on generated captures.

The table is of instructions that tshark executes, counted by valgrind, start-up aside: repeatable on a
busy machine. Each row has a limit, some have an aim beyond it.

    python3 tests/bench/run.py --plugin build/plugin/wsclose.so

--check compares with what baseline.json has for this version of tshark (4.0, say), of captures with
fewer connections, and --update-baseline writes that. A row may grow by 3 % of what it took with the
plugin. Limits do not count then.

--seconds measures CPU time (user and system) and peak memory instead, on larger captures: each row
runs stock and the other one in turn (A B A B ...), as an ordinary user with a home directory that
holds only what is measured; the ratio is that of the two medians, the range is that of the pairs.
Memory is above stock, per WebSocket connection; only it has a limit then.

Exit status: 0; 1 when a limit is broken, or with --check a row has grown; 2 when nothing could be
measured, or there is no baseline to compare with.
"""

import argparse
import collections
import concurrent.futures
import hashlib
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.dirname(HERE))

import tshark_home  # noqa: E402 (the folder above)

CLOSE_FILTER = "websocket.opcode==8"

# A kind of capture that generate.py makes, stock's arguments and those beside it, how many times
# stock's instructions the others may be and should be; whether memory has a limit, too.
Row = collections.namedtuple("Row", "name kind stock other limit aim memory", defaults=(None, False))

PLAIN = Row("-r, WebSocket", "websocket", (), (), 1.05, memory=True)
FILTER = Row("-Y wsclose", "websocket", ("-Y", CLOSE_FILTER), ("-Y", "wsclose"), 1.04, memory=True)
ROWS = (
    PLAIN,
    Row("-r, HTTP/1.1 without WebSocket", "http", (), (), 1.02),
    Row("-r, HTTP/2 without WebSocket", "http2", (), (), 1.02),
    Row("-r, HTTP/2 that allows WebSocket", "http2-allowed", (), (), 1.02),
    Row("-r, TLS without keys", "tls", (), (), 1.02),
    Row("-r, DNS and other UDP", "udp", (), (), 1.02),
    FILTER,
    Row("-q -z wsclose,conn", "websocket", ("-q", "-z", "conv,tcp"), ("-q", "-z", "wsclose,conn"),
        1.15, 1.10),
    Row("-2 -r, WebSocket", "websocket", ("-2",), ("-2",), 1.05, memory=True),
)

# The short script in Lua, for comparison: it has to add so many times what FILTER adds.
LUA = Row("Lua script instead, -Y on it", "websocket", ("-Y", CLOSE_FILTER), ("-Y", "wsclose_lua"),
          None)
LUA_FACTOR = 10

BASELINE = os.path.join(HERE, "baseline.json")
GROWTH = 0.03               # of a row's instructions with the plugin

# Captures whose instructions are counted: the limits are for the first, the baseline is of the others,
# in which growth shows as well and sooner.
CONNECTIONS, BASELINE_CONNECTIONS, FRAMES = 500, 150, 19
WORKERS = min(2, os.cpu_count())

LIMIT_OCTETS = 1024         # per connection, above stock

# It holds for captures from this size on: in smaller ones start-up hides the rest.
CHECK_PACKETS = 500_000
CHECK_CONNECTIONS = 20_000


class Setup:
    """tshark, its homes by what is in them, and captures by their kind."""

    def __init__(self, args, directory):
        self.tshark = tshark_home.Tshark(args.tshark)
        self.stock, self.plugin = tshark_home.stock_and_plugin(self.tshark, directory, args.plugin)
        self.lua = None
        if self.tshark.has_lua() and not args.baseline_only:
            self.lua = self.tshark.make_home(os.path.join(directory, "lua"),
                                             lua=os.path.join(HERE, "wsclose.lua"))
        self.captures = {}
        for kind in dict.fromkeys(row.kind for row in ROWS):
            self.captures[kind] = os.path.join(directory, f"{kind}.pcap")
            generate(self.captures[kind], f"--connections={args.connections}",
                     f"--frames={args.frames}", f"--kind={kind}", quiet=True)
        if args.capture:
            self.captures["websocket"] = os.path.abspath(args.capture)

    def rows(self):
        """Each row, and the home of what is compared with stock."""
        yield from ((row, self.plugin) for row in ROWS)
        if self.lua:
            yield LUA, self.lua

    def commands(self, row):
        """tshark's arguments without the plugin and with it."""
        return tuple(("-r", self.captures[row.kind], *args) for args in (row.stock, row.other))


def measure(tshark, home, args, stdout=subprocess.DEVNULL, **more):
    """CPU seconds and peak KiB of one run of tshark."""
    with tempfile.TemporaryFile() as errors:
        process = tshark.popen(home, args, stdout=stdout, stderr=errors, **more)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            errors.seek(0)
            raise tshark_home.SetupError(f"tshark {' '.join(args)}: exit status "
                                         f"{process.returncode}\n{errors.read().decode()}")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss


def count_instructions(tshark, home, args):
    """Instructions of one run of tshark; takes some ten times as long."""
    valgrind = ["--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null"]
    with tshark.popen(home, args, wrapper=["valgrind", *valgrind], text=True,
                      stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as process:
        errors = process.communicate()[1]
    match = re.search(r"I *refs: *([\d,]+)", errors)
    if process.returncode != 0 or match is None:
        raise tshark_home.SetupError(f"valgrind tshark {' '.join(args)}: exit status "
                                     f"{process.returncode}\n{errors}")
    return int(match.group(1).replace(",", ""))


def generate(path, *args, quiet=False):
    subprocess.run([sys.executable, os.path.join(HERE, "generate.py"), path, *args], check=True,
                   stderr=subprocess.DEVNULL if quiet else None)
    tshark_home.make_readable(path)


def count(tshark, home, capture, display_filter):
    return len(tshark.lines(home, ["-r", capture, "-Y", display_filter, "-T", "fields",
                                   "-e", "frame.number"]))


def check_work_is_done(setup):
    """A plugin that annotates nothing would be very fast. Returns (packets, connections)."""
    capture = setup.captures["websocket"]
    closes = count(setup.tshark, setup.stock, capture, CLOSE_FILTER)
    connections = count(setup.tshark, setup.stock, capture, "http.response.code==101")
    if closes == 0 or connections == 0:
        raise tshark_home.SetupError(f"{capture}: no WebSocket connection with a Close frame")
    annotated = [(setup.plugin, "wsclose.event==2")]
    if setup.lua:
        annotated.append((setup.lua, "wsclose_lua"))
    for home, display_filter in annotated:
        found = count(setup.tshark, home, capture, display_filter)
        if found != closes:
            raise tshark_home.SetupError(f"-Y '{display_filter}' finds {found} packets, "
                                         f"{CLOSE_FILTER} finds {closes}")
    if not count(setup.tshark, setup.stock, setup.captures["http2-allowed"],
                 "http2.settings.id == 8"):
        raise tshark_home.SetupError("no SETTINGS of HTTP/2 allow WebSocket")
    packets = count(setup.tshark, setup.stock, capture, "frame")
    print(f"TShark {setup.tshark.version}: {packets} packets, {connections} WebSocket connections, "
          f"{closes} packets with a Close frame")
    return packets, connections


# Instructions


Counted = collections.namedtuple("Counted", "stock other")


def counted_rows(setup, directory):
    """{row: its instructions}; those of an empty capture are start-up, and taken off."""
    empty = os.path.join(directory, "empty.pcap")
    generate(empty, "--connections=0", quiet=True)
    rows = list(setup.rows())
    jobs = [(home, ("-r", empty)) for home in dict.fromkeys([setup.stock, *(home for _, home in rows)])
            for _ in range(3)]
    start_up_runs = len(jobs)
    for row, home in rows:
        stock, other = setup.commands(row)
        jobs += [(setup.stock, stock), (home, other)]
    jobs[start_up_runs:] = dict.fromkeys(jobs[start_up_runs:])
    with concurrent.futures.ThreadPoolExecutor(WORKERS) as pool:
        counts = list(pool.map(lambda job: count_instructions(setup.tshark, *job), jobs))
    start_up = collections.defaultdict(list)
    for (home, _), number in list(zip(jobs, counts))[:start_up_runs]:
        start_up[home].append(number)
    start_up = {home: statistics.median(numbers) for home, numbers in start_up.items()}
    taken = {job: number - start_up[job[0]]
             for job, number in list(zip(jobs, counts))[start_up_runs:]}
    print(f"start-up, which is taken off: {start_up[setup.stock] / 1e6:.1f} million instructions, "
          f"{start_up[setup.plugin] / 1e6:.1f} with the plugin\n")
    found = {}
    for row, home in rows:
        stock, other = setup.commands(row)
        found[row] = Counted(taken[setup.stock, stock], taken[home, other])
    return found


def least_of_two(found, setup, directory):
    """A run takes more now and then, over something that is not ours; never less."""
    print("The same again, and the least of both:")
    again = counted_rows(setup, directory)
    found = {row: Counted(*map(min, found[row], again[row])) for row in found}
    print_instructions(found)
    return found


def lua_times(found):
    """How many times as much as the plugin the script adds."""
    ours = found[FILTER].other - found[FILTER].stock
    return (found[LUA].other - found[LUA].stock) / ours if ours > 0 else float("inf")


def print_instructions(found):
    width = max(len(row.name) for row in found)
    print(f"{'millions of instructions':{width}}  {'stock':>8} {'with':>8} {'added':>8} {'ratio':>6} "
          f"{'limit':>6} {'aim':>5}")
    for row, counted in found.items():
        ratio = counted.other / counted.stock
        limit, aim = (f"{value:.2f}" if value else "-" for value in (row.limit, row.aim))
        remark = ""
        if row.limit and ratio > row.limit:
            remark = "  broken"
        elif row.aim and ratio > row.aim:
            remark = "  above the aim"
        if row is LUA:
            remark = f"  adds {lua_times(found):.1f} times what -Y wsclose does"
        print(f"{row.name:{width}}  {counted.stock / 1e6:8.1f} {counted.other / 1e6:8.1f} "
              f"{(counted.other - counted.stock) / 1e6:8.1f} {ratio:6.3f} {limit:>6} {aim:>5}{remark}")
    print()


def broken_limits(found):
    broken = [f"{row.name}: {counted.other / counted.stock:.3f} times stock, limit {row.limit}"
              for row, counted in found.items()
              if row.limit and counted.other / counted.stock > row.limit]
    if LUA not in found:
        print("LUA NOT MEASURED: this tshark was built without Lua")
    elif lua_times(found) < LUA_FACTOR:
        broken.append(f"the Lua script adds {lua_times(found):.1f} times what {FILTER.name} does, "
                      f"at least {LUA_FACTOR} wanted")
    return broken


def digest(path):
    with open(path, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


def minor_version(tshark):
    """What the plugin adds does not depend on the rest of the version."""
    return "Wireshark " + ".".join(tshark.version.split(".")[:2])


def read_baseline(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def update_baseline(path, setup, found):
    baseline = read_baseline(path) if os.path.exists(path) else {}
    baseline[minor_version(setup.tshark)] = {
        "captures": {kind: digest(capture) for kind, capture in setup.captures.items()},
        "rows": {row.name: {"stock": int(counted.stock), "with": int(counted.other)}
                 for row, counted in found.items() if row is not LUA},
    }
    with open(path, "w", encoding="utf-8") as file:
        json.dump(baseline, file, indent=2, sort_keys=True)
        file.write("\n")
    print(f"{path}: written for {minor_version(setup.tshark)}")


def grown(path, setup, found):
    """What costs more than it did; None where there is nothing to compare with."""
    version = minor_version(setup.tshark)
    recorded = read_baseline(path).get(version)
    if recorded is None:
        print(f"NO BASELINE for {version}: nothing was compared (--update-baseline records one)")
        return None
    changed = [kind for kind, capture in setup.captures.items()
               if recorded["captures"].get(kind) != digest(capture)]
    rows = [row for row in found if row is not LUA]
    unknown = {row.name for row in rows} ^ set(recorded["rows"])
    if changed or unknown:
        print(f"NO BASELINE for {version}: recorded of other captures ({', '.join(changed)}) or rows "
              f"({', '.join(sorted(unknown))}): nothing was compared (--update-baseline records one)")
        return None
    texts = []
    for row in rows:
        old = recorded["rows"][row.name]
        added, was = found[row].other - found[row].stock, old["with"] - old["stock"]
        allowed = was + GROWTH * old["with"]
        if added > allowed:
            texts.append(f"{row.name}: the plugin adds {added / 1e6:.1f} million instructions, "
                         f"it was {was / 1e6:.1f}, allowed are {allowed / 1e6:.1f}")
    return texts


def run_instructions(args, directory):
    setup = Setup(args, directory)
    check_work_is_done(setup)
    found = counted_rows(setup, directory)
    print_instructions(found)
    if args.baseline_only:
        if args.update_baseline:
            update_baseline(args.baseline, setup, least_of_two(found, setup, directory))
            return 0
        texts = grown(args.baseline, setup, found)
        if texts:
            found = least_of_two(found, setup, directory)
            texts = grown(args.baseline, setup, found)
        for text in texts or []:
            print(f"GROWN: {text}")
        if texts == []:
            print("No row has grown beyond its baseline.")
        return 2 if texts is None else int(bool(texts))
    if not args.fixed:
        print(f"No limit applies to other captures than those of {CONNECTIONS} connections with "
              f"{FRAMES} frames.")
        return 0
    broken = broken_limits(found)
    for text in broken:
        print(f"LIMIT BROKEN: {text}")
    if not broken:
        print("All limits are kept.")
    return int(bool(broken))


# Seconds and memory


class Pairs:
    """A row's ((seconds, KiB) of stock, (seconds, KiB) of the other one), of each pair of runs."""

    def __init__(self, row, pairs):
        self.row, self.pairs = row, pairs

    def median(self, side, what):
        return statistics.median(pair[side][what] for pair in self.pairs)

    def ratio(self):
        return self.median(1, 0) / self.median(0, 0)

    def pair_range(self):
        ratios = [other[0] / stock[0] for stock, other in self.pairs]
        return min(ratios), max(ratios)

    def octets(self, connections):
        return (self.median(1, 1) - self.median(0, 1)) * 1024 / connections


def print_seconds(table, connections):
    width = max(len(pairs.row.name) for pairs in table)
    print(f"{'':{width}}  {'stock s':>8} {'with s':>8} {'ratio':>6} {'pairs':>13} "
          f"{'octets/conn':>12} {'limit':>6}")
    for pairs in table:
        low, high = pairs.pair_range()
        octets = f"{pairs.octets(connections):.0f}" if pairs.row.memory else "-"
        limit = str(LIMIT_OCTETS) if pairs.row.memory else "-"
        print(f"{pairs.row.name:{width}}  {pairs.median(0, 0):8.2f} {pairs.median(1, 0):8.2f} "
              f"{pairs.ratio():6.3f} {low:6.3f}-{high:6.3f} {octets:>12} {limit:>6}")


def run_seconds(args, directory):
    setup = Setup(args, directory)
    packets, connections = check_work_is_done(setup)
    print(f"{args.runs} pairs per row\n")
    table = []
    for row, home in setup.rows():
        stock, other = setup.commands(row)
        measure(setup.tshark, setup.stock, ["-r", setup.captures[row.kind]])    # into the page cache
        table.append(Pairs(row, [(measure(setup.tshark, setup.stock, stock),
                                  measure(setup.tshark, home, other)) for _ in range(args.runs)]))
        if sys.stderr.isatty():
            print(f"done: {row.name}", file=sys.stderr)
    print_seconds(table, connections)
    if not setup.lua:
        print("\nLUA NOT MEASURED: this tshark was built without Lua")
    print()
    if packets < CHECK_PACKETS or connections < CHECK_CONNECTIONS:
        print(f"No limit applies below {CHECK_PACKETS} packets, {CHECK_CONNECTIONS} connections.")
        return 0
    broken = [pairs for pairs in table
              if pairs.row.memory and pairs.octets(connections) > LIMIT_OCTETS]
    for pairs in broken:
        print(f"LIMIT BROKEN: {pairs.row.name}: {pairs.octets(connections):.0f} octets per connection "
              f"above stock, limit {LIMIT_OCTETS}")
    if not broken:
        print("All limits are kept.")
    return 1 if broken else 0


def measure_many(doc, what, default, run, **modes):
    """The command line of a measurement of very many connections; run(args, directory) has its exit
    status, as this has. args.number is how many, named by what. Each of the modes is the name of a
    flag, and (what it measures instead, how many by default)."""
    parser = argparse.ArgumentParser(description=doc,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--plugin", required=True, help="wsclose.so of a build tree")
    parser.add_argument(f"--{what}", dest="number", type=int)
    parser.set_defaults(default=(None, default))
    for flag, (about, number) in modes.items():
        parser.add_argument(f"--{flag}", dest="default", action="store_const", const=(flag, number),
                            help=about)
    parser.add_argument("--directory", help="where to put the captures (default: as TMPDIR says)")
    parser.add_argument("--tshark", default="tshark")
    args = parser.parse_args()
    args.mode, number = args.default
    if args.number is None:
        args.number = number
    if args.number < 1:
        parser.error(f"--{what}: at least 1")

    return tshark_home.measure_in(lambda directory: run(args, directory), "wsclose-many-",
                                  args.directory)


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--plugin", required=True, help="wsclose.so of a build tree")
    parser.add_argument("--tshark", default="tshark", help="the tshark to measure")
    parser.add_argument("--check", action="store_true", help="exit 1 when a row has grown")
    parser.add_argument("--baseline", default=BASELINE, metavar="FILE",
                        help="what rows have taken before (default: baseline.json beside this)")
    parser.add_argument("--update-baseline", action="store_true",
                        help="write the file anew for this version of tshark")
    parser.add_argument("--seconds", action="store_true",
                        help="measure seconds and memory instead of instructions")
    parser.add_argument("--runs", type=int, default=5, metavar="N", help="pairs per row, of seconds")
    parser.add_argument("--connections", type=int,
                        help=f"of the generated captures (default: {CONNECTIONS}, with --check "
                        f"{BASELINE_CONNECTIONS}, with --seconds {CHECK_CONNECTIONS})")
    parser.add_argument("--frames", type=int, default=FRAMES, help="data frames per connection")
    parser.add_argument("--capture", help="of WebSocket, instead of the generated one")
    args = parser.parse_args()
    args.baseline_only = args.check or args.update_baseline
    usual = args.connections is None and args.capture is None and args.frames == FRAMES
    if args.baseline_only and (args.seconds or not usual):
        parser.error("--check, --update-baseline: of the instructions of the usual captures only")
    if args.check and args.update_baseline:
        parser.error("--check, --update-baseline: one of them")
    if args.connections is None:
        args.connections = (CHECK_CONNECTIONS if args.seconds
                            else BASELINE_CONNECTIONS if args.baseline_only else CONNECTIONS)
    args.fixed = (args.capture is None and args.frames == FRAMES
                  and args.connections == CONNECTIONS)
    if args.runs < 1:
        parser.error("--runs: at least 1")

    run = run_seconds if args.seconds else run_instructions
    return tshark_home.measure_in(lambda directory: run(args, directory), "wsclose-bench-")


if __name__ == "__main__":
    sys.exit(main())
