/* code.c
 * What does a status code mean, may a Close frame carry it, and how do two of them differ?
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <stdio.h>

#include <wsclose/wsclose.h>

static void
show_code(uint16_t code)
{
    const wsclose_code_info *info = wsclose_code_lookup(code);

    printf("%u %s: %s\n", code, info->name, info->meaning);
    printf("  class %s, sent by %s, %s\n", wsclose_code_class_name(info->code_class),
           wsclose_may_send_name(info->may_send),
           wsclose_code_may_be_on_wire(code) ? "may be in a Close frame"
                                             : "never in a Close frame");
    printf("  to do: %s\n", info->fix);
}

static void
show_difference(uint16_t a, uint16_t b)
{
    wsclose_code_comparison *comparison = wsclose_code_compare(a, b);

    printf("%u and %u: %s\n", a, b, comparison->in_short);
    printf("  which when: %s\n", comparison->which_when);
    wsclose_code_comparison_free(comparison);
}

/* All codes that have a row of their own. */
static void
list_codes(void)
{
    size_t count;
    const wsclose_code_info *table = wsclose_code_table(&count);

    for (size_t i = 0; i < count; i++) {
        if (table[i].first == table[i].last)
            printf("%u %s\n", table[i].first, table[i].name);
    }
}

int
main(void)
{
    show_code(WSCLOSE_CODE_NO_STATUS_RCVD);
    show_code(WSCLOSE_CODE_MANDATORY_EXT);
    show_code(4321);
    show_difference(WSCLOSE_CODE_NO_STATUS_RCVD, WSCLOSE_CODE_ABNORMAL_CLOSURE);
    list_codes();
    return 0;
}
