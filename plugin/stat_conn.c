/* stat_conn.c
 * tshark -z wsclose,conn: a table with one line per connection.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "stat_conn.h"

#include <stdio.h>

#include "report.h"
#include "summary.h"

#define WIDTH_DEFAULT 120

static unsigned table_width = WIDTH_DEFAULT;

/* How a column is set. */
typedef struct {
    const char *heading[2]; /* two lines */
    unsigned share; /* how much of what is left it gets, where room is short; 0: never cut */
    bool right;     /* numbers stand to the right */
    bool keeps_end; /* cut at the start: of an address the end tells more */
} column_style;

static const column_style columns[SUMMARY_COLUMNS] = {
    [SUMMARY_STREAM] = { { "", "#" }, 0, true, false },
    [SUMMARY_START] = { { "", "start" }, 0, true, false },
    [SUMMARY_CLIENT] = { { "", "client" }, 3, false, true },
    [SUMMARY_SERVER] = { { "", "server" }, 3, false, true },
    [SUMMARY_TARGET] = { { "host", "and path" }, 2, false, false },
    [SUMMARY_OPENED] = { { "", "opened" }, 0, false, false },
    [SUMMARY_DURATION] = { { "dura-", "tion" }, 0, true, false },
    [SUMMARY_IDLE] = { { "", "idle" }, 0, true, false },
    [SUMMARY_INITIATOR] = { { "ended", "by" }, 0, false, false },
    [SUMMARY_CLIENT_CODE] = { { "cli.", "code" }, 0, true, false },
    [SUMMARY_SERVER_CODE] = { { "srv.", "code" }, 0, true, false },
    [SUMMARY_CLEAN] = { { "", "clean" }, 0, false, false },
    [SUMMARY_NEGOTIATED] = { { "ext.", "negot." }, 1, false, false },
    [SUMMARY_DECLINED] = { { "ext.", "decl." }, 1, false, false },
    [SUMMARY_CAUSE] = { { "", "cause" }, 9, false, false },
    [SUMMARY_VERDICT_BRIEF] = { { "", "verdict" }, 4, false, false },
    [SUMMARY_VERDICT] = { { "", "verdict" }, 0, false, false },
};

/* Columns of a terminal that a character takes. */
static unsigned
width_of_character(gunichar character)
{
    if (character < 0x80)
        return 1;
    return g_unichar_iszerowidth(character) ? 0 : g_unichar_iswide(character) ? 2 : 1;
}

static unsigned
width_of(const char *text)
{
    unsigned width = 0;

    for (; *text != '\0'; text = g_utf8_next_char(text))
        width += width_of_character(g_utf8_get_char(text));
    return width;
}

/* Whether a column is shown: the verdict in a few words, or in one line where there is room. */
static bool
is_shown(unsigned column)
{
    return column != (table_width == 0 ? SUMMARY_VERDICT_BRIEF : SUMMARY_VERDICT);
}

static unsigned
narrowest(const column_style *column)
{
    return MAX(width_of(column->heading[0]), width_of(column->heading[1]));
}

/* Make the columns as wide as their texts, then take from those that have most for their share
 * until the line fits. */
static void
fit(const GPtrArray *lines, unsigned widths[SUMMARY_COLUMNS])
{
    unsigned total = SUMMARY_COLUMNS - 2; /* blanks between those that are shown */

    for (unsigned i = 0; i < SUMMARY_COLUMNS; i++) {
        widths[i] = narrowest(&columns[i]);
        for (unsigned line = 0; line < lines->len; line++)
            widths[i] = MAX(widths[i], width_of(((char **)lines->pdata[line])[i]));
        total += is_shown(i) ? widths[i] : 0;
    }
    while (table_width != 0 && total > table_width) {
        int widest = -1;

        for (int i = 0; i < SUMMARY_COLUMNS; i++) {
            if (columns[i].share != 0 && widths[i] > narrowest(&columns[i]) &&
                (widest == -1 ||
                 widths[i] * columns[widest].share >= widths[widest] * columns[i].share))
                widest = i;
        }
        if (widest == -1)
            return;
        widths[widest]--;
        total--;
    }
}

static void
append_blanks(GString *line, unsigned count)
{
    for (; count > 0; count--)
        g_string_append_c(line, ' ');
}

/* A text in so many columns; what does not fit is cut, and marked. */
static void
append_cell(GString *line, const char *text, const column_style *column, unsigned width)
{
    unsigned used = width_of(text);
    const char *start = text;
    const char *end = text + strlen(text);
    const char *mark = "";

    if (used > width) {
        mark = "\u2026";
        used++;
        while (used > width) {
            const char *last = column->keeps_end ? start : g_utf8_prev_char(end);

            used -= width_of_character(g_utf8_get_char(last));
            if (column->keeps_end)
                start = g_utf8_next_char(start);
            else
                end = last;
        }
    }
    append_blanks(line, column->right ? width - used : 0);
    g_string_append(line, column->keeps_end ? mark : "");
    g_string_append_len(line, start, end - start);
    g_string_append(line, column->keeps_end ? "" : mark);
    append_blanks(line, column->right ? 0 : width - used);
}

static void
print_row(char *const *row, const unsigned widths[SUMMARY_COLUMNS])
{
    GString *line = g_string_new(NULL);

    for (unsigned i = 0; i < SUMMARY_COLUMNS; i++) {
        if (!is_shown(i))
            continue;
        if (i > 0)
            g_string_append_c(line, ' ');
        append_cell(line, row[i], &columns[i], widths[i]);
    }
    puts(g_strchomp(line->str));
    g_string_free(line, TRUE);
}

static void
print_heading(unsigned which, const unsigned widths[SUMMARY_COLUMNS])
{
    char *row[SUMMARY_COLUMNS];

    for (unsigned i = 0; i < SUMMARY_COLUMNS; i++)
        row[i] = (char *)columns[i].heading[which];
    print_row(row, widths);
}

static void
print_table(const GPtrArray *lines, const char *filter)
{
    static const char rule[] =
        "================================================================================";
    unsigned widths[SUMMARY_COLUMNS];

    fit(lines, widths);
    printf("%s\nWebSocket connections: %u\nFilter: %s\n\n", rule, lines->len,
           filter ? filter : "<No Filter>");
    print_heading(0, widths);
    print_heading(1, widths);
    for (unsigned i = 0; i < lines->len; i++)
        print_row(lines->pdata[i], widths);
    puts(rule);
}

/* Print a paragraph in lines as wide as the table. */
static void
print_wrapped(const char *paragraph)
{
    char **words = g_strsplit(paragraph, " ", -1);
    unsigned used = 0;

    for (char **word = words; *word; word++) {
        const unsigned width = width_of(*word);
        const bool fits = table_width == 0 || used + 1 + width <= table_width;

        printf("%s%s", used == 0 ? "" : fits ? " " : "\n", *word);
        used = used == 0 || !fits ? width : used + 1 + width;
    }
    putchar('\n');
    g_strfreev(words);
}

/* Below the table: why it is empty, and what could not be looked into. */
static void
print_end(const report_end *end)
{
    const bool is_empty = end->reading.websocket_connections == 0;

    if (is_empty)
        print_wrapped(wsclose_explain_none_found(&end->reading));
    char **paragraphs = g_strsplit(end->unread ? end->unread : "", "\n", -1);
    for (char **paragraph = paragraphs; *paragraph && **paragraph != '\0'; paragraph++) {
        if (is_empty || paragraph > paragraphs)
            putchar('\n');
        print_wrapped(*paragraph);
    }
    g_strfreev(paragraphs);
}

static gpointer
line_of(const store_connection *connection)
{
    return summary_row(connection);
}

static void
free_line(gpointer line)
{
    g_strfreev(line);
}

void
stat_conn_register(void)
{
    static const report_kind kind = { .cli_string = "wsclose,conn",
                                      .line_of = line_of,
                                      .print = print_table,
                                      .print_end = print_end,
                                      .free_line = free_line,
                                      .is_read = true };

    report_register_lines(&kind);
}

void
stat_conn_register_preference(module_t *module)
{
    prefs_register_uint_preference(module, "table_width", "Width of tshark's table of connections",
                                   "How many columns a line of tshark -z wsclose,conn may take: "
                                   "texts that do not fit are cut, "
                                   "and marked with an ellipsis. 0 for as many as it takes.",
                                   10, &table_width);
}
