/* types.c
 * Names of the two endpoints.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wsclose/types.h"

const char *
wsclose_endpoint_name(wsclose_endpoint endpoint)
{
    switch (endpoint) {
    case WSCLOSE_ENDPOINT_CLIENT:
        return "client";
    case WSCLOSE_ENDPOINT_SERVER:
        return "server";
    case WSCLOSE_ENDPOINT_UNKNOWN:
        break;
    }
    return "unknown endpoint";
}

wsclose_endpoint
wsclose_endpoint_peer(wsclose_endpoint endpoint)
{
    switch (endpoint) {
    case WSCLOSE_ENDPOINT_CLIENT:
        return WSCLOSE_ENDPOINT_SERVER;
    case WSCLOSE_ENDPOINT_SERVER:
        return WSCLOSE_ENDPOINT_CLIENT;
    case WSCLOSE_ENDPOINT_UNKNOWN:
        break;
    }
    return WSCLOSE_ENDPOINT_UNKNOWN;
}
