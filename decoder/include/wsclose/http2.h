/* http2.h
 * What HTTP/2 (RFC 9113) tells of a stream that carries WebSocket (RFC 8441): its frames, one at a
 * time, and the header fields of an extended CONNECT.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WSCLOSE_HTTP2_H
#define WSCLOSE_HTTP2_H

#include "scanner.h"
#include "types.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Octets of a frame header (RFC 9113 section 4.1). */
enum { WSCLOSE_HTTP2_HEADER_LEN = 9 };

/** Frame types that matter to a WebSocket (RFC 9113 section 6). */
typedef enum {
    WSCLOSE_HTTP2_DATA = 0x0,
    WSCLOSE_HTTP2_HEADERS = 0x1,
    WSCLOSE_HTTP2_RST_STREAM = 0x3,
    WSCLOSE_HTTP2_SETTINGS = 0x4,
    WSCLOSE_HTTP2_PUSH_PROMISE = 0x5,
    WSCLOSE_HTTP2_GOAWAY = 0x7,
    WSCLOSE_HTTP2_CONTINUATION = 0x9
} wsclose_http2_type;

/** One frame, as far as the capture has it. */
typedef struct {
    uint32_t payload_len;   /**< octets on the wire after the header */
    uint32_t stream;        /**< 31 bits; 0 for the connection as a whole */
    uint8_t type;           /**< wsclose_http2_type, or another one */
    bool end_stream;        /**< of DATA and HEADERS: its sender sends no more on the stream */
    bool end_headers;       /**< of HEADERS, PUSH_PROMISE and CONTINUATION: a header list ends */
    bool padded;            /**< of DATA: padding follows the data */
    bool is_preface;        /**< the client's connection preface instead (section 3.4) */
    const uint8_t *payload; /**< borrowed from the octets that were decoded */
    size_t captured;        /**< octets at payload, at most payload_len */
} wsclose_http2_frame;

/** Decode a frame (RFC 9113 section 4.1).
 *
 *  octets, len  from its first octet on; what follows the frame is not looked at
 *  out          untouched unless true is returned; borrows octets
 *
 *  Returns false where its header is not there in full. The connection preface decodes as a
 *  frame of no type that is known. */
WSCLOSE_API bool wsclose_http2_frame_decode(const uint8_t *octets, size_t len,
                                            wsclose_http2_frame *out);

/** Whether a request is an extended CONNECT for WebSocket (RFC 8441 sections 4 and 5).
 *
 *  method, protocol  values of :method and :protocol; of no length where there is none */
WSCLOSE_API bool wsclose_connect_is_websocket(wsclose_slice method, wsclose_slice protocol);

/** The value of :status (RFC 9113 section 8.3.2), 100 to 999; 0 where it is none. */
WSCLOSE_API unsigned wsclose_status_parse(wsclose_slice value);

#ifdef __cplusplus
}
#endif

#endif
