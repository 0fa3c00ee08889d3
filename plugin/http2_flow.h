/* http2_flow.h
 * What is kept of a connection of HTTP/2 that carries WebSocket: its streams opened by an extended
 * CONNECT (RFC 8441), until they end. All of it on the first pass, in file scope.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WSCLOSE_PLUGIN_HTTP2_FLOW_H
#define WSCLOSE_PLUGIN_HTTP2_FLOW_H

#include "compat.h"

#include "store.h"

/* The fields of a header list that an opening handshake has. */
enum {
    HTTP2_METHOD,
    HTTP2_PROTOCOL,
    HTTP2_STATUS,
    HTTP2_AUTHORITY,
    HTTP2_HOST,
    HTTP2_PATH,
    HTTP2_EXTENSIONS,
    HTTP2_SUBPROTOCOLS,
    HTTP2_FIELDS
};

/* A header list, as far as it has come (RFC 9113 section 4.3). */
typedef struct {
    wmem_allocator_t *scope;
    wmem_strbuf_t *values[HTTP2_FIELDS]; /* octets; NULL where the list has no such field. Lines of
                                            one name are joined with ", ". */
    uint32_t stream;
    unsigned n_fields; /* that came, of any name */
    bool incomplete;   /* some fields are not known, so that one that is absent may be among them */
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
void http2_headers_free(http2_headers *headers);
void http2_flow_keep_headers(http2_flow *flow, http2_headers *headers);

/* Take the header list that a CONTINUATION on a stream continues; NULL where there is none. */
http2_headers *http2_flow_take_headers(http2_flow *flow, uint32_t stream);

/* Take a field, if it matters. */
void http2_headers_add(http2_headers *headers, wsclose_slice name, wsclose_slice value);

/* A field's value, of no length where it is absent; borrowed. */
wsclose_slice http2_headers_value(const http2_headers *headers, size_t field);

/* The same as a header whose absence counts, if it can be told; borrowed. */
store_header http2_headers_header(const http2_headers *headers, size_t field);

#endif
