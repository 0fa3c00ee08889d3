/* moment.h
 * Times, in nanoseconds from any fixed point.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WSCLOSE_MOMENT_H
#define WSCLOSE_MOMENT_H

#include <stdint.h>

#define SECOND INT64_C(1000000000)

/* From one time to a later one, as much of it as there is a number for; 0 where it is not later:
 * captures that were merged or edited go back in time. */
static inline int64_t
time_between(int64_t from, int64_t to)
{
    if (to <= from)
        return 0;
    /* Two times of different signs may be further apart than a signed number tells. */
    const uint64_t between = (uint64_t)to - (uint64_t)from;
    return between > INT64_MAX ? INT64_MAX : (int64_t)between;
}

#endif
