/* quote.c
 * Words of the traffic, quoted.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "quote.h"

#include <string.h>

#define ELLIPSIS "\xE2\x80\xA6"

void
quote_append_reason(GString *text, const wsclose_close_body *body, size_t most)
{
    char *reason = wsclose_close_reason_text(body);
    const char *next = reason;

    while (*next != '\0' && (size_t)(g_utf8_next_char(next) - reason) <= most) {
        const gunichar c = g_utf8_get_char(next);

        next = g_utf8_next_char(next);
        if (c == ' ' && text->len > 0 && text->str[text->len - 1] == ' ')
            continue;
        g_string_append_unichar(text, c == '"' ? '\'' : g_unichar_isprint(c) ? c : 0xFFFD);
    }
    if (*next != '\0')
        g_string_append(text, ELLIPSIS);
    g_free(reason);
}
