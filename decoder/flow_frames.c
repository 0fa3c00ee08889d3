/* flow_frames.c
 * Frames of a WebSocket, whatever carries it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "flow_private.h"

/* A packet can hold tens of thousands of Close frames; nobody reads so many. */
#define CLOSES_PER_PACKET_MAX 1000

/* Whether an end of TCP had received the other side's octets up to here by its acknowledgement. */
static bool
has_received(uint32_t ack, uint32_t sequence)
{
    return !wsclose_sequence_after(sequence, ack);
}

/* Take a Close frame.
 *
 *  end  sequence number after it, or after what is read with it */
static void
take_close(wsclose_flow *flow, flow_reading *reading, flow_websocket *websocket,
           const wsclose_scanned_frame *found, uint32_t end)
{
    const wsclose_packet *packet = reading->packet;
    const size_t direction = reading->direction;
    const bool other_closed = websocket->close_in[1 - direction] != 0;
    const wsclose_stream *own = &flow->directions[direction].stream;
    const bool has_ack = flow->directions[1 - direction].stream.has_ack;
    const uint32_t ack = flow_acknowledged_by(flow, reading, direction);
    const wsclose_side sender = flow_sender(flow, direction, &found->frame);
    wsclose_close_body body;
    wsclose_close_meaning meaning;

    wsclose_close_body_decode(found->body, found->captured, found->frame.payload_len, &body);
    const wsclose_close_fact fact = {
        .sender = sender,
        .body = &body,
        .breaches = wsclose_close_breaches(&found->frame, &body, sender),
        .crossing =
            other_closed && has_ack && !has_received(ack, websocket->close_end[1 - direction]),
        .preceding =
            other_closed && has_ack && has_received(websocket->close_ack[1 - direction], end),
        /* Over HTTP/2 TCP goes on, and says nothing of who reads a stream. */
        .has_receipt =
            websocket == &flow->websocket && own->has_ack && !has_received(own->acked, end),
    };
    flow_tell_missing(flow, websocket, direction, other_closed);
    websocket->close_in[direction] = packet->moment.number;
    websocket->close_end[direction] = end;
    websocket->close_ack[direction] = ack;
    const bool settled =
        wsclose_connection_close(websocket->connection, &fact, packet->moment, &meaning);
    reading->sink->close(reading->user, websocket->connection,
                         &(wsclose_seen_close){ .sender = sender,
                                                .moment = packet->moment,
                                                .frame = &found->frame,
                                                .body = &body,
                                                .breaches = fact.breaches,
                                                .meaning = &meaning });
    if (settled)
        flow_settled(reading, websocket);
}

/* Whether the side at hand had received the other one's last breach when it sent what is at
 * hand. */
static bool
has_gone_on(const wsclose_flow *flow, const flow_reading *reading, const flow_websocket *websocket)
{
    const size_t direction = reading->direction;

    return websocket->connection->sides[flow_side(flow, 1 - direction)].provokes &&
           flow->directions[1 - direction].stream.has_ack &&
           has_received(flow_acknowledged_by(flow, reading, direction),
                        websocket->breach_end[1 - direction]);
}

static void
take_other(wsclose_flow *flow, flow_reading *reading, flow_websocket *websocket,
           const wsclose_frame *frame)
{
    const size_t direction = reading->direction;
    const uint32_t number = reading->packet->moment.number;
    const wsclose_side sender = flow_sender(flow, direction, frame);
    wsclose_frame_meaning meaning;

    if (websocket->holed[direction])
        flow_tell_missing(flow, websocket, direction, false);
    if (has_gone_on(flow, reading, websocket))
        wsclose_connection_goes_on(websocket->connection, sender);
    wsclose_connection_frame(websocket->connection, sender, frame, reading->packet->moment,
                             &meaning);
    /* Once in a packet; and a Close that was taken ahead stands behind this frame in the stream. */
    const bool after_close = meaning.after_close && websocket->after_close_in != number &&
                             !flow->directions[direction].foreseen;
    if (meaning.breaches != 0)
        websocket->breach_end[direction] = flow_end_at_hand(flow, reading);
    if (!meaning.first && !after_close)
        return;
    if (after_close)
        websocket->after_close_in = number;
    const wsclose_frame_context context = {
        .sender = sender,
        .frame = frame,
        .breaches = meaning.breaches,
        .close_in = after_close ? websocket->connection->closes[sender].moment.number : 0,
    };
    const wsclose_finding_set findings = wsclose_findings_take(
        websocket->connection, &(wsclose_event){ .kind = WSCLOSE_EVENT_FRAME, .frame = &context });
    reading->sink->breach(reading->user, websocket->connection,
                          &(wsclose_seen_breach){ .context = &context, .findings = findings });
}

/* Whether a Close frame is the one that was taken ahead of the octets before it.
 *
 *  behind  what is left of the octets that it was read from */
static bool
is_foreseen(wsclose_flow *flow, size_t direction, const wsclose_octets *behind)
{
    flow_direction *own = &flow->directions[direction];
    const uint32_t end = own->stream.next - (uint32_t)(behind->captured + behind->lacking);
    const bool is_it = own->foreseen && end == own->foreseen_end;

    if (is_it)
        own->foreseen = false;
    return is_it;
}

void
flow_frames_take(wsclose_flow *flow, flow_reading *reading, flow_websocket *websocket,
                 wsclose_scanner *scanner, wsclose_octets input, bool at_start)
{
    const wsclose_side sender = flow_side(flow, reading->direction);
    wsclose_scanned_frame found;
    unsigned n_closes = 0;

    if (websocket->unframed[reading->direction])
        return;
    if (wsclose_scanner_is_lost(scanner)) {
        if (at_start && input.lacking == 0 &&
            wsclose_frames_fill(input.data, input.captured, sender) != WSCLOSE_FILL_NONE)
            wsclose_scanner_clear(scanner);
        else
            flow_lose(flow, websocket, reading->direction);
    }
    while (wsclose_scanner_next(scanner, &input, &found)) {
        /* RFC 6455 section 5.2: the first bit must be 0. */
        websocket->unframed[reading->direction] = found.frame.payload_len >> 63 != 0;
        if (found.frame.opcode != WSCLOSE_OPCODE_CLOSE ||
            wsclose_connection_is_out_of_step(websocket->connection,
                                              flow_sender(flow, reading->direction, &found.frame),
                                              &found.frame))
            take_other(flow, reading, websocket, &found.frame);
        else if (!is_foreseen(flow, reading->direction, &input) &&
                 n_closes++ < CLOSES_PER_PACKET_MAX)
            take_close(flow, reading, websocket, &found, flow_end_at_hand(flow, reading));
    }
    if (wsclose_scanner_is_lost(scanner) && !websocket->unframed[reading->direction])
        flow_lose(flow, websocket, reading->direction);
}

void
flow_frames_take_receipt(wsclose_flow *flow, flow_reading *reading)
{
    const wsclose_packet *packet = reading->packet;
    flow_websocket *websocket = &flow->websocket;

    if (packet->has_ack && has_received(packet->ack, websocket->close_end[1 - packet->sender]) &&
        wsclose_connection_receipt(websocket->connection, flow_side(flow, packet->sender),
                                   packet->moment))
        flow_settled(reading, websocket);
}

void
flow_frames_foresee(wsclose_flow *flow, flow_reading *reading)
{
    const wsclose_segment *segment = &reading->packet->segment;
    flow_direction *own = &flow->directions[reading->direction];
    wsclose_octets input = { segment->octets, segment->captured, 0 };
    wsclose_scanned_frame found;
    wsclose_scanner scanner;

    if (own->foreseen || segment->captured < segment->len ||
        wsclose_frames_fill(segment->octets, segment->captured,
                            flow_side(flow, reading->direction)) != WSCLOSE_FILL_CLOSE)
        return;
    wsclose_scanner_init(&scanner);
    while (wsclose_scanner_next(&scanner, &input, &found)) {
        if (found.frame.opcode == WSCLOSE_OPCODE_CLOSE && input.captured == 0) {
            own->foreseen = true;
            own->foreseen_end = segment->seq + segment->len;
            take_close(flow, reading, &flow->websocket, &found, own->foreseen_end);
        }
    }
    wsclose_scanner_clear(&scanner);
}
