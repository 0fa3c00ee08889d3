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
static flow *latest; /* packets of one connection come in runs */
static size_t latest_sender;

static flow *ended[ENDED_KEPT];
static uint32_t n_ended;

void
flow_table_begin(void)
{
    n_buckets = BUCKETS_FIRST;
    buckets = g_new0(flow *, n_buckets);
    n_flows = n_ended = 0;
    latest = NULL;
    memset(ended, 0, sizeof ended);
}

void
flow_table_end(void)
{
    for (uint32_t i = 0; i < n_buckets; i++) {
        for (flow *of = buckets[i]; of; of = of->next)
            wsclose_flow_free(of->reader);
    }
    g_free(buckets);
    buckets = NULL;
    n_buckets = 0;
    latest = NULL;
}

static inline uint32_t
word(const void *octets, int at)
{
    uint32_t value;

    memcpy(&value, (const uint8_t *)octets + at, sizeof value);
    return value;
}

/* The same for both directions. */
static inline uint32_t
hash_of(const packet_info *pinfo)
{
    uint32_t hash = word(pinfo->src.data, 0) ^ word(pinfo->dst.data, 0);

    for (int at = 4; at < pinfo->src.len; at += 4)
        hash = hash * 31 + (word(pinfo->src.data, at) ^ word(pinfo->dst.data, at));
    hash ^= (pinfo->srcport + pinfo->destport) * 0x9E3779B1u;
    hash *= 0x85EBCA6Bu;
    return hash ^ hash >> 15;
}

/* Whether an end of a flow, and the other one, are those of the packet's sender and receiver. */
static inline bool
is_sender(const flow *of, const packet_info *pinfo, size_t end)
{
    if (of->ports[end] != pinfo->srcport || of->ports[1 - end] != pinfo->destport ||
        (pinfo->src.len == 16) != of->is_ipv6)
        return false;
    if (!of->is_ipv6)
        return word(of->addresses, (int)end * 4) == word(pinfo->src.data, 0) &&
               word(of->addresses, (int)(1 - end) * 4) == word(pinfo->dst.data, 0);
    return memcmp(of->addresses + end * 16, pinfo->src.data, 16) == 0 &&
           memcmp(of->addresses + (1 - end) * 16, pinfo->dst.data, 16) == 0;
}

static inline bool
is_flow(const flow *of, const packet_info *pinfo, size_t *sender)
{
    *sender = of->ports[0] != pinfo->srcport;
    if (is_sender(of, pinfo, *sender))
        return true;
    /* Both ends may have the same port. */
    *sender = 1 - *sender;
    return is_sender(of, pinfo, *sender);
}

static void
grow(void)
{
    const uint32_t n_more = n_buckets * 4;
    flow **more = g_new0(flow *, n_more);

    for (uint32_t i = 0; i < n_buckets; i++) {
        flow *next;

        for (flow *of = buckets[i]; of; of = next) {
            flow **bucket = &more[of->hash & (n_more - 1)];

            next = of->next;
            of->next = *bucket;
            *bucket = of;
        }
    }
    g_free(buckets);
    buckets = more;
    n_buckets = n_more;
}

static flow *
add(const packet_info *pinfo, uint32_t hash)
{
    const size_t len = (size_t)pinfo->src.len;
    flow *of = store_alloc(sizeof *of + 2 * len);

    of->hash = hash;
    of->is_ipv6 = len == 16;
    of->ports[0] = (uint16_t)pinfo->srcport;
    of->ports[1] = (uint16_t)pinfo->destport;
    memcpy(of->addresses, pinfo->src.data, len);
    memcpy(of->addresses + len, pinfo->dst.data, len);
    if (++n_flows > 2 * n_buckets)
        grow();
    flow **bucket = &buckets[hash & (n_buckets - 1)];
    of->next = *bucket;
    *bucket = of;
    return of;
}

flow *
flow_of(const packet_info *pinfo, size_t *sender)
{
    if (latest && is_sender(latest, pinfo, latest_sender)) {
        *sender = latest_sender;
        return latest;
    }
    const uint32_t hash = hash_of(pinfo);
    flow *of = buckets[hash & (n_buckets - 1)];

    *sender = 0;
    while (of && (of->hash != hash || !is_flow(of, pinfo, sender)))
        of = of->next;
    if (!of)
        of = add(pinfo, hash);
    latest = of;
    latest_sender = *sender;
    return of;
}

void
flow_read(flow *of, const wsclose_flow_options *options)
{
    of->reader = wsclose_flow_new(options);
    of->is_idle = false;
}

void
flow_forget(flow *of)
{
    wsclose_flow_free(of->reader);
    of->reader = NULL;
}

void
flow_end(flow *of)
{
    flow **slot = &ended[n_ended % ENDED_KEPT];

    if (of->waits_for_end)
        return;
    of->waits_for_end = true;
    if (*slot) {
        (*slot)->waits_for_end = false;
        /* Its ports may have been used again since. */
        if ((*slot)->reader && wsclose_flow_has_ended((*slot)->reader)) {
            flow_forget(*slot);
            (*slot)->is_idle = true;
        }
    }
    *slot = of;
    n_ended++;
}
