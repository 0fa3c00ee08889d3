/* explain_claim.c
 * Sentences about a Close with 1010.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "explain_private.h"
#include "words/claims.h"
#include "words/template.h"
#include "wsclose/code.h"

/* A claim, judged. */
typedef struct {
    const wsclose_close_context *close;
    wsclose_side claimant;
    const char **declined; /* missing, and offered: what the server could have accepted */
    claim_kind kind;
    bool by_name; /* no sentence has named the sides yet */
} claim;

bool
explain_is_claim(const wsclose_close_context *context)
{
    return wsclose_close_body_has(context->body, WSCLOSE_CODE_MANDATORY_EXT) &&
           context->mandatory && context->negotiation;
}

/* A 1010 that repeats the other side's makes no claim of its own (RFC 6455 section 5.5.1). */
static bool
is_echo(const wsclose_close_context *context)
{
    return explain_is_claim(context) && context->meaning->echo;
}

wsclose_side
wsclose_claims_mandatory_ext(const wsclose_close_context *context)
{
    if (!explain_is_claim(context))
        return WSCLOSE_SIDE_UNKNOWN;
    if (is_echo(context))
        return wsclose_side_peer(context->sender);
    /* The client's own is nothing out of the ordinary, so it is taken as it stands. */
    if ((context->meaning->maybe_echo || context->meaning->repeated) &&
        context->sender != WSCLOSE_CLIENT)
        return WSCLOSE_SIDE_UNKNOWN;
    return context->sender;
}

/* Free with g_free(). */
static const char **
declined_of(const wsclose_close_context *context)
{
    char **missing = context->mandatory->missing;
    const char **declined = g_new0(const char *, g_strv_length(missing) + 1);
    size_t count = 0;

    for (size_t i = 0; missing[i]; i++) {
        if (!g_strv_contains((const char *const *)context->mandatory->not_offered, missing[i]))
            declined[count++] = missing[i];
    }
    return declined;
}

static bool
is_seen(wsclose_presence presence)
{
    return presence != WSCLOSE_HEADER_UNKNOWN;
}

static bool
any_is_answered(const wsclose_close_context *context, const char *const *names)
{
    for (size_t i = 0; names[i]; i++) {
        if (wsclose_ext_list_has(context->negotiation->response, names[i]))
            return true;
    }
    return false;
}

static claim_kind
kind_of_confirmed(const wsclose_close_context *context)
{
    if (context->mandatory->wrongly_answered)
        return CLAIM_WRONGLY_ANSWERED;
    if (g_strv_length(context->mandatory->needed) > 0)
        return CLAIM_DECLINED;
    return is_echo(context) ? CLAIM_DECLINED_ECHO : CLAIM_DECLINED_UNNAMED;
}

static claim_kind
kind_of_contradicted(const wsclose_close_context *context, wsclose_side claimant)
{
    const size_t count = g_strv_length(context->mandatory->needed);
    const size_t strange = g_strv_length(context->mandatory->not_offered);

    if (count == 0)
        return context->negotiation->offer->n_exts > 0 ? CLAIM_ALL_NEGOTIATED : CLAIM_NONE_OFFERED;
    if (strange == 0)
        return CLAIM_NEGOTIATED;
    if (strange < count)
        return CLAIM_SOME_NEVER_OFFERED;
    return claimant == WSCLOSE_CLIENT ? CLAIM_NEVER_OFFERED : CLAIM_CLIENT_NEVER_OFFERED;
}

static claim_kind
kind_of_unverifiable(const wsclose_close_context *context)
{
    const wsclose_negotiation *negotiation = context->negotiation;
    const bool all_seen =
        is_seen(negotiation->offer_presence) && is_seen(negotiation->response_presence);
    const bool cut_here = context->body->reason_cut && !is_echo(context);

    if (g_strv_length(context->mandatory->needed) == 0)
        return all_seen || cut_here ? CLAIM_CUT : CLAIM_UNNAMED;
    if (all_seen)
        return CLAIM_CUT_BEHIND_A_NAME;
    return g_strv_length(context->mandatory->missing) > 0 ? CLAIM_REQUEST_UNSEEN : CLAIM_UNSEEN;
}

static claim_kind
kind_of(const wsclose_close_context *context, wsclose_side claimant)
{
    switch (context->mandatory->verdict) {
    case WSCLOSE_CLAIM_CONFIRMED:
        return kind_of_confirmed(context);
    case WSCLOSE_CLAIM_CONTRADICTED:
        return kind_of_contradicted(context, claimant);
    case WSCLOSE_CLAIM_UNVERIFIABLE:
        break;
    }
    return kind_of_unverifiable(context);
}

static claim_act
act_of(const claim *c)
{
    const wsclose_close_context *close = c->close;

    if (close->sender == WSCLOSE_SERVER && c->claimant == WSCLOSE_SIDE_UNKNOWN)
        return close->meaning->repeated ? CLAIM_REPEATS : CLAIM_MAY_ECHO;
    return is_echo(close) ? CLAIM_ECHOES : CLAIM_CLOSES;
}

static const char *
unseen_of(const wsclose_negotiation *negotiation)
{
    if (is_seen(negotiation->offer_presence))
        return claim_no_response;
    return is_seen(negotiation->response_presence) ? claim_no_request : claim_no_handshake;
}

/* By name; nobody needs one but a side that is known. */
static const char *
the_claimant(const claim *c)
{
    switch (c->claimant) {
    case WSCLOSE_CLIENT:
        return "the client";
    case WSCLOSE_SERVER:
        return "the server";
    case WSCLOSE_SIDE_UNKNOWN:
        break;
    }
    return "its sender";
}

static const char *
claimant_of(const claim *c)
{
    if (c->by_name || is_echo(c->close))
        return the_claimant(c);
    return c->claimant == WSCLOSE_SIDE_UNKNOWN && c->close->sender == WSCLOSE_SERVER ? "one side"
                                                                                     : "it";
}

static const char *
client_of(const claim *c)
{
    return c->by_name || is_echo(c->close) || c->claimant != WSCLOSE_CLIENT ? "the client" : "it";
}

static void
append_list(GString *text, char **names)
{
    explain_append_names(text, (const char *const *)names, g_strv_length(names));
}

static void
append_needed(GString *text, const void *context)
{
    append_list(text, ((const claim *)context)->close->mandatory->needed);
}

static void
append_missing(GString *text, const void *context)
{
    append_list(text, ((const claim *)context)->close->mandatory->missing);
}

static void
append_declined(GString *text, const void *context)
{
    append_list(text, (char **)((const claim *)context)->declined);
}

static void
append_not_offered(GString *text, const void *context)
{
    append_list(text, ((const claim *)context)->close->mandatory->not_offered);
}

static bool
is_wrong(const wsclose_match *match)
{
    return match->verdict == WSCLOSE_NEGOTIATION_UNSOLICITED ||
           match->verdict == WSCLOSE_NEGOTIATION_INVALID;
}

static void
append_wrongly_answered(GString *text, const void *context)
{
    const wsclose_negotiation *negotiation = ((const claim *)context)->close->negotiation;
    const char **names = g_new0(const char *, negotiation->n_matches + 1);
    size_t count = 0;

    for (size_t i = 0; i < negotiation->n_matches; i++) {
        if (is_wrong(&negotiation->matches[i]))
            names[count++] = negotiation->matches[i].ext->name;
    }
    explain_append_names(text, names, count);
    g_free(names);
}

static void
append_in_request(GString *text, const void *context)
{
    explain_append_frame(text, ((const claim *)context)->close->request_in);
}

static void
append_in_response(GString *text, const void *context)
{
    explain_append_frame(text, ((const claim *)context)->close->response_in);
}

static void
append_in_peer(GString *text, const void *context)
{
    explain_append_frame(text, ((const claim *)context)->close->meaning->peer.number);
}

static const template_slot lists[] = {
    { "needed", NULL, append_needed },
    { "missing", NULL, append_missing },
    { "declined", NULL, append_declined },
    { "not offered", NULL, append_not_offered },
    { "wrongly answered", NULL, append_wrongly_answered },
    { "in request", NULL, append_in_request },
    { "in response", NULL, append_in_response },
    { "in peer", NULL, append_in_peer },
};

static bool
is_one(char **names)
{
    return g_strv_length(names) == 1;
}

static const char *
it(char **names)
{
    return explain_it_or_them(g_strv_length(names));
}

static char *
fill(const claim *c, const char *row)
{
    const wsclose_mandatory_ext *mandatory = c->close->mandatory;
    const bool answered = any_is_answered(c->close, c->declined);
    const bool any_strange = g_strv_length(mandatory->not_offered) > 0;
    const template_slot slots[] = {
        { "sender", explain_side(c->close->sender), NULL },
        { "act", claim_acts[act_of(c)], NULL },
        { "claim", claims_words[c->kind].claim, NULL },
        { "claimant", claimant_of(c), NULL },
        { "the claimant", the_claimant(c), NULL },
        { "client", client_of(c), NULL },
        { "needed it", it(mandatory->needed), NULL },
        { "needed was", is_one(mandatory->needed) ? "it was" : "they were", NULL },
        { "missing was", is_one(mandatory->missing) ? "it was" : "they were", NULL },
        { "declined it", it((char **)c->declined), NULL },
        { "not offered it", it(mandatory->not_offered), NULL },
        { "not offered was", is_one(mandatory->not_offered) ? "was" : "were", NULL },
        { "include", claim_include[answered], NULL },
        { "cure", claim_cure[answered], NULL },
        { "unseen", unseen_of(c->close->negotiation), NULL },
        { "fix", wsclose_code_lookup(WSCLOSE_CODE_MANDATORY_EXT)->fix, NULL },
        /* Nobody can do on the server what the server itself asks for. */
        { "enable", c->claimant == WSCLOSE_SERVER ? "" : claim_enable, NULL },
        { "never", any_strange ? claim_never : "", NULL },
        /* The Close that this one repeats has said so. */
        { "check", is_echo(c->close) ? "" : claim_check, NULL },
    };
    const template_scope outer = { lists, G_N_ELEMENTS(lists), c, NULL };
    const template_scope scope = { slots, G_N_ELEMENTS(slots), c, &outer };

    return template_fill(&scope, row);
}

static claim
judge(const wsclose_close_context *context)
{
    const wsclose_side claimant = wsclose_claims_mandatory_ext(context);

    return (claim){ .close = context,
                    .claimant = claimant,
                    .declined = declined_of(context),
                    .kind = kind_of(context, claimant) };
}

void
explain_append_claim_advice(GString *text, const wsclose_close_context *context)
{
    claim c = judge(context);
    char *advice =
        fill(&c, c.claimant == WSCLOSE_SERVER ? claim_of_server_fix : claims_words[c.kind].fix);

    g_string_append(text, advice);
    g_free(advice);
    g_free(c.declined);
}

char *
wsclose_explain_mandatory_ext(const wsclose_close_context *context)
{
    if (!explain_is_claim(context))
        return NULL;

    claim c = judge(context);
    char *text = fill(&c, claim_line);
    g_free(c.declined);
    return text;
}

char *
wsclose_explain_mandatory_ext_contradicted(const wsclose_close_context *context)
{
    if (!explain_is_claim(context) || context->mandatory->verdict != WSCLOSE_CLAIM_CONTRADICTED)
        return NULL;

    claim c = judge(context);
    c.by_name = true;
    char *text = fill(&c, claim_contradicted);
    g_free(c.declined);
    return text;
}

char *
wsclose_explain_mandatory_ext_from_server(const wsclose_close_context *context)
{
    return wsclose_claims_mandatory_ext(context) == WSCLOSE_SERVER ? g_strdup(claim_of_server)
                                                                   : NULL;
}
