/* compat.h
 * What differs between Wireshark 4.0, 4.2, 4.4 and 4.6, and nothing else.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WSCLOSE_PLUGIN_COMPAT_H
#define WSCLOSE_PLUGIN_COMPAT_H

#include <ws_version.h>

#include <wireshark.h>

#include <epan/packet.h>
#include <epan/prefs.h>

#define COMPAT_WIRESHARK_AT_LEAST(major, minor)                                                    \
    (WIRESHARK_VERSION_MAJOR > (major) ||                                                          \
     (WIRESHARK_VERSION_MAJOR == (major) && WIRESHARK_VERSION_MINOR >= (minor)))

#if !COMPAT_WIRESHARK_AT_LEAST(4, 0)
#error "Wireshark 4.0 or later is needed"
#endif

/* A boolean preference is an int in 4.0 and 4.2, and a bool later. */
#if COMPAT_WIRESHARK_AT_LEAST(4, 4)
typedef bool compat_pref_bool;
#else
typedef gboolean compat_pref_bool;
#endif

/* A data source by its name, and what it is called with its size: 4.6 names both differently. */
static inline tvbuff_t *
compat_source_by_name(packet_info *pinfo, const char *name)
{
#if COMPAT_WIRESHARK_AT_LEAST(4, 6)
    const struct data_source *source = get_data_source_by_name(pinfo, name);

    return source ? get_data_source_tvb(source) : NULL;
#else
    return get_data_source_tvb_by_name(pinfo, name);
#endif
}

static inline char *
compat_source_description(const struct data_source *source)
{
#if COMPAT_WIRESHARK_AT_LEAST(4, 6)
    return get_data_source_description(source);
#else
    return get_data_source_name(source);
#endif
}

/* What kind of plugin this is, for the About dialog; 4.0 and 4.2 do not ask. */
#if COMPAT_WIRESHARK_AT_LEAST(4, 4)
#include <wsutil/plugins.h>
#define COMPAT_PLUGIN_DESCRIPTION WS_PLUGIN_DESC_DISSECTOR
#else
#define COMPAT_PLUGIN_DESCRIPTION 0
#endif

/* What the beginning of a report tells: 4.6 prints its usage and stops where it failed, earlier
 * versions leave that to the report. */
#if COMPAT_WIRESHARK_AT_LEAST(4, 6)
typedef bool compat_stat_begun;

static inline compat_stat_begun
compat_stat_began(bool success)
{
    return success;
}
#else
typedef void compat_stat_begun;

static inline void
compat_stat_began(bool success)
{
    if (!success)
        exit(1);
}
#endif

#endif
