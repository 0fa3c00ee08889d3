/* flow.h
 * One TCP connection: its packets in, what they say of the WebSocket connections in it out. Orders
 * the octets of both directions, finds out what they are (HTTP/1.1, HTTP/2, frames of a WebSocket
 * whose opening handshake was not captured; all of it within TLS too, where somebody has decrypted
 * it), follows each opening handshake, and feeds a wsclose_connection for each WebSocket.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WSCLOSE_FLOW_H
#define WSCLOSE_FLOW_H

#include "connection.h"
#include "finding.h"
#include "frame.h"
#include "handshake.h"
#include "negotiation.h"
#include "stream.h"
#include "types.h"

#ifdef __cplusplus
extern "C" {
#endif

/** One TCP connection; made by wsclose_flow_new(). */
typedef struct wsclose_flow wsclose_flow;

/** What somebody else knows of the octets of a packet. */
typedef enum {
    WSCLOSE_HINT_NONE,
    WSCLOSE_HINT_WEBSOCKET, /**< they are frames: a user says so, or another dissector */
    WSCLOSE_HINT_HTTP2      /**< they are frames of HTTP/2, likewise */
} wsclose_hint;

/** What is asked for only where it matters. What is given is borrowed for the call with the
 *  packet. */
typedef struct {
    /** What is known of the octets. */
    wsclose_hint (*hint)(void *user);

    /** Go to the next header list of HTTP/2 (RFC 7541) that was decoded in the packet, in their
     *  order: for each field the length of its name in four octets, the name, the length of its
     *  value in four octets, the value. Returns false where there is none.
     *
     *  start  its first octets, at most WSCLOSE_LIST_START_MAX of them, until the next call */
    bool (*next_header_list)(void *user, wsclose_slice *start);

    /** All of the list that was gone to last. */
    wsclose_slice (*header_list)(void *user);

    /** Go to the next compressed message (RFC 7692) that was inflated in the packet, in their order.
     *  Returns false where there is none. */
    bool (*next_inflated)(void *user, wsclose_slice *octets);

    /** Whether somebody has tried to inflate those in the packet. */
    bool (*inflates)(void *user);
} wsclose_packet_source;

/** As much of a header list as tells whether it is a request for WebSocket, where :method comes
 *  first. */
enum { WSCLOSE_LIST_START_MAX = 22 };

/** One packet. Borrowed for the call. */
typedef struct {
    wsclose_moment moment;   /**< its place in the capture */
    size_t sender;           /**< 0 or 1: which of the two ends; the same end throughout */
    wsclose_segment segment; /**< its TCP segment */
    uint32_t ack;            /**< acknowledgement number; where has_ack */
    bool has_ack;            /**< the flag ACK is set */
    bool rst;                /**< the flag RST is set */

    /** The plaintext of each TLS record that was decrypted in this packet, in order; where
     *  wsclose_flow_wants_decrypted(). */
    const wsclose_slice *decrypted;
    size_t n_decrypted; /**< how many there are at decrypted */

    const wsclose_packet_source *source; /**< or NULL where nobody knows more of the packet */
    void *user;                          /**< its */
} wsclose_packet;

/** What begins a WebSocket connection. */
typedef struct {
    wsclose_carrier carrier; /**< what carries it */
    uint32_t http2_stream;   /**< over HTTP/2: number of the stream that carries it */
    size_t client;           /**< 0 or 1, as in wsclose_packet.sender */
    wsclose_moment moment;   /**< at which it began */
} wsclose_beginning;

/** The request of an opening handshake. Borrowed. */
typedef struct {
    wsclose_slice host;   /**< of no length where there is none */
    wsclose_slice target; /**< request-target, or :path */
    wsclose_slice key;    /**< Sec-WebSocket-Key; of no length where there is none */
    wsclose_header offer; /**< Sec-WebSocket-Extensions */
} wsclose_request;

/** A Close frame. Borrowed. */
typedef struct {
    wsclose_side sender;   /**< who sent it */
    wsclose_moment moment; /**< of its packet, which may be an earlier one than the packet at hand */
    const wsclose_frame *frame;           /**< its header */
    const wsclose_close_body *body;       /**< its body, unmasked */
    unsigned breaches;                    /**< wsclose_breach bits */
    const wsclose_close_meaning *meaning; /**< what it means in its connection */
} wsclose_seen_close;

/** A frame other than Close that breaks the protocol: for the first time of its sender and kind,
 *  or once in a packet after a Close. Borrowed. */
typedef struct {
    const wsclose_frame_context *context; /**< the frame, and what is wrong with it */
    wsclose_finding_set findings;         /**< what was found in it */
} wsclose_seen_breach;

/** What a ClientHello shows of a connection. Borrowed; of no length where it was not seen, or has
 *  none. */
typedef struct {
    wsclose_slice server_name; /**< RFC 6066 section 3 */
    wsclose_slice protocols;   /**< of ALPN (RFC 7301), "h2, http/1.1" */
} wsclose_tls_hello;

/** One end of a TLS connection that may be a server whose connections are WebSocket. Borrowed. */
typedef struct {
    size_t direction;   /**< 0 or 1, as in wsclose_packet.sender */
    wsclose_slice name; /**< that the client asks for; of no length where it was not seen */
    bool is_server;     /**< the ClientHello shows so; else it may be the client */
} wsclose_tls_server;

/** Who hears what is found. All functions are there; what they are given is borrowed. */
typedef struct {
    /** A new connection. Returns its state, initialised by wsclose_connection_init_over(), which
     *  has to outlive the flow. */
    wsclose_connection *(*begin)(void *user, const wsclose_beginning *beginning);
    /** The request of its opening handshake. */
    void (*request)(void *user, wsclose_connection *connection, const wsclose_request *request);
    /** The final response, unless it came when the connection was settled. Returns how its extensions match what was offered. */
    const wsclose_negotiation *(*response)(void *user, wsclose_connection *connection,
                                           const wsclose_header *extensions);
    /** A Close frame. What is found in it is the listener's to take, by wsclose_findings_take(). */
    void (*close)(void *user, wsclose_connection *connection, const wsclose_seen_close *close);
    /** A frame that breaks the protocol. */
    void (*breach)(void *user, wsclose_connection *connection, const wsclose_seen_breach *breach);
    /** It is settled: wsclose_connection_verdict() tells. */
    void (*verdict)(void *user, wsclose_connection *connection);
    /** Whether connections to this end are taken for WebSocket where nobody decrypts them. Called
     *  only where the flow's options say tls_outside. */
    bool (*is_tls_server)(void *user, const wsclose_tls_server *server);
    /** One is, and has just begun. Likewise. */
    void (*outside)(void *user, wsclose_connection *connection, const wsclose_tls_hello *hello);
} wsclose_sink;

/** How a flow reads. */
typedef struct {
    bool find_midstream; /**< look for frames in a connection that had begun before the capture */
    bool tls_outside; /**< ask which TLS connections that nobody decrypts to take for WebSocket */
    bool check_text;  /**< look whether text messages are UTF-8 (RFC 6455 section 8.1) */
} wsclose_flow_options;

/** A flow of which nothing has come yet. Free it with wsclose_flow_free(). */
WSCLOSE_API wsclose_flow *wsclose_flow_new(const wsclose_flow_options *options);

/** Free a flow; the connections in it are the listener's. NULL is ignored. */
WSCLOSE_API void wsclose_flow_free(wsclose_flow *flow);

/** What may become of a flow. */
typedef enum {
    WSCLOSE_FLOW_GOES_ON,
    WSCLOSE_FLOW_IDLE, /**< no packet to come can matter: what it carries is no WebSocket, and cannot
                            become one */
    WSCLOSE_FLOW_ENDED /**< TCP has ended, by FIN of both ends or RST: little can follow */
} wsclose_flow_state;

/** Take a packet, in the order of the capture. */
WSCLOSE_API wsclose_flow_state wsclose_flow_packet(wsclose_flow *flow, const wsclose_packet *packet,
                                                   const wsclose_sink *sink, void *user);

/** Whether the flow may use what was decrypted in its next packet. */
WSCLOSE_API bool wsclose_flow_wants_decrypted(const wsclose_flow *flow);

/** What has become of it by now. */
WSCLOSE_API wsclose_flow_state wsclose_flow_get_state(const wsclose_flow *flow);

/** Whether a segment begins another TCP connection between the same ports: a SYN with another
 *  sequence number than this flow began with. */
WSCLOSE_API bool wsclose_flow_is_another(const wsclose_flow *flow, const wsclose_packet *packet);

#ifdef __cplusplus
}
#endif

#endif
