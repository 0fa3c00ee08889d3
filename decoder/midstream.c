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

#define SEGMENTS_MAX 24
#define MISFITS_MAX 2

/* Two of three reserved bits, an opcode of six in sixteen, control frames whole. */
#define HEADER_BITS 4
#define MASK_BITS 1
#define LENGTH_BITS 7 /* the frames end where the segment does */
#define CLOSE_BITS 10 /* a registered code of two octets, text behind it */
#define TEXT_BITS 6   /* four octets and more of text without control characters */
#define TEXT_MIN 4

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

/* What a payload says beyond its length; as much of it as tells. */
static unsigned
payload_bits(const wsclose_frame *frame, const uint8_t *payload)
{
    uint8_t unmasked[WSCLOSE_CONTROL_PAYLOAD_MAX];
    const size_t len = (size_t)MIN(frame->payload_len, sizeof unmasked);

    wsclose_unmask(unmasked, payload, len, frame->masking_key, 0);
    if (frame->opcode == WSCLOSE_OPCODE_TEXT && frame->rsv == 0 && len >= TEXT_MIN) {
        /* A character may be cut where it is looked at. */
        const size_t whole = frame->payload_len > len ? len - 3 : len;

        return is_readable(unmasked, whole) ? TEXT_BITS : 0;
    }
    if (frame->opcode == WSCLOSE_OPCODE_CLOSE && len >= 2)
        return CLOSE_BITS;
    return 0;
}

static bool
is_legal(const wsclose_frame *frame, const uint8_t *payload, wsclose_endpoint sender)
{
    uint8_t unmasked[WSCLOSE_CONTROL_PAYLOAD_MAX];
    wsclose_close_body body;

    if (wsclose_frame_breaches(frame, sender, WSCLOSE_RSV1, false) != 0)
        return false;
    if (frame->opcode != WSCLOSE_OPCODE_CLOSE)
        return true;
    wsclose_unmask(unmasked, payload, (size_t)frame->payload_len, frame->masking_key, 0);
    wsclose_close_body_decode(unmasked, (size_t)frame->payload_len, frame->payload_len, &body);
    return wsclose_close_breaches(frame, &body, sender) == 0;
}

/* Evidence that octets are whole frames of a sender; 0 where they are not. */
static unsigned
evidence(const uint8_t *octets, size_t len, wsclose_endpoint sender)
{
    unsigned bits = LENGTH_BITS;

    while (len > 0) {
        wsclose_frame frame;

        if (!wsclose_frame_decode(octets, len, &frame) ||
            frame.payload_len > len - frame.header_len ||
            !is_legal(&frame, octets + frame.header_len, sender))
            return 0;
        bits += HEADER_BITS + MASK_BITS + payload_bits(&frame, octets + frame.header_len);
        octets += frame.header_len + frame.payload_len;
        len -= frame.header_len + (size_t)frame.payload_len;
    }
    return MIN(bits, 2 * CLIENT_BITS);
}

static bool
is_enough(const midstream *seen, size_t client)
{
    const unsigned of_client = seen->as_client[client];
    const unsigned of_server = seen->as_server[1 - client];

    return of_client >= CLIENT_BITS && of_server >= SERVER_BITS &&
           of_client + of_server >= ALL_BITS;
}

midstream_verdict
midstream_look(midstream *seen, size_t side, const uint8_t *octets, size_t len)
{
    const unsigned as_client = evidence(octets, len, WSCLOSE_ENDPOINT_CLIENT);
    const unsigned as_server = evidence(octets, len, WSCLOSE_ENDPOINT_SERVER);

    seen->segments[side]++;
    seen->as_client[side] += (uint16_t)as_client;
    seen->as_server[side] += (uint16_t)as_server;
    if (as_client == 0 && as_server == 0 && ++seen->misfits[side] > MISFITS_MAX)
        return MIDSTREAM_NONE;
    /* One frame is masked, the next is not: no endpoint does so. */
    if (seen->as_client[side] > 0 && seen->as_server[side] > 0)
        return MIDSTREAM_NONE;
    if (is_enough(seen, 0))
        return MIDSTREAM_CLIENT_0;
    if (is_enough(seen, 1))
        return MIDSTREAM_CLIENT_1;
    return seen->segments[side] >= SEGMENTS_MAX ? MIDSTREAM_NONE : MIDSTREAM_UNDECIDED;
}
