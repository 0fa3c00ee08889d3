/* test_flow.c
 * What is found in the packets of one TCP connection.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wsclose/flow.h"

#include "cpu_time.h"
#include "packets.h"

/* What a script writes down is found as text: see packets.h. */
typedef struct {
    const char *path;
    void (*write)(script *s);
    const char *expected;
    bool no_midstream;
} row;

#define BEGUN "begin;request a /chat;"
#define OPENED BEGUN "response;"
#define CLOSED "C 1000 bye;S 1000 bye echoes;verdict C=1000 S=1000 clean by C;"

static void
close_both(script *s)
{
    send_close(s, CLIENT, 1000, "bye");
    send_close(s, SERVER, 1000, "bye");
}

static void
opened(script *s)
{
    tcp_handshake(s);
    open_websocket(s);
}

static void
cut_last(script *s, uint32_t captured)
{
    script_last(s)->captured = captured;
}

/* The last two packets change places. */
static void
swap_last(script *s)
{
    test_packet *last = script_last(s);
    const test_packet before = last[-1];

    last[-1] = last[0];
    last[0] = before;
}

static void
acknowledge(script *s, size_t side, unsigned times)
{
    while (times-- > 0)
        send_packet(s, side);
}

/* Opening handshakes over HTTP/1.1. */

/* The first octets of a request may be those of the preface of HTTP/2, as "P". */
static void
write_first_octet(script *s)
{
    tcp_handshake(s);
    send_text(s, CLIENT, "P");
    send_text(s, CLIENT, "UT / HTTP/1.1\r\nContent-Length: 10\r\n\r\n012345678");
    cut_last(s, 42);
    send_text(s, CLIENT, "9" UPGRADE);
    send_text(s, SERVER, OK SWITCHING);
    close_both(s);
}

static void
write_first_octet_gap(script *s)
{
    tcp_handshake(s);
    send_text(s, CLIENT, "P");
    send_text(s, CLIENT, "ING");
    cut_last(s, 0);
    send_text(s, CLIENT, UPGRADE);
    send_text(s, SERVER, SWITCHING);
    close_both(s);
}

static void
write_closed(script *s)
{
    opened(s);
    send_message(s, CLIENT, "hello");
    send_message(s, SERVER, "hello");
    close_both(s);
    send_fin(s, SERVER);
    send_fin(s, CLIENT);
}

static void
write_refused_then_opened(script *s)
{
    tcp_handshake(s);
    send_text(s, CLIENT, UPGRADE_TO("/first"));
    send_text(s, SERVER, REFUSED);
    open_websocket(s);
    close_both(s);
}

static void
write_pipelined(script *s)
{
    tcp_handshake(s);
    send_text(s, CLIENT, GET UPGRADE);
    send_text(s, SERVER, OK);
    send_text(s, SERVER, SWITCHING);
    close_both(s);
}

static void
write_pipelined_refused(script *s)
{
    tcp_handshake(s);
    send_text(s, CLIENT, UPGRADE_TO("/first") UPGRADE);
    send_text(s, SERVER, REFUSED SWITCHING);
    close_both(s);
}

/* The client has left before it is answered. */
static void
write_answered_late(script *s)
{
    tcp_handshake(s);
    send_text(s, CLIENT, UPGRADE);
    send_rst(s, CLIENT);
    send_text(s, SERVER, SWITCHING);
}

static void
write_answer_not_http(script *s)
{
    tcp_handshake(s);
    send_text(s, CLIENT, UPGRADE);
    send_text(s, SERVER, "SSH-2.0-OpenSSH_9.2\r\n");
    send_fin(s, CLIENT);
    send_fin(s, SERVER);
}

/* It begins as a response, and goes on as none. */
static void
write_answer_not_http_in_two(script *s)
{
    tcp_handshake(s);
    send_text(s, CLIENT, UPGRADE);
    send_text(s, SERVER, "HTTP");
    send_text(s, SERVER, "S is not spoken here\n");
    send_fin(s, SERVER);
    send_fin(s, CLIENT);
}

/* What is lost may be the answer. */
static void
write_answer_not_http_behind_gap(script *s)
{
    tcp_handshake(s);
    send_text(s, CLIENT, UPGRADE);
    s->next[SERVER] += 10;
    send_text(s, SERVER, "busy");
    send_fin(s, SERVER);
    send_fin(s, CLIENT);
}

/* It may be the answer to the request before. */
static void
write_pipelined_not_http(script *s)
{
    tcp_handshake(s);
    send_text(s, CLIENT, GET UPGRADE);
    send_text(s, SERVER, "busy");
    send_fin(s, SERVER);
    send_fin(s, CLIENT);
}

/* A client that takes it for a response goes on. */
static void
write_answer_not_http_and_frames(script *s)
{
    tcp_handshake(s);
    send_text(s, CLIENT, UPGRADE);
    send_text(s, SERVER, "HTTP/x 101\r\n\r\n");
    send_message(s, CLIENT, "hello");
    close_both(s);
}

/* Octets of a request that waits for another one's answer are missing. */
static void
write_pipelined_gap(script *s)
{
    tcp_handshake(s);
    send_text(s, CLIENT, UPGRADE_TO("/first"));
    send_text(s, CLIENT, GET "POST / HTTP/1.1\r\nContent-Length: 3\r\n");
    cut_last(s, sizeof GET - 1 + 10);
    send_text(s, CLIENT, "\r\nGET /no HTTP/1.1\r\nUpgrade: websocket\r\n\r\n");
    send_text(s, SERVER, REFUSED);
    send_text(s, SERVER, OK);
    send_text(s, SERVER, OK);
    open_websocket(s);
    close_both(s);
}

static void
write_close_with_request(script *s)
{
    tcp_handshake(s);
    add_text(s, UPGRADE);
    send_close(s, CLIENT, 1000, "bye");
    send_text(s, SERVER, SWITCHING);
    send_close(s, SERVER, 1000, "bye");
}

static void
write_no_upgrade_header(script *s)
{
    tcp_handshake(s);
    send_text(s, CLIENT, UPGRADE);
    send_text(s, SERVER, "HTTP/1.1 101 Yes\r\nSec-WebSocket-Accept: " ACCEPT "\r\n\r\n");
    close_both(s);
}

static void
write_frames_with_response(script *s)
{
    tcp_handshake(s);
    send_text(s, CLIENT, UPGRADE);
    add_text(s, SWITCHING);
    add_message(s, SERVER, "hello");
    send_close(s, SERVER, 1001, "");
    send_close(s, CLIENT, 1001, "");
}

static void
write_extensions(script *s)
{
    tcp_handshake(s);
    send_text(s, CLIENT,
              "GET /chat HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nSec-WebSocket-Key: " KEY
              "\r\nSec-WebSocket-Extensions: a\r\nsec-websocket-extensions: b\r\n\r\n");
    send_text(s, SERVER,
              "HTTP/1.1 101 Yes\r\nSec-WebSocket-Accept: " ACCEPT
              "\r\nSec-WebSocket-Extensions: b\r\n\r\n");
    close_both(s);
}

static void
write_no_websocket(script *s)
{
    tcp_handshake(s);
    send_text(s, CLIENT, GET);
    send_text(s, SERVER, OK);
    send_text(s, CLIENT, "GET / HTTP/1.1\r\nUpgrade: other\r\n\r\n");
    send_text(s, SERVER, "HTTP/1.1 101 Yes\r\nUpgrade: other\r\n\r\n");
    close_both(s);
}

static void
write_no_answer(script *s)
{
    tcp_handshake(s);
    send_text(s, CLIENT, UPGRADE);
    send_fin(s, SERVER);
    send_fin(s, CLIENT);
}

static void
write_breach(script *s)
{
    opened(s);
    add_frame(s, false, TEXT, "unmasked", 8);
    send_packet(s, CLIENT);
    send_close(s, SERVER, 1002, "");
    send_message(s, SERVER, "late");
    send_fin(s, SERVER);
    send_fin(s, CLIENT);
}

static void
write_no_length(script *s)
{
    opened(s);
    add_octets(s, "\x82\xff\x80\0\0\0\0\0\0\0abcd", 14);
    send_packet(s, CLIENT);
    close_both(s);
    send_rst(s, CLIENT);
}

static void
write_request_lost(script *s)
{
    tcp_handshake(s);
    send_text(s, CLIENT, UPGRADE);
    lose_last(s);
    send_text(s, SERVER, SWITCHING);
    send_message(s, CLIENT, "hello");
    close_both(s);
}

static void
write_response_lost(script *s)
{
    opened(s);
    lose_last(s);
    for (unsigned i = 0; i < 4; i++)
        send_message(s, CLIENT, "hello");
    close_both(s);
}

/* What waited was sent before what the server goes on with. */
static void
write_response_lost_close_waits(script *s)
{
    tcp_handshake(s);
    add_text(s, UPGRADE);
    send_close(s, CLIENT, 1000, "bye");
    send_text(s, SERVER, SWITCHING);
    lose_last(s);
    send_packet(s, CLIENT);
    send_close(s, SERVER, 1000, "bye");
    send_packet(s, CLIENT);
    send_fin(s, SERVER);
    send_fin(s, CLIENT);
}

static void
write_response_lost_server_goes_on(script *s)
{
    opened(s);
    lose_last(s);
    send_message(s, SERVER, "hello");
    acknowledge(s, CLIENT, 5);
    send_message(s, SERVER, "hello");
    close_both(s);
}

static void
write_client_alone(script *s)
{
    opened(s);
    lose_last(s);
    send_close(s, CLIENT, 1000, "bye");
    send_packet(s, SERVER);
    lose_last(s);
    s->next[SERVER] += 20;
    send_fin(s, CLIENT);
    send_rst(s, CLIENT);
    g_array_remove_index(s->packets, 1);
}

static void
write_server_alone(script *s)
{
    opened(s);
    g_array_remove_range(s->packets, 2, 2);
    g_array_remove_index(s->packets, 0);
    s->next[CLIENT] += 11;
    send_close(s, SERVER, 1000, "bye");
    send_fin(s, SERVER);
    send_rst(s, SERVER);
}

/* Octets that the capture has not. */

static void
write_request_cut(script *s)
{
    tcp_handshake(s);
    send_text(s, CLIENT, UPGRADE);
    cut_last(s, 40);
    send_text(s, SERVER, SWITCHING);
    close_both(s);
}

static void
write_response_cut(script *s)
{
    opened(s);
    cut_last(s, 40);
    close_both(s);
}

static void
write_message_cut(script *s)
{
    opened(s);
    send_message(s, CLIENT, "hello");
    cut_last(s, 8);
    close_both(s);
}

static void
write_frame_header_cut(script *s)
{
    opened(s);
    send_message(s, CLIENT, "hello");
    cut_last(s, 3);
    close_both(s);
}

static void
write_close_cut(script *s)
{
    opened(s);
    send_close(s, CLIENT, 1000, "bye");
    cut_last(s, 7);
    send_close(s, SERVER, 1000, "bye");
}

static void
write_reason_cut(script *s)
{
    opened(s);
    send_close(s, CLIENT, 1000, "bye");
    cut_last(s, 9);
    send_close(s, SERVER, 1000, "bye");
}

static void
write_hole_closes(script *s)
{
    opened(s);
    send_message(s, CLIENT, "hello");
    send_message(s, CLIENT, "hello");
    swap_last(s);
    close_both(s);
}

static void
write_hole_acknowledged(script *s)
{
    opened(s);
    send_message(s, CLIENT, "hello");
    lose_last(s);
    send_message(s, CLIENT, "hello");
    acknowledge(s, SERVER, 5);
    close_both(s);
}

static void
write_hole_in_payload(script *s)
{
    char text[500];

    memset(text, 'a', sizeof text);
    opened(s);
    add_frame(s, true, TEXT, text, sizeof text);
    g_byte_array_set_size(s->payload, 100);
    send_packet(s, CLIENT);
    add_octets(s, text, 200);
    send_packet(s, CLIENT);
    lose_last(s);
    add_octets(s, text, 208);
    send_packet(s, CLIENT);
    acknowledge(s, SERVER, 5);
    close_both(s);
}

/* Nobody acknowledges it: what is behind it waits for ever. */
static void
write_hole_stays(script *s)
{
    opened(s);
    const uint32_t acked = s->next[CLIENT];
    send_message(s, CLIENT, "hello");
    lose_last(s);
    send_message(s, CLIENT, "hello");
    send_close(s, SERVER, 1000, "bye");
    script_last(s)->ack = acked;
    send_rst(s, SERVER);
    script_last(s)->ack = acked;
}

static void
write_close_ahead(script *s)
{
    opened(s);
    send_message(s, CLIENT, "hello");
    send_close(s, CLIENT, 1000, "bye");
    swap_last(s);
    send_close(s, SERVER, 1000, "bye");
}

static void
write_closed_ahead(script *s)
{
    opened(s);
    send_message(s, CLIENT, "hello");
    const test_packet message = *script_last(s);
    lose_last(s);
    close_both(s);
    g_array_append_val(s->packets, message);
}

/* The message, sent again, reaches over the Close that came ahead of it. */
static void
write_close_ahead_again(script *s)
{
    opened(s);
    const uint32_t from = s->next[CLIENT];
    send_message(s, CLIENT, "hello");
    lose_last(s);
    send_close(s, CLIENT, 1000, "bye");
    const uint32_t to = s->next[CLIENT];
    add_message(s, CLIENT, "hello");
    add_close(s, CLIENT, 1000, "bye");
    s->next[CLIENT] = from;
    send_packet(s, CLIENT);
    g_assert_cmpuint(s->next[CLIENT], ==, to);
    send_close(s, SERVER, 1000, "bye");
}

/* What follows a Close that came ahead waits with it. */
static void
write_more_than_close_ahead(script *s)
{
    opened(s);
    send_message(s, CLIENT, "hello");
    const test_packet message = *script_last(s);
    lose_last(s);
    send_close(s, CLIENT, 1000, "bye");
    add_frame(s, true, PING, "", 0);
    send_packet(s, CLIENT);
    g_array_append_val(s->packets, message);
    send_close(s, SERVER, 1000, "bye");
}

/* Nothing follows a FIN, though octets before it are missing. */
static void
write_close_behind_fin(script *s)
{
    opened(s);
    send_message(s, CLIENT, "hello");
    lose_last(s);
    send_fin(s, CLIENT);
    send_close(s, CLIENT, 1000, "bye");
    send_rst(s, SERVER);
}

/* Ends of TCP. */

static void
write_fin_ahead(script *s)
{
    opened(s);
    send_close(s, CLIENT, 1000, "bye");
    send_close(s, SERVER, 1000, "bye");
    const test_packet close = *script_last(s);
    lose_last(s);
    send_fin(s, SERVER);
    send_fin(s, CLIENT);
    script_last(s)->ack = close.seq;
    g_array_append_val(s->packets, close);
    send_packet(s, CLIENT);
}

/* An answer that comes when its receiver has ended its side. */
static void
write_answer_after_fin(script *s)
{
    opened(s);
    send_close(s, CLIENT, 1000, "bye");
    send_fin(s, CLIENT);
    send_close(s, SERVER, 1000, "bye");
    send_fin(s, SERVER);
}

static void
write_answer_acknowledged(script *s)
{
    write_answer_after_fin(s);
    send_packet(s, CLIENT);
}

/* A socket that is closed answers everything with a reset that acknowledges nothing (RFC 9293 section
 * 3.10.7.1). */
static void
write_answer_reset(script *s)
{
    write_answer_after_fin(s);
    send_rst(s, CLIENT);
    script_last(s)->has_ack = false;
}

static void
write_answer_acknowledged_and_reset(script *s)
{
    write_answer_after_fin(s);
    send_rst(s, CLIENT);
}

/* Frames that break the protocol, and a receiver that goes on. */
static void
write_tolerated(script *s)
{
    opened(s);
    for (unsigned n = 0; n < 2; n++) {
        add_frame(s, false, TEXT, "hello", 5);
        send_packet(s, CLIENT);
        send_message(s, SERVER, "hello");
    }
    send_close(s, SERVER, 1001, "");
    send_close(s, CLIENT, 1001, "");
}

/* A length of 150 in seven bits, whose first bit is that of the mask: what follows is no frame. */
static void
write_out_of_step(script *s)
{
    char text[150];

    memset(text, 'x', sizeof text);
    opened(s);
    g_byte_array_append(s->payload, (const uint8_t *)"\x81\x96", 2);
    g_byte_array_append(s->payload, (const uint8_t *)text, sizeof text);
    send_packet(s, SERVER);
    send_close(s, CLIENT, 1002, "");
    send_fin(s, CLIENT);
    send_fin(s, SERVER);
}

/* A second handler answers the upgrade request too: its first octet has the opcode of a Close. */
static void
write_http_in_the_stream(script *s)
{
    opened(s);
    send_text(s, SERVER, "HTTP/1.1 400 Bad Request\r\nContent-Type: text/html\r\n"
                         "Content-Length: 44\r\n\r\n<html><body>Invalid handshake</body></html>\r\n");
    send_close(s, CLIENT, 1002, "");
    send_fin(s, CLIENT);
    send_fin(s, SERVER);
}

/* What it sends crosses them. */
static void
write_not_yet_tolerated(script *s)
{
    opened(s);
    for (unsigned n = 0; n < 2; n++) {
        const uint32_t received = s->next[CLIENT];

        add_frame(s, false, TEXT, "hello", 5);
        send_packet(s, CLIENT);
        send_message(s, SERVER, "hello");
        script_last(s)->ack = received;
    }
    send_close(s, SERVER, 1002, "");
    send_close(s, CLIENT, 1002, "");
}

static void
write_fins(script *s)
{
    opened(s);
    send_message(s, CLIENT, "hello");
    send_fin(s, CLIENT);
    send_fin(s, SERVER);
}

static void
write_rst(script *s)
{
    opened(s);
    send_message(s, CLIENT, "hello");
    send_rst(s, SERVER);
}

static void
write_rst_acknowledges(script *s)
{
    opened(s);
    send_close(s, SERVER, 1000, "bye");
    lose_last(s);
    send_rst(s, CLIENT);
}

static void
write_fin_one_way(script *s)
{
    opened(s);
    send_close(s, CLIENT, 1000, "");
    send_close(s, SERVER, 1000, "");
    lose_last(s);
    send_fin(s, SERVER);
    acknowledge(s, CLIENT, 5);
    send_fin(s, CLIENT);
}

/* Before HTTP/1.1, and within a tunnel. */

static void
write_connect(script *s)
{
    tcp_handshake(s);
    send_text(s, CLIENT, "CONNECT a:80 HTTP/1.1\r\n\r\n");
    send_text(s, SERVER, "HTTP/1.1 200 OK\r\n\r\n");
    open_websocket(s);
    close_both(s);
}

/* A client that does not wait for the tunnel. */
static void
write_connect_pipelined(script *s)
{
    tcp_handshake(s);
    send_text(s, CLIENT, "CONNECT a:80 HTTP/1.1\r\n\r\n" UPGRADE);
    send_text(s, SERVER, "HTTP/1.1 200 OK\r\n\r\n");
    send_text(s, SERVER, SWITCHING);
    close_both(s);
}

static void
write_socks(script *s)
{
    tcp_handshake(s);
    add_octets(s, "\5\1\0", 3);
    send_packet(s, CLIENT);
    add_octets(s, "\5\0", 2);
    send_packet(s, SERVER);
    add_octets(s, "\5\1\0\3\1a\37\220", 8);
    send_packet(s, CLIENT);
    add_octets(s, "\5\0\0\1\0\0\0\0\0\0", 10);
    send_packet(s, SERVER);
    open_websocket(s);
    close_both(s);
}

/* TLS. */

/* A record of a handshake that is whole, with its messages decrypted. */
static void
add_handshake_record(script *s, bool decrypted)
{
    const guint from = s->payload->len;

    add_octets(s, "\10\0\0\2\0\0\24\0\0\3abc", 13);
    wrap_record(s, from, decrypted);
}

static void
write_tls_hellos(script *s, bool decrypted)
{
    tcp_handshake(s);
    add_record(s, HANDSHAKE, "client hello", 12);
    send_packet(s, CLIENT);
    add_record(s, HANDSHAKE, "server hello", 12);
    add_handshake_record(s, decrypted);
    send_packet(s, SERVER);
}

static void
write_tls_opened(script *s, bool decrypted)
{
    write_tls_hellos(s, decrypted);
    add_handshake_record(s, decrypted);
    send_packet(s, CLIENT);
    add_text(s, UPGRADE);
    send_record(s, CLIENT, true);
    add_text(s, SWITCHING);
    send_record(s, SERVER, decrypted);
}

static void
write_tls(script *s)
{
    write_tls_opened(s, true);
    add_octets(s, "\4\0\0\2ab", 6); /* NewSessionTicket */
    send_record(s, SERVER, true);
    add_message(s, CLIENT, "hello");
    send_record(s, CLIENT, true);
    add_close(s, CLIENT, 1000, "bye");
    send_record(s, CLIENT, true);
    add_close(s, SERVER, 1000, "bye");
    send_record(s, SERVER, true);
    add_octets(s, "\1\0", 2); /* close_notify */
    send_record(s, SERVER, true);
    send_fin(s, SERVER);
}

static void
write_tls_close_with_request(script *s)
{
    tcp_handshake(s);
    add_record(s, HANDSHAKE, "client hello", 12);
    send_packet(s, CLIENT);
    add_text(s, UPGRADE);
    add_close(s, CLIENT, 1000, "bye");
    send_record(s, CLIENT, true);
    add_text(s, SWITCHING);
    send_record(s, SERVER, true);
    add_close(s, SERVER, 1000, "bye");
    send_record(s, SERVER, true);
}

static void
write_tls_one_secret(script *s)
{
    write_tls_opened(s, false);
    for (unsigned i = 0; i < 6; i++) {
        add_message(s, CLIENT, "hello");
        send_record(s, CLIENT, true);
    }
    add_close(s, CLIENT, 1000, "bye");
    send_record(s, CLIENT, true);
    add_close(s, SERVER, 1000, "bye");
    send_record(s, SERVER, false);
    send_fin(s, SERVER);
    send_fin(s, CLIENT);
}

static void
write_tls_record_undecrypted(script *s)
{
    write_tls_opened(s, true);
    add_message(s, SERVER, "hello");
    send_record(s, SERVER, false);
    add_close(s, CLIENT, 1000, "bye");
    send_record(s, CLIENT, true);
    send_rst(s, SERVER);
}

/* A response that is decrypted only where it comes again, so that what follows it is not. */
static void
write_tls_decrypted_again(script *s)
{
    write_tls_hellos(s, true);
    add_text(s, UPGRADE);
    send_record(s, CLIENT, false);
    const uint32_t response = s->next[SERVER];
    add_text(s, SWITCHING);
    send_record(s, SERVER, false);
    const uint32_t end = s->next[SERVER];
    add_close(s, SERVER, 1000, "bye");
    send_record(s, SERVER, false);
    add_close(s, CLIENT, 1000, "bye");
    send_record(s, CLIENT, false);
    const uint32_t next = s->next[SERVER];
    s->next[SERVER] = response;
    add_text(s, SWITCHING);
    send_record(s, SERVER, true);
    g_assert_cmpuint(s->next[SERVER], ==, end);
    s->next[SERVER] = next;
    send_fin(s, SERVER);
    send_fin(s, CLIENT);
}

/* One frame in two records of a packet, of which the first one was not decrypted. */
static void
write_tls_first_undecrypted(script *s)
{
    write_tls_opened(s, true);
    add_octets(s, "\x82\4", 2);
    wrap_record(s, 0, false);
    const guint from = s->payload->len;
    add_octets(s, "\xc1\1ab", 4); /* as a frame it would have a reserved bit set */
    wrap_record(s, from, true);
    send_packet(s, SERVER);
    add_close(s, CLIENT, 1000, "bye");
    send_record(s, CLIENT, true);
    send_rst(s, SERVER);
}

static void
write_connect_tls(script *s)
{
    tcp_handshake(s);
    send_text(s, CLIENT, "CONNECT a:443 HTTP/1.1\r\n\r\n");
    send_text(s, SERVER, "HTTP/1.1 200 OK\r\n\r\n");
    add_record(s, HANDSHAKE, "client hello", 12);
    send_packet(s, CLIENT);
    add_record(s, HANDSHAKE, "server hello", 12);
    send_packet(s, SERVER);
    add_text(s, UPGRADE);
    send_record(s, CLIENT, true);
    add_text(s, SWITCHING);
    send_record(s, SERVER, true);
    add_close(s, CLIENT, 1000, "bye");
    send_record(s, CLIENT, true);
    add_close(s, SERVER, 1000, "bye");
    send_record(s, SERVER, true);
}

/* HTTP/2. */

#define OPENED_1 "begin #1;#1 request a /chat;#1 response;"
#define CLOSED_1 "#1 C 1000;#1 S 1000 echoes;#1 verdict C=1000 S=1000 clean by C;"

static void
open_stream(script *s)
{
    tcp_handshake(s);
    open_http2(s);
    add_connect(s, 1);
    send_packet(s, CLIENT);
    add_status(s, 1, "200");
    send_packet(s, SERVER);
}

static void
close_stream_1(script *s)
{
    add_data_close(s, CLIENT, END_STREAM, 1, 1000);
    send_packet(s, CLIENT);
    add_data_close(s, SERVER, END_STREAM, 1, 1000);
    send_packet(s, SERVER);
}

static void
write_http2(script *s)
{
    open_stream(s);
    add_data_message(s, CLIENT, 1, "hello");
    send_packet(s, CLIENT);
    close_stream_1(s);
    send_fin(s, CLIENT);
    send_fin(s, SERVER);
}

static void
write_http2_one_octet_each(script *s)
{
    static const char preface[] = PREFACE;

    tcp_handshake(s);
    for (size_t i = 0; i < sizeof preface - 1; i++) {
        add_octets(s, preface + i, 1);
        send_packet(s, CLIENT);
    }
    add_http2(s, SETTINGS, 0, 0, "", 0);
    add_connect(s, 1);
    send_packet(s, CLIENT);
    add_status(s, 1, "200");
    send_packet(s, SERVER);
    close_stream_1(s);
}

static void
write_http2_continuation(script *s)
{
    tcp_handshake(s);
    open_http2(s);
    add_headers(s, HEADERS, 0, 1, ":method=CONNECT;:protocol=websocket;");
    add_headers(s, CONTINUATION, 0, 1, NULL);
    send_packet(s, CLIENT);
    add_headers(s, CONTINUATION, END_HEADERS, 1, "x:path=/not;x=y;");
    /* The list of a fragment that ends no field has none of its own. */
    send_packet(s, CLIENT);
    add_headers(s, HEADERS, END_HEADERS, 3, ":method=GET;:path=/;");
    send_packet(s, CLIENT);
    add_status(s, 1, "200");
    add_status(s, 3, "404");
    send_packet(s, SERVER);
    close_stream_1(s);
}

static void
write_http2_padded(script *s)
{
    open_stream(s);
    add_octets(s, "\5", 1);
    add_message(s, CLIENT, "hello");
    add_octets(s, "\0\0\0\0\0", 5);
    wrap_data(s, 0, PADDED, 1);
    add_http2(s, DATA, PADDED, 1, "\3\0\0\0", 4);
    add_octets(s, "\1", 1);
    add_close(s, CLIENT, 1000, "");
    add_octets(s, "\0", 1);
    wrap_data(s, 9 + 1 + 11 + 5 + 9 + 4, PADDED, 1);
    send_packet(s, CLIENT);
    add_data_close(s, SERVER, END_STREAM, 1, 1000);
    send_packet(s, SERVER);
}

/* Without the length of its padding nobody knows where the frames in it end. */
static void
write_http2_pad_length_cut(script *s)
{
    open_stream(s);
    add_octets(s, "\5", 1);
    add_message(s, CLIENT, "hello");
    add_octets(s, "\0\0\0\0\0", 5);
    wrap_data(s, 0, PADDED, 1);
    const char *rest = script_keep(s, s->payload->data + 10, s->payload->len - 10);
    const guint len = s->payload->len - 10;
    g_byte_array_set_size(s->payload, 10);
    send_packet(s, CLIENT);
    cut_last(s, 9);
    add_octets(s, rest, len);
    send_packet(s, CLIENT);
    close_stream_1(s);
}

static void
write_http2_end_stream(script *s)
{
    open_stream(s);
    add_http2(s, DATA, END_STREAM, 1, "", 0);
    send_packet(s, SERVER);
    add_headers(s, HEADERS, END_HEADERS | END_STREAM, 1, "x=y;");
    send_packet(s, CLIENT);
}

static void
write_http2_reset(script *s)
{
    open_stream(s);
    add_reset(s, 1, 8);
    send_packet(s, CLIENT);
    add_data_close(s, SERVER, 0, 1, 1000); /* was on its way */
    add_reset(s, 1, 0);
    send_packet(s, SERVER);
    send_rst(s, SERVER);
}

/* The client has left before it is answered; a second answer is none. */
static void
write_http2_answered_late(script *s)
{
    tcp_handshake(s);
    open_http2(s);
    add_connect(s, 1);
    add_reset(s, 1, 8);
    send_packet(s, CLIENT);
    add_status(s, 1, "200");
    add_status(s, 1, "200");
    send_packet(s, SERVER);
}

/* The error is cut. */
static void
write_http2_reset_cut(script *s)
{
    open_stream(s);
    add_reset(s, 1, 8);
    send_packet(s, CLIENT);
    cut_last(s, 11);
    add_data_close(s, SERVER, 0, 1, 1000);
    send_packet(s, SERVER);
}

static void
write_http2_goaway_cut(script *s)
{
    open_stream(s);
    add_goaway(s, 0, 2);
    send_packet(s, SERVER);
    cut_last(s, 12);
    close_stream_1(s);
}

static void
write_http2_refused(script *s)
{
    tcp_handshake(s);
    open_http2(s);
    add_connect(s, 1);
    send_packet(s, CLIENT);
    add_status(s, 1, "103");
    add_headers(s, HEADERS, END_HEADERS | END_STREAM, 1, ":status=403;");
    send_packet(s, SERVER);
}

static void
write_http2_even(script *s)
{
    tcp_handshake(s);
    open_http2(s);
    add_connect(s, 2);
    send_packet(s, CLIENT);
    add_data_close(s, CLIENT, 0, 2, 1000);
    send_packet(s, CLIENT);
}

static void
write_http2_goaway(script *s)
{
    open_stream(s);
    add_connect(s, 3);
    add_connect(s, 5);
    send_packet(s, CLIENT);
    add_status(s, 5, "200");
    add_goaway(s, 1, 0);
    send_packet(s, SERVER);
    add_data_close(s, CLIENT, 0, 5, 1000); /* was on its way */
    add_connect(s, 7);
    send_packet(s, CLIENT);
    close_stream_1(s);
}

static void
write_http2_other_stream_gap(script *s)
{
    open_stream(s);
    add_http2(s, DATA, 0, 3, "0123456789", 10);
    send_packet(s, CLIENT);
    cut_last(s, 12);
    close_stream_1(s);
}

static void
write_http2_header_gap(script *s)
{
    open_stream(s);
    add_http2(s, DATA, 0, 3, "0123456789", 10);
    send_packet(s, CLIENT);
    cut_last(s, 5);
    close_stream_1(s);
}

/* The header list of the second frame is not that of the first, whose octets are cut. */
static void
write_http2_list_cut(script *s)
{
    tcp_handshake(s);
    open_http2(s);
    add_headers(s, HEADERS, END_HEADERS, 1, ":method=GET;:path=/;");
    send_packet(s, CLIENT);
    cut_last(s, 15);
    add_connect(s, 3);
    send_packet(s, CLIENT);
    add_headers(s, HEADERS, END_HEADERS, 1, NULL);
    g_byte_array_set_size(s->payload, 15);
    s->n_lists = 0;
    send_packet(s, SERVER);
    cut_last(s, 11);
    add_octets(s, "6789", 4);
    add_status(s, 3, "200");
    send_packet(s, SERVER);
}

static void
write_http2_known_by_close(script *s)
{
    add_data_close(s, SERVER, 0, 7, 1001);
    s->hint = WSCLOSE_HINT_HTTP2;
    send_packet(s, SERVER);
    add_data_close(s, CLIENT, END_STREAM, 7, 1001);
    send_packet(s, CLIENT);
    add_http2(s, DATA, END_STREAM, 7, "", 0);
    send_packet(s, SERVER);
}

/* Streams that are known by their Close frames alone come in any order. */
static void
write_http2_goaway_midstream(script *s)
{
    s->hint = WSCLOSE_HINT_HTTP2;
    add_data_close(s, CLIENT, 0, 7, 1001);
    add_data_close(s, CLIENT, 0, 3, 1001);
    add_data_close(s, CLIENT, 0, 5, 1001);
    send_packet(s, CLIENT);
    add_goaway(s, 3, 0);
    send_packet(s, SERVER);
    add_data_close(s, CLIENT, 0, 5, 1001);
    send_packet(s, CLIENT);
}

static void
write_h2c(script *s)
{
    tcp_handshake(s);
    send_text(s, CLIENT, "GET / HTTP/1.1\r\nUpgrade: h2c\r\n\r\n");
    add_text(s, "HTTP/1.1 101 Yes\r\nUpgrade: h2c\r\n\r\n");
    add_http2(s, SETTINGS, 0, 0, "", 0);
    send_packet(s, SERVER);
    add_text(s, PREFACE);
    add_http2(s, SETTINGS, 0, 0, "", 0);
    add_connect(s, 3);
    send_packet(s, CLIENT);
    add_status(s, 3, "200");
    send_packet(s, SERVER);
    add_data_close(s, CLIENT, 0, 3, 1000);
    send_packet(s, CLIENT);
    add_data_close(s, SERVER, 0, 3, 1000);
    send_packet(s, SERVER);
}

/* Connections that had begun before the capture. */

static void
write_midstream(script *s)
{
    for (unsigned i = 0; i < 3; i++) {
        send_message(s, CLIENT, "hello");
        send_message(s, SERVER, "hello");
    }
    close_both(s);
}

/* The first packet is the middle of a message, and its end is cut: nothing tells whether frames begin
 * in it. */
static void
write_midstream_cut(script *s)
{
    add_close(s, CLIENT, 1001, "within a message");
    add_octets(s, "0123456789", 10);
    send_packet(s, CLIENT);
    cut_last(s, s->next[CLIENT] - script_last(s)->seq - 5);
    write_midstream(s);
}

static void
write_midstream_server_first(script *s)
{
    send_message(s, SERVER, "{\"a\":1}");
    send_close(s, SERVER, 1001, "away");
    send_close(s, CLIENT, 1001, "away");
    send_packet(s, SERVER);
}

/* A tunnel, in which frames of both sides follow at once. */
static void
write_midstream_in_tunnel(script *s)
{
    add_text(s, "CONNECT a:80 HTTP/1.1\r\n\r\n");
    add_message(s, CLIENT, "hello");
    add_close(s, CLIENT, 1001, "away");
    send_packet(s, CLIENT);
    add_text(s, "HTTP/1.1 200 OK\r\n\r\n");
    add_message(s, SERVER, "hello");
    add_close(s, SERVER, 1001, "away");
    send_packet(s, SERVER);
    send_fin(s, SERVER);
    send_fin(s, CLIENT);
}

static void
write_hinted(script *s)
{
    s->hint = WSCLOSE_HINT_WEBSOCKET;
    send_message(s, CLIENT, "hello");
    close_both(s);
}

static void
write_hinted_server_first(script *s)
{
    s->hint = WSCLOSE_HINT_WEBSOCKET;
    send_message(s, SERVER, "hello");
    close_both(s);
}

/* Both sides mask: nobody knows who is the client. */
static void
write_hinted_wrongly(script *s)
{
    s->hint = WSCLOSE_HINT_WEBSOCKET;
    send_message(s, CLIENT, "hello");
    add_frame(s, true, CLOSE, "\3\350", 2);
    send_packet(s, SERVER);
    send_fin(s, SERVER);
    send_fin(s, CLIENT);
}

/* What is cut off may not be UTF-8; who answers in kind has taken it. */
static void
close_with_cut_reason(script *s, unsigned answer)
{
    opened(s);
    send_close(s, SERVER, 1000, "caf\xE9");
    cut_last(s, 7);
    send_close(s, CLIENT, answer, "");
    send_fin(s, SERVER);
    send_fin(s, CLIENT);
}

static void
write_reason_cut_taken(script *s)
{
    close_with_cut_reason(s, 1000);
}

static void
write_reason_cut_failed(script *s)
{
    close_with_cut_reason(s, 1007);
}

static void
write_reason_cut_unanswered(script *s)
{
    opened(s);
    send_close(s, SERVER, 1000, "caf\xE9");
    cut_last(s, 7);
    send_fin(s, CLIENT);
    send_fin(s, SERVER);
}

static void
write_reason_cut_in_answer(script *s)
{
    opened(s);
    send_close(s, SERVER, 1000, "");
    send_close(s, CLIENT, 1000, "caf\xE9");
    cut_last(s, 11);
    send_fin(s, SERVER);
    send_fin(s, CLIENT);
}

/* The server had the client's Close when it closed and ended, as its acknowledgement shows. */
static void
close_late(script *s)
{
    send_close(s, CLIENT, 1007, "");
    send_close(s, SERVER, 1007, "");
    swap_last(s);
    send_fin(s, SERVER);
    swap_last(s);
    send_fin(s, CLIENT);
}

static void
write_close_late(script *s)
{
    opened(s);
    close_late(s);
}

static void
write_close_late_behind_gap(script *s)
{
    opened(s);
    send_message(s, SERVER, "hello");
    lose_last(s);
    send_packet(s, CLIENT);
    close_late(s);
}

/* The capture begins with the response, and has the halves of a message exchanged. */
static void
write_begun_late_and_late(script *s)
{
    send_text(s, SERVER, SWITCHING);
    add_frame(s, true, 0x01, "hel", 3);
    send_packet(s, CLIENT);
    add_frame(s, true, 0x80, "lo", 2);
    send_packet(s, CLIENT);
    swap_last(s);
    send_close(s, SERVER, 1009, "");
    send_close(s, CLIENT, 1009, "");
    send_rst(s, SERVER);
}

/* No frame begins so. */
static void
write_hinted_too_early(script *s)
{
    s->hint = WSCLOSE_HINT_WEBSOCKET;
    send_text(s, SERVER, "HTTP/1.x 101 Switching Protocols\r\n\r\n");
    send_text(s, CLIENT, "\xAA\xAA\xAA");
    send_message(s, CLIENT, "hello");
    close_both(s);
}

/* Frames that were held do not come after a request that was sent after them. */
static void
write_held_then_request(script *s)
{
    add_octets(s, "\x82\0", 2);
    send_packet(s, CLIENT);
    open_websocket(s);
    close_both(s);
}

#define UNSEEN "begin;"

static const row rows[] = {
    {"http1/closed", write_closed, OPENED CLOSED, false},
    {"http1/refused-then-opened", write_refused_then_opened,
     "begin;request a /first;response;verdict C=1006 S=? by S;" OPENED CLOSED, false},
    {"http1/pipelined", write_pipelined, OPENED CLOSED, false},
    {"http1/pipelined-refused", write_pipelined_refused,
     "begin;request a /first;response;verdict C=1006 S=? by S;" OPENED CLOSED, false},
    {"http1/pipelined-gap", write_pipelined_gap,
     "begin;request a /first;response;verdict C=1006 S=? by S;" OPENED CLOSED, false},
    {"http1/answered-late", write_answered_late,
     "begin;request a /chat;verdict C=1006 S=? by C;", false},
    {"http1/answer-not-http", write_answer_not_http,
     "begin;request a /chat;verdict C=1006 S=? by C;", false},
    {"http1/answer-not-http-in-two", write_answer_not_http_in_two,
     "begin;request a /chat;verdict C=1006 S=? by S;", false},
    {"http1/answer-not-http-behind-gap", write_answer_not_http_behind_gap,
     "begin;request a /chat;verdict C=? S=? incomplete by ?;", false},
    {"http1/pipelined-not-http", write_pipelined_not_http,
     "begin;request a /chat;verdict C=? S=? incomplete by ?;", false},
    {"http1/answer-not-http-and-frames", write_answer_not_http_and_frames,
     "begin;request a /chat;C 1000 bye maybe-answers;S 1000 bye echoes;"
     "verdict C=1000 S=1000 clean incomplete by ?;", false},
    {"http1/close-with-request", write_close_with_request, OPENED CLOSED, false},
    {"http1/no-upgrade-header", write_no_upgrade_header, OPENED CLOSED, false},
    {"http1/frames-with-response", write_frames_with_response,
     OPENED "S 1001;C 1001 echoes;verdict C=1001 S=1001 clean by S;", false},
    {"http1/extensions", write_extensions, "begin;request a /chat a, b;response b;" CLOSED, false},
    {"http1/first-octet", write_first_octet, OPENED CLOSED, false},
    {"http1/first-octet-gap", write_first_octet_gap, OPENED CLOSED, false},
    {"http1/no-websocket", write_no_websocket, "", false},
    {"http1/no-answer", write_no_answer, BEGUN "verdict C=1006 S=? by S;", false},
    {"http1/breach", write_breach,
     OPENED "C breaks 0x10;S 1002;S sends after its Close;verdict C=1002 S=1006 by S;", false},
    {"http1/no-length", write_no_length,
     OPENED "C breaks 0x800;S 1000 bye;verdict C=1000 S=1006 by S;", false},
    {"lost/request", write_request_lost,
     "begin;response;C 1000 bye;S 1000 bye echoes;"
     "verdict C=1000 S=1000 clean incomplete by C;", false},
    {"lost/response", write_response_lost,
     BEGUN "C 1000 bye maybe-answers;S 1000 bye echoes;"
     "verdict C=1000 S=1000 clean incomplete by ?;", false},
    {"lost/response-close-waits", write_response_lost_close_waits,
     BEGUN "C 1000 bye maybe-answers;S 1000 bye echoes;"
     "verdict C=1000 S=1000 clean incomplete by ?;", false},
    {"lost/response-server-goes-on", write_response_lost_server_goes_on,
     BEGUN "C 1000 bye maybe-answers;S 1000 bye echoes;"
     "verdict C=1000 S=1000 clean incomplete by ?;", false},
    {"lost/server", write_client_alone,
     BEGUN "C 1000 bye maybe-answers;verdict C=? S=? incomplete by ?;", false},
    {"lost/client", write_server_alone,
     "begin;response;S 1000 bye;verdict C=? S=? incomplete by ?;", false},
    {"cut/request", write_request_cut,
     "begin;response;C 1000 bye;S 1000 bye echoes;"
     "verdict C=1000 S=1000 clean incomplete by C;", false},
    {"cut/response", write_response_cut,
     BEGUN "response ?;C 1000 bye maybe-answers;S 1000 bye echoes;"
     "verdict C=1000 S=1000 clean incomplete by ?;", false},
    {"cut/message", write_message_cut, OPENED CLOSED, false},
    {"cut/frame-header", write_frame_header_cut,
     OPENED "C 1000 bye;S 1000 bye echoes;verdict C=1000 S=1000 clean incomplete by C;", false},
    {"cut/close", write_close_cut,
     OPENED "C cut (cut);S 1000 bye answers;verdict C=1000 S=? clean incomplete by C;", false},
    {"cut/reason", write_reason_cut,
     OPENED "C 1000 b (cut);S 1000 bye echoes;verdict C=1000 S=1000 clean by C;", false},
    {"hole/closes", write_hole_closes, OPENED CLOSED, false},
    {"hole/acknowledged", write_hole_acknowledged,
     OPENED "C 1000 bye;S 1000 bye echoes;verdict C=1000 S=1000 clean incomplete by C;", false},
    {"hole/in-payload", write_hole_in_payload,
     OPENED CLOSED, false},
    {"hole/stays", write_hole_stays,
     OPENED "S 1000 bye;verdict C=? S=? incomplete by ?;", false},
    {"hole/close-ahead", write_close_ahead, OPENED CLOSED, false},
    {"hole/closed-ahead", write_closed_ahead,
     OPENED "C 1000 bye;S 1000 bye echoes;verdict C=1000 S=1000 clean incomplete by C;", false},
    {"hole/close-ahead-again", write_close_ahead_again, OPENED CLOSED, false},
    {"hole/more-than-close-ahead", write_more_than_close_ahead, OPENED CLOSED, false},
    {"hole/close-behind-fin", write_close_behind_fin,
     OPENED "verdict C=1006 S=? incomplete by ?;", false},
    {"end/fin-ahead", write_fin_ahead, OPENED CLOSED, false},
    {"end/answer-after-fin", write_answer_after_fin, OPENED "C 1000 bye;S 1000 bye echoes;", false},
    {"end/answer-acknowledged", write_answer_acknowledged, OPENED CLOSED, false},
    {"end/answer-reset", write_answer_reset,
     OPENED "C 1000 bye;S 1000 bye echoes;verdict C=1006 S=1000 by C;", false},
    {"end/answer-acknowledged-and-reset", write_answer_acknowledged_and_reset, OPENED CLOSED, false},
    {"end/tolerated", write_tolerated,
     OPENED "C breaks 0x10;S 1001;C 1001 echoes;verdict C=1001 S=1001 clean by S;", false},
    {"end/not-yet-tolerated", write_not_yet_tolerated,
     OPENED "C breaks 0x10;S 1002;C 1002 echoes;verdict C=1002 S=1006 by S;", false},
    {"end/out-of-step", write_out_of_step, OPENED "S breaks 0x8;S breaks 0x5;C 1002;verdict C=1006 S=1002 by C;", false},
    {"end/http-in-the-stream", write_http_in_the_stream,
     OPENED "S breaks 0x5;C 1002;verdict C=1006 S=1002 by C;", false},
    {"end/fins", write_fins, OPENED "verdict C=1006 S=1006 by C;", false},
    {"end/rst", write_rst, OPENED "verdict C=1006 S=1006 by S;", false},
    {"end/rst-acknowledges", write_rst_acknowledges,
     OPENED "verdict C=? S=1006 incomplete by ?;", false},
    {"end/fin-one-way", write_fin_one_way,
     OPENED "C 1000;verdict C=? S=? incomplete by ?;", false},
    {"tunnel/connect", write_connect, OPENED CLOSED, false},
    {"tunnel/connect-pipelined", write_connect_pipelined, OPENED CLOSED, false},
    {"tunnel/connect-tls", write_connect_tls, OPENED CLOSED, false},
    {"tunnel/socks", write_socks, OPENED CLOSED, false},
    {"tls/decrypted", write_tls, OPENED CLOSED, false},
    {"tls/close-with-request", write_tls_close_with_request, OPENED CLOSED, false},
    {"tls/one-secret", write_tls_one_secret,
     BEGUN "C 1000 bye maybe-answers;verdict C=? S=? incomplete by ?;", false},
    {"tls/record-undecrypted", write_tls_record_undecrypted,
     OPENED "C 1000 bye maybe-answers;verdict C=? S=? incomplete by ?;", false},
    {"tls/decrypted-again", write_tls_decrypted_again,
     "begin;response;verdict C=? S=? incomplete by ?;", false},
    {"tls/first-undecrypted", write_tls_first_undecrypted,
     OPENED "C 1000 bye maybe-answers;verdict C=? S=? incomplete by ?;", false},
    {"http2/closed", write_http2, OPENED_1 CLOSED_1, false},
    {"http2/preface-one-octet-each", write_http2_one_octet_each, OPENED_1 CLOSED_1, false},
    {"http2/continuation", write_http2_continuation,
     "begin #1;#1 request  ;#1 response;" CLOSED_1, false},
    {"http2/padded", write_http2_padded, OPENED_1 CLOSED_1, false},
    {"http2/pad-length-cut", write_http2_pad_length_cut,
     OPENED_1 "#1 C 1000;#1 S 1000 echoes;#1 verdict C=1000 S=1000 clean incomplete by C;", false},
    {"http2/end-stream", write_http2_end_stream,
     OPENED_1 "#1 verdict C=1006 S=1006 by S;", false},
    {"http2/reset", write_http2_reset,
     OPENED_1 "#1 verdict C=1006 S=1006 by C;#1 S 1000 unheard;", false},
    {"http2/answered-late", write_http2_answered_late,
     "begin #1;#1 request a /chat;#1 verdict C=1006 S=? by C;", false},
    {"http2/reset-cut", write_http2_reset_cut,
     OPENED_1 "#1 verdict C=1006 S=1006 by C;#1 S 1000 unheard;", false},
    {"http2/goaway-cut", write_http2_goaway_cut,
     OPENED_1 "#1 C 1000 maybe-answers;#1 S 1000 echoes;"
     "#1 verdict C=1000 S=1000 clean incomplete by ?;", false},
    {"http2/refused", write_http2_refused, OPENED_1 "#1 verdict C=1006 S=? by S;", false},
    {"http2/even", write_http2_even, "", false},
    {"http2/goaway", write_http2_goaway,
     OPENED_1 "begin #3;#3 request a /chat;begin #5;#5 request a /chat;#5 response;"
     "#3 verdict C=1006 S=? by S;#5 verdict C=1006 S=1006 by S;begin #7;"
     "#7 request a /chat;#7 verdict C=1006 S=? by S;" CLOSED_1, false},
    {"http2/other-stream-gap", write_http2_other_stream_gap, OPENED_1 CLOSED_1, false},
    {"http2/header-gap", write_http2_header_gap,
     OPENED_1 "#1 C 1000;#1 S 1000 echoes;#1 verdict C=1000 S=1000 clean incomplete by C;", false},
    {"http2/list-cut", write_http2_list_cut,
     "begin #3;#3 request a /chat ?;#3 response ?;", false},
    {"http2/known-by-close", write_http2_known_by_close,
     "begin #7;#7 S 1001 maybe-answers;#7 C 1001 echoes;"
     "#7 verdict C=1001 S=1001 clean incomplete by ?;", false},
    {"http2/goaway-midstream", write_http2_goaway_midstream,
     "begin #7;#7 C 1001 maybe-answers;begin #3;#3 C 1001 maybe-answers;"
     "begin #5;#5 C 1001 maybe-answers;"
     "#5 verdict C=? S=? incomplete by ?;#7 verdict C=? S=? incomplete by ?;", false},
    {"http2/h2c", write_h2c,
     "begin #3;#3 request a /chat;#3 response;#3 C 1000;#3 S 1000 echoes;"
     "#3 verdict C=1000 S=1000 clean by C;", false},
    {"midstream/frames", write_midstream,
     "begin;C 1000 bye maybe-answers;S 1000 bye echoes;"
     "verdict C=1000 S=1000 clean incomplete by ?;", false},
    {"midstream/cut", write_midstream_cut,
     "begin;C 1000 bye maybe-answers;S 1000 bye echoes;"
     "verdict C=1000 S=1000 clean incomplete by ?;", false},
    {"midstream/server-first", write_midstream_server_first,
     "begin;S 1001 away maybe-answers;C 1001 away echoes;"
     "verdict C=1001 S=1001 clean incomplete by ?;", false},
    {"midstream/in-tunnel", write_midstream_in_tunnel,
     "begin;verdict C=? S=? incomplete by ?;", false},
    {"midstream/not-wanted", write_midstream, "", true},
    {"midstream/hinted", write_hinted,
     "begin;C 1000 bye maybe-answers;S 1000 bye echoes;"
     "verdict C=1000 S=1000 clean incomplete by ?;", true},
    {"midstream/hinted-server-first", write_hinted_server_first,
     "begin;C 1000 bye maybe-answers;S 1000 bye echoes;"
     "verdict C=1000 S=1000 clean incomplete by ?;", true},
    {"close/reason-cut-taken", write_reason_cut_taken,
     OPENED "S 1000 caf (cut);C 1000 echoes;verdict C=1000 S=1000 clean by S;", false},
    {"close/reason-cut-failed", write_reason_cut_failed,
     OPENED "S 1000 caf (cut);C 1007 answers;verdict C=? S=1007 clean incomplete by S;", false},
    {"close/reason-cut-unanswered", write_reason_cut_unanswered,
     OPENED "S 1000 caf (cut);verdict C=? S=1006 incomplete by S;", false},
    {"close/reason-cut-in-answer", write_reason_cut_in_answer,
     OPENED "S 1000;C 1000 caf (cut) echoes;verdict C=1000 S=? clean incomplete by S;", false},
    {"frames/begun-late-and-late", write_begun_late_and_late,
     "begin;response;S 1009 maybe-answers;C 1009 echoes;"
     "verdict C=1009 S=? clean incomplete by ?;", false},
    {"close/late", write_close_late,
     OPENED "S 1007 maybe-answers;C 1007;verdict C=? S=? clean incomplete by C;", false},
    {"close/late-behind-gap", write_close_late_behind_gap,
     OPENED "S 1007 maybe-answers;C 1007;verdict C=? S=? clean incomplete by ?;", false},
    {"midstream/hinted-too-early", write_hinted_too_early,
     "begin;C 1000 bye maybe-answers;S 1000 bye echoes;"
     "verdict C=1000 S=1000 clean incomplete by ?;", true},
    {"midstream/hinted-wrongly", write_hinted_wrongly,
     "begin;? 1000 maybe-answers;verdict C=? S=? incomplete by ?;", true},
    {"midstream/held-then-request", write_held_then_request, OPENED CLOSED, false},
};

static void
test_row(gconstpointer user_data)
{
    const row *wanted = user_data;
    script *s = script_new();

    wanted->write(s);
    findings *found = read_packets(s->packets, !wanted->no_midstream);
    g_assert_cmpstr(found->text->str, ==, wanted->expected);
    findings_free(found);
    script_free(s);
}

static wsclose_flow *
flow_of(const script *s, findings *found)
{
    const wsclose_flow_options options = {.find_midstream = true};
    wsclose_flow *flow = wsclose_flow_new(&options);

    for (guint i = 0; i < s->packets->len; i++)
        deliver(flow, &g_array_index(s->packets, test_packet, i), i, found);
    return flow;
}

/* A SYN with another sequence number begins another connection. */
/* A Ping or a Pong whose payload is cut makes no Ping wait that was answered. */
static void
test_cut_heartbeat(void)
{
    for (unsigned which = 0; which < 3; which++) {
        script *s = script_new();

        opened(s);
        add_frame(s, true, PING, "hello", 5);
        send_packet(s, CLIENT);
        if (which == 1)
            cut_last(s, 8);
        add_frame(s, false, 0x8A, "hello", 5);
        send_packet(s, SERVER);
        if (which == 2)
            cut_last(s, 4);
        findings *found = read_packets(s->packets, true);
        const seen_connection *seen = found->connections->pdata[0];
        g_assert_cmpuint(seen->connection.traffic[CLIENT].ping.number, ==, 0);
        g_assert_cmpuint(seen->connection.frames[SERVER], ==, 1);
        findings_free(found);
        script_free(s);
    }
}

/* What breaks the protocol may be text, where not all of it is there. */
static void
test_cut_breach(void)
{
    for (uint32_t captured = 2; captured <= 6; captured += 4) {
        script *s = script_new();

        opened(s);
        send_text(s, CLIENT, "PING\r\n");
        cut_last(s, captured);
        findings *found = read_packets(s->packets, true);
        const seen_connection *seen = found->connections->pdata[0];
        g_assert_true(seen->connection.sides[CLIENT].breach_cut == (captured < 6));
        g_assert_true(seen->connection.traffic[CLIENT].no_frames == (captured == 6));
        findings_free(found);
        script_free(s);
    }
}

static void
test_another(void)
{
    script *s = script_new();
    findings *found = findings_new();
    wsclose_packet packet = {.segment = {.seq = CLIENT_ISN, .syn = true}};

    write_closed(s);
    wsclose_flow *flow = flow_of(s, found);
    g_assert_cmpint(wsclose_flow_get_state(flow), ==, WSCLOSE_FLOW_ENDED);
    g_assert_false(wsclose_flow_is_another(flow, &packet));
    packet.segment.seq++;
    g_assert_true(wsclose_flow_is_another(flow, &packet));
    packet.segment.syn = false;
    g_assert_false(wsclose_flow_is_another(flow, &packet));
    packet.segment.syn = true;
    packet.sender = SERVER;
    packet.segment.seq = SERVER_ISN;
    g_assert_false(wsclose_flow_is_another(flow, &packet));
    packet.segment.seq--;
    g_assert_true(wsclose_flow_is_another(flow, &packet));
    wsclose_flow_free(flow);

    const wsclose_flow_options options = {.find_midstream = false};
    flow = wsclose_flow_new(&options);
    g_assert_false(wsclose_flow_is_another(flow, &packet));
    g_assert_cmpint(wsclose_flow_get_state(flow), ==, WSCLOSE_FLOW_GOES_ON);
    wsclose_flow_free(flow);
    findings_free(found);
    script_free(s);
}

static bool
wants_decrypted_after(void (*write)(script *s), bool idle)
{
    script *s = script_new();
    findings *found = findings_new();

    write(s);
    wsclose_flow *flow = flow_of(s, found);
    const bool wants = wsclose_flow_wants_decrypted(flow);
    g_assert_true((wsclose_flow_get_state(flow) == WSCLOSE_FLOW_IDLE) == idle);
    wsclose_flow_free(flow);
    findings_free(found);
    script_free(s);
    return wants;
}

static void
test_wants(void)
{
    g_assert_false(wants_decrypted_after(tcp_handshake, false));
    g_assert_false(wants_decrypted_after(write_closed, false));
    g_assert_false(wants_decrypted_after(write_no_websocket, true));
    g_assert_false(wants_decrypted_after(write_http2, false));
    g_assert_true(wants_decrypted_after(write_tls, false));
}

/* An end that was not decrypted is one that cannot be read, and not one that is missing. */
static void
test_unreadable(void)
{
    script *s = script_new();
    findings *found = findings_new();

    write_tls_one_secret(s);
    wsclose_flow_free(flow_of(s, found));
    const seen_connection *seen = found->connections->pdata[0];
    g_assert_true(seen->connection.unreadable[SERVER]);
    g_assert_false(seen->connection.unreadable[CLIENT]);
    g_assert_true(seen->connection.has_tls13);
    findings_free(found);
    script_free(s);
}

/* Frames that wait for an answer for ever cost no more with each packet. */
static void
test_waiting(void)
{
    const unsigned rounds = 100000;
    const wsclose_flow_options options = {.find_midstream = false};
    wsclose_flow *flow = wsclose_flow_new(&options);
    findings *found = findings_new();
    script *s = script_new();

    opened(s);
    lose_last(s);
    for (unsigned i = 0; i < 10000; i++)
        add_frame(s, true, PING, "", 0);
    add_octets(s, "\x81", 1);
    send_packet(s, CLIENT);
    for (guint i = 0; i < s->packets->len; i++)
        deliver(flow, &g_array_index(s->packets, test_packet, i), i, found);
    acknowledge(s, CLIENT, 1);
    const gint64 before = cpu_time();
    for (unsigned i = 0; i < rounds; i++)
        deliver(flow, script_last(s), i, found);
    assert_cpu_seconds(before, 10);
    wsclose_flow_free(flow);
    findings_free(found);
    script_free(s);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        char *path = g_strconcat("/flow/", rows[i].path, NULL);

        g_test_add_data_func(path, &rows[i], test_row);
        g_free(path);
    }
    g_test_add_func("/flow/cut-heartbeat", test_cut_heartbeat);
    g_test_add_func("/flow/cut-breach", test_cut_breach);
    g_test_add_func("/flow/another", test_another);
    g_test_add_func("/flow/wants", test_wants);
    g_test_add_func("/flow/unreadable", test_unreadable);
    g_test_add_func("/flow/waiting", test_waiting);
    return g_test_run();
}
