/* test_rows.c
 * Rows of decoder/words, those of the verdict aside.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "../../decoder/words/carrier.h"
#include "../../decoder/words/refused_status.h"
#include "rows.h"

static const wsclose_carrier carriers[] = { WSCLOSE_CARRIER_HTTP1, WSCLOSE_CARRIER_HTTP2,
                                            WSCLOSE_CARRIER_HTTP3 };

static void
test_carriers(void)
{
    static const char slots[] = "{transport} {connection} {socket} {response} {success} {upgrade} "
                                "{taken} {not meant} {mean} {headers} {removed} {let pass}";

    for (size_t i = 0; i < G_N_ELEMENTS(carriers); i++)
        check_row(carrier_scope(carriers[i]), slots);
}

static void
test_carrier_words(void)
{
    static const struct {
        wsclose_carrier carrier;
        const char *expected;
    } rows[] = {
        { WSCLOSE_CARRIER_HTTP1, "TCP over TCP: 101" },
        { WSCLOSE_CARRIER_HTTP2, "The stream over TCP: 2xx" },
        { WSCLOSE_CARRIER_HTTP3, "The stream over QUIC: 2xx" },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        GString *text = g_string_new(NULL);

        template_append(text, carrier_scope(rows[i].carrier),
                        "{Transport} over {connection}: {success}");
        g_assert_cmpstr(text->str, ==, rows[i].expected);
        g_string_free(text, TRUE);
    }
}

/* Every number has a row, whatever carries the connection. */
static void
test_refused_status(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(carriers); i++) {
        const template_scope *scope = carrier_scope(carriers[i]);
        const refused_status *last = NULL;

        for (unsigned status = 0; status <= G_MAXUINT16; status++) {
            const refused_status *row = refused_status_lookup(carriers[i], (uint16_t)status);

            g_assert_nonnull(row);
            g_assert_cmpuint(status, >=, row->first);
            g_assert_cmpuint(status, <=, row->last);
            if (row == last)
                continue;
            check_row(scope, row->name);
            check_paragraph(scope, row->seen_when);
            check_paragraph(scope, row->fix);
            last = row;
        }
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/rows/carrier/slots", test_carriers);
    g_test_add_func("/rows/carrier/words", test_carrier_words);
    g_test_add_func("/rows/refused-status", test_refused_status);
    return g_test_run();
}
