/* types.c
 * Names of the two sides.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wsclose/types.h"

const char *
wsclose_side_name(wsclose_side side)
{
    switch (side) {
    case WSCLOSE_CLIENT:
        return "client";
    case WSCLOSE_SERVER:
        return "server";
    case WSCLOSE_SIDE_UNKNOWN:
        break;
    }
    return "unknown side";
}

wsclose_side
wsclose_side_peer(wsclose_side side)
{
    switch (side) {
    case WSCLOSE_CLIENT:
        return WSCLOSE_SERVER;
    case WSCLOSE_SERVER:
        return WSCLOSE_CLIENT;
    case WSCLOSE_SIDE_UNKNOWN:
        break;
    }
    return WSCLOSE_SIDE_UNKNOWN;
}
