/* test_handshake.c
 * The opening handshake: the Upgrade header, the status, whether a client must reject the response,
 * and the names of the two endpoints.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wsclose/handshake.h"

#include "cpu_time.h"
#include "exact_copy.h"
#include "match.h"

#include <glib.h>
#include <string.h>

/* A value with any octets, NUL included. */
#define VALUE(text) text, sizeof(text) - 1

static bool
names_websocket(const char *value, size_t len)
{
    char *copy = exact_copy(value, len);
    bool result = wsclose_upgrade_is_websocket((wsclose_slice){ copy, len });

    g_free(copy);
    return result;
}

static const struct {
    const char *value;
    size_t len;
    bool expected;
    const char *why;
} upgrade_rows[] = {
    { VALUE("websocket"), true, "RFC 6455 section 4.1" },
    { VALUE("WebSocket"), true, "as older clients write it" },
    { VALUE("WEBSOCKET"), true, "capitals" },
    { VALUE("wEbSoCkEt"), true, "any case" },
    { VALUE(" websocket"), true, "a space before it" },
    { VALUE("websocket "), true, "a space behind it" },
    { VALUE("\twebsocket\t"), true, "tabs around it" },
    { VALUE("h2c, websocket"), true, "the last of a list" },
    { VALUE("h2c,websocket"), true, "a list without blanks" },
    { VALUE("websocket, h2c"), true, "the first of a list" },
    { VALUE("a , websocket , b"), true, "in the middle of a list" },
    { VALUE("h2c,\r\n websocket"), true, "a folded line" },
    { VALUE(",,websocket"), true, "empty elements (RFC 7230 section 7)" },
    { VALUE("websocket,"), true, "an empty last element" },
    { VALUE("websocket/13"), true, "a version (RFC 7230 section 6.7)" },
    { VALUE("h2c/1, WebSocket/13"), true, "a version in a list" },
    { VALUE("websockets"), false, "another word, one letter longer" },
    { VALUE("websocke"), false, "another word, one letter shorter" },
    { VALUE("xwebsocket"), false, "another word that ends like it" },
    { VALUE("websocket-draft"), false, "another word that begins like it" },
    { VALUE("websocket13"), false, "a version needs its slash" },
    { VALUE("websocket.13"), false, "and no other octet" },
    { VALUE("web socket"), false, "two words" },
    { VALUE("web,socket"), false, "two elements" },
    { VALUE("/websocket"), false, "a version without a name" },
    { VALUE("h2c/websocket"), false, "a version of something else" },
    { VALUE("\"websocket\""), false, "a quoted string is no protocol name" },
    { VALUE("\"websocket"), false, "an opening quotation mark" },
    { VALUE("websocket\""), false, "a closing quotation mark" },
    { VALUE("'websocket'"), false, "other quotation marks" },
    { VALUE("websocket;q=1"), false, "a protocol takes no parameters" },
    { VALUE("<websocket>"), false, "brackets" },
    { VALUE("websocket\0"), false, "NUL behind it" },
    { VALUE("\0websocket"), false, "NUL before it" },
    { VALUE("web\0socket"), false, "NUL in it" },
    { VALUE("\0\0\0, websocket"), true, "NULs in another element" },
    { VALUE("w\xc3\xa9" "bsocket"), false, "UTF-8" },
    { VALUE("websoc\xe2\x84\xaa" "et"), false,
      "U+212A, which is a K where case is folded by Unicode" },
    { VALUE("web\xc5\xbf" "ocket"), false, "U+017F, which is an S likewise" },
    { VALUE("websocket\xff"), false, "the highest octet behind it" },
    { VALUE("h2c"), false, "another protocol" },
    { VALUE("TLS/1.0, HTTP/2.0"), false, "other protocols" },
    { VALUE(""), false, "an empty value" },
    { VALUE(" "), false, "a space" },
    { VALUE(" , ,, "), false, "nothing but empty elements" },
    { VALUE("/"), false, "nothing but a slash" },
};

static void
test_upgrade(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(upgrade_rows); i++) {
        g_test_message("%s", upgrade_rows[i].why);
        g_assert_true(names_websocket(upgrade_rows[i].value, upgrade_rows[i].len)
                      == upgrade_rows[i].expected);
    }
    g_assert_false(wsclose_upgrade_is_websocket((wsclose_slice){ NULL, 0 }));
}

/* A slice ends where it says, whatever stands behind it. */
static void
test_upgrade_is_a_slice(void)
{
    for (size_t len = 0; len <= 9; len++)
        g_assert_true(wsclose_upgrade_is_websocket((wsclose_slice){ "websocket/", len })
                      == (len == 9));
}

/* Any octet in place of any letter of the name breaks it, but for the letter's other case. */
static void
test_upgrade_every_octet(void)
{
    static const char name[] = "websocket";

    for (size_t place = 0; place < strlen(name); place++) {
        for (unsigned octet = 0; octet < 256; octet++) {
            char value[] = "websocket";

            value[place] = (char)octet;
            g_assert_true(names_websocket(value, strlen(name))
                          == (octet == (unsigned char)name[place]
                              || octet == (unsigned char)g_ascii_toupper(name[place])));
        }
    }
}

/* What may stand right behind the name: the end, a separator, or the slash of a version. */
static void
test_upgrade_every_octet_behind(void)
{
    for (unsigned octet = 0; octet < 256; octet++) {
        const char value[] = { 'w', 'e', 'b', 's', 'o', 'c', 'k', 'e', 't', (char)octet };

        /* A bare CR or LF is no header value that a parser hands over. */
        if (octet == '\r' || octet == '\n')
            continue;
        g_assert_true(names_websocket(value, sizeof value)
                      == (octet == ',' || octet == ' ' || octet == '\t' || octet == '/'));
    }
}

static void
test_upgrade_long(void)
{
    const size_t len = 1024 * 1024;
    char *value = g_malloc(len);
    const gint64 begin = cpu_time();

    memset(value, ',', len);
    g_assert_false(names_websocket(value, len));
    memset(value, 'w', len);
    g_assert_false(names_websocket(value, len));
    value[len - 10] = ',';
    memcpy(value + len - 9, "websocket", 9);
    g_assert_true(names_websocket(value, len));
    assert_cpu_seconds(begin, 1);
    g_free(value);
}

static const struct {
    unsigned status;
    bool final;
    bool success;
    const char *why;
} status_rows[] = {
    { 100, false, false, "100 Continue: the answer is still to come" },
    { 101, true, true, "101 Switching Protocols" },
    { 102, false, false, "102 Processing" },
    { 103, false, false, "103 Early Hints" },
    { 199, false, false, "the last interim status" },
    { 200, true, false, "200 opens no WebSocket over HTTP/1.1" },
    { 204, true, false, "nor does 204" },
    { 301, true, false, "a redirect" },
    { 400, true, false, "400 Bad Request" },
    { 401, true, false, "401 Unauthorized" },
    { 426, true, false, "426 Upgrade Required" },
    { 503, true, false, "503 Service Unavailable" },
    { 599, true, false, "a status that nobody registered" },
    { 1010, true, false, "four digits" },
};

static void
test_status(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(status_rows); i++) {
        g_test_message("%s", status_rows[i].why);
        g_assert_true(wsclose_status_is_final(WSCLOSE_CARRIER_HTTP1, status_rows[i].status)
                      == status_rows[i].final);
        g_assert_true(wsclose_status_is_success(WSCLOSE_CARRIER_HTTP1, status_rows[i].status)
                      == status_rows[i].success);
    }
}

static void
test_status_every_number(void)
{
    for (unsigned status = 0; status <= 1200; status++) {
        g_assert_true(wsclose_status_is_success(WSCLOSE_CARRIER_HTTP1, status)
                      == (status == 101));
        g_assert_true(wsclose_status_is_final(WSCLOSE_CARRIER_HTTP1, status)
                      == (status / 100 != 1 || status == 101));
    }
}

/* RFC 8441 section 5: any 2xx; RFC 9113 section 8.6: there is no 101. */
static void
test_status_over_streams(void)
{
    for (wsclose_carrier carrier = WSCLOSE_CARRIER_HTTP2; carrier <= WSCLOSE_CARRIER_HTTP3;
         carrier++) {
        for (unsigned status = 0; status <= 1200; status++) {
            g_assert_true(wsclose_status_is_success(carrier, status) == (status / 100 == 2));
            g_assert_true(wsclose_status_is_final(carrier, status) == (status / 100 != 1));
        }
    }
}

static void
test_sides(void)
{
    g_assert_cmpstr(wsclose_side_name(WSCLOSE_CLIENT), ==, "client");
    g_assert_cmpstr(wsclose_side_name(WSCLOSE_SERVER), ==, "server");
    g_assert_cmpstr(wsclose_side_name(WSCLOSE_SIDE_UNKNOWN), ==, "unknown side");
    g_assert_cmpint(wsclose_side_peer(WSCLOSE_CLIENT), ==, WSCLOSE_SERVER);
    g_assert_cmpint(wsclose_side_peer(WSCLOSE_SERVER), ==, WSCLOSE_CLIENT);
    g_assert_cmpint(wsclose_side_peer(WSCLOSE_SIDE_UNKNOWN), ==, WSCLOSE_SIDE_UNKNOWN);
    /* Indexes of what is kept of each side. */
    g_assert_cmpint(WSCLOSE_CLIENT, ==, 0);
    g_assert_cmpint(WSCLOSE_SERVER, ==, 1);
}

/* RFC 6455 section 1.3; the others by another implementation of SHA-1 and Base64. */
static const struct {
    const char *key;
    const char *accept;
} accept_rows[] = {
    { "dGhlIHNhbXBsZSBub25jZQ==", "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=" },
    { "x3JJHMbDL1EzLkh9GBhXDw==", "HSmrc0sMlYUkAGmm5OPpG2HaGWk=" },
    { "AAAAAAAAAAAAAAAAAAAAAA==", "ICX+Yqv66kxgM0FcWaLWlFLwTAI=" },
    { "/////////////////////w==", "XXpj4jYzLM2yUE0C7TIgMwTQh2g=" },
    { "", "Kfh9QIsMVZcl6xEPYxPHzW8SZ8w=" },
    { "no key", "waEirm6/6rf6BM4ZeO7vMzn1KoU=" },
};

static void
test_accept_for_key(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(accept_rows); i++) {
        const size_t len = strlen(accept_rows[i].key);
        char *key = exact_copy(accept_rows[i].key, len);
        char *out = g_malloc(WSCLOSE_ACCEPT_SIZE);

        wsclose_accept_for_key((wsclose_slice){ key, len }, out);
        g_assert_cmpstr(out, ==, accept_rows[i].accept);
        g_free(out);
        g_free(key);
    }
}

/* A key is a slice: it ends where it says. */
static void
test_accept_for_slice(void)
{
    char out[WSCLOSE_ACCEPT_SIZE];

    wsclose_accept_for_key((wsclose_slice){ "dGhlIHNhbXBsZSBub25jZQ==, more", 24 }, out);
    g_assert_cmpstr(out, ==, "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
}

#define KEY "dGhlIHNhbXBsZSBub25jZQ=="
#define FITS "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="

enum {
    UPGRADE = WSCLOSE_FAULT_UPGRADE,
    CONNECTION = WSCLOSE_FAULT_CONNECTION,
    ACCEPT_TWICE = WSCLOSE_FAULT_ACCEPT_TWICE,
    ACCEPT_MISSING = WSCLOSE_FAULT_ACCEPT_MISSING,
    ACCEPT_WRONG = WSCLOSE_FAULT_ACCEPT_WRONG,
    SUBPROTOCOL = WSCLOSE_FAULT_SUBPROTOCOL,
    EXT_UNSOLICITED = WSCLOSE_FAULT_EXT_UNSOLICITED,
    EXT_INVALID = WSCLOSE_FAULT_EXT_INVALID
};

/* The headers of one opening handshake. */
typedef struct {
    const char *key;
    const char *accept;
    const char *protocols;
    const char *protocol;
    const char *offer;
    const char *response;
} headers_row;

/* Over any carrier. */
static wsclose_handshake_response
judge_over(wsclose_carrier carrier, unsigned status, const headers_row *row)
{
    const wsclose_handshake_headers headers = {
        .key = make_header(row->key),
        .protocols = make_header(row->protocols),
        .upgrade = make_header("websocket"),
        .connection = make_header("Upgrade"),
        .accept = make_header(row->accept),
        .protocol = make_header(row->protocol),
    };
    wsclose_negotiation *negotiation = match(row->offer, row->response);
    wsclose_handshake_response response;

    memset(&response, 0xaa, sizeof response);
    wsclose_handshake_judge(carrier, status, &headers, negotiation, &response);
    wsclose_negotiation_free(negotiation);
    g_free((char *)headers.key.value.data);
    g_free((char *)headers.protocols.value.data);
    g_free((char *)headers.upgrade.value.data);
    g_free((char *)headers.connection.value.data);
    g_free((char *)headers.accept.value.data);
    g_free((char *)headers.protocol.value.data);
    return response;
}

static wsclose_handshake_response
judge(unsigned status, const headers_row *row)
{
    return judge_over(WSCLOSE_CARRIER_HTTP1, status, row);
}

/* RFC 6455 section 4.1, items 2 to 4. */
static const struct {
    const char *why;
    const char *upgrade;
    const char *connection;
    const char *accept;
    unsigned faults;
} switching_rows[] = {
    { "as it should be", "websocket", "Upgrade", FITS, 0 },
    { "no Upgrade", ABSENT, "Upgrade", FITS, UPGRADE },
    { "it is not known whether there is one", UNSEEN, "Upgrade", FITS, 0 },
    { "an empty Upgrade", "", "Upgrade", FITS, UPGRADE },
    { "an Upgrade to something else", "h2c", "Upgrade", FITS, UPGRADE },
    { "an Upgrade to one more", "websocket, h2c", "Upgrade", FITS, UPGRADE },
    { "an Upgrade with a version", "websocket/13", "Upgrade", FITS, UPGRADE },
    { "an Upgrade in capitals, with blanks", " WebSocket\t", "Upgrade", FITS, 0 },
    { "no Connection", "websocket", ABSENT, FITS, CONNECTION },
    { "it is not known whether there is one", "websocket", UNSEEN, FITS, 0 },
    { "an empty Connection", "websocket", "", FITS, CONNECTION },
    { "a Connection without Upgrade", "websocket", "keep-alive, upgraded", FITS, CONNECTION },
    { "Upgrade among others", "websocket", "keep-alive ,UPGRADE", FITS, 0 },
    { "neither", ABSENT, ABSENT, FITS, UPGRADE | CONNECTION },
    { "Accept twice", "websocket", "Upgrade", FITS ", " FITS, ACCEPT_TWICE },
    { "Accept twice, one of them wrong", "websocket", "Upgrade", "x, " FITS, ACCEPT_TWICE },
};

static void
test_switching(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(switching_rows); i++) {
        wsclose_handshake_headers headers = {
            .key = make_header(KEY),
            .protocols = make_header(ABSENT),
            .upgrade = make_header(switching_rows[i].upgrade),
            .connection = make_header(switching_rows[i].connection),
            .accept = make_header(switching_rows[i].accept),
            .protocol = make_header(ABSENT),
        };
        const wsclose_header *const made[] = { &headers.key, &headers.upgrade, &headers.connection,
                                               &headers.accept };
        wsclose_negotiation *negotiation = match(ABSENT, ABSENT);
        wsclose_handshake_response response;

        g_test_message("%s", switching_rows[i].why);
        wsclose_handshake_judge(WSCLOSE_CARRIER_HTTP1, 101, &headers, negotiation, &response);
        g_assert_cmphex(response.faults, ==, switching_rows[i].faults);
        /* Extended CONNECT has none of them (RFC 8441 section 5). */
        wsclose_handshake_judge(WSCLOSE_CARRIER_HTTP2, 200, &headers, negotiation, &response);
        g_assert_cmphex(response.faults, ==, 0);
        wsclose_negotiation_free(negotiation);
        for (size_t k = 0; k < G_N_ELEMENTS(made); k++)
            g_free((char *)made[k]->value.data);
    }
}

/* No fault: the client may go on without a subprotocol. */
static void
test_subprotocol_unanswered(void)
{
    static const struct {
        const char *protocols;
        const char *protocol;
        unsigned status;
        bool expected;
    } rows[] = {
        { "mqtt", ABSENT, 101, true },
        { "mqtt, stomp", ABSENT, 101, true },
        { "mqtt", "mqtt", 101, false },
        { "mqtt", "", 101, false },
        { "mqtt", UNSEEN, 101, false },
        { "mqtt", ABSENT, 403, false },
        { " ,", ABSENT, 101, false },
        { "", ABSENT, 101, false },
        { ABSENT, ABSENT, 101, false },
        { UNSEEN, ABSENT, 101, false },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        const headers_row row = { KEY, FITS, rows[i].protocols, rows[i].protocol, ABSENT, ABSENT };
        const wsclose_handshake_response response = judge(rows[i].status, &row);

        g_assert_true(response.subprotocol_unanswered == rows[i].expected);
        g_assert_true((response.faults == 0) == !(rows[i].protocol && rows[i].protocol[0] == '\0'));
    }
}

static const struct {
    const char *why;
    headers_row headers;
    unsigned faults;
} fault_rows[] = {
    { "all that is needed", { KEY, FITS, ABSENT, ABSENT, ABSENT, ABSENT }, 0 },
    { "no Accept", { KEY, ABSENT, ABSENT, ABSENT, ABSENT, ABSENT }, ACCEPT_MISSING },
    { "no Accept, whatever the key", { UNSEEN, ABSENT, UNSEEN, ABSENT, UNSEEN, ABSENT },
      ACCEPT_MISSING },
    { "another Accept", { KEY, "HSmrc0sMlYUkAGmm5OPpG2HaGWk=", ABSENT, ABSENT, ABSENT, ABSENT },
      ACCEPT_WRONG },
    { "an empty Accept", { KEY, "", ABSENT, ABSENT, ABSENT, ABSENT }, ACCEPT_WRONG },
    { "one letter less", { KEY, "s3pPLMBiTxaQ9kYGzzhZRbK+xOo", ABSENT, ABSENT, ABSENT, ABSENT },
      ACCEPT_WRONG },
    { "one letter more", { KEY, FITS "=", ABSENT, ABSENT, ABSENT, ABSENT }, ACCEPT_WRONG },
    { "in small letters", { KEY, "s3pplmbitxaq9kygzzhzrbk+xoo=", ABSENT, ABSENT, ABSENT, ABSENT },
      ACCEPT_WRONG },
    { "the key itself", { KEY, KEY, ABSENT, ABSENT, ABSENT, ABSENT }, ACCEPT_WRONG },
    { "twice", { KEY, FITS ", " FITS, ABSENT, ABSENT, ABSENT, ABSENT }, ACCEPT_TWICE },
    { "and a comma", { KEY, FITS ",", ABSENT, ABSENT, ABSENT, ABSENT }, ACCEPT_WRONG },
    { "blanks around it and the key (RFC 6455 section 4.1)",
      { " " KEY "\t", "\t" FITS " ", ABSENT, ABSENT, ABSENT, ABSENT }, 0 },
    { "a key that was not seen", { UNSEEN, KEY, UNSEEN, ABSENT, UNSEEN, ABSENT }, 0 },
    { "a response whose headers were not seen",
      { KEY, UNSEEN, "chat", UNSEEN, "permessage-deflate", UNSEEN }, 0 },
    { "nothing was seen", { UNSEEN, UNSEEN, UNSEEN, UNSEEN, UNSEEN, UNSEEN }, 0 },

    { "the subprotocol that was offered", { KEY, FITS, "chat", "chat", ABSENT, ABSENT }, 0 },
    { "the first of several", { KEY, FITS, "chat, superchat", "chat", ABSENT, ABSENT }, 0 },
    { "the last of several", { KEY, FITS, "chat, v2,superchat", "superchat", ABSENT, ABSENT }, 0 },
    { "the middle one", { KEY, FITS, "chat ,\tv2 , superchat", " v2 ", ABSENT, ABSENT }, 0 },
    { "offered and not chosen", { KEY, FITS, "chat", ABSENT, ABSENT, ABSENT }, 0 },
    { "never offered", { KEY, FITS, ABSENT, "chat", ABSENT, ABSENT }, SUBPROTOCOL },
    { "another one offered", { KEY, FITS, "superchat", "chat", ABSENT, ABSENT }, SUBPROTOCOL },
    { "another one, that begins like it", { KEY, FITS, "chat", "chat2", ABSENT, ABSENT },
      SUBPROTOCOL },
    { "another one, that it begins like", { KEY, FITS, "chat2", "chat", ABSENT, ABSENT },
      SUBPROTOCOL },
    { "in capitals: compared octet by octet", { KEY, FITS, "chat", "Chat", ABSENT, ABSENT },
      SUBPROTOCOL },
    { "two chosen, both offered", { KEY, FITS, "chat, v2", "chat, v2", ABSENT, ABSENT },
      SUBPROTOCOL },
    { "the same twice", { KEY, FITS, "chat", "chat, chat", ABSENT, ABSENT }, SUBPROTOCOL },
    { "an empty value", { KEY, FITS, "chat", "", ABSENT, ABSENT }, SUBPROTOCOL },
    { "an empty value, and empty elements offered", { KEY, FITS, ",, chat,", "", ABSENT, ABSENT },
      SUBPROTOCOL },
    { "a comma behind it", { KEY, FITS, "chat", "chat,", ABSENT, ABSENT }, SUBPROTOCOL },
    { "an offer that was not seen", { UNSEEN, FITS, UNSEEN, "chat", UNSEEN, ABSENT }, 0 },

    { "an extension as offered",
      { KEY, FITS, ABSENT, ABSENT, "permessage-deflate", "permessage-deflate" }, 0 },
    { "declined", { KEY, FITS, ABSENT, ABSENT, "permessage-deflate", ABSENT }, 0 },
    { "an extension that was not offered",
      { KEY, FITS, ABSENT, ABSENT, ABSENT, "permessage-deflate" }, EXT_UNSOLICITED },
    { "another one than was offered",
      { KEY, FITS, ABSENT, ABSENT, "permessage-deflate", "x-other" }, EXT_UNSOLICITED },
    { "parameters that the offer does not allow",
      { KEY, FITS, ABSENT, ABSENT, "permessage-deflate",
        "permessage-deflate; client_max_window_bits=10" }, EXT_INVALID },
    { "a broken grammar",
      { KEY, FITS, ABSENT, ABSENT, "permessage-deflate", "permessage-deflate;" },
      EXT_INVALID },
    { "an empty value", { KEY, FITS, ABSENT, ABSENT, "permessage-deflate", "" }, EXT_INVALID },
    { "a broken grammar, whatever was offered", { UNSEEN, FITS, UNSEEN, ABSENT, UNSEEN, "=" },
      EXT_INVALID },
    { "extensions whose offer was not seen",
      { UNSEEN, FITS, UNSEEN, ABSENT, UNSEEN, "permessage-deflate" }, 0 },
    { "the client's own breach is not the server's fault",
      { KEY, FITS, ABSENT, ABSENT, "permessage-deflate; x=1", ABSENT }, 0 },
    { "one that was not offered, and one that is not as offered",
      { KEY, FITS, ABSENT, ABSENT, "permessage-deflate",
        "x-other, permessage-deflate; client_max_window_bits=10" },
      EXT_UNSOLICITED | EXT_INVALID },

    { "all at once", { KEY, KEY, "chat", "v2", "permessage-deflate", "x-other, =" },
      ACCEPT_WRONG | SUBPROTOCOL | EXT_UNSOLICITED | EXT_INVALID },
    { "and without an Accept", { KEY, ABSENT, ABSENT, "v2", ABSENT, "x-other, =" },
      ACCEPT_MISSING | SUBPROTOCOL | EXT_UNSOLICITED | EXT_INVALID },
};

static void
test_faults(void)
{
    unsigned seen = 0;

    for (size_t i = 0; i < G_N_ELEMENTS(fault_rows); i++) {
        const wsclose_handshake_response response = judge(101, &fault_rows[i].headers);

        g_test_message("%s", fault_rows[i].why);
        g_assert_cmpuint(response.status, ==, 101);
        g_assert_cmphex(response.faults, ==, fault_rows[i].faults);
        seen |= response.faults;
    }
    /* Upgrade and Connection have rows of their own. */
    g_assert_cmphex(seen | UPGRADE | CONNECTION, ==, (1u << WSCLOSE_FAULT_COUNT) - 1);
}

/* "0 where it does not accept": a refusal has no faults, whatever its headers. */
static void
test_faults_of_a_refusal(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(fault_rows); i++) {
        for (unsigned status = 200; status < 600; status += 57) {
            const wsclose_handshake_response response = judge(status, &fault_rows[i].headers);

            g_assert_cmpuint(response.status, ==, status);
            g_assert_cmphex(response.faults, ==, 0);
        }
    }
}

/* RFC 8441 section 5: of key and accept nothing is asked; all else is as over HTTP/1.1. */
static void
test_faults_over_streams(void)
{
    for (wsclose_carrier carrier = WSCLOSE_CARRIER_HTTP2; carrier <= WSCLOSE_CARRIER_HTTP3;
         carrier++) {
        for (size_t i = 0; i < G_N_ELEMENTS(fault_rows); i++) {
            const headers_row *row = &fault_rows[i].headers;
            const wsclose_handshake_response accepts = judge_over(carrier, 200, row);
            const wsclose_handshake_response refuses = judge_over(carrier, 403, row);
            const wsclose_handshake_response over_http1 = judge(101, row);

            g_test_message("%s", fault_rows[i].why);
            g_assert_cmphex(accepts.faults, ==,
                            fault_rows[i].faults &
                                ~(unsigned)(ACCEPT_MISSING | ACCEPT_WRONG | ACCEPT_TWICE));
            g_assert_cmpuint(accepts.rsv, ==, over_http1.rsv);
            g_assert_true(accepts.any_opcode == over_http1.any_opcode);
            g_assert_cmphex(refuses.faults, ==, 0);
            g_assert_cmphex(judge_over(carrier, 101, row).faults, ==, 0);
        }
    }
}

/* Any other letter in any place of the Accept is a fault. */
static void
test_every_wrong_accept(void)
{
    for (size_t place = 0; place < strlen(FITS); place++) {
        for (char octet = '!'; octet <= '~'; octet++) {
            char accept[] = FITS;
            const headers_row row = { KEY, accept, ABSENT, ABSENT, ABSENT, ABSENT };

            /* Header lines of one name are joined with a comma. */
            const bool makes_two = octet == ',' && place > 0 && place + 1 < strlen(FITS);

            accept[place] = octet;
            g_assert_cmphex(judge(101, &row).faults, ==,
                            octet == FITS[place] ? 0 : makes_two ? ACCEPT_TWICE : ACCEPT_WRONG);
        }
    }
}

/* What the extensions of the response may change in a frame header. */
static const struct {
    const char *why;
    const char *offer;
    const char *response;
    uint8_t rsv;
    bool any_opcode;
} allowance_rows[] = {
    { "none", ABSENT, ABSENT, 0, false },
    { "offered and declined", "permessage-deflate", ABSENT, 0, false },
    { "another one declined", "x-other", ABSENT, 0, false },
    { "permessage-deflate: RSV1", "permessage-deflate", "permessage-deflate", 4, false },
    { "with parameters", "permessage-deflate; client_max_window_bits",
      "permessage-deflate; client_max_window_bits=10; server_no_context_takeover", 4, false },
    { "not offered: a client that takes it has it all the same", ABSENT, "permessage-deflate", 4,
      false },
    { "nor was the offer seen", UNSEEN, "permessage-deflate", 4, false },
    { "another one: nobody knows which", "x-other", "x-other", 7, true },
    { "a name that begins like it", "permessage-deflate2", "permessage-deflate2", 7, true },
    { "its forerunner", "x-webkit-deflate-frame", "x-webkit-deflate-frame", 7, true },
    { "both", "permessage-deflate, x-other", "permessage-deflate, x-other", 7, true },
    { "both, the other way round", "x-other, permessage-deflate", "x-other, permessage-deflate", 7,
      true },
    { "one of both", "permessage-deflate, x-other", "permessage-deflate", 4, false },
    { "a response whose headers were not seen", "permessage-deflate", UNSEEN, 7, true },
    { "nothing was seen", UNSEEN, UNSEEN, 7, true },
};

static void
test_allowances(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(allowance_rows); i++) {
        const headers_row row = { KEY, FITS, ABSENT, ABSENT, allowance_rows[i].offer,
                                  allowance_rows[i].response };
        const wsclose_handshake_response response = judge(101, &row);

        g_test_message("%s", allowance_rows[i].why);
        g_assert_cmpuint(response.rsv, ==, allowance_rows[i].rsv);
        g_assert_true(response.any_opcode == allowance_rows[i].any_opcode);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/handshake/upgrade", test_upgrade);
    g_test_add_func("/handshake/upgrade/slice", test_upgrade_is_a_slice);
    g_test_add_func("/handshake/upgrade/octets", test_upgrade_every_octet);
    g_test_add_func("/handshake/upgrade/octets-behind", test_upgrade_every_octet_behind);
    g_test_add_func("/handshake/upgrade/long", test_upgrade_long);
    g_test_add_func("/handshake/status", test_status);
    g_test_add_func("/handshake/status/every-number", test_status_every_number);
    g_test_add_func("/handshake/status/over-streams", test_status_over_streams);
    g_test_add_func("/types/endpoints", test_sides);
    g_test_add_func("/handshake/accept", test_accept_for_key);
    g_test_add_func("/handshake/accept/slice", test_accept_for_slice);
    g_test_add_func("/handshake/switching", test_switching);
    g_test_add_func("/handshake/subprotocol-unanswered", test_subprotocol_unanswered);
    g_test_add_func("/handshake/faults", test_faults);
    g_test_add_func("/handshake/faults/refusal", test_faults_of_a_refusal);
    g_test_add_func("/handshake/faults/over-streams", test_faults_over_streams);
    g_test_add_func("/handshake/faults/every-accept", test_every_wrong_accept);
    g_test_add_func("/handshake/allowances", test_allowances);
    return g_test_run();
}
