/* stream_error.c
 * The names of the error codes with which HTTP/2 and HTTP/3 end a stream or a connection.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "stream_error.h"

#include "wsclose/connection.h"

/* RFC 9113 section 7, from 0. */
static const char *const http2_errors[] = {
    "NO_ERROR",
    "PROTOCOL_ERROR",
    "INTERNAL_ERROR",
    "FLOW_CONTROL_ERROR",
    "SETTINGS_TIMEOUT",
    "STREAM_CLOSED",
    "FRAME_SIZE_ERROR",
    "REFUSED_STREAM",
    "CANCEL",
    "COMPRESSION_ERROR",
    "CONNECT_ERROR",
    "ENHANCE_YOUR_CALM",
    "INADEQUATE_SECURITY",
    "HTTP_1_1_REQUIRED",
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
stream_error_append(GString *text, wsclose_carrier carrier, uint64_t error)
{
    const char *name = wsclose_stream_error_name(carrier, error);

    if (name)
        g_string_append(text, name);
    else
        g_string_append_printf(text, "error code 0x%" G_GINT64_MODIFIER "x", error);
}
