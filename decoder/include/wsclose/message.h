/* message.h
 * Messages that browsers, libraries and proxies write when a WebSocket ends: who says it, what it means,
 * what to do.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WSCLOSE_MESSAGE_H
#define WSCLOSE_MESSAGE_H

#include "cause.h"
#include "types.h"

#ifdef __cplusplus
extern "C" {
#endif

/** How many octets of a line are looked at; what comes after them is passed over. */
enum { WSCLOSE_LINE_MAX = 16384 };

/** What a message means. All texts are UTF-8. */
typedef struct {
    /** The words by which it is known: '*' stands for anything, '#' for a status code, '%' for a status
     *  of HTTP. Static; NULL for a status code alone. */
    const char *pattern;
    char **libraries;   /**< whose words these are, as users call them; ends with NULL */
    char **sources;     /**< where they were seen: "ws: 8.18.3 lib/receiver.js"; ends with NULL */
    wsclose_by speaker; /**< who writes it; WSCLOSE_BY_NOBODY where either side may */
    wsclose_cause_id cause; /**< why the connection ended, as the plugin would say it */
    /** The status code behind it: that of the line, or else the one that the API of the side that writes
     *  it reports; 0 where there is none. */
    uint16_t code;
    bool code_in_line; /**< the line has it; else it follows from the words */
    uint16_t status;   /**< of HTTP, where the line has one; else 0 */
    /** On which side to change something: "client", "server" or "between"; "self" or "peer" of the one
     *  that writes it, where that may be either side; NULL where nobody has to, or where the line does
     *  not tell. Static. */
    const char *side;
    char *meaning;   /**< sentences, for a reader who has not read the RFC; so are the next two */
    char *seen_when; /**< NULL where the meaning says it */
    char *fix;       /**< what to change there */
    char *filter;    /**< a display filter for a capture of this connection */
} wsclose_message;

/** Recognise a line of a log or a console. The message with the most words decides, and a status code
 *  counts only where the line speaks of a close; nothing is guessed.
 *
 *  line, len  any octets; borrowed for the call. Escape sequences of terminals, NUL and octets that are
 *             not UTF-8 do not matter, nor does the case of ASCII letters
 *
 *  Returns a new message, NULL where the line is not known; free it with wsclose_message_free(). Takes
 *  time linear in the line, up to WSCLOSE_LINE_MAX, for each message there is. */
WSCLOSE_API wsclose_message *wsclose_message_recognise(const char *line, size_t len);

/** One of all the messages that are known, in the order of their libraries, as if a line had had its
 *  words and no number.
 *
 *  index  from 0
 *
 *  Returns a new message, NULL beyond the last; free it with wsclose_message_free(). */
WSCLOSE_API wsclose_message *wsclose_message_at(size_t index);

/** Free a message and its texts; NULL is ignored. */
WSCLOSE_API void wsclose_message_free(wsclose_message *message);

#ifdef __cplusplus
}
#endif

#endif
