/* consumer.c
 * A program of somebody else: it has the installed headers and library, and nothing of our build.
 *
 * C and C++ alike, and no GLib: the public headers ask for neither.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <stdio.h>
#include <string.h>

#include <wsclose/wsclose.h>

static wsclose_header
header_of(const char *value)
{
    wsclose_header header;
    header.presence = WSCLOSE_HEADER_PRESENT;
    header.value.data = value;
    header.value.len = strlen(value);
    return header;
}

static void
show_body(const uint8_t *octets, size_t len)
{
    wsclose_close_body body;
    wsclose_close_body_decode(octets, len, len, &body);
    printf("close %u %s \"%.*s\"\n", body.code,
           wsclose_code_class_name(wsclose_code_lookup(body.code)->code_class),
           (int)body.reason.len, body.reason.len > 0 ? body.reason.data : "");
}

int
main(void)
{
    static const uint8_t bye[] = {0x03, 0xe8, 'b', 'y', 'e'};
    show_body(NULL, 0);
    show_body(bye, sizeof bye);

    wsclose_code_comparison *comparison =
        wsclose_code_compare(WSCLOSE_CODE_NO_STATUS_RCVD, WSCLOSE_CODE_MANDATORY_EXT);
    printf("compare %u %u: %s\n", comparison->codes[0], comparison->codes[1],
           comparison->key_difference[0] ? "explained" : "empty");
    wsclose_code_comparison_free(comparison);

    const wsclose_header offer = header_of("permessage-deflate; client_max_window_bits, x-other");
    const wsclose_header response = header_of("permessage-deflate");
    wsclose_negotiation *negotiation = wsclose_negotiation_match(&offer, &response);
    printf("negotiation %s, declined %s\n", wsclose_negotiation_verdict_name(negotiation->verdict),
           negotiation->n_declined == 1 ? negotiation->declined[0] : "?");
    wsclose_negotiation_free(negotiation);

    wsclose_ext_list *list = wsclose_ext_list_parse("a b", 3);
    printf("grammar %s at %u\n", list->valid ? "valid" : "broken", (unsigned)list->error_offset);
    wsclose_ext_list_free(list);
    return 0;
}
