/* fuzz_close.c
 * Any octets as a frame: its header, its payload unmasked, and that as the body of a Close frame.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wsclose/explain.h"
#include "wsclose/frame.h"

#include "input.h"
#include "oracle.h"

/* The well-formed sequences of RFC 3629 section 4, NUL included. */
static size_t
utf8_character_len(const uint8_t *octets, size_t len)
{
    static const struct {
        uint8_t first[2];
        uint8_t second[2];
        size_t len;
    } rows[] = {
        { { 0x00, 0x7f }, { 0x00, 0x00 }, 1 }, { { 0xc2, 0xdf }, { 0x80, 0xbf }, 2 },
        { { 0xe0, 0xe0 }, { 0xa0, 0xbf }, 3 }, { { 0xe1, 0xec }, { 0x80, 0xbf }, 3 },
        { { 0xed, 0xed }, { 0x80, 0x9f }, 3 }, { { 0xee, 0xef }, { 0x80, 0xbf }, 3 },
        { { 0xf0, 0xf0 }, { 0x90, 0xbf }, 4 }, { { 0xf1, 0xf3 }, { 0x80, 0xbf }, 4 },
        { { 0xf4, 0xf4 }, { 0x80, 0x8f }, 4 },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        if (octets[0] < rows[i].first[0] || octets[0] > rows[i].first[1])
            continue;
        if (rows[i].len > len)
            return 0;
        for (size_t j = 1; j < rows[i].len; j++) {
            if (octets[j] < (j == 1 ? rows[i].second[0] : 0x80)
                || octets[j] > (j == 1 ? rows[i].second[1] : 0xbf))
                return 0;
        }
        return rows[i].len;
    }
    return 0;
}

static bool
is_utf8(const uint8_t *octets, size_t len)
{
    while (len > 0) {
        size_t used = utf8_character_len(octets, len);

        if (used == 0)
            return false;
        octets += used;
        len -= used;
    }
    return true;
}

static void
check_body(const wsclose_close_body *body, const uint8_t *octets, size_t captured,
           uint64_t wire_len)
{
    switch (body->kind) {
    case WSCLOSE_BODY_EMPTY:
        g_assert_cmpuint(wire_len, ==, 0);
        g_assert_cmpuint(body->code, ==, 1005);
        break;
    case WSCLOSE_BODY_ONE_OCTET:
        g_assert_cmpuint(wire_len, ==, 1);
        break;
    case WSCLOSE_BODY_CUT:
        g_assert_cmpuint(captured, <, 2);
        g_assert_cmpuint(captured, <, wire_len);
        break;
    default:
        g_assert_cmpuint(captured, >=, 2);
        g_assert_cmpuint(body->code, ==, octets[0] << 8 | octets[1]);
        g_assert_cmpuint(body->reason.len, ==, captured - 2);
        g_assert_true(body->reason_cut == (captured < wire_len));
        g_assert_true(body->reason.len == 0
                      || body->reason.data == (const char *)octets + 2);
        if (!body->reason_cut)
            g_assert_true(body->reason_utf8 == is_utf8(octets + 2, captured - 2));
        else if (is_utf8(octets + 2, captured - 2))
            g_assert_true(body->reason_utf8);
    }
}

/* What a reader is shown is UTF-8, whatever the reason is. */
static void
check_reason(const wsclose_close_body *body)
{
    char *text = wsclose_close_reason_text(body);

    g_assert_true(g_utf8_validate(text, -1, NULL));
    g_assert_cmpuint(strlen(text), >=, body->reason_utf8 ? body->reason.len : 0);
    g_assert_true(!body->reason_cut || g_str_has_suffix(text, "\u2026"));
    wsclose_text_free(text);
}

/* Written again, it reads the same. */
static void
check_written(const wsclose_close_body *body)
{
    uint8_t octets[2] = { (uint8_t)(body->code >> 8), (uint8_t)body->code };
    wsclose_close_body again;

    if (body->kind != WSCLOSE_BODY_CODE)
        return;
    statements++;
    wsclose_close_body_decode(octets, sizeof octets, sizeof octets, &again);
    g_assert_cmpint(again.kind, ==, WSCLOSE_BODY_CODE);
    g_assert_cmpuint(again.code, ==, body->code);
    g_assert_true(wsclose_close_body_has(&again, body->code));
    g_assert_cmpuint(again.reason.len, ==, 0);
}

/* One of the two: that of the claim, unless it is cut and the other is not. */
static void
check_claim(const wsclose_close_body *claim, const uint8_t *octets, size_t len)
{
    wsclose_close_body whole;

    wsclose_close_body_decode(octets, len, len, &whole);
    const wsclose_close_body *chosen = wsclose_close_body_claim(claim, &whole);
    g_assert_true(chosen == claim || chosen == &whole);
    g_assert_true(claim->reason_cut || chosen == claim);
}

/* Any other frame: what is garbled breaks rules, and who may set more bits breaks fewer. */
static void
check_frame_breaches(const wsclose_frame *frame, wsclose_side sender)
{
    const unsigned breaches = wsclose_frame_breaches(frame, sender, 0, false);
    const unsigned fewer = wsclose_frame_breaches(frame, sender, WSCLOSE_RSV_ANY, true);

    g_assert_cmpuint(breaches, <, 1U << WSCLOSE_BREACH_COUNT);
    g_assert_cmpuint(fewer & ~breaches, ==, 0);
    g_assert_true(breaches != 0 || !wsclose_frame_is_garbled(frame, breaches));
    if (breaches != 0 && frame->opcode != WSCLOSE_OPCODE_CLOSE)
        check_text(wsclose_explain_frame_breach(sender, frame, (wsclose_breach)(breaches & -breaches)),
                   SIZE_MAX);
}

/* RFC 6455 sections 7.4.1 and 7.4.2. */
static unsigned
broken_by_code(unsigned code)
{
    if (code == 1004 || code == 1005 || code == 1006 || code == 1015)
        return WSCLOSE_BREACH_CODE_RESERVED;
    return code < 1000 || (code > 1015 && code < 3000) || code > 4999 ? WSCLOSE_BREACH_CODE_INVALID : 0;
}

/* The rules that a Close frame breaks, read off its octets (RFC 6455 sections 5.1 to 5.5.1). */
static void
check_close_breaches(const uint8_t *octets, const wsclose_frame *frame, const uint8_t *payload,
                     const wsclose_close_body *body, wsclose_side sender)
{
    const bool is_masked = octets[1] >> 7;
    const unsigned expected =
        (octets[0] & 0x80 ? 0 : WSCLOSE_BREACH_FRAGMENTED) |
        (octets[0] & 0x70 ? WSCLOSE_BREACH_RSV : 0) |
        (frame->payload_len > 125 ? WSCLOSE_BREACH_TOO_LONG : 0) |
        (frame->payload_len == 1 ? WSCLOSE_BREACH_ONE_OCTET : 0) |
        (sender == WSCLOSE_SERVER && is_masked ? WSCLOSE_BREACH_MASKED : 0) |
        (sender == WSCLOSE_CLIENT && !is_masked ? WSCLOSE_BREACH_UNMASKED : 0) |
        (body->reason_utf8 ? 0 : WSCLOSE_BREACH_NOT_UTF8) |
        (body->kind == WSCLOSE_BODY_CODE ? broken_by_code(payload[0] << 8 | payload[1]) : 0);

    statements++;
    g_assert_cmphex(wsclose_close_breaches(frame, body, sender), ==, expected);
}

static void
check_breaches(const wsclose_frame *frame, const wsclose_close_body *body)
{
    static const wsclose_side senders[] = { WSCLOSE_SIDE_UNKNOWN, WSCLOSE_CLIENT,
                                                WSCLOSE_SERVER };

    for (size_t i = 0; i < G_N_ELEMENTS(senders); i++) {
        unsigned breaches = wsclose_close_breaches(frame, body, senders[i]);

        check_frame_breaches(frame, senders[i]);

        g_assert_cmpuint(breaches, <, 1U << WSCLOSE_BREACH_COUNT);
        g_assert_true(senders[i] != WSCLOSE_SIDE_UNKNOWN
                      || !(breaches & (WSCLOSE_BREACH_MASKED | WSCLOSE_BREACH_UNMASKED)));
    }
}

/* Unmasking in two parts, or in place, is unmasking; and twice is nothing. */
static void
check_unmask(const uint8_t *unmasked, const uint8_t *masked, size_t len, const uint8_t key[4])
{
    uint8_t *copy = g_malloc(len);
    size_t half = len / 2;

    if (len > 0)
        memcpy(copy, masked, len);
    if (half > 0)
        wsclose_unmask(copy, copy, half, key, 0);
    if (len > half)
        wsclose_unmask(copy + half, copy + half, len - half, key, half);
    g_assert_true(len == 0 || memcmp(copy, unmasked, len) == 0);
    if (len > 0) {
        wsclose_unmask(copy, copy, len, key, 0);
        g_assert_cmpint(memcmp(copy, masked, len), ==, 0);
    }
    g_free(copy);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    wsclose_frame frame;
    wsclose_close_body body;
    uint8_t *payload;
    size_t captured;

    if (!wsclose_frame_decode(data, size, &frame)) {
        g_assert_cmpuint(size, <, WSCLOSE_FRAME_HEADER_MAX);
        /* The octets are no frame: take them for a body. */
        wsclose_close_body_decode(data, size, size, &body);
        check_body(&body, data, size, size);
        check_reason(&body);
        return 0;
    }
    g_assert_cmpuint(frame.header_len, >=, 2);
    g_assert_cmpuint(frame.header_len, <=, size);
    captured = (size_t)MIN(frame.payload_len, size - frame.header_len);
    payload = g_malloc(captured);
    if (captured > 0)
        wsclose_unmask(payload, data + frame.header_len, captured, frame.masking_key, 0);
    check_unmask(payload, data + frame.header_len, captured, frame.masking_key);
    wsclose_close_body_decode(payload, captured, frame.payload_len, &body);
    check_body(&body, payload, captured, frame.payload_len);
    check_reason(&body);
    check_written(&body);
    check_claim(&body, payload, captured);
    for (int sender = WSCLOSE_CLIENT; sender <= WSCLOSE_SIDE_UNKNOWN; sender++)
        check_close_breaches(data, &frame, payload, &body, (wsclose_side)sender);
    check_breaches(&frame, &body);
    check_breaches(&frame, NULL);
    g_free(payload);
    return 0;
}
