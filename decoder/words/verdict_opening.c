/* verdict_opening.c
 * The slots of the rows on a verdict that are about the opening handshake.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "../explain_private.h"
#include "faults.h"
#include "negotiations.h"
#include "refused_status.h"
#include "verdict_slots.h"

static void
append_in_response(GString *text, const void *words)
{
    explain_append_frame(text, connection_in(words)->response.number);
}

static void
append_in_frame(GString *text, uint32_t number)
{
    if (number != 0)
        g_string_append_printf(text, " in frame %" G_GUINT32_FORMAT, number);
}

static void
append_at_request(GString *text, const void *words)
{
    append_in_frame(text, connection_in(words)->request.number);
}

static void
append_at_response(GString *text, const void *words)
{
    append_in_frame(text, connection_in(words)->response.number);
}

static const refused_status *
status_in(const void *words)
{
    return refused_status_lookup(connection_in(words)->carrier, connection_in(words)->status);
}

static void
append_status(GString *text, const void *words)
{
    template_append_number(text, connection_in(words)->status);
}

static void
append_status_name(GString *text, const void *words)
{
    g_string_append(text, status_in(words)->name);
}

static void
append_status_causes(GString *text, const void *words)
{
    verdict_words_append(text, words, status_in(words)->seen_when);
}

static void
append_status_fix(GString *text, const void *words)
{
    verdict_words_append(text, words, status_in(words)->fix);
}

static void
append_refused(GString *text, const void *words)
{
    verdict_words_append(text, words, negotiation_refused_line);
}

static void
append_opening(GString *text, const void *words)
{
    const wsclose_connection *connection = connection_in(words);
    phrase_id phrase = PHRASE_OPENING_ACCEPTED;

    if (connection->response.number == 0)
        phrase = connection->request.number == 0 ? PHRASE_OPENING_UNSEEN : PHRASE_OPENING_REQUESTED;
    else if (connection->faults != 0)
        phrase = connection->carries_on ? PHRASE_OPENING_TAKEN : PHRASE_OPENING_FAULTY;
    verdict_words_append_phrase(text, words, phrase);
}

static void
append_opening_ended(GString *text, const void *words)
{
    verdict_words_append_phrase(text, words, PHRASE_OPENING_ENDED);
}

/* By what is known of the answer: it is not HTTP, there was none, it was not seen. */
static void
append_by_answer(GString *text, const void *words, phrase_id not_http, phrase_id none,
                 phrase_id unseen)
{
    phrase_id phrase = unseen;

    if (ending_in(words)->kind == ENDING_OPENING_NOT_HTTP)
        phrase = not_http;
    else if (verdict_in(words)->reported[WSCLOSE_CLIENT].known)
        phrase = none;
    verdict_words_append_phrase(text, words, phrase);
}

static void
append_no_answer(GString *text, const void *words)
{
    append_by_answer(text, words, PHRASE_ANSWER_NOT_HTTP, PHRASE_NO_ANSWER, PHRASE_ANSWER_UNSEEN);
}

static void
append_answer_missing(GString *text, const void *words)
{
    append_by_answer(text, words, PHRASE_GOT_NOT_HTTP, PHRASE_GOT_NO_ANSWER, PHRASE_THE_ANSWER);
}

/* Whether a Close, not the end of the transport, shows that a response was rejected. */
static bool
rejects_by_close(const ending *e)
{
    return e->verdict->ending != WSCLOSE_ENDING_NO_CLOSE && !e->connection->late[e->first];
}

static void
append_rejection(GString *text, const void *words)
{
    verdict_words_append_phrase(text, words,
                                rejects_by_close(ending_in(words)) ? PHRASE_REJECTION_CLOSE
                                                                   : PHRASE_REJECTION_END);
}

static void
append_rejecter(GString *text, const void *words)
{
    const ending *e = ending_in(words);
    const wsclose_side subject = rejects_by_close(e) ? e->first : e->ender;

    verdict_words_append_phrase(text, words,
                                subject == WSCLOSE_CLIENT ? PHRASE_IT : PHRASE_THE_CLIENT);
}

/* Faults. */

static void
append_match(GString *text, const wsclose_negotiation *negotiation,
             wsclose_negotiation_verdict verdict, const char *otherwise)
{
    for (size_t i = 0; i < negotiation->n_matches; i++) {
        if (negotiation->matches[i].verdict == verdict) {
            explain_append_name(text, negotiation->matches[i].ext->name);
            return;
        }
    }
    g_string_append(text, otherwise);
}

static void
append_unsolicited(GString *text, const void *words)
{
    append_match(text, ending_in(words)->negotiation, WSCLOSE_NEGOTIATION_UNSOLICITED,
                 "an extension");
}

static void
append_invalid(GString *text, const void *words)
{
    append_match(text, ending_in(words)->negotiation, WSCLOSE_NEGOTIATION_INVALID,
                 "Sec-WebSocket-Extensions");
}

static unsigned
faults_in(const void *words)
{
    return connection_in(words)->faults;
}

static const char *
fault_brief(unsigned bit)
{
    return faults_words[bit].brief;
}

static void
append_fault(GString *text, const void *words)
{
    verdict_append_set(text, words, faults_in(words), fault_brief, false);
}

static void
append_faults(GString *text, const void *words)
{
    verdict_append_set(text, words, faults_in(words), fault_brief, true);
}

static void
append_fault_causes(GString *text, const void *words)
{
    g_string_append(text, faults_words[BIT_FIRST(faults_in(words))].causes);
}

static void
append_fault_fixes(GString *text, const void *words)
{
    const char *last = NULL;

    for (unsigned bit = 0; bit < WSCLOSE_FAULT_COUNT; bit++) {
        const char *fix = faults_words[bit].fix;

        if (!HAS_BIT(faults_in(words), bit) || fix == last)
            continue;
        g_string_append(text, last ? " " : "");
        g_string_append(text, fix);
        last = fix;
    }
}

static const template_slot slots[] = {
    { "in response", NULL, append_in_response },
    { "at request", NULL, append_at_request },
    { "at response", NULL, append_at_response },
    { "status", NULL, append_status },
    { "status name", NULL, append_status_name },
    { "status causes", NULL, append_status_causes },
    { "status fix", NULL, append_status_fix },
    { "refused", NULL, append_refused },
    { "opening", NULL, append_opening },
    { "opening ended", NULL, append_opening_ended },
    { "no answer", NULL, append_no_answer },
    { "answer missing", NULL, append_answer_missing },
    { "rejection", NULL, append_rejection },
    { "rejecter", NULL, append_rejecter },
    { "unsolicited", NULL, append_unsolicited },
    { "invalid", NULL, append_invalid },
    { "fault", NULL, append_fault },
    { "faults", NULL, append_faults },
    { "fault causes", NULL, append_fault_causes },
    { "fault fixes", NULL, append_fault_fixes },
};

const verdict_slots verdict_opening_slots = VERDICT_SLOTS(slots);
