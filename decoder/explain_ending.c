/* explain_ending.c
 * What happened at the end of a connection, step by step, and why each side reports what it does.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wsclose/explain.h"

#include "explain_private.h"
#include "words/refused_status.h"
#include "verdict_scene.h"
#include "wsclose/code.h"

typedef struct {
    wsclose_side who;
    uint32_t number;
    bool is_close;
} step;

static void
add_step(step *steps, size_t *count, step added)
{
    size_t at = *count;

    if (added.number == 0)
        return;
    for (; at > 0 && steps[at - 1].number > added.number; at--)
        steps[at] = steps[at - 1];
    steps[at] = added;
    ++*count;
}

/* In the order of the capture; of one packet the Close before the end. */
static size_t
collect_steps(const scene *s, step steps[4])
{
    const wsclose_connection *connection = s->connection;
    size_t count = 0;

    add_step(steps, &count, (step){s->first, connection->closes[s->first].moment.number, true});
    add_step(steps, &count, (step){s->second, connection->closes[s->second].moment.number, true});
    add_step(steps, &count, (step){s->first, connection->ends[s->first].number, false});
    add_step(steps, &count, (step){s->second, connection->ends[s->second].number, false});
    return count;
}

static void
append_close_step(GString *text, const scene *s, wsclose_side who)
{
    const wsclose_close_mark *mark = &s->connection->closes[who];
    const bool is_answer = who == s->second && !s->connection->crossed && scene_answers(s) &&
                           s->verdict->initiator != WSCLOSE_SIDE_UNKNOWN;

    g_string_append(text, is_answer ? "answered " : "sent a Close frame ");
    scene_append_with(text, mark);
    if (has_code(mark))
        g_string_append_printf(text, " (%s)", wsclose_code_lookup(mark->code)->name);
}

/* How long after the step that began the end; the first one, after the last frame. */
static void
append_step_time(GString *text, const scene *s, const step *at, bool first)
{
    const wsclose_connection *connection = s->connection;
    const wsclose_close_mark *mark = &connection->closes[at->who];
    int64_t time = connection->settled.time;

    if (first) {
        if (s->verdict->idle >= 0 && !scene_is_of_handshake(s)) {
            g_string_append(text, ", ");
            scene_append_time(text, s->verdict->idle);
            g_string_append_printf(text, " after the %s", scene_since_what(s));
        }
        return;
    }
    if (at->is_close)
        time = mark->moment.time;
    else if (at->number != connection->settled.number)
        return;
    if (!connection->has_ending || time <= connection->ending)
        return;
    g_string_append(text, ", ");
    scene_append_time(text, time - connection->ending);
    g_string_append(text, " later");
}

static void
append_steps(GString *text, const scene *s)
{
    step steps[4];
    const size_t count = collect_steps(s, steps);

    for (size_t i = 0; i < count; i++) {
        g_string_append_printf(text, " The %s ", wsclose_side_name(steps[i].who));
        if (steps[i].is_close)
            append_close_step(text, s, steps[i].who);
        else
            scene_append_end(text, s, steps[i].who);
        g_string_append_printf(text, " in frame %" G_GUINT32_FORMAT, steps[i].number);
        append_step_time(text, s, &steps[i], i == 0);
        g_string_append_c(text, '.');
    }
}

static void
append_opening(GString *text, const scene *s)
{
    const wsclose_connection *connection = s->connection;

    if (connection->response.number == 0) {
        const bool requested = connection->request.number != 0;

        g_string_append(text, requested ? "The client asked for a WebSocket connection"
                                        : "The opening handshake is not in the capture.");
        if (requested) {
            wsclose_append_frame(text, connection->request.number);
            g_string_append_printf(text, "; the answer %s.",
                                   connection->unreadable[WSCLOSE_SERVER] ? "could not be decrypted"
                                                                  : "is not in the capture");
        }
        return;
    }
    g_string_append_printf(text, "The server accepted the connection in frame %" G_GUINT32_FORMAT,
                           connection->response.number);
    if (connection->faults == 0) {
        g_string_append_c(text, '.');
        return;
    }
    scene_append(text, s, " with a {response} that the client must reject");
    scene_append_faults(text, s, true);
    scene_append(text, s,
                 connection->carries_on
                     ? ". The client carried on all the same, so the rest is told as if the "
                       "{response} were in order."
                     : ".");
}

static void
append_breach_before(GString *text, const scene *s)
{
    if (s->kind != CASE_BREACH)
        return;
    g_string_append_printf(text, " The %s sent a frame that breaks the protocol",
                           wsclose_side_name(s->culprit));
    scene_append_breaches(text, s->connection->breaches[s->culprit], 0, true);
    g_string_append_c(text, '.');
}

/* RFC 6455 section 7.1.7: who says so fails the connection, and some APIs go by that alone. */
static void
append_failure_remark(GString *text, const wsclose_close_mark *mark)
{
    switch (mark->code) {
    case WSCLOSE_CODE_PROTOCOL_ERROR:
    case WSCLOSE_CODE_INVALID_PAYLOAD:
    case WSCLOSE_CODE_MESSAGE_TOO_BIG:
        g_string_append_printf(text, " Some APIs report 1006 after they sent %u themselves.",
                               mark->code);
        break;
    default:
        break;
    }
}

/* What is special about it. */
static void
append_remark(GString *text, const scene *s)
{
    switch (s->kind) {
    case CASE_ILLEGAL:
        g_string_append_printf(text, " The %s's Close frame breaks the protocol",
                               wsclose_side_name(s->culprit));
        scene_append_breaches(text, s->connection->closes[s->culprit].breaches,
                              s->connection->closes[s->culprit].code, true);
        g_string_append_c(text, '.');
        break;
    case CASE_CROSSED:
        g_string_append(text, " Neither had received the other's Close when it sent its own.");
        break;
    case CASE_LATE:
        g_string_append_printf(text, " When that Close was sent, the %s had already ended %s.",
                               wsclose_side_name(s->second), scene_word(s, WORD_TRANSPORT));
        break;
    case CASE_DECLINED:
        g_string_append(text, " The client sent no frame at all. It had offered ");
        scene_append_declined(text, s, G_MAXSIZE);
        g_string_append_printf(text,
                               ", which the server's response does not have: likely the client "
                               "cannot do without %s.",
                               wsclose_it_or_them(s->negotiation->n_declined));
        break;
    case CASE_SAME_CODE:
    case CASE_OTHER_CODE:
        append_failure_remark(text, &s->connection->closes[s->first]);
        break;
    default:
        break;
    }
}

static void
append_why_unknown(GString *text, const scene *s, wsclose_side who)
{
    const wsclose_side peer = wsclose_side_peer(who);

    g_string_append_printf(text, " What the %s reports cannot be told: ", wsclose_side_name(who));
    if (has_closed(s->connection, peer) &&
        s->connection->closes[peer].kind == WSCLOSE_BODY_CUT)
        g_string_append(text, "the capture has cut off the status code that it received.");
    else if (s->connection->unreadable[peer])
        g_string_append_printf(text, "what the %s sent could not be decrypted.",
                               wsclose_side_name(peer));
    else if (s->connection->missing[peer])
        g_string_append_printf(text, "some of what the %s sent is not in the capture.",
                               wsclose_side_name(peer));
    else if (s->connection->missing[who] && !has_closed(s->connection, who))
        g_string_append_printf(text, "a Close frame of its own may be among what %s.",
                               s->connection->unreadable[who] ? "could not be decrypted"
                                                              : "is not in the capture");
    else
        g_string_append(text, "the capture does not show the whole connection.");
}

/* RFC 6455 sections 7.1.5 to 7.1.7, in plain words. */
static void
append_why(GString *text, const scene *s, wsclose_side who)
{
    const wsclose_reported reported = s->verdict->reported[who];
    const char *name = wsclose_side_name(who);

    if (!reported.known) {
        append_why_unknown(text, s, who);
        return;
    }
    switch (s->verdict->because[who]) {
    case WSCLOSE_BECAUSE_RECEIVED:
        g_string_append_printf(text, " The %s reports %u, %s.", name, reported.code,
                               reported.code == WSCLOSE_CODE_NO_STATUS_RCVD
                                   ? "because the Close frame that it received was empty"
                                   : "the code that it received");
        break;
    case WSCLOSE_BECAUSE_NONE:
        g_string_append_printf(text, " The %s received no Close frame and so reports %u.", name,
                               reported.code);
        break;
    case WSCLOSE_BECAUSE_ILLEGAL:
    case WSCLOSE_BECAUSE_BREACH:
        g_string_append_printf(text,
                               " The %s must fail the connection over what it received and so "
                               "reports %u; some APIs show the 1002 or 1007 that they sent "
                               "instead.",
                               name, reported.code);
        break;
    case WSCLOSE_BECAUSE_OWN:
        g_string_append_printf(text,
                               " The %s failed the connection itself without waiting for an "
                               "answer and so reports %u; some APIs show the %u that they sent "
                               "instead.",
                               name, reported.code, s->connection->closes[who].code);
        break;
    case WSCLOSE_BECAUSE_HANDSHAKE:
        g_string_append_printf(text,
                               " For the %s the opening handshake has failed, so it reports %u or "
                               "an error.",
                               name, reported.code);
        break;
    case WSCLOSE_BECAUSE_UNKNOWN:
        break;
    }
}

static bool
both_because(const wsclose_verdict *verdict, wsclose_because because, uint16_t code)
{
    return verdict->because[WSCLOSE_CLIENT] == because && verdict->because[WSCLOSE_SERVER] == because &&
           verdict->reported[WSCLOSE_CLIENT].known && verdict->reported[WSCLOSE_SERVER].known &&
           verdict->reported[WSCLOSE_CLIENT].code == code && verdict->reported[WSCLOSE_SERVER].code == code;
}

static void
append_whys(GString *text, const scene *s)
{
    const wsclose_verdict *verdict = s->verdict;
    bool internal = false;

    if (both_because(verdict, WSCLOSE_BECAUSE_NONE, WSCLOSE_CODE_ABNORMAL_CLOSURE)) {
        g_string_append_printf(text,
                               " Neither side %s a Close frame, so both report 1006, a value that "
                               "each side's own library makes up.",
                               verdict->ending == WSCLOSE_ENDING_NO_CLOSE ? "sent" : "received");
        return;
    }
    for (wsclose_side who = WSCLOSE_CLIENT; who <= WSCLOSE_SERVER; who++) {
        append_why(text, s, who);
        internal = internal ||
                   (verdict->reported[who].known &&
                    verdict->reported[who].code == WSCLOSE_CODE_NO_STATUS_RCVD);
    }
    if (internal)
        g_string_append(text, " 1005 is an internal indicator of the library that reports it and "
                              "is not on the wire.");
}

static void
append_refusal(GString *text, const scene *s)
{
    const wsclose_connection *connection = s->connection;

    g_string_append(text, "The client asked for a WebSocket connection");
    if (connection->request.number != 0)
        g_string_append_printf(text, " in frame %" G_GUINT32_FORMAT, connection->request.number);
    g_string_append_printf(
        text, ", and the server answered with HTTP status %u (%s)", connection->status,
        refused_status_lookup(connection->carrier, connection->status)->name);
    if (connection->response.number != 0)
        g_string_append_printf(text, " in frame %" G_GUINT32_FORMAT, connection->response.number);
    scene_append(text, s, " instead of {success}. There never was a WebSocket connection. A "
                          "browser reports 1006 and does not show the status to the script: it is "
                          "in the capture, in the browser's console and in the server's log only. "
                          "Other client libraries raise an error, which often names the status.");
}

static void
append_unanswered_upgrade(GString *text, const scene *s)
{
    g_string_append(text, "The client asked for a WebSocket connection");
    wsclose_append_frame(text, s->connection->request.number);
    g_string_append(text, s->verdict->reported[WSCLOSE_CLIENT].known ? " and got no answer to its request."
                            : s->connection->unreadable[WSCLOSE_SERVER]
                                ? "; the answer could not be decrypted."
                                : "; the answer is not in the capture.");
    append_steps(text, s);
    if (s->verdict->reported[WSCLOSE_CLIENT].known)
        g_string_append(text, " There never was a WebSocket connection. A browser reports 1006; "
                              "other client libraries raise an error.");
    else
        append_why_unknown(text, s, WSCLOSE_CLIENT);
}

/* Wireshark could not decrypt a side: in TLS 1.3 each one has a secret, and a line in the key log. */
static void
append_unreadable(GString *text, const wsclose_connection *connection)
{
    const bool *unreadable = connection->unreadable;
    const bool both = unreadable[WSCLOSE_CLIENT] && unreadable[WSCLOSE_SERVER];
    const wsclose_side who = unreadable[WSCLOSE_CLIENT] ? WSCLOSE_CLIENT : WSCLOSE_SERVER;
    const char *name = who == WSCLOSE_CLIENT ? "CLIENT" : "SERVER";

    g_string_append_printf(text, " The capture is incomplete: what %s%s sent is in it, but could "
                                 "not be decrypted. ",
                           both ? "" : "the ", both ? "both sides" : wsclose_side_name(who));
    if (connection->has_tls13 && !both)
        g_string_append_printf(text, "See that the TLS key log has the lines "
                                     "%s_HANDSHAKE_TRAFFIC_SECRET and %s_TRAFFIC_SECRET_0 of this "
                                     "connection, and that no packet of the %s is missing or out "
                                     "of place before.",
                               name, name, wsclose_side_name(who));
    else
        g_string_append(text, "See that the capture has every packet of the TLS handshake, whole "
                              "and in its place, and that the key log belongs to it.");
}

static void
append_gaps(GString *text, const scene *s)
{
    const bool *missing = s->connection->missing;

    if (!s->verdict->incomplete)
        return;
    if (s->connection->unreadable[WSCLOSE_CLIENT] || s->connection->unreadable[WSCLOSE_SERVER]) {
        append_unreadable(text, s->connection);
        return;
    }
    g_string_append(text, " The capture is incomplete");
    if (missing[WSCLOSE_CLIENT] || missing[WSCLOSE_SERVER])
        g_string_append_printf(text, ": some of what %s sent is not in it",
                               missing[WSCLOSE_CLIENT] && missing[WSCLOSE_SERVER] ? "both sides"
                               : missing[WSCLOSE_CLIENT]                  ? "the client"
                                                                  : "the server");
    g_string_append_c(text, '.');
}

char *
wsclose_explain_verdict_description(const wsclose_verdict_context *context)
{
    const scene s = scene_of(context);
    GString *text = g_string_new(NULL);

    if (s.kind == CASE_REFUSED) {
        append_refusal(text, &s);
    } else if (s.kind == CASE_NO_ANSWER) {
        append_unanswered_upgrade(text, &s);
    } else {
        append_opening(text, &s);
        append_breach_before(text, &s);
        append_steps(text, &s);
        append_remark(text, &s);
        append_whys(text, &s);
    }
    append_gaps(text, &s);
    return g_string_free(text, FALSE);
}
