/* carrier_words.h
 * Single words of words/carrier.h, for sentences that are not rows yet.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WSCLOSE_CARRIER_WORDS_H
#define WSCLOSE_CARRIER_WORDS_H

#include <glib.h>

#include "wsclose/types.h"

/* The slots {transport}, {socket}, {response} and {upgrade}. */
typedef enum {
    WORD_TRANSPORT,
    WORD_SOCKET,
    WORD_RESPONSE,
    WORD_UPGRADE
} carrier_word_id;

const char *carrier_word(wsclose_carrier carrier, carrier_word_id id);

/* The slot {connection}. */
const char *carrier_connection(wsclose_carrier carrier);

#endif
