/* explain_close.c
 * Sentences about a Close frame.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "explain_private.h"
#include "words/breaches.h"
#include "words/closes.h"
#include "words/quote.h"
#include "words/template.h"
#include "wsclose/code.h"

static bool
is_reported(const wsclose_close_context *context, uint16_t code)
{
    const wsclose_reported *reported = &context->meaning->reported;

    return reported->known && reported->code == code;
}

static bool
is_empty_echo(const wsclose_close_context *context)
{
    return context->body->kind == WSCLOSE_BODY_EMPTY && context->meaning->echo;
}

static close_act
act_of(const wsclose_close_meaning *meaning)
{
    if (meaning->repeated)
        return CLOSE_REPEATS;
    if (meaning->answer && !meaning->crossed)
        return CLOSE_ANSWERS;
    return meaning->maybe_answer ? CLOSE_MAY_ANSWER : CLOSE_BEGINS;
}

static close_kind
kind_of(const wsclose_close_context *context)
{
    /* An earlier Close may have settled what the receiver is told. */
    if (context->breaches != 0)
        return is_reported(context, WSCLOSE_CODE_ABNORMAL_CLOSURE) ? CLOSE_FAILS : CLOSE_IN_BREACH;
    if (context->body->kind == WSCLOSE_BODY_CUT)
        return CLOSE_CUT;
    if (explain_is_claim(context))
        return CLOSE_CLAIM;
    return is_empty_echo(context) ? CLOSE_EMPTY_ECHO : CLOSE_SOUND;
}

static void append_row(GString *text, const wsclose_close_context *context, const char *row);

static void
append_notes(GString *text, const void *context)
{
    const wsclose_close_context *close = context;
    const bool applies[CLOSE_NOTE_COUNT] = {
        [CLOSE_NOTE_REPEATED] = close->meaning->repeated,
        [CLOSE_NOTE_BREACH] = close->breaches != 0,
        [CLOSE_NOTE_CROSSED] = close->meaning->crossed,
        [CLOSE_NOTE_UNHEARD] = close->meaning->unheard,
    };

    for (size_t note = 0; note < CLOSE_NOTE_COUNT; note++) {
        if (applies[note])
            append_row(text, close, close_notes[note]);
    }
}

static void
append_code(GString *text, const void *context)
{
    template_append_number(text, ((const wsclose_close_context *)context)->body->code);
}

static void
append_length(GString *text, const void *context)
{
    template_append_number(text, ((const wsclose_close_context *)context)->frame->payload_len);
}

static void
append_peer(GString *text, const void *context)
{
    template_append_number(text, ((const wsclose_close_context *)context)->meaning->peer.number);
}

static void
append_in_peer(GString *text, const void *context)
{
    explain_append_frame(text, ((const wsclose_close_context *)context)->meaning->peer.number);
}

static void
append_breaches(GString *text, const void *context)
{
    const wsclose_close_context *close = context;
    const char *between = "";

    for (unsigned bit = 0; bit < WSCLOSE_BREACH_COUNT; bit++) {
        if (!HAS_BIT(close->breaches, bit))
            continue;
        g_string_append(text, between);
        explain_append_breach(text, close, bit);
        between = " ";
    }
}

static void
append_causes(GString *text, const void *context)
{
    breaches_append_close_causes(text, ((const wsclose_close_context *)context)->breaches);
}

static void
append_advice(GString *text, const void *context)
{
    explain_append_claim_advice(text, context);
}

static void
append_quote(GString *text, const void *context)
{
    enum { QUOTE_MAX = 40 };

    quote_append_reason(text, ((const wsclose_close_context *)context)->body, QUOTE_MAX);
}

/* The first extension that a 1010 asks for, and did not get; NULL where there is none. */
static const char *
wanted_by(const wsclose_close_context *context)
{
    return context->mandatory ? context->mandatory->missing[0] : NULL;
}

static void
append_wanted(GString *text, const void *context)
{
    explain_append_name(text, wanted_by(context));
}

static void
append_row(GString *text, const wsclose_close_context *context, const char *row)
{
    const wsclose_side sender = context->sender;
    const wsclose_code_info *info = wsclose_code_lookup(context->body->code);
    const template_slot slots[] = {
        { "sender", explain_side(sender), NULL },
        { "receiver", explain_receiver(sender), NULL },
        { "the sender", sender == WSCLOSE_SIDE_UNKNOWN ? "the sender" : "the {sender}", NULL },
        { "code", NULL, append_code },
        { "name", info->name, NULL },
        { "meaning", info->meaning, NULL },
        { "seen when", info->seen_when, NULL },
        { "fix", info->fix, NULL },
        { "length", NULL, append_length },
        { "peer", NULL, append_peer },
        { "in peer", NULL, append_in_peer },
        { "act", close_acts[act_of(context->meaning)], NULL },
        { "body", close_bodies[context->body->kind], NULL },
        { "notes", NULL, append_notes },
        { "breaches", NULL, append_breaches },
        { "causes", NULL, append_causes },
        { "advice", NULL, append_advice },
        { "quote", NULL, append_quote },
        { "wanted", NULL, append_wanted },
    };
    const template_scope scope = { slots, G_N_ELEMENTS(slots), context, NULL };

    template_append(text, &scope, row);
}

static char *
fill(const wsclose_close_context *context, const char *row)
{
    GString *text = g_string_new(NULL);

    append_row(text, context, row);
    return g_string_free(text, FALSE);
}

char *
wsclose_explain_close(const wsclose_close_context *context)
{
    return fill(context, close_line);
}

char *
wsclose_explain_close_info(const wsclose_close_context *context)
{
    if (wanted_by(context))
        return fill(context, close_info_wants);
    if (context->body->kind == WSCLOSE_BODY_CODE && context->body->reason.len > 0)
        return fill(context, close_info_reason);
    return fill(context, close_infos[context->body->kind]);
}

char *
wsclose_explain_close_description(const wsclose_close_context *context)
{
    return fill(context, closes_words[kind_of(context)].description);
}

char *
wsclose_explain_close_seen_when(const wsclose_close_context *context)
{
    return fill(context, closes_words[kind_of(context)].seen_when);
}

char *
wsclose_explain_close_fix(const wsclose_close_context *context)
{
    return fill(context, closes_words[kind_of(context)].fix);
}

char *
wsclose_explain_no_status(const wsclose_close_context *context)
{
    if (context->body->kind != WSCLOSE_BODY_EMPTY)
        return NULL;
    return fill(context,
                close_no_status[is_reported(context, context->body->code)][context->meaning->echo]);
}

static void
append_connections(GString *text, const void *context)
{
    const unsigned count = *(const unsigned *)context;

    g_string_append_printf(text, count == 1 ? "%u connection" : "%u connections", count);
}

char *
wsclose_explain_no_status_repeated(const char *address, unsigned connections)
{
    const template_slot slots[] = {
        { "address", address, NULL },
        { "connections", NULL, append_connections },
    };
    const template_scope scope = { slots, G_N_ELEMENTS(slots), &connections, NULL };

    return template_fill(&scope, close_no_status_repeated);
}
