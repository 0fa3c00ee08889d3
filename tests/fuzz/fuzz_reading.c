/* fuzz_reading.c
 * Any counts of what could not be looked into: what is said of them, alone and added up.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wsclose/reading.h"

#include "input.h"
#include "oracle.h"

/* Few, or as many as there can be. */
static uint64_t
next_count(reader *in)
{
    const uint8_t what = next_octet(in);

    return what < 128 ? what & 7 : next_number(in, 1 + (what & 3));
}

static wsclose_reading
next_reading(reader *in)
{
    wsclose_reading reading = { .coverage.tls_without_keys = next_count(in),
                                .coverage.tls_outside = next_count(in),
                                .coverage.tls_partly = next_count(in),
                                .coverage.begun_before = next_count(in),
                                .coverage.with_gaps = next_count(in),
                                .coverage.cut = next_count(in),
                                .packets = next_count(in),
                                .without_header = next_count(in),
                                .quic = next_count(in),
                                .tcp_connections = next_count(in),
                                .websocket_connections = next_count(in) };
    const uint8_t disabled = next_octet(in);

    for (size_t i = 0; wsclose_reading_need(i); i++)
        reading.disabled |= (uint32_t)(disabled >> (i & 7) & 1) << i;
    reading.coverage.tls_outside = MIN(reading.coverage.tls_outside, reading.coverage.tls_without_keys);
    return reading;
}

/* Paragraphs, each of which is a line; there are some where something was not looked into. */
static void
check_paragraphs(char *text, bool is_whole)
{
    char **lines = g_strsplit(text, "\n", -1);

    statements++;
    g_assert_true((text[0] == '\0') == is_whole);
    for (guint i = 0; lines[i] && lines[i + 1]; i++)
        check_words(lines[i], SIZE_MAX);
    g_assert_true(is_whole || g_str_has_suffix(text, "\n"));
    g_strfreev(lines);
    wsclose_text_free(text);
}

static void
check(const wsclose_reading *reading)
{
    const bool is_whole = wsclose_reading_is_whole(reading);

    check_paragraphs(wsclose_explain_coverage(&reading->coverage),
                     wsclose_coverage_is_whole(&reading->coverage));
    check_paragraphs(wsclose_explain_reading(reading), is_whole);
    g_assert_true(!is_whole || wsclose_coverage_is_whole(&reading->coverage));
    if (reading->websocket_connections == 0)
        check_words(wsclose_explain_none_found(reading), SIZE_MAX);
}

/* In any order the sum is the same, and it is whole only where both are. */
static void
check_sum(const wsclose_reading *a, const wsclose_reading *b)
{
    wsclose_reading sums[] = { *a, *b };

    statements += 2;
    wsclose_reading_add(&sums[0], b);
    wsclose_reading_add(&sums[1], a);
    g_assert_cmpmem(&sums[0].coverage, sizeof sums[0].coverage, &sums[1].coverage,
                    sizeof sums[1].coverage);
    g_assert_cmpuint(sums[0].packets, ==, sums[1].packets);
    g_assert_cmpuint(sums[0].tcp_connections, ==, a->tcp_connections + b->tcp_connections);
    g_assert_cmpuint(sums[0].websocket_connections, ==, sums[1].websocket_connections);
    g_assert_cmpuint(sums[0].without_header, ==, sums[1].without_header);
    g_assert_cmpuint(sums[0].quic, ==, sums[1].quic);
    g_assert_cmpuint(sums[0].disabled, ==, sums[1].disabled);
    g_assert_true(wsclose_reading_is_whole(&sums[0]) ==
                  (wsclose_reading_is_whole(a) && wsclose_reading_is_whole(b)));
    check(&sums[0]);
}

static void
check_coverage_alone(const wsclose_coverage *coverage)
{
    wsclose_coverage sum = { 0 };

    wsclose_coverage_add(&sum, coverage);
    g_assert_cmpmem(&sum, sizeof sum, coverage, sizeof *coverage);
    wsclose_coverage_take_empty(&sum, true);
    g_assert_cmpmem(&sum, sizeof sum, coverage, sizeof *coverage);
    wsclose_coverage_take_empty(&sum, false);
    g_assert_cmpuint(sum.begun_before, ==, coverage->begun_before + 1);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    reader in = { data, size };
    const wsclose_reading readings[] = { next_reading(&in), next_reading(&in) };

    check(&readings[0]);
    check_sum(&readings[0], &readings[1]);
    check_coverage_alone(&readings[0].coverage);
    return 0;
}
