/* segment.h
 * The TCP header and payload of a packet, from its own octets: no tree is needed for them.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WSCLOSE_PLUGIN_SEGMENT_H
#define WSCLOSE_PLUGIN_SEGMENT_H

#include "compat.h"

#include <wsclose/flow.h>

/* Find the segment whose addresses and ports Wireshark has found in the packet at hand.
 *
 *  frame  the whole packet
 *  out    its segment, ack, has_ack and rst are set; octets are those of a data source of the packet
 *
 * Returns false where there is none: no TCP over IP, a fragment that is not reassembled, or a
 * header that the capture has cut. */
bool segment_find(tvbuff_t *frame, packet_info *pinfo, wsclose_packet *out);

/* Forget where it was in the packets of the last capture. */
void segment_reset(void);

#endif
