/* collect_handshake.c
 * The opening handshake over HTTP/1.1.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "collect_private.h"
#include "headers.h"

/* One HTTP message: the octets [start, end) of a data source. */
typedef struct {
    const tvbuff_t *source;
    int start;
    int end;
} http_message;

static bool
is_in_message(const field_info *item, const http_message *message)
{
    return item->ds_tvb == message->source && item->start >= message->start &&
           item->start < message->end;
}

static field_info *
find_in_message(GPtrArray *items, const http_message *message)
{
    for (unsigned i = 0; items && i < items->len; i++) {
        if (is_in_message(collect_item(items, i), message))
            return collect_item(items, i);
    }
    return NULL;
}

static bool
is_blank(char octet)
{
    return octet == ' ' || octet == '\t' || octet == '\r' || octet == '\n';
}

/* The head of a message, read from its octets: only some messages are looked into, while each header
 * that Wireshark is asked for costs on every packet. */
typedef struct {
    wsclose_slice start_line; /* as far as it is captured */
    headers lines;            /* incomplete where the empty line that ends them is not there */
} http_head;

/* The end of a line, its fold aside: a folded one (RFC 7230 section 3.2.4) goes on in the next. */
static const char *
line_end(const char *line, const char *limit)
{
    const char *end = memchr(line, '\n', (size_t)(limit - line));

    while (end && end + 1 < limit && (end[1] == ' ' || end[1] == '\t'))
        end = memchr(end + 1, '\n', (size_t)(limit - (end + 1)));
    return end ? end + 1 : limit;
}

static void
take_line(http_head *head, wmem_allocator_t *scope, const char *line, const char *end)
{
    const char *colon = memchr(line, ':', (size_t)(end - line));

    if (!colon)
        return;
    const char *from = colon + 1;
    while (from < end && is_blank(*from))
        from++;
    while (end > from && is_blank(end[-1]))
        end--;
    headers_add(&head->lines, scope, (wsclose_slice){line, (size_t)(colon - line)},
                (wsclose_slice){from, (size_t)(end - from)});
}

static bool
is_empty_line(const char *line, const char *end)
{
    return end[-1] == '\n' && (end == line + 1 || (end == line + 2 && *line == '\r'));
}

static http_head
head_of(packet_facts *facts, const http_message *message)
{
    tvbuff_t *source = (tvbuff_t *)message->source;
    /* Where Wireshark begins the next message is no end: it does not know folded lines. */
    const int len = tvb_captured_length_remaining(source, message->start);
    http_head head = {.lines = {.any_case = true, .incomplete = true}};

    if (len <= 0)
        return head;
    const char *start = (const char *)tvb_get_ptr(source, message->start, len);
    const char *limit = start + len;
    const char *end;
    for (const char *line = start; line < limit; line = end) {
        end = line_end(line, limit);
        if (is_empty_line(line, end) && head.start_line.len > 0) {
            head.lines.incomplete = false;
            return head;
        }
        if (head.start_line.len == 0)
            head.start_line = (wsclose_slice){line, (size_t)(end - line)};
        else
            take_line(&head, facts->pinfo->pool, line, end);
    }
    return head;
}

/* The request-target (RFC 9112 section 3), kept, as far as it is captured. */
static const store_text *
path_of(const http_head *head)
{
    const wsclose_slice line = head->start_line;
    const char *limit = line.data + line.len;
    const char *from = line.len > 0 ? memchr(line.data, ' ', line.len) : NULL;
    const char *to = from ? ++from : NULL;

    while (to && to < limit && !is_blank(*to))
        to++;
    return to && to > from ? store_text_keep(from, (size_t)(to - from)) : NULL;
}

static bool
upgrades_to_websocket(const http_head *head)
{
    return wsclose_upgrade_is_websocket(headers_value(&head->lines, HEADER_UPGRADE));
}

/* Whether frames follow a message of the opening handshake in its own packet. */
static bool
hides_frames(const http_message *message, bool masked)
{
    tvbuff_t *source = (tvbuff_t *)message->source;
    const int len = tvb_captured_length_remaining(source, message->start);

    if (len < 4)
        return false;
    const char *start = (const char *)tvb_get_ptr(source, message->start, len);
    if (memcmp(start + len - 4, "\r\n\r\n", 4) == 0)
        return false;
    const char *blank = g_strstr_len(start, len, "\r\n\r\n");
    if (!blank)
        return false;

    const size_t left = (size_t)(start + len - (blank + 4));
    wsclose_frame frame;
    return wsclose_frame_decode((const uint8_t *)blank + 4, left, &frame) &&
           frame.masked == masked && frame.payload_len <= left - frame.header_len;
}

/* Whether a message has no octet that was not there when its side was first followed. */
static bool
is_sent_again(const store_place *place, const packet_info *pinfo)
{
    const size_t side = collect_side(place->flow, pinfo);

    return place->flow->tcp.followed && place->tcp.own &&
           transport_left_over(&place->flow->tcp, side, place->tcp.own) == 0;
}

static void
collect_request(packet_facts *facts, const http_message *message, const http_head *head,
                unsigned before)
{
    packet_info *pinfo = facts->pinfo;
    const store_place place = store_place_of(pinfo, sizeof(store_flow));
    const store_header key = headers_header(&head->lines, HEADER_KEY);
    const store_header protocols = headers_header(&head->lines, HEADER_SUBPROTOCOLS);
    /* Tells one handshake from another on the same flow. */
    const uint32_t key_hash = key.text ? g_str_hash(key.text) : 0;
    store_connection *connection = place.flow->current;

    /* Wireshark dissects some retransmissions, and all where it does not follow TCP. A client that
     * was refused may try again with the same key, if TCP shows that it is not the same request. */
    if (connection && is_sent_again(&place, pinfo))
        return;
    if (connection && key_hash != 0 && connection->key_hash == key_hash &&
        (connection->life.status == 0 ||
         wsclose_status_is_success(WSCLOSE_CARRIER_HTTP1, connection->life.status) ||
         transport_next(&place.tcp) == 0))
        return;
    connection = collect_begin(facts, &place, WSCLOSE_CARRIER_HTTP1, true);
    connection->key_hash = key_hash;
    connection->host = headers_keep_text(&head->lines, HEADER_HOST);
    connection->path = path_of(head);
    connection->offer = headers_keep(&head->lines, HEADER_EXTENSIONS);
    store_upgrade_keep(place.flow, &key, &protocols);
    place.flow->skip_responses = (uint16_t)MIN(before, UINT16_MAX);
    wsclose_connection_request(&connection->life, collect_moment(pinfo));
    /* Wireshark does not dissect those. */
    if (hides_frames(message, true))
        collect_lose(place.flow, 0);
}

/* The connection that a response answers, or NULL where it answers no opening handshake; place is
 * where the packet belongs. */
static store_connection *
answered_connection(packet_facts *facts, const http_head *head, unsigned status,
                    store_place *place)
{
    packet_info *pinfo = facts->pinfo;

    *place = store_place_of(pinfo, 0);
    store_flow *flow = place->flow;

    if (flow && flow->current && flow->current->life.response.number == 0 &&
        flow->current->life.request.number != 0) {
        if (is_sent_again(place, pinfo))
            return NULL;
        if (wsclose_status_is_success(WSCLOSE_CARRIER_HTTP1, status))
            return flow->current;
        if (flow->skip_responses > 0) {
            flow->skip_responses--;
            return NULL;
        }
        return flow->current;
    }
    if (!wsclose_status_is_success(WSCLOSE_CARRIER_HTTP1, status) ||
        !upgrades_to_websocket(head))
        return NULL;
    if (flow && flow->current &&
        wsclose_status_is_success(WSCLOSE_CARRIER_HTTP1, flow->current->life.status))
        return NULL; /* retransmitted: no 101 without a request of its own */

    /* The capture begins between request and response. */
    *place = store_place_of(pinfo, sizeof(store_flow));
    return collect_begin(facts, place, WSCLOSE_CARRIER_HTTP1, false);
}

static void
collect_response(packet_facts *facts, const http_message *message, unsigned status)
{
    if (!wsclose_status_is_final(WSCLOSE_CARRIER_HTTP1, status))
        return;
    store_place place;
    const http_head head = head_of(facts, message);
    store_connection *connection = answered_connection(facts, &head, status, &place);
    if (!connection)
        return;

    const store_upgrade *upgrade = place.flow->upgrade;
    const store_header accept = headers_header(&head.lines, HEADER_ACCEPT);
    const store_header protocol = headers_header(&head.lines, HEADER_SUBPROTOCOLS);
    wsclose_handshake_headers judged = {
        .accept = store_header_view(&accept),
        .protocol = store_header_view(&protocol),
    };
    if (upgrade) {
        judged.key = store_header_view(&upgrade->key);
        judged.protocols = store_header_view(&upgrade->protocols);
    }
    connection->response = headers_keep(&head.lines, HEADER_EXTENSIONS);
    connection->negotiation.connection = connection;
    connection->negotiation.kind = STORE_EVENT_NEGOTIATION;
    collect_add_event(facts, &connection->negotiation);
    collect_follow_sender(facts, &place);
    /* Without the request Wireshark does not dissect what follows in the same packet. */
    if (connection->life.request.number == 0 && hides_frames(message, false))
        collect_lose(place.flow, 1);

    wsclose_handshake_response response;
    wsclose_handshake_judge(WSCLOSE_CARRIER_HTTP1, status, &judged,
                            store_negotiation(connection), &response);
    store_upgrade_forget(place.flow);
    if (wsclose_connection_response(&connection->life, &response, collect_moment(facts->pinfo)))
        collect_add_verdict(facts, connection);
}

void
collect_http(packet_facts *facts, GPtrArray *messages)
{
    GPtrArray *statuses = collect_items(facts->tree, HTTP_STATUS);
    GPtrArray *keys = collect_items(facts->tree, HTTP_KEY);
    GPtrArray *upgrades = collect_items(facts->tree, HTTP_UPGRADE);
    unsigned n_requests = 0;

    if (!statuses && !keys && !upgrades)
        return;

    for (unsigned i = 0; i < messages->len; i++) {
        const field_info *item = collect_item(messages, i);
        http_message message = {item->ds_tvb, item->start, INT_MAX};

        if (i + 1 < messages->len && collect_item(messages, i + 1)->ds_tvb == item->ds_tvb)
            message.end = collect_item(messages, i + 1)->start;
        field_info *status = find_in_message(statuses, &message);
        if (status) {
            collect_response(facts, &message, compat_field_uint(status));
        } else {
            const http_head head = head_of(facts, &message);

            if (find_in_message(keys, &message) ||
                (find_in_message(upgrades, &message) && upgrades_to_websocket(&head)))
                collect_request(facts, &message, &head, n_requests);
            n_requests++;
        }
    }
}
