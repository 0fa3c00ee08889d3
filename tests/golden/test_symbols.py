#!/usr/bin/env python3
#
# test_symbols.py - the plugin exports what Wireshark looks for, and nothing else
#
# SPDX-License-Identifier: GPL-2.0-or-later
#
"""test_symbols.py BUILD/plugin/wsclose.so"""

import subprocess
import sys

ENTRY_POINTS = {"plugin_version", "plugin_want_major", "plugin_want_minor", "plugin_register",
                "plugin_describe"}


def main():
    listing = subprocess.run(["nm", "--dynamic", "--defined-only", sys.argv[1]], check=True,
                             text=True, stdout=subprocess.PIPE).stdout
    exported = {line.split()[-1].split("@")[0] for line in listing.splitlines()}
    if exported != ENTRY_POINTS:
        print(f"missing: {sorted(ENTRY_POINTS - exported)}, "
              f"too many: {sorted(exported - ENTRY_POINTS)}")
        return 1
    print(f"exports {len(exported)} symbols, all of them Wireshark's entry points")
    return 0


sys.exit(main())
