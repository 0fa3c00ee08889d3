/* test_connection.c
 * Close frames in their connection: which one answers which, and what each endpoint is told.
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
    REPEATED = 1 << 2
};

/* One Close frame, in the packet of its place in the scenario, from 1, and what is found. */
typedef struct {
    who sender;
    int sent;
    unsigned breaches;
    unsigned found;
    uint32_t peer; /* packet */
    uint16_t told;
} step;

enum { STEPS_MAX = 5 };

typedef struct {
    const char *why;
    step steps[STEPS_MAX];
} scenario;

static wsclose_endpoint
endpoint_of(who sender)
{
    switch (sender) {
    case CLIENT:
        return WSCLOSE_ENDPOINT_CLIENT;
    case SERVER:
        return WSCLOSE_ENDPOINT_SERVER;
    default:
        return WSCLOSE_ENDPOINT_UNKNOWN;
    }
}

static wsclose_moment
moment_of(uint32_t number)
{
    return (wsclose_moment){ number, (int64_t)number * 1000 - 1500 };
}

static void
send_close(wsclose_connection *connection, const step *s, uint32_t number,
           wsclose_close_finding *finding)
{
    const uint8_t octets[2] = { (uint8_t)(s->sent >> 8), (uint8_t)s->sent };
    wsclose_close_body body;

    if (s->sent == EMPTY)
        wsclose_close_body_decode(NULL, 0, 0, &body);
    else if (s->sent == ONE_OCTET)
        wsclose_close_body_decode(NULL, 0, 1, &body);
    else if (s->sent == CUT)
        wsclose_close_body_decode(NULL, 0, 2, &body);
    else
        wsclose_close_body_decode(octets, sizeof octets, sizeof octets, &body);
    memset(finding, 0xaa, sizeof *finding);
    wsclose_connection_close(connection, endpoint_of(s->sender), s->sent == NOTHING ? NULL : &body,
                             s->breaches, moment_of(number), finding);
}

static void
check_scenarios(const scenario *scenarios, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        wsclose_connection connection;

        wsclose_connection_init(&connection);
        for (uint32_t n = 0; n < STEPS_MAX && scenarios[i].steps[n].sender != END; n++) {
            const step *s = &scenarios[i].steps[n];
            wsclose_close_finding finding;

            g_test_message("%s: frame %u", scenarios[i].why, n + 1);
            send_close(&connection, s, n + 1, &finding);
            g_assert_true(finding.repeated == ((s->found & REPEATED) != 0));
            g_assert_true(finding.answer == ((s->found & ANSWER) != 0));
            g_assert_true(finding.echo == ((s->found & ECHO) != 0));
            g_assert_cmpuint(finding.peer.number, ==, s->peer);
            g_assert_true(finding.peer.time == (s->peer == 0 ? 0 : moment_of(s->peer).time));
            g_assert_true(finding.told.known == (s->told != UNTOLD));
            g_assert_cmpuint(finding.told.code, ==, s->told);
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
    { "Close frames that cross: the later one in the capture counts as the answer",
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

static const scenario told[] = {
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
test_told(void)
{
    check_scenarios(told, G_N_ELEMENTS(told));
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
check_mark(const wsclose_connection *connection, wsclose_endpoint sender, uint32_t number,
           unsigned breaches, uint16_t code)
{
    const wsclose_close_mark *mark = wsclose_connection_sent(connection, sender);

    g_assert_nonnull(mark);
    g_assert_cmpuint(mark->moment.number, ==, number);
    g_assert_true(mark->moment.time == moment_of(number).time);
    g_assert_cmpuint(mark->breaches, ==, breaches);
    g_assert_true(mark->told.known == (code != UNTOLD));
    g_assert_cmpuint(mark->told.code, ==, code);
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
    wsclose_close_finding finding;

    memset(&connection, 0xaa, sizeof connection);
    wsclose_connection_init(&connection);
    g_assert_null(wsclose_connection_sent(&connection, WSCLOSE_ENDPOINT_CLIENT));
    g_assert_null(wsclose_connection_sent(&connection, WSCLOSE_ENDPOINT_SERVER));
    g_assert_null(wsclose_connection_sent(&connection, WSCLOSE_ENDPOINT_UNKNOWN));

    send_close(&connection, &steps[0], 1, &finding);
    g_assert_null(wsclose_connection_sent(&connection, WSCLOSE_ENDPOINT_CLIENT));
    g_assert_null(wsclose_connection_sent(&connection, WSCLOSE_ENDPOINT_SERVER));
    g_assert_null(wsclose_connection_sent(&connection, WSCLOSE_ENDPOINT_UNKNOWN));

    for (uint32_t number = 2; number <= 3; number++) {
        send_close(&connection, &steps[number - 1], number, &finding);
        g_assert_null(wsclose_connection_sent(&connection, WSCLOSE_ENDPOINT_CLIENT));
        check_mark(&connection, WSCLOSE_ENDPOINT_SERVER, 2, WSCLOSE_BREACH_MASKED, 1006);
    }
    for (uint32_t number = 4; number <= 5; number++) {
        send_close(&connection, &steps[number - 1], number, &finding);
        check_mark(&connection, WSCLOSE_ENDPOINT_CLIENT, 4, 0, UNTOLD);
        check_mark(&connection, WSCLOSE_ENDPOINT_SERVER, 2, WSCLOSE_BREACH_MASKED, 1006);
    }
    g_assert_null(wsclose_connection_sent(&connection, WSCLOSE_ENDPOINT_UNKNOWN));
}

/* Where octets of the other endpoint were not captured, a Close frame may be among them. */
static void
test_missing(void)
{
    static const struct {
        const char *why;
        wsclose_endpoint missing;
        step steps[2];
        bool maybe_answer;
        bool maybe_echo;
    } cases[] = {
        { "nothing is missing", WSCLOSE_ENDPOINT_UNKNOWN, { { SERVER, 1010, 0, 0, 0, 0 } },
          false, false },
        { "octets of the client are", WSCLOSE_ENDPOINT_CLIENT, { { SERVER, 1010, 0, 0, 0, 0 } },
          true, true },
        { "its own octets tell nothing of the other side", WSCLOSE_ENDPOINT_SERVER,
          { { SERVER, 1010, 0, 0, 0, 0 } }, false, false },
        { "the Close that it answers is there all the same", WSCLOSE_ENDPOINT_CLIENT,
          { { CLIENT, 1000, 0, 0, 0, 0 }, { SERVER, 1010, 0, 0, 0, 0 } }, false, false },
        { "there, but cut short", WSCLOSE_ENDPOINT_CLIENT,
          { { CLIENT, CUT, 0, 0, 0, 0 }, { SERVER, 1010, 0, 0, 0, 0 } }, false, true },
        { "cut short itself", WSCLOSE_ENDPOINT_UNKNOWN,
          { { CLIENT, 1010, 0, 0, 0, 0 }, { SERVER, CUT, 0, 0, 0, 0 } }, false, true },
        { "a second Close answers nothing", WSCLOSE_ENDPOINT_CLIENT,
          { { SERVER, 1000, 0, 0, 0, 0 }, { SERVER, 1010, 0, 0, 0, 0 } }, false, false },
        { "nobody knows who sent it", WSCLOSE_ENDPOINT_UNKNOWN, { { UNKNOWN, 1010, 0, 0, 0, 0 } },
          true, true },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        wsclose_connection connection;
        wsclose_close_finding finding;

        g_test_message("%s", cases[i].why);
        wsclose_connection_init(&connection);
        wsclose_connection_missing(&connection, cases[i].missing);
        for (uint32_t n = 0; n < 2 && cases[i].steps[n].sender != END; n++)
            send_close(&connection, &cases[i].steps[n], n + 1, &finding);
        g_assert_true(finding.maybe_answer == cases[i].maybe_answer);
        g_assert_true(finding.maybe_echo == cases[i].maybe_echo);
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
            wsclose_close_finding finding;

            wsclose_connection_init(&connection);
            send_close(&connection, &steps[0], 1, &finding);
            g_assert_cmpuint(finding.told.code, ==, code);
            send_close(&connection, &steps[1], 2, &finding);
            g_assert_true(finding.answer);
            g_assert_true(finding.echo == (other == code));
            g_assert_cmpuint(finding.told.code, ==, other);
        }
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/connection/handshakes", test_handshakes);
    g_test_add_func("/connection/repeated", test_repeated);
    g_test_add_func("/connection/told", test_told);
    g_test_add_func("/connection/echoes", test_echoes);
    g_test_add_func("/connection/unknown", test_unknown);
    g_test_add_func("/connection/sent", test_sent);
    g_test_add_func("/connection/every-code", test_every_code);
    g_test_add_func("/connection/missing", test_missing);
    return g_test_run();
}
