/* breaches.c
 * What is said of a frame that breaks the protocol.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "breaches.h"

/* Causes that breaches share. */
static const char remasked[] =
    "Seen when frames are written by hand, or when a proxy passes frames on without masking them "
    "anew for its side of the connection.";
static const char like_data[] =
    "Seen when frames are written by hand, or by a library that treats a Ping or Pong like a data "
    "frame.";
static const char close_like_data[] =
    "Seen when frames are written by hand, or by a library that treats a Close like a data frame: "
    "splits it, compresses it or puts no bound on the reason.";
static const char out_of_place[] =
    "Seen when frames are written by hand, when two threads write to one connection at the same "
    "time, or when a length is wrong, so that the next frame is looked for in the wrong place.";

const breach_words breaches_words[] = {
    [BIT_INDEX(WSCLOSE_BREACH_FRAGMENTED)] = {
        .brief = "in fragments",
        .causes = like_data,
        .close_causes = close_like_data,
    },
    [BIT_INDEX(WSCLOSE_BREACH_TOO_LONG)] = {
        .brief = "over 125 octets",
        .causes = like_data,
        .close_causes = close_like_data,
    },
    [BIT_INDEX(WSCLOSE_BREACH_RSV)] = {
        .brief = "a reserved bit is set",
        .causes = "Seen when one side compresses although permessage-deflate was not negotiated, or "
                  "when a proxy in between changes the negotiation or the frames.",
        .close_causes = close_like_data,
    },
    [BIT_INDEX(WSCLOSE_BREACH_MASKED)] = {
        .brief = "masked by the server",
        .causes = remasked,
    },
    [BIT_INDEX(WSCLOSE_BREACH_UNMASKED)] = {
        .brief = "not masked",
        .causes = remasked,
    },
    [BIT_INDEX(WSCLOSE_BREACH_ONE_OCTET)] = {
        .brief = "a body of one octet",
        .causes = "Seen when the body is written by hand or cut short by a buffer of the wrong size.",
    },
    [BIT_INDEX(WSCLOSE_BREACH_NOT_UTF8)] = {
        .brief = "a reason not in UTF-8",
        .causes = "Seen when an application passes bytes of another encoding as the reason, or cuts "
                  "a reason to 123 octets in the middle of a character.",
    },
    [BIT_INDEX(WSCLOSE_BREACH_CODE_RESERVED)] = {
        .brief = "{code} must not be sent",
        .causes = "Seen when an application passes on to close() a code that it was told (1005 and "
                  "1006 are made up by the receiving library), and its library does not stop it.",
    },
    [BIT_INDEX(WSCLOSE_BREACH_CODE_INVALID)] = {
        .brief = "{code} is no code",
        .causes = "Seen when an application closes with a number of its own choice, such as an HTTP "
                  "status or an exit status, and its library does not stop it.",
    },
    [BIT_INDEX(WSCLOSE_BREACH_OPCODE)] = {
        .brief = "an undefined opcode",
        .causes = out_of_place,
    },
    [BIT_INDEX(WSCLOSE_BREACH_SEQUENCE)] = {
        .brief = "fragments out of order",
        .causes = out_of_place,
    },
    [BIT_INDEX(WSCLOSE_BREACH_LENGTH)] = {
        .brief = "an impossible length",
        .causes = out_of_place,
    },
};
G_STATIC_ASSERT(G_N_ELEMENTS(breaches_words) == WSCLOSE_BREACH_COUNT);

static const char *
close_causes_of(const breach_words *breach)
{
    return breach->close_causes ? breach->close_causes : breach->causes;
}

void
breaches_append_close_causes(GString *text, unsigned breaches)
{
    const char *last = NULL;

    for (unsigned bit = 0; bit < WSCLOSE_BREACH_COUNT; bit++) {
        const char *causes = close_causes_of(&breaches_words[bit]);

        if (!HAS_BIT(breaches, bit) || causes == last)
            continue;
        g_string_append(text, last ? " " : "");
        g_string_append(text, causes);
        last = causes;
    }
}
