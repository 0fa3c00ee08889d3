/* connection.h
 * One WebSocket connection: fed with its facts in the order of the capture (opening handshake,
 * frames, ends of the transport, which is TCP, or a stream of HTTP/2 or HTTP/3), it tells what each
 * Close frame means, when the connection is settled, and then its verdict: who ended it and which
 * close code each endpoint's own API reports (RFC 6455 sections 7.1.4 to 7.1.7).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WSCLOSE_CONNECTION_H
#define WSCLOSE_CONNECTION_H

#include "frame.h"
#include "handshake.h"
#include "traffic.h"
#include "types.h"

#ifdef __cplusplus
extern "C" {
#endif

/** The close code that an endpoint's own API reports (RFC 6455 section 7.1.5). */
typedef struct {
    bool known;    /**< false: the capture cannot tell */
    uint16_t code; /**< 1005 for an empty Close, 1006 where the connection was failed */
} wsclose_reported;

/** The first Close frame that an endpoint sent. */
typedef struct {
    wsclose_moment moment;      /**< of its packet */
    uint16_t code;              /**< of its body, whether or not it may be sent */
    uint16_t breaches : 12;     /**< wsclose_breach bits */
    wsclose_body_kind kind : 4; /**< of its body; WSCLOSE_BODY_CUT where none is known */
} wsclose_close_mark;

/** How one endpoint ended its side of the transport. */
typedef enum {
    WSCLOSE_END_NONE = 0, /**< not yet */
    WSCLOSE_END_ORDERLY,  /**< TCP FIN, END_STREAM: it sends no more */
    WSCLOSE_END_RESET     /**< TCP RST, RST_STREAM: it neither sends nor reads any more */
} wsclose_end_kind;

/** By what an endpoint ended its side of the transport. */
typedef enum {
    WSCLOSE_END_BY_ITSELF = 0, /**< the transport itself: TCP, or over HTTP/2 and 3 the stream */
    WSCLOSE_END_BY_GOAWAY,     /**< a GOAWAY that leaves the stream out */
    WSCLOSE_END_BY_CONNECTION  /**< TCP or QUIC under the stream */
} wsclose_end_cause;

/** The end of one endpoint's side of the transport. */
typedef struct {
    uint64_t error;  /**< code of its RST_STREAM, or else of its GOAWAY; where has_error */
    uint32_t number; /**< of its packet; 0 before */
    wsclose_end_kind kind : 8;   /**< a reset after an orderly end replaces it */
    wsclose_end_cause cause : 8; /**< by what */
    bool has_error;              /**< there was a code */
    bool goaway;                 /**< it sent GOAWAY, and no RST_STREAM since */
} wsclose_end_mark;

/** What the rules below keep of one endpoint of a connection. */
typedef struct {
    bool failing : 1;    /**< it got a frame that obliges it to fail the connection */
    bool in_message : 1; /**< a fragmented message is open */
    bool unordered : 1;  /**< its octets came out of order: fragments cannot be told from it */
    bool gave_up : 1;    /**< it closed with 1002, 1007 or 1009 and ended its side before it had an
                              answer: it failed the connection (RFC 6455 section 7.1.7) */
    bool maybe_gave_up : 1; /**< it may have: that code is cut, or octets behind its Close, of which the
                                 end may be one, are missing */
    bool in_flight : 1; /**< its Close, the second one, came when its receiver had ended its side: whether
                              that still reads is not seen yet */
    bool unreceived : 1; /**< its Close met a socket that was closed already */
    bool ahead : 1; /**< it had received octets that come later in the capture, if ever, when it closed
                              or ended its side */
    bool provokes : 1; /**< a frame of its that breaks the protocol came, and its peer has not gone on
                              since */
    bool notified : 1; /**< within TLS that nobody decrypts: its last record is an alert, as far as
                            its type or length shows */
    bool reason_cut : 1; /**< the reason of its Close was not captured to its end */
    bool breach_cut : 1; /**< not all that stands with its frames that break the protocol was captured */
    uint8_t rounds : 2; /**< how often its peer went on after it had received such a frame */
} wsclose_side_state;

/** A connection's state: of a fixed size, owned by the caller, nothing to free. An index [0] is
 *  the client's, [1] the server's. Read it as you like; change it by the functions below.
 *  Whoever reads a capture keeps one for each connection in it: it is small. */
typedef struct {
    int64_t ending; /**< time at which the end began: the first Close frame, or else the first end
                             of the transport; where has_ending */
    int64_t start;  /**< time of its first fact; where has_start */
    int64_t provoked[2]; /**< time of an endpoint's first breach since the last that was tolerated */
    wsclose_traffic traffic[2]; /**< what each endpoint sent */
    int64_t silence;      /**< nanoseconds without a packet of TCP before that; where woken_in */
    uint32_t longest_gap; /**< milliseconds: the longest silence of both sides before the last one */
    uint32_t woken_in; /**< the packet that ended a long silence, and that nothing but a reset has
                              answered; 0 where there is none */
    uint32_t alert_in; /**< packet of the first fatal alert of TLS; 0 before */
    uint64_t findings; /**< a wsclose_finding_set: what was found in its events so far */
    wsclose_end_mark ends[2];     /**< how each endpoint ended its side */
    wsclose_close_mark closes[2]; /**< moment.number is 0 before */
    wsclose_moment request;       /**< of the opening handshake; number 0 where not seen */
    wsclose_moment response;      /**< the final one; number 0 where not seen */
    wsclose_moment settled;       /**< the verdict stands from here on; number 0 before */
    uint32_t frames[2];   /**< that the client, the server sent until it was settled; UINT32_MAX for
                                more too; where outside, packets with records */
    uint16_t breaches[2]; /**< wsclose_breach bits of frames other than Close, until settled */
    uint16_t tolerated[2];       /**< those of them that did not keep its peer from going on */
    wsclose_side_state sides[2]; /**< what the rules keep of each endpoint */
    uint16_t status;             /**< HTTP status of the response, 0 where not seen */
    uint8_t faults;              /**< wsclose_handshake_fault bits of the response */
    bool missing[2]; /**< some octets of the client, of the server were not captured, or not read */
    bool unreadable[2]; /**< of them, some are there, within TLS that nobody has decrypted */
    bool late[2];       /**< its first Close came after its peer had ended its side in order */
    wsclose_carrier carrier : 8;  /**< what carries it */
    wsclose_side first_close : 8; /**< whose Close frame stands first */
    wsclose_side first_end : 8;   /**< who ended its side of the transport first */
    wsclose_side alerter : 8;     /**< who sent that alert */
    uint8_t alert;                /**< its description (RFC 8446 section 6) */
    uint8_t rsv : 3;     /**< RSV bits that the negotiated extensions may use in data frames */
    bool any_opcode : 1; /**< a negotiated extension may have defined opcodes of its own */
    bool unsure_end : 1; /**< octets of the other endpoint were missing when the first one ended */
    bool has_ending : 1; /**< the end has begun, at ending */
    bool has_start : 1;  /**< a fact has come, at start */
    bool has_tls13 : 1; /**< what is unreadable is TLS 1.3, where each side has a secret of its own */
    bool subprotocol_unanswered : 1; /**< the response selects none of those that were offered */
    bool carries_on : 1;             /**< the client took a response that it had to reject */
    bool outside : 1;    /**< it is within TLS that nobody decrypts: none of its frames is seen */
    bool whole : 1;      /**< where outside: the capture has its beginning, at start */
    bool closing : 1;    /**< where outside: both sides sent a few short records at the end */
    bool crossed : 1;    /**< the second Close was sent before the first one had arrived */
    bool by_browser : 1; /**< the request is a browser's */
} wsclose_connection;

/** What one Close frame means in its connection. */
typedef struct {
    bool repeated;     /**< this endpoint had sent a Close frame before: it changes nothing */
    bool unheard;      /**< the receiver has reset the transport before: nobody reads it */
    bool answer;       /**< the other endpoint's Close frame came first */
    bool crossed;      /**< an answer by its place only: it was sent before that frame arrived */
    bool maybe_answer; /**< it is not seen to be one, and the capture lacks octets of the other
                            endpoint: a Close frame may be among them */
    bool echo;         /**< an answer that is empty, or has the code, as the frame it answers */
    bool maybe_echo;   /**< it may be one: what it answers, or may answer, is not captured whole */
    wsclose_moment peer; /**< the other endpoint's first Close frame, as far as there is one */
    wsclose_reported reported; /**< what the receiver's API reports, by the first Close that it got */
} wsclose_close_meaning;

/** What a frame other than Close means in its connection. */
typedef struct {
    unsigned breaches; /**< wsclose_breach bits; 0 where it is as it must be, or cannot be judged */
    bool first;        /**< one of them is seen for the first time of this endpoint */
    bool after_close;  /**< a data frame after the same endpoint's Close (RFC 6455 section 5.5.1) */
} wsclose_frame_meaning;

/** A connection of which nothing is known yet, over HTTP/1.1. */
WSCLOSE_API void wsclose_connection_init(wsclose_connection *connection);

/** The same over any carrier. */
WSCLOSE_API void wsclose_connection_init_over(wsclose_connection *connection,
                                              wsclose_carrier carrier);

/** Take the request of the opening handshake. */
WSCLOSE_API void wsclose_connection_request(wsclose_connection *connection, wsclose_moment moment);

/** Take the fact that the request is a browser's. */
WSCLOSE_API void wsclose_connection_by_browser(wsclose_connection *connection);

/** Take the final response of the opening handshake. Returns whether it settles the connection, as
 *  any status does that does not open it. */
WSCLOSE_API bool wsclose_connection_response(wsclose_connection *connection,
                                             const wsclose_handshake_response *response,
                                             wsclose_moment moment);

/** Take the fact that what the server answers is no response of HTTP, so that the client can make
 *  nothing of it. */
WSCLOSE_API void wsclose_connection_not_http(wsclose_connection *connection, wsclose_moment moment);

/** Take the fact that some octets which an endpoint sent on this connection are not in the capture,
 *  or not dissected: it began later, packets are cut short, segments were lost. */
WSCLOSE_API void wsclose_connection_missing(wsclose_connection *connection, wsclose_side sender);

/** The same of octets that are in the capture, within TLS that nobody has decrypted.
 *
 *  tls13  whether it is TLS 1.3 */
WSCLOSE_API void wsclose_connection_unreadable(wsclose_connection *connection, wsclose_side sender,
                                               bool tls13);

/** Take the fact that such octets were found after all: they came out of order. */
WSCLOSE_API void wsclose_connection_found(wsclose_connection *connection, wsclose_side sender);

/** Take the fact that an endpoint goes on: it sends the frame that is taken next, which is no
 *  Close, though it is seen to have received all frames of its peer. Who does so twice after a
 *  breach has not failed the connection over it; and so has not who sends such a frame a second
 *  after the breach. */
WSCLOSE_API void wsclose_connection_goes_on(wsclose_connection *connection, wsclose_side sender);

/** Take a frame other than Close.
 *
 *  sender  who sent it; where unknown, nothing is judged or kept */
WSCLOSE_API void wsclose_connection_frame(wsclose_connection *connection, wsclose_side sender,
                                          const wsclose_frame *frame, wsclose_moment moment,
                                          wsclose_frame_meaning *out);

/** Take the fact that what broke the protocol just now, by the frame that was taken last, is text
 *  where a frame should begin, such as an HTTP response. */
WSCLOSE_API void wsclose_connection_no_frames(wsclose_connection *connection, wsclose_side sender);

/** The same of text within what was written with a frame before: a length was wrong, or two write at a
 *  time. */
WSCLOSE_API void wsclose_connection_garbled(wsclose_connection *connection, wsclose_side sender);

/** Take the fact that not all octets of what broke the protocol just now were captured: it may be text
 *  that cannot be told from frames. */
WSCLOSE_API void wsclose_connection_breach_cut(wsclose_connection *connection, wsclose_side sender);

/** What stands for the digest of application data that were not captured to their end. */
#define WSCLOSE_DIGEST_UNKNOWN 0u

/** Take a Ping or a Pong, beside wsclose_connection_frame(). A Pong answers the Ping that has the
 *  same application data, and all before it (RFC 6455 section 5.5.3).
 *
 *  digest  of its application data; WSCLOSE_DIGEST_UNKNOWN where not all of it was captured: then any
 *          Pong may be the answer */
WSCLOSE_API void wsclose_connection_heartbeat(wsclose_connection *connection, wsclose_side sender,
                                              uint8_t opcode, uint32_t digest,
                                              wsclose_moment moment);

/** Take what is wrong with the content of an endpoint's latest data message. */
WSCLOSE_API void wsclose_connection_content(wsclose_connection *connection, wsclose_side sender,
                                            wsclose_content content, wsclose_moment moment);

/** Take the fact that an endpoint sends octets again that its peer's TCP has not acknowledged.
 *
 *  first  the packet that had the oldest of them first */
WSCLOSE_API void wsclose_connection_repeated(wsclose_connection *connection, wsclose_side sender,
                                             wsclose_moment first);

/** Take the fact that its peer's TCP has acknowledged all of them. */
WSCLOSE_API void wsclose_connection_acknowledged(wsclose_connection *connection,
                                                 wsclose_side sender);

/** Take the fact that an endpoint's TCP has acknowledged its peer's Close frame. */
WSCLOSE_API void wsclose_connection_got_close(wsclose_connection *connection,
                                              wsclose_side receiver);

/** Take the fact that a reset, which is taken next, is the only answer to the packets that have
 *  come since a long silence of TCP. Where the end had begun before them, it changes nothing.
 *
 *  first    of those packets
 *  silence  nanoseconds before it */
WSCLOSE_API void wsclose_connection_woken(wsclose_connection *connection, wsclose_moment first,
                                          int64_t silence);

/** Take a fatal alert of TLS.
 *
 *  description  RFC 8446 section 6 */
WSCLOSE_API void wsclose_connection_alert(wsclose_connection *connection, wsclose_side sender,
                                          uint8_t description, wsclose_moment moment);

/** Take the fact that the connection is within TLS that nobody decrypts, so that nothing but its
 *  transport is seen: by the next three functions, by alerts and ends.
 *
 *  start  the ClientHello, or else the first packet that was seen
 *  whole  the capture has the beginning of the connection */
WSCLOSE_API void wsclose_connection_outside(wsclose_connection *connection, wsclose_moment start,
                                            bool whole);

/** Take an encrypted record of one of these. */
WSCLOSE_API void wsclose_connection_record(wsclose_connection *connection, wsclose_side sender,
                                           wsclose_moment moment);

/** Take the fact that its end began with short records.
 *
 *  talked  more than one, as a closing handshake has */
WSCLOSE_API void wsclose_connection_closing(wsclose_connection *connection, wsclose_moment moment,
                                            bool talked);

/** Take the fact that the last record of a side is an alert, as far as its type or length shows:
 *  close_notify as a rule. */
WSCLOSE_API void wsclose_connection_notified(wsclose_connection *connection, wsclose_side sender);

/** The mark of a moment in a connection. */
WSCLOSE_API wsclose_mark wsclose_connection_mark(const wsclose_connection *connection,
                                                 wsclose_moment moment);

/** Whether what looks like the header of a Close frame is none: it breaks several of the rules
 *  on framing in sections 5.2, 5.4 and 5.5, or one of them behind a breach that its receiver has
 *  not tolerated. The place where a frame begins is lost then, or it is something else, such as
 *  HTTP. It is a breach. */
WSCLOSE_API bool wsclose_connection_is_out_of_step(const wsclose_connection *connection,
                                                   wsclose_side sender, const wsclose_frame *frame);

/** A Close frame, as a fact. All pointers are borrowed. */
typedef struct {
    wsclose_side sender;            /**< where unknown, it is judged alone and not kept */
    const wsclose_close_body *body; /**< or NULL where none of it is known */
    unsigned breaches;              /**< from wsclose_close_breaches() */
    bool crossing;  /**< the sender is seen not to have received the other endpoint's first Close
                        frame, if there is one, when it sent this one */
    bool preceding; /**< the other endpoint is seen to have received this one when it sent its first
                         Close frame: only the capture has them the other way round */
    bool has_receipt; /**< whether it is received will be seen: wsclose_connection_receipt() or a reset
                           follows, should the other endpoint have ended its side before */
    bool acknowledged; /**< the other endpoint is seen to have received it before it ended its side:
                            only the capture has them the other way round */
} wsclose_close_fact;

/** Take a Close frame; out says what it means. Returns whether it settles the connection, as each
 *  endpoint's first one does when both are there; but not where the receiver of the second one had
 *  ended its side before, and close->has_receipt: its receipt does, or a reset. */
WSCLOSE_API bool wsclose_connection_close(wsclose_connection *connection,
                                          const wsclose_close_fact *close, wsclose_moment moment,
                                          wsclose_close_meaning *out);

/** Take the fact that an endpoint acknowledges its peer's Close frame. Returns whether that
 *  settles the connection: where it had ended its side before that Close came. */
WSCLOSE_API bool wsclose_connection_receipt(wsclose_connection *connection, wsclose_side receiver,
                                            wsclose_moment moment);

/** Take the fact that an endpoint, which closes or ends its side now, had received octets that come
 *  later in the capture, if ever: it may have done so over them. */
WSCLOSE_API void wsclose_connection_ahead(wsclose_connection *connection, wsclose_side sender);

/** Take the fact that the receiver of an endpoint's Close frame, which ends its side now, had done so
 *  when that was sent: only the capture has them the other way round. */
WSCLOSE_API void wsclose_connection_close_was_late(wsclose_connection *connection,
                                                   wsclose_side sender);

/** Take the end of one endpoint's side of the transport: TCP FIN or RST over HTTP/1.1, over HTTP/2
 *  END_STREAM on DATA or HEADERS, over HTTP/3 the stream's FIN (resets of streams are below).
 *  Returns whether it settles the connection: a reset does, and the second orderly end.
 *
 *  sender  who ended it; where unknown, nothing is kept */
WSCLOSE_API bool wsclose_connection_end(wsclose_connection *connection, wsclose_side sender,
                                        wsclose_end_kind kind, wsclose_moment moment);

/** Take a reset of the stream: RST_STREAM over HTTP/2, RESET_STREAM or STOP_SENDING over HTTP/3.
 *  Returns whether it settles the connection.
 *
 *  error  its code (RFC 9113 section 7, RFC 9114 section 8.1) */
WSCLOSE_API bool wsclose_connection_reset_stream(wsclose_connection *connection,
                                                 wsclose_side sender, uint64_t error,
                                                 wsclose_moment moment);

/** Take the end of one endpoint's side of the TCP or QUIC connection under the stream. Returns
 *  whether it settles the WebSocket connection, as the end of the stream itself would. */
WSCLOSE_API bool wsclose_connection_end_under(wsclose_connection *connection, wsclose_side sender,
                                              wsclose_end_kind kind, wsclose_moment moment);

/** A GOAWAY, as a fact. */
typedef struct {
    wsclose_side sender; /**< who sent it */
    uint64_t stream;     /**< number of the WebSocket's stream */
    uint64_t last;       /**< the number that the GOAWAY names */
    bool has_error; /**< there is a code: never over HTTP/3, and over HTTP/2 where it was read */
    uint64_t error; /**< its error code, where has_error */
} wsclose_goaway_fact;

/** Join a GOAWAY to those that its sender has sent before: several may come, and may leave out more
 *  streams each, not fewer (RFC 9113 section 6.8). The reason is the first error other than
 *  NO_ERROR, which is often followed by the NO_ERROR of a library that shuts down; where there is
 *  none, and a code was not read, there is no code.
 *
 *  kept  of an unknown sender where this is the first one */
WSCLOSE_API void wsclose_goaway_join(wsclose_goaway_fact *kept, const wsclose_goaway_fact *next);

/** Whether a GOAWAY leaves its stream out: over HTTP/2 it names the last stream that was or may
 *  be processed (RFC 9113 section 6.8), over HTTP/3 the first one that was not (RFC 9114 section
 *  5.2). */
WSCLOSE_API bool wsclose_goaway_leaves_out(wsclose_carrier carrier,
                                           const wsclose_goaway_fact *goaway);

/** Take a GOAWAY. One of the server's that leaves the stream out resets it; after any other one
 *  the stream goes on, and the GOAWAY is kept as the reason should the connection under it end.
 *  Returns whether it settles the connection. */
WSCLOSE_API bool wsclose_connection_goaway(wsclose_connection *connection,
                                           const wsclose_goaway_fact *goaway,
                                           wsclose_moment moment);

/** The name of an error code of RST_STREAM or GOAWAY, "CANCEL" for 8 over HTTP/2 (RFC 9113 section
 *  7, RFC 9114 section 8.1); static. NULL where nobody has defined it, and over HTTP/1.1. */
WSCLOSE_API const char *wsclose_stream_error_name(wsclose_carrier carrier, uint64_t error);

/** The first Close frame that an endpoint sent, or NULL where it has sent none so far. */
WSCLOSE_API const wsclose_close_mark *wsclose_connection_sent(const wsclose_connection *connection,
                                                              wsclose_side sender);

/** How a connection came to its end. */
typedef enum {
    WSCLOSE_ENDING_REFUSED,   /**< the server answered the opening handshake with another status */
    WSCLOSE_ENDING_NO_ANSWER, /**< the transport ended before the opening handshake was answered */
    WSCLOSE_ENDING_CLOSED,    /**< each endpoint sent a Close frame */
    WSCLOSE_ENDING_ONE_CLOSE, /**< one endpoint did, and then the transport ended */
    WSCLOSE_ENDING_NO_CLOSE   /**< the transport ended without any Close frame */
} wsclose_ending;

/** Why an endpoint is told what it is told. */
typedef enum {
    WSCLOSE_BECAUSE_RECEIVED,  /**< of the first Close frame that it received */
    WSCLOSE_BECAUSE_NONE,      /**< it received none: 1006 */
    WSCLOSE_BECAUSE_ILLEGAL,   /**< that Close frame obliges it to fail the connection: 1006 */
    WSCLOSE_BECAUSE_BREACH,    /**< so did a frame before it: 1006 */
    WSCLOSE_BECAUSE_OWN,       /**< it failed the connection with a Close of its own and did not
                                    wait for the answer (RFC 6455 section 7.1.7): 1006 */
    WSCLOSE_BECAUSE_HANDSHAKE, /**< the opening handshake failed: 1006; or, at a server, nothing */
    WSCLOSE_BECAUSE_UNKNOWN    /**< the capture cannot tell */
} wsclose_because;

/** The verdict on a connection that has ended. [0] is the client's, [1] the server's. */
typedef struct {
    wsclose_ending ending;        /**< how it came to its end */
    wsclose_reported reported[2]; /**< the code that each API reports */
    wsclose_because because[2];   /**< why each is told that */
    bool clean;      /**< both Close frames were exchanged before the transport ended, and neither
                     endpoint had to fail the connection */
    bool incomplete; /**< the capture lacks something that the verdict would need */
    wsclose_side initiator; /**< who sent the first Close frame, or else ended the transport
                                     first; unknown where the capture cannot tell */
    bool abnormal;          /**< the transport ended and an endpoint never received a Close frame */
    bool unanswered;        /**< a Close frame never got its answer */
    int64_t duration;       /**< nanoseconds from the response to the verdict, -1 where not known */
    int64_t idle; /**< nanoseconds from the last frame (or else the response) before the end
                           began to the time at which it began, -1 where not known */
} wsclose_verdict;

/** The verdict on a connection. Returns false, and leaves out untouched, before it is settled. */
WSCLOSE_API bool wsclose_connection_verdict(const wsclose_connection *connection,
                                            wsclose_verdict *out);

/** What became of the opening handshake. */
typedef enum {
    WSCLOSE_OPENING_UNSEEN,     /**< the capture does not show it */
    WSCLOSE_OPENING_UNANSWERED, /**< requested, and not answered so far */
    WSCLOSE_OPENING_SUCCEEDED,
    WSCLOSE_OPENING_REFUSED
} wsclose_opening;

/** What became of the opening handshake of a connection, settled or not. */
WSCLOSE_API wsclose_opening wsclose_connection_opening(const wsclose_connection *connection);

/** By whom the transport was ended where an endpoint's API reports 1006, or what else is behind it,
 *  in a few words to count by; static. NULL where no endpoint is known to report 1006. */
WSCLOSE_API const char *wsclose_abnormal_origin(const wsclose_connection *connection,
                                                const wsclose_verdict *verdict);

#ifdef __cplusplus
}
#endif

#endif
