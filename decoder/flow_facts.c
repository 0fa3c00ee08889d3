/* flow_facts.c
 * What is missing before a fact, and whom a fact is told.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "flow_private.h"

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

    *websocket = (flow_websocket){.connection = reading->sink->begin(reading->user, &beginning)};
}

/* Tell that octets of a side are missing. */
static void
tell_missing(const wsclose_flow *flow, flow_websocket *websocket, size_t side)
{
    const wsclose_endpoint sender = flow_endpoint(flow, side);
    const bool tls13 =
        !flow->sides[0].records.has_finished_1_2 && !flow->sides[1].records.has_finished_1_2;

    if (flow->sides[side].undecrypted)
        wsclose_connection_unreadable(websocket->connection, sender, tls13);
    else
        wsclose_connection_missing(websocket->connection, sender);
}

void
flow_lose(const wsclose_flow *flow, flow_websocket *websocket, size_t side)
{
    if (!websocket->connection)
        return;
    websocket->lost[side] = true;
    tell_missing(flow, websocket, side);
}

/* Whether octets of a side are missing at the moment.
 *
 *  any  also those that may still come */
static bool
has_hole(const wsclose_flow *flow, size_t side, bool any)
{
    const flow_side *own = &flow->sides[side];

    if (own->blind)
        return true;
    return wsclose_stream_has_hole(&own->stream) &&
           (any || wsclose_stream_hole_is_acknowledged(&own->stream));
}

void
flow_tell_missing(const wsclose_flow *flow, flow_websocket *websocket, size_t side, bool settles)
{
    for (size_t i = 0; i < 2; i++) {
        if (websocket->lost[i])
            continue;
        const bool hole = has_hole(flow, i, i == side || settles);
        if (hole)
            tell_missing(flow, websocket, i);
        else if (websocket->holed[i])
            wsclose_connection_found(websocket->connection, flow_endpoint(flow, i));
        websocket->holed[i] = hole;
    }
}

void
flow_settled(flow_reading *reading, const flow_websocket *websocket)
{
    reading->sink->verdict(reading->user, websocket->connection);
}
