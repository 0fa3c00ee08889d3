/* endings.h
 * What is said of how a connection ended: one row per ending.
 *
 * A new ending is a name in ending.h, the place in ending.c that finds it, and its row here. What
 * differs within an ending is a phrase (phrases.h) that a slot chooses (verdict_slots.h), never an
 * if between parts of a sentence. Another language is another ending_rows and another phrases.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WSCLOSE_WORDS_ENDINGS_H
#define WSCLOSE_WORDS_ENDINGS_H

#include "../ending.h"

/* All texts of one ending; all but the first are rows with the slots of verdict_words. */
typedef struct {
    const char *brief;       /* a few words to sort by: at most ENDING_BRIEF_MAX octets, no slot */
    const char *line;        /* the verdict in one line, no full stop */
    const char *description; /* what happened, step by step */
    const char *causes;      /* when it is seen */
    const char *fix;         /* what to change, and on which side */
} ending_row;

enum { ENDING_BRIEF_MAX = 23 };

extern const ending_row ending_rows[ENDING_COUNT];

#endif
