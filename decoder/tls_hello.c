/* tls_hello.c
 * What a ClientHello shows in clear.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "tls_hello.h"

#include <string.h>

#include "tls_records.h"

enum { CLIENT_HELLO = 1, SERVER_NAME = 0, ALPN = 16, HOST_NAME = 0 };

/* Octets that are left to read. After one that is not there all are gone, and failed is set. */
typedef struct {
    const uint8_t *octets;
    size_t len;
    bool failed;
} reading;

static reading
take(reading *r, size_t len)
{
    if (len > r->len) {
        *r = (reading){ .failed = true };
        return *r;
    }
    const reading part = { r->octets, len, false };
    if (len > 0) /* where all are gone there is no pointer */
        r->octets += len;
    r->len -= len;
    return part;
}

static size_t
take_number(reading *r, size_t octets)
{
    const reading number = take(r, octets);
    size_t value = 0;

    for (size_t i = 0; i < number.len; i++)
        value = value << 8 | number.octets[i];
    return value;
}

/* What follows a length of so many octets. */
static reading
take_vector(reading *r, size_t octets)
{
    return take(r, take_number(r, octets));
}

/* A name as text: what cannot stand in one is escaped. */
static char *
text_of(reading name)
{
    char *text = g_strndup((const char *)name.octets, name.len);
    char *escaped = g_strescape(text, NULL);

    g_free(text);
    return escaped;
}

static void
read_server_name(reading extension, tls_hello *hello)
{
    reading names = take_vector(&extension, 2);

    while (names.len > 0 && !hello->server_name) {
        const size_t type = take_number(&names, 1);
        const reading name = take_vector(&names, 2);

        if (type == HOST_NAME && name.len > 0)
            hello->server_name = text_of(name);
    }
}

static void
read_protocols(reading extension, tls_hello *hello)
{
    reading names = take_vector(&extension, 2);
    GString *text = g_string_new(NULL);

    while (names.len > 0) {
        const reading name = take_vector(&names, 1);

        if (name.len > 0) {
            char *one = text_of(name);

            g_string_append_printf(text, "%s%s", text->len > 0 ? ", " : "", one);
            g_free(one);
        }
    }
    g_free(hello->protocols);
    hello->protocols = g_string_free(text, text->len == 0);
}

static void
read_extensions(reading message, tls_hello *hello)
{
    take(&message, 2 + 32); /* legacy_version, random */
    take_vector(&message, 1);
    take_vector(&message, 2);
    take_vector(&message, 1);
    reading extensions = take_vector(&message, 2);

    while (extensions.len > 0) {
        const size_t type = take_number(&extensions, 2);
        const reading extension = take_vector(&extensions, 2);

        if (type == SERVER_NAME)
            read_server_name(extension, hello);
        else if (type == ALPN)
            read_protocols(extension, hello);
    }
}

/* The content of the records of a handshake that octets begin with. */
static GByteArray *
join_records(const uint8_t *octets, size_t len)
{
    GByteArray *content = g_byte_array_new();

    while (len > TLS_HEADER_LEN && octets[0] == TLS_HANDSHAKE && tls_records_begin(octets, len)) {
        const size_t record = (size_t)octets[3] << 8 | octets[4];
        const size_t there = MIN(record, len - TLS_HEADER_LEN);

        g_byte_array_append(content, octets + TLS_HEADER_LEN, (guint)there);
        octets += TLS_HEADER_LEN + there;
        len -= TLS_HEADER_LEN + there;
    }
    return content;
}

tls_hello_state
tls_hello_read(const uint8_t *octets, size_t len, tls_hello *hello)
{
    if (len == 0)
        return TLS_HELLO_MORE;
    if (octets[0] != TLS_HANDSHAKE || !tls_records_begin(octets, len) ||
        (len > TLS_HEADER_LEN && octets[TLS_HEADER_LEN] != CLIENT_HELLO))
        return TLS_HELLO_NONE;
    GByteArray *content = join_records(octets, len);
    reading message = { content->data, content->len, false };

    take_number(&message, 1);
    const reading body = take_vector(&message, 3);
    const bool whole = !message.failed;
    if (whole)
        read_extensions(body, hello);
    g_byte_array_free(content, TRUE);
    return whole ? TLS_HELLO_READ : TLS_HELLO_MORE;
}

void
tls_hello_clear(tls_hello *hello)
{
    g_free(hello->server_name);
    g_free(hello->protocols);
    *hello = (tls_hello){ 0 };
}
