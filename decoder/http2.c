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
        .end_headers =
            (headers || type == WSCLOSE_HTTP2_PUSH_PROMISE || type == WSCLOSE_HTTP2_CONTINUATION) &&
            (flags & FLAG_END_HEADERS),
        .padded = data && (flags & FLAG_PADDED),
        .is_preface = memcmp(octets, PREFACE, WSCLOSE_HTTP2_HEADER_LEN) == 0,
        .payload = octets + WSCLOSE_HTTP2_HEADER_LEN,
        .captured = MIN(len - WSCLOSE_HTTP2_HEADER_LEN, payload_len),
    };
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
