/* message_apis.c
 * Which libraries tell their application a close code where nobody has sent one.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "messages.h"

#include <string.h>

#include <glib.h>

typedef enum {
    TELLS_ALWAYS, /* the event of a close comes where the opening handshake failed too */
    TELLS_OPENED, /* where the connection was open before; else an error without a code */
    TELLS_NEVER   /* an error or an exception without a code */
} message_api;

/* Measured, or read in their sources; those that are not here are TELLS_OPENED. */
static const struct {
    const char *library;
    message_api api;
} apis[] = {
    { "Chromium", TELLS_ALWAYS },
    { "Firefox", TELLS_ALWAYS },
    { "Safari", TELLS_ALWAYS },
    { "ws", TELLS_ALWAYS },
    { "faye-websocket", TELLS_ALWAYS },
    { "SockJS", TELLS_ALWAYS },
    { "autobahn", TELLS_ALWAYS },
    { "Java-WebSocket", TELLS_ALWAYS },
    { "socket.io", TELLS_NEVER },
    { "python-socketio", TELLS_NEVER },
    { "tornado", TELLS_NEVER },
    { "websocket-client", TELLS_NEVER },
    { "gorilla/websocket", TELLS_NEVER },
    { "coder/websocket", TELLS_NEVER },
    { "nhooyr.io/websocket", TELLS_NEVER },
    { "golang.org/x/net/websocket", TELLS_NEVER },
    { "gobwas/ws", TELLS_NEVER },
    { "Java", TELLS_NEVER },
    { "java.net.http", TELLS_NEVER },
    { "OkHttp", TELLS_NEVER },
    { "Netty", TELLS_NEVER },
    { "Reactor Netty", TELLS_NEVER },
    { "Ktor", TELLS_NEVER },
    { ".NET ClientWebSocket", TELLS_NEVER },
    { "ASP.NET Core", TELLS_NEVER },
    { "SignalR", TELLS_NEVER },
    { "WebSocket4Net", TELLS_NEVER },
    { "SuperSocket", TELLS_NEVER },
    { "libwebsockets", TELLS_NEVER },
    { "libsoup", TELLS_NEVER },
    { "Boost.Beast", TELLS_NEVER },
    { "tungstenite", TELLS_NEVER },
    { "actix-web", TELLS_NEVER },
    { "curl", TELLS_NEVER },
};

static message_api
api_of(const char *library)
{
    for (size_t i = 0; i < G_N_ELEMENTS(apis); i++) {
        if (strcmp(apis[i].library, library) == 0)
            return apis[i].api;
    }
    return TELLS_OPENED;
}

bool
message_row_tells_code(const message_row *row)
{
    const bool opened = row->meaning >= MESSAGE_MEANING_FIRST_OPENED;
    char **libraries = g_strsplit(row->libraries, ", ", -1);
    bool tells = false;

    for (char **library = libraries; *library != NULL; library++) {
        const message_api api = api_of(*library);

        tells |= api == TELLS_ALWAYS || (api == TELLS_OPENED && opened);
    }
    g_strfreev(libraries);
    return tells;
}
