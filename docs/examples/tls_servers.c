/* tls_servers.c
 * A list of servers out of a configuration, and which ends of connections are in it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <stdio.h>
#include <string.h>

#include <wsclose/wsclose.h>

int
main(void)
{
    static const uint8_t address[] = { 192, 0, 2, 7 };
    static const char name[] = "chat.example.com";
    char *error = NULL;
    wsclose_tls_servers *servers =
        wsclose_tls_servers_new("192.0.2.0/24:443, *.example.org, 1.2.3.4.5", &error);
    wsclose_tls_end end = { .address = address,
                            .address_len = sizeof address,
                            .port = 443,
                            .name = { name, strlen(name) },
                            .other_port = 50000,
                            .is_server = true };

    if (error)
        printf("in the list: %s\n", error);
    wsclose_text_free(error);
    printf("port 443: %s\n", wsclose_tls_servers_match(servers, &end) ? "listed" : "not listed");
    end.port = 8443;
    printf("port 8443: %s\n", wsclose_tls_servers_match(servers, &end) ? "listed" : "not listed");
    wsclose_tls_servers_free(servers);
    return 0;
}
