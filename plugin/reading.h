/* reading.h
 * How far the captures were read that the reports tell of: one, or several in a row.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WSCLOSE_PLUGIN_READING_H
#define WSCLOSE_PLUGIN_READING_H

#include "compat.h"

#include <wsclose/reading.h>

/* Look, at the beginning of each capture, what Wireshark was told not to dissect; once, from the
 * registration routine. */
void reading_register(void);

/* Keep what was read of the capture at hand, which goes. */
void reading_capture_ends(void);

/* Forget the captures before: the reports begin anew. */
void reading_begin_anew(void);

/* Of all captures in a row. */
wsclose_reading reading_so_far(void);

/* A count of what could not be looked into. */
typedef struct {
    const char *key;   /* in JSON */
    const char *label; /* in the tree */
    uint64_t count;
} reading_count;

enum { READING_COUNTS = 7 };

void reading_counts(const wsclose_reading *reading, reading_count counts[READING_COUNTS]);

#endif
