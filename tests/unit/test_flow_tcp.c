/* test_flow_tcp.c
 * What TCP shows of a connection beside its frames: what is sent again, silence, who has received a
 * Close; and octets that are no frames, or cannot be inflated.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wsclose/flow.h"

#include "packets.h"

enum { COMPRESSED_TEXT = 0xC1, COMPRESSED_BINARY = 0xC2, COMPRESSED_BEGIN = 0x41, GO_ON_END = 0x80 };

/* Of the script at hand: what goes before some packets, and what somebody inflates in them. */

enum { NOTES_MAX = 8 };

static struct {
    struct {
        guint packet; /* index */
        int64_t wait; /* milliseconds */
    } waits[NOTES_MAX];
    unsigned n_waits;
    struct {
        guint packet;
        const char *octets; /* NULL where it was tried in vain */
    } inflated[NOTES_MAX];
    unsigned n_inflated;
} notes;

static void
wait_before_next(const script *s, int64_t milliseconds)
{
    g_assert_cmpuint(notes.n_waits, <, NOTES_MAX);
    notes.waits[notes.n_waits].packet = s->packets->len;
    notes.waits[notes.n_waits++].wait = milliseconds;
}

/* In the packet that was sent last. */
static void
inflate(const script *s, const char *octets)
{
    g_assert_cmpuint(notes.n_inflated, <, NOTES_MAX);
    notes.inflated[notes.n_inflated].packet = s->packets->len - 1;
    notes.inflated[notes.n_inflated++].octets = octets;
}

/* Packet n, counted from 0, comes n milliseconds after the first, and what was waited. */
static int64_t
time_of(guint packet)
{
    int64_t time = packet;

    for (unsigned i = 0; i < notes.n_waits; i++)
        time += notes.waits[i].packet <= packet ? notes.waits[i].wait : 0;
    return time * 1000000;
}

typedef struct {
    guint packet;
    unsigned next;
} inflating;

static bool
inflates(void *user)
{
    const inflating *at = user;

    for (unsigned i = 0; i < notes.n_inflated; i++) {
        if (notes.inflated[i].packet == at->packet)
            return true;
    }
    return false;
}

static bool
next_inflated(void *user, wsclose_slice *octets)
{
    inflating *at = user;

    for (; at->next < notes.n_inflated; at->next++) {
        const char *found = notes.inflated[at->next].octets;

        if (notes.inflated[at->next].packet != at->packet || !found)
            continue;
        at->next++;
        *octets = (wsclose_slice){ found, strlen(found) };
        return true;
    }
    return false;
}

static wsclose_hint
no_hint(void *user)
{
    (void)user;
    return WSCLOSE_HINT_NONE;
}

static bool
no_list(void *user, wsclose_slice *start)
{
    (void)user;
    (void)start;
    return false;
}

static const wsclose_packet_source inflating_source = {
    .hint = no_hint,
    .next_header_list = no_list,
    .next_inflated = next_inflated,
    .inflates = inflates,
};

static findings *
read_script(const script *s, bool check_text)
{
    const wsclose_flow_options options = { .check_text = check_text };
    wsclose_flow *flow = wsclose_flow_new(&options);
    findings *found = findings_new();

    for (guint i = 0; i < s->packets->len; i++) {
        const test_packet *packet = &g_array_index(s->packets, test_packet, i);
        char *octets = exact_copy((const char *)packet->octets, packet->captured);
        inflating at = { .packet = i };
        const wsclose_packet given = {
            .moment = { i + 1, time_of(i) },
            .sender = packet->side,
            .segment = { packet->seq, (const uint8_t *)octets, packet->captured, packet->len,
                         packet->syn, packet->fin },
            .ack = packet->ack,
            .has_ack = packet->has_ack,
            .rst = packet->rst,
            .source = notes.n_inflated > 0 ? &inflating_source : NULL,
            .user = &at,
        };

        found->packet = i;
        wsclose_flow_packet(flow, &given, &recording, found);
        g_free(octets);
    }
    wsclose_flow_free(flow);
    return found;
}

/* What became of the first connection, as text. */

static void
tell_side(GString *text, char who, const wsclose_traffic *traffic)
{
    static const char *const contents[] = { "fine", "not UTF-8", "not inflated", "unread",
                                            "unchecked" };

    if (traffic->unacknowledged.number != 0)
        g_string_append_printf(text, "%c again #%u x%u;", who, traffic->unacknowledged.number,
                               traffic->repeated);
    if (traffic->got_close)
        g_string_append_printf(text, "%c got Close;", who);
    if (traffic->faulty_in != 0)
        g_string_append_printf(text, "%c %s #%u;", who, contents[traffic->content], traffic->faulty_in);
    if (traffic->provoked_in != 0)
        g_string_append_printf(text, "%c %s #%u;", who, traffic->no_frames ? "text" : "breach",
                               traffic->provoked_in);
}

static char *
told(const wsclose_connection *connection)
{
    GString *text = g_string_new(NULL);

    tell_side(text, 'C', &connection->traffic[CLIENT]);
    tell_side(text, 'S', &connection->traffic[SERVER]);
    if (connection->woken_in != 0)
        g_string_append_printf(text, "woken #%u after %d s;", connection->woken_in,
                               (int)(connection->silence / 1000000000));
    return g_string_free(text, FALSE);
}

/* Scripts. The opening handshake has packets 1 to 5. */

typedef struct {
    const char *path;
    void (*write)(script *s);
    const char *expected;
    bool check_text;
} row;

static void
opened(script *s)
{
    tcp_handshake(s);
    open_websocket(s);
}

#define COMPRESSED_UPGRADE                                                                         \
    "GET /chat HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"               \
    "Sec-WebSocket-Key: " KEY "\r\nSec-WebSocket-Extensions: permessage-deflate\r\n\r\n"
#define COMPRESSED_SWITCHING                                                                       \
    "HTTP/1.1 101 Yes\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"                            \
    "Sec-WebSocket-Accept: " ACCEPT "\r\nSec-WebSocket-Extensions: permessage-deflate\r\n\r\n"

static void
opened_compressed(script *s)
{
    tcp_handshake(s);
    send_text(s, CLIENT, COMPRESSED_UPGRADE);
    send_text(s, SERVER, COMPRESSED_SWITCHING);
}

/* The packet of that number once more. */
static void
send_again(script *s, guint number, unsigned times)
{
    while (times-- > 0) {
        const test_packet packet = g_array_index(s->packets, test_packet, number - 1);

        g_array_append_val(s->packets, packet);
    }
}

/* A packet without octets that acknowledges all up to the packet of that number. */
static void
acknowledge(script *s, size_t side, guint number)
{
    const test_packet packet = g_array_index(s->packets, test_packet, number - 1);

    send_packet(s, side)->ack = packet.seq + packet.len;
}

/* A reset by who knows nothing of the connection (RFC 9293 section 3.10.7.1). */
static void
send_bare_rst(script *s, size_t side)
{
    send_rst(s, side);
    script_last(s)->has_ack = false;
}

/* What is sent again. */

static void
write_never_acknowledged(script *s)
{
    opened(s);
    send_message(s, CLIENT, "hello");
    send_again(s, 6, 3);
}

static void
write_acknowledged_at_last(script *s)
{
    write_never_acknowledged(s);
    acknowledge(s, SERVER, 6);
}

static void
write_acknowledged_then_again(script *s)
{
    write_acknowledged_at_last(s);
    send_message(s, CLIENT, "hello"); /* 11 */
    send_again(s, 11, 1);
}

static void
write_again_though_acknowledged(script *s)
{
    opened(s);
    send_message(s, CLIENT, "hello");
    acknowledge(s, SERVER, 6);
    send_again(s, 6, 3);
}

static void
write_of_server(script *s)
{
    opened(s);
    acknowledge(s, CLIENT, 5);
    send_message(s, SERVER, "hello"); /* 7 */
    send_again(s, 7, 2);
}

static void
write_several(script *s)
{
    opened(s);
    send_message(s, CLIENT, "one");
    send_message(s, CLIENT, "two");
    send_again(s, 6, 3);
}

static void
write_first_acknowledged(script *s)
{
    opened(s);
    send_message(s, CLIENT, "one");
    send_message(s, CLIENT, "two"); /* 7 */
    acknowledge(s, SERVER, 6);
    send_again(s, 7, 3);
}

/* There is always something on its way. */
static void
write_stream(script *s)
{
    opened(s);
    send_message(s, SERVER, "one");
    for (guint i = 0; i < 5; i++) {
        send_message(s, SERVER, "next"); /* 7, 9 .. 15 */
        acknowledge(s, CLIENT, i == 0 ? 6 : 5 + 2 * i);
    }
    send_again(s, 15, 3);
}

static void
write_partly_again(script *s)
{
    opened(s);
    send_message(s, CLIENT, "one");
    send_message(s, CLIENT, "two");
    acknowledge(s, SERVER, 6);
    send_again(s, 6, 3);
}

static void
probe(script *s, size_t side, bool octet, unsigned times)
{
    while (times-- > 0) {
        if (octet)
            add_text(s, "?");
        send_packet(s, side)->seq--;
        s->next[side] -= octet ? 1 : 0;
    }
}

static void
write_probes(script *s)
{
    opened(s);
    send_message(s, CLIENT, "hello");
    acknowledge(s, SERVER, 6);
    probe(s, CLIENT, false, 3); /* from 8 on */
}

static void
write_probes_of_an_octet(script *s)
{
    opened(s);
    send_message(s, CLIENT, "hello");
    acknowledge(s, SERVER, 6);
    probe(s, CLIENT, true, 3);
}

static void
write_probes_answered(script *s)
{
    write_probes(s);
    acknowledge(s, SERVER, 6);
}

static void
write_acks_alone(script *s)
{
    opened(s);
    send_message(s, SERVER, "hello");
    for (unsigned i = 0; i < 5; i++)
        acknowledge(s, CLIENT, 6);
}

/* Silence. */

static void
silent_for(script *s, int64_t milliseconds)
{
    opened(s);
    send_message(s, SERVER, "hello");
    acknowledge(s, CLIENT, 6);
    wait_before_next(s, milliseconds);
}

static void
write_woken(script *s)
{
    silent_for(s, 300000);
    send_message(s, CLIENT, "hello"); /* 8 */
    send_bare_rst(s, SERVER);
}

static void
write_woken_by_server(script *s)
{
    silent_for(s, 300000);
    send_message(s, SERVER, "hello");
    send_bare_rst(s, CLIENT);
}

static void
write_woken_by_close(script *s)
{
    silent_for(s, 300000);
    send_close(s, CLIENT, 1000, "");
    send_bare_rst(s, SERVER);
}

static void
write_woken_by_ack(script *s)
{
    silent_for(s, 300000);
    acknowledge(s, CLIENT, 6);
    send_bare_rst(s, SERVER);
}

static void
write_woken_again(script *s)
{
    silent_for(s, 300000);
    send_message(s, CLIENT, "hello");
    wait_before_next(s, 25000);
    send_again(s, 8, 1);
    wait_before_next(s, 50000);
    send_again(s, 8, 1);
    send_bare_rst(s, SERVER);
}

static void
write_woken_ack_first(script *s)
{
    silent_for(s, 300000);
    send_message(s, CLIENT, "hello");
    acknowledge(s, SERVER, 8);
    send_rst(s, SERVER);
}

static void
write_woken_frame_first(script *s)
{
    silent_for(s, 300000);
    send_message(s, CLIENT, "hello");
    send_message(s, SERVER, "hello");
    send_rst(s, SERVER);
}

static void
write_woken_by_reset(script *s)
{
    silent_for(s, 300000);
    send_rst(s, SERVER);
}

static void
write_woken_and_left(script *s)
{
    silent_for(s, 300000);
    send_message(s, CLIENT, "hello");
    send_rst(s, CLIENT);
}

static void
write_woken_twice(script *s)
{
    write_woken_ack_first(s);
    lose_last(s);
    wait_before_next(s, 400000);
    send_message(s, SERVER, "hello"); /* 10 */
    send_bare_rst(s, CLIENT);
}

static void
write_short_silence(script *s)
{
    silent_for(s, 4990);
    send_message(s, CLIENT, "hello");
    send_bare_rst(s, SERVER);
}

static void
write_long_enough(script *s)
{
    silent_for(s, 4999);
    send_message(s, CLIENT, "hello");
    send_bare_rst(s, SERVER);
}

/* A reset with an acknowledgement may come from a host that knows the connection. */
static void
write_short_of_a_host(script *s)
{
    silent_for(s, 19990);
    send_message(s, CLIENT, "hello");
    send_rst(s, SERVER);
}

static void
write_long_enough_of_a_host(script *s)
{
    silent_for(s, 19999);
    send_message(s, CLIENT, "hello");
    send_rst(s, SERVER);
}

/* Who has received a Close. */

static void
write_close_acknowledged(script *s)
{
    opened(s);
    send_close(s, CLIENT, 1000, "");
    acknowledge(s, SERVER, 6);
}

static void
write_close_not_acknowledged(script *s)
{
    opened(s);
    send_message(s, CLIENT, "hello");
    send_close(s, CLIENT, 1000, "");
    acknowledge(s, SERVER, 6);
}

static void
write_close_acknowledged_by_frame(script *s)
{
    opened(s);
    send_close(s, SERVER, 1000, "");
    send_message(s, CLIENT, "hello");
}

static void
write_close_acknowledged_by_fin(script *s)
{
    opened(s);
    send_close(s, SERVER, 1000, "");
    send_fin(s, CLIENT);
}

/* Text in place of a frame. */

#define FAILED "HTTP/1.1 500 Internal Server Error\r\nContent-Length: 16\r\nServer: a\r\n\r\nsomething failed"

static void
write_response(script *s)
{
    opened(s);
    send_text(s, SERVER, FAILED);
}

static void
write_short_response(script *s)
{
    opened(s);
    send_text(s, SERVER, "HTTP/1.1 500 No\r\n\r\n");
}

static void
write_response_in_pieces(script *s)
{
    opened(s);
    send_text(s, SERVER, "HTTP/1.1 500 Int");
    send_text(s, SERVER, &FAILED[16]);
}

static void
write_response_after_frame(script *s)
{
    opened(s);
    send_message(s, SERVER, "hello");
    send_text(s, SERVER, FAILED);
}

static void
write_response_behind_frame(script *s)
{
    opened(s);
    add_message(s, SERVER, "hello");
    send_text(s, SERVER, FAILED);
}

static void
write_response_then_frame(script *s)
{
    opened(s);
    send_text(s, SERVER, FAILED);
    send_message(s, SERVER, "hello");
}

static void
write_request(script *s)
{
    opened(s);
    send_text(s, CLIENT, GET);
}

static void
write_html(script *s)
{
    opened(s);
    send_text(s, SERVER, "<html><body>Entschuldigung, das tut gerade nicht \xc3\xbc" "berall</body></html>\n");
}

static void
write_json(script *s)
{
    opened(s);
    send_text(s, CLIENT, "{\"type\":\"hello\"}\n");
}

static void
write_too_little(script *s)
{
    opened(s);
    send_text(s, SERVER, "no\n");
}

static void
write_octets(script *s)
{
    opened(s);
    add_octets(s, "\x47\x05\x00\x01\x02\x03\x04", 7);
    send_packet(s, SERVER);
}

static void
write_message_of_text(script *s)
{
    opened(s);
    send_message(s, SERVER, FAILED);
}

static void
write_unmasked_text(script *s)
{
    opened(s);
    add_frame(s, false, TEXT, "hello", 5);
    send_packet(s, CLIENT);
}

/* What looks like text goes on with a header. */
static void
write_within_header(script *s)
{
    opened(s);
    send_text(s, SERVER, "\xa3");
    send_text(s, SERVER, "0123456789012345678901234567890123456789012345678901234567890123");
}

/* Its header shows it, whether or not its payload ever comes. */
static void
write_unmasked_in_pieces(script *s)
{
    opened(s);
    add_frame(s, false, TEXT, FAILED, sizeof FAILED - 1);
    g_byte_array_set_size(s->payload, 20);
    send_packet(s, CLIENT);
    send_text(s, CLIENT, &FAILED[18]);
}

/* Content. */

static void
send_frame(script *s, size_t side, uint8_t first, const char *payload)
{
    add_frame(s, side == CLIENT, first, payload, strlen(payload));
    send_packet(s, side);
}

static void
write_not_utf8(script *s)
{
    opened(s);
    send_frame(s, CLIENT, TEXT, "\xff");
}

static void
write_not_utf8_pieces(script *s)
{
    opened(s);
    send_frame(s, SERVER, 0x01, "\xe2\x82");
    send_frame(s, SERVER, PING, "\xac");
    send_frame(s, SERVER, 0x80, "a"); /* 8 */
}

static void
write_nobody_inflates(script *s)
{
    opened_compressed(s);
    send_frame(s, CLIENT, COMPRESSED_TEXT, "abc");
}

static void
write_inflated(script *s)
{
    write_nobody_inflates(s);
    inflate(s, "hello");
}

static void
write_inflated_not_utf8(script *s)
{
    write_nobody_inflates(s);
    inflate(s, "\xff");
}

static void
write_inflated_binary(script *s)
{
    opened_compressed(s);
    send_frame(s, CLIENT, COMPRESSED_BINARY, "abc");
    inflate(s, "\xff");
}

static void
write_not_inflated(script *s)
{
    write_nobody_inflates(s);
    inflate(s, NULL);
}

static void
write_nothing_to_inflate(script *s)
{
    opened_compressed(s);
    send_frame(s, CLIENT, COMPRESSED_TEXT, "");
    inflate(s, NULL);
}

static void
write_second_not_inflated(script *s)
{
    opened_compressed(s);
    add_frame(s, false, COMPRESSED_TEXT, "abc", 3);
    add_frame(s, false, COMPRESSED_BINARY, "abc", 3);
    send_packet(s, SERVER);
    inflate(s, "hello");
}

static void
write_one_of_two_compressed(script *s)
{
    opened_compressed(s);
    add_frame(s, false, TEXT, "abc", 3);
    add_frame(s, false, COMPRESSED_TEXT, "abc", 3);
    send_packet(s, SERVER);
    inflate(s, "hello");
}

static void
write_inflated_elsewhere(script *s)
{
    opened_compressed(s);
    send_frame(s, CLIENT, COMPRESSED_TEXT, "abc");
    inflate(s, "hello");
    send_frame(s, CLIENT, COMPRESSED_TEXT, "abc"); /* 7 */
}

/* The packet that closes a hole has a message that was inflated, and the next one was inflated before
 * it, with what that one left out. */
static void
write_inflated_out_of_order(script *s)
{
    opened_compressed(s);
    send_frame(s, CLIENT, COMPRESSED_TEXT, "abc");
    const test_packet late = *script_last(s);
    lose_last(s);
    send_frame(s, CLIENT, COMPRESSED_TEXT, "abc");
    inflate(s, "\xff");
    g_array_append_val(s->packets, late); /* 7 */
    inflate(s, "\xff");
}

/* The client does not wait for the response, and Wireshark does not know what its message is. */
static void
write_inflated_after_response(script *s)
{
    tcp_handshake(s);
    send_text(s, CLIENT, COMPRESSED_UPGRADE);
    send_frame(s, CLIENT, COMPRESSED_TEXT, "abc");
    add_text(s, COMPRESSED_SWITCHING);
    add_frame(s, false, TEXT, "abc", 3);
    send_packet(s, SERVER); /* 6 */
    inflate(s, NULL);
}

static void
write_compressed_fragments(script *s)
{
    opened_compressed(s);
    send_frame(s, CLIENT, COMPRESSED_BEGIN, "abc");
    inflate(s, NULL);
    send_frame(s, CLIENT, GO_ON_END, "abc"); /* 7 */
    inflate(s, "hello");
}

static void
write_ping_is_not_compressed(script *s)
{
    opened_compressed(s);
    send_frame(s, CLIENT, COMPRESSED_TEXT, "abc");
    inflate(s, "hello");
    send_frame(s, CLIENT, PING, "abc");
}

static const row rows[] = {
    { "again/never-acknowledged", write_never_acknowledged, "C again #6 x3;", true },
    { "again/acknowledged-at-last", write_acknowledged_at_last, "", true },
    { "again/counts-anew", write_acknowledged_then_again, "C again #11 x1;", true },
    { "again/though-acknowledged", write_again_though_acknowledged, "", true },
    { "again/of-server", write_of_server, "S again #7 x2;", true },
    { "again/the-oldest-of-several", write_several, "C again #6 x3;", true },
    { "again/the-oldest-not-acknowledged", write_first_acknowledged, "C again #7 x3;", true },
    { "again/of-a-stream", write_stream, "S again #15 x3;", true },
    { "again/only-what-is-acknowledged", write_partly_again, "", true },
    { "again/probes", write_probes, "C again #8 x3;", true },
    { "again/probes-of-an-octet", write_probes_of_an_octet, "C again #8 x3;", true },
    { "again/probes-answered", write_probes_answered, "", true },
    { "again/acknowledgements-alone", write_acks_alone, "", true },
    { "silence/answered-by-reset", write_woken, "woken #8 after 300 s;", true },
    { "silence/of-server", write_woken_by_server, "woken #8 after 300 s;", true },
    { "silence/close", write_woken_by_close, "woken #8 after 300 s;", true },
    { "silence/acknowledgement", write_woken_by_ack, "woken #8 after 300 s;", true },
    { "silence/sent-again", write_woken_again, "C again #8 x2;woken #8 after 300 s;", true },
    { "silence/acknowledged-first", write_woken_ack_first, "", true },
    { "silence/answered-first", write_woken_frame_first, "", true },
    { "silence/ended-by-reset", write_woken_by_reset, "", true },
    { "silence/reset-by-who-woke-it", write_woken_and_left, "", true },
    { "silence/the-latest", write_woken_twice, "woken #10 after 400 s;", true },
    { "silence/too-short", write_short_silence, "", true },
    { "silence/long-enough", write_long_enough, "woken #8 after 5 s;", true },
    { "silence/too-short-of-a-host", write_short_of_a_host, "", true },
    { "silence/long-enough-of-a-host", write_long_enough_of_a_host, "woken #8 after 20 s;", true },
    { "close/acknowledged", write_close_acknowledged, "S got Close;", true },
    { "close/not-acknowledged", write_close_not_acknowledged, "", true },
    { "close/acknowledged-by-frame", write_close_acknowledged_by_frame, "C got Close;", true },
    { "close/acknowledged-by-fin", write_close_acknowledged_by_fin, "C got Close;", true },
    { "text/response", write_response, "S text #6;", true },
    { "text/short-response", write_short_response, "S text #6;", true },
    { "text/in-pieces", write_response_in_pieces, "S text #6;", true },
    { "text/after-frame", write_response_after_frame, "S text #7;", true },
    { "text/behind-frame", write_response_behind_frame, "S breach #6;", true },
    { "text/frame-behind", write_response_then_frame, "S text #6;", true },
    { "text/request", write_request, "C text #6;", true },
    { "text/html", write_html, "S text #6;", true },
    { "text/json", write_json, "C text #6;", true },
    { "text/too-little", write_too_little, "S breach #6;", true },
    { "text/octets", write_octets, "S breach #6;", true },
    { "text/message", write_message_of_text, "", true },
    { "text/unmasked-message", write_unmasked_text, "C breach #6;", true },
    { "text/within-header", write_within_header, "S breach #7;", true },
    { "text/unmasked-in-pieces", write_unmasked_in_pieces, "C breach #6;", true },
    { "content/not-utf8", write_not_utf8, "C not UTF-8 #6;", true },
    { "content/not-utf8-unchecked", write_not_utf8, "C unchecked #6;", false },
    { "content/not-utf8-in-pieces", write_not_utf8_pieces, "S not UTF-8 #8;", true },
    { "content/nobody-inflates", write_nobody_inflates, "C unread #6;", true },
    { "content/inflated", write_inflated, "", true },
    { "content/inflated-not-utf8", write_inflated_not_utf8, "C not UTF-8 #6;", true },
    { "content/inflated-unchecked", write_inflated_not_utf8, "C unchecked #6;", false },
    { "content/inflated-binary", write_inflated_binary, "", true },
    { "content/not-inflated", write_not_inflated, "C not inflated #6;", true },
    { "content/nothing-to-inflate", write_nothing_to_inflate, "", true },
    { "content/second-not-inflated", write_second_not_inflated, "S not inflated #6;", true },
    { "content/one-of-two-compressed", write_one_of_two_compressed, "", true },
    { "content/inflated-elsewhere", write_inflated_elsewhere, "C unread #7;", true },
    { "content/inflated-out-of-order", write_inflated_out_of_order, "C unread #7;", true },
    { "content/inflated-after-response", write_inflated_after_response, "C unread #6;", true },
    { "content/fragments", write_compressed_fragments, "C unread #7;", true },
    { "content/ping", write_ping_is_not_compressed, "", true },
};

static void
test_row(gconstpointer data)
{
    const row *r = data;
    script *s = script_new();

    memset(&notes, 0, sizeof notes);
    r->write(s);
    findings *found = read_script(s, r->check_text);
    g_assert_cmpuint(found->connections->len, ==, 1);
    const seen_connection *seen = found->connections->pdata[0];
    char *text = told(&seen->connection);
    g_assert_cmpstr(text, ==, r->expected);
    g_free(text);
    findings_free(found);
    script_free(s);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_set_nonfatal_assertions();
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        char *path = g_strconcat("/flow-tcp/", rows[i].path, NULL);

        g_test_add_data_func(path, &rows[i], test_row);
        g_free(path);
    }
    return g_test_run();
}
