/* cpu_time.h
 * The time that something takes of the processor, whoever else uses it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WSCLOSE_CPU_TIME_H
#define WSCLOSE_CPU_TIME_H

#include <glib.h>
#include <time.h>

/** Microseconds of processor time so far. */
static inline gint64
cpu_time(void)
{
    return (gint64)clock() * G_USEC_PER_SEC / CLOCKS_PER_SEC;
}

/** Asserts that less than so many seconds of processor time have passed since cpu_time() was begin.
 * Memcheck makes everything slower, and by how much is nothing of ours: it sets WSCLOSE_UNTIMED. */
#define assert_cpu_seconds(begin, seconds)                                                         \
    G_STMT_START                                                                                   \
    {                                                                                              \
        if (g_getenv("WSCLOSE_UNTIMED") == NULL)                                                   \
            g_assert_cmpfloat((double)(cpu_time() - (begin)) / G_USEC_PER_SEC, <, (seconds));      \
    }                                                                                              \
    G_STMT_END

#endif
