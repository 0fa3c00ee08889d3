/* stream.c
 * Octets of one direction of a TCP connection in order and once (RFC 9293 section 3.4).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wsclose/stream.h"

#include <glib.h>
#include <string.h>

/* So far from what is next a number may lie in either direction. All that is kept lies within it,
 * so that numbers compare, however often they have begun anew at zero. */
#define REACH ((uint32_t)1 << 30)

struct wsclose_stream_piece {
    wsclose_stream_piece *following; /* the next one in the order of the stream; none overlaps */
    uint64_t lacking;
    size_t captured;
    uint32_t seq;
    bool is_gap; /* given up */
    uint8_t octets[];
};

static uint32_t
piece_end(const wsclose_stream_piece *piece)
{
    return piece->seq + (uint32_t)(piece->captured + piece->lacking);
}

static bool
is_in_reach(const wsclose_stream *stream, uint32_t seq)
{
    return seq - stream->next + REACH <= 2 * REACH;
}

/* A piece that was yielded last is still there: what it held is borrowed by the caller. */
static void
drop_yielded(wsclose_stream *stream)
{
    wsclose_stream_piece *first = stream->pieces;

    if (first && wsclose_sequence_after(stream->next, first->seq)) {
        stream->pieces = first->following;
        g_free(first);
    }
}

/* Free pieces from the one at the link on. */
static void
drop_from(wsclose_stream_piece **link)
{
    while (*link) {
        wsclose_stream_piece *piece = *link;

        *link = piece->following;
        g_free(piece);
    }
}

void
wsclose_stream_clear(wsclose_stream *stream)
{
    drop_from(&stream->pieces);
    *stream = (wsclose_stream){ 0 };
}

static void
advance(wsclose_stream *stream, uint64_t octets)
{
    stream->next += (uint32_t)octets;
    stream->passed += octets;
    /* One that is left far behind would seem to lie ahead later. */
    stream->has_ack &= is_in_reach(stream, stream->acked);
}

static void
put_at_hand(wsclose_stream *stream, wsclose_octets octets)
{
    stream->at_hand.data = octets.data;
    stream->at_hand.captured = (uint32_t)octets.captured;
    stream->at_hand.lacking = (uint32_t)octets.lacking;
}

static wsclose_stream_item
yield_at_hand(wsclose_stream *stream, wsclose_octets *out)
{
    *out =
        (wsclose_octets){ stream->at_hand.data, stream->at_hand.captured, stream->at_hand.lacking };
    put_at_hand(stream, (wsclose_octets){ 0 });
    advance(stream, out->captured + out->lacking);
    return WSCLOSE_STREAM_OCTETS;
}

static wsclose_stream_item
yield_piece(wsclose_stream *stream, const wsclose_stream_piece *piece, wsclose_octets *out)
{
    *out = (wsclose_octets){
        .data = piece->captured > 0 ? piece->octets : NULL,
        .captured = piece->captured,
        .lacking = piece->lacking,
    };
    advance(stream, out->captured + out->lacking);
    return piece->is_gap ? WSCLOSE_STREAM_GAP : WSCLOSE_STREAM_OCTETS;
}

wsclose_stream_item
wsclose_stream_next(wsclose_stream *stream, wsclose_octets *out)
{
    if (stream->at_hand.captured > 0 || stream->at_hand.lacking > 0)
        return yield_at_hand(stream, out);
    drop_yielded(stream);
    if (stream->pieces && stream->pieces->seq == stream->next)
        return yield_piece(stream, stream->pieces, out);
    if (stream->has_fin && !stream->fin_yielded && stream->fin_seq == stream->next) {
        stream->fin_yielded = true;
        return WSCLOSE_STREAM_FIN;
    }
    return WSCLOSE_STREAM_NOTHING;
}

/* Octets that are missing. */
typedef struct {
    uint32_t from;
    uint32_t to; /* the same as from where none is */
} hole;

static hole
first_hole(const wsclose_stream *stream)
{
    const wsclose_stream_piece *piece = stream->pieces;
    uint32_t from = stream->next + stream->at_hand.captured + stream->at_hand.lacking;
    uint32_t to;

    for (; piece && !wsclose_sequence_after(piece->seq, from); piece = piece->following)
        from = piece_end(piece);
    if (piece)
        to = piece->seq;
    else if (stream->has_fin)
        to = stream->fin_seq;
    else if (stream->begun && stream->has_ack && wsclose_sequence_after(stream->acked, from))
        to = stream->acked;
    else
        to = from;
    return (hole){ from, to };
}

bool
wsclose_stream_has_hole(const wsclose_stream *stream)
{
    const hole first = first_hole(stream);

    return first.from != first.to;
}

bool
wsclose_stream_hole_is_acknowledged(const wsclose_stream *stream)
{
    const hole first = first_hole(stream);

    return first.from != first.to && stream->has_ack &&
           !wsclose_sequence_after(first.to, stream->acked);
}

/* A new piece at the link, before the one that is there. */
static wsclose_stream_piece *
insert(wsclose_stream_piece **link, uint32_t seq, const wsclose_octets *octets)
{
    wsclose_stream_piece *piece = g_malloc(sizeof *piece + octets->captured);

    *piece = (wsclose_stream_piece){
        .following = *link,
        .lacking = octets->lacking,
        .captured = octets->captured,
        .seq = seq,
    };
    if (octets->captured > 0)
        memcpy(piece->octets, octets->data, octets->captured);
    *link = piece;
    return piece;
}

/* The link to the first piece that begins after a number. */
static wsclose_stream_piece **
link_after(wsclose_stream *stream, uint32_t seq)
{
    wsclose_stream_piece **link = &stream->pieces;

    while (*link && !wsclose_sequence_after((*link)->seq, seq))
        link = &(*link)->following;
    return link;
}

void
wsclose_stream_give_up(wsclose_stream *stream)
{
    const hole first = first_hole(stream);
    const wsclose_octets missing = { .lacking = first.to - first.from };

    if (missing.lacking > 0)
        insert(link_after(stream, first.from), first.from, &missing)->is_gap = true;
}

void
wsclose_stream_acknowledge(wsclose_stream *stream, uint32_t ack)
{
    if (stream->begun && !is_in_reach(stream, ack))
        return;
    if (stream->has_ack && !wsclose_sequence_after(ack, stream->acked))
        return;
    stream->acked = ack;
    stream->has_ack = true;
}

/* Whether more waits behind the first hole than may. */
static bool
waits_too_much(wsclose_stream *stream)
{
    const wsclose_stream_piece *piece = *link_after(stream, first_hole(stream).from);
    size_t kept = 0;
    unsigned pieces = 0;

    for (; piece; piece = piece->following) {
        kept += piece->captured;
        pieces++;
    }
    return kept > WSCLOSE_STREAM_KEPT_MAX || pieces > WSCLOSE_STREAM_PIECES_MAX;
}

/* Whether the octets of two pieces are one run: those that the capture lacks come last in it. */
static bool
is_one_run(const wsclose_stream_piece *piece, const wsclose_stream_piece *following)
{
    return following && piece_end(piece) == following->seq &&
           (piece->lacking == 0 || following->captured == 0);
}

/* Append what follows the piece at the link to it. */
static void
join(wsclose_stream_piece **link)
{
    wsclose_stream_piece *following = (*link)->following;
    const size_t captured = (*link)->captured;
    wsclose_stream_piece *piece = g_realloc(*link, sizeof *piece + captured + following->captured);

    if (following->captured > 0)
        memcpy(piece->octets + captured, following->octets, following->captured);
    piece->captured += following->captured;
    piece->lacking += following->lacking;
    piece->following = following->following;
    *link = piece;
    g_free(following);
}

static void
join_runs(wsclose_stream *stream)
{
    for (wsclose_stream_piece **link = &stream->pieces; *link; link = &(*link)->following) {
        while (is_one_run(*link, (*link)->following))
            join(link);
    }
}

/* Part of the payload of a segment. */
static wsclose_octets
part_of(const wsclose_segment *segment, uint32_t offset, uint32_t len)
{
    const size_t there = segment->captured > offset ? segment->captured - offset : 0;
    const size_t captured = MIN(there, len);

    return (wsclose_octets){
        .data = captured > 0 ? segment->octets + offset : NULL,
        .captured = captured,
        .lacking = len - captured,
    };
}

/* Keep those octets of a segment that no piece has. All places count from what is next.
 * Returns whether there are any. */
static bool
keep_new(wsclose_stream *stream, const wsclose_segment *segment, int64_t begin, uint32_t from,
         uint32_t to)
{
    wsclose_stream_piece **link = &stream->pieces;
    bool is_new = false;

    while (from < to) {
        const uint32_t until = *link ? MIN(to, (*link)->seq - stream->next) : to;

        if (from < until) {
            const wsclose_octets part = part_of(segment, (uint32_t)(from - begin), until - from);

            is_new = true;
            if (from == 0)
                put_at_hand(stream, part);
            else
                insert(link, stream->next + from, &part);
            from = until;
        } else {
            from = MAX(from, piece_end(*link) - stream->next);
            link = &(*link)->following;
        }
    }
    return is_new;
}

/* Take octets of a segment that do not simply come next, or that others wait for. */
static bool
take_out_of_order(wsclose_stream *stream, const wsclose_segment *segment, int64_t begin,
                  uint32_t from, uint32_t to)
{
    const bool is_new = keep_new(stream, segment, begin, from, to);

    join_runs(stream);
    while (waits_too_much(stream))
        wsclose_stream_give_up(stream);
    return is_new;
}

static void
cut_piece(wsclose_stream_piece *piece, uint32_t len)
{
    const size_t captured = MIN(piece->captured, len);

    piece->lacking = MIN(piece->lacking, len - captured);
    piece->captured = captured;
}

/* Take a FIN. Returns whether it is the first one. */
static bool
take_fin(wsclose_stream *stream, uint32_t seq)
{
    wsclose_stream_piece **link = &stream->pieces;

    if (stream->has_fin)
        return false;
    stream->has_fin = true;
    stream->fin_seq = seq;
    while (*link && wsclose_sequence_after(seq, (*link)->seq)) {
        if (wsclose_sequence_after(piece_end(*link), seq))
            cut_piece(*link, seq - (*link)->seq);
        link = &(*link)->following;
    }
    drop_from(link);
    return true;
}

static void
begin_at(wsclose_stream *stream, uint32_t seq, bool whole)
{
    stream->begun = true;
    stream->whole = whole;
    stream->next = seq;
    stream->has_ack &= is_in_reach(stream, stream->acked);
}

/* Pass over what the caller has not asked for: its octets may be gone. */
static void
pass_over(wsclose_stream *stream)
{
    wsclose_octets unread;

    while (wsclose_stream_next(stream, &unread) != WSCLOSE_STREAM_NOTHING)
        ;
}

/* Where the stream began. */
static uint32_t
first_seq(const wsclose_stream *stream)
{
    return stream->next - (uint32_t)stream->passed;
}

/* Take a segment whose payload begins and ends at these places, counted from what is next. */
static bool
take_range(wsclose_stream *stream, const wsclose_segment *segment, int64_t begin, int64_t end)
{
    const bool is_new = segment->fin && take_fin(stream, stream->next + (uint32_t)end);
    const uint32_t from = (uint32_t)MAX(begin, 0);
    uint32_t to = (uint32_t)end;

    if (stream->has_fin)
        to = MIN(to, stream->fin_seq - stream->next);
    if (from >= to)
        return is_new;
    if (from > 0 || stream->pieces)
        return take_out_of_order(stream, segment, begin, from, to) || is_new;
    put_at_hand(stream, part_of(segment, (uint32_t)-begin, to));
    return true;
}

/* Whether a segment is as most are: octets that come next, and nothing waits. */
static bool
is_next(const wsclose_stream *stream, const wsclose_segment *segment)
{
    return segment->seq == stream->next && stream->begun && !stream->has_fin && !stream->pieces &&
           stream->at_hand.captured == 0 && stream->at_hand.lacking == 0 && !segment->syn &&
           !segment->fin && segment->len > 0 && segment->len <= REACH;
}

bool
wsclose_stream_take_next(wsclose_stream *stream, const wsclose_segment *segment,
                         wsclose_octets *out)
{
    if (!is_next(stream, segment))
        return false;
    *out = part_of(segment, 0, segment->len);
    advance(stream, segment->len);
    return true;
}

bool
wsclose_stream_take(wsclose_stream *stream, const wsclose_segment *segment)
{
    const uint32_t first = segment->seq + segment->syn;

    if (is_next(stream, segment)) {
        put_at_hand(stream, part_of(segment, 0, segment->len));
        return true;
    }
    pass_over(stream);
    if ((segment->len == 0 && !segment->fin && !segment->syn) || segment->len > REACH)
        return false;
    if (!stream->begun)
        begin_at(stream, first, segment->syn);
    else if (segment->syn && first != first_seq(stream))
        return false;

    const int64_t begin = (int32_t)(first - stream->next);
    const int64_t end = begin + segment->len;

    if (end < 0 || end > REACH)
        return false;
    return take_range(stream, segment, begin, end);
}
