/* types.h
 * Words that every wsclose header shares.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WSCLOSE_TYPES_H
#define WSCLOSE_TYPES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#if defined(__GNUC__) && !defined(WSCLOSE_STATIC)
#define WSCLOSE_API __attribute__((visibility("default")))
#else
#define WSCLOSE_API
#endif

#ifdef __cplusplus
extern "C" {
#endif

/** Octets somewhere else: borrowed, not terminated, any octet allowed. */
typedef struct {
    const char *data; /**< NULL where there are none, maybe */
    size_t len;       /**< how many there are at data */
} wsclose_slice;

/** Octets of a stream that come next, used up from the front. */
typedef struct {
    const uint8_t *data; /**< NULL where there are none */
    size_t captured;     /**< octets at data */
    uint64_t lacking;    /**< octets that the wire had after those, and the capture lacks */
} wsclose_octets;

/** One of the two sides of a WebSocket connection: the index of what is kept of each. */
typedef enum {
    WSCLOSE_CLIENT = 0,
    WSCLOSE_SERVER = 1,
    WSCLOSE_SIDE_UNKNOWN = 2 /**< no index */
} wsclose_side;

/** How many sides there are. */
enum { WSCLOSE_SIDES = 2 };

/** What carries a WebSocket connection. */
typedef enum {
    WSCLOSE_CARRIER_HTTP1 = 0, /**< TCP, after an HTTP/1.1 upgrade (RFC 6455) */
    WSCLOSE_CARRIER_HTTP2,     /**< a stream of HTTP/2, after an extended CONNECT (RFC 8441) */
    WSCLOSE_CARRIER_HTTP3      /**< a stream of HTTP/3, after an extended CONNECT (RFC 9220) */
} wsclose_carrier;

/** "client", "server" or "unknown side". */
WSCLOSE_API const char *wsclose_side_name(wsclose_side side);

/** The other side; unknown stays unknown. */
WSCLOSE_API wsclose_side wsclose_side_peer(wsclose_side side);

#ifdef __cplusplus
}
#endif

#endif
