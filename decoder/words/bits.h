/* bits.h
 * Tables with one row per bit of a set.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WSCLOSE_BITS_H
#define WSCLOSE_BITS_H

/* The place of a bit among the others, from 0: which row of the table is its. */
#define BIT_INDEX(bit) __builtin_ctz(bit)

/* The row of the first bit of a set; any row where that is empty. */
#define BIT_FIRST(set) ((set) != 0 ? BIT_INDEX(set) : 0)

/* Whether a set has the bit of a row. */
#define HAS_BIT(set, index) (((set) >> (index)&1u) != 0)

#endif
