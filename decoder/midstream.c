/* midstream.c
 * Whether a TCP connection that had begun before the capture carries frames of WebSocket.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "midstream.h"

#include <glib.h>
#include <string.h>

#include "wsclose/code.h"
#include "wsclose/frame.h"

/* No doubt is left: one in 2^40 of other octets would look like it. */
#define CLIENT_BITS 20
#define SERVER_BITS 12
#define ALL_BITS 40

/* A capture may begin within a long message; once frames were seen, there are few misfits. */
#define SEGMENTS_MAX 24
#define EARLY_MISFITS_MAX 16
#define MISFITS_MAX 2

/* Longer frames are not followed to their end: with a wrong length, nothing would be looked at. */
#define OPEN_MAX 131072

/* Two of three reserved bits, an opcode of six in sixteen, control frames whole. */
#define HEADER_BITS 4
#define MASK_BITS 1
#define LENGTH_BITS 7 /* the frames end where the segment does */
#define CLOSE_BITS 3  /* one first octet of all that a header may have */
#define TEXT_BITS 6   /* four octets and more of text without control characters */
#define TEXT_MIN 4

/* A code, text behind it: one of 17, or of 2000, in 65536. */
#define CODE_BITS 12
#define PRIVATE_CODE_BITS 5
#define SAME_CODE_BITS 8 /* for each side, that both have the same */

/* Not a legal code, but what implementations send that take it for one. */
#define CODE_FIRST 999
#define CODE_LAST 1015

/* Text as people and programs send it; unmasked by chance, octets are none. */
static bool
is_readable(const uint8_t *text, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if (text[i] < ' ' && text[i] != '\n' && text[i] != '\r' && text[i] != '\t')
            return false;
    }
    return g_utf8_validate_len((const char *)text, len, NULL);
}

static unsigned
code_bits(uint16_t code)
{
    if (code >= CODE_FIRST && code <= CODE_LAST)
        return CODE_BITS;
    return code >= 3000 && code <= 4999 ? PRIVATE_CODE_BITS : 0;
}

/* What an unmasked payload says beyond its length; as much of it as there is. */
static unsigned
payload_bits(midstream_side *seen, const wsclose_frame *frame, const uint8_t *payload, size_t len)
{
    if (frame->opcode == WSCLOSE_OPCODE_TEXT && frame->rsv == 0 && len >= TEXT_MIN) {
        /* A character may be cut where it is looked at. */
        const size_t whole = frame->payload_len > len ? len - 3 : len;

        return is_readable(payload, whole) ? TEXT_BITS : 0;
    }
    if (frame->opcode != WSCLOSE_OPCODE_CLOSE)
        return 0;
    if (len < 2)
        return CLOSE_BITS;
    seen->close_code = (uint16_t)(payload[0] << 8 | payload[1]);
    return CLOSE_BITS + (is_readable(payload + 2, len - 2) ? code_bits(seen->close_code) : 0);
}

static unsigned
frame_bits(midstream_side *seen, const wsclose_frame *frame, const uint8_t *payload,
           size_t captured)
{
    uint8_t unmasked[WSCLOSE_CONTROL_PAYLOAD_MAX];
    const size_t len = MIN(captured, sizeof unmasked);

    /* Octets that repeat, as zeros do, are frames that go on with nothing, or that are empty. */
    if (frame->opcode == WSCLOSE_OPCODE_CONTINUATION ||
        (frame->opcode < WSCLOSE_OPCODE_CLOSE && frame->payload_len == 0))
        return 0;
    wsclose_unmask(unmasked, payload, len, frame->masking_key, 0);
    return HEADER_BITS + MASK_BITS + payload_bits(seen, frame, unmasked, len);
}

static void
add_evidence(midstream_side *seen, bool masked, unsigned bits)
{
    uint16_t *sum = masked ? &seen->as_client : &seen->as_server;

    *sum = (uint16_t)MIN(*sum + bits, 2 * ALL_BITS);
}

/* Take one frame. Returns how many of the octets are of it, 0 where they begin none. */
static size_t
take_frame(midstream_side *seen, const uint8_t *octets, size_t len, unsigned *bits, bool *masked)
{
    wsclose_frame frame;

    if (!wsclose_frame_decode(octets, len, &frame))
        return 0;
    const wsclose_side sender = frame.masked ? WSCLOSE_CLIENT : WSCLOSE_SERVER;
    const size_t left = len - frame.header_len;
    const bool whole = frame.payload_len <= left;
    if (wsclose_frame_breaches(&frame, sender, WSCLOSE_RSV1, false) != 0 ||
        (!whole && (frame.opcode >= WSCLOSE_OPCODE_CLOSE || frame.payload_len > OPEN_MAX)))
        return 0;
    const size_t captured = whole ? (size_t)frame.payload_len : left;
    const unsigned of_frame = frame_bits(seen, &frame, octets + frame.header_len, captured);
    *masked = frame.masked;
    if (whole) {
        *bits += of_frame;
    } else {
        seen->is_open = true;
        seen->open = (uint32_t)(frame.payload_len - left);
        seen->open_is_masked = frame.masked;
        seen->pending = (uint8_t)of_frame;
    }
    return frame.header_len + captured;
}

/* Take whole frames, and the beginning of one more. Returns whether there is nothing else. */
static bool
take_frames(midstream_side *seen, const uint8_t *octets, size_t len)
{
    bool has_frame = seen->is_open;
    bool masked = seen->open_is_masked;
    unsigned bits = has_frame ? seen->pending : 0;

    seen->is_open = false;
    while (len > 0) {
        bool other;
        const size_t taken = take_frame(seen, octets, len, &bits, &other);

        /* One frame is masked, the next is not: no endpoint does so. */
        if (taken == 0 || (has_frame && other != masked))
            return false;
        has_frame = true;
        masked = other;
        octets += taken;
        len -= taken;
    }
    /* Where the last frame is not whole, nothing shows that the lengths fit. */
    if (bits > 0 && !seen->is_open)
        bits += LENGTH_BITS;
    add_evidence(seen, masked, bits);
    return has_frame;
}

static midstream_fit
look(midstream_side *seen, const uint8_t *octets, size_t len)
{
    midstream_side after = *seen;

    if (seen->is_open && seen->open > len) {
        seen->open -= (uint32_t)len;
        return MIDSTREAM_WITHIN;
    }
    const size_t skipped = seen->is_open ? seen->open : 0;
    const bool fits = take_frames(&after, octets + skipped, len - skipped);
    if (fits)
        *seen = after;
    else
        seen->is_open = false;
    return fits ? MIDSTREAM_FRAMES : MIDSTREAM_MISFIT;
}

static bool
is_enough(const midstream *seen, size_t client)
{
    const midstream_side *own = &seen->directions[client];
    const midstream_side *other = &seen->directions[1 - client];
    const unsigned same =
        own->close_code != 0 && own->close_code == other->close_code ? SAME_CODE_BITS : 0;
    const unsigned of_client = own->as_client + same;
    const unsigned of_server = other->as_server + same;

    return of_client >= CLIENT_BITS && of_server >= SERVER_BITS &&
           of_client + of_server >= ALL_BITS;
}

/* One frame is masked, another is not. */
static bool
is_mixed(const midstream_side *seen)
{
    return seen->as_client > 0 && seen->as_server > 0;
}

static bool
has_evidence(const midstream_side *seen)
{
    return seen->as_client > 0 || seen->as_server > 0;
}

static bool
is_given_up(const midstream_side *seen)
{
    return seen->misfits > (has_evidence(seen) ? MISFITS_MAX : EARLY_MISFITS_MAX) ||
           seen->segments >= SEGMENTS_MAX;
}

midstream_verdict
midstream_look(midstream *seen, size_t direction, const uint8_t *octets, size_t len)
{
    midstream_side *own = &seen->directions[direction];
    const bool had_evidence = has_evidence(own);

    seen->fit = look(own, octets, len);
    if (seen->fit == MIDSTREAM_MISFIT)
        own->misfits++;
    else if (seen->fit == MIDSTREAM_FRAMES)
        own->segments++;
    if (!had_evidence && has_evidence(own))
        own->misfits = 0;
    if (is_mixed(own))
        return MIDSTREAM_NONE;
    if (is_enough(seen, 0))
        return MIDSTREAM_CLIENT_0;
    if (is_enough(seen, 1))
        return MIDSTREAM_CLIENT_1;
    return is_given_up(own) ? MIDSTREAM_NONE : MIDSTREAM_UNDECIDED;
}

void
midstream_skip(midstream *seen, size_t direction, uint64_t octets)
{
    midstream_side *own = &seen->directions[direction];

    if (own->is_open && own->open > octets)
        own->open -= (uint32_t)octets;
    else
        own->is_open = false;
}
