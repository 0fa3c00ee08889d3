/* flow_earlier.c
 * Packets that are kept until their octets show what they are, to be read then.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "flow_private.h"

/* What is looked at at most, with acknowledgements; the oldest packets are dropped first. */
#define PACKETS_MAX 96
#define OCTETS_MAX 65536

struct flow_earlier {
    GQueue packets; /* of kept_packet */
    size_t octets;
};

typedef struct {
    wsclose_packet packet;
    uint8_t octets[];
} kept_packet;

static kept_packet *
keep(const wsclose_packet *packet)
{
    const wsclose_segment *segment = &packet->segment;
    kept_packet *kept = g_malloc(sizeof *kept + segment->captured);

    kept->packet = (wsclose_packet){
        .moment = packet->moment,
        .sender = packet->sender,
        .segment = *segment,
        .ack = packet->ack,
        .has_ack = packet->has_ack,
        .rst = packet->rst,
    };
    kept->packet.segment.octets = segment->captured > 0 ? kept->octets : NULL;
    if (segment->captured > 0)
        memcpy(kept->octets, segment->octets, segment->captured);
    return kept;
}

static void
drop_oldest(flow_earlier *earlier)
{
    kept_packet *oldest = g_queue_pop_head(&earlier->packets);

    earlier->octets -= oldest->packet.segment.captured;
    g_free(oldest);
}

void
flow_earlier_keep(flow_earlier **earlier, const wsclose_packet *packet)
{
    if (!*earlier)
        *earlier = g_new0(flow_earlier, 1);
    g_queue_push_tail(&(*earlier)->packets, keep(packet));
    (*earlier)->octets += packet->segment.captured;
    while ((*earlier)->packets.length > PACKETS_MAX ||
           ((*earlier)->octets > OCTETS_MAX && (*earlier)->packets.length > 1))
        drop_oldest(*earlier);
}

void
flow_earlier_strip_last(flow_earlier *earlier)
{
    kept_packet *last = g_queue_pop_tail(&earlier->packets);

    earlier->octets -= last->packet.segment.captured;
    last->packet.segment.captured = 0;
    g_queue_push_tail(&earlier->packets, keep(&last->packet));
    g_free(last);
}

const wsclose_packet *
flow_earlier_get(const flow_earlier *earlier, unsigned n)
{
    const kept_packet *kept = g_queue_peek_nth((GQueue *)&earlier->packets, n);

    return kept ? &kept->packet : NULL;
}

void
flow_earlier_free(flow_earlier *earlier)
{
    if (!earlier)
        return;
    while (earlier->packets.length > 0)
        drop_oldest(earlier);
    g_free(earlier);
}
