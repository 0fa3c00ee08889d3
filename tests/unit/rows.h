/* rows.h
 * What holds for every row of text in decoder/words.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WSCLOSE_TEST_ROWS_H
#define WSCLOSE_TEST_ROWS_H

#include <string.h>

#include <glib.h>

#include "../../decoder/words/template.h"

/* More is no row any more but a page. */
enum { ROW_MAX = 1000 };

/* A row, whole or a part of a sentence: there, all its slots known, no space too many. */
static inline void
check_row(const template_scope *scope, const char *row)
{
    g_assert_nonnull(row);
    g_test_message("%s", row);
    g_assert_cmpstr(template_unknown_slot(scope, row), ==, NULL);
    g_assert_true(g_utf8_validate(row, -1, NULL));
    g_assert_cmpuint(strlen(row), >, 0);
    g_assert_cmpuint(strlen(row), <, ROW_MAX);
    g_assert_null(strstr(row, "  "));
    g_assert_false(g_regex_match_simple("%[a-z]", row, 0, 0));
    /* Two literals that meet without a space; names of programs have such stops too. */
    g_assert_false(g_regex_match_simple("(?<!Boost)\\.[A-Z]|[a-z][;,][A-Za-z0-9]", row, 0, 0));
}

/* A row of whole sentences. */
static inline void
check_paragraph(const template_scope *scope, const char *row)
{
    check_row(scope, row);
    g_assert_true(g_regex_match_simple("^(\\{|[A-Z0-9])", row, 0, 0));
    g_assert_true(g_regex_match_simple("[^.]\\.$|\\}$", row, 0, 0));
}

#endif
