/* flow_http2_streams.c
 * The streams of HTTP/2 that carry WebSocket (RFC 8441), and what ends them: END_STREAM,
 * RST_STREAM, GOAWAY, and TCP under them.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "flow_http2.h"

/* Streams after a reset that are kept: frames were on their way. */
#define RESETS_KEPT 64

#define STREAM_MASK 0x7FFFFFFFu

static gint
compare_numbers(gconstpointer a, gconstpointer b, gpointer user_data)
{
    (void)user_data;
    const guint left = GPOINTER_TO_UINT(a);
    const guint right = GPOINTER_TO_UINT(b);

    return (left > right) - (left < right);
}

static void
free_stream(gpointer data)
{
    http2_stream *stream = data;

    kept_header_free(&stream->protocols);
    for (size_t i = 0; i < 2; i++)
        wsclose_scanner_clear(&stream->scanners[i]);
    g_free(stream);
}

void
flow_http2_start(wsclose_flow *flow, size_t client)
{
    flow->protocol = PROTOCOL_HTTP2;
    flow->client = (uint8_t)client;
    flow->http2 = g_new0(http2_connection, 1);
    http2_forget_goaways(flow->http2);
    flow->http2->streams = g_tree_new_full(compare_numbers, NULL, NULL, free_stream);
}

void
http2_forget_list(http2_reader *reader)
{
    if (reader->list)
        g_byte_array_free(reader->list, TRUE);
    reader->list = NULL;
}

void
flow_http2_clear(wsclose_flow *flow)
{
    if (!flow->http2)
        return;
    for (size_t i = 0; i < 2; i++)
        http2_forget_list(&flow->http2->readers[i]);
    g_tree_unref(flow->http2->streams);
    if (flow->http2->resets)
        g_array_free(flow->http2->resets, TRUE);
    g_free(flow->http2);
    flow->http2 = NULL;
}

/* Streams. */

http2_stream *
http2_find_stream(const http2_connection *http2, uint32_t number)
{
    return g_tree_lookup(http2->streams, GUINT_TO_POINTER(number));
}

/* A search that finds nothing, and keeps the least number on its way that is greater. */
typedef struct {
    uint32_t than;
    uint32_t least; /* 0 for none */
} greater_number;

static gint
look_at_number(gconstpointer key, gconstpointer data)
{
    greater_number *greater = (greater_number *)data;
    const uint32_t number = GPOINTER_TO_UINT(key);

    if (number <= greater->than)
        return 1;
    greater->least = number;
    return -1;
}

/* The first one whose number is greater; NULL for none. Each may be closed before the next is asked
 * for. */
http2_stream *
http2_next_stream(const http2_connection *http2, uint32_t number)
{
    greater_number greater = { number, 0 };

    g_tree_search(http2->streams, look_at_number, &greater);
    return greater.least != 0 ? http2_find_stream(http2, greater.least) : NULL;
}

bool
http2_has_streams(const http2_connection *http2)
{
    return g_tree_nnodes(http2->streams) > 0;
}

/* Where the frames of a side of a stream go on is not known any more. */
void
http2_lose_stream(const wsclose_flow *flow, http2_stream *stream, size_t direction)
{
    flow_lose(flow, &stream->websocket, direction);
    wsclose_scanner_lose(&stream->scanners[direction]);
}

/* A new stream. Of a side that cannot be followed at the moment, some of it may have passed. */
http2_stream *
http2_open_stream(wsclose_flow *flow, flow_reading *reading, uint32_t number)
{
    http2_stream *stream = g_new0(http2_stream, 1);

    flow_begin(flow, reading, &stream->websocket, WSCLOSE_CARRIER_HTTP2, number);
    stream->number = number;
    for (size_t direction = 0; direction < 2; direction++) {
        wsclose_scanner_init(&stream->scanners[direction]);
        if (flow->directions[direction].blind)
            http2_lose_stream(flow, stream, direction);
    }
    g_tree_insert(flow->http2->streams, GUINT_TO_POINTER(number), stream);
    return stream;
}

void
http2_close_stream(http2_connection *http2, const http2_stream *stream)
{
    g_tree_remove(http2->streams, GUINT_TO_POINTER(stream->number));
}

static void
close_stream_later(http2_connection *http2, const http2_stream *stream)
{
    if (!http2->resets)
        http2->resets = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    g_array_append_val(http2->resets, stream->number);
    if (http2->resets->len <= RESETS_KEPT)
        return;
    http2_stream *oldest = http2_find_stream(http2, g_array_index(http2->resets, uint32_t, 0));
    g_array_remove_index(http2->resets, 0);
    if (oldest)
        http2_close_stream(http2, oldest);
}

static uint32_t
read_u32(const uint8_t *octets)
{
    return (uint32_t)octets[0] << 24 | (uint32_t)octets[1] << 16 | (uint32_t)octets[2] << 8 |
           octets[3];
}

void
http2_forget_goaways(http2_connection *http2)
{
    for (size_t direction = 0; direction < 2; direction++)
        http2->goaways[direction] = (wsclose_goaway_fact){ .sender = WSCLOSE_SIDE_UNKNOWN };
}

/* Tell of the GOAWAYs so far, which count once a stream ends. Returns whether they end it. */
bool
http2_take_goaways(const wsclose_flow *flow, flow_reading *reading, http2_stream *stream)
{
    bool settled = false;

    for (size_t direction = 0; direction < 2; direction++) {
        wsclose_goaway_fact fact = flow->http2->goaways[direction];

        fact.stream = stream->number;
        settled |=
            wsclose_connection_goaway(stream->websocket.connection, &fact, reading->packet->moment);
    }
    return settled;
}

void
http2_end_stream(wsclose_flow *flow, flow_reading *reading, http2_stream *stream)
{
    const size_t direction = reading->direction;

    flow_tell_missing(flow, &stream->websocket, direction, false);
    if (http2_take_goaways(flow, reading, stream) ||
        wsclose_connection_end(stream->websocket.connection, flow_side(flow, direction),
                               WSCLOSE_END_ORDERLY, reading->packet->moment))
        flow_settled(reading, &stream->websocket);
    stream->ended[direction] = true;
    if (stream->ended[1 - direction])
        http2_close_stream(flow->http2, stream);
}

void
http2_reset_stream(wsclose_flow *flow, flow_reading *reading, http2_stream *stream,
                   const http2_reader *reader)
{
    const size_t direction = reading->direction;
    const wsclose_side sender = flow_side(flow, direction);
    wsclose_connection *connection = stream->websocket.connection;
    const wsclose_moment moment = reading->packet->moment;

    flow_tell_missing(flow, &stream->websocket, direction, true);
    if (http2_take_goaways(flow, reading, stream) ||
        (reader->kept_len == HTTP2_RESET_LEN
             ? wsclose_connection_reset_stream(connection, sender, read_u32(reader->kept), moment)
             : wsclose_connection_end(connection, sender, WSCLOSE_END_RESET, moment)))
        flow_settled(reading, &stream->websocket);
    stream->ended[direction] = true;
    if (stream->ended[1 - direction])
        http2_close_stream(flow->http2, stream);
    else
        close_stream_later(flow->http2, stream);
}

bool
http2_leaves_out(const wsclose_goaway_fact *goaway, uint32_t number)
{
    wsclose_goaway_fact fact = *goaway;

    fact.stream = number;
    return wsclose_goaway_leaves_out(WSCLOSE_CARRIER_HTTP2, &fact);
}

/* Any stream may have been left out. */
static void
lose_left_out(wsclose_flow *flow, size_t direction)
{
    http2_stream *stream;

    for (uint32_t number = 0; (stream = http2_next_stream(flow->http2, number));) {
        number = stream->number;
        flow_lose(flow, &stream->websocket, direction);
    }
}

/* A GOAWAY of the server resets the streams that it leaves out, the latest ones. */
void
http2_take_goaway(wsclose_flow *flow, flow_reading *reading, const http2_reader *reader)
{
    wsclose_goaway_fact *goaway = &flow->http2->goaways[reading->direction];
    const bool has_last = reader->kept_len >= 4;
    const bool has_error = reader->kept_len == sizeof reader->kept;
    http2_stream *stream;

    if (!has_last)
        lose_left_out(flow, reading->direction);
    wsclose_goaway_join(goaway,
                        &(wsclose_goaway_fact){
                            .sender = flow_side(flow, reading->direction),
                            .last = has_last ? read_u32(reader->kept) & STREAM_MASK : STREAM_MASK,
                            .has_error = has_error,
                            .error = has_error ? read_u32(reader->kept + 4) : 0,
                        });
    /* Those that it leaves out have greater numbers than the one that it names. */
    while ((stream = http2_next_stream(flow->http2, (uint32_t)goaway->last)) &&
           http2_leaves_out(goaway, stream->number)) {
        flow_tell_missing(flow, &stream->websocket, reading->direction, true);
        if (http2_take_goaways(flow, reading, stream))
            flow_settled(reading, &stream->websocket);
        http2_close_stream(flow->http2, stream);
    }
}

void
flow_http2_end(wsclose_flow *flow, flow_reading *reading, wsclose_end_kind kind)
{
    const size_t direction = reading->direction;
    http2_stream *stream;

    for (uint32_t number = 0; (stream = http2_next_stream(flow->http2, number));) {
        number = stream->number;
        for (size_t i = 0; i < 2; i++) {
            if (!flow->directions[i].stream.begun)
                flow_lose(flow, &stream->websocket, i);
        }
        flow_tell_missing(flow, &stream->websocket, direction, kind == WSCLOSE_END_RESET);
        if (http2_take_goaways(flow, reading, stream) ||
            wsclose_connection_end_under(stream->websocket.connection, flow_side(flow, direction),
                                         kind, reading->packet->moment))
            flow_settled(reading, &stream->websocket);
        stream->ended[direction] = true;
        if (kind == WSCLOSE_END_RESET || stream->ended[1 - direction])
            http2_close_stream(flow->http2, stream);
    }
}
