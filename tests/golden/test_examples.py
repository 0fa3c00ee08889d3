#!/usr/bin/env python3
#
# test_examples.py - the commands of README and docs/, run as they are printed
#
# SPDX-License-Identifier: GPL-2.0-or-later
#
"""test_examples.py --plugin BUILD/plugin/wsclose.so

Each indented block is looked at. CAPTURE stands for all captures in one file, so whatever a command looks
for is there: one that prints nothing fails.
"""

import glob
import json
import os
import re
import shlex
import subprocess

import golden

LOG_LINE = "websocket: close 1006 (abnormal closure): unexpected EOF\n"

OTHERS = ("recipes.md", "building-with-wireshark.md")   # have tests of their own
ELSEWHERE = {       # how a line begins that is not run here: what runs it
    "sh tests/demo.sh": "tests/recipes/test_demo.py",
    "sh tests/all.sh": ".ci/run",
    "wsclose-report ": "tests/recipes/test_recipes.py",
    "jq ": "tests/recipes/test_recipes.py",
    "cmake --preset package": "tests/versions.sh",
    "(cd build-package ": "tests/versions.sh",
    "sudo apt ": "tests/versions.sh",
}


def documents():
    paths = [os.path.join(golden.ROOT, "README.md"),
             *glob.glob(os.path.join(golden.ROOT, "docs", "*.md"))]
    return sorted(path for path in paths if os.path.basename(path) not in OTHERS)


def blocks(path):
    """The indented blocks of a document, as lists of lines; a line that is broken by \\ is one."""
    with open(path, encoding="utf-8") as file:
        for block in re.findall(r"(?:^ {4}.*\n)+", file.read(), re.M):
            yield re.sub(r"\\\n *", "", re.sub(r"^ {4}", "", block, flags=re.M)).splitlines()


class Examples(golden.MergedCaptures):
    maxDiff = None

    def run_command(self, line):
        """What it prints: tshark as an ordinary user, and the command of this build."""
        keys = golden.capture_path("tls-keylog-beside").replace(".pcapng", ".keys.log")
        program, *args = shlex.split(line.replace("CAPTURE", self.all).replace("KEYS", keys))
        if program == "tshark":
            return golden.Setup.tshark.lines(golden.Setup.home, [
                os.path.join(os.path.dirname(golden.CAPTURES), arg)
                if arg.startswith("captures/") else arg for arg in args])
        command = os.path.join(os.path.dirname(golden.Setup.plugin), "..", "decoder", program)
        done = subprocess.run([command, *args], input=LOG_LINE, text=True, check=False,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        # 1 is an answer too: that something breaks the protocol.
        self.assertIn(done.returncode, (0, 1), done.stderr)
        return done.stdout.splitlines()

    def example(self, command, *output):
        """A command with some of what it prints, "..." for the rest."""
        printed = self.run_command(command)
        for line in output:
            if line != "...":
                self.assertIn(line, printed)

    def test_every_block(self):
        ran = 0
        for path in documents():
            for block in blocks(path):
                if block[0].startswith("$ "):
                    with self.subTest(document=path, command=block[0]):
                        self.example(block[0][2:], *block[1:])
                elif block[0].startswith("{"):
                    shown = json.loads("".join(block))
                    *_, told = golden.tshark(self.all, "-q", "-z", "wsclose,json")
                    with self.subTest(document=path, shown=shown):
                        self.assertEqual(list(shown), list(json.loads(told)))
                elif not block[0].startswith("#include"):
                    for line in block:
                        if not line.startswith(tuple(ELSEWHERE)):
                            with self.subTest(document=path, command=line):
                                *_, command = line.split(" | ") if line.startswith("journalctl ") else [line]
                                self.assertNotEqual("".join(self.run_command(command)).strip(), "")
                                ran += 1
        self.assertGreater(ran, 20)

    def test_every_symptom_has_a_command(self):
        """And every row of README's list leads to a section."""
        with open(os.path.join(golden.ROOT, "README.md"), encoding="utf-8") as file:
            text = re.search(r"^## My connection closed with(.*?)^## ", file.read(), re.S | re.M)[1]
        introduction, *sections = text.split("\n### ")
        anchors = set()
        for section in sections:
            heading, body = section.split("\n", 1)
            anchors.add(re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-"))
            with self.subTest(symptom=heading):
                self.assertIn("\n    tshark ", body)
                self.assertIn("\n**What to do:** ", body)
        self.assertEqual(set(re.findall(r"\]\(#([^)]*)\)", introduction)), anchors)
        self.assertGreater(len(anchors), 8)
        self.assertEqual(set(re.findall(r"\]\(#([^)]*)\)", text)), anchors)

    def test_links_lead_somewhere(self):
        for path in documents() + [os.path.join(golden.ROOT, "docs", "recipes.md")]:
            with open(path, encoding="utf-8") as file:
                text = file.read()
            for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", text):
                if not target.startswith("https://"):
                    with self.subTest(document=path, target=target):
                        self.assertTrue(os.path.exists(os.path.join(os.path.dirname(path), target)))


if __name__ == "__main__":
    golden.main()
