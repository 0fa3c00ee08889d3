/* permessage_deflate.c
 * The parameters of permessage-deflate (RFC 7692 section 7.1).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "permessage_deflate.h"

#include "words/extensions.h"
#include "words/template.h"

#include <glib.h>
#include <string.h>

/* Whether a parameter has a value. */
typedef enum { VALUE_NEVER, VALUE_OPTIONAL, VALUE_ALWAYS } value_rule;

enum {
    SERVER_NO_CONTEXT_TAKEOVER,
    CLIENT_NO_CONTEXT_TAKEOVER,
    SERVER_MAX_WINDOW_BITS,
    CLIENT_MAX_WINDOW_BITS,
    N_PARAMS
};

static const struct {
    const char *name;
    value_rule in_offer;
    value_rule in_response;
    const char *clause;
} definitions[N_PARAMS] = {
    { "server_no_context_takeover", VALUE_NEVER, VALUE_NEVER, "RFC 7692 section 7.1.1.1" },
    { "client_no_context_takeover", VALUE_NEVER, VALUE_NEVER, "RFC 7692 section 7.1.1.2" },
    { "server_max_window_bits", VALUE_ALWAYS, VALUE_ALWAYS, "RFC 7692 section 7.1.2.1" },
    { "client_max_window_bits", VALUE_OPTIONAL, VALUE_ALWAYS, "RFC 7692 section 7.1.2.2" },
};

static int
find_definition(const char *name)
{
    for (int i = 0; i < N_PARAMS; i++) {
        if (strcmp(definitions[i].name, name) == 0)
            return i;
    }
    return -1;
}

/* A decimal from 8 to 15 without leading zeros (RFC 7692 section 7.1.2); 0 for anything else. */
static int
read_window_bits(const char *value)
{
    if ((value[0] == '8' || value[0] == '9') && value[1] == '\0')
        return value[0] - '0';
    if (value[0] == '1' && value[1] >= '0' && value[1] <= '5' && value[2] == '\0')
        return 10 + value[1] - '0';
    return 0;
}

/* which: < 0 for a parameter that is not defined. No token has braces, so each may fill a slot. */
static char *
describe(deflate_breach breach, int which, const wsclose_ext_param *param)
{
    const template_slot slots[] = {
        { "param", param->name, NULL },
        { "value", param->value, NULL },
        { "clause", which < 0 ? NULL : definitions[which].clause, NULL },
    };
    const template_scope scope = { slots, G_N_ELEMENTS(slots), NULL, NULL };

    return template_fill(&scope, deflate_breaches[breach]);
}

/* What is wrong with a parameter's value, or that it has one, or that it has none. */
static char *
check_value(int which, const wsclose_ext_param *param, value_rule rule)
{
    if (param->value && rule == VALUE_NEVER)
        return describe(DEFLATE_VALUE_FORBIDDEN, which, param);
    if (!param->value && rule == VALUE_ALWAYS)
        return describe(DEFLATE_VALUE_MISSING, which, param);
    if (param->value && read_window_bits(param->value) == 0)
        return describe(DEFLATE_VALUE_WRONG, which, param);
    return NULL;
}

static void
store_param(deflate_params *out, int which, const char *value)
{
    int bits = value ? read_window_bits(value) : 0;

    switch (which) {
    case SERVER_NO_CONTEXT_TAKEOVER:
        out->server_no_context_takeover = true;
        break;
    case CLIENT_NO_CONTEXT_TAKEOVER:
        out->client_no_context_takeover = true;
        break;
    case SERVER_MAX_WINDOW_BITS:
        out->has_server_max_window_bits = true;
        out->server_max_window_bits = bits;
        break;
    default:
        out->has_client_max_window_bits = true;
        out->client_max_window_bits = bits;
    }
}

/* RFC 7692 section 7.1: a server declines an offer, and a client fails the connection, over an
 * unknown parameter, an invalid value, or two parameters of one name. */
char *
deflate_params_read(deflate_params *out, const wsclose_ext *ext, wsclose_side sender)
{
    unsigned seen = 0;

    *out = (deflate_params){ 0 };
    for (size_t i = 0; i < ext->n_params; i++) {
        const wsclose_ext_param *param = &ext->params[i];
        int which = find_definition(param->name);
        value_rule rule;
        char *breach;

        if (which < 0)
            return describe(DEFLATE_PARAM_UNKNOWN, which, param);
        if (seen & (1U << which))
            return describe(DEFLATE_PARAM_TWICE, which, param);
        seen |= 1U << which;
        rule =
            sender == WSCLOSE_CLIENT ? definitions[which].in_offer : definitions[which].in_response;
        breach = check_value(which, param, rule);
        if (breach)
            return breach;
        store_param(out, which, param->value);
    }
    return NULL;
}

/* The rules that an offer sets for its response. Each says whether it is broken. */

static bool
breaks_server_no_context_takeover(const deflate_params *offer, const deflate_params *response)
{
    return offer->server_no_context_takeover && !response->server_no_context_takeover;
}

static bool
lacks_server_max_window_bits(const deflate_params *offer, const deflate_params *response)
{
    return offer->has_server_max_window_bits && !response->has_server_max_window_bits;
}

static bool
exceeds_server_max_window_bits(const deflate_params *offer, const deflate_params *response)
{
    return offer->has_server_max_window_bits &&
           response->server_max_window_bits > offer->server_max_window_bits;
}

/* The value of the offer is a hint: a larger one in the response is no breach. */
static bool
breaks_client_max_window_bits(const deflate_params *offer, const deflate_params *response)
{
    return response->has_client_max_window_bits && !offer->has_client_max_window_bits;
}

static const struct {
    bool (*is_broken)(const deflate_params *offer, const deflate_params *response);
    int which;
    deflate_breach breach;
} rules[] = {
    { breaks_server_no_context_takeover, SERVER_NO_CONTEXT_TAKEOVER, DEFLATE_NOT_ANSWERED },
    { lacks_server_max_window_bits, SERVER_MAX_WINDOW_BITS, DEFLATE_NOT_ANSWERED },
    { exceeds_server_max_window_bits, SERVER_MAX_WINDOW_BITS, DEFLATE_LARGER },
    { breaks_client_max_window_bits, CLIENT_MAX_WINDOW_BITS, DEFLATE_NOT_OFFERED },
};

unsigned
deflate_params_breach_count(const deflate_params *offer, const deflate_params *response)
{
    unsigned count = 0;

    for (size_t i = 0; i < G_N_ELEMENTS(rules); i++)
        count += rules[i].is_broken(offer, response);
    return count;
}

char *
deflate_params_breach(const deflate_params *offer, const deflate_params *response)
{
    for (size_t i = 0; i < G_N_ELEMENTS(rules); i++) {
        const int which = rules[i].which;

        if (rules[i].is_broken(offer, response))
            return describe(rules[i].breach, which,
                            &(wsclose_ext_param){ definitions[which].name, NULL });
    }
    return NULL;
}
