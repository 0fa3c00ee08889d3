/* fuzz_message.c
 * Any octets as a line of a log.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wsclose/code.h"
#include "wsclose/message.h"

#include <glib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Texts are ours: none of the line gets into them. */
static void
check_text(const char *text)
{
    g_assert_nonnull(text);
    g_assert_true(g_utf8_validate(text, -1, NULL));
    g_assert_cmpuint(strlen(text), >, 0);
    g_assert_null(strchr(text, '{'));
}

static void
check_message(const wsclose_message *message)
{
    check_text(message->meaning);
    check_text(message->fix);
    check_text(message->filter);
    if (message->seen_when != NULL)
        check_text(message->seen_when);
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

/* What a line ends with does not matter, nor does the case of its letters. */
static void
check_dress(const wsclose_message *message, const uint8_t *data, size_t size)
{
    char *line = g_malloc(size + 2);
    wsclose_message *again;

    for (size_t i = 0; i < size; i++)
        line[i] = g_ascii_tolower((char)data[i]);
    memcpy(line + size, "\r\n", 2);
    again = wsclose_message_recognise(line, size + 2);
    g_assert_true((message == NULL) == (again == NULL));
    if (message != NULL) {
        g_assert_true(message->pattern == again->pattern);
        g_assert_cmpuint(message->code, ==, again->code);
        g_assert_cmpuint(message->status, ==, again->status);
    }
    wsclose_message_free(again);
    g_free(line);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    wsclose_message *message = wsclose_message_recognise((const char *)data, size);

    if (message != NULL)
        check_message(message);
    /* An escape sequence that is cut short would take the end of the line into it. */
    if (size <= WSCLOSE_LINE_MAX && memchr(data, 0x1b, size) == NULL)
        check_dress(message, data, size);
    wsclose_message_free(message);
    return 0;
}
