/* verdict_words.c
 * What the slots of the rows on a verdict are filled with: rows, phrases, times.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "verdict_slots.h"

#include "bits.h"

void
verdict_words_append(GString *text, const verdict_words *words, const char *row)
{
    template_append(text, words->scope, row);
}

void
verdict_words_append_phrase(GString *text, const verdict_words *words, phrase_id phrase)
{
    verdict_words_append(text, words, phrases[phrase]);
}

void
verdict_words_append_time(GString *text, int64_t nanoseconds)
{
    const uint64_t time = nanoseconds > 0 ? (uint64_t)nanoseconds : 0;
    const uint64_t ms = (time + 500000) / 1000000;
    const uint64_t tenths = (time + 50000000) / 100000000;
    const uint64_t minutes = time / 1000000000 / 60;

    if (ms == 0)
        g_string_append(text, "less than 1 ms");
    else if (ms < 1000)
        g_string_append_printf(text, "%u ms", (unsigned)ms);
    else if (tenths < 6000)
        g_string_append_printf(text, "%u.%u s", (unsigned)(tenths / 10), (unsigned)(tenths % 10));
    else if (minutes < 60)
        g_string_append_printf(text, "%u min", (unsigned)MAX(minutes, 10));
    else
        g_string_append_printf(text, "%" G_GUINT64_FORMAT " h %u min", minutes / 60,
                               (unsigned)(minutes % 60));
}

void
verdict_append_set(GString *text, const verdict_words *words, unsigned set,
                   const char *(*brief_of)(unsigned bit), bool all)
{
    const char *before = " (";

    for (unsigned bit = 0; set >> bit != 0; bit++) {
        if (!HAS_BIT(set, bit))
            continue;
        g_string_append(text, before);
        verdict_words_append(text, words, brief_of(bit));
        before = ", ";
        if (!all)
            break;
    }
    g_string_append(text, set != 0 ? ")" : "");
}
