/* sources.c
 * The data sources of a packet.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "sources.h"

sources_cursor
sources_begin_with(const packet_info *pinfo, const char *prefix)
{
    /* The packet itself is the first one. */
    return (sources_cursor){ prefix, pinfo->data_src ? pinfo->data_src->next : NULL };
}

sources_cursor
sources_begin(const packet_info *pinfo, const char *name)
{
    sources_cursor cursor = sources_begin_with(pinfo, name);

    /* To ask each one for its name makes a copy of it. */
    if (cursor.next && !compat_source_by_name((packet_info *)pinfo, name))
        cursor.next = NULL;
    return cursor;
}

static bool
has_name(const struct data_source *source, const char *name)
{
    char *description = compat_source_description(source);
    const bool has = g_str_has_prefix(description, name);

    wmem_free(NULL, description);
    return has;
}

static wsclose_slice
octets_of(tvbuff_t *tvb)
{
    const unsigned len = tvb_captured_length(tvb);

    return (wsclose_slice){ len > 0 ? (const char *)tvb_get_ptr(tvb, 0, (int)len) : "", len };
}

wsclose_slice
sources_octets(const struct data_source *source, const char *name)
{
    if (!has_name(source, name))
        return (wsclose_slice){ NULL, 0 };
    return octets_of(get_data_source_tvb(source));
}

bool
sources_next_named(packet_info *pinfo, sources_cursor *cursor, wsclose_slice *octets)
{
    GSList *all = pinfo->data_src;

    /* Wireshark finds the first one of a name: here of those that are left. */
    pinfo->data_src = cursor->next;
    tvbuff_t *tvb = cursor->next ? compat_source_by_name(pinfo, cursor->name) : NULL;
    pinfo->data_src = all;
    while (cursor->next && (!tvb || get_data_source_tvb(cursor->next->data) != tvb))
        cursor->next = cursor->next->next;
    if (!tvb || !cursor->next)
        return false;
    cursor->next = cursor->next->next;
    *octets = octets_of(tvb);
    return true;
}

bool
sources_next(sources_cursor *cursor, wsclose_slice *octets)
{
    while (cursor->next) {
        *octets = sources_octets(cursor->next->data, cursor->name);
        cursor->next = cursor->next->next;
        if (octets->data)
            return true;
    }
    return false;
}

/* A length in four octets, and a name of that length that fits. */
static bool
begins_list(const uint8_t *start, size_t there, unsigned len)
{
    return there > 4 && start[0] == 0 && start[1] == 0 && start[2] == 0 && start[3] + 8u <= len &&
           (start[4] == ':' || g_ascii_isgraph((char)start[4]));
}

const struct data_source *
sources_next_list(sources_cursor *cursor, uint8_t *start, size_t *len)
{
    while (cursor->next) {
        const struct data_source *source = cursor->next->data;
        tvbuff_t *tvb = get_data_source_tvb(source);
        const unsigned there = tvb_captured_length(tvb);
        const size_t copied = MIN(*len, there);

        cursor->next = cursor->next->next;
        tvb_memcpy(tvb, start, 0, copied);
        if (begins_list(start, copied, there)) {
            *len = copied;
            return source;
        }
    }
    return NULL;
}
