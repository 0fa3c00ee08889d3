/* oracle.h
 * What holds for every text, and how many statements were checked.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef FUZZ_ORACLE_H
#define FUZZ_ORACLE_H

#include <glib.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "wsclose/explain.h"

/* Texts and statements that were held against a rule. The campaign adds them up. */
static uint64_t statements;

__attribute__((destructor)) static void
print_statements(void)
{
    fprintf(stderr, "statements: %" G_GUINT64_FORMAT "\n", statements);
}

static void
on_trap(int signal G_GNUC_UNUSED)
{
    abort();
}

/* g_error() ends in a trap, of which libFuzzer knows nothing: it would not keep the input. */
__attribute__((constructor)) static void
prepare(void)
{
    signal(SIGTRAP, on_trap);
    g_log_set_always_fatal(G_LOG_LEVEL_ERROR | G_LOG_LEVEL_CRITICAL | G_LOG_LEVEL_WARNING);
}

/* One line of UTF-8, within its bound. */
static inline void
check_line(const char *text, size_t most)
{
    statements++;
    g_assert_nonnull(text);
    if (strlen(text) > most)
        g_error("%zu octets, more than %zu: %s", strlen(text), most, text);
    g_assert_true(g_utf8_validate(text, -1, NULL));
    if (strpbrk(text, "\r\n\t\v\f\x1b\x7f"))
        g_error("more than a line: %s", text);
}

/* A sentence of ours that may quote octets from outside. */
static inline void
check_quoting(const char *text, size_t most)
{
    check_line(text, most);
    g_assert_cmpuint(strlen(text), >, 0);
}

/* One that quotes nothing but tokens: each slot of its row is filled. */
static inline void
check_words(const char *text, size_t most)
{
    check_quoting(text, most);
    if (strstr(text, "  "))
        g_error("two blanks: %s", text);
    if (strpbrk(text, "{}"))
        g_error("a slot is left open: %s", text);
    if (g_ascii_isspace(text[0]) || g_ascii_isspace(text[strlen(text) - 1]))
        g_error("a blank at an end: %s", text);
}

/* The same of a text that was made for this. */
static inline void
check_text(char *text, size_t most)
{
    check_words(text, most);
    wsclose_text_free(text);
}

static inline void
check_text_if(bool wanted, char *text)
{
    if (wanted)
        check_text(text, SIZE_MAX);
    else
        g_assert_null(text);
}

/* The same where it depends on what is not known here. */
static inline void
check_text_or_null(char *text)
{
    check_text_if(text != NULL, text);
}

#endif
