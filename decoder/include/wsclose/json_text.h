/* json_text.h
 * JSON that is fit for a terminal.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WSCLOSE_JSON_TEXT_H
#define WSCLOSE_JSON_TEXT_H

#include "types.h"

#ifdef __cplusplus
extern "C" {
#endif

/** The same JSON with control characters (U+0000 to U+001F within a string, U+007F to U+009F), line
 *  and paragraph separators and the characters that turn the direction of a text as \u escapes (RFC
 *  8259 section 7), so that a terminal obeys none of them, and each text is one line.
 *
 *  json  valid UTF-8, on one line but for a line feed at its end
 *
 *  Returns a new string; free it with wsclose_text_free(). */
WSCLOSE_API char *wsclose_json_printable(const char *json);

#ifdef __cplusplus
}
#endif

#endif
