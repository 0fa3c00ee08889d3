#!/usr/bin/env python3
#
# test_documents.py - the documents and the manual page name what there is, all of it and nothing else
#
# SPDX-License-Identifier: GPL-2.0-or-later
#
"""test_documents.py --plugin BUILD/plugin/wsclose.so"""

import glob
import json
import os
import re

import golden

NAME = r"\bwsclose\.[a-z0-9_.]*[a-z0-9]"

# Names of files, and a path in the recipe for Elasticsearch.
NO_FIELDS = {"wsclose.so", "wsclose.dll", "wsclose.h", "wsclose.pc", "wsclose.properties"}


def read(*path):
    with open(os.path.join(golden.ROOT, *path), encoding="utf-8") as file:
        return file.read()


def section(document, heading):
    """What stands below a heading, up to the next of its level."""
    mark = heading.split()[0]
    return document.split(f"\n{heading}\n")[1].split(f"\n{mark} ")[0]


def names_in(pattern, text):
    """Names of ours in what the pattern's group matches in each line."""
    return {name for found in re.findall(pattern, text, re.MULTILINE)
            for name in re.findall(NAME, found)}


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
        # docs/fields.md writes ".server" for the second of two names.
        cls.tables = re.sub(r"`(wsclose\.[a-z_.]+)\.([a-z_]+)`((?:, `\.[a-z_]+`)+)",
                            lambda match: f"`{match[1]}.{match[2]}`" + re.sub(
                                r"`\.", f"`{match[1]}.", match[3]), read("docs", "fields.md"))
        names = [os.path.basename(path)
                 for path in glob.glob(os.path.join(golden.ROOT, "docs", "*.md"))]
        cls.others = {"README.md": read("README.md"), **{name: read("docs", name) for name in names}}
        cls.fields = set(golden.field_names())
        # With their defaults, for the home has no settings.
        cls.preferences = dict(re.findall(
            r"^#?(wsclose\.\w+):[ ]*(.*?)[ ]*$",
            "\n".join(golden.Setup.tshark.lines(golden.Setup.home, ["-G", "currentprefs"])),
            re.MULTILINE))

    def test_every_name_has_its_entry(self):
        """A name in an example, or in the entry of another, does not count."""
        self.assertGreater(len(self.fields), 50)
        in_page = section(self.page, "== FIELDS") + section(self.page, "== EXPERT INFORMATION")
        self.assertEqual(names_in(r"^(.*)::$", in_page), self.fields)
        in_tables = self.tables.replace(section(self.tables, "## Preferences"), "")
        self.assertEqual(names_in(r"^\| (.*?) \| ", in_tables), self.fields)

    def test_findings_are_as_the_decoder_has_them(self):
        findings = golden.findings()
        self.assertGreater(len(findings), 15)
        self.assertEqual(set(findings) - self.fields, set())
        expected = [(name, row["severity"], row["when"]) for name, row in findings.items()]
        in_page = section(self.page, "== EXPERT INFORMATION").replace("*wsclose.", "wsclose.")
        entries = re.findall(r"^(wsclose\.\w+)\* \((\w+)\)::\n(.*)$", in_page, re.MULTILINE)
        self.assertEqual([(*row[:2], row[2].replace("*", "")) for row in entries], expected)
        entries = re.findall(r"^\| `(wsclose\.\w+)` \| (\w+) \| (.*) \|$",
                             section(self.tables, "## Expert items"), re.MULTILINE)
        self.assertEqual([(*row[:2], row[2].replace("`", "")) for row in entries], expected)

    def test_every_preference_has_its_entry(self):
        self.assertGreater(len(self.preferences), 3)
        entries = dict(re.findall(r"^\*(.*)\* \((.*)\)::$",
                                  section(self.page, "== PREFERENCES"), re.MULTILINE))
        self.assertEqual(entries, {name: default or "empty"
                                   for name, default in self.preferences.items()})
        rows = dict(re.findall(r"^\| `(.*?)` \| (.*?) \| ",
                               section(self.tables, "## Preferences"), re.MULTILINE))
        self.assertEqual(rows, {name: {"TRUE": "on", "FALSE": "off"}.get(default, default) or "empty"
                                for name, default in self.preferences.items()})

    def test_nothing_else_is_documented(self):
        self.assertGreater(len(self.others), 5)
        for name, document in {"wsclose-plugin(7)": self.page, **self.others}.items():
            with self.subTest(document=name):
                named = set(re.findall(NAME, document))
                self.assertEqual(named - self.fields - set(self.preferences) - NO_FIELDS, set())

    def test_keys_of_json_are_documented(self):
        named = set(re.findall(r"\*([a-z0-9_.]+)\*", section(self.page, "== JSON")))
        keys = set()
        for args in ("-o", "wsclose.tls_servers:all"), ("--disable-protocol", "ipv6"):
            for line in golden.tshark(self.all, "-q", "-z", "wsclose,json", *args):
                keys.update(keys_of(json.loads(line)))
        self.assertEqual(keys - named, set())
        # What a ClientHello shows is in test_outside.py.
        self.assertEqual(named - keys, {"file", "partial", "tls.alpn", "tls.server_name"})


if __name__ == "__main__":
    golden.main()
