/* handshake.c
 * The opening handshake over HTTP/1.1 (RFC 6455 section 4).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wsclose/handshake.h"

#include <glib.h>
#include <string.h>

static bool
is_separator(char octet)
{
    return octet == ',' || octet == ' ' || octet == '\t' || octet == '\r' || octet == '\n';
}

bool
wsclose_upgrade_is_websocket(wsclose_slice value)
{
    static const char name[] = "websocket";
    const size_t name_len = sizeof name - 1;
    size_t start = 0;

    while (start < value.len) {
        size_t end = start;

        while (end < value.len && !is_separator(value.data[end]))
            end++;
        /* A protocol may name its version: "websocket/13". */
        if (end - start >= name_len &&
            g_ascii_strncasecmp(value.data + start, name, name_len) == 0 &&
            (end - start == name_len || value.data[start + name_len] == '/'))
            return true;
        start = end + 1;
    }
    return false;
}

bool
wsclose_status_is_final(unsigned status)
{
    return status == 101 || status < 100 || status >= 200;
}

bool
wsclose_status_is_success(unsigned status)
{
    return status == 101;
}

bool
wsclose_starts_http_message(const uint8_t *octets, size_t len)
{
    static const char *const starts[] = {"HTTP/1.", "GET "};

    for (size_t i = 0; i < G_N_ELEMENTS(starts); i++) {
        if (len >= strlen(starts[i]) && memcmp(octets, starts[i], strlen(starts[i])) == 0)
            return true;
    }
    return false;
}
