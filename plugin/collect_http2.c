/* collect_http2.c
 * WebSocket over HTTP/2: streams that an extended CONNECT opens (RFC 8441), and the frames in their
 * DATA.
 *
 * Wireshark has an item for each frame of HTTP/2, and one for each field of a header list, the
 * dynamic table (RFC 7541) applied. All else is read from the octets of the frame.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "collect_http2.h"
#include "tunnel_guard.h"

http2_flow *
collect_http2_find_flow(packet_facts *facts)
{
    if (!facts->is_placed && http2_flow_any()) {
        facts->is_placed = true;
        facts->place = store_place_again(facts->pinfo);
    }
    return http2_flow_of(facts->place.flow);
}

http2_flow *
collect_http2_make_flow(packet_facts *facts, bool from_client)
{
    http2_flow *flow = collect_http2_find_flow(facts);

    if (flow)
        return flow;
    facts->is_placed = true;
    flow = http2_flow_make(facts->pinfo, &facts->place);
    if (flow && !flow->flow.ends)
        store_endpoints_set(&flow->flow, facts->pinfo, from_client);
    return flow;
}

/* Streams. */

http2_stream *
collect_http2_open(packet_facts *facts, http2_flow *flow, uint32_t number, bool from_client)
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
    tunnel_guard_flow(flow, facts->pinfo);
    return http2_flow_open(flow, number, connection);
}

/* The server has sent something, and Wireshark made no response of it: it waits for octets that were
 * lost before the request, or this is part of one. */
static bool
is_answer_undissected(const packet_facts *facts, const wsclose_connection *life)
{
    const store_flow *flow = facts->place.flow;

    return life->request.number != 0 && life->response.number == 0 &&
           transport_left_over(&flow->tcp, 1, collect_analysis(&facts->place, facts->pinfo, 1)) > 0;
}

void
collect_http2_tell_missing(packet_facts *facts, http2_stream *stream, size_t side, bool settles)
{
    wsclose_connection *life = &stream->connection->life;
    const transport_side *sides = facts->place.flow->tcp.sides;

    for (size_t i = 0; i < 2; i++) {
        const wsclose_endpoint endpoint = collect_endpoint(i);
        bool hole = false;

        if (sides[i].cut || stream->out_of_step[i] ||
            (i == 1 && side == 0 && is_answer_undissected(facts, life))) {
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

bool
collect_http2_take_goaways(packet_facts *facts, const http2_flow *flow, http2_stream *stream)
{
    bool settled = false;

    for (size_t i = 0; i < 2; i++) {
        wsclose_goaway_fact fact = flow->goaways[i];

        fact.stream = stream->number;
        settled |= wsclose_connection_goaway(&stream->connection->life, &fact,
                                             collect_moment(facts->pinfo));
    }
    return settled;
}

void
collect_http2_end(packet_facts *facts, http2_flow *flow, http2_stream *stream, size_t side)
{
    collect_http2_tell_missing(facts, stream, side, false);
    if (collect_http2_take_goaways(facts, flow, stream) ||
        wsclose_connection_end(&stream->connection->life, collect_endpoint(side),
                               WSCLOSE_END_ORDERLY, collect_moment(facts->pinfo)))
        collect_add_verdict(facts, stream->connection);
    stream->ended[side] = true;
    if (stream->ended[1 - side])
        http2_flow_close(flow, stream);
}

static void
reset_stream(packet_facts *facts, const http2_frame_view *view, http2_stream *stream)
{
    uint32_t error;

    if (!wsclose_http2_reset_error(&view->frame, &error))
        return;
    collect_http2_tell_missing(facts, stream, view->side, true);
    if (collect_http2_take_goaways(facts, view->flow, stream) ||
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
take_goaway(packet_facts *facts, const http2_frame_view *view)
{
    http2_flow *flow = view->flow;
    wsclose_goaway_fact *goaway = &flow->goaways[view->side];
    http2_stream *stream = flow->last;
    uint32_t last;
    uint32_t error;

    if (!wsclose_http2_goaway(&view->frame, &last, &error))
        return;
    wsclose_goaway_join(goaway, &(wsclose_goaway_fact){.sender = collect_endpoint(view->side),
                                                       .last = last,
                                                       .has_error = true,
                                                       .error = error});
    if (view->side == 0 || !stream || stream->number <= goaway->last)
        return;
    while (stream->previous && stream->previous->number > goaway->last)
        stream = stream->previous;
    while (stream) {
        http2_stream *next = stream->next;

        collect_http2_tell_missing(facts, stream, view->side, true);
        if (collect_http2_take_goaways(facts, flow, stream))
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
        collect_http2_tell_missing(facts, stream, side, kind == WSCLOSE_END_RESET);
        if (is_answer_undissected(facts, &stream->connection->life))
            wsclose_connection_missing(&stream->connection->life, WSCLOSE_ENDPOINT_SERVER);
        if (collect_http2_take_goaways(facts, flow, stream) ||
            wsclose_connection_end_under(&stream->connection->life, collect_endpoint(side), kind,
                                         collect_moment(facts->pinfo)))
            collect_add_verdict(facts, stream->connection);
        stream->ended[side] = true;
        if (kind == WSCLOSE_END_RESET || stream->ended[1 - side])
            http2_flow_close(flow, stream);
    }
}

/* The frames of WebSocket in DATA. */

/* Whether octets were lost, and the request of a stream may be among them. */
static bool
may_be_lost(const http2_flow *flow, uint32_t stream)
{
    return flow && (flow->losses[0] > 0 || flow->losses[1] > 0) && stream > flow->newest;
}

/* A stream whose request was lost, or came before the capture began, is known by a Close frame that
 * fills a DATA frame; nothing else looks like one. */
static http2_stream *
find_unopened(packet_facts *facts, const http2_frame_view *view, const wsclose_octets *input)
{
    if (input->lacking > 0)
        return NULL;
    const bool from_client =
        wsclose_frames_fill(input->data, input->captured, WSCLOSE_ENDPOINT_CLIENT) ==
        WSCLOSE_FILL_CLOSE;
    if (!from_client && wsclose_frames_fill(input->data, input->captured,
                                            WSCLOSE_ENDPOINT_SERVER) != WSCLOSE_FILL_CLOSE)
        return NULL;
    if (!transport_is_begun_before(facts->pinfo) && !may_be_lost(view->flow, view->frame.stream))
        return NULL;

    http2_flow *flow = collect_http2_make_flow(facts, from_client);
    if (!flow)
        return NULL;
    http2_stream *stream = collect_http2_open(facts, flow, view->frame.stream, from_client);
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
    collect_http2_tell_missing(facts, stream, side, connection->closes[1 - side] != NULL);
    collect_take_close(facts, close, side);
}

/* Where octets were lost since, a frame of WebSocket may begin anywhere. */
static void
find_step(packet_facts *facts, const http2_frame_view *view, http2_stream *stream,
          const wsclose_octets *input)
{
    wsclose_scanner *scanner = &stream->scanners[view->side];
    const uint32_t losses = view->flow->losses[view->side];

    if (stream->losses[view->side] != losses) {
        stream->losses[view->side] = losses;
        if (facts->place.flow->tcp.sides[view->side].cut || facts->holed) {
            wsclose_scanner_lose(scanner);
            stream->out_of_step[view->side] = true;
        }
    }
    if (wsclose_scanner_is_lost(scanner) && input->lacking == 0 &&
        wsclose_frames_fill(input->data, input->captured, collect_endpoint(view->side)) !=
            WSCLOSE_FILL_NONE)
        wsclose_scanner_init(scanner);
}

static void
collect_data(packet_facts *facts, http2_frame_view *view)
{
    wsclose_octets input;
    wsclose_scanned_frame found;

    if (!wsclose_http2_data(&view->frame, &input))
        return;
    http2_stream *stream = view->flow ? http2_flow_find(view->flow, view->frame.stream) : NULL;
    if (!stream && input.captured > 0) {
        stream = find_unopened(facts, view, &input);
        view->flow = collect_http2_find_flow(facts);
        if (stream)
            view->side = collect_side(&view->flow->flow, facts->pinfo);
    }
    if (!stream || stream->ended[view->side])
        return;
    const transport_side *own = &facts->place.flow->tcp.sides[view->side];

    find_step(facts, view, stream, &input);
    if (own->lost || own->cut || stream->out_of_step[view->side])
        collect_http2_tell_missing(facts, stream, view->side, false);
    while (wsclose_scanner_next(&stream->scanners[view->side], &input, &found))
        take_frame(facts, stream, view->side, &found);
    if (view->frame.end_stream)
        collect_http2_end(facts, view->flow, stream, view->side);
}

/* Whether a frame's octets are new ones. */
static bool
is_new(packet_facts *facts, const http2_frame_view *view)
{
    transport_side *side = &view->flow->flow.tcp.sides[view->side];

    if (!collect_is_new(facts, view->source, view->start,
                        WSCLOSE_HTTP2_HEADER_LEN + (uint64_t)view->frame.payload_len, view->side))
        return false;
    if (side->lost)
        side->lost = collect_has_hole(&facts->place, facts->pinfo, view->side);
    return true;
}

/* Whether a request for WebSocket can follow in a later packet: the server allows it, or may have done
 * so where the capture lacks octets. */
static bool
heralds_websocket(packet_facts *facts, const http2_frame_view *view)
{
    const wsclose_http2_frame *frame = &view->frame;

    if (wsclose_http2_allows_connect(frame))
        return true;
    /* What a server sent in clear text before the client's preface, Wireshark does not take for
     * HTTP/2. */
    if (frame->is_preface && !proto_is_frame_protocol(facts->pinfo->layers, "tls") &&
        transport_peer_has_sent(facts->pinfo))
        return true;
    if (facts->remarked && ((collect_items(facts->tree, TCP_LOST) &&
                             transport_is_young(facts->pinfo, true)) ||
                            (collect_items(facts->tree, TCP_ACK_LOST) &&
                             transport_is_young(facts->pinfo, false))))
        return true;
    return frame->type == WSCLOSE_HTTP2_HEADERS && transport_is_begun_before(facts->pinfo);
}

static void
collect_frame(packet_facts *facts, http2_frame_view *view, http2_field_cursor *cursor)
{
    http2_stream *stream;

    if (!collect_has_http2_headers() && heralds_websocket(facts, view))
        collect_ask_http2_headers();
    switch (view->frame.type) {
    case WSCLOSE_HTTP2_DATA:
        collect_data(facts, view);
        break;
    case WSCLOSE_HTTP2_HEADERS:
    case WSCLOSE_HTTP2_PUSH_PROMISE:
    case WSCLOSE_HTTP2_CONTINUATION:
        collect_http2_headers(facts, view, cursor);
        break;
    case WSCLOSE_HTTP2_RST_STREAM:
        stream = view->flow ? http2_flow_find(view->flow, view->frame.stream) : NULL;
        if (stream)
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

/* Take the frame that begins at a place of a packet, as far as it is there. */
static void
collect_at(packet_facts *facts, http2_field_cursor *cursor, http2_frame_view *view)
{
    const int len = tvb_captured_length_remaining(view->source, view->start);

    if (len <= 0 || !wsclose_http2_frame_decode(tvb_get_ptr(view->source, view->start, len),
                                                (size_t)len, &view->frame))
        return;
    view->flow = collect_http2_find_flow(facts);
    if (view->flow) {
        view->side = collect_side(&view->flow->flow, facts->pinfo);
        if (!is_new(facts, view)) {
            collect_http2_skip_fields(view, cursor);
            return;
        }
    }
    collect_frame(facts, view, cursor);
}

/* Whether a packet, wherever it is cut, ends where its last frame does: then the length of that one
 * tells where the next one begins. */
static bool
ends_in_step(const http2_frame_view *last)
{
    const int reported = tvb_reported_length_remaining(last->source, last->start);

    return (uint64_t)MAX(reported, 0) ==
           WSCLOSE_HTTP2_HEADER_LEN + (uint64_t)last->frame.payload_len;
}

/* After a loss: whether the frames of the packet leave octets of their sender unaccounted for. */
static bool
has_hole_before(packet_facts *facts, GPtrArray *items)
{
    http2_flow *flow = collect_http2_find_flow(facts);
    const size_t side = flow ? collect_side(&flow->flow, facts->pinfo) : 0;
    uint64_t octets = 0;

    if (!flow || !flow->flow.tcp.sides[side].lost)
        return false;
    for (unsigned i = 0; i < items->len; i++) {
        const field_info *item = collect_item(items, i);
        const int len = tvb_captured_length_remaining(item->ds_tvb, item->start);
        wsclose_http2_frame frame;

        if (len > 0 &&
            wsclose_http2_frame_decode(tvb_get_ptr(item->ds_tvb, item->start, len), (size_t)len,
                                       &frame))
            octets += WSCLOSE_HTTP2_HEADER_LEN + (uint64_t)frame.payload_len;
    }
    return transport_has_hole_before(&flow->flow.tcp, side, facts->place.tcp.own, octets);
}

void
collect_http2(packet_facts *facts, GPtrArray *items)
{
    http2_field_cursor cursor = {
        .headers = collect_items(facts->tree, HTTP2_HEADER),
        .names = collect_items(facts->tree, HTTP2_HEADER_NAME),
        .values = collect_items(facts->tree, HTTP2_HEADER_VALUE),
    };
    http2_frame_view view = {0};

    facts->holed = has_hole_before(facts, items);
    for (unsigned i = 0; i < items->len; i++) {
        const field_info *item = collect_item(items, i);

        view = (http2_frame_view){.source = item->ds_tvb, .start = item->start};
        collect_at(facts, &cursor, &view);
    }
    facts->in_step = ends_in_step(&view);
}
