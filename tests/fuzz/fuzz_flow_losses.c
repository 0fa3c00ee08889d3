/* fuzz_flow_losses.c
 * Any octets as the packets of one connection that keeps to the protocol, each of which is lost in turn:
 * what is told then is told of the whole too, or is said not to be known.
 *
 * Each step is of two octets: what it does, and an argument.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wsclose/cause.h"
#include "wsclose/flow.h"

#include "../unit/packets.h"
#include "input.h"
#include "oracle.h"

/* Behind TCP's handshake and the opening one, which have to be there. */
enum { FIRST_LOST = 5, LOST_MAX = 24, STEPS_MAX = 60 };

enum { ADD_MESSAGE, ADD_PING, ADD_PONG, ADD_CLOSE, SEND, TURN, END_OF_TCP, STEPS };

/* What is written down, and who may go on. */
typedef struct {
    script *script;
    size_t side;
    bool closed[2];
    bool ended[2];
} writer;

static int64_t
time_of(unsigned packet)
{
    return packet * 997000000LL;
}

static findings *
read_all(const GArray *packets)
{
    const wsclose_flow_options options = {.find_midstream = true};
    findings *found = findings_new();

    found->time_of = time_of;
    read_packets_into(found, packets, &options);
    return found;
}

static const seen_connection *
only_verdict(const findings *found)
{
    const seen_connection *seen =
        found->connections->len == 1 ? found->connections->pdata[0] : NULL;

    return seen && seen->verdicts == 1 ? seen : NULL;
}

static wsclose_cause
cause_of(const seen_connection *seen)
{
    const wsclose_verdict_context context = {.connection = &seen->connection,
                                             .verdict = &seen->verdict,
                                             .negotiation = seen->negotiation};
    wsclose_cause cause;

    g_assert_true(wsclose_cause_judge(&context, &cause));
    return cause;
}

/* Whether a later packet shows that one is missing, before the verdict: what none shows may as well never
 * have been sent. */
static bool
shows_loss(const GArray *packets, const test_packet *lost, unsigned from, unsigned until)
{
    for (unsigned i = from; i <= until && i < packets->len; i++) {
        const test_packet *packet = &g_array_index(packets, test_packet, i);

        if (packet->side == lost->side ? wsclose_sequence_after(packet->seq, lost->seq)
                                       : wsclose_sequence_after(packet->ack, lost->seq))
            return true;
    }
    return false;
}

static void
expect(bool holds, const char *what, unsigned lost, const findings *whole, const findings *part)
{
    statements++;
    if (!holds)
        g_error("without packet %u %s\nwhole: %s\npart: %s", lost + 1, what, whole->text->str,
                part->text->str);
}

/* A Close of the peer is there, and what came before it is not: the frame says what it says. */
static bool
is_said_by_close(const seen_connection *seen, size_t side)
{
    const wsclose_close_mark *close = &seen->connection.closes[1 - side];

    return seen->verdict.incomplete && close->moment.number != 0 &&
           close->code == seen->verdict.reported[side].code;
}

static void
check_codes(const findings *whole, const findings *part, unsigned lost)
{
    const seen_connection *told = only_verdict(part);
    const seen_connection *truth = only_verdict(whole);

    for (size_t side = 0; side < WSCLOSE_SIDES; side++) {
        const wsclose_reported *reported = &told->verdict.reported[side];
        const wsclose_reported *right = &truth->verdict.reported[side];

        expect(!reported->known || (right->known && reported->code == right->code) ||
                   is_said_by_close(told, side),
               "another code is told", lost, whole, part);
        expect(reported->known || !right->known || told->verdict.incomplete,
               "a code is not told, and nothing is missing", lost, whole, part);
    }
}

static void
check_verdict(const findings *whole, const findings *part, unsigned lost)
{
    const wsclose_verdict *told = &only_verdict(part)->verdict;
    const wsclose_verdict *truth = &only_verdict(whole)->verdict;
    const wsclose_cause cause = cause_of(only_verdict(part));
    const wsclose_cause right = cause_of(only_verdict(whole));

    expect(told->initiator == WSCLOSE_SIDE_UNKNOWN || told->initiator == truth->initiator,
           "another one began", lost, whole, part);
    expect(told->clean == truth->clean || told->incomplete, "it is clean, or not", lost, whole, part);
    expect(!told->abnormal || truth->abnormal, "it is abnormal", lost, whole, part);
    expect(!told->unanswered || truth->unanswered, "it is unanswered", lost, whole, part);
    expect(!cause.certain || cause.id == right.id || right.id == WSCLOSE_CAUSE_UNKNOWN,
           wsclose_cause_name(cause.id), lost, whole, part);
}

static void
lose(const writer *w, const findings *whole, unsigned lost)
{
    GArray *packets = g_array_new(FALSE, FALSE, sizeof(test_packet));
    const test_packet *packet = &g_array_index(w->script->packets, test_packet, lost);

    g_array_append_vals(packets, w->script->packets->data, lost);
    g_array_append_vals(packets, packet + 1, w->script->packets->len - lost - 1);
    findings *part = read_all(packets);
    const seen_connection *told = only_verdict(part);

    if (told && shows_loss(packets, packet, lost, told->settled_in)) {
        check_codes(whole, part, lost);
        check_verdict(whole, part, lost);
    }
    findings_free(part);
    g_array_free(packets, TRUE);
}

/* Writing. */

static void
add(writer *w, uint8_t what, uint8_t argument)
{
    static const unsigned codes[] = {0, 1000, 1001, 1002, 1007, 1008, 1009, 1011, 3000, 4001};
    static const char *const reasons[] = {"", "bye", "ping timeout", "message too big"};
    char *text = g_strnfill(argument, 'x');

    switch (what) {
    case ADD_MESSAGE:
        add_message(w->script, w->side, text);
        break;
    case ADD_PING:
    case ADD_PONG:
        add_frame(w->script, w->side == CLIENT, what == ADD_PING ? PING : PING + 1, text, argument % 3);
        break;
    default: {
        const unsigned code = codes[argument % G_N_ELEMENTS(codes)];

        add_close(w->script, w->side, code, code == 0 ? "" : reasons[argument >> 6]);
        w->closed[w->side] = true;
    }
    }
    g_free(text);
}

/* TCP's end: who was reset sends no more either. */
static void
end_tcp_by(writer *w, bool reset)
{
    if (reset)
        send_rst(w->script, w->side);
    else
        send_fin(w->script, w->side);
    w->ended[w->side] = true;
    w->ended[1 - w->side] |= reset;
}

static void
step(writer *w, uint8_t what, uint8_t argument)
{
    if (what == TURN || w->ended[w->side]) {
        if (!w->ended[w->side] && w->script->payload->len > 0)
            send_packet(w->script, w->side);
        w->side = argument & 1;
    } else if (what == SEND) {
        send_packet(w->script, w->side);
    } else if (what == END_OF_TCP) {
        end_tcp_by(w, argument & 1);
    } else if (!w->closed[w->side]) {
        add(w, what, argument);
    }
}

static writer
write_steps(reader *in)
{
    writer w = {.script = script_new()};

    tcp_handshake(w.script);
    open_websocket(w.script);
    for (unsigned i = 0; i < STEPS_MAX && in->size >= 2; i++) {
        const uint8_t what = next_octet(in) % STEPS;

        step(&w, what, next_octet(in));
    }
    return w;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    reader in = {data, size};
    const writer w = write_steps(&in);
    findings *whole = read_all(w.script->packets);

    if (only_verdict(whole)) {
        for (unsigned i = FIRST_LOST; i < w.script->packets->len && i < LOST_MAX; i++) {
            if (g_array_index(w.script->packets, test_packet, i).len > 0)
                lose(&w, whole, i);
        }
    }
    findings_free(whole);
    script_free(w.script);
    return 0;
}
