/* findings.c
 * All that can be found, and what was found in a Close frame: a warning of empty ones.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <stdio.h>

#include <wsclose/wsclose.h>

enum { TOO_MANY = 3 };

static void
list_findings(void)
{
    for (unsigned i = 0; i < WSCLOSE_FINDINGS; i++) {
        const wsclose_finding_info *info = wsclose_finding_lookup((wsclose_finding)i);

        printf("%s (%s, %s): %s\n", info->name, wsclose_severity_name(info->severity),
               wsclose_finding_group_name(info->group), info->summary);
    }
}

static void
show_set(wsclose_finding_set set, wsclose_severity severity)
{
    printf("%s and graver:\n", wsclose_severity_name(severity));
    for (unsigned i = 0; i < WSCLOSE_FINDINGS; i++) {
        if (wsclose_finding_is_in((wsclose_finding)i, wsclose_findings_from(set, severity)))
            printf("  %s\n", wsclose_finding_lookup((wsclose_finding)i)->name);
    }
}

/* An empty Close of the server's, on a connection of its own. Returns what is found in it. */
static wsclose_finding_set
take_empty_close(unsigned *count, const char *address)
{
    const wsclose_frame frame = { .fin = true, .opcode = WSCLOSE_OPCODE_CLOSE, .header_len = 2 };
    const wsclose_moment moment = { 1, 0 };
    wsclose_connection connection;
    wsclose_close_body body;
    wsclose_close_meaning meaning;

    wsclose_connection_init(&connection);
    wsclose_close_body_decode(NULL, 0, 0, &body);
    const wsclose_close_fact fact = { .sender = WSCLOSE_SERVER, .body = &body };
    wsclose_connection_close(&connection, &fact, moment, &meaning);
    *count += wsclose_close_is_counted(&body, &meaning);
    const wsclose_close_context context = { .sender = WSCLOSE_SERVER,
                                            .frame = &frame,
                                            .body = &body,
                                            .meaning = &meaning,
                                            .empty_count = *count,
                                            .empty_limit = TOO_MANY,
                                            .sender_address = address };
    const wsclose_event event = { .kind = WSCLOSE_EVENT_CLOSE,
                                  .connection = &connection,
                                  .close = &context };
    return wsclose_findings_take(&connection, &event);
}

int
main(void)
{
    static const char address[] = "192.0.2.7";
    wsclose_finding_set found = 0;
    unsigned count = 0;

    list_findings();
    for (int i = 0; i < TOO_MANY; i++)
        found = take_empty_close(&count, address);
    show_set(found, WSCLOSE_SEVERITY_CHAT);
    show_set(found, WSCLOSE_SEVERITY_WARNING);
    if (wsclose_finding_is_in(WSCLOSE_FINDING_NO_STATUS_REPEATED, found)) {
        char *text = wsclose_explain_no_status_repeated(address, count);
        printf("%s\n", text);
        wsclose_text_free(text);
    }
    return 0;
}
