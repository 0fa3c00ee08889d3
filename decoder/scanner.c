/* scanner.c
 * Frames out of octets that come in any cut (RFC 6455 section 5.2).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wsclose/scanner.h"

#include <glib.h>
#include <string.h>

#include "octets.h"

void
wsclose_scanner_init(wsclose_scanner *scanner)
{
    *scanner = (wsclose_scanner){ 0 };
}

void
wsclose_scanner_clear(wsclose_scanner *scanner)
{
    g_free(scanner->body);
    wsclose_scanner_init(scanner);
}

void
wsclose_scanner_lose(wsclose_scanner *scanner)
{
    scanner->lost = true;
    scanner->in_payload = false;
}

bool
wsclose_scanner_is_lost(const wsclose_scanner *scanner)
{
    return scanner->lost;
}

bool
wsclose_scanner_is_within_frame(const wsclose_scanner *scanner)
{
    return !scanner->lost && (scanner->in_payload || scanner->header_len > 0);
}

static void
pass_all(wsclose_octets *input)
{
    *input = (wsclose_octets){ 0 };
}

/* A header, from the octets kept of it and those that come. Returns whether it is there in full. */
static bool
take_header(wsclose_scanner *scanner, wsclose_octets *input)
{
    while (input->captured > 0) {
        /* A decoder needs no more than this many; what is too much stays in the input. */
        const size_t had = scanner->header_len;
        const size_t more = MIN(input->captured, WSCLOSE_FRAME_HEADER_MAX - had);
        wsclose_frame frame;

        memcpy(scanner->header + had, input->data, more);
        if (wsclose_frame_decode(scanner->header, had + more, &frame)) {
            octets_pass(input, frame.header_len - had);
            scanner->frame = frame;
            scanner->header_len = 0;
            return true;
        }
        scanner->header_len = (uint8_t)(had + more);
        octets_pass(input, more);
    }
    scanner->lost |= input->lacking > 0;
    return false;
}

static void
begin_payload(wsclose_scanner *scanner)
{
    scanner->in_payload = true;
    scanner->left = scanner->frame.payload_len;
    scanner->captured = 0;
    if (scanner->frame.opcode == WSCLOSE_OPCODE_CLOSE && !scanner->body)
        scanner->body = g_malloc(WSCLOSE_CONTROL_PAYLOAD_MAX);
    /* RFC 6455 section 5.2: its first bit must be 0. */
    scanner->lost = scanner->left >> 63 != 0;
    if (scanner->lost)
        scanner->left = 0;
}

/* What there is of a Close frame's body, before the first octet that the capture lacks. */
static void
keep_body(wsclose_scanner *scanner, const uint8_t *octets, size_t len)
{
    const uint64_t offset = scanner->frame.payload_len - scanner->left;
    const size_t room = WSCLOSE_CONTROL_PAYLOAD_MAX - scanner->captured;

    if (scanner->frame.opcode != WSCLOSE_OPCODE_CLOSE || offset != scanner->captured)
        return;
    len = MIN(len, room);
    wsclose_unmask(scanner->body + scanner->captured, octets, len, scanner->frame.masking_key,
                   offset);
    scanner->captured += (uint8_t)len;
}

/* Pass over payload. Returns whether all of it has come. */
static bool
take_payload(wsclose_scanner *scanner, wsclose_octets *input)
{
    const size_t there = (size_t)MIN(input->captured, scanner->left);

    keep_body(scanner, input->data, there);
    octets_pass(input, there);
    scanner->left -= there;
    if (scanner->left > 0) {
        const uint64_t lacking = MIN(input->lacking, scanner->left);

        input->lacking -= lacking;
        scanner->left -= lacking;
    }
    return scanner->left == 0;
}

bool
wsclose_scanner_next(wsclose_scanner *scanner, wsclose_octets *input, wsclose_scanned_frame *out)
{
    if (!scanner->lost && !scanner->in_payload && take_header(scanner, input))
        begin_payload(scanner);
    if (scanner->in_payload && take_payload(scanner, input)) {
        const bool is_close = scanner->frame.opcode == WSCLOSE_OPCODE_CLOSE;

        scanner->in_payload = false;
        *out = (wsclose_scanned_frame){
            .frame = scanner->frame,
            .body = is_close ? scanner->body : NULL,
            .captured = is_close ? scanner->captured : 0,
        };
        return true;
    }
    pass_all(input);
    return false;
}

#define RSV_COMPRESSED 0x4 /* RSV1, RFC 7692 section 6 */

/* A frame that stands in the octets as a whole, and that its sender may send. */
static bool
is_plausible(const wsclose_frame *frame, size_t len, wsclose_side sender)
{
    return frame->payload_len <= len - frame->header_len &&
           wsclose_frame_breaches(frame, sender, RSV_COMPRESSED, false) == 0;
}

static bool
is_legal_close(const wsclose_frame *frame, const uint8_t *octets, wsclose_side sender)
{
    uint8_t unmasked[WSCLOSE_CONTROL_PAYLOAD_MAX];
    wsclose_close_body body;

    if (frame->payload_len > sizeof unmasked)
        return false;
    wsclose_unmask(unmasked, octets + frame->header_len, (size_t)frame->payload_len,
                   frame->masking_key, 0);
    wsclose_close_body_decode(unmasked, (size_t)frame->payload_len, frame->payload_len, &body);
    return wsclose_close_breaches(frame, &body, sender) == 0;
}

wsclose_fill
wsclose_frames_fill(const uint8_t *octets, size_t len, wsclose_side sender)
{
    wsclose_fill fill = WSCLOSE_FILL_NONE;

    while (len > 0) {
        wsclose_frame frame;

        if (!wsclose_frame_decode(octets, len, &frame) || !is_plausible(&frame, len, sender))
            return WSCLOSE_FILL_NONE;
        fill = frame.opcode == WSCLOSE_OPCODE_CLOSE && is_legal_close(&frame, octets, sender)
                   ? WSCLOSE_FILL_CLOSE
                   : WSCLOSE_FILL_FRAMES;
        octets += frame.header_len + frame.payload_len;
        len -= frame.header_len + (size_t)frame.payload_len;
    }
    return fill;
}
