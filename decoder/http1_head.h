/* http1_head.h
 * What the octets of one head of HTTP/1.1 say (RFC 9112 sections 2 to 6).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WSCLOSE_HTTP1_HEAD_H
#define WSCLOSE_HTTP1_HEAD_H

#include "wsclose/http1.h"

/** A head, and what it says of the length of its message's body (RFC 9112 section 6). */
typedef struct {
    wsclose_http1_head head;
    uint64_t length;     /**< where has_length */
    bool has_length;     /**< Content-Length is there */
    bool length_invalid; /**< and is no number, or several that differ */
    bool has_coding;     /**< Transfer-Encoding is there */
    bool chunked;        /**< and its final coding is chunked */
} http1_message;

/** How much of a head there is. */
typedef enum {
    HTTP1_EXTENT_NONE, /**< the octets begin no message */
    HTTP1_EXTENT_PART,
    HTTP1_EXTENT_WHOLE
} http1_extent;

/** Read a head from its start line on.
 *
 *  plain  header lines that say nothing of their message, and the empty line, to know them again;
 *         of no length for none
 *  out  of a part: what its whole lines say; zeros where not even the start line is whole
 *  end  of a whole head: behind the empty line that ends it; else untouched */
http1_extent http1_head_read(const uint8_t *octets, size_t len, wsclose_http1_role role,
                             wsclose_slice plain, http1_message *out, size_t *end);

/** Whether the header lines of a whole head say nothing of its message. */
bool http1_is_plain(const http1_message *message);

/** Whether a start line is one of that role.
 *
 *  len  up to its LF, which is not counted */
bool http1_is_start_line(const uint8_t *octets, size_t len, wsclose_http1_role role);

/** Whether octets may begin a start line, by the first few of them. */
bool http1_prefix_fits(const uint8_t *octets, size_t len, wsclose_http1_role role);

/** Whether octets may be part of a start line: no NUL is among them. */
bool http1_is_text(const uint8_t *octets, size_t len);

#endif
