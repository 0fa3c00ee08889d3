/* extensions.c
 * What is said of one element of Sec-WebSocket-Extensions.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "extensions.h"

#include <glib.h>

#define EXTENSION_GRAMMAR "RFC 6455 section 9.1"
#define QUOTED_GRAMMAR "RFC 7230 section 3.2.6"

const grammar_words grammars_words[] = {
    [GRAMMAR_LINE_BREAK] = { "a line break that no space or tab follows", "RFC 2616 section 2.2" },
    [GRAMMAR_NO_NAME] = { "no extension name", EXTENSION_GRAMMAR },
    [GRAMMAR_NO_PARAM] = { "no parameter name after \";\"", EXTENSION_GRAMMAR },
    [GRAMMAR_NO_VALUE] = { "no parameter value after \"=\"", EXTENSION_GRAMMAR },
    [GRAMMAR_NO_SEPARATOR] = { "neither \",\" nor \";\" after a word", EXTENSION_GRAMMAR },
    [GRAMMAR_NO_EXTENSION] = { "a list without an extension", "RFC 7230 section 7" },
    [GRAMMAR_QUOTE_OPEN] = { "a quoted value without its closing quotation mark", QUOTED_GRAMMAR },
    [GRAMMAR_QUOTE_EMPTY] = { "an empty quoted value, which is no token", EXTENSION_GRAMMAR },
    [GRAMMAR_QUOTE_OCTET] = { "an octet that no quoted value may hold", QUOTED_GRAMMAR },
    [GRAMMAR_QUOTE_NO_TOKEN] = { "a quoted value that is no token once it is unescaped",
                                 EXTENSION_GRAMMAR },
};
G_STATIC_ASSERT(G_N_ELEMENTS(grammars_words) == GRAMMAR_BREACH_COUNT);

#define FAIL ", so the client must fail the connection"

#define AT_OFFSET "{error} at octet {offset} ({clause})"

const char *const grammar_consequences[] = {
    [WSCLOSE_CLIENT] = AT_OFFSET ", so a server should refuse the request",
    [WSCLOSE_SERVER] = AT_OFFSET FAIL,
};

#define OF_ALL " (RFC 7692 section 7.1)"
#define OF_PARAM " ({clause})"

const char *const deflate_breaches[] = {
    [DEFLATE_PARAM_UNKNOWN] = "permessage-deflate has no parameter \"{param}\"" OF_ALL,
    [DEFLATE_PARAM_TWICE] = "{param} stands there twice" OF_ALL,
    [DEFLATE_VALUE_FORBIDDEN] = "{param} takes no value, and has \"{value}\"" OF_PARAM,
    [DEFLATE_VALUE_MISSING] = "{param} has no value" OF_PARAM,
    [DEFLATE_VALUE_WRONG] =
        "{param} is \"{value}\", not a decimal from 8 to 15 without leading zeros" OF_PARAM,
    [DEFLATE_NOT_ANSWERED] = "{param} was offered, and the response does not include it" OF_PARAM,
    [DEFLATE_LARGER] = "{param} is larger in the response than in the offer" OF_PARAM,
    [DEFLATE_NOT_OFFERED] = "{param} is in the response, and was not offered" OF_PARAM,
};
G_STATIC_ASSERT(G_N_ELEMENTS(deflate_breaches) == DEFLATE_BREACH_COUNT);

#define OFFERED "offered as \"{offer}\""
#define FAIL_UNSOLICITED FAIL " (RFC 6455 section 4.1)"

const char *const match_reasons[] = {
    [MATCH_OFFER_BROKEN] = "{breach}, so a server must decline this offer",
    [MATCH_ALLOWED] = OFFERED ", which allows this response",
    [MATCH_NOT_JUDGED] = OFFERED "; its parameters are not judged",
    [MATCH_FORERUNNER] = OFFERED "; it is the forerunner of permessage-deflate, and no standard "
                                 "defines its parameters",
    [MATCH_REQUEST_UNSEEN] = "the request was not seen, so whether it offers this is not known",
    [MATCH_NONE_OFFERED] = "the request offers no extension at all" FAIL_UNSOLICITED,
    [MATCH_NOT_OFFERED] = "the request does not offer it" FAIL_UNSOLICITED,
    [MATCH_NOT_OFFERED_BEFORE] = "the request does not offer it before its own list breaks the "
                                 "grammar at octet {offset}" FAIL_UNSOLICITED,
    [MATCH_TWICE] = "accepted twice, which leaves open how the client is to use it (RFC 6455 "
                    "section 9.1)" FAIL,
    [MATCH_DEFLATE_TWICE] = "accepted twice, while its frames have only one RSV1 bit (RFC 7692 "
                            "section 6)" FAIL,
    [MATCH_BROKEN] = "{breach}" FAIL,
    [MATCH_ONLY_OFFER_BROKEN] =
        "offered only as \"{offer}\", which the server had to decline: {breach}" FAIL,
    [MATCH_OFFER_EXCEEDED] = "{breach}; " OFFERED FAIL,
};
G_STATIC_ASSERT(G_N_ELEMENTS(match_reasons) == MATCH_REASON_COUNT);
