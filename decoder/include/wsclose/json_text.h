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

/** Whether a terminal may obey a character instead of showing it in its place: control characters,
 *  separators of lines and paragraphs, and those that turn the direction of a text.
 *
 *  c  a code point of Unicode */
static inline bool
wsclose_is_obeyed(uint32_t c)
{
    return c < 0x20 || (c >= 0x7F && c <= 0x9F) || c == 0x061C || (c >= 0x200E && c <= 0x200F) ||
           (c >= 0x2028 && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069) || c == 0xFEFF;
}

/** The same JSON with what wsclose_is_obeyed() tells as \u escapes (RFC 8259 section 7), so that each
 *  text is one line.
 *
 *  json  valid UTF-8, on one line but for a line feed at its end
 *
 *  Returns a new string; free it with wsclose_text_free(). */
WSCLOSE_API char *wsclose_json_printable(const char *json);

#ifdef __cplusplus
}
#endif

#endif
