/* causes.c
 * What is said of why a connection ended.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "causes.h"

#include <glib.h>

#include "breaches.h"

#define PING_OFTENER                                                                               \
    "Let the server send a Ping more often than every {span}, or let the application send a "      \
    "message of its own (a script in a browser cannot send a Ping)."

#define IDLE_SETTINGS                                                                              \
    " Or raise the idle timeout of the proxy or load balancer: proxy_read_timeout and "            \
    "proxy_send_timeout in nginx, timeout tunnel in HAProxy, the idle timeout of a cloud's load "  \
    "balancer."

#define CAN_RECONNECT " {Reconnect}"

/* Texts that causes share. */
static const char after_last[] = "{after the last}";
static const char timer_causes[] = "Seen when a proxy, a load balancer or a firewall ends a "
                                   "connection on which nothing was sent for "
                                   "some time. It sends no Close frame, and in a capture taken on "
                                   "one side of it, it looks like the "
                                   "other side. {Limits}";
static const char too_big_causes[] =
    "Seen when a message is longer than the receiving library's limit (1 MiB in Python's "
    "websockets, 4 MiB in aiohttp, 100 MiB in ws, 64 KiB in Jetty and 8 KiB in Tomcat by "
    "default).";
static const char too_big_fix[] =
    "On the {first}, raise the limit (maxPayload in ws, max_size in websockets, max_msg_size in "
    "aiohttp, websocket_max_message_size in tornado, setMaxTextMessageBufferSize in Java), or "
    "let the {second} send less at a time.";

static const char lifetime_remark[] =
    " The connection had lived for {span}, with traffic to its end: {likely}somebody has set "
    "that as its limit.";
static const char lifetime_causes[] =
    "Seen when a proxy, a gateway or a platform lets no request take longer, and a WebSocket "
    "is one request to it. Pings do not help. {Limits}";
static const char lifetime_fix[] =
    "Raise or turn off that limit for the path of the WebSocket (the route's timeout in Envoy and "
    "Istio, the backend service's timeout in Google Cloud, the request timeout in Cloud Run). "
    "Where it cannot be raised, let the client reconnect before {span} have passed.";

const cause_row cause_rows[] = {
    [WSCLOSE_CAUSE_APPLICATION] = { .name = "application", .brief = "application", .info = "{first} closed", .line = "" },
    [WSCLOSE_CAUSE_GOING_AWAY] = { .name = "going_away", .brief = "going away", .line = "" },
    [CAUSE_ROW_GOING_AWAY_BETWEEN] = {
        .name = "going_away",
        .brief = "going away, proxy",
        .line = "",
        .remark = " By its reason, that Close comes from a proxy in between, not from the "
                  "{first}'s application.",
        .causes = "Seen when a proxy or a load balancer restarts, is deployed anew, or takes itself out "
                  "of service: it closes the connections that it carries.",
        .fix = "Look at the proxy in between for what restarts it, and let it wait longer for open "
               "connections before it ends (a time to drain)." CAN_RECONNECT,
    },
    [WSCLOSE_CAUSE_HANDSHAKE_REFUSED] = { .name = "handshake_refused",
                                          .brief = "refused", .info = "refused with {status}",
                                          .line = "" },
    [WSCLOSE_CAUSE_HANDSHAKE_UNANSWERED] = { .name = "handshake_unanswered",
                                             .brief = "no answer",
                                             .line = "" },
    [WSCLOSE_CAUSE_HANDSHAKE_INVALID] = { .name = "handshake_invalid",
                                          .brief = "invalid response",
                                          .line = "" },
    [WSCLOSE_CAUSE_SUBPROTOCOL_UNANSWERED] = {
        .name = "subprotocol_unanswered",
        .brief = "no subprotocol",
        .line = " {after response} after the {response}, {because} that selects none of its "
                "subprotocols",
        .remark = " The client had offered subprotocols in Sec-WebSocket-Protocol, and the {response} "
                  "selects none of them{shown in}: {likely}the client does not go on without one.",
        .causes = "Seen with browsers and the npm package ws, which fail the connection then, where a "
                  "server does not know the subprotocol, or does not answer Sec-WebSocket-Protocol at "
                  "all.",
        .fix = "Let the server select one of the subprotocols that the client offers and name it in "
               "Sec-WebSocket-Protocol, or let the client offer none.",
    },
    [WSCLOSE_CAUSE_SUBPROTOCOL_UNSOLICITED] = { .name = "subprotocol_unsolicited",
                                                .brief = "subprotocol not offered",
                                                .line = "" },
    [WSCLOSE_CAUSE_EXTENSION_DECLINED] = {
        .name = "extension_declined",
        .brief = "extension declined", .info = "no {one declined}",
        .line = "",
        .remark = " The client needs {declined}, and the response{shown in} does not have {declined "
                  "it}.",
    },
    [CAUSE_ROW_DECLINED_LISTED] = {
        .name = "extension_declined",
        .brief = "extension declined", .info = "no {one declined}",
        .line = " {after response} after the {response}, likely because the server declined {one "
                "declined}",
        .remark = " The client sent no frame at all. It had offered {declined}, which "
                  "wsclose.mandatory_extensions lists and the server's response does not have: likely "
                  "the client cannot do without {declined it}.",
        .causes = "Seen when the response lacks an extension that the client needs: most client "
                  "libraries end {transport} then, rather than send a Close with 1010. A client that "
                  "was stopped at that moment looks the same.",
        .fix = "{extension fix}",
    },
    [CAUSE_ROW_NOT_OFFERED] = {
        .name = "extension_declined",
        .brief = "extension not offered", .info = "{one declined} not offered",
        .line = "",
        .remark = " The client needs {declined}, which it did not offer{shown in}, so the server could "
                  "not accept {declined it}.",
    },
    [WSCLOSE_CAUSE_EXTENSION_STRIPPED] = {
        .name = "extension_stripped",
        .brief = "extension stripped",
        .line = "",
        .remark = " What is in between took {declined} out of the opening handshake: the other "
                  "connection of this capture that carries the same WebSocket shows so.",
        .causes = "Seen when a proxy removes Sec-WebSocket-Extensions from the request or the response, "
                  "or writes one of its own.",
        .fix = "Let the proxy in between pass Sec-WebSocket-Extensions on in both directions, or let "
               "the client do without {declined}.",
    },
    [WSCLOSE_CAUSE_EXTENSION_UNSOLICITED] = { .name = "extension_unsolicited",
                                              .brief = "extension not offered",
                                              .line = "" },
    [WSCLOSE_CAUSE_EXTENSION_INVALID] = { .name = "extension_invalid",
                                          .brief = "extension invalid",
                                          .line = "" },
    [WSCLOSE_CAUSE_EXTENSION_REFUSED] = {
        .name = "extension_refused",
        .brief = "extension refused",
        .line = " over a compressed message",
        .remark = " Both sides had agreed on permessage-deflate, so the {second} was right to compress "
                  "its message{last data in} (RFC 7692 section 6): {likely}the {first} cannot read what "
                  "it agreed to.",
        .causes = "Seen when a {first} lets its library, or a framework around it, negotiate "
                  "permessage-deflate, and reads the frames with code that knows nothing of it.",
        .fix = "On the {first}, do not offer or accept permessage-deflate (most libraries have an "
               "option for it), or use a library that can inflate. The {second} has nothing to change; "
               "to turn permessage-deflate off there works too.",
    },
    [CAUSE_ROW_CLAIM_REFUSED] = {
        .name = "extension_refused",
        .brief = "extension refused",
        .line = "",
        .remark = " The response{shown in} has all that the client needs.",
    },
    [WSCLOSE_CAUSE_FRAME_BREACH] = { .name = "frame_breach",
                                     .brief = "protocol breach",
                                     .line = "" },
    [CAUSE_ROW_BREACH_DEFLATE] = {
        .name = "frame_breach",
        .brief = "protocol breach",
        .line = "",
        .remark = " permessage-deflate was negotiated, but its bit RSV1 is for the first frame of a "
                  "compressed data message alone (RFC 7692 section 6.1).",
        .causes = "Seen when a library sets RSV1 on every fragment of a compressed message, or on a Ping "
                  "or Pong.",
        .fix = "Correct the {culprit}: with permessage-deflate only the first frame of a data message "
               "may have RSV1, no continuation and no control frame. Until then, send messages there in "
               "one frame, or turn permessage-deflate off.{victim is right}",
    },
    [WSCLOSE_CAUSE_OUT_OF_STEP] = {
        .name = "out_of_step",
        .brief = "out of step",
        .line = "",
        .remark = " What follows breaks the protocol in other ways too, so what looks like a frame there "
                  "is none: the place where a frame begins was lost.",
        .causes = "Seen when a frame's length is wrong (a length of 126 or more written into seven bits), "
                  "when two threads write to one connection at the same time, or when octets are written "
                  "to the {socket} past the library.",
        .fix = "Correct what writes frames on the {culprit}: from 126 octets on the length takes 16 or 64 "
               "bits (RFC 6455 section 5.2), and one writer at a time may send. Begin with the first frame "
               "that is wrong{shown in}; what comes after it follows from it.{victim is right}",
    },
    [WSCLOSE_CAUSE_NOT_WEBSOCKET] = {
        .name = "not_websocket",
        .brief = "not WebSocket",
        .line = "",
        .remark = " To the {victim} they look like a frame that breaks the protocol.",
        .causes = "Seen when two handlers on one server take the same upgrade, and one of them answers "
                  "with HTTP after the other has accepted; when a framework writes an error page to the "
                  "connection; or when an application writes to the {socket} past its WebSocket library.",
        .fix = "On the {culprit}, find what writes {no frames} to the connection after the opening "
               "handshake, and stop it: of two handlers of upgrades each must leave the other's paths "
               "alone.{victim is right}",
    },
    [CAUSE_ROW_ANSWER_NOT_HTTP] = { .name = "not_websocket",
                                    .brief = "answer not HTTP",
                                    .line = "" },
    [WSCLOSE_CAUSE_CLOSE_ILLEGAL] = { .name = "close_illegal",
                                      .brief = "illegal Close",
                                      .line = "" },
    [WSCLOSE_CAUSE_TEXT_NOT_UTF8] = {
        .name = "text_not_utf8",
        .brief = "text not UTF-8",
        .line = " over a text message that is {unread likely}not UTF-8",
        .remark = " The text message of the {actor}{shown in} is {unread likely}not UTF-8, so the {actor "
                  "peer} must fail the connection (RFC 6455 section 8.1).",
        .causes = "Seen when an application sends text in another encoding, sends binary data as a text "
                  "message, or cuts a text in the middle of a character.",
        .fix = "On the {actor}, encode text as UTF-8 before it is sent, and send everything else as binary "
               "messages. The {actor peer} has nothing to change.",
    },
    [WSCLOSE_CAUSE_COMPRESSION_BROKEN] = {
        .name = "compression_broken",
        .brief = "cannot be inflated",
        .line = " over a compressed message that {unread likely}cannot be inflated",
        .remark = " The compressed message of the {actor}{shown in} {unread likely}cannot be inflated "
                  "(RFC 7692 section 7.2.2).",
        .causes = "Seen when a library, or a proxy in between, sets RSV1 on data that are not compressed, "
                  "leaves octets out, compresses with a larger window than was negotiated, or goes on with "
                  "a context that it was to begin anew (no_context_takeover).",
        .fix = "On the {actor}, correct or update the library that compresses, or turn permessage-deflate "
               "off there until then. What the text says or how it is encoded does not matter: it was "
               "never read.",
    },
    [WSCLOSE_CAUSE_MESSAGE_TOO_BIG] = {
        .name = "message_too_big",
        .brief = "message too big", .info = "message of {size} octets too big",
        .line = " over a message of {size} octets",
        .remark = " The {second}'s last message{shown in} has {size} octets as sent{compressed}: more "
                  "than the {first} takes.",
        .causes = too_big_causes,
        .fix = too_big_fix,
    },
    [CAUSE_ROW_TOO_BIG_UNSEEN] = {
        .name = "message_too_big",
        .brief = "message too big",
        .line = "",
        .causes = too_big_causes,
        .fix = too_big_fix,
    },
    [WSCLOSE_CAUSE_PING_UNANSWERED] = {
        .name = "ping_unanswered",
        .brief = "Ping unanswered", .info = "Ping unanswered for {span}",
        .line = " {span} after a Ping that got no Pong",
        .remark = " The {actor peer}'s Ping{shown in} got no Pong (RFC 6455 section 5.5.2), and the "
                  "{actor peer} gave the connection up {span} later{round trip}.",
        .causes = "Seen when the {actor} hangs or is too busy to read (a blocked event loop, a debugger, a "
                  "suspended tab or device), when its library answers no Ping, or when the path to it is "
                  "dead.",
        .fix = "Look on the {actor} at that time for what kept it from answering: its load, a blocked "
               "thread or event loop, a device that slept. If it only needs longer, raise the time that "
               "the {actor peer} waits for a Pong (ping_timeout in websockets and uvicorn, heartbeat in "
               "aiohttp, pingTimeout in socket.io)." CAN_RECONNECT,
    },
    [WSCLOSE_CAUSE_IDLE_TIMEOUT] = {
        .name = "idle_timeout",
        .brief = "idle timeout", .info = "silent for {span}",
        .line = " after {span} of silence",
        .remark = " Neither side had sent anything for {span}{shown since}: {likely}an idle timeout of "
                  "something in between.",
        .causes = timer_causes,
        .fix = PING_OFTENER IDLE_SETTINGS CAN_RECONNECT,
    },
    [CAUSE_ROW_IDLE_CLOSED] = {
        .name = "idle_timeout",
        .brief = "idle timeout", .info = "silent for {span}",
        .line = " after {span} of silence",
        .remark = " Before that Close nothing was sent for {span}{shown since}: {likely}an idle timeout of "
                  "the {first}, or of a gateway that closes in its place.",
        .causes = "Seen when a server, a framework or a gateway closes a connection on which nothing was "
                  "sent for some time. {Limits}",
        .fix = PING_OFTENER " Or raise the idle timeout on the {first}, or of the gateway in front of "
                            "it." CAN_RECONNECT,
    },
    [CAUSE_ROW_IDLE_OUTSIDE] = {
        .name = "idle_timeout",
        .brief = "idle timeout", .info = "silent for {span}",
        .line = " after {span} of silence",
        .remark = " Before the end no record was sent for {span}{shown since}: {likely}an idle timeout "
                  "of one side, or of something in between.",
        .causes = timer_causes,
        .fix = PING_OFTENER IDLE_SETTINGS " If none of them has such a limit, look for one in the "
               "server and in the client." CAN_RECONNECT,
    },
    [WSCLOSE_CAUSE_ONE_SIDED_SILENCE] = {
        .name = "one_sided_silence",
        .brief = "one side silent", .info = "{actor} silent for {span}",
        .line = " after {span} in which the {actor} sent nothing",
        .remark = " The {actor} had sent nothing for {span}{shown since}, though the {actor peer} had: "
                  "{likely}a timeout of something in between that counts what the {actor} sends.",
        .causes = "Seen when a proxy waits for data of one side alone, whatever the other one sends: "
                  "HAProxy with option independent-streams (timeout server, timeout client), nginx by its "
                  "manual (proxy_read_timeout, though nginx 1.22 was seen to count what both send). "
                  "{Limits}",
        .fix = "Let the {actor} send something more often than every {span}: a Ping, an answer, a message "
               "of its own. Or raise that timeout in between (proxy_read_timeout in nginx and "
               "ingress-nginx, timeout server or timeout client in HAProxy)." CAN_RECONNECT,
    },
    [WSCLOSE_CAUSE_LIFETIME_LIMIT] = {
        .name = "lifetime_limit",
        .brief = "lifetime limit", .info = "{likely}a limit of {span}",
        .line = " {span} after the opening handshake, {likely}at a limit on its age",
        .remark = lifetime_remark,
        .causes = lifetime_causes,
        .fix = lifetime_fix,
    },
    [CAUSE_ROW_LIFETIME_OUTSIDE] = {
        .name = "lifetime_limit",
        .brief = "lifetime limit", .info = "{likely}a limit of {span}",
        .line = " {span} after TLS began, {likely}at a limit on its age",
        .remark = lifetime_remark,
        .causes = lifetime_causes,
        .fix = lifetime_fix,
    },
    [WSCLOSE_CAUSE_FLOW_FORGOTTEN] = {
        .name = "flow_forgotten",
        .brief = "flow forgotten", .info = "forgotten after {span} of silence",
        .line = " in answer to the first packet after {span} of silence",
        .remark = " For {span} there had been no packet. The first one after that{shown in} was answered by "
                  "a reset and nothing else: something in between, or a host that was started anew, no "
                  "longer knew the connection.",
        .causes = "Seen when a load balancer, a NAT gateway or a firewall forgets connections on which "
                  "nothing was sent for some time, without telling either side. {Forgetters}",
        .fix = "Let the server send a Ping, or TCP a keep-alive, more often than the shortest such time on "
               "the path (every 30 s is safe for most), or raise the idle timeout of the load balancer or "
               "NAT gateway." CAN_RECONNECT,
    },
    [WSCLOSE_CAUSE_PATH_DEAD] = {
        .name = "path_dead",
        .brief = "path dead", .info = "nothing acknowledged for {span}",
        .line = ", what the {actor} sent was never acknowledged",
        .remark = " What the {actor} sent{shown in} was never acknowledged, though it sent it {repeated} "
                  "again in {span}: the path to the {actor peer}, or the {actor peer}'s host, was gone.",
        .causes = "Seen when a network is lost or changes (a laptop that moves, a phone that leaves the "
                  "WLAN), when the other host is switched off, or when a firewall drops packets of a "
                  "connection that it has forgotten.",
        .fix = "Look at the network between the two at that time. Let the {actor} notice sooner and "
               "reconnect (a Ping with a time limit), and let a Ping keep the path open where a firewall "
               "forgets silent connections.",
    },
    [WSCLOSE_CAUSE_CLOSE_UNANSWERED] = {
        .name = "close_unanswered",
        .brief = "Close unanswered", .info = "Close unanswered for {span}",
        .line = "",
        .remark = " The {actor} received that Close{shown in} and had {span} to answer it, as it must (RFC "
                  "6455 section 5.5.1), and did not.",
        .causes = "Seen when the {actor}'s library or application does not answer a Close frame: it goes on "
                  "as before, is too busy to read it, or ends {transport} at once.",
        .fix = "On the {actor}, answer a Close frame with a Close frame before {transport} ends: a "
               "WebSocket library does so by itself as long as the application lets it read. The {actor "
               "peer} did nothing wrong.",
    },
    [WSCLOSE_CAUSE_PROXY] = {
        .name = "proxy",
        .brief = "proxy ended it",
        .line = ", as what is in between ended both its connections",
        .remark = " Both connections that carry this WebSocket are in the capture, and both were ended "
                  "from the host in between.",
        .causes = "Seen when a proxy reloads its configuration, restarts, runs out of something, or has a "
                  "timeout of its own.",
        .fix = "Look in the log of the proxy in between at that time. Let it drain open connections on a "
               "reload (worker_shutdown_timeout in nginx, hard-stop-after in HAProxy)." CAN_RECONNECT,
    },
    [WSCLOSE_CAUSE_SHARED_END] = {
        .name = "shared_end",
        .brief = "ended with others", .info = "ended with {others}",
        .line = " together with {others}",
        .remark = " The connection ended within a moment of {others}, of other ages: one event ended them all, such "
                  "as a restart or a reload of the server or of a proxy.",
        .causes = "Seen when a server or a proxy restarts, reloads its configuration or is deployed anew, "
                  "when a host goes down, or when a network is lost.",
        .fix = "Look on the {first}'s side, and at the proxies in between, for what was restarted or reloaded "
               "at that moment. Let it close with 1001 or 1012 before it ends, and drain slowly. Let clients "
               "reconnect after a random delay, so that they do not all come back at once.",
    },
    [WSCLOSE_CAUSE_STREAM_ERROR] = { .name = "stream_error",
                                     .brief = "stream error",
                                     .line = after_last },
    [WSCLOSE_CAUSE_TLS_ALERT] = {
        .name = "tls_alert",
        .brief = "TLS alert", .info = "TLS alert {alert}",
        .line = " after a fatal alert of TLS ({alert})",
        .remark = " The {actor} sent a fatal alert of TLS, {alert}{shown in}, which ends the connection at "
                  "once.",
        .causes = "Seen when octets were changed on their way (a proxy, a broken network card), when a "
                  "certificate was revoked or a policy has changed, or when the {actor}'s TLS library found "
                  "an error of its own.",
        .fix = "Look in the log of the {actor}'s TLS library for {alert}, and at what opens TLS in between.",
    },
    [WSCLOSE_CAUSE_TRANSPORT_END] = {
        .name = "transport_end",
        .brief = "TCP ended", .info = "{ender} {ender ended}",
        .line = after_last,
    },
    [WSCLOSE_CAUSE_UNKNOWN] = { .name = "unknown", .brief = "not known", .line = after_last },
    [CAUSE_ROW_CONTENT_UNREAD] = {
        .name = "unknown",
        .brief = "not known",
        .line = "",
        .remark = " The {second}'s last message{last data in} is compressed, and nobody has inflated it: "
                  "it may be broken as compressed data, or a text that is not UTF-8.",
        .causes = "Seen when a compressed message cannot be inflated, or when its text is not UTF-8.",
        .fix = "Look which of the two the log of the {first} names. Or capture again with "
               "permessage-deflate turned off, so that the message can be read.",
    },
};
G_STATIC_ASSERT(G_N_ELEMENTS(cause_rows) == CAUSE_ROWS);
