#
# facts.py - what tshark -V shows of a capture, as facts and texts
#
# SPDX-License-Identifier: GPL-2.0-or-later
#
"""Facts differ from capture to capture, texts do not: together they give back all that is shown.

A fact is the value of a field, NAME=VALUE, its name without "wsclose.", in the order of the tree. An
expert item is a line below what it stands at: its severity and group, and what it says.

A text is a row "KEY: TEXT": the label of a field (label.FIELD), the name of a number (code.1000), or
one sentence (fix.12). Sentences have slots for what differs: {frame}, {time}, {ext}, {n}, {reason}
with its quotation marks, and a status code with its name, {code name} or {code (name)}. A capture has the sentence's number and what
fills the slots: fix=12(permessage-deflate,6),13.
"""

import collections
import difflib
import json
import re

TITLE = "WebSocket close: "
# Fields that are prose, with the group of their sentences. A verdict is its event's title as well.
PROSE = {"verdict": "title", "description": "description", "seen_when": "seen_when", "fix": "fix"}
# Fields whose numbers have names, with the group of these names.
NAMED = {"event": "event", "sender": "side", "initiator": "side", "code": "code",
         "client.code": "code", "server.code": "code", "cause_by": "by"}
GROUPS = ["label", "event", "side", "by", "code", "title", "expert", "description", "seen_when", "fix"]
# Groups whose texts are more than one sentence.
PARTED = {"expert", "description", "seen_when", "fix"}

# A label has room for so many octets of a paragraph, the rest stands below it (plugin/render.c).
LABEL_TEXT_MAX = 200

# What fills slots, besides status codes with their names and the extensions of the event.
FRAME = r"(?<=[Ff]rame )\d+"
TIME = r"\b(?:less than )?\d+(?:\.\d+)? (?:ms|s|min|h)\b"
REASON = r"(?<= )'(?P<reason>.+?)'(?= in frame|[,:;]| and (?:the|then|ended|reset)| at the| after| came| met|$)"
NUMBER = {
    "title": r"(?<![\w.])\d+(?![\w.]*\w)",
    "expert": r"(?<=octet )\d+|(?<=carries )\d+|(?<=status )\d+",
    "description": r"(?<=reports )\d+(?=,)|(?<=Both report )\d+(?=, the)|\b\d+(?= is no code| must not be sent)",
}
WITH_EXTENSIONS = {"title", "expert", "fix"}


class Unclear(Exception):
    """tshark shows something of ours that is neither fact nor text."""


class Item:
    """A line of the tree, and what stands below it."""

    def __init__(self, text):
        self.text = text
        self.below = []


# What an event shows: depth in the tree, field or None, and its value, or sentences of a group.
Shown = collections.namedtuple("Shown", "depth field value group", defaults=[None])
Sentence = collections.namedtuple("Sentence", "group text slots")


def trees(lines):
    """(frame, item of an event) for each, from the lines that golden.explanation() gives."""
    found = []
    frame = None
    path = []
    for line in lines:
        if line.startswith("frame "):
            frame = int(line[len("frame "):])
            continue
        indent, text = re.fullmatch(r"((?:    )*)\[(.*)\]", line, re.DOTALL).groups()
        depth = len(indent) // 4
        item = Item(text)
        if depth == 0:
            found.append((frame, item))
        else:
            path[depth - 1].below.append(item)
        path[depth:] = [item]
    return found


def paragraph(value, item):
    """The text of a label with the lines below it, each as long as it may be."""
    lines = [value]
    while item.below and not item.below[0].text.startswith("Expert Info"):
        line = item.below.pop(0)
        if line.below:
            raise Unclear(line.text)
        lines.append(line.text)
    for line, after in zip(lines, lines[1:]):
        if len(f"{line} {after.split(' ')[0]}".encode()) <= LABEL_TEXT_MAX:
            raise Unclear(f"a line that ends early: {line}")
    for line in lines:
        if len(line.encode()) > LABEL_TEXT_MAX:
            raise Unclear(f"a line that is too long: {line}")
    return " ".join(lines)


def expert(depth, item):
    """Its severity and group, and what it says."""
    found = re.fullmatch(r"Expert Info \(((.*)/(.*))\)", item.text)
    message, *rest = (below.text for below in item.below)
    if not found or rest != [f"Severity level: {found.group(2)}", f"Group: {found.group(3)}"]:
        raise Unclear(f"{item.text}: {message}, {rest}")
    return Shown(depth, found.group(1), message, "expert")


class Texts:
    """The rows that captures share."""

    def __init__(self, rows=()):
        self.known = dict(rows)
        self.found = {}

    def say(self, key, text):
        """A row with a key of its own: a label, a name."""
        if self.found.setdefault(key, text) != text:
            raise Unclear(f"{key} is both {self.found[key]!r} and {text!r}")

    def number(self, sentences):
        """{sentence: key}. A sentence that replaces one keeps its number, so that few lines change."""
        keys = {(key.split(".")[0], text): key for key, text in self.known.items()
                if key.split(".")[0] in ("title", *PARTED)}
        last = collections.Counter()
        for group, key in ((group, key) for (group, _), key in keys.items()):
            last[group] = max(last[group], int(key.split(".")[1]))
        gone = sorted(set(keys) - sentences)
        for likeness, old, new in sorted(
                ((likeness, old, new) for new in sentences - set(keys) for old in gone
                 if old[0] == new[0] and (likeness := self.likeness(old[1], new[1])) > 0.5),
                key=lambda pair: (-pair[0], pair[1:])):
            if old in keys and new not in keys:
                keys[new] = keys.pop(old)
        for group, text in sorted(sentences - set(keys)):
            last[group] += 1
            keys[group, text] = f"{group}.{last[group]}"
        self.found.update((keys[sentence], sentence[1]) for sentence in sentences)
        return keys

    @staticmethod
    def likeness(one, other):
        return difflib.SequenceMatcher(None, one.split(), other.split(), autojunk=False).ratio()

    def lines(self):
        def order(key):
            group, name = key.split(".", 1)
            return GROUPS.index(group), int(name) if name.isdigit() else 0, name
        return [f"{key}: {self.found[key]}" for key in sorted(self.found, key=order)]


class Reader:
    """From trees to facts: read() every capture, then facts_of() them all."""

    def __init__(self, labels, texts):
        self.labels = labels  # {label: field without "wsclose."}
        self.texts = texts

    def read(self, lines):
        """[(frame, what an event shows)]"""
        return [(frame, self.event(item)) for frame, item in trees(lines)]

    def event(self, item):
        if not item.text.startswith(TITLE):
            raise Unclear(item.text)
        shown = [Shown(0, None, item.text[len(TITLE):], "title")]
        for leaf in item.below:
            if leaf.text.startswith("Expert Info"):
                shown.append(expert(1, leaf))
                continue
            shown.append(self.leaf(leaf))
            shown += (expert(2, below) for below in leaf.below)
        return shown

    def leaf(self, item):
        label, _, value = item.text.partition(": ")
        if label not in self.labels:
            raise Unclear(item.text)
        field = self.labels[label]
        self.texts.say("label." + field, label)
        if field in PROSE:
            return Shown(1, field, paragraph(value, item), PROSE[field])
        if field in NAMED:
            name, value = re.fullmatch(r"(.*) \((\d+)\)", value).groups()
            self.texts.say(f"{NAMED[field]}.{value}", name)
        return Shown(1, field, re.sub(r"^(\d+\.\d+) seconds$", r"\1", value))

    def sentences(self, shown, extensions):
        """The sentences of a text, with slots for what differs."""
        names = "|".join(sorted({text for key, text in self.texts.found.items()
                                 if key.startswith("code.")}, key=len, reverse=True))
        if shown.group not in WITH_EXTENSIONS or not extensions:
            extensions = ["(?!)"]
        reason = REASON if shown.group in ("title", "description") else "(?!)"
        slot = re.compile(rf"{reason}|(?P<frame>{FRAME})|(?P<time>{TIME})"
                          rf"|(?P<code>\b\d+) (?P<name>(?:{names})\b|\((?:{names})\))"
                          rf"|(?<![\w-])(?P<ext>{'|'.join(extensions)})(?![\w-])"
                          rf"|(?P<n>{NUMBER.get(shown.group, '(?!)')})")
        parts = [shown.value]
        if shown.group in PARTED:
            parts = re.split(r"(?<=[.?!]) (?=[A-Z0-9])", shown.value)
        for part in parts:
            slots = []

            def fill(match, slots=slots):
                kind = match.lastgroup
                value = match.group(kind)
                if kind == "name":
                    value, name = match.group("code", "name")
                    if self.texts.found.get(f"code.{value}") != name.strip("()"):
                        return match.group()
                    kind = "code (name)" if name.startswith("(") else "code name"
                slots.append(value)
                return f"{{{kind}}}"

            yield Sentence(shown.group, slot.sub(fill, part), slots)

    def facts_of(self, captures):
        """{name: lines}, of {name: what read() gave}."""
        said = {}
        for name, events in captures.items():
            for number, (_, event) in enumerate(events):
                extensions = [re.escape(value) for value in sorted(
                    {shown.value for shown in event if (shown.field or "").startswith("ext.")},
                    key=lambda value: (-len(value), value))]
                for place, shown in enumerate(event):
                    if shown.group:
                        said[name, number, place] = list(self.sentences(shown, extensions))
        keys = self.texts.number({(sentence.group, sentence.text)
                                  for sentences in said.values() for sentence in sentences})
        return {name: [line for number, (frame, event) in enumerate(events) for line in
                       self.lines(frame, [self.word(shown, said.get((name, number, place)), keys)
                                          for place, shown in enumerate(event)])]
                for name, events in captures.items()}

    @staticmethod
    def word(shown, sentences, keys):
        """(depth, what the facts have of it)"""
        if sentences is None:
            return shown.depth, f"{shown.field}={quoted(shown.value)}"
        said = ",".join(keys[sentence[:2]].split(".")[1] +
                        (f"({','.join(map(quoted, sentence.slots))})" if sentence.slots else "")
                        for sentence in sentences)
        return shown.depth, f"{shown.field}={said}" if shown.field else said

    @staticmethod
    def lines(frame, words):
        """An event: its title, then its fields in few lines, expert items in lines of their own."""
        lines = [f"{frame}: {words[0][1]}"]
        open_line = False
        for depth, word in words[1:]:
            alone = "/" in word.split("=")[0]
            if open_line and not alone and not word.startswith("description="):
                lines[-1] += " " + word
            else:
                lines.append("  " * depth + word)
            open_line = not alone
        return lines


def quoted(value):
    return value if re.fullmatch(r"[\w.:/+-]+", value) else json.dumps(value, ensure_ascii=False)


def read_rows(lines):
    return [tuple(line.split(": ", 1)) for line in lines if line and not line.startswith("#")]
