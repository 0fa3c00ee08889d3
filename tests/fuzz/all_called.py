#!/usr/bin/env python3
#
# all_called.py - each public function of the library is called by a fuzz target
#
# SPDX-License-Identifier: GPL-2.0-or-later
#
"""all_called.py LIBRARY CALLED...

LIBRARY is libwsclose.so, CALLED are the files that replay.py wrote. Exit status: 1 where a function
is called by none of the targets, with its name.
"""

import subprocess
import sys


def main():
    library, *files = sys.argv[1:]
    symbols = subprocess.run(["nm", "-D", "--defined-only", library], stdout=subprocess.PIPE,
                             text=True, check=True).stdout
    public = {fields[2].split("@")[0] for fields in map(str.split, symbols.splitlines())
              if len(fields) == 3 and fields[1] == "T" and fields[2].startswith("wsclose_")}
    called = set()
    for path in files:
        with open(path, encoding="utf-8") as names:
            called |= set(names.read().split())
    missing = sorted(public - called)
    print(f"{len(public)} public functions, {len(missing)} of them called by no fuzz target")
    for name in missing:
        print(f"not called: {name}")
    return 1 if missing or not public else 0


if __name__ == "__main__":
    sys.exit(main())
