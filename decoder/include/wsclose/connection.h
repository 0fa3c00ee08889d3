/* connection.h
 * One WebSocket connection: fed with its Close frames in the order of the capture, it tells which
 * one answers which, and what each endpoint's application is told (RFC 6455 sections 7.1.4 to
 * 7.1.7).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WSCLOSE_CONNECTION_H
#define WSCLOSE_CONNECTION_H

#include "frame.h"
#include "types.h"

#ifdef __cplusplus
extern "C" {
#endif

/** A place in the capture. */
typedef struct {
    uint32_t number; /**< of the packet, from 1; 0 for nowhere */
    int64_t time;    /**< nanoseconds, from any fixed point */
} wsclose_moment;

/** The close code that an endpoint's own API reports (RFC 6455 section 7.1.5). */
typedef struct {
    bool known;    /**< false: the capture cannot tell */
    uint16_t code; /**< 1005 for an empty Close, 1006 where the connection was failed */
} wsclose_told;

/** The first Close frame that an endpoint sent. */
typedef struct {
    wsclose_moment moment;
    unsigned breaches;      /**< wsclose_breach bits */
    wsclose_told told;      /**< what it makes the other endpoint report */
    wsclose_body_kind kind; /**< of its body; WSCLOSE_BODY_CUT where none of it is known */
    uint16_t code;          /**< of its body, whether or not it may be sent */
} wsclose_close_mark;

/** A connection's state: of a fixed size, owned by the caller, nothing to free. */
typedef struct {
    wsclose_close_mark closes[2]; /**< of the client, of the server; moment.number is 0 before */
    bool missing[2];              /**< some octets of the client, of the server were not captured */
} wsclose_connection;

/** What one Close frame means in its connection. */
typedef struct {
    bool repeated;     /**< this endpoint had sent a Close frame before: it changes nothing */
    bool answer;       /**< the other endpoint's Close frame came first */
    bool maybe_answer; /**< it is not seen to be one, and the capture lacks octets of the other
                            endpoint: a Close frame may be among them */
    bool echo;         /**< an answer that is empty, or has the code, as the frame it answers */
    bool maybe_echo;   /**< it may be one: what it answers, or may answer, is not captured whole */
    wsclose_moment peer; /**< the other endpoint's first Close frame, as far as there is one */
    wsclose_told told; /**< what the receiver's API reports, by the first Close that it got */
} wsclose_close_finding;

/** A connection of which nothing is known yet. */
WSCLOSE_API void wsclose_connection_init(wsclose_connection *connection);

/** Take the fact that some octets which an endpoint sent on this connection are not in the capture:
 *  it began later, packets are cut short, segments were lost. */
WSCLOSE_API void wsclose_connection_missing(wsclose_connection *connection,
                                            wsclose_endpoint sender);

/** Take a Close frame.
 *
 *  sender    who sent it; where unknown, it is judged alone and not kept
 *  body      its body, or NULL where none of it is known
 *  breaches  from wsclose_close_breaches()
 *  moment    where it stands
 *  out       what it means */
WSCLOSE_API void wsclose_connection_close(wsclose_connection *connection, wsclose_endpoint sender,
                                          const wsclose_close_body *body, unsigned breaches,
                                          wsclose_moment moment, wsclose_close_finding *out);

/** The first Close frame that an endpoint sent, or NULL where it has sent none so far. */
WSCLOSE_API const wsclose_close_mark *wsclose_connection_sent(const wsclose_connection *connection,
                                                              wsclose_endpoint sender);

#ifdef __cplusplus
}
#endif

#endif
