/* handshake.c
 * Two heads of HTTP/1.1: is this an opening handshake, and must the client reject the response?
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <stdio.h>
#include <string.h>

#include <wsclose/wsclose.h>

static const char REQUEST[] = "GET /chat HTTP/1.1\r\nHost: example.com\r\n"
                              "Upgrade: websocket\r\nConnection: Upgrade\r\n"
                              "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                              "Sec-WebSocket-Protocol: chat, superchat\r\n"
                              "Sec-WebSocket-Version: 13\r\n\r\n";

static const char *const RESPONSES[] = {
    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n",
    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Accept: AAAAAAAAAAAAAAAAAAAAAAAAAAA=\r\n\r\n",
    "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n",
};

static void
show_text(const char *label, char *text)
{
    if (text)
        printf("  %s: %s\n", label, text);
    wsclose_text_free(text);
}

/* A head that is there as a whole. */
static bool
read_head(const char *text, wsclose_http1_role role, wsclose_http1 *reader,
          wsclose_http1_head *head)
{
    wsclose_octets octets = { (const uint8_t *)text, strlen(text), 0 };

    wsclose_http1_init(reader, role);
    return wsclose_http1_begins(octets.data, octets.captured, role) &&
           wsclose_http1_next(reader, &octets, WSCLOSE_HTTP1_UPGRADE, head);
}

static bool
is_name(wsclose_slice slice, const char *name)
{
    size_t i = 0;

    while (i < slice.len && name[i] != '\0' && (slice.data[i] | 0x20) == (name[i] | 0x20))
        i++;
    return i == slice.len && name[i] == '\0';
}

/* A header of a head: its only line, or the last one. */
static wsclose_header
header_of(const wsclose_http1_head *head, const char *wanted)
{
    wsclose_header header = { .presence = WSCLOSE_HEADER_ABSENT };
    wsclose_slice lines = head->lines;
    wsclose_slice name;
    wsclose_slice value;

    while (wsclose_http1_header_next(&lines, &name, &value)) {
        if (is_name(name, wanted)) {
            header.presence = WSCLOSE_HEADER_PRESENT;
            header.value = value;
        }
    }
    return header;
}

static void
show_faults(const wsclose_handshake_response *judged)
{
    for (unsigned i = 0; i < WSCLOSE_FAULT_COUNT; i++) {
        const wsclose_handshake_fault fault = (wsclose_handshake_fault)(1u << i);
        if (judged->faults & fault)
            show_text("fault", wsclose_explain_handshake_fault(WSCLOSE_CARRIER_HTTP1, fault));
    }
    if (judged->subprotocol_unanswered)
        show_text("subprotocol", wsclose_explain_subprotocol_unanswered(WSCLOSE_CARRIER_HTTP1));
}

static void
judge(const wsclose_http1_head *request, const wsclose_http1_head *response)
{
    const wsclose_handshake_headers headers = {
        .key = header_of(request, "Sec-WebSocket-Key"),
        .protocols = header_of(request, "Sec-WebSocket-Protocol"),
        .upgrade = header_of(response, "Upgrade"),
        .connection = header_of(response, "Connection"),
        .accept = header_of(response, "Sec-WebSocket-Accept"),
        .protocol = header_of(response, "Sec-WebSocket-Protocol"),
    };
    const wsclose_header offer = header_of(request, "Sec-WebSocket-Extensions");
    const wsclose_header answer = header_of(response, "Sec-WebSocket-Extensions");
    wsclose_negotiation *negotiation = wsclose_negotiation_match(&offer, &answer);
    char accept[WSCLOSE_ACCEPT_SIZE];
    wsclose_handshake_response judged;

    wsclose_accept_for_key(headers.key.value, accept);
    wsclose_handshake_judge(WSCLOSE_CARRIER_HTTP1, response->status, &headers, negotiation,
                            &judged);
    printf("status %u, faults %#x, wanted %s\n", judged.status, judged.faults, accept);
    show_faults(&judged);
    wsclose_negotiation_free(negotiation);
}

int
main(void)
{
    wsclose_http1 client;
    wsclose_http1_head request;

    if (!read_head(REQUEST, WSCLOSE_HTTP1_REQUESTS, &client, &request) ||
        !wsclose_upgrade_is_websocket(header_of(&request, "Upgrade").value))
        return 1;
    for (size_t i = 0; i < sizeof RESPONSES / sizeof RESPONSES[0]; i++) {
        wsclose_http1 server;
        wsclose_http1_head response;

        if (!read_head(RESPONSES[i], WSCLOSE_HTTP1_RESPONSES, &server, &response) ||
            !wsclose_status_is_final(WSCLOSE_CARRIER_HTTP1, response.status))
            return 1;
        judge(&request, &response);
        if (!wsclose_status_is_success(WSCLOSE_CARRIER_HTTP1, response.status))
            show_text("refused", wsclose_explain_refused(WSCLOSE_CARRIER_HTTP1, response.status));
        wsclose_http1_clear(&server);
    }
    wsclose_http1_clear(&client);
    return 0;
}
