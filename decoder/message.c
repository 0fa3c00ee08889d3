/* message.c
 * A line of a log, recognised and explained.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wsclose/message.h"

#include <string.h>

#include <glib.h>

#include "message_line.h"
#include "words/carrier.h"
#include "words/messages.h"
#include "words/refused_status.h"
#include "words/template.h"
#include "wsclose/code.h"
#include "wsclose/explain.h"

/* What is said of one line. */
typedef struct {
    const message_row *rows[8]; /* that have the same words; the first one decides */
    size_t n_rows;              /* 0: a number alone */
    message_speaker speaker;
    const message_meaning *meaning; /* NULL where the code says it all */
    uint16_t code;
    bool code_in_line;
    uint16_t status;
} answer;

/* Words for who writes a message and who does not, in the order of message_speaker. */
static const char *const sides[][2] = {
    [SPEAKER_CLIENT] = { "the client", "the server" },
    [SPEAKER_SERVER] = { "the server", "the client" },
    [SPEAKER_EITHER] = { "the side that wrote this", "the other side" },
    [SPEAKER_BETWEEN] = { "the proxy", "the server or the client" },
};

static void
append_number(GString *text, const void *context)
{
    template_append_number(text, *(const uint16_t *)context);
}

/* Fill a row of a code or a status, given as the context. */
static char *
fill_number(const char *slot, const uint16_t *number, const char *row)
{
    const template_slot slots[] = { { slot, NULL, append_number } };
    const template_scope scope = { slots, G_N_ELEMENTS(slots), number, NULL };

    return template_fill(&scope, row);
}

static const refused_status *
status_of(const answer *a)
{
    return a->status != 0 && a->meaning->of_status
               ? refused_status_lookup(WSCLOSE_CARRIER_HTTP1, a->status)
               : NULL;
}

static char *
fill_meaning(const answer *a, const char *row)
{
    const refused_status *status = status_of(a);
    char *said = status == NULL
                     ? g_strdup("an HTTP error or redirect")
                     : g_strdup_printf("the HTTP status %u (%s)", a->status, status->name);
    const template_slot slots[] = {
        { "this side", sides[a->speaker][0], NULL },
        { "other side", sides[a->speaker][1], NULL },
        { "answer", said, NULL },
    };
    const template_scope scope = { slots, G_N_ELEMENTS(slots), NULL, NULL };
    char *text = template_fill(&scope, row);

    g_free(said);
    return text;
}

static const code_cause_row *
cause_of_code(uint16_t code)
{
    for (size_t i = 0; i < code_causes_count; i++) {
        if (code >= code_causes[i].first && code <= code_causes[i].last)
            return &code_causes[i];
    }
    return NULL;
}

static const char *
side_of(message_change change, message_speaker speaker)
{
    static const char *const words[] = {
        [CHANGE_NOBODY] = NULL,       [CHANGE_CLIENT] = "client", [CHANGE_SERVER] = "server",
        [CHANGE_BETWEEN] = "between", [CHANGE_SELF] = "self",     [CHANGE_PEER] = "peer",
    };
    static const message_change of_speaker[][2] = {
        [SPEAKER_CLIENT] = { CHANGE_CLIENT, CHANGE_SERVER },
        [SPEAKER_SERVER] = { CHANGE_SERVER, CHANGE_CLIENT },
        [SPEAKER_EITHER] = { CHANGE_SELF, CHANGE_PEER },
        [SPEAKER_BETWEEN] = { CHANGE_BETWEEN, CHANGE_NOBODY },
    };

    if (change == CHANGE_SELF || change == CHANGE_PEER)
        change = of_speaker[speaker][change == CHANGE_PEER];
    return words[change];
}

static message_change
change_of_status(const refused_status *status)
{
    static const message_change changes[] = {
        [WSCLOSE_BY_NOBODY] = CHANGE_NOBODY,
        [WSCLOSE_BY_CLIENT] = CHANGE_CLIENT,
        [WSCLOSE_BY_SERVER] = CHANGE_SERVER,
        [WSCLOSE_BY_BETWEEN] = CHANGE_BETWEEN,
    };

    return changes[status->by];
}

/* Texts of a status code. */
static void
explain_code(wsclose_message *message, uint16_t code)
{
    const wsclose_code_info *info = wsclose_code_lookup(code);

    message->meaning = g_strdup(info->meaning);
    message->seen_when = g_strdup(info->seen_when);
    message->fix = g_strdup(info->fix);
}

/* Of a line whose code says all that is known. */
static void
explain_by_code(const answer *a, wsclose_message *message)
{
    const code_cause_row *row = cause_of_code(a->code);

    explain_code(message, a->code);
    message->cause = row != NULL ? row->cause : WSCLOSE_CAUSE_UNKNOWN;
    message->side = row != NULL ? side_of(row->change, a->speaker) : NULL;
    message->filter = fill_number("code", &a->code, message_code_filter);
}

static char *
filter_of(const answer *a)
{
    if (status_of(a) != NULL)
        return fill_number("status", &a->status, message_status_filter);
    if (a->meaning->filter != NULL)
        return g_strdup(a->meaning->filter);
    return g_strdup_printf("wsclose.cause == \"%s\"", wsclose_cause_name(a->meaning->cause));
}

static void
explain_by_meaning(const answer *a, wsclose_message *message)
{
    const refused_status *status = status_of(a);
    const template_scope *carrier = carrier_scope(WSCLOSE_CARRIER_HTTP1);

    message->cause = a->meaning->cause;
    message->side = side_of(a->meaning->change, a->speaker);
    message->filter = filter_of(a);
    if (a->meaning->meaning == NULL) {
        explain_code(message, a->meaning->code);
        return;
    }
    message->meaning = fill_meaning(a, a->meaning->meaning);
    if (status == NULL) {
        message->fix = fill_meaning(a, a->meaning->fix);
    } else {
        message->side = side_of(change_of_status(status), a->speaker);
        message->seen_when = template_fill(carrier, status->seen_when);
        message->fix = template_fill(carrier, status->fix);
    }
}

/* Sentences of the libraries on what to change there. */
static void
append_settings(const answer *a, wsclose_message *message)
{
    GString *fix = g_string_new(message->fix);

    for (size_t i = 0; i < a->n_rows; i++) {
        const char *setting = a->rows[i]->setting;

        if (setting != NULL && strstr(fix->str, setting) == NULL)
            g_string_append_printf(fix, " %s", setting);
    }
    g_free(message->fix);
    message->fix = g_string_free(fix, FALSE);
}

/* Take a text into a list of strings, unless it is there. */
static void
take_new(GPtrArray *list, char *text)
{
    if (g_ptr_array_find_with_equal_func(list, text, g_str_equal, NULL))
        g_free(text);
    else
        g_ptr_array_add(list, text);
}

static char **
end_list(GPtrArray *list)
{
    g_ptr_array_add(list, NULL);
    return (char **)g_ptr_array_free(list, FALSE);
}

static void
append_libraries(const answer *a, wsclose_message *message)
{
    GPtrArray *libraries = g_ptr_array_new();
    GPtrArray *sources = g_ptr_array_new();

    for (size_t i = 0; i < a->n_rows; i++) {
        const message_row *row = a->rows[i];
        char **names = g_strsplit(row->libraries, ", ", -1);

        for (char **name = names; *name != NULL; name++)
            take_new(libraries, *name);
        g_free(names);
        take_new(sources, g_strdup_printf("%s: %s", row->libraries, row->seen));
    }
    message->libraries = end_list(libraries);
    message->sources = end_list(sources);
}

static wsclose_by
by_of(message_speaker speaker)
{
    static const wsclose_by words[] = {
        [SPEAKER_CLIENT] = WSCLOSE_BY_CLIENT,
        [SPEAKER_SERVER] = WSCLOSE_BY_SERVER,
        [SPEAKER_EITHER] = WSCLOSE_BY_NOBODY,
        [SPEAKER_BETWEEN] = WSCLOSE_BY_BETWEEN,
    };

    return words[speaker];
}

static wsclose_message *
explain(const answer *a)
{
    wsclose_message *message = g_new0(wsclose_message, 1);

    message->pattern = a->n_rows > 0 ? a->rows[0]->pattern : NULL;
    message->speaker = by_of(a->speaker);
    message->code = a->code;
    message->code_in_line = a->code_in_line;
    message->status = a->status;
    append_libraries(a, message);
    if (a->meaning == NULL)
        explain_by_code(a, message);
    else
        explain_by_meaning(a, message);
    append_settings(a, message);
    return message;
}

static bool
have_same_words(const message_row *a, const message_row *b)
{
    return a->exact || b->exact ? strcmp(a->pattern, b->pattern) == 0
                                : g_ascii_strcasecmp(a->pattern, b->pattern) == 0;
}

/* Take a row for the answer: beside those that have the same words, in place of others. */
static void
add_row(answer *a, const message_row *row)
{
    if (a->n_rows > 0 && !have_same_words(row, a->rows[0]))
        a->n_rows = 0;
    if (a->n_rows == G_N_ELEMENTS(a->rows))
        return;
    a->speaker = a->n_rows == 0 || a->speaker == row->speaker ? row->speaker : SPEAKER_EITHER;
    a->rows[a->n_rows++] = row;
}

/* Whether a code that stands beside the words of a row is one that an API reports, and not the one that
 * the message complains of. */
static bool
is_reported(const message_row *row, uint16_t code)
{
    if (row->meaning == MEANING_CODE_REJECTED)
        return false;
    return row->meaning != MEANING_CLOSE_ILLEGAL || wsclose_code_may_be_on_wire(code);
}

/* The code behind a message that has none itself. */
static uint16_t
code_of(const message_row *row)
{
    const uint16_t code = message_meanings[row->meaning].code;

    if (row->code != 0)
        return row->code;
    return code == WSCLOSE_CODE_ABNORMAL_CLOSURE && !message_row_tells_code(row) ? 0 : code;
}

/* What the rows say and the line has. */
static void
judge(answer *a, const message_numbers *numbers, uint16_t code_of_line)
{
    const message_row *row = a->rows[0];
    const uint16_t found = numbers->has_code ? numbers->code : code_of_line;
    const uint16_t in_line = is_reported(row, found) ? found : 0;

    a->meaning = &message_meanings[row->meaning];
    a->status = numbers->status;
    a->code_in_line = in_line != 0;
    a->code = in_line != 0 ? in_line : code_of(row);
    if (row->meaning == MEANING_CLOSED && a->code != 0)
        a->meaning = NULL;
}

/* How two rows compare that a line has: above 0 where the first one says more. */
static int
compare_rows(const message_row *a, const message_row *b)
{
    const int vague_a = message_meanings[a->meaning].vague;
    const int vague_b = message_meanings[b->meaning].vague;
    const size_t weight_a = message_pattern_weight(a->pattern);
    const size_t weight_b = message_pattern_weight(b->pattern);

    if (vague_a != vague_b)
        return vague_b - vague_a;
    /* What a library writes over WebSocket says more than what its system says under it. */
    if (a->in_context != b->in_context)
        return b->in_context - a->in_context;
    return weight_a > weight_b ? 1 : weight_a < weight_b ? -1 : 0;
}

/* Whether a line has the words of a row, and no row so far says more. Of two that say as much in other
 * words the first one stays. */
static bool
is_as_good(const answer *a, const message_row *row, const message_line *line,
           message_numbers *numbers)
{
    if (row->in_context && !line->is_websocket)
        return false;
    if (a->n_rows > 0) {
        const int difference = compare_rows(row, a->rows[0]);

        if (difference < 0 || (difference == 0 && !have_same_words(row, a->rows[0])))
            return false;
    }
    return message_line_has(line, row->pattern, row->exact, numbers);
}

/* The rows whose words the line has, and of those the ones with the most. */
static void
find_rows(const message_line *line, answer *a, message_numbers *numbers)
{
    for (size_t i = 0; i < message_tables_count; i++) {
        for (size_t k = 0; k < message_tables[i]->n; k++) {
            const message_row *row = &message_tables[i]->rows[k];

            if (is_as_good(a, row, line, numbers))
                add_row(a, row);
        }
    }
}

wsclose_message *
wsclose_message_recognise(const char *octets, size_t len)
{
    message_line line;
    message_numbers numbers = { .has_code = false };
    answer a = { .speaker = SPEAKER_EITHER };
    uint16_t code;

    message_line_init(&line, octets, len);
    find_rows(&line, &a, &numbers);
    line.is_websocket = line.is_websocket || a.n_rows > 0;
    code = message_line_code(&line);
    message_line_clear(&line);
    if (a.n_rows > 0) {
        judge(&a, &numbers, code);
    } else {
        a.code = code;
        a.code_in_line = true;
    }
    return a.code == 0 && a.n_rows == 0 ? NULL : explain(&a);
}

wsclose_message *
wsclose_message_at(size_t index)
{
    const message_numbers none = { .has_code = false };
    answer a = { .speaker = SPEAKER_EITHER };

    for (size_t i = 0; i < message_tables_count; i++) {
        if (index < message_tables[i]->n) {
            add_row(&a, &message_tables[i]->rows[index]);
            judge(&a, &none, 0);
            return explain(&a);
        }
        index -= message_tables[i]->n;
    }
    return NULL;
}

void
wsclose_message_free(wsclose_message *message)
{
    if (message == NULL)
        return;
    g_strfreev(message->libraries);
    g_strfreev(message->sources);
    wsclose_text_free(message->meaning);
    wsclose_text_free(message->seen_when);
    wsclose_text_free(message->fix);
    wsclose_text_free(message->filter);
    g_free(message);
}
