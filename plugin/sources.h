/* sources.h
 * The data sources of a packet: what Wireshark has reassembled, decrypted or decoded.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WSCLOSE_PLUGIN_SOURCES_H
#define WSCLOSE_PLUGIN_SOURCES_H

#include "compat.h"

#include <wsclose/types.h>

/* The first data source of a name; NULL where the packet has none. */
tvbuff_t *sources_find(const packet_info *pinfo, const char *name);

/* A way through the data sources of one name. */
typedef struct {
    const char *name;
    GSList *next; /* NULL where no further one can be of that name */
} sources_cursor;

/* Begin at the first one. */
sources_cursor sources_begin(const packet_info *pinfo, const char *name);

/* The octets of the next one; borrowed from the packet. Returns false where none is left. */
bool sources_next(sources_cursor *cursor, wsclose_slice *octets);

#endif
