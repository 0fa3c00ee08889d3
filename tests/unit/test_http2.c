/* test_http2.c
 * Frames of HTTP/2, cut anywhere, and the header fields of an extended CONNECT.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wsclose/http2.h"

#include "exact_copy.h"

#define FRAME(octets) octets, sizeof(octets) - 1

/* Decode from a block of exactly so many octets; the copy is the caller's. */
static char *
decode(const char *octets, size_t len, wsclose_http2_frame *out)
{
    char *copy = exact_copy(octets, len);

    g_assert_true(wsclose_http2_frame_decode((const uint8_t *)copy, len, out));
    return copy;
}

static void
test_header(void)
{
    static const struct {
        const char *octets;
        size_t len;
        wsclose_http2_frame frame;
        size_t captured;
    } rows[] = {
        {FRAME("\0\0\2\0\1\0\0\0\1\x88\0"), {.payload_len = 2, .stream = 1, .end_stream = true}, 2},
        {FRAME("\0\0\2\0\1\0\0\0\1\x88"), {.payload_len = 2, .stream = 1, .end_stream = true}, 1},
        {FRAME("\0\0\2\0\0\0\0\0\1\x88\0\0\0\4"), {.payload_len = 2, .stream = 1}, 2},
        {FRAME("\1\2\3\0\x08\x80\0\0\7"), {.payload_len = 0x10203, .stream = 7, .padded = true}, 0},
        {FRAME("\0\0\0\1\5\xff\xff\xff\xff"),
         {.stream = 0x7FFFFFFF, .type = 1, .end_stream = true, .end_headers = true}, 0},
        {FRAME("\0\0\0\x9\5\0\0\0\3"), {.stream = 3, .type = 9, .end_headers = true}, 0},
        {FRAME("\0\0\0\4\1\0\0\0\0"), {.type = 4}, 0}, /* SETTINGS with ACK */
        {FRAME("\0\0\4\3\xff\0\0\0\5\0\0\0\x8"), {.payload_len = 4, .stream = 5, .type = 3}, 4},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        wsclose_http2_frame frame;
        char *copy = decode(rows[i].octets, rows[i].len, &frame);

        g_assert_cmpuint(frame.payload_len, ==, rows[i].frame.payload_len);
        g_assert_cmpuint(frame.stream, ==, rows[i].frame.stream);
        g_assert_cmpuint(frame.type, ==, rows[i].frame.type);
        g_assert_true(frame.end_stream == rows[i].frame.end_stream);
        g_assert_true(frame.end_headers == rows[i].frame.end_headers);
        g_assert_true(frame.padded == rows[i].frame.padded);
        g_assert_cmpuint(frame.captured, ==, rows[i].captured);
        g_free(copy);
    }
}

static void
test_header_cut(void)
{
    for (size_t len = 0; len < WSCLOSE_HTTP2_HEADER_LEN; len++) {
        char *copy = exact_copy("\0\0\2\0\1\0\0\0\1", len);
        wsclose_http2_frame frame;

        g_assert_false(wsclose_http2_frame_decode((const uint8_t *)copy, len, &frame));
        g_free(copy);
    }
}

/* RFC 9113 section 3.4: nothing in the preface is taken for a frame that matters. */
static void
test_preface(void)
{
    wsclose_http2_frame frame;
    char *copy = decode(FRAME("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), &frame);

    g_assert_cmpuint(frame.type, >, WSCLOSE_HTTP2_CONTINUATION);
    g_assert_true(frame.is_preface);
    g_free(copy);
    copy = decode(FRAME("\0\0\0\4\1\0\0\0\0"), &frame);
    g_assert_false(frame.is_preface);
    g_free(copy);
}

static void
test_connect(void)
{
    static const struct {
        const char *method;
        const char *protocol;
        bool websocket;
    } rows[] = {
        {"CONNECT", "websocket", true},  {"CONNECT", "WebSocket", true},
        {"CONNECT", "connect-udp", false}, {"CONNECT", "", false},
        {"CONNECT", "websockets", false}, {"GET", "websocket", false},
        {"connect", "websocket", false},  {"", "websocket", false},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        const wsclose_slice method = {rows[i].method, strlen(rows[i].method)};
        const wsclose_slice protocol = {rows[i].protocol, strlen(rows[i].protocol)};

        g_assert_true(wsclose_connect_is_websocket(method, protocol) == rows[i].websocket);
    }
    g_assert_false(wsclose_connect_is_websocket((wsclose_slice){NULL, 0}, (wsclose_slice){NULL, 0}));
}

static void
test_status(void)
{
    static const struct {
        const char *value;
        unsigned status;
    } rows[] = {{"200", 200}, {"101", 101}, {"999", 999}, {"099", 0}, {"20", 0},
                {"2000", 0},  {"2x0", 0},   {"", 0},      {" 200", 0}};

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
        g_assert_cmpuint(
            wsclose_status_parse((wsclose_slice){rows[i].value, strlen(rows[i].value)}), ==,
            rows[i].status);
    g_assert_cmpuint(wsclose_status_parse((wsclose_slice){NULL, 0}), ==, 0);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/http2/header", test_header);
    g_test_add_func("/http2/header-cut", test_header_cut);
    g_test_add_func("/http2/preface", test_preface);
    g_test_add_func("/http2/connect", test_connect);
    g_test_add_func("/http2/status", test_status);
    return g_test_run();
}
