/* test_message.c
 * Lines of logs: which message they are, which number in them is a status code, and what is none.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wsclose/message.h"

#include <glib.h>
#include <string.h>

#include "../../decoder/message_line.h"
#include "../../decoder/words/messages.h"
#include "cpu_time.h"
#include "exact_copy.h"
#include "rows.h"
#include "wsclose/code.h"

/* A line with any octets, NUL included. */
#define LINE(text) text, sizeof(text) - 1

static void
begin_line(message_line *line, const char *octets, size_t len)
{
    char *copy = exact_copy(octets, len);

    message_line_init(line, copy, len);
    g_free(copy);
}

static wsclose_message *
recognise(const char *octets, size_t len)
{
    char *copy = exact_copy(octets, len);
    wsclose_message *message = wsclose_message_recognise(copy, len);

    g_free(copy);
    return message;
}

/* Patterns: what a line has to have. */
static const struct {
    const char *pattern;
    const char *line;
    bool has;
    int code;   /* -1: no slot */
    int status; /* 0: no slot */
} pattern_rows[] = {
    { "bad frame", "bad frame", true, -1, 0 },
    { "bad frame", "Error: BAD Frame!", true, -1, 0 },
    { "bad frame", "bad  frame", false, -1, 0 },
    { "bad frame", "bad fram", false, -1, 0 },
    { "bad frame", "", false, -1, 0 },
    { "bad*frame", "badframe", true, -1, 0 },
    { "bad*frame", "bad, very bad frame", true, -1, 0 },
    { "bad*frame", "frame bad", false, -1, 0 },
    { "bad*bad*bad", "bad bad", false, -1, 0 },
    { "bad*bad*bad", "bad bad bad", true, -1, 0 },
    { "*bad*", "bad", true, -1, 0 },
    { "**bad**frame**", "a bad frame", true, -1, 0 },
    /* The first place where the words begin need not be the right one. */
    { "*abab c", "ababab c", true, -1, 0 },
    /* No word is cut, but where a '*' says so. */
    { "bad frame", "bad frames", false, -1, 0 },
    { "bad frame", "a forbad frame", false, -1, 0 },
    { "bad frame", "bad frames, bad frame", true, -1, 0 },
    { "bad frame*", "bad frames", true, -1, 0 },
    { "*bad frame", "a forbad frame", true, -1, 0 },
    { "bad frame", "{\"text\":\"first\\nbad frame\\n\"}", true, -1, 0 },
    { "bad frame", "(bad frame)", true, -1, 0 },
    { "code #)", "code 1 code 1006)", true, 1006, 0 },
    { "code #", "code 1006", true, 1006, 0 },
    { "code #", "code 1006x", true, 1006, 0 },
    { "code #", "code x1006", false, -1, 0 },
    { "code #", "code ", false, -1, 0 },
    { "code #", "code 0", true, 0, 0 },
    { "code #", "code 65535", true, 65535, 0 },
    { "code #", "code 65536", false, -1, 0 },
    { "code #", "code 123456", false, -1, 0 },
    { "#", "1234567 89", true, 89, 0 },
    /* Where a row has two, the last one counts. */
    { "received # * sent #", "received 1011 (x); then sent 1000", true, 1000, 0 },
    { "received # * sent *", "received 1011 (x); then sent 1000", true, 1011, 0 },
    { "answer: %", "answer: 403", true, -1, 403 },
    { "answer: %", "answer: 4031", false, -1, 0 },
    { "answer: %", "answer: 099", false, -1, 0 },
    { "answer: %", "answer: 600", false, -1, 0 },
    { "answer: %", "answer: 40", false, -1, 0 },
    { "answer: %", "answer: 1403", false, -1, 0 },
    { "answer: % (#)", "answer: 403 (1006)", true, 1006, 403 },
};

static void
test_patterns(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(pattern_rows); i++) {
        message_numbers numbers = { .has_code = false };
        message_line line;

        g_test_message("%s in: %s", pattern_rows[i].pattern, pattern_rows[i].line);
        begin_line(&line, pattern_rows[i].line, strlen(pattern_rows[i].line));
        g_assert_true(message_line_has(&line, pattern_rows[i].pattern, false, &numbers) ==
                      pattern_rows[i].has);
        g_assert_cmpint(numbers.has_code ? numbers.code : -1, ==, pattern_rows[i].code);
        g_assert_cmpint(numbers.status, ==, pattern_rows[i].status);
        message_line_clear(&line);
    }
}

/* What stands around the words does not matter. */
static const struct {
    const char *octets;
    size_t len;
} dress_rows[] = {
    { LINE("bad frame") },
    { LINE("bad frame\r\n") },
    { LINE("\x1b[1;31mbad frame\x1b[0m") },
    { LINE("\x1b[31mbad\x1b[0m frame") },
    { LINE("\xff\xfe bad frame \xc3") },
    { LINE("\0bad frame\0") },
    { LINE("bad\tframe") },
    { LINE("bad\0frame") },
    { LINE("2026-11-26T10:00:00.000Z [error] bad frame") },
    { LINE("Nov 26 10:00:00 host node[4001]: bad frame") },
    { LINE("{\"msg\":\"bad frame\",\"pid\":1006}") },
    { LINE("bad frame \x1b") },
    { LINE("bad frame \x1b[") },
    { LINE("bad frame \x1b[1;") },
};

static void
test_dress(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(dress_rows); i++) {
        message_numbers numbers;
        message_line line;

        begin_line(&line, dress_rows[i].octets, dress_rows[i].len);
        g_test_message("%s", line.text);
        g_assert_true(message_line_has(&line, "Bad Frame", false, &numbers));
        g_assert_true(message_line_has(&line, "bad frame", true, &numbers));
        g_assert_false(message_line_has(&line, "Bad Frame", true, &numbers));
        g_assert_cmpuint(message_line_code(&line), ==, 0);
        message_line_clear(&line);
    }
}

/* Numbers in lines, and which of them is a status code. */
static const struct {
    const char *line;
    unsigned code;
} code_rows_of_lines[] = {
    { "closed with code=1006", 1006 },
    { "close code: 1001", 1001 },
    { "close code 1001", 1001 },
    { "WebSocket closed: 1006 (abnormal)", 1006 },
    { "WebSocket closed: 4001", 4001 },
    { "WebSocket closed with code 1005", 1005 },
    { "WebSocket connection closed, code: 4001, reason: Unauthorized", 4001 },
    { "disconnected with status 1011 on the connection", 1011 },
    { "Disconnected from gateway with code 4004 on shard 3", 4004 },
    { "CloseEvent {isTrusted: true, wasClean: false, code: 1006, reason: '', type: 'close'}", 1006 },
    { "CloseEvent { code: 1006 }", 1006 },
    { "code: 1006, reason:", 1006 },
    { "{\"code\":1006,\"reason\":\"\",\"wasClean\":false}", 1006 },
    { "{\"event\":\"close\",\"code\":1001}", 1001 },
    { "{\"level\":\"info\",\"closeCode\":1008,\"time\":1700000000}", 1008 },
    { "ws close_code=1012", 1012 },
    { "websocket error code 1006", 1006 },
    { "onclose 1006", 1006 },
    { "onclose 1006 false", 1006 },
    { "on_close: 1000 None", 1000 },
    { "WebSocket closed 1006", 1006 },
    { "WebSocket closed 1006 abnormal closure", 1006 },
    { "WebSocket was closed by the server (1011)", 1011 },
    { "WebSocket connection closed by peer: 1001", 1001 },
    { "websocket: close 1006 (abnormal closure): unexpected EOF", 1006 },
    { "websocket close 1005 (no status)", 1005 },
    { "CloseStatus[code=1009, reason=null]", 1009 },
    { "connection closed with 1006", 1006 },
    { "Connection closed: 1006", 1006 },
    { "Connection closed (1001)", 1001 },
    { "connection was closed abnormally with 1006.", 1006 },
    { "Received close frame: code = 1002, connection closing", 1002 },
    { "WebSocket connection failed with code 1006", 1006 },
    { "code = 1006 (connection closed abnormally [internal]), no reason", 1006 },
    { "2026-11-26 10:10:06 pid 4001 WebSocket closed, took 1005 ms, code 1011", 1011 },
    { "\x1b[33mClose code: 1013\x1b[0m\r\n", 1013 },
    { "Error: connection closed (code: 3000)", 3000 },
    { "ws://127.0.0.1:4001 closed: 1006", 1006 },
    { "session closed with status code 1011", 1011 },

    { "took 1005 ms", 0 },
    { "port 1006", 0 },
    { "HTTP 1001", 0 },
    { "HTTP/1.1 1001", 0 },
    { "pid 4001", 0 },
    { "closed 1006 connections", 0 },
    { "WebSocket server closed 1006 connections", 0 },
    { "WebSocket server closed 1006 idle connections", 0 },
    { "closed connection after 1005 ms", 0 },
    { "WebSocket closed after 1005 ms", 0 },
    { "WebSocket closed 1005ms later", 0 },
    { "WebSocket closed 1005 ms later", 0 },
    { "WebSocket closed with 1006 bytes unread", 0 },
    { "connection closed with 1006 messages in the queue", 0 },
    { "websocket closed in 1001 s", 0 },
    { "line 1006", 0 },
    { "WebSocket closed at line 1006", 0 },
    { "close (server.js:1006:12)", 0 },
    { "at WebSocket.close (server.js:1006)", 0 },
    { "at onclose (/srv/app/server.js:1006:12)", 0 },
    { "read 1009 bytes, closing", 0 },
    { "read 1009 bytes, closing WebSocket", 0 },
    { "WebSocket closed 10.06.1006", 0 },
    { "WebSocket closed: 1006-10-06", 0 },
    { "WebSocket closed: 1006.5", 0 },
    { "WebSocket closed: 1006:10", 0 },
    { "WebSocket closed: 1006,5", 0 },
    { "closed ws://10.10.10.6:1006/", 0 },
    { "closed ws://localhost:4001", 0 },
    { "WebSocket closed, port 4001", 0 },
    { "WebSocket closed, pid=4001", 0 },
    { "WebSocket client 3001 disconnected", 0 },
    { "WebSocket user disconnected: 4512", 0 },
    { "websocket disconnected 3001", 0 },
    { "user 4001 closed the connection", 0 },
    { "closed connection 4001", 0 },
    { "Connection closed: 4001", 0 },
    { "Connection closed: 1006 bytes sent", 0 },
    { "Connection closed, 1006 bytes sent", 0 },
    { "Connection 1006 closed", 0 },
    { "Client disconnected from the session: 1006", 0 },
    { "websocket closed connection #4001", 0 },
    { "websocket connection 1006 closed", 0 },
    { "closed issue #1006", 0 },
    { "closed with 1006", 0 },
    { "market closed with 1006 points", 0 },
    { "store closed: 1006", 0 },
    { "the door code 1006", 0 },
    { "door code: 1006", 0 },
    { "exit code 1003", 0 },
    { "process closed the pipe, exit code 1003", 0 },
    { "barcode 4001", 0 },
    { "websocket message barcode: 4001", 0 },
    { "websocket message {\"code\":4001,\"text\":\"hello\"}", 0 },
    { "closing file, error code 1006", 0 },
    { "open: 1002 high: 1010 low: 1001 close: 1006", 0 },
    { "wss://stream.example/ {\"o\":\"1002\",\"close\":1006}", 0 },
    { "wss://stream.example/ kline close 4005", 0 },
    { "enclosed 1006", 0 },
    { "WebSocket enclosed: 1006", 0 },
    { "WebSocket listening on 1006", 0 },
    { "1006", 0 },
    { " 1006 ", 0 },
    { "WebSocket 1006", 0 },
    { "WebSocket closed: 999", 0 },
    { "WebSocket closed: 1016", 0 },
    { "WebSocket closed with code 2999", 0 },
    { "WebSocket closed with code 5000", 0 },
    { "WebSocket closed with code 10060", 0 },
    { "WebSocket closed with code 01006", 0 },
    { "WebSocket closed with code 1006abc", 0 },
    { "WebSocket closed with code x1006", 0 },
    { "WebSocket closed with code -1006", 0 },
    { "WebSocket closed with code 0x1006", 0 },
    { "", 0 },
};

static void
test_codes(void)
{
    unsigned wrong = 0;

    for (size_t i = 0; i < G_N_ELEMENTS(code_rows_of_lines); i++) {
        const char *text = code_rows_of_lines[i].line;
        message_line line;

        begin_line(&line, text, strlen(text));
        if (message_line_code(&line) != code_rows_of_lines[i].code) {
            g_test_message("%u, not %u: %s", message_line_code(&line), code_rows_of_lines[i].code,
                           text);
            wrong++;
        }
        message_line_clear(&line);
    }
    g_assert_cmpuint(wrong, ==, 0);
}

/* A number alone: the code's own texts, and no library. */
static void
test_number_alone(void)
{
    static const struct {
        unsigned code;
        wsclose_cause_id cause;
        const char *side;
    } rows[] = {
        { 1000, WSCLOSE_CAUSE_APPLICATION, NULL },
        { 1001, WSCLOSE_CAUSE_GOING_AWAY, "peer" },
        { 1002, WSCLOSE_CAUSE_UNKNOWN, NULL },
        { 1003, WSCLOSE_CAUSE_UNKNOWN, NULL },
        { 1005, WSCLOSE_CAUSE_UNKNOWN, NULL },
        { 1006, WSCLOSE_CAUSE_UNKNOWN, NULL },
        { 1007, WSCLOSE_CAUSE_UNKNOWN, NULL },
        { 1008, WSCLOSE_CAUSE_APPLICATION, "peer" },
        { 1009, WSCLOSE_CAUSE_MESSAGE_TOO_BIG, "peer" },
        { 1010, WSCLOSE_CAUSE_EXTENSION_DECLINED, "server" },
        { 1011, WSCLOSE_CAUSE_APPLICATION, "peer" },
        { 1012, WSCLOSE_CAUSE_APPLICATION, "server" },
        { 1013, WSCLOSE_CAUSE_APPLICATION, "server" },
        { 1014, WSCLOSE_CAUSE_APPLICATION, "server" },
        { 1015, WSCLOSE_CAUSE_TLS_ALERT, "server" },
        { 3000, WSCLOSE_CAUSE_APPLICATION, NULL },
        { 4999, WSCLOSE_CAUSE_APPLICATION, NULL },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        char *line = g_strdup_printf("closed with code=%u", rows[i].code);
        wsclose_message *message = recognise(line, strlen(line));

        g_assert_nonnull(message);
        g_assert_null(message->pattern);
        g_assert_cmpuint(g_strv_length(message->libraries), ==, 0);
        g_assert_cmpuint(message->code, ==, rows[i].code);
        g_assert_true(message->code_in_line);
        g_assert_cmpint(message->cause, ==, rows[i].cause);
        g_assert_cmpstr(message->side, ==, rows[i].side);
        g_assert_cmpstr(message->meaning, ==,
                        wsclose_code_lookup((uint16_t)rows[i].code)->meaning);
        g_assert_nonnull(strstr(message->filter, line + strlen("closed with code=")));
        wsclose_message_free(message);
        g_free(line);
    }
}

/* Lines that several rows know: the one with the most words decides. */
static void
check_message(const char *line, const char *pattern, unsigned code, unsigned status,
              const char *side)
{
    wsclose_message *message = recognise(line, strlen(line));

    g_test_message("%s", line);
    g_assert_nonnull(message);
    g_assert_cmpstr(message->pattern, ==, pattern);
    g_assert_cmpuint(message->code, ==, code);
    g_assert_cmpuint(message->status, ==, status);
    g_assert_cmpstr(message->side, ==, side);
    wsclose_message_free(message);
}

static void
test_precedence(void)
{
    check_message("RangeError: Invalid WebSocket frame: RSV1 must be clear", "RSV1 must be clear",
                  1006, 0, "peer");
    check_message("Invalid WebSocket frame: invalid opcode 3",
                  "Invalid WebSocket frame: invalid opcode", 1006, 0, "peer");
    check_message("Invalid WebSocket frame: invalid opcode 11",
                  "Invalid WebSocket frame: invalid opcode 11", 1006, 0, "peer");
    /* The number of the line goes before that of the row, where it stands beside a close. */
    check_message("closed with code 1002: Invalid WebSocket frame: MASK must be set",
                  "MASK must be set", 1002, 0, "client");
    check_message("took 1005 ms: Invalid WebSocket frame: MASK must be set", "MASK must be set",
                  1006, 0, "client");
    check_message("Error: Unexpected server response: 401", "Unexpected server response: %", 1006,
                  401, "client");
    check_message("Error: Unexpected server response: 404", "Unexpected server response: %", 1006,
                  404, "server");
}

/* Rows whose words are not WebSocket's own, where nothing speaks of WebSocket. */
static void
test_context(void)
{
    for (size_t i = 0; i < message_tables_count; i++) {
        for (size_t k = 0; k < message_tables[i]->n; k++) {
            const message_row *row = &message_tables[i]->rows[k];
            message_line line;
            wsclose_message *message;

            if (!row->in_context)
                continue;
            g_test_message("%s", row->pattern);
            /* What the words are an example of, but for their slots. */
            message_line_init(&line, row->pattern, strlen(row->pattern));
            message = recognise(row->pattern, strlen(row->pattern));
            g_assert_true(line.is_websocket || message == NULL || message->pattern == NULL ||
                          strcmp(message->pattern, row->pattern) != 0);
            wsclose_message_free(message);
            message_line_clear(&line);
        }
    }
}

static void
test_nothing(void)
{
    static const char *const lines[] = {
        "",
        "\n",
        "Server listening on port 8080",
        "GET /index.html HTTP/1.1 200",
        "MySQL connection closed",
        "read ECONNRESET",
        "1006",
        "WebSocket connected",
        "WebSocket opened in 1005 ms",
        "Touch event mask must be set for all three event types.",
        "Server shutting down at operator request",
        "A dummy response that has already had its transport closed.",
        "MySQL server has gone away",
        "Connection reset by peer",
        "java.io.IOException: Broken pipe",
        "context deadline exceeded",
        "nginx: upstream timed out (110: Connection timed out) while reading response header",
    };

    for (size_t i = 0; i < G_N_ELEMENTS(lines); i++) {
        wsclose_message *message = recognise(lines[i], strlen(lines[i]));

        g_test_message("%s", lines[i]);
        g_assert_null(message);
    }
    wsclose_message_free(NULL);
}

/* Megabytes that nearly match, over and over. */
static void
test_hostile(void)
{
    static const char *const parts[] = {
        "w", "websocket ", "invalid websocket frame: invalid opcod", "1006 ", "code 1006x ",
        "closed with code 1006 ms ", "((((((((", "\x1b[", "\xff", "disconnected with status 1006 s ",
    };

    for (size_t i = 0; i < G_N_ELEMENTS(parts); i++) {
        GString *line = g_string_new(NULL);
        gint64 began;
        wsclose_message *message;

        while (line->len < 4 * 1024 * 1024)
            g_string_append(line, parts[i]);
        began = cpu_time();
        message = recognise(line->str, line->len);
        wsclose_message_free(message);
        g_test_message("%s: %" G_GINT64_FORMAT " us", parts[i], cpu_time() - began);
        assert_cpu_seconds(began, 1);
        g_string_free(line, TRUE);
    }
}

/* A line that has the words of every message but for their last letter takes the longest. */
static void
test_near_misses(void)
{
    GString *line = g_string_new("websocket ");
    gint64 began;

    for (size_t i = 0; i < message_tables_count; i++) {
        for (size_t k = 0; k < message_tables[i]->n; k++) {
            const char *pattern = message_tables[i]->rows[k].pattern;

            g_string_append_len(line, pattern, (gssize)strlen(pattern) - 1);
            g_string_append_c(line, '_');
        }
    }
    for (size_t at = 0; at < line->len; at += WSCLOSE_LINE_MAX) {
        began = cpu_time();
        wsclose_message_free(recognise(line->str + at, line->len - at));
        g_test_message("%zu: %" G_GINT64_FORMAT " us", at, cpu_time() - began);
        assert_cpu_seconds(began, 1);
    }
    g_string_free(line, TRUE);
}

/* What comes after the limit is not read. */
static void
test_limit(void)
{
    GString *line = g_string_new(NULL);
    wsclose_message *message;

    while (line->len < WSCLOSE_LINE_MAX - strlen(" close code: 1006"))
        g_string_append_c(line, '.');
    g_string_append(line, " close code: 1006");
    message = recognise(line->str, line->len);
    g_assert_nonnull(message);
    wsclose_message_free(message);
    g_string_prepend_c(line, '.');
    g_assert_null(recognise(line->str, line->len));
    g_string_free(line, TRUE);
}

/* What a message says: no slot is left open. */
static void
check_texts(const wsclose_message *message)
{
    check_paragraph(NULL, message->meaning);
    if (message->seen_when != NULL)
        check_paragraph(NULL, message->seen_when);
    g_assert_nonnull(message->fix);
    g_assert_null(strchr(message->fix, '{'));
    g_assert_true(g_str_has_suffix(message->fix, "."));
    g_assert_cmpuint(strlen(message->filter), >, 0);
    g_assert_null(strchr(message->filter, '{'));
    g_assert_cmpint(message->cause, <, WSCLOSE_CAUSES);
    g_assert_true(message->code == 0 || message->code >= 1000);
}

static void
test_texts(void)
{
    size_t count = 0;
    wsclose_message *message;

    while ((message = wsclose_message_at(count)) != NULL) {
        g_assert_nonnull(message->pattern);
        g_assert_nonnull(message->libraries[0]);
        g_assert_nonnull(message->sources[0]);
        check_texts(message);
        wsclose_message_free(message);
        count++;
    }
    g_assert_cmpuint(count, >=, 150);
    g_assert_null(wsclose_message_at(SIZE_MAX));
}

static void
check_meaning(const message_meaning *meaning)
{
    static const template_slot slots[] = { { "this side", "it", NULL },
                                           { "other side", "it", NULL },
                                           { "answer", "it", NULL } };
    const template_scope scope = { slots, meaning->of_status ? 3 : 2, NULL, NULL };

    if (meaning->meaning == NULL) {
        g_assert_null(meaning->fix);
        g_assert_cmpuint(meaning->code, !=, 0);
        return;
    }
    check_paragraph(&scope, meaning->meaning);
    check_paragraph(&scope, meaning->fix);
    g_assert_true(meaning->filter != NULL || meaning->cause != WSCLOSE_CAUSE_UNKNOWN);
}

static void
test_meanings(void)
{
    for (size_t i = 0; i < MESSAGE_MEANINGS; i++) {
        g_test_message("meaning %zu", i);
        check_meaning(&message_meanings[i]);
    }
    for (size_t i = 0; i < code_causes_count; i++) {
        g_assert_cmpuint(code_causes[i].first, <=, code_causes[i].last);
        g_assert_true(i == 0 || code_causes[i].first > code_causes[i - 1].last);
    }
}

/* One row: words that no other line has by accident, and where they were seen. */
static void
check_message_row(const message_row *row)
{
    g_test_message("%s", row->pattern);
    g_assert_cmpuint(message_pattern_weight(row->pattern), >=, 5);
    g_assert_false(g_regex_match_simple("^[* ]|[*]$|[*][*]|, ?$|^ ", row->libraries, 0, 0));
    g_assert_cmpint(row->speaker, <=, SPEAKER_BETWEEN);
    g_assert_cmpint(row->meaning, <, MESSAGE_MEANINGS);
    g_assert_nonnull(row->seen);
    /* A version and where in it, or who has it. */
    g_assert_true(g_regex_match_simple("\\w[ /]+.*\\w", row->seen, 0, 0));
    g_assert_true(row->code == 0 || row->code >= 1000);
    if (row->setting != NULL)
        g_assert_true(g_regex_match_simple("^[A-Z].*[^.]\\.$", row->setting, 0, 0));
}

/* Two rows of the same words mean the same, since both are in the answer. */
static void
check_alike(const message_row *a, const message_row *b)
{
    if (a == b || (a->exact ? strcmp : g_ascii_strcasecmp)(a->pattern, b->pattern) != 0)
        return;
    g_test_message("twice: %s", a->pattern);
    g_assert_cmpint(a->meaning, ==, b->meaning);
    g_assert_cmpstr(a->libraries, !=, b->libraries);
}

static void
check_all_alike(const message_row *row)
{
    for (size_t i = 0; i < message_tables_count; i++) {
        for (size_t k = 0; k < message_tables[i]->n; k++)
            check_alike(row, &message_tables[i]->rows[k]);
    }
}

static void
test_rows(void)
{
    for (size_t i = 0; i < message_tables_count; i++) {
        for (size_t k = 0; k < message_tables[i]->n; k++) {
            check_message_row(&message_tables[i]->rows[k]);
            check_all_alike(&message_tables[i]->rows[k]);
        }
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/message/pattern", test_patterns);
    g_test_add_func("/message/dress", test_dress);
    g_test_add_func("/message/code", test_codes);
    g_test_add_func("/message/number-alone", test_number_alone);
    g_test_add_func("/message/precedence", test_precedence);
    g_test_add_func("/message/context", test_context);
    g_test_add_func("/message/nothing", test_nothing);
    g_test_add_func("/message/hostile", test_hostile);
    g_test_add_func("/message/near-misses", test_near_misses);
    g_test_add_func("/message/limit", test_limit);
    g_test_add_func("/message/texts", test_texts);
    g_test_add_func("/message/meanings", test_meanings);
    g_test_add_func("/message/rows", test_rows);
    return g_test_run();
}
