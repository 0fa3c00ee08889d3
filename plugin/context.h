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
} context_verdict;

/* The verdict and the negotiation are borrowed.
 *
 *  negotiation  of the connection, as store_negotiation() lends it */
void context_verdict_begin(context_verdict *facts, const store_connection *connection,
                           const wsclose_verdict *verdict, const wsclose_negotiation *negotiation);
void context_verdict_end(context_verdict *facts);

#endif
