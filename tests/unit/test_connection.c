/* test_connection.c
 * Frames in their connection: which Close answers which, what each endpoint is told, what comes
 * after a Close, and the order of fragments.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wsclose/connection.h"

#include <glib.h>
#include <string.h>

/* Who sends, and the end of a scenario. */
typedef enum {
    END,
    CLIENT,
    SERVER,
    UNKNOWN
} who;

/* What is sent, where it is not a status code. */
enum {
    EMPTY = -1,
    ONE_OCTET = -2,
    CUT = -3,   /* the capture has too little of the body */
    NOTHING = -4 /* and here none of the frame's body is known */
};

/* A code in told for what the capture cannot tell. */
enum { UNTOLD = 0 };

/* What is found, as a set of bits. */
enum {
    FIRST = 0,
    ANSWER = 1 << 0,
    ECHO = 1 << 1,
    REPEATED = 1 << 2,
    CROSSED = 1 << 3,
    UNHEARD = 1 << 4
};

/* Beside the breaches of a Close: its sender is seen not to have received the other one's. */
enum { CROSSING = 1 << 16 };

/* One Close frame, in the packet of its place in the scenario, from 1, and what is found. */
typedef struct {
    who sender;
    int sent;
    unsigned breaches;
    unsigned found;
    uint32_t peer; /* packet */
    uint16_t reported;
} step;

enum { STEPS_MAX = 5 };

typedef struct {
    const char *why;
    step steps[STEPS_MAX];
} scenario;

static wsclose_side
endpoint_of(who sender)
{
    switch (sender) {
    case CLIENT:
        return WSCLOSE_CLIENT;
    case SERVER:
        return WSCLOSE_SERVER;
    default:
        return WSCLOSE_SIDE_UNKNOWN;
    }
}

static wsclose_moment
moment_of(uint32_t number)
{
    return (wsclose_moment){ number, (int64_t)number * 1000 - 1500 };
}

/* Returns whether it settles the connection. */
static bool
send_close(wsclose_connection *connection, const step *s, uint32_t number,
           wsclose_close_meaning *meaning)
{
    const uint8_t octets[2] = { (uint8_t)(s->sent >> 8), (uint8_t)s->sent };
    wsclose_close_body body;
    const wsclose_close_fact fact = {
        .sender = endpoint_of(s->sender),
        .body = s->sent == NOTHING ? NULL : &body,
        .breaches = s->breaches & ~(unsigned)CROSSING,
        .crossing = (s->breaches & CROSSING) != 0,
    };

    if (s->sent == EMPTY)
        wsclose_close_body_decode(NULL, 0, 0, &body);
    else if (s->sent == ONE_OCTET)
        wsclose_close_body_decode(NULL, 0, 1, &body);
    else if (s->sent == CUT)
        wsclose_close_body_decode(NULL, 0, 2, &body);
    else
        wsclose_close_body_decode(octets, sizeof octets, sizeof octets, &body);
    memset(meaning, 0xaa, sizeof *meaning);
    return wsclose_connection_close(connection, &fact, moment_of(number), meaning);
}

static void
check_meaning(const wsclose_close_meaning *meaning, const step *s)
{
    g_assert_true(meaning->repeated == ((s->found & REPEATED) != 0));
    g_assert_true(meaning->answer == ((s->found & ANSWER) != 0));
    g_assert_true(meaning->echo == ((s->found & ECHO) != 0));
    g_assert_true(meaning->crossed == ((s->found & CROSSED) != 0));
    g_assert_true(meaning->unheard == ((s->found & UNHEARD) != 0));
    g_assert_cmpuint(meaning->peer.number, ==, s->peer);
    g_assert_true(meaning->peer.time == (s->peer == 0 ? 0 : moment_of(s->peer).time));
    g_assert_true(meaning->reported.known == (s->reported != UNTOLD));
    g_assert_cmpuint(meaning->reported.code, ==, s->reported);
}

static void
check_scenarios(const scenario *scenarios, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        wsclose_connection connection;

        wsclose_connection_init(&connection);
        for (uint32_t n = 0; n < STEPS_MAX && scenarios[i].steps[n].sender != END; n++) {
            const step *s = &scenarios[i].steps[n];
            wsclose_close_meaning meaning;

            g_test_message("%s: frame %u", scenarios[i].why, n + 1);
            /* The second side's first Close settles it, and nothing else does here. */
            g_assert_true(send_close(&connection, s, n + 1, &meaning)
                          == ((s->found & ANSWER) != 0));
            check_meaning(&meaning, s);
        }
    }
}

static const scenario handshakes[] = {
    { "the client begins and the server echoes",
      { { CLIENT, 1000, 0, FIRST, 0, 1000 }, { SERVER, 1000, 0, ANSWER | ECHO, 1, 1000 } } },
    { "the server begins and the client echoes",
      { { SERVER, 1001, 0, FIRST, 0, 1001 }, { CLIENT, 1001, 0, ANSWER | ECHO, 1, 1001 } } },
    { "both are empty",
      { { CLIENT, EMPTY, 0, FIRST, 0, 1005 }, { SERVER, EMPTY, 0, ANSWER | ECHO, 1, 1005 } } },
    { "an answer with another code is no echo",
      { { CLIENT, 1010, 0, FIRST, 0, 1010 }, { SERVER, 1000, 0, ANSWER, 1, 1000 } } },
    { "1000 does not echo an empty Close",
      { { CLIENT, EMPTY, 0, FIRST, 0, 1005 }, { SERVER, 1000, 0, ANSWER, 1, 1000 } } },
    { "an empty Close does not echo 1000",
      { { SERVER, 1000, 0, FIRST, 0, 1000 }, { CLIENT, EMPTY, 0, ANSWER, 1, 1005 } } },
    { "1010 is echoed as any other",
      { { CLIENT, 1010, 0, FIRST, 0, 1010 }, { SERVER, 1010, 0, ANSWER | ECHO, 1, 1010 } } },
    { "without acknowledgements to tell, the later one in the capture counts as the answer",
      { { CLIENT, 1001, 0, FIRST, 0, 1001 }, { SERVER, 1012, 0, ANSWER, 1, 1012 } } },
    { "one side alone", { { CLIENT, 4999, 0, FIRST, 0, 4999 } } },
};

static void
test_handshakes(void)
{
    check_scenarios(handshakes, G_N_ELEMENTS(handshakes));
}

/* RFC 6455 section 7.1.5: the first Close frame that is received settles what is told. */
static const scenario repeated[] = {
    { "another code changes nothing",
      { { CLIENT, 1000, 0, FIRST, 0, 1000 }, { CLIENT, 1002, 0, REPEATED, 0, 1000 } } },
    { "the same code changes nothing",
      { { SERVER, 1000, 0, FIRST, 0, 1000 }, { SERVER, 1000, 0, REPEATED, 0, 1000 } } },
    { "a code behind an empty Close comes too late",
      { { SERVER, EMPTY, 0, FIRST, 0, 1005 }, { SERVER, 1000, 0, REPEATED, 0, 1005 } } },
    { "a breach comes too late",
      { { SERVER, 1000, 0, FIRST, 0, 1000 },
        { SERVER, ONE_OCTET, WSCLOSE_BREACH_ONE_OCTET, REPEATED, 0, 1000 } } },
    { "a breach is not made good",
      { { SERVER, ONE_OCTET, WSCLOSE_BREACH_ONE_OCTET, FIRST, 0, 1006 },
        { SERVER, 1000, 0, REPEATED, 0, 1006 } } },
    { "what was cut stays unknown",
      { { SERVER, CUT, 0, FIRST, 0, UNTOLD }, { SERVER, 1000, 0, REPEATED, 0, UNTOLD } } },
    { "the answer is to the first, and a repeated answer is none",
      { { CLIENT, 1000, 0, FIRST, 0, 1000 }, { CLIENT, 1001, 0, REPEATED, 0, 1000 },
        { SERVER, 1000, 0, ANSWER | ECHO, 1, 1000 }, { SERVER, 1000, 0, REPEATED, 1, 1000 },
        { CLIENT, 1000, 0, REPEATED, 3, 1000 } } },
    { "the answer has the code of the second",
      { { CLIENT, 1000, 0, FIRST, 0, 1000 }, { CLIENT, 1001, 0, REPEATED, 0, 1000 },
        { SERVER, 1001, 0, ANSWER, 1, 1001 } } },
};

static void
test_repeated(void)
{
    check_scenarios(repeated, G_N_ELEMENTS(repeated));
}

static const scenario reported[] = {
    { "the lowest code", { { SERVER, 1000, 0, FIRST, 0, 1000 } } },
    { "an empty Close: 1005", { { SERVER, EMPTY, 0, FIRST, 0, 1005 } } },
    { "any breach: 1006", { { SERVER, 1000, WSCLOSE_BREACH_RSV, FIRST, 0, 1006 } } },
    { "a breach of an empty Close: 1006",
      { { SERVER, EMPTY, WSCLOSE_BREACH_MASKED, FIRST, 0, 1006 } } },
    { "one octet: 1006", { { SERVER, ONE_OCTET, WSCLOSE_BREACH_ONE_OCTET, FIRST, 0, 1006 } } },
    { "1005 on the wire: 1006",
      { { SERVER, 1005, WSCLOSE_BREACH_CODE_RESERVED, FIRST, 0, 1006 } } },
    { "no code at all: 1006", { { SERVER, 0, WSCLOSE_BREACH_CODE_INVALID, FIRST, 0, 1006 } } },
    { "cut, and nothing is known", { { SERVER, CUT, 0, FIRST, 0, UNTOLD } } },
    { "cut, and yet a breach", { { SERVER, CUT, WSCLOSE_BREACH_FRAGMENTED, FIRST, 0, 1006 } } },
    { "nothing of the body", { { SERVER, NOTHING, 0, FIRST, 0, UNTOLD } } },
    { "nothing of the body, and yet a breach",
      { { SERVER, NOTHING, WSCLOSE_BREACH_TOO_LONG, FIRST, 0, 1006 } } },
    { "each side is told what the other sent",
      { { CLIENT, EMPTY, 0, FIRST, 0, 1005 },
        { SERVER, 1002, WSCLOSE_BREACH_MASKED, ANSWER, 1, 1006 } } },
};

static void
test_reported(void)
{
    check_scenarios(reported, G_N_ELEMENTS(reported));
}

/* "an answer that is empty, or has the code, as the frame it answers" */
static const scenario echoes[] = {
    { "what was cut is no echo of what was cut",
      { { CLIENT, CUT, 0, FIRST, 0, UNTOLD }, { SERVER, CUT, 0, ANSWER, 1, UNTOLD } } },
    { "nor of a code",
      { { CLIENT, 1000, 0, FIRST, 0, 1000 }, { SERVER, NOTHING, 0, ANSWER, 1, UNTOLD } } },
    { "nor is a code an echo of it",
      { { CLIENT, CUT, 0, FIRST, 0, UNTOLD }, { SERVER, 1000, 0, ANSWER, 1, 1000 } } },
    { "1002 does not echo a breach",
      { { CLIENT, 1000, WSCLOSE_BREACH_UNMASKED, FIRST, 0, 1006 },
        { SERVER, 1002, 0, ANSWER, 1, 1002 } } },
    { "two breaches with different codes are no echo, though both tell 1006",
      { { CLIENT, 1000, WSCLOSE_BREACH_UNMASKED, FIRST, 0, 1006 },
        { SERVER, 1010, WSCLOSE_BREACH_MASKED, ANSWER, 1, 1006 } } },
    { "an empty Close and a code, both in breach, are no echo",
      { { CLIENT, EMPTY, WSCLOSE_BREACH_UNMASKED, FIRST, 0, 1006 },
        { SERVER, 1000, WSCLOSE_BREACH_MASKED, ANSWER, 1, 1006 } } },
    { "a body of one octet has no code to echo",
      { { CLIENT, ONE_OCTET, WSCLOSE_BREACH_ONE_OCTET, FIRST, 0, 1006 },
        { SERVER, ONE_OCTET, WSCLOSE_BREACH_ONE_OCTET, ANSWER, 1, 1006 } } },
    { "the code of a frame in breach is echoed all the same",
      { { CLIENT, 1010, WSCLOSE_BREACH_UNMASKED, FIRST, 0, 1006 },
        { SERVER, 1010, 0, ANSWER | ECHO, 1, 1010 } } },
    { "1005 on the wire is no echo of an empty Close",
      { { CLIENT, EMPTY, 0, FIRST, 0, 1005 },
        { SERVER, 1005, WSCLOSE_BREACH_CODE_RESERVED, ANSWER, 1, 1006 } } },
};

static void
test_echoes(void)
{
    check_scenarios(echoes, G_N_ELEMENTS(echoes));
}

/* "where unknown, it is judged alone and not kept" */
static const scenario unknown[] = {
    { "a code", { { UNKNOWN, 1000, 0, FIRST, 0, 1000 } } },
    { "an empty Close", { { UNKNOWN, EMPTY, 0, FIRST, 0, 1005 } } },
    { "a breach", { { UNKNOWN, 1000, WSCLOSE_BREACH_RSV, FIRST, 0, 1006 } } },
    { "cut", { { UNKNOWN, CUT, 0, FIRST, 0, UNTOLD } } },
    { "two of them have nothing to do with each other",
      { { UNKNOWN, 1000, 0, FIRST, 0, 1000 }, { UNKNOWN, 1001, 0, FIRST, 0, 1001 } } },
    { "it is no answer, and is not answered",
      { { UNKNOWN, 1000, 0, FIRST, 0, 1000 }, { CLIENT, 1001, 0, FIRST, 0, 1001 },
        { UNKNOWN, 1001, 0, FIRST, 0, 1001 }, { SERVER, 1001, 0, ANSWER | ECHO, 2, 1001 } } },
};

static void
test_unknown(void)
{
    check_scenarios(unknown, G_N_ELEMENTS(unknown));
}

static void
check_mark(const wsclose_connection *connection, wsclose_side sender, uint32_t number,
           unsigned breaches, wsclose_body_kind kind, uint16_t code)
{
    const wsclose_close_mark *mark = wsclose_connection_sent(connection, sender);

    g_assert_nonnull(mark);
    g_assert_cmpuint(mark->moment.number, ==, number);
    g_assert_true(mark->moment.time == moment_of(number).time);
    g_assert_cmpuint(mark->breaches, ==, breaches);
    g_assert_cmpuint(mark->kind, ==, kind);
    g_assert_cmpuint(mark->code, ==, code);
}

static void
test_sent(void)
{
    static const step steps[] = {
        { UNKNOWN, 1000, 0, FIRST, 0, 1000 },
        { SERVER, 1000, WSCLOSE_BREACH_MASKED, FIRST, 0, 1006 },
        { SERVER, 1001, 0, REPEATED, 0, 1006 },
        { CLIENT, CUT, 0, ANSWER, 2, UNTOLD },
        { CLIENT, 1000, WSCLOSE_BREACH_RSV, REPEATED, 2, UNTOLD },
    };
    wsclose_connection connection;
    wsclose_close_meaning meaning;

    memset(&connection, 0xaa, sizeof connection);
    wsclose_connection_init(&connection);
    g_assert_null(wsclose_connection_sent(&connection, WSCLOSE_CLIENT));
    g_assert_null(wsclose_connection_sent(&connection, WSCLOSE_SERVER));
    g_assert_null(wsclose_connection_sent(&connection, WSCLOSE_SIDE_UNKNOWN));

    send_close(&connection, &steps[0], 1, &meaning);
    g_assert_null(wsclose_connection_sent(&connection, WSCLOSE_CLIENT));
    g_assert_null(wsclose_connection_sent(&connection, WSCLOSE_SERVER));
    g_assert_null(wsclose_connection_sent(&connection, WSCLOSE_SIDE_UNKNOWN));

    for (uint32_t number = 2; number <= 3; number++) {
        send_close(&connection, &steps[number - 1], number, &meaning);
        g_assert_null(wsclose_connection_sent(&connection, WSCLOSE_CLIENT));
        check_mark(&connection, WSCLOSE_SERVER, 2, WSCLOSE_BREACH_MASKED,
                   WSCLOSE_BODY_CODE, 1000);
    }
    for (uint32_t number = 4; number <= 5; number++) {
        send_close(&connection, &steps[number - 1], number, &meaning);
        check_mark(&connection, WSCLOSE_CLIENT, 4, 0, WSCLOSE_BODY_CUT, 0);
        check_mark(&connection, WSCLOSE_SERVER, 2, WSCLOSE_BREACH_MASKED,
                   WSCLOSE_BODY_CODE, 1000);
    }
    g_assert_null(wsclose_connection_sent(&connection, WSCLOSE_SIDE_UNKNOWN));
}

/* Where octets of the other endpoint were not captured, a Close frame may be among them. */
static void
test_missing(void)
{
    static const struct {
        const char *why;
        wsclose_side missing;
        step steps[2];
        bool maybe_answer;
        bool maybe_echo;
    } cases[] = {
        { "nothing is missing", WSCLOSE_SIDE_UNKNOWN, { { SERVER, 1010, 0, 0, 0, 0 } },
          false, false },
        { "octets of the client are", WSCLOSE_CLIENT, { { SERVER, 1010, 0, 0, 0, 0 } },
          true, true },
        { "its own octets tell nothing of the other side", WSCLOSE_SERVER,
          { { SERVER, 1010, 0, 0, 0, 0 } }, false, false },
        { "the Close that it answers is there all the same", WSCLOSE_CLIENT,
          { { CLIENT, 1000, 0, 0, 0, 0 }, { SERVER, 1010, 0, 0, 0, 0 } }, false, false },
        { "there, but cut short", WSCLOSE_CLIENT,
          { { CLIENT, CUT, 0, 0, 0, 0 }, { SERVER, 1010, 0, 0, 0, 0 } }, false, true },
        { "cut short itself", WSCLOSE_SIDE_UNKNOWN,
          { { CLIENT, 1010, 0, 0, 0, 0 }, { SERVER, CUT, 0, 0, 0, 0 } }, false, true },
        { "a second Close answers nothing", WSCLOSE_CLIENT,
          { { SERVER, 1000, 0, 0, 0, 0 }, { SERVER, 1010, 0, 0, 0, 0 } }, false, false },
        { "nobody knows who sent it", WSCLOSE_SIDE_UNKNOWN, { { UNKNOWN, 1010, 0, 0, 0, 0 } },
          true, true },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        wsclose_connection connection;
        wsclose_close_meaning meaning;

        g_test_message("%s", cases[i].why);
        wsclose_connection_init(&connection);
        wsclose_connection_missing(&connection, cases[i].missing);
        for (uint32_t n = 0; n < 2 && cases[i].steps[n].sender != END; n++)
            send_close(&connection, &cases[i].steps[n], n + 1, &meaning);
        g_assert_true(meaning.maybe_answer == cases[i].maybe_answer);
        g_assert_true(meaning.maybe_echo == cases[i].maybe_echo);
    }
}

/* Whatever the code, an echo is an echo, and one number farther is none. */
static void
test_every_code(void)
{
    for (int code = 0; code < UINT16_MAX; code++) {
        for (int other = code; other <= code + 1; other++) {
            const step steps[] = { { CLIENT, code, 0, FIRST, 0, 0 },
                                   { SERVER, other, 0, ANSWER, 1, 0 } };
            wsclose_connection connection;
            wsclose_close_meaning meaning;

            wsclose_connection_init(&connection);
            send_close(&connection, &steps[0], 1, &meaning);
            g_assert_cmpuint(meaning.reported.code, ==, code);
            send_close(&connection, &steps[1], 2, &meaning);
            g_assert_true(meaning.answer);
            g_assert_true(meaning.echo == (other == code));
            g_assert_cmpuint(meaning.reported.code, ==, other);
        }
    }
}

/* Of each kind of body, and of one of which nothing is known. */
static void
test_sent_kinds(void)
{
    static const struct {
        int sent;
        wsclose_body_kind kind;
        uint16_t code;
    } rows[] = {
        { 1010, WSCLOSE_BODY_CODE, 1010 }, { EMPTY, WSCLOSE_BODY_EMPTY, 1005 },
        { ONE_OCTET, WSCLOSE_BODY_ONE_OCTET, 0 }, { CUT, WSCLOSE_BODY_CUT, 0 },
        { NOTHING, WSCLOSE_BODY_CUT, 0 },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        const step s = { CLIENT, rows[i].sent, 0, 0, 0, 0 };
        wsclose_connection connection;
        wsclose_close_meaning meaning;

        g_test_message("row %zu", i);
        wsclose_connection_init(&connection);
        g_assert_false(send_close(&connection, &s, 1, &meaning));
        check_mark(&connection, WSCLOSE_CLIENT, 1, 0, rows[i].kind, rows[i].code);
    }
}

/* Both close at once: the later one in the capture was sent before the first had arrived. */
static const scenario crossing[] = {
    { "an answer by its place only, so no echo",
      { { CLIENT, 1000, 0, FIRST, 0, 1000 },
        { SERVER, 1000, CROSSING, ANSWER | CROSSED, 1, 1000 } } },
    { "the server's first",
      { { SERVER, EMPTY, 0, FIRST, 0, 1005 },
        { CLIENT, EMPTY, CROSSING, ANSWER | CROSSED, 1, 1005 } } },
    { "there is no other Close that it could cross",
      { { CLIENT, 1000, CROSSING, FIRST, 0, 1000 }, { SERVER, 1000, 0, ANSWER | ECHO, 1, 1000 } } },
    { "a repeated Close crosses nothing",
      { { CLIENT, 1000, 0, FIRST, 0, 1000 }, { SERVER, 1001, CROSSING, ANSWER | CROSSED, 1, 1001 },
        { SERVER, 1001, CROSSING, REPEATED, 1, 1001 },
        { CLIENT, 1001, CROSSING, REPEATED, 2, 1000 } } },
    { "nor does a repeated one make an answer of the first",
      { { SERVER, 1000, 0, FIRST, 0, 1000 }, { SERVER, 1000, CROSSING, REPEATED, 0, 1000 },
        { CLIENT, 1000, 0, ANSWER | ECHO, 1, 1000 } } },
    { "whoever sent it, where nobody knows",
      { { CLIENT, 1000, 0, FIRST, 0, 1000 }, { UNKNOWN, 1000, CROSSING, FIRST, 0, 1000 } } },
};

static void
test_crossing(void)
{
    wsclose_connection connection;
    wsclose_close_meaning meaning;

    check_scenarios(crossing, G_N_ELEMENTS(crossing));

    /* Cut short it could have been an echo, had it been an answer. */
    wsclose_connection_init(&connection);
    send_close(&connection, &(step){ CLIENT, 1000, 0, 0, 0, 0 }, 1, &meaning);
    send_close(&connection, &(step){ SERVER, CUT, CROSSING, 0, 0, 0 }, 2, &meaning);
    g_assert_true(meaning.crossed);
    g_assert_false(meaning.maybe_echo);
    g_assert_true(connection.crossed);

    wsclose_connection_init(&connection);
    send_close(&connection, &(step){ CLIENT, 1000, CROSSING, 0, 0, 0 }, 1, &meaning);
    send_close(&connection, &(step){ SERVER, 1000, 0, 0, 0, 0 }, 2, &meaning);
    g_assert_false(connection.crossed);
}

/* A connection whose opening handshake was seen, in packets 1 and 2. */
static void
open_connection(wsclose_connection *connection, unsigned faults)
{
    const wsclose_handshake_response response = { .status = 101, .faults = faults };

    wsclose_connection_init(connection);
    wsclose_connection_request(connection, moment_of(1));
    g_assert_false(wsclose_connection_response(connection, &response, moment_of(2)));
}

/* What comes after a reset sent by the receiver is read by nobody. */
static void
test_unheard(void)
{
    static const struct {
        const char *why;
        who resets;
        step before; /* in packet 3 */
        step after;  /* in packet 5 */
    } rows[] = {
        { "the server's, after the client's reset", CLIENT, { END, 0, 0, 0, 0, 0 },
          { SERVER, 1000, 0, UNHEARD, 0, UNTOLD } },
        { "the client's, after the server's reset", SERVER, { END, 0, 0, 0, 0, 0 },
          { CLIENT, 1000, 0, UNHEARD, 0, UNTOLD } },
        { "an answer that comes too late", CLIENT, { CLIENT, 1000, 0, FIRST, 0, 1000 },
          { SERVER, 1000, 0, UNHEARD | ANSWER | ECHO, 3, UNTOLD } },
        { "an illegal one that nobody reads", SERVER, { END, 0, 0, 0, 0, 0 },
          { CLIENT, 1005, WSCLOSE_BREACH_CODE_RESERVED, UNHEARD, 0, UNTOLD } },
        { "a repeated one: its first was read", CLIENT, { SERVER, 1001, 0, FIRST, 0, 1001 },
          { SERVER, 1001, 0, REPEATED, 0, 1001 } },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        wsclose_connection connection;
        wsclose_connection settled;
        wsclose_close_meaning meaning;

        g_test_message("%s", rows[i].why);
        open_connection(&connection, 0);
        if (rows[i].before.sender != END) {
            g_assert_false(send_close(&connection, &rows[i].before, 3, &meaning));
            check_meaning(&meaning, &rows[i].before);
        }
        g_assert_true(wsclose_connection_end(&connection, endpoint_of(rows[i].resets),
                                             WSCLOSE_END_RESET, moment_of(4)));
        memcpy(&settled, &connection, sizeof settled);
        g_assert_false(send_close(&connection, &rows[i].after, 5, &meaning));
        check_meaning(&meaning, &rows[i].after);
        g_assert_cmpmem(&settled, sizeof settled, &connection, sizeof connection);
    }
}

/* A Close after the verdict tells what it is all the same. */
static void
test_after_the_verdict(void)
{
    static const step steps[] = {
        { SERVER, 1000, 0, FIRST, 0, 1000 },
        { CLIENT, 1000, 0, ANSWER | ECHO, 3, 1000 },
        { CLIENT, 1001, 0, REPEATED, 3, 1000 },
        { SERVER, 1001, 0, REPEATED, 4, 1000 },
    };
    wsclose_connection connection;

    open_connection(&connection, 0);
    for (uint32_t n = 0; n < G_N_ELEMENTS(steps); n++) {
        wsclose_close_meaning meaning;

        g_assert_true(send_close(&connection, &steps[n], n + 3, &meaning) == (n == 1));
        check_meaning(&meaning, &steps[n]);
    }
    g_assert_cmpuint(connection.settled.number, ==, 4);
}

/* The mark of an end is the first FIN's, or a reset's, which replaces it. */
static void
test_ends(void)
{
    const wsclose_side client = WSCLOSE_CLIENT;
    wsclose_connection connection;

    open_connection(&connection, 0);
    g_assert_cmpuint(connection.ends[0].kind, ==, WSCLOSE_END_NONE);
    g_assert_cmpuint(connection.ends[0].number, ==, 0);
    g_assert_false(wsclose_connection_end(&connection, client, WSCLOSE_END_NONE, moment_of(3)));
    g_assert_false(connection.has_ending);

    g_assert_false(wsclose_connection_end(&connection, client, WSCLOSE_END_ORDERLY, moment_of(4)));
    g_assert_false(wsclose_connection_end(&connection, client, WSCLOSE_END_ORDERLY, moment_of(5)));
    g_assert_cmpuint(connection.ends[0].kind, ==, WSCLOSE_END_ORDERLY);
    g_assert_cmpuint(connection.ends[0].number, ==, 4);
    g_assert_true(connection.ending == moment_of(4).time);

    g_assert_true(wsclose_connection_end(&connection, client, WSCLOSE_END_RESET, moment_of(6)));
    g_assert_cmpuint(connection.ends[0].kind, ==, WSCLOSE_END_RESET);
    g_assert_cmpuint(connection.ends[0].number, ==, 6);
    g_assert_true(connection.ending == moment_of(4).time);
    g_assert_cmpuint(connection.first_end, ==, client);
    g_assert_cmpuint(connection.ends[1].kind, ==, WSCLOSE_END_NONE);
}

/* Frames. */

typedef struct {
    who sender;
    uint8_t opcode;
    bool fin;
} frame_step;

static wsclose_frame_meaning
send_frame_at(wsclose_connection *connection, const frame_step *s, uint32_t number)
{
    const wsclose_frame frame = { .fin = s->fin, .opcode = s->opcode,
                                  .masked = s->sender == CLIENT, .header_len = 2 };
    wsclose_frame_meaning meaning;

    memset(&meaning, 0xaa, sizeof meaning);
    wsclose_connection_frame(connection, endpoint_of(s->sender), &frame, moment_of(number),
                             &meaning);
    return meaning;
}

static wsclose_frame_meaning
send_frame(wsclose_connection *connection, who sender, uint8_t opcode, bool fin)
{
    return send_frame_at(connection, &(frame_step){ sender, opcode, fin }, 9);
}

/* RFC 6455 section 5.5.1: no data frame after a Close of the same endpoint. */
static void
test_data_after_close(void)
{
    for (unsigned opcode = 0; opcode < 16; opcode++) {
        const bool data = opcode < 8;
        wsclose_connection connection;
        wsclose_close_meaning meaning;

        if (opcode == WSCLOSE_OPCODE_CLOSE)
            continue;
        g_test_message("opcode %u", opcode);
        open_connection(&connection, 0);
        g_assert_false(send_frame(&connection, SERVER, (uint8_t)opcode, true).after_close);
        g_assert_false(send_frame(&connection, CLIENT, (uint8_t)opcode, true).after_close);

        send_close(&connection, &(step){ SERVER, 1000, 0, 0, 0, 0 }, 3, &meaning);
        g_assert_true(send_frame(&connection, SERVER, (uint8_t)opcode, true).after_close == data);
        g_assert_true(send_frame(&connection, SERVER, (uint8_t)opcode, true).after_close == data);
        g_assert_false(send_frame(&connection, CLIENT, (uint8_t)opcode, true).after_close);
        g_assert_false(send_frame(&connection, UNKNOWN, (uint8_t)opcode, true).after_close);

        /* After the verdict too. */
        g_assert_true(send_close(&connection, &(step){ CLIENT, 1000, 0, 0, 0, 0 }, 4, &meaning));
        g_assert_true(send_frame(&connection, CLIENT, (uint8_t)opcode, true).after_close == data);
        g_assert_true(send_frame(&connection, SERVER, (uint8_t)opcode, true).after_close == data);
    }
}

enum { FRAMES_MAX = 6 };

/* RFC 6455 section 5.4: the order of fragments. breach: the frame that has one, from 1. */
static const struct {
    const char *why;
    frame_step frames[FRAMES_MAX];
    unsigned breach;
} sequences[] = {
    { "messages of one frame",
      { { CLIENT, 1, true }, { CLIENT, 2, true }, { CLIENT, 1, true } }, 0 },
    { "a message of two", { { CLIENT, 1, false }, { CLIENT, 0, true }, { CLIENT, 1, true } }, 0 },
    { "a message of four",
      { { SERVER, 2, false }, { SERVER, 0, false }, { SERVER, 0, false }, { SERVER, 0, true },
        { SERVER, 2, false }, { SERVER, 0, true } }, 0 },
    { "a Ping and a Pong inside one",
      { { CLIENT, 1, false }, { CLIENT, 9, true }, { CLIENT, 0, false }, { CLIENT, 10, true },
        { CLIENT, 0, true }, { CLIENT, 1, true } }, 0 },
    { "one of each side at the same time",
      { { CLIENT, 1, false }, { SERVER, 2, false }, { CLIENT, 0, true }, { SERVER, 0, true },
        { CLIENT, 1, true }, { SERVER, 1, true } }, 0 },
    { "a continuation of nothing", { { CLIENT, 0, true } }, 1 },
    { "a continuation of nothing, which goes on", { { SERVER, 0, false } }, 1 },
    { "a continuation of a whole message", { { CLIENT, 1, true }, { CLIENT, 0, true } }, 2 },
    { "a continuation of a message that is over",
      { { CLIENT, 1, false }, { CLIENT, 0, true }, { CLIENT, 0, true } }, 3 },
    { "a continuation of the other side's message",
      { { CLIENT, 1, false }, { SERVER, 0, true } }, 2 },
    { "a Ping does not open a message", { { SERVER, 9, true }, { SERVER, 0, true } }, 2 },
    { "a new message inside a fragmented one", { { CLIENT, 1, false }, { CLIENT, 1, true } }, 2 },
    { "of another kind", { { SERVER, 1, false }, { SERVER, 0, false }, { SERVER, 2, true } }, 3 },
    { "behind a Ping", { { SERVER, 2, false }, { SERVER, 9, true }, { SERVER, 2, false } }, 3 },
};

static void
test_sequences(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(sequences); i++) {
        wsclose_connection connection;

        open_connection(&connection, 0);
        for (unsigned n = 0; n < FRAMES_MAX && sequences[i].frames[n].sender != END; n++) {
            const frame_step *s = &sequences[i].frames[n];
            const wsclose_frame_meaning meaning = send_frame_at(&connection, s, n + 3);
            const bool breach = n + 1 == sequences[i].breach;

            g_test_message("%s: frame %u", sequences[i].why, n + 1);
            g_assert_cmphex(meaning.breaches, ==, breach ? WSCLOSE_BREACH_SEQUENCE : 0);
            g_assert_true(meaning.first == breach);
            /* Of whoever has to fail the connection now. */
            g_assert_true(connection.sides[0].failing == (breach && s->sender == SERVER));
            g_assert_true(connection.sides[1].failing == (breach && s->sender == CLIENT));
        }
    }
}

/* Where octets are missing, or the opening handshake was not seen, no order can be told. */
static void
test_sequences_unknown(void)
{
    wsclose_connection connection;

    /* The capture began inside a message. */
    wsclose_connection_init(&connection);
    g_assert_cmphex(send_frame(&connection, SERVER, 0, true).breaches, ==, 0);
    g_assert_cmphex(send_frame(&connection, SERVER, 1, false).breaches, ==, 0);
    g_assert_cmphex(send_frame(&connection, SERVER, 1, true).breaches, ==, 0);

    /* A frame of nobody knows whom. */
    open_connection(&connection, 0);
    g_assert_cmphex(send_frame(&connection, UNKNOWN, 0, true).breaches, ==, 0);
    g_assert_cmphex(send_frame(&connection, UNKNOWN, 1, false).breaches, ==, 0);
    g_assert_cmphex(send_frame(&connection, SERVER, 1, true).breaches, ==, 0);
    g_assert_cmphex(send_frame(&connection, CLIENT, 1, true).breaches, ==, 0);

    /* The last fragment is among the octets that are missing; not so the other side's. */
    open_connection(&connection, 0);
    send_frame(&connection, SERVER, 1, false);
    wsclose_connection_missing(&connection, WSCLOSE_SERVER);
    g_assert_cmphex(send_frame(&connection, SERVER, 1, true).breaches, ==, 0);
    g_assert_cmphex(send_frame(&connection, SERVER, 0, true).breaches, ==, 0);
    g_assert_cmphex(send_frame(&connection, SERVER, 3, true).breaches, ==, 0);
    g_assert_cmphex(send_frame(&connection, CLIENT, 0, true).breaches, ==,
                    WSCLOSE_BREACH_SEQUENCE);

    /* They came after all, in another order. */
    wsclose_connection_found(&connection, WSCLOSE_SERVER);
    g_assert_cmphex(send_frame(&connection, SERVER, 0, true).breaches, ==, 0);
    g_assert_cmphex(send_frame(&connection, SERVER, 1, false).breaches, ==, 0);
    g_assert_cmphex(send_frame(&connection, SERVER, 1, true).breaches, ==, 0);
    g_assert_cmphex(send_frame(&connection, SERVER, 3, true).breaches, ==, WSCLOSE_BREACH_OPCODE);
}

/* Each kind of breach is seen for the first time once, per side. */
static void
test_first_breach(void)
{
    wsclose_connection connection;
    wsclose_frame_meaning meaning;

    open_connection(&connection, 0);
    meaning = send_frame(&connection, CLIENT, 3, true);
    g_assert_cmphex(meaning.breaches, ==, WSCLOSE_BREACH_OPCODE);
    g_assert_true(meaning.first);
    meaning = send_frame(&connection, CLIENT, 4, true);
    g_assert_cmphex(meaning.breaches, ==, WSCLOSE_BREACH_OPCODE);
    g_assert_false(meaning.first);
    meaning = send_frame(&connection, CLIENT, 11, false);
    g_assert_cmphex(meaning.breaches, ==, WSCLOSE_BREACH_OPCODE | WSCLOSE_BREACH_FRAGMENTED);
    g_assert_true(meaning.first);
    meaning = send_frame(&connection, SERVER, 3, true);
    g_assert_true(meaning.first);
    g_assert_cmphex(connection.breaches[0], ==, WSCLOSE_BREACH_OPCODE | WSCLOSE_BREACH_FRAGMENTED);
    g_assert_cmphex(connection.breaches[1], ==, WSCLOSE_BREACH_OPCODE);
    meaning = send_frame(&connection, UNKNOWN, 12, false);
    g_assert_cmphex(meaning.breaches, ==, 0);
    g_assert_false(meaning.first);
}

/* What the opening handshake allows, frames may use. */
static void
test_negotiated(void)
{
    static const struct {
        uint8_t rsv;
        bool any_opcode;
        unsigned breaches; /* of a frame with RSV1 and RSV2, and opcode 3 */
    } rows[] = {
        { 0, false, WSCLOSE_BREACH_RSV | WSCLOSE_BREACH_OPCODE },
        { 4, false, WSCLOSE_BREACH_RSV | WSCLOSE_BREACH_OPCODE },
        { 7, true, 0 },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        const wsclose_handshake_response response = {
            .status = 101, .rsv = rows[i].rsv, .any_opcode = rows[i].any_opcode };
        const wsclose_frame frame = { .fin = true, .rsv = 6, .opcode = 3, .header_len = 2 };
        const wsclose_frame deflated = { .fin = true, .rsv = 4, .opcode = 1, .header_len = 2 };
        wsclose_connection connection;
        wsclose_frame_meaning meaning;

        wsclose_connection_init(&connection);
        wsclose_connection_response(&connection, &response, moment_of(1));
        wsclose_connection_frame(&connection, WSCLOSE_SERVER, &frame, moment_of(2),
                                 &meaning);
        g_assert_cmphex(meaning.breaches, ==, rows[i].breaches);
        wsclose_connection_frame(&connection, WSCLOSE_SERVER, &deflated, moment_of(3),
                                 &meaning);
        g_assert_cmphex(meaning.breaches, ==, i == 0 ? WSCLOSE_BREACH_RSV : 0);
    }
}

/* What its receiver did before tells what a Close makes it report. */
static void
test_reported_by_what_came_before(void)
{
    wsclose_connection connection;
    wsclose_close_meaning meaning;

    g_test_message("it had to fail the connection for a frame");
    open_connection(&connection, 0);
    send_frame(&connection, SERVER, 3, true);
    send_close(&connection, &(step){ SERVER, 1000, 0, 0, 0, 0 }, 4, &meaning);
    check_meaning(&meaning, &(step){ SERVER, 1000, 0, FIRST, 0, 1006 });
    send_close(&connection, &(step){ CLIENT, 1002, 0, 0, 0, 0 }, 5, &meaning);
    check_meaning(&meaning, &(step){ CLIENT, 1002, 0, ANSWER, 4, 1002 });

    g_test_message("it failed the connection on its own");
    open_connection(&connection, 0);
    send_close(&connection, &(step){ CLIENT, 1009, 0, 0, 0, 0 }, 4, &meaning);
    check_meaning(&meaning, &(step){ CLIENT, 1009, 0, FIRST, 0, 1009 });
    wsclose_connection_end(&connection, WSCLOSE_CLIENT, WSCLOSE_END_ORDERLY, moment_of(5));
    send_close(&connection, &(step){ SERVER, 1009, 0, 0, 0, 0 }, 6, &meaning);
    check_meaning(&meaning, &(step){ SERVER, 1009, 0, ANSWER | ECHO, 4, 1006 });

    g_test_message("it ended its side while octets of its peer were missing, which came later");
    open_connection(&connection, 0);
    send_close(&connection, &(step){ CLIENT, 1009, 0, 0, 0, 0 }, 4, &meaning);
    wsclose_connection_missing(&connection, WSCLOSE_SERVER);
    wsclose_connection_end(&connection, WSCLOSE_CLIENT, WSCLOSE_END_ORDERLY, moment_of(5));
    wsclose_connection_found(&connection, WSCLOSE_SERVER);
    send_close(&connection, &(step){ SERVER, 1009, 0, 0, 0, 0 }, 6, &meaning);
    check_meaning(&meaning, &(step){ SERVER, 1009, 0, ANSWER | ECHO, 4, UNTOLD });

    g_test_message("it had to reject the response, and has not said yet whether it does");
    open_connection(&connection, WSCLOSE_FAULT_ACCEPT_WRONG);
    send_close(&connection, &(step){ SERVER, 1000, 0, 0, 0, 0 }, 4, &meaning);
    check_meaning(&meaning, &(step){ SERVER, 1000, 0, FIRST, 0, UNTOLD });

    g_test_message("it carries on");
    open_connection(&connection, WSCLOSE_FAULT_ACCEPT_WRONG);
    send_frame(&connection, CLIENT, WSCLOSE_OPCODE_PING, true);
    send_close(&connection, &(step){ SERVER, 1000, 0, 0, 0, 0 }, 4, &meaning);
    check_meaning(&meaning, &(step){ SERVER, 1000, 0, FIRST, 0, 1000 });
}

/* A WebSocket on stream 5, opened in packets 1 and 2. */
static void
open_stream(wsclose_connection *connection, wsclose_carrier carrier)
{
    const wsclose_handshake_response response = { .status = 200 };

    wsclose_connection_init_over(connection, carrier);
    wsclose_connection_request(connection, moment_of(1));
    g_assert_false(wsclose_connection_response(connection, &response, moment_of(2)));
    g_assert_cmpint(wsclose_connection_opening(connection), ==, WSCLOSE_OPENING_SUCCEEDED);
}

static void
test_carrier_status(void)
{
    for (wsclose_carrier carrier = WSCLOSE_CARRIER_HTTP1; carrier <= WSCLOSE_CARRIER_HTTP3;
         carrier++) {
        for (unsigned status = 101; status < 600; status++) {
            const wsclose_handshake_response response = { .status = status };
            const bool opens =
                carrier == WSCLOSE_CARRIER_HTTP1 ? status == 101 : status / 100 == 2;
            wsclose_connection connection;

            wsclose_connection_init_over(&connection, carrier);
            wsclose_connection_request(&connection, moment_of(1));
            g_assert_true(wsclose_connection_response(&connection, &response, moment_of(2))
                          != opens);
            g_assert_cmpint(wsclose_connection_opening(&connection), ==,
                            opens ? WSCLOSE_OPENING_SUCCEEDED : WSCLOSE_OPENING_REFUSED);
        }
    }
}

static const struct {
    const char *why;
    wsclose_carrier carrier;
    wsclose_side sender;
    uint64_t last;
    bool settles;
} goaway_rows[] = {
    { "the last stream that is heeded", WSCLOSE_CARRIER_HTTP2, WSCLOSE_SERVER, 5, false },
    { "a later one", WSCLOSE_CARRIER_HTTP2, WSCLOSE_SERVER, 0x7fffffff, false },
    { "an earlier one", WSCLOSE_CARRIER_HTTP2, WSCLOSE_SERVER, 3, true },
    { "none", WSCLOSE_CARRIER_HTTP2, WSCLOSE_SERVER, 0, true },
    { "a client's is about streams of the server", WSCLOSE_CARRIER_HTTP2, WSCLOSE_CLIENT,
      0, false },
    { "nobody's", WSCLOSE_CARRIER_HTTP2, WSCLOSE_SIDE_UNKNOWN, 0, false },
    { "the first stream that is not heeded", WSCLOSE_CARRIER_HTTP3, WSCLOSE_SERVER, 5,
      true },
    { "one after it", WSCLOSE_CARRIER_HTTP3, WSCLOSE_SERVER, 6, false },
};

/* Several GOAWAYs of one sender, one row each way they can follow. */
static void
test_goaway_join(void)
{
    static const struct {
        wsclose_goaway_fact before;
        wsclose_goaway_fact next;
        uint64_t last;
        bool has_error;
        uint64_t error;
    } rows[] = {
        { { .sender = WSCLOSE_SIDE_UNKNOWN }, { WSCLOSE_SERVER, 0, 7, true, 0 }, 7, true, 0 },
        { { WSCLOSE_SERVER, 0, 7, true, 11 }, { WSCLOSE_SERVER, 0, 7, true, 0 },
          7, true, 11 },
        { { WSCLOSE_SERVER, 0, 0x7fffffff, true, 0 },
          { WSCLOSE_SERVER, 0, 5, true, 2 }, 5, true, 2 },
        { { WSCLOSE_SERVER, 0, 5, true, 11 }, { WSCLOSE_SERVER, 0, 9, true, 2 },
          5, true, 11 },
        { { WSCLOSE_SERVER, 0, 5, false, 0 }, { WSCLOSE_SERVER, 0, 3, false, 0 },
          3, false, 0 },
        /* A code that was not read may have been an error. */
        { { WSCLOSE_SERVER, 0, 5, false, 0 }, { WSCLOSE_SERVER, 0, 3, true, 0 },
          3, false, 0 },
        { { WSCLOSE_SERVER, 0, 5, true, 0 }, { WSCLOSE_SERVER, 0, 3, false, 0 },
          3, false, 0 },
        { { WSCLOSE_SERVER, 0, 5, true, 11 }, { WSCLOSE_SERVER, 0, 3, false, 0 },
          3, true, 11 },
        { { WSCLOSE_SERVER, 0, 5, false, 0 }, { WSCLOSE_SERVER, 0, 3, true, 2 },
          3, true, 2 },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        wsclose_goaway_fact kept = rows[i].before;

        wsclose_goaway_join(&kept, &rows[i].next);
        g_assert_cmpint(kept.sender, ==, WSCLOSE_SERVER);
        g_assert_cmpuint(kept.last, ==, rows[i].last);
        g_assert_true(kept.has_error == rows[i].has_error);
        g_assert_cmpuint(kept.error, ==, rows[i].error);
    }
}

static void
test_goaway(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(goaway_rows); i++) {
        const wsclose_goaway_fact fact = { .sender = goaway_rows[i].sender, .stream = 5,
                                           .last = goaway_rows[i].last, .has_error = true,
                                           .error = 11 };
        const wsclose_side own = fact.sender == WSCLOSE_SIDE_UNKNOWN ? WSCLOSE_SERVER : fact.sender;
        wsclose_connection connection;

        g_test_message("%s", goaway_rows[i].why);
        open_stream(&connection, goaway_rows[i].carrier);
        g_assert_true(wsclose_connection_goaway(&connection, &fact, moment_of(3))
                      == goaway_rows[i].settles);
        g_assert_true((connection.settled.number == 3) == goaway_rows[i].settles);
        g_assert_cmpuint(connection.ends[own].kind, ==,
                         goaway_rows[i].settles ? WSCLOSE_END_RESET : WSCLOSE_END_NONE);
        g_assert_true(connection.ends[own].goaway == (fact.sender != WSCLOSE_SIDE_UNKNOWN));
        g_assert_true(goaway_rows[i].settles || !connection.has_ending);
        if (goaway_rows[i].settles)
            g_assert_cmpuint(connection.ends[own].cause, ==, WSCLOSE_END_BY_GOAWAY);
    }
}

/* The mark of an end keeps by what it came, and the last error code that has a say in it. */
static void
test_end_causes(void)
{
    const wsclose_side server = WSCLOSE_SERVER;
    const wsclose_goaway_fact goaway = { server, 5, 5, true, 2 };
    wsclose_connection connection;
    const wsclose_end_mark *mark = &connection.ends[1];

    open_stream(&connection, WSCLOSE_CARRIER_HTTP2);
    g_assert_false(wsclose_connection_end(&connection, server, WSCLOSE_END_ORDERLY, moment_of(3)));
    g_assert_cmpuint(mark->cause, ==, WSCLOSE_END_BY_ITSELF);
    g_assert_false(mark->has_error);
    g_assert_false(wsclose_connection_goaway(&connection, &goaway, moment_of(4)));
    g_assert_false(
        wsclose_connection_end_under(&connection, server, WSCLOSE_END_ORDERLY, moment_of(5)));
    g_assert_cmpuint(mark->number, ==, 3);
    g_assert_cmpuint(mark->cause, ==, WSCLOSE_END_BY_ITSELF);
    g_assert_true(wsclose_connection_reset_stream(&connection, server, 8, moment_of(6)));
    g_assert_cmpuint(mark->number, ==, 6);
    g_assert_cmpuint(mark->kind, ==, WSCLOSE_END_RESET);
    g_assert_cmpuint(mark->error, ==, 8);
    g_assert_true(mark->has_error && !mark->goaway);

    open_stream(&connection, WSCLOSE_CARRIER_HTTP2);
    g_assert_false(wsclose_connection_goaway(&connection, &goaway, moment_of(3)));
    g_assert_false(
        wsclose_connection_end_under(&connection, server, WSCLOSE_END_ORDERLY, moment_of(4)));
    g_assert_true(wsclose_connection_end_under(&connection, WSCLOSE_CLIENT,
                                               WSCLOSE_END_ORDERLY, moment_of(5)));
    g_assert_cmpuint(mark->cause, ==, WSCLOSE_END_BY_CONNECTION);
    g_assert_true(mark->goaway && mark->has_error);
    g_assert_cmpuint(mark->error, ==, 2);
}

/* RST_STREAM after both Close frames, as servers send it, changes nothing; nor do later ends. */
static void
test_ends_after_closes(void)
{
    static const step steps[] = {
        { CLIENT, 1000, 0, FIRST, 0, 1000 },
        { SERVER, 1000, 0, ANSWER | ECHO, 3, 1000 },
    };
    const wsclose_goaway_fact goaway = { WSCLOSE_SERVER, 5, 0, true, 2 };
    wsclose_connection connection;
    wsclose_connection settled;
    wsclose_close_meaning meaning;

    open_stream(&connection, WSCLOSE_CARRIER_HTTP2);
    g_assert_false(send_close(&connection, &steps[0], 3, &meaning));
    g_assert_true(send_close(&connection, &steps[1], 4, &meaning));
    memcpy(&settled, &connection, sizeof settled);
    g_assert_false(wsclose_connection_reset_stream(&connection, WSCLOSE_SERVER, 0,
                                                   moment_of(5)));
    g_assert_false(wsclose_connection_goaway(&connection, &goaway, moment_of(6)));
    g_assert_false(wsclose_connection_end_under(&connection, WSCLOSE_CLIENT,
                                                WSCLOSE_END_RESET, moment_of(7)));
    wsclose_connection_by_browser(&connection);
    wsclose_connection_outside(&connection, moment_of(8), true);
    g_assert_cmpmem(&settled, sizeof settled, &connection, sizeof connection);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/connection/handshakes", test_handshakes);
    g_test_add_func("/connection/repeated", test_repeated);
    g_test_add_func("/connection/told", test_reported);
    g_test_add_func("/connection/echoes", test_echoes);
    g_test_add_func("/connection/unknown", test_unknown);
    g_test_add_func("/connection/sent", test_sent);
    g_test_add_func("/connection/every-code", test_every_code);
    g_test_add_func("/connection/missing", test_missing);
    g_test_add_func("/connection/sent/kinds", test_sent_kinds);
    g_test_add_func("/connection/crossing", test_crossing);
    g_test_add_func("/connection/unheard", test_unheard);
    g_test_add_func("/connection/after-the-verdict", test_after_the_verdict);
    g_test_add_func("/connection/ends", test_ends);
    g_test_add_func("/connection/data-after-close", test_data_after_close);
    g_test_add_func("/connection/sequences", test_sequences);
    g_test_add_func("/connection/sequences/unknown", test_sequences_unknown);
    g_test_add_func("/connection/first-breach", test_first_breach);
    g_test_add_func("/connection/negotiated", test_negotiated);
    g_test_add_func("/connection/told/before", test_reported_by_what_came_before);
    g_test_add_func("/connection/carrier/status", test_carrier_status);
    g_test_add_func("/connection/carrier/goaway", test_goaway);
    g_test_add_func("/connection/carrier/goaway-join", test_goaway_join);
    g_test_add_func("/connection/carrier/end-causes", test_end_causes);
    g_test_add_func("/connection/carrier/ends-after-closes", test_ends_after_closes);
    return g_test_run();
}
