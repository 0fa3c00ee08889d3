/* stat_table.h
 * The table of connections in the window (in tshark: -z wsclose,table).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WSCLOSE_PLUGIN_STAT_TABLE_H
#define WSCLOSE_PLUGIN_STAT_TABLE_H

void stat_table_register(void);

#endif
