/* refused_status.c
 * HTTP statuses that refuse an opening handshake.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "refused_status.h"

#include <glib.h>

#include "faults.h"

/* Single codes stand before their range. */
static const refused_status statuses[] = {
    { 200, 299, "success, but not for WebSocket",
      "The path is not a WebSocket endpoint and an ordinary page answers there, or a proxy in "
      "front "
      "of the server did not pass the Upgrade header on, so that the server saw an ordinary "
      "request.",
      "Check the path in the client's URL. If it is right, let the proxy pass the Upgrade and "
      "Connection headers on " PASS_ON_IN_NGINX ".",
      WSCLOSE_BY_SERVER },
    { 300, 399, "redirect",
      "The server sends plain HTTP to HTTPS, adds or removes a slash at the end of the path, or "
      "sends users who are not logged in to a login page. Browsers do not follow a redirect here.",
      "Use the final address in the client (the response's Location header has it, with wss in "
      "place of https), or exempt the WebSocket path from the redirect on the server.",
      WSCLOSE_BY_CLIENT },
    { 400, 400, "Bad Request",
      "The server finds the request itself wrong: a proxy did not pass the {headers} on, a "
      "Sec-WebSocket header is missing or not valid, an extension is offered with parameters that "
      "are not allowed, or a session that the URL names is unknown.",
      "Compare the request's headers with what the server expects, and read the body of the "
      "response, which often says what is wrong. {let pass}",
      WSCLOSE_BY_SERVER },
    { 401, 401, "Unauthorized",
      "The request has no credentials, or ones that are wrong or have expired. A script in a "
      "browser cannot set the Authorization header of a WebSocket.",
      "Give the client valid credentials: in a browser a cookie, a short-lived token in the URL or "
      "a subprotocol, elsewhere an Authorization header. Or let the server accept the {upgrade} "
      "and "
      "close with 3000 or 1008, codes that a script can see.",
      WSCLOSE_BY_CLIENT },
    { 403, 403, "Forbidden",
      "The server does not accept the request's Origin, the user has no permission, or a firewall "
      "or an application's check (such as one against forged requests) stopped it.",
      "On the server, allow the Origin that the request shows, or grant the permission. In the "
      "client, check the credentials and from which page the connection is opened.",
      WSCLOSE_BY_SERVER },
    { 404, 404, "Not Found",
      "The path in the URL is wrong, the server has no WebSocket endpoint there, or a proxy "
      "changes "
      "the path or sends the request to another server.",
      "Correct the path in the client's URL, or add the route on the server or in the proxy in "
      "front of it.",
      WSCLOSE_BY_SERVER },
    { 426, 426, "Upgrade Required",
      "The server did not see a WebSocket {upgrade} that it can take: a proxy {removed}, or the "
      "server speaks another WebSocket version (its response names it in Sec-WebSocket-Version).",
      "Let the proxy pass the {headers} on. If the response names a Sec-WebSocket-Version, use "
      "a client library that speaks it (13 is the standard).",
      WSCLOSE_BY_SERVER },
    { 429, 429, "Too Many Requests",
      "A rate limit on the server or on a proxy: too many connections in a short time, mostly from "
      "clients that reconnect at once and again and again.",
      "Let the client wait before it reconnects, longer with each attempt and with a random part "
      "(the response may name a time in Retry-After), or raise the limit on the server.",
      WSCLOSE_BY_CLIENT },
    { 400, 499, "an error of the request",
      "The server, or a proxy in front of it, finds fault with the request.",
      "Look the status up, read the body of the response, and correct the request in the client.",
      WSCLOSE_BY_CLIENT },
    { 502, 502, "Bad Gateway",
      "A proxy could not reach the application behind it, or got no valid response from it: the "
      "application is down, restarting, or on another port.",
      "Look in the proxy's log for the upstream and the error, and see whether the application "
      "runs "
      "and accepts WebSocket upgrades at that address.",
      WSCLOSE_BY_SERVER },
    { 503, 503, "Service Unavailable",
      "The server is overloaded or stopped for maintenance, or a load balancer has no healthy "
      "server behind it.",
      "On the server's side, see whether the application runs and passes the load balancer's "
      "health "
      "check. Let the client reconnect with a delay that grows with each attempt.",
      WSCLOSE_BY_SERVER },
    { 504, 504, "Gateway Timeout",
      "The application behind a proxy did not answer the {upgrade} in time.",
      "Find out why the application takes so long to answer (its log, a blocked event loop, a slow "
      "check of credentials), or raise the proxy's timeout.",
      WSCLOSE_BY_SERVER },
    { 500, 599, "an error of the server",
      "The server failed while it handled the {upgrade}, mostly by an exception in the application "
      "or in its handshake code.",
      "Look in the server's log at the time of the request; in the client there is nothing to "
      "change.",
      WSCLOSE_BY_SERVER },
    { 0, 65535, "not a final status of HTTP",
      "Seen when something other than a web server answers on this port.",
      "Check the host and the port in the client's URL.", WSCLOSE_BY_CLIENT },
};

/* Statuses that say something else where CONNECT is the method (RFC 8441, RFC 9220). */
static const refused_status stream_statuses[] = {
    { 405, 405, "Method Not Allowed",
      "The server takes CONNECT for an ordinary method that this path does not have: it, or the "
      "application in it, does not know extended CONNECT (RFC 8441).",
      "Route CONNECT with the :protocol websocket to the WebSocket endpoint, or do not set "
      "SETTINGS_ENABLE_CONNECT_PROTOCOL on the server, so that clients use HTTP/1.1.",
      WSCLOSE_BY_SERVER },
    { 501, 501, "Not Implemented",
      "The server knows extended CONNECT, but no WebSocket (RFC 9220 section 3), or the proxy in "
      "front of it does not.",
      "Enable WebSocket over HTTP/2 or HTTP/3 on the server and on the proxy, or do not set "
      "SETTINGS_ENABLE_CONNECT_PROTOCOL there, so that clients use HTTP/1.1.",
      WSCLOSE_BY_SERVER },
};

const refused_status *
refused_status_lookup(wsclose_carrier carrier, uint16_t status)
{
    const refused_status *row = statuses;

    if (carrier != WSCLOSE_CARRIER_HTTP1) {
        for (size_t i = 0; i < G_N_ELEMENTS(stream_statuses); i++) {
            if (status >= stream_statuses[i].first && status <= stream_statuses[i].last)
                return &stream_statuses[i];
        }
    }
    while (status < row->first || status > row->last)
        row++;
    return row;
}
