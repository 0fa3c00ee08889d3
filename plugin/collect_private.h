/* collect_private.h
 * What the rooms of the collection share.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WSCLOSE_PLUGIN_COLLECT_PRIVATE_H
#define WSCLOSE_PLUGIN_COLLECT_PRIVATE_H

#include "compat.h"

#include "store.h"

/* The fields that are asked for. The tree is built for each packet because of them; what costs more
 * than that is a field that every packet has, such as tcp.seq. Those from HTTP2_HEADER on are many in
 * ordinary HTTP/2, and asked for once a WebSocket can come. */
enum {
    WEBSOCKET,
    HTTP,
    HTTP_UPGRADE,
    HTTP_KEY,
    HTTP_STATUS,
    HTTP2,
    TCP_FLAGS,
    TCP_LOST,
    TCP_ACK_LOST,
    TCP_FIN,
    TCP_RST,
    HTTP2_HEADER,
    HTTP2_HEADER_NAME,
    HTTP2_HEADER_VALUE,
    FIELDS
};

/* What is gathered while one packet is read. */
typedef struct {
    packet_info *pinfo;
    proto_tree *tree;
    store_event *first;
    store_event **tail;
    store_place place; /* of the frames in it, once it is looked up */
    unsigned n_closes;
    bool remarked;     /* Wireshark's analysis of TCP has something to remark on it */
    bool is_placed;
    bool begun[2];     /* the client's, the server's octets are followed from this packet on */
    bool in_step;      /* its last frame of HTTP/2 ends with it, though octets may be cut off */
    bool holed;        /* its frames of HTTP/2 come after octets that are missing */
} packet_facts;

/* The items of one field in the packet at hand; NULL where there is none. */
GPtrArray *collect_items(proto_tree *tree, unsigned field);

static inline field_info *
collect_item(GPtrArray *items, unsigned index)
{
    return g_ptr_array_index(items, index);
}

/* Events, in the order of the stream. */
void collect_add_event(packet_facts *facts, store_event *event);
void collect_add_verdict(packet_facts *facts, store_connection *connection);

wsclose_moment collect_moment(const packet_info *pinfo);

/* Who sent the packet. */
bool collect_is_from_client(const store_flow *flow, const packet_info *pinfo);

/* The index of the packet's sender: 0 for the client, 1 for the server. */
size_t collect_side(const store_flow *flow, const packet_info *pinfo);

static inline wsclose_endpoint
collect_endpoint(size_t side)
{
    return side == 0 ? WSCLOSE_ENDPOINT_CLIENT : WSCLOSE_ENDPOINT_SERVER;
}

/* A new connection on a flow; the packet's sender is its client or its server. */
store_connection *collect_begin(packet_facts *facts, const store_place *place,
                                wsclose_carrier carrier, bool from_client);

/* Whether a flow has a connection that may still have facts to come. */
bool collect_has_open(store_flow *flow);

/* Follow the packet's sender from the next packet on. */
void collect_follow_sender(packet_facts *facts, const store_place *place);

/* Follow both sides of a flow from the packet at hand on, as far as each has come. */
void collect_follow_both(packet_facts *facts, const store_place *place);

/* Octets of a side are missing, and will not come. Streams of HTTP/2 are told before their next
 * fact. */
void collect_lose(store_flow *flow, size_t side);

/* The same where the capture has no octet of a side at all. */
void collect_lose_unseen(const store_place *place, const packet_info *pinfo, size_t side);

/* Wireshark's analysis of one side, whoever sends the packet at hand. */
const tcp_analyze_seq_flow_info_t *collect_analysis(const store_place *place,
                                                    const packet_info *pinfo, size_t side);

/* transport_has_hole() and transport_is_missing() of one side. */
bool collect_has_hole(const store_place *place, const packet_info *pinfo, size_t side);
bool collect_is_missing(const store_place *place, const packet_info *pinfo, size_t side);

/* Tell the decoder, after octets of a side, whether its hole has closed. */
void collect_tell_hole(const store_place *place, store_connection *connection,
                       const packet_info *pinfo, size_t side);

/* Tell the decoder what is missing before a fact of one side of a connection. */
void collect_tell_missing(const store_place *place, store_connection *connection,
                          const packet_info *pinfo, size_t side, bool settles);

/* Ask for header lists of HTTP/2 too, from the next packet on. */
void collect_ask_http2_headers(void);

/* Whether they are asked for. */
bool collect_has_http2_headers(void);

/* Whether the capture has only part of the packet. */
bool collect_is_cut(const packet_info *pinfo);

/* A Close frame of a connection, kept with what there is of its body; NULL where the packet has more
 * of them than are looked at.
 *
 *  body  unmasked; captured octets of it are there */
store_close *collect_new_close(packet_facts *facts, store_connection *connection,
                               wsclose_endpoint sender, const wsclose_frame *frame,
                               const uint8_t *body, size_t captured);

/* Take it, and make its events. */
void collect_take_close(packet_facts *facts, store_close *close, size_t side);

/* Take a frame other than Close. */
void collect_take_frame(packet_facts *facts, store_connection *connection,
                        wsclose_endpoint sender, size_t side, const wsclose_frame *frame);

/* Take octets of TCP that hold a frame. Returns whether they are new ones.
 *
 *  source, start  where it begins in the packet
 *  octets         as many as the frame has on the wire */
bool collect_is_new(packet_facts *facts, tvbuff_t *source, int start, uint64_t octets, size_t side);

/* The facts of a packet, one kind after the other. */
void collect_losses(packet_facts *facts);
void collect_http(packet_facts *facts, GPtrArray *messages);
void collect_frames(packet_facts *facts, GPtrArray *items);
void collect_http2(packet_facts *facts, GPtrArray *items);
void collect_http2_ends(packet_facts *facts, const store_place *place, size_t side,
                        wsclose_end_kind kind);
void collect_cut(const packet_facts *facts);
void collect_ends(packet_facts *facts);

/* Forget the ends that waited in the last capture. */
void collect_ends_reset(void);

#endif
