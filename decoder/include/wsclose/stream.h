/* stream.h
 * One direction of a TCP connection (RFC 9293): segments in, in any order, as often as they were
 * sent; octets out, in order and once. Says where octets are missing: a hole may still close, until
 * it is given up.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WSCLOSE_STREAM_H
#define WSCLOSE_STREAM_H

#include "types.h"

#ifdef __cplusplus
extern "C" {
#endif

enum {
    WSCLOSE_STREAM_KEPT_MAX = 65536, /**< captured octets that wait for others before them */
    WSCLOSE_STREAM_PIECES_MAX = 64   /**< runs of octets that do; those the capture lacks end one */
};

/** One segment (RFC 9293 section 3.1), as far as it matters to its direction. Borrowed. */
typedef struct {
    uint32_t seq;          /**< sequence number of its SYN or first octet */
    const uint8_t *octets; /**< of its payload, as many as the capture has; NULL where none */
    size_t captured;       /**< of them, at most len */
    uint32_t len;          /**< octets of its payload on the wire, captured or not */
    bool syn;              /**< the flag SYN is set */
    bool fin;              /**< the flag FIN is set */
} wsclose_segment;

/** Octets that wait, in the order of the stream; private to the module. */
typedef struct wsclose_stream_piece wsclose_stream_piece;

/** One direction. Owned by the caller; wsclose_stream_clear() frees what it points to. All zeros is
 *  a direction of which nothing has come. Change it by the functions below. */
typedef struct {
    uint64_t passed;      /**< octets yielded, gaps included, from the first one that was seen */
    uint32_t next;        /**< sequence number of the octet that comes next; where begun */
    uint32_t acked;       /**< highest acknowledgement of the other side; where has_ack */
    uint32_t fin_seq;     /**< sequence number of the FIN; where has_fin */
    bool begun : 1;       /**< a first segment was taken */
    bool whole : 1;       /**< it was a SYN: no octet of the direction came before those seen */
    bool has_ack : 1;     /**< and it does not lie more than 2^30 octets before what is next */
    bool has_fin : 1;     /**< a FIN was taken */
    bool fin_yielded : 1; /**< wsclose_stream_next() has told of it */
    struct {
        const uint8_t *data;
        uint32_t captured;
        uint32_t lacking;
    } at_hand; /**< of the segment taken last, the octets that come next; borrowed */
    wsclose_stream_piece *pieces; /**< NULL where nothing waits */
} wsclose_stream;

/** What a direction has next. */
typedef enum {
    WSCLOSE_STREAM_NOTHING, /**< the next octet has not come */
    WSCLOSE_STREAM_OCTETS,  /**< octets */
    WSCLOSE_STREAM_GAP,     /**< octets that were given up; their number is known */
    WSCLOSE_STREAM_FIN      /**< its end, after all octets; yielded once */
} wsclose_stream_item;

/** Free what waits, and begin anew. Harmless on zeros. */
WSCLOSE_API void wsclose_stream_clear(wsclose_stream *stream);

/** Take a segment. Its octets are borrowed until wsclose_stream_next() has returned
 *  WSCLOSE_STREAM_NOTHING: what waits for others is copied. What was not asked for until the next
 *  segment is taken is passed over.
 *
 *  The first segment that has a SYN, an octet or a FIN decides where the stream begins: after its
 *  SYN, or else at its sequence number. Octets that were there before change nothing: those that
 *  came first count, also where the capture lacks them. A SYN that comes again is passed over, and
 *  a segment with another SYN as a whole; whoever sees that ports are used again clears the stream.
 *  The first FIN counts, unless it lies before what is next; octets after it are ignored. So is a
 *  segment that ends more than 2^30 octets ahead of what is next.
 *  Where more waits than WSCLOSE_STREAM_KEPT_MAX and WSCLOSE_STREAM_PIECES_MAX allow, the first
 *  hole is given up.
 *
 *  Returns whether the segment has an octet, or a FIN, that had not come before. */
WSCLOSE_API bool wsclose_stream_take(wsclose_stream *stream, const wsclose_segment *segment);

/** Take a segment that is as most are: octets that come next, without SYN or FIN, in a direction
 *  where nothing waits. It is what wsclose_stream_take() and wsclose_stream_next() do for it, at
 *  once.
 *
 *  out  its octets; untouched unless true is returned
 *
 *  Returns whether it is such a one; else nothing is taken. */
WSCLOSE_API bool wsclose_stream_take_next(wsclose_stream *stream, const wsclose_segment *segment,
                                          wsclose_octets *out);

/** What comes next in order; call it until it returns WSCLOSE_STREAM_NOTHING, before the next
 *  segment is taken.
 *
 *  out  of WSCLOSE_STREAM_OCTETS: captured octets, and then as many as the packet had and the
 *       capture lacks (cut short); at least one in all. Borrowed until the next call of this
 *       function, of wsclose_stream_take() or of wsclose_stream_clear().
 *       Of WSCLOSE_STREAM_GAP: no octet, and the length of the gap in lacking. Else untouched. */
WSCLOSE_API wsclose_stream_item wsclose_stream_next(wsclose_stream *stream, wsclose_octets *out);

/** Take an acknowledgement of the other side: it has received all octets before that number. One
 *  that lies before an earlier one, or more than 2^30 octets from what is next, counts for nothing.
 *  One that comes before the first segment is remembered. */
WSCLOSE_API void wsclose_stream_acknowledge(wsclose_stream *stream, uint32_t ack);

/** Whether octets are missing at the moment: later ones, or a FIN, have come, or the other side has
 *  acknowledged them. Never before the first segment: nothing says then where the stream begins.
 *  A FIN that was acknowledged and has not come counts as an octet: nothing tells them apart. */
WSCLOSE_API bool wsclose_stream_has_hole(const wsclose_stream *stream);

/** Whether the octets of the first hole, all of them, are known to have been received by the other
 *  side: the capture lacks them, or has them late. */
WSCLOSE_API bool wsclose_stream_hole_is_acknowledged(const wsclose_stream *stream);

/** Give up the first hole: wsclose_stream_next() yields it as a gap, and goes on with the octets
 *  after it, if there are any. Harmless where there is no hole. Octets of it that come later count
 *  as repeated. A hole that nothing but acknowledgements show reaches to the highest of them. */
WSCLOSE_API void wsclose_stream_give_up(wsclose_stream *stream);

/** Whether a sequence number lies after another one (RFC 9293 section 3.4). */
static inline bool
wsclose_sequence_after(uint32_t a, uint32_t b)
{
    return (int32_t)(a - b) > 0;
}

#ifdef __cplusplus
}
#endif

#endif
