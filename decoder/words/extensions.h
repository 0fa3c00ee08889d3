/* extensions.h
 * What is said of one element of Sec-WebSocket-Extensions.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WSCLOSE_WORDS_EXTENSIONS_H
#define WSCLOSE_WORDS_EXTENSIONS_H

#include "wsclose/types.h"

/* How a list breaks its grammar. */
typedef enum {
    GRAMMAR_LINE_BREAK,
    GRAMMAR_NO_NAME,
    GRAMMAR_NO_PARAM,
    GRAMMAR_NO_VALUE,
    GRAMMAR_NO_SEPARATOR,
    GRAMMAR_NO_EXTENSION,
    GRAMMAR_QUOTE_OPEN,
    GRAMMAR_QUOTE_EMPTY,
    GRAMMAR_QUOTE_OCTET,
    GRAMMAR_QUOTE_NO_TOKEN,
    GRAMMAR_BREACH_COUNT
} grammar_breach;

typedef struct {
    const char *error;
    const char *clause; /* the rule against it */
} grammar_words;

extern const grammar_words grammars_words[GRAMMAR_BREACH_COUNT];

/* What follows from it, by the side whose list it is. Slots: error and clause, those above, and
 * offset, in octets. */
extern const char *const grammar_consequences[WSCLOSE_SIDES];

/* What permessage-deflate does not allow of its parameters. Slots: param, value, and clause, the
 * rule of that parameter. */
typedef enum {
    DEFLATE_PARAM_UNKNOWN,
    DEFLATE_PARAM_TWICE,
    DEFLATE_VALUE_FORBIDDEN,
    DEFLATE_VALUE_MISSING,
    DEFLATE_VALUE_WRONG,
    DEFLATE_NOT_ANSWERED, /* a parameter that the offer has and the response must repeat */
    DEFLATE_LARGER,       /* in the response than in the offer */
    DEFLATE_NOT_OFFERED,
    DEFLATE_BREACH_COUNT
} deflate_breach;

extern const char *const deflate_breaches[DEFLATE_BREACH_COUNT];

/* Why an element is judged as it is. Slots: offer, the element of the request; breach, one of the
 * rows above, filled; and offset, where the request's list breaks its grammar. */
typedef enum {
    MATCH_OFFER_BROKEN, /* said of the offer */
    /* The rest is said of an element of the response. */
    MATCH_ALLOWED,
    MATCH_NOT_JUDGED,
    MATCH_FORERUNNER,
    MATCH_REQUEST_UNSEEN,
    MATCH_NONE_OFFERED,
    MATCH_NOT_OFFERED,
    MATCH_NOT_OFFERED_BEFORE, /* the request's list breaks its grammar */
    MATCH_TWICE,
    MATCH_DEFLATE_TWICE,
    MATCH_BROKEN, /* whatever the offer */
    MATCH_ONLY_OFFER_BROKEN,
    MATCH_OFFER_EXCEEDED,
    MATCH_REASON_COUNT
} match_reason;

extern const char *const match_reasons[MATCH_REASON_COUNT];

#endif
