# scenarios.py - the table of what record.py records.
# SPDX-License-Identifier: GPL-2.0-or-later
#
# A row: name (of the capture), shows (one line for captures/README.md), server, clients.
# The server runs one script per path, the default is to echo; each client is a process of its
# own, one after the other. Steps of a script: send TEXT, binary SIZE, recv, echo, sleep SECONDS,
# parts TEXT... (one message, a frame for each), every SECONDS TIMES (sends a message each time),
# write TEXT (straight into the socket, no frame), garble (a record that breaks TLS), echo SECONDS,
# close [CODE [REASON]], fin (end TCP, no Close), rst (reset TCP), terminate (what ws calls so),
# block SECONDS (the whole process is busy), cork, uncork; announce and crossing make both sides
# close at one instant. "tab" closes Chromium's tab. The scripted peers ("raw") have steps of their
# own: request, response, accept, frame FIRST-OCTET PAYLOAD MASKED, octets, text, answer
# (the Close that comes), eof.
# WebSocket over HTTP/2 (twins(), at the end) has more: fin and rst [ERROR-CODE] end the stream, by
# END_STREAM and RST_STREAM; tcp-fin and tcp-rst end its TCP connection; goaway [CODE [LAST-STREAM]].
# Options go to peer.js and peer.py, where they are read. check: (display filter, packets).

import zlib

HELLO = [["send", "hello"], ["recv"]]
FREE_TEXT = "this client needs permessage-deflate"

SCENARIOS = []


def row(name, shows, server, *clients, **more):
    server = {"impl": server} if isinstance(server, str) else server
    SCENARIOS.append({"name": name, "shows": shows, "server": server,
                      "clients": list(clients), **more})


def client(impl, script, path="/", **more):
    return {"impl": impl, "script": script, "path": path, **more}


# ------------------------------------------------------------ no status code

row("chromium-close-no-code",
    "`close()` in a page without a code: an empty Close, answered by an empty one; 1005 twice",
    "ws", client("chromium", HELLO + [["close"]]))

row("ws-server-close-no-code",
    "the server calls `close()` without a code; the clients answer in their own ways",
    {"impl": "ws", "scripts": {"/bye": [["recv"], ["close"]]}},
    *[client(impl, [["send", "hello"]], "/bye")
      for impl in ("ws", "undici", "faye", "websocket", "websockets", "aiohttp", "tornado",
                   "autobahn", "websocket-client", "wsproto", "lws", "chromium")])

row("clients-close-no-code",
    "each client closes without a code, against ws: 1005 or the 1000 that some libraries add",
    "ws",
    *[client(impl, HELLO + [["close"]])
      for impl in ("ws", "undici", "faye", "websocket", "websockets", "aiohttp", "tornado",
                   "autobahn", "websocket-client", "wsproto")])

row("aiohttp-answers-1000",
    "an empty Close, 1001, 3000 and 4000 to aiohttp, which always answers with 1000",
    "aiohttp",
    client("ws", HELLO + [["close"]]),
    client("ws", HELLO + [["close", 1001, "going"]]),
    client("undici", HELLO + [["close", 3000, "library"]]),
    client("chromium", HELLO + [["close", 4000, "application"]]))

row("tornado-close-no-code",
    "tornado closes without a code: the code that its own application sees is None",
    {"impl": "tornado", "scripts": {"/bye": [["recv"], ["close"]]}},
    client("chromium", [["send", "hello"]], "/bye"),
    client("ws", HELLO + [["close"]]),
    client("websockets", [["send", "hello"]], "/bye"))

# -------------------------------------------------------- mandatory extension

row("ws-1010-reason-declined",
    "deflate offered and declined, 1010 with the reason \"permessage-deflate\"",
    "ws", client("ws", HELLO + [["close", 1010, "permessage-deflate"]],
                 options={"deflate": True}))

row("ws-1010-no-reason-declined",
    "deflate offered and declined, 1010 without a reason",
    "ws", client("ws", HELLO + [["close", 1010]], options={"deflate": True}))

row("ws-1010-free-text-declined",
    "deflate offered and declined, 1010 with a sentence that names the extension",
    "websockets", client("ws", [["close", 1010, FREE_TEXT]], options={"deflate": True}))

row("ws-1010-accepted",
    "1010 with the reason \"permessage-deflate\" although the server accepted it",
    {"impl": "ws", "options": {"deflate": True}},
    client("ws", HELLO + [["close", 1010, "permessage-deflate"]], options={"deflate": True}))

row("websockets-1010-two-needed",
    "deflate and x-trace offered in one header, only deflate accepted, 1010 with both names",
    {"impl": "ws", "options": {"deflate": True}},
    client("websockets", [["close", 1010, "permessage-deflate, x-trace"]],
           options={"deflate": {}, "trace": True}))

row("aiohttp-1010-answered-1000",
    "1010 answered with 1000: the client's API reports 1000, the server's 1010",
    "aiohttp", client("ws", HELLO + [["close", 1010, "permessage-deflate"]],
                      options={"deflate": True}),
    client("websockets", HELLO + [["close", 1010, "permessage-deflate"]],
           options={"deflate": {}}))

row("ws-1010-not-offered",
    "1010 with the reason \"permessage-deflate\" by a client that offered nothing",
    "ws", client("ws", HELLO + [["close", 1010, "permessage-deflate"]]))

# -------------------------------------------------------------- negotiation

row("chromium-deflate-accepted",
    "Chromium offers deflate with client_max_window_bits, the server accepts it; data compressed",
    {"impl": "ws", "options": {"deflate": {"threshold": 0}}},
    client("chromium", [["send", "hello hello hello hello"], ["recv"], ["close", 1000, "done"]]))

row("websockets-deflate-parameters",
    "deflate with window bits and no_context_takeover in offer and response",
    {"impl": "websockets", "options": {"deflate": {"server_max_window_bits": 10,
                                                   "client_no_context_takeover": True}}},
    client("websockets", [["send", "hello hello hello"], ["recv"], ["close", 1000]],
           options={"deflate": {"client_max_window_bits": True, "server_max_window_bits": 12,
                                "server_no_context_takeover": True}}),
    client("ws", [["send", "hello hello hello"], ["recv"], ["close", 1000]],
           options={"deflate": {"serverMaxWindowBits": 10, "clientNoContextTakeover": True,
                                "threshold": 0}}))

row("chromium-deflate-declined",
    "deflate offered and declined, closed normally with 1000",
    "websockets", client("chromium", HELLO + [["close", 1000]]))

row("extension-two-header-lines",
    "the response over two header lines; both extensions of the offer accepted",
    {"impl": "ws", "options": {"deflate": True,
                               "headers": ["Sec-WebSocket-Extensions: x-trace"]}},
    client("websockets", HELLO + [["close", 1000]], options={"deflate": {}, "trace": True}),
    check=("http.response && http.sec_websocket_extensions == \"x-trace\"", 1))

row("offer-two-header-lines",
    "the offer over two header lines; the server takes one of the two extensions",
    {"impl": "ws", "options": {"deflate": True}},
    client("websockets", HELLO + [["close", 1010, "x-other"]],
           options={"deflate": {}, "headers": [["Sec-WebSocket-Extensions", "x-other; level=2"]]}))

row("unsolicited-extension",
    "the server accepts an extension that was not offered: ws and Chromium end TCP, aiohttp goes "
    "on",
    {"impl": "ws", "options": {"headers": ["Sec-WebSocket-Extensions: x-trace"]}},
    client("ws", HELLO + [["close"]]),
    client("chromium", HELLO + [["close"]]),
    client("aiohttp", HELLO + [["close"]]), without_frames=2)

# ------------------------------------------------------------- status codes

row("chromium-tab-closed",
    "a closed tab: Chromium sends 1001",
    "ws", client("chromium", HELLO + [["tab"]]))

row("websockets-server-codes",
    "1001, 1008, 1010, 1011 and 1012 from a server",
    {"impl": "websockets", "scripts": {
        "/1001": [["close", 1001, "shutting down"]], "/1008": [["close", 1008, "not for you"]],
        "/1010": [["close", 1010, "permessage-deflate"]],
        "/1011": [["recv"], ["close", 1011, "database gone"]],
        "/1012": [["recv"], ["close", 1012, "restart"]]}},
    client("ws", [], "/1001"), client("undici", [], "/1008"), client("ws", [], "/1010"),
    client("chromium", [["send", "hello"]], "/1011"),
    client("aiohttp", [["send", "hello"]], "/1012"))

row("private-code-utf8-reason",
    "4000 with a reason beyond ASCII, from a page and from a server",
    {"impl": "ws", "scripts": {"/bye": [["close", 4000, "auf Wiedersehen – さようなら 👋"]]}},
    client("chromium", HELLO + [["close", 4000, "à bientôt – さようなら 👋"]]),
    client("websockets", [], "/bye"), client("tornado", [], "/bye"))

row("close-simultaneous",
    "both sides close at one instant, each without having seen the other's Close",
    {"impl": "ws", "scripts": {"*": [["recv"], ["announce"], ["close", 4001, "server first"]]}},
    client("websockets", [["send", "hello"], ["crossing"], ["close", 4002, "client first"]]),
    check=("websocket.payload.close.status_code == 4001 || "
           "websocket.payload.close.status_code == 4002", 2))

row("message-too-big",
    "a message above the server's limit: it closes with 1009",
    {"impl": "websockets", "options": {"max_size": 64}},
    client("ws", [["send", "hello " * 20]]), client("undici", [["send", "hello " * 20]]))

row("keepalive-timeout",
    "a client that does not answer a Ping: the server closes with 1011",
    {"impl": "websockets", "options": {"ping_interval": 0.3, "ping_timeout": 0.3}},
    client("raw", [["request"], ["response"], ["recv"], ["sleep", 1], ["fin"]]))

# ------------------------------------------------------------------ TLS, IPv6

row("tls13-close-no-code",
    "TLS 1.3 with the keys in the file; an empty Close from Chromium",
    {"impl": "ws", "tls": "TLSv1.3"}, client("chromium", HELLO + [["close"]]))

row("tls12-1010-declined",
    "TLS 1.2 with the keys in the file; 1010 after a decline",
    {"impl": "ws", "tls": "TLSv1.2"},
    client("ws", HELLO + [["close", 1010, "permessage-deflate"]], options={"deflate": True}))

row("tls-keylog-beside",
    "TLS 1.3 with the keys in tls-keylog-beside.keys.log; 4000 from the server",
    {"impl": "aiohttp", "tls": "TLSv1.3",
     "scripts": {"/bye": [["recv"], ["close", 4000, "kept apart"]]}},
    client("websockets", [["send", "hello"]], "/bye"), keys_beside=True, no_websocket=True)

row("ipv6-close-no-code",
    "IPv6; an empty Close from each side",
    {"impl": "ws", "host": "::1", "scripts": {"/bye": [["recv"], ["close"]]}},
    client("undici", HELLO + [["close"]]), client("ws", [["send", "hello"]], "/bye"))

# ----------------------------------------------------------- HTTP beforehand

row("keepalive-requests-before-upgrade",
    "three HTTP requests, then the upgrade, all on one TCP connection",
    "ws", client("aiohttp", HELLO + [["close", 1001, "leaving"]],
                 options={"gets": ["/a", "/b", "/c"]}),
    check=("tcp.flags.syn==1 && tcp.flags.ack==0", 1))

row("401-then-101",
    "an upgrade refused with 401, tried again with Authorization on the same TCP connection: 101",
    {"impl": "aiohttp", "options": {"authorization": "Basic d3M6Y2xvc2U="}},
    client("ws", HELLO + [["close", 1000, "done"]],
           options={"keepAlive": True, "attempts": [
               {}, {"headers": {"Authorization": "Basic d3M6Y2xvc2U="}}]}),
    check=("tcp.flags.syn==1 && tcp.flags.ack==0", 1))

row("upgrade-refused",
    "upgrades refused with 403, 404, 426 and 503: no WebSocket connection, and 1006 in browsers",
    {"impl": "ws", "options": {"refuse": {"/forbidden": "403 Forbidden", "/none": "404 Not Found",
                                          "/old": "426 Upgrade Required",
                                          "/busy": "503 Service Unavailable"}}},
    client("ws", [], "/forbidden", refused=True), client("chromium", [], "/none", refused=True),
    client("aiohttp", [], "/old", refused=True), client("websockets", [], "/busy", refused=True),
    no_websocket=True)

# -------------------------------------------------------------- TCP segments

row("frame-over-many-segments",
    "a message of 20 kB over many TCP segments and its echo, then a Close",
    "websockets", client("ws", [["binary", 20000], ["recv"], ["close", 1000, "big"]]))

row("frames-in-one-segment",
    "three messages and an empty Close in one TCP segment",
    {"impl": "ws", "scripts": {"*": [["recv"]]}},
    client("ws", [["cork"], ["send", "one"], ["send", "two"], ["send", "three"], ["close"],
                  ["uncork"]]))

row("message-and-close-in-one-segment",
    "deflate declined; a message of 600 octets and a Close with 1010 in one TCP segment",
    {"impl": "ws", "scripts": {"*": [["recv"]]}},
    client("ws", [["cork"], ["send", "wsclose " * 75], ["close", 1010, "permessage-deflate"],
                  ["uncork"]], options={"deflate": True}))

row("response-and-frames-in-one-packet",
    "the 101, a greeting and a Close with 1013 in one packet",
    {"impl": "ws", "options": {"corkGreeting": True},
     "scripts": {"*": [["send", "welcome"], ["close", 1013, "try later"]]}},
    client("websockets", []), check=("http.response.code == 101 && websocket", 1))

row("handshake-split",
    "the request in four TCP segments, from a scripted client",
    "ws", client("raw", [["request"], ["response"], ["send", "hello"], ["recv"],
                         ["close", 1010, "x-never"], ["eof"], ["fin"]],
                 options={"pieces": [20, 41, 60]}))

# A link that loses, repeats and reorders (link.py): what TCP really does then.

BURST = [["send", "one"], ["sleep", 0.005], ["send", "two"], ["sleep", 0.005], ["send", "three"],
         ["sleep", 0.005], ["close", 1010, "permessage-deflate"]]

row("segments-retransmitted",
    "lost segments sent again: message and Close of the client (here twice), 101 and Close of the "
    "server (here once, late); seen at the client",
    {"impl": "websockets"}, client("ws", HELLO + [["close", 1010, "permessage-deflate"]],
                                   options={"deflate": True}),
    link={"capture": "client", "rules": [["client", 2, "drop"], ["client", 4, "drop"],
                                         ["server", 1, "drop"], ["server", 4, "drop"]]},
    check=("tcp.analysis.retransmission && tcp.len > 0 && tcp.dstport == 8080", 2))

row("segments-repeated",
    "segments that the network delivered twice: request, messages and Close; seen at the server",
    {"impl": "ws"}, client("ws", HELLO + [["close", 1010, "permessage-deflate"]],
                           options={"deflate": True}),
    link={"capture": "server", "rules": [["client", n, "repeat"] for n in (1, 2, 3)]},
    check=("tcp.analysis.retransmission && tcp.len > 0", 3))

row("segments-reordered",
    "segments that arrived in another order: the Close before the last message; seen at the "
    "server",
    {"impl": "ws", "scripts": {"*": [["recv"]]}}, client("ws", BURST, options={"deflate": True}),
    link={"capture": "server", "rules": [["client", 4, "hold"]]})

# ------------------------------------------------------- ends without a Close

row("fin-without-close",
    "TCP ended with FIN, no Close, by the client and by the server: 1006",
    {"impl": "ws", "scripts": {"/drop": [["recv"], ["fin"]]}},
    client("ws", HELLO + [["fin"]]), client("websockets", HELLO + [["fin"]]),
    client("lws", [["close"]]),
    client("chromium", [["send", "hello"]], "/drop"),
    client("aiohttp", [["send", "hello"]], "/drop"))

row("rst-without-close",
    "TCP reset, no Close, by the client and by the server: 1006",
    {"impl": "ws", "scripts": {"/drop": [["recv"], ["rst"]]}},
    client("ws", HELLO + [["rst"]]), client("aiohttp", HELLO + [["rst"]]),
    client("undici", [["send", "hello"]], "/drop"),
    client("websockets", [["send", "hello"]], "/drop"))

row("close-unanswered",
    "Closes that were never answered: the scripted client ends TCP",
    {"impl": "ws", "scripts": {"/bye": [["close", 1001, "restart"]]}},
    client("raw", [["request"], ["response"], ["recv"], ["sleep", 0.1], ["fin"]], "/bye"),
    client("raw", [["request"], ["response"], ["close", 1000], ["rst"]]))

row("port-reused",
    "a second connection from the same client port after the first was reset",
    "ws", {"impl": "raw", "options": {"port": 40000, "connections": [
        [["request"], ["response"], ["send", "one"], ["recv"], ["close"], ["eof"], ["rst"]],
        [["request"], ["response"], ["send", "two"], ["recv"], ["close", 3000, "second"], ["eof"],
         ["rst"]]]}},
    check=("tcp.flags.syn==1 && tcp.flags.ack==0 && tcp.srcport==40000", 2))

# ------------------------------------- illegal frames from a scripted client

ILLEGAL = [
    ("/1005", [0x88, "03ed", True]), ("/1006", [0x88, "03ee", True]),
    ("/999", [0x88, "03e7", True]), ("/2000", [0x88, "07d0", True]),
    ("/one-octet", [0x88, "03", True]), ("/not-utf8", [0x88, "03e8c328", True]),
    ("/fragmented", [0x08, "03e8", True]), ("/too-long", [0x88, "03e8" + "61" * 124, True]),
    ("/rsv", [0xC8, "03e8", True]), ("/unmasked", [0x88, "03e8", False]),
]


def illegal(name, server):
    row(name, f"illegal Close frames from a scripted client, and what {server} does about them: "
        "1005, 1006, 999, 2000, one octet, bad UTF-8, fragmented, 126 octets, RSV1, unmasked",
        server, *[client("raw", [["request"], ["response"], ["frame", *f], ["sleep", 0.2], ["fin"]],
                         path) for path, f in ILLEGAL])


illegal("ws-illegal-close", "ws")
illegal("websockets-illegal-close", "websockets")
illegal("aiohttp-illegal-close", "aiohttp")

# ---------------------------------------- every client against every server

CLOSES = [["close"], ["close", 4000, "app"]]


def matrix(name, server, title, impls, more_codes=("ws",), server_codes=(1008, 1011)):
    scripts = {"/close-0": [["recv"], ["close"]]}
    for code in server_codes:
        scripts[f"/close-{code}"] = [["recv"], ["close", code, "asked for"]]
    rows = []
    for impl in impls:
        rows += [client(impl, HELLO + [step])
                 for step in (CLOSES if impl != "lws" else CLOSES[1:])]
        rows += [client(impl, [["send", "hello"]], path) for path in scripts]
    for impl in more_codes:
        rows += [client(impl, HELLO + [["close", code, "from the client"]])
                 for code in (1001, 1008, 1010, 1011, 3000)]
    row(name, f"who is told what: the same closes by several clients and by the server, {title}",
        {"impl": server, "scripts": scripts}, *rows)


matrix("matrix-ws", "ws", "ws", ["undici", "websockets", "aiohttp", "tornado", "lws"])
matrix("matrix-websockets", "websockets", "websockets", ["ws", "aiohttp", "wsproto", "faye"])
matrix("matrix-aiohttp", "aiohttp", "aiohttp", ["undici", "websockets", "wsproto"])
matrix("matrix-tornado", "tornado", "tornado", ["ws", "undici", "aiohttp"])
matrix("matrix-lws", "lws", "libwebsockets", ["ws", "websockets", "aiohttp"])
matrix("matrix-autobahn", "autobahn", "autobahn", ["ws", "undici", "websockets"],
       server_codes=(3001, 4001))
matrix("matrix-wsproto", "wsproto", "wsproto", ["ws", "websockets"], ())
matrix("matrix-faye", "faye", "faye-websocket", ["ws", "aiohttp"], (), (3001, 4001))
matrix("matrix-websocket-node", "websocket", "websocket (Node.js)", ["ws", "websockets"], ())

# --------------------------------------------- breaches before any Close

def text(hexa, masked=True):
    return ["frame", 0x81, hexa, masked]


HI = "6869"
BREACHES = [
    ("/masking", lambda m: [text(HI, not m)]), ("/rsv", lambda m: [["frame", 0xC1, HI, m]]),
    ("/opcode", lambda m: [["frame", 0x83, HI, m]]),
    ("/control-opcode", lambda m: [["frame", 0x8B, "", m]]),
    ("/fragmented-ping", lambda m: [["frame", 0x09, HI, m]]),
    ("/long-ping", lambda m: [["frame", 0x89, "61" * 126, m]]),
    ("/continuation", lambda m: [["frame", 0x80, HI, m]]),
    ("/text-in-text", lambda m: [["frame", 0x01, HI, m], text(HI, m)]),
    ("/not-utf8", lambda m: [text("c328", m)]),
]
BREACH_LIST = ("wrong masking, RSV1, opcodes 3 and 11, a fragmented Ping, one of 126 octets, a "
               "continuation of nothing, a new text inside a fragmented one, invalid UTF-8")


def breach(server):
    rows = [client("raw", [["request"], ["response"], *frames(True), ["sleep", 0.2], ["fin"]], path)
            for path, frames in BREACHES]
    # A client that answers the Close that it gets for its breach.
    rows.append(client("raw", [["request"], ["response"], *BREACHES[1][1](True), ["recv"],
                               ["close", 1002], ["sleep", 0.2], ["fin"]], "/answered"))
    row(f"{server}-breach", f"frames of a scripted client that oblige {server} to fail the "
        f"connection: {BREACH_LIST}; then RSV1 by a client that answers the Close it gets",
        server, *rows)


for name in ("ws", "websockets", "aiohttp", "tornado"):
    breach(name)

CLIENTS = ("ws", "undici", "websockets", "aiohttp", "tornado", "chromium")


def from_server(name, shows, scripts, paths, hanging=(), **more):
    """A scripted server against real clients, but those which then never come to an end."""
    row(name, shows, {"impl": "raw", "scripts": scripts},
        *[client(impl, [], path) for path in paths for impl in CLIENTS
          if (impl, path) not in hanging], **more)


def after_accept(*steps):
    return [["accept"], ["sleep", 0.05], *steps, ["sleep", 0.2], ["fin"], ["eof"]]


PATHS = ("/masking", "/rsv", "/opcode", "/continuation", "/not-utf8")
from_server("breach-from-server",
            "frames of a scripted server that oblige its clients to fail the connection: masked, "
            "RSV1, opcode 3, a continuation of nothing, invalid UTF-8",
            {path: after_accept(*frames(False)) for path, frames in BREACHES}, PATHS)

ILLEGAL_OF_SERVER = [(path, f) for path, f in ILLEGAL
                     if path in ("/1005", "/1006", "/999", "/one-octet", "/not-utf8")]
from_server("illegal-close-from-server",
            "illegal Closes of a scripted server and what its clients report: 1005, 1006, 999, one "
            "octet, bad UTF-8",
            {path: after_accept(["frame", f[0], f[1], False]) for path, f in ILLEGAL_OF_SERVER},
            [path for path, _ in ILLEGAL_OF_SERVER], hanging=[("tornado", "/not-utf8")])

from_server("data-after-close-from-server",
            "a text right after the Close with 1001 of a scripted server; then a second Close instead",
            {"/text": after_accept(["cork"], ["close", 1001], ["send", "late"], ["uncork"]),
             "/close": after_accept(["cork"], ["close", 1001], ["close", 4001], ["uncork"])},
            ("/text", "/close"))

from_server("handshake-invalid-from-server",
            "a 101 of a scripted server that a client must reject, and which clients do: a wrong "
            "Sec-WebSocket-Accept, a subprotocol and an extension that were not offered; 1001 "
            "follows",
            {path: [step, ["sleep", 0.1], ["close", 1001], ["eof"]] for path, step in (
                ("/accept", ["accept", [], "bm90IHRoZSByaWdodCBvbmU="]),
                ("/subprotocol", ["accept", ["Sec-WebSocket-Protocol: chat"]]),
                ("/extension", ["accept", ["Sec-WebSocket-Extensions: x-trace"]]))},
            ("/accept", "/subprotocol", "/extension"), without_frames=18)

# ------------------------------------------------- messages above the limit

LONG = [["send", "hello " * 20]]

row("message-too-big-ws", "messages above the limit of ws: it closes with 1009",
    {"impl": "ws", "options": {"maxPayload": 64}},
    *[client(impl, LONG) for impl in ("ws", "websockets", "aiohttp", "tornado")])
row("message-too-big-aiohttp", "messages above the limit of aiohttp: it closes with 1009",
    {"impl": "aiohttp", "options": {"max_size": 64}},
    *[client(impl, LONG) for impl in ("ws", "undici", "websockets")])
row("message-too-big-tornado", "messages above the limit of tornado: it closes with 1009",
    {"impl": "tornado", "options": {"max_size": 64}},
    *[client(impl, LONG) for impl in ("ws", "chromium", "websockets")])

# -------------------------- failure codes that the application itself asks for

OWN = {f"/{code}": [["recv"], ["close", code, "asked for"]] for code in (1002, 1003, 1007, 1009)}

row("own-failure-codes-ws",
    "1002, 1003, 1007 and 1009 that the application passes to close(): ws waits for the answer; "
    "last, by the client",
    {"impl": "ws", "scripts": OWN},
    *[client(impl, [["send", "hello"]], path) for path in OWN for impl in ("undici", "websockets")],
    client("ws", HELLO + [["close", 1002, "asked for"]]),
    client("websockets", HELLO + [["close", 1007, "asked for"]]))
row("own-failure-codes-websockets",
    "1002, 1003, 1007 and 1009 that the application passes to close() of websockets; last, by the "
    "client",
    {"impl": "websockets", "scripts": OWN},
    *[client(impl, [["send", "hello"]], path) for path in OWN for impl in ("ws", "aiohttp")],
    client("aiohttp", HELLO + [["close", 1009, "asked for"]]),
    client("tornado", HELLO + [["close", 1002, "asked for"]]))

# ------------------------------------------------------------ simultaneously

SAME_TIME = {"*": [["recv"], ["announce"], ["close", 4001, "server first"]]}
CROSSING = [["send", "hello"], ["crossing"], ["close", 4002, "client first"]]

row("close-simultaneous-ws", "both sides close at one instant, by more clients of ws",
    {"impl": "ws", "scripts": SAME_TIME}, client("ws", CROSSING), client("undici", CROSSING),
    check=("websocket.payload.close.status_code == 4001", 2))
row("close-simultaneous-websockets",
    "both sides close at one instant, by more clients of websockets",
    {"impl": "websockets", "scripts": SAME_TIME}, client("aiohttp", CROSSING),
    client("chromium", CROSSING),
    check=("websocket.payload.close.status_code == 4001", 2))

row("close-simultaneous-link",
    "both sides close at one instant over a link that takes its time, so that the Closes really "
    "cross; seen at the client",
    {"impl": "ws", "scripts": SAME_TIME}, client("ws", CROSSING), client("websockets", CROSSING),
    link={"capture": "client", "rules": [[side, n, "slow"] for side in ("client", "server")
                                         for n in (3, 6)]},
    check=("websocket.payload.close.status_code == 4001", 2))

# --------------------------------------------------- more ends without a Close

ENDS = {"/fin": [["recv"], ["fin"]], "/rst": [["recv"], ["rst"]],
        "/idle": [["recv"], ["send", "the last one"], ["sleep", 3], ["fin"]]}

row("no-close-websockets",
    "no Close: FIN and RST by websockets, a FIN by it after 3 idle seconds, FIN and RST by clients",
    {"impl": "websockets", "scripts": ENDS},
    client("undici", [["send", "hello"]], "/fin"), client("aiohttp", [["send", "hello"]], "/rst"),
    client("ws", [["send", "hello"]], "/idle"),
    client("ws", HELLO + [["fin"]]), client("tornado", HELLO + [["rst"]]))
row("no-close-aiohttp",
    "no Close: FIN and RST by aiohttp, a FIN by it after 3 idle seconds, FIN and RST by clients",
    {"impl": "aiohttp", "scripts": ENDS},
    client("ws", [["send", "hello"]], "/fin"), client("chromium", [["send", "hello"]], "/rst"),
    client("undici", [["send", "hello"]], "/idle"),
    client("websockets", HELLO + [["fin"]]), client("ws", HELLO + [["rst"]]))
row("no-close-tornado", "no Close: FIN and RST by tornado, FIN and RST by clients",
    {"impl": "tornado", "scripts": ENDS},
    client("websockets", [["send", "hello"]], "/fin"), client("ws", [["send", "hello"]], "/rst"),
    client("aiohttp", HELLO + [["fin"]]), client("websockets", HELLO + [["rst"]]))

row("dropped-after-decline",
    "deflate offered and declined: an application that needs it ends TCP at once, without a Close",
    "ws", client("ws", [["terminate"]], options={"deflate": True}),
    client("websockets", [["fin"]], options={"deflate": {}}), without_frames=2, no_websocket=True)


def half_closed(server):
    half = [["send", "hello"], ["sleep", 0.1], ["fin"]]
    row(f"half-closed-{server}",
        f"{server} sends a Close after its client has ended its side of TCP: the scripted client "
        "reads it; is gone, so that TCP answers with RST; ws as a client",
        {"impl": server, "scripts": {"/late": [["recv"], ["block", 0.4], ["close", 4000, "late"]]}},
        client("raw", [["request"], ["response"], *half, ["eof"]], "/late"),
        client("raw", [["request"], ["response"], *half], "/late"),
        client("ws", half, "/late"))


for name in ("ws", "websockets", "aiohttp"):
    half_closed(name)

row("upgrade-refused-more",
    "upgrades refused with 401, 403, 404, 426 and 503, or answered with a page",
    {"impl": "ws", "options": {"refuse": {
        "/login": "401 Unauthorized", "/forbidden": "403 Forbidden", "/none": "404 Not Found",
        "/old": "426 Upgrade Required", "/busy": "503 Service Unavailable", "/page": "200 OK"}}},
    *[client(impl, [], path, refused=True) for impl, path in (
        ("tornado", "/login"), ("websockets", "/login"), ("undici", "/forbidden"),
        ("websockets", "/none"), ("faye", "/old"), ("tornado", "/busy"), ("chromium", "/page"))],
    no_websocket=True)

# ------------------------------------------------------ WebSocket over HTTP/2

OVER_HTTP11 = {"tcp-fin": "fin", "tcp-rst": "rst", "goaway": None}


def over_http11(script):
    """The steps that do the same to a connection that has TCP for itself."""
    steps = [[OVER_HTTP11.get(verb, verb), *([] if verb == "rst" else args)]
             for verb, *args in script]
    return [step for step in steps if step[0]]


def twins(subject, shows, server, *sessions, **more):
    """One scenario over HTTP/2 and, connection by connection in the same order, over HTTP/1.1.

    A session is one TCP connection over HTTP/2: its WebSockets one after another, or together if
    its options say so. Those over HTTP/1.1 have a TCP connection each, one after another."""
    server = {"impl": server} if isinstance(server, str) else server
    row("h2-" + subject, shows, {"transport": "h2" if server.get("tls") else "h2c", **server},
        *sessions, **more)
    row("h1-" + subject, f"twin of `h2-{subject}` over HTTP/1.1",
        {**server, "scripts": {path: over_http11(script)
                               for path, script in server.get("scripts", {}).items()}},
        *[{"impl": s["impl"], **stream, **stream.get("twin", {}),
           "script": over_http11(stream["script"])}
          for s in sessions for stream in s["streams"] if "path" in stream], no_websocket=True,
        without_frames=99)


def session(impl, *streams, **options):
    return {"impl": impl, "streams": list(streams), "options": options}


def stream(script, path="/", **more):
    return {"script": script, "path": path, **more}


def ordinary(path, body=0):
    """A request that is no WebSocket, on the same TCP connection."""
    return {"ordinary": path, "body": body}


# Every path a server's script of its own.
SERVER_CLOSES = {"/close-0": [["recv"], ["close"]],
                 "/close-1000": [["recv"], ["close", 1000, "done"]],
                 "/close-4000": [["recv"], ["close", 4000, "app"]]}
HELLO_ONLY = [["send", "hello"]]
ALL_CLOSES = [stream(HELLO + [["close"]]), stream(HELLO + [["close", 1000, "done"]]),
              stream(HELLO + [["close", 4000, "app"]]),
              *[stream(HELLO_ONLY, path) for path in SERVER_CLOSES]]

for name in ("ws", "wsproto"):
    twins(f"closes-{name}", f"an empty Close, 1000 and 4000 by clients and by {name}",
          {"impl": name, "scripts": SERVER_CLOSES},
          session("ws", *ALL_CLOSES), session("wsproto", *ALL_CLOSES))

FEW_CLOSES = [stream(HELLO + [["close"]]), stream(HELLO_ONLY, "/close-0"),
              stream(HELLO_ONLY, "/close-4000")]
twins("tls-closes", "TLS 1.3 with the keys in the file; an empty Close by each side, 4000 by ws",
      {"impl": "ws", "scripts": SERVER_CLOSES, "tls": "TLSv1.3"},
      session("ws", *FEW_CLOSES), session("wsproto", *FEW_CLOSES))
twins("tls-closes-wsproto",
      "TLS 1.2 with the keys in the file; an empty Close by each side, 4000 by wsproto",
      {"impl": "wsproto", "scripts": SERVER_CLOSES, "tls": "TLSv1.2"},
      session("ws", *FEW_CLOSES))

# -------------------------------------------- the same, negotiation of extensions

NEEDS_DEFLATE = {"options": {"deflate": True}}
DECLINED = [stream(HELLO + [["close", 1010, "permessage-deflate"]], **NEEDS_DEFLATE),
            stream(HELLO + [["close", 1010]], **NEEDS_DEFLATE)]
for name in ("ws", "wsproto"):
    twins(f"1010-declined-{name}",
          f"deflate offered and declined by {name}, 1010 with its name and without a reason; in "
          "the second request of a TCP connection the offer comes from the dynamic table",
          {"impl": name}, session("ws", *DECLINED), session("wsproto", *DECLINED))

LONG_TEXT = [["send", "hello " * 20], ["recv"]]


def accepted(**deflate):
    asks = {"options": {"deflate": deflate}}
    return [stream(LONG_TEXT + [["close"]], **asks), stream(LONG_TEXT + [["close", 4000]], **asks),
            stream(LONG_TEXT + [["close", 1010, "permessage-deflate"]], **asks)]


for name in ("ws", "wsproto"):
    twins(f"deflate-{name}",
          f"deflate accepted by {name} and data compressed; an empty Close, 4000 and 1010; from "
          "the second WebSocket of a TCP connection on, offer and response come from the dynamic "
          "table",
          {"impl": name, "options": {"deflate": {"threshold": 0} if name == "ws" else True}},
          session("ws", *accepted(threshold=0)),
          session("wsproto", *accepted(server_no_context_takeover=True)))

# ------------------------------------- the same, ends without a Close and refusals

STREAM_ENDS = {"/fin": [["recv"], ["fin"]], "/rst": [["recv"], ["rst"]],
               "/rst-2": [["recv"], ["rst", 2]]}
ENDS_OF_CLIENT = [stream(HELLO + [["fin"]]), stream(HELLO + [["rst"]]),
                  stream(HELLO + [["rst", 2]])]
TERMINATE = {"/terminate": [["recv"], ["terminate"]]}
for name in ("ws", "wsproto"):
    paths = {**STREAM_ENDS, **(TERMINATE if name == "ws" else {})}
    by_server = [stream(HELLO_ONLY, path) for path in paths]
    twins(f"no-close-{name}",
          f"no Close: END_STREAM, RST_STREAM with CANCEL and with INTERNAL_ERROR by clients and by "
          f"{name}, and terminate() of ws",
          {"impl": name, "scripts": paths},
          session("ws", *ENDS_OF_CLIENT, stream(HELLO + [["terminate"]]), *by_server),
          session("wsproto", *ENDS_OF_CLIENT, *by_server))

REFUSALS = {"/forbidden": "403 Forbidden", "/none": "404 Not Found",
            "/never": "501 Not Implemented", "/reset": "reset"}
for name in ("ws", "wsproto"):
    refusals = [*[stream([], path, refused=True) for path in REFUSALS],
                stream(HELLO + [["close", 1000]], "/taken")]
    twins(f"refused-{name}",
          f"requests refused by {name} with 403, 404, 501 and RST_STREAM with REFUSED_STREAM in "
          "place of an answer; then one that is taken, on the same TCP connection",
          {"impl": name, "options": {"refuse": REFUSALS}},
          session("ws", *refusals), session("wsproto", *refusals))

# --------------------------- the same, several WebSockets and requests at one time

TOGETHER = {"/first": [["recv"], ["sleep", 0.4], ["close", 1000, "done"]],
            "/third": [["recv"], ["sleep", 0.5], ["rst"]]}
for name in ("ws", "wsproto"):
    different = [ordinary("/page"), stream(HELLO_ONLY, "/first"),
                 stream(HELLO + [["sleep", 0.2], ["close"]], "/second"),
                 ordinary("/form", 3000), stream(HELLO_ONLY, "/third"),
                 stream(HELLO + [["sleep", 0.1], ["fin"]], "/fourth"), ordinary("/late")]
    twins(f"together-{name}",
          "four WebSockets at one time and ordinary requests between them, on one TCP connection; "
          f"1000 by {name}, an empty Close by the client, RST_STREAM by {name}, END_STREAM by the "
          "client", {"impl": name, "scripts": TOGETHER},
          session("ws", *different, together=True), session("wsproto", *different, together=True))


def tcp_ends(step):
    return {f"/by-server-{step}": [["recv"], ["sleep", 0.4], [step]]}


for name in ("ws", "wsproto"):
    scripts = {**tcp_ends("tcp-fin"), **tcp_ends("tcp-rst")}
    twins(f"tcp-ends-{name}",
          "TCP ended with FIN and with RST, by clients and by the server, under two WebSockets "
          "without a Close", {"impl": name, "scripts": scripts},
          *[session(impl, *[stream(script, path)] * 2, together=True)
            for impl in ("ws", "wsproto")
            for script, path in ((HELLO + [["sleep", 0.2], ["tcp-fin"]], "/"),
                                 (HELLO + [["sleep", 0.2], ["tcp-rst"]], "/"),
                                 *[(HELLO_ONLY, p) for p in scripts])])

twins("goaway", "GOAWAY while a WebSocket is open, which goes on; then 1001, an empty Close by the "
      "client, or RST_STREAM; last, GOAWAY with ENHANCE_YOUR_CALM and the end of TCP",
      {"impl": "ws", "scripts": {
          "/1001": [["recv"], ["goaway"], ["sleep", 0.2], ["close", 1001, "restart"]],
          "/answers": [["recv"], ["goaway"], ["send", "last words"], ["echo"]],
          "/rst": [["recv"], ["goaway"], ["sleep", 0.2], ["rst"]],
          "/calm": [["recv"], ["goaway", 11], ["sleep", 0.1], ["tcp-fin"]]}},
      session("ws", stream(HELLO_ONLY, "/1001")),
      session("ws", stream([["send", "hello"], ["recv"], ["sleep", 0.1], ["close"]], "/answers")),
      session("ws", stream(HELLO_ONLY, "/rst")),
      session("ws", stream(HELLO_ONLY, "/calm")),
      session("ws", stream(HELLO + [["goaway"], ["sleep", 0.1], ["close", 4000]])))

# ------------------------------------- the same, how frames lie in DATA and HEADERS

twins("large-message",
      "a message of 24 kB over many DATA frames and its echo, then an empty Close; one without echo",
      {"impl": "ws", "scripts": {"/quiet": [["recv"], ["close", 1000, "done"]]}},
      session("ws", stream([["binary", 24000], ["recv"], ["close"]])),
      session("wsproto", stream([["binary", 24000]], "/quiet")))
PADDED = [stream(HELLO + [["close"]]), stream(HELLO_ONLY, "/close-4000"),
          stream(HELLO + [["close", 1010, "permessage-deflate"]], **NEEDS_DEFLATE)]
twins("padded", "DATA frames with 7 octets of padding by clients, with 100 by the server",
      {"impl": "wsproto", "scripts": SERVER_CLOSES, "options": {"padding": 100}},
      session("ws", *PADDED), session("wsproto", *PADDED, padding=7))
for octets in (1, 3):
    twins(f"cut-{octets}", f"at most {octets} octets of WebSocket in a DATA frame, both ways",
          {"impl": "wsproto", "scripts": SERVER_CLOSES, "options": {"cut": octets}},
          session("wsproto", *PADDED, cut=octets))
twins("corked", "messages and an empty Close in one DATA frame, or written at one time",
      {"impl": "ws", "scripts": {"/quiet": [["recv"]]}},
      session("ws", stream([["cork"], ["send", "one"], ["send", "two"], ["send", "three"],
                            ["close"], ["uncork"]], "/quiet")))
LONG_OFFER = {"options": {"deflate": True, "headers": {"x-long": "wsclose " * 2600}}}
twins("continuation",
      "header blocks of 30 octets and less in HEADERS and CONTINUATION frames, both ways; deflate "
      "accepted", {"impl": "wsproto", "options": {"cut_headers": 30, "deflate": True}},
      session("wsproto", *accepted(), cut_headers=30))
twins("continuation-long",
      "a request of 20 kB over HEADERS and CONTINUATION frames; deflate declined, 1010",
      {"impl": "wsproto"},
      session("wsproto", stream(HELLO + [["close", 1010, "permessage-deflate"]], **LONG_OFFER,
                                twin=NEEDS_DEFLATE)))    # wsproto over HTTP/1.1 takes 16 kB
twins("upgraded", "cleartext HTTP/2 after Upgrade: h2c; an empty Close by each side, 1010",
      {"impl": "wsproto", "scripts": SERVER_CLOSES, "options": {"upgrade": True}},
      session("wsproto", *PADDED, upgrade=True))

# ------------------------------------------------------------- the same, Chromium

twins("chromium",
      "Chromium: a page and a fetch, then WebSockets over the page's own TCP connection; an empty "
      "Close by each side, 4000 by each, the tab closed; deflate accepted, TLS 1.3 with the keys in "
      "the file",
      {"impl": "ws", "tls": "TLSv1.3", "scripts": SERVER_CLOSES,
       "options": {"deflate": {"threshold": 0}}},
      session("chromium", stream(HELLO + [["close"]]), stream(HELLO + [["close", 4000, "app"]]),
              ordinary("/page"), stream(HELLO_ONLY, "/close-0"), stream(HELLO_ONLY, "/close-4000"),
              stream(HELLO + [["tab"]], "/tab")))
twins("chromium-wsproto",
      "Chromium against wsproto: deflate declined; an empty Close by each side, 1000 by wsproto",
      {"impl": "wsproto", "tls": "TLSv1.3", "scripts": SERVER_CLOSES},
      session("chromium", stream(HELLO + [["close"]]), stream(HELLO_ONLY, "/close-0"),
              stream(HELLO_ONLY, "/close-1000")))
twins("chromium-no-close",
      "Chromium: END_STREAM and RST_STREAM by ws without a Close; 403 and RST_STREAM in place of an "
      "answer",
      {"impl": "ws", "tls": "TLSv1.3", "scripts": {**STREAM_ENDS, **TERMINATE},
       "options": {"refuse": {"/forbidden": "403 Forbidden", "/reset": "reset"}}},
      session("chromium", *[stream(HELLO_ONLY, path) for path in ("/fin", "/rst", "/terminate")],
              stream([], "/forbidden", refused=True), stream([], "/reset", refused=True)))
twins("chromium-together",
      "Chromium: two WebSockets at one time and a fetch, on one TCP connection; 1000 by the page, "
      "RST_STREAM by ws",
      {"impl": "ws", "tls": "TLSv1.3", "scripts": {"/rst": [["recv"], ["sleep", 0.8], ["rst"]]}},
      session("chromium", stream(HELLO + [["sleep", 0.5], ["close", 1000, "done"]], "/one"),
              ordinary("/page"), stream(HELLO_ONLY, "/rst"), together=True))

# ---------------------------------------------------------- the same, libwebsockets

LWS_CLOSES = [stream(HELLO + [["close"]]), stream(HELLO + [["close", 1000, "done"]]),
              stream(HELLO + [["close", 4000, "app"]]), stream(HELLO_ONLY, "/close-0"),
              stream(HELLO_ONLY, "/close-1000"), stream(HELLO_ONLY, "/close-1011"),
              stream(HELLO + [["close", 1010, "permessage-deflate"]], **NEEDS_DEFLATE)]
twins("lws", "closes by clients and by libwebsockets, which ends a TCP connection after its first "
      "WebSocket, with GOAWAY over HTTP/2; deflate declined, 1010", "lws",
      *[session(impl, one) for impl in ("ws", "wsproto") for one in LWS_CLOSES])

# ------------------------------------------------------- the same, through a proxy

IDLE = [["recv"], ["sleep", 3]]
twins("haproxy",
      "HAProxy in front of ws over HTTP/1.1, seen between client and proxy; closes by both sides, "
      "FIN and RST by ws behind the proxy, its tunnel cut after an idle second, 403",
      {"impl": "ws", "proxy": {"tunnel": "1s"},
       "scripts": {**SERVER_CLOSES, "/fin": [["recv"], ["fin"]], "/rst": [["recv"], ["rst"]],
                   "/idle": IDLE},
       "options": {"refuse": {"/forbidden": "403 Forbidden"}}},
      session("ws", stream(HELLO + [["close"]]), stream(HELLO + [["close", 4000, "app"]]),
              stream(HELLO_ONLY, "/close-0"), stream(HELLO_ONLY, "/close-1000"),
              stream(HELLO_ONLY, "/fin"), stream(HELLO_ONLY, "/rst"), stream(HELLO_ONLY, "/idle"),
              stream(HELLO + [["fin"]]), stream(HELLO + [["rst"]]),
              stream([], "/forbidden", refused=True)))

# ------------------------------ HTTP/2 over a link that loses, repeats and reorders

OVER_HTTP2 = {"impl": "ws", "transport": "h2c"}
OVER_HTTP2_QUIET = {**OVER_HTTP2, "scripts": {"/quiet": [["recv"]]}}
row("segments-retransmitted-h2",
    "over HTTP/2, lost segments sent again: request and message of the client (here twice), response "
    "and Close of the server (here once, late); seen at the client", OVER_HTTP2,
    session("ws", stream(HELLO + [["close", 1010, "permessage-deflate"]], **NEEDS_DEFLATE)),
    link={"capture": "client", "rules": [["client", 2, "drop"], ["client", 4, "drop"],
                                         ["server", 3, "drop"], ["server", 5, "drop"]]})
row("segments-repeated-h2",
    "over HTTP/2, segments that the network delivered twice: request, message and Close; seen at the "
    "server", OVER_HTTP2,
    session("ws", stream(HELLO + [["close", 1010, "permessage-deflate"]], **NEEDS_DEFLATE)),
    link={"capture": "server", "rules": [["client", n, "repeat"] for n in (2, 3, 4)]},
    check=("tcp.analysis.retransmission && tcp.len > 0", 3))
row("segments-reordered-h2",
    "over HTTP/2, segments that arrived in another order: the Close before the last message; seen at "
    "the server", OVER_HTTP2_QUIET,
    session("ws", stream(BURST, "/quiet", **NEEDS_DEFLATE)),
    link={"capture": "server", "rules": [["client", 5, "hold"]]})

# ------------------------------------------------------- what breaks in the field
#
# cause: the word of wsclose.cause that is right, since the row makes it happen; cause_or: words that
# would be right as well. Where both legs of a proxy are captured ("legs"), or both sides of a
# router, one word for both, or one for each. With together the clients run at one time, each "after"
# so many seconds, and "actions" happen meanwhile: (seconds, who, what). client_silent and
# server_silent: that side's process is killed, or its API says nothing. open: the connection is
# still open where the capture ends.


def at(after, impl, path, script, **more):
    return client(impl, script, path, after=after, **more)


IDLE_RULE = ["proxy_read_timeout 12s;", "proxy_send_timeout 12s;"]
NGINX = {"program": "nginx", "legs": True, "lines": IDLE_RULE}
STAY = []    # until the other side ends it
QUIET = {"*": [["recv"]]}

row("nginx-idle",
    "nginx with proxy_read_timeout 12s in front of ws, both legs: idle on both sides, from the "
    "opening handshake, after a message, after a Ping of the scripted client",
    {"impl": "ws", "proxy": NGINX, "scripts": {"/asked": [["echo"]], **QUIET}},
    at(0, "ws", "/never", STAY), at(0.9, "websockets", "/asked", HELLO),
    at(1.7, "raw", "/pinged", [["request"], ["response"], ["sleep", 0.5],
                               ["frame", 0x89, "6869", True], ["eof"], ["fin"]],
       options={"timeout": 20}),
    together=True, cause="idle_timeout", without_frames=2)

row("nginx-one-sided",
    "nginx with proxy_read_timeout 12s in front of ws, both legs: one side sends every 4 seconds and "
    "the other one nothing, for 16; nginx 1.22 lets that live, and the client closes",
    {"impl": "ws", "proxy": NGINX, "scripts": {"/news": [["every", 4, 4]],
                                               **QUIET}},
    at(0, "ws", "/a", [["every", 4, 4], ["close", 1000]]),
    at(1.1, "aiohttp", "/b", [["every", 3.7, 4], ["sleep", 0.6], ["close", 1001, "leaving"]],
       cause="going_away", cause_or=["application"]),
    at(2.3, "websockets", "/news", [["sleep", 17], ["close", 1000]]),
    together=True, cause="application")

HAPROXY = {"program": "haproxy", "legs": True, "tunnel": "12s", "globally":
           "global\n    hard-stop-after 2s"}
row("haproxy-idle",
    "HAProxy with timeout tunnel 12s in front of websockets, both legs: idle on both sides, from the "
    "opening handshake, after a message, after one by the server",
    {"impl": "websockets", "proxy": HAPROXY,
     "scripts": {"/asked": [["echo"]], "/greeted": [["sleep", 1], ["send", "hello"]],
                 **QUIET}},
    at(0, "ws", "/never", STAY), at(0.9, "aiohttp", "/asked", HELLO),
    at(1.7, "websockets", "/greeted", STAY),
    together=True, cause="idle_timeout", without_frames=2)

row("haproxy-one-sided",
    "HAProxy with timeout server 12s, timeout client 12s and independent-streams, both legs: the "
    "client sends every 4 seconds and ws nothing; the other way round; both send to the end",
    {"impl": "ws", "proxy": {"program": "haproxy", "legs": True, "client": "12s", "server": "12s",
                             "more": "option independent-streams"},
     "scripts": {"/news": [["every", 4, 4]], "/both": [["echo"]], **QUIET}},
    at(0, "ws", "/server-silent", [["every", 4, 4]]),
    at(1.1, "aiohttp", "/server-silent-too", HELLO[:1] + [["every", 3.7, 4]]),
    at(2.3, "websockets", "/news", STAY),
    at(3, "websockets", "/both", [["every", 4.5, 3], ["close", 1000]], cause="application"),
    together=True, cause="one_sided_silence")

FOUR = (0, 0.7, 1.6, 2.1)


def four(*impls):
    return [at(after, impl, f"/{letter}", HELLO) for after, impl, letter in zip(FOUR, impls, "abcd")]


row("nginx-stop",
    "nginx stopped (nginx -s stop) under four connections of different ages, both legs",
    {"impl": "ws", "proxy": NGINX}, *four("ws", "websockets", "aiohttp", "undici"),
    together=True, actions=[(3.5, "proxy", "stop")], cause="shared_end", cause_or=["proxy"])
row("nginx-reload",
    "nginx reloaded under three connections, both legs: worker_shutdown_timeout 2s cuts them; a "
    "fourth one, from after the reload, goes on and is closed by its client",
    {"impl": "websockets", "proxy": NGINX}, *four("ws", "websockets", "aiohttp")[:3],
    at(2.6, "ws", "/d", HELLO + [["sleep", 3], ["close", 1000]], cause="application", cause_or=[]),
    together=True, actions=[(1.9, "proxy", "reload")], cause="shared_end", cause_or=["proxy"])
row("nginx-stop-one",
    "nginx stopped under its only connection, both legs",
    {"impl": "ws", "proxy": NGINX}, at(0, "ws", "/", HELLO),
    together=True, actions=[(1.4, "proxy", "stop")], cause="proxy")
row("nginx-backend-killed",
    "the process of ws killed behind nginx, both legs, under one connection",
    {"impl": "ws", "proxy": NGINX}, at(0, "websockets", "/", HELLO, server_silent=True),
    together=True, actions=[(1.2, "server", "kill")], cause="transport_end",
    cause_or={"front": ["proxy"], "back": []})
row("nginx-backend-killed-four",
    "the process of aiohttp killed behind nginx, both legs, under four connections",
    {"impl": "aiohttp", "proxy": NGINX},
    *[{**c, "server_silent": True} for c in four("ws", "websockets", "aiohttp", "ws")],
    together=True, actions=[(3, "server", "kill")], cause="shared_end", cause_or=["transport_end"])

NEEDS = [["close", 1010, "permessage-deflate"]]
STRIPS = {
    "/offer": "AS_USUAL; proxy_set_header Sec-WebSocket-Extensions \"\";",
    "/answer": "proxy_hide_header Sec-WebSocket-Extensions;",
    "/answer-used": "proxy_hide_header Sec-WebSocket-Extensions;",
    "/nothing": "",
}
row("nginx-strips-extensions",
    "nginx takes Sec-WebSocket-Extensions out of the request, or out of the response, both legs: "
    "1010 by the client, or 1002 where ws then compresses; last, nothing taken",
    {"impl": "ws", "options": {"deflate": True},
     "proxy": {**NGINX, "locations": STRIPS},
     "scripts": {"/answer-used": [["send", "hello " * 20], ["echo"]]}},
    at(0, "ws", "/offer", HELLO + NEEDS, options={"deflate": True}),
    at(0.4, "websockets", "/offer-2", HELLO + NEEDS, options={"deflate": {}}),
    at(0.8, "ws", "/answer", NEEDS, options={"deflate": True}),
    at(1.2, "ws", "/answer-used", STAY, options={"deflate": True}, cause_or=["frame_breach"]),
    at(1.6, "ws", "/nothing", HELLO + [["close", 1000]], options={"deflate": True},
       cause="application"),
    together=True, cause="extension_stripped")

row("nginx-no-upgrade",
    "nginx without the lines for Upgrade and Connection, both legs: HTTP/1.0 and HTTP/1.1 to "
    "websockets, which answers 400 and 426",
    {"impl": "websockets", "proxy": {**NGINX, "locations": {
        "/old": "proxy_http_version 1.0; proxy_set_header Host $http_host;",
        "/new": "proxy_set_header Host $http_host;"}}},
    *[at(0.4 * i, impl, path, [], refused=True) for i, (impl, path) in enumerate((
        ("ws", "/old"), ("websockets", "/old/2"), ("ws", "/new"), ("aiohttp", "/new/2"),
        ("chromium", "/new/3")))],
    together=True, cause="handshake_refused", no_websocket=True)
row("nginx-no-upgrade-page",
    "nginx without the lines for Upgrade and Connection, both legs: ws answers with a page, 200; "
    "with another backend that is not there, nginx answers 502",
    {"impl": "ws", "proxy": {**NGINX, "locations": {
        "/old": "proxy_http_version 1.0; proxy_set_header Host $http_host;",
        "/away": "return 502;"}}},
    at(0, "ws", "/old", [], refused=True), at(0.4, "chromium", "/old/2", [], refused=True),
    at(1.6, "tornado", "/old/3", [], refused=True),
    at(2, "ws", "/away", [], refused="by the proxy"),
    together=True, cause="handshake_refused", no_websocket=True)

row("haproxy-stop",
    "HAProxy stopped under four connections of different ages, both legs",
    {"impl": "ws", "proxy": HAPROXY}, *four("ws", "websockets", "aiohttp", "undici"),
    together=True, actions=[(3.5, "proxy", "stop")], cause="shared_end", cause_or=["proxy"])
row("haproxy-reload",
    "HAProxy reloaded under three connections, both legs: hard-stop-after 2s cuts them; a fourth "
    "one, from after the reload, goes on and is closed by its client",
    {"impl": "aiohttp", "proxy": HAPROXY}, *four("ws", "websockets", "aiohttp")[:3],
    at(2.6, "ws", "/d", HELLO + [["sleep", 3], ["close", 1000]], cause="application", cause_or=[]),
    together=True, actions=[(1.9, "proxy", "reload")], cause="shared_end", cause_or=["proxy"])
row("haproxy-backend-killed",
    "the process of websockets killed behind HAProxy, both legs, under one connection",
    {"impl": "websockets", "proxy": HAPROXY}, at(0, "ws", "/", HELLO, server_silent=True),
    together=True, actions=[(1.2, "server", "kill")], cause="transport_end",
    cause_or={"front": ["proxy"], "back": []})

# ------------------------------------------------------------ Pings without a Pong

STOPPED = [(1, "client", "/stopped", "pause"), (10, "client", "/stopped", "go-on")]
DEAF = {"options": {"timeout": 20}}


# aiohttp and autobahn take any traffic for a sign of life.
FORBEARING = ("aiohttp", "autobahn")


def pings(name, server, options, shows, by=("ws",)):
    row(f"ping-unanswered-{name}", f"Pings that got no Pong, {shows}: of clients whose process "
        "stands still (and wakes up later), of a scripted one that only reads, of one that goes on "
        "sending text; last, one that answers",
        {"impl": server, "options": options},
        *[at(0, impl, "/stopped", HELLO) for impl in by],
        at(0.7, "raw", "/deaf", [["request"], ["response"], ["eof"], ["fin"]], **DEAF),
        at(1.3, "raw", "/busy", [["request"], ["response"], ["every", 0.9, 12]],
           cause="transport_end" if server in FORBEARING else "ping_unanswered", **DEAF),
        at(1.9, "ws", "/answers", HELLO + [["sleep", 6.5], ["close", 1000]], cause="application"),
        together=True, actions=STOPPED, cause="ping_unanswered")


pings("ws", "ws", {"heartbeat": 2}, "from ws, which its application then terminates")
pings("websockets", "websockets", {"ping_interval": 2, "ping_timeout": 2},
      "from websockets, which closes with 1011")
pings("aiohttp", "aiohttp", {"heartbeat": 2}, "from aiohttp, which ends TCP", ("websockets",))
pings("tornado", "tornado", {"ping_interval": 2, "ping_timeout": 3},
      "from tornado, which closes without a code")
pings("autobahn", "autobahn", {"ping_interval": 2, "ping_timeout": 2},
      "from autobahn, which drops TCP", ("aiohttp",))

PINGING = {"ws": {"heartbeat": 2}, "websockets": {"ping_interval": 2.5, "ping_timeout": 2},
           "aiohttp": {"heartbeat": 3}, "tornado": {"ping_interval": 2, "ping_timeout": 3},
           "autobahn": {"ping_interval": 2, "ping_timeout": 3, "timeout": 25}}
row("ping-unanswered-by-server",
    "Pings of clients that a scripted server never answers, while it sends text to some: ws "
    "terminates, websockets closes with 1011, tornado without a code, aiohttp and autobahn end TCP, "
    "but not while text comes",
    {"impl": "raw", "options": {"timeout": 20},
     "scripts": {"*": [["accept"], ["eof"], ["fin"]],
                 **{f"/{impl}/news": [["accept"], ["every", 0.8, 14]] for impl in PINGING}}},
    *[at(0.45 * i, impl, f"/{impl}" + news, STAY, options=options,
         cause="transport_end" if news and impl in FORBEARING else "ping_unanswered")
      for i, (impl, news, options) in enumerate(
          (impl, news, options) for impl, options in PINGING.items() for news in ("", "/news"))],
    together=True)
row("ping-unanswered-stopped-server",
    "Pings of clients of ws, whose process stands still and wakes up later",
    {"impl": "ws"},
    *[at(0.6 * i, impl, f"/{impl}", HELLO, options=options)
      for i, (impl, options) in enumerate(PINGING.items())],
    together=True, actions=[(4, "server", "pause"), (14, "server", "go-on")],
    cause="ping_unanswered")

# ------------------------------------------------------------------- a path that is cut

CUT = [(2.2, "link", "cut")]
SENDS = HELLO + [["every", 0.7, 8]]
row("path-dead-client",
    "nothing passes any more, seen at the client: what it sends is never acknowledged, until its "
    "application resets TCP; websockets finds no Pong and gives up, which no packet shows; ws goes "
    "on sending",
    {"impl": "ws"},
    at(0, "ws", "/reset", SENDS + [["rst"]], server_silent=True),
    at(0.2, "websockets", "/ping", HELLO, server_silent=True,
       open=True, cause_or=["ping_unanswered"],
       options={"ping_interval": 3, "ping_timeout": 3}),
    at(0.5, "ws", "/open", HELLO + [["every", 0.9, 30]], client_silent=True, server_silent=True,
       open=True),
    together=True, actions=CUT, link={"capture": "client", "rules": []}, cause="path_dead",
    linger=2)
row("path-dead-server",
    "nothing passes any more, seen at ws as the server: news, a Ping and a Close that are never "
    "acknowledged; one is reset by its application, of the others no packet shows an end",
    {"impl": "ws", "scripts": {
        "/news": [["recv"], ["every", 0.8, 9], ["rst"]],
        "/open": [["recv"], ["every", 0.9, 30]],
        "/close": [["recv"], ["sleep", 3], ["close", 1001, "restart"]]}},
    at(0, "ws", "/news", HELLO_ONLY, client_silent=True),
    at(0.4, "websockets", "/open", HELLO_ONLY, client_silent=True, server_silent=True, open=True),
    at(0.8, "ws", "/close", HELLO_ONLY, client_silent=True, open=True,
       cause_or=["close_unanswered"]),
    together=True, actions=[(2, "link", "cut")],
    link={"capture": "server", "rules": []}, cause="path_dead")
row("path-mended",
    "nothing passes for 3 seconds, seen at the client: what was sent is sent again and arrives, and "
    "the client closes",
    {"impl": "ws"}, at(0, "ws", "/", HELLO + [["sleep", 1.5], ["send", "late"], ["recv"],
                                              ["close", 1000]]),
    together=True, actions=[(1.2, "link", "cut"), (4.2, "link", "mend")],
    link={"capture": "client", "rules": []}, cause="application")

# ----------------------------------- text that is not UTF-8, data that does not inflate

OFFER = ["Sec-WebSocket-Extensions: permessage-deflate"]
DEFLATE = {"ws": {"deflate": True}, "websockets": {"deflate": {}}, "aiohttp": {"compress": True},
           "tornado": {"deflate": True}, "autobahn": {"deflate": True}, "wsproto": {"deflate": True}}


def deflated(*messages):
    """The payload of the last one, which may refer to those before it."""
    made = zlib.compressobj(wbits=-15)
    for message in messages:
        payload = made.compress(message) + made.flush(zlib.Z_SYNC_FLUSH)
    return payload[:-4].hex()


LATIN = "un café au lait, une crème brûlée".encode("latin-1")
EURO = "€".encode().hex()
AGAIN = b"the same words again, the same words again"


def split(first, payload, at):
    """A message in two frames."""
    return lambda m: [["frame", first & 0x7F, payload[:2 * at], m],
                      ["frame", 0x80, payload[2 * at:], m]]


def one(first, payload):
    return lambda m: [["frame", first, payload, m]]


NOT_UTF8 = {
    "/latin-1": one(0x81, LATIN.hex()), "/split": split(0x01, "68c328", 2),
    "/cut-off": one(0x81, "68" + EURO[:4]), "/surrogate": one(0x81, "eda080"),
}
NOT_UTF8_DEFLATED = {"/deflated": one(0xC1, deflated(LATIN)),
                     "/deflated-split": split(0x41, deflated(LATIN), 9)}
BROKEN = {
    "/no-deflate": one(0xC1, "ff" * 12), "/not-compressed": one(0xC1, b"hello, not compressed".hex()),
    "/context": one(0xC1, deflated(AGAIN, AGAIN)), "/split": split(0x41, "ff" * 12, 5),
}


def fails(path, frames, offer=False, **more):
    begin = [["request", path, OFFER if offer else []], ["response"]]
    return client("raw", begin + frames(True) + [["answer"], ["eof"], ["fin"]], path, **more)


# tornado and autobahn do nothing at all, but for a line in the log.
UNSEEN = {"tornado": {"server_silent": True, "cause_or": ["transport_end"],
                      "options": {"timeout": 2}},
          "autobahn": {"cause_or": ["transport_end"], "options": {"timeout": 2}}}


def garbage(server):
    valid = [["frame", 0x01, EURO[:2], True], ["frame", 0x80, EURO[2:], True], ["recv"],
             ["close", 1000], ["eof"], ["fin"]]
    row(f"text-not-utf8-{server}",
        f"a character split between two frames, which {server} takes; then text that is not UTF-8: "
        "Latin-1, over two frames, cut off, a surrogate, compressed in one frame and in two",
        {"impl": server, "options": DEFLATE[server]},
        client("raw", [["request"], ["response"]] + valid, "/valid", cause="application"),
        *[fails(path, frames, False) for path, frames in NOT_UTF8.items()],
        *[fails(path, frames, True) for path, frames in NOT_UTF8_DEFLATED.items()],
        cause="text_not_utf8")
    row(f"deflate-broken-{server}",
        f"compressed messages that {server} cannot inflate: no block of deflate, plain text, one that "
        "refers to an earlier message, over two frames",
        {"impl": server, "options": DEFLATE[server]},
        *[fails(path, frames, True, **UNSEEN.get(server, {})) for path, frames in BROKEN.items()],
        cause="compression_broken")


for name in DEFLATE:
    garbage(name)


def garbage_from_server(name, shows, of_path, cause, impls):
    scripts = {path: [["accept", OFFER if "deflated" in path or cause == "compression_broken"
                       else []], ["sleep", 0.05], *frames(False), ["answer"], ["fin"], ["eof"]]
               for path, frames in of_path.items()}
    row(name, shows, {"impl": "raw", "scripts": scripts},
        *[client(impl, [], path, options={**DEFLATE, "aiohttp": {"compress": 15}}.get(impl))
          for path in of_path for impl in impls], cause=cause)


garbage_from_server(
    "text-not-utf8-from-server",
    "text of a scripted server that is not UTF-8: over two frames, cut off, compressed",
    {path: frames for path, frames in {**NOT_UTF8, **NOT_UTF8_DEFLATED}.items()
     if path in ("/split", "/cut-off", "/deflated")}, "text_not_utf8", (*DEFLATE, "chromium"))
garbage_from_server(
    "deflate-broken-from-server",
    "compressed messages of a scripted server that cannot be inflated: no block of deflate, one that "
    "refers to an earlier message",
    {path: frames for path, frames in BROKEN.items() if path in ("/no-deflate", "/context")},
    "compression_broken", ("ws", "websockets", "aiohttp", "wsproto", "chromium"))

# ------------------------------------------------- extensions answered against the rules

INVALID = {"/bits": "permessage-deflate; server_max_window_bits=99",
           "/unknown": "permessage-deflate; x-window=1",
           "/twice": "permessage-deflate, permessage-deflate"}
row("extension-invalid-from-server",
    "a 101 of a scripted server that accepts permessage-deflate as a client must not let it: a window of "
    "99 bits, a parameter that there is not, twice; 1001 follows. ws minds the first two, undici the "
    "last one",
    {"impl": "raw", "scripts": {path: [["accept", [f"Sec-WebSocket-Extensions: {value}"]],
                                       ["sleep", 0.1], ["close", 1001], ["eof"]]
                                for path, value in INVALID.items()}},
    *[client("ws", [], path, options=DEFLATE["ws"]) for path in ("/bits", "/unknown")],
    client("ws", [], "/twice", options=DEFLATE["ws"], cause="going_away"),
    client("undici", [], "/twice"), client("undici", [], "/bits", cause="going_away"),
    cause="extension_invalid", without_frames=3)

# ------------------------------------------------------------ messages above the limit

# autobahn's limit is for the octets on the wire.
COUNTS_COMPRESSED = {"autobahn": "application"}
PARTS = [["parts", *["hello " * 8] * 3]]
SQUEEZED = [["send", "hello " * 200]]
LIMIT = {"ws": {"maxPayload": 64}, **{name: {"max_size": 64} for name in
                                      ("websockets", "aiohttp", "tornado", "autobahn")}}
for name, limit in LIMIT.items():
    row(f"message-too-big-{name}-parts",
        f"messages above the limit of {name}: in three frames, each below it; compressed to less "
        "than it; compressed, in two frames; last, in one frame",
        {"impl": name, "options": {**DEFLATE[name], **limit}},
        client("ws", PARTS, "/parts"), client("websockets", PARTS, "/parts"),
        *[client(impl, SQUEEZED + [["recv"], ["close", 1000]], "/squeezed", options=options,
                 cause=COUNTS_COMPRESSED.get(name, "message_too_big"))
          for impl, options in (("ws", {"deflate": {"threshold": 0}}),
                                ("websockets", {"deflate": {}}))],
        fails("/both", split(0x41, deflated(b"hello " * 200), 6), True,
              cause=COUNTS_COMPRESSED.get(name, "message_too_big")) if name != "autobahn" else
        fails("/both", split(0x01, (b"hello " * 20).hex(), 60)),
        client("undici", LONG, "/whole"), cause="message_too_big",
        cause_or=["transport_end"] if name == "autobahn" else [])    # no 1009, it just ends TCP
row("message-too-big-clients",
    "messages of ws above the limit of its clients: in one frame, in three, compressed",
    {"impl": "ws", "options": {"deflate": True},
     "scripts": {"/whole": LONG[:1], "/parts": PARTS, "/squeezed": SQUEEZED}},
    *[client(impl, [], path, cause_or=["transport_end"] if impl == "autobahn" else [],
             options={**limit, **({**DEFLATE, "aiohttp": {"compress": 15}}[impl]
                                  if path == "/squeezed" else {})})
      for path in ("/whole", "/parts", "/squeezed") for impl, limit in LIMIT.items()
      if (impl, path) not in (("aiohttp", "/parts"), ("autobahn", "/squeezed"))],
    cause="message_too_big")

# ------------------------------------- what is written into an upgraded stream by mistake

row("two-upgrade-handlers",
    "two WebSocketServers of ws on one HTTP server: the first one takes the upgrade, the second one "
    "answers it with 400 in the same stream; the other way round, 400 comes first",
    {"impl": "ws", "options": {"paths": ["/one", "/two"]}},
    *[client(impl, [], "/one") for impl in ("ws", "undici", "websockets", "aiohttp", "tornado",
                                            "chromium")],
    client("ws", [], "/two", refused=True, cause="handshake_refused"),
    client("websockets", [], "/two", refused=True, cause="handshake_refused"),
    cause="not_websocket")

ERROR_PAGE = ("HTTP/1.1 500 Internal Server Error\r\nContent-Type: text/html\r\n"
              "Content-Length: 48\r\nConnection: close\r\n\r\n"
              "<!doctype html><title>500</title><h1>Error</h1>\n")
row("not-websocket",
    "ws's socket gets what is no frame, after the upgrade and after messages: plain text, a page, an "
    "HTTP response with one, JSON without a frame; then TCP ends",
    {"impl": "ws", "scripts": {
        "/text": [["recv"], ["write", "Internal Server Error\n"], ["sleep", 0.3], ["fin"]],
        "/html": [["recv"], ["send", "hello"], ["sleep", 0.1],
                  ["write", "<html><body>Something broke</body></html>\n"], ["sleep", 0.3],
                  ["fin"]],
        "/http": [["recv"], ["send", "hello"], ["sleep", 0.1], ["write", ERROR_PAGE], ["fin"]],
        "/json": [["recv"], ["write", "{\"event\": \"update\", \"value\": 17}"], ["sleep", 0.3],
                  ["fin"]]}},
    *[client(impl, HELLO_ONLY, path) for path in ("/text", "/html", "/http", "/json")
      for impl in ("ws", "websockets", "aiohttp", "chromium")], cause="not_websocket")

SECOND_REQUEST = "GET /status HTTP/1.1\r\nHost: 127.0.0.1:8080\r\nAccept: */*\r\n\r\n"
for name in ("ws", "websockets"):
    row(f"not-websocket-to-{name}",
        f"a scripted client that sends {name} an HTTP request, or plain text, on an upgraded "
        "connection",
        name, *[client("raw", [["request"], ["response"], ["send", "hello"], ["recv"],
                               ["text", words], ["answer"], ["fin"], ["eof"]], path)
                for path, words in (("/request", SECOND_REQUEST), ("/text", "PING\r\n"))],
        cause="not_websocket")

# ------------------------------------------------------------------- out of step

NEWS_HEX = ("{\"news\": \"" + "all of it at once " * 7 + "\"}").ljust(150, " ").encode().hex()
GREETING = "{\"name\": \"Jürgen Müßig\", \"city\": \"Åbenrå – Sønderjylland\", \"ok\": true}"


def wrong_length(masked):
    """What hand-written peers have sent: 150 in seven bits; characters counted, not octets; a
    frame in the middle of another one; a length that is too large."""
    bit, key = (0x80, "00000000") if masked else (0, "")

    def head(length):
        return f"81{bit | length:02x}{key}"

    def long_head(length):
        return f"81{bit | 126:02x}{length:04x}{key}"
    later = [["sleep", 0.05], ["octets", head(5) + b"later".hex()]]
    return {
        "/seven-bits": [["octets", f"81{150 | bit:02x}{key}" + NEWS_HEX], *later],
        "/characters": [["octets", head(len(GREETING)) + GREETING.encode().hex()], *later],
        "/two-writers": [["octets", long_head(240) + b"first ".hex() * 20],
                         ["octets", long_head(180) + b"second ".hex() * 20 + "20" * 40],
                         ["octets", b"first ".hex() * 20], *later],
        "/too-long": [["octets", head(20) + b"sixteen octets.\n".hex()], *later, *later, *later],
    }


row("out-of-step-from-server",
    "a hand-written server whose frames lie about themselves: a length of 150 in seven bits, "
    "characters counted in place of octets, two writers at a time, a length that is too large",
    {"impl": "raw", "scripts": {path: after_accept(["send", "hello"], *steps)
                                for path, steps in wrong_length(False).items()}},
    *[client(impl, [], path) for path in wrong_length(False)
      for impl in ("ws", "websockets", "aiohttp", "chromium")],
    cause="out_of_step", cause_or=["frame_breach", "text_not_utf8"])
for name in ("ws", "websockets"):
    row(f"out-of-step-{name}",
        f"the same from a hand-written client of {name}", name,
        *[client("raw", [["request"], ["response"], ["send", "hello"], ["recv"], *steps,
                         ["answer"], ["fin"], ["eof"]], path)
          for path, steps in wrong_length(True).items() if path != "/seven-bits"],
        cause="out_of_step", cause_or=["frame_breach", "text_not_utf8"])

# ------------------------------------------- a Close that is not answered, and refusals of offers

row("close-unanswered-by-server",
    "a scripted server that goes on sending for 4 seconds and never answers the Close of its clients, "
    "which end TCP after their own time limits",
    {"impl": "raw", "options": {"timeout": 9},
     "scripts": {"*": [["accept"], ["recv"], ["every", 0.5, 8], ["fin"]]}},
    *[at(0.6 * i, impl, f"/{impl}", [["close", 1000, "done"]])
      for i, impl in enumerate(("ws", "websockets", "aiohttp", "tornado", "undici"))],
    together=True, cause="close_unanswered")
for name, by in (("ws", "websockets"), ("websockets", "ws"), ("aiohttp", "ws")):
    row(f"close-unanswered-{name}",
        f"Closes of {name} that a scripted client never answers, which goes on sending for 4 seconds, "
        "or only reads; last, one that answers",
        {"impl": name, "scripts": {"*": [["recv"], ["close", 1001, "restart"]]}},
        at(0, "raw", "/busy", [["request"], ["response"], ["send", "hello"], ["every", 0.5, 8]], **DEAF),
        at(0.5, "raw", "/deaf", [["request"], ["response"], ["send", "hello"], ["eof"], ["fin"]],
           **DEAF),
        at(1.1, by, "/answers", HELLO_ONLY, cause="going_away"),
        together=True, cause="close_unanswered")

row("extension-refused",
    "a scripted client that offers permessage-deflate, gets it, and closes at the first compressed "
    "message of ws: 1002 with a reason, without one, no Close at all; last, one that can inflate",
    {"impl": "ws", "options": {"deflate": {"threshold": 0}},
     "scripts": {"*": [["send", "hello " * 20], ["recv"]]}},
    *[client("raw", [["request", path, OFFER], ["response"], ["recv"], *end], path,
             cause_or=["transport_end"] if path == "/no-close" else [])
      for path, end in (("/reason", [["close", 1002, "RSV1 must be clear"], ["eof"], ["fin"]]),
                        ("/no-reason", [["close", 1002], ["eof"], ["fin"]]),
                        ("/no-close", [["fin"], ["eof"]]))],
    client("ws", [["recv"], ["close", 1000]], options={"deflate": True}, cause="application"),
    cause="extension_refused")
for name in ("websockets", "tornado"):
    row(f"extension-refused-{name}",
        f"the same against {name}: 1002 with a reason, without one",
        {"impl": name, "options": DEFLATE[name], "scripts": {"*": [["recv"], ["send", "hello " * 20]]}},
        *[client("raw", [["request", path, OFFER], ["response"], ["send", "hello"], ["recv"], *end],
                 path)
          for path, end in (("/reason", [["close", 1002, "RSV1 set unexpectedly"], ["eof"], ["fin"]]),
                            ("/no-reason", [["close", 1002], ["eof"], ["fin"]]))],
        cause="extension_refused")

CHAT = {"options": {"subprotocols": ["chat", "superchat"], "timeout": 4}}
row("subprotocol-unanswered",
    "subprotocols offered to websockets, which selects none: ws, undici and Chromium leave, "
    "websockets, aiohttp and tornado go on",
    "websockets",
    *[client(impl, HELLO + [["close", 1000]], f"/{impl}",
             cause=cause, **CHAT)
      for impl, cause in (("ws", "subprotocol_unanswered"), ("undici", "subprotocol_unanswered"),
                          ("chromium", "subprotocol_unanswered"), ("websockets", "application"),
                          ("aiohttp", "application"), ("tornado", "application"))],
    without_frames=3)

# ------------------------------------------------------------- limits and no answer

row("lifetime-limit",
    "ws ends every connection when it is 15 seconds old, by terminate() and by 1001, though messages "
    "went both ways to the end; one that is younger is closed by its client",
    {"impl": "ws", "scripts": {"/terminate": [["echo", 15], ["terminate"]],
                               "/close": [["echo", 15], ["close", 1001, "connection limit"]]}},
    at(0, "ws", "/terminate", [["every", 1.4, 12]]),
    at(1.7, "websockets", "/close", [["every", 1.3, 11]], cause_or=["going_away"]),
    at(2.9, "aiohttp", "/young", [["every", 1.2, 9], ["close", 1000]], cause="application"),
    together=True, cause="lifetime_limit")
row("idle-closed",
    "applications on ws that close what has been idle for 10 or 12 seconds, with 1000 and 1001, with a "
    "reason and without one",
    {"impl": "ws", "scripts": {
        f"/{code}-{seconds}": [["recv"], ["send", "welcome"], ["sleep", seconds],
                               ["close", code, *reason]]
        for code, seconds, *reason in ((1000, 10), (1001, 12), (1001, 10, "idle timeout"))}},
    at(0, "ws", "/1000-10", HELLO), at(1.3, "websockets", "/1001-12", HELLO),
    at(2.1, "aiohttp", "/1001-10", HELLO),
    together=True, cause="idle_timeout")
row("handshake-unanswered",
    "a scripted server that never answers the opening handshake, and ends TCP with FIN or RST",
    {"impl": "raw", "scripts": {"/fin": [["sleep", 0.6], ["fin"]],
                                "/rst": [["sleep", 0.6], ["rst"]]}},
    *[client(impl, [], path, options={"timeout": 4}) for path in ("/fin", "/rst")
      for impl in ("ws", "websockets", "aiohttp", "undici")],
    cause="handshake_unanswered", no_websocket=True)

# ------------------------------------------------------------- a router that translates addresses

NATS = {"impl": "ws", "scripts": {"/bye": [["recv"], ["close", 4000, "enough"]],
                                  "/drop": [["recv"], ["fin"]]}}
VISITS = (at(0, "ws", "/", HELLO + [["close", 1000, "done"]]),
          at(0.5, "websockets", "/needs", NEEDS, options={"deflate": {}},
             cause="extension_declined"),
          at(1, "aiohttp", "/bye", HELLO_ONLY),
          at(1.5, "ws", "/drop", HELLO_ONLY, cause="transport_end"))
SEEN_TWICE = "seen on all interfaces of the host, so that every segment is there twice"
row("nat-masquerade",
    f"clients in a container whose address the host translates, {SEEN_TWICE}, with two addresses",
    NATS, *VISITS, together=True, router={"how": "masquerade"}, cause="application")
row("nat-published",
    f"a server in a container behind a published port, {SEEN_TWICE}, with two addresses",
    NATS, *VISITS, together=True, router={"how": "publish"}, cause="application")
row("nat-bridge",
    "clients in a container behind a bridge, seen on all interfaces of the host: every segment is "
    "there three times, with two addresses",
    NATS, *VISITS, together=True, router={"how": "masquerade", "bridge": True}, cause="application")
FRONT_ONLY = {"front": "flow_forgotten"}
row("nat-forgotten",
    "a router that forgets a flow after 5 idle seconds and resets what then comes of it, seen on all "
    "interfaces of the router; last, one that was never idle for so long",
    {"impl": "ws", "scripts": {"/late-news": [["recv"], ["sleep", 9], ["send", "late"]]}},
    at(0, "ws", "/", HELLO + [["sleep", 8], ["send", "late"]], server_silent=True,
       open={"back": True}, cause=FRONT_ONLY),
    at(0.6, "websockets", "/w", HELLO + [["sleep", 7], ["send", "late"]], server_silent=True,
       open={"back": True}, cause=FRONT_ONLY),
    at(1.2, "ws", "/late-news", HELLO_ONLY, client_silent=True, open={"front": True},
       cause={"back": "flow_forgotten"}),
    at(1.7, "ws", "/lively", HELLO + [["every", 1.5, 4], ["close", 1000]], cause="application"),
    together=True, router={"how": "masquerade", "forget": 5}, linger=2)
row("nginx-tls",
    "nginx with TLS and proxy_read_timeout 12s in front of ws, both legs, the keys of the front one "
    "in the file: idle; closed by a client",
    {"impl": "ws", "proxy": {**NGINX, "tls": "TLSv1.3"}},
    at(0, "ws", "/idle", HELLO), at(0.7, "websockets", "/", HELLO + [["close", 1000]],
                                    cause="application"),
    together=True, cause="idle_timeout")

# --------------------------------------------------- headers that lack, records that break

LACKING = {"/upgrade": ["accept", [], None, "Upgrade"],
           "/connection": ["accept", [], None, "Connection"], "/accept": ["accept", [], ""]}
row("handshake-header-missing",
    "a 101 of a scripted server that lacks Upgrade, Connection or Sec-WebSocket-Accept: every client "
    "leaves; 1001 follows",
    {"impl": "raw", "scripts": {path: [step, ["sleep", 0.2], ["close", 1001], ["eof"]]
                                for path, step in LACKING.items()}},
    *[client(impl, [], path) for path in LACKING
      for impl in ("ws", "websockets", "aiohttp", "tornado", "wsproto", "chromium")],
    cause="handshake_invalid", without_frames=18)

GARBLED = HELLO + [["garble"]]
row("tls-alert",
    "a record that cannot be deciphered, which the other side answers with a fatal TLS alert, TLS 1.3 "
    "with the keys in the file: from clients to ws",
    {"impl": "ws", "tls": "TLSv1.3"}, client("websockets", GARBLED), client("aiohttp", GARBLED),
    client("ws", HELLO + [["close", 1000]], cause="application"), cause="tls_alert")
row("tls-alert-from-client",
    "a record of websockets that cannot be deciphered, TLS 1.2 with the keys in the file: ws as a "
    "client answers with a fatal TLS alert, aiohttp ends TCP without one",
    {"impl": "websockets", "tls": "TLSv1.2", "scripts": {"*": [["recv"], ["garble"]]}},
    client("ws", HELLO_ONLY), client("aiohttp", HELLO_ONLY, cause="transport_end"),
    cause="tls_alert")
