/* test_utf8_stream.c
 * Texts in any cut and under any mask are UTF-8 where the whole is; which frame of a message shows
 * that it is not; digests of Pings and Pongs.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wsclose/scanner.h"

#include "exact_copy.h"

static const uint8_t keys[][4] = {
    { 0, 0, 0, 0 },
    { 0x37, 0xfa, 0x21, 0x3d },
    { 0x80, 0x00, 0x80, 0x00 },
    { 0xff, 0xff, 0xff, 0xff },
};

/* Texts alone. */

typedef struct {
    const char *what;
    const char *octets;
    size_t len;
    bool is_utf8;
} text_row;

#define YES(what, octets) { what, octets, sizeof(octets) - 1, true }
#define NO(what, octets) { what, octets, sizeof(octets) - 1, false }
#define EIGHT "01234567"

static const text_row texts[] = {
    YES("nothing", ""),
    YES("ASCII", "Hello"),
    YES("NUL", "a\0b"),
    YES("eight of ASCII, and more", EIGHT "abc"),
    YES("two octets", "\xc2\x80\xdf\xbf"),
    YES("three", "\xe0\xa0\x80\xef\xbf\xbd"),
    YES("the last before the surrogates, and the first after", "\xed\x9f\xbf\xee\x80\x80"),
    YES("four", "\xf0\x90\x80\x80"),
    YES("U+10FFFF", "\xf4\x8f\xbf\xbf"),
    YES("ASCII around others", EIGHT "\xe2\x82\xac" EIGHT "\xc3\xa4" EIGHT),
    YES("others on end", "\xce\xba\xe1\xbd\xb9\xcf\x83\xce\xbc\xce\xb5\xf0\x9f\x98\x80"),
    NO("a continuation alone", "\x80"),
    NO("a continuation behind eight of ASCII", EIGHT "\xbf"),
    NO("one too many", "\xc3\xa4\xa4"),
    NO("'/' in two octets", "\xc0\xaf"),
    NO("0x7F in two", "\xc1\xbf"),
    NO("NUL in two", "\xc0\x80"),
    NO("U+07FF in three", "\xe0\x9f\xbf"),
    NO("U+FFFF in four", "\xf0\x8f\xbf\xbf"),
    NO("the first surrogate", "\xed\xa0\x80"),
    NO("the last surrogate", "\xed\xbf\xbf"),
    NO("U+110000", "\xf4\x90\x80\x80"),
    NO("first octets of none", "\xf5\x80\x80\x80"),
    NO("five octets", "\xf8\x88\x80\x80\x80"),
    NO("0xFE", "\xfe"),
    NO("0xFF", "\xff"),
    NO("cut after one of two", "a\xc3"),
    NO("cut after two of three", "a\xe2\x82"),
    NO("cut after three of four", "a\xf0\x9f\x98"),
    NO("broken off by ASCII", "\xe2\x82" "a"),
    NO("broken off by a new character", "\xe2\xe2\x82\xac"),
    NO("broken off by NUL", "\xc3\0"),
    NO("ISO 8859-1", "Gr\xfc\xdf Gott"),
};

/* As GLib judges the whole; it stops at NUL, which is a character like any other. */
static bool
is_utf8(const char *octets, size_t len)
{
    const char *end = octets;

    while (!g_utf8_validate_len(end, (gsize)(octets + len - end), &end)) {
        if (*end != '\0')
            return false;
        end++;
    }
    return true;
}

/* Take a part of a text, from a block of exactly its size. */
static void
take(wsclose_utf8 *text, const char *octets, size_t from, size_t to, const uint8_t key[4],
     uint64_t offset)
{
    uint8_t *masked = (uint8_t *)exact_copy(octets + from, to - from);

    for (size_t i = 0; i < to - from; i++)
        masked[i] ^= key[(offset + from + i) % 4];
    wsclose_utf8_take(text, masked, to - from, key, offset + from);
    g_free(masked);
}

static void
check_cuts(const text_row *row, const uint8_t key[4], uint64_t offset)
{
    wsclose_utf8 text = { 0 };

    for (size_t i = 0; i < row->len; i++)
        take(&text, row->octets, i, i + 1, key, offset);
    g_assert_true(wsclose_utf8_is_whole(&text) == row->is_utf8);
    for (size_t first = 0; first <= row->len; first++) {
        for (size_t second = first; second <= row->len; second++) {
            text = (wsclose_utf8){ 0 };
            take(&text, row->octets, 0, first, key, offset);
            g_assert_true(wsclose_utf8_is_whole(&text) == is_utf8(row->octets, first));
            take(&text, row->octets, first, second, key, offset);
            take(&text, row->octets, second, row->len, key, offset);
            g_assert_true(wsclose_utf8_is_whole(&text) == row->is_utf8);
        }
    }
}

static void
test_texts(void)
{
    static const uint64_t offsets[] = { 0, 1, 2, 3, (UINT64_C(1) << 32) + 3, UINT64_MAX - 100 };

    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
        g_test_message("%s", texts[i].what);
        g_assert_true(is_utf8(texts[i].octets, texts[i].len) == texts[i].is_utf8);
        for (size_t key = 0; key < G_N_ELEMENTS(keys); key++) {
            for (size_t n = 0; n < G_N_ELEMENTS(offsets); n++)
                check_cuts(&texts[i], keys[key], offsets[n]);
        }
    }
}

/* A character at each place in a long text, whatever is read in steps. */
static void
test_places(void)
{
    static const char *const characters[] = { "\xc3\xa4", "\xf0\x9f\x98\x80", "\x80", "\xe2\x82" };

    for (size_t i = 0; i < G_N_ELEMENTS(characters); i++) {
        for (size_t place = 0; place <= 24; place++) {
            char *octets = g_strdup_printf("%.*s%s%.*s", (int)place, EIGHT EIGHT EIGHT, characters[i],
                                           24 - (int)place, EIGHT EIGHT EIGHT);
            const size_t len = strlen(octets);
            const text_row row = { "", octets, len, is_utf8(octets, len) };

            g_test_message("%s", octets);
            g_assert_true(row.is_utf8 == (i < 2));
            check_cuts(&row, keys[1], place);
            g_free(octets);
        }
    }
}

static bool
is_whole(const uint8_t *octets, size_t len)
{
    wsclose_utf8 text = { 0 };

    wsclose_utf8_take(&text, octets, len, keys[0], 0);
    return wsclose_utf8_is_whole(&text);
}

/* All first and second octets, with any third and fourth one at the bounds. */
static void
test_all(void)
{
    static const uint8_t bounds[] = { 0x00, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xff };
    unsigned differ = 0;

    for (unsigned n = 0; n < 0x10000 * 100; n++) {
        const uint8_t octets[4] = { (uint8_t)(n / 100 >> 8), (uint8_t)(n / 100), bounds[n % 10],
                                    bounds[n / 10 % 10] };

        differ += is_whole(octets, 4) != is_utf8((const char *)octets, 4);
        differ += is_whole(octets, 3) != is_utf8((const char *)octets, 3);
        differ += n % 100 == 0 && is_whole(octets, 2) != is_utf8((const char *)octets, 2);
        differ += n % 25600 == 0 && is_whole(octets, 1) != is_utf8((const char *)octets, 1);
    }
    g_assert_cmpuint(differ, ==, 0);
}

/* Messages. */

typedef struct {
    uint8_t first; /* octet of the header; 0 with no payload ends a row */
    const char *payload;
    uint64_t lacking; /* octets of it that the capture lacks, after those */
} fragment;

enum { FRAMES_MAX = 5 };

typedef struct {
    const char *why;
    fragment frames[FRAMES_MAX];
    const char *expected; /* of each frame: '!' where it shows that the text is not UTF-8 */
    bool unread;          /* texts are not looked at */
} message_row;

#define F(first, payload) { first, payload, 0 }

static const message_row messages[] = {
    { "a text", { F(0x81, "\xe2\x82\xac") }, ".", false },
    { "an empty one", { F(0x81, "") }, ".", false },
    { "one that is not UTF-8", { F(0x81, "a\xff" "b") }, "!", false },
    { "one that ends within a character", { F(0x81, "\xe2\x82") }, "!", false },
    { "binary data", { F(0x82, "\xff") }, ".", false },
    { "an opcode that nobody has defined", { F(0x83, "\xff") }, ".", false },
    { "each message anew", { F(0x81, "\xff"), F(0x81, "a"), F(0x81, "\xe2"), F(0x81, "b") }, "!.!.", false },
    { "a character over two frames", { F(0x01, "\xe2\x82"), F(0x80, "\xac") }, "..", false },
    { "over three, one of them empty", { F(0x01, "\xe2"), F(0x00, ""), F(0x00, "\x82"), F(0x80, "\xac") },
      "....", false },
    { "a Ping within a character, with what would go on",
      { F(0x01, "\xe2"), F(0x89, "\x82\xac"), F(0x80, "\x82\xac") }, "...", false },
    { "a Ping that is not UTF-8, and a Pong", { F(0x01, "a"), F(0x89, "\xff"), F(0x8a, "\xff"), F(0x80, "b") },
      "....", false },
    { "a Ping within a character that has no end", { F(0x01, "\xe2"), F(0x89, ""), F(0x80, "") }, "..!", false },
    { "a Close within it", { F(0x01, "\xe2"), F(0x88, "\x03\xe8\xff") }, "..", false },
    { "broken at once: told once", { F(0x01, "\xff"), F(0x00, "a"), F(0x80, "\xff") }, "!..", false },
    { "broken at the second", { F(0x01, "a"), F(0x00, "\xff"), F(0x80, "b") }, ".!.", false },
    { "broken off by the next", { F(0x01, "\xe2\x82"), F(0x80, "a") }, ".!", false },
    { "binary data in fragments", { F(0x02, "\xff"), F(0x80, "\xff") }, "..", false },
    { "a continuation of nothing", { F(0x80, "\xff"), F(0x81, "\xff") }, ".!", false },
    { "a new text within another one", { F(0x01, "\xe2"), F(0x81, "a") }, "..", false },
    { "compressed", { F(0xc1, "\xff") }, ".", false },
    { "compressed, in fragments", { F(0x41, "\xff"), F(0x80, "\xff") }, "..", false },
    { "RSV2", { F(0xa1, "\xff") }, ".", false },
    { "a text after a compressed one", { F(0xc1, "\xff"), F(0x81, "\xff") }, ".!", false },
    { "nobody looks", { F(0x81, "\xff"), F(0x01, "\xff"), F(0x80, "\xff") }, "...", true },
    { "its end is lacking", { { 0x81, "a", 3 } }, ".", false },
    { "all of it is", { { 0x81, "", 3 } }, ".", false },
    { "the end of the first fragment is", { { 0x01, "a", 1 }, F(0x80, "\xff") }, "..", false },
    { "the end of the last fragment is", { F(0x01, "\xe2"), { 0x80, "", 2 } }, "..", false },
    { "broken before that: told all the same, once", { F(0x01, "\xff"), { 0x80, "", 2 } }, "!.", false },
    { "the next text is whole", { { 0x81, "a", 3 }, F(0x81, "\xff") }, ".!", false },
    { "octets of a Ping are lacking", { F(0x01, "\xe2"), { 0x89, "a", 3 }, F(0x80, "\x82\xac") }, "...", false },
    { "and the text is not UTF-8", { F(0x01, "\xe2"), { 0x89, "a", 3 }, F(0x80, "\xff") }, "..!", false },
};

/* Octets that come in one piece. */
typedef struct {
    GByteArray *octets;
    uint64_t lacking; /* after them */
} piece;

static void
add_frame(piece *to, const fragment *frame, const uint8_t key[4])
{
    static const uint8_t unmasked[4];
    const size_t captured = strlen(frame->payload);
    const bool masked = memcmp(key, unmasked, 4) != 0;
    const uint8_t header[] = { frame->first,
                               (uint8_t)((masked ? 0x80 : 0) | (captured + frame->lacking)) };

    g_byte_array_append(to->octets, header, sizeof header);
    if (masked)
        g_byte_array_append(to->octets, key, 4);
    for (size_t i = 0; i < captured; i++) {
        const uint8_t octet = (uint8_t)frame->payload[i] ^ key[i % 4];

        g_byte_array_append(to->octets, &octet, 1);
    }
    to->lacking = frame->lacking;
}

static void
feed(wsclose_scanner *scanner, const uint8_t *octets, size_t len, uint64_t lacking, GString *found)
{
    char *copy = exact_copy((const char *)octets, len);
    wsclose_octets input = { (const uint8_t *)copy, len, lacking };
    wsclose_scanned_frame frame;

    while (wsclose_scanner_next(scanner, &input, &frame))
        g_string_append_c(found, frame.not_utf8 ? '!' : '.');
    g_free(copy);
}

/* Each piece in two parts, or octet by octet where there is no cut. */
static void
check_message(const message_row *row, const uint8_t key[4], size_t cut, bool each)
{
    GString *found = g_string_new(NULL);
    wsclose_scanner scanner;

    wsclose_scanner_init(&scanner);
    scanner.reads_text = !row->unread;
    for (size_t i = 0; i < FRAMES_MAX && row->frames[i].payload; i++) {
        piece p = { g_byte_array_new(), 0 };

        add_frame(&p, &row->frames[i], key);
        const size_t first = MIN(cut, p.octets->len);
        for (size_t n = 0; each && n + 1 < p.octets->len; n++)
            feed(&scanner, p.octets->data + n, 1, 0, found);
        const size_t from = each ? p.octets->len - 1 : first;
        if (!each)
            feed(&scanner, p.octets->data, first, 0, found);
        feed(&scanner, p.octets->data + from, p.octets->len - from, p.lacking, found);
        g_byte_array_free(p.octets, TRUE);
    }
    g_assert_cmpstr(found->str, ==, row->expected);
    g_assert_true(scanner.reads_text == !row->unread);
    wsclose_scanner_clear(&scanner);
    g_string_free(found, TRUE);
}

static void
test_messages(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(messages); i++) {
        for (size_t key = 0; key < G_N_ELEMENTS(keys); key++) {
            g_test_message("%s, key %zu", messages[i].why, key);
            check_message(&messages[i], keys[key], 0, true);
            for (size_t cut = 0; cut < 12; cut++)
                check_message(&messages[i], keys[key], cut, false);
        }
    }
}

/* All frames of a row in one piece, and in any two. */
static void
test_together(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(messages); i++) {
        const message_row *row = &messages[i];
        piece p = { g_byte_array_new(), 0 };
        bool lacks = false;

        g_test_message("%s", row->why);
        for (size_t n = 0; n < FRAMES_MAX && row->frames[n].payload; n++) {
            lacks |= row->frames[n].lacking > 0;
            add_frame(&p, &row->frames[n], keys[1]);
        }
        for (size_t cut = 0; !lacks && cut <= p.octets->len; cut++) {
            GString *found = g_string_new(NULL);
            wsclose_scanner scanner;

            wsclose_scanner_init(&scanner);
            scanner.reads_text = !row->unread;
            feed(&scanner, p.octets->data, cut, 0, found);
            feed(&scanner, p.octets->data + cut, p.octets->len - cut, 0, found);
            g_assert_cmpstr(found->str, ==, row->expected);
            wsclose_scanner_clear(&scanner);
            g_string_free(found, TRUE);
        }
        g_byte_array_free(p.octets, TRUE);
    }
}

/* Octets are lost within a text, and frames are found again: what is left of it is no text. */
static void
test_lost(void)
{
    static const uint8_t begins[] = { 0x01, 0x01, 0xe2 };
    static const uint8_t ends[] = { 0x80, 0x01, 0xff, 0x81, 0x01, 0xff };
    GString *found = g_string_new(NULL);
    wsclose_scanner scanner;

    wsclose_scanner_init(&scanner);
    scanner.reads_text = true;
    feed(&scanner, begins, sizeof begins, 0, found);
    wsclose_scanner_lose(&scanner);
    wsclose_scanner_clear(&scanner);
    g_assert_true(scanner.reads_text);
    feed(&scanner, ends, sizeof ends, 0, found);
    g_assert_cmpstr(found->str, ==, "..!");
    wsclose_scanner_clear(&scanner);
    g_string_free(found, TRUE);
}

/* Digests. */

static uint32_t
digest_of(const fragment *frame, const uint8_t key[4], size_t cut)
{
    piece p = { g_byte_array_new(), 0 };
    wsclose_scanned_frame found = { .digest = 0 };
    wsclose_scanner scanner;
    bool ended = false;

    add_frame(&p, frame, key);
    wsclose_scanner_init(&scanner);
    for (size_t i = 0; i < 2; i++) {
        const size_t from = i == 0 ? 0 : MIN(cut, p.octets->len);
        const size_t to = i == 0 ? MIN(cut, p.octets->len) : p.octets->len;
        char *copy = exact_copy((const char *)p.octets->data + from, to - from);
        wsclose_octets input = { (const uint8_t *)copy, to - from, i == 1 ? p.lacking : 0 };

        ended |= wsclose_scanner_next(&scanner, &input, &found);
        g_free(copy);
    }
    g_assert_true(ended);
    wsclose_scanner_clear(&scanner);
    g_byte_array_free(p.octets, TRUE);
    return found.digest;
}

static void
test_digests(void)
{
    static const char *const payloads[] = { "", "a", "b", "ab", "ba", "aa", "0123456789",
                                            "0123456780", "1123456789" };

    for (size_t i = 0; i < G_N_ELEMENTS(payloads); i++) {
        const fragment ping = { 0x89, payloads[i], 0 };
        const fragment pong = { 0x8a, payloads[i], 0 };
        const fragment cut_off = { 0x89, payloads[i], 4 };
        const uint32_t digest = digest_of(&ping, keys[0], 0);

        g_test_message("%s", payloads[i]);
        for (size_t key = 0; key < G_N_ELEMENTS(keys); key++) {
            for (size_t cut = 0; cut <= 2 + 4 + strlen(payloads[i]); cut++) {
                g_assert_cmphex(digest_of(&ping, keys[key], cut), ==, digest);
                g_assert_cmphex(digest_of(&pong, keys[key], cut), ==, digest);
                g_assert_cmphex(digest_of(&cut_off, keys[key], cut), ==, digest);
            }
        }
        for (size_t before = 0; before < i; before++)
            g_assert_cmphex(digest_of(&(fragment){ 0x89, payloads[before], 0 }, keys[0], 0), !=, digest);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/utf8-stream/texts", test_texts);
    g_test_add_func("/utf8-stream/places", test_places);
    g_test_add_func("/utf8-stream/all", test_all);
    g_test_add_func("/utf8-stream/messages", test_messages);
    g_test_add_func("/utf8-stream/together", test_together);
    g_test_add_func("/utf8-stream/lost", test_lost);
    g_test_add_func("/utf8-stream/digests", test_digests);
    return g_test_run();
}
