#!/usr/bin/env python3
#
# replay.py - run a fuzz target on its seeds and its corpus, and no more
#
# SPDX-License-Identifier: GPL-2.0-or-later
#
"""replay.py PROGRAM CALLED

Runs the target once on each of its inputs. CALLED becomes a file with the functions of the library
that the target itself called, as the dynamic linker bound them. Exit status: that of the target; 1
where it has no inputs.
"""

import glob
import os
import re
import subprocess
import sys
import tempfile

import targets

BOUND = re.compile(r"binding file (\S+) \[\d+\] to \S*libwsclose\.so\S* \[\d+\]: "
                   r"normal symbol `(\w+)'")


def main():
    program, called = sys.argv[1:]
    folders = targets.inputs_of(program)
    if not folders:
        print(f"{targets.name_of(program)} has neither seeds nor a corpus in {targets.HERE}")
        return 1
    with tempfile.TemporaryDirectory() as directory:
        log = os.path.join(directory, "bindings")
        run = subprocess.run([program, "-runs=0", *targets.LIMITS, *folders], check=False,
                             env={**os.environ, "LD_DEBUG": "bindings", "LD_DEBUG_OUTPUT": log})
        names = set()
        # One for each process; symbolizers are others.
        for path in glob.glob(log + ".*"):
            with open(path, encoding="utf-8", errors="replace") as lines:
                found = (BOUND.search(line) for line in lines)
                names |= {match[2] for match in found if match and match[1].endswith(
                    os.path.basename(program))}
    with open(called, "w", encoding="utf-8") as file:
        file.writelines(name + "\n" for name in sorted(names))
    return run.returncode


if __name__ == "__main__":
    sys.exit(main())
