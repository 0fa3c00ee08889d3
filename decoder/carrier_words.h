/* carrier_words.h
 * The words in sentences that depend on what carries the WebSocket connection.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WSCLOSE_CARRIER_WORDS_H
#define WSCLOSE_CARRIER_WORDS_H

#include <glib.h>

#include "wsclose/types.h"

/* Each has a token, for texts that are not formats: "{transport}" and so on. */
typedef enum {
    WORD_TRANSPORT, /* "TCP", "the stream" */
    WORD_SUBJECT,   /* the same, where a sentence begins with it */
    WORD_SOCKET,    /* what an application closes in its place: "socket", "stream" */
    WORD_RESPONSE,  /* of a server that accepts: "101", "response" */
    WORD_SUCCESS,   /* its status: "101", "2xx" */
    WORD_UPGRADE,   /* what the client asks for: "upgrade", "extended CONNECT" */
    WORD_TAKEN,     /* what a server took and then left: "TCP connection", "request" */
    WORD_NOT_MEANT, /* why a server ends the transport in place of an answer */
    WORD_MEAN,      /* and what to do about that */
    WORD_HEADERS,   /* what a proxy has to pass on */
    WORD_REMOVED,   /* a proxy that did not */
    WORD_LET_PASS   /* what to do about that */
} carrier_word_id;

const char *carrier_word(unsigned carrier, carrier_word_id id);

/* Append a text, its tokens replaced. */
void carrier_append(GString *text, unsigned carrier, const char *template);

/* The connection under a stream: "TCP" or "QUIC". */
const char *carrier_connection(unsigned carrier);

/* "CANCEL", "error code 0x1d". */
void carrier_append_error(GString *text, unsigned carrier, uint64_t error);

#endif
