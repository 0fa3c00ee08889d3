/* refused_status.h
 * HTTP statuses that answer an upgrade in place of 101: what they mean there, and what to do.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WSCLOSE_REFUSED_STATUS_H
#define WSCLOSE_REFUSED_STATUS_H

#include <stdint.h>

/* One status, or a range of them. */
typedef struct {
    uint16_t first;
    uint16_t last;
    const char *name;
    const char *seen_when;
    const char *fix;
} refused_status;

/* The row of a status; never NULL. */
const refused_status *refused_status_lookup(uint16_t status);

#endif
