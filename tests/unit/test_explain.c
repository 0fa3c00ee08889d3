/* test_explain.c
 * What is said of a Close frame and of a negotiation, sentence by sentence.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wsclose/explain.h"

#include "match.h"
#include "wsclose/code.h"

#include <glib.h>
#include <string.h>

#define PMD "permessage-deflate"

/* The reason's octets, NUL included. */
#define REASON(text) .reason = text, .reason_len = sizeof(text) - 1

/* Who sends. */
#define CLIENT .sender = WSCLOSE_CLIENT
#define SERVER .sender = WSCLOSE_SERVER
#define NOBODY .sender = WSCLOSE_SIDE_UNKNOWN

/* The opening handshake in frames 4 and 6. */
#define OPENED(offered, answered)                                                                  \
    .offer = offered, .response = answered, .request_in = 4, .response_in = 6

typedef enum {
    CODE,
    EMPTY,
    ONE_OCTET,
    CUT
} body_kind;

/* All that a story is told from. */
typedef struct {
    wsclose_side sender;
    body_kind kind;
    uint16_t code;
    const char *reason; /* in an echo, of the Close that it answers */
    size_t reason_len;
    bool reason_cut;
    unsigned breaches;
    bool repeated;
    bool answer;
    bool echo; /* and an answer */
    bool crossed; /* likewise */
    bool unheard;
    uint32_t peer;
    uint16_t reported; /* 0: what the frame makes of it */
    const char *offer;
    const char *response;
    uint32_t request_in;
    uint32_t response_in;
} situation;

typedef char *(*explainer)(const wsclose_close_context *context);

/* A story and what it borrows. */
typedef struct {
    wsclose_close_context context;
    wsclose_frame frame;
    wsclose_close_body body;
    wsclose_close_meaning meaning;
    char *octets;
} made_context;

static wsclose_reported
reported_in(const situation *s)
{
    if (s->reported != 0)
        return (wsclose_reported){ true, s->reported };
    if (s->breaches != 0)
        return (wsclose_reported){ true, 1006 };
    if (s->kind == CUT)
        return (wsclose_reported){ false, 0 };
    return (wsclose_reported){ true, s->kind == EMPTY ? 1005 : s->code };
}

static void
begin(made_context *t, const situation *s)
{
    const bool has_code = s->kind == CODE;
    const size_t captured = has_code ? 2 + s->reason_len : 0;
    const uint64_t wire_len = has_code ? captured + (s->reason_cut ? 10 : 0)
                              : s->kind == EMPTY ? 0
                              : s->kind == ONE_OCTET ? 1
                                                     : 20;

    t->octets = g_malloc(captured);
    if (has_code) {
        t->octets[0] = (char)(s->code >> 8);
        t->octets[1] = (char)s->code;
        if (s->reason_len > 0)
            memcpy(t->octets + 2, s->reason, s->reason_len);
    }
    wsclose_close_body_decode((uint8_t *)t->octets, captured, wire_len, &t->body);
    t->frame = (wsclose_frame){ .fin = true, .opcode = WSCLOSE_OPCODE_CLOSE, .header_len = 2,
                                .payload_len = wire_len };
    t->meaning = (wsclose_close_meaning){ .repeated = s->repeated,
                                           .answer = s->answer || s->echo || s->crossed,
                                           .crossed = s->crossed, .unheard = s->unheard,
                                          .echo = s->echo, .peer = { s->peer, 0 },
                                          .reported = reported_in(s) };
    t->context = (wsclose_close_context){ .sender = s->sender, .frame = &t->frame, .body = &t->body,
                                      .breaches = s->breaches, .meaning = &t->meaning,
                                      .request_in = s->request_in, .response_in = s->response_in };
    if (has_code && s->code == WSCLOSE_CODE_MANDATORY_EXT) {
        wsclose_negotiation *negotiation = match(s->offer, s->response);

        t->context.negotiation = negotiation;
        t->context.mandatory =
            wsclose_mandatory_ext_explain(negotiation, t->body.reason, t->body.reason_cut);
    }
}

static void
end(made_context *t)
{
    wsclose_mandatory_ext_free((wsclose_mandatory_ext *)t->context.mandatory);
    wsclose_negotiation_free((wsclose_negotiation *)t->context.negotiation);
    g_free(t->octets);
}

static char *
tell(const situation *s, explainer explain)
{
    made_context t;
    char *text;

    begin(&t, s);
    text = explain(&t.context);
    end(&t);
    return text;
}

typedef struct {
    situation situation;
    const char *expected; /* the whole text; NULL for none */
    const char *why;
} text_row;

static void
check_texts(const text_row *rows, size_t count, explainer explain)
{
    for (size_t i = 0; i < count; i++) {
        char *text = tell(&rows[i].situation, explain);

        g_test_message("%s", rows[i].why);
        /* Each row by itself: one wrong wording does not hide the next. */
        if (g_strcmp0(text, rows[i].expected) != 0) {
            g_test_message("  says:   %s", text ? text : "nothing");
            g_test_message("  should: %s", rows[i].expected ? rows[i].expected : "nothing");
            g_test_fail();
        }
        wsclose_text_free(text);
    }
}

static const text_row close_rows[] = {
    { { CLIENT, .code = 1000 }, "Client closes with 1000 Normal Closure", "the first Close" },
    { { SERVER, .code = 1012 }, "Server closes with 1012 Service Restart", "by the server" },
    { { NOBODY, .code = 1001 }, "One side closes with 1001 Going Away", "by nobody knows whom" },
    { { CLIENT, .code = 1010, REASON(PMD), OPENED(PMD, ABSENT) },
      "Client closes with 1010 Mandatory Extension", "1010" },
    { { SERVER, .code = 4321 }, "Server closes with 4321 Private Use", "a code of a range" },
    { { CLIENT, .kind = EMPTY }, "Client closes without a status code (1005 No Status Received)",
      "an empty Close" },
    { { CLIENT, .kind = CUT }, "Client closes with a status code that the capture has cut off",
      "cut" },
    { { SERVER, .kind = ONE_OCTET, .breaches = WSCLOSE_BREACH_ONE_OCTET },
      "Server closes with a broken body of one octet, breaking the protocol", "one octet" },
    { { SERVER, .code = 1005, .breaches = WSCLOSE_BREACH_CODE_RESERVED },
      "Server closes with 1005 No Status Received, breaking the protocol", "1005 on the wire" },
    { { SERVER, .code = 300, .breaches = WSCLOSE_BREACH_CODE_INVALID },
      "Server closes with 300 Not a Status Code, breaking the protocol", "no code" },
    { { CLIENT, .kind = EMPTY, .breaches = WSCLOSE_BREACH_UNMASKED },
      "Client closes without a status code (1005 No Status Received), breaking the protocol",
      "an empty Close in breach" },
    { { CLIENT, .kind = CUT, .breaches = WSCLOSE_BREACH_UNMASKED },
      "Client closes with a status code that the capture has cut off, breaking the protocol",
      "cut, in breach" },
    { { SERVER, .code = 1000, .echo = true, .peer = 12 },
      "Server answers the Close in frame 12 with 1000 Normal Closure", "an echo" },
    { { CLIENT, .code = 1000, .answer = true, .peer = 12 },
      "Client answers the Close in frame 12 with 1000 Normal Closure", "an answer" },
    { { CLIENT, .kind = EMPTY, .echo = true, .peer = 12 },
      "Client answers the Close in frame 12 without a status code (1005 No Status Received)",
      "an empty answer" },
    { { CLIENT, .kind = CUT, .answer = true, .peer = 12 },
      "Client answers the Close in frame 12 with a status code that the capture has cut off",
      "an answer that is cut" },
    { { CLIENT, .code = 1000, .crossed = true, .peer = 12 },
      "Client closes with 1000 Normal Closure, at the same time as the Close in frame 12",
      "one that crosses the other side's" },
    { { SERVER, .code = 1001, .unheard = true },
      "Server closes with 1001 Going Away, when the connection had already ended",
      "one that nobody reads" },
    { { CLIENT, .code = 1001, .repeated = true },
      "Client sends another Close with 1001 Going Away, which changes nothing", "repeated" },
    { { SERVER, .kind = EMPTY, .repeated = true, .peer = 12 },
      "Server sends another Close without a status code (1005 No Status Received), which changes "
      "nothing",
      "repeated behind the other side's" },
    { { CLIENT, .kind = CUT, .repeated = true },
      "Client sends another Close with a status code that the capture has cut off, which changes "
      "nothing",
      "repeated and cut" },
};

static void
test_close(void)
{
    check_texts(close_rows, G_N_ELEMENTS(close_rows), wsclose_explain_close);
}

static const text_row description_rows[] = {
    { { CLIENT, .kind = CUT },
      "The Close frame has a body of 20 octets. The capture has too few of them to tell the "
      "status code.",
      "cut" },
    { { SERVER, .kind = ONE_OCTET, .breaches = WSCLOSE_BREACH_ONE_OCTET },
      "The server's Close frame has a body of one octet; a body is empty or begins with the two "
      "octets of a status code (RFC 6455 section 5.5.1). The client must fail the connection, and "
      "its own API then reports 1006 (or, in some libraries, the 1002 or 1007 that it sends).",
      "a breach of the server" },
    { { CLIENT, .code = 1000, .breaches = WSCLOSE_BREACH_UNMASKED },
      "The client's Close frame is not masked; a client must mask every frame (RFC 6455 section "
      "5.1). The server must fail the connection, and its own API then reports 1006 (or, in some "
      "libraries, the 1002 or 1007 that it sends).",
      "a breach of the client" },
    { { NOBODY, .code = 1000, .breaches = WSCLOSE_BREACH_FRAGMENTED },
      "The Close frame is fragmented (FIN is not set); a control frame must never be (RFC 6455 "
      "section 5.4). The receiver must fail the connection, and its own API then reports 1006 "
      "(or, in some libraries, the 1002 or 1007 that it sends).",
      "a breach by nobody knows whom" },
    { { CLIENT, .kind = CUT, .breaches = WSCLOSE_BREACH_UNMASKED },
      "The client's Close frame is not masked; a client must mask every frame (RFC 6455 section "
      "5.1). The server must fail the connection, and its own API then reports 1006 (or, in some "
      "libraries, the 1002 or 1007 that it sends).",
      "a breach counts more than a cut" },
    { { CLIENT, .code = 1000, .breaches = WSCLOSE_BREACH_UNMASKED, .repeated = true,
        .reported = 1001 },
      "The client's Close frame is not masked; a client must mask every frame (RFC 6455 section "
      "5.1).",
      "a breach behind the Close that settled what is told" },
};

static void
test_description(void)
{
    check_texts(description_rows, G_N_ELEMENTS(description_rows),
                wsclose_explain_close_description);
}

/* The table of codes has the word where no rule is broken and nothing special is known. */
static void
test_texts_of_the_table(void)
{
    for (uint32_t code = 0; code <= UINT16_MAX; code += code < 5100 ? 1 : 997) {
        const wsclose_code_info *row = wsclose_code_lookup((uint16_t)code);
        const situation s = { CLIENT, .code = (uint16_t)code, OPENED(UNSEEN, UNSEEN) };
        char *description = tell(&s, wsclose_explain_close_description);
        char *seen_when = tell(&s, wsclose_explain_close_seen_when);
        char *fix = tell(&s, wsclose_explain_close_fix);

        g_assert_cmpstr(description, ==, row->meaning);
        g_assert_cmpstr(seen_when, ==, row->seen_when);
        g_assert_cmpstr(fix, ==, row->fix);
        wsclose_text_free(description);
        wsclose_text_free(seen_when);
        wsclose_text_free(fix);
    }
}

static void
test_empty_close_is_1005(void)
{
    const wsclose_code_info *row = wsclose_code_lookup(1005);
    const situation first = { SERVER, .kind = EMPTY };
    const situation echo = { CLIENT, .kind = EMPTY, .echo = true, .peer = 8 };
    const situation answer = { CLIENT, .kind = EMPTY, .answer = true, .peer = 8 };
    char *expected = g_strconcat(
        row->seen_when, " Here it answers an empty Close (frame 8), which is normal.", NULL);
    const text_row seen_when_rows[] = {
        { first, row->seen_when, "the first Close" },
        { echo, expected, "an echo" },
        { answer, row->seen_when, "an empty answer to a code" },
    };
    const text_row meaning_rows[] = { { first, row->meaning, "the first Close" },
                                      { echo, row->meaning, "an echo" } };
    const text_row fix_rows[] = { { first, row->fix, "the first Close" },
                                  { echo, row->fix, "an echo" } };

    check_texts(seen_when_rows, G_N_ELEMENTS(seen_when_rows), wsclose_explain_close_seen_when);
    check_texts(meaning_rows, G_N_ELEMENTS(meaning_rows), wsclose_explain_close_description);
    check_texts(fix_rows, G_N_ELEMENTS(fix_rows), wsclose_explain_close_fix);
    g_free(expected);
}

#define FORM                                                                                       \
    "Seen when frames are written by hand, or by a library that treats a Close like a data "       \
    "frame: splits it, compresses it or puts no bound on the reason."
#define MASKING                                                                                    \
    "Seen when frames are written by hand, or when a proxy passes frames on without masking them " \
    "anew for its side of the connection."

static const text_row seen_when_rows[] = {
    { { CLIENT, .kind = CUT },
      "Seen when the capture was taken with a snapshot length (tcpdump -s, dumpcap -s) that is "
      "shorter than the packets.",
      "cut" },
    { { SERVER, .code = 1000, .breaches = WSCLOSE_BREACH_FRAGMENTED }, FORM, "fragmented" },
    { { SERVER, .code = 1000, .breaches = WSCLOSE_BREACH_TOO_LONG }, FORM, "too long" },
    { { SERVER, .code = 1000, .breaches = WSCLOSE_BREACH_RSV }, FORM, "RSV" },
    { { SERVER, .code = 1000,
        .breaches = WSCLOSE_BREACH_FRAGMENTED | WSCLOSE_BREACH_TOO_LONG | WSCLOSE_BREACH_RSV },
      FORM, "what several have in common is said once" },
    { { SERVER, .code = 1000, .breaches = WSCLOSE_BREACH_MASKED }, MASKING, "masked" },
    { { CLIENT, .code = 1000, .breaches = WSCLOSE_BREACH_UNMASKED }, MASKING, "unmasked" },
    { { CLIENT, .code = 1000, .breaches = WSCLOSE_BREACH_RSV | WSCLOSE_BREACH_UNMASKED },
      FORM " " MASKING, "two breaches" },
    { { SERVER, .kind = ONE_OCTET, .breaches = WSCLOSE_BREACH_ONE_OCTET },
      "Seen when the body is written by hand or cut short by a buffer of the wrong size.",
      "one octet" },
    { { SERVER, .code = 1000, REASON("\xff"), .breaches = WSCLOSE_BREACH_NOT_UTF8 },
      "Seen when an application passes bytes of another encoding as the reason, or cuts a reason "
      "to 123 octets in the middle of a character.",
      "not UTF-8" },
    { { SERVER, .code = 1006, .breaches = WSCLOSE_BREACH_CODE_RESERVED },
      "Seen when an application passes on to close() a code that it was told (1005 and 1006 are "
      "made up by the receiving library), and its library does not stop it.",
      "1006 on the wire" },
    { { SERVER, .code = 401, .breaches = WSCLOSE_BREACH_CODE_INVALID },
      "Seen when an application closes with a number of its own choice, such as an HTTP status or "
      "an exit status, and its library does not stop it.",
      "no code" },
};

static void
test_seen_when(void)
{
    check_texts(seen_when_rows, G_N_ELEMENTS(seen_when_rows), wsclose_explain_close_seen_when);
}

#define FORBIDDEN                                                                                  \
    ": its WebSocket library, or whatever writes frames by hand there, sends a Close frame that "  \
    "the protocol forbids."
#define CHANGE_SERVER                                                                              \
    "Change the server: 1010 is the client's to send. A server that needs an extension refuses "   \
    "the opening handshake instead (for example with HTTP status 400) and says why in the body."
#define COMPARE                                                                                    \
    " Check how the client compares the extensions that it needs with those that were "            \
    "negotiated, and whether it offers all of them."

static const text_row fix_rows[] = {
    { { CLIENT, .kind = CUT }, "Capture again with whole packets (snapshot length 0).", "cut" },
    { { CLIENT, .kind = CUT, .breaches = WSCLOSE_BREACH_UNMASKED },
      "Correct the client" FORBIDDEN, "cut, in breach" },
    { { SERVER, .kind = ONE_OCTET, .breaches = WSCLOSE_BREACH_ONE_OCTET },
      "Correct the server" FORBIDDEN, "a breach of the server" },
    { { NOBODY, .code = 999, .breaches = WSCLOSE_BREACH_CODE_INVALID },
      "Correct the sender" FORBIDDEN, "a breach by nobody knows whom" },
    { { CLIENT, .code = 1010, .breaches = WSCLOSE_BREACH_UNMASKED, OPENED(PMD, ABSENT) },
      "Correct the client" FORBIDDEN, "1010 in breach" },
    { { CLIENT, .code = 1010, REASON(PMD), OPENED(PMD, ABSENT) },
      "Enable " PMD " on the server, or make it optional in the client. Check "
      "Sec-WebSocket-Extensions in the handshake response (frame 6).",
      "1010, confirmed" },
    { { CLIENT, .code = 1010, REASON(PMD), .offer = PMD, .response = ABSENT },
      "Enable " PMD " on the server, or make it optional in the client. Check "
      "Sec-WebSocket-Extensions in the handshake response.",
      "without numbers" },
    { { CLIENT, .code = 1010, REASON("a, b, c"), OPENED("a, b, c", "b") },
      "Enable a and c on the server, or make them optional in the client. Check "
      "Sec-WebSocket-Extensions in the handshake response (frame 6).",
      "two are missing" },
    { { CLIENT, .code = 1010, REASON("x, " PMD), OPENED(PMD, ABSENT) },
      "Enable " PMD " on the server, or make it optional in the client. Check "
      "Sec-WebSocket-Extensions in the handshake response (frame 6).",
      "a server cannot accept what was never offered" },
    { { CLIENT, .code = 1010, REASON(PMD), OPENED(PMD, PMD "; x") },
      "Correct " PMD " on the server, or make it optional in the client. Check "
      "Sec-WebSocket-Extensions in the handshake response (frame 6).",
      "it is enabled, and answered against the rules" },
    { { SERVER, .code = 1010, REASON(PMD), .echo = true, .peer = 8, OPENED(PMD, ABSENT) },
      "Enable " PMD " on the server, or make it optional in the client. Check "
      "Sec-WebSocket-Extensions in the handshake response (frame 6).",
      "the echo has the same cure" },
    { { CLIENT, .code = 1010, REASON(PMD), OPENED(PMD, PMD) },
      "Look into the client, not the server: nothing that it offered and asks for was left out of "
      "the handshake response (frame 6)." COMPARE,
      "1010, contradicted" },
    { { CLIENT, .code = 1010, REASON("x"), OPENED(PMD, UNSEEN) },
      "Look into the client, not the server: it asks for x and never offered it (frame 4). Let it "
      "offer what it needs.",
      "of a response that was not seen, nothing is said" },
    { { CLIENT, .code = 1010, OPENED(ABSENT, ABSENT) },
      "Look into the client, not the server: it offered no extension at all (frame 4). Let it "
      "offer what it needs.",
      "nothing was offered" },
    { { SERVER, .code = 1010, REASON(PMD), OPENED(PMD, ABSENT) }, CHANGE_SERVER,
      "1010 from the server" },
    { { SERVER, .code = 1010, OPENED(UNSEEN, UNSEEN) }, CHANGE_SERVER,
      "1010 from the server, whatever was negotiated" },
    { { CLIENT, .code = 1010, .echo = true, .peer = 8, OPENED(PMD, ABSENT) }, CHANGE_SERVER,
      "the client echoes the server's" },
};

static void
test_fix(void)
{
    check_texts(fix_rows, G_N_ELEMENTS(fix_rows), wsclose_explain_close_fix);
}

static const text_row no_status_rows[] = {
    { { CLIENT, .kind = EMPTY },
      "Client's Close frame is empty: no status code present, so the server's API reports 1005, a "
      "value that no frame carries.",
      "of the client" },
    { { SERVER, .kind = EMPTY },
      "Server's Close frame is empty: no status code present, so the client's API reports 1005, a "
      "value that no frame carries.",
      "of the server" },
    { { NOBODY, .kind = EMPTY },
      "One side's Close frame is empty: no status code present, so the receiver's API reports "
      "1005, a value that no frame carries.",
      "of nobody knows whom" },
    { { SERVER, .kind = EMPTY, .echo = true, .peer = 12 },
      "Server's Close frame is empty: no status code present, so the client's API reports 1005, a "
      "value that no frame carries. It answers an empty Close (frame 12), as it should.",
      "an echo" },
    { { SERVER, .kind = EMPTY, .answer = true, .peer = 12 },
      "Server's Close frame is empty: no status code present, so the client's API reports 1005, a "
      "value that no frame carries.",
      "an answer to a code" },
    { { CLIENT, .kind = EMPTY, .breaches = WSCLOSE_BREACH_UNMASKED },
      "Client's Close frame is empty: no status code present.", "in breach, so 1006 is told" },
    { { CLIENT, .kind = EMPTY, .repeated = true, .reported = 1000 },
      "Client's Close frame is empty: no status code present.", "too late, so 1000 was told" },
    { { CLIENT, .kind = EMPTY, .repeated = true, .reported = 1005 },
      "Client's Close frame is empty: no status code present, so the server's API reports 1005, a "
      "value that no frame carries.",
      "the second empty one" },
    { { CLIENT, .code = 1000 }, NULL, "a code" },
    { { CLIENT, .code = 1005, .breaches = WSCLOSE_BREACH_CODE_RESERVED }, NULL,
      "1005 on the wire" },
    { { CLIENT, .kind = CUT }, NULL, "cut" },
    { { CLIENT, .kind = ONE_OCTET, .breaches = WSCLOSE_BREACH_ONE_OCTET }, NULL, "one octet" },
};

static void
test_no_status(void)
{
    check_texts(no_status_rows, G_N_ELEMENTS(no_status_rows), wsclose_explain_no_status);
}

static void
check_text(char *text, const char *expected)
{
    if (g_strcmp0(text, expected) != 0) {
        g_test_message("  says:   %s", text);
        g_test_message("  should: %s", expected);
        g_test_fail();
    }
    wsclose_text_free(text);
}

static void
test_no_status_repeated(void)
{
    check_text(wsclose_explain_no_status_repeated("192.0.2.7", 10),
               "192.0.2.7 has closed without a status code on 10 connections so far. Its "
               "WebSocket implementation may have a bug: check whether it is meant to send empty "
               "Close frames.");
    check_text(wsclose_explain_no_status_repeated("2001:db8::1", 1),
               "2001:db8::1 has closed without a status code on 1 connection so far. Its "
               "WebSocket implementation may have a bug: check whether it is meant to send empty "
               "Close frames.");
}

#define ENABLE_IT " Enable it on the server or make it optional in the client."
#define ENABLE_THEM " Enable them on the server or make them optional in the client."
#define CHECK " Check Sec-WebSocket-Extensions in the server's response."

static const text_row confirmed_rows[] = {
    { { CLIENT, .code = 1010, REASON(PMD), OPENED(PMD, ABSENT) },
      "Client closes with 1010: it needs permessage-deflate, which the server's response (frame 6) "
      "did not include. Enable it on the server or make it optional in the client.",
      "the usual case" },
    { { CLIENT, .code = 1010, REASON(PMD), .offer = PMD, .response = ABSENT },
      "Client closes with 1010: it needs " PMD ", which the server's response did not "
      "include." ENABLE_IT,
      "without numbers" },
    { { CLIENT, .code = 1010, REASON("no " PMD " here"), OPENED(PMD, ABSENT) },
      "Client closes with 1010: it needs " PMD ", which the server's response (frame 6) did not "
      "include." ENABLE_IT,
      "named in prose" },
    { { CLIENT, .code = 1010, REASON("a, b"), OPENED("a, b", ABSENT) },
      "Client closes with 1010: it needs a and b, which the server's response (frame 6) did not "
      "include." ENABLE_THEM,
      "two" },
    { { CLIENT, .code = 1010, REASON("a, b, c"), OPENED("a, b, c", ABSENT) },
      "Client closes with 1010: it needs a, b and c, which the server's response (frame 6) did not "
      "include." ENABLE_THEM,
      "three" },
    { { CLIENT, .code = 1010, REASON("a, b"), OPENED("a, b", "b") },
      "Client closes with 1010: it needs a, which the server's response (frame 6) did not "
      "include." ENABLE_IT,
      "one of two was negotiated" },
    { { CLIENT, .code = 1010, OPENED(PMD, ABSENT) },
      "Client closes with 1010: its reason names no extension, and it offered " PMD ", which the "
      "server's response (frame 6) did not include." ENABLE_IT,
      "no reason" },
    { { CLIENT, .code = 1010, REASON("missing extension!"), OPENED("a, b", ABSENT) },
      "Client closes with 1010: its reason names no extension, and it offered a and b, which the "
      "server's response (frame 6) did not include." ENABLE_THEM,
      "a reason that names none" },
    { { NOBODY, .code = 1010, REASON(PMD), OPENED(PMD, ABSENT) },
      "One side closes with 1010: it needs " PMD ", which the server's response (frame 6) did not "
      "include." ENABLE_IT,
      "by nobody knows whom" },
    { { CLIENT, .code = 1010, REASON(PMD), .answer = true, .peer = 8, OPENED(PMD, ABSENT) },
      "Client closes with 1010: it needs " PMD ", which the server's response (frame 6) did not "
      "include." ENABLE_IT,
      "an answer, but no echo" },
    { { CLIENT, .code = 1010, REASON(PMD), OPENED(PMD, PMD "; x") },
      "Client closes with 1010: it needs " PMD ", which the server's response (frame 6) did not "
      "validly accept. Correct it on the server or make it optional in the client.",
      "answered against the rules" },
    { { CLIENT, .code = 1010, REASON("x, " PMD), OPENED(PMD, ABSENT) },
      "Client closes with 1010: it needs " PMD ", which the server's response (frame 6) did not "
      "include." ENABLE_IT " It never offered x.",
      "a server cannot accept what was never offered" },
};

static const text_row contradicted_rows[] = {
    { { CLIENT, .code = 1010, REASON(PMD), OPENED(PMD, PMD) },
      "Client closes with 1010: it asks for " PMD ", but it was negotiated (frame 6).",
      "negotiated" },
    { { CLIENT, .code = 1010, REASON("a, b"), OPENED("a, b", "b, a") },
      "Client closes with 1010: it asks for a and b, but they were negotiated (frame 6).",
      "both negotiated" },
    { { CLIENT, .code = 1010, REASON(PMD), .offer = PMD, .response = PMD },
      "Client closes with 1010: it asks for " PMD ", but it was negotiated.", "without numbers" },
    { { CLIENT, .code = 1010, REASON("x"), OPENED(PMD, PMD) },
      "Client closes with 1010: it asks for x, but never offered it (frame 4).", "never offered" },
    { { CLIENT, .code = 1010, REASON("x, y"), OPENED(PMD, ABSENT) },
      "Client closes with 1010: it asks for x and y, but never offered them (frame 4).",
      "neither was offered" },
    { { CLIENT, .code = 1010, REASON("x, y, " PMD), OPENED(PMD, PMD) },
      "Client closes with 1010: it asks for x, y and " PMD ", but x and y were never offered and "
      "the rest was negotiated (frame 6).",
      "two never offered, one negotiated" },
    { { CLIENT, .code = 1010, REASON("x, " PMD), OPENED(PMD, PMD) },
      "Client closes with 1010: it asks for x and " PMD ", but x was never offered and the rest "
      "was negotiated (frame 6).",
      "one never offered, one negotiated" },
    { { CLIENT, .code = 1010, OPENED(PMD, PMD) },
      "Client closes with 1010: everything that it offered was negotiated (frame 6).",
      "no reason, all negotiated" },
    { { CLIENT, .code = 1010, OPENED(ABSENT, ABSENT) },
      "Client closes with 1010: it offered no extension at all (frame 4).",
      "no reason, nothing offered: it is the request that shows that" },
};

static const text_row unverifiable_rows[] = {
    { { CLIENT, .code = 1010, REASON(PMD), .offer = UNSEEN, .response = UNSEEN },
      "Client closes with 1010: it needs " PMD ", and the opening handshake is not in the capture, "
      "so whether the server left it out cannot be told." CHECK,
      "no handshake" },
    { { CLIENT, .code = 1010, REASON("a, b"), .offer = UNSEEN, .response = UNSEEN },
      "Client closes with 1010: it needs a and b, and the opening handshake is not in the capture, "
      "so whether the server left them out cannot be told." CHECK,
      "no handshake, two names" },
    { { CLIENT, .code = 1010, .offer = UNSEEN, .response = UNSEEN },
      "Client closes with 1010: its reason names no extension, and the opening handshake is not in "
      "the capture, so whether the server left one out cannot be told." CHECK,
      "no handshake, no name" },
    { { CLIENT, .code = 1010, REASON(PMD), .offer = PMD, .response = UNSEEN,
        .request_in = 4 },
      "Client closes with 1010: it needs " PMD ", and the response of the opening handshake is not "
      "in the capture, so whether the server left it out cannot be told." CHECK,
      "no response" },
    { { CLIENT, .code = 1010, REASON(PMD), .offer = UNSEEN, .response = ABSENT,
        .response_in = 6 },
      "Client closes with 1010: it needs " PMD ", which the server's response (frame 6) did not "
      "include; the request is not in the capture, so whether it was offered is unknown.",
      "no request, and the response lacks it" },
    { { CLIENT, .code = 1010, REASON("per"), .reason_cut = true, OPENED(PMD, ABSENT) },
      "Client closes with 1010: the capture has cut its reason short, so what it needs cannot be "
      "told." CHECK,
      "a reason that is cut before a name is whole" },
    { { CLIENT, .code = 1010, REASON("per"), .reason_cut = true, .offer = UNSEEN,
        .response = UNSEEN },
      "Client closes with 1010: the capture has cut its reason short, so what it needs cannot be "
      "told." CHECK,
      "a reason that is cut, and no handshake" },
    { { CLIENT, .code = 1010, REASON(PMD ", x"), .reason_cut = true, OPENED(PMD, PMD) },
      "Client closes with 1010: it needs " PMD ", and the capture has cut off the rest of its "
      "reason, so whether the server left anything out cannot be told." CHECK,
      "a reason that is cut behind a name" },
};

static const text_row echoed_rows[] = {
    { { SERVER, .code = 1010, REASON(PMD), .echo = true, .peer = 8, OPENED(PMD, ABSENT) },
      "Server answers with the client's own 1010 (frame 8): the client needs " PMD ", which the "
      "server's response (frame 6) did not include." ENABLE_IT,
      "the client needs it, not the server" },
    { { SERVER, .code = 1010, .echo = true, .peer = 8, OPENED(PMD, ABSENT) },
      "Server answers with the client's own 1010 (frame 8): the client offered " PMD ", which the "
      "server's response (frame 6) did not include." ENABLE_IT,
      "the client offered it, not the server" },
    { { SERVER, .code = 1010, REASON(PMD), .echo = true, .peer = 8, OPENED(PMD, PMD) },
      "Server answers with the client's own 1010 (frame 8): the client asks for " PMD ", but it "
      "was negotiated (frame 6).",
      "the client asks for it" },
    { { SERVER, .code = 1010, REASON("x"), .echo = true, .peer = 8, OPENED(PMD, PMD) },
      "Server answers with the client's own 1010 (frame 8): the client asks for x, but never "
      "offered it (frame 4).",
      "the client never offered it" },
    { { CLIENT, .code = 1010, REASON(PMD), .echo = true, .peer = 8, OPENED(PMD, ABSENT) },
      "Client answers with the server's own 1010 (frame 8): the server needs " PMD ", which the "
      "server's response (frame 6) did not include.",
      "the server needs it" },
};

static const text_row from_server_rows[] = {
    { { SERVER, .code = 1010, REASON(PMD), OPENED(PMD, ABSENT) },
      "Server closes with 1010: it needs " PMD ", which the server's response (frame 6) did not "
      "include.",
      "offered, and not answered" },
    { { SERVER, .code = 1010, OPENED(PMD, ABSENT) },
      "Server closes with 1010: its reason names no extension, and the client offered " PMD
      ", which the server's response (frame 6) did not include.",
      "it is the client that offers" },
    { { SERVER, .code = 1010, OPENED(PMD, PMD) },
      "Server closes with 1010: everything that the client offered was negotiated (frame 6).",
      "all negotiated" },
    { { SERVER, .code = 1010, OPENED(ABSENT, ABSENT) },
      "Server closes with 1010: the client offered no extension at all (frame 4).",
      "nothing offered" },
    { { SERVER, .code = 1010, REASON(PMD), OPENED(ABSENT, ABSENT) },
      "Server closes with 1010: it asks for " PMD ", but the client never offered it (frame 4).",
      "never offered" },
};

static const text_row no_claim_rows[] = {
    { { CLIENT, .code = 1000 }, NULL, "1000" },
    { { CLIENT, .code = 1002, REASON(PMD) }, NULL, "1002 with the name of an extension" },
    { { CLIENT, .kind = EMPTY }, NULL, "an empty Close" },
    { { CLIENT, .kind = CUT }, NULL, "cut" },
    { { CLIENT, .kind = ONE_OCTET, .breaches = WSCLOSE_BREACH_ONE_OCTET }, NULL, "one octet" },
};

static void
test_confirmed(void)
{
    check_texts(confirmed_rows, G_N_ELEMENTS(confirmed_rows), wsclose_explain_mandatory_ext);
}

static void
test_contradicted(void)
{
    check_texts(contradicted_rows, G_N_ELEMENTS(contradicted_rows), wsclose_explain_mandatory_ext);
}

static void
test_unverifiable(void)
{
    check_texts(unverifiable_rows, G_N_ELEMENTS(unverifiable_rows), wsclose_explain_mandatory_ext);
}

static void
test_echoed(void)
{
    check_texts(echoed_rows, G_N_ELEMENTS(echoed_rows), wsclose_explain_mandatory_ext);
}

static void
test_from_server(void)
{
    check_texts(from_server_rows, G_N_ELEMENTS(from_server_rows), wsclose_explain_mandatory_ext);
}

static void
test_no_claim(void)
{
    check_texts(no_claim_rows, G_N_ELEMENTS(no_claim_rows), wsclose_explain_mandatory_ext);
    check_texts(no_claim_rows, G_N_ELEMENTS(no_claim_rows),
                wsclose_explain_mandatory_ext_contradicted);
    check_texts(no_claim_rows, G_N_ELEMENTS(no_claim_rows),
                wsclose_explain_mandatory_ext_from_server);
}

#define AGAINST "The opening handshake speaks against this 1010: "

static const text_row contradiction_rows[] = {
    { { CLIENT, .code = 1010, REASON(PMD), OPENED(PMD, PMD) },
      AGAINST "the client asks for " PMD ", but it was negotiated (frame 6). Look into the "
              "client's own check.",
      "negotiated" },
    { { CLIENT, .code = 1010, REASON("x"), OPENED(PMD, PMD) },
      AGAINST "the client asks for x, but never offered it (frame 4). Look into the client's own "
              "check.",
      "never offered" },
    { { CLIENT, .code = 1010, OPENED(ABSENT, ABSENT) },
      AGAINST "the client offered no extension at all (frame 4). Look into the client's own check.",
      "nothing offered" },
    { { SERVER, .code = 1010, REASON(PMD), .echo = true, .peer = 8, OPENED(PMD, PMD) },
      AGAINST "the client asks for " PMD ", but it was negotiated (frame 6). Look into the "
              "client's own check.",
      "the echo of the server" },
    { { SERVER, .code = 1010, REASON(PMD), OPENED(PMD, PMD) },
      AGAINST "the server asks for " PMD ", but it was negotiated (frame 6). Look into the "
              "server's own check.",
      "from the server" },
    { { CLIENT, .code = 1010, REASON(PMD), OPENED(PMD, ABSENT) }, NULL, "confirmed" },
    { { CLIENT, .code = 1010, REASON(PMD), .offer = UNSEEN, .response = UNSEEN }, NULL,
      "unverifiable" },
};

static void
test_contradiction(void)
{
    check_texts(contradiction_rows, G_N_ELEMENTS(contradiction_rows),
                wsclose_explain_mandatory_ext_contradicted);
}

#define NOT_THE_SERVERS                                                                            \
    "The server sends 1010, a code for clients only. A server that needs an extension fails the "  \
    "opening handshake instead (RFC 6455 section 7.4.1)."

static const text_row servers_code_rows[] = {
    { { SERVER, .code = 1010, OPENED(PMD, ABSENT) }, NOT_THE_SERVERS, "the first Close" },
    { { SERVER, .code = 1010, .answer = true, .peer = 8, OPENED(PMD, ABSENT) }, NOT_THE_SERVERS,
      "an answer to something else" },
    { { CLIENT, .code = 1010, .echo = true, .peer = 8, OPENED(PMD, ABSENT) }, NOT_THE_SERVERS,
      "the client's echo of it" },
    { { SERVER, .code = 1010, .echo = true, .peer = 8, OPENED(PMD, ABSENT) }, NULL,
      "the server's echo of the client's" },
    { { CLIENT, .code = 1010, OPENED(PMD, ABSENT) }, NULL, "the client's" },
    { { NOBODY, .code = 1010, OPENED(PMD, ABSENT) }, NULL, "by nobody knows whom" },
};

static void
test_servers_code(void)
{
    check_texts(servers_code_rows, G_N_ELEMENTS(servers_code_rows),
                wsclose_explain_mandatory_ext_from_server);
}

static const struct {
    situation situation;
    wsclose_side expected;
    const char *why;
} claims_rows[] = {
    { { CLIENT, .code = 1010 }, WSCLOSE_CLIENT, "the client's own" },
    { { SERVER, .code = 1010 }, WSCLOSE_SERVER, "the server's own" },
    { { SERVER, .code = 1010, .echo = true, .peer = 8 }, WSCLOSE_CLIENT, "an echo" },
    { { CLIENT, .code = 1010, .echo = true, .peer = 8 }, WSCLOSE_SERVER,
      "an echo of the server's" },
    { { CLIENT, .code = 1010, .answer = true, .peer = 8 }, WSCLOSE_CLIENT,
      "an answer to another code is a claim of its own" },
    { { NOBODY, .code = 1010 }, WSCLOSE_SIDE_UNKNOWN, "nobody knows whose" },
    { { CLIENT, .code = 1000 }, WSCLOSE_SIDE_UNKNOWN, "another code" },
    { { CLIENT, .kind = EMPTY }, WSCLOSE_SIDE_UNKNOWN, "an empty Close" },
};

static void
test_claims(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(claims_rows); i++) {
        made_context t;

        g_test_message("%s", claims_rows[i].why);
        begin(&t, &claims_rows[i].situation);
        g_assert_cmpint(wsclose_claims_mandatory_ext(&t.context), ==, claims_rows[i].expected);
        end(&t);
    }
}

static const struct {
    const char *offer;
    const char *response;
    unsigned status;
    const char *expected;
    const char *why;
} negotiation_rows[] = {
    { PMD, PMD, 101, "Extensions: " PMD " accepted", "accepted" },
    { PMD, ABSENT, 101, "Extensions: " PMD " declined", "declined" },
    { "a, b", ABSENT, 101, "Extensions: a and b declined", "two declined" },
    { "a, b, c", ABSENT, 101, "Extensions: a, b and c declined", "three declined" },
    { "a, b", "b, a", 101, "Extensions: b and a accepted", "two accepted" },
    { "a, b, c, d, e", ABSENT, 101, "Extensions: a, b, c, d and e declined", "as many as are named" },
    { "a, b, c, d, e, f", ABSENT, 101, "Extensions: a, b, c, d and 2 more declined",
      "more than a label has room for" },
    { "a234567890123456789012345678901234567890", ABSENT, 101,
      "Extensions: a234567890123456789012345678901234567890 declined", "as long as is named" },
    { "a2345678901234567890123456789012345678901", ABSENT, 101,
      "Extensions: a234567890123456789012345678901234567890\xE2\x80\xA6 declined", "a longer name" },
    { PMD ", x", PMD, 101, "Extensions: " PMD " accepted; x declined", "one of two" },
    { "a", "b", 101, "Extensions: b in the response though never offered; a declined",
      "unsolicited" },
    { ABSENT, "b", 101, "Extensions: b in the response though never offered",
      "nothing was offered" },
    { PMD, PMD "; x", 101,
      "Extensions: " PMD " answered in a way that the client must refuse", "invalid" },
    { UNSEEN, PMD, 101,
      "Extensions: " PMD " in the response (what the client offered is not known)", "no request" },
    { UNSEEN, ABSENT, 101,
      "Extensions: none in the response (what the client offered is not known)",
      "no request, and no header" },
    { ABSENT, ABSENT, 101, "Extensions: none offered, none accepted", "none" },
    { "a b", ABSENT, 101, "Extensions: offer malformed", "a malformed offer" },
    { "a, b c", "a", 101, "Extensions: a accepted; offer malformed", "an offer that breaks off" },
    { "a", "a;", 101, "Extensions: a declined; response malformed", "a malformed response" },
    { "a b", "a;", 101, "Extensions: offer malformed; response malformed", "both malformed" },
    { "", ABSENT, 101, "Extensions: offer malformed", "an empty value is malformed" },
    { PMD, ABSENT, 400, "The server refused the upgrade with HTTP status 400", "refused" },
    { PMD, PMD, 404, "The server refused the upgrade with HTTP status 404",
      "what a refusal accepts counts for nothing" },
    { UNSEEN, ABSENT, 503, "The server refused the upgrade with HTTP status 503",
      "refused, no request" },
    { PMD, UNSEEN, 0, "Extensions: " PMD " offered (what the server answered is not known)",
      "no response" },
    { ABSENT, UNSEEN, 0, "Extensions: none offered (what the server answered is not known)",
      "no response, and none offered" },
    { UNSEEN, UNSEEN, 0, "Extensions: the opening handshake is not in the capture",
      "neither was seen" },
};

static void
test_negotiation(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(negotiation_rows); i++) {
        wsclose_negotiation *negotiation =
            match(negotiation_rows[i].offer, negotiation_rows[i].response);
        char *text = wsclose_explain_negotiation(negotiation, WSCLOSE_CARRIER_HTTP1,
                                                 negotiation_rows[i].status);

        g_test_message("%s", negotiation_rows[i].why);
        if (g_strcmp0(text, negotiation_rows[i].expected) != 0) {
            g_test_message("  says:   %s", text);
            g_test_message("  should: %s", negotiation_rows[i].expected);
            g_test_fail();
        }
        wsclose_text_free(text);
        wsclose_negotiation_free(negotiation);
    }
}

/* Another word for what the server refused, and another status that accepts. */
static void
test_negotiation_over_streams(void)
{
    wsclose_negotiation *negotiation = match(PMD, ABSENT);

    check_text(wsclose_explain_negotiation(negotiation, WSCLOSE_CARRIER_HTTP2, 200),
               "Extensions: " PMD " declined");
    check_text(wsclose_explain_negotiation(negotiation, WSCLOSE_CARRIER_HTTP3, 403),
               "The server refused the extended CONNECT with HTTP status 403");
    check_text(wsclose_explain_negotiation(negotiation, WSCLOSE_CARRIER_HTTP2, 101),
               "The server refused the extended CONNECT with HTTP status 101");
    check_text(wsclose_explain_refused(WSCLOSE_CARRIER_HTTP2, 501),
               "The server refused the extended CONNECT with HTTP status 501. There is no "
               "WebSocket connection, and a browser's API reports 1006.");
    check_text(wsclose_explain_refused(WSCLOSE_CARRIER_HTTP1, 501),
               "The server refused the upgrade with HTTP status 501. There is no WebSocket "
               "connection, and a browser's API reports 1006.");
    wsclose_negotiation_free(negotiation);
}

static void
test_declined(void)
{
    g_assert_null(wsclose_explain_not_listed(0));
    g_assert_null(wsclose_explain_not_listed(WSCLOSE_EXTS_LISTED_MAX));
    check_text(wsclose_explain_not_listed(WSCLOSE_EXTS_LISTED_MAX + 1), "1 more are not listed");
    check_text(wsclose_explain_not_listed(20000), "19950 more are not listed");
    check_text(wsclose_explain_declined(PMD, false),
               PMD " was offered and the server did not accept it: it is not used on this "
                   "connection.");
    check_text(wsclose_explain_declined(PMD, true),
               PMD " was offered and the server did not accept it, though it is listed as "
                   "mandatory: a client that needs it closes with 1010. Enable it on the server "
                   "or make it optional in the client.");
}

static void
test_text_free_null(void)
{
    wsclose_text_free(NULL);
}

/* What a reader must never see, whatever the situation. */
static void
check_prose(const char *text, bool sentence)
{
    static const char *const never[] = { "(null)", "frame 0", "  ", ",;", ",,", ",.", ";.",
                                         "..",     " ,",      " .", " ()", ": .", "::",
                                         "{",      "}" };

    g_assert_true(g_utf8_validate(text, -1, NULL));
    g_assert_cmpstr(text, !=, "");
    for (size_t i = 0; i < G_N_ELEMENTS(never); i++) {
        if (strstr(text, never[i])) {
            g_test_message("\"%s\" in: %s", never[i], text);
            g_test_fail();
        }
    }
    if (g_str_has_suffix(text, ".") != sentence || g_str_has_suffix(text, ",")) {
        g_test_message("a wrong end: %s", text);
        g_test_fail();
    }
}

/* A text names a frame only if the situation has it. */
static void
check_frames(const char *text, const situation *s)
{
    static const char word[] = "frame ";

    for (const char *at = strstr(text, word); at; at = strstr(at + 1, word)) {
        const guint64 number = g_ascii_strtoull(at + strlen(word), NULL, 10);

        if (!g_ascii_isdigit(at[strlen(word)]))
            continue;
        if (number == 0
            || (number != s->peer && number != s->request_in && number != s->response_in)) {
            g_test_message("a frame from nowhere: %s", text);
            g_test_fail();
        }
    }
}

/* As much as Wireshark shows of one line. */
enum { LINE_MAX_OCTETS = 239 };

static const struct {
    explainer explain;
    bool sentence;
    bool expert; /* must fit on a line */
    bool always;
} explainers[] = {
    { wsclose_explain_close, false, true, true },
    { wsclose_explain_close_description, true, false, true },
    { wsclose_explain_close_seen_when, true, false, true },
    { wsclose_explain_close_fix, true, false, true },
    { wsclose_explain_no_status, true, true, false },
    { wsclose_explain_mandatory_ext, true, true, false },
    { wsclose_explain_mandatory_ext_contradicted, true, true, false },
    { wsclose_explain_mandatory_ext_from_server, true, true, false },
};

static void
check_all_texts(const situation *s)
{
    made_context t;

    begin(&t, s);
    for (size_t i = 0; i < G_N_ELEMENTS(explainers); i++) {
        char *text = explainers[i].explain(&t.context);

        if (explainers[i].always)
            g_assert_nonnull(text);
        if (text) {
            check_prose(text, explainers[i].sentence);
            check_frames(text, s);
            if (explainers[i].expert && strlen(text) > LINE_MAX_OCTETS) {
                g_test_message("%" G_GSIZE_FORMAT " octets: %s", strlen(text), text);
                g_test_fail();
            }
        }
        wsclose_text_free(text);
    }
    end(&t);
}

/* Every kind of Close with every place in the connection, with usual names and large numbers. */
static void
test_every_situation(void)
{
    static const situation bodies[] = {
        { .code = 1000 },
        { .code = 1010, REASON(PMD) },
        { .code = 1010 },
        { .code = 1010, REASON("x-other") },
        { .code = 1010, REASON("needs " PMD) },
        { .code = 1010, REASON(PMD ", x-"), .reason_cut = true },
        { .code = 1010, REASON("perm"), .reason_cut = true },
        { .code = 1010, REASON(PMD), .breaches = WSCLOSE_BREACH_RSV },
        { .kind = EMPTY },
        { .kind = EMPTY, .breaches = WSCLOSE_BREACH_TOO_LONG },
        { .kind = CUT },
        { .kind = CUT, .breaches = WSCLOSE_BREACH_FRAGMENTED },
        { .kind = ONE_OCTET, .breaches = WSCLOSE_BREACH_ONE_OCTET },
        { .code = 1006, .breaches = WSCLOSE_BREACH_CODE_RESERVED },
        { .code = 5000, .breaches = WSCLOSE_BREACH_CODE_INVALID },
    };
    static const struct {
        bool repeated, answer, echo;
        uint32_t peer;
    } places[] = {
        { false, false, false, 0 },     { false, true, false, 1234567 },
        { false, true, true, 1234567 }, { true, false, false, 0 },
        { true, false, false, 1234567 },
    };
    static const char *const headers[] = { UNSEEN, ABSENT, PMD, PMD "; x", "x-other" };
    static const uint32_t numbers[] = { 0, 1234500 };

    for (size_t b = 0; b < G_N_ELEMENTS(bodies); b++) {
        for (size_t p = 0; p < G_N_ELEMENTS(places); p++) {
            for (int sender = 0; sender < 3; sender++) {
                /* Of an unknown sender, nothing is kept. */
                if (sender == WSCLOSE_SIDE_UNKNOWN && p > 0)
                    continue;
                for (size_t h = 0; h < 25 * G_N_ELEMENTS(numbers); h++) {
                    situation s = bodies[b];

                    s.sender = (wsclose_side)sender;
                    s.repeated = places[p].repeated;
                    s.answer = places[p].answer;
                    s.echo = places[p].echo;
                    s.peer = places[p].peer;
                    s.offer = headers[h % 5];
                    s.response = headers[h / 5 % 5];
                    if (s.offer == NULL || strcmp(s.offer, UNSEEN) != 0)
                        s.request_in = numbers[h / 25];
                    if (s.response == NULL || strcmp(s.response, UNSEEN) != 0)
                        s.response_in = numbers[h / 25] + numbers[h / 25] / 1000;
                    check_all_texts(&s);
                }
            }
        }
    }
}

/* Each set of breaches has its texts, all of them and in order. */
static void
test_every_set_of_breaches(void)
{
    char *sentences[WSCLOSE_BREACH_COUNT];
    const situation any = { SERVER, .code = 1000 };
    made_context t;

    begin(&t, &any);
    for (unsigned bit = 0; bit < WSCLOSE_BREACH_COUNT; bit++)
        sentences[bit] = wsclose_explain_breach(&t.context, (wsclose_breach)(1u << bit));
    end(&t);
    for (unsigned breaches = 1; breaches < 1u << WSCLOSE_BREACH_COUNT; breaches++) {
        const situation s = { SERVER, .code = 1000, .breaches = breaches };
        char *text = tell(&s, wsclose_explain_close_description);
        const char *at = text;

        for (unsigned bit = 0; bit < WSCLOSE_BREACH_COUNT; bit++) {
            g_assert_true((strstr(text, sentences[bit]) != NULL) == ((breaches >> bit & 1) != 0));
            if (breaches >> bit & 1) {
                g_assert_true(g_str_has_prefix(at, sentences[bit]));
                at += strlen(sentences[bit]) + 1;
            }
        }
        g_assert_true(g_str_has_prefix(at, "The client must fail the connection"));
        wsclose_text_free(text);
        check_all_texts(&s);
    }
    for (unsigned bit = 0; bit < WSCLOSE_BREACH_COUNT; bit++)
        wsclose_text_free(sentences[bit]);
}

static void
test_other_lines(void)
{
    char *texts[] = {
        wsclose_explain_no_status_repeated("2001:db8:1234:5678:9abc:def0:1234:5678", UINT_MAX),
        wsclose_explain_declined("x-webkit-deflate-frame", false),
        wsclose_explain_declined("x-webkit-deflate-frame", true),
    };

    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
        check_prose(texts[i], true);
        g_assert_cmpuint(strlen(texts[i]), <=, LINE_MAX_OCTETS);
        wsclose_text_free(texts[i]);
    }
    for (size_t i = 0; i < G_N_ELEMENTS(negotiation_rows); i++)
        check_prose(negotiation_rows[i].expected, false);
}

/* Each breach alone: the fact and the rule. */
static void
test_breach(void)
{
    static const struct {
        situation situation;
        wsclose_breach breach;
        const char *expected;
    } rows[] = {
        { { CLIENT, .code = 1005 }, WSCLOSE_BREACH_CODE_RESERVED,
          "The client's Close frame carries 1005 (No Status Received), a reserved value that must "
          "never be on the wire (RFC 6455 section 7.4.1)." },
        { { SERVER, .code = 2000 }, WSCLOSE_BREACH_CODE_INVALID,
          "The server's Close frame carries 2000, which is no status code that an endpoint may "
          "send (RFC 6455 section 7.4.2)." },
        { { CLIENT, .kind = CUT }, WSCLOSE_BREACH_TOO_LONG,
          "The client's Close frame has a body of 20 octets; a control frame may have 125 (RFC "
          "6455 section 5.5)." },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        made_context t;
        char *text;

        begin(&t, &rows[i].situation);
        text = wsclose_explain_breach(&t.context, rows[i].breach);
        g_assert_cmpstr(text, ==, rows[i].expected);
        wsclose_text_free(text);
        for (unsigned bit = 0; bit < WSCLOSE_BREACH_COUNT; bit++) {
            text = wsclose_explain_breach(&t.context, (wsclose_breach)(1u << bit));
            check_prose(text, true);
            g_assert_nonnull(strstr(text, "RFC 6455 section "));
            g_assert_cmpuint(strlen(text), <, 240);
            wsclose_text_free(text);
        }
        end(&t);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/explain/close", test_close);
    g_test_add_func("/explain/description", test_description);
    g_test_add_func("/explain/table", test_texts_of_the_table);
    g_test_add_func("/explain/empty", test_empty_close_is_1005);
    g_test_add_func("/explain/seen-when", test_seen_when);
    g_test_add_func("/explain/fix", test_fix);
    g_test_add_func("/explain/no-status", test_no_status);
    g_test_add_func("/explain/no-status/repeated", test_no_status_repeated);
    g_test_add_func("/explain/mandatory-ext/confirmed", test_confirmed);
    g_test_add_func("/explain/mandatory-ext/contradicted", test_contradicted);
    g_test_add_func("/explain/mandatory-ext/unverifiable", test_unverifiable);
    g_test_add_func("/explain/mandatory-ext/echoed", test_echoed);
    g_test_add_func("/explain/mandatory-ext/server", test_from_server);
    g_test_add_func("/explain/mandatory-ext/no-claim", test_no_claim);
    g_test_add_func("/explain/mandatory-ext/contradiction", test_contradiction);
    g_test_add_func("/explain/mandatory-ext/servers-code", test_servers_code);
    g_test_add_func("/explain/mandatory-ext/claims", test_claims);
    g_test_add_func("/explain/negotiation", test_negotiation);
    g_test_add_func("/explain/negotiation/over-streams", test_negotiation_over_streams);
    g_test_add_func("/explain/declined", test_declined);
    g_test_add_func("/explain/text-free", test_text_free_null);
    g_test_add_func("/explain/every-situation", test_every_situation);
    g_test_add_func("/explain/every-breaches", test_every_set_of_breaches);
    g_test_add_func("/explain/other-lines", test_other_lines);
    g_test_add_func("/explain/breach", test_breach);
    return g_test_run();
}
