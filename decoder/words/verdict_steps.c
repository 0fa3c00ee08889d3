/* verdict_steps.c
 * The slots of the rows on a verdict that tell what happened, step by step, why each side reports
 * what it does, and what the capture lacks.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "../moment.h"
#include "verdict_slots.h"
#include "wsclose/code.h"

/* Steps. */

/* A Close frame, or the end of one side of the transport. */
typedef struct step {
    verdict_role who;
    uint32_t number;
    bool is_close;
    const struct step *origin; /* the step that began the end; NULL where that is none */
} step;

enum { STEPS_MAX = 4 };

static void
add_step(step *steps, size_t *count, const verdict_words *words, wsclose_side side, bool is_close)
{
    const wsclose_connection *connection = connection_in(words);
    const uint32_t number =
        is_close ? connection->closes[side].moment.number : connection->ends[side].number;
    size_t at = *count;

    if (number == 0)
        return;
    for (; at > 0 && steps[at - 1].number > number; at--)
        steps[at] = steps[at - 1];
    steps[at] = (step){ { words, side }, number, is_close, NULL };
    ++*count;
}

/* The time of a step, as far as it is kept: that of an end is where it settles the connection. */
static bool
has_time(const step *s, int64_t *time)
{
    const wsclose_connection *connection = connection_in(s->who.words);

    *time = s->is_close ? connection->closes[s->who.side].moment.time : connection->settled.time;
    return s->is_close || s->number == connection->settled.number;
}

/* Whether the first step began the end. A reset that took the place of the same side's FIN did
 * not. */
static bool
is_origin(const step *first)
{
    const wsclose_connection *connection = connection_in(first->who.words);
    int64_t time;

    return connection->has_ending && (!has_time(first, &time) || time == connection->ending);
}

/* In the order of the capture; of one packet the Close before the end. */
static size_t
collect_steps(const verdict_words *words, step steps[STEPS_MAX])
{
    const ending *e = words->ending;
    size_t count = 0;

    add_step(steps, &count, words, e->first, true);
    add_step(steps, &count, words, e->second, true);
    add_step(steps, &count, words, e->first, false);
    add_step(steps, &count, words, e->second, false);
    for (size_t i = 0; i < count; i++)
        steps[i].origin = is_origin(&steps[0]) ? &steps[0] : NULL;
    return count;
}

/* Nanoseconds from the beginning of the end; 0 where that is not known. */
static int64_t
time_of(const step *s)
{
    int64_t time;

    return has_time(s, &time) ? time_between(connection_in(s->who.words)->ending, time) : 0;
}

static phrase_id
time_phrase(const step *s)
{
    const wsclose_verdict *verdict = verdict_in(s->who.words);

    if (!s->origin)
        return PHRASE_NOTHING;
    if (s->origin == s)
        return verdict->idle >= 0 && !ending_is_of_handshake(verdict) ? PHRASE_AFTER_LAST
                                                                      : PHRASE_NOTHING;
    if (time_of(s) == 0)
        return PHRASE_NOTHING;
    return s->origin->is_close ? PHRASE_AFTER_CLOSE : PHRASE_AFTER_END;
}

static void append_step_phrase(GString *text, const step *s, phrase_id phrase);

static void
append_step_time(GString *text, const void *context)
{
    append_step_phrase(text, context, time_phrase(context));
}

static void
append_step_later(GString *text, const void *context)
{
    verdict_words_append_time(text, time_of(context));
}

static void
append_step_frame(GString *text, const void *context)
{
    template_append_number(text, ((const step *)context)->number);
}

static void
append_origin(GString *text, const void *context)
{
    append_step_frame(text, ((const step *)context)->origin);
}

static const template_slot step_slots[] = {
    { "step frame", NULL, append_step_frame },
    { "step time", NULL, append_step_time },
    { "step later", NULL, append_step_later },
    { "origin", NULL, append_origin },
};

static phrase_id
phrase_of(const step *s)
{
    const ending *e = s->who.words->ending;

    if (!s->is_close)
        return PHRASE_STEP_END;
    return s->who.side == e->second && !e->connection->crossed && ending_is_answered(e) &&
                   e->verdict->initiator != WSCLOSE_SIDE_UNKNOWN
               ? PHRASE_STEP_ANSWER
               : PHRASE_STEP_CLOSE;
}

static void
append_step_phrase(GString *text, const step *s, phrase_id phrase)
{
    const template_scope who = verdict_words_scope_of(&s->who);
    const template_scope scope = { step_slots, G_N_ELEMENTS(step_slots), s, &who };

    template_append(text, &scope, phrases[phrase]);
}

static void
append_steps(GString *text, const void *words)
{
    step steps[STEPS_MAX];
    const size_t count = collect_steps(words, steps);

    for (size_t i = 0; i < count; i++)
        append_step_phrase(text, &steps[i], phrase_of(&steps[i]));
}

/* Why. */

static phrase_id
why_unknown(const ending *e, wsclose_side who)
{
    const wsclose_connection *connection = e->connection;
    const wsclose_side peer = wsclose_side_peer(who);

    if (ending_has_closed(e, peer) && connection->closes[peer].kind == WSCLOSE_BODY_CUT)
        return PHRASE_WHY_UNKNOWN_CUT;
    if (connection->unreadable[peer])
        return PHRASE_WHY_UNKNOWN_UNREADABLE;
    if (connection->missing[peer])
        return PHRASE_WHY_UNKNOWN_MISSING;
    if (connection->missing[who] && !ending_has_closed(e, who))
        return PHRASE_WHY_UNKNOWN_OWN;
    if (ending_has_closed(e, peer) && connection->sides[peer].reason_cut)
        return PHRASE_WHY_UNKNOWN_REASON;
    return e->cause.unread ? PHRASE_WHY_UNKNOWN_UNREAD : PHRASE_WHY_UNKNOWN;
}

/* RFC 6455 sections 7.1.5 to 7.1.7, in plain words. */
static phrase_id
why(const ending *e, wsclose_side who)
{
    const wsclose_reported reported = e->verdict->reported[who];

    if (!reported.known)
        return why_unknown(e, who);
    switch (e->verdict->because[who]) {
    case WSCLOSE_BECAUSE_RECEIVED:
        return reported.code == WSCLOSE_CODE_NO_STATUS_RCVD ? PHRASE_WHY_EMPTY
                                                            : PHRASE_WHY_RECEIVED;
    case WSCLOSE_BECAUSE_NONE:
        return PHRASE_WHY_NONE;
    case WSCLOSE_BECAUSE_ILLEGAL:
    case WSCLOSE_BECAUSE_BREACH:
        return PHRASE_WHY_BREACH;
    case WSCLOSE_BECAUSE_OWN:
        return PHRASE_WHY_OWN;
    case WSCLOSE_BECAUSE_HANDSHAKE:
        return PHRASE_WHY_HANDSHAKE;
    case WSCLOSE_BECAUSE_UNKNOWN:
        break;
    }
    return PHRASE_NOTHING;
}

static bool
reports(const wsclose_verdict *verdict, wsclose_side side, uint16_t code)
{
    return verdict->reported[side].known && verdict->reported[side].code == code;
}

/* The phrase on both sides, where it is the same that is to be said; else nothing. */
static phrase_id
why_of_both(const ending *e)
{
    const wsclose_verdict *verdict = e->verdict;
    const phrase_id client = why(e, WSCLOSE_CLIENT);
    const bool same_code =
        verdict->reported[WSCLOSE_CLIENT].code == verdict->reported[WSCLOSE_SERVER].code;

    if (client != why(e, WSCLOSE_SERVER))
        return PHRASE_NOTHING;
    if (client == PHRASE_WHY_UNKNOWN)
        return PHRASE_WHY_BOTH_UNKNOWN;
    if (!same_code)
        return PHRASE_NOTHING;
    if (client == PHRASE_WHY_RECEIVED)
        return PHRASE_WHY_BOTH_RECEIVED;
    if (client == PHRASE_WHY_EMPTY)
        return PHRASE_WHY_BOTH_EMPTY;
    if (client != PHRASE_WHY_NONE)
        return PHRASE_NOTHING;
    return verdict->ending == WSCLOSE_ENDING_NO_CLOSE ? PHRASE_WHY_BOTH_SENT_NONE
                                                      : PHRASE_WHY_BOTH_RECEIVED_NONE;
}

static void
append_why(GString *text, const void *words)
{
    const wsclose_verdict *verdict = verdict_in(words);
    const phrase_id both = why_of_both(ending_in(words));

    verdict_words_append_phrase(text, words, both);
    for (wsclose_side who = WSCLOSE_CLIENT; both == PHRASE_NOTHING && who <= WSCLOSE_SERVER; who++)
        verdict_words_append_of(text, words, who, why(ending_in(words), who));
    if (reports(verdict, WSCLOSE_CLIENT, WSCLOSE_CODE_NO_STATUS_RCVD) ||
        reports(verdict, WSCLOSE_SERVER, WSCLOSE_CODE_NO_STATUS_RCVD))
        verdict_words_append_phrase(text, words, PHRASE_WHY_1005);
}

static void
append_opening_why(GString *text, const void *words)
{
    const ending *e = ending_in(words);

    verdict_words_append_of(text, words, WSCLOSE_CLIENT,
                            e->verdict->reported[WSCLOSE_CLIENT].known
                                ? PHRASE_NEVER_OPENED
                                : why_unknown(e, WSCLOSE_CLIENT));
}

/* RFC 6455 section 7.1.7. */
static void
append_failure(GString *text, const void *words)
{
    const uint16_t code = connection_in(words)->closes[ending_in(words)->first].code;
    const bool failed = code == WSCLOSE_CODE_PROTOCOL_ERROR ||
                        code == WSCLOSE_CODE_INVALID_PAYLOAD ||
                        code == WSCLOSE_CODE_MESSAGE_TOO_BIG;

    verdict_words_append_phrase(text, words, failed ? PHRASE_OWN_FAILURE : PHRASE_NOTHING);
}

/* Gaps. */

/* Wireshark could not decrypt a side: in TLS 1.3 each one has a secret, and a line in the key
 * log. */
static phrase_id
unreadable_of(const wsclose_connection *connection)
{
    if (connection->unreadable[WSCLOSE_CLIENT] && connection->unreadable[WSCLOSE_SERVER])
        return PHRASE_UNREADABLE_BOTH;
    return connection->has_tls13 ? PHRASE_UNREADABLE_ONE_TLS13 : PHRASE_UNREADABLE_ONE;
}

static phrase_id
gaps_of(const bool missing[WSCLOSE_SIDES])
{
    if (missing[WSCLOSE_CLIENT] && missing[WSCLOSE_SERVER])
        return PHRASE_GAPS_BOTH;
    return missing[WSCLOSE_CLIENT] || missing[WSCLOSE_SERVER] ? PHRASE_GAPS_ONE : PHRASE_GAPS;
}

static void
append_gaps(GString *text, const void *words)
{
    const wsclose_connection *connection = connection_in(words);
    const bool unreadable =
        connection->unreadable[WSCLOSE_CLIENT] || connection->unreadable[WSCLOSE_SERVER];
    const bool *lacking = unreadable ? connection->unreadable : connection->missing;

    if (!verdict_in(words)->incomplete || ending_in(words)->cause.unread)
        return;
    verdict_words_append_of(text, words, lacking[WSCLOSE_CLIENT] ? WSCLOSE_CLIENT : WSCLOSE_SERVER,
                            unreadable ? unreadable_of(connection) : gaps_of(lacking));
}

/* Of TLS that nobody decrypts. */
static void
append_loss(GString *text, const void *words)
{
    const bool *missing = connection_in(words)->missing;

    if (missing[WSCLOSE_CLIENT] || missing[WSCLOSE_SERVER])
        verdict_words_append_of(text, words,
                                missing[WSCLOSE_CLIENT] ? WSCLOSE_CLIENT : WSCLOSE_SERVER,
                                gaps_of(missing));
}

/* What the side that ended first had said to TLS. */
static void
append_notified(GString *text, const void *words)
{
    const wsclose_side ender = ending_in(words)->ender;

    if (connection_in(words)->sides[ender].notified)
        verdict_words_append_of(text, words, ender, PHRASE_NOTIFIED);
}

static const template_slot slots[] = {
    { "steps", NULL, append_steps },
    { "loss", NULL, append_loss },
    { "notified", NULL, append_notified },
    { "why", NULL, append_why },
    { "opening why", NULL, append_opening_why },
    { "failure", NULL, append_failure },
    { "gaps", NULL, append_gaps },
};

const verdict_slots verdict_step_slots = VERDICT_SLOTS(slots);
