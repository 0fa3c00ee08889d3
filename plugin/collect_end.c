/* collect_end.c
 * The end of the transport.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "collect_private.h"

/* A FIN somewhere waits for octets that precede it. */
static bool ends_wait;

void
collect_ends_reset(void)
{
    ends_wait = false;
}

/* Of a capture that has one direction only, Wireshark does not remark on the other. */
void
collect_lose_unseen(const store_place *place, const packet_info *pinfo, size_t side)
{
    const tcp_analyze_seq_flow_info_t *own = collect_analysis(place, pinfo, side);

    if (place->flow->tcp.followed && own && own->nextseq == 0)
        collect_lose(place->flow, side);
}

/* Where Wireshark made no frame of what a side has sent, it did not take it for WebSocket, or did
 * not see it. */
static void
find_undissected(const store_place *place, const packet_info *pinfo, size_t side)
{
    const tcp_analyze_seq_flow_info_t *own = collect_analysis(place, pinfo, side);

    if (place->flow->current->life.frames[side] == 0 &&
        transport_left_over(&place->flow->tcp, side, own) > 0)
        collect_lose(place->flow, side);
    collect_lose_unseen(place, pinfo, side);
}

static void
end_side(packet_facts *facts, const store_place *place, size_t side, wsclose_end_kind kind)
{
    store_connection *connection = place->flow->current;

    if (place->flow->is_http2)
        collect_http2_ends(facts, place, side, kind);
    if (!connection)
        return;
    find_undissected(place, facts->pinfo, 0);
    find_undissected(place, facts->pinfo, 1);
    collect_tell_missing(place, connection, facts->pinfo, side, kind == WSCLOSE_END_RESET);
    if (wsclose_connection_end(&connection->life, collect_endpoint(side), kind,
                               collect_moment(facts->pinfo)))
        collect_add_verdict(facts, connection);
}

static void
collect_end(packet_facts *facts, wsclose_end_kind kind)
{
    packet_info *pinfo = facts->pinfo;
    const store_place place = store_place_again(pinfo);

    if (!collect_has_open(place.flow))
        return;
    const size_t side = collect_side(place.flow, pinfo);
    transport_side *own = &place.flow->tcp.sides[side];
    if (kind == WSCLOSE_END_ORDERLY) {
        /* Sent again; there may be very many streams to tell. */
        if (own->ended && place.flow->is_http2)
            return;
        own->ended = true;
        if (collect_has_hole(&place, pinfo, side) && !collect_is_missing(&place, pinfo, side)) {
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

    if (!collect_has_open(place.flow))
        return;
    for (size_t side = 0; side < 2; side++) {
        transport_side *own = &place.flow->tcp.sides[side];

        if (own->end_waits && (!collect_has_hole(&place, facts->pinfo, side) ||
                               collect_is_missing(&place, facts->pinfo, side))) {
            own->end_waits = false;
            end_side(facts, &place, side, WSCLOSE_END_ORDERLY);
        }
    }
}

void
collect_ends(packet_facts *facts)
{
    if (ends_wait)
        collect_waiting(facts);
    if (collect_items(facts->tree, TCP_FIN))
        collect_end(facts, WSCLOSE_END_ORDERLY);
    if (collect_items(facts->tree, TCP_RST))
        collect_end(facts, WSCLOSE_END_RESET);
}
