/* verdict_scene.c
 * Which case a verdict is, and parts of sentences.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "verdict_scene.h"

#include "explain_private.h"
#include "words/breaches.h"
#include "words/carrier.h"
#include "words/faults.h"
#include "words/stream_error.h"
#include "wsclose/code.h"

/* From here on a connection counts as idle; a client that cannot do without a declined extension
 * leaves by then. */
#define IDLE_MIN (10 * SECOND)
#define DECLINED_MAX (2 * SECOND)

static bool
is_empty(const wsclose_close_mark *mark)
{
    return mark->kind == WSCLOSE_BODY_EMPTY;
}

/* Which case it is. */

static bool
any_because(const wsclose_verdict *verdict, wsclose_because because)
{
    return verdict->because[WSCLOSE_CLIENT] == because || verdict->because[WSCLOSE_SERVER] == because;
}

static ending_case
case_of_two_closes(const scene *s)
{
    const wsclose_close_mark *first = &s->connection->closes[s->first];
    const wsclose_close_mark *second = &s->connection->closes[s->second];

    if (first->kind == WSCLOSE_BODY_CUT || second->kind == WSCLOSE_BODY_CUT)
        return CASE_CUT;
    if (s->connection->crossed)
        return CASE_CROSSED;
    if (is_empty(first))
        return is_empty(second) ? CASE_EMPTY : CASE_EMPTY_WITH_CODE;
    return has_code(second) && first->code == second->code ? CASE_SAME_CODE : CASE_OTHER_CODE;
}

static ending_case
case_of_one_close(const scene *s)
{
    if (s->verdict->because[s->first] == WSCLOSE_BECAUSE_UNKNOWN)
        return CASE_ONE_SIDE;
    if (s->connection->late[s->first])
        return CASE_LATE;
    return s->ender == s->first ? CASE_NOT_AWAITED
                                                                : CASE_UNANSWERED;
}

int64_t
scene_after_response(const wsclose_connection *connection)
{
    return connection->ending > connection->response.time
               ? connection->ending - connection->response.time
               : 0;
}

static bool
leaves_over_extension(const scene *s)
{
    return s->negotiation->n_declined > 0 && s->first == WSCLOSE_CLIENT &&
           s->connection->frames[WSCLOSE_CLIENT] == 0 && s->connection->frames[WSCLOSE_SERVER] == 0 &&
           scene_after_response(s->connection) <= DECLINED_MAX;
}

static ending_case
case_of_no_close(const scene *s)
{
    if (s->verdict->incomplete || s->verdict->initiator == WSCLOSE_SIDE_UNKNOWN)
        return CASE_DARK;
    if (leaves_over_extension(s))
        return CASE_DECLINED;
    if (s->verdict->idle >= IDLE_MIN)
        return CASE_IDLE;
    return s->connection->ends[s->first].kind == WSCLOSE_END_RESET ? CASE_RESET : CASE_FIN;
}

static ending_case
case_of(const scene *s)
{
    const wsclose_verdict *verdict = s->verdict;

    if (verdict->ending == WSCLOSE_ENDING_REFUSED)
        return CASE_REFUSED;
    if (verdict->ending == WSCLOSE_ENDING_NO_ANSWER)
        return CASE_NO_ANSWER;
    if (verdict->because[WSCLOSE_CLIENT] == WSCLOSE_BECAUSE_HANDSHAKE)
        return CASE_REJECTED;
    if (any_because(verdict, WSCLOSE_BECAUSE_BREACH))
        return CASE_BREACH;
    if (any_because(verdict, WSCLOSE_BECAUSE_ILLEGAL))
        return CASE_ILLEGAL;
    if (any_because(verdict, WSCLOSE_BECAUSE_OWN))
        return CASE_OWN;
    if (verdict->ending == WSCLOSE_ENDING_CLOSED)
        return case_of_two_closes(s);
    return verdict->ending == WSCLOSE_ENDING_ONE_CLOSE ? case_of_one_close(s) : case_of_no_close(s);
}

/* Of two that did, the one that began. */
static wsclose_side
culprit_of(const scene *s)
{
    const wsclose_because *because = s->verdict->because;

    switch (s->kind) {
    case CASE_BREACH:
        return because[WSCLOSE_CLIENT] == WSCLOSE_BECAUSE_BREACH ? WSCLOSE_SERVER : WSCLOSE_CLIENT;
    case CASE_ILLEGAL:
        return because[s->second] == WSCLOSE_BECAUSE_ILLEGAL ? s->first : s->second;
    case CASE_OWN:
        return because[s->first] == WSCLOSE_BECAUSE_OWN ? s->first : s->second;
    default:
        return s->first;
    }
}

/* What an endpoint did at its end. */

const char *
scene_word(const scene *s, carrier_word_id id)
{
    return carrier_word(s->connection->carrier, id);
}

void
scene_append(GString *text, const scene *s, const char *template)
{
    template_append(text, carrier_scope(s->connection->carrier), template);
}

static void
append_goaway(GString *text, const wsclose_connection *connection, const wsclose_end_mark *end)
{
    g_string_append(text, "GOAWAY");
    if (!end->has_error)
        return;
    g_string_append(text, " (");
    stream_error_append(text, connection->carrier, end->error);
    g_string_append_c(text, ')');
}

bool
scene_is_blaming(const wsclose_connection *connection, wsclose_side who)
{
    const wsclose_end_mark *end = &connection->ends[who];

    return end->goaway && end->has_error && end->error != 0;
}

/* Why the connection under a stream was ended, as far as GOAWAY says: that with an error counts,
 * whoever sent it, as the other side answers it by ending the connection. */
static void
append_reason(GString *text, const wsclose_connection *connection, wsclose_side who)
{
    const bool of_peer = scene_is_blaming(connection, wsclose_side_peer(who)) && !scene_is_blaming(connection, who);

    if (!of_peer && !connection->ends[who].goaway)
        return;
    g_string_append(text, " after ");
    if (of_peer)
        g_string_append_printf(text, "the %s's ", wsclose_side_name(wsclose_side_peer(who)));
    append_goaway(text, connection, &connection->ends[of_peer ? wsclose_side_peer(who) : who]);
}

static bool
has_reset_error(const wsclose_end_mark *end)
{
    return end->kind == WSCLOSE_END_RESET && end->has_error && !end->goaway;
}

/* By what the stream itself was ended, in the terms of its HTTP. */
static const char *
stream_signal(const wsclose_connection *connection, bool reset)
{
    if (connection->carrier == WSCLOSE_CARRIER_HTTP3)
        return reset ? "RESET_STREAM" : "FIN";
    return reset ? "RST_STREAM" : "END_STREAM";
}

typedef enum { BRIEFLY, PLAINLY, EXACTLY } detail;

/* Briefly: without an error code; exactly: with the signal on the wire. */
static void
append_end(GString *text, const wsclose_connection *connection, wsclose_side who, detail how)
{
    const wsclose_end_mark *end = &connection->ends[who];
    const unsigned carrier = connection->carrier;
    const bool reset = end->kind == WSCLOSE_END_RESET;
    const bool of_stream =
        carrier != WSCLOSE_CARRIER_HTTP1 && end->cause != WSCLOSE_END_BY_CONNECTION;
    const bool of_tcp = !of_stream && carrier != WSCLOSE_CARRIER_HTTP3;

    if (end->cause == WSCLOSE_END_BY_GOAWAY && how != BRIEFLY) {
        g_string_append(text, "left out the stream with ");
        append_goaway(text, connection, end);
        return;
    }
    g_string_append(text, reset ? "reset " : how == EXACTLY ? "ended its side of " : "ended ");
    g_string_append(text, of_stream ? carrier_word(carrier, WORD_TRANSPORT)
                                    : carrier_connection(carrier));
    if (how == BRIEFLY)
        return;
    const bool with_error = of_stream && has_reset_error(end);
    const bool with_signal = how == EXACTLY && (of_stream || of_tcp);
    if (with_signal || with_error)
        g_string_append(text, " (");
    if (with_signal)
        g_string_append(text, of_stream ? stream_signal(connection, reset) : reset ? "RST" : "FIN");
    if (with_signal && with_error)
        g_string_append(text, ", ");
    if (with_error)
        stream_error_append(text, carrier, end->error);
    if (with_signal || with_error)
        g_string_append_c(text, ')');
    if (end->cause == WSCLOSE_END_BY_CONNECTION)
        append_reason(text, connection, who);
}

void
scene_append_end(GString *text, const scene *s, wsclose_side who)
{
    append_end(text, s->connection, who, EXACTLY);
}

static void
describe_ends(scene *s, detail how)
{
    GString *text = g_string_sized_new(SCENE_ENDED_SIZE);

    for (wsclose_side who = WSCLOSE_CLIENT; who <= WSCLOSE_SERVER; who++) {
        g_string_truncate(text, 0);
        append_end(text, s->connection, who, how);
        g_strlcpy(s->ended[who], text->str, sizeof s->ended[who]);
    }
    g_string_free(text, TRUE);
}

void
scene_shorten_ends(scene *s)
{
    describe_ends(s, BRIEFLY);
}

scene
scene_of(const wsclose_verdict_context *context)
{
    const wsclose_connection *connection = context->connection;
    scene s = {.connection = connection,
               .verdict = context->verdict,
               .negotiation = context->negotiation};

    s.ender = connection->first_end != WSCLOSE_SIDE_UNKNOWN ? connection->first_end : WSCLOSE_CLIENT;
    s.first = connection->first_close != WSCLOSE_SIDE_UNKNOWN ? connection->first_close : s.ender;
    s.second = wsclose_side_peer(s.first);
    s.kind = case_of(&s);
    s.culprit = culprit_of(&s);
    describe_ends(&s, PLAINLY);
    return s;
}

/* Parts of sentences. */

/* "3 ms", "1.2 s", "60.0 s", "10 min", "2 h 5 min". */
void
scene_append_time(GString *text, int64_t nanoseconds)
{
    const uint64_t time = nanoseconds > 0 ? (uint64_t)nanoseconds : 0;
    const uint64_t ms = (time + MILLISECOND / 2) / MILLISECOND;
    const uint64_t tenths = (time + SECOND / 20) / (SECOND / 10);
    const uint64_t minutes = time / SECOND / 60;

    if (ms == 0)
        g_string_append(text, "less than 1 ms");
    else if (ms < 1000)
        g_string_append_printf(text, "%u ms", (unsigned)ms);
    else if (tenths < 6000)
        g_string_append_printf(text, "%u.%u s", (unsigned)(tenths / 10), (unsigned)(tenths % 10));
    else if (minutes < 60)
        g_string_append_printf(text, "%u min", (unsigned)MAX(minutes, 10));
    else
        g_string_append_printf(text, "%" G_GUINT64_FORMAT " h %u min", minutes / 60,
                               (unsigned)(minutes % 60));
}

static void
append_code(GString *text, const void *context)
{
    g_string_append_printf(text, "%u", *(const uint16_t *)context);
}

static const template_slot breach_slots[] = {
    {"code", NULL, append_code},
};

/* " (a reserved bit is set)": the first, or all of them. */
void
scene_append_breaches(GString *text, unsigned breaches, uint16_t code, bool all)
{
    const template_scope scope = {breach_slots, G_N_ELEMENTS(breach_slots), &code, NULL};
    const char *before = " (";

    for (unsigned bit = 0; bit < WSCLOSE_BREACH_COUNT; bit++) {
        if (!HAS_BIT(breaches, bit))
            continue;
        g_string_append(text, before);
        template_append(text, &scope, breaches_words[bit].brief);
        before = ", ";
        if (!all)
            break;
    }
    if (breaches != 0)
        g_string_append_c(text, ')');
}

static void
append_match(GString *text, const wsclose_negotiation *negotiation,
             wsclose_negotiation_verdict verdict, const char *otherwise)
{
    for (size_t i = 0; i < negotiation->n_matches; i++) {
        if (negotiation->matches[i].verdict == verdict) {
            wsclose_append_name(text, negotiation->matches[i].ext->name);
            return;
        }
    }
    g_string_append(text, otherwise);
}

static void
append_unsolicited(GString *text, const void *context)
{
    append_match(text, context, WSCLOSE_NEGOTIATION_UNSOLICITED, "an extension");
}

static void
append_invalid(GString *text, const void *context)
{
    append_match(text, context, WSCLOSE_NEGOTIATION_INVALID, "Sec-WebSocket-Extensions");
}

static const template_slot fault_slots[] = {
    {"unsolicited", NULL, append_unsolicited},
    {"invalid", NULL, append_invalid},
};

/* " (wrong Sec-WebSocket-Accept)": the first, or all of them. */
void
scene_append_faults(GString *text, const scene *s, bool all)
{
    const template_scope scope = {fault_slots, G_N_ELEMENTS(fault_slots), s->negotiation, NULL};
    const char *before = " (";

    for (unsigned bit = 0; bit < WSCLOSE_FAULT_COUNT; bit++) {
        if (!HAS_BIT(s->connection->faults, bit))
            continue;
        g_string_append(text, before);
        template_append(text, &scope, faults_words[bit].brief);
        before = ", ";
        if (!all)
            break;
    }
    if (*before == ',')
        g_string_append_c(text, ')');
}

/* "with 1000", "without a status code", "(code cut off)". */
void
scene_append_with(GString *text, const wsclose_close_mark *mark)
{
    switch (mark->kind) {
    case WSCLOSE_BODY_CODE:
        g_string_append_printf(text, "with %u", mark->code);
        break;
    case WSCLOSE_BODY_EMPTY:
        g_string_append(text, "without a status code");
        break;
    case WSCLOSE_BODY_ONE_OCTET:
        g_string_append(text, "with a broken body");
        break;
    case WSCLOSE_BODY_CUT:
        g_string_append(text, "(code cut off)");
        break;
    }
}

const char *
scene_since_what(const scene *s)
{
    return s->connection->has_last_frame ? "last frame" : scene_word(s, WORD_RESPONSE);
}

void
scene_append_declined(GString *text, const scene *s, size_t most)
{
    const size_t count = s->negotiation->n_declined;

    if (count <= most) {
        wsclose_append_names(text, s->negotiation->declined, count);
        return;
    }
    wsclose_append_name(text, s->negotiation->declined[0]);
    g_string_append_printf(text, " and %" G_GSIZE_FORMAT " more", count - 1);
}

bool
scene_is_of_handshake(const scene *s)
{
    return s->kind == CASE_REFUSED || s->kind == CASE_NO_ANSWER;
}

/* Whether the second Close can be told to answer the first one: libraries send the same code, none,
 * 1000, or that of an error. A code of the application's own may come from a close() that was called
 * before the first Close was read. */
bool
scene_answers(const scene *s)
{
    const wsclose_close_mark *first = &s->connection->closes[s->first];
    const wsclose_close_mark *second = &s->connection->closes[s->second];

    if (!has_code(second) || (has_code(first) && second->code == first->code))
        return true;
    return second->code == WSCLOSE_CODE_NORMAL_CLOSURE ||
           second->code == WSCLOSE_CODE_PROTOCOL_ERROR ||
           second->code == WSCLOSE_CODE_INVALID_PAYLOAD;
}
