/* report.h
 * What the reports share: the tap that feeds them, and which connections passed a report's filter.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WSCLOSE_PLUGIN_REPORT_H
#define WSCLOSE_PLUGIN_REPORT_H

#include "compat.h"

#include <wsclose/reading.h>

#include "store.h"

/* The tap's name. Its data is a store_event, also of kind STORE_EVENT_BEGIN. */
#define REPORT_TAP "wsclose"

/* What is known when all lines of a report are printed. */
typedef struct {
    wsclose_reading reading; /* of all captures in a row */
    uint64_t lines;
    const char *unread; /* what could not be looked into, a line for each; NULL where it is said
                           elsewhere */
} report_end;

/* A report that tshark prints with a line per connection. */
typedef struct {
    const char *cli_string; /* "wsclose,conn": a filter may follow */
    gpointer (*line_of)(const store_connection *connection); /* new, for print */
    void (*print)(const GPtrArray *lines, const char *filter);
    void (*print_end)(const report_end *end);
    GDestroyNotify free_line;
    bool at_once; /* each line is printed as it is made, not all with the last of several captures */
    bool is_read; /* by people: it says what could not be looked into, so standard error need not */
} report_kind;

/* Register the tap; once, from the registration routine, before the reports that listen to it. */
void report_register(void);

/* Register one that tshark prints. */
void report_register_lines(const report_kind *kind);

/* Tell the reports of a packet: of the connections that begin in it, then of its events. */
void report_packet(packet_info *pinfo, const store_event *events);

/* A set of connections of the capture at hand, a bit for each: those that have a packet which passes
 * the filter of a report. It begins empty. */
void report_select(GByteArray *selected, const store_connection *connection);
bool report_is_selected(const GByteArray *selected, const store_connection *connection);

/* Take what is wanted of the capture at hand before the store forgets it. */
void report_capture_ends(void);

/* What was said is forgotten, since a report begins anew. */
void report_begin_anew(void);

/* Say on standard error what could not be looked into, unless it is said already or a table says it. */
void report_say_unread(void);

#endif
