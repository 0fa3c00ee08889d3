#!/usr/bin/env python3
#
# test_info_column.py - what the packet list says of every shipped capture
#
# SPDX-License-Identifier: GPL-2.0-or-later
#
"""test_info_column.py --plugin BUILD/plugin/wsclose.so [--update]

info_column.txt has each text that stands behind stock's in the Info column of a packet, with a
capture that shows it. Read what is new after --update.
"""

import difflib
import os
import re
import unittest

import golden

FILE = os.path.join(golden.HERE, "info_column.txt")
SEPARATOR = " · "


def texts_of(name, sharkd):
    sharkd.load(name)
    return [text for frame in sharkd.frames("wsclose")
            for text in frame["c"][-1].split(SEPARATOR)[1:]]


class InfoColumn(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        names = [name for name in golden.capture_names() if name not in golden.ARGUMENTS]
        cls.texts = {}
        for name, texts in zip(names, golden.by_sharkd(texts_of, names, golden.Setup.home)):
            for text in texts:
                cls.texts.setdefault(text, name)

    def test_as_before(self):
        lines = [f"{text}\t{self.texts[text]}\n" for text in sorted(self.texts)]
        if golden.Setup.update:
            with open(FILE, "w", encoding="utf-8") as file:
                file.writelines(lines)
        with open(FILE, encoding="utf-8") as file:
            expected = file.readlines()
        self.assertEqual(expected, lines, "".join(difflib.unified_diff(expected, lines)))

    def test_whole(self):
        """No slot of a text is empty or left open; what is quoted may be anything."""
        for text, name in self.texts.items():
            with self.subTest(capture=name, text=text):
                self.assertNotRegex(re.sub("'.*'", "''", text), r"^\s|\s$|\s\s|[{}]|^$")


if __name__ == "__main__":
    golden.main()
