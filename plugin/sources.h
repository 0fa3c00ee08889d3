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

/* The same of one name, whole, which costs less: to ask for the name of each makes a copy. */
bool sources_next_named(packet_info *pinfo, sources_cursor *cursor, wsclose_slice *octets);

/* Go to the next one that begins like a header list, and copy its start. Neither its name is asked
 * for nor its octets are put in one piece: both take thousands of instructions.
 *
 *  start, len  what is copied, and as many octets as fit; len becomes the number of those copied */
const struct data_source *sources_next_list(sources_cursor *cursor, uint8_t *start, size_t *len);

/* All octets of a data source, if it has that name; else none. */
wsclose_slice sources_octets(const struct data_source *source, const char *name);

#endif
