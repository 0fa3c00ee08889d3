/* readings.c
 * What is said of a capture that could not be read, or in which nothing was found.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "readings.h"

const reading_need reading_needs[READING_NEEDS] = {
    { "wsclose", "wsclose", "nothing was read" },
    { "ip", "IPv4", "nothing over IPv4 was read" },
    { "ipv6", "IPv6", "nothing over IPv6 was read" },
    { "tcp", "TCP", "no connection was read" },
    { "tls", "TLS", "nothing was decrypted" },
    { "http", "HTTP", "HTTP/2 in clear text may not be found, and no message was inflated" },
    { "http2", "HTTP/2", "WebSocket over HTTP/2 was not read" },
    { "websocket", "WebSocket", "no message was inflated" },
};

const char reading_disabled[] =
    "The dissection of {title} is disabled, so {without}. Leave out --disable-protocol {name}, or "
    "enable it in Wireshark's window under Analyze, Enabled Protocols.";

const char reading_without_header[] =
    "{count} {packets} of TCP {have} no whole header of TCP, so that nothing of them was read. "
    "Capture "
    "whole packets (-s 0 in tcpdump, tshark and dumpcap). If the file was made by exporting PDUs, "
    "read the capture that it was made from.";

const char reading_quic[] =
    "{count} {packets} {are} QUIC, and WebSocket over HTTP/3 is not looked for. If that may be "
    "what "
    "you look for, turn HTTP/3 off in the client or the server, and capture again.";

const char *const reading_none_found_rows[READING_NONE_FOUND_ROWS] = {
    [READING_NOT_WHOLE] =
        "No WebSocket connection was found, but not everything could be looked into.",
    [READING_NO_PACKETS] =
        "This capture has no packets. Check the interface and the capture filter, "
        "and capture while the connection is opened and closed.",
    [READING_NO_TCP] = "There is no TCP in this capture, and WebSocket runs over TCP. Check the "
                       "interface and the capture filter.",
    [READING_NONE] = "There is no WebSocket connection in this capture.",
};
