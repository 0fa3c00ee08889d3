/* closes.h
 * What is said of a Close frame.
 *
 * Slots: sender, receiver (without an article), the sender, code, name, length (of the body), peer
 * (the number of the other side's Close frame), and in peer, which is " (frame 8)" or nothing.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WSCLOSE_WORDS_CLOSES_H
#define WSCLOSE_WORDS_CLOSES_H

#include "wsclose/frame.h"

/* One line: who closes with what. Further slots: act and body, the rows below, and notes, those
 * of them that apply. */
extern const char close_line[];

/* What a Close does in its connection. */
typedef enum {
    CLOSE_BEGINS,
    CLOSE_MAY_ANSWER, /* one that was not captured */
    CLOSE_ANSWERS,
    CLOSE_REPEATS,
    CLOSE_ACT_COUNT
} close_act;

extern const char *const close_acts[CLOSE_ACT_COUNT];

/* By wsclose_body_kind. */
extern const char *const close_bodies[WSCLOSE_BODY_CUT + 1];

/* The same for a list of packets; further slots: quote, the reason, and wanted, the extension that a
 * 1010 wants. By wsclose_body_kind. */
extern const char *const close_infos[WSCLOSE_BODY_CUT + 1];
extern const char close_info_reason[];
extern const char close_info_wants[];

/* What else is to be noted. */
typedef enum {
    CLOSE_NOTE_REPEATED,
    CLOSE_NOTE_BREACH,
    CLOSE_NOTE_CROSSED,
    CLOSE_NOTE_UNHEARD,
    CLOSE_NOTE_COUNT
} close_note;

extern const char *const close_notes[CLOSE_NOTE_COUNT];

/* Of what kind a Close is where it is explained at length. */
typedef enum {
    CLOSE_SOUND,
    CLOSE_EMPTY_ECHO,
    CLOSE_CLAIM, /* 1010 */
    CLOSE_CUT,   /* its status code is not in the capture */
    CLOSE_IN_BREACH,
    CLOSE_FAILS, /* the same, and it settles what the receiver's API reports */
    CLOSE_KIND_COUNT
} close_kind;

/* Further slots: meaning, seen when and fix, those of the status code; advice, on a 1010;
 * breaches, and their causes. */
typedef struct {
    const char *description;
    const char *seen_when;
    const char *fix;
} close_words;

extern const close_words closes_words[CLOSE_KIND_COUNT];

/* An empty Close: by whether its receiver's API reports 1005, and whether it answers an empty
 * one. */
extern const char *const close_no_status[2][2];

/* Slots: address, connections. */
extern const char close_no_status_repeated[];

#endif
