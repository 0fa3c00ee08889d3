/* code_pairs.c
 * Pairs of status codes that people really confuse.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <glib.h>

#include "codes.h"

#define SEND_NEITHER_OF_THEM "Send neither of them."
#define GENERAL_REFUSAL                                                                            \
    "1008 (Policy Violation) is the protocol's own general refusal and leaves open which rule "    \
    "was broken."

const code_pair_row code_pairs[] = {
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
      "connection or when the opening handshake fails; it deserves a "
      "search. " SEND_NEITHER_OF_THEM },
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
      "too, so check TLS when 1006 comes at once on a wss address. " SEND_NEITHER_OF_THEM },
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
      GENERAL_REFUSAL " 3000 (Unauthorized) was registered later and names the cause: the peer "
                      "has to be authorized first, as with HTTP status 401.",
      "Send 3000 when credentials are missing or no longer valid and the client can do something "
      "about it. Send 1008 when the cause is another one or is to stay hidden. Much software sends "
      "1008 for bad credentials too, so read the reason." },
    { 1008, 3003,
      GENERAL_REFUSAL " 3003 (Forbidden) was registered later and names the cause: the peer is "
                      "known and has no permission for what it asked, as with HTTP status 403.",
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

const size_t code_pairs_count = G_N_ELEMENTS(code_pairs);
