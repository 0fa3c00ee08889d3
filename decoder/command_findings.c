/* command_findings.c
 * The subcommand findings: what the plugin can find in a capture.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "command.h"

#include <wsclose/finding.h>

#include <string.h>

#include "command_print.h"

static void
finding_text(GString *out, const wsclose_finding_info *info)
{
    char *grade = g_strdup_printf("%s, %s", wsclose_severity_name(info->severity),
                                  wsclose_finding_group_name(info->group));

    g_string_append_printf(out, "%s\n", info->name);
    print_row(out, "severity", grade);
    print_row(out, "summary", info->summary);
    print_row(out, "when", info->when);
    g_free(grade);
}

static void
finding_object(GString *out, const wsclose_finding_info *info)
{
    JsonBuilder *json = json_builder_new();

    json_builder_begin_object(json);
    member_string(json, "name", info->name);
    member_string(json, "severity", wsclose_severity_name(info->severity));
    member_string(json, "group", wsclose_finding_group_name(info->group));
    member_string(json, "summary", info->summary);
    member_string(json, "when", info->when);
    json_builder_end_object(json);
    print_json(out, json);
    g_object_unref(json);
}

/* Whether a name is asked for; no name asks for all. */
static bool
is_asked_for(const request *req, const char *name)
{
    return req->n_args == 0 || g_strv_contains((const char *const *)req->args, name);
}

static bool
is_finding(const char *name)
{
    for (wsclose_finding finding = 0; finding < WSCLOSE_FINDINGS; finding++) {
        if (strcmp(name, wsclose_finding_lookup(finding)->name) == 0)
            return true;
    }
    return false;
}

int
command_findings(request *req)
{
    bool is_first = true;

    for (guint i = 0; i < req->n_args; i++) {
        if (!is_finding(req->args[i]))
            return command_usage_error(req->command, "'%s' is not a finding", req->args[i]);
    }
    for (wsclose_finding finding = 0; finding < WSCLOSE_FINDINGS; finding++) {
        const wsclose_finding_info *info = wsclose_finding_lookup(finding);

        if (!is_asked_for(req, info->name))
            continue;
        if (!req->json && !is_first)
            g_string_append_c(req->out, '\n');
        is_first = false;
        (req->json ? finding_object : finding_text)(req->out, info);
    }
    return STATUS_GOOD;
}
