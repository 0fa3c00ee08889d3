/* test_frame.c
 * Frame headers, masking, the body of a Close frame, and what a Close or any other frame breaches.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wsclose/frame.h"

#include "wsclose/code.h"
#include "wsclose/explain.h"

#include "cpu_time.h"
#include "exact_copy.h"

#include <glib.h>
#include <string.h>

/* Any octets, NUL included. */
#define OCTETS(text) text, sizeof(text) - 1

/* Decode from a block that ends where the octets do. */
static bool
decode(const char *octets, size_t len, wsclose_frame *out)
{
    char *copy = exact_copy(octets, len);
    bool complete = wsclose_frame_decode((const uint8_t *)copy, len, out);

    g_free(copy);
    return complete;
}

static const struct {
    const char *octets;
    size_t len; /* of the header alone */
    bool fin;
    uint8_t rsv;
    uint8_t opcode;
    const char *key; /* NULL where not masked */
    uint64_t payload_len;
    const char *why;
} header_rows[] = {
    { OCTETS("\x88\x00"), true, 0, 8, NULL, 0, "an empty Close" },
    { OCTETS("\x88\x02"), true, 0, 8, NULL, 2, "a Close with a status code" },
    { OCTETS("\x88\x80\x01\x02\x03\x04"), true, 0, 8, "\x01\x02\x03\x04", 0,
      "an empty Close still has a masking key" },
    { OCTETS("\x08\x00"), false, 0, 8, NULL, 0, "FIN not set" },
    { OCTETS("\xc8\x00"), true, 4, 8, NULL, 0, "RSV1" },
    { OCTETS("\xa8\x00"), true, 2, 8, NULL, 0, "RSV2" },
    { OCTETS("\x98\x00"), true, 1, 8, NULL, 0, "RSV3" },
    { OCTETS("\xff\x00"), true, 7, 15, NULL, 0, "every bit of the first octet" },
    { OCTETS("\x00\x00"), false, 0, 0, NULL, 0, "no bit" },
    { OCTETS("\x81\x7d"), true, 0, 1, NULL, 125, "the longest 7-bit length" },
    { OCTETS("\x81\x7e\x00\x7e"), true, 0, 1, NULL, 126, "the shortest 16-bit length" },
    { OCTETS("\x81\x7e\x01\x02"), true, 0, 1, NULL, 0x102, "16 bits, most significant first" },
    { OCTETS("\x81\x7e\xff\xff"), true, 0, 1, NULL, 0xffff, "the longest 16-bit length" },
    { OCTETS("\x81\x7e\x00\x00"), true, 0, 1, NULL, 0, "a 16-bit length that needs no 16 bits" },
    { OCTETS("\x82\x7f\x00\x00\x00\x00\x00\x01\x00\x00"), true, 0, 2, NULL, 0x10000,
      "the shortest 64-bit length" },
    { OCTETS("\x82\x7f\x01\x02\x03\x04\x05\x06\x07\x08"), true, 0, 2, NULL, 0x102030405060708,
      "64 bits, most significant first" },
    { OCTETS("\x82\x7f\x7f\xff\xff\xff\xff\xff\xff\xff"), true, 0, 2, NULL, INT64_MAX,
      "the longest that section 5.2 allows" },
    { OCTETS("\x82\x7f\xff\xff\xff\xff\xff\xff\xff\xff"), true, 0, 2, NULL, UINT64_MAX,
      "and the longest that fits" },
    { OCTETS("\x82\x7f\x00\x00\x00\x00\x00\x00\x00\x7f"), true, 0, 2, NULL, 127,
      "a 64-bit length that needs no 64 bits" },
    { OCTETS("\x81\xfd\xde\xad\xbe\xef"), true, 0, 1, "\xde\xad\xbe\xef", 125, "7 bits, masked" },
    { OCTETS("\x81\xfe\x12\x34\xde\xad\xbe\xef"), true, 0, 1, "\xde\xad\xbe\xef", 0x1234,
      "16 bits, masked" },
    { OCTETS("\x81\xff\x00\x00\x00\x01\x00\x00\x00\x00\xde\xad\xbe\xef"), true, 0, 1,
      "\xde\xad\xbe\xef", (uint64_t)1 << 32, "64 bits, masked: the longest header" },
    { OCTETS("\x81\xff\xff\xff\xff\xff\xff\xff\xff\xff\x00\x00\x00\x00"), true, 0, 1,
      "\0\0\0\0", UINT64_MAX, "a masking key of zeros is a masking key" },
    { OCTETS("\x89\x05"), true, 0, 9, NULL, 5, "a Ping" },
    { OCTETS("\x8a\x85\x37\xfa\x21\x3d"), true, 0, 10, "\x37\xfa\x21\x3d", 5,
      "a Pong (section 5.7)" },
};

static void
test_header(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(header_rows); i++) {
        const char *key = header_rows[i].key ? header_rows[i].key : "\0\0\0\0";
        wsclose_frame frame;

        g_test_message("%s", header_rows[i].why);
        memset(&frame, 0xaa, sizeof frame);
        g_assert_true(decode(header_rows[i].octets, header_rows[i].len, &frame));
        g_assert_true(frame.fin == header_rows[i].fin);
        g_assert_cmpuint(frame.rsv, ==, header_rows[i].rsv);
        g_assert_cmpuint(frame.opcode, ==, header_rows[i].opcode);
        g_assert_true(frame.masked == (header_rows[i].key != NULL));
        g_assert_cmpmem(frame.masking_key, 4, key, 4);
        g_assert_cmpuint(frame.header_len, ==, header_rows[i].len);
        g_assert_true(frame.payload_len == header_rows[i].payload_len);
    }
}

/* "out: untouched unless true is returned", for every length that a capture can cut a header to. */
static void
test_header_cut(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(header_rows); i++) {
        for (size_t len = 0; len < header_rows[i].len; len++) {
            wsclose_frame frame;
            wsclose_frame before;

            g_test_message("%s, %" G_GSIZE_FORMAT " octets of it", header_rows[i].why, len);
            memset(&frame, 0xaa, sizeof frame);
            memset(&before, 0xaa, sizeof before);
            g_assert_false(decode(header_rows[i].octets, len, &frame));
            g_assert_cmpmem(&frame, sizeof frame, &before, sizeof before);
        }
    }
    wsclose_frame frame;
    g_assert_false(wsclose_frame_decode(NULL, 0, &frame));
}

/* What follows the header is no part of it. */
static void
test_header_then_payload(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(header_rows); i++) {
        for (size_t more = 1; more <= 16; more++) {
            char octets[WSCLOSE_FRAME_HEADER_MAX + 16];
            wsclose_frame frame;

            memset(octets, 0x55, sizeof octets);
            memcpy(octets, header_rows[i].octets, header_rows[i].len);
            g_assert_true(decode(octets, header_rows[i].len + more, &frame));
            g_assert_cmpuint(frame.header_len, ==, header_rows[i].len);
            g_assert_true(frame.payload_len == header_rows[i].payload_len);
        }
    }
}

static void
test_header_every_first_octet(void)
{
    for (unsigned octet = 0; octet < 256; octet++) {
        const char octets[2] = { (char)octet, 0 };
        wsclose_frame frame;

        g_assert_true(decode(octets, sizeof octets, &frame));
        g_assert_true(frame.fin == (octet >= 0x80));
        g_assert_cmpuint(frame.rsv, ==, octet / 16 % 8);
        g_assert_cmpuint(frame.opcode, ==, octet % 16);
        g_assert_cmpuint(frame.header_len, ==, 2);
    }
}

static void
test_header_every_second_octet(void)
{
    for (unsigned octet = 0; octet < 256; octet++) {
        char octets[WSCLOSE_FRAME_HEADER_MAX] = { (char)0x88, (char)octet, 0, 0, 0, 0, 0, 0, 0, 1 };
        const unsigned len = octet % 128;
        const unsigned header_len = (len < 126 ? 2u : len == 126 ? 4u : 10u) + octet / 128 * 4;
        wsclose_frame frame;

        g_test_message("second octet 0x%02x", octet);
        for (unsigned there = 0; there < header_len; there++)
            g_assert_false(decode(octets, there, &frame));
        g_assert_true(decode(octets, header_len, &frame));
        g_assert_true(frame.masked == (octet >= 128));
        g_assert_cmpuint(frame.header_len, ==, header_len);
        g_assert_cmpuint(frame.payload_len, ==, len < 126 ? len : len == 126 ? 0 : 1);
    }
}

/* RFC 6455 section 5.7: "Hello", masked. */
static void
test_unmask_example(void)
{
    static const uint8_t key[4] = { 0x37, 0xfa, 0x21, 0x3d };
    char *text = exact_copy(OCTETS("\x7f\x9f\x4d\x51\x58"));

    wsclose_unmask((uint8_t *)text, (const uint8_t *)text, 5, key, 0);
    g_assert_cmpmem(text, 5, "Hello", 5);
    wsclose_unmask((uint8_t *)text, (const uint8_t *)text, 5, key, 0);
    g_assert_cmpmem(text, 5, "\x7f\x9f\x4d\x51\x58", 5);
    g_free(text);
}

/* Every length, place and offset, onto itself and elsewhere, and not one octet around it. */
static void
test_unmask_alignment(void)
{
    static const uint8_t key[4] = { 0x01, 0x20, 0x44, 0x88 };
    static const uint64_t offsets[] = { 0, 1, 2, 3, 4, 5, 6, 7, 0xfffffffd, UINT64_MAX - 1 };
    enum { LONGEST = 35, PLACES = 9 };

    for (size_t o = 0; o < G_N_ELEMENTS(offsets); o++) {
        for (size_t len = 1; len <= LONGEST; len++) {
            for (size_t place = 0; place < PLACES; place++) {
                uint8_t *src = g_malloc(place + len);
                uint8_t *dst = g_malloc(place + len);
                uint8_t expected[PLACES + LONGEST];

                for (size_t i = 0; i < place + len; i++) {
                    src[i] = (uint8_t)(i * 37);
                    dst[i] = 0xee;
                    expected[i] = i < place
                                      ? 0xee
                                      : src[i] ^ key[(offsets[o] % 4 + (i - place)) % 4];
                }
                wsclose_unmask(dst + place, src + place, len, key, offsets[o]);
                g_assert_true(memcmp(dst, expected, place + len) == 0);
                wsclose_unmask(src + place, src + place, len, key, offsets[o]);
                g_assert_true(memcmp(src + place, expected + place, len) == 0);
                for (size_t i = 0; i < place; i++)
                    g_assert_cmpuint(src[i], ==, (uint8_t)(i * 37));
                g_free(src);
                g_free(dst);
            }
        }
    }
}

/* A payload that comes in two pieces is the payload that comes in one. */
static void
test_unmask_in_pieces(void)
{
    static const uint8_t key[4] = { 0xde, 0xad, 0xbe, 0xef };
    uint8_t whole[23];
    uint8_t pieces[23];

    for (size_t cut = 0; cut <= sizeof whole; cut++) {
        for (size_t i = 0; i < sizeof whole; i++)
            whole[i] = pieces[i] = (uint8_t)(i + 200);
        wsclose_unmask(whole, whole, sizeof whole, key, 0);
        wsclose_unmask(pieces, pieces, cut, key, 0);
        wsclose_unmask(pieces + cut, pieces + cut, sizeof pieces - cut, key, cut);
        g_assert_cmpmem(pieces, sizeof pieces, whole, sizeof whole);
    }
}

static const struct {
    const char *octets;
    size_t captured;
    uint64_t wire_len;
    wsclose_body_kind kind;
    uint16_t code;
    size_t reason_len;
    bool reason_cut;
    bool reason_utf8;
    const char *why;
} body_rows[] = {
    { OCTETS(""), 0, WSCLOSE_BODY_EMPTY, 1005, 0, false, true, "no body" },
    { OCTETS(""), 1, WSCLOSE_BODY_ONE_OCTET, 0, 0, false, true, "one octet, not captured" },
    { OCTETS("\x03"), 1, WSCLOSE_BODY_ONE_OCTET, 0, 0, false, true, "one octet" },
    { OCTETS(""), 2, WSCLOSE_BODY_CUT, 0, 0, false, true, "a code, nothing of it captured" },
    { OCTETS("\x03"), 2, WSCLOSE_BODY_CUT, 0, 0, false, true, "a code, half of it captured" },
    { OCTETS("\x03\xe8"), 2, WSCLOSE_BODY_CODE, 1000, 0, false, true, "1000" },
    { OCTETS("\x03\xf2"), 2, WSCLOSE_BODY_CODE, 1010, 0, false, true, "1010" },
    { OCTETS("\x00\x00"), 2, WSCLOSE_BODY_CODE, 0, 0, false, true, "0 is a code, if a bad one" },
    { OCTETS("\xff\xff"), 2, WSCLOSE_BODY_CODE, 65535, 0, false, true, "the last number" },
    { OCTETS("\x03\xed"), 2, WSCLOSE_BODY_CODE, 1005, 0, false, true,
      "1005 on the wire is not an empty body" },
    { OCTETS("\x03\xe8" "bye"), 5, WSCLOSE_BODY_CODE, 1000, 3, false, true, "with a reason" },
    { OCTETS(""), 5, WSCLOSE_BODY_CUT, 0, 0, true, true, "a reason, nothing captured" },
    { OCTETS("\x03"), 5, WSCLOSE_BODY_CUT, 0, 0, true, true, "a reason, half a code captured" },
    { OCTETS("\x03\xe8"), 5, WSCLOSE_BODY_CODE, 1000, 0, true, true, "a code and no reason" },
    { OCTETS("\x03\xe8" "b"), 5, WSCLOSE_BODY_CODE, 1000, 1, true, true, "part of the reason" },
    { OCTETS("\x03\xe8" "by"), 5, WSCLOSE_BODY_CODE, 1000, 2, true, true, "all but one octet" },
    { OCTETS("\x03\xe8" "bye"), UINT64_MAX, WSCLOSE_BODY_CODE, 1000, 3, true, true,
      "the longest length on the wire" },
    { OCTETS(""), UINT64_MAX, WSCLOSE_BODY_CUT, 0, 0, true, true, "and nothing of it" },
    { OCTETS("\x03\xe8\xff"), 3, WSCLOSE_BODY_CODE, 1000, 1, false, false, "no UTF-8" },
    { OCTETS("\x03\xe8\xff"), 4, WSCLOSE_BODY_CODE, 1000, 1, true, false, "no UTF-8, and cut" },
    { OCTETS("\xc3\xa9"), 2, WSCLOSE_BODY_CODE, 0xc3a9, 0, false, true,
      "UTF-8 is asked of the reason alone" },
};

static void
test_body(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(body_rows); i++) {
        uint8_t *copy = (uint8_t *)exact_copy(body_rows[i].octets, body_rows[i].captured);
        wsclose_close_body body;

        g_test_message("%s", body_rows[i].why);
        memset(&body, 0xaa, sizeof body);
        wsclose_close_body_decode(copy, body_rows[i].captured, body_rows[i].wire_len, &body);
        g_assert_cmpint(body.kind, ==, body_rows[i].kind);
        g_assert_cmpuint(body.code, ==, body_rows[i].code);
        g_assert_cmpuint(body.reason.len, ==, body_rows[i].reason_len);
        if (body.reason.len > 0)
            g_assert_true(body.reason.data == (const char *)copy + 2);
        g_assert_true(body.reason_cut == body_rows[i].reason_cut);
        g_assert_true(body.reason_utf8 == body_rows[i].reason_utf8);
        g_free(copy);
    }
}

/* "body may be NULL where captured is 0" */
static void
test_body_null(void)
{
    for (uint64_t wire_len = 0; wire_len < 4; wire_len++) {
        wsclose_close_body body;

        wsclose_close_body_decode(NULL, 0, wire_len, &body);
        g_assert_cmpint(body.kind, ==,
                        wire_len == 0   ? WSCLOSE_BODY_EMPTY
                        : wire_len == 1 ? WSCLOSE_BODY_ONE_OCTET
                                        : WSCLOSE_BODY_CUT);
        g_assert_cmpuint(body.reason.len, ==, 0);
        g_assert_true(body.reason_utf8);
    }
}

/* A body of code 1000 and a reason; cut: one octet more was on the wire. */
static void
decode_reason(const char *reason, size_t len, bool cut, wsclose_close_body *body, char **block)
{
    *block = g_malloc(len + 2);
    (*block)[0] = 0x03;
    (*block)[1] = (char)0xe8;
    if (len > 0)
        memcpy(*block + 2, reason, len);
    wsclose_close_body_decode((uint8_t *)*block, len + 2, (uint64_t)len + 2 + cut, body);
}

static bool
is_utf8_reason(const char *reason, size_t len, bool cut)
{
    wsclose_close_body body;
    char *block;

    decode_reason(reason, len, cut, &body, &block);
    g_assert_cmpint(body.kind, ==, WSCLOSE_BODY_CODE);
    g_assert_cmpuint(body.reason.len, ==, len);
    g_assert_true(body.reason_cut == cut);
    g_free(block);
    return body.reason_utf8;
}

static const struct {
    const char *reason;
    size_t len;
    bool whole; /* UTF-8 as the whole reason */
    bool cut;   /* UTF-8 as the beginning of one */
    const char *why;
} utf8_rows[] = {
    { OCTETS(""), true, true, "nothing" },
    { OCTETS("going away"), true, true, "ASCII" },
    { OCTETS("\xc3\xa9"), true, true, "two octets" },
    { OCTETS("\xe2\x82\xac"), true, true, "three octets" },
    { OCTETS("\xf0\x9f\x98\x80"), true, true, "four octets" },
    { OCTETS("\x7f\x01\x1f"), true, true, "control characters" },
    { OCTETS("\xef\xbf\xbd"), true, true, "U+FFFD itself" },
    { OCTETS("\xef\xbf\xbf"), true, true, "a noncharacter is UTF-8 all the same" },
    { OCTETS("\xef\xbb\xbf" "a"), true, true, "a byte order mark" },
    { OCTETS("\0"), true, true, "NUL" },
    { OCTETS("a\0b\0"), true, true, "NULs among letters" },
    { OCTETS("\0\0\0"), true, true, "NULs alone" },
    { OCTETS("\xc3\xa9\0\xe2\x82\xac"), true, true, "NUL between longer characters" },
    { OCTETS("a\0\xff"), false, false, "what follows a NUL is judged" },
    { OCTETS("\0\0\xc3"), false, true, "a character cut behind NULs" },
    { OCTETS("\xc3\0"), false, false, "NUL in the middle of a character" },
    { OCTETS("\xe2\x82\0"), false, false, "NUL in the middle of a longer one" },
    { OCTETS("\xc3"), false, true, "one octet of two" },
    { OCTETS("\xe2"), false, true, "one octet of three" },
    { OCTETS("\xe2\x82"), false, true, "two octets of three" },
    { OCTETS("\xf0"), false, true, "one octet of four" },
    { OCTETS("\xf0\x9f"), false, true, "two octets of four" },
    { OCTETS("\xf0\x9f\x98"), false, true, "three octets of four" },
    { OCTETS("ab\xc3\xa9\xf0\x9f\x98"), false, true, "a cut behind other characters" },
    { OCTETS("\xf0\x9f\x98" "a"), false, false, "the cut is at the end, or it is none" },
    { OCTETS("\xc3\xc3"), false, false, "two beginnings" },
    { OCTETS("\x80"), false, false, "a continuation alone" },
    { OCTETS("a\xbf"), false, false, "a continuation behind a letter" },
    { OCTETS("\xc3\xa9\xa9"), false, false, "a continuation too many" },
    { OCTETS("caf\xe9"), false, true, "Latin-1, which a cut makes look like a character" },
    { OCTETS("caf\xe9."), false, false, "Latin-1" },
    { OCTETS("\xff\xfe"), false, false, "octets that UTF-8 never has" },
    { OCTETS("\xc0\x80"), false, false, "NUL in two octets: overlong" },
    { OCTETS("\xc1\xbf"), false, false, "the last overlong of two" },
    { OCTETS("\xe0\x80\x80"), false, false, "overlong of three" },
    { OCTETS("\xe0\x9f\xbf"), false, false, "the last overlong of three" },
    { OCTETS("\xe0\xa0\x80"), true, true, "the first that needs three" },
    { OCTETS("\xf0\x80\x80\x80"), false, false, "overlong of four" },
    { OCTETS("\xf0\x8f\xbf\xbf"), false, false, "the last overlong of four" },
    { OCTETS("\xf0\x90\x80\x80"), true, true, "the first that needs four" },
    { OCTETS("\xed\x9f\xbf"), true, true, "the last before the surrogates" },
    { OCTETS("\xed\xa0\x80"), false, false, "the first surrogate" },
    { OCTETS("\xed\xbf\xbf"), false, false, "the last surrogate" },
    { OCTETS("\xed\xa0\xbd\xed\xb8\x80"), false, false, "a pair of surrogates (CESU-8)" },
    { OCTETS("\xee\x80\x80"), true, true, "the first behind the surrogates" },
    { OCTETS("\xf4\x8f\xbf\xbf"), true, true, "U+10FFFF" },
    { OCTETS("\xf4\x90\x80\x80"), false, false, "beyond U+10FFFF" },
    { OCTETS("\xf5\x80\x80\x80"), false, false, "farther beyond" },
    { OCTETS("\xf8\x88\x80\x80\x80"), false, false, "five octets, which RFC 3629 took back" },
};

static void
test_utf8(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(utf8_rows); i++) {
        g_test_message("%s", utf8_rows[i].why);
        g_assert_true(is_utf8_reason(utf8_rows[i].reason, utf8_rows[i].len, false)
                      == utf8_rows[i].whole);
        g_assert_true(is_utf8_reason(utf8_rows[i].reason, utf8_rows[i].len, true)
                      == utf8_rows[i].cut);
    }
}

/* The productions of RFC 3629 section 4, as ranges of octets. */
static const struct {
    size_t len;
    uint8_t ranges[4][2];
} utf8_productions[] = {
    { 1, { { 0x00, 0x7f } } },
    { 2, { { 0xc2, 0xdf }, { 0x80, 0xbf } } },
    { 3, { { 0xe0, 0xe0 }, { 0xa0, 0xbf }, { 0x80, 0xbf } } },
    { 3, { { 0xe1, 0xec }, { 0x80, 0xbf }, { 0x80, 0xbf } } },
    { 3, { { 0xed, 0xed }, { 0x80, 0x9f }, { 0x80, 0xbf } } },
    { 3, { { 0xee, 0xef }, { 0x80, 0xbf }, { 0x80, 0xbf } } },
    { 4, { { 0xf0, 0xf0 }, { 0x90, 0xbf }, { 0x80, 0xbf }, { 0x80, 0xbf } } },
    { 4, { { 0xf1, 0xf3 }, { 0x80, 0xbf }, { 0x80, 0xbf }, { 0x80, 0xbf } } },
    { 4, { { 0xf4, 0xf4 }, { 0x80, 0x8f }, { 0x80, 0xbf }, { 0x80, 0xbf } } },
};

/* Whether the RFC allows it; with cut, as what some longer text begins with. */
static bool
is_utf8_of_the_rfc(const uint8_t *text, size_t len, bool cut)
{
    if (len == 0)
        return true;
    for (size_t p = 0; p < G_N_ELEMENTS(utf8_productions); p++) {
        size_t want = utf8_productions[p].len;
        size_t n = 0;

        while (n < want && n < len && text[n] >= utf8_productions[p].ranges[n][0]
               && text[n] <= utf8_productions[p].ranges[n][1])
            n++;
        if (n == want)
            return is_utf8_of_the_rfc(text + n, len - n, cut);
        if (n == len && cut)
            return true;
    }
    return false;
}

static void
check_utf8(const uint8_t *text, size_t len, bool cut)
{
    if (is_utf8_reason((const char *)text, len, cut) != is_utf8_of_the_rfc(text, len, cut)) {
        g_test_message("%02x %02x %02x %02x, the first %" G_GSIZE_FORMAT "%s", text[0], text[1],
                       text[2], text[3], len, cut ? ", cut behind them" : "");
        g_test_fail();
    }
}

/* Every first and second octet, and third and fourth ones at the edges of their ranges. */
static void
sweep_utf8(bool cut)
{
    static const uint8_t edges[] = { 0x00, 0x7f, 0x80, 0xbf, 0xc2, 0xff };

    for (unsigned first = 0; first < 256; first++) {
        uint8_t text[4] = { (uint8_t)first, 0, 0, 0 };

        check_utf8(text, 1, cut);
        for (unsigned second = 0; second < 256; second++) {
            text[1] = (uint8_t)second;
            check_utf8(text, 2, cut);
            /* What ASCII begins has been seen. */
            for (size_t i = 0; i < G_N_ELEMENTS(edges) && first >= 0x80; i++) {
                text[2] = edges[i];
                check_utf8(text, 3, cut);
                for (size_t j = 0; j < G_N_ELEMENTS(edges); j++) {
                    text[3] = edges[j];
                    check_utf8(text, 4, cut);
                }
            }
        }
    }
}

static void
test_utf8_sweep(void)
{
    sweep_utf8(false);
}

/* Octets that no character begins with are no character that the capture cut in two. */
static void
test_utf8_sweep_cut(void)
{
    sweep_utf8(true);
}

static const struct {
    const char *text;
    size_t len;
    bool utf8;
    const char *why;
} long_rows[] = {
    { OCTETS("\0"), true, "NULs" },
    { OCTETS("a"), true, "letters" },
    { OCTETS("\0a"), true, "NULs and letters" },
    { OCTETS("\xf0\x9f\x98\x80"), true, "four octets each" },
    { OCTETS("\xf0\x9f\x98\x80\0\0\0\0"), true, "four octets and NULs" },
    { OCTETS("\xff\xff"), false, "nothing that is UTF-8" },
};

/* No recursion, and time that is linear in the length. */
static void
test_utf8_long(void)
{
    const size_t len = 1024 * 1024;

    for (size_t i = 0; i < G_N_ELEMENTS(long_rows); i++) {
        char *reason = g_malloc(len);

        g_test_message("%s", long_rows[i].why);
        for (size_t at = 0; at < len; at++)
            reason[at] = long_rows[i].text[at % long_rows[i].len];
        const gint64 begin = cpu_time();
        g_assert_true(is_utf8_reason(reason, len, false) == long_rows[i].utf8);
        reason[len - 1] = (char)0xff;
        g_assert_false(is_utf8_reason(reason, len, false));
        g_assert_false(is_utf8_reason(reason, len, true));
        assert_cpu_seconds(begin, 1);
        g_free(reason);
    }
}

#define FFFD "\xef\xbf\xbd"
#define DOTS "\xe2\x80\xa6"

static const struct {
    const char *reason;
    size_t len;
    bool cut;
    const char *expected;
    const char *why;
} text_rows[] = {
    { OCTETS(""), false, "", "no reason" },
    { OCTETS(""), true, DOTS, "nothing of the reason" },
    { OCTETS("bye"), false, "bye", "ASCII" },
    { OCTETS("by"), true, "by" DOTS, "part of it" },
    { OCTETS("\xe2\x82\xac\xf0\x9f\x98\x80"), false, "\xe2\x82\xac\xf0\x9f\x98\x80", "UTF-8" },
    { OCTETS("a\0b"), false, "a" FFFD "b", "NUL" },
    { OCTETS("\0"), false, FFFD, "NUL alone" },
    { OCTETS("\0\0"), true, FFFD FFFD DOTS, "NULs, and cut" },
    { OCTETS("a\xff" "b"), false, "a" FFFD "b", "an octet that is no UTF-8" },
    { OCTETS("\xff\0"), false, FFFD FFFD, "both" },
    { OCTETS("\xed\xa0\x80"), false, FFFD FFFD FFFD, "a surrogate" },
    { OCTETS("caf\xe9."), false, "caf" FFFD ".", "Latin-1" },
    { OCTETS("%s%n"), false, "%s%n", "nothing is a format" },
};

static void
test_reason_text(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(text_rows); i++) {
        wsclose_close_body body;
        char *block;
        char *text;

        g_test_message("%s", text_rows[i].why);
        decode_reason(text_rows[i].reason, text_rows[i].len, text_rows[i].cut, &body, &block);
        text = wsclose_close_reason_text(&body);
        g_assert_cmpstr(text, ==, text_rows[i].expected);
        wsclose_text_free(text);
        g_free(block);
    }
}

/* Whatever the octets are, the text is UTF-8, cut or not. */
static void
test_reason_text_is_utf8(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(utf8_rows); i++) {
        for (int cut = 0; cut < 2; cut++) {
            wsclose_close_body body;
            char *block;
            char *text;

            g_test_message("%s", utf8_rows[i].why);
            decode_reason(utf8_rows[i].reason, utf8_rows[i].len, cut, &body, &block);
            text = wsclose_close_reason_text(&body);
            g_assert_true(g_utf8_validate(text, -1, NULL));
            g_assert_true(g_str_has_suffix(text, DOTS) == cut);
            if (utf8_rows[i].whole && !cut && !memchr(utf8_rows[i].reason, 0, utf8_rows[i].len))
                g_assert_cmpstr(text, ==, utf8_rows[i].reason);
            wsclose_text_free(text);
            g_free(block);
        }
    }
}

/* Bodies without a reason have a text too. */
static void
test_reason_text_of_no_reason(void)
{
    for (uint64_t wire_len = 0; wire_len < 3; wire_len++) {
        wsclose_close_body body;
        char *text;

        wsclose_close_body_decode(NULL, 0, wire_len, &body);
        text = wsclose_close_reason_text(&body);
        g_assert_cmpstr(text, ==, "");
        wsclose_text_free(text);
    }
}

static void
test_reason_text_long(void)
{
    const size_t len = 1024 * 1024;
    char *reason = g_malloc0(len);
    wsclose_close_body body;
    char *block;
    char *text;

    decode_reason(reason, len, false, &body, &block);
    text = wsclose_close_reason_text(&body);
    g_assert_cmpuint(strlen(text), ==, len * strlen(FFFD));
    wsclose_text_free(text);
    g_free(block);
    g_free(reason);
}

enum {
    FRAGMENTED = WSCLOSE_BREACH_FRAGMENTED,
    TOO_LONG = WSCLOSE_BREACH_TOO_LONG,
    RSV = WSCLOSE_BREACH_RSV,
    MASKED = WSCLOSE_BREACH_MASKED,
    UNMASKED = WSCLOSE_BREACH_UNMASKED,
    ONE_OCTET = WSCLOSE_BREACH_ONE_OCTET,
    NOT_UTF8 = WSCLOSE_BREACH_NOT_UTF8,
    RESERVED = WSCLOSE_BREACH_CODE_RESERVED,
    INVALID = WSCLOSE_BREACH_CODE_INVALID,
    OPCODE = WSCLOSE_BREACH_OPCODE,
    SEQUENCE = WSCLOSE_BREACH_SEQUENCE,
    LENGTH = WSCLOSE_BREACH_LENGTH
};

/* Those that no Close frame has: it is no data, and its opcode is its own. A length over 125 octets
 * is too long, whatever its first bit. */
enum { NOT_OF_CLOSE = OPCODE | SEQUENCE | LENGTH };

/* Each breach that a body can have, by a body that has it; captured < wire_len: cut. */
static const struct {
    const char *octets;
    size_t captured;
    uint64_t wire_len;
    unsigned breaches;
    const char *why;
} breach_bodies[] = {
    { OCTETS(""), 0, 0, "empty" },
    { OCTETS("\x03"), 1, ONE_OCTET, "one octet" },
    { OCTETS(""), 1, ONE_OCTET, "one octet, not captured" },
    { OCTETS("\x03\xe8"), 2, 0, "1000" },
    { OCTETS("\x03"), 2, 0, "a code that is cut" },
    { OCTETS("\x03\xe8" "bye"), 5, 0, "with a reason" },
    { OCTETS("\x03\xe8\xff"), 3, NOT_UTF8, "a reason that is not UTF-8" },
    { OCTETS("\x03\xe8\xc3"), 3, NOT_UTF8, "a reason that ends in half a character" },
    { OCTETS("\x03\xe8\xc3"), 4, 0, "a reason that the capture ends there" },
    { OCTETS("\x03\xe8\0"), 3, 0, "NUL in the reason" },
    { OCTETS("\x03\xed"), 2, RESERVED, "1005" },
    { OCTETS("\x03\xed\xff"), 3, RESERVED | NOT_UTF8, "1005, and no UTF-8" },
    { OCTETS("\x00\x00\xff"), 3, INVALID | NOT_UTF8, "0, and no UTF-8" },
};

/* Every breach of the header with every one of the body, for each sender. */
static void
test_breaches(void)
{
    static const uint64_t lengths[] = { 0, 125, 126, UINT64_MAX };
    static const wsclose_side senders[] = { WSCLOSE_SIDE_UNKNOWN, WSCLOSE_CLIENT,
                                                WSCLOSE_SERVER };
    unsigned seen = 0;

    for (size_t i = 0; i < G_N_ELEMENTS(breach_bodies) * 2 * 8 * 2; i++) {
        const size_t b = i / 32;
        char *block = exact_copy(breach_bodies[b].octets, breach_bodies[b].captured);
        wsclose_frame frame = { .fin = i % 2, .rsv = i / 2 % 8, .opcode = WSCLOSE_OPCODE_CLOSE,
                                .masked = i / 16 % 2, .header_len = i / 16 % 2 ? 6 : 2 };
        wsclose_close_body body;

        g_test_message("%s, fin %d, rsv %d, masked %d", breach_bodies[b].why, frame.fin, frame.rsv,
                       frame.masked);
        wsclose_close_body_decode((uint8_t *)block, breach_bodies[b].captured,
                                  breach_bodies[b].wire_len, &body);
        for (size_t l = 0; l < G_N_ELEMENTS(lengths); l++) {
            for (size_t s = 0; s < G_N_ELEMENTS(senders); s++) {
                unsigned expected = 0;

                frame.payload_len = lengths[l];
                expected |= frame.fin ? 0 : FRAGMENTED;
                expected |= lengths[l] > 125 ? TOO_LONG : 0;
                expected |= frame.rsv ? RSV : 0;
                expected |= senders[s] == WSCLOSE_SERVER && frame.masked ? MASKED : 0;
                expected |= senders[s] == WSCLOSE_CLIENT && !frame.masked ? UNMASKED : 0;
                g_assert_cmphex(wsclose_close_breaches(&frame, NULL, senders[s]), ==, expected);
                expected |= breach_bodies[b].breaches;
                g_assert_cmphex(wsclose_close_breaches(&frame, &body, senders[s]), ==, expected);
                seen |= expected;
            }
        }
        g_free(block);
    }
    g_assert_cmphex(seen, ==, ((1u << WSCLOSE_BREACH_COUNT) - 1) & ~(unsigned)NOT_OF_CLOSE);
}

/* A Close frame that breaks one rule and no other, from end to end. */
static const struct {
    wsclose_side sender;
    const char *octets;
    size_t len;
    unsigned breaches;
    const char *why;
} whole_rows[] = {
    { WSCLOSE_CLIENT, OCTETS("\x88\x82\0\0\0\0\x03\xe8"), 0, "a client's 1000" },
    { WSCLOSE_SERVER, OCTETS("\x88\x02\x03\xe8"), 0, "a server's 1000" },
    { WSCLOSE_CLIENT, OCTETS("\x88\x80\x11\x22\x33\x44"), 0, "a client's empty Close" },
    { WSCLOSE_SERVER, OCTETS("\x88\x00"), 0, "a server's empty Close" },
    { WSCLOSE_CLIENT, OCTETS("\x88\x00"), UNMASKED, "a client that does not mask" },
    { WSCLOSE_SERVER, OCTETS("\x88\x80\0\0\0\0"), MASKED, "a server that masks" },
    { WSCLOSE_SIDE_UNKNOWN, OCTETS("\x88\x00"), 0, "not masked, by nobody knows whom" },
    { WSCLOSE_SIDE_UNKNOWN, OCTETS("\x88\x80\0\0\0\0"), 0, "masked, by nobody knows whom" },
    { WSCLOSE_SERVER, OCTETS("\x08\x02\x03\xe8"), FRAGMENTED, "FIN" },
    { WSCLOSE_SERVER, OCTETS("\xc8\x02\x03\xe8"), RSV, "RSV1" },
    { WSCLOSE_SERVER, OCTETS("\xa8\x02\x03\xe8"), RSV, "RSV2" },
    { WSCLOSE_SERVER, OCTETS("\x98\x02\x03\xe8"), RSV, "RSV3" },
    { WSCLOSE_SERVER, OCTETS("\x88\x01\x03"), ONE_OCTET, "one octet" },
    { WSCLOSE_SERVER, OCTETS("\x88\x03\x03\xe8\x80"), NOT_UTF8, "no UTF-8" },
    { WSCLOSE_SERVER, OCTETS("\x88\x02\x03\xec"), RESERVED, "1004" },
    { WSCLOSE_SERVER, OCTETS("\x88\x02\x03\xed"), RESERVED, "1005" },
    { WSCLOSE_SERVER, OCTETS("\x88\x02\x03\xee"), RESERVED, "1006" },
    { WSCLOSE_SERVER, OCTETS("\x88\x02\x03\xf7"), RESERVED, "1015" },
    { WSCLOSE_SERVER, OCTETS("\x88\x02\x03\xe7"), INVALID, "999" },
    { WSCLOSE_SERVER, OCTETS("\x88\x02\x03\xf8"), INVALID, "1016" },
    { WSCLOSE_SERVER, OCTETS("\x88\x02\x13\x88"), INVALID, "5000" },
    { WSCLOSE_SERVER, OCTETS("\x88\x02\x03\xf2"), 0,
      "1010 from a server is no breach of the frame's rules" },
    { WSCLOSE_SERVER, OCTETS("\x88\x7e\x00\x7e\x03\xe8"), TOO_LONG,
      "126 octets, most of them not captured" },
};

static void
test_breaches_of_whole_frames(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(whole_rows); i++) {
        uint8_t *block = (uint8_t *)exact_copy(whole_rows[i].octets, whole_rows[i].len);
        wsclose_frame frame;
        wsclose_close_body body;

        g_test_message("%s", whole_rows[i].why);
        g_assert_true(wsclose_frame_decode(block, whole_rows[i].len, &frame));
        const size_t captured = whole_rows[i].len - frame.header_len;
        uint8_t *payload = block + frame.header_len;
        wsclose_unmask(payload, payload, captured, frame.masking_key, 0);
        wsclose_close_body_decode(payload, captured, frame.payload_len, &body);
        g_assert_cmphex(wsclose_close_breaches(&frame, &body, whole_rows[i].sender), ==,
                        whole_rows[i].breaches);
        g_free(block);
    }
}

/* Against code.h, and against the ranges of RFC 6455 section 7.4 and its registry. */
static void
test_breaches_of_every_code(void)
{
    const wsclose_frame frame = { .fin = true, .opcode = WSCLOSE_OPCODE_CLOSE, .header_len = 2,
                                  .payload_len = 2 };

    for (uint32_t code = 0; code <= UINT16_MAX; code++) {
        const uint8_t octets[2] = { (uint8_t)(code >> 8), (uint8_t)code };
        const bool reserved = (code >= 1004 && code <= 1006) || code == 1015;
        const bool legal = !reserved
                           && ((code >= 1000 && code <= 1014) || (code >= 3000 && code <= 4999));
        const unsigned expected = legal ? 0u : reserved ? (unsigned)RESERVED : (unsigned)INVALID;
        wsclose_close_body body;
        unsigned breaches;

        wsclose_close_body_decode(octets, sizeof octets, sizeof octets, &body);
        breaches = wsclose_close_breaches(&frame, &body, WSCLOSE_SERVER);
        if (body.code != code || breaches != expected
            || (breaches == 0) != wsclose_code_may_be_on_wire((uint16_t)code)) {
            g_test_message("%u gives 0x%x, should be 0x%x", code, breaches, expected);
            g_test_fail();
        }
    }
}

/* Frames other than Close, header by header. */
static const struct {
    wsclose_side sender;
    const char *octets;
    size_t len;
    uint8_t rsv;
    bool any_opcode;
    unsigned breaches;
    const char *why;
} frame_rows[] = {
    { WSCLOSE_CLIENT, OCTETS("\x81\x85\0\0\0\0"), 0, false, 0, "a client's text" },
    { WSCLOSE_SERVER, OCTETS("\x82\x05"), 0, false, 0, "a server's binary" },
    { WSCLOSE_SERVER, OCTETS("\x01\x05"), 0, false, 0, "a fragmented message" },
    { WSCLOSE_SERVER, OCTETS("\x00\x05"), 0, false, 0, "its next fragment" },
    { WSCLOSE_SERVER, OCTETS("\x80\x05"), 0, false, 0, "its last fragment" },
    { WSCLOSE_CLIENT, OCTETS("\x89\x80\0\0\0\0"), 0, false, 0, "a client's Ping" },
    { WSCLOSE_SERVER, OCTETS("\x8a\x7d"), 0, false, 0, "a server's Pong of 125 octets" },
    { WSCLOSE_SERVER, OCTETS("\x82\x7e\xff\xff"), 0, false, 0, "data may be long" },
    { WSCLOSE_SERVER, OCTETS("\x82\x7f\x7f\xff\xff\xff\xff\xff\xff\xff"), 0, false, 0,
      "as long as it gets" },

    { WSCLOSE_CLIENT, OCTETS("\x81\x05"), 0, false, UNMASKED, "not masked by a client" },
    { WSCLOSE_SERVER, OCTETS("\x81\x85\0\0\0\0"), 0, false, MASKED, "masked by a server" },
    { WSCLOSE_SERVER, OCTETS("\x89\x85\0\0\0\0"), 0, false, MASKED, "so is a Ping" },
    { WSCLOSE_SIDE_UNKNOWN, OCTETS("\x81\x05"), 0, false, 0, "by nobody knows whom" },
    { WSCLOSE_SIDE_UNKNOWN, OCTETS("\x81\x85\0\0\0\0"), 0, false, 0, "masked likewise" },

    { WSCLOSE_SERVER, OCTETS("\x09\x05"), 0, false, FRAGMENTED, "a Ping without FIN" },
    { WSCLOSE_SERVER, OCTETS("\x0a\x05"), 7, true, FRAGMENTED, "a Pong, come what may" },
    { WSCLOSE_SERVER, OCTETS("\x89\x7e\x00\x7e"), 0, false, TOO_LONG,
      "a Ping of 126 octets" },
    { WSCLOSE_SERVER, OCTETS("\x0a\x7e\x01\x00"), 0, false, FRAGMENTED | TOO_LONG,
      "a Pong with both" },
    { WSCLOSE_SERVER, OCTETS("\x89\x7f\x80\0\0\0\0\0\0\0"), 0, false, TOO_LONG | LENGTH,
      "a Ping of 2^63 octets" },

    { WSCLOSE_SERVER, OCTETS("\xc1\x05"), 0, false, RSV, "RSV1" },
    { WSCLOSE_SERVER, OCTETS("\xa1\x05"), 0, false, RSV, "RSV2" },
    { WSCLOSE_SERVER, OCTETS("\x92\x05"), 0, false, RSV, "RSV3" },
    { WSCLOSE_SERVER, OCTETS("\xc1\x05"), 4, false, 0, "RSV1 with permessage-deflate" },
    { WSCLOSE_SERVER, OCTETS("\x42\x05"), 4, false, 0, "on the first fragment" },
    { WSCLOSE_SERVER, OCTETS("\x40\x05"), 4, false, RSV,
      "not on a later one (RFC 7692 section 6.1)" },
    { WSCLOSE_SERVER, OCTETS("\xe1\x05"), 4, false, RSV, "RSV1 and RSV2 with it" },
    { WSCLOSE_SERVER, OCTETS("\xa1\x05"), 4, false, RSV, "RSV2 with it" },
    { WSCLOSE_SERVER, OCTETS("\xc9\x05"), 4, false, RSV,
      "RSV1 on a Ping with it (RFC 7692 section 6.1)" },
    { WSCLOSE_SERVER, OCTETS("\xf1\x05"), 7, true, 0, "all three, of any extension" },
    { WSCLOSE_SERVER, OCTETS("\xf0\x05"), 7, true, 0, "on a continuation" },
    { WSCLOSE_SERVER, OCTETS("\xf9\x05"), 7, true, 0, "on a Ping" },

    { WSCLOSE_SERVER, OCTETS("\x83\x05"), 0, false, OPCODE, "opcode 3" },
    { WSCLOSE_SERVER, OCTETS("\x03\x05"), 0, false, OPCODE, "data may be fragmented" },
    { WSCLOSE_SERVER, OCTETS("\x8b\x05"), 0, false, OPCODE, "opcode B" },
    { WSCLOSE_SERVER, OCTETS("\x0f\x05"), 0, false, OPCODE | FRAGMENTED,
      "opcode F is a control frame (RFC 6455 section 5.2)" },
    { WSCLOSE_SERVER, OCTETS("\x8f\x7e\x00\x7e"), 7, true, TOO_LONG,
      "even where an extension defines it" },
    { WSCLOSE_SERVER, OCTETS("\x83\x05"), 4, false, OPCODE,
      "permessage-deflate defines none" },
    { WSCLOSE_SERVER, OCTETS("\x83\x05"), 7, true, 0, "an extension may define it" },

    { WSCLOSE_SERVER, OCTETS("\x82\x7f\x80\0\0\0\0\0\0\0"), 0, false, LENGTH, "2^63" },
    { WSCLOSE_SERVER, OCTETS("\x82\x7f\xff\xff\xff\xff\xff\xff\xff\xff"), 7, true, LENGTH,
      "2^64 - 1" },

    { WSCLOSE_CLIENT, OCTETS("\x7d\x7f\xff\xff\xff\xff\xff\xff\xff\xff"), 4, false,
      UNMASKED | FRAGMENTED | TOO_LONG | RSV | OPCODE | LENGTH, "all at once" },
};

static void
test_frame_breaches(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(frame_rows); i++) {
        wsclose_frame frame;

        g_test_message("%s", frame_rows[i].why);
        g_assert_true(decode(frame_rows[i].octets, frame_rows[i].len, &frame));
        g_assert_cmphex(wsclose_frame_breaches(&frame, frame_rows[i].sender, frame_rows[i].rsv,
                                               frame_rows[i].any_opcode),
                        ==, frame_rows[i].breaches);
    }
}

/* Every first octet, masked or not, by every sender, with every permission and several lengths. */
static void
test_frame_breaches_every_header(void)
{
    static const uint64_t lengths[] = { 0, 125, 126, INT64_MAX, (uint64_t)1 << 63, UINT64_MAX };
    static const wsclose_side senders[] = { WSCLOSE_SIDE_UNKNOWN, WSCLOSE_CLIENT,
                                                WSCLOSE_SERVER };

    for (unsigned n = 0; n < 256 * 2 * 3 * 8 * 2 * G_N_ELEMENTS(lengths); n++) {
        const uint8_t octet = n % 256;
        const bool masked = n / 256 % 2;
        const wsclose_side sender = senders[n / 512 % 3];
        const uint8_t allowed = n / 1536 % 8;
        const bool any_opcode = n / 12288 % 2;
        const wsclose_frame frame = { .fin = octet & 0x80, .rsv = octet >> 4 & 7,
                                      .opcode = octet & 15, .masked = masked,
                                      .payload_len = lengths[n / 24576] };
        const bool control = frame.opcode >= 8;
        const bool defined = frame.opcode <= 2 || (frame.opcode >= 8 && frame.opcode <= 10);
        const bool bits_allowed = allowed == 7 || (!control && frame.opcode != 0);
        unsigned expected = 0;

        if (frame.opcode == WSCLOSE_OPCODE_CLOSE)
            continue;
        if (sender != WSCLOSE_SIDE_UNKNOWN && masked != (sender == WSCLOSE_CLIENT))
            expected |= masked ? MASKED : UNMASKED;
        if (control && !frame.fin)
            expected |= FRAGMENTED;
        if (control && frame.payload_len > 125)
            expected |= TOO_LONG;
        if (frame.rsv & ~(bits_allowed ? allowed : 0))
            expected |= RSV;
        if (!defined && !any_opcode)
            expected |= OPCODE;
        if (frame.payload_len > INT64_MAX)
            expected |= LENGTH;
        if (wsclose_frame_breaches(&frame, sender, allowed, any_opcode) != expected) {
            g_test_message("first octet %02x, masked %d, sender %d, RSV %d, length %"
                           G_GINT64_MODIFIER "x: 0x%x, should be 0x%x",
                           octet, masked, sender, allowed, frame.payload_len,
                           wsclose_frame_breaches(&frame, sender, allowed, any_opcode), expected);
            g_test_fail();
        }
    }
}

static void
test_opcode_is_control(void)
{
    for (unsigned opcode = 0; opcode < 16; opcode++)
        g_assert_true(wsclose_opcode_is_control((uint8_t)opcode) == (opcode >= 8));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/frame/header", test_header);
    g_test_add_func("/frame/header/cut", test_header_cut);
    g_test_add_func("/frame/header/then-payload", test_header_then_payload);
    g_test_add_func("/frame/header/first-octet", test_header_every_first_octet);
    g_test_add_func("/frame/header/second-octet", test_header_every_second_octet);
    g_test_add_func("/frame/unmask/example", test_unmask_example);
    g_test_add_func("/frame/unmask/alignment", test_unmask_alignment);
    g_test_add_func("/frame/unmask/pieces", test_unmask_in_pieces);
    g_test_add_func("/frame/body", test_body);
    g_test_add_func("/frame/body/null", test_body_null);
    g_test_add_func("/frame/utf8", test_utf8);
    g_test_add_func("/frame/utf8/sweep", test_utf8_sweep);
    g_test_add_func("/frame/utf8/sweep-cut", test_utf8_sweep_cut);
    g_test_add_func("/frame/utf8/long", test_utf8_long);
    g_test_add_func("/frame/reason-text", test_reason_text);
    g_test_add_func("/frame/reason-text/utf8", test_reason_text_is_utf8);
    g_test_add_func("/frame/reason-text/no-reason", test_reason_text_of_no_reason);
    g_test_add_func("/frame/reason-text/long", test_reason_text_long);
    g_test_add_func("/frame/breaches", test_breaches);
    g_test_add_func("/frame/breaches/whole-frames", test_breaches_of_whole_frames);
    g_test_add_func("/frame/breaches/every-code", test_breaches_of_every_code);
    g_test_add_func("/frame/other/breaches", test_frame_breaches);
    g_test_add_func("/frame/other/every-header", test_frame_breaches_every_header);
    g_test_add_func("/frame/other/control", test_opcode_is_control);
    return g_test_run();
}
