/* fuzz_command.c
 * Any arguments of the command: with --json its answer is lines of strict JSON, else lines of text that
 * no terminal takes for commands.
 *
 * The first octet says which subcommand; the next one, how the rest is to be taken: as arguments that a
 * NUL ends each, as what stands on standard input, or as octets that are written in hexadecimal.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <stdio.h>
#include <stdlib.h>

#include "input.h"
#include "json.h"
#include "oracle.h"

int command_main(int argc, char **argv);

enum { ARGUMENTS_MAX = 8, USAGE = 2 };

/* What a run wrote. */
typedef struct {
    char *out;
    char *errors;
    int status;
} answer;

static const char *const subcommands[] = { NULL, "code", "compare", "extensions", "close",
                                           "explain", "findings", "extensions" };

/* How the rest is taken. */
enum { JSON_BEFORE = 1, JSON_AFTER = 2, ON_INPUT = 4, IN_HEX = 8, NO_OFFER = 16, DASHES = 32 };

static char *
in_hex(wsclose_slice octets)
{
    GString *hex = g_string_new(NULL);

    for (size_t i = 0; i < octets.len; i++)
        g_string_append_printf(hex, "%02x", (guint8)octets.data[i]);
    return g_string_free(hex, FALSE);
}

static GPtrArray *
arguments_of(reader *in, const char *subcommand, uint8_t how)
{
    GPtrArray *arguments = g_ptr_array_new_with_free_func(g_free);

    g_ptr_array_add(arguments, g_strdup("wsclose"));
    if (how & JSON_BEFORE)
        g_ptr_array_add(arguments, g_strdup("--json"));
    if (subcommand)
        g_ptr_array_add(arguments, g_strdup(subcommand));
    if (how & JSON_AFTER)
        g_ptr_array_add(arguments, g_strdup("--json"));
    if (how & NO_OFFER)
        g_ptr_array_add(arguments, g_strdup("--no-offer"));
    if (how & ON_INPUT)
        g_ptr_array_add(arguments, g_strdup("-"));
    else if (how & DASHES)
        g_ptr_array_add(arguments, g_strdup("--"));
    if (how & IN_HEX)
        g_ptr_array_add(arguments, in_hex(next_slice(in, in->size)));
    while (!(how & ON_INPUT) && in->size > 0 && arguments->len < ARGUMENTS_MAX)
        g_ptr_array_add(arguments, next_string(in));
    return arguments;
}

/* Run the command with streams of its own. */
static answer
run(const GPtrArray *arguments, reader *in)
{
    FILE *const streams[] = { stdin, stdout, stderr };
    answer a = { 0 };
    size_t sizes[2];
    GPtrArray *argv = g_ptr_array_new();

    for (guint i = 0; i < arguments->len; i++)
        g_ptr_array_add(argv, arguments->pdata[i]);
    g_ptr_array_add(argv, NULL);
    /* A stream of no octets cannot be made. */
    stdin = in->size > 0 ? fmemopen((void *)in->data, in->size, "r") : fopen("/dev/null", "r");
    stdout = open_memstream(&a.out, &sizes[0]);
    stderr = open_memstream(&a.errors, &sizes[1]);
    a.status = command_main((int)arguments->len, (char **)argv->pdata);
    fclose(stdin);
    fclose(stdout);
    fclose(stderr);
    stdin = streams[0];
    stdout = streams[1];
    stderr = streams[2];
    g_assert_cmpuint(strlen(a.out), ==, sizes[0]);
    g_assert_cmpuint(strlen(a.errors), ==, sizes[1]);
    g_ptr_array_free(argv, TRUE);
    return a;
}

static void
check_json(const answer *a)
{
    char **lines = g_strsplit(a->out, "\n", -1);

    for (guint i = 0; lines[i]; i++) {
        statements++;
        if (!lines[i + 1])
            g_assert_cmpstr(lines[i], ==, "");
        else if (lines[i][0] != '{' || !json_is_strict(lines[i], NULL))
            g_error("no JSON: %s", lines[i]);
    }
    g_strfreev(lines);
}

static void
check_printable(const char *text)
{
    statements++;
    g_assert_true(g_utf8_validate(text, -1, NULL));
    for (const char *c = text; *c; c = g_utf8_next_char(c)) {
        if ((*c < ' ' || *c >= 0x7f) && *c != '\n' && json_is_obeyed(g_utf8_get_char(c)))
            g_error("a control character: %s", c);
    }
}

/* The list of all messages is long, and always the same: it is asked for twice. */
static bool
is_list_again(const GPtrArray *arguments)
{
    static unsigned times;

    for (guint i = 1; i < arguments->len; i++) {
        if (strcmp(arguments->pdata[i], "--list") == 0)
            return ++times > 2;
    }
    return false;
}

/* Help is for people, in whatever form it was asked for: it alone begins so. */
static bool
is_help(const answer *a)
{
    return g_str_has_prefix(a->out, "Usage:\n  wsclose");
}

/* An answer or an error, and help only for who asks for it. */
static void
check(const answer *a)
{
    g_assert_cmpint(a->status, >=, 0);
    g_assert_cmpint(a->status, <=, USAGE);
    g_assert_true((a->status == USAGE) == (a->errors[0] != '\0'));
    g_assert_true(a->status != USAGE || a->out[0] == '\0');
    g_assert_false(is_help(a) && a->status != 0);
}

static bool
asks_for_json(const GPtrArray *arguments)
{
    for (guint i = 1; i < arguments->len; i++) {
        if (strcmp(arguments->pdata[i], "--") == 0)
            return false;
        if (strcmp(arguments->pdata[i], "--json") == 0)
            return true;
    }
    return false;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    reader in = { data, size };
    const char *subcommand = subcommands[next_octet(&in) % G_N_ELEMENTS(subcommands)];
    const uint8_t how = next_octet(&in);
    GPtrArray *arguments = arguments_of(&in, subcommand, how);
    if (is_list_again(arguments)) {
        g_ptr_array_free(arguments, TRUE);
        return 0;
    }
    answer a = run(arguments, &in);

    check(&a);
    if (asks_for_json(arguments) && !is_help(&a))
        check_json(&a);
    check_printable(a.out);
    check_printable(a.errors);
    free(a.out);
    free(a.errors);
    g_ptr_array_free(arguments, TRUE);
    return 0;
}
