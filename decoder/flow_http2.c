/* flow_http2.c
 * Frames of HTTP/2 (RFC 9113), its streams that carry WebSocket, and the opening handshake in them:
 * an extended CONNECT (RFC 8441).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <string.h>

#include "flow_private.h"

/* RFC 9113 section 3.4. */
#define PREFACE "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
#define PREFACE_LEN (sizeof PREFACE - 1)

/* Streams after a reset that are kept: frames were on their way. */
#define RESETS_KEPT 64

/* Octets of the header list at hand that wait for a CONTINUATION. */
#define LIST_KEPT_MAX 65536

#define TYPE_NONE UINT8_MAX /* of a frame that says nothing */
#define STREAM_MASK 0x7FFFFFFFu
#define RESET_LEN 4 /* RFC 9113 section 6.4 */

/* Longer frames need a setting that hardly any endpoint has (RFC 9113 section 4.2). */
#define FRAME_PLAUSIBLE_MAX (1u << 14)

bool
flow_http2_begins(const uint8_t *octets, size_t len)
{
    return len == 0 || memcmp(octets, PREFACE, MIN(len, PREFACE_LEN)) == 0;
}

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
    g_free(stream);
}

void
flow_http2_start(wsclose_flow *flow, size_t client)
{
    flow->protocol = PROTOCOL_HTTP2;
    flow->client = (uint8_t)client;
    for (size_t i = 0; i < 2; i++)
        flow->sides[i].http2 = (http2_reader){0};
    flow->http2 = g_new0(http2_connection, 1);
    flow->http2->streams = g_tree_new_full(compare_numbers, NULL, NULL, free_stream);
}

static void
forget_list(http2_reader *reader)
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
        forget_list(&flow->sides[i].http2);
    g_tree_unref(flow->http2->streams);
    if (flow->http2->resets)
        g_array_free(flow->http2->resets, TRUE);
    g_free(flow->http2);
    flow->http2 = NULL;
}

/* Streams. */

static http2_stream *
find_stream(const http2_connection *http2, uint32_t number)
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
static http2_stream *
next_stream(const http2_connection *http2, uint32_t number)
{
    greater_number greater = {number, 0};

    g_tree_search(http2->streams, look_at_number, &greater);
    return greater.least != 0 ? find_stream(http2, greater.least) : NULL;
}

static bool
has_streams(const http2_connection *http2)
{
    return g_tree_nnodes(http2->streams) > 0;
}

/* Where the frames of a side of a stream go on is not known any more. */
static void
lose_stream(const wsclose_flow *flow, http2_stream *stream, size_t side)
{
    flow_lose(flow, &stream->websocket, side);
    wsclose_scanner_lose(&stream->scanners[side]);
}

/* A new stream. Of a side that cannot be followed at the moment, some of it may have passed. */
static http2_stream *
open_stream(wsclose_flow *flow, flow_reading *reading, uint32_t number)
{
    http2_stream *stream = g_new0(http2_stream, 1);

    flow_begin(flow, reading, &stream->websocket, WSCLOSE_CARRIER_HTTP2, number);
    stream->number = number;
    for (size_t side = 0; side < 2; side++) {
        wsclose_scanner_init(&stream->scanners[side]);
        if (flow->sides[side].blind)
            lose_stream(flow, stream, side);
    }
    g_tree_insert(flow->http2->streams, GUINT_TO_POINTER(number), stream);
    return stream;
}

static void
close_stream(http2_connection *http2, const http2_stream *stream)
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
    http2_stream *oldest = find_stream(http2, g_array_index(http2->resets, uint32_t, 0));
    g_array_remove_index(http2->resets, 0);
    if (oldest)
        close_stream(http2, oldest);
}

static uint32_t
read_u32(const uint8_t *octets)
{
    return (uint32_t)octets[0] << 24 | (uint32_t)octets[1] << 16 | (uint32_t)octets[2] << 8 |
           octets[3];
}

/* Tell of the GOAWAYs so far, which count once a stream ends. Returns whether they end it. */
static bool
take_goaways(const wsclose_flow *flow, flow_reading *reading, http2_stream *stream)
{
    bool settled = false;

    for (size_t side = 0; side < 2; side++) {
        wsclose_goaway_fact fact = flow->http2->goaways[side];

        fact.stream = stream->number;
        settled |= wsclose_connection_goaway(stream->websocket.connection, &fact,
                                             reading->packet->moment);
    }
    return settled;
}

static void
end_stream(wsclose_flow *flow, flow_reading *reading, http2_stream *stream)
{
    const size_t side = reading->side;

    flow_tell_missing(flow, &stream->websocket, side, false);
    if (take_goaways(flow, reading, stream) ||
        wsclose_connection_end(stream->websocket.connection, flow_endpoint(flow, side),
                               WSCLOSE_END_ORDERLY, reading->packet->moment))
        flow_settled(reading, &stream->websocket);
    stream->ended[side] = true;
    if (stream->ended[1 - side])
        close_stream(flow->http2, stream);
}

static void
reset_stream(wsclose_flow *flow, flow_reading *reading, http2_stream *stream,
             const http2_reader *reader)
{
    const size_t side = reading->side;
    const wsclose_endpoint sender = flow_endpoint(flow, side);
    wsclose_connection *connection = stream->websocket.connection;
    const wsclose_moment moment = reading->packet->moment;

    flow_tell_missing(flow, &stream->websocket, side, true);
    if (take_goaways(flow, reading, stream) ||
        (reader->kept_len == RESET_LEN
             ? wsclose_connection_reset_stream(connection, sender, read_u32(reader->kept), moment)
             : wsclose_connection_end(connection, sender, WSCLOSE_END_RESET, moment)))
        flow_settled(reading, &stream->websocket);
    stream->ended[side] = true;
    if (stream->ended[1 - side])
        close_stream(flow->http2, stream);
    else
        close_stream_later(flow->http2, stream);
}

static bool
leaves_out(const wsclose_goaway_fact *goaway, uint32_t number)
{
    wsclose_goaway_fact fact = *goaway;

    fact.stream = number;
    return wsclose_goaway_leaves_out(WSCLOSE_CARRIER_HTTP2, &fact);
}

/* Any stream may have been left out. */
static void
take_goaway_cut(wsclose_flow *flow, size_t side)
{
    http2_stream *stream;

    for (uint32_t number = 0; (stream = next_stream(flow->http2, number));) {
        number = stream->number;
        flow_lose(flow, &stream->websocket, side);
    }
}

/* A GOAWAY of the server resets the streams that it leaves out, the latest ones. */
static void
take_goaway(wsclose_flow *flow, flow_reading *reading, const http2_reader *reader)
{
    wsclose_goaway_fact *goaway = &flow->http2->goaways[reading->side];
    const bool has_error = reader->kept_len == sizeof reader->kept;
    http2_stream *stream;

    if (reader->kept_len < 4) {
        take_goaway_cut(flow, reading->side);
        return;
    }
    wsclose_goaway_join(goaway,
                        &(wsclose_goaway_fact){
                            .sender = flow_endpoint(flow, reading->side),
                            .last = read_u32(reader->kept) & STREAM_MASK,
                            .has_error = has_error,
                            .error = has_error ? read_u32(reader->kept + 4) : 0,
                        });
    /* Those that it leaves out have greater numbers than the one that it names. */
    while ((stream = next_stream(flow->http2, (uint32_t)goaway->last)) &&
           leaves_out(goaway, stream->number)) {
        flow_tell_missing(flow, &stream->websocket, reading->side, true);
        if (take_goaways(flow, reading, stream))
            flow_settled(reading, &stream->websocket);
        close_stream(flow->http2, stream);
    }
}

void
flow_http2_end(wsclose_flow *flow, flow_reading *reading, wsclose_end_kind kind)
{
    const size_t side = reading->side;
    http2_stream *stream;

    for (uint32_t number = 0; (stream = next_stream(flow->http2, number));) {
        number = stream->number;
        for (size_t i = 0; i < 2; i++) {
            if (!flow->sides[i].stream.begun)
                flow_lose(flow, &stream->websocket, i);
        }
        flow_tell_missing(flow, &stream->websocket, side, kind == WSCLOSE_END_RESET);
        if (take_goaways(flow, reading, stream) ||
            wsclose_connection_end_under(stream->websocket.connection, flow_endpoint(flow, side),
                                         kind, reading->packet->moment))
            flow_settled(reading, &stream->websocket);
        stream->ended[side] = true;
        if (kind == WSCLOSE_END_RESET || stream->ended[1 - side])
            close_stream(flow->http2, stream);
    }
}

/* Header lists. */

static void
take_request(wsclose_flow *flow, flow_reading *reading, uint32_t number,
             const handshake_fields *fields)
{
    http2_connection *http2 = flow->http2;

    /* A number is used once, and is odd; and who has opened a stream is the client of them all. */
    if (number <= http2->newest || number % 2 == 0)
        return;
    if (!has_streams(http2) && http2->newest == 0 && flow->client != reading->side) {
        flow->client = (uint8_t)reading->side;
        memset(http2->goaways, 0, sizeof http2->goaways);
    }
    if (flow->client != reading->side)
        return;
    if (find_stream(http2, number))
        return;
    http2_stream *stream = open_stream(flow, reading, number);
    http2->newest = number;
    if (number <= http2->answered)
        flow_lose(flow, &stream->websocket, 1 - flow->client);
    wsclose_slice host = handshake_fields_value(fields, FIELD_AUTHORITY);
    if (!host.data)
        host = handshake_fields_value(fields, FIELD_HOST);
    reading->sink->request(
        reading->user, stream->websocket.connection,
        &(wsclose_request){.host = host,
                           .target = handshake_fields_value(fields, FIELD_PATH),
                           .offer = handshake_fields_header(fields, FIELD_EXTENSIONS)});
    stream->protocols = kept_header_of(handshake_fields_header(fields, FIELD_SUBPROTOCOLS));
    wsclose_connection_request(stream->websocket.connection, reading->packet->moment);
    /* Where the server has said before that it takes no more. */
    if (take_goaways(flow, reading, stream))
        flow_settled(reading, &stream->websocket);
}

static void
take_response(wsclose_flow *flow, flow_reading *reading, http2_stream *stream,
              const handshake_fields *fields)
{
    wsclose_connection *connection = stream->websocket.connection;
    const unsigned status = wsclose_status_parse(handshake_fields_value(fields, FIELD_STATUS));
    const wsclose_header extensions = handshake_fields_header(fields, FIELD_EXTENSIONS);
    const wsclose_handshake_headers judged = {
        .protocols = kept_header_get(&stream->protocols),
        .protocol = handshake_fields_header(fields, FIELD_SUBPROTOCOLS),
    };
    wsclose_handshake_response response;

    if (status == 0) { /* not decoded as it was sent */
        flow_lose(flow, &stream->websocket, reading->side);
        return;
    }
    if (!wsclose_status_is_final(WSCLOSE_CARRIER_HTTP2, status))
        return;
    flow_tell_missing(flow, &stream->websocket, reading->side, false);
    const wsclose_negotiation *negotiation =
        reading->sink->response(reading->user, connection, &extensions);
    wsclose_handshake_judge(WSCLOSE_CARRIER_HTTP2, status, &judged, negotiation, &response);
    if (wsclose_connection_response(connection, &response, reading->packet->moment)) {
        flow_settled(reading, &stream->websocket);
        close_stream(flow->http2, stream); /* what follows is no WebSocket */
    }
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
    http2_stream *stream = find_stream(flow->http2, number);
    if (stream && reading->side != flow->client &&
        stream->websocket.connection->response.number == 0) {
        take_response(flow, reading, stream, fields);
        stream = find_stream(flow->http2, number);
    }
    if (stream && reader->list_ends_stream)
        end_stream(flow, reading, stream);
}

/* Go to what was decoded of the fragment of a header list in the frame that ends here. Each fragment with
 * a field has a list of its own; that of a CONTINUATION does not begin with a pseudo-header field
 * (RFC 9113 section 8.3), as the next header list does. */
static bool
next_list(flow_reading *reading, const http2_reader *reader)
{
    const wsclose_packet *packet = reading->packet;
    const wsclose_slice *start = &reading->list_start;

    if (!packet->source || reading->side != packet->sender)
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

/* Whether the start of a header list shows that it is no request for WebSocket (RFC 8441 section 4). */
static bool
is_something_else(wsclose_slice start)
{
    static const char status[] = "\0\0\0\7:status";
    static const char method[] = "\0\0\0\7:method\0\0\0\7CONNECT";
    const size_t name_len = sizeof status - 1;

    return starts_with(start, status, name_len) ||
           (starts_with(start, method, name_len) &&
            !starts_with(start, method, sizeof method - 1));
}

/* Whether a whole header list can matter: as a request, or on the stream of a WebSocket. */
static bool
is_wanted(const wsclose_flow *flow, const http2_reader *reader, wsclose_slice start)
{
    return find_stream(flow->http2, reader->stream) || !is_something_else(start);
}

static void
end_list(wsclose_flow *flow, flow_reading *reading, http2_reader *reader, wsclose_slice list)
{
    handshake_fields fields = {.incomplete = reader->lists_lost || list.len == 0};

    handshake_fields_read_list(&fields, list);
    /* What a PUSH_PROMISE promises is no WebSocket (RFC 9113 section 8.4). */
    if (!reader->list_is_promised)
        take_list(flow, reading, reader, &fields);
    handshake_fields_clear(&fields);
}

/* A frame with a fragment of a header list has ended. */
static void
take_fragment(wsclose_flow *flow, flow_reading *reading, http2_reader *reader)
{
    const wsclose_packet *packet = reading->packet;
    /* What follows a frame that is cut is the list of another one. */
    const bool has_list = !reader->cut && next_list(reading, reader);
    wsclose_slice list = {NULL, 0};

    if (reader->type != WSCLOSE_HTTP2_CONTINUATION)
        forget_list(reader);
    if (reader->end_headers && !reader->list_is_promised && reading->side != flow->client)
        flow->http2->answered = MAX(flow->http2->answered, reader->stream);
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
    end_list(flow, reading, reader, (wsclose_slice){(const char *)kept->data, kept->len});
    g_byte_array_free(kept, TRUE);
}

/* The frames of WebSocket in DATA. */

/* Whether the request of a stream may not have been seen: the capture has begun later, or lacks
 * octets of the client, in which it was. One that a GOAWAY leaves out is over. */
static bool
may_be_unseen(const wsclose_flow *flow, uint32_t number)
{
    const bool begun_before = !flow->sides[0].stream.whole && !flow->sides[1].stream.whole;

    if (leaves_out(&flow->http2->goaways[0], number) ||
        leaves_out(&flow->http2->goaways[1], number))
        return false;
    return begun_before ||
           ((flow->sides[0].http2.lists_lost || flow->sides[1].http2.lists_lost) &&
            number > flow->http2->newest);
}

/* A stream whose request was not seen is known by a Close frame that fills a DATA frame; nothing
 * else looks like one. */
static http2_stream *
find_unopened(wsclose_flow *flow, flow_reading *reading, const http2_reader *reader,
              const wsclose_octets *input)
{
    http2_connection *http2 = flow->http2;
    const uint32_t number = reader->stream;

    if (number % 2 == 0 || input->lacking > 0 || !may_be_unseen(flow, number))
        return NULL;
    const bool from_client = wsclose_frames_fill(input->data, input->captured,
                                                 WSCLOSE_ENDPOINT_CLIENT) == WSCLOSE_FILL_CLOSE;
    if (!from_client && wsclose_frames_fill(input->data, input->captured,
                                            WSCLOSE_ENDPOINT_SERVER) != WSCLOSE_FILL_CLOSE)
        return NULL;
    if (!has_streams(http2) && http2->newest == 0)
        flow->client = (uint8_t)(from_client ? reading->side : 1 - reading->side);
    if ((reading->side == flow->client) != from_client)
        return NULL;
    http2_stream *stream = open_stream(flow, reading, number);
    lose_stream(flow, stream, 0);
    lose_stream(flow, stream, 1);
    return stream;
}

/* Take octets of DATA; whole: they are all of it. */
static void
take_data(wsclose_flow *flow, flow_reading *reading, const http2_reader *reader,
          wsclose_octets input, bool whole)
{
    http2_stream *stream = find_stream(flow->http2, reader->stream);

    if (!stream && whole && input.captured > 0)
        stream = find_unopened(flow, reading, reader, &input);
    if (stream && !stream->ended[reading->side])
        flow_frames_take(flow, reading, &stream->websocket, &stream->scanners[reading->side],
                         input, whole);
}

/* Frames of HTTP/2. */

static void
end_frame(wsclose_flow *flow, flow_reading *reading, http2_reader *reader)
{
    http2_stream *stream = find_stream(flow->http2, reader->stream);

    switch (reader->type) {
    case WSCLOSE_HTTP2_DATA:
        if (stream && reader->end_stream && !stream->ended[reading->side])
            end_stream(flow, reading, stream);
        break;
    case WSCLOSE_HTTP2_HEADERS:
    case WSCLOSE_HTTP2_PUSH_PROMISE:
    case WSCLOSE_HTTP2_CONTINUATION:
        take_fragment(flow, reading, reader);
        break;
    case WSCLOSE_HTTP2_RST_STREAM:
        if (stream)
            reset_stream(flow, reading, stream, reader);
        break;
    case WSCLOSE_HTTP2_GOAWAY:
        take_goaway(flow, reading, reader);
        break;
    default:
        break;
    }
}

static void
begin_frame(http2_reader *reader, const wsclose_http2_frame *frame)
{
    reader->left = reader->data = frame->payload_len;
    reader->stream = frame->stream;
    /* RFC 9113 sections 6.4 and 6.8: of another length they are an error of the connection. */
    const bool is_broken =
        (frame->type == WSCLOSE_HTTP2_RST_STREAM && frame->payload_len != RESET_LEN) ||
        (frame->type == WSCLOSE_HTTP2_GOAWAY && frame->payload_len < sizeof reader->kept);
    reader->type = is_broken ? TYPE_NONE : frame->type;
    reader->end_stream = frame->end_stream;
    reader->end_headers = frame->end_headers;
    reader->padded = frame->padded && frame->payload_len > 0;
    reader->kept_len = 0;
    reader->begun = reader->cut = false;
    if (frame->type == WSCLOSE_HTTP2_HEADERS || frame->type == WSCLOSE_HTTP2_PUSH_PROMISE) {
        reader->list_ends_stream = frame->end_stream;
        reader->list_is_promised = frame->type == WSCLOSE_HTTP2_PUSH_PROMISE;
    }
}

static void
pass(wsclose_octets *input, size_t octets)
{
    if (octets > 0)
        input->data += octets;
    input->captured -= octets;
}

/* A frame's header, from the octets kept of it and those that come, or the connection preface.
 * Returns whether it is there in full. */
static bool
take_header(wsclose_flow *flow, const flow_reading *reading, http2_reader *reader,
            wsclose_octets *input)
{
    const size_t more = MIN(input->captured, (size_t)(WSCLOSE_HTTP2_HEADER_LEN - reader->header_len));
    wsclose_http2_frame frame;

    if (more > 0)
        memcpy(reader->header + reader->header_len, input->data, more);
    reader->header_len += (uint8_t)more;
    pass(input, more);
    if (!wsclose_http2_frame_decode(reader->header, reader->header_len, &frame))
        return false;
    if (frame.is_preface) {
        /* Read as a frame of no known type that is as long as the rest of the preface. */
        if (!has_streams(flow->http2) && flow->http2->newest == 0)
            flow->client = (uint8_t)reading->side;
        frame = (wsclose_http2_frame){.payload_len = PREFACE_LEN - WSCLOSE_HTTP2_HEADER_LEN,
                                      .type = TYPE_NONE};
    }
    begin_frame(reader, &frame);
    return true;
}

/* RFC 9113 section 6.1: the length of the padding comes first. */
static void
take_pad_length(wsclose_flow *flow, const flow_reading *reading, http2_reader *reader,
                wsclose_octets *input)
{
    http2_stream *stream = find_stream(flow->http2, reader->stream);
    uint32_t padding = reader->left - 1;

    if (input->captured > 0) {
        padding = MIN(input->data[0], padding);
        pass(input, 1);
    } else {
        /* Nothing tells what is data: none of it is read. */
        input->lacking--;
        if (stream)
            lose_stream(flow, stream, reading->side);
    }
    reader->padded = false;
    reader->left--;
    reader->data = reader->left - padding;
}

/* The next octets of the payload at hand, at most so many, moved out of the input. */
static wsclose_octets
take_some(wsclose_octets *input, uint32_t most)
{
    wsclose_octets some = {input->data, MIN(input->captured, (size_t)most), 0};

    pass(input, some.captured);
    if (input->captured == 0) {
        some.lacking = MIN(input->lacking, most - some.captured);
        input->lacking -= some.lacking;
    }
    return some;
}

static void
keep_payload(http2_reader *reader, const wsclose_octets *some)
{
    const size_t more = MIN(some->captured, sizeof reader->kept - reader->kept_len);

    /* A header list that the capture has not as a whole leaves the dynamic table unknown. */
    reader->cut |= some->lacking > 0;
    reader->lists_lost |= some->lacking > 0 && reader->type != WSCLOSE_HTTP2_DATA;
    if (reader->type != WSCLOSE_HTTP2_RST_STREAM && reader->type != WSCLOSE_HTTP2_GOAWAY)
        return;
    if (more > 0)
        memcpy(reader->kept + reader->kept_len, some->data, more);
    reader->kept_len += (uint8_t)more;
}

static void
take_payload(wsclose_flow *flow, flow_reading *reading, http2_reader *reader,
             wsclose_octets *input)
{
    if (reader->padded) {
        take_pad_length(flow, reading, reader, input);
        return;
    }
    const bool is_data = reader->type == WSCLOSE_HTTP2_DATA && reader->data > 0;
    const wsclose_octets some = take_some(input, is_data ? reader->data : reader->left);
    const uint32_t taken = (uint32_t)(some.captured + some.lacking);
    const bool whole = !reader->begun && taken == reader->data;

    reader->begun = true;
    reader->left -= taken;
    if (is_data) {
        reader->data -= taken;
        take_data(flow, reading, reader, some, whole);
    } else {
        keep_payload(reader, &some);
    }
}

static void
read_frames(wsclose_flow *flow, flow_reading *reading, http2_reader *reader,
            wsclose_octets input)
{
    while (input.captured > 0 || input.lacking > 0) {
        if (reader->header_len == WSCLOSE_HTTP2_HEADER_LEN) {
            take_payload(flow, reading, reader, &input);
        } else if (!take_header(flow, reading, reader, &input)) {
            reader->lost = input.lacking > 0;
            return;
        }
        if (reader->left == 0) {
            reader->header_len = 0;
            end_frame(flow, reading, reader);
        }
    }
}

/* Octets of a side are missing, and it is not known where the next frame begins. */
static void
lose_reader(wsclose_flow *flow, size_t side)
{
    http2_reader *reader = &flow->sides[side].http2;
    http2_stream *stream;

    forget_list(reader);
    *reader = (http2_reader){.lost = true, .lists_lost = true};
    flow->sides[side].blind = true;
    for (uint32_t number = 0; (stream = next_stream(flow->http2, number));) {
        number = stream->number;
        lose_stream(flow, stream, side);
    }
}

/* RFC 9113 section 6: what a frame of each type must look like, as far as it needs no state.
 * Streams that a server opens are left out: hardly any does, and they are half of all numbers. */
static bool
is_plausible(const wsclose_http2_frame *frame, uint8_t flags)
{
    const bool of_connection = frame->stream == 0;
    const bool of_request = frame->stream % 2 == 1;

    if (frame->payload_len > FRAME_PLAUSIBLE_MAX)
        return false;
    switch (frame->type) {
    case WSCLOSE_HTTP2_DATA:
        return of_request && (flags & ~0x9) == 0;
    case WSCLOSE_HTTP2_HEADERS:
        return of_request && (flags & ~0x2d) == 0;
    case WSCLOSE_HTTP2_CONTINUATION:
        return of_request && (flags & ~0x4) == 0;
    case WSCLOSE_HTTP2_RST_STREAM:
        return of_request && flags == 0 && frame->payload_len == RESET_LEN;
    case WSCLOSE_HTTP2_SETTINGS:
        return of_connection && flags <= 1 && frame->payload_len % 6 == 0;
    case WSCLOSE_HTTP2_PUSH_PROMISE:
        return of_request && (flags & ~0xc) == 0 && frame->payload_len >= 4;
    case 0x6: /* PING */
        return of_connection && flags <= 1 && frame->payload_len == 8;
    case WSCLOSE_HTTP2_GOAWAY:
        return of_connection && flags == 0 && frame->payload_len >= 8;
    case 0x8: /* WINDOW_UPDATE */
        return (of_connection || of_request) && flags == 0 && frame->payload_len == 4;
    default:
        return false;
    }
}

/* Whether octets begin with a frame of HTTP/2, and go on with others to their end. */
static bool
are_frames(wsclose_octets input)
{
    wsclose_http2_frame frame;

    while (input.captured > 0) {
        if (!wsclose_http2_frame_decode(input.data, input.captured, &frame) ||
            !is_plausible(&frame, input.data[4]))
            return false;
        pass(&input, WSCLOSE_HTTP2_HEADER_LEN + frame.captured);
    }
    return true;
}

void
flow_http2_take(wsclose_flow *flow, flow_reading *reading, wsclose_octets input, bool at_start)
{
    flow_side *own = &flow->sides[reading->side];
    http2_reader *reader = &own->http2;

    if (reader->lost) {
        reader->lost = own->blind = !at_start || input.captured == 0 || !are_frames(input);
        if (reader->lost)
            return;
    }
    read_frames(flow, reading, reader, input);
    if (reader->lost)
        lose_reader(flow, reading->side);
}

void
flow_http2_gap(wsclose_flow *flow, flow_reading *reading, uint64_t octets)
{
    http2_reader *reader = &flow->sides[reading->side].http2;

    if (reader->lost)
        return;
    read_frames(flow, reading, reader, (wsclose_octets){NULL, 0, octets});
    if (octets == 0 || reader->lost)
        lose_reader(flow, reading->side);
}
