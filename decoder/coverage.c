/* coverage.c
 * What of a capture could not be looked into.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wsclose/coverage.h"

#include <glib.h>

#include "flow_private.h"
#include "words/coverages.h"
#include "words/template.h"

/* Encrypted records have come, so that there was something to read. */
static bool
is_encrypted(const wsclose_flow *flow)
{
    for (size_t i = 0; flow->tls && i < 2; i++) {
        const tls_records *records = &flow->tls[i].records;

        if (records->encrypted > 0 || records->lost)
            return true;
    }
    return false;
}

/* Whether what it carries may still be a WebSocket, for all that was seen of it. */
static bool
may_be_websocket(const wsclose_flow *flow)
{
    switch ((flow_protocol)flow->protocol) {
    case PROTOCOL_UNDECIDED:
    case PROTOCOL_OTHER:
        return !flow->tls && !flow->is_no_frames &&
               (flow->protocol == PROTOCOL_UNDECIDED || flow_is_begun_before(flow));
    case PROTOCOL_HTTP1:
        return flow->http1->readers[0].lost || flow->http1->readers[1].lost;
    case PROTOCOL_WEBSOCKET:
    case PROTOCOL_HTTP2:
    case PROTOCOL_OUTSIDE:
        break;
    }
    return false;
}

/* Whether a connection may have been opened before the capture began. */
static bool
lacks_opening(const wsclose_flow *flow)
{
    if (!flow_is_begun_before(flow))
        return false;
    if (flow->protocol == PROTOCOL_WEBSOCKET)
        return flow->websocket.connection && flow->websocket.connection->request.number == 0;
    return flow->protocol == PROTOCOL_HTTP2 || is_encrypted(flow) || may_be_websocket(flow);
}

static bool
has_hole(const wsclose_flow *flow)
{
    return flow->has_gap || wsclose_stream_has_hole(&flow->directions[0].stream) ||
           wsclose_stream_has_hole(&flow->directions[1].stream);
}

void
wsclose_coverage_take(wsclose_coverage *coverage, const wsclose_flow *flow)
{
    const bool matters = flow->is_watched || may_be_websocket(flow);

    if (is_encrypted(flow) && !flow->has_decrypted)
        coverage->tls_without_keys++;
    else if (flow->tls && (flow->directions[0].undecrypted || flow->directions[1].undecrypted))
        coverage->tls_partly++;
    coverage->tls_outside += flow->protocol == PROTOCOL_OUTSIDE;
    coverage->begun_before += lacks_opening(flow);
    coverage->with_gaps += matters && has_hole(flow);
    coverage->cut += matters && flow->has_cut;
}

void
wsclose_coverage_take_empty(wsclose_coverage *coverage, bool begun)
{
    coverage->begun_before += !begun;
}

void
wsclose_coverage_add(wsclose_coverage *sum, const wsclose_coverage *other)
{
    sum->tls_without_keys += other->tls_without_keys;
    sum->tls_outside += other->tls_outside;
    sum->tls_partly += other->tls_partly;
    sum->begun_before += other->begun_before;
    sum->with_gaps += other->with_gaps;
    sum->cut += other->cut;
}

bool
wsclose_coverage_is_whole(const wsclose_coverage *coverage)
{
    return coverage->tls_without_keys == 0 && coverage->tls_partly == 0 &&
           coverage->begun_before == 0 && coverage->with_gaps == 0 && coverage->cut == 0;
}

/* Add the paragraph of one count. */
static void
append_paragraph(GString *text, const coverage_row *row, uint64_t count)
{
    char number[24];
    const template_slot slots[] = {
        { "count", number, NULL },
        { "connections", count == 1 ? "TCP connection" : "TCP connections", NULL },
        { "are", count == 1 ? "is" : "are", NULL },
        { "have", count == 1 ? "has" : "have", NULL },
        { "lack", count == 1 ? "lacks" : "lack", NULL },
        { "carry", count == 1 ? "it carries" : "they carry", NULL },
        { "them", count == 1 ? "it" : "them", NULL },
        { "their", count == 1 ? "its" : "their", NULL },
    };
    const template_scope scope = { .slots = slots, .n_slots = G_N_ELEMENTS(slots) };

    if (count == 0)
        return;
    g_snprintf(number, sizeof number, "%" G_GUINT64_FORMAT, count);
    template_append(text, &scope, row->what);
    g_string_append_c(text, ' ');
    template_append(text, &scope, row->remedy);
    g_string_append_c(text, '\n');
}

char *
wsclose_explain_coverage(const wsclose_coverage *coverage)
{
    const uint64_t counts[COVERAGE_ROWS] = {
        [COVERAGE_TLS_WITHOUT_KEYS] = coverage->tls_without_keys - coverage->tls_outside,
        [COVERAGE_TLS_OUTSIDE] = coverage->tls_outside,
        [COVERAGE_TLS_PARTLY] = coverage->tls_partly,
        [COVERAGE_BEGUN_BEFORE] = coverage->begun_before,
        [COVERAGE_WITH_GAPS] = coverage->with_gaps,
        [COVERAGE_CUT] = coverage->cut,
    };
    GString *text = g_string_new(NULL);

    for (size_t i = 0; i < COVERAGE_ROWS; i++)
        append_paragraph(text, &coverage_rows[i], counts[i]);
    return g_string_free(text, FALSE);
}
