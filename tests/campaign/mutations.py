#!/usr/bin/env python3
#
# mutations.py - captures changed in every way, and what is said of them held against something else
#
# SPDX-License-Identifier: GPL-2.0-or-later
#
"""Changed connections of the shipped captures, many in one file: does anything crash, do two passes
say the same, does the rest of Wireshark say what it says without us, and do texts and values hold?

With --capture, that file and no other; what is found in one is shown again so.
"""

import itertools
import os
import random
import time

import mutate
import oracles
import part
import segments

BATCH = 100                 # connections in a file
FIRST_SECONDS = 15          # that a file takes, as far as we know before the first one
MINGLED = 0.2               # of the files: all at the same time, with one server
SHRINK_SECONDS = 60         # for one thing that was found
SHRINK_LEAST_SECONDS = 20   # also when the time is over
SIGNATURE_MAX = 3           # what looks the same is kept so often, and then only counted


class Hunt:
    """The files of a run, and what they show."""

    def __init__(self, this, directory):
        self.part, self.directory = this, directory
        self.homes = oracles.Homes(this.options, directory)
        self.told = {}
        self.files = itertools.count()
        self.kept = 0     # seconds that went into what was found

    def try_file(self, connections, link, mingled):
        trial = self.written(connections, link, mingled)
        try:
            for oracle in oracles.ORACLES:
                self.look(oracle, trial)
        except oracles.StockFails as failure:
            self.leave_out(connections, link, mingled, failure)
            return
        finally:
            os.unlink(trial.path)
        self.part.count(inputs=len(connections), executions=trial.executions * len(connections),
                        statements=trial.statements)

    def leave_out(self, connections, link, mingled, failure):
        """Try the connections of a file on which Wireshark fails, but for those that make it."""
        if len(connections) > 1:
            middle = len(connections) // 2
            self.try_file(connections[:middle], link, mingled)
            self.try_file(connections[middle:], link, mingled)
            return
        self.part.not_tried_here(f"{connections[0].name}: {' '.join(connections[0].changes)}: {failure}")

    def written(self, connections, link, mingled):
        path = os.path.join(self.directory, f"{next(self.files)}.pcapng")
        return oracles.Trial(path, connections, link, mingled)

    def look(self, oracle, trial):
        seen = set()
        for problem in oracle(self.homes, trial):
            count = self.told.get(problem.signature, 0)
            if problem.signature in seen or count >= SIGNATURE_MAX:
                self.part.count(**{problem.kind: 1})
                continue
            seen.add(problem.signature)
            self.told[problem.signature] = count + 1
            began = time.monotonic()
            self.keep(oracle, trial, problem)
            self.kept += time.monotonic() - began

    def keep(self, oracle, trial, problem):
        """Find the connection that shows it, and what of it is needed."""
        now = time.monotonic()
        ends = min(now + SHRINK_SECONDS, max(self.part.deadline, now + SHRINK_LEAST_SECONDS))

        def shows(connections):
            if time.monotonic() > ends:
                return None
            small = self.written(connections, trial.link, trial.mingled)
            try:
                return next((again for again in oracle(self.homes, small)
                             if again.signature == problem.signature), None)
            except oracles.StockFails:
                return None
            finally:
                os.unlink(small.path)

        connections = list(trial.connections)
        if problem.which is not None and shows([connections[problem.which]]):
            connections = [connections[problem.which]]
        connections = smallest(connections, shows)
        if len(connections) == 1:
            connections = [connections[0].with_segments(smallest(
                connections[0].segments,
                lambda some: shows([connections[0].with_segments(some)])))]
        small = self.written(connections, trial.link, trial.mingled)
        script = os.path.join("tests", "campaign", "mutations.py")
        self.part.found(problem.kind, "\n".join((
            problem.text, "", f"oracle: {oracle.__name__}, seed {self.part.options.seed}",
            *(f"{one.name}: {' '.join(one.changes)}" for one in connections[:9]),
            f"again: python3 {script} --capture FILE (and the options that sh tests/campaign.sh "
            "gives a part)")), [small.path])
        os.unlink(small.path)


def smallest(items, shows):
    """Fewer of them that show it too: whole parts are left out, then smaller ones."""
    items = list(items)
    size = len(items) // 2
    while size > 0:
        start = 0
        while start < len(items) and len(items) > 1:
            rest = items[:start] + items[start + size:]
            if rest and shows(rest):
                items = rest
            else:
                start += size
        size //= 2
    return items


def try_capture(hunt, path):
    """A file as it is."""
    own = os.path.join(hunt.directory, "capture.pcapng")
    with open(path, "rb") as given, open(own, "wb") as copy:
        copy.write(given.read())
    part.golden.make_readable(own)
    trial = oracles.Trial(own)
    try:
        for oracle in oracles.ORACLES:
            for problem in oracle(hunt.homes, trial):
                hunt.part.found(problem.kind, f"{oracle.__name__}: {problem.text}", [own])
    except oracles.StockFails as failure:
        hunt.part.not_tried_here(str(failure))
    hunt.part.count(inputs=1, executions=trial.executions, statements=trial.statements)


def run(this, directory):
    hunt = Hunt(this, directory)
    if this.options.capture:
        try_capture(hunt, this.options.capture)
        return
    changed = mutate.stream_of(this.random)
    took = FIRST_SECONDS
    while this.has_time(took):
        # A file's size must not change what comes after it.
        choice = random.Random(this.random.random())
        began, kept = time.monotonic(), hunt.kept
        hunt.try_file(list(itertools.islice(changed, BATCH)),
                      choice.choice((segments.ETHERNET, segments.RAW_IP)),
                      choice.random() < MINGLED)
        took = time.monotonic() - began - (hunt.kept - kept)


if __name__ == "__main__":
    part.sys.exit(part.main("mutations", __doc__, run, lambda parser: parser.add_argument(
        "--capture", metavar="FILE", help="try this file alone")))
