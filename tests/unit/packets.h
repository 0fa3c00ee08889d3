/* packets.h
 * Packets of one TCP connection, written down step by step, and what a flow finds in them, as text.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WSCLOSE_PACKETS_H
#define WSCLOSE_PACKETS_H

#include <glib.h>
#include <string.h>

#include "exact_copy.h"
#include "wsclose/flow.h"

enum { CLIENT, SERVER };

/* Sequence numbers of the SYNs: those of the client begin anew at zero soon. */
#define CLIENT_ISN (UINT32_MAX - 100)
#define SERVER_ISN 5000u

/* Opcodes with FIN. */
enum { TEXT = 0x81, BINARY = 0x82, CLOSE = 0x88, PING = 0x89 };

/* Frames of HTTP/2: types and flags. */
enum {
    DATA = 0,
    HEADERS = 1,
    RST_STREAM = 3,
    SETTINGS = 4,
    GOAWAY = 7,
    CONTINUATION = 9,
    END_STREAM = 1,
    END_HEADERS = 4,
    PADDED = 8
};

#define PREFACE "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"

#define ATTACHED_MAX 4

/* What somebody else has decoded of a payload, in the packet that has its octets up to the end. */
typedef struct {
    uint32_t end;
    const char *octets;
    size_t len;
} attached;

typedef struct {
    size_t side;
    uint32_t seq;
    uint32_t ack;
    const uint8_t *octets;
    uint32_t len;
    uint32_t captured;
    bool syn;
    bool fin;
    bool rst;
    bool has_ack;
    wsclose_hint hint;
    attached lists[ATTACHED_MAX]; /* header lists of HTTP/2 */
    unsigned n_lists;
    attached plaintexts[ATTACHED_MAX]; /* of TLS */
    unsigned n_plaintexts;
} test_packet;

/* A connection. What is added goes into the next packet that is sent. */
typedef struct {
    GArray *packets;   /* test_packet */
    GPtrArray *blocks; /* octets of them */
    GByteArray *payload;
    attached lists[ATTACHED_MAX];
    unsigned n_lists;
    attached plaintexts[ATTACHED_MAX];
    unsigned n_plaintexts;
    uint32_t next[2];
    wsclose_hint hint; /* of the next packets */
} script;

static inline script *
script_new(void)
{
    script *s = g_new0(script, 1);

    s->packets = g_array_new(FALSE, TRUE, sizeof(test_packet));
    s->blocks = g_ptr_array_new_with_free_func(g_free);
    s->payload = g_byte_array_sized_new(64); /* never NULL */
    s->next[CLIENT] = CLIENT_ISN + 1;
    s->next[SERVER] = SERVER_ISN + 1;
    return s;
}

static inline void
script_free(script *s)
{
    g_array_free(s->packets, TRUE);
    g_ptr_array_free(s->blocks, TRUE);
    g_byte_array_free(s->payload, TRUE);
    g_free(s);
}

/* Octets that live as long as the script. */
static inline const char *
script_keep(script *s, const void *octets, size_t len)
{
    char *copy = exact_copy(octets, len);

    g_ptr_array_add(s->blocks, copy);
    return copy;
}

static inline test_packet *
script_last(script *s)
{
    return &g_array_index(s->packets, test_packet, s->packets->len - 1);
}

/* The packet that was sent last is not in the capture. */
static inline void
lose_last(script *s)
{
    g_array_set_size(s->packets, s->packets->len - 1);
}

/* Packets. */

static inline test_packet *
send_packet(script *s, size_t side)
{
    test_packet packet = {
        .side = side,
        .seq = s->next[side],
        .ack = s->next[1 - side],
        .octets = (const uint8_t *)script_keep(s, s->payload->data, s->payload->len),
        .len = s->payload->len,
        .captured = s->payload->len,
        .has_ack = true,
        .hint = s->hint,
        .n_lists = s->n_lists,
        .n_plaintexts = s->n_plaintexts,
    };

    memcpy(packet.lists, s->lists, sizeof s->lists);
    memcpy(packet.plaintexts, s->plaintexts, sizeof s->plaintexts);
    s->n_lists = s->n_plaintexts = 0;
    s->next[side] += packet.len;
    g_byte_array_set_size(s->payload, 0);
    g_array_append_val(s->packets, packet);
    return script_last(s);
}

static inline void
send_fin(script *s, size_t side)
{
    send_packet(s, side)->fin = true;
    s->next[side]++;
}

static inline void
send_rst(script *s, size_t side)
{
    send_packet(s, side)->rst = true;
}

static inline void
tcp_handshake(script *s)
{
    for (size_t side = 0; side < 2; side++) {
        test_packet *syn = send_packet(s, side);

        syn->syn = true;
        syn->seq--;
        syn->has_ack = side == SERVER;
    }
    send_packet(s, CLIENT);
}

/* What goes into the next packet. */

static inline void
add_octets(script *s, const void *octets, size_t len)
{
    g_byte_array_append(s->payload, octets, (guint)len);
}

static inline void
add_text(script *s, const char *text)
{
    add_octets(s, text, strlen(text));
}

static inline void
add_frame(script *s, bool masked, uint8_t first, const void *payload, size_t len)
{
    static const uint8_t key[4] = {0x37, 0xfa, 0x21, 0x3d};
    const uint8_t lengths[] = {first, (uint8_t)((masked ? 0x80 : 0) | (len < 126 ? len : 126)),
                               (uint8_t)(len >> 8), (uint8_t)len};
    uint8_t *octets = g_malloc(len);

    g_assert_cmpuint(len, <, 65536);
    add_octets(s, lengths, len < 126 ? 2 : 4);
    if (masked)
        add_octets(s, key, sizeof key);
    if (len > 0)
        memcpy(octets, payload, len);
    if (masked)
        wsclose_unmask(octets, octets, len, key, 0);
    add_octets(s, octets, len);
    g_free(octets);
}

static inline void
add_message(script *s, size_t side, const char *text)
{
    add_frame(s, side == CLIENT, TEXT, text, strlen(text));
}

/* A Close frame; an empty one for code 0. */
static inline void
add_close(script *s, size_t side, unsigned code, const char *reason)
{
    GByteArray *body = g_byte_array_new();
    const uint8_t octets[] = {(uint8_t)(code >> 8), (uint8_t)code};

    if (code != 0)
        g_byte_array_append(body, octets, sizeof octets);
    g_byte_array_append(body, (const guint8 *)reason, (guint)strlen(reason));
    add_frame(s, side == CLIENT, CLOSE, body->data, body->len);
    g_byte_array_free(body, TRUE);
}

static inline void
send_text(script *s, size_t side, const char *text)
{
    add_text(s, text);
    send_packet(s, side);
}

static inline void
send_message(script *s, size_t side, const char *text)
{
    add_message(s, side, text);
    send_packet(s, side);
}

static inline void
send_close(script *s, size_t side, unsigned code, const char *reason)
{
    add_close(s, side, code, reason);
    send_packet(s, side);
}

/* Opening handshakes over HTTP/1.1. */

#define KEY "dGhlIHNhbXBsZSBub25jZQ=="
#define ACCEPT "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="
#define GET "GET / HTTP/1.1\r\nHost: a\r\n\r\n"
#define UPGRADE_TO(target)                                                                         \
    "GET " target " HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"           \
    "Sec-WebSocket-Key: " KEY "\r\n\r\n"
#define UPGRADE UPGRADE_TO("/chat")
#define SWITCHING                                                                                  \
    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"             \
    "Sec-WebSocket-Accept: " ACCEPT "\r\n\r\n"
#define OK "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"
#define REFUSED "HTTP/1.1 401 Unauthorized\r\nContent-Length: 2\r\n\r\nno"

static inline void
open_websocket(script *s)
{
    send_text(s, CLIENT, UPGRADE);
    send_text(s, SERVER, SWITCHING);
}

/* HTTP/2. */

static inline void
add_http2(script *s, uint8_t type, uint8_t flags, uint32_t stream, const void *payload, size_t len)
{
    const uint8_t header[] = {
        (uint8_t)(len >> 16),    (uint8_t)(len >> 8),     (uint8_t)len,
        type,                    flags,                   (uint8_t)(stream >> 24),
        (uint8_t)(stream >> 16), (uint8_t)(stream >> 8), (uint8_t)stream};

    add_octets(s, header, sizeof header);
    add_octets(s, payload, len);
}

static inline void
add_string(GByteArray *list, const char *text)
{
    const uint32_t len = (uint32_t)strlen(text);
    const uint8_t octets[] = {(uint8_t)(len >> 24), (uint8_t)(len >> 16), (uint8_t)(len >> 8),
                              (uint8_t)len};

    g_byte_array_append(list, octets, sizeof octets);
    g_byte_array_append(list, (const guint8 *)text, len);
}

/* A frame with (a fragment of) a header list. What it has on the wire is of no meaning here.
 *
 *  fields  "name=value;" of each field; NULL for none that was decoded */
static inline void
add_headers(script *s, uint8_t type, uint8_t flags, uint32_t stream, const char *fields)
{
    GByteArray *list = g_byte_array_new();
    char **each = g_strsplit(fields ? fields : "", ";", -1);

    for (size_t i = 0; each[i] && each[i][0] != '\0'; i++) {
        char **halves = g_strsplit(each[i], "=", 2);

        add_string(list, halves[0]);
        add_string(list, halves[1]);
        g_strfreev(halves);
    }
    g_strfreev(each);
    add_http2(s, type, flags, stream, "0123456789", 10);
    if (fields) {
        g_assert_cmpuint(s->n_lists, <, ATTACHED_MAX);
        s->lists[s->n_lists++] =
            (attached){s->payload->len, script_keep(s, list->data, list->len), list->len};
    }
    g_byte_array_free(list, TRUE);
}

#define CONNECT_TO(path)                                                                           \
    ":method=CONNECT;:protocol=websocket;:scheme=http;:path=" path ";:authority=a;"

static inline void
add_connect(script *s, uint32_t stream)
{
    add_headers(s, HEADERS, END_HEADERS, stream, CONNECT_TO("/chat"));
}

static inline void
add_status(script *s, uint32_t stream, const char *status)
{
    char *fields = g_strconcat(":status=", status, ";", NULL);

    add_headers(s, HEADERS, END_HEADERS, stream, fields);
    g_free(fields);
}

/* What was added since the payload had so many octets becomes that of a DATA frame. */
static inline void
wrap_data(script *s, guint from, uint8_t flags, uint32_t stream)
{
    const guint len = s->payload->len - from;
    const char *octets = script_keep(s, s->payload->data + from, len);

    g_byte_array_set_size(s->payload, from);
    add_http2(s, DATA, flags, stream, octets, len);
}

static inline void
add_data_close(script *s, size_t side, uint8_t flags, uint32_t stream, unsigned code)
{
    const guint from = s->payload->len;

    add_close(s, side, code, "");
    wrap_data(s, from, flags, stream);
}

static inline void
add_data_message(script *s, size_t side, uint32_t stream, const char *text)
{
    const guint from = s->payload->len;

    add_message(s, side, text);
    wrap_data(s, from, 0, stream);
}

static inline void
add_goaway(script *s, uint32_t last, uint8_t error)
{
    const uint8_t octets[] = {(uint8_t)(last >> 24), (uint8_t)(last >> 16), (uint8_t)(last >> 8),
                              (uint8_t)last,         0, 0, 0, error};

    add_http2(s, GOAWAY, 0, 0, octets, sizeof octets);
}

static inline void
add_reset(script *s, uint32_t stream, uint8_t error)
{
    const uint8_t octets[] = {0, 0, 0, error};

    add_http2(s, RST_STREAM, 0, stream, octets, sizeof octets);
}

static inline void
open_http2(script *s)
{
    add_text(s, PREFACE);
    add_http2(s, SETTINGS, 0, 0, "", 0);
    send_packet(s, CLIENT);
    add_http2(s, SETTINGS, 0, 0, "\0\x8\0\0\0\1", 6);
    send_packet(s, SERVER);
}

/* TLS. */

enum { CHANGE_CIPHER_SPEC = 20, ALERT = 21, HANDSHAKE = 22, APPLICATION_DATA = 23 };

static inline void
add_record(script *s, uint8_t type, const void *content, size_t len)
{
    const uint8_t header[] = {type, 3, 3, (uint8_t)(len >> 8), (uint8_t)len};

    add_octets(s, header, sizeof header);
    add_octets(s, content, len);
}

/* What was added since the payload had so many octets becomes a record, decrypted or not. */
static inline void
wrap_record(script *s, guint from, bool decrypted)
{
    const guint len = s->payload->len - from;
    const char *plaintext = script_keep(s, s->payload->data + from, len);
    char *content = g_malloc0(len + 17);

    memset(content, 0xa5, len + 17);
    g_byte_array_set_size(s->payload, from);
    add_record(s, APPLICATION_DATA, content, len + 17);
    g_free(content);
    if (decrypted) {
        g_assert_cmpuint(s->n_plaintexts, <, ATTACHED_MAX);
        s->plaintexts[s->n_plaintexts++] = (attached){s->payload->len, plaintext, len};
    }
}

/* All that was added, as one record. */
static inline void
send_record(script *s, size_t side, bool decrypted)
{
    wrap_record(s, 0, decrypted);
    send_packet(s, side);
}

static inline void
add_be(GByteArray *octets, unsigned len, guint number)
{
    for (unsigned i = len; i-- > 0;) {
        const uint8_t octet = (uint8_t)(number >> 8 * i);

        g_byte_array_append(octets, &octet, 1);
    }
}

static inline void
add_extension(GByteArray *extensions, guint type, const char *content, guint len)
{
    add_be(extensions, 2, type);
    add_be(extensions, 2, len);
    g_byte_array_append(extensions, (const guint8 *)content, len);
}

#define NAME "\0\21\0\0\16ws.example.com"
#define H2_AND_1 "\0\14\2h2\10http/1.1"

/* A ClientHello as one record. */
static inline GByteArray *
client_hello(void)
{
    GByteArray *extensions = g_byte_array_new();
    GByteArray *body = g_byte_array_new();
    GByteArray *record = g_byte_array_new();
    static const char start[2 + 32 + 1 + 4 + 2] = "\3\3random, 32 octets long, or nearly.";

    add_extension(extensions, 43, "\2\3\4", 3);
    add_extension(extensions, 0, NAME, sizeof NAME - 1);
    add_extension(extensions, 16, H2_AND_1, sizeof H2_AND_1 - 1);
    g_byte_array_append(body, (const guint8 *)start, 34);
    g_byte_array_append(body, (const guint8 *)"\0\0\2\x13\1\1\0", 7);
    add_be(body, 2, extensions->len);
    g_byte_array_append(body, extensions->data, extensions->len);
    g_byte_array_append(record, (const guint8 *)"\x16\3\1", 3);
    add_be(record, 2, body->len + 4);
    add_be(record, 1, 1);
    add_be(record, 3, body->len);
    g_byte_array_append(record, body->data, body->len);
    g_byte_array_free(body, TRUE);
    g_byte_array_free(extensions, TRUE);
    return record;
}

/* Findings. */

typedef struct {
    wsclose_connection connection;
    wsclose_negotiation *negotiation;
    char *target; /* of its request, or NULL */
    char *offer;
    size_t offer_len;
    wsclose_presence offer_presence;
    uint32_t stream;
    unsigned verdicts;
    wsclose_verdict verdict;
    unsigned settled_in; /* index of the packet */
} seen_connection;

typedef struct {
    GString *text;
    GPtrArray *connections; /* seen_connection */
    unsigned packet;        /* index of the one at hand */
    int64_t (*time_of)(unsigned packet); /* nanoseconds; NULL: a thousand from one to the next */
    bool (*is_tls_server)(const wsclose_tls_server *server); /* NULL: all are */
} findings;

static inline void
free_seen(gpointer data)
{
    seen_connection *seen = data;

    wsclose_negotiation_free(seen->negotiation);
    g_free(seen->target);
    g_free(seen->offer);
    g_free(seen);
}

static inline findings *
findings_new(void)
{
    findings *found = g_new0(findings, 1);

    found->text = g_string_new(NULL);
    found->connections = g_ptr_array_new_with_free_func(free_seen);
    return found;
}

static inline void
findings_free(findings *found)
{
    g_string_free(found->text, TRUE);
    g_ptr_array_free(found->connections, TRUE);
    g_free(found);
}

static inline seen_connection *
seen_of(findings *found, const wsclose_connection *connection)
{
    for (guint i = 0; i < found->connections->len; i++) {
        seen_connection *seen = found->connections->pdata[i];

        if (&seen->connection == connection)
            return seen;
    }
    g_assert_not_reached();
}

static inline void
put_slice(findings *found, wsclose_slice slice)
{
    g_string_append_c(found->text, ' ');
    g_string_append_len(found->text, slice.data, (gssize)slice.len);
}

static inline void
put_header(findings *found, const wsclose_header *header)
{
    if (header->presence == WSCLOSE_HEADER_UNKNOWN)
        g_string_append(found->text, " ?");
    else if (header->presence == WSCLOSE_HEADER_PRESENT)
        put_slice(found, header->value);
}

static inline wsclose_connection *
on_begin(void *user, const wsclose_beginning *beginning)
{
    findings *found = user;
    seen_connection *seen = g_new0(seen_connection, 1);

    wsclose_connection_init_over(&seen->connection, beginning->carrier);
    seen->stream = beginning->http2_stream;
    g_ptr_array_add(found->connections, seen);
    g_string_append(found->text, "begin");
    if (beginning->client != CLIENT)
        g_string_append(found->text, " swapped");
    if (beginning->carrier == WSCLOSE_CARRIER_HTTP2)
        g_string_append_printf(found->text, " #%u", beginning->http2_stream);
    g_string_append_c(found->text, ';');
    return &seen->connection;
}

static inline void
put_number(findings *found, const wsclose_connection *connection)
{
    const seen_connection *seen = seen_of(found, connection);

    if (seen->stream != 0)
        g_string_append_printf(found->text, "#%u ", seen->stream);
}

static inline void
on_request(void *user, wsclose_connection *connection, const wsclose_request *request)
{
    findings *found = user;
    seen_connection *seen = seen_of(found, connection);

    g_assert_null(seen->target);
    put_number(found, connection);
    g_string_append(found->text, "request");
    put_slice(found, request->host);
    put_slice(found, request->target);
    put_header(found, &request->offer);
    g_string_append_c(found->text, ';');
    seen->target = g_strndup(request->target.data, request->target.len);
    seen->offer_presence = request->offer.presence;
    seen->offer_len = request->offer.value.len;
    seen->offer = exact_copy(request->offer.value.data, request->offer.value.len);
}

static inline const wsclose_negotiation *
on_response(void *user, wsclose_connection *connection, const wsclose_header *extensions)
{
    findings *found = user;
    seen_connection *seen = seen_of(found, connection);
    const wsclose_header offer = {
        seen->target ? seen->offer_presence : WSCLOSE_HEADER_UNKNOWN,
        {seen->offer, seen->offer_len}};

    g_assert_null(seen->negotiation);
    put_number(found, connection);
    g_string_append(found->text, "response");
    put_header(found, extensions);
    g_string_append_c(found->text, ';');
    seen->negotiation = wsclose_negotiation_match(&offer, extensions);
    return seen->negotiation;
}

static inline void
put_sender(findings *found, const wsclose_connection *connection, wsclose_side sender)
{
    put_number(found, connection);
    g_string_append_c(found->text, "CS?"[sender]);
}

static inline void
put_if(findings *found, bool condition, const char *words)
{
    if (condition)
        g_string_append_printf(found->text, " %s", words);
}

static inline void
on_close(void *user, wsclose_connection *connection, const wsclose_seen_close *close)
{
    findings *found = user;
    const wsclose_close_meaning *meaning = close->meaning;
    const wsclose_close_body *body = close->body;

    put_sender(found, connection, close->sender);
    if (body->kind == WSCLOSE_BODY_CUT)
        g_string_append(found->text, " cut");
    else
        g_string_append_printf(found->text, " %u", body->code);
    if (body->reason.len > 0)
        put_slice(found, body->reason);
    put_if(found, body->reason_cut, "(cut)");
    if (close->breaches != 0)
        g_string_append_printf(found->text, " breaks %#x", close->breaches);
    put_if(found, meaning->repeated, "again");
    put_if(found, meaning->unheard, "unheard");
    put_if(found, meaning->answer, meaning->echo ? "echoes" : "answers");
    put_if(found, meaning->crossed, "crossed");
    put_if(found, meaning->maybe_answer, "maybe-answers");
    g_string_append_c(found->text, ';');
}

static inline void
on_breach(void *user, wsclose_connection *connection, const wsclose_seen_breach *breach)
{
    findings *found = user;

    const wsclose_frame_context *context = breach->context;

    put_sender(found, connection, context->sender);
    if (context->breaches != 0)
        g_string_append_printf(found->text, " breaks %#x", context->breaches);
    put_if(found, context->close_in != 0, "sends after its Close");
    g_assert_cmphex(breach->findings, !=, 0);
    g_assert_cmphex(breach->findings & ~connection->findings, ==, 0);
    g_string_append_c(found->text, ';');
}

static inline void
put_reported(findings *found, char who, const wsclose_reported *reported)
{
    if (reported->known)
        g_string_append_printf(found->text, " %c=%u", who, reported->code);
    else
        g_string_append_printf(found->text, " %c=?", who);
}

static inline void
on_verdict(void *user, wsclose_connection *connection)
{
    findings *found = user;
    seen_connection *seen = seen_of(found, connection);
    wsclose_verdict *verdict = &seen->verdict;

    g_assert_cmpuint(seen->verdicts++, ==, 0);
    g_assert_true(wsclose_connection_verdict(connection, verdict));
    seen->settled_in = found->packet;
    put_number(found, connection);
    g_string_append(found->text, "verdict");
    put_reported(found, 'C', &verdict->reported[CLIENT]);
    put_reported(found, 'S', &verdict->reported[SERVER]);
    put_if(found, verdict->clean, "clean");
    put_if(found, verdict->incomplete, "incomplete");
    g_string_append_printf(found->text, " by %c;", "CS?"[verdict->initiator]);
}

static inline bool
on_tls_server(void *user, const wsclose_tls_server *server)
{
    const findings *found = user;

    return !found->is_tls_server || found->is_tls_server(server);
}

static inline void
on_outside(void *user, wsclose_connection *connection, const wsclose_tls_hello *hello)
{
    findings *found = user;

    g_assert_true(connection->outside);
    g_string_append(found->text, "outside");
    put_slice(found, hello->server_name);
    g_string_append_c(found->text, '|');
    g_string_append_len(found->text, hello->protocols.data, (gssize)hello->protocols.len);
    g_string_append_c(found->text, ';');
}

static const wsclose_sink recording = {
    .begin = on_begin,
    .request = on_request,
    .response = on_response,
    .close = on_close,
    .breach = on_breach,
    .verdict = on_verdict,
    .is_tls_server = on_tls_server,
    .outside = on_outside,
};

/* Delivery. */

/* Header lists that are left of a packet. */
typedef struct {
    const test_packet *packet;
    unsigned next;
    char *start;
    char *whole;
} lists_left;

static inline void
forget_list_at_hand(lists_left *left)
{
    g_free(left->start);
    g_free(left->whole);
    left->start = left->whole = NULL;
}

static inline bool
next_list_left(void *user, wsclose_slice *start)
{
    lists_left *left = user;
    const test_packet *packet = left->packet;

    forget_list_at_hand(left);
    while (left->next < packet->n_lists && packet->lists[left->next].end > packet->captured)
        left->next++;
    if (left->next >= packet->n_lists)
        return false;
    const attached *next = &packet->lists[left->next++];
    const size_t len = MIN(next->len, WSCLOSE_LIST_START_MAX);
    left->start = exact_copy(next->octets, len);
    *start = (wsclose_slice){left->start, len};
    return true;
}

static inline wsclose_slice
whole_list(void *user)
{
    lists_left *left = user;
    const attached *list = &left->packet->lists[left->next - 1];

    g_free(left->whole);
    left->whole = exact_copy(list->octets, list->len);
    return (wsclose_slice){left->whole, list->len};
}

static inline wsclose_hint
hint_of_packet(void *user)
{
    return ((const lists_left *)user)->packet->hint;
}

static const wsclose_packet_source packet_source = {
    .hint = hint_of_packet,
    .next_header_list = next_list_left,
    .header_list = whole_list,
};

/* Hand a packet to a flow, all of it in blocks of exactly its size that are gone after. */
static inline void
deliver(wsclose_flow *flow, const test_packet *packet, unsigned index, findings *found)
{
    lists_left lists = {.packet = packet};
    wsclose_slice decrypted[ATTACHED_MAX];
    size_t n_decrypted = 0;
    char *octets = exact_copy((const char *)packet->octets, packet->captured);

    for (unsigned i = 0; i < packet->n_plaintexts; i++) {
        const attached *plaintext = &packet->plaintexts[i];

        if (plaintext->end <= packet->captured)
            decrypted[n_decrypted++] =
                (wsclose_slice){exact_copy(plaintext->octets, plaintext->len), plaintext->len};
    }
    const bool wants_decrypted = wsclose_flow_wants_decrypted(flow);
    const wsclose_packet given = {
        .moment = {index + 1, found->time_of ? found->time_of(index) : (int64_t)(index + 1) * 1000},
        .sender = packet->side,
        .segment = {packet->seq, (const uint8_t *)octets, packet->captured, packet->len,
                    packet->syn, packet->fin},
        .ack = packet->ack,
        .has_ack = packet->has_ack,
        .rst = packet->rst,
        .decrypted = wants_decrypted ? decrypted : NULL,
        .n_decrypted = wants_decrypted ? n_decrypted : 0,
        .source = &packet_source,
        .user = &lists,
    };
    found->packet = index;
    wsclose_flow_packet(flow, &given, &recording, found);
    forget_list_at_hand(&lists);
    for (size_t i = 0; i < n_decrypted; i++)
        g_free((char *)decrypted[i].data);
    g_free(octets);
}

static inline void
read_packets_into(findings *found, const GArray *packets, const wsclose_flow_options *options)
{
    wsclose_flow *flow = wsclose_flow_new(options);

    for (guint i = 0; i < packets->len; i++)
        deliver(flow, &g_array_index(packets, test_packet, i), i, found);
    wsclose_flow_free(flow);
}

static inline findings *
read_packets(const GArray *packets, bool find_midstream)
{
    const wsclose_flow_options options = {.find_midstream = find_midstream};
    findings *found = findings_new();

    read_packets_into(found, packets, &options);
    return found;
}

#endif
