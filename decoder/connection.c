/* connection.c
 * The closing handshake of one connection (RFC 6455 sections 7.1.4 to 7.1.7).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wsclose/connection.h"

#include "wsclose/code.h"

void
wsclose_connection_init(wsclose_connection *connection)
{
    *connection = (wsclose_connection){0};
}

static size_t
index_of(wsclose_endpoint endpoint)
{
    return endpoint == WSCLOSE_ENDPOINT_CLIENT ? 0 : 1;
}

void
wsclose_connection_missing(wsclose_connection *connection, wsclose_endpoint sender)
{
    if (sender != WSCLOSE_ENDPOINT_UNKNOWN)
        connection->missing[index_of(sender)] = true;
}

/* What a Close frame, taken alone, makes its receiver report. */
static wsclose_told
told_by(const wsclose_close_body *body, unsigned breaches)
{
    /* RFC 6455 section 7.1.7: the receiver fails the connection, so no Close was received. */
    if (breaches != 0)
        return (wsclose_told){true, WSCLOSE_CODE_ABNORMAL_CLOSURE};
    if (!body || body->kind == WSCLOSE_BODY_CUT)
        return (wsclose_told){false, 0};
    return (wsclose_told){true, body->code};
}

/* By what the two frames say, whether or not they may: two breaches tell the same 1006. */
static bool
is_echo(const wsclose_close_mark *first, const wsclose_close_mark *answer)
{
    return first->kind == answer->kind && first->code == answer->code &&
           (first->kind == WSCLOSE_BODY_EMPTY || first->kind == WSCLOSE_BODY_CODE);
}

void
wsclose_connection_close(wsclose_connection *connection, wsclose_endpoint sender,
                         const wsclose_close_body *body, unsigned breaches, wsclose_moment moment,
                         wsclose_close_finding *out)
{
    const wsclose_told told = told_by(body, breaches);
    const wsclose_close_mark mark = {
        moment, breaches, told, body ? body->kind : WSCLOSE_BODY_CUT, body ? body->code : 0};

    *out = (wsclose_close_finding){.told = told, .maybe_answer = true, .maybe_echo = true};
    if (sender == WSCLOSE_ENDPOINT_UNKNOWN)
        return;

    wsclose_close_mark *own = &connection->closes[index_of(sender)];
    const size_t peer_index = index_of(wsclose_endpoint_peer(sender));
    const wsclose_close_mark *peer = &connection->closes[peer_index];

    out->repeated = own->moment.number != 0;
    if (!out->repeated)
        *own = mark;
    out->peer = peer->moment;
    out->answer = !out->repeated && peer->moment.number != 0;
    out->maybe_answer = !out->repeated && !out->answer && connection->missing[peer_index];
    out->echo = out->answer && is_echo(peer, &mark);
    out->maybe_echo = out->maybe_answer || (out->answer && (peer->kind == WSCLOSE_BODY_CUT || mark.kind == WSCLOSE_BODY_CUT));
    out->told = own->told;
}

const wsclose_close_mark *
wsclose_connection_sent(const wsclose_connection *connection, wsclose_endpoint sender)
{
    if (sender == WSCLOSE_ENDPOINT_UNKNOWN)
        return NULL;
    const wsclose_close_mark *mark = &connection->closes[index_of(sender)];

    return mark->moment.number != 0 ? mark : NULL;
}
