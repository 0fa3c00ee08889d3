/* http2.c
 * A WebSocket on a stream of HTTP/2: frames, an extended CONNECT, and a GOAWAY that ends it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <stdio.h>
#include <string.h>

#include <wsclose/wsclose.h>

enum { STREAM = 5 };

static wsclose_slice
slice_of(const char *text)
{
    const wsclose_slice slice = { text, strlen(text) };
    return slice;
}

static uint32_t
number_at(const uint8_t *octets)
{
    return (uint32_t)octets[0] << 24 | (uint32_t)octets[1] << 16 | (uint32_t)octets[2] << 8 |
           octets[3];
}

/* The opening handshake, whose header lists HPACK has decoded. */
static bool
open_stream(wsclose_connection *connection)
{
    const wsclose_moment request = { 10, 0 };
    const wsclose_moment response = { 11, 5000000 };
    const wsclose_handshake_response accepted = { .status = wsclose_status_parse(slice_of("200")) };

    if (!wsclose_connect_is_websocket(slice_of("CONNECT"), slice_of("websocket")))
        return false;
    wsclose_connection_init_over(connection, WSCLOSE_CARRIER_HTTP2);
    wsclose_connection_request(connection, request);
    return !wsclose_connection_response(connection, &accepted, response);
}

/* Take a GOAWAY of the server's, after those that came before. */
static bool
take_goaway(wsclose_connection *connection, wsclose_goaway_fact *kept,
            const wsclose_http2_frame *frame, wsclose_moment moment)
{
    const wsclose_goaway_fact goaway = { .sender = WSCLOSE_SERVER,
                                         .stream = STREAM,
                                         .last = number_at(frame->payload) & INT32_MAX,
                                         .has_error = true,
                                         .error = number_at(frame->payload + 4) };
    const char *name = wsclose_stream_error_name(WSCLOSE_CARRIER_HTTP2, goaway.error);

    wsclose_goaway_join(kept, &goaway);
    printf("GOAWAY %s, last stream %llu, leaves stream %u %s\n", name ? name : "of an unknown code",
           (unsigned long long)goaway.last, STREAM,
           wsclose_goaway_leaves_out(WSCLOSE_CARRIER_HTTP2, kept) ? "out" : "open");
    return wsclose_connection_goaway(connection, kept, moment);
}

static void
show_verdict(const wsclose_connection *connection)
{
    wsclose_verdict verdict;

    if (wsclose_connection_verdict(connection, &verdict))
        printf("client is told %u: %s\n", verdict.reported[WSCLOSE_CLIENT].code,
               wsclose_abnormal_origin(connection, &verdict));
}

int
main(void)
{
    static const uint8_t goaways[][17] = {
        { 0, 0, 8, WSCLOSE_HTTP2_GOAWAY, 0, 0, 0, 0, 0, 0x7f, 0xff, 0xff, 0xff, 0, 0, 0, 0 },
        { 0, 0, 8, WSCLOSE_HTTP2_GOAWAY, 0, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0xb },
    };
    const wsclose_moment moment = { 20, 1000000000 };
    wsclose_goaway_fact kept = { .sender = WSCLOSE_SIDE_UNKNOWN };
    wsclose_connection connection;
    wsclose_http2_frame frame;

    /* The server leaves it out. */
    if (!open_stream(&connection))
        return 1;
    for (size_t i = 0; i < sizeof goaways / sizeof goaways[0]; i++) {
        if (wsclose_http2_frame_decode(goaways[i], sizeof goaways[i], &frame) &&
            frame.type == WSCLOSE_HTTP2_GOAWAY && frame.captured >= 8 &&
            take_goaway(&connection, &kept, &frame, moment))
            show_verdict(&connection);
    }

    /* Another one is reset; and of a third, TCP ends. */
    if (open_stream(&connection) &&
        wsclose_connection_reset_stream(&connection, WSCLOSE_CLIENT, 8, moment))
        show_verdict(&connection);
    if (open_stream(&connection) &&
        wsclose_connection_end_under(&connection, WSCLOSE_SERVER, WSCLOSE_END_RESET, moment))
        show_verdict(&connection);
    return 0;
}
