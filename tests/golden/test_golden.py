#!/usr/bin/env python3
#
# test_golden.py - what tshark -V says of every shipped capture
#
# SPDX-License-Identifier: GPL-2.0-or-later
#
"""test_golden.py --plugin BUILD/plugin/wsclose.so [--update]

facts/ has one file per capture, texts.txt the texts of them all; facts.py says how they are read.
as-shown.txt has one capture as tshark -V shows it, to the letter. The others are shown by sharkd,
which reads one after the other. A new capture fails until its facts are written with --update and
read. A text that is changed with --update keeps its number: only its row changes.
"""

import difflib
import os
import re
import unittest

import facts
import golden

FACTS = os.path.join(golden.HERE, "facts")
TEXTS = os.path.join(golden.HERE, "texts.txt")
AS_SHOWN = os.path.join(golden.HERE, "as-shown.txt")
# All kinds of lines are in it: titles, fields, paragraphs of several lines, expert items.
AS_SHOWN_CAPTURE = "ws-1010-reason-declined"


def read_lines(path):
    if not os.path.exists(path):
        return []
    with open(path, encoding="utf-8") as file:
        return file.read().split("\n")[:-1]


def write_lines(path, lines):
    with open(path, "w", encoding="utf-8") as file:
        file.write("".join(line + "\n" for line in lines))


def path_of(name):
    return os.path.join(FACTS, name + ".txt")


class Golden(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        shown = golden.explanations()
        texts = facts.Texts(facts.read_rows(read_lines(TEXTS)))
        reader = facts.Reader(golden.field_labels(), texts)
        cls.facts = reader.facts_of({name: reader.read(lines) for name, lines in shown.items()})
        cls.texts = ["# What tshark -V shows of the captures: facts.py says how to read this.",
                     *texts.lines()]
        cls.as_shown = golden.explanation(AS_SHOWN_CAPTURE, "-2")
        if golden.Setup.update:
            write_lines(TEXTS, cls.texts)
            write_lines(AS_SHOWN, cls.as_shown)
            os.makedirs(FACTS, exist_ok=True)
            for name in os.listdir(FACTS):
                os.unlink(os.path.join(FACTS, name))
            for name, lines in cls.facts.items():
                write_lines(path_of(name), lines)

    def test_facts_of_every_capture(self):
        for name, lines in self.facts.items():
            with self.subTest(capture=name):
                self.assertTrue(os.path.exists(path_of(name)), f"{name} has no golden")
                self.check(path_of(name), lines)

    def test_no_golden_without_a_capture(self):
        self.assertEqual({name + ".txt" for name in self.facts} ^ set(os.listdir(FACTS)),
                         set())

    def test_every_cause_has_captures(self):
        """Two at least, one of them recorded."""
        with open(os.path.join(golden.ROOT, "docs", "fields.md"), encoding="utf-8") as file:
            table = file.read().split("| `wsclose.cause` | the connection ended because |")[1]
        words = re.findall(r"^\| `(\w+)` \|", table.split("\n\n")[0], re.MULTILINE)
        self.assertGreater(len(words), 30)
        captures = {word: set() for word in words}
        for name in golden.capture_names():
            with open(path_of(name), encoding="utf-8") as file:
                for word in re.findall(r" cause=(\w+)", file.read()):
                    captures[word].add(name)
        for word, names in captures.items():
            with self.subTest(cause=word):
                self.assertGreaterEqual(len(names), 2)
                self.assertTrue([name for name in names if not name.startswith("generated-")])

    def test_texts(self):
        """Every text is there, and is shown of some capture."""
        self.check(TEXTS, self.texts)

    def test_one_capture_to_the_letter(self):
        self.check(AS_SHOWN, self.as_shown)

    def check(self, path, found):
        difference = list(difflib.unified_diff(read_lines(path), found, "golden", "tshark",
                                               lineterm="", n=1))
        if difference:
            self.fail("\n".join([path, *difference]))


if __name__ == "__main__":
    golden.main()
