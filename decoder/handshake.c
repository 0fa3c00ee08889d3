/* handshake.c
 * The opening handshake (RFC 6455 section 4, RFC 8441 section 5, RFC 9220).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wsclose/handshake.h"

#include <glib.h>
#include <string.h>

#include "field_text.h"
#include "permessage_deflate.h"
#include "wsclose/frame.h"

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
wsclose_status_is_final(wsclose_carrier carrier, unsigned status)
{
    return wsclose_status_is_success(carrier, status) || status < 100 || status >= 200;
}

bool
wsclose_status_is_success(wsclose_carrier carrier, unsigned status)
{
    return carrier == WSCLOSE_CARRIER_HTTP1 ? status == 101 : status >= 200 && status <= 299;
}

void
wsclose_accept_for_key(wsclose_slice key, char out[WSCLOSE_ACCEPT_SIZE])
{
    static const char guid[] = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    guint8 digest[20];
    gsize digest_len = sizeof digest;
    GChecksum *sha1 = g_checksum_new(G_CHECKSUM_SHA1);
    int state = 0;
    int save = 0;

    g_checksum_update(sha1, (const guchar *)key.data, (gssize)key.len);
    g_checksum_update(sha1, (const guchar *)guid, sizeof guid - 1);
    g_checksum_get_digest(sha1, digest, &digest_len);
    g_checksum_free(sha1);

    gsize len = g_base64_encode_step(digest, digest_len, FALSE, out, &state, &save);
    len += g_base64_encode_close(FALSE, out + len, &state, &save);
    out[len] = '\0';
}

static bool
slice_equal(wsclose_slice a, wsclose_slice b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.data, b.data, a.len) == 0);
}

static bool
is_in_any_case(wsclose_slice value, const char *word)
{
    return value.len == strlen(word) && g_ascii_strncasecmp(value.data, word, value.len) == 0;
}

/* The next element of a list that is no quoted string (RFC 9110 section 5.6.1); false at its
 * end. */
static bool
next_element(wsclose_slice *list, wsclose_slice *out)
{
    if (list->len == 0)
        return false;
    const char *comma = memchr(list->data, ',', list->len);
    const size_t len = comma ? (size_t)(comma - list->data) : list->len;

    *out = trimmed((wsclose_slice){ list->data, len });
    list->data += MIN(len + 1, list->len);
    list->len -= MIN(len + 1, list->len);
    return true;
}

/* RFC 6455 section 4.1, item 2: one value, while a request may name several. */
static unsigned
upgrade_faults(const wsclose_header *upgrade)
{
    if (upgrade->presence == WSCLOSE_HEADER_UNKNOWN ||
        (upgrade->presence == WSCLOSE_HEADER_PRESENT &&
         is_in_any_case(trimmed(upgrade->value), "websocket")))
        return 0;
    return WSCLOSE_FAULT_UPGRADE;
}

/* Item 3: a token among others. */
static unsigned
connection_faults(const wsclose_header *connection)
{
    wsclose_slice rest = connection->value;
    wsclose_slice token;

    if (connection->presence == WSCLOSE_HEADER_UNKNOWN)
        return 0;
    while (connection->presence == WSCLOSE_HEADER_PRESENT && next_element(&rest, &token)) {
        if (is_in_any_case(token, "upgrade"))
            return 0;
    }
    return WSCLOSE_FAULT_CONNECTION;
}

/* Whether a list has so many elements that are not empty. Lines of one name are joined to a
 * list. */
static bool
has_elements(wsclose_slice list, unsigned wanted)
{
    unsigned count = 0;
    wsclose_slice element;

    while (next_element(&list, &element))
        count += element.len > 0;
    return count >= wanted;
}

/* Item 4. */
static unsigned
accept_faults(const wsclose_handshake_headers *headers)
{
    char expected[WSCLOSE_ACCEPT_SIZE];

    if (headers->accept.presence == WSCLOSE_HEADER_ABSENT)
        return WSCLOSE_FAULT_ACCEPT_MISSING;
    if (has_elements(headers->accept.value, 2))
        return WSCLOSE_FAULT_ACCEPT_TWICE;
    if (headers->accept.presence == WSCLOSE_HEADER_UNKNOWN ||
        headers->key.presence != WSCLOSE_HEADER_PRESENT)
        return 0;
    wsclose_accept_for_key(trimmed(headers->key.value), expected);
    return slice_equal(trimmed(headers->accept.value),
                       (wsclose_slice){ expected, WSCLOSE_ACCEPT_SIZE - 1 })
               ? 0
               : WSCLOSE_FAULT_ACCEPT_WRONG;
}

/* RFC 6455 section 4.2.2: the server chooses one of those that the client offered. */
static unsigned
subprotocol_faults(const wsclose_handshake_headers *headers)
{
    if (headers->protocol.presence != WSCLOSE_HEADER_PRESENT ||
        headers->protocols.presence == WSCLOSE_HEADER_UNKNOWN)
        return 0;

    const wsclose_slice chosen = trimmed(headers->protocol.value);
    wsclose_slice rest = headers->protocols.value;
    wsclose_slice offered;
    if (headers->protocols.presence == WSCLOSE_HEADER_ABSENT)
        rest.len = 0;
    while (next_element(&rest, &offered)) {
        if (offered.len > 0 && slice_equal(offered, chosen))
            return 0;
    }
    return WSCLOSE_FAULT_SUBPROTOCOL;
}

static unsigned
extension_faults(const wsclose_negotiation *negotiation)
{
    unsigned faults = 0;

    if (!negotiation->response->valid)
        faults |= WSCLOSE_FAULT_EXT_INVALID;
    for (size_t i = 0; i < negotiation->n_matches; i++) {
        if (negotiation->matches[i].verdict == WSCLOSE_NEGOTIATION_UNSOLICITED)
            faults |= WSCLOSE_FAULT_EXT_UNSOLICITED;
        else if (negotiation->matches[i].verdict == WSCLOSE_NEGOTIATION_INVALID)
            faults |= WSCLOSE_FAULT_EXT_INVALID;
    }
    return faults;
}

/* What the extensions of the response may change in a frame header (RFC 6455 section 5.2). */
static void
allow_extensions(const wsclose_negotiation *negotiation, wsclose_handshake_response *out)
{
    if (negotiation->response_presence == WSCLOSE_HEADER_UNKNOWN) {
        out->rsv = WSCLOSE_RSV_ANY;
        out->any_opcode = true;
    }
    for (size_t i = 0; i < negotiation->response->n_exts; i++) {
        if (strcmp(negotiation->response->exts[i].name, DEFLATE_NAME) == 0) {
            out->rsv |= WSCLOSE_RSV1;
        } else {
            out->rsv = WSCLOSE_RSV_ANY;
            out->any_opcode = true;
        }
    }
}

void
wsclose_handshake_judge(wsclose_carrier carrier, unsigned status,
                        const wsclose_handshake_headers *headers,
                        const wsclose_negotiation *negotiation, wsclose_handshake_response *out)
{
    *out = (wsclose_handshake_response){ .status = status };
    if (!wsclose_status_is_success(carrier, status))
        return;
    out->faults = subprotocol_faults(headers) | extension_faults(negotiation);
    /* RFC 8441 section 5: extended CONNECT takes the place of key and accept. */
    if (carrier == WSCLOSE_CARRIER_HTTP1)
        out->faults |= upgrade_faults(&headers->upgrade) | connection_faults(&headers->connection) |
                       accept_faults(headers);
    allow_extensions(negotiation, out);
    out->subprotocol_unanswered = headers->protocol.presence == WSCLOSE_HEADER_ABSENT &&
                                  headers->protocols.presence == WSCLOSE_HEADER_PRESENT &&
                                  has_elements(headers->protocols.value, 1);
}
