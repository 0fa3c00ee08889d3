/* message_meanings.c
 * What messages mean, whoever writes them, and what to do.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "messages.h"

#include <glib.h>

#include "faults.h"
#include "wsclose/code.h"

#define FRAMING                                                                                    \
    .cause = WSCLOSE_CAUSE_FRAME_BREACH, .code = WSCLOSE_CODE_ABNORMAL_CLOSURE,                    \
    .change = CHANGE_PEER

#define NO_CLOSE_FRAME_SENT "It sends no Close frame, so both sides report 1006."
#define CLOSE_OR_VERDICT "wsclose.event == 2 || wsclose.verdict"
#define REFUSED_REQUEST "wsclose.handshake_failed || http.response.code >= 400"

const message_meaning message_meanings[MESSAGE_MEANINGS] = {
    [MEANING_NO_TCP] = {
        .cause = WSCLOSE_CAUSE_HANDSHAKE_UNANSWERED,
        .code = WSCLOSE_CODE_ABNORMAL_CLOSURE,
        .change = CHANGE_SERVER,
        .meaning = "The client could not open a TCP connection, so no opening handshake was ever "
                   "sent. Nothing listens at that address and port, a firewall drops or rejects "
                   "the packets, or the host's name has no address.",
        .fix = "See whether the server runs and listens on the address and port of the URL (not on "
               "127.0.0.1 alone, if the client is another host), and open that port in firewalls "
               "and in the settings of containers. If the name is not found, correct the URL or "
               "the DNS.",
        .filter = "tcp.flags.reset == 1 || (tcp.flags.syn == 1 && tcp.analysis.retransmission) || "
                  "dns.flags.rcode != 0",
    },
    [MEANING_NO_TLS] = {
        .cause = WSCLOSE_CAUSE_TLS_ALERT,
        .code = WSCLOSE_CODE_ABNORMAL_CLOSURE,
        .change = CHANGE_SERVER,
        .meaning = "Client and server could not agree on TLS, so no opening handshake was sent. "
                   "Mostly the client does not trust the server's certificate (it has expired, is "
                   "self-signed, or is for another name), or one of the two does not speak TLS on "
                   "this port.",
        .fix = "Give the server a certificate that is in date, names its host and comes with the "
               "whole chain, or let the client trust the authority that issued it. If the port "
               "does not speak TLS, write ws:// in the URL, or the port that does.",
        .filter = "tls.alert_message",
    },
    [MEANING_NO_ANSWER] = {
        .cause = WSCLOSE_CAUSE_HANDSHAKE_UNANSWERED,
        .code = WSCLOSE_CODE_ABNORMAL_CLOSURE,
        .change = CHANGE_SERVER,
        .meaning = "The opening handshake got no answer: the connection, or the client's patience, "
                   "ended before one came. The server, or a proxy in front of it, was too busy, or "
                   "did not know what to do with the request.",
        .fix = "On the server, check that this port and path take WebSocket, with TLS on both "
               "sides or on neither, and look in its log for an error or a long wait at that time. "
               "If it only needs longer, raise the client's timeout for the opening handshake.",
    },
    [MEANING_NEVER_OPENED] = {
        .cause = WSCLOSE_CAUSE_UNKNOWN,
        .code = WSCLOSE_CODE_ABNORMAL_CLOSURE,
        .change = CHANGE_NOBODY,
        .meaning = "The connection failed before it was open, and the client says no more than "
                   "that; browsers hide the rest from scripts. The server may be out of reach, its "
                   "certificate may not be trusted, or it answered with another status than 101.",
        .fix = "Look at this request in the network panel of the browser's developer tools, or "
               "send it with curl from the same host. The HTTP status, or the error of TCP or TLS, "
               "that shows up there is what to correct, mostly on the server or on a proxy in "
               "front of it.",
        .filter = "wsclose.handshake_failed || wsclose.handshake_invalid || tls.alert_message || "
                  "tcp.flags.reset == 1",
        .vague = 1,
    },
    [MEANING_NO_HTTP] = {
        .cause = WSCLOSE_CAUSE_UNKNOWN,
        .code = WSCLOSE_CODE_ABNORMAL_CLOSURE,
        .change = CHANGE_CLIENT,
        .meaning = "What came in place of the opening handshake cannot be read as HTTP/1.1. The "
                   "port belongs to another service, or one side speaks TLS there and the other "
                   "one does not.",
        .fix = "Correct the scheme and the port in the client's URL: wss:// where the port speaks "
               "TLS, ws:// where it does not. If both are right, see which program listens there, "
               "and let it speak HTTP/1.1.",
        .filter = "http || tls.alert_message",
    },
    [MEANING_NOT_TRIED] = {
        .cause = WSCLOSE_CAUSE_UNKNOWN,
        .code = WSCLOSE_CODE_ABNORMAL_CLOSURE,
        .change = CHANGE_CLIENT,
        .meaning = "The client did not even try to connect, since a rule of its own forbids this "
                   "address: ws:// from a page that came by https, a Content-Security-Policy, or a "
                   "port that browsers bar.",
        .fix = "In the page, use wss:// where the page comes by https, name the address in "
               "connect-src of its Content-Security-Policy, and take a port that browsers allow; "
               "443 always is.",
        .filter = "tcp.flags.syn == 1",
    },
    [MEANING_URL_INVALID] = {
        .cause = WSCLOSE_CAUSE_UNKNOWN,
        .change = CHANGE_CLIENT,
        .meaning = "The address that the client was given is none of WebSocket's: it must begin "
                   "with ws:// or wss://, name a host, and have no part behind '#'.",
        .fix = "In the client, correct what makes the URL, such as an empty setting or http:// in "
               "place of ws://.",
        .filter = "tcp.flags.syn == 1",
    },
    [MEANING_NO_TUNNEL] = {
        .cause = WSCLOSE_CAUSE_UNKNOWN,
        .code = WSCLOSE_CODE_ABNORMAL_CLOSURE,
        .change = CHANGE_BETWEEN,
        .meaning = "The client goes through a forward proxy of its own, as companies have one, and "
                   "that proxy did not open a tunnel to the server.",
        .fix = "Let that proxy allow CONNECT to the server's host and port, give the client the "
               "credentials that it asks for, or exempt the host from it (NO_PROXY). With wss:// "
               "on port 443 most such proxies let a tunnel through.",
        .filter = "http.request.method == \"CONNECT\"",
    },
    [MEANING_NETWORK_GONE] = {
        .cause = WSCLOSE_CAUSE_PATH_DEAD,
        .code = WSCLOSE_CODE_ABNORMAL_CLOSURE,
        .change = CHANGE_CLIENT,
        .meaning = "The client's network went away: it is offline, has moved to another network, "
                   "or the device was asleep.",
        .fix = "Let the client reconnect when its network is back (browsers have the event "
               "online), and let the server find such clients by a Ping with a time limit.",
    },
    [MEANING_CLOSED_EARLY] = {
        .cause = WSCLOSE_CAUSE_APPLICATION,
        .code = WSCLOSE_CODE_ABNORMAL_CLOSURE,
        .change = CHANGE_CLIENT,
        .meaning = "The client's own program closed the connection before it was open. In React's "
                   "development mode, for example, each effect runs twice, and its cleanup closes "
                   "the first connection.",
        .fix = "In the client, let a cleanup wait for the open event before it closes, or keep the "
               "connection outside of what is cleaned up. If another connection follows at once, "
               "no harm is done.",
        .filter = "wsclose.cause == \"handshake_unanswered\" || wsclose.abnormal",
    },
    [MEANING_REFUSED] = {
        .cause = WSCLOSE_CAUSE_HANDSHAKE_REFUSED,
        .code = WSCLOSE_CODE_ABNORMAL_CLOSURE,
        .change = CHANGE_SERVER,
        .meaning = "The server, or a proxy in front of it, answered the opening handshake with "
                   "{answer} and not with 101, so there never was a WebSocket connection.",
        .fix = "Find the status of that response in the server's access log or in the browser's "
               "network panel. With 404 correct the path, with 401 or 403 the credentials or the "
               "allowed Origin, with 200, 400 or 426 let the proxy pass Upgrade and Connection on, "
               "and with 502 to 504 start the application behind the proxy.",
        .filter = "wsclose.handshake_failed",
        .of_status = true,
    },
    [MEANING_BAD_RESPONSE] = {
        .cause = WSCLOSE_CAUSE_HANDSHAKE_REFUSED,
        .code = WSCLOSE_CODE_ABNORMAL_CLOSURE,
        .change = CHANGE_SERVER,
        .meaning = "The client got a response to its opening handshake that does not open a "
                   "WebSocket. Nearly always its status is another one than 101; a 101 that lacks "
                   "a header gives the same message.",
        .fix = "Let the client log the status and the body of that response, or find them in the "
               "server's access log. They tell what to correct: a path (404), credentials or the "
               "Origin (401, 403), a proxy that does not pass Upgrade on (200, 400, 426), an "
               "application that does not run (502 to 504).",
        .filter = "wsclose.handshake_failed || wsclose.handshake_invalid",
        .vague = 1,
    },
    [MEANING_UPGRADE_LACKS] = {
        .cause = WSCLOSE_CAUSE_HANDSHAKE_INVALID,
        .code = WSCLOSE_CODE_ABNORMAL_CLOSURE,
        .change = CHANGE_SERVER,
        .meaning = "The response to the opening handshake lacks a valid Upgrade or Connection "
                   "header, without which the client must not go on (RFC 6455 section 4.1). Mostly "
                   "a proxy between the two took it out, or the server's own handshake code does "
                   "not write it.",
        .fix = "Let each proxy on the way pass both headers on in both directions " PASS_ON_IN_NGINX
               ". If there is no proxy, let a WebSocket library answer the handshake on the "
               "server.",
    },
    [MEANING_ACCEPT_WRONG] = {
        .cause = WSCLOSE_CAUSE_HANDSHAKE_INVALID,
        .code = WSCLOSE_CODE_ABNORMAL_CLOSURE,
        .change = CHANGE_SERVER,
        .meaning = "The response's Sec-WebSocket-Accept does not belong to the Sec-WebSocket-Key "
                   "of this request, or is not there. The server computes it wrongly, or a cache "
                   "or a proxy gave the response to another request.",
        .fix = "On the server, compute it as RFC 6455 section 4.2.2 says (Base64 of the SHA-1 of "
               "the key and a fixed GUID), or leave that to a WebSocket library. Let no proxy "
               "cache this path or change Sec-WebSocket-Key.",
    },
    [MEANING_NO_SUBPROTOCOL] = {
        .cause = WSCLOSE_CAUSE_SUBPROTOCOL_UNANSWERED,
        .code = WSCLOSE_CODE_ABNORMAL_CLOSURE,
        .change = CHANGE_SERVER,
        .meaning = "The client offered subprotocols in Sec-WebSocket-Protocol and the server "
                   "selected none of them, so the client gave the connection up.",
        .fix = "On the server, answer Sec-WebSocket-Protocol with one of the names that the client "
               "offered. If the server knows no subprotocols, offer none in the client.",
    },
    [MEANING_SUBPROTOCOL_NOT_OFFERED] = {
        .cause = WSCLOSE_CAUSE_SUBPROTOCOL_UNSOLICITED,
        .code = WSCLOSE_CODE_ABNORMAL_CLOSURE,
        .change = CHANGE_SERVER,
        .meaning = "The server selected a subprotocol that the client had not offered, and the "
                   "client must not accept that (RFC 6455 section 4.1).",
        .fix = "On the server, select only a name that stands in the request's "
               "Sec-WebSocket-Protocol, and send no such header if the request has none. Or let "
               "the client offer the subprotocol that the server speaks.",
    },
    [MEANING_EXTENSION_DECLINED] = {
        .cause = WSCLOSE_CAUSE_EXTENSION_DECLINED,
        .code = WSCLOSE_CODE_ABNORMAL_CLOSURE,
        .change = CHANGE_SERVER,
        .meaning = "The client cannot do without an extension, mostly permessage-deflate, and the "
                   "server's response does not accept it.",
        .fix = "Enable the extension on the server and let each proxy pass "
               "Sec-WebSocket-Extensions on, or make it optional in the client.",
    },
    [MEANING_EXTENSION_NOT_OFFERED] = {
        .cause = WSCLOSE_CAUSE_EXTENSION_UNSOLICITED,
        .code = WSCLOSE_CODE_ABNORMAL_CLOSURE,
        .change = CHANGE_SERVER,
        .meaning = "The server's response accepts an extension that the client had not offered, "
                   "and then the client must not go on (RFC 6455 section 4.1).",
        .fix = "On the server, or on a proxy that answers in its place, accept only extensions "
               "that the request's Sec-WebSocket-Extensions offers: do not write that header into "
               "every response.",
    },
    [MEANING_EXTENSION_INVALID] = {
        .cause = WSCLOSE_CAUSE_EXTENSION_INVALID,
        .code = WSCLOSE_CODE_ABNORMAL_CLOSURE,
        .change = CHANGE_PEER,
        .meaning = "Sec-WebSocket-Extensions of {other side} breaks the grammar, or has parameters "
                   "that RFC 7692 or the offer does not allow.",
        .fix = "Put the two values into wsclose extensions OFFER RESPONSE, which says what is "
               "wrong with them. Then correct the parameters on {other side}, or turn "
               "permessage-deflate off there.",
    },
    [MEANING_HANDSHAKE_INVALID] = {
        .cause = WSCLOSE_CAUSE_HANDSHAKE_INVALID,
        .code = WSCLOSE_CODE_ABNORMAL_CLOSURE,
        .change = CHANGE_SERVER,
        .meaning = "The client found the response to its opening handshake wrong, without saying "
                   "what was wrong, and gave the connection up.",
        .fix = "Compare the response with RFC 6455 section 4.2.2: status 101, Upgrade: websocket, "
               "Connection: Upgrade, the right Sec-WebSocket-Accept, and nothing that was not "
               "offered. Correct what differs on the server, or on the proxy that changed it.",
    },
    [MEANING_REQUEST_NO_UPGRADE] = {
        .cause = WSCLOSE_CAUSE_HANDSHAKE_REFUSED,
        .change = CHANGE_BETWEEN,
        .meaning = "The server got a request without a valid Upgrade or Connection header where it "
                   "expects a WebSocket. Mostly a proxy in front of it did not pass these headers "
                   "on; a health check, or the address opened as a page, looks the same.",
        .fix = "Let the proxy speak HTTP/1.1 to the server and pass both headers "
               "on " PASS_ON_IN_NGINX ". If no proxy is there, open the address with a WebSocket "
               "client.",
        .filter = REFUSED_REQUEST,
    },
    [MEANING_REQUEST_INVALID] = {
        .cause = WSCLOSE_CAUSE_HANDSHAKE_REFUSED,
        .change = CHANGE_CLIENT,
        .meaning = "The server found the request of the opening handshake wrong: its method, its "
                   "version of HTTP or of WebSocket, its Sec-WebSocket-Key, or what it offers.",
        .fix = "In the client, leave the opening handshake to a WebSocket library that speaks "
               "version 13 of the protocol. Let no proxy change or remove Sec-WebSocket headers.",
        .filter = REFUSED_REQUEST,
    },
    [MEANING_ORIGIN_REFUSED] = {
        .cause = WSCLOSE_CAUSE_HANDSHAKE_REFUSED,
        .change = CHANGE_SERVER,
        .meaning = "The server refused the opening handshake because it does not know the Origin, "
                   "the site whose page opened the connection. This check keeps other sites from "
                   "using a visitor's cookies.",
        .fix = "On the server, add the page's origin (scheme, host and port, as the Origin header "
               "has it) to those that are allowed. Behind a proxy, pass the Host header on "
               "unchanged, since many servers compare the two.",
        .filter = "wsclose.handshake_status == 403 || wsclose.handshake_failed",
    },
    [MEANING_REFUSED_BY_US] = {
        .cause = WSCLOSE_CAUSE_HANDSHAKE_REFUSED,
        .change = CHANGE_SERVER,
        .meaning = "The server refused the opening handshake with {answer}, for a reason of its "
                   "own: the path, the credentials, a limit, or an error in the code that handles "
                   "it.",
        .fix = "Read in the server's log at that time which rule it applied or what failed. Then "
               "correct the path or the credentials in the client, or the rule or the code on the "
               "server.",
        .filter = "wsclose.handshake_failed",
        .of_status = true,
    },
    [MEANING_SESSION_UNKNOWN] = {
        .cause = WSCLOSE_CAUSE_HANDSHAKE_REFUSED,
        .change = CHANGE_SERVER,
        .meaning = "The server does not know the session that the request names: another server or "
                   "process holds it, or a restart has lost it.",
        .fix = "Let the load balancer send all requests of one client to the same server (sticky "
               "sessions), or let the client use WebSocket from the start, without the HTTP "
               "requests that come before it. After a restart the client gets a new session by "
               "itself.",
        .filter = "wsclose.handshake_status == 400 || http.response.code == 400",
    },
    [MEANING_VERSIONS_DIFFER] = {
        .cause = WSCLOSE_CAUSE_HANDSHAKE_REFUSED,
        .change = CHANGE_CLIENT,
        .meaning = "Client and server speak two versions of the protocol on top of WebSocket that "
                   "do not go together.",
        .fix = "Install the same major version of that protocol's library on both sides, mostly by "
               "updating the client's.",
        .filter = "wsclose.handshake_failed || http.response.code == 400",
    },
    [MEANING_NO_REQUEST] = {
        .cause = WSCLOSE_CAUSE_UNKNOWN,
        .change = CHANGE_CLIENT,
        .meaning = "The server took a TCP connection on which no complete request came: a port "
                   "scan, a health check that only connects, a browser that opened a connection in "
                   "reserve, or a client that gave up.",
        .fix = "If every real client gets through, ignore the line. Else find by its address who "
               "connects, let health checks send a whole request, and look for something in "
               "between that holds requests back.",
        .filter = "tcp.flags.fin == 1 || tcp.flags.reset == 1",
    },
    [MEANING_MASK_MISSING] = {
        .cause = WSCLOSE_CAUSE_FRAME_BREACH,
        .code = WSCLOSE_CODE_ABNORMAL_CLOSURE,
        .change = CHANGE_CLIENT,
        .meaning = "The server received a frame that is not masked, and a client must mask all of "
                   "its frames (RFC 6455 section 5.1). Something wrote to the connection past the "
                   "client's WebSocket library, or that library is meant for servers.",
        .fix = "In the client, or in the gateway that acts as one, send through the client part of "
               "a WebSocket library, and write nothing to the socket beside it.",
    },
    [MEANING_MASK_SET] = {
        .cause = WSCLOSE_CAUSE_FRAME_BREACH,
        .code = WSCLOSE_CODE_ABNORMAL_CLOSURE,
        .change = CHANGE_SERVER,
        .meaning = "The client received a masked frame, and a server must not mask (RFC 6455 "
                   "section 5.1). The server builds its frames with code for clients, or passes on "
                   "the octets of another client.",
        .fix = "On the server, send through the server part of a WebSocket library, and pass "
               "messages on, not the octets of their frames.",
    },
    [MEANING_RSV_SET] = {
        FRAMING,
        .meaning = "A frame from {other side} has a reserved bit set that no extension explains. "
                   "Mostly it is a compressed message though permessage-deflate was not agreed to, "
                   "or octets that are no frame at all.",
        .fix = "Compare Sec-WebSocket-Extensions in the request with the response. Turn "
               "permessage-deflate off on {other side}, or let each proxy pass that header on. If "
               "both agree on compression, find what else writes to the connection there.",
    },
    [MEANING_OPCODE_UNKNOWN] = {
        FRAMING,
        .meaning = "A frame from {other side} has an opcode that RFC 6455 does not know. Mostly "
                   "the place where a frame begins was lost before: by a wrong length, by two "
                   "writers at once, or by octets that are no frame.",
        .fix = "On {other side}, let one writer at a time send, and through the WebSocket library "
               "alone. A capture shows the first frame that is wrong, which may come before this "
               "one.",
    },
    [MEANING_CONTROL_FRAME] = {
        FRAMING,
        .meaning = "{Other side} sent a Ping, a Pong or a Close in fragments, or with more than "
                   "the 125 octets that RFC 6455 section 5.5 allows.",
        .fix = "On {other side}, shorten the data of its Pings and the reason of its Close (123 "
               "octets fit), and send each in one frame.",
    },
    [MEANING_FRAGMENTS] = {
        FRAMING,
        .meaning = "{Other side} sent a continuation where no message had begun, or began a "
                   "message within another one. Two of its messages were sent at the same time, or "
                   "its library counts fragments wrongly.",
        .fix = "On {other side}, let one message at a time be sent (with a lock or a queue around "
               "what sends), or send each message in one frame.",
    },
    [MEANING_LENGTH] = {
        FRAMING,
        .meaning = "A frame of {other side} has a length that is not in the shortest form, or is "
                   "larger than a length can be. Octets that are no frame look like this too.",
        .fix = "On {other side}, correct the code that writes frames: a length to 125 takes seven "
               "bits, one to 65535 sixteen more, any other 64 more of which the first is zero. If "
               "a library writes them, find what else writes to the connection.",
    },
    [MEANING_FRAME_BREACH] = {
        FRAMING,
        .meaning = "{Other side} sent a frame that breaks a rule of RFC 6455, and {this side} gave "
                   "the connection up over it. Which rule, the line does not say.",
        .fix = "A capture names the frame and the rule. Update the WebSocket library of {other "
               "side}, let nothing write to the connection beside it, and let no proxy compress or "
               "change frames.",
    },
    [MEANING_CLOSE_ILLEGAL] = {
        .cause = WSCLOSE_CAUSE_CLOSE_ILLEGAL,
        .code = WSCLOSE_CODE_ABNORMAL_CLOSURE,
        .change = CHANGE_PEER,
        .meaning = "{Other side} sent a Close frame that must not be: with a code that nobody may "
                   "send (1005, 1006, 1015, one below 1000 or above 4999), with a body of one "
                   "octet, or with a reason that is not UTF-8.",
        .fix = "On {other side}, close with 1000, or with one from 4000 to 4999 for a meaning of "
               "the application's own. Never pass a code that was reported, such as 1006, on to "
               "close().",
    },
    [MEANING_NOT_UTF8] = {
        .cause = WSCLOSE_CAUSE_TEXT_NOT_UTF8,
        .code = WSCLOSE_CODE_ABNORMAL_CLOSURE,
        .change = CHANGE_PEER,
        .meaning = "A text message from {other side} is not UTF-8, and then {this side} must not "
                   "go on (RFC 6455 section 8.1). It is in another encoding, is binary data, or "
                   "was cut within a character.",
        .fix = "On {other side}, send binary data as binary messages, and encode text as UTF-8 "
               "before it is cut into pieces.",
    },
    [MEANING_INFLATE_FAILED] = {
        .cause = WSCLOSE_CAUSE_COMPRESSION_BROKEN,
        .code = WSCLOSE_CODE_ABNORMAL_CLOSURE,
        .change = CHANGE_PEER,
        .meaning = "A compressed message from {other side} could not be decompressed. Its library "
                   "compresses wrongly, or a proxy changed the data or the parameters of "
                   "permessage-deflate on their way.",
        .fix = "Turn permessage-deflate off on {other side}, which ends this at once. To keep it, "
               "update the library there, and let each proxy pass frames and "
               "Sec-WebSocket-Extensions on unchanged.",
    },
    [MEANING_TOO_BIG] = {
        .cause = WSCLOSE_CAUSE_MESSAGE_TOO_BIG,
        .code = WSCLOSE_CODE_ABNORMAL_CLOSURE,
        .change = CHANGE_SELF,
        .meaning = "A message from {other side} was larger than {this side} takes, and that ended "
                   "the connection. Its code on the wire is 1009, which {other side} reports.",
        .fix = "Raise the limit on the size of messages on {this side}, or let {other side} send "
               "several smaller messages; one message in several frames is as large as before.",
    },
    [MEANING_PING_UNANSWERED] = {
        .cause = WSCLOSE_CAUSE_PING_UNANSWERED,
        .code = WSCLOSE_CODE_ABNORMAL_CLOSURE,
        .change = CHANGE_PEER,
        .meaning = "{This side} sent a Ping (or waited for one), heard nothing in time, and gave "
                   "the connection up. {Other side} was too busy to answer, with a blocked event "
                   "loop or a suspended tab or device, or the path to it was dead.",
        .fix = "On {other side}, keep long work off the thread or event loop that reads the "
               "connection, so that Pings are answered. If it only needs longer, raise the time "
               "that {this side} waits. Networks get lost too, so let the client reconnect.",
    },
    [MEANING_PONG_MISSED] = {
        .cause = WSCLOSE_CAUSE_PING_UNANSWERED,
        .code = WSCLOSE_CODE_INTERNAL_ERROR,
        .change = CHANGE_SELF,
        .meaning = "{Other side} says in its Close frame that a Ping of its own got no Pong in time. "
                   "{This side} was too busy to answer, or what it sent came too late.",
        .fix = "On {this side}, keep the event loop or thread that reads the connection free of "
               "long work, such as a blocking call in a handler. If it only needs longer, raise "
               "the time that {other side} waits for a Pong.",
    },
    [MEANING_IDLE] = {
        .cause = WSCLOSE_CAUSE_IDLE_TIMEOUT,
        .code = WSCLOSE_CODE_ABNORMAL_CLOSURE,
        .change = CHANGE_SELF,
        .meaning = "Nothing was sent for longer than {this side} lets a connection be silent, so "
                   "it was closed.",
        .fix = "Send a Ping, or a message of the application's own, well within that time (every "
               "30 s is usual), or raise the idle timeout on {this side}.",
    },
    [MEANING_LIFETIME] = {
        .cause = WSCLOSE_CAUSE_LIFETIME_LIMIT,
        .code = WSCLOSE_CODE_ABNORMAL_CLOSURE,
        .change = CHANGE_SELF,
        .meaning = "The connection had reached the greatest age that {this side} allows, however "
                   "much was sent on it.",
        .fix = "Raise or turn off that limit on {this side}, or let the client open a new "
               "connection before it is reached. Pings are no remedy.",
    },
    [MEANING_RESET] = {
        .cause = WSCLOSE_CAUSE_TRANSPORT_END,
        .code = WSCLOSE_CODE_ABNORMAL_CLOSURE,
        .change = CHANGE_NOBODY,
        .meaning = "TCP was reset: {other side}, or a proxy or firewall in between, broke the "
                   "connection off without a Close frame. A process that crashes or is killed does "
                   "so, one that closes its socket with data unread, and a device that has "
                   "forgotten a silent connection.",
        .fix = "Look in the log of {other side} at that time for a crash, a restart, or a kill for "
               "want of memory. If the connection had been silent before, send a Ping every 30 s, "
               "so that nothing in between forgets it. In any case let the client reconnect.",
        .filter = "tcp.flags.reset == 1",
    },
    [MEANING_NO_CLOSE] = {
        .cause = WSCLOSE_CAUSE_TRANSPORT_END,
        .code = WSCLOSE_CODE_ABNORMAL_CLOSURE,
        .change = CHANGE_NOBODY,
        .meaning = "The connection ended without a Close frame, so nobody has said why. {Other "
                   "side} was stopped or killed, or a proxy or load balancer in between ended it, "
                   "for its silence or for a reload.",
        .fix = "See how long the connection had been silent. A round time such as 60 s is a "
               "timeout in between: raise it there (proxy_read_timeout in nginx, timeout tunnel in "
               "HAProxy), or send a Ping more often. Else look in the logs of {other side} and of "
               "the proxy for a restart, and let the program send a Close before it exits.",
        .filter = "wsclose.abnormal",
    },
    [MEANING_PATH_DEAD] = {
        .cause = WSCLOSE_CAUSE_PATH_DEAD,
        .code = WSCLOSE_CODE_ABNORMAL_CLOSURE,
        .change = CHANGE_BETWEEN,
        .meaning = "What {this side} sent was never acknowledged by TCP, so the path to {other "
                   "side}, or its host, was gone.",
        .fix = "Look for a network that was lost or changed at that time: a laptop that moved, a "
               "VPN, a firewall that dropped a silent connection. A Ping every 30 s keeps a path "
               "open and finds a dead one early, so that the client can reconnect.",
    },
    [MEANING_CLOSE_UNANSWERED] = {
        .cause = WSCLOSE_CAUSE_CLOSE_UNANSWERED,
        .code = WSCLOSE_CODE_ABNORMAL_CLOSURE,
        .change = CHANGE_PEER,
        .meaning = "{This side} sent a Close frame, {other side} did not answer it in time, and so "
                   "the connection was cut.",
        .fix = "On {other side}, keep reading until the Close has come, so that the library can "
               "answer it, and neither block nor exit before. If it only needs longer, raise the "
               "timeout of the closing handshake on {this side}.",
    },
    [MEANING_NORMAL] = {
        .cause = WSCLOSE_CAUSE_APPLICATION,
        .code = WSCLOSE_CODE_NORMAL_CLOSURE,
        .change = CHANGE_NOBODY,
        .filter = "wsclose.code == 1000",
    },
    [MEANING_GOING_AWAY] = {
        .cause = WSCLOSE_CAUSE_GOING_AWAY,
        .code = WSCLOSE_CODE_GOING_AWAY,
        .change = CHANGE_PEER,
    },
    [MEANING_NO_STATUS] = {
        .cause = WSCLOSE_CAUSE_UNKNOWN,
        .code = WSCLOSE_CODE_NO_STATUS_RCVD,
        .change = CHANGE_NOBODY,
        .filter = "wsclose.no_status",
    },
    [MEANING_SERVER_STOPPED] = {
        .cause = WSCLOSE_CAUSE_GOING_AWAY,
        .code = WSCLOSE_CODE_GOING_AWAY,
        .change = CHANGE_SERVER,
        .meaning = "The server is being stopped or restarted, and closes its connections before it "
                   "goes.",
        .fix = "After a deployment nothing is wrong: let the client reconnect after a short random "
               "delay. If nobody restarted the server, look in the log of its supervisor, or of "
               "the platform that runs it, for what did.",
    },
    [MEANING_POLICY] = {
        .cause = WSCLOSE_CAUSE_APPLICATION,
        .code = WSCLOSE_CODE_POLICY_VIOLATION,
        .change = CHANGE_PEER,
        .filter = "wsclose.code == 1008",
    },
    [MEANING_FAILED_INSIDE] = {
        .cause = WSCLOSE_CAUSE_APPLICATION,
        .code = WSCLOSE_CODE_INTERNAL_ERROR,
        .change = CHANGE_SELF,
        .meaning = "An error in the program of {this side} ended the connection: an exception that "
                   "nobody caught, or a library that is not used as it should be.",
        .fix = "Find the error itself in the log of {this side}, in this line or right above it, "
               "and correct it there. Catch what one message can provoke, so that it does not end "
               "the connection.",
        .filter = "wsclose.code == 1011 || wsclose.abnormal",
    },
    [MEANING_OVERLOADED] = {
        .cause = WSCLOSE_CAUSE_APPLICATION,
        .code = WSCLOSE_CODE_TRY_AGAIN_LATER,
        .change = CHANGE_SELF,
        .meaning = "{This side} had more to send or to do than it could: it is overloaded, or "
                   "{other side} reads so slowly that a queue is full.",
        .fix = "Let {other side} read without a pause and the sender send less, such as the latest "
               "state alone. If many connections are affected, add capacity on {this side}, or "
               "raise the limit of the queue there.",
        .filter = "wsclose.code == 1013 || wsclose.code == 1008 || tcp.window_size == 0",
    },
    [MEANING_CLOSED] = {
        .cause = WSCLOSE_CAUSE_UNKNOWN,
        .change = CHANGE_NOBODY,
        .meaning = "The connection was closed, and the code beside this message tells more.",
        .fix = "Find the code of the close, and ask wsclose code CODE for it.",
        .filter = CLOSE_OR_VERDICT,
        .vague = 2,
    },
    [MEANING_TLS_ENDED] = {
        .cause = WSCLOSE_CAUSE_TLS_ALERT,
        .code = WSCLOSE_CODE_ABNORMAL_CLOSURE,
        .change = CHANGE_PEER,
        .meaning = "TLS ended in the middle of the connection: by an alert, or by an end of TCP "
                   "without the close_notify that should come first. {Other side}, or the proxy "
                   "that ends TLS for it, stopped or found an error.",
        .fix = "Look in the log of {other side}, and of the proxy that ends TLS for it, at that "
               "time: a process that was killed, a reload and a changed certificate look like "
               "this. Let it send a Close frame before it stops, and let the client reconnect.",
        .filter = "tls.alert_message || wsclose.abnormal",
    },
    [MEANING_STREAM_RESET] = {
        .cause = WSCLOSE_CAUSE_STREAM_ERROR,
        .code = WSCLOSE_CODE_ABNORMAL_CLOSURE,
        .change = CHANGE_PEER,
        .meaning = "Over HTTP/2 or HTTP/3 a WebSocket is a stream, and this stream was reset: "
                   "{other side}, or a proxy in between, ended it with an error.",
        .fix = "The name of the error says more: CANCEL or NO_ERROR is an end on purpose, "
               "REFUSED_STREAM a limit, PROTOCOL_ERROR a fault of a library. Look in the log of "
               "{other side} or the proxy. If WebSocket over HTTP/2 does not work there, turn it "
               "off, so that clients use HTTP/1.1.",
    },
    [MEANING_ENDED_SOMEHOW] = {
        .cause = WSCLOSE_CAUSE_UNKNOWN,
        .change = CHANGE_NOBODY,
        .meaning = "The connection was open and has ended. Whether a Close frame, the end of TCP "
                   "or a broken frame ended it, this line does not tell.",
        .fix = "Log the code and the reason that the close event has, and explain that line. Or "
               "look at the same moment in the log of the other side and of the proxies.",
        .filter = "wsclose.verdict",
        .vague = 1,
    },
    [MEANING_CLOSED_HERE] = {
        .cause = WSCLOSE_CAUSE_APPLICATION,
        .change = CHANGE_NOBODY,
        .meaning = "The program of {this side} closed the connection by a call of its own, so this "
                   "is no fault of the network.",
        .fix = "If that was not wanted, find on {this side} what calls close() or disconnect(), "
               "and log where it is called from.",
        .filter = CLOSE_OR_VERDICT,
    },
    [MEANING_CLOSED_THERE] = {
        .cause = WSCLOSE_CAUSE_APPLICATION,
        .change = CHANGE_NOBODY,
        .meaning = "The program of {other side} closed the connection by a call of its own: it "
                   "was done, or it would not have this client or this message.",
        .fix = "If that was not wanted, look in the log of {other side} at that time, and find what "
               "calls close() or disconnect() there: a failed login, a duplicate session, a rule.",
        .filter = CLOSE_OR_VERDICT,
    },
    [MEANING_PACKET_INVALID] = {
        .cause = WSCLOSE_CAUSE_APPLICATION,
        .change = CHANGE_PEER,
        .meaning = "A message came whole, but the protocol on top of WebSocket could not read it, "
                   "and ended the connection.",
        .fix = "On {other side}, send only through that protocol's own library, of the same major "
               "version and with the same parser as on {this side}. A plain WebSocket client "
               "cannot talk to such an address.",
        .filter = CLOSE_OR_VERDICT,
    },
    [MEANING_PROXY_UPSTREAM_ENDED] = {
        .cause = WSCLOSE_CAUSE_TRANSPORT_END,
        .change = CHANGE_SERVER,
        .meaning = "The server behind the proxy ended its connection while the proxy still used "
                   "it. The proxy only passed that end on.",
        .fix = "Look in that server's log at that time for a crash, a restart, an exception, or a "
               "timeout that is shorter than the proxy's. If it stops on purpose, let it send a "
               "Close with 1001 first.",
        .filter = "wsclose.abnormal",
    },
    [MEANING_PROXY_CLIENT_ENDED] = {
        .cause = WSCLOSE_CAUSE_TRANSPORT_END,
        .change = CHANGE_CLIENT,
        .meaning = "The client, or its network, ended the connection to the proxy. Mostly that is "
                   "a tab that was closed, a phone that sleeps or a network that was lost, and no "
                   "fault of the proxy or the server.",
        .fix = "If clients leave of their own will, let them send a Close first and change nothing "
               "else. If they are cut off, look between them and this proxy for another one with a "
               "shorter timeout, a mobile network or a VPN.",
        .filter = "wsclose.abnormal",
    },
    [MEANING_PROXY_NO_UPSTREAM] = {
        .cause = WSCLOSE_CAUSE_HANDSHAKE_REFUSED,
        .change = CHANGE_SERVER,
        .meaning = "The proxy could not reach the server behind it, and so answered the opening "
                   "handshake itself, with 502, 503 or 504. That server is down, listens "
                   "elsewhere, or fails the proxy's health check.",
        .fix = "Start that server, or correct its address and port in the proxy's configuration "
               "(in a container, 127.0.0.1 is the container itself). Then see from the proxy's "
               "host whether the port answers.",
        .filter = "http.response.code >= 502 && http.response.code <= 504",
    },
    [MEANING_PROXY_IDLE] = {
        .cause = WSCLOSE_CAUSE_IDLE_TIMEOUT,
        .change = CHANGE_BETWEEN,
        .meaning = "The proxy ended the connection because neither side had sent anything for the "
                   "time of its timeout. " NO_CLOSE_FRAME_SENT,
        .fix = "Let the server send a Ping well within that time (every 30 s is usual), or raise "
               "the proxy's timeout for the path of the WebSocket.",
    },
    [MEANING_PROXY_SILENCE] = {
        .cause = WSCLOSE_CAUSE_ONE_SIDED_SILENCE,
        .change = CHANGE_BETWEEN,
        .meaning = "The proxy ended the connection because the server had sent nothing for the "
                   "time of its timeout, whatever the client had sent.",
        .fix = "Let the server send something more often than that, such as a Ping, or raise the "
               "proxy's timeout for what comes from the server.",
    },
    [MEANING_PROXY_REFUSED] = {
        .cause = WSCLOSE_CAUSE_HANDSHAKE_REFUSED,
        .change = CHANGE_BETWEEN,
        .meaning = "The proxy answered the opening handshake by itself and did not pass it on: it "
                   "has no route for this path, allows no upgrade there, or has reached a limit.",
        .fix = "In the proxy's configuration, add a route for the path of the WebSocket that allows "
               "the upgrade, or raise the limit that the line names.",
        .filter = "wsclose.handshake_failed",
    },
    [MEANING_PROXY_STOPPED] = {
        .cause = WSCLOSE_CAUSE_PROXY,
        .change = CHANGE_BETWEEN,
        .meaning = "The proxy was reloaded or stopped, or somebody ended the connection there. Both "
                   "sides then see TCP end and report 1006.",
        .fix = "Give the proxy more time to drain old connections on a reload "
               "(worker_shutdown_timeout in nginx, hard-stop-after in HAProxy), reload it less "
               "often, and let clients reconnect after a random delay.",
        .filter = "wsclose.cause == \"proxy\" || wsclose.cause == \"shared_end\"",
    },
    [MEANING_ENDED_BEFORE] = {
        .cause = WSCLOSE_CAUSE_UNKNOWN,
        .change = CHANGE_SELF,
        .meaning = "The program sent something on a connection that had ended before. This is a "
                   "consequence: why the connection ended stands further up in the log, or in the "
                   "code of the close event.",
        .fix = "On {this side}, stop the timers and loops that send when the close event comes, "
               "and look at the state of the connection before each message. For the end itself, "
               "explain the line before this one or the close code.",
        .filter = "wsclose.verdict",
        .vague = 3,
    },
    [MEANING_SENDS_OVERLAP] = {
        .cause = WSCLOSE_CAUSE_UNKNOWN,
        .change = CHANGE_SELF,
        .meaning = "The program began to send (or to receive) while the same call was still "
                   "running on this connection, and its library allows one at a time.",
        .fix = "On {this side}, put a lock or a queue around what sends, and await each call before "
               "the next one; let a single loop receive.",
        .filter = "wsclose.verdict",
    },
    [MEANING_CODE_REJECTED] = {
        .cause = WSCLOSE_CAUSE_UNKNOWN,
        .change = CHANGE_SELF,
        .meaning = "The application gave its own library a close code, or a reason, that may not "
                   "be sent, so the library threw an error and sent no Close frame.",
        .fix = "On {this side}, close with 1000 or one from 3000 to 4999, and with a reason of at "
               "most 123 octets. Do not hand a received code on to close(): 1005 and 1006 are for "
               "reports alone, and browsers do not take 1001 to 1015 either.",
        .filter = "wsclose.verdict",
    },
    [MEANING_SEND_TOO_EARLY] = {
        .cause = WSCLOSE_CAUSE_UNKNOWN,
        .change = CHANGE_SELF,
        .meaning = "The program sent something before the connection was open. The opening "
                   "handshake takes a round trip or two, and nothing can be sent until it is "
                   "done.",
        .fix = "On {this side}, send from the open event on, or wait for the connection first, and "
               "keep in a queue what comes earlier.",
        .filter = "wsclose.event == 1",
    },
};

#define ERROR_OF_SENDER WSCLOSE_CAUSE_APPLICATION, CHANGE_PEER
#define ERROR_OF_SERVER WSCLOSE_CAUSE_APPLICATION, CHANGE_SERVER

const code_cause_row code_causes[] = {
    { 1000, 1000, WSCLOSE_CAUSE_APPLICATION, CHANGE_NOBODY },
    { 1001, 1001, WSCLOSE_CAUSE_GOING_AWAY, CHANGE_PEER },
    { 1008, 1008, ERROR_OF_SENDER },
    { 1009, 1009, WSCLOSE_CAUSE_MESSAGE_TOO_BIG, CHANGE_PEER },
    { 1010, 1010, WSCLOSE_CAUSE_EXTENSION_DECLINED, CHANGE_SERVER },
    { 1011, 1011, ERROR_OF_SENDER },
    { 1012, 1014, ERROR_OF_SERVER },
    { 1015, 1015, WSCLOSE_CAUSE_TLS_ALERT, CHANGE_SERVER },
    { 3000, 4999, WSCLOSE_CAUSE_APPLICATION, CHANGE_NOBODY },
};
const size_t code_causes_count = G_N_ELEMENTS(code_causes);

const char message_code_filter[] = "wsclose.client.code == {code} || wsclose.server.code == {code}";
const char message_status_filter[] = "wsclose.handshake_status == {status}";

const message_table *const message_tables[] = {
    &messages_browsers, &messages_node,   &messages_python, &messages_go,      &messages_java,
    &messages_dotnet,   &messages_native, &messages_php,    &messages_proxies,
};
const size_t message_tables_count = G_N_ELEMENTS(message_tables);
