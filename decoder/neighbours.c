/* neighbours.c
 * What other connections of a capture show of one.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wsclose/neighbours.h"

#include "connection_private.h"
#include "moment.h"
#include "wsclose/code.h"

/* From one end to the next, where one event ends them all; and how far apart their ages have to
 * be, at least, for that. */
#define MOMENT (SECOND / 4)
#define AGES_MIN SECOND

/* How often a group may be chance in a capture. */
#define CHANCE_MAX 0.3

/* The proxy took away what the client offered, or what the server accepted. */
static bool
is_stripped(const wsclose_leg *front, const wsclose_leg *back)
{
    const wsclose_negotiation *near = front->negotiation;
    const wsclose_negotiation *far = back->negotiation;

    for (size_t i = 0; i < near->n_declined; i++) {
        const char *name = near->declined[i];
        const bool offered_on = wsclose_ext_list_has(far->offer, name);

        if ((far->offer_presence != WSCLOSE_HEADER_UNKNOWN && !offered_on) ||
            wsclose_ext_list_has(far->response, name))
            return true;
    }
    return false;
}

/* Whether a Close began the end: not one that came when its receiver had ended before. */
static bool
is_closed(const wsclose_connection *connection)
{
    return connection->first_close != WSCLOSE_SIDE_UNKNOWN &&
           !connection->late[connection->first_close];
}

/* Who ended a connection. */
static wsclose_side
ender_of(const wsclose_connection *connection)
{
    return is_closed(connection) ? connection->first_close : connection->first_end;
}

void
wsclose_neighbours_take_legs(wsclose_neighbours *out, const wsclose_leg *front,
                             const wsclose_leg *back)
{
    out->has_leg = true;
    out->leg_stripped = is_stripped(front, back);
    out->leg_between = is_settled(front->connection) && is_settled(back->connection) &&
                       ender_of(front->connection) == WSCLOSE_SERVER &&
                       ender_of(back->connection) == WSCLOSE_CLIENT;
}

/* Who goes away takes all connections along. */
static bool
is_going(const wsclose_connection *connection)
{
    const wsclose_close_mark *mark = &connection->closes[connection->first_close];

    return mark->kind == WSCLOSE_BODY_CODE &&
           (mark->code == WSCLOSE_CODE_GOING_AWAY || mark->code == WSCLOSE_CODE_SERVICE_RESTART);
}

bool
wsclose_may_share_end(const wsclose_connection *connection, const wsclose_verdict *verdict,
                      wsclose_shared_end *out)
{
    if (!is_opened(connection) || verdict->initiator == WSCLOSE_SIDE_UNKNOWN ||
        verdict->because[WSCLOSE_CLIENT] == WSCLOSE_BECAUSE_HANDSHAKE)
        return false;
    if (is_closed(connection) && !is_going(connection))
        return false;
    out->time = connection->ending;
    out->age = time_between(connection->response.time, connection->ending);
    out->idle = verdict->idle;
    out->by = ender_of(connection);
    return true;
}

/* Whether so many ends within a time are to be expected among so many: how often that happens, had they
 * nothing to do with each other, after Poisson. */
static bool
is_chance(size_t n, int64_t within, size_t all, int64_t span)
{
    const double expected =
        span > 0 ? (double)(all - n) * (double)(within + MOMENT) / (double)span : 0;
    double times = (double)all;

    for (size_t i = 1; i < n; i++)
        times *= expected / (double)i;
    return times >= CHANCE_MAX;
}

size_t
wsclose_ends_together(const wsclose_shared_end *ends, size_t count, size_t all, int64_t span)
{
    int64_t least = ends[0].age;
    int64_t most = least;
    size_t n = 1;

    while (n < count && time_between(ends[n - 1].time, ends[n].time) <= MOMENT) {
        least = ends[n].age < least ? ends[n].age : least;
        most = ends[n].age > most ? ends[n].age : most;
        n++;
    }
    return n > 1 && most - least >= AGES_MIN &&
                   !is_chance(n, time_between(ends[0].time, ends[n - 1].time), all, span)
               ? n
               : 1;
}

bool
wsclose_ends_are_alike(const wsclose_shared_end *ends, size_t count)
{
    int64_t least = ends[0].idle;
    int64_t most = least;

    for (size_t i = 1; i < count; i++) {
        least = ends[i].idle < least ? ends[i].idle : least;
        most = ends[i].idle > most ? ends[i].idle : most;
    }
    return most - least < AGES_MIN;
}
