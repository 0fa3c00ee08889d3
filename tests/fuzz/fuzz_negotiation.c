/* fuzz_negotiation.c
 * Any octets as an offer, a response and the reason of a Close with 1010.
 *
 * The first octet says what was seen of the two headers and whether the reason is cut; a NUL ends
 * the offer and another one the response.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wsclose/negotiation.h"

#include "input.h"
#include "oracle.h"
#include "wsclose/explain.h"
#include "wsclose/handshake.h"

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

static bool
names_one_twice(const wsclose_ext_list *list)
{
    GHashTable *names = g_hash_table_new(g_str_hash, g_str_equal);
    bool twice = false;

    for (size_t i = 0; i < list->n_exts && !twice; i++)
        twice = !g_hash_table_add(names, (gpointer)list->exts[i].name);
    g_hash_table_destroy(names);
    return twice;
}

/* As many of a verdict, and the same of each name, in whatever order header lines are joined. Of an
 * extension that is accepted twice it is the second one that must not be. */
static void
check_same(const wsclose_negotiation *a, const wsclose_negotiation *b)
{
    unsigned verdicts[2][WSCLOSE_NEGOTIATION_INVALID + 1] = { { 0 } };

    g_assert_cmpint(a->verdict, ==, b->verdict);
    g_assert_cmpuint(a->n_matches, ==, b->n_matches);
    g_assert_cmpuint(a->n_declined, ==, b->n_declined);
    for (size_t i = 0; i < a->n_matches; i++) {
        verdicts[0][a->matches[i].verdict]++;
        verdicts[1][b->matches[i].verdict]++;
    }
    if (!names_one_twice(a->response))
        g_assert_cmpmem(verdicts[0], sizeof verdicts[0], verdicts[1], sizeof verdicts[1]);
    for (size_t i = 0; i < a->n_declined; i++)
        g_assert_true(wsclose_ext_list_has(b->offer, a->declined[i]) &&
                      !wsclose_ext_list_has(b->response, a->declined[i]));
}

/* The extensions of a list the other way round, as lines joined. */
static char *
turned(const wsclose_ext_list *list)
{
    GString *value = g_string_new(NULL);

    for (size_t i = list->n_exts; i-- > 0;)
        g_string_append_printf(value, "%s%s", list->exts[i].text, i > 0 ? ", " : "");
    return g_string_free(value, FALSE);
}

static void
check_order(const wsclose_negotiation *n)
{
    if (!n->offer->valid || !n->response->valid)
        return;
    char *values[] = { turned(n->offer), turned(n->response) };
    const wsclose_header offer = { n->offer_presence, { values[0], strlen(values[0]) } };
    const wsclose_header response = { n->response_presence, { values[1], strlen(values[1]) } };
    wsclose_negotiation *again = wsclose_negotiation_match(&offer, &response);

    statements++;
    check_same(n, again);
    wsclose_negotiation_free(again);
    g_free(values[0]);
    g_free(values[1]);
}

/* What the grammar rejects is not negotiated, and a client must reject what is not as it was offered. */
static void
check_rejected(const wsclose_negotiation *n)
{
    wsclose_handshake_headers headers = { .key.presence = WSCLOSE_HEADER_UNKNOWN };
    wsclose_handshake_response judged;

    statements += 3;
    wsclose_handshake_judge(WSCLOSE_CARRIER_HTTP2, 200, &headers, n, &judged);
    g_assert_true(n->response->valid || n->verdict == WSCLOSE_NEGOTIATION_INVALID);
    g_assert_true((judged.faults & WSCLOSE_FAULT_EXT_INVALID) != 0 ==
                  (n->verdict == WSCLOSE_NEGOTIATION_INVALID));
    g_assert_true(n->verdict != WSCLOSE_NEGOTIATION_ACCEPTED || (judged.faults & WSCLOSE_FAULT_EXT) == 0);
    check_text(wsclose_explain_negotiation(n, WSCLOSE_CARRIER_HTTP1, 101), SIZE_MAX);
    check_words(wsclose_negotiation_verdict_name(n->verdict), SIZE_MAX);
}

/* Those that were declined alone can be wanted. */
static void
check_required(wsclose_negotiation *n)
{
    const char *names[] = { n->n_declined > 0 ? n->declined[0] : "x", "permessage-deflate", NULL };

    wsclose_negotiation_require(n, names);
    g_assert_cmpuint(n->n_required, <=, n->n_declined);
    g_assert_true(n->n_declined == 0 || (n->n_required > 0 && n->required[0]));
    for (size_t i = 0; i < n->n_declined; i++) {
        g_assert_true(!n->required[i] || g_strv_contains(names, n->declined[i]));
        check_text(wsclose_explain_declined(n->declined[i], n->required[i]), SIZE_MAX);
    }
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
    reader in = { data, size };
    const unsigned flags = next_octet(&in);
    const bool cut = flags / 9 % 2;
    const wsclose_header offer = { (wsclose_presence)(2 - flags % 3), next_part(&in) };
    const wsclose_header response = { (wsclose_presence)(2 - flags / 3 % 3), next_part(&in) };
    wsclose_negotiation *negotiation = wsclose_negotiation_match(&offer, &response);

    check_negotiation(negotiation);
    check_order(negotiation);
    check_rejected(negotiation);
    wsclose_mandatory_ext *claim =
        wsclose_mandatory_ext_explain(negotiation, next_slice(&in, in.size), cut);
    check_claim(negotiation, claim, cut);
    check_words(wsclose_claim_verdict_name(claim->verdict), SIZE_MAX);
    check_required(negotiation);
    wsclose_mandatory_ext_free(claim);
    wsclose_negotiation_free(negotiation);
    return 0;
}
