/* fuzz_http1.c
 * Any octets as one direction of HTTP/1.1, cut anywhere: the heads are those of the whole.
 *
 * The first octet says how the rest is cut: into pieces of so many octets, or whole for 0. The
 * second one whether they are responses, and of what kinds the first three requests were that they
 * answer.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wsclose/http1.h"

#include "input.h"
#include "oracle.h"
#include "wsclose/handshake.h"

/* What is found in a direction, up to where it is lost or turns into something else. */
typedef struct {
    GByteArray *heads;
    size_t left; /* octets behind the last head, where it turns into something else */
    bool taken_over;
    bool lost;
    bool within;
} findings;

static void
record_slice(GByteArray *heads, wsclose_slice slice)
{
    g_byte_array_append(heads, (const guint8 *)&slice.len, sizeof slice.len);
    if (slice.len > 0)
        g_byte_array_append(heads, (const guint8 *)slice.data, (guint)slice.len);
}

/* Lists of protocol names: in any order and letter case they name the same. */
static void
check_upgrade(wsclose_slice value)
{
    char *lower = g_malloc(value.len);
    GString *line = g_string_new("other, ");

    statements += 2;
    for (size_t i = 0; i < value.len; i++)
        lower[i] = g_ascii_tolower(value.data[i]);
    g_string_append_len(line, lower, (gssize)value.len);
    const bool is_websocket = wsclose_upgrade_is_websocket(value);
    g_assert_true(is_websocket == wsclose_upgrade_is_websocket((wsclose_slice){ lower, value.len }));
    g_assert_true(is_websocket == wsclose_upgrade_is_websocket((wsclose_slice){ line->str, line->len }));
    g_string_free(line, TRUE);
    g_free(lower);
}

/* Append what was found to a record that compares. */
static void
record(GByteArray *heads, const wsclose_http1_head *head)
{
    const guint8 bits[] = {(guint8)(head->status & 0xFF), (guint8)(head->status >> 8),
                           (guint8)head->kind, head->upgrades, head->complete};
    wsclose_slice lines = head->lines;
    wsclose_slice name;
    wsclose_slice value;

    g_byte_array_append(heads, bits, sizeof bits);
    record_slice(heads, head->method);
    record_slice(heads, head->target);
    record_slice(heads, head->lines);
    while (wsclose_http1_header_next(&lines, &name, &value)) {
        g_assert_cmpuint(name.len, >, 0);
        record_slice(heads, name);
        record_slice(heads, value);
        check_upgrade(value);
    }
}

static wsclose_http1_pairing
requests(uint8_t kinds)
{
    wsclose_http1_pairing pairing = {0};

    for (unsigned i = 0; i < 3; i++)
        wsclose_http1_asked(&pairing, (wsclose_http1_kind)(kinds >> (1 + 2 * i) & 3));
    return pairing;
}

/* Heads out of one input. */
static void
take(wsclose_http1 *reader, wsclose_octets *input, wsclose_http1_pairing *pairing, findings *found)
{
    const bool response = reader->role == WSCLOSE_HTTP1_RESPONSES;
    wsclose_http1_head head;

    while (!found->taken_over &&
           wsclose_http1_next(reader, input, wsclose_http1_answers(pairing), &head)) {
        record(found->heads, &head);
        g_assert_true((head.method.len == 0) == response);
        g_assert_true(head.complete || reader->lost);
        g_assert_true(!response ||
                      wsclose_status_is_final(WSCLOSE_CARRIER_HTTP1, head.status) ==
                          (head.status == 101 || head.status >= 200));
        if (response) {
            const wsclose_http1_kind kind = wsclose_http1_answered(pairing, head.status);

            found->taken_over =
                head.complete && (head.status == 101 || (kind == WSCLOSE_HTTP1_CONNECT &&
                                                         head.status / 100 == 2));
        }
    }
    g_assert_cmpuint(reader->kept_len, <=, WSCLOSE_HTTP1_HEAD_MAX);
}

static findings
read_all(const uint8_t *octets, size_t len, size_t piece, uint8_t kinds)
{
    findings found = {.heads = g_byte_array_new()};
    wsclose_http1_pairing pairing = requests(kinds);
    wsclose_http1 reader;

    wsclose_http1_init(&reader, (wsclose_http1_role)(kinds & 1));
    for (size_t at = 0; at < len && !found.taken_over && !reader.lost; at += piece) {
        const size_t part = MIN(piece, len - at);
        /* A block of its own: a read beyond it is seen. */
        uint8_t *copy = g_malloc(part);
        wsclose_octets input = {copy, part, 0};

        memcpy(copy, octets + at, part);
        take(&reader, &input, &pairing, &found);
        if (found.taken_over)
            found.left = len - at - part + input.captured;
        else
            g_assert_cmpuint(input.captured, ==, 0);
        g_free(copy);
    }
    found.lost = reader.lost;
    found.within = wsclose_http1_is_within_head(&reader);
    wsclose_http1_clear(&reader);
    return found;
}

/* Octets that the capture lacks, and a reader that is lost over and over: all input is used up. */
static void
read_with_gaps(const uint8_t *octets, size_t len, size_t piece, uint8_t kinds)
{
    findings found = {.heads = g_byte_array_new()};
    wsclose_http1_pairing pairing = requests(kinds);
    wsclose_http1 reader;

    wsclose_http1_init(&reader, (wsclose_http1_role)(kinds & 1));
    for (size_t at = 0; at < len; at += 2 * piece) {
        wsclose_octets input = {octets + at, MIN(piece, len - at), piece % 3 * piece};
        const size_t before = input.captured;

        wsclose_http1_pass_body(&reader, &input);
        g_assert_cmpuint(input.captured, <=, before);

        found.taken_over = false;
        take(&reader, &input, &pairing, &found);
        g_assert_true(found.taken_over || (input.captured == 0 && input.lacking == 0));
    }
    wsclose_http1_clear(&reader);
    g_byte_array_free(found.heads, TRUE);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 3)
        return 0;
    const size_t piece = data[0] > 0 ? data[0] : size;
    const wsclose_http1_role role = (wsclose_http1_role)(data[1] & 1);

    /* What may begin a message may do so with fewer of its octets too. */
    g_assert_true(!wsclose_http1_begins(data + 2, size - 2, role) ||
                  wsclose_http1_begins(data + 2, 1 + (size - 3) / 2, role));
    const findings whole = read_all(data + 2, size - 2, size, data[1]);
    const findings cut = read_all(data + 2, size - 2, piece, data[1]);

    g_assert_cmpmem(whole.heads->data, whole.heads->len, cut.heads->data, cut.heads->len);
    g_assert_true(whole.lost == cut.lost && whole.within == cut.within);
    g_assert_true(whole.taken_over == cut.taken_over && whole.left == cut.left);
    read_with_gaps(data + 2, size - 2, piece, data[1]);
    g_byte_array_free(whole.heads, TRUE);
    g_byte_array_free(cut.heads, TRUE);
    return 0;
}
