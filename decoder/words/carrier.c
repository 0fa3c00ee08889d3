/* carrier.c
 * The words in sentences that depend on what carries the WebSocket connection.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "carrier.h"

#define SCOPE(slots, outer)                                                                        \
    {                                                                                              \
        slots, G_N_ELEMENTS(slots), NULL, outer                                                    \
    }

static const template_slot http1_slots[] = {
    { "transport", "TCP", NULL },
    { "connection", "TCP", NULL },
    { "socket", "socket", NULL },
    { "response", "101", NULL },
    { "success", "101", NULL },
    { "upgrade", "upgrade", NULL },
    { "taken", "TCP connection", NULL },
    { "not meant",
      "the port speaks something else than plain HTTP (ws:// was used where the server wants "
      "wss://)",
      NULL },
    { "mean", "the URL's scheme and port (wss:// where the server speaks TLS)", NULL },
    { "headers", "Upgrade and Connection headers", NULL },
    { "removed", "removed the Upgrade header", NULL },
    { "let pass", "Let a proxy pass Upgrade and Connection on.", NULL },
};

/* Over HTTP/2 and HTTP/3 the transport of a WebSocket is its stream. */
static const template_slot stream_slots[] = {
    { "transport", "the stream", NULL },
    { "socket", "stream", NULL },
    { "response", "response", NULL },
    { "success", "2xx", NULL },
    { "upgrade", "extended CONNECT", NULL },
    { "taken", "request", NULL },
    { "not meant",
      "the server does not take extended CONNECT (its SETTINGS do not set "
      "SETTINGS_ENABLE_CONNECT_PROTOCOL to 1), or not on this path",
      NULL },
    { "mean",
      "that the server, and a proxy in front of it, sets SETTINGS_ENABLE_CONNECT_PROTOCOL to 1 and "
      "takes WebSocket on this path",
      NULL },
    { "headers", ":protocol pseudo-header", NULL },
    { "removed", "removed the :protocol pseudo-header", NULL },
    { "let pass",
      "Let the server, and a proxy in front of it, set SETTINGS_ENABLE_CONNECT_PROTOCOL to 1 and "
      "take extended CONNECT.",
      NULL },
};

static const template_slot http2_slots[] = { { "connection", "TCP", NULL } };
static const template_slot http3_slots[] = { { "connection", "QUIC", NULL } };

static const template_scope stream = SCOPE(stream_slots, NULL);

static const template_scope scopes[] = {
    [WSCLOSE_CARRIER_HTTP1] = SCOPE(http1_slots, NULL),
    [WSCLOSE_CARRIER_HTTP2] = SCOPE(http2_slots, &stream),
    [WSCLOSE_CARRIER_HTTP3] = SCOPE(http3_slots, &stream),
};

const template_scope *
carrier_scope(wsclose_carrier carrier)
{
    return &scopes[carrier];
}
