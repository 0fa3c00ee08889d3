/* flow_http2.h
 * What the files of HTTP/2 share: flow_http2.c reads its frames, and calls the other two;
 * flow_http2_lists.c has the opening handshake in header lists, flow_http2_streams.c the streams.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WSCLOSE_FLOW_HTTP2_H
#define WSCLOSE_FLOW_HTTP2_H

#include "flow_private.h"

/* RFC 9113 section 6.4. */
#define HTTP2_RESET_LEN 4

/* flow_http2_streams */

/* The stream of a number; NULL where it carries no WebSocket, or is over. */
http2_stream *http2_find_stream(const http2_connection *http2, uint32_t number);

/* Whether there is any. */
bool http2_has_streams(const http2_connection *http2);

/* Octets of a side are missing for good, and frames of the stream may be among them. */
void http2_lose_stream(const wsclose_flow *flow, http2_stream *stream, size_t direction);

/* The stream with the next greater number; NULL where there is none. */
http2_stream *http2_next_stream(const http2_connection *http2, uint32_t number);

/* A new stream, and the connection that it carries. */
http2_stream *http2_open_stream(wsclose_flow *flow, flow_reading *reading, uint32_t number);

/* The server has answered or reset a stream, whose request may come yet. */
static inline void
http2_note_answered(http2_connection *http2, uint32_t number)
{
    http2->answered = MAX(http2->answered, number);
}

/* Forget a stream: what follows on it is no WebSocket. */
void http2_close_stream(http2_connection *http2, const http2_stream *stream);

/* The side at hand sends no more on a stream. */
void http2_end_stream(wsclose_flow *flow, flow_reading *reading, http2_stream *stream);

/* The frame at hand resets a stream. */
void http2_reset_stream(wsclose_flow *flow, flow_reading *reading, http2_stream *stream,
                        const http2_reader *reader);

/* Take the GOAWAYs so far, which count once a stream ends. Returns whether they end it. */
bool http2_take_goaways(const wsclose_flow *flow, flow_reading *reading, http2_stream *stream);

/* Whether a GOAWAY leaves out the stream of a number. */
bool http2_leaves_out(const wsclose_goaway_fact *goaway, uint32_t number);

/* Begin anew with those. */
void http2_forget_goaways(http2_connection *http2);

/* The frame at hand is a GOAWAY. */
void http2_take_goaway(wsclose_flow *flow, flow_reading *reading, const http2_reader *reader);

/* Free what is kept of a header list. */
void http2_forget_list(http2_reader *reader);

/* flow_http2_lists */

/* A frame with a fragment of a header list has ended. */
void http2_take_fragment(wsclose_flow *flow, flow_reading *reading, http2_reader *reader);

#endif
