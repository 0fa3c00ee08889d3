/* tls_servers.h
 * A user's list of TLS servers whose connections are WebSocket, as far as that user knows.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WSCLOSE_TLS_SERVERS_H
#define WSCLOSE_TLS_SERVERS_H

#include "types.h"

#ifdef __cplusplus
extern "C" {
#endif

/** The list; made by wsclose_tls_servers_new(). */
typedef struct wsclose_tls_servers wsclose_tls_servers;

/** One end of a TCP connection. Borrowed. */
typedef struct {
    const uint8_t *address; /**< of IPv4 or IPv6, in the order of the network */
    size_t address_len;     /**< 4 or 16; else only port and name count */
    uint16_t port;          /**< of this end */
    wsclose_slice name;     /**< server_name of the ClientHello; of no length where not seen */
    uint16_t other_port;    /**< of the other end */
    bool is_server;         /**< the ClientHello shows that this end is the server */
} wsclose_tls_end;

/** Read a list: entries between commas or blanks, each one of
 *
 *      all                  every TLS server
 *      443                  a port
 *      192.0.2.1            an address of IPv4 or IPv6; /24 after it: a network
 *      api.example.com      a name that the client asks for (SNI); *.example.com: any below
 *
 *  and an address or a name with ":443" after it, of IPv6 in brackets.
 *
 *  error  where it is not NULL: what is wrong with the first entry that is none of these, in a new
 *         text; untouched where all are right. Free it with wsclose_text_free().
 *
 *  Returns the list of those that are right; NULL where there is none. */
WSCLOSE_API wsclose_tls_servers *wsclose_tls_servers_new(const char *list, char **error);

/** Free a list; NULL is ignored. */
WSCLOSE_API void wsclose_tls_servers_free(wsclose_tls_servers *servers);

/** Whether an end is a server of the list. Where nothing shows which end is the server, "all" takes
 *  the one with the lower port for it. NULL is an empty list. */
WSCLOSE_API bool wsclose_tls_servers_match(const wsclose_tls_servers *servers,
                                           const wsclose_tls_end *end);

#ifdef __cplusplus
}
#endif

#endif
