/* command.h
 * What the files of the wsclose command share. The command alone prints; the decoder judges.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef COMMAND_H
#define COMMAND_H

#include <stdbool.h>

#include <glib.h>

/* Exit status. */
enum {
    STATUS_GOOD = 0,
    STATUS_BREACH = 1,
    STATUS_NO_ANSWER = 1,
    STATUS_USAGE = 2,
    STATUS_NOT_WRITTEN = 3
};

typedef struct subcommand subcommand;

/* What the user asks for, and the answer as it grows. */
typedef struct {
    const subcommand *command; /* NULL until it is known */
    gboolean json;
    gboolean help;
    gboolean version;
    gboolean no_offer;
    gboolean no_response;
    gboolean list;
    char **args; /* octets as the shell passed them, not taken for UTF-8 */
    guint n_args;
    GString *out;
    bool not_written; /* some of it could not be */
} request;

struct subcommand {
    const char *name;
    const char *arguments; /* for the usage line of its help */
    const char *summary;
    const char *description;
    bool has_sides;           /* takes --no-offer and --no-response */
    bool has_list;            /* takes --list */
    int (*run)(request *req); /* returns the exit status */
};

int command_code(request *req);
int command_compare(request *req);
int command_extensions(request *req);
int command_close(request *req);
int command_findings(request *req);
int command_explain(request *req);

/* Write what there is of an answer, which may be long, and go on with an empty one. */
void command_write(request *req);

/* Say what is wrong with the arguments, and where help is. Returns STATUS_USAGE. */
int command_usage_error(const subcommand *command, const char *format, ...) G_GNUC_PRINTF(2, 3);

#endif
