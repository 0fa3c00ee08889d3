/* test_http1.c
 * Messages of HTTP/1.1 out of octets in any cut are those of the whole.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wsclose/http1.h"

#include "cpu_time.h"
#include "exact_copy.h"

/* Octets of one direction, and what is found in them: see put(), and how() for how they end. */
typedef struct {
    const char *path;
    wsclose_http1_role role;
    wsclose_http1_kind answers;
    const char *octets;
    size_t len;
    const char *expected;
} stream_row;

#define ROW(path, role, answers, octets, expected)                                                 \
    {                                                                                              \
        path, WSCLOSE_HTTP1_##role, WSCLOSE_HTTP1_##answers, octets, sizeof(octets) - 1, expected  \
    }
#define REQ(path, octets, expected) ROW(path, REQUESTS, PLAIN, octets, expected)
#define RES(path, octets, expected) ROW(path, RESPONSES, PLAIN, octets, expected)

#define POST "POST / HTTP/1.1\r\n"
#define GET "GET / HTTP/1.1\r\n"
#define OK "HTTP/1.1 200 OK\r\n"
#define NEXT "GET /next HTTP/1.1\r\n\r\n"
#define NEXT_OUT "GET /next P;"
#define EMPTY OK "Content-Length: 0\r\n\r\n"
#define EMPTY_OUT "200[Content-Length=0];"
#define CHUNKED OK "Transfer-Encoding: chunked\r\n\r\n"
#define CHUNKED_OUT "200[Transfer-Encoding=chunked];"

static const stream_row rows[] = {
    REQ("none", "", ""),
    REQ("get", GET "\r\n", "GET / P;"),
    REQ("http-1.0", "GET /a HTTP/1.0\r\n\r\n", "GET /a P;"),
    REQ("bare-lf", "GET /a HTTP/1.1\nHost: a\n\n" NEXT, "GET /a P[Host=a];" NEXT_OUT),
    REQ("empty-lines-before", "\r\n\n\r\n" NEXT, NEXT_OUT),
    REQ("empty-lines-after", NEXT "\r\n\r\n", NEXT_OUT),
    REQ("absolute", "GET http://a/b?c HTTP/1.1\r\n\r\n", "GET http://a/b?c P;"),
    REQ("blank-in-target", "GET /a b  HTTP/1.1 \r\n\r\n", "GET /a b P;"),
    REQ("obs-text-in-target", "GET /\xc3\xa4 HTTP/1.1\r\n\r\n", "GET /\xc3\xa4 P;"),
    REQ("head", "HEAD / HTTP/1.1\r\n\r\n", "HEAD / H;"),
    REQ("connect", "CONNECT a:1 HTTP/1.1\r\n\r\n", "CONNECT a:1 C;"),
    REQ("longest-method", "ABCDEFGHIJKLMNOPQRST / HTTP/1.1\r\n\r\n", "ABCDEFGHIJKLMNOPQRST / P;"),
    REQ("method-with-hyphen", "VERSION-CONTROL / HTTP/1.1\r\n\r\n", "VERSION-CONTROL / P;"),
    REQ("upgrade", GET "Upgrade: WebSocket\r\n\r\n", "GET / Uu[Upgrade=WebSocket];"),
    REQ("upgrade-list", GET "upgrade: h2c, websocket/13\r\n\r\n",
        "GET / Uu[upgrade=h2c, websocket/13];"),
    REQ("upgrade-second-line", GET "Upgrade: h2c\r\nUpgrade: websocket\r\n\r\n",
        "GET / Uu[Upgrade=h2c][Upgrade=websocket];"),
    REQ("upgrade-folded", GET "Upgrade: h2c,\r\n\twebsocket\r\n\r\n",
        "GET / Uu[Upgrade=h2c,\r\n\twebsocket];"),
    REQ("upgrade-other", GET "Upgrade: h2c\r\n\r\n", "GET / P[Upgrade=h2c];"),
    REQ("upgrade-in-fold", GET "A: b\r\n Upgrade: websocket\r\n\r\n",
        "GET / P[A=b\r\n Upgrade: websocket];"),
    REQ("upgrade-longer-name", GET "Upgrades: websocket\r\n\r\n", "GET / P[Upgrades=websocket];"),
    REQ("upgrade-post", POST "Upgrade: websocket\r\n\r\n",
        "POST / Pu[Upgrade=websocket];"),
    REQ("key", GET "Sec-WebSocket-Key: a\r\n\r\n", "GET / Uu[Sec-WebSocket-Key=a];"),
    REQ("key-version", GET "Sec-WebSocket-Version: 13\r\n\r\n",
        "GET / P[Sec-WebSocket-Version=13];"),
    REQ("blank-before-colon", GET "Upgrade \t: websocket\r\n\r\n", "GET / Uu[Upgrade=websocket];"),
    REQ("no-colon", GET "Upgrade websocket\r\n: a\r\nA:\r\n\r\n", "GET / P[A=];"),
    REQ("fold-of-none", GET " A: b\r\n c\r\nD: e\r\n\r\n", "GET / P[D=e];"),
    REQ("cr-in-lines", GET "A: b\rc\r\n\rB: c\r\n\r\r\n\r\n", "GET / P[A=b\rc];"),
    REQ("length", POST "Content-Length: 3\r\n\r\nabc" NEXT,
        "POST / P[Content-Length=3];" NEXT_OUT),
    REQ("length-folded", POST "Content-Length:\r\n 3\r\n\r\nabc" NEXT,
        "POST / P[Content-Length=3];" NEXT_OUT),
    REQ("length-equal", POST "Content-Length: 3, 3\r\nContent-Length: 03\r\n\r\nabc" NEXT,
        "POST / P[Content-Length=3, 3][Content-Length=03];" NEXT_OUT),
    REQ("length-cut", POST "Content-Length: 3\r\n\r\nab", "POST / P[Content-Length=3];"),
    REQ("length-differs", POST "Content-Length: 3\r\ncontent-length: 4\r\n\r\nabc" NEXT,
        "POST / P[Content-Length=3][content-length=4];lost"),
    REQ("length-list-differs", POST "Content-Length: 3,4\r\n\r\nabc" NEXT,
        "POST / P[Content-Length=3,4];lost"),
    REQ("length-negative", POST "Content-Length: -3\r\n\r\nabc" NEXT,
        "POST / P[Content-Length=-3];lost"),
    REQ("length-empty", POST "Content-Length:\r\n\r\n" NEXT,
        "POST / P[Content-Length=];lost"),
    REQ("length-huge", POST "Content-Length: 99999999999999999999\r\n\r\n" NEXT,
        "POST / P[Content-Length=99999999999999999999];lost"),
    REQ("length-large", POST "Content-Length: 1000000000000000000\r\n\r\n" NEXT,
        "POST / P[Content-Length=1000000000000000000];"),
    REQ("chunked", POST "Transfer-Encoding: gzip, Chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"
        NEXT, "POST / P[Transfer-Encoding=gzip, Chunked];" NEXT_OUT),
    REQ("coding-other", POST "Transfer-Encoding: gzip\r\n\r\n" NEXT,
        "POST / P[Transfer-Encoding=gzip];lost"),
    REQ("within-start-line", NEXT "GET /ne", NEXT_OUT "within"),
    REQ("within-method", NEXT "GE", NEXT_OUT "within"),
    REQ("within-head", NEXT GET "A: b\r\n", NEXT_OUT "within"),
    REQ("within-empty-line", NEXT GET "\r", NEXT_OUT "within"),
    REQ("no-version", "GET /\r\n\r\n" NEXT, "not HTTP"),
    REQ("http-2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" NEXT, "not HTTP"),
    REQ("no-target", "GET  HTTP/1.1\r\n\r\n", "not HTTP"),
    REQ("no-target-at-all", "GET HTTP/1.1\r\n\r\n", "not HTTP"),
    REQ("no-blank-before-version", "GET /HTTP/1.1\r\n\r\n", "not HTTP"),
    REQ("method-lower-case", "get / HTTP/1.1\r\n\r\n", "not HTTP"),
    REQ("method-too-long", "ABCDEFGHIJKLMNOPQRSTU / HTTP/1.1\r\n\r\n", "not HTTP"),
    REQ("blank-first", " GET / HTTP/1.1\r\n\r\n", "not HTTP"),
    REQ("nul", "GET /\0 HTTP/1.1\r\n\r\n", "not HTTP"),
    REQ("del", "GET /0123456789\x7f" "0123456789 HTTP/1.1\r\n\r\n",
        "GET /0123456789\x7f" "0123456789 P;"),
    REQ("cr-in-start-line", "GET /\r HTTP/1.1\r\n\r\n", "GET / P;"),
    REQ("nul-in-part", "GET /0123456789abcdef\0", "not HTTP"),
    REQ("tls", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", "not HTTP"),
    REQ("octets-after-length", POST "Content-Length: 1\r\n\r\nab" NEXT,
        "POST / P[Content-Length=1];not HTTP"),

    RES("empty", EMPTY EMPTY, EMPTY_OUT EMPTY_OUT),
    RES("status-without-reason", "HTTP/1.1 204\r\n\r\nHTTP/1.0 304 \n\n" EMPTY,
        "204;304;" EMPTY_OUT),
    RES("status-999", "HTTP/1.1 999 ?\xff\t?\r\nContent-Length: 2\r\n\r\nab" EMPTY,
        "999[Content-Length=2];" EMPTY_OUT),
    RES("continue", "HTTP/1.1 100 Continue\r\n\r\n" EMPTY, "100;" EMPTY_OUT),
    RES("no-content", "HTTP/1.1 204 a\r\nContent-Length: 5\r\n\r\n" EMPTY,
        "204[Content-Length=5];" EMPTY_OUT),
    RES("not-modified", "HTTP/1.1 304 a\r\nTransfer-Encoding: chunked\r\n\r\n" EMPTY,
        "304[Transfer-Encoding=chunked];" EMPTY_OUT),
    ROW("answers-head", RESPONSES, HEAD, OK "Content-Length: 5\r\n\r\n" EMPTY,
        "200[Content-Length=5];" EMPTY_OUT),
    ROW("answers-connect", RESPONSES, CONNECT, OK "Content-Length: 5\r\n\r\n" EMPTY,
        "200[Content-Length=5];+38"),
    ROW("refuses-connect", RESPONSES, CONNECT,
        "HTTP/1.1 407\r\nContent-Length: 1\r\n\r\na" OK "\r\nab",
        "407[Content-Length=1];200;+2"),
    ROW("switches", RESPONSES, UPGRADE,
        "HTTP/1.1 101 S\r\nContent-Length: x\r\nUpgrade: websocket\r\n\r\n\x88\x00",
        "101u[Content-Length=x][Upgrade=websocket];+2"),
    RES("switches-none-asked", "HTTP/1.1 101 S\r\n\r\n", "101;+0"),
    RES("key-of-response", "HTTP/1.1 204 a\r\nSec-WebSocket-Key: a\r\n\r\n",
        "204[Sec-WebSocket-Key=a];"),
    RES("rest", OK "\r\nabc\r\n" EMPTY, "200;"),
    RES("rest-coding", OK "Transfer-Encoding: gzip\r\nContent-Length: 1\r\n\r\na" EMPTY,
        "200[Transfer-Encoding=gzip][Content-Length=1];"),
    RES("chunked-none", CHUNKED "0\r\n\r\n" EMPTY, CHUNKED_OUT EMPTY_OUT),
    RES("chunks", CHUNKED "5\r\nabcde\r\n00A\r\n0123456789\r\n0\r\n\r\n" EMPTY,
        CHUNKED_OUT EMPTY_OUT),
    RES("chunks-bare-lf", CHUNKED "5\nabcde\n0\n\n" EMPTY, CHUNKED_OUT EMPTY_OUT),
    RES("chunk-extensions", CHUNKED "5;a=\"b\"\r\nabcde\r\n0 ;c\r\n\r\n" EMPTY,
        CHUNKED_OUT EMPTY_OUT),
    RES("trailers", CHUNKED "1\r\na\r\n0\r\nA: b\r\nContent-Length: 3\r\n\rC\r\n\r\n" EMPTY,
        CHUNKED_OUT EMPTY_OUT),
    RES("chunked-over-length",
        OK "Content-Length: 99\r\nTransfer-Encoding:\tchunked\r\n\r\n0\r\n\r\n" EMPTY,
        "200[Content-Length=99][Transfer-Encoding=chunked];" EMPTY_OUT),
    RES("chunked-over-bad-length",
        OK "Content-Length: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" EMPTY,
        "200[Content-Length=x][Transfer-Encoding=chunked];" EMPTY_OUT),
    RES("chunked-two-lines",
        OK "Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked ,\r\n\r\n0\r\n\r\n" EMPTY,
        "200[Transfer-Encoding=gzip][Transfer-Encoding=chunked ,];" EMPTY_OUT),
    RES("chunked-not-last", OK "Transfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n" EMPTY,
        "200[Transfer-Encoding=chunked, gzip];"),
    RES("chunked-longer-name", OK "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" EMPTY,
        "200[Transfer-Encoding=xchunked];"),
    RES("chunk-cut", CHUNKED "FFFFFFFFFFFFFFFF\r\nabc", CHUNKED_OUT),
    RES("chunk-size-huge", CHUNKED "10000000000000000\r\nabc", CHUNKED_OUT "lost"),
    RES("chunk-size-none", CHUNKED "\r\nabc", CHUNKED_OUT "lost"),
    RES("chunk-size-other", CHUNKED "5z\r\nabcde", CHUNKED_OUT "lost"),
    RES("chunk-size-nul", CHUNKED "5\0\r\nabcde", CHUNKED_OUT "lost"),
    RES("chunk-longer", CHUNKED "5\r\nabcdef\r\n0\r\n\r\n", CHUNKED_OUT "lost"),
    RES("chunk-cr-no-lf", CHUNKED "5\r\nabcde\r\r\n0\r\n\r\n", CHUNKED_OUT "lost"),
    RES("length-bad", OK "Content-Length: 3;\r\n\r\n" EMPTY, "200[Content-Length=3;];lost"),
    RES("status-too-low", "HTTP/1.1 099 a\r\n\r\n", "not HTTP"),
    RES("status-too-long", "HTTP/1.1 2000 a\r\n\r\n", "not HTTP"),
    RES("status-too-short", "HTTP/1.1 20\r\n\r\n", "not HTTP"),
    RES("status-not-http", "ICY 200 OK\r\n\r\n", "not HTTP"),
    RES("status-within", "HTTP/1.1 20", "within"),
    RES("request-for-response", NEXT, "not HTTP"),
};

/* A head as text: what begins its message, its kind, 'u' where it upgrades, '!' where it is not
 * complete, its header lines. */
static void
put(GString *found, const wsclose_http1_head *head)
{
    wsclose_slice lines = head->lines;
    wsclose_slice name;
    wsclose_slice value;

    if (head->method.len > 0) {
        g_string_append_len(found, head->method.data, (gssize)head->method.len);
        g_string_append_c(found, ' ');
        g_string_append_len(found, head->target.data, (gssize)head->target.len);
        g_string_append_printf(found, " %c", "PHCU"[head->kind]);
    } else {
        g_string_append_printf(found, "%u", head->status);
    }
    g_string_append_printf(found, "%s%s", head->upgrades ? "u" : "", head->complete ? "" : "!");
    while (wsclose_http1_header_next(&lines, &name, &value)) {
        g_string_append_c(found, '[');
        g_string_append_len(found, name.data, (gssize)name.len);
        g_string_append_c(found, '=');
        g_string_append_len(found, value.data, (gssize)value.len);
        g_string_append_c(found, ']');
    }
    g_string_append_c(found, ';');
}

static bool
takes_over(const wsclose_http1_head *head, wsclose_http1_kind answers)
{
    return head->status == 101 || (answers == WSCLOSE_HTTP1_CONNECT && head->status / 100 == 2);
}

/* Feed some octets, from a block of exactly their size. Returns how many of them are left where the
 * direction turns into something else, else -1. */
static gssize
feed_gap(wsclose_http1 *reader, const char *octets, size_t len, uint64_t lacking,
         wsclose_http1_kind answers, GString *found)
{
    char *copy = exact_copy(octets, len);
    wsclose_octets input = {(const uint8_t *)copy, len, lacking};
    wsclose_http1_head head;
    gssize left = -1;

    while (left < 0 && wsclose_http1_next(reader, &input, answers, &head)) {
        put(found, &head);
        if (takes_over(&head, answers)) {
            g_assert_true(input.captured == 0 ||
                          (const char *)input.data + input.captured == copy + len);
            left = (gssize)input.captured;
        }
    }
    g_assert_true(left >= 0 || (input.captured == 0 && input.lacking == 0));
    g_assert_true(left >= 0 || (reader->kept != NULL) == wsclose_http1_is_within_head(reader));
    g_free(copy);
    return left;
}

static void
feed(wsclose_http1 *reader, const char *octets, GString *found)
{
    feed_gap(reader, octets, strlen(octets), 0, WSCLOSE_HTTP1_PLAIN, found);
}

/* How a direction has ended: lost, within a head, or with octets that are something else's. */
static void
compare(const stream_row *row, const size_t *cuts, size_t n_cuts)
{
    GString *found = g_string_new(NULL);
    wsclose_http1 reader;
    size_t from = 0;
    gssize left = -1;

    wsclose_http1_init(&reader, row->role);
    for (size_t i = 0; i <= n_cuts && left < 0 && !reader.lost; i++) {
        const size_t to = i < n_cuts ? cuts[i] : row->len;

        left = feed_gap(&reader, row->octets + from, to - from, 0, row->answers, found);
        from = to;
    }
    if (left >= 0)
        g_string_append_printf(found, "+%zu", row->len - from + (size_t)left);
    else if (reader.lost || wsclose_http1_is_within_head(&reader))
        g_string_append(found, reader.not_http ? "not HTTP" : reader.lost ? "lost" : "within");
    g_assert_cmpstr(found->str, ==, row->expected);
    wsclose_http1_clear(&reader);
    g_string_free(found, TRUE);
}

static void
test_cuts(gconstpointer data)
{
    const stream_row *row = data;
    size_t *all = g_new(size_t, row->len + 1);

    compare(row, NULL, 0);
    for (size_t at = 0; at <= row->len; at++) {
        all[at] = at;
        compare(row, &at, 1);
    }
    compare(row, all, row->len); /* octet by octet */
    g_free(all);
}

/* Octets before and after some that the capture lacks. */
static const struct {
    wsclose_http1_role role;
    const char *before;
    uint64_t lacking;
    const char *after;
    const char *expected;
} gaps[] = {
#define GAP(role, before, lacking, after, expected)                                                \
    {                                                                                              \
        WSCLOSE_HTTP1_##role, before, lacking, after, expected                                     \
    }
    GAP(RESPONSES, OK "Content-Length: 9\r\n\r\nab", 7, EMPTY,
        "200[Content-Length=9];" EMPTY_OUT),
    GAP(RESPONSES, OK "Content-Length: 9\r\n\r\nab", 5, "hi" EMPTY,
        "200[Content-Length=9];" EMPTY_OUT),
    GAP(RESPONSES, OK "Content-Length: 9\r\n\r\nab", 8, "HTTP/1.",
        "200[Content-Length=9];lost "),
    GAP(RESPONSES, CHUNKED "9\r\nab", 7, "\r\n0\r\n\r\n" EMPTY, CHUNKED_OUT EMPTY_OUT),
    GAP(RESPONSES, CHUNKED "9\r\nab", 8, "\n0\r\n\r\n" EMPTY, CHUNKED_OUT "lost lost"),
    GAP(RESPONSES, CHUNKED "9", 3, "abc", CHUNKED_OUT "lost lost"),
    GAP(RESPONSES, CHUNKED "0\r\n", 2, EMPTY, CHUNKED_OUT "lost " EMPTY_OUT),
    GAP(RESPONSES, OK "\r\nabc", 9, EMPTY, "200;lost " EMPTY_OUT),
    GAP(REQUESTS, NEXT, 9, NEXT, NEXT_OUT "lost " NEXT_OUT),
    GAP(REQUESTS, "", 9, NEXT, "lost " NEXT_OUT),
    GAP(REQUESTS, "GET / HT", 9, NEXT, "lost " NEXT_OUT),
    GAP(REQUESTS, "GET / HTTP/1.1", 9, "A: b\r\n\r\n", "lost lost"),
    GAP(REQUESTS, GET, 9, "\r\n\r\n" NEXT, "GET / P!;lost lost"),
    GAP(REQUESTS, GET "Upgrade: websocket\r\nSec-WebSocket-Pro", 9, NEXT,
        "GET / Uu![Upgrade=websocket];lost " NEXT_OUT),
    GAP(REQUESTS, GET "Upgrade: websocket\r\n\r", 1, NEXT,
        "GET / Uu![Upgrade=websocket];lost " NEXT_OUT),
    GAP(REQUESTS, POST "Content-Length: 4\r\nA:", 9, "b\r\n\r\nabcd" NEXT,
        "POST / P![Content-Length=4];lost lost"),
};

/* Where a body's length is known, octets that the capture lacks are counted; elsewhere they are not
 * known to be of what. */
static void
test_lacking(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(gaps); i++) {
        const size_t len = strlen(gaps[i].before);

        /* The head before the gap in one input with it, or in two. */
        for (size_t cut = 0; cut <= len; cut++) {
            GString *found = g_string_new(NULL);
            wsclose_http1 reader;

            wsclose_http1_init(&reader, gaps[i].role);
            feed_gap(&reader, gaps[i].before, cut, 0, WSCLOSE_HTTP1_PLAIN, found);
            feed_gap(&reader, gaps[i].before + cut, len - cut, gaps[i].lacking,
                     WSCLOSE_HTTP1_PLAIN, found);
            g_string_append(found, reader.lost ? "lost " : "");
            feed(&reader, gaps[i].after, found);
            g_string_append(found, reader.lost ? "lost" : "");
            g_assert_cmpstr(found->str, ==, gaps[i].expected);
            wsclose_http1_clear(&reader);
            g_string_free(found, TRUE);
        }
    }
}

/* A lost reader goes on at a start line, and only at the very start of an input. */
static void
test_resumes(void)
{
    static const struct {
        wsclose_http1_role role;
        const char *octets;
        bool resumes;
    } starts[] = {
        {WSCLOSE_HTTP1_REQUESTS, NEXT, true},
        {WSCLOSE_HTTP1_REQUESTS, "GET /a", true},
        {WSCLOSE_HTTP1_REQUESTS, "GET ", true},
        {WSCLOSE_HTTP1_REQUESTS, "GET", false},
        {WSCLOSE_HTTP1_REQUESTS, "", false},
        {WSCLOSE_HTTP1_REQUESTS, "GET /a\r\n", false},
        {WSCLOSE_HTTP1_REQUESTS, "GET /a\x02", true},
        {WSCLOSE_HTTP1_REQUESTS, "\r\n" NEXT, false},
        {WSCLOSE_HTTP1_REQUESTS, "a" NEXT, false},
        {WSCLOSE_HTTP1_REQUESTS, OK, false},
        {WSCLOSE_HTTP1_RESPONSES, EMPTY, true},
        {WSCLOSE_HTTP1_RESPONSES, "HTTP/1.", true},
        {WSCLOSE_HTTP1_RESPONSES, "HTTP/1", false},
        {WSCLOSE_HTTP1_RESPONSES, "HTTP/1.1 2x", false},
        {WSCLOSE_HTTP1_RESPONSES, "HTTP/2 200\r\n", false},
        {WSCLOSE_HTTP1_RESPONSES, NEXT, false},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(starts); i++) {
        GString *found = g_string_new(NULL);
        wsclose_http1 reader;

        wsclose_http1_init(&reader, starts[i].role);
        feed(&reader, "\x01 none\r\n\r\n" NEXT EMPTY, found);
        g_assert_true(reader.lost);
        feed(&reader, "none either\r\n", found);
        feed(&reader, starts[i].octets, found);
        g_assert_true(reader.lost == !starts[i].resumes);
        wsclose_http1_clear(&reader);
        g_string_free(found, TRUE);
    }
}

static void
test_begins(void)
{
    static const struct {
        const char *octets;
        bool request;
        bool response;
    } starts[] = {
        {"G", true, false},
        {"H", true, true},
        {"HTTP/1.1 200", false, true},
        {"HTTP/1.1 2000", false, false},
        {"HTTP/1.1 200\n", false, true},
        {"HTTP/1.x", false, false},
        {"HTTP/2", false, false},
        {"-GET /", false, false},
        {"GET / HTTP/1.1\r", true, false},
        {"GET / HTTP/1.1\r\n\x01", true, false},
        {"GET / HTTP/1.1\x01\r\n", false, false},
        {"GET / HTTP/3.0\r\n", false, false},
        {"GET / RTSP/1.0\r\n", false, false},
        {"\r\n", false, false},
        {" ", false, false},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(starts); i++) {
        const size_t len = strlen(starts[i].octets);
        char *copy = exact_copy(starts[i].octets, len);
        const uint8_t *octets = (const uint8_t *)copy;

        g_assert_true(wsclose_http1_begins(octets, len, WSCLOSE_HTTP1_REQUESTS) ==
                      starts[i].request);
        g_assert_true(wsclose_http1_begins(octets, len, WSCLOSE_HTTP1_RESPONSES) ==
                      starts[i].response);
        g_free(copy);
    }
}

/* Heads of exactly, and of more than, the octets that a head may have. */
static void
test_longest(void)
{
    for (size_t more = 0; more < 3; more++) {
        GString *octets = g_string_new(GET "Upgrade: websocket\r\nA: ");

        while (octets->len < WSCLOSE_HTTP1_HEAD_MAX - 4 + more)
            g_string_append_c(octets, 'a');
        g_string_append(octets, "\r\n\r\n" NEXT);
        for (size_t piece = 1; piece <= octets->len; piece = piece * 7 + 1) {
            GString *found = g_string_new(NULL);
            wsclose_http1 reader;

            wsclose_http1_init(&reader, WSCLOSE_HTTP1_REQUESTS);
            for (size_t at = 0; at < octets->len && !reader.lost; at += piece)
                feed_gap(&reader, octets->str + at, MIN(piece, octets->len - at), 0,
                         WSCLOSE_HTTP1_PLAIN, found);
            g_assert_true(reader.lost == (more > 0));
            g_assert_true(g_str_has_prefix(found->str, more > 0 ? "GET / Uu!" : "GET / Uu["));
            g_assert_true(g_str_has_suffix(found->str, more == 0 ? NEXT_OUT : "];"));
            wsclose_http1_clear(&reader);
            g_string_free(found, TRUE);
        }
        g_string_free(octets, TRUE);
    }
}

/* A start line that does not end is not kept without end. */
static void
test_endless_start_line(void)
{
    GString *found = g_string_new("");
    wsclose_http1 reader;

    wsclose_http1_init(&reader, WSCLOSE_HTTP1_REQUESTS);
    feed(&reader, "GET /", found);
    for (size_t i = 5; i < WSCLOSE_HTTP1_HEAD_MAX; i++) {
        g_assert_false(reader.lost);
        feed(&reader, "a", found);
    }
    g_assert_true(reader.lost);
    g_assert_cmpstr(found->str, ==, "");
    g_assert_null(reader.kept);
    g_string_free(found, TRUE);
}

/* A head that lies in several inputs is borrowed from the reader until its next call. */
static void
test_borrowed(void)
{
    static const char first[] = "GET /a HTTP/1.1\r\nHo";
    static const char second[] = "st: b\r\n\r\n";
    wsclose_octets input = {(const uint8_t *)first, sizeof first - 1, 0};
    wsclose_http1 reader;
    wsclose_http1_head head;

    wsclose_http1_init(&reader, WSCLOSE_HTTP1_REQUESTS);
    g_assert_false(wsclose_http1_next(&reader, &input, WSCLOSE_HTTP1_PLAIN, &head));
    input = (wsclose_octets){(const uint8_t *)second, sizeof second - 1, 0};
    g_assert_true(wsclose_http1_next(&reader, &input, WSCLOSE_HTTP1_PLAIN, &head));
    g_assert_cmpmem(head.target.data, head.target.len, "/a", 2);
    g_assert_cmpmem(head.lines.data, head.lines.len, "Host: b\r\n", 9);
    g_assert_cmpuint(input.captured, ==, 0);
    g_assert_false(wsclose_http1_next(&reader, &input, WSCLOSE_HTTP1_PLAIN, &head));
    g_assert_null(reader.kept);

    /* One that lies in a single input is read in place. */
    input = (wsclose_octets){(const uint8_t *)NEXT, sizeof NEXT - 1, 0};
    const uint8_t *start = input.data;
    g_assert_true(wsclose_http1_next(&reader, &input, WSCLOSE_HTTP1_PLAIN, &head));
    g_assert_true((const uint8_t *)head.method.data == start);
    g_assert_null(reader.kept);
    wsclose_http1_clear(&reader);
}

static void
test_taken_over(void)
{
    GString *found = g_string_new(NULL);
    wsclose_http1 reader;

    wsclose_http1_init(&reader, WSCLOSE_HTTP1_RESPONSES);
    feed(&reader, "HTTP/1.1 101 S\r\n\r\n", found);
    feed_gap(&reader, EMPTY, sizeof EMPTY - 1, 9, WSCLOSE_HTTP1_PLAIN, found);
    feed(&reader, EMPTY, found);
    g_assert_cmpstr(found->str, ==, "101;");
    g_assert_false(reader.lost);
    wsclose_http1_clear(&reader);
    feed(&reader, EMPTY, found);
    g_assert_cmpstr(found->str, ==, "101;" EMPTY_OUT);
    wsclose_http1_clear(&reader);
    wsclose_http1_clear(&(wsclose_http1){0});
    g_string_free(found, TRUE);
}

/* Requests at once, and their responses: each is read as what it answers says. */
static void
test_pipelined(void)
{
    static const char requests[] =
        GET "\r\n" "HEAD / HTTP/1.1\r\n\r\n"
        POST "Expect: 100-continue\r\nContent-Length: 1\r\n\r\na"
        GET "Upgrade: websocket\r\n\r\n";
    static const char responses[] =
        OK "Content-Length: 1\r\n\r\na" OK "Content-Length: 1\r\n\r\n"
        "HTTP/1.1 100 C\r\n\r\n" EMPTY "HTTP/1.1 101 S\r\nUpgrade: websocket\r\n\r\n\x88\x00";
    static const wsclose_http1_kind kinds[] = {WSCLOSE_HTTP1_PLAIN, WSCLOSE_HTTP1_HEAD,
                                               WSCLOSE_HTTP1_PLAIN, WSCLOSE_HTTP1_PLAIN,
                                               WSCLOSE_HTTP1_UPGRADE};
    wsclose_octets input = {(const uint8_t *)requests, sizeof requests - 1, 0};
    wsclose_http1_pairing pairing = {0};
    wsclose_http1 reader;
    wsclose_http1_head head;
    size_t n = 0;

    wsclose_http1_init(&reader, WSCLOSE_HTTP1_REQUESTS);
    while (wsclose_http1_next(&reader, &input, WSCLOSE_HTTP1_PLAIN, &head))
        wsclose_http1_asked(&pairing, head.kind);
    g_assert_cmpuint(pairing.waiting, ==, 4);
    wsclose_http1_clear(&reader);
    wsclose_http1_init(&reader, WSCLOSE_HTTP1_RESPONSES);
    input = (wsclose_octets){(const uint8_t *)responses, sizeof responses - 1, 0};
    while (n < G_N_ELEMENTS(kinds)) {
        const wsclose_http1_kind answers = wsclose_http1_answers(&pairing);

        g_assert_true(wsclose_http1_next(&reader, &input, answers, &head));
        g_assert_cmpuint(wsclose_http1_answered(&pairing, head.status), ==, kinds[n]);
        g_assert_cmpuint(answers, ==, kinds[n]);
        n++;
    }
    g_assert_cmpuint(head.status, ==, 101);
    g_assert_cmpuint(pairing.waiting, ==, 0);
    g_assert_cmpmem(input.data, input.captured, "\x88\x00", 2);
    wsclose_http1_clear(&reader);
}

/* What a head says does not depend on the one before it, whose lines may be the same or nearly so. */
static void
test_known_again(void)
{
#define LINES "Host: a\r\nAccept: */*\r\n"
    static const char *const heads[] = {
        GET LINES "\r\n",
        "HEAD /b HTTP/1.1\r\n" LINES "\r\n",
        GET "Host: b\r\nAccept: */*\r\n\r\n",
        GET LINES "Upgrade: websocket\r\n\r\n",
        GET LINES "\n",
        "CONNECT a:1 HTTP/1.1\r\n" LINES "\n",
        GET "Host: a\r\n\r\n",
        GET "\r\n",
        POST LINES "Content-Length: 0\r\n\r\n",
        GET "Host: a\nSec-WebSocket-Key: a\r\n\r\n",
    };
#undef LINES

    for (size_t i = 0; i < G_N_ELEMENTS(heads) * G_N_ELEMENTS(heads); i++) {
        const char *pair[] = {heads[i / G_N_ELEMENTS(heads)], heads[i % G_N_ELEMENTS(heads)]};
        wsclose_http1 reader;
        wsclose_http1 fresh;

        wsclose_http1_init(&reader, WSCLOSE_HTTP1_REQUESTS);
        wsclose_http1_init(&fresh, WSCLOSE_HTTP1_REQUESTS);
        for (size_t n = 0; n < 2; n++) {
            wsclose_octets input = {(const uint8_t *)pair[n], strlen(pair[n]), 0};
            wsclose_octets same = input;
            wsclose_http1_head head;
            wsclose_http1_head expected;

            g_assert_true(wsclose_http1_next(&reader, &input, WSCLOSE_HTTP1_PLAIN, &head));
            wsclose_http1_clear(&fresh);
            g_assert_true(wsclose_http1_next(&fresh, &same, WSCLOSE_HTTP1_PLAIN, &expected));
            g_assert_cmpuint(input.captured, ==, 0);
            g_assert_cmpuint(same.captured, ==, 0);
            g_assert_cmpuint(head.kind, ==, expected.kind);
            g_assert_true(head.upgrades == expected.upgrades && head.complete);
            g_assert_cmpmem(head.lines.data, head.lines.len, expected.lines.data, expected.lines.len);
            g_assert_true(head.lines.data == expected.lines.data);
            g_assert_false(reader.lost);
        }
        wsclose_http1_clear(&reader);
        wsclose_http1_clear(&fresh);
    }
}

/* A body of known length, captured or not, and nothing else. */
static void
test_pass_body(void)
{
    static const char octets[] = OK "Content-Length: 5\r\n\r\nabcde" OK;
    const size_t len = sizeof octets - 1;
    wsclose_octets input = {(const uint8_t *)octets, len, 0};
    wsclose_http1 reader;
    wsclose_http1_head head;

    wsclose_http1_init(&reader, WSCLOSE_HTTP1_RESPONSES);
    wsclose_http1_pass_body(&reader, &input);
    g_assert_cmpuint(input.captured, ==, len);
    g_assert_true(wsclose_http1_next(&reader, &input, WSCLOSE_HTTP1_PLAIN, &head));
    wsclose_octets cut = {input.data, 2, 1};
    wsclose_http1_pass_body(&reader, &cut);
    g_assert_true(cut.captured == 0 && cut.lacking == 0);
    input = (wsclose_octets){input.data + 3, input.captured - 3, 0};
    wsclose_http1_pass_body(&reader, &input);
    g_assert_cmpmem(input.data, input.captured, OK, sizeof OK - 1);
    wsclose_http1_pass_body(&reader, &input);
    g_assert_cmpmem(input.data, input.captured, OK, sizeof OK - 1);
    wsclose_http1_clear(&reader);
}

static void
test_pairing(void)
{
    wsclose_http1_pairing pairing = {0};

    g_assert_cmpuint(wsclose_http1_answered(&pairing, 200), ==, WSCLOSE_HTTP1_PLAIN);
    wsclose_http1_asked(&pairing, WSCLOSE_HTTP1_CONNECT);
    wsclose_http1_asked(&pairing, WSCLOSE_HTTP1_UPGRADE);
    g_assert_cmpuint(wsclose_http1_answered(&pairing, 100), ==, WSCLOSE_HTTP1_CONNECT);
    g_assert_cmpuint(wsclose_http1_answered(&pairing, 103), ==, WSCLOSE_HTTP1_CONNECT);
    g_assert_cmpuint(wsclose_http1_answered(&pairing, 502), ==, WSCLOSE_HTTP1_CONNECT);
    g_assert_cmpuint(wsclose_http1_answered(&pairing, 101), ==, WSCLOSE_HTTP1_UPGRADE);
    g_assert_cmpuint(wsclose_http1_answers(&pairing), ==, WSCLOSE_HTTP1_PLAIN);
    g_assert_cmpuint(pairing.waiting, ==, 0);
}

/* The kinds of those beyond the limit are not known, the order of all others is kept. */
static void
test_pairing_many(void)
{
    wsclose_http1_pairing pairing = {0};

    for (unsigned round = 0; round < 5; round++) {
        const unsigned beyond = round * 30;

        for (unsigned i = 0; i < WSCLOSE_HTTP1_WAITING_MAX + beyond; i++)
            wsclose_http1_asked(&pairing, (wsclose_http1_kind)(1 + i % 3));
        for (unsigned i = 0; i < WSCLOSE_HTTP1_WAITING_MAX + beyond; i++) {
            const unsigned kind = i < WSCLOSE_HTTP1_WAITING_MAX ? 1 + i % 3 : WSCLOSE_HTTP1_PLAIN;

            g_assert_cmpuint(wsclose_http1_answered(&pairing, 200), ==, kind);
        }
        g_assert_cmpuint(pairing.waiting, ==, 0);
        wsclose_http1_asked(&pairing, WSCLOSE_HTTP1_HEAD); /* the ring turns */
        g_assert_cmpuint(wsclose_http1_answered(&pairing, 200), ==, WSCLOSE_HTTP1_HEAD);
    }
}

/* A head that comes octet by octet costs in proportion to its length, not to its square. */
static void
test_speed(void)
{
    GString *octets = g_string_new(GET);
    wsclose_http1 reader;
    wsclose_http1_head head;
    size_t heads = 0;

    while (octets->len < WSCLOSE_HTTP1_HEAD_MAX - 10)
        g_string_append(octets, "A: b\r\n");
    g_string_append(octets, "\r\n");
    wsclose_http1_init(&reader, WSCLOSE_HTTP1_REQUESTS);
    const gint64 before = cpu_time();
    for (size_t at = 0; at < octets->len * 20; at++) {
        wsclose_octets input = {(const uint8_t *)octets->str + at % octets->len, 1, 0};

        while (wsclose_http1_next(&reader, &input, WSCLOSE_HTTP1_PLAIN, &head))
            heads++;
    }
    g_assert_cmpuint(heads, ==, 20);
    const double seconds = (double)MAX(cpu_time() - before, 1) / 1e6;
    g_test_message("%.1f million octets a second", (double)octets->len * 20 / seconds / 1e6);
    assert_cpu_seconds(before, 5);
    g_string_free(octets, TRUE);
}

static void
test_size(void)
{
    g_assert_cmpuint(sizeof(wsclose_http1), <=, 32);
    g_assert_cmpuint(sizeof(wsclose_http1_pairing), <=, 40);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        char *path = g_strdup_printf("/http1/cuts/%s", rows[i].path);

        g_test_add_data_func(path, &rows[i], test_cuts);
        g_free(path);
    }
    g_test_add_func("/http1/lacking", test_lacking);
    g_test_add_func("/http1/resumes", test_resumes);
    g_test_add_func("/http1/begins", test_begins);
    g_test_add_func("/http1/longest", test_longest);
    g_test_add_func("/http1/endless-start-line", test_endless_start_line);
    g_test_add_func("/http1/borrowed", test_borrowed);
    g_test_add_func("/http1/taken-over", test_taken_over);
    g_test_add_func("/http1/pipelined", test_pipelined);
    g_test_add_func("/http1/pass-body", test_pass_body);
    g_test_add_func("/http1/known-again", test_known_again);
    g_test_add_func("/http1/pairing", test_pairing);
    g_test_add_func("/http1/pairing-many", test_pairing_many);
    g_test_add_func("/http1/speed", test_speed);
    g_test_add_func("/http1/size", test_size);
    return g_test_run();
}
