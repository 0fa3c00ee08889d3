/* faults.h
 * What is said of a response that the client must reject: one row per wsclose_handshake_fault bit.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WSCLOSE_FAULTS_H
#define WSCLOSE_FAULTS_H

#include <glib.h>

#include "bits.h"
#include "wsclose/handshake.h"

/* All texts of one fault. */
typedef struct {
    const char *brief;    /* "wrong Sec-WebSocket-Accept"; its slots: unsolicited and invalid, the
                           extension at fault */
    const char *sentence; /* what the response has, and the rule against it; its slots: the
                             carrier's */
    const char *causes;   /* when it is seen */
    const char *fix;
} fault_words;

/* How a proxy passes the headers of an upgrade on. */
#define PASS_ON_IN_NGINX                                                                           \
    "(in nginx: proxy_http_version 1.1, proxy_set_header Upgrade $http_upgrade, proxy_set_header " \
    "Connection \"upgrade\")"

/* By BIT_INDEX() of the bit. */
extern const fault_words faults_words[WSCLOSE_FAULT_COUNT];

#endif
