#!/usr/bin/env python3
#
# test_filters.py - tshark with the plugin takes every display filter that wsclose explain names
#
# SPDX-License-Identifier: GPL-2.0-or-later
#
"""test_filters.py WSCLOSE_BINARY PLUGIN [UNITTEST_ARGUMENT...]"""

import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

TESTS = pathlib.Path(__file__).resolve().parents[1]
CAPTURE = TESTS.parent / "captures" / "generated-ping-unanswered.pcapng"
sys.path.insert(0, str(TESTS))

import tshark_home  # pylint: disable=wrong-import-position


def explain(*args):
    return subprocess.run([BINARY, "explain", "--json", *args], stdout=subprocess.PIPE, check=True,
                          timeout=60).stdout


class Filters(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.directory = tempfile.mkdtemp(prefix="wsclose-filters-")
        cls.addClassCleanup(shutil.rmtree, cls.directory)
        tshark_home.make_readable(cls.directory)
        cls.capture = shutil.copy(CAPTURE, cls.directory)
        tshark_home.make_readable(cls.capture)
        cls.tshark = tshark_home.Tshark()
        cls.home = cls.tshark.make_home(os.path.join(cls.directory, "home"), plugin=PLUGIN)
        cls.tshark.require_plugin(cls.home)

    def matches(self, display_filter):
        return self.tshark.lines(self.home, ["-r", self.capture, "-Y", display_filter])

    def test_all(self):
        rows = [json.loads(line) for line in explain("--list").splitlines()]
        answers = json.loads(explain("closed with code=1006\nUnexpected server response: 403"))
        filters = sorted({row["filter"] for row in rows + answers["messages"]})
        self.assertGreater(len(filters), 20)
        try:
            self.matches(" || ".join(f"({display_filter})" for display_filter in filters))
        except tshark_home.SetupError:
            # One by one, to say which.
            for display_filter in filters:
                with self.subTest(filter=display_filter):
                    self.matches(display_filter)

    def test_a_filter_finds_what_its_message_is_about(self):
        """The capture ends over a Ping without a Pong; its last packets show it."""
        answer = json.loads(explain("socket.io disconnect: ping timeout"))["messages"][0]
        self.assertEqual(answer["cause"], "ping_unanswered")
        self.assertTrue(self.matches(answer["filter"]))

    def test_a_wrong_filter_is_seen(self):
        with self.assertRaises(tshark_home.SetupError):
            self.matches("wsclose.no_such_field == 1")


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    BINARY, PLUGIN = (os.path.abspath(sys.argv.pop(1)) for _ in range(2))
    unittest.main()
