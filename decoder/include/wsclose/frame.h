/* frame.h
 * Frame headers and Close frames (RFC 6455 sections 5.2, 5.5, 5.5.1 and 7.4).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WSCLOSE_FRAME_H
#define WSCLOSE_FRAME_H

#include "types.h"

#ifdef __cplusplus
extern "C" {
#endif

/** The opcodes that are defined (RFC 6455 section 5.2). */
enum {
    WSCLOSE_OPCODE_CONTINUATION = 0x0,
    WSCLOSE_OPCODE_TEXT = 0x1,
    WSCLOSE_OPCODE_BINARY = 0x2,
    WSCLOSE_OPCODE_CLOSE = 0x8,
    WSCLOSE_OPCODE_PING = 0x9,
    WSCLOSE_OPCODE_PONG = 0xA
};

enum {
    WSCLOSE_FRAME_HEADER_MAX = 14,    /**< octets */
    WSCLOSE_CONTROL_PAYLOAD_MAX = 125 /**< octets, RFC 6455 section 5.5 */
};

/** Bits of wsclose_frame.rsv. */
enum {
    WSCLOSE_RSV1 = 0x4, /**< "Per-Message Compressed", RFC 7692 section 6 */
    WSCLOSE_RSV_ANY = 0x7
};

/** A frame header. */
typedef struct {
    bool fin : 1;           /**< the last frame of its message */
    bool masked : 1;        /**< its payload is */
    uint8_t rsv : 3;        /**< RSV1..RSV3 as bits 4, 2, 1 */
    uint8_t opcode;         /**< 0..15, section 5.2 */
    uint8_t header_len;     /**< octets, 2..14 */
    uint8_t masking_key[4]; /**< zeros where not masked */
    uint64_t payload_len;   /**< octets on the wire */
} wsclose_frame;

/** Decode a frame header (RFC 6455 section 5.2).
 *
 *  octets, len  as much of the frame as there is, from its first octet
 *  out          untouched unless true is returned
 *
 *  Returns false where the header is not there in full: nothing is known of the frame then. */
WSCLOSE_API bool wsclose_frame_decode(const uint8_t *octets, size_t len, wsclose_frame *out);

/** Unmask (or mask) payload octets (RFC 6455 section 5.3).
 *
 *  dst, src  len octets each; may be the same place, must not overlap otherwise
 *  offset    of src[0] from the start of the payload, in octets */
WSCLOSE_API void wsclose_unmask(uint8_t *dst, const uint8_t *src, size_t len,
                                const uint8_t masking_key[4], uint64_t offset);

/** What the body of a Close frame is. */
typedef enum {
    WSCLOSE_BODY_EMPTY,     /**< no body, no status code present: the receiver is told 1005 */
    WSCLOSE_BODY_ONE_OCTET, /**< broken: a body is empty or begins with two octets */
    WSCLOSE_BODY_CODE,      /**< a status code, and perhaps a reason */
    WSCLOSE_BODY_CUT        /**< the capture has too little of it to tell the status code */
} wsclose_body_kind;

/** The body of a Close frame. */
typedef struct {
    wsclose_slice reason;       /**< slice of the input: what there is of the reason */
    uint16_t code;              /**< WSCLOSE_BODY_CODE: as on the wire; 1005 for WSCLOSE_BODY_EMPTY;
                               else 0 */
    wsclose_body_kind kind : 8; /**< what the body is */
    bool reason_cut;            /**< the reason goes on, and the capture does not */
    bool reason_utf8; /**< what there is of the reason is UTF-8 (a character that the capture
                               cuts in two is not held against it) */
} wsclose_close_body;

/** Decode the unmasked body of a Close frame (RFC 6455 sections 5.5.1 and 7.4).
 *
 *  body, captured  the octets that are there; body may be NULL where captured is 0
 *  wire_len        the length of the body on the wire, in octets, at least captured
 *  out             its reason borrows body */
WSCLOSE_API void wsclose_close_body_decode(const uint8_t *body, size_t captured, uint64_t wire_len,
                                           wsclose_close_body *out);

/** Whether a body has that status code. */
WSCLOSE_API bool wsclose_close_body_has(const wsclose_close_body *body, uint16_t code);

/** Of the Close with 1010 that makes a claim and the one that repeats it, the one whose reason
 *  counts: that of the claim, as an answer often has none; but where the capture cuts it short, an
 *  answer may have it whole.
 *
 *  Returns one of the two. */
WSCLOSE_API const wsclose_close_body *wsclose_close_body_claim(const wsclose_close_body *claim,
                                                               const wsclose_close_body *echo);

/** The reason, fit to be shown: what is not UTF-8, and NUL, as U+FFFD, and a "..." (U+2026) at the
 *  end where the capture cuts it short.
 *
 *  Returns a new UTF-8 string, maybe empty; free it with wsclose_text_free(). */
WSCLOSE_API char *wsclose_close_reason_text(const wsclose_close_body *body);

/** What a frame breaches, as a set of bits. Each one makes the receiver fail the connection
 *  (RFC 6455 section 7.1.7), so that its application is not told the code of a Close. */
typedef enum {
    WSCLOSE_BREACH_FRAGMENTED = 1 << 0,    /**< a control frame without FIN, section 5.4 */
    WSCLOSE_BREACH_TOO_LONG = 1 << 1,      /**< a control frame over 125 octets, section 5.5 */
    WSCLOSE_BREACH_RSV = 1 << 2,           /**< an RSV bit set, section 5.2 */
    WSCLOSE_BREACH_MASKED = 1 << 3,        /**< masked by a server, section 5.1 */
    WSCLOSE_BREACH_UNMASKED = 1 << 4,      /**< not masked by a client, section 5.1 */
    WSCLOSE_BREACH_ONE_OCTET = 1 << 5,     /**< body of one octet, section 5.5.1 */
    WSCLOSE_BREACH_NOT_UTF8 = 1 << 6,      /**< reason not UTF-8, section 5.5.1 and 8.1 */
    WSCLOSE_BREACH_CODE_RESERVED = 1 << 7, /**< 1004, 1005, 1006 or 1015, section 7.4.1 */
    WSCLOSE_BREACH_CODE_INVALID = 1 << 8,  /**< no code that may be sent, section 7.4.2 */
    WSCLOSE_BREACH_OPCODE = 1 << 9,        /**< an opcode that nobody has defined, section 5.2 */
    WSCLOSE_BREACH_SEQUENCE = 1 << 10,     /**< a continuation of nothing, or a new message within
                                                a fragmented one, section 5.4 */
    WSCLOSE_BREACH_LENGTH = 1 << 11 /**< a 64-bit length with its first bit set, section 5.2 */
} wsclose_breach;

/** How many wsclose_breach bits there are. */
enum { WSCLOSE_BREACH_COUNT = 12 };

/** Judge a Close frame.
 *
 *  frame   its header
 *  body    its body, or NULL where none of it is known
 *  sender  who sent it; where unknown, masking is not judged
 *
 *  Returns the breaches, 0 for a frame that is as it must be. */
WSCLOSE_API unsigned wsclose_close_breaches(const wsclose_frame *frame,
                                            const wsclose_close_body *body, wsclose_side sender);

/** Whether an opcode is that of a control frame (RFC 6455 section 5.5). */
WSCLOSE_API bool wsclose_opcode_is_control(uint8_t opcode);

/** Judge the header of a frame other than Close, taken alone.
 *
 *  frame       its header
 *  sender      who sent it; where unknown, masking is not judged
 *  rsv         the RSV bits that extensions may use in data frames
 *  any_opcode  whether extensions may have defined opcodes
 *
 *  Returns the breaches; the order of fragments is the connection's to judge. */
WSCLOSE_API unsigned wsclose_frame_breaches(const wsclose_frame *frame, wsclose_side sender,
                                            uint8_t rsv, bool any_opcode);

/** Whether a frame breaks rules that nobody breaks together who writes frames at all: it is none, and
 *  the place where one begins was lost. Who treats a control frame like data splits it, makes it long
 *  and compresses it, and is no such case.
 *
 *  breaches  of the frame, from wsclose_frame_breaches() */
WSCLOSE_API bool wsclose_frame_is_garbled(const wsclose_frame *frame, unsigned breaches);

#ifdef __cplusplus
}
#endif

#endif
