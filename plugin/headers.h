/* headers.h
 * The headers of an opening handshake: those lines of an HTTP/1.1 message, or fields of a header list
 * of HTTP/2, that matter to it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WSCLOSE_PLUGIN_HEADERS_H
#define WSCLOSE_PLUGIN_HEADERS_H

#include "compat.h"

#include "store.h"

enum {
    HEADER_METHOD,
    HEADER_CONNECT_PROTOCOL,
    HEADER_STATUS,
    HEADER_AUTHORITY,
    HEADER_PATH,
    HEADER_HOST,
    HEADER_UPGRADE,
    HEADER_KEY,
    HEADER_ACCEPT,
    HEADER_EXTENSIONS,
    HEADER_SUBPROTOCOLS,
    HEADERS
};

/* As far as they have come. */
typedef struct {
    wmem_strbuf_t *values[HEADERS]; /* octets as on the wire; NULL where there is none. All lines of
                                       one name are one list (RFC 9110 section 5.2). */
    unsigned n_added; /* of any name */
    bool any_case;    /* of names: HTTP/2 has them in small letters (RFC 9113 section 8.2.1) */
    bool incomplete;  /* some are not known, so that one that is absent may be among them */
} headers;

/* Take a header, if it matters. */
void headers_add(headers *into, wmem_allocator_t *scope, wsclose_slice name, wsclose_slice value);

/* Free what was taken. */
void headers_clear(headers *from);

/* A header's value, of no length where it is absent; borrowed. */
wsclose_slice headers_value(const headers *from, size_t header);

/* The same as a header whose absence counts, if it can be told; borrowed. */
store_header headers_header(const headers *from, size_t header);

/* The same, kept. */
store_header headers_keep(const headers *from, size_t header);

/* A header's value, kept; NULL where it is absent. */
const store_text *headers_keep_text(const headers *from, size_t header);

#endif
