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
    return (sources_cursor){prefix, pinfo->data_src ? pinfo->data_src->next : NULL};
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

bool
sources_next(sources_cursor *cursor, wsclose_slice *octets)
{
    while (cursor->next) {
        const struct data_source *source = cursor->next->data;

        cursor->next = cursor->next->next;
        if (!has_name(source, cursor->name))
            continue;
        tvbuff_t *tvb = get_data_source_tvb(source);
        const unsigned len = tvb_captured_length(tvb);
        *octets = (wsclose_slice){
            len > 0 ? (const char *)tvb_get_ptr(tvb, 0, (int)len) : "", len};
        return true;
    }
    return false;
}
