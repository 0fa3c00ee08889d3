/* collect_http2_handshake.c
 * The opening handshake over HTTP/2: the header lists of an extended CONNECT and its answer (RFC
 * 8441).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "collect_http2.h"

/* Wireshark decodes no more fields of a header list than this. */
#define FIELDS_MAX 200

static const store_text *
keep_value(const http2_headers *headers, size_t field)
{
    const wsclose_slice value = http2_headers_value(headers, field);

    return value.data ? store_text_keep(value.data, value.len) : NULL;
}

static store_header
keep_extensions(const http2_headers *headers)
{
    const store_header header = http2_headers_header(headers, HTTP2_EXTENSIONS);

    return store_header_keep((wsclose_presence)header.presence, header.text, header.len);
}

static void
take_request(packet_facts *facts, const http2_headers *headers)
{
    http2_flow *flow = collect_http2_make_flow(facts, true);

    /* A number is used once; and who has opened a stream here is the client of them all. */
    if (!flow || headers->stream <= flow->newest ||
        (flow->first && collect_side(&flow->flow, facts->pinfo) != 0))
        return;
    http2_stream *stream = collect_http2_open(facts, flow, headers->stream, true);
    store_connection *connection = stream->connection;

    flow->newest = headers->stream;
    connection->host = keep_value(headers, HTTP2_AUTHORITY);
    if (!connection->host)
        connection->host = keep_value(headers, HTTP2_HOST);
    connection->path = keep_value(headers, HTTP2_PATH);
    connection->offer = keep_extensions(headers);
    const store_header protocols = http2_headers_header(headers, HTTP2_SUBPROTOCOLS);
    stream->protocols = store_header_copy(&protocols);
    wsclose_connection_request(&connection->life, collect_moment(facts->pinfo));
    /* Where the server has said before that it takes no more. */
    if (collect_http2_take_goaways(facts, flow, stream))
        collect_add_verdict(facts, connection);
    if (headers->end_stream)
        collect_http2_end(facts, flow, stream, 0);
}

static void
take_response(packet_facts *facts, http2_flow *flow, http2_stream *stream,
              const http2_headers *headers)
{
    store_connection *connection = stream->connection;
    const unsigned status = wsclose_status_parse(http2_headers_value(headers, HTTP2_STATUS));
    const store_header protocol = http2_headers_header(headers, HTTP2_SUBPROTOCOLS);
    const wsclose_handshake_headers judged = {
        .protocols = store_header_view(&stream->protocols),
        .protocol = store_header_view(&protocol),
    };
    wsclose_handshake_response response;

    if (status == 0) { /* not decoded as it was sent */
        wsclose_connection_missing(&connection->life, WSCLOSE_ENDPOINT_SERVER);
        return;
    }
    if (!wsclose_status_is_final(WSCLOSE_CARRIER_HTTP2, status))
        return;
    collect_http2_tell_missing(facts, stream, 1, false);
    connection->response = keep_extensions(headers);
    connection->negotiation.connection = connection;
    connection->negotiation.kind = STORE_EVENT_NEGOTIATION;
    collect_add_event(facts, &connection->negotiation);
    wsclose_handshake_judge(WSCLOSE_CARRIER_HTTP2, status, &judged, store_negotiation(connection),
                            &response);
    if (wsclose_connection_response(&connection->life, &response, collect_moment(facts->pinfo))) {
        collect_add_verdict(facts, connection);
        http2_flow_close(flow, stream); /* what follows is no WebSocket */
    }
}

/* A whole header list: a request, a response, or trailers. */
static void
take_headers(packet_facts *facts, const http2_headers *headers)
{
    if (wsclose_connect_is_websocket(http2_headers_value(headers, HTTP2_METHOD),
                                     http2_headers_value(headers, HTTP2_PROTOCOL))) {
        take_request(facts, headers);
        return;
    }
    http2_flow *flow = collect_http2_find_flow(facts);
    http2_stream *stream = flow ? http2_flow_find(flow, headers->stream) : NULL;
    if (!stream)
        return;

    const size_t side = collect_side(&flow->flow, facts->pinfo);
    if (side == 1 && stream->connection->life.response.number == 0) {
        if (headers->values[HTTP2_STATUS])
            take_response(facts, flow, stream, headers);
        else
            wsclose_connection_missing(&stream->connection->life, WSCLOSE_ENDPOINT_SERVER);
        stream = http2_flow_find(flow, headers->stream);
    }
    if (stream && headers->end_stream)
        collect_http2_end(facts, flow, stream, side);
}

/* The octets of an item, as on the wire. */
static wsclose_slice
octets_of(const field_info *item)
{
    const int captured = tvb_captured_length_remaining(item->ds_tvb, item->start);
    const int len = MIN(item->length, captured);

    if (len <= 0)
        return (wsclose_slice){"", 0};
    return (wsclose_slice){(const char *)tvb_get_ptr(item->ds_tvb, item->start, len), (size_t)len};
}

/* Take the fields that stand in a frame, which come in its order; headers is NULL where they do not
 * matter. */
static void
add_fields(http2_field_cursor *cursor, const http2_frame_view *view, http2_headers *headers)
{
    const int end = view->start + WSCLOSE_HTTP2_HEADER_LEN + (int)view->frame.payload_len;

    for (; cursor->headers && cursor->next < cursor->headers->len; cursor->next++) {
        const field_info *header = collect_item(cursor->headers, cursor->next);
        const unsigned n_names = MIN(cursor->names ? cursor->names->len : 0,
                                     cursor->values ? cursor->values->len : 0);

        if (header->ds_tvb != view->source || header->start < view->start ||
            header->start >= end)
            return;
        while (cursor->next_name < n_names &&
               FI_GET_FLAG(collect_item(cursor->names, cursor->next_name), FI_GENERATED))
            cursor->next_name++;
        if (cursor->next_name >= n_names)
            return;
        if (headers)
            http2_headers_add(headers, octets_of(collect_item(cursor->names, cursor->next_name)),
                              octets_of(collect_item(cursor->values, cursor->next_name)));
        cursor->next_name++;
    }
}

void
collect_http2_headers(packet_facts *facts, const http2_frame_view *view,
                      http2_field_cursor *cursor)
{
    const wsclose_http2_frame *frame = &view->frame;
    http2_headers *headers = NULL;

    /* What a PUSH_PROMISE promises is no WebSocket (RFC 9113 section 8.4). */
    if (frame->type == WSCLOSE_HTTP2_HEADERS)
        headers = http2_headers_new(
            frame->end_headers ? facts->pinfo->pool : wmem_file_scope(), frame->stream,
            frame->end_stream);
    else if (frame->type == WSCLOSE_HTTP2_CONTINUATION && view->flow)
        headers = http2_flow_take_headers(view->flow, frame->stream);
    add_fields(cursor, view, headers);
    if (!headers)
        return;

    headers->incomplete |= frame->captured < frame->payload_len || headers->n_fields >= FIELDS_MAX;
    if (frame->end_headers) {
        take_headers(facts, headers);
        http2_headers_free(headers);
    } else {
        http2_flow *flow = collect_http2_make_flow(facts, !headers->values[HTTP2_STATUS]);

        if (flow)
            http2_flow_keep_headers(flow, headers);
        else
            http2_headers_free(headers);
    }
}

void
collect_http2_skip_fields(const http2_frame_view *view, http2_field_cursor *cursor)
{
    add_fields(cursor, view, NULL);
}
