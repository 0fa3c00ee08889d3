/* test_code.c
 * Status codes: the table, the classes, the texts, and the comparison of any two.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wsclose/code.h"

#include <stdlib.h>
#include <string.h>

#include <glib.h>

/* What a code must be, and why. */
typedef struct {
    uint16_t code;
    uint16_t first, last; /* the row that has it */
    wsclose_code_class code_class;
    wsclose_may_send may_send;
    const char *name;
    const char *why;
} code_case;

#define RFC "RFC 6455 section 7.4.1"
#define IANA "IANA WebSocket Close Code Number Registry"
#define NO_CODE "Not a Status Code"
#define UNASSIGNED "Unassigned"
#define UNREGISTERED "Unregistered"

static const code_case code_cases[] = {
    { 0, 0, 999, WSCLOSE_CLASS_INVALID, WSCLOSE_MAY_SEND_NOBODY, NO_CODE, "first number" },
    { 999, 0, 999, WSCLOSE_CLASS_INVALID, WSCLOSE_MAY_SEND_NOBODY, NO_CODE, "section 7.4.2" },
    { 1000, 1000, 1000, WSCLOSE_CLASS_PROTOCOL, WSCLOSE_MAY_SEND_EITHER, "Normal Closure", RFC },
    { 1001, 1001, 1001, WSCLOSE_CLASS_PROTOCOL, WSCLOSE_MAY_SEND_EITHER, "Going Away", RFC },
    { 1002, 1002, 1002, WSCLOSE_CLASS_PROTOCOL, WSCLOSE_MAY_SEND_EITHER, "Protocol Error", RFC },
    { 1003, 1003, 1003, WSCLOSE_CLASS_PROTOCOL, WSCLOSE_MAY_SEND_EITHER, "Unsupported Data", RFC },
    { 1004, 1004, 1004, WSCLOSE_CLASS_RESERVED, WSCLOSE_MAY_SEND_NOBODY, "Reserved", RFC },
    { 1005, 1005, 1005, WSCLOSE_CLASS_RESERVED, WSCLOSE_MAY_SEND_NOBODY, "No Status Received",
      RFC },
    { 1006, 1006, 1006, WSCLOSE_CLASS_RESERVED, WSCLOSE_MAY_SEND_NOBODY, "Abnormal Closure", RFC },
    { 1007, 1007, 1007, WSCLOSE_CLASS_PROTOCOL, WSCLOSE_MAY_SEND_EITHER, "Invalid Payload Data",
      RFC },
    { 1008, 1008, 1008, WSCLOSE_CLASS_PROTOCOL, WSCLOSE_MAY_SEND_EITHER, "Policy Violation", RFC },
    { 1009, 1009, 1009, WSCLOSE_CLASS_PROTOCOL, WSCLOSE_MAY_SEND_EITHER, "Message Too Big", RFC },
    { 1010, 1010, 1010, WSCLOSE_CLASS_PROTOCOL, WSCLOSE_MAY_SEND_CLIENT, "Mandatory Extension",
      RFC ": not used by the server" },
    { 1011, 1011, 1011, WSCLOSE_CLASS_PROTOCOL, WSCLOSE_MAY_SEND_EITHER, "Internal Error",
      "RFC erratum 3227" },
    { 1012, 1012, 1012, WSCLOSE_CLASS_PROTOCOL, WSCLOSE_MAY_SEND_SERVER, "Service Restart", IANA },
    { 1013, 1013, 1013, WSCLOSE_CLASS_PROTOCOL, WSCLOSE_MAY_SEND_SERVER, "Try Again Later", IANA },
    { 1014, 1014, 1014, WSCLOSE_CLASS_PROTOCOL, WSCLOSE_MAY_SEND_SERVER, "Bad Gateway", IANA },
    { 1015, 1015, 1015, WSCLOSE_CLASS_RESERVED, WSCLOSE_MAY_SEND_NOBODY, "TLS Handshake Failure",
      RFC },
    { 1016, 1016, 2999, WSCLOSE_CLASS_UNASSIGNED, WSCLOSE_MAY_SEND_NOBODY, UNASSIGNED,
      "section 7.4.2" },
    { 2999, 1016, 2999, WSCLOSE_CLASS_UNASSIGNED, WSCLOSE_MAY_SEND_NOBODY, UNASSIGNED,
      "section 7.4.2" },
    { 3000, 3000, 3000, WSCLOSE_CLASS_REGISTERED, WSCLOSE_MAY_SEND_EITHER, "Unauthorized", IANA },
    { 3001, 3001, 3002, WSCLOSE_CLASS_REGISTERED, WSCLOSE_MAY_SEND_EITHER, UNREGISTERED, IANA },
    { 3002, 3001, 3002, WSCLOSE_CLASS_REGISTERED, WSCLOSE_MAY_SEND_EITHER, UNREGISTERED, IANA },
    { 3003, 3003, 3003, WSCLOSE_CLASS_REGISTERED, WSCLOSE_MAY_SEND_EITHER, "Forbidden", IANA },
    { 3004, 3004, 3007, WSCLOSE_CLASS_REGISTERED, WSCLOSE_MAY_SEND_EITHER, UNREGISTERED, IANA },
    { 3007, 3004, 3007, WSCLOSE_CLASS_REGISTERED, WSCLOSE_MAY_SEND_EITHER, UNREGISTERED, IANA },
    { 3008, 3008, 3008, WSCLOSE_CLASS_REGISTERED, WSCLOSE_MAY_SEND_EITHER, "Timeout", IANA },
    { 3009, 3009, 3999, WSCLOSE_CLASS_REGISTERED, WSCLOSE_MAY_SEND_EITHER, UNREGISTERED, IANA },
    { 3999, 3009, 3999, WSCLOSE_CLASS_REGISTERED, WSCLOSE_MAY_SEND_EITHER, UNREGISTERED,
      "section 7.4.2" },
    { 4000, 4000, 4999, WSCLOSE_CLASS_PRIVATE, WSCLOSE_MAY_SEND_EITHER, "Private Use",
      "section 7.4.2" },
    { 4999, 4000, 4999, WSCLOSE_CLASS_PRIVATE, WSCLOSE_MAY_SEND_EITHER, "Private Use",
      "section 7.4.2" },
    { 5000, 5000, 65535, WSCLOSE_CLASS_INVALID, WSCLOSE_MAY_SEND_NOBODY, NO_CODE,
      "section 7.4.2" },
    { 59395, 5000, 65535, WSCLOSE_CLASS_INVALID, WSCLOSE_MAY_SEND_NOBODY, NO_CODE,
      "1000 in the wrong octet order" },
    { 65535, 5000, 65535, WSCLOSE_CLASS_INVALID, WSCLOSE_MAY_SEND_NOBODY, NO_CODE, "last number" },
};

static void
test_table_ascending(void)
{
    size_t count = 0;
    const wsclose_code_info *rows = wsclose_code_table(&count);
    uint32_t next = 0;

    for (size_t i = 0; i < count; i++) {
        g_assert_cmpuint(rows[i].first, ==, next);
        g_assert_cmpuint(rows[i].first, <=, rows[i].last);
        next = (uint32_t)rows[i].last + 1;
    }
    g_assert_cmpuint(next, ==, 65536);
}

static void
test_lookup_every_number(void)
{
    for (uint32_t code = 0; code <= UINT16_MAX; code++) {
        const wsclose_code_info *row = wsclose_code_lookup((uint16_t)code);

        g_assert_nonnull(row);
        g_assert_cmpuint(row->first, <=, code);
        g_assert_cmpuint(row->last, >=, code);
    }
}

static void
test_lookup_cases(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(code_cases); i++) {
        const code_case *c = &code_cases[i];
        const wsclose_code_info *row = wsclose_code_lookup(c->code);

        g_test_message("%u: %s", c->code, c->why);
        g_assert_cmpuint(row->first, ==, c->first);
        g_assert_cmpuint(row->last, ==, c->last);
        g_assert_cmpstr(wsclose_code_class_name(row->code_class), ==,
                        wsclose_code_class_name(c->code_class));
        g_assert_cmpstr(wsclose_may_send_name(row->may_send), ==,
                        wsclose_may_send_name(c->may_send));
        g_assert_cmpstr(row->name, ==, c->name);
    }
}

/* Every row of the table is some case above: no class or sender goes unchecked. */
static void
test_lookup_cases_cover_table(void)
{
    size_t count = 0;
    const wsclose_code_info *rows = wsclose_code_table(&count);

    for (size_t i = 0; i < count; i++) {
        bool first = false;
        bool last = false;

        for (size_t j = 0; j < G_N_ELEMENTS(code_cases); j++) {
            first = first || code_cases[j].code == rows[i].first;
            last = last || code_cases[j].code == rows[i].last;
        }
        g_test_message("row %u-%u", rows[i].first, rows[i].last);
        g_assert_true(first);
        g_assert_true(last);
    }
}

/* Written as the ranges of the RFC and its registry, not as the classes of the table. */
static void
test_on_wire_every_number(void)
{
    for (uint32_t code = 0; code <= UINT16_MAX; code++) {
        bool legal = (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014) ||
                     (code >= 3000 && code <= 4999);
        const wsclose_code_info *row = wsclose_code_lookup((uint16_t)code);

        if (wsclose_code_may_be_on_wire((uint16_t)code) != legal ||
            (row->may_send != WSCLOSE_MAY_SEND_NOBODY) != legal) {
            g_test_message("%u should be %s", code, legal ? "legal" : "illegal");
            g_test_fail();
        }
    }
}

static const struct {
    wsclose_code_class code_class;
    const char *expected;
} class_cases[] = {
    { WSCLOSE_CLASS_PROTOCOL, "protocol" },     { WSCLOSE_CLASS_RESERVED, "reserved" },
    { WSCLOSE_CLASS_REGISTERED, "registered" }, { WSCLOSE_CLASS_PRIVATE, "private" },
    { WSCLOSE_CLASS_UNASSIGNED, "unassigned" }, { WSCLOSE_CLASS_INVALID, "invalid" },
};

static void
test_class_names(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(class_cases); i++)
        g_assert_cmpstr(wsclose_code_class_name(class_cases[i].code_class), ==,
                        class_cases[i].expected);
}

static const struct {
    wsclose_may_send who;
    const char *expected;
} sender_cases[] = {
    { WSCLOSE_MAY_SEND_NOBODY, "nobody" },
    { WSCLOSE_MAY_SEND_CLIENT, "the client only" },
    { WSCLOSE_MAY_SEND_SERVER, "the server only" },
    { WSCLOSE_MAY_SEND_EITHER, "either side" },
};

static void
test_may_send_names(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(sender_cases); i++)
        g_assert_cmpstr(wsclose_may_send_name(sender_cases[i].who), ==, sender_cases[i].expected);
}

/* A paragraph of whole sentences: UTF-8, a capital or a digit first, a full stop last, no double
 * space and no missing one where two literals meet. */
static void
assert_prose(const char *text)
{
    size_t len = strlen(text);

    g_assert_cmpuint(len, >, 20);
    g_assert_true(g_utf8_validate(text, (gssize)len, NULL));
    g_assert_true(g_ascii_isupper(text[0]) || g_ascii_isdigit(text[0]));
    g_assert_cmpint(text[len - 1], ==, '.');
    g_assert_null(strstr(text, "  "));
    g_assert_null(strstr(text, ".."));
    g_assert_null(strpbrk(text, "%{}"));
    g_assert_false(g_regex_match_simple("(?<!Boost)\\.[A-Z]|[a-z][;:,][A-Za-z0-9]", text, 0, 0));
}

static unsigned
count_sentences(const char *text)
{
    unsigned n = 0;

    for (const char *p = text; *p != '\0'; p++)
        n += *p == '.' && (p[1] == ' ' || p[1] == '\0');
    return n;
}

static void
test_texts_are_prose(void)
{
    size_t count = 0;
    const wsclose_code_info *rows = wsclose_code_table(&count);

    for (size_t i = 0; i < count; i++) {
        const char *texts[] = { rows[i].meaning, rows[i].seen_when, rows[i].fix };

        for (size_t j = 0; j < G_N_ELEMENTS(texts); j++) {
            g_test_message("%u: %s", rows[i].first, texts[j]);
            assert_prose(texts[j]);
            g_assert_cmpuint(count_sentences(texts[j]), >=, 1);
            g_assert_cmpuint(count_sentences(texts[j]), <=, 4);
        }
        g_assert_true(g_utf8_validate(rows[i].name, -1, NULL));
        g_assert_cmpstr(rows[i].name, !=, "");
        g_assert_true(strstr(rows[i].source, "RFC 6455 section 7.4.") == rows[i].source ||
                      strcmp(rows[i].source, IANA) == 0);
    }
}

static void
test_texts_are_unique(void)
{
    size_t count = 0;
    const wsclose_code_info *rows = wsclose_code_table(&count);
    GHashTable *seen = g_hash_table_new(g_str_hash, g_str_equal);

    for (size_t i = 0; i < count; i++) {
        const char *texts[] = { rows[i].meaning, rows[i].seen_when, rows[i].fix };

        for (size_t j = 0; j < G_N_ELEMENTS(texts); j++) {
            g_test_message("%u: %s", rows[i].first, texts[j]);
            g_assert_true(g_hash_table_add(seen, (gpointer)texts[j]));
        }
    }
    g_hash_table_destroy(seen);
}

typedef enum {
    MEANING,
    SEEN_WHEN,
    FIX
} which_text;

/* Facts that a reader is promised, one row each. */
static const struct {
    uint16_t code;
    which_text text;
    const char *expected;
    const char *why;
} fact_cases[] = {
    { 1005, MEANING, "reserved value", "RFC 6455 section 7.4.1" },
    { 1005, MEANING, "No status code was present in the Close frame", "what it says" },
    { 1005, MEANING, "must never put it on the wire", "RFC 6455 section 7.4.1" },
    { 1005, MEANING, "internal indicator and not a wire value", "not to be sought in a capture" },
    { 1005, SEEN_WHEN, "Close frame had an empty body", "the one cause" },
    { 1005, SEEN_WHEN, "sentinel", "how the library tells" },
    { 1005, SEEN_WHEN, "close() without arguments", "browsers: normal, not a defect" },
    { 1005, FIX, "If 1005 is seen often, the remote peer may have a bug", "the peer is to blame" },
    { 1005, FIX, "empty Close frames", "what the bug is" },
    { 1005, FIX, "check the peer's implementation", "where to go" },
    { 1006, MEANING, "reserved value", "RFC 6455 section 7.4.1" },
    { 1006, MEANING, "must never stand in a Close frame", "RFC 6455 section 7.4.1" },
    { 1006, SEEN_WHEN, "opening handshake fails", "browsers report it for any failed upgrade" },
    { 1006, FIX, "proxy's timeout", "the most frequent cause" },
    { 1010, MEANING, "The client ends the connection", "who" },
    { 1010, MEANING, "the server did not negotiate one or more extensions that the client expects",
      "RFC 6455 section 7.4.1" },
    { 1010, MEANING, "A server should never send it", "RFC 6455 section 7.4.1" },
    { 1010, MEANING, "fails the opening handshake", "what the server does instead" },
    { 1010, SEEN_WHEN, "asked for an extension that it requires, say permessage-deflate", "when" },
    { 1010, SEEN_WHEN, "response did not include it", "when" },
    { 1010, FIX, "Check Sec-WebSocket-Extensions in the handshake response", "where to look" },
    { 1010, FIX, "enable the missing extension on the server", "one side" },
    { 1010, FIX, "make the extension optional in the client", "the other side" },
    { 1011, MEANING, "erratum 3227", "the RFC's own text says: server" },
    { 1012, FIX, "5 to 30 seconds", "the registration" },
    { 1013, MEANING, "another address", "the registration" },
    { 1014, MEANING, "502", "the registration" },
    { 1015, MEANING, "must never stand in a Close frame", "RFC 6455 section 7.4.1" },
    { 3000, MEANING, "401", "the registration" },
    { 3001, MEANING, "not in the IANA registry", "unregistered" },
    { 3002, MEANING, "not in the IANA registry", "unregistered" },
    { 3003, MEANING, "403", "the registration" },
    { 3005, MEANING, "not in the IANA registry", "unregistered" },
    { 3008, MEANING, "408", "the registration" },
    { 3500, MEANING, "not in the IANA registry", "unregistered" },
};

static void
test_texts_facts(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(fact_cases); i++) {
        const wsclose_code_info *row = wsclose_code_lookup(fact_cases[i].code);
        const char *texts[] = { row->meaning, row->seen_when, row->fix };
        const char *text = texts[fact_cases[i].text];

        g_test_message("%u: \"%s\" (%s) in: %s", fact_cases[i].code, fact_cases[i].expected,
                       fact_cases[i].why, text);
        g_assert_nonnull(strstr(text, fact_cases[i].expected));
    }
}

/* Whether a number stands in a text as a whole number. */
static bool
mentions(const char *text, uint16_t code)
{
    char digits[8];
    size_t len;

    g_snprintf(digits, sizeof digits, "%u", code);
    len = strlen(digits);
    for (const char *p = strstr(text, digits); p != NULL; p = strstr(p + 1, digits)) {
        if ((p == text || !g_ascii_isdigit(p[-1])) && !g_ascii_isdigit(p[len]))
            return true;
    }
    return false;
}

static void
check_comparison(uint16_t a, uint16_t b)
{
    wsclose_code_comparison *c = wsclose_code_compare(a, b);

    g_test_message("%u %u", a, b);
    g_assert_nonnull(c);
    g_assert_cmpuint(c->codes[0], ==, a);
    g_assert_cmpuint(c->codes[1], ==, b);
    g_assert_true(c->infos[0] == wsclose_code_lookup(a));
    g_assert_true(c->infos[1] == wsclose_code_lookup(b));
    assert_prose(c->key_difference);
    assert_prose(c->which_when);
    g_assert_true(mentions(c->key_difference, a));
    g_assert_true(mentions(c->key_difference, b));
    g_assert_true(mentions(c->which_when, a));
    g_assert_true(mentions(c->which_when, b));
    wsclose_code_comparison_free(c);
}

static void
test_compare_all_rows(void)
{
    size_t count = 0;
    const wsclose_code_info *rows = wsclose_code_table(&count);

    for (size_t i = 0; i < count; i++) {
        for (size_t j = 0; j < count; j++) {
            check_comparison(rows[i].first, rows[j].first);
            check_comparison(rows[i].last, rows[j].first);
        }
    }
}

static int
compare_strings(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The words of a text, sorted: what it says, whatever comes first. */
static char *
sorted_words(const char *text)
{
    char **words = g_regex_split_simple("[ .;:,]+", text, 0, 0);
    char *joined;

    qsort(words, g_strv_length(words), sizeof *words, compare_strings);
    joined = g_strjoinv(" ", words);
    g_strfreev(words);
    return joined;
}

static void
assert_same_words(const char *a, const char *b)
{
    char *sorted_a = sorted_words(a);
    char *sorted_b = sorted_words(b);

    g_assert_cmpstr(sorted_a, ==, sorted_b);
    g_free(sorted_a);
    g_free(sorted_b);
}

static void
test_compare_swapped(void)
{
    size_t count = 0;
    const wsclose_code_info *rows = wsclose_code_table(&count);

    for (size_t i = 0; i < count; i++) {
        for (size_t j = 0; j < i; j++) {
            wsclose_code_comparison *c = wsclose_code_compare(rows[i].last, rows[j].first);
            wsclose_code_comparison *d = wsclose_code_compare(rows[j].first, rows[i].last);

            assert_same_words(c->key_difference, d->key_difference);
            assert_same_words(c->which_when, d->which_when);
            wsclose_code_comparison_free(c);
            wsclose_code_comparison_free(d);
        }
    }
}

/* Comparisons that must say something, one row per thing. Asked for both ways round. */
static const struct {
    uint16_t a, b;
    const char *difference; /* in key_difference, or NULL */
    const char *when;       /* in which_when, or NULL */
    const char *why;
} compare_cases[] = {
    { 1005, 1010, "an internal indicator that must never be on the wire", NULL, "1005 is none" },
    { 1005, 1010, "the receiver makes it up when the peer's Close frame is empty", NULL, "whence" },
    { 1005, 1010, "is a real value on the wire, which a client sends", NULL, "1010 is one" },
    { 1005, 1010, "nobody said why", NULL, "1005 has no cause" },
    { 1005, 1010, "the client says exactly why", NULL, "1010 has one" },
    { 1005, 1010, "the server did not negotiate one or more extensions", NULL, "the cause" },
    { 1005, 1010, NULL, "A client sends 1010 when", "which when" },
    { 1005, 1010, NULL, "Nobody sends 1005", "which when" },
    { 1005, 1010, NULL, "has an empty body", "which when" },
    { 1005, 1010, NULL, "enable the extension on the server", "the fix" },
    { 1005, 1010, NULL, "check the peer's implementation", "the fix" },
    { 1005, 1006, "a Close frame did arrive and was empty", "Send neither", "both are sentinels" },
    { 1000, 1005, "must never be on the wire", "Send 1000", "the usual confusion" },
    { 1012, 1013, "Both come from a server", "random delay", "registered together" },
    /* Composed. */
    { 1007, 1012, "1007 is a real value in a Close frame, and either side may send it.",
      "A server sends 1012 when", "senders differ" },
    { 1007, 1012, "1012 is a real value in a Close frame, and only a server may send it.", NULL,
      "senders differ" },
    { 1001, 1009, "Both are real values in a Close frame, and either side may send them.", NULL,
      "senders agree" },
    { 1012, 1014, "Both are real values in a Close frame, and only a server may send them.", NULL,
      "senders agree" },
    { 1006, 1009, "1006 must never be in a Close frame", "Expect 1006 from your own library when",
      "one on the wire" },
    { 1005, 1015, "Neither belongs in a Close frame", "never send it", "both made up" },
    { 1004, 1005, "1004 must not stand in a Close frame", "Do not send 1004", "of no use" },
    { 1004, 2000, "Neither may stand in a Close frame", "Do not send 2000", "both of no use" },
    { 500, 6000, "500 (Not a Status Code) is below 1000", "Do not send 6000", "both ends" },
    /* Two numbers of one range. */
    { 4001, 4002, "the difference between them is the application's own",
      "in the documentation or the source of the software", "private use" },
    { 3001, 3002, "the difference between them is the application's own",
      "in the documentation or the source of the software", "one row" },
    { 3001, 3999, "the difference between them is the application's own",
      "in the documentation or the source of the software", "two rows, both unregistered" },
    { 1016, 2999, "do not differ", "Send neither", "unassigned" },
    { 7, 8, "do not differ", "Send neither", "no codes" },
    { 5000, 65535, "do not differ", "Send neither", "no codes" },
    /* What a composed text says of each row, told by its own words. */
    { 0, 3500, "below 1000", NULL, "row 0-999" },
    { 1000, 4500, "1000 (Normal Closure) says that the connection has done its work", NULL, "row" },
    { 1001, 4500, "1001 (Going Away) says that its sender is leaving", NULL, "row" },
    { 1002, 4500, "1002 (Protocol Error) says that the side that receives it broke the rules",
      "frames from the peer", "row" },
    { 1003, 4500, "1003 (Unsupported Data) says that the side that receives it sent a type", "type",
      "row" },
    { 1004, 4500, "1004 (Reserved) has no meaning", NULL, "row" },
    { 1005, 4500, "1005 (No Status Received) tells the application that there was no status code",
      "empty body", "row" },
    { 1006, 4500, "1006 (Abnormal Closure) tells the application that the connection ended without",
      "TCP ends", "row" },
    { 1007, 4500, "1007 (Invalid Payload Data) says that the contents", "not valid UTF-8", "row" },
    { 1008, 4500, "1008 (Policy Violation) says that", "breaks a rule", "row" },
    { 1009, 4500, "1009 (Message Too Big) says that a message was larger", "over the limit",
      "row" },
    { 1010, 4500, "1010 (Mandatory Extension) says that the server did not negotiate an extension",
      "A client sends 1010 when the handshake response lacks", "row" },
    { 1011, 4500, "1011 (Internal Error) says that an unexpected error", "unexpected error",
      "row" },
    { 1012, 4500, "1012 (Service Restart) says that the service is restarting", "restart", "row" },
    { 1013, 4500, "1013 (Try Again Later) says that the server cannot serve", "overloaded", "row" },
    { 1014, 4500, "1014 (Bad Gateway) says that a gateway", "behind the gateway", "row" },
    { 1015, 4500, "1015 (TLS Handshake Failure) tells the application that the TLS handshake",
      "TLS handshake fails", "row" },
    { 2000, 4500, "2000 (" UNASSIGNED ") is kept for the protocol", NULL, "row" },
    { 3000, 4500, "3000 (Unauthorized) says that the peer has to be authorized", "credentials",
      "row" },
    { 3001, 4500, "3001 (" UNREGISTERED ") is in the range for libraries", NULL, "row" },
    { 3003, 4500, "3003 (Forbidden) says that the peer is known", "known user", "row" },
    { 3004, 4500, "3004 (" UNREGISTERED ") is in the range for libraries", NULL, "row" },
    { 3008, 4500, "3008 (Timeout) says that the peer took too long", "in time", "row" },
    { 3009, 4500, "3009 (" UNREGISTERED ") is in the range for libraries", NULL, "row" },
    { 4500, 1000, "4500 (Private Use) means what the two applications have agreed on", "agreed",
      "row" },
    { 5000, 4500, "5000 (" NO_CODE ") is above 4999", NULL, "row" },
};

static void
test_compare_cases(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(compare_cases); i++) {
        for (int swap = 0; swap < 2; swap++) {
            uint16_t a = swap ? compare_cases[i].b : compare_cases[i].a;
            uint16_t b = swap ? compare_cases[i].a : compare_cases[i].b;
            wsclose_code_comparison *c = wsclose_code_compare(a, b);

            g_test_message("%u %u (%s): %s / %s", a, b, compare_cases[i].why, c->key_difference,
                           c->which_when);
            if (compare_cases[i].difference != NULL)
                g_assert_nonnull(strstr(c->key_difference, compare_cases[i].difference));
            if (compare_cases[i].when != NULL)
                g_assert_nonnull(strstr(c->which_when, compare_cases[i].when));
            wsclose_code_comparison_free(c);
        }
    }
}

/* The order of the arguments is kept: the start of key_difference, and a part of it. */
static const struct {
    uint16_t a, b;
    const char *start;
    const char *part;
} order_cases[] = {
    { 1008, 4001, "1008 (Policy Violation) says",
      "1008 belongs to the protocol's own codes, 4001 to those for private use." },
    { 4001, 1008, "4001 (Private Use) means",
      "4001 belongs to those for private use, 1008 to the protocol's own codes." },
    { 3000, 4001, "3000 (Unauthorized) says",
      "3000 belongs to those for libraries and frameworks, 4001 to those for private use." },
    { 4001, 4002, "4001 and 4002 are both for private use", "either side may send them." },
    { 4002, 4001, "4002 and 4001 are both for private use", "either side may send them." },
};

static void
test_compare_order(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(order_cases); i++) {
        wsclose_code_comparison *c = wsclose_code_compare(order_cases[i].a, order_cases[i].b);

        g_test_message("%s", c->key_difference);
        g_assert_true(g_str_has_prefix(c->key_difference, order_cases[i].start));
        g_assert_nonnull(strstr(c->key_difference, order_cases[i].part));
        wsclose_code_comparison_free(c);
    }
}

/* Pairs that people confuse have a text of their own, the same from both ends; a composed one would
 * begin with the first code. */
static const uint16_t confused_cases[][2] = {
    { 1000, 1001 }, { 1000, 1005 }, { 1000, 1006 }, { 1000, 1010 }, { 1001, 1005 }, { 1001, 1006 },
    { 1001, 1012 }, { 1002, 1003 }, { 1002, 1006 }, { 1002, 1007 }, { 1002, 1008 }, { 1002, 1010 },
    { 1002, 1011 }, { 1003, 1007 }, { 1003, 1008 }, { 1003, 1009 }, { 1005, 1006 }, { 1005, 1010 },
    { 1006, 1010 }, { 1006, 1011 }, { 1006, 1012 }, { 1006, 1014 }, { 1006, 1015 }, { 1006, 3008 },
    { 1007, 1009 }, { 1008, 1009 }, { 1008, 1011 }, { 1008, 1013 }, { 1008, 3000 }, { 1008, 3003 },
    { 1011, 1012 }, { 1011, 1013 }, { 1011, 1014 }, { 1012, 1013 }, { 1013, 1014 }, { 3000, 3003 },
};

static void
test_compare_confused(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(confused_cases); i++) {
        uint16_t a = confused_cases[i][0];
        uint16_t b = confused_cases[i][1];
        wsclose_code_comparison *c = wsclose_code_compare(a, b);
        wsclose_code_comparison *d = wsclose_code_compare(b, a);

        g_test_message("%u %u", a, b);
        g_assert_cmpstr(c->key_difference, ==, d->key_difference);
        g_assert_cmpstr(c->which_when, ==, d->which_when);
        g_assert_nonnull(strstr(c->key_difference, wsclose_code_lookup(a)->name));
        g_assert_nonnull(strstr(c->key_difference, wsclose_code_lookup(b)->name));
        wsclose_code_comparison_free(c);
        wsclose_code_comparison_free(d);
    }
}

static void
test_compare_equal(void)
{
    size_t count = 0;
    const wsclose_code_info *rows = wsclose_code_table(&count);

    for (size_t i = 0; i < count; i++) {
        wsclose_code_comparison *c = wsclose_code_compare(rows[i].last, rows[i].last);

        check_comparison(rows[i].last, rows[i].last);
        g_assert_true(g_str_has_prefix(c->key_difference, "There is none"));
        g_assert_nonnull(strstr(c->key_difference, rows[i].name));
        wsclose_code_comparison_free(c);
    }
}

static void
test_compare_free_null(void)
{
    wsclose_code_comparison_free(NULL);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/code/table/ascending", test_table_ascending);
    g_test_add_func("/code/lookup/every-number", test_lookup_every_number);
    g_test_add_func("/code/lookup/cases", test_lookup_cases);
    g_test_add_func("/code/lookup/cases-cover-table", test_lookup_cases_cover_table);
    g_test_add_func("/code/on-wire/every-number", test_on_wire_every_number);
    g_test_add_func("/code/class/names", test_class_names);
    g_test_add_func("/code/may-send/names", test_may_send_names);
    g_test_add_func("/code/texts/prose", test_texts_are_prose);
    g_test_add_func("/code/texts/unique", test_texts_are_unique);
    g_test_add_func("/code/texts/facts", test_texts_facts);
    g_test_add_func("/code/compare/all-rows", test_compare_all_rows);
    g_test_add_func("/code/compare/swapped", test_compare_swapped);
    g_test_add_func("/code/compare/cases", test_compare_cases);
    g_test_add_func("/code/compare/order", test_compare_order);
    g_test_add_func("/code/compare/confused", test_compare_confused);
    g_test_add_func("/code/compare/equal", test_compare_equal);
    g_test_add_func("/code/compare/free-null", test_compare_free_null);
    return g_test_run();
}
