/* verdict_scope.c
 * The slots of the rows on a verdict: those of all files that fill some, and what is left: times,
 * what each side's API reports, two Closes.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "../connection_private.h"
#include "../moment.h"
#include "carrier.h"
#include "verdict_roles.h"
#include "verdict_slots.h"

/* Times. */

static void
append_idle(GString *text, const void *words)
{
    verdict_words_append_time(text, verdict_in(words)->idle);
}

static void
append_after_request(GString *text, const void *words)
{
    const wsclose_connection *connection = connection_in(words);

    verdict_words_append_time(text, time_between(connection->request.time, connection->ending));
}

static void
append_after_response(GString *text, const void *words)
{
    const wsclose_connection *connection = connection_in(words);

    verdict_words_append_time(text, time_between(connection->response.time, connection->ending));
}

static void
append_after_the_last(GString *text, const void *words)
{
    verdict_words_append_phrase(
        text, words, verdict_in(words)->idle >= 0 ? PHRASE_END_AFTER_LAST : PHRASE_NOTHING);
}

static void
append_last(GString *text, const void *words)
{
    const wsclose_connection *connection = connection_in(words);

    verdict_words_append_phrase(text, words,
                                !connection_last_frame(connection) ? PHRASE_LAST_RESPONSE
                                : connection->outside              ? PHRASE_LAST_RECORD
                                                                   : PHRASE_LAST_FRAME);
}

/* How old it was in the end, of a connection that is seen from outside. */
static void
append_age(GString *text, const void *words)
{
    const wsclose_connection *connection = connection_in(words);

    verdict_words_append_time(text, time_between(connection->start, connection->ending));
}

static void
append_aged(GString *text, const void *words)
{
    verdict_words_append_phrase(text, words,
                                connection_in(words)->whole ? PHRASE_AGED : PHRASE_NOTHING);
}

/* What each side's API reports. */

static phrase_id
reports_of(const ending *e)
{
    const wsclose_verdict *verdict = e->verdict;
    const wsclose_reported *client = &verdict->reported[WSCLOSE_CLIENT];
    const wsclose_reported *server = &verdict->reported[WSCLOSE_SERVER];

    if (ending_is_of_handshake(verdict))
        return client->known ? PHRASE_BROWSER_REPORTS : PHRASE_BROWSER_UNKNOWN;
    if (client->known && server->known)
        return client->code == server->code ? PHRASE_BOTH_REPORT : PHRASE_EACH_REPORTS;
    if (client->known)
        return e->cause.unread ? PHRASE_CLIENT_REPORTS_UNREAD : PHRASE_CLIENT_REPORTS;
    if (server->known)
        return e->cause.unread ? PHRASE_SERVER_REPORTS_UNREAD : PHRASE_SERVER_REPORTS;
    return PHRASE_NEITHER_REPORTS;
}

static void
append_reports(GString *text, const void *words)
{
    verdict_words_append_phrase(text, words, reports_of(ending_in(words)));
}

static phrase_id
codes_of(const wsclose_verdict *verdict)
{
    const wsclose_reported *client = &verdict->reported[WSCLOSE_CLIENT];
    const wsclose_reported *server = &verdict->reported[WSCLOSE_SERVER];

    if (ending_is_of_handshake(verdict) && client->known)
        return PHRASE_CODE_OF_BOTH;
    if (client->known && server->known)
        return client->code == server->code ? PHRASE_CODE_OF_BOTH : PHRASE_CODES;
    return client->known   ? PHRASE_CODE_OF_CLIENT
           : server->known ? PHRASE_CODE_OF_SERVER
                           : PHRASE_CODES_UNKNOWN;
}

static void
append_codes(GString *text, const void *words)
{
    verdict_words_append_phrase(text, words, codes_of(verdict_in(words)));
}

static void
append_incomplete(GString *text, const void *words)
{
    verdict_words_append_phrase(text, words,
                                verdict_in(words)->incomplete ? PHRASE_INCOMPLETE : PHRASE_NOTHING);
}

/* Closes. */

static phrase_id
both_closed(const ending *e)
{
    if (e->verdict->initiator == WSCLOSE_SIDE_UNKNOWN)
        return PHRASE_WHO_BEGAN_UNKNOWN;
    if (e->kind == ENDING_EMPTY)
        return PHRASE_ANSWERED_IN_KIND;
    return ending_is_answered(e) ? PHRASE_ANSWERED : PHRASE_NOT_ANSWERED;
}

static void
append_both_closed(GString *text, const void *words)
{
    verdict_words_append_phrase(text, words, both_closed(ending_in(words)));
}

static void
append_no_close(GString *text, const void *words)
{
    verdict_words_append_phrase(text, words,
                                ending_has_closed(ending_in(words), ending_in(words)->first)
                                    ? PHRASE_CLOSE_UNRECEIVED
                                    : PHRASE_NO_CLOSE);
}

static void
append_came_late(GString *text, const void *words)
{
    const ending *e = ending_in(words);

    verdict_words_append_phrase(text, words,
                                e->verdict->because[e->second] == WSCLOSE_BECAUSE_NONE
                                    ? PHRASE_TOO_LATE
                                    : PHRASE_AFTER_THAT);
}

static void
append_any_seen(GString *text, const void *words)
{
    const bool *unreadable = connection_in(words)->unreadable;

    verdict_words_append_phrase(text, words,
                                unreadable[WSCLOSE_CLIENT] || unreadable[WSCLOSE_SERVER]
                                    ? PHRASE_IS_READABLE
                                    : PHRASE_IS_CAPTURED);
}

/* The end of the transport, where a side never received a Close. */
static void
append_abnormal_end(GString *text, const void *words)
{
    const ending *e = ending_in(words);
    phrase_id phrase = PHRASE_ABNORMAL_TRANSPORT;

    if (e->verdict->ending == WSCLOSE_ENDING_NO_CLOSE)
        phrase = PHRASE_ABNORMAL_END;
    verdict_words_append_phrase(text, words, phrase);
}

static const template_slot slots[] = {
    { "idle", NULL, append_idle },
    { "after request", NULL, append_after_request },
    { "after response", NULL, append_after_response },
    { "after the last", NULL, append_after_the_last },
    { "last", NULL, append_last },
    { "age", NULL, append_age },
    { "aged", NULL, append_aged },
    { "reports", NULL, append_reports },
    { "codes", NULL, append_codes },
    { "incomplete", NULL, append_incomplete },
    { "both closed", NULL, append_both_closed },
    { "no close", NULL, append_no_close },
    { "came late", NULL, append_came_late },
    { "any seen", NULL, append_any_seen },
    { "abnormal end", NULL, append_abnormal_end },
};

static wsclose_side
side_of(const ending *e, role_id role)
{
    switch (role) {
    case ROLE_CLIENT:
        return WSCLOSE_CLIENT;
    case ROLE_SERVER:
        return WSCLOSE_SERVER;
    case ROLE_FIRST:
        return e->first;
    case ROLE_SECOND:
        return e->second;
    case ROLE_ENDER:
        return e->ender;
    case ROLE_CULPRIT:
        return e->culprit;
    case ROLE_ACTOR:
        return e->cause.actor != WSCLOSE_SIDE_UNKNOWN ? e->cause.actor : e->first;
    case ROLE_VICTIM:
    case ROLE_WHO:
        break;
    }
    return wsclose_side_peer(e->culprit);
}

static void
add_scope(verdict_words *words, size_t *count, template_scope scope)
{
    scope.outer = words->scope;
    words->scopes[*count] = scope;
    words->scope = &words->scopes[(*count)++];
}

void
verdict_words_init(verdict_words *words, const ending *e, verdict_detail detail)
{
    static const verdict_slots own = VERDICT_SLOTS(slots);
    const verdict_slots *const files[] = { &own,
                                           &verdict_opening_slots,
                                           &verdict_breach_slots,
                                           &verdict_step_slots,
                                           &verdict_advice_slots,
                                           &verdict_cause_slots };
    size_t count = 0;

    words->ending = e;
    words->detail = detail;
    words->scope = carrier_scope(e->connection->carrier);
    add_scope(words, &count, (template_scope){ phrase_slots, phrase_slots_count, NULL, NULL });
    for (size_t i = 0; i < G_N_ELEMENTS(files); i++)
        add_scope(words, &count, (template_scope){ files[i]->slots, files[i]->count, words, NULL });
    for (size_t i = 0; i < VERDICT_ROLES; i++) {
        words->roles[i] = (verdict_role){ words, side_of(e, (role_id)i) };
        add_scope(words, &count, verdict_role_scope(&words->roles[i], (role_id)i, NULL));
    }
}
