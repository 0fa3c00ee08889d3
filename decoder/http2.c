/* http2.c
 * Frames of HTTP/2, and the header fields of an extended CONNECT.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wsclose/http2.h"

#include <glib.h>
#include <string.h>

/* RFC 9113 section 6: flags, by the types that have them. */
#define FLAG_END_STREAM 0x1
#define FLAG_END_HEADERS 0x4
#define FLAG_PADDED 0x8

/* As much of it as a frame header is long. */
#define PREFACE "PRI * HTT"

#define STREAM_MASK 0x7FFFFFFFu
#define SETTING_LEN 6
#define ENABLE_CONNECT_PROTOCOL 0x8 /* RFC 8441 section 9.1 */
#define RESET_LEN 4
#define GOAWAY_LEN_MIN 8

static uint32_t
read_u32(const uint8_t *octets)
{
    return (uint32_t)octets[0] << 24 | (uint32_t)octets[1] << 16 | (uint32_t)octets[2] << 8 |
           octets[3];
}

bool
wsclose_http2_frame_decode(const uint8_t *octets, size_t len, wsclose_http2_frame *out)
{
    if (len < WSCLOSE_HTTP2_HEADER_LEN)
        return false;

    const uint32_t payload_len = read_u32(octets) >> 8;
    const uint8_t type = octets[3];
    const uint8_t flags = octets[4];
    const bool data = type == WSCLOSE_HTTP2_DATA;
    const bool headers = type == WSCLOSE_HTTP2_HEADERS;
    *out = (wsclose_http2_frame){
        .payload_len = payload_len,
        .stream = read_u32(octets + 5) & STREAM_MASK,
        .type = type,
        .end_stream = (data || headers) && (flags & FLAG_END_STREAM),
        .end_headers = (headers || type == WSCLOSE_HTTP2_PUSH_PROMISE ||
                        type == WSCLOSE_HTTP2_CONTINUATION) &&
                       (flags & FLAG_END_HEADERS),
        .padded = data && (flags & FLAG_PADDED),
        .is_preface = memcmp(octets, PREFACE, WSCLOSE_HTTP2_HEADER_LEN) == 0,
        .payload = octets + WSCLOSE_HTTP2_HEADER_LEN,
        .captured = MIN(len - WSCLOSE_HTTP2_HEADER_LEN, payload_len),
    };
    return true;
}

bool
wsclose_http2_data(const wsclose_http2_frame *frame, wsclose_octets *out)
{
    size_t before = 0;
    size_t padding = 0;

    *out = (wsclose_octets){0};
    if (frame->padded) {
        if (frame->payload_len == 0)
            return false;
        before = 1;
        padding = frame->captured > 0 ? frame->payload[0] : 0;
    }
    if (before + padding > frame->payload_len)
        return false;

    const size_t data_len = frame->payload_len - before - padding;
    out->captured = frame->captured > before ? MIN(frame->captured - before, data_len) : 0;
    out->data = out->captured > 0 ? frame->payload + before : NULL;
    out->lacking = data_len - out->captured;
    return true;
}

bool
wsclose_http2_allows_connect(const wsclose_http2_frame *frame)
{
    if (frame->type != WSCLOSE_HTTP2_SETTINGS)
        return false;
    for (size_t at = 0; at + SETTING_LEN <= frame->captured; at += SETTING_LEN) {
        const uint8_t *setting = frame->payload + at;

        if ((setting[0] << 8 | setting[1]) == ENABLE_CONNECT_PROTOCOL &&
            read_u32(setting + 2) == 1)
            return true;
    }
    return frame->captured < frame->payload_len;
}

bool
wsclose_http2_reset_error(const wsclose_http2_frame *frame, uint32_t *error)
{
    if (frame->payload_len != RESET_LEN || frame->captured < RESET_LEN)
        return false;
    *error = read_u32(frame->payload);
    return true;
}

bool
wsclose_http2_goaway(const wsclose_http2_frame *frame, uint32_t *last, uint32_t *error)
{
    if (frame->captured < GOAWAY_LEN_MIN)
        return false;
    *last = read_u32(frame->payload) & STREAM_MASK;
    *error = read_u32(frame->payload + 4);
    return true;
}

static bool
is_text(wsclose_slice value, const char *text)
{
    return value.len == strlen(text) && memcmp(value.data, text, value.len) == 0;
}

/* RFC 8441 section 5 gives the name in small letters; an upgrade token has no case. */
bool
wsclose_connect_is_websocket(wsclose_slice method, wsclose_slice protocol)
{
    const char websocket[] = "websocket";

    return is_text(method, "CONNECT") && protocol.len == sizeof websocket - 1 &&
           g_ascii_strncasecmp(protocol.data, websocket, protocol.len) == 0;
}

unsigned
wsclose_status_parse(wsclose_slice value)
{
    unsigned status = 0;

    if (value.len != 3)
        return 0;
    for (size_t i = 0; i < value.len; i++) {
        if (!g_ascii_isdigit(value.data[i]))
            return 0;
        status = status * 10 + (unsigned)(value.data[i] - '0');
    }
    return status >= 100 ? status : 0;
}
