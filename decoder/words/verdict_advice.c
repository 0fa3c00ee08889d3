/* verdict_advice.c
 * The slots of the rows on a verdict that are about its causes and what to change.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "../explain_private.h"
#include "claims.h"
#include "closes.h"
#include "verdict_slots.h"
#include "wsclose/code.h"

/* Extensions that the client does not have: those that its claim names, of which others may not be
 * at fault, or else all that were declined. */
static GPtrArray *
declined_of(const ending *e)
{
    GPtrArray *names = g_ptr_array_new();

    if (ending_first_wanted(e)) {
        for (char **name = e->mandatory->missing; *name; name++) {
            if (ending_wants(e, *name))
                g_ptr_array_add(names, *name);
        }
        return names;
    }
    if (e->mandatory && e->mandatory->verdict == WSCLOSE_CLAIM_CONTRADICTED) {
        for (char **name = e->mandatory->not_offered; *name; name++)
            g_ptr_array_add(names, *name);
        return names;
    }
    for (size_t i = 0; i < e->negotiation->n_declined; i++)
        g_ptr_array_add(names, (char *)e->negotiation->declined[i]);
    return names;
}

static void
append_declined(GString *text, const void *words)
{
    GPtrArray *names = declined_of(ending_in(words));

    /* What was taken from one leg of a proxy is known by the other one. */
    if (names->len == 0)
        g_string_append(text, "an extension");
    explain_append_names(text, (const char *const *)names->pdata, names->len);
    g_ptr_array_free(names, TRUE);
}

/* For a line: one by name, and how many more. No name is known where the client neither offers nor
 * names any. */
static void
append_one_declined(GString *text, const void *words)
{
    GPtrArray *names = declined_of(ending_in(words));

    if (names->len > 0)
        explain_append_name(text, g_ptr_array_index(names, 0));
    else
        g_string_append(text, "extension");
    if (names->len > 1)
        g_string_append_printf(text, " and %u more", names->len - 1);
    g_ptr_array_free(names, TRUE);
}

static void
append_declined_it(GString *text, const void *words)
{
    GPtrArray *names = declined_of(ending_in(words));

    g_string_append(text, explain_it_or_them(MAX(names->len, 1)));
    g_ptr_array_free(names, TRUE);
}

/* Causes. */

static phrase_id
other_code_of(const ending *e)
{
    const uint16_t code = e->connection->closes[e->second].code;

    return ending_has_code(e, e->second) && code == WSCLOSE_CODE_NORMAL_CLOSURE
               ? PHRASE_OTHER_NORMAL
               : PHRASE_OTHER_ANSWER;
}

static void
append_other_code(GString *text, const void *words)
{
    verdict_words_append_phrase(text, words, other_code_of(ending_in(words)));
}

/* Fixes. */

/* Of a Close whose code the capture has cut off, the same as is said there. */
static void
append_cut_causes(GString *text, const void *words)
{
    verdict_words_append(text, words, closes_words[CLOSE_CUT].seen_when);
}

static void
append_cut_fix(GString *text, const void *words)
{
    verdict_words_append(text, words, closes_words[CLOSE_CUT].fix);
}

/* What to do about a declined extension, in the words on a 1010. */
static void
append_extension_fix(GString *text, const void *words)
{
    verdict_words_append(text, words, claim_fix_declined);
}

static bool
is_claim(const ending *e)
{
    return e->mandatory && e->bodies[e->first] && ending_claimant(e) == e->first;
}

/* The same as at the Close frame with the claim. */
static void
append_claim_advice(GString *text, const ending *e)
{
    static const wsclose_close_meaning meaning;
    const wsclose_close_context claim = {
        .sender = e->first,
        .body = e->bodies[e->first],
        .meaning = &meaning,
        .negotiation = e->negotiation,
        .mandatory = e->mandatory,
        .request_in = e->connection->request.number,
        .response_in = e->connection->response.number,
    };

    explain_append_claim_advice(text, &claim);
}

/* What to do about the code with which it began. */
static void
append_code_fix(GString *text, const void *words)
{
    if (is_claim(ending_in(words)))
        append_claim_advice(text, ending_in(words));
    else
        verdict_words_append_phrase(text, words, PHRASE_FIX_CODE);
}

/* The cause of the Close, where it is more than an end as intended. */
static void
append_on_the_code(GString *text, const void *words)
{
    const ending *e = ending_in(words);
    const bool meant = !ending_has_code(e, e->first) ||
                       e->connection->closes[e->first].code == WSCLOSE_CODE_NORMAL_CLOSURE;

    verdict_words_append_phrase(text, words, meant ? PHRASE_NOTHING : PHRASE_FIX_ON_CODE);
}

static void
append_what_codes_stand_for(GString *text, const void *words)
{
    for (wsclose_side who = WSCLOSE_CLIENT; who <= WSCLOSE_SERVER; who++) {
        if (ending_has_code(ending_in(words), who))
            verdict_words_append_of(text, words, who, PHRASE_CODE_STANDS_FOR);
    }
}

static void
append_gave_up(GString *text, const void *words)
{
    for (wsclose_side who = WSCLOSE_CLIENT; who <= WSCLOSE_SERVER; who++) {
        if (ending_is_blaming(connection_in(words), who))
            verdict_words_append_of(text, words, who, PHRASE_GAVE_UP);
    }
}

static const template_slot slots[] = {
    { "declined", NULL, append_declined },
    { "one declined", NULL, append_one_declined },
    { "declined it", NULL, append_declined_it },
    { "other code", NULL, append_other_code },
    { "cure", "enable", NULL },
    { "cut causes", NULL, append_cut_causes },
    { "cut fix", NULL, append_cut_fix },
    { "extension fix", NULL, append_extension_fix },
    { "code fix", NULL, append_code_fix },
    { "on the code", NULL, append_on_the_code },
    { "what codes stand for", NULL, append_what_codes_stand_for },
    { "gave up", NULL, append_gave_up },
};

const verdict_slots verdict_advice_slots = VERDICT_SLOTS(slots);
