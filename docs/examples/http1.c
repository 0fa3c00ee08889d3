/* http1.c
 * Heads of HTTP/1.1 out of both directions, in any cut, and which request each response answers.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <stdio.h>
#include <string.h>

#include <wsclose/wsclose.h>

typedef struct {
    wsclose_http1 client;
    wsclose_http1 server;
    wsclose_http1_pairing pairing;
} exchange;

static void
take_requests(exchange *http, const char *text)
{
    wsclose_octets input = { (const uint8_t *)text, strlen(text), 0 };
    wsclose_http1_head head;

    while (wsclose_http1_next(&http->client, &input, WSCLOSE_HTTP1_PLAIN, &head)) {
        printf("%.*s %.*s%s\n", (int)head.method.len, head.method.data, (int)head.target.len,
               head.target.data, head.upgrades ? ", asks for WebSocket" : "");
        wsclose_http1_asked(&http->pairing, head.kind);
        wsclose_http1_pass_body(&http->client, &input);
    }
    if (wsclose_http1_is_within_head(&http->client))
        printf("a request has come in part\n");
}

/* Returns how many octets are no HTTP any more: they are frames. */
static size_t
take_responses(exchange *http, const char *text)
{
    wsclose_octets input = { (const uint8_t *)text, strlen(text), 0 };
    wsclose_http1_head head;

    while (
        wsclose_http1_next(&http->server, &input, wsclose_http1_answers(&http->pairing), &head)) {
        const wsclose_http1_kind kind = wsclose_http1_answered(&http->pairing, head.status);
        printf("%u\n", head.status);
        if (kind == WSCLOSE_HTTP1_UPGRADE && head.status == 101)
            return input.captured;
    }
    return 0;
}

int
main(void)
{
    exchange http;

    memset(&http, 0, sizeof http);
    wsclose_http1_init(&http.client, WSCLOSE_HTTP1_REQUESTS);
    wsclose_http1_init(&http.server, WSCLOSE_HTTP1_RESPONSES);
    take_requests(&http, "POST /login HTTP/1.1\r\nContent-Length: 4\r\n\r\nuserGET /chat HT");
    take_requests(&http, "TP/1.1\r\nUpgrade: websocket\r\n\r\n");
    take_responses(&http, "HTTP/1.1 204 No Content\r\n\r\n");
    printf("%zu octets of frames\n",
           take_responses(&http, "HTTP/1.1 101 Switching Protocols\r\n\r\n\x88"));
    wsclose_http1_clear(&http.client);
    wsclose_http1_clear(&http.server);
    return 0;
}
