/* negotiations.h
 * What is said of an opening handshake.
 *
 * Outer scope: the carrier's, words/carrier.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WSCLOSE_WORDS_NEGOTIATIONS_H
#define WSCLOSE_WORDS_NEGOTIATIONS_H

#include "wsclose/negotiation.h"

/* A line on the extensions. Slot: facts, one or more of the rows below with "; " between them. */
extern const char negotiation_line[];

/* What can be said of the extensions; where nothing else can, one of the last. Slot: names. */
typedef enum {
    NEGOTIATION_ACCEPTED,
    NEGOTIATION_UNKNOWN,
    NEGOTIATION_UNSOLICITED,
    NEGOTIATION_INVALID,
    NEGOTIATION_DECLINED,
    NEGOTIATION_OFFER_MALFORMED,
    NEGOTIATION_RESPONSE_MALFORMED,
    NEGOTIATION_NONE_ANSWERED, /* and what was offered is not known */
    NEGOTIATION_NONE,
    NEGOTIATION_OFFERED,      /* and what was answered is not known */
    NEGOTIATION_NONE_OFFERED, /* likewise */
    NEGOTIATION_UNSEEN,
    NEGOTIATION_FACT_COUNT
} negotiation_fact;

extern const char *const negotiation_facts[NEGOTIATION_FACT_COUNT];

/* A refused handshake: as a line, and as sentences. Slot: status. */
extern const char negotiation_refused_line[];
extern const char negotiation_refused[];

/* A response that selects none of the subprotocols that were offered. */
extern const char negotiation_subprotocol_unanswered[];

/* What stands in place of the end of a long list. Slot: left. */
extern const char negotiation_not_listed[];

/* An extension that the response lacks, by whether a client is said to need it. Slot: name. */
extern const char *const negotiation_declined[2];

#endif
