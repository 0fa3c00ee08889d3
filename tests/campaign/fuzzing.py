#!/usr/bin/env python3
#
# fuzzing.py - the fuzz targets, each for its share of the time
#
# SPDX-License-Identifier: GPL-2.0-or-later
#
"""Run every fuzz target of the folder in --fuzz in turn, from its seeds and its corpus.

The time is shared out anew before each run, so that what one target leaves over goes to those after
it. A target that finds something is started again, with what it had learnt, while it has time.
"""

import glob
import os
import re
import subprocess
import sys
import time

import part

sys.path.insert(0, os.path.join(part.ROOT, "tests", "fuzz"))

import targets  # noqa: E402 (the folder beside)

# A target starts, and reads its corpus, in about so many seconds.
START = 3
# One that finds something at once would be started on and on.
RUNS_MAX = 20
STATISTIC = re.compile(r"^stat::(\w+): +(\d+)$", re.MULTILINE)
STATEMENTS = re.compile(r"^statements: (\d+)$", re.MULTILINE)
LATEST = re.compile(r"^#(\d+)\t", re.MULTILINE)
# GLib's assertions and errors: what an oracle says is not so.
UNTRUE = re.compile(r"^(?:ERROR:\S+:\d+:|.*\(\S+:\d+\): ERROR \*\*: ).*$", re.MULTILINE)
REPORT = re.compile(r"^(?:.*ERROR: (?:\w+Sanitizer|libFuzzer).*|.*runtime error:.*)$", re.MULTILINE)
TAIL = 6000


class Target:
    """One target, and what it has learnt here."""

    def __init__(self, program, directory):
        self.program = program
        self.name = targets.name_of(program)
        self.corpus = os.path.join(directory, self.name)
        self.artifacts = os.path.join(directory, "found-" + self.name)
        self.runs = 0
        self.seen = set()
        os.mkdir(self.corpus)
        os.mkdir(self.artifacts)

    def run(self, seconds, seed):
        """Explore; returns (exit status, what it wrote)."""
        command = [self.program, f"-max_total_time={max(int(seconds), 1)}",
                   f"-seed={seed + self.runs}", *targets.LIMITS, "-print_final_stats=1", f"-artifact_prefix={self.artifacts}/",
                   self.corpus, *targets.inputs_of(self.program)]
        self.runs += 1
        try:
            run = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                                 check=False, timeout=seconds + 120, cwd=self.artifacts)
        except subprocess.TimeoutExpired as error:
            return -1, (error.stderr or b"").decode("utf-8", "replace")
        return run.returncode, run.stderr.decode("utf-8", "replace")

    def new_artifacts(self):
        """Paths of the inputs that the last run kept."""
        paths = sorted(set(glob.glob(os.path.join(self.artifacts, "*-*"))) - self.seen)
        self.seen.update(paths)
        return [path for path in paths if not os.path.basename(path).startswith("slow-unit-")]


def count(one, text):
    """Add up what a run says of itself; what it found ends it before it does."""
    statistics = dict(STATISTIC.findall(text))
    latest = LATEST.findall(text)
    executions = int(statistics.get("number_of_executed_units", latest[-1] if latest else 0))
    one.count(inputs=executions, executions=executions,
              statements=sum(map(int, STATEMENTS.findall(text))))


def what_is_wrong(text):
    """("untrue" or "crashes", a line on it)"""
    said = UNTRUE.search(text)
    if said:
        return "untrue", said[0].strip()
    report = REPORT.search(text)
    return "crashes", report[0].strip() if report else "it ended, and did not say why"


def keep(one, target, text):
    """Keep what a run found."""
    kind, why = what_is_wrong(text)
    paths = target.new_artifacts()
    shown = [f"{target.program} {os.path.basename(path)}" for path in paths]
    one.found(kind, "\n".join([f"fuzz_{target.name}: {why}", *shown, "", text[-TAIL:]]), paths)


def explore(one, target, seconds):
    """Give a target its time."""
    end = time.monotonic() + seconds
    while target.runs < RUNS_MAX:
        left = end - time.monotonic()
        if target.runs > 0 and left < START:
            return
        status, text = target.run(left, one.options.seed)
        count(one, text)
        if status == 0:
            return
        keep(one, target, text)


def run(one, directory):
    folder = os.path.abspath(one.options.fuzz)
    programs = sorted(path for path in glob.glob(os.path.join(folder, "fuzz_*"))
                      if os.access(path, os.X_OK) and os.path.isfile(path))
    if not programs:
        raise OSError(f"no fuzz targets in {folder}")
    # Where there is too little time for all of them, the seed says which come first.
    one.random.shuffle(programs)
    for i, program in enumerate(programs):
        left = one.deadline - time.monotonic()
        if left < 1:
            one.not_tried_here(f"{targets.name_of(program)}: no time was left")
            continue
        explore(one, Target(program, directory), left / (len(programs) - i))


if __name__ == "__main__":
    sys.exit(part.main("fuzzing", __doc__, run))
