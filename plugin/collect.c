/* collect.c
 * From the dissection of a packet to facts.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "collect.h"

#include "collect_private.h"
#include "http2_flow.h"

static const char *const field_names[FIELDS] = {
    [WEBSOCKET] = "websocket",
    [HTTP] = "http",
    [HTTP_UPGRADE] = "http.upgrade",
    [HTTP_KEY] = "http.sec_websocket_key",
    [HTTP_STATUS] = "http.response.code",
    [HTTP2] = "http2",
    [HTTP2_HEADER] = "http2.header",
    [HTTP2_HEADER_NAME] = "http2.header.name",
    [HTTP2_HEADER_VALUE] = "http2.header.value",
    [TCP_FLAGS] = "tcp.analysis.flags", /* stands on each packet that has one of the next two */
    [TCP_LOST] = "tcp.analysis.lost_segment",
    [TCP_ACK_LOST] = "tcp.analysis.ack_lost_segment",
    [TCP_FIN] = "tcp.connection.fin",
    [TCP_RST] = "tcp.connection.rst",
};

static int field_ids[FIELDS];
static dissector_handle_t asker;
static size_t n_asked;

/* Ask for the first fields of the list. */
static void
ask(size_t n_fields)
{
    GArray *wanted = g_array_new(FALSE, FALSE, sizeof(int));

    for (size_t i = 0; i < n_fields; i++) {
        if (field_ids[i] != -1)
            g_array_append_val(wanted, field_ids[i]);
    }
    set_postdissector_wanted_hfids(asker, wanted);
    n_asked = n_fields;
}

void
collect_ask(dissector_handle_t handle)
{
    collect_ends_reset();
    http2_flow_reset();
    for (size_t i = 0; i < FIELDS; i++) {
        field_ids[i] = proto_registrar_get_id_byname(field_names[i]);
        if (field_ids[i] == -1)
            ws_warning("this Wireshark has no field %s: some WebSocket closes are not explained",
                       field_names[i]);
    }
    asker = handle;
    ask(HTTP2_HEADER);
}

void
collect_ask_http2_headers(void)
{
    if (!collect_has_http2_headers())
        ask(FIELDS);
}

bool
collect_has_http2_headers(void)
{
    return n_asked == FIELDS;
}

void
collect_ask_nothing(dissector_handle_t handle)
{
    set_postdissector_wanted_hfids(handle, NULL);
}

GPtrArray *
collect_items(proto_tree *tree, unsigned field)
{
    if (field_ids[field] == -1 || field >= n_asked)
        return NULL;
    GPtrArray *items = proto_get_finfo_ptr_array(tree, field_ids[field]);
    return items && items->len > 0 ? items : NULL;
}

void
collect_add_event(packet_facts *facts, store_event *event)
{
    *facts->tail = event;
    facts->tail = &event->next;
}

const store_event *
collect_packet(packet_info *pinfo, proto_tree *tree)
{
    packet_facts facts = {.pinfo = pinfo, .tree = tree};

    if (!tree)
        return NULL;
    GPtrArray *messages = collect_items(tree, HTTP);
    GPtrArray *http2 = collect_items(tree, HTTP2);
    /* Wireshark 4.6 dissects WebSocket in HTTP/2 and HTTP/3 too, and does not tell streams apart. */
    GPtrArray *frames =
        http2 || pinfo->ptype == PT_UDP ? NULL : collect_items(tree, WEBSOCKET);
    facts.tail = &facts.first;
    facts.remarked = collect_items(tree, TCP_FLAGS) != NULL;
    if (facts.remarked)
        collect_losses(&facts);
    if (messages)
        collect_http(&facts, messages);
    if (frames)
        collect_frames(&facts, frames);
    if (http2)
        collect_http2(&facts, http2);
    if (collect_is_cut(pinfo))
        collect_cut(&facts);
    collect_ends(&facts);
    if (facts.first)
        store_events_set(pinfo, facts.first);
    return facts.first;
}
