/* carrier.h
 * The words in sentences that depend on what carries the WebSocket connection.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef WSCLOSE_WORDS_CARRIER_H
#define WSCLOSE_WORDS_CARRIER_H

#include "template.h"
#include "wsclose/types.h"

/* The slots of a carrier; a constant, to be the scope of a row or the outer one of another scope.
 *
 *  {transport}    "TCP", "the stream"
 *  {connection}   what is under a stream: "TCP", "QUIC"; over HTTP/1.1 the transport itself
 *  {socket}       what an application closes in its place: "socket", "stream"
 *  {response}     of a server that accepts: "101", "response"
 *  {success}      its status: "101", "2xx"
 *  {upgrade}      what the client asks for: "upgrade", "extended CONNECT"
 *  {taken}        what a server took and then left: "TCP connection", "request"
 *  {not meant}    why a server ends the transport in place of an answer
 *  {mean}         what to check about that
 *  {headers}      what a proxy has to pass on
 *  {removed}      what a proxy did that does not
 *  {let pass}     what to do about that, a sentence */
const template_scope *carrier_scope(wsclose_carrier carrier);

#endif
