/* extension_private.h
 * Extension lists, as the decoder's own modules need them.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WSCLOSE_EXTENSION_PRIVATE_H
#define WSCLOSE_EXTENSION_PRIVATE_H

#include "wsclose/extension.h"

/** A list without an element that is valid all the same: the header is not there.
 *
 *  Free it with wsclose_ext_list_free(). */
wsclose_ext_list *ext_list_new(void);

/** A list's extensions by name. Sorted, not hashed: no choice of names makes it slow. */
typedef struct {
    const wsclose_ext **sorted; /**< by name, equal names in the order of the list */
    size_t n;
} ext_index;

/** Index a list, which must outlive the index. */
void ext_index_init(ext_index *index, const wsclose_ext_list *list);

/** Free what an index holds. */
void ext_index_clear(ext_index *index);

/** The extensions of one name, in the order of the list.
 *
 *  count  where their number goes, not NULL
 *
 *  Returns NULL where there are none. */
const wsclose_ext **ext_index_find(const ext_index *index, const char *name, size_t *count);

#endif
