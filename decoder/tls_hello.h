/* tls_hello.h
 * What a ClientHello shows in clear: the server's name and the protocols that the client offers
 * (RFC 8446 section 4.1.2, RFC 6066 section 3, RFC 7301 section 3.1).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WSCLOSE_TLS_HELLO_H
#define WSCLOSE_TLS_HELLO_H

#include <glib.h>

#include "wsclose/types.h"

/* Octets of a client from its first one on that are looked at: hellos have some 2,000 at most. */
enum { TLS_HELLO_MAX = 8192 };

typedef struct {
    char *server_name; /* owned; NULL where there is none */
    char *protocols; /* of ALPN, in their order, "h2, http/1.1"; owned; NULL where there are none */
} tls_hello;

typedef enum {
    TLS_HELLO_MORE, /* it goes on behind these octets */
    TLS_HELLO_NONE, /* they are no ClientHello */
    TLS_HELLO_READ
} tls_hello_state;

/* Read what a client sends first.
 *
 *  octets  in order, records of TLS and all
 *  hello   all zeros; filled where TLS_HELLO_READ is returned */
tls_hello_state tls_hello_read(const uint8_t *octets, size_t len, tls_hello *hello);

void tls_hello_clear(tls_hello *hello);

#endif
