/* utf8.c
 * Is a text message UTF-8 that comes in pieces, masked as a client sends it?
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <stdio.h>
#include <string.h>

#include <wsclose/wsclose.h>

int
main(void)
{
    static const uint8_t key[4] = { 0x37, 0xfa, 0x21, 0x3d };
    uint8_t masked[] = { 'f', 0xc3, 0xa9, 't', 0xc3 };
    wsclose_utf8 text;

    memset(&text, 0, sizeof text);
    wsclose_unmask(masked, masked, sizeof masked, key, 0);
    wsclose_utf8_take(&text, masked, 2, key, 0);
    printf("2 octets: %s\n", wsclose_utf8_is_whole(&text) ? "whole" : "within a character");
    wsclose_utf8_take(&text, masked + 2, 2, key, 2);
    printf("4 octets: %s\n", wsclose_utf8_is_whole(&text) ? "whole" : "within a character");
    wsclose_utf8_take(&text, masked + 4, 1, key, 4);
    printf("5 octets: %s, %s\n", wsclose_utf8_is_whole(&text) ? "whole" : "within a character",
           text.broken ? "broken" : "so far UTF-8");
    return 0;
}
