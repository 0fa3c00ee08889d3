/* context.c
 * A stored Close frame, and the verdict on a stored connection, as the decoder takes them.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "context.h"

void
context_close_begin(context_close *facts, const store_close *close)
{
    const store_connection *connection = close->event.connection;
    wsclose_close_context *context = &facts->context;

    *context = (wsclose_close_context){
        .sender = close->event.sender,
        .frame = &close->frame,
        .body = &close->body,
        .breaches = close->event.breaches,
        .meaning = &close->meaning,
        .request_in = connection->state.request.number,
        .response_in = connection->state.response.number,
        .empty_count = close->event.number,
    };
    facts->event = (wsclose_event){.kind = WSCLOSE_EVENT_CLOSE,
                                   .connection = &connection->state,
                                   .close = context};
    if (wsclose_close_body_has(&close->body, WSCLOSE_CODE_MANDATORY_EXT)) {
        const store_close *claim = close->meaning.echo ? connection->claim : close;

        context->negotiation = store_negotiation(connection);
        context->mandatory = wsclose_mandatory_ext_explain(context->negotiation, claim->body.reason,
                                                           claim->body.reason_cut);
    }
}

void
context_close_end(context_close *facts)
{
    wsclose_mandatory_ext_free((wsclose_mandatory_ext *)facts->context.mandatory);
}

static const wsclose_close_body *
body_of(const store_close *close)
{
    return close ? &close->body : NULL;
}

wsclose_verdict_context
context_verdict_begin(const store_connection *connection, const wsclose_verdict *verdict,
                      const wsclose_negotiation *negotiation)
{
    const wsclose_close_body *claim = body_of(connection->claim);

    return (wsclose_verdict_context){
        .connection = &connection->state,
        .verdict = verdict,
        .negotiation = negotiation,
        .bodies = {body_of(connection->closes[WSCLOSE_CLIENT]),
                   body_of(connection->closes[WSCLOSE_SERVER])},
        .mandatory = claim ? wsclose_mandatory_ext_explain(negotiation, claim->reason,
                                                           claim->reason_cut)
                           : NULL,
    };
}

void
context_verdict_end(wsclose_verdict_context *context)
{
    wsclose_mandatory_ext_free((wsclose_mandatory_ext *)context->mandatory);
}
