/* explain_frame.c
 * Sentences about frames that break the protocol.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "explain_private.h"
#include "words/breaches.h"
#include "words/frames.h"
#include "words/quote.h"
#include "words/template.h"
#include "wsclose/code.h"

/* A frame of which a row speaks. */
typedef struct {
    wsclose_side sender;
    const wsclose_frame *frame;
    const wsclose_close_body *body; /* of a Close frame, or NULL */
} subject;

static void
append_opcode(GString *text, const void *context)
{
    g_string_append_printf(text, "0x%X", ((const subject *)context)->frame->opcode);
}

static void
append_length(GString *text, const void *context)
{
    template_append_number(text, ((const subject *)context)->frame->payload_len);
}

static void
append_code(GString *text, const void *context)
{
    const wsclose_close_body *body = ((const subject *)context)->body;

    template_append_number(text, body ? body->code : 0);
}

static void
append_sentence(GString *text, const subject *s, unsigned bit)
{
    const template_slot slots[] = {
        { "frame", s->sender == WSCLOSE_SIDE_UNKNOWN ? "the {kind}" : "the {sender}'s {kind}",
          NULL },
        { "sender", wsclose_side_name(s->sender), NULL },
        { "kind", frame_kind(s->frame->opcode), NULL },
        { "opcode", NULL, append_opcode },
        { "length", NULL, append_length },
        { "code", NULL, append_code },
        { "name", wsclose_code_lookup(s->body ? s->body->code : 0)->name, NULL },
        { "out of order",
          s->frame->opcode == WSCLOSE_OPCODE_CONTINUATION ? breach_nothing_to_continue
                                                          : breach_message_in_message,
          NULL },
    };
    const template_scope scope = { slots, G_N_ELEMENTS(slots), s, NULL };

    template_append(text, &scope, breaches_words[bit].sentence);
}

void
explain_append_breach(GString *text, const wsclose_close_context *context, unsigned bit)
{
    append_sentence(text, &(subject){ context->sender, context->frame, context->body }, bit);
}

char *
wsclose_explain_breach(const wsclose_close_context *context, wsclose_breach breach)
{
    GString *text = g_string_new(NULL);

    explain_append_breach(text, context, BIT_INDEX(breach));
    return g_string_free(text, FALSE);
}

char *
wsclose_explain_frame_breach(wsclose_side sender, const wsclose_frame *frame, wsclose_breach breach)
{
    GString *text = g_string_new(NULL);

    append_sentence(text, &(subject){ sender, frame, NULL }, BIT_INDEX(breach));
    return g_string_free(text, FALSE);
}

static void
append_close_in(GString *text, const void *context)
{
    explain_append_frame(text, ((const wsclose_frame_context *)context)->close_in);
}

static void
append_octets(GString *text, const void *context)
{
    quote_append_octets(text, ((const wsclose_frame_context *)context)->text);
}

static void
append_brief(GString *text, const void *context)
{
    g_string_append(text,
                    breaches_brief(BIT_FIRST(((const wsclose_frame_context *)context)->breaches)));
}

static char *
fill(const wsclose_frame_context *frame, const char *row)
{
    const template_slot slots[] = {
        { "sender", explain_side(frame->sender), NULL },
        { "receiver", explain_receiver(frame->sender), NULL },
        { "in close", NULL, append_close_in },
        { "octets", NULL, append_octets },
        { "brief", NULL, append_brief },
    };
    const template_scope scope = { slots, G_N_ELEMENTS(slots), frame, NULL };

    return template_fill(&scope, row);
}

char *
wsclose_explain_data_after_close(wsclose_side sender, uint32_t close_in)
{
    return fill(&(wsclose_frame_context){ .sender = sender, .close_in = close_in },
                frame_after_close);
}

char *
wsclose_explain_not_websocket(wsclose_side sender, wsclose_slice text)
{
    return fill(&(wsclose_frame_context){ .sender = sender, .text = text }, frame_none);
}

char *
wsclose_explain_breaker(const wsclose_frame_context *frame)
{
    return fill(frame, frame->text.len > 0    ? frame_none_line
                       : frame->breaches != 0 ? frame_breach_line
                                              : frame_after_close_line);
}

char *
wsclose_explain_breaker_info(const wsclose_frame_context *frame)
{
    return fill(frame, frame->text.len > 0    ? frame_none_info
                       : frame->breaches != 0 ? frame_breach_info
                                              : frame_after_close_info);
}
