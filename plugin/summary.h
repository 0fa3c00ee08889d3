/* summary.h
 * One connection in a few words: what the reports tell of it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WSCLOSE_PLUGIN_SUMMARY_H
#define WSCLOSE_PLUGIN_SUMMARY_H

#include "compat.h"

#include "store.h"

/* What is known of a connection. */
typedef struct {
    const store_connection *connection;
    const wsclose_negotiation *negotiation; /* as store_negotiation() lends it */
    bool ended;                             /* else it is open as far as the capture goes */
    wsclose_verdict verdict;                /* where it has ended */
} summary;

summary summary_of(const store_connection *connection);

/* Octets of the traffic as UTF-8 that can be printed on one line: what is not UTF-8, or is no
 * character to print, as U+FFFD. New; free it with g_free(). */
char *summary_printable(const char *octets, size_t len);

/* The address of the client (0) or the server (1), without its name. New; free it with g_free(). */
char *summary_address(const store_endpoints *ends, size_t side);

/* "192.0.2.1:80", "[2001:db8::1]:80". New; free it with g_free(). */
char *summary_address_and_port(const store_endpoints *ends, size_t side);

/* "yes", "refused", "no answer" or "not seen": what became of the opening handshake; static. */
const char *summary_opened(const wsclose_connection *state);

/* When a connection began: nanoseconds after the first packet of its capture. */
int64_t summary_start(const store_connection *connection);

/* Columns of a table of connections: the answer first, since a window shows no more of them at its
 * own width. */
typedef enum {
    SUMMARY_STREAM,
    SUMMARY_VERDICT_BRIEF, /* in a few words */
    SUMMARY_CAUSE,         /* its word; of one that goes on too, where one is shown */
    SUMMARY_CLIENT_CODE,
    SUMMARY_SERVER_CODE,
    SUMMARY_INITIATOR,
    SUMMARY_START,
    SUMMARY_CLIENT,
    SUMMARY_SERVER,
    SUMMARY_TARGET,
    SUMMARY_OPENED,
    SUMMARY_DURATION,
    SUMMARY_IDLE,
    SUMMARY_CLEAN,
    SUMMARY_NEGOTIATED,
    SUMMARY_DECLINED,
    SUMMARY_VERDICT, /* in one line */
    SUMMARY_COLUMNS
} summary_column;

/* One line of the table: SUMMARY_COLUMNS texts, NULL-terminated. "?" is what the capture cannot
 * tell, "-" what is not there. New; free it with g_strfreev(). */
char **summary_row(const store_connection *connection);

#endif
