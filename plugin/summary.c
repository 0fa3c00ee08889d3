/* summary.c
 * One connection in a few words: what the reports tell of it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "summary.h"

#include "context.h"

#include <epan/to_str.h>

#include <wsclose/json_text.h>

static const char none[] = "-";
static const char not_known[] = "?";

summary
summary_of(const store_connection *connection)
{
    summary facts = { .connection = connection, .negotiation = store_negotiation(connection) };

    facts.ended = wsclose_connection_verdict(&connection->state, &facts.verdict);
    return facts;
}

char *
summary_printable(const char *octets, size_t len)
{
    char *valid = g_utf8_make_valid(octets, (gssize)len);
    GString *text = g_string_sized_new(strlen(valid));

    for (const char *at = valid; *at != '\0'; at = g_utf8_next_char(at)) {
        const gunichar character = g_utf8_get_char(at);

        const bool is_shown = g_unichar_isprint(character) && !wsclose_is_obeyed(character);
        g_string_append_unichar(text, is_shown ? character : 0xFFFD);
    }
    g_free(valid);
    return g_string_free(text, FALSE);
}

char *
summary_address(const store_endpoints *ends, size_t side)
{
    const address address = store_address(ends, side);
    char *text = address_to_str(NULL, &address);
    char *copy = g_strdup(text);

    wmem_free(NULL, text);
    return copy;
}

char *
summary_address_and_port(const store_endpoints *ends, size_t side)
{
    char *text = summary_address(ends, side);
    char *address_and_port = strchr(text, ':') ? g_strdup_printf("[%s]:%u", text, ends->ports[side])
                                               : g_strdup_printf("%s:%u", text, ends->ports[side]);

    g_free(text);
    return address_and_port;
}

int64_t
summary_start(const store_connection *connection)
{
    return connection->begun.time - store_first_time();
}

static char *
seconds(int64_t nanoseconds)
{
    return nanoseconds < 0 ? g_strdup(none)
                           : g_strdup_printf("%" PRId64 ".%03d", nanoseconds / 1000000000,
                                             (int)(nanoseconds / 1000000 % 1000));
}

/* Host and request-target, as a user would write them; without a host that is just the server's
 * address again. */
static char *
target_of(const store_connection *connection, const char *server)
{
    GString *text = g_string_new(NULL);

    if (connection->host && (connection->host->len != strlen(server) ||
                             memcmp(connection->host->text, server, connection->host->len) != 0))
        g_string_append_len(text, connection->host->text, connection->host->len);
    if (connection->path && !connection->state.outside)
        g_string_append_len(text, connection->path->text, connection->path->len);
    char *printable = text->len > 0 ? summary_printable(text->str, text->len)
                                    : g_strdup(connection->state.request.number ? none : not_known);
    g_string_free(text, TRUE);
    return printable;
}

const char *
summary_opened(const wsclose_connection *state)
{
    switch (wsclose_connection_opening(state)) {
    case WSCLOSE_OPENING_SUCCEEDED:
        return "yes";
    case WSCLOSE_OPENING_REFUSED:
        return "refused";
    case WSCLOSE_OPENING_UNANSWERED:
        return "no answer";
    case WSCLOSE_OPENING_UNSEEN:
        break;
    }
    return "not seen";
}

static char *
opened_with_status(const wsclose_connection *state)
{
    return wsclose_connection_opening(state) == WSCLOSE_OPENING_REFUSED
               ? g_strdup_printf("%s %u", summary_opened(state), state->status)
               : g_strdup(summary_opened(state));
}

static char *
names_of(const summary *facts, bool declined)
{
    const wsclose_negotiation *negotiation = facts->negotiation;
    const size_t count = declined ? negotiation->n_declined : negotiation->response->n_exts;

    if (wsclose_connection_opening(&facts->connection->state) == WSCLOSE_OPENING_REFUSED)
        return g_strdup(none);
    GString *text = g_string_new(NULL);
    for (size_t i = 0; i < count; i++)
        g_string_append_printf(text, "%s%s", i > 0 ? ", " : "",
                               declined ? negotiation->declined[i]
                                        : negotiation->response->exts[i].text);
    if (text->len == 0)
        g_string_append(text, negotiation->response_presence == WSCLOSE_HEADER_UNKNOWN ? not_known
                                                                                       : none);
    return g_string_free(text, FALSE);
}

/* The close code that an endpoint's API reports. */
static char *
code_of(const summary *facts, size_t side)
{
    const wsclose_reported *reported = &facts->verdict.reported[side];

    if (!facts->ended || facts->verdict.because[side] == WSCLOSE_BECAUSE_HANDSHAKE)
        return facts->ended && reported->known ? g_strdup_printf("%u", reported->code)
                                               : g_strdup(none);
    return reported->known ? g_strdup_printf("%u", reported->code) : g_strdup(not_known);
}

static const char *
initiator_of(const summary *facts)
{
    if (!facts->ended)
        return none;
    return facts->verdict.initiator == WSCLOSE_SIDE_UNKNOWN
               ? not_known
               : wsclose_side_name(facts->verdict.initiator);
}

static void
tell_verdict(const summary *facts, char **row)
{
    context_verdict judged;

    context_verdict_begin(&judged, facts->connection, facts->ended ? &facts->verdict : NULL,
                          facts->negotiation, true);
    row[SUMMARY_CAUSE] = g_strdup(judged.has_cause ? wsclose_cause_name(judged.cause.id) : none);
    if (!facts->ended) {
        row[SUMMARY_VERDICT_BRIEF] = g_strdup("still open");
        row[SUMMARY_VERDICT] = g_strdup("Still open where the capture ends");
        context_verdict_end(&judged);
        return;
    }
    char *text = wsclose_explain_verdict(&judged.context);
    char *brief = wsclose_explain_verdict_brief(&judged.context);
    row[SUMMARY_VERDICT_BRIEF] = g_strdup(brief);
    wsclose_text_free(brief);
    row[SUMMARY_VERDICT] = g_strdup(text);
    wsclose_text_free(text);
    context_verdict_end(&judged);
}

char **
summary_row(const store_connection *connection)
{
    const summary facts = summary_of(connection);
    char **row = g_new0(char *, SUMMARY_COLUMNS + 1);

    row[SUMMARY_STREAM] = g_strdup_printf("%u", connection->stream);
    row[SUMMARY_START] = seconds(MAX(summary_start(connection), 0));
    row[SUMMARY_CLIENT] = summary_address_and_port(connection->ends, 0);
    row[SUMMARY_SERVER] = summary_address_and_port(connection->ends, 1);
    row[SUMMARY_TARGET] = target_of(connection, row[SUMMARY_SERVER]);
    row[SUMMARY_OPENED] = opened_with_status(&connection->state);
    row[SUMMARY_DURATION] = seconds(facts.ended ? facts.verdict.duration : -1);
    row[SUMMARY_IDLE] = seconds(facts.ended ? facts.verdict.idle : -1);
    row[SUMMARY_INITIATOR] = g_strdup(initiator_of(&facts));
    row[SUMMARY_CLIENT_CODE] = code_of(&facts, 0);
    row[SUMMARY_SERVER_CODE] = code_of(&facts, 1);
    row[SUMMARY_CLEAN] = g_strdup(!facts.ended                ? none
                                  : connection->state.outside ? not_known
                                  : facts.verdict.clean       ? "yes"
                                                              : "no");
    row[SUMMARY_NEGOTIATED] = names_of(&facts, false);
    row[SUMMARY_DECLINED] = names_of(&facts, true);
    tell_verdict(&facts, row);
    return row;
}
