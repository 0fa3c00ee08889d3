/* fuzz_tls_servers.c
 * Any octets as a user's list of TLS servers, and as an end of a connection.
 *
 * A NUL ends the list, and another one the name of the end.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wsclose/tls_servers.h"

#include "input.h"
#include "oracle.h"

static wsclose_tls_servers *
read_list(const char *list, bool *right)
{
    char *error = NULL;
    wsclose_tls_servers *servers = wsclose_tls_servers_new(list, &error);

    *right = error == NULL;
    if (error)
        check_quoting(error, SIZE_MAX);
    wsclose_text_free(error);
    return servers;
}

/* The entries the other way round, between other separators. */
static char *
turned(const char *list)
{
    char **entries = g_strsplit_set(list, ", \t", -1);
    GString *out = g_string_new(NULL);

    for (guint i = g_strv_length(entries); i-- > 0;)
        g_string_append_printf(out, "%s,", entries[i]);
    g_strfreev(entries);
    return g_string_free(out, FALSE);
}

/* How many of the entries have an end, each taken alone. */
static unsigned
matches_alone(const char *list, const wsclose_tls_end *end)
{
    char **entries = g_strsplit_set(list, ", \t", -1);
    unsigned matches = 0;

    for (guint i = 0; entries[i]; i++) {
        wsclose_tls_servers *servers = wsclose_tls_servers_new(entries[i], NULL);

        matches += wsclose_tls_servers_match(servers, end);
        wsclose_tls_servers_free(servers);
    }
    g_strfreev(entries);
    return matches;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    reader in = { data, size };
    const uint8_t what = next_octet(&in);
    char *list = next_string(&in);
    const wsclose_slice name = next_part(&in);
    const size_t lens[] = { 4, 16, 0, 4 };
    const wsclose_slice address = next_slice(&in, lens[what & 3]);
    const wsclose_tls_end end = { (const uint8_t *)address.data, address.len,
                                  (uint16_t)next_number(&in, 2), name,
                                  (uint16_t)next_number(&in, 2), (what & 4) != 0 };
    char *again = turned(list);
    bool right[2];
    wsclose_tls_servers *servers[] = { read_list(list, &right[0]), read_list(again, &right[1]) };
    const bool matches = wsclose_tls_servers_match(servers[0], &end);

    statements += 3;
    g_assert_true(right[0] == right[1]);
    g_assert_true(matches == wsclose_tls_servers_match(servers[1], &end));
    g_assert_true(matches == (matches_alone(list, &end) > 0));
    g_assert_false(wsclose_tls_servers_match(NULL, &end));
    wsclose_tls_servers_free(servers[0]);
    wsclose_tls_servers_free(servers[1]);
    g_free(again);
    g_free(list);
    return 0;
}
