/* connection_private.h
 * What the rules of a connection share: predicates of its state.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WSCLOSE_CONNECTION_PRIVATE_H
#define WSCLOSE_CONNECTION_PRIVATE_H

#include "wsclose/connection.h"

static inline wsclose_side
other(wsclose_side side)
{
    return side == WSCLOSE_CLIENT ? WSCLOSE_SERVER : WSCLOSE_CLIENT;
}

static inline bool
is_settled(const wsclose_connection *connection)
{
    return connection->settled.number != 0;
}

static inline bool
has_closed(const wsclose_connection *connection, wsclose_side index)
{
    return connection->closes[index].moment.number != 0;
}

static inline bool
has_success(const wsclose_connection *connection)
{
    return wsclose_status_is_success(connection->carrier, connection->status);
}

/* The opening handshake succeeded, and the capture shows it. */
static inline bool
is_opened(const wsclose_connection *connection)
{
    return connection->response.number != 0 && has_success(connection);
}

static inline bool
is_refused(const wsclose_connection *connection)
{
    return connection->response.number != 0 && !has_success(connection);
}

/* Nobody knows whether the server would have taken the upgrade. */
static inline bool
is_unanswered_upgrade(const wsclose_connection *connection)
{
    return connection->request.number != 0 && connection->response.number == 0 &&
           connection->frames[WSCLOSE_CLIENT] == 0 && connection->frames[WSCLOSE_SERVER] == 0;
}

/* The client had to reject the response, and nothing shows that it did not. */
static inline bool
is_rejected(const wsclose_connection *connection)
{
    return connection->faults != 0 && !connection->carries_on;
}

static inline bool
settle(wsclose_connection *connection, wsclose_moment moment)
{
    connection->settled = moment;
    return true;
}

static inline void
connection_note_start(wsclose_connection *connection, wsclose_moment moment)
{
    if (!connection->has_start)
        connection->start = moment.time;
    connection->has_start = true;
}

/* The latest frame of both sides before the end began; NULL where there is none. */
static inline const wsclose_moment *
connection_last_frame(const wsclose_connection *connection)
{
    const wsclose_moment *client = &connection->traffic[WSCLOSE_CLIENT].last;
    const wsclose_moment *server = &connection->traffic[WSCLOSE_SERVER].last;
    const wsclose_moment *last = client->number > server->number ? client : server;

    return last->number != 0 ? last : NULL;
}

/* Keep when a side has sent a frame, before the end. */
void connection_note_frame(wsclose_connection *connection, wsclose_side sender,
                           wsclose_moment moment);

/* Keep what a data frame tells of its message. */
void connection_note_message(wsclose_connection *connection, wsclose_side sender,
                             const wsclose_frame *frame, wsclose_moment moment);

static inline void
begin_ending(wsclose_connection *connection, wsclose_moment moment)
{
    if (!connection->has_ending)
        connection->ending = moment.time;
    connection->has_ending = true;
}

/* What a Close frame, taken alone, makes its receiver report. */
wsclose_reported connection_reported_by(const wsclose_close_mark *mark);

/* Whether a Close of a side may be among the octets that are missing: it may have failed the
 * connection with it. */
bool connection_may_have_closed(const wsclose_connection *connection, wsclose_side side);

/* Whether a Close of a side may break the protocol, all of which was not captured: its reason may be
 * no UTF-8. Not where its receiver is seen to have taken it. */
bool connection_may_be_illegal(const wsclose_connection *connection, wsclose_side sender);

/* Whether a side says of itself that it fails the connection, and what obliged it to may be
 * among the octets of its peer that are missing. */
bool connection_may_have_been_breached(const wsclose_connection *connection, wsclose_side side);

/* Whether a side that got a frame which breaks the protocol may have gone on with octets that are
 * missing; not where it says itself that it fails the connection. */
bool connection_may_have_gone_on(const wsclose_connection *connection, wsclose_side side);

/* The same of a Close that breaks it; or its peer's first one, which counts, may be missing. */
bool connection_may_have_read_on(const wsclose_connection *connection, wsclose_side side);

/* A side that closed with a code of failure and ends before it has an answer no longer reads one.
 *
 *  ends  the end was seen; else it may be among what is missing */
void connection_note_giving_up(wsclose_connection *connection, wsclose_side own, bool ends);

#endif
