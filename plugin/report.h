/* report.h
 * What the reports share: the tap that feeds them, and which connections passed a report's filter.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WSCLOSE_PLUGIN_REPORT_H
#define WSCLOSE_PLUGIN_REPORT_H

#include "compat.h"

#include "store.h"

/* The tap's name. Its data is a store_event, also of kind STORE_EVENT_BEGIN. */
#define REPORT_TAP "wsclose"

/* A report that tshark prints with a line per connection. */
typedef struct {
    const char *cli_string; /* "wsclose,conn": a filter may follow */
    gpointer (*line_of)(const store_connection *connection); /* new, for print */
    void (*print)(const GPtrArray *lines, const char *filter);
    GDestroyNotify free_line;
    bool at_once; /* each line is printed as it is made, not all with the last of several captures */
} report_kind;

/* Register the tap; once, from the registration routine, before the reports that listen to it. */
void report_register(void);

/* Register one that tshark prints. */
void report_register_lines(const report_kind *kind);

/* Tell the reports of a packet: of the connections that begin in it, then of its events. */
void report_packet(packet_info *pinfo, const store_event *events);

/* Take what is wanted of the capture at hand before the store forgets it. */
void report_capture_ends(void);

#endif
