/* connection.c
 * A proxy that sees the frames itself tells what happens on a connection, and asks how it ended.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <stdio.h>
#include <string.h>

#include <wsclose/wsclose.h>

/* Facts come with a number, which may be that of a line in a log, and a time. */
static wsclose_moment
at(uint32_t number, int64_t milliseconds)
{
    const wsclose_moment moment = { number, milliseconds * 1000000 };
    return moment;
}

static wsclose_frame
frame_of(wsclose_side sender, uint8_t opcode, size_t len)
{
    const wsclose_frame frame = { .fin = true,
                                  .masked = sender == WSCLOSE_CLIENT,
                                  .opcode = opcode,
                                  .header_len = 2,
                                  .payload_len = len };
    return frame;
}

static void
open_connection(wsclose_connection *connection)
{
    const wsclose_handshake_response accepted = { .status = 101 };

    wsclose_connection_init(connection);
    wsclose_connection_request(connection, at(1, 0));
    wsclose_connection_by_browser(connection); /* by its User-Agent, say */
    wsclose_connection_response(connection, &accepted, at(2, 10));
}

static void
take_frame(wsclose_connection *connection, wsclose_side sender, uint8_t opcode,
           wsclose_moment moment)
{
    const wsclose_frame frame = frame_of(sender, opcode, 5);
    wsclose_frame_meaning meaning;

    wsclose_connection_frame(connection, sender, &frame, moment, &meaning);
    if (meaning.breaches != 0)
        printf("%s breaks the protocol in %u\n", wsclose_side_name(sender), moment.number);
    if (opcode == WSCLOSE_OPCODE_PING || opcode == WSCLOSE_OPCODE_PONG)
        wsclose_connection_heartbeat(connection, sender, opcode, 7, moment);
}

/* Returns whether it settles the connection. */
static bool
take_close(wsclose_connection *connection, wsclose_side sender, uint16_t code,
           wsclose_moment moment)
{
    const uint8_t octets[] = { (uint8_t)(code >> 8), (uint8_t)code };
    const wsclose_frame frame = frame_of(sender, WSCLOSE_OPCODE_CLOSE, sizeof octets);
    wsclose_close_body body;
    wsclose_close_meaning meaning;

    if (wsclose_connection_is_out_of_step(connection, sender, &frame))
        return false;
    wsclose_close_body_decode(octets, sizeof octets, sizeof octets, &body);
    const wsclose_close_fact fact = { .sender = sender,
                                      .body = &body,
                                      .breaches = wsclose_close_breaches(&frame, &body, sender) };
    const bool settles = wsclose_connection_close(connection, &fact, moment, &meaning);
    printf("%s closes with %u%s\n", wsclose_side_name(sender), code,
           meaning.echo ? ", as an answer" : "");
    return settles;
}

static void
show_verdict(const wsclose_connection *connection)
{
    wsclose_negotiation *negotiation;
    const wsclose_header absent = { .presence = WSCLOSE_HEADER_ABSENT };
    wsclose_verdict verdict;
    wsclose_cause cause;

    if (!wsclose_connection_verdict(connection, &verdict)) {
        printf("%s, goes on\n", wsclose_connection_opening(connection) == WSCLOSE_OPENING_SUCCEEDED
                                    ? "open"
                                    : "not open");
        return;
    }
    negotiation = wsclose_negotiation_match(&absent, &absent);
    const wsclose_verdict_context context = { .connection = connection,
                                              .verdict = &verdict,
                                              .negotiation = negotiation };
    char *text = wsclose_explain_verdict(&context);
    printf("%s\n", text);
    wsclose_text_free(text);
    if (wsclose_cause_judge(&context, &cause))
        printf("  cause %s\n", wsclose_cause_name(cause.id));
    wsclose_negotiation_free(negotiation);
}

/* A closing handshake. */
static void
closed_by_both(void)
{
    wsclose_connection connection;

    open_connection(&connection);
    take_frame(&connection, WSCLOSE_CLIENT, WSCLOSE_OPCODE_TEXT, at(3, 20));
    show_verdict(&connection);
    take_close(&connection, WSCLOSE_CLIENT, 1000, at(4, 30));
    if (take_close(&connection, WSCLOSE_SERVER, 1000, at(5, 40)))
        show_verdict(&connection);
    printf("  the client's Close is in %u\n",
           wsclose_connection_sent(&connection, WSCLOSE_CLIENT)->moment.number);
}

/* A Ping that nobody answers, and then the end of TCP. */
static void
no_pong(void)
{
    const wsclose_moment end = at(6, 30000);
    wsclose_connection connection;

    open_connection(&connection);
    take_frame(&connection, WSCLOSE_CLIENT, WSCLOSE_OPCODE_PING, at(3, 1000));
    take_frame(&connection, WSCLOSE_SERVER, WSCLOSE_OPCODE_PONG, at(4, 1010));
    take_frame(&connection, WSCLOSE_CLIENT, WSCLOSE_OPCODE_PING, at(5, 10000));
    printf("the server has been silent for %lld ms, a Ping has waited for %lld ms\n",
           (long long)wsclose_connection_silence(&connection, WSCLOSE_SERVER, end.time) / 1000000,
           (long long)wsclose_connection_ping_age(&connection, WSCLOSE_CLIENT, end.time) / 1000000);
    if (wsclose_connection_end(&connection, WSCLOSE_CLIENT, WSCLOSE_END_RESET, end))
        show_verdict(&connection);
}

/* A text that is not UTF-8, over which the other side closes. */
static void
bad_text(void)
{
    wsclose_connection connection;

    open_connection(&connection);
    take_frame(&connection, WSCLOSE_CLIENT, WSCLOSE_OPCODE_TEXT, at(3, 20));
    wsclose_connection_content(&connection, WSCLOSE_CLIENT, WSCLOSE_CONTENT_NOT_UTF8, at(3, 20));
    take_close(&connection, WSCLOSE_SERVER, 1007, at(4, 30));
    take_close(&connection, WSCLOSE_CLIENT, 1007, at(5, 40));
    show_verdict(&connection);
}

/* What answers the upgrade request is another service. */
static void
other_service(void)
{
    wsclose_connection connection;

    wsclose_connection_init(&connection);
    wsclose_connection_request(&connection, at(1, 0));
    wsclose_connection_not_http(&connection, at(2, 10));
    wsclose_connection_end(&connection, WSCLOSE_CLIENT, WSCLOSE_END_ORDERLY, at(3, 20));
    if (wsclose_connection_end(&connection, WSCLOSE_SERVER, WSCLOSE_END_ORDERLY, at(4, 30)))
        show_verdict(&connection);
}

int
main(void)
{
    closed_by_both();
    no_pong();
    bad_text();
    other_service();
    return 0;
}
