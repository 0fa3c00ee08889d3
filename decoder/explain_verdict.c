/* explain_verdict.c
 * How a connection ended: each text is a row, filled.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wsclose/explain.h"

#include <glib.h>
#include <string.h>

#include "words/endings.h"
#include "words/verdict_causes.h"
#include "words/verdict_words.h"
#include "wsclose/code.h"

#define ELLIPSIS "\xE2\x80\xA6"

static char *
fill(const ending *e, verdict_detail detail, const char *row)
{
    GString *text = g_string_new(NULL);
    verdict_words words;

    verdict_words_init(&words, e, detail);
    verdict_words_append(text, &words, row);
    return g_string_free(text, FALSE);
}

static char *
fill_phrase_of(const ending *e, wsclose_side who, phrase_id phrase)
{
    GString *text = g_string_new(NULL);
    verdict_words words;

    verdict_words_init(&words, e, VERDICT_SHORT);
    verdict_words_append_of(text, &words, who, phrase);
    return g_string_free(text, FALSE);
}

char *
wsclose_explain_verdict(const wsclose_verdict_context *context)
{
    enum { LINE_MAX_OCTETS = 200 }; /* a label has room for no more */
    const ending e = ending_of(context);
    verdict_detail detail = VERDICT_FULL;
    char *line = fill(&e, detail, ending_rows[e.kind].line);

    while (strlen(line) > LINE_MAX_OCTETS && detail != VERDICT_BARE) {
        g_free(line);
        line = fill(&e, --detail, ending_rows[e.kind].line);
    }
    /* Times and codes of many digits may fill it all the same. */
    if (strlen(line) > LINE_MAX_OCTETS) {
        const size_t most = LINE_MAX_OCTETS - strlen(ELLIPSIS);

        memcpy(g_utf8_find_prev_char(line, line + most + 1), ELLIPSIS, sizeof ELLIPSIS);
    }
    return line;
}

char *
wsclose_explain_verdict_brief(const wsclose_verdict_context *context)
{
    const ending e = ending_of(context);
    const char *wanted = ending_first_wanted(&e);
    char *brief = wanted ? g_strdup_printf("%d %s", WSCLOSE_CODE_MANDATORY_EXT, wanted)
                         : g_strdup(ending_rows[e.kind].brief);

    /* A name is a token: its octets are characters. */
    if (strlen(brief) > ENDING_BRIEF_MAX)
        brief[ENDING_BRIEF_MAX] = '\0';
    return brief;
}

char *
wsclose_explain_verdict_info(const wsclose_verdict_context *context)
{
    const ending e = ending_of(context);
    const cause_row *row = cause_row_of(&e);
    GString *text = g_string_new(NULL);
    verdict_words words;

    verdict_words_init(&words, &e, VERDICT_SHORT);
    verdict_words_append(text, &words, "{codes}: ");
    verdict_words_append(text, &words, row->info ? row->info : row->brief);
    return g_string_free(text, FALSE);
}

char *
wsclose_explain_verdict_description(const wsclose_verdict_context *context)
{
    const ending e = ending_of(context);

    return fill(&e, VERDICT_SHORT, ending_rows[e.kind].description);
}

char *
wsclose_explain_verdict_seen_when(const wsclose_verdict_context *context)
{
    const ending e = ending_of(context);
    const char *causes = cause_row_of(&e)->causes;

    return fill(&e, VERDICT_SHORT, causes ? causes : ending_rows[e.kind].causes);
}

char *
wsclose_explain_verdict_fix(const wsclose_verdict_context *context)
{
    const ending e = ending_of(context);
    GString *text = g_string_new(NULL);
    verdict_words words;

    verdict_words_init(&words, &e, VERDICT_SHORT);
    const char *fix = cause_row_of(&e)->fix;
    verdict_words_append(text, &words, fix ? fix : ending_rows[e.kind].fix);
    if (e.connection->faults != 0 && e.connection->carries_on)
        verdict_words_append_phrase(text, &words, PHRASE_BESIDES);
    for (wsclose_side who = WSCLOSE_CLIENT; who <= WSCLOSE_SERVER; who++) {
        if (e.connection->tolerated[who] != 0)
            verdict_words_append_of(text, &words, who, PHRASE_BESIDES_TOLERATED);
    }
    return g_string_free(text, FALSE);
}

/* Expert information. */

static bool
never_received(const ending *e, wsclose_side who)
{
    return e->verdict->because[who] == WSCLOSE_BECAUSE_NONE ||
           (e->verdict->reported[who].known && !ending_has_closed(e, wsclose_side_peer(who)));
}

char *
wsclose_explain_abnormal(const wsclose_verdict_context *context)
{
    const ending e = ending_of(context);
    const bool client = never_received(&e, WSCLOSE_CLIENT);

    if (!e.verdict->abnormal)
        return NULL;
    if (e.verdict->ending == WSCLOSE_ENDING_NO_ANSWER)
        return fill_phrase_of(&e, WSCLOSE_CLIENT, PHRASE_ABNORMAL_OPENING);
    return fill_phrase_of(&e, client ? WSCLOSE_CLIENT : WSCLOSE_SERVER,
                          client && never_received(&e, WSCLOSE_SERVER) ? PHRASE_ABNORMAL_BOTH
                                                                       : PHRASE_ABNORMAL_ONE);
}

char *
wsclose_explain_breach_tolerated(const wsclose_verdict_context *context, wsclose_side sender)
{
    const ending e = ending_of(context);

    return e.connection->tolerated[sender] != 0 ? fill_phrase_of(&e, sender, PHRASE_TOLERATED_FOUND)
                                                : NULL;
}

char *
wsclose_explain_unanswered(const wsclose_verdict_context *context)
{
    const ending e = ending_of(context);

    return e.verdict->unanswered ? fill_phrase_of(&e, e.first, PHRASE_UNANSWERED) : NULL;
}

char *
wsclose_explain_ping_unanswered(const wsclose_verdict_context *context, wsclose_side sender)
{
    const ending e = ending_of(context);

    return wsclose_connection_ping_age(e.connection, sender, e.connection->ending) >= 0
               ? fill_phrase_of(&e, sender, PHRASE_PING_UNANSWERED)
               : NULL;
}

const char *
wsclose_cause_name(wsclose_cause_id cause)
{
    return cause_rows[cause].name;
}
