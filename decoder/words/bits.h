/* bits.h
 * Tables with one row per bit of a set.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WSCLOSE_BITS_H
#define WSCLOSE_BITS_H

/* The place of a bit among the others, from 0: which row of the table is its. A constant for every compiler, so
   no builtin of one. */
#define BIT_INDEX(bit)                                                                             \
    ((((bit)&0xaaaaaaaau) != 0) | (((bit)&0xccccccccu) != 0) << 1 |                                \
     (((bit)&0xf0f0f0f0u) != 0) << 2 | (((bit)&0xff00ff00u) != 0) << 3 |                           \
     (((bit)&0xffff0000u) != 0) << 4)

/* The row of the first bit of a set; any row where that is empty. */
#define BIT_FIRST(set) BIT_INDEX((set) & (~(set) + 1u))

/* Whether a set has the bit of a row. */
#define HAS_BIT(set, index) (((set) >> (index)&1u) != 0)

#endif
