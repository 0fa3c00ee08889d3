/* frame.c
 * Frame headers and Close frames (RFC 6455 sections 5.2, 5.5 and 7.4).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wsclose/frame.h"

#include <glib.h>
#include <string.h>

#include "wsclose/code.h"

/* RFC 6455 section 5.2: a 7-bit length, or 126 and 16 bits, or 127 and 64 bits. */
bool
wsclose_frame_decode(const uint8_t *octets, size_t len, wsclose_frame *out)
{
    if (len < 2)
        return false;

    const bool masked = (octets[1] & 0x80) != 0;
    uint64_t payload_len = octets[1] & 0x7F;
    const size_t len_octets = payload_len == 127 ? 8 : payload_len == 126 ? 2 : 0;
    const size_t header_len = 2 + len_octets + (masked ? 4 : 0);

    if (len < header_len)
        return false;
    if (len_octets > 0) {
        payload_len = 0;
        for (size_t i = 0; i < len_octets; i++)
            payload_len = payload_len << 8 | octets[2 + i];
    }

    *out = (wsclose_frame){
        .fin = (octets[0] & 0x80) != 0,
        .rsv = (octets[0] >> 4) & 0x7,
        .opcode = octets[0] & 0xF,
        .masked = masked,
        .header_len = (uint8_t)header_len,
        .payload_len = payload_len,
    };
    if (masked)
        memcpy(out->masking_key, octets + header_len - 4, 4);
    return true;
}

void
wsclose_unmask(uint8_t *dst, const uint8_t *src, size_t len, const uint8_t masking_key[4],
               uint64_t offset)
{
    for (size_t i = 0; i < len; i++)
        dst[i] = src[i] ^ masking_key[(offset + i) % 4];
}

/* Whether the octets at the end of a text begin a character that the capture cut in two: one that
 * the first or the last of all continuations completes. */
static bool
is_cut_character(const char *tail, size_t len)
{
    static const char continuations[] = { '\x80', '\xBF' };

    for (size_t i = 0; i < G_N_ELEMENTS(continuations); i++) {
        char whole[4];

        memset(whole, continuations[i], sizeof whole);
        for (size_t n = len + 1; n <= sizeof whole; n++) {
            memcpy(whole, tail, len);
            if (g_utf8_validate_len(whole, n, NULL))
                return true;
        }
    }
    return false;
}

static bool
is_utf8(wsclose_slice text, bool cut)
{
    const char *end = text.data;
    size_t left = text.len;

    while (left > 0 && !g_utf8_validate_len(end, left, &end)) {
        left = text.len - (size_t)(end - text.data);
        if (*end != '\0')
            return cut && is_cut_character(end, left);
        /* GLib stops at NUL, which is a character like any other in a reason. */
        end++;
        left--;
    }
    return true;
}

void
wsclose_close_body_decode(const uint8_t *body, size_t captured, uint64_t wire_len,
                          wsclose_close_body *out)
{
    *out = (wsclose_close_body){ .kind = WSCLOSE_BODY_CUT, .reason_utf8 = true };

    if (wire_len == 0) {
        out->kind = WSCLOSE_BODY_EMPTY;
        out->code = WSCLOSE_CODE_NO_STATUS_RCVD;
    } else if (wire_len == 1) {
        out->kind = WSCLOSE_BODY_ONE_OCTET;
    } else {
        out->reason_cut = captured < wire_len && wire_len > 2;
        if (captured < 2)
            return;
        out->kind = WSCLOSE_BODY_CODE;
        out->code = (uint16_t)(body[0] << 8 | body[1]);
        out->reason = (wsclose_slice){ (const char *)body + 2, captured - 2 };
        out->reason_utf8 = is_utf8(out->reason, out->reason_cut);
    }
}

bool
wsclose_close_body_has(const wsclose_close_body *body, uint16_t code)
{
    return body->kind == WSCLOSE_BODY_CODE && body->code == code;
}

const wsclose_close_body *
wsclose_close_body_claim(const wsclose_close_body *claim, const wsclose_close_body *echo)
{
    const bool has_more = claim->reason_cut && !echo->reason_cut && echo->reason.len > 0;

    return has_more ? echo : claim;
}

char *
wsclose_close_reason_text(const wsclose_close_body *body)
{
    char *text =
        g_utf8_make_valid(body->reason.len > 0 ? body->reason.data : "", (gssize)body->reason.len);

    if (!body->reason_cut)
        return text;
    char *marked = g_strconcat(text, "\xE2\x80\xA6", NULL);
    g_free(text);
    return marked;
}

static unsigned
code_breaches(uint16_t code)
{
    if (wsclose_code_may_be_on_wire(code))
        return 0;
    return wsclose_code_lookup(code)->code_class == WSCLOSE_CLASS_RESERVED
               ? WSCLOSE_BREACH_CODE_RESERVED
               : WSCLOSE_BREACH_CODE_INVALID;
}

/* RFC 6455 section 5.1: a client masks every frame, a server none. */
static unsigned
masking_breaches(const wsclose_frame *frame, wsclose_side sender)
{
    if (sender == WSCLOSE_SERVER && frame->masked)
        return WSCLOSE_BREACH_MASKED;
    if (sender == WSCLOSE_CLIENT && !frame->masked)
        return WSCLOSE_BREACH_UNMASKED;
    return 0;
}

/* RFC 6455 section 5.5. */
static unsigned
control_breaches(const wsclose_frame *frame)
{
    return (frame->fin ? 0 : WSCLOSE_BREACH_FRAGMENTED) |
           (frame->payload_len > WSCLOSE_CONTROL_PAYLOAD_MAX ? WSCLOSE_BREACH_TOO_LONG : 0);
}

unsigned
wsclose_close_breaches(const wsclose_frame *frame, const wsclose_close_body *body,
                       wsclose_side sender)
{
    unsigned breaches = control_breaches(frame) | masking_breaches(frame, sender);

    if (frame->rsv != 0)
        breaches |= WSCLOSE_BREACH_RSV;

    if (!body)
        return breaches;
    if (body->kind == WSCLOSE_BODY_ONE_OCTET)
        breaches |= WSCLOSE_BREACH_ONE_OCTET;
    if (!body->reason_utf8)
        breaches |= WSCLOSE_BREACH_NOT_UTF8;
    if (body->kind == WSCLOSE_BODY_CODE)
        breaches |= code_breaches(body->code);
    return breaches;
}

bool
wsclose_opcode_is_control(uint8_t opcode)
{
    return (opcode & 0x8) != 0;
}

unsigned
wsclose_frame_breaches(const wsclose_frame *frame, wsclose_side sender, uint8_t rsv,
                       bool any_opcode)
{
    const bool control = wsclose_opcode_is_control(frame->opcode);
    unsigned breaches = masking_breaches(frame, sender);

    if (control)
        breaches |= control_breaches(frame);
    /* RFC 7692 section 6.1: its bit is for the first frame of a data message alone. */
    if ((control || frame->opcode == WSCLOSE_OPCODE_CONTINUATION) && rsv != WSCLOSE_RSV_ANY)
        rsv = 0;
    if (frame->rsv & ~rsv)
        breaches |= WSCLOSE_BREACH_RSV;
    if (!any_opcode && (frame->opcode & 0x7) > 2)
        breaches |= WSCLOSE_BREACH_OPCODE;
    if (frame->payload_len >> 63)
        breaches |= WSCLOSE_BREACH_LENGTH;
    return breaches;
}

bool
wsclose_frame_is_garbled(const wsclose_frame *frame, unsigned breaches)
{
    const unsigned like_data =
        WSCLOSE_BREACH_FRAGMENTED | WSCLOSE_BREACH_TOO_LONG | WSCLOSE_BREACH_RSV;
    const bool several = (breaches & (breaches - 1)) != 0;

    return several && ((breaches & ~like_data) != 0 || (frame->rsv & ~WSCLOSE_RSV1) != 0);
}
