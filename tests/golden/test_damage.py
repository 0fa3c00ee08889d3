#!/usr/bin/env python3
#
# test_damage.py - the verdict on connections whose packets are lost, cut, swapped or repeated
#
# SPDX-License-Identifier: GPL-2.0-or-later
#
"""test_damage.py --plugin BUILD/plugin/wsclose.so

Every connection of the shipped captures is damaged in many ways, one at a time, and each variant is
compared with the whole connection. A capture that lacks something may say less, and says so with
wsclose.incomplete; it never says something else. Packets that come twice change nothing.

Connections within TLS are in test_damage_tls.py.
"""

import golden
from damage import (FIN, NO_ANALYSIS, NO_REASSEMBLY, OUT_OF_ORDER, PLACES, RST, SYN, Case, Variant,
                    is_handshake, is_request, losses, repetitions, split, swaps, tails)

SERVER_PORT = 8080

# Not in clear text over IPv4, or itself damaged.
# A reset with what its sender has sent after it is as good as one that comes late.
SKIPPED = ("tls", "ipv6", "segments-", "generated-segments-", "generated-no-websocket",
           "generated-1010-after-reset")
SKIPPED_PARTS = ("-tls-", "-snaplen-", "-cut-off", "-lost-segment", "-midstream")

# Connections that show something of their own: requests before the upgrade, frames in one segment.
ALWAYS = ("keepalive-requests-before-upgrade", "generated-breaches:52515", "upgrade-refused:",
          "own-failure-codes-websockets")

MIDSTREAM = ("-d", f"tcp.port=={SERVER_PORT},websocket")
MIDSTREAM_HTTP2 = ("-d", f"tcp.port=={SERVER_PORT},http2")

# Known limits: connections that are told wrongly where Wireshark is told to work in another way.
# {(its preference, connection): why}
LIMITS = {
    (OUT_OF_ORDER, "generated-breaches:52515"):
        "a breach in the packet that closes a hole is not held against its sender",
    (NO_REASSEMBLY, "generated-handshake-ends:52402"):
        "half a 101 is dissected as a whole one",
    (NO_ANALYSIS, "keepalive-requests-before-upgrade:"):
        "the answer to an earlier request, sent again, is taken for that to the upgrade",
    (NO_ANALYSIS, "extension-refused-tornado:"):
        "the 101, sent again, is taken for frames, and no message is inflated any more",
}

# Codes that are told in the same way, whichever it is.
FAILURES = ("1002", "1007", "1009")
APART = (*FAILURES, "1005", "1006", "1010", None)


def is_receipt(variant):
    """Whether the packet that is lost is the only one by which an endpoint that had ended its side
    acknowledges what its peer sent since."""
    lost = variant.lost[0]
    kept = list(variant.packets)
    own = [packet for packet in kept if packet.side == lost.side]
    return any(packet.flags & FIN for packet in own) and \
        all(packet.ack < lost.ack for packet in own)


class Damage(Case):
    limits = LIMITS

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.choose([connection for name in golden.capture_names()
                    if not name.startswith(SKIPPED)
                    and not any(part in name for part in SKIPPED_PARTS)
                    for connection in split(name)])
        for name, make in (("losses", losses), ("tails", tails), ("repetitions", repetitions),
                           ("swaps", swaps)):
            cls.add_variants(name, make)
        # In the middle of a request Wireshark would take its header lines for frames.
        cls.add_file("no-beginning", [
            variant for variant in cls.files["losses"][1] if variant.kind == "head"
            and not cls.connections[variant.connection].stream
            and any(is_request(packet) for packet in variant.lost)
            and (variant.packets[0].side == 1 or not any(
                packet.payload and packet.ack <= 1 for packet in variant.packets))])
        cls.add_file("no-beginning-http2", [
            variant for variant in cls.files["losses"][1] if variant.kind == "head"
            and cls.connections[variant.connection].stream])
        keys = [(name, *args) for name in ("losses", "swaps", "repetitions")
                for args in ((), OUT_OF_ORDER, NO_REASSEMBLY, NO_ANALYSIS)]
        keys += [("tails",), ("no-beginning", *MIDSTREAM),
                 ("no-beginning-http2", *MIDSTREAM_HTTP2)]
        cls.run_all(keys)

    @classmethod
    def kind(cls, connection, verdict):
        codes = [verdict.get(f"wsclose.{side}.code") for side in ("client", "server")]
        if connection.name.startswith(ALWAYS):
            return connection.name
        # Many streams of HTTP/2 share the packets of one TCP connection.
        return (*("failure" if code in FAILURES else code if code in APART else "other"
                  for code in codes), codes[0] == codes[1], verdict["wsclose.clean"],
                verdict["wsclose.initiator"],
                *(["http2"] if connection.stream else cls.shape(connection)))

    @staticmethod
    def shape(connection):
        """Who sent what after the opening handshake; a run of the same counts once."""
        last = max((i for i, packet in enumerate(connection.packets) if is_handshake(packet)),
                   default=-1)
        steps = [(packet.side, packet.flags & (SYN | FIN | RST), packet.payload > 0)
                 for packet in connection.packets[last:]
                 if packet.payload or packet.flags & (SYN | FIN | RST)]
        return [step for i, step in enumerate(steps) if i == 0 or step != steps[i - 1]]

    # The tests.

    def test_enough_of_them(self):
        told = {code for whole in self.wholes for code in self.codes(whole).split("/")}
        self.assertGreaterEqual(len(self.connections), 40 // golden.Setup.sample)
        if golden.Setup.sample > 1:
            return
        self.assertTrue({"-", "1000", "1001", "1005", "1006", "1010"} <= told, told)

    def test_whole_as_in_its_capture(self):
        """The files that this test writes lose nothing by themselves."""
        self.check_repetitions(self.whole_runs())

    def whole_runs(self):
        variants = [Variant(i, "whole", 0, c.packets) for i, c in enumerate(self.connections)]
        found, _ = self.run_tshark(self.written("wholes", variants), variants, *OUT_OF_ORDER)
        return [(variant, connection.of(verdicts)) for variant, connection, (verdicts, _)
                in zip(variants, self.connections, found)]

    def test_losses(self):
        self.check_losses(self.run_file("losses"))

    def test_losses_out_of_order(self):
        self.check_losses(self.run_file("losses", *OUT_OF_ORDER))

    def test_lost_acknowledgements(self):
        """An octet more or less of the other side's is all that they tell, but for the one that tells
        whether an endpoint which had ended its side still received the last Close."""
        wrong = []
        for variant, verdicts in self.run_file("losses"):
            if variant.kind != "drop" or variant.lost[0].end != variant.lost[0].seq \
                    or variant.lost[0].flags & RST:
                continue
            whole = self.wholes[variant.connection]
            if len(verdicts) == 0 and is_receipt(variant):
                continue
            if len(verdicts) != 1:
                wrong.append((f"{len(verdicts)} verdicts", variant, None))
            elif self.codes(verdicts[0]) != self.codes(whole):
                wrong.append(("other codes", variant, verdicts[0]))
        self.report(wrong)

    def test_no_beginning(self):
        """Told to take it for WebSocket, without the opening handshake."""
        self.check_losses(self.run_file("no-beginning", *MIDSTREAM))
        self.check_losses(self.run_file("no-beginning-http2", *MIDSTREAM_HTTP2))

    def test_stops_early(self):
        self.check_tails(self.run_file("tails"))

    def test_repetitions(self):
        self.check_repetitions(self.run_file("repetitions"))

    def test_repetitions_out_of_order(self):
        self.check_repetitions(self.run_file("repetitions", *OUT_OF_ORDER))

    def test_swaps(self):
        self.check_swaps(self.run_file("swaps"))

    def test_swaps_out_of_order(self):
        self.check_swaps(self.run_file("swaps", *OUT_OF_ORDER), OUT_OF_ORDER)

    def test_other_preferences(self):
        """Less is known; still nothing is said that is not so. Without Wireshark's analysis of TCP
        nobody can know of a loss."""
        for args, name in ((NO_REASSEMBLY, "losses"), (NO_REASSEMBLY, "repetitions"),
                           (NO_REASSEMBLY, "swaps"), (NO_ANALYSIS, "losses"),
                           (NO_ANALYSIS, "repetitions"), (NO_ANALYSIS, "swaps")):
            with self.subTest(preference=args[1], damage=name):
                wrong = []
                for variant, verdicts in self.run_file(name, *args):
                    if len(verdicts) > 1:
                        wrong.append(("two verdicts", variant, verdicts[1]))
                    if (args, name) in ((NO_REASSEMBLY, "repetitions"),
                                        (NO_ANALYSIS, "repetitions")):
                        wrong += [(what, variant, verdict) for verdict in verdicts[:1]
                                  for what in self.contradictions(variant, verdict)
                                  if "is told" in what]
                self.report(wrong, args)


if __name__ == "__main__":
    golden.main()
