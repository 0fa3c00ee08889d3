/* terminal.h
 * The terminal that standard output may be.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WSCLOSE_PLUGIN_TERMINAL_H
#define WSCLOSE_PLUGIN_TERMINAL_H

/* How many columns standard output has; 0 where it is no terminal, such as a file or a pipe.
 *
 *  unknown  what to return for a terminal that does not say */
unsigned terminal_columns(unsigned unknown);

#endif
