/* flow_protocol.c
 * What the octets of both directions are, and who reads them.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "flow_outside.h"

/* Octets of each side that wait until it is known what they are. */
#define HELD_MAX 65536

/* Octets that tell a connection preface of HTTP/2 from a request of HTTP/1.1. */
#define PREFACE_START_LEN 4

/* Segments of each side in which a known protocol may begin. A proxy protocol, as SOCKS, takes a
 * few before what it carries begins; a capture may begin in the middle of a long message. */
#define OPENING_MAX 8
#define LOOKED_MAX 250

/* What octets wait for. */

static flow_waiting *
waiting_of(wsclose_flow *flow)
{
    if (!flow->waiting)
        flow->waiting = g_new0(flow_waiting, 1);
    return flow->waiting;
}

static void
hold(wsclose_flow *flow, const flow_reading *reading, wsclose_octets input)
{
    const size_t direction = reading->direction;
    flow_waiting *waiting = waiting_of(flow);

    if (!waiting->held[direction])
        waiting->held[direction] = g_byte_array_new();
    if (waiting->has_gap[direction] || waiting->held[direction]->len + input.captured > HELD_MAX) {
        waiting->has_gap[direction] = true;
        return;
    }
    if (!reading->held)
        waiting->acks[direction] = flow_acknowledged_by(flow, reading, direction);
    if (input.captured > 0)
        g_byte_array_append(waiting->held[direction], input.data, (guint)input.captured);
    waiting->has_gap[direction] = input.lacking > 0;
}

/* What waited is taken out before it is read, by the functions that would let it wait: none of
 * them is in the middle of itself more than twice. NOLINTBEGIN(misc-no-recursion) */

/* Read what a side has waiting, unless it has to wait on. */
static void
release(wsclose_flow *flow, flow_reading *reading, size_t direction)
{
    flow_waiting *waiting = flow->waiting;
    const flow_reading before = *reading;

    if (!waiting || (!waiting->held[direction] && !waiting->has_gap[direction]) ||
        flow_http1_waits(flow, direction))
        return;
    GByteArray *held = waiting->held[direction];
    const bool has_gap = waiting->has_gap[direction];
    waiting->held[direction] = NULL;
    waiting->has_gap[direction] = false;
    reading->direction = direction;
    reading->decrypted = flow->tls != NULL; /* records do not wait */
    reading->held = true;
    reading->has_end = false;
    if (held) {
        flow_protocol_take(flow, reading, (wsclose_octets){ held->data, held->len, 0 }, true);
        g_byte_array_free(held, TRUE);
    }
    if (has_gap)
        flow_protocol_gap(flow, reading, 0);
    reading->direction = before.direction;
    reading->decrypted = before.decrypted;
    reading->held = before.held;
    reading->has_end = before.has_end;
}

static inline void
release_held(wsclose_flow *flow, flow_reading *reading, size_t direction)
{
    if (flow->waiting)
        release(flow, reading, direction);
}

static void
forget_held(wsclose_flow *flow)
{
    flow_waiting *waiting = flow->waiting;

    for (size_t direction = 0; waiting && direction < 2; direction++) {
        if (waiting->held[direction])
            g_byte_array_free(waiting->held[direction], TRUE);
        waiting->held[direction] = NULL;
        waiting->has_gap[direction] = false;
    }
}

/* Whether the sender of a response had received octets that have not come so far: captures have
 * neighbours exchanged. */
static bool
is_early(const wsclose_flow *flow, size_t direction)
{
    const flow_direction *other = &flow->directions[1 - direction];
    const bool may_answer =
        flow->protocol == PROTOCOL_UNDECIDED ||
        (flow->protocol == PROTOCOL_HTTP1 && direction != flow->client && !flow->upgrade);

    return may_answer && !flow_is_quiet(&other->stream) && other->acked_packets <= FLOW_PATIENCE &&
           wsclose_stream_hole_is_acknowledged(&other->stream);
}

/* Keep a response, and what follows it, until its request has come. Returns whether they wait. */
static bool
hold_early(wsclose_flow *flow, const flow_reading *reading, const wsclose_octets *input)
{
    const size_t direction = reading->direction;

    if (!is_early(flow, direction) || input->captured == 0 || input->lacking > 0)
        return false;
    const GByteArray *early = flow_early(flow, direction);
    if (early ? early->len + input->captured > HELD_MAX
              : !wsclose_http1_begins(input->data, input->captured, WSCLOSE_HTTP1_RESPONSES))
        return false;
    flow_waiting *waiting = waiting_of(flow);
    if (!waiting->early[direction])
        waiting->early[direction] = g_byte_array_new();
    g_byte_array_append(waiting->early[direction], input->data, (guint)input->captured);
    waiting->acks[direction] = flow_acknowledged_by(flow, reading, direction);
    return true;
}

/* What the octets are. */

/* Nobody looks for frames any more. */
static void
forget_midstream(wsclose_flow *flow)
{
    g_free(flow->midstream);
    flow->midstream = NULL;
}

void
flow_protocol_start_midstream(wsclose_flow *flow, flow_reading *reading)
{
    forget_midstream(flow);
    flow->is_client_guessed = true;
    flow->protocol = PROTOCOL_WEBSOCKET;
    flow_begin(flow, reading, &flow->websocket, WSCLOSE_CARRIER_HTTP1, 0);
    for (size_t i = 0; i < 2; i++) {
        flow_lose(flow, &flow->websocket, i);
        wsclose_scanner_init(&flow->directions[i].scanner);
    }
}

/* Who is the client where somebody says that octets are frames: clients mask (RFC 6455 section
 * 5.1). */
static size_t
client_by_masking(const flow_reading *reading, const wsclose_octets *input)
{
    const bool masked = input->captured >= 2 && (input->data[1] & 0x80) != 0;

    return masked ? reading->direction : 1 - reading->direction;
}

/* Whether a frame may begin with this octet (RFC 6455 section 5.2); whether RSV1 may be set is not known. */
static bool
may_begin_frame(uint8_t first)
{
    const wsclose_frame frame = { .fin = (first & 0x80) != 0,
                                  .rsv = first >> 4 & (WSCLOSE_RSV_ANY & ~WSCLOSE_RSV1),
                                  .opcode = first & 0xF };

    return wsclose_frame_breaches(&frame, WSCLOSE_SIDE_UNKNOWN, 0, false) == 0;
}

static bool
take_hint(wsclose_flow *flow, flow_reading *reading, const wsclose_octets *input)
{
    const wsclose_packet *packet = reading->packet;

    switch (packet->source ? packet->source->hint(packet->user) : WSCLOSE_HINT_NONE) {
    case WSCLOSE_HINT_WEBSOCKET:
        /* Of a garbled 101 Wireshark says so in one pass, and in another not. */
        if (!may_begin_frame(*input->data))
            return false;
        flow->client = (uint8_t)client_by_masking(reading, input);
        flow_protocol_start_midstream(flow, reading);
        return true;
    case WSCLOSE_HINT_HTTP2:
        /* Wireshark names the lower port the server's too, where nothing else tells. */
        flow_http2_start(flow, reading->direction);
        return true;
    case WSCLOSE_HINT_NONE:
        break;
    }
    return false;
}

static void
find_midstream(wsclose_flow *flow, flow_reading *reading, size_t client)
{
    flow->find_midstream = false;
    flow->client = (uint8_t)client;
    /* The plaintext of TLS is not kept, nor is a packet that opens a tunnel. */
    if (flow->tls || !flow->earlier)
        flow_protocol_start_midstream(flow, reading);
    else
        flow->found_midstream = true;
}

/* The last type that RFC 9113 has. */
#define HTTP2_TYPE_MAX WSCLOSE_HTTP2_CONTINUATION

/* Whether a segment is frames of HTTP/2 to its end. In clear text without a preface nothing else tells
 * that they are, and they may carry a WebSocket. */
static bool
are_http2_frames(const uint8_t *octets, size_t len)
{
    wsclose_http2_frame frame;
    size_t at = 0;

    while (wsclose_http2_frame_decode(octets + at, len - at, &frame) &&
           frame.type <= HTTP2_TYPE_MAX && frame.captured == frame.payload_len)
        at += WSCLOSE_HTTP2_HEADER_LEN + frame.payload_len;
    return len > 0 && at == len;
}

/* Look for frames in the octets of a segment. */
static void
look_for_frames(wsclose_flow *flow, flow_reading *reading, const wsclose_octets *input)
{
    if (!flow->midstream)
        flow->midstream = g_new0(midstream, 1);
    if (input->lacking > 0) {
        flow->has_others = true;
        midstream_skip(flow->midstream, reading->direction, input->captured + input->lacking);
        return;
    }
    flow->is_like_http2 |= are_http2_frames(input->data, input->captured);
    const midstream_verdict verdict =
        midstream_look(flow->midstream, reading->direction, input->data, input->captured);
    flow->has_frames |= flow->midstream->fit == MIDSTREAM_FRAMES;
    flow->has_others |= flow->midstream->fit != MIDSTREAM_FRAMES;
    switch (verdict) {
    case MIDSTREAM_UNDECIDED:
        break;
    case MIDSTREAM_NONE:
        flow->find_midstream = false;
        flow->is_no_frames = !flow->is_like_http2;
        break;
    case MIDSTREAM_CLIENT_0:
        find_midstream(flow, reading, 0);
        break;
    case MIDSTREAM_CLIENT_1:
        find_midstream(flow, reading, 1);
        break;
    }
}

/* Whether the octets that begin a segment tell who reads them. */
static bool
are_known(wsclose_flow *flow, flow_reading *reading, const wsclose_octets *input)
{
    if (input->captured >= PREFACE_START_LEN && flow_http2_begins(input->data, input->captured)) {
        flow_http2_start(flow, reading->direction);
        return true;
    }
    if (wsclose_http1_begins(input->data, input->captured, WSCLOSE_HTTP1_REQUESTS)) {
        flow_http1_start(flow, reading->direction);
        return true;
    }
    if (wsclose_http1_begins(input->data, input->captured, WSCLOSE_HTTP1_RESPONSES)) {
        flow_http1_start(flow, 1 - reading->direction);
        return true;
    }
    /* A hint is about what is within TLS, and costs more than a look. */
    if (!flow->tls && tls_records_begin(input->data, input->captured)) {
        flow->tls = g_new0(flow_tls, 2);
        if (flow->tls_outside)
            flow_outside_start(flow);
        return true;
    }
    return take_hint(flow, reading, input);
}

/* Decide by the octets that begin a segment. Returns whether it is decided who reads them. */
static bool
decide(wsclose_flow *flow, flow_reading *reading, const wsclose_octets *input)
{
    if (input->captured == 0)
        return false;
    if (are_known(flow, reading, input)) {
        /* What waited came before these. */
        if (flow->protocol != PROTOCOL_WEBSOCKET)
            forget_held(flow);
        if (flow->protocol != PROTOCOL_UNDECIDED)
            forget_midstream(flow);
        return true;
    }
    if (flow->found_midstream)
        return false;
    if (flow->find_midstream && flow_is_begun_before(flow))
        look_for_frames(flow, reading, input);
    else if (++flow->looked[reading->direction] >
             (flow_is_begun_before(flow) ? LOOKED_MAX : OPENING_MAX))
        flow_protocol_give_up(flow);
    return false;
}

/* Octets. */

static void
take_decided(wsclose_flow *flow, flow_reading *reading, wsclose_octets *input, bool at_start)
{
    const size_t direction = reading->direction;

    switch ((flow_protocol)flow->protocol) {
    case PROTOCOL_HTTP1:
        flow_http1_take(flow, reading, input);
        return;
    case PROTOCOL_WEBSOCKET:
        flow_frames_take(flow, reading, &flow->websocket, &flow->directions[direction].scanner,
                         *input, at_start);
        break;
    case PROTOCOL_HTTP2:
        flow_http2_take(flow, reading, *input, at_start);
        break;
    case PROTOCOL_UNDECIDED:
    case PROTOCOL_OUTSIDE:
    case PROTOCOL_OTHER:
        break;
    }
    *input = (wsclose_octets){ 0 };
}

/* Octets that may be the first ones of a connection preface wait for the rest of it. */
static bool
waits_for_preface(wsclose_flow *flow, const flow_reading *reading, wsclose_octets *input)
{
    const size_t direction = reading->direction;
    const GByteArray *held = flow_held(flow, direction);

    if (!held && (input->captured >= PREFACE_START_LEN || input->lacking > 0 ||
                  !flow_http2_begins(input->data, input->captured)))
        return false;
    if (held && held->len >= PREFACE_START_LEN)
        return false;
    hold(flow, reading, (wsclose_octets){ input->data, input->captured, 0 });
    held = flow_held(flow, direction);
    input->data = held->data;
    input->captured = held->len;
    return input->lacking == 0 && held->len < PREFACE_START_LEN &&
           flow_http2_begins(held->data, held->len);
}

/* Records of TLS. After a gap they begin anew where a segment does. */
static void
take_records(wsclose_flow *flow, const flow_reading *reading, wsclose_octets input, bool at_start)
{
    const size_t direction = reading->direction;
    tls_records *records = &flow->tls[direction].records;

    if (flow->outside)
        flow_outside_octets(flow, reading, input);

    if (records->lost && at_start && input.captured > 0 &&
        tls_records_begin(input.data, input.captured)) {
        records->lost = false;
        records->header_len = 0;
    }
    tls_records_take(records, input, flow->directions[direction].stream.next);
}

static void
take(wsclose_flow *flow, flow_reading *reading, wsclose_octets input, bool at_start)
{
    const size_t direction = reading->direction;

    /* What an opening handshake leaves of its segment is of another protocol. */
    while (input.captured > 0 || input.lacking > 0) {
        if (flow_http1_waits(flow, direction)) {
            hold(flow, reading, input);
            return;
        }
        if (at_start && direction != flow->client) {
            if (flow->upgrade)
                flow_http1_look_for_answer(flow, reading, &input);
            release_held(flow, reading, flow->client);
        }
        if (flow->protocol == PROTOCOL_UNDECIDED && !decide(flow, reading, &input)) {
            flow->directions[direction].skipped = true;
            return;
        }
        if (flow->tls && !reading->decrypted) {
            take_records(flow, reading, input, at_start);
            return;
        }
        const bool is_http1 = flow->protocol == PROTOCOL_HTTP1;
        take_decided(flow, reading, &input, at_start);
        /* What waited for an answer is read by it, not by the next one. */
        if (is_http1)
            release_held(flow, reading, 1 - direction);
    }
}

/* Take octets outside of TLS, or within it. */
static void
take_plaintext(wsclose_flow *flow, flow_reading *reading, wsclose_octets input, bool at_start)
{
    const size_t direction = reading->direction;

    if (flow->protocol == PROTOCOL_UNDECIDED && !flow_is_begun_before(flow)) {
        if (waits_for_preface(flow, reading, &input))
            return;
        GByteArray *held = flow->waiting ? flow->waiting->held[direction] : NULL;
        if (held)
            flow->waiting->held[direction] = NULL;
        take(flow, reading, input, at_start);
        if (held)
            g_byte_array_free(held, TRUE);
    } else {
        take(flow, reading, input, at_start);
    }
}

void
flow_protocol_hurry(wsclose_flow *flow, flow_reading *reading, size_t direction)
{
    GByteArray *early = flow_early(flow, direction);
    flow_reading waited = *reading;

    if (!early)
        return;
    flow->waiting->early[direction] = NULL;
    waited.direction = direction;
    waited.decrypted = flow->tls != NULL;
    waited.held = true;
    waited.has_end = false;
    take_plaintext(flow, &waited, (wsclose_octets){ early->data, early->len, 0 }, true);
    g_byte_array_free(early, TRUE);
}

/* Whether octets are HTTP/1.1 and none waits, or may have to: nothing but their reader matters. */
static bool
is_plain_http1(const wsclose_flow *flow, size_t direction)
{
    return flow->protocol == PROTOCOL_HTTP1 && !flow->tls && !flow->upgrade && !flow->waiting &&
           (direction == flow->client ? !flow_http1_waits(flow, direction)
                                      : flow_is_quiet(&flow->directions[flow->client].stream));
}

void
flow_protocol_take(wsclose_flow *flow, flow_reading *reading, wsclose_octets input, bool at_start)
{
    while (is_plain_http1(flow, reading->direction)) {
        flow_http1_take(flow, reading, &input);
        if (input.captured == 0 && input.lacking == 0)
            return;
    }
    if (flow->tls && !reading->decrypted) {
        take_records(flow, reading, input, at_start);
    } else if (!hold_early(flow, reading, &input)) {
        if (flow->waiting)
            flow_protocol_hurry(flow, reading, reading->direction);
        take_plaintext(flow, reading, input, at_start);
    }
}

void
flow_protocol_gap(wsclose_flow *flow, flow_reading *reading, uint64_t octets)
{
    const size_t direction = reading->direction;
    const wsclose_octets gap = { NULL, 0, octets > 0 ? octets : UINT64_MAX };

    if (flow->tls && !reading->decrypted) {
        flow_reading within = *reading;

        take_records(flow, reading, gap, false);
        within.decrypted = true;
        flow->directions[direction].blind = true;
        flow_protocol_gap(flow, &within, 0);
        return;
    }
    flow_protocol_hurry(flow, reading, direction);
    if (flow_http1_waits(flow, direction)) {
        waiting_of(flow)->has_gap[direction] = true;
        return;
    }
    if (flow->protocol == PROTOCOL_UNDECIDED) {
        flow->directions[direction].skipped = true;
        if (flow->midstream)
            midstream_skip(flow->midstream, direction, gap.lacking);
        if (!flow_is_begun_before(flow))
            forget_held(flow); /* no preface has a gap */
    }
    if (flow->protocol == PROTOCOL_WEBSOCKET && octets == 0) {
        wsclose_scanner_lose(&flow->directions[direction].scanner);
        flow_lose(flow, &flow->websocket, direction);
    } else if (flow->protocol == PROTOCOL_HTTP2) {
        flow_http2_gap(flow, reading, octets);
    } else {
        wsclose_octets input = gap;

        take_decided(flow, reading, &input, false);
    }
}

bool
flow_protocol_looks_for_frames(const wsclose_flow *flow)
{
    return flow->protocol == PROTOCOL_UNDECIDED && flow->find_midstream && !flow->tls &&
           flow_is_begun_before(flow);
}

/* NOLINTEND(misc-no-recursion) */

/* Nothing waits any more. */
static void
forget_idle_waiting(wsclose_flow *flow)
{
    const flow_waiting *waiting = flow->waiting;

    if (!waiting || waiting->held[0] || waiting->held[1] || waiting->early[0] ||
        waiting->early[1] || waiting->has_gap[0] || waiting->has_gap[1])
        return;
    g_free(flow->waiting);
    flow->waiting = NULL;
}

void
flow_protocol_settle(wsclose_flow *flow, flow_reading *reading)
{
    for (size_t direction = 0; direction < 2; direction++) {
        if (!is_early(flow, direction))
            flow_protocol_hurry(flow, reading, direction);
    }
    flow_http1_look_for_answer(flow, reading, NULL);
    for (size_t direction = 0; flow->protocol != PROTOCOL_UNDECIDED && direction < 2; direction++)
        release(flow, reading, direction);
    forget_idle_waiting(flow);
}

void
flow_protocol_give_up(wsclose_flow *flow)
{
    flow_protocol_clear(flow);
    flow->protocol = PROTOCOL_OTHER;
}

void
flow_protocol_clear(wsclose_flow *flow)
{
    if (flow->protocol == PROTOCOL_HTTP1)
        flow_http1_clear(flow);
    else if (flow->protocol == PROTOCOL_HTTP2)
        flow_http2_clear(flow);
    for (size_t i = 0; i < 2; i++)
        wsclose_scanner_clear(&flow->directions[i].scanner);
    forget_midstream(flow);
    forget_held(flow);
    for (size_t i = 0; flow->waiting && i < 2; i++) {
        if (flow->waiting->early[i])
            g_byte_array_free(flow->waiting->early[i], TRUE);
        flow->waiting->early[i] = NULL;
    }
}
