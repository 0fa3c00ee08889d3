/* utf8_stream.c
 * Whether a text that comes in pieces, masked, is UTF-8 (RFC 3629 section 4). GLib can tell that of a
 * text in one piece only.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <string.h>

#include "wsclose/scanner.h"

#define LATER_LOWER 0x80
#define LATER_UPPER 0xBF

/* The first octet of a character; that of a longer one tells what the second one may be. */
static void
begin_character(wsclose_utf8 *text, uint8_t octet)
{
    text->lower = LATER_LOWER;
    text->upper = LATER_UPPER;
    if (octet < 0x80) {
        text->left = 0;
    } else if (octet >= 0xC2 && octet <= 0xDF) {
        text->left = 1;
    } else if (octet >= 0xE0 && octet <= 0xEF) {
        text->left = 2;
        text->lower = octet == 0xE0 ? 0xA0 : LATER_LOWER;
        text->upper = octet == 0xED ? 0x9F : LATER_UPPER;
    } else if (octet >= 0xF0 && octet <= 0xF4) {
        text->left = 3;
        text->lower = octet == 0xF0 ? 0x90 : LATER_LOWER;
        text->upper = octet == 0xF4 ? 0x8F : LATER_UPPER;
    } else {
        text->broken = true;
    }
}

static void
take_octet(wsclose_utf8 *text, uint8_t octet)
{
    if (text->left == 0) {
        begin_character(text, octet);
        return;
    }
    text->broken = octet < text->lower || octet > text->upper;
    text->left--;
    text->lower = LATER_LOWER;
    text->upper = LATER_UPPER;
}

/* How many octets from the first one on are ASCII, in steps of eight; most text is. */
static size_t
ascii_run(const uint8_t *octets, size_t len, const uint8_t key[4], uint64_t offset)
{
    const uint64_t high = UINT64_C(0x8080808080808080);
    uint8_t turned[8];
    uint64_t mask;
    size_t run = 0;

    for (size_t i = 0; i < sizeof turned; i++)
        turned[i] = key[(offset + i) % 4];
    memcpy(&mask, turned, sizeof mask);
    for (; len - run >= sizeof mask; run += sizeof mask) {
        uint64_t eight;

        memcpy(&eight, octets + run, sizeof eight);
        if ((eight ^ mask) & high)
            break;
    }
    return run;
}

void
wsclose_utf8_take(wsclose_utf8 *text, const uint8_t *octets, size_t len, const uint8_t key[4],
                  uint64_t offset)
{
    size_t at = 0;

    while (at < len && !text->broken) {
        if (text->left == 0)
            at += ascii_run(octets + at, len - at, key, offset + at);
        /* Not all of a stretch that is not ASCII: what follows may be. */
        for (size_t end = at + 8; at < len && at < end && !text->broken; at++)
            take_octet(text, octets[at] ^ key[(offset + at) % 4]);
    }
}

bool
wsclose_utf8_is_whole(const wsclose_utf8 *text)
{
    return !text->broken && text->left == 0;
}
