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

static wsclose_close_mark *
mark_of(wsclose_connection *connection, wsclose_endpoint endpoint)
{
    if (endpoint == WSCLOSE_ENDPOINT_UNKNOWN)
        return NULL;
    return &connection->closes[endpoint == WSCLOSE_ENDPOINT_CLIENT ? 0 : 1];
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

static bool
is_echo(const wsclose_told *first, const wsclose_told *answer)
{
    return first->known && answer->known && first->code == answer->code;
}

void
wsclose_connection_close(wsclose_connection *connection, wsclose_endpoint sender,
                         const wsclose_close_body *body, unsigned breaches, wsclose_moment moment,
                         wsclose_close_finding *out)
{
    wsclose_close_mark *own = mark_of(connection, sender);
    const wsclose_close_mark *peer = mark_of(connection, wsclose_endpoint_peer(sender));
    const wsclose_told told = told_by(body, breaches);

    *out = (wsclose_close_finding){.told = told};
    if (!own)
        return;

    out->repeated = own->moment.number != 0;
    if (!out->repeated)
        *own = (wsclose_close_mark){moment, breaches, told};
    out->peer = peer->moment;
    out->answer = !out->repeated && peer->moment.number != 0;
    out->echo = out->answer && is_echo(&peer->told, &told);
    out->told = own->told;
}

const wsclose_close_mark *
wsclose_connection_sent(const wsclose_connection *connection, wsclose_endpoint sender)
{
    const wsclose_close_mark *mark = mark_of((wsclose_connection *)connection, sender);

    return mark && mark->moment.number != 0 ? mark : NULL;
}
