/* http1.h
 * Messages of HTTP/1.1 (RFC 9112) out of one direction of a stream whose octets come in any cut:
 * their heads are read, their bodies passed over. And which response answers which request.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WSCLOSE_HTTP1_H
#define WSCLOSE_HTTP1_H

#include "types.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Octets that a head may have, its empty line included; one that is longer is taken as cut
 *  there. */
enum { WSCLOSE_HTTP1_HEAD_MAX = 65536 };

/** Which messages a direction carries. */
typedef enum { WSCLOSE_HTTP1_REQUESTS, WSCLOSE_HTTP1_RESPONSES } wsclose_http1_role;

/** What kind of request a response answers, as far as it changes what the response means. */
typedef enum {
    WSCLOSE_HTTP1_PLAIN = 0,
    WSCLOSE_HTTP1_HEAD,    /**< its answer has no body, whatever it says (RFC 9112 section 6.3) */
    WSCLOSE_HTTP1_CONNECT, /**< after a 2xx both directions are a tunnel */
    WSCLOSE_HTTP1_UPGRADE  /**< asks for WebSocket; after a 101 both directions are WebSocket */
} wsclose_http1_kind;

/** One message, its body aside. Slices borrow from the octets at hand or from the reader, until its
 *  next call. */
typedef struct {
    wsclose_slice method; /**< of a request */
    wsclose_slice target; /**< of a request (RFC 9112 section 3.2) */
    unsigned status;      /**< of a response, 100 to 999 */
    wsclose_slice lines;  /**< the header lines that are whole, for wsclose_http1_header_next() */
    wsclose_http1_kind kind; /**< of a request */
    bool upgrades;           /**< Upgrade names WebSocket (RFC 6455 section 4.1), or a request has
                        Sec-WebSocket-Key */
    bool complete; /**< the empty line that ends the head is there; else headers may be missing */
} wsclose_http1_head;

/** One direction: owned by the caller, wsclose_http1_clear() frees what it points to. All but lost
 *  and not_http is private. */
typedef struct {
    uint64_t left;     /**< octets of the body, or of a chunk, still to come */
    uint8_t *kept;     /**< a head that has come in part; NULL where none has */
    uint8_t *plain;    /**< header lines of the last head that matter to nobody, and its empty line:
                             as a client sends the same ones with each request; NULL for none */
    uint32_t kept_len; /**< private */
    uint16_t plain_len;      /**< private */
    uint8_t state;           /**< what comes next */
    uint8_t role : 1;        /**< wsclose_http1_role */
    uint8_t line : 2;        /**< where in a line of the kept head, or of a trailer section */
    bool has_start_line : 1; /**< of the kept head */
    bool lost : 1;           /**< it is not known any more where a message begins */
    bool not_http : 1;       /**< and that is since octets stood there that begin none */
} wsclose_http1;

/** Begin at the start of a message. */
WSCLOSE_API void wsclose_http1_init(wsclose_http1 *reader, wsclose_http1_role role);

/** Free what is kept, and begin anew at the start of a message; harmless on zeros. */
WSCLOSE_API void wsclose_http1_clear(wsclose_http1 *reader);

/** Take octets up to the end of the next head.
 *
 *  Lines end with CRLF or a bare LF; a folded line (RFC 9112 section 5.2) is one with that before
 *  it. Empty lines before a start line are passed over (section 2.2). Bodies are passed over by
 *  Transfer-Encoding: chunked and Content-Length (section 6.3), the body of a response that has
 *  neither reaches to the end of the stream. The reader is lost at octets that begin no message or
 *  no chunk, at octets that the capture lacks, but for those of a body or chunk whose length is
 *  known, and after a head that leaves the length of its body unknown. A head that the capture has
 *  cut is yielded as far as it goes, with complete false, if its start line is whole; the reader is
 *  lost after it. A lost reader passes over the rest of the input, and goes on at the next one that
 *  begins, at its very first octet, with a start line, or with as much of one as
 *  wsclose_http1_begins() takes and "HTTP/1." or a method of RFC 9110 and its blank at least.
 *
 *  input     is moved behind what was used: after a head, its first octet is the one behind that
 *            head; nothing is left of it where the reader is lost
 *  answers   of responses: the kind of the request that the next head answers (interim ones, 1xx,
 *            answer it too; see wsclose_http1_answers()); of requests ignored
 *  out       untouched unless true is returned
 *
 *  Returns whether a head has ended; false where the input is used up. Call it again until then.
 *  After a head that turns the direction into something else (101, a 2xx to CONNECT), stop calling
 *  it: what is left of input belongs to that. Octets that it is given nevertheless are passed over,
 *  up to the next wsclose_http1_init() or wsclose_http1_clear(). */
WSCLOSE_API bool wsclose_http1_next(wsclose_http1 *reader, wsclose_octets *input,
                                    wsclose_http1_kind answers, wsclose_http1_head *out);

/** Pass over as much of a body of known length as there is, as wsclose_http1_next() would, where
 *  one is next; else do nothing.
 *
 *  input  is moved behind it */
WSCLOSE_API void wsclose_http1_pass_body(wsclose_http1 *reader, wsclose_octets *input);

/** Whether a head has begun and not ended. */
WSCLOSE_API bool wsclose_http1_is_within_head(const wsclose_http1 *reader);

/** Whether octets may begin a message: a request line (RFC 9112 section 3: a method that is a
 *  token, a target, HTTP/1.x) or a status line, as far as there are any; the method has to be of at
 *  most 20 capital letters and hyphens, as all registered ones are. No NUL. At least one octet. */
WSCLOSE_API bool wsclose_http1_begins(const uint8_t *octets, size_t len, wsclose_http1_role role);

/** Read the next header line.
 *
 *  lines  moved behind it
 *  name   without blanks around it; value: the same, folds as they are on the wire
 *
 *  Returns false where no line is left. A line without a colon or a name is passed over. */
WSCLOSE_API bool wsclose_http1_header_next(wsclose_slice *lines, wsclose_slice *name,
                                           wsclose_slice *value);

/** Of how many requests that wait for a response, the oldest ones, the kinds are kept. Those beyond
 *  are taken as plain. */
enum { WSCLOSE_HTTP1_WAITING_MAX = 128 };

/** Requests that are not answered, in order (RFC 9112 section 9.3.2). All zeros is none. */
typedef struct {
    uint64_t kinds[WSCLOSE_HTTP1_WAITING_MAX / 32]; /**< two bits each, a ring */
    uint32_t first;   /**< private: place of the oldest one in the ring */
    uint32_t waiting; /**< how many there are, those beyond included */
} wsclose_http1_pairing;

/** A request has come. */
WSCLOSE_API void wsclose_http1_asked(wsclose_http1_pairing *pairing, wsclose_http1_kind kind);

/** The kind of the request that the next response answers; plain where none waits. */
WSCLOSE_API wsclose_http1_kind wsclose_http1_answers(const wsclose_http1_pairing *pairing);

/** A response has come. An interim one (1xx but 101) answers nothing for good. Returns the kind of
 *  the request that it answers. */
WSCLOSE_API wsclose_http1_kind wsclose_http1_answered(wsclose_http1_pairing *pairing,
                                                      unsigned status);

#ifdef __cplusplus
}
#endif

#endif
