/* collect_http2_handshake.c
 * The opening handshake over HTTP/2: the header lists of an extended CONNECT and its answer (RFC
 * 8441).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "collect_http2.h"

/* Wireshark decodes no more fields of a header list than this. */
#define FIELDS_MAX 200

/* How it names an entry of the dynamic table (RFC 7541 section 2.3.2) that was made before the capture
 * began. */
#define UNKNOWN_NAME "<unknown>"

static void
take_request(packet_facts *facts, const http2_headers *list)
{
    http2_flow *flow = collect_http2_make_flow(facts, true);

    /* A number is used once; and who has opened a stream here is the client of them all. */
    if (!flow || list->stream <= flow->newest ||
        (flow->first && collect_side(&flow->flow, facts->pinfo) != 0))
        return;
    http2_stream *stream = collect_http2_open(facts, flow, list->stream, true);
    store_connection *connection = stream->connection;

    flow->newest = list->stream;
    connection->host = headers_keep_text(&list->fields, HEADER_AUTHORITY);
    if (!connection->host)
        connection->host = headers_keep_text(&list->fields, HEADER_HOST);
    connection->path = headers_keep_text(&list->fields, HEADER_PATH);
    connection->offer = headers_keep(&list->fields, HEADER_EXTENSIONS);
    const store_header protocols = headers_header(&list->fields, HEADER_SUBPROTOCOLS);
    stream->protocols = store_header_copy(&protocols);
    wsclose_connection_request(&connection->life, collect_moment(facts->pinfo));
    /* Where the server has said before that it takes no more. */
    if (collect_http2_take_goaways(facts, flow, stream))
        collect_add_verdict(facts, connection);
    if (list->end_stream)
        collect_http2_end(facts, flow, stream, 0);
}

static void
take_response(packet_facts *facts, http2_flow *flow, http2_stream *stream,
              const http2_headers *list)
{
    store_connection *connection = stream->connection;
    const unsigned status = wsclose_status_parse(headers_value(&list->fields, HEADER_STATUS));
    const store_header protocol = headers_header(&list->fields, HEADER_SUBPROTOCOLS);
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
    connection->response = headers_keep(&list->fields, HEADER_EXTENSIONS);
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
take_headers(packet_facts *facts, const http2_headers *list)
{
    if (wsclose_connect_is_websocket(headers_value(&list->fields, HEADER_METHOD),
                                     headers_value(&list->fields, HEADER_CONNECT_PROTOCOL))) {
        take_request(facts, list);
        return;
    }
    http2_flow *flow = collect_http2_find_flow(facts);
    http2_stream *stream = flow ? http2_flow_find(flow, list->stream) : NULL;
    if (!stream)
        return;

    const size_t side = collect_side(&flow->flow, facts->pinfo);
    if (side == 1 && stream->connection->life.response.number == 0) {
        if (list->fields.values[HEADER_STATUS])
            take_response(facts, flow, stream, list);
        else
            wsclose_connection_missing(&stream->connection->life, WSCLOSE_ENDPOINT_SERVER);
        stream = http2_flow_find(flow, list->stream);
    }
    if (stream && list->end_stream)
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

static void
add_field(http2_headers *list, wsclose_slice name, wsclose_slice value)
{
    if (name.len == sizeof UNKNOWN_NAME - 1 && memcmp(name.data, UNKNOWN_NAME, name.len) == 0)
        list->fields.incomplete = true;
    headers_add(&list->fields, list->scope, name, value);
}

/* Take the fields that stand in a frame, which come in its order; list is NULL where they do not
 * matter. */
static void
add_fields(http2_field_cursor *cursor, const http2_frame_view *view, http2_headers *list)
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
        if (list)
            add_field(list, octets_of(collect_item(cursor->names, cursor->next_name)),
                      octets_of(collect_item(cursor->values, cursor->next_name)));
        cursor->next_name++;
    }
}

void
collect_http2_headers(packet_facts *facts, const http2_frame_view *view,
                      http2_field_cursor *cursor)
{
    const wsclose_http2_frame *frame = &view->frame;
    http2_headers *list = NULL;

    /* What a PUSH_PROMISE promises is no WebSocket (RFC 9113 section 8.4). */
    if (frame->type == WSCLOSE_HTTP2_HEADERS)
        list = http2_headers_new(
            frame->end_headers ? facts->pinfo->pool : wmem_file_scope(), frame->stream,
            frame->end_stream);
    else if (frame->type == WSCLOSE_HTTP2_CONTINUATION && view->flow)
        list = http2_flow_take_headers(view->flow, frame->stream);
    add_fields(cursor, view, list);
    if (!list)
        return;

    list->fields.incomplete |= frame->captured < frame->payload_len || list->fields.n_added >= FIELDS_MAX;
    if (frame->end_headers) {
        take_headers(facts, list);
        http2_headers_free(list);
    } else {
        http2_flow *flow = collect_http2_make_flow(facts, !list->fields.values[HEADER_STATUS]);

        if (flow)
            http2_flow_keep_headers(flow, list);
        else
            http2_headers_free(list);
    }
}

void
collect_http2_skip_fields(const http2_frame_view *view, http2_field_cursor *cursor)
{
    add_fields(cursor, view, NULL);
}
