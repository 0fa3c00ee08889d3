/* store.h
 * What is kept of a capture: WebSocket connections, and the events of each packet. Filled on the
 * first pass, read on every pass; all of it in file scope.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WSCLOSE_PLUGIN_STORE_H
#define WSCLOSE_PLUGIN_STORE_H

#include "compat.h"

#include <wsclose/wsclose.h>

/* Octets as on the wire. Equal ones are kept once, so pointers compare. */
typedef struct {
    const char *text;
    uint32_t len;
} store_text;

/* Who talks to whom: [0] the client, [1] the server. Connections one after the other, or on one TCP
 * connection, share it. */
typedef struct {
    uint16_t ports[2];
    uint16_t types[2]; /* address_type */
    uint8_t lens[2];   /* octets of each address */
    uint8_t octets[];  /* of both addresses, the client's first */
} store_endpoints;

/* What happened in a packet; the numbers are those of `wsclose.event`. */
typedef enum {
    STORE_EVENT_BEGIN = 0, /* told to taps only: the packet that begins a connection */
    STORE_EVENT_NEGOTIATION = 1,
    STORE_EVENT_CLOSE = 2,
    STORE_EVENT_VERDICT = 3,
    STORE_EVENT_BREACH = 4
} store_event_kind;

typedef struct store_event {
    struct store_event *next; /* in the same packet, in the order of the stream */
    const struct store_connection *connection;
    store_event_kind kind : 8;
    wsclose_side sender : 8; /* of the frame, where there is one */
    uint16_t breaches;       /* wsclose_breach bits of it */
    uint32_t number;         /* what it is, the kind tells */
} store_event;

/* One WebSocket connection. */
typedef struct store_connection {
    uint32_t stream;
    uint32_t http2_stream; /* over HTTP/2: number of the stream that carries it */
    wsclose_moment begun;  /* of its first packet, be it the request or later */
    const store_endpoints *ends;
    const store_text *host;  /* of the request; NULL where it is not seen or has none */
    const store_text *path;  /* request-target, likewise. Of a connection that is seen from outside
                                   host and path are server_name and ALPN of its ClientHello */
    const store_text *offer; /* Sec-WebSocket-Extensions of the request */
    const store_text *response; /* and of the response; see store_header_keep() */
    wsclose_connection state;
    uint32_t leg; /* another connection of the same WebSocket, its number plus 1; 0 for none. They
                     are a ring. */
    bool is_copy; /* that one's packets, captured again */
    const store_text *no_frames; /* text that stands where a frame should begin; NULL for none */
    const struct store_close *closes[2]; /* the first one of the client, of the server */
    const struct store_close *claim; /* the Close with 1010 whose reason counts; NULL for none */
    store_event negotiation;         /* in use from the response on */
    store_event verdict;             /* in use once it is settled; its number is that of the packet
                                        that shows it: a later one where what the packets carry is
                                        found out later */
} store_connection;

/* A Close frame. */
typedef struct store_close {
    store_event event; /* first, so that one is the other; its number tells on how many connections
                          the sender's address has sent an empty Close, this one included; 0 where
                          this one does not count */
    wsclose_finding_set findings;
    wsclose_frame frame;
    int64_t time;
    uint32_t packet;
    /* What store_close_body() and store_close_meaning() make their structures of: */
    uint16_t code;
    uint16_t reported_code;
    wsclose_body_kind kind : 8;
    uint8_t reason_len;
    bool reason_cut : 1;
    bool reason_utf8 : 1;
    bool repeated : 1;
    bool unheard : 1;
    bool answer : 1;
    bool crossed : 1;
    bool maybe_answer : 1;
    bool echo : 1;
    bool maybe_echo : 1;
    bool has_peer : 1;
    bool has_reported : 1;
    char reason[]; /* its octets */
} store_close;

G_STATIC_ASSERT(WSCLOSE_CONTROL_PAYLOAD_MAX <= UINT8_MAX);

/* Frames other than Close that break the protocol. */
typedef struct {
    store_event event; /* first, so that one is the other; its number is the packet of this side's
                          Close, where it is a data frame after that; else 0 */
    wsclose_finding_set findings;
    wsclose_frame frame;
    const store_text *text; /* that stands in the place of a frame; NULL where there is none */
} store_breach;

/* Keep a Close frame of a connection. What its meaning says of the peer's Close is what the
 * connection has of that. */
store_close *store_close_keep(const store_connection *connection, const wsclose_seen_close *seen);

/* Its body, whose reason is borrowed, and what it means. */
wsclose_close_body store_close_body(const store_close *close);
wsclose_close_meaning store_close_meaning(const store_close *close);

/* The number of a side in `wsclose.sender` and its like. */
static inline uint32_t
store_side_number(wsclose_side side)
{
    return side == WSCLOSE_SIDE_UNKNOWN ? 0 : (uint32_t)side + 1;
}

/* Register with Wireshark's file scope; once, from the registration routine. */
void store_register(void);

/* Zeroed octets for as long as the capture; freed with it, never alone. Small things that are
 * many: a block of Wireshark's for each takes 16 octets more. */
void *store_alloc(size_t size);

/* Begin a capture.
 *
 *  required  names of extensions that clients need, separated by commas; NULL for none */
void store_begin(const char *required);

/* Forget what was kept of a capture. */
void store_end(void);

/* The address of the client (0) or the server (1); its octets are borrowed. */
address store_address(const store_endpoints *ends, size_t side);

/* The endpoints of the packet at hand, sent by the client or by the server; known where they are
 * the same. */
const store_endpoints *store_endpoints_of(const store_endpoints *known, const packet_info *pinfo,
                                          bool from_client);

/* Begin a new connection.
 *
 *  since_first  nanoseconds since the first packet of the capture */
store_connection *store_connection_begin(const store_endpoints *ends, wsclose_carrier carrier,
                                         wsclose_moment moment, int64_t since_first);

/* The connection that a state belongs to. */
static inline store_connection *
store_connection_of(wsclose_connection *state)
{
    return (store_connection *)((uint8_t *)state - offsetof(store_connection, state));
}

/* The time of the capture's first packet, in nanoseconds, as far as a connection was begun. */
int64_t store_first_time(void);

/* How many connections there are; their numbers run from 0. */
uint32_t store_connections(void);

/* A connection by its number. */
const store_connection *store_connection_at(uint32_t stream);

/* Number of the first connection that begins in a packet or after it. */
uint32_t store_connection_from(uint32_t number);

/* Keep octets, copied once for all equal ones. A NUL follows them. */
const store_text *store_text_keep(const char *text, size_t len);

/* Keep a header, likewise; one that is absent too. NULL where that is not known. */
const store_text *store_header_keep(const wsclose_header *header);

/* Keep the events of a packet: a chain in the order of the stream. Packets come in ascending
 * order. */
void store_events_set(uint32_t number, const store_event *first);

/* The events of a packet, or NULL. */
const store_event *store_events(uint32_t number);

/* Count a connection on which an address has sent an empty Close; returns how many there are. */
uint32_t store_count_empty(const address *sender);

/* The negotiation of a connection, matched once for all that have the same headers. Borrowed until
 * the next call. */
const wsclose_negotiation *store_negotiation(const store_connection *connection);

/* The same, as far as it was known by a packet: of a response that comes later nothing. */
const wsclose_negotiation *store_negotiation_until(const store_connection *connection,
                                                   uint32_t packet);

/* The same, all of it and new; free it with wsclose_negotiation_free(). */
wsclose_negotiation *store_negotiation_new(const store_connection *connection);

#endif
