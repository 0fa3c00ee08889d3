/* refused_status.h
 * HTTP statuses that refuse an opening handshake: what they mean there, and what to do.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WSCLOSE_WORDS_REFUSED_STATUS_H
#define WSCLOSE_WORDS_REFUSED_STATUS_H

#include <stdint.h>

#include "wsclose/cause.h"

/* One status, or a range of them.
 * NOLINTNEXTLINE(clang-analyzer-optin.performance.Padding): rows are read in this order. */
typedef struct {
    uint16_t first;
    uint16_t last;
    const char *name;
    const char *seen_when; /* this and fix are rows with the slots of a carrier */
    const char *fix;
    wsclose_by by; /* on which side that is */
} refused_status;

/* The row of a status over a carrier; never NULL. */
const refused_status *refused_status_lookup(wsclose_carrier carrier, uint16_t status);

#endif
