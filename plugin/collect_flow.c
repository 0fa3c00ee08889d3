/* collect_flow.c
 * Flows and the transport under them: who is who, and which octets are there.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "collect_private.h"
#include "http2_flow.h"

/* Some captures have times from beyond what nanoseconds reach to; any two have a difference. */
#define SECONDS_MAX (INT64_MAX / 1000000000 / 2 - 1)

static int64_t
nanoseconds(const nstime_t *time)
{
    return CLAMP((int64_t)time->secs, -SECONDS_MAX, SECONDS_MAX) * 1000000000 + time->nsecs;
}

wsclose_moment
collect_moment(const packet_info *pinfo)
{
    return (wsclose_moment){pinfo->num, nanoseconds(&pinfo->abs_ts)};
}

void
collect_add_verdict(packet_facts *facts, store_connection *connection)
{
    connection->verdict.connection = connection;
    connection->verdict.kind = STORE_EVENT_VERDICT;
    collect_add_event(facts, &connection->verdict);
}

bool
collect_is_from_client(const store_flow *flow, const packet_info *pinfo)
{
    const address client = store_address(flow->ends, 0);

    return pinfo->srcport == flow->ends->ports[0] && addresses_equal(&pinfo->src, &client);
}

/* The index of the packet's sender. */
size_t
collect_side(const store_flow *flow, const packet_info *pinfo)
{
    return collect_is_from_client(flow, pinfo) ? 0 : 1;
}

/* The transport under a flow. */

/* Follow the packet's sender from the next packet on. */
void
collect_follow_sender(packet_facts *facts, const store_place *place)
{
    const size_t side = collect_side(place->flow, facts->pinfo);

    transport_begin(&place->flow->tcp, side, place->tcp.own ? place->tcp.own->nextseq : 0);
    facts->begun[side] = true;
}

/* Follow both sides from the packet at hand on: its sender's octets from the next packet, and the
 * other side's from the sequence number peer. */
static void
follow_both(packet_facts *facts, const store_place *place, uint32_t peer)
{
    /* Octets of frames within TLS are not those of TCP. */
    place->flow->tcp = (transport){
        .followed = place->tcp.own && place->tcp.own->nextseq != 0 &&
                    !proto_is_frame_protocol(facts->pinfo->layers, "tls"),
    };
    collect_follow_sender(facts, place);
    transport_begin(&place->flow->tcp, 1 - collect_side(place->flow, facts->pinfo), peer);
}

void
collect_follow_both(packet_facts *facts, const store_place *place)
{
    follow_both(facts, place, place->tcp.peer ? place->tcp.peer->nextseq : 0);
}

/* A new connection on a flow; the packet's sender is its client or its server. */
store_connection *
collect_begin(packet_facts *facts, const store_place *place, wsclose_carrier carrier,
              bool from_client)
{
    store_endpoints_set(place->flow, facts->pinfo, from_client);
    store_connection *connection =
        store_connection_begin(place->flow, carrier, collect_moment(facts->pinfo),
                               nanoseconds(&facts->pinfo->rel_ts));

    if (carrier != WSCLOSE_CARRIER_HTTP1)
        return connection;
    place->flow->current = connection;
    place->flow->skip_responses = 0;
    store_upgrade_forget(place->flow);
    /* What its sender has acknowledged of the other side was no frame. */
    follow_both(facts, place, place->tcp.own ? place->tcp.own->lastack : 0);
    return connection;
}

bool
collect_has_open(store_flow *flow)
{
    const http2_flow *http2 = http2_flow_of(flow);

    return flow && (flow->current || (http2 && http2->first));
}

void
collect_lose(store_flow *flow, size_t side)
{
    flow->tcp.sides[side].cut = true;
    if (flow->current)
        wsclose_connection_missing(&flow->current->life, collect_endpoint(side));
}

/* Wireshark's analysis of one side, whoever sends the packet at hand. */
const tcp_analyze_seq_flow_info_t *
collect_analysis(const store_place *place, const packet_info *pinfo, size_t side)
{
    return collect_side(place->flow, pinfo) == side ? place->tcp.own : place->tcp.peer;
}

bool
collect_has_hole(const store_place *place, const packet_info *pinfo, size_t side)
{
    return transport_has_hole(&place->flow->tcp, side, collect_analysis(place, pinfo, side),
                              collect_analysis(place, pinfo, 1 - side));
}

bool
collect_is_missing(const store_place *place, const packet_info *pinfo, size_t side)
{
    return transport_is_missing(&place->flow->tcp, side, collect_analysis(place, pinfo, side),
                                collect_analysis(place, pinfo, 1 - side));
}

/* Tell the decoder whether octets of a side are missing. */
static void
tell_missing(const store_flow *flow, store_connection *connection, size_t side, bool missing)
{
    if (!flow->tcp.sides[side].lost || flow->tcp.sides[side].cut)
        return;
    if (missing)
        wsclose_connection_missing(&connection->life, collect_endpoint(side));
    else
        wsclose_connection_found(&connection->life, collect_endpoint(side));
}

/* After octets of a side: whether its hole has closed. */
void
collect_tell_hole(const store_place *place, store_connection *connection,
                  const packet_info *pinfo, size_t side)
{
    const bool hole = collect_has_hole(place, pinfo, side);

    tell_missing(place->flow, connection, side, hole);
    place->flow->tcp.sides[side].lost = hole;
}

/* Before a fact of one side: nothing can close a hole before it in time any more. Of the other side
 * it counts what this one has acknowledged, unless the fact settles the connection. */
void
collect_tell_missing(const store_place *place, store_connection *connection,
                     const packet_info *pinfo, size_t side, bool settles)
{
    collect_tell_hole(place, connection, pinfo, side);
    tell_missing(place->flow, connection, 1 - side,
                 settles ? collect_has_hole(place, pinfo, 1 - side)
                         : collect_is_missing(place, pinfo, 1 - side));
}

/* Octets that the capture lacks. */

bool
collect_is_cut(const packet_info *pinfo)
{
    return pinfo->fd->cap_len < pinfo->fd->pkt_len;
}

void
collect_cut(const packet_facts *facts)
{
    const store_place place = store_place_again(facts->pinfo);
    http2_flow *http2 = http2_flow_of(place.flow);

    if (!collect_has_open(place.flow))
        return;
    const size_t side = collect_side(place.flow, facts->pinfo);
    collect_lose(place.flow, side);
    if (http2 && !facts->in_step)
        http2->losses[side]++;
}

/* Wireshark says that a segment is missing: one of this packet's sender before it, or one of the
 * other side that it acknowledges. */
static void
collect_lost(packet_info *pinfo, bool of_sender)
{
    const store_place place = store_place_again(pinfo);

    if (!collect_has_open(place.flow))
        return;
    const size_t sender = collect_side(place.flow, pinfo);
    const size_t side = of_sender ? sender : 1 - sender;
    const uint32_t end = !place.tcp.own ? 0
                         : of_sender    ? place.tcp.own->nextseq
                                        : place.tcp.own->lastack;
    /* An earlier hole that is still open, and past hope, stays the one to judge by. */
    if (!collect_is_missing(&place, pinfo, side))
        transport_lose(&place.flow->tcp, side, end);
    if (place.flow->current)
        tell_missing(place.flow, place.flow->current, side, true);
    /* Wireshark may remark on a loss again that is made up for. */
    if (place.flow->is_http2 && collect_has_hole(&place, pinfo, side))
        http2_flow_of(place.flow)->losses[side]++;
}

void
collect_losses(packet_facts *facts)
{
    if (collect_items(facts->tree, TCP_LOST))
        collect_lost(facts->pinfo, true);
    if (collect_items(facts->tree, TCP_ACK_LOST))
        collect_lost(facts->pinfo, false);
}
