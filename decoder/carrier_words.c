/* carrier_words.c
 * The words in sentences that depend on what carries the WebSocket connection, and the names of
 * stream errors.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "carrier_words.h"

#include <string.h>

#include "wsclose/connection.h"

/* Ordered as carrier_word_id. Over HTTP/2 and HTTP/3 the transport of a WebSocket is its stream. */
static const struct {
    const char *token;
    const char *over_http1;
    const char *over_stream;
} words[] = {
    {"{transport}", "TCP", "the stream"},
    {"{Transport}", "TCP", "The stream"},
    {"{socket}", "socket", "stream"},
    {"{response}", "101", "response"},
    {"{success}", "101", "2xx"},
    {"{upgrade}", "upgrade", "extended CONNECT"},
    {"{taken}", "TCP connection", "request"},
    {"{not meant}",
     "the port speaks something else than plain HTTP (ws:// was used where the server wants "
     "wss://)",
     "the server does not take extended CONNECT (its SETTINGS do not set "
     "SETTINGS_ENABLE_CONNECT_PROTOCOL to 1), or not on this path"},
    {"{mean}", "the URL's scheme and port (wss:// where the server speaks TLS)",
     "that the server, and a proxy in front of it, sets SETTINGS_ENABLE_CONNECT_PROTOCOL to 1 and "
     "takes WebSocket on this path"},
    {"{headers}", "Upgrade and Connection headers", ":protocol pseudo-header"},
    {"{removed}", "removed the Upgrade header", "removed the :protocol pseudo-header"},
    {"{let pass}", "Let a proxy pass Upgrade and Connection on.",
     "Let the server, and a proxy in front of it, set SETTINGS_ENABLE_CONNECT_PROTOCOL to 1 and "
     "take extended CONNECT."},
};

const char *
carrier_word(unsigned carrier, carrier_word_id id)
{
    return carrier == WSCLOSE_CARRIER_HTTP1 ? words[id].over_http1 : words[id].over_stream;
}

void
carrier_append(GString *text, unsigned carrier, const char *template)
{
    const char *token;

    while ((token = strchr(template, '{')) != NULL) {
        g_string_append_len(text, template, token - template);
        for (size_t id = 0; id < G_N_ELEMENTS(words); id++) {
            if (g_str_has_prefix(token, words[id].token))
                g_string_append(text, carrier_word(carrier, (carrier_word_id)id));
        }
        template = strchr(token, '}') + 1;
    }
    g_string_append(text, template);
}

const char *
carrier_connection(unsigned carrier)
{
    return carrier == WSCLOSE_CARRIER_HTTP3 ? "QUIC" : "TCP";
}

/* RFC 9113 section 7, from 0. */
static const char *const http2_errors[] = {
    "NO_ERROR",          "PROTOCOL_ERROR",    "INTERNAL_ERROR",      "FLOW_CONTROL_ERROR",
    "SETTINGS_TIMEOUT",  "STREAM_CLOSED",     "FRAME_SIZE_ERROR",    "REFUSED_STREAM",
    "CANCEL",            "COMPRESSION_ERROR", "CONNECT_ERROR",       "ENHANCE_YOUR_CALM",
    "INADEQUATE_SECURITY", "HTTP_1_1_REQUIRED",
};

/* RFC 9114 section 8.1, from 0x100. */
enum { HTTP3_ERROR_FIRST = 0x100 };

static const char *const http3_errors[] = {
    "H3_NO_ERROR",
    "H3_GENERAL_PROTOCOL_ERROR",
    "H3_INTERNAL_ERROR",
    "H3_STREAM_CREATION_ERROR",
    "H3_CLOSED_CRITICAL_STREAM",
    "H3_FRAME_UNEXPECTED",
    "H3_FRAME_ERROR",
    "H3_EXCESSIVE_LOAD",
    "H3_ID_ERROR",
    "H3_SETTINGS_ERROR",
    "H3_MISSING_SETTINGS",
    "H3_REQUEST_REJECTED",
    "H3_REQUEST_CANCELLED",
    "H3_REQUEST_INCOMPLETE",
    "H3_MESSAGE_ERROR",
    "H3_CONNECT_ERROR",
    "H3_VERSION_FALLBACK",
};

const char *
wsclose_stream_error_name(wsclose_carrier carrier, uint64_t error)
{
    if (carrier == WSCLOSE_CARRIER_HTTP2 && error < G_N_ELEMENTS(http2_errors))
        return http2_errors[error];
    if (carrier == WSCLOSE_CARRIER_HTTP3 && error >= HTTP3_ERROR_FIRST &&
        error - HTTP3_ERROR_FIRST < G_N_ELEMENTS(http3_errors))
        return http3_errors[error - HTTP3_ERROR_FIRST];
    return NULL;
}

void
carrier_append_error(GString *text, unsigned carrier, uint64_t error)
{
    const char *name = wsclose_stream_error_name((wsclose_carrier)carrier, error);

    if (name)
        g_string_append(text, name);
    else
        g_string_append_printf(text, "error code 0x%" G_GINT64_MODIFIER "x", error);
}
