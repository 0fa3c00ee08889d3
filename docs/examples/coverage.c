/* coverage.c
 * What of a capture could not be looked into, so that nothing found means nothing there.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <stdio.h>
#include <string.h>

#include <wsclose/wsclose.h>

static void
show_text(char *text)
{
    printf("%s", text);
    wsclose_text_free(text);
}

/* TCP connections that a program counts as it reads them: one that carries octets by its flow. */
static wsclose_coverage
read_connections(void)
{
    const wsclose_flow_options options = { .find_midstream = true };
    wsclose_flow *flow = wsclose_flow_new(&options);
    wsclose_coverage coverage;

    memset(&coverage, 0, sizeof coverage);
    wsclose_coverage_take(&coverage, flow);
    wsclose_coverage_take_empty(&coverage, true);
    wsclose_coverage_take_empty(&coverage, false);
    wsclose_flow_free(flow);
    return coverage;
}

static void
show_reading(const wsclose_reading *reading)
{
    printf("%s\n",
           wsclose_reading_is_whole(reading) ? "all of it was read" : "not all of it was read:");
    show_text(wsclose_explain_reading(reading));
    if (reading->websocket_connections == 0)
        printf("%s\n", wsclose_explain_none_found(reading));
}

int
main(void)
{
    const wsclose_coverage other = { .tls_without_keys = 2 };
    wsclose_coverage coverage = read_connections();
    wsclose_reading reading;
    wsclose_reading next;

    wsclose_coverage_add(&coverage, &other);
    if (!wsclose_coverage_is_whole(&coverage))
        show_text(wsclose_explain_coverage(&coverage));

    memset(&reading, 0, sizeof reading);
    reading.packets = 100;
    reading.tcp_connections = 3;
    reading.coverage = coverage;
    show_reading(&reading);

    /* Another capture in which Wireshark was told not to dissect what it has to. */
    memset(&next, 0, sizeof next);
    next.packets = 50;
    for (size_t i = 0; wsclose_reading_need(i); i++) {
        if (strcmp(wsclose_reading_need(i), "tcp") == 0)
            next.disabled = UINT32_C(1) << i;
    }
    wsclose_reading_add(&reading, &next);
    show_reading(&reading);
    return 0;
}
