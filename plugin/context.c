/* context.c
 * A stored Close frame, and the verdict on a stored connection, as the decoder takes them.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "context.h"

#include "collect.h"
#include "neighbours.h"

static wsclose_mandatory_ext *
explain_claim(const store_close *close, const wsclose_negotiation *negotiation)
{
    if (!close)
        return NULL;
    const wsclose_close_body claim = store_close_body(close);
    return wsclose_mandatory_ext_explain(negotiation, claim.reason, claim.reason_cut);
}

void
context_close_begin(context_close *facts, const store_close *close)
{
    const store_connection *connection = close->event.connection;
    wsclose_close_context *context = &facts->context;

    facts->body = store_close_body(close);
    facts->meaning = store_close_meaning(close);
    *context = (wsclose_close_context){
        .sender = close->event.sender,
        .frame = &close->frame,
        .body = &facts->body,
        .breaches = close->event.breaches,
        .meaning = &facts->meaning,
        .request_in = connection->state.request.number,
        .response_in = connection->state.response.number <= close->packet
                           ? connection->state.response.number
                           : 0,
        .empty_count = close->event.number,
    };
    facts->event = (wsclose_event){ .kind = WSCLOSE_EVENT_CLOSE,
                                    .connection = &connection->state,
                                    .close = context };
    if (wsclose_close_body_has(&facts->body, WSCLOSE_CODE_MANDATORY_EXT)) {
        /* Later passes say what the first one said. */
        context->negotiation = store_negotiation_until(connection, close->packet);
        context->mandatory =
            explain_claim(close->echo ? connection->claim : close, context->negotiation);
    }
}

void
context_close_end(context_close *facts)
{
    wsclose_mandatory_ext_free((wsclose_mandatory_ext *)facts->context.mandatory);
}

void
context_verdict_begin(context_verdict *facts, const store_connection *connection,
                      const wsclose_verdict *verdict, const wsclose_negotiation *negotiation,
                      bool whole)
{
    facts->neighbours = neighbours_of(connection, whole);
    facts->context = (wsclose_verdict_context){
        .connection = &connection->state,
        .verdict = verdict,
        .negotiation = negotiation,
        .mandatory = explain_claim(connection->claim, negotiation),
        .neighbours = &facts->neighbours,
        .now = collect_latest(),
    };
    if (connection->no_frames)
        facts->context.no_frames =
            (wsclose_slice){ connection->no_frames->text, connection->no_frames->len };
    for (size_t side = 0; side < 2; side++) {
        if (!connection->closes[side])
            continue;
        facts->bodies[side] = store_close_body(connection->closes[side]);
        facts->context.bodies[side] = &facts->bodies[side];
    }
    facts->has_cause = wsclose_cause_judge(&facts->context, &facts->cause);
}

void
context_verdict_end(context_verdict *facts)
{
    wsclose_mandatory_ext_free((wsclose_mandatory_ext *)facts->context.mandatory);
}

uint32_t
context_ping_unanswered(const wsclose_verdict_context *context)
{
    const wsclose_connection *state = context->connection;
    const int64_t end = state->has_ending ? state->ending : context->now;
    uint32_t number = 0;

    for (wsclose_side side = WSCLOSE_CLIENT; side <= WSCLOSE_SERVER; side++) {
        const uint32_t ping = state->traffic[side].ping.number;

        if (wsclose_connection_ping_age(state, side, end) >= 0 && (number == 0 || ping < number))
            number = ping;
    }
    return number;
}
