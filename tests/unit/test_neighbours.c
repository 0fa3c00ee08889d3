/* test_neighbours.c
 * What other connections of a capture show of one.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wsclose/neighbours.h"

#include <stdlib.h>

#include "match.h"

#define SECOND INT64_C(1000000000)

enum { CLIENT = WSCLOSE_CLIENT, SERVER = WSCLOSE_SERVER };

/* A connection of facts that come one second after the other: "request", a status, "fault" for a 101
 * that the client has to reject, and of a side, C or S: a code, "empty", "text", "fin", "rst",
 * "missing". */

static void
take_close(wsclose_connection *connection, wsclose_side sender, unsigned code, wsclose_moment moment)
{
    const uint8_t octets[] = { (uint8_t)(code >> 8), (uint8_t)code };
    const size_t len = code == 0 ? 0 : 2;
    wsclose_close_meaning meaning;
    wsclose_close_body body;

    wsclose_close_body_decode(octets, len, len, &body);
    const wsclose_close_fact fact = { .sender = sender, .body = &body };
    wsclose_connection_close(connection, &fact, moment, &meaning);
}

static void
take_of_side(wsclose_connection *connection, wsclose_side side, const char *fact, wsclose_moment moment)
{
    const wsclose_frame text = { .fin = true, .masked = side == WSCLOSE_CLIENT, .opcode = 1, .header_len = 2 };
    wsclose_frame_meaning meaning;

    if (strcmp(fact, "fin") == 0)
        wsclose_connection_end(connection, side, WSCLOSE_END_ORDERLY, moment);
    else if (strcmp(fact, "rst") == 0)
        wsclose_connection_end(connection, side, WSCLOSE_END_RESET, moment);
    else if (strcmp(fact, "missing") == 0)
        wsclose_connection_missing(connection, side);
    else if (strcmp(fact, "text") == 0)
        wsclose_connection_frame(connection, side, &text, moment, &meaning);
    else
        take_close(connection, side, strcmp(fact, "empty") == 0 ? 0 : (unsigned)atoi(fact), moment);
}

static void
make(wsclose_connection *connection, const char *facts)
{
    char **each = g_strsplit(facts, " ", -1);

    wsclose_connection_init(connection);
    for (uint32_t i = 0; each[i]; i++) {
        const wsclose_moment moment = { i + 1, i * SECOND };
        const bool faulty = strcmp(each[i], "fault") == 0;
        const wsclose_handshake_response response = {
            .status = faulty ? 101 : (unsigned)atoi(each[i]),
            .faults = faulty ? WSCLOSE_FAULT_ACCEPT_WRONG : 0,
        };

        if (each[i][0] == 'C' || each[i][0] == 'S')
            take_of_side(connection, each[i][0] == 'C' ? WSCLOSE_CLIENT : WSCLOSE_SERVER, each[i] + 1, moment);
        else if (strcmp(each[i], "request") == 0)
            wsclose_connection_request(connection, moment);
        else
            wsclose_connection_response(connection, &response, moment);
    }
    g_strfreev(each);
}

/* Ends together. */

enum { ENDS_MAX = 5 };

typedef struct {
    const char *why;
    struct {
        int64_t time; /* milliseconds */
        int64_t age;  /* likewise */
    } ends[ENDS_MAX];
    size_t count;
    size_t all;   /* of the capture */
    int64_t span; /* milliseconds between the first and the last of those */
    size_t together;
} ends_row;

static const ends_row ends_rows[] = {
    { "one alone", { { 0, 5000 } }, 1, 1, 0, 1 },
    { "two at once", { { 0, 5000 }, { 0, 9000 } }, 2, 2, 0, 2 },
    { "a quarter of a second apart", { { 0, 5000 }, { 250, 9000 } }, 2, 2, 250, 2 },
    { "a little more", { { 0, 5000 }, { 251, 9000 } }, 2, 2, 251, 1 },
    { "each a moment after the one before",
      { { 0, 9000 }, { 200, 5000 }, { 400, 1000 }, { 600, 7000 } }, 4, 4, 600, 4 },
    { "one more, but later", { { 0, 9000 }, { 10, 5000 }, { 9000, 1000 } }, 3, 3, 9000, 2 },
    { "of the same age: a timer of each explains it",
      { { 0, 60000 }, { 10, 60010 }, { 20, 60005 } }, 3, 3, 20, 1 },
    { "ages a little less than a second apart", { { 0, 5000 }, { 0, 5999 } }, 2, 2, 0, 1 },
    { "ages a second apart", { { 0, 6000 }, { 0, 5000 } }, 2, 2, 0, 2 },
    { "it is enough that one is of another age",
      { { 0, 60000 }, { 10, 60010 }, { 20, 5000 } }, 3, 3, 20, 3 },
    { "no more than there are", { { 0, 5000 }, { 0, 9000 } }, 1, 1, 0, 1 },
    /* 2 of 20 within ten minutes: 20 * 18 * 0.25 / 600 = 0.15 such pairs are chance. */
    { "two of a few", { { 0, 5000 }, { 0, 9000 } }, 2, 20, 600000, 2 },
    { "two of a hundred are chance", { { 0, 5000 }, { 0, 9000 } }, 2, 100, 600000, 1 },
    { "three of a hundred are not", { { 0, 5000 }, { 0, 9000 }, { 0, 1000 } }, 3, 100, 600000, 3 },
    { "of ten thousand within an hour five are chance",
      { { 0, 5000 }, { 10, 9000 }, { 20, 1000 }, { 30, 7000 }, { 40, 3000 } }, 5, 10000, 3600000, 1 },
};

static void
test_ends(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(ends_rows); i++) {
        const ends_row *row = &ends_rows[i];
        /* Exactly so many, for AddressSanitizer. */
        wsclose_shared_end *ends = g_new0(wsclose_shared_end, row->count);

        for (size_t n = 0; n < row->count; n++)
            ends[n] = (wsclose_shared_end){ .time = row->ends[n].time * SECOND / 1000,
                                            .age = row->ends[n].age * SECOND / 1000,
                                            .by = WSCLOSE_SERVER,
                                            .id = (uint32_t)n };
        g_test_message("%s", row->why);
        g_assert_cmpuint(
            wsclose_ends_together(ends, row->count, row->all, row->span * SECOND / 1000), ==,
            row->together);
        g_free(ends);
    }
}

static void
test_alike(void)
{
    wsclose_shared_end ends[3] = { { .idle = 60 * SECOND },
                                   { .idle = 60 * SECOND + SECOND / 2 },
                                   { .idle = 60 * SECOND + SECOND - 1 } };

    g_assert_true(wsclose_ends_are_alike(ends, 1));
    g_assert_true(wsclose_ends_are_alike(ends, 3));
    ends[1].idle = 59 * SECOND;
    g_assert_false(wsclose_ends_are_alike(ends, 3));
    g_assert_true(wsclose_ends_are_alike(ends + 2, 1));
}

/* Whether one may be of them. */

typedef struct {
    const char *why;
    const char *facts;
    bool may;
    int by;
    int64_t time; /* seconds */
    int64_t age;
} share_row;

static const share_row share_rows[] = {
    { "the server resets", "request 101 Ctext Srst", true, SERVER, 3, 2 },
    { "the client does", "request 101 Ctext Crst", true, CLIENT, 3, 2 },
    { "in order, and the end begins with the first FIN", "request 101 Sfin Cfin", true, SERVER, 2, 1 },
    { "the server goes away", "request 101 Ctext Ctext S1001 C1001", true, SERVER, 4, 3 },
    { "a page goes away", "request 101 C1001 S1001", true, CLIENT, 2, 1 },
    { "the server restarts", "request 101 S1012 C1012", true, SERVER, 2, 1 },
    { "it goes away, and gets no answer", "request 101 S1001 Srst", true, SERVER, 2, 1 },
    { "an application closes", "request 101 S1000 C1000", false, 0, 0, 0 },
    { "without a code", "request 101 Sempty Cempty", false, 0, 0, 0 },
    { "with an error", "request 101 S1011 C1011", false, 0, 0, 0 },
    { "it closes, and 1001 answers", "request 101 S1000 C1001", false, 0, 0, 0 },
    { "it closes, and then TCP ends", "request 101 C1000 Srst", false, 0, 0, 0 },
    { "the server ends TCP, and a Close comes too late", "request 101 Sfin C1000 Cfin", true, SERVER, 2, 1 },
    { "refused", "request 401", false, 0, 0, 0 },
    { "not answered", "request Srst", false, 0, 0, 0 },
    { "the client had to reject it", "request fault Crst", false, 0, 0, 0 },
    { "the client had to reject it, and went on", "request fault Ctext Srst", true, SERVER, 3, 2 },
    { "the handshake is not captured", "Ctext Srst", false, 0, 0, 0 },
    { "octets are missing", "request 101 Cmissing Srst", false, 0, 0, 0 },
};

static void
test_share(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(share_rows); i++) {
        const share_row *row = &share_rows[i];
        wsclose_connection connection;
        wsclose_verdict verdict;
        wsclose_shared_end end = { .id = 7 };

        g_test_message("%s", row->why);
        make(&connection, row->facts);
        g_assert_true(wsclose_connection_verdict(&connection, &verdict));
        const bool may = wsclose_may_share_end(&connection, &verdict, &end);
        g_assert_true(may == row->may);
        if (!may || !row->may)
            continue;
        g_assert_cmpint(end.by, ==, row->by);
        g_assert_cmpint(end.time / SECOND, ==, row->time);
        g_assert_cmpint(end.age / SECOND, ==, row->age);
        g_assert_cmpuint(end.id, ==, 7);
    }
}

/* Two legs. */

typedef struct {
    const char *why;
    const char *offer; /* of the client, to the proxy */
    const char *response;
    const char *passed; /* of the proxy, to the server */
    const char *answer;
    bool stripped;
} strip_row;

static const strip_row strip_rows[] = {
    { "nothing was offered", ABSENT, ABSENT, ABSENT, ABSENT, false },
    { "accepted all the way", "foo", "foo", "foo", "foo", false },
    { "the server declines", "foo", ABSENT, "foo", ABSENT, false },
    { "the offer is taken away", "foo", ABSENT, ABSENT, ABSENT, true },
    { "the answer is taken away", "foo", ABSENT, "foo", "foo", true },
    { "one of two offers is taken away", "foo, bar", "foo", "foo", "foo", true },
    { "one of two is declined", "foo, bar", "foo", "foo, bar", "foo", false },
    { "another one is offered in its place", "foo", ABSENT, "bar", "bar", true },
    { "the proxy accepts itself", "foo", "foo", ABSENT, ABSENT, false },
    { "the proxy's request is not captured", "foo", ABSENT, UNSEEN, ABSENT, false },
    { "but the server's answer is", "foo", ABSENT, UNSEEN, "foo", true },
    { "the client's request is not captured", UNSEEN, ABSENT, ABSENT, ABSENT, false },
    { "the proxy's answer is not captured", "foo", UNSEEN, ABSENT, ABSENT, false },
};

static void
test_stripped(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(strip_rows); i++) {
        const strip_row *row = &strip_rows[i];
        wsclose_negotiation *near = match(row->offer, row->response);
        wsclose_negotiation *far = match(row->passed, row->answer);
        wsclose_connection connection;
        const wsclose_leg front = { &connection, near };
        const wsclose_leg back = { &connection, far };
        wsclose_neighbours found = { .together = 3 };

        g_test_message("%s", row->why);
        make(&connection, "request 101 C1000 S1000");
        wsclose_neighbours_take_legs(&found, &front, &back);
        g_assert_true(found.has_leg);
        g_assert_true(found.leg_stripped == row->stripped);
        g_assert_false(found.leg_between);
        g_assert_cmpuint(found.together, ==, 3);
        wsclose_negotiation_free(near);
        wsclose_negotiation_free(far);
    }
}

typedef struct {
    const char *why;
    const char *front;
    const char *back;
    bool between;
} between_row;

static const between_row between_rows[] = {
    { "the proxy ends both", "request 101 Srst", "request 101 Cfin Sfin", true },
    { "the proxy closes both", "request 101 S1001 C1001", "request 101 C1001 S1001", true },
    { "it closes one and resets the other", "request 101 S1000 C1000", "request 101 Crst", true },
    { "the client ends", "request 101 Cfin Sfin", "request 101 Cfin Sfin", false },
    { "the server ends", "request 101 Sfin Cfin", "request 101 Sfin Cfin", false },
    { "the server closes", "request 101 S1000 C1000", "request 101 S1000 C1000", false },
    { "each of its own", "request 101 Cfin Sfin", "request 101 Sfin Cfin", false },
    { "the front goes on", "request 101 Ctext", "request 101 Crst", false },
    { "the back goes on", "request 101 Srst", "request 101 Ctext", false },
    { "the proxy ends both, and a Close comes too late",
      "request 101 Sfin C1000 Cfin", "request 101 Cfin Sfin", true },
};

static void
test_between(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(between_rows); i++) {
        const between_row *row = &between_rows[i];
        wsclose_negotiation *none = match(ABSENT, ABSENT);
        wsclose_connection near;
        wsclose_connection far;
        const wsclose_leg front = { &near, none };
        const wsclose_leg back = { &far, none };
        wsclose_neighbours found = { 0 };

        g_test_message("%s", row->why);
        make(&near, row->front);
        make(&far, row->back);
        wsclose_neighbours_take_legs(&found, &front, &back);
        g_assert_true(found.has_leg);
        g_assert_false(found.leg_stripped);
        g_assert_true(found.leg_between == row->between);
        wsclose_negotiation_free(none);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_set_nonfatal_assertions();
    g_test_add_func("/neighbours/ends", test_ends);
    g_test_add_func("/neighbours/alike", test_alike);
    g_test_add_func("/neighbours/share", test_share);
    g_test_add_func("/neighbours/stripped", test_stripped);
    g_test_add_func("/neighbours/between", test_between);
    return g_test_run();
}
