/* mandatory.c
 * The claim of a Close with 1010 against the opening handshake (RFC 6455 section 7.4.1).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wsclose/negotiation.h"

#include "extension_private.h"

#include <glib.h>
#include <stdlib.h>
#include <string.h>

/* Names that prose may hold: the IANA WebSocket Extension Name Registry, and those that were in
 * use before or beside it. Ascending. */
static const char *const registered_names[] = {
    "bbf-usp-protocol",    "deflate-frame",      "permessage-bzip2",
    "permessage-compress", "permessage-deflate", "x-webkit-deflate-frame",
};

/* No reason is longer (RFC 6455 section 5.5, less the status code), so no longer name is in one. */
enum { REASON_MAX = 123 };

/* A name to look for in prose. */
typedef struct {
    char *folded;
    const char *name;
    size_t rank; /* of several that fold into one, the lowest is meant */
    bool taken;  /* it is needed already */
} prose_name;

/* An explanation while it is worked out. */
typedef struct {
    const wsclose_negotiation *negotiation;
    bool offer_seen;
    bool response_seen;
    ext_index offers;
    ext_index answers;
    GPtrArray *needed;
    GPtrArray *missing;
    GPtrArray *not_offered;
} claim;

const char *
wsclose_claim_verdict_name(wsclose_claim_verdict verdict)
{
    switch (verdict) {
    case WSCLOSE_CLAIM_CONFIRMED:
        return "confirmed";
    case WSCLOSE_CLAIM_CONTRADICTED:
        return "contradicted";
    default:
        return "unverifiable";
    }
}

static bool
is_offered(const claim *c, const char *name)
{
    size_t count;

    return ext_index_find(&c->offers, name, &count) != NULL;
}

static bool
is_answered(const claim *c, const char *name)
{
    size_t count;

    return ext_index_find(&c->answers, name, &count) != NULL;
}

static bool
is_registered(const char *name)
{
    for (size_t i = 0; i < G_N_ELEMENTS(registered_names); i++) {
        if (strcmp(registered_names[i], name) == 0)
            return true;
    }
    return false;
}

/* In the response, and as the client must have it. Where the offer was not seen, as far as that
 * can be told without it. */
static bool
is_negotiated(const claim *c, const char *name)
{
    wsclose_negotiation_verdict good =
        c->offer_seen ? WSCLOSE_NEGOTIATION_ACCEPTED : WSCLOSE_NEGOTIATION_UNKNOWN;
    size_t count;
    const wsclose_ext **answers = ext_index_find(&c->answers, name, &count);

    for (size_t i = 0; i < count; i++) {
        size_t match = (size_t)(answers[i] - c->negotiation->response->exts);

        if (c->negotiation->matches[match].verdict != good)
            return false;
    }
    return count > 0;
}

/* Whole words only: "deflate" is not in "permessage-deflate". */
static bool
is_word_octet(char octet)
{
    return g_ascii_isalnum(octet) || octet == '-' || octet == '_';
}

static int
compare_prose_names(const void *a, const void *b)
{
    const prose_name *x = a;
    const prose_name *y = b;
    int order = strcmp(x->folded, y->folded);

    if (order != 0)
        return order;
    return x->rank < y->rank ? -1 : x->rank > y->rank;
}

static void
add_prose_name(GArray *names, const char *name)
{
    if (strlen(name) > REASON_MAX)
        return;
    const prose_name entry = { g_ascii_strdown(name, -1), name, names->len, false };
    g_array_append_val(names, entry);
}

/* Every name that prose may mean, sorted: as offered, else as answered, else as registered. */
static GArray *
collect_prose_names(const claim *c)
{
    GArray *names = g_array_new(FALSE, FALSE, sizeof(prose_name));

    for (size_t i = 0; i < c->negotiation->offer->n_exts; i++)
        add_prose_name(names, c->negotiation->offer->exts[i].name);
    for (size_t i = 0; i < c->negotiation->response->n_exts; i++)
        add_prose_name(names, c->negotiation->response->exts[i].name);
    for (size_t i = 0; i < G_N_ELEMENTS(registered_names); i++)
        add_prose_name(names, registered_names[i]);
    qsort(names->data, names->len, sizeof(prose_name), compare_prose_names);
    return names;
}

static void
free_prose_names(GArray *names)
{
    for (guint i = 0; i < names->len; i++)
        g_free(g_array_index(names, prose_name, i).folded);
    g_array_free(names, TRUE);
}

/* The first of names[low..high) whose octet at depth is not below the given one. */
static guint
narrow(const GArray *names, guint low, guint high, size_t depth, int octet)
{
    while (low < high) {
        guint middle = low + (high - low) / 2;
        const char *folded = g_array_index(names, prose_name, middle).folded;

        if ((unsigned char)folded[depth] < octet)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* The longest name that stands at a place in prose, as a whole word; NULL for none.
 *
 *  cut  the prose goes on behind its end, so that its end ends no word */
static prose_name *
longest_name_at(const GArray *names, wsclose_slice prose, size_t start, bool cut, size_t *len)
{
    prose_name *found = NULL;
    guint low = 0;
    guint high = names->len;

    for (size_t depth = 0; low < high && start + depth < prose.len; depth++) {
        char last = prose.data[start + depth];
        int octet = (unsigned char)g_ascii_tolower(last);
        size_t end = start + depth + 1;
        prose_name *first;

        if (octet == '\0')
            break;
        low = narrow(names, low, high, depth, octet);
        high = narrow(names, low, high, depth, octet + 1);
        if (low == high || (end == prose.len && cut))
            break;
        first = &g_array_index(names, prose_name, low);
        if (first->folded[depth + 1] == '\0' &&
            (end == prose.len || !is_word_octet(prose.data[end]))) {
            found = first;
            *len = depth + 1;
        }
    }
    return found;
}

/* The names in prose, for a reason that is no extension-list. */
static void
find_in_prose(claim *c, wsclose_slice reason, bool cut)
{
    GArray *names = collect_prose_names(c);
    size_t pos = 0;

    while (pos < reason.len) {
        prose_name *name = NULL;
        size_t len = 1;

        if (pos == 0 || !is_word_octet(reason.data[pos - 1]))
            name = longest_name_at(names, reason, pos, cut, &len);
        if (name && !name->taken) {
            name->taken = true;
            g_ptr_array_add(c->needed, g_strdup(name->name));
        }
        pos += len;
    }
    free_prose_names(names);
}

static bool
knows_any(const claim *c, const wsclose_ext_list *list)
{
    for (size_t i = 0; i < list->n_exts; i++) {
        const char *name = list->exts[i].name;

        if (is_offered(c, name) || is_answered(c, name) || is_registered(name))
            return true;
    }
    return false;
}

/* The list elements that a cut leaves whole: those before the last comma. */
static size_t
whole_elements(wsclose_slice reason)
{
    size_t len = reason.len;

    while (len > 0 && reason.data[len - 1] != ',')
        len--;
    return len > 0 ? len - 1 : 0;
}

/* RFC 6455 section 7.4.1: the reason should list what is needed. Returns whether the names stand
 * in prose. */
static bool
find_needed(claim *c, wsclose_slice reason, bool cut)
{
    size_t len = cut ? whole_elements(reason) : reason.len;
    wsclose_ext_list *list = wsclose_ext_list_parse(reason.data, len);
    bool in_prose = false;

    /* Any single word is a list of one: "permessage-deflate." is better read as prose. */
    if (!list->valid || !knows_any(c, list)) {
        find_in_prose(c, reason, cut);
        in_prose = c->needed->len > 0;
    }
    if (list->valid && !in_prose) {
        ext_index index;
        size_t count;

        ext_index_init(&index, list);
        for (size_t i = 0; i < list->n_exts; i++) {
            const wsclose_ext *ext = &list->exts[i];

            if (ext_index_find(&index, ext->name, &count)[0] == ext)
                g_ptr_array_add(c->needed, g_strdup(ext->name));
        }
        ext_index_clear(&index);
    }
    wsclose_ext_list_free(list);
    return in_prose;
}

/* A reason that names what is needed. */
static wsclose_claim_verdict
judge_named(claim *c)
{
    size_t n_offered = 0;
    bool broken_promise = false;

    for (guint i = 0; i < c->needed->len; i++) {
        const char *name = g_ptr_array_index(c->needed, i);
        bool offered = is_offered(c, name);
        bool negotiated = is_negotiated(c, name);

        n_offered += offered;
        if (c->offer_seen && !offered)
            g_ptr_array_add(c->not_offered, g_strdup(name));
        if (c->response_seen && !negotiated)
            g_ptr_array_add(c->missing, g_strdup(name));
        if (offered && !negotiated)
            broken_promise = true;
    }
    if (!c->offer_seen && (!c->response_seen || c->missing->len > 0))
        return WSCLOSE_CLAIM_UNVERIFIABLE;
    if (!c->response_seen && n_offered > 0)
        return WSCLOSE_CLAIM_UNVERIFIABLE;
    return broken_promise ? WSCLOSE_CLAIM_CONFIRMED : WSCLOSE_CLAIM_CONTRADICTED;
}

/* A reason that names nothing: everything that was offered is meant. */
static wsclose_claim_verdict
judge_unnamed(claim *c)
{
    const wsclose_ext_list *offer = c->negotiation->offer;
    size_t count;

    if (!c->offer_seen || (!c->response_seen && offer->n_exts > 0))
        return WSCLOSE_CLAIM_UNVERIFIABLE;
    for (size_t i = 0; i < offer->n_exts; i++) {
        const wsclose_ext *ext = &offer->exts[i];

        if (ext_index_find(&c->offers, ext->name, &count)[0] == ext && !is_negotiated(c, ext->name))
            g_ptr_array_add(c->missing, g_strdup(ext->name));
    }
    return c->missing->len > 0 ? WSCLOSE_CLAIM_CONFIRMED : WSCLOSE_CLAIM_CONTRADICTED;
}

/* RFC 6455 sections 4.1 and 9.1: over such a response the client must end the connection. */
static bool
is_wrongly_answered(const claim *c)
{
    for (size_t i = 0; i < c->negotiation->n_matches; i++) {
        if (c->negotiation->matches[i].verdict == WSCLOSE_NEGOTIATION_UNSOLICITED ||
            c->negotiation->matches[i].verdict == WSCLOSE_NEGOTIATION_INVALID)
            return true;
    }
    return false;
}

static wsclose_claim_verdict
judge(claim *c, bool in_prose, bool reason_cut)
{
    wsclose_claim_verdict verdict;

    if (c->needed->len == 0)
        return reason_cut ? WSCLOSE_CLAIM_UNVERIFIABLE : judge_unnamed(c);
    verdict = judge_named(c);
    /* What the cut hides can add a name, but not take back one of a list. */
    if (reason_cut && (in_prose || verdict != WSCLOSE_CLAIM_CONFIRMED))
        return WSCLOSE_CLAIM_UNVERIFIABLE;
    return verdict;
}

static char **
take_strings(GPtrArray *strings)
{
    g_ptr_array_add(strings, NULL);
    return (char **)g_ptr_array_free(strings, FALSE);
}

wsclose_mandatory_ext *
wsclose_mandatory_ext_explain(const wsclose_negotiation *negotiation, wsclose_slice reason,
                              bool reason_cut)
{
    wsclose_mandatory_ext *explanation = g_new0(wsclose_mandatory_ext, 1);
    claim c = {
        .negotiation = negotiation,
        .offer_seen = negotiation->offer_presence != WSCLOSE_HEADER_UNKNOWN,
        .response_seen = negotiation->response_presence != WSCLOSE_HEADER_UNKNOWN,
        .needed = g_ptr_array_new(),
        .missing = g_ptr_array_new(),
        .not_offered = g_ptr_array_new(),
    };

    ext_index_init(&c.offers, negotiation->offer);
    ext_index_init(&c.answers, negotiation->response);
    explanation->named_in_prose = find_needed(&c, reason, reason_cut);
    explanation->verdict = judge(&c, explanation->named_in_prose, reason_cut);
    explanation->wrongly_answered =
        explanation->verdict != WSCLOSE_CLAIM_CONFIRMED && is_wrongly_answered(&c);
    if (explanation->wrongly_answered)
        explanation->verdict = WSCLOSE_CLAIM_CONFIRMED;
    ext_index_clear(&c.offers);
    ext_index_clear(&c.answers);

    explanation->needed = take_strings(c.needed);
    explanation->missing = take_strings(c.missing);
    explanation->not_offered = take_strings(c.not_offered);
    return explanation;
}

void
wsclose_mandatory_ext_free(wsclose_mandatory_ext *explanation)
{
    if (!explanation)
        return;
    g_strfreev(explanation->needed);
    g_strfreev(explanation->missing);
    g_strfreev(explanation->not_offered);
    g_free(explanation);
}
