/* transport.h
 * What TCP tells of a flow: whether all octets of each side were dissected as WebSocket frames, and
 * which side has received what. Judged by Wireshark's own sequence analysis; all of it on the first
 * pass.
 *
 * A hole is a run of octets that was not dissected after Wireshark has said that a segment is
 * missing. It closes again where segments only came out of order.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WSCLOSE_PLUGIN_TRANSPORT_H
#define WSCLOSE_PLUGIN_TRANSPORT_H

#include "compat.h"

#include <epan/conversation.h>
#include <epan/dissectors/packet-tcp.h>

/* Wireshark's analysis of both directions, as the packet at hand sees them. NULL where it does not
 * follow TCP. */
typedef struct {
    const tcp_analyze_seq_flow_info_t *own; /* of the packet's sender */
    const tcp_analyze_seq_flow_info_t *peer;
} transport_view;

/* One side of a flow. */
typedef struct {
    uint32_t expected;  /* sequence number after the frames that were dissected, were they all in
                           order */
    uint32_t lost_end;  /* where a segment was missing: sequence number that shows, acknowledged,
                           that the other side has received it */
    bool cut;           /* octets of it are not in the capture, or not dissected, for good */
    bool lost;          /* Wireshark has said that a segment is missing */
    bool ended;         /* a FIN was seen, which takes a sequence number too */
    bool end_waits;     /* that FIN came before octets that precede it */
} transport_side;

/* Both sides: [0] the client, [1] the server. */
typedef struct {
    bool followed; /* octets of frames are octets of TCP, and Wireshark follows it */
    transport_side sides[2];
} transport;

/* The analysis of a conversation; to be called while the packet is dissected. */
transport_view transport_view_of(conversation_t *conversation, packet_info *pinfo);

/* Whether the capture does not have the beginning of the TCP connection of the packet at hand. */
bool transport_is_begun_before(packet_info *pinfo);

/* Whether the other side than the sender of the packet at hand has sent anything. */
bool transport_peer_has_sent(packet_info *pinfo);

/* Whether the sender of the packet at hand, or the other side, has sent little so far. */
bool transport_is_young(packet_info *pinfo, bool sender);

/* What TCP expects next of the packet's sender; 0 where Wireshark does not follow TCP. */
uint32_t transport_next(const transport_view *view);

/* Follow a side from a sequence number on. */
void transport_begin(transport *flow, size_t side, uint32_t sequence);

/* Take a frame of so many octets. Returns false where it can only be the octets of an earlier one
 * again.
 *
 *  again  Wireshark has something to remark on the packet, as it has on all retransmissions */
bool transport_take(transport *flow, size_t side, const tcp_analyze_seq_flow_info_t *analysis,
                    uint64_t octets, bool again);

/* Take Wireshark's word that a segment of a side is missing.
 *
 *  end  sequence number that shows, acknowledged, that the other side has received it */
void transport_lose(transport *flow, size_t side, uint32_t end);

/* Whether a side has a hole, be it that it is still to close. */
bool transport_has_hole(const transport *flow, size_t side,
                        const tcp_analyze_seq_flow_info_t *analysis,
                        const tcp_analyze_seq_flow_info_t *peer);

/* Whether a side has a hole before octets that come next.
 *
 *  octets  as many as are to be taken of the packet at hand */
bool transport_has_hole_before(const transport *flow, size_t side,
                               const tcp_analyze_seq_flow_info_t *analysis, uint64_t octets);

/* Whether a hole of a side is for good: the other side has acknowledged what the capture lacks. */
bool transport_is_missing(const transport *flow, size_t side,
                          const tcp_analyze_seq_flow_info_t *analysis,
                          const tcp_analyze_seq_flow_info_t *peer);

/* Octets that a side has sent and that no frame accounts for. */
uint32_t transport_left_over(const transport *flow, size_t side,
                             const tcp_analyze_seq_flow_info_t *analysis);

/* Whether a sequence number lies after another one (RFC 9293 section 3.4). */
static inline bool
transport_after(uint32_t a, uint32_t b)
{
    return (int32_t)(a - b) > 0;
}

#endif
