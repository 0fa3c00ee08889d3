/* context.h
 * A stored Close frame, and the verdict on a stored connection, as the decoder takes them.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WSCLOSE_PLUGIN_CONTEXT_H
#define WSCLOSE_PLUGIN_CONTEXT_H

#include "store.h"

/* What it points to lives until context_close_end(), or belongs to the store. */
typedef struct {
    wsclose_close_context context;
    wsclose_event event;
    wsclose_close_body body;
    wsclose_close_meaning meaning;
} context_close;

void context_close_begin(context_close *facts, const store_close *close);
void context_close_end(context_close *facts);

/* The same of a verdict. */
typedef struct {
    wsclose_verdict_context context;
    wsclose_close_body bodies[2];
    wsclose_neighbours neighbours;
    bool has_cause;
    wsclose_cause cause; /* where has_cause */
} context_verdict;

/* The verdict and the negotiation are borrowed.
 *
 *  verdict      NULL where the connection goes on
 *  negotiation  of the connection, as store_negotiation() lends it
 *  whole        the capture was read before, so that other connections count that end later */
void context_verdict_begin(context_verdict *facts, const store_connection *connection,
                           const wsclose_verdict *verdict, const wsclose_negotiation *negotiation,
                           bool whole);
void context_verdict_end(context_verdict *facts);

/* The packet of the oldest Ping that never got its Pong; 0 where there is none. */
uint32_t context_ping_unanswered(const wsclose_verdict_context *context);

#endif
