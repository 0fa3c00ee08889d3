/* scanner.c
 * Frames out of octets that come in any cut (RFC 6455 section 5.2).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wsclose/scanner.h"

#include <glib.h>
#include <string.h>

#include "octets.h"

#define DIGEST_BEGIN 2166136261u
#define DIGEST_PRIME 16777619u

void
wsclose_scanner_init(wsclose_scanner *scanner)
{
    *scanner = (wsclose_scanner){ 0 };
}

void
wsclose_scanner_clear(wsclose_scanner *scanner)
{
    const bool reads_text = scanner->reads_text;

    g_free(scanner->body);
    wsclose_scanner_init(scanner);
    scanner->reads_text = reads_text;
}

void
wsclose_scanner_lose(wsclose_scanner *scanner)
{
    scanner->lost = true;
    scanner->in_payload = scanner->in_text = false;
}

bool
wsclose_scanner_is_lost(const wsclose_scanner *scanner)
{
    return scanner->lost;
}

bool
wsclose_scanner_is_in_payload(const wsclose_scanner *scanner)
{
    return !scanner->lost && scanner->in_payload;
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

/* RFC 6455 section 5.4: control frames may stand within a message. */
static void
begin_message(wsclose_scanner *scanner)
{
    const wsclose_frame *frame = &scanner->frame;

    if (wsclose_opcode_is_control(frame->opcode) || frame->opcode == WSCLOSE_OPCODE_CONTINUATION)
        return;
    scanner->lacks = false;
    if (!scanner->reads_text)
        return;
    scanner->in_text = frame->opcode == WSCLOSE_OPCODE_TEXT && frame->rsv == 0;
    scanner->utf8 = (wsclose_utf8){ 0 };
}

static void
begin_payload(wsclose_scanner *scanner)
{
    begin_message(scanner);
    scanner->digest = DIGEST_BEGIN;
    scanner->in_payload = true;
    scanner->is_taken = false;
    scanner->left = scanner->frame.payload_len;
    scanner->captured = 0;
    scanner->control_lacks = false;
    if (scanner->frame.opcode == WSCLOSE_OPCODE_CLOSE && !scanner->body)
        scanner->body = g_malloc(WSCLOSE_CONTROL_PAYLOAD_MAX);
    /* RFC 6455 section 5.2: its first bit must be 0. */
    scanner->lost = scanner->left >> 63 != 0;
    if (scanner->lost)
        scanner->left = 0;
}

/* FNV-1a: nobody has to be kept from making two payloads with the same one. */
static void
digest_payload(wsclose_scanner *scanner, const uint8_t *octets, size_t len, uint64_t offset)
{
    for (size_t i = 0; i < len; i++) {
        scanner->digest ^= octets[i] ^ scanner->frame.masking_key[(offset + i) % 4];
        scanner->digest *= DIGEST_PRIME;
    }
}

/* What there is of a Close frame's body, before the first octet that the capture lacks. */
static void
keep_body(wsclose_scanner *scanner, const uint8_t *octets, size_t len, uint64_t offset)
{
    const size_t room = WSCLOSE_CONTROL_PAYLOAD_MAX - scanner->captured;

    if (offset != scanner->captured)
        return;
    len = MIN(len, room);
    wsclose_unmask(scanner->body + scanner->captured, octets, len, scanner->frame.masking_key,
                   offset);
    scanner->captured += (uint8_t)len;
}

/* Read what matters of a payload. */
static void
read_payload(wsclose_scanner *scanner, const uint8_t *octets, size_t len)
{
    const wsclose_frame *frame = &scanner->frame;
    const uint64_t offset = frame->payload_len - scanner->left;

    if (frame->opcode == WSCLOSE_OPCODE_CLOSE)
        keep_body(scanner, octets, len, offset);
    else if (wsclose_opcode_is_control(frame->opcode))
        digest_payload(scanner, octets, len, offset);
    else if (scanner->in_text)
        wsclose_utf8_take(&scanner->utf8, octets, len, frame->masking_key, offset);
}

/* Whether a text message turns out not to be UTF-8 with the frame that ends; told once. */
static bool
ends_not_utf8(wsclose_scanner *scanner)
{
    const wsclose_frame *frame = &scanner->frame;

    if (!scanner->in_text || wsclose_opcode_is_control(frame->opcode))
        return false;
    const bool broken = frame->fin ? !wsclose_utf8_is_whole(&scanner->utf8) : scanner->utf8.broken;
    scanner->in_text = !frame->fin && !broken;
    return broken;
}

/* Octets of the payload are lacking. */
static void
note_lack(wsclose_scanner *scanner)
{
    if (wsclose_opcode_is_control(scanner->frame.opcode)) {
        scanner->control_lacks = true;
    } else {
        scanner->in_text = false;
        scanner->lacks = true;
    }
}

/* Pass over payload. Returns whether all of it has come. */
static bool
take_payload(wsclose_scanner *scanner, wsclose_octets *input)
{
    const size_t there = (size_t)MIN(input->captured, scanner->left);

    read_payload(scanner, input->data, there);
    octets_pass(input, there);
    scanner->left -= there;
    if (scanner->left > 0) {
        const uint64_t lacking = MIN(input->lacking, scanner->left);

        input->lacking -= lacking;
        scanner->left -= lacking;
        if (lacking > 0)
            note_lack(scanner);
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
            .digest = scanner->digest,
            .is_taken = scanner->is_taken,
            .not_utf8 = ends_not_utf8(scanner),
            .lacks = wsclose_opcode_is_control(scanner->frame.opcode) ? scanner->control_lacks
                                                                      : scanner->lacks,
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
