/* endings.c
 * What is said of how a connection ended.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "endings.h"

#include <glib.h>

#include "breaches.h"

/* A description, but for what is special about the ending. */
#define COURSE(remark) "{opening}{tolerated}{steps}" remark "{cause remark}{why}{gaps}"

/* Texts that endings share. */
static const char both_closed[] = "{both closed}{reports}";
static const char course[] = COURSE("");
static const char failure_course[] = COURSE("{failure}");
static const char first_causes[] = "{first causes}";
static const char lacking_causes[] =
    "Seen when the capture began after the connection did, when packets were lost or cut short "
    "while capturing, or when they came out of order and were not dissected.";
static const char normal_fix[] =
    "{Nothing to change}: this is a normal close. To tell the {second} a cause, pass a code "
    "to close() on the {first}.";
static const char code_fix[] = "{code fix}";
static const char hurried_causes[] =
    "Seen when the {first}'s application or process ends right after it closed, when its library "
    "does not wait for the answer, or when the answer took longer than it is willing to wait.";
static const char hurried_fix[] =
    "On the {first}, wait for the {second}'s Close frame before ending {transport} (a few seconds "
    "at most), and let the process live that long. If the {second} was slow to answer, look "
    "there.{on the code}";
static const char capture_fix[] =
    "Capture again from before the connection opens, with whole packets (snapshot length 0) and "
    "without loss.";
static const char silent_end[] = "{Ender} {ender ended}{cause line}, {no close}{reports}";
static const char end_fix[] =
    "{gave up}On the {first}, look in the log and the system's for what ended the process or the "
    "{socket} at that time, and let the application call the library's close() before it ends. If "
    "nothing there ended it, look at the proxies and firewalls in between. {Reconnect}";
static const char opening_line[] = "{opening ended}{reports}";
static const char opening_course[] =
    "{Asked}{at request}{answer missing}.{steps}{opening why}{gaps}";

const ending_row ending_rows[] = {
    [ENDING_REFUSED] = {
        .brief = "refused",
        .line = "{Refused}{reports}",
        .description =
            "{Asked}{at request}, and the server answered with HTTP status {status} ({status "
            "name}){at response} instead of {success}. {Never opened}. A browser reports 1006 and "
            "does not show the status to the script: it is in the capture, in the browser's "
            "console and in the server's log only. Other client libraries raise an error, which "
            "often names the status.{gaps}",
        .causes = "{status causes}",
        .fix = "{status fix}",
    },
    [ENDING_OPENING_GIVEN_UP] = {
        .brief = "handshake unanswered",
        .line = opening_line,
        .description = opening_course,
        .causes = "Seen when the client's own time limit for opening ran out, or its user or "
                  "application gave up; the server, or a proxy in front of it, took the {taken} "
                  "and did not answer, for example because it is overloaded or waits for another "
                  "server.",
        .fix = "Look on the server, and on the proxy in front of it, for what keeps it from "
               "answering: its log, its load, the port. If it only needs longer, raise the "
               "client's time limit.",
    },
    [ENDING_OPENING_UNANSWERED] = {
        .brief = "handshake unanswered",
        .line = opening_line,
        .description = opening_course,
        .causes = "Seen when {not meant}, when the server's process failed over the request or was "
                  "stopped, or when a proxy or firewall cut the connection.",
        .fix = "Check {mean}, then look in the log of the server and of the proxy in front of it "
               "at the time of the request.",
    },
    [ENDING_OPENING_NOT_HTTP] = {
        .brief = "answer not HTTP",
        .line = opening_line,
        .description = opening_course,
        .causes = "Seen when the port is that of another service, when the server expects TLS there "
                  "(wss://) and the client does not begin with it (ws://), or when a program writes "
                  "to the connection that is no HTTP server.",
        .fix = "Look at what the server sent{shown in}: it tells what listens there. Then correct "
               "the URL that the client opens, its scheme and its port, or what listens on that "
               "port.",
    },
    [ENDING_REJECTED] = {
        .brief = "response rejected",
        .line = "{rejection}{fault}{reports}",
        .description = course,
        .causes = "{fault causes}",
        .fix = "{fault fixes}",
    },
    [ENDING_BREACH] = {
        .brief = "protocol breach",
        .line = "{Culprit} sent {what broke}{breach}, and {reaction}{reports}",
        .description = "{opening}{tolerated} The {culprit} sent {what "
                       "broke}{breaches}.{cause remark}{steps}{why}{gaps}",
        .causes = "{breach causes}",
        .fix = BREACH_FIX("a frame") "{victim is right}" "{check extensions}",
    },
    [ENDING_ILLEGAL] = {
        .brief = "illegal Close",
        .line = "{illegal close}{reports}",
        .description = COURSE(" The {culprit}'s Close frame breaks the protocol{illegals}."),
        .causes = "{illegal causes}",
        .fix = BREACH_FIX("a Close frame") "{victim is right}",
    },
    [ENDING_FAILED] = {
        .brief = "failed, no answer read",
        .line = "{Culprit} closed {culprit with} and {culprit ended} without waiting for an "
                "answer{reports}",
        .description = course,
        .causes = "{culprit causes}",
        .fix = "{culprit fix}",
    },
    [ENDING_CUT] = {
        .brief = "closed, code cut off",
        .line = both_closed,
        .description = course,
        .causes = "{cut causes}",
        .fix = "{cut fix}",
    },
    [ENDING_CROSSED] = {
        .brief = "both closed at once",
        .line = "{First closed} and the {second} {second with} at the same time{reports}",
        .description = COURSE(" Neither had received the other's Close when it sent its own."),
        .causes = "Seen when both applications close of their own accord, for example after a last "
                  "message on which both are finished.",
        .fix = "{Nothing to change}: the protocol allows for it, and each side reports the other's "
               "code. If the close was not wanted, look on both sides for what began it.{what "
               "codes stand for}",
    },
    [ENDING_EMPTY] = {
        .brief = "closed without code",
        .line = both_closed,
        .description = course,
        .causes = "Seen when a browser's close() is called without arguments, and with many other "
                  "libraries: the Close is empty, and so is the answer to it.",
        .fix = normal_fix,
    },
    [ENDING_EMPTY_WITH_CODE] = {
        .brief = "empty Close, code back",
        .line = both_closed,
        .description = course,
        .causes = "The Close is what a browser's close() without arguments and many libraries "
                  "send. Some libraries answer an empty Close with 1000 (aiohttp, autobahn, "
                  "faye-websocket, Boost.Beast, Qt, libsoup).",
        .fix = normal_fix,
    },
    [ENDING_SAME_CODE] = {
        .brief = "closed",
        .line = both_closed,
        .description = failure_course,
        .causes = first_causes,
        .fix = code_fix,
    },
    [ENDING_OTHER_CODE] = {
        .brief = "closed, other code back",
        .line = both_closed,
        .description = failure_course,
        .causes = "{first causes} {other code}",
        .fix = code_fix,
    },
    [ENDING_TWO_CODES] = {
        .brief = "closed, two codes",
        .line = both_closed,
        .description = failure_course,
        .causes = "{first causes} The {second}'s other code is its application's own choice: it "
                  "may have closed at the same time, before it read the {first}'s Close.",
        .fix = code_fix,
    },
    [ENDING_ONE_SIDE] = {
        .brief = "one Close captured",
        .line = "{First closed}, and no Close of the {second} {second seen}{reports}",
        .description = course,
        .causes = lacking_causes,
        .fix = capture_fix,
    },
    [ENDING_LATE] = {
        .brief = "Close came too late",
        .line = "{Second} ended {transport}, and the {first}'s Close {first with} {came "
                "late}{reports}",
        .description =
            COURSE(" When that Close was sent, the {second} had already ended {transport}."),
        .causes = "Seen when the {second}'s process ended, its application closed the {socket}, or "
                  "a proxy in between cut the connection, and the {first}'s library answers the "
                  "end of {transport} with a Close frame.",
        .fix = "On the {second}, close the WebSocket (call the library's close()) before the "
               "{socket} or the process ends; look in its log, and in that of a proxy in between, "
               "for what ended {transport}.{on the code}",
    },
    [ENDING_NOT_AWAITED] = {
        .brief = "answer not awaited",
        .line = "{First closed} and {first ended} before an answer came{reports}",
        .description = course,
        .causes = hurried_causes,
        .fix = hurried_fix,
    },
    [ENDING_UNRECEIVED] = {
        .brief = "answer not received",
        .line = "{First closed}, the {second}'s answer {second with} met a closed "
                "{socket}{reports}",
        .description = COURSE(" When that answer came, the {first} had already closed its "
                              "{socket}: it sent a reset back, and nobody read the Close."),
        .causes = hurried_causes,
        .fix = hurried_fix,
    },
    [ENDING_UNANSWERED] = {
        .brief = "Close unanswered",
        .line = "{First closed}, the {second} {second ended} without an answer{reports}",
        .description = course,
        .causes = "Seen when the {second}'s library or application does not answer a Close frame "
                  "but ends {transport}, when its process ended at that moment, or when a proxy in "
                  "between did.",
        .fix = "On the {second}, answer a Close frame with a Close frame before ending "
               "{transport}; a WebSocket library does so by itself if it is given the time. Look "
               "in its log for what ended the process or the {socket} first.{on the code}",
    },
    [ENDING_OUTSIDE] = {
        .brief = "TLS, seen from outside",
        .line = "{Ender} {ender ended}{cause line}. TLS without keys: neither code is known",
        .description =
            "The connection is TLS, and nobody has decrypted it. It is taken for a WebSocket since "
            "the preference wsclose.tls_servers lists its server.{aged}{notified}{steps}"
            "{cause remark} Whether a Close frame was sent, and with which code, cannot be "
            "seen.{loss}",
        .causes = "Seen when one side has closed the WebSocket, when an application or its process "
                  "ended, and when a proxy, a load balancer or a firewall in between cut the "
                  "connection: without the keys they look the same.",
        .fix = "Capture again with the keys: let the client or the server write them to a file "
               "(SSLKEYLOGFILE), and give that to Wireshark (-o tls.keylog_file:FILE). Until then, "
               "look in the log of the {ender} for this time.",
    },
    [ENDING_DARK] = {
        .brief = "Close perhaps missed",
        .line = "{First} {first ended}, and no Close frame {any seen}{reports}",
        .description = course,
        .causes = lacking_causes,
        .fix = capture_fix,
    },
    [ENDING_RESET] = {
        .brief = "no Close, reset",
        .line = silent_end,
        .description = course,
        .causes = "Seen when the process on the {first} crashed or was killed, or when its "
                  "application ends the connection at once (terminate() in ws, destroy() on the "
                  "{socket}, a {socket} closed with data still unread), and when a firewall or a "
                  "proxy in between cuts the connection.{left declined}",
        .fix = end_fix,
    },
    [ENDING_FIN] = {
        .brief = "no Close",
        .line = silent_end,
        .description = course,
        .causes = "Seen when the process on the {first} exited or was killed, when its application "
                  "closes the {socket} instead of the WebSocket, when a library does so "
                  "(libwebsockets where a callback returns -1), when a network changes, and when a "
                  "proxy in between restarts.{left declined}",
        .fix = end_fix,
    },
};
G_STATIC_ASSERT(G_N_ELEMENTS(ending_rows) == ENDING_COUNT);
