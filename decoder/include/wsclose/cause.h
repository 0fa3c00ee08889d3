/* cause.h
 * Why a connection ended: one word, the packets that show it, who has to act. What was shown counts
 * before what is likely, and what came last before the end before what came first.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WSCLOSE_CAUSE_H
#define WSCLOSE_CAUSE_H

#include "connection.h"
#include "negotiation.h"
#include "types.h"

#ifdef __cplusplus
extern "C" {
#endif

/** The causes. wsclose_cause_name() has the word for each. */
typedef enum {
    WSCLOSE_CAUSE_APPLICATION,
    WSCLOSE_CAUSE_GOING_AWAY,
    WSCLOSE_CAUSE_HANDSHAKE_REFUSED,
    WSCLOSE_CAUSE_HANDSHAKE_UNANSWERED,
    WSCLOSE_CAUSE_HANDSHAKE_INVALID,
    WSCLOSE_CAUSE_SUBPROTOCOL_UNANSWERED,
    WSCLOSE_CAUSE_SUBPROTOCOL_UNSOLICITED,
    WSCLOSE_CAUSE_EXTENSION_DECLINED,
    WSCLOSE_CAUSE_EXTENSION_STRIPPED,
    WSCLOSE_CAUSE_EXTENSION_UNSOLICITED,
    WSCLOSE_CAUSE_EXTENSION_INVALID,
    WSCLOSE_CAUSE_EXTENSION_REFUSED,
    WSCLOSE_CAUSE_FRAME_BREACH,
    WSCLOSE_CAUSE_OUT_OF_STEP,
    WSCLOSE_CAUSE_NOT_WEBSOCKET,
    WSCLOSE_CAUSE_CLOSE_ILLEGAL,
    WSCLOSE_CAUSE_TEXT_NOT_UTF8,
    WSCLOSE_CAUSE_COMPRESSION_BROKEN,
    WSCLOSE_CAUSE_MESSAGE_TOO_BIG,
    WSCLOSE_CAUSE_PING_UNANSWERED,
    WSCLOSE_CAUSE_IDLE_TIMEOUT,
    WSCLOSE_CAUSE_ONE_SIDED_SILENCE,
    WSCLOSE_CAUSE_LIFETIME_LIMIT,
    WSCLOSE_CAUSE_FLOW_FORGOTTEN,
    WSCLOSE_CAUSE_PATH_DEAD,
    WSCLOSE_CAUSE_CLOSE_UNANSWERED,
    WSCLOSE_CAUSE_PROXY,
    WSCLOSE_CAUSE_SHARED_END,
    WSCLOSE_CAUSE_STREAM_ERROR,
    WSCLOSE_CAUSE_TLS_ALERT,
    WSCLOSE_CAUSE_TRANSPORT_END,
    WSCLOSE_CAUSE_UNKNOWN,
    WSCLOSE_CAUSES /**< how many there are */
} wsclose_cause_id;

/** On which side something has to change. */
typedef enum {
    WSCLOSE_BY_NOBODY = 0, /**< nothing has to, or it is not known where */
    WSCLOSE_BY_CLIENT = 1,
    WSCLOSE_BY_SERVER = 2,
    WSCLOSE_BY_BETWEEN = 3 /**< a proxy, a load balancer, the network */
} wsclose_by;

/** What other connections of the capture show of one. All zeros is nothing. */
typedef struct {
    uint32_t together; /**< connections of one address that ended within a moment, this one included,
                            where that is no coincidence; else 0 */
    bool alike;        /**< and all of them after the same silence */
    bool copied;       /**< its packets are in the capture more than once, with other addresses */
    bool has_leg;      /**< another TCP connection carries the same WebSocket on */
    bool leg_stripped; /**< and what is in between took extensions out of the opening handshake */
    bool leg_between;  /**< and what is in between ended both */
} wsclose_neighbours;

/** How many packets show a cause at most. */
enum { WSCLOSE_CAUSE_PACKETS = 3 };

/** Why one connection ended. */
typedef struct {
    wsclose_cause_id id; /**< why */
    wsclose_by by;       /**< on which side something has to change */
    bool certain;        /**< the packets show it; else it is the likeliest explanation */
    bool unread; /**< all that the verdict lacks is the content of the last message, which is
                       compressed and which nobody has inflated */
    uint32_t packets[WSCLOSE_CAUSE_PACKETS]; /**< that show it, in no order; 0 from the first one on
                                                  that is not there */
    wsclose_side
        actor;    /**< whose doing it was, or who did not do it: the sender of a breach, the side
                             that was silent, who closed */
    int64_t time; /**< nanoseconds of silence, of an unanswered Ping or Close, of age: what the
                             cause is about; -1 where it is about no time */
} wsclose_cause;

/** A verdict on its connection. All pointers are borrowed. */
typedef struct {
    const wsclose_connection *connection; /**< that ended, or goes on */
    const wsclose_verdict *verdict;       /**< on it; NULL where it goes on, for its cause alone */
    const wsclose_negotiation *negotiation; /**< its own */
    const wsclose_close_body *bodies[2];    /**< of the first Close frames; NULL if not kept */
    const wsclose_mandatory_ext *mandatory; /**< what became of the claim of a 1010 among them; NULL
                                                 where there is none, or nobody asks */
    const wsclose_neighbours *neighbours;   /**< NULL where nobody has looked */
    wsclose_slice
        no_frames; /**< text that stands where a frame should begin; of no length where there
                                  is none */
    int64_t now;   /**< time of the latest packet of the capture, where there is no verdict */
} wsclose_verdict_context;

/** Judge why a connection ended, or, where it goes on, what is wrong with it. Returns false where it
 *  goes on and nothing is shown to be wrong. */
WSCLOSE_API bool wsclose_cause_judge(const wsclose_verdict_context *context, wsclose_cause *out);

/** The word of a cause, "ping_unanswered"; static. */
WSCLOSE_API const char *wsclose_cause_name(wsclose_cause_id cause);

/** How long a side had been silent when the end began: nanoseconds since its last frame, or else
 *  since its part of the opening handshake; -1 where that is not known.
 *
 *  end  the time at which the end began */
WSCLOSE_API int64_t wsclose_connection_silence(const wsclose_connection *connection,
                                               wsclose_side side, int64_t end);

/** How long the oldest Ping of a side had been waiting for its Pong when the end began: nanoseconds;
 *  -1 where none was, or for less than a second. */
WSCLOSE_API int64_t wsclose_connection_ping_age(const wsclose_connection *connection,
                                                wsclose_side side, int64_t end);

#ifdef __cplusplus
}
#endif

#endif
