#!/usr/bin/env python3
#
# test_messages.py - every message of the tables is known by a line as a user pastes it
#
# SPDX-License-Identifier: GPL-2.0-or-later
#
"""test_messages.py WSCLOSE_BINARY [UNITTEST_ARGUMENT...]

The lines are in messages/*.tsv: libraries, meaning, code ('-' where it is the row's own, or none), line."""

import json
import os
import pathlib
import re
import subprocess
import sys
import unittest

HERE = pathlib.Path(__file__).resolve().parent
TABLES = HERE.parents[1] / "decoder" / "words"
STRINGS = r'((?:"(?:[^"\\]|\\.)*"\s*)+)'
ROW = re.compile(r"\.pattern =\s*" + STRINGS + r",.*?\.meaning = MEANING_(\w+)", re.DOTALL)
MESSAGES_MIN = 150


def read_strings(source):
    """What literals of C that stand side by side stand for."""
    joined = "".join(re.findall(r'"((?:[^"\\]|\\.)*)"', source))
    return joined.encode("latin-1", "backslashreplace").decode("unicode_escape")


def read_meanings():
    """Pattern to meaning, from the source: no answer has the name of a meaning."""
    meanings = {}
    for path in TABLES.glob("messages_*.c"):
        for strings, meaning in ROW.findall(path.read_text(encoding="utf-8")):
            meanings[read_strings(strings)] = meaning.lower()
    return meanings


def read_examples():
    for path in sorted((HERE / "messages").glob("*.tsv")):
        for number, line in enumerate(path.read_text(encoding="utf-8").split("\n")[:-1], 1):
            yield f"{path.name}:{number}", line.split("\t")


def explain(*args, **options):
    return subprocess.run([BINARY, "explain", "--json", *args], stdout=subprocess.PIPE, check=True,
                          timeout=60, **options).stdout


class Messages(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.rows = [json.loads(line) for line in explain("--list").splitlines()]
        cls.own_codes = {}
        for row in cls.rows:
            cls.own_codes.setdefault(row["pattern"], row["code"])
        cls.meanings = read_meanings()
        cls.examples = list(read_examples())
        lines = "".join(columns[-1] + "\n" for _, columns in cls.examples)
        answers = json.loads(explain("-", input=lines.encode()))["messages"]
        cls.answers = {answer["line"]: answer for answer in answers}

    def test_examples_are_whole(self):
        for place, columns in self.examples:
            with self.subTest(place=place):
                self.assertEqual(len(columns), 4)
                self.assertRegex(columns[2], r"^(-|[1-4]\d{3})$")
                self.assertIn(columns[1], self.meanings.values())

    def test_examples_are_explained(self):
        for number, (place, (libraries, meaning, code, line)) in enumerate(self.examples, 1):
            with self.subTest(place=place, line=line):
                answer = self.answers.get(number)
                self.assertIsNotNone(answer, "not known")
                self.assertIsNotNone(answer["pattern"], "a number alone")
                pattern = answer["pattern"]
                self.assertEqual((self.meanings[pattern], set(libraries.split(", "))),
                                 (meaning, set(libraries.split(", ")) & set(answer["library"])),
                                 pattern)
                expected = self.own_codes[pattern] if code == "-" else int(code)
                self.assertEqual(answer["code"], expected, pattern)

    def test_every_message_has_an_example(self):
        """One per row: two libraries may write the same words, in letters of another case."""
        def keys(messages):
            return {(message["pattern"].lower(), self.meanings[message["pattern"]], library)
                    for message in messages if message["pattern"] for library in message["library"]}

        self.assertEqual(keys(self.rows) - keys(self.answers.values()), set())

    def test_table(self):
        self.assertGreaterEqual(len(self.rows), MESSAGES_MIN)
        self.assertEqual(set(self.meanings), {row["pattern"] for row in self.rows})
        for row in self.rows:
            with self.subTest(pattern=row["pattern"]):
                self.assertTrue(row["library"] and all(row["source"]))
                for key in ("cause", "meaning", "fix", "filter"):
                    self.assertTrue(row[key], key)
                self.assertNotIn("{", row["meaning"] + row["fix"] + row["filter"])

    def test_one_line_as_an_argument(self):
        place, (_, _, _, line) = self.examples[0]
        answer = json.loads(explain("--", line))["messages"]
        self.assertEqual(answer, [{**self.answers[1], "line": 1}], place)


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    BINARY = os.path.abspath(sys.argv.pop(1))
    unittest.main()
