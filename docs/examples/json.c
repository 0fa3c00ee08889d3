/* json.c
 * Print JSON that a peer has had a hand in, so that a terminal obeys none of it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <stdio.h>

#include <wsclose/wsclose.h>

int
main(void)
{
    /* A reason with the escape sequence that clears a screen, and with a right-to-left override. */
    char *text = wsclose_json_printable("{\"reason\":\"bye\x1b[2J \xe2\x80\xae\"}");

    puts(text);
    wsclose_text_free(text);
    return 0;
}
