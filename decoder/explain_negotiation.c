/* explain_negotiation.c
 * Sentences about an opening handshake.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "explain_private.h"
#include "words/carrier.h"
#include "words/faults.h"
#include "words/negotiations.h"

static void
append_names(GString *text, const void *context)
{
    const GPtrArray *names = context;

    explain_append_names(text, (const char *const *)names->pdata, names->len);
}

/* Names are borrowed; NULL where the fact has none. */
static void
add_fact(GString *facts, negotiation_fact fact, const GPtrArray *names)
{
    static const template_slot slots[] = { { "names", NULL, append_names } };
    const template_scope scope = { slots, G_N_ELEMENTS(slots), names, NULL };

    g_string_append(facts, facts->len > 0 ? "; " : "");
    template_append(facts, &scope, negotiation_facts[fact]);
}

static void
add_names(GString *facts, negotiation_fact fact, GPtrArray *names)
{
    if (names->len > 0)
        add_fact(facts, fact, names);
    g_ptr_array_free(names, TRUE);
}

static GPtrArray *
names_of_matches(const wsclose_negotiation *negotiation, wsclose_negotiation_verdict verdict)
{
    GPtrArray *names = g_ptr_array_new();

    for (size_t i = 0; i < negotiation->n_matches; i++) {
        if (negotiation->matches[i].verdict == verdict)
            g_ptr_array_add(names, (char *)negotiation->matches[i].ext->name);
    }
    return names;
}

static GPtrArray *
names_of_declined(const wsclose_negotiation *negotiation)
{
    GPtrArray *names = g_ptr_array_new();

    for (size_t i = 0; i < negotiation->n_declined; i++)
        g_ptr_array_add(names, (char *)negotiation->declined[i]);
    return names;
}

static GPtrArray *
names_of_offer(const wsclose_ext_list *offer)
{
    GPtrArray *names = g_ptr_array_new();

    for (size_t i = 0; i < offer->n_exts; i++)
        g_ptr_array_add(names, (char *)offer->exts[i].name);
    return names;
}

/* What became of the offer, as far as the response tells. */
static void
add_answered(GString *facts, const wsclose_negotiation *negotiation)
{
    static const struct {
        wsclose_negotiation_verdict verdict;
        negotiation_fact fact;
    } matches[] = {
        { WSCLOSE_NEGOTIATION_ACCEPTED, NEGOTIATION_ACCEPTED },
        { WSCLOSE_NEGOTIATION_UNKNOWN, NEGOTIATION_UNKNOWN },
        { WSCLOSE_NEGOTIATION_UNSOLICITED, NEGOTIATION_UNSOLICITED },
        { WSCLOSE_NEGOTIATION_INVALID, NEGOTIATION_INVALID },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(matches); i++)
        add_names(facts, matches[i].fact, names_of_matches(negotiation, matches[i].verdict));
    add_names(facts, NEGOTIATION_DECLINED, names_of_declined(negotiation));
    if (!negotiation->offer->valid)
        add_fact(facts, NEGOTIATION_OFFER_MALFORMED, NULL);
    if (!negotiation->response->valid)
        add_fact(facts, NEGOTIATION_RESPONSE_MALFORMED, NULL);
    if (facts->len == 0)
        add_fact(facts,
                 negotiation->offer_presence == WSCLOSE_HEADER_UNKNOWN ? NEGOTIATION_NONE_ANSWERED
                                                                       : NEGOTIATION_NONE,
                 NULL);
}

static void
add_unanswered(GString *facts, const wsclose_negotiation *negotiation)
{
    if (negotiation->offer_presence == WSCLOSE_HEADER_UNKNOWN)
        add_fact(facts, NEGOTIATION_UNSEEN, NULL);
    else if (negotiation->offer->n_exts == 0)
        add_fact(facts, NEGOTIATION_NONE_OFFERED, NULL);
    else
        add_names(facts, NEGOTIATION_OFFERED, names_of_offer(negotiation->offer));
}

static void
append_facts(GString *text, const void *context)
{
    const wsclose_negotiation *negotiation = context;
    GString *facts = g_string_new(NULL);

    if (negotiation->response_presence == WSCLOSE_HEADER_UNKNOWN)
        add_unanswered(facts, negotiation);
    else
        add_answered(facts, negotiation);
    g_string_append_len(text, facts->str, (gssize)facts->len);
    g_string_free(facts, TRUE);
}

static void
append_status(GString *text, const void *context)
{
    template_append_number(text, *(const unsigned *)context);
}

static char *
fill_of_status(wsclose_carrier carrier, unsigned status, const char *row)
{
    static const template_slot slots[] = { { "status", NULL, append_status } };
    const template_scope scope = { slots, G_N_ELEMENTS(slots), &status, carrier_scope(carrier) };

    return template_fill(&scope, row);
}

char *
wsclose_explain_refused(wsclose_carrier carrier, unsigned status)
{
    return fill_of_status(carrier, status, negotiation_refused);
}

char *
wsclose_explain_negotiation(const wsclose_negotiation *negotiation, wsclose_carrier carrier,
                            unsigned status)
{
    static const template_slot slots[] = { { "facts", NULL, append_facts } };
    const template_scope scope = { slots, G_N_ELEMENTS(slots), negotiation, NULL };

    if (status != 0 && !wsclose_status_is_success(carrier, status))
        return fill_of_status(carrier, status, negotiation_refused_line);
    return template_fill(&scope, negotiation_line);
}

static void
append_left(GString *text, const void *context)
{
    template_append_number(text, *(const size_t *)context - WSCLOSE_EXTS_LISTED_MAX);
}

char *
wsclose_explain_not_listed(size_t count)
{
    static const template_slot slots[] = { { "left", NULL, append_left } };
    const template_scope scope = { slots, G_N_ELEMENTS(slots), &count, NULL };

    return count > WSCLOSE_EXTS_LISTED_MAX ? template_fill(&scope, negotiation_not_listed) : NULL;
}

static void
append_name(GString *text, const void *context)
{
    explain_append_name(text, context);
}

char *
wsclose_explain_declined(const char *name, bool required)
{
    static const template_slot slots[] = { { "name", NULL, append_name } };
    const template_scope scope = { slots, G_N_ELEMENTS(slots), name, NULL };

    return template_fill(&scope, negotiation_declined[required]);
}

char *
wsclose_explain_subprotocol_unanswered(wsclose_carrier carrier)
{
    return template_fill(carrier_scope(carrier), negotiation_subprotocol_unanswered);
}

char *
wsclose_explain_handshake_fault(wsclose_carrier carrier, wsclose_handshake_fault fault)
{
    return template_fill(carrier_scope(carrier), faults_words[BIT_INDEX(fault)].sentence);
}
