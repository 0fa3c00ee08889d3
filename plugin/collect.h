/* collect.h
 * From a packet to facts: its octets go to the decoder, what the decoder finds goes to the store.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WSCLOSE_PLUGIN_COLLECT_H
#define WSCLOSE_PLUGIN_COLLECT_H

#include "compat.h"

#include <wsclose/flow.h>
#include <wsclose/reading.h>
#include <wsclose/tls_servers.h>

#include "store.h"

/* Begin a capture; end it.
 *
 *  tls_servers          whose connections are taken for WebSocket where nobody decrypts them; taken
 *                       over; NULL for none
 *  no_status_threshold  on how many connections an address may send an empty Close before that is a
 *                       finding; 0 for never */
void collect_begin(const wsclose_flow_options *options, wsclose_tls_servers *tls_servers,
                   unsigned no_status_threshold);
void collect_end(void);

/* Take a packet into the store, and return its events, or NULL. On the first pass only, in the
 * order of the capture.
 *
 *  frame  the whole packet */
const store_event *collect_packet(tvbuff_t *frame, packet_info *pinfo);

/* The time of the latest packet of TCP, in nanoseconds. */
int64_t collect_latest(void);

/* Tell how far the capture was read so far. */
void collect_tell(wsclose_reading *reading);

#endif
