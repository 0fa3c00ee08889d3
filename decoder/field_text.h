/* field_text.h
 * What separates the words of a header's value (RFC 9110 section 5.6).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WSCLOSE_FIELD_TEXT_H
#define WSCLOSE_FIELD_TEXT_H

#include "wsclose/types.h"

/** Whether an octet is a space, a tab, or one of the ends of a folded line (RFC 9112 section
 *  5.2). */
static inline bool
is_blank(char octet)
{
    /* Most octets are none: one comparison is enough for them. */
    return (uint8_t)octet <= ' ' &&
           (octet == ' ' || octet == '\t' || octet == '\r' || octet == '\n');
}

/** Whether an octet stands between the elements of a list (RFC 9110 section 5.6.1). */
static inline bool
is_separator(char octet)
{
    return octet == ',' || is_blank(octet);
}

/** The same without blanks at both ends. */
static inline wsclose_slice
trimmed(wsclose_slice value)
{
    while (value.len > 0 && is_blank(value.data[0])) {
        value.data++;
        value.len--;
    }
    while (value.len > 0 && is_blank(value.data[value.len - 1]))
        value.len--;
    return value;
}

#endif
