/* test_coverage.c
 * Which TCP connections count as not looked into, and what is said of them.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wsclose/coverage.h"

#include "packets.h"
#include "wsclose/types.h"

/* The counts as text, those that are not 0. */
static char *
text_of(const wsclose_coverage *coverage)
{
    GString *text = g_string_new(NULL);
    const struct {
        const char *name;
        uint64_t count;
    } counts[] = {
        {"no keys", coverage->tls_without_keys},   {"partly", coverage->tls_partly},
        {"begun before", coverage->begun_before}, {"gaps", coverage->with_gaps},
        {"cut", coverage->cut},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(counts); i++) {
        if (counts[i].count != 0)
            g_string_append_printf(text, "%s%s %u", text->len > 0 ? ", " : "", counts[i].name,
                                   (unsigned)counts[i].count);
    }
    return g_string_free(text, FALSE);
}

static wsclose_coverage
read_script(const script *s, bool find_midstream)
{
    const wsclose_flow_options options = {.find_midstream = find_midstream};
    wsclose_flow *flow = wsclose_flow_new(&options);
    findings *found = findings_new();
    wsclose_coverage coverage = {0};

    for (guint i = 0; i < s->packets->len; i++) {
        const test_packet *packet = &g_array_index(s->packets, test_packet, i);
        wsclose_slice plaintexts[ATTACHED_MAX];
        const wsclose_packet given = {
            .moment = {i + 1, (int64_t)i * 1000000},
            .sender = packet->side,
            .segment = {packet->seq, packet->octets, packet->captured, packet->len, packet->syn,
                        packet->fin},
            .ack = packet->ack,
            .has_ack = packet->has_ack,
            .rst = packet->rst,
            .decrypted = plaintexts,
            .n_decrypted = packet->n_plaintexts,
        };

        for (unsigned n = 0; n < packet->n_plaintexts; n++)
            plaintexts[n] =
                (wsclose_slice){packet->plaintexts[n].octets, packet->plaintexts[n].len};
        wsclose_flow_packet(flow, &given, &recording, found);
    }
    wsclose_coverage_take(&coverage, flow);
    wsclose_flow_free(flow);
    findings_free(found);
    return coverage;
}

/* Connections. */

static void
write_websocket(script *s)
{
    tcp_handshake(s);
    open_websocket(s);
    send_message(s, CLIENT, "hello");
    send_message(s, SERVER, "hello");
    send_close(s, CLIENT, 1000, "");
    send_close(s, SERVER, 1000, "");
}

static void
write_http(script *s)
{
    tcp_handshake(s);
    send_text(s, CLIENT, GET);
    send_text(s, SERVER, OK);
}

static void
write_gap(script *s)
{
    write_websocket(s);
    g_array_remove_index(s->packets, 5); /* the client's message */
}

static void
write_gap_at_end(script *s)
{
    tcp_handshake(s);
    open_websocket(s);
    s->next[SERVER] += 10;
    send_packet(s, CLIENT);
}

static void
write_cut(script *s)
{
    write_websocket(s);
    g_array_index(s->packets, test_packet, 5).captured = 4;
}

static void
write_http_gap(script *s)
{
    write_http(s);
    send_text(s, CLIENT, GET);
    s->next[SERVER] += 10; /* what begins the answer */
    send_text(s, SERVER, "hello");
    for (unsigned i = 0; i < 6; i++) {
        send_text(s, CLIENT, GET);
        send_text(s, SERVER, "<p>hello</p>");
    }
}

static void
write_body_cut(script *s)
{
    write_http(s);
    script_last(s)->captured -= 3;
}

static void
write_midstream(script *s)
{
    for (unsigned i = 0; i < 8; i++) {
        send_message(s, CLIENT, "hello, this is a message");
        send_message(s, SERVER, "hello, this is an answer");
    }
    send_close(s, CLIENT, 1000, "");
    send_close(s, SERVER, 1000, "");
}

static void
write_few_octets(script *s)
{
    send_text(s, CLIENT, "\x81");
}

static void
write_http_midstream(script *s)
{
    send_text(s, CLIENT, GET);
    send_text(s, SERVER, OK);
}

/* In clear text nobody is told that it is HTTP/2, whose DATA may carry frames. */
static void
write_http2_midstream(script *s)
{
    for (unsigned i = 0; i < 30; i++) {
        add_data_message(s, CLIENT, 1, "hello, this is a message");
        send_packet(s, CLIENT);
        add_data_message(s, SERVER, 1, "hello, this is an answer");
        send_packet(s, SERVER);
    }
}

static void
write_ssh_midstream(script *s)
{
    for (unsigned i = 0; i < 300; i++) {
        send_text(s, CLIENT, "\x45\x12\x99\xfe\x03\x44\x55\x66");
        send_text(s, SERVER, "\x99\xfe\x76\x12\x03\x44\x55\x66");
    }
}

static void
add_hello(script *s, size_t side)
{
    static const char hellos[2][9] = {"\1\0\0\4abcd", "\2\0\0\4abcd"};

    add_record(s, HANDSHAKE, hellos[side], 8);
    send_packet(s, side);
}

static void
write_tls(script *s, bool client, bool server)
{
    add_hello(s, CLIENT);
    add_hello(s, SERVER);
    for (unsigned i = 0; i < 20; i++) {
        add_text(s, i == 0 ? UPGRADE : "\x81\0");
        send_record(s, CLIENT, client);
        add_text(s, i == 0 ? SWITCHING : "\x81\0");
        send_record(s, SERVER, server);
    }
}

static void
write_tls_without_keys(script *s)
{
    tcp_handshake(s);
    write_tls(s, false, false);
}

static void
write_tls_with_keys(script *s)
{
    tcp_handshake(s);
    write_tls(s, true, true);
}

static void
write_tls_one_side(script *s)
{
    tcp_handshake(s);
    write_tls(s, true, false);
}

static void
write_tls_begun_before(script *s)
{
    write_tls(s, false, false);
}

static void
write_tls_refused(script *s)
{
    tcp_handshake(s);
    add_hello(s, CLIENT);
    add_record(s, ALERT, "\2\50", 2);
    send_packet(s, SERVER);
    send_fin(s, SERVER);
}

typedef struct {
    const char *name;
    void (*write)(script *s);
    const char *expected;
} row;

static const row rows[] = {
    {"websocket", write_websocket, ""},
    {"http", write_http, ""},
    {"gap", write_gap, "gaps 1"},
    {"gap-at-end", write_gap_at_end, "gaps 1"},
    {"cut", write_cut, "cut 1"},
    {"http-gap", write_http_gap, "gaps 1"},
    {"http-body-cut", write_body_cut, ""},
    {"midstream", write_midstream, "begun before 1"},
    {"midstream/few-octets", write_few_octets, "begun before 1"},
    {"midstream/http", write_http_midstream, ""},
    {"midstream/http2", write_http2_midstream, "begun before 1"},
    {"midstream/other", write_ssh_midstream, ""},
    {"tls/without-keys", write_tls_without_keys, "no keys 1"},
    {"tls/with-keys", write_tls_with_keys, ""},
    {"tls/one-side", write_tls_one_side, "partly 1"},
    {"tls/begun-before", write_tls_begun_before, "no keys 1, begun before 1"},
    {"tls/refused", write_tls_refused, ""},
};

static void
check_row(gconstpointer data)
{
    const row *wanted = data;
    script *s = script_new();

    wanted->write(s);
    const wsclose_coverage coverage = read_script(s, true);
    char *text = text_of(&coverage);
    g_assert_cmpstr(text, ==, wanted->expected);
    g_assert_cmpint(wsclose_coverage_is_whole(&coverage), ==, *wanted->expected == '\0');
    g_free(text);
    script_free(s);
}

/* Nobody has looked for frames: then they may be there. */
static void
test_not_looked_for(void)
{
    script *s = script_new();

    write_ssh_midstream(s);
    const wsclose_coverage coverage = read_script(s, false);
    g_assert_cmpuint(coverage.begun_before, ==, 1);
    script_free(s);
}

static void
test_empty(void)
{
    wsclose_coverage coverage = {0};

    wsclose_coverage_take_empty(&coverage, true);
    g_assert_true(wsclose_coverage_is_whole(&coverage));
    wsclose_coverage_take_empty(&coverage, false);
    g_assert_cmpuint(coverage.begun_before, ==, 1);
}

static void
test_add(void)
{
    wsclose_coverage sum = {1, 2, 3, 4, 5, 6};
    const wsclose_coverage other = {10, 20, 30, 40, 50, 60};

    wsclose_coverage_add(&sum, &other);
    g_assert_cmpmem(&sum, sizeof sum, (&(wsclose_coverage){11, 22, 33, 44, 55, 66}), sizeof sum);
}

/* Texts. */

static void
test_text(void)
{
    const wsclose_coverage one = {2, 1, 1, 1, 1, 1};
    const wsclose_coverage two = {4, 2, 2, 2, 2, 2};
    static const char *const starts[2][6] = {
        {"1 TCP connection is TLS without keys: whether it carries WebSocket ",
         "1 TCP connection is TLS without keys, and told from outside alone: its ",
         "Of 1 TCP connection Wireshark could decrypt ",
         "1 TCP connection began before the capture, ",
         "1 TCP connection that may be WebSocket lacks segments, ",
         "1 TCP connection that may be WebSocket has packets "},
        {"2 TCP connections are TLS without keys: whether they carry WebSocket ",
         "2 TCP connections are TLS without keys, and told from outside alone: their ",
         "Of 2 TCP connections Wireshark could decrypt ",
         "2 TCP connections began before the capture, ",
         "2 TCP connections that may be WebSocket lack segments, ",
         "2 TCP connections that may be WebSocket have packets "},
    };

    for (unsigned i = 0; i < 2; i++) {
        char *text = wsclose_explain_coverage(i == 0 ? &one : &two);
        char **lines = g_strsplit(text, "\n", -1);

        g_assert_cmpuint(g_strv_length(lines), ==, 7);
        for (unsigned line = 0; line < 6; line++) {
            g_assert_true(g_str_has_prefix(lines[line], starts[i][line]));
            g_assert_null(strpbrk(lines[line], "{}"));
        }
        g_strfreev(lines);
        wsclose_text_free(text);
    }
}

static void
test_no_text(void)
{
    char *text = wsclose_explain_coverage(&(wsclose_coverage){0});

    g_assert_cmpstr(text, ==, "");
    wsclose_text_free(text);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        char *path = g_strconcat("/coverage/", rows[i].name, NULL);

        g_test_add_data_func(path, &rows[i], check_row);
        g_free(path);
    }
    g_test_add_func("/coverage/not-looked-for", test_not_looked_for);
    g_test_add_func("/coverage/empty", test_empty);
    g_test_add_func("/coverage/add", test_add);
    g_test_add_func("/coverage/text", test_text);
    g_test_add_func("/coverage/no-text", test_no_text);
    return g_test_run();
}
