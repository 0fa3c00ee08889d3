/* explain.h
 * Sentences about one connection's events, for a reader who has not read the RFC.
 *
 * Texts name packets as "frame 6", as Wireshark numbers them. Each function returns a new UTF-8
 * string (free it with wsclose_text_free()), or NULL where there is nothing to say.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WSCLOSE_EXPLAIN_H
#define WSCLOSE_EXPLAIN_H

#include "cause.h"
#include "connection.h"
#include "frame.h"
#include "negotiation.h"
#include "types.h"

#ifdef __cplusplus
extern "C" {
#endif

/** A Close frame in its connection. All pointers are borrowed. */
typedef struct {
    wsclose_side sender;                  /**< who sent it; may be unknown */
    const wsclose_frame *frame;           /**< its header */
    const wsclose_close_body *body;       /**< its body */
    unsigned breaches;                    /**< wsclose_breach bits */
    const wsclose_close_meaning *meaning; /**< what it means in its connection */
    /** The opening handshake and the claim: where the status code is 1010, else NULL. */
    const wsclose_negotiation *negotiation;
    const wsclose_mandatory_ext *mandatory; /**< what becomes of the claim; likewise */
    uint32_t request_in;  /**< packet of the opening handshake's request, 0 if not seen */
    uint32_t response_in; /**< packet of its response, 0 if not seen */
    /** Where wsclose_close_is_counted(): on how many connections the sender's address has sent such
     *  a Close, this one included, and from how many on that is worth a warning, 0 for never. */
    uint32_t empty_count;
    uint32_t empty_limit;       /**< for no_status_repeated */
    const char *sender_address; /**< as text, for a text on that */
} wsclose_close_context;

/** A frame other than Close, in its connection. */
typedef struct {
    wsclose_side sender;        /**< who sent it */
    const wsclose_frame *frame; /**< its header */
    unsigned breaches;          /**< wsclose_breach bits */
    uint32_t close_in; /**< packet of its sender's Close, where it is a data frame after that; else
                            0 */
    wsclose_slice
        text; /**< text that stands in its place, so that it is no frame; else of no length */
} wsclose_frame_context;

/** One line: who closes with what. */
WSCLOSE_API char *wsclose_explain_close(const wsclose_close_context *context);

/** The same in a few words, for a list of packets: "1010 wants permessage-deflate". */
WSCLOSE_API char *wsclose_explain_close_info(const wsclose_close_context *context);

/** What it means. */
WSCLOSE_API char *wsclose_explain_close_description(const wsclose_close_context *context);

/** When it is seen. */
WSCLOSE_API char *wsclose_explain_close_seen_when(const wsclose_close_context *context);

/** What to change, and on which side. */
WSCLOSE_API char *wsclose_explain_close_fix(const wsclose_close_context *context);

/** One breach of a Close frame: what this frame has, and the rule against it. */
WSCLOSE_API char *wsclose_explain_breach(const wsclose_close_context *context,
                                         wsclose_breach breach);

/** An empty Close: what its receiver is told. NULL for any other. */
WSCLOSE_API char *wsclose_explain_no_status(const wsclose_close_context *context);

/** An address that sends empty Close frames again and again.
 *
 *  address      who, as text
 *  connections  on how many connections so far */
WSCLOSE_API char *wsclose_explain_no_status_repeated(const char *address, unsigned connections);

/** Whose claim a Close with 1010 is: its sender's, or the other side's where it only repeats
 *  that one's (RFC 6455 section 5.5.1). Unknown where the capture cannot tell, and for any other
 *  Close. */
WSCLOSE_API wsclose_side wsclose_claims_mandatory_ext(const wsclose_close_context *context);

/** A Close with 1010: what is missing, and whom to fix. NULL for any other. */
WSCLOSE_API char *wsclose_explain_mandatory_ext(const wsclose_close_context *context);

/** A 1010 that the opening handshake speaks against. NULL for any other. */
WSCLOSE_API char *wsclose_explain_mandatory_ext_contradicted(const wsclose_close_context *context);

/** A 1010 that begins with the server. NULL for any other. */
WSCLOSE_API char *wsclose_explain_mandatory_ext_from_server(const wsclose_close_context *context);

/** One line on an opening handshake: what was offered, and what became of it.
 *
 *  carrier  of the connection
 *  status   HTTP status of the response, 0 if not seen */
WSCLOSE_API char *wsclose_explain_negotiation(const wsclose_negotiation *negotiation,
                                              wsclose_carrier carrier, unsigned status);

/** An upgrade or extended CONNECT that the server refused.
 *
 *  carrier  of the connection
 *  status   HTTP status of the response */
WSCLOSE_API char *wsclose_explain_refused(wsclose_carrier carrier, unsigned status);

/** How many extensions of a list are named one by one where people read: a header may have tens of
 *  thousands, and an event names each in several lists. */
#define WSCLOSE_EXTS_LISTED_MAX 50

/** What stands in place of those that are not named.
 *
 *  count  of the list
 *
 *  NULL where all of them are named. */
WSCLOSE_API char *wsclose_explain_not_listed(size_t count);

/** An offered extension that the response does not have.
 *
 *  name      the extension
 *  required  whether the user says that a client needs it */
WSCLOSE_API char *wsclose_explain_declined(const char *name, bool required);

/** A response that selects none of the subprotocols that the client offered. */
WSCLOSE_API char *wsclose_explain_subprotocol_unanswered(wsclose_carrier carrier);

/** A response that the client must reject: one sentence on one of the wsclose_handshake_fault bits,
 *  with its RFC section. */
WSCLOSE_API char *wsclose_explain_handshake_fault(wsclose_carrier carrier,
                                                  wsclose_handshake_fault fault);

/** A frame other than Close that breaks the framing rules: what it has, and the rule against it.
 *
 *  breach  one wsclose_breach bit */
WSCLOSE_API char *wsclose_explain_frame_breach(wsclose_side sender, const wsclose_frame *frame,
                                               wsclose_breach breach);

/** A data frame after its sender's Close frame.
 *
 *  close_in  packet of that Close frame */
WSCLOSE_API char *wsclose_explain_data_after_close(wsclose_side sender, uint32_t close_in);

/** Octets in the place of a frame that are none, but text.
 *
 *  text  the first of them */
WSCLOSE_API char *wsclose_explain_not_websocket(wsclose_side sender, wsclose_slice text);

/** A Ping of a side that got no Pong before the connection ended. NULL where there is none. */
WSCLOSE_API char *wsclose_explain_ping_unanswered(const wsclose_verdict_context *context,
                                                  wsclose_side sender);

/** One line on a frame other than Close that breaks the protocol. */
WSCLOSE_API char *wsclose_explain_breaker(const wsclose_frame_context *frame);

/** The same in a few words, for a list of packets. */
WSCLOSE_API char *wsclose_explain_breaker_info(const wsclose_frame_context *frame);

/** One line: how the connection ended, and what each side's API reports. */
WSCLOSE_API char *wsclose_explain_verdict(const wsclose_verdict_context *context);

/** The same in at most 23 characters, to sort and count by; of a 1010 the extension that is
 *  missing. */
WSCLOSE_API char *wsclose_explain_verdict_brief(const wsclose_verdict_context *context);

/** The codes and the cause in a few words, for a list of packets: "1006: Ping unanswered for 30.0
 *  s". */
WSCLOSE_API char *wsclose_explain_verdict_info(const wsclose_verdict_context *context);

/** What happened, in full sentences, for a reader who has not read the RFC. */
WSCLOSE_API char *wsclose_explain_verdict_description(const wsclose_verdict_context *context);

/** When this is seen: the usual causes. */
WSCLOSE_API char *wsclose_explain_verdict_seen_when(const wsclose_verdict_context *context);

/** What to change, and on which side; or that nothing needs to be. */
WSCLOSE_API char *wsclose_explain_verdict_fix(const wsclose_verdict_context *context);

/** The transport ended and an endpoint never received a Close frame. NULL where that is not so. */
WSCLOSE_API char *wsclose_explain_abnormal(const wsclose_verdict_context *context);

/** Frames of a side that break the protocol, and did not keep its peer from going on. NULL where
 *  there are none. */
WSCLOSE_API char *wsclose_explain_breach_tolerated(const wsclose_verdict_context *context,
                                                   wsclose_side sender);

/** A Close frame that never got its answer. NULL where there is none. */
WSCLOSE_API char *wsclose_explain_unanswered(const wsclose_verdict_context *context);

/** Free a text; NULL is ignored. */
WSCLOSE_API void wsclose_text_free(char *text);

#ifdef __cplusplus
}
#endif

#endif
