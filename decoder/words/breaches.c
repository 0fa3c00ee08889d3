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
        .sentence = "{Frame} is fragmented (FIN is not set); a control frame must never be (RFC "
                    "6455 section 5.4).",
        .causes = like_data,
        .close_causes = close_like_data,
    },
    [BIT_INDEX(WSCLOSE_BREACH_TOO_LONG)] = {
        .brief = "over 125 octets",
        .sentence = "{Frame} has a body of {length} octets; a control frame may have 125 (RFC 6455 "
                    "section 5.5).",
        .causes = like_data,
        .close_causes = close_like_data,
    },
    [BIT_INDEX(WSCLOSE_BREACH_RSV)] = {
        .brief = "a reserved bit is set",
        .sentence = "{Frame} has a reserved bit (RSV1, RSV2 or RSV3) set to which no negotiated "
                    "extension gives a meaning here (RFC 6455 section 5.2).",
        .causes = "Seen when one side compresses although permessage-deflate was not negotiated, "
                  "or when a proxy in between changes the negotiation or the frames.",
        .close_causes = close_like_data,
    },
    [BIT_INDEX(WSCLOSE_BREACH_MASKED)] = {
        .brief = "masked by the server",
        .sentence = "{Frame} is masked; only a client masks (RFC 6455 section 5.1).",
        .causes = remasked,
    },
    [BIT_INDEX(WSCLOSE_BREACH_UNMASKED)] = {
        .brief = "not masked",
        .sentence = "{Frame} is not masked; a client must mask every frame (RFC 6455 section 5.1).",
        .causes = remasked,
    },
    [BIT_INDEX(WSCLOSE_BREACH_ONE_OCTET)] = {
        .brief = "a body of one octet",
        .sentence = "{Frame} has a body of one octet; a body is empty or begins with the two "
                    "octets of a status code (RFC 6455 section 5.5.1).",
        .causes = "Seen when the body is written by hand or cut short by a buffer of the wrong "
                  "size.",
    },
    [BIT_INDEX(WSCLOSE_BREACH_NOT_UTF8)] = {
        .brief = "a reason not in UTF-8",
        .sentence = "{Frame} has a reason that is not UTF-8 (RFC 6455 section 5.5.1).",
        .causes = "Seen when an application passes bytes of another encoding as the reason, or "
                  "cuts a reason to 123 octets in the middle of a character.",
    },
    [BIT_INDEX(WSCLOSE_BREACH_CODE_RESERVED)] = {
        .brief = "{code} must not be sent",
        .sentence = "{Frame} carries {code} ({name}), a reserved value that must never be on the "
                    "wire (RFC 6455 section 7.4.1).",
        .causes = "Seen when an application passes on to close() a code that it was told (1005 and "
                  "1006 are made up by the receiving library), and its library does not stop it.",
    },
    [BIT_INDEX(WSCLOSE_BREACH_CODE_INVALID)] = {
        .brief = "{code} is no code",
        .sentence = "{Frame} carries {code}, which is no status code that an endpoint may send "
                    "(RFC 6455 section 7.4.2).",
        .causes = "Seen when an application closes with a number of its own choice, such as an "
                  "HTTP status or an exit status, and its library does not stop it.",
    },
    [BIT_INDEX(WSCLOSE_BREACH_OPCODE)] = {
        .brief = "an undefined opcode",
        .sentence = "{Frame} is of a kind that neither the protocol nor a negotiated extension "
                    "defines (RFC 6455 section 5.2).",
        .causes = out_of_place,
    },
    [BIT_INDEX(WSCLOSE_BREACH_SEQUENCE)] = {
        .brief = "fragments out of order",
        .sentence = "{Frame} {out of order} (RFC 6455 section 5.4).",
        .causes = out_of_place,
    },
    [BIT_INDEX(WSCLOSE_BREACH_LENGTH)] = {
        .brief = "an impossible length",
        .sentence = "{Frame} has a length of 64 bits whose first bit is set; that bit must be 0 "
                    "(RFC 6455 section 5.2).",
        .causes = out_of_place,
    },
};
G_STATIC_ASSERT(G_N_ELEMENTS(breaches_words) == WSCLOSE_BREACH_COUNT);

const char breach_nothing_to_continue[] = "continues a message, and there is none to continue";
const char breach_message_in_message[] =
    "begins a message before the fragmented one ahead of it has ended";

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

const char *
breaches_brief(unsigned bit)
{
    return breaches_words[bit].brief;
}
