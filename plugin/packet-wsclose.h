/* packet-wsclose.h
 * Registration of the protocol `wsclose`.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WSCLOSE_PLUGIN_PACKET_WSCLOSE_H
#define WSCLOSE_PLUGIN_PACKET_WSCLOSE_H

void proto_register_wsclose(void);

#endif
