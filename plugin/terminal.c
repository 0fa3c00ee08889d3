/* terminal.c
 * The terminal that standard output may be.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "terminal.h"

#include <glib.h>

#ifdef G_OS_UNIX
#include <sys/ioctl.h>
#include <unistd.h>
#endif

/* More than that is no width. */
#define COLUMNS_MAX 10000

unsigned
terminal_columns(unsigned unknown)
{
#ifdef G_OS_UNIX
    guint64 set;
    struct winsize size = { .ws_col = 0 };

    if (!isatty(STDOUT_FILENO))
        return 0;
    /* As for all programs: what the user sets goes before what the terminal says. */
    if (g_ascii_string_to_unsigned(g_getenv("COLUMNS") ? g_getenv("COLUMNS") : "", 10, 1,
                                   COLUMNS_MAX, &set, NULL))
        return (unsigned)set;
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
        return size.ws_col;
    return unknown;
#else
    (void)unknown;
    return 0;
#endif
}
