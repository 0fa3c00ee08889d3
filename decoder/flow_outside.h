/* flow_outside.h
 * A TLS connection that nobody decrypts, of a server that a user has listed: it is taken for a
 * WebSocket of which only the transport shows.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WSCLOSE_FLOW_OUTSIDE_H
#define WSCLOSE_FLOW_OUTSIDE_H

#include "flow_private.h"

/* Begin to watch a flow of TLS, and forget it. */
void flow_outside_start(wsclose_flow *flow);
void flow_outside_free(wsclose_flow *flow);

/* Take octets of a side in order, before its records are. */
void flow_outside_octets(wsclose_flow *flow, const flow_reading *reading, wsclose_octets input);

/* Take what a packet showed, once its records are taken. */
void flow_outside_packet(wsclose_flow *flow, flow_reading *reading);

/* A side of TCP ends with the packet at hand. */
void flow_outside_end(wsclose_flow *flow, flow_reading *reading);

#endif
