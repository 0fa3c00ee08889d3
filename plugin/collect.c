/* collect.c
 * From a packet to facts.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "collect.h"

#include <epan/prefs-int.h>
#include <epan/prefs.h>
#include <epan/proto.h>

#include "context.h"
#include "flow_table.h"
#include "neighbours.h"
#include "segment.h"
#include "sources.h"

/* What is gathered while one packet is read. */
typedef struct {
    packet_info *pinfo;
    flow *flow;
    size_t sender;
    store_event *first;
    store_event **tail;
    sources_cursor lists; /* header lists of HTTP/2, where has_lists */
    const struct data_source *list;
    uint8_t list_start[WSCLOSE_LIST_START_MAX];
    bool has_lists;
    sources_cursor inflated; /* messages of permessage-deflate, where has_inflated */
    bool has_inflated;
    const wsclose_packet *packet;
} packet_facts;

static wsclose_flow_options options;
static wsclose_tls_servers *tls_servers;
static unsigned empty_limit;
static bool prefs_inflate; /* Wireshark inflates messages */
static int64_t latest;     /* time of the packet that was read last */
static uint64_t n_packets;
static uint64_t n_without_header; /* packets of TCP that could not be read */
static uint64_t n_quic;
static int proto_quic; /* -1 where there is none */

static bool
is_preference_on(const char *protocol, const char *name)
{
    module_t *module = (module_t *)prefs_find_module(protocol);
    pref_t *preference = module ? prefs_find_preference(module, name) : NULL;

    return preference && prefs_get_bool_value(preference, pref_current);
}

void
collect_begin(const wsclose_flow_options *wanted, wsclose_tls_servers *servers,
              unsigned no_status_threshold)
{
    options = *wanted;
    options.tls_outside = servers != NULL;
    tls_servers = servers;
    latest = INT64_MIN;
    n_packets = n_without_header = n_quic = 0;
    proto_quic = proto_get_id_by_filter_name("quic");
    prefs_inflate = is_preference_on("websocket", "decompress") &&
                    is_preference_on("tcp", "desegment_tcp_streams");
    empty_limit = no_status_threshold;
    flow_table_begin();
    neighbours_begin();
    segment_reset();
}

void
collect_end(void)
{
    flow_table_end();
    neighbours_end();
    wsclose_tls_servers_free(tls_servers);
    tls_servers = NULL;
}

int64_t
collect_latest(void)
{
    return latest;
}

void
collect_tell(wsclose_reading *reading)
{
    flow_table_tell(reading);
    reading->packets = n_packets;
    reading->without_header = n_without_header;
    reading->quic = n_quic;
    reading->websocket_connections = store_connections();
}

/* Some captures have times from beyond what nanoseconds reach to; any two have a difference. */
#define SECONDS_MAX (INT64_MAX / 1000000000 / 2 - 1)

static int64_t
nanoseconds(const nstime_t *time)
{
    return CLAMP((int64_t)time->secs, -SECONDS_MAX, SECONDS_MAX) * 1000000000 + time->nsecs;
}

static wsclose_moment
moment_of(const packet_info *pinfo)
{
    return (wsclose_moment){ pinfo->num, nanoseconds(&pinfo->abs_ts) };
}

/* What the decoder finds. */

static void
add_event(packet_facts *facts, store_event *event, store_connection *connection,
          store_event_kind kind)
{
    event->connection = connection;
    event->kind = kind;
    event->next = NULL;
    *facts->tail = event;
    facts->tail = &event->next;
}

static wsclose_connection *
on_begin(void *user, const wsclose_beginning *beginning)
{
    packet_facts *facts = user;
    const packet_info *pinfo = facts->pinfo;

    facts->flow->ends =
        store_endpoints_of(facts->flow->ends, pinfo, beginning->client == facts->sender);
    /* Not the moment of the beginning: one that is found later would not stand in order then. */
    store_connection *connection = store_connection_begin(
        facts->flow->ends, beginning->carrier, moment_of(pinfo), nanoseconds(&pinfo->rel_ts));
    connection->http2_stream = beginning->http2_stream;
    return &connection->state;
}

static void
on_request(void *user, wsclose_connection *state, const wsclose_request *request)
{
    store_connection *connection = store_connection_of(state);

    if (request->host.data)
        connection->host = store_text_keep(request->host.data, request->host.len);
    if (request->target.len > 0)
        connection->path = store_text_keep(request->target.data, request->target.len);
    connection->offer = store_header_keep(&request->offer);
    neighbours_take_request(connection, request->key, ((const packet_facts *)user)->packet);
}

static const wsclose_negotiation *
on_response(void *user, wsclose_connection *state, const wsclose_header *extensions)
{
    store_connection *connection = store_connection_of(state);

    connection->response = store_header_keep(extensions);
    add_event(user, &connection->negotiation, connection, STORE_EVENT_NEGOTIATION);
    return store_negotiation(connection);
}

/* On how many connections its sender's address has sent such a Close; 0 where it does not count. */
static uint32_t
count_empty(const store_connection *connection, const wsclose_seen_close *seen)
{
    if (!wsclose_close_is_counted(seen->body, seen->meaning))
        return 0;
    const address sender = store_address(connection->ends, seen->sender);
    return store_count_empty(&sender);
}

/* Keep whose reason counts. */
static void
take_claim(store_connection *connection, const store_close *close)
{
    const wsclose_close_body body = store_close_body(close);

    /* What comes after the verdict changes nothing of it. */
    if (connection->verdict.number != 0 ||
        !wsclose_close_body_has(&body, WSCLOSE_CODE_MANDATORY_EXT))
        return;
    if (!connection->claim) {
        connection->claim = close;
    } else if (close->echo) {
        const wsclose_close_body before = store_close_body(connection->claim);

        if (wsclose_close_body_claim(&before, &body) == &body)
            connection->claim = close;
    }
}

static void
on_close(void *user, wsclose_connection *state, const wsclose_seen_close *seen)
{
    store_connection *connection = store_connection_of(state);
    store_close *close = store_close_keep(connection, seen);
    context_close facts;

    add_event(user, &close->event, connection, STORE_EVENT_CLOSE);
    close->event.number = count_empty(connection, seen);
    if (seen->sender != WSCLOSE_SIDE_UNKNOWN && !connection->closes[seen->sender])
        connection->closes[seen->sender] = close;
    take_claim(connection, close);
    context_close_begin(&facts, close);
    facts.context.empty_limit = empty_limit;
    close->findings = wsclose_findings_take(state, &facts.event);
    context_close_end(&facts);
}

static void
on_breach(void *user, wsclose_connection *state, const wsclose_seen_breach *seen)
{
    store_connection *connection = store_connection_of(state);
    const wsclose_frame_context *context = seen->context;
    store_breach *breach = store_alloc(sizeof *breach);

    breach->event.sender = context->sender;
    breach->frame = *context->frame;
    breach->event.breaches = (uint16_t)context->breaches;
    breach->event.number = context->close_in;
    breach->findings = seen->findings;
    if (context->text.len > 0) {
        breach->text = store_text_keep(context->text.data, context->text.len);
        if (connection->verdict.number == 0)
            connection->no_frames = breach->text;
    }
    add_event(user, &breach->event, connection, STORE_EVENT_BREACH);
}

static void
on_verdict(void *user, wsclose_connection *state)
{
    store_connection *connection = store_connection_of(state);

    add_event(user, &connection->verdict, connection, STORE_EVENT_VERDICT);
    connection->verdict.number = ((const packet_facts *)user)->pinfo->num;
    neighbours_take_verdict();
}

static bool
is_tls_server(void *user, const wsclose_tls_server *server)
{
    const packet_facts *facts = user;
    const packet_info *pinfo = facts->pinfo;
    const bool sends = server->direction == facts->sender;
    const address *own = sends ? &pinfo->src : &pinfo->dst;
    const wsclose_tls_end end = {
        .address = own->data,
        .address_len = (size_t)own->len,
        .port = (uint16_t)(sends ? pinfo->srcport : pinfo->destport),
        .other_port = (uint16_t)(sends ? pinfo->destport : pinfo->srcport),
        .name = server->name,
        .is_server = server->is_server,
    };

    return wsclose_tls_servers_match(tls_servers, &end);
}

static void
on_outside(void *user _U_, wsclose_connection *state, const wsclose_tls_hello *hello)
{
    store_connection *connection = store_connection_of(state);

    if (hello->server_name.len > 0)
        connection->host = store_text_keep(hello->server_name.data, hello->server_name.len);
    if (hello->protocols.len > 0)
        connection->path = store_text_keep(hello->protocols.data, hello->protocols.len);
}

static const wsclose_sink sink = {
    .begin = on_begin,
    .request = on_request,
    .response = on_response,
    .close = on_close,
    .breach = on_breach,
    .verdict = on_verdict,
    .is_tls_server = is_tls_server,
    .outside = on_outside,
};

/* What Wireshark knows of the packet. */

static const char list_name[] = "Decompressed Header";

static bool
next_header_list(void *user, wsclose_slice *start)
{
    packet_facts *facts = user;
    size_t len = sizeof facts->list_start;

    if (!facts->has_lists)
        facts->lists = sources_begin(facts->pinfo, list_name);
    facts->has_lists = true;
    facts->list = sources_next_list(&facts->lists, facts->list_start, &len);
    *start = (wsclose_slice){ (const char *)facts->list_start, len };
    return facts->list != NULL;
}

static wsclose_slice
header_list(void *user)
{
    const packet_facts *facts = user;

    return sources_octets(facts->list, list_name);
}

static wsclose_hint
hint_of(void *user)
{
    const packet_info *pinfo = ((const packet_facts *)user)->pinfo;

    if (proto_is_frame_protocol(pinfo->layers, "http2"))
        return WSCLOSE_HINT_HTTP2;
    return proto_is_frame_protocol(pinfo->layers, "websocket") ? WSCLOSE_HINT_WEBSOCKET
                                                               : WSCLOSE_HINT_NONE;
}

static const char inflated_name[] = "Decompressed payload";

static bool
next_inflated(void *user, wsclose_slice *octets)
{
    packet_facts *facts = user;

    if (!facts->has_inflated)
        facts->inflated = sources_begin_with(facts->pinfo, inflated_name);
    facts->has_inflated = true;
    return sources_next_named(facts->pinfo, &facts->inflated, octets);
}

/* Wireshark does so where it dissects the frames, by a preference of its own, which is on. */
static bool
inflates(void *user)
{
    const packet_info *pinfo = ((const packet_facts *)user)->pinfo;

    /* It has to know of the opening handshake. */
    return prefs_inflate && proto_is_frame_protocol(pinfo->layers, "websocket") &&
           (proto_is_frame_protocol(pinfo->layers, "http") ||
            proto_is_frame_protocol(pinfo->layers, "http2"));
}

static const wsclose_packet_source source = {
    .hint = hint_of,
    .next_header_list = next_header_list,
    .header_list = header_list,
    .next_inflated = next_inflated,
    .inflates = inflates,
};

/* A packet of TLS holds a few records; a reassembled one rarely many. */
#define DECRYPTED_FEW 16

/* Take the packet with the plaintext of its records of TLS. */
static wsclose_flow_state
read_decrypted(packet_facts *facts, wsclose_packet *packet)
{
    wsclose_slice few[DECRYPTED_FEW];
    GArray *many = NULL;
    wsclose_slice octets;
    sources_cursor cursor = sources_begin_with(facts->pinfo, "Decrypted TLS");

    packet->decrypted = few;
    while (sources_next_named(facts->pinfo, &cursor, &octets)) {
        if (packet->n_decrypted == DECRYPTED_FEW) {
            many = g_array_new(FALSE, FALSE, sizeof octets);
            g_array_append_vals(many, few, DECRYPTED_FEW);
        }
        if (many) {
            g_array_append_val(many, octets);
            packet->decrypted = (const wsclose_slice *)(void *)many->data;
        } else {
            few[packet->n_decrypted] = octets;
        }
        packet->n_decrypted++;
    }
    const wsclose_flow_state state = wsclose_flow_packet(facts->flow->reader, packet, &sink, facts);
    if (many)
        g_array_free(many, TRUE);
    return state;
}

/* Packets. */

/* The SYN of a flow that is not read yet, for a reader that begins with its first octets. */
static void
replay_syn(const flow *entry, size_t side)
{
    const wsclose_packet packet = { .sender = side,
                                    .segment = { .seq = entry->syn[side], .syn = true } };

    if (entry->has_syn[side])
        wsclose_flow_packet(entry->reader, &packet, &sink, NULL);
}

/* A SYN begins a connection, perhaps between ports that had one before. */
static void
take_syn(flow *entry, const wsclose_packet *packet)
{
    const size_t side = packet->sender;

    if (entry->has_syn[side] && entry->syn[side] == packet->segment.seq)
        return;
    if (entry->reader && !wsclose_flow_is_another(entry->reader, packet))
        return;
    if (entry->reader || entry->is_idle || entry->has_syn[side]) {
        flow_renew(entry);
        entry->has_syn[1 - side] = false;
    }
    entry->syn[side] = packet->segment.seq;
    entry->has_syn[side] = true;
}

/* Whether there is a reader for the packet. */
static bool
find_reader(flow *entry, const wsclose_packet *packet)
{
    if (packet->segment.syn)
        take_syn(entry, packet);
    if (entry->is_idle)
        return false;
    if (entry->reader || packet->segment.len == 0)
        return entry->reader != NULL;
    flow_read(entry, &options);
    replay_syn(entry, 0);
    replay_syn(entry, 1);
    return true;
}

static void
read_packet(packet_facts *facts, wsclose_packet *packet)
{
    flow *entry = facts->flow;

    const wsclose_flow_state state = wsclose_flow_wants_decrypted(entry->reader)
                                         ? read_decrypted(facts, packet)
                                         : wsclose_flow_packet(entry->reader, packet, &sink, facts);

    if (state == WSCLOSE_FLOW_IDLE) {
        flow_forget(entry);
        entry->is_idle = true;
    } else if (state == WSCLOSE_FLOW_ENDED) {
        flow_end(entry);
    }
}

/* By its number: to look its name up for each packet takes longer than all else that is done here. */
static bool
is_quic(const packet_info *pinfo)
{
    const wmem_list_frame_t *layer = wmem_list_head(pinfo->layers);

    while (layer && GPOINTER_TO_INT(wmem_list_frame_data(layer)) != proto_quic)
        layer = wmem_list_frame_next(layer);
    return layer != NULL;
}

/* Find the segment of a packet, and count those that should have one. */
static bool
find_segment(tvbuff_t *frame, packet_info *pinfo, wsclose_packet *packet)
{
    n_packets++;
    if (pinfo->flags.in_error_pkt)
        return false;
    if (pinfo->ptype == PT_TCP) {
        if (segment_find(frame, pinfo, packet))
            return true;
        n_without_header++;
    } else if (pinfo->ptype == PT_UDP) {
        n_quic += is_quic(pinfo);
    } else if (tvb_captured_length(frame) < tvb_reported_length(frame) &&
               proto_is_frame_protocol(pinfo->layers, "tcp")) {
        n_without_header++; /* not even its ports are there */
    }
    return false;
}

const store_event *
collect_packet(tvbuff_t *frame, packet_info *pinfo)
{
    wsclose_packet packet;
    packet_facts facts;

    if (!find_segment(frame, pinfo, &packet))
        return NULL;
    facts.flow = flow_of(pinfo, &packet.sender);
    if (!find_reader(facts.flow, &packet))
        return NULL;
    facts.pinfo = pinfo;
    facts.sender = packet.sender;
    facts.first = NULL;
    facts.tail = &facts.first;
    facts.has_lists = false;
    facts.has_inflated = false;
    facts.packet = &packet;
    packet.moment = moment_of(pinfo);
    latest = packet.moment.time;
    packet.n_decrypted = 0;
    packet.source = &source;
    packet.user = &facts;
    read_packet(&facts, &packet);
    if (facts.first)
        store_events_set(pinfo->num, facts.first);
    return facts.first;
}
