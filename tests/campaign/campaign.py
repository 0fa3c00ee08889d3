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
import concurrent.futures
import json
import os
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
    "memory": (1, 10),
}


def run_part(name, minutes, options):
    """(exit status, counts)"""
    script = os.path.join(part.HERE, name + ".py")
    run = subprocess.run([sys.executable, script, "--minutes", f"{minutes:.2f}",
                          "--seed", str(options.seed), "--found", options.found,
                          "--plugin", options.plugin, "--sanitized", options.sanitized,
                          "--fuzz", options.fuzz],
                         stdout=subprocess.PIPE, text=True, check=False)
    try:
        counts = json.loads(run.stdout.splitlines()[-1])
    except (IndexError, json.JSONDecodeError):
        return 2, {}
    return run.returncode, counts


def scheduled(minutes, processors, only):
    """[(part, minutes)], so that all of them take the time on that many processors."""
    shares = {name: share for name, (share, least) in SHARES.items()
              if (not only or name in only) and (only or minutes >= least)}
    total = sum(shares.values())
    wanted = [(name, min(minutes * processors * share / total, minutes))
              for name, share in shares.items()]
    return sorted(wanted, key=lambda one: -one[1])


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    part.arguments(parser)
    parser.add_argument("--only", action="append", choices=sorted(SHARES), help="just this part")
    options = parser.parse_args()
    os.makedirs(options.found, exist_ok=True)
    began = time.monotonic()
    parts = scheduled(options.minutes, os.cpu_count(), options.only)
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        ran = list(pool.map(lambda one: run_part(*one, options), parts))
    total = dict.fromkeys(part.COUNTS, 0)
    status = 0
    for (name, minutes), (ended, counts) in zip(parts, ran):
        for key in part.COUNTS:
            total[key] += counts.get(key, 0)
        status = max(status, ended if ended in (0, 1) else 2)
        print(f"{name:10} {minutes:6.1f} min  " + ("COULD NOT RUN" if not counts else "  ".join(
            f"{key} {counts[key]:,}" for key in part.COUNTS)))
        for what in counts.get("not_tried", ()):
            print(f"{name:10} NOT TRIED: {what}")
    print(f"campaign: seed {options.seed}, {(time.monotonic() - began) / 60:.1f} min, "
          + ", ".join(f"{key} {total[key]:,}" for key in part.COUNTS)
          + (", NOT ALL RAN" if status == 2 else ""))
    return status


if __name__ == "__main__":
    sys.exit(main())
