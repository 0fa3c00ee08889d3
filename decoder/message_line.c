/* message_line.c
 * Words of a pattern in one line of a log.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "message_line.h"

#include <string.h>

#include <glib.h>

#include "wsclose/message.h"

enum {
    CODE_DIGITS_MAX = 5, /* more is no 16-bit number */
    STATUS_DIGITS = 3,
    STATUS_MIN = 100,
    STATUS_MAX = 599,
    ESCAPE = 0x1b,
    PAIR_BITS = 12
};

static unsigned
pair_of(char first, char second)
{
    return ((unsigned char)first * 61u + (unsigned char)second) & ((1u << PAIR_BITS) - 1);
}

static bool
has_pair(const message_line *line, char first, char second)
{
    const unsigned pair = pair_of(first, second);

    return (line->pairs[pair / 64] >> (pair % 64) & 1) != 0;
}

/* Octets of an escape sequence at the start (ECMA-48): a CSI up to its final octet, else two. */
static size_t
escape_length(const char *octets, size_t len)
{
    size_t i = 2;

    if (len < 2 || octets[1] != '[')
        return MIN(len, 2);
    while (i < len && (octets[i] < '@' || octets[i] > '~'))
        i++;
    return MIN(i + 1, len);
}

static bool
has_word(const char *text, const char *word)
{
    for (const char *at = strstr(text, word); at != NULL; at = strstr(at + 1, word)) {
        if ((at == text || !message_is_word_octet(at[-1])) &&
            !message_is_word_octet(at[strlen(word)]))
            return true;
    }
    return false;
}

static bool
is_websocket(const char *text)
{
    static const char *const words[] = { "websocket",  "web socket", "ws://",      "wss://",
                                         "socket.io",  "engine.io",  "signalr",    "sockjs",
                                         "close code", "closecode",  "close_code", "close frame" };

    for (size_t i = 0; i < G_N_ELEMENTS(words); i++) {
        if (strstr(text, words[i]) != NULL)
            return true;
    }
    return has_word(text, "ws");
}

void
message_line_init(message_line *line, const char *octets, size_t len)
{
    size_t i = 0;

    len = MIN(len, WSCLOSE_LINE_MAX);
    *line = (message_line){ .text = g_malloc(len + 2), .original = g_malloc(len + 2) };
    while (i < len) {
        if (octets[i] == ESCAPE) {
            i += escape_length(octets + i, len - i);
            continue;
        }
        line->original[line->len] = g_ascii_iscntrl(octets[i]) ? ' ' : octets[i];
        line->text[line->len] = g_ascii_tolower(line->original[line->len]);
        line->len++;
        i++;
    }
    /* However it ends, with a line end or without, it is read as if one blank did. */
    while (line->len > 0 && line->text[line->len - 1] == ' ')
        line->len--;
    line->original[line->len] = line->text[line->len] = ' ';
    line->len++;
    line->original[line->len] = line->text[line->len] = '\0';
    line->is_websocket = is_websocket(line->text);
    for (i = 1; i < line->len; i++) {
        const unsigned pair = pair_of(line->text[i - 1], line->text[i]);

        line->pairs[pair / 64] |= (uint64_t)1 << (pair % 64);
    }
}

void
message_line_clear(message_line *line)
{
    g_free(line->text);
    g_free(line->original);
}

static bool
is_slot(char c)
{
    return c == '*' || c == '#' || c == '%';
}

/* Whether the line may have the words at all: most lines lack some pair of letters. */
static bool
may_have(const message_line *line, const char *pattern)
{
    for (const char *p = pattern; p[0] != '\0' && p[1] != '\0'; p++) {
        if (!is_slot(p[0]) && !is_slot(p[1]) &&
            !has_pair(line, g_ascii_tolower(p[0]), g_ascii_tolower(p[1])))
            return false;
    }
    return true;
}

/* A whole number at a place of the line. Returns how many digits it has, 0 where there is none. */
static size_t
read_number(const message_line *line, size_t at, size_t digits_max, unsigned *number)
{
    size_t n = 0;

    if (at > 0 && g_ascii_isdigit(line->text[at - 1]))
        return 0;
    *number = 0;
    while (n < digits_max && g_ascii_isdigit(line->text[at + n])) {
        *number = *number * 10 + (unsigned)g_ascii_digit_value(line->text[at + n]);
        n++;
    }
    return g_ascii_isdigit(line->text[at + n]) ? 0 : n;
}

/* One slot for a number. Returns how many octets of the line it takes, 0 where it is not there. */
static size_t
match_number(const message_line *line, size_t at, char slot, message_numbers *numbers)
{
    unsigned number;
    const size_t n = read_number(line, at, slot == '#' ? CODE_DIGITS_MAX : STATUS_DIGITS, &number);

    if (slot == '#' && n > 0 && number <= UINT16_MAX) {
        numbers->has_code = true;
        numbers->code = (uint16_t)number;
        return n;
    }
    if (slot == '%' && n == STATUS_DIGITS && number >= STATUS_MIN && number <= STATUS_MAX) {
        numbers->status = (uint16_t)number;
        return n;
    }
    return 0;
}

/* What is looked for, and where. */
typedef struct {
    const message_line *line;
    const char *pattern;
    bool exact_case;
    message_numbers found;
} search;

static bool
is_letter_at(const search *s, size_t at, char letter)
{
    if (at >= s->line->len)
        return false;
    return s->exact_case ? s->line->original[at] == letter
                         : s->line->text[at] == g_ascii_tolower(letter);
}

/* The words of a pattern up to its end or its next '*', at one place of the line. Returns the place
 * behind them, 0 where they are not there. */
static size_t
match_words(search *s, size_t at, const char *words)
{
    for (; *words != '\0' && *words != '*'; words++) {
        size_t n;

        if (*words == '#' || *words == '%')
            n = match_number(s->line, at, *words, &s->found);
        else
            n = is_letter_at(s, at, *words) ? 1 : 0;
        if (n == 0)
            return 0;
        at += n;
    }
    return at;
}

/* Whether a word may begin at a place of the line; JSON writes the end of a line before it as "\n". */
static bool
begins_word(const message_line *line, size_t at)
{
    return at == 0 || !message_is_word_octet(line->text[at - 1]) ||
           (at > 1 && line->text[at - 2] == '\\' && strchr("nrt", line->text[at - 1]) != NULL);
}

/* The same as match_words(), where no word of the line may be cut at the start or the end of the whole
 * pattern. */
static size_t
match_part(search *s, size_t at, const char *part)
{
    size_t end;

    if (part == s->pattern && g_ascii_isalnum(part[0]) && !begins_word(s->line, at))
        return 0;
    end = match_words(s, at, part);
    if (end != 0 && strchr(part, '*') == NULL && g_ascii_isalnum(part[strlen(part) - 1]) &&
        message_is_word_octet(s->line->text[end]))
        return 0;
    return end;
}

bool
message_line_has(const message_line *line, const char *pattern, bool exact_case,
                 message_numbers *numbers)
{
    search s = { .line = line, .pattern = pattern, .exact_case = exact_case };
    const char *part = pattern + strspn(pattern, "*");
    size_t at = 0;

    if (!may_have(line, pattern))
        return false;
    while (*part != '\0') {
        size_t end = 0;

        /* Words have one length at one place, so the first place is as good as any. */
        while (at <= line->len && (end = match_part(&s, at, part)) == 0)
            at++;
        if (end == 0)
            return false;
        at = end;
        part += strcspn(part, "*");
        part += strspn(part, "*");
    }
    *numbers = s.found;
    return true;
}

size_t
message_pattern_weight(const char *pattern)
{
    size_t weight = 0;

    for (; *pattern != '\0'; pattern++)
        weight += is_slot(*pattern) ? 0 : 1;
    return weight;
}
