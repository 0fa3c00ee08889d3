/* collect.c
 * From the dissection of a packet to facts.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "collect.h"

#include <wsclose/wsclose.h>

/* A packet can hold tens of thousands of Close frames, and Wireshark gives up on a tree of a
 * million items. */
#define CLOSES_PER_PACKET_MAX 1000

/* The fields that are asked for. The tree is built for each packet because of them; what costs more
 * than that is a field that every packet has, such as tcp.seq. */
enum {
    WEBSOCKET,
    HTTP,
    HTTP_UPGRADE,
    HTTP_KEY,
    HTTP_EXTENSIONS,
    HTTP_ACCEPT,
    HTTP_PROTOCOL,
    HTTP_STATUS,
    TCP_FLAGS,
    TCP_LOST,
    TCP_ACK_LOST,
    TCP_FIN,
    TCP_RST,
    FIELDS
};

static const char *const field_names[FIELDS] = {
    [WEBSOCKET] = "websocket",
    [HTTP] = "http",
    [HTTP_UPGRADE] = "http.upgrade",
    [HTTP_KEY] = "http.sec_websocket_key",
    [HTTP_EXTENSIONS] = "http.sec_websocket_extensions",
    [HTTP_ACCEPT] = "http.sec_websocket_accept",
    [HTTP_PROTOCOL] = "http.sec_websocket_protocol",
    [HTTP_STATUS] = "http.response.code",
    [TCP_FLAGS] = "tcp.analysis.flags", /* stands on each packet that has one of the next two */
    [TCP_LOST] = "tcp.analysis.lost_segment",
    [TCP_ACK_LOST] = "tcp.analysis.ack_lost_segment",
    [TCP_FIN] = "tcp.connection.fin",
    [TCP_RST] = "tcp.connection.rst",
};

static int field_ids[FIELDS];

/* A FIN somewhere waits for octets that precede it. */
static bool ends_wait;

void
collect_ask(dissector_handle_t handle)
{
    GArray *wanted = g_array_new(FALSE, FALSE, sizeof(int));

    ends_wait = false;
    for (size_t i = 0; i < FIELDS; i++) {
        field_ids[i] = proto_registrar_get_id_byname(field_names[i]);
        if (field_ids[i] == -1)
            ws_warning("this Wireshark has no field %s: some WebSocket closes are not explained",
                       field_names[i]);
        else
            g_array_append_val(wanted, field_ids[i]);
    }
    set_postdissector_wanted_hfids(handle, wanted);
}

void
collect_ask_nothing(dissector_handle_t handle)
{
    set_postdissector_wanted_hfids(handle, NULL);
}

/* The items of one field in the packet at hand; NULL where there is none. */
static GPtrArray *
items_of(proto_tree *tree, unsigned field)
{
    if (field_ids[field] == -1)
        return NULL;
    GPtrArray *items = proto_get_finfo_ptr_array(tree, field_ids[field]);
    return items && items->len > 0 ? items : NULL;
}

static field_info *
item_at(GPtrArray *items, unsigned index)
{
    return g_ptr_array_index(items, index);
}

/* What is gathered while one packet is read. */
typedef struct {
    packet_info *pinfo;
    proto_tree *tree;
    store_event *first;
    store_event **tail;
    store_place place; /* of the frames in it, once it is looked up */
    unsigned n_closes;
    bool remarked;     /* Wireshark's analysis of TCP has something to remark on it */
    bool is_placed;
    bool begun[2];     /* the client's, the server's octets are followed from this packet on */
    bool after_close;  /* a data frame after its side's Close is in it, and has its event */
} packet_facts;

static void
add_event(packet_facts *facts, store_event *event)
{
    *facts->tail = event;
    facts->tail = &event->next;
}

/* Some captures have times from beyond what nanoseconds reach to; any two have a difference. */
#define SECONDS_MAX (INT64_MAX / 1000000000 / 2 - 1)

static wsclose_moment
moment_of(const packet_info *pinfo)
{
    const int64_t seconds = CLAMP((int64_t)pinfo->abs_ts.secs, -SECONDS_MAX, SECONDS_MAX);

    return (wsclose_moment){pinfo->num, seconds * 1000000000 + pinfo->abs_ts.nsecs};
}

static void
add_verdict(packet_facts *facts, store_connection *connection)
{
    connection->verdict.connection = connection;
    connection->verdict.kind = STORE_EVENT_VERDICT;
    add_event(facts, &connection->verdict);
}

static bool
is_from_client(const store_flow *flow, const packet_info *pinfo)
{
    return pinfo->srcport == flow->client_port && addresses_equal(&pinfo->src, &flow->client);
}

/* The index of the packet's sender. */
static size_t
side_of(const store_flow *flow, const packet_info *pinfo)
{
    return is_from_client(flow, pinfo) ? 0 : 1;
}

static wsclose_endpoint
endpoint_at(size_t side)
{
    return side == 0 ? WSCLOSE_ENDPOINT_CLIENT : WSCLOSE_ENDPOINT_SERVER;
}

static void
set_client(store_flow *flow, const address *client, uint32_t port)
{
    if (flow->client.type != AT_NONE && flow->client_port == port &&
        addresses_equal(&flow->client, client))
        return;
    copy_address_wmem(wmem_file_scope(), &flow->client, client);
    flow->client_port = port;
}

/* The transport under a flow. */

/* Follow the packet's sender from the next packet on. */
static void
follow_sender(packet_facts *facts, const store_place *place)
{
    const size_t side = side_of(place->flow, facts->pinfo);

    transport_begin(&place->flow->tcp, side, place->tcp.own ? place->tcp.own->nextseq : 0);
    facts->begun[side] = true;
}

/* A new connection on a flow, whose packet's sender is its client or its server. */
static store_connection *
begin_connection(packet_facts *facts, const store_place *place, const address *client,
                 uint32_t client_port)
{
    store_connection *connection = store_connection_begin(place->flow);

    set_client(place->flow, client, client_port);
    /* Octets of frames within TLS are not those of TCP. */
    place->flow->tcp = (transport){
        .followed = place->tcp.own && place->tcp.own->nextseq != 0 &&
                    !proto_is_frame_protocol(facts->pinfo->layers, "tls"),
    };
    follow_sender(facts, place);
    /* What it has acknowledged of the other side was no frame. */
    transport_begin(&place->flow->tcp, 1 - side_of(place->flow, facts->pinfo),
                    place->tcp.own ? place->tcp.own->lastack : 0);
    return connection;
}

static void
lose_for_good(store_flow *flow, size_t side)
{
    flow->tcp.sides[side].cut = true;
    if (flow->current)
        wsclose_connection_missing(&flow->current->life, endpoint_at(side));
}

/* Wireshark's analysis of one side, whoever sends the packet at hand. */
static const tcp_analyze_seq_flow_info_t *
analysis_of(const store_place *place, const packet_info *pinfo, size_t side)
{
    return side_of(place->flow, pinfo) == side ? place->tcp.own : place->tcp.peer;
}

static bool
has_hole(const store_place *place, const packet_info *pinfo, size_t side)
{
    return transport_has_hole(&place->flow->tcp, side, analysis_of(place, pinfo, side),
                              analysis_of(place, pinfo, 1 - side));
}

static bool
is_missing(const store_place *place, const packet_info *pinfo, size_t side)
{
    return transport_is_missing(&place->flow->tcp, side, analysis_of(place, pinfo, side),
                                analysis_of(place, pinfo, 1 - side));
}

/* Tell the decoder whether octets of a side are missing. */
static void
tell_missing(const store_flow *flow, size_t side, bool missing)
{
    if (!flow->tcp.sides[side].lost || flow->tcp.sides[side].cut)
        return;
    if (missing)
        wsclose_connection_missing(&flow->current->life, endpoint_at(side));
    else
        wsclose_connection_found(&flow->current->life, endpoint_at(side));
}

/* After octets of a side: whether its hole has closed. */
static void
tell_hole(const store_place *place, const packet_info *pinfo, size_t side)
{
    const bool hole = has_hole(place, pinfo, side);

    tell_missing(place->flow, side, hole);
    place->flow->tcp.sides[side].lost = hole;
}

/* Before a fact of one side: nothing can close a hole before it in time any more. Of the other side
 * it counts what this one has acknowledged, unless the fact settles the connection. */
static void
tell_both_missing(const store_place *place, const packet_info *pinfo, size_t side, bool settles)
{
    tell_hole(place, pinfo, side);
    tell_missing(place->flow, 1 - side,
                 settles ? has_hole(place, pinfo, 1 - side) : is_missing(place, pinfo, 1 - side));
}

/* The opening handshake over HTTP/1.1. */

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
        if (is_in_message(item_at(items, i), message))
            return item_at(items, i);
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
    GPtrArray *items = items_of(facts->tree, field);
    wmem_strbuf_t *value = NULL;

    for (unsigned i = 0; items && i < items->len; i++) {
        if (!is_in_message(item_at(items, i), message))
            continue;
        if (!value)
            value = wmem_strbuf_new(facts->pinfo->pool, NULL);
        else
            wmem_strbuf_append(value, ", ");
        append_header_value(value, item_at(items, i));
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

static bool
is_cut(const packet_info *pinfo)
{
    return pinfo->fd->cap_len < pinfo->fd->pkt_len;
}

/* A header for as long as the packet is read. */
static store_header
header_of(packet_facts *facts, unsigned field, const http_message *message)
{
    wmem_strbuf_t *value = header_value(facts, field, message);

    if (!value)
        return (store_header){NULL, 0, is_cut(facts->pinfo) ? WSCLOSE_HEADER_UNKNOWN
                                                            : WSCLOSE_HEADER_ABSENT};
    return (store_header){wmem_strbuf_get_str(value), (uint32_t)wmem_strbuf_get_len(value),
                          WSCLOSE_HEADER_PRESENT};
}

static bool
upgrades_to_websocket(packet_facts *facts, const http_message *message)
{
    GPtrArray *items = items_of(facts->tree, HTTP_UPGRADE);

    for (unsigned i = 0; items && i < items->len; i++) {
        if (!is_in_message(item_at(items, i), message))
            continue;
        wmem_strbuf_t *value = wmem_strbuf_new(facts->pinfo->pool, NULL);
        append_header_value(value, item_at(items, i));
        if (wsclose_upgrade_is_websocket(
                (wsclose_slice){wmem_strbuf_get_str(value), wmem_strbuf_get_len(value)}))
            return true;
    }
    return false;
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
    const size_t side = side_of(place->flow, pinfo);

    return place->flow->tcp.followed && place->tcp.own &&
           transport_left_over(&place->flow->tcp, side, place->tcp.own) == 0;
}

static void
collect_request(packet_facts *facts, const http_message *message, unsigned before)
{
    packet_info *pinfo = facts->pinfo;
    const store_place place = store_place_of(pinfo, true);
    const store_header key = header_of(facts, HTTP_KEY, message);
    const store_header protocols = header_of(facts, HTTP_PROTOCOL, message);
    /* Tells one handshake from another on the same flow. */
    const uint32_t key_hash = key.text ? g_str_hash(key.text) : 0;
    store_connection *connection = place.flow->current;

    /* Wireshark dissects some retransmissions, and all where it does not follow TCP. A client that
     * was refused may try again with the same key, where TCP shows that it is not the same request. */
    if (connection && is_sent_again(&place, pinfo))
        return;
    if (connection && key_hash != 0 && connection->key_hash == key_hash &&
        (connection->life.status == 0 || wsclose_status_is_success(connection->life.status) ||
         transport_next(&place.tcp) == 0))
        return;
    connection = begin_connection(facts, &place, &pinfo->src, pinfo->srcport);
    connection->key_hash = key_hash;
    connection->offer = extensions_of(facts, message);
    store_upgrade_keep(place.flow, &key, &protocols);
    place.flow->skip_responses = before;
    wsclose_connection_request(&connection->life, moment_of(pinfo));
    /* Wireshark does not dissect those. */
    if (hides_frames(message, true))
        lose_for_good(place.flow, 0);
}

/* The connection that a response answers, or NULL where it answers no opening handshake; place is
 * where the packet belongs. */
static store_connection *
answered_connection(packet_facts *facts, const http_message *message, unsigned status,
                    store_place *place)
{
    packet_info *pinfo = facts->pinfo;

    *place = store_place_of(pinfo, false);
    store_flow *flow = place->flow;

    if (flow && flow->current && flow->current->life.response.number == 0 &&
        flow->current->life.request.number != 0) {
        if (is_sent_again(place, pinfo))
            return NULL;
        if (wsclose_status_is_success(status))
            return flow->current;
        if (flow->skip_responses > 0) {
            flow->skip_responses--;
            return NULL;
        }
        return flow->current;
    }
    if (!wsclose_status_is_success(status) || !upgrades_to_websocket(facts, message))
        return NULL;
    if (flow && flow->current && wsclose_status_is_success(flow->current->life.status))
        return NULL; /* retransmitted: no 101 without a request of its own */

    /* The capture begins between request and response. */
    *place = store_place_of(pinfo, true);
    return begin_connection(facts, place, &pinfo->dst, pinfo->destport);
}

static void
collect_response(packet_facts *facts, const http_message *message, unsigned status)
{
    if (!wsclose_status_is_final(status))
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
    add_event(facts, &connection->negotiation);
    follow_sender(facts, &place);
    /* Without the request Wireshark does not dissect what follows in the same packet. */
    if (connection->life.request.number == 0 && hides_frames(message, false))
        lose_for_good(place.flow, 1);

    wsclose_handshake_response response;
    wsclose_handshake_judge(status, &headers, store_negotiation(connection), &response);
    store_upgrade_forget(place.flow);
    if (wsclose_connection_response(&connection->life, &response, moment_of(facts->pinfo)))
        add_verdict(facts, connection);
}

static void
collect_http(packet_facts *facts, GPtrArray *messages)
{
    GPtrArray *statuses = items_of(facts->tree, HTTP_STATUS);
    GPtrArray *keys = items_of(facts->tree, HTTP_KEY);
    GPtrArray *upgrades = items_of(facts->tree, HTTP_UPGRADE);
    unsigned n_requests = 0;

    if (!statuses && !keys && !upgrades)
        return;

    for (unsigned i = 0; i < messages->len; i++) {
        const field_info *item = item_at(messages, i);
        http_message message = {item->ds_tvb, item->start, INT_MAX};

        if (i + 1 < messages->len && item_at(messages, i + 1)->ds_tvb == item->ds_tvb)
            message.end = item_at(messages, i + 1)->start;
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

/* Octets that the capture lacks. */

static void
collect_cut(packet_info *pinfo)
{
    const store_place place = store_place_again(pinfo);

    if (place.flow && place.flow->current)
        lose_for_good(place.flow, side_of(place.flow, pinfo));
}

/* Wireshark says that a segment is missing: one of this packet's sender before it, or one of the
 * other side that it acknowledges. */
static void
collect_lost(packet_info *pinfo, bool of_sender)
{
    const store_place place = store_place_again(pinfo);

    if (!place.flow || !place.flow->current)
        return;
    const size_t sender = side_of(place.flow, pinfo);
    const size_t side = of_sender ? sender : 1 - sender;
    const uint32_t end = !place.tcp.own ? 0
                         : of_sender    ? place.tcp.own->nextseq
                                        : place.tcp.own->lastack;
    /* An earlier hole that is still open, and past hope, stays the one to judge by. */
    if (!is_missing(&place, pinfo, side))
        transport_lose(&place.flow->tcp, side, end);
    tell_missing(place.flow, side, true);
}

/* Frames. */

/* Who sends: by the opening handshake; where that was not captured, by masking (RFC 6455 section
 * 5.1: clients mask, servers do not), unless both sides look like the same one. */
static wsclose_endpoint
sender_of(const store_flow *flow, const packet_info *pinfo, const wsclose_frame *frame)
{
    const bool from_client = is_from_client(flow, pinfo);

    if (flow->current->life.request.number == 0 && flow->current->life.response.number == 0 &&
        from_client != frame->masked)
        return WSCLOSE_ENDPOINT_UNKNOWN;
    return from_client ? WSCLOSE_ENDPOINT_CLIENT : WSCLOSE_ENDPOINT_SERVER;
}

/* The place of the frames in this packet. Where the opening handshake was not captured, the first
 * frame begins a connection. */
static bool
find_place(packet_facts *facts, const wsclose_frame *frame)
{
    packet_info *pinfo = facts->pinfo;

    if (!facts->is_placed) {
        facts->is_placed = true;
        facts->place = store_place_again(pinfo);
        /* Over HTTP/2 the item does not tell its stream, and one packet can hold several. */
        if ((!facts->place.flow || !facts->place.flow->current) &&
            !proto_is_frame_protocol(pinfo->layers, "http2")) {
            facts->place = store_place_of(pinfo, true);
            begin_connection(facts, &facts->place, frame->masked ? &pinfo->src : &pinfo->dst,
                             frame->masked ? pinfo->srcport : pinfo->destport);
            lose_for_good(facts->place.flow, 0);
            lose_for_good(facts->place.flow, 1);
        }
    }
    return facts->place.flow && facts->place.flow->current;
}

/* Whether a frame's octets are new ones. */
static bool
is_new(packet_facts *facts, const field_info *item, const wsclose_frame *frame, size_t side)
{
    const int reported = tvb_reported_length_remaining(item->ds_tvb, item->start);
    const uint64_t octets =
        MIN(frame->header_len + frame->payload_len, (uint64_t)MAX(reported, 0));

    return facts->begun[side] ||
           transport_take(&facts->place.flow->tcp, side, facts->place.tcp.own, octets,
                          facts->remarked);
}

/* Close frames. */

/* An empty Close that nobody's empty Close called for, counted once per connection and sender. */
static uint32_t
count_empty(store_connection *connection, const packet_info *pinfo, const store_close *close)
{
    if (close->frame.payload_len != 0 || close->finding.echo || close->finding.maybe_echo)
        return 0;
    bool *counted = &connection->counted_empty[close->sender == WSCLOSE_ENDPOINT_CLIENT ? 0 : 1];
    if (*counted)
        return 0;
    *counted = true;
    return store_count_empty(&pinfo->src);
}

/* Whether a Close frame is the octets of an earlier one again: the same mask and body, and TCP did
 * not move on by a whole frame since (the FIN after it counts as one octet). */
static bool
is_retransmitted(const store_close *earlier, const store_close *now)
{
    if (earlier->moment.number == now->moment.number || earlier->captured != now->captured ||
        earlier->frame.payload_len != now->frame.payload_len ||
        memcmp(earlier->frame.masking_key, now->frame.masking_key,
               sizeof now->frame.masking_key) != 0 ||
        memcmp(earlier->body, now->body, now->captured) != 0)
        return false;
    return now->frame.masked || now->next_seq - earlier->next_seq < 2;
}

/* Whether the sender of a Close frame had received the other side's octets up to here. */
static bool
has_received(const store_close *close, uint32_t sequence)
{
    return !transport_after(sequence, close->ack);
}

static void
collect_close(packet_facts *facts, const field_info *item, const wsclose_frame *frame,
              const uint8_t *octets, size_t len)
{
    packet_info *pinfo = facts->pinfo;
    store_flow *flow = facts->place.flow;
    store_connection *connection = flow->current;
    const size_t side = side_of(flow, pinfo);
    const size_t captured =
        MIN(len - frame->header_len, MIN(frame->payload_len, WSCLOSE_CONTROL_PAYLOAD_MAX));
    store_close *close = wmem_alloc0(wmem_file_scope(), sizeof *close + captured);

    close->event.connection = connection;
    close->event.kind = STORE_EVENT_CLOSE;
    close->sender = sender_of(flow, pinfo, frame);
    close->frame = *frame;
    close->moment = moment_of(pinfo);
    close->captured = (uint8_t)captured;
    close->next_seq = transport_next(&facts->place.tcp);
    wsclose_unmask(close->body, octets + frame->header_len, captured, frame->masking_key, 0);
    if (connection->closes[side] && is_retransmitted(connection->closes[side], close)) {
        wmem_free(wmem_file_scope(), close);
        return;
    }
    connection->closes[side] = close;
    is_new(facts, item, frame, side);
    close->end_seq = flow->tcp.sides[side].expected;
    close->ack = facts->place.tcp.own ? facts->place.tcp.own->lastack : 0;
    tell_both_missing(&facts->place, pinfo, side, connection->closes[1 - side] != NULL);

    wsclose_close_body body;
    wsclose_close_body_decode(close->body, captured, frame->payload_len, &body);
    close->breaches = wsclose_close_breaches(frame, &body, close->sender);
    const store_close *other = flow->tcp.followed ? connection->closes[1 - side] : NULL;
    const wsclose_close_fact fact = {
        .sender = close->sender,
        .body = &body,
        .breaches = close->breaches,
        .crossing = other && !has_received(close, other->end_seq),
        .preceding = other && has_received(other, close->next_seq),
    };
    const bool settled =
        wsclose_connection_close(&connection->life, &fact, close->moment, &close->finding);
    if (!connection->claim && body.kind == WSCLOSE_BODY_CODE &&
        body.code == WSCLOSE_CODE_MANDATORY_EXT)
        connection->claim = close;
    close->empty_connections = count_empty(connection, pinfo, close);
    add_event(facts, &close->event);
    if (settled)
        add_verdict(facts, connection);
    facts->n_closes++;
}

/* Frames other than Close. */

/* Whether a frame stands before its side's Close in the stream, though not in the capture. */
static bool
is_older(const packet_facts *facts, const store_close *close)
{
    return close && close->moment.number != facts->pinfo->num &&
           facts->place.flow->tcp.followed &&
           transport_next(&facts->place.tcp) - close->next_seq < 2;
}

static void
collect_other(packet_facts *facts, const field_info *item, const wsclose_frame *frame)
{
    packet_info *pinfo = facts->pinfo;
    store_flow *flow = facts->place.flow;
    const size_t side = side_of(flow, pinfo);
    const wsclose_endpoint sender = sender_of(flow, pinfo, frame);
    wsclose_frame_finding finding;

    if (!is_new(facts, item, frame, side))
        return;
    if (flow->tcp.sides[side].lost)
        tell_hole(&facts->place, pinfo, side);
    wsclose_connection_frame(&flow->current->life, sender, frame, moment_of(pinfo), &finding);
    const store_close *close = flow->current->closes[side];
    const bool after_close = finding.after_close && !facts->after_close && !is_older(facts, close);
    if (!finding.first && !after_close)
        return;

    store_breach *breach = wmem_new0(wmem_file_scope(), store_breach);
    breach->event.connection = flow->current;
    breach->event.kind = STORE_EVENT_BREACH;
    breach->sender = sender;
    breach->frame = *frame;
    breach->breaches = finding.breaches;
    breach->close_in = after_close && close ? close->moment.number : 0;
    facts->after_close |= after_close;
    add_event(facts, &breach->event);
}

static void
collect_frames(packet_facts *facts, GPtrArray *items)
{
    for (unsigned i = 0; i < items->len; i++) {
        const field_info *item = item_at(items, i);
        const int available = tvb_captured_length_remaining(item->ds_tvb, item->start);
        wsclose_frame frame;

        if (available <= 0)
            continue;
        const size_t len =
            MIN((size_t)available, WSCLOSE_FRAME_HEADER_MAX + WSCLOSE_CONTROL_PAYLOAD_MAX);
        const uint8_t *octets = tvb_get_ptr(item->ds_tvb, item->start, (int)len);
        if (wsclose_starts_http_message(octets, len)) {
            /* An opening handshake that is sent again: what is taken for frames in it is none, and
             * Wireshark may have lost its step. */
            collect_cut(facts->pinfo);
            return;
        }
        if (!wsclose_frame_decode(octets, len, &frame) || !find_place(facts, &frame))
            continue;
        if (frame.opcode != WSCLOSE_OPCODE_CLOSE)
            collect_other(facts, item, &frame);
        else if (facts->n_closes < CLOSES_PER_PACKET_MAX)
            collect_close(facts, item, &frame, octets, len);
    }
}

/* The end of the transport. */

/* Where Wireshark made no frame of what a side has sent, it did not take it for WebSocket, or did not
 * see it. */
static void
find_undissected(const store_place *place, const packet_info *pinfo, size_t side)
{
    const tcp_analyze_seq_flow_info_t *own = analysis_of(place, pinfo, side);

    if (place->flow->current->life.frames[side] == 0 &&
        transport_left_over(&place->flow->tcp, side, own) > 0)
        lose_for_good(place->flow, side);
    /* Of a capture that has one direction only, Wireshark does not remark on the other. */
    if (place->flow->tcp.followed && own && own->nextseq == 0)
        lose_for_good(place->flow, side);
}

static void
end_side(packet_facts *facts, const store_place *place, size_t side, wsclose_end_kind kind)
{
    store_connection *connection = place->flow->current;

    find_undissected(place, facts->pinfo, 0);
    find_undissected(place, facts->pinfo, 1);
    tell_both_missing(place, facts->pinfo, side, kind == WSCLOSE_END_RESET);
    if (wsclose_connection_end(&connection->life, endpoint_at(side), kind,
                               moment_of(facts->pinfo)))
        add_verdict(facts, connection);
}

static void
collect_end(packet_facts *facts, wsclose_end_kind kind)
{
    packet_info *pinfo = facts->pinfo;
    const store_place place = store_place_again(pinfo);

    if (!place.flow || !place.flow->current || place.flow->client.type == AT_NONE)
        return;
    const size_t side = side_of(place.flow, pinfo);
    transport_side *own = &place.flow->tcp.sides[side];
    if (kind == WSCLOSE_END_ORDERLY) {
        own->ended = true;
        if (has_hole(&place, pinfo, side) && !is_missing(&place, pinfo, side)) {
            own->end_waits = ends_wait = true;
            return;
        }
    }
    end_side(facts, &place, side, kind);
}

/* A FIN that came before octets which precede it counts once these are there, or are known never to
 * be. */
static void
collect_waiting(packet_facts *facts)
{
    const store_place place = store_place_again(facts->pinfo);

    if (!place.flow || !place.flow->current)
        return;
    for (size_t side = 0; side < 2; side++) {
        transport_side *own = &place.flow->tcp.sides[side];

        if (own->end_waits && (!has_hole(&place, facts->pinfo, side) ||
                               is_missing(&place, facts->pinfo, side))) {
            own->end_waits = false;
            end_side(facts, &place, side, WSCLOSE_END_ORDERLY);
        }
    }
}

static void
collect_losses(packet_facts *facts)
{
    if (items_of(facts->tree, TCP_LOST))
        collect_lost(facts->pinfo, true);
    if (items_of(facts->tree, TCP_ACK_LOST))
        collect_lost(facts->pinfo, false);
}

static void
collect_ends(packet_facts *facts)
{
    if (items_of(facts->tree, TCP_FIN))
        collect_end(facts, WSCLOSE_END_ORDERLY);
    if (items_of(facts->tree, TCP_RST))
        collect_end(facts, WSCLOSE_END_RESET);
}

const store_event *
collect_packet(packet_info *pinfo, proto_tree *tree)
{
    packet_facts facts = {.pinfo = pinfo, .tree = tree};

    if (!tree)
        return NULL;
    GPtrArray *messages = items_of(tree, HTTP);
    GPtrArray *frames = items_of(tree, WEBSOCKET);
    facts.tail = &facts.first;
    facts.remarked = items_of(tree, TCP_FLAGS) != NULL;
    if (facts.remarked)
        collect_losses(&facts);
    if (messages)
        collect_http(&facts, messages);
    if (frames)
        collect_frames(&facts, frames);
    if (is_cut(pinfo))
        collect_cut(pinfo);
    if (ends_wait)
        collect_waiting(&facts);
    collect_ends(&facts);
    if (facts.first)
        store_events_set(pinfo, facts.first);
    return facts.first;
}
