/* test_rows.c
 * Rows of decoder/words, those of the verdict aside.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "../../decoder/words/breaches.h"
#include "../../decoder/words/carrier.h"
#include "../../decoder/words/claims.h"
#include "../../decoder/words/closes.h"
#include "../../decoder/words/codes.h"
#include "../../decoder/words/extensions.h"
#include "../../decoder/words/faults.h"
#include "../../decoder/words/frames.h"
#include "../../decoder/words/negotiations.h"
#include "../../decoder/words/refused_status.h"
#include "rows.h"

static const wsclose_carrier carriers[] = { WSCLOSE_CARRIER_HTTP1, WSCLOSE_CARRIER_HTTP2,
                                            WSCLOSE_CARRIER_HTTP3 };

static void
test_carriers(void)
{
    static const char slots[] = "{transport} {connection} {socket} {response} {success} {upgrade} "
                                "{taken} {not meant} {mean} {headers} {removed} {let pass}";

    for (size_t i = 0; i < G_N_ELEMENTS(carriers); i++)
        check_row(carrier_scope(carriers[i]), slots);
}

static void
test_carrier_words(void)
{
    static const struct {
        wsclose_carrier carrier;
        const char *expected;
    } rows[] = {
        { WSCLOSE_CARRIER_HTTP1, "TCP over TCP: 101" },
        { WSCLOSE_CARRIER_HTTP2, "The stream over TCP: 2xx" },
        { WSCLOSE_CARRIER_HTTP3, "The stream over QUIC: 2xx" },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        GString *text = g_string_new(NULL);

        template_append(text, carrier_scope(rows[i].carrier),
                        "{Transport} over {connection}: {success}");
        g_assert_cmpstr(text->str, ==, rows[i].expected);
        g_string_free(text, TRUE);
    }
}

/* Every number has a row, whatever carries the connection. */
static void
test_refused_status(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(carriers); i++) {
        const template_scope *scope = carrier_scope(carriers[i]);
        const refused_status *last = NULL;

        for (unsigned status = 0; status <= G_MAXUINT16; status++) {
            const refused_status *row = refused_status_lookup(carriers[i], (uint16_t)status);

            g_assert_nonnull(row);
            g_assert_cmpuint(status, >=, row->first);
            g_assert_cmpuint(status, <=, row->last);
            if (row == last)
                continue;
            check_row(scope, row->name);
            check_paragraph(scope, row->seen_when);
            check_paragraph(scope, row->fix);
            last = row;
        }
    }
}

/* A scope of names alone: what the code fills in elsewhere. */
#define NAMED(name) { name, "0", NULL }

static void
test_code_uses(void)
{
    static const template_slot slots[] = { NAMED("code"), NAMED("name"), NAMED("says"),
                                           NAMED("when"), NAMED("sender") };
    static const template_scope scope = { slots, G_N_ELEMENTS(slots), NULL, NULL };

    for (size_t i = 0; i < G_N_ELEMENTS(code_uses); i++) {
        check_row(&scope, code_uses[i].sender);
        check_paragraph(&scope, code_uses[i].presence);
        check_paragraph(&scope, code_uses[i].presences);
        check_paragraph(&scope, code_uses[i].which_when);
    }
}

static void
test_code_comparisons(void)
{
    static const template_slot slots[] = {
        NAMED("first"),          NAMED("second"),          NAMED("first says"),
        NAMED("second says"),    NAMED("first presence"),  NAMED("second presence"),
        NAMED("first when"),     NAMED("second when"),     NAMED("first family"),
        NAMED("second family"),  NAMED("both"),
    };
    static const template_scope scope = { slots, G_N_ELEMENTS(slots), NULL, NULL };

    for (size_t i = 0; i < G_N_ELEMENTS(code_comparisons); i++) {
        check_paragraph(&scope, code_comparisons[i].in_short);
        check_paragraph(&scope, code_comparisons[i].more);
        check_paragraph(&scope, code_comparisons[i].which_when);
    }
}

static void
test_code_rows(void)
{
    for (size_t i = 0; i < code_rows_count; i++) {
        check_paragraph(NULL, code_rows[i].meaning);
        check_paragraph(NULL, code_rows[i].seen_when);
        check_paragraph(NULL, code_rows[i].fix);
        check_row(NULL, code_rows[i].says);
        /* What may be on the wire is of some use, and belongs to a family. */
        if (wsclose_code_may_be_on_wire(code_rows[i].first)) {
            check_row(NULL, code_rows[i].when);
            check_row(NULL, code_families[code_rows[i].code_class]);
        }
    }
    for (size_t i = 0; i < code_pairs_count; i++) {
        g_assert_cmpuint(code_pairs[i].low, <, code_pairs[i].high);
        check_paragraph(NULL, code_pairs[i].key_difference);
        check_paragraph(NULL, code_pairs[i].which_when);
    }
}

static void
test_frames(void)
{
    static const template_slot slots[] = { NAMED("frame"),  NAMED("length"),   NAMED("code"),
                                           NAMED("name"),   NAMED("opcode"),   NAMED("sender"),
                                           NAMED("receiver"), NAMED("in close"),
                                           NAMED("out of order") };
    static const template_scope scope = { slots, G_N_ELEMENTS(slots), NULL, NULL };

    for (size_t bit = 0; bit < WSCLOSE_BREACH_COUNT; bit++) {
        check_paragraph(&scope, breaches_words[bit].sentence);
        g_assert_nonnull(strstr(breaches_words[bit].sentence, "RFC 6455 section "));
    }
    check_row(&scope, breach_nothing_to_continue);
    check_row(&scope, breach_message_in_message);
    for (unsigned opcode = 0; opcode <= UINT8_MAX; opcode++)
        check_row(&scope, frame_kind((uint8_t)opcode));
    check_row(&scope, frame_after_close_line);
    check_paragraph(&scope, frame_after_close);
    check_row(&scope, frame_breach_line);
}

static void
test_closes(void)
{
    static const template_slot slots[] = {
        NAMED("sender"), NAMED("receiver"), NAMED("the sender"), NAMED("code"),     NAMED("name"),
        NAMED("length"), NAMED("peer"),     NAMED("in peer"),    NAMED("act"),      NAMED("body"),
        NAMED("notes"),  NAMED("meaning"),  NAMED("seen when"),  NAMED("fix"),      NAMED("advice"),
        NAMED("causes"), NAMED("breaches"), NAMED("address"),    NAMED("connections"),
    };
    static const template_scope scope = { slots, G_N_ELEMENTS(slots), NULL, NULL };

    check_row(&scope, close_line);
    for (size_t i = 0; i < G_N_ELEMENTS(close_acts); i++)
        check_row(&scope, close_acts[i]);
    for (size_t i = 0; i < G_N_ELEMENTS(close_bodies); i++)
        check_row(&scope, close_bodies[i]);
    for (size_t i = 0; i < G_N_ELEMENTS(close_notes); i++)
        check_row(&scope, close_notes[i]);
    for (size_t i = 0; i < G_N_ELEMENTS(closes_words); i++) {
        check_paragraph(&scope, closes_words[i].description);
        check_paragraph(&scope, closes_words[i].seen_when);
        check_paragraph(&scope, closes_words[i].fix);
    }
    for (int reported = 0; reported < 2; reported++) {
        check_paragraph(&scope, close_no_status[reported][false]);
        check_paragraph(&scope, close_no_status[reported][true]);
    }
    check_paragraph(&scope, close_no_status_repeated);
}

static void
test_claims(void)
{
    static const template_slot slots[] = {
        NAMED("sender"),     NAMED("act"),         NAMED("claim"),           NAMED("claimant"),
        NAMED("client"),     NAMED("needed"),      NAMED("the claimant"),    NAMED("needed it"),
        NAMED("needed was"), NAMED("missing"),     NAMED("missing was"),     NAMED("declined"),
        NAMED("include"),    NAMED("declined it"), NAMED("not offered"), NAMED("wrongly answered"),     NAMED("fix"),
        NAMED("cure"),       NAMED("unseen"),      NAMED("not offered it"),  NAMED("enable"),
        NAMED("never"),      NAMED("check"),       NAMED("not offered was"), NAMED("in peer"),
        NAMED("in request"), NAMED("in response"),
    };
    static const template_scope scope = { slots, G_N_ELEMENTS(slots), NULL, NULL };
    const char *const parts[] = {
        claim_line,      claim_include[0],  claim_include[1],  claim_cure[0], claim_cure[1],
        claim_enable,    claim_never,       claim_check,       claim_no_request,
        claim_no_response, claim_no_handshake, claim_contradicted,
    };

    for (size_t i = 0; i < G_N_ELEMENTS(parts); i++)
        check_row(&scope, parts[i]);
    for (size_t i = 0; i < G_N_ELEMENTS(claim_acts); i++)
        check_row(&scope, claim_acts[i]);
    for (size_t i = 0; i < G_N_ELEMENTS(claims_words); i++) {
        check_row(&scope, claims_words[i].claim);
        check_paragraph(&scope, claims_words[i].fix);
    }
    check_paragraph(&scope, claim_of_server);
    check_paragraph(&scope, claim_of_server_fix);
}

static void
test_negotiations(void)
{
    static const template_slot slots[] = { NAMED("facts"), NAMED("names"), NAMED("name"),
                                           NAMED("status") };

    for (size_t i = 0; i < G_N_ELEMENTS(carriers); i++) {
        const template_scope scope = { slots, G_N_ELEMENTS(slots), NULL,
                                       carrier_scope(carriers[i]) };

        check_row(&scope, negotiation_line);
        for (size_t k = 0; k < G_N_ELEMENTS(negotiation_facts); k++)
            check_row(&scope, negotiation_facts[k]);
        check_row(&scope, negotiation_refused_line);
        check_paragraph(&scope, negotiation_refused);
        check_paragraph(&scope, negotiation_declined[false]);
        check_paragraph(&scope, negotiation_declined[true]);
        for (size_t bit = 0; bit < WSCLOSE_FAULT_COUNT; bit++)
            check_paragraph(&scope, faults_words[bit].sentence);
    }
}

static void
test_extensions(void)
{
    static const template_slot slots[] = { NAMED("error"), NAMED("clause"), NAMED("offset"),
                                           NAMED("param"), NAMED("value"),  NAMED("offer"),
                                           NAMED("breach") };
    static const template_scope scope = { slots, G_N_ELEMENTS(slots), NULL, NULL };

    for (size_t i = 0; i < G_N_ELEMENTS(grammars_words); i++) {
        check_row(NULL, grammars_words[i].error);
        g_assert_true(g_str_has_prefix(grammars_words[i].clause, "RFC "));
    }
    for (size_t i = 0; i < G_N_ELEMENTS(grammar_consequences); i++)
        check_row(&scope, grammar_consequences[i]);
    for (size_t i = 0; i < G_N_ELEMENTS(deflate_breaches); i++)
        check_row(&scope, deflate_breaches[i]);
    for (size_t i = 0; i < G_N_ELEMENTS(match_reasons); i++)
        check_row(&scope, match_reasons[i]);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/rows/carrier/slots", test_carriers);
    g_test_add_func("/rows/carrier/words", test_carrier_words);
    g_test_add_func("/rows/refused-status", test_refused_status);
    g_test_add_func("/rows/codes/uses", test_code_uses);
    g_test_add_func("/rows/codes/comparisons", test_code_comparisons);
    g_test_add_func("/rows/codes/rows", test_code_rows);
    g_test_add_func("/rows/frames", test_frames);
    g_test_add_func("/rows/closes", test_closes);
    g_test_add_func("/rows/claims", test_claims);
    g_test_add_func("/rows/negotiations", test_negotiations);
    g_test_add_func("/rows/extensions", test_extensions);
    return g_test_run();
}
