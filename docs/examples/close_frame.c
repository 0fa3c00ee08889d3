/* close_frame.c
 * What do the octets of a Close frame say, which rules do they break, and what is its receiver
 * told?
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <stdio.h>
#include <string.h>

#include <wsclose/wsclose.h>

#define BODY_MAX ((size_t)256)

static void
show_text(const char *label, char *text)
{
    if (text)
        printf("  %s: %s\n", label, text);
    wsclose_text_free(text);
}

static void
show_texts(const wsclose_close_context *context)
{
    show_text("line", wsclose_explain_close(context));
    show_text("brief", wsclose_explain_close_info(context));
    show_text("description", wsclose_explain_close_description(context));
    show_text("seen when", wsclose_explain_close_seen_when(context));
    show_text("to do", wsclose_explain_close_fix(context));
    show_text("no status", wsclose_explain_no_status(context));
    for (unsigned i = 0; i < WSCLOSE_BREACH_COUNT; i++) {
        const wsclose_breach breach = (wsclose_breach)(1u << i);
        if (context->breaches & breach)
            show_text("breach", wsclose_explain_breach(context, breach));
    }
}

/* What the receiver's API reports for it, if it is the first Close frame of the connection. */
static wsclose_close_meaning
judge(wsclose_side sender, const wsclose_close_body *body, unsigned breaches)
{
    const wsclose_close_fact fact = { .sender = sender, .body = body, .breaches = breaches };
    const wsclose_moment moment = { 1, 0 };
    wsclose_connection connection;
    wsclose_close_meaning meaning;

    wsclose_connection_init(&connection);
    wsclose_connection_close(&connection, &fact, moment, &meaning);
    return meaning;
}

static void
show_frame(wsclose_side sender, const uint8_t *octets, size_t len)
{
    uint8_t unmasked[BODY_MAX];
    wsclose_frame frame;
    wsclose_close_body body;

    if (!wsclose_frame_decode(octets, len, &frame) || frame.opcode != WSCLOSE_OPCODE_CLOSE)
        return;
    const size_t left = len - frame.header_len;
    const size_t body_len = left < BODY_MAX ? left : BODY_MAX;
    if (frame.masked) {
        wsclose_unmask(unmasked, octets + frame.header_len, body_len, frame.masking_key, 0);
    } else {
        memcpy(unmasked, octets + frame.header_len, body_len);
    }
    wsclose_close_body_decode(unmasked, body_len, frame.payload_len, &body);
    const unsigned breaches = wsclose_close_breaches(&frame, &body, sender);
    const wsclose_close_meaning meaning = judge(sender, &body, breaches);
    const wsclose_close_context context = { .sender = sender,
                                            .frame = &frame,
                                            .body = &body,
                                            .breaches = breaches,
                                            .meaning = &meaning };

    printf("from the %s, %s is told %u\n", wsclose_side_name(sender),
           wsclose_side_name(wsclose_side_peer(sender)), meaning.reported.code);
    show_text("reason", wsclose_close_reason_text(&body));
    show_texts(&context);
}

int
main(void)
{
    static const uint8_t going_away[] = { 0x88, 0x88, 0x01, 0x02, 0x03, 0x04, 0x02,
                                          0xeb, 0x71, 0x61, 0x6d, 0x6d, 0x62, 0x60 };
    static const uint8_t empty[] = { 0x88, 0x00 };
    static const uint8_t reserved[] = { 0x88, 0x02, 0x03, 0xee };

    show_frame(WSCLOSE_CLIENT, going_away, sizeof going_away);
    show_frame(WSCLOSE_SERVER, empty, sizeof empty);
    show_frame(WSCLOSE_SERVER, reserved, sizeof reserved);
    return 0;
}
