/* neighbours.c
 * Which connections of a capture have to do with one another.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "neighbours.h"

/* A proxy passes a request on at once: so many of the latest are looked through. */
#define RECENT 64
#define RECENT_SECONDS 10

typedef struct {
    store_connection *connection;
    uint64_t key;
    uint32_t seq;
    uint32_t ack;
    uint32_t len;
} recent_request;

static recent_request recent[RECENT];
static uint32_t n_recent;

/* Connections that ended together. */
typedef struct {
    uint32_t ends; /* how many; 0 for none */
    bool alike;    /* all after the same silence */
} group;

/* Of each connection, itself included; NULL before anybody asks. */
static group *groups;
static uint32_t n_known;    /* connections that it is about */
static uint32_t n_counted;  /* of those that had ended when it was made */
static uint32_t n_verdicts; /* of those that have ended by now */

void
neighbours_begin(void)
{
    neighbours_end();
    memset(recent, 0, sizeof recent);
    n_recent = n_verdicts = 0;
}

void
neighbours_take_verdict(void)
{
    n_verdicts++;
}

void
neighbours_end(void)
{
    g_free(groups);
    groups = NULL;
    n_known = n_counted = 0;
}

/* Legs. */

static uint64_t
hash_of(wsclose_slice key)
{
    uint64_t hash = UINT64_C(14695981039346656037);

    for (size_t i = 0; i < key.len; i++)
        hash = (hash ^ (uint8_t)key.data[i]) * UINT64_C(1099511628211);
    return hash;
}

static bool
has_same_address(const store_connection *a, const store_connection *b, size_t side)
{
    const address left = store_address(a->ends, side);
    const address right = store_address(b->ends, side);

    return addresses_equal(&left, &right);
}

/* Whether two requests are the same packet, of which an address was translated on its way. */
static bool
is_same_packet(const recent_request *own, const recent_request *other)
{
    return other->seq == own->seq && other->ack == own->ack && other->len == own->len &&
           !(has_same_address(own->connection, other->connection, 0) &&
             has_same_address(own->connection, other->connection, 1));
}

/* Whether a request may have been passed on as another one, to another server. */
static bool
may_be_passed_on(const recent_request *own, const recent_request *other)
{
    return !(has_same_address(own->connection, other->connection, 1) &&
             own->connection->ends->ports[1] == other->connection->ends->ports[1]);
}

/* Of the same key, both come before the answer. Who uses one key for all its connections mostly waits for that, or asks
 * the same server. */
static bool
are_legs(const recent_request *own, const recent_request *other)
{
    return wsclose_connection_opening(&other->connection->state) == WSCLOSE_OPENING_UNANSWERED &&
           (is_same_packet(own, other) || may_be_passed_on(own, other));
}

static void
link_legs(const recent_request *own, const recent_request *other)
{
    store_connection *connection = own->connection;
    store_connection *first = other->connection;

    connection->is_copy = is_same_packet(own, other);
    /* A ring: each names the next one, the last one the first. */
    connection->leg = first->leg != 0 ? first->leg : first->stream + 1;
    first->leg = connection->stream + 1;
}

void
neighbours_take_request(store_connection *connection, wsclose_slice key,
                        const wsclose_packet *packet)
{
    const recent_request own = { connection, hash_of(key), packet->segment.seq, packet->ack,
                                 packet->segment.len };
    const int64_t now = connection->begun.time;

    if (key.len == 0)
        return;
    for (uint32_t i = 0; i < MIN(n_recent, RECENT); i++) {
        const recent_request *other = &recent[(n_recent - 1 - i) % RECENT];

        if (other->key != own.key)
            continue;
        if (now - other->connection->begun.time > RECENT_SECONDS * INT64_C(1000000000))
            break;
        if (are_legs(&own, other)) {
            link_legs(&own, other);
            break;
        }
    }
    recent[n_recent++ % RECENT] = own;
}

const store_connection *
neighbours_next_leg(const store_connection *connection, const store_connection *leg)
{
    const store_connection *next = leg->leg != 0 ? store_connection_at(leg->leg - 1) : NULL;

    return next != connection ? next : NULL;
}

/* The other connection of a proxy; NULL where there is none. */
static const store_connection *
other_leg(const store_connection *connection)
{
    const store_connection *leg = connection;

    while ((leg = neighbours_next_leg(connection, leg)) != NULL) {
        if (!leg->is_copy && !connection->is_copy)
            return leg;
    }
    return NULL;
}

/* Whether it is one of two that have the same packets. */
static bool
is_copied(const store_connection *connection)
{
    const store_connection *leg = connection;
    bool copied = connection->is_copy;

    while (!copied && (leg = neighbours_next_leg(connection, leg)) != NULL)
        copied = leg->is_copy;
    return copied;
}

static void
take_legs(wsclose_neighbours *out, const store_connection *connection)
{
    const store_connection *other = other_leg(connection);

    if (!other)
        return;
    /* Who is asked first stands nearer to the client. */
    const store_connection *front = connection->stream < other->stream ? connection : other;
    const store_connection *back = front == connection ? other : connection;
    wsclose_negotiation *near = store_negotiation_new(front);
    wsclose_negotiation *far = store_negotiation_new(back);
    wsclose_neighbours_take_legs(out, &(wsclose_leg){ &front->state, near },
                                 &(wsclose_leg){ &back->state, far });
    wsclose_negotiation_free(near);
    wsclose_negotiation_free(far);
}

/* Ends. */

static int
compare_addresses(const store_connection *a, const store_connection *b, size_t side)
{
    const address left = store_address(a->ends, side);
    const address right = store_address(b->ends, side);
    const int by_address = cmp_address(&left, &right);

    /* Of a server each port is another one, of a client every connection has its own. */
    if (by_address != 0 || side == 0)
        return by_address;
    return (a->ends->ports[1] > b->ends->ports[1]) - (a->ends->ports[1] < b->ends->ports[1]);
}

/* By address, side and time. */
static gint
compare_ends(gconstpointer a, gconstpointer b, gpointer side)
{
    const wsclose_shared_end *left = a;
    const wsclose_shared_end *right = b;
    const int by_address = compare_addresses(
        store_connection_at(left->id), store_connection_at(right->id), GPOINTER_TO_SIZE(side));

    if (by_address != 0)
        return by_address;
    if (left->by != right->by)
        return left->by < right->by ? -1 : 1;
    return (left->time > right->time) - (left->time < right->time);
}

/* The ends of connections of their own: not of streams on one TCP connection, nor of one that was
 * captured twice. */
static GArray *
collect_ends(void)
{
    GArray *ends = g_array_new(FALSE, FALSE, sizeof(wsclose_shared_end));

    for (uint32_t i = 0; i < store_connections(); i++) {
        const store_connection *connection = store_connection_at(i);
        wsclose_shared_end end = { .id = i };
        wsclose_verdict verdict;

        if (!connection->is_copy && connection->state.carrier == WSCLOSE_CARRIER_HTTP1 &&
            wsclose_connection_verdict(&connection->state, &verdict) &&
            wsclose_may_share_end(&connection->state, &verdict, &end))
            g_array_append_val(ends, end);
    }
    return ends;
}

/* Those of one address, begun by the same side. */
static void
note_groups(const wsclose_shared_end *ends, size_t count)
{
    const int64_t span = ends[count - 1].time - ends[0].time;
    size_t n;

    for (size_t at = 0; at < count; at += n) {
        n = wsclose_ends_together(ends + at, count - at, count, span);
        const group own = { (uint32_t)n, wsclose_ends_are_alike(ends + at, n) };
        for (size_t i = at; n > 1 && i < at + n; i++) {
            if (own.ends > groups[ends[i].id].ends)
                groups[ends[i].id] = own;
        }
    }
}

static void
count_by(GArray *ends, size_t side)
{
    g_array_sort_with_data(ends, compare_ends, GSIZE_TO_POINTER(side));
    for (unsigned at = 0; at < ends->len;) {
        const wsclose_shared_end *first = &g_array_index(ends, wsclose_shared_end, at);
        unsigned same = 1;

        while (at + same < ends->len && first[same].by == first->by &&
               compare_addresses(store_connection_at(first->id),
                                 store_connection_at(first[same].id), side) == 0)
            same++;
        note_groups(first, same);
        at += same;
    }
}

static void
count_together(void)
{
    if (groups && n_known == store_connections() && n_counted == n_verdicts)
        return;
    neighbours_end();
    n_known = store_connections();
    n_counted = n_verdicts;
    groups = g_new0(group, n_known);
    GArray *ends = collect_ends();
    count_by(ends, 1);
    count_by(ends, 0);
    g_array_free(ends, TRUE);
}

wsclose_neighbours
neighbours_of(const store_connection *connection, bool whole)
{
    wsclose_neighbours found = { 0 };

    found.copied = is_copied(connection);
    take_legs(&found, connection);
    if (whole) {
        count_together();
        found.together = groups[connection->stream].ends;
        found.alike = groups[connection->stream].alike;
    }
    return found;
}
