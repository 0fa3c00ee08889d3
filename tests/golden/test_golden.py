#!/usr/bin/env python3
#
# test_golden.py - what tshark -V says of every shipped capture, to the letter
#
# SPDX-License-Identifier: GPL-2.0-or-later
#
"""test_golden.py --plugin BUILD/plugin/wsclose.so [--update]

One text per capture beside this file. A new capture fails until its golden is written with --update
and read.
"""

import difflib
import os
import unittest

import golden


class Golden(unittest.TestCase):
    maxDiff = None

    def test_every_capture(self):
        for name in golden.capture_names():
            with self.subTest(capture=name):
                self.check(name)

    def test_no_golden_without_a_capture(self):
        goldens = {name[:-len(".txt")] for name in os.listdir(golden.HERE) if name.endswith(".txt")}
        self.assertEqual(goldens - set(golden.capture_names()), set())

    def check(self, name):
        path = os.path.join(golden.HERE, name + ".txt")
        found = golden.explanation(name, "-2")
        if golden.Setup.update:
            with open(path, "w", encoding="utf-8") as file:
                file.write("".join(line + "\n" for line in found))
        if not os.path.exists(path):
            self.fail(f"{name} has no golden")
        with open(path, encoding="utf-8") as file:
            expected = file.read().splitlines()
        difference = list(difflib.unified_diff(expected, found, "golden", "tshark", lineterm="", n=2))
        self.assertEqual(difference, [], "\n" + "\n".join(difference))


if __name__ == "__main__":
    golden.main()
