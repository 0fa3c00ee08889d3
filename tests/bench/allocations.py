#!/usr/bin/env python3
#
# allocations.py - test that the plugin allocates nothing for a data frame
#
# SPDX-License-Identifier: GPL-2.0-or-later
#
"""Run tshark on two captures of the same connections, one with four times the data frames.

The plugin must allocate in as many packets, and as often, in both: what it keeps is per
connection and per event, the verdict included. count_allocs.c does the counting. Connections
without a Close frame must pass as well, since there only the opening handshake may cost something.

With -V each event's texts name packets, times and numbers of frames, and so are longer or shorter
in the other capture: there the allocations may differ by one per packet with an event, far less
than the one per data frame that is looked for.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.dirname(HERE))

import tshark_home  # noqa: E402 (the folder above)
FRAMES = 12
FACTOR = 4

# Kind of connections, share of them that never close, and tshark's arguments.
CASES = (
    ("closed connections", 0, ("-Y", "wsclose")),
    ("closed connections", 0, ("-V",)),
    ("closed connections", 0, ("-2", "-Y", "wsclose")),
    ("open connections", 1, ()),
)


def counts(tshark, home, counter, capture, args, directory):
    """(packets, packets with allocations, allocations) of the plugin on this capture."""
    out = os.path.join(directory, "out")
    report = os.path.join(out, "count")
    if os.path.exists(report):
        os.unlink(report)
    # GLib's slices would hide small blocks from malloc.
    env = {"LD_PRELOAD": counter, "COUNT_ALLOCS_OUT": report, "G_SLICE": "always-malloc"}
    if "COUNT_ALLOCS_TRACE" in os.environ:
        env["COUNT_ALLOCS_TRACE"] = "1"
    with tshark.popen(home, ["-r", capture, *args], env, stdout=subprocess.DEVNULL) as process:
        process.communicate()
    if process.returncode != 0:
        raise tshark_home.SetupError(f"tshark {' '.join(args)}: exit {process.returncode}")
    with open(report, encoding="ascii") as file:
        text = file.read()
    match = re.fullmatch(r"packets (\d+) allocating (\d+) allocations (\d+)\n", text)
    return tuple(int(group) for group in match.groups())


def make_capture(directory, args, frames, share):
    path = os.path.join(directory, f"{frames}-{share}.pcap")
    if not os.path.exists(path):
        subprocess.run([sys.executable, os.path.join(HERE, "generate.py"), path,
                        f"--connections={args.connections}", f"--frames={frames}",
                        f"--data-only={share}"], check=True, stderr=subprocess.DEVNULL)
        tshark_home.make_readable(path)
    return path


def check(name, few, many, texts):
    """Compare the counts of the two captures; returns what is wrong. With texts, see above."""
    print(f"{name}: few data frames: {few[1]} of {few[0]} packets allocate, {few[2]} allocations; "
          f"many: {many[1]} of {many[0]}, {many[2]}")
    if few[1] == 0:
        # The opening handshake is stored, so a count of nothing means that nothing was counted.
        return [f"{name}: no allocation seen at all: the counter does not work"]
    if many[0] < 2 * few[0]:
        return [f"{name}: the second capture does not have more packets"]
    wrong = []
    if many[1] != few[1]:
        wrong.append(f"{name}: {many[1] - few[1]} more packets allocate")
    if abs(many[2] - few[2]) > (few[1] if texts else 0):
        wrong.append(f"{name}: {many[2] - few[2]} more allocations")
    return wrong


def run(args, directory):
    os.mkdir(os.path.join(directory, "out"))
    os.chmod(os.path.join(directory, "out"), 0o777)
    tshark = tshark_home.Tshark(args.tshark)
    home = tshark.make_home(os.path.join(directory, "plugin"), plugin=args.plugin)
    tshark.require_plugin(home)
    counter = shutil.copy(args.counter, directory)
    os.chmod(counter, 0o755)

    wrong = []
    for kind, share, arguments in CASES:
        few, many = (counts(tshark, home, counter, make_capture(directory, args, frames, share),
                            arguments, directory)
                     for frames in (FRAMES, FRAMES * FACTOR))
        wrong += check(" ".join((f"{kind}, tshark", *arguments)), few, many, "-V" in arguments)
    for text in wrong:
        print(f"FAILED: {text}")
    return 1 if wrong else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--plugin", required=True, help="wsclose.so of a build tree")
    parser.add_argument("--counter", required=True, help="the library built from count_allocs.c")
    parser.add_argument("--connections", type=int, default=60)
    parser.add_argument("--tshark", default="tshark")
    args = parser.parse_args()

    return tshark_home.measure_in(lambda directory: run(args, directory), "wsclose-allocations-")


if __name__ == "__main__":
    sys.exit(main())
