/* test_words.c
 * Texts that are rows: none is missing, none has a slot that nothing fills.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <glib.h>
#include <string.h>

#include "../../decoder/words/breaches.h"
#include "../../decoder/words/faults.h"
#include "../../decoder/words/template.h"

static void
append_anything(GString *text, const void *context G_GNUC_UNUSED)
{
    g_string_append(text, "x");
}

static const template_slot breach_slots[] = {
    { "code", NULL, append_anything },
};
static const template_scope breach_scope = { breach_slots, G_N_ELEMENTS(breach_slots), NULL, NULL };

static const template_slot fault_slots[] = {
    { "unsolicited", NULL, append_anything },
    { "invalid", NULL, append_anything },
};
static const template_scope fault_scope = { fault_slots, G_N_ELEMENTS(fault_slots), NULL, NULL };

static void
check_row(const char *row, const template_scope *scope)
{
    g_assert_nonnull(row);
    g_assert_cmpstr(row, !=, "");
    g_assert_cmpstr(template_unknown_slot(scope, row), ==, NULL);
    g_assert_null(strstr(row, "  "));
    g_assert_true(row[0] != ' ' && !g_str_has_suffix(row, " "));
}

static void
check_phrase(const char *row, const template_scope *scope)
{
    check_row(row, scope);
    g_assert_false(g_str_has_suffix(row, "."));
}

static void
check_sentences(const char *row, const template_scope *scope)
{
    check_row(row, scope);
    g_assert_true(g_str_has_suffix(row, "."));
}

static void
test_breaches(void)
{
    for (size_t i = 0; i < WSCLOSE_BREACH_COUNT; i++) {
        check_phrase(breaches_words[i].brief, &breach_scope);
        check_sentences(breaches_words[i].causes, NULL);
        if (breaches_words[i].close_causes)
            check_sentences(breaches_words[i].close_causes, NULL);
    }
}

static void
test_faults(void)
{
    for (size_t i = 0; i < WSCLOSE_FAULT_COUNT; i++) {
        check_phrase(faults_words[i].brief, &fault_scope);
        check_sentences(faults_words[i].causes, NULL);
        check_sentences(faults_words[i].fix, NULL);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/words/breaches", test_breaches);
    g_test_add_func("/words/faults", test_faults);
    return g_test_run();
}
