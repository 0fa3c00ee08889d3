#
# strict_json.py - JSON as strict as RFC 8259, and fit for a terminal
#
# SPDX-License-Identifier: GPL-2.0-or-later
#
"""What all JSON of ours has to be: a parser that takes what Python's takes would not see it."""

import json
import re

# Characters that a terminal obeys: C0, DEL, C1, and those that turn the direction of a text.
OBEYED = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]")


class NotStrict(ValueError):
    """What is not so."""


def no_constant(name):
    raise NotStrict(f"{name} is no JSON")


def without_repetition(pairs):
    if len(dict(pairs)) != len(pairs):
        raise NotStrict(f"a key is there twice: {[name for name, _ in pairs]}")
    return dict(pairs)


def read(line):
    """What a line says; raises ValueError."""
    obeyed = OBEYED.search(line)
    if obeyed:
        raise NotStrict(f"a raw control character: {obeyed[0]!r}")
    return json.loads(line, parse_constant=no_constant, object_pairs_hook=without_repetition)
