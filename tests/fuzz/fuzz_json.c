/* fuzz_json.c
 * Any text within JSON: nothing of it is left that a terminal obeys, and it reads back as it was.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wsclose/json_text.h"

#include "input.h"
#include "json.h"
#include "oracle.h"

/* As JSON on one line, with no escape but those that it cannot do without. */
static char *
quoted(const char *text)
{
    GString *out = g_string_new("\"");

    for (const char *c = text; *c; c++) {
        if (*c == '"' || *c == '\\')
            g_string_append_printf(out, "\\%c", *c);
        else if (*c == '\n')
            g_string_append(out, "\\n");
        else
            g_string_append_c(out, *c);
    }
    g_string_append_c(out, '"');
    return g_string_free(out, FALSE);
}

static void
check_reads_back(const char *text)
{
    char *json = quoted(text);
    char *printable = wsclose_json_printable(json);
    char *again = wsclose_json_printable(printable);
    GString *words = g_string_new(NULL);

    statements += 3;
    if (!json_is_strict(printable, words))
        g_error("no JSON: %s", printable);
    g_assert_cmpstr(words->str, ==, text);
    g_assert_cmpstr(again, ==, printable);
    g_string_free(words, TRUE);
    g_free(json);
    wsclose_text_free(printable);
    wsclose_text_free(again);
}

/* A line feed ends the object, and stays. */
static void
check_line_end(const char *text)
{
    char *json = quoted(text);
    char *line = g_strconcat("{\"a\": ", json, "}\n", NULL);
    char *printable = wsclose_json_printable(line);
    const size_t len = strlen(printable);

    statements++;
    g_assert_true(len > 0 && printable[len - 1] == '\n');
    printable[len - 1] = '\0';
    g_assert_true(json_is_strict(printable, NULL));
    g_free(json);
    g_free(line);
    wsclose_text_free(printable);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = g_utf8_make_valid((const char *)(size > 0 ? data : (const uint8_t *)""), (gssize)size);

    check_reads_back(text);
    check_line_end(text);
    g_free(text);
    return 0;
}
