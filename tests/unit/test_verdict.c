/* test_verdict.c
 * The verdict on a connection, and the fact at which it stands: one row per rule and exception.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wsclose/explain.h"

#include <glib.h>
#include <string.h>

enum {
    CLIENT = WSCLOSE_CLIENT,
    SERVER = WSCLOSE_SERVER,
    NOBODY = WSCLOSE_SIDE_UNKNOWN
};

typedef enum {
    END = 0,
    DO_REQUEST,
    DO_RESPONSE,
    DO_MISSING,
    DO_FOUND,
    DO_FRAME,
    DO_CLOSE,
    DO_END,
    DO_CONTENT,
    DO_AHEAD,
    DO_LATE
} deed;

/* What is sent in a Close, where it is not a status code. */
enum {
    EMPTY = -1,
    CUT = -2,    /* the capture has too little of the body */
    NOTHING = -3 /* and here none of it */
};

/* One fact. */
typedef struct {
    deed deed;
    int who;
    int value;     /* status, code, opcode, or kind of end */
    unsigned bits; /* faults, or breaches; of a frame, frame_bits */
    bool with;     /* in the packet of the fact before it */
} step;

enum { MASK_WRONG = 1, NO_FIN = 2, RSV1 = 4, LONG = 8, HUGE_LENGTH = 16 };
enum { CROSSING = 1 << 16, RECEIPT = 1 << 17, ACKED = 1 << 18 }; /* beside the breaches of a Close */

#define REQUEST { DO_REQUEST, NOBODY, 0, 0, false }
#define RESPONSE(status, faults) { DO_RESPONSE, NOBODY, status, faults, false }
#define OPENS RESPONSE(101, 0)
#define BAD_OPENS RESPONSE(101, WSCLOSE_FAULT_ACCEPT_WRONG)
#define MISSING(who) { DO_MISSING, who, 0, 0, false }
#define FOUND(who) { DO_FOUND, who, 0, 0, false }
#define FRAME(who, opcode, bits) { DO_FRAME, who, opcode, bits, false }
#define TEXT(who) FRAME(who, WSCLOSE_OPCODE_TEXT, 0)
#define PING(who) FRAME(who, WSCLOSE_OPCODE_PING, 0)
#define BAD_TEXT(who) FRAME(who, WSCLOSE_OPCODE_TEXT, MASK_WRONG)
#define CLOSE(who, code) { DO_CLOSE, who, code, 0, false }
#define CROSSING_CLOSE(who, code) { DO_CLOSE, who, code, CROSSING, false }
#define BAD_CLOSE(who, code, breaches) { DO_CLOSE, who, code, breaches, false }
#define ACKED_CLOSE(who, code) { DO_CLOSE, who, code, ACKED, false }
#define CONTENT(who, content) { DO_CONTENT, who, WSCLOSE_CONTENT_##content, 0, true }
#define AHEAD(who) { DO_AHEAD, who, 0, 0, true }
#define LATE(who) { DO_LATE, who, 0, 0, true }
#define FIN(who) { DO_END, who, WSCLOSE_END_ORDERLY, 0, false }
#define FIN_WITH(who) { DO_END, who, WSCLOSE_END_ORDERLY, 0, true }
#define RST(who) { DO_END, who, WSCLOSE_END_RESET, 0, false }

enum { STEPS_MAX = 10 };

/* A code in told for what the capture cannot tell. */
enum { UNTOLD = 0 };

/* Yes or no in a verdict, as a set of bits. */
enum { CLEAN = 1, INCOMPLETE = 2, ABNORMAL = 4, UNANSWERED = 8, CROSSED = 16 };

/* Packet n comes 2^n seconds after a fixed point, so that a time tells its two packets. */
#define SPAN(from, to) ((((int64_t)1 << (to)) - ((int64_t)1 << (from))) * 1000000000)
#define NO_TIME ((int64_t)-1)

typedef struct {
    uint16_t code; /* or UNTOLD */
    wsclose_because because;
} reported_row;

#define RECEIVED(code) { code, WSCLOSE_BECAUSE_RECEIVED }
#define NONE { 1006, WSCLOSE_BECAUSE_NONE }
#define ILLEGAL { 1006, WSCLOSE_BECAUSE_ILLEGAL }
#define BREACH { 1006, WSCLOSE_BECAUSE_BREACH }
#define OWN { 1006, WSCLOSE_BECAUSE_OWN }
#define FAILED { 1006, WSCLOSE_BECAUSE_HANDSHAKE }
#define NEVER_THERE { UNTOLD, WSCLOSE_BECAUSE_HANDSHAKE }
#define CANNOT_TELL { UNTOLD, WSCLOSE_BECAUSE_UNKNOWN }

typedef struct {
    const char *why;
    step steps[STEPS_MAX];
    unsigned settles; /* which step does, from 1; 0: none, and nothing below counts */
    wsclose_ending ending;
    reported_row client;
    reported_row server;
    unsigned flags;
    int initiator;
    int64_t duration;
    int64_t idle;
} scenario;

#define REFUSED WSCLOSE_ENDING_REFUSED
#define NO_ANSWER WSCLOSE_ENDING_NO_ANSWER
#define CLOSED WSCLOSE_ENDING_CLOSED
#define ONE_CLOSE WSCLOSE_ENDING_ONE_CLOSE
#define NO_CLOSE WSCLOSE_ENDING_NO_CLOSE
#define NEVER 0, 0, { 0, 0 }, { 0, 0 }, 0, 0, 0, 0

static wsclose_moment
moment_of(uint32_t number)
{
    return (wsclose_moment){ number, ((int64_t)1 << number) * 1000000000 };
}

static bool
take_close(wsclose_connection *connection, const step *s, wsclose_moment moment)
{
    const uint8_t octets[2] = { (uint8_t)(s->value >> 8), (uint8_t)s->value };
    wsclose_close_fact fact = { .sender = s->who,
                                .breaches = s->bits & ~(unsigned)(CROSSING | RECEIPT | ACKED),
                                .crossing = (s->bits & CROSSING) != 0,
                                .has_receipt = (s->bits & RECEIPT) != 0,
                                .acknowledged = (s->bits & ACKED) != 0 };
    wsclose_close_meaning meaning;
    wsclose_close_body body;

    if (s->value == EMPTY)
        wsclose_close_body_decode(NULL, 0, 0, &body);
    else if (s->value == CUT)
        wsclose_close_body_decode(NULL, 0, 2, &body);
    else
        wsclose_close_body_decode(octets, sizeof octets, sizeof octets, &body);
    if (s->value != NOTHING)
        fact.body = &body;
    return wsclose_connection_close(connection, &fact, moment, &meaning);
}

static void
take_frame(wsclose_connection *connection, const step *s, wsclose_moment moment)
{
    const bool right = s->who == CLIENT;
    const wsclose_frame frame = {
        .fin = !(s->bits & NO_FIN),
        .rsv = s->bits & RSV1 ? 4 : 0,
        .opcode = (uint8_t)s->value,
        .masked = s->bits & MASK_WRONG ? !right : right,
        .header_len = 2,
        .payload_len = s->bits & HUGE_LENGTH ? (uint64_t)1 << 63 : s->bits & LONG ? 126 : 5,
    };
    wsclose_frame_meaning meaning;

    wsclose_connection_frame(connection, s->who, &frame, moment, &meaning);
}

/* Take one fact; returns whether it settles the connection. */
static bool
take(wsclose_connection *connection, const step *s, wsclose_moment moment)
{
    /* The status that accepts is another one over a stream. */
    const bool accepts = s->deed == DO_RESPONSE && s->value == 101
                         && connection->carrier != WSCLOSE_CARRIER_HTTP1;
    const wsclose_handshake_response response = {
        .status = accepts ? 200 : (unsigned)s->value,
        .faults = s->bits,
    };

    switch (s->deed) {
    case DO_REQUEST:
        wsclose_connection_request(connection, moment);
        return false;
    case DO_RESPONSE:
        return wsclose_connection_response(connection, &response, moment);
    case DO_MISSING:
        wsclose_connection_missing(connection, s->who);
        return false;
    case DO_FOUND:
        wsclose_connection_found(connection, s->who);
        return false;
    case DO_FRAME:
        take_frame(connection, s, moment);
        return false;
    case DO_CLOSE:
        return take_close(connection, s, moment);
    case DO_CONTENT:
        wsclose_connection_content(connection, s->who, (wsclose_content)s->value, moment);
        return false;
    case DO_AHEAD:
        wsclose_connection_ahead(connection, s->who);
        return false;
    case DO_LATE:
        wsclose_connection_close_was_late(connection, s->who);
        return false;
    case DO_END:
        return wsclose_connection_end(connection, s->who, (wsclose_end_kind)s->value, moment);
    default:
        g_assert_not_reached();
    }
}

static void
check_reported(const char *whose, const wsclose_reported *reported, wsclose_because because,
           const reported_row *expected)
{
    if (reported->known != (expected->code != UNTOLD) || reported->code != expected->code
        || because != expected->because) {
        g_test_message("the %s is told %u (%s), because %d; should be %u, because %d", whose,
                       reported->code, reported->known ? "known" : "unknown", because, expected->code,
                       expected->because);
        g_test_fail();
    }
}

static void
check_verdict(const wsclose_connection *connection, const scenario *row)
{
    wsclose_verdict verdict;
    unsigned flags;

    memset(&verdict, 0xaa, sizeof verdict);
    g_assert_true(wsclose_connection_verdict(connection, &verdict));
    flags = (verdict.clean ? CLEAN : 0) | (verdict.incomplete ? INCOMPLETE : 0)
            | (verdict.abnormal ? ABNORMAL : 0) | (verdict.unanswered ? UNANSWERED : 0)
            | (connection->crossed ? CROSSED : 0);
    check_reported("client", &verdict.reported[0], verdict.because[0], &row->client);
    check_reported("server", &verdict.reported[1], verdict.because[1], &row->server);
    if (verdict.ending != row->ending || flags != row->flags
        || verdict.initiator != (wsclose_side)row->initiator) {
        g_test_message("ending %d, flags 0x%x, initiator %d; should be %d, 0x%x, %d",
                       verdict.ending, flags, verdict.initiator, row->ending, row->flags,
                       row->initiator);
        g_test_fail();
    }
    if (verdict.duration != row->duration || verdict.idle != row->idle) {
        g_test_message("duration %" G_GINT64_FORMAT ", idle %" G_GINT64_FORMAT
                       "; should be %" G_GINT64_FORMAT ", %" G_GINT64_FORMAT,
                       verdict.duration, verdict.idle, row->duration, row->idle);
        g_test_fail();
    }
}

static void
check_scenario_over(wsclose_carrier carrier, const scenario *row)
{
    wsclose_connection connection;
    wsclose_verdict untouched;
    wsclose_verdict verdict;
    uint32_t number = 0;
    unsigned settled = 0;

    g_test_message("%s, over carrier %d", row->why, carrier);
    memset(&untouched, 0x55, sizeof untouched);
    memset(&connection, 0xaa, sizeof connection);
    wsclose_connection_init_over(&connection, carrier);
    for (unsigned n = 0; n < STEPS_MAX && row->steps[n].deed != END; n++) {
        wsclose_connection before;
        bool settles;

        memcpy(&verdict, &untouched, sizeof verdict);
        if (settled == 0) {
            g_assert_false(wsclose_connection_verdict(&connection, &verdict));
            g_assert_cmpmem(&verdict, sizeof verdict, &untouched, sizeof untouched);
            g_assert_cmpuint(connection.settled.number, ==, 0);
        }
        number += row->steps[n].with ? 0 : 1;
        memcpy(&before, &connection, sizeof before);
        settles = take(&connection, &row->steps[n], moment_of(number));
        if (settled != 0) {
            g_assert_false(settles);
            g_assert_cmpmem(&connection, sizeof connection, &before, sizeof before);
        } else if (settles) {
            settled = n + 1;
            g_assert_cmpuint(connection.settled.number, ==, number);
            g_assert_true(connection.settled.time == moment_of(number).time);
        }
    }
    if (settled != row->settles) {
        g_test_message("settled by step %u; should be %u", settled, row->settles);
        g_test_fail();
    } else if (settled != 0) {
        check_verdict(&connection, row);
    } else {
        g_assert_false(wsclose_connection_verdict(&connection, &verdict));
    }
}

/* What carries a connection does not change the verdict on it. */
static void
check_scenario(const scenario *row)
{
    check_scenario_over(WSCLOSE_CARRIER_HTTP1, row);
    for (size_t n = 0; n < STEPS_MAX; n++) {
        if (row->steps[n].deed == DO_RESPONSE && row->steps[n].value / 100 == 2)
            return; /* refused over HTTP/1.1 alone */
    }
    check_scenario_over(WSCLOSE_CARRIER_HTTP2, row);
    check_scenario_over(WSCLOSE_CARRIER_HTTP3, row);
}

#define CHECK(rows)                                                                               \
    do {                                                                                          \
        for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)                                           \
            check_scenario(&(rows)[i]);                                                           \
    } while (0)

/* RFC 6455 section 7.1.5: the first Close frame that an endpoint received settles its code. */
static const scenario received[] = {
    { "the client begins, the server echoes",
      { REQUEST, OPENS, TEXT(CLIENT), CLOSE(CLIENT, 1000), CLOSE(SERVER, 1000) },
      5, CLOSED, RECEIVED(1000), RECEIVED(1000), CLEAN, CLIENT, SPAN(2, 5), SPAN(3, 4) },
    { "the server begins, the client echoes",
      { REQUEST, OPENS, CLOSE(SERVER, 1001), CLOSE(CLIENT, 1001) },
      4, CLOSED, RECEIVED(1001), RECEIVED(1001), CLEAN, SERVER, SPAN(2, 4), SPAN(2, 3) },
    { "an empty Close answered by an empty Close: 1005 on both sides, and clean",
      { REQUEST, OPENS, CLOSE(CLIENT, EMPTY), CLOSE(SERVER, EMPTY) },
      4, CLOSED, RECEIVED(1005), RECEIVED(1005), CLEAN, CLIENT, SPAN(2, 4), SPAN(2, 3) },
    { "its own Close does not count: who sent 1000 and got an empty one is told 1005",
      { REQUEST, OPENS, CLOSE(CLIENT, 1000), CLOSE(SERVER, EMPTY) },
      4, CLOSED, RECEIVED(1005), RECEIVED(1000), CLEAN, CLIENT, SPAN(2, 4), SPAN(2, 3) },
    { "and who sent an empty one and got 1000 is told 1000",
      { REQUEST, OPENS, CLOSE(SERVER, EMPTY), CLOSE(CLIENT, 1000) },
      4, CLOSED, RECEIVED(1005), RECEIVED(1000), CLEAN, SERVER, SPAN(2, 4), SPAN(2, 3) },
    { "1010, answered by 1000",
      { REQUEST, OPENS, CLOSE(CLIENT, 1010), CLOSE(SERVER, 1000) },
      4, CLOSED, RECEIVED(1000), RECEIVED(1010), CLEAN, CLIENT, SPAN(2, 4), SPAN(2, 3) },
    { "1002, answered before the transport ends, fails nobody",
      { REQUEST, OPENS, CLOSE(CLIENT, 1002), CLOSE(SERVER, 1002) },
      4, CLOSED, RECEIVED(1002), RECEIVED(1002), CLEAN, CLIENT, SPAN(2, 4), SPAN(2, 3) },
    { "a private code", { REQUEST, OPENS, CLOSE(SERVER, 4999), CLOSE(CLIENT, 3000) },
      4, CLOSED, RECEIVED(4999), RECEIVED(3000), CLEAN, SERVER, SPAN(2, 4), SPAN(2, 3) },
    { "a second Close frame changes nothing: another code",
      { REQUEST, OPENS, CLOSE(CLIENT, 1000), CLOSE(CLIENT, 1011), CLOSE(SERVER, 1000) },
      5, CLOSED, RECEIVED(1000), RECEIVED(1000), CLEAN, CLIENT, SPAN(2, 5), SPAN(2, 3) },
    { "a second Close frame changes nothing: an empty one first",
      { REQUEST, OPENS, CLOSE(SERVER, EMPTY), CLOSE(SERVER, 1000), CLOSE(CLIENT, 1000) },
      5, CLOSED, RECEIVED(1005), RECEIVED(1000), CLEAN, SERVER, SPAN(2, 5), SPAN(2, 3) },
    { "a second Close frame changes nothing: a breach in it",
      { REQUEST, OPENS, CLOSE(SERVER, 1000), BAD_CLOSE(SERVER, 1005, WSCLOSE_BREACH_CODE_RESERVED),
        CLOSE(CLIENT, 1000) },
      5, CLOSED, RECEIVED(1000), RECEIVED(1000), CLEAN, SERVER, SPAN(2, 5), SPAN(2, 3) },
    { "a second Close frame changes nothing: a breach in the first",
      { REQUEST, OPENS, BAD_CLOSE(SERVER, 1005, WSCLOSE_BREACH_CODE_RESERVED),
        CLOSE(SERVER, 1000), CLOSE(CLIENT, 1000) },
      5, CLOSED, ILLEGAL, RECEIVED(1000), 0, SERVER, SPAN(2, 5), SPAN(2, 3) },
    { "data after a Close changes no code",
      { REQUEST, OPENS, CLOSE(SERVER, 1000), TEXT(SERVER), TEXT(CLIENT), CLOSE(CLIENT, 1000) },
      6, CLOSED, RECEIVED(1000), RECEIVED(1000), CLEAN, SERVER, SPAN(2, 6), SPAN(2, 3) },
    { "both close at once: each is told what the other sent",
      { REQUEST, OPENS, CLOSE(CLIENT, 1001), CROSSING_CLOSE(SERVER, 1012) },
      4, CLOSED, RECEIVED(1012), RECEIVED(1001), CLEAN | CROSSED, CLIENT, SPAN(2, 4),
      SPAN(2, 3) },
    { "the server's comes first, and they cross",
      { REQUEST, OPENS, CLOSE(SERVER, EMPTY), CROSSING_CLOSE(CLIENT, EMPTY) },
      4, CLOSED, RECEIVED(1005), RECEIVED(1005), CLEAN | CROSSED, SERVER, SPAN(2, 4),
      SPAN(2, 3) },
    { "who repeats a Close crosses nothing",
      { REQUEST, OPENS, CLOSE(SERVER, 1000), CROSSING_CLOSE(SERVER, 1000), CLOSE(CLIENT, 1000) },
      5, CLOSED, RECEIVED(1000), RECEIVED(1000), CLEAN, SERVER, SPAN(2, 5), SPAN(2, 3) },
    { "a Close whose sender nobody knows is nobody's",
      { REQUEST, OPENS, CLOSE(NOBODY, 1000), CLOSE(CLIENT, 1001), CLOSE(SERVER, 1002) },
      5, CLOSED, RECEIVED(1002), RECEIVED(1001), CLEAN, CLIENT, SPAN(2, 5), SPAN(2, 4) },
    { "one Close settles nothing", { REQUEST, OPENS, CLOSE(CLIENT, 1000), CLOSE(CLIENT, 1000) },
      NEVER },
};

static void
test_received(void)
{
    CHECK(received);
}

/* An illegal Close makes its receiver fail the connection (RFC 6455 section 7.1.7): 1006. */
static const scenario illegal[] = {
    { "an illegal Close and the 1002 that answers it",
      { REQUEST, OPENS, BAD_CLOSE(CLIENT, 1005, WSCLOSE_BREACH_CODE_RESERVED),
        CLOSE(SERVER, 1002) },
      4, CLOSED, RECEIVED(1002), ILLEGAL, 0, CLIENT, SPAN(2, 4), SPAN(2, 3) },
    { "an illegal answer",
      { REQUEST, OPENS, CLOSE(CLIENT, 1000), BAD_CLOSE(SERVER, 999, WSCLOSE_BREACH_CODE_INVALID) },
      4, CLOSED, ILLEGAL, RECEIVED(1000), 0, CLIENT, SPAN(2, 4), SPAN(2, 3) },
    { "where both sides fail, both are told 1006",
      { REQUEST, OPENS, BAD_CLOSE(CLIENT, 1006, WSCLOSE_BREACH_CODE_RESERVED),
        BAD_CLOSE(SERVER, 1006, WSCLOSE_BREACH_CODE_RESERVED) },
      4, CLOSED, ILLEGAL, ILLEGAL, 0, CLIENT, SPAN(2, 4), SPAN(2, 3) },
    { "an illegal Close, and its receiver hangs up",
      { REQUEST, OPENS, BAD_CLOSE(SERVER, EMPTY, WSCLOSE_BREACH_MASKED), RST(CLIENT) },
      4, ONE_CLOSE, ILLEGAL, NONE, ABNORMAL | UNANSWERED, SERVER, SPAN(2, 4), SPAN(2, 3) },
    { "a breach in a Close that is cut is a breach",
      { REQUEST, OPENS, BAD_CLOSE(SERVER, CUT, WSCLOSE_BREACH_FRAGMENTED), CLOSE(CLIENT, 1002) },
      4, CLOSED, ILLEGAL, RECEIVED(1002), 0, SERVER, SPAN(2, 4), SPAN(2, 3) },
    { "one of which nothing is there but its header",
      { REQUEST, OPENS, BAD_CLOSE(SERVER, NOTHING, WSCLOSE_BREACH_RSV), CLOSE(CLIENT, 1002) },
      4, CLOSED, ILLEGAL, RECEIVED(1002), 0, SERVER, SPAN(2, 4), SPAN(2, 3) },
};

static void
test_illegal(void)
{
    CHECK(illegal);
}

/* Whatever it is that a Close breaches, and whoever sends it. */
static void
test_illegal_every_breach(void)
{
    for (unsigned bit = 0; bit < WSCLOSE_BREACH_COUNT; bit++) {
        const scenario by_client = {
            "an illegal Close of the client",
            { REQUEST, OPENS, BAD_CLOSE(CLIENT, 1000, 1u << bit), CLOSE(SERVER, 1000) },
            4, CLOSED, RECEIVED(1000), ILLEGAL, 0, CLIENT, SPAN(2, 4), SPAN(2, 3) };
        const scenario by_server = {
            "an illegal Close of the server",
            { REQUEST, OPENS, BAD_CLOSE(SERVER, 1000, 1u << bit), CLOSE(CLIENT, 1000) },
            4, CLOSED, ILLEGAL, RECEIVED(1000), 0, SERVER, SPAN(2, 4), SPAN(2, 3) };

        g_test_message("breach 0x%x", 1u << bit);
        check_scenario(&by_client);
        check_scenario(&by_server);
    }
}

/* A receiver that goes on has not failed the connection. */
static const scenario tolerated[] = {
    { "seconds later the server sends as before",
      { REQUEST, OPENS, BAD_TEXT(CLIENT), TEXT(SERVER), CLOSE(SERVER, 1001),
        CLOSE(CLIENT, 1001) },
      6, CLOSED, RECEIVED(1001), RECEIVED(1001), CLEAN, SERVER, SPAN(2, 6), SPAN(4, 5) },
    { "and so does the client, by a Pong",
      { REQUEST, OPENS, BAD_TEXT(SERVER), FRAME(CLIENT, WSCLOSE_OPCODE_PONG, 0),
        CLOSE(SERVER, 1000), CLOSE(CLIENT, 1000) },
      6, CLOSED, RECEIVED(1000), RECEIVED(1000), CLEAN, SERVER, SPAN(2, 6), SPAN(4, 5) },
    { "what is tolerated once is so again, in a Close too",
      { REQUEST, OPENS, BAD_TEXT(CLIENT), TEXT(SERVER), BAD_TEXT(CLIENT),
        BAD_CLOSE(CLIENT, 1000, WSCLOSE_BREACH_UNMASKED), CLOSE(SERVER, 1000) },
      7, CLOSED, RECEIVED(1000), RECEIVED(1000), CLEAN, CLIENT, SPAN(2, 7), SPAN(5, 6) },
    { "another breach is not",
      { REQUEST, OPENS, BAD_TEXT(CLIENT), TEXT(SERVER), FRAME(CLIENT, 3, 0), CLOSE(SERVER, 1002),
        CLOSE(CLIENT, 1002) },
      7, CLOSED, RECEIVED(1002), BREACH, 0, SERVER, SPAN(2, 7), SPAN(5, 6) },
    { "what is sent at once may be a leftover",
      { REQUEST, OPENS, BAD_TEXT(CLIENT), { DO_FRAME, SERVER, WSCLOSE_OPCODE_TEXT, 0, true }, CLOSE(SERVER, 1002),
        CLOSE(CLIENT, 1002) },
      6, CLOSED, RECEIVED(1002), BREACH, 0, SERVER, SPAN(2, 5), SPAN(3, 4) },
    { "who has closed fails no connection by going on",
      { REQUEST, OPENS, BAD_TEXT(CLIENT), CLOSE(SERVER, 1002), TEXT(SERVER),
        CLOSE(CLIENT, 1002) },
      6, CLOSED, RECEIVED(1002), BREACH, 0, SERVER, SPAN(2, 6), SPAN(3, 4) },
};

/* A frame before any Close that obliges its receiver to fail the connection has that effect too. */
static const scenario breached[] = {
    { "the client does not mask, and the server closes with 1002",
      { REQUEST, OPENS, BAD_TEXT(CLIENT), CLOSE(SERVER, 1002), CLOSE(CLIENT, 1002) },
      5, CLOSED, RECEIVED(1002), BREACH, 0, SERVER, SPAN(2, 5), SPAN(3, 4) },
    { "the server masks, and the client closes with 1002",
      { REQUEST, OPENS, BAD_TEXT(SERVER), CLOSE(CLIENT, 1002), CLOSE(SERVER, 1002) },
      5, CLOSED, BREACH, RECEIVED(1002), 0, CLIENT, SPAN(2, 5), SPAN(3, 4) },
    { "a reserved opcode",
      { REQUEST, OPENS, FRAME(SERVER, 3, 0), CLOSE(SERVER, 1000), CLOSE(CLIENT, 1000) },
      5, CLOSED, BREACH, RECEIVED(1000), 0, SERVER, SPAN(2, 5), SPAN(3, 4) },
    { "an RSV bit that nobody negotiated",
      { REQUEST, OPENS, FRAME(SERVER, 1, RSV1), CLOSE(SERVER, 1000), CLOSE(CLIENT, 1000) },
      5, CLOSED, BREACH, RECEIVED(1000), 0, SERVER, SPAN(2, 5), SPAN(3, 4) },
    { "a fragmented Ping",
      { REQUEST, OPENS, FRAME(CLIENT, 9, NO_FIN), CLOSE(SERVER, 1000), CLOSE(CLIENT, 1000) },
      5, CLOSED, RECEIVED(1000), BREACH, 0, SERVER, SPAN(2, 5), SPAN(3, 4) },
    { "a Pong of 126 octets",
      { REQUEST, OPENS, FRAME(CLIENT, 10, LONG), CLOSE(SERVER, 1000), CLOSE(CLIENT, 1000) },
      5, CLOSED, RECEIVED(1000), BREACH, 0, SERVER, SPAN(2, 5), SPAN(3, 4) },
    { "a length of 2^63",
      { REQUEST, OPENS, FRAME(SERVER, 2, HUGE_LENGTH), CLOSE(SERVER, 1000), CLOSE(CLIENT, 1000) },
      5, CLOSED, BREACH, RECEIVED(1000), 0, SERVER, SPAN(2, 5), SPAN(3, 4) },
    { "a continuation of nothing",
      { REQUEST, OPENS, FRAME(SERVER, 0, 0), CLOSE(SERVER, 1000), CLOSE(CLIENT, 1000) },
      5, CLOSED, BREACH, RECEIVED(1000), 0, SERVER, SPAN(2, 5), SPAN(3, 4) },
    { "a new message inside a fragmented one",
      { REQUEST, OPENS, FRAME(CLIENT, 1, NO_FIN), TEXT(CLIENT), CLOSE(CLIENT, 1000),
        CLOSE(SERVER, 1000) },
      6, CLOSED, RECEIVED(1000), BREACH, 0, CLIENT, SPAN(2, 6), SPAN(4, 5) },
    { "a fragmented message as it must be, with a Ping inside",
      { REQUEST, OPENS, FRAME(CLIENT, 1, NO_FIN), PING(CLIENT), FRAME(CLIENT, 0, 0),
        CLOSE(CLIENT, 1000), CLOSE(SERVER, 1000) },
      7, CLOSED, RECEIVED(1000), RECEIVED(1000), CLEAN, CLIENT, SPAN(2, 7), SPAN(5, 6) },
    { "where both sides fail, both are told 1006",
      { REQUEST, OPENS, BAD_TEXT(CLIENT), { DO_FRAME, SERVER, WSCLOSE_OPCODE_TEXT, MASK_WRONG, true }, CLOSE(SERVER, 1002),
        CLOSE(CLIENT, 1002) },
      6, CLOSED, BREACH, BREACH, 0, SERVER, SPAN(2, 5), SPAN(3, 4) },
    { "one by a frame, the other by a Close",
      { REQUEST, OPENS, BAD_TEXT(CLIENT), BAD_CLOSE(SERVER, 1006, WSCLOSE_BREACH_CODE_RESERVED),
        CLOSE(CLIENT, 1002) },
      5, CLOSED, ILLEGAL, BREACH, 0, SERVER, SPAN(2, 5), SPAN(3, 4) },
    { "after its sender's Close it is read by nobody",
      { REQUEST, OPENS, CLOSE(CLIENT, 1000), BAD_TEXT(CLIENT), CLOSE(SERVER, 1000) },
      5, CLOSED, RECEIVED(1000), RECEIVED(1000), CLEAN, CLIENT, SPAN(2, 5), SPAN(2, 3) },
    { "after its receiver's Close it still counts: that one waits for the answer",
      { REQUEST, OPENS, CLOSE(SERVER, 1000), BAD_TEXT(CLIENT), CLOSE(CLIENT, 1000) },
      5, CLOSED, RECEIVED(1000), BREACH, 0, SERVER, SPAN(2, 5), SPAN(2, 3) },
    { "of a side with missing octets it is not held against it",
      { REQUEST, OPENS, MISSING(CLIENT), BAD_TEXT(CLIENT), CLOSE(SERVER, 1002),
        CLOSE(CLIENT, 1002) },
      6, CLOSED, RECEIVED(1002), CANNOT_TELL, CLEAN | INCOMPLETE, NOBODY, SPAN(2, 6),
      SPAN(4, 5) },
    { "octets that miss on the other side do not matter to it",
      { REQUEST, OPENS, MISSING(SERVER), BAD_TEXT(CLIENT), CLOSE(SERVER, 1002),
        CLOSE(CLIENT, 1002) },
      6, CLOSED, RECEIVED(1002), BREACH, INCOMPLETE, SERVER, SPAN(2, 6), SPAN(4, 5) },
    { "a sender whom nobody knows breaches nothing",
      { REQUEST, OPENS, FRAME(NOBODY, 3, RSV1), CLOSE(SERVER, 1000), CLOSE(CLIENT, 1000) },
      5, CLOSED, RECEIVED(1000), RECEIVED(1000), CLEAN, SERVER, SPAN(2, 5), SPAN(2, 4) },
    { "the client says 1002 and waits for no answer",
      { REQUEST, OPENS, BAD_TEXT(SERVER), CLOSE(CLIENT, 1002), RST(CLIENT) },
      5, ONE_CLOSE, BREACH, RECEIVED(1002), ABNORMAL | UNANSWERED, CLIENT, SPAN(2, 5),
      SPAN(3, 4) },
    { "the server hangs up on it without a word",
      { REQUEST, OPENS, BAD_TEXT(CLIENT), RST(SERVER) },
      4, NO_CLOSE, NONE, BREACH, ABNORMAL, SERVER, SPAN(2, 4), SPAN(3, 4) },
};

static void
test_tolerated(void)
{
    CHECK(tolerated);
}

static void
test_breached(void)
{
    CHECK(breached);
}

/* RFC 6455 section 7.1.7: who fails the connection does not wait for the answer. */
static const scenario own[] = {
    { "1007 and FIN, and the answer comes too late",
      { REQUEST, OPENS, CLOSE(CLIENT, 1007), FIN(CLIENT), CLOSE(SERVER, 1007) },
      5, CLOSED, OWN, RECEIVED(1007), 0, CLIENT, SPAN(2, 5), SPAN(2, 3) },
    { "FIN in the same segment as the Close frame",
      { REQUEST, OPENS, CLOSE(CLIENT, 1002), FIN_WITH(CLIENT), CLOSE(SERVER, 1002) },
      5, CLOSED, OWN, RECEIVED(1002), 0, CLIENT, SPAN(2, 4), SPAN(2, 3) },
    { "FIN in a segment that overtook the Close frame",
      { REQUEST, OPENS, FIN(CLIENT), CLOSE(CLIENT, 1002), CLOSE(SERVER, 1002) },
      5, CLOSED, OWN, RECEIVED(1002), 0, CLIENT, SPAN(2, 5), SPAN(2, 3) },
    { "the server's 1009",
      { REQUEST, OPENS, CLOSE(SERVER, 1009), FIN(SERVER), CLOSE(CLIENT, 1009) },
      5, CLOSED, RECEIVED(1009), OWN, 0, SERVER, SPAN(2, 5), SPAN(2, 3) },
    { "1000 and FIN waits for the answer all the same",
      { REQUEST, OPENS, CLOSE(CLIENT, 1000), FIN(CLIENT), CLOSE(SERVER, 1000) },
      5, CLOSED, RECEIVED(1000), RECEIVED(1000), CLEAN, CLIENT, SPAN(2, 5), SPAN(2, 3) },
    { "so does an empty Close",
      { REQUEST, OPENS, CLOSE(SERVER, EMPTY), FIN_WITH(SERVER), CLOSE(CLIENT, EMPTY) },
      5, CLOSED, RECEIVED(1005), RECEIVED(1005), CLEAN, SERVER, SPAN(2, 4), SPAN(2, 3) },
    { "and 1003", { REQUEST, OPENS, CLOSE(SERVER, 1003), FIN(SERVER), CLOSE(CLIENT, 1003) },
      5, CLOSED, RECEIVED(1003), RECEIVED(1003), CLEAN, SERVER, SPAN(2, 5), SPAN(2, 3) },
    { "and 1008", { REQUEST, OPENS, CLOSE(SERVER, 1008), FIN(SERVER), CLOSE(CLIENT, 1008) },
      5, CLOSED, RECEIVED(1008), RECEIVED(1008), CLEAN, SERVER, SPAN(2, 5), SPAN(2, 3) },
    { "and 1010", { REQUEST, OPENS, CLOSE(CLIENT, 1010), FIN(CLIENT), CLOSE(SERVER, 1010) },
      5, CLOSED, RECEIVED(1010), RECEIVED(1010), CLEAN, CLIENT, SPAN(2, 5), SPAN(2, 3) },
    { "and 1011", { REQUEST, OPENS, CLOSE(SERVER, 1011), FIN(SERVER), CLOSE(CLIENT, 1011) },
      5, CLOSED, RECEIVED(1011), RECEIVED(1011), CLEAN, SERVER, SPAN(2, 5), SPAN(2, 3) },
    { "the other side's FIN is no sign of failing",
      { REQUEST, OPENS, CLOSE(CLIENT, 1002), FIN(SERVER), CLOSE(SERVER, 1002) },
      5, CLOSED, RECEIVED(1002), RECEIVED(1002), CLEAN, CLIENT, SPAN(2, 5), SPAN(2, 3) },
    { "a repeated Close with 1002 does not fail what the first did not",
      { REQUEST, OPENS, CLOSE(CLIENT, 1000), CLOSE(CLIENT, 1002), FIN(CLIENT),
        CLOSE(SERVER, 1000) },
      6, CLOSED, RECEIVED(1000), RECEIVED(1000), CLEAN, CLIENT, SPAN(2, 6), SPAN(2, 3) },
    { "1002 that answers: the Close was received before",
      { REQUEST, OPENS, CLOSE(SERVER, 1000), CLOSE(CLIENT, 1002), FIN(CLIENT) },
      4, CLOSED, RECEIVED(1000), RECEIVED(1002), CLEAN, SERVER, SPAN(2, 4), SPAN(2, 3) },
    { "1002 and FIN, and no answer at all",
      { REQUEST, OPENS, CLOSE(CLIENT, 1002), FIN(CLIENT), FIN(SERVER) },
      5, ONE_CLOSE, OWN, RECEIVED(1002), ABNORMAL | UNANSWERED, CLIENT, SPAN(2, 5), SPAN(2, 3) },
    { "1002 and RST",
      { REQUEST, OPENS, CLOSE(SERVER, 1002), RST(SERVER) },
      4, ONE_CLOSE, RECEIVED(1002), OWN, ABNORMAL | UNANSWERED, SERVER, SPAN(2, 4), SPAN(2, 3) },
};

static void
test_own(void)
{
    CHECK(own);
}

/* An opening handshake that the client must fail (RFC 6455 section 4.1). */
static const scenario faulty[] = {
    { "the client ends TCP: 1006 for it, and for the server, which got no Close",
      { REQUEST, BAD_OPENS, FIN(CLIENT), FIN(SERVER) },
      4, NO_CLOSE, FAILED, NONE, ABNORMAL, CLIENT, SPAN(2, 4), SPAN(2, 3) },
    { "it resets", { REQUEST, BAD_OPENS, RST(CLIENT) },
      3, NO_CLOSE, FAILED, NONE, ABNORMAL, CLIENT, SPAN(2, 3), SPAN(2, 3) },
    { "it closes with 1010, which the server is told",
      { REQUEST, BAD_OPENS, CLOSE(CLIENT, 1010), CLOSE(SERVER, 1010) },
      4, CLOSED, FAILED, RECEIVED(1010), 0, CLIENT, SPAN(2, 4), SPAN(2, 3) },
    { "or with 1002", { REQUEST, BAD_OPENS, CLOSE(CLIENT, 1002), CLOSE(SERVER, 1000) },
      4, CLOSED, FAILED, RECEIVED(1002), 0, CLIENT, SPAN(2, 4), SPAN(2, 3) },
    { "what the server sends does not open it",
      { REQUEST, BAD_OPENS, TEXT(SERVER), CLOSE(SERVER, 1000), FIN(CLIENT), FIN(SERVER) },
      6, ONE_CLOSE, FAILED, NONE, ABNORMAL | UNANSWERED, SERVER, SPAN(2, 6), SPAN(3, 4) },
    { "a lenient client sends a message: as if there were no fault",
      { REQUEST, BAD_OPENS, TEXT(CLIENT), CLOSE(CLIENT, 1000), CLOSE(SERVER, 1000) },
      5, CLOSED, RECEIVED(1000), RECEIVED(1000), CLEAN, CLIENT, SPAN(2, 5), SPAN(3, 4) },
    { "a Ping is enough",
      { REQUEST, BAD_OPENS, PING(CLIENT), CLOSE(SERVER, 1001), CLOSE(CLIENT, 1001) },
      5, CLOSED, RECEIVED(1001), RECEIVED(1001), CLEAN, SERVER, SPAN(2, 5), SPAN(3, 4) },
    { "so is a Close with 1000",
      { REQUEST, BAD_OPENS, CLOSE(CLIENT, 1000), CLOSE(SERVER, 1000) },
      4, CLOSED, RECEIVED(1000), RECEIVED(1000), CLEAN, CLIENT, SPAN(2, 4), SPAN(2, 3) },
    { "or an empty one", { REQUEST, BAD_OPENS, CLOSE(SERVER, 1001), CLOSE(CLIENT, EMPTY) },
      4, CLOSED, RECEIVED(1001), RECEIVED(1005), CLEAN, SERVER, SPAN(2, 4), SPAN(2, 3) },
    { "it carries on, and the transport ends",
      { REQUEST, BAD_OPENS, TEXT(CLIENT), RST(SERVER) },
      4, NO_CLOSE, NONE, NONE, ABNORMAL, SERVER, SPAN(2, 4), SPAN(3, 4) },
    { "it carries on, and is breached like any other",
      { REQUEST, BAD_OPENS, TEXT(CLIENT), BAD_TEXT(SERVER), CLOSE(CLIENT, 1002),
        CLOSE(SERVER, 1002) },
      6, CLOSED, BREACH, RECEIVED(1002), 0, CLIENT, SPAN(2, 6), SPAN(4, 5) },
    { "a 1010 that carries on after a message is a Close like any other",
      { REQUEST, BAD_OPENS, TEXT(CLIENT), CLOSE(CLIENT, 1010), CLOSE(SERVER, 1010) },
      5, CLOSED, RECEIVED(1010), RECEIVED(1010), CLEAN, CLIENT, SPAN(2, 5), SPAN(3, 4) },
};

static void
test_faulty(void)
{
    CHECK(faulty);
}

static void
test_faulty_every_fault(void)
{
    for (unsigned bit = 0; bit < WSCLOSE_FAULT_COUNT; bit++) {
        const scenario hangs_up = {
            "the client hangs up", { REQUEST, RESPONSE(101, 1u << bit), RST(CLIENT) },
            3, NO_CLOSE, FAILED, NONE, ABNORMAL, CLIENT, SPAN(2, 3), SPAN(2, 3) };
        const scenario carries_on = {
            "the client carries on",
            { REQUEST, RESPONSE(101, 1u << bit), TEXT(CLIENT), CLOSE(SERVER, EMPTY),
              CLOSE(CLIENT, EMPTY) },
            5, CLOSED, RECEIVED(1005), RECEIVED(1005), CLEAN, SERVER, SPAN(2, 5), SPAN(3, 4) };

        g_test_message("fault 0x%x", 1u << bit);
        check_scenario(&hangs_up);
        check_scenario(&carries_on);
    }
}

/* Content that is not fine, and a Close over it. */
static const scenario content[] = {
    { "not UTF-8, and 1007", { REQUEST, OPENS, TEXT(CLIENT), CONTENT(CLIENT, NOT_UTF8),
                               CLOSE(SERVER, 1007), CLOSE(CLIENT, 1007) },
      6, CLOSED, RECEIVED(1007), BREACH, 0, SERVER, SPAN(2, 5), SPAN(3, 4) },
    { "not inflated, and 1002", { REQUEST, OPENS, TEXT(SERVER), CONTENT(SERVER, NOT_INFLATED),
                                  CLOSE(CLIENT, 1002), CLOSE(SERVER, 1002) },
      6, CLOSED, BREACH, RECEIVED(1002), 0, CLIENT, SPAN(2, 5), SPAN(3, 4) },
    { "not UTF-8, and an application's code",
      { REQUEST, OPENS, TEXT(CLIENT), CONTENT(CLIENT, NOT_UTF8), CLOSE(SERVER, 4000),
        CLOSE(CLIENT, 4000) },
      6, CLOSED, RECEIVED(4000), RECEIVED(4000), CLEAN, SERVER, SPAN(2, 5), SPAN(3, 4) },
    { "not UTF-8, but not the last", { REQUEST, OPENS, TEXT(CLIENT), CONTENT(CLIENT, NOT_UTF8),
                                       TEXT(CLIENT), CLOSE(SERVER, 1007), CLOSE(CLIENT, 1007) },
      7, CLOSED, RECEIVED(1007), RECEIVED(1007), CLEAN, SERVER, SPAN(2, 6), SPAN(4, 5) },
    { "unread, and 1007", { REQUEST, OPENS, TEXT(CLIENT), CONTENT(CLIENT, UNREAD),
                            CLOSE(SERVER, 1007), CLOSE(CLIENT, 1007) },
      6, CLOSED, RECEIVED(1007), CANNOT_TELL, CLEAN | INCOMPLETE, SERVER, SPAN(2, 5), SPAN(3, 4) },
    { "not looked at, and 1007", { REQUEST, OPENS, TEXT(CLIENT), CONTENT(CLIENT, UNCHECKED),
                                   CLOSE(SERVER, 1007), CLOSE(CLIENT, 1007) },
      6, CLOSED, RECEIVED(1007), CANNOT_TELL, CLEAN | INCOMPLETE, SERVER, SPAN(2, 5), SPAN(3, 4) },
    { "not looked at, and 1002", { REQUEST, OPENS, TEXT(CLIENT), CONTENT(CLIENT, UNCHECKED),
                                   CLOSE(SERVER, 1002), CLOSE(CLIENT, 1002) },
      6, CLOSED, RECEIVED(1002), CANNOT_TELL, CLEAN | INCOMPLETE, SERVER, SPAN(2, 5), SPAN(3, 4) },
    { "not looked at, and 1002 in answer",
      { REQUEST, OPENS, TEXT(CLIENT), CONTENT(CLIENT, UNCHECKED), CLOSE(CLIENT, 1002),
        CLOSE(SERVER, 1002) },
      6, CLOSED, RECEIVED(1002), RECEIVED(1002), CLEAN, CLIENT, SPAN(2, 5), SPAN(3, 4) },
    { "unread, and 1000", { REQUEST, OPENS, TEXT(CLIENT), CONTENT(CLIENT, UNREAD),
                            CLOSE(SERVER, 1000), CLOSE(CLIENT, 1000) },
      6, CLOSED, RECEIVED(1000), RECEIVED(1000), CLEAN, SERVER, SPAN(2, 5), SPAN(3, 4) },
    { "unread, and too big", { REQUEST, OPENS, TEXT(CLIENT), CONTENT(CLIENT, UNREAD),
                               CLOSE(SERVER, 1009), CLOSE(CLIENT, 1009) },
      6, CLOSED, RECEIVED(1009), RECEIVED(1009), CLEAN, SERVER, SPAN(2, 5), SPAN(3, 4) },
};

static void
test_content(void)
{
    CHECK(content);
}

/* Packets that the capture has in another order than their senders. */
static const scenario out_of_order[] = {
    { "closes over octets that come later",
      { REQUEST, OPENS, TEXT(SERVER), AHEAD(SERVER), CLOSE(SERVER, 1007), CLOSE(CLIENT, 1007) },
      6, CLOSED, RECEIVED(1007), CANNOT_TELL, CLEAN | INCOMPLETE, SERVER, SPAN(2, 5), SPAN(3, 4) },
    { "closes after octets that come later",
      { REQUEST, OPENS, TEXT(SERVER), AHEAD(SERVER), CLOSE(SERVER, 1001), CLOSE(CLIENT, 1001) },
      6, CLOSED, RECEIVED(1001), RECEIVED(1001), CLEAN, SERVER, SPAN(2, 5), SPAN(3, 4) },
    { "a Close to a closed socket", { REQUEST, OPENS, FIN(SERVER), CLOSE(CLIENT, 1001), RST(SERVER) },
      5, ONE_CLOSE, NONE, NONE, ABNORMAL | UNANSWERED, CLIENT, SPAN(2, 5), SPAN(2, 3) },
    { "the same, where the FIN comes after it",
      { REQUEST, OPENS, CLOSE(CLIENT, 1001), LATE(CLIENT), FIN(SERVER), RST(SERVER) },
      6, ONE_CLOSE, NONE, NONE, ABNORMAL | UNANSWERED, CLIENT, SPAN(2, 5), SPAN(2, 3) },
    { "a Close that the FIN before it acknowledges",
      { REQUEST, OPENS, FIN(SERVER), ACKED_CLOSE(CLIENT, 1001), RST(SERVER) },
      5, ONE_CLOSE, NONE, RECEIVED(1001), ABNORMAL | UNANSWERED, CLIENT, SPAN(2, 5), SPAN(2, 3) },
};

static void
test_out_of_order(void)
{
    CHECK(out_of_order);
}

/* A refused upgrade, and one that nobody answered. */
static const scenario refused[] = {
    { "403", { REQUEST, RESPONSE(403, 0) },
      2, REFUSED, FAILED, NEVER_THERE, 0, SERVER, NO_TIME, NO_TIME },
    { "the transport's end adds nothing",
      { REQUEST, RESPONSE(503, 0), FIN(SERVER), FIN(CLIENT), RST(CLIENT) },
      2, REFUSED, FAILED, NEVER_THERE, 0, SERVER, NO_TIME, NO_TIME },
    { "200 is no 101", { REQUEST, RESPONSE(200, 0) },
      2, REFUSED, FAILED, NEVER_THERE, 0, SERVER, NO_TIME, NO_TIME },
    { "a redirect", { REQUEST, RESPONSE(301, 0) },
      2, REFUSED, FAILED, NEVER_THERE, 0, SERVER, NO_TIME, NO_TIME },
    { "the client has half closed before", { REQUEST, FIN(CLIENT), RESPONSE(400, 0) },
      3, REFUSED, FAILED, NEVER_THERE, 0, SERVER, NO_TIME, NO_TIME },
    { "the request is not in the capture", { RESPONSE(401, 0) },
      1, REFUSED, FAILED, NEVER_THERE, INCOMPLETE, SERVER, NO_TIME, NO_TIME },
    { "another response may be missing", { REQUEST, MISSING(SERVER), RESPONSE(404, 0) },
      3, REFUSED, CANNOT_TELL, CANNOT_TELL, INCOMPLETE, NOBODY, NO_TIME, NO_TIME },
    { "missing octets of the client do not matter", { REQUEST, MISSING(CLIENT), RESPONSE(404, 0) },
      3, REFUSED, FAILED, NEVER_THERE, 0, SERVER, NO_TIME, NO_TIME },
    { "the server resets before it answers", { REQUEST, RST(SERVER) },
      2, NO_ANSWER, FAILED, NEVER_THERE, ABNORMAL, SERVER, NO_TIME, NO_TIME },
    { "the client does", { REQUEST, RST(CLIENT) },
      2, NO_ANSWER, FAILED, NEVER_THERE, ABNORMAL, CLIENT, NO_TIME, NO_TIME },
    { "both end in order, the server first", { REQUEST, FIN(SERVER), FIN(CLIENT) },
      3, NO_ANSWER, FAILED, NEVER_THERE, ABNORMAL, SERVER, NO_TIME, NO_TIME },
    { "both end in order, the client first", { REQUEST, FIN(CLIENT), FIN(SERVER) },
      3, NO_ANSWER, FAILED, NEVER_THERE, ABNORMAL, CLIENT, NO_TIME, NO_TIME },
    { "the client waits no longer, and the server resets", { REQUEST, FIN(CLIENT), RST(SERVER) },
      3, NO_ANSWER, FAILED, NEVER_THERE, ABNORMAL, CLIENT, NO_TIME, NO_TIME },
    { "one half is no end", { REQUEST, FIN(SERVER) }, NEVER },
    { "a request alone is none", { REQUEST }, NEVER },
    { "nor is a 101", { REQUEST, OPENS, TEXT(CLIENT), TEXT(SERVER) }, NEVER },
};

static void
test_refused(void)
{
    CHECK(refused);
}

static void
test_refused_every_status(void)
{
    for (unsigned status = 200; status <= 599; status++) {
        const scenario row = { "refused", { REQUEST, RESPONSE((int)status, 0) },
                               2, REFUSED, FAILED, NEVER_THERE, 0, SERVER, NO_TIME, NO_TIME };

        check_scenario(&row);
    }
}

/* TCP as it is. */
static const scenario transport[] = {
    { "nothing received when the transport ends is 1006",
      { REQUEST, OPENS, TEXT(CLIENT), TEXT(SERVER), FIN(SERVER), FIN(CLIENT) },
      6, NO_CLOSE, NONE, NONE, ABNORMAL, SERVER, SPAN(2, 6), SPAN(4, 5) },
    { "idle until the end began, not until it was over",
      { REQUEST, OPENS, FIN(CLIENT), FIN(SERVER) },
      4, NO_CLOSE, NONE, NONE, ABNORMAL, CLIENT, SPAN(2, 4), SPAN(2, 3) },
    { "a reset", { REQUEST, OPENS, PING(SERVER), RST(SERVER) },
      4, NO_CLOSE, NONE, NONE, ABNORMAL, SERVER, SPAN(2, 4), SPAN(3, 4) },
    { "a reset by the client", { REQUEST, OPENS, PING(SERVER), RST(CLIENT) },
      4, NO_CLOSE, NONE, NONE, ABNORMAL, CLIENT, SPAN(2, 4), SPAN(3, 4) },
    { "FIN only from one side is no end", { REQUEST, OPENS, FIN(SERVER) }, NEVER },
    { "a retransmitted FIN is no second one", { REQUEST, OPENS, FIN(SERVER), FIN(SERVER) }, NEVER },
    { "the other side's is",
      { REQUEST, OPENS, FIN(SERVER), FIN(SERVER), FIN(CLIENT) },
      5, NO_CLOSE, NONE, NONE, ABNORMAL, SERVER, SPAN(2, 5), SPAN(2, 3) },
    { "half-closed, with data still coming",
      { REQUEST, OPENS, TEXT(CLIENT), FIN(CLIENT), TEXT(SERVER), TEXT(SERVER), FIN(SERVER) },
      7, NO_CLOSE, NONE, NONE, ABNORMAL, CLIENT, SPAN(2, 7), SPAN(3, 4) },
    { "half-closed, with the other side's Close still coming",
      { REQUEST, OPENS, FIN(CLIENT), CLOSE(SERVER, 1001), FIN(SERVER) },
      5, ONE_CLOSE, RECEIVED(1001), NONE, ABNORMAL | UNANSWERED, SERVER, SPAN(2, 5), SPAN(2, 3) },
    { "FIN and then a reset by the same side",
      { REQUEST, OPENS, FIN(CLIENT), RST(CLIENT) },
      4, NO_CLOSE, NONE, NONE, ABNORMAL, CLIENT, SPAN(2, 4), SPAN(2, 3) },
    { "FIN and then a reset by the other side",
      { REQUEST, OPENS, FIN(CLIENT), RST(SERVER) },
      4, NO_CLOSE, NONE, NONE, ABNORMAL, CLIENT, SPAN(2, 4), SPAN(2, 3) },
    { "FIN in the same segment as the Close frame, and the answer likewise",
      { REQUEST, OPENS, CLOSE(SERVER, 1000), FIN_WITH(SERVER), CLOSE(CLIENT, 1000),
        FIN_WITH(CLIENT) },
      5, CLOSED, RECEIVED(1000), RECEIVED(1000), CLEAN, SERVER, SPAN(2, 4), SPAN(2, 3) },
    { "RST after a clean close is still clean",
      { REQUEST, OPENS, CLOSE(SERVER, 1000), CLOSE(CLIENT, 1000), RST(CLIENT), RST(SERVER) },
      4, CLOSED, RECEIVED(1000), RECEIVED(1000), CLEAN, SERVER, SPAN(2, 4), SPAN(2, 3) },
    { "a Close that was never answered, and the server ends TCP",
      { REQUEST, OPENS, CLOSE(SERVER, 1000), FIN(SERVER), FIN(CLIENT) },
      5, ONE_CLOSE, RECEIVED(1000), NONE, ABNORMAL | UNANSWERED, SERVER, SPAN(2, 5), SPAN(2, 3) },
    { "a Close that was never answered, and its receiver resets",
      { REQUEST, OPENS, TEXT(SERVER), CLOSE(CLIENT, EMPTY), RST(SERVER) },
      5, ONE_CLOSE, NONE, RECEIVED(1005), ABNORMAL | UNANSWERED, CLIENT, SPAN(2, 5), SPAN(3, 4) },
    { "what arrives after a reset sent by the receiver does not count",
      { REQUEST, OPENS, RST(CLIENT), CLOSE(SERVER, 1001) },
      3, NO_CLOSE, NONE, NONE, ABNORMAL, CLIENT, SPAN(2, 3), SPAN(2, 3) },
    { "the answer comes after the reset",
      { REQUEST, OPENS, CLOSE(CLIENT, 1000), RST(CLIENT), CLOSE(SERVER, 1000) },
      4, ONE_CLOSE, NONE, RECEIVED(1000), ABNORMAL | UNANSWERED, CLIENT, SPAN(2, 4), SPAN(2, 3) },
    { "a Close after the receiver's FIN, which it resets: it had hung up",
      { REQUEST, OPENS, FIN(CLIENT), CLOSE(SERVER, 1001), RST(CLIENT) },
      5, ONE_CLOSE, NONE, NONE, ABNORMAL | UNANSWERED, SERVER, SPAN(2, 5), SPAN(2, 3) },
    { "the server had hung up",
      { REQUEST, OPENS, FIN(SERVER), CLOSE(CLIENT, EMPTY), RST(SERVER) },
      5, ONE_CLOSE, NONE, NONE, ABNORMAL | UNANSWERED, CLIENT, SPAN(2, 5), SPAN(2, 3) },
    { "illegal or not, it was not received",
      { REQUEST, OPENS, FIN(CLIENT), BAD_CLOSE(SERVER, 1005, WSCLOSE_BREACH_CODE_RESERVED),
        RST(CLIENT) },
      5, ONE_CLOSE, NONE, NONE, ABNORMAL | UNANSWERED, SERVER, SPAN(2, 5), SPAN(2, 3) },
    { "the sender's reset takes nothing back",
      { REQUEST, OPENS, FIN(CLIENT), CLOSE(SERVER, 1001), RST(SERVER) },
      5, ONE_CLOSE, RECEIVED(1001), NONE, ABNORMAL | UNANSWERED, SERVER, SPAN(2, 5), SPAN(2, 3) },
    { "a Close before the receiver's FIN was received, reset or not",
      { REQUEST, OPENS, CLOSE(SERVER, 1001), FIN(CLIENT), RST(CLIENT) },
      5, ONE_CLOSE, RECEIVED(1001), NONE, ABNORMAL | UNANSWERED, SERVER, SPAN(2, 5), SPAN(2, 3) },
    { "an end of nobody knows which side is none",
      { REQUEST, OPENS, RST(NOBODY), FIN(NOBODY), FIN(NOBODY) }, NEVER },
    { "a port used again: what comes after the verdict is another connection's",
      { REQUEST, OPENS, RST(CLIENT), REQUEST, OPENS, TEXT(CLIENT), MISSING(SERVER),
        CLOSE(CLIENT, 1000), CLOSE(SERVER, 1000), FIN(SERVER) },
      3, NO_CLOSE, NONE, NONE, ABNORMAL, CLIENT, SPAN(2, 3), SPAN(2, 3) },
};

static void
test_transport(void)
{
    CHECK(transport);
}

/* Unknown stays unknown: no invented 1006. */
static const scenario incomplete[] = {
    { "a capture that starts in the middle: no 1006",
      { TEXT(CLIENT), RST(SERVER) },
      2, NO_CLOSE, CANNOT_TELL, CANNOT_TELL, INCOMPLETE, NOBODY, NO_TIME, SPAN(1, 2) },
    { "and nothing but its end", { FIN(SERVER), FIN(CLIENT) },
      2, NO_CLOSE, CANNOT_TELL, CANNOT_TELL, INCOMPLETE, NOBODY, NO_TIME, NO_TIME },
    { "the request, no response, and yet frames: it was opened",
      { REQUEST, TEXT(SERVER), RST(SERVER) },
      3, NO_CLOSE, CANNOT_TELL, CANNOT_TELL, INCOMPLETE, NOBODY, NO_TIME, SPAN(2, 3) },
    { "the Close frames are there all the same",
      { MISSING(CLIENT), MISSING(SERVER), CLOSE(CLIENT, 1000), CLOSE(SERVER, EMPTY) },
      4, CLOSED, RECEIVED(1005), RECEIVED(1000), CLEAN | INCOMPLETE, NOBODY, NO_TIME, NO_TIME },
    { "one of them is there", { CLOSE(SERVER, 1001), RST(SERVER) },
      2, ONE_CLOSE, RECEIVED(1001), CANNOT_TELL, INCOMPLETE | UNANSWERED, SERVER, NO_TIME,
      NO_TIME },
    { "one of them is there, and the other side has missing octets",
      { REQUEST, OPENS, MISSING(CLIENT), CLOSE(SERVER, 1001), RST(SERVER) },
      5, ONE_CLOSE, CANNOT_TELL, CANNOT_TELL, INCOMPLETE, NOBODY, SPAN(2, 5), SPAN(2, 4) },
    { "one of them is there, and its own side has missing octets",
      { REQUEST, OPENS, MISSING(SERVER), CLOSE(SERVER, 1001), RST(SERVER) },
      5, ONE_CLOSE, RECEIVED(1001), NONE, INCOMPLETE | ABNORMAL | UNANSWERED, SERVER, SPAN(2, 5),
      SPAN(2, 4) },
    { "octets of the server are missing: what the client was told is not known",
      { REQUEST, OPENS, TEXT(CLIENT), MISSING(SERVER), RST(CLIENT) },
      5, NO_CLOSE, CANNOT_TELL, NONE, INCOMPLETE | ABNORMAL, NOBODY, SPAN(2, 5), SPAN(3, 5) },
    { "octets of the client are missing: what the server was told is not known",
      { REQUEST, OPENS, MISSING(CLIENT), FIN(SERVER), FIN(CLIENT) },
      5, NO_CLOSE, NONE, CANNOT_TELL, INCOMPLETE | ABNORMAL, NOBODY, SPAN(2, 5), SPAN(2, 4) },
    { "octets of both are missing",
      { REQUEST, OPENS, MISSING(CLIENT), MISSING(SERVER), RST(CLIENT) },
      5, NO_CLOSE, CANNOT_TELL, CANNOT_TELL, INCOMPLETE, NOBODY, SPAN(2, 5), SPAN(2, 5) },
    { "a missing segment that is nobody's is none",
      { REQUEST, OPENS, MISSING(NOBODY), RST(CLIENT) },
      4, NO_CLOSE, NONE, NONE, ABNORMAL, CLIENT, SPAN(2, 4), SPAN(2, 4) },
    { "the first Close is the client's, whatever else of it is missing",
      { REQUEST, OPENS, MISSING(CLIENT), CLOSE(CLIENT, 1000), CLOSE(SERVER, 1000) },
      5, CLOSED, RECEIVED(1000), RECEIVED(1000), CLEAN | INCOMPLETE, CLIENT, SPAN(2, 5),
      SPAN(2, 4) },
    { "the first Close may answer one of the server's",
      { REQUEST, OPENS, MISSING(SERVER), CLOSE(CLIENT, 1000), CLOSE(SERVER, 1000) },
      5, CLOSED, RECEIVED(1000), RECEIVED(1000), CLEAN | INCOMPLETE, NOBODY, SPAN(2, 5),
      SPAN(2, 4) },
    { "a Close cut off by the capture fails nobody, and its code is not known",
      { REQUEST, OPENS, CLOSE(CLIENT, CUT), CLOSE(SERVER, 1000) },
      4, CLOSED, RECEIVED(1000), CANNOT_TELL, CLEAN | INCOMPLETE, CLIENT, SPAN(2, 4),
      SPAN(2, 3) },
    { "nor where nothing of it is there",
      { REQUEST, OPENS, CLOSE(SERVER, NOTHING), CLOSE(CLIENT, NOTHING) },
      4, CLOSED, CANNOT_TELL, CANNOT_TELL, CLEAN | INCOMPLETE, SERVER, SPAN(2, 4),
      SPAN(2, 3) },
    { "what was cut stays unknown, whatever its sender repeats",
      { REQUEST, OPENS, CLOSE(SERVER, CUT), CLOSE(SERVER, 1000), CLOSE(CLIENT, 1000) },
      5, CLOSED, CANNOT_TELL, RECEIVED(1000), CLEAN | INCOMPLETE, SERVER, SPAN(2, 5),
      SPAN(2, 3) },
    { "cut, and never answered",
      { REQUEST, OPENS, CLOSE(SERVER, CUT), RST(CLIENT) },
      4, ONE_CLOSE, CANNOT_TELL, NONE, INCOMPLETE | ABNORMAL | UNANSWERED, SERVER,
      SPAN(2, 4), SPAN(2, 3) },
    { "a 101 whose request is not in the capture tells enough",
      { OPENS, TEXT(SERVER), RST(SERVER) },
      3, NO_CLOSE, NONE, NONE, INCOMPLETE | ABNORMAL, SERVER, SPAN(1, 3), SPAN(2, 3) },
    { "but not whether the client had to reject it",
      { OPENS, CLOSE(SERVER, 1000), RST(SERVER) },
      3, ONE_CLOSE, CANNOT_TELL, NONE, INCOMPLETE | ABNORMAL | UNANSWERED, SERVER, SPAN(1, 3),
      SPAN(1, 2) },
    { "no answer, where octets of the server are missing: it may have answered",
      { REQUEST, MISSING(SERVER), RST(CLIENT) },
      3, NO_ANSWER, CANNOT_TELL, CANNOT_TELL, INCOMPLETE, NOBODY, NO_TIME, NO_TIME },
    { "no answer, where octets of the client are missing: it did not get one",
      { REQUEST, MISSING(CLIENT), RST(CLIENT) },
      3, NO_ANSWER, FAILED, NEVER_THERE, INCOMPLETE | ABNORMAL, CLIENT, NO_TIME, NO_TIME },
    { "a Close that was met with a reset, where the resetter's own may be missing",
      { REQUEST, OPENS, FIN(CLIENT), MISSING(CLIENT), CLOSE(SERVER, 1001), RST(CLIENT) },
      6, ONE_CLOSE, CANNOT_TELL, CANNOT_TELL, INCOMPLETE, NOBODY, SPAN(2, 6), SPAN(2, 3) },
    { "who ended first is not known where the other side's end came out of order",
      { REQUEST, OPENS, MISSING(SERVER), FIN(CLIENT), FOUND(SERVER), FIN(SERVER) },
      6, NO_CLOSE, NONE, NONE, ABNORMAL, NOBODY, SPAN(2, 6), SPAN(2, 4) },
    { "octets that came out of order are not missing",
      { REQUEST, OPENS, MISSING(SERVER), FOUND(SERVER), FIN(CLIENT), FIN(SERVER) },
      6, NO_CLOSE, NONE, NONE, ABNORMAL, CLIENT, SPAN(2, 6), SPAN(2, 5) },
    { "nor do they make a Close an answer to one that nobody saw",
      { REQUEST, OPENS, MISSING(SERVER), FOUND(SERVER), CLOSE(CLIENT, 1000),
        CLOSE(SERVER, 1000) },
      6, CLOSED, RECEIVED(1000), RECEIVED(1000), CLEAN, CLIENT, SPAN(2, 6), SPAN(2, 5) },
    { "but the order of their fragments cannot be judged",
      { REQUEST, OPENS, MISSING(SERVER), FOUND(SERVER), FRAME(SERVER, 0, 0), CLOSE(CLIENT, 1000),
        CLOSE(SERVER, 1000) },
      7, CLOSED, RECEIVED(1000), RECEIVED(1000), CLEAN, CLIENT, SPAN(2, 7), SPAN(5, 6) },
    { "while masking can",
      { REQUEST, OPENS, MISSING(SERVER), FOUND(SERVER), BAD_TEXT(SERVER), CLOSE(CLIENT, 1002),
        CLOSE(SERVER, 1002) },
      7, CLOSED, BREACH, RECEIVED(1002), 0, CLIENT, SPAN(2, 7), SPAN(5, 6) },
    { "1002 and FIN, where it may have answered a Close that is missing",
      { REQUEST, OPENS, MISSING(SERVER), CLOSE(CLIENT, 1002), FIN(CLIENT), FIN(SERVER) },
      6, ONE_CLOSE, CANNOT_TELL, CANNOT_TELL, INCOMPLETE, NOBODY, SPAN(2, 6), SPAN(2, 4) },
    { "a response to reject, where the client may have carried on in octets that are missing",
      { REQUEST, BAD_OPENS, MISSING(CLIENT), CLOSE(SERVER, 1000), RST(CLIENT) },
      5, ONE_CLOSE, CANNOT_TELL, CANNOT_TELL, INCOMPLETE, NOBODY, SPAN(2, 5), SPAN(2, 4) },
    { "a response to reject, where the client's Close is cut: 1002, 1010, or it carries on",
      { REQUEST, BAD_OPENS, CLOSE(CLIENT, CUT), CLOSE(SERVER, 1000) },
      4, CLOSED, CANNOT_TELL, CANNOT_TELL, CLEAN | INCOMPLETE, CLIENT, SPAN(2, 4), SPAN(2, 3) },
    { "a late Close that was reset, where an earlier one may be missing",
      { REQUEST, OPENS, MISSING(SERVER), FIN(CLIENT), CLOSE(SERVER, 1001), RST(CLIENT) },
      6, ONE_CLOSE, CANNOT_TELL, NONE, INCOMPLETE | ABNORMAL | UNANSWERED, SERVER, SPAN(2, 6),
      SPAN(2, 4) },
};

static void
test_incomplete(void)
{
    CHECK(incomplete);
}

/* Frames of every kind are counted for who sent them, until the verdict stands. */
static void
test_frame_counts(void)
{
    static const step steps[] = {
        REQUEST, OPENS, TEXT(CLIENT), TEXT(NOBODY), PING(SERVER), BAD_TEXT(SERVER), MISSING(CLIENT),
        TEXT(CLIENT), CLOSE(SERVER, 1000), CLOSE(NOBODY, 1000), CLOSE(SERVER, 1000), TEXT(SERVER),
        CLOSE(CLIENT, 1000), TEXT(CLIENT), TEXT(SERVER), CLOSE(CLIENT, 1000), FIN(CLIENT),
    };
    static const unsigned client[] = { 0, 0, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 3, 3, 3, 3, 3 };
    static const unsigned server[] = { 0, 0, 0, 0, 1, 2, 2, 2, 3, 3, 4, 5, 5, 5, 5, 5, 5 };
    wsclose_connection connection;

    G_STATIC_ASSERT(G_N_ELEMENTS(steps) == G_N_ELEMENTS(client));
    G_STATIC_ASSERT(G_N_ELEMENTS(steps) == G_N_ELEMENTS(server));
    wsclose_connection_init(&connection);
    for (unsigned n = 0; n < G_N_ELEMENTS(steps); n++) {
        g_test_message("step %u", n + 1);
        take(&connection, &steps[n], moment_of(n + 1));
        g_assert_cmpuint(connection.frames[0], ==, client[n]);
        g_assert_cmpuint(connection.frames[1], ==, server[n]);
    }
}

/* A time is any number: what is said of the connection takes no difference that has none. */
static void
check_texts_at(const step *steps, const int64_t times[STEPS_MAX])
{
    static char *(*const explainers[])(const wsclose_verdict_context *) = {
        wsclose_explain_verdict,           wsclose_explain_verdict_description,
        wsclose_explain_verdict_seen_when, wsclose_explain_verdict_fix,
        wsclose_explain_abnormal,          wsclose_explain_unanswered,
    };
    const wsclose_header unseen = { .presence = WSCLOSE_HEADER_UNKNOWN };
    wsclose_negotiation *negotiation = wsclose_negotiation_match(&unseen, &unseen);
    wsclose_connection connection;
    wsclose_verdict verdict;

    wsclose_connection_init(&connection);
    for (unsigned n = 0; n < STEPS_MAX && steps[n].deed != END; n++)
        take(&connection, &steps[n], (wsclose_moment){ n + 1, times[n] });
    g_assert_true(wsclose_connection_verdict(&connection, &verdict));
    g_assert_cmpint(verdict.duration, >=, -1);
    g_assert_cmpint(verdict.idle, >=, -1);
    for (size_t i = 0; i < G_N_ELEMENTS(explainers); i++)
        wsclose_text_free(explainers[i](&(wsclose_verdict_context){
            .connection = &connection, .verdict = &verdict, .negotiation = negotiation }));
    wsclose_negotiation_free(negotiation);
}

static void
test_times(void)
{
    static const int64_t times[] = { INT64_MIN, 0, INT64_MAX };
    static const step scenarios[][STEPS_MAX] = {
        { REQUEST, OPENS, TEXT(CLIENT), TEXT(SERVER), CLOSE(CLIENT, 1000), CLOSE(SERVER, 1000) },
        { REQUEST, OPENS, BAD_TEXT(CLIENT), TEXT(SERVER), CLOSE(SERVER, 1002), RST(CLIENT) },
        { REQUEST, OPENS, TEXT(CLIENT), CLOSE(CLIENT, 1001), FIN(CLIENT), FIN(SERVER) },
        { REQUEST, OPENS, TEXT(CLIENT), PING(SERVER), FIN(SERVER), FIN(CLIENT) },
        { REQUEST, RST(SERVER) },
    };
    const unsigned ways = 729; /* of a time for each of six steps */

    for (size_t i = 0; i < G_N_ELEMENTS(scenarios); i++) {
        for (unsigned way = 0; way < ways; way++) {
            int64_t chosen[STEPS_MAX];
            unsigned left = way;

            for (size_t n = 0; n < STEPS_MAX; n++, left /= G_N_ELEMENTS(times))
                chosen[n] = times[left % G_N_ELEMENTS(times)];
            check_texts_at(scenarios[i], chosen);
        }
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_set_nonfatal_assertions();
    g_test_add_func("/verdict/received", test_received);
    g_test_add_func("/verdict/illegal", test_illegal);
    g_test_add_func("/verdict/illegal/every-breach", test_illegal_every_breach);
    g_test_add_func("/verdict/breached", test_breached);
    g_test_add_func("/verdict/tolerated", test_tolerated);
    g_test_add_func("/verdict/own", test_own);
    g_test_add_func("/verdict/faulty", test_faulty);
    g_test_add_func("/verdict/faulty/every-fault", test_faulty_every_fault);
    g_test_add_func("/verdict/content", test_content);
    g_test_add_func("/verdict/out-of-order", test_out_of_order);
    g_test_add_func("/verdict/refused", test_refused);
    g_test_add_func("/verdict/refused/every-status", test_refused_every_status);
    g_test_add_func("/verdict/transport", test_transport);
    g_test_add_func("/verdict/incomplete", test_incomplete);
    g_test_add_func("/verdict/frame-counts", test_frame_counts);
    g_test_add_func("/verdict/times", test_times);
    return g_test_run();
}
