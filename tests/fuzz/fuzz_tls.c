/* fuzz_tls.c
 * Any octets as one direction of TLS, cut anywhere: the records are those of the whole, and so is what a
 * ClientHello shows.
 *
 * The first octet says how the rest is cut: into pieces of so many octets, or whole for 0.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "../../decoder/tls_hello.h"
#include "../../decoder/tls_records.h"

#include "input.h"
#include "oracle.h"

static tls_records
read_records(const uint8_t *octets, size_t len, size_t piece)
{
    tls_records records = { 0 };

    for (size_t at = 0; at < len; at += piece) {
        const size_t part = MIN(piece, len - at);
        uint8_t *copy = g_memdup2(octets + at, part); /* a read beyond it is seen */

        tls_records_take(&records, (wsclose_octets){ copy, part, 0 }, (uint32_t)(at + part));
        g_free(copy);
    }
    return records;
}

static void
check_cut(const uint8_t *octets, size_t len, size_t piece)
{
    const tls_records whole = read_records(octets, len, len);
    const tls_records cut = read_records(octets, len, piece);

    statements++;
    g_assert_cmpuint(whole.encrypted, ==, cut.encrypted);
    g_assert_cmpuint(whole.left, ==, cut.left);
    g_assert_cmpuint(whole.header_len, ==, cut.header_len);
    g_assert_cmpuint(whole.last_len, ==, cut.last_len);
    g_assert_cmpuint(whole.last_type, ==, cut.last_type);
    g_assert_cmpuint(whole.longest, ==, cut.longest);
    g_assert_cmpuint(whole.alert, ==, cut.alert);
    g_assert_true(whole.lost == cut.lost && whole.has_alert == cut.has_alert);
    g_assert_true(whole.has_cipher == cut.has_cipher);
    g_assert_true(whole.has_finished_1_2 == cut.has_finished_1_2);
}

/* Octets that the capture lacks: any number of them is taken. */
static void
check_gap(const uint8_t *octets, size_t len, size_t piece)
{
    tls_records records = { 0 };

    tls_records_take(&records, (wsclose_octets){ octets, MIN(piece, len), piece }, (uint32_t)piece);
    g_assert_cmpuint(records.header_len, <=, TLS_HEADER_LEN);
    g_assert_cmpuint(records.message_len, <=, TLS_MESSAGE_HEADER_LEN);
}

static void
check_name(const char *name)
{
    if (!name)
        return;
    statements++;
    g_assert_true(g_utf8_validate(name, -1, NULL));
    for (const char *c = name; *c; c++)
        g_assert_true(*c >= ' ' && *c != 0x7f);
}

/* Once it is read, or none, more octets change nothing. */
static void
check_hello(const uint8_t *octets, size_t len, size_t piece)
{
    tls_hello hellos[2] = { { 0 } };
    uint8_t *copy = g_memdup2(octets, MIN(piece, len));
    const tls_hello_state first = tls_hello_read(copy, MIN(piece, len), &hellos[0]);
    const tls_hello_state all = tls_hello_read(octets, len, &hellos[1]);

    statements++;
    check_name(hellos[1].server_name);
    check_name(hellos[1].protocols);
    if (first != TLS_HELLO_MORE) {
        g_assert_cmpint(first, ==, all);
        g_assert_cmpstr(hellos[0].server_name, ==, hellos[1].server_name);
        g_assert_cmpstr(hellos[0].protocols, ==, hellos[1].protocols);
    }
    tls_hello_clear(&hellos[0]);
    tls_hello_clear(&hellos[1]);
    g_free(copy);
}

static void
check_plaintext(wsclose_slice plaintext)
{
    uint8_t description = 0;
    const bool fatal = tls_plaintext_is_fatal(plaintext, &description);

    /* What ends the connection at once is no data; close_notify does not. */
    statements++;
    g_assert_false(fatal && tls_plaintext_is_application(plaintext));
    g_assert_false(fatal && description == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2)
        return 0;
    const size_t len = size - 1;
    const size_t piece = data[0] > 0 ? data[0] : len;

    check_cut(data + 1, len, piece);
    check_gap(data + 1, len, piece);
    check_hello(data + 1, MIN(len, TLS_HELLO_MAX), piece);
    check_plaintext((wsclose_slice){ (const char *)data + 1, len });
    g_assert_true(!tls_records_begin(data + 1, len) || tls_records_begin(data + 1, 1));
    return 0;
}
