/* quote.h
 * Words of the traffic, quoted.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WSCLOSE_WORDS_QUOTE_H
#define WSCLOSE_WORDS_QUOTE_H

#include <glib.h>

#include "wsclose/frame.h"

/* Append the reason of a Close: what cannot be shown as U+FFFD, and U+2026 at the end where it
 * is longer than `most` octets, or the capture cuts it short. A quotation mark is an apostrophe:
 * tshark puts it into its CSV as it is, and the row would break. Blanks in a row are one. */
void quote_append_reason(GString *text, const wsclose_close_body *body, size_t most);

/* Append octets in apostrophes, likewise, the first line of them. */
void quote_append_octets(GString *text, wsclose_slice octets);

#endif
