/* ending.c
 * Which ending a verdict tells of.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "ending.h"

#include <glib.h>

#include "wsclose/code.h"

bool
ending_is_of_handshake(const wsclose_verdict *verdict)
{
    return verdict->ending == WSCLOSE_ENDING_REFUSED || verdict->ending == WSCLOSE_ENDING_NO_ANSWER;
}

bool
ending_has_closed(const ending *e, wsclose_side side)
{
    return e->connection->closes[side].moment.number != 0;
}

bool
ending_has_code(const ending *e, wsclose_side side)
{
    return e->connection->closes[side].kind == WSCLOSE_BODY_CODE;
}

static bool
has_1010(const ending *e, wsclose_side side)
{
    return ending_has_closed(e, side) && ending_has_code(e, side) &&
           e->connection->closes[side].code == WSCLOSE_CODE_MANDATORY_EXT;
}

wsclose_side
ending_claimant(const ending *e)
{
    if (has_1010(e, e->first))
        return e->first;
    return has_1010(e, e->second) ? e->second : WSCLOSE_SIDE_UNKNOWN;
}

bool
ending_wants(const ending *e, const char *name)
{
    return e->mandatory->verdict != WSCLOSE_CLAIM_CONTRADICTED &&
           !g_strv_contains((const char *const *)e->mandatory->not_offered, name);
}

const char *
ending_first_wanted(const ending *e)
{
    for (char **name = e->mandatory ? e->mandatory->missing : NULL; name && *name; name++) {
        if (ending_wants(e, *name))
            return *name;
    }
    return NULL;
}

/* Libraries send the same code, none, 1000, or that of an error. A code of the application's own
 * may come from a close() that was called before the first Close was read. */
bool
ending_is_answered(const ending *e)
{
    const uint16_t first = e->connection->closes[e->first].code;
    const uint16_t second = e->connection->closes[e->second].code;

    if (!ending_has_code(e, e->second) || (ending_has_code(e, e->first) && second == first))
        return true;
    return second == WSCLOSE_CODE_NORMAL_CLOSURE || second == WSCLOSE_CODE_PROTOCOL_ERROR ||
           second == WSCLOSE_CODE_INVALID_PAYLOAD;
}

bool
ending_is_blaming(const wsclose_connection *connection, wsclose_side side)
{
    const wsclose_end_mark *end = &connection->ends[side];

    return end->goaway && end->has_error && end->error != 0;
}

static bool
any_because(const ending *e, wsclose_because because)
{
    return e->verdict->because[WSCLOSE_CLIENT] == because ||
           e->verdict->because[WSCLOSE_SERVER] == because;
}

/* A frame that breaks the rules of framing, not the content of a message. */
static bool
is_breach(const ending *e)
{
    return (e->verdict->because[WSCLOSE_CLIENT] == WSCLOSE_BECAUSE_BREACH &&
            e->connection->breaches[WSCLOSE_SERVER] != 0) ||
           (e->verdict->because[WSCLOSE_SERVER] == WSCLOSE_BECAUSE_BREACH &&
            e->connection->breaches[WSCLOSE_CLIENT] != 0);
}

static ending_kind
kind_of_two_closes(const ending *e)
{
    const wsclose_close_mark *first = &e->connection->closes[e->first];
    const wsclose_close_mark *second = &e->connection->closes[e->second];

    if (first->kind == WSCLOSE_BODY_CUT || second->kind == WSCLOSE_BODY_CUT)
        return ENDING_CUT;
    if (e->connection->crossed)
        return ENDING_CROSSED;
    if (first->kind == WSCLOSE_BODY_EMPTY)
        return second->kind == WSCLOSE_BODY_EMPTY ? ENDING_EMPTY : ENDING_EMPTY_WITH_CODE;
    if (ending_has_code(e, e->second) && first->code == second->code)
        return ENDING_SAME_CODE;
    return ending_is_answered(e) ? ENDING_OTHER_CODE : ENDING_TWO_CODES;
}

static ending_kind
kind_of_one_close(const ending *e)
{
    if (e->verdict->because[e->first] == WSCLOSE_BECAUSE_UNKNOWN)
        return ENDING_ONE_SIDE;
    if (e->connection->late[e->first])
        return ENDING_LATE;
    if (e->connection->sides[e->second].unreceived)
        return ENDING_UNRECEIVED;
    return e->ender == e->first ? ENDING_NOT_AWAITED : ENDING_UNANSWERED;
}

static ending_kind
kind_of_no_close(const ending *e)
{
    if (e->connection->outside)
        return ENDING_OUTSIDE;
    if (e->verdict->incomplete || e->verdict->initiator == WSCLOSE_SIDE_UNKNOWN)
        return ENDING_DARK;
    return e->connection->ends[e->first].kind == WSCLOSE_END_RESET ? ENDING_RESET : ENDING_FIN;
}

static ending_kind
kind_of_opened(const ending *e)
{
    if (e->verdict->because[WSCLOSE_CLIENT] == WSCLOSE_BECAUSE_HANDSHAKE)
        return ENDING_REJECTED;
    if (is_breach(e))
        return ENDING_BREACH;
    if (any_because(e, WSCLOSE_BECAUSE_ILLEGAL))
        return ENDING_ILLEGAL;
    if (any_because(e, WSCLOSE_BECAUSE_OWN))
        return ENDING_FAILED;
    if (e->verdict->ending == WSCLOSE_ENDING_CLOSED)
        return kind_of_two_closes(e);
    return e->verdict->ending == WSCLOSE_ENDING_ONE_CLOSE ? kind_of_one_close(e)
                                                          : kind_of_no_close(e);
}

static ending_kind
kind_of(const ending *e)
{
    if (e->verdict->ending == WSCLOSE_ENDING_REFUSED)
        return ENDING_REFUSED;
    if (e->verdict->ending == WSCLOSE_ENDING_NO_ANSWER &&
        e->cause.id == WSCLOSE_CAUSE_NOT_WEBSOCKET)
        return ENDING_OPENING_NOT_HTTP;
    if (e->verdict->ending == WSCLOSE_ENDING_NO_ANSWER)
        return e->first == WSCLOSE_CLIENT ? ENDING_OPENING_GIVEN_UP : ENDING_OPENING_UNANSWERED;
    return kind_of_opened(e);
}

/* Of two that did, the one that began. */
static wsclose_side
culprit_of(const ending *e)
{
    const wsclose_because *because = e->verdict->because;

    switch (e->kind) {
    case ENDING_BREACH:
        return because[WSCLOSE_CLIENT] == WSCLOSE_BECAUSE_BREACH ? WSCLOSE_SERVER : WSCLOSE_CLIENT;
    case ENDING_ILLEGAL:
        return because[e->second] == WSCLOSE_BECAUSE_ILLEGAL ? e->first : e->second;
    case ENDING_FAILED:
        return because[e->first] == WSCLOSE_BECAUSE_OWN ? e->first : e->second;
    default:
        return e->first;
    }
}

ending
ending_of(const wsclose_verdict_context *context)
{
    const wsclose_connection *connection = context->connection;
    ending e = { .connection = connection,
                 .verdict = context->verdict,
                 .negotiation = context->negotiation,
                 .bodies = { context->bodies[WSCLOSE_CLIENT], context->bodies[WSCLOSE_SERVER] },
                 .mandatory = context->mandatory,
                 .neighbours = context->neighbours,
                 .no_frames = context->no_frames };

    e.ender =
        connection->first_end != WSCLOSE_SIDE_UNKNOWN ? connection->first_end : WSCLOSE_CLIENT;
    e.first = connection->first_close != WSCLOSE_SIDE_UNKNOWN ? connection->first_close : e.ender;
    e.second = wsclose_side_peer(e.first);
    wsclose_cause_judge(context, &e.cause);
    e.kind = kind_of(&e);
    e.culprit = culprit_of(&e);
    return e;
}
