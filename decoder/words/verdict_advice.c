/* verdict_advice.c
 * The slots of the rows on a verdict that are about its causes and what to change.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "../explain_private.h"
#include "timeouts.h"
#include "verdict_slots.h"
#include "wsclose/code.h"

/* Extensions that were declined. */

static void
append_declined(GString *text, const void *words)
{
    const wsclose_negotiation *negotiation = ending_in(words)->negotiation;

    wsclose_append_names(text, negotiation->declined, negotiation->n_declined);
}

/* For a line: one by name, and how many more. */
static void
append_one_declined(GString *text, const void *words)
{
    const wsclose_negotiation *negotiation = ending_in(words)->negotiation;

    if (negotiation->n_declined == 0)
        return;
    wsclose_append_name(text, negotiation->declined[0]);
    if (negotiation->n_declined > 1)
        g_string_append_printf(text, " and %" G_GSIZE_FORMAT " more", negotiation->n_declined - 1);
}

static void
append_it_or_them(GString *text, const void *words)
{
    g_string_append(text, wsclose_it_or_them(ending_in(words)->negotiation->n_declined));
}

/* Causes. */

static phrase_id
other_code_of(const ending *e)
{
    const uint16_t code = e->connection->closes[e->second].code;

    if (ending_has_code(e, e->second) && code == WSCLOSE_CODE_NORMAL_CLOSURE)
        return PHRASE_OTHER_NORMAL;
    return ending_is_answered(e) ? PHRASE_OTHER_ANSWER : PHRASE_OTHER_OWN;
}

static void
append_other_code(GString *text, const void *words)
{
    verdict_words_append_phrase(text, words, other_code_of(ending_in(words)));
}

static const idle_timeout *
timeout_in(const void *words)
{
    return idle_timeout_near(verdict_in(words)->idle);
}

static void
append_whose_timeout(GString *text, const void *words)
{
    const idle_timeout *near = timeout_in(words);

    verdict_words_append_phrase(text, words,
                                !near         ? PHRASE_NO_TIMEOUT
                                : near->whose ? PHRASE_TIMEOUT_KNOWN
                                              : PHRASE_TIMEOUT);
}

static void
append_timeout(GString *text, const void *words)
{
    g_string_append_printf(text, "%u", timeout_in(words)->seconds);
}

static void
append_timeout_of(GString *text, const void *words)
{
    g_string_append(text, timeout_in(words)->whose);
}

/* Fixes. */

/* Both messages of the opening handshake are in the capture. */
static bool
is_seen(const wsclose_negotiation *negotiation)
{
    return negotiation->offer_presence != WSCLOSE_HEADER_UNKNOWN &&
           negotiation->response_presence != WSCLOSE_HEADER_UNKNOWN;
}

/* What to do about the code with which it began; of 1010, by what the opening handshake shows. */
static phrase_id
code_fix_of(const ending *e)
{
    if (!ending_has_code(e, e->first) ||
        e->connection->closes[e->first].code != WSCLOSE_CODE_MANDATORY_EXT)
        return PHRASE_FIX_CODE;
    if (e->first == WSCLOSE_SERVER)
        return PHRASE_FIX_SERVER_1010;
    if (e->negotiation->n_declined > 0)
        return PHRASE_FIX_EXTENSION;
    return is_seen(e->negotiation) && e->connection->faults == 0 ? PHRASE_FIX_CLIENT_1010
                                                                 : PHRASE_FIX_CODE;
}

static void
append_code_fix(GString *text, const void *words)
{
    verdict_words_append_phrase(text, words, code_fix_of(ending_in(words)));
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
    {"declined", NULL, append_declined},
    {"one declined", NULL, append_one_declined},
    {"it or them", NULL, append_it_or_them},
    {"other code", NULL, append_other_code},
    {"whose timeout", NULL, append_whose_timeout},
    {"timeout", NULL, append_timeout},
    {"timeout of", NULL, append_timeout_of},
    {"code fix", NULL, append_code_fix},
    {"on the code", NULL, append_on_the_code},
    {"what codes stand for", NULL, append_what_codes_stand_for},
    {"gave up", NULL, append_gave_up},
};

const verdict_slots verdict_advice_slots = VERDICT_SLOTS(slots);
