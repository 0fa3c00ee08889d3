/* capture.c
 * What a capture adds to the facts of connection.c: octets that it lacks, segments that were sent
 * again, Close frames that stand in another order than they were received in. A flow (tcp_flow.c)
 * does all this; it is for readers of captures that have their own TCP.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <stdio.h>

#include <wsclose/wsclose.h>

/* What somebody writes in the place of a frame. */
static const char STRAY[] = "HTTP/1.1 408 Request Timeout";

static wsclose_moment
at(uint32_t number, int64_t seconds)
{
    const wsclose_moment moment = { number, seconds * INT64_C(1000000000) };
    return moment;
}

static void
open_connection(wsclose_connection *connection)
{
    const wsclose_handshake_response accepted = { .status = 101 };

    wsclose_connection_init(connection);
    wsclose_connection_request(connection, at(1, 0));
    wsclose_connection_response(connection, &accepted, at(2, 0));
}

static void
take_text(wsclose_connection *connection, wsclose_side sender, bool masked, wsclose_moment moment)
{
    const wsclose_frame frame = { .fin = true,
                                  .masked = masked,
                                  .opcode = WSCLOSE_OPCODE_TEXT,
                                  .header_len = 2,
                                  .payload_len = 5 };
    wsclose_frame_meaning meaning;

    wsclose_connection_frame(connection, sender, &frame, moment, &meaning);
}

static bool
take_close(wsclose_connection *connection, wsclose_side sender, bool has_receipt,
           wsclose_moment moment)
{
    static const uint8_t octets[] = { 0x03, 0xe8 };
    wsclose_close_body body;
    wsclose_close_meaning meaning;

    wsclose_close_body_decode(octets, sizeof octets, sizeof octets, &body);
    const wsclose_close_fact fact = { .sender = sender, .body = &body, .has_receipt = has_receipt };
    return wsclose_connection_close(connection, &fact, moment, &meaning);
}

static void
show_verdict(const char *what, const wsclose_connection *connection)
{
    const wsclose_header absent = { .presence = WSCLOSE_HEADER_ABSENT };
    wsclose_negotiation *negotiation = wsclose_negotiation_match(&absent, &absent);
    wsclose_verdict verdict;
    wsclose_cause cause;

    printf("%s\n", what);
    if (wsclose_connection_verdict(connection, &verdict)) {
        const wsclose_verdict_context context = { .connection = connection,
                                                  .verdict = &verdict,
                                                  .negotiation = negotiation,
                                                  .no_frames = { STRAY, sizeof STRAY - 1 } };
        char *text = wsclose_explain_verdict(&context);
        printf("  %s\n", text);
        wsclose_text_free(text);
        if (wsclose_cause_judge(&context, &cause))
            printf("  cause %s, %s\n", wsclose_cause_name(cause.id),
                   verdict.incomplete ? "the capture lacks something" : "nothing is lacking");
    }
    wsclose_negotiation_free(negotiation);
}

/* Octets of the server's are lost, so that a Close frame may be among them; or they come late. */
static void
lose_octets(bool found)
{
    wsclose_connection connection;

    open_connection(&connection);
    wsclose_connection_missing(&connection, WSCLOSE_SERVER);
    if (found)
        wsclose_connection_found(&connection, WSCLOSE_SERVER);
    wsclose_connection_end(&connection, WSCLOSE_SERVER, WSCLOSE_END_RESET, at(4, 5));
    show_verdict(found ? "octets out of order" : "octets lost", &connection);
}

/* TLS whose keys are there for one side alone. */
static void
no_keys_of_server(void)
{
    wsclose_connection connection;

    open_connection(&connection);
    wsclose_connection_unreadable(&connection, WSCLOSE_SERVER, true);
    take_close(&connection, WSCLOSE_CLIENT, false, at(3, 1));
    wsclose_connection_end(&connection, WSCLOSE_CLIENT, WSCLOSE_END_ORDERLY, at(5, 2));
    wsclose_connection_end(&connection, WSCLOSE_SERVER, WSCLOSE_END_ORDERLY, at(6, 2));
    show_verdict("no keys of the server", &connection);
}

/* The server's TCP acknowledges once what was sent again, and then no more. */
static void
path_dies(void)
{
    wsclose_connection connection;

    open_connection(&connection);
    take_text(&connection, WSCLOSE_CLIENT, true, at(3, 1));
    wsclose_connection_repeated(&connection, WSCLOSE_CLIENT, at(3, 1));
    wsclose_connection_acknowledged(&connection, WSCLOSE_CLIENT);
    take_text(&connection, WSCLOSE_CLIENT, true, at(5, 10));
    for (int i = 0; i < 6; i++)
        wsclose_connection_repeated(&connection, WSCLOSE_CLIENT, at(5, 10));
    wsclose_connection_end(&connection, WSCLOSE_CLIENT, WSCLOSE_END_RESET, at(12, 60));
    show_verdict("sent again and again", &connection);
}

/* What is in between had forgotten the connection: a reset is all that answers. */
static void
forgotten(void)
{
    wsclose_connection connection;

    open_connection(&connection);
    take_text(&connection, WSCLOSE_CLIENT, true, at(3, 1));
    take_text(&connection, WSCLOSE_CLIENT, true, at(4, 3601));
    wsclose_connection_woken(&connection, at(4, 3601), 3600 * INT64_C(1000000000));
    wsclose_connection_end(&connection, WSCLOSE_SERVER, WSCLOSE_END_RESET, at(5, 3601));
    show_verdict("woken", &connection);
}

/* The second Close frame comes when its receiver has ended its side: was it read? */
static void
close_after_end(void)
{
    wsclose_connection connection;

    open_connection(&connection);
    take_close(&connection, WSCLOSE_CLIENT, false, at(3, 1));
    wsclose_connection_got_close(&connection, WSCLOSE_SERVER);
    wsclose_connection_end(&connection, WSCLOSE_CLIENT, WSCLOSE_END_ORDERLY, at(4, 1));
    if (!take_close(&connection, WSCLOSE_SERVER, true, at(5, 2)))
        wsclose_connection_receipt(&connection, WSCLOSE_CLIENT, at(6, 2));
    show_verdict("acknowledged after the end", &connection);
}

/* The capture has a Close before the end of its receiver, which was there first. */
static void
close_in_other_order(void)
{
    wsclose_connection connection;

    open_connection(&connection);
    take_close(&connection, WSCLOSE_SERVER, false, at(3, 1));
    wsclose_connection_close_was_late(&connection, WSCLOSE_SERVER);
    wsclose_connection_ahead(&connection, WSCLOSE_CLIENT);
    wsclose_connection_end(&connection, WSCLOSE_CLIENT, WSCLOSE_END_ORDERLY, at(4, 1));
    wsclose_connection_end(&connection, WSCLOSE_SERVER, WSCLOSE_END_ORDERLY, at(5, 1));
    show_verdict("a Close that came too late", &connection);
}

/* Frames that break the protocol: text in their place, or a length that was wrong. */
static void
broken_frames(bool is_text)
{
    wsclose_connection connection;

    open_connection(&connection);
    take_text(&connection, WSCLOSE_CLIENT, false, at(3, 1));
    (is_text ? wsclose_connection_no_frames : wsclose_connection_garbled)(&connection,
                                                                          WSCLOSE_CLIENT);
    wsclose_connection_end(&connection, WSCLOSE_SERVER, WSCLOSE_END_RESET, at(4, 1));
    show_verdict(is_text ? "text in the place of a frame" : "frames garbled", &connection);
}

/* The same, and the capture has the first octets of it only: it may be text. */
static void
broken_in_part(void)
{
    wsclose_connection connection;

    open_connection(&connection);
    take_text(&connection, WSCLOSE_CLIENT, false, at(3, 1));
    wsclose_connection_breach_cut(&connection, WSCLOSE_CLIENT);
    wsclose_connection_end(&connection, WSCLOSE_SERVER, WSCLOSE_END_RESET, at(4, 1));
    show_verdict("broken, and cut", &connection);
}

/* The server goes on after such a frame, so it did not fail the connection over it. */
static void
goes_on(void)
{
    wsclose_connection connection;

    open_connection(&connection);
    take_text(&connection, WSCLOSE_CLIENT, false, at(3, 1));
    for (uint32_t i = 0; i < 2; i++) {
        wsclose_connection_goes_on(&connection, WSCLOSE_SERVER);
        take_text(&connection, WSCLOSE_SERVER, false, at(4 + i, 2 + i));
    }
    printf("%u milliseconds later\n", wsclose_connection_mark(&connection, at(5, 3)).elapsed);
    wsclose_connection_end(&connection, WSCLOSE_SERVER, WSCLOSE_END_RESET, at(6, 60));
    show_verdict("breach tolerated", &connection);
}

int
main(void)
{
    lose_octets(false);
    lose_octets(true);
    no_keys_of_server();
    path_dies();
    forgotten();
    close_after_end();
    close_in_other_order();
    broken_frames(true);
    broken_frames(false);
    broken_in_part();
    goes_on();
    return 0;
}
