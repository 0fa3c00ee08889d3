#!/usr/bin/env python3
#
# campaign.py - damage and attack what we say, and what we run on, for some time
#
# SPDX-License-Identifier: GPL-2.0-or-later
#
"""Run the parts of the campaign side by side, each for its share of the time, and add up.

tests/campaign.sh builds what this needs and starts it. The last line has the counts. Exit status: 0
nothing was found, 1 something was, 2 a part could not run.
"""

import argparse
import collections
import concurrent.futures
import contextlib
import itertools
import json
import os
import signal
import subprocess
import sys
import time

import part

# Shares of the processors' time; what is not worth starting for less than that many minutes.
SHARES = {
    "fuzzing": (8, 0),
    "mutations": (6, 0),
    "truth": (6, 0),
    "scale": (3, 10),
    "memory": (2, 10),
}

# status: of its exit; None where it was not begun, or stopped.
Run = collections.namedtuple("Run", "name minutes status counts")


class Runs:
    """The parts at work, each a process."""

    def __init__(self, options):
        self.options = options
        self.processes = []
        self.over = False

    def run_line(self, number, line):
        """The runs that one processor has, one after the other."""
        return [self.run(name, minutes, self.options.seed + 1000 * number) for name, minutes in line]

    def run(self, name, minutes, seed):
        options = self.options
        if self.over:
            return Run(name, minutes, None, {})
        script = os.path.join(part.HERE, name + ".py")
        process = subprocess.Popen(
            [sys.executable, script, "--minutes", f"{minutes:.2f}", "--seed", str(seed),
             "--found", options.found, "--plugin", options.plugin,
             "--sanitized", options.sanitized, "--fuzz", options.fuzz,
             *(["--first"] if options.first else [])],
            stdout=subprocess.PIPE, text=True, start_new_session=True)
        self.processes.append(process)
        out, _ = process.communicate()
        if process.returncode == 1 and options.first:
            self.stop()
        try:
            return Run(name, minutes, process.returncode, json.loads(out.splitlines()[-1]))
        except (IndexError, json.JSONDecodeError):
            return Run(name, minutes, None if self.over else 2, {})

    def stop(self):
        """End all parts, and what they have started."""
        self.over = True
        for process in self.processes:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)


def scheduled(minutes, processors, only):
    """For each processor [(part, minutes)], which fill the time. A part that one processor has no
    more time for goes on as another run, on the next one."""
    shares = {name: share for name, (share, least) in SHARES.items()
              if (not only or name in only) and (only or minutes >= least)}
    total = sum(shares.values())
    lines = [[]]
    left = minutes
    for name, share in shares.items():
        wanted = minutes * processors * share / total
        while wanted > 1e-6:
            if left < 1e-6:
                lines.append([])
                left = minutes
            lines[-1].append((name, min(wanted, left)))
            wanted -= lines[-1][-1][1]
            left -= lines[-1][-1][1]
    return lines


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    part.arguments(parser)
    parser.add_argument("--only", action="append", choices=sorted(SHARES), help="just this part")
    options = parser.parse_args()
    os.makedirs(options.found, exist_ok=True)
    began = time.monotonic()
    lines = scheduled(options.minutes, os.cpu_count(), options.only)
    runs = Runs(options)
    try:
        with concurrent.futures.ThreadPoolExecutor(len(lines)) as pool:
            ended = list(pool.map(runs.run_line, range(len(lines)), lines))
    except KeyboardInterrupt:
        runs.stop()
        raise
    total = dict.fromkeys(part.COUNTS, 0)
    statuses = {0}
    for run in itertools.chain(*ended):
        for key in part.COUNTS:
            total[key] += run.counts.get(key, 0)
        statuses.add(run.status)
        print(f"{run.name:10} {run.minutes:6.1f} min  " + (
            "  ".join(f"{key} {run.counts[key]:,}" for key in part.COUNTS) if run.counts
            else "STOPPED" if run.status is None else "COULD NOT RUN"))
        for what in run.counts.get("not_tried", ()):
            print(f"{run.name:10} NOT TRIED: {what}")
    status = 2 if statuses - {None, 0, 1} else max(statuses - {None})
    print(f"campaign: seed {options.seed}, {(time.monotonic() - began) / 60:.1f} min, "
          + ", ".join(f"{key} {total[key]:,}" for key in part.COUNTS)
          + (", NOT ALL RAN" if status == 2 else ""))
    return status


if __name__ == "__main__":
    sys.exit(main())
