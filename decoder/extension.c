/* extension.c
 * The grammar of Sec-WebSocket-Extensions (RFC 6455 section 9.1).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wsclose/extension.h"

#include "extension_private.h"
#include "words/extensions.h"

#include <glib.h>
#include <stdlib.h>
#include <string.h>

enum { ERROR_TEXT_MAX = 128 };

/* What a list holds beyond what it shows. */
typedef struct {
    wsclose_ext_list list; /* first: a list is one of these */
    wsclose_ext *exts;
    wsclose_ext_param *params;
    char *strings;
} owned_list;

/* What the parser remembers. */
typedef struct {
    const unsigned char *value;
    size_t len;
    size_t pos;
    size_t element; /* where the list element began */
    GArray *exts;   /* of wsclose_ext; params are filled in at the end, as the array moves */
    GArray *params; /* of wsclose_ext_param, of all extensions in a row */
    char *strings;  /* room for every string */
    size_t used;
    grammar_breach breach; /* where a function below has returned false */
} parser;

bool
wsclose_is_tchar(unsigned char octet)
{
    /* RFC 7230 section 3.2.6 */
    return g_ascii_isalnum(octet) || (octet != '\0' && strchr("!#$%&'*+-.^_`|~", octet) != NULL);
}

static bool
fail(parser *p, grammar_breach breach)
{
    p->breach = breach;
    return false;
}

static bool
at(const parser *p, unsigned char octet)
{
    return p->pos < p->len && p->value[p->pos] == octet;
}

static bool
at_tchar(const parser *p)
{
    return p->pos < p->len && wsclose_is_tchar(p->value[p->pos]);
}

static bool
is_blank(unsigned char octet)
{
    return octet == ' ' || octet == '\t';
}

static bool
at_fold(const parser *p)
{
    return p->len - p->pos >= 3 && p->value[p->pos] == '\r' && p->value[p->pos + 1] == '\n' &&
           is_blank(p->value[p->pos + 2]);
}

/* LWS = [CRLF] 1*( SP | HT ), between any two words (RFC 2616 sections 2.1 and 2.2) */
static void
skip_lws(parser *p)
{
    for (;;) {
        if (at(p, ' ') || at(p, '\t'))
            p->pos++;
        else if (at_fold(p))
            p->pos += 3;
        else
            return;
    }
}

/* An octet where no separator stands: say so, or what is wrong with it. */
static bool
fail_here(parser *p, grammar_breach breach)
{
    return fail(p, at(p, '\r') || at(p, '\n') ? GRAMMAR_LINE_BREAK : breach);
}

/* token = 1*tchar (RFC 7230 section 3.2.6) */
static bool
parse_token(parser *p, const char **out, grammar_breach absent)
{
    if (!at_tchar(p))
        return fail_here(p, absent);
    *out = p->strings + p->used;
    while (at_tchar(p))
        p->strings[p->used++] = (char)p->value[p->pos++];
    p->strings[p->used++] = '\0';
    return true;
}

/* Whether a backslash may stand before it (RFC 7230 section 3.2.6; qdtext adds nothing to it). */
static bool
is_quotable(unsigned char octet)
{
    return octet == '\t' || (octet >= ' ' && octet != 0x7f);
}

/* One octet of a quoted-string's value, whether or not a backslash stands before it. */
static bool
parse_quoted_octet(parser *p)
{
    if (at(p, '\\')) {
        p->pos++;
        if (p->pos == p->len)
            return fail(p, GRAMMAR_QUOTE_OPEN);
    }
    if (!is_quotable(p->value[p->pos]))
        return fail(p, GRAMMAR_QUOTE_OCTET);
    /* RFC 6455 section 9.1: once it is unescaped, the value must be a token. */
    if (!at_tchar(p))
        return fail(p, GRAMMAR_QUOTE_NO_TOKEN);
    p->strings[p->used++] = (char)p->value[p->pos++];
    if (p->pos == p->len)
        return fail(p, GRAMMAR_QUOTE_OPEN);
    return true;
}

/* quoted-string = DQUOTE *( qdtext / quoted-pair ) DQUOTE (RFC 7230 section 3.2.6) */
static bool
parse_quoted_string(parser *p, const char **out)
{
    p->pos++;
    *out = p->strings + p->used;
    if (p->pos == p->len)
        return fail(p, GRAMMAR_QUOTE_OPEN);
    if (at(p, '"'))
        return fail(p, GRAMMAR_QUOTE_EMPTY);
    while (!at(p, '"')) {
        if (!parse_quoted_octet(p))
            return false;
    }
    p->pos++;
    p->strings[p->used++] = '\0';
    return true;
}

/* extension-param = token [ "=" ( token | quoted-string ) ] */
static bool
parse_param(parser *p)
{
    wsclose_ext_param param = { NULL, NULL };

    if (!parse_token(p, &param.name, GRAMMAR_NO_PARAM))
        return false;
    skip_lws(p);
    if (at(p, '=')) {
        p->pos++;
        skip_lws(p);
        if (at(p, '"')) {
            if (!parse_quoted_string(p, &param.value))
                return false;
        } else if (!parse_token(p, &param.value, GRAMMAR_NO_VALUE)) {
            return false;
        }
        skip_lws(p);
    }
    g_array_append_val(p->params, param);
    return true;
}

static void
append_text(parser *p, const char *text)
{
    size_t len = strlen(text);

    memcpy(p->strings + p->used, text, len);
    p->used += len;
}

/* The one spelling of an extension, from its name and its parameters. */
static const char *
write_text(parser *p, const wsclose_ext *ext)
{
    const char *text = p->strings + p->used;
    guint first = p->params->len - (guint)ext->n_params;

    append_text(p, ext->name);
    for (guint i = first; i < p->params->len; i++) {
        const wsclose_ext_param *param = &g_array_index(p->params, wsclose_ext_param, i);

        append_text(p, "; ");
        append_text(p, param->name);
        if (param->value) {
            append_text(p, "=");
            append_text(p, param->value);
        }
    }
    p->strings[p->used++] = '\0';
    return text;
}

/* extension = extension-token *( ";" extension-param ) */
static bool
parse_extension(parser *p)
{
    wsclose_ext ext = { .offset = p->pos };
    guint first_param = p->params->len;

    if (!parse_token(p, &ext.name, GRAMMAR_NO_NAME))
        return false;
    skip_lws(p);
    while (at(p, ';')) {
        p->pos++;
        skip_lws(p);
        if (!parse_param(p))
            return false;
    }
    if (p->pos < p->len && !at(p, ','))
        return fail_here(p, GRAMMAR_NO_SEPARATOR);
    ext.n_params = p->params->len - first_param;
    ext.text = write_text(p, &ext);
    g_array_append_val(p->exts, ext);
    return true;
}

/* extension-list = 1#extension (RFC 7230 section 7: a recipient accepts empty elements, though
 * not a list of nothing else) */
static bool
parse_list(parser *p)
{
    for (;;) {
        skip_lws(p);
        p->element = p->pos;
        if (p->pos < p->len && !at(p, ',') && !parse_extension(p))
            return false;
        if (p->pos == p->len)
            break;
        p->pos++;
    }
    if (p->exts->len == 0)
        return fail(p, GRAMMAR_NO_EXTENSION);
    return true;
}

/* The element that breaks the grammar, for a reader. */
static char *
printable_element(const parser *p)
{
    GString *text = g_string_new(NULL);
    size_t end = p->pos;

    while (end < p->len && p->value[end] != ',')
        end++;
    while (end > p->element && is_blank(p->value[end - 1]))
        end--;
    for (size_t i = p->element; i < end; i++) {
        char octet[5];

        if (p->value[i] >= ' ' && p->value[i] < 0x7f)
            g_snprintf(octet, sizeof octet, "%c", p->value[i]);
        else
            g_snprintf(octet, sizeof octet, "\\x%02X", p->value[i]);
        if (text->len + strlen(octet) > ERROR_TEXT_MAX)
            break;
        g_string_append(text, octet);
    }
    return g_string_free(text, FALSE);
}

/* Hand the arrays over to the list, which they now cannot outgrow. */
static void
take_arrays(owned_list *owned, parser *p)
{
    size_t next = 0;

    owned->list.n_exts = p->exts->len;
    owned->exts = (wsclose_ext *)(void *)g_array_free(p->exts, FALSE);
    owned->list.exts = owned->exts;
    owned->params = (wsclose_ext_param *)(void *)g_array_free(p->params, FALSE);
    for (size_t i = 0; i < owned->list.n_exts; i++) {
        wsclose_ext *ext = &owned->exts[i];

        if (ext->n_params > 0)
            ext->params = owned->params + next;
        next += ext->n_params;
    }
}

wsclose_ext_list *
ext_list_new(void)
{
    owned_list *owned = g_new0(owned_list, 1);

    owned->list.valid = true;
    return &owned->list;
}

wsclose_ext_list *
wsclose_ext_list_parse(const char *value, size_t len)
{
    wsclose_ext_list *list = ext_list_new();
    owned_list *owned = (owned_list *)(void *)list;
    parser p = {
        .value = (const unsigned char *)value,
        .len = len,
        .exts = g_array_new(FALSE, FALSE, sizeof(wsclose_ext)),
        .params = g_array_new(FALSE, FALSE, sizeof(wsclose_ext_param)),
        /* Each token and its NUL takes no more than the token and the separator behind it; the
         * text takes these again, and one space for each separator. */
        .strings = g_malloc(3 * len + 2),
    };

    list->valid = parse_list(&p);
    if (!list->valid) {
        list->error_offset = p.pos;
        list->error = grammars_words[p.breach].error;
        list->error_clause = grammars_words[p.breach].clause;
        list->error_text = printable_element(&p);
    }
    owned->strings = p.strings;
    take_arrays(owned, &p);
    return list;
}

void
wsclose_ext_list_free(wsclose_ext_list *list)
{
    owned_list *owned = (owned_list *)(void *)list;

    if (!list)
        return;
    g_free(owned->exts);
    g_free(owned->params);
    g_free(owned->strings);
    g_free(list->error_text);
    g_free(owned);
}

static int
compare_exts(const void *a, const void *b)
{
    const wsclose_ext *x = *(const wsclose_ext *const *)a;
    const wsclose_ext *y = *(const wsclose_ext *const *)b;
    int order = strcmp(x->name, y->name);

    if (order != 0)
        return order;
    return x->offset < y->offset ? -1 : x->offset > y->offset;
}

void
ext_index_init(ext_index *index, const wsclose_ext_list *list)
{
    index->n = list->n_exts;
    index->sorted = g_new(const wsclose_ext *, index->n);
    for (size_t i = 0; i < index->n; i++)
        index->sorted[i] = &list->exts[i];
    if (index->n > 1)
        qsort(index->sorted, index->n, sizeof *index->sorted, compare_exts);
}

void
ext_index_clear(ext_index *index)
{
    g_free(index->sorted);
    index->sorted = NULL;
    index->n = 0;
}

/* Where the names begin that are not below (or, if after is set, not up to) this one. */
static size_t
find_bound(const ext_index *index, const char *name, bool after)
{
    size_t low = 0;
    size_t high = index->n;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = strcmp(index->sorted[middle]->name, name);

        if (order < 0 || (after && order == 0))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

const wsclose_ext **
ext_index_find(const ext_index *index, const char *name, size_t *count)
{
    size_t first = find_bound(index, name, false);

    *count = find_bound(index, name, true) - first;
    return *count > 0 ? index->sorted + first : NULL;
}
