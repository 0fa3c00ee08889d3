/* cause_timers.h
 * Times that somebody has set as a limit on a connection.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WSCLOSE_CAUSE_TIMERS_H
#define WSCLOSE_CAUSE_TIMERS_H

#include <stdbool.h>
#include <stdint.h>

/* What a limit is on; bits. */
typedef enum {
    LIMIT_IDLE = 1 << 0,     /* how long both sides may be silent */
    LIMIT_SERVER = 1 << 1,   /* how long the server may be, whatever the client sends */
    LIMIT_LIFETIME = 1 << 2, /* how long the connection may live */
    LIMIT_FORGETS =
        1 << 3 /* of silence too, after which the connection is forgotten without a word */
} limit_kind;

/* A limit that is known by name. */
typedef struct {
    uint16_t seconds;
    unsigned kinds;      /* limit_kind bits */
    const char *who;     /* "nginx" */
    const char *setting; /* "proxy_read_timeout"; NULL where nobody can change it */
    const char *source;  /* where one can read it */
} known_limit;

/* All that are known, the shortest first. */
extern const known_limit known_limits[];
extern const unsigned known_limits_count;

/* Whether a limit of that kind is known by name, and a time as long as it would show. */
bool limit_is_near(const known_limit *limit, limit_kind kind, int64_t time);

/* How much a time is like one that somebody has set as a limit. */
typedef enum {
    LIMIT_UNLIKE,
    LIMIT_WHOLE, /* whole seconds: any time is near some by chance */
    LIMIT_ROUND, /* a multiple of five seconds */
    LIMIT_EXACT  /* a multiple of a minute, or known by name */
} limit_likeness;

limit_likeness limit_is_like(limit_kind kind, int64_t time);

#endif
