/* store.c
 * What is kept of a capture.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "store.h"

/* Distinct pairs of headers that are in use at a time: a handful on real traffic. */
#define NEGOTIATIONS 64

static int64_t first_time;
/* Connections by their number, in rows: a block for each would cost more. */
#define PER_ROW 32
static wmem_array_t *rows; /* of store_connection * */
static uint32_t n_connections;

/* The packets that have events, in rows too. Wireshark's own list of what belongs to a packet
 * takes four times as much. */
#define EVENTS_PER_ROW 64

typedef struct {
    const store_event *firsts[EVENTS_PER_ROW];
    uint32_t numbers[EVENTS_PER_ROW];
} packet_row;

static wmem_array_t *event_rows; /* of packet_row * */
static uint32_t n_packets;

#define CHUNK 16384
static uint8_t *chunk;
static size_t chunk_left; /* octets at its end */

static wmem_map_t *texts; /* store_text -> itself */
#define RECENT_TEXTS 64
static const store_text *recent_texts[RECENT_TEXTS]; /* of each length, the one kept last */
static wmem_map_t *empty_senders;                    /* address -> count */

/* A header that is absent. */
static const store_text absent;

static struct {
    const store_text *offer;
    const store_text *response;
    wsclose_negotiation *negotiation;
} negotiations[NEGOTIATIONS];

static char **required; /* names of extensions */

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
store_register(void)
{
    texts = wmem_map_new_autoreset(wmem_epan_scope(), wmem_file_scope(), text_hash, text_equal);
    empty_senders = wmem_map_new_autoreset(wmem_epan_scope(), wmem_file_scope(), address_key_hash,
                                           address_key_equal);
}

void *
store_alloc(size_t size)
{
    const size_t rounded = (size + 7) / 8 * 8;

    if (rounded > CHUNK / 4)
        return wmem_alloc0(wmem_file_scope(), size);
    if (rounded > chunk_left) {
        chunk = wmem_alloc0(wmem_file_scope(), CHUNK);
        chunk_left = CHUNK;
    }
    void *block = chunk + (CHUNK - chunk_left);
    chunk_left -= rounded;
    return block;
}

void
store_begin(const char *names)
{
    store_end();
    required = g_strsplit_set(names ? names : "", ", ", -1);
}

void
store_end(void)
{
    chunk_left = 0;
    rows = NULL; /* file scope: freed with the capture */
    event_rows = NULL;
    n_connections = n_packets = 0;
    memset(recent_texts, 0, sizeof recent_texts);
    for (size_t i = 0; i < NEGOTIATIONS; i++) {
        wsclose_negotiation_free(negotiations[i].negotiation);
        negotiations[i].negotiation = NULL;
    }
    g_strfreev(required);
    required = NULL;
}

const store_endpoints *
store_endpoints_of(const store_endpoints *known, const packet_info *pinfo, bool from_client)
{
    const address *addresses[2] = { from_client ? &pinfo->src : &pinfo->dst,
                                    from_client ? &pinfo->dst : &pinfo->src };
    const uint32_t ports[2] = { from_client ? pinfo->srcport : pinfo->destport,
                                from_client ? pinfo->destport : pinfo->srcport };

    if (known && known->ports[0] == ports[0]) {
        const address client = store_address(known, 0);

        if (addresses_equal(&client, addresses[0]))
            return known;
    }
    size_t size = 0;
    for (size_t i = 0; i < 2; i++)
        size += (uint8_t)MAX(addresses[i]->len, 0);
    store_endpoints *ends = store_alloc(sizeof *ends + size);
    uint8_t *at = ends->octets;
    for (size_t i = 0; i < 2; i++) {
        ends->ports[i] = (uint16_t)ports[i];
        ends->types[i] = (uint16_t)addresses[i]->type;
        ends->lens[i] = (uint8_t)MAX(addresses[i]->len, 0);
        if (ends->lens[i] > 0)
            memcpy(at, addresses[i]->data, ends->lens[i]);
        at += ends->lens[i];
    }
    return ends;
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
store_connection_begin(const store_endpoints *ends, wsclose_carrier carrier, wsclose_moment moment,
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
    connection->ends = ends;
    wsclose_connection_init_over(&connection->state, carrier);
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

const store_text *
store_text_keep(const char *text, size_t len)
{
    const store_text probe = { text, (uint32_t)len };
    const store_text **slot = &recent_texts[len % RECENT_TEXTS];

    /* Most connections of a capture have the same headers. */
    if (*slot && text_equal(*slot, &probe))
        return *slot;
    store_text *kept = wmem_map_lookup(texts, &probe);

    if (!kept) {
        char *copy = wmem_alloc(wmem_file_scope(), len + 1);

        memcpy(copy, text, len);
        copy[len] = '\0';
        kept = wmem_new(wmem_file_scope(), store_text);
        *kept = (store_text){ copy, (uint32_t)len };
        wmem_map_insert(texts, kept, kept);
    }
    *slot = kept;
    return kept;
}

const store_text *
store_header_keep(const wsclose_header *header)
{
    switch (header->presence) {
    case WSCLOSE_HEADER_PRESENT:
        return store_text_keep(header->value.data, header->value.len);
    case WSCLOSE_HEADER_ABSENT:
        return &absent;
    case WSCLOSE_HEADER_UNKNOWN:
        break;
    }
    return NULL;
}

store_close *
store_close_keep(const store_connection *connection, const wsclose_seen_close *seen)
{
    const wsclose_close_body *body = seen->body;
    const wsclose_close_meaning *meaning = seen->meaning;
    store_close *close = store_alloc(sizeof *close + body->reason.len);

    close->event.connection = connection;
    close->event.sender = seen->sender;
    close->event.breaches = (uint16_t)seen->breaches;
    close->frame = *seen->frame;
    close->time = seen->moment.time;
    close->packet = seen->moment.number;
    close->code = body->code;
    close->kind = body->kind;
    close->reason_len = (uint8_t)body->reason.len;
    close->reason_cut = body->reason_cut;
    close->reason_utf8 = body->reason_utf8;
    close->repeated = meaning->repeated;
    close->unheard = meaning->unheard;
    close->answer = meaning->answer;
    close->crossed = meaning->crossed;
    close->maybe_answer = meaning->maybe_answer;
    close->echo = meaning->echo;
    close->maybe_echo = meaning->maybe_echo;
    close->has_peer = meaning->peer.number != 0;
    close->has_reported = meaning->reported.known;
    close->reported_code = meaning->reported.code;
    if (body->reason.len > 0)
        memcpy(close->reason, body->reason.data, body->reason.len);
    return close;
}

wsclose_close_body
store_close_body(const store_close *close)
{
    return (wsclose_close_body){
        .reason = { close->reason, close->reason_len },
        .code = close->code,
        .kind = close->kind,
        .reason_cut = close->reason_cut,
        .reason_utf8 = close->reason_utf8,
    };
}

wsclose_close_meaning
store_close_meaning(const store_close *close)
{
    const wsclose_side peer = wsclose_side_peer(close->event.sender);

    return (wsclose_close_meaning){
        .repeated = close->repeated,
        .unheard = close->unheard,
        .answer = close->answer,
        .crossed = close->crossed,
        .maybe_answer = close->maybe_answer,
        .echo = close->echo,
        .maybe_echo = close->maybe_echo,
        .peer = close->has_peer ? close->event.connection->state.closes[peer].moment
                                : (wsclose_moment){ 0 },
        .reported = { close->has_reported, close->reported_code },
    };
}

static packet_row *
packet_row_of(uint32_t index)
{
    return *(packet_row **)wmem_array_index(event_rows, index / EVENTS_PER_ROW);
}

static uint32_t
packet_number(uint32_t index)
{
    return packet_row_of(index)->numbers[index % EVENTS_PER_ROW];
}

void
store_events_set(uint32_t number, const store_event *first)
{
    if (!event_rows)
        event_rows = wmem_array_new(wmem_file_scope(), sizeof(packet_row *));
    if (n_packets % EVENTS_PER_ROW == 0) {
        packet_row *row = wmem_new(wmem_file_scope(), packet_row);

        wmem_array_append_one(event_rows, row);
    }
    packet_row *row = packet_row_of(n_packets);
    row->firsts[n_packets % EVENTS_PER_ROW] = first;
    row->numbers[n_packets++ % EVENTS_PER_ROW] = number;
}

const store_event *
store_events(uint32_t number)
{
    uint32_t low = 0;
    uint32_t high = n_packets;

    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;

        if (packet_number(middle) < number)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == n_packets || packet_number(low) != number)
        return NULL;
    return packet_row_of(low)->firsts[low % EVENTS_PER_ROW];
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

/* A header as the decoder takes it; borrowed. */
static wsclose_header
header_view(const store_text *header)
{
    if (!header)
        return (wsclose_header){ .presence = WSCLOSE_HEADER_UNKNOWN };
    return (wsclose_header){ header == &absent ? WSCLOSE_HEADER_ABSENT : WSCLOSE_HEADER_PRESENT,
                             { header->text, header->len } };
}

static wsclose_negotiation *
match(const store_text *offer, const store_text *response)
{
    const wsclose_header offered = header_view(offer);
    const wsclose_header answered = header_view(response);
    wsclose_negotiation *negotiation = wsclose_negotiation_match(&offered, &answered);

    wsclose_negotiation_require(negotiation, (const char *const *)required);
    return negotiation;
}

wsclose_negotiation *
store_negotiation_new(const store_connection *connection)
{
    return match(connection->offer, connection->response);
}

static const wsclose_negotiation *
matched(const store_text *offer, const store_text *response)
{
    const size_t slot =
        (GPOINTER_TO_SIZE(offer) / 16 * 31 + GPOINTER_TO_SIZE(response) / 16) % NEGOTIATIONS;

    if (negotiations[slot].negotiation && negotiations[slot].offer == offer &&
        negotiations[slot].response == response)
        return negotiations[slot].negotiation;

    wsclose_negotiation_free(negotiations[slot].negotiation);
    negotiations[slot].offer = offer;
    negotiations[slot].response = response;
    negotiations[slot].negotiation = match(offer, response);
    return negotiations[slot].negotiation;
}

const wsclose_negotiation *
store_negotiation(const store_connection *connection)
{
    return matched(connection->offer, connection->response);
}

const wsclose_negotiation *
store_negotiation_until(const store_connection *connection, uint32_t packet)
{
    const bool has_come = connection->state.response.number <= packet;

    return matched(connection->offer, has_come ? connection->response : NULL);
}
