/* http2_flow.c
 * What is kept of a connection of HTTP/2 that carries WebSocket.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "http2_flow.h"

static bool any;

void
http2_flow_reset(void)
{
    any = false;
}

bool
http2_flow_any(void)
{
    return any;
}

http2_flow *
http2_flow_of(store_flow *flow)
{
    return flow && flow->is_http2 ? (http2_flow *)flow : NULL;
}

http2_flow *
http2_flow_make(packet_info *pinfo, store_place *place)
{
    *place = store_place_of(pinfo, 0);
    if (place->flow)
        return http2_flow_of(place->flow);

    *place = store_place_of(pinfo, sizeof(http2_flow));
    http2_flow *flow = (http2_flow *)place->flow;
    flow->flow.is_http2 = true;
    flow->streams = wmem_map_new(wmem_file_scope(), g_direct_hash, g_direct_equal);
    any = true;
    return flow;
}

http2_stream *
http2_flow_find(const http2_flow *flow, uint32_t number)
{
    return wmem_map_lookup(flow->streams, GUINT_TO_POINTER(number));
}

http2_stream *
http2_flow_open(http2_flow *flow, uint32_t number, store_connection *connection)
{
    http2_stream *stream = wmem_new0(wmem_file_scope(), http2_stream);

    stream->connection = connection;
    stream->number = number;
    stream->previous = flow->last;
    *(flow->last ? &flow->last->next : &flow->first) = stream;
    flow->last = stream;
    for (size_t side = 0; side < 2; side++) {
        stream->losses[side] = flow->losses[side];
        wsclose_scanner_init(&stream->scanners[side]);
    }
    wmem_map_insert(flow->streams, GUINT_TO_POINTER(number), stream);
    return stream;
}

void
http2_flow_close(http2_flow *flow, http2_stream *stream)
{
    *(stream->previous ? &stream->previous->next : &flow->first) = stream->next;
    *(stream->next ? &stream->next->previous : &flow->last) = stream->previous;
    wmem_map_remove(flow->streams, GUINT_TO_POINTER(stream->number));
    wmem_free(wmem_file_scope(), (char *)stream->protocols.text);
    wmem_free(wmem_file_scope(), stream);
}

void
http2_flow_close_later(http2_flow *flow, const http2_stream *stream)
{
    uint32_t *slot = &flow->resets[flow->n_resets++ % HTTP2_RESETS_KEPT];
    http2_stream *earlier = *slot == stream->number ? NULL : http2_flow_find(flow, *slot);

    if (earlier)
        http2_flow_close(flow, earlier);
    *slot = stream->number;
}

http2_headers *
http2_headers_new(wmem_allocator_t *scope, uint32_t stream, bool end_stream)
{
    http2_headers *list = wmem_new0(scope, http2_headers);

    list->scope = scope;
    list->stream = stream;
    list->end_stream = end_stream;
    return list;
}

void
http2_headers_free(http2_headers *list)
{
    if (!list)
        return;
    headers_clear(&list->fields);
    wmem_free(list->scope, list);
}

void
http2_flow_keep_headers(http2_flow *flow, http2_headers *list)
{
    /* Where nothing legal is left to wait for, the one that waits longest goes. */
    http2_headers_free(flow->pending[HTTP2_PENDING - 1]);
    memmove(&flow->pending[1], &flow->pending[0], sizeof flow->pending - sizeof flow->pending[0]);
    flow->pending[0] = list;
}

http2_headers *
http2_flow_take_headers(http2_flow *flow, uint32_t stream)
{
    for (size_t i = 0; i < HTTP2_PENDING; i++) {
        http2_headers *list = flow->pending[i];

        if (list && list->stream == stream) {
            flow->pending[i] = NULL;
            return list;
        }
    }
    return NULL;
}
