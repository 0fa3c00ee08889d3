/* stream_error.h
 * The names of the error codes with which HTTP/2 and HTTP/3 end a stream or a connection; see
 * wsclose_stream_error_name().
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WSCLOSE_WORDS_STREAM_ERROR_H
#define WSCLOSE_WORDS_STREAM_ERROR_H

#include <glib.h>

#include "wsclose/types.h"

/* Append "CANCEL", or "error code 0x1d" where the number has no name. */
void stream_error_append(GString *text, wsclose_carrier carrier, uint64_t error);

#endif
