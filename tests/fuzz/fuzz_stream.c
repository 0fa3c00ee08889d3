/* fuzz_stream.c
 * Any octets as a script of segments of one stream: what comes out is the stream, once, in order.
 *
 * The first octet says how long the stream is and where its sequence numbers begin. After it each
 * step is of four octets: what it does, a place in the stream (two octets), and a length.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wsclose/stream.h"

#include "input.h"
#include "oracle.h"

#define STREAM_LEN_MAX 98304u /* more than may wait */
#define STREAM_LEN_SHORT 4096u /* soon done */
#define STEP_LEN 4
#define STEPS_MAX 400

/* What has come of an octet. */
enum { ABSENT, CAPTURED, CUT };

/* The same direction, remembered octet by octet. */
typedef struct {
    uint32_t len;    /**< of the whole stream */
    uint32_t base;   /**< sequence number of its first octet */
    uint32_t origin; /**< the octet that came first, where begun */
    uint32_t known;  /**< octets that have come or were acknowledged end here */
    uint32_t acked;
    uint32_t fin; /**< where has_fin */
    bool begun;
    bool has_fin;
    bool ended;
    uint8_t octets[STREAM_LEN_MAX];
} model;

static uint8_t content[STREAM_LEN_MAX];

static void
fill_content(void)
{
    for (uint32_t at = 0; at < STREAM_LEN_MAX; at++)
        content[at] = (uint8_t)((at * 2654435761u) >> 24);
}

/* Whether octets from a place on are all in one state. */
static bool
all_are(const model *expected, uint32_t at, uint64_t len, uint8_t state)
{
    bool are = true;

    for (uint64_t i = 0; i < len; i++)
        are &= expected->octets[at + i] == state;
    return are;
}

static uint32_t
place_of(const model *expected, const wsclose_stream *stream)
{
    return expected->origin + (uint32_t)stream->passed;
}

static void
check_item(const model *expected, wsclose_stream_item item, const wsclose_octets *out, uint32_t at)
{
    g_assert_cmpuint(out->captured + out->lacking, >, 0);
    g_assert_cmpuint(out->captured + out->lacking, <=, expected->len - at);
    g_assert_cmpmem(out->data, out->captured, content + at, out->captured);
    g_assert_true(all_are(expected, at, out->captured, CAPTURED));
    g_assert_true(item == WSCLOSE_STREAM_OCTETS || out->captured == 0);
    at += (uint32_t)out->captured;
    g_assert_true(all_are(expected, at, out->lacking, item == WSCLOSE_STREAM_GAP ? ABSENT : CUT));
}

static void
drain(model *expected, wsclose_stream *stream)
{
    wsclose_stream_item item;
    wsclose_octets out;
    uint32_t at = place_of(expected, stream);

    while ((item = wsclose_stream_next(stream, &out)) != WSCLOSE_STREAM_NOTHING) {
        g_assert_false(expected->ended);
        if (item == WSCLOSE_STREAM_FIN) {
            g_assert_true(expected->has_fin);
            g_assert_cmpuint(at, ==, expected->fin);
            expected->ended = true;
            continue;
        }
        check_item(expected, item, &out, at);
        at += (uint32_t)(out.captured + out.lacking);
        g_assert_cmpuint(place_of(expected, stream), ==, at);
    }
}

/* What is missing, and how much waits behind it, once all that is next was asked for. */
static void
check_state(const model *expected, const wsclose_stream *stream)
{
    const uint32_t at = place_of(expected, stream);
    uint32_t end = at;
    unsigned kept = 0;
    unsigned runs = 0;

    if (expected->begun && expected->has_fin)
        end = expected->fin;
    else if (expected->begun)
        end = MAX(at, expected->known);
    g_assert_true(wsclose_stream_has_hole(stream) == (end > at));
    if (end == at)
        return;
    g_assert_cmpuint(expected->octets[at], ==, ABSENT);
    uint32_t i = at;
    while (i < end && expected->octets[i] == ABSENT)
        i++;
    g_assert_true(wsclose_stream_hole_is_acknowledged(stream) == (expected->acked >= i));
    for (; i < end; i++) {
        kept += expected->octets[i] == CAPTURED;
        runs += expected->octets[i] != ABSENT && expected->octets[i - 1] == ABSENT;
    }
    g_assert_cmpuint(kept, <=, WSCLOSE_STREAM_KEPT_MAX);
    g_assert_cmpuint(runs, <=, WSCLOSE_STREAM_PIECES_MAX);
}

/* A FIN counts once, and takes back what waits after it. */
static bool
model_fin(model *expected, uint32_t fin, uint32_t passed)
{
    if (expected->has_fin || fin < passed)
        return false;
    expected->has_fin = true;
    expected->fin = fin;
    memset(expected->octets + fin, ABSENT, expected->len - fin);
    return true;
}

/* Returns whether the segment has something new. */
static bool
model_segment(model *expected, const wsclose_segment *segment, uint32_t from, uint32_t passed)
{
    const uint32_t end = from + segment->len;
    const uint32_t captured_end = from + (uint32_t)segment->captured;
    bool is_new = segment->fin && model_fin(expected, end, passed);
    const uint32_t to = expected->has_fin ? MIN(end, expected->fin) : end;

    for (uint32_t i = MAX(from, passed); i < to; i++) {
        if (expected->octets[i] == ABSENT) {
            is_new = true;
            expected->octets[i] = i < captured_end ? CAPTURED : CUT;
        }
    }
    if (from < to)
        expected->known = MAX(expected->known, to);
    return is_new;
}

static void
deliver(model *expected, wsclose_stream *stream, uint32_t from, wsclose_segment segment)
{
    /* A block of its own: a read beyond it is seen. */
    uint8_t *copy = g_malloc(segment.captured);

    if (segment.captured > 0)
        memcpy(copy, content + from, segment.captured);
    segment.octets = copy;
    segment.seq = expected->base + from - segment.syn;
    if (!expected->begun && (segment.len > 0 || segment.syn || segment.fin)) {
        expected->begun = true;
        expected->origin = from;
    }
    const uint32_t passed = place_of(expected, stream);
    /* Any SYN but the first one is of another connection. */
    const bool is_other = segment.syn && from != expected->origin;
    const bool is_new = !is_other && expected->begun &&
                        model_segment(expected, &segment, from, passed);

    wsclose_octets next;
    const uint32_t at = place_of(expected, stream);
    /* The short way, where it goes. */
    if (wsclose_stream_take_next(stream, &segment, &next)) {
        g_assert_true(is_new && at == from);
        check_item(expected, WSCLOSE_STREAM_OCTETS, &next, at);
        g_assert_cmpuint(place_of(expected, stream), ==, at + segment.len);
    } else {
        g_assert_true(wsclose_stream_take(stream, &segment) == is_new);
    }
    statements++;
    drain(expected, stream);
    g_free(copy);
}

/* Nothing of a segment far off is taken. */
static void
deliver_astray(model *expected, wsclose_stream *stream, uint32_t from, uint32_t len)
{
    const uint32_t off = ((uint32_t)1 << 30) + expected->len + 1 + (len & 255) * 0x7f0000;
    const wsclose_segment segment = {
        .seq = expected->base + from + off, .len = len, .fin = true};

    if (!expected->begun)
        return;
    g_assert_false(wsclose_stream_take(stream, &segment));
    wsclose_stream_acknowledge(stream, expected->base + from + off);
    drain(expected, stream);
}

static void
acknowledge(model *expected, wsclose_stream *stream, uint32_t at)
{
    wsclose_stream_acknowledge(stream, expected->base + at);
    drain(expected, stream);
    expected->acked = MAX(expected->acked, at);
    expected->known = MAX(expected->known, at);
}

static void
give_up(model *expected, wsclose_stream *stream)
{
    const bool had_hole = wsclose_stream_has_hole(stream);
    const uint64_t passed = stream->passed;

    wsclose_stream_give_up(stream);
    drain(expected, stream);
    g_assert_true((stream->passed > passed) == had_hole);
}

/* Short lengths by one octet, and long ones up to 61440. */
static uint32_t
length_of(uint8_t octet)
{
    return octet < 64 ? octet : (uint32_t)(octet & 15) << (octet >> 4);
}

static void
step(model *expected, wsclose_stream *stream, const uint8_t *octets)
{
    const uint32_t scaled = (octets[1] | (uint32_t)octets[2] << 8) * 3 / 2 % (expected->len + 1);
    const uint32_t passed = place_of(expected, stream);
    /* From the place that is next on, or anywhere. */
    const uint32_t from = octets[0] & 8 ? scaled : MIN(passed + octets[1], expected->len);
    const uint32_t len = MIN(length_of(octets[3]), expected->len - from);
    const uint32_t captured = octets[0] & 16 ? len / 2 : len;

    switch (octets[0] & 7) {
    case 0:
        acknowledge(expected, stream, from);
        break;
    case 1:
        give_up(expected, stream);
        break;
    case 2:
        deliver_astray(expected, stream, from, len);
        break;
    case 3:
        deliver(expected, stream, from, (wsclose_segment){.captured = captured, .len = len,
                                                          .fin = (octets[0] & 0xe0) == 0,
                                                          .syn = (octets[0] & 0xe0) == 32});
        break;
    default:
        deliver(expected, stream, from, (wsclose_segment){.captured = captured, .len = len});
    }
    check_state(expected, stream);
}

/* All of the stream that is missing comes at last. */
static void
deliver_rest(model *expected, wsclose_stream *stream)
{
    const uint32_t segment_len = 1460;

    for (uint32_t at = expected->origin; at < expected->len; at += segment_len) {
        const uint32_t len = MIN(segment_len, expected->len - at);

        deliver(expected, stream, at, (wsclose_segment){.captured = len, .len = len});
    }
    deliver(expected, stream, expected->len, (wsclose_segment){.fin = true});
    check_state(expected, stream);
    g_assert_true(expected->ended);
    g_assert_cmpuint(place_of(expected, stream), ==, expected->fin);
    g_assert_null(stream->pieces);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static model expected;
    wsclose_stream stream = {0};

    if (size < 1)
        return 0;
    if (content[1] == 0)
        fill_content();
    memset(&expected, 0, sizeof expected);
    expected.len = data[0] & 4 ? STREAM_LEN_MAX : STREAM_LEN_SHORT;
    expected.base = (uint32_t)(data[0] & 3) * 0x40000000 - (data[0] >> 3) * 1024u;
    for (size_t i = 0; i < STEPS_MAX && 1 + (i + 1) * STEP_LEN <= size; i++)
        step(&expected, &stream, data + 1 + i * STEP_LEN);
    deliver_rest(&expected, &stream);
    wsclose_stream_clear(&stream);
    return 0;
}
