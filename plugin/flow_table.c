/* flow_table.c
 * Which TCP connection a packet belongs to.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "flow_table.h"

#define BUCKETS_FIRST 1024

/* Connections that have ended and are still read: packets were on their way. */
#define ENDED_KEPT 256

static flow **buckets;
static uint32_t n_buckets; /* a power of two */
static uint32_t n_flows;
static uint32_t n_renewed;         /* connections between ports that had one before */
static wsclose_coverage forgotten; /* of the connections that are not read any more */

static flow *ended[ENDED_KEPT];
static uint32_t n_ended;

void
flow_table_begin(void)
{
    n_buckets = BUCKETS_FIRST;
    buckets = g_new0(flow *, n_buckets);
    n_flows = n_ended = n_renewed = 0;
    forgotten = (wsclose_coverage){ 0 };
    memset(ended, 0, sizeof ended);
}

void
flow_table_end(void)
{
    for (uint32_t i = 0; i < n_buckets; i++) {
        for (flow *entry = buckets[i]; entry; entry = entry->next)
            wsclose_flow_free(entry->reader);
    }
    g_free(buckets);
    buckets = NULL;
    n_buckets = 0;
}

static inline uint64_t
word(const void *octets, size_t at)
{
    uint64_t value;

    memcpy(&value, (const uint8_t *)octets + at, sizeof value);
    return value;
}

/* An address and a port in a number: of IPv4 no other has it, of IPv6 the addresses are compared
 * too. */
static inline uint64_t
key_of(const address *address, uint32_t port)
{
    uint32_t ipv4;

    if (address->len != 4)
        return (word(address->data, 0) * 31 + word(address->data, 8)) ^ (uint64_t)port << 48;
    memcpy(&ipv4, address->data, sizeof ipv4);
    return (uint64_t)ipv4 << 16 | port;
}

/* Who sends a packet to whom. */
typedef struct {
    const packet_info *pinfo;
    uint64_t src;
    uint64_t dst;
} ends;

static inline bool
is_sender(const flow *entry, const ends *packet, size_t end)
{
    if (entry->keys[end] != packet->src || entry->keys[1 - end] != packet->dst)
        return false;
    return !entry->is_ipv6 ||
           (memcmp(entry->addresses + end * 16, packet->pinfo->src.data, 16) == 0 &&
            memcmp(entry->addresses + (1 - end) * 16, packet->pinfo->dst.data, 16) == 0);
}

static inline bool
is_flow(const flow *entry, const ends *packet, size_t *sender)
{
    *sender = entry->keys[0] == packet->src ? 0 : 1;
    /* Both ends may look the same. */
    return is_sender(entry, packet, *sender) || is_sender(entry, packet, *sender = 1 - *sender);
}

/* The same for both directions. */
static inline uint32_t
bucket_of(uint64_t a, uint64_t b)
{
    return (uint32_t)(((a ^ b) + a + b) * 0x9E3779B97F4A7C15u >> 32) & (n_buckets - 1);
}

static void
grow(void)
{
    flow **before = buckets;
    const uint32_t n_before = n_buckets;

    n_buckets *= 4;
    buckets = g_new0(flow *, n_buckets);
    for (uint32_t i = 0; i < n_before; i++) {
        flow *next;

        for (flow *entry = before[i]; entry; entry = next) {
            flow **bucket = &buckets[bucket_of(entry->keys[0], entry->keys[1])];

            next = entry->next;
            entry->next = *bucket;
            *bucket = entry;
        }
    }
    g_free(before);
}

static flow *
add(const ends *packet)
{
    const packet_info *pinfo = packet->pinfo;
    const bool is_ipv6 = pinfo->src.len == 16;
    flow *entry = store_alloc(sizeof *entry + (is_ipv6 ? 32 : 0));

    entry->keys[0] = packet->src;
    entry->keys[1] = packet->dst;
    entry->is_ipv6 = is_ipv6;
    if (is_ipv6) {
        memcpy(entry->addresses, pinfo->src.data, 16);
        memcpy(entry->addresses + 16, pinfo->dst.data, 16);
    }
    if (++n_flows > 2 * n_buckets)
        grow();
    flow **bucket = &buckets[bucket_of(packet->src, packet->dst)];
    entry->next = *bucket;
    *bucket = entry;
    return entry;
}

flow *
flow_of(const packet_info *pinfo, size_t *sender)
{
    const ends packet = {
        .pinfo = pinfo,
        .src = key_of(&pinfo->src, pinfo->srcport),
        .dst = key_of(&pinfo->dst, pinfo->destport),
    };
    flow *entry = buckets[bucket_of(packet.src, packet.dst)];

    *sender = 0;
    while (entry && !is_flow(entry, &packet, sender))
        entry = entry->next;
    if (entry)
        return entry;
    *sender = 0;
    return add(&packet);
}

void
flow_read(flow *entry, const wsclose_flow_options *options)
{
    entry->reader = wsclose_flow_new(options);
    entry->is_idle = false;
}

void
flow_forget(flow *entry)
{
    if (entry->reader)
        wsclose_coverage_take(&forgotten, entry->reader);
    wsclose_flow_free(entry->reader);
    entry->reader = NULL;
}

void
flow_renew(flow *entry)
{
    flow_forget(entry);
    entry->is_idle = false;
    n_renewed++;
}

void
flow_end(flow *entry)
{
    flow **slot = &ended[n_ended % ENDED_KEPT];

    if (entry->waits_for_end)
        return;
    entry->waits_for_end = true;
    if (*slot) {
        (*slot)->waits_for_end = false;
        /* Its ports may have been used again since. */
        if ((*slot)->reader && wsclose_flow_get_state((*slot)->reader) == WSCLOSE_FLOW_ENDED) {
            flow_forget(*slot);
            (*slot)->is_idle = true;
        }
    }
    *slot = entry;
    n_ended++;
}

void
flow_table_tell(wsclose_reading *reading)
{
    reading->tcp_connections = (uint64_t)n_flows + n_renewed;
    reading->coverage = forgotten;
    for (uint32_t i = 0; i < n_buckets; i++) {
        for (const flow *entry = buckets[i]; entry; entry = entry->next) {
            if (entry->reader)
                wsclose_coverage_take(&reading->coverage, entry->reader);
            else if (!entry->is_idle)
                wsclose_coverage_take_empty(&reading->coverage,
                                            entry->has_syn[0] || entry->has_syn[1]);
        }
    }
}
