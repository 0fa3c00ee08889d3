/* quote.c
 * Words of the traffic, quoted.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "quote.h"

#include <string.h>

#include "wsclose/json_text.h"

#define ELLIPSIS "\xE2\x80\xA6"

/* At most so many octets, and the mark of a cut behind them. */
static void
append_text(GString *text, const char *valid, size_t most)
{
    const char *next = valid;

    while (*next != '\0' && (size_t)(g_utf8_next_char(next) - valid) <= most) {
        const gunichar c = g_utf8_get_char(next);

        next = g_utf8_next_char(next);
        if (c == ' ' && text->len > 0 && text->str[text->len - 1] == ' ')
            continue;
        const bool is_shown = g_unichar_isprint(c) && !wsclose_is_obeyed(c);
        g_string_append_unichar(text, c == '"' ? '\'' : is_shown ? c : 0xFFFD);
    }
    if (*next != '\0')
        g_string_append(text, ELLIPSIS);
}

void
quote_append_reason(GString *text, const wsclose_close_body *body, size_t most)
{
    char *reason = wsclose_close_reason_text(body);

    append_text(text, reason, most);
    g_free(reason);
}

void
quote_append_octets(GString *text, wsclose_slice octets)
{
    enum { OCTETS_MAX = 40 };
    size_t len = 0;

    while (len < octets.len && octets.data[len] != '\r' && octets.data[len] != '\n')
        len++;
    char *valid = g_utf8_make_valid(len > 0 ? octets.data : "", (gssize)len);
    g_string_append_c(text, '\'');
    append_text(text, valid, OCTETS_MAX);
    g_string_append_c(text, '\'');
    g_free(valid);
}
