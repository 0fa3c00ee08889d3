/* collect.h
 * From the dissection of a packet to facts: which fields are asked of Wireshark, and what they say.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WSCLOSE_PLUGIN_COLLECT_H
#define WSCLOSE_PLUGIN_COLLECT_H

#include "compat.h"

#include "store.h"

/* Ask Wireshark for the fields that collect_packet() reads; from the init routine, since
 * preferences and profiles can rebuild the field table. */
void collect_ask(dissector_handle_t handle);

/* Take the request back; from the cleanup routine. */
void collect_ask_nothing(dissector_handle_t handle);

/* Take the facts of a packet into the store, and return its events, or NULL. On the first pass
 * only: the fields are promised there and nowhere else. */
const store_event *collect_packet(packet_info *pinfo, proto_tree *tree);

#endif
