/* http2_flow.h
 * What is kept of a connection of HTTP/2 that carries WebSocket: its streams opened by an extended
 * CONNECT (RFC 8441), until they end. All of it on the first pass, in file scope.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WSCLOSE_PLUGIN_HTTP2_FLOW_H
#define WSCLOSE_PLUGIN_HTTP2_FLOW_H

#include "compat.h"

#include "headers.h"
#include "store.h"

/* A header list, as far as it has come (RFC 9113 section 4.3). */
typedef struct {
    wmem_allocator_t *scope;
    headers fields;
    uint32_t stream;
    bool end_stream;
} http2_headers;

/* A stream that carries WebSocket. An index [0] is the client's, [1] the server's. */
typedef struct http2_stream {
    struct http2_stream *previous; /* in the order in which they were opened */
    struct http2_stream *next;
    store_connection *connection;
    uint32_t number;
    uint32_t losses[2];     /* how many of its flow's the scanners know of */
    store_header protocols; /* Sec-WebSocket-Protocol of the request, until it is answered */
    bool ended[2];          /* by END_STREAM or RST_STREAM, or TCP under it */
    bool holed[2];          /* the decoder was told that octets are missing, which may still come */
    bool out_of_step[2];    /* frames may have been passed over, for good */
    wsclose_scanner scanners[2];
} http2_stream;

/* Streams after a reset: frames that were on their way are told as such. */
#define HTTP2_RESETS_KEPT 64

/* Header lists that wait for a CONTINUATION: one of each direction is legal. */
#define HTTP2_PENDING 2

/* A flow that is a connection of HTTP/2. */
typedef struct {
    store_flow flow; /* first, so that one is the other */
    wmem_map_t *streams; /* number -> http2_stream */
    http2_stream *first;
    http2_stream *last;
    uint32_t newest;    /* number of the last request for WebSocket; they only grow */
    uint32_t losses[2]; /* how often octets were lost, so that frames may begin anywhere */
    wsclose_goaway_fact goaways[2]; /* of each side, joined; of no sender before the first one */
    http2_headers *pending[HTTP2_PENDING];
    uint32_t resets[HTTP2_RESETS_KEPT];
    unsigned n_resets;
    uint32_t guarded_from; /* packet after which Wireshark is kept in step; 0 where it need not be */
} http2_flow;

/* Forget that the last capture had such flows. */
void http2_flow_reset(void);

/* Whether this capture has any, so far. */
bool http2_flow_any(void);

/* The flow as one of HTTP/2; NULL where it is none. */
http2_flow *http2_flow_of(store_flow *flow);

/* The flow of the packet at hand, made where there is none; NULL where it is one of HTTP/1.1. */
http2_flow *http2_flow_make(packet_info *pinfo, store_place *place);

/* The stream of a number, or NULL. */
http2_stream *http2_flow_find(const http2_flow *flow, uint32_t number);

/* A new stream for a connection. */
http2_stream *http2_flow_open(http2_flow *flow, uint32_t number, store_connection *connection);

/* Free what is kept of a stream; its connection stays. */
void http2_flow_close(http2_flow *flow, http2_stream *stream);

/* The same after a reset: some time later. */
void http2_flow_close_later(http2_flow *flow, const http2_stream *stream);

/* A header list that begins; where more of it is to come, it is kept with its flow. */
http2_headers *http2_headers_new(wmem_allocator_t *scope, uint32_t stream, bool end_stream);
void http2_headers_free(http2_headers *list);
void http2_flow_keep_headers(http2_flow *flow, http2_headers *list);

/* Take the header list that a CONTINUATION on a stream continues; NULL where there is none. */
http2_headers *http2_flow_take_headers(http2_flow *flow, uint32_t stream);

#endif
