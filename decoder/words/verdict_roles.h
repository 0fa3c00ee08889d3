/* verdict_roles.h
 * The slots of one side, by its part in the ending.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WSCLOSE_WORDS_VERDICT_ROLES_H
#define WSCLOSE_WORDS_VERDICT_ROLES_H

#include "verdict_words.h"

typedef enum {
    ROLE_CLIENT,
    ROLE_SERVER,
    ROLE_FIRST,
    ROLE_SECOND,
    ROLE_ENDER,
    ROLE_CULPRIT,
    ROLE_VICTIM, /* of the culprit */
    ROLE_ACTOR,  /* of the cause */
    ROLE_WHO
} role_id;

/* The slots of a role. */
template_scope verdict_role_scope(const verdict_role *role, role_id id,
                                  const template_scope *outer);

#endif
