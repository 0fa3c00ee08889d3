/* context.h
 * A stored Close frame as the decoder takes it.
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
} context_close;

void context_close_begin(context_close *facts, const store_close *close);
void context_close_end(context_close *facts);

#endif
