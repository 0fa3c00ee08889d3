/* packet-wsclose.c
 * The post-dissector: collect, ask the decoder, render.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "packet-wsclose.h"

#include "collect.h"
#include "compat.h"
#include "render.h"
#include "report.h"
#include "stat_conn.h"
#include "stat_json.h"
#include "stat_table.h"
#include "stat_tree.h"
#include "store.h"

#include <wsutil/report_message.h>

static int proto_wsclose = -1;

static compat_pref_bool annotate_negotiation = TRUE;
static compat_pref_bool find_midstream = TRUE;
static compat_pref_bool check_text = TRUE;
static compat_pref_bool info_column = TRUE;
static const char *mandatory_extensions = "";
static const char *tls_servers = "";
static unsigned no_status_threshold = 10;

/* The handle belongs to no protocol, so that it is no layer of a packet, and heeds itself
 * whether ours is enabled. */
static bool is_enabled;

static int
dissect_wsclose(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data _U_)
{
    if (!is_enabled)
        return 0;
    const store_event *event =
        PINFO_FD_VISITED(pinfo) ? store_events(pinfo->num) : collect_packet(tvb, pinfo);

    report_packet(pinfo, event);
    if (event) /* Expert items tell this name, which the handle of no protocol does not set. */
        pinfo->current_proto = proto_get_protocol_short_name(find_protocol_by_id(proto_wsclose));
    for (; event; event = event->next) {
        if (event->kind != STORE_EVENT_NEGOTIATION || annotate_negotiation)
            render_event(event, tvb, pinfo, tree);
    }
    return 0; /* nobody asks a post-dissector */
}

/* The list of a user; what is wrong with it is said, and the rest of it holds. */
static wsclose_tls_servers *
listed_servers(void)
{
    char *error = NULL;
    wsclose_tls_servers *servers = wsclose_tls_servers_new(tls_servers, &error);

    if (error)
        report_warning("wsclose.tls_servers: %s.", error);
    wsclose_text_free(error);
    return servers;
}

static void
begin_capture(void)
{
    store_begin(mandatory_extensions);
    render_begin(info_column);
    is_enabled = proto_is_protocol_enabled(find_protocol_by_id(proto_wsclose));
    collect_begin(
        &(wsclose_flow_options){ .find_midstream = find_midstream, .check_text = check_text },
        listed_servers(), no_status_threshold);
}

static void
end_capture(void)
{
    report_capture_ends();
    stat_tree_capture_ends();
    collect_end();
    store_end();
}

static void
register_preferences(void)
{
    module_t *module = prefs_register_protocol(proto_wsclose, NULL);

    prefs_register_bool_preference(
        module, "annotate_negotiation", "Annotate the extension negotiation",
        "Add an item to the response of each opening handshake that tells which extensions were "
        "offered, accepted and declined.",
        &annotate_negotiation);
    prefs_register_string_preference(
        module, "mandatory_extensions", "Extensions that clients need",
        "Names of extensions, separated by commas, such as permessage-deflate: a warning is given "
        "where one of them was offered and declined.",
        &mandatory_extensions);
    prefs_register_uint_preference(
        module, "no_status_threshold", "Warn of repeated empty Close frames after",
        "On how many connections an address may send an empty Close before a warning is given; 0 "
        "for no warning.",
        10, &no_status_threshold);
    prefs_register_bool_preference(
        module, "find_midstream", "Find connections that began before the capture",
        "Look for WebSocket frames in TCP connections whose beginning is not in the capture, where "
        "their form leaves no doubt.",
        &find_midstream);
    prefs_register_bool_preference(module, "check_text", "Check that text messages are UTF-8",
                                   "Read the payload of text messages, and tell where one is not "
                                   "UTF-8: its receiver must fail the "
                                   "connection.",
                                   &check_text);
    prefs_register_string_preference(
        module, "tls_servers", "TLS servers whose connections are WebSocket",
        "Addresses, networks, names or ports of servers, separated by commas, or \"all\": TLS "
        "connections to them for which Wireshark has no keys are reported as WebSocket, as far as "
        "that can be told from outside: when and by whom they were ended, not with which code.",
        &tls_servers);
    prefs_register_bool_preference(module, "info_column", "Tell of events in the Info column",
                                   "Add a few words to the Info column of each packet with an "
                                   "event, such as the Close code or "
                                   "why the connection ended.",
                                   &info_column);
    stat_conn_register_preference(module);
}

void
proto_register_wsclose(void)
{
    proto_wsclose = proto_register_protocol("WebSocket close explanation", "wsclose", "wsclose");
    store_register();
    render_register(proto_wsclose);
    register_preferences();
    report_register();
    stat_conn_register();
    stat_json_register();
    stat_table_register();
    stat_tree_register();
    register_init_routine(begin_capture);
    register_cleanup_routine(end_capture);
    register_postdissector(create_dissector_handle(dissect_wsclose, -1));
}
