#
# part.py - what the parts of the campaign share: their arguments, their time, what they find and count
#
# SPDX-License-Identifier: GPL-2.0-or-later
#
"""A part is a program that tries one kind of input until its time is over:

    python3 tests/campaign/PART.py --minutes 3 --found FOLDER --plugin BUILD/plugin/wsclose.so \\
        --sanitized BUILD-SANITIZE/plugin/wsclose.so --fuzz BUILD-FUZZ/tests/fuzz [--seed N]

Each thing that it finds becomes a folder in FOLDER: what was wrong (what.txt, with the command that
shows it again) and the input that showed it. Its last line is a JSON object of counts:

    inputs      files or octet strings that were tried
    executions  how often our code ran on one of them
    statements  what was said of them and held against something else
    untrue      statements that were wrong, texts and bounds that were broken, differences
    crashes     crashes, sanitizer reports, hangs
    not_tried   what could not be tried here, as texts

The same seed tries the same in the same order; how far it comes is a matter of time. Exit status: 0
nothing was found, 1 something was, 2 it could not start.
"""

import argparse
import collections
import contextlib
import json
import os
import random
import shutil
import sys
import tempfile
import time
import traceback

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
for _folder in ("tests", os.path.join("tests", "golden"), os.path.join("tests", "bench"),
                os.path.join("captures", "record")):
    sys.path.insert(0, os.path.join(ROOT, _folder))

import golden  # noqa: E402 (the folder beside)

COUNTS = ("inputs", "executions", "statements", "untrue", "crashes")
# A fault that shows on every input is told so often.
FOUND_MAX = 20


def arguments(parser):
    """Add those that every part has."""
    parser.add_argument("--minutes", type=float, default=1)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--first", action="store_true",
                        help="stop at the first thing that is found")
    parser.add_argument("--found", required=True, metavar="FOLDER",
                        help="where what is found goes; made if it is not there")
    parser.add_argument("--plugin", required=True, help="wsclose.so as users get it")
    parser.add_argument("--sanitized", required=True, help="wsclose.so with sanitizers")
    parser.add_argument("--fuzz", required=True, metavar="FOLDER", help="fuzz targets")


class Part:
    """One run of a part."""

    def __init__(self, name, options):
        self.name = name
        self.options = options
        self.random = random.Random(options.seed)
        self.deadline = time.monotonic() + options.minutes * 60
        self.counts = collections.Counter()
        self.not_tried = []
        self.told = 0

    def has_time(self, seconds=0):
        """Whether so much is left."""
        return time.monotonic() + seconds < self.deadline

    def count(self, **counts):
        assert set(counts) <= set(COUNTS), counts
        self.counts.update(counts)

    def not_tried_here(self, what):
        if what not in self.not_tried:
            self.not_tried.append(what)

    def found(self, kind, what, files=()):
        """Keep something found; kind is "untrue" or "crashes", files are copied as they are."""
        self.count(**{kind: 1})
        if self.options.first:
            self.deadline = time.monotonic()
        if self.told >= FOUND_MAX:
            return
        self.told += 1
        folder = tempfile.mkdtemp(prefix=f"{self.name}-{self.told}-", dir=self.options.found)
        with open(os.path.join(folder, "what.txt"), "w", encoding="utf-8") as file:
            file.write(what + "\n")
        for path in files:
            shutil.copy(path, folder)
        print(f"{self.name}: FOUND ({kind}), see {folder}: {what.splitlines()[0]}",
              file=sys.stderr, flush=True)

    def finish(self):
        """Print the counts; returns the exit status."""
        print(json.dumps({**{name: self.counts[name] for name in COUNTS},
                          "not_tried": self.not_tried}), flush=True)
        return 1 if self.counts["untrue"] or self.counts["crashes"] else 0


def main(name, about, run, more=None):
    """Run a part: run(part, directory) in a folder for temporary files, with golden.Setup filled;
    more(parser) adds arguments of its own."""
    parser = argparse.ArgumentParser(description=about,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments(parser)
    if more:
        more(parser)
    part = Part(name, parser.parse_args())
    os.makedirs(part.options.found, exist_ok=True)
    try:
        with golden.prepared(part.options.plugin) as directory, contextlib.redirect_stdout(sys.stderr):
            part.deadline = time.monotonic() + part.options.minutes * 60
            run(part, directory)
    except (golden.SetupError, OSError):
        traceback.print_exc()
        return 2
    return part.finish()
