/* exact_copy.h
 * Octets in a heap block of exactly their size, so that AddressSanitizer sees a read one octet
 * past their end.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WSCLOSE_EXACT_COPY_H
#define WSCLOSE_EXACT_COPY_H

#include <glib.h>
#include <string.h>

/** A copy of len octets, NULL for none; free it with g_free(). */
static inline char *
exact_copy(const char *octets, size_t len)
{
    char *copy = g_malloc(len);

    if (len > 0)
        memcpy(copy, octets, len);
    return copy;
}

#endif
