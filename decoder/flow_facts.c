/* flow_facts.c
 * What is missing before a fact, and whom a fact is told.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "flow_private.h"

uint32_t
flow_end_at_hand(const wsclose_flow *flow, const flow_reading *reading)
{
    return reading->has_end ? reading->end : flow->directions[reading->direction].stream.next;
}

uint32_t
flow_acknowledged_by(const wsclose_flow *flow, const flow_reading *reading, size_t direction)
{
    const wsclose_packet *packet = reading->packet;
    /* Octets behind a hole that has closed now came in packets before. */
    const bool is_of_packet = packet->sender == direction &&
                              (reading->direction != direction ||
                               !wsclose_sequence_after(flow_end_at_hand(flow, reading),
                                                       packet->segment.seq + packet->segment.len));

    if (reading->held && reading->direction == direction)
        return flow->waiting->acks[direction];
    return is_of_packet && packet->has_ack ? packet->ack
                                           : flow->directions[1 - direction].stream.acked;
}

void
flow_begin(wsclose_flow *flow, flow_reading *reading, flow_websocket *websocket,
           wsclose_carrier carrier, uint32_t number)
{
    const wsclose_beginning beginning = {
        .carrier = carrier,
        .http2_stream = number,
        .client = flow->client,
        .moment = reading->packet->moment,
    };

    flow->is_watched = true;
    flow->last = reading->packet->moment.time;
    *websocket = (flow_websocket){ .connection = reading->sink->begin(reading->user, &beginning) };
    for (size_t direction = 0; direction < 2; direction++) {
        const wsclose_stream *stream = &flow->directions[direction].stream;

        websocket->unbegun[direction] = !stream->begun && stream->has_ack;
        websocket->start_ack[direction] = flow_acknowledged_by(flow, reading, 1 - direction);
    }
}

/* Tell that octets of a side are missing. */
static void
tell_missing(const wsclose_flow *flow, flow_websocket *websocket, size_t direction)
{
    const wsclose_side sender = flow_side(flow, direction);

    if (flow->directions[direction].undecrypted)
        wsclose_connection_unreadable(websocket->connection, sender,
                                      !flow->tls[0].records.has_finished_1_2 &&
                                          !flow->tls[1].records.has_finished_1_2);
    else
        wsclose_connection_missing(websocket->connection, sender);
}

void
flow_lose(const wsclose_flow *flow, flow_websocket *websocket, size_t direction)
{
    if (!websocket->connection)
        return;
    websocket->lost[direction] = true;
    tell_missing(flow, websocket, direction);
}

/* Whether octets of a side are missing at the moment.
 *
 *  any  also those that may still come */
static bool
has_hole(const wsclose_flow *flow, size_t direction, bool any)
{
    const flow_direction *own = &flow->directions[direction];

    if (own->blind)
        return true;
    return wsclose_stream_has_hole(&own->stream) &&
           (any || wsclose_stream_hole_is_acknowledged(&own->stream));
}

void
flow_note_beginning(const wsclose_flow *flow, flow_websocket *websocket, size_t direction)
{
    const wsclose_stream *stream = &flow->directions[direction].stream;

    if (!websocket->unbegun[direction] || !stream->begun)
        return;
    websocket->unbegun[direction] = false;
    if (wsclose_sequence_after(flow_first_seq(stream), websocket->start_ack[direction]))
        flow_lose(flow, websocket, direction);
}

void
flow_tell_missing(const wsclose_flow *flow, flow_websocket *websocket, size_t direction,
                  bool settles)
{
    for (size_t i = 0; i < 2; i++) {
        flow_note_beginning(flow, websocket, i);
        const bool hole = has_hole(flow, i, i == direction || settles);
        if (hole)
            tell_missing(flow, websocket, i);
        else if (websocket->holed[i] && !websocket->lost[i])
            wsclose_connection_found(websocket->connection, flow_side(flow, i));
        websocket->holed[i] = hole;
    }
}

void
flow_answered(flow_reading *reading, const flow_websocket *websocket, unsigned status,
              const wsclose_handshake_headers *fields, const wsclose_header *extensions)
{
    wsclose_connection *connection = websocket->connection;
    wsclose_handshake_response response;

    if (connection->settled.number != 0)
        return;
    const wsclose_negotiation *negotiation =
        reading->sink->response(reading->user, connection, extensions);
    wsclose_handshake_judge((wsclose_carrier)connection->carrier, status, fields, negotiation,
                            &response);
    const bool settled =
        wsclose_connection_response(connection, &response, reading->packet->moment);

    wsclose_findings_take(connection, &(wsclose_event){ .kind = WSCLOSE_EVENT_RESPONSE,
                                                        .connection = connection,
                                                        .negotiation = negotiation });
    if (settled)
        flow_settled(reading, websocket);
}

void
flow_settled(flow_reading *reading, const flow_websocket *websocket)
{
    wsclose_verdict verdict;

    wsclose_connection_verdict(websocket->connection, &verdict);
    wsclose_findings_take(websocket->connection,
                          &(wsclose_event){ .kind = WSCLOSE_EVENT_VERDICT,
                                            .connection = websocket->connection,
                                            .verdict = &verdict });
    reading->sink->verdict(reading->user, websocket->connection);
}
