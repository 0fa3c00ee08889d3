#!/usr/bin/env python3
#
# minimise.py - make the corpus of inputs that were found
#
# SPDX-License-Identifier: GPL-2.0-or-later
#
"""minimise.py FUZZ FOUND [TARGET...]

FUZZ is the folder with the fuzz targets, FOUND one with a folder of inputs for each. tests/fuzz/corpus/TARGET
becomes the fewest inputs, of those, of the seeds and of the corpus before, that reach as much code as all of
them; what the seeds reach is left to them.
"""

import os
import shutil
import subprocess
import sys
import tempfile

import targets

INPUT_MAX = 2000


def minimised(program, found, directory):
    """Paths of the inputs that the seeds need beside them."""
    folders = targets.inputs_of(program)
    seeds = [folder for folder in folders if os.path.basename(os.path.dirname(folder)) == "seeds"]
    merged = os.path.join(directory, "merged")
    shutil.copytree(seeds[0], merged)
    before = set(os.listdir(merged))
    subprocess.run([program, "-merge=1", "-use_value_profile=0", "-use_counters=0",
                    f"-max_len={INPUT_MAX}", "-timeout=60", merged,
                    *(folder for folder in (*folders, found) if os.path.isdir(folder))],
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
    return [os.path.join(merged, name) for name in sorted(set(os.listdir(merged)) - before)]


def main():
    fuzz, found, *only = sys.argv[1:]
    for name in sorted(os.listdir(os.path.join(targets.HERE, "seeds"))):
        if only and name not in only:
            continue
        program = os.path.join(os.path.abspath(fuzz), "fuzz_" + name)
        corpus = os.path.join(targets.HERE, "corpus", name)
        with tempfile.TemporaryDirectory() as directory:
            paths = minimised(program, os.path.join(found, name), directory)
            shutil.rmtree(corpus, ignore_errors=True)
            if paths:
                os.makedirs(corpus)
            for path in paths:
                shutil.copy(path, corpus)
        print(f"{name:12} {len(paths):5} inputs")


if __name__ == "__main__":
    main()
