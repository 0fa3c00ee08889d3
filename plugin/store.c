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
    for (size_t i = 0; i < NEGOTIATIONS; i++) {
        wsclose_negotiation_free(negotiations[i].negotiation);
        negotiations[i].negotiation = NULL;
    }
}

store_flow *
store_flow_of(packet_info *pinfo, bool create)
{
    conversation_t *conversation =
        create ? find_or_create_conversation(pinfo) : find_conversation_pinfo(pinfo, 0);

    if (!conversation)
        return NULL;
    store_flow *flow = conversation_get_proto_data(conversation, proto_wsclose);
    if (!flow && create) {
        flow = wmem_new0(wmem_file_scope(), store_flow);
        clear_address(&flow->client);
        conversation_add_proto_data(conversation, proto_wsclose, flow);
    }
    return flow;
}

store_connection *
store_connection_begin(store_flow *flow)
{
    store_connection *connection = wmem_new0(wmem_file_scope(), store_connection);

    connection->stream = next_stream++;
    wsclose_connection_init(&connection->closing);
    flow->current = connection;
    flow->skip_responses = 0;
    return connection;
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

static wsclose_header
header_view(const store_header *header)
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

    const wsclose_header offer = header_view(&connection->offer);
    const wsclose_header response = header_view(&connection->response);
    wsclose_negotiation_free(negotiations[slot].negotiation);
    negotiations[slot].offer = connection->offer;
    negotiations[slot].response = connection->response;
    negotiations[slot].negotiation = wsclose_negotiation_match(&offer, &response);
    return negotiations[slot].negotiation;
}
