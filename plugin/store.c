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
static int64_t first_time;
/* Connections by their number, in rows: a block for each would cost more. */
#define PER_ROW 32
static wmem_array_t *rows; /* of store_connection * */
static uint32_t n_connections;
static wmem_map_t *texts;         /* store_text -> itself */
static wmem_map_t *empty_senders; /* address -> count */

static struct {
    store_header offer;
    store_header response;
    wsclose_negotiation *negotiation;
} negotiations[NEGOTIATIONS];

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
    texts = wmem_map_new_autoreset(wmem_epan_scope(), wmem_file_scope(), text_hash, text_equal);
    empty_senders = wmem_map_new_autoreset(wmem_epan_scope(), wmem_file_scope(), address_key_hash,
                                           address_key_equal);
}

void
store_reset(void)
{
    rows = NULL; /* file scope: freed with the capture */
    n_connections = 0;
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
store_place_of(packet_info *pinfo, size_t size)
{
    conversation_t *conversation =
        size > 0 ? find_or_create_conversation(pinfo) : find_conversation_pinfo(pinfo, 0);

    if (!conversation)
        return (store_place){0};
    store_place place = {.flow = conversation_get_proto_data(conversation, proto_wsclose)};
    if (!place.flow && size > 0) {
        /* Ports that are used again at the same time: captures can be without times. */
        *slot_of(pinfo->srcport, pinfo->destport) = (remembered_place){0};
        *slot_of(pinfo->destport, pinfo->srcport) = (remembered_place){0};
        place.flow = wmem_alloc0(wmem_file_scope(), size);
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
                                                          : store_place_of(pinfo, 0);
}

void
store_endpoints_set(store_flow *flow, const packet_info *pinfo, bool from_client)
{
    const address *addresses[2] = {from_client ? &pinfo->src : &pinfo->dst,
                                   from_client ? &pinfo->dst : &pinfo->src};
    const uint32_t ports[2] = {from_client ? pinfo->srcport : pinfo->destport,
                               from_client ? pinfo->destport : pinfo->srcport};

    if (flow->ends && flow->ends->ports[0] == ports[0]) {
        const address client = store_address(flow->ends, 0);

        if (addresses_equal(&client, addresses[0]))
            return;
    }
    size_t size = 0;
    for (size_t i = 0; i < 2; i++)
        size += (uint8_t)MAX(addresses[i]->len, 0);
    store_endpoints *ends = wmem_alloc(wmem_file_scope(), sizeof *ends + size);
    uint8_t *at = ends->octets;
    for (size_t i = 0; i < 2; i++) {
        ends->ports[i] = (uint16_t)ports[i];
        ends->types[i] = (uint16_t)addresses[i]->type;
        ends->lens[i] = (uint8_t)MAX(addresses[i]->len, 0);
        if (ends->lens[i] > 0)
            memcpy(at, addresses[i]->data, ends->lens[i]);
        at += ends->lens[i];
    }
    flow->ends = ends;
}

address
store_address(const store_endpoints *ends, size_t side)
{
    address found;

    set_address(&found, ends->types[side], ends->lens[side],
                ends->octets + (side == 0 ? 0 : ends->lens[0]));
    return found;
}

static store_connection *
connection_at(uint32_t stream)
{
    return *(store_connection **)wmem_array_index(rows, stream / PER_ROW) + stream % PER_ROW;
}

store_connection *
store_connection_begin(store_flow *flow, wsclose_carrier carrier, wsclose_moment moment,
                       int64_t since_first)
{
    if (!rows) {
        rows = wmem_array_new(wmem_file_scope(), sizeof(store_connection *));
        first_time = moment.time - since_first;
    }
    if (n_connections % PER_ROW == 0) {
        store_connection *row = wmem_alloc0_array(wmem_file_scope(), store_connection, PER_ROW);

        wmem_array_append_one(rows, row);
    }
    store_connection *connection = connection_at(n_connections);
    connection->stream = n_connections++;
    connection->begun = moment;
    connection->ends = flow->ends;
    wsclose_connection_init_over(&connection->life, carrier);
    return connection;
}

int64_t
store_first_time(void)
{
    return first_time;
}

uint32_t
store_connections(void)
{
    return n_connections;
}

const store_connection *
store_connection_at(uint32_t stream)
{
    return connection_at(stream);
}

uint32_t
store_connection_from(uint32_t number)
{
    uint32_t low = 0;
    uint32_t high = store_connections();

    /* On the first pass most packets come after all that have begun. */
    if (high > 0 && store_connection_at(high - 1)->begun.number < number)
        return high;
    /* Connections are numbered in the order of the capture. */
    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;

        if (store_connection_at(middle)->begun.number < number)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

store_header
store_header_copy(const store_header *header)
{
    store_header copy = *header;

    copy.text = header->text ? wmem_memdup(wmem_file_scope(), header->text, header->len) : NULL;
    return copy;
}

void
store_upgrade_keep(store_flow *flow, const store_header *key, const store_header *protocols)
{
    flow->upgrade = wmem_new(wmem_file_scope(), store_upgrade);
    flow->upgrade->key = store_header_copy(key);
    flow->upgrade->protocols = store_header_copy(protocols);
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

const store_text *
store_text_keep(const char *text, size_t len)
{
    const store_text probe = {text, (uint32_t)len};
    store_text *kept = wmem_map_lookup(texts, &probe);

    if (!kept) {
        char *copy = wmem_alloc(wmem_file_scope(), len + 1);

        memcpy(copy, text, len);
        copy[len] = '\0';
        kept = wmem_new(wmem_file_scope(), store_text);
        *kept = (store_text){copy, (uint32_t)len};
        wmem_map_insert(texts, kept, kept);
    }
    return kept;
}

store_header
store_header_keep(wsclose_presence presence, const char *text, size_t len)
{
    if (presence != WSCLOSE_HEADER_PRESENT)
        return (store_header){NULL, 0, (uint8_t)presence};

    const store_text *kept = store_text_keep(text, len);
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
