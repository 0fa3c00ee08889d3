/* fuzz_extension.c
 * Any octets as a Sec-WebSocket-Extensions value.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wsclose/extension.h"

#include "input.h"
#include "oracle.h"

static bool
is_token(const char *word)
{
    for (const char *c = word; *c; c++) {
        if (!wsclose_is_tchar((unsigned char)*c))
            return false;
    }
    return word[0] != '\0';
}

/* The text of an extension is a value that says the same. */
static void
check_printed(const wsclose_ext *ext)
{
    statements++;
    wsclose_ext_list *again = wsclose_ext_list_parse(ext->text, strlen(ext->text));

    g_assert_true(again->valid);
    g_assert_cmpuint(again->n_exts, ==, 1);
    g_assert_cmpstr(again->exts[0].text, ==, ext->text);
    g_assert_cmpstr(again->exts[0].name, ==, ext->name);
    g_assert_cmpuint(again->exts[0].n_params, ==, ext->n_params);
    for (size_t i = 0; i < ext->n_params; i++) {
        g_assert_cmpstr(again->exts[0].params[i].name, ==, ext->params[i].name);
        g_assert_cmpstr(again->exts[0].params[i].value, ==, ext->params[i].value);
    }
    wsclose_ext_list_free(again);
}

static void
check_ext(const wsclose_ext *ext, const uint8_t *data, size_t size)
{
    size_t name_len = strlen(ext->name);

    g_assert_true(is_token(ext->name));
    g_assert_cmpuint(ext->offset, <, size);
    g_assert_cmpuint(name_len, <=, size - ext->offset);
    g_assert_cmpint(memcmp(data + ext->offset, ext->name, name_len), ==, 0);
    for (size_t i = 0; i < ext->n_params; i++) {
        g_assert_true(is_token(ext->params[i].name));
        g_assert_true(ext->params[i].value == NULL || is_token(ext->params[i].value));
    }
    check_printed(ext);
}

/* What stands before the first offending octet can still become a valid value. */
static void
check_offset(const uint8_t *data, size_t offset)
{
    static const char *const endings[] = { "", "x", "x\"", "\"", "\n x", "\n ", "\n ;x",
                                           " x", " ", " ;x" };

    for (size_t i = 0; i < G_N_ELEMENTS(endings); i++) {
        GString *value = g_string_new_len((const char *)data, (gssize)offset);
        wsclose_ext_list *list;
        bool valid;

        g_string_append(value, endings[i]);
        list = wsclose_ext_list_parse(value->str, value->len);
        valid = list->valid;
        wsclose_ext_list_free(list);
        g_string_free(value, TRUE);
        if (valid)
            return;
    }
    g_assert_not_reached();
}

static void
check_error(const wsclose_ext_list *list, const uint8_t *data, size_t size)
{
    g_assert_cmpuint(list->error_offset, <=, size);
    g_assert_nonnull(list->error);
    g_assert_nonnull(list->error_clause);
    g_assert_nonnull(list->error_text);
    g_assert_cmpuint(strlen(list->error_text), <=, 128);
    for (const char *c = list->error_text; *c; c++)
        g_assert_true(*c >= ' ' && *c < 0x7f);
    check_offset(data, list->error_offset);
}

static int
by_text(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The texts of a value's extensions, in the order of the alphabet. */
static GPtrArray *
sorted_texts(const char *value)
{
    wsclose_ext_list *list = wsclose_ext_list_parse(value, strlen(value));
    GPtrArray *texts = g_ptr_array_new_with_free_func(g_free);

    g_assert_true(list->valid);
    for (size_t i = 0; i < list->n_exts; i++)
        g_ptr_array_add(texts, g_strdup(list->exts[i].text));
    wsclose_ext_list_free(list);
    g_ptr_array_sort(texts, by_text);
    return texts;
}

/* Header lines joined in any order, with empty elements between, are the same set. */
static void
check_order(const wsclose_ext_list *list)
{
    GString *forth = g_string_new(NULL);
    GString *back = g_string_new(NULL);

    for (size_t i = 0; i < list->n_exts; i++) {
        g_string_append_printf(forth, "%s%s", i > 0 ? "," : "", list->exts[i].text);
        g_string_append_printf(back, "%s, ,", list->exts[list->n_exts - 1 - i].text);
    }
    GPtrArray *texts[] = { sorted_texts(forth->str), sorted_texts(back->str) };
    statements++;
    g_assert_cmpuint(texts[0]->len, ==, list->n_exts);
    g_assert_cmpuint(texts[1]->len, ==, list->n_exts);
    for (guint i = 0; i < texts[0]->len; i++)
        g_assert_cmpstr(texts[0]->pdata[i], ==, texts[1]->pdata[i]);
    g_ptr_array_free(texts[0], TRUE);
    g_ptr_array_free(texts[1], TRUE);
    g_string_free(forth, TRUE);
    g_string_free(back, TRUE);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    wsclose_ext_list *list = wsclose_ext_list_parse((const char *)data, size);

    for (size_t i = 0; i < list->n_exts; i++) {
        check_ext(&list->exts[i], data, size);
        if (i > 0)
            g_assert_cmpuint(list->exts[i].offset, >, list->exts[i - 1].offset);
    }
    if (list->valid)
        g_assert_cmpuint(list->n_exts, >, 0);
    if (list->n_exts > 0)
        check_order(list);
    if (!list->valid)
        check_error(list, data, size);
    wsclose_ext_list_free(list);
    return 0;
}
