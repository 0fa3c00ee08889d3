/* collect.c
 * From the dissection of a packet to facts.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "collect.h"

#include <epan/conversation.h>
#include <epan/dissectors/packet-tcp.h>

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
    HTTP_STATUS,
    TCP_LOST,
    TCP_ACK_LOST,
    FIELDS
};

static const char *const field_names[FIELDS] = {
    [WEBSOCKET] = "websocket",
    [HTTP] = "http",
    [HTTP_UPGRADE] = "http.upgrade",
    [HTTP_KEY] = "http.sec_websocket_key",
    [HTTP_EXTENSIONS] = "http.sec_websocket_extensions",
    [HTTP_STATUS] = "http.response.code",
    [TCP_LOST] = "tcp.analysis.lost_segment",
    [TCP_ACK_LOST] = "tcp.analysis.ack_lost_segment",
};

static int field_ids[FIELDS];

void
collect_ask(dissector_handle_t handle)
{
    GArray *wanted = g_array_new(FALSE, FALSE, sizeof(int));

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
    unsigned n_closes;
} packet_facts;

static void
add_event(packet_facts *facts, store_event *event)
{
    *facts->tail = event;
    facts->tail = &event->next;
}

static int64_t
packet_time(const packet_info *pinfo)
{
    return (int64_t)pinfo->abs_ts.secs * 1000000000 + pinfo->abs_ts.nsecs;
}

/* What TCP expects next of the packet's sender; 0 where Wireshark does not follow TCP. */
static uint32_t
next_sequence_number(packet_info *pinfo)
{
    conversation_t *conversation = find_conversation_pinfo(pinfo, 0);
    const struct tcp_analysis *tcp =
        conversation && pinfo->ptype == PT_TCP ? get_tcp_conversation_data(conversation, pinfo)
                                               : NULL;

    return tcp && tcp->fwd && tcp->fwd->tcp_analyze_seq_info
               ? tcp->fwd->tcp_analyze_seq_info->nextseq
               : 0;
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

/* All Sec-WebSocket-Extensions lines of a message as one list (RFC 7230 section 3.2.2). */
static store_header
extensions_of(packet_facts *facts, const http_message *message)
{
    GPtrArray *items = items_of(facts->tree, HTTP_EXTENSIONS);
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
    return value ? store_header_keep(WSCLOSE_HEADER_PRESENT, wmem_strbuf_get_str(value),
                                     wmem_strbuf_get_len(value))
                 : store_header_keep(WSCLOSE_HEADER_ABSENT, NULL, 0);
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

/* Tells one handshake from another on the same flow; 0 where the message has no key. */
static uint32_t
key_hash_of(packet_facts *facts, const http_message *message)
{
    const field_info *item = find_in_message(items_of(facts->tree, HTTP_KEY), message);

    if (!item)
        return 0;
    wmem_strbuf_t *value = wmem_strbuf_new(facts->pinfo->pool, NULL);
    append_header_value(value, item);
    return g_str_hash(wmem_strbuf_get_str(value));
}

static bool
is_from_client(const store_flow *flow, const packet_info *pinfo)
{
    return pinfo->srcport == flow->client_port && addresses_equal(&pinfo->src, &flow->client);
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

static void
collect_request(packet_facts *facts, const http_message *message, unsigned before)
{
    packet_info *pinfo = facts->pinfo;
    store_flow *flow = store_flow_of(pinfo, true);
    const uint32_t key_hash = key_hash_of(facts, message);

    /* Wireshark dissects some retransmissions, and all where it does not follow TCP. A client that
     * was refused may try again with the same key. */
    if (flow->current && key_hash != 0 && flow->current->key_hash == key_hash &&
        (flow->current->status == 0 || wsclose_status_is_success(flow->current->status)))
        return;
    store_connection *connection = store_connection_begin(flow);
    connection->request_in = pinfo->num;
    connection->key_hash = key_hash;
    connection->offer = extensions_of(facts, message);
    flow->skip_responses = before;
    set_client(flow, &pinfo->src, pinfo->srcport);
}

/* The connection that a response answers, or NULL where it answers no opening handshake. */
static store_connection *
answered_connection(packet_facts *facts, const http_message *message, unsigned status)
{
    store_flow *flow = store_flow_of(facts->pinfo, false);

    if (flow && flow->current && flow->current->response_in == 0 &&
        flow->current->request_in != 0) {
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
    if (flow && flow->current && wsclose_status_is_success(flow->current->status))
        return NULL; /* retransmitted: no 101 without a request of its own */

    /* The capture begins between request and response. */
    flow = store_flow_of(facts->pinfo, true);
    set_client(flow, &facts->pinfo->dst, facts->pinfo->destport);
    return store_connection_begin(flow);
}

static void
collect_response(packet_facts *facts, const http_message *message, unsigned status)
{
    if (!wsclose_status_is_final(status))
        return;
    store_connection *connection = answered_connection(facts, message, status);
    if (!connection)
        return;

    connection->response_in = facts->pinfo->num;
    connection->status = (uint16_t)MIN(status, UINT16_MAX);
    connection->response = extensions_of(facts, message);

    store_event *event = wmem_new0(wmem_file_scope(), store_event);
    event->connection = connection;
    event->kind = STORE_EVENT_NEGOTIATION;
    add_event(facts, event);
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
collect_missing(packet_info *pinfo, bool of_sender)
{
    store_flow *flow = store_flow_of(pinfo, false);

    if (flow && flow->current)
        wsclose_connection_missing(&flow->current->closing,
                                   is_from_client(flow, pinfo) == of_sender
                                       ? WSCLOSE_ENDPOINT_CLIENT
                                       : WSCLOSE_ENDPOINT_SERVER);
}

/* Close frames. */

/* Who sends: by the opening handshake; where that was not captured, by masking (RFC 6455 section
 * 5.1: clients mask, servers do not), unless both sides look like the same one. */
static wsclose_endpoint
sender_of(store_flow *flow, const packet_info *pinfo, const wsclose_frame *frame)
{
    if (flow->client.type == AT_NONE) {
        if (frame->masked)
            set_client(flow, &pinfo->src, pinfo->srcport);
        else
            set_client(flow, &pinfo->dst, pinfo->destport);
    }
    const bool from_client = is_from_client(flow, pinfo);
    if (flow->current->request_in == 0 && flow->current->response_in == 0 &&
        from_client != frame->masked)
        return WSCLOSE_ENDPOINT_UNKNOWN;
    return from_client ? WSCLOSE_ENDPOINT_CLIENT : WSCLOSE_ENDPOINT_SERVER;
}

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
is_retransmitted(const store_close *earlier, const store_close *now, const packet_facts *facts)
{
    if (earlier->packet == facts->pinfo->num || earlier->captured != now->captured ||
        earlier->frame.payload_len != now->frame.payload_len ||
        memcmp(earlier->frame.masking_key, now->frame.masking_key,
               sizeof now->frame.masking_key) != 0 ||
        memcmp(earlier->body, now->body, now->captured) != 0)
        return false;
    return now->frame.masked || now->next_seq - earlier->next_seq < 2;
}

static void
collect_close(packet_facts *facts, const field_info *item)
{
    packet_info *pinfo = facts->pinfo;
    const int available = tvb_captured_length_remaining(item->ds_tvb, item->start);
    wsclose_frame frame;

    if (available <= 0 || facts->n_closes >= CLOSES_PER_PACKET_MAX)
        return;
    /* Over HTTP/2 the item does not tell its stream, and one packet can hold several. */
    if (proto_is_frame_protocol(pinfo->layers, "http2"))
        return;
    const size_t len =
        MIN((size_t)available, WSCLOSE_FRAME_HEADER_MAX + WSCLOSE_CONTROL_PAYLOAD_MAX);
    const uint8_t *octets = tvb_get_ptr(item->ds_tvb, item->start, (int)len);
    if (!wsclose_frame_decode(octets, len, &frame) || wsclose_starts_http_message(octets, len))
        return;

    store_flow *flow = store_flow_of(pinfo, true);
    if (!flow->current) {
        store_connection_begin(flow);
        wsclose_connection_missing(&flow->current->closing, WSCLOSE_ENDPOINT_CLIENT);
        wsclose_connection_missing(&flow->current->closing, WSCLOSE_ENDPOINT_SERVER);
    }
    const wsclose_endpoint sender = sender_of(flow, pinfo, &frame);
    const size_t captured =
        MIN(len - frame.header_len, MIN(frame.payload_len, WSCLOSE_CONTROL_PAYLOAD_MAX));
    store_close *close = wmem_alloc0(wmem_file_scope(), sizeof *close + captured);
    close->event.connection = flow->current;
    close->event.kind = STORE_EVENT_CLOSE;
    close->sender = sender;
    close->frame = frame;
    close->packet = pinfo->num;
    close->time = packet_time(pinfo);
    close->captured = (uint8_t)captured;
    close->next_seq = next_sequence_number(pinfo);
    wsclose_unmask(close->body, octets + frame.header_len, captured, frame.masking_key, 0);
    const struct store_close **last =
        &flow->current->closes[is_from_client(flow, pinfo) ? 0 : 1];
    if (*last && is_retransmitted(*last, close, facts)) {
        wmem_free(wmem_file_scope(), close);
        return;
    }
    *last = close;

    wsclose_close_body body;
    wsclose_close_body_decode(close->body, captured, frame.payload_len, &body);
    close->breaches = wsclose_close_breaches(&frame, &body, sender);
    wsclose_connection_close(&flow->current->closing, sender, &body, close->breaches,
                             (wsclose_moment){pinfo->num, close->time}, &close->finding);
    if (!flow->current->claim && body.kind == WSCLOSE_BODY_CODE &&
        body.code == WSCLOSE_CODE_MANDATORY_EXT)
        flow->current->claim = close;
    close->empty_connections = count_empty(flow->current, pinfo, close);
    add_event(facts, &close->event);
    facts->n_closes++;
}

static void
collect_frames(packet_facts *facts, GPtrArray *items)
{
    for (unsigned i = 0; i < items->len; i++) {
        const field_info *item = item_at(items, i);

        if (tvb_captured_length_remaining(item->ds_tvb, item->start) > 0 &&
            (*tvb_get_ptr(item->ds_tvb, item->start, 1) & 0xF) == WSCLOSE_OPCODE_CLOSE)
            collect_close(facts, item);
    }
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
    if (items_of(tree, TCP_LOST))
        collect_missing(pinfo, true);
    if (items_of(tree, TCP_ACK_LOST))
        collect_missing(pinfo, false);
    if (messages)
        collect_http(&facts, messages);
    if (frames)
        collect_frames(&facts, frames);
    if (pinfo->fd->cap_len < pinfo->fd->pkt_len)
        collect_missing(pinfo, true);
    if (facts.first)
        store_events_set(pinfo, facts.first);
    return facts.first;
}
