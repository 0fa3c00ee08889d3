/* coverage.h
 * What of a capture could not be looked into: TLS without keys, TCP connections that had begun before,
 * octets that are missing. Where it is nothing, "no WebSocket connection" means that there is none.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WSCLOSE_COVERAGE_H
#define WSCLOSE_COVERAGE_H

#include "flow.h"
#include "types.h"

#ifdef __cplusplus
extern "C" {
#endif

/** How many TCP connections could not be looked into, by what stood in the way; one may count for
 *  several. All zeros is none. */
typedef struct {
    uint64_t tls_without_keys; /**< TLS of which nothing was decrypted */
    uint64_t tls_outside;      /**< of them, those that are told from outside (tls_servers.h) */
    uint64_t tls_partly;       /**< TLS of which some was, and not all: of one side, mostly */
    uint64_t
        begun_before;   /**< their opening, and an opening handshake in it, is not in the capture */
    uint64_t with_gaps; /**< segments are missing, of a WebSocket connection or of one that may be */
    uint64_t cut;       /**< likewise: the capture has only the start of their packets */
} wsclose_coverage;

/** Count a TCP connection as far as it was read, before the flow is freed. */
WSCLOSE_API void wsclose_coverage_take(wsclose_coverage *coverage, const wsclose_flow *flow);

/** Count one of which no octet of payload was seen.
 *
 *  begun  whether the capture has its beginning, a SYN */
WSCLOSE_API void wsclose_coverage_take_empty(wsclose_coverage *coverage, bool begun);

/** Add the counts of another capture. */
WSCLOSE_API void wsclose_coverage_add(wsclose_coverage *sum, const wsclose_coverage *other);

/** Whether everything could be looked into. */
WSCLOSE_API bool wsclose_coverage_is_whole(const wsclose_coverage *coverage);

/** What could not be looked into, and what to do about it: a paragraph for each, one below the other,
 *  each with a newline at its end; of no length where everything could be. Free it with
 *  wsclose_text_free(). */
WSCLOSE_API char *wsclose_explain_coverage(const wsclose_coverage *coverage);

#ifdef __cplusplus
}
#endif

#endif
