/* test_words.c
 * Rows of decoder/words on a verdict: none is missing, none has a slot that nothing fills.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "../../decoder/words/breaches.h"
#include "../../decoder/words/endings.h"
#include "../../decoder/words/faults.h"
#include "../../decoder/words/verdict_words.h"
#include "match.h"
#include "rows.h"

#define NAMED(name) { name, "x", NULL }

static const template_slot breach_slots[] = { NAMED("code") };
static const template_scope breach_scope = { breach_slots, G_N_ELEMENTS(breach_slots), NULL, NULL };

static const template_slot fault_slots[] = { NAMED("unsolicited"), NAMED("invalid") };
static const template_scope fault_scope = { fault_slots, G_N_ELEMENTS(fault_slots), NULL, NULL };

/* A row within a sentence. */
static void
check_part(const template_scope *scope, const char *row)
{
    check_row(scope, row);
    g_assert_true(row[0] != ' ' && !g_str_has_suffix(row, " ") && !g_str_has_suffix(row, "."));
}

static void
test_breaches(void)
{
    for (size_t i = 0; i < WSCLOSE_BREACH_COUNT; i++) {
        check_part(&breach_scope, breaches_words[i].brief);
        check_paragraph(NULL, breaches_words[i].causes);
        if (breaches_words[i].close_causes)
            check_paragraph(NULL, breaches_words[i].close_causes);
    }
}

static void
test_faults(void)
{
    for (size_t i = 0; i < WSCLOSE_FAULT_COUNT; i++) {
        check_part(&fault_scope, faults_words[i].brief);
        check_paragraph(NULL, faults_words[i].causes);
        check_paragraph(NULL, faults_words[i].fix);
    }
}

/* A connection on which anything may have happened: the ending says what did. */
static wsclose_connection
any_connection(wsclose_carrier carrier, unsigned variant)
{
    const wsclose_body_kind kind = (wsclose_body_kind)(variant % 4);
    const wsclose_close_mark close = { { 6, 6 }, 1010, 1 << 7 | 1 << 2, kind };
    const wsclose_close_mark other = { { 7, 7 }, 1001, 1 << 8, (wsclose_body_kind)(3 - kind) };
    const wsclose_end_mark end = { .number = 8, .kind = WSCLOSE_END_RESET, .has_error = true,
                                   .error = 8, .goaway = variant % 8 > 3,
                                   .cause = (wsclose_end_cause)(variant % 3) };

    return (wsclose_connection){
        .request = { 1, 1 },
        .response = { 2, 2 },
        .settled = { 8, 8 },
        .carrier = carrier,
        .status = 403,
        .faults = (1 << WSCLOSE_FAULT_COUNT) - 1,
        .has_ending = true,
        .ending = 5,
        .traffic = { { .last = { variant % 2, 4 } }, { .last = { 0, 0 } } },
        .carries_on = variant % 2,
        .closes = { close, other },
        .ends = { end, end },
        .breaches = { WSCLOSE_BREACH_RSV, WSCLOSE_BREACH_RSV | WSCLOSE_BREACH_OPCODE },
        .tolerated = { variant % 3 == 2, variant % 11 == 0 ? WSCLOSE_BREACH_UNMASKED : 0 },
        .sides = { { .unreceived = variant % 5 == 3 }, { .unreceived = variant % 5 == 4 } },
        .missing = { variant % 2, variant % 3 == 0 },
        .unreadable = { variant % 5 == 1, variant % 7 == 1 },
        .has_tls13 = variant % 2,
        .crossed = variant % 3 == 1,
    };
}

static wsclose_verdict
any_verdict(unsigned variant)
{
    return (wsclose_verdict){
        .ending = (wsclose_ending)(variant % 5),
        .reported = { { variant % 3 != 0, 1000 }, { variant % 4 != 0, 1005 } },
        .because = { (wsclose_because)(variant % 7), (wsclose_because)(variant / 7 % 7) },
        .incomplete = variant % 2,
        .initiator = (wsclose_side)(variant % 3),
        .idle = variant % 4 == 0 ? -1 : variant % 4 * INT64_C(30000000000),
    };
}

static void
check_filled(const verdict_words *words, const char *row, bool sentences)
{
    GString *text = g_string_new(NULL);

    verdict_words_append(text, words, row);
    if (strpbrk(text->str, "{}") || strstr(text->str, "  ") || strstr(text->str, "..") ||
        strstr(text->str, " ,") || strstr(text->str, " ."))
        g_error("%s", text->str);
    g_assert_true(g_utf8_validate(text->str, -1, NULL));
    g_assert_true(g_ascii_isupper(text->str[0]));
    g_assert_true(g_str_has_suffix(text->str, ".") == sentences);
    g_assert_cmpuint(text->len, <=, sentences ? 1800 : 240);
    g_string_free(text, TRUE);
}

static void
check_ending_row(const verdict_words *words)
{
    const ending_row *row = &ending_rows[words->ending->kind];

    check_part(NULL, row->brief);
    g_assert_cmpuint(strlen(row->brief), <=, ENDING_BRIEF_MAX);
    check_row(words->scope, row->line);
    check_paragraph(words->scope, row->description);
    check_paragraph(words->scope, row->causes);
    check_paragraph(words->scope, row->fix);
}

static void
check_ending(const ending *e, bool first)
{
    const ending_row *row = &ending_rows[e->kind];
    verdict_words words;

    verdict_words_init(&words, e, VERDICT_FULL);
    if (first)
        check_ending_row(&words);
    check_filled(&words, row->line, false);
    check_filled(&words, row->description, true);
    check_filled(&words, row->causes, true);
    check_filled(&words, row->fix, true);
}

/* Whatever the ending, the carrier and who did it. */
static void
test_endings(void)
{
    enum { VARIANTS = 420 };
    static const wsclose_close_body body = { .kind = WSCLOSE_BODY_CODE, .code = 1010,
                                             .reason = { "a, so ", 6 }, .reason_utf8 = true };
    wsclose_negotiation *negotiation = match("a, permessage-deflate", "b, permessage-deflate;c");
    wsclose_mandatory_ext *mandatory =
        wsclose_mandatory_ext_explain(negotiation, body.reason, false);

    for (unsigned kind = 0; kind < ENDING_COUNT; kind++) {
        for (unsigned variant = 0; variant < VARIANTS * WSCLOSE_SIDES * 3; variant++) {
            const unsigned inner = variant / 6;
            const wsclose_connection connection =
                any_connection((wsclose_carrier)(variant % 3), inner);
            const wsclose_verdict verdict = any_verdict(inner);
            const wsclose_side first = (wsclose_side)(variant / 3 % 2);
            const ending e = {
                .connection = &connection,
                .verdict = &verdict,
                .negotiation = negotiation,
                .bodies = { variant % 4 ? &body : NULL, variant % 5 ? &body : NULL },
                .mandatory = variant % 7 ? mandatory : NULL,
                .kind = (ending_kind)kind,
                .first = first,
                .second = wsclose_side_peer(first),
                .ender = (wsclose_side)(inner % 2),
                .culprit = (wsclose_side)(inner / 2 % 2),
            };

            check_ending(&e, inner == 0);
        }
    }
    wsclose_mandatory_ext_free(mandatory);
    wsclose_negotiation_free(negotiation);
}

/* Parts of sentences: every one is there, but for the one that is nothing. */
static void
test_phrases(void)
{
    static const template_slot step_slots[] = { NAMED("step frame"), NAMED("step time"),
                                                NAMED("step later"), NAMED("origin") };
    const wsclose_verdict verdict = any_verdict(1);
    wsclose_negotiation *negotiation = match("a", ABSENT);

    for (unsigned carrier = 0; carrier < 3; carrier++) {
        const wsclose_connection connection = any_connection((wsclose_carrier)carrier, 1);
        const ending e = { .connection = &connection, .verdict = &verdict,
                           .negotiation = negotiation };
        verdict_words words;

        verdict_words_init(&words, &e, VERDICT_FULL);
        const verdict_role role = { &words, WSCLOSE_CLIENT };
        const template_scope who = verdict_words_scope_of(&role);
        const template_scope scope = { step_slots, G_N_ELEMENTS(step_slots), NULL, &who };

        g_assert_cmpstr(phrases[PHRASE_NOTHING], ==, "");
        for (unsigned i = PHRASE_NOTHING + 1; i < PHRASE_COUNT; i++)
            check_row(&scope, phrases[i]);
        for (size_t i = 0; i < phrase_slots_count; i++)
            check_row(&scope, phrase_slots[i].text);
    }
    wsclose_negotiation_free(negotiation);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/words/breaches", test_breaches);
    g_test_add_func("/words/faults", test_faults);
    g_test_add_func("/words/endings", test_endings);
    g_test_add_func("/words/phrases", test_phrases);
    return g_test_run();
}
