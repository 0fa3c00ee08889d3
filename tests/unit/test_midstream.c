/* test_midstream.c
 * Frames of a connection that had begun before the capture are known by their form; nothing else is
 * taken for them.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "../../decoder/midstream.h"

#include "packets.h"

/* Look at the segments of a script, up to a decision. */
static midstream_verdict
look(const script *s)
{
    midstream seen = {0};
    midstream_verdict verdict = MIDSTREAM_UNDECIDED;

    for (guint i = 0; i < s->packets->len && verdict == MIDSTREAM_UNDECIDED; i++) {
        const test_packet *packet = &g_array_index(s->packets, test_packet, i);

        if (packet->len > 0)
            verdict = midstream_look(&seen, packet->side, packet->octets, packet->len);
    }
    return verdict;
}

static void
expect(script *s, midstream_verdict expected)
{
    g_assert_cmpint(look(s), ==, expected);
    script_free(s);
}

static void
test_frames(void)
{
    for (size_t client = 0; client < 2; client++) {
        script *s = script_new();

        for (unsigned i = 0; i < 4; i++) {
            add_frame(s, true, TEXT, "hello", 5);
            send_packet(s, client);
            add_frame(s, false, TEXT, "hello", 5);
            send_packet(s, 1 - client);
        }
        expect(s, client == 0 ? MIDSTREAM_CLIENT_0 : MIDSTREAM_CLIENT_1);
    }
}

/* One direction says too little, however much there is of it. */
static void
test_one_direction(void)
{
    for (size_t side = 0; side < 2; side++) {
        script *s = script_new();

        for (unsigned i = 0; i < 100; i++)
            send_message(s, side, "hello");
        expect(s, MIDSTREAM_NONE);
    }
}

/* An endpoint masks all frames, or none. */
static void
test_mixed(void)
{
    script *s = script_new();

    send_message(s, CLIENT, "hello");
    add_message(s, SERVER, "hello");
    send_packet(s, CLIENT);
    expect(s, MIDSTREAM_NONE);
}

/* Segments of a protocol, in turn from either side; repeated until there is a decision. */
static const struct {
    const char *name;
    const char *octets[4];
    size_t lens[4];
} others[] = {
    {"MQTT",
     {"\x30\x0b\0\5topicabcd", "\x40\2\0\1", "\xc0\0", "\xd0\0"},
     {13, 4, 2, 2}},
    {"MQTT PUBLISH of QoS 0",
     {"\x31\x08\0\4a/b1xy", "\x30\x08\0\4a/b1xy", "\xe0\0", "\x30\2\0\0"},
     {10, 10, 2, 4}},
    {"AMQP",
     {"\1\0\1\0\0\0\5\0\x3c\0\x50\0\xce", "\x8\0\0\0\0\0\0\xce", "\1\0\1\0\0\0\0\xce",
      "\2\0\1\0\0\0\4abcd\xce"},
     {13, 8, 8, 12}},
    {"DNS",
     {"\0\x10\x12\x34\1\0\0\1\0\0\0\0\0\0\1a\0\1", "\0\x10\x12\x34\x81\x80\0\1\0\0\0\0\0\0\1a\0\1",
      "\0\2\x81\0", "\0\2\x82\0"},
     {18, 18, 4, 4}},
    {"text", {"USER a\r\n", "331 Password\r\n", "PASS b\r\n", "230 In\r\n"}, {8, 14, 8, 8}},
    {"UTF-8",
     {"\xc2\x81\xc3\xa4\n", "\xc2\x85\xc3\xa4\n", "\xc3\x84\n", "\xd0\x90\n"},
     {5, 5, 3, 3}},
};

static void
test_others(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(others); i++) {
        script *s = script_new();

        for (unsigned round = 0; round < 100; round++) {
            add_octets(s, others[i].octets[round % 4], others[i].lens[round % 4]);
            send_packet(s, round % 2);
        }
        g_test_message("%s", others[i].name);
        expect(s, MIDSTREAM_NONE);
    }
}

/* Of as many connections as this none is taken for WebSocket by chance. */
static void
test_random(void)
{
    GRand *random = g_rand_new_with_seed(1);

    for (unsigned round = 0; round < 20000; round++) {
        script *s = script_new();

        for (unsigned i = 0; i < 8; i++) {
            for (gint32 left = g_rand_int_range(random, 1, 20); left > 0; left--) {
                const uint8_t octet = (uint8_t)g_rand_int(random);

                add_octets(s, &octet, 1);
            }
            send_packet(s, i % 2);
        }
        g_assert_cmpint(look(s), <=, MIDSTREAM_NONE); /* none of the two clients */
        script_free(s);
    }
    g_rand_free(random);
}

/* The same through a flow: nothing is found, and it need not be read to its end. */
static void
test_flow(void)
{
    const wsclose_flow_options options = {.find_midstream = true};

    for (size_t i = 0; i < G_N_ELEMENTS(others); i++) {
        script *s = script_new();
        wsclose_flow *flow = wsclose_flow_new(&options);
        findings *found = findings_new();

        for (unsigned round = 0; round < 600; round++) {
            add_octets(s, others[i].octets[round % 4], others[i].lens[round % 4]);
            deliver(flow, send_packet(s, round % 2), round, found);
        }
        g_assert_cmpstr(found->text->str, ==, "");
        g_assert_cmpint(wsclose_flow_get_state(flow), ==, WSCLOSE_FLOW_IDLE);
        wsclose_flow_free(flow);
        findings_free(found);
        script_free(s);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/midstream/frames", test_frames);
    g_test_add_func("/midstream/one-direction", test_one_direction);
    g_test_add_func("/midstream/mixed", test_mixed);
    g_test_add_func("/midstream/others", test_others);
    g_test_add_func("/midstream/random", test_random);
    g_test_add_func("/midstream/flow", test_flow);
    return g_test_run();
}
