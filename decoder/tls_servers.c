/* tls_servers.c
 * A user's list of TLS servers whose connections are WebSocket.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wsclose/tls_servers.h"

#include <arpa/inet.h>
#include <glib.h>
#include <string.h>

#include "words/quote.h"

/* One entry. Every part that it has must fit. */
typedef struct {
    uint8_t address[16];
    size_t address_len; /* 0: any */
    unsigned prefix;    /* bits of the address that count */
    uint16_t port;      /* 0: any */
    char *name;         /* NULL: any */
    bool below;         /* any name that ends with it */
} server;

struct wsclose_tls_servers {
    GArray *servers; /* server */
};

static void
clear_server(gpointer data)
{
    g_free(((server *)data)->name);
}

/* Entries. */

static bool
read_port(const char *text, uint16_t *port)
{
    guint64 number;

    if (!g_ascii_string_to_unsigned(text, 10, 1, G_MAXUINT16, &number, NULL))
        return false;
    *port = (uint16_t)number;
    return true;
}

/* An address, and how many of its bits count where a network is meant. */
static bool
read_address(char *text, server *entry)
{
    char *slash = strchr(text, '/');
    guint64 prefix = 0;

    if (slash)
        *slash = '\0';
    if (inet_pton(AF_INET, text, entry->address) == 1)
        entry->address_len = 4;
    else if (inet_pton(AF_INET6, text, entry->address) == 1)
        entry->address_len = 16;
    else
        return false;
    entry->prefix = (unsigned)entry->address_len * 8;
    if (!slash)
        return true;
    if (!g_ascii_string_to_unsigned(slash + 1, 10, 0, entry->prefix, &prefix, NULL))
        return false;
    entry->prefix = (unsigned)prefix;
    return true;
}

/* RFC 1123 section 2.1, and the underscore that many have. A name without a letter is a mistake. */
static bool
read_name(const char *text, server *entry)
{
    bool has_letter = false;

    entry->below = g_str_has_prefix(text, "*.");
    if (entry->below)
        text++;
    for (const char *at = text; *at; at++) {
        if (!g_ascii_isalnum(*at) && !strchr("-._", *at))
            return false;
        has_letter |= g_ascii_isalpha(*at);
    }
    if (!has_letter)
        return false;
    entry->name = g_ascii_strdown(text, -1);
    return true;
}

/* Take ":443" off the end. An address of IPv6 has colons of its own. */
static bool
take_port(char *text, server *entry)
{
    char *bracket = g_str_has_prefix(text, "[") ? strchr(text, ']') : NULL;
    char *colon = bracket ? bracket + 1 : strchr(text, ':');

    if (bracket) {
        *bracket = '\0';
        memmove(text, text + 1, strlen(text));
    }
    if (!colon || *colon == '\0' || (!bracket && strchr(colon + 1, ':')))
        return true;
    if (*colon != ':' || !read_port(colon + 1, &entry->port))
        return false;
    *colon = '\0';
    return true;
}

static bool
read_entry(const char *text, server *entry)
{
    bool read;
    char *rest;

    *entry = (server){ 0 };
    if (g_ascii_strcasecmp(text, "all") == 0 || read_port(text, &entry->port))
        return true;
    rest = g_strdup(text);
    read = take_port(rest, entry) &&
           (read_address(rest, entry) || (!strchr(text, '/') && read_name(rest, entry)));
    g_free(rest);
    return read;
}

/* An entry may be any octets. */
static char *
text_on_wrong(const char *entry)
{
    GString *text = g_string_new(NULL);

    quote_append_octets(text, (wsclose_slice){ entry, strlen(entry) });
    g_string_append(text, " is no address, port or name of a server");
    return g_string_free(text, FALSE);
}

wsclose_tls_servers *
wsclose_tls_servers_new(const char *list, char **error)
{
    GArray *servers = g_array_new(FALSE, FALSE, sizeof(server));
    char **entries = g_strsplit_set(list, ", \t", -1);
    bool failed = false;

    g_array_set_clear_func(servers, clear_server);
    for (char **text = entries; *text; text++) {
        server entry;

        if (**text == '\0')
            continue;
        if (read_entry(*text, &entry)) {
            g_array_append_val(servers, entry);
        } else {
            if (error && !failed)
                *error = text_on_wrong(*text);
            failed = true;
            clear_server(&entry);
        }
    }
    g_strfreev(entries);
    if (servers->len == 0) {
        g_array_free(servers, TRUE);
        return NULL;
    }
    wsclose_tls_servers *result = g_new(wsclose_tls_servers, 1);
    result->servers = servers;
    return result;
}

void
wsclose_tls_servers_free(wsclose_tls_servers *servers)
{
    if (!servers)
        return;
    g_array_free(servers->servers, TRUE);
    g_free(servers);
}

/* Matching. */

static bool
is_address(const server *entry, const wsclose_tls_end *end)
{
    const size_t octets = entry->prefix / 8;
    const unsigned bits = entry->prefix % 8;

    if (entry->address_len == 0)
        return true;
    return end->address_len == entry->address_len &&
           memcmp(end->address, entry->address, octets) == 0 &&
           (bits == 0 || (end->address[octets] ^ entry->address[octets]) >> (8 - bits) == 0);
}

static bool
is_name(const server *entry, wsclose_slice name)
{
    const size_t len = entry->name ? strlen(entry->name) : 0;

    if (len == 0)
        return true;
    if (entry->below ? name.len <= len : name.len != len)
        return false;
    return g_ascii_strncasecmp(name.data + name.len - len, entry->name, len) == 0;
}

/* Whether an entry says nothing of which end is the server. */
static bool
is_all(const server *entry)
{
    return entry->address_len == 0 && entry->port == 0 && !entry->name;
}

bool
wsclose_tls_servers_match(const wsclose_tls_servers *servers, const wsclose_tls_end *end)
{
    for (guint i = 0; servers && i < servers->servers->len; i++) {
        const server *entry = &g_array_index(servers->servers, server, i);

        if (is_all(entry) ? end->is_server || end->port < end->other_port
                          : is_address(entry, end) && is_name(entry, end->name) &&
                                (entry->port == 0 || entry->port == end->port))
            return true;
    }
    return false;
}
