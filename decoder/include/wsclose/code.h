/* code.h
 * Status codes of a Close frame: what each means, when it is seen, how to fix it.
 *
 * Sources: RFC 6455 section 7.4, RFC errata, the IANA WebSocket Close Code Number Registry.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WSCLOSE_CODE_H
#define WSCLOSE_CODE_H

#include "types.h"

#ifdef __cplusplus
extern "C" {
#endif

/** The codes that the registry has a name for. */
enum {
    WSCLOSE_CODE_NORMAL_CLOSURE = 1000,
    WSCLOSE_CODE_GOING_AWAY = 1001,
    WSCLOSE_CODE_PROTOCOL_ERROR = 1002,
    WSCLOSE_CODE_UNSUPPORTED_DATA = 1003,
    WSCLOSE_CODE_RESERVED_1004 = 1004,
    WSCLOSE_CODE_NO_STATUS_RCVD = 1005,
    WSCLOSE_CODE_ABNORMAL_CLOSURE = 1006,
    WSCLOSE_CODE_INVALID_PAYLOAD = 1007,
    WSCLOSE_CODE_POLICY_VIOLATION = 1008,
    WSCLOSE_CODE_MESSAGE_TOO_BIG = 1009,
    WSCLOSE_CODE_MANDATORY_EXT = 1010,
    WSCLOSE_CODE_INTERNAL_ERROR = 1011,
    WSCLOSE_CODE_SERVICE_RESTART = 1012,
    WSCLOSE_CODE_TRY_AGAIN_LATER = 1013,
    WSCLOSE_CODE_BAD_GATEWAY = 1014,
    WSCLOSE_CODE_TLS_HANDSHAKE = 1015,
    WSCLOSE_CODE_UNAUTHORIZED = 3000,
    WSCLOSE_CODE_FORBIDDEN = 3003,
    WSCLOSE_CODE_TIMEOUT = 3008
};

/** What kind of number a status code is (RFC 6455 sections 7.4.1 and 7.4.2). */
typedef enum {
    WSCLOSE_CLASS_PROTOCOL,   /**< defined by the protocol or its registry, 1000..1014 */
    WSCLOSE_CLASS_RESERVED,   /**< 1004, 1005, 1006, 1015: never in a Close frame */
    WSCLOSE_CLASS_REGISTERED, /**< 3000..3999: libraries and frameworks, by registration */
    WSCLOSE_CLASS_PRIVATE,    /**< 4000..4999: by private agreement */
    WSCLOSE_CLASS_UNASSIGNED, /**< 1016..2999: kept for the protocol, no meaning yet */
    WSCLOSE_CLASS_INVALID     /**< 0..999 and 5000..65535: not a status code */
} wsclose_code_class;

/** Who may put a status code into a Close frame. */
typedef enum {
    WSCLOSE_MAY_SEND_NOBODY,
    WSCLOSE_MAY_SEND_CLIENT,
    WSCLOSE_MAY_SEND_SERVER,
    WSCLOSE_MAY_SEND_EITHER
} wsclose_may_send;

/** One row of the table: a code of the registry (first == last) or a range. All texts are UTF-8
 *  sentences for readers who have not read the RFC, and live as long as the library. */
typedef struct {
    uint16_t first;                /**< the code, or the first of a range */
    uint16_t last;                 /**< the last one; the same for a code */
    wsclose_code_class code_class; /**< what kind of number it is */
    wsclose_may_send may_send;     /**< who may put it into a Close frame */
    const char *name;              /**< short, e.g. "No Status Received" */
    const char *meaning;           /**< what it means */
    const char *seen_when;         /**< when one sees it */
    const char *fix;               /**< what to change, and on which side */
    const char *says;   /**< after the number and the name: "says that a message was larger ..." */
    const char *when;   /**< after "when": the case it is for; NULL where it is of no use */
    const char *source; /**< e.g. "RFC 6455 section 7.4.1" */
} wsclose_code_info;

/** The whole table: ascending, without gaps or overlaps, from 0 to 65535.
 *
 *  count  where the number of rows goes, not NULL */
WSCLOSE_API const wsclose_code_info *wsclose_code_table(size_t *count);

/** The row for a code. Never NULL: every 16-bit number has one. */
WSCLOSE_API const wsclose_code_info *wsclose_code_lookup(uint16_t code);

/** Whether a Close frame may carry this code (RFC 6455 section 7.4.2, and 7.4.1 for the
 *  reserved). */
WSCLOSE_API bool wsclose_code_may_be_on_wire(uint16_t code);

/** "protocol", "reserved", "registered", "private", "unassigned" or "invalid". */
WSCLOSE_API const char *wsclose_code_class_name(wsclose_code_class code_class);

/** "nobody", "the client only", "the server only" or "either side". */
WSCLOSE_API const char *wsclose_may_send_name(wsclose_may_send who);

/** Two codes side by side. */
typedef struct {
    uint16_t codes[2];                 /**< as they were given */
    const wsclose_code_info *infos[2]; /**< their rows of the table; static */
    char *in_short;                    /**< the difference in one sentence */
    char *key_difference;              /**< one paragraph */
    char *which_when;                  /**< which to use or expect, when */
} wsclose_code_comparison;

/** Compare any two codes, equal ones included.
 *
 *  Returns a new comparison; free it with wsclose_code_comparison_free(). */
WSCLOSE_API wsclose_code_comparison *wsclose_code_compare(uint16_t a, uint16_t b);

/** Free a comparison and its texts; NULL is ignored. */
WSCLOSE_API void wsclose_code_comparison_free(wsclose_code_comparison *comparison);

#ifdef __cplusplus
}
#endif

#endif
