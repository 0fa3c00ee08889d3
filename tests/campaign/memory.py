#!/usr/bin/env python3
#
# memory.py - memory that is read before it is written, lost, or kept from one file to the next
#
# SPDX-License-Identifier: GPL-2.0-or-later
#
"""A part of the campaign, see part.py. It has three kinds of runs, and goes from one to the other:

- the programs of the unit tests under valgrind's memcheck: any report counts
- tshark on ten captures under memcheck: a report counts that has our code among its callers; what is
  Wireshark's or GLib's own is not ours
- sharkd, which is Wireshark without its window, opens ten captures one after the other, over and over:
  once all have been open, what it has allocated grows by no more than in stock's, which is 8 MB a file.
  live_octets.c counts it: what the kernel says has room for megabytes that nobody sees

Memory that GLib keeps for good is no loss, and none of its own is suppressed.
"""

import itertools
import os
import re
import shutil
import statistics
import subprocess
import sys
import xml.etree.ElementTree

import part as campaign

import golden

MEMCHECK = ["valgrind", "-q", "--error-exitcode=99", "--leak-check=full", "--errors-for-leak-kinds=definite",
            "--show-leak-kinds=definite", "--num-callers=40", "--keep-debuginfo=yes"]
# Else pieces of larger blocks are handed out, whose ends nobody watches.
OWN_BLOCKS = {"G_SLICE": "always-malloc", "WIRESHARK_DEBUG_WMEM_OVERRIDE": "simple"}
# Bounds of time are for programs that run as fast as they do for a user, see cpu_time.h.
UNTIMED = {"WSCLOSE_UNTIMED": "1"}
PROGRAM_SECONDS = 45    # for a program of unit tests
TEST_SECONDS = 15       # where that is not enough, for each of its tests
TSHARK_SECONDS = 300
FILES = 10
# Each in turn: so many times ten captures for tshark, for sharkd, so many of the programs.
TURNS = (1, 2, 5)

ROUNDS_FIRST = 1        # until what is made once has been made
ROUNDS = 5
PACKETS_SHOWN = 20      # of each capture
GROWTH_MAX = 500        # octets for each file that is opened, above stock's


def tens(names):
    return [names[i:i + FILES] for i in range(0, len(names), FILES)]


class Programs:
    """The unit tests under memcheck."""

    def __init__(self, part, directory):
        self.part = part
        self.directory = directory
        folder = os.path.join(os.path.dirname(os.path.dirname(part.options.plugin)), "tests")
        self.all = sorted(os.path.join(folder, name) for name in os.listdir(folder)
                          if re.fullmatch(r"test_[a-z0-9_]+", name))
        if not self.all:
            raise golden.SetupError(f"{folder} has no unit tests: build with BUILD_TESTING=ON")

    def check(self, program):
        if self.run(PROGRAM_SECONDS, program) is not None:
            return
        listed = subprocess.run([program, "-l"], check=True, text=True, stdout=subprocess.PIPE).stdout
        for path in re.findall(r"^/.*", listed, re.M):
            if self.part.has_time() and self.run(TEST_SECONDS, program, "-p", path) is None:
                self.part.not_tried_here(f"memcheck of {os.path.basename(program)} {path}: "
                                         f"not done after {TEST_SECONDS} s")

    def run(self, seconds, *command):
        """Whether memcheck is content; None where it takes too long."""
        log = os.path.join(self.directory, "memcheck.txt")
        with open(log, "w", encoding="utf-8") as output:
            try:
                status = subprocess.run([*MEMCHECK, *command], stdout=output, stderr=output,
                                        env={**os.environ, **OWN_BLOCKS, **UNTIMED}, stdin=subprocess.DEVNULL,
                                        timeout=seconds, check=False).returncode
            except subprocess.TimeoutExpired:
                return None
        self.part.count(inputs=1, executions=1, statements=1)
        if status != 0:
            self.part.found("crashes", f"memcheck of a unit test ends with {status}\n"
                            + " ".join([*MEMCHECK, *command]), [log])
        return status == 0


class Captures:
    """tshark under memcheck."""

    def __init__(self, part, directory):
        self.part = part
        self.directory = directory
        self.tried = 0
        os.mkdir(os.path.join(directory, "memcheck"))
        golden.give(os.path.join(directory, "memcheck"))

    def check(self, names):
        merged = golden.merge(os.path.join(self.directory, "ten.pcapng"), names)
        log = os.path.join(self.directory, "memcheck", f"{self.tried}.xml")
        arguments = ["-r", merged, "-2", "-V", "-z", "wsclose,json", "-z", "wsclose,conn", "-z", "wsclose,tree"]
        # Wireshark unloads a plugin at its end, and with its variables goes what they point to.
        kept = os.path.join(golden.Setup.home, golden.Setup.tshark.plugin_dir, "wsclose.so")
        with golden.Setup.tshark.popen(
                golden.Setup.home, arguments, {**OWN_BLOCKS, "LD_PRELOAD": kept}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                wrapper=[*MEMCHECK, "--xml=yes", f"--xml-file={log}"]) as process:
            try:
                status = process.wait(TSHARK_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                self.part.not_tried_here(f"memcheck of tshark on {' '.join(names)}: not done after "
                                         f"{TSHARK_SECONDS} s")
                return
        self.part.count(inputs=len(names), executions=1, statements=1)
        self.tried += len(names)
        ours = reports_of_ours(log)
        if ours or status not in (0, 99):
            self.part.found("crashes", f"memcheck of tshark has {len(ours)} reports with our code, status {status}\n"
                            f"{' '.join([*MEMCHECK, 'tshark', *arguments])}\n\n" + "\n\n".join(ours), [merged, log])


def reports_of_ours(log):
    """Memcheck's reports that have a frame of the plugin or of the library, as texts."""
    ours = []
    for error in xml.etree.ElementTree.parse(log).iter("error"):
        frames = [(frame.findtext("obj", ""), frame.findtext("fn", "?"), frame.findtext("file", ""),
                   frame.findtext("line", "")) for frame in error.iter("frame")]
        if any("wsclose" in os.path.basename(frame[0]) for frame in frames):
            what = error.findtext("what") or error.findtext("xwhat/text") or error.findtext("kind")
            ours.append("\n".join([what, *(f"    {function} ({file}:{line}, {os.path.basename(object_file)})"
                                           for object_file, function, file, line in frames)]))
    return ours


class Files:
    """sharkd that opens files one after the other."""

    def __init__(self, part, directory):
        self.part = part
        self.count = os.path.join(directory, "live-octets")
        self.counter = shutil.copy(os.path.join(os.path.dirname(os.path.dirname(part.options.plugin)), "tests",
                                                "live_octets.so"), directory)
        self.stock = golden.Setup.tshark.make_home(os.path.join(directory, "stock"))
        golden.Setup.tshark.require_no_plugin(self.stock)

    def check(self, names):
        stock, own = (self.growth(home, names) for home in (self.stock, golden.Setup.home))
        self.part.count(inputs=len(names), executions=len(names) * (ROUNDS_FIRST + ROUNDS), statements=1)
        if own - stock > GROWTH_MAX:
            self.part.found("untrue", f"sharkd keeps {own - stock:,.0f} octets more of each file with the plugin than "
                            f"without, and that is more than {GROWTH_MAX:,}\nopened over and over: {' '.join(names)}",
                            [golden.capture_path(name) for name in names])

    def growth(self, home, names):
        """Octets for each file that is opened, in the middle one of the rounds after the first."""
        with open(self.count, "wb") as count:
            count.write(bytes(8))
        os.chmod(self.count, 0o666)
        sizes = []
        with golden.Sharkd(home, {**OWN_BLOCKS, "LD_PRELOAD": self.counter, "LIVE_OCTETS": self.count}) as sharkd:
            for _ in range(ROUNDS_FIRST + ROUNDS):
                for name in names:
                    sharkd.load(name)
                    for frame in sharkd.frames()[:PACKETS_SHOWN]:
                        sharkd.ask("frame", frame=frame["num"], proto=True)
                # What it needs for an answer it frees once that is sent: of this one it is little.
                sharkd.ask("status")
                with open(self.count, "rb") as count:
                    sizes.append(int.from_bytes(count.read(8), sys.byteorder))
        if not sizes[0]:
            raise golden.SetupError(f"{self.counter} does not count")
        # A table of the host that grows is larger in one round and smaller in another.
        grown = [after - before for before, after in zip(sizes, sizes[1:])]
        return statistics.median(grown[ROUNDS_FIRST - 1:]) / len(names)


def run(part, directory):
    names = [name for name in golden.capture_names() if name not in golden.ARGUMENTS]
    part.random.shuffle(names)
    programs, files, captures = Programs(part, directory), Files(part, directory), Captures(part, directory)
    part.random.shuffle(programs.all)
    left = [iter([(captures.check, ten) for ten in tens(names)]),
            iter([(files.check, ten) for ten in tens(names)]),
            iter([(programs.check, program) for program in programs.all])]
    tried = [0] * len(left)
    for which in itertools.cycle(range(len(left))):
        if not part.has_time() or all(done is None for done in left):
            break
        for _ in range(TURNS[which]):
            task = next(left[which], None) if left[which] and part.has_time() else None
            if task is None:
                left[which] = None if part.has_time() else left[which]
                break
            task[0](task[1])
            tried[which] += 1
    if tried[2] < len(programs.all):
        part.not_tried_here(f"memcheck of {len(programs.all) - tried[2]} of {len(programs.all)} programs of unit "
                            "tests: no time")
    if captures.tried == 0:
        part.not_tried_here("memcheck of tshark: no time")
    if tried[1] < len(tens(names)):
        part.not_tried_here(f"growth over {len(names) - tried[1] * FILES} of {len(names)} captures: no time")


if __name__ == "__main__":
    sys.exit(campaign.main("memory", __doc__, run))
