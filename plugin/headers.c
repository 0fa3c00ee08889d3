/* headers.c
 * The headers of an opening handshake.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "headers.h"

static const char *const names[HEADERS] = {
    [HEADER_METHOD] = ":method",
    [HEADER_CONNECT_PROTOCOL] = ":protocol",
    [HEADER_STATUS] = ":status",
    [HEADER_AUTHORITY] = ":authority",
    [HEADER_PATH] = ":path",
    [HEADER_HOST] = "host",
    [HEADER_UPGRADE] = "upgrade",
    [HEADER_KEY] = "sec-websocket-key",
    [HEADER_ACCEPT] = "sec-websocket-accept",
    [HEADER_EXTENSIONS] = "sec-websocket-extensions",
    [HEADER_SUBPROTOCOLS] = "sec-websocket-protocol",
};

static bool
is_name(wsclose_slice name, const char *of, bool any_case)
{
    if (name.len != strlen(of))
        return false;
    return any_case ? g_ascii_strncasecmp(name.data, of, name.len) == 0
                    : memcmp(name.data, of, name.len) == 0;
}

void
headers_add(headers *into, wmem_allocator_t *scope, wsclose_slice name, wsclose_slice value)
{
    into->n_added++;
    for (size_t i = 0; i < HEADERS; i++) {
        if (!is_name(name, names[i], into->any_case))
            continue;
        if (!into->values[i])
            into->values[i] = wmem_strbuf_new(scope, NULL);
        else
            wmem_strbuf_append(into->values[i], ", ");
        wmem_strbuf_append_len(into->values[i], value.data, value.len);
        return;
    }
}

void
headers_clear(headers *from)
{
    for (size_t i = 0; i < HEADERS; i++) {
        if (from->values[i])
            wmem_strbuf_destroy(from->values[i]);
    }
}

wsclose_slice
headers_value(const headers *from, size_t header)
{
    wmem_strbuf_t *value = from->values[header];

    return value ? (wsclose_slice){wmem_strbuf_get_str(value), wmem_strbuf_get_len(value)}
                 : (wsclose_slice){NULL, 0};
}

store_header
headers_header(const headers *from, size_t header)
{
    const wsclose_slice value = headers_value(from, header);

    if (value.data)
        return (store_header){value.data, (uint32_t)value.len, WSCLOSE_HEADER_PRESENT};
    return (store_header){NULL, 0,
                          from->incomplete ? WSCLOSE_HEADER_UNKNOWN : WSCLOSE_HEADER_ABSENT};
}

store_header
headers_keep(const headers *from, size_t header)
{
    const store_header found = headers_header(from, header);

    return store_header_keep((wsclose_presence)found.presence, found.text, found.len);
}

const store_text *
headers_keep_text(const headers *from, size_t header)
{
    const wsclose_slice value = headers_value(from, header);

    return value.data ? store_text_keep(value.data, value.len) : NULL;
}
