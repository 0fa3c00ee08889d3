/* fuzz_message.c
 * Any octets as a line of a log.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wsclose/code.h"
#include "wsclose/message.h"

#include "input.h"
#include "oracle.h"

/* In a filter braces are sets. */
static void
check_filter(const char *filter)
{
    check_quoting(filter, SIZE_MAX);
}

static void
check_message(const wsclose_message *message)
{
    /* Texts are ours: none of the line gets into them. */
    check_words(message->meaning, SIZE_MAX);
    check_words(message->fix, SIZE_MAX);
    check_filter(message->filter);
    if (message->seen_when != NULL)
        check_words(message->seen_when, SIZE_MAX);
    g_assert_true((message->pattern == NULL) == (message->libraries[0] == NULL));
    g_assert_true((message->pattern == NULL) == (message->sources[0] == NULL));
    g_assert_cmpint(message->cause, <, WSCLOSE_CAUSES);
    g_assert_true(message->code != 0 || !message->code_in_line);
    g_assert_true(message->status == 0 || (message->status >= 100 && message->status < 600));
    /* A number alone is one that a line has: others are not taken for codes. */
    if (message->pattern == NULL) {
        g_assert_true(message->code_in_line);
        g_assert_true(message->code >= WSCLOSE_CODE_NORMAL_CLOSURE && message->code < 5000);
    }
}

/* Flags of HAProxy and Envoy count with their capitals: cD is not CD. */
static bool
is_by_flags(const wsclose_message *message)
{
    return message != NULL && message->pattern != NULL &&
           (g_str_has_suffix(message->pattern, " */*/*/*/* */*") || strstr(message->pattern, "\" ") != NULL);
}

static void
check_same(const wsclose_message *message, const char *line, size_t size)
{
    wsclose_message *again = wsclose_message_recognise(line, size);

    g_assert_true((message == NULL) == (again == NULL));
    if (message != NULL) {
        g_assert_true(message->pattern == again->pattern);
        g_assert_cmpuint(message->code, ==, again->code);
        g_assert_cmpuint(message->status, ==, again->status);
    }
    wsclose_message_free(again);
}

/* What a line ends with does not matter, nor does the case of its letters. */
static void
check_dress(const wsclose_message *message, const uint8_t *data, size_t size)
{
    char *line = g_malloc(size + 2);

    if (size > 0)
        memcpy(line, data, size);
    memcpy(line + size, "\r\n", 2);
    check_same(message, line, size + 2);
    for (size_t i = 0; i < size; i++)
        line[i] = g_ascii_tolower(line[i]);
    if (!is_by_flags(message))
        check_same(message, line, size + 2);
    g_free(line);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    wsclose_message *message = wsclose_message_recognise((const char *)data, size);
    wsclose_message *listed = size > 1 ? wsclose_message_at(data[0] | (size_t)data[1] << 8) : NULL;

    if (listed != NULL) {
        g_assert_nonnull(listed->pattern);
        check_message(listed);
    }
    wsclose_message_free(listed);

    if (message != NULL)
        check_message(message);
    /* An escape sequence that is cut short would take the end of the line into it. */
    if (size <= WSCLOSE_LINE_MAX && memchr(data, 0x1b, size) == NULL)
        check_dress(message, data, size);
    wsclose_message_free(message);
    return 0;
}
