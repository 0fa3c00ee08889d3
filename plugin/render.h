/* render.h
 * From the store to the packet tree and the expert information.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WSCLOSE_PLUGIN_RENDER_H
#define WSCLOSE_PLUGIN_RENDER_H

#include "compat.h"

#include "store.h"

/* Register fields, subtrees and expert items of the protocol. */
void render_register(int proto);

/* Begin a capture.
 *
 *  info_column  events are told of in the Info column */
void render_begin(bool info_column);

/* Add an event to the tree; tree may be NULL or not visible. */
void render_event(const store_event *event, tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree);

#endif
