/* flow_private.h
 * What the files of a flow share. Each may call those below it:
 *
 *   flow           TCP: packets in, order, holes, ends
 *   flow_protocol  what the octets of both directions are, and who reads them
 *   flow_http1     the opening handshake over HTTP/1.1, tunnels
 *   flow_http2     frames of HTTP/2; beside it flow_http2_lists and flow_http2_streams
 *   flow_outside   TLS that nobody decrypts; of a server that a user has listed
 *   flow_frames    frames of a WebSocket, whatever carries it
 *   flow_tcp       what TCP shows beside the octets: silence, what is sent again
 *   flow_earlier   packets that are kept until it is known what they carry
 *   flow_facts     what is missing before a fact; whom a fact is told
 *
 * An index [0] or [1] is an end of the TCP connection, as in wsclose_packet.sender.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WSCLOSE_FLOW_PRIVATE_H
#define WSCLOSE_FLOW_PRIVATE_H

#include <glib.h>

#include "handshake_fields.h"
#include "midstream.h"
#include "tls_records.h"
#include "wsclose/flow.h"
#include "wsclose/http1.h"
#include "wsclose/http2.h"
#include "wsclose/scanner.h"

/* Packets that may pass after a hole was acknowledged: captures have neighbours exchanged. */
#define FLOW_PATIENCE 3

/* What the octets of both directions are. */
typedef enum {
    PROTOCOL_UNDECIDED,
    PROTOCOL_HTTP1,
    PROTOCOL_WEBSOCKET,
    PROTOCOL_HTTP2,
    PROTOCOL_OUTSIDE, /* TLS that nobody decrypts, taken for a WebSocket */
    PROTOCOL_OTHER    /* nothing that matters */
} flow_protocol;

/* A WebSocket connection in a flow. An index [0] or [1] is an end of TCP here too. */
typedef struct {
    wsclose_connection *connection; /* the sink's */
    uint32_t close_end[2];  /* TCP: sequence number after the packet of a side's last Close frame */
    uint32_t close_ack[2];  /* TCP: what it had acknowledged with that; else when it ended */
    uint32_t close_in[2];   /* packet of a side's last Close frame; 0 before */
    uint32_t breach_end[2]; /* TCP: sequence number after its last frame that breaks the rules */
    uint32_t start_ack[2]; /* TCP: what was acknowledged of a side when this began; where unbegun */
    uint32_t after_close_in; /* packet of the last data frame after a Close */
    bool is_answered;        /* its final response has come, be it after the verdict */
    bool unbegun[2];         /* no octet of a side was seen before this began, nor since */
    bool lost[2];     /* octets of a side are missing for good, and frames may be among them */
    bool unframed[2]; /* a frame has no length, or is none, so that nothing behind it can be read */
    bool holed[2];    /* the decoder was told that octets are missing, which may still come */
} flow_websocket;

/* A stream of HTTP/2 that carries WebSocket. */
typedef struct {
    flow_websocket websocket;
    uint32_t number;
    bool ended[2];         /* by END_STREAM or RST_STREAM, or TCP under it */
    kept_header protocols; /* Sec-WebSocket-Protocol of the request */
    wsclose_scanner scanners[2];
} http2_stream;

/* Frames of HTTP/2 out of one direction. */
typedef struct {
    uint32_t left; /* octets of the payload at hand still to come */
    uint32_t data; /* of DATA: those of them that are data, not padding */
    uint32_t stream;
    uint8_t header[WSCLOSE_HTTP2_HEADER_LEN];
    uint8_t header_len;
    uint8_t type;
    uint8_t kept[8]; /* of RST_STREAM, GOAWAY */
    uint8_t kept_len;
    bool end_stream : 1;
    bool end_headers : 1;
    bool padded : 1;           /* the next octet is the length of padding */
    bool begun : 1;            /* some of the payload, but for that length, has come */
    bool cut : 1;              /* the capture lacks octets of it */
    bool list_ends_stream : 1; /* the header list that is open, or was last, has END_STREAM */
    bool list_is_promised : 1; /* it is one of a PUSH_PROMISE */
    bool lost : 1;             /* it is not known where a frame begins */
    bool lists_lost : 1; /* octets were lost before, so that header lists may be decoded wrongly */
    GByteArray *list; /* of the header list that is open, what its first frames have; NULL for none */
} http2_reader;

/* A connection of HTTP/2. */
typedef struct {
    http2_reader readers[2];
    GTree *streams;                 /* number -> http2_stream, which it owns */
    uint32_t newest;                /* number of the last request for WebSocket; they only grow */
    uint32_t answered;              /* the greatest number of a stream with a response or a reset */
    wsclose_goaway_fact goaways[2]; /* of each side, joined; of no sender before the first one */
    GArray *resets;                 /* numbers of streams after a reset, the oldest first */
} http2_connection;

/* A connection of HTTP/1.1. */
typedef struct {
    wsclose_http1 readers[2];
    wsclose_http1_pairing pairing;
} http1_connection;

/* Records of TLS in one direction. */
typedef struct {
    tls_records records;
    uint32_t decrypted; /* how many of them somebody has decrypted */
} flow_tls;

/* One direction. Most flows wait for their next packet with nothing at hand: what only some
 * protocols need is elsewhere. */
typedef struct {
    wsclose_stream stream;    /* of TCP */
    wsclose_scanner scanner;  /* of WebSocket */
    wsclose_moment sent;      /* the packet with the oldest octets that are not acknowledged */
    wsclose_moment sent_last; /* and with the latest */
    uint32_t foreseen_end;    /* sequence number after the segment of the Close that is foreseen */
    uint16_t acked_packets;   /* how many have passed since its first hole was acknowledged */
    bool blind : 1;           /* its octets cannot be read, or followed, at the moment */
    bool undecrypted : 1;     /* TLS: that is because nobody has decrypted them */
    bool ended : 1;           /* by FIN or RST */
    bool skipped : 1;         /* octets of it came before it was known what they are */
    bool foreseen : 1;        /* a Close was taken ahead of the octets before it */
    bool is_repeated : 1;     /* and connections were told so */
    bool reordered : 1;       /* octets of it came ahead of others */
} flow_direction;

/* What TLS shows that nobody decrypts. */
typedef struct flow_outside flow_outside;

/* Packets that are kept. */
typedef struct flow_earlier flow_earlier;

/* What an upgrade request keeps until it is answered. */
typedef struct {
    kept_header key;
    kept_header protocols;
    uint32_t looked_at;  /* octets waiting behind it that are no frames, or not whole ones */
    bool maybe_answered; /* the server is seen to have sent more before it */
} flow_upgrade;

/* Octets that wait. */
typedef struct {
    GByteArray *held[2];  /* until it is known what they are; else NULL */
    GByteArray *early[2]; /* a response, for its request; else NULL */
    uint32_t acks[2];     /* what their sender had acknowledged when the last of them came */
    bool has_gap[2];      /* some that had to be held are missing, or were too many */
} flow_waiting;

struct wsclose_flow {
    uint8_t protocol;           /* flow_protocol */
    uint8_t client;             /* which side, once the protocol tells */
    uint8_t looked[2];          /* segments of each side that were looked at while undecided */
    bool is_client_guessed : 1; /* by the masking of one frame */
    bool find_midstream : 1;
    bool check_text : 1;
    bool tls_outside : 1;
    bool is_watched : 1;      /* it has carried a WebSocket */
    bool is_woken : 1;        /* nobody has answered the packets from woken.number on */
    uint8_t waker;            /* who has sent those */
    bool found_midstream : 1; /* frames were found: what was kept is to be read */
    bool has_frames : 1; /* of the packet at hand, while frames are looked for: it has some that begin */
    bool has_others : 1; /* likewise: octets that need not be kept */
    bool has_reset : 1;
    bool has_gap : 1;       /* octets were given up */
    bool has_cut : 1;       /* packets lack the end of their octets */
    bool is_no_frames : 1;  /* it was looked at, and carries no frames */
    bool is_like_http2 : 1; /* a segment had frames of HTTP/2 in it, and nothing else */
    bool has_decrypted : 1; /* TLS: somebody has decrypted a record */
    midstream *midstream;   /* while frames are looked for; NULL before the first octets */
    flow_earlier *earlier;  /* likewise; NULL for none */
    flow_tls *tls;          /* of each direction; NULL where the flow is not TLS */
    flow_outside *outside; /* while it may be, or is, taken for a WebSocket from outside; else NULL */
    union {
        http1_connection *http1; /* while the protocol is that one */
        http2_connection *http2; /* likewise */
    };
    flow_websocket websocket; /* over HTTP/1.1: the latest one; connection is NULL before */
    flow_upgrade *upgrade;    /* a request that is not answered; else NULL */
    flow_waiting *waiting;    /* octets that wait; NULL for none */
    flow_direction directions[2];
    int64_t last;         /* time of the latest packet */
    int64_t silence;      /* before the packet that ended the latest long silence; where is_woken */
    wsclose_moment woken; /* that packet */
};

/* What one packet is read with. */
typedef struct {
    const wsclose_packet *packet;
    const wsclose_sink *sink;
    void *user;
    size_t direction; /* of the octets at hand, which need not be those of the packet's sender */
    bool decrypted;   /* they are plaintext of TLS */
    bool held;        /* they waited, and came in an earlier packet */
    bool has_end;     /* and it is known where the record ends that they are of */
    uint32_t end;     /* sequence number of TCP after it */
    wsclose_slice list_start; /* of the header list that was gone to and not used; where has_list */
    bool has_list;
} flow_reading;

/* flow_facts */

static inline wsclose_side
flow_side(const wsclose_flow *flow, size_t direction)
{
    return direction == flow->client ? WSCLOSE_CLIENT : WSCLOSE_SERVER;
}

/* Whether a side has nothing to read, and no hole: as it is after most packets. */
static inline bool
flow_is_quiet(const wsclose_stream *stream)
{
    return !stream->pieces && stream->at_hand.captured == 0 && stream->at_hand.lacking == 0 &&
           (!stream->has_fin || stream->fin_yielded) &&
           !(stream->begun && stream->has_ack &&
             wsclose_sequence_after(stream->acked, stream->next));
}

/* Where the octets of a direction begin that were seen. */
static inline uint32_t
flow_first_seq(const wsclose_stream *stream)
{
    return stream->next - (uint32_t)stream->passed;
}

/* Whether the beginning of the connection is not in the capture. */
static inline bool
flow_is_begun_before(const wsclose_flow *flow)
{
    return !flow->directions[0].stream.whole && !flow->directions[1].stream.whole;
}

/* Who has sent a frame. Where nothing but masking tells (RFC 6455 section 5.1: clients mask,
 * servers do not), and both sides look like the same one, nobody knows. */
static inline wsclose_side
flow_sender(const wsclose_flow *flow, size_t direction, const wsclose_frame *frame)
{
    if (flow->is_client_guessed && (direction == flow->client) != frame->masked)
        return WSCLOSE_SIDE_UNKNOWN;
    return flow_side(flow, direction);
}

/* Octets of a side that are held; NULL for none. */
static inline const GByteArray *
flow_held(const wsclose_flow *flow, size_t direction)
{
    return flow->waiting ? flow->waiting->held[direction] : NULL;
}

/* Octets of a side that came before those that it had received; NULL for none. */
static inline GByteArray *
flow_early(const wsclose_flow *flow, size_t direction)
{
    return flow->waiting ? flow->waiting->early[direction] : NULL;
}

/* Whether some that had to be held are missing. */
static inline bool
flow_held_has_gap(const wsclose_flow *flow, size_t direction)
{
    return flow->waiting && flow->waiting->has_gap[direction];
}

/* The sequence number after what is at hand, or after what is read with it. */
uint32_t flow_end_at_hand(const wsclose_flow *flow, const flow_reading *reading);

/* What a side had acknowledged of the other one when it sent what is at hand. */
uint32_t flow_acknowledged_by(const wsclose_flow *flow, const flow_reading *reading,
                              size_t direction);

/* A new WebSocket; over HTTP/2 on the stream of that number. */
void flow_begin(wsclose_flow *flow, flow_reading *reading, flow_websocket *websocket,
                wsclose_carrier carrier, uint32_t number);

/* Octets of a side are missing for good, and frames, or a response, may be among them. */
void flow_lose(const wsclose_flow *flow, flow_websocket *websocket, size_t direction);

/* Whether the first octets of a side that are seen are those that it sent first; else some are
 * lost. */
void flow_note_beginning(const wsclose_flow *flow, flow_websocket *websocket, size_t direction);

/* Tell a connection what is missing before a fact of a side. Nothing can close a hole before it in
 * time any more; of the other side it counts what this one has acknowledged, unless the fact
 * settles the connection. */
void flow_tell_missing(const wsclose_flow *flow, flow_websocket *websocket, size_t direction,
                       bool settles);

/* Take the final response of an opening handshake, and tell if that settles the connection. One that
 * comes when the connection is settled was received by nobody, and changes nothing.
 *
 *  fields  its header fields, those of the request that it answers among them */
void flow_answered(flow_reading *reading, const flow_websocket *websocket, unsigned status,
                   const wsclose_handshake_headers *fields, const wsclose_header *extensions);

/* Tell that it is settled. */
void flow_settled(flow_reading *reading, const flow_websocket *websocket);

/* flow_frames */

/* Take octets of frames of a side; where the scanner is lost, it goes on where they are whole
 * frames.
 *
 *  at_start  they begin a segment, or DATA */
void flow_frames_take(wsclose_flow *flow, flow_reading *reading, flow_websocket *websocket,
                      wsclose_scanner *scanner, wsclose_octets input, bool at_start);

/* Whether a Close waits to be seen received. */
static inline bool
flow_awaits_receipt(const wsclose_flow *flow)
{
    const wsclose_connection *connection = flow->websocket.connection;

    return connection && (connection->sides[WSCLOSE_CLIENT].in_flight ||
                          connection->sides[WSCLOSE_SERVER].in_flight);
}

/* The packet at hand may acknowledge it. */
void flow_frames_take_receipt(wsclose_flow *flow, flow_reading *reading);

/* A side ends: the other one may have known that when it sent its Close frame. */
void flow_frames_take_fin(const wsclose_flow *flow, size_t direction);

/* A Close frame in a segment that came before octets which precede it. */
void flow_frames_foresee(wsclose_flow *flow, flow_reading *reading);

/* flow_tcp */

/* The WebSocket connections that a flow carries at the moment, one by one. */
typedef struct {
    const wsclose_flow *flow;
    uint32_t number;
} flow_connections;

flow_connections flow_connections_of(const wsclose_flow *flow);

/* The next one; NULL where there is none. */
wsclose_connection *flow_connections_next(flow_connections *each);

/* Take what a packet shows beside its octets, before those and its acknowledgement are taken; where the
 * flow is watched. */
void flow_tcp_watch(wsclose_flow *flow, const wsclose_packet *packet);

/* flow_earlier */

/* Keep a copy of a packet, with no more of the ones before it than is looked at.
 *
 *  earlier  may point to NULL, for none */
void flow_earlier_keep(flow_earlier **earlier, const wsclose_packet *packet);

/* Forget the octets of the latest one: they are as good as not captured. */
void flow_earlier_strip_last(flow_earlier *earlier);

/* One by one from the oldest, number 0; NULL where there is none. */
const wsclose_packet *flow_earlier_get(const flow_earlier *earlier, unsigned n);

void flow_earlier_free(flow_earlier *earlier);

/* flow_http1 */

void flow_http1_start(wsclose_flow *flow, size_t client);

/* Take octets of a side that does not wait, up to the end of the next head. */
void flow_http1_take(wsclose_flow *flow, flow_reading *reading, wsclose_octets *input);

/* Whether octets of a side have to wait for an answer before it is known what they are. */
bool flow_http1_waits(const wsclose_flow *flow, size_t direction);

/* Where the answer to an upgrade was not captured, go on as after a 101 if frames show that there
 * was one: of the client, which wait, or else of the server; and as after a refusal if another
 * request does.
 *
 *  server_octets  that begin a segment of the server; NULL for none */
void flow_http1_look_for_answer(wsclose_flow *flow, flow_reading *reading,
                                const wsclose_octets *server_octets);

void flow_http1_clear(wsclose_flow *flow);

/* flow_http2 */

/* Whether octets begin a connection of HTTP/2 (RFC 9113 section 3.4), as far as there are any. */
bool flow_http2_begins(const uint8_t *octets, size_t len);

void flow_http2_start(wsclose_flow *flow, size_t client);

/* Take octets of a side; at_start: they begin a segment, or a record of TLS. */
void flow_http2_take(wsclose_flow *flow, flow_reading *reading, wsclose_octets input,
                     bool at_start);

/* So many octets of a side, an unknown number where 0, will not come. */
void flow_http2_gap(wsclose_flow *flow, flow_reading *reading, uint64_t octets);

/* A side of TCP ends. */
void flow_http2_end(wsclose_flow *flow, flow_reading *reading, wsclose_end_kind kind);

void flow_http2_clear(wsclose_flow *flow);

/* flow_protocol */

/* Take octets of a side in order, as they are outside of TLS; at_start: they begin a segment, or a
 * record of TLS. */
void flow_protocol_take(wsclose_flow *flow, flow_reading *reading, wsclose_octets input,
                        bool at_start);

/* So many octets of a side, an unknown number where 0, will not come. */
void flow_protocol_gap(wsclose_flow *flow, flow_reading *reading, uint64_t octets);

/* What it carries cannot matter: forget what was kept of it. */
void flow_protocol_give_up(wsclose_flow *flow);

/* Whether packets have to be kept: their octets may turn out to be frames. */
bool flow_protocol_looks_for_frames(const wsclose_flow *flow);

/* Begin a WebSocket whose opening handshake was not captured; the client is known. */
void flow_protocol_start_midstream(wsclose_flow *flow, flow_reading *reading);

/* Take a response of a side that waits for its request: that will not come. */
void flow_protocol_hurry(wsclose_flow *flow, flow_reading *reading, size_t direction);

/* Once all octets of a packet are taken: what waited, and need wait no more. */
void flow_protocol_settle(wsclose_flow *flow, flow_reading *reading);

/* Free what the readers of all protocols hold. */
void flow_protocol_clear(wsclose_flow *flow);

#endif
