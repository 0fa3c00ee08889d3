/* connection_end.c
 * The ends of what carries a connection: TCP, a stream of HTTP/2 or HTTP/3, and what is under it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "connection_private.h"

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
        connection_note_giving_up(connection, own, true);
    end->number = moment.number;
    end->kind = kind;
    end->cause = cause;
    /* A reset that is the only answer shows that nobody was there to receive the Close. */
    connection->sides[other(own)].unreceived =
        kind == WSCLOSE_END_RESET &&
        (connection->sides[other(own)].in_flight ||
         (connection->woken_in != 0 && has_closed(connection, other(own)) &&
          connection->closes[other(own)].moment.number >= connection->woken_in &&
          !connection->traffic[own].got_close));
    if (kind == WSCLOSE_END_RESET || (connection->ends[other(own)].kind != WSCLOSE_END_NONE &&
                                      !connection->sides[own].in_flight))
        return settle(connection, moment);
    return false;
}

bool
wsclose_connection_end(wsclose_connection *connection, wsclose_side sender, wsclose_end_kind kind,
                       wsclose_moment moment)
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
wsclose_connection_reset_stream(wsclose_connection *connection, wsclose_side sender, uint64_t error,
                                wsclose_moment moment)
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
    } else if (!before.has_error && next->error == 0) {
        kept->has_error = false;
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
    keep_error(&connection->ends[goaway->sender], true, goaway->has_error, goaway->error);
    return wsclose_goaway_leaves_out(connection->carrier, goaway) &&
           take_end(connection, goaway->sender, WSCLOSE_END_RESET, WSCLOSE_END_BY_GOAWAY, moment);
}
