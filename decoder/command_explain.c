/* command_explain.c
 * The subcommand explain: lines of a log, and what they mean.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "command.h"

#include <wsclose/wsclose.h>

#include <stdio.h>
#include <string.h>

#include "command_print.h"

enum {
    SHOWN_MAX = 240, /* octets of a line that are shown */
    WRITE_AT = 65536 /* octets of an answer to keep before they are written */
};

/* An answer that several lines may have; in the order of the first of them. */
typedef struct {
    wsclose_message *message;
    char *shown;
    guint64 line;
    guint64 lines;
} explained;

/* Lines as they come. */
typedef struct {
    request *req;
    guint64 line; /* number of the latest one */
    guint64 found;
    GHashTable *by_key;  /* of text: key to explained, which the array owns */
    GPtrArray *in_order; /* of text */
} explanation;

static void
explained_free(void *data)
{
    explained *e = data;

    wsclose_message_free(e->message);
    g_free(e->shown);
    g_free(e);
}

/* A line for the eye: without the blanks at its ends, and not all of a long one. */
static char *
shown_line(const char *line, size_t len)
{
    bool is_long;
    char *printable;
    char *shown;

    while (len > 0 && g_ascii_isspace(line[len - 1]))
        len--;
    is_long = len > SHOWN_MAX;
    if (is_long) {
        len = SHOWN_MAX;
        /* Not within a character. */
        while (len > SHOWN_MAX - 4 && (line[len] & 0xc0) == 0x80)
            len--;
    }
    printable = print_printable(line, len);
    shown = g_strconcat(g_strstrip(printable), is_long ? "…" : NULL, NULL);
    g_free(printable);
    return shown;
}

static const char *
side_name(wsclose_by by)
{
    static const char *const names[] = {
        [WSCLOSE_BY_NOBODY] = NULL,
        [WSCLOSE_BY_CLIENT] = "client",
        [WSCLOSE_BY_SERVER] = "server",
        [WSCLOSE_BY_BETWEEN] = "between",
    };

    return names[by];
}

static void
print_said_by(GString *out, const wsclose_message *message)
{
    static const char *const sides[] = {
        [WSCLOSE_BY_NOBODY] = "on either side",
        [WSCLOSE_BY_CLIENT] = "as a client",
        [WSCLOSE_BY_SERVER] = "as a server",
        [WSCLOSE_BY_BETWEEN] = "in between",
    };
    char *libraries = g_strjoinv(", ", message->libraries);
    char *text = g_strdup_printf("%s, %s", libraries, sides[message->speaker]);

    print_row(out, "said by",
              message->libraries[0] != NULL ? text : "not known, the line has a status code");
    g_free(text);
    g_free(libraries);
}

static void
print_code(GString *out, const wsclose_message *message)
{
    char *text;

    if (message->code == 0)
        return;
    text = g_strdup_printf("%u %s, %s", message->code, wsclose_code_lookup(message->code)->name,
                           message->code_in_line
                               ? "as the line says"
                               : "which the API of the side that writes this reports");
    print_row(out, "code", text);
    g_free(text);
}

static const char *
change_text(const wsclose_message *message)
{
    static const char *const texts[][2] = {
        { "client", "the client" },
        { "server", "the server" },
        { "between", "what is in between: a proxy, a load balancer, the network" },
        { "self", "the side that writes this" },
        { "peer", "the other side than the one that writes this" },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
        if (g_strcmp0(message->side, texts[i][0]) == 0)
            return texts[i][1];
    }
    return "nobody has to, or the line does not tell";
}

static void
print_sources(GString *out, const wsclose_message *message)
{
    for (char **source = message->sources; *source != NULL; source++)
        print_row(out, source == message->sources ? "seen in" : "", *source);
}

static void
message_text(GString *out, const wsclose_message *message)
{
    char *tshark = g_strdup_printf("tshark -r CAPTURE -Y '%s'", message->filter);

    print_said_by(out, message);
    print_code(out, message);
    print_row(out, "cause", wsclose_cause_name(message->cause));
    print_row(out, "meaning", message->meaning);
    if (message->seen_when != NULL)
        print_row(out, "seen when", message->seen_when);
    print_row(out, "change on", change_text(message));
    print_row(out, "how to fix", message->fix);
    print_value(out, "filter", tshark);
    print_sources(out, message);
    g_free(tshark);
}

static void
explained_text(GString *out, const explained *e, bool is_numbered)
{
    if (is_numbered)
        g_string_append_printf(out, "line %" G_GUINT64_FORMAT ": ", e->line);
    g_string_append_printf(out, "%s\n", e->shown);
    if (e->lines > 1) {
        char *count =
            g_strdup_printf("%" G_GUINT64_FORMAT " such lines; this is the first", e->lines);

        print_row(out, "lines", count);
        g_free(count);
    }
    message_text(out, e->message);
}

/* Members that a message has with a line and without one. */
static void
member_message(JsonBuilder *json, const wsclose_message *message)
{
    const char *const *libraries = (const char *const *)message->libraries;
    const char *const *sources = (const char *const *)message->sources;

    member_strings(json, "library", libraries, g_strv_length(message->libraries));
    member_string(json, "said_by", side_name(message->speaker));
    member_string(json, "cause", wsclose_cause_name(message->cause));
    member_number(json, "code", message->code);
    member_number(json, "status", message->status);
    member_string(json, "side", message->side);
    member_string(json, "meaning", message->meaning);
    member_string(json, "seen_when", message->seen_when);
    member_string(json, "fix", message->fix);
    member_string(json, "filter", message->filter);
    member_strings(json, "source", sources, g_strv_length(message->sources));
    member_string(json, "pattern", message->pattern);
}

static void
line_json(explanation *all, const wsclose_message *message, const char *shown)
{
    JsonBuilder *json = json_builder_new();

    json_builder_begin_object(json);
    member_int(json, "line", (gint64)all->line);
    member_string(json, "text", shown);
    member_message(json, message);
    json_builder_end_object(json);
    if (all->found > 1)
        g_string_append(all->req->out, ", ");
    append_json(all->req->out, json);
    g_object_unref(json);
    if (all->req->out->len >= WRITE_AT)
        command_write(all->req);
}

/* Take a line into an answer that is there, or begin one. Takes the message and the line shown. */
static void
take_text(explanation *all, wsclose_message *message, char *shown)
{
    char *key = g_strdup_printf("%u %u %s", message->code, message->status,
                                message->pattern != NULL ? message->pattern : "");
    explained *e = g_hash_table_lookup(all->by_key, key);

    if (e != NULL) {
        e->lines++;
        wsclose_message_free(message);
        g_free(shown);
        g_free(key);
        return;
    }
    e = g_new0(explained, 1);
    *e = (explained){ .message = message, .shown = shown, .line = all->line, .lines = 1 };
    g_ptr_array_add(all->in_order, e);
    g_hash_table_insert(all->by_key, key, e);
}

static void
explain_line(explanation *all, const char *line, size_t len)
{
    wsclose_message *message = wsclose_message_recognise(line, len);
    char *shown;

    all->line++;
    if (message == NULL)
        return;
    all->found++;
    shown = shown_line(line, len);
    if (!all->req->json) {
        take_text(all, message, shown);
        return;
    }
    line_json(all, message, shown);
    wsclose_message_free(message);
    g_free(shown);
}

/* All arguments are one text. */
static void
explain_arguments(explanation *all)
{
    char *text = g_strjoinv(" ", all->req->args);
    char **lines = g_strsplit(text, "\n", -1);

    for (char **line = lines; *line != NULL; line++)
        explain_line(all, *line, strlen(*line));
    g_strfreev(lines);
    g_free(text);
}

/* Lines of standard input; of a long one only what is looked at is kept. Returns whether all could be
 * read. */
static bool
explain_input(explanation *all)
{
    GString *line = g_string_new(NULL);
    bool is_begun = false;
    int c;

    while ((c = getc(stdin)) != EOF) {
        is_begun = c != '\n';
        if (c != '\n') {
            if (line->len < WSCLOSE_LINE_MAX)
                g_string_append_c(line, (char)c);
            continue;
        }
        explain_line(all, line->str, line->len);
        g_string_truncate(line, 0);
    }
    if (is_begun)
        explain_line(all, line->str, line->len);
    g_string_free(line, TRUE);
    return ferror(stdin) == 0;
}

static void
print_answers(const explanation *all)
{
    for (guint i = 0; i < all->in_order->len; i++) {
        if (i > 0)
            g_string_append_c(all->req->out, '\n');
        explained_text(all->req->out, g_ptr_array_index(all->in_order, i), all->line > 1);
    }
}

static void
print_nothing(GString *out)
{
    g_string_append(
        out, "Nothing here is a message that wsclose knows, and no line names a close code.\n"
             "\n"
             "What else to look for:\n"
             "  - the line that has the code: \"closed with code 1006\", CloseEvent, onclose\n"
             "  - the lines above this one: the first error often tells the cause\n"
             "  - the log of the other side, and of a proxy in between, at the same moment\n"
             "  - a capture of the connection, which the plugin explains: man wsclose-plugin\n"
             "\n"
             "'wsclose explain --list' has all messages that are known.\n");
}

static int
explain_all(request *req)
{
    explanation all = {
        .req = req,
        .by_key = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL),
        .in_order = g_ptr_array_new_with_free_func(explained_free),
    };
    const bool is_input = req->n_args == 1 && strcmp(req->args[0], "-") == 0;
    bool is_read = true;

    if (req->json)
        g_string_append(req->out, "{\"messages\": [");
    if (is_input)
        is_read = explain_input(&all);
    else
        explain_arguments(&all);
    if (req->json)
        g_string_append(req->out, "]}\n");
    else if (all.found == 0)
        print_nothing(req->out);
    else
        print_answers(&all);
    g_hash_table_destroy(all.by_key);
    g_ptr_array_free(all.in_order, TRUE);
    if (!is_read)
        return command_usage_error(req->command, "cannot read standard input");
    return all.found > 0 ? STATUS_GOOD : STATUS_NO_ANSWER;
}

/* Names of libraries in the order of their first messages. */
static GPtrArray *
libraries_of(const GPtrArray *messages)
{
    GPtrArray *names = g_ptr_array_new();

    for (guint i = 0; i < messages->len; i++) {
        const wsclose_message *message = g_ptr_array_index(messages, i);

        for (char **name = message->libraries; *name != NULL; name++) {
            if (!g_ptr_array_find_with_equal_func(names, *name, g_str_equal, NULL))
                g_ptr_array_add(names, *name);
        }
    }
    return names;
}

static void
list_row(GString *out, const wsclose_message *message)
{
    const char *side = side_name(message->speaker);
    char *sources = g_strjoinv("; ", message->sources);

    g_string_append_printf(out, "  %s\n", message->pattern);
    g_string_append_printf(out, "      %s, %s; %s\n", wsclose_cause_name(message->cause),
                           side != NULL ? side : "either side", sources);
    g_free(sources);
}

/* The messages of one library, under their number. */
static void
list_library(GString *out, const GPtrArray *messages, const char *name)
{
    GString *rows = g_string_new(NULL);
    unsigned count = 0;

    for (guint i = 0; i < messages->len; i++) {
        const wsclose_message *message = g_ptr_array_index(messages, i);

        if (g_strv_contains((const char *const *)message->libraries, name)) {
            list_row(rows, message);
            count++;
        }
    }
    g_string_append_printf(out, "%s (%u)\n%s\n", name, count, rows->str);
    g_string_free(rows, TRUE);
}

static void
list_text(GString *out, const GPtrArray *messages)
{
    GPtrArray *names = libraries_of(messages);

    for (guint i = 0; i < names->len; i++)
        list_library(out, messages, g_ptr_array_index(names, i));
    g_string_append_printf(out, "%u messages of %u kinds of software\n", messages->len, names->len);
    g_ptr_array_free(names, TRUE);
}

static void
list_json(GString *out, const GPtrArray *messages)
{
    for (guint i = 0; i < messages->len; i++) {
        const wsclose_message *message = g_ptr_array_index(messages, i);
        JsonBuilder *json = json_builder_new();

        json_builder_begin_object(json);
        member_message(json, message);
        json_builder_end_object(json);
        print_json(out, json);
        g_object_unref(json);
    }
}

static void
message_free(void *message)
{
    wsclose_message_free(message);
}

static int
list_all(request *req)
{
    GPtrArray *messages = g_ptr_array_new_with_free_func(message_free);
    wsclose_message *message;

    while ((message = wsclose_message_at(messages->len)) != NULL)
        g_ptr_array_add(messages, message);
    (req->json ? list_json : list_text)(req->out, messages);
    g_ptr_array_free(messages, TRUE);
    return STATUS_GOOD;
}

int
command_explain(request *req)
{
    if (req->list && req->n_args > 0)
        return command_usage_error(req->command, "--list takes no message");
    if (req->list)
        return list_all(req);
    if (req->n_args == 0)
        return command_usage_error(req->command, "a message is missing: give - to read lines");
    return explain_all(req);
}
