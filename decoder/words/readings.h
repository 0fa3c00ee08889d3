/* readings.h
 * What is said of a capture that could not be read, or in which nothing was found.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WSCLOSE_WORDS_READINGS_H
#define WSCLOSE_WORDS_READINGS_H

/* A protocol that Wireshark has to dissect. */
typedef struct {
    const char *name;    /* to filter with */
    const char *title;   /* as people call it */
    const char *without; /* what is missing where it is disabled, a part of a sentence */
} reading_need;

enum { READING_NEEDS = 8 };

extern const reading_need reading_needs[READING_NEEDS];

/* With the slots {name}, {title}, {without}. */
extern const char reading_disabled[];

/* With the slots {count}, {packets}, {have}, {are}. */
extern const char reading_without_header[];
extern const char reading_quic[];

/* Why no WebSocket connection was found: no slots. */
typedef enum {
    READING_NOT_WHOLE,  /* not everything could be looked into */
    READING_NO_PACKETS, /* everything could; there was none */
    READING_NO_TCP,
    READING_NONE, /* there is TCP, and no WebSocket in it */
    READING_NONE_FOUND_ROWS
} reading_none_found;

extern const char *const reading_none_found_rows[READING_NONE_FOUND_ROWS];

#endif
