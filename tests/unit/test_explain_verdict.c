/* test_explain_verdict.c
 * What is said of how a connection ended, case by case: the tracker is fed and its verdict told.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wsclose/explain.h"

#include "match.h"
#include "wsclose/code.h"

#include <glib.h>
#include <string.h>

#define PMD "permessage-deflate"
#define LONG_NAME                                                                                  \
    "x-" "0123456789012345678901234567890123456789" "0123456789012345678901234567890123456789"

enum {
    LINE_MAX_OCTETS = 200, /* what Wireshark shows of a label */
    TEXT_MAX_OCTETS = 1200
};

/* A connection, told from its events. Each one but "+" is a packet of its own, from 1; words:
 *   req           the request              101, 403    the response
 *   +250          so many milliseconds     c? s?       octets of that side are missing
 *                                           c* s*       and come after all
 *   c. s.         a text frame             c! s!       one with a reserved bit set
 *   c=1000 s=1001 a Close with a code      c= s=       an empty one
 *   c=cut s=cut   one that is cut off      c=one s=one one of one octet
 *   s=1000:so_so  with a reason, "so so"
 *   ~s=1000       a Close that crosses the other side's
 *   ^s=1000       one of which it is not seen whether its receiver, that has ended its side, reads it
 *   c| s|         FIN                      cx sx       RST
 * and over a stream, whose number is 3:
 *   200           a response that accepts  c#8 s#8     RST_STREAM with that error code
 *   c| s|         END_STREAM               cx sx       a reset of unknown code
 *   c/| s/x       FIN, RST of TCP under it
 *   s@3 s@3,8     GOAWAY that names stream 3, without an error code, and with one */
typedef struct {
    const char *events;
    const char *offer;
    const char *response;
    unsigned faults;
    wsclose_carrier carrier;
} situation;

typedef char *(*explainer)(const wsclose_verdict_context *context);

typedef struct {
    wsclose_connection connection;
    wsclose_moment now;
    wsclose_close_body bodies[WSCLOSE_SIDES]; /* of the first Closes */
    char *reasons[WSCLOSE_SIDES];             /* that these borrow */
} player;

/* Keep the body of a side's first Close, with what follows the colon as its reason. */
static void
keep_body(player *p, wsclose_side sender, const wsclose_close_body *body, const char *what)
{
    const char *colon = strchr(what, ':');

    if (p->bodies[sender].kind != WSCLOSE_BODY_CUT || p->reasons[sender])
        return;
    p->bodies[sender] = *body;
    p->reasons[sender] = g_strdelimit(g_strdup(colon ? colon + 1 : ""), "_", ' ');
    p->bodies[sender].reason =
        (wsclose_slice){ p->reasons[sender], strlen(p->reasons[sender]) };
}

static void
play_close(player *p, wsclose_side sender, const char *what, char mark)
{
    wsclose_frame frame = { .fin = true, .opcode = WSCLOSE_OPCODE_CLOSE, .header_len = 2,
                            .masked = sender == WSCLOSE_CLIENT };
    wsclose_close_body body = { .kind = WSCLOSE_BODY_CODE, .reason_utf8 = true };
    wsclose_close_meaning meaning;

    frame.payload_len = 2;
    if (*what == '\0') {
        body.kind = WSCLOSE_BODY_EMPTY;
        body.code = WSCLOSE_CODE_NO_STATUS_RCVD;
        frame.payload_len = 0;
    } else if (strcmp(what, "cut") == 0) {
        body.kind = WSCLOSE_BODY_CUT;
    } else if (strcmp(what, "one") == 0) {
        body.kind = WSCLOSE_BODY_ONE_OCTET;
        frame.payload_len = 1;
    } else {
        body.code = (uint16_t)g_ascii_strtoull(what, NULL, 10);
    }

    const wsclose_close_fact fact = { .sender = sender,
                                      .body = &body,
                                      .breaches = wsclose_close_breaches(&frame, &body, sender),
                                      .crossing = mark == '~',
                                      .has_receipt = mark == '^' };
    wsclose_connection_close(&p->connection, &fact, p->now, &meaning);
    keep_body(p, sender, &body, what);
}

static void
play_goaway(player *p, wsclose_side sender, const char *what)
{
    const char *comma = strchr(what, ',');
    const wsclose_goaway_fact fact = {
        .sender = sender,
        .stream = 3,
        .last = g_ascii_strtoull(what, NULL, 10),
        .has_error = comma != NULL,
        .error = comma ? g_ascii_strtoull(comma + 1, NULL, 10) : 0,
    };

    wsclose_connection_goaway(&p->connection, &fact, p->now);
}

static void
play_side(player *p, const char *word, char mark)
{
    const wsclose_side sender = word[0] == 'c' ? WSCLOSE_CLIENT
                                                   : WSCLOSE_SERVER;
    const wsclose_frame frame = { .fin = true, .opcode = WSCLOSE_OPCODE_TEXT, .header_len = 2,
                                  .masked = word[0] == 'c', .rsv = word[1] == '!' ? 2 : 0 };
    wsclose_frame_meaning meaning;

    switch (word[1]) {
    case '.':
    case '!':
        wsclose_connection_frame(&p->connection, sender, &frame, p->now, &meaning);
        break;
    case '=':
        play_close(p, sender, word + 2, mark);
        break;
    case '|':
        wsclose_connection_end(&p->connection, sender, WSCLOSE_END_ORDERLY, p->now);
        break;
    case 'x':
        wsclose_connection_end(&p->connection, sender, WSCLOSE_END_RESET, p->now);
        break;
    case '#':
        wsclose_connection_reset_stream(&p->connection, sender,
                                        g_ascii_strtoull(word + 2, NULL, 10), p->now);
        break;
    case '/':
        wsclose_connection_end_under(&p->connection, sender,
                                     word[2] == 'x' ? WSCLOSE_END_RESET : WSCLOSE_END_ORDERLY,
                                     p->now);
        break;
    case '@':
        play_goaway(p, sender, word + 2);
        break;
    case '-':
        wsclose_connection_not_http(&p->connection, p->now);
        break;
    case '?':
        wsclose_connection_missing(&p->connection, sender);
        break;
    case '*':
        wsclose_connection_found(&p->connection, sender);
        break;
    default:
        g_error("%s", word);
    }
}

static void
play_word(player *p, const char *word, unsigned faults)
{
    if (word[0] == '+') {
        p->now.time += (int64_t)g_ascii_strtoull(word + 1, NULL, 10) * 1000000;
        return;
    }
    p->now.number++;
    if (strcmp(word, "req") == 0) {
        wsclose_connection_request(&p->connection, p->now);
    } else if (g_ascii_isdigit(word[0])) {
        const wsclose_handshake_response response = {
            .status = (unsigned)g_ascii_strtoull(word, NULL, 10), .faults = faults };

        wsclose_connection_response(&p->connection, &response, p->now);
    } else {
        const bool is_marked = word[0] == '~' || word[0] == '^';

        play_side(p, is_marked ? word + 1 : word, word[0]);
    }
}

static void
play(player *p, const situation *s)
{
    char **words = g_strsplit(s->events, " ", -1);

    *p = (player){ .bodies = { { .kind = WSCLOSE_BODY_CUT }, { .kind = WSCLOSE_BODY_CUT } } };
    wsclose_connection_init_over(&p->connection, s->carrier);
    for (size_t i = 0; words[i]; i++)
        play_word(p, words[i], s->faults);
    g_strfreev(words);
}

static void
stop(player *p)
{
    g_free(p->reasons[WSCLOSE_CLIENT]);
    g_free(p->reasons[WSCLOSE_SERVER]);
}

/* Whose Close has the first 1010. */
static const wsclose_close_body *
find_claim(const player *p)
{
    const wsclose_side first =
        p->connection.first_close == WSCLOSE_SERVER ? WSCLOSE_SERVER : WSCLOSE_CLIENT;

    if (wsclose_close_body_has(&p->bodies[first], WSCLOSE_CODE_MANDATORY_EXT))
        return &p->bodies[first];
    return wsclose_close_body_has(&p->bodies[1 - first], WSCLOSE_CODE_MANDATORY_EXT)
               ? &p->bodies[1 - first]
               : NULL;
}

static char *
tell(const situation *s, explainer explain)
{
    player p;
    wsclose_verdict verdict;
    wsclose_negotiation *negotiation = match(s->offer, s->response);
    wsclose_mandatory_ext *mandatory = NULL;
    char *text;

    play(&p, s);
    if (!wsclose_connection_verdict(&p.connection, &verdict))
        g_error("not settled: %s", s->events);
    const wsclose_close_body *claim = find_claim(&p);
    if (claim)
        mandatory = wsclose_mandatory_ext_explain(negotiation, claim->reason, claim->reason_cut);
    text = explain(&(wsclose_verdict_context){ .connection = &p.connection,
                                               .verdict = &verdict,
                                               .negotiation = negotiation,
                                               .bodies = { &p.bodies[0], &p.bodies[1] },
                                               .mandatory = mandatory });
    wsclose_mandatory_ext_free(mandatory);
    wsclose_negotiation_free(negotiation);
    stop(&p);
    return text;
}

typedef struct {
    situation situation;
    const char *line;        /* the whole verdict; NULL for any, as below */
    const char *description; /* a part of each of the others */
    const char *seen_when;
    const char *fix;
} row;

static const row rows[] = {
    /* Both closed. */
    { { .events = "req +1 101 +5 c. +20 c= +3 s=" },
      "Client closed without a status code and the server answered in kind: both report 1005",
      "Both report 1005, because the Close frame that each received was empty. 1005 is never on the "
      "wire: the library that reports it makes it up.",
      "a browser's close() is called without arguments", "Nothing needs to be changed" },
    { { .events = "req 101 s= c=" },
      "Server closed without a status code and the client answered in kind: both report 1005",
      "The server sent a Close frame without a status code in frame 3", NULL,
      "pass a code to close() on the server" },
    { { .events = "req 101 c= s=1000" },
      "Client closed without a status code, the server answered with 1000: the client reports "
      "1000, the server 1005",
      "The server reports 1005, because the Close frame that it received was empty.",
      "Some libraries answer an empty Close with 1000", "Nothing needs to be changed" },
    { { .events = "req 101 c. +7300 c=1000 +3 s=1000" },
      "Client closed with 1000, the server answered with 1000: both report 1000",
      "The server accepted the connection in frame 2. The client sent a Close frame with 1000 "
      "(Normal Closure) in frame 4, 7.3 s after the last frame. The server answered with 1000 "
      "(Normal Closure) in frame 5, 3 ms after the Close in frame 4. Both report 1000, the "
      "code that they received.",
      "An application closed the connection on purpose.", "there is nothing to fix" },
    { { .events = "req 101 s=1001 c=1001" },
      "Server closed with 1001, the client answered with 1001: both report 1001", NULL,
      "when it is stopped or redeployed", "let the client reconnect" },
    { { .events = "req 101 s=1008 c=1008" },
      "Server closed with 1008, the client answered with 1008: both report 1008", NULL,
      "credentials are missing", "Read the reason" },
    { { .events = "req 101 s=1011 c=1011" },
      "Server closed with 1011, the client answered with 1011: both report 1011", NULL,
      "raised an exception", "Look in the log" },
    { { .events = "req 101 s=1012 c=1012" },
      "Server closed with 1012, the client answered with 1012: both report 1012", NULL,
      "redeployed", "reconnect after a random delay" },
    { { .events = "req 101 s=1013 c=1013" },
      "Server closed with 1013, the client answered with 1013: both report 1013", NULL,
      "sheds load", "find out what ran short" },
    { { .events = "req 101 s=1009 c=1009" },
      "Server closed with 1009, the client answered with 1009: both report 1009",
      "Some APIs report 1006 after they sent 1009 themselves.", "longer than the receiving library's limit",
      "On the server, raise the limit (maxPayload in ws," },
    { { .events = "req 101 c=1010 s=1010", .offer = PMD },
      "Client closed with 1010 for want of permessage-deflate, the server answered with 1010: both "
      "report 1010",
      NULL, "an extension that it requires",
      "Enable permessage-deflate on the server, or make it optional in the client. Check "
      "Sec-WebSocket-Extensions in the handshake response (frame 2)." },
    { { .events = "req 101 c=1010 s=1010", .offer = PMD, .response = PMD },
      "Client closed with 1010, the server answered with 1010: both report 1010", NULL, NULL,
      "Look into the client, not the server: nothing that it offered and asks for was left out of "
      "the handshake response (frame 2)." },
    { { .events = "req 101 c=1010 s=1010", .offer = UNSEEN, .response = PMD },
      "Client closed with 1010, the server answered with 1010: both report 1010", NULL, NULL,
      "Check Sec-WebSocket-Extensions in the handshake response against" },
    { { .events = "req 101 s=1010 c=1010", .offer = PMD },
      "Server closed with 1010 for want of permessage-deflate, the client answered with 1010: both "
      "report 1010", NULL, NULL,
      "Change the server: 1010 is the client's to send." },
    { { .events = "req 101 c=1010 s=1000", .offer = PMD },
      "Client closed with 1010 for want of permessage-deflate, the server answered with 1000: the "
      "client reports 1000, the server 1010",
      "The client reports 1000, the code that it received. The server reports 1010",
      "some libraries answer every Close with 1000 (aiohttp", "Enable permessage-deflate" },
    { { .events = "req 101 s=4001 c=" },
      "Server closed with 4001, the client answered without a status code: the client reports "
      "4001, the server 1005",
      NULL, "chose to answer with something else", "Look the number up" },
    { { .events = "req 101 c=4002 s=4001" },
      "Client closed with 4002, then the server closed with 4001: the client reports 4001, the "
      "server 4002",
      NULL, "before it read the client's Close", "Look the number up" },
    { { .events = "req 101 c=1000 ~s=1001" },
      "Client closed with 1000 and the server with 1001 at the same time: the client reports 1001, "
      "the server 1000",
      "Neither had received the other's Close when it sent its own.", "of their own accord",
      "Nothing needs to be changed: the protocol allows for it, and each side reports the other's "
      "code. If the close was not wanted, look on both sides for what began it. The client's 1000 "
      "stands for Normal Closure. The server's 1001 stands for Going Away." },
    { { .events = "req 101 c=cut s=1000" },
      "Client closed (code cut off), the server answered with 1000: the "
      "client reports 1000. Incomplete capture: the server's code is not known",
      "the capture has cut off the status code that it received.", "shorter than the packets",
      "Capture again with whole packets (snapshot length 0)." },
    { { .events = "s? c=1000 s=1000" },
      "Client sent a Close frame with 1000, the server one with 1000; who began is not known: both "
      "report 1000. Incomplete capture",
      "The capture is incomplete: some of what the server sent is not in it.", NULL,
      "there is nothing to fix" },
    { { .events = "c? s= c=" },
      "Server sent a Close frame without a status code, the client one without a status code; who "
      "began is not known: both report 1005. Incomplete capture",
      "The opening handshake is not in the capture.", NULL, "Nothing needs to be changed" },

    /* With a reason. */
    { { .events = "req 101 s=1008:token_expired c=1008:token_expired" },
      "Server closed with 1008 'token expired', the client answered with 1008: both report 1008",
      "The server sent a Close frame with 1008 (Policy Violation) and the reason 'token expired' in "
      "frame 3",
      NULL, NULL },
    { { .events = "req 101 s=4001:so c=4002:or_so" },
      "Server closed with 4001 'so', then the client closed with 4002 'or so': the client reports "
      "4001, the server 4002",
      NULL, NULL, NULL },
    { { .events = "req 101 s=1011:012345678901234567890123456789012345678901 c=1000" },
      "Server closed with 1011 '0123456789012345678901234567890123456789\xE2\x80\xA6', the client "
      "answered with 1000: the client reports 1011, the server 1000",
      "and the reason '012345678901234567890123456789012345678901' in frame 3", NULL, NULL },
    { { .events = "req 101 s=1011:a\nb\xC3\xA4\x80 c=" },
      "Server closed with 1011 'a\xEF\xBF\xBD" "b\xC3\xA4\xEF\xBF\xBD', the client answered without a "
      "status code: the client reports 1011, the server 1005",
      NULL, NULL, NULL },
    { { .events = "req 101 s=1011:a\xE2\x80\xA8" "b\xE2\x80\xA9" "c c=" },
      "Server closed with 1011 'a\xEF\xBF\xBD" "b\xEF\xBF\xBD" "c', the client answered without a "
      "status code: the client reports 1011, the server 1005",
      NULL, NULL, NULL },
    { { .events = "req 101 s=1011:0123456789012345678901234567890123456789 +5 "
                  "c=4001:0123456789012345678901234567890123456780" },
      "Server closed with 1011 '0123456789012345678901234567890123456789', then the client closed "
      "with 4001 '0123456789012345678901234567890123456780': the client reports 1011, the server "
      "4001",
      NULL, NULL, NULL },
    /* Where a line has no room: the second one, then both. */
    { { .events = "s? s=1011:0123456789012345678901234567890123456789 +5 "
                  "c=4001:0123456789012345678901234567890123456780" },
      "Server closed with 1011 '0123456789012345678901234567890123456789', then the client closed "
      "with 4001: the client reports 1011, the server 4001. Incomplete capture",
      NULL, NULL, NULL },
    { { .events = "req 101 c=1010:permessage-deflate s=1010:permessage-deflate", .offer = PMD ", x" },
      "Client closed with 1010 for want of permessage-deflate, the server answered with 1010: both "
      "report 1010",
      "with 1010 (Mandatory Extension) and the reason 'permessage-deflate' in frame 3", NULL,
      "Enable permessage-deflate on the server, or make it optional in the client." },
    { { .events = "req 101 c=1010:x s=1010:x", .offer = PMD, .response = PMD },
      "Client closed with 1010 'x', the server answered with 1010: both report 1010", NULL, NULL,
      "it asks for x and never offered it (frame 1)" },
    { { .events = "req 101 c=1010 s=1010", .offer = "a, b, c" },
      "Client closed with 1010 for want of a and 2 more, the server answered with 1010: both report "
      "1010",
      NULL, NULL, "Enable a, b and c on the server, or make them optional in the client." },

    /* A Close that the protocol forbids. */
    { { .events = "req 101 s=1005 c=1002" },
      "Server sent a Close that breaks the protocol (1005 must not be sent), the "
      "client answered with 1002: the client reports 1006, the server 1002",
      "some APIs show the 1002 or 1007 that they sent instead", "passes on to close() a code",
      "Correct the server" },
    { { .events = "req 101 c=1006 s=1006" },
      "Client sent a Close that breaks the protocol (1006 must not be sent), the "
      "server answered with 1006: both report 1006",
      NULL, NULL, "Correct the client" },
    { { .events = "req 101 c=1000 s=99" },
      "Client closed with 1000, the server's Close breaks the protocol (99 is no code): "
      "the client reports 1006, the server 1000",
      "The server's Close frame breaks the protocol (99 is no code).",
      "a number of its own choice", "Correct the server" },
    { { .events = "req 101 s=one c| s|" },
      "Server sent a Close that breaks the protocol (a body of one octet), the client sent "
      "none before TCP ended: both report 1006",
      NULL, "a buffer of the wrong size", "Correct the server" },

    /* A frame that breaks the protocol before any Close. */
    { { .events = "req 101 s! c=1002 s=1002" },
      "Server sent a frame that breaks the protocol (a reserved bit is set), and the client closed "
      "with 1002: the client reports 1006, the server 1002",
      "The server sent a frame that breaks the protocol (a reserved bit is set). The client sent a "
      "Close frame with 1002",
      "permessage-deflate was not negotiated", "Correct the server" },
    { { .events = "req 101 c! s| c|" },
      "Client sent a frame that breaks the protocol (a reserved bit is set), and the server ended "
      "TCP: both report 1006",
      "some APIs show the 1002 or 1007", NULL, "Correct the client" },
    { { .events = "req 101 s! s=1000 c=1000" },
      "Server sent a frame that breaks the protocol (a reserved bit is set), and then closed with "
      "1000: the client reports 1006, the server 1000",
      NULL, NULL, "The client is right to fail the connection." },

    /* One failed the connection itself. */
    { { .events = "req 101 c. s=1009 s| c=1009" },
      "Server closed with 1009 and ended TCP without waiting for an answer: the client reports "
      "1009, the server 1006",
      "some APIs show the 1009 that they sent instead", "longer than the receiving library's limit", "On the server, raise the limit" },
    { { .events = "req 101 c=1007 cx" },
      "Client closed with 1007 and reset TCP without waiting for an answer: the client reports "
      "1006, the server 1007",
      NULL, "text in another encoding", "encode text as UTF-8" },
    { { .events = "req 101 s=1009 c| s|" },
      "Server closed with 1009, the client ended TCP without an answer: the client reports 1009, "
      "the server 1006",
      "The server received no Close frame and so reports 1006",
      "longer than the receiving library's limit", "On the server, raise the limit" },

    /* One Close only. */
    { { .events = "req 101 c=1000 s| c|" },
      "Client closed with 1000, the server ended TCP without an answer: the client reports 1006, "
      "the server 1000",
      "The client received no Close frame and so reports 1006.", "does not answer a Close frame",
      "On the server, answer a Close frame" },
    { { .events = "req 101 s=1001 cx" },
      "Server closed with 1001, the client reset TCP without an answer: the client reports 1001, "
      "the server 1006",
      "The client reset TCP (RST) in frame 4", NULL, "On the client, answer" },
    { { .events = "req 101 c| +5000 s=1001 +10000 s|" }, NULL,
      "The server sent a Close frame with 1001 (Going Away) in frame 4, 5.0 s after frame 3. The "
      "server ended its side of TCP (FIN) in frame 5, 15.0 s after frame 3.",
      NULL, NULL },
    { { .events = "req 101 c| +5000 s=1001 +10000 cx" }, NULL,
      "The server sent a Close frame with 1001 (Going Away) in frame 4. The client reset TCP (RST) in "
      "frame 5. When",
      NULL, NULL },
    { { .events = "req 101 +5 c=1000 s| +15000 c|" }, NULL,
      "in frame 3, 5 ms after the 101. The server ended its side of TCP (FIN) in frame 4. The client "
      "ended its side of TCP (FIN) in frame 5, 15.0 s after the Close in frame 3.",
      NULL, NULL },
    { { .events = "req 101 c=1010 s| c|", .offer = PMD },
      "Client closed with 1010 for want of permessage-deflate, the server ended TCP without an "
      "answer: the client reports 1006, the server 1010",
      NULL, NULL, "On the 1010: Enable permessage-deflate on the server" },
    { { .events = "req 101 c=1000 c| s|" },
      "Client closed with 1000 and ended TCP before an answer came: the client reports 1006, the "
      "server 1000",
      NULL, "does not wait for the answer", "On the client, wait for the server's Close frame" },
    { { .events = "req 101 c| s=1001 cx" },
      "Client ended TCP, and the server's Close with 1001 came too late: both report 1006",
      "When that Close was sent, the client had already ended TCP.",
      "answers the end of TCP with a Close frame", "On the client, close the WebSocket" },
    { { .events = "req 101 c| s=1001 s|" },
      "Client ended TCP, and the server's Close with 1001 came after that: the client reports "
      "1001, the server 1006",
      "The client ended its side of TCP (FIN) in frame 3, less than 1 ms after the 101. The server "
      "sent a Close frame with 1001 (Going Away) in frame 4. The server ended its side of TCP "
      "(FIN) in frame 5.",
      NULL, "On the client, close the WebSocket" },
    { { .events = "req 101 s? c=1000 s| c|" },
      "Client sent a Close frame with 1000, and no Close of the server is in the capture. "
      "Incomplete capture: neither code is known",
      "What the client reports is not known: some of what the server sent is not in the capture.",
      "packets were lost", "Capture again from before the connection opens" },
    { { .events = "req 101 c=cut s| c|" },
      "Client closed (code cut off), the server ended TCP without an "
      "answer: the client reports 1006. Incomplete capture: the server's code is not known",
      NULL, NULL, "On the server, answer" },

    /* A Close that nobody read. */
    { { .events = "req 101 c=1000 c| +5 ^s=1000 cx" },
      "Client closed with 1000, the server's answer with 1000 met a closed socket: the client reports "
      "1006, the server 1000",
      "The server answered with 1000 (Normal Closure) in frame 5, 5 ms after the Close in frame 3. The "
      "client reset TCP (RST) in frame 6, 5 ms after the Close in frame 3. When that answer came, the "
      "client had already closed its socket: it sent a reset back, and nobody read the Close.",
      "does not wait for the answer", "On the client, wait for the server's Close frame" },

    /* Breaches that their receiver tolerates. */
    { { .events = "req 101 c! +1500 s. c=1000 s=1000" },
      "Client closed with 1000, the server answered with 1000: both report 1000",
      "The server accepted the connection in frame 2. The client sent frames that break the protocol (a "
      "reserved bit is set). The server went on all the same, so that is not why the connection ended. "
      "The client sent",
      NULL,
      "Besides, correct the client: another server would fail the connection over its frames (a "
      "reserved bit is set)." },

    /* No Close. */
    { { .events = "req 101 +3 c| s|", .offer = PMD },
      "Client ended TCP 3 ms after the 101, no Close frame from either side: both report 1006", NULL,
      "A client that cannot do without an extension leaves like this too: it had offered "
      "permessage-deflate, and the 101 does not have it.",
      "On the client, look in the log" },
    { { .events = "req 101 +3 cx", .offer = "a, b, c" },
      "Client reset TCP 3 ms after the 101, no Close frame from either side: both report 1006", NULL,
      "it had offered a, b and c, and the 101 does not have them", "On the client, look in the log" },
    { { .events = "req 101 +2001 c| s|", .offer = PMD },
      "Client ended TCP 2.0 s after the 101, no Close frame from either side: both report 1006",
      NULL, NULL, "On the client, look in the log" },
    { { .events = "req 101 +3 c. c| s|", .offer = PMD },
      "Client ended TCP less than 1 ms after the last frame, no Close frame from either side: both "
      "report 1006",
      NULL, NULL, "On the client, look in the log" },
    { { .events = "req 101 +3 s| c|", .offer = PMD },
      "Server ended TCP 3 ms after the 101, no Close frame from either side: both report 1006",
      NULL, "libwebsockets where a callback returns -1", "On the server, look in the log" },
    { { .events = "req 101 c. +60000 c| s|" },
      "Client ended TCP after 60.0 s of silence, no Close frame from either side: both report 1006",
      "Neither side sent a Close frame, so both report 1006",
      "So long is the limit of nginx and Kubernetes' ingress-nginx (proxy_read_timeout); AWS's "
      "application load balancer (idle_timeout.timeout_seconds)",
      "Let the server send a Ping more often than every 60.0 s" },
    { { .events = "req 101 s. +350900 sx" },
      "Server reset TCP after 350.9 s of silence, no Close frame from either side: both report "
      "1006",
      NULL, "So long is the limit of AWS's network load balancer", "proxy_read_timeout" },
    { { .events = "req 101 s. +7500000 s| c|" },
      "Server ended TCP after 2 h 5 min of silence, no Close frame from either side: both report "
      "1006",
      NULL, "No default of 2 h 5 min is known here", "more often than every 2 h 5 min" },
    { { .events = "req 101 s. +9500 s| c|" },
      "Server ended TCP 9.5 s after the last frame, no Close frame from either side: both report "
      "1006",
      NULL, NULL, "On the server" },
    { { .events = "req 101 c. +20 sx" },
      "Server reset TCP 20 ms after the last frame, no Close frame from either side: both report "
      "1006",
      "The server reset TCP (RST) in frame 4, 20 ms after the last frame.",
      "the process on the server crashed or was killed", "On the server, look in the log" },
    { { .events = "req 101 c. +20 cx" },
      "Client reset TCP 20 ms after the last frame, no Close frame from either side: both report "
      "1006",
      NULL, "the process on the client crashed", "On the client, look in the log" },
    { { .events = "c. s. c| s|" },
      "Client ended TCP, and no Close frame is in the capture. Incomplete capture: neither code is known",
      "The opening handshake is not in the capture.", "the capture began after the connection did",
      "Capture again" },
    { { .events = "req 101 s? c| s|", .offer = PMD },
      "Client ended TCP, and no Close frame is in the capture: the server reports 1006. Incomplete "
      "capture: the client's code is not known",
      "some of what the server sent is not in it", NULL, "Capture again" },

    /* A 101 that the client must reject. */
    { { .events = "req 101 +3 c| s|", .faults = WSCLOSE_FAULT_ACCEPT_WRONG },
      "Client ended TCP 3 ms after a 101 that it must reject (wrong Sec-WebSocket-Accept): both "
      "report 1006",
      "with a 101 that the client must reject (wrong Sec-WebSocket-Accept).",
      "a proxy or a cache answers", "computed anew from each request's Sec-WebSocket-Key" },
    { { .events = "req 101 cx", .faults = WSCLOSE_FAULT_ACCEPT_MISSING },
      "Client reset TCP less than 1 ms after a 101 that it must reject (no Sec-WebSocket-Accept): "
      "both report 1006",
      "For the client the opening handshake has failed, so it reports 1006 or an error.", NULL,
      "computed anew" },
    { { .events = "req 101 +3 c| s|", .faults = WSCLOSE_FAULT_SUBPROTOCOL },
      "Client ended TCP 3 ms after a 101 that it must reject (a subprotocol that was not offered): "
      "both report 1006",
      NULL, "a fixed Sec-WebSocket-Protocol", "may name one of the subprotocols" },
    { { .events = "req 101 +3 c| s|", .response = "x-foo",
        .faults = WSCLOSE_FAULT_EXT_UNSOLICITED },
      "Client ended TCP 3 ms after a 101 that it must reject (x-foo was not offered): both report "
      "1006",
      NULL, "a fixed Sec-WebSocket-Extensions", "only extensions that the client offered" },
    { { .events = "req 101 +3 c| s=1000 s|", .response = "x-foo",
        .faults = WSCLOSE_FAULT_EXT_UNSOLICITED },
      "Client ended TCP 3 ms after a 101 that it must reject (x-foo was not offered): both report "
      "1006",
      NULL, NULL, NULL },
    { { .events = "req 101 s? s=cut cx", .response = LONG_NAME,
        .faults = WSCLOSE_FAULT_EXT_UNSOLICITED },
      "Server closed (code cut off) after a 101 that the client must reject "
      "(x-01234567890123456789012345678901234567\xE2\x80\xA6 was not offered): both report 1006. "
      "Incomplete capture",
      NULL, NULL, NULL },
    { { .events = "req 101 +3 c| s|", .offer = PMD, .response = PMD "; server_max_window_bits=7",
        .faults = WSCLOSE_FAULT_EXT_INVALID },
      "Client ended TCP 3 ms after a 101 that it must reject (permessage-deflate answered against "
      "the rules): both report 1006",
      NULL, NULL, "only the parameters that the client's offer" },
    { { .events = "req 101 +3 c| s|", .offer = PMD, .response = ",=",
        .faults = WSCLOSE_FAULT_EXT_INVALID },
      "Client ended TCP 3 ms after a 101 that it must reject (Sec-WebSocket-Extensions answered "
      "against the rules): both report 1006",
      NULL, NULL, "only the parameters" },
    { { .events = "req 101 c=1010 s=1010", .offer = PMD, .response = "x-foo",
        .faults = WSCLOSE_FAULT_EXT_UNSOLICITED | WSCLOSE_FAULT_ACCEPT_WRONG },
      "Client closed with 1010 for want of permessage-deflate after a 101 that it must reject (wrong "
      "Sec-WebSocket-Accept): the client reports 1006, the server 1010",
      "(wrong Sec-WebSocket-Accept, x-foo was not offered)", NULL,
      "(RFC 6455 section 4.2.2). Correct the server: its Sec-WebSocket-Extensions" },
    { { .events = "req 101 +5000 s| c|", .faults = WSCLOSE_FAULT_ACCEPT_WRONG },
      "Server ended TCP 5.0 s after a 101 that the client must reject (wrong "
      "Sec-WebSocket-Accept): both report 1006",
      NULL, NULL, "Correct the server" },
    { { .events = "req 101 c. c=1000 s=1000", .faults = WSCLOSE_FAULT_ACCEPT_WRONG },
      "Client closed with 1000, the server answered with 1000: both report 1000",
      "The client went on all the same, so the rest takes the 101 for valid.", NULL,
      "Besides, correct the 101: another client would reject it." },

    /* No connection. */
    { { .events = "req 200" }, "The server refused the upgrade with HTTP status 200: a browser "
      "reports 1006", "The client asked for a WebSocket connection in frame 1, and the server "
      "answered with HTTP status 200 (success, but not for WebSocket) in frame 2 instead of 101.",
      "not a WebSocket endpoint", "proxy_set_header Upgrade" },
    { { .events = "req 302" }, "The server refused the upgrade with HTTP status 302: a browser "
      "reports 1006", "(redirect)", "do not follow a redirect", "Location" },
    { { .events = "req 400" }, "The server refused the upgrade with HTTP status 400: a browser "
      "reports 1006", "(Bad Request)", "the request itself wrong", "read the body" },
    { { .events = "req 401" }, "The server refused the upgrade with HTTP status 401: a browser "
      "reports 1006", "does not show the status to the script", "no credentials",
      "valid credentials" },
    { { .events = "req 403" }, "The server refused the upgrade with HTTP status 403: a browser "
      "reports 1006", "(Forbidden)", "Origin", "allow the Origin" },
    { { .events = "req 404" }, "The server refused the upgrade with HTTP status 404: a browser "
      "reports 1006", "(Not Found)", "path", "Correct the path" },
    { { .events = "req 410" }, "The server refused the upgrade with HTTP status 410: a browser "
      "reports 1006", "(an error of the request)", "finds fault", "Look the status up" },
    { { .events = "req 426" }, "The server refused the upgrade with HTTP status 426: a browser "
      "reports 1006", "(Upgrade Required)", "Sec-WebSocket-Version", "13 is the standard" },
    { { .events = "req 429" }, "The server refused the upgrade with HTTP status 429: a browser "
      "reports 1006", "(Too Many Requests)", "rate limit", "wait before it reconnects" },
    { { .events = "req 500" }, "The server refused the upgrade with HTTP status 500: a browser "
      "reports 1006", "(an error of the server)", "exception", "server's log" },
    { { .events = "req 502" }, "The server refused the upgrade with HTTP status 502: a browser "
      "reports 1006", "(Bad Gateway)", "could not reach", "proxy's log" },
    { { .events = "req 503" }, "The server refused the upgrade with HTTP status 503: a browser "
      "reports 1006", "(Service Unavailable)", "overloaded", "health check" },
    { { .events = "req 504" }, "The server refused the upgrade with HTTP status 504: a browser "
      "reports 1006", "(Gateway Timeout)", "in time", "proxy's timeout" },
    { { .events = "req 999" }, "The server refused the upgrade with HTTP status 999: a browser "
      "reports 1006", "(not a final status of HTTP)", NULL, "Check the host" },
    { { .events = "req +5000 c| s|" },
      "Client ended TCP 5.0 s after the upgrade request, which got no answer: a browser reports "
      "1006",
      "The client asked for a WebSocket connection in frame 1 and got no answer. The "
      "client ended its side of TCP (FIN) in frame 2. The server ended",
      "own time limit for opening ran out", "raise the client's time limit" },
    { { .events = "req +2 sx" },
      "Server reset TCP 2 ms after the upgrade request, which got no answer: a browser reports "
      "1006",
      "There never was a WebSocket connection.", "where the server wants wss://",
      "Check the URL's scheme and port" },
    { { .events = "req s- +2 sx" },
      "Server reset TCP 2 ms after the upgrade request, whose answer is not HTTP: a browser reports "
      "1006",
      "in frame 1. What the server answered (frame 2) is not HTTP. The server reset",
      "the server expects TLS there (wss://)", "Look at what the server sent (frame 2)" },
    { { .events = "req s? +2 sx" },
      "Server reset TCP 2 ms after the upgrade request, whose answer is not in the capture. "
      "Incomplete capture: the client's code is not known",
      "some of what the server sent is not in", NULL, "Check the URL's scheme" },
};

static void
check_part(const char *what, const situation *s, explainer explain, const char *part)
{
    char *text = tell(s, explain);

    if (part && !strstr(text, part)) {
        g_test_message("%s: %s", s->events, what);
        g_test_message("  says:   %s", text);
        g_test_message("  should: %s", part);
        g_test_fail();
    }
    wsclose_text_free(text);
}

static void
check_rows(const row *expected, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const situation *s = &expected[i].situation;
        char *line = tell(s, wsclose_explain_verdict);

        g_test_message("%s", line);
        if (expected[i].line && strcmp(line, expected[i].line) != 0) {
            g_test_message("  should: %s", expected[i].line);
            g_test_fail();
        }
        wsclose_text_free(line);
        check_part("description", s, wsclose_explain_verdict_description, expected[i].description);
        check_part("seen when", s, wsclose_explain_verdict_seen_when, expected[i].seen_when);
        check_part("fix", s, wsclose_explain_verdict_fix, expected[i].fix);
    }
}

static void
test_rows(void)
{
    check_rows(rows, G_N_ELEMENTS(rows));
}

/* Over HTTP/2 and HTTP/3. */

#define OVER2 .carrier = WSCLOSE_CARRIER_HTTP2
#define OVER3 .carrier = WSCLOSE_CARRIER_HTTP3

static const row stream_rows[] = {
    { { .events = "req +1 200 +5 c. +20 c= +3 s=", OVER2 },
      "Client closed without a status code and the server answered in kind: both report 1005",
      "The server accepted the connection in frame 2. The client sent", "browser's close()",
      "Nothing needs to be changed" },
    { { .events = "req 204 c=1000 s=1000 s#0", OVER2 },
      "Client closed with 1000, the server answered with 1000: both report 1000",
      "Both report 1000, the code that they received.", NULL, "there is nothing to fix" },
    { { .events = "req 200 c. s#8", OVER2 },
      "Server reset the stream (CANCEL) less than 1 ms after the last frame, no Close frame from "
      "either side: both report 1006",
      "The server reset the stream (RST_STREAM, CANCEL) in frame 4",
      "destroy() on the stream, a stream closed", "what ended the process or the stream" },
    { { .events = "req 200 c. cx", OVER2 },
      "Client reset the stream less than 1 ms after the last frame, no Close frame from either "
      "side: both report 1006",
      "The client reset the stream (RST_STREAM) in frame 4", NULL, NULL },
    { { .events = "req 200 c. s#29", OVER2 },
      "Server reset the stream (error code 0x1d) less than 1 ms after the last frame, no Close "
      "frame from either side: both report 1006",
      "(RST_STREAM, error code 0x1d)", NULL, NULL },
    { { .events = "req 200 s. c#268", OVER3 },
      "Client reset the stream (H3_REQUEST_CANCELLED) less than 1 ms after the last frame, no "
      "Close frame from either side: both report 1006",
      "The client reset the stream (RESET_STREAM, H3_REQUEST_CANCELLED) in frame 4", NULL, NULL },
    { { .events = "req 200 c. s| c|", OVER2 },
      "Server ended the stream less than 1 ms after the last frame, no Close frame from either "
      "side: both report 1006",
      "The server ended its side of the stream (END_STREAM) in frame 4",
      "closes the stream instead of the WebSocket", NULL },
    { { .events = "req 200 +60000 s| c|", OVER3 },
      "Server ended the stream after 60.0 s of silence, no Close frame from either side: both "
      "report 1006",
      "The server ended its side of the stream (FIN) in frame 3, 60.0 s after the response.",
      "So long is the limit of nginx", NULL },
    { { .events = "req 200 c. s/| c/|", OVER2 },
      "Server ended TCP less than 1 ms after the last frame, no Close frame from either side: both "
      "report 1006",
      "The server ended its side of TCP (FIN) in frame 4", NULL, NULL },
    { { .events = "req 200 c. c| s/x", OVER2 },
      "Client ended the stream less than 1 ms after the last frame, no Close frame from either "
      "side: both report 1006",
      "The client ended its side of the stream (END_STREAM) in frame 4, less than 1 ms after the "
      "last frame. The server reset TCP (RST) in frame 5.", NULL, NULL },
    { { .events = "req 200 c. s/x", OVER3 },
      "Server reset QUIC less than 1 ms after the last frame, no Close frame from either side: "
      "both report 1006",
      "The server reset QUIC in frame 4", NULL, NULL },
    { { .events = "req 200 c. s@3,11 s/| c/|", OVER2 },
      "Server ended TCP after GOAWAY (ENHANCE_YOUR_CALM) less than 1 ms after the last frame, no "
      "Close frame from either side: both report 1006",
      "The server ended its side of TCP (FIN) after GOAWAY (ENHANCE_YOUR_CALM) in frame 5", NULL,
      NULL },
    { { .events = "req 200 c. s@3,11 c@0,0 c/| s/|", OVER2 },
      "Client ended TCP after the server's GOAWAY (ENHANCE_YOUR_CALM) less than 1 ms after the last "
      "frame, no Close frame from either side: both report 1006",
      "The client ended its side of TCP (FIN) after the server's GOAWAY (ENHANCE_YOUR_CALM) in frame "
      "6", NULL,
      "The server gave the whole connection up with GOAWAY (ENHANCE_YOUR_CALM): look for that in its "
      "log first. On the client, " },
    { { .events = "req 200 c. s@7 s/x", OVER3 },
      "Server reset QUIC after GOAWAY less than 1 ms after the last frame, no Close frame from "
      "either side: both report 1006",
      "The server reset QUIC after GOAWAY in frame 5", NULL, NULL },
    { { .events = "req 200 c. s@3,0 s#8", OVER2 },
      "Server reset the stream (CANCEL) less than 1 ms after the last frame, no Close frame from "
      "either side: both report 1006",
      "(RST_STREAM, CANCEL)", NULL, NULL },
    { { .events = "req 200 s@1,2", OVER2 },
      "Server left out the stream with GOAWAY (INTERNAL_ERROR) less than 1 ms after the response, "
      "no Close frame from either side: both report 1006",
      "The server left out the stream with GOAWAY (INTERNAL_ERROR) in frame 3", NULL, NULL },
    { { .events = "req 200 s@3", OVER3 },
      "Server left out the stream with GOAWAY less than 1 ms after the response, no Close frame "
      "from either side: both report 1006",
      "The server left out the stream with GOAWAY in frame 3", NULL, NULL },
    { { .events = "req 200 c=1000 s| c|", OVER2 },
      "Client closed with 1000, the server ended the stream without an answer: the client reports "
      "1006, the server 1000",
      NULL, "or ends the stream at once", "before the stream ends: a WebSocket library" },
    { { .events = "req 200 c| s=1001 c#5", OVER2 },
      "Client ended the stream, and the server's Close with 1001 came too late: both report 1006",
      "When that Close was sent, the client had already ended the stream.",
      "answers the end of the stream with a Close frame", "for what ended the stream." },
    { { .events = "req 200 +3 c| s|", .response = "x-foo",
        .faults = WSCLOSE_FAULT_EXT_UNSOLICITED, OVER2 },
      "Client ended the stream 3 ms after a response that it must reject (x-foo was not offered): "
      "both report 1006",
      "with a response that the client must reject", NULL, "only extensions that the client" },
    { { .events = "req 200 +3 c#8", .offer = PMD, OVER2 },
      "Client reset the stream (CANCEL) 3 ms after the response, no Close frame from either side: "
      "both report 1006",
      NULL, "and the response does not have it", "On the client, look in the log" },
    { { .events = "req 400", OVER2 },
      "The server refused the extended CONNECT with HTTP status 400: a browser reports 1006",
      "in frame 2 instead of 2xx.", "a proxy did not pass the :protocol pseudo-header on",
      "set SETTINGS_ENABLE_CONNECT_PROTOCOL to 1" },
    { { .events = "req 405", OVER2 },
      "The server refused the extended CONNECT with HTTP status 405: a browser reports 1006",
      "(Method Not Allowed)", "CONNECT for an ordinary method", "Route CONNECT" },
    { { .events = "req 501", OVER3 },
      "The server refused the extended CONNECT with HTTP status 501: a browser reports 1006",
      "(Not Implemented)", "RFC 9220", "Enable WebSocket over HTTP/2 or HTTP/3" },
    { { .events = "req 405" },
      "The server refused the upgrade with HTTP status 405: a browser reports 1006",
      "(an error of the request)", "finds fault with the request", "Look the status up" },
    { { .events = "req 501" },
      "The server refused the upgrade with HTTP status 501: a browser reports 1006",
      "(an error of the server)", "while it handled the upgrade", "server's log" },
    { { .events = "req 101", OVER2 },
      "The server refused the extended CONNECT with HTTP status 101: a browser reports 1006", NULL,
      NULL, NULL },
    { { .events = "req +2 s#1", OVER2 },
      "Server reset the stream (PROTOCOL_ERROR) 2 ms after the extended CONNECT request, which got "
      "no answer: a browser reports 1006",
      "There never was a WebSocket connection.", "does not take extended CONNECT",
      "Check that the server, and a proxy in front of it, sets SETTINGS_ENABLE_CONNECT_PROTOCOL" },
    { { .events = "req +2 s@1,0", OVER2 },
      "Server left out the stream with GOAWAY (NO_ERROR) 2 ms after the extended CONNECT request, "
      "which got no answer: a browser reports 1006",
      NULL, NULL, NULL },
    { { .events = "req +5000 c#8", OVER2 },
      "Client reset the stream (CANCEL) 5.0 s after the extended CONNECT request, which got no "
      "answer: a browser reports 1006",
      NULL, "took the request and did not answer", "raise the client's time limit" },
};

static void
test_stream_rows(void)
{
    check_rows(stream_rows, G_N_ELEMENTS(stream_rows));
}

/* What a text over a stream may not say. */
static const char *const words_of_http1[] = {
    "TCP", " 101 ", " 101,", " 101.", " 101:", "the upgrade", "Upgrade header", "Upgrade and",
    "Connection",
    "plain HTTP (", "wss:// where the server speaks", " socket",
};

/* What the table of codes says of connections in general is left out. */
static char *
without_meanings(char *text)
{
    for (uint16_t code = 1000; code < 1016; code++) {
        const wsclose_code_info *meaning = wsclose_code_lookup(code);
        const char *const general[] = { meaning->seen_when, meaning->fix };

        for (size_t i = 0; i < G_N_ELEMENTS(general); i++) {
            char **parts = g_strsplit(text, general[i], -1);

            wsclose_text_free(text);
            text = g_strjoinv(NULL, parts);
            g_strfreev(parts);
        }
    }
    return text;
}

/* Every situation again, over a stream: the same verdict, in words that are true there. */
static void
test_over_streams(void)
{
    const explainer explainers[] = { wsclose_explain_verdict, wsclose_explain_verdict_description,
                                     wsclose_explain_verdict_seen_when, wsclose_explain_verdict_fix,
                                     wsclose_explain_abnormal, wsclose_explain_unanswered };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        situation s = rows[i].situation;
        char **parts = g_strsplit(s.events, " 101", -1);
        char *events = g_strjoinv(" 200", parts);

        g_strfreev(parts);
        s.events = events;
        /* Faults that a stream does not have; a refusal that is none. */
        if (s.faults & (WSCLOSE_FAULT_ACCEPT_MISSING | WSCLOSE_FAULT_ACCEPT_WRONG)
            || strcmp(rows[i].situation.events, "req 200") == 0) {
            g_free(events);
            continue;
        }
        for (s.carrier = WSCLOSE_CARRIER_HTTP2; s.carrier <= WSCLOSE_CARRIER_HTTP3; s.carrier++) {
            for (size_t k = 0; k < G_N_ELEMENTS(explainers); k++) {
                char *text = tell(&s, explainers[k]);
                char *over_http1 = tell(&rows[i].situation, explainers[k]);

                g_assert_true((text != NULL) == (over_http1 != NULL));
                g_assert_true(!text || !strpbrk(text, "{}"));
                text = text ? without_meanings(text) : NULL;
                for (size_t w = 0; text && w < G_N_ELEMENTS(words_of_http1); w++) {
                    if (strstr(text, words_of_http1[w])) {
                        g_test_message("%s: \"%s\" in: %s", events, words_of_http1[w], text);
                        g_test_fail();
                    }
                }
                wsclose_text_free(text);
                wsclose_text_free(over_http1);
            }
        }
        g_free(events);
    }
}

static void
test_error_names(void)
{
    static const struct {
        wsclose_carrier carrier;
        uint64_t error;
        const char *name;
    } names[] = {
        { WSCLOSE_CARRIER_HTTP2, 0, "NO_ERROR" },
        { WSCLOSE_CARRIER_HTTP2, 7, "REFUSED_STREAM" },
        { WSCLOSE_CARRIER_HTTP2, 8, "CANCEL" },
        { WSCLOSE_CARRIER_HTTP2, 0xd, "HTTP_1_1_REQUIRED" },
        { WSCLOSE_CARRIER_HTTP2, 0xe, NULL },
        { WSCLOSE_CARRIER_HTTP2, 0x100, NULL },
        { WSCLOSE_CARRIER_HTTP2, UINT64_MAX, NULL },
        { WSCLOSE_CARRIER_HTTP3, 0, NULL },
        { WSCLOSE_CARRIER_HTTP3, 0xff, NULL },
        { WSCLOSE_CARRIER_HTTP3, 0x100, "H3_NO_ERROR" },
        { WSCLOSE_CARRIER_HTTP3, 0x10c, "H3_REQUEST_CANCELLED" },
        { WSCLOSE_CARRIER_HTTP3, 0x110, "H3_VERSION_FALLBACK" },
        { WSCLOSE_CARRIER_HTTP3, 0x111, NULL },
        { WSCLOSE_CARRIER_HTTP3, UINT64_MAX, NULL },
        { WSCLOSE_CARRIER_HTTP1, 0, NULL },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
        g_assert_cmpstr(wsclose_stream_error_name(names[i].carrier, names[i].error), ==,
                        names[i].name);
}

static void
test_times(void)
{
    static const struct {
        unsigned ms;
        const char *text;
    } times[] = {
        { 0, " less than 1 ms after" }, { 1, " 1 ms after" }, { 999, " 999 ms after" },
        { 1000, " 1.0 s after" },       { 1249, " 1.2 s after" }, { 9499, " 9.5 s after" },
        { 10000, " 10.0 s of" },        { 59960, " 60.0 s of" }, { 599940, " 599.9 s of" },
        { 599960, " 10 min of" },       { 3599999, " 59 min of" }, { 3600000, " 1 h 0 min of" },
        { 360000000, " 100 h 0 min of" },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(times); i++) {
        char *events = g_strdup_printf("req 101 c. +%u c| s|", times[i].ms);

        check_part("time", &(situation){ .events = events }, wsclose_explain_verdict,
                   times[i].text);
        g_free(events);
    }
}

static void
test_idle_timeouts(void)
{
    static const struct {
        unsigned ms;
        const char *text;
    } idles[] = {
        { 59700, "limit of nginx" },       { 61500, "limit of nginx" },
        { 45000, "No default of 45.0 s" }, { 55000, "Heroku" },
        { 240000, "Azure" },               { 600000, "AWS's API Gateway" },
        { 3600000, "HAProxy" },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(idles); i++) {
        char *events = g_strdup_printf("req 101 c. +%u s| c|", idles[i].ms);

        check_part("idle", &(situation){ .events = events }, wsclose_explain_verdict_seen_when,
                   idles[i].text);
        g_free(events);
    }
}

typedef struct {
    situation situation;
    const char *text; /* NULL for none */
} expert_row;

static void
check_expert(const expert_row *expected, size_t count, explainer explain)
{
    for (size_t i = 0; i < count; i++) {
        char *text = tell(&expected[i].situation, explain);

        g_test_message("%s", expected[i].situation.events);
        g_assert_cmpstr(text, ==, expected[i].text);
        wsclose_text_free(text);
    }
}

static void
test_abnormal(void)
{
    static const expert_row expected[] = {
        { { .events = "req 101 c=1000 s=1000" }, NULL },
        { { .events = "req 403" }, NULL },
        { { .events = "c. c| s|" }, NULL },
        { { .events = "req 101 c. +60000 c| s|" },
          "Client ended TCP after 60.0 s of silence, and neither side received a Close frame: both "
          "APIs report 1006." },
        { { .events = "req 101 c. sx" },
          "Server reset TCP, and neither side received a Close frame: both APIs report 1006." },
        { { .events = "req 101 c=1000 s| c|" },
          "TCP ended, and the client never received a Close frame: its API reports 1006." },
        { { .events = "req 101 s=1000 cx" },
          "TCP ended, and the server never received a Close frame: its API reports 1006." },
        { { .events = "req +2 sx" },
          "Server reset TCP 2 ms after the upgrade request, which got no answer: a browser's API "
          "reports 1006." },
        { { .events = "req 200 c=1000 s#8", OVER2 },
          "The stream ended, and the client never received a Close frame: its API reports 1006." },
        { { .events = "req 200 c. s#8", OVER2 },
          "Server reset the stream (CANCEL), and neither side received a Close frame: both APIs "
          "report 1006." },
    };

    check_expert(expected, G_N_ELEMENTS(expected), wsclose_explain_abnormal);
}

static void
test_unanswered(void)
{
    static const expert_row expected[] = {
        { { .events = "req 101 c=1000 s=1000" }, NULL },
        { { .events = "req 101 c. c| s|" }, NULL },
        { { .events = "req 101 s? c=1000 s| c|" }, NULL },
        { { .events = "req 101 c=1000 s| c|" },
          "Client's Close frame (frame 3) never got its answer: the server sent no Close frame "
          "before TCP ended." },
        { { .events = "req 101 s= sx" },
          "Server's Close frame (frame 3) never got its answer: the client sent no Close frame "
          "before TCP ended." },
        { { .events = "req 200 s= s#0", OVER2 },
          "Server's Close frame (frame 3) never got its answer: the client sent no Close frame "
          "before the stream ended." },
    };

    check_expert(expected, G_N_ELEMENTS(expected), wsclose_explain_unanswered);
}

static void
check_bounds(const wsclose_verdict_context *context)
{
    static const struct {
        explainer explain;
        size_t most;
        bool always;
    } texts[] = {
        { wsclose_explain_verdict, LINE_MAX_OCTETS, true },
        { wsclose_explain_verdict_description, TEXT_MAX_OCTETS, true },
        { wsclose_explain_verdict_seen_when, TEXT_MAX_OCTETS, true },
        { wsclose_explain_verdict_fix, TEXT_MAX_OCTETS, true },
        { wsclose_explain_abnormal, LINE_MAX_OCTETS, false },
        { wsclose_explain_unanswered, LINE_MAX_OCTETS, false },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
        char *text = texts[i].explain(context);

        if (!text) {
            g_assert_false(texts[i].always);
            continue;
        }
        if (strlen(text) > texts[i].most || text[0] == '\0')
            g_error("%zu octets: %s", strlen(text), text);
        g_assert_true(g_utf8_validate(text, -1, NULL));
        g_assert_true(text[0] != ' ' && !strstr(text, "  ") && !strstr(text, ".."));
        g_assert_true(i == 0 || g_str_has_suffix(text, "."));
        g_assert_false(i == 0 && g_str_has_suffix(text, "."));
        wsclose_text_free(text);
    }
}

/* Whatever the Closes have for reasons. */
static void
check_played(const player *p, const wsclose_verdict *verdict, const wsclose_negotiation *negotiation)
{
    check_bounds(&(wsclose_verdict_context){ .connection = &p->connection,
                                             .verdict = verdict,
                                             .negotiation = negotiation,
                                             .bodies = { &p->bodies[0], &p->bodies[1] } });
}

/* Extensions that turned out in every way, with names long and many. */
static wsclose_negotiation *
negotiation_of(unsigned way)
{
    static const struct {
        const char *offer;
        const char *response;
    } ways[] = {
        { UNSEEN, UNSEEN },
        { ABSENT, ABSENT },
        { PMD, ABSENT },
        { LONG_NAME "1, " LONG_NAME "2, " LONG_NAME "3, " LONG_NAME "4, " LONG_NAME "5", ABSENT },
        { LONG_NAME "1, " LONG_NAME "2, c, d, e, f, g, h", LONG_NAME "4, " LONG_NAME "5" },
        { LONG_NAME, LONG_NAME ", " LONG_NAME },
        { PMD, PMD "; server_max_window_bits=7, ," },
    };

    return match(ways[way % G_N_ELEMENTS(ways)].offer, ways[way % G_N_ELEMENTS(ways)].response);
}

enum { WAYS = 7 };

/* Every order of four events after a handshake, seen or not, that settles a connection. */
static void
test_every_order(void)
{
    static const char *const starts[] = { "", "req", "req 101", "req 101 c?", "req 101 s?" };
    static const char *const words[] = { "c.",    "s!",     "c=",     "s=1000", "c=1009", "s=1005",
                                         "c=cut", "~s=one", "~c=1002", "c|",    "s|",     "cx",
                                         "sx",    "c=1010" };
    wsclose_negotiation *negotiations[WAYS];
    unsigned settled = 0;

    for (unsigned i = 0; i < WAYS; i++)
        negotiations[i] = negotiation_of(i);
    for (size_t start = 0; start < G_N_ELEMENTS(starts); start++) {
        /* No fault, an extension's, or all; sparsely where it is not the first. */
        for (unsigned faults = 0; faults < 40; faults += 8) {
            for (unsigned order = 0; order < 14 * 14 * 14 * 14; order += faults ? 5 : 1) {
                player p = { .now = { 0, 0 } };
                char *events = g_strdup_printf(
                    "%s%s+1 %s %s +70000 %s %s", starts[start], *starts[start] ? " " : "",
                    words[order % 14], words[order / 14 % 14], words[order / 196 % 14],
                    words[order / 2744]);
                const situation s = { .events = events, .faults = faults == 32 ? 31 : faults };
                wsclose_verdict verdict;

                play(&p, &s);
                if (wsclose_connection_verdict(&p.connection, &verdict)) {
                    settled++;
                    check_played(&p, &verdict, negotiations[order % WAYS]);
                }
                stop(&p);
                g_free(events);
            }
        }
    }
    g_assert_cmpuint(settled, >, 100000);
    for (unsigned i = 0; i < WAYS; i++)
        wsclose_negotiation_free(negotiations[i]);
}

/* The same over a stream, with all that may end it and the longest names of errors. */
static void
test_every_order_over_streams(void)
{
    static const char *const starts[] = { "", "req", "req 200", "req 200 c?", "req 200 s?" };
    static const char *const words[] = { "c.",   "s!",     "c=",    "s=1000", "c=1009", "s=1005",
                                         "c|",   "s#257",  "c#259", "s#12",   "c/|",    "s/x",
                                         "s/|",  "s@3,12", "c@1",   "s@2,99999999999999999" };
    const unsigned count = G_N_ELEMENTS(words);
    wsclose_negotiation *negotiations[WAYS];
    unsigned settled = 0;

    for (unsigned i = 0; i < WAYS; i++)
        negotiations[i] = negotiation_of(i);
    for (unsigned order = 0; order < G_N_ELEMENTS(starts) * count * count * count * count;
         order++) {
        const char *start = starts[order % G_N_ELEMENTS(starts)];
        const unsigned rest = order / G_N_ELEMENTS(starts);
        char *events = g_strdup_printf("%s%s%s +1 %s %s +70000 %s", start, *start ? " " : "",
                                       words[rest % count], words[rest / count % count],
                                       words[rest / count / count % count],
                                       words[rest / count / count / count]);
        const situation s = { .events = events,
                              .faults = order % 3 == 0 ? WSCLOSE_FAULT_EXT_INVALID : 0,
                              .carrier = order % 7 < 4 ? WSCLOSE_CARRIER_HTTP2
                                                       : WSCLOSE_CARRIER_HTTP3 };
        player p = { .now = { 0, 0 } };
        wsclose_verdict verdict;

        play(&p, &s);
        if (wsclose_connection_verdict(&p.connection, &verdict)) {
            settled++;
            check_played(&p, &verdict, negotiations[rest % WAYS]);
        }
        stop(&p);
        g_free(events);
    }
    g_assert_cmpuint(settled, >, 100000);
    for (unsigned i = 0; i < WAYS; i++)
        wsclose_negotiation_free(negotiations[i]);
}

static bool
toss(GRand *dice)
{
    return g_rand_boolean(dice);
}

static uint32_t
any_number(GRand *dice)
{
    return toss(dice) ? 0 : toss(dice) ? g_rand_int(dice) : g_rand_int(dice) % 9 + 1;
}

static int64_t
any_time(GRand *dice)
{
    return toss(dice) ? (int64_t)((uint64_t)g_rand_int(dice) << 31) : g_rand_int(dice) % 100 * 1000;
}

static uint16_t
any_code(GRand *dice)
{
    return toss(dice) ? (uint16_t)g_rand_int(dice) : (uint16_t)(1000 + g_rand_int(dice) % 16);
}

static void
fill_connection(GRand *dice, wsclose_connection *c)
{
    *c = (wsclose_connection){ .request = { any_number(dice), any_time(dice) },
                               .response = { any_number(dice), any_time(dice) },
                               .settled = { any_number(dice), any_time(dice) },
                               .ending = any_time(dice),
                               .carrier = g_rand_int(dice) % 3,
                               .status = any_code(dice),
                               .faults = g_rand_int(dice) & 31,
                               .first_close = g_rand_int(dice) % 3,
                               .first_end = g_rand_int(dice) % 3,
                               .has_ending = toss(dice),
                               .carries_on = toss(dice),
                               .crossed = toss(dice) };
    for (size_t i = 0; i < 2; i++) {
        c->closes[i] = (wsclose_close_mark){ { any_number(dice), any_time(dice) }, any_code(dice),
                                             g_rand_int(dice) & 4095, g_rand_int(dice) % 4 };
        c->ends[i] = (wsclose_end_mark){ .error = any_number(dice), .number = any_number(dice),
                                         .kind = g_rand_int(dice) % 3,
                                         .cause = g_rand_int(dice) % 3, .has_error = toss(dice),
                                         .goaway = toss(dice) };
        c->breaches[i] = g_rand_int(dice) & 4095;
        c->missing[i] = toss(dice);
        c->late[i] = toss(dice);
        c->frames[i] = g_rand_int(dice) % 2;
        c->traffic[i] = (wsclose_traffic){ .last = { any_number(dice), any_time(dice) },
                                           .last_data = { any_number(dice), any_number(dice) },
                                           .ping = { any_number(dice), any_number(dice) },
                                           .unacknowledged = { any_number(dice), any_number(dice) },
                                           .longest_gap = any_number(dice),
                                           .message_len = any_number(dice),
                                           .provoked_in = any_number(dice),
                                           .faulty_in = any_number(dice),
                                           .rtt_min = (uint16_t)any_number(dice),
                                           .rtt_last = (uint16_t)any_number(dice),
                                           .repeated = (uint8_t)any_number(dice),
                                           .n_breaches = (uint8_t)any_number(dice),
                                           .content = g_rand_int(dice) % 4,
                                           .compressed = toss(dice),
                                           .compressed_before = toss(dice),
                                           .no_frames = toss(dice),
                                           .garbled = toss(dice),
                                           .got_close = toss(dice) };
    }
}

/* What no tracker makes of any connection must not crash either. */
static void
test_any_values(void)
{
    GRand *dice = g_rand_new_with_seed(6455);

    for (unsigned i = 0; i < 200000; i++) {
        wsclose_connection c;
        wsclose_verdict v = { .ending = g_rand_int(dice) % 5,
                              .incomplete = toss(dice),
                              .initiator = g_rand_int(dice) % 3,
                              .abnormal = toss(dice),
                              .unanswered = toss(dice),
                              .duration = any_time(dice),
                              .idle = toss(dice) ? -1 : any_time(dice) };
        static wsclose_negotiation *negotiations[WAYS];

        if (!negotiations[i % WAYS])
            negotiations[i % WAYS] = negotiation_of(i);
        const wsclose_neighbours neighbours = { .together = any_number(dice),
                                                .has_leg = toss(dice),
                                                .leg_stripped = toss(dice),
                                                .leg_between = toss(dice) };
        fill_connection(dice, &c);
        for (size_t side = 0; side < 2; side++) {
            v.reported[side] = (wsclose_reported){ toss(dice), any_code(dice) };
            v.because[side] = g_rand_int(dice) % 7;
        }
        const wsclose_verdict_context context = { .connection = &c, .verdict = &v,
                                                  .negotiation = negotiations[i % WAYS],
                                                  .neighbours = toss(dice) ? &neighbours : NULL };
        const explainer explainers[] = { wsclose_explain_verdict,
                                         wsclose_explain_verdict_info,
                                         wsclose_explain_verdict_description,
                                         wsclose_explain_verdict_seen_when,
                                         wsclose_explain_verdict_fix,
                                         wsclose_explain_abnormal,
                                         wsclose_explain_unanswered };
        for (size_t k = 0; k < G_N_ELEMENTS(explainers); k++) {
            char *text = explainers[k](&context);

            g_assert_true(!text || g_utf8_validate(text, -1, NULL));
            wsclose_text_free(text);
        }
        if (i + WAYS >= 200000) {
            wsclose_negotiation_free(negotiations[i % WAYS]);
            negotiations[i % WAYS] = NULL;
        }
    }
    g_rand_free(dice);
}

/* In a column; that of a 1010 names what is missing. */
static void
test_brief(void)
{
    static const struct {
        situation situation;
        const char *expected;
    } briefs[] = {
        { { .events = "req 101 c=1000 s=1000" }, "closed" },
        { { .events = "req 101 c=1010:permessage-deflate s=1010", .offer = PMD },
          "1010 permessage-deflate" },
        { { .events = "req 101 c=1010 s=1010", .offer = "a, b" }, "1010 a" },
        { { .events = "req 101 c=1010 s=1010", .offer = PMD, .response = PMD }, "closed" },
        { { .events = "req 101 c=1010 s=1010", .offer = "x-a-very-long-name-indeed" },
          "1010 x-a-very-long-name" },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(briefs); i++) {
        char *brief = tell(&briefs[i].situation, wsclose_explain_verdict_brief);

        g_assert_cmpstr(brief, ==, briefs[i].expected);
        wsclose_text_free(brief);
    }
}

/* Where stock says what a packet is: which extension a 1010 is about. */
static void
test_info(void)
{
    static const struct {
        situation situation;
        const char *expected;
        const char *description;
    } infos[] = {
        { { .events = "req 101 c=1010:permessage-deflate s=1010", .offer = PMD },
          "1010: no permessage-deflate",
          "The client needs permessage-deflate, and the response (frame 2) does not have it." },
        { { .events = "req 101 c=1010:permessage-deflate s=1010" },
          "1010: permessage-deflate not offered",
          "The client needs permessage-deflate, which it did not offer (frame 1), so the server could not "
          "accept it." },
        { { .events = "req 101 c=1010:x-trace s=1010", .offer = PMD },
          "1010: x-trace not offered",
          "The client needs x-trace, which it did not offer (frame 1)" },
        { { .events = "req 101 c=1010:x-trace,x-zip s=1010", .offer = PMD, .response = PMD },
          "1010: x-trace and 1 more not offered",
          "The client needs x-trace and x-zip, which it did not offer (frame 1), so the server could not "
          "accept them." },
        { { .events = "req 101 c=1010:x-trace s=1010", .response = UNSEEN },
          "1010: x-trace not offered", "The client needs x-trace, which it did not offer (frame 1)" },
        { { .events = "req 101 c=1010 s=1010" }, "1010: extension not offered",
          "The client needs an extension, which it did not offer (frame 1), so the server could not "
          "accept it." },
        { { .events = "req 101 c=1010:permessage-deflate s=1010", .offer = PMD, .response = PMD },
          "1010: extension refused", "The response (frame 2) has all that the client needs." },
        /* Who ended first is not sure, and then it is not certain. */
        { { .events = "req 101 s? c=1010:permessage-deflate c| s* s|", .offer = PMD },
          "1006 and 1010: no permessage-deflate",
          "The client needs permessage-deflate, and the response (frame 2) does not have it." },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(infos); i++) {
        char *info = tell(&infos[i].situation, wsclose_explain_verdict_info);
        char *description = tell(&infos[i].situation, wsclose_explain_verdict_description);

        g_assert_cmpstr(info, ==, infos[i].expected);
        if (!strstr(description, infos[i].description))
            g_error("%s: %s", infos[i].situation.events, description);
        wsclose_text_free(info);
        wsclose_text_free(description);
    }
}

static void
test_handshake_fault(void)
{
    static const char *const names[WSCLOSE_FAULT_COUNT] = { /* a word on what is wrong */
        "Upgrade: websocket", "Connection: Upgrade", "no Sec-WebSocket-Accept", "Sec-WebSocket-Key",
        "more than one Sec-WebSocket-Accept", "subprotocol", "did not offer", "extension",
    };

    for (unsigned bit = 0; bit < WSCLOSE_FAULT_COUNT; bit++) {
        const wsclose_handshake_fault fault = (wsclose_handshake_fault)(1u << bit);
        char *text = wsclose_explain_handshake_fault(WSCLOSE_CARRIER_HTTP1, fault);
        char *over_stream = wsclose_explain_handshake_fault(WSCLOSE_CARRIER_HTTP2, fault);

        g_assert_nonnull(strstr(text, "the client must reject it (RFC 6455 section "));
        g_assert_nonnull(strstr(text, names[bit]));
        g_assert_nonnull(strstr(text, "he 101"));
        g_assert_nonnull(strstr(over_stream, "he response"));
        g_assert_null(strstr(over_stream, "101"));
        wsclose_text_free(text);
        wsclose_text_free(over_stream);
    }
}

static void
test_frame_breach(void)
{
    static const struct {
        wsclose_side sender;
        wsclose_frame frame;
        wsclose_breach breach;
        const char *text;
    } expected[] = {
        { WSCLOSE_SERVER, { .opcode = 0x9 }, WSCLOSE_BREACH_FRAGMENTED,
          "The server's Ping frame is fragmented (FIN is not set); a control frame must never be "
          "(RFC 6455 section 5.4)." },
        { WSCLOSE_CLIENT, { .opcode = 0xA, .payload_len = 126 }, WSCLOSE_BREACH_TOO_LONG,
          "The client's Pong frame has a body of 126 octets; a control frame may have 125 (RFC "
          "6455 section 5.5)." },
        { WSCLOSE_SERVER, { .opcode = 0x1 }, WSCLOSE_BREACH_RSV,
          "The server's text frame has a reserved bit (RSV1, RSV2 or RSV3) set to which no "
          "negotiated extension gives a meaning here (RFC 6455 section 5.2)." },
        { WSCLOSE_SERVER, { .opcode = 0x2 }, WSCLOSE_BREACH_MASKED,
          "The server's binary frame is masked; only a client masks (RFC 6455 section 5.1)." },
        { WSCLOSE_CLIENT, { .opcode = 0x1 }, WSCLOSE_BREACH_UNMASKED,
          "The client's text frame is not masked; a client must mask every frame (RFC 6455 "
          "section 5.1)." },
        { WSCLOSE_CLIENT, { .opcode = 0xB }, WSCLOSE_BREACH_OPCODE,
          "The client's frame with opcode 0xB is of a kind that neither the protocol nor a "
          "negotiated extension defines (RFC 6455 section 5.2)." },
        { WSCLOSE_SERVER, { .opcode = 0x0 }, WSCLOSE_BREACH_SEQUENCE,
          "The server's continuation frame continues a message, and there is none to continue "
          "(RFC 6455 section 5.4)." },
        { WSCLOSE_SERVER, { .opcode = 0x1 }, WSCLOSE_BREACH_SEQUENCE,
          "The server's text frame begins a message before the fragmented one ahead of it has "
          "ended (RFC 6455 section 5.4)." },
        { WSCLOSE_SIDE_UNKNOWN, { .opcode = 0x1 }, WSCLOSE_BREACH_LENGTH,
          "The text frame has a length of 64 bits whose first bit is set; that bit must be 0 (RFC "
          "6455 section 5.2)." },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(expected); i++) {
        char *text = wsclose_explain_frame_breach(expected[i].sender, &expected[i].frame,
                                                  expected[i].breach);

        g_assert_cmpstr(text, ==, expected[i].text);
        wsclose_text_free(text);
    }
}

static void
test_data_after_close(void)
{
    char *text = wsclose_explain_data_after_close(WSCLOSE_SERVER, 12);

    g_assert_cmpstr(text, ==,
                    "Server sends data after its own Close frame (frame 12), which must be its "
                    "last frame (RFC 6455 section 5.5.1). The client may drop the data unread, or "
                    "report 1006 as Chromium does.");
    wsclose_text_free(text);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/explain-verdict/rows", test_rows);
    g_test_add_func("/explain-verdict/stream-rows", test_stream_rows);
    g_test_add_func("/explain-verdict/over-streams", test_over_streams);
    g_test_add_func("/explain-verdict/error-names", test_error_names);
    g_test_add_func("/explain-verdict/times", test_times);
    g_test_add_func("/explain-verdict/idle-timeouts", test_idle_timeouts);
    g_test_add_func("/explain-verdict/abnormal", test_abnormal);
    g_test_add_func("/explain-verdict/unanswered", test_unanswered);
    g_test_add_func("/explain-verdict/every-order", test_every_order);
    g_test_add_func("/explain-verdict/every-order-over-streams", test_every_order_over_streams);
    g_test_add_func("/explain-verdict/any-values", test_any_values);
    g_test_add_func("/explain-verdict/brief", test_brief);
    g_test_add_func("/explain-verdict/info", test_info);
    g_test_add_func("/explain-verdict/handshake-fault", test_handshake_fault);
    g_test_add_func("/explain-verdict/frame-breach", test_frame_breach);
    g_test_add_func("/explain-verdict/data-after-close", test_data_after_close);
    return g_test_run();
}
