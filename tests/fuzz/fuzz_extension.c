/* fuzz_extension.c
 * Any octets as a Sec-WebSocket-Extensions value.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wsclose/extension.h"

#include <glib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

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
check_text(const wsclose_ext *ext)
{
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
    check_text(ext);
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
    else
        check_error(list, data, size);
    wsclose_ext_list_free(list);
    return 0;
}
