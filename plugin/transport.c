/* transport.c
 * What TCP tells of a flow.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "transport.h"

static const struct tcp_analysis *
analysis_of(conversation_t *conversation, packet_info *pinfo)
{
    return pinfo->ptype == PT_TCP ? get_tcp_conversation_data(conversation, pinfo) : NULL;
}

transport_view
transport_view_of(conversation_t *conversation, packet_info *pinfo)
{
    const struct tcp_analysis *tcp = analysis_of(conversation, pinfo);

    if (!tcp || !tcp->fwd || !tcp->rev)
        return (transport_view){NULL, NULL};
    return (transport_view){tcp->fwd->tcp_analyze_seq_info, tcp->rev->tcp_analyze_seq_info};
}

static const struct tcp_analysis *
analysis_here(packet_info *pinfo)
{
    conversation_t *conversation = find_conversation_pinfo(pinfo, 0);

    return conversation ? analysis_of(conversation, pinfo) : NULL;
}

/* One side of the conversation of a packet: its sender, or the other one. NULL where Wireshark does
 * not follow TCP. */
static const tcp_flow_t *
side_of(packet_info *pinfo, bool sender)
{
    const struct tcp_analysis *tcp = analysis_here(pinfo);
    const tcp_flow_t *side = !tcp ? NULL : sender ? tcp->fwd : tcp->rev;

    return side && side->tcp_analyze_seq_info ? side : NULL;
}

bool
transport_peer_has_sent(packet_info *pinfo)
{
    const tcp_flow_t *peer = side_of(pinfo, false);

    /* A SYN takes a sequence number. */
    return peer && transport_after(peer->tcp_analyze_seq_info->nextseq, peer->base_seq + 1);
}

/* More than what a server begins with. */
#define YOUNG_OCTETS 1024

bool
transport_is_young(packet_info *pinfo, bool sender)
{
    const tcp_flow_t *side = side_of(pinfo, sender);

    return side && side->tcp_analyze_seq_info->nextseq - side->base_seq <= YOUNG_OCTETS;
}

/* Bits of the field tcp.completeness: a SYN, a SYN with ACK. */
#define COMPLETENESS_BEGINNING 0x3

bool
transport_is_begun_before(packet_info *pinfo)
{
    const struct tcp_analysis *tcp = analysis_here(pinfo);

    return tcp && (tcp->conversation_completeness & COMPLETENESS_BEGINNING) == 0;
}

uint32_t
transport_next(const transport_view *view)
{
    return view->own ? view->own->nextseq : 0;
}

void
transport_begin(transport *flow, size_t side, uint32_t sequence)
{
    flow->sides[side] = (transport_side){.expected = sequence};
}

uint32_t
transport_left_over(const transport *flow, size_t side,
                    const tcp_analyze_seq_flow_info_t *analysis)
{
    const transport_side *own = &flow->sides[side];
    const uint32_t end = own->expected + (own->ended ? 1 : 0);

    if (!flow->followed || !analysis || !transport_after(analysis->nextseq, end))
        return 0;
    return analysis->nextseq - end;
}

bool
transport_take(transport *flow, size_t side, const tcp_analyze_seq_flow_info_t *analysis,
               uint64_t octets, bool again)
{
    transport_side *own = &flow->sides[side];

    if (!flow->followed || !analysis)
        return true;
    if (octets <= transport_left_over(flow, side, analysis)) {
        own->expected += (uint32_t)octets;
        return true;
    }
    if (again)
        return false;
    own->expected = analysis->nextseq;
    return true;
}

void
transport_lose(transport *flow, size_t side, uint32_t end)
{
    flow->sides[side].lost = true;
    flow->sides[side].lost_end = end;
}

bool
transport_has_hole(const transport *flow, size_t side, const tcp_analyze_seq_flow_info_t *analysis,
                   const tcp_analyze_seq_flow_info_t *peer)
{
    const transport_side *own = &flow->sides[side];

    if (!own->lost)
        return false;
    if (!flow->followed || !analysis || !peer)
        return true;
    return transport_left_over(flow, side, analysis) > 0 ||
           (peer->lastack != 0 && transport_after(peer->lastack, analysis->nextseq));
}

bool
transport_has_hole_before(const transport *flow, size_t side,
                          const tcp_analyze_seq_flow_info_t *analysis, uint64_t octets)
{
    if (!flow->sides[side].lost)
        return false;
    return !flow->followed || !analysis || transport_left_over(flow, side, analysis) > octets;
}

bool
transport_is_missing(const transport *flow, size_t side,
                     const tcp_analyze_seq_flow_info_t *analysis,
                     const tcp_analyze_seq_flow_info_t *peer)
{
    if (!transport_has_hole(flow, side, analysis, peer))
        return false;
    return !flow->followed || !analysis || !peer ||
           !transport_after(flow->sides[side].lost_end, peer->lastack);
}
