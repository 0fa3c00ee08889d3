/* input.h
 * A fuzzer's octets, read from the front: what is not there any more is zero.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef FUZZ_INPUT_H
#define FUZZ_INPUT_H

#include <glib.h>
#include <string.h>

#include "wsclose/types.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

typedef struct {
    const uint8_t *data;
    size_t size;
} reader;

static inline uint8_t
next_octet(reader *in)
{
    if (in->size == 0)
        return 0;
    in->size--;
    return *in->data++;
}

/* A number of so many octets. */
static inline uint64_t
next_number(reader *in, unsigned octets)
{
    uint64_t number = 0;

    while (octets-- > 0)
        number = number << 8 | next_octet(in);
    return number;
}

static inline wsclose_slice
next_slice(reader *in, size_t len)
{
    wsclose_slice slice = { (const char *)in->data, MIN(len, in->size) };

    if (slice.len > 0)
        in->data += slice.len;
    in->size -= slice.len;
    return slice;
}

/* What comes up to the next NUL, or all there is. */
static inline wsclose_slice
next_part(reader *in)
{
    const uint8_t *end = in->size > 0 ? memchr(in->data, '\0', in->size) : NULL;
    wsclose_slice part = next_slice(in, end ? (size_t)(end - in->data) : in->size);

    next_octet(in);
    return part;
}

/* The same as a string; free it with g_free(). */
static inline char *
next_string(reader *in)
{
    const wsclose_slice part = next_part(in);

    return part.len > 0 ? g_strndup(part.data, part.len) : g_strdup("");
}

#endif
