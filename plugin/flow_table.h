/* flow_table.h
 * Which TCP connection a packet belongs to: a table of our own, by addresses and ports, since
 * Wireshark's takes some thousand instructions for each look-up. On the first pass only.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WSCLOSE_PLUGIN_FLOW_TABLE_H
#define WSCLOSE_PLUGIN_FLOW_TABLE_H

#include "compat.h"

#include <wsclose/flow.h>
#include <wsclose/reading.h>

#include "store.h"

/* A pair of addresses and ports that TCP was seen between. */
typedef struct flow {
    struct flow *next;    /* in the same bucket */
    wsclose_flow *reader; /* of the TCP connection at hand; NULL where it cannot matter any more, and
                             before the first octet */
    const store_endpoints *ends; /* of the WebSocket connections in it; NULL before the first one */
    uint32_t syn[2];             /* sequence number of the SYN that each side sent; where has_syn */
    bool has_syn[2];
    bool is_idle;       /* what it carries is no WebSocket, and cannot become one */
    bool waits_for_end; /* it has ended, and is kept for what was on its way */
    bool is_ipv6;
    uint64_t keys[2];    /* of each end, [0] the sender of the first packet: port and address, which
                             is folded where it is one of IPv6 */
    uint8_t addresses[]; /* of IPv6, likewise, 16 octets each */
} flow;

/* Begin a capture, with an empty table; end it, and free all readers. */
void flow_table_begin(void);
void flow_table_end(void);

/* The flow of a packet of TCP over IP, made where there is none.
 *
 *  sender  0 or 1: which of its ends sent the packet */
flow *flow_of(const packet_info *pinfo, size_t *sender);

/* Begin to read a flow; forget what was read of it; begin another connection between its ports. */
void flow_read(flow *entry, const wsclose_flow_options *options);
void flow_forget(flow *entry);
void flow_renew(flow *entry);

/* Its connection has ended: what is kept of it goes once many others have ended too. */
void flow_end(flow *entry);

/* Tell how many TCP connections there were so far, and what of them could not be looked into. */
void flow_table_tell(wsclose_reading *reading);

#endif
