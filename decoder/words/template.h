/* template.h
 * Texts as rows with slots: "{First} ended {transport} after {idle} of silence".
 *
 * A slot is a name in braces. With a capital it is the slot of that name in small letters, and what
 * it stands for begins with a capital. The text of a slot may have slots itself.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WSCLOSE_TEMPLATE_H
#define WSCLOSE_TEMPLATE_H

#include <glib.h>
#include <stdint.h>

/* What one slot stands for. */
typedef struct {
    const char *name;                                   /* without its braces, in small letters */
    const char *text;                                   /* a row of its own; or NULL, and then */
    void (*append)(GString *text, const void *context); /* this adds it, maybe nothing */
} template_slot;

/* The slots that a row may have. All pointers are borrowed. */
typedef struct template_scope {
    const template_slot *slots;
    size_t n_slots;
    const void *context;                /* for append */
    const struct template_scope *outer; /* where the names are looked for that are not among these; or
                                           NULL */
} template_scope;

/* Append a row, its slots filled. A name that the scope does not know is a mistake in the row,
 * and is left as it stands. */
void template_append(GString *text, const template_scope *scope, const char *row);

/* Append a number; g_string_append_printf() takes twenty times as long. */
void template_append_number(GString *text, uint64_t number);

/* A row as a text of its own; free it with g_free(). */
char *template_fill(const template_scope *scope, const char *row);

/* For the tests of rows: the first slot in a row, or in the texts of its slots, that nothing
 * fills, as it stands in the row; NULL where all are filled. */
const char *template_unknown_slot(const template_scope *scope, const char *row);

#endif
