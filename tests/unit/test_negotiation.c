/* test_negotiation.c
 * Extension offers against responses, rule by rule.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wsclose/negotiation.h"

#include "cpu_time.h"
#include "match.h"

#include <glib.h>
#include <string.h>

/* The verdicts of all matches in one string. */
static char *
join_verdicts(const wsclose_negotiation *negotiation)
{
    GString *joined = g_string_new(NULL);

    for (size_t i = 0; i < negotiation->n_matches; i++)
        g_string_append_printf(
            joined, "%s%s", i ? " " : "",
            wsclose_negotiation_verdict_name(negotiation->matches[i].verdict));
    return g_string_free(joined, FALSE);
}

static char *
join_declined(const wsclose_negotiation *negotiation)
{
    GString *joined = g_string_new(NULL);

    for (size_t i = 0; i < negotiation->n_declined; i++)
        g_string_append_printf(joined, "%s%s", i ? " " : "", negotiation->declined[i]);
    return g_string_free(joined, FALSE);
}

/* Whose element each invalid one is, and the element. */
static char *
join_invalid(const wsclose_negotiation *negotiation)
{
    GString *joined = g_string_new(NULL);

    for (size_t i = 0; i < negotiation->n_invalid; i++) {
        const wsclose_invalid_ext *invalid = &negotiation->invalid[i];

        g_assert_nonnull(invalid->why);
        g_string_append_printf(joined, "%s%s: %s", i ? " | " : "",
                               invalid->sender == WSCLOSE_CLIENT   ? "client"
                               : invalid->sender == WSCLOSE_SERVER ? "server"
                                                                            : "nobody",
                               invalid->text);
    }
    return g_string_free(joined, FALSE);
}

/* One row: the whole outcome. */
typedef struct {
    const char *offer;
    const char *response;
    const char *verdict;
    const char *matches;
    const char *declined;
    const char *invalid;
    const char *why;
} outcome_row;

static void
check_outcomes(const outcome_row *rows, size_t n_rows)
{
    for (size_t i = 0; i < n_rows; i++) {
        const outcome_row *row = &rows[i];
        wsclose_negotiation *negotiation = match(row->offer, row->response);
        char *matches = join_verdicts(negotiation);
        char *declined = join_declined(negotiation);
        char *invalid = join_invalid(negotiation);

        g_test_message("%s", row->why);
        g_assert_cmpstr(wsclose_negotiation_verdict_name(negotiation->verdict), ==, row->verdict);
        g_assert_cmpstr(matches, ==, row->matches);
        g_assert_cmpstr(declined, ==, row->declined);
        g_assert_cmpstr(invalid, ==, row->invalid);
        for (size_t j = 0; j < negotiation->n_matches; j++) {
            g_assert_true(negotiation->matches[j].ext == &negotiation->response->exts[j]);
            g_assert_nonnull(negotiation->matches[j].why);
        }
        g_free(matches);
        g_free(declined);
        g_free(invalid);
        wsclose_negotiation_free(negotiation);
    }
}

static const outcome_row presence_rows[] = {
    { UNSEEN, UNSEEN, "unknown", "", "", "", "nothing was seen" },
    { UNSEEN, ABSENT, "declined", "", "", "", "nothing is accepted, whatever was offered" },
    { UNSEEN, "x", "unknown", "unknown", "", "", "accepted, and perhaps never offered" },
    { UNSEEN, "x, x", "invalid", "unknown invalid", "", "server: x", "twice, whatever the offer" },
    { UNSEEN, "", "invalid", "", "", "server: ", "an empty response header" },
    { ABSENT, UNSEEN, "unknown", "", "", "", "nothing offered, and no response" },
    { ABSENT, ABSENT, "declined", "", "", "", "nothing on either side" },
    { ABSENT, "x", "unsolicited", "unsolicited", "", "", "nothing was offered" },
    { ABSENT, "x, y", "unsolicited", "unsolicited unsolicited", "", "", "nothing was offered" },
    { ABSENT, "", "invalid", "", "", "server: ", "an empty response header" },
    { ABSENT, "x y", "invalid", "", "", "server: x y", "a broken response header" },
    { "x", UNSEEN, "unknown", "", "", "", "nobody knows what was declined" },
    { "x", ABSENT, "declined", "", "x", "", "no header declines everything" },
    { "x", "x", "accepted", "accepted", "", "", "accepted" },
    { "x", "", "invalid", "", "x", "server: ", "an empty header is a breach, and names nothing" },
    { "", "", "invalid", "", "", "client:  | server: ", "two empty headers" },
    { "", ABSENT, "declined", "", "", "client: ", "an empty offer" },
    { "", "x", "unsolicited", "unsolicited", "", "client: ", "an empty offer offers nothing" },
};

static const outcome_row name_rows[] = {
    { "x, y", "x", "accepted", "accepted", "y", "", "one accepted, one declined" },
    { "x, y, z", "y", "accepted", "accepted", "x z", "", "in the order of the offer" },
    { "y, x, x, y", ABSENT, "declined", "", "y x", "", "each name once" },
    { "x", "y", "unsolicited", "unsolicited", "x", "", "another one than the one offered" },
    { "x", "x, y", "unsolicited", "accepted unsolicited", "", "", "the worst match counts" },
    { "x", "y, x, x", "invalid", "unsolicited accepted invalid", "", "server: x",
      "invalid is worse than unsolicited" },
    { "x", "X", "unsolicited", "unsolicited", "x", "", "names are matched letter by letter" },
    { "x", "xx", "unsolicited", "unsolicited", "x", "", "no name is part of another" },
    { "xx", "x", "unsolicited", "unsolicited", "xx", "", "no name is part of another" },
    { "permessage-deflate", "Permessage-Deflate", "unsolicited", "unsolicited",
      "permessage-deflate", "", "letter by letter for this one as well" },
    { "Permessage-Deflate; x", "Permessage-Deflate; y", "accepted", "accepted", "", "",
      "another name, and so another extension" },
    { "x; a=\"permessage-deflate\"", "permessage-deflate", "unsolicited", "unsolicited", "x", "",
      "a parameter offers no extension" },
    { "x; a", "x; b=7", "accepted", "accepted", "", "", "parameters of others are left alone" },
    { "x; a, x; b", "x", "accepted", "accepted", "", "", "a fallback list of another" },
    { "x, x", "x, x", "invalid", "accepted invalid", "", "server: x", "accepted twice" },
    { "x, y", "y, x", "accepted", "accepted accepted", "", "", "in another order" },
    { "x-webkit-deflate-frame", "x-webkit-deflate-frame; no_context_takeover", "accepted",
      "accepted", "", "", "the forerunner is known by name alone" },
    { "permessage-deflate, x-webkit-deflate-frame", "x-webkit-deflate-frame", "accepted",
      "accepted", "permessage-deflate", "", "the forerunner is another extension" },
    { "permessage-deflate", "x-webkit-deflate-frame", "unsolicited", "unsolicited",
      "permessage-deflate", "", "the forerunner is another extension" },
};

static const outcome_row grammar_rows[] = {
    { "x, y z", "x", "accepted", "accepted", "", "client: y z", "before the breach it is offered" },
    { "x, y;", "y", "unsolicited", "unsolicited", "x", "client: y;", "behind it, it is not" },
    { "x, y;", ABSENT, "declined", "", "x", "client: y;", "what could be read is declined" },
    { "x, y", "x, y=", "invalid", "accepted", "y", "server: y=", "matched before the breach" },
    { "x", "y;", "invalid", "", "x", "server: y;", "no element before the breach" },
    { "x", "y, z;", "invalid", "unsolicited", "x", "server: z;", "a breach is the worst" },
    { "x;", "x;", "invalid", "", "", "client: x; | server: x;", "offers first" },
    { "permessage-deflate; x, y z", "permessage-deflate; x, y z", "invalid", "invalid", "",
      "client: permessage-deflate; x | client: y z | server: permessage-deflate; x | server: y z",
      "in the order of the lists" },
};

static void
test_presence(void)
{
    check_outcomes(presence_rows, G_N_ELEMENTS(presence_rows));
}

static void
test_names(void)
{
    check_outcomes(name_rows, G_N_ELEMENTS(name_rows));
}

static void
test_grammar(void)
{
    check_outcomes(grammar_rows, G_N_ELEMENTS(grammar_rows));
}

/* permessage-deflate: one offer and one response, by their parameters alone. */
typedef struct {
    const char *offer;
    const char *response;
    bool accepted;
    const char *why_has; /* part of the match's sentence */
} deflate_row;

static const deflate_row deflate_rows[] = {
    { "", "", true, "offered as \"permessage-deflate\"" },

    /* RFC 7692 section 7.1.1.1 */
    { "; server_no_context_takeover", "; server_no_context_takeover", true, "allows" },
    { "", "; server_no_context_takeover", true, "allows" },
    { "; server_no_context_takeover", "", false, "RFC 7692 section 7.1.1.1" },
    { "", "; server_no_context_takeover=1", false, "takes no value, and has \"1\"" },
    { "; server_no_context_takeover", "; server_no_context_takeover=true", false, "7.1.1.1" },

    /* RFC 7692 section 7.1.1.2 */
    { "; client_no_context_takeover", "; client_no_context_takeover", true, "allows" },
    { "; client_no_context_takeover", "", true, "allows" },
    { "", "; client_no_context_takeover", true, "allows" },
    { "", "; client_no_context_takeover=1", false, "7.1.1.2" },
    { "", "; server_no_context_takeover=10", false, "takes no value" },
    { "", "; client_no_context_takeover=10", false, "takes no value" },

    /* RFC 7692 section 7.1.2.1 */
    { "; server_max_window_bits=10", "; server_max_window_bits=10", true, "allows" },
    { "; server_max_window_bits=10", "; server_max_window_bits=9", true, "allows" },
    { "; server_max_window_bits=10", "; server_max_window_bits=8", true, "allows" },
    { "; server_max_window_bits=10", "; server_max_window_bits=11", false, "larger" },
    { "; server_max_window_bits=9", "; server_max_window_bits=10", false, "7.1.2.1" },
    { "; server_max_window_bits=8", "; server_max_window_bits=15", false, "7.1.2.1" },
    { "; server_max_window_bits=15", "", false, "does not include it" },
    { "; server_max_window_bits=10", "", false, "RFC 7692 section 7.1.2.1" },
    { "", "; server_max_window_bits=8", true, "allows" },
    { "", "; server_max_window_bits=15", true, "allows" },
    { "", "; server_max_window_bits", false, "has no value" },
    { "; server_max_window_bits=10", "; server_max_window_bits", false, "has no value" },
    { "; server_max_window_bits=\"10\"", "; server_max_window_bits=\"1\\0\"", true, "allows" },

    /* RFC 7692 section 7.1.2.2 */
    { "; client_max_window_bits", "; client_max_window_bits=8", true, "allows" },
    { "; client_max_window_bits", "; client_max_window_bits=15", true, "allows" },
    { "; client_max_window_bits", "", true, "allows" },
    { "; client_max_window_bits=10", "", true, "allows" },
    { "; client_max_window_bits=10", "; client_max_window_bits=10", true, "allows" },
    { "; client_max_window_bits=10", "; client_max_window_bits=9", true, "allows" },
    { "; client_max_window_bits=10", "; client_max_window_bits=15", true, "allows" },
    { "", "; client_max_window_bits=15", false, "was not offered" },
    { "; server_max_window_bits=10", "; server_max_window_bits=10; client_max_window_bits=10",
      false, "7.1.2.2" },
    { "; client_max_window_bits", "; client_max_window_bits", false, "has no value" },
    { "; client_max_window_bits=10", "; client_max_window_bits", false, "7.1.2.2" },

    /* RFC 7692 section 7.1: parameters that are unknown, or there twice */
    { "", "; x", false, "no parameter \"x\"" },
    { "; client_max_window_bits", "; Client_max_window_bits=9", false, "RFC 7692 section 7.1)" },
    { "", "; server_no_context_takeover; server_no_context_takeover", false, "twice" },
    { "", "; client_no_context_takeover; client_no_context_takeover", false, "twice" },
    { "", "; server_max_window_bits=9; server_max_window_bits=9", false, "twice" },
    { "; client_max_window_bits", "; client_max_window_bits=9; client_max_window_bits=10", false,
      "twice" },

    /* all at once, and in any order */
    { "; server_no_context_takeover; client_no_context_takeover; server_max_window_bits=12;"
      " client_max_window_bits=11",
      "; client_max_window_bits=11; server_max_window_bits=12; client_no_context_takeover;"
      " server_no_context_takeover",
      true, "allows" },
    { "; server_no_context_takeover; server_max_window_bits=12",
      "; server_max_window_bits=12; client_no_context_takeover", false, "7.1.1.1" },
};

static wsclose_negotiation *
match_deflate(const char *offer_params, const char *response_params)
{
    char *offer = g_strconcat("permessage-deflate", offer_params, NULL);
    char *response = g_strconcat("permessage-deflate", response_params, NULL);
    wsclose_negotiation *negotiation = match(offer, response);

    g_free(offer);
    g_free(response);
    return negotiation;
}

static void
test_deflate(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(deflate_rows); i++) {
        const deflate_row *row = &deflate_rows[i];
        wsclose_negotiation *negotiation = match_deflate(row->offer, row->response);

        g_test_message("offer \"%s\", response \"%s\": %s", row->offer, row->response,
                       negotiation->matches[0].why);
        g_assert_cmpuint(negotiation->n_matches, ==, 1);
        g_assert_cmpint(negotiation->matches[0].verdict, ==,
                        row->accepted ? WSCLOSE_NEGOTIATION_ACCEPTED
                                      : WSCLOSE_NEGOTIATION_INVALID);
        g_assert_cmpint(negotiation->verdict, ==, negotiation->matches[0].verdict);
        g_assert_nonnull(strstr(negotiation->matches[0].why, row->why_has));
        g_assert_cmpuint(negotiation->n_declined, ==, 0);
        g_assert_cmpuint(negotiation->n_invalid, ==, row->accepted ? 0 : 1);
        if (!row->accepted) {
            g_assert_cmpint(negotiation->invalid[0].sender, ==, WSCLOSE_SERVER);
            g_assert_cmpstr(negotiation->invalid[0].text, ==, negotiation->response->exts[0].text);
            g_assert_cmpstr(negotiation->invalid[0].why, ==, negotiation->matches[0].why);
        }
        wsclose_negotiation_free(negotiation);
    }
}

/* Values of window bits: a decimal from 8 to 15 without leading zeros, and nothing else. */
static const struct {
    const char *value;
    bool good;
} window_bits_rows[] = {
    { "8", true },     { "9", true },     { "10", true },     { "11", true },   { "12", true },
    { "13", true },    { "14", true },    { "15", true },     { "\"8\"", true }, { "\"15\"", true },
    { "0", false },    { "1", false },    { "7", false },     { "16", false },  { "17", false },
    { "18", false },   { "19", false },   { "20", false },    { "80", false },  { "99", false },
    { "08", false },   { "010", false },  { "015", false },   { "+9", false },  { "-9", false },
    { "9.", false },   { "9a", false },   { "a", false },     { "1a", false },  { "1.", false },
    { "0x9", false },  { "150", false },  { "100", false },   { "1e1", false }, { "true", false },
    { "264", false },  { "4294967304", false },
};

static void
test_deflate_window_bits(void)
{
    static const char *const names[] = { "server_max_window_bits", "client_max_window_bits" };

    for (size_t i = 0; i < 2 * G_N_ELEMENTS(window_bits_rows); i++) {
        bool good = window_bits_rows[i / 2].good;
        char *param = g_strdup_printf("; %s=%s", names[i % 2], window_bits_rows[i / 2].value);
        char *offer = g_strconcat("permessage-deflate", param, NULL);
        wsclose_negotiation *answered = match_deflate("; client_max_window_bits", param);
        wsclose_negotiation *offered = match(offer, ABSENT);

        g_test_message("%s", param);
        g_assert_cmpint(answered->matches[0].verdict, ==,
                        good ? WSCLOSE_NEGOTIATION_ACCEPTED : WSCLOSE_NEGOTIATION_INVALID);
        g_assert_cmpuint(offered->n_invalid, ==, good ? 0 : 1);
        wsclose_negotiation_free(answered);
        wsclose_negotiation_free(offered);
        g_free(param);
        g_free(offer);
    }
}

/* Offers that a server must decline, whatever it answers (RFC 7692 section 7.1). */
static const struct {
    const char *params;
    const char *why_has;
} bad_offers[] = {
    { "; server_max_window_bits", "server_max_window_bits has no value" },
    { "; server_max_window_bits=7", "7.1.2.1" },
    { "; server_max_window_bits=16", "\"16\"" },
    { "; client_max_window_bits=7", "7.1.2.2" },
    { "; client_max_window_bits=16", "\"16\"" },
    { "; server_no_context_takeover=1", "7.1.1.1" },
    { "; client_no_context_takeover=1", "7.1.1.2" },
    { "; server_no_context_takeover=10", "takes no value" },
    { "; client_no_context_takeover=10", "takes no value" },
    { "; client_max_window_bits; client_max_window_bits", "twice" },
    { "; server_max_window_bits=9; server_max_window_bits=10", "twice" },
    { "; x", "no parameter \"x\"" },
};

static void
test_deflate_bad_offer(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(bad_offers); i++) {
        char *offer = g_strconcat("permessage-deflate", bad_offers[i].params, NULL);
        wsclose_negotiation *declined = match(offer, ABSENT);
        wsclose_negotiation *accepted = match(offer, "permessage-deflate");

        g_test_message("%s", offer);
        g_assert_cmpuint(declined->n_invalid, ==, 1);
        g_assert_cmpint(declined->invalid[0].sender, ==, WSCLOSE_CLIENT);
        g_assert_nonnull(strstr(declined->invalid[0].why, bad_offers[i].why_has));
        g_assert_nonnull(strstr(declined->invalid[0].why, "must decline"));
        g_assert_cmpint(declined->verdict, ==, WSCLOSE_NEGOTIATION_DECLINED);
        g_assert_cmpint(accepted->matches[0].verdict, ==, WSCLOSE_NEGOTIATION_INVALID);
        g_assert_nonnull(strstr(accepted->matches[0].why, "had to decline"));
        g_assert_nonnull(strstr(accepted->matches[0].why, bad_offers[i].why_has));
        wsclose_negotiation_free(declined);
        wsclose_negotiation_free(accepted);
        g_free(offer);
    }
}

#define PMD "permessage-deflate"
#define SERVER_BITS "server_max_window_bits"
#define CLIENT_BITS "client_max_window_bits"

static const outcome_row fallback_rows[] = {
    { PMD "; " SERVER_BITS "=10, " PMD, PMD, "accepted", "accepted", "", "",
      "the second offer allows it (RFC 7692 section 7.1.3)" },
    { PMD "; " SERVER_BITS "=10, " PMD, PMD "; " SERVER_BITS "=10", "accepted", "accepted", "", "",
      "both allow it" },
    { PMD "; " SERVER_BITS "=9, " PMD "; " SERVER_BITS "=10", PMD "; " SERVER_BITS "=11",
      "invalid", "invalid", "", "server: " PMD "; " SERVER_BITS "=11", "neither allows it" },
    { PMD "; " CLIENT_BITS ", x, " PMD "; server_no_context_takeover",
      PMD "; " CLIENT_BITS "=9", "accepted", "accepted", "x", "", "another one among them" },
    { PMD "; " CLIENT_BITS "; server_no_context_takeover, " PMD, PMD "; " CLIENT_BITS "=9",
      "invalid", "invalid", "", "server: " PMD "; " CLIENT_BITS "=9",
      "no offer allows by itself what two allow together" },
    { PMD "; " SERVER_BITS "=7, " PMD, PMD, "accepted", "accepted", "",
      "client: " PMD "; " SERVER_BITS "=7", "the bad offer is left aside" },
    { PMD "; x, " PMD "; " SERVER_BITS "=9", PMD, "invalid", "invalid", "",
      "client: " PMD "; x | server: " PMD, "the bad offer allows nothing" },
    { PMD "; x, " PMD "; y", PMD, "invalid", "invalid", "",
      "client: " PMD "; x | client: " PMD "; y | server: " PMD, "nothing but bad offers" },
    { PMD ", " PMD, PMD ", " PMD, "invalid", "accepted invalid", "", "server: " PMD,
      "two offers are a choice, not two extensions" },
    { PMD, PMD "; x, " PMD, "invalid", "invalid invalid", "",
      "server: " PMD "; x | server: " PMD, "twice, the first of them broken" },
};

static const outcome_row unseen_offer_rows[] = {
    { UNSEEN, PMD, "unknown", "unknown", "", "", "an offer could allow it" },
    { UNSEEN, PMD "; " CLIENT_BITS "=9", "unknown", "unknown", "", "", "an offer could allow it" },
    { UNSEEN, PMD "; " CLIENT_BITS, "invalid", "invalid", "", "server: " PMD "; " CLIENT_BITS,
      "no offer allows it" },
    { UNSEEN, PMD "; " SERVER_BITS "=16", "invalid", "invalid", "",
      "server: " PMD "; " SERVER_BITS "=16", "no offer allows it" },
    { UNSEEN, PMD "; " SERVER_BITS "=9; " SERVER_BITS "=9", "invalid", "invalid", "",
      "server: " PMD "; " SERVER_BITS "=9; " SERVER_BITS "=9", "no offer allows it" },
    { UNSEEN, PMD "; x", "invalid", "invalid", "", "server: " PMD "; x", "no offer allows it" },
    { UNSEEN, PMD ", " PMD, "invalid", "unknown invalid", "", "server: " PMD, "accepted twice" },
    { UNSEEN, "x, y;", "invalid", "unknown", "", "server: y;", "broken grammar" },
    { ABSENT, PMD "; x", "unsolicited", "unsolicited", "", "", "never offered, whatever it says" },
};

static void
test_deflate_fallback(void)
{
    check_outcomes(fallback_rows, G_N_ELEMENTS(fallback_rows));
}

static void
test_unseen_offer(void)
{
    check_outcomes(unseen_offer_rows, G_N_ELEMENTS(unseen_offer_rows));
}

/* The sentences: they name the fact, the offer they mean, and the clause. */
static const struct {
    const char *offer;
    const char *response;
    const char *why;
} sentences[] = {
    { "permessage-deflate;client_max_window_bits", "permessage-deflate",
      "offered as \"permessage-deflate; client_max_window_bits\", which allows this response" },
    { "permessage-deflate; server_max_window_bits=9; server_no_context_takeover,"
      " permessage-deflate; server_max_window_bits=10",
      "permessage-deflate; server_max_window_bits=12",
      "server_max_window_bits is larger in the response than in the offer (RFC 7692 section"
      " 7.1.2.1); offered as \"permessage-deflate; server_max_window_bits=10\", so the client must"
      " fail the connection" },
    { "permessage-deflate; server_no_context_takeover, permessage-deflate",
      "permessage-deflate; server_no_context_takeover",
      "offered as \"permessage-deflate; server_no_context_takeover\", which allows this response" },
    { "permessage-deflate", "permessage-deflate; server_max_window_bits=08",
      "server_max_window_bits is \"08\", not a decimal from 8 to 15 without leading zeros (RFC"
      " 7692 section 7.1.2.1), so the client must fail the connection" },
    { "permessage-deflate; server_max_window_bits=7", "permessage-deflate",
      "offered only as \"permessage-deflate; server_max_window_bits=7\", which the server had to"
      " decline: server_max_window_bits is \"7\", not a decimal from 8 to 15 without leading"
      " zeros (RFC 7692 section 7.1.2.1), so the client must fail the connection" },
    { "x", "y",
      "the request does not offer it, so the client must fail the connection (RFC 6455 section"
      " 4.1)" },
    { "x;", "x",
      "the request does not offer it before its own list breaks the grammar at octet 2, so the"
      " client must fail the connection (RFC 6455 section 4.1)" },
    { ABSENT, "x",
      "the request offers no extension at all, so the client must fail the connection (RFC 6455"
      " section 4.1)" },
    { "x-webkit-deflate-frame", "x-webkit-deflate-frame",
      "offered as \"x-webkit-deflate-frame\"; it is the forerunner of permessage-deflate, and no"
      " standard defines its parameters" },
    { UNSEEN, "x", "the request was not seen, so whether it offers this is not known" },
};

static void
test_sentences(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(sentences); i++) {
        wsclose_negotiation *negotiation = match(sentences[i].offer, sentences[i].response);

        g_assert_cmpstr(negotiation->matches[0].why, ==, sentences[i].why);
        wsclose_negotiation_free(negotiation);
    }
}

static void
test_sentence_of_broken_grammar(void)
{
    wsclose_negotiation *negotiation = match("x", "x, y z");

    g_assert_cmpstr(negotiation->invalid[0].why, ==,
                    "neither \",\" nor \";\" after a word at octet 5 (RFC 6455 section 9.1), so"
                    " the client must fail the connection");
    wsclose_negotiation_free(negotiation);
}

static void
test_names_of_verdicts(void)
{
    g_assert_cmpstr(wsclose_negotiation_verdict_name(WSCLOSE_NEGOTIATION_UNKNOWN), ==, "unknown");
    g_assert_cmpstr(wsclose_negotiation_verdict_name((wsclose_negotiation_verdict)99), ==,
                    "unknown");
}

static void
test_list_has(void)
{
    wsclose_ext_list *list = wsclose_ext_list_parse("a, bc; d", 8);

    g_assert_true(wsclose_ext_list_has(list, "a"));
    g_assert_true(wsclose_ext_list_has(list, "bc"));
    g_assert_false(wsclose_ext_list_has(list, "b"));
    g_assert_false(wsclose_ext_list_has(list, "d"));
    g_assert_false(wsclose_ext_list_has(list, "A"));
    wsclose_ext_list_free(list);
}

static void
test_null(void)
{
    wsclose_negotiation_free(NULL);
}

/* A list of 64 KiB; its elements are alike, or have a number each. */
static char *
long_list(const char *element, bool numbered, const char *params)
{
    GString *list = g_string_new(NULL);

    for (unsigned i = 0; list->len < 64 * 1024; i++) {
        g_string_append(list, element);
        if (numbered)
            g_string_append_printf(list, "%u", i);
        g_string_append_printf(list, "%s,", params);
    }
    return g_string_free(list, FALSE);
}

/* What would take time with the square of the length takes seconds here. */
static void
test_long(void)
{
    static const struct {
        const char *name;
        bool numbered;
        const char *offer_params;
        const char *response_params;
    } rows[] = {
        { "x", true, "", "" },
        { "x", false, "", "" },
        { "x", true, ";y=1", ";z" },
        { "permessage-deflate", true, "", "" },
        { "permessage-deflate", false, "", "" },
        { "permessage-deflate", false, ";server_max_window_bits=9", "" },
        { "permessage-deflate", false, ";x", ";y" },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        char *offer = long_list(rows[i].name, rows[i].numbered, rows[i].offer_params);
        char *response = long_list(rows[i].name, rows[i].numbered, rows[i].response_params);
        gint64 begin = cpu_time();
        wsclose_negotiation *negotiation = match(offer, response);

        g_test_message("%s: %" G_GINT64_FORMAT " us", rows[i].name, cpu_time() - begin);
        assert_cpu_seconds(begin, 2);
        g_assert_cmpuint(negotiation->n_matches, >, 1000);
        wsclose_negotiation_free(negotiation);
        g_free(offer);
        g_free(response);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/negotiation/presence", test_presence);
    g_test_add_func("/negotiation/names", test_names);
    g_test_add_func("/negotiation/grammar", test_grammar);
    g_test_add_func("/negotiation/deflate/params", test_deflate);
    g_test_add_func("/negotiation/deflate/window-bits", test_deflate_window_bits);
    g_test_add_func("/negotiation/deflate/bad-offer", test_deflate_bad_offer);
    g_test_add_func("/negotiation/deflate/fallback", test_deflate_fallback);
    g_test_add_func("/negotiation/unseen-offer", test_unseen_offer);
    g_test_add_func("/negotiation/sentences", test_sentences);
    g_test_add_func("/negotiation/sentences/grammar", test_sentence_of_broken_grammar);
    g_test_add_func("/negotiation/verdict-names", test_names_of_verdicts);
    g_test_add_func("/negotiation/list-has", test_list_has);
    g_test_add_func("/negotiation/null", test_null);
    g_test_add_func("/negotiation/long", test_long);
    return g_test_run();
}
