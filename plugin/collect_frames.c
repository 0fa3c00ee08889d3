/* collect_frames.c
 * WebSocket frames.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "collect_private.h"

/* A packet can hold tens of thousands of Close frames, and Wireshark gives up on a tree of a
 * million items. */
#define CLOSES_PER_PACKET_MAX 1000

/* Who sends: by the opening handshake; where that was not captured, by masking (RFC 6455 section
 * 5.1: clients mask, servers do not), unless both sides look like the same one. */
static wsclose_endpoint
sender_of(const store_flow *flow, const packet_info *pinfo, const wsclose_frame *frame)
{
    const bool from_client = collect_is_from_client(flow, pinfo);

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
        if (!facts->place.flow || !facts->place.flow->current) {
            facts->place = store_place_of(pinfo, sizeof(store_flow));
            collect_begin(facts, &facts->place, WSCLOSE_CARRIER_HTTP1, frame->masked);
            collect_lose(facts->place.flow, 0);
            collect_lose(facts->place.flow, 1);
        }
    }
    return facts->place.flow && facts->place.flow->current;
}

bool
collect_is_new(packet_facts *facts, tvbuff_t *source, int start, uint64_t octets, size_t side)
{
    const int reported = tvb_reported_length_remaining(source, start);

    return facts->begun[side] ||
           transport_take(&facts->place.flow->tcp, side, facts->place.tcp.own,
                          MIN(octets, (uint64_t)MAX(reported, 0)), facts->remarked);
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

store_close *
collect_new_close(packet_facts *facts, store_connection *connection, wsclose_endpoint sender,
                  const wsclose_frame *frame, const uint8_t *body, size_t captured)
{
    if (facts->n_closes >= CLOSES_PER_PACKET_MAX)
        return NULL;
    store_close *close = wmem_alloc0(wmem_file_scope(), sizeof *close + captured);

    close->event.connection = connection;
    close->event.kind = STORE_EVENT_CLOSE;
    close->sender = sender;
    close->frame = *frame;
    close->moment = collect_moment(facts->pinfo);
    close->captured = (uint8_t)captured;
    close->next_seq = transport_next(&facts->place.tcp);
    if (captured > 0)
        memcpy(close->body, body, captured);
    return close;
}

void
collect_take_close(packet_facts *facts, store_close *close, size_t side)
{
    packet_info *pinfo = facts->pinfo;
    const store_flow *flow = facts->place.flow;
    store_connection *connection = (store_connection *)close->event.connection;

    connection->closes[side] = close;
    close->end_seq = flow->tcp.sides[side].expected;
    close->ack = facts->place.tcp.own ? facts->place.tcp.own->lastack : 0;

    wsclose_close_body body;
    wsclose_close_body_decode(close->body, close->captured, close->frame.payload_len, &body);
    close->breaches = wsclose_close_breaches(&close->frame, &body, close->sender);
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
    collect_add_event(facts, &close->event);
    if (settled)
        collect_add_verdict(facts, connection);
    facts->n_closes++;
}

/* A Close frame with what there is of it. */
static void
collect_close(packet_facts *facts, const field_info *item, const wsclose_frame *frame,
              const uint8_t *octets, size_t len)
{
    store_flow *flow = facts->place.flow;
    store_connection *connection = flow->current;
    const size_t side = collect_side(flow, facts->pinfo);
    const size_t captured =
        MIN(len - frame->header_len, MIN(frame->payload_len, WSCLOSE_CONTROL_PAYLOAD_MAX));
    uint8_t body[WSCLOSE_CONTROL_PAYLOAD_MAX];

    wsclose_unmask(body, octets + frame->header_len, captured, frame->masking_key, 0);
    store_close *close = collect_new_close(facts, connection, sender_of(flow, facts->pinfo, frame),
                                           frame, body, captured);
    if (!close)
        return;
    if (connection->closes[side] && is_retransmitted(connection->closes[side], close)) {
        wmem_free(wmem_file_scope(), close);
        return;
    }
    collect_is_new(facts, item->ds_tvb, item->start, frame->header_len + frame->payload_len,
                        side);
    collect_tell_missing(&facts->place, connection, facts->pinfo, side,
                         connection->closes[1 - side] != NULL);
    collect_take_close(facts, close, side);
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

void
collect_take_frame(packet_facts *facts, store_connection *connection, wsclose_endpoint sender,
                   size_t side, const wsclose_frame *frame)
{
    const uint32_t number = facts->pinfo->num;
    wsclose_frame_finding finding;

    wsclose_connection_frame(&connection->life, sender, frame, collect_moment(facts->pinfo),
                             &finding);
    const store_close *close = connection->closes[side];
    /* Once in a packet, which holds frames of one side. */
    const bool after_close =
        finding.after_close && connection->after_close_in != number && !is_older(facts, close);
    if (!finding.first && !after_close)
        return;

    store_breach *breach = wmem_new0(wmem_file_scope(), store_breach);
    breach->event.connection = connection;
    breach->event.kind = STORE_EVENT_BREACH;
    breach->sender = sender;
    breach->frame = *frame;
    breach->breaches = finding.breaches;
    if (after_close) {
        breach->close_in = close ? close->moment.number : 0;
        connection->after_close_in = number;
        connection->data_after_close[side] = true;
    }
    collect_add_event(facts, &breach->event);
}

static void
collect_other(packet_facts *facts, const field_info *item, const wsclose_frame *frame)
{
    store_flow *flow = facts->place.flow;
    const size_t side = collect_side(flow, facts->pinfo);

    if (!collect_is_new(facts, item->ds_tvb, item->start, frame->header_len + frame->payload_len,
                        side))
        return;
    if (flow->tcp.sides[side].lost)
        collect_tell_hole(&facts->place, flow->current, facts->pinfo, side);
    collect_take_frame(facts, flow->current, sender_of(flow, facts->pinfo, frame), side, frame);
}

void
collect_frames(packet_facts *facts, GPtrArray *items)
{
    for (unsigned i = 0; i < items->len; i++) {
        const field_info *item = collect_item(items, i);
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
            collect_cut(facts);
            return;
        }
        if (!wsclose_frame_decode(octets, len, &frame) || !find_place(facts, &frame))
            continue;
        if (frame.opcode != WSCLOSE_OPCODE_CLOSE)
            collect_other(facts, item, &frame);
        else
            collect_close(facts, item, &frame, octets, len);
    }
}
