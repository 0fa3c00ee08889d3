/* stream.c
 * One direction of a TCP connection: segments in any order, and a hole that is given up.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <stdio.h>
#include <string.h>

#include <wsclose/wsclose.h>

enum { INITIAL = 1000 };

static wsclose_segment
segment_at(uint32_t place, const char *text)
{
    const wsclose_segment segment = { .seq = INITIAL + 1 + place,
                                      .octets = (const uint8_t *)text,
                                      .captured = strlen(text),
                                      .len = (uint32_t)strlen(text) };
    return segment;
}

static void
show_next(wsclose_stream *stream)
{
    wsclose_octets octets;
    wsclose_stream_item item;

    while ((item = wsclose_stream_next(stream, &octets)) != WSCLOSE_STREAM_NOTHING) {
        if (item == WSCLOSE_STREAM_OCTETS)
            printf("\"%.*s\"\n", (int)octets.captured, (const char *)octets.data);
        else if (item == WSCLOSE_STREAM_GAP)
            printf("%llu octets are lost\n", (unsigned long long)octets.lacking);
        else
            printf("the end\n");
    }
}

static void
take(wsclose_stream *stream, wsclose_segment segment)
{
    wsclose_octets octets;

    /* Most segments are just the next ones. */
    if (wsclose_stream_take_next(stream, &segment, &octets)) {
        printf("\"%.*s\" at once\n", (int)octets.captured, (const char *)octets.data);
        return;
    }
    if (!wsclose_stream_take(stream, &segment) && !segment.syn)
        printf("nothing new\n");
    show_next(stream);
}

int
main(void)
{
    const wsclose_segment syn = { .seq = INITIAL,
                                  .octets = NULL,
                                  .captured = 0,
                                  .len = 0,
                                  .syn = true };
    wsclose_segment last = segment_at(9, "day");
    wsclose_stream stream;

    memset(&stream, 0, sizeof stream);
    last.fin = true;
    take(&stream, syn);
    take(&stream, segment_at(0, "good"));
    take(&stream, segment_at(0, "good"));
    take(&stream, last);
    if (wsclose_sequence_after(last.seq, syn.seq) && wsclose_stream_has_hole(&stream))
        printf("something is missing before \"day\"\n");
    wsclose_stream_acknowledge(&stream, INITIAL + 1 + 9);
    /* The other side has them, so that they will not be sent again. */
    if (wsclose_stream_hole_is_acknowledged(&stream))
        wsclose_stream_give_up(&stream);
    show_next(&stream);
    wsclose_stream_clear(&stream);
    return 0;
}
