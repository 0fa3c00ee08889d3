/* verdict_breaches.c
 * The slots of the rows on a verdict that are about breaches of the protocol.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "breaches.h"
#include "verdict_slots.h"

static const wsclose_close_mark *
illegal_close_in(const void *words)
{
    return &connection_in(words)->closes[ending_in(words)->culprit];
}

/* Those that the other side did not tolerate, if there are any. */
static unsigned
breaches_in(const void *words)
{
    const wsclose_connection *connection = connection_in(words);
    const wsclose_side culprit = ending_in(words)->culprit;
    const unsigned all = connection->breaches[culprit];
    const unsigned minded = all & ~(unsigned)connection->tolerated[culprit];

    return minded != 0 ? minded : all;
}

/* The slot in the rows of breaches. */
static void
append_code(GString *text, const void *words)
{
    template_append_number(text, illegal_close_in(words)->code);
}

/* Of what is no frame, the octets themselves. */
static void
append_some_breaches(GString *text, const void *words, bool all)
{
    if (ending_in(words)->cause.id == WSCLOSE_CAUSE_NOT_WEBSOCKET)
        verdict_words_append_phrase(text, words, PHRASE_OCTETS);
    else
        verdict_append_set(text, words, breaches_in(words), breaches_brief, all);
}

static void
append_breach(GString *text, const void *words)
{
    if (ending_in(words)->cause.id != WSCLOSE_CAUSE_OUT_OF_STEP)
        append_some_breaches(text, words, false);
}

static void
append_breaches(GString *text, const void *words)
{
    append_some_breaches(text, words, true);
}

static void
append_illegal(GString *text, const void *words)
{
    verdict_append_set(text, words, illegal_close_in(words)->breaches, breaches_brief, false);
}

static void
append_illegals(GString *text, const void *words)
{
    verdict_append_set(text, words, illegal_close_in(words)->breaches, breaches_brief, true);
}

static void
append_what_broke(GString *text, const void *words)
{
    switch (ending_in(words)->cause.id) {
    case WSCLOSE_CAUSE_NOT_WEBSOCKET:
        verdict_words_append(text, words, "{no websocket}");
        break;
    case WSCLOSE_CAUSE_OUT_OF_STEP:
        verdict_words_append(text, words, "{several breaches}");
        break;
    default:
        verdict_words_append(text, words, "{a breach}");
        break;
    }
}

static void
append_breach_causes(GString *text, const void *words)
{
    g_string_append(text, breaches_words[BIT_FIRST(breaches_in(words))].causes);
}

static void
append_illegal_causes(GString *text, const void *words)
{
    breaches_append_close_causes(text, illegal_close_in(words)->breaches);
}

/* What became of the connection after a breach. */
static phrase_id
reaction_of(const ending *e)
{
    const bool closed = e->verdict->ending != WSCLOSE_ENDING_NO_CLOSE;

    if (e->first == e->culprit)
        return closed ? PHRASE_REACTION_OWN_CLOSE : PHRASE_REACTION_OWN_END;
    return closed ? PHRASE_REACTION_CLOSE : PHRASE_REACTION_END;
}

static void
append_reaction(GString *text, const void *words)
{
    verdict_words_append_phrase(text, words, reaction_of(ending_in(words)));
}

static phrase_id
illegal_close_of(const ending *e)
{
    if (e->culprit != e->first)
        return PHRASE_ILLEGAL_SECOND;
    if (!ending_has_closed(e, e->second))
        return PHRASE_ILLEGAL_UNANSWERED;
    return e->connection->crossed ? PHRASE_ILLEGAL_CROSSED : PHRASE_ILLEGAL_ANSWERED;
}

static void
append_illegal_close(GString *text, const void *words)
{
    verdict_words_append_phrase(text, words, illegal_close_of(ending_in(words)));
}

static void
append_check_extensions(GString *text, const void *words)
{
    verdict_words_append_phrase(text, words,
                                breaches_in(words) & WSCLOSE_BREACH_RSV ? PHRASE_CHECK_EXTENSIONS
                                                                        : PHRASE_NOTHING);
}

static void
append_tolerated(GString *text, const void *words)
{
    for (wsclose_side who = WSCLOSE_CLIENT; who <= WSCLOSE_SERVER; who++) {
        if (connection_in(words)->tolerated[who] != 0)
            verdict_words_append_of(text, words, who, PHRASE_TOLERATED);
    }
}

static const template_slot slots[] = {
    { "tolerated", NULL, append_tolerated },
    { "code", NULL, append_code },
    { "what broke", NULL, append_what_broke },
    { "breach", NULL, append_breach },
    { "breaches", NULL, append_breaches },
    { "breach causes", NULL, append_breach_causes },
    { "reaction", NULL, append_reaction },
    { "check extensions", NULL, append_check_extensions },
    { "illegal", NULL, append_illegal },
    { "illegals", NULL, append_illegals },
    { "illegal causes", NULL, append_illegal_causes },
    { "illegal close", NULL, append_illegal_close },
};

const verdict_slots verdict_breach_slots = VERDICT_SLOTS(slots);
