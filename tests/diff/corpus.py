# corpus.py
# The values that compare.py puts to everybody: written by hand, and made by rule.
#
# Octets are characters below U+0100. No value begins or ends with a space or a tab, which HTTP
# takes away before anybody looks (RFC 7230 section 3.2.4), nor holds NUL, which no command line
# can carry.
#
# SPDX-License-Identifier: GPL-2.0-or-later

import itertools

VALUES = [
    "permessage-deflate",
    "permessage-deflate; client_max_window_bits",
    "permessage-deflate; server_no_context_takeover; client_max_window_bits=15",
    'permessage-deflate; server_max_window_bits="10"',
    "permessage-deflate; client_max_window_bits; server_max_window_bits=10, permessage-deflate",
    "permessage-deflate, x-webkit-deflate-frame",
    "x-webkit-deflate-frame; no_context_takeover",
    "bbf-usp-protocol; eid=\"proto\"",
    "mux; max-channels=4; flow-control, deflate-stream",
    "private-extension",
    "!#$%&'*+-.^_`|~09azAZ; !#$%&'*+-.^_`|~09azAZ=!#$%&'*+-.^_`|~09azAZ",
    "a;b;b;b=1;b=2",
    "a,a;x,a;x=1",
    "a\t;\tb\t,\tc",
    "a \t ; \t b \t , \t c",
    "a; b = c",
    "a; b= c",
    "a; b =c",
    'a; b = "c"',
    'a; b= "c"',
    "a;\r\n b",
    "a,\r\n\tb",
    "a; b=\r\n c",
    "a\r\n \r\n ,b",
    "a\r\nb",
    "a\nb",
    "a\rb",
    "a\n b",
    "a\r b",
    ",a",
    "a,",
    "a,,b",
    "a, ,b",
    ", ,a ,, b, ,",
    ",",
    ", ,",
    'a; b="c"',
    'a; b="\\c"',
    'a; b="\\c\\d"',
    'a; b="c\\d"',
    'a; b="\\cd"',
    'a; b="c\\de\\fg"',
    'a; b="\\1\\0", c; d="\\e"; f=g',
    'a; b=""',
    'a; b=" "',
    'a; b=" c"',
    'a; b="c "',
    'a; b="c,d"',
    'a; b="c;d"',
    'a; b="c=d"',
    'a; b="\\""',
    'a; b="\\\\"',
    'a; b="\\ "',
    'a; b="\\,"',
    'a; b="c',
    'a; b="c\\',
    'a; b="c\\"',
    'a; b="',
    'a; b="c"d',
    'a; b="c" d',
    'a; b="c""d"',
    'a; b=c"d"',
    'a; b=c"',
    'a; "b"',
    '"a"',
    "a b",
    "a b; c",
    "a; b c",
    "a; b=c d",
    "a; b=c=d",
    "a=b",
    "a;",
    "a;;b",
    "a;,b",
    "a; =b",
    "a; b=",
    "a; b=;c",
    "a; b=,c",
    "a; b==c",
    "; a",
    "=",
    ";",
    "",
    "__proto__; constructor=toString, hasOwnProperty",
    "constructor; __proto__=1",
    "a; b=true",
    "a; b=null; c",
    "caf\u00e9",
    'a; b="\u00e9"',
    'a; b="\\\u00e9"',
    "a\u00a0; b",
    "a\x0b; b",
    "a\x0c; b",
    "a" * 8000,
    ",".join(["a; b=c"] * 1000),
]

FRAGMENTS = ["a", ";", "=", ",", " ", '"b"', '"', "\\", "\r\n "]


def parse_values():
    """Values for the grammar alone."""
    made = list(VALUES)
    for length in (1, 2, 3):
        made += ["".join(parts) for parts in itertools.product(FRAGMENTS, repeat=length)]
    for length in (1, 2):
        made += ["x;y=" + "".join(parts) for parts in itertools.product(FRAGMENTS, repeat=length)]
    for octet in range(1, 256):
        made += ["a%cb" % octet, 'a;b="c%c"' % octet]
    stripped = (value.strip(" \t") for value in made)
    return sorted(set(stripped), key=lambda value: (len(value), value))


DEFLATE = "permessage-deflate"

# As they stand, and as JavaScript's Number() would read them.
BITS = [
    "8", "9", "10", "15", '"9"', '"1\\0"', "0", "7", "16", "20", "80", "08", "010", "015", "0010",
    "+9", "-9", "9.", "9.0", "9.5", ".9e1", "0x9", "0xf", "0b1001", "0o17", "1e1", "9a", "a",
    "true", "4294967305",
]

BAD_PARAMS = [
    "server_max_window_bits",
    "client_max_window_bits",
    "server_no_context_takeover=1",
    "client_no_context_takeover=true",
    'server_no_context_takeover="1"',
    "server_no_context_takeover; server_no_context_takeover",
    "client_no_context_takeover; client_no_context_takeover",
    "server_max_window_bits=10; server_max_window_bits=10",
    "client_max_window_bits=10; client_max_window_bits=9",
    "client_max_window_bits; client_max_window_bits",
    "x",
    "x=1",
    "Server_no_context_takeover",
    "server_max_window_bit=9",
    "constructor",
    "__proto__=1",
]


def with_params(*params):
    return "; ".join([DEFLATE] + [param for param in params if param])


def single_params():
    """Parameters one at a time, good and bad."""
    made = ["", "server_no_context_takeover", "client_no_context_takeover"] + BAD_PARAMS
    for bits in BITS:
        made += ["server_max_window_bits=" + bits, "client_max_window_bits=" + bits]
    return made


def offers():
    """Single offers of permessage-deflate, for a server to take or leave."""
    return [with_params(params) for params in single_params()]


def negotiations():
    """Pairs of offer and response."""
    made = []
    # Every single parameter in a response to a bare offer, and to the browsers' one.
    for params in single_params():
        made += [(DEFLATE, with_params(params))]
        made += [(with_params("client_max_window_bits"), with_params(params))]
    # All that the four parameters can be to one another.
    for offer in itertools.product(
        ("", "server_no_context_takeover"),
        ("", "server_max_window_bits=10"),
        ("", "client_max_window_bits", "client_max_window_bits=10"),
    ):
        for response in itertools.product(
            ("", "server_no_context_takeover"),
            ("", "client_no_context_takeover"),
            ("", "server_max_window_bits=9", "server_max_window_bits=10",
             "server_max_window_bits=11"),
            ("", "client_max_window_bits=9", "client_max_window_bits=10",
             "client_max_window_bits=11"),
        ):
            made += [(with_params(*offer), with_params(*response))]
    made += [
        (with_params("client_no_context_takeover"), DEFLATE),
        (with_params("server_max_window_bits=8"), with_params("server_max_window_bits=8")),
        (with_params("server_max_window_bits=15"), DEFLATE),
        # names
        (DEFLATE, ""),
        (DEFLATE, "x"),
        (DEFLATE, "Permessage-Deflate"),
        (DEFLATE, "x-webkit-deflate-frame"),
        (DEFLATE, DEFLATE + ", x"),
        (DEFLATE, "x, " + DEFLATE),
        (DEFLATE, DEFLATE + ", " + DEFLATE),
        (DEFLATE, DEFLATE + ", " + with_params("x")),
        # grammar
        (DEFLATE, DEFLATE + ";"),
        (DEFLATE, DEFLATE + ","),
        (DEFLATE, ", " + DEFLATE),
        (DEFLATE, DEFLATE + "; server_max_window_bits = 10"),
        (DEFLATE, DEFLATE + ";\r\n server_max_window_bits=10"),
        (DEFLATE, DEFLATE + "; server_max_window_bits="),
    ]
    # fallback lists (RFC 7692 section 7.1.3)
    lists = [
        [with_params("server_max_window_bits=10"), DEFLATE],
        [with_params("client_max_window_bits", "server_no_context_takeover"), DEFLATE],
        [with_params("server_max_window_bits=9"), with_params("server_max_window_bits=11")],
    ]
    answers = [
        "", "server_max_window_bits=9", "server_max_window_bits=10", "server_max_window_bits=12",
        "client_max_window_bits=9", "server_no_context_takeover",
        "server_no_context_takeover; client_max_window_bits=9",
    ]
    for several, params in itertools.product(lists, answers):
        made += [(", ".join(several), with_params(params))]
    return made
