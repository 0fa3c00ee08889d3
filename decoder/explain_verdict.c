/* explain_verdict.c
 * How a connection ended, in one line, and the expert information on it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wsclose/explain.h"

#include <glib.h>

#include "explain_private.h"
#include "verdict_scene.h"

/* The line. */

static void
append_close(GString *text, const scene *s)
{
    g_string_append_printf(text, "%s %s ", wsclose_subject_of(s->first),
                           s->verdict->initiator == WSCLOSE_SIDE_UNKNOWN ? "sent a Close frame"
                                                                             : "closed");
    scene_append_with(text, &s->connection->closes[s->first]);
}

static void
append_two_closes(GString *text, const scene *s)
{
    append_close(text, s);
    if (s->verdict->initiator == WSCLOSE_SIDE_UNKNOWN)
        g_string_append_printf(text, ", the %s one ", wsclose_side_name(s->second));
    else if (s->kind == CASE_CROSSED)
        g_string_append_printf(text, " and the %s ", wsclose_side_name(s->second));
    else
        g_string_append_printf(
            text, scene_answers(s) ? ", the %s answered " : ", then the %s closed ",
            wsclose_side_name(s->second));
    scene_append_with(text, &s->connection->closes[s->second]);
    if (s->kind == CASE_CROSSED)
        g_string_append(text, " at the same time");
    else if (s->verdict->initiator == WSCLOSE_SIDE_UNKNOWN)
        g_string_append(text, "; who began is not known");
}

static void
append_empty_closes(GString *text, const scene *s)
{
    if (s->verdict->initiator == WSCLOSE_SIDE_UNKNOWN) {
        append_two_closes(text, s);
        return;
    }
    append_close(text, s);
    g_string_append_printf(text, " and the %s answered in kind", wsclose_side_name(s->second));
}

static void
append_one_close(GString *text, const scene *s)
{
    const char *second = wsclose_side_name(s->second);

    if (s->kind == CASE_LATE) {
        g_string_append_printf(text, "%s ended %s, and the %s's Close ", wsclose_subject_of(s->second),
                               scene_word(s, WORD_TRANSPORT), wsclose_side_name(s->first));
        scene_append_with(text, &s->connection->closes[s->first]);
        g_string_append(text, s->verdict->because[s->second] == WSCLOSE_BECAUSE_NONE
                                  ? " came too late"
                                  : " came after that");
        return;
    }
    append_close(text, s);
    if (s->kind == CASE_ONE_SIDE)
        g_string_append_printf(text, ", and no Close of the %s %s", second,
                               s->connection->unreadable[s->second] ? "can be read"
                                                                       : "is in the capture");
    else if (s->kind == CASE_NOT_AWAITED)
        g_string_append_printf(text, " and %s before an answer came", s->ended[s->first]);
    else
        g_string_append_printf(text, ", the %s %s without an answer", second,
                               s->ended[s->second]);
}

static void
append_end(GString *text, const scene *s)
{
    g_string_append_printf(text, "%s %s", wsclose_subject_of(s->first), s->ended[s->first]);
}

static void
append_silent_end(GString *text, const scene *s)
{
    append_end(text, s);
    if (s->kind == CASE_DARK) {
        g_string_append(text, s->connection->unreadable[WSCLOSE_CLIENT] || s->connection->unreadable[WSCLOSE_SERVER]
                                  ? ", and no Close frame can be read"
                                  : ", and no Close frame is in the capture");
        return;
    }
    if (s->kind == CASE_IDLE) {
        g_string_append(text, " after ");
        scene_append_time(text, s->verdict->idle);
        g_string_append(text, " of silence, no Close frame from either side");
        return;
    }
    if (s->verdict->idle >= 0) {
        g_string_append_c(text, ' ');
        scene_append_time(text, s->verdict->idle);
        g_string_append_printf(text, " after the %s", scene_since_what(s));
    }
    g_string_append(text, ", no Close frame from either side");
}

static void
append_time_after_response(GString *text, const scene *s)
{
    g_string_append_c(text, ' ');
    scene_append_time(text, scene_after_response(s->connection));
    g_string_append(text, " after ");
}

static void
append_rejection(GString *text, const scene *s)
{
    const bool by_close =
        s->verdict->ending != WSCLOSE_ENDING_NO_CLOSE && !s->connection->late[s->first];
    const wsclose_side who = by_close ? s->first : s->ender;

    if (!by_close) {
        g_string_append_printf(text, "%s %s", wsclose_subject_of(who), s->ended[who]);
        append_time_after_response(text, s);
    } else {
        append_close(text, s);
        g_string_append(text, " after ");
    }
    g_string_append_printf(text, "a %s that %s must reject",
                           scene_word(s, WORD_RESPONSE), who == WSCLOSE_CLIENT ? "it" : "the client");
    scene_append_faults(text, s, false);
}

static void
append_no_answer(GString *text, const scene *s)
{
    append_end(text, s);
    g_string_append_c(text, ' ');
    scene_append_time(text, s->connection->ending - s->connection->request.time);
    g_string_append_printf(text, " after the %s request, %s", scene_word(s, WORD_UPGRADE),
                           s->verdict->reported[WSCLOSE_CLIENT].known       ? "which got no answer"
                           : s->connection->unreadable[WSCLOSE_SERVER] ? "whose answer could not be decrypted"
                                                               : "whose answer is not in the capture");
}

/* What became of the connection after a breach. */
static void
append_reaction(GString *text, const scene *s)
{
    const bool itself = s->first == s->culprit;

    g_string_append_printf(text, ", and %s%s ", itself ? "then" : "the ",
                           itself ? "" : wsclose_side_name(s->first));
    if (s->verdict->ending == WSCLOSE_ENDING_NO_CLOSE) {
        g_string_append(text, s->ended[s->first]);
        return;
    }
    g_string_append(text, "closed ");
    scene_append_with(text, &s->connection->closes[s->first]);
}

static void
append_breach(GString *text, const scene *s)
{
    g_string_append_printf(text, "%s sent a frame that breaks the protocol",
                           wsclose_subject_of(s->culprit));
    scene_append_breaches(text, s->connection->breaches[s->culprit], 0, false);
    append_reaction(text, s);
}

static void
append_illegal_close(GString *text, const scene *s)
{
    const wsclose_close_mark *illegal = &s->connection->closes[s->culprit];

    if (s->culprit == s->first) {
        g_string_append_printf(text, "%s sent a Close that breaks the protocol",
                               wsclose_subject_of(s->first));
        scene_append_breaches(text, illegal->breaches, illegal->code, false);
        g_string_append_printf(text, ", the %s ", wsclose_side_name(s->second));
        if (!has_closed(s->connection, s->second)) {
            scene_append(text, s, "sent none before {transport} ended");
            return;
        }
        g_string_append(text, s->connection->crossed ? "sent its own " : "answered ");
        scene_append_with(text, &s->connection->closes[s->second]);
        return;
    }
    append_close(text, s);
    g_string_append_printf(text, ", the %s's Close breaks the protocol", wsclose_side_name(s->second));
    scene_append_breaches(text, illegal->breaches, illegal->code, false);
}

static void
append_own(GString *text, const scene *s)
{
    g_string_append_printf(text, "%s closed ", wsclose_subject_of(s->culprit));
    scene_append_with(text, &s->connection->closes[s->culprit]);
    g_string_append_printf(text, " and %s without waiting for an answer",
                           s->ended[s->culprit]);
}

static void
append_what_happened(GString *text, const scene *s)
{
    switch (s->kind) {
    case CASE_REFUSED:
        wsclose_append_refused(text, s->connection->carrier,
                               s->connection->status);
        break;
    case CASE_NO_ANSWER:
        append_no_answer(text, s);
        break;
    case CASE_REJECTED:
        append_rejection(text, s);
        break;
    case CASE_BREACH:
        append_breach(text, s);
        break;
    case CASE_ILLEGAL:
        append_illegal_close(text, s);
        break;
    case CASE_OWN:
        append_own(text, s);
        break;
    case CASE_EMPTY:
        append_empty_closes(text, s);
        break;
    case CASE_CUT:
    case CASE_CROSSED:
    case CASE_EMPTY_WITH_CODE:
    case CASE_SAME_CODE:
    case CASE_OTHER_CODE:
        append_two_closes(text, s);
        break;
    case CASE_ONE_SIDE:
    case CASE_LATE:
    case CASE_NOT_AWAITED:
    case CASE_UNANSWERED:
        append_one_close(text, s);
        break;
    case CASE_DECLINED:
        append_end(text, s);
        append_time_after_response(text, s);
        scene_append(text, s, "the {response}, likely because the server declined ");
        scene_append_declined(text, s, 1);
        break;
    case CASE_DARK:
    case CASE_IDLE:
    case CASE_RESET:
    case CASE_FIN:
        append_silent_end(text, s);
        break;
    }
}

static void
append_reported(GString *text, const wsclose_verdict *verdict)
{
    const wsclose_reported *reported = verdict->reported;

    if (reported[WSCLOSE_CLIENT].known && reported[WSCLOSE_SERVER].known) {
        if (reported[WSCLOSE_CLIENT].code == reported[WSCLOSE_SERVER].code)
            g_string_append_printf(text, ": both report %u", reported[WSCLOSE_CLIENT].code);
        else
            g_string_append_printf(text, ": the client reports %u, the server %u",
                                   reported[WSCLOSE_CLIENT].code, reported[WSCLOSE_SERVER].code);
        g_string_append(text, verdict->incomplete ? ". Incomplete capture" : "");
        return;
    }
    if (reported[WSCLOSE_CLIENT].known)
        g_string_append_printf(text, ": the client reports %u", reported[WSCLOSE_CLIENT].code);
    if (reported[WSCLOSE_SERVER].known)
        g_string_append_printf(text, ": the server reports %u", reported[WSCLOSE_SERVER].code);
    g_string_append(text, ". Incomplete capture: ");
    g_string_append(text, reported[WSCLOSE_CLIENT].known   ? "the server's code"
                          : reported[WSCLOSE_SERVER].known ? "the client's code"
                                               : "neither code");
    g_string_append(text, reported[WSCLOSE_CLIENT].known || reported[WSCLOSE_SERVER].known ? " is not known" : " is known");
}

/* There was never a connection that the server could report on. */
static void
append_reported_of_handshake(GString *text, const wsclose_verdict *verdict)
{
    if (verdict->reported[WSCLOSE_CLIENT].known)
        g_string_append_printf(text, ": a browser reports %u", verdict->reported[WSCLOSE_CLIENT].code);
    else
        g_string_append(text, ". Incomplete capture: the client's code is not known");
}

static void
append_line(GString *text, const scene *s)
{
    append_what_happened(text, s);
    if (scene_is_of_handshake(s))
        append_reported_of_handshake(text, s->verdict);
    else
        append_reported(text, s->verdict);
}

char *
wsclose_explain_verdict(const wsclose_verdict_context *context)
{
    enum { LINE_MAX_OCTETS = 200 }; /* a label has room for no more */
    scene s = scene_of(context);
    GString *text = g_string_new(NULL);

    append_line(text, &s);
    if (text->len > LINE_MAX_OCTETS) {
        scene_shorten_ends(&s);
        g_string_truncate(text, 0);
        append_line(text, &s);
    }
    return g_string_free(text, FALSE);
}

/* Expert information. */

static bool
never_received(const scene *s, wsclose_side who)
{
    return s->verdict->because[who] == WSCLOSE_BECAUSE_NONE ||
           (s->verdict->reported[who].known && !has_closed(s->connection, wsclose_side_peer(who)));
}

char *
wsclose_explain_abnormal(const wsclose_verdict_context *context)
{
    const scene s = scene_of(context);
    GString *text;

    if (!s.verdict->abnormal)
        return NULL;

    text = g_string_new(NULL);
    if (s.kind == CASE_NO_ANSWER) {
        append_no_answer(text, &s);
        g_string_append(text, ": a browser's API reports 1006.");
        return g_string_free(text, FALSE);
    }
    if (s.verdict->ending == WSCLOSE_ENDING_NO_CLOSE)
        append_end(text, &s);
    else
        scene_append(text, &s, "{Transport} ended");
    if (s.kind == CASE_IDLE) {
        g_string_append(text, " after ");
        scene_append_time(text, s.verdict->idle);
        g_string_append(text, " of silence");
    }
    g_string_append(text, ", and ");
    if (never_received(&s, WSCLOSE_CLIENT) && never_received(&s, WSCLOSE_SERVER))
        g_string_append(text, "neither side received a Close frame: both APIs report 1006.");
    else
        g_string_append_printf(text, "the %s never received a Close frame: its API reports 1006.",
                               wsclose_side_name(never_received(&s, WSCLOSE_CLIENT) ? WSCLOSE_CLIENT : WSCLOSE_SERVER));
    return g_string_free(text, FALSE);
}

char *
wsclose_explain_unanswered(const wsclose_verdict_context *context)
{
    const scene s = scene_of(context);
    GString *text;

    if (!s.verdict->unanswered)
        return NULL;

    text = g_string_new(wsclose_subject_of(s.first));
    g_string_append(text, "'s Close frame");
    wsclose_append_frame(text, s.connection->closes[s.first].moment.number);
    g_string_append_printf(text, " never got its answer: the %s sent no Close frame before %s "
                                 "ended.",
                           wsclose_side_name(s.second), scene_word(&s, WORD_TRANSPORT));
    return g_string_free(text, FALSE);
}
