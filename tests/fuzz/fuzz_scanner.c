/* fuzz_scanner.c
 * Any octets as a stream of frames, cut anywhere: the frames are those of the whole.
 *
 * The first octet says how the rest is cut: into pieces of so many octets, or whole for 0.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wsclose/scanner.h"

#include "input.h"
#include "oracle.h"

/* Append what was found to a record that compares. */
static void
record(GByteArray *found, const wsclose_scanned_frame *frame)
{
    const wsclose_frame *header = &frame->frame;
    const uint8_t bits[] = {header->fin, header->rsv, header->opcode, header->masked,
                            header->header_len, (uint8_t)frame->captured, frame->body != NULL};

    g_assert_cmpuint(frame->captured, <=, WSCLOSE_CONTROL_PAYLOAD_MAX);
    g_assert_cmpuint(frame->captured, <=, header->payload_len);
    g_byte_array_append(found, bits, sizeof bits);
    g_byte_array_append(found, header->masking_key, sizeof header->masking_key);
    g_byte_array_append(found, (const uint8_t *)&header->payload_len, sizeof header->payload_len);
    if (frame->captured > 0)
        g_byte_array_append(found, frame->body, (guint)frame->captured);
}

static GByteArray *
scan(const uint8_t *octets, size_t len, size_t piece, bool *lost, bool *within)
{
    GByteArray *found = g_byte_array_new();
    wsclose_scanner scanner;

    wsclose_scanner_init(&scanner);
    for (size_t at = 0; at < len; at += piece) {
        const size_t part = MIN(piece, len - at);
        /* A block of its own: a read beyond it is seen. */
        uint8_t *copy = g_malloc(part);
        wsclose_octets input = {copy, part, 0};
        wsclose_scanned_frame frame;

        memcpy(copy, octets + at, part);
        while (wsclose_scanner_next(&scanner, &input, &frame))
            record(found, &frame);
        g_assert_cmpuint(input.captured, ==, 0);
        g_free(copy);
    }
    g_assert_true(!wsclose_scanner_is_in_payload(&scanner) || wsclose_scanner_is_within_frame(&scanner));
    *lost = wsclose_scanner_is_lost(&scanner);
    *within = wsclose_scanner_is_within_frame(&scanner);
    wsclose_scanner_clear(&scanner);
    return found;
}

/* Octets that the capture lacks: whatever they are, the scanner ends what it is given. */
static void
scan_with_gaps(const uint8_t *octets, size_t len, size_t piece)
{
    wsclose_scanner scanner;

    wsclose_scanner_init(&scanner);
    for (size_t at = 0; at < len; at += 2 * piece) {
        wsclose_octets input = {octets + at, MIN(piece, len - at), piece};
        wsclose_scanned_frame frame;

        while (wsclose_scanner_next(&scanner, &input, &frame))
            g_assert_cmpuint(frame.captured, <=, WSCLOSE_CONTROL_PAYLOAD_MAX);
        g_assert_cmpuint(input.lacking, ==, 0);
    }
    wsclose_scanner_lose(&scanner);
    g_assert_true(wsclose_scanner_is_lost(&scanner));
    wsclose_octets rest = {octets, len, 0};
    wsclose_scanned_frame none;
    g_assert_false(wsclose_scanner_next(&scanner, &rest, &none));
    wsclose_scanner_clear(&scanner);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    bool lost[2];
    bool within[2];

    if (size < 2)
        return 0;
    const size_t piece = data[0] > 0 ? data[0] : size;
    GByteArray *whole = scan(data + 1, size - 1, size, &lost[0], &within[0]);
    statements++;
    GByteArray *cut = scan(data + 1, size - 1, piece, &lost[1], &within[1]);

    g_assert_cmpmem(whole->data, whole->len, cut->data, cut->len);
    g_assert_true(lost[0] == lost[1] && within[0] == within[1]);
    scan_with_gaps(data + 1, size - 1, piece);
    g_byte_array_free(whole, TRUE);
    g_byte_array_free(cut, TRUE);
    return 0;
}
