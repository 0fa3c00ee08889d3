#
# stock.py - what tshark prints without the plugin, against what it prints with it
#
# SPDX-License-Identifier: GPL-2.0-or-later
#
"""Once the plugin's own items are taken out, both must have printed the same octets, on stderr too,
with the same exit status."""

import collections
import itertools
import os
import re
import subprocess

import golden

# Our items: how they begin, and whole: all of it is below them, expert items too.
ITEMS = {
    "-T pdml": (b'\n  <proto name="wsclose"',
                re.compile(rb'\n  <proto name="wsclose"(?:[^\n]*/>|.*?\n  </proto>)(?=\n)',
                           re.DOTALL)),
    "-V": (b"\n[WebSocket close: ", re.compile(rb"\n\[WebSocket close: .*(?:\n .*)*(?=\n)")),
}

# What differs between any two runs.
MOMENT = re.compile(rb'(?<=^<pdml )(.*) time="[^"]*"', re.MULTILINE)

Ran = collections.namedtuple("Ran", "status out err")


def run(home, args):
    """Run tshark to its end."""
    with golden.Setup.tshark.popen(home, args, stdout=subprocess.PIPE,
                                    stderr=subprocess.PIPE) as process:
        out, err = process.communicate()
    return Ran(process.returncode, out, err)


def without_items(out, style):
    """What is printed besides our items; and how many these are."""
    begin, item = ITEMS[style]
    parts = []
    end = 0
    while (at := out.find(begin, end)) >= 0:
        parts.append(out[end:at])
        end = item.match(out, at).end()
    return b"".join([*parts, out[end:]]), len(parts)


def first_difference(stock, ours):
    """The line of both where they part."""
    pairs = itertools.zip_longest(stock.split(b"\n"), ours.split(b"\n"), fillvalue=b"(no more)")
    number, lines = next((number, pair) for number, pair in enumerate(pairs, 1)
                         if pair[0] != pair[1])
    stock_line, our_line = (line.decode(errors="replace")[:400] for line in lines)
    return f"line {number}\n  stock: {stock_line}\n  with:  {our_line}"


def timeless(out):
    if not out.startswith(b"<?xml"):
        return out
    return MOMENT.sub(rb"\1", out[:500]) + out[500:]


def differences(stock, ours, style):
    """([(what differs, where)], how many items of ours were taken out) of two runs; style: that of
    ITEMS, None where nothing is to be taken out."""
    out, items = without_items(ours.out, style) if style else (ours.out, 0)
    found = []
    for what, old, new in (("exit status", stock.status, ours.status),
                           ("stderr", stock.err, ours.err),
                           ("stdout", timeless(stock.out), timeless(out))):
        if old != new:
            found.append((what, first_difference(old, new) if isinstance(old, bytes)
                          else f"{old}, {new}"))
    return found, items


def write_preferences(home):
    """The Info column is ours on purpose: the user asks for the rest."""
    directory = os.path.join(home, ".config", "wireshark")
    os.makedirs(directory)
    with open(os.path.join(directory, "preferences"), "w", encoding="utf-8") as file:
        file.write("wsclose.info_column: FALSE\n")
    for path in (os.path.dirname(directory), directory, os.path.join(directory, "preferences")):
        golden.make_readable(path)
