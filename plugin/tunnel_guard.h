/* tunnel_guard.h
 * Keep Wireshark in step where it dissects WebSocket in HTTP/2 itself.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WSCLOSE_PLUGIN_TUNNEL_GUARD_H
#define WSCLOSE_PLUGIN_TUNNEL_GUARD_H

#include "compat.h"

#include "http2_flow.h"

/* Once, from the registration routine, and from the handoff routine. */
void tunnel_guard_register(void);
void tunnel_guard_handoff(void);

/* Guard a flow from the next packet on. */
void tunnel_guard_flow(http2_flow *flow, packet_info *pinfo);

#endif
