/* closes.c
 * What is said of a Close frame.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "closes.h"

#include "breaches.h"

const char close_line[] = "{Sender} {act} {body}{notes}";

const char *const close_acts[] = {
    [CLOSE_BEGINS] = "closes",
    [CLOSE_MAY_ANSWER] = "sends a Close frame",
    [CLOSE_ANSWERS] = "answers the Close in frame {peer}",
    [CLOSE_REPEATS] = "sends another Close",
};

const char *const close_bodies[] = {
    [WSCLOSE_BODY_EMPTY] = "without a status code ({code} {name})",
    [WSCLOSE_BODY_ONE_OCTET] = "with a broken body of one octet",
    [WSCLOSE_BODY_CODE] = "with {code} {name}",
    [WSCLOSE_BODY_CUT] = "with a status code that the capture has cut off",
};

const char *const close_infos[] = {
    [WSCLOSE_BODY_EMPTY] = "{code}: empty Close",
    [WSCLOSE_BODY_ONE_OCTET] = "Close with a broken body",
    [WSCLOSE_BODY_CODE] = "{code} {name}",
    [WSCLOSE_BODY_CUT] = "Close, code cut off",
};
const char close_info_reason[] = "{code} '{quote}'";
const char close_info_wants[] = "{code} wants {wanted}";

const char *const close_notes[] = {
    [CLOSE_NOTE_REPEATED] = ", which changes nothing",
    [CLOSE_NOTE_BREACH] = ", breaking the protocol",
    [CLOSE_NOTE_CROSSED] = ", at the same time as the Close in frame {peer}",
    [CLOSE_NOTE_UNHEARD] = ", when the connection had already ended",
};

static const char correct[] = BREACH_FIX("a Close frame");

const close_words closes_words[] = {
    [CLOSE_SOUND] = { "{meaning}", "{seen when}", "{fix}" },
    [CLOSE_EMPTY_ECHO] = { "{meaning}",
                           "{seen when} Here it answers an empty Close{in peer}, which is normal.",
                           "{fix}" },
    [CLOSE_CLAIM] = { "{meaning}", "{seen when}", "{advice}" },
    [CLOSE_CUT] = { "The Close frame has a body of {length} octets. The capture has too few of "
                    "them to tell "
                    "the status code.",
                    "Seen when the capture was taken with a snapshot length (tcpdump -s, dumpcap "
                    "-s) that is "
                    "shorter than the packets.",
                    "Capture again with whole packets (snapshot length 0)." },
    [CLOSE_IN_BREACH] = { "{breaches}", "{causes}", correct },
    [CLOSE_FAILS] = { "{breaches} The {receiver} must fail the connection, and its own API then "
                      "reports 1006 "
                      "(or, in some libraries, the 1002 or 1007 that it sends).",
                      "{causes}", correct },
};

#define EMPTY "{Sender}'s Close frame is empty: no status code present"
#define REPORTED ", so the {receiver}'s API reports {code}, a value that no frame carries"
#define ECHO ". It answers an empty Close{in peer}, as it should"

const char *const close_no_status[2][2] = {
    { EMPTY ".", EMPTY ECHO "." },
    { EMPTY REPORTED ".", EMPTY REPORTED ECHO "." },
};

const char close_no_status_repeated[] =
    "{address} has closed without a status code on {connections} so far. Its WebSocket "
    "implementation may have a bug: check whether it is meant to send empty Close frames.";
