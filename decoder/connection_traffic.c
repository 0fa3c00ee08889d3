/* connection_traffic.c
 * What each side of a connection sent, as far as it can show why the connection ends: Pings and
 * Pongs (RFC 6455 section 5.5.3), messages, octets that were never acknowledged.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "connection_private.h"

#include "moment.h"

#define MILLISECOND (SECOND / 1000)

wsclose_mark
wsclose_connection_mark(const wsclose_connection *connection, wsclose_moment moment)
{
    const int64_t elapsed = time_between(connection->start, moment.time) / MILLISECOND;

    return (wsclose_mark){ moment.number, elapsed < UINT32_MAX ? (uint32_t)elapsed : UINT32_MAX };
}

/* Whether a fact of a side still counts as what came before the end. */
static bool
is_before_end(const wsclose_connection *connection, wsclose_side side)
{
    return side != WSCLOSE_SIDE_UNKNOWN && !is_settled(connection) && !connection->has_ending;
}

/* Silence. */

/* Keep a gap in milliseconds where it is the longest, as few are. */
static inline void
note_gap(uint32_t *longest, const wsclose_moment *from, wsclose_moment to)
{
    const int64_t gap = time_between(from->time, to.time);

    if (from->number != 0 && gap >= ((int64_t)*longest + 1) * MILLISECOND)
        *longest = gap / MILLISECOND < UINT32_MAX ? (uint32_t)(gap / MILLISECOND) : UINT32_MAX;
}

void
connection_note_frame(wsclose_connection *connection, wsclose_side sender, wsclose_moment moment)
{
    wsclose_traffic *own = &connection->traffic[sender];
    const wsclose_moment *opening =
        sender == WSCLOSE_CLIENT ? &connection->request : &connection->response;
    const wsclose_moment *of_both = connection_last_frame(connection);

    note_gap(&own->longest_gap, own->last.number != 0 ? &own->last : opening, moment);
    note_gap(&connection->longest_gap, of_both ? of_both : &connection->response, moment);
    own->last = moment;
}

/* Messages. */

void
connection_note_message(wsclose_connection *connection, wsclose_side sender,
                        const wsclose_frame *frame, wsclose_moment moment)
{
    wsclose_traffic *own = &connection->traffic[sender];

    if (!is_before_end(connection, sender) || wsclose_opcode_is_control(frame->opcode))
        return;
    own->last_data = wsclose_connection_mark(connection, moment);
    if (frame->opcode != WSCLOSE_OPCODE_CONTINUATION) {
        own->message_len = 0;
        own->text = frame->opcode == WSCLOSE_OPCODE_TEXT;
        own->compressed_before |= own->compressed;
        own->compressed = connection->rsv == WSCLOSE_RSV1 && (frame->rsv & WSCLOSE_RSV1) != 0;
    }
    /* One in fragments is read, if at all, when it is whole. */
    if (own->compressed && !frame->fin) {
        own->content = WSCLOSE_CONTENT_UNREAD;
        own->faulty_in = moment.number;
    }
    own->message_len = frame->payload_len < UINT32_MAX - own->message_len
                           ? own->message_len + (uint32_t)frame->payload_len
                           : UINT32_MAX;
}

void
wsclose_connection_content(wsclose_connection *connection, wsclose_side sender,
                           wsclose_content content, wsclose_moment moment)
{
    if (!is_before_end(connection, sender) || content == WSCLOSE_CONTENT_FINE)
        return;
    connection->traffic[sender].content = content;
    connection->traffic[sender].faulty_in = moment.number;
}

/* Pings and Pongs. */

static void
take_ping(wsclose_connection *connection, wsclose_traffic *own, uint32_t digest,
          wsclose_moment moment)
{
    if (own->ping.number == 0) {
        own->ping = wsclose_connection_mark(connection, moment);
        own->n_pings = 0;
    }
    if (own->n_pings < UINT8_MAX)
        own->n_pings++;
    own->ping_digest = digest;
}

static bool
may_be_same(uint32_t ping, uint32_t pong)
{
    return ping == pong || ping == WSCLOSE_DIGEST_UNKNOWN || pong == WSCLOSE_DIGEST_UNKNOWN;
}

/* A Pong whose data are not those of the latest Ping answers none, or an earlier one: then it is not
 * known any more which is the oldest. */
static void
take_pong(const wsclose_connection *connection, wsclose_traffic *pinged, uint32_t digest,
          wsclose_moment moment)
{
    const uint32_t elapsed = wsclose_connection_mark(connection, moment).elapsed;

    if (pinged->ping.number == 0 ||
        (!may_be_same(pinged->ping_digest, digest) && pinged->n_pings == 1))
        return;
    const uint32_t rtt = elapsed > pinged->ping.elapsed ? elapsed - pinged->ping.elapsed : 0;
    pinged->rtt_last = (uint16_t)(rtt < UINT16_MAX ? rtt : UINT16_MAX - 1);
    if (pinged->rtt_last < pinged->rtt_min)
        pinged->rtt_min = pinged->rtt_last;
    pinged->ping.number = 0;
}

void
wsclose_connection_heartbeat(wsclose_connection *connection, wsclose_side sender, uint8_t opcode,
                             uint32_t digest, wsclose_moment moment)
{
    if (!is_before_end(connection, sender))
        return;
    connection_note_start(connection, moment);
    if (opcode == WSCLOSE_OPCODE_PING)
        take_ping(connection, &connection->traffic[sender], digest, moment);
    else if (opcode == WSCLOSE_OPCODE_PONG)
        take_pong(connection, &connection->traffic[other(sender)], digest, moment);
}

/* Octets that are no frames. */

void
wsclose_connection_no_frames(wsclose_connection *connection, wsclose_side sender)
{
    if (sender != WSCLOSE_SIDE_UNKNOWN && !is_settled(connection) &&
        connection->traffic[sender].n_breaches == 1)
        connection->traffic[sender].no_frames = true;
}

void
wsclose_connection_breach_cut(wsclose_connection *connection, wsclose_side sender)
{
    if (sender != WSCLOSE_SIDE_UNKNOWN && !is_settled(connection))
        connection->sides[sender].breach_cut = true;
}

void
wsclose_connection_not_http(wsclose_connection *connection, wsclose_moment moment)
{
    wsclose_traffic *server = &connection->traffic[WSCLOSE_SERVER];

    if (is_settled(connection) || connection->response.number != 0 || server->no_frames)
        return;
    server->no_frames = true;
    server->provoked_in = moment.number;
}

void
wsclose_connection_garbled(wsclose_connection *connection, wsclose_side sender)
{
    if (sender != WSCLOSE_SIDE_UNKNOWN && !is_settled(connection))
        connection->traffic[sender].garbled = true;
}

/* TCP and TLS. */

void
wsclose_connection_repeated(wsclose_connection *connection, wsclose_side sender,
                            wsclose_moment first)
{
    if (sender == WSCLOSE_SIDE_UNKNOWN || is_settled(connection))
        return;
    wsclose_traffic *own = &connection->traffic[sender];
    if (own->unacknowledged.number == 0)
        own->unacknowledged = wsclose_connection_mark(connection, first);
    if (own->repeated < UINT8_MAX)
        own->repeated++;
}

void
wsclose_connection_acknowledged(wsclose_connection *connection, wsclose_side sender)
{
    if (sender == WSCLOSE_SIDE_UNKNOWN || is_settled(connection))
        return;
    connection->traffic[sender].unacknowledged.number = 0;
    connection->traffic[sender].repeated = 0;
}

void
wsclose_connection_got_close(wsclose_connection *connection, wsclose_side receiver)
{
    if (receiver != WSCLOSE_SIDE_UNKNOWN && !is_settled(connection))
        connection->traffic[receiver].got_close = true;
}

void
wsclose_connection_woken(wsclose_connection *connection, wsclose_moment first, int64_t silence)
{
    if (is_settled(connection) || (connection->has_ending && connection->ending < first.time))
        return;
    connection->woken_in = first.number;
    connection->silence = silence;
}

void
wsclose_connection_outside(wsclose_connection *connection, wsclose_moment start, bool whole)
{
    if (is_settled(connection))
        return;
    connection->outside = true;
    connection->whole = whole;
    connection_note_start(connection, start);
}

void
wsclose_connection_record(wsclose_connection *connection, wsclose_side sender,
                          wsclose_moment moment)
{
    if (!is_before_end(connection, sender))
        return;
    if (connection->frames[sender] < UINT32_MAX)
        connection->frames[sender]++;
    connection_note_frame(connection, sender, moment);
}

void
wsclose_connection_closing(wsclose_connection *connection, wsclose_moment moment, bool talked)
{
    if (is_settled(connection) || connection->has_ending)
        return;
    begin_ending(connection, moment);
    connection->closing = talked;
}

void
wsclose_connection_notified(wsclose_connection *connection, wsclose_side sender)
{
    if (sender != WSCLOSE_SIDE_UNKNOWN && !is_settled(connection))
        connection->sides[sender].notified = true;
}

void
wsclose_connection_alert(wsclose_connection *connection, wsclose_side sender, uint8_t description,
                         wsclose_moment moment)
{
    if (sender == WSCLOSE_SIDE_UNKNOWN || is_settled(connection) || connection->alert_in != 0)
        return;
    connection->alerter = sender;
    connection->alert = description;
    connection->alert_in = moment.number;
}
