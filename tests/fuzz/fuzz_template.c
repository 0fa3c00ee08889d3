/* fuzz_template.c
 * Any octets as a row of text with slots, and as what its slots stand for.
 *
 * A NUL ends the row, and another one each text of a slot.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "../../decoder/words/template.h"

#include "input.h"
#include "oracle.h"

/* What the slots with a function add: from outside, so that braces in it are no slots. */
typedef struct {
    const char *words;
    uint64_t number;
} outside;

static void
append_words(GString *text, const void *context)
{
    g_string_append(text, ((const outside *)context)->words);
}

static void
append_number(GString *text, const void *context)
{
    template_append_number(text, ((const outside *)context)->number);
}

/* A row with no braces stands as it is; in any other one only slots are replaced. */
static void
check_fill(const template_scope *scope, const char *row)
{
    char *text = template_fill(scope, row);
    GString *appended = g_string_new("before ");
    const char *unknown = template_unknown_slot(scope, row);

    statements += 3;
    template_append(appended, scope, row);
    g_assert_true(g_str_has_prefix(appended->str, "before "));
    g_assert_cmpstr(appended->str + strlen("before "), ==, text);
    if (!strchr(row, '{'))
        g_assert_cmpstr(text, ==, row);
    /* A mistake is left as it stands, to be seen. */
    g_assert_true(!unknown || strpbrk(text, "{}") != NULL);
    g_string_free(appended, TRUE);
    g_free(text);
}

static void
check_number(uint64_t number)
{
    GString *text = g_string_new(NULL);
    char digits[24];

    statements++;
    template_append_number(text, number);
    g_snprintf(digits, sizeof digits, "%" G_GUINT64_FORMAT, number);
    g_assert_cmpstr(text->str, ==, digits);
    g_string_free(text, TRUE);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    reader in = { data, size };
    const uint64_t number = next_number(&in, 8);
    char *row = next_string(&in);
    char *words = next_string(&in);
    const outside context = { words, number };
    const template_slot outer_slots[] = { { "way", "stream", NULL }, { "a", "{way} {way}", NULL } };
    const template_slot slots[] = { { "b", NULL, append_words },
                                    { "no", NULL, append_number },
                                    { "c", "{a} of {no}", NULL },
                                    { "a", "{b}", NULL } };
    const template_scope outer = { outer_slots, G_N_ELEMENTS(outer_slots), NULL, NULL };
    const template_scope scope = { slots, G_N_ELEMENTS(slots), &context, &outer };

    check_fill(&scope, row);
    check_fill(&outer, row);
    check_number(number);
    g_free(row);
    g_free(words);
    return 0;
}
