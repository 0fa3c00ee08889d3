/* peer_lws.c - a WebSocket client and a server on libwebsockets, for recording.
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Usage: peer_lws server HOST PORT [h2c]
 *        peer_lws client HOST PORT PATH [CODE [REASON]]
 *
 * The server echoes; the path /close-CODE makes it close with CODE after the first message,
 * /close-0 without a status code as far as this API can. The client sends one message, waits
 * for the echo, then closes with CODE (without: it lets the library drop the connection).
 * With CODE "wait" it waits for the server to close.
 * Writes the same JSON lines as the other peers.
 */

#include <libwebsockets.h>

#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

struct session {
    unsigned char message[LWS_PRE + 1024];
    size_t len;
    int close_code; /* -1: none asked for */
    int told;       /* -1: the API named no code */
    int empty;      /* a Close without a body came from the peer */
    char reason[128];
    int port;
    int done;
};

static volatile int stop;
static int is_client;
static int want_code = -1;
static int want_wait;
static const char *want_reason = "";

static void
on_signal(int sig)
{
    (void)sig;
    stop = 1;
}

static int
port_of(struct lws *wsi)
{
    struct sockaddr_storage addr;
    socklen_t len = sizeof addr;
    int fd = lws_get_socket_fd(wsi);
    int rc = is_client ? getsockname(fd, (struct sockaddr *)&addr, &len)
                       : getpeername(fd, (struct sockaddr *)&addr, &len);
    if (rc != 0)
        return 0;
    return ntohs(addr.ss_family == AF_INET6 ? ((struct sockaddr_in6 *)&addr)->sin6_port
                                            : ((struct sockaddr_in *)&addr)->sin_port);
}

static void
report(const struct session *s, const char *error)
{
    printf("{\"report\": {\"port\": ");
    if (s != NULL && s->port != 0)
        printf("%d", s->port);
    else
        printf("null");
    printf(", \"status\": %s, \"api\": {\"code\": ", s != NULL ? "101" : "null");
    if (s != NULL && s->told >= 0)
        printf("%d", s->told);
    else
        printf("null");
    printf(", \"reason\": \"%s\", \"wasClean\": null, \"exception\": ",
           s != NULL ? s->reason : "");
    if (error != NULL)
        printf("\"%s\"}}}\n", error);
    else if (s != NULL && s->empty)
        printf("\"peer-initiated close, length 0\"}}}\n");
    else
        printf("null}}}\n");
    fflush(stdout);
}

static int
close_now(struct lws *wsi, int code, const char *reason)
{
    if (code > 0)
        lws_close_reason(wsi, (enum lws_close_status)code, (unsigned char *)(uintptr_t)reason,
                         strlen(reason));
    return -1;
}

static int
callback(struct lws *wsi, enum lws_callback_reasons why, void *user, void *in, size_t len)
{
    struct session *s = user;
    char path[128];

    switch (why) {
    case LWS_CALLBACK_ESTABLISHED:
        s->told = -1;
        s->close_code = -1;
        s->port = port_of(wsi);
        if ((lws_hdr_copy(wsi, path, sizeof path, WSI_TOKEN_GET_URI) > 0 ||
             lws_hdr_copy(wsi, path, sizeof path, WSI_TOKEN_HTTP_COLON_PATH) > 0) &&
            strncmp(path, "/close-", 7) == 0)
            s->close_code = atoi(path + 7);
        break;
    case LWS_CALLBACK_CLIENT_ESTABLISHED:
        s->told = -1;
        s->port = port_of(wsi);
        s->len = 5;
        memcpy(s->message + LWS_PRE, "hello", 5);
        lws_callback_on_writable(wsi);
        break;
    case LWS_CALLBACK_RECEIVE:
        if (s->close_code >= 0)
            return close_now(wsi, s->close_code, "asked for");
        s->len = len < 1024 ? len : 1024;
        memcpy(s->message + LWS_PRE, in, s->len);
        lws_callback_on_writable(wsi);
        break;
    case LWS_CALLBACK_CLIENT_RECEIVE:
        if (want_wait)
            break;
        return close_now(wsi, want_code, want_reason);
    case LWS_CALLBACK_SERVER_WRITEABLE:
    case LWS_CALLBACK_CLIENT_WRITEABLE:
        if (s->len > 0) {
            lws_write(wsi, s->message + LWS_PRE, s->len, LWS_WRITE_TEXT);
            s->len = 0;
        }
        break;
    case LWS_CALLBACK_WS_PEER_INITIATED_CLOSE: {
        const unsigned char *body = in;
        if (len < 2) {
            s->empty = 1;
            break;
        }
        s->told = body[0] << 8 | body[1];
        if (len - 2 < sizeof s->reason)
            memcpy(s->reason, body + 2, len - 2);
        break;
    }
    case LWS_CALLBACK_CLOSED:
    case LWS_CALLBACK_CLIENT_CLOSED:
        report(s, NULL);
        if (is_client)
            stop = 1;
        break;
    case LWS_CALLBACK_CLIENT_CONNECTION_ERROR:
        report(NULL, in != NULL ? (const char *)in : "connection error");
        stop = 1;
        break;
    default:
        break;
    }
    return 0;
}

static const struct lws_protocols protocols[] = {
    { "default", callback, sizeof(struct session), 1024, 0, NULL, 0 },
    { NULL, NULL, 0, 0, 0, NULL, 0 },
};

int
main(int argc, char **argv)
{
    if (argc < 4)
        return 2;
    is_client = strcmp(argv[1], "client") == 0;
    if (argc > 5) {
        want_wait = strcmp(argv[5], "wait") == 0;
        want_code = want_wait ? -1 : atoi(argv[5]);
    }
    if (argc > 6)
        want_reason = argv[6];
    signal(SIGTERM, on_signal);
    lws_set_log_level(0, NULL);

    struct lws_context_creation_info info;
    memset(&info, 0, sizeof info);
    info.port = is_client ? CONTEXT_PORT_NO_LISTEN : atoi(argv[3]);
    info.protocols = protocols;
    if (!is_client && argc > 4)
        info.options |= LWS_SERVER_OPTION_H2_PRIOR_KNOWLEDGE;
    struct lws_context *context = lws_create_context(&info);
    if (context == NULL)
        return 1;

    printf("{%s\"implementation\": \"libwebsockets\", \"version\": \"%d.%d.%d\"}\n",
           is_client ? "" : "\"listening\": true, ", LWS_LIBRARY_VERSION_MAJOR,
           LWS_LIBRARY_VERSION_MINOR, LWS_LIBRARY_VERSION_PATCH);
    fflush(stdout);

    if (is_client) {
        struct lws_client_connect_info conn;
        memset(&conn, 0, sizeof conn);
        conn.context = context;
        conn.address = conn.host = argv[2];
        conn.port = atoi(argv[3]);
        conn.path = argv[4];
        conn.local_protocol_name = "default";
        lws_client_connect_via_info(&conn);
    }
    while (!stop && lws_service(context, 0) >= 0)
        ;
    lws_context_destroy(context);
    return 0;
}
