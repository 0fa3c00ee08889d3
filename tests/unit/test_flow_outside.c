/* test_flow_outside.c
 * TLS connections that nobody decrypts, of servers that a user has listed: which are taken for
 * WebSocket, when they begin and end, and why.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wsclose/flow.h"

#include "packets.h"
#include "wsclose/cause.h"
#include "wsclose/explain.h"

#define MS 1000000

/* Of the script at hand: how many milliseconds pass before a packet, beyond one. */
static struct {
    guint packet; /* index */
    int64_t wait;
} waits[16];
static unsigned n_waits;

static void
later(const script *s, int64_t milliseconds)
{
    g_assert_cmpuint(n_waits, <, G_N_ELEMENTS(waits));
    waits[n_waits].packet = s->packets->len;
    waits[n_waits++].wait = milliseconds;
}

static int64_t
time_of(unsigned packet)
{
    int64_t time = packet;

    for (unsigned i = 0; i < n_waits; i++)
        time += waits[i].packet <= packet ? waits[i].wait : 0;
    return time * MS;
}

/* Connections. */

/* The hello in so many packets. */
static void
send_hello(script *s, unsigned parts)
{
    GByteArray *hello = client_hello();
    const guint part = hello->len / parts;

    for (unsigned i = 0; i < parts; i++) {
        add_octets(s, hello->data + i * part, i + 1 < parts ? part : hello->len - i * part);
        send_packet(s, CLIENT);
    }
    g_byte_array_free(hello, TRUE);
}

/* A record of so many octets, the header aside, that nobody decrypts. */
static void
add_encrypted(script *s, guint len)
{
    char *content = g_malloc0(len);

    add_record(s, APPLICATION_DATA, content, len);
    g_free(content);
}

static void
send_encrypted(script *s, size_t side, guint len)
{
    add_encrypted(s, len);
    send_packet(s, side);
}

static void
send_server_hello(script *s)
{
    add_record(s, HANDSHAKE, "\2\0\0\4abcd", 8);
    add_encrypted(s, 500);
    send_packet(s, SERVER);
    send_encrypted(s, CLIENT, 53); /* Finished */
}

/* Up to the answer of the server to the first request. */
static void
open_tls(script *s)
{
    tcp_handshake(s);
    send_hello(s, 1);
    send_server_hello(s);
    send_encrypted(s, CLIENT, 400);
    send_encrypted(s, SERVER, 300);
}

enum { ALERT_LEN = 19, CLOSE_LEN = 25 };

static void
end_tcp(script *s, size_t first)
{
    send_fin(s, first);
    send_fin(s, 1 - first);
}

static void
write_end(script *s)
{
    open_tls(s);
    later(s, 3217);
    send_encrypted(s, SERVER, 500);
    end_tcp(s, CLIENT);
}

static void
write_hello_in_parts(script *s)
{
    tcp_handshake(s);
    send_hello(s, 3);
    send_server_hello(s);
    send_encrypted(s, CLIENT, 400);
    end_tcp(s, CLIENT);
}

static void
write_idle(script *s)
{
    open_tls(s);
    later(s, 60000);
    end_tcp(s, SERVER);
}

/* An alert right before the end is no data. */
static void
write_idle_notified(script *s)
{
    open_tls(s);
    later(s, 60000);
    send_encrypted(s, SERVER, ALERT_LEN);
    end_tcp(s, SERVER);
}

static void
write_idle_notified_1_2(script *s)
{
    tcp_handshake(s);
    send_hello(s, 1);
    add_record(s, HANDSHAKE, "\2\0\0\4abcd", 8);
    add_record(s, CHANGE_CIPHER_SPEC, "\1", 1);
    add_record(s, HANDSHAKE, "finished, encrypted", 19);
    send_packet(s, SERVER);
    add_record(s, CHANGE_CIPHER_SPEC, "\1", 1);
    add_record(s, HANDSHAKE, "finished, encrypted", 19);
    add_encrypted(s, 400);
    send_packet(s, CLIENT);
    send_encrypted(s, SERVER, 300);
    later(s, 60000);
    add_record(s, ALERT, "an alert of 26 octets here", 26);
    send_packet(s, SERVER);
    end_tcp(s, SERVER);
}

/* What looks like a closing handshake belongs to the end. */
static void
write_idle_closing(script *s)
{
    open_tls(s);
    later(s, 60000);
    send_encrypted(s, SERVER, CLOSE_LEN);
    send_encrypted(s, CLIENT, CLOSE_LEN);
    send_encrypted(s, SERVER, ALERT_LEN);
    end_tcp(s, SERVER);
}

/* But not where the connection goes on. */
static void
write_heartbeat(script *s)
{
    open_tls(s);
    for (unsigned i = 0; i < 3; i++) {
        later(s, 60000);
        send_encrypted(s, SERVER, CLOSE_LEN);
        send_encrypted(s, CLIENT, CLOSE_LEN);
    }
    later(s, 7234);
    end_tcp(s, CLIENT);
}

/* Nor a long message after the silence. */
static void
write_message_after_silence(script *s)
{
    open_tls(s);
    later(s, 8123);
    send_encrypted(s, SERVER, 500);
    later(s, 60000);
    send_encrypted(s, SERVER, 2000);
    end_tcp(s, SERVER);
}

static void
write_lifetime(script *s)
{
    open_tls(s);
    for (unsigned i = 0; i < 10; i++) {
        later(s, 29990 - (i == 9 ? 17 : 0));
        send_encrypted(s, SERVER, 500);
        send_encrypted(s, CLIENT, 500);
    }
    later(s, 70);
    end_tcp(s, SERVER);
}

static void
write_forgotten(script *s)
{
    open_tls(s);
    send_packet(s, CLIENT); /* it acknowledges */
    later(s, 400000);
    send_encrypted(s, CLIENT, 400);
    send_rst(s, SERVER);
    script_last(s)->has_ack = false;
}

static void
write_path_dead(script *s)
{
    open_tls(s);
    send_packet(s, CLIENT);
    send_encrypted(s, CLIENT, 400);
    const test_packet sent = *script_last(s);
    for (unsigned i = 0; i < 5; i++) {
        later(s, 500 << i);
        g_array_append_val(s->packets, sent);
    }
    later(s, 30000);
    send_rst(s, CLIENT);
}

static void
write_alert(script *s)
{
    tcp_handshake(s);
    send_hello(s, 1);
    add_record(s, ALERT, "\2\160", 2);
    send_packet(s, SERVER);
    end_tcp(s, SERVER);
}

static void
write_no_answer(script *s)
{
    tcp_handshake(s);
    send_hello(s, 1);
    send_rst(s, SERVER);
}

static void
write_begun_before(script *s)
{
    for (unsigned i = 0; i < 4; i++) {
        send_encrypted(s, CLIENT, 400);
        send_encrypted(s, SERVER, 300);
    }
    later(s, 60000);
    end_tcp(s, SERVER);
}

/* Encrypted octets of the server that look like a ClientHello change nothing. */
static void
write_hello_lookalike(script *s)
{
    for (unsigned i = 0; i < 4; i++) {
        send_encrypted(s, CLIENT, 400);
        send_encrypted(s, SERVER, 300);
    }
    GByteArray *hello = client_hello();
    add_octets(s, hello->data, hello->len);
    g_byte_array_free(hello, TRUE);
    send_packet(s, SERVER);
    send_encrypted(s, CLIENT, 400);
    end_tcp(s, SERVER);
}

/* Somebody has the keys. */
static void
write_decrypted(script *s)
{
    tcp_handshake(s);
    send_hello(s, 1);
    add_record(s, HANDSHAKE, "\2\0\0\4abcd", 8);
    send_packet(s, SERVER);
    for (unsigned i = 0; i < 4; i++) {
        add_text(s, i == 0 ? GET : "hello");
        send_record(s, CLIENT, true);
        add_text(s, i == 0 ? OK : "hello");
        send_record(s, SERVER, true);
    }
    end_tcp(s, CLIENT);
}

/* The key log has the secrets of the traffic alone: records of the handshake stay encrypted. */
static void
write_traffic_secrets(script *s)
{
    tcp_handshake(s);
    send_hello(s, 1);
    send_server_hello(s);
    add_text(s, UPGRADE);
    send_record(s, CLIENT, true);
    add_text(s, SWITCHING);
    send_record(s, SERVER, true);
    send_close(s, CLIENT, 1000, "");
    send_rst(s, CLIENT);
}

static void
write_hole(script *s)
{
    open_tls(s);
    s->next[SERVER] += 500;
    send_encrypted(s, SERVER, 500);
    end_tcp(s, CLIENT);
    send_packet(s, CLIENT); /* it has received all, the FIN too */
}

/* Reading. */

/* Who is listed. */

static bool
is_nobody(const wsclose_tls_server *server)
{
    (void)server;
    return false;
}

static bool
is_shown(const wsclose_tls_server *server)
{
    return server->is_server;
}

static bool
has_name(const wsclose_tls_server *server)
{
    static const char name[] = "ws.example.com";

    return server->name.len == strlen(name) && memcmp(server->name.data, name, strlen(name)) == 0;
}

static bool
is_end_1(const wsclose_tls_server *server)
{
    return server->direction == 1;
}

/* What became of it: hello, cause, who has to act, of how many milliseconds; "notified" where its ender
 * has sent an alert. */
static char *
tell(const findings *found)
{
    GString *text = g_string_new(NULL);
    const seen_connection *seen =
        found->connections->len > 0 ? found->connections->pdata[0] : NULL;

    if (!seen || !seen->connection.outside || seen->verdicts == 0) {
        g_string_append(text, !seen ? "none" : seen->verdicts == 0 ? "open" : "read");
        return g_string_free(text, FALSE);
    }
    const char *hello = strstr(found->text->str, "outside ") + strlen("outside ");
    g_string_append_len(text, hello, strcspn(hello, ";"));
    const wsclose_header unknown = {.presence = WSCLOSE_HEADER_UNKNOWN};
    wsclose_negotiation *negotiation = wsclose_negotiation_match(&unknown, &unknown);
    const wsclose_verdict_context context = {
        .connection = &seen->connection, .verdict = &seen->verdict, .negotiation = negotiation};
    wsclose_cause cause;

    g_assert_true(wsclose_cause_judge(&context, &cause));
    g_assert_false(seen->verdict.reported[CLIENT].known);
    g_assert_false(seen->verdict.reported[SERVER].known);
    g_assert_true(seen->verdict.incomplete);
    g_string_append_printf(text, " %s %u%s", wsclose_cause_name(cause.id), cause.by,
                           cause.certain ? " certain" : "");
    if (cause.time >= 0)
        g_string_append_printf(text, " %d", (int)(cause.time / MS));
    if (seen->connection.sides[seen->connection.first_end].notified)
        g_string_append(text, " notified");
    if (seen->connection.missing[CLIENT] || seen->connection.missing[SERVER])
        g_string_append(text, " missing");
    char *line = wsclose_explain_verdict(&context);
    g_assert_nonnull(strstr(line, "TLS without keys"));
    wsclose_text_free(line);
    char *description = wsclose_explain_verdict_description(&context);
    g_assert_null(strchr(description, '{'));
    g_assert_nonnull(strstr(description, "nobody has decrypted it"));
    wsclose_text_free(description);
    wsclose_negotiation_free(negotiation);
    return g_string_free(text, FALSE);
}

typedef struct {
    const char *name;
    void (*write)(script *s);
    bool (*listed)(const wsclose_tls_server *server);
    const char *expected;
} row;

#define HELLO "ws.example.com|h2, http/1.1"

static const row rows[] = {
    {"end", write_end, is_shown, HELLO " transport_end 1"},
    {"by-name", write_end, has_name, HELLO " transport_end 1"},
    {"by-end", write_end, is_end_1, HELLO " transport_end 1"},
    {"not-listed", write_end, is_nobody, "none"},
    {"hello-in-parts", write_hello_in_parts, has_name, HELLO " transport_end 1"},
    {"idle", write_idle, is_shown, HELLO " idle_timeout 3 60001"},
    {"idle/notified", write_idle_notified, is_shown, HELLO " idle_timeout 3 60001 notified"},
    {"idle/notified-1.2", write_idle_notified_1_2, is_shown,
     HELLO " idle_timeout 3 60001 notified"},
    {"idle/closing", write_idle_closing, is_shown, HELLO " idle_timeout 3 60001 notified"},
    {"idle/heartbeat", write_heartbeat, is_shown, HELLO " transport_end 1"},
    {"idle/message-after", write_message_after_silence, is_shown, HELLO " transport_end 2"},
    {"lifetime", write_lifetime, is_shown, HELLO " lifetime_limit 3 299978"},
    {"forgotten", write_forgotten, is_shown, HELLO " flow_forgotten 3 certain 400001"},
    {"path-dead", write_path_dead, is_shown, HELLO " path_dead 3 certain 45506"},
    {"alert", write_alert, is_shown, HELLO " tls_alert 2 certain"},
    {"no-answer", write_no_answer, is_shown, HELLO " transport_end 2"},
    {"begun-before", write_begun_before, is_end_1, "| idle_timeout 3 60001"},
    {"begun-before/all", write_begun_before, is_shown, "none"},
    {"begun-before/by-name", write_begun_before, has_name, "none"},
    {"begun-before/hello-lookalike", write_hello_lookalike, is_end_1, "| transport_end 2"},
    {"decrypted", write_decrypted, is_shown, "none"},
    {"traffic-secrets", write_traffic_secrets, is_shown, "read"},
    {"hole", write_hole, is_shown, HELLO " transport_end 1 missing"},
};

static void
check_row(gconstpointer data)
{
    const row *wanted = data;
    const wsclose_flow_options options = {.tls_outside = true, .find_midstream = true};
    script *s = script_new();
    findings *found = findings_new();

    n_waits = 0;
    wanted->write(s);
    found->time_of = time_of;
    found->is_tls_server = wanted->listed;
    read_packets_into(found, s->packets, &options);
    char *text = tell(found);
    g_assert_cmpstr(text, ==, wanted->expected);
    g_free(text);
    findings_free(found);
    script_free(s);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        char *path = g_strconcat("/outside/", rows[i].name, NULL);

        g_test_add_data_func(path, &rows[i], check_row);
        g_free(path);
    }
    return g_test_run();
}
