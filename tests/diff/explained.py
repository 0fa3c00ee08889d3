# explained.py
# Where a peer and wsclose differ on purpose, and the section that settles it. compare.py fails on a
# difference that is not here, and on a row here that explains none.
#
# SPDX-License-Identifier: GPL-2.0-or-later

import re

DEFLATE = "permessage-deflate"

# Grammar: values that wsclose reads and the peer refuses. Each rewrites a value into one that says
# the same by its section; the peer must then read that as wsclose reads the original.


def unfold(value):
    return re.sub(r"\r\n[ \t]", " ", value)


def close_up_equals(value):
    return re.sub(r"[ \t]*=[ \t]*", "=", value)


def drop_empty_elements(value):
    return ",".join(element for element in value.split(",") if element.strip(" \t"))


REWRITES = [
    (
        "websockets",
        "RFC 2616 section 2.2, which RFC 6455 section 9.1 adopts: a folded line is a space",
        unfold,
    ),
    (
        "ws",
        "RFC 2616 section 2.2, which RFC 6455 section 9.1 adopts: a folded line is a space",
        unfold,
    ),
    (
        "ws",
        "RFC 2616 section 2.1, which RFC 6455 section 9.1 adopts: blanks may stand around \"=\"",
        close_up_equals,
    ),
    (
        "ws",
        "RFC 7230 section 7: a recipient ignores empty list elements",
        drop_empty_elements,
    ),
]

# Judgement: each says whether a section settles a case against the peer. An offer is the list of
# parameters of its only permessage-deflate, as pairs; a response is a list of extensions.


def value_of(params, name):
    """The value of a parameter, None where it has none, False where it is not there."""
    return dict(params).get(name, False)


def lacks(name):
    return lambda offer, response: (
        value_of(offer, name) is not False and value_of(response[0][1], name) is False
    )


def exceeds(name):
    def judge(offer, response):
        offered = value_of(offer, name)
        answered = value_of(response[0][1], name)
        return bool(offered and answered) and int(answered) > int(offered)

    return judge


def odd_bits(params):
    """Window bits that are no plain decimal from 8 to 15, and still a number from 8 to 15."""
    odd = {"08", "010", "015", "0010", "+9", "9.", "9.0", ".9e1", "0x9", "0xf", "0b1001", "0o17",
           "1e1"}
    return any(name.endswith("_max_window_bits") and value in odd for name, value in params)


# peer, kind of case, whether the peer takes what wsclose refuses, section, judgement
JUDGEMENTS = [
    ("ws", "offer", True, "RFC 7692 section 7.1.2: a decimal without leading zeros",
     lambda offer, response: odd_bits(offer)),
    ("ws", "response", True, "RFC 7692 section 7.1.2: a decimal without leading zeros",
     lambda offer, response: odd_bits(response[0][1])),
    ("ws", "response", True,
     "RFC 7692 section 7.1.1.1: the response includes server_no_context_takeover",
     lacks("server_no_context_takeover")),
    ("ws", "response", True,
     "RFC 7692 section 7.1.2.1: the response includes server_max_window_bits",
     lacks("server_max_window_bits")),
    ("ws", "response", True,
     "RFC 7692 section 7.1.2.1: server_max_window_bits is the same or smaller",
     exceeds("server_max_window_bits")),
    ("ws", "response", True, "RFC 7692 section 6: one RSV1 bit, so permessage-deflate once",
     lambda offer, response: [name for name, _ in response].count(DEFLATE) > 1),
    ("ws", "response", False, "RFC 7692 section 7.1.2.2: client_max_window_bits of an offer is a"
     " hint", exceeds("client_max_window_bits")),
    ("websockets", "response", False, "RFC 7692 section 7.1.2.2: client_max_window_bits of an"
     " offer is a hint", exceeds("client_max_window_bits")),
    ("websockets", "offer", False, "RFC 7692 section 7.1.2.1: 8 is allowed (zlib cannot do it)",
     lambda offer, response: value_of(offer, "server_max_window_bits") == "8"),
    ("websockets", "response", False, "RFC 7692 section 7.1.2.2: 8 is allowed (zlib cannot do it)",
     lambda offer, response: value_of(response[0][1], "client_max_window_bits") == "8"),
]
