/* breaches.h
 * What is said of a frame that breaks the protocol: one row per wsclose_breach bit.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WSCLOSE_BREACHES_H
#define WSCLOSE_BREACHES_H

#include <glib.h>

#include "bits.h"
#include "wsclose/frame.h"

/* All texts of one breach. */
typedef struct {
    const char *brief;        /* "a reserved bit is set"; its slot: code, that of the Close frame */
    const char *sentence;     /* what the frame has, and the rule against it; its slots: frame,
                                 length, out of order, and of a Close frame code and name */
    const char *causes;       /* when a frame with it is seen */
    const char *close_causes; /* when a Close frame with it is; NULL where that is the same */
} breach_words;

/* By BIT_INDEX() of the bit. */
extern const breach_words breaches_words[WSCLOSE_BREACH_COUNT];

/* What a frame does that is out of order. */
extern const char breach_nothing_to_continue[];
extern const char breach_message_in_message[];

/* What to do about one; FRAME is what it was: "a frame". Slot: the sender. */
#define BREACH_FIX(FRAME)                                                                          \
    "Correct {the sender}: its WebSocket library, or whatever writes frames by hand there, "       \
    "sends " FRAME " that the protocol forbids."

/* When Close frames with these wsclose_breach bits are seen; no cause twice. */
void breaches_append_close_causes(GString *text, unsigned breaches);

/* The brief row of the bit of an index, for verdict_append_set(). */
const char *breaches_brief(unsigned bit);

#endif
