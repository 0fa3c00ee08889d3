/* stat_tree.c
 * tshark -z wsclose,tree, and the same in the window: how often what happened.
 *
 * Every count is a sum over connections or over Close frames, so that the counts of several
 * captures add up.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "stat_tree.h"

#include <epan/stats_tree.h>
#include <epan/tap.h>

#include "context.h"
#include "reading.h"
#include "report.h"
#include "summary.h"

static const char connections_node[] = "WebSocket connections";
static const char closes_node[] = "Close frames by sender and code";
static const char addresses_node[] = "Connections by address, and its empty Close frames (1005)";
static const char declined_node[] = "Extensions declined by server";
static const char abnormal_node[] = "1006 by who ended the transport";
static const char causes_node[] = "Why connections ended";
static const char unread_node[] = "What could not be looked into";

static int connections_id;
static int closes_id;
static int addresses_id;
static int declined_id;
static int abnormal_id;
static int causes_id;

/* Wireshark walks along all nodes to add one: beyond so many addresses the others share one. */
#define ADDRESSES_MAX 10000
static const char other_addresses[] = "all other addresses";

/* Something that happened to a connection. */
typedef struct {
    const store_connection *connection;
    const store_event *event; /* NULL: it began */
} happening;

/* What is kept of one tree. */
typedef struct {
    stats_tree *tree;
    GHashTable *addresses; /* that have a node in it */
    GByteArray *selected;  /* connections that have a packet which passes the tree's filter */
    GArray *waiting;       /* happenings of others: a later packet may pass it */
    GArray *ended;         /* numbers of connections whose cause is to be counted yet */
} tree_book;

static GHashTable *books; /* stats_tree -> tree_book */
static bool shuts_down; /* Wireshark does, and goes along the list of its listeners to free them */

/* The name of an address's node. */
static const char *
name_of(const stats_tree *tree, const char *address)
{
    GHashTable *addresses = ((tree_book *)g_hash_table_lookup(books, tree))->addresses;

    if (g_hash_table_contains(addresses, address))
        return address;
    if (g_hash_table_size(addresses) >= ADDRESSES_MAX)
        return other_addresses;
    g_hash_table_add(addresses, g_strdup(address));
    return address;
}

static void
count_cause(stats_tree *tree, const store_connection *connection)
{
    const summary facts = summary_of(connection);
    context_verdict judged;

    context_verdict_begin(&judged, connection, &facts.verdict, facts.negotiation, true);
    tick_stat_node(tree, causes_node, 0, TRUE);
    tick_stat_node(tree, wsclose_cause_name(judged.cause.id), causes_id, FALSE);
    context_verdict_end(&judged);
}

static void count(stats_tree *tree, const happening *happened);

/* Count what waited for its connection to be selected. */
static void
count_waiting(tree_book *book)
{
    unsigned left = 0;

    for (unsigned i = 0; i < book->waiting->len; i++) {
        const happening waited = g_array_index(book->waiting, happening, i);

        if (report_is_selected(book->selected, waited.connection))
            count(book->tree, &waited);
        else
            g_array_index(book->waiting, happening, left++) = waited;
    }
    g_array_set_size(book->waiting, left);
}

/* Count the causes of those that have ended: not before the tree is shown, since other connections
 * count that end later. */
static void
count_causes(tree_book *book)
{
    for (unsigned i = 0; i < book->ended->len; i++)
        count_cause(book->tree, store_connection_at(g_array_index(book->ended, uint32_t, i)));
    g_array_set_size(book->ended, 0);
}

/* Nodes of what could not be looked into. They are set, not added to: a tree may be shown often. */
static void
set_unread(stats_tree *tree)
{
    const wsclose_reading reading = reading_so_far();
    reading_count counts[READING_COUNTS];
    uint64_t total = 0;

    reading_counts(&reading, counts);
    for (size_t i = 0; i < READING_COUNTS; i++)
        total += counts[i].count;
    if (total == 0)
        return;
    const int id = set_stat_node(tree, unread_node, 0, TRUE, (int)total);
    for (size_t i = 0; i < READING_COUNTS; i++) {
        if (counts[i].count != 0)
            set_stat_node(tree, counts[i].label, id, FALSE, (int)counts[i].count);
    }
}

/* In the window the nodes say it, whenever it draws them. */
static bool
is_window(void)
{
    char *program = g_file_read_link("/proc/self/exe", NULL);
    const bool is_window = program && g_str_has_suffix(program, "/wireshark");

    g_free(program);
    return is_window;
}

/* What is not known before the tree is shown. */
static void
complete_tree(void *data)
{
    tree_book *book = data;

    count_waiting(book);
    count_causes(book);
    set_unread(book->tree);
    if (!is_window())
        report_say_unread();
}

/* All that happens, whatever the tree's filter is. */
static tap_packet_status
take_event(void *data, packet_info *pinfo _U_, epan_dissect_t *edt _U_, const void *data_of_event,
           tap_flags_t flags _U_)
{
    const tree_book *book = data;
    const store_event *event = data_of_event;
    const happening happened = { event->connection,
                                 event->kind == STORE_EVENT_BEGIN ? NULL : event };

    if (event->connection->is_copy)
        return TAP_PACKET_DONT_REDRAW;
    if (report_is_selected(book->selected, event->connection))
        count(book->tree, &happened);
    else
        g_array_append_val(book->waiting, happened);
    return TAP_PACKET_REDRAW;
}

/* What passes the tree's filter. It comes after take_event() has had it: where all events pass, the
 * connection's first one is the last that waits, and none waits long. */
static tap_packet_status
select_connection(stats_tree *tree, packet_info *pinfo _U_, epan_dissect_t *edt _U_,
                  const void *event, tap_flags_t flags _U_)
{
    tree_book *book = g_hash_table_lookup(books, tree);
    const store_connection *connection = ((const store_event *)event)->connection;

    report_select(book->selected, connection);
    while (book->waiting->len > 0) {
        const happening last = g_array_index(book->waiting, happening, book->waiting->len - 1);

        if (last.connection != connection)
            break;
        count(tree, &last);
        g_array_set_size(book->waiting, book->waiting->len - 1);
    }
    return TAP_PACKET_REDRAW;
}

static void
forget_connections(tree_book *book)
{
    g_byte_array_set_size(book->selected, 0);
    g_array_set_size(book->waiting, 0);
    g_array_set_size(book->ended, 0);
}

static void
free_book(void *data)
{
    tree_book *book = data;

    if (!shuts_down)
        remove_tap_listener(book);
    g_hash_table_destroy(book->addresses);
    g_byte_array_free(book->selected, TRUE);
    g_array_free(book->waiting, TRUE);
    g_array_free(book->ended, TRUE);
    g_free(book);
}

/* Listeners that come later are asked first: they have each event before the tree has it, and the
 * causes are there when the tree is drawn. */
static void
begin_book(stats_tree *tree)
{
    tree_book *book = books ? g_hash_table_lookup(books, tree) : NULL;

    /* A tree that begins anew does so while Wireshark goes along its listeners. */
    if (book) {
        report_begin_anew();
        g_hash_table_remove_all(book->addresses);
        forget_connections(book);
        return;
    }
    book = g_new0(tree_book, 1);
    book->tree = tree;
    book->addresses = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    book->selected = g_byte_array_new();
    book->waiting = g_array_new(FALSE, FALSE, sizeof(happening));
    book->ended = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    if (!books)
        books = g_hash_table_new_full(NULL, NULL, NULL, free_book);
    g_hash_table_insert(books, tree, book);
    GString *error = register_tap_listener(REPORT_TAP, book, NULL, TL_REQUIRES_NOTHING, NULL,
                                           take_event, complete_tree, NULL);
    g_assert(!error);
}

static void
begin_tree(stats_tree *tree)
{
    begin_book(tree);
    connections_id = stats_tree_create_node(tree, connections_node, 0, STAT_DT_INT, TRUE);
    closes_id = stats_tree_create_node(tree, closes_node, 0, STAT_DT_INT, TRUE);
    addresses_id = stats_tree_create_node(tree, addresses_node, 0, STAT_DT_INT, TRUE);
    declined_id = stats_tree_create_node(tree, declined_node, 0, STAT_DT_INT, TRUE);
    abnormal_id = stats_tree_create_node(tree, abnormal_node, 0, STAT_DT_INT, TRUE);
    causes_id = stats_tree_create_node(tree, causes_node, 0, STAT_DT_INT, TRUE);
}

static void
end_tree(stats_tree *tree)
{
    g_hash_table_remove(books, tree);
}

static void
note_end(void)
{
    shuts_down = true;
}

void
stat_tree_capture_ends(void)
{
    GHashTableIter iter;
    void *book;

    if (!books)
        return;
    g_hash_table_iter_init(&iter, books);
    while (g_hash_table_iter_next(&iter, NULL, &book)) {
        count_waiting(book);
        count_causes(book);
        forget_connections(book);
    }
}

/* Add to the connections of an address. Returns its node. */
static int
add_connections(stats_tree *tree, const store_endpoints *ends, size_t side, int connections)
{
    char *text = summary_address(ends, side);

    increase_stat_node(tree, addresses_node, 0, TRUE, connections);
    const int id = increase_stat_node(tree, name_of(tree, text), addresses_id, TRUE, connections);
    g_free(text);
    return id;
}

/* A connection is open, as far as is facts. */
static void
count_opened(stats_tree *tree, const store_connection *connection)
{
    const address client = store_address(connection->ends, 0);
    const address server = store_address(connection->ends, 1);

    add_connections(tree, connection->ends, 0, 1);
    if (!addresses_equal(&client, &server))
        add_connections(tree, connection->ends, 1, 1);
}

static void
count_begin(stats_tree *tree, const store_connection *connection)
{
    tick_stat_node(tree, connections_node, 0, TRUE);
    if (connection->state.request.number == 0 && connection->state.response.number == 0)
        count_opened(tree, connection);
}

/* On any pass: whether a Close frame stands before the response in the capture. */
static bool
is_before_response(const wsclose_connection *state, uint32_t close)
{
    return close != 0 && (state->response.number == 0 || close < state->response.number);
}

static void
count_negotiation(stats_tree *tree, const store_connection *connection)
{
    if (wsclose_connection_opening(&connection->state) != WSCLOSE_OPENING_SUCCEEDED)
        return;
    if (!is_before_response(&connection->state, connection->state.closes[0].moment.number) &&
        !is_before_response(&connection->state, connection->state.closes[1].moment.number))
        count_opened(tree, connection);

    const wsclose_negotiation *negotiation = store_negotiation(connection);
    if (negotiation->n_declined == 0)
        return;
    char *server = summary_address_and_port(connection->ends, 1);
    for (size_t i = 0; i < negotiation->n_declined; i++) {
        tick_stat_node(tree, declined_node, 0, TRUE);
        const int id = tick_stat_node(tree, server, declined_id, TRUE);
        tick_stat_node(tree, negotiation->declined[i], id, FALSE);
    }
    g_free(server);
}

/* An empty Close is held against the connections of its sender. */
static void
count_empty(stats_tree *tree, const store_close *close)
{
    if (close->event.sender == WSCLOSE_SIDE_UNKNOWN || close->repeated)
        return;
    const int id = add_connections(tree, close->event.connection->ends, close->event.sender, 0);
    tick_stat_node(tree,
                   close->echo ? "answered an empty Close with an empty one"
                               : "sent an empty Close of its own",
                   id, FALSE);
}

static void
count_close(stats_tree *tree, const store_close *close)
{
    const wsclose_connection *state = &close->event.connection->state;
    char label[64];

    /* A response that was lost opened the connection all the same. */
    if (state->request.number != 0 && is_before_response(state, close->packet) &&
        !close->repeated && !close->has_peer)
        count_opened(tree, close->event.connection);
    switch (close->kind) {
    case WSCLOSE_BODY_EMPTY:
    case WSCLOSE_BODY_CODE:
        snprintf(label, sizeof label, "%u %s", close->code, wsclose_code_lookup(close->code)->name);
        break;
    case WSCLOSE_BODY_ONE_OCTET:
        snprintf(label, sizeof label, "a body of one octet");
        break;
    case WSCLOSE_BODY_CUT:
        snprintf(label, sizeof label, "code not captured");
        break;
    }
    tick_stat_node(tree, closes_node, 0, TRUE);
    const int id = tick_stat_node(tree, wsclose_side_name(close->event.sender), closes_id, TRUE);
    tick_stat_node(tree, label, id, FALSE);
    if (close->kind == WSCLOSE_BODY_EMPTY)
        count_empty(tree, close);
}

static void
count_verdict(stats_tree *tree, const store_connection *connection)
{
    const tree_book *book = g_hash_table_lookup(books, tree);
    const summary facts = summary_of(connection);

    if (!facts.ended)
        return;
    g_array_append_val(book->ended, connection->stream);
    tick_stat_node(tree, facts.verdict.clean ? "closed cleanly" : "ended otherwise", connections_id,
                   FALSE);
    const char *origin = wsclose_abnormal_origin(&connection->state, &facts.verdict);
    if (!origin)
        return;
    tick_stat_node(tree, abnormal_node, 0, TRUE);
    tick_stat_node(tree, origin, abnormal_id, FALSE);
}

static void
count(stats_tree *tree, const happening *happened)
{
    if (!happened->event) {
        count_begin(tree, happened->connection);
        return;
    }
    switch (happened->event->kind) {
    case STORE_EVENT_NEGOTIATION:
        count_negotiation(tree, happened->connection);
        break;
    case STORE_EVENT_CLOSE:
        count_close(tree, (const store_close *)happened->event);
        break;
    case STORE_EVENT_VERDICT:
        count_verdict(tree, happened->connection);
        break;
    case STORE_EVENT_BEGIN:
    case STORE_EVENT_BREACH:
        break;
    }
}

void
stat_tree_register(void)
{
    stats_tree_register_plugin(REPORT_TAP, "wsclose", "WebSocket Close Codes",
                               ST_SORT_COL_COUNT << ST_FLG_SRTCOL_SHIFT | ST_FLG_SORT_DESC,
                               select_connection, begin_tree, end_tree);
    register_shutdown_routine(note_end);
}
