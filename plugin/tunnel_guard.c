/* tunnel_guard.c
 * Wireshark 4.6 dissects the WebSocket frames in the DATA of HTTP/2, each DATA alone. Where a frame
 * goes on in the next one, it gives up on the segment or record and loses its step in HTTP/2, and so
 * all that follows on the connection: seen by stock 4.6.9, with any message over 16 kB.
 *
 * So once a WebSocket is open on a connection, its frames of HTTP/2 are handed on one at a time, and
 * what is thrown at one of them does not reach the next.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "tunnel_guard.h"

#if COMPAT_DISSECTS_WEBSOCKET_IN_HTTP2

#include <epan/conversation.h>
#include <epan/dissectors/packet-tcp.h>
#include <epan/exceptions.h>
#include <epan/show_exception.h>

static int proto_guard = -1;
static dissector_handle_t stock;
static dissector_handle_t guard;

static unsigned
frame_len(packet_info *pinfo _U_, tvbuff_t *tvb, int offset, void *data _U_)
{
    return tvb_get_ntoh24(tvb, offset) + WSCLOSE_HTTP2_HEADER_LEN;
}

static int
dissect_frame(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    TRY
    {
        call_dissector_only(stock, tvb, pinfo, tree, data);
    }
    CATCH(FragmentBoundsError)
    {
        show_exception(tvb, pinfo, tree, EXCEPT_CODE, GET_MESSAGE);
    }
    ENDTRY;
    col_set_fence(pinfo->cinfo, COL_INFO); /* the next one begins by clearing it */
    return (int)tvb_captured_length(tvb);
}

/* The same on every pass, whatever has been found out since. */
static bool
is_guarded(packet_info *pinfo)
{
    const http2_flow *flow =
        http2_flow_any() ? http2_flow_of(store_place_of(pinfo, 0).flow) : NULL;

    return flow && flow->guarded_from != 0 && pinfo->num > flow->guarded_from;
}

static int
dissect_guarded(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    if (!is_guarded(pinfo))
        return call_dissector_only(stock, tvb, pinfo, tree, data);
    tcp_dissect_pdus(tvb, pinfo, tree, true, WSCLOSE_HTTP2_HEADER_LEN, frame_len, dissect_frame,
                     data);
    return (int)tvb_captured_length(tvb);
}

void
tunnel_guard_flow(http2_flow *flow, packet_info *pinfo)
{
    if (flow->guarded_from != 0 || !guard)
        return;
    flow->guarded_from = pinfo->num;
    if (!proto_is_frame_protocol(pinfo->layers, "tls"))
        conversation_set_dissector_from_frame_number(find_or_create_conversation(pinfo),
                                                     pinfo->num + 1, guard);
}

void
tunnel_guard_register(void)
{
    /* In name only, so that it is no layer of its own, and TLS names what it carries as ever. */
    proto_guard = proto_register_protocol_in_name_only(
        "HyperText Transfer Protocol 2", "HTTP2", "wsclose_http2", proto_get_id_by_filter_name("http2"),
        FT_PROTOCOL);
}

void
tunnel_guard_handoff(void)
{
    stock = find_dissector("http2");
    if (!stock)
        return;
    guard = create_dissector_handle(dissect_guarded, proto_guard);
    dissector_change_string("tls.alpn", "h2", guard);
}

#else

void
tunnel_guard_flow(http2_flow *flow _U_, packet_info *pinfo _U_)
{
}

void
tunnel_guard_register(void)
{
}

void
tunnel_guard_handoff(void)
{
}

#endif
