/* summary.c
 * One connection in a few words: what the reports tell of it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "summary.h"

#include <epan/to_str.h>

static const char none[] = "-";
static const char not_known[] = "?";

summary
summary_of(const store_connection *connection)
{
    summary of = {.connection = connection, .negotiation = store_negotiation(connection)};

    of.ended = wsclose_connection_verdict(&connection->state, &of.verdict);
    return of;
}

char *
summary_printable(const char *octets, size_t len)
{
    char *valid = g_utf8_make_valid(octets, (gssize)len);
    GString *text = g_string_sized_new(strlen(valid));

    for (const char *at = valid; *at != '\0'; at = g_utf8_next_char(at)) {
        const gunichar character = g_utf8_get_char(at);

        g_string_append_unichar(text, g_unichar_isprint(character) ? character : 0xFFFD);
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
    if (connection->path)
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
names_of(const summary *of, bool declined)
{
    const wsclose_negotiation *negotiation = of->negotiation;
    const size_t count = declined ? negotiation->n_declined : negotiation->response->n_exts;

    if (wsclose_connection_opening(&of->connection->state) == WSCLOSE_OPENING_REFUSED)
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
code_of(const summary *of, size_t side)
{
    const wsclose_reported *reported = &of->verdict.reported[side];

    if (!of->ended || of->verdict.because[side] == WSCLOSE_BECAUSE_HANDSHAKE)
        return of->ended && reported->known ? g_strdup_printf("%u", reported->code) : g_strdup(none);
    return reported->known ? g_strdup_printf("%u", reported->code) : g_strdup(not_known);
}

static const char *
initiator_of(const summary *of)
{
    if (!of->ended)
        return none;
    return of->verdict.initiator == WSCLOSE_SIDE_UNKNOWN
               ? not_known
               : wsclose_side_name(of->verdict.initiator);
}

static void
tell_verdict(const summary *of, char **row)
{
    if (!of->ended) {
        row[SUMMARY_VERDICT_BRIEF] = g_strdup("still open");
        row[SUMMARY_VERDICT] = g_strdup("Still open where the capture ends");
        return;
    }
    const wsclose_verdict_context context = {&of->connection->state, &of->verdict, of->negotiation};
    char *text = wsclose_explain_verdict(&context);
    row[SUMMARY_VERDICT_BRIEF] = g_strdup(wsclose_verdict_brief(&context));
    row[SUMMARY_VERDICT] = g_strdup(text);
    wsclose_text_free(text);
}

char **
summary_row(const store_connection *connection)
{
    const summary of = summary_of(connection);
    char **row = g_new0(char *, SUMMARY_COLUMNS + 1);

    row[SUMMARY_STREAM] = g_strdup_printf("%u", connection->stream);
    row[SUMMARY_START] = seconds(MAX(summary_start(connection), 0));
    row[SUMMARY_CLIENT] = summary_address_and_port(connection->ends, 0);
    row[SUMMARY_SERVER] = summary_address_and_port(connection->ends, 1);
    row[SUMMARY_TARGET] = target_of(connection, row[SUMMARY_SERVER]);
    row[SUMMARY_OPENED] = opened_with_status(&connection->state);
    row[SUMMARY_DURATION] = seconds(of.ended ? of.verdict.duration : -1);
    row[SUMMARY_IDLE] = seconds(of.ended ? of.verdict.idle : -1);
    row[SUMMARY_INITIATOR] = g_strdup(initiator_of(&of));
    row[SUMMARY_CLIENT_CODE] = code_of(&of, 0);
    row[SUMMARY_SERVER_CODE] = code_of(&of, 1);
    row[SUMMARY_CLEAN] = g_strdup(!of.ended ? none : of.verdict.clean ? "yes" : "no");
    row[SUMMARY_NEGOTIATED] = names_of(&of, false);
    row[SUMMARY_DECLINED] = names_of(&of, true);
    tell_verdict(&of, row);
    return row;
}
