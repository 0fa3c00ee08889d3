/* verdict_roles.c
 * The slots of one side, by its part in the ending.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "verdict_roles.h"

#include <string.h>

#include "../explain_private.h"
#include "breaches.h"
#include "quote.h"
#include "verdict_slots.h"
#include "wsclose/code.h"

static const wsclose_connection *
connection_of(const verdict_role *role)
{
    return role->words->ending->connection;
}

static const wsclose_close_mark *
close_of(const verdict_role *role)
{
    return &connection_of(role)->closes[role->side];
}

static const wsclose_code_info *
code_of(const verdict_role *role)
{
    return wsclose_code_lookup(close_of(role)->code);
}

static void
append_phrase(GString *text, const verdict_role *role, phrase_id phrase)
{
    verdict_words_append_of(text, role->words, role->side, phrase);
}

static void
append_side(GString *text, const void *role)
{
    g_string_append(text, wsclose_side_name(((const verdict_role *)role)->side));
}

static void
append_peer(GString *text, const void *role)
{
    g_string_append(text, wsclose_side_name(wsclose_side_peer(((const verdict_role *)role)->side)));
}

static void
append_with(GString *text, const void *role)
{
    static const phrase_id by_kind[] = {
        [WSCLOSE_BODY_CODE] = PHRASE_WITH_CODE,
        [WSCLOSE_BODY_EMPTY] = PHRASE_WITH_NONE,
        [WSCLOSE_BODY_ONE_OCTET] = PHRASE_WITH_ONE_OCTET,
        [WSCLOSE_BODY_CUT] = PHRASE_WITH_CUT,
    };

    append_phrase(text, role, by_kind[close_of(role)->kind]);
}

static void
append_with_exactly(GString *text, const void *role)
{
    if (close_of(role)->kind == WSCLOSE_BODY_CODE)
        append_phrase(text, role, PHRASE_WITH_CODE_EXACTLY);
    else
        append_with(text, role);
}

/* Its body, where there is a reason in it. */
static const wsclose_close_body *
body_of(const verdict_role *role)
{
    const wsclose_close_body *body = role->words->ending->bodies[role->side];

    return body && body->reason.len > 0 ? body : NULL;
}

/* An answer mostly repeats the reason. */
static bool
repeats_reason(const verdict_role *role)
{
    const ending *e = role->words->ending;
    const wsclose_close_body *own = body_of(role);
    const wsclose_close_body *first = e->bodies[e->first];

    return role->side != e->first && first && own->reason.len == first->reason.len &&
           memcmp(own->reason.data, first->reason.data, own->reason.len) == 0;
}

/* What a line says of its code. */
static phrase_id
grounds_of(const verdict_role *role)
{
    const ending *e = role->words->ending;
    const verdict_detail least = role->side == e->first ? VERDICT_FIRST_REASON : VERDICT_FULL;

    if (role->side == ending_claimant(e) && ending_first_wanted(e))
        return role->words->detail == VERDICT_BARE ? PHRASE_NOTHING : PHRASE_FOR_WANT;
    return role->words->detail >= least && body_of(role) && !repeats_reason(role) ? PHRASE_QUOTE
                                                                                  : PHRASE_NOTHING;
}

static void
append_grounds(GString *text, const void *role)
{
    append_phrase(text, role, grounds_of(role));
}

static void
append_reason(GString *text, const void *role)
{
    append_phrase(text, role, body_of(role) ? PHRASE_AND_REASON : PHRASE_NOTHING);
}

/* In a line, and in a sentence. */
enum { QUOTE_MAX = 40, WHOLE_QUOTE_MAX = 123 };

static void
append_quote(GString *text, const void *role)
{
    quote_append_reason(text, body_of(role), QUOTE_MAX);
}

static void
append_whole_quote(GString *text, const void *role)
{
    quote_append_reason(text, body_of(role), WHOLE_QUOTE_MAX);
}

static void
append_closed(GString *text, const void *role)
{
    const wsclose_verdict *verdict = ((const verdict_role *)role)->words->ending->verdict;

    append_phrase(text, role,
                  verdict->initiator == WSCLOSE_SIDE_UNKNOWN ? PHRASE_SENT_CLOSE : PHRASE_CLOSED);
}

static void
append_ended(GString *text, const void *data)
{
    const verdict_role *role = data;

    transport_end_append(text, connection_of(role), role->side,
                         role->words->detail == VERDICT_BARE ? TRANSPORT_END_BRIEFLY
                                                             : TRANSPORT_END_PLAINLY);
}

static void
append_ended_exactly(GString *text, const void *data)
{
    const verdict_role *role = data;

    transport_end_append(text, connection_of(role), role->side, TRANSPORT_END_EXACTLY);
}

static void
append_error(GString *text, const void *data)
{
    const verdict_role *role = data;

    transport_end_append_error(text, connection_of(role), role->side);
}

static void
append_code(GString *text, const void *role)
{
    template_append_number(text, close_of(role)->code);
}

static void
append_code_name(GString *text, const void *role)
{
    g_string_append(text, code_of(role)->name);
}

static void
append_causes(GString *text, const void *role)
{
    g_string_append(text, code_of(role)->seen_when);
}

static void
append_fix(GString *text, const void *role)
{
    g_string_append(text, code_of(role)->fix);
}

static void
append_mark(GString *text, const void *role)
{
    explain_append_frame(text, close_of(role)->moment.number);
}

static void
append_reports(GString *text, const void *data)
{
    const verdict_role *role = data;

    template_append_number(text, role->words->ending->verdict->reported[role->side].code);
}

static bool
is_unreadable(const verdict_role *role)
{
    return connection_of(role)->unreadable[role->side];
}

static void
append_lacking(GString *text, const void *role)
{
    append_phrase(text, role, is_unreadable(role) ? PHRASE_NOT_DECRYPTED : PHRASE_NOT_CAPTURED);
}

static void
append_seen(GString *text, const void *role)
{
    append_phrase(text, role, is_unreadable(role) ? PHRASE_IS_READABLE : PHRASE_IS_CAPTURED);
}

static void
append_tolerated(GString *text, const void *data)
{
    const verdict_role *role = data;

    verdict_append_set(text, role->words, connection_of(role)->tolerated[role->side],
                       breaches_brief, true);
}

static void
append_secret(GString *text, const void *role)
{
    g_string_append(text,
                    ((const verdict_role *)role)->side == WSCLOSE_CLIENT ? "CLIENT" : "SERVER");
}

static void
append_cause(GString *text, const void *data)
{
    const verdict_role *role = data;

    if (role->side == role->words->ending->first && role->words->detail != VERDICT_BARE)
        verdict_append_close_cause(text, role->words);
}

static void
append_ping(GString *text, const void *data)
{
    const verdict_role *role = data;

    explain_append_frame(text, connection_of(role)->traffic[role->side].ping.number);
}

static void
append_ping_age(GString *text, const void *data)
{
    const verdict_role *role = data;
    const wsclose_connection *connection = connection_of(role);

    verdict_words_append_time(
        text, wsclose_connection_ping_age(connection, role->side, connection->ending));
}

enum { ROLE_SLOTS = 25 };

#define ROLE(name)                                                                                 \
    {                                                                                              \
        { name, NULL, append_side }, { name " peer", NULL, append_peer },                          \
            { name " with", NULL, append_with },                                                   \
            { name " with exactly", NULL, append_with_exactly },                                   \
            { name " grounds", NULL, append_grounds }, { name " reason", NULL, append_reason },    \
            { name " quote", NULL, append_quote },                                                 \
            { name " whole quote", NULL, append_whole_quote },                                     \
            { name " closed", NULL, append_closed }, { name " ended", NULL, append_ended },        \
            { name " ended exactly", NULL, append_ended_exactly },                                 \
            { name " error", NULL, append_error }, { name " code", NULL, append_code },            \
            { name " code name", NULL, append_code_name },                                         \
            { name " causes", NULL, append_causes }, { name " fix", NULL, append_fix },            \
            { name " mark", NULL, append_mark }, { name " reports", NULL, append_reports },        \
            { name " lacking", NULL, append_lacking }, { name " seen", NULL, append_seen },        \
            { name " tolerated", NULL, append_tolerated }, { name " cause", NULL, append_cause },  \
            { name " ping", NULL, append_ping }, { name " ping age", NULL, append_ping_age },      \
            { name " secret", NULL, append_secret },                                               \
    }

static const template_slot slots[][ROLE_SLOTS] = {
    [ROLE_CLIENT] = ROLE("client"), [ROLE_SERVER] = ROLE("server"),
    [ROLE_FIRST] = ROLE("first"),   [ROLE_SECOND] = ROLE("second"),
    [ROLE_ENDER] = ROLE("ender"),   [ROLE_CULPRIT] = ROLE("culprit"),
    [ROLE_VICTIM] = ROLE("victim"), [ROLE_ACTOR] = ROLE("actor"),
    [ROLE_WHO] = ROLE("who"),
};

template_scope
verdict_role_scope(const verdict_role *role, role_id id, const template_scope *outer)
{
    return (template_scope){ slots[id], ROLE_SLOTS, role, outer };
}

template_scope
verdict_words_scope_of(const verdict_role *who)
{
    return verdict_role_scope(who, ROLE_WHO, who->words->scope);
}

void
verdict_words_append_of(GString *text, const verdict_words *words, wsclose_side who,
                        phrase_id phrase)
{
    const verdict_role role = { words, who };
    const template_scope scope = verdict_words_scope_of(&role);

    template_append(text, &scope, phrases[phrase]);
}
