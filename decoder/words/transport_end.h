/* transport_end.h
 * How one side ended the transport, in words.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WSCLOSE_WORDS_TRANSPORT_END_H
#define WSCLOSE_WORDS_TRANSPORT_END_H

#include <glib.h>

#include "wsclose/connection.h"

typedef enum {
    TRANSPORT_END_BRIEFLY, /* "reset the stream" */
    TRANSPORT_END_PLAINLY, /* "reset the stream (CANCEL)" */
    TRANSPORT_END_EXACTLY  /* "reset the stream (RST_STREAM, CANCEL)": and the signal on the wire */
} transport_end_detail;

/* What a side did at its end, as a predicate: "ended TCP". */
void transport_end_append(GString *text, const wsclose_connection *connection, wsclose_side side,
                          transport_end_detail detail);

/* The error code of what a side ended it with: "CANCEL". */
void transport_end_append_error(GString *text, const wsclose_connection *connection,
                                wsclose_side side);

#endif
