/* codes.h
 * What is said of each status code, and of two of them side by side.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WSCLOSE_WORDS_CODES_H
#define WSCLOSE_WORDS_CODES_H

#include "wsclose/code.h"

/* Ascending, from 0 to 65535. */
extern const wsclose_code_info code_rows[];
extern const size_t code_rows_count;

/* Two codes that people really confuse; true whichever of the two is asked for first. */
typedef struct {
    uint16_t low;
    uint16_t high;
    const char *key_difference;
    const char *which_when;
} code_pair_row;

extern const code_pair_row code_pairs[];
extern const size_t code_pairs_count;

/* What a code is good for. */
typedef enum {
    CODE_USE_EITHER, /* on the wire, from either side */
    CODE_USE_CLIENT,
    CODE_USE_SERVER,
    CODE_USE_REPORTED, /* never on the wire: 1005, 1006 and 1015 are reported to the application */
    CODE_USE_NONE,
    CODE_USE_COUNT
} code_use;

/* Rows of one code: {code}, {name}, and from here and the table {sender}, {says} and {when}. */
typedef struct {
    const char *sender;     /* part of a sentence */
    const char *presence;   /* where the code is found */
    const char *presences;  /* the same of two codes of this use */
    const char *which_when; /* when to send or expect it */
} code_use_row;

extern const code_use_row code_uses[CODE_USE_COUNT];

/* What codes of a class belong to; NULL for a class that is never on the wire. */
extern const char *const code_families[WSCLOSE_CLASS_INVALID + 1];

/* How two codes compare that no pair is written for. */
typedef enum {
    CODES_EQUAL,
    CODES_PRIVATE, /* both; so the next three */
    CODES_UNREGISTERED,
    CODES_UNASSIGNED,
    CODES_INVALID,
    CODES_OF_ONE_USE,
    CODES_OF_ONE_USE_AND_TWO_FAMILIES,
    CODES_OF_TWO_USES,
    CODES_OF_TWO_USES_AND_FAMILIES,
    CODE_COMPARISON_COUNT
} code_comparison_kind;

/* Rows of two codes: {first} and {second}, the numbers; {first says}, {first presence}, {first
 * when}, {first family} and the same of the second; {both}, what is equally true of the two. */
typedef struct {
    const char *in_short; /* one sentence */
    const char *more;     /* where no pair is written, the difference goes on like this */
    const char *which_when;
} code_comparison_row;

extern const code_comparison_row code_comparisons[CODE_COMPARISON_COUNT];

#endif
