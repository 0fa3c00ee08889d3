/* test_reading.c
 * How far a capture was read: when all of it was, and what is said.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wsclose/reading.h"

#include "../../decoder/words/coverages.h"
#include "../../decoder/words/readings.h"
#include "rows.h"

#define NAMED(name) { name, "x", NULL }

static const template_slot slots[] = {
    NAMED("count"),   NAMED("packets"),     NAMED("have"), NAMED("name"), NAMED("title"),
    NAMED("without"), NAMED("connections"), NAMED("are"),  NAMED("lack"), NAMED("carry"),
    NAMED("them"),    NAMED("their"),
};
static const template_scope scope = { slots, G_N_ELEMENTS(slots), NULL, NULL };

/* A capture with all kinds of packets, all of them read. */
static const wsclose_reading whole = { .packets = 10, .tcp_connections = 2 };

static void
test_rows(void)
{
    check_paragraph(&scope, reading_disabled);
    check_paragraph(&scope, reading_without_header);
    check_paragraph(&scope, reading_quic);
    for (size_t i = 0; i < READING_NONE_FOUND_ROWS; i++) {
        const char *row = reading_none_found_rows[i];

        check_row(NULL, row);
        g_assert_true(strchr(".)", row[strlen(row) - 1]));
    }
    for (size_t i = 0; i < READING_NEEDS; i++) {
        check_row(NULL, reading_needs[i].name);
        check_row(NULL, reading_needs[i].title);
        check_row(NULL, reading_needs[i].without);
    }
    for (size_t i = 0; i < COVERAGE_ROWS; i++) {
        /* "tls,FILE" is an option, and would be no sentence. */
        g_assert_cmpstr(template_unknown_slot(&scope, coverage_rows[i].what), ==, NULL);
        g_assert_cmpstr(template_unknown_slot(&scope, coverage_rows[i].remedy), ==, NULL);
    }
}

static void
test_needs(void)
{
    g_assert_cmpstr(wsclose_reading_need(0), ==, "wsclose");
    g_assert_nonnull(wsclose_reading_need(READING_NEEDS - 1));
    g_assert_null(wsclose_reading_need(READING_NEEDS));
    g_assert_null(wsclose_reading_need(SIZE_MAX));
}

static uint32_t
bit_of(const char *name)
{
    size_t i = 0;

    while (!g_str_equal(wsclose_reading_need(i), name))
        i++;
    return 1u << i;
}

static void
check_said(const wsclose_reading *reading, unsigned paragraphs, const char *part)
{
    char *text = wsclose_explain_reading(reading);
    unsigned ends = 0;

    g_test_message("%s", text);
    g_assert_cmpint(wsclose_reading_is_whole(reading), ==, paragraphs == 0);
    for (const char *at = text; *at != '\0'; at++)
        ends += *at == '\n';
    g_assert_cmpuint(ends, ==, paragraphs);
    g_assert_true(paragraphs == 0 || g_str_has_suffix(text, ".\n"));
    g_assert_nonnull(strstr(text, part));
    g_assert_null(strpbrk(text, "{}"));
    wsclose_text_free(text);
}

static void
test_said(void)
{
    wsclose_reading reading = whole;

    check_said(&reading, 0, "");
    reading.coverage.tls_without_keys = 3;
    check_said(&reading, 1, "3 TCP connections are TLS without keys");
    reading.without_header = 1;
    check_said(&reading, 2, "1 packet of TCP has no whole header");
    reading.without_header = 2;
    check_said(&reading, 2, "2 packets of TCP have no whole header");
    reading.quic = 7;
    check_said(&reading, 3, "7 packets are QUIC, and WebSocket over HTTP/3 ");
    reading.disabled = bit_of("http2") | bit_of("ipv6");
    check_said(&reading, 5, "--disable-protocol http2, ");
}

/* Whoever does not want TLS dissected has no use for keys. */
static void
test_tls_disabled(void)
{
    wsclose_reading reading = whole;

    reading.coverage = (wsclose_coverage){ .tls_without_keys = 1, .tls_partly = 1, .cut = 1 };
    check_said(&reading, 3, "SSLKEYLOGFILE");
    reading.disabled = bit_of("tls");
    check_said(&reading, 2, "The dissection of TLS is disabled, so nothing was decrypted.");
    char *text = wsclose_explain_reading(&reading);
    g_assert_null(strstr(text, "SSLKEYLOGFILE"));
    wsclose_text_free(text);
}

static void
check_none_found(const wsclose_reading *reading, const char *start)
{
    g_assert_true(g_str_has_prefix(wsclose_explain_none_found(reading), start));
}

static void
test_none_found(void)
{
    wsclose_reading reading = whole;

    check_none_found(&reading, "There is no WebSocket connection in this capture.");
    reading.tcp_connections = 0;
    check_none_found(&reading, "There is no TCP in this capture, ");
    reading.packets = 0;
    check_none_found(&reading, "This capture has no packets.");
    reading.disabled = bit_of("wsclose");
    check_none_found(&reading, "No WebSocket connection was found, but not everything ");
    reading = whole;
    reading.coverage.begun_before = 1;
    check_none_found(&reading, "No WebSocket connection was found, but not everything ");
    reading = whole;
    reading.without_header = 1;
    check_none_found(&reading, "No WebSocket connection was found, but not everything ");
    reading = whole;
    reading.quic = 1;
    check_none_found(&reading, "No WebSocket connection was found, but not everything ");
}

static void
test_add(void)
{
    wsclose_reading sum = { { 1, 2, 3, 4, 5, 6 }, 10, 1, 2, 20, 30, 1 };
    const wsclose_reading other = { { 1, 1, 1, 1, 1, 1 }, 5, 6, 7, 7, 8, 6 };
    const wsclose_reading expected = { { 2, 3, 4, 5, 6, 7 }, 15, 7, 9, 27, 38, 7 };

    wsclose_reading_add(&sum, &other);
    g_assert_cmpmem(&sum.coverage, sizeof sum.coverage, &expected.coverage, sizeof sum.coverage);
    g_assert_cmpuint(sum.packets, ==, expected.packets);
    g_assert_cmpuint(sum.without_header, ==, expected.without_header);
    g_assert_cmpuint(sum.quic, ==, expected.quic);
    g_assert_cmpuint(sum.tcp_connections, ==, expected.tcp_connections);
    g_assert_cmpuint(sum.websocket_connections, ==, expected.websocket_connections);
    g_assert_cmpuint(sum.disabled, ==, expected.disabled);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/reading/rows", test_rows);
    g_test_add_func("/reading/needs", test_needs);
    g_test_add_func("/reading/said", test_said);
    g_test_add_func("/reading/tls-disabled", test_tls_disabled);
    g_test_add_func("/reading/none-found", test_none_found);
    g_test_add_func("/reading/add", test_add);
    return g_test_run();
}
