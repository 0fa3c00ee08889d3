/* faults.c
 * What is said of a response that the client must reject.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "faults.h"

/* The end of a sentence on a fault. */
#define REJECT ": the client must reject it (RFC 6455 section 4.1)."

/* Texts that faults share. */
static const char by_hand[] =
    "Seen when a server writes the response by hand, or when a proxy or a cache answers in place "
    "of the WebSocket server.";
static const char correct_accept[] =
    "Correct the server, or the proxy that answers in its place: Sec-WebSocket-Accept is computed "
    "anew from each request's Sec-WebSocket-Key (RFC 6455 section 4.2.2).";
static const char fixed_extensions[] =
    "Seen when a server is set to a fixed Sec-WebSocket-Extensions, when it does not read the "
    "parameters of the client's offer, or when a proxy in between changes the offer on its way.";
static const char stripped[] =
    "Seen when a proxy in front of the server removes the header, as it is meant for one hop only, "
    "or when a server writes the response by hand.";
static const char pass_on[] =
    "Correct the server (a 101 has Upgrade: websocket and Connection: Upgrade, RFC 6455 section "
    "4.2.2), or let the proxy in front of it pass both headers on " PASS_ON_IN_NGINX ".";

const fault_words faults_words[] = {
    [BIT_INDEX(WSCLOSE_FAULT_UPGRADE)] = {
        .brief = "no Upgrade: websocket",
        .sentence = "The {response} does not have the header Upgrade: websocket" REJECT,
        .causes = stripped,
        .fix = pass_on,
    },
    [BIT_INDEX(WSCLOSE_FAULT_CONNECTION)] = {
        .brief = "no Connection: Upgrade",
        .sentence = "The {response} does not have the header Connection: Upgrade" REJECT,
        .causes = stripped,
        .fix = pass_on,
    },
    [BIT_INDEX(WSCLOSE_FAULT_ACCEPT_MISSING)] = {
        .brief = "no Sec-WebSocket-Accept",
        .sentence = "The {response} has no Sec-WebSocket-Accept" REJECT,
        .causes = by_hand,
        .fix = correct_accept,
    },
    [BIT_INDEX(WSCLOSE_FAULT_ACCEPT_WRONG)] = {
        .brief = "wrong Sec-WebSocket-Accept",
        .sentence = "Sec-WebSocket-Accept in the {response} does not fit the request's "
                    "Sec-WebSocket-Key" REJECT,
        .causes = by_hand,
        .fix = correct_accept,
    },
    [BIT_INDEX(WSCLOSE_FAULT_ACCEPT_TWICE)] = {
        .brief = "Sec-WebSocket-Accept twice",
        .sentence = "The {response} has more than one Sec-WebSocket-Accept: the client must reject "
                    "it (RFC 6455 section 11.3.3).",
        .causes = "Seen when both a server and a proxy, or two handlers on one server, answer the "
                  "same request.",
        .fix = "Let one of those that answer the request write Sec-WebSocket-Accept: a 101 has it "
               "once (RFC 6455 section 11.3.3).",
    },
    [BIT_INDEX(WSCLOSE_FAULT_SUBPROTOCOL)] = {
        .brief = "a subprotocol that was not offered",
        .sentence = "The {response} chooses a subprotocol that the client did not offer" REJECT,
        .causes = "Seen when a server is set to a fixed Sec-WebSocket-Protocol, or names its first "
                  "one where it knows none of the client's.",
        .fix = "Correct the server: it may name one of the subprotocols that the client offered in "
               "Sec-WebSocket-Protocol, or none. Or let the client offer the one that the server "
               "names.",
    },
    [BIT_INDEX(WSCLOSE_FAULT_EXT_UNSOLICITED)] = {
        .brief = "{unsolicited} was not offered",
        .sentence = "The {response} accepts an extension that the client did not offer" REJECT,
        .causes = fixed_extensions,
        .fix = "Correct the server: its Sec-WebSocket-Extensions may name only extensions that the "
               "client offered. See whether a proxy in between removes the client's offer.",
    },
    [BIT_INDEX(WSCLOSE_FAULT_EXT_INVALID)] = {
        .brief = "{invalid} answered against the rules",
        .sentence = "The {response} answers an extension in a way that its offer or its rules do "
                    "not allow: the client must reject it (RFC 6455 section 9.1).",
        .causes = fixed_extensions,
        .fix = "Correct the server: its Sec-WebSocket-Extensions may have only the parameters that "
               "the client's offer and the extension's own rules allow.",
    },
};
G_STATIC_ASSERT(G_N_ELEMENTS(faults_words) == WSCLOSE_FAULT_COUNT);
