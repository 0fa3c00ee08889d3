/* test_finding.c
 * Findings: the rows, when each is made and when not, that each has a text, and what a connection keeps.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wsclose/finding.h"

#include <glib.h>
#include <string.h>

#include "match.h"
#include "wsclose/code.h"

#define BIT(finding) ((wsclose_finding_set)1 << (finding))
#define IN(kind) (1u << (kind))

/* The rows. */

static void
test_rows_are_whole(void)
{
    for (wsclose_finding i = 0; i < WSCLOSE_FINDINGS; i++) {
        const wsclose_finding_info *info = wsclose_finding_lookup(i);

        g_assert_nonnull(info->name);
        g_assert_true(g_str_has_prefix(info->name, "wsclose."));
        g_assert_cmphex(info->events, !=, 0);
        g_assert_nonnull(info->summary);
        g_assert_cmpuint(strlen(info->summary), <, 100);
        g_assert_nonnull(info->when);
        g_assert_nonnull(wsclose_severity_name(info->severity));
        g_assert_nonnull(wsclose_finding_group_name(info->group));
        for (wsclose_finding other = 0; other < i; other++)
            g_assert_cmpstr(info->name, !=, wsclose_finding_lookup(other)->name);
    }
}

/* Each bit is told by one finding. */
static void
test_bits_are_covered_once(void)
{
    unsigned breaches = 0;
    unsigned faults = 0;

    for (wsclose_finding i = 0; i < WSCLOSE_FINDINGS; i++) {
        const wsclose_finding_info *info = wsclose_finding_lookup(i);

        g_assert_cmphex(breaches & info->breaches, ==, 0);
        g_assert_cmphex(faults & info->faults, ==, 0);
        breaches |= info->breaches;
        faults |= info->faults;
        if (info->breaches != 0 || info->faults != 0)
            g_assert_cmpint(info->severity, ==, WSCLOSE_SEVERITY_ERROR);
    }
    g_assert_cmphex(breaches, ==, (1u << WSCLOSE_BREACH_COUNT) - 1);
    g_assert_cmphex(faults, ==, (1u << WSCLOSE_FAULT_COUNT) - 1);
}

/* wsclose_findings_in() tells what is of a response or a verdict by that. */
static void
test_responses_and_verdicts_share_nothing(void)
{
    for (wsclose_finding i = 0; i < WSCLOSE_FINDINGS; i++) {
        const unsigned events = wsclose_finding_lookup(i)->events;

        if (events & (IN(WSCLOSE_EVENT_RESPONSE) | IN(WSCLOSE_EVENT_VERDICT)))
            g_assert_cmpuint(events & (events - 1), ==, 0);
    }
}

static void
test_severities(void)
{
    const wsclose_finding_set set = BIT(WSCLOSE_FINDING_EXT_DECLINED) |
                                    BIT(WSCLOSE_FINDING_NO_STATUS) | BIT(WSCLOSE_FINDING_ABNORMAL) |
                                    BIT(WSCLOSE_FINDING_CODE_INVALID);

    g_assert_cmphex(wsclose_findings_from(set, WSCLOSE_SEVERITY_CHAT), ==, set);
    g_assert_cmphex(wsclose_findings_from(set, WSCLOSE_SEVERITY_NOTE), ==,
                    set & ~BIT(WSCLOSE_FINDING_EXT_DECLINED));
    g_assert_cmphex(wsclose_findings_from(set, WSCLOSE_SEVERITY_WARNING), ==,
                    BIT(WSCLOSE_FINDING_ABNORMAL) | BIT(WSCLOSE_FINDING_CODE_INVALID));
    g_assert_cmphex(wsclose_findings_from(set, WSCLOSE_SEVERITY_ERROR), ==,
                    BIT(WSCLOSE_FINDING_CODE_INVALID));
    g_assert_true(wsclose_finding_is_in(WSCLOSE_FINDING_ABNORMAL, set));
    g_assert_false(wsclose_finding_is_in(WSCLOSE_FINDING_UNANSWERED, set));
}

/* Texts: every finding that is made says something of its event. */

static unsigned
count_texts(const wsclose_event *event, wsclose_finding finding)
{
    char **texts = wsclose_explain_finding(event, finding);
    const unsigned count = g_strv_length(texts);

    for (unsigned i = 0; i < count; i++)
        g_assert_cmpuint(strlen(texts[i]), >, 20);
    wsclose_texts_free(texts);
    return count;
}

/* What was found, each with a text. */
static wsclose_finding_set
take(wsclose_connection *connection, const wsclose_event *event)
{
    const wsclose_finding_set found = wsclose_findings_take(connection, event);

    for (wsclose_finding i = 0; i < WSCLOSE_FINDINGS; i++) {
        if (wsclose_finding_is_in(i, found))
            g_assert_cmpuint(count_texts(event, i), >, 0);
    }
    g_assert_cmphex(connection->findings & found, ==, found);
    return found;
}

/* Close frames. */

typedef struct {
    const char *why;
    const char *body; /* len octets of it */
    size_t len;
    wsclose_side sender;
    wsclose_close_meaning meaning;
    uint32_t count;
    uint32_t limit;
    const char *offer; /* of the opening handshake; both NULL for none */
    const char *response;
    unsigned more; /* breaches of the frame beside those of the body */
    wsclose_finding_set expected;
} close_row;

#define BODY(literal) literal, sizeof literal - 1
#define REPORTED .reported = {true, 1006}
#define DEFLATE "permessage-deflate"

static const close_row closes[] = {
    {"a code", BODY("\x03\xE8"), WSCLOSE_CLIENT, {REPORTED}, 0, 0, NULL, NULL, 0, 0},
    {"none", BODY(""), WSCLOSE_CLIENT, {REPORTED}, 1, 2, NULL, NULL, 0,
     BIT(WSCLOSE_FINDING_NO_STATUS)},
    {"none, often", BODY(""), WSCLOSE_CLIENT, {REPORTED}, 2, 2, NULL, NULL, 0,
     BIT(WSCLOSE_FINDING_NO_STATUS) | BIT(WSCLOSE_FINDING_NO_STATUS_REPEATED)},
    {"none, often, and nobody asks", BODY(""), WSCLOSE_CLIENT, {REPORTED}, 9, 0, NULL, NULL, 0,
     BIT(WSCLOSE_FINDING_NO_STATUS)},
    {"an empty answer to an empty one", BODY(""), WSCLOSE_SERVER, {.answer = true, .echo = true}, 9,
     2, NULL, NULL, 0, BIT(WSCLOSE_FINDING_NO_STATUS)},
    {"perhaps that", BODY(""), WSCLOSE_SERVER, {.maybe_answer = true, .maybe_echo = true}, 9, 2, NULL,
     NULL, 0, BIT(WSCLOSE_FINDING_NO_STATUS)},
    {"not the first", BODY(""), WSCLOSE_SERVER, {.repeated = true}, 9, 2, NULL, NULL, 0,
     BIT(WSCLOSE_FINDING_NO_STATUS)},
    {"a reserved code", BODY("\x03\xED"), WSCLOSE_CLIENT, {REPORTED}, 0, 0, NULL, NULL, 0,
     BIT(WSCLOSE_FINDING_RESERVED_ON_WIRE)},
    {"no code at all", BODY("\x13\x88"), WSCLOSE_CLIENT, {REPORTED}, 0, 0, NULL, NULL, 0,
     BIT(WSCLOSE_FINDING_CODE_INVALID)},
    {"one octet", BODY("\x03"), WSCLOSE_SERVER, {REPORTED}, 0, 0, NULL, NULL, 0,
     BIT(WSCLOSE_FINDING_BODY_TRUNCATED)},
    {"a reason in no UTF-8", BODY("\x03\xE8\xFF"), WSCLOSE_SERVER, {REPORTED}, 0, 0, NULL, NULL, 0,
     BIT(WSCLOSE_FINDING_REASON_NOT_UTF8)},
    {"bad in its frame and in its code", BODY("\x00\x01"), WSCLOSE_SERVER, {REPORTED}, 0, 0, NULL,
     NULL, WSCLOSE_BREACH_FRAGMENTED | WSCLOSE_BREACH_RSV,
     BIT(WSCLOSE_FINDING_FRAME_INVALID) | BIT(WSCLOSE_FINDING_CODE_INVALID)},
    {"1010, and the extension is missing", BODY("\x03\xF2" DEFLATE), WSCLOSE_CLIENT, {REPORTED}, 0, 0,
     DEFLATE, "", 0, BIT(WSCLOSE_FINDING_MANDATORY_EXT)},
    {"1010, and it is not", BODY("\x03\xF2" DEFLATE), WSCLOSE_CLIENT, {REPORTED}, 0, 0, DEFLATE,
     DEFLATE, 0,
     BIT(WSCLOSE_FINDING_MANDATORY_EXT) | BIT(WSCLOSE_FINDING_MANDATORY_EXT_CONTRADICTED)},
    {"1010 of the server", BODY("\x03\xF2" DEFLATE), WSCLOSE_SERVER, {REPORTED}, 0, 0, DEFLATE, "", 0,
     BIT(WSCLOSE_FINDING_MANDATORY_EXT) | BIT(WSCLOSE_FINDING_MANDATORY_EXT_FROM_SERVER)},
    {"1010 that answers the client's", BODY("\x03\xF2"), WSCLOSE_SERVER,
     {.answer = true, .echo = true, .peer = {4, 0}}, 0, 0, DEFLATE, "", 0,
     BIT(WSCLOSE_FINDING_MANDATORY_EXT)},
};

static wsclose_finding_set
take_row(wsclose_connection *connection, const close_row *row)
{
    char *octets = exact_copy(row->body, row->len);
    wsclose_negotiation *negotiation = row->offer ? match(row->offer, row->response) : NULL;
    const wsclose_frame frame = {.fin = true,
                                 .opcode = WSCLOSE_OPCODE_CLOSE,
                                 .masked = row->sender == WSCLOSE_CLIENT,
                                 .payload_len = row->len};
    wsclose_mandatory_ext *mandatory = NULL;
    wsclose_close_body body;

    wsclose_close_body_decode((const uint8_t *)octets, row->len, row->len, &body);
    if (negotiation)
        mandatory = wsclose_mandatory_ext_explain(negotiation, body.reason, body.reason_cut);
    const wsclose_close_context context = {
        .sender = row->sender,
        .frame = &frame,
        .body = &body,
        .breaches = row->more | wsclose_close_breaches(&frame, &body, row->sender),
        .meaning = &row->meaning,
        .negotiation = negotiation,
        .mandatory = mandatory,
        .empty_count = row->count,
        .empty_limit = row->limit,
        .sender_address = "192.0.2.1",
    };
    const wsclose_event event = {.kind = WSCLOSE_EVENT_CLOSE, .close = &context};
    const wsclose_finding_set found = take(connection, &event);

    /* A sentence for each rule that is broken. */
    if (row->more != 0)
        g_assert_cmpuint(count_texts(&event, WSCLOSE_FINDING_FRAME_INVALID), ==,
                         (unsigned)__builtin_popcount(row->more));
    wsclose_mandatory_ext_free(mandatory);
    wsclose_negotiation_free(negotiation);
    g_free(octets);
    return found;
}

static void
test_closes(void)
{
    wsclose_finding_set all = 0;

    for (size_t i = 0; i < G_N_ELEMENTS(closes); i++) {
        wsclose_connection connection;

        wsclose_connection_init(&connection);
        const wsclose_finding_set found = take_row(&connection, &closes[i]);
        if (found != closes[i].expected)
            g_error("%s: %#" G_GINT64_MODIFIER "x", closes[i].why, found);
        g_assert_cmphex(connection.findings, ==, found);
        all |= found;
    }
    for (wsclose_finding i = 0; i < WSCLOSE_FINDINGS; i++) {
        if (wsclose_finding_lookup(i)->events & IN(WSCLOSE_EVENT_CLOSE))
            g_assert_true(wsclose_finding_is_in(i, all));
    }
}

static void
test_only_own_empty_closes_are_counted(void)
{
    const wsclose_close_body empty = {.kind = WSCLOSE_BODY_EMPTY};
    const wsclose_close_body code = {.kind = WSCLOSE_BODY_CODE, .code = 1000};

    g_assert_true(wsclose_close_is_counted(&empty, &(wsclose_close_meaning){0}));
    g_assert_true(wsclose_close_is_counted(&empty, &(wsclose_close_meaning){.answer = true}));
    g_assert_false(wsclose_close_is_counted(&code, &(wsclose_close_meaning){0}));
    g_assert_false(wsclose_close_is_counted(&empty, &(wsclose_close_meaning){.echo = true}));
    g_assert_false(wsclose_close_is_counted(&empty, &(wsclose_close_meaning){.maybe_echo = true}));
    g_assert_false(wsclose_close_is_counted(&empty, &(wsclose_close_meaning){.repeated = true}));
}

/* Other frames. */

static void
test_frames(void)
{
    const wsclose_frame text = {.fin = true, .opcode = WSCLOSE_OPCODE_TEXT, .payload_len = 5};
    static const struct {
        unsigned breaches;
        uint32_t close_in;
        wsclose_finding_set expected;
    } rows[] = {
        {WSCLOSE_BREACH_UNMASKED, 0, BIT(WSCLOSE_FINDING_FRAME_INVALID)},
        {WSCLOSE_BREACH_SEQUENCE | WSCLOSE_BREACH_OPCODE, 0, BIT(WSCLOSE_FINDING_FRAME_INVALID)},
        {0, 7, BIT(WSCLOSE_FINDING_DATA_AFTER_CLOSE)},
        {0, 0, 0},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        const wsclose_frame_context context = {WSCLOSE_CLIENT, &text, rows[i].breaches,
                                               rows[i].close_in, {NULL, 0}};
        const wsclose_event event = {.kind = WSCLOSE_EVENT_FRAME, .frame = &context};
        wsclose_connection connection;

        wsclose_connection_init(&connection);
        g_assert_cmphex(take(&connection, &event), ==, rows[i].expected);
    }
}

/* Responses: a connection finds what is in its own. */

static const struct {
    const char *why;
    unsigned status;
    unsigned faults;
    const char *offer;
    const char *response;
    const char *required;
    wsclose_finding_set expected;
    unsigned texts; /* of the first of them */
} responses[] = {
    {"as it must be", 101, 0, DEFLATE, DEFLATE, NULL, 0, 0},
    {"two are declined", 101, 0, DEFLATE ", x-a", ABSENT, NULL, BIT(WSCLOSE_FINDING_EXT_DECLINED), 2},
    {"one of them is needed", 101, 0, DEFLATE ", x-a", ABSENT, "x-a",
     BIT(WSCLOSE_FINDING_EXT_DECLINED) | BIT(WSCLOSE_FINDING_EXT_REQUIRED_DECLINED), 1},
    {"the one of them is needed", 101, 0, "x-a", ABSENT, "x-a",
     BIT(WSCLOSE_FINDING_EXT_REQUIRED_DECLINED), 1},
    {"what is needed is there", 101, 0, "x-a", "x-a", "x-a", 0, 0},
    {"nobody asked for it", 101, WSCLOSE_FAULT_EXT_UNSOLICITED, ABSENT, "x-a", NULL,
     BIT(WSCLOSE_FINDING_EXT_UNSOLICITED), 1},
    {"broken grammar", 101, WSCLOSE_FAULT_EXT_INVALID, ABSENT, "=", NULL,
     BIT(WSCLOSE_FINDING_EXT_INVALID), 1},
    {"an offer with broken grammar is no fault of the response", 101, 0, "=", ABSENT, NULL,
     BIT(WSCLOSE_FINDING_EXT_INVALID), 1},
    {"two other faults", 101, WSCLOSE_FAULT_ACCEPT_WRONG | WSCLOSE_FAULT_SUBPROTOCOL, ABSENT, ABSENT,
     NULL, BIT(WSCLOSE_FINDING_HANDSHAKE_INVALID), 2},
    {"a refusal declines nothing", 403, 0, DEFLATE, ABSENT, NULL, 0, 0},
};

static void
test_responses(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(responses); i++) {
        const char *required[] = {responses[i].required, NULL};
        wsclose_negotiation *negotiation = match(responses[i].offer, responses[i].response);
        const wsclose_handshake_response response = {.status = responses[i].status,
                                                     .faults = responses[i].faults};
        wsclose_connection connection;

        wsclose_negotiation_require(negotiation, required);
        wsclose_connection_init(&connection);
        wsclose_connection_response(&connection, &response, (wsclose_moment){2, 0});
        const wsclose_event event = {.kind = WSCLOSE_EVENT_RESPONSE,
                                     .connection = &connection,
                                     .negotiation = negotiation};
        const wsclose_finding_set found = take(&connection, &event);
        if (found != responses[i].expected)
            g_error("%s: %#" G_GINT64_MODIFIER "x", responses[i].why, found);
        g_assert_cmphex(wsclose_findings_in(&connection, WSCLOSE_EVENT_RESPONSE), ==, found);
        if (responses[i].texts > 0)
            g_assert_cmpuint(count_texts(&event, (wsclose_finding)__builtin_ctzll(found)), ==,
                             responses[i].texts);
        wsclose_negotiation_free(negotiation);
    }
}

static void
test_subprotocol_unanswered(void)
{
    const wsclose_handshake_response response = {.status = 101, .subprotocol_unanswered = true};
    wsclose_connection connection;

    wsclose_connection_init(&connection);
    wsclose_connection_response(&connection, &response, (wsclose_moment){2, 0});
    const wsclose_event event = {.kind = WSCLOSE_EVENT_RESPONSE, .connection = &connection};
    g_assert_cmphex(take(&connection, &event), ==, BIT(WSCLOSE_FINDING_SUBPROTOCOL_UNANSWERED));
    g_assert_cmpuint(count_texts(&event, WSCLOSE_FINDING_SUBPROTOCOL_UNANSWERED), ==, 1);
}

static void
test_a_response_without_its_extensions(void)
{
    wsclose_connection connection;

    wsclose_connection_init(&connection);
    wsclose_connection_response(&connection, &(wsclose_handshake_response){.status = 101},
                                (wsclose_moment){2, 0});
    take(&connection, &(wsclose_event){.kind = WSCLOSE_EVENT_RESPONSE, .connection = &connection});
    g_assert_cmphex(connection.findings, ==, 0);
}

/* What is found is never without a text. */
static void
test_a_finding_of_nothing_has_its_summary(void)
{
    wsclose_negotiation *negotiation = match(ABSENT, ABSENT);
    const wsclose_event event = {.kind = WSCLOSE_EVENT_RESPONSE, .negotiation = negotiation};
    char **texts = wsclose_explain_finding(&event, WSCLOSE_FINDING_EXT_UNSOLICITED);

    g_assert_cmpuint(g_strv_length(texts), ==, 1);
    g_assert_cmpstr(texts[0], ==, wsclose_finding_lookup(WSCLOSE_FINDING_EXT_UNSOLICITED)->summary);
    wsclose_texts_free(texts);
    wsclose_negotiation_free(negotiation);
}

/* Verdicts: likewise, as it is settled. */

static wsclose_moment
at(uint32_t number)
{
    return (wsclose_moment){number, number * (int64_t)1000000000};
}

static void
close_with(wsclose_connection *connection, wsclose_side sender, uint16_t code, unsigned breaches,
           wsclose_moment moment)
{
    const wsclose_close_body body = {
        .kind = WSCLOSE_BODY_CODE, .code = code, .reason_utf8 = true};
    const wsclose_frame frame = {.fin = true, .opcode = WSCLOSE_OPCODE_CLOSE, .payload_len = 2};
    const wsclose_close_fact fact = {.sender = sender, .body = &body, .breaches = breaches};
    wsclose_close_meaning meaning;

    wsclose_connection_close(connection, &fact, moment, &meaning);
    const wsclose_close_context context = {
        .sender = sender,
        .frame = &frame,
        .body = &body,
        .breaches = breaches,
        .meaning = &meaning,
    };
    take(connection, &(wsclose_event){.kind = WSCLOSE_EVENT_CLOSE, .close = &context});
}

static void
open_connection(wsclose_connection *connection)
{
    wsclose_connection_init(connection);
    wsclose_connection_request(connection, at(1));
    wsclose_connection_response(connection, &(wsclose_handshake_response){.status = 101}, at(2));
}

/* What is found in the verdict, each with a text. */
static wsclose_finding_set
found_in_verdict(wsclose_connection *connection)
{
    wsclose_negotiation *negotiation = match(UNSEEN, UNSEEN);
    wsclose_verdict verdict;

    g_assert_true(wsclose_connection_verdict(connection, &verdict));
    const wsclose_finding_set found =
        take(connection, &(wsclose_event){.kind = WSCLOSE_EVENT_VERDICT,
                                          .connection = connection,
                                          .negotiation = negotiation,
                                          .verdict = &verdict});
    g_assert_cmphex(wsclose_findings_in(connection, WSCLOSE_EVENT_VERDICT), ==, found);
    wsclose_negotiation_free(negotiation);
    return found;
}

static void
test_verdicts(void)
{
    wsclose_connection connection;

    open_connection(&connection);
    close_with(&connection, WSCLOSE_CLIENT, 1000, 0, at(3));
    g_assert_cmphex(connection.findings, ==, 0);
    close_with(&connection, WSCLOSE_SERVER, 1000, 0, at(4));
    g_assert_cmphex(found_in_verdict(&connection), ==, 0);

    open_connection(&connection);
    close_with(&connection, WSCLOSE_CLIENT, 1000, 0, at(3));
    wsclose_connection_end(&connection, WSCLOSE_CLIENT, WSCLOSE_END_RESET, at(4));
    g_assert_cmphex(found_in_verdict(&connection), ==,
                    BIT(WSCLOSE_FINDING_UNANSWERED) | BIT(WSCLOSE_FINDING_ABNORMAL));

    open_connection(&connection);
    wsclose_connection_end(&connection, WSCLOSE_CLIENT, WSCLOSE_END_RESET, at(4));
    g_assert_cmphex(found_in_verdict(&connection), ==, BIT(WSCLOSE_FINDING_ABNORMAL));

    wsclose_connection_init(&connection);
    wsclose_connection_request(&connection, at(1));
    wsclose_connection_response(&connection, &(wsclose_handshake_response){.status = 403}, at(2));
    g_assert_cmphex(found_in_verdict(&connection), ==, BIT(WSCLOSE_FINDING_HANDSHAKE_FAILED));
}

/* A breach that its receiver tolerates is told in the verdict. */
static void
test_breach_tolerated(void)
{
    const wsclose_frame unmasked = {.fin = true, .opcode = WSCLOSE_OPCODE_TEXT};
    wsclose_connection connection;
    wsclose_frame_meaning meaning;

    open_connection(&connection);
    wsclose_connection_frame(&connection, WSCLOSE_CLIENT, &unmasked, at(3), &meaning);
    g_assert_cmphex(meaning.breaches, ==, WSCLOSE_BREACH_UNMASKED);
    wsclose_connection_frame(&connection, WSCLOSE_SERVER, &unmasked, at(5), &meaning);
    wsclose_connection_end(&connection, WSCLOSE_SERVER, WSCLOSE_END_RESET, at(6));
    g_assert_cmphex(found_in_verdict(&connection), ==,
                    BIT(WSCLOSE_FINDING_ABNORMAL) | BIT(WSCLOSE_FINDING_BREACH_TOLERATED));
}

/* What is found in a Close that changes nothing counts all the same, before the verdict and after it. */
static void
test_repeated_closes_are_kept(void)
{
    static const uint32_t packets[] = {4, 9};

    for (size_t i = 0; i < G_N_ELEMENTS(packets); i++) {
        wsclose_connection connection;

        open_connection(&connection);
        close_with(&connection, WSCLOSE_SERVER, 1000, 0, at(3));
        if (packets[i] > 5)
            close_with(&connection, WSCLOSE_CLIENT, 1000, 0, at(5));
        close_with(&connection, WSCLOSE_SERVER, 1005, WSCLOSE_BREACH_CODE_RESERVED, at(packets[i]));
        g_assert_cmphex(connection.findings, ==, BIT(WSCLOSE_FINDING_RESERVED_ON_WIRE));
        g_assert_cmphex(wsclose_findings_from(connection.findings, WSCLOSE_SEVERITY_ERROR), !=, 0);
    }
}

/* The reason that counts, of a 1010 and the one that repeats it. */
static void
test_claim(void)
{
    static const wsclose_close_body whole = {.reason = {"x-a", 3}};
    static const wsclose_close_body none = {.reason = {NULL, 0}};
    static const wsclose_close_body cut = {.reason = {"x", 1}, .reason_cut = true};

    g_assert_true(wsclose_close_body_claim(&whole, &none) == &whole);
    g_assert_true(wsclose_close_body_claim(&whole, &cut) == &whole);
    g_assert_true(wsclose_close_body_claim(&none, &whole) == &none);
    g_assert_true(wsclose_close_body_claim(&cut, &whole) == &whole);
    g_assert_true(wsclose_close_body_claim(&cut, &none) == &cut);
    g_assert_true(wsclose_close_body_claim(&cut, &(wsclose_close_body){
                                                     .reason = {"x-", 2}, .reason_cut = true}) ==
                  &cut);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/finding/rows/whole", test_rows_are_whole);
    g_test_add_func("/finding/rows/bits", test_bits_are_covered_once);
    g_test_add_func("/finding/rows/events", test_responses_and_verdicts_share_nothing);
    g_test_add_func("/finding/severities", test_severities);
    g_test_add_func("/finding/closes", test_closes);
    g_test_add_func("/finding/closes/counted", test_only_own_empty_closes_are_counted);
    g_test_add_func("/finding/frames", test_frames);
    g_test_add_func("/finding/responses", test_responses);
    g_test_add_func("/finding/responses/no-extensions", test_a_response_without_its_extensions);
    g_test_add_func("/finding/response/subprotocol-unanswered", test_subprotocol_unanswered);
    g_test_add_func("/finding/no-text", test_a_finding_of_nothing_has_its_summary);
    g_test_add_func("/finding/verdicts", test_verdicts);
    g_test_add_func("/finding/breach-tolerated", test_breach_tolerated);
    g_test_add_func("/finding/repeated-closes", test_repeated_closes_are_kept);
    g_test_add_func("/finding/claim", test_claim);
    return g_test_run();
}
