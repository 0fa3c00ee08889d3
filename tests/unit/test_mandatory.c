/* test_mandatory.c
 * The claim of a Close with 1010 against the opening handshake.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wsclose/negotiation.h"

#include "cpu_time.h"
#include "exact_copy.h"
#include "match.h"

#include <glib.h>
#include <string.h>

/* A reason with any octets, NUL included. */
#define REASON(text) text, sizeof(text) - 1

#define PMD "permessage-deflate"

static wsclose_mandatory_ext *
explain(const wsclose_negotiation *negotiation, const char *reason, size_t len, bool cut)
{
    char *copy = exact_copy(reason, len);
    wsclose_mandatory_ext *explanation =
        wsclose_mandatory_ext_explain(negotiation, (wsclose_slice){ copy, len }, cut);

    /* The explanation holds nothing of the reason. */
    g_free(copy);
    return explanation;
}

/* One row: the whole explanation. */
typedef struct {
    const char *offer;
    const char *response;
    const char *reason;
    size_t reason_len;
    const char *verdict;
    const char *needed; /* a "~" before it: named in prose */
    const char *missing;
    const char *not_offered;
    const char *why;
} claim_row;

static void
check_claims(const claim_row *rows, size_t n_rows, bool cut)
{
    for (size_t i = 0; i < n_rows; i++) {
        const claim_row *row = &rows[i];
        wsclose_negotiation *negotiation = match(row->offer, row->response);
        wsclose_mandatory_ext *claim = explain(negotiation, row->reason, row->reason_len, cut);
        char *needed = g_strjoinv(" ", claim->needed);
        char *missing = g_strjoinv(" ", claim->missing);
        char *not_offered = g_strjoinv(" ", claim->not_offered);
        bool in_prose = row->needed[0] == '~';

        g_test_message("%s", row->why);
        g_assert_cmpstr(needed, ==, row->needed + in_prose);
        g_assert_true(claim->named_in_prose == in_prose);
        g_assert_cmpstr(missing, ==, row->missing);
        g_assert_cmpstr(not_offered, ==, row->not_offered);
        g_assert_cmpstr(wsclose_claim_verdict_name(claim->verdict), ==, row->verdict);
        g_free(needed);
        g_free(missing);
        g_free(not_offered);
        wsclose_mandatory_ext_free(claim);
        wsclose_negotiation_free(negotiation);
    }
}

static const claim_row named_rows[] = {
    { PMD, ABSENT, REASON(PMD), "confirmed", PMD, PMD, "", "offered and declined" },
    { PMD, PMD, REASON(PMD), "contradicted", PMD, "", "", "negotiated" },
    { "x", "x", REASON(PMD), "contradicted", PMD, PMD, PMD, "never offered" },
    { ABSENT, ABSENT, REASON(PMD), "contradicted", PMD, PMD, PMD, "nothing was offered" },
    { PMD ", x", "x", REASON(PMD ", x"), "confirmed", PMD " x", PMD, "", "one of two is missing" },
    { PMD ", x", PMD ", x", REASON(PMD ", x"), "contradicted", PMD " x", "", "", "both are there" },
    { PMD, PMD, REASON(PMD ", y"), "contradicted", PMD " y", "y", "y",
      "one negotiated, one never offered" },
    { PMD, ABSENT, REASON("y, " PMD), "confirmed", "y " PMD, "y " PMD, "y",
      "one declined, one never offered" },
    { PMD "; client_max_window_bits", ABSENT, REASON(PMD ";client_max_window_bits=9"), "confirmed",
      PMD, PMD, "", "parameters name nothing" },
    { PMD, ABSENT, REASON(PMD "," PMD), "confirmed", PMD, PMD, "", "each name once" },
    { PMD, ABSENT, REASON(" ,  " PMD " , "), "confirmed", PMD, PMD, "", "a list with blanks" },
    { PMD, PMD "; x", REASON(PMD), "confirmed", PMD, PMD, "",
      "accepted with parameters that break a rule" },
    { PMD, PMD ", " PMD, REASON(PMD), "confirmed", PMD, PMD, "", "accepted twice" },
    { "x", PMD, REASON(PMD), "confirmed", PMD, PMD, PMD,
      "never offered, but the response is one to leave over" },
    { "x, y", "x, z", REASON("x"), "confirmed", "x", "", "", "likewise, for another extension" },
    { "x", "x", REASON("bye"), "contradicted", "bye", "bye", "bye", "any word is a list of one" },
    { "x, y z", "x", REASON("x"), "contradicted", "x", "", "", "an offer that breaks behind it" },
    { "x", "x, y;", REASON("x"), "contradicted", "x", "", "", "a response that breaks behind it" },
};

static const claim_row unnamed_rows[] = {
    { PMD, ABSENT, REASON(""), "confirmed", "", PMD, "", "one offered, none accepted" },
    { PMD, PMD, REASON(""), "contradicted", "", "", "", "all accepted" },
    { "x, y, x", "y", REASON(""), "confirmed", "", "x", "", "one of two declined, named once" },
    { "z, x, y", ABSENT, REASON(""), "confirmed", "", "z x y", "", "in the order of the offer" },
    { PMD, PMD "; x", REASON(""), "confirmed", "", PMD, "", "accepted against the rules" },
    { ABSENT, ABSENT, REASON(""), "contradicted", "", "", "", "nothing was offered" },
    { ABSENT, PMD, REASON(""), "confirmed", "", "", "", "accepted though nothing was offered" },
    { PMD, ABSENT, REASON("required extension missing"), "confirmed", "", PMD, "",
      "prose that names none" },
    { PMD, ABSENT, REASON("\xff\xfe\0\x80 ;"), "confirmed", "", PMD, "", "octets that name none" },
    { PMD, ABSENT, REASON("\0"), "confirmed", "", PMD, "", "NUL" },
    { PMD, ABSENT, REASON(","), "confirmed", "", PMD, "", "a list of nothing" },
};

static const claim_row prose_rows[] = {
    { PMD, ABSENT, REASON("need " PMD), "confirmed", "~" PMD, PMD, "", "the last word" },
    { PMD, ABSENT, REASON(PMD " is required"), "confirmed", "~" PMD, PMD, "", "the first word" },
    { PMD, ABSENT, REASON("no " PMD "!"), "confirmed", "~" PMD, PMD, "", "punctuation behind it" },
    { PMD, ABSENT, REASON("\"" PMD "\""), "confirmed", "~" PMD, PMD, "", "in quotes" },
    { PMD, ABSENT, REASON("no " PMD "/2"), "confirmed", "~" PMD, PMD, "", "a slash behind it" },
    { PMD, ABSENT, REASON("Extension PerMessage-Deflate missing"), "confirmed", "~" PMD, PMD, "",
      "prose has capitals, and the name is that of the offer" },
    { PMD, ABSENT, REASON(PMD "."), "confirmed", "~" PMD, PMD, "",
      "a list of one unknown name, better read as prose" },
    { PMD, ABSENT, REASON("Permessage-Deflate"), "confirmed", "~" PMD, PMD, "",
      "likewise, for its capitals" },
    { PMD, PMD, REASON("no " PMD " here"), "contradicted", "~" PMD, "", "", "it is there" },
    { "x", "x", REASON("no " PMD " here"), "contradicted", "~" PMD, PMD, PMD,
      "a registered name that was never offered" },
    { ABSENT, "z", REASON("why z, then"), "confirmed", "~z", "z", "z", "an answered name" },
    { ABSENT, ABSENT, REASON("bbf-usp-protocol is needed"), "contradicted", "~bbf-usp-protocol",
      "bbf-usp-protocol", "bbf-usp-protocol", "the other registered name" },
    { PMD ", y", "y", REASON("y and " PMD " and y"), "confirmed", "~y " PMD, PMD, "",
      "two names, each once, in the order of the prose" },
    { PMD, ABSENT, REASON("no x" PMD), "confirmed", "", PMD, "", "a letter before it: unnamed" },
    { PMD, ABSENT, REASON("no " PMD "s"), "confirmed", "", PMD, "", "a letter behind it" },
    { PMD, ABSENT, REASON("no " PMD "2"), "confirmed", "", PMD, "", "a digit behind it" },
    { PMD, ABSENT, REASON("no " PMD "-2"), "confirmed", "", PMD, "", "a hyphen behind it" },
    { PMD, ABSENT, REASON("no " PMD "_2"), "confirmed", "", PMD, "", "an underscore behind it" },
    { PMD, ABSENT, REASON("no -" PMD), "confirmed", "", PMD, "", "a hyphen before it" },
    { PMD, ABSENT, REASON("no \xc3\xa9" PMD "\xff"), "confirmed", "~" PMD, PMD, "",
      "octets above ASCII are no part of a name" },
    { PMD, ABSENT, REASON("no\0" PMD "\0here"), "confirmed", "~" PMD, PMD, "", "NUL around it" },
    { "deflate, " PMD, "deflate", REASON("no " PMD " here"), "confirmed", "~" PMD, PMD, "",
      "no part of the longer name" },
    { "a.b, a", "a", REASON("no a.b here"), "confirmed", "~a.b", "a.b", "", "the longest name" },
    { "a.b, a", "a.b", REASON("no a.c here"), "confirmed", "~a", "a", "",
      "the longest that is there" },
    { "a.b, b", "b", REASON("no a.b here"), "confirmed", "~a.b", "a.b", "",
      "no name inside the one that is there" },
    { "foo", "FOO", REASON("no Foo here"), "confirmed", "~foo", "foo", "",
      "as it was offered, rather than as it was answered" },
    { "a, b", "a", REASON("a/b/"), "confirmed", "~a b", "b", "", "two names in a row" },
    { "x-webkit-deflate-frame", ABSENT, REASON("x-webkit-deflate-frame please"), "confirmed",
      "~x-webkit-deflate-frame", "x-webkit-deflate-frame", "", "deflate-frame is not meant" },
    { "Foo", ABSENT, REASON("no foo here"), "confirmed", "~Foo", "Foo", "", "as it was offered" },
    { PMD, ABSENT, REASON("permessage- deflate"), "confirmed", "", PMD, "", "two words are none" },
    { "!x", ABSENT, REASON("no !x here"), "confirmed", "~!x", "!x", "", "a name that is odd" },
};

static const claim_row unseen_rows[] = {
    { UNSEEN, UNSEEN, REASON(PMD), "unverifiable", PMD, "", "", "no handshake" },
    { UNSEEN, UNSEEN, REASON("no " PMD " here"), "unverifiable", "~" PMD, "", "",
      "no handshake, prose" },
    { UNSEEN, UNSEEN, REASON(""), "unverifiable", "", "", "", "no handshake, no name" },
    { UNSEEN, PMD, REASON(PMD), "contradicted", PMD, "", "", "the response has it" },
    { UNSEEN, ABSENT, REASON(PMD), "unverifiable", PMD, PMD, "", "perhaps it was never offered" },
    { UNSEEN, PMD, REASON(PMD ", x"), "unverifiable", PMD " x", "x", "", "one of two is there" },
    { UNSEEN, PMD ", x", REASON(PMD ", x"), "contradicted", PMD " x", "", "", "both are there" },
    { UNSEEN, PMD "; y", REASON(PMD), "confirmed", PMD, PMD, "", "it breaks a rule by itself" },
    { UNSEEN, PMD ", x", REASON(""), "unverifiable", "", "", "", "nobody knows what was offered" },
    { UNSEEN, ABSENT, REASON(""), "unverifiable", "", "", "", "nobody knows what was offered" },
    { PMD, UNSEEN, REASON(PMD), "unverifiable", PMD, "", "", "perhaps it was accepted" },
    { PMD, UNSEEN, REASON(PMD ", y"), "unverifiable", PMD " y", "", "y", "perhaps it was" },
    { PMD, UNSEEN, REASON("y"), "contradicted", "y", "", "y", "never offered" },
    { ABSENT, UNSEEN, REASON(PMD), "contradicted", PMD, "", PMD, "nothing was offered" },
    { PMD, UNSEEN, REASON(""), "unverifiable", "", "", "", "perhaps it was accepted" },
    { ABSENT, UNSEEN, REASON(""), "contradicted", "", "", "", "nothing was offered" },
};

static const claim_row cut_rows[] = {
    { PMD, ABSENT, REASON(PMD ", x-"), "confirmed", PMD, PMD, "", "a whole element settles it" },
    { PMD, ABSENT, REASON(PMD ","), "confirmed", PMD, PMD, "", "whole up to the comma" },
    { PMD, ABSENT, REASON(PMD), "unverifiable", "", "", "", "the name may go on" },
    { PMD, ABSENT, REASON(PMD ";"), "unverifiable", "~" PMD, PMD, "",
      "the name does not go on, but the element does" },
    { PMD, ABSENT, REASON("perm"), "unverifiable", "", "", "", "part of a name" },
    { PMD, ABSENT, REASON(""), "unverifiable", "", "", "", "nothing of it" },
    { PMD, PMD, REASON(PMD ", x"), "unverifiable", PMD, "", "", "the rest may name another" },
    { "x", "x", REASON(PMD ", x"), "unverifiable", PMD, PMD, PMD, "the rest may name another" },
    { PMD ", x", PMD, REASON(PMD ", x, y"), "confirmed", PMD " x", "x", "", "the second settles" },
    { PMD ", x", PMD, REASON(PMD ", x"), "unverifiable", PMD, "", "", "x may be xylophone" },
    { PMD, ABSENT, REASON("we need " PMD " he"), "unverifiable", "~" PMD, PMD, "",
      "prose may take it back" },
    { PMD, ABSENT, REASON("we need " PMD), "unverifiable", "", "", "", "the word may go on" },
    { PMD, UNSEEN, REASON(PMD ", x"), "unverifiable", PMD, "", "", "no response" },
    { UNSEEN, PMD, REASON(PMD ", x"), "unverifiable", PMD, "", "", "no request" },
    { ABSENT, ABSENT, REASON(""), "unverifiable", "", "", "", "nothing offered, nothing known" },
};

static void
test_named(void)
{
    check_claims(named_rows, G_N_ELEMENTS(named_rows), false);
}

static void
test_unnamed(void)
{
    check_claims(unnamed_rows, G_N_ELEMENTS(unnamed_rows), false);
}

static void
test_prose(void)
{
    check_claims(prose_rows, G_N_ELEMENTS(prose_rows), false);
}

static void
test_unseen(void)
{
    check_claims(unseen_rows, G_N_ELEMENTS(unseen_rows), false);
}

static void
test_cut(void)
{
    check_claims(cut_rows, G_N_ELEMENTS(cut_rows), true);
}

/* Which octets may stand beside a name in prose: none that could be part of a longer word. */
static void
test_word_boundary(void)
{
    wsclose_negotiation *negotiation = match(PMD, ABSENT);

    for (int octet = 0; octet < 256; octet++) {
        bool boundary = octet == 0
                        || strchr("abcdefghijklmnopqrstuvwxyz"
                                  "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_",
                                  octet)
                               == NULL;
        char before[] = "no ?" PMD " (";
        char behind[] = "no " PMD "? (";
        wsclose_mandatory_ext *claim;

        g_test_message("octet 0x%02x", (unsigned)octet);
        before[3] = (char)octet;
        claim = explain(negotiation, before, sizeof before - 1, false);
        g_assert_cmpuint(g_strv_length(claim->needed), ==, boundary ? 1 : 0);
        wsclose_mandatory_ext_free(claim);
        behind[3 + strlen(PMD)] = (char)octet;
        claim = explain(negotiation, behind, sizeof behind - 1, false);
        g_assert_cmpuint(g_strv_length(claim->needed), ==, boundary ? 1 : 0);
        wsclose_mandatory_ext_free(claim);
    }
    wsclose_negotiation_free(negotiation);
}

/* The claim is settled from the first comma on, wherever the cut is. */
static void
test_cut_anywhere(void)
{
    static const char whole[] = PMD ", x, y;z=1, need " PMD;
    wsclose_negotiation *negotiation = match(PMD ", x, y", "x");

    for (size_t len = 0; len <= strlen(whole); len++) {
        wsclose_mandatory_ext *claim = explain(negotiation, whole, len, true);

        g_assert_cmpint(claim->verdict, ==,
                        len > strlen(PMD) ? WSCLOSE_CLAIM_CONFIRMED : WSCLOSE_CLAIM_UNVERIFIABLE);
        wsclose_mandatory_ext_free(claim);
    }
    wsclose_negotiation_free(negotiation);
}

static void
test_null(void)
{
    wsclose_negotiation *negotiation = match(PMD, ABSENT);
    wsclose_mandatory_ext *claim =
        wsclose_mandatory_ext_explain(negotiation, (wsclose_slice){ NULL, 0 }, false);

    g_assert_cmpint(claim->verdict, ==, WSCLOSE_CLAIM_CONFIRMED);
    wsclose_mandatory_ext_free(claim);
    wsclose_mandatory_ext_free(NULL);
    wsclose_negotiation_free(negotiation);
}

/* 64 KiB of everything: what would take time with the square of the length takes seconds here. */
static void
test_long(void)
{
    static const struct {
        const char *begin;
        bool numbered;
        const char *end;
    } elements[] = {
        { "x", true, "," },   { "x", true, ";y=\"\\1\"," }, { "a.", true, " " },
        { "a.", false, "" }, { "", true, " " },              { " a", false, "" },
    };
    GString *offer = g_string_new("a");

    while (offer->len < 32 * 1024)
        g_string_append_printf(offer, ",x%u", (unsigned)offer->len);
    g_string_append_c(offer, ',');
    while (offer->len < 64 * 1024)
        g_string_append(offer, "a.");
    for (size_t i = 0; i < G_N_ELEMENTS(elements); i++) {
        wsclose_negotiation *negotiation = match(offer->str, "a");
        GString *reason = g_string_new(NULL);
        gint64 begin;
        wsclose_mandatory_ext *claim;

        for (unsigned n = 0; reason->len < 64 * 1024; n++) {
            g_string_append(reason, elements[i].begin);
            if (elements[i].numbered)
                g_string_append_printf(reason, "%u", n);
            g_string_append(reason, elements[i].end);
        }
        begin = cpu_time();
        claim = explain(negotiation, reason->str, reason->len, false);
        g_test_message("%s: %" G_GINT64_FORMAT " us", elements[i].begin,
                       cpu_time() - begin);
        assert_cpu_seconds(begin, 2);
        g_assert_cmpint(claim->verdict, !=, WSCLOSE_CLAIM_UNVERIFIABLE);
        wsclose_mandatory_ext_free(claim);
        g_string_free(reason, TRUE);
        wsclose_negotiation_free(negotiation);
    }
    g_string_free(offer, TRUE);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/mandatory/named", test_named);
    g_test_add_func("/mandatory/unnamed", test_unnamed);
    g_test_add_func("/mandatory/prose", test_prose);
    g_test_add_func("/mandatory/prose/boundary", test_word_boundary);
    g_test_add_func("/mandatory/unseen", test_unseen);
    g_test_add_func("/mandatory/cut", test_cut);
    g_test_add_func("/mandatory/cut/anywhere", test_cut_anywhere);
    g_test_add_func("/mandatory/null", test_null);
    g_test_add_func("/mandatory/long", test_long);
    return g_test_run();
}
