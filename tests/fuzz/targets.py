#
# targets.py - a fuzz target: its inputs, and how it is run
#
# SPDX-License-Identifier: GPL-2.0-or-later
#
"""What the tests and the campaign share of the fuzz targets."""

import os

HERE = os.path.dirname(os.path.abspath(__file__))
# Octets of an input, seconds for one, memory.
LIMITS = ("-max_len=70000", "-timeout=10", "-rss_limit_mb=2048")


def name_of(program):
    """The name of a target: "http1" of .../fuzz_http1."""
    return os.path.basename(program)[len("fuzz_"):]


def inputs_of(program):
    """The folders with its seeds, which have names, and its corpus, those that there are."""
    folders = (os.path.join(HERE, kind, name_of(program)) for kind in ("seeds", "corpus"))
    return [folder for folder in folders if os.path.isdir(folder)]
