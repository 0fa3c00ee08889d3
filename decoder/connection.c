/* connection.c
 * One connection, and the verdict on it (RFC 6455 sections 5.4, 5.5.1 and 7.1.4 to
 * 7.1.7).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wsclose/connection.h"

#include "moment.h"
#include "wsclose/code.h"
#include "wsclose/finding.h"

static wsclose_side
other(wsclose_side side)
{
    return side == WSCLOSE_CLIENT ? WSCLOSE_SERVER : WSCLOSE_CLIENT;
}

static bool
is_settled(const wsclose_connection *connection)
{
    return connection->settled.number != 0;
}

static bool
has_closed(const wsclose_connection *connection, wsclose_side index)
{
    return connection->closes[index].moment.number != 0;
}

static bool
has_success(const wsclose_connection *connection)
{
    return wsclose_status_is_success(connection->carrier, connection->status);
}

/* The opening handshake succeeded, and the capture shows it. */
static bool
is_opened(const wsclose_connection *connection)
{
    return connection->response.number != 0 && has_success(connection);
}

static bool
is_refused(const wsclose_connection *connection)
{
    return connection->response.number != 0 && !has_success(connection);
}

/* Nobody knows whether the server would have taken the upgrade. */
static bool
is_unanswered_upgrade(const wsclose_connection *connection)
{
    return connection->request.number != 0 && connection->response.number == 0 &&
           connection->frames[WSCLOSE_CLIENT] == 0 && connection->frames[WSCLOSE_SERVER] == 0;
}

/* The client had to reject the response, and nothing shows that it did not. */
static bool
is_rejected(const wsclose_connection *connection)
{
    return connection->faults != 0 && !connection->carries_on;
}

static bool
settle(wsclose_connection *connection, wsclose_moment moment)
{
    wsclose_verdict verdict;

    connection->settled = moment;
    wsclose_connection_verdict(connection, &verdict);
    wsclose_findings_take(connection, &(wsclose_event){.kind = WSCLOSE_EVENT_VERDICT,
                                                       .connection = connection,
                                                       .verdict = &verdict});
    return true;
}

static void
begin_ending(wsclose_connection *connection, wsclose_moment moment)
{
    if (!connection->has_ending)
        connection->ending = moment.time;
    connection->has_ending = true;
}

static void
count_frame(wsclose_connection *connection, wsclose_side sender, wsclose_moment moment)
{
    connection->frames[sender]++;
    if (!connection->has_ending) {
        connection->last_frame = moment.time;
        connection->has_last_frame = true;
    }
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
    };
}

void
wsclose_connection_init(wsclose_connection *connection)
{
    wsclose_connection_init_over(connection, WSCLOSE_CARRIER_HTTP1);
}

void
wsclose_connection_request(wsclose_connection *connection, wsclose_moment moment)
{
    if (!is_settled(connection))
        connection->request = moment;
}

bool
wsclose_connection_response(wsclose_connection *connection,
                            const wsclose_handshake_response *response, wsclose_moment moment)
{
    if (is_settled(connection))
        return false;
    connection->response = moment;
    connection->status = (uint16_t)response->status;
    connection->faults = (uint8_t)response->faults;
    connection->rsv = response->rsv;
    connection->any_opcode = response->any_opcode;
    wsclose_findings_take(connection, &(wsclose_event){.kind = WSCLOSE_EVENT_RESPONSE,
                                                       .connection = connection,
                                                       .negotiation = response->negotiation});
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

/* An endpoint that says so and ends its side before it has an answer no longer reads one.
 *
 *  ends  the end was seen; else it may be among what is missing */
static void
note_giving_up(wsclose_connection *connection, wsclose_side own, bool ends)
{
    const wsclose_close_mark *mark = &connection->closes[own];

    if (!has_closed(connection, own) || has_closed(connection, other(own)) || !may_fail(mark))
        return;
    if (ends && is_failure(mark))
        connection->gave_up[own] = true;
    else
        connection->maybe_gave_up[own] = true;
}

void
wsclose_connection_missing(wsclose_connection *connection, wsclose_side sender)
{
    if (sender == WSCLOSE_SIDE_UNKNOWN || is_settled(connection))
        return;
    connection->missing[sender] = connection->unordered[sender] = true;
    note_giving_up(connection, sender, false);
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
        connection->maybe_gave_up[own] = false;
}

/* Frames other than Close. */

/* RFC 6455 section 5.4: the order of fragments. */
static unsigned
sequence_breaches(wsclose_connection *connection, wsclose_side sender, const wsclose_frame *frame)
{
    bool *in_message = &connection->in_message[sender];

    if (wsclose_opcode_is_control(frame->opcode) || connection->unordered[sender])
        return 0;
    const bool continues = frame->opcode == WSCLOSE_OPCODE_CONTINUATION;
    const bool breach = continues != *in_message;
    *in_message = !frame->fin && !(continues && breach);
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
    connection->failing[other(sender)] = connection->provokes[sender] = false;
    connection->rounds[sender] = 0;
}

static bool
may_tolerate(const wsclose_connection *connection, wsclose_side receiver)
{
    return receiver != WSCLOSE_SIDE_UNKNOWN && !is_settled(connection) &&
           connection->failing[receiver] && !has_closed(connection, receiver);
}

void
wsclose_connection_goes_on(wsclose_connection *connection, wsclose_side sender)
{
    if (!may_tolerate(connection, sender) || !connection->provokes[other(sender)])
        return;
    connection->provokes[other(sender)] = false;
    if (++connection->rounds[other(sender)] >= TOLERANCE_ROUNDS)
        tolerate(connection, other(sender));
}

/* A breach that its receiver has not tolerated so far obliges it to fail the connection. */
static void
take_breach(wsclose_connection *connection, wsclose_side sender, unsigned breaches,
            wsclose_moment moment)
{
    connection->breaches[sender] |= (uint16_t)breaches;
    if ((breaches & ~(unsigned)connection->tolerated[sender]) == 0)
        return;
    if (!connection->failing[other(sender)])
        connection->provoked[sender] = moment.time;
    connection->failing[other(sender)] = connection->provokes[sender] = true;
}

void
wsclose_connection_frame(wsclose_connection *connection, wsclose_side sender,
                         const wsclose_frame *frame, wsclose_moment moment,
                         wsclose_frame_finding *out)
{
    *out = (wsclose_frame_finding){0};
    if (sender == WSCLOSE_SIDE_UNKNOWN)
        return;

    const wsclose_side own = sender;
    if (has_closed(connection, own))
        out->after_close = !wsclose_opcode_is_control(frame->opcode);
    if (is_settled(connection))
        return;
    count_frame(connection, own, moment);
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
    take_breach(connection, own, out->breaches, moment);
}

/* Close frames. */

/* A client may reject a 101 with a Close too (RFC 6455 section 7.4.1 on 1010). */
static bool
rejects_response(const wsclose_close_mark *mark)
{
    return mark->kind == WSCLOSE_BODY_CODE && (mark->code == WSCLOSE_CODE_PROTOCOL_ERROR ||
                                               mark->code == WSCLOSE_CODE_MANDATORY_EXT);
}

/* What a Close frame, taken alone, makes its receiver report. */
static wsclose_reported
reported_by(const wsclose_close_mark *mark)
{
    /* RFC 6455 section 7.1.7: the receiver fails the connection, so no Close was received. */
    if (mark->breaches != 0)
        return (wsclose_reported){true, WSCLOSE_CODE_ABNORMAL_CLOSURE};
    if (mark->kind == WSCLOSE_BODY_CUT)
        return (wsclose_reported){false, 0};
    return (wsclose_reported){true, mark->code};
}

/* By what the two frames say, whether or not they may: two breaches tell the same 1006. */
static bool
is_echo(const wsclose_close_mark *first, const wsclose_close_mark *answer)
{
    return first->kind == answer->kind && first->code == answer->code &&
           (first->kind == WSCLOSE_BODY_EMPTY || first->kind == WSCLOSE_BODY_CODE);
}

/* A Close of an endpoint may be among the octets that are missing, and it may have failed the
 * connection with it. */
static bool
may_have_closed(const wsclose_connection *connection, wsclose_side side)
{
    return connection->missing[side] && !has_closed(connection, side);
}

/* An endpoint says of itself that it fails the connection, and what obliged it to may be among the octets of
 * its peer that are missing. */
static bool
may_have_been_breached(const wsclose_connection *connection, wsclose_side side)
{
    const wsclose_side peer = other(side);
    const bool echoes = has_closed(connection, peer) && !connection->crossed &&
                        connection->first_close == peer &&
                        is_echo(&connection->closes[peer], &connection->closes[side]);

    return connection->missing[peer] && has_closed(connection, side) && !echoes &&
           is_failure(&connection->closes[side]);
}

/* What the first Close of an endpoint makes the other one report, as far as is known by now. */
static wsclose_reported
reported_by_receiver(const wsclose_connection *connection, wsclose_side sender)
{
    const wsclose_side receiver = other(sender);

    if (connection->failing[receiver])
        return (wsclose_reported){true, WSCLOSE_CODE_ABNORMAL_CLOSURE};
    if (connection->in_flight[sender])
        return (wsclose_reported){false, 0};
    if (connection->gave_up[receiver]) {
        /* Where octets were missing, its own Close may be an answer to this one. */
        const bool known = !connection->missing[sender] && !connection->unsure_end;

        return (wsclose_reported){known, known ? WSCLOSE_CODE_ABNORMAL_CLOSURE : 0};
    }
    if (receiver == WSCLOSE_CLIENT && is_rejected(connection))
        return (wsclose_reported){false, 0}; /* it may still carry on */
    if ((may_have_closed(connection, receiver) || connection->maybe_gave_up[receiver] ||
         may_have_been_breached(connection, receiver)) &&
        connection->closes[sender].breaches == 0)
        return (wsclose_reported){false, 0};
    return reported_by(&connection->closes[sender]);
}

/* Keep an endpoint's first Close. */
static void
take_close(wsclose_connection *connection, const wsclose_close_fact *close,
           const wsclose_close_mark *mark)
{
    const wsclose_side sender = close->sender;
    const wsclose_side own = sender;

    connection->closes[own] = *mark;
    if (connection->ends[own].kind != WSCLOSE_END_NONE)
        note_giving_up(connection, own, true);
    connection->late[own] = connection->ends[other(own)].kind != WSCLOSE_END_NONE;
    if (connection->first_close == WSCLOSE_SIDE_UNKNOWN || close->preceding)
        connection->first_close = sender;
    else
        connection->crossed = close->crossing;
    /* An end behind it, and before the other Close, may be missing. */
    if (close->preceding && connection->missing[own] && may_fail(mark))
        connection->maybe_gave_up[own] = true;
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
            const wsclose_close_mark *mark, wsclose_close_finding *out)
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

/* Whether it is to be seen first that the second Close is received: where its receiver has ended its
 * side, and does not report 1006 anyway. */
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
                         wsclose_moment moment, wsclose_close_finding *out)
{
    const wsclose_close_body *body = close->body;
    const wsclose_close_mark mark = {
        .moment = moment,
        .code = body ? body->code : 0,
        .breaches = (uint16_t)(close->breaches & ~not_minded(connection, close->sender)),
        .kind = body ? body->kind : WSCLOSE_BODY_CUT,
    };

    *out = (wsclose_close_finding){
        .reported = reported_by(&mark), .maybe_answer = true, .maybe_echo = true};
    if (close->sender == WSCLOSE_SIDE_UNKNOWN)
        return false;

    const wsclose_side own = close->sender;
    place_close(connection, close, &mark, out);
    if (is_settled(connection)) {
        out->reported =
            out->unheard ? (wsclose_reported){false, 0} : reported_by_receiver(connection, own);
        return false;
    }
    if (!out->repeated)
        take_close(connection, close, &mark);
    begin_ending(connection, moment);
    count_frame(connection, own, moment);
    out->reported = reported_by_receiver(connection, own);
    if (out->repeated || out->peer.number == 0)
        return false;
    if (!awaits_receipt(connection, close, out->reported))
        return settle(connection, moment);
    connection->in_flight[own] = true;
    out->reported = (wsclose_reported){false, 0};
    return false;
}

bool
wsclose_connection_receipt(wsclose_connection *connection, wsclose_side receiver,
                           wsclose_moment moment)
{
    if (receiver == WSCLOSE_SIDE_UNKNOWN || is_settled(connection) ||
        !connection->in_flight[other(receiver)])
        return false;
    connection->in_flight[other(receiver)] = false;
    return settle(connection, moment);
}

const wsclose_close_mark *
wsclose_connection_sent(const wsclose_connection *connection, wsclose_side sender)
{
    if (sender == WSCLOSE_SIDE_UNKNOWN || !has_closed(connection, sender))
        return NULL;
    return &connection->closes[sender];
}

/* The end of the transport. */

/* Whether an end changes anything. */
static bool
is_heeded(const wsclose_connection *connection, wsclose_side sender)
{
    return sender != WSCLOSE_SIDE_UNKNOWN && !is_settled(connection);
}

static bool
take_end(wsclose_connection *connection, wsclose_side sender, wsclose_end_kind kind,
         wsclose_end_cause cause, wsclose_moment moment)
{
    if (!is_heeded(connection, sender) || kind == WSCLOSE_END_NONE)
        return false;

    const wsclose_side own = sender;
    wsclose_end_mark *end = &connection->ends[own];
    if (kind == WSCLOSE_END_ORDERLY && end->kind != WSCLOSE_END_NONE)
        return false; /* sent again */

    begin_ending(connection, moment);
    if (connection->first_end == WSCLOSE_SIDE_UNKNOWN) {
        connection->first_end = sender;
        connection->unsure_end = connection->missing[other(own)];
    }
    if (connection->ends[other(own)].kind == WSCLOSE_END_NONE)
        note_giving_up(connection, own, true);
    end->number = moment.number;
    end->kind = kind;
    end->cause = cause;
    connection->unreceived[other(own)] =
        kind == WSCLOSE_END_RESET && connection->in_flight[other(own)];
    if (kind == WSCLOSE_END_RESET ||
        (connection->ends[other(own)].kind != WSCLOSE_END_NONE && !connection->in_flight[own]))
        return settle(connection, moment);
    return false;
}

bool
wsclose_connection_end(wsclose_connection *connection, wsclose_side sender,
                       wsclose_end_kind kind, wsclose_moment moment)
{
    return take_end(connection, sender, kind, WSCLOSE_END_BY_ITSELF, moment);
}

bool
wsclose_connection_end_under(wsclose_connection *connection, wsclose_side sender,
                             wsclose_end_kind kind, wsclose_moment moment)
{
    return take_end(connection, sender, kind, WSCLOSE_END_BY_CONNECTION, moment);
}

static void
keep_error(wsclose_end_mark *end, bool goaway, bool has_error, uint64_t error)
{
    end->goaway = goaway;
    end->has_error = has_error;
    end->error = has_error ? error : 0;
}

bool
wsclose_connection_reset_stream(wsclose_connection *connection, wsclose_side sender,
                                uint64_t error, wsclose_moment moment)
{
    if (is_heeded(connection, sender))
        keep_error(&connection->ends[sender], false, true, error);
    return take_end(connection, sender, WSCLOSE_END_RESET, WSCLOSE_END_BY_ITSELF, moment);
}

void
wsclose_goaway_join(wsclose_goaway_fact *kept, const wsclose_goaway_fact *next)
{
    const wsclose_goaway_fact before = *kept;

    *kept = *next;
    if (before.sender == WSCLOSE_SIDE_UNKNOWN)
        return;
    if (before.last < next->last)
        kept->last = before.last;
    if (before.has_error && before.error != 0) {
        kept->has_error = true;
        kept->error = before.error;
    }
}

bool
wsclose_goaway_leaves_out(wsclose_carrier carrier, const wsclose_goaway_fact *goaway)
{
    /* What a client names are streams of the server. */
    return goaway->sender == WSCLOSE_SERVER &&
           (carrier == WSCLOSE_CARRIER_HTTP3 ? goaway->stream >= goaway->last
                                             : goaway->stream > goaway->last);
}

bool
wsclose_connection_goaway(wsclose_connection *connection, const wsclose_goaway_fact *goaway,
                          wsclose_moment moment)
{
    if (!is_heeded(connection, goaway->sender))
        return false;
    keep_error(&connection->ends[goaway->sender], true, goaway->has_error,
               goaway->error);
    return wsclose_goaway_leaves_out(connection->carrier, goaway) &&
           take_end(connection, goaway->sender, WSCLOSE_END_RESET, WSCLOSE_END_BY_GOAWAY, moment);
}

/* The verdict. */

/* It sent a Close, and that met somebody who could read it. */
static bool
has_arrived(const wsclose_connection *connection, wsclose_side sender)
{
    return has_closed(connection, sender) && !connection->unreceived[sender];
}

static wsclose_ending
ending_of(const wsclose_connection *connection)
{
    const int closes = has_arrived(connection, WSCLOSE_CLIENT) + has_arrived(connection, WSCLOSE_SERVER);

    if (is_refused(connection))
        return WSCLOSE_ENDING_REFUSED;
    if (is_unanswered_upgrade(connection))
        return WSCLOSE_ENDING_NO_ANSWER;
    return closes == 2   ? WSCLOSE_ENDING_CLOSED
           : closes == 1 ? WSCLOSE_ENDING_ONE_CLOSE
                         : WSCLOSE_ENDING_NO_CLOSE;
}

/* Its peer's Close came when this endpoint had ended its side, and was answered with a reset: nobody
 * read it. */
static bool
is_gone(const wsclose_connection *connection, wsclose_side side)
{
    return connection->unreceived[other(side)] ||
           (connection->late[other(side)] && !has_closed(connection, side) &&
            connection->ends[side].kind == WSCLOSE_END_RESET);
}

/* It is not seen whether the client, which had to reject the response, carried on. */
static bool
may_carry_on(const wsclose_connection *connection)
{
    return connection->missing[WSCLOSE_CLIENT] ||
           (has_closed(connection, WSCLOSE_CLIENT) && connection->closes[WSCLOSE_CLIENT].kind == WSCLOSE_BODY_CUT);
}

/* An endpoint that failed the connection, or may have, were it not for what the capture lacks. */
static bool
may_have_failed(const wsclose_connection *connection, wsclose_side side)
{
    if (connection->gave_up[side] || connection->maybe_gave_up[side] ||
        may_have_closed(connection, side) || may_have_been_breached(connection, side))
        return true;
    /* Without the request nobody knows whether the response had to be rejected. */
    return side == WSCLOSE_CLIENT &&
           (is_rejected(connection) || (is_opened(connection) && connection->request.number == 0 &&
                                        !connection->carries_on));
}

/* RFC 6455 sections 7.1.5 to 7.1.7. */
static wsclose_because
reason_of(const wsclose_connection *connection, wsclose_ending ending, wsclose_side side)
{
    const wsclose_side peer = other(side);

    if (ending == WSCLOSE_ENDING_REFUSED)
        return WSCLOSE_BECAUSE_HANDSHAKE;
    if (ending == WSCLOSE_ENDING_NO_ANSWER)
        return connection->missing[WSCLOSE_SERVER] ? WSCLOSE_BECAUSE_UNKNOWN : WSCLOSE_BECAUSE_HANDSHAKE;
    if (side == WSCLOSE_CLIENT && is_rejected(connection) && !may_carry_on(connection))
        return WSCLOSE_BECAUSE_HANDSHAKE;
    if (connection->failing[side])
        return WSCLOSE_BECAUSE_BREACH;
    /* Where octets of the peer are missing, or were, its own Close may be an answer. */
    if (connection->gave_up[side] && !connection->missing[peer] && !connection->unsure_end)
        return WSCLOSE_BECAUSE_OWN;
    if (has_closed(connection, peer) && is_gone(connection, side) &&
        connection->missing[side])
        return WSCLOSE_BECAUSE_UNKNOWN; /* a Close of its own may be among what is missing */
    if (has_closed(connection, peer) && !is_gone(connection, side)) {
        if (connection->closes[peer].breaches != 0)
            return WSCLOSE_BECAUSE_ILLEGAL;
        return connection->closes[peer].kind == WSCLOSE_BODY_CUT ||
                       may_have_failed(connection, side)
                   ? WSCLOSE_BECAUSE_UNKNOWN
                   : WSCLOSE_BECAUSE_RECEIVED;
    }
    return is_opened(connection) && !connection->missing[peer] ? WSCLOSE_BECAUSE_NONE
                                                               : WSCLOSE_BECAUSE_UNKNOWN;
}

static wsclose_reported
reported_because(const wsclose_connection *connection, wsclose_ending ending, wsclose_because because,
             wsclose_side side)
{
    if (because == WSCLOSE_BECAUSE_UNKNOWN)
        return (wsclose_reported){false, 0};
    if (because == WSCLOSE_BECAUSE_RECEIVED)
        return reported_by(&connection->closes[other(side)]);
    /* A server knows of no connection before it has accepted the upgrade. */
    if (side == WSCLOSE_SERVER &&
        (ending == WSCLOSE_ENDING_REFUSED || ending == WSCLOSE_ENDING_NO_ANSWER))
        return (wsclose_reported){false, 0};
    return (wsclose_reported){true, WSCLOSE_CODE_ABNORMAL_CLOSURE};
}

static wsclose_side
initiator_of(const wsclose_connection *connection, wsclose_ending ending)
{
    const wsclose_side closer = connection->first_close;

    switch (ending) {
    case WSCLOSE_ENDING_REFUSED:
        return WSCLOSE_SERVER;
    case WSCLOSE_ENDING_NO_ANSWER:
        if (connection->missing[WSCLOSE_SERVER])
            return WSCLOSE_SIDE_UNKNOWN;
        break;
    case WSCLOSE_ENDING_CLOSED:
    case WSCLOSE_ENDING_ONE_CLOSE:
        /* It may answer a Close that is not in the capture. */
        return connection->missing[other(closer)] ? WSCLOSE_SIDE_UNKNOWN : closer;
    case WSCLOSE_ENDING_NO_CLOSE:
        if (!is_opened(connection) || connection->missing[WSCLOSE_CLIENT] || connection->missing[WSCLOSE_SERVER])
            return WSCLOSE_SIDE_UNKNOWN;
        break;
    }
    /* What was missing, and came later, may have been the other one's end. */
    return connection->unsure_end ? WSCLOSE_SIDE_UNKNOWN
                                  : connection->first_end;
}

static bool
is_incomplete(const wsclose_connection *connection, const wsclose_verdict *verdict)
{
    if (verdict->ending == WSCLOSE_ENDING_REFUSED)
        return connection->request.number == 0;
    if (connection->request.number == 0 ||
        (verdict->ending != WSCLOSE_ENDING_NO_ANSWER && !is_opened(connection)))
        return true;
    return connection->missing[WSCLOSE_CLIENT] || connection->missing[WSCLOSE_SERVER] ||
           verdict->because[WSCLOSE_CLIENT] == WSCLOSE_BECAUSE_UNKNOWN ||
           verdict->because[WSCLOSE_SERVER] == WSCLOSE_BECAUSE_UNKNOWN;
}

static bool
has_failed(wsclose_because because)
{
    return because != WSCLOSE_BECAUSE_RECEIVED && because != WSCLOSE_BECAUSE_UNKNOWN;
}

/* The transport ended, and an endpoint reports so: it never received a Close. */
static bool
is_abnormal(const wsclose_connection *connection, const wsclose_verdict *verdict)
{
    const bool *missing = connection->missing;

    switch (verdict->ending) {
    case WSCLOSE_ENDING_REFUSED:
    case WSCLOSE_ENDING_CLOSED:
        return false;
    case WSCLOSE_ENDING_NO_ANSWER:
        return verdict->reported[WSCLOSE_CLIENT].known;
    case WSCLOSE_ENDING_ONE_CLOSE:
    case WSCLOSE_ENDING_NO_CLOSE:
        break;
    }
    for (size_t i = WSCLOSE_CLIENT; i <= WSCLOSE_SERVER; i++) {
        if (verdict->because[i] == WSCLOSE_BECAUSE_NONE)
            return true;
        if (verdict->reported[i].known && !has_closed(connection, other(i)) && !missing[other(i)])
            return true;
    }
    return false;
}

static bool
is_unanswered(const wsclose_connection *connection, wsclose_ending ending)
{
    const wsclose_side peer = other(connection->first_close);

    return ending == WSCLOSE_ENDING_ONE_CLOSE && !connection->missing[peer] &&
           !has_closed(connection, peer);
}

static int64_t
idle_of(const wsclose_connection *connection)
{
    if (!connection->has_ending || is_refused(connection))
        return -1;
    if (connection->has_last_frame)
        return time_between(connection->last_frame, connection->ending);
    return is_opened(connection) ? time_between(connection->response.time, connection->ending) : -1;
}

bool
wsclose_connection_verdict(const wsclose_connection *connection, wsclose_verdict *out)
{
    if (!is_settled(connection))
        return false;

    *out = (wsclose_verdict){.ending = ending_of(connection), .duration = -1};
    for (size_t i = WSCLOSE_CLIENT; i <= WSCLOSE_SERVER; i++) {
        out->because[i] = reason_of(connection, out->ending, i);
        out->reported[i] = reported_because(connection, out->ending, out->because[i], i);
    }
    out->clean = out->ending == WSCLOSE_ENDING_CLOSED && !has_failed(out->because[WSCLOSE_CLIENT]) &&
                 !has_failed(out->because[WSCLOSE_SERVER]);
    out->incomplete = is_incomplete(connection, out);
    out->initiator = initiator_of(connection, out->ending);
    out->abnormal = is_abnormal(connection, out);
    out->unanswered = is_unanswered(connection, out->ending);
    if (is_opened(connection))
        out->duration = time_between(connection->response.time, connection->settled.time);
    out->idle = idle_of(connection);
    return true;
}

wsclose_opening
wsclose_connection_opening(const wsclose_connection *connection)
{
    if (is_refused(connection))
        return WSCLOSE_OPENING_REFUSED;
    if (is_opened(connection))
        return WSCLOSE_OPENING_SUCCEEDED;
    return is_unanswered_upgrade(connection) ? WSCLOSE_OPENING_UNANSWERED : WSCLOSE_OPENING_UNSEEN;
}

static bool
is_reported_abnormal(const wsclose_verdict *verdict, wsclose_side side)
{
    return verdict->reported[side].known &&
           verdict->reported[side].code == WSCLOSE_CODE_ABNORMAL_CLOSURE;
}

const char *
wsclose_abnormal_origin(const wsclose_connection *connection, const wsclose_verdict *verdict)
{
    if (!is_reported_abnormal(verdict, WSCLOSE_CLIENT) && !is_reported_abnormal(verdict, WSCLOSE_SERVER))
        return NULL;
    if (verdict->ending == WSCLOSE_ENDING_REFUSED)
        return "opening handshake refused";
    if (connection->first_end == WSCLOSE_SIDE_UNKNOWN)
        return "nobody yet: an endpoint failed the connection";
    if (connection->unsure_end)
        return "not known who";
    return connection->first_end == WSCLOSE_CLIENT ? "client" : "server";
}
