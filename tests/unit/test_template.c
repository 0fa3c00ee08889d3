/* test_template.c
 * Texts as rows with slots.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <glib.h>
#include <string.h>

#include "../../decoder/words/template.h"

typedef struct {
    const char *who;
    unsigned number;
} ending;

static void
append_who(GString *text, const void *context)
{
    g_string_append(text, ((const ending *)context)->who);
}

static void
append_number(GString *text, const void *context)
{
    g_string_append_printf(text, "%u", ((const ending *)context)->number);
}

static void
append_nothing(GString *text G_GNUC_UNUSED, const void *context G_GNUC_UNUSED)
{
}

static const template_slot outer_slots[] = {
    { "transport", "the {way}", NULL },
    { "way", "stream", NULL },
    { "who", "nobody", NULL },
};
static const template_scope outer = { outer_slots, G_N_ELEMENTS(outer_slots), NULL, NULL };

static const template_slot inner_slots[] = {
    { "who", NULL, append_who },
    { "frame number", NULL, append_number },
    { "nothing", NULL, append_nothing },
    { "beyond", "{no such}", NULL },
};

static void
test_append(void)
{
    static const struct {
        const char *row;
        const char *expected;
    } rows[] = {
        { "", "" },
        { "no slot at all", "no slot at all" },
        { "{who}", "client {x}" },
        { "{Who} ended {transport}.", "Client {x} ended the stream." },
        { "{Transport} of the {who}", "The stream of the client {x}" },
        { "{way}{way}", "streamstream" },
        { "frame {frame number}", "frame 7" },
        { "a{nothing}b{Nothing}c", "abc" },
        { "{no such} slot", "{no such} slot" },
        { "{WHO}", "{WHO}" },
        { "{}", "{}" },
        { "{", "{" },
        { "} {who", "} {who" },
    };
    /* What the traffic has in braces is no slot. */
    const ending context = { "client {x}", 7 };
    const template_scope scope = { inner_slots, G_N_ELEMENTS(inner_slots), &context, &outer };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        GString *text = g_string_new("behind ");
        char *filled = template_fill(&scope, rows[i].row);

        template_append(text, &scope, rows[i].row);
        g_assert_cmpstr(text->str + strlen("behind "), ==, rows[i].expected);
        g_assert_cmpstr(filled, ==, rows[i].expected);
        g_string_free(text, TRUE);
        g_free(filled);
    }
}

static void
test_unknown_slot(void)
{
    const template_scope scope = { inner_slots, G_N_ELEMENTS(inner_slots), NULL, &outer };

    g_assert_null(template_unknown_slot(&scope, "{Who} ended {transport} in frame {frame number}"));
    g_assert_null(template_unknown_slot(&scope, "none"));
    g_assert_cmpstr(template_unknown_slot(&scope, "{who} and {whom} went"), ==, "{whom} went");
    g_assert_cmpstr(template_unknown_slot(&scope, "a {beyond}"), ==, "{no such}");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/template/append", test_append);
    g_test_add_func("/template/unknown-slot", test_unknown_slot);
    return g_test_run();
}
