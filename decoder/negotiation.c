/* negotiation.c
 * Extension offers against the response, as the client must judge them.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wsclose/negotiation.h"

#include "extension_private.h"
#include "permessage_deflate.h"
#include "words/extensions.h"
#include "words/template.h"

#include <glib.h>
#include <string.h>

/* The forerunner of permessage-deflate: no RFC defines its parameters. */
static const char webkit_name[] = "x-webkit-deflate-frame";

/* One offer of permessage-deflate, judged by itself. */
typedef struct {
    const wsclose_ext *ext;
    deflate_params params;
    char *breach; /* NULL where a server may accept it */
} deflate_offer;

/* A negotiation while it is worked out. */
typedef struct {
    wsclose_negotiation *result;
    ext_index offers;
    ext_index answers;
    deflate_offer *deflate_offers; /* in the order of the offer */
    size_t n_deflate_offers;
    GArray *invalid; /* of wsclose_invalid_ext */
} matcher;

const char *
wsclose_negotiation_verdict_name(wsclose_negotiation_verdict verdict)
{
    switch (verdict) {
    case WSCLOSE_NEGOTIATION_DECLINED:
        return "declined";
    case WSCLOSE_NEGOTIATION_ACCEPTED:
        return "accepted";
    case WSCLOSE_NEGOTIATION_UNSOLICITED:
        return "unsolicited";
    case WSCLOSE_NEGOTIATION_INVALID:
        return "invalid";
    default:
        return "unknown";
    }
}

bool
wsclose_ext_list_has(const wsclose_ext_list *list, const char *name)
{
    for (size_t i = 0; i < list->n_exts; i++) {
        if (strcmp(list->exts[i].name, name) == 0)
            return true;
    }
    return false;
}

static bool
is_deflate(const wsclose_ext *ext)
{
    return strcmp(ext->name, DEFLATE_NAME) == 0;
}

static wsclose_ext_list *
parse_header(const wsclose_header *header)
{
    if (header->presence != WSCLOSE_HEADER_PRESENT)
        return ext_list_new();
    return wsclose_ext_list_parse(header->value.data, header->value.len);
}

/* Take over a sentence on an element that must not be there. */
static void
add_invalid(matcher *m, wsclose_side sender, const char *text, char *why)
{
    wsclose_invalid_ext invalid = { sender, g_strdup(text), why };

    g_array_append_val(m->invalid, invalid);
}

static void
append_error_offset(GString *text, const void *context)
{
    const wsclose_ext_list *list = context;

    g_string_append_printf(text, "%" G_GSIZE_FORMAT, list->error_offset);
}

static void
add_broken_grammar(matcher *m, wsclose_side sender, const wsclose_ext_list *list)
{
    const template_slot slots[] = {
        { "error", list->error, NULL },
        { "clause", list->error_clause, NULL },
        { "offset", NULL, append_error_offset },
    };
    const template_scope scope = { slots, G_N_ELEMENTS(slots), list, NULL };

    if (!list->valid)
        add_invalid(m, sender, list->error_text,
                    template_fill(&scope, grammar_consequences[sender]));
}

/* A sentence on an element. Either may be NULL where the row does not name it; as tokens, and what
 * is said of them, have no braces, they may fill a slot. */
static char *
explain(const matcher *m, match_reason reason, const char *offer, const char *breach)
{
    const template_slot slots[] = {
        { "offer", offer, NULL },
        { "breach", breach, NULL },
        { "offset", NULL, append_error_offset },
    };
    const template_scope scope = { slots, G_N_ELEMENTS(slots), m->result->offer, NULL };

    return template_fill(&scope, match_reasons[reason]);
}

/* Judge the offers of permessage-deflate by themselves, in one pass for all responses. */
static void
read_deflate_offers(matcher *m)
{
    size_t count;
    const wsclose_ext **offers = ext_index_find(&m->offers, DEFLATE_NAME, &count);

    m->deflate_offers = g_new0(deflate_offer, count);
    m->n_deflate_offers = count;
    for (size_t i = 0; i < count; i++) {
        deflate_offer *offer = &m->deflate_offers[i];

        offer->ext = offers[i];
        offer->breach = deflate_params_read(&offer->params, offer->ext, WSCLOSE_CLIENT);
        if (offer->breach)
            add_invalid(m, WSCLOSE_CLIENT, offer->ext->text,
                        explain(m, MATCH_OFFER_BROKEN, NULL, offer->breach));
    }
}

/* Of the offers that a server may accept, the one that a response comes closest to. */
static const deflate_offer *
closest_deflate_offer(const matcher *m, const deflate_params *response)
{
    const deflate_offer *best = NULL;
    unsigned least = 0;

    for (size_t i = 0; i < m->n_deflate_offers; i++) {
        const deflate_offer *offer = &m->deflate_offers[i];
        unsigned breaches;

        if (offer->breach)
            continue;
        breaches = deflate_params_breach_count(&offer->params, response);
        if (!best || breaches < least) {
            best = offer;
            least = breaches;
        }
    }
    return best;
}

/* Take over a sentence on a match. */
static void
conclude(wsclose_match *match, wsclose_negotiation_verdict verdict, char *why)
{
    match->why = why;
    match->verdict = verdict;
}

/* Hold an answered permessage-deflate, sound by itself, against its offers. */
static void
match_deflate(const matcher *m, wsclose_match *match, const deflate_params *response)
{
    const deflate_offer *offer = closest_deflate_offer(m, response);
    char *breach;

    if (!offer) {
        conclude(match, WSCLOSE_NEGOTIATION_INVALID,
                 explain(m, MATCH_ONLY_OFFER_BROKEN, m->deflate_offers[0].ext->text,
                         m->deflate_offers[0].breach));
        return;
    }
    breach = deflate_params_breach(&offer->params, response);
    if (breach)
        conclude(match, WSCLOSE_NEGOTIATION_INVALID,
                 explain(m, MATCH_OFFER_EXCEEDED, offer->ext->text, breach));
    else
        conclude(match, WSCLOSE_NEGOTIATION_ACCEPTED,
                 explain(m, MATCH_ALLOWED, offer->ext->text, NULL));
    g_free(breach);
}

/* RFC 6455 section 4.1, steps for the response: what was not offered must not be in use. */
static void
match_unsolicited(const matcher *m, wsclose_match *match)
{
    match_reason reason;

    if (m->result->offer_presence == WSCLOSE_HEADER_ABSENT)
        reason = MATCH_NONE_OFFERED;
    else if (m->result->offer->valid)
        reason = MATCH_NOT_OFFERED;
    else
        reason = MATCH_NOT_OFFERED_BEFORE;
    conclude(match, WSCLOSE_NEGOTIATION_UNSOLICITED, explain(m, reason, NULL, NULL));
}

/* What an extension's own rules say, the offer left aside. Returns whether that settles it. */
static bool
match_alone(const matcher *m, wsclose_match *match, deflate_params *response)
{
    size_t count;
    const wsclose_ext **answers = ext_index_find(&m->answers, match->ext->name, &count);
    char *breach;

    if (answers[0] != match->ext) {
        conclude(
            match, WSCLOSE_NEGOTIATION_INVALID,
            explain(m, is_deflate(match->ext) ? MATCH_DEFLATE_TWICE : MATCH_TWICE, NULL, NULL));
        return true;
    }
    if (!is_deflate(match->ext))
        return false;
    breach = deflate_params_read(response, match->ext, WSCLOSE_SERVER);
    if (!breach)
        return false;
    conclude(match, WSCLOSE_NEGOTIATION_INVALID, explain(m, MATCH_BROKEN, NULL, breach));
    g_free(breach);
    return true;
}

static void
match_by_name(const matcher *m, wsclose_match *match, const wsclose_ext *offer)
{
    const bool forerunner = strcmp(match->ext->name, webkit_name) == 0;

    conclude(match, WSCLOSE_NEGOTIATION_ACCEPTED,
             explain(m, forerunner ? MATCH_FORERUNNER : MATCH_NOT_JUDGED, offer->text, NULL));
}

static void
match_one(const matcher *m, wsclose_match *match)
{
    bool offer_seen = m->result->offer_presence != WSCLOSE_HEADER_UNKNOWN;
    deflate_params response;
    size_t count;
    const wsclose_ext **offers = ext_index_find(&m->offers, match->ext->name, &count);

    if (offer_seen && !offers)
        match_unsolicited(m, match);
    else if (match_alone(m, match, &response))
        return;
    else if (!offer_seen)
        conclude(match, WSCLOSE_NEGOTIATION_UNKNOWN, explain(m, MATCH_REQUEST_UNSEEN, NULL, NULL));
    else if (is_deflate(match->ext))
        match_deflate(m, match, &response);
    else
        match_by_name(m, match, offers[0]);
}

static void
match_all(matcher *m)
{
    wsclose_negotiation *result = m->result;

    result->n_matches = result->response->n_exts;
    result->matches = g_new0(wsclose_match, result->n_matches);
    for (size_t i = 0; i < result->n_matches; i++) {
        wsclose_match *match = &result->matches[i];

        match->ext = &result->response->exts[i];
        match_one(m, match);
        if (match->verdict == WSCLOSE_NEGOTIATION_INVALID)
            add_invalid(m, WSCLOSE_SERVER, match->ext->text, g_strdup(match->why));
    }
}

static void
list_declined(matcher *m)
{
    wsclose_negotiation *result = m->result;
    size_t count;

    if (result->response_presence == WSCLOSE_HEADER_UNKNOWN)
        return;
    result->declined = g_new(const char *, result->offer->n_exts);
    for (size_t i = 0; i < result->offer->n_exts; i++) {
        const wsclose_ext *offer = &result->offer->exts[i];
        const wsclose_ext **same_name = ext_index_find(&m->offers, offer->name, &count);

        if (same_name[0] == offer && !ext_index_find(&m->answers, offer->name, &count))
            result->declined[result->n_declined++] = offer->name;
    }
}

/* Where several matches differ, the greatest of these is the verdict on all. */
static int
badness(wsclose_negotiation_verdict verdict)
{
    switch (verdict) {
    case WSCLOSE_NEGOTIATION_ACCEPTED:
        return 1;
    case WSCLOSE_NEGOTIATION_UNKNOWN:
        return 2;
    case WSCLOSE_NEGOTIATION_UNSOLICITED:
        return 3;
    case WSCLOSE_NEGOTIATION_INVALID:
        return 4;
    default:
        return 0;
    }
}

static wsclose_negotiation_verdict
judge_all(const wsclose_negotiation *result)
{
    wsclose_negotiation_verdict worst = WSCLOSE_NEGOTIATION_DECLINED;

    if (result->response_presence == WSCLOSE_HEADER_UNKNOWN)
        return WSCLOSE_NEGOTIATION_UNKNOWN;
    if (!result->response->valid)
        return WSCLOSE_NEGOTIATION_INVALID;
    for (size_t i = 0; i < result->n_matches; i++) {
        if (badness(result->matches[i].verdict) > badness(worst))
            worst = result->matches[i].verdict;
    }
    return worst;
}

wsclose_negotiation *
wsclose_negotiation_match(const wsclose_header *offer, const wsclose_header *response)
{
    wsclose_negotiation *result = g_new0(wsclose_negotiation, 1);
    matcher m = { .result = result };

    result->offer_presence = offer->presence;
    result->response_presence = response->presence;
    result->offer = parse_header(offer);
    result->response = parse_header(response);
    ext_index_init(&m.offers, result->offer);
    ext_index_init(&m.answers, result->response);
    m.invalid = g_array_new(FALSE, FALSE, sizeof(wsclose_invalid_ext));

    read_deflate_offers(&m);
    add_broken_grammar(&m, WSCLOSE_CLIENT, result->offer);
    match_all(&m);
    add_broken_grammar(&m, WSCLOSE_SERVER, result->response);
    list_declined(&m);
    result->verdict = judge_all(result);

    result->n_invalid = m.invalid->len;
    result->invalid = (wsclose_invalid_ext *)(void *)g_array_free(m.invalid, FALSE);
    for (size_t i = 0; i < m.n_deflate_offers; i++)
        g_free(m.deflate_offers[i].breach);
    g_free(m.deflate_offers);
    ext_index_clear(&m.offers);
    ext_index_clear(&m.answers);
    return result;
}

void
wsclose_negotiation_require(wsclose_negotiation *negotiation, const char *const *names)
{
    g_free(negotiation->required);
    negotiation->required = g_new0(bool, negotiation->n_declined);
    negotiation->n_required = 0;
    for (size_t i = 0; i < negotiation->n_declined; i++) {
        negotiation->required[i] = g_strv_contains(names, negotiation->declined[i]);
        negotiation->n_required += negotiation->required[i];
    }
}

void
wsclose_negotiation_free(wsclose_negotiation *negotiation)
{
    if (!negotiation)
        return;
    for (size_t i = 0; i < negotiation->n_matches; i++)
        g_free(negotiation->matches[i].why);
    g_free(negotiation->matches);
    for (size_t i = 0; i < negotiation->n_invalid; i++) {
        g_free(negotiation->invalid[i].text);
        g_free(negotiation->invalid[i].why);
    }
    g_free(negotiation->invalid);
    g_free(negotiation->declined);
    g_free(negotiation->required);
    wsclose_ext_list_free(negotiation->offer);
    wsclose_ext_list_free(negotiation->response);
    g_free(negotiation);
}
