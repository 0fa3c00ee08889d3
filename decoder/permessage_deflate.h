/* permessage_deflate.h
 * The parameters of permessage-deflate (RFC 7692 section 7.1).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WSCLOSE_PERMESSAGE_DEFLATE_H
#define WSCLOSE_PERMESSAGE_DEFLATE_H

#include "wsclose/extension.h"
#include "wsclose/types.h"

/** The name it is registered under. */
#define DEFLATE_NAME "permessage-deflate"

/** The parameters of one offer, or of one response. */
typedef struct {
    bool server_no_context_takeover;
    bool client_no_context_takeover;
    bool has_server_max_window_bits;
    bool has_client_max_window_bits;
    int server_max_window_bits; /**< 8..15, 0 where it has no value or is not there */
    int client_max_window_bits; /**< likewise */
} deflate_params;

/** Read the parameters of one element, as they must be whatever the other side says.
 *
 *  sender  client for an offer, server for a response
 *  out     complete only where NULL is returned
 *
 *  Returns NULL, or a new sentence on the first breach; free it with g_free(). */
char *deflate_params_read(deflate_params *out, const wsclose_ext *ext, wsclose_side sender);

/** How many rules a response breaks that the offer sets; 0 where the offer allows it. */
unsigned deflate_params_breach_count(const deflate_params *offer, const deflate_params *response);

/** The first rule that a response breaks, as a new sentence; NULL where the offer allows it. */
char *deflate_params_breach(const deflate_params *offer, const deflate_params *response);

#endif
