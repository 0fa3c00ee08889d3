/* verdict_words.h
 * The slots of the rows on a verdict: who did what, when, and what the texts on it choose among.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WSCLOSE_WORDS_VERDICT_WORDS_H
#define WSCLOSE_WORDS_VERDICT_WORDS_H

#include "../ending.h"
#include "phrases.h"
#include "template.h"
#include "transport_end.h"

typedef struct verdict_words verdict_words;

/* How much is said of what makes a line long: the errors with which the transport ended, the
 * reasons of the Closes, and the extension for want of which a client left. */
typedef enum {
    VERDICT_BARE,
    VERDICT_SHORT,        /* errors, extension */
    VERDICT_FIRST_REASON, /* and one reason */
    VERDICT_FULL          /* and the other one's, if it differs */
} verdict_detail;

/* A side, by its part in the ending. With {first} for example come
 *
 *  {first peer}           the other side
 *  {first with}           its Close: "with 1000", "without a status code", "(code cut off)"
 *  {first with exactly}   the same with the code's name and the whole reason
 *  {first grounds}        what a line says of its code: " 'token expired'"
 *  {first reason}         its reason in a sentence: " and the reason 'token expired'"
 *  {first quote}, {first whole quote}   the words themselves
 *  {first closed}         "client closed with 1000"
 *  {first ended}          how it ended the transport, as far as the line is long;
 *  {first ended exactly}  in full
 *  {first code}, {first code name}, {first causes}, {first fix}   of its Close's code
 *  {first mark}           the packet of its Close: " (frame 6)"
 *  {first error}          of its RST_STREAM or GOAWAY
 *  {first reports}        the code that its API reports
 *  {first lacking}        why what it sent is unknown: "is not in the capture"
 *  {first seen}           what a Close of its is not then: "is in the capture"
 *  {first tolerated}      its breaches that the other side tolerated: " (not masked)"
 *  {first cause}          what a line says of the cause behind its Close
 *  {first ping}           the packet of its oldest Ping without Pong: " (frame 6)"
 *  {first ping age}       and how long ago that was
 *  {first secret}         its name in a TLS key log */
typedef struct {
    const verdict_words *words;
    wsclose_side side;
} verdict_role;

/* {client}, {server}, {first}, {second}, {ender}, {culprit}, {victim}, {actor}; in some phrases {who}.
 */
enum { VERDICT_ROLES = 8 };

/* In how many files verdict_slots.h finds the other slots, beside verdict_words.c. */
enum { VERDICT_SLOT_FILES = 5 };

/* What the rows on one ending are filled with. Made in place: it points into itself. */
struct verdict_words {
    const ending *ending; /* borrowed */
    verdict_detail detail;
    verdict_role roles[VERDICT_ROLES];
    template_scope scopes[VERDICT_ROLES + VERDICT_SLOT_FILES + 2];
    const template_scope *scope; /* for template_append() */
};

void verdict_words_init(verdict_words *words, const ending *e, verdict_detail detail);

/* Append a row, or a phrase. */
void verdict_words_append(GString *text, const verdict_words *words, const char *row);
void verdict_words_append_phrase(GString *text, const verdict_words *words, phrase_id phrase);

/* Append a phrase in which {who} is a side. */
void verdict_words_append_of(GString *text, const verdict_words *words, wsclose_side who,
                             phrase_id phrase);

/* The scope of such a phrase, for one that has more slots; its context is the role. */
template_scope verdict_words_scope_of(const verdict_role *who);

/* Append "3 ms", "1.2 s", "60.0 s", "10 min", "2 h 5 min". */
void verdict_words_append_time(GString *text, int64_t nanoseconds);

#endif
