/* connection.c
 * One connection as its facts come in: opening handshake, frames, Close frames (RFC 6455 sections
 * 5.4, 5.5.1 and 7.1.4 to 7.1.7).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "connection_private.h"

#include "moment.h"
#include "wsclose/code.h"

static void
count_frame(wsclose_connection *connection, wsclose_side sender, wsclose_moment moment)
{
    if (connection->frames[sender] < UINT32_MAX)
        connection->frames[sender]++;
    if (!connection->has_ending)
        connection_note_frame(connection, sender, moment);
}

void
wsclose_connection_init_over(wsclose_connection *connection, wsclose_carrier carrier)
{
    *connection = (wsclose_connection){
        .carrier = carrier,
        .rsv = WSCLOSE_RSV_ANY,
        .any_opcode = true,
        .first_close = WSCLOSE_SIDE_UNKNOWN,
        .first_end = WSCLOSE_SIDE_UNKNOWN,
        .alerter = WSCLOSE_SIDE_UNKNOWN,
    };
    for (wsclose_side side = WSCLOSE_CLIENT; side <= WSCLOSE_SERVER; side++)
        connection->traffic[side].rtt_min = connection->traffic[side].rtt_last = UINT16_MAX;
}

void
wsclose_connection_init(wsclose_connection *connection)
{
    wsclose_connection_init_over(connection, WSCLOSE_CARRIER_HTTP1);
}

void
wsclose_connection_request(wsclose_connection *connection, wsclose_moment moment)
{
    if (is_settled(connection))
        return;
    connection_note_start(connection, moment);
    connection->request = moment;
}

void
wsclose_connection_by_browser(wsclose_connection *connection)
{
    if (!is_settled(connection))
        connection->by_browser = true;
}

bool
wsclose_connection_response(wsclose_connection *connection,
                            const wsclose_handshake_response *response, wsclose_moment moment)
{
    if (is_settled(connection))
        return false;
    connection_note_start(connection, moment);
    connection->response = moment;
    connection->status = (uint16_t)response->status;
    connection->faults = (uint8_t)response->faults;
    connection->rsv = response->rsv;
    connection->any_opcode = response->any_opcode;
    connection->subprotocol_unanswered = response->subprotocol_unanswered;
    return has_success(connection) ? false : settle(connection, moment);
}

/* RFC 6455 section 7.1.7: a code with which an endpoint says that it fails the connection. */
static bool
is_failure(const wsclose_close_mark *mark)
{
    if (mark->kind != WSCLOSE_BODY_CODE)
        return false;
    return mark->code == WSCLOSE_CODE_PROTOCOL_ERROR ||
           mark->code == WSCLOSE_CODE_INVALID_PAYLOAD || mark->code == WSCLOSE_CODE_MESSAGE_TOO_BIG;
}

/* Whether a Close says so, or may. */
static bool
may_fail(const wsclose_close_mark *mark)
{
    return mark->breaches == 0 && (is_failure(mark) || mark->kind == WSCLOSE_BODY_CUT);
}

void
connection_note_giving_up(wsclose_connection *connection, wsclose_side own, bool ends)
{
    const wsclose_close_mark *mark = &connection->closes[own];

    if (!has_closed(connection, own) || has_closed(connection, other(own)) || !may_fail(mark))
        return;
    if (ends && is_failure(mark))
        connection->sides[own].gave_up = true;
    else
        connection->sides[own].maybe_gave_up = true;
}

void
wsclose_connection_missing(wsclose_connection *connection, wsclose_side sender)
{
    if (sender == WSCLOSE_SIDE_UNKNOWN || is_settled(connection))
        return;
    connection->missing[sender] = connection->sides[sender].unordered = true;
    connection_note_giving_up(connection, sender, false);
}

void
wsclose_connection_unreadable(wsclose_connection *connection, wsclose_side sender, bool tls13)
{
    wsclose_connection_missing(connection, sender);
    if (sender == WSCLOSE_SIDE_UNKNOWN || is_settled(connection))
        return;
    connection->unreadable[sender] = true;
    connection->has_tls13 = tls13;
}

void
wsclose_connection_found(wsclose_connection *connection, wsclose_side sender)
{
    if (sender == WSCLOSE_SIDE_UNKNOWN || is_settled(connection))
        return;
    const wsclose_side own = sender;
    connection->missing[own] = false;
    if (connection->ends[own].kind == WSCLOSE_END_NONE)
        connection->sides[own].maybe_gave_up = false;
}

/* Frames other than Close. */

/* RFC 6455 section 5.4: the order of fragments. */
static unsigned
sequence_breaches(wsclose_connection *connection, wsclose_side sender, const wsclose_frame *frame)
{
    wsclose_side_state *own = &connection->sides[sender];

    if (wsclose_opcode_is_control(frame->opcode) || connection->sides[sender].unordered)
        return 0;
    const bool continues = frame->opcode == WSCLOSE_OPCODE_CONTINUATION;
    const bool breach = continues != own->in_message;
    own->in_message = !frame->fin && !(continues && breach);
    return breach ? WSCLOSE_BREACH_SEQUENCE : 0;
}

/* From so long after a breach on, what its receiver sends is no leftover. */
#define TOLERANCE (1000 * INT64_C(1000000))

/* How often its receiver goes on until it is none either. */
enum { TOLERANCE_ROUNDS = 2 };

/* A breach of an endpoint's has not kept its peer from going on: it obliges nobody any more. */
static void
tolerate(wsclose_connection *connection, wsclose_side sender)
{
    connection->tolerated[sender] |= connection->breaches[sender];
    connection->sides[other(sender)].failing = connection->sides[sender].provokes = false;
    connection->sides[sender].rounds = 0;
    connection->traffic[sender].provoked_in = 0;
}

static bool
may_tolerate(const wsclose_connection *connection, wsclose_side receiver)
{
    return receiver != WSCLOSE_SIDE_UNKNOWN && !is_settled(connection) &&
           connection->sides[receiver].failing && !has_closed(connection, receiver);
}

void
wsclose_connection_goes_on(wsclose_connection *connection, wsclose_side sender)
{
    if (!may_tolerate(connection, sender) || !connection->sides[other(sender)].provokes)
        return;
    connection->sides[other(sender)].provokes = false;
    if (++connection->sides[other(sender)].rounds >= TOLERANCE_ROUNDS)
        tolerate(connection, other(sender));
}

/* A breach that its receiver has not tolerated so far obliges it to fail the connection. */
static void
take_breach(wsclose_connection *connection, wsclose_side sender, unsigned breaches, bool garbled,
            wsclose_moment moment)
{
    connection->breaches[sender] |= (uint16_t)breaches;
    if ((breaches & ~(unsigned)connection->tolerated[sender]) == 0)
        return;
    wsclose_traffic *traffic = &connection->traffic[sender];
    if (!connection->sides[other(sender)].failing) {
        connection->provoked[sender] = moment.time;
        traffic->provoked_in = moment.number;
        traffic->n_breaches = 0;
        traffic->no_frames = traffic->garbled = false;
    }
    if (traffic->n_breaches < UINT8_MAX)
        traffic->n_breaches++;
    traffic->garbled |= garbled;
    connection->sides[other(sender)].failing = connection->sides[sender].provokes = true;
}

void
wsclose_connection_frame(wsclose_connection *connection, wsclose_side sender,
                         const wsclose_frame *frame, wsclose_moment moment,
                         wsclose_frame_meaning *out)
{
    *out = (wsclose_frame_meaning){ 0 };
    if (sender == WSCLOSE_SIDE_UNKNOWN)
        return;

    const wsclose_side own = sender;
    if (has_closed(connection, own))
        out->after_close = !wsclose_opcode_is_control(frame->opcode);
    if (is_settled(connection))
        return;
    connection_note_start(connection, moment);
    count_frame(connection, own, moment);
    connection_note_message(connection, own, frame, moment);
    if (own == WSCLOSE_CLIENT)
        connection->carries_on = true;
    if (may_tolerate(connection, own) &&
        time_between(connection->provoked[other(own)], moment.time) >= TOLERANCE)
        tolerate(connection, other(own));
    /* Where octets are missing, what is taken for a frame header may be something else. */
    if (has_closed(connection, own) || !is_opened(connection) || connection->missing[own])
        return;

    out->breaches = wsclose_frame_breaches(frame, sender, connection->rsv, connection->any_opcode) |
                    sequence_breaches(connection, own, frame);
    if (out->breaches == 0)
        return;
    out->first = (out->breaches & ~connection->breaches[own]) != 0;
    take_breach(
        connection, own, out->breaches,
        wsclose_frame_is_garbled(frame, out->breaches & ~(unsigned)connection->tolerated[own]),
        moment);
}

bool
wsclose_connection_is_out_of_step(const wsclose_connection *connection, wsclose_side sender,
                                  const wsclose_frame *frame)
{
    if (sender == WSCLOSE_SIDE_UNKNOWN || has_closed(connection, sender))
        return false;
    const unsigned breaches =
        wsclose_frame_breaches(frame, sender, 0, true) &
        (WSCLOSE_BREACH_FRAGMENTED | WSCLOSE_BREACH_TOO_LONG | WSCLOSE_BREACH_RSV);
    const bool several = (breaches & (breaches - 1)) != 0;

    return several || (breaches != 0 && connection->sides[other(sender)].failing);
}

/* Close frames. */

/* A client may reject a 101 with a Close too (RFC 6455 section 7.4.1 on 1010). */
static bool
rejects_response(const wsclose_close_mark *mark)
{
    return mark->kind == WSCLOSE_BODY_CODE &&
           (mark->code == WSCLOSE_CODE_PROTOCOL_ERROR || mark->code == WSCLOSE_CODE_MANDATORY_EXT);
}

wsclose_reported
connection_reported_by(const wsclose_close_mark *mark)
{
    /* RFC 6455 section 7.1.7: the receiver fails the connection, so no Close was received. */
    if (mark->breaches != 0)
        return (wsclose_reported){ true, WSCLOSE_CODE_ABNORMAL_CLOSURE };
    if (mark->kind == WSCLOSE_BODY_CUT)
        return (wsclose_reported){ false, 0 };
    return (wsclose_reported){ true, mark->code };
}

/* By what the two frames say, whether or not they may: two breaches tell the same 1006. */
static bool
is_echo(const wsclose_close_mark *first, const wsclose_close_mark *answer)
{
    return first->kind == answer->kind && first->code == answer->code &&
           (first->kind == WSCLOSE_BODY_EMPTY || first->kind == WSCLOSE_BODY_CODE);
}

/* It says itself that it fails the connection. */
static bool
says_it_fails(const wsclose_connection *connection, wsclose_side side)
{
    return has_closed(connection, side) && is_failure(&connection->closes[side]);
}

bool
connection_may_have_gone_on(const wsclose_connection *connection, wsclose_side side)
{
    return connection->missing[side] && !says_it_fails(connection, side);
}

bool
connection_may_have_read_on(const wsclose_connection *connection, wsclose_side side)
{
    return (connection->missing[side] || connection->missing[other(side)]) &&
           !says_it_fails(connection, side);
}

bool
connection_may_have_closed(const wsclose_connection *connection, wsclose_side side)
{
    return connection->missing[side] && !has_closed(connection, side);
}

bool
connection_may_have_been_breached(const wsclose_connection *connection, wsclose_side side)
{
    const wsclose_side peer = other(side);
    const bool echoes = has_closed(connection, peer) && !connection->crossed &&
                        connection->first_close == peer &&
                        is_echo(&connection->closes[peer], &connection->closes[side]);

    return connection->missing[peer] && has_closed(connection, side) && !echoes &&
           (is_failure(&connection->closes[side]) ||
            (connection->closes[side].kind == WSCLOSE_BODY_CUT && connection->first_close == side));
}

/* Whether an endpoint took a Close as it is: it answers, and not to say that it fails the connection. */
static bool
has_accepted_close(const wsclose_connection *connection, wsclose_side side)
{
    return has_closed(connection, side) && connection->first_close == other(side) &&
           !connection->crossed && !is_failure(&connection->closes[side]);
}

bool
connection_may_be_illegal(const wsclose_connection *connection, wsclose_side sender)
{
    return connection->sides[sender].reason_cut && !has_accepted_close(connection, other(sender));
}

/* What the first Close of an endpoint makes the other one report, as far as is known by now. */
static wsclose_reported
reported_by_receiver(const wsclose_connection *connection, wsclose_side sender)
{
    const wsclose_side receiver = other(sender);

    if (connection->sides[receiver].failing) {
        const bool known = !connection_may_have_gone_on(connection, receiver);

        return (wsclose_reported){ known, known ? WSCLOSE_CODE_ABNORMAL_CLOSURE : 0 };
    }
    if (connection->sides[sender].in_flight)
        return (wsclose_reported){ false, 0 };
    if (connection->sides[receiver].gave_up) {
        /* Where octets were missing, its own Close may be an answer to this one. */
        const bool known = !connection->missing[sender] && !connection->unsure_end;

        return (wsclose_reported){ known, known ? WSCLOSE_CODE_ABNORMAL_CLOSURE : 0 };
    }
    if (receiver == WSCLOSE_CLIENT && is_rejected(connection))
        return (wsclose_reported){ false, 0 }; /* it may still carry on */
    if (connection->closes[sender].breaches != 0
            ? connection_may_have_read_on(connection, receiver)
            : connection_may_have_closed(connection, receiver) ||
                  connection->sides[receiver].maybe_gave_up ||
                  connection_may_be_illegal(connection, sender) ||
                  connection_may_have_been_breached(connection, receiver))
        return (wsclose_reported){ false, 0 };
    return connection_reported_by(&connection->closes[sender]);
}

static bool
may_be_over_content(const wsclose_close_mark *mark)
{
    return is_failure(mark) && mark->code != WSCLOSE_CODE_MESSAGE_TOO_BIG;
}

/* Keep whether a Close says that its sender fails the connection over the content of the last message
 * that it received, and that is not fine: a text that is not UTF-8 (RFC 6455 section 8.1), compressed
 * data that cannot be inflated (RFC 7692 section 7.2.2). */
static void
note_failing_over_content(wsclose_connection *connection, const wsclose_close_fact *close,
                          const wsclose_close_mark *mark)
{
    const wsclose_side side = close->sender;
    const bool echoes = has_closed(connection, other(side)) && !close->crossing &&
                        is_echo(&connection->closes[other(side)], mark);
    const wsclose_traffic *received = &connection->traffic[other(side)];

    if (received->content == WSCLOSE_CONTENT_FINE ||
        received->faulty_in != received->last_data.number)
        return;
    if (mark->kind == WSCLOSE_BODY_CUT)
        connection->sides[side].maybe_gave_up = true;
    if (!may_be_over_content(mark))
        return;
    if (received->content == WSCLOSE_CONTENT_NOT_UTF8 ||
        received->content == WSCLOSE_CONTENT_NOT_INFLATED)
        connection->sides[side].failing = true;
    else if (!echoes)
        connection->sides[side].maybe_gave_up = true;
}

/* Keep an endpoint's first Close. */
static void
take_close(wsclose_connection *connection, const wsclose_close_fact *close,
           const wsclose_close_mark *mark)
{
    const wsclose_side sender = close->sender;
    const wsclose_side own = sender;

    connection->closes[own] = *mark;
    connection->sides[own].reason_cut = close->body && close->body->reason_cut;
    note_failing_over_content(connection, close, mark);
    if (connection->sides[own].ahead && may_be_over_content(mark))
        connection->sides[own].maybe_gave_up = true;
    if (connection->ends[own].kind != WSCLOSE_END_NONE)
        connection_note_giving_up(connection, own, true);
    connection->late[own] =
        connection->ends[other(own)].kind != WSCLOSE_END_NONE && !close->acknowledged;
    if (connection->first_close == WSCLOSE_SIDE_UNKNOWN || close->preceding)
        connection->first_close = sender;
    else
        connection->crossed = close->crossing;
    /* The other one answered it, and so waited for no answer. */
    if (close->preceding)
        connection->sides[other(own)].gave_up = false;
    /* An end behind it, and before the other Close, may be missing, or come later. */
    if (close->preceding && may_fail(mark))
        connection->sides[own].maybe_gave_up = true;
    if (own == WSCLOSE_CLIENT && mark->kind != WSCLOSE_BODY_CUT && !rejects_response(mark))
        connection->carries_on = true;
}

/* Breaches that the peer of an endpoint tolerates, in a Close as in any other frame. */
static unsigned
not_minded(const wsclose_connection *connection, wsclose_side sender)
{
    return sender == WSCLOSE_SIDE_UNKNOWN ? 0 : connection->tolerated[sender];
}

/* Where a Close stands among those of its connection. */
static void
place_close(const wsclose_connection *connection, const wsclose_close_fact *close,
            const wsclose_close_mark *mark, wsclose_close_meaning *out)
{
    const wsclose_side own = close->sender;
    const wsclose_close_mark *peer = &connection->closes[other(own)];
    const bool second = !has_closed(connection, own) && peer->moment.number != 0;

    out->peer = peer->moment;
    out->repeated = has_closed(connection, own);
    out->unheard = !out->repeated && is_settled(connection);
    out->answer = second && !close->preceding;
    out->crossed = out->answer && close->crossing;
    out->maybe_answer = !out->repeated && !second && connection->missing[other(own)];
    out->echo = out->answer && !out->crossed && is_echo(peer, mark);
    out->maybe_echo =
        out->maybe_answer || (out->answer && !out->crossed &&
                              (peer->kind == WSCLOSE_BODY_CUT || mark->kind == WSCLOSE_BODY_CUT));
}

/* Whether it is to be seen first that the second Close is received: where its receiver has ended
 * its side, and does not report 1006 anyway. */
static bool
awaits_receipt(const wsclose_connection *connection, const wsclose_close_fact *close,
               wsclose_reported reported)
{
    return close->has_receipt &&
           connection->ends[other(close->sender)].kind == WSCLOSE_END_ORDERLY &&
           !(reported.known && reported.code == WSCLOSE_CODE_ABNORMAL_CLOSURE);
}

bool
wsclose_connection_close(wsclose_connection *connection, const wsclose_close_fact *close,
                         wsclose_moment moment, wsclose_close_meaning *out)
{
    const wsclose_close_body *body = close->body;
    const wsclose_close_mark mark = {
        .moment = moment,
        .code = body ? body->code : 0,
        .breaches = (uint16_t)(close->breaches & ~not_minded(connection, close->sender)),
        .kind = body ? body->kind : WSCLOSE_BODY_CUT,
    };

    *out = (wsclose_close_meaning){ .reported = connection_reported_by(&mark),
                                    .maybe_answer = true,
                                    .maybe_echo = true };
    if (close->sender == WSCLOSE_SIDE_UNKNOWN)
        return false;

    const wsclose_side own = close->sender;
    place_close(connection, close, &mark, out);
    if (is_settled(connection)) {
        out->reported =
            out->unheard ? (wsclose_reported){ false, 0 } : reported_by_receiver(connection, own);
        return false;
    }
    if (!out->repeated)
        take_close(connection, close, &mark);
    connection_note_start(connection, moment);
    begin_ending(connection, moment);
    count_frame(connection, own, moment);
    out->reported = reported_by_receiver(connection, own);
    if (out->repeated || out->peer.number == 0)
        return false;
    if (!awaits_receipt(connection, close, out->reported))
        return settle(connection, moment);
    connection->sides[own].in_flight = true;
    out->reported = (wsclose_reported){ false, 0 };
    return false;
}

bool
wsclose_connection_receipt(wsclose_connection *connection, wsclose_side receiver,
                           wsclose_moment moment)
{
    if (receiver == WSCLOSE_SIDE_UNKNOWN || is_settled(connection) ||
        !connection->sides[other(receiver)].in_flight)
        return false;
    connection->sides[other(receiver)].in_flight = false;
    return settle(connection, moment);
}

void
wsclose_connection_ahead(wsclose_connection *connection, wsclose_side sender)
{
    if (sender != WSCLOSE_SIDE_UNKNOWN && !is_settled(connection) && !connection->has_ending)
        connection->sides[sender].ahead = true;
}

void
wsclose_connection_close_was_late(wsclose_connection *connection, wsclose_side sender)
{
    if (sender != WSCLOSE_SIDE_UNKNOWN && !is_settled(connection))
        connection->late[sender] = true;
}

const wsclose_close_mark *
wsclose_connection_sent(const wsclose_connection *connection, wsclose_side sender)
{
    if (sender == WSCLOSE_SIDE_UNKNOWN || !has_closed(connection, sender))
        return NULL;
    return &connection->closes[sender];
}
