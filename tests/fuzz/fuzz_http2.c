/* fuzz_http2.c
 * Any octets as a frame of HTTP/2: what is read of it lies within, and its payload feeds the scanner.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wsclose/http2.h"

#include "input.h"
#include "oracle.h"

static void
scan(wsclose_octets input)
{
    wsclose_scanner scanner;
    wsclose_scanned_frame found;

    for (int sender = WSCLOSE_CLIENT; sender <= WSCLOSE_SERVER; sender++) {
        const wsclose_fill fill =
            wsclose_frames_fill(input.data, input.captured, (wsclose_side)sender);
        wsclose_octets rest = {input.data, input.captured, 0};

        if (fill == WSCLOSE_FILL_NONE)
            continue;
        /* What is filled by frames leaves a scanner between two of them. */
        wsclose_scanner_init(&scanner);
        while (wsclose_scanner_next(&scanner, &rest, &found))
            g_assert_true(found.frame.masked == (sender == WSCLOSE_CLIENT));
        g_assert_false(wsclose_scanner_is_within_frame(&scanner));
        g_assert_true(fill != WSCLOSE_FILL_CLOSE || found.frame.opcode == WSCLOSE_OPCODE_CLOSE);
        wsclose_scanner_clear(&scanner);
    }
    wsclose_scanner_init(&scanner);
    while (wsclose_scanner_next(&scanner, &input, &found))
        g_assert_cmpuint(found.captured, <=, WSCLOSE_CONTROL_PAYLOAD_MAX);
    g_assert_cmpuint(input.lacking, ==, 0);
    wsclose_scanner_clear(&scanner);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    wsclose_http2_frame frame;

    if (!wsclose_http2_frame_decode(data, size, &frame))
        return 0;
    statements++;
    g_assert_cmpuint(frame.captured, <=, size - WSCLOSE_HTTP2_HEADER_LEN);
    g_assert_cmpuint(frame.captured, <=, frame.payload_len);
    scan((wsclose_octets){frame.payload, frame.captured, frame.payload_len - frame.captured});
    if (size > WSCLOSE_HTTP2_HEADER_LEN) {
        const wsclose_slice text = {(const char *)frame.payload, frame.captured};
        const unsigned status = wsclose_status_parse(text);

        g_assert_true(status == 0 || (status >= 100 && status <= 999));
        g_assert_false(wsclose_connect_is_websocket(text, text));
    }
    return 0;
}
