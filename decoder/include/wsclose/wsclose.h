/* wsclose.h
 * All of the library: why a WebSocket connection closed.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WSCLOSE_WSCLOSE_H
#define WSCLOSE_WSCLOSE_H

#include "cause.h"
#include "code.h"
#include "connection.h"
#include "coverage.h"
#include "explain.h"
#include "extension.h"
#include "finding.h"
#include "flow.h"
#include "frame.h"
#include "handshake.h"
#include "http1.h"
#include "http2.h"
#include "json_text.h"
#include "message.h"
#include "negotiation.h"
#include "neighbours.h"
#include "reading.h"
#include "scanner.h"
#include "stream.h"
#include "tls_servers.h"
#include "traffic.h"
#include "types.h"

#endif
