/* test_cause.c
 * Why a connection ended: each cause, what takes precedence over what, and what is none.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wsclose/cause.h"

#include "match.h"

enum { CLIENT = WSCLOSE_CLIENT, SERVER = WSCLOSE_SERVER };
enum {
    NOBODY = WSCLOSE_BY_NOBODY,
    AT_CLIENT = WSCLOSE_BY_CLIENT,
    AT_SERVER = WSCLOSE_BY_SERVER,
    BETWEEN = WSCLOSE_BY_BETWEEN
};

typedef enum {
    END = 0,
    DO_REQUEST,
    DO_BROWSER,
    DO_RESPONSE,
    DO_MISSING,
    DO_NOT_HTTP,
    DO_FRAME,
    DO_GOES_ON,
    DO_REPEATED,
    DO_ACKNOWLEDGED,
    DO_WOKEN,
    DO_ALERT,
    DO_CLOSE,
    DO_END,
    DO_END_UNDER,
    DO_RESET_STREAM,
    DO_GOAWAY,
    DO_NOTHING
} deed;

/* One fact, in the packet of its place in the row, from 1. */
typedef struct {
    deed deed;
    int64_t at; /* milliseconds */
    int who;
    int value;       /* status, code, opcode, error, number of a packet */
    unsigned bits;   /* faults, breaches, frame bits, a count */
    const char *text; /* a reason; application data of a Ping or Pong */
} step;

/* What is sent in a Close, where it is not a status code. */
enum { EMPTY = -1, CUT = -2 };

/* Beside the faults of a response. */
enum { NO_SUBPROTOCOL = 1 << 16, COMPRESSES = 1 << 17 };

/* Of a frame, and of the message that it is. */
enum {
    MASK_WRONG = 1,
    RSV1 = 2,
    GARBLED = 4, /* RSV2, and an opcode that nobody has defined */
    IN_PLACE = 8, /* it is text where a frame should begin */
    NOT_UTF8 = 16,
    NOT_INFLATED = 32,
    UNREAD = 64,
    IN_PART = 128 /* not all that stands with it was captured */
};

#define FACT(deed, at, who, value, bits, text) { deed, at, who, value, bits, text }
#define REQUEST(at) FACT(DO_REQUEST, at, CLIENT, 0, 0, NULL)
#define BROWSER FACT(DO_BROWSER, 0, CLIENT, 0, 0, NULL)
#define RESPONSE(at, status, bits) FACT(DO_RESPONSE, at, SERVER, status, bits, NULL)
#define OPENED REQUEST(0), RESPONSE(0, 101, 0)
#define OPENED_WITH(bits) REQUEST(0), RESPONSE(0, 101, bits)
#define OPENED_STREAM REQUEST(0), RESPONSE(0, 200, 0)
#define MISSING(who) FACT(DO_MISSING, 0, who, 0, 0, NULL)
#define NOT_HTTP(at) FACT(DO_NOT_HTTP, at, SERVER, 0, 0, NULL)
#define FRAME(at, who, opcode, bits) FACT(DO_FRAME, at, who, opcode, bits, NULL)
#define TEXT(at, who) FRAME(at, who, WSCLOSE_OPCODE_TEXT, 0)
#define TEXT_THAT(at, who, bits) FRAME(at, who, WSCLOSE_OPCODE_TEXT, bits)
#define BINARY_THAT(at, who, bits) FRAME(at, who, WSCLOSE_OPCODE_BINARY, bits)
#define BAD_TEXT(at, who) TEXT_THAT(at, who, MASK_WRONG)
#define PING(at, who, data) FACT(DO_FRAME, at, who, WSCLOSE_OPCODE_PING, 0, data)
#define PONG(at, who, data) FACT(DO_FRAME, at, who, WSCLOSE_OPCODE_PONG, 0, data)
#define GOES_ON(at, who) FACT(DO_GOES_ON, at, who, WSCLOSE_OPCODE_TEXT, 0, NULL)
#define REPEATED(who, packet, times) FACT(DO_REPEATED, 0, who, packet, times, NULL)
#define ACKNOWLEDGED(who) FACT(DO_ACKNOWLEDGED, 0, who, 0, 0, NULL)
#define WOKEN(packet, silence) FACT(DO_WOKEN, 0, CLIENT, packet, silence, NULL)
#define ALERT(at, who) FACT(DO_ALERT, at, who, 40, 0, NULL)
#define CLOSE(at, who, code, reason) FACT(DO_CLOSE, at, who, code, 0, reason)
#define BAD_CLOSE(at, who, code) \
    FACT(DO_CLOSE, at, who, code, WSCLOSE_BREACH_CODE_RESERVED, "")
#define CLOSES(at, who, code, reason) CLOSE(at, who, code, reason), CLOSE((at) + 5, 1 - (who), code, "")
#define FIN(at, who) FACT(DO_END, at, who, WSCLOSE_END_ORDERLY, 0, NULL)
#define RST(at, who) FACT(DO_END, at, who, WSCLOSE_END_RESET, 0, NULL)
#define FIN_UNDER(at, who) FACT(DO_END_UNDER, at, who, WSCLOSE_END_ORDERLY, 0, NULL)
#define RST_UNDER(at, who) FACT(DO_END_UNDER, at, who, WSCLOSE_END_RESET, 0, NULL)
#define RESET_STREAM(at, who, error) FACT(DO_RESET_STREAM, at, who, error, 0, NULL)
#define GOAWAY(at, who, last, error) FACT(DO_GOAWAY, at, who, error, last, NULL)
#define CODE_CUT (-1) /* as an error */
#define NOW(at) FACT(DO_NOTHING, at, CLIENT, 0, 0, NULL)

enum { STEPS_MAX = 14 };
enum { NO_TIME = -1 };

/* A situation, and its cause. */
typedef struct {
    const char *why;
    step steps[STEPS_MAX];
    const char *word; /* NULL where it goes on, and nothing is wrong with it */
    int by;
    bool certain;
    int64_t time; /* milliseconds */
    uint32_t packets[WSCLOSE_CAUSE_PACKETS];
    char actor; /* C, S, or ? for nobody; 0 where it does not matter */
    wsclose_carrier carrier;
    uint32_t together;
    bool alike;
    bool stripped;
    bool between;
    const char *offer;    /* of extensions */
    const char *response; /* likewise */
    const char *required;
    bool unclaimed; /* nobody has looked at the claim of a 1010 */
} row;

#define CERTAIN(cause, side, after, ...) \
    .word = cause, .by = side, .certain = true, .time = after, .packets = { __VA_ARGS__ }
#define LIKELY(cause, side, after, ...) \
    .word = cause, .by = side, .certain = false, .time = after, .packets = { __VA_ARGS__ }
#define NOTHING_WRONG .word = NULL

/* The facts. */

typedef struct {
    wsclose_connection connection;
    wsclose_close_body bodies[2];
    GPtrArray *blocks;
} stage;

static const step *
step_of(const row *r, int number)
{
    return &r->steps[number - 1];
}

static wsclose_moment
moment_of(const row *r, int number)
{
    return (wsclose_moment){ (uint32_t)number, 1700000000000000000 + step_of(r, number)->at * 1000000 };
}

static void
take_frame(wsclose_connection *connection, const step *s, wsclose_moment moment)
{
    const bool masks = s->who == CLIENT;
    const wsclose_frame frame = {
        .fin = true,
        .masked = s->bits & MASK_WRONG ? !masks : masks,
        .rsv = (s->bits & RSV1 ? WSCLOSE_RSV1 : 0) | (s->bits & GARBLED ? 2 : 0),
        .opcode = (uint8_t)(s->value | (s->bits & GARBLED ? 4 : 0)),
        .header_len = 2,
        .payload_len = 5,
    };
    const wsclose_content content = s->bits & NOT_UTF8     ? WSCLOSE_CONTENT_NOT_UTF8
                                    : s->bits & NOT_INFLATED ? WSCLOSE_CONTENT_NOT_INFLATED
                                    : s->bits & UNREAD       ? WSCLOSE_CONTENT_UNREAD
                                                             : WSCLOSE_CONTENT_FINE;
    wsclose_frame_meaning meaning;

    wsclose_connection_frame(connection, s->who, &frame, moment, &meaning);
    if (s->bits & IN_PLACE)
        wsclose_connection_no_frames(connection, s->who);
    if (s->bits & IN_PART)
        wsclose_connection_breach_cut(connection, s->who);
    if (s->text)
        wsclose_connection_heartbeat(connection, s->who, frame.opcode, g_str_hash(s->text), moment);
    wsclose_connection_content(connection, s->who, content, moment);
}

static void
take_close(stage *scene, const step *s, wsclose_moment moment)
{
    const size_t len = s->value == EMPTY ? 0 : 2 + strlen(s->text);
    char *octets = g_malloc(len);
    wsclose_close_body body;
    wsclose_close_meaning meaning;

    g_ptr_array_add(scene->blocks, octets);
    if (len > 0) {
        octets[0] = (char)(s->value >> 8);
        octets[1] = (char)s->value;
        memcpy(octets + 2, s->text, len - 2);
    }
    wsclose_close_body_decode((const uint8_t *)octets, s->value == CUT ? 1 : len, len, &body);
    const wsclose_close_fact fact = { .sender = s->who, .body = &body, .breaches = s->bits };
    if (!wsclose_connection_sent(&scene->connection, s->who))
        scene->bodies[s->who] = body;
    wsclose_connection_close(&scene->connection, &fact, moment, &meaning);
}

static void
take(stage *scene, const row *r, int number)
{
    wsclose_connection *connection = &scene->connection;
    const step *s = step_of(r, number);
    const wsclose_moment moment = moment_of(r, number);
    const wsclose_handshake_response response = {
        .status = (unsigned)s->value,
        .faults = s->bits & 0xFF,
        .rsv = s->bits & COMPRESSES ? WSCLOSE_RSV1 : 0,
        .subprotocol_unanswered = (s->bits & NO_SUBPROTOCOL) != 0,
    };
    const wsclose_goaway_fact goaway = {
        .sender = s->who,
        .stream = 1,
        .last = s->bits,
        .has_error = s->value != CODE_CUT,
        .error = s->value != CODE_CUT ? (uint64_t)s->value : 0,
    };

    switch (s->deed) {
    case DO_REQUEST:
        wsclose_connection_request(connection, moment);
        break;
    case DO_BROWSER:
        wsclose_connection_by_browser(connection);
        break;
    case DO_RESPONSE:
        wsclose_connection_response(connection, &response, moment);
        break;
    case DO_MISSING:
        wsclose_connection_missing(connection, s->who);
        break;
    case DO_NOT_HTTP:
        wsclose_connection_not_http(connection, moment);
        break;
    case DO_GOES_ON:
        wsclose_connection_goes_on(connection, s->who);
        take_frame(connection, s, moment);
        break;
    case DO_FRAME:
        take_frame(connection, s, moment);
        break;
    case DO_REPEATED:
        for (unsigned i = 0; i < s->bits; i++)
            wsclose_connection_repeated(connection, s->who, moment_of(r, s->value));
        break;
    case DO_ACKNOWLEDGED:
        wsclose_connection_acknowledged(connection, s->who);
        break;
    case DO_WOKEN:
        wsclose_connection_woken(connection, moment_of(r, s->value), (int64_t)s->bits * 1000000);
        break;
    case DO_ALERT:
        wsclose_connection_alert(connection, s->who, (uint8_t)s->value, moment);
        break;
    case DO_CLOSE:
        take_close(scene, s, moment);
        break;
    case DO_END:
        wsclose_connection_end(connection, s->who, (wsclose_end_kind)s->value, moment);
        break;
    case DO_END_UNDER:
        wsclose_connection_end_under(connection, s->who, (wsclose_end_kind)s->value, moment);
        break;
    case DO_RESET_STREAM:
        wsclose_connection_reset_stream(connection, s->who, (uint64_t)s->value, moment);
        break;
    case DO_GOAWAY:
        wsclose_connection_goaway(connection, &goaway, moment);
        break;
    case DO_NOTHING:
    case END:
        break;
    }
}

/* What becomes of them. */

static char *
told(const char *word, int by, bool certain, int64_t time, const uint32_t *packets)
{
    return g_strdup_printf("%s %s by %d, packets %u %u %u, %" G_GINT64_FORMAT " ms", word,
                           certain ? "certain" : "likely", by, packets[0], packets[1], packets[2],
                           time);
}

static void
check_cause(const row *r, const wsclose_verdict_context *context)
{
    wsclose_cause cause;
    char *found = NULL;
    char *expected = NULL;

    memset(&cause, 0xaa, sizeof cause);
    if (wsclose_cause_judge(context, &cause))
        found = told(wsclose_cause_name(cause.id), cause.by, cause.certain,
                     cause.time == -1 ? -1 : cause.time / 1000000, cause.packets);
    if (r->word)
        expected = told(r->word, r->by, r->certain, r->time, r->packets);
    if (g_strcmp0(found, expected) != 0) {
        g_test_message("%s: is %s; should be %s", r->why, found ? found : "nothing",
                       expected ? expected : "nothing");
        g_test_fail();
    } else if (r->actor != 0 && "CS?"[cause.actor] != r->actor) {
        g_test_message("%s: the actor is %c", r->why, "CS?"[cause.actor]);
        g_test_fail();
    }
    g_free(found);
    g_free(expected);
}

/* The claim of the first 1010; NULL where there is none. */
static wsclose_mandatory_ext *
claim_of(const stage *scene, const row *r, const wsclose_negotiation *negotiation)
{
    for (size_t side = 0; side < 2 && !r->unclaimed; side++) {
        if (wsclose_connection_sent(&scene->connection, side) &&
            wsclose_close_body_has(&scene->bodies[side], 1010))
            return wsclose_mandatory_ext_explain(negotiation, scene->bodies[side].reason, false);
    }
    return NULL;
}

static void
check_row(const row *r)
{
    stage scene = { .blocks = g_ptr_array_new_with_free_func(g_free) };
    const wsclose_neighbours neighbours = {
        .together = r->together,
        .alike = r->alike,
        .has_leg = r->stripped || r->between,
        .leg_stripped = r->stripped,
        .leg_between = r->between,
    };
    const char *const required[] = { r->required, NULL };
    wsclose_negotiation *negotiation = match(r->offer, r->response);
    wsclose_verdict_context context = { .connection = &scene.connection, .negotiation = negotiation };
    wsclose_verdict verdict;

    wsclose_negotiation_require(negotiation, required);
    wsclose_connection_init_over(&scene.connection, r->carrier);
    for (int number = 1; number <= STEPS_MAX && step_of(r, number)->deed != END; number++) {
        take(&scene, r, number);
        context.now = MAX(context.now, moment_of(r, number).time);
    }
    wsclose_mandatory_ext *claim = claim_of(&scene, r, negotiation);
    if (wsclose_connection_verdict(&scene.connection, &verdict))
        context.verdict = &verdict;
    for (size_t side = 0; side < 2; side++) {
        if (wsclose_connection_sent(&scene.connection, side))
            context.bodies[side] = &scene.bodies[side];
    }
    context.mandatory = claim;
    if (neighbours.together != 0 || neighbours.has_leg)
        context.neighbours = &neighbours;
    check_cause(r, &context);
    wsclose_mandatory_ext_free(claim);
    wsclose_negotiation_free(negotiation);
    g_ptr_array_free(scene.blocks, TRUE);
}

/* The opening handshake. */

static const row opening[] = {
    { "401: the client has no credentials", { REQUEST(0), RESPONSE(20, 401, 0) },
      CERTAIN("handshake_refused", AT_CLIENT, NO_TIME, 2), .actor = 'S' },
    { "404: the server has no such path", { REQUEST(0), RESPONSE(20, 404, 0) },
      CERTAIN("handshake_refused", AT_SERVER, NO_TIME, 2) },
    { "200 opens nothing over HTTP/1.1", { REQUEST(0), RESPONSE(20, 200, 0) },
      CERTAIN("handshake_refused", AT_SERVER, NO_TIME, 2) },
    { "refused, and the request is not captured", { RESPONSE(20, 404, 0) },
      CERTAIN("handshake_refused", AT_SERVER, NO_TIME, 1) },
    { "reset before an answer", { REQUEST(0), RST(5000, SERVER) },
      CERTAIN("handshake_unanswered", NOBODY, NO_TIME, 1), .actor = 'S' },
    { "ended in order before an answer", { REQUEST(0), FIN(5000, CLIENT), FIN(5010, SERVER) },
      CERTAIN("handshake_unanswered", NOBODY, NO_TIME, 1), .actor = 'C' },
    { "the answer is not HTTP", { REQUEST(0), NOT_HTTP(10), NOT_HTTP(20), FIN(30, CLIENT), FIN(40, SERVER) },
      CERTAIN("not_websocket", AT_SERVER, NO_TIME, 2), .actor = 'S' },
    { "and something is missing",
      { REQUEST(0), NOT_HTTP(10), MISSING(SERVER), FIN(30, CLIENT), FIN(40, SERVER) },
      LIKELY("unknown", NOBODY, NO_TIME, 0) },
    { "what follows an answer is no answer",
      { OPENED, NOT_HTTP(10), FIN(20, CLIENT), FIN(30, SERVER) },
      CERTAIN("transport_end", AT_CLIENT, NO_TIME, 4) },
    { "the answer may be among what is missing", { REQUEST(0), MISSING(SERVER), RST(5000, SERVER) },
      LIKELY("unknown", NOBODY, NO_TIME, 0) },
    { "the client leaves over a wrong Sec-WebSocket-Accept",
      { OPENED_WITH(WSCLOSE_FAULT_ACCEPT_WRONG), FIN(10, CLIENT), FIN(20, SERVER) },
      CERTAIN("handshake_invalid", AT_SERVER, NO_TIME, 2), .actor = 'S' },
    { "and says 1002 first",
      { OPENED_WITH(WSCLOSE_FAULT_UPGRADE), CLOSES(10, CLIENT, 1002, "") },
      CERTAIN("handshake_invalid", AT_SERVER, NO_TIME, 2) },
    { "the server leaves after it",
      { OPENED_WITH(WSCLOSE_FAULT_CONNECTION), FIN(10, SERVER), FIN(20, CLIENT) },
      LIKELY("handshake_invalid", AT_SERVER, NO_TIME, 2) },
    { "the client goes on all the same",
      { OPENED_WITH(WSCLOSE_FAULT_ACCEPT_WRONG), TEXT(100, CLIENT), CLOSES(300, CLIENT, 1000, "") },
      CERTAIN("application", NOBODY, NO_TIME, 4) },
    { "of several faults the first in the order of RFC 6455 counts",
      { OPENED_WITH(WSCLOSE_FAULT_EXT_UNSOLICITED | WSCLOSE_FAULT_SUBPROTOCOL |
                    WSCLOSE_FAULT_ACCEPT_MISSING), RST(10, CLIENT) },
      CERTAIN("handshake_invalid", AT_SERVER, NO_TIME, 2) },
    { "a subprotocol that was not offered",
      { OPENED_WITH(WSCLOSE_FAULT_SUBPROTOCOL | WSCLOSE_FAULT_EXT_INVALID), RST(10, CLIENT) },
      CERTAIN("subprotocol_unsolicited", AT_SERVER, NO_TIME, 2) },
    { "an extension that was not offered",
      { OPENED_WITH(WSCLOSE_FAULT_EXT_UNSOLICITED | WSCLOSE_FAULT_EXT_INVALID), RST(10, CLIENT) },
      CERTAIN("extension_unsolicited", AT_SERVER, NO_TIME, 2) },
    { "an extension that the offer does not allow so",
      { OPENED_WITH(WSCLOSE_FAULT_EXT_INVALID), RST(10, CLIENT) },
      CERTAIN("extension_invalid", AT_SERVER, NO_TIME, 2) },
    { "a browser leaves where no subprotocol is selected",
      { REQUEST(0), BROWSER, RESPONSE(0, 101, NO_SUBPROTOCOL), FIN(30, CLIENT), FIN(40, SERVER) },
      CERTAIN("subprotocol_unanswered", AT_SERVER, NO_TIME, 3) },
    { "some other client does",
      { OPENED_WITH(NO_SUBPROTOCOL), FIN(30, CLIENT), FIN(40, SERVER) },
      LIKELY("subprotocol_unanswered", AT_SERVER, NO_TIME, 2) },
    { "and says so", { OPENED_WITH(NO_SUBPROTOCOL), CLOSES(30, CLIENT, 1002, "no subprotocol") },
      CERTAIN("subprotocol_unanswered", AT_SERVER, NO_TIME, 2) },
    { "it says something else", { OPENED_WITH(NO_SUBPROTOCOL), CLOSES(30, CLIENT, 1000, "bye") },
      CERTAIN("application", NOBODY, NO_TIME, 3) },
    { "it leaves later", { OPENED_WITH(NO_SUBPROTOCOL), RST(2500, CLIENT) },
      CERTAIN("transport_end", AT_CLIENT, NO_TIME, 3) },
    { "it leaves after a frame", { OPENED_WITH(NO_SUBPROTOCOL), TEXT(10, SERVER), RST(30, CLIENT) },
      CERTAIN("transport_end", AT_CLIENT, NO_TIME, 4) },
    { "the server leaves where no subprotocol is selected",
      { OPENED_WITH(NO_SUBPROTOCOL), RST(30, SERVER) },
      CERTAIN("transport_end", AT_SERVER, NO_TIME, 3) },
    { "the client leaves where a required extension is declined", { OPENED, RST(30, CLIENT) },
      LIKELY("extension_declined", AT_SERVER, NO_TIME, 2), .offer = "foo", .required = "foo" },
    { "a required extension that was not offered", { OPENED, RST(30, CLIENT) },
      CERTAIN("transport_end", AT_CLIENT, NO_TIME, 3), .offer = "bar", .required = "foo" },
    { "declined, and no subprotocol either", { OPENED_WITH(NO_SUBPROTOCOL), RST(30, CLIENT) },
      LIKELY("subprotocol_unanswered", AT_SERVER, NO_TIME, 2), .offer = "foo", .required = "foo" },
    { "declined, and others end with it", { OPENED, RST(30, CLIENT) },
      LIKELY("extension_declined", AT_SERVER, NO_TIME, 2), .offer = "foo", .required = "foo",
      .together = 3 },
};

/* A Close with 1010. */

#define PMD "permessage-deflate"

static const row claims[] = {
    { "declined", { OPENED, CLOSES(10, CLIENT, 1010, PMD) },
      CERTAIN("extension_declined", AT_SERVER, NO_TIME, 2, 3), .offer = PMD },
    { "declined, and the reason names none", { OPENED, CLOSES(10, CLIENT, 1010, "") },
      CERTAIN("extension_declined", AT_SERVER, NO_TIME, 2, 3), .offer = "foo" },
    { "declined, for the proxy took it away", { OPENED, CLOSES(10, CLIENT, 1010, PMD) },
      CERTAIN("extension_stripped", BETWEEN, NO_TIME, 2, 3), .offer = PMD, .stripped = true },
    { "never offered", { OPENED, CLOSES(10, CLIENT, 1010, PMD) },
      CERTAIN("extension_declined", AT_CLIENT, NO_TIME, 1, 3), .actor = 'C' },
    { "never offered, and the reason names none", { OPENED, CLOSES(10, CLIENT, 1010, "") },
      CERTAIN("extension_declined", AT_CLIENT, NO_TIME, 1, 3), .actor = 'C' },
    { "never offered on this leg, for the proxy took it away",
      { OPENED, CLOSES(10, CLIENT, 1010, PMD) },
      CERTAIN("extension_stripped", BETWEEN, NO_TIME, 1, 3), .stripped = true },
    { "the client will not have what was accepted", { OPENED, CLOSES(10, CLIENT, 1010, PMD) },
      CERTAIN("extension_refused", AT_CLIENT, NO_TIME, 2, 3), .offer = PMD, .response = PMD },
    { "the server accepts what was not offered",
      { OPENED_WITH(WSCLOSE_FAULT_EXT_UNSOLICITED), CLOSES(10, CLIENT, 1010, "") },
      CERTAIN("extension_unsolicited", AT_SERVER, NO_TIME, 2, 3), .response = PMD },
    { "the server accepts it with parameters that it must not have",
      { OPENED_WITH(WSCLOSE_FAULT_EXT_INVALID), CLOSES(10, CLIENT, 1010, PMD) },
      CERTAIN("extension_invalid", AT_SERVER, NO_TIME, 2, 3), .offer = PMD,
      .response = PMD "; client_max_window_bits=9" },
    { "the client says it second", { OPENED, CLOSE(10, SERVER, 1000, ""), CLOSE(20, CLIENT, 1010, PMD) },
      CERTAIN("extension_declined", AT_SERVER, NO_TIME, 2, 4), .offer = PMD },
    { "the client gets no answer to it", { OPENED, CLOSE(10, CLIENT, 1010, PMD), RST(9000, CLIENT) },
      CERTAIN("extension_declined", AT_SERVER, NO_TIME, 2, 3), .offer = PMD },
    { "a server says it", { OPENED, CLOSES(10, SERVER, 1010, PMD) },
      CERTAIN("application", AT_SERVER, NO_TIME, 3), .offer = PMD },
    { "nobody has looked at it", { OPENED, CLOSES(10, CLIENT, 1010, PMD) },
      CERTAIN("application", AT_CLIENT, NO_TIME, 3), .offer = PMD, .unclaimed = true },
    { "the handshake is not captured", { TEXT(0, CLIENT), CLOSES(10, CLIENT, 1010, PMD) },
      LIKELY("unknown", NOBODY, NO_TIME, 0), .offer = UNSEEN, .response = UNSEEN },
};

/* What breaks the protocol. */

static const row broken[] = {
    { "a client does not mask", { OPENED, BAD_TEXT(10, CLIENT), RST(20, SERVER) },
      CERTAIN("frame_breach", AT_CLIENT, NO_TIME, 3), .actor = 'C' },
    { "a server masks", { OPENED, BAD_TEXT(10, SERVER), CLOSE(20, CLIENT, 1002, ""), FIN(30, CLIENT),
                          FIN(40, SERVER) },
      CERTAIN("frame_breach", AT_SERVER, NO_TIME, 3), .actor = 'S' },
    { "again and again the same way: its first time counts",
      { OPENED, BAD_TEXT(10, SERVER), BAD_TEXT(11, SERVER), RST(20, CLIENT) },
      CERTAIN("frame_breach", AT_SERVER, NO_TIME, 3) },
    { "in several ways",
      { OPENED, BAD_TEXT(10, SERVER), TEXT_THAT(11, SERVER, RSV1), RST(20, CLIENT) },
      CERTAIN("out_of_step", AT_SERVER, NO_TIME, 3) },
    { "several rules, and it may be text",
      { OPENED, TEXT_THAT(10, CLIENT, GARBLED | IN_PART), RST(20, SERVER) },
      LIKELY("out_of_step", AT_CLIENT, NO_TIME, 3) },
    { "one rule, and it may be text",
      { OPENED, TEXT_THAT(10, CLIENT, RSV1 | IN_PART), RST(20, SERVER) },
      LIKELY("frame_breach", AT_CLIENT, NO_TIME, 3) },
    { "several rules with one frame", { OPENED, TEXT_THAT(10, CLIENT, GARBLED), RST(20, SERVER) },
      CERTAIN("out_of_step", AT_CLIENT, NO_TIME, 3) },
    { "text in place of a frame",
      { OPENED, TEXT_THAT(10, SERVER, GARBLED | IN_PLACE), RST(20, CLIENT) },
      CERTAIN("not_websocket", AT_SERVER, NO_TIME, 3) },
    { "and what follows it breaks other rules",
      { OPENED, TEXT_THAT(10, SERVER, GARBLED | IN_PLACE), BAD_TEXT(11, SERVER), RST(20, CLIENT) },
      CERTAIN("not_websocket", AT_SERVER, NO_TIME, 3) },
    { "text behind a breach is what a wrong length leaves",
      { OPENED, BAD_TEXT(10, SERVER), TEXT_THAT(11, SERVER, GARBLED | IN_PLACE), RST(20, CLIENT) },
      CERTAIN("out_of_step", AT_SERVER, NO_TIME, 3) },
    { "the peer goes on twice: it tolerates it",
      { OPENED, BAD_TEXT(10, CLIENT), GOES_ON(20, SERVER), BAD_TEXT(30, CLIENT), GOES_ON(40, SERVER),
        CLOSES(60, SERVER, 1000, "") },
      CERTAIN("application", NOBODY, NO_TIME, 7) },
    { "the peer goes on once: what was under way",
      { OPENED, BAD_TEXT(10, CLIENT), GOES_ON(20, SERVER), CLOSES(60, SERVER, 1000, "") },
      CERTAIN("frame_breach", AT_CLIENT, NO_TIME, 3) },
    { "the peer sends a second later: it tolerates it",
      { OPENED, BAD_TEXT(10, CLIENT), TEXT(1010, SERVER), RST(1234, SERVER) },
      CERTAIN("transport_end", AT_SERVER, NO_TIME, 5) },
    { "of one kind it tolerates it, of another it does not",
      { OPENED, BAD_TEXT(10, CLIENT), TEXT(1010, SERVER), TEXT_THAT(1020, CLIENT, MASK_WRONG | RSV1),
        RST(1030, SERVER) },
      CERTAIN("frame_breach", AT_CLIENT, NO_TIME, 5) },
    { "a breach, and octets of its receiver are missing",
      { OPENED, BAD_TEXT(10, CLIENT), MISSING(SERVER), RST(20, SERVER) },
      LIKELY("unknown", NOBODY, NO_TIME, 0) },
    { "a Close that must not be", { OPENED, BAD_CLOSE(10, SERVER, 1005), CLOSE(20, CLIENT, 1002, "") },
      CERTAIN("close_illegal", AT_SERVER, NO_TIME, 3), .actor = 'S' },
    { "an answer that must not be", { OPENED, CLOSE(10, CLIENT, 1000, ""), BAD_CLOSE(20, SERVER, 1005) },
      CERTAIN("close_illegal", AT_SERVER, NO_TIME, 4) },
    { "two that must not be: the first one",
      { OPENED, BAD_CLOSE(10, CLIENT, 1005), BAD_CLOSE(20, SERVER, 1005) },
      CERTAIN("close_illegal", AT_CLIENT, NO_TIME, 3) },
};

static const row breach_first[] = {
    { "a breach, and a Close that must not be",
      { OPENED, BAD_TEXT(10, SERVER), BAD_CLOSE(15, SERVER, 1005), RST(20, CLIENT) },
      CERTAIN("frame_breach", AT_SERVER, NO_TIME, 3) },
    { "a breach by one, and a Close of the other that must not be",
      { OPENED, BAD_TEXT(10, SERVER), BAD_CLOSE(15, CLIENT, 1005), RST(20, SERVER) },
      CERTAIN("frame_breach", AT_SERVER, NO_TIME, 3) },
    { "a breach, and a Ping without a Pong",
      { OPENED, PING(10, SERVER, "a"), BAD_TEXT(20000, CLIENT), CLOSES(20010, SERVER, 1011, "ping timeout") },
      CERTAIN("frame_breach", AT_CLIENT, NO_TIME, 4) },
    { "a breach, and what nobody acknowledges",
      { OPENED, TEXT(10, CLIENT), REPEATED(CLIENT, 3, 5), BAD_TEXT(2000, SERVER), RST(2010, CLIENT) },
      CERTAIN("frame_breach", AT_SERVER, NO_TIME, 5) },
    { "a breach, and a text that is not UTF-8",
      { OPENED, BAD_TEXT(10, CLIENT), TEXT_THAT(20, CLIENT, MASK_WRONG | NOT_UTF8),
        CLOSES(30, SERVER, 1007, "") },
      CERTAIN("frame_breach", AT_CLIENT, NO_TIME, 3) },
    { "a breach, and an alert of TLS", { OPENED, BAD_TEXT(10, CLIENT), ALERT(20, SERVER), RST(30, SERVER) },
      CERTAIN("frame_breach", AT_CLIENT, NO_TIME, 3) },
    { "a breach, and a response that had to be rejected, and was not",
      { OPENED_WITH(WSCLOSE_FAULT_ACCEPT_WRONG), BAD_TEXT(10, CLIENT), RST(20, SERVER) },
      CERTAIN("frame_breach", AT_CLIENT, NO_TIME, 3) },
    { "a breach, and others that end with it", { OPENED, BAD_TEXT(10, CLIENT), RST(20, SERVER) },
      CERTAIN("frame_breach", AT_CLIENT, NO_TIME, 3), .together = 5 },
    { "a Close that must not be, and a Ping without a Pong",
      { OPENED, PING(10, SERVER, "a"), BAD_CLOSE(20010, SERVER, 1005), RST(20020, CLIENT) },
      CERTAIN("close_illegal", AT_SERVER, NO_TIME, 4) },
    { "a Close that must not be, and what nobody acknowledges",
      { OPENED, TEXT(10, SERVER), REPEATED(SERVER, 3, 5), BAD_CLOSE(5000, SERVER, 1005), RST(6000, CLIENT) },
      CERTAIN("close_illegal", AT_SERVER, NO_TIME, 5) },
};

/* Messages. */

static const row messages[] = {
    { "a text that is not UTF-8, and 1007",
      { OPENED, TEXT_THAT(10, CLIENT, NOT_UTF8), CLOSES(20, SERVER, 1007, "") },
      CERTAIN("text_not_utf8", AT_CLIENT, NO_TIME, 3), .actor = 'C' },
    { "and 1008 in its place", { OPENED, TEXT_THAT(10, CLIENT, NOT_UTF8), CLOSES(20, SERVER, 1008, "") },
      CERTAIN("text_not_utf8", AT_CLIENT, NO_TIME, 3) },
    { "and a reset at once", { OPENED, TEXT_THAT(10, SERVER, NOT_UTF8), RST(20, CLIENT) },
      CERTAIN("text_not_utf8", AT_SERVER, NO_TIME, 3) },
    { "and a reset six seconds later", { OPENED, TEXT_THAT(10, SERVER, NOT_UTF8), RST(6321, CLIENT) },
      CERTAIN("transport_end", AT_CLIENT, NO_TIME, 4) },
    { "its receiver goes on first",
      { OPENED, TEXT_THAT(10, SERVER, NOT_UTF8), TEXT(20, CLIENT), RST(30, CLIENT) },
      CERTAIN("transport_end", AT_CLIENT, NO_TIME, 5) },
    { "another message came after it",
      { OPENED, TEXT_THAT(10, CLIENT, NOT_UTF8), TEXT(15, CLIENT), CLOSES(20, SERVER, 1011, "") },
      CERTAIN("application", AT_SERVER, NO_TIME, 5) },
    { "a Ping came after it",
      { OPENED, TEXT_THAT(10, CLIENT, NOT_UTF8), PING(15, CLIENT, "a"), CLOSES(20, SERVER, 1007, "") },
      CERTAIN("text_not_utf8", AT_CLIENT, NO_TIME, 3) },
    { "its receiver closes with 1000",
      { OPENED, TEXT_THAT(10, CLIENT, NOT_UTF8), CLOSES(20, SERVER, 1000, "") },
      CERTAIN("application", NOBODY, NO_TIME, 4) },
    { "its sender closes with 1007",
      { OPENED, TEXT_THAT(10, CLIENT, NOT_UTF8), CLOSES(20, CLIENT, 1007, "") },
      CERTAIN("application", AT_CLIENT, NO_TIME, 4) },
    { "a text that is not UTF-8, and 1009",
      { OPENED, TEXT_THAT(10, CLIENT, NOT_UTF8), CLOSES(20, SERVER, 1009, "") },
      CERTAIN("message_too_big", AT_SERVER, NO_TIME, 3) },
    { "what cannot be inflated, and 1007",
      { OPENED_WITH(COMPRESSES), TEXT_THAT(10, CLIENT, RSV1 | NOT_INFLATED), CLOSES(20, SERVER, 1007, "") },
      CERTAIN("compression_broken", AT_CLIENT, NO_TIME, 3) },
    { "and a reset at once",
      { OPENED_WITH(COMPRESSES), TEXT_THAT(10, CLIENT, RSV1 | NOT_INFLATED), RST(20, SERVER) },
      LIKELY("compression_broken", AT_CLIENT, NO_TIME, 3) },
    { "and 1002 with a word of compression: it is broken all the same",
      { OPENED_WITH(COMPRESSES), TEXT_THAT(10, SERVER, RSV1 | NOT_INFLATED),
        CLOSES(20, CLIENT, 1002, "compression error") },
      CERTAIN("compression_broken", AT_SERVER, NO_TIME, 3) },
    { "nobody has inflated it: a binary message, and 1007",
      { OPENED_WITH(COMPRESSES), BINARY_THAT(10, CLIENT, RSV1 | UNREAD), CLOSES(20, SERVER, 1007, "") },
      LIKELY("compression_broken", AT_CLIENT, NO_TIME, 3) },
    { "a text may be either",
      { OPENED_WITH(COMPRESSES), TEXT_THAT(10, CLIENT, RSV1 | UNREAD), CLOSES(20, SERVER, 1007, "") },
      LIKELY("unknown", NOBODY, NO_TIME, 3) },
    { "a text, and the reason says inflate",
      { OPENED_WITH(COMPRESSES), TEXT_THAT(10, CLIENT, RSV1 | UNREAD),
        CLOSES(20, SERVER, 1007, "cannot inflate") },
      CERTAIN("compression_broken", AT_CLIENT, NO_TIME, 3) },
    { "a text, and the reason says decompress",
      { OPENED_WITH(COMPRESSES), TEXT_THAT(10, CLIENT, RSV1 | UNREAD),
        CLOSES(20, SERVER, 1007, "decompression failed") },
      CERTAIN("compression_broken", AT_CLIENT, NO_TIME, 3) },
    { "a text, and the reason says UTF-8",
      { OPENED_WITH(COMPRESSES), TEXT_THAT(10, CLIENT, RSV1 | UNREAD),
        CLOSES(20, SERVER, 1007, "Invalid UTF-8 sequence") },
      CERTAIN("text_not_utf8", AT_CLIENT, NO_TIME, 3) },
    { "a text, and a reset",
      { OPENED_WITH(COMPRESSES), TEXT_THAT(10, CLIENT, RSV1 | UNREAD), RST(20, SERVER) },
      LIKELY("transport_end", AT_SERVER, NO_TIME, 4) },
    { "the client will not have its first compressed message",
      { OPENED_WITH(COMPRESSES), TEXT_THAT(10, SERVER, RSV1 | UNREAD), CLOSES(20, CLIENT, 1002, "") },
      LIKELY("extension_refused", AT_CLIENT, NO_TIME, 1, 3, 4), .actor = 'C' },
    { "and says so",
      { OPENED_WITH(COMPRESSES), TEXT_THAT(10, SERVER, RSV1 | UNREAD),
        CLOSES(20, CLIENT, 1002, "Unexpected RSV1") },
      CERTAIN("extension_refused", AT_CLIENT, NO_TIME, 1, 3, 4) },
    { "it has taken compressed messages before",
      { OPENED_WITH(COMPRESSES), TEXT_THAT(10, SERVER, RSV1), TEXT_THAT(15, SERVER, RSV1),
        CLOSES(20, CLIENT, 1002, "") },
      CERTAIN("application", AT_CLIENT, NO_TIME, 5) },
    { "the message is not compressed",
      { OPENED_WITH(COMPRESSES), TEXT(10, SERVER), CLOSES(20, CLIENT, 1002, "") },
      CERTAIN("application", AT_CLIENT, NO_TIME, 4) },
    { "nothing was negotiated that compresses: a breach",
      { OPENED, TEXT_THAT(10, SERVER, RSV1), CLOSES(20, CLIENT, 1002, "RSV1") },
      CERTAIN("frame_breach", AT_SERVER, NO_TIME, 3) },
    { "1009", { OPENED, TEXT(10, CLIENT), CLOSES(20, SERVER, 1009, "") },
      CERTAIN("message_too_big", AT_SERVER, NO_TIME, 3), .actor = 'S' },
    { "1009 without a message", { OPENED, CLOSES(20, SERVER, 1009, "") },
      CERTAIN("message_too_big", AT_SERVER, NO_TIME, 3) },
    { "1009 with a word of a maximum",
      { OPENED, TEXT(10, CLIENT), CLOSES(20, SERVER, 1009, "over the maximum size") },
      CERTAIN("message_too_big", AT_SERVER, NO_TIME, 3) },
    { "1009 while a Ping waits",
      { OPENED, PING(10, SERVER, "a"), TEXT(20000, CLIENT), CLOSES(20010, SERVER, 1009, "") },
      CERTAIN("message_too_big", AT_SERVER, NO_TIME, 4) },
};

/* TCP, TLS, streams. */

static const row paths[] = {
    { "sent again five times, and a reset",
      { OPENED, TEXT(5000, CLIENT), REPEATED(CLIENT, 3, 5), RST(30000, CLIENT) },
      CERTAIN("path_dead", BETWEEN, 25000, 3), .actor = 'C' },
    { "the server's, sent again three times",
      { OPENED, TEXT(5000, SERVER), REPEATED(SERVER, 3, 3), RST(30000, SERVER) },
      CERTAIN("path_dead", BETWEEN, 25000, 3), .actor = 'S' },
    { "sent again twice", { OPENED, TEXT(5000, CLIENT), REPEATED(CLIENT, 3, 2), RST(8321, CLIENT) },
      CERTAIN("transport_end", AT_CLIENT, NO_TIME, 5) },
    { "acknowledged at last",
      { OPENED, TEXT(5000, CLIENT), REPEATED(CLIENT, 3, 5), ACKNOWLEDGED(CLIENT), RST(8321, CLIENT) },
      CERTAIN("transport_end", AT_CLIENT, NO_TIME, 6) },
    { "acknowledged, and others are sent again once",
      { OPENED, TEXT(5000, CLIENT), REPEATED(CLIENT, 3, 5), ACKNOWLEDGED(CLIENT),
        TEXT(6000, CLIENT), REPEATED(CLIENT, 6, 1), RST(8321, CLIENT) },
      CERTAIN("transport_end", AT_CLIENT, NO_TIME, 8) },
    { "the peer ends first: it was there",
      { OPENED, TEXT(5000, CLIENT), REPEATED(CLIENT, 3, 5), RST(8321, SERVER) },
      CERTAIN("transport_end", AT_SERVER, NO_TIME, 5) },
    { "a Close that nobody acknowledges",
      { OPENED, CLOSE(5000, CLIENT, 1000, ""), REPEATED(CLIENT, 3, 5), RST(30000, CLIENT) },
      CERTAIN("path_dead", BETWEEN, 25000, 3) },
    { "a request that nobody acknowledges",
      { REQUEST(0), REPEATED(CLIENT, 1, 5), RST(30000, CLIENT) },
      CERTAIN("path_dead", BETWEEN, 30000, 1) },
    { "path and Ping: the path explains the Ping",
      { OPENED, PING(5000, SERVER, "a"), REPEATED(SERVER, 3, 5), RST(30000, SERVER) },
      CERTAIN("path_dead", BETWEEN, 25000, 3), .actor = 'S' },
    { "path and a Ping that was received",
      { OPENED, PING(5000, SERVER, "a"), TEXT(6000, SERVER), REPEATED(SERVER, 4, 5),
        CLOSE(30000, SERVER, 1011, "ping timeout"), RST(31000, SERVER) },
      CERTAIN("path_dead", BETWEEN, 25000, 4) },
    { "path, idle, and others that end",
      { OPENED, TEXT(0, CLIENT), REPEATED(CLIENT, 3, 5), RST(60000, CLIENT) },
      CERTAIN("path_dead", BETWEEN, 60000, 3), .together = 4, .between = true },
    { "a fatal alert", { OPENED, ALERT(5000, SERVER), RST(5010, SERVER) },
      CERTAIN("tls_alert", AT_SERVER, NO_TIME, 3), .actor = 'S' },
    { "a fatal alert after one Close",
      { OPENED, CLOSE(5000, CLIENT, 1000, ""), ALERT(5005, SERVER), RST(5010, SERVER) },
      CERTAIN("tls_alert", AT_SERVER, NO_TIME, 4) },
    { "a fatal alert, and a Close that tells more may be missing",
      { OPENED, MISSING(SERVER), TEXT(4000, SERVER), ALERT(5000, CLIENT), RST(5010, CLIENT) },
      LIKELY("tls_alert", AT_CLIENT, NO_TIME, 5) },
    { "an alert between two Closes",
      { OPENED, CLOSE(5000, CLIENT, 1000, ""), ALERT(5005, CLIENT), CLOSE(5010, SERVER, 1000, "") },
      CERTAIN("application", NOBODY, NO_TIME, 3) },
    { "an alert while a Ping waits",
      { OPENED, PING(10, SERVER, "a"), ALERT(20000, CLIENT), RST(20010, SERVER) },
      CERTAIN("tls_alert", AT_CLIENT, NO_TIME, 4) },
    { "RST_STREAM with an error", { OPENED_STREAM, TEXT(10, CLIENT), RESET_STREAM(1234, SERVER, 2) },
      CERTAIN("stream_error", AT_SERVER, NO_TIME, 4), .actor = 'S', .carrier = WSCLOSE_CARRIER_HTTP2 },
    { "RST_STREAM with NO_ERROR", { OPENED_STREAM, TEXT(10, CLIENT), RESET_STREAM(1234, SERVER, 0) },
      CERTAIN("transport_end", AT_SERVER, NO_TIME, 4), .carrier = WSCLOSE_CARRIER_HTTP2 },
    { "H3_NO_ERROR is another number",
      { OPENED_STREAM, TEXT(10, CLIENT), RESET_STREAM(1234, CLIENT, 0x100) },
      CERTAIN("transport_end", AT_CLIENT, NO_TIME, 4), .carrier = WSCLOSE_CARRIER_HTTP3 },
    { "0 is an error over HTTP/3", { OPENED_STREAM, TEXT(10, CLIENT), RESET_STREAM(1234, CLIENT, 0) },
      CERTAIN("stream_error", AT_CLIENT, NO_TIME, 4), .carrier = WSCLOSE_CARRIER_HTTP3 },
    { "an error in answer to END_STREAM",
      { OPENED_STREAM, FIN(1234, CLIENT), RESET_STREAM(1240, SERVER, 8) },
      CERTAIN("stream_error", AT_SERVER, NO_TIME, 4), .carrier = WSCLOSE_CARRIER_HTTP2 },
    { "GOAWAY with an error leaves the stream out", { OPENED_STREAM, GOAWAY(1234, SERVER, 0, 2) },
      CERTAIN("stream_error", AT_SERVER, NO_TIME, 3), .carrier = WSCLOSE_CARRIER_HTTP2 },
    { "GOAWAY with NO_ERROR leaves it out", { OPENED_STREAM, GOAWAY(1234, SERVER, 0, 0) },
      CERTAIN("transport_end", AT_SERVER, NO_TIME, 3), .carrier = WSCLOSE_CARRIER_HTTP2 },
    { "GOAWAY with an error, and TCP ends under the stream",
      { OPENED_STREAM, GOAWAY(1234, SERVER, 1, 11), RST_UNDER(1240, SERVER) },
      CERTAIN("stream_error", AT_SERVER, NO_TIME, 4), .carrier = WSCLOSE_CARRIER_HTTP2 },
    { "GOAWAY whose code is cut, and TCP ends under the stream",
      { OPENED_STREAM, GOAWAY(1234, SERVER, 1, CODE_CUT), FIN_UNDER(1240, CLIENT), FIN_UNDER(1241, SERVER) },
      LIKELY("transport_end", AT_CLIENT, NO_TIME, 4), .carrier = WSCLOSE_CARRIER_HTTP2 },
    { "GOAWAY whose code is cut while a Ping waits",
      { OPENED_STREAM, PING(10, SERVER, "a"), GOAWAY(20000, SERVER, 1, CODE_CUT), RST_UNDER(20001, SERVER) },
      LIKELY("ping_unanswered", AT_CLIENT, 19991, 3), .carrier = WSCLOSE_CARRIER_HTTP2 },
    { "RST_STREAM of the other side in answer to a GOAWAY whose code is cut",
      { OPENED_STREAM, GOAWAY(1234, SERVER, 1, CODE_CUT), FIN_UNDER(1240, SERVER), RESET_STREAM(1241, CLIENT, 8) },
      LIKELY("stream_error", AT_CLIENT, NO_TIME, 5), .carrier = WSCLOSE_CARRIER_HTTP2 },
    { "GOAWAY has no code over HTTP/3",
      { OPENED_STREAM, GOAWAY(1234, SERVER, 5, CODE_CUT), RST_UNDER(1240, SERVER) },
      CERTAIN("transport_end", AT_SERVER, NO_TIME, 4), .carrier = WSCLOSE_CARRIER_HTTP3 },
    { "an error after a Close",
      { OPENED_STREAM, CLOSE(1000, CLIENT, 1000, ""), RESET_STREAM(1005, SERVER, 8) },
      CERTAIN("close_unanswered", AT_SERVER, 5, 3), .carrier = WSCLOSE_CARRIER_HTTP2 },
    { "an error while a Ping waits",
      { OPENED_STREAM, PING(10, SERVER, "a"), RESET_STREAM(20000, SERVER, 8) },
      CERTAIN("stream_error", AT_SERVER, NO_TIME, 4), .carrier = WSCLOSE_CARRIER_HTTP2 },
    { "a reset is all that answers after a long silence",
      { OPENED, TEXT(1000, SERVER), TEXT(301000, CLIENT), WOKEN(4, 300000), RST(301020, SERVER) },
      CERTAIN("flow_forgotten", BETWEEN, 300000, 4, 6), .actor = '?' },
    { "what wakes it is a Close",
      { OPENED, TEXT(1000, SERVER), CLOSE(301000, CLIENT, 1000, ""), WOKEN(4, 300000),
        RST(301020, SERVER) },
      CERTAIN("flow_forgotten", BETWEEN, 300000, 4, 6) },
    { "what wakes it is a Ping, sent again in vain",
      { OPENED, TEXT(1000, SERVER), PING(301000, CLIENT, "a"), WOKEN(4, 300000), RST(311000, SERVER) },
      CERTAIN("flow_forgotten", BETWEEN, 300000, 4, 6) },
    { "a Ping without a Pong before the silence",
      { OPENED, PING(1000, SERVER, "a"), TEXT(301000, SERVER), WOKEN(4, 300000), RST(301020, CLIENT) },
      CERTAIN("flow_forgotten", BETWEEN, 300000, 4, 6) },
    { "forgotten together with others",
      { OPENED, TEXT(1000, SERVER), TEXT(301000, CLIENT), WOKEN(4, 300000), RST(301020, SERVER) },
      CERTAIN("flow_forgotten", BETWEEN, 300000, 4, 6), .together = 3 },
};

/* Pings. */

static const row pings[] = {
    { "no Pong, and TCP is ended",
      { OPENED, PING(1000, SERVER, "a"), FIN(21000, SERVER), FIN(21010, CLIENT) },
      CERTAIN("ping_unanswered", AT_CLIENT, 20000, 3), .actor = 'C' },
    { "no Pong, and a reset", { OPENED, PING(1000, CLIENT, "a"), RST(11000, CLIENT) },
      CERTAIN("ping_unanswered", AT_SERVER, 10000, 3), .actor = 'S' },
    { "no Pong, and 1011",
      { OPENED, PING(1000, SERVER, "a"), CLOSE(21000, SERVER, 1011, ""), RST(31000, SERVER) },
      CERTAIN("ping_unanswered", AT_CLIENT, 20000, 3) },
    { "no Pong, and the reason says so",
      { OPENED, PING(1000, SERVER, "a"), CLOSES(21000, SERVER, 1000, "Keepalive ping timeout") },
      CERTAIN("ping_unanswered", AT_CLIENT, 20000, 3) },
    { "no Pong, and 1001 without a reason",
      { OPENED, PING(1000, SERVER, "a"), CLOSES(21000, SERVER, 1001, "") },
      LIKELY("ping_unanswered", AT_CLIENT, 20000, 3) },
    { "no Pong, and an empty Close",
      { OPENED, PING(1000, SERVER, "a"), CLOSES(21000, SERVER, EMPTY, "") },
      LIKELY("ping_unanswered", AT_CLIENT, 20000, 3) },
    { "no Pong, and the reason says timeout",
      { OPENED, PING(1000, SERVER, "a"), CLOSES(21000, SERVER, 1000, "timed out") },
      LIKELY("ping_unanswered", AT_CLIENT, 20000, 3) },
    { "no Pong, and the reason is about something else",
      { OPENED, PING(1000, SERVER, "a"), CLOSES(21000, SERVER, 1000, "bye") },
      CERTAIN("application", NOBODY, NO_TIME, 4) },
    { "no Pong, though a message came",
      { OPENED, PING(1000, SERVER, "a"), TEXT(20500, CLIENT), CLOSES(21000, SERVER, 1011, "") },
      CERTAIN("ping_unanswered", AT_CLIENT, 20000, 3) },
    { "no Pong, and it is the other one that leaves",
      { OPENED, PING(1000, SERVER, "a"), CLOSES(4321, CLIENT, 1000, "") },
      CERTAIN("application", NOBODY, NO_TIME, 4) },
    { "a Ping that was answered",
      { OPENED, PING(1000, SERVER, "a"), PONG(1010, CLIENT, "a"), RST(4321, SERVER) },
      CERTAIN("transport_end", AT_SERVER, NO_TIME, 5) },
    { "5 ms before 1000 is no time to answer",
      { OPENED, PING(1000, SERVER, "a"), CLOSES(1005, SERVER, 1000, "") },
      CERTAIN("application", NOBODY, NO_TIME, 4) },
    { "999 ms before a reset", { OPENED, PING(1000, SERVER, "a"), RST(1999, SERVER) },
      CERTAIN("transport_end", AT_SERVER, NO_TIME, 4) },
    { "one second before a reset", { OPENED, PING(1000, SERVER, "a"), RST(2000, SERVER) },
      CERTAIN("ping_unanswered", AT_CLIENT, 1000, 3) },
    { "a Pong that was not asked for answers no Ping",
      { OPENED, PONG(500, CLIENT, "b"), PING(1000, SERVER, "a"), PONG(2000, CLIENT, "b"),
        RST(21000, SERVER) },
      CERTAIN("ping_unanswered", AT_CLIENT, 20000, 4) },
    { "one's own Pong does not either",
      { OPENED, PING(1000, SERVER, "a"), PONG(2000, SERVER, "a"), RST(21000, SERVER) },
      CERTAIN("ping_unanswered", AT_CLIENT, 20000, 3) },
    { "of several without a Pong the oldest counts",
      { OPENED, PING(1000, SERVER, "a"), PING(11000, SERVER, "b"), RST(21000, SERVER) },
      CERTAIN("ping_unanswered", AT_CLIENT, 20000, 3) },
    { "the Pong to the latest answers those before it",
      { OPENED, PING(1000, SERVER, "a"), PING(11000, SERVER, "b"), PONG(11010, CLIENT, "b"),
        RST(14321, SERVER) },
      CERTAIN("transport_end", AT_SERVER, NO_TIME, 6) },
    { "of several outstanding one has its Pong: which one waits is not known any more",
      { OPENED, PING(1000, SERVER, "a"), PING(11000, SERVER, "b"), PONG(11010, CLIENT, "a"),
        RST(14321, SERVER) },
      CERTAIN("transport_end", AT_SERVER, NO_TIME, 6) },
    { "and the next one waits on its own",
      { OPENED, PING(1000, SERVER, "a"), PING(11000, SERVER, "b"), PONG(11010, CLIENT, "a"),
        PING(21000, SERVER, "c"), RST(31000, SERVER) },
      CERTAIN("ping_unanswered", AT_CLIENT, 10000, 6) },
    { "after an answered Ping one that is not",
      { OPENED, PING(1000, SERVER, "a"), PONG(1010, CLIENT, "a"), PING(11000, SERVER, "b"),
        RST(21000, SERVER) },
      CERTAIN("ping_unanswered", AT_CLIENT, 10000, 5) },
    { "the Pong may be among what is missing",
      { OPENED, PING(1000, SERVER, "a"), MISSING(CLIENT), RST(21000, SERVER) },
      LIKELY("unknown", NOBODY, NO_TIME, 0) },
    { "no Pong, and a minute of silence", { OPENED, PING(1000, SERVER, "a"), RST(61000, SERVER) },
      CERTAIN("ping_unanswered", AT_CLIENT, 60000, 3) },
    { "no Pong, and others end with it", { OPENED, PING(1000, SERVER, "a"), RST(21000, SERVER) },
      CERTAIN("ping_unanswered", AT_CLIENT, 20000, 3), .together = 3, .between = true },
};

/* Silence and age. */

static const row silences[] = {
    { "a minute of silence, and a reset", { OPENED, TEXT(1000, CLIENT), RST(61000, SERVER) },
      LIKELY("idle_timeout", BETWEEN, 60000, 3), .actor = 'S' },
    { "a minute since the response", { OPENED, FIN(60000, SERVER), FIN(60010, CLIENT) },
      LIKELY("idle_timeout", BETWEEN, 60000, 2) },
    { "7 s are a timer's where nobody says why", { OPENED, TEXT(1000, CLIENT), RST(8010, SERVER) },
      LIKELY("idle_timeout", BETWEEN, 7010, 3) },
    { "7.321 s are none", { OPENED, TEXT(1000, CLIENT), RST(8321, SERVER) },
      CERTAIN("transport_end", AT_SERVER, NO_TIME, 4) },
    { "a minute of silence, and 1000", { OPENED, TEXT(1000, CLIENT), CLOSES(61000, SERVER, 1000, "") },
      LIKELY("idle_timeout", AT_SERVER, 60000, 3) },
    { "a minute of silence, and 1001", { OPENED, TEXT(1000, CLIENT), CLOSES(61000, CLIENT, 1001, "") },
      LIKELY("idle_timeout", AT_CLIENT, 60000, 3) },
    { "25 s of silence, and 1000", { OPENED, TEXT(1000, CLIENT), CLOSES(26000, SERVER, 1000, "") },
      LIKELY("idle_timeout", AT_SERVER, 25000, 3) },
    { "7 s of silence, and 1000", { OPENED, TEXT(1000, CLIENT), CLOSES(8000, SERVER, 1000, "") },
      CERTAIN("application", NOBODY, NO_TIME, 4) },
    { "7 s of silence, and 1001", { OPENED, TEXT(1000, CLIENT), CLOSES(8000, SERVER, 1001, "") },
      CERTAIN("going_away", AT_SERVER, NO_TIME, 4) },
    { "a minute of silence, and an empty Close",
      { OPENED, TEXT(1000, CLIENT), CLOSES(61000, SERVER, EMPTY, "") },
      LIKELY("idle_timeout", AT_SERVER, 60000, 3) },
    { "25 s of silence, and an empty Close",
      { OPENED, TEXT(1000, CLIENT), CLOSES(26000, SERVER, EMPTY, "") },
      CERTAIN("application", NOBODY, NO_TIME, 4) },
    { "a minute of silence, and 1011", { OPENED, TEXT(1000, CLIENT), CLOSES(61000, SERVER, 1011, "") },
      CERTAIN("application", AT_SERVER, NO_TIME, 4) },
    { "a minute of silence, and a reason of another kind",
      { OPENED, TEXT(1000, CLIENT), CLOSES(61000, SERVER, 1000, "bye") },
      CERTAIN("application", NOBODY, NO_TIME, 4) },
    { "1001 with a reason of another kind",
      { OPENED, TEXT(1000, CLIENT), CLOSES(61000, SERVER, 1001, "restart") },
      CERTAIN("going_away", AT_SERVER, NO_TIME, 4) },
    { "any silence, and the reason says idle",
      { OPENED, TEXT(1000, CLIENT), CLOSES(8321, SERVER, 1001, "Idle Timeout") },
      CERTAIN("idle_timeout", AT_SERVER, 7321, 3) },
    { "1000 that says inactivity",
      { OPENED, TEXT(1000, CLIENT), CLOSES(8321, CLIENT, 1000, "closed for inactivity") },
      CERTAIN("idle_timeout", AT_CLIENT, 7321, 3) },
    { "the reason says idle, and there was no silence",
      { OPENED, TEXT(1000, CLIENT), TEXT(7000, SERVER), TEXT(7100, CLIENT),
        CLOSES(8321, SERVER, 1000, "idle") },
      CERTAIN("application", NOBODY, NO_TIME, 6) },
    { "the reason says idle, and it was idle but for Pings",
      { OPENED, TEXT(1000, CLIENT), PING(30000, SERVER, "a"), PONG(30010, CLIENT, "a"),
        PING(60000, SERVER, "b"), PONG(60010, CLIENT, "b"), CLOSES(61000, SERVER, 1001, "idle") },
      CERTAIN("idle_timeout", AT_SERVER, 60000, 3) },
    { "no reason, and it was idle but for Pings",
      { OPENED, TEXT(1000, CLIENT), PING(30000, SERVER, "a"), PONG(30010, CLIENT, "a"),
        PING(60000, SERVER, "b"), PONG(60010, CLIENT, "b"), RST(62345, SERVER) },
      CERTAIN("transport_end", AT_SERVER, NO_TIME, 8) },
    { "a word that only looks like a Ping",
      { OPENED, TEXT(1000, CLIENT), CLOSES(8321, SERVER, 1001, "server stopping") },
      CERTAIN("going_away", AT_SERVER, NO_TIME, 4) },
    { "a clock that jumps by 237 years",
      { OPENED, TEXT(1000, CLIENT), TEXT(1010, SERVER), RST(7500000012345, SERVER) },
      CERTAIN("transport_end", AT_SERVER, NO_TIME, 5) },
    { "an earlier silence was longer",
      { OPENED, TEXT(1000, CLIENT), TEXT(101000, CLIENT), RST(161000, SERVER) },
      CERTAIN("transport_end", AT_SERVER, NO_TIME, 5) },
    { "as long as the one before it: what ended that one came in time by chance",
      { OPENED, TEXT(1000, CLIENT), TEXT(61000, CLIENT), RST(121000, SERVER) },
      CERTAIN("transport_end", AT_SERVER, NO_TIME, 5) },
    { "both legs end at what is between them", { OPENED, TEXT(1000, CLIENT), RST(61000, SERVER) },
      CERTAIN("idle_timeout", BETWEEN, 60000, 3), .between = true },
    { "idle, and with traffic on another leg: still idle",
      { OPENED, TEXT(1000, CLIENT), RST(61000, SERVER) },
      LIKELY("idle_timeout", BETWEEN, 60000, 3), .stripped = true },
    { "the server is silent for a minute, the client is not",
      { OPENED, TEXT(1000, SERVER), TEXT(20000, SERVER), TEXT(40000, CLIENT), TEXT(60000, CLIENT),
        TEXT(79000, CLIENT), RST(80000, SERVER) },
      LIKELY("one_sided_silence", BETWEEN, 60000, 4), .actor = 'S' },
    { "the client is silent for a minute, the server is not",
      { OPENED, TEXT(1000, CLIENT), TEXT(20000, CLIENT), TEXT(40000, SERVER), TEXT(60000, SERVER),
        TEXT(79000, SERVER), RST(80000, SERVER) },
      LIKELY("one_sided_silence", BETWEEN, 60000, 4), .actor = 'C' },
    { "one side has been silent for longer before",
      { OPENED, TEXT(1000, SERVER), TEXT(71000, SERVER), TEXT(90000, CLIENT), TEXT(110000, CLIENT),
        TEXT(129665, CLIENT), RST(131000, SERVER) },
      CERTAIN("transport_end", AT_SERVER, NO_TIME, 8) },
    { "both are silent, one for a minute: that fits better than 20 s",
      { OPENED, TEXT(10000, SERVER), TEXT(20000, SERVER), TEXT(30000, CLIENT), TEXT(45000, CLIENT),
        TEXT(60000, CLIENT), RST(80000, SERVER) },
      LIKELY("one_sided_silence", BETWEEN, 60000, 4), .actor = 'S' },
    { "both fit as well: both were silent",
      { OPENED, TEXT(10000, SERVER), TEXT(20000, SERVER), TEXT(40000, CLIENT), TEXT(60000, CLIENT),
        TEXT(80000, CLIENT), RST(140000, SERVER) },
      LIKELY("idle_timeout", BETWEEN, 60000, 7) },
    { "the other side was silent for almost as long",
      { OPENED, TEXT(1000, SERVER), TEXT(3655, CLIENT), RST(61000, SERVER) },
      CERTAIN("transport_end", AT_SERVER, NO_TIME, 5) },
    { "one side is silent, and 1000 without a reason",
      { OPENED, TEXT(1000, SERVER), TEXT(20000, SERVER), TEXT(40000, CLIENT), TEXT(60000, CLIENT),
        TEXT(79000, CLIENT), CLOSES(80000, SERVER, 1000, "") },
      CERTAIN("application", NOBODY, NO_TIME, 8) },
    { "one side is silent, and the reason of the other one says so",
      { OPENED, TEXT(1000, CLIENT), TEXT(20000, SERVER), TEXT(40000, SERVER), TEXT(45000, SERVER),
        CLOSES(46000, SERVER, 1001, "idle") },
      CERTAIN("one_sided_silence", BETWEEN, 45000, 3), .actor = 'C' },
};

static const row ages[] = {
    { "a minute of age, with traffic to the end",
      { OPENED, TEXT(30000, CLIENT), TEXT(45000, SERVER), TEXT(59000, CLIENT), TEXT(59010, SERVER),
        RST(60000, SERVER) },
      LIKELY("lifetime_limit", BETWEEN, 60000, 2), .actor = 'S' },
    { "a side that never sent anything is not silent: it is the age",
      { OPENED, TEXT(30000, CLIENT), TEXT(45000, CLIENT), TEXT(59000, CLIENT), RST(60000, SERVER) },
      LIKELY("lifetime_limit", BETWEEN, 60000, 2) },
    { "silent for more than a third of it",
      { OPENED, TEXT(30000, CLIENT), TEXT(38700, SERVER), RST(60000, SERVER) },
      CERTAIN("transport_end", AT_SERVER, NO_TIME, 5) },
    { "five minutes of age, and 1000",
      { OPENED, TEXT(150000, CLIENT), TEXT(299000, SERVER), CLOSES(300000, SERVER, 1000, "") },
      LIKELY("lifetime_limit", AT_SERVER, 300000, 2) },
    { "five minutes of age, and 1000 with a reason of another kind",
      { OPENED, TEXT(150000, CLIENT), TEXT(299000, SERVER), CLOSES(300000, SERVER, 1000, "bye") },
      CERTAIN("application", NOBODY, NO_TIME, 5) },
    { "a minute of age, and 1000: too early for a limit",
      { OPENED, TEXT(30000, CLIENT), TEXT(59000, SERVER), CLOSES(60000, SERVER, 1000, "") },
      CERTAIN("application", NOBODY, NO_TIME, 5) },
    { "35 s of age, and 1000",
      { OPENED, TEXT(30000, CLIENT), TEXT(34000, SERVER), CLOSES(35000, SERVER, 1000, "") },
      CERTAIN("application", NOBODY, NO_TIME, 5) },
    { "35 s of age, and a reset",
      { OPENED, TEXT(30000, CLIENT), TEXT(34000, SERVER), RST(35000, SERVER) },
      LIKELY("lifetime_limit", BETWEEN, 35000, 2) },
    { "7 s of age, and a reset", { OPENED, TEXT(6000, CLIENT), TEXT(6500, SERVER), RST(7000, SERVER) },
      CERTAIN("transport_end", AT_SERVER, NO_TIME, 5) },
    { "any age, and the reason says so",
      { OPENED, TEXT(30000, CLIENT), TEXT(33000, SERVER),
        CLOSES(34321, SERVER, 1001, "maximum connection duration") },
      CERTAIN("lifetime_limit", AT_SERVER, 34321, 2) },
    { "a maximum of something else",
      { OPENED, TEXT(30000, CLIENT), TEXT(33000, SERVER),
        CLOSES(34321, SERVER, 1008, "maximum number of subscriptions reached") },
      CERTAIN("application", AT_SERVER, NO_TIME, 5) },
    { "the reason is of another kind",
      { OPENED, TEXT(30000, CLIENT), TEXT(59000, SERVER), CLOSES(60000, SERVER, 1000, "bye") },
      CERTAIN("application", NOBODY, NO_TIME, 5) },
};

/* Other connections. */

static const row neighbours[] = {
    { "it ends with others", { OPENED, TEXT(1000, CLIENT), RST(4321, SERVER) },
      CERTAIN("shared_end", BETWEEN, NO_TIME, 4), .together = 2 },
    { "alone", { OPENED, TEXT(1000, CLIENT), RST(4321, SERVER) },
      CERTAIN("transport_end", AT_SERVER, NO_TIME, 4), .together = 1 },
    { "it ends with others, after a minute of silence",
      { OPENED, TEXT(1000, CLIENT), RST(61000, SERVER) },
      CERTAIN("shared_end", BETWEEN, NO_TIME, 4), .together = 3 },
    { "all of them after a minute of silence",
      { OPENED, TEXT(1000, CLIENT), RST(61000, SERVER) },
      LIKELY("idle_timeout", BETWEEN, 60000, 3), .together = 3, .alike = true },
    { "all of them after 3.3 s of silence", { OPENED, TEXT(1000, CLIENT), RST(4321, SERVER) },
      CERTAIN("shared_end", BETWEEN, NO_TIME, 4), .together = 3, .alike = true },
    { "it ends with another one, after a minute of silence",
      { OPENED, TEXT(1000, CLIENT), RST(61000, SERVER) },
      LIKELY("idle_timeout", BETWEEN, 60000, 3), .together = 2 },
    { "all go away together", { OPENED, TEXT(1000, CLIENT), CLOSES(4321, SERVER, 1001, "") },
      CERTAIN("going_away", AT_SERVER, NO_TIME, 4), .together = 3 },
    { "what is between both legs ended them", { OPENED, TEXT(1000, CLIENT), RST(4321, SERVER) },
      CERTAIN("proxy", BETWEEN, NO_TIME, 4), .between = true },
    { "what is between them passes a Close on",
      { OPENED, TEXT(1000, CLIENT), CLOSES(4321, SERVER, 1000, "") },
      CERTAIN("application", NOBODY, NO_TIME, 4), .between = true },
    { "a proxy that ends several", { OPENED, TEXT(1000, CLIENT), RST(4321, SERVER) },
      CERTAIN("shared_end", BETWEEN, NO_TIME, 4), .between = true, .together = 2 },
    { "a proxy, and a minute of age",
      { OPENED, TEXT(30000, CLIENT), TEXT(59000, SERVER), RST(60000, SERVER) },
      CERTAIN("proxy", BETWEEN, NO_TIME, 5), .between = true },
    { "a proxy, and one side silent",
      { OPENED, TEXT(1000, SERVER), TEXT(20000, SERVER), TEXT(40000, CLIENT), TEXT(60000, CLIENT),
        TEXT(79000, CLIENT), RST(80000, SERVER) },
      CERTAIN("one_sided_silence", BETWEEN, 60000, 4), .between = true },
};

/* A Close, and nothing behind it. */

static const row closes[] = {
    { "1000", { OPENED, CLOSES(10, CLIENT, 1000, "") }, CERTAIN("application", NOBODY, NO_TIME, 3),
      .actor = 'C' },
    { "empty", { OPENED, CLOSES(10, SERVER, EMPTY, "") }, CERTAIN("application", NOBODY, NO_TIME, 3) },
    { "a code of an application's own", { OPENED, CLOSES(10, SERVER, 4001, "logged in elsewhere") },
      CERTAIN("application", NOBODY, NO_TIME, 3) },
    { "1011: an error of the sender's", { OPENED, CLOSES(10, SERVER, 1011, "oops") },
      CERTAIN("application", AT_SERVER, NO_TIME, 3) },
    { "1014: what is behind a gateway", { OPENED, CLOSES(10, SERVER, 1014, "") },
      CERTAIN("application", BETWEEN, NO_TIME, 3) },
    { "an error that names a proxy", { OPENED, CLOSES(10, SERVER, 1011, "gateway lost its upstream") },
      CERTAIN("application", BETWEEN, NO_TIME, 3) },
    { "a page is left", { OPENED, CLOSES(10, CLIENT, 1001, "") },
      CERTAIN("going_away", AT_CLIENT, NO_TIME, 3) },
    { "a server restarts", { OPENED, CLOSES(10, SERVER, 1012, "") },
      CERTAIN("going_away", AT_SERVER, NO_TIME, 3) },
    { "a proxy goes away", { OPENED, CLOSES(10, SERVER, 1001, "nginx reload") },
      CERTAIN("going_away", BETWEEN, NO_TIME, 3) },
    { "a page is left, and nobody waits for the answer",
      { OPENED, CLOSE(10, CLIENT, 1001, ""), RST(15, CLIENT) },
      CERTAIN("going_away", AT_CLIENT, NO_TIME, 3) },
    { "a Close in answer to a FIN is too late",
      { OPENED, FIN(1234, SERVER), CLOSE(1240, CLIENT, 1000, ""), FIN(1245, CLIENT) },
      CERTAIN("transport_end", AT_SERVER, NO_TIME, 3), .actor = 'S' },
    { "its sender does not wait for the answer to 1000",
      { OPENED, CLOSE(1000, CLIENT, 1000, ""), RST(1005, CLIENT) },
      CERTAIN("transport_end", AT_CLIENT, NO_TIME, 4) },
    { "no answer in ten seconds", { OPENED, CLOSE(1000, CLIENT, 1000, ""), RST(11000, CLIENT) },
      CERTAIN("close_unanswered", AT_SERVER, 10000, 3), .actor = 'S' },
    { "no answer to an error either, though its receiver could have given one",
      { OPENED, CLOSE(1000, SERVER, 1008, "no"), RST(11000, SERVER) },
      CERTAIN("close_unanswered", AT_CLIENT, 10000, 3) },
    { "in place of an answer its receiver ends TCP",
      { OPENED, CLOSE(1000, CLIENT, 1000, ""), FIN(1050, SERVER), FIN(1060, CLIENT) },
      CERTAIN("close_unanswered", AT_SERVER, 60, 3) },
    { "so does one to whom an error is told",
      { OPENED, CLOSE(1000, SERVER, 1008, "no"), FIN(1050, CLIENT), FIN(1060, SERVER) },
      CERTAIN("application", AT_SERVER, NO_TIME, 3) },
    { "who fails the connection need not wait",
      { OPENED, TEXT(900, CLIENT), CLOSE(1000, SERVER, 1002, ""), RST(11000, SERVER) },
      CERTAIN("application", AT_SERVER, NO_TIME, 4) },
    { "no answer, and a minute of silence before it",
      { OPENED, TEXT(1000, CLIENT), CLOSE(61000, SERVER, 1000, ""), RST(71000, SERVER) },
      LIKELY("idle_timeout", AT_SERVER, 60000, 3) },
    { "no answer, and a Ping without a Pong before it",
      { OPENED, PING(1000, SERVER, "a"), CLOSE(21000, SERVER, 1011, ""), RST(31000, SERVER) },
      CERTAIN("ping_unanswered", AT_CLIENT, 20000, 3) },
    { "TCP ends without a Close", { OPENED, TEXT(1000, CLIENT), RST(1234, CLIENT) },
      CERTAIN("transport_end", AT_CLIENT, NO_TIME, 4), .actor = 'C' },
};

static const row incomplete[] = {
    { "the handshake is not captured", { TEXT(0, CLIENT), CLOSES(10, CLIENT, 1000, "") },
      LIKELY("unknown", NOBODY, NO_TIME, 0), .actor = '?' },
    { "octets are missing", { OPENED, MISSING(CLIENT), CLOSES(10, SERVER, 1011, "ping timeout") },
      LIKELY("unknown", NOBODY, NO_TIME, 0) },
    { "a Close is cut", { OPENED, CLOSE(10, CLIENT, CUT, ""), RST(20, SERVER) },
      LIKELY("unknown", NOBODY, NO_TIME, 0) },
    { "octets are missing, and others end with it", { OPENED, MISSING(SERVER), RST(20, SERVER) },
      LIKELY("unknown", NOBODY, NO_TIME, 0), .together = 4 },
};

/* It goes on. */

static const row open_connections[] = {
    { "nothing is wrong", { OPENED, TEXT(1000, CLIENT), NOW(61000) }, NOTHING_WRONG },
    { "not answered so far", { REQUEST(0), NOW(61000) }, NOTHING_WRONG },
    { "nobody acknowledges", { OPENED, TEXT(1000, CLIENT), REPEATED(CLIENT, 3, 3), NOW(9000) },
      CERTAIN("path_dead", BETWEEN, 8000, 3), .actor = 'C' },
    { "sent again twice so far", { OPENED, TEXT(1000, CLIENT), REPEATED(CLIENT, 3, 2), NOW(9000) },
      NOTHING_WRONG },
    { "no Pong for five seconds", { OPENED, PING(1000, CLIENT, "a"), NOW(6000) },
      CERTAIN("ping_unanswered", AT_SERVER, 5000, 3), .actor = 'S' },
    { "no Pong so far", { OPENED, PING(1000, CLIENT, "a"), NOW(5999) }, NOTHING_WRONG },
    { "no Pong of the client", { OPENED, PING(1000, SERVER, "a"), NOW(11000) },
      CERTAIN("ping_unanswered", AT_CLIENT, 10000, 3), .actor = 'C' },
    { "answered", { OPENED, PING(1000, SERVER, "a"), PONG(1010, CLIENT, "a"), NOW(11000) },
      NOTHING_WRONG },
    { "the Pong may be among what is missing",
      { OPENED, PING(1000, SERVER, "a"), MISSING(CLIENT), NOW(11000) }, NOTHING_WRONG },
    { "no Pong, and nobody acknowledges the Ping",
      { OPENED, PING(1000, SERVER, "a"), REPEATED(SERVER, 3, 5), NOW(11000) },
      CERTAIN("path_dead", BETWEEN, 10000, 3), .actor = 'S' },
    { "no answer to a Close for five seconds",
      { OPENED, CLOSE(1000, CLIENT, 1000, ""), NOW(6000) },
      CERTAIN("close_unanswered", AT_SERVER, 5000, 3), .actor = 'S' },
    { "no answer so far", { OPENED, CLOSE(1000, CLIENT, 1000, ""), NOW(5999) }, NOTHING_WRONG },
    { "the answer may be among what is missing",
      { OPENED, CLOSE(1000, CLIENT, 1000, ""), MISSING(SERVER), NOW(11000) }, NOTHING_WRONG },
    { "nobody has to answer 1002", { OPENED, CLOSE(1000, CLIENT, 1002, ""), NOW(11000) },
      NOTHING_WRONG },
    { "nobody acknowledges the Close",
      { OPENED, CLOSE(1000, CLIENT, 1000, ""), REPEATED(CLIENT, 3, 5), NOW(11000) },
      CERTAIN("path_dead", BETWEEN, 10000, 3) },
};

/* All of them. */

typedef struct {
    const char *path;
    const row *rows;
    size_t count;
} group;

static const group groups[] = {
    { "/cause/opening", opening, G_N_ELEMENTS(opening) },
    { "/cause/claims", claims, G_N_ELEMENTS(claims) },
    { "/cause/broken", broken, G_N_ELEMENTS(broken) },
    { "/cause/breach-first", breach_first, G_N_ELEMENTS(breach_first) },
    { "/cause/messages", messages, G_N_ELEMENTS(messages) },
    { "/cause/paths", paths, G_N_ELEMENTS(paths) },
    { "/cause/pings", pings, G_N_ELEMENTS(pings) },
    { "/cause/silences", silences, G_N_ELEMENTS(silences) },
    { "/cause/ages", ages, G_N_ELEMENTS(ages) },
    { "/cause/neighbours", neighbours, G_N_ELEMENTS(neighbours) },
    { "/cause/closes", closes, G_N_ELEMENTS(closes) },
    { "/cause/incomplete", incomplete, G_N_ELEMENTS(incomplete) },
    { "/cause/open", open_connections, G_N_ELEMENTS(open_connections) },
};

static void
test_group(gconstpointer data)
{
    const group *g = data;

    for (size_t i = 0; i < g->count; i++)
        check_row(&g->rows[i]);
}

static bool
has_word(const char *word)
{
    for (size_t i = 0; i < G_N_ELEMENTS(groups); i++) {
        for (size_t n = 0; n < groups[i].count; n++) {
            if (g_strcmp0(groups[i].rows[n].word, word) == 0)
                return true;
        }
    }
    return false;
}

/* There is a row for each word, and each word is another one. */
static void
test_words(void)
{
    for (wsclose_cause_id id = 0; id < WSCLOSE_CAUSES; id++) {
        const char *word = wsclose_cause_name(id);

        g_test_message("%s", word);
        g_assert_true(has_word(word));
        for (wsclose_cause_id before = 0; before < id; before++)
            g_assert_cmpstr(wsclose_cause_name(before), !=, word);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_set_nonfatal_assertions();
    for (size_t i = 0; i < G_N_ELEMENTS(groups); i++)
        g_test_add_data_func(groups[i].path, &groups[i], test_group);
    g_test_add_func("/cause/words", test_words);
    return g_test_run();
}
