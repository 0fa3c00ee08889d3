/* carrier_words.c
 * Single words of words/carrier.h, for sentences that are not rows yet.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "carrier_words.h"

#include "words/carrier.h"

static const char *const names[] = { "transport", "socket", "response", "upgrade" };

static const char *
slot_text(const template_scope *scope, const char *name)
{
    for (; scope; scope = scope->outer) {
        for (size_t i = 0; i < scope->n_slots; i++) {
            if (g_str_equal(scope->slots[i].name, name))
                return scope->slots[i].text;
        }
    }
    return "";
}

const char *
carrier_word(wsclose_carrier carrier, carrier_word_id id)
{
    return slot_text(carrier_scope(carrier), names[id]);
}

const char *
carrier_connection(wsclose_carrier carrier)
{
    return slot_text(carrier_scope(carrier), "connection");
}
