/* stat_json.c
 * tshark -z wsclose,json: JSON Lines, one object per connection.
 *
 * Keys are the names of the fields, where there is a field. What the capture does not tell has no
 * key.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "stat_json.h"

#include <stdio.h>

#include <wsutil/json_dumper.h>

#include "context.h"
#include "neighbours.h"
#include "reading.h"
#include "report.h"
#include "summary.h"

static void
add_uint(json_dumper *json, const char *name, uint64_t value)
{
    json_dumper_set_member_name(json, name);
    json_dumper_value_anyf(json, "%" PRIu64, value);
}

/* A packet, or a number that 0 stands for the lack of. */
static void
add_number(json_dumper *json, const char *name, uint32_t number)
{
    if (number != 0)
        add_uint(json, name, number);
}

static void
add_bool(json_dumper *json, const char *name, bool value)
{
    json_dumper_set_member_name(json, name);
    json_dumper_value_anyf(json, value ? "true" : "false");
}

/* Seconds, of nanoseconds. */
static void
add_time(json_dumper *json, const char *name, int64_t time)
{
    const bool negative = time < 0;
    const uint64_t absolute = negative ? 0 - (uint64_t)time : (uint64_t)time;

    json_dumper_set_member_name(json, name);
    json_dumper_value_anyf(json, "%s%" PRIu64 ".%09u", negative ? "-" : "", absolute / 1000000000,
                           (unsigned)(absolute % 1000000000));
}

static void
add_string(json_dumper *json, const char *name, const char *value)
{
    json_dumper_set_member_name(json, name);
    json_dumper_value_string(json, value);
}

static void
add_octets(json_dumper *json, const char *name, const store_text *text)
{
    if (!text)
        return;
    char *printable = summary_printable(text->text, text->len);
    add_string(json, name, printable);
    g_free(printable);
}

/* A sentence of the decoder's, which is taken over. */
static void
add_sentence(json_dumper *json, const char *name, char *text)
{
    if (text)
        add_string(json, name, text);
    wsclose_text_free(text);
}

static void
add_endpoint(json_dumper *json, const char *address_name, const char *port_name,
             const store_endpoints *ends, size_t side)
{
    char *text = summary_address(ends, side);

    add_string(json, address_name, text);
    g_free(text);
    add_uint(json, port_name, ends->ports[side]);
}

static void
add_names(json_dumper *json, const char *name, const char *const *names, size_t count)
{
    json_dumper_set_member_name(json, name);
    json_dumper_begin_array(json);
    for (size_t i = 0; i < count; i++)
        json_dumper_value_string(json, names[i]);
    json_dumper_end_array(json);
}

static void
add_exts(json_dumper *json, const char *name, const wsclose_ext_list *list)
{
    json_dumper_set_member_name(json, name);
    json_dumper_begin_array(json);
    for (size_t i = 0; i < list->n_exts; i++)
        json_dumper_value_string(json, list->exts[i].text);
    json_dumper_end_array(json);
}

static void
add_negotiation(json_dumper *json, const summary *facts)
{
    const wsclose_negotiation *negotiation = facts->negotiation;

    if (negotiation->offer_presence != WSCLOSE_HEADER_UNKNOWN)
        add_exts(json, "wsclose.ext.offered", negotiation->offer);
    if (negotiation->response_presence == WSCLOSE_HEADER_UNKNOWN ||
        wsclose_connection_opening(&facts->connection->state) == WSCLOSE_OPENING_REFUSED)
        return;
    add_exts(json, "wsclose.ext.accepted", negotiation->response);
    add_names(json, "wsclose.ext.declined", negotiation->declined, negotiation->n_declined);
    json_dumper_set_member_name(json, "wsclose.ext.unsolicited");
    json_dumper_begin_array(json);
    for (size_t i = 0; i < negotiation->n_matches; i++) {
        if (negotiation->matches[i].verdict == WSCLOSE_NEGOTIATION_UNSOLICITED)
            json_dumper_value_string(json, negotiation->matches[i].ext->text);
    }
    json_dumper_end_array(json);
    json_dumper_set_member_name(json, "wsclose.ext.invalid");
    json_dumper_begin_array(json);
    for (size_t i = 0; i < negotiation->n_invalid; i++)
        json_dumper_value_string(json, negotiation->invalid[i].text);
    json_dumper_end_array(json);
}

/* What became of the claim of a Close with 1010. */
static void
add_claim(json_dumper *json, const wsclose_mandatory_ext *mandatory)
{
    if (!mandatory)
        return;
    add_names(json, "wsclose.ext.needed", (const char *const *)mandatory->needed,
              g_strv_length(mandatory->needed));
    add_names(json, "wsclose.ext.missing", (const char *const *)mandatory->missing,
              g_strv_length(mandatory->missing));
    add_string(json, "wsclose.ext.verdict", wsclose_claim_verdict_name(mandatory->verdict));
}

/* The first Close frame of each endpoint, the only one as a rule. */
static void
add_close(json_dumper *json, const store_close *close)
{
    const wsclose_close_body body = store_close_body(close);

    json_dumper_begin_object(json);
    add_uint(json, "frame.number", close->packet);
    add_uint(json, "wsclose.sender", store_side_number(close->event.sender));
    if (body.kind == WSCLOSE_BODY_EMPTY || body.kind == WSCLOSE_BODY_CODE) {
        add_uint(json, "wsclose.code", body.code);
        add_bool(json, "wsclose.code.on_wire", body.kind == WSCLOSE_BODY_CODE);
        add_string(json, "wsclose.code.class",
                   wsclose_code_class_name(wsclose_code_lookup(body.code)->code_class));
    }
    if (body.reason.len > 0)
        add_sentence(json, "wsclose.reason", wsclose_close_reason_text(&body));
    json_dumper_end_object(json);
}

static void
add_closes(json_dumper *json, const store_connection *connection)
{
    const store_close *const *closes = connection->closes;
    const bool swapped = closes[0] && closes[1] && connection->state.first_close == WSCLOSE_SERVER;

    json_dumper_set_member_name(json, "closes");
    json_dumper_begin_array(json);
    for (size_t i = 0; i < 2; i++) {
        const store_close *close = closes[swapped ? 1 - i : i];

        if (close)
            add_close(json, close);
    }
    json_dumper_end_array(json);
}

/* Names of what was found in this connection. */
static void
add_findings(json_dumper *json, wsclose_finding_set found)
{
    json_dumper_set_member_name(json, "expert");
    json_dumper_begin_array(json);
    for (wsclose_finding finding = 0; found >> finding != 0; finding++) {
        if (wsclose_finding_is_in(finding, found))
            json_dumper_value_string(json, wsclose_finding_lookup(finding)->name);
    }
    json_dumper_end_array(json);
}

/* How long a side had been silent when the end began. */
static void
add_silence(json_dumper *json, const char *name, const wsclose_connection *state, wsclose_side side)
{
    const int64_t silence = wsclose_connection_silence(state, side, state->ending);

    if (silence >= 0)
        add_time(json, name, silence);
}

static void
add_cause(json_dumper *json, const store_connection *connection, const context_verdict *judged)
{
    const wsclose_connection *state = &connection->state;
    const wsclose_cause *cause = &judged->cause;
    const store_connection *leg = connection;

    if (judged->has_cause) {
        add_string(json, "wsclose.cause", wsclose_cause_name(cause->id));
        json_dumper_set_member_name(json, "wsclose.cause_in");
        json_dumper_begin_array(json);
        for (size_t i = 0; i < WSCLOSE_CAUSE_PACKETS && cause->packets[i] != 0; i++)
            json_dumper_value_anyf(json, "%" PRIu32, cause->packets[i]);
        json_dumper_end_array(json);
        add_uint(json, "wsclose.cause_by", cause->by);
        add_bool(json, "wsclose.cause_certain", cause->certain);
    }
    if (connection->leg != 0) {
        json_dumper_set_member_name(json, "wsclose.other_leg");
        json_dumper_begin_array(json);
        while ((leg = neighbours_next_leg(connection, leg)) != NULL)
            json_dumper_value_anyf(json, "%" PRIu32, leg->stream);
        json_dumper_end_array(json);
    }
    if (judged->neighbours.together > 1)
        add_uint(json, "wsclose.together", judged->neighbours.together);
    add_number(json, "wsclose.ping_unanswered", context_ping_unanswered(&judged->context));
    if (!state->has_ending)
        return;
    add_silence(json, "wsclose.last_client", state, WSCLOSE_CLIENT);
    add_silence(json, "wsclose.last_server", state, WSCLOSE_SERVER);
}

static void
add_verdict(json_dumper *json, const summary *facts, const context_verdict *judged)
{
    const wsclose_connection *state = &facts->connection->state;
    const wsclose_verdict *verdict = &facts->verdict;

    add_bool(json, "ended", facts->ended);
    add_cause(json, facts->connection, judged);
    if (!facts->ended)
        return;
    add_number(json, "wsclose.verdict_in", facts->connection->verdict.number);
    if (verdict->duration >= 0)
        add_time(json, "wsclose.duration", verdict->duration);
    if (verdict->idle >= 0)
        add_time(json, "wsclose.idle", verdict->idle);
    add_uint(json, "wsclose.initiator", store_side_number(verdict->initiator));
    if (verdict->reported[0].known)
        add_uint(json, "wsclose.client.code", verdict->reported[0].code);
    if (verdict->reported[1].known)
        add_uint(json, "wsclose.server.code", verdict->reported[1].code);
    if (!state->outside)
        add_bool(json, "wsclose.clean", verdict->clean);
    if (verdict->incomplete)
        add_bool(json, "wsclose.incomplete", true);
    add_sentence(json, "wsclose.verdict", wsclose_explain_verdict(&judged->context));
    add_sentence(json, "wsclose.description",
                 wsclose_explain_verdict_description(&judged->context));
    add_sentence(json, "wsclose.seen_when", wsclose_explain_verdict_seen_when(&judged->context));
    add_sentence(json, "wsclose.fix", wsclose_explain_verdict_fix(&judged->context));
}

/* The object as a line, which has nothing in it that cannot be printed. */
static GString *
finish_line(json_dumper *json)
{
    json_dumper_end_object(json);
    json_dumper_finish(json);
    char *printable = wsclose_json_printable(json->output_string->str);
    g_string_assign(json->output_string, printable);
    wsclose_text_free(printable);
    return json->output_string;
}

static gpointer
line_of(const store_connection *connection)
{
    const summary facts = summary_of(connection);
    const wsclose_connection *state = &connection->state;
    json_dumper json = { .output_string = g_string_new(NULL) };
    context_verdict judged;

    context_verdict_begin(&judged, connection, facts.ended ? &facts.verdict : NULL,
                          facts.negotiation, true);
    json_dumper_begin_object(&json);
    add_uint(&json, "wsclose.stream", connection->stream);
    if (state->carrier == WSCLOSE_CARRIER_HTTP2)
        add_uint(&json, "wsclose.http2_stream", connection->http2_stream);
    add_number(&json, "frame.number", connection->begun.number);
    add_time(&json, "frame.time_epoch", connection->begun.time);
    add_time(&json, "frame.time_relative", summary_start(connection));
    add_endpoint(&json, "client.address", "client.port", connection->ends, 0);
    add_endpoint(&json, "server.address", "server.port", connection->ends, 1);
    if (state->outside)
        add_bool(&json, "tls", true);
    add_octets(&json, state->outside ? "tls.server_name" : "host", connection->host);
    add_octets(&json, state->outside ? "tls.alpn" : "path", connection->path);
    add_string(&json, "opened", summary_opened(state));
    add_number(&json, "wsclose.handshake_status", state->status);
    add_number(&json, "wsclose.request_in", state->request.number);
    add_number(&json, "wsclose.response_in", state->response.number);
    add_verdict(&json, &facts, &judged);
    if (!state->outside) {
        add_uint(&json, "wsclose.frames.client", state->frames[0]);
        add_uint(&json, "wsclose.frames.server", state->frames[1]);
    }
    add_negotiation(&json, &facts);
    add_claim(&json, judged.context.mandatory);
    add_closes(&json, connection);
    add_bool(&json, "breach", wsclose_findings_from(state->findings, WSCLOSE_SEVERITY_ERROR) != 0);
    add_findings(&json, state->findings);
    context_verdict_end(&judged);
    return finish_line(&json);
}

static void
free_line(gpointer line)
{
    g_string_free(line, TRUE);
}

/* A whole line, written at once: a reader at the other end of a pipe sees no half of one. */
static void
print_line(const GString *line)
{
    fwrite(line->str, 1, line->len, stdout);
    fflush(stdout);
}

static void
print_lines(const GPtrArray *lines, const char *filter _U_)
{
    for (unsigned i = 0; i < lines->len; i++)
        print_line(lines->pdata[i]);
}

static void
add_disabled(json_dumper *json, uint32_t disabled)
{
    if (disabled == 0)
        return;
    json_dumper_set_member_name(json, "disabled");
    json_dumper_begin_array(json);
    for (unsigned i = 0; disabled >> i != 0; i++) {
        if (disabled >> i & 1)
            json_dumper_value_string(json, wsclose_reading_need(i));
    }
    json_dumper_end_array(json);
}

/* The last line: what could not be looked into. */
static void
print_coverage(const report_end *end)
{
    json_dumper json = { .output_string = g_string_new(NULL) };
    reading_count counts[READING_COUNTS];

    json_dumper_begin_object(&json);
    add_string(&json, "type", "coverage");
    add_uint(&json, "connections", end->lines);
    reading_counts(&end->reading, counts);
    for (size_t i = 0; i < READING_COUNTS; i++)
        add_uint(&json, counts[i].key, counts[i].count);
    add_disabled(&json, end->reading.disabled);
    add_bool(&json, "whole", wsclose_reading_is_whole(&end->reading));
    add_uint(&json, "tcp_connections", end->reading.tcp_connections);
    add_uint(&json, "packets", end->reading.packets);
    GString *line = finish_line(&json);
    print_line(line);
    g_string_free(line, TRUE);
}

void
stat_json_register(void)
{
    static const report_kind kind = { .cli_string = "wsclose,json",
                                      .line_of = line_of,
                                      .print = print_lines,
                                      .print_end = print_coverage,
                                      .free_line = free_line,
                                      .at_once = true };

    report_register_lines(&kind);
}
