/* phrases.c
 * Parts of the texts on a verdict that depend on more than which ending it is.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "phrases.h"

/* NOLINTBEGIN(bugprone-suspicious-missing-comma): a long row is in pieces. */
const char *const phrases[] = {
    [PHRASE_NOTHING] = "",

    [PHRASE_BROWSER_REPORTS] = ": a browser reports {client reports}",
    [PHRASE_BROWSER_UNKNOWN] = "{client unknown}",
    [PHRASE_BOTH_REPORT] = ": both report {client reports}{incomplete}",
    [PHRASE_EACH_REPORTS] =
        ": the client reports {client reports}, the server {server reports}{incomplete}",
    [PHRASE_CLIENT_REPORTS] = ": the client reports {client reports}. Incomplete capture: the "
                              "server's code is not known",
    [PHRASE_CLIENT_REPORTS_UNREAD] = ": the client reports {client reports}, the server's code is "
                                     "not known",
    [PHRASE_SERVER_REPORTS_UNREAD] = ": the server reports {server reports}, the client's code is "
                                     "not known",
    [PHRASE_SERVER_REPORTS] = ": the server reports {server reports}{client unknown}",
    [PHRASE_NEITHER_REPORTS] = ". Incomplete capture: neither code is known",
    [PHRASE_INCOMPLETE] = ". Incomplete capture",
    [PHRASE_CODE_OF_BOTH] = "{client reports}",
    [PHRASE_CODE_OF_CLIENT] = "{client reports} and ?",
    [PHRASE_CODE_OF_SERVER] = "? and {server reports}",
    [PHRASE_CODES] = "{client reports} and {server reports}",
    [PHRASE_CODES_UNKNOWN] = "code not known",

    [PHRASE_WITH_CODE] = "with {who code}{who grounds}",
    [PHRASE_WITH_CODE_EXACTLY] = "with {who code} ({who code name}){who reason}",
    [PHRASE_FOR_WANT] = " for want of {one declined}",
    [PHRASE_QUOTE] = " '{who quote}'",
    [PHRASE_AND_REASON] = " and the reason '{who whole quote}'",
    [PHRASE_WITH_NONE] = "without a status code",
    [PHRASE_WITH_ONE_OCTET] = "with a broken body",
    [PHRASE_WITH_CUT] = "(code cut off)",
    [PHRASE_CLOSED] = "{who} closed {who with}{who cause}",
    [PHRASE_SENT_CLOSE] = "{who} sent a Close frame {who with}",
    [PHRASE_ANSWERED_IN_KIND] = "{First closed} and the {second} answered in kind",
    [PHRASE_ANSWERED] = "{First closed}, the {second} answered {second with}",
    [PHRASE_NOT_ANSWERED] = "{First closed}, then the {second} closed {second with}",
    [PHRASE_WHO_BEGAN_UNKNOWN] =
        "{First closed}, the {second} one {second with}; who began is not known",
    [PHRASE_NO_CLOSE] = "no Close frame from either side",
    [PHRASE_CLOSE_UNRECEIVED] = "the {first}'s Close {first with} was received by nobody",
    [PHRASE_TOO_LATE] = "came too late",
    [PHRASE_AFTER_THAT] = "came after that",

    [PHRASE_NOT_CAPTURED] = "is not in the capture",
    [PHRASE_NOT_DECRYPTED] = "could not be decrypted",
    [PHRASE_IS_CAPTURED] = "is in the capture",
    [PHRASE_IS_READABLE] = "can be read",

    [PHRASE_OPENING_UNSEEN] = "The opening handshake is not in the capture.",
    [PHRASE_OPENING_REQUESTED] = "{Asked}{at request}; the answer {server lacking}.",
    [PHRASE_OPENING_ACCEPTED] = "{Accepted}.",
    [PHRASE_OPENING_FAULTY] = "{Faulty}.",
    [PHRASE_OPENING_TAKEN] = "{Faulty}. The client went on all the "
                             "same, so the rest takes the {response} for valid.",
    [PHRASE_OPENING_ENDED] =
        "{First} {first ended} {after request} after the {upgrade} request, {no answer}",
    [PHRASE_NO_ANSWER] = "which got no answer",
    [PHRASE_ANSWER_NOT_HTTP] = "whose answer is not HTTP",
    [PHRASE_ANSWER_UNSEEN] = "whose answer {server lacking}",
    [PHRASE_GOT_NO_ANSWER] = " and got no answer",
    [PHRASE_GOT_NOT_HTTP] = ". What the server answered{shown in} is not HTTP",
    [PHRASE_THE_ANSWER] = "; the answer {server lacking}",
    [PHRASE_NEVER_OPENED] = " {Never opened}. A browser reports 1006; other client libraries raise "
                            "an error.",
    [PHRASE_REJECTION_CLOSE] = "{First closed} after a {response} that {rejecter} must reject",
    [PHRASE_REJECTION_END] =
        "{Ender} {ender ended} {after response} after a {response} that {rejecter} must reject",
    [PHRASE_IT] = "it",
    [PHRASE_THE_CLIENT] = "the client",

    [PHRASE_REACTION_CLOSE] = "the {first} closed {first with}",
    [PHRASE_REACTION_END] = "the {first} {first ended}",
    [PHRASE_REACTION_OWN_CLOSE] = "then closed {first with}",
    [PHRASE_REACTION_OWN_END] = "then {first ended}",
    [PHRASE_ILLEGAL_UNANSWERED] =
        "{First} sent {an illegal close}{illegal}, the {second} sent none before {transport} ended",
    [PHRASE_ILLEGAL_CROSSED] =
        "{First} sent {an illegal close}{illegal}, the {second} sent its own {second with}",
    [PHRASE_ILLEGAL_ANSWERED] =
        "{First} sent {an illegal close}{illegal}, the {second} answered {second with}",
    [PHRASE_ILLEGAL_SECOND] = "{First closed}, the {second}'s Close breaks the protocol{illegal}",
    [PHRASE_CHECK_EXTENSIONS] =
        " Compare Sec-WebSocket-Extensions in the request and the response with what each side "
        "believes was negotiated.",

    [PHRASE_OCTETS] = " ({no frames})",
    [PHRASE_TOLERATED] = " The {who} sent frames that break the protocol{who tolerated}. The {who "
                         "peer} went on all the same, so that is not why the connection ended.",
    [PHRASE_TOLERATED_FOUND] = "{Who} sent frames that break the protocol{who tolerated}, and the "
                               "{who peer} went on as if nothing had happened.",
    [PHRASE_BESIDES_TOLERATED] = " Besides, correct the {who}: another {who peer} would fail the "
                                 "connection over its frames{who tolerated}.",

    [PHRASE_STEP_CLOSE] =
        " The {who} sent a Close frame {who with exactly} in frame {step frame}{step time}.",
    [PHRASE_STEP_ANSWER] =
        " The {who} answered {who with exactly} in frame {step frame}{step time}.",
    [PHRASE_STEP_END] = " The {who} {who ended exactly} in frame {step frame}{step time}.",
    [PHRASE_AFTER_LAST] = ", {idle} after the {last}",
    [PHRASE_AFTER_CLOSE] = ", {step later} after the Close in frame {origin}",
    [PHRASE_AFTER_END] = ", {step later} after frame {origin}",
    [PHRASE_END_AFTER_LAST] = " {idle} after the {last}",
    [PHRASE_LAST_FRAME] = "last frame",
    [PHRASE_LAST_RECORD] = "last record",
    [PHRASE_AGED] = " It lived for {age}.",
    [PHRASE_NOTIFIED] = " At its end the {who} sent what looks like an alert of TLS: close_notify "
                        "as a rule, by which "
                        "TLS ends in order.",
    [PHRASE_LAST_RESPONSE] = "{response}",
    /* RFC 6455 section 7.1.7: who says so fails the connection, and some APIs go by that alone. */
    [PHRASE_OWN_FAILURE] = " Some APIs report 1006 after they sent {first code} themselves.",

    [PHRASE_WHY_RECEIVED] = " The {who} reports {who reports}, the code that it received.",
    [PHRASE_WHY_EMPTY] =
        " The {who} reports {who reports}, because the Close frame that it received was empty.",
    [PHRASE_WHY_NONE] = " The {who} received no Close frame and so reports {who reports}.",
    [PHRASE_WHY_BREACH] =
        " The {who} must fail the connection over what it received and so reports {who reports}; "
        "some APIs show the 1002 or 1007 that they sent instead.",
    [PHRASE_WHY_OWN] =
        " The {who} failed the connection itself without waiting for an answer and so reports {who "
        "reports}; some APIs show the {who code} that they sent instead.",
    [PHRASE_WHY_HANDSHAKE] =
        " For the {who} the opening handshake has failed, so it reports {who reports} or an error.",
    [PHRASE_WHY_BOTH_RECEIVED] = " Both report {client reports}, the code that they received.",
    [PHRASE_WHY_BOTH_EMPTY] =
        " Both report {client reports}, because the Close frame that each received was empty.",
    [PHRASE_WHY_BOTH_UNKNOWN] = " What the two sides report is not known: {not whole}.",
    [PHRASE_WHY_BOTH_SENT_NONE] =
        " Neither side sent a Close frame, so both report 1006, {made up}.",
    [PHRASE_WHY_BOTH_RECEIVED_NONE] =
        " Neither side received a Close frame, so both report 1006, {made up}.",
    [PHRASE_WHY_1005] = " 1005 is never on the wire: the library that reports it makes it up.",
    [PHRASE_WHY_UNKNOWN_CUT] =
        " {Untold}: the capture has cut off the status code that it received.",
    [PHRASE_WHY_UNKNOWN_REASON] = " {Untold}: the capture has cut off the end of the reason that "
                                  "it received, which may be no "
                                  "UTF-8.",
    [PHRASE_WHY_UNKNOWN_UNREADABLE] = " {Untold}: what the {who peer} sent could not be decrypted.",
    [PHRASE_WHY_UNKNOWN_MISSING] =
        " {Untold}: some of what the {who peer} sent is not in the capture.",
    [PHRASE_WHY_UNKNOWN_OWN] =
        " {Untold}: a Close frame of its own may be among what {who lacking}.",
    [PHRASE_WHY_UNKNOWN_UNREAD] = " {Untold}: that depends on what was wrong with the message.",
    [PHRASE_WHY_UNKNOWN] = " {Untold}: {not whole}.",

    [PHRASE_GAPS] = " The capture is incomplete.",
    [PHRASE_GAPS_ONE] = " The capture is incomplete: some of what the {who} sent is not in it.",
    [PHRASE_GAPS_BOTH] = " The capture is incomplete: some of what both sides sent is not in it.",
    [PHRASE_UNREADABLE_ONE] = "{unreadable one} {check tls}",
    [PHRASE_UNREADABLE_ONE_TLS13] =
        "{unreadable one} See that the TLS key log has the lines {who "
        "secret}_HANDSHAKE_TRAFFIC_SECRET and {who secret}_TRAFFIC_SECRET_0 of this connection, "
        "and that no packet of the {who} is missing or out of place before.",
    [PHRASE_UNREADABLE_BOTH] = " The capture is incomplete: what both sides sent is in it, but "
                               "could not be decrypted. {check tls}",

    [PHRASE_OTHER_NORMAL] =
        "The other code is nothing to worry about: some libraries answer every Close with 1000 "
        "(aiohttp, autobahn, websocket-client, the npm package websocket).",
    [PHRASE_OTHER_ANSWER] = "The {second}'s library or application chose to answer with something "
                            "else than the code that it got.",
    [PHRASE_LIKELY] = "likely ",
    [PHRASE_LIKELY_SO] = "likely so ",
    [PHRASE_ROUND_TRIP] = "; {least trip}the Ping before had its Pong after {last trip}",
    [PHRASE_LEAST_TRIP] = "the fastest Pong took {least time}, ",
    [PHRASE_LIMITS] = "So long is the limit of {limit names}.",
    [PHRASE_NO_LIMIT] =
        "No default of {span} is known here: look for that number in the settings of "
        "what is in between, and of the server.",
    [PHRASE_FORGETTERS] = "Known for that: {forgetter names}.",
    [PHRASE_FORGETTERS_MANY] =
        "Many NAT gateways of homes and mobile networks do so after a minute or "
        "less.",
    [PHRASE_COMPRESSED] = ", compressed",
    [PHRASE_OTHERS] = "{count} other connections",
    [PHRASE_OTHER] = "another connection",
    [PHRASE_TIMES] = "{count} times",
    [PHRASE_SINCE] = ", since frame {count}",

    [PHRASE_FIX_CODE] = "{first fix}",
    [PHRASE_FIX_ON_CODE] = " On the {first code}: {code fix}",
    [PHRASE_CODE_STANDS_FOR] = " The {who}'s {who code} stands for {who code name}.",
    [PHRASE_GAVE_UP] = "The {who} gave the whole connection up with GOAWAY ({who error}): look for "
                       "that in its log first. ",
    [PHRASE_BESIDES] = " Besides, correct the {response}: another client would reject it.",

    [PHRASE_ABNORMAL_OPENING] = "{Opening ended}: a browser's API reports 1006.",
    [PHRASE_ABNORMAL_BOTH] =
        "{Abnormal end}, and neither side received a Close frame: both APIs report 1006.",
    [PHRASE_ABNORMAL_ONE] =
        "{Abnormal end}, and the {who} never received a Close frame: its API reports 1006.",
    [PHRASE_ABNORMAL_END] = "{ender} {ender ended}{cause behind}",
    [PHRASE_PING_UNANSWERED] =
        "The {who}'s Ping{who ping} never got its Pong in the {who ping age} until "
        "the connection ended: the {who peer} must answer each Ping (RFC 6455 "
        "section 5.5.2).",
    [PHRASE_COPIED] =
        " Its packets are in the capture more than once, with other addresses, as where an "
        "address is translated (NAT): it is one connection, and is counted once.",
    [PHRASE_LEG] =
        " Another connection of the capture carries the same WebSocket, on the other side of a "
        "proxy.",
    [PHRASE_LEFT_DECLINED] =
        " A client that cannot do without an extension leaves like this too: it had "
        "offered {declined}, and the {response} does not have {declined it}. If "
        "that was the reason, its own log says so.",
    [PHRASE_ABNORMAL_TRANSPORT] = "{transport} ended",
    [PHRASE_UNANSWERED] = "{First}'s Close frame{first mark} never got its answer: the {second} "
                          "sent no Close frame before {transport} ended.",
};
/* NOLINTEND(bugprone-suspicious-missing-comma) */
G_STATIC_ASSERT(G_N_ELEMENTS(phrases) == PHRASE_COUNT);

const template_slot phrase_slots[] = {
    { "client unknown", ". Incomplete capture: the client's code is not known", NULL },
    { "asked", "the client asked for a WebSocket connection", NULL },
    { "accepted", "the server accepted the connection{at response}", NULL },
    { "a breach", "a frame that breaks the protocol", NULL },
    { "no websocket", "octets that are no WebSocket frame", NULL },
    { "several breaches", "frames that break the protocol in several ways", NULL },
    { "victim is right", " The {victim} is right to fail the connection.", NULL },
    { "an illegal close", "a Close that breaks the protocol", NULL },
    { "faulty", "{accepted} with a {response} that the client must reject{faults}", NULL },
    { "never opened", "there never was a WebSocket connection", NULL },
    { "not whole", "the capture does not show the whole connection", NULL },
    { "nothing to change", "nothing needs to be changed", NULL },
    { "reconnect", "let the client reconnect.", NULL },
    { "the sender", "the {culprit}", NULL },
    { "made up", "a value that each side's own library makes up", NULL },
    { "untold", "what the {who} reports is not known", NULL },
    { "unreadable one",
      " The capture is incomplete: what the {who} sent is in it, but could not be decrypted.",
      NULL },
    { "check tls",
      "See that the capture has every packet of the TLS handshake, whole and in its place, and "
      "that "
      "the key log belongs to it.",
      NULL },
};
const size_t phrase_slots_count = G_N_ELEMENTS(phrase_slots);
