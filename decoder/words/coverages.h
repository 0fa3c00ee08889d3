/* coverages.h
 * What is said of TCP connections that could not be looked into.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WSCLOSE_WORDS_COVERAGES_H
#define WSCLOSE_WORDS_COVERAGES_H

/* What stood in the way. */
typedef enum {
    COVERAGE_TLS_WITHOUT_KEYS,
    COVERAGE_TLS_OUTSIDE, /* told from outside */
    COVERAGE_TLS_PARTLY,
    COVERAGE_BEGUN_BEFORE,
    COVERAGE_WITH_GAPS,
    COVERAGE_CUT,
    COVERAGE_ROWS
} coverage_kind;

/* Rows with the slots {count}, {connections}, {are}, {have}, {lack}, {carry}, {them}, {their}. */
typedef struct {
    const char *what;   /* a sentence or two */
    const char *remedy; /* likewise */
} coverage_row;

extern const coverage_row coverage_rows[COVERAGE_ROWS];

#endif
