/* fields.c
 * Fields, subtrees and expert items of the protocol: tables, and their registration.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "fields.h"

#include "store.h"

int hf_wsclose_event = -1;
int hf_wsclose_stream = -1;
int hf_wsclose_http2_stream = -1;
int hf_wsclose_request_in = -1;
int hf_wsclose_response_in = -1;
int hf_wsclose_handshake_status = -1;
int hf_wsclose_sender = -1;
int hf_wsclose_code = -1;
int hf_wsclose_code_on_wire = -1;
int hf_wsclose_code_class = -1;
int hf_wsclose_reason = -1;
int hf_wsclose_client_code = -1;
int hf_wsclose_server_code = -1;
int hf_wsclose_peer_close_in = -1;
int hf_wsclose_close_rtt = -1;
int hf_wsclose_verdict_in = -1;
int hf_wsclose_client_close_in = -1;
int hf_wsclose_server_close_in = -1;
int hf_wsclose_verdict = -1;
int hf_wsclose_clean = -1;
int hf_wsclose_initiator = -1;
int hf_wsclose_duration = -1;
int hf_wsclose_idle = -1;
int hf_wsclose_frames_client = -1;
int hf_wsclose_frames_server = -1;
int hf_wsclose_incomplete = -1;
int hf_wsclose_tls = -1;
int hf_wsclose_tls_server_name = -1;
int hf_wsclose_tls_alpn = -1;
int hf_wsclose_cause = -1;
int hf_wsclose_cause_in = -1;
int hf_wsclose_cause_by = -1;
int hf_wsclose_cause_certain = -1;
int hf_wsclose_other_leg = -1;
int hf_wsclose_together = -1;
int hf_wsclose_ping_unanswered = -1;
int hf_wsclose_last_client = -1;
int hf_wsclose_last_server = -1;
int hf_wsclose_close_in = -1;
int hf_wsclose_ext_offered = -1;
int hf_wsclose_ext_accepted = -1;
int hf_wsclose_ext_declined = -1;
int hf_wsclose_ext_unsolicited = -1;
int hf_wsclose_ext_invalid = -1;
int hf_wsclose_ext_needed = -1;
int hf_wsclose_ext_missing = -1;
int hf_wsclose_ext_verdict = -1;
int hf_wsclose_description = -1;
int hf_wsclose_seen_when = -1;
int hf_wsclose_fix = -1;

int ett_wsclose = -1;
int ett_wsclose_lines = -1;

expert_field ei_wsclose[WSCLOSE_FINDINGS];

static const value_string event_names[] = {
    { STORE_EVENT_NEGOTIATION, "Extension negotiation" },
    { STORE_EVENT_CLOSE, "Close frame" },
    { STORE_EVENT_VERDICT, "Connection verdict" },
    { STORE_EVENT_BREACH, "Protocol breach" },
    { 0, NULL },
};

static const value_string sender_names[] = {
    { 0, "unknown" }, /* as store_side_number() has it */
    { 1, "client" },
    { 2, "server" },
    { 0, NULL },
};

static const value_string by_names[] = {
    { WSCLOSE_BY_NOBODY, "nobody, or not known" },
    { WSCLOSE_BY_CLIENT, "client" },
    { WSCLOSE_BY_SERVER, "server" },
    { WSCLOSE_BY_BETWEEN, "in between" },
    { 0, NULL },
};

/* Names of status codes, from the decoder's table so that they cannot drift apart. */
static const range_string *
code_names(void)
{
    size_t count;
    const wsclose_code_info *table = wsclose_code_table(&count);
    range_string *names = wmem_alloc_array(wmem_epan_scope(), range_string, count + 1);

    for (size_t i = 0; i < count; i++)
        names[i] = (range_string){ table[i].first, table[i].last, table[i].name };
    names[count] = (range_string){ 0, 0, NULL };
    return names;
}

/* Fields whose values are status codes get their names as they are registered. */
static hf_register_info fields[] = {
    { &hf_wsclose_event,
      { "Event", "wsclose.event", FT_UINT8, BASE_DEC, VALS(event_names), 0,
        "What happened in this packet", HFILL } },
    { &hf_wsclose_stream,
      { "WebSocket connection", "wsclose.stream", FT_UINT32, BASE_DEC, NULL, 0,
        "Number of the WebSocket connection in this capture, from 0", HFILL } },
    { &hf_wsclose_http2_stream,
      { "HTTP/2 stream", "wsclose.http2_stream", FT_UINT32, BASE_DEC, NULL, 0,
        "The stream of HTTP/2 that carries this connection", HFILL } },
    { &hf_wsclose_request_in,
      { "Opening handshake requested in", "wsclose.request_in", FT_FRAMENUM, BASE_NONE,
        /* No FT_FRAMENUM_REQUEST: Wireshark would draw a Close frame as its response. */
        NULL, 0, "The upgrade request of this connection", HFILL } },
    { &hf_wsclose_response_in,
      { "Opening handshake answered in", "wsclose.response_in", FT_FRAMENUM, BASE_NONE, NULL, 0,
        "The response to the upgrade request", HFILL } },
    { &hf_wsclose_handshake_status,
      { "HTTP status", "wsclose.handshake_status", FT_UINT16, BASE_DEC, NULL, 0,
        "HTTP status that answered the upgrade", HFILL } },
    { &hf_wsclose_sender,
      { "Sender", "wsclose.sender", FT_UINT8, BASE_DEC, VALS(sender_names), 0,
        "Which endpoint sent the Close frame", HFILL } },
    { &hf_wsclose_code,
      { "Status code", "wsclose.code", FT_UINT16, BASE_DEC | BASE_RANGE_STRING, NULL, 0,
        "Status code as the receiving application is told: 1005 for an empty Close", HFILL } },
    { &hf_wsclose_code_on_wire,
      { "On the wire", "wsclose.code.on_wire", FT_BOOLEAN, BASE_NONE, NULL, 0,
        "True: the two octets were in the frame. False: inferred", HFILL } },
    { &hf_wsclose_code_class,
      { "Class", "wsclose.code.class", FT_STRING, BASE_NONE, NULL, 0,
        "What kind of number the status code is", HFILL } },
    { &hf_wsclose_reason,
      { "Reason", "wsclose.reason", FT_STRING, BASE_NONE, NULL, 0, "The reason in the Close frame",
        HFILL } },
    { &hf_wsclose_client_code,
      { "The client's API reports", "wsclose.client.code", FT_UINT16, BASE_DEC | BASE_RANGE_STRING,
        NULL, 0, "The close code that the client's own API reports (RFC 6455 section 7.1.5)",
        HFILL } },
    { &hf_wsclose_server_code,
      { "The server's API reports", "wsclose.server.code", FT_UINT16, BASE_DEC | BASE_RANGE_STRING,
        NULL, 0, "The close code that the server's own API reports (RFC 6455 section 7.1.5)",
        HFILL } },
    { &hf_wsclose_description,
      { "Meaning", "wsclose.description", FT_STRING, BASE_NONE, NULL, 0, "What it means", HFILL } },
    { &hf_wsclose_seen_when,
      { "Usual causes", "wsclose.seen_when", FT_STRING, BASE_NONE, NULL, 0, "When it is seen",
        HFILL } },
    { &hf_wsclose_fix,
      { "What to do", "wsclose.fix", FT_STRING, BASE_NONE, NULL, 0, "How to fix it", HFILL } },
    { &hf_wsclose_peer_close_in,
      { "The other side's Close frame in", "wsclose.peer_close_in", FT_FRAMENUM, BASE_NONE, NULL, 0,
        "The first Close frame of the other side", HFILL } },
    { &hf_wsclose_close_rtt,
      { "Time since the first Close frame", "wsclose.close_rtt", FT_RELATIVE_TIME, BASE_NONE, NULL,
        0, "Time from the first Close frame to this one", HFILL } },
    { &hf_wsclose_verdict_in,
      { "Connection verdict in", "wsclose.verdict_in", FT_FRAMENUM, BASE_NONE, NULL, 0,
        "The packet that settles how this connection ended", HFILL } },
    { &hf_wsclose_client_close_in,
      { "The client's Close frame in", "wsclose.client.close_in", FT_FRAMENUM, BASE_NONE, NULL, 0,
        "The first Close frame of the client", HFILL } },
    { &hf_wsclose_server_close_in,
      { "The server's Close frame in", "wsclose.server.close_in", FT_FRAMENUM, BASE_NONE, NULL, 0,
        "The first Close frame of the server", HFILL } },
    { &hf_wsclose_verdict,
      { "Verdict", "wsclose.verdict", FT_STRING, BASE_NONE, NULL, 0,
        "How the connection ended, in one line", HFILL } },
    { &hf_wsclose_clean,
      { "Clean", "wsclose.clean", FT_BOOLEAN, BASE_NONE, NULL, 0,
        "Both Close frames were exchanged before the transport ended", HFILL } },
    { &hf_wsclose_initiator,
      { "Initiator", "wsclose.initiator", FT_UINT8, BASE_DEC, VALS(sender_names), 0,
        "Who sent the first Close frame, or else ended the transport", HFILL } },
    { &hf_wsclose_duration,
      { "Duration", "wsclose.duration", FT_RELATIVE_TIME, BASE_NONE, NULL, 0,
        "From the response of the opening handshake to this packet", HFILL } },
    { &hf_wsclose_idle,
      { "Idle before the end", "wsclose.idle", FT_RELATIVE_TIME, BASE_NONE, NULL, 0,
        "From the last frame before the end to the Close frame, or else the end of the "
        "transport, that began it",
        HFILL } },
    { &hf_wsclose_frames_client,
      { "Frames of the client", "wsclose.frames.client", FT_UINT64, BASE_DEC, NULL, 0,
        "WebSocket frames that the client sent", HFILL } },
    { &hf_wsclose_frames_server,
      { "Frames of the server", "wsclose.frames.server", FT_UINT64, BASE_DEC, NULL, 0,
        "WebSocket frames that the server sent", HFILL } },
    { &hf_wsclose_incomplete,
      { "Incomplete capture", "wsclose.incomplete", FT_BOOLEAN, BASE_NONE, NULL, 0,
        "The capture lacks something that the verdict would need", HFILL } },
    { &hf_wsclose_tls,
      { "Seen from outside", "wsclose.tls", FT_BOOLEAN, BASE_NONE, NULL, 0,
        "TLS that nobody decrypts, of a server that wsclose.tls_servers lists", HFILL } },
    { &hf_wsclose_tls_server_name,
      { "Server name", "wsclose.tls.server_name", FT_STRING, BASE_NONE, NULL, 0,
        "The name in the ClientHello (SNI)", HFILL } },
    { &hf_wsclose_tls_alpn,
      { "Protocols", "wsclose.tls.alpn", FT_STRING, BASE_NONE, NULL, 0,
        "The protocols that the ClientHello offers (ALPN)", HFILL } },
    { &hf_wsclose_cause,
      { "Cause", "wsclose.cause", FT_STRING, BASE_NONE, NULL, 0,
        "Why the connection ended, in one word", HFILL } },
    { &hf_wsclose_cause_in,
      { "Shown in", "wsclose.cause_in", FT_FRAMENUM, BASE_NONE, NULL, 0,
        "A packet that shows the cause", HFILL } },
    { &hf_wsclose_cause_by,
      { "To change on", "wsclose.cause_by", FT_UINT8, BASE_DEC, VALS(by_names), 0,
        "The side on which something has to change", HFILL } },
    { &hf_wsclose_cause_certain,
      { "Certain", "wsclose.cause_certain", FT_BOOLEAN, BASE_NONE, NULL, 0,
        "True: the packets show the cause. False: it is the likeliest explanation", HFILL } },
    { &hf_wsclose_other_leg,
      { "Same WebSocket as connection", "wsclose.other_leg", FT_UINT32, BASE_DEC, NULL, 0,
        "A connection of this capture that carries the same WebSocket: the other side of a proxy, "
        "or the "
        "same packets captured again",
        HFILL } },
    { &hf_wsclose_together,
      { "Connections that ended together", "wsclose.together", FT_UINT32, BASE_DEC, NULL, 0,
        "How many connections of one address ended within a moment, this one included", HFILL } },
    { &hf_wsclose_ping_unanswered,
      { "Ping without a Pong", "wsclose.ping_unanswered", FT_FRAMENUM, BASE_NONE, NULL, 0,
        "The oldest Ping that never got its Pong", HFILL } },
    { &hf_wsclose_last_client,
      { "Client silent for", "wsclose.last_client", FT_RELATIVE_TIME, BASE_NONE, NULL, 0,
        "How long the client had been silent when the end began", HFILL } },
    { &hf_wsclose_last_server,
      { "Server silent for", "wsclose.last_server", FT_RELATIVE_TIME, BASE_NONE, NULL, 0,
        "How long the server had been silent when the end began", HFILL } },
    { &hf_wsclose_close_in,
      { "After this side's Close frame in", "wsclose.close_in", FT_FRAMENUM, BASE_NONE, NULL, 0,
        "The Close frame of the same side, after which it sends data", HFILL } },
    { &hf_wsclose_ext_offered,
      { "Extension offered", "wsclose.ext.offered", FT_STRING, BASE_NONE, NULL, 0,
        "An extension in the client's request", HFILL } },
    { &hf_wsclose_ext_accepted,
      { "Extension accepted", "wsclose.ext.accepted", FT_STRING, BASE_NONE, NULL, 0,
        "An extension in the server's response", HFILL } },
    { &hf_wsclose_ext_declined,
      { "Extension declined", "wsclose.ext.declined", FT_STRING, BASE_NONE, NULL, 0,
        "An extension that was offered and not accepted", HFILL } },
    { &hf_wsclose_ext_unsolicited,
      { "Extension unsolicited", "wsclose.ext.unsolicited", FT_STRING, BASE_NONE, NULL, 0,
        "An extension that was accepted and never offered", HFILL } },
    { &hf_wsclose_ext_invalid,
      { "Extension invalid", "wsclose.ext.invalid", FT_STRING, BASE_NONE, NULL, 0,
        "A malformed element, or parameters that the offer does not allow", HFILL } },
    { &hf_wsclose_ext_needed,
      { "Extension needed", "wsclose.ext.needed", FT_STRING, BASE_NONE, NULL, 0,
        "An extension that the reason of a Close with 1010 names", HFILL } },
    { &hf_wsclose_ext_missing,
      { "Extension missing", "wsclose.ext.missing", FT_STRING, BASE_NONE, NULL, 0,
        "An extension that is needed and was not negotiated", HFILL } },
    { &hf_wsclose_ext_verdict,
      { "The opening handshake says", "wsclose.ext.verdict", FT_STRING, BASE_NONE, NULL, 0,
        "Whether the opening handshake bears the 1010 out", HFILL } },
};

static void
register_fields(int proto)
{
    const range_string *codes = code_names();

    for (size_t i = 0; i < G_N_ELEMENTS(fields); i++) {
        if (fields[i].hfinfo.display & BASE_RANGE_STRING)
            fields[i].hfinfo.strings = RVALS(codes);
    }
    proto_register_field_array(proto, fields, G_N_ELEMENTS(fields));
}

static int
group_of(wsclose_finding_group group)
{
    switch (group) {
    case WSCLOSE_GROUP_SEQUENCE:
        return PI_SEQUENCE;
    case WSCLOSE_GROUP_PROTOCOL:
        return PI_PROTOCOL;
    case WSCLOSE_GROUP_MALFORMED:
        return PI_MALFORMED;
    case WSCLOSE_GROUP_RESPONSE:
        return PI_RESPONSE_CODE;
    }
    return PI_PROTOCOL;
}

static int
severity_of(wsclose_severity severity)
{
    switch (severity) {
    case WSCLOSE_SEVERITY_CHAT:
        return PI_CHAT;
    case WSCLOSE_SEVERITY_NOTE:
        return PI_NOTE;
    case WSCLOSE_SEVERITY_WARNING:
        return PI_WARN;
    case WSCLOSE_SEVERITY_ERROR:
        return PI_ERROR;
    }
    return PI_ERROR;
}

/* A field has the name too, and is there with the finding: a filter by it finds both, and compares
 * what the field has. An expert item of the same name would forbid that. */
static const char *
expert_name(const char *name)
{
    return proto_registrar_get_byname(name)
               ? wmem_strdup_printf(wmem_epan_scope(), "%s.expert", name)
               : name;
}

/* An expert item for each of the decoder's findings. */
static void
register_experts(int proto)
{
    /* Wireshark keeps what is registered. */
    ei_register_info *experts =
        wmem_alloc0_array(wmem_epan_scope(), ei_register_info, WSCLOSE_FINDINGS);

    for (wsclose_finding finding = 0; finding < WSCLOSE_FINDINGS; finding++) {
        const wsclose_finding_info *info = wsclose_finding_lookup(finding);

        ei_wsclose[finding] = (expert_field)EI_INIT;
        experts[finding] =
            (ei_register_info){ &ei_wsclose[finding],
                                { expert_name(info->name), group_of(info->group),
                                  severity_of(info->severity), info->summary, EXPFILL } };
    }
    expert_register_field_array(expert_register_protocol(proto), experts, WSCLOSE_FINDINGS);
}

void
fields_register(int proto)
{
    static int *subtrees[] = { &ett_wsclose, &ett_wsclose_lines };

    register_fields(proto);
    register_experts(proto);
    proto_register_subtree_array(subtrees, G_N_ELEMENTS(subtrees));
}
