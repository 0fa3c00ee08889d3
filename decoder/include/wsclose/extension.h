/* extension.h
 * The grammar of Sec-WebSocket-Extensions (RFC 6455 section 9.1).
 *
 *     extension-list  = 1#extension
 *     extension       = extension-token *( ";" extension-param )
 *     extension-param = token [ "=" ( token | quoted-string ) ]
 *
 * over tokens and quoted-strings of RFC 7230, with the list rule of RFC 7230 section 7 (a
 * recipient accepts empty list elements, though not a list of nothing else) and the implied
 * linear whitespace of RFC 2616 section 2.1, a folded line (CRLF and a space or tab) included,
 * which RFC 6455 section 9.1 adopts by name. A quoted-string's value must be a token once it is
 * unescaped, so it is never empty.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WSCLOSE_EXTENSION_H
#define WSCLOSE_EXTENSION_H

#include "types.h"

#ifdef __cplusplus
extern "C" {
#endif

/** One extension-param. The strings are tokens, so plain ASCII. */
typedef struct {
    const char *name;  /**< as it is written */
    const char *value; /**< unescaped; NULL where there is no "=" */
} wsclose_ext_param;

/** One extension of a list. */
typedef struct {
    const char *name; /**< the extension-token, as it is written */
    const char *text; /**< "name; param; param=value": one spelling for all ways to write it */
    const wsclose_ext_param *params; /**< in order, duplicates as they come */
    size_t n_params;                 /**< how many there are at params */
    size_t offset;                   /**< of its first octet in the value, in octets */
} wsclose_ext;

/** A parsed value. */
typedef struct {
    bool valid;              /**< it follows the grammar */
    const wsclose_ext *exts; /**< in order, duplicates as they come; where the value is not valid,
                                  those before the one that breaks the grammar */
    size_t n_exts;           /**< how many there are at exts */
    size_t error_offset;     /**< not valid: the first offending octet, from the start of the value;
                                  its length where the value ends too early. All before it can
                                  begin a valid value. */
    const char *error;       /**< not valid: what is wrong, static */
    const char *error_clause; /**< not valid: e.g. "RFC 6455 section 9.1", static */
    char *error_text; /**< not valid: the list element in which it goes wrong, up to the next
                                  comma, as printable ASCII (other octets as \xHH), at most 128
                                  octets; may be empty */
} wsclose_ext_list;

/** Parse a value of Sec-WebSocket-Extensions. Several header lines are one list (RFC 7230 section
 *  3.2.2): join them with ", " in their order, and parse once.
 *
 *  value, len  any octets; borrowed for the call
 *
 *  Returns a new list, never NULL, in time and memory linear in len; free it with
 *  wsclose_ext_list_free(). */
WSCLOSE_API wsclose_ext_list *wsclose_ext_list_parse(const char *value, size_t len);

/** Free a list and all it holds; NULL is ignored. */
WSCLOSE_API void wsclose_ext_list_free(wsclose_ext_list *list);

/** Whether an octet may stand in a token (tchar of RFC 7230 section 3.2.6). */
WSCLOSE_API bool wsclose_is_tchar(unsigned char octet);

#ifdef __cplusplus
}
#endif

#endif
