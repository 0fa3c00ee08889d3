/* main.c
 * The wsclose command: options and subcommands.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "command.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "command_print.h"

int
command_usage_error(const subcommand *command, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    char *text = g_strdup_vprintf(format, args);
    va_end(args);
    char *message = print_printable(text, strlen(text));
    fprintf(stderr, "wsclose: %s\nTry 'wsclose%s%s --help'.\n", message, command ? " " : "",
            command ? command->name : "");
    g_free(message);
    g_free(text);
    return STATUS_USAGE;
}

static const subcommand subcommands[] = {
    { "code", "CODE...", "What a status code means, when it is seen and how to fix it.",
      "CODE is a number from 0 to 65535.\n\n"
      "Exit status: 0, whatever the codes; 2 for bad usage.",
      false, false, command_code },
    { "compare", "CODE CODE", "Two status codes side by side, and which to use when.",
      "CODE is a number from 0 to 65535.\n\n"
      "Exit status: 0, whatever the codes; 2 for bad usage.",
      false, false, command_compare },
    { "extensions", "OFFER [RESPONSE] | RESPONSE --no-offer",
      "Judge an extension negotiation, as the client must.",
      "OFFER and RESPONSE are values of Sec-WebSocket-Extensions, or header lines as\n"
      "they are pasted; several lines are one value, joined with commas. An empty\n"
      "argument is a header with an empty value, which is a breach. Write -- before a\n"
      "value that begins with '-'.\n\n"
      "Exit status: 0 if the response accepts or declines what was offered, and for an\n"
      "OFFER alone if it is valid; 1 if either breaks a rule; 2 for bad usage.",
      true, false, command_extensions },
    { "close", "HEX...", "A Close frame's body, and what the receiver's API reports for it.",
      "HEX is the unmasked body, or a whole frame, two digits an octet; spaces, colons,\n"
      "commas and 0x are ignored. An empty argument is an empty body.\n\n"
      "Exit status: 0 if the body is legal, 1 if it breaks a rule, 2 for bad usage.",
      false, false, command_close },
    { "explain", "TEXT... | - | --list", "What a message of a browser, a library or a proxy means.",
      "TEXT is a line of a log or a console, or several; - reads lines from standard\n"
      "input and passes over those that it does not know. Write -- before a TEXT that\n"
      "begins with '-'.\n\n"
      "Exit status: 0 if a line is known or has a close code, 1 if none is or has,\n"
      "2 for bad usage.",
      false, true, command_explain },
    { "findings", "[NAME...]", "What the Wireshark plugin can find in a capture.",
      "NAME is an expert item of the plugin, wsclose.no_status for example; without one\n"
      "all of them are listed, in the order of the manual.\n\n"
      "Exit status: 0, or 2 for bad usage.",
      false, false, command_findings },
};

static const subcommand *
find_subcommand(const char *name)
{
    for (size_t i = 0; i < G_N_ELEMENTS(subcommands); i++) {
        if (strcmp(subcommands[i].name, name) == 0)
            return &subcommands[i];
    }
    return NULL;
}

/* The options that come before the subcommand; argv keeps what follows them. */
static GOptionContext *
main_context(request *req)
{
    const GOptionEntry entries[] = {
        { "help", 'h', 0, G_OPTION_ARG_NONE, &req->help, "Show help and exit", NULL },
        { "version", 0, 0, G_OPTION_ARG_NONE, &req->version, "Show the version and exit", NULL },
        { "json", 0, 0, G_OPTION_ARG_NONE, &req->json, "Print one JSON object per answer", NULL },
        { .long_name = NULL },
    };
    GOptionContext *context = g_option_context_new("SUBCOMMAND ARGUMENT...");
    g_option_context_set_help_enabled(context, FALSE);
    g_option_context_set_strict_posix(context, TRUE);
    g_option_context_add_main_entries(context, entries, NULL);
    GString *description = g_string_new("Subcommands:\n");
    for (size_t i = 0; i < G_N_ELEMENTS(subcommands); i++) {
        g_string_append_printf(description, "  %-12s%s\n", subcommands[i].name,
                               subcommands[i].summary);
    }
    g_string_append(
        description,
        "\nEach has its own --help. 'wsclose CODE...' is 'wsclose code CODE...'.\n\n"
        "Exit status: 0 there is an answer, of close and extensions a good one; 1 there\n"
        "is none, or it says which clause the input breaks; 2 bad usage; 3 the answer\n"
        "could not be written.");
    g_option_context_set_summary(context, "Why a WebSocket connection closed.");
    g_option_context_set_description(context, description->str);
    g_string_free(description, TRUE);
    return context;
}

static GOptionContext *
subcommand_context(request *req)
{
    const GOptionEntry entries[] = {
        { "help", 'h', 0, G_OPTION_ARG_NONE, &req->help, "Show help and exit", NULL },
        { "json", 0, 0, G_OPTION_ARG_NONE, &req->json, "Print one JSON object per answer", NULL },
        { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &req->args, NULL, NULL },
        { .long_name = NULL },
    };
    const GOptionEntry sides[] = {
        { "no-offer", 0, 0, G_OPTION_ARG_NONE, &req->no_offer,
          "The client sent no such header; the argument is the RESPONSE", NULL },
        { "no-response", 0, 0, G_OPTION_ARG_NONE, &req->no_response,
          "The server sent no such header", NULL },
        { .long_name = NULL },
    };
    const GOptionEntry lists[] = {
        { "list", 0, 0, G_OPTION_ARG_NONE, &req->list, "List the messages that are known", NULL },
        { .long_name = NULL },
    };
    GOptionContext *context = g_option_context_new(req->command->arguments);
    g_option_context_set_help_enabled(context, FALSE);
    g_option_context_add_main_entries(context, entries, NULL);
    if (req->command->has_sides)
        g_option_context_add_main_entries(context, sides, NULL);
    if (req->command->has_list)
        g_option_context_add_main_entries(context, lists, NULL);
    g_option_context_set_summary(context, req->command->summary);
    g_option_context_set_description(context, req->command->description);
    return context;
}

/* Parse with a context, and answer --help. Returns -1 where there is more to do. */
static int
parse_options(request *req, GOptionContext *context, int *argc, char ***argv)
{
    GError *error = NULL;
    int status = -1;
    if (!g_option_context_parse(context, argc, argv, &error)) {
        status = command_usage_error(req->command, "%s", error->message);
        g_error_free(error);
    } else if (req->help) {
        char *help = g_option_context_get_help(context, TRUE, NULL);
        g_string_append(req->out, help);
        g_free(help);
        status = STATUS_GOOD;
    }
    g_option_context_free(context);
    return status;
}

static void
answer_version(request *req)
{
    if (!req->json) {
        g_string_append(req->out, "wsclose " WSCLOSE_VERSION "\n");
        return;
    }
    JsonBuilder *json = json_builder_new();
    json_builder_begin_object(json);
    member_string(json, "version", WSCLOSE_VERSION);
    json_builder_end_object(json);
    print_json(req->out, json);
    g_object_unref(json);
}

static int
answer_request(request *req, int argc, char **argv)
{
    g_set_prgname("wsclose");
    int status = parse_options(req, main_context(req), &argc, &argv);
    if (status >= 0)
        return status;
    if (req->version) {
        answer_version(req);
        return STATUS_GOOD;
    }
    if (argc < 2)
        return command_usage_error(NULL, "a subcommand is missing");
    bool is_number = strspn(argv[1], "0123456789") == strlen(argv[1]) && argv[1][0] != '\0';
    req->command = find_subcommand(is_number ? "code" : argv[1]);
    if (!req->command)
        return command_usage_error(NULL, "'%s' is not a subcommand", argv[1]);
    char *name = g_strdup_printf("wsclose %s", req->command->name);
    g_set_prgname(name);
    g_free(name);
    argc -= is_number ? 0 : 1;
    argv += is_number ? 0 : 1;
    status = parse_options(req, subcommand_context(req), &argc, &argv);
    if (status >= 0)
        return status;
    req->n_args = req->args ? g_strv_length(req->args) : 0;
    return req->command->run(req);
}

void
command_write(request *req)
{
    if (fwrite(req->out->str, 1, req->out->len, stdout) != req->out->len)
        req->not_written = true;
    g_string_truncate(req->out, 0);
}

int
main(int argc, char **argv)
{
    request req = { .out = g_string_new(NULL) };
    int status = answer_request(&req, argc, argv);
    command_write(&req);
    if (fflush(stdout) != 0 || req.not_written) {
        fprintf(stderr, "wsclose: cannot write the answer: %s\n", g_strerror(errno));
        status = STATUS_NOT_WRITTEN;
    }
    g_strfreev(req.args);
    g_string_free(req.out, TRUE);
    return status;
}
