/* codes.c
 * What is said of each status code, and of two of them side by side.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "codes.h"

#include <glib.h>

#define NOBODY WSCLOSE_MAY_SEND_NOBODY
#define CLIENT WSCLOSE_MAY_SEND_CLIENT
#define SERVER WSCLOSE_MAY_SEND_SERVER
#define EITHER WSCLOSE_MAY_SEND_EITHER

#define RFC6455_CODES "RFC 6455 section 7.4.1"
#define RFC6455_RANGES "RFC 6455 section 7.4.2"
#define IANA_REGISTRY "IANA WebSocket Close Code Number Registry"

/* Of the numbers below and above the ranges. */
#define NO_STATUS_CODE "Not a Status Code"

/* Of the numbers between the registered ones. */
#define UNREGISTERED "Unregistered"
#define UNREGISTERED_SAYS                                                                          \
    "is in the range for libraries and frameworks but not in the IANA registry, so that it means " \
    "what the software that sends it decided"
#define UNREGISTERED_WHEN "the library or framework in use defines it"

const wsclose_code_info code_rows[] = {
    { 0, 999, WSCLOSE_CLASS_INVALID, NOBODY, NO_STATUS_CODE,
      "Numbers below 1000 are not used as status codes, so this one says nothing about why the "
      "connection closed.",
      "A program put an HTTP status such as 401, an error number, or a variable that was never set "
      "(0) into the Close frame. Chromium accepts 999 and sends it back; many other libraries "
      "answer with 1002 (Protocol Error).",
      "On the side that sent it, choose a real status code: 1000 for a normal end, or one from "
      "4000 to 4999 for a meaning of the application's own (4401 in place of 401, say). The "
      "receiver is right to fail the connection.",
      "is below 1000, where there are no status codes, and says nothing", NULL, RFC6455_RANGES },
    { 1000, 1000, WSCLOSE_CLASS_PROTOCOL, EITHER, "Normal Closure",
      "The connection has done its work and ends as intended. The side that sends this code has "
      "nothing to complain about.",
      "An application closed the connection on purpose. Several libraries send 1000 where their "
      "close() is called without a code, Python websockets, aiohttp, websocket-client and Qt among "
      "them. Some answer every Close with 1000, whatever code it carried (aiohttp, autobahn, "
      "websocket-client and the npm package websocket), so look for the cause in the first of the "
      "two Close frames. Two report 1000 with no Close frame at all: aiohttp when its own Ping "
      "goes unanswered, and Qt when TCP just ends.",
      "At the protocol level there is nothing to fix. If the close was not wanted, look in the log "
      "of the side that sent the first Close frame. Where 1000 hides a failure, let that side send "
      "a code that tells more, or a reason beside it.",
      "says that the connection has done its work and nothing went wrong",
      "the connection has done its work", RFC6455_CODES },
    { 1001, 1001, WSCLOSE_CLASS_PROTOCOL, EITHER, "Going Away",
      "The sender is leaving: a server shuts down, or the user has left the page that held the "
      "connection.",
      "A browser sends it when the user closes the tab or moves on to another page, and a server "
      "when it is stopped or redeployed.",
      "Where a browser sent it, the server can treat it as a normal end. Where a server sent it, "
      "let the client reconnect after a short random delay. If there was no closed tab and no "
      "deployment, look on the side that sent it for what stops the process or unloads the page.",
      "says that its sender is leaving, such as a server that shuts down or a page that the user "
      "left",
      "the process or the page behind the connection goes away", RFC6455_CODES },
    { 1002, 1002, WSCLOSE_CLASS_PROTOCOL, EITHER, "Protocol Error",
      "The sender found that its peer broke the rules of the WebSocket protocol, and gives up the "
      "connection. In its eyes the fault is in the frames of the side that receives this code.",
      "The side that receives it sent, for example, a reserved bit that no extension explains, an "
      "unknown opcode, a control frame that is fragmented or longer than 125 octets, a frame "
      "masked the wrong way for its direction, or a status code that must not be sent. After "
      "sending 1002, many libraries (ws, Chromium, Python websockets, aiohttp) report 1006 to "
      "their own application.",
      "Look at the last frames before this Close that came from the side that received it, and "
      "correct that side's WebSocket library, or the proxy that changed its frames. A reserved bit "
      "often means that one side compresses although permessage-deflate was not negotiated: "
      "compare Sec-WebSocket-Extensions in the request and the response.",
      "says that the side that receives it broke the rules of the WebSocket protocol",
      "frames from the peer break the protocol", RFC6455_CODES },
    { 1003, 1003, WSCLOSE_CLASS_PROTOCOL, EITHER, "Unsupported Data",
      "The sender received a type of data that it cannot take, such as a binary message where it "
      "handles text only.",
      "The side that receives it sent binary messages to a text-only application, or text to a "
      "binary-only one. Some applications also use 1003 for text that is not in the format they "
      "expect, such as JSON.",
      "On the side that received this code, send the type of message that the peer expects; in "
      "many APIs the type of the argument decides, a string giving a text message and bytes a "
      "binary one. Or let the side that sent the code handle both types.",
      "says that the side that receives it sent a type of message that its peer cannot take",
      "a message arrives whose type the application cannot take", RFC6455_CODES },
    { 1004, 1004, WSCLOSE_CLASS_RESERVED, NOBODY, "Reserved",
      "A reserved value without a meaning: it is kept for a later use, and none has been defined.",
      "Hardly ever, and then from a test or from a program that lets its user choose any number. "
      "Chromium accepts it and sends it back, while many libraries answer with 1002 (Protocol "
      "Error).",
      "On the side that sent it, use a code that has a meaning: 1000 for a normal end, 1008 for a "
      "refusal, or one from 4000 to 4999 for a meaning of the application's own.",
      "has no meaning and is kept for a later use", NULL, RFC6455_CODES },
    { 1005, 1005, WSCLOSE_CLASS_RESERVED, NOBODY, "No Status Received",
      "No status code was present in the Close frame. 1005 is a reserved value, an internal "
      "indicator and not a wire value: the library that receives the frame makes it up, and an "
      "endpoint must never put it on the wire.",
      "The peer's Close frame had an empty body, and the receiving library reports 1005 to its "
      "application as a sentinel. A browser's close() without arguments sends such a frame, and so "
      "do ws, tornado, gorilla, nhooyr and Boost.Beast. Not every library shows it as 1005: "
      "websocket-client, autobahn and tornado report None, aiohttp and Boost.Beast 0, hypercorn "
      "and the npm package websocket 1006, Qt and faye-websocket 1000.",
      "An empty Close frame is legal, so often nothing needs fixing; to be told a cause, pass a "
      "code to close() on the side that sent the empty frame, 1000 for a normal end. If 1005 is "
      "seen often, the remote peer may have a bug that makes it send empty Close frames: check the "
      "peer's implementation. On the receiving side, read 1005 as \"no cause given\", and never "
      "pass it to close().",
      "tells the application that there was no status code in the peer's Close frame",
      "the peer's Close frame has an empty body", RFC6455_CODES },
    { 1006, 1006, WSCLOSE_CLASS_RESERVED, NOBODY, "Abnormal Closure",
      "The connection ended abnormally: as this endpoint saw it, there was no proper Close frame "
      "from its peer. 1006 is a reserved value that an endpoint's own library reports to its "
      "application; it must never stand in a Close frame.",
      "TCP ended first: a process died, a network was lost, or a proxy cut an idle connection, "
      "which nginx and HAProxy do without a Close frame. A browser also reports it when the "
      "opening handshake fails, whatever HTTP status the server gave. Many libraries (ws, "
      "Chromium, Python websockets, aiohttp) report it after they failed the connection themselves "
      "with 1002, 1007 or 1009. Some show no such number: tornado and websocket-client report "
      "None, libsoup 0, nhooyr and Boost.Beast an error.",
      "Find in a capture who ended TCP, with FIN or RST, and how long the connection had been "
      "idle. A round idle time such as 60 seconds points to a proxy's timeout: raise it there, or "
      "let one of the sides send a Ping more often than that. If the opening handshake failed, "
      "look at the server's HTTP response. If a process stopped, look in its log, and let it send "
      "a Close frame before it exits.",
      "tells the application that the connection ended without a proper Close frame from the peer",
      "TCP ends or the opening handshake fails before the peer's Close frame is there",
      RFC6455_CODES },
    { 1007, 1007, WSCLOSE_CLASS_PROTOCOL, EITHER, "Invalid Payload Data",
      "The sender received a message whose contents do not fit its type, mostly a text message "
      "that is not valid UTF-8.",
      "The peer sent text in another encoding, cut a string in the middle of a character, or sent "
      "binary data as text. A Close reason that is not UTF-8 is another cause, though Chromium, "
      "gorilla and Boost.Beast answer that with 1002. Some libraries, ws among them, send 1007 for "
      "compressed data that cannot be decompressed.",
      "On the side that received this code, encode text as UTF-8 and send everything else as "
      "binary messages. Where a Close reason is shortened to the 123 octets that fit, cut it "
      "between two characters.",
      "says that the contents of a message did not fit its type, such as text that is not UTF-8",
      "a text message arrives that is not valid UTF-8", RFC6455_CODES },
    { 1008, 1008, WSCLOSE_CLASS_PROTOCOL, EITHER, "Policy Violation",
      "The peer did something that the sender's own rules do not allow, and no other code fits "
      "better or the sender does not want to say more. It is a decision of the application or its "
      "framework, not a fault in the protocol.",
      "Mostly from a server: credentials are missing, wrong or expired, the Origin is not welcome, "
      "a rate limit was passed, or a message failed the application's checks. It is a common way "
      "to refuse a user after the upgrade, when an HTTP status can no longer be sent.",
      "Read the reason in the Close frame, then the log of the side that sent it: only that side "
      "knows which rule it applied. On the side that received it, correct the token, the Origin or "
      "the rate of messages, and do not reconnect in a loop, since the same thing will be refused "
      "again. On the sending side, a reason or a more precise code (3000, 3003, one of 4000 to "
      "4999) spares others this search.",
      "says that the side that receives it did something that its peer's own rules do not allow",
      "the peer breaks a rule of the application and no other code fits better", RFC6455_CODES },
    { 1009, 1009, WSCLOSE_CLASS_PROTOCOL, EITHER, "Message Too Big",
      "The sender received a message that is larger than it is willing to process.",
      "A message went over a limit that is often a library's default: maxPayload in ws, max_size "
      "in Python websockets, max_msg_size in aiohttp. The limit usually counts the message after "
      "decompression, so that a small compressed frame can pass it too.",
      "Raise the limit on the side that sent the code, or send smaller messages from the side that "
      "received it. To spread one message over several frames rarely helps, because most libraries "
      "count the whole message.",
      "says that a message was larger than the sender of the code is willing to process",
      "a message arrives that is over the limit", RFC6455_CODES },
    { 1010, 1010, WSCLOSE_CLASS_PROTOCOL, CLIENT, "Mandatory Extension",
      "The client ends the connection because the server did not negotiate one or more extensions "
      "that the client expects. It is a real value on the wire, and the reason beside it should "
      "list the extensions that are needed. A server should never send it: one that insists on an "
      "extension fails the opening handshake instead.",
      "The client asked for an extension that it requires, say permessage-deflate, and the "
      "server's response did not include it. Few clients send it: most that cannot accept a "
      "response drop TCP, which is reported as 1006, and browsers, undici, faye-websocket and "
      "autobahn do not let an application pass 1010 to close(). A server whose library answers "
      "every Close with 1000 leaves 1010 in one direction only.",
      "Check Sec-WebSocket-Extensions in the handshake response against the one in the request. "
      "Then enable the missing extension on the server (or on the proxy in front of it, where that "
      "one answers the handshake or removes the header), or make the extension optional in the "
      "client.",
      "says that the server did not negotiate an extension that the client needs",
      "the handshake response lacks an extension that the client cannot do without",
      RFC6455_CODES },
    { 1011, 1011, WSCLOSE_CLASS_PROTOCOL, EITHER, "Internal Error",
      "The sender met an unexpected condition that kept it from going on: something failed inside "
      "its own program. RFC 6455 wrote it for servers, and its erratum 3227 opens it to both "
      "sides.",
      "A message handler raised an exception, or a database or another backend failed. Python "
      "websockets also sends it, with the reason \"keepalive ping timeout\", when its peer does "
      "not answer a Ping, and then reports 1006 to its own application.",
      "Look in the log of the side that sent it, at the time of the Close: the error is mostly in "
      "that program, even if a message from the other side set it off. For a keepalive timeout, "
      "find out why the other side did not answer Pings in time, such as a blocked event loop or a "
      "stalled network. A client can reconnect, with a delay that grows each time.",
      "says that an unexpected error inside the sender's own program ended the connection",
      "an unexpected error inside the program keeps it from going on",
      RFC6455_CODES " and erratum 3227" },
    { 1012, 1012, WSCLOSE_CLASS_PROTOCOL, SERVER, "Service Restart",
      "The server is restarting its service and expects to be back shortly. Clients may reconnect, "
      "each after a random delay, so that they do not all return at the same moment.",
      "A service was redeployed, updated or restarted by its supervisor, and its program announces "
      "that. Many servers send 1001 in this situation, or only end TCP, which clients see as 1006.",
      "On the client, reconnect after a random delay (the registration proposes 5 to 30 seconds) "
      "and restore subscriptions and state after that. On the server, a planned restart needs no "
      "fix; for an unplanned one, look in the supervisor's log for what stopped the process.",
      "says that the service is restarting and will be back shortly",
      "the service is about to restart", IANA_REGISTRY },
    { 1013, 1013, WSCLOSE_CLASS_PROTOCOL, SERVER, "Try Again Later",
      "The server cannot serve this client for the time being, mostly because it is overloaded. By "
      "the registration the client should try another address of the service, or the same one when "
      "its user asks for it.",
      "A server sheds load: it has too many connections, a full queue, or a backend that is not "
      "ready. A server can also use it to get rid of a client that reads too slowly.",
      "On the server, find out what ran short (connections, memory, a queue, a backend), and add "
      "capacity or raise the limit. Where a client has to return by itself, let it wait longer "
      "than after 1012, with a random delay that grows with each attempt; to reconnect at once "
      "adds to the overload.",
      "says that the server cannot serve the client for the time being, mostly from overload",
      "the server is overloaded for the time being", IANA_REGISTRY },
    { 1014, 1014, WSCLOSE_CLASS_PROTOCOL, SERVER, "Bad Gateway",
      "The server works as a gateway or proxy, and the server behind it gave an invalid response: "
      "the counterpart of HTTP status 502 for an open WebSocket connection.",
      "A gateway that itself speaks WebSocket had accepted the client, and could then not get a "
      "proper response from its upstream. Proxies that only pass the octets on, as nginx and "
      "HAProxy do after the upgrade, do not send it: they answer a failed upgrade with an HTTP "
      "status, and later only end TCP, which is reported as 1006.",
      "Look behind the gateway: its log should name the upstream and the error, and the upstream's "
      "own log the rest. Check that the upstream runs and speaks WebSocket at that address and "
      "path. On the client there is nothing to change except to reconnect with a delay.",
      "says that a gateway got an invalid response from the server behind it",
      "the server behind the gateway gives an invalid response", IANA_REGISTRY },
    { 1015, 1015, WSCLOSE_CLASS_RESERVED, NOBODY, "TLS Handshake Failure",
      "The TLS handshake failed, so there never was a WebSocket connection. 1015 is a reserved "
      "value that an endpoint's own library may report to its application; it must never stand in "
      "a Close frame.",
      "The server's certificate has expired, is self-signed or is for another host name, or the "
      "two sides have no TLS version or cipher in common. Many clients report 1006 in this case: "
      "the standard for browsers does not let a script tell a failed TLS handshake from other "
      "failures to connect.",
      "On the server, or on the proxy that ends TLS in front of it, check the certificate's names, "
      "dates and chain, and the TLS versions that are enabled. Where the certificate is private on "
      "purpose, make the client trust the authority that issued it. A TLS alert in the capture, "
      "where it is not encrypted, shows which side objected and why.",
      "tells the application that the TLS handshake failed, so that there never was a WebSocket "
      "connection",
      "the TLS handshake fails (many libraries report 1006 even then)", RFC6455_CODES },
    { 1016, 2999, WSCLOSE_CLASS_UNASSIGNED, NOBODY, "Unassigned",
      "Kept for the WebSocket protocol itself, its revisions and its extensions. No meaning has "
      "been assigned to this number yet, so nobody may send it.",
      "An application made up a code of its own and took the wrong range for it, or follows a "
      "registry that is newer than this table. Chromium accepts 2000 and sends it back, while ws, "
      "Python websockets and gorilla answer with 1002 (Protocol Error).",
      "On the side that sent it, take a number from 4000 to 4999 for a meaning of the "
      "application's own, or register one from 3000 to 3999 with IANA for a library. Nothing needs "
      "to change on the side that refused it.",
      "is kept for the protocol and has no meaning yet", NULL, RFC6455_RANGES },
    { 3000, 3000, WSCLOSE_CLASS_REGISTERED, EITHER, "Unauthorized",
      "The peer has to be authorized before it may do what it asked for: the counterpart of HTTP "
      "status 401 for an open WebSocket connection.",
      "After a successful upgrade, a server found no token, or one that is invalid or has expired. "
      "Software that is older than the registration may use 3000 for something else, so look at "
      "the reason as well.",
      "On the client, get fresh credentials and log in before reconnecting; another attempt with "
      "the same ones will end the same way. If good users are refused, check the clock, the keys "
      "and the lifetime of tokens on the server.",
      "says that the peer has to be authorized first", "credentials are missing or no longer valid",
      IANA_REGISTRY },
    { 3001, 3002, WSCLOSE_CLASS_REGISTERED, EITHER, UNREGISTERED,
      "3001 and 3002 are in the range for libraries and frameworks but not in the IANA registry, "
      "so only the software that sends them knows what they mean. They have nothing to do with "
      "their neighbours 3000 (Unauthorized) and 3003 (Forbidden).",
      "A library, a framework or an application took one of the two numbers without registering "
      "it, perhaps in the belief that 3000 and up are free for all.",
      "Look the number up in the documentation or the source of the software that sent it. In "
      "software of your own, move from 3001 or 3002 to a number from 4000 to 4999, or register it "
      "with IANA.",
      UNREGISTERED_SAYS, UNREGISTERED_WHEN, RFC6455_RANGES },
    { 3003, 3003, WSCLOSE_CLASS_REGISTERED, EITHER, "Forbidden",
      "The sender knows who its peer is, and the peer has no permission for what it asked: the "
      "counterpart of HTTP status 403 for an open WebSocket connection.",
      "A user who is logged in asked for a channel, a room or an action that is not open to that "
      "user.",
      "Grant the permission on the server, or do not ask for this on the client. To log in again "
      "as the same user does not help, so the client should not retry by itself.",
      "says that the peer is known but has no permission for what it asked",
      "a known user asks for something that this user may not have", IANA_REGISTRY },
    { 3004, 3007, WSCLOSE_CLASS_REGISTERED, EITHER, UNREGISTERED,
      "The range from 3000 to 3999 is for libraries and frameworks, and 3004 to 3007 are not in "
      "the IANA registry. Such a number means whatever the software at the sending end decided, "
      "and another product may use the same number for something else.",
      "The sending side uses a number of its own between the registered ones. It is legal on the "
      "wire, and libraries pass it on to the application as it is.",
      "Find out which product sent it and read there what 3004 to 3007 stand for. If that product "
      "is yours, a number from 4000 to 4999 avoids a clash with a later registration.",
      UNREGISTERED_SAYS, UNREGISTERED_WHEN, RFC6455_RANGES },
    { 3008, 3008, WSCLOSE_CLASS_REGISTERED, EITHER, "Timeout",
      "The peer took too long to answer a request of the application: the counterpart of HTTP "
      "status 408 for an open WebSocket connection.",
      "A login message, a reply or a heartbeat of the application did not come in the time that "
      "the sender of this code allows. A proxy's idle timeout looks different: it ends TCP without "
      "a Close frame, which is reported as 1006.",
      "Find out from the reason or the documentation which answer was awaited, and from a capture "
      "whether the side that received this code sent it late or not at all. Make that side answer "
      "sooner, or raise the timeout on the side that sent the code.",
      "says that the peer took too long to answer a request of the application",
      "an answer that the application waits for does not come in time", IANA_REGISTRY },
    { 3009, 3999, WSCLOSE_CLASS_REGISTERED, EITHER, UNREGISTERED,
      "Numbers from 3000 to 3999 are for libraries and frameworks, which register them with IANA. "
      "This one is not in the IANA registry, so its meaning has to be asked from the software that "
      "sends it.",
      "A library or framework has codes of its own, or an application took this range by mistake "
      "for the private one. Scripts in browsers can send it as well, since their close() takes "
      "1000 and 3000 to 4999.",
      "Search the documentation or the source of the sending side for the number, and read the "
      "reason beside it. Authors of a library should register the number with IANA, authors of an "
      "application should choose one from 4000 to 4999.",
      UNREGISTERED_SAYS, UNREGISTERED_WHEN, RFC6455_RANGES },
    { 4000, 4999, WSCLOSE_CLASS_PRIVATE, EITHER, "Private Use",
      "The number means what the two applications have agreed on. Another service may use the same "
      "number for something else.",
      "An application closed the connection for a cause of its own, such as an expired session, a "
      "second login or a user who was removed. It is the usual choice of scripts in browsers, "
      "whose close() takes no other codes than 1000 and 3000 to 4999.",
      "Look the number up in the documentation or the source of the application that sent it, and "
      "read the reason beside it. On the receiving side, decide code by code whether to reconnect.",
      "means what the two applications have agreed on",
      "the two applications have agreed on it for that case", RFC6455_RANGES },
    { 5000, 65535, WSCLOSE_CLASS_INVALID, NOBODY, NO_STATUS_CODE,
      "Status codes end at 4999. A number above that has no meaning, and no endpoint may send it.",
      "A program used an error number of its own, or wrote the code with its two octets in the "
      "wrong order: 1000 written that way reads 59395. Chromium and aiohttp accept 5000; many "
      "other libraries answer with 1002 (Protocol Error).",
      "On the side that sent it, write the code with the more significant octet first, and keep "
      "codes of the application's own between 4000 and 4999. The side that fails the connection "
      "over it does what it should.",
      "is above 4999, where there are no status codes, and says nothing", NULL, RFC6455_RANGES },
};

const size_t code_rows_count = G_N_ELEMENTS(code_rows);

#define REAL_VALUE "{code} is a real value in a Close frame, and {sender} may send it."
#define REAL_VALUES "Both are real values in a Close frame, and {sender} may send them."

const code_use_row code_uses[CODE_USE_COUNT] = {
    [CODE_USE_EITHER] = { "either side", REAL_VALUE, REAL_VALUES, "Send {code} when {when}." },
    [CODE_USE_CLIENT] = { "only a client", REAL_VALUE, REAL_VALUES,
                          "A client sends {code} when {when}." },
    [CODE_USE_SERVER] = { "only a server", REAL_VALUE, REAL_VALUES,
                          "A server sends {code} when {when}." },
    [CODE_USE_REPORTED] = { "nobody",
                            "{code} must never be in a Close frame: the endpoint's own library "
                            "makes it up for its "
                            "application.",
                            "Neither belongs in a Close frame: the endpoint's own library makes "
                            "them up for its "
                            "application.",
                            "Expect {code} from your own library when {when}, and never send it." },
    [CODE_USE_NONE] = { "nobody",
                        "{code} must not stand in a Close frame, and a receiver that checks fails "
                        "the connection "
                        "over it.",
                        "Neither may stand in a Close frame, and a receiver that checks fails the "
                        "connection over "
                        "them.",
                        "Do not send {code}; where it arrives, correct the program that sent it." },
};

const char *const code_families[WSCLOSE_CLASS_INVALID + 1] = {
    [WSCLOSE_CLASS_PROTOCOL] = "the protocol's own codes",
    [WSCLOSE_CLASS_REGISTERED] = "those for libraries and frameworks",
    [WSCLOSE_CLASS_PRIVATE] = "those for private use",
};

#define FAMILIES "{first} belongs to {first family}, {second} to {second family}."
#define LOOK_BOTH_UP                                                                               \
    "Look up {first} and {second} in the documentation or the source of the software that sends "  \
    "them, and use each as it is agreed there."
#define DIFFERENCE_OF_PROGRAM                                                                      \
    "If a program uses them for different things, the difference is the application's own. {both}"
#define SEND_NEITHER                                                                               \
    "Send neither {first} nor {second}: for a meaning of the application's own, take a number "    \
    "from 4000 to 4999."

#define BOTH_SAY "{first says}; {second says}."

const code_comparison_row code_comparisons[CODE_COMPARISON_COUNT] = {
    [CODES_EQUAL] = { "There is none, both are the same code.", "{first says}. {first presence}",
                      "{first when}" },
    [CODES_PRIVATE] = { "{first} and {second} are both for private use: the protocol gives neither "
                        "of them a "
                        "meaning, so the difference between them is the application's own.",
                        "{both}", LOOK_BOTH_UP },
    [CODES_UNREGISTERED] = { "{first} and {second} are both in the range for libraries and "
                             "frameworks but not in the "
                             "IANA registry, so the difference between them is the application's "
                             "own, or its "
                             "library's.",
                             "{both}", LOOK_BOTH_UP },
    [CODES_UNASSIGNED] = { "{first} and {second} do not differ: both are kept for the protocol and "
                           "neither has a "
                           "meaning yet.",
                           DIFFERENCE_OF_PROGRAM, SEND_NEITHER },
    [CODES_INVALID] = { "{first} and {second} do not differ: neither is a status "
                        "code.",
                        DIFFERENCE_OF_PROGRAM, SEND_NEITHER },
    [CODES_OF_ONE_USE] = { BOTH_SAY, "{both}", "{first when} {second when}" },
    [CODES_OF_ONE_USE_AND_TWO_FAMILIES] = { BOTH_SAY, "{both} " FAMILIES,
                                            "{first when} {second when}" },
    [CODES_OF_TWO_USES] = { BOTH_SAY, "{first presence} {second presence}",
                            "{first when} {second when}" },
    [CODES_OF_TWO_USES_AND_FAMILIES] = { BOTH_SAY, "{first presence} {second presence} " FAMILIES,
                                         "{first when} {second when}" },
};
