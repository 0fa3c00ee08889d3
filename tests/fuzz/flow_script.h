/* flow_script.h
 * A fuzzer's octets as a script of packets of one connection.
 *
 * The first octet says whether TCP's handshake is there. Each step after it is of two octets: what it does,
 * and an argument. A step that ends a packet may be followed by one that damages it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef FUZZ_FLOW_SCRIPT_H
#define FUZZ_FLOW_SCRIPT_H

#include "../unit/packets.h"
#include "input.h"

#define STEPS_MAX 400
#define CLOSES_MAX 900 /* fewer than a packet is read for */

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

static inline void
add_client_hello(script *s)
{
    GByteArray *hello = client_hello();

    add_octets(s, hello->data, hello->len);
    g_byte_array_free(hello, TRUE);
}

static inline void
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

static inline void
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
static inline void
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

static inline void
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

static inline bool
begins_with(const test_packet *packet, size_t side, const char *text)
{
    return packet->side == side && packet->len >= strlen(text) &&
           memcmp(packet->octets, text, strlen(text)) == 0;
}

/* Whether other segments must not matter. Where a reader is lost they do: it goes on where one
 * begins. So the opening handshake is whole, and whatever follows is frames; or all of it is frames
 * of HTTP/2. */
static inline bool
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

/* Write down all steps; script_free() what it has. */
static inline writer
write_steps(const uint8_t *data, size_t size)
{
    writer w = {.script = script_new()};

    if (size > 0 && (data[0] & 1) != 0)
        tcp_handshake(w.script);
    for (size_t i = 0; i < STEPS_MAX && 1 + 2 * (i + 1) <= size; i++)
        step(&w, data[1 + 2 * i] % STEPS, data[2 + 2 * i]);
    send_packet(w.script, w.side);
    return w;
}

#endif
