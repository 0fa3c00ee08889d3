#!/usr/bin/env python3
#
# test_sentences.py - no sentence of the decoder is written twice
#
# SPDX-License-Identifier: GPL-2.0-or-later
#
"""test_sentences.py DECODER_FOLDER

It reads the source and not the tables, so that no new table escapes it. A sentence that rows share
through a macro or an array is written once."""

import pathlib
import re
import sys
import unittest

TOKEN = re.compile(r"""/\*.*?\*/|//[^\n]*|\\\n|\s+|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'"""
                   r"|[A-Za-z_]\w*|.", re.DOTALL)
# Words of others, their names and where they were seen: none of ours.
QUOTED = re.compile(r"""\.(?:pattern|libraries|seen) =\s*(?:"(?:[^"\\\n]|\\.)*"\s*)+""")
MACRO = re.compile(r"[A-Z][A-Z_0-9]+")
BETWEEN_SENTENCES = re.compile(r"(?<=[.?]) +(?=[A-Z0-9{<])")
# Fewer, slots, macros and versions aside, are a part that fits into several sentences.
WORDS_MIN = 4


def rows(source):
    """The literals that the compiler makes one of, macros among them: line and text."""
    line, start, text = 1, 0, None
    source = QUOTED.sub(lambda quoted: "\n" * quoted[0].count("\n"), source)
    for token in TOKEN.findall(source):
        if token.startswith('"'):
            start = line if text is None else start
            text = (text or "") + token[1:-1]
        elif text is not None and MACRO.fullmatch(token):
            text += f"<{token}>"
        elif text is not None and not token.isspace() and token[:2] not in ("/*", "//", "\\\n"):
            yield start, text
            text = None
        line += token.count("\n")


def sentences(row):
    for sentence in BETWEEN_SENTENCES.split(row):
        words = re.sub(r"\{[^}]*\}|<\w*>", "", sentence).split()
        if sum(not re.search(r"\d\.\d", word) for word in words) >= WORDS_MIN:
            yield sentence.strip()


def sources(decoder):
    """Those of the library: its command says again what its options are."""
    for path in sorted([*decoder.glob("*.c"), *decoder.glob("words/*.[ch]")]):
        if path.name != "main.c" and not path.name.startswith("command"):
            yield path


class SentencesTest(unittest.TestCase):
    maxDiff = None

    def test_none_is_written_twice(self):
        places = {}
        for path in sources(DECODER):
            for line, row in rows(path.read_text(encoding="utf-8")):
                for sentence in sentences(row):
                    places.setdefault(sentence, []).append(f"{path.name}:{line}")
        self.assertGreater(len(places), 500)
        self.assertEqual({s: p for s, p in places.items() if len(p) > 1}, {})

    def test_reads_rows_as_the_compiler_does(self):
        source = """
            #define END "of it."
            /* "Not this one." */
            f("One is \\"quoted\\". " /* between */ END
              " Two {slot} more.", '"', "three") "It is four. 5 is just five.";
        """
        self.assertEqual([text for _, text in rows(source)],
                         ["of it.", 'One is \\"quoted\\". <END> Two {slot} more.', "three",
                          "It is four. 5 is just five."])
        self.assertEqual([s for _, row in rows(source) for s in sentences(row)],
                         ["5 is just five."])


DECODER = pathlib.Path(sys.argv.pop(1))
unittest.main()
