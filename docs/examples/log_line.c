/* log_line.c
 * What does a line of a log mean, and whose words are these?
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <stdio.h>
#include <string.h>

#include <wsclose/wsclose.h>

static void
show_line(const char *line)
{
    wsclose_message *message = wsclose_message_recognise(line, strlen(line));

    printf("%s\n", line);
    if (message) {
        printf("  code %u, cause %s, to change: %s\n", message->code,
               wsclose_cause_name(message->cause), message->side ? message->side : "nothing");
        for (char **library = message->libraries; *library; library++)
            printf("  written by %s\n", *library);
        printf("  %s\n  to do: %s\n  in a capture: %s\n", message->meaning, message->fix,
               message->filter);
    } else {
        printf("  not known\n");
    }
    wsclose_message_free(message);
}

int
main(void)
{
    wsclose_message *message;
    size_t count = 0;

    show_line("websocket: close 1006 (abnormal closure): unexpected EOF");
    show_line("received 1011 (internal error) keepalive ping timeout; then sent 1011");
    show_line("GET /index.html 200");
    while ((message = wsclose_message_at(count)) != NULL) {
        wsclose_message_free(message);
        count++;
    }
    printf("%s messages are known\n", count > 100 ? "more than a hundred" : "few");
    return 0;
}
