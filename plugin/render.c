/* render.c
 * From the store to the packet tree and the expert information.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "render.h"

#include <epan/expert.h>
#include <epan/tap.h>
#include <epan/to_str.h>

#include <wsclose/wsclose.h>

static int proto_wsclose = -1;

static int hf_wsclose_event = -1;
static int hf_wsclose_stream = -1;
static int hf_wsclose_http2_stream = -1;
static int hf_wsclose_request_in = -1;
static int hf_wsclose_response_in = -1;
static int hf_wsclose_handshake_status = -1;
static int hf_wsclose_sender = -1;
static int hf_wsclose_code = -1;
static int hf_wsclose_code_on_wire = -1;
static int hf_wsclose_code_class = -1;
static int hf_wsclose_reason = -1;
static int hf_wsclose_client_code = -1;
static int hf_wsclose_server_code = -1;
static int hf_wsclose_peer_close_in = -1;
static int hf_wsclose_close_rtt = -1;
static int hf_wsclose_verdict_in = -1;
static int hf_wsclose_client_close_in = -1;
static int hf_wsclose_server_close_in = -1;
static int hf_wsclose_verdict = -1;
static int hf_wsclose_clean = -1;
static int hf_wsclose_initiator = -1;
static int hf_wsclose_duration = -1;
static int hf_wsclose_idle = -1;
static int hf_wsclose_frames_client = -1;
static int hf_wsclose_frames_server = -1;
static int hf_wsclose_incomplete = -1;
static int hf_wsclose_close_in = -1;
static int hf_wsclose_ext_offered = -1;
static int hf_wsclose_ext_accepted = -1;
static int hf_wsclose_ext_declined = -1;
static int hf_wsclose_ext_unsolicited = -1;
static int hf_wsclose_ext_invalid = -1;
static int hf_wsclose_ext_needed = -1;
static int hf_wsclose_ext_missing = -1;
static int hf_wsclose_ext_verdict = -1;
static int hf_wsclose_description = -1;
static int hf_wsclose_seen_when = -1;
static int hf_wsclose_fix = -1;

static int ett_wsclose = -1;
static int ett_wsclose_lines = -1;

static expert_field ei_wsclose_no_status = EI_INIT;
static expert_field ei_wsclose_no_status_repeated = EI_INIT;
static expert_field ei_wsclose_mandatory_ext = EI_INIT;
static expert_field ei_wsclose_mandatory_ext_contradicted = EI_INIT;
static expert_field ei_wsclose_mandatory_ext_from_server = EI_INIT;
static expert_field ei_wsclose_reserved_on_wire = EI_INIT;
static expert_field ei_wsclose_code_invalid = EI_INIT;
static expert_field ei_wsclose_body_truncated = EI_INIT;
static expert_field ei_wsclose_reason_not_utf8 = EI_INIT;
static expert_field ei_wsclose_frame_invalid = EI_INIT;
static expert_field ei_wsclose_ext_declined = EI_INIT;
static expert_field ei_wsclose_ext_required_declined = EI_INIT;
static expert_field ei_wsclose_ext_unsolicited = EI_INIT;
static expert_field ei_wsclose_ext_invalid = EI_INIT;
static expert_field ei_wsclose_handshake_failed = EI_INIT;
static expert_field ei_wsclose_handshake_invalid = EI_INIT;
static expert_field ei_wsclose_abnormal = EI_INIT;
static expert_field ei_wsclose_unanswered = EI_INIT;
static expert_field ei_wsclose_data_after_close = EI_INIT;

static int expert_tap;

/* A label holds 240 octets (ITEM_LABEL_LENGTH), the field's name included. */
#define LABEL_TEXT_MAX 200

/* Where an event is rendered. */
typedef struct {
    tvbuff_t *tvb;
    packet_info *pinfo;
    proto_item *item;
    proto_tree *tree;
    bool expert_heard; /* somebody reads what expert items say */
} event_view;

/* Whether a leaf would be kept: making its text for nothing is what costs. */
static bool
is_read(const event_view *view, int hf)
{
    return proto_field_is_referenced(view->tree, hf);
}

static bool
is_visible(const event_view *view)
{
    return view->tree && PTREE_DATA(view->tree)->visible;
}

static proto_item *
generated(proto_item *item)
{
    proto_item_set_generated(item);
    return item;
}

static proto_item *
add_uint(const event_view *view, int hf, uint32_t value)
{
    return generated(proto_tree_add_uint(view->tree, hf, view->tvb, 0, 0, value));
}

static proto_item *
add_frame(const event_view *view, int hf, uint32_t number)
{
    return number == 0 ? NULL : add_uint(view, hf, number);
}

static proto_item *
add_string(const event_view *view, int hf, const char *value)
{
    return generated(proto_tree_add_string(view->tree, hf, view->tvb, 0, 0, value));
}

/* Where a line of at most LABEL_TEXT_MAX octets ends, at a space if there is one. */
static size_t
line_length(const char *text)
{
    size_t len = strlen(text);

    if (len <= LABEL_TEXT_MAX)
        return len;
    len = LABEL_TEXT_MAX;
    while (len > 0 && text[len] != ' ')
        len--;
    return len > 0 ? len : LABEL_TEXT_MAX;
}

/* A paragraph: the field has all of it, its label the first line, and the lines that a label has no
 * room for stand below it. Takes the text over. */
static void
add_paragraph(const event_view *view, int hf, char *text)
{
    size_t len = line_length(text);
    const char *rest = text + len;
    proto_item *item;

    if (*rest == '\0') {
        add_string(view, hf, text);
        wsclose_text_free(text);
        return;
    }
    item = generated(proto_tree_add_string_format(view->tree, hf, view->tvb, 0, 0, text,
                                                  "%s: %.*s", proto_registrar_get_name(hf),
                                                  (int)len, text));
    if (is_visible(view)) {
        proto_tree *lines = proto_item_add_subtree(item, ett_wsclose_lines);

        while (*rest != '\0') {
            proto_item *line;

            rest += strspn(rest, " ");
            len = line_length(rest);
            proto_tree_add_subtree_format(lines, view->tvb, 0, 0, ett_wsclose_lines, &line, "%.*s",
                                          (int)len, rest);
            proto_item_set_generated(line);
            rest += len;
        }
    }
    wsclose_text_free(text);
}

static void
add_boolean(const event_view *view, int hf, bool value)
{
    generated(proto_tree_add_boolean(view->tree, hf, view->tvb, 0, 0, value));
}

/* Nanoseconds; a negative time is one that is not known. */
static void
add_time(const event_view *view, int hf, int64_t value)
{
    const nstime_t time = NSTIME_INIT_SECS_NSECS(value / 1000000000, (int)(value % 1000000000));

    if (value >= 0)
        generated(proto_tree_add_time(view->tree, hf, view->tvb, 0, 0, &time));
}

typedef char *(*explain_close)(const wsclose_close_context *context);

static void
add_explained(const event_view *view, int hf, explain_close explain,
              const wsclose_close_context *context)
{
    if (is_read(view, hf))
        add_paragraph(view, hf, explain(context));
}

/* Whether the text of an expert item is needed, or just its being there. */
static bool
expert_is_read(const event_view *view, const expert_field *expert)
{
    return view->expert_heard || is_read(view, expert->hf);
}

/* An expert item with a text, which is taken over; NULL where nobody reads it. */
static void
add_expert_text(const event_view *view, proto_item *item, expert_field *expert, char *text)
{
    if (text)
        expert_add_info_format(view->pinfo, item, expert, "%s", text);
    else
        expert_add_info(view->pinfo, item, expert);
    wsclose_text_free(text);
}

static void
add_expert(const event_view *view, proto_item *item, expert_field *expert, explain_close explain,
           const wsclose_close_context *context)
{
    add_expert_text(view, item, expert, expert_is_read(view, expert) ? explain(context) : NULL);
}

static event_view
view_begin(const store_event *event, tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree)
{
    event_view view = {.tvb = tvb, .pinfo = pinfo};

    view.item = generated(proto_tree_add_item(tree, proto_wsclose, tvb, 0, 0, ENC_NA));
    view.tree = proto_item_add_subtree(view.item, ett_wsclose);
    view.expert_heard = have_tap_listener(expert_tap);

    add_uint(&view, hf_wsclose_event, event->kind);
    add_uint(&view, hf_wsclose_stream, event->connection->stream);
    if (event->connection->state.carrier == WSCLOSE_CARRIER_HTTP2)
        add_uint(&view, hf_wsclose_http2_stream, event->connection->http2_stream);
    add_frame(&view, hf_wsclose_request_in, event->connection->state.request.number);
    add_frame(&view, hf_wsclose_response_in, event->connection->state.response.number);
    if (event->kind != STORE_EVENT_VERDICT)
        add_frame(&view, hf_wsclose_verdict_in, event->connection->state.settled.number);
    if (event->kind != STORE_EVENT_CLOSE) {
        add_frame(&view, hf_wsclose_client_close_in,
                  event->connection->state.closes[0].moment.number);
        add_frame(&view, hf_wsclose_server_close_in,
                  event->connection->state.closes[1].moment.number);
    }
    return view;
}

static void
set_title(const event_view *view, char *title)
{
    proto_item_set_text(view->item, "WebSocket close: %s", title);
    wsclose_text_free(title);
}

/* Extensions of one side, or of one kind. */

static void
add_extensions(const event_view *view, int hf, const wsclose_ext_list *list)
{
    if (!is_read(view, hf))
        return;
    for (size_t i = 0; i < list->n_exts; i++)
        add_string(view, hf, list->exts[i].text);
}

static void
add_names(const event_view *view, int hf, char **names)
{
    for (size_t i = 0; names[i]; i++)
        add_string(view, hf, names[i]);
}

/* What was offered, and what became of it. */
static void
add_negotiated(const event_view *view, const wsclose_negotiation *negotiation)
{
    add_extensions(view, hf_wsclose_ext_offered, negotiation->offer);
    add_extensions(view, hf_wsclose_ext_accepted, negotiation->response);
    for (size_t i = 0; i < negotiation->n_declined; i++)
        add_string(view, hf_wsclose_ext_declined, negotiation->declined[i]);
}

/* Whether the user lists an extension as mandatory. */
static bool
is_mandatory(const render_preferences *preferences, const char *name)
{
    if (!preferences->mandatory_extensions || preferences->mandatory_extensions[0] == '\0')
        return false;

    char **names = g_strsplit_set(preferences->mandatory_extensions, ", ", -1);
    const bool found = g_strv_contains((const char *const *)names, name);
    g_strfreev(names);
    return found;
}

static void
add_declined(const event_view *view, const char *name, const render_preferences *preferences)
{
    const bool required = is_mandatory(preferences, name);
    expert_field *expert = required ? &ei_wsclose_ext_required_declined : &ei_wsclose_ext_declined;
    proto_item *leaf = add_string(view, hf_wsclose_ext_declined, name);

    add_expert_text(view, leaf, expert,
                    expert_is_read(view, expert) ? wsclose_explain_declined(name, required) : NULL);
}

static void
add_unsolicited(const event_view *view, const wsclose_negotiation *negotiation)
{
    for (size_t i = 0; i < negotiation->n_matches; i++) {
        const wsclose_match *match = &negotiation->matches[i];

        if (match->verdict != WSCLOSE_NEGOTIATION_UNSOLICITED)
            continue;
        proto_item *leaf = add_string(view, hf_wsclose_ext_unsolicited, match->ext->text);
        expert_add_info_format(view->pinfo, leaf, &ei_wsclose_ext_unsolicited, "%s", match->why);
    }
}

static void
add_invalid(const event_view *view, const wsclose_negotiation *negotiation)
{
    for (size_t i = 0; i < negotiation->n_invalid; i++) {
        const wsclose_invalid_ext *invalid = &negotiation->invalid[i];
        proto_item *leaf = add_string(view, hf_wsclose_ext_invalid, invalid->text);

        expert_add_info_format(view->pinfo, leaf, &ei_wsclose_ext_invalid, "%s", invalid->why);
    }
}

static void
add_handshake_faults(const event_view *view, proto_item *status, const wsclose_connection *state)
{
    /* The extensions' faults have expert items of their own. */
    const unsigned faults =
        state->faults & ~(unsigned)(WSCLOSE_FAULT_EXT_UNSOLICITED | WSCLOSE_FAULT_EXT_INVALID);
    for (unsigned bit = 0; bit < WSCLOSE_FAULT_COUNT; bit++) {
        if (faults & 1u << bit)
            add_expert_text(view, status, &ei_wsclose_handshake_invalid,
                            wsclose_explain_handshake_fault(state->carrier,
                                                            (wsclose_handshake_fault)(1u << bit)));
    }
}

/* Event 1: the response of an opening handshake. */
static void
render_negotiation(const store_event *event, tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree,
                   const render_preferences *preferences)
{
    const wsclose_connection *state = &event->connection->state;
    const wsclose_negotiation *negotiation = store_negotiation(event->connection);
    event_view view = view_begin(event, tvb, pinfo, tree);

    if (is_visible(&view))
        set_title(&view, wsclose_explain_negotiation(negotiation, state->carrier, state->status));
    proto_item *status = add_uint(&view, hf_wsclose_handshake_status, state->status);
    add_extensions(&view, hf_wsclose_ext_offered, negotiation->offer);
    if (!wsclose_status_is_success(state->carrier, state->status))
        return;
    add_extensions(&view, hf_wsclose_ext_accepted, negotiation->response);
    for (size_t i = 0; i < negotiation->n_declined; i++)
        add_declined(&view, negotiation->declined[i], preferences);
    add_unsolicited(&view, negotiation);
    add_invalid(&view, negotiation);
    add_handshake_faults(&view, status, state);
}

/* Event 2: a Close frame. */

/* A story told of a stored Close frame: what it points to. */
typedef struct {
    wsclose_close_context context;
    wsclose_close_body body;
} close_facts;

static void
close_facts_begin(close_facts *facts, const store_close *close)
{
    const store_connection *connection = close->event.connection;

    wsclose_close_body_decode(close->body, close->captured, close->frame.payload_len, &facts->body);
    facts->context = (wsclose_close_context){
        .sender = close->event.sender,
        .frame = &close->frame,
        .body = &facts->body,
        .breaches = close->event.breaches,
        .finding = &close->finding,
        .request_in = connection->state.request.number,
        .response_in = connection->state.response.number,
    };
    if (facts->body.kind == WSCLOSE_BODY_CODE && facts->body.code == WSCLOSE_CODE_MANDATORY_EXT) {
        const wsclose_close_body *claim = &facts->body;
        wsclose_close_body claimed;

        /* An answer repeats the other side's claim, often without its reason; but where that was
         * cut short by the capture, the repetition may have it whole. */
        if (close->finding.echo && connection->claim) {
            wsclose_close_body_decode(connection->claim->body, connection->claim->captured,
                                      connection->claim->frame.payload_len, &claimed);
            if (!claimed.reason_cut || facts->body.reason_cut || facts->body.reason.len == 0)
                claim = &claimed;
        }
        facts->context.negotiation = store_negotiation(connection);
        facts->context.mandatory = wsclose_mandatory_ext_explain(facts->context.negotiation,
                                                               claim->reason, claim->reason_cut);
    }
}

static void
close_facts_end(close_facts *facts)
{
    wsclose_mandatory_ext_free((wsclose_mandatory_ext *)facts->context.mandatory);
}

static proto_item *
add_code(const event_view *view, const wsclose_close_body *body)
{
    if (body->kind != WSCLOSE_BODY_EMPTY && body->kind != WSCLOSE_BODY_CODE)
        return NULL;

    proto_item *code = add_uint(view, hf_wsclose_code, body->code);
    generated(proto_tree_add_boolean(view->tree, hf_wsclose_code_on_wire, view->tvb, 0, 0,
                                     body->kind == WSCLOSE_BODY_CODE));
    add_string(view, hf_wsclose_code_class,
               wsclose_code_class_name(wsclose_code_lookup(body->code)->code_class));
    return code;
}

static void
add_reason(const event_view *view, const wsclose_close_body *body)
{
    if (body->reason.len == 0 || !is_read(view, hf_wsclose_reason))
        return;
    char *reason = wsclose_close_reason_text(body);
    add_string(view, hf_wsclose_reason, reason);
    wsclose_text_free(reason);
}

/* What the receiver's own API reports. */
static void
add_reported(const event_view *view, const store_close *close)
{
    const wsclose_side receiver = wsclose_side_peer(close->event.sender);

    if (!close->finding.reported.known || receiver == WSCLOSE_SIDE_UNKNOWN)
        return;
    add_uint(view,
             receiver == WSCLOSE_CLIENT ? hf_wsclose_client_code : hf_wsclose_server_code,
             close->finding.reported.code);
}

static void
add_closing_handshake(const event_view *view, const store_close *close)
{
    const wsclose_close_mark *peer = wsclose_connection_sent(
        &close->event.connection->state, wsclose_side_peer(close->event.sender));

    if (peer)
        add_frame(view, hf_wsclose_peer_close_in, peer->moment.number);
    if (close->finding.answer)
        add_time(view, hf_wsclose_close_rtt, close->moment.time - close->finding.peer.time);
}

static void
add_no_status(const event_view *view, proto_item *code, const store_close *close,
              const wsclose_close_context *context, const render_preferences *preferences)
{
    if (context->body->kind != WSCLOSE_BODY_EMPTY)
        return;
    add_expert(view, code, &ei_wsclose_no_status, wsclose_explain_no_status, context);
    if (preferences->no_status_threshold == 0 ||
        close->event.number < preferences->no_status_threshold)
        return;
    char *sender = address_to_display(view->pinfo->pool, &view->pinfo->src);
    add_expert_text(view, code, &ei_wsclose_no_status_repeated,
                    wsclose_explain_no_status_repeated(sender, close->event.number));
}

static void
add_mandatory_ext(const event_view *view, proto_item *code, const wsclose_close_context *context)
{
    const wsclose_mandatory_ext *mandatory = context->mandatory;

    if (!mandatory)
        return;
    add_negotiated(view, context->negotiation);
    add_names(view, hf_wsclose_ext_needed, mandatory->needed);
    add_names(view, hf_wsclose_ext_missing, mandatory->missing);
    add_string(view, hf_wsclose_ext_verdict, wsclose_claim_verdict_name(mandatory->verdict));

    add_expert(view, code, &ei_wsclose_mandatory_ext, wsclose_explain_mandatory_ext, context);
    if (mandatory->verdict == WSCLOSE_CLAIM_CONTRADICTED)
        add_expert(view, code, &ei_wsclose_mandatory_ext_contradicted,
                   wsclose_explain_mandatory_ext_contradicted, context);
    if (wsclose_claims_mandatory_ext(context) == WSCLOSE_SERVER)
        add_expert(view, code, &ei_wsclose_mandatory_ext_from_server,
                   wsclose_explain_mandatory_ext_from_server, context);
}

static expert_field *
expert_of(wsclose_breach breach)
{
    switch (breach) {
    case WSCLOSE_BREACH_ONE_OCTET:
        return &ei_wsclose_body_truncated;
    case WSCLOSE_BREACH_NOT_UTF8:
        return &ei_wsclose_reason_not_utf8;
    case WSCLOSE_BREACH_CODE_RESERVED:
        return &ei_wsclose_reserved_on_wire;
    case WSCLOSE_BREACH_CODE_INVALID:
        return &ei_wsclose_code_invalid;
    case WSCLOSE_BREACH_FRAGMENTED:
    case WSCLOSE_BREACH_TOO_LONG:
    case WSCLOSE_BREACH_RSV:
    case WSCLOSE_BREACH_MASKED:
    case WSCLOSE_BREACH_UNMASKED:
    case WSCLOSE_BREACH_OPCODE:
    case WSCLOSE_BREACH_SEQUENCE:
    case WSCLOSE_BREACH_LENGTH:
        break;
    }
    return &ei_wsclose_frame_invalid;
}

static void
add_breaches(const event_view *view, proto_item *code, const wsclose_close_context *context)
{
    for (unsigned bit = 0; bit < WSCLOSE_BREACH_COUNT; bit++) {
        const wsclose_breach breach = (wsclose_breach)(1u << bit);

        if (context->breaches & breach)
            add_expert_text(view, code ? code : view->item, expert_of(breach),
                            wsclose_explain_breach(context, breach));
    }
}

static void
render_close(const store_close *close, tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree,
             const render_preferences *preferences)
{
    close_facts facts;
    event_view view = view_begin(&close->event, tvb, pinfo, tree);

    close_facts_begin(&facts, close);
    if (is_visible(&view))
        set_title(&view, wsclose_explain_close(&facts.context));
    add_uint(&view, hf_wsclose_sender, store_side_number(close->event.sender));
    proto_item *code = add_code(&view, &facts.body);
    add_reason(&view, &facts.body);
    add_reported(&view, close);
    add_explained(&view, hf_wsclose_description, wsclose_explain_close_description, &facts.context);
    add_explained(&view, hf_wsclose_seen_when, wsclose_explain_close_seen_when, &facts.context);
    add_explained(&view, hf_wsclose_fix, wsclose_explain_close_fix, &facts.context);
    add_closing_handshake(&view, close);
    add_no_status(&view, code, close, &facts.context, preferences);
    add_mandatory_ext(&view, code, &facts.context);
    add_breaches(&view, code, &facts.context);
    close_facts_end(&facts);
}

/* Event 3: the verdict. */

typedef char *(*explain_verdict)(const wsclose_verdict_context *context);

static void
add_verdict_expert(const event_view *view, proto_item *item, expert_field *expert,
                   explain_verdict explain, const wsclose_verdict_context *context)
{
    add_expert_text(view, item, expert, expert_is_read(view, expert) ? explain(context) : NULL);
}

static void
add_verdict_text(const event_view *view, int hf, explain_verdict explain,
                 const wsclose_verdict_context *context)
{
    if (is_read(view, hf))
        add_paragraph(view, hf, explain(context));
}

static void
add_verdict_extensions(const event_view *view, const wsclose_verdict_context *context)
{
    const wsclose_negotiation *negotiation = context->negotiation;

    if (context->verdict->ending == WSCLOSE_ENDING_REFUSED) {
        add_extensions(view, hf_wsclose_ext_offered, negotiation->offer);
        return;
    }
    add_negotiated(view, negotiation);
    for (size_t i = 0; i < negotiation->n_matches; i++) {
        if (negotiation->matches[i].verdict == WSCLOSE_NEGOTIATION_UNSOLICITED)
            add_string(view, hf_wsclose_ext_unsolicited, negotiation->matches[i].ext->text);
    }
    for (size_t i = 0; i < negotiation->n_invalid; i++)
        add_string(view, hf_wsclose_ext_invalid, negotiation->invalid[i].text);
}

static void
render_verdict(const store_event *event, tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree)
{
    const wsclose_connection *state = &event->connection->state;
    wsclose_verdict verdict;

    if (!wsclose_connection_verdict(state, &verdict))
        return;
    const wsclose_verdict_context context = {state, &verdict, store_negotiation(event->connection)};
    event_view view = view_begin(event, tvb, pinfo, tree);

    if (is_visible(&view))
        set_title(&view, wsclose_explain_verdict(&context));
    add_verdict_text(&view, hf_wsclose_verdict, wsclose_explain_verdict, &context);
    if (verdict.reported[0].known)
        add_uint(&view, hf_wsclose_client_code, verdict.reported[0].code);
    if (verdict.reported[1].known)
        add_uint(&view, hf_wsclose_server_code, verdict.reported[1].code);
    add_boolean(&view, hf_wsclose_clean, verdict.clean);
    add_uint(&view, hf_wsclose_initiator, store_side_number(verdict.initiator));
    add_verdict_text(&view, hf_wsclose_description, wsclose_explain_verdict_description, &context);
    add_verdict_text(&view, hf_wsclose_seen_when, wsclose_explain_verdict_seen_when, &context);
    add_verdict_text(&view, hf_wsclose_fix, wsclose_explain_verdict_fix, &context);
    add_time(&view, hf_wsclose_duration, verdict.duration);
    add_time(&view, hf_wsclose_idle, verdict.idle);
    generated(proto_tree_add_uint64(view.tree, hf_wsclose_frames_client, tvb, 0, 0,
                                    state->frames[0]));
    generated(proto_tree_add_uint64(view.tree, hf_wsclose_frames_server, tvb, 0, 0,
                                    state->frames[1]));
    proto_item *status =
        state->status != 0 ? add_uint(&view, hf_wsclose_handshake_status, state->status) : NULL;
    add_verdict_extensions(&view, &context);
    if (verdict.incomplete)
        add_boolean(&view, hf_wsclose_incomplete, true);
    if (verdict.ending == WSCLOSE_ENDING_REFUSED)
        add_expert_text(&view, status, &ei_wsclose_handshake_failed,
                        wsclose_explain_refused(state->carrier, state->status));
    if (verdict.abnormal)
        add_verdict_expert(&view, view.item, &ei_wsclose_abnormal, wsclose_explain_abnormal,
                           &context);
    if (verdict.unanswered)
        add_verdict_expert(&view, view.item, &ei_wsclose_unanswered, wsclose_explain_unanswered,
                           &context);
}

/* Event 4: a frame other than Close that breaks the protocol. */
static void
render_breach(const store_breach *breach, tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree)
{
    event_view view = view_begin(&breach->event, tvb, pinfo, tree);

    add_uint(&view, hf_wsclose_sender, store_side_number(breach->event.sender));
    add_frame(&view, hf_wsclose_close_in, breach->event.number);
    for (unsigned bit = 0; bit < WSCLOSE_BREACH_COUNT; bit++) {
        const wsclose_breach kind = (wsclose_breach)(1u << bit);

        if (breach->event.breaches & kind)
            add_expert_text(&view, view.item, expert_of(kind),
                            wsclose_explain_frame_breach(breach->event.sender, &breach->frame, kind));
    }
    if (breach->event.number != 0)
        add_expert_text(&view, view.item, &ei_wsclose_data_after_close,
                        wsclose_explain_data_after_close(breach->event.sender, breach->event.number));
    if (is_visible(&view))
        set_title(&view, wsclose_explain_breaker(breach->event.sender, breach->event.breaches));
}

void
render_event(const store_event *event, tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree,
             const render_preferences *preferences)
{
    switch (event->kind) {
    case STORE_EVENT_BEGIN:
        break;
    case STORE_EVENT_NEGOTIATION:
        if (preferences->annotate_negotiation)
            render_negotiation(event, tvb, pinfo, tree, preferences);
        break;
    case STORE_EVENT_CLOSE:
        render_close((const store_close *)event, tvb, pinfo, tree, preferences);
        break;
    case STORE_EVENT_VERDICT:
        render_verdict(event, tvb, pinfo, tree);
        break;
    case STORE_EVENT_BREACH:
        render_breach((const store_breach *)event, tvb, pinfo, tree);
        break;
    }
}

/* Expert items by name, for the reports. */

static void
list_expert(GPtrArray *names, const expert_field *expert, bool there)
{
    gpointer name = (gpointer)proto_registrar_get_abbrev(expert->hf);

    if (there && !g_ptr_array_find(names, name, NULL))
        g_ptr_array_add(names, name);
}

static void
list_experts_of_side(const store_connection *connection, size_t side, GPtrArray *names)
{
    const wsclose_close_mark *mark = &connection->state.closes[side];
    const unsigned breaches = connection->state.breaches[side] | mark->breaches;
    const bool closed = mark->moment.number != 0;

    list_expert(names, &ei_wsclose_no_status, closed && mark->kind == WSCLOSE_BODY_EMPTY);
    for (unsigned bit = 0; bit < WSCLOSE_BREACH_COUNT; bit++)
        list_expert(names, expert_of((wsclose_breach)(1u << bit)), breaches & 1u << bit);
    list_expert(names, &ei_wsclose_data_after_close, connection->data_after_close[side]);
}

void
render_list_expert_items(const store_connection *connection, const wsclose_verdict *verdict,
                         const wsclose_negotiation *negotiation, GPtrArray *names)
{
    const bool opened =
        wsclose_connection_opening(&connection->state) == WSCLOSE_OPENING_SUCCEEDED;
    const unsigned faults = connection->state.faults;

    list_expert(names, &ei_wsclose_handshake_failed,
                verdict && verdict->ending == WSCLOSE_ENDING_REFUSED);
    list_expert(names, &ei_wsclose_handshake_invalid,
                faults & (WSCLOSE_FAULT_ACCEPT_MISSING | WSCLOSE_FAULT_ACCEPT_WRONG |
                          WSCLOSE_FAULT_SUBPROTOCOL));
    list_expert(names, &ei_wsclose_ext_declined, opened && negotiation->n_declined > 0);
    list_expert(names, &ei_wsclose_ext_unsolicited, faults & WSCLOSE_FAULT_EXT_UNSOLICITED);
    list_expert(names, &ei_wsclose_ext_invalid, opened && negotiation->n_invalid > 0);
    list_expert(names, &ei_wsclose_mandatory_ext, connection->claim != NULL);
    for (size_t side = 0; side < 2; side++)
        list_experts_of_side(connection, side, names);
    list_expert(names, &ei_wsclose_abnormal, verdict && verdict->abnormal);
    list_expert(names, &ei_wsclose_unanswered, verdict && verdict->unanswered);
}

/* Registration. */

static const value_string event_names[] = {
    {STORE_EVENT_NEGOTIATION, "Extension negotiation"},
    {STORE_EVENT_CLOSE, "Close frame"},
    {STORE_EVENT_VERDICT, "Connection verdict"},
    {STORE_EVENT_BREACH, "Protocol breach"},
    {0, NULL},
};

static const value_string sender_names[] = {
    {0, "unknown"}, /* as store_side_number() has it */
    {1, "client"},
    {2, "server"},
    {0, NULL},
};

/* Names of status codes, from the decoder's table so that they cannot drift apart. */
static const range_string *
code_names(void)
{
    size_t count;
    const wsclose_code_info *table = wsclose_code_table(&count);
    range_string *names = wmem_alloc_array(wmem_epan_scope(), range_string, count + 1);

    for (size_t i = 0; i < count; i++)
        names[i] = (range_string){table[i].first, table[i].last, table[i].name};
    names[count] = (range_string){0, 0, NULL};
    return names;
}

static void
register_fields(int proto)
{
    const range_string *codes = code_names();
    hf_register_info fields[] = {
        {&hf_wsclose_event,
         {"Event", "wsclose.event", FT_UINT8, BASE_DEC, VALS(event_names), 0,
          "What happened in this packet", HFILL}},
        {&hf_wsclose_stream,
         {"WebSocket connection", "wsclose.stream", FT_UINT32, BASE_DEC, NULL, 0,
          "Number of the WebSocket connection in this capture, from 0", HFILL}},
        {&hf_wsclose_http2_stream,
         {"HTTP/2 stream", "wsclose.http2_stream", FT_UINT32, BASE_DEC, NULL, 0,
          "The stream of HTTP/2 that carries this connection", HFILL}},
        {&hf_wsclose_request_in,
         {"Opening handshake requested in", "wsclose.request_in", FT_FRAMENUM, BASE_NONE,
          /* No FT_FRAMENUM_REQUEST: Wireshark would draw a Close frame as its response. */
          NULL, 0, "The upgrade request of this connection", HFILL}},
        {&hf_wsclose_response_in,
         {"Opening handshake answered in", "wsclose.response_in", FT_FRAMENUM, BASE_NONE, NULL,
          0, "The response to the upgrade request", HFILL}},
        {&hf_wsclose_handshake_status,
         {"HTTP status", "wsclose.handshake_status", FT_UINT16, BASE_DEC, NULL, 0,
          "HTTP status that answered the upgrade", HFILL}},
        {&hf_wsclose_sender,
         {"Sender", "wsclose.sender", FT_UINT8, BASE_DEC, VALS(sender_names), 0,
          "Which endpoint sent the Close frame", HFILL}},
        {&hf_wsclose_code,
         {"Status code", "wsclose.code", FT_UINT16, BASE_DEC | BASE_RANGE_STRING, RVALS(codes), 0,
          "Status code as the receiving application is told: 1005 for an empty Close", HFILL}},
        {&hf_wsclose_code_on_wire,
         {"On the wire", "wsclose.code.on_wire", FT_BOOLEAN, BASE_NONE, NULL, 0,
          "True: the two octets were in the frame. False: inferred", HFILL}},
        {&hf_wsclose_code_class,
         {"Class", "wsclose.code.class", FT_STRING, BASE_NONE, NULL, 0,
          "What kind of number the status code is", HFILL}},
        {&hf_wsclose_reason,
         {"Reason", "wsclose.reason", FT_STRING, BASE_NONE, NULL, 0,
          "The reason in the Close frame", HFILL}},
        {&hf_wsclose_client_code,
         {"The client's API reports", "wsclose.client.code", FT_UINT16,
          BASE_DEC | BASE_RANGE_STRING, RVALS(codes), 0,
          "The close code that the client's own API reports (RFC 6455 section 7.1.5)", HFILL}},
        {&hf_wsclose_server_code,
         {"The server's API reports", "wsclose.server.code", FT_UINT16,
          BASE_DEC | BASE_RANGE_STRING, RVALS(codes), 0,
          "The close code that the server's own API reports (RFC 6455 section 7.1.5)", HFILL}},
        {&hf_wsclose_description,
         {"Meaning", "wsclose.description", FT_STRING, BASE_NONE, NULL, 0, "What it means",
          HFILL}},
        {&hf_wsclose_seen_when,
         {"Usual causes", "wsclose.seen_when", FT_STRING, BASE_NONE, NULL, 0, "When it is seen",
          HFILL}},
        {&hf_wsclose_fix,
         {"What to do", "wsclose.fix", FT_STRING, BASE_NONE, NULL, 0, "How to fix it", HFILL}},
        {&hf_wsclose_peer_close_in,
         {"The other side's Close frame in", "wsclose.peer_close_in", FT_FRAMENUM, BASE_NONE, NULL,
          0, "The first Close frame of the other side", HFILL}},
        {&hf_wsclose_close_rtt,
         {"Time since the first Close frame", "wsclose.close_rtt", FT_RELATIVE_TIME, BASE_NONE,
          NULL, 0, "Time from the first Close frame to this one", HFILL}},
        {&hf_wsclose_verdict_in,
         {"Connection verdict in", "wsclose.verdict_in", FT_FRAMENUM, BASE_NONE, NULL, 0,
          "The packet that settles how this connection ended", HFILL}},
        {&hf_wsclose_client_close_in,
         {"The client's Close frame in", "wsclose.client.close_in", FT_FRAMENUM, BASE_NONE, NULL, 0,
          "The first Close frame of the client", HFILL}},
        {&hf_wsclose_server_close_in,
         {"The server's Close frame in", "wsclose.server.close_in", FT_FRAMENUM, BASE_NONE, NULL, 0,
          "The first Close frame of the server", HFILL}},
        {&hf_wsclose_verdict,
         {"Verdict", "wsclose.verdict", FT_STRING, BASE_NONE, NULL, 0,
          "How the connection ended, in one line", HFILL}},
        {&hf_wsclose_clean,
         {"Clean", "wsclose.clean", FT_BOOLEAN, BASE_NONE, NULL, 0,
          "Both Close frames were exchanged before the transport ended", HFILL}},
        {&hf_wsclose_initiator,
         {"Initiator", "wsclose.initiator", FT_UINT8, BASE_DEC, VALS(sender_names), 0,
          "Who sent the first Close frame, or else ended the transport", HFILL}},
        {&hf_wsclose_duration,
         {"Duration", "wsclose.duration", FT_RELATIVE_TIME, BASE_NONE, NULL, 0,
          "From the response of the opening handshake to this packet", HFILL}},
        {&hf_wsclose_idle,
         {"Idle before the end", "wsclose.idle", FT_RELATIVE_TIME, BASE_NONE, NULL, 0,
          "From the last frame before the end to the Close frame, or else the end of the "
          "transport, that began it",
          HFILL}},
        {&hf_wsclose_frames_client,
         {"Frames of the client", "wsclose.frames.client", FT_UINT64, BASE_DEC, NULL, 0,
          "WebSocket frames that the client sent", HFILL}},
        {&hf_wsclose_frames_server,
         {"Frames of the server", "wsclose.frames.server", FT_UINT64, BASE_DEC, NULL, 0,
          "WebSocket frames that the server sent", HFILL}},
        {&hf_wsclose_incomplete,
         {"Incomplete capture", "wsclose.incomplete", FT_BOOLEAN, BASE_NONE, NULL, 0,
          "The capture lacks something that the verdict would need", HFILL}},
        {&hf_wsclose_close_in,
         {"After this side's Close frame in", "wsclose.close_in", FT_FRAMENUM, BASE_NONE, NULL, 0,
          "The Close frame of the same side, after which it sends data", HFILL}},
        {&hf_wsclose_ext_offered,
         {"Extension offered", "wsclose.ext.offered", FT_STRING, BASE_NONE, NULL, 0,
          "An extension in the client's request", HFILL}},
        {&hf_wsclose_ext_accepted,
         {"Extension accepted", "wsclose.ext.accepted", FT_STRING, BASE_NONE, NULL, 0,
          "An extension in the server's response", HFILL}},
        {&hf_wsclose_ext_declined,
         {"Extension declined", "wsclose.ext.declined", FT_STRING, BASE_NONE, NULL, 0,
          "An extension that was offered and not accepted", HFILL}},
        {&hf_wsclose_ext_unsolicited,
         {"Extension unsolicited", "wsclose.ext.unsolicited", FT_STRING, BASE_NONE, NULL, 0,
          "An extension that was accepted and never offered", HFILL}},
        {&hf_wsclose_ext_invalid,
         {"Extension invalid", "wsclose.ext.invalid", FT_STRING, BASE_NONE, NULL, 0,
          "A malformed element, or parameters that the offer does not allow", HFILL}},
        {&hf_wsclose_ext_needed,
         {"Extension needed", "wsclose.ext.needed", FT_STRING, BASE_NONE, NULL, 0,
          "An extension that the reason of a Close with 1010 names", HFILL}},
        {&hf_wsclose_ext_missing,
         {"Extension missing", "wsclose.ext.missing", FT_STRING, BASE_NONE, NULL, 0,
          "An extension that is needed and was not negotiated", HFILL}},
        {&hf_wsclose_ext_verdict,
         {"The opening handshake says", "wsclose.ext.verdict", FT_STRING, BASE_NONE, NULL, 0,
          "Whether the opening handshake bears the 1010 out", HFILL}},
    };
    /* Wireshark keeps what is registered. */
    hf_register_info *kept = wmem_memdup(wmem_epan_scope(), fields, sizeof fields);

    proto_register_field_array(proto, kept, G_N_ELEMENTS(fields));
}

static void
register_experts(int proto)
{
    static ei_register_info experts[] = {
        {&ei_wsclose_no_status,
         {"wsclose.no_status", PI_SEQUENCE, PI_NOTE,
          "Empty Close frame: the receiver's API reports 1005", EXPFILL}},
        {&ei_wsclose_no_status_repeated,
         {"wsclose.no_status_repeated", PI_SEQUENCE, PI_WARN,
          "The same address sends empty Close frames on many connections", EXPFILL}},
        {&ei_wsclose_mandatory_ext,
         {"wsclose.mandatory_ext", PI_PROTOCOL, PI_WARN,
          "Close with 1010: an extension that the client needs was not negotiated", EXPFILL}},
        {&ei_wsclose_mandatory_ext_contradicted,
         {"wsclose.mandatory_ext_contradicted", PI_PROTOCOL, PI_WARN,
          "1010, yet the opening handshake negotiated what it asks for", EXPFILL}},
        {&ei_wsclose_mandatory_ext_from_server,
         {"wsclose.mandatory_ext_from_server", PI_PROTOCOL, PI_WARN,
          "1010 from a server, which should have failed the opening handshake", EXPFILL}},
        {&ei_wsclose_reserved_on_wire,
         {"wsclose.reserved_on_wire", PI_PROTOCOL, PI_ERROR,
          "A reserved status code inside a Close frame", EXPFILL}},
        {&ei_wsclose_code_invalid,
         {"wsclose.code_invalid", PI_PROTOCOL, PI_ERROR,
          "A number that no endpoint may send as a status code", EXPFILL}},
        {&ei_wsclose_body_truncated,
         {"wsclose.body_truncated", PI_MALFORMED, PI_ERROR, "A Close body of one octet",
          EXPFILL}},
        {&ei_wsclose_reason_not_utf8,
         {"wsclose.reason_not_utf8", PI_MALFORMED, PI_ERROR,
          "The reason in a Close frame is not UTF-8", EXPFILL}},
        {&ei_wsclose_frame_invalid,
         {"wsclose.frame_invalid", PI_MALFORMED, PI_ERROR,
          "A frame that breaks the framing rules", EXPFILL}},
        {&ei_wsclose_ext_declined,
         {"wsclose.ext_declined", PI_PROTOCOL, PI_CHAT, "An offered extension was not accepted",
          EXPFILL}},
        {&ei_wsclose_ext_required_declined,
         {"wsclose.ext_required_declined", PI_PROTOCOL, PI_WARN,
          "An extension that is listed as mandatory was not accepted", EXPFILL}},
        {&ei_wsclose_ext_unsolicited,
         {"wsclose.ext_unsolicited", PI_PROTOCOL, PI_ERROR,
          "An extension in the response that was not offered", EXPFILL}},
        {&ei_wsclose_ext_invalid,
         {"wsclose.ext_invalid", PI_PROTOCOL, PI_ERROR,
          "Sec-WebSocket-Extensions breaks its grammar or an extension's rules", EXPFILL}},
        {&ei_wsclose_handshake_failed,
         {"wsclose.handshake_failed", PI_RESPONSE_CODE, PI_WARN,
          "The server refused the upgrade", EXPFILL}},
        {&ei_wsclose_handshake_invalid,
         {"wsclose.handshake_invalid", PI_PROTOCOL, PI_ERROR,
          "A 101 that the client must reject", EXPFILL}},
        {&ei_wsclose_abnormal,
         {"wsclose.abnormal", PI_SEQUENCE, PI_WARN,
          "The transport ended and an endpoint never got a Close frame: 1006", EXPFILL}},
        {&ei_wsclose_unanswered,
         {"wsclose.unanswered", PI_SEQUENCE, PI_NOTE, "A Close frame never got its answer",
          EXPFILL}},
        {&ei_wsclose_data_after_close,
         {"wsclose.data_after_close", PI_PROTOCOL, PI_ERROR,
          "A data frame after the same side's Close frame", EXPFILL}},
    };

    expert_register_field_array(expert_register_protocol(proto), experts, G_N_ELEMENTS(experts));
}

void
render_find_taps(void)
{
    expert_tap = find_tap_id("expert");
}

void
render_register(int proto)
{
    static int *subtrees[] = {&ett_wsclose, &ett_wsclose_lines};

    proto_wsclose = proto;
    register_fields(proto);
    register_experts(proto);
    proto_register_subtree_array(subtrees, G_N_ELEMENTS(subtrees));
}
