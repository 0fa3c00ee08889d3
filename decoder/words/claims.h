/* claims.h
 * What is said of a Close with 1010, which claims that an extension is missing.
 *
 * Slots: sender; claimant, whose claim it is ("it" where a sentence has named it), and the
 * claimant, the same by name; client, likewise ("it" or "the client"); needed, missing, declined
 * and not offered, the extensions, and of these lists "needed it" ("it" or "them"), "needed was"
 * ("it was" or "they were") and so on; include and cure, what the response did not do and what to
 * do about that; unseen, what of the opening handshake is not in the capture; fix, that of the
 * status code; in request, in response and in peer, which are " (frame 6)" or nothing; enable,
 * never and check, sentences of their own with a space ahead, or nothing.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WSCLOSE_WORDS_CLAIMS_H
#define WSCLOSE_WORDS_CLAIMS_H

/* One line. Further slots: act and claim, rows of the tables below. */
extern const char claim_line[];

/* What the sender does. */
typedef enum {
    CLAIM_CLOSES,
    CLAIM_ECHOES,   /* the other side's 1010 */
    CLAIM_REPEATS,  /* a server; whose claim it was is not known */
    CLAIM_MAY_ECHO, /* likewise */
    CLAIM_ACT_COUNT
} claim_act;

extern const char *const claim_acts[CLAIM_ACT_COUNT];

/* What is made of the claim. */
typedef enum {
    /* Confirmed. */
    CLAIM_DECLINED,
    CLAIM_DECLINED_UNNAMED, /* the reason names none */
    CLAIM_DECLINED_ECHO,    /* the same, where that has been said of the claim itself */
    CLAIM_WRONGLY_ANSWERED, /* by what the response accepts */
    /* Contradicted. */
    CLAIM_ALL_NEGOTIATED, /* the reason names none */
    CLAIM_NONE_OFFERED,   /* likewise */
    CLAIM_NEGOTIATED,
    CLAIM_SOME_NEVER_OFFERED,   /* and the rest was negotiated */
    CLAIM_NEVER_OFFERED,        /* by the client, whose claim it is */
    CLAIM_CLIENT_NEVER_OFFERED, /* and the claim is not the client's */
    /* Unverifiable. */
    CLAIM_CUT,
    CLAIM_CUT_BEHIND_A_NAME,
    CLAIM_UNNAMED,
    CLAIM_REQUEST_UNSEEN, /* and the response lacks it */
    CLAIM_UNSEEN,
    CLAIM_KIND_COUNT
} claim_kind;

typedef struct {
    const char *claim; /* part of a line */
    const char *fix;
} claim_words;

extern const claim_words claims_words[CLAIM_KIND_COUNT];

/* The fix where a server declined what a client needs; with a claim or without one. */
extern const char claim_fix_declined[];

/* By whether the response answers what it did not validly accept. */
extern const char *const claim_include[2];
extern const char *const claim_cure[2];

extern const char claim_enable[];
extern const char claim_never[];
extern const char claim_check[];

/* What is not in the capture. */
extern const char claim_no_request[];
extern const char claim_no_response[];
extern const char claim_no_handshake[];

/* A contradicted claim, said of the opening handshake. Further slot: claim. */
extern const char claim_contradicted[];

/* A server's claim, and what to do about it. */
extern const char claim_of_server[];
extern const char claim_of_server_fix[];

#endif
