/* neighbours.h
 * What other connections of a capture show of one: those that carry the same WebSocket, as on both
 * sides of a proxy, and those that end at the same moment.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WSCLOSE_NEIGHBOURS_H
#define WSCLOSE_NEIGHBOURS_H

#include "cause.h"
#include "connection.h"
#include "negotiation.h"

#ifdef __cplusplus
extern "C" {
#endif

/** One of two connections that carry the same WebSocket: borrowed. */
typedef struct {
    const wsclose_connection *connection;   /**< settled or not */
    const wsclose_negotiation *negotiation; /**< of its opening handshake */
} wsclose_leg;

/** Take what the two sides of a proxy show of one another.
 *
 *  front  between the client and the proxy
 *  back   between the proxy and the server
 *  out    what they show has is set in it; the same for both */
WSCLOSE_API void wsclose_neighbours_take_legs(wsclose_neighbours *out, const wsclose_leg *front,
                                              const wsclose_leg *back);

/** The end of one connection, among others of the same address. */
typedef struct {
    int64_t time;    /**< at which it began, nanoseconds */
    int64_t age;     /**< of the connection then, nanoseconds */
    int64_t idle;    /**< for so long no frame had been sent then, nanoseconds */
    wsclose_side by; /**< who began it */
    uint32_t id;     /**< the caller's */
} wsclose_shared_end;

/** Whether a connection may have ended with others over one event, and in out its end: not where an
 *  application closed it, nor where it never opened.
 *
 *  verdict  on it */
WSCLOSE_API bool wsclose_may_share_end(const wsclose_connection *connection,
                                       const wsclose_verdict *verdict, wsclose_shared_end *out);

/** How many ends, from the first one on, belong together: within a moment, of connections of
 *  different ages, so that no timer of each explains it, and more than chance brings together among
 *  so many. 1 where that one stands alone.
 *
 *  ends   of one address, begun by the same side, in the order of their time; at least one
 *  all    how many such ends the capture has
 *  span   nanoseconds between the first and the last of those */
WSCLOSE_API size_t wsclose_ends_together(const wsclose_shared_end *ends, size_t count, size_t all,
                                         int64_t span);

/** Whether ends that belong together came after the same silence: what is sent to all at once lets a
 *  timer of each go off together. */
WSCLOSE_API bool wsclose_ends_are_alike(const wsclose_shared_end *ends, size_t count);

#ifdef __cplusplus
}
#endif

#endif
