/* fuzz_neighbours.c
 * Any octets as ends of connections of one address, in the order of their time.
 *
 * Each is of four octets: how much later it is, its age and its silence, and the id.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wsclose/neighbours.h"

#include "input.h"
#include "oracle.h"

enum { ENDS_MAX = 200 };

static const int64_t second = G_GINT64_CONSTANT(1000000000);

static void
check_together(const wsclose_shared_end *ends, size_t count, size_t all, int64_t span)
{
    const size_t together = wsclose_ends_together(ends, count, all, span);

    statements++;
    g_assert_cmpuint(together, >=, 1);
    g_assert_cmpuint(together, <=, count);
    wsclose_ends_are_alike(ends, together);
    /* Ends that come after them can add to those that belong together, and take none away. */
    if (together > 1)
        g_assert_cmpuint(wsclose_ends_together(ends, together, all, span), ==, together);
    /* One of them alone is no company. */
    g_assert_cmpuint(wsclose_ends_together(ends, 1, all, span), ==, 1);
}

/* All times later by the same: nothing changes. */
static void
check_moved(const wsclose_shared_end *ends, size_t count, size_t all, int64_t span)
{
    wsclose_shared_end moved[ENDS_MAX];

    for (size_t i = 0; i < count; i++) {
        moved[i] = ends[i];
        moved[i].time += 1000 * second;
        moved[i].id += 7;
    }
    statements++;
    g_assert_cmpuint(wsclose_ends_together(ends, count, all, span), ==,
                     wsclose_ends_together(moved, count, all, span));
    g_assert_true(wsclose_ends_are_alike(ends, count) == wsclose_ends_are_alike(moved, count));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    reader in = { data, size };
    wsclose_shared_end ends[ENDS_MAX];
    const size_t more = next_number(&in, 2);
    size_t count = 0;
    int64_t time = next_octet(&in) * second;

    for (; count < ENDS_MAX && in.size >= 4; count++) {
        const uint8_t step = next_octet(&in);

        time += step < 128 ? step * second / 1000 : step * second;
        ends[count] = (wsclose_shared_end){ .time = time,
                                            .age = next_octet(&in) * 10 * second,
                                            .idle = next_octet(&in) * second / 2,
                                            .by = more & 1 ? WSCLOSE_CLIENT : WSCLOSE_SERVER,
                                            .id = next_octet(&in) };
    }
    if (count == 0)
        return 0;
    const int64_t span = time - ends[0].time + (int64_t)more * second;

    check_together(ends, count, count + more, span);
    check_moved(ends, count, count + more, span);
    return 0;
}
