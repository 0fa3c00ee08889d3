/* json.h
 * A strict reader of JSON (RFC 8259), for what is fit for a terminal: nothing that one obeys stands
 * in it as it is.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef FUZZ_JSON_H
#define FUZZ_JSON_H

#include <glib.h>
#include <stdbool.h>
#include <string.h>

enum { JSON_DEPTH_MAX = 32 };

/* A text that is read from the front, and in words what the first string had, unescaped. */
typedef struct {
    const char *at;
    GString *words; /* NULL where nobody asks */
} json_reader;

static inline bool json_take_value(json_reader *json, unsigned depth);

static inline bool
json_take(json_reader *json, const char *literal)
{
    if (!g_str_has_prefix(json->at, literal))
        return false;
    json->at += strlen(literal);
    return true;
}

/* Controls (C0, DEL, C1), separators of lines and paragraphs, and what turns the direction of a text. */
static inline bool
json_is_obeyed(gunichar c)
{
    return c < 0x20 || (c >= 0x7f && c <= 0x9f) || c == 0x61c || c == 0x200e || c == 0x200f ||
           (c >= 0x2028 && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) || c == 0xfeff;
}

static inline bool
json_take_hex(json_reader *json, gunichar *unit)
{
    *unit = 0;
    for (unsigned i = 0; i < 4; i++, json->at++) {
        if (!g_ascii_isxdigit(*json->at))
            return false;
        *unit = *unit << 4 | (gunichar)g_ascii_xdigit_value(*json->at);
    }
    return true;
}

/* What follows a backslash; two units where the first is a high surrogate. */
static inline bool
json_take_escape(json_reader *json, gunichar *c)
{
    static const char *const pairs = "\"\"\\\\//b\bf\fn\nr\rt\t";
    gunichar low;

    for (const char *pair = pairs; *pair; pair += 2) {
        if (*json->at == pair[0]) {
            json->at++;
            *c = (guchar)pair[1];
            return true;
        }
    }
    if (!json_take(json, "u") || !json_take_hex(json, c))
        return false;
    if (*c >= 0xdc00 && *c <= 0xdfff)
        return false;
    if (*c < 0xd800 || *c > 0xdbff)
        return true;
    if (!json_take(json, "\\u") || !json_take_hex(json, &low) || low < 0xdc00 || low > 0xdfff)
        return false;
    *c = 0x10000 + ((*c - 0xd800) << 10) + (low - 0xdc00);
    return true;
}

static inline bool
json_take_string(json_reader *json)
{
    if (!json_take(json, "\""))
        return false;
    while (*json->at != '"') {
        /* Most are plain. */
        if (!json->words && *json->at >= ' ' && *json->at < 0x7f && *json->at != '\\') {
            json->at++;
            continue;
        }
        gunichar c = g_utf8_get_char_validated(json->at, -1);

        /* The end of the text is a NUL, which is obeyed too. */
        if (c >= (gunichar)-2 || json_is_obeyed(c))
            return false;
        json->at = g_utf8_next_char(json->at);
        if (c == '\\' && !json_take_escape(json, &c))
            return false;
        if (json->words)
            g_string_append_unichar(json->words, c);
    }
    json->at++;
    return true;
}

static inline bool
json_take_digits(json_reader *json)
{
    const char *begin = json->at;

    while (g_ascii_isdigit(*json->at))
        json->at++;
    return json->at > begin;
}

static inline bool
json_take_number(json_reader *json)
{
    json_take(json, "-");
    if (!json_take(json, "0") && !json_take_digits(json))
        return false;
    if (json_take(json, ".") && !json_take_digits(json))
        return false;
    if (!json_take(json, "e") && !json_take(json, "E"))
        return true;
    if (!json_take(json, "+"))
        json_take(json, "-");
    return json_take_digits(json);
}

static inline void
json_take_blanks(json_reader *json)
{
    while (*json->at == ' ')
        json->at++;
}

static inline bool
json_take_member(json_reader *json, bool is_object, unsigned depth)
{
    json_take_blanks(json);
    if (is_object) {
        if (!json_take_string(json))
            return false;
        json_take_blanks(json);
        if (!json_take(json, ":"))
            return false;
        json_take_blanks(json);
    }
    if (!json_take_value(json, depth))
        return false;
    json_take_blanks(json);
    return true;
}

static inline bool
json_take_members(json_reader *json, bool is_object, unsigned depth)
{
    const char *end = is_object ? "}" : "]";

    json->at++;
    json_take_blanks(json);
    if (json_take(json, end))
        return true;
    do {
        if (!json_take_member(json, is_object, depth))
            return false;
    } while (json_take(json, ","));
    return json_take(json, end);
}

static inline bool
json_take_value(json_reader *json, unsigned depth)
{
    if (depth == 0)
        return false;
    switch (*json->at) {
    case '{':
    case '[':
        return json_take_members(json, *json->at == '{', depth - 1);
    case '"':
        return json_take_string(json);
    case 't':
        return json_take(json, "true");
    case 'f':
        return json_take(json, "false");
    case 'n':
        return json_take(json, "null");
    default:
        return json_take_number(json);
    }
}

/* Whether a text, which a NUL ends, is one line of JSON and nothing else. */
static inline bool
json_is_strict(const char *text, GString *words)
{
    json_reader json = { text, words };

    return json_take_value(&json, JSON_DEPTH_MAX) && *json.at == '\0';
}

#endif
