/* frames.h
 * What frames are called, and what is said of frames that should not have been sent.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WSCLOSE_WORDS_FRAMES_H
#define WSCLOSE_WORDS_FRAMES_H

#include <stdint.h>

/* "text frame"; the slot of a frame that has no name: opcode. */
const char *frame_kind(uint8_t opcode);

/* Data after the sender's own Close frame, as a line and as sentences. Slots: sender, receiver,
 * and in close, which is " (frame 7)" or nothing. */
extern const char frame_after_close_line[];
extern const char frame_after_close[];

/* Other breaches, as a line. */
extern const char frame_breach_line[];

/* Text in the place of a frame, likewise. Slots: sender, receiver, and octets. */
extern const char frame_none_line[];
extern const char frame_none[];

/* The same for a list of packets. Further slot: brief, that of the first breach. */
extern const char frame_none_info[];
extern const char frame_breach_info[];
extern const char frame_after_close_info[];

#endif
