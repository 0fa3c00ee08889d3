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

#include "context.h"
#include "fields.h"
#include "neighbours.h"

static int proto_wsclose = -1;

static int expert_tap;
static bool is_info_wanted; /* events are told of in the Info column */

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
    item = generated(proto_tree_add_string_format(view->tree, hf, view->tvb, 0, 0, text, "%s: %.*s",
                                                  proto_registrar_get_name(hf), (int)len, text));
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

/* Add what was found, if it was: its texts each on the leaf that it is about, or all on the last
 * one. Where nobody reads them there are none. */
static void
add_finding(const event_view *view, const wsclose_event *event, wsclose_finding finding,
            proto_item *const *leaves, size_t n_leaves)
{
    expert_field *expert = &ei_wsclose[finding];
    const bool is_told = view->expert_heard || is_read(view, expert->hf);
    char **texts = is_told ? wsclose_explain_finding(event, finding) : NULL;

    /* Of a list that is too long each of the others has neither. */
    for (size_t i = 0; (texts ? texts[i] != NULL : i < n_leaves) && i < WSCLOSE_EXTS_LISTED_MAX;
         i++) {
        proto_item *leaf = leaves[MIN(i, n_leaves - 1)];

        if (texts)
            expert_add_info_format(view->pinfo, leaf, expert, "%s", texts[i]);
        else
            expert_add_info(view->pinfo, leaf, expert);
    }
    wsclose_texts_free(texts);
}

static void
add_findings(const event_view *view, const wsclose_event *event, wsclose_finding_set found,
             proto_item *leaf)
{
    for (wsclose_finding finding = 0; found >> finding != 0; finding++) {
        if (wsclose_finding_is_in(finding, found))
            add_finding(view, event, finding, &leaf, 1);
    }
}

static event_view
view_begin(const store_event *event, tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree)
{
    event_view view = { .tvb = tvb, .pinfo = pinfo };

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
        add_frame(&view, hf_wsclose_verdict_in, event->connection->verdict.number);
    if (event->kind != STORE_EVENT_CLOSE) {
        add_frame(&view, hf_wsclose_client_close_in,
                  event->connection->state.closes[0].moment.number);
        add_frame(&view, hf_wsclose_server_close_in,
                  event->connection->state.closes[1].moment.number);
    }
    return view;
}

/* Whether somebody looks at the list of packets, and wants events in it. */
static bool
has_info(const event_view *view)
{
    return is_info_wanted && view->pinfo->cinfo && col_get_writable(view->pinfo->cinfo, COL_INFO);
}

/* Add to what the list of packets shows. Takes the text over. */
static void
add_info(const event_view *view, char *text)
{
    col_append_sep_str(view->pinfo->cinfo, COL_INFO, " \u00B7 ", text);
    wsclose_text_free(text);
}

static void
set_title(const event_view *view, char *title)
{
    proto_item_set_text(view->item, "WebSocket close: %s", title);
    wsclose_text_free(title);
}

/* Extensions of one side, or of one kind. */

/* Say how many of a list have no leaf of their own, if any have none. */
static void
add_not_listed(const event_view *view, int hf, size_t count)
{
    char *text = is_visible(view) ? wsclose_explain_not_listed(count) : NULL;
    proto_item *item = NULL;

    if (text) {
        proto_tree_add_subtree_format(view->tree, view->tvb, 0, 0, ett_wsclose, &item, "%s: %s",
                                      proto_registrar_get_name(hf), text);
        generated(item);
    }
    wsclose_text_free(text);
}

static void
add_extensions(const event_view *view, int hf, const wsclose_ext_list *list)
{
    if (!is_read(view, hf))
        return;
    for (size_t i = 0; i < MIN(list->n_exts, WSCLOSE_EXTS_LISTED_MAX); i++)
        add_string(view, hf, list->exts[i].text);
    add_not_listed(view, hf, list->n_exts);
}

static void
add_names(const event_view *view, int hf, const char *const *names, size_t count)
{
    for (size_t i = 0; i < MIN(count, WSCLOSE_EXTS_LISTED_MAX); i++)
        add_string(view, hf, names[i]);
    add_not_listed(view, hf, count);
}

/* What was offered, and what became of it. */
static void
add_negotiated(const event_view *view, const wsclose_negotiation *negotiation)
{
    add_extensions(view, hf_wsclose_ext_offered, negotiation->offer);
    add_extensions(view, hf_wsclose_ext_accepted, negotiation->response);
    add_names(view, hf_wsclose_ext_declined, negotiation->declined, negotiation->n_declined);
}

/* Leaves of extensions, and what was found of them: of the first ones, each has a leaf. */
typedef struct {
    proto_item *items[WSCLOSE_EXTS_LISTED_MAX];
    size_t count;
    int hf;
    wsclose_finding finding;
} ext_leaves;

static void
add_leaf(const event_view *view, ext_leaves *leaves, const char *text)
{
    if (leaves->count < WSCLOSE_EXTS_LISTED_MAX)
        leaves->items[leaves->count] = add_string(view, leaves->hf, text);
    leaves->count++;
}

/* Add what was found of the leaves, and take it from what is to be added yet. */
static void
leaves_end(const event_view *view, const ext_leaves *leaves, const wsclose_event *event,
           wsclose_finding_set *found)
{
    add_not_listed(view, leaves->hf, leaves->count);
    if (leaves->count == 0 || !wsclose_finding_is_in(leaves->finding, *found))
        return;
    add_finding(view, event, leaves->finding, leaves->items,
                MIN(leaves->count, WSCLOSE_EXTS_LISTED_MAX));
    *found &= ~((wsclose_finding_set)1 << leaves->finding);
}

static void
add_declined(const event_view *view, const wsclose_event *event, wsclose_finding_set *found)
{
    const wsclose_negotiation *negotiation = event->negotiation;
    ext_leaves declined = { .hf = hf_wsclose_ext_declined,
                            .finding = WSCLOSE_FINDING_EXT_DECLINED };
    ext_leaves required = { .hf = hf_wsclose_ext_declined,
                            .finding = WSCLOSE_FINDING_EXT_REQUIRED_DECLINED };

    for (size_t i = 0; i < negotiation->n_declined; i++)
        add_leaf(view, negotiation->required[i] ? &required : &declined, negotiation->declined[i]);
    leaves_end(view, &declined, event, found);
    leaves_end(view, &required, event, found);
}

static void
add_unsolicited(const event_view *view, const wsclose_event *event, wsclose_finding_set *found)
{
    const wsclose_negotiation *negotiation = event->negotiation;
    ext_leaves leaves = { .hf = hf_wsclose_ext_unsolicited,
                          .finding = WSCLOSE_FINDING_EXT_UNSOLICITED };

    for (size_t i = 0; i < negotiation->n_matches; i++) {
        if (negotiation->matches[i].verdict == WSCLOSE_NEGOTIATION_UNSOLICITED)
            add_leaf(view, &leaves, negotiation->matches[i].ext->text);
    }
    leaves_end(view, &leaves, event, found);
}

static void
add_invalid(const event_view *view, const wsclose_event *event, wsclose_finding_set *found)
{
    const wsclose_negotiation *negotiation = event->negotiation;
    ext_leaves leaves = { .hf = hf_wsclose_ext_invalid, .finding = WSCLOSE_FINDING_EXT_INVALID };

    for (size_t i = 0; i < negotiation->n_invalid; i++)
        add_leaf(view, &leaves, negotiation->invalid[i].text);
    leaves_end(view, &leaves, event, found);
}

/* Event 1: the response of an opening handshake. */
static void
render_negotiation(const store_event *event, tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree)
{
    const wsclose_connection *state = &event->connection->state;
    const wsclose_negotiation *negotiation = store_negotiation(event->connection);
    const wsclose_event response = { .kind = WSCLOSE_EVENT_RESPONSE,
                                     .connection = state,
                                     .negotiation = negotiation };
    wsclose_finding_set found = wsclose_findings_in(state, WSCLOSE_EVENT_RESPONSE);
    event_view view = view_begin(event, tvb, pinfo, tree);

    if (is_visible(&view))
        set_title(&view, wsclose_explain_negotiation(negotiation, state->carrier, state->status));
    proto_item *status = add_uint(&view, hf_wsclose_handshake_status, state->status);
    add_extensions(&view, hf_wsclose_ext_offered, negotiation->offer);
    if (wsclose_status_is_success(state->carrier, state->status)) {
        add_extensions(&view, hf_wsclose_ext_accepted, negotiation->response);
        add_declined(&view, &response, &found);
        add_unsolicited(&view, &response, &found);
        add_invalid(&view, &response, &found);
    }
    add_findings(&view, &response, found, status);
}

/* Event 2: a Close frame. */

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

    if (!close->has_reported || receiver == WSCLOSE_SIDE_UNKNOWN)
        return;
    add_uint(view, receiver == WSCLOSE_CLIENT ? hf_wsclose_client_code : hf_wsclose_server_code,
             close->reported_code);
}

static void
add_closing_handshake(const event_view *view, const store_close *close)
{
    const wsclose_close_mark *peer = wsclose_connection_sent(
        &close->event.connection->state, wsclose_side_peer(close->event.sender));

    if (!peer)
        return;
    add_frame(view, hf_wsclose_peer_close_in, peer->moment.number);
    if (close->answer)
        add_time(view, hf_wsclose_close_rtt, close->time - peer->moment.time);
}

static void
add_claim(const event_view *view, const wsclose_close_context *context)
{
    const wsclose_mandatory_ext *mandatory = context->mandatory;

    if (!mandatory)
        return;
    add_negotiated(view, context->negotiation);
    add_names(view, hf_wsclose_ext_needed, (const char *const *)mandatory->needed,
              g_strv_length(mandatory->needed));
    add_names(view, hf_wsclose_ext_missing, (const char *const *)mandatory->missing,
              g_strv_length(mandatory->missing));
    add_string(view, hf_wsclose_ext_verdict, wsclose_claim_verdict_name(mandatory->verdict));
}

static void
render_close(const store_close *close, tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree)
{
    context_close facts;
    event_view view = view_begin(&close->event, tvb, pinfo, tree);

    context_close_begin(&facts, close);
    if (is_visible(&view))
        set_title(&view, wsclose_explain_close(&facts.context));
    if (has_info(&view))
        add_info(&view, wsclose_explain_close_info(&facts.context));
    add_uint(&view, hf_wsclose_sender, store_side_number(close->event.sender));
    proto_item *code = add_code(&view, &facts.body);
    add_reason(&view, &facts.body);
    add_reported(&view, close);
    add_explained(&view, hf_wsclose_description, wsclose_explain_close_description, &facts.context);
    add_explained(&view, hf_wsclose_seen_when, wsclose_explain_close_seen_when, &facts.context);
    add_explained(&view, hf_wsclose_fix, wsclose_explain_close_fix, &facts.context);
    add_closing_handshake(&view, close);
    add_claim(&view, &facts.context);
    if (wsclose_finding_is_in(WSCLOSE_FINDING_NO_STATUS_REPEATED, close->findings))
        facts.context.sender_address = address_to_display(pinfo->pool, &pinfo->src);
    add_findings(&view, &facts.event, close->findings, code ? code : view.item);
    context_close_end(&facts);
}

/* Event 3: the verdict. */

typedef char *(*explain_verdict)(const wsclose_verdict_context *context);

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
    ext_leaves unsolicited = { .hf = hf_wsclose_ext_unsolicited };
    ext_leaves invalid = { .hf = hf_wsclose_ext_invalid };

    for (size_t i = 0; i < negotiation->n_matches; i++) {
        if (negotiation->matches[i].verdict == WSCLOSE_NEGOTIATION_UNSOLICITED)
            add_leaf(view, &unsolicited, negotiation->matches[i].ext->text);
    }
    for (size_t i = 0; i < negotiation->n_invalid; i++)
        add_leaf(view, &invalid, negotiation->invalid[i].text);
    add_not_listed(view, hf_wsclose_ext_unsolicited, unsolicited.count);
    add_not_listed(view, hf_wsclose_ext_invalid, invalid.count);
}

static void
add_cause(const event_view *view, const store_connection *connection, const context_verdict *facts)
{
    const wsclose_connection *state = &connection->state;
    const wsclose_cause *cause = &facts->cause;
    const store_connection *leg = connection;

    add_string(view, hf_wsclose_cause, wsclose_cause_name(cause->id));
    for (size_t i = 0; i < WSCLOSE_CAUSE_PACKETS && cause->packets[i] != 0; i++)
        add_frame(view, hf_wsclose_cause_in, cause->packets[i]);
    add_uint(view, hf_wsclose_cause_by, cause->by);
    add_boolean(view, hf_wsclose_cause_certain, cause->certain);
    while ((leg = neighbours_next_leg(connection, leg)) != NULL)
        add_uint(view, hf_wsclose_other_leg, leg->stream);
    if (facts->neighbours.together > 1)
        add_uint(view, hf_wsclose_together, facts->neighbours.together);
    add_frame(view, hf_wsclose_ping_unanswered, context_ping_unanswered(&facts->context));
    if (!state->has_ending)
        return;
    add_time(view, hf_wsclose_last_client,
             wsclose_connection_silence(state, WSCLOSE_CLIENT, state->ending));
    add_time(view, hf_wsclose_last_server,
             wsclose_connection_silence(state, WSCLOSE_SERVER, state->ending));
}

/* What is known of a connection within TLS that nobody decrypts, beside its end. */
static void
add_outside(const event_view *view, const store_connection *connection)
{
    add_boolean(view, hf_wsclose_tls, true);
    if (connection->host)
        add_string(view, hf_wsclose_tls_server_name, connection->host->text);
    if (connection->path)
        add_string(view, hf_wsclose_tls_alpn, connection->path->text);
}

/* How many frames there were. */
static void
add_frames(const event_view *view, const wsclose_connection *state)
{
    generated(proto_tree_add_uint64(view->tree, hf_wsclose_frames_client, view->tvb, 0, 0,
                                    state->frames[0]));
    generated(proto_tree_add_uint64(view->tree, hf_wsclose_frames_server, view->tvb, 0, 0,
                                    state->frames[1]));
}

/* Whether a Close in the same packet tells all that there is to tell of the end. */
static bool
says_itself(const context_verdict *facts, uint32_t number)
{
    const wsclose_close_mark *closes = facts->context.connection->closes;

    return (facts->cause.id == WSCLOSE_CAUSE_APPLICATION ||
            facts->cause.id == WSCLOSE_CAUSE_GOING_AWAY) &&
           (closes[0].moment.number == number || closes[1].moment.number == number);
}

static void
render_verdict(const store_event *event, tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree)
{
    const wsclose_connection *state = &event->connection->state;
    wsclose_verdict verdict;

    if (!wsclose_connection_verdict(state, &verdict))
        return;
    context_verdict facts;
    context_verdict_begin(&facts, event->connection, &verdict, store_negotiation(event->connection),
                          PINFO_FD_VISITED(pinfo));
    const wsclose_verdict_context *context = &facts.context;
    const wsclose_event judged = { .kind = WSCLOSE_EVENT_VERDICT,
                                   .connection = state,
                                   .negotiation = context->negotiation,
                                   .verdict = &verdict };
    event_view view = view_begin(event, tvb, pinfo, tree);

    if (is_visible(&view))
        set_title(&view, wsclose_explain_verdict(context));
    if (has_info(&view) && !says_itself(&facts, pinfo->num))
        add_info(&view, wsclose_explain_verdict_info(context));
    add_verdict_text(&view, hf_wsclose_verdict, wsclose_explain_verdict, context);
    add_cause(&view, event->connection, &facts);
    if (verdict.reported[0].known)
        add_uint(&view, hf_wsclose_client_code, verdict.reported[0].code);
    if (verdict.reported[1].known)
        add_uint(&view, hf_wsclose_server_code, verdict.reported[1].code);
    if (!state->outside)
        add_boolean(&view, hf_wsclose_clean, verdict.clean);
    add_uint(&view, hf_wsclose_initiator, store_side_number(verdict.initiator));
    add_verdict_text(&view, hf_wsclose_description, wsclose_explain_verdict_description, context);
    add_verdict_text(&view, hf_wsclose_seen_when, wsclose_explain_verdict_seen_when, context);
    add_verdict_text(&view, hf_wsclose_fix, wsclose_explain_verdict_fix, context);
    add_time(&view, hf_wsclose_duration, verdict.duration);
    add_time(&view, hf_wsclose_idle, verdict.idle);
    if (state->outside)
        add_outside(&view, event->connection);
    else
        add_frames(&view, state);
    proto_item *status =
        state->status != 0 ? add_uint(&view, hf_wsclose_handshake_status, state->status) : NULL;
    add_verdict_extensions(&view, context);
    if (verdict.incomplete)
        add_boolean(&view, hf_wsclose_incomplete, true);
    add_findings(&view, &judged, wsclose_findings_in(state, WSCLOSE_EVENT_VERDICT),
                 verdict.ending == WSCLOSE_ENDING_REFUSED ? status : view.item);
    context_verdict_end(&facts);
}

/* Event 4: a frame other than Close that breaks the protocol. */
static void
render_breach(const store_breach *breach, tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree)
{
    const wsclose_frame_context context = {
        .sender = breach->event.sender,
        .frame = &breach->frame,
        .breaches = breach->event.breaches,
        .close_in = breach->event.number,
        .text = breach->text ? (wsclose_slice){ breach->text->text, breach->text->len }
                             : (wsclose_slice){ 0 },
    };
    const wsclose_event event = { .kind = WSCLOSE_EVENT_FRAME,
                                  .connection = &breach->event.connection->state,
                                  .frame = &context };
    event_view view = view_begin(&breach->event, tvb, pinfo, tree);

    add_uint(&view, hf_wsclose_sender, store_side_number(breach->event.sender));
    add_frame(&view, hf_wsclose_close_in, breach->event.number);
    add_findings(&view, &event, breach->findings, view.item);
    if (is_visible(&view))
        set_title(&view, wsclose_explain_breaker(&context));
    if (has_info(&view))
        add_info(&view, wsclose_explain_breaker_info(&context));
}

void
render_event(const store_event *event, tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree)
{
    switch (event->kind) {
    case STORE_EVENT_BEGIN:
        break;
    case STORE_EVENT_NEGOTIATION:
        render_negotiation(event, tvb, pinfo, tree);
        break;
    case STORE_EVENT_CLOSE:
        render_close((const store_close *)event, tvb, pinfo, tree);
        break;
    case STORE_EVENT_VERDICT:
        render_verdict(event, tvb, pinfo, tree);
        break;
    case STORE_EVENT_BREACH:
        render_breach((const store_breach *)event, tvb, pinfo, tree);
        break;
    }
}

void
render_begin(bool info_column)
{
    is_info_wanted = info_column;
    expert_tap = find_tap_id("expert");
}

void
render_register(int proto)
{
    proto_wsclose = proto;
    fields_register(proto);
}
