/* frames.c
 * Frames out of octets that come in any cut, and which of them break the protocol.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <stdio.h>

#include <wsclose/wsclose.h>

static void
show_text(const char *label, char *text)
{
    if (text)
        printf("  %s: %s\n", label, text);
    wsclose_text_free(text);
}

static void
show_frame(wsclose_side sender, const wsclose_scanned_frame *seen)
{
    const wsclose_frame *frame = &seen->frame;
    const unsigned breaches = wsclose_frame_breaches(frame, sender, WSCLOSE_RSV1, false);

    printf("opcode %u, %s, %llu octets%s\n", frame->opcode,
           wsclose_opcode_is_control(frame->opcode) ? "control" : "data",
           (unsigned long long)frame->payload_len,
           seen->not_utf8 ? ", a text that is not UTF-8" : "");
    for (unsigned i = 0; i < WSCLOSE_BREACH_COUNT; i++) {
        const wsclose_breach breach = (wsclose_breach)(1u << i);
        if (breaches & breach)
            show_text("breach", wsclose_explain_frame_breach(sender, frame, breach));
    }
    if (wsclose_frame_is_garbled(frame, breaches))
        printf("  it is no frame at all\n");
}

/* Give a direction some octets. */
static void
take(wsclose_scanner *scanner, wsclose_side sender, const uint8_t *octets, size_t len)
{
    wsclose_octets input = { octets, len, 0 };
    wsclose_scanned_frame frame;

    while (wsclose_scanner_next(scanner, &input, &frame))
        show_frame(sender, &frame);
    if (wsclose_scanner_is_lost(scanner))
        printf("it is not known where the next frame begins\n");
    else if (wsclose_scanner_is_in_payload(scanner))
        printf("%llu octets of a payload are still to come\n", (unsigned long long)scanner->left);
    else if (wsclose_scanner_is_within_frame(scanner))
        printf("a header is still to come\n");
}

int
main(void)
{
    static const uint8_t hello[] = { 0x81, 0x05, 'h', 'e', 'l', 'l', 'o', 0x89 };
    static const uint8_t rest[] = { 0x02, 'o' };
    static const uint8_t masked[] = { 'k', 0xf3, 0x80, 1, 2, 3, 4 };
    static const uint8_t close[] = { 0x88, 0x02, 0x03, 0xe8 };
    wsclose_scanner scanner;

    wsclose_scanner_init(&scanner);
    scanner.reads_text = true;
    take(&scanner, WSCLOSE_SERVER, hello, sizeof hello);
    take(&scanner, WSCLOSE_SERVER, rest, sizeof rest);
    take(&scanner, WSCLOSE_SERVER, masked, sizeof masked);
    wsclose_scanner_lose(&scanner);
    take(&scanner, WSCLOSE_SERVER, close, sizeof close);
    /* Whole frames that came in one piece show where a new one begins. */
    if (wsclose_frames_fill(close, sizeof close, WSCLOSE_SERVER) == WSCLOSE_FILL_CLOSE) {
        wsclose_scanner_clear(&scanner);
        take(&scanner, WSCLOSE_SERVER, close, sizeof close);
    }
    wsclose_scanner_clear(&scanner);
    return 0;
}
