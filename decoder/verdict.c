/* verdict.c
 * How a connection ended, and what each side's API reports (RFC 6455 sections 7.1.4 to 7.1.7).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "connection_private.h"

#include "moment.h"
#include "wsclose/code.h"

/* It sent a Close, and that met somebody who could read it. */
static bool
has_arrived(const wsclose_connection *connection, wsclose_side sender)
{
    return has_closed(connection, sender) && !connection->sides[sender].unreceived;
}

static wsclose_ending
ending_of(const wsclose_connection *connection)
{
    const int closes =
        has_arrived(connection, WSCLOSE_CLIENT) + has_arrived(connection, WSCLOSE_SERVER);

    if (is_refused(connection))
        return WSCLOSE_ENDING_REFUSED;
    if (is_unanswered_upgrade(connection))
        return WSCLOSE_ENDING_NO_ANSWER;
    return closes == 2   ? WSCLOSE_ENDING_CLOSED
           : closes == 1 ? WSCLOSE_ENDING_ONE_CLOSE
                         : WSCLOSE_ENDING_NO_CLOSE;
}

/* Its peer's Close came when this endpoint had ended its side, and was answered with a reset:
 * nobody read it. */
static bool
is_gone(const wsclose_connection *connection, wsclose_side side)
{
    return connection->sides[other(side)].unreceived ||
           (connection->late[other(side)] && !has_closed(connection, side) &&
            connection->ends[side].kind == WSCLOSE_END_RESET);
}

/* It is not seen whether the client, which had to reject the response, carried on. */
static bool
may_carry_on(const wsclose_connection *connection)
{
    return connection->missing[WSCLOSE_CLIENT] ||
           (has_closed(connection, WSCLOSE_CLIENT) &&
            connection->closes[WSCLOSE_CLIENT].kind == WSCLOSE_BODY_CUT);
}

/* An endpoint that failed the connection, or may have, were it not for what the capture lacks. */
static bool
may_have_failed(const wsclose_connection *connection, wsclose_side side)
{
    if (connection->sides[side].gave_up || connection->sides[side].maybe_gave_up ||
        connection_may_have_closed(connection, side) ||
        connection_may_have_been_breached(connection, side))
        return true;
    /* Without the request nobody knows whether the response had to be rejected. */
    return side == WSCLOSE_CLIENT &&
           (is_rejected(connection) ||
            (is_opened(connection) && connection->request.number == 0 && !connection->carries_on));
}

/* RFC 6455 sections 7.1.5 to 7.1.7. */
static wsclose_because
reason_of(const wsclose_connection *connection, wsclose_ending ending, wsclose_side side)
{
    const wsclose_side peer = other(side);

    /* Another response may be among what is missing. */
    if (ending == WSCLOSE_ENDING_REFUSED || ending == WSCLOSE_ENDING_NO_ANSWER)
        return connection->missing[WSCLOSE_SERVER] ? WSCLOSE_BECAUSE_UNKNOWN
                                                   : WSCLOSE_BECAUSE_HANDSHAKE;
    if (side == WSCLOSE_CLIENT && is_rejected(connection) && !may_carry_on(connection))
        return WSCLOSE_BECAUSE_HANDSHAKE;
    if (connection->sides[side].failing)
        return connection_may_have_gone_on(connection, side) ? WSCLOSE_BECAUSE_UNKNOWN
                                                             : WSCLOSE_BECAUSE_BREACH;
    /* Where octets of the peer are missing, or were, its own Close may be an answer. */
    if (connection->sides[side].gave_up && !connection->missing[peer] && !connection->unsure_end)
        return WSCLOSE_BECAUSE_OWN;
    if (has_closed(connection, peer) && is_gone(connection, side) && connection->missing[side])
        return WSCLOSE_BECAUSE_UNKNOWN; /* a Close of its own may be among what is missing */
    if (has_closed(connection, peer) && !is_gone(connection, side)) {
        if (connection->closes[peer].breaches != 0)
            return connection_may_have_read_on(connection, side) ? WSCLOSE_BECAUSE_UNKNOWN
                                                                 : WSCLOSE_BECAUSE_ILLEGAL;
        return connection->closes[peer].kind == WSCLOSE_BODY_CUT ||
                       connection_may_be_illegal(connection, peer) ||
                       may_have_failed(connection, side)
                   ? WSCLOSE_BECAUSE_UNKNOWN
                   : WSCLOSE_BECAUSE_RECEIVED;
    }
    return is_opened(connection) && !connection->missing[peer] ? WSCLOSE_BECAUSE_NONE
                                                               : WSCLOSE_BECAUSE_UNKNOWN;
}

static wsclose_reported
reported_because(const wsclose_connection *connection, wsclose_ending ending,
                 wsclose_because because, wsclose_side side)
{
    if (because == WSCLOSE_BECAUSE_UNKNOWN)
        return (wsclose_reported){ false, 0 };
    if (because == WSCLOSE_BECAUSE_RECEIVED)
        return connection_reported_by(&connection->closes[other(side)]);
    /* A server knows of no connection before it has accepted the upgrade. */
    if (side == WSCLOSE_SERVER &&
        (ending == WSCLOSE_ENDING_REFUSED || ending == WSCLOSE_ENDING_NO_ANSWER))
        return (wsclose_reported){ false, 0 };
    return (wsclose_reported){ true, WSCLOSE_CODE_ABNORMAL_CLOSURE };
}

static wsclose_side
initiator_of(const wsclose_connection *connection, wsclose_ending ending)
{
    const wsclose_side closer = connection->first_close;

    switch (ending) {
    case WSCLOSE_ENDING_REFUSED:
        return connection->missing[WSCLOSE_SERVER] ? WSCLOSE_SIDE_UNKNOWN : WSCLOSE_SERVER;
    case WSCLOSE_ENDING_NO_ANSWER:
        if (connection->missing[WSCLOSE_SERVER])
            return WSCLOSE_SIDE_UNKNOWN;
        break;
    case WSCLOSE_ENDING_CLOSED:
    case WSCLOSE_ENDING_ONE_CLOSE:
        /* It may answer a Close that is not in the capture. */
        return connection->missing[other(closer)] ? WSCLOSE_SIDE_UNKNOWN : closer;
    case WSCLOSE_ENDING_NO_CLOSE:
        if (!is_opened(connection) || connection->missing[WSCLOSE_CLIENT] ||
            connection->missing[WSCLOSE_SERVER])
            return WSCLOSE_SIDE_UNKNOWN;
        break;
    }
    /* What was missing, and came later, may have been the other one's end. */
    return connection->unsure_end ? WSCLOSE_SIDE_UNKNOWN : connection->first_end;
}

static bool
is_incomplete(const wsclose_connection *connection, const wsclose_verdict *verdict)
{
    if (verdict->ending == WSCLOSE_ENDING_REFUSED)
        return connection->request.number == 0 || connection->missing[WSCLOSE_SERVER];
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
    /* What woke a flow that somebody had forgotten is part of the end. */
    if (connection->woken_in != 0)
        return connection->silence;
    const wsclose_moment *last = connection_last_frame(connection);
    if (last)
        return time_between(last->time, connection->ending);
    return is_opened(connection) ? time_between(connection->response.time, connection->ending) : -1;
}

bool
wsclose_connection_verdict(const wsclose_connection *connection, wsclose_verdict *out)
{
    if (!is_settled(connection))
        return false;

    *out = (wsclose_verdict){ .ending = ending_of(connection), .duration = -1 };
    for (size_t i = WSCLOSE_CLIENT; i <= WSCLOSE_SERVER; i++) {
        out->because[i] = reason_of(connection, out->ending, i);
        out->reported[i] = reported_because(connection, out->ending, out->because[i], i);
    }
    out->clean = out->ending == WSCLOSE_ENDING_CLOSED &&
                 !has_failed(out->because[WSCLOSE_CLIENT]) &&
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
    if (!is_reported_abnormal(verdict, WSCLOSE_CLIENT) &&
        !is_reported_abnormal(verdict, WSCLOSE_SERVER))
        return NULL;
    if (verdict->ending == WSCLOSE_ENDING_REFUSED)
        return "opening handshake refused";
    if (connection->first_end == WSCLOSE_SIDE_UNKNOWN)
        return "nobody yet: an endpoint failed the connection";
    if (connection->unsure_end)
        return "not known who";
    return connection->first_end == WSCLOSE_CLIENT ? "client" : "server";
}
