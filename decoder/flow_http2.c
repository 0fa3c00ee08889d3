/* flow_http2.c
 * Frames of HTTP/2 (RFC 9113), and the frames of WebSocket in their DATA.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <string.h>

#include "flow_http2.h"
#include "octets.h"

/* RFC 9113 section 3.4. */
#define PREFACE "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
#define PREFACE_LEN (sizeof PREFACE - 1)

#define TYPE_NONE UINT8_MAX /* of a frame that says nothing */

/* Longer frames need a setting that hardly any endpoint has (RFC 9113 section 4.2). */
#define FRAME_PLAUSIBLE_MAX (1u << 14)

bool
flow_http2_begins(const uint8_t *octets, size_t len)
{
    return len == 0 || memcmp(octets, PREFACE, MIN(len, PREFACE_LEN)) == 0;
}

/* The frames of WebSocket in DATA. */

/* Whether the request of a stream may not have been seen: the capture has begun later, or lacks
 * octets of the client, in which it was. One that a GOAWAY leaves out is over. */
static bool
may_be_unseen(const wsclose_flow *flow, uint32_t number)
{
    if (http2_leaves_out(&flow->http2->goaways[0], number) ||
        http2_leaves_out(&flow->http2->goaways[1], number))
        return false;
    return flow_is_begun_before(flow) ||
           ((flow->http2->readers[0].lists_lost || flow->http2->readers[1].lists_lost) &&
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
    const bool from_client =
        wsclose_frames_fill(input->data, input->captured, WSCLOSE_CLIENT) == WSCLOSE_FILL_CLOSE;
    if (!from_client &&
        wsclose_frames_fill(input->data, input->captured, WSCLOSE_SERVER) != WSCLOSE_FILL_CLOSE)
        return NULL;
    if (!http2_has_streams(http2) && http2->newest == 0)
        flow->client = (uint8_t)(from_client ? reading->direction : 1 - reading->direction);
    if ((reading->direction == flow->client) != from_client)
        return NULL;
    http2_stream *stream = http2_open_stream(flow, reading, number);
    http2_lose_stream(flow, stream, 0);
    http2_lose_stream(flow, stream, 1);
    return stream;
}

/* Take octets of DATA; whole: they are all of it. */
static void
take_data(wsclose_flow *flow, flow_reading *reading, const http2_reader *reader,
          wsclose_octets input, bool whole)
{
    http2_stream *stream = http2_find_stream(flow->http2, reader->stream);

    if (!stream && whole && input.captured > 0)
        stream = find_unopened(flow, reading, reader, &input);
    if (stream && !stream->ended[reading->direction])
        flow_frames_take(flow, reading, &stream->websocket, &stream->scanners[reading->direction],
                         input, whole);
}

/* Frames of HTTP/2. */

static void
end_frame(wsclose_flow *flow, flow_reading *reading, http2_reader *reader)
{
    http2_stream *stream = http2_find_stream(flow->http2, reader->stream);

    switch (reader->type) {
    case WSCLOSE_HTTP2_DATA:
        if (stream && reader->end_stream && !stream->ended[reading->direction])
            http2_end_stream(flow, reading, stream);
        break;
    case WSCLOSE_HTTP2_HEADERS:
    case WSCLOSE_HTTP2_PUSH_PROMISE:
    case WSCLOSE_HTTP2_CONTINUATION:
        http2_take_fragment(flow, reading, reader);
        break;
    case WSCLOSE_HTTP2_RST_STREAM:
        if (stream)
            http2_reset_stream(flow, reading, stream, reader);
        else if (reading->direction != flow->client)
            http2_note_answered(flow->http2, reader->stream);
        break;
    case WSCLOSE_HTTP2_GOAWAY:
        http2_take_goaway(flow, reading, reader);
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
        (frame->type == WSCLOSE_HTTP2_RST_STREAM && frame->payload_len != HTTP2_RESET_LEN) ||
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

/* A frame's header, from the octets kept of it and those that come, or the connection preface.
 * Returns whether it is there in full. */
static bool
take_header(wsclose_flow *flow, const flow_reading *reading, http2_reader *reader,
            wsclose_octets *input)
{
    const size_t more =
        MIN(input->captured, (size_t)(WSCLOSE_HTTP2_HEADER_LEN - reader->header_len));
    wsclose_http2_frame frame;

    if (input->data && more > 0)
        memcpy(reader->header + reader->header_len, input->data, more);
    reader->header_len += (uint8_t)more;
    octets_pass(input, more);
    if (!wsclose_http2_frame_decode(reader->header, reader->header_len, &frame))
        return false;
    if (frame.is_preface) {
        /* Read as a frame of no known type that is as long as the rest of the preface. */
        if (!http2_has_streams(flow->http2) && flow->http2->newest == 0)
            flow->client = (uint8_t)reading->direction;
        frame = (wsclose_http2_frame){ .payload_len = PREFACE_LEN - WSCLOSE_HTTP2_HEADER_LEN,
                                       .type = TYPE_NONE };
    }
    begin_frame(reader, &frame);
    return true;
}

/* RFC 9113 section 6.1: the length of the padding comes first. */
static void
take_pad_length(wsclose_flow *flow, const flow_reading *reading, http2_reader *reader,
                wsclose_octets *input)
{
    http2_stream *stream = http2_find_stream(flow->http2, reader->stream);
    uint32_t padding = reader->left - 1;

    if (input->data && input->captured > 0) {
        padding = MIN(input->data[0], padding);
        octets_pass(input, 1);
    } else {
        /* Nothing tells what is data: none of it is read. */
        input->lacking--;
        if (stream)
            http2_lose_stream(flow, stream, reading->direction);
    }
    reader->padded = false;
    reader->left--;
    reader->data = reader->left - padding;
}

/* The next octets of the payload at hand, at most so many, moved out of the input. */
static wsclose_octets
take_some(wsclose_octets *input, uint32_t most)
{
    wsclose_octets some = { input->data, MIN(input->captured, (size_t)most), 0 };

    octets_pass(input, some.captured);
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
    if (some->data && more > 0)
        memcpy(reader->kept + reader->kept_len, some->data, more);
    reader->kept_len += (uint8_t)more;
}

static void
take_payload(wsclose_flow *flow, flow_reading *reading, http2_reader *reader, wsclose_octets *input)
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
read_frames(wsclose_flow *flow, flow_reading *reading, http2_reader *reader, wsclose_octets input)
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
lose_reader(wsclose_flow *flow, size_t direction)
{
    http2_reader *reader = &flow->http2->readers[direction];
    http2_stream *stream;

    http2_forget_list(reader);
    *reader = (http2_reader){ .lost = true, .lists_lost = true };
    flow->directions[direction].blind = true;
    for (uint32_t number = 0; (stream = http2_next_stream(flow->http2, number));) {
        number = stream->number;
        http2_lose_stream(flow, stream, direction);
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
        return of_request && flags == 0 && frame->payload_len == HTTP2_RESET_LEN;
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
        octets_pass(&input, WSCLOSE_HTTP2_HEADER_LEN + frame.captured);
    }
    return true;
}

void
flow_http2_take(wsclose_flow *flow, flow_reading *reading, wsclose_octets input, bool at_start)
{
    flow_direction *own = &flow->directions[reading->direction];
    http2_reader *reader = &flow->http2->readers[reading->direction];

    if (reader->lost) {
        reader->lost = own->blind = !at_start || input.captured == 0 || !are_frames(input);
        if (reader->lost)
            return;
    }
    read_frames(flow, reading, reader, input);
    if (reader->lost)
        lose_reader(flow, reading->direction);
}

void
flow_http2_gap(wsclose_flow *flow, flow_reading *reading, uint64_t octets)
{
    http2_reader *reader = &flow->http2->readers[reading->direction];

    if (reader->lost)
        return;
    read_frames(flow, reading, reader, (wsclose_octets){ NULL, 0, octets });
    if (octets == 0 || reader->lost)
        lose_reader(flow, reading->direction);
}
