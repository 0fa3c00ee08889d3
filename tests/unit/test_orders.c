/* test_orders.c
 * Every order of up to five facts of a connection, those that no capture can have included:
 * nothing breaks, no order has two verdicts, and each endpoint is told what the rules of RFC 6455
 * sections 7.1.5 to 7.1.7 say, applied to the whole order at once.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wsclose/connection.h"

#include "cpu_time.h"

#include <glib.h>
#include <string.h>

enum { STEPS_MAX = 5 };

enum { CLIENT, SERVER, NOBODY };

typedef enum {
    REQUEST,
    OPENS,
    BAD_OPENS, /* a 101 that the client must reject */
    REFUSES,
    MISSING,
    FRAME,
    BAD_FRAME, /* one that obliges its receiver to fail the connection */
    CLOSE,
    FIN,
    RST
} deed;

/* What is sent in a Close. */
enum { EMPTY = 1005, ILLEGAL = 5000, CUT = 0 };

/* The roles are alike but for the opening handshake, so not every fact stands here for both. */
static const struct {
    const char *name;
    deed deed;
    int who;
    unsigned code; /* of a Close */
} facts[] = {
    { "request", REQUEST, NOBODY, 0 },
    { "101", OPENS, NOBODY, 0 },
    { "bad 101", BAD_OPENS, NOBODY, 0 },
    { "403", REFUSES, NOBODY, 0 },
    { "client's octets missing", MISSING, CLIENT, 0 },
    { "server's octets missing", MISSING, SERVER, 0 },
    { "client's frame", FRAME, CLIENT, 0 },
    { "client's bad frame", BAD_FRAME, CLIENT, 0 },
    { "server's bad frame", BAD_FRAME, SERVER, 0 },
    { "client's 1000", CLOSE, CLIENT, 1000 },
    { "client's 1002", CLOSE, CLIENT, 1002 },
    { "client's cut Close", CLOSE, CLIENT, CUT },
    { "server's empty Close", CLOSE, SERVER, EMPTY },
    { "server's 1007", CLOSE, SERVER, 1007 },
    { "server's illegal Close", CLOSE, SERVER, ILLEGAL },
    { "client's FIN", FIN, CLIENT, 0 },
    { "server's FIN", FIN, SERVER, 0 },
    { "client's RST", RST, CLIENT, 0 },
    { "server's RST", RST, SERVER, 0 },
};

enum { FACTS = G_N_ELEMENTS(facts), CLIENT_MISSING = 4, SERVER_MISSING = 5 };

/* An order, and what there was to see on the way. */
typedef struct {
    unsigned facts[STEPS_MAX];
    unsigned count;
    unsigned settled; /* how many facts it took; 0 before */
} order;

static uint64_t orders_seen;
static uint64_t verdicts_seen;

static const wsclose_side endpoints[] = { WSCLOSE_CLIENT, WSCLOSE_SERVER };

static void
fail(const order *o, const char *why)
{
    GString *text = g_string_new(why);

    for (unsigned i = 0; i < o->count; i++)
        g_string_append_printf(text, "%s%s", i == 0 ? ": " : ", ", facts[o->facts[i]].name);
    g_error("%s", text->str);
}

static void
expect(const order *o, bool holds, const char *what)
{
    if (!holds)
        fail(o, what);
}

/* The rules, each one by a look at the whole order up to its last fact that counts. */

static deed
deed_at(const order *o, unsigned place)
{
    return facts[o->facts[place]].deed;
}

static int
who_at(const order *o, unsigned place)
{
    return facts[o->facts[place]].who;
}

static unsigned
code_at(const order *o, unsigned place)
{
    return facts[o->facts[place]].code;
}

enum { NOWHERE = STEPS_MAX };

/* The first place of a fact within the first `end`, or NOWHERE. */
static unsigned
first_of(const order *o, unsigned end, deed wanted, int who)
{
    for (unsigned i = 0; i < end; i++) {
        if (deed_at(o, i) == wanted && who_at(o, i) == who)
            return i;
    }
    return NOWHERE;
}

static bool
has(const order *o, unsigned end, deed wanted, int who)
{
    return first_of(o, end, wanted, who) != NOWHERE;
}

/* How many facts it takes to settle the connection; 0 where they do not. */
static unsigned
settles_after(const order *o)
{
    for (unsigned end = 1; end <= o->count; end++) {
        if (has(o, end, REFUSES, NOBODY) || has(o, end, RST, CLIENT) || has(o, end, RST, SERVER)
            || (has(o, end, FIN, CLIENT) && has(o, end, FIN, SERVER))
            || (has(o, end, CLOSE, CLIENT) && has(o, end, CLOSE, SERVER)))
            return end;
    }
    return 0;
}

static unsigned
frames_of(const order *o, unsigned end, int who)
{
    unsigned frames = 0;

    for (unsigned i = 0; i < end; i++) {
        const deed d = deed_at(o, i);
        frames += who_at(o, i) == who && (d == FRAME || d == BAD_FRAME || d == CLOSE);
    }
    return frames;
}

/* The capture shows that the connection was opened, by then. */
static bool
is_opened(const order *o, unsigned end)
{
    return has(o, end, OPENS, NOBODY) || has(o, end, BAD_OPENS, NOBODY);
}

/* The transport ended before anything but the request was seen. */
static bool
is_unanswered(const order *o)
{
    return has(o, o->settled, REQUEST, NOBODY) && !is_opened(o, o->settled)
           && frames_of(o, o->settled, CLIENT) == 0 && frames_of(o, o->settled, SERVER) == 0;
}

typedef enum { NO, YES, MAYBE } answer;

/* Whether the client had to reject the response and did: it sent nothing, or said so. */
static answer
rejects(const order *o)
{
    const unsigned close = first_of(o, o->settled, CLOSE, CLIENT);
    const bool bad = has(o, o->settled, BAD_OPENS, NOBODY);

    /* Nobody knows what the response had to fit. */
    const bool unseen = has(o, o->settled, OPENS, NOBODY) && !has(o, o->settled, REQUEST, NOBODY);
    if (!bad && !unseen)
        return NO;
    if (has(o, o->settled, FRAME, CLIENT) || has(o, o->settled, BAD_FRAME, CLIENT))
        return NO;
    if (close != NOWHERE && code_at(o, close) == CUT)
        return MAYBE;
    if (close != NOWHERE && code_at(o, close) != 1002)
        return NO;
    return !bad || has(o, o->settled, MISSING, CLIENT) ? MAYBE : YES;
}

/* Whether a peer's frame obliged an endpoint to fail the connection before its Close. */
static bool
is_breached(const order *o, int peer)
{
    for (unsigned i = 0; i < o->settled; i++) {
        if (deed_at(o, i) == CLOSE && who_at(o, i) == peer)
            return false;
        if (deed_at(o, i) == BAD_FRAME && who_at(o, i) == peer && is_opened(o, i)
            && !has(o, i, MISSING, peer))
            return true;
    }
    return false;
}

/* Whether an endpoint closed with a code of failure and did not wait for its peer's Close. */
static answer
gives_up(const order *o, int who)
{
    const unsigned own = first_of(o, o->settled, CLOSE, who);
    const unsigned peers = first_of(o, o->settled, CLOSE, !who);

    if (own == NOWHERE || own > peers
        || (code_at(o, own) != 1002 && code_at(o, own) != 1007 && code_at(o, own) != CUT))
        return NO;
    answer unseen = NO; /* an end of its side may be missing behind its Close */
    for (unsigned i = own; i < o->settled && i < peers; i++) {
        if (deed_at(o, i) == MISSING && who_at(o, i) == who)
            unseen = MAYBE;
    }
    for (unsigned i = 0; i < o->settled && i < peers; i++) {
        if (deed_at(o, i) != FIN && deed_at(o, i) != RST)
            continue;
        /* Its peer sends nothing more to wait for. */
        if (who_at(o, i) != who)
            return unseen;
        return has(o, o->settled, MISSING, !who) || code_at(o, own) == CUT ? MAYBE : YES;
    }
    return unseen;
}

/* Whether an endpoint that had ended its side met its peer's Close with a reset. */
static bool
resets_late_close(const order *o, int who)
{
    const unsigned end = first_of(o, o->settled, FIN, who);

    return end != NOWHERE && end < first_of(o, o->settled, CLOSE, !who)
           && !has(o, o->settled, CLOSE, who) && has(o, o->settled, RST, who);
}

/* What an endpoint is told, 0 where the capture cannot tell. */
static unsigned
expected_code(const order *o, int who)
{
    const int peer = !who;
    const unsigned close = first_of(o, o->settled, CLOSE, peer);
    const answer rejected = who == CLIENT ? rejects(o) : NO;
    const answer gave_up = gives_up(o, who);
    unsigned code = 0;

    if (has(o, o->settled, REFUSES, NOBODY) || is_unanswered(o))
        return who == CLIENT && !has(o, o->settled, MISSING, SERVER) ? 1006 : 0;
    if (rejected == YES || gave_up == YES)
        return 1006;
    /* It may have gone on, unless it says that it fails the connection. */
    const unsigned said = first_of(o, o->settled, CLOSE, who);
    const bool says_so = said != NOWHERE && (code_at(o, said) == 1002 || code_at(o, said) == 1007);
    if (is_breached(o, peer))
        return has(o, o->settled, MISSING, who) && !says_so ? 0 : 1006;
    /* Or its peer's first Close, which counts, may be missing. */
    if (close != NOWHERE && !resets_late_close(o, who) && code_at(o, close) == ILLEGAL)
        return (has(o, o->settled, MISSING, who) || has(o, o->settled, MISSING, peer)) && !says_so
                   ? 0 : 1006;

    if (close != NOWHERE && resets_late_close(o, who) && has(o, o->settled, MISSING, who))
        return 0;
    if (close != NOWHERE && !resets_late_close(o, who))
        code = code_at(o, close);
    else if (is_opened(o, o->settled) && !has(o, o->settled, MISSING, peer))
        code = 1006;
    /* Where it may have failed the connection, be it with a Close that is missing, only the same
     * code either way is certain. */
    const bool may_have_closed =
        has(o, o->settled, MISSING, who) && !has(o, o->settled, CLOSE, who);
    /* What its own Close complains of may be missing too. */
    const unsigned own = first_of(o, o->settled, CLOSE, who);
    const bool may_have_been_breached =
        has(o, o->settled, MISSING, peer) && own != NOWHERE &&
        (code_at(o, own) == 1002 || code_at(o, own) == 1007 ||
         (code_at(o, own) == CUT && own < first_of(o, o->settled, CLOSE, peer)));
    const bool unsure = rejected == MAYBE || gave_up == MAYBE || may_have_closed ||
                        may_have_been_breached;
    return unsure && code != 1006 ? 0 : code;
}

/* Who ended it, where the capture tells. */
static wsclose_side
expected_initiator(const order *o)
{
    const bool any_missing = has(o, o->settled, MISSING, CLIENT)
                             || has(o, o->settled, MISSING, SERVER);

    if (has(o, o->settled, REFUSES, NOBODY))
        return has(o, o->settled, MISSING, SERVER) ? WSCLOSE_SIDE_UNKNOWN : WSCLOSE_SERVER;
    for (unsigned i = 0; i < o->settled; i++) {
        if (deed_at(o, i) == CLOSE)
            return has(o, o->settled, MISSING, !who_at(o, i)) ? WSCLOSE_SIDE_UNKNOWN
                                                              : endpoints[who_at(o, i)];
    }
    if (!is_unanswered(o) && (any_missing || !is_opened(o, o->settled)))
        return WSCLOSE_SIDE_UNKNOWN;
    if (is_unanswered(o) && has(o, o->settled, MISSING, SERVER))
        return WSCLOSE_SIDE_UNKNOWN;
    for (unsigned i = 0; i < o->settled; i++) {
        if (deed_at(o, i) == FIN || deed_at(o, i) == RST)
            return has(o, i, MISSING, !who_at(o, i)) ? WSCLOSE_SIDE_UNKNOWN
                                                     : endpoints[who_at(o, i)];
    }
    g_assert_not_reached();
}

static wsclose_ending
expected_ending(const order *o)
{
    const int closes = has(o, o->settled, CLOSE, CLIENT) + has(o, o->settled, CLOSE, SERVER);

    if (has(o, o->settled, REFUSES, NOBODY))
        return WSCLOSE_ENDING_REFUSED;
    if (is_unanswered(o))
        return WSCLOSE_ENDING_NO_ANSWER;
    return closes == 2 ? WSCLOSE_ENDING_CLOSED
                       : closes == 1 ? WSCLOSE_ENDING_ONE_CLOSE : WSCLOSE_ENDING_NO_CLOSE;
}

static bool
fails(const wsclose_verdict *verdict, int who)
{
    return verdict->reported[who].known && verdict->reported[who].code == 1006;
}

static bool
expected_incomplete(const order *o, const wsclose_verdict *verdict)
{
    if (has(o, o->settled, REFUSES, NOBODY))
        return !has(o, o->settled, REQUEST, NOBODY) || has(o, o->settled, MISSING, SERVER);
    if (has(o, o->settled, MISSING, CLIENT) || has(o, o->settled, MISSING, SERVER))
        return true;
    if (!has(o, o->settled, REQUEST, NOBODY))
        return true;
    if (is_unanswered(o))
        return false;
    return !is_opened(o, o->settled) || !verdict->reported[0].known || !verdict->reported[1].known;
}

/* The transport ended and an endpoint, told 1006, never received a Close. */
static bool
expected_abnormal(const order *o, const wsclose_verdict *verdict)
{
    if (has(o, o->settled, REFUSES, NOBODY))
        return false;
    for (int who = CLIENT; who <= SERVER; who++) {
        if (fails(verdict, who)
            && ((!has(o, o->settled, CLOSE, !who) && !has(o, o->settled, MISSING, !who))
                || verdict->because[who] == WSCLOSE_BECAUSE_NONE))
            return true;
    }
    return false;
}

static bool
expected_unanswered(const order *o)
{
    const bool client = has(o, o->settled, CLOSE, CLIENT);

    return client != has(o, o->settled, CLOSE, SERVER) && !has(o, o->settled, REFUSES, NOBODY)
           && !has(o, o->settled, MISSING, client ? SERVER : CLIENT);
}

/* Fact n comes at n microseconds. */
static int64_t
time_of(unsigned place)
{
    return (int64_t)(place + 1) * 1000;
}

static unsigned
place_of_response(const order *o)
{
    return MIN(first_of(o, o->settled, OPENS, NOBODY), first_of(o, o->settled, BAD_OPENS, NOBODY));
}

static int64_t
expected_duration(const order *o)
{
    return is_opened(o, o->settled) ? time_of(o->settled - 1) - time_of(place_of_response(o)) : -1;
}

static int64_t
expected_idle(const order *o)
{
    unsigned began = 0;
    unsigned last = NOWHERE;

    while (began < o->settled && deed_at(o, began) != CLOSE && deed_at(o, began) != FIN
           && deed_at(o, began) != RST) {
        if (deed_at(o, began) == FRAME || deed_at(o, began) == BAD_FRAME)
            last = began;
        began++;
    }
    if (began == o->settled || has(o, o->settled, REFUSES, NOBODY))
        return -1;
    if (last == NOWHERE)
        last = place_of_response(o);
    /* An opening handshake that is seen after the end began is no idle time. */
    return last == NOWHERE ? -1 : MAX(time_of(began) - time_of(last), 0);
}

/* What holds for every verdict, whatever the order. */

static void
check_side(const order *o, const wsclose_verdict *verdict, int who)
{
    const wsclose_reported *reported = &verdict->reported[who];
    const wsclose_because because = verdict->because[who];

    expect(o, reported->known ? reported->code >= 1000 && reported->code <= 4999 && reported->code != 1004
                          : reported->code == 0,
           "a code that no API reports");
    expect(o, because != WSCLOSE_BECAUSE_UNKNOWN || !reported->known, "known, and yet not");
    expect(o, because == WSCLOSE_BECAUSE_UNKNOWN || reported->known
              || (who == SERVER && because == WSCLOSE_BECAUSE_HANDSHAKE),
           "unknown, and yet known why");
    expect(o, !reported->known || because == WSCLOSE_BECAUSE_RECEIVED || reported->code == 1006,
           "a code, and no Close that was received");
    expect(o, because != WSCLOSE_BECAUSE_RECEIVED
              || (reported->code != 1006 && has(o, o->settled, CLOSE, !who)),
           "received, and none was sent that can be");
    expect(o, because != WSCLOSE_BECAUSE_NONE
              || (is_opened(o, o->settled) && !has(o, o->settled, MISSING, !who)),
           "an invented 1006");
    if ((reported->known ? reported->code : 0) != expected_code(o, who)) {
        g_test_message("the %s is told %u, because %d; should be %u",
                       who == CLIENT ? "client" : "server", reported->code, because,
                       expected_code(o, who));
        fail(o, "another code");
    }
}

static void
check_verdict(const order *o, const wsclose_connection *connection, const wsclose_verdict *verdict)
{
    const bool both = has(o, o->settled, CLOSE, CLIENT) && has(o, o->settled, CLOSE, SERVER);

    check_side(o, verdict, CLIENT);
    check_side(o, verdict, SERVER);
    expect(o, verdict->ending == expected_ending(o), "another ending");
    expect(o, verdict->initiator == expected_initiator(o), "another initiator");
    expect(o, verdict->clean == (both && !fails(verdict, CLIENT) && !fails(verdict, SERVER)),
           "clean, or not, against the rule");
    expect(o, verdict->incomplete == expected_incomplete(o, verdict),
           "incomplete, or not, against the rule");
    expect(o, verdict->abnormal == expected_abnormal(o, verdict),
           "abnormal, or not, against the rule");
    expect(o, verdict->unanswered == expected_unanswered(o), "unanswered against the rule");
    expect(o, verdict->duration == expected_duration(o), "another duration");
    expect(o, verdict->idle == expected_idle(o), "another idle time");
    expect(o, !connection->crossed, "nothing has crossed here");
}

/* Feeding. */

static wsclose_moment
moment_of(unsigned place)
{
    return (wsclose_moment){ place + 1, time_of(place) };
}

static void
take_frame(wsclose_connection *connection, int who, bool bad, wsclose_moment moment)
{
    const wsclose_frame frame = { .fin = true, .opcode = WSCLOSE_OPCODE_TEXT,
                                  .masked = (who == CLIENT) != bad, .header_len = 2 };
    wsclose_frame_meaning meaning;

    wsclose_connection_frame(connection, endpoints[who], &frame, moment, &meaning);
    g_assert_true(meaning.first || meaning.breaches == 0 || connection->breaches[who] != 0);
}

static bool
take_close(wsclose_connection *connection, int who, unsigned code, wsclose_moment moment)
{
    const uint8_t octets[2] = { (uint8_t)(code >> 8), (uint8_t)code };
    wsclose_close_body body;
    wsclose_close_meaning meaning;

    wsclose_close_body_decode(octets, code == CUT || code == EMPTY ? 0 : 2, code == EMPTY ? 0 : 2,
                              &body);
    return wsclose_connection_close(
        connection,
        &(wsclose_close_fact){ .sender = endpoints[who],
                               .body = &body,
                               .breaches = code == ILLEGAL ? WSCLOSE_BREACH_CODE_INVALID : 0 },
        moment, &meaning);
}

/* Take one fact; returns whether it settles the connection. */
static bool
take(wsclose_connection *connection, unsigned fact, wsclose_moment moment)
{
    const deed d = facts[fact].deed;
    const int who = facts[fact].who;
    const wsclose_handshake_response response = {
        .status = d == REFUSES ? 403 : 101,
        .faults = d == BAD_OPENS ? WSCLOSE_FAULT_ACCEPT_WRONG : 0,
    };

    switch (d) {
    case REQUEST:
        wsclose_connection_request(connection, moment);
        return false;
    case OPENS:
    case BAD_OPENS:
    case REFUSES:
        return wsclose_connection_response(connection, &response, moment);
    case MISSING:
        wsclose_connection_missing(connection, endpoints[who]);
        return false;
    case FRAME:
    case BAD_FRAME:
        take_frame(connection, who, d == BAD_FRAME, moment);
        return false;
    case CLOSE:
        return take_close(connection, who, facts[fact].code, moment);
    case FIN:
    case RST:
        return wsclose_connection_end(connection, endpoints[who],
                                      d == RST ? WSCLOSE_END_RESET : WSCLOSE_END_ORDERLY, moment);
    }
    g_assert_not_reached();
}

/* One order: its last fact, taken in the state that those before it have made. */
static void
check_order(order *o, const wsclose_connection *before, wsclose_connection *after)
{
    wsclose_verdict verdict;
    wsclose_verdict untouched;
    bool settles;
    bool known;

    memcpy(after, before, sizeof *after);
    settles = take(after, o->facts[o->count - 1], moment_of(o->count - 1));
    memset(&verdict, 0x55, sizeof verdict);
    memset(&untouched, 0x55, sizeof untouched);
    known = wsclose_connection_verdict(after, &verdict);
    if (o->settled != 0) {
        expect(o, !settles, "settled twice");
        expect(o, known, "a verdict that went away");
        expect(o, memcmp(before, after, sizeof *after) == 0, "a change after the verdict");
    } else {
        expect(o, settles == (settles_after(o) != 0), "settled elsewhere");
        expect(o, known == settles, "a verdict without a fact that settles, or the reverse");
        expect(o, known || memcmp(&verdict, &untouched, sizeof verdict) == 0,
               "an output without a verdict");
        o->settled = settles ? o->count : 0;
    }
    for (int who = CLIENT; who <= SERVER; who++)
        expect(o, after->frames[who] == frames_of(o, known ? o->settled : o->count, who),
               "frames miscounted");
    orders_seen++;
    if (known) {
        verdicts_seen++;
        expect(o, after->settled.number == o->settled, "another moment");
        check_verdict(o, after, &verdict);
    }
}

/* The same facts, but that octets of a side are missing in place of what stands at one. */
static wsclose_verdict
verdict_without(const order *o, unsigned place)
{
    wsclose_connection connection;
    wsclose_verdict verdict;
    const unsigned missing = who_at(o, place) == CLIENT ? CLIENT_MISSING : SERVER_MISSING;

    wsclose_connection_init(&connection);
    for (unsigned i = 0; i < o->settled; i++)
        take(&connection, i == place ? missing : o->facts[i], moment_of(i));
    if (!wsclose_connection_verdict(&connection, &verdict))
        return (wsclose_verdict){ .incomplete = true };
    return verdict;
}

/* Without some octets of the capture less can be told, and nothing else. */
static void
check_without(const order *o, const wsclose_verdict *whole, unsigned place)
{
    const wsclose_verdict verdict = verdict_without(o, place);

    for (int who = CLIENT; who <= SERVER; who++) {
        const wsclose_reported *reported = &verdict.reported[who];

        if (reported->known && (!whole->reported[who].known || reported->code != whole->reported[who].code)) {
            g_test_message("without fact %u the %s is told %u, not %u", place + 1,
                           who == CLIENT ? "client" : "server", reported->code, whole->reported[who].code);
            fail(o, "another code where octets are missing");
        }
        expect(o, reported->known || !whole->reported[who].known || verdict.incomplete,
               "less is told, and it is not said why");
    }
}

static unsigned
closes_of(const order *o, int who)
{
    unsigned closes = 0;

    for (unsigned i = 0; i < o->settled; i++)
        closes += deed_at(o, i) == CLOSE && who_at(o, i) == who;
    return closes;
}

static void
check_missing(const order *o, const wsclose_connection *connection)
{
    wsclose_verdict whole;

    if (!wsclose_connection_verdict(connection, &whole) || has(o, o->settled, MISSING, CLIENT)
        || has(o, o->settled, MISSING, SERVER))
        return;
    /* Frames without an answer: something is missing already. */
    if (!is_opened(o, o->settled))
        return;
    /* Not of a side with a bad frame, nor one of two Close frames: octets that are missing are
     * taken for such as their sender may send, and where some are missing what looks like a bad
     * frame may be none. Else no code would be known of any capture that lacks an octet. */
    for (unsigned place = 0; place < o->settled; place++) {
        if ((deed_at(o, place) == FRAME || deed_at(o, place) == CLOSE)
            && closes_of(o, who_at(o, place)) <= 1
            && !has(o, o->settled, BAD_FRAME, who_at(o, place)))
            check_without(o, &whole, place);
    }
}

static void
check_orders_from(const order *o, const wsclose_connection *before)
{
    for (unsigned fact = 0; fact < FACTS; fact++) {
        order longer = *o;
        wsclose_connection after;

        /* The final response of an opening handshake is one. */
        if (facts[fact].deed >= OPENS && facts[fact].deed <= REFUSES && o->settled == 0
            && is_opened(o, o->count))
            continue;
        longer.facts[longer.count++] = fact;
        check_order(&longer, before, &after);
        if (o->settled == 0)
            check_missing(&longer, &after);
        if (longer.count < STEPS_MAX)
            check_orders_from(&longer, &after);
    }
}

static void
test_all(void)
{
    const gint64 begin = cpu_time();
    wsclose_connection connection;

    wsclose_connection_init(&connection);
    check_orders_from(&(order){ .count = 0 }, &connection);
    g_test_message("%" G_GUINT64_FORMAT " orders, %" G_GUINT64_FORMAT " with a verdict",
                   orders_seen, verdicts_seen);
    g_assert_cmpuint(orders_seen, >, 2000000);
    g_assert_cmpuint(verdicts_seen, >, orders_seen / 2);
    /* With room for sanitizers. */
    assert_cpu_seconds(begin, 60);
}

/* A connection that never ends costs no more than one that does. */
static void
test_size(void)
{
    g_assert_cmpuint(sizeof(wsclose_connection), <=, 1024);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/orders/size", test_size);
    g_test_add_func("/orders/all", test_all);
    return g_test_run();
}
