/* transport_end.c
 * How one side ended the transport, in words.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "transport_end.h"

#include "../ending.h"
#include "carrier.h"
#include "stream_error.h"

typedef enum {
    ROW_NOTHING,
    ROW_LEFT_OUT, /* what it did */
    ROW_RESET,
    ROW_ENDED,
    ROW_ENDED_SIDE,
    ROW_STREAM, /* to what */
    ROW_CONNECTION,
    ROW_SIGNAL, /* by what */
    ROW_ERROR,
    ROW_SIGNAL_AND_ERROR,
    ROW_OWN_GOAWAY, /* why, where it was the connection under the stream */
    ROW_GOAWAY_OF_PEER,
    ROW_GOAWAY,
    ROW_GOAWAY_WITH_ERROR,
    ROW_COUNT
} row_id;

static const char *const rows[] = {
    [ROW_NOTHING] = "",
    [ROW_LEFT_OUT] = "left out the stream with {goaway}",
    [ROW_RESET] = "reset {what}{how}{why}",
    [ROW_ENDED] = "ended {what}{how}{why}",
    [ROW_ENDED_SIDE] = "ended its side of {what}{how}{why}",
    [ROW_STREAM] = "{transport}",
    [ROW_CONNECTION] = "{connection}",
    [ROW_SIGNAL] = " ({signal})",
    [ROW_ERROR] = " ({error})",
    [ROW_SIGNAL_AND_ERROR] = " ({signal}, {error})",
    [ROW_OWN_GOAWAY] = " after {goaway}",
    [ROW_GOAWAY_OF_PEER] = " after the {peer}'s {goaway of peer}",
    [ROW_GOAWAY] = "GOAWAY",
    [ROW_GOAWAY_WITH_ERROR] = "GOAWAY ({error})",
};
G_STATIC_ASSERT(G_N_ELEMENTS(rows) == ROW_COUNT);

typedef struct {
    const wsclose_connection *connection;
    wsclose_side side;
    transport_end_detail detail;
} end_context;

static const wsclose_end_mark *
end_of(const end_context *context)
{
    return &context->connection->ends[context->side];
}

/* The stream itself was ended, not the connection under it. */
static bool
is_stream(const end_context *context)
{
    return context->connection->carrier != WSCLOSE_CARRIER_HTTP1 &&
           end_of(context)->cause != WSCLOSE_END_BY_CONNECTION;
}

static bool
is_reset(const end_context *context)
{
    return end_of(context)->kind == WSCLOSE_END_RESET;
}

static void append_row(GString *text, const end_context *context, row_id row);

static void
append_what(GString *text, const void *context)
{
    append_row(text, context, is_stream(context) ? ROW_STREAM : ROW_CONNECTION);
}

/* By what the transport was ended, in the terms of TCP or of the HTTP version; NULL for QUIC. */
static const char *
signal_of(const end_context *context)
{
    const bool reset = is_reset(context);

    if (context->connection->carrier == WSCLOSE_CARRIER_HTTP3)
        return !is_stream(context) ? NULL : reset ? "RESET_STREAM" : "FIN";
    if (is_stream(context))
        return reset ? "RST_STREAM" : "END_STREAM";
    return reset ? "RST" : "FIN";
}

static void
append_signal(GString *text, const void *context)
{
    g_string_append(text, signal_of(context));
}

static void
append_error(GString *text, const void *data)
{
    const end_context *context = data;

    stream_error_append(text, context->connection->carrier, end_of(context)->error);
}

static void
append_how(GString *text, const void *data)
{
    const end_context *context = data;
    const wsclose_end_mark *end = end_of(context);
    const bool error = context->detail != TRANSPORT_END_BRIEFLY && is_stream(context) &&
                       is_reset(context) && end->has_error && !end->goaway;
    const bool signal = context->detail == TRANSPORT_END_EXACTLY && signal_of(context);

    append_row(text, context,
               signal && error ? ROW_SIGNAL_AND_ERROR
               : signal        ? ROW_SIGNAL
               : error         ? ROW_ERROR
                               : ROW_NOTHING);
}

static void
append_goaway(GString *text, const void *context)
{
    append_row(text, context, end_of(context)->has_error ? ROW_GOAWAY_WITH_ERROR : ROW_GOAWAY);
}

static end_context
of_peer(const end_context *context)
{
    return (end_context){ context->connection, wsclose_side_peer(context->side), context->detail };
}

static void
append_goaway_of_peer(GString *text, const void *context)
{
    const end_context peer = of_peer(context);

    append_goaway(text, &peer);
}

static void
append_peer(GString *text, const void *context)
{
    g_string_append(text, wsclose_side_name(of_peer(context).side));
}

/* Why the connection under a stream was ended, as far as GOAWAY says: that with an error counts,
 * whoever sent it, as the other side answers it by ending the connection. */
static row_id
why_of(const end_context *context)
{
    const wsclose_connection *connection = context->connection;

    if (context->detail == TRANSPORT_END_BRIEFLY ||
        end_of(context)->cause != WSCLOSE_END_BY_CONNECTION)
        return ROW_NOTHING;
    if (ending_is_blaming(connection, wsclose_side_peer(context->side)) &&
        !ending_is_blaming(connection, context->side))
        return ROW_GOAWAY_OF_PEER;
    return end_of(context)->goaway ? ROW_OWN_GOAWAY : ROW_NOTHING;
}

static void
append_why(GString *text, const void *context)
{
    append_row(text, context, why_of(context));
}

static const template_slot slots[] = {
    { "what", NULL, append_what },
    { "how", NULL, append_how },
    { "signal", NULL, append_signal },
    { "error", NULL, append_error },
    { "why", NULL, append_why },
    { "goaway", NULL, append_goaway },
    { "goaway of peer", NULL, append_goaway_of_peer },
    { "peer", NULL, append_peer },
};

static void
append_row(GString *text, const end_context *context, row_id row)
{
    const template_scope scope = { slots, G_N_ELEMENTS(slots), context,
                                   carrier_scope(context->connection->carrier) };

    template_append(text, &scope, rows[row]);
}

static row_id
row_of(const end_context *context)
{
    if (end_of(context)->cause == WSCLOSE_END_BY_GOAWAY && context->detail != TRANSPORT_END_BRIEFLY)
        return ROW_LEFT_OUT;
    if (is_reset(context))
        return ROW_RESET;
    return context->detail == TRANSPORT_END_EXACTLY ? ROW_ENDED_SIDE : ROW_ENDED;
}

void
transport_end_append(GString *text, const wsclose_connection *connection, wsclose_side side,
                     transport_end_detail detail)
{
    const end_context context = { connection, side, detail };

    append_row(text, &context, row_of(&context));
}

void
transport_end_append_error(GString *text, const wsclose_connection *connection, wsclose_side side)
{
    append_error(text, &(end_context){ connection, side, TRANSPORT_END_PLAINLY });
}
