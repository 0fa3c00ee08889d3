/* timeouts.h
 * Idle times that somebody has set as a limit.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WSCLOSE_WORDS_TIMEOUTS_H
#define WSCLOSE_WORDS_TIMEOUTS_H

#include <stdint.h>

typedef struct {
    uint16_t seconds;
    const char *whose; /* a clause on whose default that is; NULL where it is just a round time */
} idle_timeout;

/* The one that an idle time of so many nanoseconds is close to, or NULL. */
const idle_timeout *idle_timeout_near(int64_t idle);

#endif
