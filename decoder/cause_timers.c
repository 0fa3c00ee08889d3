/* cause_timers.c
 * Times that somebody has set as a limit on a connection.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "cause_timers.h"

#include <glib.h>

#include "moment.h"

#define MILLISECONDS(count) ((count) * (SECOND / 1000))

/* A timer goes off late rather than early; early by as much as the packets before took on their
 * way. Those of load balancers are coarse. */
#define EARLY_MAX MILLISECONDS(300)
#define LATE_MAX MILLISECONDS(1500)
#define AGE_LATE_MAX MILLISECONDS(500) /* nothing else points to such a one */

/* By how much a time may miss a round number. The shorter the steps between such numbers, the less,
 * since one is near any time by chance. */
typedef struct {
    int64_t step;
    int64_t least;
    int64_t early;
    int64_t late;
    limit_likeness likeness;
} round_number;

static const round_number silences[] = {
    { 60 * SECOND, 60 * SECOND, MILLISECONDS(200), MILLISECONDS(1200), LIMIT_EXACT },
    { 5 * SECOND, 10 * SECOND, MILLISECONDS(100), MILLISECONDS(600), LIMIT_ROUND },
    { SECOND, 5 * SECOND, MILLISECONDS(30), MILLISECONDS(80), LIMIT_WHOLE },
};

/* Nothing else points to a limit on age. */
static const round_number ages[] = {
    { 60 * SECOND, 60 * SECOND, MILLISECONDS(100), MILLISECONDS(500), LIMIT_EXACT },
    { 5 * SECOND, 10 * SECOND, MILLISECONDS(50), MILLISECONDS(150), LIMIT_ROUND },
};

bool
limit_is_near(const known_limit *limit, limit_kind kind, int64_t time)
{
    const int64_t exact = limit->seconds * SECOND;
    const int64_t late = kind == LIMIT_LIFETIME ? AGE_LATE_MAX : LATE_MAX;

    return (limit->kinds & kind) != 0 && time >= exact - EARLY_MAX && time <= exact + late;
}

static limit_likeness
likeness_among(const round_number *rows, size_t count, int64_t time)
{
    for (size_t i = 0; i < count; i++) {
        const int64_t over = time % rows[i].step;

        if (time < rows[i].least - rows[i].early)
            continue;
        if (over <= rows[i].late || rows[i].step - over <= rows[i].early)
            return rows[i].likeness;
    }
    return LIMIT_UNLIKE;
}

limit_likeness
limit_is_like(limit_kind kind, int64_t time)
{
    if (time < 0)
        return LIMIT_UNLIKE;
    for (unsigned i = 0; i < known_limits_count; i++) {
        if (limit_is_near(&known_limits[i], kind, time))
            return LIMIT_EXACT;
    }
    return kind == LIMIT_LIFETIME ? likeness_among(ages, G_N_ELEMENTS(ages), time)
                                  : likeness_among(silences, G_N_ELEMENTS(silences), time);
}
