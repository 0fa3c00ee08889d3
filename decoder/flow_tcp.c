/* flow_tcp.c
 * What TCP shows beside the octets: silence, and what nobody acknowledges (RFC 9293).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "flow_private.h"

#include "flow_http2.h"
#include "moment.h"

/* From here on what drops idle connections may have dropped this one. A reset without an
 * acknowledgement comes from where no connection is known (RFC 9293 section 3.10.7.1); one with it may
 * as well come from a host that has read what it answers. */
#define SILENCE_MIN (5 * SECOND)
#define SILENCE_MIN_ACKNOWLEDGED (20 * SECOND)

flow_connections
flow_connections_of(const wsclose_flow *flow)
{
    return (flow_connections){ .flow = flow };
}

wsclose_connection *
flow_connections_next(flow_connections *each)
{
    const wsclose_flow *flow = each->flow;

    if (flow->protocol == PROTOCOL_HTTP2) {
        const http2_stream *stream = http2_next_stream(flow->http2, each->number);

        each->number = stream ? stream->number : each->number;
        return stream ? stream->websocket.connection : NULL;
    }
    return each->number++ == 0 ? flow->websocket.connection : NULL;
}

/* Whether all octets of a side that were seen are acknowledged. */
static bool
is_acknowledged(const wsclose_stream *stream)
{
    return stream->has_ack && !wsclose_sequence_after(stream->next, stream->acked);
}

static void
tell_repeated(const wsclose_flow *flow, size_t direction)
{
    flow_connections each = flow_connections_of(flow);
    wsclose_connection *connection;

    while ((connection = flow_connections_next(&each)) != NULL)
        wsclose_connection_repeated(connection, flow_side(flow, direction),
                                    flow->directions[direction].sent);
}

static void
tell_acknowledged(wsclose_flow *flow, size_t direction)
{
    flow_connections each = flow_connections_of(flow);
    wsclose_connection *connection;

    while ((connection = flow_connections_next(&each)) != NULL)
        wsclose_connection_acknowledged(connection, flow_side(flow, direction));
    flow->directions[direction].is_repeated = false;
}

/* A keep-alive (RFC 9293 section 3.8.4): it is there to be answered. */
static void
watch_probe(wsclose_flow *flow, const wsclose_packet *packet)
{
    flow_direction *own = &flow->directions[packet->sender];

    if (!own->is_repeated && is_acknowledged(&own->stream))
        own->sent = packet->moment;
    own->is_repeated = true;
    tell_repeated(flow, packet->sender);
}

/* Octets of the packet's sender: new ones, or ones that it sends again since nobody has acknowledged
 * them. */
static void
watch_sent(wsclose_flow *flow, const wsclose_packet *packet)
{
    const wsclose_segment *segment = &packet->segment;
    flow_direction *own = &flow->directions[packet->sender];
    const uint32_t end = segment->seq + segment->len;

    if (!own->stream.begun || segment->syn || segment->fin || packet->rst)
        return;
    if (segment->len <= 1 && segment->seq + 1 == own->stream.next) {
        watch_probe(flow, packet);
        return;
    }
    if (segment->len == 0)
        return;
    if (wsclose_sequence_after(end, own->stream.next)) {
        if (is_acknowledged(&own->stream))
            own->sent = packet->moment;
        own->sent_last = packet->moment;
    } else if (own->sent.number != 0 && own->stream.has_ack &&
               wsclose_sequence_after(end, own->stream.acked)) {
        own->is_repeated = true;
        tell_repeated(flow, packet->sender);
    }
}

/* What the packet acknowledges. */
static void
watch_acknowledged(wsclose_flow *flow, const wsclose_packet *packet)
{
    const size_t other = 1 - packet->sender;
    flow_direction *acknowledged = &flow->directions[other];
    const wsclose_stream *stream = &acknowledged->stream;

    if (!packet->has_ack)
        return;
    if (!wsclose_sequence_after(stream->next, packet->ack)) {
        if (acknowledged->is_repeated)
            tell_acknowledged(flow, other);
    } else if (stream->has_ack && wsclose_sequence_after(packet->ack, stream->acked)) {
        acknowledged->sent = acknowledged->sent_last;
    }
    if (flow->websocket.close_in[other] != 0 &&
        !wsclose_sequence_after(flow->websocket.close_end[other], packet->ack))
        wsclose_connection_got_close(flow->websocket.connection, flow_side(flow, packet->sender));
}

/* An acknowledgement that came too late, or was captured twice: neither news nor a probe. */
static bool
is_stale(const wsclose_flow *flow, const wsclose_packet *packet)
{
    const wsclose_segment *segment = &packet->segment;
    const wsclose_stream *stream = &flow->directions[packet->sender].stream;

    return segment->len == 0 && !segment->syn && !segment->fin && !packet->rst && stream->begun &&
           wsclose_sequence_after(stream->next - 1, segment->seq);
}

static void
watch_silence(wsclose_flow *flow, const wsclose_packet *packet)
{
    const int64_t silence = time_between(flow->last, packet->moment.time);

    flow->last = packet->moment.time;
    /* What is sent again, each time later, does not count anew. */
    const bool again = flow->is_woken && packet->sender == flow->waker;
    if (silence >= SILENCE_MIN && !packet->rst && !again) {
        flow->is_woken = true;
        flow->waker = (uint8_t)packet->sender;
        flow->woken = packet->moment;
        flow->silence = silence;
        return;
    }
    if (!flow->is_woken || packet->sender == flow->waker || is_stale(flow, packet))
        return;
    flow->is_woken = false;
    if (!packet->rst || (packet->has_ack && flow->silence < SILENCE_MIN_ACKNOWLEDGED))
        return;
    flow_connections each = flow_connections_of(flow);
    wsclose_connection *connection;
    while ((connection = flow_connections_next(&each)) != NULL)
        wsclose_connection_woken(connection, flow->woken, flow->silence);
}

void
flow_tcp_watch(wsclose_flow *flow, const wsclose_packet *packet)
{
    watch_silence(flow, packet);
    watch_acknowledged(flow, packet);
    watch_sent(flow, packet);
}
