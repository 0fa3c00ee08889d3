/* handshake.h
 * The opening handshake over HTTP/1.1 (RFC 6455 section 4).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WSCLOSE_HANDSHAKE_H
#define WSCLOSE_HANDSHAKE_H

#include "types.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Whether an Upgrade header names WebSocket (RFC 6455 section 4.1, RFC 7230 section 6.7): a list
 *  of protocol names, letter case aside.
 *
 *  value  of the header, any octets */
WSCLOSE_API bool wsclose_upgrade_is_websocket(wsclose_slice value);

/** Whether an HTTP status is the final answer to an opening handshake: 101, or anything but an
 *  interim 1xx (RFC 9110 section 15.2). */
WSCLOSE_API bool wsclose_status_is_final(unsigned status);

/** Whether an HTTP/1.1 status opens the WebSocket connection: 101 alone (RFC 6455 section 4.1). */
WSCLOSE_API bool wsclose_status_is_success(unsigned status);

/** Whether octets that are taken for a frame are the start of an HTTP/1.1 message instead, as where
 *  somebody was told that all of a connection is WebSocket: "HTTP/1." reads as a Close frame. */
WSCLOSE_API bool wsclose_starts_http_message(const uint8_t *octets, size_t len);

#ifdef __cplusplus
}
#endif

#endif
