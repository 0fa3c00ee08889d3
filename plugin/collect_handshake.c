/* collect_handshake.c
 * The opening handshake over HTTP/1.1.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "collect_private.h"

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

/* Append a header line's value, octet by octet as on the wire: the field's own string ends at a NUL
 * and has repaired octets. A folded line (RFC 7230 section 3.2.4) goes on after the item. */
static void
append_header_value(wmem_strbuf_t *value, const field_info *item)
{
    const int captured = tvb_captured_length_remaining(item->ds_tvb, item->start);

    if (item->length <= 0 || captured <= 0)
        return;
    const char *line = (const char *)tvb_get_ptr(item->ds_tvb, item->start, captured);
    const char *limit = line + captured;
    const char *end = line + MIN(item->length, captured);
    while (end < limit && (*end == ' ' || *end == '\t')) {
        const char *line_end = memchr(end, '\n', (size_t)(limit - end));
        end = line_end ? line_end + 1 : limit;
    }

    const char *colon = memchr(line, ':', (size_t)(end - line));
    const char *start = colon ? colon + 1 : line;
    while (start < end && is_blank(*start))
        start++;
    while (end > start && is_blank(end[-1]))
        end--;
    wmem_strbuf_append_len(value, start, (size_t)(end - start));
}

/* All lines of one header in a message as one list (RFC 7230 section 3.2.2), or NULL. */
static wmem_strbuf_t *
header_value(packet_facts *facts, unsigned field, const http_message *message)
{
    GPtrArray *items = collect_items(facts->tree, field);
    wmem_strbuf_t *value = NULL;

    for (unsigned i = 0; items && i < items->len; i++) {
        if (!is_in_message(collect_item(items, i), message))
            continue;
        if (!value)
            value = wmem_strbuf_new(facts->pinfo->pool, NULL);
        else
            wmem_strbuf_append(value, ", ");
        append_header_value(value, collect_item(items, i));
    }
    return value;
}

static store_header
extensions_of(packet_facts *facts, const http_message *message)
{
    wmem_strbuf_t *value = header_value(facts, HTTP_EXTENSIONS, message);

    return value ? store_header_keep(WSCLOSE_HEADER_PRESENT, wmem_strbuf_get_str(value),
                                     wmem_strbuf_get_len(value))
                 : store_header_keep(WSCLOSE_HEADER_ABSENT, NULL, 0);
}

/* A header for as long as the packet is read. */
static store_header
header_of(packet_facts *facts, unsigned field, const http_message *message)
{
    wmem_strbuf_t *value = header_value(facts, field, message);

    if (!value)
        return (store_header){
            NULL, 0,
            collect_is_cut(facts->pinfo) ? WSCLOSE_HEADER_UNKNOWN : WSCLOSE_HEADER_ABSENT};
    return (store_header){wmem_strbuf_get_str(value), (uint32_t)wmem_strbuf_get_len(value),
                          WSCLOSE_HEADER_PRESENT};
}

/* Host, kept; NULL where the request has none. */
static const store_text *
host_of(packet_facts *facts, const http_message *message)
{
    wmem_strbuf_t *value = header_value(facts, HTTP_HOST, message);

    return value ? store_text_keep(wmem_strbuf_get_str(value), wmem_strbuf_get_len(value)) : NULL;
}

/* The request-target (RFC 9112 section 3.2), kept, as far as it is captured. */
static const store_text *
path_of(packet_facts *facts, const http_message *message)
{
    const field_info *item = find_in_message(collect_items(facts->tree, HTTP_URI), message);
    const int captured = item ? tvb_captured_length_remaining(item->ds_tvb, item->start) : 0;

    if (captured <= 0 || item->length <= 0)
        return NULL;
    const int len = MIN(item->length, captured);
    return store_text_keep((const char *)tvb_get_ptr(item->ds_tvb, item->start, len), (size_t)len);
}

static bool
upgrades_to_websocket(packet_facts *facts, const http_message *message)
{
    wmem_strbuf_t *value = header_value(facts, HTTP_UPGRADE, message);

    return value && wsclose_upgrade_is_websocket((wsclose_slice){wmem_strbuf_get_str(value),
                                                                 wmem_strbuf_get_len(value)});
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
collect_request(packet_facts *facts, const http_message *message, unsigned before)
{
    packet_info *pinfo = facts->pinfo;
    const store_place place = store_place_of(pinfo, sizeof(store_flow));
    const store_header key = header_of(facts, HTTP_KEY, message);
    const store_header protocols = header_of(facts, HTTP_PROTOCOL, message);
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
    connection->host = host_of(facts, message);
    connection->path = path_of(facts, message);
    connection->offer = extensions_of(facts, message);
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
answered_connection(packet_facts *facts, const http_message *message, unsigned status,
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
        !upgrades_to_websocket(facts, message))
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
    store_connection *connection = answered_connection(facts, message, status, &place);
    if (!connection)
        return;

    const store_upgrade *upgrade = place.flow->upgrade;
    const store_header accept = header_of(facts, HTTP_ACCEPT, message);
    const store_header protocol = header_of(facts, HTTP_PROTOCOL, message);
    wsclose_handshake_headers headers = {
        .accept = store_header_view(&accept),
        .protocol = store_header_view(&protocol),
    };
    if (upgrade) {
        headers.key = store_header_view(&upgrade->key);
        headers.protocols = store_header_view(&upgrade->protocols);
    }
    connection->response = extensions_of(facts, message);
    connection->negotiation.connection = connection;
    connection->negotiation.kind = STORE_EVENT_NEGOTIATION;
    collect_add_event(facts, &connection->negotiation);
    collect_follow_sender(facts, &place);
    /* Without the request Wireshark does not dissect what follows in the same packet. */
    if (connection->life.request.number == 0 && hides_frames(message, false))
        collect_lose(place.flow, 1);

    wsclose_handshake_response response;
    wsclose_handshake_judge(WSCLOSE_CARRIER_HTTP1, status, &headers,
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
            if (find_in_message(keys, &message) || upgrades_to_websocket(facts, &message))
                collect_request(facts, &message, n_requests);
            n_requests++;
        }
    }
}
