# What the plugin is made of, here and within Wireshark's own build.
#
# SPDX-License-Identifier: GPL-2.0-or-later

set(plugin_sources
    collect.c
    context.c
    fields.c
    flow_table.c
    neighbours.c
    packet-wsclose.c
    plugin.c
    reading.c
    render.c
    report.c
    segment.c
    sources.c
    stat_conn.c
    stat_json.c
    stat_table.c
    stat_tree.c
    store.c
    summary.c
    terminal.c)
