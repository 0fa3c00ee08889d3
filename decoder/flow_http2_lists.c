/* flow_http2_lists.c
 * The opening handshake over HTTP/2: the header lists of an extended CONNECT and its answer (RFC
 * 8441).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <string.h>

#include "flow_http2.h"

/* Octets of the header list at hand that wait for a CONTINUATION. */
#define LIST_KEPT_MAX 65536

static void
take_request(wsclose_flow *flow, flow_reading *reading, uint32_t number,
             const handshake_fields *fields)
{
    http2_connection *http2 = flow->http2;

    /* A number is used once, and is odd; and who has opened a stream is the client of them all. */
    if (number <= http2->newest || number % 2 == 0)
        return;
    if (!http2_has_streams(http2) && http2->newest == 0 && flow->client != reading->direction) {
        flow->client = (uint8_t)reading->direction;
        http2_forget_goaways(http2);
    }
    if (flow->client != reading->direction)
        return;
    if (http2_find_stream(http2, number))
        return;
    http2_stream *stream = http2_open_stream(flow, reading, number);
    http2->newest = number;
    if (number <= http2->answered)
        flow_lose(flow, &stream->websocket, 1 - flow->client);
    wsclose_slice host = handshake_fields_value(fields, FIELD_AUTHORITY);
    if (!host.data)
        host = handshake_fields_value(fields, FIELD_HOST);
    reading->sink->request(
        reading->user, stream->websocket.connection,
        &(wsclose_request){ .host = host,
                            .target = handshake_fields_value(fields, FIELD_PATH),
                            .offer = handshake_fields_header(fields, FIELD_EXTENSIONS) });
    stream->protocols = kept_header_of(handshake_fields_header(fields, FIELD_SUBPROTOCOLS));
    if (handshake_fields_by_browser(fields))
        wsclose_connection_by_browser(stream->websocket.connection);
    wsclose_connection_request(stream->websocket.connection, reading->packet->moment);
    /* Where the server has said before that it takes no more. */
    if (http2_take_goaways(flow, reading, stream))
        flow_settled(reading, &stream->websocket);
}

static void
take_response(wsclose_flow *flow, flow_reading *reading, http2_stream *stream,
              const handshake_fields *fields)
{
    const unsigned status = wsclose_status_parse(handshake_fields_value(fields, FIELD_STATUS));
    const wsclose_header extensions = handshake_fields_header(fields, FIELD_EXTENSIONS);
    const wsclose_handshake_headers judged = {
        .protocols = kept_header_get(&stream->protocols),
        .protocol = handshake_fields_header(fields, FIELD_SUBPROTOCOLS),
    };

    if (status == 0) { /* not decoded as it was sent */
        flow_lose(flow, &stream->websocket, reading->direction);
        return;
    }
    if (!wsclose_status_is_final(WSCLOSE_CARRIER_HTTP2, status))
        return;
    stream->websocket.is_answered = true;
    flow_tell_missing(flow, &stream->websocket, reading->direction, false);
    flow_answered(reading, &stream->websocket, status, &judged, &extensions);
    if (!wsclose_status_is_success(WSCLOSE_CARRIER_HTTP2, status))
        http2_close_stream(flow->http2, stream); /* what follows is no WebSocket */
}

/* A whole header list: a request, a response, or trailers. */
static void
take_list(wsclose_flow *flow, flow_reading *reading, const http2_reader *reader,
          const handshake_fields *fields)
{
    const uint32_t number = reader->stream;

    if (wsclose_connect_is_websocket(handshake_fields_value(fields, FIELD_METHOD),
                                     handshake_fields_value(fields, FIELD_CONNECT_PROTOCOL)))
        take_request(flow, reading, number, fields);
    http2_stream *stream = http2_find_stream(flow->http2, number);
    if (stream && reading->direction != flow->client && !stream->websocket.is_answered) {
        take_response(flow, reading, stream, fields);
        stream = http2_find_stream(flow->http2, number);
    }
    if (stream && reader->list_ends_stream)
        http2_end_stream(flow, reading, stream);
}

/* Go to what was decoded of the fragment of a header list in the frame that ends here. Each
 * fragment with a field has a list of its own; that of a CONTINUATION does not begin with a
 * pseudo-header field (RFC 9113 section 8.3), as the next header list does. */
static bool
next_list(flow_reading *reading, const http2_reader *reader)
{
    const wsclose_packet *packet = reading->packet;
    const wsclose_slice *start = &reading->list_start;

    if (!packet->source || reading->direction != packet->sender)
        return false;
    if (!reading->has_list)
        reading->has_list = packet->source->next_header_list(packet->user, &reading->list_start);
    if (!reading->has_list)
        return false;
    if (reader->type == WSCLOSE_HTTP2_CONTINUATION && start->len > 4 && start->data[4] == ':')
        return false;
    reading->has_list = false;
    return true;
}

static bool
starts_with(wsclose_slice start, const char *octets, size_t len)
{
    return start.len >= len && memcmp(start.data, octets, len) == 0;
}

/* Whether the start of a header list shows that it is no request for WebSocket (RFC 8441 section
 * 4). */
static bool
is_something_else(wsclose_slice start)
{
    static const char status[] = "\0\0\0\7:status";
    static const char method[] = "\0\0\0\7:method\0\0\0\7CONNECT";
    const size_t name_len = sizeof status - 1;

    return starts_with(start, status, name_len) ||
           (starts_with(start, method, name_len) && !starts_with(start, method, sizeof method - 1));
}

/* Whether a whole header list can matter: as a request, or on the stream of a WebSocket. */
static bool
is_wanted(const wsclose_flow *flow, const http2_reader *reader, wsclose_slice start)
{
    return http2_find_stream(flow->http2, reader->stream) || !is_something_else(start);
}

static void
end_list(wsclose_flow *flow, flow_reading *reading, http2_reader *reader, wsclose_slice list)
{
    handshake_fields fields = { .incomplete = reader->lists_lost || list.len == 0 };

    handshake_fields_read_list(&fields, list);
    /* What a PUSH_PROMISE promises is no WebSocket (RFC 9113 section 8.4). */
    if (!reader->list_is_promised)
        take_list(flow, reading, reader, &fields);
    handshake_fields_clear(&fields);
}

/* A frame with a fragment of a header list has ended. */
void
http2_take_fragment(wsclose_flow *flow, flow_reading *reading, http2_reader *reader)
{
    const wsclose_packet *packet = reading->packet;
    /* What follows a frame that is cut is the list of another one. */
    const bool has_list = !reader->cut && next_list(reading, reader);
    wsclose_slice list = { NULL, 0 };

    if (reader->type != WSCLOSE_HTTP2_CONTINUATION)
        http2_forget_list(reader);
    if (reader->end_headers && !reader->list_is_promised && reading->direction != flow->client)
        http2_note_answered(flow->http2, reader->stream);
    if (!reader->list && reader->end_headers && has_list &&
        !is_wanted(flow, reader, reading->list_start))
        return;
    if (has_list)
        list = packet->source->header_list(packet->user);
    if (!reader->list && reader->end_headers) {
        end_list(flow, reading, reader, list);
        return;
    }
    if (!reader->list)
        reader->list = g_byte_array_new();
    if (list.len > 0 && reader->list->len < LIST_KEPT_MAX)
        g_byte_array_append(reader->list, (const guint8 *)list.data, (guint)list.len);
    if (!reader->end_headers)
        return;
    GByteArray *kept = reader->list;
    reader->list = NULL;
    end_list(flow, reading, reader, (wsclose_slice){ (const char *)kept->data, kept->len });
    g_byte_array_free(kept, TRUE);
}
