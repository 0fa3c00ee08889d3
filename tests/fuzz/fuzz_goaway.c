/* fuzz_goaway.c
 * Any octets as GOAWAYs of one sender, one after the other, and what is kept of them.
 *
 * The first octet says what carries the stream, then each one has what is in it, its last stream and its
 * error code.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wsclose/connection.h"

#include "input.h"
#include "oracle.h"

enum { GOAWAYS_MAX = 50, STREAM = 5, NO_ERROR = 0 };

/* Once left out, a stream stays so; the first error other than NO_ERROR is the reason, and where it may
 * not have been read there is none. */
static void
check_join(wsclose_carrier carrier, const wsclose_goaway_fact *before, const wsclose_goaway_fact *next,
           const wsclose_goaway_fact *kept)
{
    const bool had_reason = before->has_error && before->error != NO_ERROR;

    statements += 4;
    g_assert_cmpint(kept->sender, ==, next->sender);
    g_assert_cmpuint(kept->stream, ==, next->stream);
    if (before->sender == WSCLOSE_SIDE_UNKNOWN) {
        g_assert_cmpuint(kept->last, ==, next->last);
        g_assert_cmpuint(kept->error, ==, next->error);
        return;
    }
    g_assert_true(wsclose_goaway_leaves_out(carrier, kept) ==
                  (wsclose_goaway_leaves_out(carrier, before) || wsclose_goaway_leaves_out(carrier, next)));
    if (had_reason)
        g_assert_cmpuint(kept->error, ==, before->error);
    else
        g_assert_true(kept->has_error == (next->error != NO_ERROR || (before->has_error && next->has_error)));
}

/* The same one again changes nothing. */
static void
check_repeated(const wsclose_goaway_fact *kept)
{
    wsclose_goaway_fact again = *kept;

    statements++;
    wsclose_goaway_join(&again, kept);
    g_assert_cmpuint(again.last, ==, kept->last);
    g_assert_cmpuint(again.error, ==, kept->error);
    g_assert_true(again.has_error == kept->has_error);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    reader in = { data, size };
    const wsclose_carrier carrier = next_octet(&in) & 1 ? WSCLOSE_CARRIER_HTTP3 : WSCLOSE_CARRIER_HTTP2;
    wsclose_goaway_fact kept = { .sender = WSCLOSE_SIDE_UNKNOWN };

    for (unsigned i = 0; i < GOAWAYS_MAX && in.size > 0; i++) {
        const uint8_t what = next_octet(&in);
        const bool has_error = carrier == WSCLOSE_CARRIER_HTTP2 && !(what & 32);
        const wsclose_goaway_fact next = { .sender = WSCLOSE_SERVER,
                                           .stream = STREAM,
                                           .last = what & 1 ? UINT32_MAX >> 1 : what >> 1 & 15,
                                           .has_error = has_error,
                                           .error = has_error ? next_octet(&in) & 15 : 0 };
        const wsclose_goaway_fact before = kept;

        wsclose_goaway_join(&kept, &next);
        check_join(carrier, &before, &next, &kept);
        check_repeated(&kept);
    }
    return 0;
}
