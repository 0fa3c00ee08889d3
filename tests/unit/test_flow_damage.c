/* test_flow_damage.c
 * The same connections in other packets: cut elsewhere, sent twice or in another order they are
 * found to be the same; where the capture lacks something, as much is told or less, and never
 * another code.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wsclose/flow.h"

#include "packets.h"

static void
open_tcp(script *s)
{
    tcp_handshake(s);
    open_websocket(s);
}

static void
end_tcp(script *s, size_t first)
{
    send_fin(s, first);
    send_fin(s, 1 - first);
    send_packet(s, first);
}

static void
write_client_closes(script *s)
{
    open_tcp(s);
    send_message(s, CLIENT, "hello");
    send_message(s, SERVER, "hello");
    send_message(s, SERVER, "more");
    send_close(s, CLIENT, 1000, "bye");
    send_close(s, SERVER, 1000, "");
    end_tcp(s, SERVER);
}

static void
write_server_closes(script *s)
{
    open_tcp(s);
    add_message(s, SERVER, "hello");
    send_close(s, SERVER, 4001, "");
    send_close(s, CLIENT, 0, "");
    end_tcp(s, CLIENT);
}

static void
write_refused_first(script *s)
{
    tcp_handshake(s);
    send_text(s, CLIENT, UPGRADE_TO("/first"));
    send_text(s, SERVER, REFUSED);
    open_websocket(s);
    send_close(s, CLIENT, 1000, "");
    send_close(s, SERVER, 1001, "");
    end_tcp(s, SERVER);
}

static void
write_pipelined(script *s)
{
    tcp_handshake(s);
    send_text(s, CLIENT, GET UPGRADE);
    add_text(s, OK SWITCHING);
    send_message(s, SERVER, "hello");
    add_message(s, CLIENT, "hello");
    send_close(s, CLIENT, 1000, "");
    send_close(s, SERVER, 1000, "");
    end_tcp(s, SERVER);
}

static void
write_close_with_request(script *s)
{
    tcp_handshake(s);
    add_text(s, UPGRADE);
    send_close(s, CLIENT, 1000, "");
    add_text(s, SWITCHING);
    send_close(s, SERVER, 1001, "");
    end_tcp(s, SERVER);
}

static void
write_no_close(script *s)
{
    open_tcp(s);
    send_message(s, CLIENT, "hello");
    send_message(s, SERVER, "hello");
    end_tcp(s, CLIENT);
}

static void
write_reset(script *s)
{
    open_tcp(s);
    send_message(s, CLIENT, "hello");
    send_message(s, SERVER, "hello");
    send_rst(s, SERVER);
}

static void
write_one_close(script *s)
{
    open_tcp(s);
    send_close(s, CLIENT, 1001, "");
    send_packet(s, SERVER);
    end_tcp(s, SERVER);
}

/* An endpoint that fails the connection and waits for no answer. */
static void
write_failed(script *s)
{
    open_tcp(s);
    send_message(s, CLIENT, "hello");
    send_close(s, SERVER, 1009, "");
    send_fin(s, SERVER);
    send_close(s, CLIENT, 1009, "");
    send_fin(s, CLIENT);
    send_packet(s, SERVER);
}

/* The same over what it cannot read. */
static void
write_not_utf8(script *s)
{
    open_tcp(s);
    send_message(s, SERVER, "hello");
    send_message(s, CLIENT, "text that ends in \xE9");
    send_close(s, SERVER, 1007, "");
    send_close(s, CLIENT, 1007, "");
    end_tcp(s, SERVER);
}

static void
write_refused(script *s)
{
    tcp_handshake(s);
    send_text(s, CLIENT, UPGRADE);
    send_text(s, SERVER, REFUSED);
    end_tcp(s, SERVER);
}

static void
write_no_answer(script *s)
{
    tcp_handshake(s);
    send_text(s, CLIENT, UPGRADE);
    send_packet(s, SERVER);
    end_tcp(s, SERVER);
}

static void
write_long_message(script *s)
{
    char text[300];

    memset(text, 'a', sizeof text);
    open_tcp(s);
    add_frame(s, true, BINARY, text, sizeof text);
    g_byte_array_set_size(s->payload, 120);
    send_packet(s, CLIENT);
    add_octets(s, text, 100);
    send_packet(s, CLIENT);
    add_octets(s, text, 88);
    send_close(s, CLIENT, 1000, "");
    send_close(s, SERVER, 1000, "");
    end_tcp(s, SERVER);
}

static void
write_connect(script *s)
{
    tcp_handshake(s);
    send_text(s, CLIENT, "CONNECT a:80 HTTP/1.1\r\n\r\n");
    send_text(s, SERVER, "HTTP/1.1 200 OK\r\n\r\n");
    open_websocket(s);
    send_close(s, CLIENT, 1000, "");
    send_close(s, SERVER, 1000, "");
    end_tcp(s, SERVER);
}

static void
write_socks(script *s)
{
    tcp_handshake(s);
    add_octets(s, "\5\1\0", 3);
    send_packet(s, CLIENT);
    add_octets(s, "\5\0", 2);
    send_packet(s, SERVER);
    open_websocket(s);
    send_close(s, CLIENT, 1000, "");
    send_close(s, SERVER, 1000, "");
    end_tcp(s, SERVER);
}

static void
write_http2(script *s)
{
    tcp_handshake(s);
    open_http2(s);
    add_headers(s, HEADERS, 0, 1, CONNECT_TO("/1"));
    add_headers(s, CONTINUATION, END_HEADERS, 1, "sec-websocket-protocol=x;");
    send_packet(s, CLIENT);
    add_status(s, 1, "200");
    add_data_message(s, SERVER, 1, "hello");
    send_packet(s, SERVER);
    add_headers(s, HEADERS, END_HEADERS, 3, CONNECT_TO("/3"));
    send_packet(s, CLIENT);
    add_status(s, 3, "200");
    add_data_close(s, SERVER, END_STREAM, 1, 1001);
    send_packet(s, SERVER);
    add_octets(s, "\3", 1);
    add_message(s, CLIENT, "hello");
    add_octets(s, "\0\0\0", 3);
    wrap_data(s, 0, PADDED, 1);
    add_data_close(s, CLIENT, 0, 3, 1000);
    add_data_close(s, CLIENT, END_STREAM, 1, 1001);
    send_packet(s, CLIENT);
    add_data_close(s, SERVER, END_STREAM, 3, 1000);
    send_packet(s, SERVER);
    end_tcp(s, SERVER);
}

static void
write_http2_ends(script *s)
{
    tcp_handshake(s);
    open_http2(s);
    for (uint32_t stream = 1; stream <= 5; stream += 2) {
        char *fields = g_strdup_printf(CONNECT_TO("/%u"), stream);

        add_headers(s, HEADERS, END_HEADERS, stream, fields);
        g_free(fields);
    }
    send_packet(s, CLIENT);
    for (uint32_t stream = 1; stream <= 5; stream += 2)
        add_status(s, stream, "200");
    send_packet(s, SERVER);
    add_data_message(s, CLIENT, 3, "hello");
    add_reset(s, 3, 8);
    send_packet(s, CLIENT);
    add_goaway(s, 3, 0);
    send_packet(s, SERVER);
    add_data_close(s, CLIENT, 0, 1, 1000);
    send_packet(s, CLIENT);
    send_packet(s, SERVER);
    end_tcp(s, SERVER);
}

/* A stream that its server resets at once, and one after it. */
static void
write_http2_reset(script *s)
{
    tcp_handshake(s);
    open_http2(s);
    add_headers(s, HEADERS, END_HEADERS, 1, CONNECT_TO("/1"));
    send_packet(s, CLIENT);
    add_reset(s, 1, 7);
    send_packet(s, SERVER);
    add_headers(s, HEADERS, END_HEADERS, 3, CONNECT_TO("/3"));
    send_packet(s, CLIENT);
    add_status(s, 3, "200");
    send_packet(s, SERVER);
    end_tcp(s, CLIENT);
}

static void
write_tls(script *s)
{
    tcp_handshake(s);
    add_record(s, HANDSHAKE, "client hello", 12);
    send_packet(s, CLIENT);
    add_record(s, HANDSHAKE, "server hello", 12);
    send_packet(s, SERVER);
    add_text(s, UPGRADE);
    send_record(s, CLIENT, true);
    add_text(s, SWITCHING);
    send_record(s, SERVER, true);
    add_message(s, SERVER, "hello");
    send_record(s, SERVER, true);
    add_close(s, CLIENT, 1000, "");
    send_record(s, CLIENT, true);
    add_close(s, SERVER, 1000, "");
    send_record(s, SERVER, true);
    end_tcp(s, SERVER);
}

/* A script, and what holds for it. */
typedef struct {
    const char *name;
    void (*write)(script *s);
    bool inexact; /* other cuts may be found to be less */
} connection_row;

static const connection_row rows[] = {
    {"client-closes", write_client_closes, false},
    {"server-closes", write_server_closes, false},
    {"refused-first", write_refused_first, false},
    {"pipelined", write_pipelined, false},
    {"close-with-request", write_close_with_request, false},
    {"no-close", write_no_close, false},
    {"reset", write_reset, false},
    {"one-close", write_one_close, false},
    {"failed", write_failed, false},
    {"not-utf8", write_not_utf8, false},
    {"refused", write_refused, false},
    {"no-answer", write_no_answer, false},
    {"long-message", write_long_message, false},
    {"connect", write_connect, false},
    /* The first octet of a response, alone, says too little where others came before it. */
    {"socks", write_socks, true},
    {"http2", write_http2, false},
    {"http2-ends", write_http2_ends, false},
    {"http2-reset", write_http2_reset, false},
    {"tls", write_tls, false},
};

/* A connection as a whole, and a variant of it. */
typedef struct {
    const connection_row *row;
    script *script;
    findings *whole;
    GArray *packets;
    GArray *lost; /* test_packet: those that the variant has not */
    GString *how;
    unsigned verdicts; /* of all variants */
    unsigned known;    /* codes of them */
} damage;

static const test_packet *
packet_at(const GArray *packets, guint i)
{
    return &g_array_index(packets, test_packet, i);
}

/* Begin a variant: the whole. */
static void
start(damage *d)
{
    g_array_set_size(d->packets, 0);
    g_array_append_vals(d->packets, d->script->packets->data, d->script->packets->len);
    g_array_set_size(d->lost, 0);
    g_string_truncate(d->how, 0);
}

static void
say(damage *d, const char *what, unsigned packet, unsigned octet)
{
    g_string_append_printf(d->how, " %s %u:%u", what, packet, octet);
}

/* The steps that make a variant. */

static void
take_attached(attached *from, unsigned *n, attached *to, unsigned *n_to, uint32_t at)
{
    unsigned kept = 0;

    *n_to = 0;
    for (unsigned i = 0; i < *n; i++) {
        if (from[i].end <= at) {
            from[kept++] = from[i];
        } else {
            to[*n_to] = from[i];
            to[(*n_to)++].end -= at;
        }
    }
    *n = kept;
}

/* Send a packet as two. */
static void
split(damage *d, guint i, uint32_t at)
{
    test_packet *first = &g_array_index(d->packets, test_packet, i);
    test_packet second = *first;

    say(d, "split", i, at);
    second.seq += at + first->syn;
    second.octets += at;
    second.len -= at;
    second.captured = first->captured > at ? first->captured - at : 0;
    second.syn = false;
    first->len = at;
    first->captured = MIN(first->captured, at);
    first->fin = first->rst = false;
    take_attached(first->lists, &first->n_lists, second.lists, &second.n_lists, at);
    take_attached(first->plaintexts, &first->n_plaintexts, second.plaintexts,
                  &second.n_plaintexts, at);
    g_array_insert_val(d->packets, i + 1, second);
}

static void
repeat(damage *d, guint i, guint later)
{
    test_packet again = *packet_at(d->packets, i);

    say(d, "repeat", i, later);
    again.n_plaintexts = 0;
    g_array_insert_val(d->packets, MIN(i + 1 + later, d->packets->len), again);
}

/* What follows lost octets of TLS cannot be decrypted. */
static void
lose_plaintexts(damage *d, guint from, size_t side)
{
    for (guint i = from; i < d->packets->len; i++) {
        test_packet *packet = &g_array_index(d->packets, test_packet, i);

        if (packet->side == side)
            packet->n_plaintexts = 0;
    }
}

static void
drop(damage *d, guint i)
{
    const test_packet packet = *packet_at(d->packets, i);

    say(d, "drop", i, 0);
    g_array_append_val(d->lost, packet);
    g_array_remove_index(d->packets, i);
    if (packet.len > 0)
        lose_plaintexts(d, i, packet.side);
}

static void
cut(damage *d, guint i, uint32_t captured)
{
    test_packet *packet = &g_array_index(d->packets, test_packet, i);

    say(d, "cut", i, captured);
    if (packet->captured <= captured)
        return;
    packet->captured = captured;
    lose_plaintexts(d, i + 1, packet->side);
}

static void
swap(damage *d, guint i)
{
    test_packet *packets = &g_array_index(d->packets, test_packet, i);
    const test_packet first = packets[0];

    say(d, "swap", i, 0);
    packets[0] = packets[1];
    packets[1] = first;
}

/* What a capture shows. */

static uint32_t
end_of(const test_packet *packet)
{
    return packet->seq + packet->len + packet->syn + packet->fin;
}

/* Whether a packet up to the last one shows that another one was sent before. */
static bool
is_shown(const GArray *packets, const test_packet *lost, guint last)
{
    for (guint i = 0; i <= last; i++) {
        const test_packet *packet = packet_at(packets, i);

        if (packet->side == lost->side ? wsclose_sequence_after(packet->seq, lost->seq)
                                       : packet->has_ack &&
                                             wsclose_sequence_after(packet->ack, lost->seq))
            return true;
    }
    return false;
}

static bool
shows_loss(const damage *d, guint last)
{
    for (guint i = 0; i < d->lost->len; i++) {
        const test_packet *lost = packet_at(d->lost, i);

        if (end_of(lost) != lost->seq && !is_shown(d->packets, lost, last))
            return false;
    }
    return true;
}

/* Whether two neighbours that are exchanged show in which order they were sent. */
static bool
shows_order(const test_packet *first, const test_packet *second)
{
    if (first->side == second->side)
        return first->seq != second->seq || end_of(first) != end_of(second);
    return first->has_ack && end_of(second) != second->seq &&
           !wsclose_sequence_after(end_of(second), first->ack);
}

/* What is to hold. */

/* With everything looked at. */
static findings *
read_all(const GArray *packets)
{
    const wsclose_flow_options options = {.find_midstream = true, .check_text = true};
    findings *found = findings_new();

    read_packets_into(found, packets, &options);
    return found;
}

/* Findings without those that there are once a packet. */
static char *
without_repeated(const char *text)
{
    char **parts = g_strsplit(text, ";", -1);
    GString *out = g_string_new(NULL);

    for (size_t i = 0; parts[i]; i++) {
        if (i == 0 || strcmp(parts[i], parts[i - 1]) != 0)
            g_string_append_printf(out, "%s;", parts[i]);
    }
    g_strfreev(parts);
    return g_string_free(out, FALSE);
}

static void
expect_same(damage *d)
{
    findings *found = read_all(d->packets);
    char *expected = without_repeated(d->whole->text->str);
    char *is = without_repeated(found->text->str);

    if (strcmp(is, expected) != 0)
        g_error("%s,%s: %s and not %s", d->row->name, d->how->str, is, expected);
    g_free(expected);
    g_free(is);
    findings_free(found);
}

/* Whether a verdict says as much as that of the whole, or less. */
static bool
is_no_other(const wsclose_verdict *verdict, const wsclose_verdict *whole)
{
    bool is_less = false;

    for (size_t side = 0; side < 2; side++) {
        const wsclose_reported *reported = &verdict->reported[side];

        if (reported->known && (!whole->reported[side].known || reported->code != whole->reported[side].code))
            return false;
        is_less |= !reported->known && whole->reported[side].known;
    }
    if (verdict->initiator != WSCLOSE_SIDE_UNKNOWN && verdict->initiator != whole->initiator)
        return false;
    return !is_less || verdict->incomplete;
}

static bool
may_be(const seen_connection *seen, const seen_connection *whole)
{
    return seen->stream == whole->stream &&
           (!seen->target || seen->target[0] == '\0' || strcmp(seen->target, whole->target) == 0);
}

static void
expect_no_other(damage *d)
{
    findings *found = read_all(d->packets);

    for (guint i = 0; i < found->connections->len; i++) {
        const seen_connection *seen = found->connections->pdata[i];
        bool fits = seen->verdicts == 0 || !shows_loss(d, seen->settled_in);

        for (guint j = 0; j < d->whole->connections->len && !fits; j++) {
            const seen_connection *whole = d->whole->connections->pdata[j];

            fits = may_be(seen, whole) && is_no_other(&seen->verdict, &whole->verdict);
        }
        d->verdicts += seen->verdicts;
        d->known += seen->verdicts * (seen->verdict.reported[0].known + seen->verdict.reported[1].known);
        if (!fits)
            g_error("%s,%s: %s and not %s", d->row->name, d->how->str, found->text->str,
                    d->whole->text->str);
    }
    findings_free(found);
}

/* Kinds of damage. */

static guint
count(const damage *d)
{
    return d->script->packets->len;
}

static const test_packet *
whole_packet(const damage *d, guint i)
{
    return packet_at(d->script->packets, i);
}

static void
test_splits(damage *d)
{
    for (guint i = 0; i < count(d); i++) {
        for (uint32_t at = 1; at < whole_packet(d, i)->len; at++) {
            start(d);
            split(d, i, at);
            if (d->row->inexact)
                expect_no_other(d);
            else
                expect_same(d);
        }
    }
}

static void
test_repeats(damage *d)
{
    for (guint i = 0; i < count(d); i++) {
        for (guint later = 0; later < 5; later++) {
            start(d);
            repeat(d, i, later);
            expect_same(d);
        }
    }
}

static void
test_swaps(damage *d)
{
    for (guint i = 0; i + 1 < count(d); i++) {
        start(d);
        swap(d, i);
        if (shows_order(packet_at(d->packets, i), packet_at(d->packets, i + 1)))
            expect_no_other(d);
        else
            findings_free(read_all(d->packets));
    }
}

/* A packet that two others overtake. */
static void
test_late(damage *d)
{
    for (guint i = 0; i + 2 < count(d); i++) {
        start(d);
        const test_packet late = *packet_at(d->packets, i);

        if (!shows_order(packet_at(d->packets, i + 1), &late) ||
            !shows_order(packet_at(d->packets, i + 2), &late))
            continue;
        swap(d, i);
        swap(d, i + 1);
        expect_no_other(d);
    }
}

/* Two segments of one side, for any packet and any place in it. */
static void
test_split_swaps(damage *d)
{
    for (guint i = 0; i < count(d); i++) {
        for (uint32_t at = 1; at < whole_packet(d, i)->len; at++) {
            start(d);
            split(d, i, at);
            swap(d, i);
            expect_no_other(d);
        }
    }
}

static void
test_drops(damage *d)
{
    for (guint i = 0; i < count(d); i++) {
        start(d);
        drop(d, i);
        expect_no_other(d);
    }
}

static void
test_split_drops(damage *d)
{
    for (guint i = 0; i < count(d); i++) {
        for (uint32_t at = 1; at < whole_packet(d, i)->len; at++) {
            for (guint half = 0; half < 2; half++) {
                start(d);
                split(d, i, at);
                drop(d, i + half);
                expect_no_other(d);
            }
        }
    }
}

static void
test_heads(damage *d)
{
    for (guint n = 1; n < count(d); n++) {
        start(d);
        say(d, "without the first", n, 0);
        g_array_remove_range(d->packets, 0, n);
        expect_no_other(d);
    }
    for (size_t side = 0; side < 2; side++) {
        start(d);
        say(d, "without side", (unsigned)side, 0);
        for (guint i = count(d); i-- > 0;) {
            if (packet_at(d->packets, i)->side == side)
                g_array_remove_index(d->packets, i);
        }
        expect_no_other(d);
    }
}

static void
test_cuts(damage *d)
{
    for (guint i = 0; i < count(d); i++) {
        for (uint32_t captured = 0; captured < whole_packet(d, i)->len; captured++) {
            start(d);
            cut(d, i, captured);
            expect_no_other(d);
        }
    }
    for (uint32_t captured = 0; captured < 200; captured++) {
        start(d);
        for (guint i = 0; i < count(d); i++)
            cut(d, i, captured);
        expect_no_other(d);
    }
}

static void
damage_at_random(damage *d, GRand *random)
{
    const guint i = (guint)g_rand_int_range(random, 0, (gint32)d->packets->len - 1);
    const test_packet *packet = packet_at(d->packets, i);
    const uint32_t at = packet->len > 1
                            ? (uint32_t)g_rand_int_range(random, 1, (gint32)packet->len)
                            : 0;

    switch (g_rand_int_range(random, 0, 6)) {
    case 0:
        repeat(d, i, (guint)g_rand_int_range(random, 0, 6));
        break;
    case 1:
        if (packet->side == packet_at(d->packets, i + 1)->side)
            swap(d, i);
        break;
    case 2:
        drop(d, i);
        break;
    case 3:
        if (at > 0)
            cut(d, i, at - 1);
        break;
    default:
        if (at > 0)
            split(d, i, at);
        break;
    }
}

static void
test_random(damage *d)
{
    GRand *random = g_rand_new_with_seed(1);

    for (unsigned round = 0; round < 300; round++) {
        start(d);
        for (gint32 steps = g_rand_int_range(random, 2, 7); steps > 0; steps--)
            damage_at_random(d, random);
        expect_no_other(d);
    }
    g_rand_free(random);
}

/* One octet a segment. */
static void
test_octets(damage *d)
{
    start(d);
    for (guint i = 0; i < d->packets->len; i++) {
        if (packet_at(d->packets, i)->len > 1)
            split(d, i, 1);
    }
    if (d->row->inexact)
        expect_no_other(d);
    else
        expect_same(d);
}

typedef struct {
    const char *name;
    void (*test)(damage *d);
} kind_row;

static const kind_row kinds[] = {
    {"splits", test_splits},   {"octets", test_octets},
    {"repeats", test_repeats}, {"swaps", test_swaps},
    {"late", test_late},       {"split-swaps", test_split_swaps},
    {"drops", test_drops},     {"split-drops", test_split_drops},
    {"heads", test_heads},     {"cuts", test_cuts},
    {"random", test_random},
};

static void
test_kind(gconstpointer user_data)
{
    const kind_row *kind = user_data;
    unsigned verdicts = 0;
    unsigned known = 0;

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        damage d = {.row = &rows[i], .script = script_new(), .how = g_string_new(NULL)};

        rows[i].write(d.script);
        d.packets = g_array_new(FALSE, FALSE, sizeof(test_packet));
        d.lost = g_array_new(FALSE, FALSE, sizeof(test_packet));
        d.whole = read_all(d.script->packets);
        kind->test(&d);
        verdicts += d.verdicts;
        known += d.known;
        findings_free(d.whole);
        g_array_free(d.packets, TRUE);
        g_array_free(d.lost, TRUE);
        g_string_free(d.how, TRUE);
        script_free(d.script);
    }
    g_test_message("%u verdicts, %u codes", verdicts, known);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++) {
        char *path = g_strconcat("/flow-damage/", kinds[i].name, NULL);

        g_test_add_data_func(path, &kinds[i], test_kind);
        g_free(path);
    }
    return g_test_run();
}
