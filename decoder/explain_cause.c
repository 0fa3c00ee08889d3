/* explain_cause.c
 * Why connections end as they do, and what to change.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wsclose/explain.h"

#include "explain_private.h"
#include "words/refused_status.h"
#include "words/stream_error.h"
#include "verdict_scene.h"
#include "words/breaches.h"
#include "words/faults.h"
#include "wsclose/code.h"

static const refused_status *
status_of(const scene *s)
{
    return refused_status_lookup(s->connection->carrier, s->connection->status);
}

/* When it is seen. */

/* Idle times that somebody has set, and whose default they are. */
typedef struct {
    uint16_t seconds;
    const char *whose;
} timeout;

static const timeout timeouts[] = {
    {15, NULL},
    {20, NULL},
    {30, NULL},
    {45, NULL},
    {50, NULL},
    {55, "55 s is the limit of Heroku's router"},
    {60, "60 s is the default of nginx, as proxy_read_timeout, and of AWS's application load "
         "balancer"},
    {90, NULL},
    {100, NULL},
    {120, NULL},
    {180, NULL},
    {240, "4 minutes are the default of Azure's load balancer"},
    {300, NULL},
    {350, "350 s is the default of AWS's network load balancer"},
    {400, NULL},
    {600, NULL},
    {900, NULL},
    {1200, NULL},
    {1800, NULL},
    {3600, NULL},
    {7200, NULL},
};

static const timeout *
timeout_near(int64_t idle)
{
    for (size_t i = 0; i < G_N_ELEMENTS(timeouts); i++) {
        const int64_t exact = timeouts[i].seconds * SECOND;

        if (idle >= exact - SECOND && idle <= exact + SECOND)
            return &timeouts[i];
    }
    return NULL;
}

static void
append_idle_causes(GString *text, const scene *s)
{
    const timeout *near = timeout_near(s->verdict->idle);

    g_string_append(text, "Typical of a proxy, a load balancer or a firewall that ends a "
                          "connection on which nothing was sent for some time; it sends no Close "
                          "frame. In a capture taken on one side of it, it looks like the other "
                          "side.");
    if (near) {
        g_string_append_printf(text, " So close to %u seconds, it looks like such a timeout",
                               near->seconds);
        if (near->whose)
            g_string_append_printf(text, " (%s)", near->whose);
    } else {
        g_string_append(text, " The idle time here is none of the usual timeouts, so a process "
                              "that ended, a device that went to sleep or a network that was lost "
                              "are possible as well");
    }
    g_string_append_c(text, '.');
}

static void
append_end_causes(GString *text, const scene *s)
{
    if (s->kind == CASE_RESET)
        g_string_append_printf(text,
                               "Seen when the process on the %s crashed or was killed, or when its "
                               "application ends the connection at once (terminate() in ws, "
                               "destroy() on the %s, a %s closed with data still unread), "
                               "and when a firewall or a proxy in between cuts the connection.",
                               wsclose_side_name(s->first), scene_word(s, WORD_SOCKET),
                               scene_word(s, WORD_SOCKET));
    else
        g_string_append_printf(text,
                               "Seen when the process on the %s exited or was killed, when its "
                               "application closes the %s instead of the WebSocket, when a "
                               "library does so (libwebsockets where a callback returns -1), when "
                               "a network changes, and when a proxy in between restarts.",
                               wsclose_side_name(s->first), scene_word(s, WORD_SOCKET));
}

/* The row of the first bit of a set. */
static unsigned
first_of(unsigned bits)
{
    return bits != 0 ? (unsigned)BIT_INDEX(bits) : 0;
}

static void
append_unanswered_causes(GString *text, const scene *s)
{
    const char *other = wsclose_side_name(s->second);

    switch (s->kind) {
    case CASE_NOT_AWAITED:
        g_string_append_printf(text,
                               "Seen when the %s's application or process ends right after it "
                               "closed, when its library does not wait for the answer, or when the "
                               "answer took longer than it is willing to wait.",
                               wsclose_side_name(s->first));
        break;
    case CASE_LATE:
        g_string_append_printf(text,
                               "Seen when the %s's process ended, its application closed the "
                               "%s, or a proxy in between cut the connection, and the %s's "
                               "library answers the end of %s with a Close frame.",
                               other, scene_word(s, WORD_SOCKET), wsclose_side_name(s->first),
                               scene_word(s, WORD_TRANSPORT));
        break;
    default:
        g_string_append_printf(text,
                               "Seen when the %s's library or application does not answer a Close "
                               "frame but ends %s, when its process ended at that moment, or when "
                               "a proxy in between did.",
                               other, scene_word(s, WORD_TRANSPORT));
        break;
    }
}

static void
append_other_code_causes(GString *text, const scene *s)
{
    const wsclose_close_mark *answer = &s->connection->closes[s->second];

    if (has_code(answer) && answer->code == WSCLOSE_CODE_NORMAL_CLOSURE)
        g_string_append(text, " The other code is nothing to worry about: some libraries answer "
                              "every Close with 1000 (aiohttp, autobahn, websocket-client, the npm "
                              "package websocket).");
    else if (scene_answers(s))
        g_string_append_printf(text,
                               " The %s's library or application chose to answer with something "
                               "else than the code that it got.",
                               wsclose_side_name(s->second));
    else
        g_string_append_printf(text,
                               " The %s's other code is its application's own choice: it may have "
                               "closed at the same time, before it read the %s's Close.",
                               wsclose_side_name(s->second), wsclose_side_name(s->first));
}

static void
append_no_answer_causes(GString *text, const scene *s)
{
    if (s->first == WSCLOSE_CLIENT)
        scene_append(text, s, "Seen when the client's own time limit for opening ran out, or its "
                              "user or application gave up; the server, or a proxy in front of it, "
                              "took the {taken} and did not answer, for example because it "
                              "is overloaded or waits for another server.");
    else
        scene_append(text, s, "Seen when {not meant}, when the server's process failed over the "
                              "request or was stopped, or when a proxy or firewall cut the "
                              "connection.");
}

static const char *
capture_causes(void)
{
    return "Seen when the capture began after the connection did, when packets were lost or cut "
           "short while capturing, or when they came out of order and were not dissected.";
}

char *
wsclose_explain_verdict_seen_when(const wsclose_verdict_context *context)
{
    const scene s = scene_of(context);
    const wsclose_close_mark *first = &s.connection->closes[s.first];
    GString *text = g_string_new(NULL);

    switch (s.kind) {
    case CASE_REFUSED:
        scene_append(text, &s, status_of(&s)->seen_when);
        break;
    case CASE_NO_ANSWER:
        append_no_answer_causes(text, &s);
        break;
    case CASE_REJECTED:
        g_string_append(text, faults_words[first_of(s.connection->faults)].causes);
        break;
    case CASE_BREACH:
        g_string_append(text,
                        breaches_words[first_of(s.connection->breaches[s.culprit])].causes);
        break;
    case CASE_ILLEGAL:
        breaches_append_close_causes(text, s.connection->closes[s.culprit].breaches);
        break;
    case CASE_OWN:
        g_string_append(text,
                        wsclose_code_lookup(s.connection->closes[s.culprit].code)->seen_when);
        break;
    case CASE_CROSSED:
        g_string_append(text, "Seen when both applications close of their own accord, for example "
                              "after a last message on which both are finished.");
        break;
    case CASE_EMPTY:
        g_string_append(text, "What happens when a browser's close() is called without arguments, "
                              "and with many other libraries: the Close is empty, and so is the "
                              "answer to it.");
        break;
    case CASE_EMPTY_WITH_CODE:
        g_string_append(text, "The Close is what a browser's close() without arguments and many "
                              "libraries send. Some libraries answer an empty Close with 1000 "
                              "(aiohttp, autobahn, faye-websocket, Boost.Beast, Qt, libsoup).");
        break;
    case CASE_SAME_CODE:
        g_string_append(text, wsclose_code_lookup(first->code)->seen_when);
        break;
    case CASE_OTHER_CODE:
        g_string_append(text, wsclose_code_lookup(first->code)->seen_when);
        append_other_code_causes(text, &s);
        break;
    case CASE_LATE:
    case CASE_NOT_AWAITED:
    case CASE_UNANSWERED:
        append_unanswered_causes(text, &s);
        break;
    case CASE_CUT:
    case CASE_ONE_SIDE:
    case CASE_DARK:
        g_string_append(text, capture_causes());
        break;
    case CASE_DECLINED:
        scene_append(text, &s, "Most client libraries end {transport}, rather than send a Close "
                               "with 1010, where the server's response lacks an extension that "
                               "they need. A client that was stopped at that moment looks the "
                               "same.");
        break;
    case CASE_IDLE:
        append_idle_causes(text, &s);
        break;
    case CASE_RESET:
    case CASE_FIN:
        append_end_causes(text, &s);
        break;
    }
    return g_string_free(text, FALSE);
}

/* The fix. */

static void
append_extension_fix(GString *text, const scene *s)
{
    const size_t count = s->negotiation->n_declined;

    g_string_append(text, "Enable ");
    scene_append_declined(text, s, G_MAXSIZE);
    g_string_append_printf(text,
                           " on the server (or on the proxy that answers the %s), or make %s "
                           "optional in the client. Check Sec-WebSocket-Extensions in the "
                           "handshake response",
                           scene_word(s, WORD_UPGRADE), wsclose_it_or_them(count));
    wsclose_append_frame(text, s->connection->response.number);
    g_string_append_c(text, '.');
}

/* Both messages of the opening handshake are in the capture. */
static bool
is_negotiation_seen(const wsclose_negotiation *negotiation)
{
    return negotiation->offer_presence != WSCLOSE_HEADER_UNKNOWN &&
           negotiation->response_presence != WSCLOSE_HEADER_UNKNOWN;
}

static void
append_client_fix(GString *text, const scene *s)
{
    g_string_append(text, "Look into the client, not the server: nothing that it offered was left "
                          "out of the handshake response");
    wsclose_append_frame(text, s->connection->response.number);
    g_string_append(text, ". Check which extensions it needs, whether it offers all of them, and "
                          "how it reads the response.");
}

/* 1010, by what the opening handshake shows. */
static void
append_mandatory_fix(GString *text, const scene *s)
{
    if (s->first == WSCLOSE_SERVER)
        g_string_append(text, "Change the server: 1010 is the client's to send. A server that "
                              "needs an extension refuses the opening handshake instead.");
    else if (s->negotiation->n_declined > 0)
        append_extension_fix(text, s);
    else if (is_negotiation_seen(s->negotiation) && s->connection->faults == 0)
        append_client_fix(text, s);
    else
        g_string_append(text, wsclose_code_lookup(WSCLOSE_CODE_MANDATORY_EXT)->fix);
}

/* What to do about the code with which it began. */
static void
append_code_fix(GString *text, const scene *s)
{
    const wsclose_close_mark *mark = &s->connection->closes[s->first];

    if (has_code(mark) && mark->code == WSCLOSE_CODE_MANDATORY_EXT)
        append_mandatory_fix(text, s);
    else
        g_string_append(text, wsclose_code_lookup(mark->code)->fix);
}

static void
append_no_fix(GString *text, const scene *s)
{
    g_string_append_printf(text, "Nothing needs to be changed: this is a normal close. To tell the "
                                 "%s a cause, pass a code to close() on the %s.",
                           wsclose_side_name(s->second), wsclose_side_name(s->first));
}

static void
append_crossed_fix(GString *text, const scene *s)
{
    g_string_append(text, "Nothing needs to be changed: the protocol allows for it, and each side "
                          "reports the other's code. If the close was not wanted, look on both "
                          "sides for what began it");
    for (wsclose_side who = WSCLOSE_CLIENT; who <= WSCLOSE_SERVER; who++) {
        const wsclose_close_mark *mark = &s->connection->closes[who];

        if (has_code(mark))
            g_string_append_printf(text, "; the %s's %u stands for %s", wsclose_side_name(who),
                                   mark->code, wsclose_code_lookup(mark->code)->name);
    }
    g_string_append_c(text, '.');
}

static void
append_unanswered_fix(GString *text, const scene *s)
{
    const wsclose_close_mark *mark = &s->connection->closes[s->first];
    const char *own = wsclose_side_name(s->first);
    const char *other = wsclose_side_name(s->second);

    switch (s->kind) {
    case CASE_NOT_AWAITED:
        g_string_append_printf(text,
                               "On the %s, wait for the %s's Close frame before ending %s (a few "
                               "seconds at most), and let the process live that long. If the %s "
                               "was slow to answer, look there.",
                               own, other, scene_word(s, WORD_TRANSPORT), other);
        break;
    case CASE_LATE:
        g_string_append_printf(text,
                               "On the %s, close the WebSocket (call the library's close()) before "
                               "the %s or the process ends; look in its log, and in that of a "
                               "proxy in between, for what ended %s.",
                               other, scene_word(s, WORD_SOCKET), scene_word(s, WORD_TRANSPORT));
        break;
    default:
        g_string_append_printf(text,
                               "On the %s, answer a Close frame with a Close frame before ending "
                               "%s; a WebSocket library does so by itself if it is given the "
                               "time. Look in its log for what ended the process or the %s "
                               "first.",
                               other, scene_word(s, WORD_TRANSPORT), scene_word(s, WORD_SOCKET));
        break;
    }
    /* The cause of the Close, where it is more than an end as intended. */
    if (has_code(mark) && mark->code != WSCLOSE_CODE_NORMAL_CLOSURE) {
        g_string_append_printf(text, " On the %u: ", mark->code);
        append_code_fix(text, s);
    }
}

static void
append_idle_fix(GString *text, const scene *s)
{
    g_string_append(text, "Let one side send a Ping more often than every ");
    scene_append_time(text, s->verdict->idle);
    g_string_append(text, " (from the server, or by a message of the application's own, where the "
                          "client is a browser), or raise the idle timeout of the proxy or load "
                          "balancer: proxy_read_timeout and proxy_send_timeout in nginx, timeout "
                          "tunnel in HAProxy, the idle timeout of a cloud's load balancer. Let the "
                          "client reconnect.");
}

static void
append_end_fix(GString *text, const scene *s)
{
    for (wsclose_side who = WSCLOSE_CLIENT; who <= WSCLOSE_SERVER; who++) {
        const wsclose_end_mark *end = &s->connection->ends[who];

        if (!scene_is_blaming(s->connection, who))
            continue;
        g_string_append_printf(text, "The %s gave the whole connection up with GOAWAY (",
                               wsclose_side_name(who));
        stream_error_append(text, s->connection->carrier, end->error);
        g_string_append(text, "): look for that in its log first. ");
    }
    g_string_append_printf(text,
                           "On the %s, look in the log and the system's for what ended the process "
                           "or the %s at that time, and let the application call the "
                           "library's close() before it ends. If nothing there ended it, look at "
                           "the proxies and firewalls in between. Let the client reconnect.",
                           wsclose_side_name(s->first), scene_word(s, WORD_SOCKET));
}

static void
append_fault_fixes(GString *text, const scene *s)
{
    const char *last = NULL;

    for (unsigned bit = 0; bit < WSCLOSE_FAULT_COUNT; bit++) {
        const char *fix = faults_words[bit].fix;

        if (!HAS_BIT(s->connection->faults, bit) || fix == last)
            continue;
        g_string_append_printf(text, "%s%s", text->len > 0 ? " " : "", fix);
        last = fix;
    }
}

static void
append_breach_fix(GString *text, const scene *s, const char *what)
{
    g_string_append_printf(text,
                           "Correct the %s: its WebSocket library, or whatever writes frames by "
                           "hand there, sends a %s that the protocol forbids. The %s is right to "
                           "fail the connection.",
                           wsclose_side_name(s->culprit), what, wsclose_side_name(wsclose_side_peer(s->culprit)));
    if (s->kind == CASE_BREACH && s->connection->breaches[s->culprit] & WSCLOSE_BREACH_RSV)
        g_string_append(text, " Compare Sec-WebSocket-Extensions in the request and the response "
                              "with what each side believes was negotiated.");
}

static void
append_capture_fix(GString *text, const scene *s)
{
    g_string_append(text, s->kind == CASE_CUT
                              ? "Capture again with whole packets (snapshot length 0)."
                              : "Capture again from before the connection opens, with whole "
                                "packets (snapshot length 0) and without loss.");
}

static void
append_no_answer_fix(GString *text, const scene *s)
{
    if (s->first == WSCLOSE_CLIENT)
        g_string_append(text, "Look on the server, and on the proxy in front of it, for what keeps "
                              "it from answering: its log, its load, the port. If it only needs "
                              "longer, raise the client's time limit.");
    else
        scene_append(text, s, "Check {mean}, then look in the log of the server and of the proxy "
                              "in front of it at the time of the request.");
}

static void
append_fix(GString *text, const scene *s)
{
    switch (s->kind) {
    case CASE_REFUSED:
        scene_append(text, s, status_of(s)->fix);
        break;
    case CASE_NO_ANSWER:
        append_no_answer_fix(text, s);
        break;
    case CASE_REJECTED:
        append_fault_fixes(text, s);
        break;
    case CASE_BREACH:
        append_breach_fix(text, s, "frame");
        break;
    case CASE_ILLEGAL:
        append_breach_fix(text, s, "Close frame");
        break;
    case CASE_OWN:
        g_string_append(text, wsclose_code_lookup(s->connection->closes[s->culprit].code)->fix);
        break;
    case CASE_CROSSED:
        append_crossed_fix(text, s);
        break;
    case CASE_EMPTY:
    case CASE_EMPTY_WITH_CODE:
        append_no_fix(text, s);
        break;
    case CASE_SAME_CODE:
    case CASE_OTHER_CODE:
        append_code_fix(text, s);
        break;
    case CASE_LATE:
    case CASE_NOT_AWAITED:
    case CASE_UNANSWERED:
        append_unanswered_fix(text, s);
        break;
    case CASE_CUT:
    case CASE_ONE_SIDE:
    case CASE_DARK:
        append_capture_fix(text, s);
        break;
    case CASE_DECLINED:
        append_extension_fix(text, s);
        break;
    case CASE_IDLE:
        append_idle_fix(text, s);
        break;
    case CASE_RESET:
    case CASE_FIN:
        append_end_fix(text, s);
        break;
    }
}

char *
wsclose_explain_verdict_fix(const wsclose_verdict_context *context)
{
    const scene s = scene_of(context);
    GString *text = g_string_new(NULL);

    append_fix(text, &s);
    if (s.connection->faults != 0 && s.connection->carries_on)
        scene_append(text, &s,
                     " Besides, correct the {response}: another client would reject it.");
    return g_string_free(text, FALSE);
}
