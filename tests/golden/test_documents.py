#!/usr/bin/env python3
#
# test_documents.py - README and the manual page name what there is, all of it and nothing else
#
# SPDX-License-Identifier: GPL-2.0-or-later
#
"""test_documents.py --plugin BUILD/plugin/wsclose.so"""

import json
import os
import re

import golden

NAME = r"\bwsclose\.[a-z0-9_.]*[a-z0-9]"

# Names of files, and a path in the recipe for Elasticsearch.
NO_FIELDS = {"wsclose.so", "wsclose.h", "wsclose.pc", "wsclose.properties"}


def read(*path):
    with open(os.path.join(golden.ROOT, *path), encoding="utf-8") as file:
        return file.read()


def keys_of(value):
    """Keys of an object, and of the objects in it."""
    if isinstance(value, dict):
        yield from value
        for inner in value.values():
            yield from keys_of(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from keys_of(inner)


class Documents(golden.MergedCaptures):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.page = read("plugin", "wsclose-plugin.7.adoc")
        # README writes ".server" for the second of two names.
        cls.readme = re.sub(r"`(wsclose\.[a-z_.]+)\.([a-z_]+)`((?:, `\.[a-z_]+`)+)",
                            lambda match: f"`{match[1]}.{match[2]}`" + re.sub(
                                r"`\.", f"`{match[1]}.", match[3]), read("README.md"))
        cls.fields = set(golden.field_names())
        cls.preferences = {line.lstrip("#").split(":")[0] for line in golden.Setup.tshark.lines(
            golden.Setup.home, ["-G", "currentprefs"])
            if line.lstrip("#").startswith("wsclose.")}

    def test_every_name_is_documented(self):
        self.assertGreater(len(self.fields), 50)
        self.assertGreater(len(self.preferences), 3)
        for document in (self.page, self.readme):
            named = set(re.findall(NAME, document))
            self.assertEqual(self.fields - named, set())
            self.assertEqual(self.preferences - named, set())

    def test_nothing_else_is_documented(self):
        for document in (self.page, self.readme):
            named = set(re.findall(NAME, document))
            self.assertEqual(named - self.fields - self.preferences - NO_FIELDS, set())

    def test_keys_of_json_are_documented(self):
        section = self.page[self.page.index("== JSON"):self.page.index("== EXAMPLES")]
        named = set(re.findall(r"\*([a-z0-9_.]+)\*", section))
        keys = set()
        for line in golden.tshark(self.all, "-q", "-z", "wsclose,json"):
            keys.update(keys_of(json.loads(line)))
        self.assertEqual(keys - named, set())
        self.assertEqual(named - keys, {"file", "partial"})


if __name__ == "__main__":
    golden.main()
