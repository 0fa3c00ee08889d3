#!/usr/bin/env python3
#
# truth.py - the campaign: is what is said of a damaged capture true of the whole one?
#
# SPDX-License-Identifier: GPL-2.0-or-later
#
"""Damage every connection of every recorded capture, and hold each code, cause and certainty against
the whole connection and against what its endpoints reported (captures/NAME.truth.json).

Every packet in turn is lost, cut, repeated and late; the capture begins and ends at each packet; two
damages come at once; TLS lacks a secret. Thousands of variants stand in one file, each with addresses
of its own. What no packet shows to be damaged cannot be known, and is not held against anyone
(tests/golden/damage.py).
"""

import bisect
import collections
import dataclasses
import itertools
import json
import os
import sys
import tempfile
import time

import part

import golden
import damage
import test_damage
import test_truth
from damage import (NO_ANALYSIS, NO_REASSEMBLY, OUT_OF_ORDER, PLACES, SINGLE_RECORDS, Variant,
                    close_contradictions, contradictions)
from key_log import SECRETS, is_tls, key_log

BATCH = 4000              # variants in a file
ALL_MAX = 100             # packets of a connection, of which all variants are tried; else a sample
PAIRS = 60                # variants with two damages, of each connection and round

CLEAR_OPTIONS = ((), OUT_OF_ORDER, NO_REASSEMBLY, NO_ANALYSIS)
TLS_OPTIONS = (*CLEAR_OPTIONS, SINGLE_RECORDS)
# Less is known of TCP, and damage.py's reasons do not hold. What is said of a repetition holds.
PARTIAL = (NO_REASSEMBLY, NO_ANALYSIS)

FIELDS = ("frame.number", "wsclose.event", "wsclose.http2_stream", "wsclose.client.code",
          "wsclose.server.code", "wsclose.abnormal", "wsclose.unanswered")
VERDICT = "3"
# Beyond PLACES: what another connection in the same file may change, and texts that are long.
APART = PLACES | {"wsclose.other_leg", "wsclose.together"}
# What is compared of each variant with a verdict: two codes, cause, certain, clean, initiator.
STATEMENTS = 6

# What Wireshark itself hides: its options, and the start of the connection's name.
LIMITS = test_damage.LIMITS


@dataclasses.dataclass
class Told:
    """What is said of one variant."""
    verdicts: list        # of those that have ended: {field: text}
    open: list            # of the others
    packets: list         # (packet of the variant, {field: values}) with an item of ours


class Reader:
    """Runs tshark on a file of variants."""

    def __init__(self, directory):
        self.directory = directory
        self.path = os.path.join(directory, "variants.pcap")
        self.keys = {}

    def keys_without(self, label, lines):
        """Arguments with which Wireshark lacks those lines of the key log."""
        if label not in self.keys:
            path = os.path.join(self.directory, f"{label}.keys.log")
            with open(path, "w", encoding="ascii") as file:
                file.writelines(line + "\n" for line in lines if line.split(" ")[0] != label)
            golden.make_readable(path)
            self.keys[label] = ("-o", "tls.keylog_file:" + path)
        return self.keys[label]

    def read(self, variants, args):
        """[Told]"""
        damage.write(self.path, variants)
        ends = list(itertools.accumulate(len(variant.packets) for variant in variants))
        told = [Told([], [], []) for _ in variants]
        for line in golden.tshark(self.path, "-Y", "wsclose.verdict or wsclose.code",
                                  *golden.fields_printed(FIELDS[1:]), "-z", "wsclose,json",
                                  "-o", "wsclose.no_status_threshold:0", *args):
            if line.startswith("{"):
                self.take_row(json.loads(line), ends, variants, told)
            elif line:
                values = [value.split("\x1e") if value else [] for value in line.split("\x1f")]
                number = int(values[0][0])
                which = bisect.bisect_left(ends, number)
                told[which].packets.append((number - ends[which] + len(variants[which].packets) - 1,
                                            dict(zip(FIELDS, values))))
        for one in told:
            self.add_experts(one)
        return told

    @staticmethod
    def take_row(row, ends, variants, told):
        if "wsclose.stream" not in row:
            return
        which = bisect.bisect_left(ends, row["frame.number"])
        before = ends[which] - len(variants[which].packets)
        fields = {name: damage.unvaried(str(int(value) if isinstance(value, bool) else value))
                  for name, value in row.items() if name.startswith("wsclose.")}
        fields["packet"] = row.get("wsclose.verdict_in", 0) - before - 1
        fields["closes"] = [(close["wsclose.sender"] - 1, str(close["wsclose.code"]),
                             close["frame.number"] - before - 1)
                            for close in row["closes"] if "wsclose.code" in close]
        if row["ended"]:
            told[which].verdicts.append(fields)
        else:
            told[which].open.append(fields)

    @staticmethod
    def add_experts(told):
        """To the verdict in a packet that has no other one."""
        for packet, fields in told.packets:
            here = [verdict for verdict in told.verdicts if verdict["packet"] == packet]
            for name in ("wsclose.abnormal", "wsclose.unanswered"):
                if len(here) == 1 and fields[name]:
                    here[0][name] = "1"


@dataclasses.dataclass
class Known:
    """What is right of one WebSocket connection."""
    whole: dict
    closes: dict          # codes of its Close frames by sender
    truth: dict           # what its truth file has of it; empty if it has nothing

    @property
    def causes(self):
        """Words that its truth file has right."""
        return (self.truth["cause"], *self.truth.get("cause_or", ())) if "cause" in self.truth else ()


class Subject:
    """One TCP connection of a capture, and the WebSocket connections in it."""

    def __init__(self, connection, capture, truths):
        self.connection = connection
        self.capture = capture
        self.tls = is_tls(capture)
        self.truths = [truth for truth in truths if truth["tcp_stream"] == connection.number
                       and not truth.get("open")]
        self.known = []

    def learn(self, told):
        """What the whole capture bears out."""
        order = collections.Counter()
        for verdict in told.verdicts:
            stream = verdict.get("wsclose.http2_stream")
            truths = [truth for truth in self.truths
                      if stream in (None, str(truth.get("http2_stream")))]
            truth = truths[order[stream]] if order[stream] < len(truths) else {}
            order[stream] += 1
            closes = collections.defaultdict(set)
            for sender, code, _ in verdict["closes"]:
                closes[sender].add(code)
            self.known.append(Known(verdict, closes, truth))

    def of(self, verdict):
        """Which of them it may be: that of its stream, or any of those that share TCP."""
        stream = verdict.get("wsclose.http2_stream")
        return [known for known in self.known
                if known.whole.get("wsclose.http2_stream") == stream]


def best(found):
    """Of lists of what is wrong, each held against another connection, the shortest."""
    return min(found, key=len, default=[])


class Judge:
    """Finds what is untrue of a variant."""

    def __init__(self, subjects):
        self.subjects = subjects
        self.statements = 0

    @staticmethod
    def shows(variant, until):
        """Whether the damage can be known by then."""
        kind = variant.kind
        if "+" in kind:
            return damage.shows_both(variant, until)
        if kind == "swap":
            return damage.shows_swap(variant)
        if kind == "late":
            return damage.shows_order(variant)
        if variant.lost or any(packet.captured >= 0 for packet in variant.packets):
            return damage.shows_loss(variant, until)
        return True

    def wrong(self, variant, told, options, label):
        """Texts of what is wrong, with these options, and without the secrets of that label."""
        subject = self.subjects[variant.connection]
        if options in PARTIAL and not subject.tls:
            return [what for what in self.of_verdicts(subject, variant, told) if "is told" in what
                    ] if variant.kind in ("again", "twice") else []
        found = self.of_verdicts(subject, variant, told) + self.of_packets(subject, variant, told)
        if label:
            return found
        if variant.kind in ("again", "twice", "whole") and options in ((), OUT_OF_ORDER):
            found += self.of_repetition(subject, told)
        if variant.kind == "tail" and options == ():
            found += self.of_tail(subject, variant, told)
        return found

    def of_verdicts(self, subject, variant, told):
        found = []
        verdicts = collections.Counter()
        for verdict in told.verdicts:
            verdicts[verdict.get("wsclose.http2_stream")] += 1
            if not self.shows(variant, verdict["packet"]):
                continue
            self.statements += STATEMENTS
            every = [self.of_one(subject, known, variant, verdict) for known in subject.of(verdict)]
            found += best(every) if every else ["a connection that is not there"]
        for known in subject.known:
            verdicts[known.whole.get("wsclose.http2_stream")] -= 1
        return found + ["two verdicts"] * (max(verdicts.values(), default=0) > 0)

    def of_one(self, subject, known, variant, verdict):
        if damage.is_half_a_response(known.whole, variant):
            return []
        found = list(contradictions(known.whole, known.closes, variant, verdict, subject.tls,
                                    known.causes))
        for sender, code, packet in verdict["closes"]:
            self.statements += 1
            # Behind a breach the answer of the other side is no Close any more, and has its code.
            if code not in known.closes[sender] | known.closes[1 - sender] and \
                    self.shows(variant, packet):
                found.append(f"a Close frame with {code}, which was not sent")
        return found

    def of_packets(self, subject, variant, told):
        """What is told with Close frames."""
        found = []
        for packet, fields in told.packets:
            if VERDICT in fields["wsclose.event"] or not self.shows(variant, packet):
                continue
            streams = set(fields["wsclose.http2_stream"]) or {None}
            right = [known.whole for known in subject.known
                     if known.whole.get("wsclose.http2_stream") in streams]
            for side in ("client", "server"):
                for code in fields[f"wsclose.{side}.code"]:
                    self.statements += 1
                    found += best([list(close_contradictions(
                        whole, {f"wsclose.{side}.code": code})) for whole in right])
        return found if subject.tls else []

    def of_repetition(self, subject, told):
        """It changes nothing."""
        if len(told.verdicts) != len(subject.known):
            return [f"{len(told.verdicts)} verdicts, not {len(subject.known)}"]
        return [" ".join(keys) for known, verdict in zip(subject.known, told.verdicts)
                if (keys := self.differing(known.whole, verdict))]

    def of_tail(self, subject, variant, told):
        """A verdict is there with the packet that settles it, and no other one before."""
        settled = [known for known in subject.known if known.whole["packet"] < variant.where]
        if len(settled) != len(told.verdicts):
            return [f"{len(told.verdicts)} verdicts, not {len(settled)}"]
        return []

    @staticmethod
    def differing(whole, verdict):
        return sorted(key for key in {*whole, *verdict} - APART - {"packet", "closes"}
                      if whole.get(key) != verdict.get(key))


class Campaign:
    """All of it, in batches, as long as there is time."""

    def __init__(self, run, directory):
        self.run = run
        self.reader = Reader(directory)
        self.kinds = collections.Counter()
        self.subjects = []
        names = [name for name in golden.capture_names() if os.path.exists(self.truth_of(name))]
        self.lines = key_log(name for name in names if is_tls(name))
        for name in names:
            with open(self.truth_of(name), encoding="utf-8") as file:
                truths = json.load(file)["connections"]
            self.subjects += [Subject(connection, name, truths)
                              for connection in damage.split(name, sys.maxsize)]
        self.judge = Judge(self.subjects)

    @staticmethod
    def truth_of(name):
        return os.path.join(golden.CAPTURES, name + ".truth.json")

    def learn(self):
        """What is said of whole connections; those of which nothing certain is known are left out."""
        wholes = [Variant(i, "whole", 0, subject.connection.packets)
                  for i, subject in enumerate(self.subjects)]
        keys = self.reader.keys_without("", self.lines)
        for subject, told in zip(self.subjects, self.reader.read(wholes, keys)):
            subject.learn(told)
        usable = [i for i, subject in enumerate(self.subjects) if subject.known and not any(
            "wsclose.incomplete" in known.whole for known in subject.known)]
        self.tls = [i for i in usable if self.subjects[i].tls]
        self.clear = [i for i in usable if not self.subjects[i].tls]

    def variants(self, index, pairs):
        """Of one connection."""
        whole = self.subjects[index].connection.packets
        yield Variant(index, "whole", 0, whole)
        if pairs:
            for _ in range(PAIRS):
                yield damage.pair(self.run.random, index, whole)
            return
        losses = damage.tls_losses if self.subjects[index].tls else damage.losses
        found = [variant for make in (losses, damage.tails, damage.repetitions, damage.swaps,
                                      damage.late) for variant in make(index, whole)]
        most = ALL_MAX * len(found) // max(len(whole), ALL_MAX)
        yield from found if most == len(found) else self.run.random.sample(found, most)

    def batches(self, chosen, pairs):
        batch = []
        for index in self.run.random.sample(chosen, len(chosen)):
            batch += self.variants(index, pairs)
            if len(batch) >= BATCH:
                yield batch
                batch = []
        if batch:
            yield batch

    def plan(self):
        """(variants, arguments, what they are), without end: the ways to run tshark take turns, so
        that after some rounds each batch has been through all of them."""
        options = {False: [(args, "") for args in CLEAR_OPTIONS],
                   True: [(args, label) for label in ("", *SECRETS) for args in TLS_OPTIONS]}
        for number in itertools.count():
            for turn, both in enumerate(itertools.zip_longest(
                    self.batches(self.clear, number % 2), self.batches(self.tls, number % 2))):
                for tls, batch in enumerate(both):
                    if batch:
                        args, label = options[bool(tls)][(number // 2 + turn)
                                                         % len(options[bool(tls)])]
                        yield batch, args, label

    def read(self, batch, options, label):
        return self.reader.read(batch, (*self.reader.keys_without(label, self.lines), *options))

    def try_batch(self, batch, options, label):
        for variant, told in zip(batch, self.read(batch, options, label)):
            for what in self.judge.wrong(variant, told, options, label):
                if not self.is_limit(variant, options):
                    self.tell(variant, told, what, options, label)
        self.run.count(inputs=len(batch), executions=len(batch), statements=self.judge.statements)
        self.judge.statements = 0

    def is_limit(self, variant, options):
        name = self.subjects[variant.connection].connection.name
        return any(options == of and name.startswith(start) for of, start in LIMITS)

    def tell(self, variant, told, what, options, label):
        """Keep the first of each kind: the variant alone in a capture, and its keys."""
        name = self.subjects[variant.connection].connection.name
        kind = (what, variant.kind, options, label)
        self.kinds[kind] += 1
        if self.kinds[kind] > 1:
            self.run.count(untrue=1)
            return
        alone = self.read([variant], options, label)[0]
        files = [self.reader.path]
        arguments = list(options)
        if self.subjects[variant.connection].tls:
            files.append(self.reader.keys[label][1].split(":", 1)[1])
            arguments += ["-o", "tls.keylog_file:" + os.path.basename(files[-1])]
        again = what in self.judge.wrong(variant, alone, options, label)
        lines = [f"{name}, {variant.kind} {variant.where}: {what}",
                 f"tshark -r variants.pcap {' '.join(arguments)} -Y wsclose -V",
                 *([] if again else ["Not of this variant alone: it takes others in its file."])]
        lines += [f"  {i + 1:2} {packet}" for i, packet in enumerate(variant.packets)]
        lines += [f"  not there: {packet}" for packet in variant.lost]
        lines += [f"  whole: {known.whole}" for known in self.subjects[variant.connection].known]
        lines += [f"  variant: {verdict}" for verdict in told.verdicts]
        self.run.found("untrue", "\n".join(lines), files)

    def try_truth(self):
        """The whole connections against what their endpoints reported."""
        Api.begin()
        for subject in self.subjects:
            for known in subject.known:
                if known.truth:
                    Api.take(subject.capture, known.truth, known.whole)
        self.run.count(statements=Api.statements)
        for what in Api.wrong:
            self.run.found("untrue", what)

    def go_on(self):
        self.learn()
        self.try_truth()
        took = 0
        for batch, options, label in self.plan():
            if not self.run.has_time(took):
                break
            began = time.monotonic()
            self.try_batch(batch, options, label)
            took = 1.2 * (time.monotonic() - began)
        for kind, count in self.kinds.most_common():
            print(f"truth: {count} x {kind}", flush=True)


class Api(test_truth.Truth):
    """The comparison of test_truth.py."""

    @classmethod
    def begin(cls):
        cls.tally = collections.defaultdict(collections.Counter)
        cls.used = collections.Counter()
        cls.wrong = []
        cls.statements = 0

    @classmethod
    def take(cls, capture, truth, whole):
        verdict = {name[len("wsclose."):]: value for name, value in whole.items()
                   if name.startswith("wsclose.")}
        for side in test_truth.SIDES:
            cls.statements += 2
            cls.compare(capture, truth, verdict, side)


def run_campaign(run, directory):
    with tempfile.TemporaryDirectory(dir=directory) as folder:
        golden.make_readable(folder)
        Campaign(run, folder).go_on()


if __name__ == "__main__":
    sys.exit(part.main("truth", __doc__, run_campaign))
