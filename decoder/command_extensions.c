/* command_extensions.c
 * The subcommand extensions: a negotiation, as the client must judge it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "command.h"

#include <wsclose/wsclose.h>

#include <string.h>

#include "command_print.h"

static void
side_text(GString *out, const char *label, wsclose_presence presence, const wsclose_ext_list *list)
{
    if (presence == WSCLOSE_HEADER_UNKNOWN) {
        print_row(out, label, "not given");
        return;
    }
    if (presence == WSCLOSE_HEADER_ABSENT) {
        print_row(out, label, "the header was not sent");
        return;
    }
    char *grammar = list->valid
                        ? g_strdup("follows the grammar")
                        : g_strdup_printf("breaks the grammar at octet %zu", list->error_offset);
    print_row(out, label, grammar);
    g_free(grammar);
    for (size_t i = 0; i < list->n_exts; i++)
        print_value(out, "", list->exts[i].text);
}

static void
extensions_text(GString *out, const wsclose_negotiation *negotiation)
{
    side_text(out, "offer", negotiation->offer_presence, negotiation->offer);
    side_text(out, "response", negotiation->response_presence, negotiation->response);
    if (negotiation->verdict != WSCLOSE_NEGOTIATION_UNKNOWN)
        print_row(out, "verdict", wsclose_negotiation_verdict_name(negotiation->verdict));
    for (size_t i = 0; i < negotiation->n_matches; i++) {
        const wsclose_match *match = &negotiation->matches[i];
        char *text = g_strdup_printf("%s: %s", match->ext->name, match->why);
        print_row(out, wsclose_negotiation_verdict_name(match->verdict), text);
        g_free(text);
    }
    for (size_t i = 0; i < negotiation->n_declined; i++)
        print_value(out, "declined", negotiation->declined[i]);
    for (size_t i = 0; i < negotiation->n_invalid; i++) {
        const wsclose_invalid_ext *invalid = &negotiation->invalid[i];
        /* An answered extension has said so above. */
        if (invalid->sender == WSCLOSE_CLIENT || !negotiation->response->valid) {
            char *text = g_strdup_printf("the %s's \"%s\": %s", wsclose_side_name(invalid->sender),
                                         invalid->text, invalid->why);
            print_row(out, "invalid", text);
            g_free(text);
        }
    }
}

static void
member_side(JsonBuilder *json, const char *name, wsclose_presence presence,
            const wsclose_ext_list *list)
{
    if (presence != WSCLOSE_HEADER_PRESENT) {
        member_null(json, name);
        return;
    }
    json_builder_set_member_name(json, name);
    json_builder_begin_object(json);
    member_bool(json, "valid", list->valid);
    member_array(json, "extensions");
    for (size_t i = 0; i < list->n_exts; i++) {
        const wsclose_ext *ext = &list->exts[i];
        json_builder_begin_object(json);
        member_string(json, "name", ext->name);
        member_array(json, "params");
        for (size_t j = 0; j < ext->n_params; j++) {
            json_builder_begin_array(json);
            json_builder_add_string_value(json, ext->params[j].name);
            if (ext->params[j].value) {
                json_builder_add_string_value(json, ext->params[j].value);
            } else {
                json_builder_add_null_value(json);
            }
            json_builder_end_array(json);
        }
        json_builder_end_array(json);
        json_builder_end_object(json);
    }
    json_builder_end_array(json);
    if (!list->valid) {
        json_builder_set_member_name(json, "error");
        json_builder_begin_object(json);
        member_int(json, "offset", (gint64)list->error_offset);
        member_string(json, "message", list->error);
        member_string(json, "clause", list->error_clause);
        member_string(json, "text", list->error_text);
        json_builder_end_object(json);
    }
    json_builder_end_object(json);
}

static void
extensions_json(GString *out, const wsclose_negotiation *negotiation)
{
    JsonBuilder *json = json_builder_new();
    json_builder_begin_object(json);
    member_side(json, "offer", negotiation->offer_presence, negotiation->offer);
    member_side(json, "response", negotiation->response_presence, negotiation->response);
    member_string(json, "verdict",
                  negotiation->verdict == WSCLOSE_NEGOTIATION_UNKNOWN
                      ? NULL
                      : wsclose_negotiation_verdict_name(negotiation->verdict));
    member_array(json, "matches");
    for (size_t i = 0; i < negotiation->n_matches; i++) {
        const wsclose_match *match = &negotiation->matches[i];
        json_builder_begin_object(json);
        member_string(json, "name", match->ext->name);
        member_string(json, "verdict", wsclose_negotiation_verdict_name(match->verdict));
        member_string(json, "why", match->why);
        json_builder_end_object(json);
    }
    json_builder_end_array(json);
    member_strings(json, "declined", negotiation->declined, negotiation->n_declined);
    member_array(json, "invalid");
    for (size_t i = 0; i < negotiation->n_invalid; i++) {
        const wsclose_invalid_ext *invalid = &negotiation->invalid[i];
        json_builder_begin_object(json);
        member_string(json, "sender", wsclose_side_name(invalid->sender));
        member_string(json, "text", invalid->text);
        member_string(json, "why", invalid->why);
        json_builder_end_object(json);
    }
    json_builder_end_array(json);
    json_builder_end_object(json);
    print_json(out, json);
    g_object_unref(json);
}

/* The value of a pasted line of our header; NULL where it is none. */
static const char *
value_of_line(const char *line)
{
    static const char name[] = "Sec-WebSocket-Extensions";
    line += strspn(line, " \t<>"); /* curl and tcpflow put such signs before it */
    if (g_ascii_strncasecmp(line, name, strlen(name)) != 0)
        return NULL;
    line += strlen(name);
    line += strspn(line, " \t");
    return *line == ':' ? line + 1 : NULL;
}

/* An argument as a value: as it stands, or where header lines were pasted, those of ours as one list
 * (RFC 7230 section 3.2.2). */
static char *
value_of_argument(const char *argument)
{
    char **lines = g_strsplit(argument, "\n", -1);
    GString *value = NULL;
    for (char **line = lines; *line; line++) {
        const char *part = value_of_line(*line);
        if (!part)
            continue;
        if (value)
            g_string_append(value, ", ");
        else
            value = g_string_new(NULL);
        char *stripped = g_strstrip(g_strdup(part));
        g_string_append(value, stripped);
        g_free(stripped);
    }
    g_strfreev(lines);
    return value ? g_string_free(value, FALSE) : g_strdup(argument);
}

static wsclose_header
header_of(const char *value)
{
    const wsclose_header header = {
        .presence = WSCLOSE_HEADER_PRESENT,
        .value = { .data = value, .len = strlen(value) },
    };
    return header;
}

int
command_extensions(request *req)
{
    bool one_absent = req->no_offer || req->no_response;
    if (req->no_offer && req->no_response)
        return command_usage_error(req->command, "--no-offer and --no-response exclude each other");
    if (req->n_args == 0)
        return command_usage_error(req->command, "a value of Sec-WebSocket-Extensions is missing");
    if (req->n_args > (one_absent ? 1u : 2u))
        return command_usage_error(req->command, "too many arguments: quote each value");
    char *first = value_of_argument(req->args[0]);
    char *second = req->n_args == 2 ? value_of_argument(req->args[1]) : NULL;
    wsclose_header offer = { .presence = WSCLOSE_HEADER_ABSENT };
    wsclose_header response = { .presence = WSCLOSE_HEADER_UNKNOWN };
    if (req->no_offer) {
        response = header_of(first);
    } else {
        offer = header_of(first);
        if (req->no_response) {
            response.presence = WSCLOSE_HEADER_ABSENT;
        } else if (second) {
            response = header_of(second);
        }
    }
    wsclose_negotiation *negotiation = wsclose_negotiation_match(&offer, &response);
    (req->json ? extensions_json : extensions_text)(req->out, negotiation);
    bool breach =
        negotiation->n_invalid > 0 || negotiation->verdict == WSCLOSE_NEGOTIATION_UNSOLICITED;
    wsclose_negotiation_free(negotiation);
    g_free(first);
    g_free(second);
    return breach ? STATUS_BREACH : STATUS_GOOD;
}
