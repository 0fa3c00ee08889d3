/* fuzz_flow.c
 * Any octets as a script of packets of one connection: nothing breaks, no connection has two
 * verdicts, and in other segments the same is found; the same where TLS is read from outside.
 *
 * Each step is of two octets: what it does, and an argument. A step that ends a packet may be
 * followed by one that damages it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wsclose/flow.h"

#include "../unit/packets.h"

#define STEPS_MAX 400
#define CLOSES_MAX 900 /* fewer than a packet is read for */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What a packet may hold. */
enum {
    ADD_OCTET,
    ADD_HTTP1,
    ADD_MESSAGE,
    ADD_CLOSE,
    ADD_CONNECT,
    ADD_STATUS,
    ADD_DATA_CLOSE,
    ADD_GOAWAY,
    ADD_RESET,
    ADD_HTTP2,
    ADD_RECORD,
    SEND,
    SEND_END,
    DAMAGE,
    STEPS
};

static const char *const heads[] = {
    UPGRADE, SWITCHING, GET, OK, REFUSED, "CONNECT a:1 HTTP/1.1\r\n\r\n",
    "HTTP/1.1 200 OK\r\n\r\n", PREFACE, "GET / HTTP/1.1\r\nUpgrade: h2c\r\n\r\n",
    "HTTP/1.1 101 Yes\r\nUpgrade: h2c\r\n\r\n", "HTTP/1.1 100 Continue\r\n\r\n",
};

/* What is written down, and whether its packets are only those of an undamaged connection. */
typedef struct {
    script *script;
    size_t side;
    bool is_damaged;
    unsigned closes;
    unsigned raw; /* how often something else than frames of HTTP/2 was added */
} writer;

static void
add_client_hello(script *s)
{
    GByteArray *hello = client_hello();

    add_octets(s, hello->data, hello->len);
    g_byte_array_free(hello, TRUE);
}

static void
add(writer *w, uint8_t what, uint8_t argument)
{
    script *s = w->script;
    const uint32_t stream = argument & 15;

    switch (what) {
    case ADD_OCTET:
        add_octets(s, &argument, 1);
        break;
    case ADD_HTTP1:
        add_text(s, heads[argument % G_N_ELEMENTS(heads)]);
        break;
    case ADD_MESSAGE:
        add_frame(s, (argument & 1) != 0, argument, "hello", 5);
        break;
    case ADD_CLOSE:
        add_close(s, w->side, argument < 8 ? 0 : 1000u + argument % 16, "");
        break;
    case ADD_CONNECT:
        if (s->n_lists < ATTACHED_MAX)
            add_connect(s, stream);
        break;
    case ADD_STATUS:
        if (s->n_lists < ATTACHED_MAX)
            add_status(s, stream, (argument & 16) != 0 ? "403" : "200");
        break;
    case ADD_DATA_CLOSE:
        add_data_close(s, w->side, argument >> 7, stream, 1000u + (argument >> 4 & 7));
        break;
    case ADD_GOAWAY:
        add_goaway(s, stream, argument >> 4);
        break;
    case ADD_RESET:
        add_reset(s, stream, argument >> 4);
        break;
    case ADD_HTTP2:
        /* Not of a header list that nobody has decoded: others are told apart by their packets. */
        add_http2(s, memchr("\1\5\11", argument & 15, 3) ? SETTINGS : argument & 15,
                  argument >> 4, argument % 5, "0123456789", argument % 11);
        break;
    case ADD_RECORD:
        /* Instead of an empty record. */
        if (s->payload->len == 0 && argument == HANDSHAKE)
            add_client_hello(s);
        else if (s->n_plaintexts < ATTACHED_MAX)
            wrap_record(s, argument % (s->payload->len + 1), (argument & 128) != 0);
        break;
    default:
        break;
    }
}

static void
end_packet(writer *w, uint8_t argument)
{
    if (argument % 3 == 0)
        send_fin(w->script, w->side);
    else if (argument % 3 == 1)
        send_rst(w->script, w->side);
    else if (w->script->payload->len == 0)
        tcp_handshake(w->script); /* ports used again, unless it is the first */
    w->is_damaged |= argument % 3 != 2;
}

/* The last packet, in another form or place. */
static void
damage(writer *w, uint8_t argument)
{
    GArray *packets = w->script->packets;

    if (packets->len < 2)
        return;
    test_packet *last = script_last(w->script);
    const test_packet before = last[-1];
    const test_packet again = *last;

    w->is_damaged = true;
    switch (argument & 7) {
    case 0:
        g_array_set_size(packets, packets->len - 1);
        break;
    case 1:
        last[-1] = *last;
        *last = before;
        break;
    case 2:
        g_array_append_val(packets, again);
        break;
    case 3:
        last->captured = MIN(last->captured, (uint32_t)argument >> 2);
        break;
    case 4:
        last->hint = WSCLOSE_HINT_WEBSOCKET;
        break;
    case 5:
        last->hint = WSCLOSE_HINT_HTTP2;
        break;
    case 6:
        last->ack += argument;
        break;
    default:
        last->seq += argument - 128u;
        break;
    }
}

static void
step(writer *w, uint8_t what, uint8_t argument)
{
    w->raw += what <= ADD_CLOSE || what == ADD_RECORD;
    w->closes += what == ADD_CLOSE || what == ADD_DATA_CLOSE;
    if (what < SEND) {
        add(w, what, argument);
        return;
    }
    if (what == SEND) {
        send_packet(w->script, w->side);
        w->side = argument & 1;
    } else if (what == SEND_END) {
        end_packet(w, argument);
    } else {
        damage(w, argument);
    }
}

/* One octet a segment, header lists and plaintext with the last one. */
static GArray *
split_all(const GArray *packets, uint32_t piece)
{
    GArray *out = g_array_new(FALSE, FALSE, sizeof(test_packet));

    for (guint i = 0; i < packets->len; i++) {
        const test_packet *whole = &g_array_index(packets, test_packet, i);

        for (uint32_t at = 0; at == 0 || at < whole->len; at += piece) {
            test_packet part = *whole;
            const uint32_t to = MIN(whole->len, at + piece);

            part.seq += at;
            part.octets = at > 0 ? whole->octets + at : whole->octets;
            part.len = part.captured = to - at;
            part.n_lists = 0;
            for (unsigned j = 0; j < whole->n_lists; j++) {
                if (whole->lists[j].end > at && whole->lists[j].end <= to) {
                    part.lists[part.n_lists] = whole->lists[j];
                    part.lists[part.n_lists++].end -= at;
                }
            }
            g_array_append_val(out, part);
        }
    }
    return out;
}

static bool
begins_with(const test_packet *packet, size_t side, const char *text)
{
    return packet->side == side && packet->len >= strlen(text) &&
           memcmp(packet->octets, text, strlen(text)) == 0;
}

/* Whether other segments must not matter. Where a reader is lost they do: it goes on where one
 * begins. So the opening handshake is whole, and whatever follows is frames; or all of it is frames
 * of HTTP/2. */
static bool
is_plain(const writer *w)
{
    const GArray *packets = w->script->packets;

    if (w->is_damaged || w->closes > CLOSES_MAX || packets->len < 5)
        return false;
    for (guint i = 0; i < packets->len; i++) {
        const test_packet *packet = &g_array_index(packets, test_packet, i);

        if (packet->n_plaintexts > 0 || packet->syn != (i < 2))
            return false;
    }
    const test_packet *first = &g_array_index(packets, test_packet, 3);
    return (begins_with(first, CLIENT, UPGRADE) && begins_with(first + 1, SERVER, SWITCHING)) ||
           (begins_with(first, CLIENT, PREFACE) && w->raw == 1);
}

static char *
without_repeated(const char *text)
{
    char **parts = g_strsplit(text, ";", -1);
    GString *out = g_string_new(NULL);

    for (size_t i = 0; parts[i]; i++) {
        if (strstr(parts[i], "sends after its Close") == NULL)
            g_string_append_printf(out, "%s;", parts[i]);
    }
    g_strfreev(parts);
    return g_string_free(out, FALSE);
}

/* Whether octets that may be text, and so no frames at all, are told of. Text is told by a whole segment
 * of it, and nothing behind it is read: that the borders of segments do change. */
static bool
may_be_text(const char *text)
{
    static const char label[] = "breaks 0x";
    const guint64 masking = WSCLOSE_BREACH_MASKED | WSCLOSE_BREACH_UNMASKED;

    while ((text = strstr(text, label)) != NULL) {
        text += strlen(label);
        if ((g_ascii_strtoull(text, NULL, 16) & ~masking) != 0)
            return true;
    }
    return false;
}

static void
check_split(const writer *w, const findings *whole, uint32_t piece)
{
    GArray *split = split_all(w->script->packets, piece);
    findings *found = read_packets(split, true);
    char *expected = without_repeated(whole->text->str);
    char *is = without_repeated(found->text->str);

    if (!may_be_text(expected) && !may_be_text(is))
        g_assert_cmpstr(is, ==, expected);
    g_free(expected);
    g_free(is);
    findings_free(found);
    g_array_free(split, TRUE);
}

/* Seconds pass between some packets, so that silence counts. */
static int64_t
time_of(unsigned packet)
{
    return packet * 997000000LL;
}

/* All that is TLS, and that nobody decrypts, is taken for WebSocket: one verdict each. */
static void
read_from_outside(const writer *w)
{
    const wsclose_flow_options options = {.tls_outside = true, .find_midstream = true};
    findings *found = findings_new();

    found->time_of = time_of;
    read_packets_into(found, w->script->packets, &options);
    findings_free(found);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    writer w = {.script = script_new()};

    if (size > 0 && (data[0] & 1) != 0)
        tcp_handshake(w.script);
    for (size_t i = 0; i < STEPS_MAX && 1 + 2 * (i + 1) <= size; i++)
        step(&w, data[1 + 2 * i] % STEPS, data[2 + 2 * i]);
    send_packet(w.script, w.side);
    findings *whole = read_packets(w.script->packets, true);
    if (is_plain(&w)) {
        check_split(&w, whole, 1);
        check_split(&w, whole, 7);
    }
    findings_free(whole);
    read_from_outside(&w);
    script_free(w.script);
    return 0;
}
