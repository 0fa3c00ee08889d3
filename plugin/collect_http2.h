/* collect_http2.h
 * What the rooms of the collection over HTTP/2 share.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WSCLOSE_PLUGIN_COLLECT_HTTP2_H
#define WSCLOSE_PLUGIN_COLLECT_HTTP2_H

#include "collect_private.h"
#include "http2_flow.h"

/* One frame of HTTP/2 where it is read. */
typedef struct {
    tvbuff_t *source; /* a data source of the packet */
    int start;        /* of the frame in it */
    wsclose_http2_frame frame;
    http2_flow *flow; /* NULL where no stream can matter */
    size_t side;      /* of its sender; where there is a flow */
} http2_frame_view;

/* Fields of header lists in the order of the packet, as far as they are used up. */
typedef struct {
    GPtrArray *headers;
    GPtrArray *names;
    GPtrArray *values;
    unsigned next;      /* of headers */
    unsigned next_name; /* of names and values: a user can have fields made up, which are no headers */
} http2_field_cursor;

/* The flow of the packet at hand, looked up once; NULL where no stream of it can matter. */
http2_flow *collect_http2_find_flow(packet_facts *facts);

/* The same, made where there is none; NULL where it is one of HTTP/1.1.
 *
 *  from_client  whether the packet seems to come from the client */
http2_flow *collect_http2_make_flow(packet_facts *facts, bool from_client);

/* A new connection on a new stream. */
http2_stream *collect_http2_open(packet_facts *facts, http2_flow *flow, uint32_t number,
                                 bool from_client);

/* Tell the decoder before a fact of a stream which octets are missing by now. */
void collect_http2_tell_missing(packet_facts *facts, http2_stream *stream, size_t side,
                                bool settles);

/* Tell it of the GOAWAYs so far, which count once a stream ends. Returns whether they end it. */
bool collect_http2_take_goaways(packet_facts *facts, const http2_flow *flow,
                                http2_stream *stream);

/* A side sends no more on a stream. */
void collect_http2_end(packet_facts *facts, http2_flow *flow, http2_stream *stream, size_t side);

/* A frame with (part of) a header list. */
void collect_http2_headers(packet_facts *facts, const http2_frame_view *view,
                           http2_field_cursor *cursor);

/* Pass over the fields in a frame. */
void collect_http2_skip_fields(const http2_frame_view *view, http2_field_cursor *cursor);

#endif
