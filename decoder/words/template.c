/* template.c
 * Texts as rows with slots.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "template.h"

#include <stdbool.h>
#include <string.h>

/* first: the first letter of the name, small. */
static bool
is_named(const template_slot *slot, char first, const char *name, size_t len)
{
    return slot->name[0] == first && strncmp(slot->name + 1, name + 1, len - 1) == 0 &&
           slot->name[len] == '\0';
}

/* The slot of a name; *scope becomes the one that has it. */
static const template_slot *
find_slot(const template_scope **scope, const char *name, size_t len)
{
    const char first = g_ascii_tolower(name[0]);

    for (; *scope && len > 0; *scope = (*scope)->outer) {
        for (size_t i = 0; i < (*scope)->n_slots; i++) {
            if (is_named(&(*scope)->slots[i], first, name, len))
                return &(*scope)->slots[i];
        }
    }
    return NULL;
}

/* The next slot of a row: its name, and in *len how long that is. NULL where no slot follows. */
static const char *
next_slot(const char *row, size_t *len)
{
    const char *open = strchr(row, '{');
    const char *close = open ? strchr(open, '}') : NULL;

    if (!close)
        return NULL;
    *len = (size_t)(close - open) - 1;
    return open + 1;
}

/* NOLINTBEGIN(misc-no-recursion): a slot's text is a row, and no row has itself within it. */
void
template_append(GString *text, const template_scope *scope, const char *row)
{
    const char *name;
    size_t len;

    while ((name = next_slot(row, &len)) != NULL) {
        const template_scope *owner = scope;
        const template_slot *slot = find_slot(&owner, name, len);

        g_string_append_len(text, row, name - 1 - row);
        row = name + len + 1;
        const size_t start = text->len;
        if (!slot)
            g_string_append_len(text, name - 1, (gssize)len + 2);
        else if (slot->text)
            template_append(text, scope, slot->text);
        else
            slot->append(text, owner->context);
        if (g_ascii_isupper(name[0]) && text->len > start)
            text->str[start] = g_ascii_toupper(text->str[start]);
    }
    g_string_append(text, row);
}

void
template_append_number(GString *text, uint64_t number)
{
    char digits[20];
    size_t at = sizeof digits;

    do {
        digits[--at] = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0);
    g_string_append_len(text, digits + at, (gssize)(sizeof digits - at));
}

char *
template_fill(const template_scope *scope, const char *row)
{
    GString *text = g_string_new(NULL);

    template_append(text, scope, row);
    return g_string_free(text, FALSE);
}

const char *
template_unknown_slot(const template_scope *scope, const char *row)
{
    const char *name;
    size_t len;

    while ((name = next_slot(row, &len)) != NULL) {
        const template_scope *owner = scope;
        const template_slot *slot = find_slot(&owner, name, len);

        if (!slot)
            return name - 1;
        const char *within = slot->text ? template_unknown_slot(scope, slot->text) : NULL;
        if (within)
            return within;
        row = name + len + 1;
    }
    return NULL;
}
/* NOLINTEND(misc-no-recursion) */
