/* octets.h
 * Octets of a stream, used up from the front.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WSCLOSE_OCTETS_H
#define WSCLOSE_OCTETS_H

#include "wsclose/types.h"

/** Move past octets that are captured. */
static inline void
octets_pass(wsclose_octets *input, size_t octets)
{
    if (octets > 0)
        input->data += octets;
    input->captured -= octets;
}

#endif
