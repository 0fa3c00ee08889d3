/* fuzz_utf8.c
 * Any octets as a text that comes in any cut, masked or not: whether it is UTF-8.
 *
 * The first octet says how the rest is cut, the next four are the masking key.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wsclose/scanner.h"

#include "input.h"
#include "oracle.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 6)
        return 0;
    const uint8_t *key = data + 1;
    const size_t len = size - 5;
    const size_t piece = data[0] > 0 ? data[0] : len;
    uint8_t *masked = g_malloc(len);
    wsclose_utf8 text = { 0 };

    wsclose_unmask(masked, data + 5, len, key, 0);
    for (size_t at = 0; at < len; at += piece) {
        const size_t part = MIN(piece, len - at);
        uint8_t *copy = g_memdup2(masked + at, part); /* a read beyond it is seen */

        wsclose_utf8_take(&text, copy, part, key, at);
        g_free(copy);
    }
    /* GLib's takes no NUL, which a text may have. */
    for (size_t i = 0; i < len; i++)
        masked[i] = data[5 + i] == '\0' ? ' ' : data[5 + i];
    statements++;
    g_assert_true(wsclose_utf8_is_whole(&text) == g_utf8_validate((const char *)masked, (gssize)len, NULL));
    g_free(masked);
    return 0;
}
