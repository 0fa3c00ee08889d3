/* verdict_causes.h
 * Which row tells of the cause of an ending.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WSCLOSE_WORDS_VERDICT_CAUSES_H
#define WSCLOSE_WORDS_VERDICT_CAUSES_H

#include "../ending.h"
#include "causes.h"

const cause_row *cause_row_of(const ending *e);

#endif
