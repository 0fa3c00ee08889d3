#!/usr/bin/env python3
#
# test_memory.py - all captures in every form of output, for a plugin that has sanitizers
#
# SPDX-License-Identifier: GPL-2.0-or-later
#
"""test_memory.py --plugin BUILD/plugin/wsclose.so

One file of all captures is read once for each form of output: what is printed is for other tests to
look at, here a sanitizer looks at the memory behind it. Captures that need arguments are read alone.
"""

import golden

FORMS = {
    "tree": ["-V"],
    "one pass, no tree": [],
    "fields": ["-Y", "wsclose", "-T", "fields", "-e", "wsclose.event", "-e", "wsclose.fix"],
    "two passes": ["-2", "-Y", "wsclose", "-T", "pdml"],
    "json": ["-Y", "wsclose", "-T", "json"],
    "one expert item": ["-Y", "wsclose.no_status || wsclose.ext_declined"],
    "expert": ["-q", "-z", "expert"],
    "reports": ["-q", "-z", "wsclose,conn", "-z", "wsclose,json", "-z", "wsclose,tree",
                "-z", "wsclose,table", "-o", "wsclose.table_width:0"],
    "reports of two passes": ["-2", "-q", "-z", "wsclose,conn,wsclose.abnormal",
                              "-z", "wsclose,json", "-z", "wsclose,tree"],
    "no analysis of TCP": ["-Y", "wsclose", "-o", "tcp.analyze_sequence_numbers:FALSE"],
    "no reassembly": ["-Y", "wsclose", "-o", "tcp.desegment_tcp_streams:FALSE"],
}


class Memory(golden.MergedCaptures):
    def test_every_form(self):
        for form, args in FORMS.items():
            with self.subTest(form=form):
                self.assertTrue(golden.tshark(self.all, *args))

    def test_captures_that_need_arguments(self):
        for name in golden.ARGUMENTS:
            with self.subTest(capture=name):
                self.assertTrue(golden.tshark(name, "-V"))
                self.assertTrue(golden.tshark(name, "-q", "-z", "wsclose,json"))


if __name__ == "__main__":
    golden.main()
