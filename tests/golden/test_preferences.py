#!/usr/bin/env python3
#
# test_preferences.py - what the user sets
#
# SPDX-License-Identifier: GPL-2.0-or-later
#
"""test_preferences.py --plugin BUILD/plugin/wsclose.so"""

import unittest

import golden


class Preferences(unittest.TestCase):
    def test_defaults(self):
        listed = golden.Setup.tshark.lines(golden.Setup.home, ["-G", "currentprefs"])
        ours = {line.lstrip("#") for line in listed if line.lstrip("#").startswith("wsclose.")}
        self.assertEqual(ours, {"wsclose.annotate_negotiation: TRUE",
                                "wsclose.mandatory_extensions: ",
                                "wsclose.find_midstream: TRUE",
                                "wsclose.check_text: TRUE",
                                "wsclose.info_column: TRUE",
                                "wsclose.tls_servers: ",
                                "wsclose.no_status_threshold: 10",
                                "wsclose.table_width: 120"})

    def events(self, name, *preferences):
        args = [part for preference in preferences for part in ("-o", "wsclose." + preference)]
        return golden.field_rows(name, ["wsclose.event", "wsclose.no_status_repeated",
                                        "wsclose.ext_declined", "wsclose.ext_required_declined"],
                                 *args)

    def test_annotate_negotiation(self):
        name = "ws-1010-reason-declined"
        with_it = self.events(name)
        without = self.events(name, "annotate_negotiation:FALSE")
        self.assertEqual({number: row for number, row in with_it.items()
                          if row["wsclose.event"] != "1"}, without)
        self.assertLess(len(without), len(with_it))

    def test_mandatory_extensions(self):
        name = "ws-1010-reason-declined"

        def warned(preference):
            rows = self.events(name, "mandatory_extensions:" + preference)
            row = next(row for row in rows.values() if row["wsclose.event"] == "1")
            self.assertNotEqual("wsclose.ext_required_declined" in row,
                                "wsclose.ext_declined" in row)
            return "wsclose.ext_required_declined" in row

        self.assertFalse(warned(""))
        self.assertTrue(warned("permessage-deflate"))
        self.assertTrue(warned("x-other, permessage-deflate"))
        self.assertTrue(warned("x-other,permessage-deflate"))
        self.assertFalse(warned("permessage"))
        self.assertFalse(warned("permessage-deflate-frame"))

    def test_check_text(self):
        def causes(*preferences):
            rows = golden.field_rows("text-not-utf8-ws", ["wsclose.event", "wsclose.cause",
                                                          "wsclose.cause_certain"], *preferences)
            return {(row["wsclose.cause"], row["wsclose.cause_certain"]) for row in rows.values()
                    if "wsclose.cause" in row}

        self.assertIn(("text_not_utf8", "1"), causes())
        unchecked = causes("-o", "wsclose.check_text:FALSE")
        self.assertIn(("text_not_utf8", "0"), unchecked)
        self.assertNotIn(("text_not_utf8", "1"), unchecked)

    def test_info_column(self):
        def lines(*preferences):
            return golden.tshark("ws-1010-reason-declined", *preferences)

        self.assertTrue(any(" · 1010 wants permessage-deflate" in line for line in lines()))
        self.assertFalse(any(" · " in line for line in lines("-o", "wsclose.info_column:FALSE")))

    def test_find_midstream(self):
        path = golden.capture_path("ws-1010-reason-declined-midstream")

        def verdicts(preference):
            return golden.tshark(path, "-Y", "wsclose.verdict", "-T", "fields",
                                 "-E", "occurrence=l", "-e", "wsclose.client.code",
                                 "-e", "wsclose.server.code",
                                 "-o", "wsclose.find_midstream:" + preference)

        self.assertEqual(verdicts("TRUE"), ["1010\t1010"])
        self.assertEqual(verdicts("FALSE"), [])

    def warned_connections(self, name, threshold, *args):
        rows = golden.field_rows(name, ["wsclose.event", "wsclose.stream",
                                        "wsclose.no_status_repeated"], "-o",
                                 f"wsclose.no_status_threshold:{threshold}", *args)
        return [row["wsclose.stream"] for _, row in sorted(rows.items())
                if "wsclose.no_status_repeated" in row]

    def test_no_status_threshold(self):
        name = "generated-no-status-repeated"
        everyone = self.warned_connections(name, 1)
        self.assertGreaterEqual(len(everyone), 10)
        self.assertEqual(self.warned_connections(name, 0), [])
        self.assertEqual(self.warned_connections(name, 1000), [])
        for threshold in (2, 5, 10):
            warned = self.warned_connections(name, threshold)
            self.assertTrue(warned)
            self.assertLess(len(warned), len(everyone))
            self.assertEqual(warned, self.warned_connections(name, threshold, "-2"))

    def test_the_warning_counts(self):
        shown = "\n".join(golden.explanation("generated-no-status-repeated"))
        self.assertRegex(shown, r"192\.0\.2\.\d+ has closed without a status code on 10 connections so far")
        self.assertNotRegex(shown, r"on 9 connections so far")


if __name__ == "__main__":
    golden.main()
