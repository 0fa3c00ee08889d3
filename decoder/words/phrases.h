/* phrases.h
 * Parts of the texts on a verdict that depend on more than which ending it is.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WSCLOSE_WORDS_PHRASES_H
#define WSCLOSE_WORDS_PHRASES_H

#include "template.h"

/* Each is a row with the slots of verdict_words; {who} is the side that it is about. */
typedef enum {
    PHRASE_NOTHING, /* "" */

    /* What each side's API reports. */
    PHRASE_BROWSER_REPORTS, /* the opening handshake failed */
    PHRASE_BROWSER_UNKNOWN,
    PHRASE_BOTH_REPORT,
    PHRASE_EACH_REPORTS,
    PHRASE_CLIENT_REPORTS,
    PHRASE_CLIENT_REPORTS_UNREAD,
    PHRASE_SERVER_REPORTS_UNREAD,
    PHRASE_SERVER_REPORTS,
    PHRASE_NEITHER_REPORTS,
    PHRASE_INCOMPLETE,
    PHRASE_CODE_OF_BOTH, /* for a list of packets */
    PHRASE_CODE_OF_CLIENT,
    PHRASE_CODE_OF_SERVER,
    PHRASE_CODES,
    PHRASE_CODES_UNKNOWN,

    /* A Close. */
    PHRASE_WITH_CODE,
    PHRASE_WITH_CODE_EXACTLY, /* with its name, and the whole reason */
    PHRASE_FOR_WANT,          /* behind the code: of an extension */
    PHRASE_QUOTE,             /* of the reason */
    PHRASE_AND_REASON,
    PHRASE_WITH_NONE,
    PHRASE_WITH_ONE_OCTET,
    PHRASE_WITH_CUT,
    PHRASE_CLOSED,
    PHRASE_SENT_CLOSE, /* the same, where who began is not known */
    PHRASE_ANSWERED_IN_KIND,
    PHRASE_ANSWERED,
    PHRASE_NOT_ANSWERED, /* both closed, one after the other */
    PHRASE_WHO_BEGAN_UNKNOWN,
    PHRASE_NO_CLOSE,
    PHRASE_CLOSE_UNRECEIVED,
    PHRASE_TOO_LATE,
    PHRASE_AFTER_THAT,

    /* What the capture lacks of {who}. */
    PHRASE_NOT_CAPTURED,
    PHRASE_NOT_DECRYPTED,
    PHRASE_IS_CAPTURED, /* after "no Close" */
    PHRASE_IS_READABLE,

    /* The opening handshake. */
    PHRASE_OPENING_UNSEEN,
    PHRASE_OPENING_REQUESTED, /* and no more */
    PHRASE_OPENING_ACCEPTED,
    PHRASE_OPENING_FAULTY,
    PHRASE_OPENING_TAKEN, /* though it was faulty */
    PHRASE_OPENING_ENDED, /* without an answer, in a line */
    PHRASE_NO_ANSWER,
    PHRASE_ANSWER_NOT_HTTP,
    PHRASE_ANSWER_UNSEEN,
    PHRASE_GOT_NO_ANSWER, /* of its description */
    PHRASE_GOT_NOT_HTTP,
    PHRASE_THE_ANSWER,
    PHRASE_NEVER_OPENED,
    PHRASE_REJECTION_CLOSE, /* a Close after a response that must be rejected */
    PHRASE_REJECTION_END,   /* the end of the transport after one */
    PHRASE_IT,
    PHRASE_THE_CLIENT,

    /* Breaches. */
    PHRASE_REACTION_CLOSE, /* of {who} that received it */
    PHRASE_REACTION_END,
    PHRASE_REACTION_OWN_CLOSE, /* of the one that sent it */
    PHRASE_REACTION_OWN_END,
    PHRASE_ILLEGAL_UNANSWERED,
    PHRASE_ILLEGAL_CROSSED,
    PHRASE_ILLEGAL_ANSWERED,
    PHRASE_ILLEGAL_SECOND,
    PHRASE_CHECK_EXTENSIONS,
    PHRASE_OCTETS,            /* that are no frame */
    PHRASE_TOLERATED,         /* breaches of {who} */
    PHRASE_TOLERATED_FOUND,   /* the same as expert information */
    PHRASE_BESIDES_TOLERATED, /* what to do about them */

    /* Steps. */
    PHRASE_STEP_CLOSE,
    PHRASE_STEP_ANSWER,
    PHRASE_STEP_END,
    PHRASE_AFTER_LAST,  /* of the first step */
    PHRASE_AFTER_CLOSE, /* of the others: of which step that is the time */
    PHRASE_AFTER_END,
    PHRASE_END_AFTER_LAST, /* of a line */
    PHRASE_LAST_FRAME,
    PHRASE_LAST_RECORD,
    PHRASE_AGED,     /* how old a TLS connection became */
    PHRASE_NOTIFIED, /* {who} sent an alert before */
    PHRASE_LAST_RESPONSE,
    PHRASE_OWN_FAILURE,

    /* Why {who} reports what it does. */
    PHRASE_WHY_RECEIVED,
    PHRASE_WHY_EMPTY,
    PHRASE_WHY_NONE,
    PHRASE_WHY_BREACH,
    PHRASE_WHY_OWN,
    PHRASE_WHY_HANDSHAKE,
    PHRASE_WHY_BOTH_RECEIVED,
    PHRASE_WHY_BOTH_EMPTY,
    PHRASE_WHY_BOTH_UNKNOWN,
    PHRASE_WHY_BOTH_SENT_NONE,
    PHRASE_WHY_BOTH_RECEIVED_NONE,
    PHRASE_WHY_1005,
    PHRASE_WHY_UNKNOWN_CUT,
    PHRASE_WHY_UNKNOWN_REASON,
    PHRASE_WHY_UNKNOWN_UNREADABLE,
    PHRASE_WHY_UNKNOWN_MISSING,
    PHRASE_WHY_UNKNOWN_OWN,
    PHRASE_WHY_UNKNOWN_UNREAD,
    PHRASE_WHY_UNKNOWN,

    /* What the capture lacks, as a whole. */
    PHRASE_GAPS,
    PHRASE_GAPS_ONE, /* of {who} */
    PHRASE_GAPS_BOTH,
    PHRASE_UNREADABLE_ONE,
    PHRASE_UNREADABLE_ONE_TLS13,
    PHRASE_UNREADABLE_BOTH,

    /* Causes. */
    PHRASE_OTHER_NORMAL,
    PHRASE_OTHER_ANSWER,
    PHRASE_COPIED,
    PHRASE_LEG,
    PHRASE_LEFT_DECLINED,
    PHRASE_LIKELY,
    PHRASE_LIKELY_SO,
    PHRASE_ROUND_TRIP,
    PHRASE_LEAST_TRIP,
    PHRASE_LIMITS,
    PHRASE_NO_LIMIT,
    PHRASE_FORGETTERS,
    PHRASE_FORGETTERS_MANY,
    PHRASE_COMPRESSED,
    PHRASE_OTHERS,
    PHRASE_OTHER,
    PHRASE_TIMES,
    PHRASE_SINCE,

    /* Fixes. */
    PHRASE_FIX_CODE,
    PHRASE_FIX_ON_CODE,
    PHRASE_CODE_STANDS_FOR,
    PHRASE_GAVE_UP,
    PHRASE_BESIDES,

    /* Expert information. */
    PHRASE_ABNORMAL_OPENING,
    PHRASE_ABNORMAL_BOTH,
    PHRASE_ABNORMAL_ONE, /* {who} received no Close */
    PHRASE_ABNORMAL_END,
    PHRASE_ABNORMAL_TRANSPORT,
    PHRASE_UNANSWERED,
    PHRASE_PING_UNANSWERED,

    PHRASE_COUNT
} phrase_id;

extern const char *const phrases[PHRASE_COUNT];

/* Slots that stand for the same words everywhere. */
extern const template_slot phrase_slots[];
extern const size_t phrase_slots_count;

#endif
