/* explain.c
 * Sentences about one connection's events.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wsclose/explain.h"

#include <glib.h>
#include <string.h>

#include "carrier_words.h"
#include "explain_private.h"
#include "words/breaches.h"
#include "words/carrier.h"
#include "wsclose/code.h"
#include "wsclose/handshake.h"

const char *
wsclose_subject_of(wsclose_side side)
{
    switch (side) {
    case WSCLOSE_CLIENT:
        return "Client";
    case WSCLOSE_SERVER:
        return "Server";
    case WSCLOSE_SIDE_UNKNOWN:
        break;
    }
    return "One side";
}

/* As the subject of a clause about a Close frame's claim. */
static const char *
the_side(wsclose_side side)
{
    switch (side) {
    case WSCLOSE_CLIENT:
        return "the client";
    case WSCLOSE_SERVER:
        return "the server";
    case WSCLOSE_SIDE_UNKNOWN:
        break;
    }
    return "its sender";
}

const char *
explain_side(wsclose_side side)
{
    return side == WSCLOSE_SIDE_UNKNOWN ? "one side" : wsclose_side_name(side);
}

const char *
explain_receiver(wsclose_side sender)
{
    return sender == WSCLOSE_SIDE_UNKNOWN ? "receiver"
                                          : wsclose_side_name(wsclose_side_peer(sender));
}

/* A sentence names this many extensions, and this many octets of each. */
enum { NAMES_MAX = 5, NAME_MAX_OCTETS = 40 };

void
wsclose_append_name(GString *text, const char *name)
{
    g_string_append_len(text, name, (gssize)strnlen(name, NAME_MAX_OCTETS));
    if (strnlen(name, NAME_MAX_OCTETS + 1) > NAME_MAX_OCTETS)
        g_string_append(text, "\xE2\x80\xA6");
}

void
wsclose_append_names(GString *text, const char *const *names, size_t count)
{
    const size_t shown = count > NAMES_MAX ? NAMES_MAX - 1 : count;

    for (size_t i = 0; i < shown; i++) {
        if (i > 0)
            g_string_append(text, i + 1 == count ? " and " : ", ");
        wsclose_append_name(text, names[i]);
    }
    if (shown < count)
        g_string_append_printf(text, " and %" G_GSIZE_FORMAT " more", count - shown);
}

static void
append_strv(GString *text, char **names)
{
    wsclose_append_names(text, (const char *const *)names, g_strv_length(names));
}

const char *
wsclose_it_or_them(size_t count)
{
    return count == 1 ? "it" : "them";
}

void
wsclose_append_frame(GString *text, uint32_t number)
{
    if (number != 0)
        g_string_append_printf(text, " (frame %" G_GUINT32_FORMAT ")", number);
}

static bool
has_code(const wsclose_close_context *context, uint16_t code)
{
    return context->body->kind == WSCLOSE_BODY_CODE && context->body->code == code;
}

static bool
is_mandatory_ext(const wsclose_close_context *context)
{
    return has_code(context, WSCLOSE_CODE_MANDATORY_EXT) && context->mandatory && context->negotiation;
}

/* A 1010 that repeats the other side's makes no claim of its own (RFC 6455 section 5.5.1). */
static bool
repeats_1010(const wsclose_close_context *context)
{
    return is_mandatory_ext(context) && context->finding->echo;
}

wsclose_side
wsclose_claims_mandatory_ext(const wsclose_close_context *context)
{
    if (!is_mandatory_ext(context))
        return WSCLOSE_SIDE_UNKNOWN;
    if (repeats_1010(context))
        return wsclose_side_peer(context->sender);
    /* The client's own is nothing out of the ordinary, so it is taken as it stands. */
    if ((context->finding->maybe_echo || context->finding->repeated) &&
        context->sender != WSCLOSE_CLIENT)
        return WSCLOSE_SIDE_UNKNOWN;
    return context->sender;
}

char *
wsclose_explain_close(const wsclose_close_context *context)
{
    GString *text = g_string_new(NULL);
    const char *who = wsclose_subject_of(context->sender);

    if (context->finding->repeated)
        g_string_printf(text, "%s sends another Close", who);
    else if (context->finding->answer && !context->finding->crossed)
        g_string_printf(text, "%s answers the Close in frame %" G_GUINT32_FORMAT, who,
                        context->finding->peer.number);
    else
        g_string_printf(text, "%s %s", who,
                        context->finding->maybe_answer ? "sends a Close frame" : "closes");

    switch (context->body->kind) {
    case WSCLOSE_BODY_EMPTY:
        g_string_append_printf(text, " without a status code (1005 %s)",
                               wsclose_code_lookup(context->body->code)->name);
        break;
    case WSCLOSE_BODY_ONE_OCTET:
        g_string_append(text, " with a broken body of one octet");
        break;
    case WSCLOSE_BODY_CUT:
        g_string_append(text, " with a status code that the capture has cut off");
        break;
    case WSCLOSE_BODY_CODE:
        g_string_append_printf(text, " with %u %s", context->body->code,
                               wsclose_code_lookup(context->body->code)->name);
        break;
    }
    if (context->finding->repeated)
        g_string_append(text, ", which changes nothing");
    if (context->breaches != 0)
        g_string_append(text, ", breaking the protocol");
    if (context->finding->crossed)
        g_string_append_printf(text, ", at the same time as the Close in frame %" G_GUINT32_FORMAT,
                               context->finding->peer.number);
    if (context->finding->unheard)
        g_string_append(text, ", when the connection had already ended");
    return g_string_free(text, FALSE);
}

static void
append_breaches(GString *text, const wsclose_close_context *context)
{
    for (unsigned bit = 0; bit < WSCLOSE_BREACH_COUNT; bit++) {
        if (!HAS_BIT(context->breaches, bit))
            continue;
        if (text->len > 0)
            g_string_append_c(text, ' ');
        explain_append_breach(text, context, bit);
    }
}

char *
wsclose_explain_close_description(const wsclose_close_context *context)
{
    GString *text = g_string_new(NULL);

    if (context->breaches != 0) {
        append_breaches(text, context);
        /* Not where an earlier Close has settled what the receiver is told. */
        if (context->finding->reported.known &&
            context->finding->reported.code == WSCLOSE_CODE_ABNORMAL_CLOSURE)
            g_string_append_printf(text,
                                   " The %s must fail the connection, and then its own API "
                                   "reports 1006 (some report the 1002 or 1007 that they send "
                                   "instead).",
                                   explain_receiver(context->sender));
        return g_string_free(text, FALSE);
    }

    switch (context->body->kind) {
    case WSCLOSE_BODY_CUT:
        g_string_append_printf(text,
                               "A Close frame with a body of %" G_GUINT64_FORMAT " octets, of "
                               "which the capture has too few to tell the status code.",
                               context->frame->payload_len);
        break;
    case WSCLOSE_BODY_EMPTY:
    case WSCLOSE_BODY_CODE:
        g_string_append(text, wsclose_code_lookup(context->body->code)->meaning);
        break;
    case WSCLOSE_BODY_ONE_OCTET:
        break; /* always a breach */
    }
    return g_string_free(text, FALSE);
}

char *
wsclose_explain_close_seen_when(const wsclose_close_context *context)
{
    if (context->breaches != 0) {
        GString *causes = g_string_new(NULL);

        breaches_append_close_causes(causes, context->breaches);
        return g_string_free(causes, FALSE);
    }
    if (context->body->kind == WSCLOSE_BODY_CUT)
        return g_strdup("Seen when the capture was taken with a snapshot length (tcpdump -s, "
                        "dumpcap -s) that is shorter than the packets.");

    GString *text = g_string_new(wsclose_code_lookup(context->body->code)->seen_when);
    if (context->body->kind == WSCLOSE_BODY_EMPTY && context->finding->echo) {
        g_string_append(text, " Here it answers an empty Close");
        wsclose_append_frame(text, context->finding->peer.number);
        g_string_append(text, ", which is normal.");
    }
    return g_string_free(text, FALSE);
}

/* Missing, and offered: what the server could have accepted. Free with g_free(). */
static const char **
declined_of(const wsclose_close_context *context)
{
    char **missing = context->mandatory->missing;
    const char **declined = g_new0(const char *, g_strv_length(missing) + 1);
    size_t count = 0;

    for (size_t i = 0; missing[i]; i++) {
        if (!g_strv_contains((const char *const *)context->mandatory->not_offered, missing[i]))
            declined[count++] = missing[i];
    }
    return declined;
}

static bool
any_is_answered(const wsclose_close_context *context, const char *const *names)
{
    for (size_t i = 0; names[i]; i++) {
        if (wsclose_ext_list_has(context->negotiation->response, names[i]))
            return true;
    }
    return false;
}

static const char *
cure_of(bool answered)
{
    return answered ? "Correct" : "Enable";
}

static void
append_client_advice(GString *text, const wsclose_close_context *context)
{
    char **not_offered = context->mandatory->not_offered;
    const bool none_offered = context->negotiation->offer_presence != WSCLOSE_HEADER_UNKNOWN &&
                              context->negotiation->offer->n_exts == 0;

    g_string_append(text, "Look into the client, not the server: ");
    if (g_strv_length(not_offered) == 0 && !none_offered) {
        g_string_append(text, "nothing that it offered and asks for was left out of the handshake "
                              "response");
        wsclose_append_frame(text, context->response_in);
        g_string_append(text, ". Check how the client compares the extensions that it needs with "
                              "those that were negotiated, and whether it offers all of them.");
        return;
    }
    if (g_strv_length(not_offered) > 0) {
        g_string_append(text, "it asks for ");
        append_strv(text, not_offered);
        g_string_append_printf(text, " and never offered %s",
                               wsclose_it_or_them(g_strv_length(not_offered)));
    } else {
        g_string_append(text, "it offered no extension at all");
    }
    wsclose_append_frame(text, context->request_in);
    g_string_append(text, ". Let it offer what it needs.");
}

static void
append_mandatory_ext_advice(GString *text, const wsclose_close_context *context)
{
    if (wsclose_claims_mandatory_ext(context) == WSCLOSE_SERVER) {
        g_string_append(text, "Change the server: 1010 is the client's to send. A server that "
                              "needs an extension refuses the opening handshake instead (for "
                              "example with HTTP status 400) and says why in the body.");
        return;
    }

    const char **declined = declined_of(context);
    const size_t count = g_strv_length((char **)declined);
    switch (context->mandatory->verdict) {
    case WSCLOSE_CLAIM_CONFIRMED:
        g_string_append_printf(text, "%s ", cure_of(any_is_answered(context, declined)));
        wsclose_append_names(text, declined, count);
        g_string_append_printf(text,
                               " on the server, or make %s optional in the client. Check "
                               "Sec-WebSocket-Extensions in the handshake response",
                               wsclose_it_or_them(count));
        wsclose_append_frame(text, context->response_in);
        g_string_append_c(text, '.');
        break;
    case WSCLOSE_CLAIM_CONTRADICTED:
        append_client_advice(text, context);
        break;
    case WSCLOSE_CLAIM_UNVERIFIABLE:
        g_string_append(text, wsclose_code_lookup(WSCLOSE_CODE_MANDATORY_EXT)->fix);
        break;
    }
    g_free(declined);
}

char *
wsclose_explain_close_fix(const wsclose_close_context *context)
{
    GString *text = g_string_new(NULL);

    if (context->body->kind == WSCLOSE_BODY_CUT && context->breaches == 0)
        g_string_append(text, "Capture again with whole packets (snapshot length 0).");
    else if (context->breaches != 0)
        g_string_append_printf(text,
                               "Correct the %s: its WebSocket library, or whatever writes frames "
                               "by hand there, sends a Close frame that the protocol forbids.",
                               context->sender == WSCLOSE_SIDE_UNKNOWN
                                   ? "sender"
                                   : wsclose_side_name(context->sender));
    else if (is_mandatory_ext(context))
        append_mandatory_ext_advice(text, context);
    else
        g_string_append(text, wsclose_code_lookup(context->body->code)->fix);
    return g_string_free(text, FALSE);
}

char *
wsclose_explain_no_status(const wsclose_close_context *context)
{
    if (context->body->kind != WSCLOSE_BODY_EMPTY)
        return NULL;

    GString *text = g_string_new(NULL);
    g_string_append_printf(text, "%s's Close frame is empty: no status code present",
                           wsclose_subject_of(context->sender));
    if (context->finding->reported.known && context->finding->reported.code == context->body->code)
        g_string_append_printf(text,
                               ", so the %s's API reports 1005, a value that no frame carries",
                               explain_receiver(context->sender));
    if (context->finding->echo) {
        g_string_append(text, ". It answers an empty Close");
        wsclose_append_frame(text, context->finding->peer.number);
        g_string_append(text, ", as it should");
    }
    g_string_append_c(text, '.');
    return g_string_free(text, FALSE);
}

char *
wsclose_explain_no_status_repeated(const char *address, unsigned connections)
{
    return g_strdup_printf("%s has begun or answered a closing handshake with an empty Close on "
                           "%u connection%s so far: if that is not meant, look into how its "
                           "WebSocket library closes.",
                           address, connections, connections == 1 ? "" : "s");
}

/* Who needs, asks and offers, as the subject of a clause. */
typedef struct {
    const char *claimant; /* "it", where the sentence begins with that side */
    const char *client;
} clause_subjects;

static clause_subjects
subjects_of(const wsclose_close_context *context)
{
    const wsclose_side claimant = wsclose_claims_mandatory_ext(context);

    if (repeats_1010(context))
        return (clause_subjects){the_side(claimant), "the client"};
    if (claimant == WSCLOSE_SIDE_UNKNOWN && context->sender == WSCLOSE_SERVER)
        return (clause_subjects){"one side", "the client"};
    return (clause_subjects){"it", claimant == WSCLOSE_CLIENT ? "it" : "the client"};
}

/* "which the server's response (frame 6) did not include" and its like. */
static void
append_what_is_missing(GString *text, const wsclose_close_context *context)
{
    const clause_subjects who = subjects_of(context);
    char **not_offered = context->mandatory->not_offered;
    const char **declined = declined_of(context);
    const size_t count = g_strv_length((char **)declined);
    const bool answered = any_is_answered(context, declined);

    if (g_strv_length(context->mandatory->needed) > 0)
        g_string_append_printf(text, "%s needs ", who.claimant);
    else
        g_string_append_printf(text, "%s%s offered ",
                               repeats_1010(context) ? "" : "its reason names no extension, and ",
                               who.client);
    wsclose_append_names(text, declined, count);
    g_string_append(text, ", which the server's response");
    wsclose_append_frame(text, context->response_in);
    g_string_append(text, answered ? " did not validly accept." : " did not include.");

    if (wsclose_claims_mandatory_ext(context) != WSCLOSE_SERVER)
        g_string_append_printf(text, " %s %s on the server or make %s optional in the client.",
                               cure_of(answered), wsclose_it_or_them(count),
                               wsclose_it_or_them(count));
    if (g_strv_length(not_offered) > 0) {
        g_string_append(text, wsclose_claims_mandatory_ext(context) == WSCLOSE_CLIENT
                                  ? " It never offered "
                                  : " The client never offered ");
        append_strv(text, not_offered);
        g_string_append_c(text, '.');
    }
    g_free(declined);
}

/* What is not in the capture, of what it takes. */
static const char *
unseen_of(const wsclose_negotiation *negotiation)
{
    if (negotiation->offer_presence != WSCLOSE_HEADER_UNKNOWN)
        return "the response of the opening handshake";
    if (negotiation->response_presence != WSCLOSE_HEADER_UNKNOWN)
        return "the request of the opening handshake";
    return "the opening handshake";
}

static void
append_unverifiable(GString *text, const wsclose_close_context *context)
{
    const clause_subjects who = subjects_of(context);
    const wsclose_negotiation *negotiation = context->negotiation;
    char **needed = context->mandatory->needed;
    char **missing = context->mandatory->missing;
    const size_t count = g_strv_length(needed);
    const bool seen = negotiation->offer_presence != WSCLOSE_HEADER_UNKNOWN &&
                      negotiation->response_presence != WSCLOSE_HEADER_UNKNOWN;

    if (count == 0 && (seen || (context->body->reason_cut && !repeats_1010(context)))) {
        g_string_append_printf(text, "the capture has cut its reason short, so what %s needs "
                                     "cannot be told.", who.claimant);
    } else if (count == 0) {
        g_string_append_printf(text, "its reason names no extension, and %s is not in the capture, "
                                     "so whether the server left one out cannot be told.",
                               unseen_of(negotiation));
    } else if (seen) {
        g_string_append_printf(text, "%s needs ", who.claimant);
        append_strv(text, needed);
        g_string_append(text, ", and the capture has cut off the rest of its reason, so whether "
                              "the server left anything out cannot be told.");
    } else if (g_strv_length(missing) > 0) {
        g_string_append_printf(text, "%s needs ", who.claimant);
        append_strv(text, missing);
        g_string_append(text, ", which the server's response");
        wsclose_append_frame(text, context->response_in);
        g_string_append_printf(text, " did not %s; the request is not in the capture, so whether "
                                     "%s offered is unknown.",
                               any_is_answered(context, (const char *const *)missing)
                                   ? "validly accept" : "include",
                               g_strv_length(missing) == 1 ? "it was" : "they were");
        return;
    } else {
        g_string_append_printf(text, "%s needs ", who.claimant);
        append_strv(text, needed);
        g_string_append_printf(text, ", and %s is not in the capture, so whether the server left "
                                     "%s out cannot be told.",
                               unseen_of(negotiation), wsclose_it_or_them(count));
    }
    /* The Close that this one repeats has said so. */
    if (!repeats_1010(context))
        g_string_append(text, " Check Sec-WebSocket-Extensions in the server's response.");
}

static void
append_contradiction(GString *text, const wsclose_close_context *context, clause_subjects who)
{
    char **needed = context->mandatory->needed;
    char **not_offered = context->mandatory->not_offered;
    const size_t count = g_strv_length(needed);
    const size_t strange = g_strv_length(not_offered);
    bool by_request = false; /* it is the request that shows it */

    if (count == 0 && context->negotiation->offer->n_exts > 0) {
        g_string_append_printf(text, "everything that %s offered was negotiated", who.client);
    } else if (count == 0) {
        g_string_append_printf(text, "%s offered no extension at all", who.client);
        by_request = true;
    } else {
        g_string_append_printf(text, "%s asks for ", who.claimant);
        append_strv(text, needed);
        g_string_append(text, ", but ");
        if (strange == count) {
            if (strcmp(who.claimant, who.client) != 0)
                g_string_append_printf(text, "%s ", who.client);
            g_string_append_printf(text, "never offered %s", wsclose_it_or_them(count));
            by_request = true;
        } else if (strange > 0) {
            append_strv(text, not_offered);
            g_string_append_printf(text, " %s never offered and the rest was negotiated",
                                   strange == 1 ? "was" : "were");
        } else {
            g_string_append_printf(text, "%s negotiated", count == 1 ? "it was" : "they were");
        }
    }
    wsclose_append_frame(text, by_request ? context->request_in : context->response_in);
    g_string_append_c(text, '.');
}

char *
wsclose_explain_mandatory_ext(const wsclose_close_context *context)
{
    if (!is_mandatory_ext(context))
        return NULL;

    GString *text = g_string_new(wsclose_subject_of(context->sender));
    if (context->sender == WSCLOSE_SERVER &&
        wsclose_claims_mandatory_ext(context) == WSCLOSE_SIDE_UNKNOWN) {
        g_string_append(text, context->finding->repeated
                                  ? " sends another 1010: "
                                  : " sends 1010, maybe in answer to a Close that was not "
                                    "captured: ");
    } else if (repeats_1010(context)) {
        g_string_append(text, " answers with the ");
        g_string_append(text, wsclose_side_name(wsclose_claims_mandatory_ext(context)));
        g_string_append(text, "'s own 1010");
        wsclose_append_frame(text, context->finding->peer.number);
        g_string_append(text, ": ");
    } else {
        g_string_append(text, " closes with 1010: ");
    }

    switch (context->mandatory->verdict) {
    case WSCLOSE_CLAIM_CONFIRMED:
        append_what_is_missing(text, context);
        break;
    case WSCLOSE_CLAIM_CONTRADICTED:
        append_contradiction(text, context, subjects_of(context));
        break;
    case WSCLOSE_CLAIM_UNVERIFIABLE:
        append_unverifiable(text, context);
        break;
    }
    return g_string_free(text, FALSE);
}

char *
wsclose_explain_mandatory_ext_contradicted(const wsclose_close_context *context)
{
    if (!is_mandatory_ext(context) || context->mandatory->verdict != WSCLOSE_CLAIM_CONTRADICTED)
        return NULL;

    const char *claimant = the_side(wsclose_claims_mandatory_ext(context));
    GString *text = g_string_new("The opening handshake speaks against this 1010: ");
    append_contradiction(text, context, (clause_subjects){claimant, "the client"});
    g_string_append_printf(text, " Look into %s's own check.", claimant);
    return g_string_free(text, FALSE);
}

char *
wsclose_explain_mandatory_ext_from_server(const wsclose_close_context *context)
{
    if (!is_mandatory_ext(context) || wsclose_claims_mandatory_ext(context) != WSCLOSE_SERVER)
        return NULL;
    return g_strdup("1010 comes from the server: it is the client's code. A server that needs an "
                    "extension fails the opening handshake instead (RFC 6455 section 7.4.1).");
}

static void
append_matches(GString *text, const wsclose_negotiation *negotiation,
               wsclose_negotiation_verdict verdict, const char *label)
{
    GPtrArray *names = g_ptr_array_new();

    for (size_t i = 0; i < negotiation->n_matches; i++) {
        if (negotiation->matches[i].verdict == verdict)
            g_ptr_array_add(names, (char *)negotiation->matches[i].ext->name);
    }
    if (names->len > 0) {
        g_string_append(text, text->len > 0 ? "; " : "");
        wsclose_append_names(text, (const char *const *)names->pdata, names->len);
        g_string_append_printf(text, " %s", label);
    }
    g_ptr_array_free(names, TRUE);
}

static void
append_offered(GString *text, const wsclose_ext_list *offer)
{
    const char **names = g_new(const char *, offer->n_exts);

    for (size_t i = 0; i < offer->n_exts; i++)
        names[i] = offer->exts[i].name;
    wsclose_append_names(text, names, offer->n_exts);
    g_free(names);
}

void
wsclose_append_refused(GString *text, wsclose_carrier carrier, unsigned status)
{
    g_string_append_printf(text, "The server refused the %s with HTTP status %u",
                           carrier_word(carrier, WORD_UPGRADE), status);
}

char *
wsclose_explain_negotiation(const wsclose_negotiation *negotiation, wsclose_carrier carrier,
                            unsigned status)
{
    GString *text = g_string_new(NULL);

    if (status != 0 && !wsclose_status_is_success(carrier, status)) {
        wsclose_append_refused(text, carrier, status);
        return g_string_free(text, FALSE);
    }

    if (negotiation->response_presence == WSCLOSE_HEADER_UNKNOWN) {
        g_string_append(text, "Extensions: ");
        if (negotiation->offer_presence == WSCLOSE_HEADER_UNKNOWN) {
            g_string_append(text, "the opening handshake is not in the capture");
            return g_string_free(text, FALSE);
        }
        append_offered(text, negotiation->offer);
        g_string_append_printf(text, "%s offered (what the server answered is not known)",
                               negotiation->offer->n_exts > 0 ? "" : "none");
        return g_string_free(text, FALSE);
    }

    append_matches(text, negotiation, WSCLOSE_NEGOTIATION_ACCEPTED, "accepted");
    append_matches(text, negotiation, WSCLOSE_NEGOTIATION_UNKNOWN,
                   "in the response (what the client offered is not known)");
    append_matches(text, negotiation, WSCLOSE_NEGOTIATION_UNSOLICITED,
                   "in the response though never offered");
    append_matches(text, negotiation, WSCLOSE_NEGOTIATION_INVALID,
                   "answered in a way that the client must refuse");
    if (negotiation->n_declined > 0) {
        g_string_append(text, text->len > 0 ? "; " : "");
        wsclose_append_names(text, negotiation->declined, negotiation->n_declined);
        g_string_append(text, " declined");
    }
    if (!negotiation->offer->valid)
        g_string_append_printf(text, "%soffer malformed", text->len > 0 ? "; " : "");
    if (!negotiation->response->valid)
        g_string_append_printf(text, "%sresponse malformed", text->len > 0 ? "; " : "");
    if (text->len == 0)
        g_string_append(text, negotiation->offer_presence == WSCLOSE_HEADER_UNKNOWN
                                  ? "none in the response (what the client offered is not known)"
                                  : "none offered, none accepted");
    g_string_prepend(text, "Extensions: ");
    return g_string_free(text, FALSE);
}

char *
wsclose_explain_refused(wsclose_carrier carrier, unsigned status)
{
    GString *text = g_string_new(NULL);

    wsclose_append_refused(text, carrier, status);
    g_string_append(text, ": there is no WebSocket connection, and a browser's API reports 1006.");
    return g_string_free(text, FALSE);
}

char *
wsclose_explain_declined(const char *name, bool required)
{
    GString *text = g_string_new(NULL);

    wsclose_append_name(text, name);
    g_string_append(text, " was offered and the server did not accept it");
    g_string_append(text, required ? ", though it is listed as mandatory: a client that needs it "
                                     "closes with 1010. Enable it on the server or make it "
                                     "optional in the client."
                                   : ": it is not used on this connection.");
    return g_string_free(text, FALSE);
}

static const char *
fault_template(wsclose_handshake_fault fault)
{
    switch (fault) {
    case WSCLOSE_FAULT_ACCEPT_MISSING:
        return "The {response} has no Sec-WebSocket-Accept: the client must reject it (RFC 6455 "
               "section 4.1).";
    case WSCLOSE_FAULT_ACCEPT_WRONG:
        return "Sec-WebSocket-Accept in the {response} does not fit the request's "
               "Sec-WebSocket-Key: the client must reject it (RFC 6455 section 4.1).";
    case WSCLOSE_FAULT_SUBPROTOCOL:
        return "The {response} chooses a subprotocol that the client did not offer: the client "
               "must reject it (RFC 6455 section 4.1).";
    case WSCLOSE_FAULT_EXT_UNSOLICITED:
        return "The {response} accepts an extension that the client did not offer: the client must "
               "reject it (RFC 6455 section 4.1).";
    case WSCLOSE_FAULT_EXT_INVALID:
        return "The {response} answers an extension in a way that its offer or its rules do not "
               "allow: the client must reject it (RFC 6455 section 9.1).";
    }
    return "";
}

char *
wsclose_explain_handshake_fault(wsclose_carrier carrier, wsclose_handshake_fault fault)
{
    GString *text = g_string_new(NULL);

    template_append(text, carrier_scope(carrier), fault_template(fault));
    return g_string_free(text, FALSE);
}

void
wsclose_text_free(char *text)
{
    g_free(text);
}
