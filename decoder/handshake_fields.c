/* handshake_fields.c
 * The fields of an opening handshake that matter.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "handshake_fields.h"

#include <string.h>

/* Wireshark, which decodes header lists for us, stops at this many fields. */
#define LIST_FIELDS_MAX 200

/* How it names an entry of the dynamic table (RFC 7541 section 2.3.2) that it does not know. */
#define UNKNOWN_NAME "<unknown>"

#define NAME(text)                                                                                 \
    {                                                                                              \
        text, sizeof(text) - 1                                                                     \
    }

static const wsclose_slice names[FIELDS] = {
    [FIELD_METHOD] = NAME(":method"),
    [FIELD_CONNECT_PROTOCOL] = NAME(":protocol"),
    [FIELD_STATUS] = NAME(":status"),
    [FIELD_AUTHORITY] = NAME(":authority"),
    [FIELD_PATH] = NAME(":path"),
    [FIELD_HOST] = NAME("host"),
    [FIELD_UPGRADE] = NAME("upgrade"),
    [FIELD_CONNECTION] = NAME("connection"),
    [FIELD_KEY] = NAME("sec-websocket-key"),
    [FIELD_ACCEPT] = NAME("sec-websocket-accept"),
    [FIELD_EXTENSIONS] = NAME("sec-websocket-extensions"),
    [FIELD_SUBPROTOCOLS] = NAME("sec-websocket-protocol"),
    [FIELD_USER_AGENT] = NAME("user-agent"),
};

static const wsclose_slice unknown_name = NAME(UNKNOWN_NAME);

/* Whether octets are those of a name in small letters, whatever the case of their own. */
static bool
is_in_any_case(const char *octets, const char *wanted, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        const bool is_letter = wanted[i] >= 'a' && wanted[i] <= 'z';

        if ((is_letter ? octets[i] | 0x20 : octets[i]) != wanted[i])
            return false;
    }
    return true;
}

static bool
is_name(wsclose_slice name, wsclose_slice wanted, bool any_case)
{
    if (name.len != wanted.len)
        return false;
    return any_case ? is_in_any_case(name.data, wanted.data, name.len)
                    : memcmp(name.data, wanted.data, name.len) == 0;
}

static void
join(handshake_fields *fields, size_t field, wsclose_slice value)
{
    const wsclose_slice first = fields->values[field];

    if (!fields->joined[field])
        fields->joined[field] = g_string_new_len(first.data, (gssize)first.len);
    GString *joined = fields->joined[field];
    g_string_append(joined, ", ");
    g_string_append_len(joined, value.data, (gssize)value.len);
    fields->values[field] = (wsclose_slice){ joined->str, joined->len };
}

/* Most names begin with a letter that none of ours has; a header list has no Connection. */
static bool
may_matter(wsclose_slice name, bool of_list)
{
    return name.len > 0 && name.data[0] != '\0' &&
           strchr(of_list ? ":hus" : "hucsHUCS", name.data[0]);
}

static void
read_field(handshake_fields *fields, wsclose_slice name, wsclose_slice value, bool any_case)
{
    fields->n_read++;
    if (!may_matter(name, !any_case))
        return;
    for (size_t i = 0; i < FIELDS; i++) {
        if (!is_name(name, names[i], any_case))
            continue;
        if (fields->values[i].data)
            join(fields, i, value);
        else
            fields->values[i] = (wsclose_slice){ value.data ? value.data : "", value.len };
        return;
    }
}

void
handshake_fields_read_head(handshake_fields *fields, const wsclose_http1_head *head)
{
    wsclose_slice lines = head->lines;
    wsclose_slice name;
    wsclose_slice value;

    while (wsclose_http1_header_next(&lines, &name, &value))
        read_field(fields, name, value, true);
    fields->incomplete |= !head->complete;
}

/* Four octets of length, and so many more. */
static bool
take_string(wsclose_slice *list, wsclose_slice *out)
{
    const unsigned char *octets = (const unsigned char *)list->data;

    if (list->len < 4)
        return false;
    const size_t len =
        (size_t)octets[0] << 24 | (size_t)octets[1] << 16 | (size_t)octets[2] << 8 | octets[3];
    if (len > list->len - 4)
        return false;
    *out = (wsclose_slice){ list->data + 4, len };
    *list = (wsclose_slice){ list->data + 4 + len, list->len - 4 - len };
    return true;
}

void
handshake_fields_read_list(handshake_fields *fields, wsclose_slice list)
{
    wsclose_slice name;
    wsclose_slice value;

    while (list.len > 0) {
        if (!take_string(&list, &name) || !take_string(&list, &value)) {
            fields->incomplete = true;
            return;
        }
        fields->incomplete |= is_name(name, unknown_name, false);
        read_field(fields, name, value, false);
    }
    fields->incomplete |= fields->n_read >= LIST_FIELDS_MAX;
}

void
handshake_fields_clear(handshake_fields *fields)
{
    for (size_t i = 0; i < FIELDS; i++) {
        if (fields->joined[i])
            g_string_free(fields->joined[i], TRUE);
    }
    *fields = (handshake_fields){ 0 };
}

wsclose_slice
handshake_fields_value(const handshake_fields *fields, handshake_field field)
{
    return fields->values[field];
}

wsclose_header
handshake_fields_header(const handshake_fields *fields, handshake_field field)
{
    if (fields->values[field].data)
        return (wsclose_header){ WSCLOSE_HEADER_PRESENT, fields->values[field] };
    return (wsclose_header){ fields->incomplete ? WSCLOSE_HEADER_UNKNOWN : WSCLOSE_HEADER_ABSENT,
                             { NULL, 0 } };
}

kept_header
kept_header_of(wsclose_header header)
{
    kept_header kept = { NULL, (uint32_t)header.value.len, (uint8_t)header.presence };

    if (kept.len > 0) {
        kept.value = g_malloc(kept.len);
        memcpy(kept.value, header.value.data, kept.len);
    }
    return kept;
}

void
kept_header_free(kept_header *kept)
{
    g_free(kept->value);
    *kept = (kept_header){ 0 };
}

wsclose_header
kept_header_get(const kept_header *kept)
{
    return (wsclose_header){ (wsclose_presence)kept->presence, { kept->value, kept->len } };
}

bool
handshake_fields_by_browser(const handshake_fields *fields)
{
    static const char token[] = "Mozilla/"; /* that of every browser, and of hardly anything else */
    const wsclose_slice agent = handshake_fields_value(fields, FIELD_USER_AGENT);

    return agent.len >= sizeof token - 1 && memcmp(agent.data, token, sizeof token - 1) == 0;
}
