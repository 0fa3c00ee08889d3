/* neighbours.c
 * Connections that end together, and two that are the sides of one proxy.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <stdio.h>
#include <string.h>

#include <wsclose/wsclose.h>

enum { CONNECTIONS = 6 };

static wsclose_moment
at(uint32_t number, int64_t seconds)
{
    const wsclose_moment moment = { number, seconds * INT64_C(1000000000) };
    return moment;
}

/* Opened at one time, and ended by the server at another one. */
static void
make_connection(wsclose_connection *connection, int64_t opened, int64_t ended)
{
    const wsclose_handshake_response accepted = { .status = 101 };

    wsclose_connection_init(connection);
    wsclose_connection_request(connection, at(1, opened));
    wsclose_connection_response(connection, &accepted, at(2, opened));
    wsclose_connection_end(connection, WSCLOSE_SERVER, WSCLOSE_END_RESET, at(9, ended));
}

static void
show_verdict(const wsclose_connection *connection, const wsclose_negotiation *negotiation,
             const wsclose_neighbours *neighbours)
{
    wsclose_verdict verdict;
    wsclose_cause cause;

    if (!wsclose_connection_verdict(connection, &verdict))
        return;
    const wsclose_verdict_context context = { .connection = connection,
                                              .verdict = &verdict,
                                              .negotiation = negotiation,
                                              .neighbours = neighbours };
    char *text = wsclose_explain_verdict(&context);
    printf("  %s\n", text);
    wsclose_text_free(text);
    if (wsclose_cause_judge(&context, &cause))
        printf("  cause %s\n", wsclose_cause_name(cause.id));
}

/* Of different ages, and all over at once: the server was restarted. */
static void
end_together(const wsclose_negotiation *negotiation)
{
    wsclose_connection connections[CONNECTIONS];
    wsclose_shared_end ends[CONNECTIONS];
    wsclose_neighbours neighbours;
    size_t count = 0;

    memset(ends, 0, sizeof ends);
    memset(&neighbours, 0, sizeof neighbours);
    for (uint32_t i = 0; i < CONNECTIONS; i++) {
        wsclose_verdict verdict;

        make_connection(&connections[i], i * 7, 100);
        ends[count].id = i;
        if (wsclose_connection_verdict(&connections[i], &verdict) &&
            wsclose_may_share_end(&connections[i], &verdict, &ends[count]))
            count++;
    }
    if (count == 0)
        return;
    neighbours.together =
        (uint32_t)wsclose_ends_together(ends, count, count, ends[count - 1].time - ends[0].time);
    neighbours.alike = wsclose_ends_are_alike(ends, neighbours.together);
    printf("%u of %zu end together\n", neighbours.together, count);
    show_verdict(&connections[0], negotiation, &neighbours);
}

/* A proxy's client offers an extension that the proxy does not pass on. */
static void
through_proxy(void)
{
    static const char deflate[] = "permessage-deflate";
    const wsclose_header absent = { .presence = WSCLOSE_HEADER_ABSENT };
    const wsclose_header offer = { .presence = WSCLOSE_HEADER_PRESENT,
                                   .value = { deflate, sizeof deflate - 1 } };
    wsclose_connection front;
    wsclose_connection back;
    wsclose_neighbours neighbours;

    memset(&neighbours, 0, sizeof neighbours);
    make_connection(&front, 0, 60);
    make_connection(&back, 0, 60);
    wsclose_negotiation *near_client = wsclose_negotiation_match(&offer, &absent);
    wsclose_negotiation *near_server = wsclose_negotiation_match(&absent, &absent);
    const wsclose_leg front_leg = { &front, near_client };
    const wsclose_leg back_leg = { &back, near_server };
    wsclose_neighbours_take_legs(&neighbours, &front_leg, &back_leg);
    printf("the proxy %s\n", neighbours.leg_stripped ? "takes extensions out" : "passes all on");
    show_verdict(&front, near_client, &neighbours);
    wsclose_negotiation_free(near_client);
    wsclose_negotiation_free(near_server);
}

int
main(void)
{
    const wsclose_header absent = { .presence = WSCLOSE_HEADER_ABSENT };
    wsclose_negotiation *negotiation = wsclose_negotiation_match(&absent, &absent);

    end_together(negotiation);
    through_proxy();
    wsclose_negotiation_free(negotiation);
    return 0;
}
