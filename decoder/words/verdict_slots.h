/* verdict_slots.h
 * What the files that fill the slots of verdict_words share.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WSCLOSE_WORDS_VERDICT_SLOTS_H
#define WSCLOSE_WORDS_VERDICT_SLOTS_H

#include "verdict_words.h"

/* The slots of one file; the context of each is the verdict_words. */
typedef struct {
    const template_slot *slots;
    size_t count;
} verdict_slots;

#define VERDICT_SLOTS(slots)                                                                       \
    {                                                                                              \
        slots, G_N_ELEMENTS(slots)                                                                 \
    }

extern const verdict_slots verdict_opening_slots; /* the opening handshake, and its faults */
extern const verdict_slots verdict_breach_slots;  /* breaches, and what came of them */
extern const verdict_slots verdict_step_slots;    /* what happened, step by step, and why */
extern const verdict_slots verdict_advice_slots;  /* causes and fixes */
extern const verdict_slots verdict_cause_slots;   /* why the connection ended */

static inline const ending *
ending_in(const void *words)
{
    return ((const verdict_words *)words)->ending;
}

static inline const wsclose_connection *
connection_in(const void *words)
{
    return ending_in(words)->connection;
}

static inline const wsclose_verdict *
verdict_in(const void *words)
{
    return ending_in(words)->verdict;
}

/* Append the briefs of a set of bits in brackets, " (no Sec-WebSocket-Accept)"; nothing where there
 * is none.
 *
 *  brief_of  the row of a bit
 *  all       whether to name all, or the first one */
void verdict_append_set(GString *text, const verdict_words *words, unsigned set,
                        const char *(*brief_of)(unsigned bit), bool all);

/* What a line says of the cause behind the first Close; nothing where the Close says it itself. */
void verdict_append_close_cause(GString *text, const verdict_words *words);

#endif
