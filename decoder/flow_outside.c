/* flow_outside.c
 * A TLS connection that nobody decrypts, as a WebSocket of which only the transport shows: the times
 * and lengths of its records, alerts in clear, the ends of TCP.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "flow_outside.h"

#include "connection_private.h"
#include "moment.h"
#include "tls_hello.h"

/* Encrypted records of the client after which nobody will decrypt: of TLS 1.3 the first one is of the
 * handshake, whose secrets a key log may lack. */
#define CLIENT_RECORDS_MIN 2

/* RFC 8446 section 5.2: an alert of two octets, its type, and the tag of the usual ciphers. */
#define ALERT_LEN_TLS13 19

/* A closing handshake, Pings and Pongs: a control frame in a record with all that ciphers add. */
#define CONTROL_LEN_MAX 190
#define HELD_MAX 8

/* Such records belong to the end where TCP ends so soon after them, and this silence before. */
#define CLOSING_MAX (2 * SECOND)
#define SILENCE_MIN (3 * SECOND)

struct flow_outside {
    GByteArray *octets[2]; /* of each side from its first one on, until one is a ClientHello */
    tls_hello hello;
    wsclose_moment began; /* the packet that ended the ClientHello; else the first one of TLS */
    uint32_t seen[2];     /* encrypted records of each side that were taken */
    wsclose_moment held;  /* the first of some short records that may belong to the end */
    wsclose_moment held_last[2]; /* and the last of each side; number 0 for none */
    unsigned n_held;
    bool held_alert[2]; /* that last one may be an alert */
    bool has_hello;
};

void
flow_outside_start(wsclose_flow *flow)
{
    flow->outside = g_new0(flow_outside, 1);
}

static void
forget_octets_of(flow_outside *outside, size_t direction)
{
    if (outside->octets[direction])
        g_byte_array_free(outside->octets[direction], TRUE);
    outside->octets[direction] = NULL;
}

static void
forget_octets(flow_outside *outside)
{
    forget_octets_of(outside, 0);
    forget_octets_of(outside, 1);
}

void
flow_outside_free(wsclose_flow *flow)
{
    if (!flow->outside)
        return;
    forget_octets(flow->outside);
    tls_hello_clear(&flow->outside->hello);
    g_free(flow->outside);
    flow->outside = NULL;
}

/* The ClientHello. */

void
flow_outside_octets(wsclose_flow *flow, const flow_reading *reading, wsclose_octets input)
{
    flow_outside *outside = flow->outside;
    const size_t direction = reading->direction;
    const bool is_first =
        flow->directions[direction].stream.passed == input.captured + input.lacking;

    if (outside->began.number == 0)
        outside->began = reading->packet->moment;
    if (outside->has_hello || !(is_first || outside->octets[direction]) || input.captured == 0)
        return;
    if (!outside->octets[direction])
        outside->octets[direction] = g_byte_array_new();
    GByteArray *octets = outside->octets[direction];
    g_byte_array_append(octets, input.data, (guint)MIN(input.captured, TLS_HELLO_MAX));
    switch (tls_hello_read(octets->data, octets->len, &outside->hello)) {
    case TLS_HELLO_MORE:
        if (octets->len <= TLS_HELLO_MAX && input.lacking == 0)
            return;
        break;
    case TLS_HELLO_READ:
        outside->has_hello = true;
        outside->began = reading->packet->moment;
        flow->client = (uint8_t)direction;
        forget_octets(outside);
        return;
    case TLS_HELLO_NONE:
        break;
    }
    /* What comes later is no hello, though it may look like one. */
    forget_octets_of(outside, direction);
}

/* Whether it is taken for a WebSocket. */

static wsclose_slice
slice_of(const char *text)
{
    return (wsclose_slice){ text, text ? strlen(text) : 0 };
}

static bool
is_server(const wsclose_flow *flow, const flow_reading *reading, size_t direction)
{
    const flow_outside *outside = flow->outside;
    const wsclose_tls_server end = {
        .direction = direction,
        .name = slice_of(outside->hello.server_name),
        .is_server = outside->has_hello,
    };

    return reading->sink->is_tls_server(reading->user, &end);
}

/* Whether one side is a listed server, and the client is the other one. */
static bool
find_server(wsclose_flow *flow, const flow_reading *reading)
{
    if (flow->outside->has_hello)
        return is_server(flow, reading, 1 - (size_t)flow->client);
    for (size_t direction = 0; direction < 2; direction++) {
        if (is_server(flow, reading, direction)) {
            flow->client = (uint8_t)(1 - direction);
            return true;
        }
    }
    return false;
}

/* Take it for a WebSocket, or leave it alone. */
static void
decide(wsclose_flow *flow, flow_reading *reading)
{
    const flow_outside *outside = flow->outside;

    if (!find_server(flow, reading)) {
        flow_outside_free(flow);
        return;
    }
    flow_protocol_clear(flow);
    flow->protocol = PROTOCOL_OUTSIDE;
    flow_begin(flow, reading, &flow->websocket, WSCLOSE_CARRIER_HTTP1, 0);
    for (size_t i = 0; i < 2; i++)
        flow->directions[i].blind = flow->directions[i].undecrypted = false;
    const wsclose_tls_hello hello = {
        .server_name = slice_of(outside->hello.server_name),
        .protocols = slice_of(outside->hello.protocols),
    };
    wsclose_connection_outside(flow->websocket.connection, outside->began,
                               flow->directions[0].stream.whole ||
                                   flow->directions[1].stream.whole);
    reading->sink->outside(reading->user, flow->websocket.connection, &hello);
}

static bool
is_begun(const wsclose_flow *flow)
{
    return flow->protocol == PROTOCOL_OUTSIDE;
}

/* Records. */

static void
take_record(wsclose_flow *flow, size_t direction, wsclose_moment moment)
{
    wsclose_connection_record(flow->websocket.connection, flow_side(flow, direction), moment);
}

/* What was held was no part of the end. */
static void
release_held(wsclose_flow *flow)
{
    flow_outside *outside = flow->outside;
    const size_t first = outside->held_last[0].number < outside->held_last[1].number ? 0 : 1;

    for (size_t i = 0; i < 2; i++) {
        const size_t direction = i == 0 ? first : 1 - first;

        if (outside->held_last[direction].number != 0)
            take_record(flow, direction, outside->held_last[direction]);
        outside->held_last[direction].number = 0;
        outside->held_alert[direction] = false;
    }
    outside->n_held = 0;
}

/* Whether the latest record may be an alert: of TLS 1.2 the type tells, of 1.3 the length. */
static bool
is_alert(const tls_records *records)
{
    return records->last_type == TLS_ALERT || records->last_len == ALERT_LEN_TLS13;
}

static bool
is_silent_before(const wsclose_flow *flow, wsclose_moment moment)
{
    const wsclose_moment *last = connection_last_frame(flow->websocket.connection);

    return time_between(last ? last->time : flow->outside->began.time, moment.time) >= SILENCE_MIN;
}

static void
hold(flow_outside *outside, size_t direction, const tls_records *records, wsclose_moment moment)
{
    if (outside->n_held++ == 0)
        outside->held = moment;
    outside->held_last[direction] = moment;
    outside->held_alert[direction] = is_alert(records);
}

/* Records of a side came in this packet. */
static void
take_records(wsclose_flow *flow, size_t direction, wsclose_moment moment)
{
    flow_outside *outside = flow->outside;
    const tls_records *records = &flow->tls[direction].records;
    const bool is_short = records->longest <= CONTROL_LEN_MAX;

    if (outside->n_held > 0 && (!is_short || outside->n_held >= HELD_MAX ||
                                time_between(outside->held.time, moment.time) > CLOSING_MAX))
        release_held(flow);
    if (is_short && (outside->n_held > 0 || is_alert(records) || is_silent_before(flow, moment)))
        hold(outside, direction, records, moment);
    else
        take_record(flow, direction, moment);
}

static void
take_alerts(wsclose_flow *flow, const flow_reading *reading)
{
    for (size_t direction = 0; direction < 2; direction++) {
        const tls_records *records = &flow->tls[direction].records;

        if (records->has_alert)
            wsclose_connection_alert(flow->websocket.connection, flow_side(flow, direction),
                                     records->alert, reading->packet->moment);
    }
}

/* Whether what has come shows that nobody decrypts it. */
static bool
is_enough(const wsclose_flow *flow)
{
    const flow_tls *tls = flow->tls;

    if (!flow->outside->has_hello)
        return tls[0].records.encrypted >= CLIENT_RECORDS_MIN &&
               tls[1].records.encrypted >= CLIENT_RECORDS_MIN;
    return tls[flow->client].records.encrypted >= CLIENT_RECORDS_MIN || tls[0].records.has_alert ||
           tls[1].records.has_alert;
}

void
flow_outside_packet(wsclose_flow *flow, flow_reading *reading)
{
    flow_outside *outside = flow->outside;

    if (flow->has_decrypted && !is_begun(flow)) {
        flow_outside_free(flow);
        return;
    }
    if (!is_begun(flow) && is_enough(flow))
        decide(flow, reading);
    for (size_t i = 0; flow->outside && i < 2; i++) {
        tls_records *records = &flow->tls[i].records;

        if (records->encrypted != outside->seen[i] && is_begun(flow))
            take_records(flow, i, reading->packet->moment);
        outside->seen[i] = records->encrypted;
        records->longest = 0;
    }
    if (is_begun(flow))
        take_alerts(flow, reading);
}

void
flow_outside_end(wsclose_flow *flow, flow_reading *reading)
{
    flow_outside *outside = flow->outside;

    if (!is_begun(flow) && outside->has_hello && !flow->has_decrypted)
        decide(flow, reading);
    if (!flow->outside || !is_begun(flow) || outside->n_held == 0)
        return;
    if (time_between(outside->held.time, reading->packet->moment.time) > CLOSING_MAX) {
        release_held(flow);
        return;
    }
    for (size_t direction = 0; direction < 2; direction++) {
        if (outside->held_alert[direction])
            wsclose_connection_notified(flow->websocket.connection, flow_side(flow, direction));
    }
    wsclose_connection_closing(flow->websocket.connection, outside->held, outside->n_held > 1);
    outside->n_held = 0;
}
