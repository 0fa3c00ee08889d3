/* claims.c
 * What is said of a Close with 1010, which claims that an extension is missing.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "claims.h"

const char claim_line[] = "{Sender} {act}: {claim}";

const char *const claim_acts[] = {
    [CLAIM_CLOSES] = "closes with 1010",
    [CLAIM_ECHOES] = "answers with {the claimant}'s own 1010{in peer}",
    [CLAIM_REPEATS] = "sends another 1010",
    [CLAIM_MAY_ECHO] = "sends 1010, maybe in answer to a Close that was not captured",
};

#define NOT_INCLUDED                                                                               \
    "{declined}, which the server's response{in response} did not {include}.{enable}{never}"
#define LOOK_INTO_CLIENT "Look into the client, not the server: "
#define OFFER_IT " Let it offer what it needs."

const char claim_fix_declined[] =
    "{Cure} {declined} on the server, or make {declined it} optional in the client. Check "
    "Sec-WebSocket-Extensions in the handshake response{in response}.";
static const char fix_check_of_client[] = LOOK_INTO_CLIENT
    "nothing that it offered and asks for was left out of the handshake "
    "response{in response}. Check how the client compares the extensions that it needs with those "
    "that were negotiated, and whether it offers all of them.";
static const char fix_offer[] = LOOK_INTO_CLIENT
    "it asks for {not offered} and never offered {not offered it}{in request}." OFFER_IT;

/* clang-format off: a claim, and what to do */
const claim_words claims_words[] = {
    [CLAIM_DECLINED] = { "{claimant} needs " NOT_INCLUDED, claim_fix_declined },
    [CLAIM_DECLINED_UNNAMED] = { "its reason names no extension, and {client} "
                                 "offered " NOT_INCLUDED,
                                 claim_fix_declined },
    [CLAIM_DECLINED_ECHO] = { "{client} offered " NOT_INCLUDED, claim_fix_declined },

    [CLAIM_WRONGLY_ANSWERED] = { "the server's response{in response} accepts {wrongly answered}, "
                                 "which {client} did not offer, "
                                 "or not so. Over that a client must end the connection.",
                                 "Correct the server: its Sec-WebSocket-Extensions{in response} "
                                 "may name only what the client "
                                 "offered, with the parameters that the offer allows." },

    [CLAIM_ALL_NEGOTIATED] = { "everything that {client} offered was negotiated{in response}.",
                               fix_check_of_client },
    [CLAIM_NONE_OFFERED] = { "{client} offered no extension at all{in request}.", LOOK_INTO_CLIENT
                             "it offered no extension at all{in request}." OFFER_IT },
    [CLAIM_NEGOTIATED] = { "{claimant} asks for {needed}, but {needed was} negotiated{in "
                           "response}.",
                           fix_check_of_client },
    [CLAIM_SOME_NEVER_OFFERED] = { "{claimant} asks for {needed}, but {not offered} {not offered "
                                   "was} never offered and the "
                                   "rest was negotiated{in response}.",
                                   fix_offer },
    [CLAIM_NEVER_OFFERED] = { "{claimant} asks for {needed}, but never offered {needed it}{in "
                              "request}.",
                              fix_offer },
    [CLAIM_CLIENT_NEVER_OFFERED] = { "{claimant} asks for {needed}, but {client} never offered "
                                     "{needed it}{in request}.",
                                     fix_offer },

    [CLAIM_CUT] = { "the capture has cut its reason short, so what {claimant} needs cannot be "
                    "told.{check}",
                    "{fix}" },
    [CLAIM_CUT_BEHIND_A_NAME] = { "{claimant} needs {needed}, and the capture has cut off the rest "
                                  "of its reason, so whether "
                                  "the server left anything out cannot be told.{check}",
                                  "{fix}" },
    [CLAIM_UNNAMED] = { "its reason names no extension, and {unseen} is not in the capture, so "
                        "whether the server "
                        "left one out cannot be told.{check}",
                        "{fix}" },
    [CLAIM_REQUEST_UNSEEN] = { "{claimant} needs {missing}, which the server's response{in "
                               "response} did not {include}; "
                               "the request is not in the capture, so whether {missing was} "
                               "offered is unknown.",
                               "{fix}" },
    [CLAIM_UNSEEN] = { "{claimant} needs {needed}, and {unseen} is not in the capture, so whether "
                       "the server left "
                       "{needed it} out cannot be told.{check}",
                       "{fix}" },
};
/* clang-format on */

const char *const claim_include[] = { "include", "validly accept" };
const char *const claim_cure[] = { "enable", "correct" };

const char claim_enable[] =
    " {Cure} {declined it} on the server or make {declined it} optional in the client.";
const char claim_never[] = " {Client} never offered {not offered}.";
const char claim_check[] = " Check Sec-WebSocket-Extensions in the server's response.";

const char claim_no_request[] = "the request of the opening handshake";
const char claim_no_response[] = "the response of the opening handshake";
const char claim_no_handshake[] = "the opening handshake";

const char claim_contradicted[] =
    "The opening handshake speaks against this 1010: {claim} Look into {the claimant}'s own check.";

const char claim_of_server[] =
    "The server sends 1010, a code for clients only. A server that needs an extension fails the "
    "opening handshake instead (RFC 6455 section 7.4.1).";
const char claim_of_server_fix[] =
    "Change the server: 1010 is the client's to send. A server that needs an extension refuses the "
    "opening handshake instead (for example with HTTP status 400) and says why in the body.";
