/* flow_frames.c
 * Frames of a WebSocket, whatever carries it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "flow_private.h"

/* A packet can hold tens of thousands of Close frames; nobody reads so many. */
#define CLOSES_PER_PACKET_MAX 1000

/* Octets that are looked at, and how many of them it takes: a text that is shorter may be chance. */
enum { TEXT_MAX = 64, TEXT_MIN = 4 };

/* Whether an end of TCP had received the other side's octets up to here by its acknowledgement. */
static bool
has_received(uint32_t ack, uint32_t sequence)
{
    return !wsclose_sequence_after(sequence, ack);
}

/* Take a Close frame.
 *
 *  end  sequence number after it, or after what is read with it */
static void
take_close(wsclose_flow *flow, flow_reading *reading, flow_websocket *websocket,
           const wsclose_scanned_frame *found, uint32_t end)
{
    const wsclose_packet *packet = reading->packet;
    const size_t direction = reading->direction;
    const bool other_closed = websocket->close_in[1 - direction] != 0;
    const wsclose_stream *own = &flow->directions[direction].stream;
    const flow_direction *receiver = &flow->directions[1 - direction];
    const bool has_ack = receiver->stream.has_ack;
    const uint32_t ack = flow_acknowledged_by(flow, reading, direction);
    const wsclose_side sender = flow_sender(flow, direction, &found->frame);
    /* What was decrypted out of its turn stands somewhere behind the hole. */
    const bool knows_end = !reading->decrypted || !wsclose_stream_has_hole(own);
    wsclose_close_body body;
    wsclose_close_meaning meaning;

    wsclose_close_body_decode(found->body, found->captured, found->frame.payload_len, &body);
    const bool acknowledged = own->has_ack && has_received(own->acked, end);
    const wsclose_close_fact fact = {
        .sender = sender,
        .body = &body,
        .breaches = wsclose_close_breaches(&found->frame, &body, sender),
        .crossing =
            other_closed && has_ack && !has_received(ack, websocket->close_end[1 - direction]),
        .preceding = other_closed && has_ack && knows_end &&
                     has_received(websocket->close_ack[1 - direction], end),
        /* Over HTTP/2 TCP goes on, and says nothing of who reads a stream. */
        .has_receipt = websocket == &flow->websocket && own->has_ack && !acknowledged,
        .acknowledged = websocket == &flow->websocket && own->has_ack && receiver->ended &&
                        !other_closed && has_received(websocket->close_ack[1 - direction], end),
    };
    flow_tell_missing(flow, websocket, direction, other_closed);
    if (has_ack && wsclose_sequence_after(ack, receiver->stream.next))
        wsclose_connection_ahead(websocket->connection, sender);
    websocket->close_in[direction] = packet->moment.number;
    websocket->close_end[direction] = end;
    websocket->close_ack[direction] = ack;
    const bool settled =
        wsclose_connection_close(websocket->connection, &fact, packet->moment, &meaning);
    if (acknowledged)
        wsclose_connection_got_close(websocket->connection, flow_side(flow, 1 - direction));
    reading->sink->close(reading->user, websocket->connection,
                         &(wsclose_seen_close){ .sender = sender,
                                                .moment = packet->moment,
                                                .frame = &found->frame,
                                                .body = &body,
                                                .breaches = fact.breaches,
                                                .meaning = &meaning });
    if (settled)
        flow_settled(reading, websocket);
}

/* Whether the side at hand had received the other one's last breach when it sent what is at
 * hand. */
static bool
has_gone_on(const wsclose_flow *flow, const flow_reading *reading, const flow_websocket *websocket)
{
    const size_t direction = reading->direction;

    return websocket->connection->sides[flow_side(flow, 1 - direction)].provokes &&
           flow->directions[1 - direction].stream.has_ack &&
           has_received(flow_acknowledged_by(flow, reading, direction),
                        websocket->breach_end[1 - direction]);
}

/* What looks like text rather than the beginning of a frame: of a frame the first octet is no
 * character, or is followed by a length, a key and masked data. */
static wsclose_slice
text_in(const wsclose_octets *octets)
{
    size_t len = 0;

    while (len < octets->captured && len < TEXT_MAX &&
           (g_ascii_isprint((char)octets->data[len]) || octets->data[len] >= 0x80 ||
            (len > 0 && g_ascii_isspace((char)octets->data[len]))))
        len++;
    const bool is_text =
        (len == octets->captured || len == TEXT_MAX) && octets->data[0] < 0x80 && len >= TEXT_MIN;
    return (wsclose_slice){ (const char *)octets->data, is_text ? len : 0 };
}

static bool
is_utf8(wsclose_slice text)
{
    static const uint8_t unmasked[4];
    wsclose_utf8 utf8 = { 0 };

    wsclose_utf8_take(&utf8, (const uint8_t *)text.data, text.len, unmasked, 0);
    return wsclose_utf8_is_whole(&utf8);
}

/* Whether somebody who inflates messages as they come has the octets at hand in this packet, and had
 * all that came before them in its place. */
static bool
are_inflated_in_order(const wsclose_flow *flow, const flow_reading *reading)
{
    return !reading->held && !flow->directions[reading->direction].reordered;
}

/* What somebody who inflates messages has found in one. Of one in fragments it cannot be told which
 * it is. */
static wsclose_content
inflated_content(const wsclose_flow *flow, const flow_reading *reading, const wsclose_frame *frame)
{
    const wsclose_packet *packet = reading->packet;
    wsclose_slice octets;

    if (!packet->source || frame->opcode == WSCLOSE_OPCODE_CONTINUATION ||
        !are_inflated_in_order(flow, reading))
        return WSCLOSE_CONTENT_UNREAD;
    if (!packet->source->next_inflated(packet->user, &octets)) {
        if (frame->payload_len == 0)
            return WSCLOSE_CONTENT_FINE;
        return packet->source->inflates(packet->user) ? WSCLOSE_CONTENT_NOT_INFLATED
                                                      : WSCLOSE_CONTENT_UNREAD;
    }
    if (frame->opcode != WSCLOSE_OPCODE_TEXT)
        return WSCLOSE_CONTENT_FINE;
    return !flow->check_text ? WSCLOSE_CONTENT_UNCHECKED
           : is_utf8(octets) ? WSCLOSE_CONTENT_FINE
                             : WSCLOSE_CONTENT_NOT_UTF8;
}

/* What is known of the content of a data frame. */
static wsclose_content
content_of(const wsclose_flow *flow, const flow_reading *reading, const wsclose_traffic *traffic,
           const wsclose_scanned_frame *found)
{
    if (found->not_utf8)
        return WSCLOSE_CONTENT_NOT_UTF8;
    if (found->lacks)
        return traffic->compressed ? WSCLOSE_CONTENT_UNREAD
               : traffic->text     ? WSCLOSE_CONTENT_UNCHECKED
                                   : WSCLOSE_CONTENT_FINE;
    if (!found->frame.fin)
        return WSCLOSE_CONTENT_FINE;
    if (traffic->compressed)
        return inflated_content(flow, reading, &found->frame);
    return traffic->text && !flow->check_text ? WSCLOSE_CONTENT_UNCHECKED : WSCLOSE_CONTENT_FINE;
}

/* Take the payload of a frame that was taken. */
static void
take_payload(const wsclose_flow *flow, flow_reading *reading, const flow_websocket *websocket,
             wsclose_side sender, const wsclose_scanned_frame *found)
{
    wsclose_connection *connection = websocket->connection;
    const wsclose_moment moment = reading->packet->moment;

    if (sender == WSCLOSE_SIDE_UNKNOWN)
        return;
    if (wsclose_opcode_is_control(found->frame.opcode))
        wsclose_connection_heartbeat(connection, sender, found->frame.opcode,
                                     found->lacks ? WSCLOSE_DIGEST_UNKNOWN : found->digest, moment);
    else
        wsclose_connection_content(connection, sender,
                                   content_of(flow, reading, &connection->traffic[sender], found),
                                   moment);
}

/* Octets from the beginning of a frame on. */
typedef struct {
    wsclose_octets octets; /* of no length where an earlier packet has the first of them */
    bool begins_write;     /* nothing was written with them before */
} frame_start;

/* Take a frame other than Close, whose header alone counts. */
static void
take_header(wsclose_flow *flow, flow_reading *reading, flow_websocket *websocket,
            const wsclose_frame *frame, const frame_start *start)
{
    const size_t direction = reading->direction;
    const uint32_t number = reading->packet->moment.number;
    const wsclose_side sender = flow_sender(flow, direction, frame);
    wsclose_frame_meaning meaning;

    if (websocket->holed[direction] || websocket->unbegun[direction])
        flow_tell_missing(flow, websocket, direction, false);
    if (has_gone_on(flow, reading, websocket))
        wsclose_connection_goes_on(websocket->connection, sender);
    wsclose_connection_frame(websocket->connection, sender, frame, reading->packet->moment,
                             &meaning);
    /* Once in a packet; and a Close that was taken ahead stands behind this frame in the stream. */
    const bool after_close = meaning.after_close && websocket->after_close_in != number &&
                             !flow->directions[direction].foreseen;
    if (meaning.breaches == 0 && !after_close)
        return;
    if (meaning.breaches != 0)
        websocket->breach_end[direction] = flow_end_at_hand(flow, reading);
    /* Of wrong masking alone nothing says that it is no frame. */
    const bool may_be_text =
        (meaning.breaches & ~(unsigned)(WSCLOSE_BREACH_MASKED | WSCLOSE_BREACH_UNMASKED)) != 0;
    wsclose_slice text =
        may_be_text && start->octets.captured > 0 ? text_in(&start->octets) : (wsclose_slice){ 0 };
    if (text.len > 0 && start->begins_write) {
        wsclose_connection_no_frames(websocket->connection, sender);
    } else if (text.len > 0) {
        wsclose_connection_garbled(websocket->connection, sender);
    } else if (may_be_text && start->octets.lacking > 0) {
        wsclose_connection_breach_cut(websocket->connection, sender);
    }
    websocket->unframed[direction] |= text.len > 0;
    if (!start->begins_write)
        text.len = 0;
    if (!meaning.first && !after_close)
        return;
    if (after_close)
        websocket->after_close_in = number;
    const wsclose_frame_context context = {
        .sender = sender,
        .frame = frame,
        .breaches = meaning.breaches,
        .text = text,
        .close_in = after_close ? websocket->connection->closes[sender].moment.number : 0,
    };
    const wsclose_finding_set findings = wsclose_findings_take(
        websocket->connection, &(wsclose_event){ .kind = WSCLOSE_EVENT_FRAME, .frame = &context });
    reading->sink->breach(reading->user, websocket->connection,
                          &(wsclose_seen_breach){ .context = &context, .findings = findings });
}

static void
take_other(wsclose_flow *flow, flow_reading *reading, flow_websocket *websocket,
           const wsclose_scanned_frame *found, const frame_start *start)
{
    if (!found->is_taken)
        take_header(flow, reading, websocket, &found->frame, start);
    take_payload(flow, reading, websocket, flow_sender(flow, reading->direction, &found->frame),
                 found);
}

/* Whether a Close frame is the one that was taken ahead of the octets before it.
 *
 *  behind  what is left of the octets that it was read from */
static bool
is_foreseen(wsclose_flow *flow, size_t direction, const wsclose_octets *behind)
{
    flow_direction *own = &flow->directions[direction];
    const uint32_t end = own->stream.next - (uint32_t)(behind->captured + behind->lacking);
    const bool is_it = own->foreseen && end == own->foreseen_end;

    if (is_it)
        own->foreseen = false;
    return is_it;
}

/* Whether a frame is taken by its header: it is no Close. */
static bool
is_other(const wsclose_flow *flow, const flow_reading *reading, const flow_websocket *websocket,
         const wsclose_frame *frame)
{
    return frame->opcode != WSCLOSE_OPCODE_CLOSE ||
           wsclose_connection_is_out_of_step(websocket->connection,
                                             flow_sender(flow, reading->direction, frame), frame);
}

/* A frame that breaks the rules by its header does so from there on, whether or not its payload ever
 * comes. */
static void
take_begun(wsclose_flow *flow, flow_reading *reading, flow_websocket *websocket,
           wsclose_scanner *scanner, const frame_start *start)
{
    const wsclose_frame *frame = &scanner->frame;
    const wsclose_connection *connection = websocket->connection;

    if (!wsclose_scanner_is_in_payload(scanner) || scanner->is_taken ||
        !is_other(flow, reading, websocket, frame))
        return;
    const unsigned breaches =
        wsclose_frame_breaches(frame, flow_sender(flow, reading->direction, frame), connection->rsv,
                               connection->any_opcode);
    if (breaches == 0)
        return;
    take_header(flow, reading, websocket, frame, start);
    scanner->is_taken = true;
}

void
flow_frames_take(wsclose_flow *flow, flow_reading *reading, flow_websocket *websocket,
                 wsclose_scanner *scanner, wsclose_octets input, bool at_start)
{
    const wsclose_side sender = flow_side(flow, reading->direction);
    wsclose_scanned_frame found;
    frame_start start = { .begins_write = at_start };
    unsigned n_closes = 0;

    if (websocket->unframed[reading->direction])
        return;
    if (wsclose_scanner_is_lost(scanner)) {
        if (at_start && input.lacking == 0 &&
            wsclose_frames_fill(input.data, input.captured, sender) != WSCLOSE_FILL_NONE)
            wsclose_scanner_clear(scanner);
        else
            flow_lose(flow, websocket, reading->direction);
    }
    scanner->reads_text = flow->check_text;
    if (!wsclose_scanner_is_within_frame(scanner))
        start.octets = input;
    while (wsclose_scanner_next(scanner, &input, &found)) {
        /* RFC 6455 section 5.2: the first bit must be 0. */
        websocket->unframed[reading->direction] |= found.frame.payload_len >> 63 != 0;
        if (is_other(flow, reading, websocket, &found.frame))
            take_other(flow, reading, websocket, &found, &start);
        else if (!is_foreseen(flow, reading->direction, &input) &&
                 n_closes++ < CLOSES_PER_PACKET_MAX)
            take_close(flow, reading, websocket, &found, flow_end_at_hand(flow, reading));
        if (websocket->unframed[reading->direction])
            return;
        start = (frame_start){ .octets = input };
    }
    if (!websocket->unframed[reading->direction])
        take_begun(flow, reading, websocket, scanner, &start);
    if (wsclose_scanner_is_lost(scanner) && !websocket->unframed[reading->direction])
        flow_lose(flow, websocket, reading->direction);
}

void
flow_frames_take_receipt(wsclose_flow *flow, flow_reading *reading)
{
    const wsclose_packet *packet = reading->packet;
    flow_websocket *websocket = &flow->websocket;

    if (packet->has_ack && has_received(packet->ack, websocket->close_end[1 - packet->sender]) &&
        wsclose_connection_receipt(websocket->connection, flow_side(flow, packet->sender),
                                   packet->moment))
        flow_settled(reading, websocket);
}

void
flow_frames_take_fin(const wsclose_flow *flow, size_t direction)
{
    const flow_websocket *websocket = &flow->websocket;
    const wsclose_stream *stream = &flow->directions[direction].stream;
    const size_t other = 1 - direction;

    if (wsclose_sequence_after(flow->directions[other].stream.acked,
                               flow->directions[other].stream.next))
        wsclose_connection_ahead(websocket->connection, flow_side(flow, direction));
    if (websocket->close_in[other] != 0 && stream->has_fin && stream->has_ack &&
        has_received(websocket->close_ack[other], stream->fin_seq + 1))
        wsclose_connection_close_was_late(websocket->connection, flow_side(flow, other));
}

void
flow_frames_foresee(wsclose_flow *flow, flow_reading *reading)
{
    const wsclose_segment *segment = &reading->packet->segment;
    flow_direction *own = &flow->directions[reading->direction];
    wsclose_octets input = { segment->octets, segment->captured, 0 };
    wsclose_scanned_frame found;
    wsclose_scanner scanner;

    if (own->foreseen || segment->captured < segment->len ||
        wsclose_frames_fill(segment->octets, segment->captured,
                            flow_side(flow, reading->direction)) != WSCLOSE_FILL_CLOSE)
        return;
    wsclose_scanner_init(&scanner);
    while (wsclose_scanner_next(&scanner, &input, &found)) {
        if (found.frame.opcode == WSCLOSE_OPCODE_CLOSE && input.captured == 0) {
            own->foreseen = true;
            own->foreseen_end = segment->seq + segment->len;
            take_close(flow, reading, &flow->websocket, &found, own->foreseen_end);
        }
    }
    wsclose_scanner_clear(&scanner);
}
