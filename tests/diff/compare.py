#!/usr/bin/env python3
# compare.py
# Differential test: the command wsclose against Python's websockets and npm's ws.
#
# usage: compare.py WSCLOSE
#
# Needs python3-websockets 10.4, and ws as package-lock.json has it: run npm ci here first.
#
# Exit status 0: all differences are explained (explained.py). 1: some are not, or an explanation
# explains nothing any more. 2: a peer is missing.
#
# SPDX-License-Identifier: GPL-2.0-or-later

import collections
import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import corpus
import explained

HERE = os.path.dirname(os.path.abspath(__file__))

try:
    import peer_websockets
except ImportError as error:
    print("compare.py: Python's websockets is needed (python3-websockets): %s" % error,
          file=sys.stderr)
    sys.exit(2)

# kind: parse, offer or response; value: of the offer; response: of the response, or None
Case = collections.namedtuple("Case", "kind value response")

# extensions: of the value, None where it is refused; takes: whether a server may take the offer, or
# a client the response; response: like extensions, or None
Ours = collections.namedtuple("Ours", "extensions takes response")


class Wsclose:
    """The command under test."""

    def __init__(self, path):
        self.path = path

    def run(self, *values):
        arguments = [value.encode("latin-1") for value in values]
        done = subprocess.run(
            [self.path, "extensions", "--json", *arguments], stdout=subprocess.PIPE, check=False
        )
        if done.returncode not in (0, 1):
            raise RuntimeError("%s: status %d for %r" % (self.path, done.returncode, values))
        return done.returncode == 0, json.loads(done.stdout)

    def answer(self, case):
        if case.kind == "parse":
            good, said = self.run("--", case.value)
        elif case.kind == "offer":
            good, said = self.run("--no-response", "--", case.value)
        else:
            good, said = self.run("--", case.value, case.response)
            good = said["verdict"] == "accepted"
        response = said.get("response")
        return Ours(extensions(said["offer"]), good, extensions(response) if response else None)


def extensions(side):
    if not side["valid"]:
        return None
    return [[ext["name"], ext["params"]] for ext in side["extensions"]]


def ask_ws(cases):
    """What ws says of the cases that it is asked; needs node and the modules beside this file."""
    try:
        done = subprocess.run(
            ["node", os.path.join(HERE, "peer_ws.js")],
            input=json.dumps(cases).encode(),
            stdout=subprocess.PIPE,
            check=True,
        )
    except (OSError, subprocess.CalledProcessError) as error:
        print("compare.py: npm's ws is needed (npm ci, in %s): %s" % (HERE, error),
              file=sys.stderr)
        sys.exit(2)
    return json.loads(done.stdout)


def as_ws_shows(parsed):
    """A list of extensions as ws has it: by name, then by parameter."""
    if parsed is None:
        return None
    by_name = {}
    for name, params in parsed:
        by_param = {}
        for param, value in params:
            by_param.setdefault(param, []).append(True if value is None else value)
        by_name.setdefault(name, []).append(by_param)
    return by_name


def deflate_offers(ours):
    """The parameters of each offer of permessage-deflate."""
    return [params for name, params in ours.extensions or [] if name == corpus.DEFLATE]


class Tally:
    """What was compared, and what came of it."""

    def __init__(self):
        self.agreed = collections.Counter()
        self.explained = collections.Counter()
        self.unexplained = []

    def agree(self, peer, kind):
        self.agreed[peer, kind] += 1

    def explain(self, peer, section):
        self.explained[peer, section] += 1

    def fail(self, peer, case, ours, theirs):
        self.unexplained.append((peer, case, ours, theirs))

    def idle(self):
        """Explanations that explain nothing."""
        rows = [(peer, section) for peer, section, _ in explained.REWRITES]
        rows += [(peer, section) for peer, _, _, section, _ in explained.JUDGEMENTS]
        return [row for row in rows if not self.explained[row]]

    def report(self):
        for (peer, kind), count in sorted(self.agreed.items()):
            print("%6d  %s agrees (%s)" % (count, peer, kind))
        for (peer, section), count in sorted(self.explained.items()):
            print("%6d  %s differs: %s" % (count, peer, section))
        for peer, case, ours, theirs in self.unexplained[:40]:
            print("UNEXPLAINED  %s, %r: wsclose says %r, %s says %r"
                  % (peer, tuple(case), ours, peer, theirs))
        for peer, section in self.idle():
            print("EXPLAINS NOTHING  %s: %s" % (peer, section))
        print("%d compared, %d agree, %d differ and are explained, %d unexplained"
              % (sum(self.agreed.values()) + sum(self.explained.values()) + len(self.unexplained),
                 sum(self.agreed.values()), sum(self.explained.values()), len(self.unexplained)))


def rewrite(peer, value):
    """A value as the peer can read it, and the first section that it takes for that."""
    first_section = None
    for who, section, change in explained.REWRITES:
        changed = change(value).strip(" \t")
        if who == peer and changed != value:
            value = changed
            first_section = first_section or section
    return value, first_section


def compare_parse(tally, peer, cases, answers, ask, shape):
    """Hold a peer's reading of values against ours; ask puts a list of values to it."""
    differing = []
    for case, ours, theirs in zip(cases, answers, ask([case.value for case in cases])):
        if shape(ours.extensions) == theirs:
            tally.agree(peer, case.kind)
        elif ours.extensions is not None and theirs is None:
            differing.append((case, ours))
        else:
            tally.fail(peer, case, ours.extensions, theirs)
    rewritten = [rewrite(peer, case.value) for case, _ in differing]
    again = ask([value for value, _ in rewritten])
    for (case, ours), (_, section), theirs in zip(differing, rewritten, again):
        if section and shape(ours.extensions) == theirs:
            tally.explain(peer, section)
        else:
            tally.fail(peer, case, ours.extensions, None)


def compare_judgements(tally, peer, cases, answers, ask):
    """Hold what a peer takes against what wsclose lets it take."""
    for case, ours, theirs in zip(cases, answers, ask(cases, answers)):
        section = None
        offers = deflate_offers(ours)
        if ours.takes == theirs:
            tally.agree(peer, case.kind)
            continue
        for who, kind, they_take, row_section, judge in explained.JUDGEMENTS:
            if (who, kind, they_take) == (peer, case.kind, theirs) and (
                offers and (case.kind == "offer" or ours.response)
            ):
                if section is None and judge(offers[0], ours.response):
                    section = row_section
        # What a peer cannot read, it cannot take.
        if section is None and case.kind == "response" and ours.takes:
            value, section = rewrite(peer, case.response)
            if not ask([case._replace(response=value)], [ours])[0]:
                section = None
        if section:
            tally.explain(peer, section)
        else:
            tally.fail(peer, case, ours.takes, theirs)


def ask_ws_offers(cases, _answers):
    said = ask_ws([{"kind": "offer", "value": case.value} for case in cases])
    return [each is True for each in said]


def ask_ws_responses(cases, answers):
    said = ask_ws([{"kind": "response", "params": deflate_offers(ours)[0],
                    "response": case.response} for case, ours in zip(cases, answers)])
    return [each is True for each in said]


def ask_websockets_offers(cases, _answers):
    return [peer_websockets.takes_offer(case.value) for case in cases]


def ask_websockets_responses(cases, answers):
    return [peer_websockets.takes_response(deflate_offers(ours), case.response)
            for case, ours in zip(cases, answers)]


def main():
    if len(sys.argv) != 2:
        sys.exit("usage: compare.py WSCLOSE")
    wsclose = Wsclose(sys.argv[1])
    parse_cases = [Case("parse", value, None) for value in corpus.parse_values()]
    offer_cases = [Case("offer", value, None) for value in corpus.offers()]
    response_cases = [Case("response", *pair) for pair in corpus.negotiations()]
    with ThreadPoolExecutor(2) as pool:
        parsed = list(pool.map(wsclose.answer, parse_cases))
        offered = list(pool.map(wsclose.answer, offer_cases))
        answered = list(pool.map(wsclose.answer, response_cases))
    tally = Tally()

    compare_parse(tally, "websockets", parse_cases, parsed,
                  lambda values: [peer_websockets.parse(value) for value in values],
                  lambda shown: shown)
    compare_parse(tally, "ws", parse_cases, parsed,
                  lambda values: ask_ws([{"kind": "parse", "value": value} for value in values]),
                  as_ws_shows)

    compare_judgements(tally, "websockets", offer_cases, offered, ask_websockets_offers)
    compare_judgements(tally, "ws", offer_cases, offered, ask_ws_offers)
    compare_judgements(tally, "websockets", response_cases, answered, ask_websockets_responses)
    # ws makes one offer at a time.
    single = [(case, ours) for case, ours in zip(response_cases, answered)
              if len(deflate_offers(ours)) == 1]
    compare_judgements(tally, "ws", *zip(*single), ask_ws_responses)

    tally.report()
    return 1 if tally.unexplained or tally.idle() else 0


if __name__ == "__main__":
    sys.exit(main())
