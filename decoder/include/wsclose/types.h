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

#if defined(__GNUC__)
#define WSCLOSE_API __attribute__((visibility("default")))
#else
#define WSCLOSE_API
#endif

#ifdef __cplusplus
extern "C" {
#endif

/** Octets somewhere else: borrowed, not terminated, any octet allowed. */
typedef struct {
    const char *data;
    size_t len;
} wsclose_slice;

/** Octets of a stream that come next, used up from the front. */
typedef struct {
    const uint8_t *data;
    size_t captured;  /**< octets at data */
    uint64_t lacking; /**< octets that the wire had after those, and the capture lacks */
} wsclose_octets;

/** One of the two ends of a WebSocket connection; the values are those of `wsclose.sender`. */
typedef enum {
    WSCLOSE_ENDPOINT_UNKNOWN = 0,
    WSCLOSE_ENDPOINT_CLIENT = 1,
    WSCLOSE_ENDPOINT_SERVER = 2
} wsclose_endpoint;

/** What carries a WebSocket connection. */
typedef enum {
    WSCLOSE_CARRIER_HTTP1 = 0, /**< TCP, after an HTTP/1.1 upgrade (RFC 6455) */
    WSCLOSE_CARRIER_HTTP2,     /**< a stream of HTTP/2, after an extended CONNECT (RFC 8441) */
    WSCLOSE_CARRIER_HTTP3      /**< a stream of HTTP/3, after an extended CONNECT (RFC 9220) */
} wsclose_carrier;

/** "client", "server" or "unknown endpoint". */
WSCLOSE_API const char *wsclose_endpoint_name(wsclose_endpoint endpoint);

/** The other end; unknown stays unknown. */
WSCLOSE_API wsclose_endpoint wsclose_endpoint_peer(wsclose_endpoint endpoint);

#ifdef __cplusplus
}
#endif

#endif
