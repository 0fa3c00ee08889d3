/* cause.c
 * Why a connection ended. The order in which causes are looked for is the order of precedence: what
 * was shown, by what came last before the end, then what is likely.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wsclose/cause.h"

#include <glib.h>
#include <string.h>

#include "cause_timers.h"
#include "connection_private.h"
#include "moment.h"
#include "words/refused_status.h"
#include "wsclose/code.h"

/* So long a Ping or a Close may wait before its silence means anything. */
#define PATIENCE SECOND

/* The same where the capture ends, and the answer may yet come. */
#define OPEN_PATIENCE (5 * SECOND)

/* A client that does not like a response leaves by then. */
#define LEAVING_MAX (2 * SECOND)

/* Who fails a connection over what it received does so by then. */
#define REACTION_MAX (5 * SECOND)

/* From here on what nobody acknowledged was not just lost once. */
enum { REPEATED_MIN = 3 };

/* From here on a side counts as silent. */
#define SILENCE_MIN (3 * SECOND)

/* An application may close after any round time; from here on a limit is as likely. */
#define CLOSING_AGE_MIN (300 * SECOND)
#define CLOSING_SILENCE_MIN (10 * SECOND)

/* What a cause is judged from. */
typedef struct {
    const wsclose_verdict_context *context;
    const wsclose_connection *connection;
    const wsclose_verdict *verdict; /* NULL where the connection goes on */
    wsclose_side first;             /* who sent the first Close, or else ended the transport */
    wsclose_side second;
    int64_t end;      /* time at which the end began, or the capture ended */
    char *reason;     /* of the first Close, in small letters; NULL where it has none */
    uint32_t letters; /* that it has: 1 for "a", 2 for "b" ... */
} facts;

static const wsclose_traffic *
traffic_of(const facts *f, wsclose_side side)
{
    return &f->connection->traffic[side];
}

static wsclose_by
by_side(wsclose_side side)
{
    return side == WSCLOSE_CLIENT   ? WSCLOSE_BY_CLIENT
           : side == WSCLOSE_SERVER ? WSCLOSE_BY_SERVER
                                    : WSCLOSE_BY_NOBODY;
}

/* A cause that the packets show. */
static bool
shown(wsclose_cause *out, wsclose_cause_id id, wsclose_by by, wsclose_side actor, uint32_t packet)
{
    *out = (wsclose_cause){ .id = id,
                            .by = by,
                            .certain = true,
                            .packets = { packet },
                            .actor = actor,
                            .time = -1 };
    return true;
}

/* The same about a time. */
static bool
shown_after(wsclose_cause *out, wsclose_cause_id id, wsclose_by by, wsclose_side actor,
            uint32_t packet, int64_t time)
{
    shown(out, id, by, actor, packet);
    out->time = time;
    return true;
}

static void
add_packet(wsclose_cause *out, uint32_t packet)
{
    size_t i = 0;

    while (i < WSCLOSE_CAUSE_PACKETS && out->packets[i] != 0 && out->packets[i] != packet)
        i++;
    if (i < WSCLOSE_CAUSE_PACKETS)
        out->packets[i] = packet;
}

/* Times. */

static int64_t
time_between_marks(wsclose_mark from, wsclose_mark to)
{
    return to.elapsed > from.elapsed ? (int64_t)(to.elapsed - from.elapsed) * (SECOND / 1000) : 0;
}

/* Until the end began. */
static int64_t
time_since(const facts *f, wsclose_mark mark)
{
    return time_between_marks(
        mark, wsclose_connection_mark(f->connection, (wsclose_moment){ 0, f->end }));
}

/* When the verdict was settled, or the capture ended. */
static wsclose_mark
until(const facts *f)
{
    return wsclose_connection_mark(f->connection, f->verdict
                                                      ? f->connection->settled
                                                      : (wsclose_moment){ 0, f->context->now });
}

int64_t
wsclose_connection_silence(const wsclose_connection *connection, wsclose_side side, int64_t end)
{
    const wsclose_moment *last = &connection->traffic[side].last;
    const wsclose_moment *opening =
        side == WSCLOSE_CLIENT ? &connection->request : &connection->response;

    if (last->number == 0)
        last = opening;
    if (last->number == 0)
        return -1;
    const int64_t silence = time_between(last->time, end);
    /* What woke a flow that was forgotten belongs to the end. */
    return connection->woken_in != 0 && silence < connection->silence ? connection->silence
                                                                      : silence;
}

int64_t
wsclose_connection_ping_age(const wsclose_connection *connection, wsclose_side side, int64_t end)
{
    const wsclose_mark *ping = &connection->traffic[side].ping;
    const uint32_t until = wsclose_connection_mark(connection, (wsclose_moment){ 0, end }).elapsed;

    if (ping->number == 0 || until < ping->elapsed)
        return -1;
    const int64_t age = (int64_t)(until - ping->elapsed) * (SECOND / 1000);
    return age >= PATIENCE ? age : -1;
}

static int64_t
silence_of(const facts *f, wsclose_side side)
{
    return wsclose_connection_silence(f->connection, side, f->end);
}

static int64_t
ping_age_of(const facts *f, wsclose_side side)
{
    /* A Pong may be among what is missing. */
    return f->connection->missing[other(side)]
               ? -1
               : wsclose_connection_ping_age(f->connection, side, f->end);
}

/* The packet from which a side was silent. */
static uint32_t
last_packet_of(const facts *f, wsclose_side side)
{
    const uint32_t number = traffic_of(f, side)->last.number;

    return number != 0              ? number
           : side == WSCLOSE_CLIENT ? f->connection->request.number
                                    : f->connection->response.number;
}

/* Of both sides. */
static uint32_t
last_packet(const facts *f)
{
    const wsclose_moment *last = connection_last_frame(f->connection);

    return last ? last->number : f->connection->response.number;
}

static bool
has_sent(const facts *f, wsclose_side side)
{
    return f->connection->frames[side] > (has_closed(f->connection, side) ? 1u : 0u);
}

/* The first Close. */

static bool
has_close(const facts *f)
{
    const wsclose_side closer = f->connection->first_close;

    /* One that came after its receiver had ended is no part of why it did. */
    return closer != WSCLOSE_SIDE_UNKNOWN && !f->connection->late[closer];
}

static bool
has_code(const facts *f, uint16_t code)
{
    const wsclose_close_mark *mark = &f->connection->closes[f->first];

    return has_close(f) && mark->kind == WSCLOSE_BODY_CODE && mark->code == code;
}

/* Whether the first Close says that its sender fails the connection over what it received. */
static bool
has_failure_code(const facts *f)
{
    return has_code(f, WSCLOSE_CODE_PROTOCOL_ERROR) || has_code(f, WSCLOSE_CODE_INVALID_PAYLOAD) ||
           has_code(f, WSCLOSE_CODE_UNSUPPORTED_DATA) ||
           has_code(f, WSCLOSE_CODE_POLICY_VIOLATION) || has_code(f, WSCLOSE_CODE_INTERNAL_ERROR);
}

/* Words in the reason of a Close that tell what it was about, in small letters. One that ends with "*"
 * may go on. */
static const char *const idle_words[] = { "idle*", "inactiv*", "no activity", NULL };
static const char *const timeout_words[] = { "timeout*", "timed out", "time out", NULL };
static const char *const ping_words[] = { "ping",       "pings",      "pingtimeout", "pong",
                                          "pongs",      "heartbeat*", "heart beat*", "keepalive*",
                                          "keep-alive", "keep alive", NULL };
static const char *const age_words[] = { "lifetime",    "life time",      "duration",   "max age",
                                         "maximum age", "connection age", "time limit", NULL };
static const char *const proxy_words[] = { "proxy",        "gateway", "load balancer",
                                           "loadbalancer", "ingress", "envoy",
                                           "nginx",        "haproxy", NULL };
static const char *const compression_words[] = { "compress*", "deflate",    "permessage*",
                                                 "rsv*",      "extension*", NULL };
static const char *const inflate_words[] = { "inflat*", "decompress*", "zlib", "corrupt*", NULL };
static const char *const utf8_words[] = { "utf-8", "utf8", "utf", "unicode", "encoding", NULL };
static const char *const subprotocol_words[] = { "subprotocol*", "sub-protocol*", NULL };

/* Whether a text has a word: not within another one, as "ping" is within "stopping". */
static bool
has_word(const char *text, const char *word)
{
    const bool goes_on = g_str_has_suffix(word, "*");
    const size_t len = strlen(word) - goes_on;

    for (const char *at = text; (at = strchr(at, word[0])) != NULL; at++) {
        if (strncmp(at, word, len) == 0 && (at == text || !g_ascii_isalpha(at[-1])) &&
            (goes_on || !g_ascii_isalpha(at[len])))
            return true;
    }
    return false;
}

static uint32_t
letter_bit(char letter)
{
    return letter >= 'a' && letter <= 'z' ? (uint32_t)1 << (letter - 'a') : 0;
}

static bool
has_reason(const facts *f)
{
    return f->reason != NULL;
}

static bool
reason_has(const facts *f, const char *const *words)
{
    for (; f->reason && *words; words++) {
        if ((f->letters & letter_bit(**words)) != 0 && has_word(f->reason, *words))
            return true;
    }
    return false;
}

/* The opening handshake. */

static bool
judge_refused(const facts *f, wsclose_cause *out)
{
    const wsclose_connection *connection = f->connection;

    if (f->verdict->ending != WSCLOSE_ENDING_REFUSED)
        return false;
    return shown(out, WSCLOSE_CAUSE_HANDSHAKE_REFUSED,
                 refused_status_lookup(connection->carrier, connection->status)->by, WSCLOSE_SERVER,
                 connection->response.number);
}

static bool
judge_unanswered(const facts *f, wsclose_cause *out)
{
    const wsclose_traffic *server = traffic_of(f, WSCLOSE_SERVER);

    if (f->verdict->ending != WSCLOSE_ENDING_NO_ANSWER)
        return false;
    if (server->no_frames && f->verdict->because[WSCLOSE_CLIENT] == WSCLOSE_BECAUSE_HANDSHAKE)
        return shown(out, WSCLOSE_CAUSE_NOT_WEBSOCKET, WSCLOSE_BY_SERVER, WSCLOSE_SERVER,
                     server->provoked_in);
    return shown(out, WSCLOSE_CAUSE_HANDSHAKE_UNANSWERED, WSCLOSE_BY_NOBODY, f->first,
                 f->connection->request.number);
}

/* A response that the client had to reject, and did. */
static bool
judge_rejected(const facts *f, wsclose_cause *out)
{
    static const struct {
        unsigned faults;
        wsclose_cause_id id;
    } rows[] = {
        { WSCLOSE_FAULT_UPGRADE | WSCLOSE_FAULT_CONNECTION | WSCLOSE_FAULT_ACCEPT_MISSING |
              WSCLOSE_FAULT_ACCEPT_WRONG | WSCLOSE_FAULT_ACCEPT_TWICE,
          WSCLOSE_CAUSE_HANDSHAKE_INVALID },
        { WSCLOSE_FAULT_SUBPROTOCOL, WSCLOSE_CAUSE_SUBPROTOCOL_UNSOLICITED },
        { WSCLOSE_FAULT_EXT_UNSOLICITED, WSCLOSE_CAUSE_EXTENSION_UNSOLICITED },
        { WSCLOSE_FAULT_EXT_INVALID, WSCLOSE_CAUSE_EXTENSION_INVALID },
    };

    if (f->verdict->because[WSCLOSE_CLIENT] != WSCLOSE_BECAUSE_HANDSHAKE)
        return false;
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        if (f->connection->faults & rows[i].faults) {
            shown(out, rows[i].id, WSCLOSE_BY_SERVER, WSCLOSE_SERVER,
                  f->connection->response.number);
            out->certain = f->first == WSCLOSE_CLIENT;
            return true;
        }
    }
    return false;
}

/* Whether the client left right after the response, and neither side had sent a frame. */
static bool
leaves_over_response(const facts *f)
{
    const wsclose_connection *connection = f->connection;

    return f->first == WSCLOSE_CLIENT && !has_sent(f, WSCLOSE_CLIENT) &&
           !has_sent(f, WSCLOSE_SERVER) && connection->response.number != 0 &&
           time_between(connection->response.time, f->end) <= LEAVING_MAX;
}

static bool
judge_subprotocol(const facts *f, wsclose_cause *out)
{
    const bool said = reason_has(f, subprotocol_words) && f->first == WSCLOSE_CLIENT;

    if (!f->connection->subprotocol_unanswered || (has_close(f) && !said) ||
        (!said && !leaves_over_response(f)))
        return false;
    shown(out, WSCLOSE_CAUSE_SUBPROTOCOL_UNANSWERED, WSCLOSE_BY_SERVER, WSCLOSE_CLIENT,
          f->connection->response.number);
    out->certain = said || f->connection->by_browser;
    return true;
}

/* Whether the other connection of a proxy shows that extensions were taken out in between. */
static bool
is_stripped(const facts *f)
{
    return f->context->neighbours && f->context->neighbours->leg_stripped;
}

/* A Close with 1010. */

/* Who makes the claim: not who repeats it. */
static wsclose_side
claimant_of(const facts *f)
{
    for (size_t i = 0; i < 2; i++) {
        const wsclose_side side = i == 0 ? f->first : f->second;
        const wsclose_close_mark *mark = &f->connection->closes[side];

        if (has_closed(f->connection, side) && mark->kind == WSCLOSE_BODY_CODE &&
            mark->code == WSCLOSE_CODE_MANDATORY_EXT)
            return side;
    }
    return WSCLOSE_SIDE_UNKNOWN;
}

/* Whether it needs what it has not offered. With no offer and no name it can be no other. */
static bool
is_unoffered(const facts *f, const wsclose_mandatory_ext *claim)
{
    return claim->verdict == WSCLOSE_CLAIM_CONTRADICTED &&
           (claim->not_offered[0] || f->context->negotiation->offer->n_exts == 0);
}

static bool
judge_claim(const facts *f, wsclose_cause *out)
{
    const wsclose_mandatory_ext *claim = f->context->mandatory;
    const wsclose_side claimant = claimant_of(f);

    if (claimant != WSCLOSE_CLIENT || !claim)
        return false;
    const bool stripped = is_stripped(f);
    const unsigned faults = f->connection->faults;
    if (claim->wrongly_answered || faults & WSCLOSE_FAULT_EXT)
        shown(out,
              faults & WSCLOSE_FAULT_EXT_UNSOLICITED ? WSCLOSE_CAUSE_EXTENSION_UNSOLICITED
                                                     : WSCLOSE_CAUSE_EXTENSION_INVALID,
              WSCLOSE_BY_SERVER, WSCLOSE_SERVER, f->connection->response.number);
    else if (claim->verdict == WSCLOSE_CLAIM_CONFIRMED)
        shown(out, stripped ? WSCLOSE_CAUSE_EXTENSION_STRIPPED : WSCLOSE_CAUSE_EXTENSION_DECLINED,
              stripped ? WSCLOSE_BY_BETWEEN : WSCLOSE_BY_SERVER, WSCLOSE_SERVER,
              f->connection->response.number);
    else if (is_unoffered(f, claim))
        shown(out, stripped ? WSCLOSE_CAUSE_EXTENSION_STRIPPED : WSCLOSE_CAUSE_EXTENSION_DECLINED,
              stripped ? WSCLOSE_BY_BETWEEN : WSCLOSE_BY_CLIENT, WSCLOSE_CLIENT,
              f->connection->request.number);
    else if (claim->verdict == WSCLOSE_CLAIM_CONTRADICTED)
        shown(out, stripped ? WSCLOSE_CAUSE_EXTENSION_STRIPPED : WSCLOSE_CAUSE_EXTENSION_REFUSED,
              stripped ? WSCLOSE_BY_BETWEEN : WSCLOSE_BY_CLIENT, WSCLOSE_CLIENT,
              f->connection->response.number);
    else
        return false;
    add_packet(out, f->connection->closes[claimant].moment.number);
    return true;
}

/* One that the user lists as mandatory, and that was declined. */
static bool
judge_required(const facts *f, wsclose_cause *out)
{
    if (f->context->negotiation->n_required == 0 || has_close(f) || !leaves_over_response(f))
        return false;
    shown(out, WSCLOSE_CAUSE_EXTENSION_DECLINED, WSCLOSE_BY_SERVER, WSCLOSE_SERVER,
          f->connection->response.number);
    out->certain = false;
    return true;
}

/* Breaches. */

static bool
judge_breach(const facts *f, wsclose_cause *out)
{
    for (wsclose_side victim = WSCLOSE_CLIENT; victim <= WSCLOSE_SERVER; victim++) {
        const wsclose_side culprit = other(victim);
        const wsclose_traffic *traffic = traffic_of(f, culprit);
        const unsigned kinds =
            f->connection->breaches[culprit] & ~(unsigned)f->connection->tolerated[culprit];

        if (f->verdict->because[victim] != WSCLOSE_BECAUSE_BREACH || kinds == 0)
            continue;
        /* One side compresses as the other one does not know of: what is in between kept it from it. */
        if (kinds == WSCLOSE_BREACH_RSV && is_stripped(f))
            return shown(out, WSCLOSE_CAUSE_EXTENSION_STRIPPED, WSCLOSE_BY_BETWEEN, culprit,
                         f->connection->response.number);
        const bool several = traffic->n_breaches > 1 && (kinds & (kinds - 1)) != 0;
        shown(out,
              traffic->no_frames            ? WSCLOSE_CAUSE_NOT_WEBSOCKET
              : several || traffic->garbled ? WSCLOSE_CAUSE_OUT_OF_STEP
                                            : WSCLOSE_CAUSE_FRAME_BREACH,
              by_side(culprit), culprit, traffic->provoked_in);
        /* All of it may be text. */
        out->certain = traffic->no_frames || !f->connection->sides[culprit].breach_cut;
        return true;
    }
    return false;
}

static bool
judge_illegal(const facts *f, wsclose_cause *out)
{
    for (size_t i = 0; i < 2; i++) {
        const wsclose_side culprit = i == 0 ? f->first : f->second;

        if (f->verdict->because[other(culprit)] == WSCLOSE_BECAUSE_ILLEGAL)
            return shown(out, WSCLOSE_CAUSE_CLOSE_ILLEGAL, by_side(culprit), culprit,
                         f->connection->closes[culprit].moment.number);
    }
    return false;
}

/* Messages. */

/* Whether the first side ends right after what the second one sent last, and says nothing of why. Who
 * does not check a text closes as it likes; who cannot inflate a message has to end, and aiohttp closes
 * with 1000 then. */
static bool
ends_at_once(const facts *f)
{
    const wsclose_moment *last = &traffic_of(f, f->second)->last;
    const bool may_close = traffic_of(f, f->second)->content != WSCLOSE_CONTENT_NOT_UTF8 &&
                           !has_reason(f) && has_code(f, WSCLOSE_CODE_NORMAL_CLOSURE);

    return (!has_close(f) || may_close) && last->number != 0 &&
           time_between(last->time, f->end) <= REACTION_MAX &&
           traffic_of(f, f->first)->last.number <= last->number;
}

/* Nobody has read the message: then its receiver has to say what was wrong with it. */
static bool
judge_unread(const facts *f, wsclose_cause *out)
{
    const wsclose_traffic *traffic = traffic_of(f, f->second);
    const bool broken = reason_has(f, inflate_words);
    const bool not_utf8 = reason_has(f, utf8_words);
    const bool invalid = has_code(f, WSCLOSE_CODE_INVALID_PAYLOAD);

    /* A client that closes with 1002 may as well refuse what it offered. */
    if (!broken && !not_utf8 && !invalid &&
        (!has_code(f, WSCLOSE_CODE_PROTOCOL_ERROR) || f->first == WSCLOSE_CLIENT ||
         reason_has(f, compression_words)))
        return false;
    shown(out,
          not_utf8                                ? WSCLOSE_CAUSE_TEXT_NOT_UTF8
          : broken || (invalid && !traffic->text) ? WSCLOSE_CAUSE_COMPRESSION_BROKEN
                                                  : WSCLOSE_CAUSE_UNKNOWN,
          by_side(f->second), f->second, traffic->faulty_in);
    out->certain = broken || not_utf8;
    if (out->id == WSCLOSE_CAUSE_UNKNOWN)
        out->by = WSCLOSE_BY_NOBODY;
    return true;
}

/* Nobody has looked at the text. */
static bool
judge_unchecked(const facts *f, wsclose_cause *out)
{
    if (!has_code(f, WSCLOSE_CODE_INVALID_PAYLOAD))
        return false;
    shown(out, WSCLOSE_CAUSE_TEXT_NOT_UTF8, by_side(f->second), f->second,
          traffic_of(f, f->second)->faulty_in);
    out->certain = reason_has(f, utf8_words);
    return true;
}

/* Whether the last message before the end is one that nobody has read. */
static bool
ends_unread(const facts *f)
{
    const wsclose_traffic *traffic = traffic_of(f, f->second);

    return (traffic->content == WSCLOSE_CONTENT_UNREAD ||
            traffic->content == WSCLOSE_CONTENT_UNCHECKED) &&
           traffic->faulty_in == traffic->last_data.number;
}

/* Whether that is all that a verdict lacks. */
static bool
is_only_unread(const facts *f)
{
    const wsclose_connection *connection = f->connection;

    return ends_unread(f) && has_failure_code(f) && connection->request.number != 0 &&
           is_opened(connection) && !connection->missing[WSCLOSE_CLIENT] &&
           !connection->missing[WSCLOSE_SERVER];
}

static bool
judge_content(const facts *f, wsclose_cause *out)
{
    const wsclose_traffic *traffic = traffic_of(f, f->second);
    const bool is_last = traffic->faulty_in != 0 && traffic->faulty_in == traffic->last_data.number;

    if (!is_last || !(has_failure_code(f) || ends_at_once(f)))
        return false;
    if (traffic->content == WSCLOSE_CONTENT_UNREAD)
        return judge_unread(f, out);
    if (traffic->content == WSCLOSE_CONTENT_UNCHECKED)
        return judge_unchecked(f, out);
    shown(out,
          traffic->content == WSCLOSE_CONTENT_NOT_UTF8 ? WSCLOSE_CAUSE_TEXT_NOT_UTF8
                                                       : WSCLOSE_CAUSE_COMPRESSION_BROKEN,
          by_side(f->second), f->second, traffic->faulty_in);
    out->certain =
        has_close(f) ? has_failure_code(f) : traffic->content == WSCLOSE_CONTENT_NOT_UTF8;
    return true;
}

/* The client closes over the first compressed message of the server, which it may send (RFC 7692
 * section 6). */
static bool
judge_extension_refused(const facts *f, wsclose_cause *out)
{
    const wsclose_traffic *traffic = traffic_of(f, f->second);
    const bool said = reason_has(f, compression_words);

    if (!((has_code(f, WSCLOSE_CODE_PROTOCOL_ERROR) && f->first == WSCLOSE_CLIENT) ||
          (said && has_failure_code(f))) ||
        has_code(f, WSCLOSE_CODE_INVALID_PAYLOAD) || !traffic->compressed ||
        !(f->connection->rsv & WSCLOSE_RSV1) || f->connection->rsv == WSCLOSE_RSV_ANY ||
        (traffic->compressed_before && !said) || traffic->content == WSCLOSE_CONTENT_NOT_INFLATED)
        return false;
    shown(out, is_stripped(f) ? WSCLOSE_CAUSE_EXTENSION_STRIPPED : WSCLOSE_CAUSE_EXTENSION_REFUSED,
          is_stripped(f) ? WSCLOSE_BY_BETWEEN : by_side(f->first), f->first,
          f->connection->request.number);
    add_packet(out, traffic->last_data.number);
    add_packet(out, f->connection->closes[f->first].moment.number);
    out->certain = said || is_stripped(f);
    return true;
}

static bool
judge_too_big(const facts *f, wsclose_cause *out)
{
    const uint32_t message = traffic_of(f, f->second)->last_data.number;

    if (!has_code(f, WSCLOSE_CODE_MESSAGE_TOO_BIG))
        return false;
    return shown(out, WSCLOSE_CAUSE_MESSAGE_TOO_BIG, by_side(f->first), f->first,
                 message != 0 ? message : f->connection->closes[f->first].moment.number);
}

/* TCP, TLS, streams. */

static bool
judge_path(const facts *f, wsclose_cause *out)
{
    for (wsclose_side side = WSCLOSE_CLIENT; side <= WSCLOSE_SERVER; side++) {
        const wsclose_traffic *traffic = traffic_of(f, side);
        const bool ends_itself = !f->verdict || f->first == side ||
                                 f->connection->ends[other(side)].kind == WSCLOSE_END_NONE;

        if (traffic->unacknowledged.number != 0 && traffic->repeated >= REPEATED_MIN && ends_itself)
            return shown_after(out, WSCLOSE_CAUSE_PATH_DEAD, WSCLOSE_BY_BETWEEN, side,
                               traffic->unacknowledged.number,
                               time_between_marks(traffic->unacknowledged, until(f)));
    }
    return false;
}

static bool
judge_alert(const facts *f, wsclose_cause *out)
{
    if (f->connection->alert_in == 0 || f->verdict->ending == WSCLOSE_ENDING_CLOSED)
        return false;
    return shown(out, WSCLOSE_CAUSE_TLS_ALERT, by_side(f->connection->alerter),
                 f->connection->alerter, f->connection->alert_in);
}

/* RFC 9114 section 8.1 begins elsewhere than RFC 9113 section 7. */
static bool
is_error(const facts *f, const wsclose_end_mark *end)
{
    const uint64_t none = f->connection->carrier == WSCLOSE_CARRIER_HTTP3 ? 0x100 : 0;

    return end->has_error && end->error != none;
}

/* Whether a side has sent RST_STREAM or GOAWAY, and its code was not read. */
static bool
has_unread_error(const facts *f, wsclose_side side)
{
    const wsclose_end_mark *end = &f->connection->ends[side];
    const bool by_stream = end->kind == WSCLOSE_END_RESET && end->cause == WSCLOSE_END_BY_ITSELF;

    if (f->connection->carrier != WSCLOSE_CARRIER_HTTP2 || (!by_stream && !end->goaway))
        return false;
    /* Beside a reset the code of a GOAWAY is still there where the reset's own was not read. */
    return !end->has_error || (by_stream && end->goaway);
}

static bool
judge_stream(const facts *f, wsclose_cause *out)
{
    if (f->verdict->ending != WSCLOSE_ENDING_NO_CLOSE)
        return false;
    for (size_t i = 0; i < 2; i++) {
        const wsclose_side side = i == 0 ? f->first : f->second;
        const wsclose_end_mark *end = &f->connection->ends[side];

        if (!is_error(f, end) || (end->kind != WSCLOSE_END_RESET && !end->goaway))
            continue;
        shown(out, WSCLOSE_CAUSE_STREAM_ERROR, by_side(side), side,
              end->number != 0 ? end->number : f->connection->settled.number);
        /* The first side's may be one too. */
        out->certain = side == f->first || !has_unread_error(f, f->first);
        return true;
    }
    return false;
}

static bool
judge_forgotten(const facts *f, wsclose_cause *out)
{
    if (f->connection->woken_in == 0)
        return false;
    shown_after(out, WSCLOSE_CAUSE_FLOW_FORGOTTEN, WSCLOSE_BY_BETWEEN, WSCLOSE_SIDE_UNKNOWN,
                f->connection->woken_in, f->connection->silence);
    add_packet(out, f->connection->settled.number);
    return true;
}

/* Pings. */

/* Whether the first side gave up over its Ping: it said so, or a Close of the kind that says nothing
 * else. */
static bool
gives_up_over_ping(const facts *f)
{
    if (!has_close(f) || has_code(f, WSCLOSE_CODE_INTERNAL_ERROR))
        return true;
    return reason_has(f, ping_words) || reason_has(f, idle_words) || reason_has(f, timeout_words) ||
           !has_reason(f);
}

static bool
judge_ping(const facts *f, wsclose_cause *out)
{
    const int64_t age = ping_age_of(f, f->first);

    if (age < 0 || !gives_up_over_ping(f))
        return false;
    shown_after(out, WSCLOSE_CAUSE_PING_UNANSWERED, by_side(f->second), f->second,
                traffic_of(f, f->first)->ping.number, age);
    out->certain =
        !has_close(f) || has_code(f, WSCLOSE_CODE_INTERNAL_ERROR) || reason_has(f, ping_words);
    return true;
}

/* Silence and age. */

/* Who has set the limit: who closed, or what is in between. */
static wsclose_by
by_timer(const facts *f)
{
    return has_close(f) ? by_side(f->first) : WSCLOSE_BY_BETWEEN;
}

/* Whether the Close, if there is one, leaves room for a timer behind it: one without a reason says
 * so little that only a limit which is no chance counts. */
static limit_likeness
least_likeness(const facts *f)
{
    const wsclose_close_mark *mark = &f->connection->closes[f->first];

    if (!has_close(f))
        return f->connection->closing ? LIMIT_ROUND : LIMIT_WHOLE;
    if (has_reason(f))
        return LIMIT_EXACT + 1;
    if (mark->kind == WSCLOSE_BODY_EMPTY)
        return LIMIT_EXACT;
    /* Whoever leaves a page sends the same 1001, at any time. */
    if (has_code(f, WSCLOSE_CODE_GOING_AWAY) && f->first == WSCLOSE_SERVER &&
        f->verdict->idle >= CLOSING_SILENCE_MIN)
        return LIMIT_WHOLE;
    return has_code(f, WSCLOSE_CODE_NORMAL_CLOSURE) || has_code(f, WSCLOSE_CODE_GOING_AWAY)
               ? LIMIT_ROUND
               : LIMIT_EXACT + 1;
}

/* Whether a silence is longer than those that the connection has outlived. */
static bool
is_longest(int64_t silence, uint32_t longest_gap)
{
    return silence / (SECOND / 1000) > longest_gap;
}

/* How much the silence of both sides is like a limit. */
static limit_likeness
idle_likeness(const facts *f)
{
    return is_longest(f->verdict->idle, f->connection->longest_gap)
               ? limit_is_like(LIMIT_IDLE, f->verdict->idle)
               : LIMIT_UNLIKE;
}

/* The same of one side's, where the other one was not as silent. One that never sent anything was
 * silent for as long as the connection lived, and says nothing. */
static limit_likeness
side_likeness(const facts *f, wsclose_side side)
{
    const int64_t silence = silence_of(f, side);
    const bool between = f->context->neighbours && f->context->neighbours->leg_between &&
                         limit_is_like(LIMIT_LIFETIME, silence) != LIMIT_EXACT;

    if (!(has_sent(f, side) || between) || silence_of(f, other(side)) > silence - silence / 10 ||
        !is_longest(silence, traffic_of(f, side)->longest_gap))
        return LIMIT_UNLIKE;
    return limit_is_like(LIMIT_SERVER, silence);
}

static limit_likeness
most_likely_side(const facts *f)
{
    return MAX(side_likeness(f, WSCLOSE_CLIENT), side_likeness(f, WSCLOSE_SERVER));
}

static bool
likely_after(const facts *f, wsclose_cause *out, wsclose_cause_id id, wsclose_side actor,
             uint32_t packet, int64_t time, bool certain)
{
    shown_after(out, id, by_timer(f), actor, packet, time);
    out->certain = certain || (f->context->neighbours && f->context->neighbours->leg_between);
    return true;
}

/* What a Close says of silence counts for data too: many applications do not count Pings. */
static int64_t
silence_without_data(const facts *f)
{
    const wsclose_mark *client = &traffic_of(f, WSCLOSE_CLIENT)->last_data;
    const wsclose_mark *server = &traffic_of(f, WSCLOSE_SERVER)->last_data;
    const wsclose_mark *last = client->number > server->number ? client : server;

    return last->number != 0 ? time_since(f, *last) : f->verdict->idle;
}

/* A limit on anything may be meant where it is an error that it was exceeded. */
static bool
says_timeout(const facts *f)
{
    return reason_has(f, timeout_words) && !has_code(f, WSCLOSE_CODE_INTERNAL_ERROR);
}

static bool
says_silence(const facts *f)
{
    return reason_has(f, idle_words) || reason_has(f, ping_words) || says_timeout(f);
}

/* Whether it says so in so many words. */
static bool
says_clearly(const facts *f)
{
    return reason_has(f, idle_words) || reason_has(f, ping_words);
}

static bool
judge_idle(const facts *f, wsclose_cause *out)
{
    const int64_t idle = f->verdict->idle;
    const int64_t without_data = silence_without_data(f);

    if (says_silence(f) && side_likeness(f, f->second) > idle_likeness(f))
        return false;
    if (says_silence(f)) {
        if (idle >= SILENCE_MIN && is_longest(idle, f->connection->longest_gap))
            return likely_after(f, out, WSCLOSE_CAUSE_IDLE_TIMEOUT, f->first, last_packet(f), idle,
                                says_clearly(f));
        if (without_data >= SILENCE_MIN && limit_is_like(LIMIT_IDLE, without_data) != LIMIT_UNLIKE)
            return likely_after(f, out, WSCLOSE_CAUSE_IDLE_TIMEOUT, f->first,
                                MAX(traffic_of(f, WSCLOSE_CLIENT)->last_data.number,
                                    traffic_of(f, WSCLOSE_SERVER)->last_data.number),
                                without_data, says_clearly(f));
        return false;
    }
    if (idle_likeness(f) < least_likeness(f) || idle_likeness(f) < most_likely_side(f))
        return false;
    return likely_after(f, out, WSCLOSE_CAUSE_IDLE_TIMEOUT, f->first, last_packet(f), idle, false);
}

/* One side was silent, the other one was not. */
static bool
judge_one_sided(const facts *f, wsclose_cause *out)
{
    const bool said = says_silence(f);
    const wsclose_side silent =
        said                                                                  ? f->second
        : side_likeness(f, WSCLOSE_CLIENT) > side_likeness(f, WSCLOSE_SERVER) ? WSCLOSE_CLIENT
                                                                              : WSCLOSE_SERVER;
    const int64_t silence = silence_of(f, silent);

    if (said ? silence < SILENCE_MIN : has_close(f) || side_likeness(f, silent) == LIMIT_UNLIKE)
        return false;
    likely_after(f, out, WSCLOSE_CAUSE_ONE_SIDED_SILENCE, silent, last_packet_of(f, silent),
                 silence, says_clearly(f));
    out->by = WSCLOSE_BY_BETWEEN;
    return true;
}

/* How old the connection was when the end began; -1 where the capture lacks its beginning. */
static int64_t
age_of(const facts *f)
{
    const wsclose_connection *connection = f->connection;

    if (connection->outside)
        return connection->whole ? time_between(connection->start, f->end) : -1;
    return connection->response.number != 0 ? time_between(connection->response.time, f->end) : -1;
}

static bool
judge_lifetime(const facts *f, wsclose_cause *out)
{
    const wsclose_connection *connection = f->connection;
    const int64_t age = age_of(f);
    const bool said = reason_has(f, age_words);
    const limit_likeness least = has_close(f) ? least_likeness(f) + 1 : LIMIT_ROUND;

    if (age < 0 || (!said && has_close(f) && age < CLOSING_AGE_MIN) ||
        (!said && (f->verdict->idle > age / 3 || limit_is_like(LIMIT_LIFETIME, age) < least)))
        return false;
    return likely_after(f, out, WSCLOSE_CAUSE_LIFETIME_LIMIT, f->first, connection->response.number,
                        age, said);
}

/* Other connections. */

static bool
judge_shared(const facts *f, wsclose_cause *out)
{
    const wsclose_neighbours *neighbours = f->context->neighbours;

    if (!neighbours || neighbours->together < 2 || has_close(f))
        return false;
    /* A timer of each explains it too. */
    if ((neighbours->alike || neighbours->together == 2) && idle_likeness(f) == LIMIT_EXACT)
        return false;
    shown(out, WSCLOSE_CAUSE_SHARED_END, WSCLOSE_BY_BETWEEN, f->first,
          f->connection->ends[f->first].number);
    return true;
}

static bool
judge_proxy(const facts *f, wsclose_cause *out)
{
    if (!f->context->neighbours || !f->context->neighbours->leg_between || has_close(f))
        return false;
    return shown(out, WSCLOSE_CAUSE_PROXY, WSCLOSE_BY_BETWEEN, f->first,
                 f->connection->ends[f->first].number);
}

/* A Close that explains itself. */

/* Codes with which somebody says that something went wrong. */
static bool
is_error_code(uint16_t code)
{
    return code >= WSCLOSE_CODE_PROTOCOL_ERROR && code <= WSCLOSE_CODE_TLS_HANDSHAKE;
}

/* Those whose sender need not wait for an answer (RFC 6455 section 7.1.7). */
static bool
is_failure_code(uint16_t code)
{
    return code == WSCLOSE_CODE_PROTOCOL_ERROR || code == WSCLOSE_CODE_INVALID_PAYLOAD ||
           code == WSCLOSE_CODE_MESSAGE_TOO_BIG;
}

static bool
judge_close_unanswered(const facts *f, wsclose_cause *out)
{
    const wsclose_connection *connection = f->connection;
    const wsclose_close_mark *mark = &connection->closes[f->first];
    const int64_t until = f->verdict ? connection->settled.time : f->context->now;
    const int64_t waited = time_between(mark->moment.time, until);
    if (!has_close(f) || has_closed(connection, f->second) || is_failure_code(mark->code) ||
        mark->breaches != 0 || (f->verdict && f->verdict->ending != WSCLOSE_ENDING_ONE_CLOSE))
        return false;
    const bool left =
        f->verdict && connection->first_end == f->second && !is_error_code(mark->code);
    if (!left && waited < (f->verdict ? PATIENCE : OPEN_PATIENCE))
        return false;
    return shown_after(out, WSCLOSE_CAUSE_CLOSE_UNANSWERED, by_side(f->second), f->second,
                       mark->moment.number, waited);
}

static bool
judge_application(const facts *f, wsclose_cause *out)
{
    const wsclose_connection *connection = f->connection;
    const wsclose_close_mark *mark = &connection->closes[f->first];

    if (!has_close(f) || mark->kind == WSCLOSE_BODY_CUT)
        return false;
    /* Its sender did not wait for the answer: why is not told by the code. */
    if (f->verdict->ending == WSCLOSE_ENDING_ONE_CLOSE &&
        (mark->kind == WSCLOSE_BODY_EMPTY || mark->code == WSCLOSE_CODE_NORMAL_CLOSURE))
        return false;
    if (has_code(f, WSCLOSE_CODE_GOING_AWAY) || has_code(f, WSCLOSE_CODE_SERVICE_RESTART))
        return shown(out, WSCLOSE_CAUSE_GOING_AWAY,
                     reason_has(f, proxy_words) ? WSCLOSE_BY_BETWEEN : by_side(f->first), f->first,
                     mark->moment.number);
    const wsclose_by by =
        !(mark->kind == WSCLOSE_BODY_CODE && is_error_code(mark->code))        ? WSCLOSE_BY_NOBODY
        : reason_has(f, proxy_words) || mark->code == WSCLOSE_CODE_BAD_GATEWAY ? WSCLOSE_BY_BETWEEN
                                                                               : by_side(f->first);
    return shown(out, WSCLOSE_CAUSE_APPLICATION, by, f->first, mark->moment.number);
}

static bool
judge_transport(const facts *f, wsclose_cause *out)
{
    const wsclose_side ender = f->connection->first_end;

    if (ender == WSCLOSE_SIDE_UNKNOWN)
        return false;
    return shown(out, WSCLOSE_CAUSE_TRANSPORT_END, by_side(ender), ender,
                 f->connection->ends[ender].number);
}

/* Whether the client says that it lacks an extension, and the capture does not show what became of
 * it. */
static bool
is_unverifiable(const facts *f)
{
    return claimant_of(f) == WSCLOSE_CLIENT && f->context->mandatory &&
           f->context->mandatory->verdict == WSCLOSE_CLAIM_UNVERIFIABLE;
}

/* Whether a cause stands only where no error of a stream was sent: judge_stream comes before it. */
static bool
yields_to_stream_error(wsclose_cause_id id)
{
    return id == WSCLOSE_CAUSE_FLOW_FORGOTTEN || id == WSCLOSE_CAUSE_PING_UNANSWERED ||
           id == WSCLOSE_CAUSE_SHARED_END || id == WSCLOSE_CAUSE_PROXY ||
           id == WSCLOSE_CAUSE_TRANSPORT_END;
}

/* Whether there may be more to it: who ended first is not sure, the reason is cut, or something that
 * nobody has read, or not in time, came just before. */
static bool
is_doubtful(const facts *f, wsclose_cause_id id)
{
    const wsclose_close_body *body = has_close(f) ? f->context->bodies[f->first] : NULL;

    if (f->connection->unsure_end)
        return true;
    if (f->verdict->ending == WSCLOSE_ENDING_NO_CLOSE && yields_to_stream_error(id) &&
        (has_unread_error(f, WSCLOSE_CLIENT) || has_unread_error(f, WSCLOSE_SERVER)))
        return true;
    if (id != WSCLOSE_CAUSE_APPLICATION && id != WSCLOSE_CAUSE_GOING_AWAY &&
        id != WSCLOSE_CAUSE_TRANSPORT_END)
        return false;
    return (body && body->reason_cut) || f->connection->sides[f->first].ahead ||
           (ends_unread(f) && (ends_at_once(f) || has_code(f, WSCLOSE_CODE_PROTOCOL_ERROR))) ||
           is_unverifiable(f);
}

/* The order of precedence. */

typedef bool (*judge)(const facts *f, wsclose_cause *out);

static const judge judges[] = {
    judge_refused,
    /* What was broken. */
    judge_breach,
    judge_illegal,
    judge_path,
    judge_unanswered,
    judge_claim,
    judge_rejected,
    judge_content,
    judge_extension_refused,
    judge_too_big,
    judge_alert,
    judge_stream,
    /* What was not answered. */
    judge_forgotten,
    judge_ping,
    /* What is likely. */
    judge_subprotocol,
    judge_required,
    judge_shared,
    judge_idle,
    judge_one_sided,
    judge_proxy,
    judge_lifetime,
    /* What says nothing of its cause. */
    judge_close_unanswered,
    judge_application,
    judge_transport,
};

/* The first one that finds its cause decides. */
static void
judge_in_order(const judge *order, size_t count, const facts *f, wsclose_cause *out)
{
    for (size_t i = 0; i < count && !order[i](f, out); i++)
        ;
}

/* Of a connection within TLS that nobody decrypts. */
static const judge outside_judges[] = {
    judge_path, judge_alert,    judge_forgotten, judge_shared,
    judge_idle, judge_lifetime, judge_transport,
};

/* Whether there was a Close frame, and with which code, is not seen: what the transport shows is
 * shown all the same. */
static void
judge_outside(const facts *f, wsclose_cause *out)
{
    judge_in_order(outside_judges, G_N_ELEMENTS(outside_judges), f, out);
    out->certain = out->certain && out->id != WSCLOSE_CAUSE_TRANSPORT_END;
}

/* Those that may be shown while a connection goes on. */
static bool
judge_open(const facts *f, wsclose_cause *out)
{
    if (judge_path(f, out))
        return true;
    for (wsclose_side side = WSCLOSE_CLIENT; side <= WSCLOSE_SERVER; side++) {
        const int64_t age = ping_age_of(f, side);

        if (age >= OPEN_PATIENCE)
            return shown_after(out, WSCLOSE_CAUSE_PING_UNANSWERED, by_side(other(side)),
                               other(side), traffic_of(f, side)->ping.number, age);
    }
    return !f->connection->missing[f->second] && judge_close_unanswered(f, out);
}

static facts
facts_of(const wsclose_verdict_context *context)
{
    const wsclose_connection *connection = context->connection;
    facts f = { .context = context, .connection = connection, .verdict = context->verdict };
    const wsclose_side ender =
        connection->first_end != WSCLOSE_SIDE_UNKNOWN ? connection->first_end : WSCLOSE_CLIENT;

    f.first = connection->first_close != WSCLOSE_SIDE_UNKNOWN &&
                      !connection->late[connection->first_close]
                  ? connection->first_close
                  : ender;
    f.second = other(f.first);
    f.end = connection->has_ending ? connection->ending : context->now;
    const wsclose_close_body *body = has_close(&f) ? context->bodies[f.first] : NULL;
    if (body && body->reason.len > 0)
        f.reason = g_ascii_strdown(body->reason.data, (gssize)body->reason.len);
    for (const char *at = f.reason; at && *at; at++)
        f.letters |= letter_bit(*at);
    return f;
}

static bool
judge_all(const facts *f, wsclose_cause *out)
{
    if (!f->verdict)
        return judge_open(f, out);
    shown(out, WSCLOSE_CAUSE_UNKNOWN, WSCLOSE_BY_NOBODY, WSCLOSE_SIDE_UNKNOWN, 0);
    out->certain = false;
    if (f->connection->outside) {
        judge_outside(f, out);
        return true;
    }
    const bool unread = f->verdict->incomplete && is_only_unread(f);
    if (f->verdict->incomplete && !unread) {
        /* A breach or a Close that tells more may be among what is missing. */
        if (judge_refused(f, out))
            out->certain = !f->connection->missing[WSCLOSE_SERVER];
        else if (judge_alert(f, out))
            out->certain = false;
        return true;
    }
    judge_in_order(judges, G_N_ELEMENTS(judges), f, out);
    out->certain = out->certain && !is_doubtful(f, out->id);
    out->unread = unread;
    return true;
}

bool
wsclose_cause_judge(const wsclose_verdict_context *context, wsclose_cause *out)
{
    facts f = facts_of(context);
    const bool judged = judge_all(&f, out);

    g_free(f.reason);
    return judged;
}
