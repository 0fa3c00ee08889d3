/* code.c
 * Status codes of a Close frame: looked up, and any two compared.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wsclose/code.h"

#include <stdlib.h>

#include <glib.h>

#include "words/codes.h"
#include "words/template.h"

static int
compare_to_row(const void *key, const void *element)
{
    uint16_t code = *(const uint16_t *)key;
    const wsclose_code_info *row = element;

    return code < row->first ? -1 : code > row->last;
}

const wsclose_code_info *
wsclose_code_table(size_t *count)
{
    *count = code_rows_count;
    return code_rows;
}

const wsclose_code_info *
wsclose_code_lookup(uint16_t code)
{
    return bsearch(&code, code_rows, code_rows_count, sizeof code_rows[0], compare_to_row);
}

static bool
class_may_be_on_wire(wsclose_code_class code_class)
{
    return code_class == WSCLOSE_CLASS_PROTOCOL || code_class == WSCLOSE_CLASS_REGISTERED ||
           code_class == WSCLOSE_CLASS_PRIVATE;
}

bool
wsclose_code_may_be_on_wire(uint16_t code)
{
    return class_may_be_on_wire(wsclose_code_lookup(code)->code_class);
}

const char *
wsclose_code_class_name(wsclose_code_class code_class)
{
    switch (code_class) {
    case WSCLOSE_CLASS_PROTOCOL:
        return "protocol";
    case WSCLOSE_CLASS_RESERVED:
        return "reserved";
    case WSCLOSE_CLASS_REGISTERED:
        return "registered";
    case WSCLOSE_CLASS_PRIVATE:
        return "private";
    case WSCLOSE_CLASS_UNASSIGNED:
        return "unassigned";
    case WSCLOSE_CLASS_INVALID:
        break;
    }
    return "invalid";
}

const char *
wsclose_may_send_name(wsclose_may_send who)
{
    switch (who) {
    case WSCLOSE_MAY_SEND_CLIENT:
        return "the client only";
    case WSCLOSE_MAY_SEND_SERVER:
        return "the server only";
    case WSCLOSE_MAY_SEND_EITHER:
        return "either side";
    case WSCLOSE_MAY_SEND_NOBODY:
        break;
    }
    return "nobody";
}

/* One of two codes that are compared. */
typedef struct {
    uint16_t code;
    const wsclose_code_info *info;
    code_use use;
} side;

static bool
on_wire(const side *s)
{
    return class_may_be_on_wire(s->info->code_class);
}

static code_use
use_of(const wsclose_code_info *info)
{
    switch (info->may_send) {
    case WSCLOSE_MAY_SEND_EITHER:
        return CODE_USE_EITHER;
    case WSCLOSE_MAY_SEND_CLIENT:
        return CODE_USE_CLIENT;
    case WSCLOSE_MAY_SEND_SERVER:
        return CODE_USE_SERVER;
    case WSCLOSE_MAY_SEND_NOBODY:
        break;
    }
    return info->when != NULL ? CODE_USE_REPORTED : CODE_USE_NONE;
}

static side
side_of(uint16_t code)
{
    const wsclose_code_info *info = wsclose_code_lookup(code);

    return (side){ code, info, use_of(info) };
}

static void
append_number(GString *text, const void *context)
{
    template_append_number(text, ((const side *)context)->code);
}

static void
append_row(GString *text, const side *s, const char *row)
{
    const template_slot slots[] = {
        { "code", NULL, append_number },
        { "name", s->info->name, NULL },
        { "says", s->info->says, NULL },
        { "when", s->info->when, NULL },
        { "sender", code_uses[s->use].sender, NULL },
    };
    const template_scope scope = { slots, G_N_ELEMENTS(slots), s, NULL };

    template_append(text, &scope, row);
}

static void
append_says(GString *text, const void *context)
{
    append_row(text, context, "{code} ({name}) {says}");
}

static void
append_presence(GString *text, const void *context)
{
    const side *s = context;

    append_row(text, s, code_uses[s->use].presence);
}

static void
append_presences(GString *text, const void *context)
{
    const side *s = context;

    append_row(text, s, code_uses[s->use].presences);
}

static void
append_when(GString *text, const void *context)
{
    const side *s = context;

    append_row(text, s, code_uses[s->use].which_when);
}

static void
append_family(GString *text, const void *context)
{
    g_string_append(text, code_families[((const side *)context)->info->code_class]);
}

static const template_slot first_slots[] = {
    { "first", NULL, append_number },
    { "first says", NULL, append_says },
    { "first presence", NULL, append_presence },
    { "first when", NULL, append_when },
    { "first family", NULL, append_family },
    { "both", NULL, append_presences },
};

static const template_slot second_slots[] = {
    { "second", NULL, append_number },
    { "second says", NULL, append_says },
    { "second presence", NULL, append_presence },
    { "second when", NULL, append_when },
    { "second family", NULL, append_family },
};

/* Of numbers to which the protocol gives one and the same text. */
static code_comparison_kind
kind_alike(wsclose_code_class code_class)
{
    switch (code_class) {
    case WSCLOSE_CLASS_PRIVATE:
        return CODES_PRIVATE;
    case WSCLOSE_CLASS_REGISTERED:
        return CODES_UNREGISTERED;
    case WSCLOSE_CLASS_UNASSIGNED:
        return CODES_UNASSIGNED;
    case WSCLOSE_CLASS_PROTOCOL:
    case WSCLOSE_CLASS_RESERVED: /* each of these numbers has a text of its own */
    case WSCLOSE_CLASS_INVALID:
        break;
    }
    return CODES_INVALID;
}

static code_comparison_kind
kind_of(const side *a, const side *b)
{
    const bool two_families =
        on_wire(a) && on_wire(b) && a->info->code_class != b->info->code_class;

    if (a->code == b->code)
        return CODES_EQUAL;
    if (g_str_equal(a->info->says, b->info->says))
        return kind_alike(a->info->code_class);
    if (a->use == b->use)
        return two_families ? CODES_OF_ONE_USE_AND_TWO_FAMILIES : CODES_OF_ONE_USE;
    return two_families ? CODES_OF_TWO_USES_AND_FAMILIES : CODES_OF_TWO_USES;
}

static char *
compose(const side *a, const side *b, const char *row)
{
    const template_scope second = { second_slots, G_N_ELEMENTS(second_slots), b, NULL };
    const template_scope first = { first_slots, G_N_ELEMENTS(first_slots), a, &second };

    return template_fill(&first, row);
}

/* The difference of two codes that no pair is written for. */
static char *
differ_in(const side *a, const side *b, const code_comparison_row *row)
{
    char *whole = g_strconcat(row->in_short, " ", row->more, NULL);
    char *text = compose(a, b, whole);

    g_free(whole);
    return text;
}

static const code_pair_row *
find_pair(uint16_t a, uint16_t b)
{
    for (size_t i = 0; i < code_pairs_count; i++) {
        if (code_pairs[i].low == MIN(a, b) && code_pairs[i].high == MAX(a, b))
            return &code_pairs[i];
    }
    return NULL;
}

wsclose_code_comparison *
wsclose_code_compare(uint16_t a, uint16_t b)
{
    const side first = side_of(a);
    const side second = side_of(b);
    const code_pair_row *written = find_pair(a, b);
    const code_comparison_row *row = &code_comparisons[kind_of(&first, &second)];
    wsclose_code_comparison *comparison = g_new0(wsclose_code_comparison, 1);

    comparison->codes[0] = a;
    comparison->codes[1] = b;
    comparison->infos[0] = first.info;
    comparison->infos[1] = second.info;
    comparison->in_short = compose(&first, &second, row->in_short);
    comparison->key_difference =
        written != NULL ? g_strdup(written->key_difference) : differ_in(&first, &second, row);
    comparison->which_when =
        written != NULL ? g_strdup(written->which_when) : compose(&first, &second, row->which_when);
    return comparison;
}

void
wsclose_code_comparison_free(wsclose_code_comparison *comparison)
{
    if (comparison == NULL)
        return;
    g_free(comparison->in_short);
    g_free(comparison->key_difference);
    g_free(comparison->which_when);
    g_free(comparison);
}
