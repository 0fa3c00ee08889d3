/* flow.c
 * One TCP connection: its packets in, order, holes and ends.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wsclose/flow.h"

#include "flow_private.h"

wsclose_flow *
wsclose_flow_new(const wsclose_flow_options *options)
{
    wsclose_flow *flow = g_new0(wsclose_flow, 1);

    flow->find_midstream = options->find_midstream;
    return flow;
}

void
wsclose_flow_free(wsclose_flow *flow)
{
    if (!flow)
        return;
    flow_protocol_clear(flow);
    for (size_t side = 0; side < 2; side++)
        wsclose_stream_clear(&flow->sides[side].stream);
    g_free(flow);
}

unsigned
wsclose_flow_wants(const wsclose_flow *flow)
{
    return (flow->protocol == PROTOCOL_UNDECIDED ? WSCLOSE_FLOW_WANTS_HINT : 0u) |
           (flow->is_tls ? WSCLOSE_FLOW_WANTS_DECRYPTED : 0u);
}

bool
wsclose_flow_is_idle(const wsclose_flow *flow)
{
    return flow->protocol == PROTOCOL_OTHER;
}

bool
wsclose_flow_has_ended(const wsclose_flow *flow)
{
    return flow->has_reset || (flow->sides[0].ended && flow->sides[1].ended);
}

bool
wsclose_flow_is_another(const wsclose_flow *flow, const wsclose_packet *packet)
{
    const wsclose_stream *own = &flow->sides[packet->sender].stream;

    return packet->segment.syn && own->begun && packet->segment.seq + 1 != flow_first_seq(own);
}

/* Octets of TLS that nobody has decrypted. */

/* Plaintext is missing.
 *
 *  undecrypted  its records are there */
static void
lose_plaintext(wsclose_flow *flow, flow_reading *reading, bool undecrypted)
{
    flow_side *own = &flow->sides[reading->side];

    own->blind = true;
    own->undecrypted |= undecrypted;
    flow_protocol_gap(flow, reading, 0);
}

static void
take_plaintext(wsclose_flow *flow, flow_reading *reading, wsclose_slice plaintext)
{
    flow_side *own = &flow->sides[reading->side];

    if (!tls_plaintext_is_application(plaintext))
        return;
    own->blind = own->undecrypted = false;
    flow_protocol_take(flow, reading,
                       (wsclose_octets){(const uint8_t *)plaintext.data, plaintext.len, 0}, true);
}

/* Take what was decrypted in a packet. Where these are not the records that have ended with it, one
 * for one, some before or after them could not be read, or they come from behind a hole. */
static void
take_decrypted(wsclose_flow *flow, flow_reading *reading)
{
    const wsclose_packet *packet = reading->packet;
    flow_side *own = &flow->sides[packet->sender];
    const uint32_t first = own->decrypted;
    const uint32_t ended = own->records.encrypted - first;
    const bool all = ended == packet->n_decrypted && !own->records.lost;
    const bool undecrypted = ended > packet->n_decrypted;

    own->decrypted = own->records.encrypted;
    reading->decrypted = true;
    if (!all && packet->n_decrypted > 0)
        lose_plaintext(flow, reading, undecrypted);
    for (size_t i = 0; i < packet->n_decrypted; i++) {
        reading->has_end = all && ended <= TLS_RECENT;
        reading->end = own->records.ends[(first + i) % TLS_RECENT];
        take_plaintext(flow, reading, packet->decrypted[i]);
    }
    reading->has_end = false;
    if (!all && (undecrypted || !own->blind))
        lose_plaintext(flow, reading, undecrypted);
    reading->decrypted = false;
}

/* Order. */

/* Read what a side has in order. Returns whether it ends. */
static bool
read_in_order(wsclose_flow *flow, flow_reading *reading, size_t side)
{
    wsclose_stream *stream = &flow->sides[side].stream;
    bool ends = false;
    wsclose_octets octets;
    wsclose_stream_item item;

    reading->side = side;
    while ((item = wsclose_stream_next(stream, &octets)) != WSCLOSE_STREAM_NOTHING) {
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
is_hopeless(const wsclose_flow *flow, const flow_side *own, bool resets)
{
    /* Header lists of HTTP/2 are decoded in their own packets: what waits for them loses them. */
    const unsigned patience = flow->protocol == PROTOCOL_HTTP2 ? 0 : FLOW_PATIENCE;

    return resets || is_received_whole(&own->stream) ||
           (wsclose_stream_hole_is_acknowledged(&own->stream) && own->acked_packets > patience);
}

/* Read what a side has in order, and past holes that will not close. Returns whether it ends. */
static bool
read_side(wsclose_flow *flow, flow_reading *reading, size_t side)
{
    flow_side *own = &flow->sides[side];
    bool ends = read_in_order(flow, reading, side);

    if (!wsclose_stream_hole_is_acknowledged(&own->stream))
        own->acked_packets = 0;
    else if (own->acked_packets < UINT16_MAX)
        own->acked_packets++;
    while (waits_for_hole(&own->stream) && is_hopeless(flow, own, reading->packet->rst)) {
        flow_protocol_hurry(flow, reading, 1 - side);
        reading->side = side;
        wsclose_stream_give_up(&own->stream);
        ends |= read_in_order(flow, reading, side);
    }
    return ends;
}

/* Ends. */

static void
end_side(wsclose_flow *flow, flow_reading *reading, size_t side, wsclose_end_kind kind)
{
    flow_websocket *websocket = &flow->websocket;

    reading->side = side;
    flow->sides[side].ended = true;
    flow->has_reset |= kind == WSCLOSE_END_RESET;
    if (flow->protocol == PROTOCOL_HTTP2)
        flow_http2_end(flow, reading, kind);
    if (!websocket->connection)
        return;
    /* Of a capture that has one direction only, nothing shows what the other one lacks. */
    for (size_t i = 0; i < 2; i++) {
        if (!flow->sides[i].stream.begun)
            flow_lose(flow, websocket, i);
    }
    flow_tell_missing(flow, websocket, side, kind == WSCLOSE_END_RESET);
    if (wsclose_connection_end(websocket->connection, flow_endpoint(flow, side), kind,
                               reading->packet->moment))
        flow_settled(reading, websocket);
}

/* Packets. */

/* Returns whether there is anything new in it. */
static bool
take_segment(wsclose_flow *flow, const wsclose_packet *packet)
{
    flow_side *own = &flow->sides[packet->sender];
    flow_side *other = &flow->sides[1 - packet->sender];

    if (packet->has_ack)
        wsclose_stream_acknowledge(&other->stream, packet->ack);
    if (!packet->rst || !own->stream.begun)
        return wsclose_stream_take(&own->stream, &packet->segment);
    /* Its sender had sent all octets before it. */
    wsclose_stream_acknowledge(&own->stream, packet->segment.seq);
    return false;
}

static bool
is_ahead(const wsclose_stream *stream, const wsclose_segment *segment)
{
    return segment->captured > 0 && wsclose_sequence_after(segment->seq, stream->next);
}

void
wsclose_flow_packet(wsclose_flow *flow, const wsclose_packet *packet, const wsclose_sink *sink,
                    void *user)
{
    flow_reading reading = {.packet = packet, .sink = sink, .user = user};
    const size_t sender = packet->sender;

    const bool is_new = take_segment(flow, packet);
    /* What was sent before is read first, an end of it included. */
    if (read_side(flow, &reading, 1 - sender)) {
        flow_protocol_settle(flow, &reading);
        end_side(flow, &reading, 1 - sender, WSCLOSE_END_ORDERLY);
    }
    const bool ends = read_side(flow, &reading, sender);
    if (flow->is_tls)
        take_decrypted(flow, &reading);
    else if (is_new && flow->protocol == PROTOCOL_WEBSOCKET &&
             is_ahead(&flow->sides[sender].stream, &packet->segment))
        flow_frames_foresee(flow, &reading);
    flow_protocol_settle(flow, &reading);
    if (ends)
        end_side(flow, &reading, sender, WSCLOSE_END_ORDERLY);
    if (packet->rst)
        end_side(flow, &reading, sender, WSCLOSE_END_RESET);
}
