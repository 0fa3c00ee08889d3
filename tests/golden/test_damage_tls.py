#!/usr/bin/env python3
#
# test_damage_tls.py - the verdict on connections within TLS that can be read in part
#
# SPDX-License-Identifier: GPL-2.0-or-later
#
"""test_damage_tls.py --plugin BUILD/plugin/wsclose.so

As test_damage.py, on connections within TLS: those of the shipped captures, over HTTP/1.1 and
HTTP/2, and others that are made here. A packet that is lost, cut or out of its place can leave all
that follows of its sender undecrypted, and so can a secret that the key log lacks: octets are there,
and nobody can read them. What they could change is not stated, and wsclose.incomplete says so; where
nothing can be read, no connection is reported.
"""

import os
import tempfile

import golden
import tls_made
from damage import (NO_ANALYSIS, NO_REASSEMBLY, OUT_OF_ORDER, SINGLE_RECORDS, Case, Variant,
                    is_handshake, late, repetitions, shows_loss, shows_order, shows_swap, split,
                    swaps, tails, tls_losses)
from key_log import SECRETS, is_tls, key_log

PACKETS_MAX = 60

PREFERENCES = ((), OUT_OF_ORDER, NO_REASSEMBLY, NO_ANALYSIS, SINGLE_RECORDS)

# Of the codes of the whole connection, how many at least are told of a variant with a verdict.
TOLD = {"losses": 0.4, "swaps": 0.5, "tails": 1}


class DamageWithinTLS(Case):
    strict = True

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        names = [name for name in golden.capture_names() if is_tls(name)]
        every = [connection for name in names for connection in split(name, PACKETS_MAX)]
        with tempfile.TemporaryDirectory() as folder:
            made, lines = tls_made.make(folder)
        lines += key_log(names)
        cls.arguments = cls.keys("all", lines)
        cls.choose(every + made)
        for name, make in (("losses", tls_losses), ("tails", tails), ("repetitions", repetitions),
                           ("swaps", swaps), ("late", late)):
            cls.add_variants(name, make)
        cls.add_file("wholes", [Variant(i, "whole", 0, connection.packets)
                                for i, connection in enumerate(cls.connections)])
        cls.without = {label: cls.keys(label, [line for line in lines
                                               if line.split(" ")[0] != label])
                       for label in SECRETS}
        keys = [(name, *args) for name in ("losses", "swaps") for args in PREFERENCES]
        keys += [(name, *args) for name in ("late", "repetitions") for args in ((), OUT_OF_ORDER)]
        keys += [("tails",), ("wholes", *OUT_OF_ORDER)]
        keys += [("wholes", *args) for args in cls.without.values()]
        cls.run_all(keys)

    @classmethod
    def keys(cls, name, lines):
        """Arguments with which Wireshark has these lines of the key log, and no others."""
        path = os.path.join(cls.directory.name, name + ".keys.log")
        with open(path, "w", encoding="ascii") as file:
            file.write("".join(line + "\n" for line in lines))
        golden.make_readable(path)
        return ("-o", "tls.keylog_file:" + path)

    @classmethod
    def kind(cls, connection, verdict):
        return connection.name, connection.stream

    @classmethod
    def run_tshark(cls, path, variants, *args, closes=True):
        return super().run_tshark(path, variants, *args, closes=closes)

    def check_closes(self, name, args, shows):
        """What is told with each Close frame, where a variant shows its damage by then."""
        wrong = []
        for variant, (_, closes) in zip(self.files[name][1], self.results[(name, *args)][0]):
            connection = self.connections[variant.connection]
            for close in connection.of([close for sent in closes.values() for close in sent]):
                if shows(variant, close["packet"]):
                    wrong += [(what, variant, None)
                              for what in self.close_contradictions(variant, close)]
        self.report(wrong)

    # The tests.

    def test_enough_of_them(self):
        if golden.Setup.sample > 1:
            return
        self.assertGreaterEqual(len(self.connections), 20 + 2 * len(tls_made.TALKS))
        told = {code for whole in self.wholes for code in self.codes(whole).split("/")}
        self.assertTrue({"-", "1000", "1001", "1002", "1005", "1006", "1010"} <= told, told)

    def test_enough_is_told(self):
        """Of a connection that can be read it is told how it ended, also where something is
        missing that changes nothing."""
        for name, least in TOLD.items() if golden.Setup.sample == 1 else ():
            with self.subTest(damage=name):
                told = possible = 0
                for variant, verdicts in self.run_file(name):
                    whole = self.wholes[variant.connection]
                    for code in ("wsclose.client.code", "wsclose.server.code"):
                        possible += len(verdicts) * (code in whole)
                        told += sum(code in verdict for verdict in verdicts)
                self.assertGreaterEqual(told, least * possible)

    def test_whole_as_in_its_capture(self):
        """The files that this test writes lose nothing by themselves."""
        self.check_repetitions(self.run_file("wholes", *OUT_OF_ORDER))

    def test_losses(self):
        for args in PREFERENCES:
            with self.subTest(preference=args):
                self.check_losses(self.run_file("losses", *args))
                self.check_closes("losses", args, shows_loss)

    def test_later_streams(self):
        """A request of HTTP/2 that can be read is reported, whatever is missing of the server."""
        runs = [(variant, verdicts) for variant, verdicts in self.run_file("losses")
                if variant.kind == "drop" and self.connections[variant.connection].stream
                and variant.lost[0].side == 1 and not is_handshake(variant.lost[0])]
        runs += [(variant, verdicts) for variant, verdicts
                 in self.run_file("wholes", *self.without["SERVER_TRAFFIC_SECRET_0"])
                 if self.connections[variant.connection].stream]
        self.assertGreater(len(runs), 100 // golden.Setup.sample)
        self.report([("0 verdicts", variant, None) for variant, verdicts in runs if not verdicts])

    def test_swaps(self):
        for args in PREFERENCES:
            with self.subTest(preference=args):
                self.check_swaps(self.run_file("swaps", *args), some_unread=True)
                self.check_closes("swaps", args, lambda variant, _: shows_swap(variant))

    def test_late(self):
        for args in ((), OUT_OF_ORDER):
            with self.subTest(preference=args):
                wrong = [(what, variant, verdict)
                         for variant, verdicts in self.run_file("late", *args)
                         for verdict in verdicts if shows_order(variant)
                         for what in self.contradictions(variant, verdict)]
                self.report(wrong)
                self.check_closes("late", args, lambda variant, _: shows_order(variant))

    def test_repetitions(self):
        for args in ((), OUT_OF_ORDER):
            with self.subTest(preference=args):
                self.check_repetitions(self.run_file("repetitions", *args))

    def test_stops_early(self):
        self.check_tails(self.run_file("tails"))

    def test_missing_secrets(self):
        for label, args in self.without.items():
            with self.subTest(without=label):
                self.check_losses(self.run_file("wholes", *args))
                self.check_closes("wholes", args, shows_loss)

    def test_missing_secret_is_named(self):
        """Where Wireshark reads nothing of one side, both lines of the key log that it may lack."""
        for label in SECRETS[:4]:
            runs = self.run_file("wholes", *self.without[label])
            texts = [verdict["wsclose.description"] for _, verdicts in runs for verdict in verdicts
                     if "wsclose.incomplete" in verdict]
            # Wireshark 4.6 reads what follows a handshake that it cannot read.
            if golden.Setup.sample == 1:
                self.assertGreater(len(texts), 10 if label.endswith("_0") else 0)
            self.assertEqual([text for text in texts if label not in text], [])


if __name__ == "__main__":
    golden.main()
