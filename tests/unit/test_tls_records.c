/* test_tls_records.c
 * Records of TLS are counted, in any cut; what was decrypted is application data, or not.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "../../decoder/tls_records.h"

#include "exact_copy.h"

/* Records of two octets. */
#define CIPHER "\x14\3\3\0\2ab"
#define ALERT "\x15\3\3\0\2ab"
#define HELLO "\x16\3\1\0\2ab"
#define DATA "\x17\3\3\0\2ab"
#define WHOLE_HELLO "\x16\3\3\0\6\2\0\0\2ab" /* a ServerHello */
#define EMPTY "\x17\3\3\0\0"

typedef struct {
    const char *path;
    const char *octets;
    size_t len;
    uint32_t encrypted;
    bool finished_1_2;
    bool lost;
} row;

#define ROW(path, octets, ...) {path, octets, sizeof(octets) - 1, __VA_ARGS__}

static const row rows[] = {
    ROW("none", "", 0, false, false),
    ROW("hello", HELLO, 0, false, false),
    ROW("data", HELLO DATA DATA, 2, false, false),
    ROW("part", DATA "\x17\3\3\0\2a", 1, false, false),
    ROW("header", DATA "\x17\3\3", 1, false, false),
    ROW("empty", EMPTY EMPTY, 2, false, false),
    ROW("tls-1.2", HELLO CIPHER HELLO DATA ALERT, 3, true, false),
    ROW("tls-1.3", HELLO CIPHER DATA DATA, 2, false, false),
    ROW("second-hello", WHOLE_HELLO CIPHER WHOLE_HELLO DATA ALERT, 1, false, false),
    ROW("alert-in-the-clear", HELLO ALERT, 0, false, false),
    ROW("longest", "\x17\3\3\x48\0", 0, false, false),
    ROW("too-long", DATA "\x17\3\3\x48\1", 1, false, true),
    ROW("no-type", DATA "\x18\3\3\0\2ab", 1, false, true),
    ROW("no-version", DATA "\x17\2\0\0\2ab", 1, false, true),
};

/* Take octets from blocks of exactly their size. */
static void
take(tls_records *records, const char *octets, size_t len, size_t piece)
{
    for (size_t at = 0; at < len; at += piece) {
        const size_t part = MIN(piece, len - at);
        char *copy = exact_copy(octets + at, part);

        tls_records_take(records, (wsclose_octets){(const uint8_t *)copy, part, 0},
                         (uint32_t)(at + part));
        g_free(copy);
    }
}

static void
test_row(gconstpointer user_data)
{
    const row *wanted = user_data;

    for (size_t piece = 1; piece <= wanted->len + 1; piece++) {
        tls_records records = {0};

        take(&records, wanted->octets, wanted->len, piece);
        g_assert_cmpuint(records.encrypted, ==, wanted->encrypted);
        g_assert_true(records.has_finished_1_2 == wanted->finished_1_2);
        g_assert_true(records.lost == wanted->lost);
    }
}

/* Octets of a record whose length is known may be missing; of a header, not. */
static void
test_lacking(void)
{
    for (uint64_t lacking = 0; lacking <= 4; lacking++) {
        tls_records records = {0};
        char *copy = exact_copy(EMPTY DATA, 11);

        tls_records_take(&records, (wsclose_octets){(const uint8_t *)copy, 11, lacking},
                         (uint32_t)(11 + lacking));
        g_free(copy);
        take(&records, "b" DATA, 8, 8);
        g_assert_cmpuint(records.encrypted, ==, lacking == 0 ? 3 : 2);
        g_assert_true(records.lost == (lacking != 0));
    }
}

/* Where each of the latest records ends, in any cut. */
static void
test_ends(void)
{
    for (size_t piece = 1; piece <= 21; piece++) {
        tls_records records = {0};

        take(&records, DATA EMPTY DATA, 19, piece);
        g_assert_cmpuint(records.ends[0], ==, 7);
        g_assert_cmpuint(records.ends[1], ==, 12);
        g_assert_cmpuint(records.ends[2], ==, 19);
    }
}

static void
test_begin(void)
{
    static const struct {
        const char *octets;
        size_t len;
        bool begins;
    } cases[] = {
        {"\x16", 1, true},           {"\x16\3", 2, true},         {"\x16\3\4", 3, true},
        {"\x16\3\3\x48\0", 5, true}, {"\x16\3\3\x48\1", 5, false}, {"\x13", 1, false},
        {"\x18", 1, false},          {"\x16\2", 2, false},        {"\x16\3\5", 3, false},
        {"G", 1, false},             {"\x81\x85", 2, false},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        char *copy = exact_copy(cases[i].octets, cases[i].len);

        g_assert_true(tls_records_begin((const uint8_t *)copy, cases[i].len) == cases[i].begins);
        g_free(copy);
    }
}

static void
test_plaintext(void)
{
    static const struct {
        const char *octets;
        size_t len;
        bool application;
    } cases[] = {
        {"", 0, false},
        {"\1\0", 2, false},                      /* close_notify */
        {"\2\50", 2, false},                     /* handshake_failure */
        {"\3\0", 2, true},
        {"\1\0\0", 3, true},
        {"\x14\0\0\2ab", 6, false},              /* Finished */
        {"\x8\0\0\0\x14\0\0\2ab", 10, false},    /* EncryptedExtensions, Finished */
        {"\4\0\0\2ab", 6, false},                /* NewSessionTicket */
        {"\4\0\0\2abc", 7, true},
        {"\4\0\0\3ab", 6, true},
        {"\1\0\0\2ab", 6, true},                 /* ClientHello is never encrypted */
        {"GET / HTTP/1.1\r\n", 16, true},
        {"\x88\2\3\xe8", 4, true},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        char *copy = exact_copy(cases[i].octets, cases[i].len);

        g_assert_true(tls_plaintext_is_application((wsclose_slice){copy, cases[i].len}) ==
                      cases[i].application);
        g_free(copy);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        char *path = g_strconcat("/tls-records/", rows[i].path, NULL);

        g_test_add_data_func(path, &rows[i], test_row);
        g_free(path);
    }
    g_test_add_func("/tls-records/lacking", test_lacking);
    g_test_add_func("/tls-records/ends", test_ends);
    g_test_add_func("/tls-records/begin", test_begin);
    g_test_add_func("/tls-records/plaintext", test_plaintext);
    return g_test_run();
}
