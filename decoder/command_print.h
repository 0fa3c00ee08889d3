/* command_print.h
 * Rows of text and members of JSON objects.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef COMMAND_PRINT_H
#define COMMAND_PRINT_H

#include <stdbool.h>
#include <stddef.h>

#include <glib.h>
#include <json-glib/json-glib.h>

/* Octets from outside as one line of UTF-8 that no terminal takes for a command. Free it. */
char *print_printable(const char *data, size_t len);

/* A label and a text, wrapped. */
void print_row(GString *out, const char *label, const char *text);

/* A label and a value that a broken line would change. */
void print_value(GString *out, const char *label, const char *value);

/* A label and two texts side by side, wrapped. */
void print_columns(GString *out, const char *label, const char *left, const char *right);

/* One member of the object that is being built; a NULL string is null. */
void member_string(JsonBuilder *json, const char *name, const char *value);
void member_int(JsonBuilder *json, const char *name, gint64 value);
void member_bool(JsonBuilder *json, const char *name, bool value);
void member_number(JsonBuilder *json, const char *name, unsigned number); /* null for 0 */
void member_null(JsonBuilder *json, const char *name);
void member_strings(JsonBuilder *json, const char *name, const char *const *values, size_t count);

/* A member whose array is to be filled, and ended with json_builder_end_array(). */
void member_array(JsonBuilder *json, const char *name);

/* What was built. */
void append_json(GString *out, JsonBuilder *json);

/* The same on a line of its own. */
void print_json(GString *out, JsonBuilder *json);

#endif
