/* fuzz_negotiation.c
 * Any octets as an offer, a response and the reason of a Close with 1010.
 *
 * The first octet says what was seen of the two headers and whether the reason is cut; a NUL ends
 * the offer and another one the response.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wsclose/negotiation.h"

#include <glib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What comes up to the next NUL, or all there is. */
static wsclose_slice
next_part(const uint8_t **data, size_t *size)
{
    const uint8_t *end = *size > 0 ? memchr(*data, '\0', *size) : NULL;
    wsclose_slice part = { (const char *)*data, end ? (size_t)(end - *data) : *size };
    size_t used = part.len + (end != NULL);

    if (used > 0)
        *data += used;
    *size -= used;
    return part;
}

static void
check_match(const wsclose_negotiation *n, const wsclose_match *match)
{
    bool offered = wsclose_ext_list_has(n->offer, match->ext->name);
    bool seen = n->offer_presence != WSCLOSE_HEADER_UNKNOWN;

    g_assert_nonnull(match->why);
    g_assert_true(match->verdict != WSCLOSE_NEGOTIATION_DECLINED);
    if (match->verdict == WSCLOSE_NEGOTIATION_ACCEPTED)
        g_assert_true(offered);
    g_assert_true((match->verdict == WSCLOSE_NEGOTIATION_UNSOLICITED) == (seen && !offered));
    if (match->verdict == WSCLOSE_NEGOTIATION_UNKNOWN)
        g_assert_false(seen);
    g_assert_true(n->verdict >= match->verdict || n->verdict == WSCLOSE_NEGOTIATION_UNKNOWN);
}

static void
check_negotiation(const wsclose_negotiation *n)
{
    size_t n_server_breaches = 0;
    size_t n_invalid = !n->response->valid;

    g_assert_cmpuint(n->n_matches, ==, n->response->n_exts);
    for (size_t i = 0; i < n->n_matches; i++) {
        check_match(n, &n->matches[i]);
        n_invalid += n->matches[i].verdict == WSCLOSE_NEGOTIATION_INVALID;
    }
    for (size_t i = 0; i < n->n_declined; i++) {
        g_assert_true(wsclose_ext_list_has(n->offer, n->declined[i]));
        g_assert_false(wsclose_ext_list_has(n->response, n->declined[i]));
    }
    for (size_t i = 0; i < n->n_invalid; i++) {
        g_assert_nonnull(n->invalid[i].text);
        g_assert_nonnull(n->invalid[i].why);
        n_server_breaches += n->invalid[i].sender == WSCLOSE_SERVER;
    }
    g_assert_cmpuint(n_server_breaches, ==, n_invalid);
    g_assert_true((n->verdict == WSCLOSE_NEGOTIATION_INVALID) == (n_invalid > 0));
}

static void
check_claim(const wsclose_negotiation *n, const wsclose_mandatory_ext *claim, bool cut)
{
    guint n_needed = g_strv_length(claim->needed);

    g_assert_true(n_needed > 0 || !claim->named_in_prose);
    for (guint i = 0; i < n_needed; i++) {
        for (guint j = 0; j < i; j++)
            g_assert_cmpstr(claim->needed[i], !=, claim->needed[j]);
    }
    for (char **name = claim->missing; *name; name++)
        g_assert_true(n_needed > 0 ? g_strv_contains((const gchar *const *)claim->needed, *name)
                                   : wsclose_ext_list_has(n->offer, *name));
    for (char **name = claim->not_offered; *name; name++)
        g_assert_false(wsclose_ext_list_has(n->offer, *name));
    g_assert_true(!claim->wrongly_answered || claim->verdict == WSCLOSE_CLAIM_CONFIRMED);
    if (claim->wrongly_answered) {
        g_assert_true(n->response_presence == WSCLOSE_HEADER_PRESENT);
    } else if (claim->verdict == WSCLOSE_CLAIM_CONFIRMED) {
        g_assert_true(n->offer_presence == WSCLOSE_HEADER_PRESENT);
        g_assert_true(n->response_presence != WSCLOSE_HEADER_UNKNOWN);
        g_assert_nonnull(claim->missing[0]);
    }
    g_assert_true(!cut || claim->verdict != WSCLOSE_CLAIM_CONTRADICTED);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    unsigned flags = size > 0 ? data[0] : 0;
    wsclose_header offer = { (wsclose_presence)(2 - flags % 3), { NULL, 0 } };
    wsclose_header response = { (wsclose_presence)(2 - flags / 3 % 3), { NULL, 0 } };
    bool cut = flags / 9 % 2;
    wsclose_negotiation *negotiation;
    wsclose_mandatory_ext *claim;

    if (size > 0) {
        data++;
        size--;
    }
    offer.value = next_part(&data, &size);
    response.value = next_part(&data, &size);
    negotiation = wsclose_negotiation_match(&offer, &response);
    check_negotiation(negotiation);
    claim = wsclose_mandatory_ext_explain(negotiation,
                                          (wsclose_slice){ (const char *)data, size }, cut);
    check_claim(negotiation, claim, cut);
    wsclose_mandatory_ext_free(claim);
    wsclose_negotiation_free(negotiation);
    return 0;
}
