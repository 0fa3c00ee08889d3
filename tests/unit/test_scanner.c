/* test_scanner.c
 * Frames out of octets in any cut are those of the whole.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wsclose/scanner.h"

#include "cpu_time.h"
#include "exact_copy.h"

/* Streams of frames, by what they hold. */
typedef struct {
    const char *path;
    const char *octets;
    size_t len;
    size_t frames;
} stream_row;

#define STREAM(path, octets, frames)                                                               \
    {                                                                                              \
        path, octets, sizeof(octets) - 1, frames                                                   \
    }

#define TEN "0123456789"
#define MASKED_HELLO "\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58" /* RFC 6455 section 5.7 */

static const stream_row streams[] = {
    STREAM("empty", "", 0),
    STREAM("close-empty", "\x88\x00", 1),
    STREAM("close-code", "\x88\x02\x03\xe8", 1),
    STREAM("close-masked", "\x88\x82\x01\x02\x03\x04\x02\xea", 1),
    STREAM("close-one-octet", "\x88\x01\x03", 1),
    STREAM("close-reason", "\x88\x08\x0f\xa0" "reason", 1),
    STREAM("text-then-close", "\x81\x05" "Hello" "\x88\x02\x03\xe9", 2),
    STREAM("masked-then-close", MASKED_HELLO "\x88\x80\x00\x00\x00\x00", 2),
    STREAM("fragments", "\x01\x03" "Hel" "\x80\x02" "lo" "\x89\x00" "\x8a\x00" "\x88\x00", 5),
    STREAM("two-closes", "\x88\x02\x03\xe8" "\x88\x02\x03\xe9", 2),
    STREAM("length-16", "\x82\x7e\x00\x14" TEN TEN "\x88\x00", 2),
    STREAM("length-16-masked", "\x82\xfe\x00\x0a\x01\x02\x03\x04" TEN "\x88\x00", 2),
    STREAM("length-64", "\x82\x7f\x00\x00\x00\x00\x00\x00\x00\x14" TEN TEN "\x88\x00", 2),
    STREAM("length-64-masked",
           "\x82\xff\x00\x00\x00\x00\x00\x00\x00\x0a\x01\x02\x03\x04" TEN "\x88\x00", 2),
    STREAM("header-cut", "\x88\x02\x03\xe8\x81", 1),
    STREAM("payload-cut", "\x88\x02\x03\xe8\x81\x05" "Hel", 1),
    STREAM("close-126", "\x88\x7e\x00\x7e" TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN "abcdef"
           "\x88\x00", 2),
};

/* What a frame was, its body included, as text that compares. */
static void
tell(GString *reported, const wsclose_scanned_frame *found)
{
    const wsclose_frame *frame = &found->frame;

    g_string_append_printf(reported, "%d%u%X%d %02x%02x%02x%02x %u+%" G_GUINT64_FORMAT " ", frame->fin,
                           frame->rsv, frame->opcode, frame->masked, frame->masking_key[0],
                           frame->masking_key[1], frame->masking_key[2], frame->masking_key[3],
                           frame->header_len, frame->payload_len);
    for (size_t i = 0; i < found->captured; i++)
        g_string_append_printf(reported, "%02x", found->body[i]);
    g_string_append_c(reported, found->body ? ';' : ',');
}

/* Feed some octets, from a block of exactly their size. */
static void
feed(wsclose_scanner *scanner, const char *octets, size_t len, uint64_t lacking, GString *reported)
{
    char *copy = exact_copy(octets, len);
    wsclose_octets input = {(const uint8_t *)copy, len, lacking};
    wsclose_scanned_frame found;

    while (wsclose_scanner_next(scanner, &input, &found))
        tell(reported, &found);
    g_assert_cmpuint(input.captured, ==, 0);
    g_assert_cmpuint(input.lacking, ==, 0);
    g_free(copy);
}

/* The same, decoded one after the other from the whole. */
static char *
reported_of_whole(const stream_row *row)
{
    const uint8_t *octets = (const uint8_t *)row->octets;
    GString *reported = g_string_new(NULL);
    size_t at = 0;
    size_t frames = 0;
    wsclose_frame frame;

    while (wsclose_frame_decode(octets + at, row->len - at, &frame) &&
           frame.payload_len <= row->len - at - frame.header_len) {
        uint8_t body[WSCLOSE_CONTROL_PAYLOAD_MAX];
        const bool is_close = frame.opcode == WSCLOSE_OPCODE_CLOSE;
        const size_t captured = is_close ? MIN((size_t)frame.payload_len, sizeof body) : 0;

        wsclose_unmask(body, octets + at + frame.header_len, captured, frame.masking_key, 0);
        tell(reported, &(wsclose_scanned_frame){.frame = frame, .body = is_close ? body : NULL,
                                                .captured = captured});
        at += frame.header_len + (size_t)frame.payload_len;
        frames++;
    }
    g_assert_cmpuint(frames, ==, row->frames);
    return g_string_free(reported, FALSE);
}

static void
compare(const stream_row *row, const size_t *cuts, size_t n_cuts)
{
    char *expected = reported_of_whole(row);
    GString *reported = g_string_new(NULL);
    wsclose_scanner scanner;
    size_t from = 0;

    wsclose_scanner_init(&scanner);
    for (size_t i = 0; i <= n_cuts; i++) {
        const size_t to = i < n_cuts ? cuts[i] : row->len;

        feed(&scanner, row->octets + from, to - from, 0, reported);
        from = to;
    }
    g_assert_cmpstr(reported->str, ==, expected);
    g_assert_false(wsclose_scanner_is_lost(&scanner));
    g_assert_true(wsclose_scanner_is_within_frame(&scanner) ==
                  g_str_has_suffix(row->path, "-cut"));
    wsclose_scanner_clear(&scanner);
    g_string_free(reported, TRUE);
    g_free(expected);
}

static void
test_cuts(gconstpointer data)
{
    const stream_row *row = data;
    size_t *all = g_new(size_t, row->len + 1);

    compare(row, NULL, 0);
    for (size_t first = 0; first <= row->len; first++) {
        all[first] = first;
        for (size_t second = first; second <= row->len; second++)
            compare(row, (size_t[]){first, second}, 2);
    }
    compare(row, all, row->len); /* octet by octet */
    g_free(all);
}

/* The frames of a stream that ends anywhere are the first ones of the whole. */
static void
test_truncated(gconstpointer data)
{
    const stream_row *row = data;
    char *whole = reported_of_whole(row);

    for (size_t len = 0; len <= row->len; len++) {
        GString *reported = g_string_new(NULL);
        wsclose_scanner scanner;

        wsclose_scanner_init(&scanner);
        feed(&scanner, row->octets, len, 0, reported);
        g_assert_true(g_str_has_prefix(whole, reported->str));
        wsclose_scanner_clear(&scanner);
        g_string_free(reported, TRUE);
    }
    g_free(whole);
}

/* Octets that the wire had and the capture lacks. */
static void
test_lacking(void)
{
    static const char text[] = "\x82\x7e\x00\x14" TEN TEN;
    static const char close_frame[] = "\x88\x08\x0f\xa0" "reason";
    const size_t whole = sizeof text - 1;
    wsclose_scanner scanner;

    for (size_t captured = 0; captured <= whole; captured++) {
        GString *reported = g_string_new(NULL);

        wsclose_scanner_init(&scanner);
        feed(&scanner, text, captured, whole - captured, reported);
        /* Within the header nobody knows how long it is. */
        g_assert_true(wsclose_scanner_is_lost(&scanner) == (captured < 4));
        feed(&scanner, close_frame, sizeof close_frame - 1, 0, reported);
        g_assert_true((strchr(reported->str, ';') != NULL) == (captured >= 4));
        wsclose_scanner_clear(&scanner);
        g_string_free(reported, TRUE);
    }
    for (size_t captured = 2; captured < sizeof close_frame - 1; captured++) {
        wsclose_octets input = {(const uint8_t *)close_frame, captured,
                                       sizeof close_frame - 1 - captured};
        wsclose_scanned_frame found;

        wsclose_scanner_init(&scanner);
        g_assert_true(wsclose_scanner_next(&scanner, &input, &found));
        g_assert_cmpuint(found.frame.payload_len, ==, 8);
        g_assert_cmpuint(found.captured, ==, captured - 2);
        g_assert_cmpmem(found.body, found.captured, close_frame + 2, captured - 2);
        g_assert_false(wsclose_scanner_is_lost(&scanner));
        wsclose_scanner_clear(&scanner);
    }
}

/* What comes behind a gap in a body is not its beginning. */
static void
test_gap_in_body(void)
{
    GString *reported = g_string_new(NULL);
    wsclose_scanner scanner;

    wsclose_scanner_init(&scanner);
    feed(&scanner, "\x88\x08\x0f", 3, 2, reported);
    feed(&scanner, "ason!" "\x89\x00", 7, 0, reported);
    g_assert_cmpstr(reported->str, ==, "1080 00000000 2+8 0f;1090 00000000 2+0 ,");
    wsclose_scanner_clear(&scanner);
    g_string_free(reported, TRUE);
}

static void
test_lost(void)
{
    GString *reported = g_string_new(NULL);
    wsclose_scanner scanner;

    wsclose_scanner_init(&scanner);
    feed(&scanner, "\x81\x05" "Hel", 5, 0, reported);
    g_assert_true(wsclose_scanner_is_within_frame(&scanner));
    wsclose_scanner_lose(&scanner);
    g_assert_true(wsclose_scanner_is_lost(&scanner));
    g_assert_false(wsclose_scanner_is_within_frame(&scanner));
    feed(&scanner, "lo" "\x88\x00", 4, 1000, reported);
    g_assert_cmpstr(reported->str, ==, "");
    wsclose_scanner_clear(&scanner);
    g_string_free(reported, TRUE);
}

static void
test_hostile_lengths(void)
{
    static const char illegal[] = "\x88\x7f\xff\xff\xff\xff\xff\xff\xff\xff\x88\x00";
    static const char huge[] = "\x82\x7f\x7f\xff\xff\xff\xff\xff\xff\xff" TEN;
    GString *reported = g_string_new(NULL);
    wsclose_scanner scanner;

    wsclose_scanner_init(&scanner);
    feed(&scanner, illegal, sizeof illegal - 1, 0, reported);
    g_assert_cmpstr(reported->str, ==, "1080 00000000 10+18446744073709551615 ;");
    g_assert_true(wsclose_scanner_is_lost(&scanner));

    g_string_truncate(reported, 0);
    wsclose_scanner_clear(&scanner);
    feed(&scanner, huge, sizeof huge - 1, 0, reported);
    g_assert_cmpstr(reported->str, ==, "");
    g_assert_true(wsclose_scanner_is_within_frame(&scanner));
    feed(&scanner, "", 0, UINT64_MAX, reported);
    g_assert_true(g_str_has_suffix(reported->str, "+9223372036854775807 ,"));
    g_assert_true(wsclose_scanner_is_lost(&scanner));
    g_string_free(reported, TRUE);
}

/* Payload is passed over, not read: more than a gigabyte a second, were it only that. */
static void
test_speed(void)
{
    const uint64_t frame_len = (uint64_t)1 << 20;
    const unsigned rounds = 4096;
    uint8_t *octets = g_malloc0(frame_len);
    wsclose_scanner scanner;
    unsigned frames = 0;

    memcpy(octets, "\x82\x7f\x00\x00\x00\x00\x00\x0f\xff\xf6", 10);
    wsclose_scanner_init(&scanner);
    const gint64 before = cpu_time();
    for (unsigned round = 0; round < rounds; round++) {
        for (uint64_t at = 0; at < frame_len; at += 16384) {
            wsclose_octets input = {octets + at, 16384, 0};
            wsclose_scanned_frame found;

            while (wsclose_scanner_next(&scanner, &input, &found))
                frames++;
        }
    }
    const double seconds = (double)MAX(cpu_time() - before, 1) / 1e6;
    g_assert_cmpuint(frames, ==, rounds);
    g_test_message("%.1f GB/s", (double)rounds * (double)frame_len / seconds / 1e9);
    assert_cpu_seconds(before, (double)rounds * (double)frame_len / 1e9);
    g_free(octets);
}

static void
test_size(void)
{
    g_assert_cmpuint(sizeof(wsclose_scanner), <=, 192);
}

/* Whole frames and nothing else. */
static void
test_fill(void)
{
    static const struct {
        const char *octets;
        size_t len;
        wsclose_side sender;
        wsclose_fill fill;
    } rows[] = {
#define FILL(octets, sender, fill)                                                                 \
    {                                                                                              \
        octets, sizeof(octets) - 1, WSCLOSE_##sender, WSCLOSE_FILL_##fill                 \
    }
        FILL("", SERVER, NONE),
        FILL("\x88", SERVER, NONE),
        FILL("\x88\x00", SERVER, CLOSE),
        FILL("\x88\x00", CLIENT, NONE), /* not masked */
        FILL("\x88\x80\x01\x02\x03\x04", CLIENT, CLOSE),
        FILL("\x88\x80\x01\x02\x03\x04", SERVER, NONE),
        FILL("\x88\x00\x00", SERVER, NONE), /* an octet too many */
        FILL("\x88\x02\x03\xe8", SERVER, CLOSE),
        FILL("\x88\x02\x03", SERVER, NONE), /* one too few */
        FILL("\x88\x82\x01\x02\x03\x04\x02\xea", CLIENT, CLOSE),
        FILL("\x88\x01\x03", SERVER, FRAMES),     /* a body of one octet */
        FILL("\x88\x02\x03\xed", SERVER, FRAMES), /* 1005 on the wire */
        FILL("\x88\x04\x03\xe8\xff\xff", SERVER, FRAMES), /* not UTF-8 */
        FILL("\x08\x00", SERVER, NONE), /* fragmented */
        FILL("\xc8\x00", SERVER, NONE), /* RSV1 in a control frame */
        FILL("\x81\x05" "Hello", SERVER, FRAMES),
        FILL("\xc1\x02" "ab", SERVER, FRAMES),
        FILL("\xa1\x02" "ab", SERVER, NONE), /* RSV2 */
        FILL("\x83\x02" "ab", SERVER, NONE), /* an opcode that nobody has defined */
        FILL("\x81\x05" "Hello" "\x88\x00", SERVER, CLOSE),
        FILL("\x88\x00" "\x81\x05" "Hello", SERVER, FRAMES),
        FILL("\x81\x05" "Hell", SERVER, NONE),
        FILL("\x82\x7f\xff\xff\xff\xff\xff\xff\xff\xff", SERVER, NONE),
        FILL(MASKED_HELLO "\x88\x80\x00\x00\x00\x00", CLIENT, CLOSE),
        FILL("\x00\x00\x00\x00\x05\x0a\x03" "abc", CLIENT, NONE), /* gRPC */
        FILL("{\"a\":1}", CLIENT, NONE),
        FILL("<html></html>", SERVER, NONE),
#undef FILL
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        char *copy = exact_copy(rows[i].octets, rows[i].len);

        g_test_message("row %zu", i);
        g_assert_cmpint(wsclose_frames_fill((const uint8_t *)copy, rows[i].len, rows[i].sender), ==,
                        rows[i].fill);
        g_free(copy);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(streams); i++) {
        char *path = g_strdup_printf("/scanner/cuts/%s", streams[i].path);
        g_test_add_data_func(path, &streams[i], test_cuts);
        g_free(path);
        path = g_strdup_printf("/scanner/truncated/%s", streams[i].path);
        g_test_add_data_func(path, &streams[i], test_truncated);
        g_free(path);
    }
    g_test_add_func("/scanner/lacking", test_lacking);
    g_test_add_func("/scanner/gap-in-body", test_gap_in_body);
    g_test_add_func("/scanner/lost", test_lost);
    g_test_add_func("/scanner/hostile-lengths", test_hostile_lengths);
    g_test_add_func("/scanner/speed", test_speed);
    g_test_add_func("/scanner/size", test_size);
    g_test_add_func("/scanner/fill", test_fill);
    return g_test_run();
}
