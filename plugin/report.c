/* report.c
 * What the reports share: the tap that feeds them, and which connections passed a report's filter.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "report.h"

#include <stdio.h>
#include <stdlib.h>

#include <epan/stat_tap_ui.h>
#include <epan/tap.h>

#include "reading.h"

/* One report that was asked for. */
typedef struct {
    const report_kind *kind;
    char *filter;         /* NULL for none */
    GByteArray *selected; /* a bit for each connection of the capture at hand */
    GPtrArray *lines;
    uint64_t n_printed;
} report;

static int tap = -1;
static GSList *reports;
static bool is_said; /* what could not be looked into */

void
report_packet(packet_info *pinfo, const store_event *events)
{
    if (!have_tap_listener(tap))
        return;
    for (uint32_t i = store_connection_from(pinfo->num); i < store_connections(); i++) {
        const store_connection *connection = store_connection_at(i);

        if (connection->begun.number != pinfo->num)
            break;
        store_event *begin = wmem_new0(pinfo->pool, store_event);
        begin->connection = connection;
        begin->kind = STORE_EVENT_BEGIN;
        tap_queue_packet(tap, pinfo, begin);
    }
    for (; events; events = events->next)
        tap_queue_packet(tap, pinfo, events);
}

/* Reports with a line per connection. What is told of a connection is what the store knows in the
 * end, so a packet only selects it. */

void
report_select(GByteArray *selected, const store_connection *connection)
{
    const unsigned octet = connection->stream / 8;

    if (octet >= selected->len) {
        const unsigned from = selected->len;

        g_byte_array_set_size(selected, octet + 1);
        memset(selected->data + from, 0, octet + 1 - from);
    }
    selected->data[octet] |= (uint8_t)(1u << connection->stream % 8);
}

bool
report_is_selected(const GByteArray *selected, const store_connection *connection)
{
    const unsigned octet = connection->stream / 8;

    return octet < selected->len && selected->data[octet] & 1u << connection->stream % 8;
}

static tap_packet_status
select_connection(void *data, packet_info *pinfo _U_, epan_dissect_t *edt _U_, const void *event,
                  tap_flags_t flags _U_)
{
    report_select(((report *)data)->selected, ((const store_event *)event)->connection);
    return TAP_PACKET_REDRAW;
}

static void
print_lines(report *wanted)
{
    wanted->kind->print(wanted->lines, wanted->filter);
    wanted->n_printed += wanted->lines->len;
    g_ptr_array_set_size(wanted->lines, 0);
}

static void
take_lines(report *wanted)
{
    for (uint32_t i = 0; i < store_connections() && i / 8 < wanted->selected->len; i++) {
        const store_connection *connection = store_connection_at(i);

        /* What was captured twice is one connection. */
        if (!report_is_selected(wanted->selected, connection) || connection->is_copy)
            continue;
        g_ptr_array_add(wanted->lines, wanted->kind->line_of(connection));
        /* Lines of very many connections would take more than all that is kept of them. */
        if (wanted->kind->at_once)
            print_lines(wanted);
    }
    g_byte_array_set_size(wanted->selected, 0);
}

static bool
is_said_by_table(void)
{
    for (GSList *entry = reports; entry; entry = entry->next) {
        if (((report *)entry->data)->kind->is_read)
            return true;
    }
    return false;
}

void
report_say_unread(void)
{
    if (is_said || is_said_by_table())
        return;
    is_said = true;
    const wsclose_reading reading = reading_so_far();
    char *text = wsclose_explain_reading(&reading);
    for (char *line = text, *end; (end = strchr(line, '\n')) != NULL; line = end + 1)
        fprintf(stderr, "wsclose: %.*s\n", (int)(end - line), line);
    wsclose_text_free(text);
}

/* The end of a report: how far the captures were read. */
static void
print_end(const report *wanted)
{
    const wsclose_reading reading = reading_so_far();
    const bool says = wanted->kind->is_read && !is_said;
    char *unread = says ? wsclose_explain_reading(&reading) : NULL;

    wanted->kind->print_end(
        &(report_end){ .reading = reading, .lines = wanted->n_printed, .unread = unread });
    is_said |= says;
    wsclose_text_free(unread);
}

static void
print_report(void *data)
{
    report *wanted = data;

    take_lines(wanted);
    print_lines(wanted);
    print_end(wanted);
    fflush(stdout);
    report_say_unread();
}

void
report_begin_anew(void)
{
    is_said = false;
    reading_begin_anew();
}

static void
reset_report(void *data)
{
    report *wanted = data;

    report_begin_anew();
    wanted->n_printed = 0;
    g_byte_array_set_size(wanted->selected, 0);
    g_ptr_array_set_size(wanted->lines, 0);
}

static void
free_report(void *data)
{
    report *wanted = data;

    reports = g_slist_remove(reports, wanted);
    g_byte_array_free(wanted->selected, TRUE);
    g_ptr_array_free(wanted->lines, TRUE);
    g_free(wanted->filter);
    g_free(wanted);
}

/* Several captures in a row, as with a ring buffer, make one report. */
void
report_capture_ends(void)
{
    if (have_tap_listener(tap))
        reading_capture_ends();
    for (GSList *entry = reports; entry; entry = entry->next) {
        report *wanted = entry->data;

        take_lines(wanted);
    }
}

static bool
begin_report(const report_kind *kind, const char *argument)
{
    const char *rest = argument + strlen(kind->cli_string);
    GString *error = NULL;

    if (*rest != '\0' && *rest != ',') {
        error = g_string_new(NULL);
        g_string_printf(error, "there is no such report; did you mean \"%s\"?", kind->cli_string);
    } else {
        report *wanted = g_new0(report, 1);
        wanted->kind = kind;
        wanted->filter = *rest == ',' && rest[1] != '\0' ? g_strdup(rest + 1) : NULL;
        wanted->selected = g_byte_array_new();
        wanted->lines = g_ptr_array_new_with_free_func(kind->free_line);
        error = register_tap_listener(REPORT_TAP, wanted, wanted->filter, TL_REQUIRES_NOTHING,
                                      reset_report, select_connection, print_report, free_report);
        if (error)
            free_report(wanted);
        else
            reports = g_slist_append(reports, wanted);
    }
    if (!error)
        return true;
    fprintf(stderr, "-z %s: %s\n", argument, error->str);
    g_string_free(error, TRUE);
    return false;
}

static compat_stat_begun
begin_report_cb(const char *argument, void *kind)
{
    return compat_stat_began(begin_report(kind, argument));
}

void
report_register_lines(const report_kind *kind)
{
    stat_tap_ui ui = { .group = REGISTER_STAT_GROUP_GENERIC,
                       .cli_string = kind->cli_string,
                       .tap_init_cb = begin_report_cb };

    register_stat_tap_ui(&ui, (void *)kind);
}

void
report_register(void)
{
    tap = register_tap(REPORT_TAP);
    reading_register();
}
