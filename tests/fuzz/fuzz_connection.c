/* fuzz_connection.c
 * Any octets as the life of a connection: an opening handshake, frames, Close frames, ends of the
 * transport and gaps, in any order; and all that is said of it.
 *
 * A NUL ends the offer of extensions and another one the response; all after that is facts, of a few
 * octets each: the first says what kind and whose, the second when. Where the first fact's time has
 * bit 6 or bit 5, the connection is one over HTTP/2 or HTTP/3.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wsclose/connection.h"
#include "wsclose/cause.h"
#include "wsclose/code.h"
#include "wsclose/explain.h"
#include "wsclose/finding.h"
#include "wsclose/neighbours.h"

#include "input.h"
#include "oracle.h"

enum { VERDICT_LINE_MAX = 200, VERDICT_BRIEF_MAX = 23, REASON_MAX = 32 };

typedef struct {
    reader in;
    const wsclose_negotiation *negotiation;
    wsclose_connection connection;
    wsclose_connection before; /* the connection as it was before the fact at hand */
    wsclose_moment now;
    wsclose_close_body bodies[WSCLOSE_SIDES]; /* of the first Closes, where there are such */
    char reasons[WSCLOSE_SIDES + 1][REASON_MAX];
} state;

/* Captures that were merged go back in time; some have no times at all. */
static void
pass_time(state *l, uint8_t octet)
{
    static const int64_t steps[] = { 0,
                                     1,
                                     999999,
                                     1500000,
                                     10 * G_GINT64_CONSTANT(1000000000),
                                     5000 * G_GINT64_CONSTANT(1000000000),
                                     -2 * G_GINT64_CONSTANT(1000000000),
                                     400 * G_GINT64_CONSTANT(86400000000000) };

    l->now.number += octet >> 7;
    l->now.time += steps[octet & 7];
}

/* The verdict. */

static bool
is_of_handshake(const wsclose_verdict *verdict)
{
    return verdict->ending == WSCLOSE_ENDING_REFUSED ||
           verdict->ending == WSCLOSE_ENDING_NO_ANSWER;
}

static bool
is_success(const wsclose_connection *connection)
{
    return wsclose_status_is_success((wsclose_carrier)connection->carrier, connection->status);
}

/* The code, the reason for it and what was seen do not contradict each other. */
static void
check_reported(const wsclose_connection *connection, const wsclose_verdict *verdict, size_t who)
{
    const wsclose_close_mark *close = &connection->closes[1 - who];
    const wsclose_reported reported = verdict->reported[who];

    switch (verdict->because[who]) {
    case WSCLOSE_BECAUSE_RECEIVED:
        g_assert_cmpuint(close->moment.number, !=, 0);
        g_assert_cmpuint(close->breaches, ==, 0);
        g_assert_true(reported.known);
        g_assert_cmpuint(reported.code, ==, close->code);
        g_assert_false(connection->sides[who].failing);
        return;
    case WSCLOSE_BECAUSE_UNKNOWN:
        g_assert_false(reported.known);
        g_assert_true(verdict->incomplete);
        return;
    case WSCLOSE_BECAUSE_HANDSHAKE:
        g_assert_true(is_of_handshake(verdict) || (who == 0 && connection->faults != 0));
        g_assert_true(reported.known == (who == 0));
        break;
    case WSCLOSE_BECAUSE_NONE:
        g_assert_true(is_success(connection));
        g_assert_false(connection->missing[1 - who]);
        g_assert_true(verdict->abnormal);
        g_assert_true(reported.known);
        break;
    case WSCLOSE_BECAUSE_ILLEGAL:
        g_assert_cmpuint(close->breaches, !=, 0);
        g_assert_true(reported.known);
        break;
    case WSCLOSE_BECAUSE_BREACH:
        g_assert_true(connection->breaches[1 - who] != 0 ||
                      connection->traffic[1 - who].content != WSCLOSE_CONTENT_FINE);
        g_assert_true(reported.known);
        break;
    case WSCLOSE_BECAUSE_OWN:
        g_assert_cmpuint(connection->closes[who].moment.number, !=, 0);
        g_assert_cmpuint(connection->ends[who].number, !=, 0);
        g_assert_true(reported.known);
        break;
    }
    g_assert_cmpuint(reported.code, ==, reported.known ? 1006 : 0);
    g_assert_false(verdict->clean);
}

static void
check_ending(const wsclose_connection *connection, const wsclose_verdict *verdict)
{
    int closes = 0;
    for (size_t i = 0; i < WSCLOSE_SIDES; i++)
        closes += connection->closes[i].moment.number != 0 && !connection->sides[i].unreceived;
    const bool opened = connection->response.number != 0 && is_success(connection);

    switch (verdict->ending) {
    case WSCLOSE_ENDING_REFUSED:
        g_assert_cmpuint(connection->response.number, ==, connection->settled.number);
        g_assert_false(opened);
        g_assert_true(verdict->reported[0].known == !connection->missing[1]);
        g_assert_cmpint(verdict->initiator, ==,
                        connection->missing[1] ? WSCLOSE_SIDE_UNKNOWN : WSCLOSE_SERVER);
        g_assert_false(verdict->abnormal);
        g_assert_cmpint(verdict->idle, ==, -1);
        break;
    case WSCLOSE_ENDING_NO_ANSWER:
        g_assert_cmpuint(connection->response.number, ==, 0);
        g_assert_cmpuint(connection->frames[0] + connection->frames[1], ==, 0);
        g_assert_cmpint(verdict->initiator, ==,
                        connection->missing[1] || connection->unsure_end
                            ? WSCLOSE_SIDE_UNKNOWN
                            : (wsclose_side)connection->first_end);
        break;
    case WSCLOSE_ENDING_CLOSED:
        g_assert_cmpint(closes, ==, 2);
        g_assert_false(verdict->abnormal);
        break;
    case WSCLOSE_ENDING_ONE_CLOSE:
        g_assert_cmpint(closes, ==, 1);
        break;
    case WSCLOSE_ENDING_NO_CLOSE:
        g_assert_cmpint(closes, ==, 0);
        g_assert_false(verdict->reported[0].known && verdict->reported[0].code != 1006);
        g_assert_false(verdict->reported[1].known && verdict->reported[1].code != 1006);
        break;
    }
    g_assert_true(!verdict->clean || verdict->ending == WSCLOSE_ENDING_CLOSED);
    g_assert_true(!verdict->unanswered || verdict->ending == WSCLOSE_ENDING_ONE_CLOSE);
    g_assert_true(!verdict->abnormal || connection->first_end != WSCLOSE_SIDE_UNKNOWN);
    g_assert_true((verdict->duration >= 0) == opened);
    g_assert_cmpint(verdict->duration, >=, -1);
    g_assert_cmpint(verdict->idle, >=, -1);
}

/* What is found in an event is kept, and has a text. */
static void
check_findings(const state *l, const wsclose_event *event)
{
    wsclose_connection copy = l->connection;
    const wsclose_finding_set found = wsclose_findings_take(&copy, event);

    g_assert_cmphex(copy.findings, ==, found | l->connection.findings);
    if (event->kind == WSCLOSE_EVENT_RESPONSE || event->kind == WSCLOSE_EVENT_VERDICT)
        g_assert_cmphex(wsclose_findings_in(&copy, event->kind) & found, ==, found);
    for (int i = 0; i < WSCLOSE_FINDINGS; i++) {
        if (!wsclose_finding_is_in((wsclose_finding)i, found))
            continue;
        char **texts = wsclose_explain_finding(event, (wsclose_finding)i);

        g_assert_cmpuint(g_strv_length(texts), >, 0);
        for (char **text = texts; *text; text++)
            check_quoting(*text, SIZE_MAX);
        wsclose_texts_free(texts);
    }
}

/* What it shares with others, and what stands for 1006. */
static void
check_shared(const state *l, const wsclose_verdict *verdict)
{
    const char *origin = wsclose_abnormal_origin(&l->connection, verdict);
    const wsclose_opening opening = wsclose_connection_opening(&l->connection);
    const wsclose_leg legs[] = { { &l->connection, l->negotiation }, { &l->before, l->negotiation } };
    wsclose_neighbours neighbours = { 0 };
    wsclose_shared_end end;
    bool is_1006 = false;

    for (size_t i = 0; i < WSCLOSE_SIDES; i++)
        is_1006 |= verdict->reported[i].known && verdict->reported[i].code == 1006;
    g_assert_true((origin != NULL) == is_1006);
    g_assert_true((opening == WSCLOSE_OPENING_REFUSED) == (verdict->ending == WSCLOSE_ENDING_REFUSED));
    wsclose_neighbours_take_legs(&neighbours, &legs[0], &legs[1]);
    if (wsclose_may_share_end(&l->connection, verdict, &end)) {
        g_assert_cmpint(end.age, >=, 0);
        g_assert_true(opening == WSCLOSE_OPENING_SUCCEEDED);
    }
}

/* What other connections may show, by the number of the packet at hand. */
static wsclose_neighbours
next_neighbours(const state *l)
{
    const uint32_t what = l->now.number;

    return (wsclose_neighbours){ .together = what % 5 == 0 ? what / 5 % 4 : 0,
                                 .alike = what % 10 == 0,
                                 .has_leg = what % 3 == 0,
                                 .leg_stripped = what % 6 == 0,
                                 .leg_between = what % 9 == 0 };
}

/* One cause, whose packets are of the past; of what is incomplete little is certain. */
static void
check_cause(const wsclose_verdict_context *context, uint32_t latest)
{
    wsclose_cause cause;

    g_assert_true(wsclose_cause_judge(context, &cause));
    g_assert_cmpint(cause.id, >=, 0);
    g_assert_cmpint(cause.id, <=, WSCLOSE_CAUSE_UNKNOWN);
    g_assert_cmpint(cause.by, <=, WSCLOSE_BY_BETWEEN);
    g_assert_cmpuint(strlen(wsclose_cause_name(cause.id)), >, 0);
    g_assert_cmpint(cause.time, >=, -1);
    for (size_t i = 0; i < WSCLOSE_CAUSE_PACKETS; i++)
        g_assert_cmpuint(cause.packets[i], <=, latest);
    g_assert_false(cause.id == WSCLOSE_CAUSE_UNKNOWN && cause.certain);
    g_assert_true(!cause.unread || context->verdict->incomplete);
}

static void
check_verdict_texts(const state *l, const wsclose_verdict *verdict)
{
    const wsclose_side first =
        l->connection.first_close == WSCLOSE_SERVER ? WSCLOSE_SERVER : WSCLOSE_CLIENT;
    const wsclose_close_body *claim = &l->bodies[first];
    wsclose_verdict_context context = { .connection = &l->connection,
                                        .verdict = verdict,
                                        .negotiation = l->negotiation,
                                        .bodies = { &l->bodies[0], &l->bodies[1] } };

    if (!wsclose_close_body_has(claim, WSCLOSE_CODE_MANDATORY_EXT))
        claim = &l->bodies[1 - first];
    if (wsclose_close_body_has(claim, WSCLOSE_CODE_MANDATORY_EXT))
        context.mandatory =
            wsclose_mandatory_ext_explain(l->negotiation, claim->reason, claim->reason_cut);

    const wsclose_neighbours neighbours = next_neighbours(l);
    context.neighbours = &neighbours;
    check_cause(&context, l->now.number);
    check_text(wsclose_explain_verdict(&context), VERDICT_LINE_MAX);
    check_text(wsclose_explain_verdict_brief(&context), VERDICT_BRIEF_MAX);
    check_text(wsclose_explain_verdict_info(&context), SIZE_MAX);
    check_text(wsclose_explain_verdict_description(&context), SIZE_MAX);
    check_text(wsclose_explain_verdict_seen_when(&context), SIZE_MAX);
    check_text(wsclose_explain_verdict_fix(&context), SIZE_MAX);
    check_text_if(verdict->abnormal, wsclose_explain_abnormal(&context));
    check_text_if(verdict->unanswered, wsclose_explain_unanswered(&context));
    for (wsclose_side side = WSCLOSE_CLIENT; side <= WSCLOSE_SERVER; side++) {
        check_text_if(l->connection.tolerated[side] != 0,
                      wsclose_explain_breach_tolerated(&context, side));
        check_text_if(wsclose_connection_ping_age(&l->connection, side, l->connection.ending) >= 0,
                      wsclose_explain_ping_unanswered(&context, side));
        g_assert_cmpint(wsclose_connection_silence(&l->connection, side, l->connection.ending), >=, -1);
    }
    check_findings(l, &(wsclose_event){ .kind = WSCLOSE_EVENT_VERDICT,
                                        .connection = &l->connection,
                                        .negotiation = l->negotiation,
                                        .verdict = verdict });
    wsclose_mandatory_ext_free((wsclose_mandatory_ext *)context.mandatory);
}

/* Of a connection that goes on there is a cause only where one is shown. */
static void
check_open(const state *l)
{
    const wsclose_verdict_context context = { .connection = &l->connection,
                                              .negotiation = l->negotiation,
                                              .bodies = { &l->bodies[0], &l->bodies[1] },
                                              .now = l->now.time };
    wsclose_cause cause;

    if (wsclose_cause_judge(&context, &cause))
        g_assert_true(cause.id == WSCLOSE_CAUSE_PATH_DEAD ||
                      cause.id == WSCLOSE_CAUSE_PING_UNANSWERED ||
                      cause.id == WSCLOSE_CAUSE_CLOSE_UNANSWERED);
}

static void
check_verdict(const state *l)
{
    wsclose_verdict untouched;
    wsclose_verdict verdict;

    memset(&untouched, 0x5a, sizeof untouched);
    verdict = untouched;
    if (l->connection.settled.number == 0) {
        g_assert_false(wsclose_connection_verdict(&l->connection, &verdict));
        g_assert_cmpint(memcmp(&verdict, &untouched, sizeof verdict), ==, 0);
        check_open(l);
        return;
    }
    g_assert_true(wsclose_connection_verdict(&l->connection, &verdict));
    check_reported(&l->connection, &verdict, 0);
    check_reported(&l->connection, &verdict, 1);
    check_ending(&l->connection, &verdict);
    check_verdict_texts(l, &verdict);
    check_shared(l, &verdict);
}

/* Facts. */

/* It settles once, at the fact that says so, and stays as it is from then on. */
static void
check_settling(const state *l, bool settles)
{
    const wsclose_connection *before = &l->before;
    const wsclose_connection *after = &l->connection;

    if (before->settled.number != 0) {
        g_assert_false(settles);
        g_assert_cmpint(memcmp(before, after, sizeof *before), ==, 0);
        return;
    }
    g_assert_true(settles == (after->settled.number != 0));
    g_assert_cmpuint(wsclose_connection_mark(after, l->now).number, ==, l->now.number);
    if (settles) {
        g_assert_cmpuint(after->settled.number, ==, l->now.number);
        g_assert_cmpint(after->settled.time, ==, l->now.time);
    }
    for (size_t i = 0; i < 2; i++) {
        g_assert_cmpuint(after->frames[i], >=, before->frames[i]);
        g_assert_cmpuint(after->breaches[i] & before->breaches[i], ==, before->breaches[i]);
        if (before->closes[i].moment.number != 0)
            g_assert_cmpint(memcmp(&after->closes[i], &before->closes[i],
                                   sizeof after->closes[i]), ==, 0);
    }
}

static bool
take_response(state *l)
{
    static const wsclose_presence presences[] = { WSCLOSE_HEADER_PRESENT, WSCLOSE_HEADER_ABSENT,
                                                  WSCLOSE_HEADER_UNKNOWN, WSCLOSE_HEADER_PRESENT };
    static const unsigned statuses[] = { 101, 101, 101, 101, 200, 301, 403, 503 };
    const uint8_t what = next_octet(&l->in);
    const uint8_t which = next_octet(&l->in);
    const unsigned over_http1 = which < 200 ? statuses[which & 7] : 100 + 4 * which;
    const wsclose_carrier carrier = (wsclose_carrier)l->connection.carrier;
    const unsigned status =
        over_http1 == 101 && carrier != WSCLOSE_CARRIER_HTTP1 ? 200 : over_http1;
    char accept[WSCLOSE_ACCEPT_SIZE];
    wsclose_handshake_headers headers = {
        .key = { presences[what & 3], next_slice(&l->in, what >> 6) },
        .protocols = { presences[what >> 2 & 3], next_slice(&l->in, 3) },
        .protocol = { presences[what >> 4 & 3], next_slice(&l->in, 1) },
    };
    wsclose_handshake_response response;

    wsclose_accept_for_key(headers.key.value, accept);
    g_assert_cmpuint(strlen(accept), ==, WSCLOSE_ACCEPT_SIZE - 1);
    headers.accept = (wsclose_header){ presences[which >> 4 & 3],
                                       { accept, WSCLOSE_ACCEPT_SIZE - 1 - (which >> 3 & 1) } };
    wsclose_handshake_judge(carrier, status, &headers, l->negotiation, &response);
    g_assert_cmpuint(response.faults, <, 1U << WSCLOSE_FAULT_COUNT);
    g_assert_cmpuint(response.rsv, <=, WSCLOSE_RSV_ANY);
    g_assert_true(response.faults == 0 || wsclose_status_is_success(carrier, status));
    for (unsigned bit = 0; bit < WSCLOSE_FAULT_COUNT; bit++) {
        if (response.faults & 1U << bit)
            check_text(
                wsclose_explain_handshake_fault(carrier, (wsclose_handshake_fault)(1U << bit)),
                SIZE_MAX);
    }
    check_text(wsclose_explain_negotiation(l->negotiation, carrier, status), SIZE_MAX);
    check_text(wsclose_explain_refused(carrier, status), SIZE_MAX);
    check_text_if(l->negotiation->n_matches > WSCLOSE_EXTS_LISTED_MAX,
                  wsclose_explain_not_listed(l->negotiation->n_matches));
    check_text(wsclose_explain_subprotocol_unanswered(carrier), SIZE_MAX);
    g_assert_true(wsclose_status_is_final(carrier, status) || !wsclose_status_is_success(carrier, status));
    return wsclose_connection_response(&l->connection, &response, l->now);
}

/* One as it must be, but for what the next octet says. */
static wsclose_frame
next_frame(reader *in, wsclose_side sender, uint8_t opcode)
{
    const uint8_t what = next_octet(in);

    return (wsclose_frame){
        .fin = !(what & 0x80),
        .rsv = what >> 4 & WSCLOSE_RSV_ANY,
        .opcode = opcode,
        .masked = (sender == WSCLOSE_CLIENT) != (what >> 3 & 1),
        .header_len = 2,
        .payload_len = (what & 7) == 7 ? UINT64_MAX : (uint64_t)(what & 7) * 25,
    };
}

/* Text from outside is quoted: of it there may be anything. */
static void
check_outside_text(wsclose_side sender, wsclose_slice text)
{
    char *explained = wsclose_explain_not_websocket(sender, text);
    char *repeated = wsclose_explain_no_status_repeated("192.0.2.1", (unsigned)text.len + 1);

    check_quoting(explained, SIZE_MAX);
    check_text(repeated, SIZE_MAX);
    wsclose_text_free(explained);
}

static void
take_frame(state *l, wsclose_side sender)
{
    const uint8_t opcode = next_octet(&l->in) & 0xF;
    const wsclose_frame frame =
        next_frame(&l->in, sender, opcode == WSCLOSE_OPCODE_CLOSE ? WSCLOSE_OPCODE_PING : opcode);
    const bool closed = wsclose_connection_sent(&l->connection, sender) != NULL;
    wsclose_frame_meaning meaning;

    wsclose_connection_frame(&l->connection, sender, &frame, l->now, &meaning);
    g_assert_true(meaning.after_close == (closed && !wsclose_opcode_is_control(frame.opcode)));
    g_assert_true(!meaning.first || meaning.breaches != 0);
    g_assert_cmpuint(meaning.breaches, <, 1U << WSCLOSE_BREACH_COUNT);
    if (sender == WSCLOSE_SIDE_UNKNOWN || closed)
        g_assert_cmpuint(meaning.breaches, ==, 0);
    for (unsigned bit = 0; bit < WSCLOSE_BREACH_COUNT; bit++) {
        if (meaning.breaches & 1U << bit)
            check_text(wsclose_explain_frame_breach(sender, &frame, (wsclose_breach)(1U << bit)),
                       SIZE_MAX);
    }
    const wsclose_frame_context context = {
        .sender = sender, .frame = &frame, .breaches = meaning.breaches,
        .close_in = meaning.after_close ? l->now.number : 0,
    };
    check_text(wsclose_explain_breaker(&context), SIZE_MAX);
    check_text(wsclose_explain_breaker_info(&context), SIZE_MAX);
    check_outside_text(sender, next_slice(&l->in, frame.rsv));
    check_text(wsclose_explain_data_after_close(sender, l->now.number), SIZE_MAX);
    check_findings(l, &(wsclose_event){ .kind = WSCLOSE_EVENT_FRAME,
                                        .connection = &l->connection,
                                        .frame = &context });
}

static void
check_close_texts(const state *l, const wsclose_close_fact *close, const wsclose_frame *frame,
                  const wsclose_close_meaning *meaning)
{
    wsclose_close_context context = {
        .sender = close->sender,
        .frame = frame,
        .body = close->body,
        .breaches = close->breaches,
        .meaning = meaning,
        .request_in = l->connection.request.number,
        .response_in = l->connection.response.number,
    };

    if (close->body->kind == WSCLOSE_BODY_CODE && close->body->code == WSCLOSE_CODE_MANDATORY_EXT) {
        context.negotiation = l->negotiation;
        context.mandatory = wsclose_mandatory_ext_explain(l->negotiation, close->body->reason,
                                                        close->body->reason_cut);
        check_text(wsclose_explain_mandatory_ext(&context), SIZE_MAX);
        check_text_or_null(wsclose_explain_mandatory_ext_contradicted(&context));
        check_text_or_null(wsclose_explain_mandatory_ext_from_server(&context));
    }
    check_text_if(close->body->kind == WSCLOSE_BODY_EMPTY, wsclose_explain_no_status(&context));
    g_assert_true(!wsclose_close_is_counted(close->body, meaning) ||
                  (close->body->kind == WSCLOSE_BODY_EMPTY && !meaning->repeated));
    g_assert_true(context.mandatory ||
                  wsclose_claims_mandatory_ext(&context) == WSCLOSE_SIDE_UNKNOWN);
    check_text(wsclose_explain_close_info(&context), SIZE_MAX);
    check_findings(l, &(wsclose_event){ .kind = WSCLOSE_EVENT_CLOSE,
                                        .connection = &l->connection,
                                        .negotiation = l->negotiation,
                                        .close = &context });
    check_text(wsclose_explain_close(&context), SIZE_MAX);
    check_text(wsclose_explain_close_description(&context), SIZE_MAX);
    check_text(wsclose_explain_close_seen_when(&context), SIZE_MAX);
    check_text(wsclose_explain_close_fix(&context), SIZE_MAX);
    for (unsigned bit = 0; bit < WSCLOSE_BREACH_COUNT; bit++) {
        if (context.breaches & 1U << bit)
            check_text(wsclose_explain_breach(&context, (wsclose_breach)(1U << bit)), SIZE_MAX);
    }
    wsclose_mandatory_ext_free((wsclose_mandatory_ext *)context.mandatory);
}

static void
check_close_finding(const state *l, const wsclose_close_fact *close,
                    const wsclose_close_meaning *meaning)
{
    const wsclose_side peer = wsclose_side_peer(close->sender);

    g_assert_true(!meaning->answer || wsclose_connection_sent(&l->before, peer) != NULL);
    g_assert_true(!meaning->answer || meaning->peer.number != 0);
    g_assert_false(meaning->answer && (meaning->repeated || meaning->maybe_answer));
    g_assert_true(!meaning->echo || meaning->answer);
    g_assert_true(!meaning->crossed || (meaning->answer && close->crossing));
    g_assert_false(meaning->echo && meaning->crossed);
    g_assert_true(!meaning->unheard || (l->before.settled.number != 0 && !meaning->reported.known));
    g_assert_true(meaning->repeated == (wsclose_connection_sent(&l->before, close->sender) != NULL));
    g_assert_true(meaning->reported.known || meaning->reported.code == 0);
}

/* A body that lasts as long as the connection; in it no brace, which would look like an open slot of the
 * texts that quote it. */
static wsclose_slice
without_braces(state *l, wsclose_side sender, wsclose_slice octets)
{
    const bool is_first = sender != WSCLOSE_SIDE_UNKNOWN && !wsclose_connection_sent(&l->connection, sender);
    char *kept = l->reasons[is_first ? sender : WSCLOSE_SIDES];

    for (size_t i = 0; i < octets.len; i++)
        kept[i] = octets.data[i] == '{' || octets.data[i] == '}' ? '.' : octets.data[i];
    return (wsclose_slice){ kept, octets.len };
}

static bool
take_close(state *l, wsclose_side sender, bool crossing)
{
    const wsclose_frame header = next_frame(&l->in, sender, WSCLOSE_OPCODE_CLOSE);
    const uint8_t lens = next_octet(&l->in);
    const wsclose_slice octets = without_braces(l, sender, next_slice(&l->in, lens % REASON_MAX));
    wsclose_frame frame = header;
    wsclose_close_body body;
    wsclose_close_fact close = { .sender = sender, .body = &body, .crossing = crossing };
    wsclose_close_meaning meaning;

    frame.payload_len = octets.len + (lens >> 5) * (size_t)25;
    wsclose_close_body_decode((const uint8_t *)octets.data, octets.len, frame.payload_len, &body);
    close.breaches = wsclose_close_breaches(&frame, &body, sender);
    if (wsclose_connection_is_out_of_step(&l->connection, sender, &frame))
        g_assert_cmpuint(close.breaches, !=, 0);
    if (sender != WSCLOSE_SIDE_UNKNOWN && !wsclose_connection_sent(&l->connection, sender))
        l->bodies[sender] = body;
    const bool settles = wsclose_connection_close(&l->connection, &close, l->now, &meaning);
    check_close_finding(l, &close, &meaning);
    check_close_texts(l, &close, &frame, &meaning);
    return settles;
}

/* The end of a stream, by what it may come; codes beyond those that have names too. */
static bool
take_stream_end(state *l, wsclose_side sender, wsclose_end_kind kind)
{
    const uint8_t what = next_octet(&l->in);
    const uint64_t error = (uint64_t)next_octet(&l->in) << (what >> 4);
    const wsclose_goaway_fact goaway = { sender, what >> 2 & 3, 1, what >> 4 & 1, error };

    switch (what & 3) {
    case 0:
        return wsclose_connection_end(&l->connection, sender, kind, l->now);
    case 1:
        return wsclose_connection_reset_stream(&l->connection, sender, error, l->now);
    case 2:
        return wsclose_connection_end_under(&l->connection, sender, kind, l->now);
    default:
        return wsclose_connection_goaway(&l->connection, &goaway, l->now);
    }
}

/* What few connections have. */
static void
take_rare(state *l, wsclose_side sender, unsigned what, uint8_t value)
{
    wsclose_connection *connection = &l->connection;

    switch (what) {
    case 10:
        wsclose_connection_by_browser(connection);
        break;
    case 11:
        wsclose_connection_unreadable(connection, sender, value & 1);
        break;
    case 12:
        wsclose_connection_close_was_late(connection, sender);
        break;
    case 13:
    case 14:
        wsclose_connection_goes_on(connection, sender);
        break;
    case 15:
        wsclose_connection_outside(connection, l->now, value & 1);
        break;
    case 16:
        wsclose_connection_record(connection, sender, l->now);
        break;
    case 17:
        wsclose_connection_closing(connection, l->now, value & 1);
        break;
    case 18:
        wsclose_connection_notified(connection, sender);
        break;
    case 19:
        wsclose_connection_not_http(connection, l->now);
        break;
    default:
        break;
    }
}

/* What shows why a connection ends, and tells no code by itself. */
static void
take_traffic(state *l, wsclose_side sender)
{
    const uint8_t what = next_octet(&l->in);
    const uint8_t value = next_octet(&l->in);
    wsclose_connection *connection = &l->connection;

    if (sender == WSCLOSE_SIDE_UNKNOWN)
        return;
    switch (what % 20) {
    case 0:
        wsclose_connection_heartbeat(connection, sender,
                                     value & 1 ? WSCLOSE_OPCODE_PING : WSCLOSE_OPCODE_PONG,
                                     value >> 1 & 3, l->now);
        break;
    case 1:
        wsclose_connection_content(connection, sender,
                                   (wsclose_content)(value % (WSCLOSE_CONTENT_UNCHECKED + 1)),
                                   l->now);
        break;
    case 2:
        wsclose_connection_repeated(connection, sender, l->now);
        break;
    case 3:
        wsclose_connection_acknowledged(connection, sender);
        break;
    case 4:
        wsclose_connection_got_close(connection, sender);
        break;
    case 5:
        wsclose_connection_woken(connection, l->now, value * G_GINT64_CONSTANT(10000000000));
        break;
    case 6:
        wsclose_connection_alert(connection, sender, value, l->now);
        break;
    case 7:
        wsclose_connection_ahead(connection, sender);
        break;
    case 8:
        wsclose_connection_no_frames(connection, sender);
        break;
    case 9:
        (value & 1 ? wsclose_connection_breach_cut : wsclose_connection_garbled)(connection, sender);
        break;
    default:
        take_rare(l, sender, what % 20, value);
    }
}

static bool
take_fact(state *l, uint8_t what)
{
    const wsclose_side sender = (wsclose_side)MIN(what >> 4 & 3, WSCLOSE_SIDE_UNKNOWN);

    switch (what & 7) {
    case 0:
        if ((what & 0x48) == 0x48)
            return wsclose_connection_receipt(&l->connection, sender, l->now);
        wsclose_connection_request(&l->connection, l->now);
        return false;
    case 1:
        return take_response(l);
    case 2:
        wsclose_connection_missing(&l->connection, sender);
        return false;
    case 3:
        wsclose_connection_found(&l->connection, sender);
        return false;
    case 4: {
        const wsclose_end_kind kind = (wsclose_end_kind)(what >> 6 & 1) + 1;

        if (l->connection.carrier != WSCLOSE_CARRIER_HTTP1)
            return take_stream_end(l, sender, kind);
        return wsclose_connection_end(&l->connection, sender, kind, l->now);
    }
    case 5:
    case 6:
        return take_close(l, sender, what >> 6 & 1);
    default:
        if (what & 0x40)
            take_traffic(l, sender);
        else
            take_frame(l, sender);
        return false;
    }
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    state l = { .in = { data, size }, .now = { 1, G_GINT64_CONSTANT(1767225600000000000) } };
    const wsclose_slice offered = next_part(&l.in);
    const wsclose_slice answered = next_part(&l.in);
    const wsclose_header offer = { offered.len > 0 ? WSCLOSE_HEADER_PRESENT
                                                   : WSCLOSE_HEADER_ABSENT, offered };
    const wsclose_header response = { answered.len > 0 ? WSCLOSE_HEADER_PRESENT
                                                       : WSCLOSE_HEADER_ABSENT, answered };
    wsclose_negotiation *negotiation = wsclose_negotiation_match(&offer, &response);

    l.negotiation = negotiation;
    for (size_t i = 0; i < negotiation->n_declined; i++) {
        check_text(wsclose_explain_declined(negotiation->declined[i], true), SIZE_MAX);
        check_text(wsclose_explain_declined(negotiation->declined[i], false), SIZE_MAX);
    }
    const uint8_t when = l.in.size > 1 ? l.in.data[1] : 0;
    wsclose_connection_init_over(&l.connection, when & 0x40   ? WSCLOSE_CARRIER_HTTP2
                                                : when & 0x20 ? WSCLOSE_CARRIER_HTTP3
                                                              : WSCLOSE_CARRIER_HTTP1);
    /* A connection of thousands of facts teaches nothing that hundreds do not. */
    for (unsigned facts = 0; facts < 200 && l.in.size > 0; facts++) {
        const uint8_t what = next_octet(&l.in);

        pass_time(&l, next_octet(&l.in));
        memcpy(&l.before, &l.connection, sizeof l.before);
        const bool settles = take_fact(&l, what);
        check_settling(&l, settles);
        check_verdict(&l);
    }
    wsclose_negotiation_free(negotiation);
    return 0;
}
