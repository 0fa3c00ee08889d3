/* reading.c
 * How far the captures were read that the reports tell of.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "reading.h"

#include <epan/proto.h>

#include "collect.h"

static wsclose_reading before; /* of the captures before the one at hand */
static uint32_t disabled;
static bool is_open;  /* there is a capture at hand */
static bool is_known; /* the reports began anew after they were told of it, and are told again */

static bool
is_disabled(const char *name)
{
    const int id = proto_get_id_by_filter_name(name);

    return id != -1 && !proto_is_protocol_enabled(find_protocol_by_id(id));
}

static void
begin(void)
{
    const char *name;

    disabled = 0;
    for (size_t i = 0; (name = wsclose_reading_need(i)) != NULL; i++)
        disabled |= (uint32_t)is_disabled(name) << i;
    is_open = true;
    is_known = false;
}

void
reading_register(void)
{
    register_init_routine(begin);
}

static wsclose_reading
at_hand(void)
{
    wsclose_reading reading = { 0 };

    if (is_open) {
        collect_tell(&reading);
        reading.disabled = disabled;
    }
    return reading;
}

void
reading_capture_ends(void)
{
    const wsclose_reading reading = at_hand();

    if (!is_known)
        wsclose_reading_add(&before, &reading);
    is_open = false;
}

void
reading_begin_anew(void)
{
    before = (wsclose_reading){ 0 };
    is_known = at_hand().packets > 0;
}

wsclose_reading
reading_so_far(void)
{
    wsclose_reading reading = at_hand();

    wsclose_reading_add(&reading, &before);
    return reading;
}

void
reading_counts(const wsclose_reading *reading, reading_count counts[READING_COUNTS])
{
    const wsclose_coverage *coverage = &reading->coverage;
    const reading_count all[READING_COUNTS] = {
        { "tls_without_keys", "TCP connections: TLS without keys", coverage->tls_without_keys },
        { "tls_partly", "TCP connections: TLS, decrypted in part", coverage->tls_partly },
        { "begun_before", "TCP connections: begun before the capture", coverage->begun_before },
        { "with_gaps", "TCP connections: segments are missing", coverage->with_gaps },
        { "cut", "TCP connections: packets are cut short", coverage->cut },
        { "without_header", "packets of TCP: no whole header", reading->without_header },
        { "quic", "packets of QUIC: not read", reading->quic },
    };

    memcpy(counts, all, sizeof all);
}
