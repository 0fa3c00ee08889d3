/* fuzz_losses.c
 * Any octets as the life of a connection, and which of its facts the capture lacks: what is then told
 * is told of the whole life too, or is said not to be known.
 *
 * Each fact is of three octets: what it is and whose, an argument, and how much time passes before it and
 * whether it is lost.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wsclose/cause.h"
#include "wsclose/connection.h"
#include "wsclose/explain.h"

#include "input.h"
#include "oracle.h"

enum { FACTS_MAX = 40, VERDICT_LINE_MAX = 200 };

typedef enum { FRAME, PING, PONG, BAD_FRAME, CONTENT, CLOSE, REPEATED, ALERT, FIN, RST } deed;

typedef struct {
    deed deed;
    wsclose_side who;
    uint8_t argument;
    bool is_lost;
    wsclose_moment moment;
} fact;

typedef struct {
    fact facts[FACTS_MAX];
    size_t count;
    unsigned faults; /* of the response */
    bool breaks[WSCLOSE_SIDES];
} life;

static const int64_t second = G_GINT64_CONSTANT(1000000000);

static const uint16_t codes[] = { 1000, 1001, 1002, 1007, 1008, 1009, 1010, 1011, 3000, 4000, 0 };

/* What is read of the input. */

static deed
deed_of(uint8_t what)
{
    static const deed deeds[] = { FRAME, FRAME, FRAME,   PING,  PONG,     CLOSE, CLOSE, CLOSE,
                                  FIN,   RST,   CONTENT, ALERT, REPEATED, FRAME, BAD_FRAME, FRAME };

    return deeds[what & 15];
}

static bool
can_be_lost(deed deed)
{
    return deed == FRAME || deed == PING || deed == PONG || deed == CLOSE;
}

/* Nobody sends a frame after its own Close or a fatal alert, or anything after its end. */
static life
next_life(reader *in)
{
    static const int64_t steps[] = { 0, 1, 1000000, 30000000, 1000000000, 10000000000, 60000000000,
                                     3600000000000 };
    life l = { .faults = (next_octet(in) & 15) == 15 ? WSCLOSE_FAULT_ACCEPT_WRONG : 0 };
    bool ended[WSCLOSE_SIDES] = { false };
    bool is_done[WSCLOSE_SIDES] = { false };
    wsclose_moment now = { 2, second };

    while (in->size >= 3 && l.count < FACTS_MAX) {
        const uint8_t what = next_octet(in);
        fact f = { deed_of(what), what >> 4 & 1 ? WSCLOSE_SERVER : WSCLOSE_CLIENT, next_octet(in), false,
                   now };
        const uint8_t when = next_octet(in);

        now.number++;
        now.time += steps[when & 7];
        f.moment = now;
        f.is_lost = (when & 0x40) != 0 && can_be_lost(f.deed);
        if (ended[f.who] || (is_done[f.who] && f.deed != FIN && f.deed != RST))
            continue;
        is_done[f.who] |= f.deed == CLOSE || f.deed == ALERT;
        ended[f.who] = f.deed == FIN || f.deed == RST;
        l.breaks[f.who] |= f.deed == BAD_FRAME;
        l.facts[l.count++] = f;
    }
    return l;
}

/* Taking. */

static void
take_frame(wsclose_connection *connection, const fact *f, uint8_t opcode)
{
    const wsclose_frame frame = { .fin = true,
                                  .opcode = opcode,
                                  .masked = (f->who == WSCLOSE_CLIENT) != (f->deed == BAD_FRAME),
                                  .header_len = 2,
                                  .payload_len = wsclose_opcode_is_control(opcode)
                                                     ? MIN(f->argument, WSCLOSE_CONTROL_PAYLOAD_MAX)
                                                     : f->argument * (uint64_t)100 };
    wsclose_frame_meaning meaning;

    wsclose_connection_frame(connection, f->who, &frame, f->moment, &meaning);
    if (f->deed == PING || f->deed == PONG)
        wsclose_connection_heartbeat(connection, f->who, opcode, f->argument & 1, f->moment);
}

static wsclose_close_body
body_of(const fact *f, uint8_t octets[2])
{
    const uint16_t code = codes[f->argument % G_N_ELEMENTS(codes)];
    wsclose_close_body body;

    octets[0] = (uint8_t)(code >> 8);
    octets[1] = (uint8_t)code;
    wsclose_close_body_decode(octets, code ? 2 : 0, code ? 2 : 0, &body);
    return body;
}

static void
take_close(wsclose_connection *connection, const fact *f)
{
    uint8_t octets[2];
    const wsclose_close_body body = body_of(f, octets);
    wsclose_close_meaning meaning;

    wsclose_connection_close(connection, &(wsclose_close_fact){ .sender = f->who, .body = &body },
                             f->moment, &meaning);
}

static void
take(wsclose_connection *connection, const fact *f)
{
    switch (f->deed) {
    case FRAME:
    case BAD_FRAME:
        take_frame(connection, f, WSCLOSE_OPCODE_TEXT);
        break;
    case PING:
        take_frame(connection, f, WSCLOSE_OPCODE_PING);
        break;
    case PONG:
        take_frame(connection, f, WSCLOSE_OPCODE_PONG);
        break;
    case CONTENT:
        wsclose_connection_content(connection, f->who,
                                   (wsclose_content)(f->argument % (WSCLOSE_CONTENT_UNCHECKED + 1)),
                                   f->moment);
        break;
    case CLOSE:
        take_close(connection, f);
        break;
    case REPEATED:
        wsclose_connection_repeated(connection, f->who, f->moment);
        break;
    case ALERT:
        wsclose_connection_alert(connection, f->who, f->argument, f->moment);
        break;
    case FIN:
    case RST:
        wsclose_connection_end(connection, f->who,
                               f->deed == FIN ? WSCLOSE_END_ORDERLY : WSCLOSE_END_RESET, f->moment);
        break;
    }
}

/* What is told of a life: the verdict, and its cause. */
typedef struct {
    wsclose_connection connection;
    wsclose_verdict verdict;
    wsclose_cause cause;
    bool is_settled;
} telling;

static void
judge(telling *t, const wsclose_negotiation *negotiation)
{
    const wsclose_neighbours none = { 0 };
    const wsclose_verdict_context context = { .connection = &t->connection,
                                              .verdict = &t->verdict,
                                              .negotiation = negotiation,
                                              .neighbours = &none };

    t->is_settled = wsclose_connection_verdict(&t->connection, &t->verdict);
    if (!t->is_settled)
        return;
    g_assert_true(wsclose_cause_judge(&context, &t->cause));
    check_text(wsclose_explain_verdict(&context), VERDICT_LINE_MAX);
}

/* with_losses: whether what is lost is taken as such, as a flow does. */
static telling
tell(const life *l, const wsclose_negotiation *negotiation, bool with_losses)
{
    const wsclose_handshake_response response = { .status = 101, .faults = l->faults };
    telling t;

    wsclose_connection_init(&t.connection);
    wsclose_connection_request(&t.connection, (wsclose_moment){ 1, 0 });
    wsclose_connection_response(&t.connection, &response, (wsclose_moment){ 2, second });
    for (size_t i = 0; i < l->count; i++) {
        if (with_losses && l->facts[i].is_lost)
            wsclose_connection_missing(&t.connection, l->facts[i].who);
        else
            take(&t.connection, &l->facts[i]);
    }
    judge(&t, negotiation);
    return t;
}

/* What is wrong. */

static char *
named(const life *l, const telling *whole, const telling *part)
{
    static const char *const deeds[] = { "frame",    "Ping",     "Pong",  "bad frame", "content", "Close",
                                         "repeated", "TLS alert", "FIN", "RST" };
    GString *text = g_string_new(NULL);

    for (size_t i = 0; i < l->count; i++) {
        const fact *f = &l->facts[i];

        g_string_append_printf(text, "%s%c %s %u after %.3f s%s", i == 0 ? "" : ", ", "CS"[f->who],
                               deeds[f->deed],
                               f->deed == CLOSE ? codes[f->argument % G_N_ELEMENTS(codes)] : f->argument,
                               (double)f->moment.time / 1e9, f->is_lost ? " LOST" : "");
    }
    g_string_append_printf(text, "; whole %s%s, part %s%s", wsclose_cause_name(whole->cause.id),
                           whole->cause.certain ? " certain" : "", wsclose_cause_name(part->cause.id),
                           part->cause.certain ? " certain" : "");
    return g_string_free(text, FALSE);
}

static void
expect(bool holds, const char *what, const life *l, const telling *whole, const telling *part)
{
    statements++;
    if (!holds)
        g_error("%s: %s", what, named(l, whole, part));
}

static void
check_codes(const life *l, const telling *whole, const telling *part)
{
    for (size_t i = 0; i < WSCLOSE_SIDES; i++) {
        const wsclose_reported *told = &part->verdict.reported[i];
        const wsclose_reported *truth = &whole->verdict.reported[i];

        expect(!told->known || (truth->known && told->code == truth->code), "another code", l, whole, part);
        expect(told->known || !truth->known || part->verdict.incomplete,
               "a code less, and it is not said why", l, whole, part);
    }
}

static void
check_verdict(const life *l, const telling *whole, const telling *part)
{
    const wsclose_verdict *told = &part->verdict;
    const wsclose_verdict *truth = &whole->verdict;

    expect(told->initiator == WSCLOSE_SIDE_UNKNOWN || told->initiator == truth->initiator,
           "another initiator", l, whole, part);
    expect(told->incomplete || told->clean == truth->clean, "clean, or not, and nothing is missing", l,
           whole, part);
    expect(!told->abnormal || truth->abnormal, "abnormal, which is not so", l, whole, part);
    expect(!told->unanswered || truth->unanswered, "unanswered, which is not so", l, whole, part);
}

static void
check_cause(const life *l, const telling *whole, const telling *part)
{
    expect(!part->cause.certain || part->cause.id == whole->cause.id, "another cause is certain", l, whole,
           part);
    expect(!part->cause.certain || part->cause.by == whole->cause.by, "certain, and another has to act", l,
           whole, part);
}

/* Octets that are missing are taken for such as their sender may send, and not for another breach. Nor
 * for a frame that shows that a breach was tolerated: what a Close complains of is believed. */
static bool
may_lose(const life *l, const fact *f)
{
    return !l->breaks[f->who] && (f->deed == CLOSE || !l->breaks[wsclose_side_peer(f->who)]);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    reader in = { data, size };
    life l = next_life(&in);
    const wsclose_header none = { WSCLOSE_HEADER_ABSENT, { NULL, 0 } };
    wsclose_negotiation *negotiation = wsclose_negotiation_match(&none, &none);
    const telling whole = tell(&l, negotiation, false);
    bool is_lost = false;

    for (size_t i = 0; i < l.count; i++) {
        l.facts[i].is_lost &= may_lose(&l, &l.facts[i]);
        is_lost |= l.facts[i].is_lost;
    }
    if (whole.is_settled && is_lost) {
        const telling part = tell(&l, negotiation, true);

        if (part.is_settled) {
            check_codes(&l, &whole, &part);
            check_verdict(&l, &whole, &part);
            check_cause(&l, &whole, &part);
        }
    }
    wsclose_negotiation_free(negotiation);
    return 0;
}
