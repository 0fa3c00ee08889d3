/* midstream.h
 * Whether a TCP connection that had begun before the capture carries frames of WebSocket. Nothing
 * but their form can tell: so much has to fit that chance, or another protocol, is ruled out.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WSCLOSE_MIDSTREAM_H
#define WSCLOSE_MIDSTREAM_H

#include "wsclose/types.h"

/* What was seen of one direction. Evidence is in bits: how unlikely it is that octets of another
 * kind look the same. */
typedef struct {
    uint16_t as_client; /* evidence that it is what a client sends */
    uint16_t as_server;
    uint16_t close_code; /* of its last Close frame; 0 for none */
    uint32_t open;       /* octets still to come of a frame that is longer than its segment */
    uint8_t pending;     /* evidence of that frame, once it ends where it should */
    bool is_open;        /* there is one */
    bool open_is_masked;
    uint8_t segments; /* with frames that were looked at */
    uint8_t misfits;  /* that are no run of frames */
} midstream_side;

/* What a segment is, if the connection is a WebSocket. */
typedef enum {
    MIDSTREAM_MISFIT, /* no run of frames */
    MIDSTREAM_WITHIN, /* the middle of one frame, no octet of its header */
    MIDSTREAM_FRAMES
} midstream_fit;

/* All zeros is nothing. */
typedef struct {
    midstream_side directions[2];
    midstream_fit fit; /* of the segment that was looked at last */
} midstream;

typedef enum {
    MIDSTREAM_UNDECIDED,
    MIDSTREAM_NONE,     /* it is no WebSocket, or cannot be known */
    MIDSTREAM_CLIENT_0, /* it is, and side 0 is the client */
    MIDSTREAM_CLIENT_1
} midstream_verdict;

/* Look at the octets of one segment of a side, in order, all of them. */
midstream_verdict midstream_look(midstream *seen, size_t direction, const uint8_t *octets,
                                 size_t len);

/* So many octets of a side are missing. */
void midstream_skip(midstream *seen, size_t direction, uint64_t octets);

#endif
