/* store.c
 * What is kept of a capture.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "store.h"

#include <epan/conversation.h>
#include <epan/proto_data.h>

/* Distinct pairs of headers that are in use at a time: a handful on real traffic. */
#define NEGOTIATIONS 64

static int proto_wsclose = -1;
static uint32_t next_stream;
static wmem_map_t *headers;       /* store_text -> itself */
static wmem_map_t *empty_senders; /* address -> count */

static struct {
    store_header offer;
    store_header response;
    wsclose_negotiation *negotiation;
} negotiations[NEGOTIATIONS];

typedef struct {
    const char *text;
    uint32_t len;
} store_text;

/* Flows whose packets came last: a look-up costs more than all the rest that a frame takes. */
#define REMEMBERED 2048
#define ADDRESS_MAX 16

typedef struct {
    uint32_t src_port;
    uint32_t dst_port;
    int type;
    int len; /* octets of each address */
    uint8_t src[ADDRESS_MAX];
    uint8_t dst[ADDRESS_MAX];
    store_place place;
} remembered_place;

static remembered_place remembered[REMEMBERED];

static unsigned
text_hash(const void *key)
{
    const store_text *text = key;

    return wmem_strong_hash((const uint8_t *)text->text, text->len);
}

static gboolean
text_equal(const void *a, const void *b)
{
    const store_text *left = a;
    const store_text *right = b;

    return left->len == right->len && memcmp(left->text, right->text, left->len) == 0;
}

static unsigned
address_key_hash(const void *key)
{
    return add_address_to_hash(0, key);
}

static gboolean
address_key_equal(const void *a, const void *b)
{
    return addresses_equal(a, b);
}

void
store_register(int proto)
{
    proto_wsclose = proto;
    headers = wmem_map_new_autoreset(wmem_epan_scope(), wmem_file_scope(), text_hash, text_equal);
    empty_senders = wmem_map_new_autoreset(wmem_epan_scope(), wmem_file_scope(), address_key_hash,
                                           address_key_equal);
}

void
store_reset(void)
{
    next_stream = 0;
    memset(remembered, 0, sizeof remembered);
    for (size_t i = 0; i < NEGOTIATIONS; i++) {
        wsclose_negotiation_free(negotiations[i].negotiation);
        negotiations[i].negotiation = NULL;
    }
}

static remembered_place *
slot_of(uint32_t src_port, uint32_t dst_port)
{
    return &remembered[(src_port * 31 + dst_port * 17) % REMEMBERED];
}

/* Whether a place is that of a packet: by addresses and ports (the other direction has others), and
 * because Wireshark's analysis has just taken this very packet into it. */
static bool
is_remembered(const remembered_place *place, const packet_info *pinfo)
{
    const nstime_t *taken = &place->place.tcp.own->lastacktime;

    return taken->nsecs == pinfo->abs_ts.nsecs && taken->secs == pinfo->abs_ts.secs &&
           place->src_port == pinfo->srcport && place->dst_port == pinfo->destport &&
           place->len == pinfo->src.len && place->len == pinfo->dst.len &&
           place->type == pinfo->src.type && place->type == pinfo->dst.type &&
           memcmp(place->src, pinfo->src.data, (size_t)place->len) == 0 &&
           memcmp(place->dst, pinfo->dst.data, (size_t)place->len) == 0;
}

static void
remember(const store_place *place, const packet_info *pinfo)
{
    remembered_place *slot = slot_of(pinfo->srcport, pinfo->destport);

    if (!place->tcp.own || pinfo->src.len <= 0 || pinfo->src.len > ADDRESS_MAX ||
        pinfo->dst.len != pinfo->src.len || pinfo->dst.type != pinfo->src.type)
        return;
    *slot = (remembered_place){.src_port = pinfo->srcport,
                               .dst_port = pinfo->destport,
                               .type = pinfo->src.type,
                               .len = pinfo->src.len,
                               .place = *place};
    memcpy(slot->src, pinfo->src.data, (size_t)slot->len);
    memcpy(slot->dst, pinfo->dst.data, (size_t)slot->len);
}

store_place
store_place_of(packet_info *pinfo, bool create)
{
    conversation_t *conversation =
        create ? find_or_create_conversation(pinfo) : find_conversation_pinfo(pinfo, 0);

    if (!conversation)
        return (store_place){0};
    store_place place = {.flow = conversation_get_proto_data(conversation, proto_wsclose)};
    if (!place.flow && create) {
        /* Ports that are used again at the same time: captures can be without times. */
        *slot_of(pinfo->srcport, pinfo->destport) = (remembered_place){0};
        *slot_of(pinfo->destport, pinfo->srcport) = (remembered_place){0};
        place.flow = wmem_new0(wmem_file_scope(), store_flow);
        clear_address(&place.flow->client);
        conversation_add_proto_data(conversation, proto_wsclose, place.flow);
    }
    if (place.flow) {
        place.tcp = transport_view_of(conversation, pinfo);
        remember(&place, pinfo);
    }
    return place;
}

store_place
store_place_again(packet_info *pinfo)
{
    const remembered_place *slot = slot_of(pinfo->srcport, pinfo->destport);

    return slot->place.flow && is_remembered(slot, pinfo) ? slot->place
                                                          : store_place_of(pinfo, false);
}

store_connection *
store_connection_begin(store_flow *flow)
{
    store_connection *connection = wmem_new0(wmem_file_scope(), store_connection);

    connection->stream = next_stream++;
    wsclose_connection_init(&connection->life);
    flow->current = connection;
    flow->skip_responses = 0;
    store_upgrade_forget(flow);
    return connection;
}

static store_header
header_copy(const store_header *header)
{
    store_header copy = *header;

    copy.text = header->text ? wmem_memdup(wmem_file_scope(), header->text, header->len) : NULL;
    return copy;
}

void
store_upgrade_keep(store_flow *flow, const store_header *key, const store_header *protocols)
{
    flow->upgrade = wmem_new(wmem_file_scope(), store_upgrade);
    flow->upgrade->key = header_copy(key);
    flow->upgrade->protocols = header_copy(protocols);
}

void
store_upgrade_forget(store_flow *flow)
{
    if (!flow->upgrade)
        return;
    wmem_free(wmem_file_scope(), (char *)flow->upgrade->key.text);
    wmem_free(wmem_file_scope(), (char *)flow->upgrade->protocols.text);
    wmem_free(wmem_file_scope(), flow->upgrade);
    flow->upgrade = NULL;
}

store_header
store_header_keep(wsclose_presence presence, const char *text, size_t len)
{
    if (presence != WSCLOSE_HEADER_PRESENT)
        return (store_header){NULL, 0, (uint8_t)presence};

    const store_text probe = {text, (uint32_t)len};
    store_text *kept = wmem_map_lookup(headers, &probe);
    if (!kept) {
        kept = wmem_new(wmem_file_scope(), store_text);
        kept->text = wmem_memdup(wmem_file_scope(), text, len + 1);
        kept->len = (uint32_t)len;
        wmem_map_insert(headers, kept, kept);
    }
    return (store_header){kept->text, kept->len, (uint8_t)presence};
}

void
store_events_set(packet_info *pinfo, store_event *first)
{
    p_add_proto_data(wmem_file_scope(), pinfo, proto_wsclose, 0, first);
}

const store_event *
store_events(packet_info *pinfo)
{
    return p_get_proto_data(wmem_file_scope(), pinfo, proto_wsclose, 0);
}

uint32_t
store_count_empty(const address *sender)
{
    uint32_t count = GPOINTER_TO_UINT(wmem_map_lookup(empty_senders, sender)) + 1;

    if (count == 1) {
        address *kept = wmem_new(wmem_file_scope(), address);

        copy_address_wmem(wmem_file_scope(), kept, sender);
        sender = kept;
    }
    wmem_map_insert(empty_senders, sender, GUINT_TO_POINTER(count));
    return count;
}

static bool
header_same(const store_header *a, const store_header *b)
{
    return a->text == b->text && a->presence == b->presence;
}

wsclose_header
store_header_view(const store_header *header)
{
    return (wsclose_header){(wsclose_presence)header->presence, {header->text, header->len}};
}

const wsclose_negotiation *
store_negotiation(const store_connection *connection)
{
    const size_t slot = (GPOINTER_TO_SIZE(connection->offer.text) / 16 * 31 +
                         GPOINTER_TO_SIZE(connection->response.text) / 16) %
                        NEGOTIATIONS;

    if (negotiations[slot].negotiation &&
        header_same(&negotiations[slot].offer, &connection->offer) &&
        header_same(&negotiations[slot].response, &connection->response))
        return negotiations[slot].negotiation;

    const wsclose_header offer = store_header_view(&connection->offer);
    const wsclose_header response = store_header_view(&connection->response);
    wsclose_negotiation_free(negotiations[slot].negotiation);
    negotiations[slot].offer = connection->offer;
    negotiations[slot].response = connection->response;
    negotiations[slot].negotiation = wsclose_negotiation_match(&offer, &response);
    return negotiations[slot].negotiation;
}
