/* handshake.h
 * The opening handshake, over HTTP/1.1 (RFC 6455 section 4), and over HTTP/2 and HTTP/3 by extended
 * CONNECT (RFC 8441 section 5, RFC 9220).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WSCLOSE_HANDSHAKE_H
#define WSCLOSE_HANDSHAKE_H

#include "negotiation.h"
#include "types.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Whether an Upgrade header names WebSocket (RFC 6455 section 4.1, RFC 7230 section 6.7): a list
 *  of protocol names, letter case aside.
 *
 *  value  of the header, any octets */
WSCLOSE_API bool wsclose_upgrade_is_websocket(wsclose_slice value);

/** Whether an HTTP status is the final answer to an opening handshake: anything but an interim 1xx
 *  (RFC 9110 section 15.2), and over HTTP/1.1 101 too, which HTTP/2 does not have (RFC 9113 section
 *  8.6). */
WSCLOSE_API bool wsclose_status_is_final(wsclose_carrier carrier, unsigned status);

/** Whether an HTTP status opens the WebSocket connection: 101 alone over HTTP/1.1 (RFC 6455 section
 *  4.1), any 2xx over HTTP/2 and HTTP/3 (RFC 8441 section 5). */
WSCLOSE_API bool wsclose_status_is_success(wsclose_carrier carrier, unsigned status);

/** Why a client must reject a response that accepts, as a set of bits (RFC 6455 section 4.1,
 *  items 2 to 6). Those of Upgrade, Connection and Accept are of HTTP/1.1 alone: extended
 *  CONNECT has no such headers (RFC 8441 section 5). */
typedef enum {
    WSCLOSE_FAULT_UPGRADE = 1 << 0,         /**< Upgrade is not "websocket", or missing */
    WSCLOSE_FAULT_CONNECTION = 1 << 1,      /**< Connection does not name Upgrade, or is missing */
    WSCLOSE_FAULT_ACCEPT_MISSING = 1 << 2,  /**< no Sec-WebSocket-Accept */
    WSCLOSE_FAULT_ACCEPT_WRONG = 1 << 3,    /**< it does not fit the Sec-WebSocket-Key */
    WSCLOSE_FAULT_ACCEPT_TWICE = 1 << 4,    /**< it stands there more than once (section 11.3.3) */
    WSCLOSE_FAULT_SUBPROTOCOL = 1 << 5,     /**< a subprotocol that was not offered */
    WSCLOSE_FAULT_EXT_UNSOLICITED = 1 << 6, /**< an extension that was not offered */
    WSCLOSE_FAULT_EXT_INVALID = 1 << 7      /**< an extension that its offer does not allow, or a
                                                 header that breaks the grammar */
} wsclose_handshake_fault;

/** Those that are about extensions. */
enum { WSCLOSE_FAULT_EXT = WSCLOSE_FAULT_EXT_UNSOLICITED | WSCLOSE_FAULT_EXT_INVALID };

/** How many wsclose_handshake_fault bits there are. */
enum { WSCLOSE_FAULT_COUNT = 8 };

/** Headers of an opening handshake, lines of the same name joined with ", ". Borrowed. */
typedef struct {
    wsclose_header key;        /**< Sec-WebSocket-Key of the request */
    wsclose_header protocols;  /**< Sec-WebSocket-Protocol of the request */
    wsclose_header upgrade;    /**< Upgrade of the response */
    wsclose_header connection; /**< Connection of the response */
    wsclose_header accept;     /**< Sec-WebSocket-Accept of the response */
    wsclose_header protocol;   /**< Sec-WebSocket-Protocol of the response */
} wsclose_handshake_headers;

/** The final response of an opening handshake, judged as the client must. */
typedef struct {
    unsigned status; /**< HTTP status */
    unsigned faults; /**< wsclose_handshake_fault bits; 0 where it does not accept */
    uint8_t rsv;     /**< RSV bits (4, 2, 1) that the extensions in it may use in data frames */
    bool any_opcode; /**< they may define opcodes of their own */
    bool subprotocol_unanswered; /**< it accepts, and selects none of the subprotocols that the client
                                      offered: legal, though browsers fail the connection over it */
} wsclose_handshake_response;

/** Room for a Sec-WebSocket-Accept and its NUL. */
enum { WSCLOSE_ACCEPT_SIZE = 29 };

/** The Sec-WebSocket-Accept that answers a Sec-WebSocket-Key (RFC 6455 section 4.2.2). */
WSCLOSE_API void wsclose_accept_for_key(wsclose_slice key, char out[WSCLOSE_ACCEPT_SIZE]);

/** Judge a final response. What is not known of either side is not held against it.
 *
 *  carrier      of the connection
 *  status       HTTP status
 *  headers      of the opening handshake
 *  negotiation  its extensions
 *  out          the response, judged */
WSCLOSE_API void wsclose_handshake_judge(wsclose_carrier carrier, unsigned status,
                                         const wsclose_handshake_headers *headers,
                                         const wsclose_negotiation *negotiation,
                                         wsclose_handshake_response *out);

#ifdef __cplusplus
}
#endif

#endif
