/* coverages.c
 * What is said of TCP connections that could not be looked into.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "coverages.h"

#define WRITE_KEYS                                                                                 \
    "Let one side write its keys to a file while you capture: set the environment variable "       \
    "SSLKEYLOGFILE=FILE for browsers, curl and Python, start Node with --tls-keylog=FILE, or "     \
    "Java with the agent extract-tls-secrets. Then read the capture with -o "                      \
    "tls.keylog_file:FILE, or put the keys into it with editcap --inject-secrets tls,FILE "        \
    "CAPTURE NEW."

const coverage_row coverage_rows[COVERAGE_ROWS] = {
    [COVERAGE_TLS_WITHOUT_KEYS] = {
        .what = "{count} {connections} {are} TLS without keys: whether {carry} WebSocket cannot be "
                "seen.",
        .remedy = WRITE_KEYS " Where no keys are to be had, -o wsclose.tls_servers:all (or a list "
                             "of servers) tells what can be told from outside.",
    },
    [COVERAGE_TLS_OUTSIDE] = {
        .what = "{count} {connections} {are} TLS without keys, and told from outside alone: "
                "{their} frames, and the codes in them, cannot be seen.",
        .remedy = WRITE_KEYS,
    },
    [COVERAGE_TLS_PARTLY] = {
        .what = "Of {count} {connections} Wireshark could decrypt only a part, such as one side.",
        .remedy = "The key log lacks a line for {them}: keep the whole file that was written while "
                  "you captured. TLS 1.3 has a line for each side (CLIENT_TRAFFIC_SECRET_0 and "
                  "SERVER_TRAFFIC_SECRET_0).",
    },
    [COVERAGE_BEGUN_BEFORE] = {
        .what = "{count} {connections} began before the capture, so an opening handshake may be "
                "missing.",
        .remedy = "Start the capture before the connection, or let the client connect again. If "
                  "you know that it is WebSocket, say so with -d tcp.port==PORT,websocket; of HTTP/2 "
                  "in clear text with -d tcp.port==PORT,http2.",
    },
    [COVERAGE_WITH_GAPS] = {
        .what = "{count} {connections} that may be WebSocket {lack} segments, which the capture "
                "does not have.",
        .remedy = "Capture closer to one of the two hosts, with a capture filter for their "
                  "addresses and a larger buffer (-B in tshark and dumpcap).",
    },
    [COVERAGE_CUT] = {
        .what = "{count} {connections} that may be WebSocket {have} packets of which only the "
                "start was captured.",
        .remedy = "Capture whole packets: -s 0 in tcpdump, tshark and dumpcap.",
    },
};
