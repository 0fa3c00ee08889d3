/* context.c
 * A stored Close frame as the decoder takes it.
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
        .finding = &close->finding,
        .request_in = connection->state.request.number,
        .response_in = connection->state.response.number,
        .empty_count = close->event.number,
    };
    facts->event = (wsclose_event){.kind = WSCLOSE_EVENT_CLOSE,
                                   .connection = &connection->state,
                                   .close = context};
    if (wsclose_close_body_has(&close->body, WSCLOSE_CODE_MANDATORY_EXT)) {
        const store_close *claim = close->finding.echo ? connection->claim : close;

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
