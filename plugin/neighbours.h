/* neighbours.h
 * Which connections of a capture have to do with one another: those with the same Sec-WebSocket-Key,
 * and those of one address that ended together.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WSCLOSE_PLUGIN_NEIGHBOURS_H
#define WSCLOSE_PLUGIN_NEIGHBOURS_H

#include "store.h"

/* Begin a capture, and forget the last one's. */
void neighbours_begin(void);

/* Free what was made of the capture. */
void neighbours_end(void);

/* Take the request of a connection, on the first pass: one of another TCP connection that has the
 * same key, at the same time, carries the same WebSocket.
 *
 *  key     Sec-WebSocket-Key; of no length where there is none
 *  packet  with the end of the request: of one that is captured twice all numbers are the same */
void neighbours_take_request(store_connection *connection, wsclose_slice key,
                             const wsclose_packet *packet);

/* Take the fact that another connection has ended. */
void neighbours_take_verdict(void);

/* What they show of a connection.
 *
 *  whole  the capture was read before, so that what comes later counts too */
wsclose_neighbours neighbours_of(const store_connection *connection, bool whole);

/* The connections of the same WebSocket, one by one from the connection itself on; NULL after the
 * last one. */
const store_connection *neighbours_next_leg(const store_connection *connection,
                                            const store_connection *leg);

#endif
