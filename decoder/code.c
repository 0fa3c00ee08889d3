/* code.c
 * Status codes of a Close frame: the table, and the comparison of any two.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "wsclose/code.h"

#include <stdlib.h>

#include <glib.h>

#define NOBODY WSCLOSE_MAY_SEND_NOBODY
#define CLIENT WSCLOSE_MAY_SEND_CLIENT
#define SERVER WSCLOSE_MAY_SEND_SERVER
#define EITHER WSCLOSE_MAY_SEND_EITHER

#define RFC6455_CODES "RFC 6455 section 7.4.1"
#define RFC6455_RANGES "RFC 6455 section 7.4.2"
#define IANA_REGISTRY "IANA WebSocket Close Code Number Registry"

static const char unregistered_name[] = "Unregistered";

static const wsclose_code_info table[] = {
    { 0, 999, WSCLOSE_CLASS_INVALID, NOBODY, "Not a Status Code",
      "Numbers below 1000 are not used as status codes, so this one says nothing about why the "
      "connection closed.",
      "A program put an HTTP status such as 401, an error number, or a variable that was never set "
      "(0) into the Close frame. Chromium accepts 999 and sends it back; many other libraries "
      "answer with 1002 (Protocol Error).",
      "On the side that sent it, choose a real status code: 1000 for a normal end, or one from "
      "4000 to 4999 for a meaning of the application's own (4401 in place of 401, say). The "
      "receiver is right to fail the connection.",
      RFC6455_RANGES },
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
      RFC6455_CODES },
    { 1001, 1001, WSCLOSE_CLASS_PROTOCOL, EITHER, "Going Away",
      "The sender is leaving: a server shuts down, or the user has left the page that held the "
      "connection.",
      "A browser sends it when the user closes the tab or moves on to another page, and a server "
      "when it is stopped or redeployed.",
      "Where a browser sent it, the server can treat it as a normal end. Where a server sent it, "
      "let the client reconnect after a short random delay. If there was no closed tab and no "
      "deployment, look on the side that sent it for what stops the process or unloads the page.",
      RFC6455_CODES },
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
      RFC6455_CODES },
    { 1003, 1003, WSCLOSE_CLASS_PROTOCOL, EITHER, "Unsupported Data",
      "The sender received a type of data that it cannot take, such as a binary message where it "
      "handles text only.",
      "The side that receives it sent binary messages to a text-only application, or text to a "
      "binary-only one. Some applications also use 1003 for text that is not in the format they "
      "expect, such as JSON.",
      "On the side that received this code, send the type of message that the peer expects; in "
      "many APIs the type of the argument decides, a string giving a text message and bytes a "
      "binary one. Or let the side that sent the code handle both types.",
      RFC6455_CODES },
    { 1004, 1004, WSCLOSE_CLASS_RESERVED, NOBODY, "Reserved",
      "A reserved value without a meaning: it is kept for a later use, and none has been defined.",
      "Hardly ever, and then from a test or from a program that lets its user choose any number. "
      "Chromium accepts it and sends it back, while many libraries answer with 1002 (Protocol "
      "Error).",
      "On the side that sent it, use a code that has a meaning: 1000 for a normal end, 1008 for a "
      "refusal, or one from 4000 to 4999 for a meaning of the application's own.",
      RFC6455_CODES },
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
      RFC6455_CODES },
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
      RFC6455_CODES },
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
      RFC6455_CODES },
    { 1009, 1009, WSCLOSE_CLASS_PROTOCOL, EITHER, "Message Too Big",
      "The sender received a message that is larger than it is willing to process.",
      "A message went over a limit that is often a library's default: maxPayload in ws, max_size "
      "in Python websockets, max_msg_size in aiohttp. The limit usually counts the message after "
      "decompression, so that a small compressed frame can pass it too.",
      "Raise the limit on the side that sent the code, or send smaller messages from the side that "
      "received it. To spread one message over several frames rarely helps, because most libraries "
      "count the whole message.",
      RFC6455_CODES },
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
      RFC6455_CODES " and erratum 3227" },
    { 1012, 1012, WSCLOSE_CLASS_PROTOCOL, SERVER, "Service Restart",
      "The server is restarting its service and expects to be back shortly. Clients may reconnect, "
      "each after a random delay, so that they do not all return at the same moment.",
      "A service was redeployed, updated or restarted by its supervisor, and its program announces "
      "that. Many servers send 1001 in this situation, or only end TCP, which clients see as 1006.",
      "On the client, reconnect after a random delay (the registration proposes 5 to 30 seconds) "
      "and restore subscriptions and state after that. On the server, a planned restart needs no "
      "fix; for an unplanned one, look in the supervisor's log for what stopped the process.",
      IANA_REGISTRY },
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
      IANA_REGISTRY },
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
      IANA_REGISTRY },
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
      RFC6455_CODES },
    { 1016, 2999, WSCLOSE_CLASS_UNASSIGNED, NOBODY, "Unassigned",
      "Kept for the WebSocket protocol itself, its revisions and its extensions. No meaning has "
      "been assigned to this number yet, so nobody may send it.",
      "An application made up a code of its own and took the wrong range for it, or follows a "
      "registry that is newer than this table. Chromium accepts 2000 and sends it back, while ws, "
      "Python websockets and gorilla answer with 1002 (Protocol Error).",
      "On the side that sent it, take a number from 4000 to 4999 for a meaning of the "
      "application's own, or register one from 3000 to 3999 with IANA for a library. Nothing needs "
      "to change on the side that refused it.",
      RFC6455_RANGES },
    { 3000, 3000, WSCLOSE_CLASS_REGISTERED, EITHER, "Unauthorized",
      "The peer has to be authorized before it may do what it asked for: the counterpart of HTTP "
      "status 401 for an open WebSocket connection.",
      "After a successful upgrade, a server found no token, or one that is invalid or has expired. "
      "Software that is older than the registration may use 3000 for something else, so look at "
      "the reason as well.",
      "On the client, get fresh credentials and log in before reconnecting; another attempt with "
      "the same ones will end the same way. If good users are refused, check the clock, the keys "
      "and the lifetime of tokens on the server.",
      IANA_REGISTRY },
    { 3001, 3002, WSCLOSE_CLASS_REGISTERED, EITHER, unregistered_name,
      "3001 and 3002 are in the range for libraries and frameworks but not in the IANA registry, "
      "so only the software that sends them knows what they mean. They have nothing to do with "
      "their neighbours 3000 (Unauthorized) and 3003 (Forbidden).",
      "A library, a framework or an application took one of the two numbers without registering "
      "it, perhaps in the belief that 3000 and up are free for all.",
      "Look the number up in the documentation or the source of the software that sent it. In "
      "software of your own, move from 3001 or 3002 to a number from 4000 to 4999, or register it "
      "with IANA.",
      RFC6455_RANGES },
    { 3003, 3003, WSCLOSE_CLASS_REGISTERED, EITHER, "Forbidden",
      "The sender knows who its peer is, and the peer has no permission for what it asked: the "
      "counterpart of HTTP status 403 for an open WebSocket connection.",
      "A user who is logged in asked for a channel, a room or an action that is not open to that "
      "user.",
      "Grant the permission on the server, or do not ask for this on the client. To log in again "
      "as the same user does not help, so the client should not retry by itself.",
      IANA_REGISTRY },
    { 3004, 3007, WSCLOSE_CLASS_REGISTERED, EITHER, unregistered_name,
      "The range from 3000 to 3999 is for libraries and frameworks, and 3004 to 3007 are not in "
      "the IANA registry. Such a number means whatever the software at the sending end decided, "
      "and another product may use the same number for something else.",
      "The sending side uses a number of its own between the registered ones. It is legal on the "
      "wire, and libraries pass it on to the application as it is.",
      "Find out which product sent it and read there what 3004 to 3007 stand for. If that product "
      "is yours, a number from 4000 to 4999 avoids a clash with a later registration.",
      RFC6455_RANGES },
    { 3008, 3008, WSCLOSE_CLASS_REGISTERED, EITHER, "Timeout",
      "The peer took too long to answer a request of the application: the counterpart of HTTP "
      "status 408 for an open WebSocket connection.",
      "A login message, a reply or a heartbeat of the application did not come in the time that "
      "the sender of this code allows. A proxy's idle timeout looks different: it ends TCP without "
      "a Close frame, which is reported as 1006.",
      "Find out from the reason or the documentation which answer was awaited, and from a capture "
      "whether the side that received this code sent it late or not at all. Make that side answer "
      "sooner, or raise the timeout on the side that sent the code.",
      IANA_REGISTRY },
    { 3009, 3999, WSCLOSE_CLASS_REGISTERED, EITHER, unregistered_name,
      "Numbers from 3000 to 3999 are for libraries and frameworks, which register them with IANA. "
      "This one is not in the IANA registry, so its meaning has to be asked from the software that "
      "sends it.",
      "A library or framework has codes of its own, or an application took this range by mistake "
      "for the private one. Scripts in browsers can send it as well, since their close() takes "
      "1000 and 3000 to 4999.",
      "Search the documentation or the source of the sending side for the number, and read the "
      "reason beside it. Authors of a library should register the number with IANA, authors of an "
      "application should choose one from 4000 to 4999.",
      RFC6455_RANGES },
    { 4000, 4999, WSCLOSE_CLASS_PRIVATE, EITHER, "Private Use",
      "The number means what the two applications have agreed on. Another service may use the same "
      "number for something else.",
      "An application closed the connection for a cause of its own, such as an expired session, a "
      "second login or a user who was removed. It is the usual choice of scripts in browsers, "
      "whose close() takes no other codes than 1000 and 3000 to 4999.",
      "Look the number up in the documentation or the source of the application that sent it, and "
      "read the reason beside it. On the receiving side, decide code by code whether to reconnect.",
      RFC6455_RANGES },
    { 5000, 65535, WSCLOSE_CLASS_INVALID, NOBODY, "Not a Status Code",
      "Status codes end at 4999. A number above that has no meaning, and no endpoint may send it.",
      "A program used an error number of its own, or wrote the code with its two octets in the "
      "wrong order: 1000 written that way reads 59395. Chromium and aiohttp accept 5000; many "
      "other libraries answer with 1002 (Protocol Error).",
      "On the side that sent it, write the code with the more significant octet first, and keep "
      "codes of the application's own between 4000 and 4999. The side that fails the connection "
      "over it does what it should.",
      RFC6455_RANGES },
};

/* What a composed comparison says of a row. In the order of the table. */
typedef struct {
    const char *says; /* after the number and the name */
    const char *when; /* after "when"; NULL for a number that is of no use */
} clause;

#define UNREGISTERED                                                                               \
    {                                                                                              \
        "is in the range for libraries and frameworks but not in the IANA registry, so that it "   \
        "means what the software that sends it decided",                                           \
        "the library or framework in use defines it"                                               \
    }

static const clause clauses[] = {
    { "is below 1000, where there are no status codes, and says nothing", NULL },
    { "says that the connection has done its work and nothing went wrong",
      "the connection has done its work" },
    { "says that its sender is leaving, such as a server that shuts down or a page that the user "
      "left",
      "the process or the page behind the connection goes away" },
    { "says that the side that receives it broke the rules of the WebSocket protocol",
      "frames from the peer break the protocol" },
    { "says that the side that receives it sent a type of message that its peer cannot take",
      "a message arrives whose type the application cannot take" },
    { "has no meaning and is kept for a later use", NULL },
    { "tells the application that there was no status code in the peer's Close frame",
      "the peer's Close frame has an empty body" },
    { "tells the application that the connection ended without a proper Close frame from the peer",
      "TCP ends or the opening handshake fails before the peer's Close frame is there" },
    { "says that the contents of a message did not fit its type, such as text that is not UTF-8",
      "a text message arrives that is not valid UTF-8" },
    { "says that the side that receives it did something that its peer's own rules do not allow",
      "the peer breaks a rule of the application and no other code fits better" },
    { "says that a message was larger than the sender of the code is willing to process",
      "a message arrives that is over the limit" },
    { "says that the server did not negotiate an extension that the client needs",
      "the handshake response lacks an extension that the client cannot do without" },
    { "says that an unexpected error inside the sender's own program ended the connection",
      "an unexpected error inside the program keeps it from going on" },
    { "says that the service is restarting and will be back shortly",
      "the service is about to restart" },
    { "says that the server cannot serve the client for the time being, mostly from overload",
      "the server is overloaded for the time being" },
    { "says that a gateway got an invalid response from the server behind it",
      "the server behind the gateway gives an invalid response" },
    { "tells the application that the TLS handshake failed, so that there never was a WebSocket "
      "connection",
      "the TLS handshake fails (many libraries report 1006 even then)" },
    { "is kept for the protocol and has no meaning yet", NULL },
    { "says that the peer has to be authorized first",
      "credentials are missing or no longer valid" },
    UNREGISTERED,
    { "says that the peer is known but has no permission for what it asked",
      "a known user asks for something that this user may not have" },
    UNREGISTERED,
    { "says that the peer took too long to answer a request of the application",
      "an answer that the application waits for does not come in time" },
    UNREGISTERED,
    { "means what the two applications have agreed on",
      "the two applications have agreed on it for that case" },
    { "is above 4999, where there are no status codes, and says nothing", NULL },
};

G_STATIC_ASSERT(G_N_ELEMENTS(clauses) == G_N_ELEMENTS(table));

/* Pairs that people really confuse; true whichever of the two is asked for first. */
typedef struct {
    uint16_t low;
    uint16_t high;
    const char *key_difference;
    const char *which_when;
} pair;

static const pair pairs[] = {
    { 1000, 1001,
      "Both are orderly ends. 1000 (Normal Closure) says that the connection has done its work; "
      "1001 (Going Away) says that the sender itself is leaving, whether the work was done or not: "
      "a server that shuts down, a tab that is closed.",
      "Send 1000 when the two sides are finished with each other, and 1001 when the process or the "
      "page behind the connection ends. After 1000 a client has no need to reconnect; after 1001 "
      "from a server it usually does, after a short random delay." },
    { 1000, 1005,
      "1000 (Normal Closure) is a real value in the Close frame: the sender says that all is well. "
      "1005 (No Status Received) must never be on the wire: the Close frame was empty, and the "
      "receiving library reports 1005 because nobody said anything. An empty Close is most often a "
      "normal end as well, but 1005 does not prove it.",
      "Send 1000 when a connection ends as planned, so that the peer is told so. Expect 1005 when "
      "the peer closes without a code, as a browser's close() without arguments does. Some "
      "libraries send 1000 in that case and others an empty frame, so the same program can show "
      "either one after a change of library." },
    { 1000, 1006,
      "1000 (Normal Closure) was said by the peer, in a Close frame. 1006 (Abnormal Closure) was "
      "said by nobody: the connection ended without a proper Close frame from the peer, and the "
      "library reports 1006 to its own application.",
      "Send 1000 to end a connection as planned. Expect 1006 when TCP ends or the opening "
      "handshake fails first. If 1006 shows up where 1000 was expected, a process often exits, or "
      "cuts TCP, before its Close frame is out." },
    { 1000, 1010,
      "1000 (Normal Closure) says that nothing went wrong, and either side may send it. 1010 "
      "(Mandatory Extension) says that the client gives up because the server did not negotiate an "
      "extension that the client needs, and only a client sends it.",
      "A client sends 1010 when the handshake response lacks an extension that it cannot do "
      "without, and 1000 when it has finished its work. Where a capture has 1010 in one direction "
      "and 1000 in the other, most likely the server's library answers every Close with 1000, and "
      "1010 tells the cause." },
    { 1001, 1005,
      "1001 (Going Away) is a real value on the wire: the sender says that it is leaving. 1005 (No "
      "Status Received) is what a library reports for an empty Close frame, in which nothing is "
      "said.",
      "From a browser, 1001 is typical of a tab that was closed or a page that was left, and 1005 "
      "of a script that called close() without arguments. Send 1001 when the process or the page "
      "goes away; never send 1005." },
    { 1001, 1006,
      "With 1001 (Going Away) the sender announced in a Close frame that it leaves. With 1006 "
      "(Abnormal Closure) there was no proper Close frame: the peer, or something between, ended "
      "the connection without a word, and 1006 is what the library reports.",
      "Send 1001 from a server that shuts down, so that its clients do not have to guess. Expect "
      "1006 when the process is killed, the network fails or a proxy cuts the connection." },
    { 1001, 1012,
      "Both say that the sender stops. 1001 (Going Away) does not promise a return and may come "
      "from either side, also from a browser whose tab is closed. 1012 (Service Restart) comes "
      "from a server only, and says that the service will be back shortly.",
      "A server sends 1012 when it restarts and wants its clients back, and 1001 when it shuts "
      "down for good or moves away. A client that gets 1012 should reconnect after a random delay; "
      "many servers send 1001 for restarts too, so clients are wise to reconnect after either." },
    { 1002, 1003,
      "1002 (Protocol Error) says that frames broke the rules of the protocol, which is a fault of "
      "a WebSocket library or a proxy. 1003 (Unsupported Data) says that frames were in order, but "
      "the application does not take that type of data, such as binary messages.",
      "Libraries send 1002, when a frame breaks the rules. Applications send 1003, when a correct "
      "message is of a type that they do not handle." },
    { 1002, 1006,
      "1002 (Protocol Error) is a real value on the wire: one side accuses the other of breaking "
      "the protocol. 1006 (Abnormal Closure) must never be on the wire: a library reports it where "
      "there was no proper Close frame from the peer. Both can belong to one event: a side that "
      "sends 1002 often reports 1006 to its own application.",
      "Expect 1002 at the side whose frames were refused, and often 1006 at the side that refused "
      "them. If a log shows 1006, look in the other side's log or in a capture for a 1002 before "
      "you blame the network." },
    { 1002, 1007,
      "1002 (Protocol Error) is about frames: headers, opcodes, masking, fragmentation. 1007 "
      "(Invalid Payload Data) is about what a well-formed message contains, mostly text that is "
      "not UTF-8.",
      "Send 1002 when a frame breaks the rules of the protocol, and 1007 when a text message is "
      "not valid UTF-8. For a Close reason that is not UTF-8 libraries differ: Chromium, gorilla "
      "and Boost.Beast send 1002, ws, Python websockets and aiohttp 1007." },
    { 1002, 1008,
      "1002 (Protocol Error) says that the rules of the WebSocket protocol were broken, which is a "
      "fault of a library or a proxy. 1008 (Policy Violation) says that a rule of the application "
      "was broken, over a connection that works.",
      "Libraries send 1002 by themselves, when frames are wrong. Applications and their frameworks "
      "send 1008, for bad credentials, an unwelcome Origin or too many messages." },
    { 1002, 1010,
      "1002 (Protocol Error) says that the peer broke the protocol. 1010 (Mandatory Extension) "
      "blames nobody for a breach: a server may decline any extension, and the client just cannot "
      "work without this one. Only a client sends 1010.",
      "Send 1002 when frames from the peer break the protocol; a client sends 1010 when an "
      "extension that it needs was declined. An extension in the response that was never offered, "
      "or with parameters that are not allowed, is a breach and not a case for 1010: the client "
      "has to fail the connection, and most clients drop TCP then, which is reported as 1006." },
    { 1002, 1011,
      "1002 (Protocol Error) puts the fault on the side that receives it: its frames broke the "
      "rules. 1011 (Internal Error) puts the fault on the side that sends it: something failed in "
      "its own program.",
      "Send 1002 when frames from the peer break the protocol, and 1011 when an unexpected error "
      "stops your own program. So search the receiver's side after 1002, the sender's log after "
      "1011." },
    { 1003, 1007,
      "1003 (Unsupported Data) refuses a type of message as a whole, such as any binary message. "
      "1007 (Invalid Payload Data) accepts the type, and says that the contents of this message "
      "are not valid for it, such as text that is not UTF-8.",
      "Send 1003 when a message has a type that the application never takes. Send 1007 when a text "
      "message is not valid UTF-8. For valid text that the application does not understand, such "
      "as broken JSON, a code from 4000 to 4999 says more than either." },
    { 1003, 1008,
      "1003 (Unsupported Data) says that the application cannot take that type of data. 1008 "
      "(Policy Violation) says that it could, but its rules do not allow what the peer did.",
      "Send 1003 for a message of the wrong type, such as binary where text is expected. Send 1008 "
      "for refusals that have another ground and no better code, such as bad credentials or a rate "
      "limit." },
    { 1003, 1009,
      "1003 (Unsupported Data) is about the type of a message, 1009 (Message Too Big) about its "
      "size. After 1003 a smaller message of the same type is refused as well; after 1009 it is "
      "not.",
      "Send 1003 when the application cannot take that type of message, and 1009 when the type is "
      "fine and the message is over the limit." },
    { 1005, 1006,
      "Neither belongs on the wire: the endpoint's own library reports both. 1005 (No Status "
      "Received) means that a Close frame did arrive and was empty. 1006 (Abnormal Closure) means "
      "that the connection ended without a proper Close frame from the peer.",
      "Expect 1005 after an orderly close without a code, as by a browser's close() without "
      "arguments; it is often harmless. Expect 1006 when TCP ends first, when a proxy cuts an idle "
      "connection or when the opening handshake fails; it deserves a search. Send neither of "
      "them." },
    { 1005, 1010,
      "1005 (No Status Received) is a reserved value, an internal indicator that must never be on "
      "the wire: the receiver makes it up when the peer's Close frame is empty. 1010 (Mandatory "
      "Extension) is a real value on the wire, which a client sends. 1005 means that nobody said "
      "why the connection closed; with 1010 the client says exactly why: the server did not "
      "negotiate one or more extensions that the client expects.",
      "A client sends 1010 when it asked for an extension that it requires, say "
      "permessage-deflate, and the server's response did not include it: enable the extension on "
      "the server, or make it optional in the client. Nobody sends 1005; expect it from your own "
      "library when the peer's Close frame has an empty body, and check the peer's implementation "
      "if that happens often." },
    { 1006, 1010,
      "1010 (Mandatory Extension) is a real value on the wire: the client says that the server did "
      "not negotiate an extension that it needs. 1006 (Abnormal Closure) is what a library reports "
      "where there was no proper Close frame. Both can have the same cause, because most clients "
      "that cannot accept the server's extensions drop TCP and send no 1010.",
      "A client sends 1010 to say that a declined extension is the cause. If 1006 follows directly "
      "after the opening handshake, compare Sec-WebSocket-Extensions in the request and the "
      "response all the same." },
    { 1006, 1011,
      "1011 (Internal Error) is a real value on the wire: the sender says that its own program "
      "failed. 1006 (Abnormal Closure) must never be on the wire: there was no proper Close frame "
      "from the peer, and what happened is unknown. A program that crashes altogether cannot send "
      "1011, so its peer reports 1006.",
      "Send 1011 when an error stops the work and the program can still say so. Expect 1006 when "
      "the process or the network is gone. Python websockets shows both for one event: when a Ping "
      "goes unanswered it sends 1011 and reports 1006 to its own application." },
    { 1006, 1012,
      "With 1012 (Service Restart) the server announced its restart in a Close frame. With 1006 "
      "(Abnormal Closure) there was no proper Close frame, and the library can only report that "
      "the connection is gone.",
      "A server sends 1012 before it restarts, so that clients know that it will be back. Expect "
      "1006 when the server is killed or TCP is cut in a restart; if deployments show up as 1006, "
      "let the server close its connections before it exits." },
    { 1006, 1014,
      "1014 (Bad Gateway) is a real value on the wire: a gateway that speaks WebSocket says that "
      "the server behind it gave an invalid response. 1006 (Abnormal Closure) is what a library "
      "reports where there was no proper Close frame, and it does not say who failed.",
      "A gateway sends 1014 when its upstream fails and it can still talk to the client. Expect "
      "1006 behind proxies that only pass the octets on, such as nginx and HAProxy: they end TCP "
      "and send no Close frame." },
    { 1006, 1015,
      "Neither belongs on the wire: a library reports both to its own application. 1015 (TLS "
      "Handshake Failure) names the cause: TLS could not be set up. 1006 (Abnormal Closure) names "
      "none: the connection ended without a proper Close frame, or never came about.",
      "Expect 1015 when a certificate or the TLS versions do not suit, from libraries that tell it "
      "apart. Expect 1006 for all other failures, and from many clients for a failed TLS handshake "
      "too, so check TLS when 1006 comes at once on a wss address. Send neither of them." },
    { 1006, 3008,
      "3008 (Timeout) is a real value on the wire: the sender says that it waited too long for an "
      "answer of the application. 1006 (Abnormal Closure) must never be on the wire, and is what "
      "both sides see when a proxy's idle timeout cuts TCP.",
      "Send 3008 when the application's own timer ran out. Expect 1006 when a timer of a proxy or "
      "of the network did; an idle time that is the same each time, such as 60 seconds, gives it "
      "away." },
    { 1007, 1009,
      "1007 (Invalid Payload Data) is about what a message contains, 1009 (Message Too Big) about "
      "how large it is.",
      "Send 1007 when a text message is not valid UTF-8, and 1009 when a message is over the "
      "limit. After 1007 correct the encoding at the side that received it; after 1009 raise the "
      "limit at the side that sent it, or send smaller messages." },
    { 1008, 1009,
      "1009 (Message Too Big) names the rule that was broken: the size of a message. 1008 (Policy "
      "Violation) is the general one, for any rule of the application, and leaves open which.",
      "Send 1009 when a message is over the limit, so that the peer knows what to change. Send "
      "1008 only where no code tells more, such as for an unwelcome Origin or too many messages." },
    { 1008, 1011,
      "1008 (Policy Violation) is a decision: the side that receives it did something that is not "
      "allowed. 1011 (Internal Error) is an accident: something failed in the program of the side "
      "that sends it.",
      "Send 1008 when a peer is refused on purpose, and 1011 when an unexpected error stops your "
      "own program. After 1008 a new attempt without a change will be refused again; after 1011 it "
      "may well succeed." },
    { 1008, 1013,
      "1008 (Policy Violation) refuses what this peer did. 1013 (Try Again Later) refuses nobody "
      "for what they did: the server is overloaded for the time being. Either side may send 1008, "
      "only a server sends 1013.",
      "For a client that sends too much, send 1008; for a server that has too much to do, 1013. A "
      "client has to change something after 1008, and only has to wait after 1013." },
    { 1008, 3000,
      "1008 (Policy Violation) is the protocol's own general refusal and leaves open which rule "
      "was broken. 3000 (Unauthorized) was registered later and names the cause: the peer has to "
      "be authorized first, as with HTTP status 401.",
      "Send 3000 when credentials are missing or no longer valid and the client can do something "
      "about it. Send 1008 when the cause is another one or is to stay hidden. Much software sends "
      "1008 for bad credentials too, so read the reason." },
    { 1008, 3003,
      "1008 (Policy Violation) is the protocol's own general refusal and leaves open which rule "
      "was broken. 3003 (Forbidden) was registered later and names the cause: the peer is known "
      "and has no permission for what it asked, as with HTTP status 403.",
      "Send 3003 when a known user asks for something that this user may not have. Send 1008 when "
      "another rule was broken, or when the cause is to stay hidden." },
    { 1011, 1012,
      "1011 (Internal Error) is an accident: something failed unexpectedly in the program of its "
      "sender. 1012 (Service Restart) is an announcement: the service restarts and will be back "
      "shortly. Either side may send 1011, only a server sends 1012.",
      "Send 1011 when an unexpected error keeps the program from going on, and 1012 from a server "
      "that is about to restart. After 1012 simply reconnect after a random delay; after 1011 look "
      "in the sender's log." },
    { 1011, 1013,
      "1011 (Internal Error) says that something failed unexpectedly. 1013 (Try Again Later) says "
      "that nothing is broken, but the server has too much to do for the time being. Either side "
      "may send 1011, only a server sends 1013.",
      "Send 1011 for an error that nobody planned for, and 1013 when a server sheds load on "
      "purpose. After 1011 look for a bug, after 1013 for a lack of capacity." },
    { 1011, 1014,
      "1011 (Internal Error) says that something failed in the sender's own program. 1014 (Bad "
      "Gateway) says that the sender is a gateway in good order, and the server behind it gave an "
      "invalid response. Either side may send 1011, only a server sends 1014.",
      "Send 1011 when an unexpected error stops your own program, and 1014 from a gateway whose "
      "upstream failed. After 1011 search in the sender, after 1014 behind it." },
    { 1012, 1013,
      "Both come from a server and are temporary. 1012 (Service Restart) says that the service "
      "restarts and will be back shortly; 1013 (Try Again Later) says that it runs, and is "
      "overloaded.",
      "A server sends 1012 when it restarts, and 1013 when it sheds load. After 1012 a client "
      "reconnects after a random delay of some seconds; after 1013 it should wait longer or try "
      "another address, because each attempt adds to the load." },
    { 1013, 1014,
      "Both come from a server that cannot serve the client now. With 1013 (Try Again Later) it is "
      "overloaded itself; with 1014 (Bad Gateway) it is a gateway, and the server behind it gave "
      "an invalid response.",
      "A server sends 1013 when it sheds load, and 1014 when its upstream failed. After 1013 look "
      "for a lack of capacity at the sender; after 1014 look at the upstream. A client waits "
      "before it reconnects in both cases." },
    { 3000, 3003,
      "3000 (Unauthorized) says that the peer has to be authorized first, as with HTTP status 401: "
      "its credentials are missing or not valid. 3003 (Forbidden) says that the peer is known and "
      "may not do what it asked, as with HTTP status 403.",
      "Send 3000 when fresh credentials would help, and 3003 when they would not. A client logs in "
      "again after 3000, and does not retry after 3003." },
};

static int
compare_to_row(const void *key, const void *element)
{
    uint16_t code = *(const uint16_t *)key;
    const wsclose_code_info *row = element;

    return code < row->first ? -1 : code > row->last;
}

const wsclose_code_info *
wsclose_code_table(size_t *count)
{
    *count = G_N_ELEMENTS(table);
    return table;
}

const wsclose_code_info *
wsclose_code_lookup(uint16_t code)
{
    return bsearch(&code, table, G_N_ELEMENTS(table), sizeof table[0], compare_to_row);
}

static bool
class_may_be_on_wire(wsclose_code_class code_class)
{
    return code_class == WSCLOSE_CLASS_PROTOCOL || code_class == WSCLOSE_CLASS_REGISTERED ||
           code_class == WSCLOSE_CLASS_PRIVATE;
}

bool
wsclose_code_may_be_on_wire(uint16_t code)
{
    return class_may_be_on_wire(wsclose_code_lookup(code)->code_class);
}

const char *
wsclose_code_class_name(wsclose_code_class code_class)
{
    switch (code_class) {
    case WSCLOSE_CLASS_PROTOCOL:
        return "protocol";
    case WSCLOSE_CLASS_RESERVED:
        return "reserved";
    case WSCLOSE_CLASS_REGISTERED:
        return "registered";
    case WSCLOSE_CLASS_PRIVATE:
        return "private";
    case WSCLOSE_CLASS_UNASSIGNED:
        return "unassigned";
    case WSCLOSE_CLASS_INVALID:
        break;
    }
    return "invalid";
}

const char *
wsclose_may_send_name(wsclose_may_send who)
{
    switch (who) {
    case WSCLOSE_MAY_SEND_CLIENT:
        return "the client only";
    case WSCLOSE_MAY_SEND_SERVER:
        return "the server only";
    case WSCLOSE_MAY_SEND_EITHER:
        return "either side";
    case WSCLOSE_MAY_SEND_NOBODY:
        break;
    }
    return "nobody";
}

/* One of two codes that are compared. */
typedef struct {
    uint16_t code;
    const wsclose_code_info *info;
    const clause *clause;
} side;

static side
side_of(uint16_t code)
{
    side s = { .code = code, .info = wsclose_code_lookup(code) };

    s.clause = &clauses[s.info - table];
    return s;
}

static bool
on_wire(const side *s)
{
    return class_may_be_on_wire(s->info->code_class);
}

/* Never on the wire, and yet of use: 1005, 1006 and 1015 are reported to the application. */
static bool
made_up(const side *s)
{
    return !on_wire(s) && s->clause->when != NULL;
}

static const char *
sender_name(wsclose_may_send who)
{
    switch (who) {
    case CLIENT:
        return "only a client";
    case SERVER:
        return "only a server";
    default:
        return "either side";
    }
}

static const char *
family_name(wsclose_code_class code_class)
{
    switch (code_class) {
    case WSCLOSE_CLASS_REGISTERED:
        return "those for libraries and frameworks";
    case WSCLOSE_CLASS_PRIVATE:
        return "those for private use";
    default:
        return "the protocol's own codes";
    }
}

static void
append_what_it_says(GString *out, const side *s)
{
    g_string_append_printf(out, "%u (%s) %s", s->code, s->info->name, s->clause->says);
}

/* Where one code is found: a sentence that stands alone. */
static void
append_presence(GString *out, const side *s)
{
    if (on_wire(s)) {
        g_string_append_printf(out, " %u is a real value in a Close frame, and %s may send it.",
                               s->code, sender_name(s->info->may_send));
    } else if (made_up(s)) {
        g_string_append_printf(out,
                               " %u must never be in a Close frame: the endpoint's own library "
                               "makes it up for its application.",
                               s->code);
    } else {
        g_string_append_printf(out,
                               " %u must not stand in a Close frame, and a receiver that checks "
                               "fails the connection over it.",
                               s->code);
    }
}

/* The same for two codes of which this is equally true. */
static void
append_common_presence(GString *out, const side *s)
{
    if (on_wire(s)) {
        g_string_append_printf(out, " Both are real values in a Close frame, and %s may send them.",
                               sender_name(s->info->may_send));
    } else if (made_up(s)) {
        g_string_append(out, " Neither belongs in a Close frame: the endpoint's own library makes "
                             "them up for its application.");
    } else {
        g_string_append(out, " Neither may stand in a Close frame, and a receiver that checks "
                             "fails the connection over them.");
    }
}

static void
append_when(GString *out, const side *s)
{
    if (made_up(s)) {
        g_string_append_printf(out, "Expect %u from your own library when %s, and never send it.",
                               s->code, s->clause->when);
    } else if (!on_wire(s)) {
        g_string_append_printf(out,
                               "Do not send %u; where it arrives, correct the program that sent "
                               "it.",
                               s->code);
    } else if (s->info->may_send == CLIENT) {
        g_string_append_printf(out, "A client sends %u when %s.", s->code, s->clause->when);
    } else if (s->info->may_send == SERVER) {
        g_string_append_printf(out, "A server sends %u when %s.", s->code, s->clause->when);
    } else {
        g_string_append_printf(out, "Send %u when %s.", s->code, s->clause->when);
    }
}

static void
compare_equal(const side *s, GString *difference, GString *which_when)
{
    g_string_append(difference, "There is none, both are the same code. ");
    append_what_it_says(difference, s);
    g_string_append_c(difference, '.');
    append_presence(difference, s);
    append_when(which_when, s);
}

/* Two numbers to which the protocol gives one and the same text. */
static void
compare_alike(const side *a, const side *b, GString *difference, GString *which_when)
{
    const char *what;

    switch (a->info->code_class) {
    case WSCLOSE_CLASS_PRIVATE:
        what = "are both for private use: the protocol gives neither of them a meaning, so the "
               "difference between them is the application's own.";
        break;
    case WSCLOSE_CLASS_REGISTERED:
        what = "are both in the range for libraries and frameworks but not in the IANA registry, "
               "so the difference between them is the application's own, or its library's.";
        break;
    case WSCLOSE_CLASS_UNASSIGNED:
        what = "do not differ: both are kept for the protocol and neither has a meaning yet. If a "
               "program uses them for different things, the difference is the application's own.";
        break;
    default:
        what = "do not differ: neither is a status code. If a program uses them for different "
               "things, the difference is the application's own.";
        break;
    }
    g_string_append_printf(difference, "%u and %u %s", a->code, b->code, what);
    append_common_presence(difference, a);
    if (on_wire(a)) {
        g_string_append_printf(which_when,
                               "Look up %u and %u in the documentation or the source of the "
                               "software that sends them, and use each as it is agreed there.",
                               a->code, b->code);
    } else {
        g_string_append_printf(which_when,
                               "Send neither %u nor %u: for a meaning of the application's own, "
                               "take a number from 4000 to 4999.",
                               a->code, b->code);
    }
}

static void
compare_composed(const side *a, const side *b, GString *difference, GString *which_when)
{
    append_what_it_says(difference, a);
    g_string_append(difference, "; ");
    append_what_it_says(difference, b);
    g_string_append_c(difference, '.');
    if (on_wire(a) == on_wire(b) && made_up(a) == made_up(b) &&
        a->info->may_send == b->info->may_send) {
        append_common_presence(difference, a);
    } else {
        append_presence(difference, a);
        append_presence(difference, b);
    }
    if (on_wire(a) && on_wire(b) && a->info->code_class != b->info->code_class) {
        g_string_append_printf(difference, " %u belongs to %s, %u to %s.", a->code,
                               family_name(a->info->code_class), b->code,
                               family_name(b->info->code_class));
    }
    append_when(which_when, a);
    g_string_append_c(which_when, ' ');
    append_when(which_when, b);
}

static const pair *
find_pair(uint16_t a, uint16_t b)
{
    for (size_t i = 0; i < G_N_ELEMENTS(pairs); i++) {
        if (pairs[i].low == MIN(a, b) && pairs[i].high == MAX(a, b))
            return &pairs[i];
    }
    return NULL;
}

wsclose_code_comparison *
wsclose_code_compare(uint16_t a, uint16_t b)
{
    side first = side_of(a);
    side second = side_of(b);
    const pair *written = find_pair(a, b);
    wsclose_code_comparison *comparison = g_new0(wsclose_code_comparison, 1);
    GString *difference = g_string_new(written != NULL ? written->key_difference : NULL);
    GString *which_when = g_string_new(written != NULL ? written->which_when : NULL);
    bool unregistered =
        first.info->name == unregistered_name && second.info->name == unregistered_name;

    if (written == NULL) {
        if (a == b)
            compare_equal(&first, difference, which_when);
        else if (first.info == second.info || unregistered)
            compare_alike(&first, &second, difference, which_when);
        else
            compare_composed(&first, &second, difference, which_when);
    }
    comparison->codes[0] = a;
    comparison->codes[1] = b;
    comparison->infos[0] = first.info;
    comparison->infos[1] = second.info;
    comparison->key_difference = g_string_free(difference, FALSE);
    comparison->which_when = g_string_free(which_when, FALSE);
    return comparison;
}

void
wsclose_code_comparison_free(wsclose_code_comparison *comparison)
{
    if (comparison == NULL)
        return;
    g_free(comparison->key_difference);
    g_free(comparison->which_when);
    g_free(comparison);
}
