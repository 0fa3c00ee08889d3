/* finding.h
 * Everything that can be found in a connection and is worth a mark: each finding once, with its
 * name, how grave it is, and when it is made. Wireshark shows them as expert items, reports list
 * them.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WSCLOSE_FINDING_H
#define WSCLOSE_FINDING_H

#include "connection.h"
#include "explain.h"
#include "frame.h"
#include "negotiation.h"
#include "types.h"

#ifdef __cplusplus
extern "C" {
#endif

/** The findings. wsclose_finding_lookup() has what there is to know of each. */
typedef enum {
    WSCLOSE_FINDING_NO_STATUS,
    WSCLOSE_FINDING_NO_STATUS_REPEATED,
    WSCLOSE_FINDING_MANDATORY_EXT,
    WSCLOSE_FINDING_MANDATORY_EXT_CONTRADICTED,
    WSCLOSE_FINDING_MANDATORY_EXT_FROM_SERVER,
    WSCLOSE_FINDING_RESERVED_ON_WIRE,
    WSCLOSE_FINDING_CODE_INVALID,
    WSCLOSE_FINDING_BODY_TRUNCATED,
    WSCLOSE_FINDING_REASON_NOT_UTF8,
    WSCLOSE_FINDING_FRAME_INVALID,
    WSCLOSE_FINDING_DATA_AFTER_CLOSE,
    WSCLOSE_FINDING_ABNORMAL,
    WSCLOSE_FINDING_UNANSWERED,
    WSCLOSE_FINDING_BREACH_TOLERATED,
    WSCLOSE_FINDING_EXT_DECLINED,
    WSCLOSE_FINDING_EXT_REQUIRED_DECLINED,
    WSCLOSE_FINDING_EXT_UNSOLICITED,
    WSCLOSE_FINDING_EXT_INVALID,
    WSCLOSE_FINDING_HANDSHAKE_FAILED,
    WSCLOSE_FINDING_HANDSHAKE_INVALID,
    WSCLOSE_FINDING_SUBPROTOCOL_UNANSWERED,
    WSCLOSE_FINDING_NOT_WEBSOCKET,
    WSCLOSE_FINDING_PING_UNANSWERED,
    WSCLOSE_FINDINGS /**< how many there are */
} wsclose_finding;

/** Some of them, a bit for each. */
typedef uint64_t wsclose_finding_set;

/** Whether a finding is in a set. */
static inline bool
wsclose_finding_is_in(wsclose_finding finding, wsclose_finding_set set)
{
    return (set >> finding & 1) != 0;
}

/** How grave a finding is. */
typedef enum {
    WSCLOSE_SEVERITY_CHAT,    /**< part of the usual course */
    WSCLOSE_SEVERITY_NOTE,    /**< worth a look */
    WSCLOSE_SEVERITY_WARNING, /**< the connection ended, or will, other than somebody wanted */
    WSCLOSE_SEVERITY_ERROR    /**< somebody breaks the protocol */
} wsclose_severity;

/** What part of the protocol a finding is about. */
typedef enum {
    WSCLOSE_GROUP_SEQUENCE,  /**< the order of frames, and what is not there */
    WSCLOSE_GROUP_PROTOCOL,  /**< a rule of the protocol, or a choice within it */
    WSCLOSE_GROUP_MALFORMED, /**< octets that cannot be so */
    WSCLOSE_GROUP_RESPONSE   /**< the status of a response */
} wsclose_finding_group;

/** In what something is found. */
typedef enum {
    WSCLOSE_EVENT_RESPONSE, /**< the final response of an opening handshake */
    WSCLOSE_EVENT_CLOSE,    /**< a Close frame */
    WSCLOSE_EVENT_FRAME,    /**< another frame */
    WSCLOSE_EVENT_VERDICT   /**< the verdict on the connection */
} wsclose_event_kind;

/** What there is to know of a finding. */
typedef struct {
    const char *name;            /**< "wsclose.no_status": a display filter of Wireshark */
    wsclose_severity severity;   /**< how grave it is */
    wsclose_finding_group group; /**< what it is about */
    unsigned events;             /**< in what it is found: a bit 1 << wsclose_event_kind for each. A
                              response and a verdict share their findings with nothing else. */
    unsigned breaches;           /**< wsclose_breach bits that it stands for, each of one finding */
    unsigned faults;             /**< wsclose_handshake_fault bits, likewise */
    const char *summary;         /**< one line, where no event is at hand */
    const char *when;            /**< when it is made, for documentation: half a sentence */
} wsclose_finding_info;

/** A finding; static, never NULL for one of the enumeration. */
WSCLOSE_API const wsclose_finding_info *wsclose_finding_lookup(wsclose_finding finding);

/** "Chat", "Note", "Warning" or "Error". */
WSCLOSE_API const char *wsclose_severity_name(wsclose_severity severity);

/** "Sequence", "Protocol", "Malformed" or "Response code". */
WSCLOSE_API const char *wsclose_finding_group_name(wsclose_finding_group group);

/** Those of a set that are as grave as that, or graver. */
WSCLOSE_API wsclose_finding_set wsclose_findings_from(wsclose_finding_set set,
                                                      wsclose_severity severity);

/** Whether a Close is held against its sender's address, where many of its kind are: its first one
 *  on the connection, empty, and not the answer to an empty one. */
WSCLOSE_API bool wsclose_close_is_counted(const wsclose_close_body *body,
                                          const wsclose_close_meaning *finding);

/** An event of a connection. All pointers are borrowed; what the kind does not name may be NULL. */
typedef struct {
    wsclose_event_kind kind;                /**< says which of the others are there */
    const wsclose_connection *connection;   /**< in which it is */
    const wsclose_negotiation *negotiation; /**< response */
    const wsclose_close_context *close;     /**< Close */
    const wsclose_frame_context *frame;     /**< frame */
    const wsclose_verdict *verdict;         /**< verdict; for its texts the negotiation too */
} wsclose_event;

/** Find what is in an event, and keep it with the connection: wsclose_connection.findings is what
 *  all its events have, and nothing else adds to it.
 *
 *  A flow does so with the response, the verdict and frames other than Close. Whoever listens to it
 *  does it for a Close frame, as a 1010 takes the negotiation, and an empty Close a count over
 *  connections.
 *
 *  Returns what was found in the event. */
WSCLOSE_API wsclose_finding_set wsclose_findings_take(wsclose_connection *connection,
                                                      const wsclose_event *event);

/** What was found in the response, or in the verdict, of a connection. */
WSCLOSE_API wsclose_finding_set wsclose_findings_in(const wsclose_connection *connection,
                                                    wsclose_event_kind kind);

/** What a finding says of its event, as sentences for a reader who has not read the RFC: one, or
 *  one for each rule that is broken and each extension that it is about, in the order of the
 *  negotiation. Where there is nothing to say of the event, the summary.
 *
 *  Returns a new list that NULL ends; free it with wsclose_texts_free(). */
WSCLOSE_API char **wsclose_explain_finding(const wsclose_event *event, wsclose_finding finding);

/** Free a list of texts; NULL is ignored. */
WSCLOSE_API void wsclose_texts_free(char **texts);

#ifdef __cplusplus
}
#endif

#endif
