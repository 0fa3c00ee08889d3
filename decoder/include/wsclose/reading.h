/* reading.h
 * How far a capture was read, and what is said where something of it was not, or nothing was found.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WSCLOSE_READING_H
#define WSCLOSE_READING_H

#include "coverage.h"
#include "types.h"

#ifdef __cplusplus
extern "C" {
#endif

/** A capture, or several in a row, as far as they were read. */
typedef struct {
    wsclose_coverage coverage;      /**< of the TCP connections */
    uint64_t packets;               /**< all of them, TCP or not */
    uint64_t without_header;        /**< packets of TCP whose header is cut, or was not captured */
    uint64_t quic;                  /**< packets of QUIC, which is not read */
    uint64_t tcp_connections;       /**< that were found */
    uint64_t websocket_connections; /**< likewise */
    uint32_t disabled;              /**< bit i: wsclose_reading_need(i) is not dissected */
} wsclose_reading;

/** A protocol that Wireshark has to dissect: the name to filter with, static; NULL beyond the last.
 *
 *  i  from 0 */
WSCLOSE_API const char *wsclose_reading_need(size_t i);

/** Add what was read of another capture. */
WSCLOSE_API void wsclose_reading_add(wsclose_reading *sum, const wsclose_reading *other);

/** Whether everything could be looked into. */
WSCLOSE_API bool wsclose_reading_is_whole(const wsclose_reading *reading);

/** What could not be looked into, and what to do about it: a paragraph for each, each with a newline at
 *  its end; of no length where everything could be. Free it with wsclose_text_free(). */
WSCLOSE_API char *wsclose_explain_reading(const wsclose_reading *reading);

/** Why no WebSocket connection was found, in a paragraph; static. For a reading that found none. */
WSCLOSE_API const char *wsclose_explain_none_found(const wsclose_reading *reading);

#ifdef __cplusplus
}
#endif

#endif
