/* command_print.c
 * Rows of text and members of JSON objects.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "command_print.h"

#include "wsclose/explain.h"
#include "wsclose/json_text.h"

enum {
    TEXT_WIDTH = 80,  /* columns */
    LABEL_WIDTH = 15, /* columns, the two of the indent included */
    COLUMN_GAP = 2,
    COLUMN_WIDTH = (TEXT_WIDTH - LABEL_WIDTH - COLUMN_GAP) / 2
};

char *
print_printable(const char *data, size_t len)
{
    GString *text = g_string_sized_new(len);
    const char *end = data + len;
    while (data < end) {
        gunichar c = g_utf8_get_char_validated(data, end - data);
        if (c == (gunichar)-1 || c == (gunichar)-2) { /* NUL too */
            g_string_append_printf(text, "\\x%02x", (unsigned char)*data++);
            continue;
        }
        if (g_unichar_isprint(c) && !wsclose_is_obeyed(c))
            g_string_append_unichar(text, c);
        else if (c < 0x80)
            g_string_append_printf(text, "\\x%02x", c);
        else
            g_string_append_printf(text, "\\u{%x}", c);
        data = g_utf8_next_char(data);
    }
    return g_string_free(text, FALSE);
}

/* Break a text at spaces into lines of at most width characters; a longer word stays whole. */
static GPtrArray *
wrap(const char *text, size_t width)
{
    GPtrArray *lines = g_ptr_array_new_with_free_func(g_free);
    GString *line = g_string_new(NULL);
    char **words = g_strsplit_set(text, " \n", -1);
    for (char **word = words; *word; word++) {
        size_t used = (size_t)g_utf8_strlen(line->str, -1);
        if (used > 0 && used + 1 + (size_t)g_utf8_strlen(*word, -1) > width) {
            g_ptr_array_add(lines, g_strdup(line->str));
            g_string_truncate(line, 0);
        }
        if (**word && line->len > 0)
            g_string_append_c(line, ' ');
        g_string_append(line, *word);
    }
    g_ptr_array_add(lines, g_string_free(line, FALSE));
    g_strfreev(words);
    return lines;
}

static const char *
line_at(const GPtrArray *lines, guint i)
{
    return i < lines->len ? g_ptr_array_index(lines, i) : "";
}

static void
append_padded(GString *out, const char *text, size_t width)
{
    g_string_append(out, text);
    for (size_t n = (size_t)g_utf8_strlen(text, -1); n < width; n++)
        g_string_append_c(out, ' ');
}

static void
append_label(GString *out, const char *label)
{
    g_string_append(out, "  ");
    append_padded(out, label, LABEL_WIDTH - 2);
}

void
print_row(GString *out, const char *label, const char *text)
{
    GPtrArray *lines = wrap(text, TEXT_WIDTH - LABEL_WIDTH);
    for (guint i = 0; i < lines->len; i++) {
        append_label(out, i == 0 ? label : "");
        g_string_append_printf(out, "%s\n", line_at(lines, i));
    }
    g_ptr_array_free(lines, TRUE);
}

void
print_value(GString *out, const char *label, const char *value)
{
    append_label(out, label);
    g_string_append_printf(out, "%s\n", value);
}

void
print_columns(GString *out, const char *label, const char *left, const char *right)
{
    GPtrArray *lefts = wrap(left, COLUMN_WIDTH);
    GPtrArray *rights = wrap(right, COLUMN_WIDTH);
    for (guint i = 0; i < MAX(lefts->len, rights->len); i++) {
        append_label(out, i == 0 ? label : "");
        const char *second = line_at(rights, i);
        append_padded(out, line_at(lefts, i), *second ? COLUMN_WIDTH + COLUMN_GAP : 0);
        g_string_append_printf(out, "%s\n", second);
    }
    g_ptr_array_free(lefts, TRUE);
    g_ptr_array_free(rights, TRUE);
}

void
member_string(JsonBuilder *json, const char *name, const char *value)
{
    json_builder_set_member_name(json, name);
    if (value) {
        json_builder_add_string_value(json, value);
    } else {
        json_builder_add_null_value(json);
    }
}

void
member_int(JsonBuilder *json, const char *name, gint64 value)
{
    json_builder_set_member_name(json, name);
    json_builder_add_int_value(json, value);
}

void
member_bool(JsonBuilder *json, const char *name, bool value)
{
    json_builder_set_member_name(json, name);
    json_builder_add_boolean_value(json, value);
}

void
member_null(JsonBuilder *json, const char *name)
{
    json_builder_set_member_name(json, name);
    json_builder_add_null_value(json);
}

void
member_number(JsonBuilder *json, const char *name, unsigned number)
{
    if (number != 0)
        member_int(json, name, number);
    else
        member_null(json, name);
}

void
member_array(JsonBuilder *json, const char *name)
{
    json_builder_set_member_name(json, name);
    json_builder_begin_array(json);
}

void
member_strings(JsonBuilder *json, const char *name, const char *const *values, size_t count)
{
    member_array(json, name);
    for (size_t i = 0; i < count; i++)
        json_builder_add_string_value(json, values[i]);
    json_builder_end_array(json);
}

void
append_json(GString *out, JsonBuilder *json)
{
    JsonNode *root = json_builder_get_root(json);
    char *text = json_to_string(root, FALSE);
    char *printable = wsclose_json_printable(text);
    g_string_append(out, printable);
    wsclose_text_free(printable);
    g_free(text);
    json_node_unref(root);
}

void
print_json(GString *out, JsonBuilder *json)
{
    append_json(out, json);
    g_string_append_c(out, '\n');
}
