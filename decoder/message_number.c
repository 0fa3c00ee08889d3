/* message_number.c
 * The status code in a line that speaks of a close. Lines are full of numbers, so it is known by the words
 * before and behind it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "message_line.h"

#include <string.h>

#include <glib.h>

#include "wsclose/code.h"

enum {
    DIGITS = 4,
    WORDS_NEAR = 5, /* between "closed" and what leads to the number */
    WORDS_FAR = 24,
    OCTETS_BEHIND = 48,
    CODE_LAST = 1015,
    CODE_REGISTERED = 3000,
    CODE_PRIVATE_LAST = 4999
};

static const char CODE[] = "code";

/* A word of the line, and what stands between its end and what comes after it. */
typedef struct {
    const char *text;
    size_t len;
    const char *gap;
    size_t gap_len;
} word;

/* One number of the line. */
typedef struct {
    const message_line *line;
    bool is_connection; /* the line speaks of one, and not of a shop or a file that was closed */
    size_t end;
    uint16_t code;
    word before;
    word next; /* empty where a sign comes first */
} candidate;

static bool
is_one_of(const word *w, const char *const *words)
{
    for (; *words != NULL; words++) {
        if (strlen(*words) == w->len && memcmp(w->text, *words, w->len) == 0)
            return true;
    }
    return false;
}

static bool
contains(const word *w, const char *part)
{
    return g_strstr_len(w->text, (gssize)w->len, part) != NULL;
}

static bool
gap_has(const word *w, const char *signs)
{
    for (size_t i = 0; i < w->gap_len; i++) {
        if (strchr(signs, w->gap[i]) != NULL)
            return true;
    }
    return false;
}

/* The last word before a place; of no length where there is none. */
static word
word_before(const message_line *line, size_t place)
{
    size_t end = place;
    size_t begin;

    while (end > 0 && !message_is_word_octet(line->text[end - 1]))
        end--;
    begin = end;
    while (begin > 0 && message_is_word_octet(line->text[begin - 1]))
        begin--;
    return (word){ line->text + begin, end - begin, line->text + end, place - end };
}

static word
previous(const message_line *line, const word *w)
{
    return word_before(line, (size_t)(w->text - line->text));
}

/* "closed", "closing", "onclose", "CloseEvent", "ConnectionClosedError", "disconnect". */
static bool
is_closing(const word *w)
{
    static const char *const others[] = { "enclose",   "enclosed",    "enclosing",
                                          "disclosed", "closest",     "disclosure",
                                          "closet",    "foreclosure", NULL };

    return (contains(w, "close") || contains(w, "closing") || contains(w, "closure") ||
            contains(w, "disconnect")) &&
           !is_one_of(w, others);
}

static bool
closing_near(const message_line *line, word w, unsigned words)
{
    for (unsigned i = 0; i <= words && w.len > 0; i++) {
        if (is_closing(&w))
            return true;
        w = previous(line, &w);
    }
    return false;
}

/* What comes directly behind a number, across blanks. */
static word
word_behind(const message_line *line, size_t place)
{
    size_t begin = place;
    size_t end;

    while (line->text[begin] == ' ')
        begin++;
    end = begin;
    while (message_is_word_octet(line->text[end]))
        end++;
    return (word){ line->text + begin, end - begin, line->text + place, begin - place };
}

/* Whether the number counts or measures something: "1005 ms", "1006 connections". */
static bool
is_amount(const candidate *c)
{
    static const char *const units[] = { "ms",   "s",      "sec", "us",  "ns",  "min",     "h",
                                         "b",    "byte",   "kb",  "kib", "mb",  "mib",     "second",
                                         "hour", "minute", "px",  "of",  "rps", "percent", NULL };
    static const char *const no_plurals[] = { "this",   "is",       "was",    "has",
                                              "always", "previous", "unless", "process",
                                              "closes", "means",    NULL };
    const word *next = &c->next;

    if (next->len == 0)
        return false;
    return is_one_of(next, units) ||
           (next->len > 3 && next->text[next->len - 1] == 's' && next->text[next->len - 2] != 's' &&
            !is_one_of(next, no_plurals));
}

/* Whether what is behind the number names a status code, or tells a reason. */
static bool
is_named_behind(const candidate *c)
{
    static const char *const names[] = {
        "normal",           "abnormal",    "abnormally", "going",     "policy",
        "protocol",         "unsupported", "invalid",    "message",   "mandatory",
        "internal",         "service",     "unexpected", "no_status", "normal_closure",
        "abnormal_closure", "going_away",  "reason",     NULL
    };
    const char *text = c->line->text + c->end;

    return is_one_of(&c->next, names) || g_str_has_prefix(text, " (") ||
           g_str_has_prefix(text, "(") || g_str_has_prefix(text, " no status") ||
           g_str_has_prefix(text, " bad gateway") || g_str_has_prefix(text, " try again") ||
           g_str_has_prefix(text, " tls ");
}

static bool
is_behind(const candidate *c, const char *part)
{
    const size_t rest = c->line->len - c->end;

    return g_strstr_len(c->line->text + c->end, (gssize)MIN(rest, OCTETS_BEHIND), part) != NULL;
}

static bool
ends_sentence(const candidate *c)
{
    return c->next.len == 0;
}

/* The word before "code", in the same word or before it; of no length where "code" stands alone. */
static word
what_code(const candidate *c)
{
    word of = c->before;

    of.len -= strlen(CODE);
    while (of.len > 0 && of.text[of.len - 1] == '_')
        of.len--;
    if (of.len > 0)
        return of;
    of = previous(c->line, &c->before);
    /* "{code: 1006", ", code=1006" */
    if (of.gap_len != 1 || strchr(" -", of.gap[0]) == NULL)
        of.len = 0;
    return of;
}

/* "code 1006", unless it is the code of something else. */
static bool
is_code_of_close(const candidate *c)
{
    static const char *const of_close[] = { "with", "status",    "event",      "by",         "the",
                                            "a",    "and",       "got",        "received",   "sent",
                                            "ws",   "websocket", "connection", "abnormally", NULL };
    static const char *const of_failure[] = { "error", "err", "failure", NULL };
    word of;

    if (c->before.len < strlen(CODE) ||
        memcmp(c->before.text + c->before.len - strlen(CODE), CODE, strlen(CODE)) != 0)
        return false;
    /* The npm package ws shows so what it sends, and then reports 1006. */
    if (g_str_has_prefix(c->before.gap, ")]"))
        return false;
    of = what_code(c);
    if (of.len > 0 && is_closing(&of))
        return true;
    if (c->code < CODE_REGISTERED && c->line->is_websocket &&
        (of.len == 0 || is_one_of(&of, of_close) || is_one_of(&of, of_failure)))
        return true;
    return (of.len == 0 || is_one_of(&of, of_close)) &&
           (closing_near(c->line, c->before, WORDS_FAR) || is_behind(c, "reason") ||
            is_behind(c, "wasclean") || is_behind(c, "closed") || is_behind(c, "closure"));
}

/* "closed with 1006", "disconnected with status 1011", "close event: 1006". */
static bool
is_led_to(const candidate *c)
{
    static const char *const leads[] = { "with",   "status",     "event",       "frame",
                                         "reason", "statuscode", "status_code", NULL };

    return is_one_of(&c->before, leads) && closing_near(c->line, c->before, WORDS_NEAR) &&
           c->is_connection;
}

/* "onclose 1006", "WebSocket closed: 1006", "closed by the server (1006)". */
static bool
is_bare(const candidate *c)
{
    static const char *const events[] = { "onclose",  "on_close",        "closeevent",
                                          "onclosed", "websocketclosed", "websocketclose",
                                          NULL };
    static const char *const ends[] = { "closed", "closure", "disconnected", NULL };
    static const char *const closers[] = { "server",       "client",  "peer",      "remote",
                                           "host",         "side",    "end",       "abnormally",
                                           "unexpectedly", "cleanly", "uncleanly", "normally",
                                           "connection",   NULL };
    const word *before = &c->before;
    const bool marked = gap_has(before, ":=([");

    if (is_one_of(before, events))
        return true;
    if (!c->line->is_websocket)
        return c->is_connection && c->code < CODE_REGISTERED && marked && is_one_of(before, ends) &&
               !contains(before, "disconnect");
    /* Numbers of users and orders look like an application's own codes. */
    if (c->code >= CODE_REGISTERED && (contains(before, "disconnect") || !marked))
        return false;
    if (is_one_of(before, ends))
        return marked || ends_sentence(c) || is_named_behind(c);
    /* "close" may be a price. */
    if (is_closing(before))
        return is_named_behind(c);
    return is_one_of(before, closers) && marked && closing_near(c->line, *before, WORDS_NEAR);
}

static bool
is_code(const candidate *c)
{
    return !is_amount(c) && (is_code_of_close(c) || is_led_to(c) || is_bare(c));
}

/* Whether digits are a number of their own: no part of a time, a date, an address, a fraction, a name. */
static bool
stands_alone(const message_line *line, size_t begin, size_t end)
{
    const char *text = line->text;
    const char behind = text[end];

    if (begin > 0 &&
        (message_is_word_octet(text[begin - 1]) || strchr(".-/#$%+@~\\", text[begin - 1]) != NULL))
        return false;
    if (begin > 1 && text[begin - 1] == ':' && g_ascii_isdigit(text[begin - 2]))
        return false;
    if (message_is_word_octet(behind) || behind == '%' || behind == '/')
        return false;
    return strchr(".,:-", behind) == NULL || behind == '\0' ||
           !message_is_word_octet(text[end + 1]) ||
           (behind != '-' && !g_ascii_isdigit(text[end + 1]));
}

static bool
may_be_code(unsigned number)
{
    return (number >= WSCLOSE_CODE_NORMAL_CLOSURE && number <= CODE_LAST) ||
           (number >= CODE_REGISTERED && number <= CODE_PRIVATE_LAST);
}

/* Read the digits of a candidate that ends here. */
static bool
is_code_at(candidate *c, size_t begin)
{
    unsigned number = 0;

    if (c->end - begin != DIGITS)
        return false;
    for (size_t i = begin; i < c->end; i++)
        number = number * 10 + (unsigned)g_ascii_digit_value(c->line->text[i]);
    if (!may_be_code(number) || !stands_alone(c->line, begin, c->end))
        return false;
    c->code = (uint16_t)number;
    c->before = word_before(c->line, begin);
    c->next = word_behind(c->line, c->end);
    return is_code(c);
}

uint16_t
message_line_code(const message_line *line)
{
    candidate c = { .line = line };

    c.is_connection = line->is_websocket || strstr(line->text, "connection") != NULL ||
                      strstr(line->text, "socket") != NULL || strstr(line->text, "session") != NULL;
    for (size_t begin = 0; begin < line->len; begin = c.end) {
        begin += strcspn(line->text + begin, "0123456789");
        c.end = begin + strspn(line->text + begin, "0123456789");
        if (is_code_at(&c, begin))
            return c.code;
    }
    return 0;
}
