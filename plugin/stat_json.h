/* stat_json.h
 * tshark -z wsclose,json: JSON Lines, one object per connection.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WSCLOSE_PLUGIN_STAT_JSON_H
#define WSCLOSE_PLUGIN_STAT_JSON_H

void stat_json_register(void);

#endif
