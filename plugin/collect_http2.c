/* collect_http2.c
 * WebSocket over HTTP/2: streams that an extended CONNECT opens (RFC 8441), and the frames in their
 * DATA.
 *
 * Wireshark has an item for each frame of HTTP/2, and one for each field of a header list, the
 * dynamic table (RFC 7541) applied. All else is read from the octets of the frame.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "collect_private.h"
#include "http2_flow.h"

/* Fields of header lists in the order of the packet, as far as they are used up. */
typedef struct {
    GPtrArray *headers;
    GPtrArray *names;
    GPtrArray *values;
    unsigned next;      /* of headers */
    unsigned next_name; /* of names and values: the user can have fields made up, which are no headers */
} field_cursor;

/* One frame of HTTP/2 where it is read. */
typedef struct {
    const field_info *item;
    wsclose_http2_frame frame;
    http2_flow *flow;
    size_t side; /* of its sender; where there is a flow */
} frame_view;

/* The flow of the packet at hand, looked up once; NULL where no stream of it can matter. */
static http2_flow *
find_flow(packet_facts *facts)
{
    if (!facts->is_placed && http2_flow_any()) {
        facts->is_placed = true;
        facts->place = store_place_again(facts->pinfo);
    }
    return http2_flow_of(facts->place.flow);
}

static http2_flow *
make_flow(packet_facts *facts, bool from_client)
{
    http2_flow *flow = find_flow(facts);

    if (flow)
        return flow;
    facts->is_placed = true;
    flow = http2_flow_make(facts->pinfo, &facts->place);
    if (flow && !flow->flow.ends)
        store_endpoints_set(&flow->flow, facts->pinfo, from_client);
    return flow;
}

/* Streams. */

/* Before a fact of a stream: octets of which side are missing by now. */
static void
tell_missing(packet_facts *facts, http2_stream *stream, size_t side, bool settles)
{
    wsclose_connection *life = &stream->connection->life;
    const transport_side *sides = facts->place.flow->tcp.sides;

    for (size_t i = 0; i < 2; i++) {
        const wsclose_endpoint endpoint = collect_endpoint(i);
        bool hole = false;

        if (sides[i].cut) {
            wsclose_connection_missing(life, endpoint);
            continue;
        }
        if (sides[i].lost)
            hole = i == side || settles ? collect_has_hole(&facts->place, facts->pinfo, i)
                                        : collect_is_missing(&facts->place, facts->pinfo, i);
        if (hole)
            wsclose_connection_missing(life, endpoint);
        else if (stream->holed[i])
            wsclose_connection_found(life, endpoint);
        stream->holed[i] = hole;
    }
}

/* What GOAWAY has said counts once a stream ends. */
static bool
take_goaways(packet_facts *facts, const http2_flow *flow, http2_stream *stream)
{
    bool settled = false;

    for (size_t i = 0; i < 2; i++) {
        const http2_goaway *goaway = &flow->goaways[i];
        const wsclose_goaway_fact fact = {
            .sender = collect_endpoint(i),
            .stream = stream->number,
            .last = goaway->last,
            .has_error = true,
            .error = goaway->error,
        };

        if (goaway->sent)
            settled |= wsclose_connection_goaway(&stream->connection->life, &fact,
                                                 collect_moment(facts->pinfo));
    }
    return settled;
}

static void
end_stream(packet_facts *facts, http2_flow *flow, http2_stream *stream, size_t side)
{
    tell_missing(facts, stream, side, false);
    if (take_goaways(facts, flow, stream) ||
        wsclose_connection_end(&stream->connection->life, collect_endpoint(side),
                               WSCLOSE_END_ORDERLY, collect_moment(facts->pinfo)))
        collect_add_verdict(facts, stream->connection);
    stream->ended[side] = true;
    if (stream->ended[1 - side])
        http2_flow_close(flow, stream);
}

static void
reset_stream(packet_facts *facts, const frame_view *view, http2_stream *stream)
{
    uint32_t error;

    if (!wsclose_http2_reset_error(&view->frame, &error))
        return;
    tell_missing(facts, stream, view->side, true);
    if (take_goaways(facts, view->flow, stream) ||
        wsclose_connection_reset_stream(&stream->connection->life, collect_endpoint(view->side),
                                        error, collect_moment(facts->pinfo)))
        collect_add_verdict(facts, stream->connection);
    stream->ended[view->side] = true;
    if (stream->ended[1 - view->side])
        http2_flow_close(view->flow, stream);
    else
        http2_flow_close_later(view->flow, stream);
}

/* A GOAWAY of the server resets the streams that it leaves out, the latest ones. */
static void
take_goaway(packet_facts *facts, const frame_view *view)
{
    http2_flow *flow = view->flow;
    http2_goaway *goaway = &flow->goaways[view->side];
    http2_stream *stream = flow->last;

    if (!wsclose_http2_goaway(&view->frame, &goaway->last, &goaway->error))
        return;
    goaway->sent = true;
    if (view->side == 0 || !stream || stream->number <= goaway->last)
        return;
    while (stream->previous && stream->previous->number > goaway->last)
        stream = stream->previous;
    while (stream) {
        http2_stream *next = stream->next;

        tell_missing(facts, stream, view->side, true);
        if (take_goaways(facts, flow, stream))
            collect_add_verdict(facts, stream->connection);
        http2_flow_close(flow, stream);
        stream = next;
    }
}

void
collect_http2_ends(packet_facts *facts, const store_place *place, size_t side,
                   wsclose_end_kind kind)
{
    http2_flow *flow = http2_flow_of(place->flow);
    http2_stream *next;

    facts->place = *place;
    collect_lose_unseen(place, facts->pinfo, 0);
    collect_lose_unseen(place, facts->pinfo, 1);
    for (http2_stream *stream = flow->first; stream; stream = next) {
        next = stream->next;
        tell_missing(facts, stream, side, kind == WSCLOSE_END_RESET);
        if (take_goaways(facts, flow, stream) ||
            wsclose_connection_end_under(&stream->connection->life, collect_endpoint(side), kind,
                                         collect_moment(facts->pinfo)))
            collect_add_verdict(facts, stream->connection);
        stream->ended[side] = true;
        if (kind == WSCLOSE_END_RESET || stream->ended[1 - side])
            http2_flow_close(flow, stream);
    }
}

/* The opening handshake. */

static http2_stream *
open_stream(packet_facts *facts, http2_flow *flow, uint32_t number, bool from_client)
{
    const store_endpoints *ends = flow->flow.ends;

    if (!flow->first) {
        store_endpoints_set(&flow->flow, facts->pinfo, from_client);
        if (flow->flow.ends != ends) /* sides were mistaken before */
            memset(flow->goaways, 0, sizeof flow->goaways);
        collect_follow_both(facts, &facts->place);
    }
    store_connection *connection =
        collect_begin(facts, &facts->place, WSCLOSE_CARRIER_HTTP2, from_client);

    connection->http2_stream = number;
    return http2_flow_open(flow, number, connection);
}

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
    http2_flow *flow = make_flow(facts, true);

    /* A number is used once; and who has opened a stream here is the client of them all. */
    if (!flow || headers->stream <= flow->newest ||
        (flow->first && collect_side(&flow->flow, facts->pinfo) != 0))
        return;
    http2_stream *stream = open_stream(facts, flow, headers->stream, true);
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
    if (take_goaways(facts, flow, stream))
        collect_add_verdict(facts, connection);
    if (headers->end_stream)
        end_stream(facts, flow, stream, 0);
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

    if (!wsclose_status_is_final(WSCLOSE_CARRIER_HTTP2, status))
        return;
    tell_missing(facts, stream, 1, false);
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
    http2_flow *flow = find_flow(facts);
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
        end_stream(facts, flow, stream, side);
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
add_fields(field_cursor *cursor, const frame_view *view, http2_headers *headers)
{
    const int end = view->item->start + WSCLOSE_HTTP2_HEADER_LEN + (int)view->frame.payload_len;

    for (; cursor->headers && cursor->next < cursor->headers->len; cursor->next++) {
        const field_info *header = collect_item(cursor->headers, cursor->next);
        const unsigned n_names = MIN(cursor->names ? cursor->names->len : 0,
                                     cursor->values ? cursor->values->len : 0);

        if (header->ds_tvb != view->item->ds_tvb || header->start < view->item->start ||
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

static void
collect_headers(packet_facts *facts, const frame_view *view, field_cursor *cursor)
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

    headers->incomplete |= frame->captured < frame->payload_len ||
                           collect_items(facts->tree, HTTP2_LIST_TOO_LARGE) ||
                           collect_items(facts->tree, HTTP2_LIST_TOO_LONG);
    if (frame->end_headers) {
        take_headers(facts, headers);
        http2_headers_free(headers);
    } else {
        http2_flow *flow = make_flow(facts, !headers->values[HTTP2_STATUS]);

        if (flow)
            http2_flow_keep_headers(flow, headers);
        else
            http2_headers_free(headers);
    }
}

/* The frames of WebSocket in DATA. */

/* A stream that was opened before the capture began is known by a Close frame that fills a DATA
 * frame; nothing else looks like one. */
static http2_stream *
find_unopened(packet_facts *facts, const frame_view *view, const wsclose_scanner_input *input)
{
    if (input->lacking > 0)
        return NULL;
    const bool from_client =
        wsclose_frames_fill(input->data, input->captured, WSCLOSE_ENDPOINT_CLIENT) ==
        WSCLOSE_FILL_CLOSE;
    if (!from_client && wsclose_frames_fill(input->data, input->captured,
                                            WSCLOSE_ENDPOINT_SERVER) != WSCLOSE_FILL_CLOSE)
        return NULL;

    http2_flow *flow = make_flow(facts, from_client);
    if (!flow || !facts->place.tcp.begun_before)
        return NULL;
    http2_stream *stream = open_stream(facts, flow, view->frame.stream, from_client);
    for (size_t side = 0; side < 2; side++) {
        wsclose_connection_missing(&stream->connection->life, collect_endpoint(side));
        wsclose_scanner_lose(&stream->scanners[side]);
    }
    return stream;
}

static void
take_frame(packet_facts *facts, http2_stream *stream, size_t side,
           const wsclose_scanned_frame *found)
{
    store_connection *connection = stream->connection;
    const wsclose_endpoint sender = collect_endpoint(side);

    if (found->frame.opcode != WSCLOSE_OPCODE_CLOSE) {
        collect_take_frame(facts, connection, sender, side, &found->frame);
        return;
    }
    store_close *close = collect_new_close(facts, connection, sender, &found->frame, found->body,
                                           found->captured);
    if (!close)
        return;
    tell_missing(facts, stream, side, connection->closes[1 - side] != NULL);
    collect_take_close(facts, close, side);
}

/* Where octets were lost since, a frame of WebSocket may begin anywhere. */
static void
find_step(packet_facts *facts, const frame_view *view, http2_stream *stream,
          const wsclose_scanner_input *input)
{
    wsclose_scanner *scanner = &stream->scanners[view->side];
    const uint32_t losses = view->flow->losses[view->side];

    if (stream->losses[view->side] != losses) {
        stream->losses[view->side] = losses;
        if (facts->place.flow->tcp.sides[view->side].cut ||
            collect_has_hole(&facts->place, facts->pinfo, view->side))
            wsclose_scanner_lose(scanner);
    }
    if (wsclose_scanner_is_lost(scanner) && input->lacking == 0 &&
        wsclose_frames_fill(input->data, input->captured, collect_endpoint(view->side)) !=
            WSCLOSE_FILL_NONE)
        wsclose_scanner_init(scanner);
}

static void
collect_data(packet_facts *facts, frame_view *view)
{
    wsclose_scanner_input input;
    wsclose_scanned_frame found;

    if (!wsclose_http2_data(&view->frame, &input))
        return;
    http2_stream *stream = view->flow ? http2_flow_find(view->flow, view->frame.stream) : NULL;
    if (!stream && input.captured > 0) {
        stream = find_unopened(facts, view, &input);
        view->flow = find_flow(facts);
        if (stream)
            view->side = collect_side(&view->flow->flow, facts->pinfo);
    }
    if (!stream || stream->ended[view->side])
        return;

    find_step(facts, view, stream, &input);
    if (facts->place.flow->tcp.sides[view->side].lost)
        tell_missing(facts, stream, view->side, false);
    while (wsclose_scanner_next(&stream->scanners[view->side], &input, &found))
        take_frame(facts, stream, view->side, &found);
    if (view->frame.end_stream)
        end_stream(facts, view->flow, stream, view->side);
}

/* Whether a frame's octets are new ones. */
static bool
is_new(packet_facts *facts, const frame_view *view)
{
    transport_side *side = &view->flow->flow.tcp.sides[view->side];

    if (!collect_is_new(facts, view->item,
                        WSCLOSE_HTTP2_HEADER_LEN + (uint64_t)view->frame.payload_len, view->side))
        return false;
    if (side->lost)
        side->lost = collect_has_hole(&facts->place, facts->pinfo, view->side);
    return true;
}

static void
collect_frame(packet_facts *facts, frame_view *view, field_cursor *cursor)
{
    http2_stream *stream;

    switch (view->frame.type) {
    case WSCLOSE_HTTP2_DATA:
        collect_data(facts, view);
        break;
    case WSCLOSE_HTTP2_HEADERS:
    case WSCLOSE_HTTP2_PUSH_PROMISE:
    case WSCLOSE_HTTP2_CONTINUATION:
        collect_headers(facts, view, cursor);
        break;
    case WSCLOSE_HTTP2_RST_STREAM:
        stream = view->flow ? http2_flow_find(view->flow, view->frame.stream) : NULL;
        if (stream && !stream->ended[view->side])
            reset_stream(facts, view, stream);
        break;
    case WSCLOSE_HTTP2_GOAWAY:
        if (view->flow)
            take_goaway(facts, view);
        break;
    default:
        break;
    }
}

/* Where the packet is cut after the last frame in it, frames that came next are missing; where it is
 * cut within that frame, its length tells where the next one begins. */
static void
collect_lost_step(const frame_view *last)
{
    const int reported = tvb_reported_length_remaining(last->item->ds_tvb, last->item->start);

    if (last->flow &&
        (uint64_t)MAX(reported, 0) != WSCLOSE_HTTP2_HEADER_LEN + (uint64_t)last->frame.payload_len)
        last->flow->losses[last->side]++;
}

void
collect_http2(packet_facts *facts, GPtrArray *items)
{
    field_cursor cursor = {
        .headers = collect_items(facts->tree, HTTP2_HEADER),
        .names = collect_items(facts->tree, HTTP2_HEADER_NAME),
        .values = collect_items(facts->tree, HTTP2_HEADER_VALUE),
    };
    frame_view view;

    for (unsigned i = 0; i < items->len; i++) {
        const field_info *item = collect_item(items, i);
        const int available = tvb_captured_length_remaining(item->ds_tvb, item->start);
        const int len = MIN(item->length, available);

        view = (frame_view){.item = item};
        if (len <= 0 || !wsclose_http2_frame_decode(tvb_get_ptr(item->ds_tvb, item->start, len),
                                                    (size_t)len, &view.frame))
            continue;
        view.flow = find_flow(facts);
        if (view.flow) {
            view.side = collect_side(&view.flow->flow, facts->pinfo);
            if (!is_new(facts, &view)) {
                add_fields(&cursor, &view, NULL);
                continue;
            }
        }
        collect_frame(facts, &view, &cursor);
    }
    if (items->len > 0 && collect_is_cut(facts->pinfo))
        collect_lost_step(&view);
}
