/* stat_conn.c
 * tshark -z wsclose,conn: a table with one line per connection.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "stat_conn.h"

#include <stdio.h>

#include "report.h"
#include "summary.h"
#include "terminal.h"

/* The preference: as wide as standard output is. A number of its own is a promise to scripts. */
#define WIDTH_DEFAULT 120
#define RULE_WIDTH 80

static unsigned table_width = WIDTH_DEFAULT;

/* How a column is set. */
typedef struct {
    const char *heading[2]; /* two lines */
    unsigned
        least;  /* of so many columns it still tells something, where room is short; 0: never cut */
    bool right; /* numbers stand to the right */
} column_style;

static const column_style columns[SUMMARY_COLUMNS] = {
    [SUMMARY_STREAM] = { { "", "#" }, 0, true },
    [SUMMARY_START] = { { "", "start" }, 0, true },
    [SUMMARY_CLIENT] = { { "", "client" }, 0, false },
    [SUMMARY_SERVER] = { { "", "server" }, 0, false },
    [SUMMARY_TARGET] = { { "host", "and path" }, 12, false },
    [SUMMARY_OPENED] = { { "", "opened" }, 0, false },
    [SUMMARY_DURATION] = { { "dura-", "tion" }, 0, true },
    [SUMMARY_IDLE] = { { "", "idle" }, 0, true },
    [SUMMARY_INITIATOR] = { { "ended", "by" }, 0, false },
    [SUMMARY_CLIENT_CODE] = { { "cli.", "code" }, 0, true },
    [SUMMARY_SERVER_CODE] = { { "srv.", "code" }, 0, true },
    [SUMMARY_CLEAN] = { { "", "clean" }, 0, false },
    [SUMMARY_NEGOTIATED] = { { "ext.", "negot." }, 12, false },
    [SUMMARY_DECLINED] = { { "ext.", "decl." }, 12, false },
    [SUMMARY_CAUSE] = { { "", "cause" }, 0, false },
    [SUMMARY_VERDICT_BRIEF] = { { "", "verdict" }, 0, false },
    [SUMMARY_VERDICT] = { { "", "verdict" }, 0, false },
};

/* What is left out where room is short, first to last: what the verdict says anyway, or other columns
 * nearly do. The number, the cause and the verdict stay. */
static const summary_column least_telling[] = {
    SUMMARY_NEGOTIATED, SUMMARY_DECLINED,    SUMMARY_CLEAN,      SUMMARY_OPENED, SUMMARY_START,
    SUMMARY_TARGET,     SUMMARY_DURATION,    SUMMARY_IDLE,       SUMMARY_SERVER, SUMMARY_CLIENT,
    SUMMARY_INITIATOR,  SUMMARY_SERVER_CODE, SUMMARY_CLIENT_CODE
};

/* A table's columns, as they are printed. */
typedef struct {
    unsigned room; /* columns of the terminal in a line; 0: as many as it takes */
    bool is_shown[SUMMARY_COLUMNS];
    unsigned widths[SUMMARY_COLUMNS];
} layout;

/* How wide a table may be; 0 for as wide as it takes. */
static unsigned
room(void)
{
    return table_width == WIDTH_DEFAULT ? terminal_columns(WIDTH_DEFAULT) : table_width;
}

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

static unsigned
heading_width(const column_style *column)
{
    return MAX(width_of(column->heading[0]), width_of(column->heading[1]));
}

/* A line's width where each column is as narrow as it may be. */
static unsigned
least_width(const layout *table)
{
    unsigned total = 0;

    for (unsigned i = 0; i < SUMMARY_COLUMNS; i++) {
        if (table->is_shown[i])
            total +=
                1 + (columns[i].least ? MIN(columns[i].least, table->widths[i]) : table->widths[i]);
    }
    return total - 1;
}

/* Take from the widest column that may be cut, until the line fits. */
static void
cut_columns(layout *table, const unsigned least[SUMMARY_COLUMNS])
{
    unsigned total = 0;

    for (unsigned i = 0; i < SUMMARY_COLUMNS; i++)
        total += table->is_shown[i] ? 1 + table->widths[i] : 0;
    for (total--; total > table->room; total--) {
        int widest = -1;

        for (int i = 0; i < SUMMARY_COLUMNS; i++) {
            if (table->is_shown[i] && table->widths[i] > least[i] &&
                (widest == -1 || table->widths[i] >= table->widths[widest]))
                widest = i;
        }
        if (widest == -1)
            return;
        table->widths[widest]--;
    }
}

/* Make the columns as wide as their texts. Where that is too wide, leave out what tells least, until
 * the line fits when what may be cut is cut. */
static void
fit(layout *table, const GPtrArray *lines)
{
    unsigned least[SUMMARY_COLUMNS];

    for (unsigned i = 0; i < SUMMARY_COLUMNS; i++) {
        /* The verdict in a few words, or in one line where the user wants it as wide as that takes. */
        table->is_shown[i] = i != (table_width == 0 ? SUMMARY_VERDICT_BRIEF : SUMMARY_VERDICT);
        table->widths[i] = heading_width(&columns[i]);
        for (unsigned line = 0; line < lines->len; line++)
            table->widths[i] = MAX(table->widths[i], width_of(((char **)lines->pdata[line])[i]));
        least[i] = columns[i].least ? columns[i].least : table->widths[i];
    }
    if (table->room == 0)
        return;
    for (unsigned i = 0; i < G_N_ELEMENTS(least_telling) && least_width(table) > table->room; i++)
        table->is_shown[least_telling[i]] = false;
    if (least_width(table) > table->room) {
        least[SUMMARY_VERDICT_BRIEF] = heading_width(&columns[SUMMARY_VERDICT_BRIEF]);
        least[SUMMARY_CAUSE] = heading_width(&columns[SUMMARY_CAUSE]);
    }
    cut_columns(table, least);
}

static void
append_blanks(GString *line, unsigned count)
{
    for (; count > 0; count--)
        g_string_append_c(line, ' ');
}

/* A text in so many columns; what does not fit is cut, and marked. */
static void
append_cell(GString *line, const char *text, bool right, unsigned width)
{
    unsigned used = width_of(text);
    const char *end = text + strlen(text);
    const char *mark = "";

    if (used > width) {
        mark = "\u2026";
        used++;
        while (used > width) {
            end = g_utf8_prev_char(end);
            used -= width_of_character(g_utf8_get_char(end));
        }
    }
    append_blanks(line, right ? width - used : 0);
    g_string_append_len(line, text, end - text);
    g_string_append(line, mark);
    append_blanks(line, right ? 0 : width - used);
}

static void
print_row(char *const *row, const layout *table)
{
    GString *line = g_string_new(NULL);

    for (unsigned i = 0; i < SUMMARY_COLUMNS; i++) {
        if (!table->is_shown[i])
            continue;
        if (i > 0)
            g_string_append_c(line, ' ');
        append_cell(line, row[i], columns[i].right, table->widths[i]);
    }
    puts(g_strchomp(line->str));
    g_string_free(line, TRUE);
}

static void
print_heading(unsigned which, const layout *table)
{
    char *row[SUMMARY_COLUMNS];

    for (unsigned i = 0; i < SUMMARY_COLUMNS; i++)
        row[i] = (char *)columns[i].heading[which];
    print_row(row, table);
}

/* Print a paragraph in lines of so many columns; 0 for one line. */
static void
print_wrapped(const char *paragraph, unsigned width_max)
{
    char **words = g_strsplit(paragraph, " ", -1);
    unsigned used = 0;

    for (char **word = words; *word; word++) {
        const unsigned width = width_of(*word);
        const bool fits = width_max == 0 || used + 1 + width <= width_max;

        printf("%s%s", used == 0 ? "" : fits ? " " : "\n", *word);
        used = used == 0 || !fits ? width : used + 1 + width;
    }
    putchar('\n');
    g_strfreev(words);
}

/* Name the columns for which there is no room. */
static void
print_left_out(const layout *table)
{
    GString *names = g_string_new(NULL);

    for (unsigned i = 0; i < SUMMARY_COLUMNS; i++) {
        const char *const *heading = columns[i].heading;
        const size_t first = strlen(heading[0]);
        const bool is_divided = g_str_has_suffix(heading[0], "-");

        if (table->is_shown[i] || i == SUMMARY_VERDICT || i == SUMMARY_VERDICT_BRIEF)
            continue;
        g_string_append_printf(names, "%s%.*s%s%s", names->len > 0 ? ", " : "",
                               (int)(is_divided ? first - 1 : first), heading[0],
                               first == 0 || is_divided ? "" : " ", heading[1]);
    }
    if (names->len > 0) {
        g_string_prepend(names, "No room for: ");
        g_string_append(names, " (-o wsclose.table_width:0 has them)");
        print_wrapped(names->str, table->room);
    }
    g_string_free(names, TRUE);
}

static void
print_rule(const layout *table)
{
    for (unsigned i = 0; i < RULE_WIDTH && (table->room == 0 || i < table->room); i++)
        putchar('=');
    putchar('\n');
}

static void
print_table(const GPtrArray *lines, const char *filter)
{
    layout table = { .room = room() };

    fit(&table, lines);
    print_rule(&table);
    printf("WebSocket connections: %u\nFilter: %s\n", lines->len, filter ? filter : "<No Filter>");
    print_left_out(&table);
    putchar('\n');
    print_heading(0, &table);
    print_heading(1, &table);
    for (unsigned i = 0; i < lines->len; i++)
        print_row(lines->pdata[i], &table);
    print_rule(&table);
}

/* Below the table: why it is empty, and what could not be looked into. */
static void
print_end(const report_end *end)
{
    const bool is_empty = end->reading.websocket_connections == 0;
    /* A line that is as long as a paragraph nobody reads, if he does not ask for it. */
    const unsigned width = table_width == 0 ? 0 : room() ? room() : WIDTH_DEFAULT;

    if (is_empty)
        print_wrapped(wsclose_explain_none_found(&end->reading), width);
    char **paragraphs = g_strsplit(end->unread ? end->unread : "", "\n", -1);
    for (char **paragraph = paragraphs; *paragraph && **paragraph != '\0'; paragraph++) {
        if (is_empty || paragraph > paragraphs)
            putchar('\n');
        print_wrapped(*paragraph, width);
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
    prefs_register_uint_preference(
        module, "table_width", "Width of tshark's table of connections",
        "How many columns a line of tshark -z wsclose,conn may take: "
        "what tells least is left out, or cut and marked with an "
        "ellipsis. 0 for as many as it takes, with the whole verdict. 120 "
        "stands for the width of the terminal; a pipe or a file has as "
        "many as it takes.",
        10, &table_width);
}
