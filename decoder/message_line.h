/* message_line.h
 * What is looked for in one line of a log: words, and a status code.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WSCLOSE_MESSAGE_LINE_H
#define WSCLOSE_MESSAGE_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <glib.h>

/* A line as it is compared: ASCII letters small, no escape sequences of terminals, a blank for each
 * control character. */
typedef struct {
    char *text;     /* ends with NUL */
    char *original; /* the same, with the case of its letters */
    size_t len;
    bool is_websocket;  /* it speaks of WebSocket */
    uint64_t pairs[64]; /* a bit for each two octets that stand side by side */
} message_line;

/* Whether an octet is part of a word. */
static inline bool
message_is_word_octet(char c)
{
    return g_ascii_isalnum(c) || c == '_';
}

void message_line_init(message_line *line, const char *octets, size_t len);
void message_line_clear(message_line *line);

/* What the slots of a pattern stand for in a line. */
typedef struct {
    bool has_code;
    uint16_t code;
    uint16_t status; /* 0: none */
} message_numbers;

/* Whether a line has the words of a pattern, in their order.
 *
 *  exact_case  whether the case of letters matters
 *  numbers     touched only where it has them */
bool message_line_has(const message_line *line, const char *pattern, bool exact_case,
                      message_numbers *numbers);

/* How many octets of a pattern are literal: the more, the less likely it is that a line has them by
 * accident. */
size_t message_pattern_weight(const char *pattern);

/* The status code of a line that speaks of a close: 1000 to 1015, or 3000 to 4999. Returns 0 where there
 * is none, and for numbers that may be anything else. */
uint16_t message_line_code(const message_line *line);

#endif
