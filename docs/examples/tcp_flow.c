/* tcp_flow.c
 * The packets of one TCP connection in, all that there is to say of the WebSocket in it out.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <stdio.h>
#include <string.h>

#include <wsclose/wsclose.h>

/* What this program keeps: the state is the library's, the rest is for the texts. */
typedef struct {
    wsclose_connection state;
    wsclose_negotiation *negotiation;
    wsclose_close_body bodies[WSCLOSE_SIDES];
    bool has_body[WSCLOSE_SIDES];
    char reasons[WSCLOSE_SIDES][WSCLOSE_CONTROL_PAYLOAD_MAX];
    char text[64]; /* in the place of a frame */
    size_t text_len;
    char offer[256];
    wsclose_header offered;
} watched;

static void
show_text(const char *label, char *text)
{
    if (text)
        printf("  %s: %s\n", label, text);
    wsclose_text_free(text);
}

/* What the flow tells. Slices are borrowed: what is needed later is copied. */

static wsclose_connection *
on_begin(void *user, const wsclose_beginning *beginning)
{
    watched *own = (watched *)user;

    wsclose_connection_init_over(&own->state, beginning->carrier);
    return &own->state;
}

static void
on_request(void *user, wsclose_connection *connection, const wsclose_request *request)
{
    watched *own = (watched *)user;

    (void)connection;
    printf("request to %.*s%.*s\n", (int)request->host.len, request->host.data,
           (int)request->target.len, request->target.data);
    if (request->offer.value.len >= sizeof own->offer)
        return;
    own->offered = request->offer;
    if (request->offer.value.len > 0)
        memcpy(own->offer, request->offer.value.data, request->offer.value.len);
    own->offered.value.data = own->offer;
}

static const wsclose_negotiation *
on_response(void *user, wsclose_connection *connection, const wsclose_header *extensions)
{
    watched *own = (watched *)user;

    own->negotiation = wsclose_negotiation_match(&own->offered, extensions);
    show_text("negotiation",
              wsclose_explain_negotiation(own->negotiation, connection->carrier, 101));
    return own->negotiation;
}

static void
keep_body(watched *own, wsclose_side sender, const wsclose_close_body *body)
{
    char *reason = own->reasons[sender];

    own->bodies[sender] = *body;
    own->bodies[sender].reason.data = reason;
    own->has_body[sender] = true;
    if (body->reason.len > 0)
        memcpy(reason, body->reason.data, body->reason.len);
}

static void
on_close(void *user, wsclose_connection *connection, const wsclose_seen_close *seen)
{
    watched *own = (watched *)user;
    const wsclose_close_context context = { .sender = seen->sender,
                                            .frame = seen->frame,
                                            .body = seen->body,
                                            .breaches = seen->breaches,
                                            .meaning = seen->meaning };
    const wsclose_event event = { .kind = WSCLOSE_EVENT_CLOSE,
                                  .connection = connection,
                                  .close = &context };

    show_text("close", wsclose_explain_close(&context));
    wsclose_findings_take(connection, &event);
    if (seen->sender != WSCLOSE_SIDE_UNKNOWN && !own->has_body[seen->sender])
        keep_body(own, seen->sender, seen->body);
}

static void
on_breach(void *user, wsclose_connection *connection, const wsclose_seen_breach *seen)
{
    watched *own = (watched *)user;
    const wsclose_frame_context *context = seen->context;

    (void)connection;
    show_text("frame", wsclose_explain_breaker(context));
    show_text("brief", wsclose_explain_breaker_info(context));
    if (context->text.len > 0) {
        show_text("text", wsclose_explain_not_websocket(context->sender, context->text));
        own->text_len = context->text.len < sizeof own->text ? context->text.len : sizeof own->text;
        memcpy(own->text, context->text.data, own->text_len);
    }
    if (context->close_in != 0)
        show_text("late", wsclose_explain_data_after_close(context->sender, context->close_in));
}

static void
show_verdict(const wsclose_verdict_context *context)
{
    show_text("verdict", wsclose_explain_verdict(context));
    show_text("brief", wsclose_explain_verdict_brief(context));
    show_text("info", wsclose_explain_verdict_info(context));
    show_text("description", wsclose_explain_verdict_description(context));
    show_text("seen when", wsclose_explain_verdict_seen_when(context));
    show_text("to do", wsclose_explain_verdict_fix(context));
    show_text("abnormal", wsclose_explain_abnormal(context));
    show_text("unanswered", wsclose_explain_unanswered(context));
    for (int side = WSCLOSE_CLIENT; side <= WSCLOSE_SERVER; side++) {
        show_text("Ping", wsclose_explain_ping_unanswered(context, (wsclose_side)side));
        show_text("tolerated", wsclose_explain_breach_tolerated(context, (wsclose_side)side));
    }
}

static void
show_findings(const wsclose_event *event)
{
    for (unsigned i = 0; i < WSCLOSE_FINDINGS; i++) {
        const wsclose_finding finding = (wsclose_finding)i;
        if (!wsclose_finding_is_in(finding, wsclose_findings_in(event->connection, event->kind)))
            continue;
        char **texts = wsclose_explain_finding(event, finding);
        for (char **text = texts; *text; text++)
            printf("  %s: %s\n", wsclose_finding_lookup(finding)->name, *text);
        wsclose_texts_free(texts);
    }
}

static void
on_verdict(void *user, wsclose_connection *connection)
{
    const watched *own = (const watched *)user;
    wsclose_verdict verdict;
    wsclose_cause cause;

    if (!wsclose_connection_verdict(connection, &verdict))
        return;
    const wsclose_verdict_context context = {
        .connection = connection,
        .verdict = &verdict,
        .negotiation = own->negotiation,
        .bodies = { own->has_body[0] ? &own->bodies[0] : NULL,
                    own->has_body[1] ? &own->bodies[1] : NULL },
        .no_frames = { own->text, own->text_len },
    };
    const wsclose_event event = { .kind = WSCLOSE_EVENT_VERDICT,
                                  .connection = connection,
                                  .negotiation = own->negotiation,
                                  .verdict = &verdict };

    show_verdict(&context);
    if (wsclose_cause_judge(&context, &cause))
        printf("  cause: %s, %s\n", wsclose_cause_name(cause.id),
               cause.certain ? "certain" : "likely");
    show_findings(&event);
}

/* Nothing of TLS here: see tls_outside.c. */
static bool
is_tls_server(void *user, const wsclose_tls_server *server)
{
    (void)user;
    (void)server;
    return false;
}

static void
on_outside(void *user, wsclose_connection *connection, const wsclose_tls_hello *hello)
{
    (void)user;
    (void)connection;
    (void)hello;
}

static const wsclose_sink SINK = { .begin = on_begin,
                                   .request = on_request,
                                   .response = on_response,
                                   .close = on_close,
                                   .breach = on_breach,
                                   .verdict = on_verdict,
                                   .is_tls_server = is_tls_server,
                                   .outside = on_outside };

/* Packets, as a capture has them. */

typedef struct {
    size_t sender; /* 0: the client here */
    int seconds;
    const char *octets;
    size_t len;
    bool syn;
    bool fin;
    bool rst;
} written;

#define OCTETS(text) text, sizeof(text) - 1, false, false, false
#define UPGRADE                                                                                    \
    "GET /chat HTTP/1.1\r\nHost: example.com\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"     \
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"                                              \
    "Sec-WebSocket-Extensions: permessage-deflate\r\n\r\n"
#define SWITCHING                                                                                  \
    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"            \
    "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n"

static const written NO_PONG[] = {
    { 0, 0, NULL, 0, true, false, false },
    { 1, 0, NULL, 0, true, false, false },
    { 0, 0, OCTETS(UPGRADE) },
    { 1, 0, OCTETS(SWITCHING) },
    { 0, 1, OCTETS("\x81\x85\0\0\0\0hello") },
    { 1, 2, OCTETS("\x81\x05hello") },
    { 0, 20, OCTETS("\x89\x82\0\0\0\0go") },
    { 0, 40, NULL, 0, false, false, true },
};

static const written NO_FRAMES[] = {
    { 0, 0, NULL, 0, true, false, false },
    { 1, 0, NULL, 0, true, false, false },
    { 0, 0, OCTETS(UPGRADE) },
    { 1, 0, OCTETS(SWITCHING) },
    { 1, 1, OCTETS("HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n") },
    { 0, 1, OCTETS("\x88\x82\0\0\0\0\x03\xea") },
    { 0, 2, OCTETS("\x81\x84\0\0\0\0late") },
    { 0, 2, NULL, 0, false, true, false },
    { 1, 2, NULL, 0, false, true, false },
};

static void
read_packets(const written *packets, size_t count)
{
    const wsclose_flow_options options = { .find_midstream = true, .check_text = true };
    wsclose_flow *flow = wsclose_flow_new(&options);
    uint32_t next[2] = { 1000, 5000 };
    watched own;

    memset(&own, 0, sizeof own);
    for (size_t i = 0; i < count; i++) {
        const written *at = &packets[i];
        const wsclose_packet packet = {
            .moment = { (uint32_t)(i + 1), at->seconds * INT64_C(1000000000) },
            .sender = at->sender,
            .segment = { .seq = next[at->sender],
                         .octets = (const uint8_t *)at->octets,
                         .captured = at->len,
                         .len = (uint32_t)at->len,
                         .syn = at->syn,
                         .fin = at->fin },
            .ack = next[1 - at->sender],
            .has_ack = i > 0,
            .rst = at->rst,
        };
        /* The same ports again: this one would go to a new flow. */
        if (wsclose_flow_is_another(flow, &packet))
            break;
        /* TLS that somebody has decrypted would go into packet.decrypted. */
        if (wsclose_flow_wants_decrypted(flow))
            printf("packet %zu may be TLS\n", i + 1);
        wsclose_flow_packet(flow, &packet, &SINK, &own);
        next[at->sender] += (uint32_t)at->len + at->syn + at->fin;
    }
    printf("TCP %s\n",
           wsclose_flow_get_state(flow) == WSCLOSE_FLOW_ENDED ? "has ended" : "goes on");
    wsclose_flow_free(flow);
    wsclose_negotiation_free(own.negotiation);
}

int
main(void)
{
    read_packets(NO_PONG, sizeof NO_PONG / sizeof NO_PONG[0]);
    read_packets(NO_FRAMES, sizeof NO_FRAMES / sizeof NO_FRAMES[0]);
    return 0;
}
