/* reading.c
 * How far a capture was read.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wsclose/reading.h"

#include <glib.h>

#include "words/readings.h"
#include "words/template.h"

G_STATIC_ASSERT(READING_NEEDS <= 32);

const char *
wsclose_reading_need(size_t i)
{
    return i < READING_NEEDS ? reading_needs[i].name : NULL;
}

void
wsclose_reading_add(wsclose_reading *sum, const wsclose_reading *other)
{
    wsclose_coverage_add(&sum->coverage, &other->coverage);
    sum->packets += other->packets;
    sum->without_header += other->without_header;
    sum->quic += other->quic;
    sum->tcp_connections += other->tcp_connections;
    sum->websocket_connections += other->websocket_connections;
    sum->disabled |= other->disabled;
}

bool
wsclose_reading_is_whole(const wsclose_reading *reading)
{
    return reading->disabled == 0 && reading->without_header == 0 && reading->quic == 0 &&
           wsclose_coverage_is_whole(&reading->coverage);
}

static void
append_disabled(GString *text, const reading_need *need)
{
    const template_slot slots[] = {
        { "name", need->name, NULL },
        { "title", need->title, NULL },
        { "without", need->without, NULL },
    };
    const template_scope scope = { .slots = slots, .n_slots = G_N_ELEMENTS(slots) };

    template_append(text, &scope, reading_disabled);
    g_string_append_c(text, '\n');
}

/* Add the paragraph about so many packets. */
static void
append_packets(GString *text, const char *row, uint64_t count)
{
    char number[24];
    const template_slot slots[] = {
        { "count", number, NULL },
        { "packets", count == 1 ? "packet" : "packets", NULL },
        { "have", count == 1 ? "has" : "have", NULL },
        { "are", count == 1 ? "is" : "are", NULL },
    };
    const template_scope scope = { .slots = slots, .n_slots = G_N_ELEMENTS(slots) };

    if (count == 0)
        return;
    g_snprintf(number, sizeof number, "%" G_GUINT64_FORMAT, count);
    template_append(text, &scope, row);
    g_string_append_c(text, '\n');
}

char *
wsclose_explain_reading(const wsclose_reading *reading)
{
    GString *text = g_string_new(NULL);
    wsclose_coverage coverage = reading->coverage;

    for (size_t i = 0; i < READING_NEEDS; i++) {
        if (!(reading->disabled & 1u << i))
            continue;
        append_disabled(text, &reading_needs[i]);
        /* Keys are no remedy then. */
        if (g_str_equal(reading_needs[i].name, "tls"))
            coverage.tls_without_keys = coverage.tls_outside = coverage.tls_partly = 0;
    }
    append_packets(text, reading_without_header, reading->without_header);
    append_packets(text, reading_quic, reading->quic);
    char *connections = wsclose_explain_coverage(&coverage);
    g_string_append(text, connections);
    wsclose_text_free(connections);
    return g_string_free(text, FALSE);
}

const char *
wsclose_explain_none_found(const wsclose_reading *reading)
{
    reading_none_found why = READING_NONE;

    if (!wsclose_reading_is_whole(reading))
        why = READING_NOT_WHOLE;
    else if (reading->packets == 0)
        why = READING_NO_PACKETS;
    else if (reading->tcp_connections == 0)
        why = READING_NO_TCP;
    return reading_none_found_rows[why];
}
