/* handshake_fields.h
 * The fields of an opening handshake that matter: header lines of an HTTP/1.1 message, or fields of
 * a header list of HTTP/2.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WSCLOSE_HANDSHAKE_FIELDS_H
#define WSCLOSE_HANDSHAKE_FIELDS_H

#include <glib.h>

#include "wsclose/http1.h"
#include "wsclose/negotiation.h"
#include "wsclose/types.h"

typedef enum {
    FIELD_METHOD,
    FIELD_CONNECT_PROTOCOL,
    FIELD_STATUS,
    FIELD_AUTHORITY,
    FIELD_PATH,
    FIELD_HOST,
    FIELD_UPGRADE,
    FIELD_CONNECTION,
    FIELD_KEY,
    FIELD_ACCEPT,
    FIELD_EXTENSIONS,
    FIELD_SUBPROTOCOLS,
    FIELD_USER_AGENT,
    FIELDS
} handshake_field;

/* As far as they have come; all zeros is none. */
typedef struct {
    wsclose_slice values[FIELDS]; /* data is NULL where absent; borrowed from the message */
    GString *joined[FIELDS]; /* where a name stands on several lines: they are one list (RFC 9110
                                     section 5.2) */
    unsigned n_read;         /* fields of any name */
    bool incomplete;         /* some are not known, so that one that is absent may be among them */
} handshake_fields;

/* Read the header lines of a message of HTTP/1.1. */
void handshake_fields_read_head(handshake_fields *fields, const wsclose_http1_head *head);

/* Read a header list of HTTP/2, in the form of wsclose_packet.next_header_list. */
void handshake_fields_read_list(handshake_fields *fields, wsclose_slice list);

/* Whether a request is a browser's, by its User-Agent. */
bool handshake_fields_by_browser(const handshake_fields *fields);

/* Free what was joined. */
void handshake_fields_clear(handshake_fields *fields);

/* A field's value, of no length where it is absent. */
wsclose_slice handshake_fields_value(const handshake_fields *fields, handshake_field field);

/* The same as a header whose absence counts, if it can be known. */
wsclose_header handshake_fields_header(const handshake_fields *fields, handshake_field field);

/* A header that outlives its message; all zeros is one that is not known. */
typedef struct {
    char *value;
    uint32_t len;
    uint8_t presence; /* wsclose_presence */
} kept_header;

/* Keep a header. Free it with kept_header_free(). */
kept_header kept_header_of(wsclose_header header);
void kept_header_free(kept_header *kept);

/* The same, borrowed. */
wsclose_header kept_header_get(const kept_header *kept);

#endif
