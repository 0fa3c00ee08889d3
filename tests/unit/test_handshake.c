/* test_handshake.c
 * The opening handshake: the Upgrade header, the status, and the names of the two endpoints.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wsclose/handshake.h"

#include "exact_copy.h"

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
    const gint64 begin = g_get_monotonic_time();

    memset(value, ',', len);
    g_assert_false(names_websocket(value, len));
    memset(value, 'w', len);
    g_assert_false(names_websocket(value, len));
    value[len - 10] = ',';
    memcpy(value + len - 9, "websocket", 9);
    g_assert_true(names_websocket(value, len));
    g_assert_cmpint(g_get_monotonic_time() - begin, <, G_USEC_PER_SEC);
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
        g_assert_true(wsclose_status_is_final(status_rows[i].status) == status_rows[i].final);
        g_assert_true(wsclose_status_is_success(status_rows[i].status) == status_rows[i].success);
    }
}

static void
test_status_every_number(void)
{
    for (unsigned status = 0; status <= 1200; status++) {
        g_assert_true(wsclose_status_is_success(status) == (status == 101));
        g_assert_true(wsclose_status_is_final(status) == (status / 100 != 1 || status == 101));
    }
}

static void
test_endpoints(void)
{
    g_assert_cmpstr(wsclose_endpoint_name(WSCLOSE_ENDPOINT_CLIENT), ==, "client");
    g_assert_cmpstr(wsclose_endpoint_name(WSCLOSE_ENDPOINT_SERVER), ==, "server");
    g_assert_cmpstr(wsclose_endpoint_name(WSCLOSE_ENDPOINT_UNKNOWN), ==, "unknown endpoint");
    g_assert_cmpint(wsclose_endpoint_peer(WSCLOSE_ENDPOINT_CLIENT), ==, WSCLOSE_ENDPOINT_SERVER);
    g_assert_cmpint(wsclose_endpoint_peer(WSCLOSE_ENDPOINT_SERVER), ==, WSCLOSE_ENDPOINT_CLIENT);
    g_assert_cmpint(wsclose_endpoint_peer(WSCLOSE_ENDPOINT_UNKNOWN), ==, WSCLOSE_ENDPOINT_UNKNOWN);
    /* The values of wsclose.sender, which users filter on. */
    g_assert_cmpint(WSCLOSE_ENDPOINT_UNKNOWN, ==, 0);
    g_assert_cmpint(WSCLOSE_ENDPOINT_CLIENT, ==, 1);
    g_assert_cmpint(WSCLOSE_ENDPOINT_SERVER, ==, 2);
}

static void
test_http_message(void)
{
    static const struct {
        const char *octets;
        bool http;
    } cases[] = {
        { "HTTP/1.1 101 Switching Protocols\r\n", true },
        { "HTTP/1.0", true },
        { "GET / HTTP/1.1\r\n", true },
        { "HTTP/1", false }, /* too short to tell */
        { "GET", false },
        { "HTTP/2", false },
        { "", false },
        { "\x88\x02\x03\xe8", false },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        const size_t len = strlen(cases[i].octets);
        uint8_t *octets = g_memdup2(cases[i].octets, len);

        g_assert_true(wsclose_starts_http_message(octets, len) == cases[i].http);
        g_free(octets);
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
    g_test_add_func("/types/endpoints", test_endpoints);
    g_test_add_func("/handshake/http-message", test_http_message);
    return g_test_run();
}
