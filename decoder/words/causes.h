/* causes.h
 * What is said of why a connection ended: one row per cause.
 *
 * A new cause is a name in cause.h, the judge in cause.c that finds it, and its row here.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WSCLOSE_WORDS_CAUSES_H
#define WSCLOSE_WORDS_CAUSES_H

#include "wsclose/cause.h"

/* All texts of one cause; rows with the slots of verdict_words. NULL where the ending says it all. */
typedef struct {
    const char *name;  /* the word that scripts count by */
    const char *brief; /* a few words for a column, no slot */
    const char *info;  /* the same for the packet list, with slots; NULL where they are enough */
    const char *line;  /* how the verdict goes on behind who did what: " after {span} of silence" */
    const char *remark; /* sentences for the description, a blank before each */
    const char *causes; /* when it is seen; NULL for those of the ending */
    const char *fix;    /* what to change, and on which side; likewise */
} cause_row;

/* Where the same word takes other sentences. */
enum {
    CAUSE_ROW_IDLE_CLOSED = WSCLOSE_CAUSES, /* an endpoint's own timer, which closed */
    CAUSE_ROW_IDLE_OUTSIDE,                 /* of whom is not seen, nor whether it closed */
    CAUSE_ROW_LIFETIME_OUTSIDE,
    CAUSE_ROW_GOING_AWAY_BETWEEN, /* by what is in between */
    CAUSE_ROW_NOT_OFFERED,        /* the client needs an extension that it did not offer */
    CAUSE_ROW_BREACH_DEFLATE,     /* RSV1 where permessage-deflate does not have it */
    CAUSE_ROW_DECLINED_LISTED,    /* the user lists the extension as mandatory */
    CAUSE_ROW_CLAIM_REFUSED,      /* a 1010 though all that it asks for was negotiated */
    CAUSE_ROW_TOO_BIG_UNSEEN,     /* the message was not seen */
    CAUSE_ROW_ANSWER_NOT_HTTP,    /* to the upgrade request */
    CAUSE_ROW_CONTENT_UNREAD,     /* nobody has read the message that 1007 is about */
    CAUSE_ROWS
};

extern const cause_row cause_rows[CAUSE_ROWS];

#endif
