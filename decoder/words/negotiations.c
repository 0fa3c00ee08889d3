/* negotiations.c
 * What is said of an opening handshake.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "negotiations.h"

const char negotiation_line[] = "Extensions: {facts}";

const char *const negotiation_facts[] = {
    [NEGOTIATION_ACCEPTED] = "{names} accepted",
    [NEGOTIATION_UNKNOWN] = "{names} in the response (what the client offered is not known)",
    [NEGOTIATION_UNSOLICITED] = "{names} in the response though never offered",
    [NEGOTIATION_INVALID] = "{names} answered in a way that the client must refuse",
    [NEGOTIATION_DECLINED] = "{names} declined",
    [NEGOTIATION_OFFER_MALFORMED] = "offer malformed",
    [NEGOTIATION_RESPONSE_MALFORMED] = "response malformed",
    [NEGOTIATION_NONE_ANSWERED] = "none in the response (what the client offered is not known)",
    [NEGOTIATION_NONE] = "none offered, none accepted",
    [NEGOTIATION_OFFERED] = "{names} offered (what the server answered is not known)",
    [NEGOTIATION_NONE_OFFERED] = "none offered (what the server answered is not known)",
    [NEGOTIATION_UNSEEN] = "the opening handshake is not in the capture",
};

#define REFUSED "The server refused the {upgrade} with HTTP status {status}"

const char negotiation_refused_line[] = REFUSED;
const char negotiation_refused[] =
    REFUSED ". There is no WebSocket connection, and a browser's API reports 1006.";

const char negotiation_subprotocol_unanswered[] =
    "The client offered subprotocols, and the {response} selects none of them. The protocol allows "
    "that, but browsers and some libraries, such as ws, fail the connection over it.";

const char negotiation_not_listed[] = "{left} more are not listed";

#define DECLINED "{name} was offered and the server did not accept it"

const char *const negotiation_declined[] = {
    DECLINED ": it is not used on this connection.",
    DECLINED ", though it is listed as mandatory: a client that needs it closes with 1010. Enable "
             "it on the server or make it optional in the client.",
};
