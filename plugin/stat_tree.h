/* stat_tree.h
 * tshark -z wsclose,tree, and the same in the window: how often what happened.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WSCLOSE_PLUGIN_STAT_TREE_H
#define WSCLOSE_PLUGIN_STAT_TREE_H

void stat_tree_register(void);

/* Take what is wanted of the capture at hand before the store forgets it. */
void stat_tree_capture_ends(void);

#endif
