/* json_text.c
 * JSON that is fit for a terminal.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wsclose/json_text.h"

#include <glib.h>

/* Outside of strings JSON has none of these, but for a line feed. */
static bool
is_obeyed(gunichar c)
{
    return (c < 0x20 && c != '\n') || (c >= 0x7F && c <= 0x9F) || c == 0x061C ||
           (c >= 0x200E && c <= 0x200F) || (c >= 0x2028 && c <= 0x202E) ||
           (c >= 0x2066 && c <= 0x2069) || c == 0xFEFF;
}

char *
wsclose_json_printable(const char *json)
{
    GString *text = g_string_new(NULL);

    for (; *json != '\0'; json = g_utf8_next_char(json)) {
        const gunichar c = g_utf8_get_char(json);

        if (is_obeyed(c))
            g_string_append_printf(text, "\\u%04x", c);
        else
            g_string_append_unichar(text, c);
    }
    return g_string_free(text, FALSE);
}
