/* messages.h
 * Messages that browsers, libraries and proxies write when a WebSocket ends: how one is recognised, and
 * what it means.
 *
 * A new message is a row in the file of its kind, with the version and the file in whose source it was
 * seen, or "provoked" where a program was made to write it. Its pattern has the few words that its
 * library always writes. A message that means something new needs a row in message_meanings.c too.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WSCLOSE_WORDS_MESSAGES_H
#define WSCLOSE_WORDS_MESSAGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "wsclose/cause.h"

/* What messages mean, whoever writes them. */
typedef enum {
    /* The connection never came to an opening handshake, or got no answer to it. */
    MEANING_NO_TCP,       /* refused, no route, no such name, a timeout of connect() */
    MEANING_NO_TLS,       /* certificates, versions, alerts */
    MEANING_NO_ANSWER,    /* a timeout or an end before the response */
    MEANING_NEVER_OPENED, /* the client says no more than that */
    MEANING_NO_HTTP,      /* what answers is no HTTP/1.1 response, or cannot be read as one */
    MEANING_NOT_TRIED,   /* the client refused to connect: mixed content, a policy, a barred port */
    MEANING_URL_INVALID, /* an address that WebSocket does not allow */
    MEANING_NO_TUNNEL,   /* the client's own forward proxy made no tunnel */
    MEANING_NETWORK_GONE, /* the client's network: offline, another one, asleep */
    MEANING_CLOSED_EARLY, /* its own program closed it before it was open */

    /* The response. */
    MEANING_REFUSED,      /* another status than 101, as the client says */
    MEANING_BAD_RESPONSE, /* another status, mostly, or what a 101 lacks: the client tells neither */
    MEANING_UPGRADE_LACKS,  /* Upgrade or Connection is missing or wrong in the 101 */
    MEANING_ACCEPT_WRONG,   /* Sec-WebSocket-Accept is missing or wrong */
    MEANING_NO_SUBPROTOCOL, /* none selected, though the client offered some */
    MEANING_SUBPROTOCOL_NOT_OFFERED,
    MEANING_EXTENSION_DECLINED,
    MEANING_EXTENSION_NOT_OFFERED,
    MEANING_EXTENSION_INVALID, /* its parameters, or the grammar */
    MEANING_HANDSHAKE_INVALID, /* the client says no more than that */

    /* The request, as the server says. */
    MEANING_REQUEST_NO_UPGRADE, /* Upgrade or Connection is missing: often a proxy took it out */
    MEANING_REQUEST_INVALID, /* method, Sec-WebSocket-Key, version of HTTP or of WebSocket, offer */
    MEANING_ORIGIN_REFUSED,
    MEANING_REFUSED_BY_US, /* the server refused for a reason of its own: path, credentials, limit */
    MEANING_SESSION_UNKNOWN, /* a server without the session: several servers, nothing sticky; a restart */
    MEANING_VERSIONS_DIFFER, /* of the protocol on top of WebSocket, as Socket.IO's */
    MEANING_NO_REQUEST, /* the server got none: silence, an end of TCP, or bytes that are no HTTP */

    /* Frames of the other side. */
    MEANING_MASK_MISSING, /* the server says it: the client's frame is not masked */
    MEANING_MASK_SET,     /* the client says it: the server's frame is masked */
    MEANING_RSV_SET, /* a reserved bit: mostly a compressed frame where nothing was negotiated */
    MEANING_OPCODE_UNKNOWN,
    MEANING_CONTROL_FRAME, /* a control frame in fragments, or longer than 125 */
    MEANING_FRAGMENTS,     /* a continuation without a beginning, or a beginning within a message */
    MEANING_LENGTH,       /* a length that is not in the shortest form, or too large for a number */
    MEANING_FRAME_BREACH, /* no more than "protocol error" */
    MEANING_CLOSE_ILLEGAL, /* a Close frame with a code or a body that must not be */
    MEANING_NOT_UTF8,
    MEANING_INFLATE_FAILED,
    MEANING_TOO_BIG,

    /* How it ended. */
    MEANING_PING_UNANSWERED,
    MEANING_PONG_MISSED, /* the other side says in its Close that its Ping got no Pong */
    MEANING_IDLE,        /* the timer of the one that says it, or of a proxy that it names */
    MEANING_LIFETIME,    /* the same, of age */
    MEANING_RESET,       /* TCP was reset */
    MEANING_NO_CLOSE,    /* TCP ended without a Close: 1006 */
    MEANING_PATH_DEAD,   /* what was sent was never acknowledged */
    MEANING_CLOSE_UNANSWERED,
    MEANING_NORMAL,         /* 1000 */
    MEANING_GOING_AWAY,     /* 1001 */
    MEANING_NO_STATUS,      /* 1005 */
    MEANING_SERVER_STOPPED, /* the server says that it goes, 1001 or 1012 */
    MEANING_POLICY,         /* 1008 */
    MEANING_FAILED_INSIDE,  /* 1011: an exception in the application */
    MEANING_OVERLOADED,     /* 1013, or a queue that is full because the receiver is slow */
    MEANING_CLOSED,    /* closed, by a code that stands in the line; what the code means counts */
    MEANING_TLS_ENDED, /* TLS was ended by an alert, or without close_notify */
    MEANING_STREAM_RESET, /* HTTP/2 or HTTP/3 */
    MEANING_ENDED_SOMEHOW, /* it had been open; by a Close, TCP or a breach: the line does not tell */
    MEANING_CLOSED_HERE,   /* the program of the one that says it closed, by a call of its own */
    MEANING_CLOSED_THERE,         /* the same of the other side's program */
    MEANING_PACKET_INVALID,       /* a message that the protocol on top of WebSocket cannot read */
    MEANING_PROXY_UPSTREAM_ENDED, /* the proxy says that the server behind it ended the connection */
    MEANING_PROXY_CLIENT_ENDED,   /* the same of the client */
    MEANING_PROXY_NO_UPSTREAM,    /* the proxy reached no server behind it */
    MEANING_PROXY_IDLE,    /* the proxy's own timer ended it: neither side had sent anything */
    MEANING_PROXY_SILENCE, /* the same: the server had sent nothing */
    MEANING_PROXY_REFUSED, /* the proxy answered by itself: no route, no upgrade allowed, a limit */
    MEANING_PROXY_STOPPED, /* the proxy was reloaded or stopped, or an operator ended the connection */

    /* No reason of its own. */
    MEANING_ENDED_BEFORE, /* something was sent on a connection that had ended: look further above */
    MEANING_CODE_REJECTED,  /* an application gave its own library a code that may not be sent */
    MEANING_SEND_TOO_EARLY, /* something was sent before the connection was open */
    MEANING_SENDS_OVERLAP,  /* an application began to send while it was still sending */
    MESSAGE_MEANINGS
} message_meaning_id;

/* Before it are those of a connection that was never open. */
#define MESSAGE_MEANING_FIRST_OPENED MEANING_MASK_MISSING

/* On which side something has to change; by names of the one that writes the message where it can be
 * either side. */
typedef enum {
    CHANGE_NOBODY,
    CHANGE_CLIENT,
    CHANGE_SERVER,
    CHANGE_BETWEEN,
    CHANGE_SELF, /* the side that writes it */
    CHANGE_PEER  /* the other one */
} message_change;

/* Rows of texts have the slots {this side} (the one that writes the message) and {other side}; where
 * of_status is set also {answer}, and if the line has a status of HTTP, what to do is said by its row. */
typedef struct {
    const char *meaning; /* sentences; NULL: those of the code, and so is fix */
    const char *fix;
    const char *filter;     /* of what a capture would show; NULL: the cause's word */
    wsclose_cause_id cause; /* WSCLOSE_CAUSE_UNKNOWN where the message does not tell it */
    message_change change;
    uint16_t code; /* that the API of the side that writes it reports; 0: none, or the row says */
    bool of_status;
    /* Above 0: rows of meanings that are less vague go before it, however few their words are. 1: it
     * only says that there is no connection, 2: the code says the rest, 3: it is a consequence. */
    uint8_t vague;
} message_meaning;

extern const message_meaning message_meanings[MESSAGE_MEANINGS];

/* What a code tells, where nothing else does. Codes that no row is for tell no cause. */
typedef struct {
    uint16_t first;
    uint16_t last;
    wsclose_cause_id cause;
    message_change change; /* for the one that received it */
} code_cause_row;

extern const code_cause_row code_causes[];
extern const size_t code_causes_count;

/* Display filters, with {code} or {status}. */
extern const char message_code_filter[];
extern const char message_status_filter[];

/* Who writes it. */
typedef enum {
    SPEAKER_CLIENT,
    SPEAKER_SERVER,
    SPEAKER_EITHER, /* the library is used on both sides, and the message does not tell */
    SPEAKER_BETWEEN /* a proxy */
} message_speaker;

/* One message. */
typedef struct {
    /* Literal words, compared without regard to the case of ASCII letters. The first and the last one
     * are whole words of the line, but where a '*' stands before or behind them. '*' stands for anything
     * (or nothing), '#' for a status code of WebSocket in digits, '%' for a status of HTTP in
     * three digits. */
    const char *pattern;
    const char *libraries; /* as users call them, between commas where several write just this */
    message_speaker speaker;
    message_meaning_id meaning;
    uint16_t code;   /* where this library's API reports another one than the meaning has; 0: no */
    bool in_context; /* the words are not WebSocket's own: the line has to speak of WebSocket too */
    bool exact;      /* capitals count in the pattern: HAProxy's flags, where cD is not CD */
    const char *setting; /* a sentence on what to change, by its name in this library; NULL: none */
    const char *seen;    /* "8.18.3 lib/receiver.js", or "8.18.3 provoked" */
} message_row;

/* Whether a library that writes the message tells its application a close code where nobody has sent
 * one; else there is none where neither the row nor the line has it. */
bool message_row_tells_code(const message_row *row);

/* All rows of one kind of software. */
typedef struct {
    const message_row *rows;
    size_t n;
} message_table;

extern const message_table messages_browsers; /* Chromium, Firefox, Safari */
extern const message_table messages_node;     /* ws, faye-websocket, undici, websocket, socket.io */
extern const message_table messages_python;
extern const message_table messages_go;
extern const message_table
    messages_java; /* Java-WebSocket, OkHttp, Jetty, Tomcat, Spring, Netty ... */
extern const message_table messages_dotnet; /* ClientWebSocket, Kestrel, SignalR */
extern const message_table messages_native; /* libwebsockets, Boost.Beast, websocketpp, tungstenite */
extern const message_table messages_php;    /* Ratchet */
extern const message_table messages_proxies; /* nginx, HAProxy, Envoy */

/* All of them, in the order in which they are listed. */
extern const message_table *const message_tables[];
extern const size_t message_tables_count;

#endif
