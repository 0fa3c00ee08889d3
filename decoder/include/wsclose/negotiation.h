/* negotiation.h
 * Extension offers against the response, as the client must judge them (RFC 6455 sections 4.1 and
 * 9.1, RFC 7692 for permessage-deflate), and the claim of a Close with 1010 against both.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WSCLOSE_NEGOTIATION_H
#define WSCLOSE_NEGOTIATION_H

#include "extension.h"
#include "types.h"

#ifdef __cplusplus
extern "C" {
#endif

/** What is known of one side's Sec-WebSocket-Extensions. */
typedef enum {
    WSCLOSE_HEADER_UNKNOWN, /**< the message was not seen */
    WSCLOSE_HEADER_ABSENT,  /**< the message was seen, and has no such header */
    WSCLOSE_HEADER_PRESENT
} wsclose_presence;

/** One side's Sec-WebSocket-Extensions, lines joined with ", ". */
typedef struct {
    wsclose_presence presence; /**< whether value is there */
    wsclose_slice value;       /**< WSCLOSE_HEADER_PRESENT: any octets, perhaps none */
} wsclose_header;

/** How one extension, or the whole negotiation, turned out. */
typedef enum {
    WSCLOSE_NEGOTIATION_UNKNOWN,     /**< it takes a side that was not seen */
    WSCLOSE_NEGOTIATION_DECLINED,    /**< offered, and not in the response */
    WSCLOSE_NEGOTIATION_ACCEPTED,    /**< in the response as an offer allows */
    WSCLOSE_NEGOTIATION_UNSOLICITED, /**< in the response, and never offered */
    WSCLOSE_NEGOTIATION_INVALID      /**< breaks the grammar, or a rule of the extension */
} wsclose_negotiation_verdict;

/** "unknown", "declined", "accepted", "unsolicited" or "invalid". */
WSCLOSE_API const char *wsclose_negotiation_verdict_name(wsclose_negotiation_verdict verdict);

/** One extension of the response, judged. */
typedef struct {
    const wsclose_ext *ext;              /**< of the response's list */
    wsclose_negotiation_verdict verdict; /**< how it turned out */
    char *why; /**< a sentence for the reader, with the clause where a rule is broken */
} wsclose_match;

/** An element that must not be there: a broken list element, or an extension whose parameters its
 *  rules or the offer do not allow. */
typedef struct {
    wsclose_side sender; /**< whose header: client for the offer, server for the response */
    char *text;          /**< the element, printable */
    char *why;           /**< a sentence, with the clause and for grammar the offset in octets */
} wsclose_invalid_ext;

/** A whole negotiation. */
typedef struct {
    wsclose_presence offer_presence;    /**< what is known of the request's header */
    wsclose_presence response_presence; /**< what is known of the response's header */
    wsclose_ext_list *offer;            /**< never NULL; empty and valid where not present */
    wsclose_ext_list *response;         /**< likewise */
    wsclose_match *matches;             /**< one per extension of the response, in order */
    size_t n_matches;                   /**< how many there are at matches */
    const char **declined; /**< names offered and not in the response, each once, in the order of
                                the offer; none where the response was not seen */
    size_t n_declined;     /**< how many there are at declined */
    bool *required; /**< of each declined one: wsclose_negotiation_require() names it; NULL before */
    size_t n_required;            /**< of the declined ones, so many are required */
    wsclose_invalid_ext *invalid; /**< offers first; the offer's own breaches of RFC 7692 too */
    size_t n_invalid;             /**< how many there are at invalid */
    wsclose_negotiation_verdict verdict; /**< INVALID where the response's grammar is broken; else
                                              the worst match: INVALID, UNSOLICITED, ACCEPTED;
                                              DECLINED where the response names nothing; UNKNOWN
                                              where a side that it takes was not seen. The offer's
                                              own breaches do not count here. */
} wsclose_negotiation;

/** Match a response against an offer.
 *
 *  Extensions are matched by name, letter by letter. For permessage-deflate every rule of RFC 7692
 *  section 7.1 applies from the client's point of view, against each offer of that name (a fallback
 *  list): one that allows it is enough. x-webkit-deflate-frame, its forerunner, is known by name
 *  alone, as is every other extension: its parameters are left alone. A permessage-deflate that is
 *  accepted twice is invalid; so is any other extension accepted more often than the client could
 *  have meant it: more than once.
 *
 *  offer, response  borrowed for the call
 *
 *  Returns a new negotiation, never NULL; free it with wsclose_negotiation_free(). Time is
 *  linear in the lengths but for permessage-deflate, where it is (offers of it) x (its
 *  parameters). */
WSCLOSE_API wsclose_negotiation *wsclose_negotiation_match(const wsclose_header *offer,
                                                           const wsclose_header *response);

/** Mark those of the declined extensions that somebody says clients need.
 *
 *  names  of extensions, letter by letter; NULL ends them */
WSCLOSE_API void wsclose_negotiation_require(wsclose_negotiation *negotiation,
                                             const char *const *names);

/** Free a negotiation and all it holds; NULL is ignored. */
WSCLOSE_API void wsclose_negotiation_free(wsclose_negotiation *negotiation);

/** Whether a list has an extension of this name. */
WSCLOSE_API bool wsclose_ext_list_has(const wsclose_ext_list *list, const char *name);

/** What becomes of the claim of a Close with 1010. */
typedef enum {
    WSCLOSE_CLAIM_UNVERIFIABLE, /**< what it takes of the opening handshake, or of the reason, is
                                     not in the capture */
    WSCLOSE_CLAIM_CONFIRMED,    /**< at least one extension that it needs was offered and is not
                                     (validly) negotiated, or the response accepts one that was
                                     not offered, or not so */
    WSCLOSE_CLAIM_CONTRADICTED  /**< everything it asks for was negotiated or never offered */
} wsclose_claim_verdict;

/** "unverifiable", "confirmed" or "contradicted". */
WSCLOSE_API const char *wsclose_claim_verdict_name(wsclose_claim_verdict verdict);

/** A Close with 1010, explained. */
typedef struct {
    char **needed;  /**< names that the reason lists, each once; NULL-terminated, maybe empty */
    char **missing; /**< of those (or, where there are none, of all that was offered) the ones that
                         were not negotiated, as far as is known; NULL-terminated */
    char **not_offered;    /**< needed and never offered; NULL-terminated */
    bool wrongly_answered; /**< confirmed by what the response accepts, not by what it lacks */
    bool named_in_prose;   /**< the reason is no extension-list: names were found in its words */
    wsclose_claim_verdict verdict; /**< what becomes of it */
} wsclose_mandatory_ext;

/** Hold the claim of a Close with 1010 against the opening handshake (RFC 6455 section 7.4.1: the
 *  reason should list the extensions that are needed).
 *
 *  A reason that is an extension-list lists what is needed. In any other reason the names of
 *  offered, answered and registered extensions are looked for as whole words, in upper or lower
 *  case; so too in a list of nothing but unknown names, which any single word is. A reason that
 *  names none stands for everything that was offered.
 *
 *  reason      of the first Close with 1010 (an answer repeats it); may be empty
 *  reason_cut  the capture has only part of it: the claim is unverifiable unless what there is
 *              settles it
 *
 *  Returns a new explanation; free it with wsclose_mandatory_ext_free(). */
WSCLOSE_API wsclose_mandatory_ext *
wsclose_mandatory_ext_explain(const wsclose_negotiation *negotiation, wsclose_slice reason,
                              bool reason_cut);

/** Free an explanation and all it holds; NULL is ignored. */
WSCLOSE_API void wsclose_mandatory_ext_free(wsclose_mandatory_ext *explanation);

#ifdef __cplusplus
}
#endif

#endif
