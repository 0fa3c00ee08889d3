/* verdict_scene.h
 * What the texts on a verdict share: which case it is, decided once, and parts of sentences.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WSCLOSE_VERDICT_SCENE_H
#define WSCLOSE_VERDICT_SCENE_H

#include "carrier_words.h"
#include "wsclose/explain.h"

#include <glib.h>

/* In the order in which they are looked for. */
typedef enum {
    CASE_REFUSED,
    CASE_NO_ANSWER,
    CASE_REJECTED, /* the client had to reject the response */
    CASE_BREACH,   /* a frame before any Close obliges its receiver to fail the connection */
    CASE_ILLEGAL,  /* a Close frame does */
    CASE_OWN,      /* one failed the connection with a Close of its own */
    CASE_CUT,      /* both closed; the capture has cut off a status code */
    CASE_CROSSED,  /* both closed at the same time */
    CASE_EMPTY,    /* an empty Close, answered by an empty one */
    CASE_EMPTY_WITH_CODE,
    CASE_SAME_CODE,
    CASE_OTHER_CODE,
    CASE_ONE_SIDE, /* one Close, and the other one may have been missed */
    CASE_LATE,     /* the only Close came after its receiver had ended its side */
    CASE_NOT_AWAITED,
    CASE_UNANSWERED,
    CASE_DARK,     /* no Close, and one may have been missed */
    CASE_DECLINED, /* the client left right after a response that declined what it offered */
    CASE_IDLE,
    CASE_RESET,
    CASE_FIN
} ending_case;

/* Nanoseconds. */
#define MILLISECOND G_GINT64_CONSTANT(1000000)
#define SECOND (1000 * MILLISECOND)

/* Room for "reset TCP after the server's GOAWAY (error code 0x...)" and its NUL. */
enum { SCENE_ENDED_SIZE = 72 };

/* A story, and what it takes to tell it. Pointers are borrowed. */
typedef struct {
    const wsclose_connection *connection;
    const wsclose_verdict *verdict;
    const wsclose_negotiation *negotiation;
    ending_case kind;
    wsclose_side first; /* who sent the first Close frame, or else ended the transport first */
    wsclose_side second;
    wsclose_side ender; /* who ended the transport first, if anybody did */
    wsclose_side culprit; /* who broke the protocol, in CASE_BREACH and CASE_ILLEGAL; in CASE_OWN who
                       failed the connection */
    char ended[2][SCENE_ENDED_SIZE]; /* what an endpoint did, at its end: "ended TCP", "reset the
                                        stream (CANCEL)" */
} scene;

static inline bool
has_closed(const wsclose_connection *connection, wsclose_side index)
{
    return connection->closes[index].moment.number != 0;
}

static inline bool
has_code(const wsclose_close_mark *mark)
{
    return mark->kind == WSCLOSE_BODY_CODE;
}

/* Decide the case. */
scene scene_of(const wsclose_verdict_context *context);

/* A word that depends on the carrier. */
const char *scene_word(const scene *s, carrier_word_id id);

/* A text with such words. */
void scene_append(GString *text, const scene *s, const char *template);

/* "reset TCP (RST)", "ended its side of the stream (END_STREAM)": the same more exactly. */
void scene_append_end(GString *text, const scene *s, wsclose_side who);

/* Whether an endpoint gave the whole connection under the stream up, by a GOAWAY with an error. */
bool scene_is_blaming(const wsclose_connection *connection, wsclose_side who);

/* Say less in s->ended, where a line is too long: no error code, no GOAWAY. */
void scene_shorten_ends(scene *s);

/* Nanoseconds from the response to the beginning of the end. */
int64_t scene_after_response(const wsclose_connection *connection);

/* Whether the opening handshake came to no connection. */
bool scene_is_of_handshake(const scene *s);

/* Whether the second Close can be told to answer the first one. */
bool scene_answers(const scene *s);

/* "last frame" or "101": what the idle time is counted from. */
const char *scene_since_what(const scene *s);

/* "3 ms", "1.2 s", "60.0 s", "10 min", "2 h 5 min". */
void scene_append_time(GString *text, int64_t nanoseconds);

/* " (a reserved bit is set)": the first, or all of them. */
void scene_append_breaches(GString *text, unsigned breaches, uint16_t code, bool all);

/* " (wrong Sec-WebSocket-Accept)": the first, or all of them. */
void scene_append_faults(GString *text, const scene *s, bool all);

/* "with 1000", "without a status code", "(code cut off)". */
void scene_append_with(GString *text, const wsclose_close_mark *mark);

/* Extensions that were declined: so many by name, or else one and how many more. */
void scene_append_declined(GString *text, const scene *s, size_t most);

#endif
