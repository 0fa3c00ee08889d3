/* flow_http1.c
 * The opening handshake over HTTP/1.1, and what else turns HTTP/1.1 into something else: CONNECT,
 * an upgrade to HTTP/2.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "flow_private.h"

/* Octets that are no request by chance. */
#define REQUEST_START_LEN 5

#define REFUSED 400 /* any status that ends the opening handshake and is none of success */

void
flow_http1_start(wsclose_flow *flow, size_t client)
{
    flow->protocol = PROTOCOL_HTTP1;
    flow->client = (uint8_t)client;
    flow->http1 = g_new0(http1_connection, 1);
    wsclose_http1_init(&flow->http1->readers[client], WSCLOSE_HTTP1_REQUESTS);
    wsclose_http1_init(&flow->http1->readers[1 - client], WSCLOSE_HTTP1_RESPONSES);
    /* One of them begins a message here; the other one may be anywhere. */
    for (size_t i = 0; i < 2; i++)
        flow->http1->readers[i].lost = flow->directions[i].skipped;
}

static void
forget_upgrade(wsclose_flow *flow)
{
    if (!flow->upgrade)
        return;
    kept_header_free(&flow->upgrade->key);
    kept_header_free(&flow->upgrade->protocols);
    g_free(flow->upgrade);
    flow->upgrade = NULL;
}

void
flow_http1_clear(wsclose_flow *flow)
{
    wsclose_http1_clear(&flow->http1->readers[0]);
    wsclose_http1_clear(&flow->http1->readers[1]);
    g_free(flow->http1);
    flow->http1 = NULL;
    forget_upgrade(flow);
}

/* Both directions are frames from here on. Where a side was lost before, nobody knows where its
 * next frame begins.
 *
 *  asked  the request was seen; else it may come yet, behind its answer */
static void
start_websocket(wsclose_flow *flow, bool asked)
{
    const bool lost[2] = { flow->http1->readers[0].lost, flow->http1->readers[1].lost };

    flow_http1_clear(flow);
    flow->protocol = PROTOCOL_WEBSOCKET;
    for (size_t i = 0; i < 2; i++) {
        wsclose_scanner_init(&flow->directions[i].scanner);
        if (!lost[i])
            continue;
        wsclose_scanner_lose(&flow->directions[i].scanner);
        flow_lose(flow, &flow->websocket, i);
    }
    if (!asked)
        wsclose_scanner_lose(&flow->directions[flow->client].scanner);
}

/* Requests. */

static void
take_upgrade_request(wsclose_flow *flow, flow_reading *reading, const wsclose_http1_head *head)
{
    const wsclose_stream *server = &flow->directions[1 - flow->client].stream;
    handshake_fields fields = { 0 };

    flow_begin(flow, reading, &flow->websocket, WSCLOSE_CARRIER_HTTP1, 0);
    handshake_fields_read_head(&fields, head);
    reading->sink->request(
        reading->user, flow->websocket.connection,
        &(wsclose_request){ .host = handshake_fields_value(&fields, FIELD_HOST),
                            .target = head->target,
                            .key = handshake_fields_value(&fields, FIELD_KEY),
                            .offer = handshake_fields_header(&fields, FIELD_EXTENSIONS) });
    forget_upgrade(flow);
    flow_upgrade *upgrade = flow->upgrade = g_new0(flow_upgrade, 1);
    upgrade->key = kept_header_of(handshake_fields_header(&fields, FIELD_KEY));
    upgrade->protocols = kept_header_of(handshake_fields_header(&fields, FIELD_SUBPROTOCOLS));
    /* What still waits to be read comes after it. */
    upgrade->maybe_answered = server->begun && reading->packet->sender == flow->client &&
                              !flow_early(flow, 1 - flow->client) && reading->packet->has_ack &&
                              wsclose_sequence_after(server->next, reading->packet->ack);
    if (upgrade->maybe_answered && flow->http1->readers[1 - flow->client].lost)
        flow_lose(flow, &flow->websocket, 1 - flow->client);
    if (handshake_fields_by_browser(&fields))
        wsclose_connection_by_browser(flow->websocket.connection);
    handshake_fields_clear(&fields);
    wsclose_connection_request(flow->websocket.connection, reading->packet->moment);
}

static void
take_request(wsclose_flow *flow, flow_reading *reading, const wsclose_http1_head *head)
{
    wsclose_http1_asked(&flow->http1->pairing, head->kind);
    if (head->kind == WSCLOSE_HTTP1_UPGRADE)
        take_upgrade_request(flow, reading, head);
}

bool
flow_http1_waits(const wsclose_flow *flow, size_t direction)
{
    if (flow->protocol != PROTOCOL_HTTP1 || direction != flow->client)
        return false;
    return flow->upgrade || wsclose_http1_answers(&flow->http1->pairing) == WSCLOSE_HTTP1_CONNECT;
}

/* Responses. */

/* Judge the final response of the opening handshake at hand. */
static void
take_answer(wsclose_flow *flow, flow_reading *reading, const wsclose_http1_head *head)
{
    const flow_upgrade *upgrade = flow->upgrade;
    handshake_fields fields = { 0 };

    handshake_fields_read_head(&fields, head);
    const wsclose_header extensions = handshake_fields_header(&fields, FIELD_EXTENSIONS);
    wsclose_handshake_headers judged = {
        .upgrade = handshake_fields_header(&fields, FIELD_UPGRADE),
        .connection = handshake_fields_header(&fields, FIELD_CONNECTION),
        .accept = handshake_fields_header(&fields, FIELD_ACCEPT),
        .protocol = handshake_fields_header(&fields, FIELD_SUBPROTOCOLS),
    };
    if (upgrade) {
        judged.key = kept_header_get(&upgrade->key);
        judged.protocols = kept_header_get(&upgrade->protocols);
    }
    flow_answered(reading, &flow->websocket, head->status, &judged, &extensions);
    handshake_fields_clear(&fields);
    forget_upgrade(flow);
}

static bool
names_http2(const wsclose_http1_head *head)
{
    handshake_fields fields = { 0 };

    handshake_fields_read_head(&fields, head);
    const wsclose_slice upgrade = handshake_fields_value(&fields, FIELD_UPGRADE);
    const bool names = upgrade.len >= 3 && g_ascii_strncasecmp(upgrade.data, "h2c", 3) == 0;
    handshake_fields_clear(&fields);
    return names;
}

/* Whether a 101 answers the request at hand: not where a response to that may have been lost, and
 * with it another request. */
static bool
answers_upgrade(const wsclose_flow *flow)
{
    return flow->upgrade && !(flow->websocket.lost[1 - flow->client] &&
                              (flow_held_has_gap(flow, flow->client) ||
                               wsclose_stream_has_hole(&flow->directions[flow->client].stream)));
}

/* A WebSocket whose request was not captured. */
static void
begin_unasked(wsclose_flow *flow, flow_reading *reading)
{
    const wsclose_stream *client = &flow->directions[flow->client].stream;

    forget_upgrade(flow);
    flow_begin(flow, reading, &flow->websocket, WSCLOSE_CARRIER_HTTP1, 0);
    /* Octets of it were seen before the answer, and those before them were not. */
    if (client->begun && !client->whole)
        flow_lose(flow, &flow->websocket, flow->client);
}

/* After a 101 both directions are what it says: HTTP/2 (RFC 7540 section 3.2), or nothing that
 * matters. A WebSocket needs no Upgrade in the response to go on: some clients do not look. */
static void
switch_protocols(wsclose_flow *flow, flow_reading *reading, const wsclose_http1_head *head)
{
    const bool asked = answers_upgrade(flow);

    if (!asked && !head->upgrades && names_http2(head)) {
        flow_http1_clear(flow);
        flow_http2_start(flow, flow->client);
        return;
    }
    if (!asked && !head->upgrades) {
        flow_http1_clear(flow);
        flow->protocol = PROTOCOL_OTHER;
        return;
    }
    if (!asked)
        begin_unasked(flow, reading);
    take_answer(flow, reading, head);
    start_websocket(flow, asked);
}

/* Whether a response has, or may have, a body of unknown length: it answers a request that was not
 * seen, such as HEAD, or CONNECT. */
static bool
has_unknown_body(const wsclose_flow *flow, unsigned status)
{
    return flow->http1->pairing.waiting == 0 && status >= 200;
}

static void
take_response(wsclose_flow *flow, flow_reading *reading, const wsclose_http1_head *head)
{
    const wsclose_http1_kind kind = wsclose_http1_answered(&flow->http1->pairing, head->status);

    if (head->status == 101) {
        switch_protocols(flow, reading, head);
    } else if (kind == WSCLOSE_HTTP1_CONNECT && head->status / 100 == 2) {
        flow_http1_clear(flow);
        flow->protocol = PROTOCOL_UNDECIDED;
        flow->looked[0] = flow->looked[1] = 0;
    } else if (kind == WSCLOSE_HTTP1_UPGRADE && flow->upgrade &&
               wsclose_status_is_final(WSCLOSE_CARRIER_HTTP1, head->status)) {
        take_answer(flow, reading, head);
    }
}

/* Octets. */

void
flow_http1_take(wsclose_flow *flow, flow_reading *reading, wsclose_octets *input)
{
    const bool from_client = reading->direction == flow->client;
    wsclose_http1 *reader = &flow->http1->readers[reading->direction];
    wsclose_http1_head head;

    if (wsclose_http1_next(reader, input, wsclose_http1_answers(&flow->http1->pairing), &head)) {
        const bool is_lost = !from_client && has_unknown_body(flow, head.status);

        if (from_client)
            take_request(flow, reading, &head);
        else
            take_response(flow, reading, &head);
        if (flow->protocol != PROTOCOL_HTTP1)
            return; /* and the reader is gone */
        reader = &flow->http1->readers[reading->direction];
        if (is_lost) {
            wsclose_http1_clear(reader);
            reader->lost = true;
        } else if (!flow->upgrade) {
            wsclose_http1_pass_body(reader, input);
        }
    }
    if (!flow->upgrade || from_client || !reader->lost)
        return;
    /* Behind octets that were lost, or are the answer to another request, its answer may stand. */
    if (reader->not_http && wsclose_http1_answers(&flow->http1->pairing) == WSCLOSE_HTTP1_UPGRADE)
        wsclose_connection_not_http(flow->websocket.connection, reading->packet->moment);
    else
        flow_lose(flow, &flow->websocket, reading->direction);
}

/* Whether the answer is among what was lost; or the capture has no packet of the server at all. */
static bool
is_answer_lost(const wsclose_flow *flow)
{
    const flow_direction *server = &flow->directions[1 - flow->client];

    return flow->websocket.lost[1 - flow->client] || flow->http1->readers[1 - flow->client].lost ||
           (wsclose_stream_hole_is_acknowledged(&server->stream) &&
            server->acked_packets > FLOW_PATIENCE) ||
           (!server->stream.begun && server->stream.has_ack &&
            server->stream.acked != flow->websocket.start_ack[1 - flow->client]);
}

/* Whether what a client has waiting is frames, as after a 101. The same octets are looked
 * at once. */
static bool
waits_with_frames(wsclose_flow *flow)
{
    const GByteArray *held = flow_held(flow, flow->client);

    if (!held || held->len == flow->upgrade->looked_at || flow_held_has_gap(flow, flow->client))
        return false;
    flow->upgrade->looked_at = held->len;
    return wsclose_frames_fill(held->data, held->len, WSCLOSE_CLIENT) != WSCLOSE_FILL_NONE;
}

/* Whether it begins with another request, as after a response that refuses. */
static bool
waits_with_request(const wsclose_flow *flow)
{
    const GByteArray *held = flow_held(flow, flow->client);

    return held && held->len >= REQUEST_START_LEN &&
           wsclose_http1_begins(held->data, held->len, WSCLOSE_HTTP1_REQUESTS);
}

void
flow_http1_look_for_answer(wsclose_flow *flow, flow_reading *reading,
                           const wsclose_octets *server_octets)
{
    const size_t server = 1 - flow->client;

    if (flow->protocol != PROTOCOL_HTTP1 || !flow->upgrade)
        return;
    flow_note_beginning(flow, &flow->websocket, server);
    if ((flow->upgrade->maybe_answered || is_answer_lost(flow)) && waits_with_request(flow)) {
        wsclose_http1_answered(&flow->http1->pairing, REFUSED);
        forget_upgrade(flow);
        return;
    }
    const bool server_goes_on =
        server_octets && flow->http1->readers[server].lost && server_octets->lacking == 0 &&
        wsclose_frames_fill(server_octets->data, server_octets->captured, WSCLOSE_SERVER) !=
            WSCLOSE_FILL_NONE;
    if (!server_goes_on && !(is_answer_lost(flow) && waits_with_frames(flow)))
        return;
    if (!answers_upgrade(flow))
        begin_unasked(flow, reading);
    start_websocket(flow, true);
    flow_lose(flow, &flow->websocket, server);
    wsclose_scanner_lose(&flow->directions[server].scanner);
}
