/* finding.c
 * Everything that can be found in a connection: a row for each, with what it takes and what it
 * says.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wsclose/finding.h"

#include <glib.h>

#include "wsclose/code.h"

/* When a finding is made, beside the bits that its row stands for. */

static bool
is_empty(const wsclose_event *event)
{
    return event->close->body->kind == WSCLOSE_BODY_EMPTY;
}

bool
wsclose_close_is_counted(const wsclose_close_body *body, const wsclose_close_meaning *finding)
{
    return body->kind == WSCLOSE_BODY_EMPTY && !finding->repeated && !finding->echo &&
           !finding->maybe_echo;
}

static bool
is_one_of_many(const wsclose_event *event)
{
    const wsclose_close_context *close = event->close;

    return wsclose_close_is_counted(close->body, close->meaning) && close->empty_limit > 0 &&
           close->empty_count >= close->empty_limit;
}

static bool
is_mandatory_ext(const wsclose_event *event)
{
    return wsclose_close_body_has(event->close->body, WSCLOSE_CODE_MANDATORY_EXT);
}

static bool
is_contradicted(const wsclose_event *event)
{
    return is_mandatory_ext(event) && event->close->mandatory &&
           event->close->mandatory->verdict == WSCLOSE_CLAIM_CONTRADICTED;
}

static bool
is_claim_of_server(const wsclose_event *event)
{
    return wsclose_claims_mandatory_ext(event->close) == WSCLOSE_SERVER;
}

static bool
is_data_after_close(const wsclose_event *event)
{
    return event->frame->close_in != 0;
}

static bool
is_abnormal(const wsclose_event *event)
{
    return event->verdict->abnormal;
}

static bool
is_unanswered(const wsclose_event *event)
{
    return event->verdict->unanswered;
}

static bool
is_breach_tolerated(const wsclose_event *event)
{
    return event->connection->tolerated[WSCLOSE_CLIENT] != 0 ||
           event->connection->tolerated[WSCLOSE_SERVER] != 0;
}

static bool
is_refused(const wsclose_event *event)
{
    return event->verdict->ending == WSCLOSE_ENDING_REFUSED;
}

/* A response that opens the connection, and whose extensions are known. */
static bool
has_negotiation(const wsclose_event *event)
{
    return event->negotiation &&
           wsclose_connection_opening(event->connection) == WSCLOSE_OPENING_SUCCEEDED;
}

static bool
is_declined(const wsclose_event *event)
{
    return has_negotiation(event) &&
           event->negotiation->n_declined > event->negotiation->n_required;
}

static bool
is_required_declined(const wsclose_event *event)
{
    return has_negotiation(event) && event->negotiation->n_required > 0;
}

static bool
is_ext_invalid(const wsclose_event *event)
{
    return has_negotiation(event) && event->negotiation->n_invalid > 0;
}

static bool
is_subprotocol_unanswered(const wsclose_event *event)
{
    return event->connection->subprotocol_unanswered;
}

static bool
is_no_frame(const wsclose_event *event)
{
    return event->frame->text.len > 0;
}

static bool
has_ping_unanswered(const wsclose_connection *connection, wsclose_side side)
{
    return !connection->missing[wsclose_side_peer(side)] &&
           wsclose_connection_ping_age(connection, side, connection->ending) >= 0;
}

static bool
is_ping_unanswered(const wsclose_event *event)
{
    return has_ping_unanswered(event->connection, WSCLOSE_CLIENT) ||
           has_ping_unanswered(event->connection, WSCLOSE_SERVER);
}

/* What a finding says, where that is not a sentence for each of its bits. NULL is no text. */

static void
add_text(GPtrArray *texts, char *text)
{
    if (text)
        g_ptr_array_add(texts, text);
}

static void
tell_no_status(const wsclose_event *event, GPtrArray *texts)
{
    add_text(texts, wsclose_explain_no_status(event->close));
}

static void
tell_no_status_repeated(const wsclose_event *event, GPtrArray *texts)
{
    add_text(texts, wsclose_explain_no_status_repeated(event->close->sender_address,
                                                       event->close->empty_count));
}

static void
tell_mandatory_ext(const wsclose_event *event, GPtrArray *texts)
{
    add_text(texts, wsclose_explain_mandatory_ext(event->close));
}

static void
tell_contradicted(const wsclose_event *event, GPtrArray *texts)
{
    add_text(texts, wsclose_explain_mandatory_ext_contradicted(event->close));
}

static void
tell_from_server(const wsclose_event *event, GPtrArray *texts)
{
    add_text(texts, wsclose_explain_mandatory_ext_from_server(event->close));
}

static void
tell_data_after_close(const wsclose_event *event, GPtrArray *texts)
{
    add_text(texts, wsclose_explain_data_after_close(event->frame->sender, event->frame->close_in));
}

static wsclose_verdict_context
verdict_context(const wsclose_event *event)
{
    return (wsclose_verdict_context){ .connection = event->connection,
                                      .verdict = event->verdict,
                                      .negotiation = event->negotiation };
}

static void
tell_abnormal(const wsclose_event *event, GPtrArray *texts)
{
    const wsclose_verdict_context context = verdict_context(event);

    add_text(texts, wsclose_explain_abnormal(&context));
}

static void
tell_unanswered(const wsclose_event *event, GPtrArray *texts)
{
    const wsclose_verdict_context context = verdict_context(event);

    add_text(texts, wsclose_explain_unanswered(&context));
}

static void
tell_breach_tolerated(const wsclose_event *event, GPtrArray *texts)
{
    const wsclose_verdict_context context = verdict_context(event);

    for (wsclose_side side = WSCLOSE_CLIENT; side <= WSCLOSE_SERVER; side++)
        add_text(texts, wsclose_explain_breach_tolerated(&context, side));
}

static void
tell_refused(const wsclose_event *event, GPtrArray *texts)
{
    add_text(texts, wsclose_explain_refused(event->connection->carrier, event->connection->status));
}

static void
tell_declined_as(const wsclose_negotiation *negotiation, bool required, GPtrArray *texts)
{
    for (size_t i = 0; i < negotiation->n_declined; i++) {
        if ((negotiation->required && negotiation->required[i]) == required)
            add_text(texts, wsclose_explain_declined(negotiation->declined[i], required));
    }
}

static void
tell_declined(const wsclose_event *event, GPtrArray *texts)
{
    tell_declined_as(event->negotiation, false, texts);
}

static void
tell_required_declined(const wsclose_event *event, GPtrArray *texts)
{
    tell_declined_as(event->negotiation, true, texts);
}

static void
tell_unsolicited(const wsclose_event *event, GPtrArray *texts)
{
    for (size_t i = 0; i < event->negotiation->n_matches; i++) {
        const wsclose_match *match = &event->negotiation->matches[i];

        if (match->verdict == WSCLOSE_NEGOTIATION_UNSOLICITED)
            add_text(texts, g_strdup(match->why));
    }
}

static void
tell_ext_invalid(const wsclose_event *event, GPtrArray *texts)
{
    for (size_t i = 0; i < event->negotiation->n_invalid; i++)
        add_text(texts, g_strdup(event->negotiation->invalid[i].why));
}

static void
tell_subprotocol_unanswered(const wsclose_event *event, GPtrArray *texts)
{
    add_text(texts, wsclose_explain_subprotocol_unanswered(event->connection->carrier));
}

static void
tell_no_frame(const wsclose_event *event, GPtrArray *texts)
{
    add_text(texts, wsclose_explain_not_websocket(event->frame->sender, event->frame->text));
}

static void
tell_ping_unanswered(const wsclose_event *event, GPtrArray *texts)
{
    const wsclose_verdict_context context = verdict_context(event);

    for (wsclose_side side = WSCLOSE_CLIENT; side <= WSCLOSE_SERVER; side++) {
        if (has_ping_unanswered(event->connection, side))
            add_text(texts, wsclose_explain_ping_unanswered(&context, side));
    }
}

/* The rows. */

enum {
    ON_RESPONSE = 1 << WSCLOSE_EVENT_RESPONSE,
    ON_CLOSE = 1 << WSCLOSE_EVENT_CLOSE,
    ON_FRAME = 1 << WSCLOSE_EVENT_FRAME,
    ON_VERDICT = 1 << WSCLOSE_EVENT_VERDICT
};

typedef struct {
    wsclose_finding_info info;
    bool (*is_made)(const wsclose_event *event); /* NULL where the bits alone decide */
    void (*tell)(const wsclose_event *event, GPtrArray *texts); /* NULL for a text of each bit */
} finding_row;

static const finding_row rows[WSCLOSE_FINDINGS] = {
    [WSCLOSE_FINDING_NO_STATUS] = {
        .info = {
            .name = "wsclose.no_status",
            .severity = WSCLOSE_SEVERITY_NOTE,
            .group = WSCLOSE_GROUP_SEQUENCE,
            .events = ON_CLOSE,
            .summary = "Empty Close frame: the receiver's API reports 1005",
            .when = "an empty Close: the receiver's API reports 1005",
        },
        .is_made = is_empty,
        .tell = tell_no_status,
    },
    [WSCLOSE_FINDING_NO_STATUS_REPEATED] = {
        .info = {
            .name = "wsclose.no_status_repeated",
            .severity = WSCLOSE_SEVERITY_WARNING,
            .group = WSCLOSE_GROUP_SEQUENCE,
            .events = ON_CLOSE,
            .summary = "The same address sends empty Close frames on many connections",
            .when = "an address sends empty Close frames on many connections; an empty answer to an "
                    "empty Close does not count",
        },
        .is_made = is_one_of_many,
        .tell = tell_no_status_repeated,
    },
    [WSCLOSE_FINDING_MANDATORY_EXT] = {
        .info = {
            .name = "wsclose.mandatory_ext",
            .severity = WSCLOSE_SEVERITY_WARNING,
            .group = WSCLOSE_GROUP_PROTOCOL,
            .events = ON_CLOSE,
            .summary = "Close with 1010: an extension that the client needs was not negotiated",
            .when = "a Close with 1010",
        },
        .is_made = is_mandatory_ext,
        .tell = tell_mandatory_ext,
    },
    [WSCLOSE_FINDING_MANDATORY_EXT_CONTRADICTED] = {
        .info = {
            .name = "wsclose.mandatory_ext_contradicted",
            .severity = WSCLOSE_SEVERITY_WARNING,
            .group = WSCLOSE_GROUP_PROTOCOL,
            .events = ON_CLOSE,
            .summary = "1010, yet the opening handshake negotiated what it asks for",
            .when = "1010, yet the handshake negotiated what it asks for, or it was never offered",
        },
        .is_made = is_contradicted,
        .tell = tell_contradicted,
    },
    [WSCLOSE_FINDING_MANDATORY_EXT_FROM_SERVER] = {
        .info = {
            .name = "wsclose.mandatory_ext_from_server",
            .severity = WSCLOSE_SEVERITY_WARNING,
            .group = WSCLOSE_GROUP_PROTOCOL,
            .events = ON_CLOSE,
            .summary = "1010 from a server, which should have failed the opening handshake",
            .when = "1010 that begins with the server, and is no answer to the client's",
        },
        .is_made = is_claim_of_server,
        .tell = tell_from_server,
    },
    [WSCLOSE_FINDING_RESERVED_ON_WIRE] = {
        .info = {
            .name = "wsclose.reserved_on_wire",
            .severity = WSCLOSE_SEVERITY_ERROR,
            .group = WSCLOSE_GROUP_PROTOCOL,
            .events = ON_CLOSE,
            .breaches = WSCLOSE_BREACH_CODE_RESERVED,
            .summary = "A reserved status code inside a Close frame",
            .when = "1004, 1005, 1006 or 1015 in a Close frame",
        },
    },
    [WSCLOSE_FINDING_CODE_INVALID] = {
        .info = {
            .name = "wsclose.code_invalid",
            .severity = WSCLOSE_SEVERITY_ERROR,
            .group = WSCLOSE_GROUP_PROTOCOL,
            .events = ON_CLOSE,
            .breaches = WSCLOSE_BREACH_CODE_INVALID,
            .summary = "A number that no endpoint may send as a status code",
            .when = "a code that no endpoint may send: 0-999, 1016-2999, 5000 and up",
        },
    },
    [WSCLOSE_FINDING_BODY_TRUNCATED] = {
        .info = {
            .name = "wsclose.body_truncated",
            .severity = WSCLOSE_SEVERITY_ERROR,
            .group = WSCLOSE_GROUP_MALFORMED,
            .events = ON_CLOSE,
            .breaches = WSCLOSE_BREACH_ONE_OCTET,
            .summary = "A Close body of one octet",
            .when = "a Close body of one octet",
        },
    },
    [WSCLOSE_FINDING_REASON_NOT_UTF8] = {
        .info = {
            .name = "wsclose.reason_not_utf8",
            .severity = WSCLOSE_SEVERITY_ERROR,
            .group = WSCLOSE_GROUP_MALFORMED,
            .events = ON_CLOSE,
            .breaches = WSCLOSE_BREACH_NOT_UTF8,
            .summary = "The reason in a Close frame is not UTF-8",
            .when = "the reason in a Close frame is not UTF-8",
        },
    },
    [WSCLOSE_FINDING_FRAME_INVALID] = {
        .info = {
            .name = "wsclose.frame_invalid",
            .severity = WSCLOSE_SEVERITY_ERROR,
            .group = WSCLOSE_GROUP_MALFORMED,
            .events = ON_CLOSE | ON_FRAME,
            .breaches = WSCLOSE_BREACH_FRAGMENTED | WSCLOSE_BREACH_TOO_LONG | WSCLOSE_BREACH_RSV |
                        WSCLOSE_BREACH_MASKED | WSCLOSE_BREACH_UNMASKED | WSCLOSE_BREACH_OPCODE |
                        WSCLOSE_BREACH_SEQUENCE | WSCLOSE_BREACH_LENGTH,
            .summary = "A frame that breaks the framing rules",
            .when = "Close or another control frame fragmented or over 125 octets; wrong masking, RSV "
                    "bit, opcode, order of fragments or length (of a side's frames other than Close, "
                    "the first of each kind)",
        },
    },
    [WSCLOSE_FINDING_DATA_AFTER_CLOSE] = {
        .info = {
            .name = "wsclose.data_after_close",
            .severity = WSCLOSE_SEVERITY_ERROR,
            .group = WSCLOSE_GROUP_PROTOCOL,
            .events = ON_FRAME,
            .summary = "A data frame after the same side's Close frame",
            .when = "a data frame after the same side's Close, once per packet",
        },
        .is_made = is_data_after_close,
        .tell = tell_data_after_close,
    },
    [WSCLOSE_FINDING_ABNORMAL] = {
        .info = {
            .name = "wsclose.abnormal",
            .severity = WSCLOSE_SEVERITY_WARNING,
            .group = WSCLOSE_GROUP_SEQUENCE,
            .events = ON_VERDICT,
            .summary = "The transport ended and an endpoint never got a Close frame: 1006",
            .when = "the transport ended, and an endpoint never got a Close frame: 1006",
        },
        .is_made = is_abnormal,
        .tell = tell_abnormal,
    },
    [WSCLOSE_FINDING_UNANSWERED] = {
        .info = {
            .name = "wsclose.unanswered",
            .severity = WSCLOSE_SEVERITY_NOTE,
            .group = WSCLOSE_GROUP_SEQUENCE,
            .events = ON_VERDICT,
            .summary = "A Close frame never got its answer",
            .when = "a Close frame never got its answer",
        },
        .is_made = is_unanswered,
        .tell = tell_unanswered,
    },
    [WSCLOSE_FINDING_BREACH_TOLERATED] = {
        .info = {
            .name = "wsclose.breach_tolerated",
            .severity = WSCLOSE_SEVERITY_NOTE,
            .group = WSCLOSE_GROUP_PROTOCOL,
            .events = ON_VERDICT,
            .summary = "The receiver of a frame that breaks the protocol went on all the same",
            .when = "the receiver of a frame that breaks the protocol went on as if nothing had "
                    "happened: it is not why the connection ended",
        },
        .is_made = is_breach_tolerated,
        .tell = tell_breach_tolerated,
    },
    [WSCLOSE_FINDING_EXT_DECLINED] = {
        .info = {
            .name = "wsclose.ext_declined",
            .severity = WSCLOSE_SEVERITY_CHAT,
            .group = WSCLOSE_GROUP_PROTOCOL,
            .events = ON_RESPONSE,
            .summary = "An offered extension was not accepted",
            .when = "an offered extension was not accepted",
        },
        .is_made = is_declined,
        .tell = tell_declined,
    },
    [WSCLOSE_FINDING_EXT_REQUIRED_DECLINED] = {
        .info = {
            .name = "wsclose.ext_required_declined",
            .severity = WSCLOSE_SEVERITY_WARNING,
            .group = WSCLOSE_GROUP_PROTOCOL,
            .events = ON_RESPONSE,
            .summary = "An extension that is listed as mandatory was not accepted",
            .when = "one of wsclose.mandatory_extensions was not accepted",
        },
        .is_made = is_required_declined,
        .tell = tell_required_declined,
    },
    [WSCLOSE_FINDING_EXT_UNSOLICITED] = {
        .info = {
            .name = "wsclose.ext_unsolicited",
            .severity = WSCLOSE_SEVERITY_ERROR,
            .group = WSCLOSE_GROUP_PROTOCOL,
            .events = ON_RESPONSE,
            .faults = WSCLOSE_FAULT_EXT_UNSOLICITED,
            .summary = "An extension in the response that was not offered",
            .when = "an extension in the response that was not offered: the client must fail the "
                    "connection",
        },
        .tell = tell_unsolicited,
    },
    [WSCLOSE_FINDING_EXT_INVALID] = {
        .info = {
            .name = "wsclose.ext_invalid",
            .severity = WSCLOSE_SEVERITY_ERROR,
            .group = WSCLOSE_GROUP_PROTOCOL,
            .events = ON_RESPONSE,
            .faults = WSCLOSE_FAULT_EXT_INVALID,
            .summary = "Sec-WebSocket-Extensions breaks its grammar or an extension's rules",
            .when = "Sec-WebSocket-Extensions breaks its grammar or an extension's rules: the client "
                    "must fail the connection (or the server refuse the request)",
        },
        .is_made = is_ext_invalid,
        .tell = tell_ext_invalid,
    },
    [WSCLOSE_FINDING_HANDSHAKE_FAILED] = {
        .info = {
            .name = "wsclose.handshake_failed",
            .severity = WSCLOSE_SEVERITY_WARNING,
            .group = WSCLOSE_GROUP_RESPONSE,
            .events = ON_VERDICT,
            .summary = "The server refused the upgrade",
            .when = "the server refused the upgrade",
        },
        .is_made = is_refused,
        .tell = tell_refused,
    },
    [WSCLOSE_FINDING_HANDSHAKE_INVALID] = {
        .info = {
            .name = "wsclose.handshake_invalid",
            .severity = WSCLOSE_SEVERITY_ERROR,
            .group = WSCLOSE_GROUP_PROTOCOL,
            .events = ON_RESPONSE,
            .faults = WSCLOSE_FAULT_UPGRADE | WSCLOSE_FAULT_CONNECTION |
                      WSCLOSE_FAULT_ACCEPT_MISSING | WSCLOSE_FAULT_ACCEPT_WRONG |
                      WSCLOSE_FAULT_ACCEPT_TWICE | WSCLOSE_FAULT_SUBPROTOCOL,
            .summary = "A 101 that the client must reject",
            .when = "a 101 that the client must reject: Upgrade or Connection missing or wrong, "
                    "Sec-WebSocket-Accept missing, wrong or twice, a subprotocol that was not offered",
        },
    },
    [WSCLOSE_FINDING_SUBPROTOCOL_UNANSWERED] = {
        .info = {
            .name = "wsclose.subprotocol_unanswered",
            .severity = WSCLOSE_SEVERITY_WARNING,
            .group = WSCLOSE_GROUP_PROTOCOL,
            .events = ON_RESPONSE,
            .summary = "The response selects none of the subprotocols that the client offered",
            .when = "the client offered subprotocols and the response selects none: browsers and some "
                    "libraries fail the connection",
        },
        .is_made = is_subprotocol_unanswered,
        .tell = tell_subprotocol_unanswered,
    },
    [WSCLOSE_FINDING_NOT_WEBSOCKET] = {
        .info = {
            .name = "wsclose.not_websocket",
            .severity = WSCLOSE_SEVERITY_ERROR,
            .group = WSCLOSE_GROUP_MALFORMED,
            .events = ON_FRAME,
            .summary = "Octets in the upgraded stream that are no frames",
            .when = "octets in the upgraded stream that are no frames, such as an HTTP response",
        },
        .is_made = is_no_frame,
        .tell = tell_no_frame,
    },
    [WSCLOSE_FINDING_PING_UNANSWERED] = {
        .info = {
            .name = "wsclose.ping_unanswered",
            .severity = WSCLOSE_SEVERITY_WARNING,
            .group = WSCLOSE_GROUP_SEQUENCE,
            .events = ON_VERDICT,
            .summary = "A Ping never got its Pong before the connection ended",
            .when = "a Ping never got its Pong before the connection ended, a second later or more",
        },
        .is_made = is_ping_unanswered,
        .tell = tell_ping_unanswered,
    },
};

G_STATIC_ASSERT(WSCLOSE_FINDINGS < 64); /* bits of a set, which may be shifted by all of them */

const wsclose_finding_info *
wsclose_finding_lookup(wsclose_finding finding)
{
    return &rows[finding].info;
}

const char *
wsclose_severity_name(wsclose_severity severity)
{
    static const char *const names[] = { "Chat", "Note", "Warning", "Error" };

    return names[severity];
}

const char *
wsclose_finding_group_name(wsclose_finding_group group)
{
    static const char *const names[] = { "Sequence", "Protocol", "Malformed", "Response code" };

    return names[group];
}

wsclose_finding_set
wsclose_findings_from(wsclose_finding_set set, wsclose_severity severity)
{
    for (wsclose_finding finding = 0; finding < WSCLOSE_FINDINGS; finding++) {
        if (rows[finding].info.severity < severity)
            set &= ~((wsclose_finding_set)1 << finding);
    }
    return set;
}

/* Finding. */

static unsigned
breaches_of(const wsclose_event *event)
{
    return event->kind == WSCLOSE_EVENT_CLOSE                          ? event->close->breaches
           : event->kind == WSCLOSE_EVENT_FRAME && !is_no_frame(event) ? event->frame->breaches
                                                                       : 0;
}

static unsigned
faults_of(const wsclose_event *event)
{
    return event->kind == WSCLOSE_EVENT_RESPONSE ? event->connection->faults : 0;
}

wsclose_finding_set
wsclose_findings_take(wsclose_connection *connection, const wsclose_event *event)
{
    const unsigned breaches = breaches_of(event);
    const unsigned faults = faults_of(event);
    wsclose_finding_set found = 0;

    for (wsclose_finding finding = 0; finding < WSCLOSE_FINDINGS; finding++) {
        const finding_row *row = &rows[finding];

        if (!(row->info.events >> event->kind & 1))
            continue;
        if ((row->info.breaches & breaches) != 0 || (row->info.faults & faults) != 0 ||
            (row->is_made && row->is_made(event)))
            found |= (wsclose_finding_set)1 << finding;
    }
    connection->findings |= found;
    return found;
}

wsclose_finding_set
wsclose_findings_in(const wsclose_connection *connection, wsclose_event_kind kind)
{
    wsclose_finding_set set = connection->findings;

    for (wsclose_finding finding = 0; finding < WSCLOSE_FINDINGS; finding++) {
        if (!(rows[finding].info.events >> kind & 1))
            set &= ~((wsclose_finding_set)1 << finding);
    }
    return set;
}

/* What is found, in words. */

static void
tell_breaches(const wsclose_event *event, unsigned breaches, GPtrArray *texts)
{
    for (unsigned bit = 0; bit < WSCLOSE_BREACH_COUNT; bit++) {
        const wsclose_breach breach = (wsclose_breach)(1u << bit);

        if (!(breaches & breach))
            continue;
        add_text(texts, event->kind == WSCLOSE_EVENT_CLOSE
                            ? wsclose_explain_breach(event->close, breach)
                            : wsclose_explain_frame_breach(event->frame->sender,
                                                           event->frame->frame, breach));
    }
}

static void
tell_faults(const wsclose_event *event, unsigned faults, GPtrArray *texts)
{
    for (unsigned bit = 0; bit < WSCLOSE_FAULT_COUNT; bit++) {
        if (faults & 1u << bit)
            add_text(texts, wsclose_explain_handshake_fault(event->connection->carrier,
                                                            (wsclose_handshake_fault)(1u << bit)));
    }
}

char **
wsclose_explain_finding(const wsclose_event *event, wsclose_finding finding)
{
    const finding_row *row = &rows[finding];
    GPtrArray *texts = g_ptr_array_new();

    if (row->tell) {
        row->tell(event, texts);
    } else {
        tell_breaches(event, row->info.breaches & breaches_of(event), texts);
        tell_faults(event, row->info.faults & faults_of(event), texts);
    }
    if (texts->len == 0)
        add_text(texts, g_strdup(row->info.summary));
    g_ptr_array_add(texts, NULL);
    return (char **)g_ptr_array_free(texts, FALSE);
}

void
wsclose_texts_free(char **texts)
{
    g_strfreev(texts);
}
