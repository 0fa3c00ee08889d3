# peer_websockets.py
# What Python's websockets says of a case, for compare.py.
#
# SPDX-License-Identifier: GPL-2.0-or-later

from websockets.client import ClientConnection
from websockets.datastructures import Headers
from websockets.exceptions import InvalidHandshake
from websockets.extensions.permessage_deflate import (
    ClientPerMessageDeflateFactory,
    ServerPerMessageDeflateFactory,
)
from websockets.headers import parse_extension
from websockets.uri import parse_uri

# The second is what zlib says to window bits of 8.
REFUSALS = (InvalidHandshake, ValueError)


def parse(value):
    """The list of extensions, or None for a value that is refused."""
    try:
        return [
            [name, [[param, text] for param, text in params]]
            for name, params in parse_extension(value)
        ]
    except InvalidHandshake:
        return None


def takes_offer(offer):
    """Whether a server takes the only extension of an offer."""
    try:
        ((_, params),) = parse_extension(offer)
        ServerPerMessageDeflateFactory().process_request_params(params, [])
        return True
    except REFUSALS:
        return False


def client_factory(params):
    """The factory that makes an offer of these parameters."""
    given = {}
    for name, value in params:
        given[name] = True if value is None else int(value)
    return ClientPerMessageDeflateFactory(**{"client_max_window_bits": None, **given})


def takes_response(offers, response):
    """Whether a client takes a response to these offers, one list of parameters each."""
    client = ClientConnection(
        parse_uri("ws://localhost/"), extensions=[client_factory(params) for params in offers]
    )
    try:
        client.process_extensions(Headers([("Sec-WebSocket-Extensions", response)]))
        return True
    except REFUSALS:
        return False
