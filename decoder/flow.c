/* flow.c
 * One TCP connection: its packets in, order, holes and ends.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wsclose/flow.h"

#include "flow_outside.h"

/* Encrypted records of a side after which a connection is taken for one without keys. */
#define WITHOUT_KEYS_MAX 12

wsclose_flow *
wsclose_flow_new(const wsclose_flow_options *options)
{
    wsclose_flow *flow = g_new0(wsclose_flow, 1);

    flow->find_midstream = options->find_midstream;
    flow->check_text = options->check_text;
    flow->tls_outside = options->tls_outside;
    return flow;
}

void
wsclose_flow_free(wsclose_flow *flow)
{
    if (!flow)
        return;
    flow_protocol_clear(flow);
    flow_earlier_free(flow->earlier);
    for (size_t direction = 0; direction < 2; direction++)
        wsclose_stream_clear(&flow->directions[direction].stream);
    g_free(flow->waiting);
    flow_outside_free(flow);
    g_free(flow->tls);
    g_free(flow);
}

bool
wsclose_flow_wants_decrypted(const wsclose_flow *flow)
{
    return flow->tls != NULL;
}

wsclose_flow_state
wsclose_flow_get_state(const wsclose_flow *flow)
{
    if (flow->protocol == PROTOCOL_OTHER)
        return WSCLOSE_FLOW_IDLE;
    return flow->has_reset || (flow->directions[0].ended && flow->directions[1].ended)
               ? WSCLOSE_FLOW_ENDED
               : WSCLOSE_FLOW_GOES_ON;
}

bool
wsclose_flow_is_another(const wsclose_flow *flow, const wsclose_packet *packet)
{
    const wsclose_stream *own = &flow->directions[packet->sender].stream;

    return packet->segment.syn && own->begun && packet->segment.seq + 1 != flow_first_seq(own);
}

/* Octets of TLS that nobody has decrypted. */

/* Plaintext is missing.
 *
 *  undecrypted  its records are there */
static void
lose_plaintext(wsclose_flow *flow, flow_reading *reading, bool undecrypted)
{
    flow_direction *own = &flow->directions[reading->direction];

    own->blind = true;
    own->undecrypted |= undecrypted;
    flow_protocol_gap(flow, reading, 0);
}

/* Tell of a fatal alert of TLS. */
static void
take_alert(wsclose_flow *flow, const flow_reading *reading, uint8_t description)
{
    flow_connections each = flow_connections_of(flow);
    wsclose_connection *connection;

    while ((connection = flow_connections_next(&each)) != NULL)
        wsclose_connection_alert(connection, flow_side(flow, reading->direction), description,
                                 reading->packet->moment);
}

static void
take_plaintext(wsclose_flow *flow, flow_reading *reading, wsclose_slice plaintext)
{
    flow_direction *own = &flow->directions[reading->direction];
    uint8_t alert;

    if (!tls_plaintext_is_application(plaintext)) {
        if (tls_plaintext_is_fatal(plaintext, &alert))
            take_alert(flow, reading, alert);
        return;
    }
    own->blind = own->undecrypted = false;
    flow_protocol_take(flow, reading,
                       (wsclose_octets){ (const uint8_t *)plaintext.data, plaintext.len, 0 }, true);
}

/* Take what was decrypted in a packet. Where these are not the records that have ended with it, one
 * for one, some before or after them could not be read, or they come from behind a hole. */
static void
take_decrypted(wsclose_flow *flow, flow_reading *reading)
{
    const wsclose_packet *packet = reading->packet;
    const flow_direction *own = &flow->directions[packet->sender];
    flow_tls *tls = &flow->tls[packet->sender];
    const tls_records *records = &tls->records;
    const uint32_t first = tls->decrypted;
    const uint32_t ended = records->encrypted - first;
    const bool all = ended == packet->n_decrypted && !records->lost;
    const bool undecrypted = ended > packet->n_decrypted;

    if (all && packet->n_decrypted == 0)
        return;
    /* Of a flow that nobody decrypts, once is enough. */
    const bool knows_loss = own->blind && own->undecrypted && flow->protocol == PROTOCOL_UNDECIDED;

    flow->has_decrypted |= packet->n_decrypted > 0;
    tls->decrypted = records->encrypted;
    reading->decrypted = true;
    if (!all && packet->n_decrypted > 0)
        lose_plaintext(flow, reading, undecrypted);
    for (size_t i = 0; i < packet->n_decrypted; i++) {
        reading->has_end = all && ended <= TLS_RECENT;
        reading->end = records->ends[(first + i) % TLS_RECENT];
        take_plaintext(flow, reading, packet->decrypted[i]);
    }
    reading->has_end = false;
    if (!all && (undecrypted || !own->blind) && !(knows_loss && packet->n_decrypted == 0))
        lose_plaintext(flow, reading, undecrypted);
    reading->decrypted = false;
    /* Keys come with the handshake or never. */
    if (!flow->has_decrypted && !flow->outside && records->encrypted > WITHOUT_KEYS_MAX)
        flow_protocol_give_up(flow);
}

static void
take_tls(wsclose_flow *flow, flow_reading *reading)
{
    if (flow->protocol != PROTOCOL_OUTSIDE)
        take_decrypted(flow, reading);
    if (flow->outside)
        flow_outside_packet(flow, reading);
}

/* Order. */

/* Read what a side has in order. Returns whether it ends. */
static bool
read_in_order(wsclose_flow *flow, flow_reading *reading, size_t direction)
{
    wsclose_stream *stream = &flow->directions[direction].stream;
    bool ends = false;
    wsclose_octets octets;
    wsclose_stream_item item;

    reading->direction = direction;
    while ((item = wsclose_stream_next(stream, &octets)) != WSCLOSE_STREAM_NOTHING) {
        flow->has_gap |= item == WSCLOSE_STREAM_GAP;
        flow->has_cut |= item == WSCLOSE_STREAM_OCTETS && octets.lacking > 0;
        if (item == WSCLOSE_STREAM_OCTETS)
            flow_protocol_take(flow, reading, octets, true);
        else if (item == WSCLOSE_STREAM_GAP)
            flow_protocol_gap(flow, reading, octets.lacking);
        else
            ends = true;
    }
    return ends;
}

/* Whether the other side has received all of a side, its FIN included. */
static bool
is_received_whole(const wsclose_stream *stream)
{
    return stream->has_fin && stream->has_ack &&
           wsclose_sequence_after(stream->acked, stream->fin_seq);
}

/* Whether there is something behind a hole; else nothing is gained by giving it up. */
static bool
waits_for_hole(const wsclose_stream *stream)
{
    return stream->pieces || (stream->has_fin && !stream->fin_yielded);
}

/* Whether a hole will not close: what the other side has acknowledged was not lost on its way but
 * by the capture, and has not come late either. */
static bool
is_hopeless(const wsclose_flow *flow, const flow_direction *own, bool resets)
{
    /* Header lists of HTTP/2 are decoded in their own packets: what waits for them loses them. */
    const unsigned patience = flow->protocol == PROTOCOL_HTTP2 ? 0 : FLOW_PATIENCE;

    return resets || is_received_whole(&own->stream) ||
           (wsclose_stream_hole_is_acknowledged(&own->stream) && own->acked_packets > patience);
}

/* Read what a side has in order, and past holes that will not close. Returns whether it ends. */
static bool
read_side(wsclose_flow *flow, flow_reading *reading, size_t direction)
{
    flow_direction *own = &flow->directions[direction];
    bool ends;

    if (flow_is_quiet(&own->stream)) {
        own->acked_packets = 0;
        return false;
    }
    ends = read_in_order(flow, reading, direction);
    if (!wsclose_stream_hole_is_acknowledged(&own->stream))
        own->acked_packets = 0;
    else if (own->acked_packets < UINT16_MAX)
        own->acked_packets++;
    while (waits_for_hole(&own->stream) && is_hopeless(flow, own, reading->packet->rst)) {
        flow_protocol_hurry(flow, reading, 1 - direction);
        reading->direction = direction;
        wsclose_stream_give_up(&own->stream);
        ends |= read_in_order(flow, reading, direction);
    }
    return ends;
}

/* Ends. */

static void
end_side(wsclose_flow *flow, flow_reading *reading, size_t direction, wsclose_end_kind kind)
{
    flow_websocket *websocket = &flow->websocket;

    reading->direction = direction;
    if (flow->outside)
        flow_outside_end(flow, reading);
    flow->directions[direction].ended = true;
    flow->has_reset |= kind == WSCLOSE_END_RESET;
    if (flow->protocol == PROTOCOL_HTTP2)
        flow_http2_end(flow, reading, kind);
    if (!websocket->connection)
        return;
    /* Of a capture that has one direction only, nothing shows what the other one lacks. */
    for (size_t i = 0; i < 2; i++) {
        if (!flow->directions[i].stream.begun)
            flow_lose(flow, websocket, i);
    }
    flow_tell_missing(flow, websocket, direction, kind == WSCLOSE_END_RESET);
    if (kind == WSCLOSE_END_ORDERLY)
        flow_frames_take_fin(flow, direction);
    if (websocket->close_in[direction] == 0)
        websocket->close_ack[direction] = flow->directions[1 - direction].stream.acked;
    if (wsclose_connection_end(websocket->connection, flow_side(flow, direction), kind,
                               reading->packet->moment))
        flow_settled(reading, websocket);
}

/* Packets. */

/* Returns whether there is anything new in it. */
static bool
take_segment(wsclose_flow *flow, const wsclose_packet *packet)
{
    flow_direction *own = &flow->directions[packet->sender];

    if (!packet->rst || !own->stream.begun)
        return wsclose_stream_take(&own->stream, &packet->segment);
    /* Its sender had sent all octets before it. */
    wsclose_stream_acknowledge(&own->stream, packet->segment.seq);
    return false;
}

/* NOLINTBEGIN(misc-no-recursion): packets that are read again are kept no more. */

/* Read the packets that were kept, now that it is known what they carry. */
static void
read_earlier(wsclose_flow *flow, const wsclose_sink *sink, void *user)
{
    flow_earlier *earlier = flow->earlier;
    const wsclose_packet *packet = flow_earlier_get(earlier, 0);
    flow_reading reading = { .packet = packet, .sink = sink, .user = user };

    flow->earlier = NULL;
    flow->found_midstream = false;
    flow_protocol_clear(flow); /* what the other side of this packet may have begun */
    for (size_t direction = 0; direction < 2; direction++) {
        wsclose_stream_clear(&flow->directions[direction].stream);
        flow->directions[direction] = (flow_direction){ 0 };
    }
    flow_protocol_start_midstream(flow, &reading);
    for (unsigned n = 0; (packet = flow_earlier_get(earlier, n)) != NULL; n++)
        wsclose_flow_packet(flow, packet, sink, user);
    flow_earlier_free(earlier);
}

/* Keep no more than may be read. */
static void
settle_earlier(wsclose_flow *flow)
{
    if (!flow->earlier)
        return;
    if (!flow_protocol_looks_for_frames(flow)) {
        flow_earlier_free(flow->earlier);
        flow->earlier = NULL;
    } else if (flow->has_others && !flow->has_frames) {
        flow_earlier_strip_last(flow->earlier);
    }
}

static bool
is_ahead(const wsclose_stream *stream, const wsclose_segment *segment)
{
    return segment->captured > 0 && wsclose_sequence_after(segment->seq, stream->next);
}

/* Whether something waits. */
static bool
is_waiting(const wsclose_flow *flow)
{
    return flow->upgrade || flow->waiting;
}

static void
settle(wsclose_flow *flow, flow_reading *reading)
{
    if (is_waiting(flow))
        flow_protocol_settle(flow, reading);
}

/* Whether nothing waits, and nothing is missing. */
static bool
is_settled(const wsclose_flow *flow)
{
    return !is_waiting(flow) && flow_is_quiet(&flow->directions[0].stream) &&
           flow_is_quiet(&flow->directions[1].stream);
}

/* Whether a packet of a settled flow has nothing but an acknowledgement of what was seen, as
 * half of all packets. */
static bool
only_acknowledges(const wsclose_flow *flow, const wsclose_packet *packet)
{
    const wsclose_segment *segment = &packet->segment;
    const wsclose_stream *acknowledged = &flow->directions[1 - packet->sender].stream;

    return segment->len == 0 && !segment->syn && !segment->fin && !packet->rst &&
           acknowledged->has_ack && acknowledged->acked == packet->ack &&
           !flow_awaits_receipt(flow);
}

/* Take the octets of a packet of a settled flow that come next, as those of most packets do.
 * Returns whether they do. */
static bool
take_next(wsclose_flow *flow, flow_reading *reading)
{
    const wsclose_packet *packet = reading->packet;
    flow_direction *own = &flow->directions[packet->sender];
    flow_direction *other = &flow->directions[1 - packet->sender];
    wsclose_octets octets;

    if (packet->rst || flow_protocol_looks_for_frames(flow) ||
        !wsclose_stream_take_next(&own->stream, &packet->segment, &octets))
        return false;
    own->acked_packets = other->acked_packets = 0;
    flow->has_cut |= octets.lacking > 0;
    reading->direction = packet->sender;
    flow_protocol_take(flow, reading, octets, true);
    return true;
}

/* Take the octets of any packet, and those that waited for it. Returns whether its sender ends.
 *
 *  is_new  whether there is anything new in it */
static bool
take_any(wsclose_flow *flow, flow_reading *reading, bool *is_new)
{
    const size_t sender = reading->packet->sender;

    *is_new = take_segment(flow, reading->packet);
    flow->directions[sender].reordered |= flow->directions[sender].stream.pieces != NULL;
    if (flow_protocol_looks_for_frames(flow))
        flow_earlier_keep(&flow->earlier, reading->packet);
    flow->has_frames = flow->has_others = false;
    /* What was sent before is read first, an end of it included. */
    if (read_side(flow, reading, 1 - sender)) {
        settle(flow, reading);
        end_side(flow, reading, 1 - sender, WSCLOSE_END_ORDERLY);
    }
    return read_side(flow, reading, sender);
}

wsclose_flow_state
wsclose_flow_packet(wsclose_flow *flow, const wsclose_packet *packet, const wsclose_sink *sink,
                    void *user)
{
    flow_reading reading = { .packet = packet, .sink = sink, .user = user };
    const size_t sender = packet->sender;

    if (flow->is_watched)
        flow_tcp_watch(flow, packet);
    if (packet->has_ack)
        wsclose_stream_acknowledge(&flow->directions[1 - sender].stream, packet->ack);
    const bool settled = is_settled(flow);
    if (settled && only_acknowledges(flow, packet))
        return WSCLOSE_FLOW_GOES_ON;
    bool is_new = false;
    const bool ends = !(settled && take_next(flow, &reading)) && take_any(flow, &reading, &is_new);
    if (flow->found_midstream) {
        read_earlier(flow, sink, user);
        return wsclose_flow_get_state(flow);
    }
    settle_earlier(flow);
    /* Where neither side had anything to read, nothing has set it. */
    reading.direction = sender;
    if (flow->tls)
        take_tls(flow, &reading);
    else if (is_new && flow->protocol == PROTOCOL_WEBSOCKET &&
             is_ahead(&flow->directions[sender].stream, &packet->segment))
        flow_frames_foresee(flow, &reading);
    settle(flow, &reading);
    if (flow_awaits_receipt(flow))
        flow_frames_take_receipt(flow, &reading);
    if (ends)
        end_side(flow, &reading, sender, WSCLOSE_END_ORDERLY);
    if (packet->rst)
        end_side(flow, &reading, sender, WSCLOSE_END_RESET);
    return wsclose_flow_get_state(flow);
}

/* NOLINTEND(misc-no-recursion) */
