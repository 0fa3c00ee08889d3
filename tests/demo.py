#!/usr/bin/env python3
#
# demo.py - what demo.sh prints, made of what tshark says
#
# SPDX-License-Identifier: GPL-2.0-or-later
#
"""demo.py STATUS [--full] < OUTPUT

OUTPUT is what tshark prints of a capture with -z wsclose,json, whose lines are read here, and with
-z wsclose,conn, or with packets before it (--full). All other lines are passed on as they come.
STATUS is a file with tshark's exit status, which is there when OUTPUT ends.
Exit status: 0 a connection has ended, 4 none has, 5 none has and there is TLS without keys, 3 nobody
reads what is printed.
"""

import json
import re
import shutil
import sys
import textwrap

RULE = re.compile("={10,80}")
SHOWN_MAX = 5
WIDTH_MAX = 100     # of sentences, which nobody reads in longer lines

NONE_CLOSES = "No WebSocket connection closes in this capture."
NONE_SEEN = "No WebSocket connection is seen to close, but not everything could be looked into."

ENDED, NOT_READ, NONE_ENDED, WITHOUT_KEYS = 0, 3, 4, 5


def wrapped(text, width, indent=""):
    return textwrap.fill(text, min(width, WIDTH_MAX), initial_indent=indent,
                         subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)


class Told:
    """What tshark has said so far."""

    def __init__(self, width):
        self.width = width
        self.rows = []          # connections
        self.coverage = None    # what could not be looked into
        self.table = []         # while it is not known whether it has a line
        self.rules = 0
        self.below = []         # what stands below the table

    def take(self, line):
        if line.startswith('{"'):
            self.take_object(line)
        elif RULE.fullmatch(line) and self.rules < 2:
            self.rules += 1
            self.table.append(line)
            if self.rules == 2:
                self.print_table()
        elif self.rules == 1:
            self.table.append(line)
        elif self.rules == 2:
            self.below.append(line)
        else:
            print(line, flush=True)

    def take_object(self, line):
        row = json.loads(line)
        if row.get("type") == "coverage":
            self.coverage = row
        else:
            self.rows.append(row)

    def print_table(self):
        """One without a line says nothing."""
        count = re.fullmatch(r"WebSocket connections: (\d+)", self.table[1])
        if count and int(count[1]) > 0:
            for line in self.table:
                print(line)
        self.table = []

    def ended(self):
        return [row for row in self.rows if row["ended"]]

    def status(self):
        if self.ended():
            return ENDED
        return WITHOUT_KEYS if self.coverage and self.coverage["tls_without_keys"] else NONE_ENDED

    def print_connection(self, row):
        print(wrapped(f"Connection {row['wsclose.stream']}, packet {row['wsclose.verdict_in']}: "
                      f"{row['wsclose.verdict']}", self.width))
        for title, name in (("Meaning", "wsclose.description"), ("What to do", "wsclose.fix")):
            if name in row:
                print(wrapped(f"{title}: {row[name]}", self.width, "    "))
        print()

    def print_ended(self):
        ended = self.ended()
        print()
        for row in ended[:SHOWN_MAX]:
            self.print_connection(row)
        if len(ended) > SHOWN_MAX:
            more = len(ended) - SHOWN_MAX
            print(wrapped(f"{more} more ended: see the table.", self.width), end="\n\n")

    def print_below(self):
        for number, paragraph in enumerate("\n".join(self.below).split("\n\n")):
            print("\n" * (number > 0) + wrapped(paragraph, self.width))

    def print_end(self, full, failed):
        """What is known when tshark is through; nothing is if it crashed."""
        if self.coverage is None:
            return
        if self.ended():
            if not full:
                self.print_ended()
                self.print_below()
        elif not failed:
            self.print_none_ended(full)

    def print_none_ended(self, full):
        whole = self.coverage["whole"]
        if full or (whole and (self.rows or self.coverage["tcp_connections"])):
            print(NONE_CLOSES if whole else NONE_SEEN)
            return
        if self.rows:
            print(wrapped(NONE_SEEN, self.width), end="\n\n")
        self.print_below()      # it begins with why there is none, where there is none


def main():
    status_file, *full = sys.argv[1:]
    sys.stdin.reconfigure(encoding="utf-8", errors="replace")
    sys.stdout.reconfigure(encoding="utf-8")
    told = Told(shutil.get_terminal_size((120, 24)).columns)
    try:
        for line in sys.stdin:
            told.take(line.rstrip("\n"))
        with open(status_file, encoding="ascii") as file:
            told.print_end(bool(full), int(file.read()) != 0)
        sys.stdout.flush()
    except BrokenPipeError:
        sys.stderr.close()      # else Python tells of its own end
        return NOT_READ
    return told.status()


if __name__ == "__main__":
    sys.exit(main())
