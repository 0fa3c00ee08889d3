/* json_text.c
 * JSON that is fit for a terminal.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wsclose/json_text.h"

#include <glib.h>

char *
wsclose_json_printable(const char *json)
{
    GString *text = g_string_new(NULL);

    for (; *json != '\0'; json = g_utf8_next_char(json)) {
        const gunichar c = g_utf8_get_char(json);

        /* Outside of strings JSON has none of these, but for a line feed. */
        if (wsclose_is_obeyed(c) && c != '\n')
            g_string_append_printf(text, "\\u%04x", c);
        else
            g_string_append_unichar(text, c);
    }
    return g_string_free(text, FALSE);
}
