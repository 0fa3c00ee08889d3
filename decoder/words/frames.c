/* frames.c
 * What frames are called, and what is said of frames that should not have been sent.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "frames.h"

#include <glib.h>

#include "wsclose/frame.h"

static const char *const kinds[] = {
    [WSCLOSE_OPCODE_CONTINUATION] = "continuation frame",
    [WSCLOSE_OPCODE_TEXT] = "text frame",
    [WSCLOSE_OPCODE_BINARY] = "binary frame",
    [WSCLOSE_OPCODE_CLOSE] = "Close frame",
    [WSCLOSE_OPCODE_PING] = "Ping frame",
    [WSCLOSE_OPCODE_PONG] = "Pong frame",
};

const char *
frame_kind(uint8_t opcode)
{
    return opcode < G_N_ELEMENTS(kinds) && kinds[opcode] ? kinds[opcode]
                                                         : "frame with opcode {opcode}";
}

const char frame_after_close_line[] = "{Sender} sends data after its Close frame";
const char frame_after_close[] =
    "{Sender} sends data after its own Close frame{in close}, which must be its last frame (RFC "
    "6455 section 5.5.1). The {receiver} may drop the data unread, or report 1006 as Chromium "
    "does.";

const char frame_breach_line[] = "{Sender} breaks the framing rules";

const char frame_none_line[] = "{Sender} sends octets that are no WebSocket frame";
const char frame_none[] = "{Sender} sends {octets} in the place of a WebSocket frame. The "
                          "{receiver} must fail the connection "
                          "over what they look like as a frame (RFC 6455 section 5.2).";

const char frame_none_info[] = "no WebSocket frame: {octets}";
const char frame_breach_info[] = "breaks the protocol: {brief}";
const char frame_after_close_info[] = "data after its Close";
