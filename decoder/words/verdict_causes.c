/* verdict_causes.c
 * The slots of the rows on a verdict that are about why the connection ended.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "verdict_causes.h"

#include "../cause_timers.h"
#include "../connection_private.h"
#include "../explain_private.h"
#include "../moment.h"
#include "quote.h"
#include "verdict_slots.h"

static const wsclose_cause *
cause_in(const void *words)
{
    return &ending_in(words)->cause;
}

static const wsclose_traffic *
traffic_in(const void *words, wsclose_side side)
{
    return &connection_in(words)->traffic[side];
}

/* RSV1 in a place where permessage-deflate does not have it. */
static bool
is_misplaced_bit(const ending *e)
{
    const unsigned minded =
        e->connection->breaches[e->culprit] & ~(unsigned)e->connection->tolerated[e->culprit];

    return minded == WSCLOSE_BREACH_RSV && e->connection->rsv == WSCLOSE_RSV1;
}

/* Whether the cause is what a 1010 of the client says, and not what the user lists as mandatory. */
static bool
is_of_claim(const ending *e)
{
    return ending_claimant(e) == WSCLOSE_CLIENT && e->mandatory &&
           e->mandatory->verdict == WSCLOSE_CLAIM_CONFIRMED;
}

const cause_row *
cause_row_of(const ending *e)
{
    const bool closed = e->verdict->ending != WSCLOSE_ENDING_NO_CLOSE;

    switch (e->cause.id) {
    case WSCLOSE_CAUSE_GOING_AWAY:
        return &cause_rows[e->cause.by == WSCLOSE_BY_BETWEEN ? CAUSE_ROW_GOING_AWAY_BETWEEN
                                                             : WSCLOSE_CAUSE_GOING_AWAY];
    case WSCLOSE_CAUSE_IDLE_TIMEOUT:
        if (e->connection->outside)
            return &cause_rows[CAUSE_ROW_IDLE_OUTSIDE];
        return &cause_rows[closed ? CAUSE_ROW_IDLE_CLOSED : WSCLOSE_CAUSE_IDLE_TIMEOUT];
    case WSCLOSE_CAUSE_LIFETIME_LIMIT:
        return &cause_rows[e->connection->outside ? CAUSE_ROW_LIFETIME_OUTSIDE
                                                  : WSCLOSE_CAUSE_LIFETIME_LIMIT];
    case WSCLOSE_CAUSE_EXTENSION_DECLINED:
        return &cause_rows[e->cause.by == WSCLOSE_BY_CLIENT ? CAUSE_ROW_NOT_OFFERED
                           : is_of_claim(e)                 ? WSCLOSE_CAUSE_EXTENSION_DECLINED
                                                            : CAUSE_ROW_DECLINED_LISTED];
    case WSCLOSE_CAUSE_MESSAGE_TOO_BIG:
        return &cause_rows[e->connection->traffic[e->second].message_len > 0
                               ? WSCLOSE_CAUSE_MESSAGE_TOO_BIG
                               : CAUSE_ROW_TOO_BIG_UNSEEN];
    case WSCLOSE_CAUSE_EXTENSION_REFUSED:
        return &cause_rows[e->mandatory ? CAUSE_ROW_CLAIM_REFUSED : WSCLOSE_CAUSE_EXTENSION_REFUSED];
    case WSCLOSE_CAUSE_FRAME_BREACH:
        return &cause_rows[is_misplaced_bit(e) ? CAUSE_ROW_BREACH_DEFLATE
                                               : WSCLOSE_CAUSE_FRAME_BREACH];
    case WSCLOSE_CAUSE_NOT_WEBSOCKET:
        return &cause_rows[e->kind == ENDING_OPENING_NOT_HTTP ? CAUSE_ROW_ANSWER_NOT_HTTP
                                                              : WSCLOSE_CAUSE_NOT_WEBSOCKET];
    case WSCLOSE_CAUSE_UNKNOWN:
        return &cause_rows[e->cause.unread ? CAUSE_ROW_CONTENT_UNREAD : WSCLOSE_CAUSE_UNKNOWN];
    default:
        return &cause_rows[e->cause.id];
    }
}

static void
append_line(GString *text, const void *words)
{
    verdict_words_append(text, words, cause_row_of(ending_in(words))->line);
}

void
verdict_append_close_cause(GString *text, const verdict_words *words)
{
    switch (words->ending->cause.id) {
    case WSCLOSE_CAUSE_TRANSPORT_END:
    case WSCLOSE_CAUSE_STREAM_ERROR:
    case WSCLOSE_CAUSE_UNKNOWN:
        break;
    default:
        append_line(text, words);
        break;
    }
}

static void
append_behind(GString *text, const void *words)
{
    verdict_append_close_cause(text, words);
}

/* A client that ended the transport right after a response which declined what it offered; no browser
 * does so. */
static void
append_left_declined(GString *text, const void *words)
{
    const wsclose_connection *connection = connection_in(words);
    const bool may_be = ending_in(words)->ender == WSCLOSE_CLIENT &&
                        ending_in(words)->negotiation->n_declined > 0 && !connection->by_browser &&
                        connection->frames[WSCLOSE_CLIENT] == 0 &&
                        connection->frames[WSCLOSE_SERVER] == 0;

    verdict_words_append_phrase(text, words, may_be ? PHRASE_LEFT_DECLINED : PHRASE_NOTHING);
}

static phrase_id
neighbour_of(const wsclose_neighbours *neighbours)
{
    if (!neighbours)
        return PHRASE_NOTHING;
    return neighbours->copied ? PHRASE_COPIED : neighbours->has_leg ? PHRASE_LEG : PHRASE_NOTHING;
}

static void
append_remark(GString *text, const void *words)
{
    const char *remark = cause_row_of(ending_in(words))->remark;

    if (remark)
        verdict_words_append(text, words, remark);
    verdict_words_append_phrase(text, words, neighbour_of(ending_in(words)->neighbours));
}

/* How sure it is. */

static void
append_likely(GString *text, const void *words)
{
    verdict_words_append_phrase(text, words,
                                cause_in(words)->certain ? PHRASE_NOTHING : PHRASE_LIKELY);
}

/* Of a message that nobody has read. */
static void
append_unread_likely(GString *text, const void *words)
{
    if (ending_in(words)->cause.unread)
        append_likely(text, words);
}

static void
append_because(GString *text, const void *words)
{
    append_likely(text, words);
    g_string_append(text, "because");
}

/* Where and when. */

static void
append_shown_in(GString *text, const void *words)
{
    explain_append_frame(text, cause_in(words)->packets[0]);
}

static void
append_shown_since(GString *text, const void *words)
{
    verdict_words_append_phrase(text, words,
                                cause_in(words)->packets[0] != 0 ? PHRASE_SINCE : PHRASE_NOTHING);
}

static void
append_last_data_in(GString *text, const void *words)
{
    explain_append_frame(text, traffic_in(words, ending_in(words)->second)->last_data.number);
}

static void
append_span(GString *text, const void *words)
{
    verdict_words_append_time(text, cause_in(words)->time);
}

/* Who acts in the cause, as in {actor}. */
static wsclose_side
acting_side(const void *words)
{
    const wsclose_side actor = cause_in(words)->actor;

    return actor != WSCLOSE_SIDE_UNKNOWN ? actor : ending_in(words)->first;
}

/* Connections that ended together with this one. */
static uint32_t
others_in(const void *words)
{
    const wsclose_neighbours *neighbours = ending_in(words)->neighbours;

    return neighbours && neighbours->together > 0 ? neighbours->together - 1 : 0;
}

/* The number that a phrase is about. */
static void
append_count(GString *text, const void *words)
{
    const wsclose_cause *cause = cause_in(words);

    switch (cause->id) {
    case WSCLOSE_CAUSE_PATH_DEAD:
        template_append_number(text, traffic_in(words, acting_side(words))->repeated);
        break;
    case WSCLOSE_CAUSE_SHARED_END:
        template_append_number(text, others_in(words));
        break;
    default:
        template_append_number(text, cause->packets[0]);
        break;
    }
}

static void
append_others(GString *text, const void *words)
{
    verdict_words_append_phrase(text, words, others_in(words) == 1 ? PHRASE_OTHER : PHRASE_OTHERS);
}

static void
append_repeated(GString *text, const void *words)
{
    verdict_words_append_phrase(text, words, PHRASE_TIMES);
}

/* Limits. */

static void
append_limit_names_of(GString *text, const void *words, limit_kind kind)
{
    const char *before = "";

    for (unsigned i = 0; i < known_limits_count; i++) {
        const known_limit *limit = &known_limits[i];

        if (!limit_is_near(limit, kind, cause_in(words)->time))
            continue;
        g_string_append_printf(text, "%s%s", before, limit->who);
        if (limit->setting)
            g_string_append_printf(text, " (%s)", limit->setting);
        before = "; ";
    }
}

static limit_kind
kind_in(const void *words)
{
    switch (cause_in(words)->id) {
    case WSCLOSE_CAUSE_LIFETIME_LIMIT:
        return LIMIT_LIFETIME;
    case WSCLOSE_CAUSE_ONE_SIDED_SILENCE:
        return LIMIT_SERVER;
    default:
        return LIMIT_IDLE;
    }
}

static void
append_limit_names(GString *text, const void *words)
{
    append_limit_names_of(text, words, kind_in(words));
}

static void
append_limits(GString *text, const void *words)
{
    const limit_kind kind = kind_in(words);
    phrase_id phrase = PHRASE_NO_LIMIT;

    for (unsigned i = 0; i < known_limits_count; i++) {
        if (limit_is_near(&known_limits[i], kind, cause_in(words)->time))
            phrase = PHRASE_LIMITS;
    }
    verdict_words_append_phrase(text, words, phrase);
}

/* Who forgets a connection that was silent for so long. */
static bool
forgets(const known_limit *limit, const void *words)
{
    return (limit->kinds & LIMIT_FORGETS) != 0 &&
           limit->seconds * SECOND <= cause_in(words)->time + SECOND;
}

static void
append_forgetter_names(GString *text, const void *words)
{
    const char *before = "";

    for (unsigned i = 0; i < known_limits_count; i++) {
        if (!forgets(&known_limits[i], words))
            continue;
        g_string_append_printf(text, "%s%s, after %u s", before, known_limits[i].who,
                               known_limits[i].seconds);
        before = "; ";
    }
}

static void
append_forgetters(GString *text, const void *words)
{
    phrase_id phrase = PHRASE_FORGETTERS_MANY;

    for (unsigned i = 0; i < known_limits_count; i++) {
        if (forgets(&known_limits[i], words))
            phrase = PHRASE_FORGETTERS;
    }
    verdict_words_append_phrase(text, words, phrase);
}

/* Messages, Pings, octets. */

static void
append_size(GString *text, const void *words)
{
    template_append_number(text, traffic_in(words, ending_in(words)->second)->message_len);
}

static void
append_compressed(GString *text, const void *words)
{
    verdict_words_append_phrase(text, words,
                                traffic_in(words, ending_in(words)->second)->compressed
                                    ? PHRASE_COMPRESSED
                                    : PHRASE_NOTHING);
}

/* Of the Pings of who gave up. */
static const wsclose_traffic *
pinger_in(const void *words)
{
    return traffic_in(words, wsclose_side_peer(acting_side(words)));
}

static void
append_round_trip(GString *text, const void *words)
{
    verdict_words_append_phrase(
        text, words, pinger_in(words)->rtt_last != UINT16_MAX ? PHRASE_ROUND_TRIP : PHRASE_NOTHING);
}

static void
append_least_trip(GString *text, const void *words)
{
    const wsclose_traffic *pinger = pinger_in(words);

    verdict_words_append_phrase(
        text, words, pinger->rtt_min < pinger->rtt_last ? PHRASE_LEAST_TRIP : PHRASE_NOTHING);
}

static void
append_least_time(GString *text, const void *words)
{
    verdict_words_append_time(text, pinger_in(words)->rtt_min * (SECOND / 1000));
}

static void
append_last_trip(GString *text, const void *words)
{
    verdict_words_append_time(text, pinger_in(words)->rtt_last * (SECOND / 1000));
}

static void
append_no_frames(GString *text, const void *words)
{
    quote_append_octets(text, ending_in(words)->no_frames);
}

/* RFC 8446 section 6, and RFC 5246 section 7.2 for those that it no longer has. */
static const char *
alert_name(uint8_t description)
{
    static const struct {
        uint8_t description;
        const char *name;
    } names[] = {
        { 10, "unexpected_message" },
        { 20, "bad_record_mac" },
        { 21, "decryption_failed" },
        { 22, "record_overflow" },
        { 30, "decompression_failure" },
        { 40, "handshake_failure" },
        { 42, "bad_certificate" },
        { 43, "unsupported_certificate" },
        { 44, "certificate_revoked" },
        { 45, "certificate_expired" },
        { 46, "certificate_unknown" },
        { 47, "illegal_parameter" },
        { 48, "unknown_ca" },
        { 49, "access_denied" },
        { 50, "decode_error" },
        { 51, "decrypt_error" },
        { 70, "protocol_version" },
        { 71, "insufficient_security" },
        { 80, "internal_error" },
        { 86, "inappropriate_fallback" },
        { 109, "missing_extension" },
        { 110, "unsupported_extension" },
        { 112, "unrecognized_name" },
        { 116, "certificate_required" },
        { 120, "no_application_protocol" },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        if (names[i].description == description)
            return names[i].name;
    }
    return NULL;
}

static void
append_alert(GString *text, const void *words)
{
    const uint8_t alert = connection_in(words)->alert;
    const char *name = alert_name(alert);

    if (name)
        g_string_append(text, name);
    else
        g_string_append_printf(text, "alert %u", alert);
}

static const template_slot slots[] = {
    { "cause line", NULL, append_line },
    { "cause behind", NULL, append_behind },
    { "cause remark", NULL, append_remark },
    { "left declined", NULL, append_left_declined },
    { "likely", NULL, append_likely },
    { "unread likely", NULL, append_unread_likely },
    { "because", NULL, append_because },
    { "shown in", NULL, append_shown_in },
    { "shown since", NULL, append_shown_since },
    { "last data in", NULL, append_last_data_in },
    { "span", NULL, append_span },
    { "count", NULL, append_count },
    { "others", NULL, append_others },
    { "repeated", NULL, append_repeated },
    { "limits", NULL, append_limits },
    { "limit names", NULL, append_limit_names },
    { "forgetters", NULL, append_forgetters },
    { "forgetter names", NULL, append_forgetter_names },
    { "size", NULL, append_size },
    { "compressed", NULL, append_compressed },
    { "round trip", NULL, append_round_trip },
    { "least trip", NULL, append_least_trip },
    { "least time", NULL, append_least_time },
    { "last trip", NULL, append_last_trip },
    { "no frames", NULL, append_no_frames },
    { "alert", NULL, append_alert },
};

const verdict_slots verdict_cause_slots = VERDICT_SLOTS(slots);
