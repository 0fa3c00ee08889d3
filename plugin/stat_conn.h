/* stat_conn.h
 * tshark -z wsclose,conn: a table with one line per connection.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WSCLOSE_PLUGIN_STAT_CONN_H
#define WSCLOSE_PLUGIN_STAT_CONN_H

#include "compat.h"

void stat_conn_register(void);

/* The preference for its width, in columns of the terminal; 0 for as many as it takes. */
void stat_conn_register_preference(module_t *module);

#endif
