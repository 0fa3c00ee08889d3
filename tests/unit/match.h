/* match.h
 * A negotiation from two literals, whose octets AddressSanitizer guards to the last.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WSCLOSE_TESTS_MATCH_H
#define WSCLOSE_TESTS_MATCH_H

#include <string.h>

#include "exact_copy.h"
#include "wsclose/negotiation.h"

/* A header of a message that was not seen, and one that a message does not have. */
#define UNSEEN "?"
#define ABSENT NULL

static inline wsclose_header
make_header(const char *value)
{
    wsclose_header header = { WSCLOSE_HEADER_PRESENT, { NULL, 0 } };

    if (value == NULL) {
        header.presence = WSCLOSE_HEADER_ABSENT;
    } else if (strcmp(value, UNSEEN) == 0) {
        header.presence = WSCLOSE_HEADER_UNKNOWN;
    } else {
        header.value.len = strlen(value);
        header.value.data = exact_copy(value, header.value.len);
    }
    return header;
}

/** Match a response against an offer; free the result with wsclose_negotiation_free(). */
static inline wsclose_negotiation *
match(const char *offer, const char *response)
{
    wsclose_header offer_header = make_header(offer);
    wsclose_header response_header = make_header(response);
    wsclose_negotiation *negotiation = wsclose_negotiation_match(&offer_header, &response_header);

    /* The negotiation holds nothing of the values. */
    g_free((char *)offer_header.value.data);
    g_free((char *)response_header.value.data);
    return negotiation;
}

#endif
