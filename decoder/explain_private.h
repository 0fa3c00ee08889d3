/* explain_private.h
 * Parts of sentences, as the decoder's own modules need them.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WSCLOSE_EXPLAIN_PRIVATE_H
#define WSCLOSE_EXPLAIN_PRIVATE_H

#include <glib.h>

#include "wsclose/explain.h"

/** "client", "server" or "one side". */
const char *explain_side(wsclose_side side);

/** "client", "server" or "receiver": who gets the frames of a side. */
const char *explain_receiver(wsclose_side sender);

/** A name, bounded. */
void explain_append_name(GString *text, const char *name);

/** "a", "a and b", "a, b and c", "a, b and 7 more". */
void explain_append_names(GString *text, const char *const *names, size_t count);

/** One breach of a Close frame: its row in words/breaches.h. */
void explain_append_breach(GString *text, const wsclose_close_context *context, unsigned bit);

/** Whether a Close claims that an extension is missing: 1010, with what it takes to judge that. */
bool explain_is_claim(const wsclose_close_context *context);

/** What to do about such a Close. */
void explain_append_claim_advice(GString *text, const wsclose_close_context *context);

/** "it" or "them". */
const char *explain_it_or_them(size_t count);

/** " (frame 6)"; nothing for 0. */
void explain_append_frame(GString *text, uint32_t number);

#endif
