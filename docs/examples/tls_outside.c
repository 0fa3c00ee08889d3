/* tls_outside.c
 * TLS that nobody decrypts: what its records and its end show of a connection.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <stdio.h>

#include <wsclose/wsclose.h>

static wsclose_moment
at(uint32_t number, int64_t seconds)
{
    const wsclose_moment moment = { number, seconds * INT64_C(1000000000) };
    return moment;
}

static void
show_verdict(const wsclose_connection *connection)
{
    const wsclose_header unknown = { .presence = WSCLOSE_HEADER_UNKNOWN };
    wsclose_negotiation *negotiation = wsclose_negotiation_match(&unknown, &unknown);
    wsclose_verdict verdict;
    wsclose_cause cause;

    if (wsclose_connection_verdict(connection, &verdict)) {
        const wsclose_verdict_context context = { .connection = connection,
                                                  .verdict = &verdict,
                                                  .negotiation = negotiation };
        char *text = wsclose_explain_verdict(&context);
        printf("%s\n", text);
        wsclose_text_free(text);
        if (wsclose_cause_judge(&context, &cause))
            printf("  cause %s\n", wsclose_cause_name(cause.id));
    }
    wsclose_negotiation_free(negotiation);
}

static void
begin(wsclose_connection *connection)
{
    wsclose_connection_init(connection);
    wsclose_connection_outside(connection, at(1, 0), true);
    wsclose_connection_record(connection, WSCLOSE_CLIENT, at(4, 1));
    wsclose_connection_record(connection, WSCLOSE_SERVER, at(5, 1));
}

int
main(void)
{
    wsclose_connection connection;

    /* A minute of silence, and the server ends it. */
    begin(&connection);
    wsclose_connection_notified(&connection, WSCLOSE_SERVER);
    wsclose_connection_end(&connection, WSCLOSE_SERVER, WSCLOSE_END_ORDERLY, at(6, 61));
    wsclose_connection_end(&connection, WSCLOSE_CLIENT, WSCLOSE_END_ORDERLY, at(7, 61));
    show_verdict(&connection);

    /* Short records of both sides before the end, as a closing handshake has them. */
    begin(&connection);
    wsclose_connection_closing(&connection, at(6, 5), true);
    wsclose_connection_end(&connection, WSCLOSE_CLIENT, WSCLOSE_END_ORDERLY, at(8, 6));
    wsclose_connection_end(&connection, WSCLOSE_SERVER, WSCLOSE_END_ORDERLY, at(9, 6));
    show_verdict(&connection);

    /* A fatal alert: certificate_unknown. */
    begin(&connection);
    wsclose_connection_alert(&connection, WSCLOSE_CLIENT, 46, at(6, 2));
    wsclose_connection_end(&connection, WSCLOSE_CLIENT, WSCLOSE_END_RESET, at(7, 2));
    show_verdict(&connection);
    return 0;
}
