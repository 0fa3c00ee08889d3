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

/* A field's value is part of its field_info in 4.0 and behind a pointer later. */
static inline uint32_t
compat_field_uint(field_info *field)
{
#if COMPAT_WIRESHARK_AT_LEAST(4, 2)
    return fvalue_get_uinteger(field->value);
#else
    return fvalue_get_uinteger(&field->value);
#endif
}

/* What kind of plugin this is, for the About dialog; 4.0 and 4.2 do not ask. */
#if COMPAT_WIRESHARK_AT_LEAST(4, 4)
#include <wsutil/plugins.h>
#define COMPAT_PLUGIN_DESCRIPTION WS_PLUGIN_DESC_DISSECTOR
#else
#define COMPAT_PLUGIN_DESCRIPTION 0
#endif

/* Whether Wireshark hands the DATA of a tunnel over HTTP/2 to the WebSocket dissector. */
#define COMPAT_DISSECTS_WEBSOCKET_IN_HTTP2 COMPAT_WIRESHARK_AT_LEAST(4, 6)

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
