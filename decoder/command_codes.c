/* command_codes.c
 * The subcommands code, compare and close: status codes and Close bodies.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "command.h"

#include <wsclose/wsclose.h>

#include <string.h>

#include "command_print.h"

/* The header of a Close frame that is sound but, perhaps, for its length. */
static wsclose_frame
frame_of(size_t body_len)
{
    return (wsclose_frame){
        .fin = true,
        .opcode = WSCLOSE_OPCODE_CLOSE,
        .header_len = body_len > WSCLOSE_CONTROL_PAYLOAD_MAX ? 4 : 2,
        .payload_len = body_len,
    };
}

/* A Close frame that has this code and is sound otherwise. */
typedef struct {
    wsclose_frame frame;
    wsclose_close_body body;
    wsclose_close_context context; /* borrows them; without a connection */
} code_close;

static void
judge_code(uint16_t code, code_close *close)
{
    close->frame = frame_of(sizeof code);
    close->body = (wsclose_close_body){
        .kind = WSCLOSE_BODY_CODE,
        .code = code,
        .reason_utf8 = true,
    };
    close->context = (wsclose_close_context){
        .sender = WSCLOSE_SIDE_UNKNOWN,
        .frame = &close->frame,
        .body = &close->body,
        .breaches = wsclose_close_breaches(&close->frame, &close->body, WSCLOSE_SIDE_UNKNOWN),
    };
}

static void
print_row_and_free(GString *out, const char *label, char *text)
{
    print_row(out, label, text);
    wsclose_text_free(text);
}

static void
member_string_and_free(JsonBuilder *json, const char *name, char *value)
{
    member_string(json, name, value);
    wsclose_text_free(value);
}

static void
print_breaches(GString *out, const wsclose_close_context *context)
{
    for (unsigned i = 0; i < WSCLOSE_BREACH_COUNT; i++) {
        const wsclose_breach breach = (wsclose_breach)(1u << i);
        if (context->breaches & breach)
            print_row_and_free(out, "breach", wsclose_explain_breach(context, breach));
    }
}

static void
member_breaches(JsonBuilder *json, const wsclose_close_context *context)
{
    member_array(json, "breaches");
    for (unsigned i = 0; i < WSCLOSE_BREACH_COUNT; i++) {
        const wsclose_breach breach = (wsclose_breach)(1u << i);
        if (context->breaches & breach) {
            json_builder_begin_object(json);
            member_string_and_free(json, "text", wsclose_explain_breach(context, breach));
            json_builder_end_object(json);
        }
    }
    json_builder_end_array(json);
}

static bool
parse_code(const char *text, uint16_t *code)
{
    guint64 number = 0;
    if (!g_ascii_string_to_unsigned(text, 10, 0, G_MAXUINT16, &number, NULL))
        return false;
    *code = (uint16_t)number;
    return true;
}

/* All codes before the first answer, so that bad usage prints nothing but its error. */
static uint16_t *
parse_codes(const request *req)
{
    uint16_t *codes = g_new0(uint16_t, req->n_args);
    for (guint i = 0; i < req->n_args; i++) {
        if (!parse_code(req->args[i], &codes[i])) {
            command_usage_error(req->command,
                                "'%s' is not a status code: give a number from 0 to 65535",
                                req->args[i]);
            g_free(codes);
            return NULL;
        }
    }
    return codes;
}

static char *
code_title(uint16_t code)
{
    const wsclose_code_info *info = wsclose_code_lookup(code);
    return info->first == info->last
               ? g_strdup_printf("%u %s", code, info->name)
               : g_strdup_printf("%u %s (%u-%u)", code, info->name, info->first, info->last);
}

static void
print_title(GString *out, uint16_t code)
{
    char *title = code_title(code);
    g_string_append_printf(out, "%s\n", title);
    g_free(title);
}

static void
print_explanation(GString *out, const wsclose_code_info *info)
{
    print_row(out, "meaning", info->meaning);
    print_row(out, "seen when", info->seen_when);
    print_row(out, "how to fix", info->fix);
}

static void
member_explanation(JsonBuilder *json, const wsclose_code_info *info)
{
    member_string(json, "meaning", info ? info->meaning : NULL);
    member_string(json, "seen_when", info ? info->seen_when : NULL);
    member_string(json, "fix", info ? info->fix : NULL);
    member_string(json, "source", info ? info->source : NULL);
}

static void
code_text(GString *out, uint16_t code)
{
    const wsclose_code_info *info = wsclose_code_lookup(code);
    code_close close;
    judge_code(code, &close);
    print_title(out, code);
    print_explanation(out, info);
    print_row(out, "class", wsclose_code_class_name(info->code_class));
    print_row(out, "may send it", wsclose_may_send_name(info->may_send));
    print_breaches(out, &close.context);
    print_row(out, "source", info->source);
}

static void
code_object(JsonBuilder *json, uint16_t code)
{
    const wsclose_code_info *info = wsclose_code_lookup(code);
    code_close close;
    judge_code(code, &close);
    json_builder_begin_object(json);
    member_int(json, "code", code);
    member_array(json, "range");
    json_builder_add_int_value(json, info->first);
    json_builder_add_int_value(json, info->last);
    json_builder_end_array(json);
    member_string(json, "name", info->name);
    member_string(json, "class", wsclose_code_class_name(info->code_class));
    member_string(json, "may_send", wsclose_may_send_name(info->may_send));
    member_bool(json, "on_wire", wsclose_code_may_be_on_wire(code));
    member_breaches(json, &close.context);
    member_explanation(json, info);
    json_builder_end_object(json);
}

int
command_code(request *req)
{
    if (req->n_args == 0)
        return command_usage_error(req->command, "a status code is missing");
    uint16_t *codes = parse_codes(req);
    if (!codes)
        return STATUS_USAGE;
    for (guint i = 0; i < req->n_args; i++) {
        if (req->json) {
            JsonBuilder *json = json_builder_new();
            code_object(json, codes[i]);
            print_json(req->out, json);
            g_object_unref(json);
        } else {
            g_string_append(req->out, i > 0 ? "\n" : "");
            code_text(req->out, codes[i]);
        }
    }
    g_free(codes);
    return STATUS_GOOD;
}

static const char *
on_the_wire(uint16_t code)
{
    return wsclose_code_may_be_on_wire(code) ? "yes" : "never";
}

static void
compare_text(GString *out, const wsclose_code_comparison *comparison)
{
    const wsclose_code_info *a = comparison->infos[0];
    const wsclose_code_info *b = comparison->infos[1];
    char *titles[2] = { code_title(comparison->codes[0]), code_title(comparison->codes[1]) };
    const char *rest = comparison->key_difference;
    print_row(out, "in short", comparison->in_short);
    g_string_append_c(out, '\n');
    print_columns(out, "", titles[0], titles[1]);
    print_columns(out, "on the wire", on_the_wire(comparison->codes[0]),
                  on_the_wire(comparison->codes[1]));
    print_columns(out, "class", wsclose_code_class_name(a->code_class),
                  wsclose_code_class_name(b->code_class));
    print_columns(out, "may send it", wsclose_may_send_name(a->may_send),
                  wsclose_may_send_name(b->may_send));
    print_columns(out, "meaning", a->meaning, b->meaning);
    print_columns(out, "seen when", a->seen_when, b->seen_when);
    print_columns(out, "how to fix", a->fix, b->fix);
    print_columns(out, "source", a->source, b->source);
    g_string_append_c(out, '\n');
    /* Not the same sentence again. */
    if (g_str_has_prefix(rest, comparison->in_short))
        rest += strlen(comparison->in_short) + 1;
    print_row(out, "difference", rest);
    print_row(out, "which when", comparison->which_when);
    g_free(titles[0]);
    g_free(titles[1]);
}

static void
compare_json(GString *out, const wsclose_code_comparison *comparison)
{
    JsonBuilder *json = json_builder_new();
    json_builder_begin_object(json);
    member_array(json, "codes");
    code_object(json, comparison->codes[0]);
    code_object(json, comparison->codes[1]);
    json_builder_end_array(json);
    member_array(json, "on_wire");
    for (size_t i = 0; i < G_N_ELEMENTS(comparison->codes); i++)
        json_builder_add_boolean_value(json, wsclose_code_may_be_on_wire(comparison->codes[i]));
    json_builder_end_array(json);
    member_string(json, "in_short", comparison->in_short);
    member_string(json, "key_difference", comparison->key_difference);
    member_string(json, "which_when", comparison->which_when);
    json_builder_end_object(json);
    print_json(out, json);
    g_object_unref(json);
}

int
command_compare(request *req)
{
    if (req->n_args != 2) {
        return command_usage_error(req->command, "two status codes are wanted, not %u",
                                   req->n_args);
    }
    uint16_t *codes = parse_codes(req);
    if (!codes)
        return STATUS_USAGE;
    wsclose_code_comparison *comparison = wsclose_code_compare(codes[0], codes[1]);
    (req->json ? compare_json : compare_text)(req->out, comparison);
    wsclose_code_comparison_free(comparison);
    g_free(codes);
    return STATUS_GOOD;
}

/* Append the octets of one argument: pairs of digits, in groups that may begin with 0x. */
static bool
parse_hex(const char *text, GByteArray *octets)
{
    const char *p = text;
    while (*p) {
        if (strchr(" \t\r\n:,", *p)) {
            p++;
            continue;
        }
        if (p[0] == '0' && (p[1] == 'x' || p[1] == 'X'))
            p += 2;
        const char *group = p;
        while (g_ascii_isxdigit(p[0]) && g_ascii_isxdigit(p[1])) {
            guint8 octet = (guint8)(g_ascii_xdigit_value(p[0]) << 4 | g_ascii_xdigit_value(p[1]));
            g_byte_array_append(octets, &octet, 1);
            p += 2;
        }
        if (p == group || (*p && !strchr(" \t\r\n:,", *p)))
            return false;
    }
    return true;
}

/* Take the header of a whole Close frame away, and its mask (RFC 6455 section 5.2): a body that begins
 * like one would have a code that nobody may send. Returns what the octets were taken for. */
static const char *
unwrap_frame(GByteArray *octets)
{
    wsclose_frame frame;
    if (!wsclose_frame_decode(octets->data, octets->len, &frame) || !frame.fin || frame.rsv != 0 ||
        frame.opcode != WSCLOSE_OPCODE_CLOSE || frame.header_len + frame.payload_len != octets->len)
        return "body";
    g_byte_array_remove_range(octets, 0, frame.header_len);
    if (!frame.masked)
        return "frame";
    wsclose_unmask(octets->data, octets->data, octets->len, frame.masking_key, 0);
    return "masked frame";
}

/* What to say of an argument that may be meant as a code: "1010", not "03f2" or "10 10". NULL where
 * there is no doubt. */
static char *
doubt_of(const request *req)
{
    uint16_t code;
    if (req->n_args != 1 || strlen(req->args[0]) != 4 || !parse_code(req->args[0], &code) ||
        wsclose_code_lookup(code)->code_class == WSCLOSE_CLASS_INVALID)
        return NULL;
    return g_strdup_printf(
        "%s was taken for two octets in hex, which are the status code %u. For the "
        "status code %s ask: wsclose code %s",
        req->args[0], (unsigned)g_ascii_strtoull(req->args[0], NULL, 16), req->args[0],
        req->args[0]);
}

/* A Close frame that has this body and is sound otherwise, as its receiver takes it. */
typedef struct {
    const char *taken_as; /* "body", "frame" or "masked frame" */
    char *doubt;          /* a remark; NULL where there is none */
    wsclose_frame frame;
    wsclose_close_body body;
    unsigned breaches;
    uint16_t fails_with; /* what the receiver sends because of a breach; 0: nothing is wrong */
    wsclose_close_meaning meaning;
    wsclose_negotiation *negotiation; /* unknown on both sides; only for a 1010 */
    wsclose_mandatory_ext *mandatory; /* only for a 1010 */
} close_answer;

static void
judge_close(GByteArray *octets, close_answer *answer)
{
    const char *taken_as = unwrap_frame(octets);
    *answer = (close_answer){ .taken_as = taken_as, .frame = frame_of(octets->len) };
    wsclose_close_body_decode(octets->data, octets->len, octets->len, &answer->body);
    answer->breaches = wsclose_close_breaches(&answer->frame, &answer->body, WSCLOSE_SIDE_UNKNOWN);
    /* RFC 6455 section 7.4.1: 1007 is for text that is not UTF-8, 1002 for the rest. */
    if (answer->breaches == WSCLOSE_BREACH_NOT_UTF8) {
        answer->fails_with = WSCLOSE_CODE_INVALID_PAYLOAD;
    } else if (answer->breaches != 0) {
        answer->fails_with = WSCLOSE_CODE_PROTOCOL_ERROR;
    }
    wsclose_connection connection;
    wsclose_connection_init(&connection);
    const wsclose_close_fact fact = { .body = &answer->body, .breaches = answer->breaches };
    wsclose_connection_close(&connection, &fact, (wsclose_moment){ 0 }, &answer->meaning);
    if (answer->body.code == WSCLOSE_CODE_MANDATORY_EXT) {
        const wsclose_header unknown = { .presence = WSCLOSE_HEADER_UNKNOWN };
        answer->negotiation = wsclose_negotiation_match(&unknown, &unknown);
        answer->mandatory =
            wsclose_mandatory_ext_explain(answer->negotiation, answer->body.reason, false);
    }
}

static void
clear_close(close_answer *answer)
{
    wsclose_mandatory_ext_free(answer->mandatory);
    wsclose_negotiation_free(answer->negotiation);
    g_free(answer->doubt);
}

static wsclose_close_context
context_of(const close_answer *answer)
{
    return (wsclose_close_context){
        .sender = WSCLOSE_SIDE_UNKNOWN,
        .frame = &answer->frame,
        .body = &answer->body,
        .breaches = answer->breaches,
        .meaning = &answer->meaning,
        .negotiation = answer->negotiation,
        .mandatory = answer->mandatory,
    };
}

/* NULL: a body of one octet has no code. */
static const wsclose_code_info *
info_of(const close_answer *answer)
{
    return answer->body.kind == WSCLOSE_BODY_ONE_OCTET ? NULL
                                                       : wsclose_code_lookup(answer->body.code);
}

static void
print_taken_as(GString *out, const close_answer *answer)
{
    if (answer->doubt)
        print_row(out, "note", answer->doubt);
    if (strcmp(answer->taken_as, "frame") == 0)
        print_row(out, "taken as", "a whole frame; what follows is about its body");
    if (strcmp(answer->taken_as, "masked frame") == 0)
        print_row(out, "taken as",
                  "a whole frame that is masked, as a client's is; what follows is about its body, "
                  "unmasked");
}

static void
close_text(GString *out, const close_answer *answer)
{
    const wsclose_close_body *body = &answer->body;
    const wsclose_code_info *info = info_of(answer);
    const wsclose_close_context context = context_of(answer);
    if (info)
        print_title(out, body->code);
    else
        g_string_append(out, "No status code\n");
    print_taken_as(out, answer);
    if (info) {
        print_row(out, "on the wire",
                  body->kind == WSCLOSE_BODY_CODE ? "yes"
                                                  : "no: the body is empty, the code is inferred");
        print_row(out, "class", wsclose_code_class_name(info->code_class));
    }
    if (body->reason.len > 0) {
        char *reason = print_printable(body->reason.data, body->reason.len);
        print_value(out, "reason", reason);
        g_free(reason);
    }
    if (answer->mandatory && answer->mandatory->needed[0])
        print_row_and_free(out, "it needs", g_strjoinv(", ", answer->mandatory->needed));
    GString *reported = g_string_new(NULL);
    g_string_append_printf(reported, "%u", answer->meaning.reported.code);
    if (answer->fails_with != 0) {
        g_string_append_printf(reported,
                               ", after the receiver has failed the connection with %u (RFC 6455 "
                               "sections 7.1.5 and 7.1.7)",
                               answer->fails_with);
    }
    print_row(out, "API reports", reported->str);
    g_string_free(reported, TRUE);
    print_row_and_free(out, answer->breaches == 0 ? "meaning" : "breach",
                       wsclose_explain_close_description(&context));
    print_row_and_free(out, "seen when", wsclose_explain_close_seen_when(&context));
    print_row_and_free(out, "how to fix", wsclose_explain_close_fix(&context));
    if (info)
        print_row(out, "source", info->source);
}

/* A JSON string has no NUL here and is always UTF-8: reason_hex has what a repair would lose. */
static void
member_reason(JsonBuilder *json, const wsclose_close_body *body)
{
    const wsclose_slice reason = body->reason;
    if (reason.len == 0) {
        member_null(json, "reason");
        member_null(json, "reason_hex");
        return;
    }
    char *text = wsclose_close_reason_text(body);
    GString *hex = g_string_sized_new(2 * reason.len);
    for (size_t i = 0; i < reason.len; i++)
        g_string_append_printf(hex, "%02x", (unsigned char)reason.data[i]);
    member_string(json, "reason", text);
    member_string(json, "reason_hex", hex->str);
    g_string_free(hex, TRUE);
    wsclose_text_free(text);
}

static void
close_json(GString *out, const close_answer *answer)
{
    const wsclose_code_info *info = info_of(answer);
    const wsclose_close_context context = context_of(answer);
    JsonBuilder *json = json_builder_new();
    json_builder_begin_object(json);
    if (info) {
        member_int(json, "code", answer->body.code);
    } else {
        member_null(json, "code");
    }
    member_bool(json, "on_wire", answer->body.kind == WSCLOSE_BODY_CODE);
    member_string(json, "class", info ? wsclose_code_class_name(info->code_class) : NULL);
    member_string(json, "name", info ? info->name : NULL);
    member_reason(json, &answer->body);
    member_bool(json, "valid", answer->breaches == 0);
    member_breaches(json, &context);
    member_int(json, "told", answer->meaning.reported.code);
    member_number(json, "fails_with", answer->fails_with);
    if (answer->mandatory) {
        char **needed = answer->mandatory->needed;
        member_strings(json, "needed", (const char *const *)needed, g_strv_length(needed));
    } else {
        member_null(json, "needed");
    }
    member_string_and_free(json, "meaning", wsclose_explain_close_description(&context));
    member_string_and_free(json, "seen_when", wsclose_explain_close_seen_when(&context));
    member_string_and_free(json, "fix", wsclose_explain_close_fix(&context));
    member_string(json, "source", info ? info->source : NULL);
    member_string(json, "taken_as", answer->taken_as);
    member_string(json, "note", answer->doubt);
    json_builder_end_object(json);
    print_json(out, json);
    g_object_unref(json);
}

int
command_close(request *req)
{
    if (req->n_args == 0)
        return command_usage_error(req->command, "the body is missing: give \"\" for an empty one");
    GByteArray *octets = g_byte_array_new();
    for (guint i = 0; i < req->n_args; i++) {
        if (!parse_hex(req->args[i], octets)) {
            g_byte_array_unref(octets);
            return command_usage_error(req->command, "'%s' is not octets in hex, two digits each",
                                       req->args[i]);
        }
    }
    close_answer answer;
    judge_close(octets, &answer);
    answer.doubt = doubt_of(req);
    (req->json ? close_json : close_text)(req->out, &answer);
    int status = answer.breaches == 0 ? STATUS_GOOD : STATUS_BREACH;
    clear_close(&answer);
    g_byte_array_unref(octets);
    return status;
}
