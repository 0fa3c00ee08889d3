/* test_tls_servers.c
 * The list of TLS servers: its grammar, and whom it means.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wsclose/tls_servers.h"

#include <arpa/inet.h>
#include <glib.h>
#include <string.h>

#include "wsclose/explain.h"

/* An end as "address port name". */
static bool
matches(const wsclose_tls_servers *servers, const char *text, bool is_server)
{
    char **parts = g_strsplit(text, " ", -1);
    uint8_t address[16];
    wsclose_tls_end end = {
        .address = address,
        .address_len = 4,
        .port = (uint16_t)g_ascii_strtoull(parts[1], NULL, 10),
        .other_port = 50000,
        .is_server = is_server,
    };

    if (inet_pton(AF_INET, parts[0], address) != 1) {
        g_assert_cmpint(inet_pton(AF_INET6, parts[0], address), ==, 1);
        end.address_len = 16;
    }
    if (parts[2])
        end.name = (wsclose_slice){parts[2], strlen(parts[2])};
    const bool found = wsclose_tls_servers_match(servers, &end);
    g_strfreev(parts);
    return found;
}

static const struct {
    const char *list;
    const char *end;
    bool expected;
} rows[] = {
    {"all", "192.0.2.1 443", true},
    {"ALL", "192.0.2.1 443", true},
    {"443", "192.0.2.1 443", true},
    {"443", "192.0.2.1 8443", false},
    {"192.0.2.1", "192.0.2.1 443", true},
    {"192.0.2.1", "192.0.2.2 443", false},
    {"192.0.2.1:8443", "192.0.2.1 8443", true},
    {"192.0.2.1:8443", "192.0.2.1 443", false},
    {"192.0.2.0/24", "192.0.2.255 443", true},
    {"192.0.2.0/24", "192.0.3.1 443", false},
    {"192.0.2.128/25", "192.0.2.127 443", false},
    {"192.0.2.128/25", "192.0.2.129 443", true},
    {"0.0.0.0/0", "198.51.100.1 443", true},
    {"0.0.0.0/0", "2001:db8::1 443", false},
    {"2001:db8::1", "2001:db8::1 443", true},
    {"2001:db8::1", "2001:db8::2 443", false},
    {"[2001:db8::1]:8443", "2001:db8::1 8443", true},
    {"[2001:db8::1]:8443", "2001:db8::1 443", false},
    {"[2001:db8::1]", "2001:db8::1 443", true},
    {"2001:db8::/32", "2001:db8:1::1 443", true},
    {"api.example.com", "192.0.2.1 443 api.example.com", true},
    {"api.example.com", "192.0.2.1 443 API.example.COM", true},
    {"api.example.com", "192.0.2.1 443 www.api.example.com", false},
    {"api.example.com", "192.0.2.1 443", false},
    {"api.example.com:443", "192.0.2.1 8443 api.example.com", false},
    {"*.example.com", "192.0.2.1 443 api.example.com", true},
    {"*.example.com", "192.0.2.1 443 a.b.example.com", true},
    {"*.example.com", "192.0.2.1 443 example.com", false},
    {"*.example.com", "192.0.2.1 443 badexample.com", false},
    {"10.0.0.1, 443", "192.0.2.1 443", true},
    {"10.0.0.1 8443", "192.0.2.1 443", false},
    {"my_host-1", "192.0.2.1 443 my_host-1", true},
};

static void
test_match(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        char *error = NULL;
        wsclose_tls_servers *servers = wsclose_tls_servers_new(rows[i].list, &error);

        g_assert_null(error);
        if (matches(servers, rows[i].end, true) != rows[i].expected) {
            g_test_message("%s, %s", rows[i].list, rows[i].end);
            g_test_fail();
        }
        wsclose_tls_servers_free(servers);
    }
}

/* Without a ClientHello the lower port is the server's. */
static void
test_which_end(void)
{
    wsclose_tls_servers *all = wsclose_tls_servers_new("all", NULL);
    wsclose_tls_servers *one = wsclose_tls_servers_new("192.0.2.1", NULL);

    g_assert_true(matches(all, "192.0.2.1 443", false));
    g_assert_false(matches(all, "192.0.2.1 60000", false));
    g_assert_true(matches(all, "192.0.2.1 60000", true));
    g_assert_true(matches(one, "192.0.2.1 60000", false));
    wsclose_tls_servers_free(all);
    wsclose_tls_servers_free(one);
}

static void
test_empty(void)
{
    char *error = NULL;

    g_assert_null(wsclose_tls_servers_new("", &error));
    g_assert_null(wsclose_tls_servers_new(" , ", &error));
    g_assert_null(error);
    g_assert_false(matches(NULL, "192.0.2.1 443", true));
    wsclose_tls_servers_free(NULL);
}

/* An error is fit to be shown, whatever was typed. */
static void
check_shown(const char *error)
{
    g_assert_true(g_utf8_validate(error, -1, NULL));
    for (const char *c = error; *c; c = g_utf8_next_char(c))
        g_assert_true(g_unichar_isprint(g_utf8_get_char(c)));
}

/* What is right of the list holds. */
static void
test_wrong(void)
{
    static const char *const wrong[] = {
        "192.0.2.1/33", "192.0.2.1/x", "[2001:db8::1", "[2001:db8::1]x", "a:b", "a:0", "a:65536",
        "0",            "70000:1",     "*.",           "*",              "a/8", "x y!",  "\xff",
        "\x1b[31m",     "a\xc2\x85",
    };

    for (gsize i = 0; i < G_N_ELEMENTS(wrong); i++) {
        char *list = g_strconcat(wrong[i], ",443", NULL);
        char *error = NULL;
        wsclose_tls_servers *servers = wsclose_tls_servers_new(list, &error);

        if (!error) {
            g_test_message("%s is taken", wrong[i]);
            g_test_fail();
        }
        check_shown(error);
        g_assert_true(matches(servers, "192.0.2.1 443", true));
        wsclose_text_free(error);
        wsclose_tls_servers_free(servers);
        g_free(list);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/tls-servers/match", test_match);
    g_test_add_func("/tls-servers/which-end", test_which_end);
    g_test_add_func("/tls-servers/empty", test_empty);
    g_test_add_func("/tls-servers/wrong", test_wrong);
    return g_test_run();
}
