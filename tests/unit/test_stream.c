/* test_stream.c
 * Segments in any order are the octets of the stream, once and in order.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wsclose/stream.h"

#include "cpu_time.h"
#include "exact_copy.h"

#define TEXT "abcdefghij"
#define TEXT_LEN 10u
#define REACH ((uint32_t)1 << 30)

/* Where the stream begins: also so that its numbers begin anew at zero within it, and half-way. */
static const uint32_t bases[] = {0, 1000, UINT32_MAX - 4, UINT32_MAX, INT32_MAX - 4};

/* What is next, all of it, as text: octets as they are, '-' for one that the capture lacks, "<n>"
 * for a gap, '.' for the FIN. */
static void
drain(wsclose_stream *stream, GString *out)
{
    wsclose_octets octets = {0};
    wsclose_stream_item item;

    while ((item = wsclose_stream_next(stream, &octets)) != WSCLOSE_STREAM_NOTHING) {
        if (item == WSCLOSE_STREAM_FIN) {
            g_string_append_c(out, '.');
        } else if (item == WSCLOSE_STREAM_GAP) {
            g_assert_cmpuint(octets.captured, ==, 0);
            g_assert_null(octets.data);
            g_string_append_printf(out, "<%" G_GUINT64_FORMAT ">", octets.lacking);
        } else {
            g_assert_cmpuint(octets.captured + octets.lacking, >, 0);
            g_string_append_len(out, (const char *)octets.data, (gssize)octets.captured);
            for (uint64_t i = 0; i < octets.lacking; i++)
                g_string_append_c(out, '-');
        }
    }
}

/* Take a segment from a block of exactly its size, and all that is next after it. */
static bool
deliver(wsclose_stream *stream, wsclose_segment segment, GString *out)
{
    char *copy = exact_copy((const char *)segment.octets, segment.captured);

    segment.octets = (const uint8_t *)copy;
    const bool is_new = wsclose_stream_take(stream, &segment);
    drain(stream, out);
    g_free(copy);
    return is_new;
}

/* Octets from one place to another one of the text, as they are in the capture. */
static wsclose_segment
data(uint32_t base, uint32_t from, uint32_t to)
{
    return (wsclose_segment){
        .seq = base + from,
        .octets = (const uint8_t *)TEXT + from,
        .captured = to - from,
        .len = to - from,
    };
}

static wsclose_segment
syn(uint32_t base)
{
    return (wsclose_segment){.seq = base - 1, .syn = true};
}

static wsclose_segment
fin(uint32_t base, uint32_t from, uint32_t to)
{
    wsclose_segment segment = data(base, from, to);

    segment.fin = true;
    return segment;
}

/* A segment of which the capture has only so many octets. */
static wsclose_segment
cut(wsclose_segment segment, size_t captured)
{
    segment.captured = captured;
    return segment;
}

static void
begin(wsclose_stream *stream, uint32_t base)
{
    const wsclose_segment first = syn(base);

    *stream = (wsclose_stream){0};
    g_assert_false(wsclose_stream_take(stream, &first));
    g_assert_true(stream->begun);
    g_assert_true(stream->whole);
    g_assert_cmpuint(stream->next, ==, base);
}

/* What came is what is expected; and nothing is left. */
static void
end(wsclose_stream *stream, GString *out, const char *expected)
{
    g_assert_cmpstr(out->str, ==, expected);
    g_string_truncate(out, 0);
    wsclose_stream_clear(stream);
    g_assert_false(stream->begun);
    g_assert_null(stream->pieces);
}

/* The n-th order of so many things. */
static void
order_of(unsigned nth, unsigned *order, unsigned n)
{
    for (unsigned i = 0; i < n; i++)
        order[i] = i;
    for (unsigned i = n; i > 1; i--) {
        const unsigned other = nth % i;
        const unsigned last = order[i - 1];

        order[i - 1] = order[other];
        order[other] = last;
        nth /= i;
    }
}

/* One delivery of the text: cut at places, in an order, each segment longer than its part by some
 * octets on either side, and as often as said. The last one has the FIN. */
typedef struct {
    uint32_t base;
    uint32_t cuts[6];
    unsigned segments;
    uint32_t before;
    uint32_t after;
    unsigned times;
} delivery;

static wsclose_segment
segment_of(const delivery *what, unsigned i)
{
    const uint32_t from = what->cuts[i] - MIN(what->cuts[i], what->before);
    const uint32_t to = MIN(TEXT_LEN, what->cuts[i + 1] + what->after);

    return to == TEXT_LEN ? fin(what->base, from, to) : data(what->base, from, to);
}

static void
deliver_in_order(const delivery *what, const unsigned *order, GString *out)
{
    wsclose_stream stream;

    begin(&stream, what->base);
    for (unsigned i = 0; i < what->segments; i++) {
        const wsclose_segment segment = segment_of(what, order[i]);

        for (unsigned times = 0; times < what->times; times++) {
            const bool is_new = deliver(&stream, segment, out);

            g_assert_true(times == 0 || !is_new);
            g_assert_true(g_str_has_prefix(TEXT ".", out->str));
            g_assert_true(stream.fin_yielded || stream.passed == out->len);
        }
    }
    g_assert_cmpuint(stream.passed, ==, TEXT_LEN);
    g_assert_false(wsclose_stream_has_hole(&stream));
    g_assert_null(stream.pieces);
    end(&stream, out, TEXT ".");
}

static void
deliver_in_every_order(const delivery *what, GString *out)
{
    unsigned order[5];
    unsigned orders = 1;

    for (unsigned i = 2; i <= what->segments; i++)
        orders *= i;
    for (unsigned nth = 0; nth < orders; nth++) {
        order_of(nth, order, what->segments);
        deliver_in_order(what, order, out);
    }
}

/* Every cut after the ones that are there, into one segment more each time. */
static void
deliver_every_cut(delivery *what, GString *out)
{
    const uint32_t last = what->cuts[what->segments];

    what->cuts[++what->segments] = TEXT_LEN;
    deliver_in_every_order(what, out);
    for (uint32_t at = last + 1; what->segments < 5 && at < TEXT_LEN; at++) {
        what->cuts[what->segments] = at;
        deliver_every_cut(what, out);
    }
    what->segments--;
}

static void
test_orders(gconstpointer user_data)
{
    GString *out = g_string_new(NULL);
    delivery what = *(const delivery *)user_data;

    for (size_t i = 0; i < G_N_ELEMENTS(bases); i++) {
        what.base = bases[i];
        deliver_every_cut(&what, out);
    }
    g_string_free(out, TRUE);
}

/* Without a SYN the stream begins at the first octet that comes. */
static void
test_no_syn(void)
{
    GString *out = g_string_new(NULL);
    wsclose_stream stream = {0};

    g_assert_false(deliver(&stream, data(7, 2, 2), out));
    g_assert_false(stream.begun);
    g_assert_true(deliver(&stream, data(7, 2, 4), out));
    g_assert_true(stream.begun);
    g_assert_false(stream.whole);
    g_assert_false(deliver(&stream, data(7, 0, 2), out));
    g_assert_false(deliver(&stream, syn(7), out));
    g_assert_true(deliver(&stream, data(7, 0, 5), out));
    g_assert_cmpuint(stream.passed, ==, 3);
    end(&stream, out, "cde");
    g_string_free(out, TRUE);
}

static void
test_syn(void)
{
    GString *out = g_string_new(NULL);
    wsclose_stream stream = {0};
    wsclose_segment first = data(100, 0, 3);

    /* A SYN takes a number of its own. */
    first.seq--;
    first.syn = true;
    g_assert_true(deliver(&stream, first, out));
    g_assert_true(stream.whole);
    g_assert_false(deliver(&stream, first, out));
    g_assert_false(deliver(&stream, syn(100), out));
    g_assert_true(deliver(&stream, data(100, 3, 5), out));
    /* Another one is of another connection. */
    first.seq += 5;
    g_assert_false(deliver(&stream, first, out));
    end(&stream, out, "abcde");
    g_string_free(out, TRUE);
}

/* Octets that came first count. */
static void
test_first_counts(void)
{
    GString *out = g_string_new(NULL);
    wsclose_segment other = data(0, 0, TEXT_LEN);
    wsclose_stream stream;

    other.octets = (const uint8_t *)"0123456789";
    begin(&stream, 0);
    g_assert_true(deliver(&stream, data(0, 2, 4), out));
    g_assert_true(deliver(&stream, data(0, 6, 7), out));
    g_assert_true(deliver(&stream, other, out));
    g_assert_false(deliver(&stream, data(0, 0, TEXT_LEN), out));
    end(&stream, out, "01cd45g789");
    g_string_free(out, TRUE);
}

static void
test_holes(void)
{
    GString *out = g_string_new(NULL);
    wsclose_stream stream;

    for (size_t i = 0; i < G_N_ELEMENTS(bases); i++) {
        const uint32_t base = bases[i];

        begin(&stream, base);
        g_assert_false(wsclose_stream_has_hole(&stream));
        deliver(&stream, data(base, 2, 4), out);
        deliver(&stream, data(base, 6, 7), out);
        g_assert_true(wsclose_stream_has_hole(&stream));
        g_assert_false(wsclose_stream_hole_is_acknowledged(&stream));
        wsclose_stream_acknowledge(&stream, base + 1); /* not all of it */
        g_assert_false(wsclose_stream_hole_is_acknowledged(&stream));
        wsclose_stream_acknowledge(&stream, base + 2);
        g_assert_true(wsclose_stream_hole_is_acknowledged(&stream));
        deliver(&stream, data(base, 0, 2), out);
        g_assert_true(wsclose_stream_has_hole(&stream));
        g_assert_false(wsclose_stream_hole_is_acknowledged(&stream));
        deliver(&stream, data(base, 4, 6), out);
        g_assert_false(wsclose_stream_has_hole(&stream));
        end(&stream, out, "abcdefg");
    }
    g_string_free(out, TRUE);
}

static void
test_given_up(void)
{
    GString *out = g_string_new(NULL);
    wsclose_stream stream;

    for (size_t i = 0; i < G_N_ELEMENTS(bases); i++) {
        const uint32_t base = bases[i];

        begin(&stream, base);
        wsclose_stream_give_up(&stream);
        deliver(&stream, data(base, 2, 4), out);
        deliver(&stream, fin(base, 7, 8), out);
        wsclose_stream_give_up(&stream);
        wsclose_stream_give_up(&stream);
        wsclose_stream_give_up(&stream);
        g_assert_false(wsclose_stream_has_hole(&stream));
        g_assert_cmpuint(stream.passed, ==, 0);
        drain(&stream, out);
        g_assert_cmpuint(stream.passed, ==, 8);
        g_assert_false(deliver(&stream, data(base, 0, 8), out));
        end(&stream, out, "<2>cd<3>h.");
    }
    g_string_free(out, TRUE);
}

/* While octets are borrowed, a caller may ask for and give up what comes after them. */
static void
test_borrowed(void)
{
    GString *out = g_string_new(NULL);
    const wsclose_segment first = data(0, 0, 2);
    wsclose_octets octets;
    wsclose_stream stream;

    begin(&stream, 0);
    deliver(&stream, data(0, 2, 4), out);
    deliver(&stream, data(0, 6, 8), out);
    g_assert_true(wsclose_stream_take(&stream, &first));
    g_assert_true(wsclose_stream_has_hole(&stream));
    g_assert_cmpint(wsclose_stream_next(&stream, &octets), ==, WSCLOSE_STREAM_OCTETS);
    g_assert_true(octets.data == first.octets);
    g_assert_cmpint(wsclose_stream_next(&stream, &octets), ==, WSCLOSE_STREAM_OCTETS);
    wsclose_stream_acknowledge(&stream, 6);
    g_assert_true(wsclose_stream_hole_is_acknowledged(&stream));
    wsclose_stream_give_up(&stream);
    g_assert_false(wsclose_stream_has_hole(&stream));
    g_assert_cmpmem(octets.data, octets.captured, "cd", 2);
    drain(&stream, out);
    end(&stream, out, "<2>gh");
    g_string_free(out, TRUE);
}

/* What was not asked for is passed over: its octets may be gone. */
static void
test_not_asked_for(void)
{
    GString *out = g_string_new(NULL);
    wsclose_stream stream;

    begin(&stream, 0);
    deliver(&stream, data(0, 4, 6), out);
    char *copy = exact_copy(TEXT, 4);
    const wsclose_segment first = {.octets = (const uint8_t *)copy, .captured = 4, .len = 4};
    g_assert_true(wsclose_stream_take(&stream, &first));
    g_free(copy);
    g_assert_true(deliver(&stream, data(0, 5, 8), out));
    g_assert_cmpuint(stream.passed, ==, 8);
    end(&stream, out, "gh");
    g_string_free(out, TRUE);
}

static void
test_acknowledged(void)
{
    GString *out = g_string_new(NULL);
    wsclose_stream stream;

    for (size_t i = 0; i < G_N_ELEMENTS(bases); i++) {
        const uint32_t base = bases[i];

        begin(&stream, base);
        deliver(&stream, data(base, 0, 2), out);
        wsclose_stream_acknowledge(&stream, base + 2);
        g_assert_false(wsclose_stream_has_hole(&stream));
        wsclose_stream_acknowledge(&stream, base + 5);
        wsclose_stream_acknowledge(&stream, base + 4);          /* an earlier one, late */
        wsclose_stream_acknowledge(&stream, base + REACH + 5);  /* astray */
        wsclose_stream_acknowledge(&stream, base - 2 * REACH);
        g_assert_cmpuint(stream.acked, ==, base + 5);
        g_assert_true(wsclose_stream_has_hole(&stream));
        g_assert_true(wsclose_stream_hole_is_acknowledged(&stream));
        deliver(&stream, data(base, 2, 3), out);
        g_assert_true(wsclose_stream_hole_is_acknowledged(&stream));
        wsclose_stream_give_up(&stream);
        drain(&stream, out);
        g_assert_false(wsclose_stream_has_hole(&stream));
        g_assert_true(deliver(&stream, data(base, 4, 6), out));
        end(&stream, out, "abc<2>f");
    }
    g_string_free(out, TRUE);
}

/* An acknowledgement may come before anything of the direction does. */
static void
test_acknowledged_before(void)
{
    GString *out = g_string_new(NULL);
    wsclose_stream stream = {0};

    wsclose_stream_acknowledge(&stream, 6);
    wsclose_stream_acknowledge(&stream, 4);
    g_assert_false(wsclose_stream_has_hole(&stream));
    g_assert_false(wsclose_stream_hole_is_acknowledged(&stream));
    wsclose_stream_give_up(&stream);
    deliver(&stream, data(0, 2, 4), out);
    g_assert_true(wsclose_stream_hole_is_acknowledged(&stream));
    deliver(&stream, data(0, 4, 6), out);
    g_assert_false(wsclose_stream_has_hole(&stream));
    end(&stream, out, "cdef");

    wsclose_stream_acknowledge(&stream, REACH + 3); /* of another connection */
    deliver(&stream, data(0, 2, 4), out);
    g_assert_false(stream.has_ack);
    g_assert_false(wsclose_stream_has_hole(&stream));
    end(&stream, out, "cd");
    g_string_free(out, TRUE);
}

/* An acknowledgement does not come to lie ahead again, however many octets pass after it. */
static void
test_acknowledged_long_ago(void)
{
    const wsclose_segment step = {.len = REACH / 4};
    wsclose_stream stream;
    wsclose_octets octets;

    begin(&stream, 0);
    wsclose_stream_acknowledge(&stream, 1);
    for (unsigned i = 0; i < 40; i++) {
        wsclose_segment segment = step;

        segment.seq = stream.next;
        g_assert_true(wsclose_stream_take(&stream, &segment));
        g_assert_cmpint(wsclose_stream_next(&stream, &octets), ==, WSCLOSE_STREAM_OCTETS);
        g_assert_cmpuint(octets.lacking, ==, step.len);
        g_assert_false(wsclose_stream_has_hole(&stream));
    }
    g_assert_cmpuint(stream.passed, ==, (uint64_t)40 * step.len);
    wsclose_stream_acknowledge(&stream, stream.next + 1);
    g_assert_true(wsclose_stream_has_hole(&stream));
    wsclose_stream_clear(&stream);
}

static void
test_fin(void)
{
    GString *out = g_string_new(NULL);
    wsclose_stream stream;

    for (size_t i = 0; i < G_N_ELEMENTS(bases); i++) {
        const uint32_t base = bases[i];

        begin(&stream, base);
        g_assert_true(deliver(&stream, fin(base, 4, 4), out)); /* before octets that precede it */
        g_assert_true(wsclose_stream_has_hole(&stream));
        g_assert_false(deliver(&stream, fin(base, 4, 4), out));
        g_assert_false(deliver(&stream, data(base, 4, 6), out)); /* beyond it */
        g_assert_false(deliver(&stream, fin(base, 5, 6), out));
        g_assert_true(deliver(&stream, data(base, 2, 6), out));
        g_assert_cmpstr(out->str, ==, "");
        g_assert_true(deliver(&stream, data(base, 0, 2), out));
        g_assert_false(deliver(&stream, fin(base, 2, 4), out));
        g_assert_true(stream.fin_yielded);
        wsclose_stream_acknowledge(&stream, base + 5);
        g_assert_false(wsclose_stream_has_hole(&stream));
        wsclose_stream_acknowledge(&stream, base + 7);
        g_assert_false(wsclose_stream_has_hole(&stream));
        wsclose_stream_give_up(&stream);
        drain(&stream, out);
        g_assert_cmpuint(stream.passed, ==, 4);
        end(&stream, out, "abcd.");
    }
    g_string_free(out, TRUE);
}

/* A FIN before octets that wait ends the stream; one before octets that were yielded does not. */
static void
test_fin_before_octets(void)
{
    GString *out = g_string_new(NULL);
    wsclose_stream stream;

    for (uint32_t at = 0; at <= TEXT_LEN; at++) {
        char *expected = g_strdup_printf("%.*s.", (int)at, "abcde--hij");

        begin(&stream, 0);
        deliver(&stream, data(0, 1, 3), out);
        deliver(&stream, cut(data(0, 4, 7), 1), out);
        deliver(&stream, data(0, 8, TEXT_LEN), out);
        g_assert_true(deliver(&stream, fin(0, at, at), out));
        deliver(&stream, data(0, 0, TEXT_LEN), out);
        end(&stream, out, expected);
        g_free(expected);
    }
    begin(&stream, 0);
    deliver(&stream, data(0, 0, 4), out);
    g_assert_false(deliver(&stream, fin(0, 3, 3), out));
    g_assert_true(deliver(&stream, fin(0, 3, 5), out));
    end(&stream, out, "abcde.");
    g_string_free(out, TRUE);
}

/* A stream of which nothing but its FIN is there; and one whose FIN is not. */
static void
test_fin_alone(void)
{
    GString *out = g_string_new(NULL);
    wsclose_stream stream = {0};

    g_assert_true(deliver(&stream, fin(0, 5, 5), out));
    g_assert_false(deliver(&stream, fin(0, 5, 5), out));
    end(&stream, out, ".");

    begin(&stream, 0);
    deliver(&stream, data(0, 0, 3), out);
    wsclose_stream_acknowledge(&stream, 4);
    g_assert_true(wsclose_stream_has_hole(&stream));
    g_assert_true(deliver(&stream, fin(0, 3, 3), out));
    g_assert_false(wsclose_stream_has_hole(&stream));
    end(&stream, out, "abc.");
    g_string_free(out, TRUE);
}

static void
test_keep_alive(void)
{
    GString *out = g_string_new(NULL);
    wsclose_stream stream;

    begin(&stream, 0);
    deliver(&stream, data(0, 0, 4), out);
    g_assert_false(deliver(&stream, data(0, 3, 3), out));
    g_assert_false(deliver(&stream, (wsclose_segment){3, (const uint8_t *)"", 1, 1, false, false},
                           out));
    g_assert_false(deliver(&stream, data(0, 4, 4), out));
    g_assert_false(wsclose_stream_has_hole(&stream));
    end(&stream, out, "abcd");
    g_string_free(out, TRUE);
}

/* Octets that the capture lacks are there. */
static void
test_cut(void)
{
    GString *out = g_string_new(NULL);
    wsclose_stream stream;

    begin(&stream, 0);
    deliver(&stream, cut(data(0, 0, 3), 1), out);
    deliver(&stream, cut(data(0, 5, 7), 1), out); /* these wait */
    deliver(&stream, cut(data(0, 7, 9), 0), out);
    deliver(&stream, data(0, 9, 10), out);
    g_assert_false(deliver(&stream, data(0, 0, 3), out));
    g_assert_false(deliver(&stream, data(0, 5, 8), out));
    deliver(&stream, cut(data(0, 1, 6), 3), out); /* begins with octets that have come */
    end(&stream, out, "a--d-f---j");

    begin(&stream, 0);
    deliver(&stream, cut(data(0, 0, 4), 0), out);
    deliver(&stream, cut(data(0, 2, 6), 1), out);
    end(&stream, out, "------");
    g_string_free(out, TRUE);
}

/* Segments that cannot be of this stream. */
static void
test_astray(void)
{
    GString *out = g_string_new(NULL);
    wsclose_stream stream;

    stream = (wsclose_stream){0};
    g_assert_false(deliver(&stream, (wsclose_segment){.len = REACH + 1}, out));
    g_assert_false(stream.begun);
    for (size_t i = 0; i < G_N_ELEMENTS(bases); i++) {
        wsclose_segment segment = fin(bases[i], 0, 4);

        begin(&stream, bases[i]);
        deliver(&stream, data(bases[i], 0, 6), out);
        for (uint32_t off = 1; off < 4; off++) {
            segment.seq = stream.next + off * REACH;
            g_assert_false(deliver(&stream, segment, out));
        }
        segment.seq = stream.next - REACH;
        segment.len = UINT32_MAX;
        g_assert_false(deliver(&stream, segment, out));
        g_assert_false(wsclose_stream_has_hole(&stream));
        g_assert_false(stream.has_fin);
        end(&stream, out, "abcdef");
    }
    g_string_free(out, TRUE);
}

/* Segments of one octet with a hole before each: one more than may wait gives the first hole up. */
static void
test_too_many_pieces(void)
{
    GString *out = g_string_new(NULL);
    wsclose_stream stream;

    begin(&stream, 0);
    for (uint32_t i = 0; i < WSCLOSE_STREAM_PIECES_MAX; i++) {
        wsclose_segment segment = data(0, 0, 1);

        segment.seq = 2 * i + 1;
        g_assert_true(deliver(&stream, segment, out));
    }
    g_assert_cmpstr(out->str, ==, "");
    deliver(&stream, (wsclose_segment){.seq = 500, .len = 3}, out);
    g_assert_cmpstr(out->str, ==, "<1>a");
    deliver(&stream, (wsclose_segment){.seq = 600, .len = 3}, out);
    g_assert_cmpstr(out->str, ==, "<1>a<1>a");
    /* All holes but one close at once: nothing more is given up. */
    deliver(&stream, (wsclose_segment){.seq = 0, .len = 501}, out);
    g_assert_cmpuint(stream.passed, ==, 503);
    g_assert_null(strstr(out->str + 8, "<"));
    g_assert_true(wsclose_stream_has_hole(&stream));
    wsclose_stream_clear(&stream);
    g_string_free(out, TRUE);
}

/* What is contiguous is one run, whatever order it came in. */
static void
test_runs(gconstpointer user_data)
{
    const bool backwards = GPOINTER_TO_INT(user_data);
    const uint32_t len = 1000;
    GString *out = g_string_new(NULL);
    wsclose_stream stream;

    begin(&stream, 0);
    for (uint32_t i = 0; i < len; i++) {
        wsclose_segment segment = data(0, 0, 1);

        segment.seq = backwards ? len - i : i + 1;
        g_assert_true(deliver(&stream, segment, out));
    }
    g_assert_cmpuint(out->len, ==, 0);
    deliver(&stream, data(0, 0, 1), out);
    g_assert_cmpuint(out->len, ==, len + 1);
    wsclose_stream_clear(&stream);
    g_string_free(out, TRUE);
}

static void
test_too_many_octets(void)
{
    const uint32_t half = WSCLOSE_STREAM_KEPT_MAX / 2;
    uint8_t *octets = g_malloc0(WSCLOSE_STREAM_KEPT_MAX + 1);
    wsclose_segment segment = {1, octets, half, half, false, false};
    GString *out = g_string_new(NULL);
    wsclose_stream stream;

    begin(&stream, 0);
    deliver(&stream, segment, out);
    segment.seq += half + 1;
    deliver(&stream, segment, out);
    g_assert_cmpuint(stream.passed, ==, 0);
    deliver(&stream, (wsclose_segment){2 * half + 10, octets, 1, 1, false, false}, out);
    g_assert_cmpuint(stream.passed, ==, half + 1);
    g_assert_true(wsclose_stream_has_hole(&stream));

    /* A segment of more than may wait: nothing is given up where it does not wait. */
    wsclose_stream_clear(&stream);
    begin(&stream, 0);
    segment.captured = segment.len = WSCLOSE_STREAM_KEPT_MAX + 1;
    segment.seq = 0;
    deliver(&stream, segment, out);
    segment.seq = stream.next + 1;
    deliver(&stream, segment, out);
    g_assert_cmpuint(stream.passed, ==, 2 * segment.len + 1);
    wsclose_stream_clear(&stream);
    g_string_free(out, TRUE);
    g_free(octets);
}

/* Octets in order are borrowed, not copied: more than a million segments a second, were it only
 * that, with sanitizers in it as well. */
static void
test_speed(void)
{
    const unsigned rounds = 2000000;
    const uint8_t octets[16] = {0};
    wsclose_segment segment = {0, octets, sizeof octets, sizeof octets, false, false};
    wsclose_octets out;
    wsclose_stream stream;

    begin(&stream, 0);
    const gint64 before = cpu_time();
    for (unsigned i = 0; i < rounds; i++) {
        segment.seq = stream.next;
        wsclose_stream_take(&stream, &segment);
        while (wsclose_stream_next(&stream, &out) != WSCLOSE_STREAM_NOTHING)
            g_assert_true(out.data == octets);
        wsclose_stream_acknowledge(&stream, stream.next);
        g_assert_null(stream.pieces);
    }
    const double seconds = (double)MAX(cpu_time() - before, 1) / 1e6;
    g_assert_cmpuint(stream.passed, ==, (uint64_t)rounds * sizeof octets);
    g_test_message("%.1f million segments/s", rounds / seconds / 1e6);
    assert_cpu_seconds(before, rounds / 1e6);
    wsclose_stream_clear(&stream);
}

/* What is taken at once is what is taken and asked for. */
static void
test_take_next(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(bases); i++) {
        const uint32_t base = bases[i];
        const wsclose_segment others[] = {syn(base), data(base, 1, 4), data(base, 4, 4),
                                          data(base, 5, 6), fin(base, 4, 6)};
        wsclose_segment cut = data(base, 4, 8);
        wsclose_stream at_once = {0};
        wsclose_stream stream = {0};
        wsclose_octets octets = {0};
        wsclose_octets expected = {0};
        wsclose_segment first = data(base, 0, 4);

        g_assert_false(wsclose_stream_take_next(&at_once, &first, &octets));
        g_assert_true(wsclose_stream_take(&at_once, &first) && wsclose_stream_take(&stream, &first));
        g_assert_false(wsclose_stream_take_next(&at_once, &cut, &octets)); /* some is at hand */
        while (wsclose_stream_next(&at_once, &octets) != WSCLOSE_STREAM_NOTHING)
            ;
        for (size_t n = 0; n < G_N_ELEMENTS(others); n++)
            g_assert_false(wsclose_stream_take_next(&at_once, &others[n], &octets));
        cut.captured = 3;
        g_assert_true(wsclose_stream_take_next(&at_once, &cut, &octets));
        g_assert_true(wsclose_stream_take(&stream, &cut));
        g_assert_cmpuint(wsclose_stream_next(&stream, &expected), ==, WSCLOSE_STREAM_OCTETS);
        g_assert_true(octets.data == expected.data && octets.captured == 3 && octets.lacking == 1);
        g_assert_cmpuint(wsclose_stream_next(&stream, &expected), ==, WSCLOSE_STREAM_NOTHING);
        g_assert_cmpuint(at_once.next, ==, stream.next);
        g_assert_cmpuint(at_once.passed, ==, stream.passed);
        const wsclose_segment end = fin(base, 8, 8);
        g_assert_true(wsclose_stream_take(&at_once, &end));
        const wsclose_segment last = data(base, 8, 9);
        g_assert_false(wsclose_stream_take_next(&at_once, &last, &octets)); /* behind a FIN */
        wsclose_stream_clear(&at_once);
        wsclose_stream_clear(&stream);
    }
}

static void
test_size(void)
{
    g_assert_cmpuint(sizeof(wsclose_stream), <=, 64);
}

static void
add_orders(void)
{
    static const struct {
        const char *path;
        delivery what;
    } rows[] = {
        {"/stream/orders/once", {.times = 1}},
        {"/stream/orders/twice", {.times = 2}},
        {"/stream/orders/longer-before", {.times = 1, .before = 2}},
        {"/stream/orders/longer-after", {.times = 1, .after = 3}},
        {"/stream/orders/longer", {.times = 2, .before = 1, .after = 1}},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
        g_test_add_data_func(rows[i].path, &rows[i].what, test_orders);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    add_orders();
    g_test_add_func("/stream/no-syn", test_no_syn);
    g_test_add_func("/stream/syn", test_syn);
    g_test_add_func("/stream/first-counts", test_first_counts);
    g_test_add_func("/stream/holes", test_holes);
    g_test_add_func("/stream/given-up", test_given_up);
    g_test_add_func("/stream/borrowed", test_borrowed);
    g_test_add_func("/stream/not-asked-for", test_not_asked_for);
    g_test_add_func("/stream/acknowledged", test_acknowledged);
    g_test_add_func("/stream/acknowledged-before", test_acknowledged_before);
    g_test_add_func("/stream/acknowledged-long-ago", test_acknowledged_long_ago);
    g_test_add_func("/stream/fin", test_fin);
    g_test_add_func("/stream/fin-before-octets", test_fin_before_octets);
    g_test_add_func("/stream/fin-alone", test_fin_alone);
    g_test_add_func("/stream/keep-alive", test_keep_alive);
    g_test_add_func("/stream/cut", test_cut);
    g_test_add_func("/stream/astray", test_astray);
    g_test_add_func("/stream/too-many-pieces", test_too_many_pieces);
    g_test_add_data_func("/stream/runs/forwards", GINT_TO_POINTER(FALSE), test_runs);
    g_test_add_data_func("/stream/runs/backwards", GINT_TO_POINTER(TRUE), test_runs);
    g_test_add_func("/stream/too-many-octets", test_too_many_octets);
    g_test_add_func("/stream/take-next", test_take_next);
    g_test_add_func("/stream/speed", test_speed);
    g_test_add_func("/stream/size", test_size);
    return g_test_run();
}
