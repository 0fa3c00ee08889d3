#
# statements.py - what the plugin says of a file, held against itself and against what is promised
#
# SPDX-License-Identifier: GPL-2.0-or-later
#
"""Two passes say the same as one, reports the same as items; texts are whole, and values fit
together. Where one pass may lawfully say less, the field is listed here with the reason."""

import collections
import functools
import glob
import json
import math
import os
import re

import golden
import strict_json

# kind: as Part.found() has it; signature: the same for what is likely the same fault;
# which: place of a connection in the file, None where it is not known.
Problem = collections.namedtuple("Problem", "kind signature text which")

VERDICT_MAX = 200    # octets
CLOSE, VERDICT = "2", "3"

# Packets that one pass cannot know as they come later. An answer that comes after the verdict has
# no part in it, on any pass.
LATER = {"wsclose.peer_close_in", "wsclose.verdict_in", "wsclose.client.close_in",
         "wsclose.server.close_in", "wsclose.response_in"}
# What other connections add, where they begin or end later: docs/fields.md.
NEIGHBOURS = {"wsclose.other_leg", "wsclose.together"}
BY_NEIGHBOURS = NEIGHBOURS | {"wsclose.cause", "wsclose.cause_in", "wsclose.cause_by",
                              "wsclose.cause_certain", "wsclose.verdict", "wsclose.description",
                              "wsclose.seen_when", "wsclose.fix", "_ws.expert.message"}
# Numbers of packets; those of a connection are all among its own, unless another one had a part.
FRAMES = LATER | {"wsclose.request_in", "wsclose.cause_in", "wsclose.ping_unanswered",
                  "wsclose.close_in"}
TIMES = {"wsclose.duration", "wsclose.idle", "wsclose.last_client", "wsclose.last_server",
         "wsclose.close_rtt"}
# What a report says of a connection, and the verdict too.
REPORTED = ("wsclose.verdict", "wsclose.cause", "wsclose.cause_by", "wsclose.cause_certain",
            "wsclose.client.code", "wsclose.server.code", "wsclose.clean", "wsclose.initiator",
            "wsclose.incomplete", "wsclose.frames.client", "wsclose.frames.server",
            "wsclose.request_in", "wsclose.response_in")
# What is written by us; the others repeat what peers sent.
OUR_TEXTS = {"wsclose.verdict", "wsclose.description", "wsclose.seen_when", "wsclose.fix",
             "_ws.expert.message"}
CAUSES = set("""application going_away handshake_refused handshake_unanswered handshake_invalid
subprotocol_unanswered subprotocol_unsolicited extension_declined extension_stripped
extension_unsolicited extension_invalid extension_refused frame_breach out_of_step not_websocket
close_illegal text_not_utf8 compression_broken message_too_big ping_unanswered idle_timeout
one_sided_silence lifetime_limit flow_forgotten path_dead close_unanswered proxy shared_end
stream_error tls_alert transport_end unknown""".split())

# What a peer may send, and nobody must fill; mutate_units.py lets them.
LIKE_SLOTS = "{First} {code}"

# Controls of terminals and of directions of writing, in UTF-8.
CONTROLS = re.compile(rb"[\x00-\x09\x0b-\x1f\x7f]|\xc2[\x80-\x9f]|\xd8\x9c"
                      rb"|\xe2\x80[\x8e\x8f\xaa-\xae]|\xe2\x81[\xa6-\xa9]")
# Terminals act on these.
ESCAPES = re.compile(rb"[\x00-\x09\x0b-\x1f\x7f]|\xc2[\x80-\x9f]")
ITEM = re.compile(rb"^\[WebSocket close: .*(?:\n .*)*", re.MULTILINE)
PACKET = re.compile(rb"^Frame (\d+)[:,]", re.MULTILINE)


@functools.cache
def open_slot():
    """What a slot looks like that was not filled; not those that captures have in them, of which some
    are left in part."""
    names = set()
    for path in glob.glob(os.path.join(golden.ROOT, "decoder", "words", "*.c")):
        with open(path, encoding="utf-8") as file:
            for text in re.findall(r'"(?:[^"\\]|\\.)*"', file.read()):
                names.update(re.findall(r"\{([A-Za-z_ ]+)\}", text))
    assert len(names) > 50
    names -= {name for name in names if f"{{{name}}}".lower() in LIKE_SLOTS.lower()}
    return re.compile(r"\{(?:" + "|".join(sorted(names)) + r")\}", re.IGNORECASE)


class Pairs(list):
    """A JSON object whose keys may be there several times."""


def flattened(pairs, into):
    """{name: [values]} of an item and of what is below it."""
    for name, value in pairs:
        if isinstance(value, Pairs):
            if not name.endswith("_tree") and name != "_ws.expert":
                into.setdefault(name, []).append("")
            flattened(value, into)
        else:
            into.setdefault(name, []).extend(value if isinstance(value, list) else [value])
    return into


def divided(out):
    """(packets, what the reports print); raises ValueError where the packets are no JSON."""
    # What stock repeats of others' octets need not be UTF-8.
    text = out.decode("utf-8", errors="surrogateescape")
    packets, end = json.JSONDecoder(object_pairs_hook=Pairs).raw_decode(text)
    return packets, text[end:].encode("utf-8", errors="surrogateescape")


class Told:
    """What tshark says as JSON: the items by packet, and the report's objects."""

    def __init__(self, out):
        packets, reports = divided(out)
        self.items = {}      # number of a packet: [{name: [values]}]
        self.faults = []
        for packet in packets:
            layers = dict(dict(packet)["_source"])["layers"]
            number = int(dict(dict(layers)["frame"])["frame.number"])
            self.items[number] = [flattened(layer, {}) for name, layer in layers
                                  if name == "wsclose"]
        self.rows = {}
        self.coverage = None
        for line in filter(None, reports.split(b"\n")):
            try:
                row = strict_json.read(line.decode("utf-8"))
            except ValueError as error:
                self.faults.append(f"{error}: {line[:400]!r}")
                continue
            if "wsclose.stream" in row:
                self.rows[row["wsclose.stream"]] = row
            else:
                self.coverage = row


# Texts.

def of_text(trial, out):
    """Our items in -V."""
    found = []
    starts = [(match.start(), int(match.group(1))) for match in PACKET.finditer(out)]
    at = 0
    for item in ITEM.finditer(out):
        while at + 1 < len(starts) and starts[at + 1][0] < item.start():
            at += 1
        number = starts[at][1] if starts else None
        trial.statements += 1
        found += [trial.problem("untrue", f"text {what}", f"packet {number}: {what}\n{shown}",
                                number)
                  for what, shown in wrong_in_text(item.group(0), ESCAPES)]
    return found


def wrong_in_text(text, controls):
    shown = repr(text[:600])
    if (match := controls.search(text)) is not None:
        yield "a control character", f"{match.group(0)!r} at {match.start()}: {shown}"
    try:
        decoded = text.decode("utf-8")
    except UnicodeDecodeError as error:
        yield "not UTF-8", f"{error}: {shown}"
        return
    if (slot := open_slot().search(decoded)) is not None:
        yield "an open slot", f"{slot.group(0)} {shown}"


def of_reports(trial, out):
    """JSON of packets with our item among the others, and every report."""
    found = []
    try:
        _, reports = divided(out)
    except ValueError as error:
        return [trial.problem("untrue", "-T json", f"-T json is no JSON: {error}")]
    report, _, expert = reports.partition(b"\nErrors (")
    for line in report.split(b"\n"):
        trial.statements += 1
        if line.startswith(b"{"):
            try:
                strict_json.read(line.decode("utf-8"))
            except ValueError as error:
                found.append(trial.problem("untrue", f"JSON {str(error)[:60]}",
                                           f"-z wsclose,json: {error}\n{line[:1000]!r}"))
        found += [trial.problem("untrue", f"report {what}", f"a report has {what}\n{shown}")
                  for what, shown in wrong_in_text(line, CONTROLS)]
    for line in expert.split(b"\n"):
        if b" wsclose " in line:
            trial.statements += 1
            found += [trial.problem("untrue", f"expert {what}", f"-z expert has {what}\n{shown}")
                      for what, shown in wrong_in_text(line, ESCAPES)]
    return found


# One pass against two, items against reports.

def compared(trial, one, two):
    found = [trial.problem("untrue", f"JSON {fault[:60]}", f"-z wsclose,json: {fault}")
             for told in (one, two) for fault in told.faults]
    for number in sorted({*one.items, *two.items}):
        if trial.is_garbled(number):
            continue
        found += differing_items(trial, number, one.items.get(number, []),
                                 two.items.get(number, []))
    found += differing_reports(trial, one, two)
    for told, passes in ((one, "one pass"), (two, "-2")):
        found += inconsistent(trial, told, passes)
    return found


def kinds(items):
    return [(item["wsclose.event"][0], item["wsclose.stream"][0]) for item in items]


def settled_in(number, item):
    """The packet of an item's verdict; where there is none, the connection goes on to the end."""
    if item["wsclose.event"][0] == VERDICT:
        return number
    return min(map(int, item.get("wsclose.verdict_in", [])), default=math.inf)


def is_by_neighbours(name):
    """Whether it differs where other connections have a part. What of a text stands below its label
    is named by its own words."""
    return name in BY_NEIGHBOURS or not name.startswith(("wsclose.", "_ws."))


def differing_items(trial, number, once, twice):
    if kinds(once) != kinds(twice):
        return [trial.problem("untrue", "passes: events", f"packet {number}: (event, stream) "
                              f"{kinds(once)} in one pass, {kinds(twice)} with -2", number)]
    found = []
    for first, second in zip(once, twice):
        settled = settled_in(number, second)
        neighbours = NEIGHBOURS & {*first, *second}
        for name in sorted({*first, *second}):
            trial.statements += 1
            old, new = first.get(name), second.get(name)
            if old == new or neighbours and is_by_neighbours(name):
                continue
            if name in LATER and old is None and number < int(new[0]) and (
                    name != "wsclose.response_in" or int(new[0]) <= settled):
                continue
            event = first["wsclose.event"][0]
            found.append(trial.problem(
                "untrue", f"passes: {name} of event {event}", f"packet {number}, event {event}: "
                f"{name} is {old} in one pass, {new} with -2", number))
    return found


def differing_reports(trial, one, two):
    """Reports are made when all is read: both passes print the same, and what the verdicts say."""
    found = []
    verdicts = {int(item["wsclose.stream"][0]): (number, item)
                for number, items in two.items.items() for item in items
                if item["wsclose.event"][0] == VERDICT}
    for stream in sorted({*one.rows, *two.rows}):
        old, new = one.rows.get(stream, {}), two.rows.get(stream, {})
        begun = (old or new).get("frame.number")
        number, verdict = verdicts.pop(stream, (None, {}))
        if trial.is_garbled(begun):
            continue
        names = sorted(name for name in {*old, *new} if old.get(name) != new.get(name))
        trial.statements += len(old)
        if names:
            found.append(trial.problem(
                "untrue", f"reports: {' '.join(names[:3])}", f"-z wsclose,json, stream {stream}: " +
                "; ".join(f"{name} is {old.get(name)!r} in one pass, {new.get(name)!r} with -2"
                          for name in names), begun))
        if verdict:
            found += [trial.problem("untrue", f"report and verdict: {name}",
                                    f"packet {number}, stream {stream}: {name} is {value!r} in the "
                                    f"verdict, {new.get(name)!r} in -z wsclose,json", number)
                      for name, value in differing_verdict(verdict, new)]
            trial.statements += len(REPORTED)
    # The same packets captured twice are there once in the reports.
    found += [trial.problem("untrue", "verdict without report",
                            f"packet {number}: stream {stream} is not in -z wsclose,json", number)
              for stream, (number, item) in verdicts.items() if "wsclose.other_leg" not in item]
    if two.coverage is None or one.coverage != two.coverage or two.coverage["connections"] != len(
            two.rows):
        if not any(map(trial.is_garbled, trial.numbers)):
            found.append(trial.problem(
                "untrue", "reports: coverage", f"the last line of -z wsclose,json is {one.coverage}"
                f" in one pass, {two.coverage} with -2, of {len(two.rows)} connections"))
    return found


def as_shown(value):
    """Of JSON, as an item has it."""
    if isinstance(value, bool):
        return str(int(value))
    return str(value)


def differing_verdict(verdict, row):
    for name in REPORTED:
        value = verdict.get(name, [None])[0]
        value = golden.BOOLEANS.get(value, value)
        told = row.get(name)
        if name == "wsclose.incomplete":
            told = told or None
        if told is None and value is None:
            continue
        if (None if told is None else as_shown(told)) != value:
            yield name, value


# Values that have to fit together.

def inconsistent(trial, told, passes):
    by_stream = collections.defaultdict(list)
    found = []
    for number, items in sorted(told.items.items()):
        for item in items:
            by_stream[item["wsclose.stream"][0]].append((number, item))
            trial.statements += 1
            found += [trial.problem("untrue", what, f"packet {number} ({passes}): {what}: {item}",
                                    number) for what in wrong_item(trial, number, item)]
    for stream, events in by_stream.items():
        trial.statements += 1
        found += [trial.problem("untrue", what, f"packet {number} ({passes}), stream {stream}: "
                                f"{what}: {item}", number)
                  for number, item, what in wrong_stream(events)]
    return found


def flag(item, name):
    return golden.BOOLEANS.get(item.get(name, ["0"])[0], item.get(name, ["0"])[0]) == "1"


def wrong_item(trial, number, item):
    for name in OUR_TEXTS & set(item):
        for text in item[name]:
            yield from (f"{name} has {what}: {shown}" for what, shown in
                        wrong_in_text(text.encode("utf-8", errors="surrogateescape"), CONTROLS))
    for name in FRAMES & set(item):
        for frame in map(int, item[name]):
            if not NEIGHBOURS & set(item) and not trial.mingled and (
                    trial.numbers.get(frame) != trial.numbers.get(number)):
                yield f"{name} is of another connection"
    for name in TIMES & set(item):
        if item[name][0].startswith("-"):
            yield f"{name} is negative"
    event = item["wsclose.event"][0]
    if event == VERDICT:
        yield from wrong_verdict(item)
    elif event == CLOSE:
        yield from wrong_close(item)


def wrong_verdict(item):
    codes = [item.get(f"wsclose.{side}.code", [None])[0] for side in ("client", "server")]
    if any(len(text.encode()) > VERDICT_MAX for text in item["wsclose.verdict"]):
        yield f"the verdict has more than {VERDICT_MAX} octets"
    if len(item["wsclose.verdict"]) != 1 or len(item.get("wsclose.cause", ())) != 1:
        yield "not one verdict and one cause"
    elif item["wsclose.cause"][0] not in CAUSES:
        yield f"the cause {item['wsclose.cause'][0]} is not promised"
    elif item["wsclose.cause"] == ["unknown"] and flag(item, "wsclose.cause_certain"):
        yield "the cause is unknown, and certain"
    # A server that never opened the connection reports nothing.
    opened = "wsclose.response_in" in item and not item["wsclose.cause"][0].startswith("handshake_")
    if None in (codes if opened else codes[:1]) and not flag(item, "wsclose.incomplete"):
        yield "a code is absent, and the capture not incomplete"
    if flag(item, "wsclose.clean"):
        if "1006" in codes or "wsclose.abnormal" in item:
            yield "clean, and abnormal"
        if not {"wsclose.client.close_in", "wsclose.server.close_in"} <= set(item):
            yield "clean without both Close frames"
    if "wsclose.abnormal" in item and "1006" not in codes:
        yield "abnormal, and nobody reports 1006"


def wrong_close(item):
    empty = "wsclose.no_status" in item
    code = item.get("wsclose.code", [None])[0]
    if empty != (code == "1005" and not flag(item, "wsclose.code.on_wire")):
        yield "no_status does not stand for an empty Close"
    if code is not None and not 0 <= int(code) <= 65535:
        yield "a code that does not fit"


def wrong_stream(events):
    verdicts = [(number, item) for number, item in events
                if item["wsclose.event"][0] == VERDICT]
    if len(verdicts) > 1:
        yield (*verdicts[1], "two verdicts")
    closes = {side: {item["wsclose.code"][0] for _, item in events
                     if "wsclose.code" in item and item["wsclose.sender"][0] in (side, "0")}
              for side in ("1", "2")}
    for number, item in verdicts[:1]:
        for side, peer in (("client", "2"), ("server", "1")):
            code = item.get(f"wsclose.{side}.code", ["1006"])[0]
            # RFC 6455 section 7.1.5: that of the peer's Close frame, or 1006.
            if code != "1006" and code not in closes[peer]:
                yield number, item, f"{side} is told a code that no Close frame has"
    for number, item in events:
        for told in item.get("wsclose.verdict_in", ()):
            if int(told) not in (place for place, _ in verdicts):
                yield number, item, "verdict_in is not the packet of the verdict"
