/* scanner.h
 * Frames out of one direction of a stream whose octets come in any cut, over any carrier.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WSCLOSE_SCANNER_H
#define WSCLOSE_SCANNER_H

#include "frame.h"
#include "traffic.h"
#include "types.h"

#ifdef __cplusplus
extern "C" {
#endif

/** A text that comes in any cut: what is known of the character at hand. All zeros is the beginning
 *  of one. */
typedef struct {
    uint8_t left;  /**< octets that the character lacks */
    uint8_t lower; /**< between these two the next of them has to lie */
    uint8_t upper; /**< see lower */
    bool broken;   /**< it is not UTF-8 */
} wsclose_utf8;

/** Take octets of a text (RFC 3629), masked or not.
 *
 *  key     four octets, zeros where they are not masked
 *  offset  of the first one from the start of what is masked */
WSCLOSE_API void wsclose_utf8_take(wsclose_utf8 *text, const uint8_t *octets, size_t len,
                                   const uint8_t key[4], uint64_t offset);

/** Whether the text is UTF-8 if it ends here. */
WSCLOSE_API bool wsclose_utf8_is_whole(const wsclose_utf8 *text);

/** One direction of one connection: owned by the caller, wsclose_scanner_clear() frees what it
 *  points to. Small, since a connection has two for as long as it goes on. Change it by the
 *  functions below. */
typedef struct {
    union {
        wsclose_frame frame;                      /**< whose payload is passing; where in_payload */
        uint8_t header[WSCLOSE_FRAME_HEADER_MAX]; /**< else what there is of the next header */
    };
    uint64_t left;       /**< octets of that payload still to come */
    uint8_t *body;       /**< of a Close frame, unmasked; NULL before the first one */
    uint32_t digest;     /**< of the payload of a Ping or Pong so far */
    wsclose_utf8 utf8;   /**< of the message at hand, where in_text */
    uint8_t captured;    /**< octets in body */
    uint8_t header_len;  /**< octets in header */
    bool in_payload : 1; /**< a header is there, and its payload not in full */
    bool lost : 1;       /**< it is not known any more where a frame begins */
    bool reads_text : 1; /**< whether texts are UTF-8 is looked at; the caller's to set */
    bool is_taken : 1; /**< the frame whose payload is passing was judged by its header; the caller's
                              to set */
    bool in_text : 1;  /**< the message at hand is a text, and all of it so far was read */
    bool lacks : 1;    /**< the capture lacks octets of the message at hand */
    bool control_lacks : 1; /**< the same of the control frame at hand */
} wsclose_scanner;

/** A frame that has passed as a whole. */
typedef struct {
    wsclose_frame frame; /**< its header */
    const uint8_t *body; /**< of a Close frame, unmasked: at most WSCLOSE_CONTROL_PAYLOAD_MAX octets;
                              borrowed from the scanner until its next call. NULL of other frames. */
    size_t captured; /**< octets in body: fewer than the payload has where the capture lacks them,
                              or where it is longer than a control frame's may be */
    uint32_t digest; /**< of the payload of a Ping or Pong: equal for equal ones. Where the capture
                              lacks octets, of those before. */
    bool is_taken;   /**< scanner.is_taken of this frame */
    bool not_utf8;   /**< with it a text message is not UTF-8 (RFC 6455 section 8.1), where
                              scanner.reads_text and nothing of the message is compressed or lacking */
    bool lacks; /**< the capture lacks octets of the data message so far, or of a control frame's
                              payload */
} wsclose_scanned_frame;

/** A direction of which nothing has come yet. */
WSCLOSE_API void wsclose_scanner_init(wsclose_scanner *scanner);

/** Free what is kept, and begin anew; harmless on zeros. */
WSCLOSE_API void wsclose_scanner_clear(wsclose_scanner *scanner);

/** Take octets up to the end of the next frame (RFC 6455 section 5.2).
 *
 *  Payload is passed over and not read, but for that of control frames, and of texts where
 *  scanner.reads_text. Where the capture lacks
 *  octets of a payload, the frames after it are found all the same; where it lacks some of a
 *  header, the scanner is lost. A 64-bit length with its first bit set is no length: that frame is
 *  told at once, and the scanner is lost after it.
 *
 *  input  is moved behind what was used
 *  out    untouched unless true is returned
 *
 *  Returns whether a frame has ended; false where the input is used up. Call it again until
 *  then. */
WSCLOSE_API bool wsclose_scanner_next(wsclose_scanner *scanner, wsclose_octets *input,
                                      wsclose_scanned_frame *out);

/** Take the fact that octets, it is not known how many, are missing here: the scanner is lost. */
WSCLOSE_API void wsclose_scanner_lose(wsclose_scanner *scanner);

/** What octets that begin anywhere in a stream can be. */
typedef enum {
    WSCLOSE_FILL_NONE,   /**< no run of whole frames */
    WSCLOSE_FILL_FRAMES, /**< exactly so many whole frames, as a sender may send them */
    WSCLOSE_FILL_CLOSE   /**< the same, and the last one is a Close frame with a legal body */
} wsclose_fill;

/** Whether octets are whole frames and nothing else, to their last octet: masked as their sender
 *  has to (RFC 6455 section 5.1), of opcodes that are defined, without RSV2 and RSV3. Endpoints
 *  write a Close frame, and most others, as a whole, so that this is where a lost scanner may begin
 *  anew, and what a stream whose opening handshake was not captured may be known by. Of at least
 *  one frame.
 *
 *  octets, len  what came in one piece
 *  sender       client or server */
WSCLOSE_API wsclose_fill wsclose_frames_fill(const uint8_t *octets, size_t len,
                                             wsclose_side sender);

/** Whether the scanner is lost: it finds no frame any more. */
WSCLOSE_API bool wsclose_scanner_is_lost(const wsclose_scanner *scanner);

/** Whether a header is there in full, scanner.frame, and its payload not yet. */
WSCLOSE_API bool wsclose_scanner_is_in_payload(const wsclose_scanner *scanner);

/** Whether a frame has begun and not ended: where the stream ends here, it was cut off. */
WSCLOSE_API bool wsclose_scanner_is_within_frame(const wsclose_scanner *scanner);

#ifdef __cplusplus
}
#endif

#endif
