/* ending.h
 * Which ending a verdict tells of, decided once for all texts on it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WSCLOSE_ENDING_H
#define WSCLOSE_ENDING_H

#include "wsclose/explain.h"

/* In the order in which they are looked for; words/endings.c has a row for each. */
typedef enum {
    ENDING_REFUSED,
    ENDING_OPENING_GIVEN_UP,   /* the client ended the transport before an answer */
    ENDING_OPENING_UNANSWERED, /* the server did */
    ENDING_OPENING_NOT_HTTP,   /* what the server answered is no response */
    ENDING_REJECTED,           /* the client had to reject the response */
    ENDING_BREACH,             /* a frame obliges its receiver to fail the connection */
    ENDING_ILLEGAL,            /* a Close frame does */
    ENDING_FAILED,             /* one failed the connection with a Close of its own */
    ENDING_CUT,                /* both closed; the capture has cut off a status code */
    ENDING_CROSSED,            /* both closed at the same time */
    ENDING_EMPTY,              /* an empty Close, answered by an empty one */
    ENDING_EMPTY_WITH_CODE,
    ENDING_SAME_CODE,
    ENDING_OTHER_CODE,  /* answered with another one */
    ENDING_TWO_CODES,   /* the other one is no answer: each side closed for itself */
    ENDING_ONE_SIDE,    /* one Close, and the other one may have been missed */
    ENDING_LATE,        /* the only Close came after its receiver had ended its side */
    ENDING_NOT_AWAITED, /* its sender ended the transport before an answer */
    ENDING_UNRECEIVED,  /* the answer came, and met a closed socket */
    ENDING_UNANSWERED,
    ENDING_OUTSIDE, /* nothing but the transport is seen, within TLS that nobody decrypts */
    ENDING_DARK,    /* no Close, and one may have been missed */
    ENDING_RESET,
    ENDING_FIN
} ending_kind;

enum { ENDING_COUNT = ENDING_FIN + 1 };

/* An ending, and who did what in it. Pointers are borrowed. */
typedef struct {
    const wsclose_connection *connection;
    const wsclose_verdict *verdict;
    const wsclose_negotiation *negotiation;
    const wsclose_close_body *bodies[WSCLOSE_SIDES]; /* of the first Closes; NULL if not kept */
    const wsclose_mandatory_ext *mandatory;          /* the claim of ending_claimant(), or NULL */
    const wsclose_neighbours *neighbours;            /* or NULL */
    wsclose_slice no_frames;                         /* octets that are none, or of no length */
    wsclose_cause cause;
    ending_kind kind;
    wsclose_side first; /* who sent the first Close frame, or else ended the transport first */
    wsclose_side second;
    wsclose_side ender;   /* who ended the transport first, if anybody did */
    wsclose_side culprit; /* who broke the protocol, in ENDING_BREACH and ENDING_ILLEGAL; in
                             ENDING_FAILED who failed the connection */
} ending;

ending ending_of(const wsclose_verdict_context *context);

/* Whether there never was a connection, which the server could report on. */
bool ending_is_of_handshake(const wsclose_verdict *verdict);

/* Whether a side has sent a Close frame. */
bool ending_has_closed(const ending *e, wsclose_side side);

/* Whether that has a status code. */
bool ending_has_code(const ending *e, wsclose_side side);

/* Whose Close has the first 1010, which a second one only repeats; unknown where none has. */
wsclose_side ending_claimant(const ending *e);

/* The first extension that its claim names and that it did not get: see ending_wants(). NULL where
 * there is none. */
const char *ending_first_wanted(const ending *e);

/* Whether one of those that the claim says are missing is to be named: one that was offered, or any
 * where nothing is known of an offer. */
bool ending_wants(const ending *e, const char *name);

/* Whether the second Close can be told to answer the first one. */
bool ending_is_answered(const ending *e);

/* Whether a side gave the whole connection under the stream up, by a GOAWAY with an error. */
bool ending_is_blaming(const wsclose_connection *connection, wsclose_side side);

#endif
