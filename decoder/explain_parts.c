/* explain_parts.c
 * Parts of sentences.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "explain_private.h"

#include <string.h>

const char *
explain_side(wsclose_side side)
{
    return side == WSCLOSE_SIDE_UNKNOWN ? "one side" : wsclose_side_name(side);
}

const char *
explain_receiver(wsclose_side sender)
{
    return sender == WSCLOSE_SIDE_UNKNOWN ? "receiver"
                                          : wsclose_side_name(wsclose_side_peer(sender));
}

/* A sentence names this many extensions, and this many octets of each. */
enum { NAMES_MAX = 5, NAME_MAX_OCTETS = 40 };

void
explain_append_name(GString *text, const char *name)
{
    g_string_append_len(text, name, (gssize)strnlen(name, NAME_MAX_OCTETS));
    if (strnlen(name, NAME_MAX_OCTETS + 1) > NAME_MAX_OCTETS)
        g_string_append(text, "\xE2\x80\xA6");
}

void
explain_append_names(GString *text, const char *const *names, size_t count)
{
    const size_t shown = count > NAMES_MAX ? NAMES_MAX - 1 : count;

    for (size_t i = 0; i < shown; i++) {
        if (i > 0)
            g_string_append(text, i + 1 == count ? " and " : ", ");
        explain_append_name(text, names[i]);
    }
    if (shown < count)
        g_string_append_printf(text, " and %" G_GSIZE_FORMAT " more", count - shown);
}

const char *
explain_it_or_them(size_t count)
{
    return count == 1 ? "it" : "them";
}

void
explain_append_frame(GString *text, uint32_t number)
{
    if (number != 0)
        g_string_append_printf(text, " (frame %" G_GUINT32_FORMAT ")", number);
}

void
wsclose_text_free(char *text)
{
    g_free(text);
}
