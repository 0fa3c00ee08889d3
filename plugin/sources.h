/* sources.h
 * The data sources of a packet: what Wireshark has reassembled, decrypted or decoded.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WSCLOSE_PLUGIN_SOURCES_H
#define WSCLOSE_PLUGIN_SOURCES_H

#include "compat.h"

#include <wsclose/types.h>

/* A way through the data sources of one name. */
typedef struct {
    const char *name;
    GSList *next; /* NULL where no further one can be of that name */
} sources_cursor;

/* Begin at the first one. */
sources_cursor sources_begin(const packet_info *pinfo, const char *name);

/* The same for all names that begin so. */
sources_cursor sources_begin_with(const packet_info *pinfo, const char *prefix);

/* The octets of the next one; borrowed from the packet. Returns false where none is left. */
bool sources_next(sources_cursor *cursor, wsclose_slice *octets);

#endif
