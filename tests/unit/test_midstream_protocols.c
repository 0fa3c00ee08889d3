/* test_midstream_protocols.c
 * Connections that had begun before the capture: which are found to be WebSockets, and what is told
 * of them; which are not, of many protocols and of octets that only look alike.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <glib.h>
#include <string.h>

#include "wsclose/flow.h"

enum { CLIENT, SERVER };

#define MTU 1460
#define MASK "\x37\xfa\x21\x3d"

/* A connection that is fed packet by packet, and what was told of it. */
typedef struct {
    wsclose_flow *flow;
    uint32_t next[2];
    uint32_t number;
    wsclose_connection connection;
    unsigned n_begun;
    size_t client;
    uint32_t close_in[2]; /* by whom wsclose_seen_close names */
    unsigned n_verdicts;
} feed;

static wsclose_connection *
on_begin(void *user, const wsclose_beginning *beginning)
{
    feed *f = user;

    f->n_begun++;
    f->client = beginning->client;
    wsclose_connection_init_over(&f->connection, beginning->carrier);
    return &f->connection;
}

static void
on_request(void *user, wsclose_connection *connection, const wsclose_request *request)
{
    (void)user, (void)connection, (void)request;
}

static const wsclose_negotiation *
on_response(void *user, wsclose_connection *connection, const wsclose_header *extensions)
{
    (void)user, (void)connection, (void)extensions;
    return NULL;
}

static void
on_close(void *user, wsclose_connection *connection, const wsclose_seen_close *seen)
{
    feed *f = user;

    (void)connection;
    f->close_in[seen->sender == WSCLOSE_CLIENT ? CLIENT : SERVER] = seen->moment.number;
}

static void
on_breach(void *user, wsclose_connection *connection, const wsclose_seen_breach *seen)
{
    (void)user, (void)connection, (void)seen;
}

static void
on_verdict(void *user, wsclose_connection *connection)
{
    feed *f = user;

    (void)connection;
    f->n_verdicts++;
}

static const wsclose_sink sink = {
    .begin = on_begin,
    .request = on_request,
    .response = on_response,
    .close = on_close,
    .breach = on_breach,
    .verdict = on_verdict,
};

static feed *
feed_new(void)
{
    feed *f = g_new0(feed, 1);

    f->flow = wsclose_flow_new(&(wsclose_flow_options){.find_midstream = true});
    f->next[CLIENT] = 1000;
    f->next[SERVER] = 0xFFFFFF00u; /* goes over the end of the numbers */
    return f;
}

static void
feed_free(feed *f)
{
    wsclose_flow_free(f->flow);
    g_free(f);
}

/* A packet with no octet to spare behind it. */
static void
send_packet(feed *f, size_t side, const void *octets, size_t len, bool fin)
{
    uint8_t *exact = g_memdup2(octets, len);
    const wsclose_packet packet = {
        .moment = {++f->number, f->number * 1000000},
        .sender = side,
        .segment = {.seq = f->next[side], .len = (uint32_t)len, .octets = exact,
                    .captured = (uint32_t)len, .fin = fin},
        .ack = f->next[1 - side],
        .has_ack = true,
    };

    f->next[side] += (uint32_t)len + fin;
    wsclose_flow_packet(f->flow, &packet, &sink, f);
    g_free(exact);
}

static void
send_reset(feed *f, size_t side)
{
    const wsclose_packet packet = {
        .moment = {++f->number, f->number * 1000000},
        .sender = side,
        .segment = {.seq = f->next[side]},
        .rst = true,
    };

    wsclose_flow_packet(f->flow, &packet, &sink, f);
}

#define SEND(f, side, octets) send_packet(f, side, octets, sizeof(octets) - 1, false)

static void
add_frame(GByteArray *to, uint8_t first, bool masked, const void *payload, size_t len)
{
    const uint8_t mask = masked ? 0x80 : 0;
    const uint8_t header[] = {first, (uint8_t)((len < 126 ? len : 126) | mask), (uint8_t)(len >> 8),
                              (uint8_t)len};
    const guint start = to->len + (len < 126 ? 2 : 4) + (masked ? 4 : 0);

    g_byte_array_append(to, header, len < 126 ? 2 : 4);
    if (masked)
        g_byte_array_append(to, (const uint8_t *)MASK, 4);
    g_byte_array_append(to, payload, (guint)len);
    for (size_t i = 0; masked && i < len; i++)
        to->data[start + i] ^= (uint8_t)MASK[i % 4];
}

static void
send_frame(feed *f, size_t side, uint8_t first, const void *payload, size_t len)
{
    GByteArray *octets = g_byte_array_new();

    add_frame(octets, first, side == CLIENT, payload, len);
    for (guint at = 0; at < octets->len; at += MTU)
        send_packet(f, side, octets->data + at, MIN(MTU, octets->len - at), false);
    g_byte_array_free(octets, TRUE);
}

static void
send_close(feed *f, size_t side, uint16_t code)
{
    send_frame(f, side, 0x88, (uint8_t[]){(uint8_t)(code >> 8), (uint8_t)code}, 2);
}

static wsclose_verdict
verdict_of(feed *f)
{
    wsclose_verdict verdict;

    g_assert_cmpuint(f->n_begun, ==, 1);
    g_assert_cmpuint(f->client, ==, CLIENT);
    g_assert_true(wsclose_connection_verdict(&f->connection, &verdict));
    return verdict;
}

/* A Close on either side, and nothing else. */
static void
test_pairs(void)
{
    static const uint16_t codes[][2] = {{1000, 1000}, {1001, 1000}, {1010, 1000}, {4001, 4001},
                                        {3000, 1000}, {1005, 1005}, {1005, 1002}, {999, 1002},
                                        {1006, 1002}, {2000, 2000}};

    for (size_t i = 0; i < G_N_ELEMENTS(codes); i++) {
        for (size_t first = 0; first < 2; first++) {
            feed *f = feed_new();

            send_close(f, first, codes[i][0]);
            g_assert_cmpuint(f->n_begun, ==, 0);
            send_close(f, 1 - first, codes[i][1]);
            g_assert_cmpuint(f->n_begun, ==, 1);
            g_assert_cmpuint(f->client, ==, CLIENT);
            g_assert_cmpuint(f->close_in[first], ==, 1);
            g_assert_cmpuint(f->close_in[1 - first], ==, 2);
            feed_free(f);
        }
    }
}

/* Messages, and no Close yet. */
static void
test_messages(void)
{
    for (size_t first = 0; first < 2; first++) {
        feed *f = feed_new();

        for (unsigned i = 0; i < 4; i++)
            send_frame(f, (first + i) % 2, 0x81, "Welcome, you !", 14);
        g_assert_cmpuint(f->n_begun, ==, 1);
        g_assert_cmpuint(f->client, ==, CLIENT);
        g_assert_cmpuint(f->connection.frames[CLIENT], ==, 2);
        g_assert_cmpuint(f->connection.frames[SERVER], ==, 2);
        feed_free(f);
    }
}

/* The server has ended TCP before the answer came: it has not read it. */
static void
test_order(void)
{
    feed *f = feed_new();

    send_close(f, SERVER, 1009);
    send_packet(f, SERVER, "", 0, true);
    send_close(f, CLIENT, 1009);
    send_reset(f, SERVER);
    const wsclose_verdict verdict = verdict_of(f);
    g_assert_cmpuint(f->close_in[SERVER], ==, 1);
    g_assert_cmpuint(f->close_in[CLIENT], ==, 3);
    g_assert_true(verdict.reported[SERVER].code != 1009 || !verdict.reported[SERVER].known);
    feed_free(f);
}

/* Messages that are longer than a segment, and a beginning within one. */
static void
test_long_messages(void)
{
    g_autofree char *text = g_strnfill(20000, '"');

    for (unsigned cut = 0; cut < 14; cut++) {
        feed *f = feed_new();

        for (unsigned i = 0; i < cut; i++)
            send_packet(f, SERVER, text, MTU, false);
        send_packet(f, SERVER, text, 100, false);
        send_frame(f, SERVER, 0x81, text, 20000);
        send_frame(f, SERVER, 0x82, text, 5000);
        send_frame(f, CLIENT, 0x81, "next", 4);
        send_frame(f, SERVER, 0x81, text, 3000);
        send_close(f, CLIENT, 1001);
        send_close(f, SERVER, 1001);
        const wsclose_verdict verdict = verdict_of(f);
        g_assert_cmpuint(verdict.reported[CLIENT].code, ==, 1001);
        g_assert_cmpuint(verdict.reported[SERVER].code, ==, 1001);
        g_assert_cmpuint(f->n_verdicts, ==, 1);
        feed_free(f);
    }
}

/* What looks alike. Segments of both sides, over and over. */

typedef struct {
    const char *name;
    const char *octets[2];
    size_t lens[2];
} alike;

#define ALIKE(name, client, server)                                                                \
    {                                                                                              \
        name, {client, server}, { sizeof(client) - 1, sizeof(server) - 1 }                         \
    }

static const alike others[] = {
    ALIKE("MQTT SUBSCRIBE, SUBACK", "\x82\x08\0\1\0\3a/b\1", "\x90\3\0\1\1"),
    ALIKE("MQTT UNSUBSCRIBE", "\xa2\7\0\2\0\3a/b", "\xb0\2\0\2"),
    ALIKE("ASN.1, context 2 and 1", "\x82\4abcd", "\x81\4abcd"),
    ALIKE("ASN.1, integers", "\2\1\5\2\1\6", "\1\1\xff"),
    ALIKE("TPKT", "\3\0\0\7\2\xf0\x80", "\3\0\0\7\2\xf0\x80"),
    ALIKE("Modbus", "\0\1\0\0\0\6\1\3\0\0\0\2", "\0\1\0\0\0\7\1\3\4\0\0\0\0"),
    ALIKE("DNP3", "\5\x64\5\xc0\1\0\0\4\xe9\x21", "\5\x64\5\0\0\4\1\0\x1b\xa6"),
    ALIKE("telnet", "\xff\xfd\3\xff\xfb\x18", "\xff\xfb\3\xff\xfd\x18"),
    ALIKE("SOCKS", "\5\1\0", "\5\0"),
    ALIKE("RESP", "*1\r\n$4\r\nPING\r\n", "+PONG\r\n"),
    ALIKE("memcached", "\x80\0\0\0\0\0\0\0\0\0\0\0", "\x81\0\0\0\0\0\0\0\0\0\0\0"),
    ALIKE("memcached quit", "\x80\7\0\0\0\0\0\0\0\0\0\0", "\x81\7\0\0\0\0\0\0\0\0\0\0"),
    ALIKE("zeros", "\0\0\0\0\0\0\0\0", "\0\0\0\0"),
    ALIKE("8-bit silence", "\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80",
          "\x80\x80\x80\x80\x80\x80"),
    ALIKE("big-endian words", "\0\1\0\1\0\1\0\1", "\0\2\0\2\0\2\0\2"),
    ALIKE("little-endian words", "\1\0\1\0\1\0\1\0", "\2\0\2\0\2\0\2\0"),
    ALIKE("one value", "\x82\x82\x82\x82\x82\x82\x82\x82", "\x82\x82\x82\x82\x82\x82\x82\x82"),
    ALIKE("frames of one side", "\x88\x82\1\2\3\4\2\xea", "OK\r\n"),
    ALIKE("both mask", "\x88\x82\1\2\3\4\2\xea", "\x88\x82\1\2\3\4\2\xea"),
    ALIKE("nobody masks", "\x81\5hello\x88\2\3\xe8", "\x81\5hello\x88\2\3\xe8"),
    ALIKE("Latin-1", "\x81 \xe4\xf6\xfc", "\x82\xe4\xf6"),
};

static void
test_others(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(others); i++) {
        feed *f = feed_new();

        for (unsigned round = 0; round < 600; round++)
            send_packet(f, round % 2, others[i].octets[round % 2], others[i].lens[round % 2],
                        false);
        g_test_message("%s", others[i].name);
        g_assert_cmpuint(f->n_begun, ==, 0);
        g_assert_cmpint(wsclose_flow_get_state(f->flow), ==, WSCLOSE_FLOW_IDLE);
        feed_free(f);
    }
}

/* Octets by chance, in short segments, which are the likeliest frames; half begin as frames do. */
static void
test_random(void)
{
    static const uint8_t firsts[] = {0x81, 0x82, 0x88, 0x89, 0x8a, 0x00, 0x01, 0x02, 0x80, 0xc1};
    GRand *random = g_rand_new_with_seed(20);

    for (unsigned round = 0; round < 20000; round++) {
        feed *f = feed_new();

        for (unsigned i = 0; i < 30; i++) {
            uint8_t octets[16];
            const size_t len = (size_t)g_rand_int_range(random, 2, sizeof octets);

            for (size_t at = 0; at < len; at++)
                octets[at] = (uint8_t)g_rand_int(random);
            if (i % 2 == 0)
                octets[0] = firsts[(size_t)g_rand_int_range(random, 0, sizeof firsts)];
            send_packet(f, (size_t)g_rand_int_range(random, 0, 2), octets, len, false);
        }
        g_assert_cmpuint(f->n_begun, ==, 0);
        feed_free(f);
    }
    g_rand_free(random);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/midstream-protocols/pairs", test_pairs);
    g_test_add_func("/midstream-protocols/messages", test_messages);
    g_test_add_func("/midstream-protocols/order", test_order);
    g_test_add_func("/midstream-protocols/long-messages", test_long_messages);
    g_test_add_func("/midstream-protocols/others", test_others);
    g_test_add_func("/midstream-protocols/random", test_random);
    return g_test_run();
}
