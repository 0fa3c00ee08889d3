/* extensions.c
 * What became of the extensions that a client offered, and what does a Close with 1010 want?
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <stdio.h>
#include <string.h>

#include <wsclose/wsclose.h>

static wsclose_slice
slice_of(const char *text)
{
    const wsclose_slice slice = { text, strlen(text) };
    return slice;
}

/* NULL for a request or a response that has no such header. */
static wsclose_header
header_of(const char *value)
{
    wsclose_header header = { .presence = WSCLOSE_HEADER_ABSENT };

    if (value) {
        header.presence = WSCLOSE_HEADER_PRESENT;
        header.value = slice_of(value);
    }
    return header;
}

static void
show_text(const char *label, char *text)
{
    if (text)
        printf("  %s: %s\n", label, text);
    wsclose_text_free(text);
}

/* What the value of a header has in it. */
static void
show_list(const char *value)
{
    wsclose_ext_list *list = wsclose_ext_list_parse(value, strlen(value));

    printf("list \"%s\"\n", value);
    for (size_t i = 0; i < list->n_exts && i < WSCLOSE_EXTS_LISTED_MAX; i++)
        printf("  %s, %zu parameters\n", list->exts[i].name, list->exts[i].n_params);
    show_text("and", wsclose_explain_not_listed(list->n_exts));
    if (!list->valid)
        printf("  at octet %zu: %s (%s)\n", list->error_offset, list->error, list->error_clause);
    if (wsclose_ext_list_has(list, "permessage-deflate"))
        printf("  it compresses messages\n");
    wsclose_ext_list_free(list);
}

/* Whether a configuration's name of an extension can be sent. */
static bool
is_token(const char *name)
{
    for (const char *at = name; *at; at++) {
        if (!wsclose_is_tchar((unsigned char)*at))
            return false;
    }
    return *name != '\0';
}

static void
show_negotiation(const wsclose_negotiation *negotiation)
{
    printf("negotiation: %s\n", wsclose_negotiation_verdict_name(negotiation->verdict));
    show_text("line", wsclose_explain_negotiation(negotiation, WSCLOSE_CARRIER_HTTP1, 101));
    for (size_t i = 0; i < negotiation->n_matches; i++) {
        const wsclose_match *match = &negotiation->matches[i];
        printf("  %s %s: %s\n", match->ext->name, wsclose_negotiation_verdict_name(match->verdict),
               match->why);
    }
    for (size_t i = 0; i < negotiation->n_declined; i++)
        show_text("declined",
                  wsclose_explain_declined(negotiation->declined[i], negotiation->required[i]));
    for (size_t i = 0; i < negotiation->n_invalid; i++)
        printf("  invalid: %s: %s\n", negotiation->invalid[i].text, negotiation->invalid[i].why);
}

/* A Close with 1010 and this reason, after that negotiation. */
static void
show_claim(const wsclose_negotiation *negotiation, wsclose_side sender, const char *reason)
{
    const wsclose_frame frame = { .fin = true,
                                  .masked = sender == WSCLOSE_CLIENT,
                                  .opcode = WSCLOSE_OPCODE_CLOSE };
    const wsclose_close_body body = { .reason = slice_of(reason),
                                      .code = WSCLOSE_CODE_MANDATORY_EXT,
                                      .kind = WSCLOSE_BODY_CODE,
                                      .reason_utf8 = true };
    const wsclose_close_meaning meaning = { .repeated = false };
    wsclose_mandatory_ext *claim =
        wsclose_mandatory_ext_explain(negotiation, body.reason, body.reason_cut);
    const wsclose_close_context context = { .sender = sender,
                                            .frame = &frame,
                                            .body = &body,
                                            .meaning = &meaning,
                                            .negotiation = negotiation,
                                            .mandatory = claim,
                                            .request_in = 4,
                                            .response_in = 6 };

    printf("1010 \"%s\" of the %s: %s\n", reason,
           wsclose_side_name(wsclose_claims_mandatory_ext(&context)),
           wsclose_claim_verdict_name(claim->verdict));
    for (char **name = claim->missing; *name; name++)
        printf("  missing: %s\n", *name);
    show_text("claim", wsclose_explain_mandatory_ext(&context));
    show_text("contradicted", wsclose_explain_mandatory_ext_contradicted(&context));
    show_text("from the server", wsclose_explain_mandatory_ext_from_server(&context));
    wsclose_mandatory_ext_free(claim);
}

/* Both sides sent 1010: whose reason names the extension? */
static void
show_whose_reason(void)
{
    const wsclose_close_body claim = { .reason = slice_of("permessage-de"),
                                       .code = WSCLOSE_CODE_MANDATORY_EXT,
                                       .kind = WSCLOSE_BODY_CODE,
                                       .reason_cut = true,
                                       .reason_utf8 = true };
    const wsclose_close_body echo = { .reason = slice_of("permessage-deflate"),
                                      .code = WSCLOSE_CODE_MANDATORY_EXT,
                                      .kind = WSCLOSE_BODY_CODE,
                                      .reason_utf8 = true };

    if (wsclose_close_body_has(&claim, WSCLOSE_CODE_MANDATORY_EXT))
        show_text("the reason that counts",
                  wsclose_close_reason_text(wsclose_close_body_claim(&claim, &echo)));
}

int
main(void)
{
    static const char *const needed[] = { "permessage-deflate", NULL };
    const wsclose_header offer = header_of("permessage-deflate; client_max_window_bits, x-trace");
    const wsclose_header answers[] = { header_of("permessage-deflate; client_max_window_bits=7"),
                                       header_of(NULL) };

    show_list("permessage-deflate; server_max_window_bits=10, x-trace");
    show_list("permessage-deflate; ;");
    printf("\"x trace\" %s\n", is_token("x trace") ? "is a name" : "is no name");
    for (size_t i = 0; i < sizeof answers / sizeof answers[0]; i++) {
        wsclose_negotiation *negotiation = wsclose_negotiation_match(&offer, &answers[i]);
        wsclose_negotiation_require(negotiation, needed);
        show_negotiation(negotiation);
        show_claim(negotiation, WSCLOSE_CLIENT, "permessage-deflate");
        show_claim(negotiation, WSCLOSE_SERVER, "");
        show_claim(negotiation, WSCLOSE_CLIENT, "x-other");
        wsclose_negotiation_free(negotiation);
    }
    show_whose_reason();
    return 0;
}
