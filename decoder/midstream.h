/* midstream.h
 * Whether a TCP connection that had begun before the capture carries frames of WebSocket. Nothing but
 * their form can tell: so much has to fit that chance, or another protocol, is ruled out.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WSCLOSE_MIDSTREAM_H
#define WSCLOSE_MIDSTREAM_H

#include "wsclose/types.h"

/* What was seen of both directions so far; all zeros is nothing. Evidence is in bits: how unlikely it is
 * that octets of another kind look the same. */
typedef struct {
    uint16_t as_client[2]; /* evidence that this side sends what a client sends */
    uint16_t as_server[2];
    uint8_t segments[2]; /* that were looked at */
    uint8_t misfits[2];  /* of them, those that are no run of whole frames */
} midstream;

typedef enum {
    MIDSTREAM_UNDECIDED,
    MIDSTREAM_NONE,    /* it is no WebSocket, or cannot be known */
    MIDSTREAM_CLIENT_0, /* it is, and side 0 is the client */
    MIDSTREAM_CLIENT_1
} midstream_verdict;

/* Look at the octets of one segment of a side, all of them. */
midstream_verdict midstream_look(midstream *seen, size_t side, const uint8_t *octets, size_t len);

#endif
