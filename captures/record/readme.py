# readme.py - write captures/README.md from the tables of the other scripts.
# SPDX-License-Identifier: GPL-2.0-or-later

import json
import os

import derive
import generate
import scenarios

HEAD = """\
# Captures

Small captures of WebSocket connections over HTTP/1.1 and HTTP/2, made for this project; all of
them, and the files beside them, are under GPL-2.0-or-later like the rest of it. This file is written
by `captures/record/record.py --readme`.

Three origins:

- **recorded**: {recorded} captures of real peers, {connections} connections. `NAME.truth.json`
  holds what each endpoint's own API reported. Record one again with
  `captures/record/record.py NAME` (as root), all of them without a name; the head of that script
  lists the packages it needs. A *scripted client* or *server* is a plain socket that sends what a
  row of `record/scenarios.py` says to a real peer; it has no API, so nothing is reported for it.
  A `h2-NAME` has a twin `h1-NAME`: the same connections in the same order, over HTTP/2 (RFC 8441)
  and over HTTP/1.1. *ws (Node.js http2)* is ws on streams of Node.js's http2 module, *wsproto
  (Python h2)* is wsproto on those of h2; neither has WebSocket over HTTP/2 by itself. In
  `h2-lws` and `h2-chromium*` it is the peer's own.
- **derived**: cut out of a recorded one with the editcap command that the table gives (run in
  `captures/`). `captures/record/derive.py` does them all. What the endpoints reported is in the
  truth file of the capture that it was cut from.
- **generated**: made by `captures/record/generate.py`, octet by octet and always the same, for
  what real peers do not send, or not on demand. Their names start with `generated-`.

Addresses are loopback ones, 10.0.0.0/8 for the link that loses segments and for the router, and
192.0.2.0/24 where generated. The files hold no comment and no name of any machine or interface.

    tshark -r captures/ws-1010-reason-declined.pcapng -Y wsclose -V
    tshark -r captures/tls13-close-no-code.pcapng -Y wsclose -V
    tshark -r captures/h2-closes-ws.pcapng -q -z wsclose,conn
    tshark -o tls.keylog_file:captures/tls-keylog-beside.keys.log \\
           -r captures/tls-keylog-beside.pcapng -Y wsclose -V
    tshark -d tcp.port==8080,websocket \\
           -r captures/ws-1010-reason-declined-midstream.pcapng -Y wsclose -V

## Truth files

    {{"capture": "NAME.pcapng",
     "connections": [{{
        "client_port": 53146, "tcp_stream": 0,
        "client": {{"implementation": "...", "version": "...", "api": API}},
        "server": {{"implementation": "...", "version": "...", "api": API}},
        "path": "/bye", "client_script": [...], "server_script": [...],
        "handshake_status": 401}}]}}

One entry per opening handshake, in order; several may share a TCP connection. `tcp_stream` is
Wireshark's `tcp.stream`, `handshake_status` is there only if the client's API gave the status of a
refusal. Over HTTP/2 there are `http2_stream`, which is Wireshark's `http2.streamid`, and
`transport`: `h2` or, in clear text, `h2c`. `proxy` names what stands between the two, and `retried`
is true where the client was refused and asked again on its own, before the attempt that its API
tells of. API is null where the endpoint reported nothing (no API, the page is gone, the upgrade
never reached it), else `{{"code", "reason", "wasClean", "exception"}}`, each null where this API has
no such thing or left it empty: a `code` of 0 or null is what aiohttp, tornado, autobahn,
websocket-client and libwebsockets say where RFC 6455 says 1005, and some of them where it says
1006. The scripts are the steps that each side took (`record/scenarios.py` explains them); a
server's are null where no connection came about.

`cause` is the word of `wsclose.cause` that is right for the connection: it is known, since the
scenario made it end that way. `cause_or` lists words that would be right as well, where more than one
is true of it. Most of the older captures have neither. Where both legs of a proxy are in one capture
each has an entry of its own: `leg` is `front`, between client and proxy, or `back`, between proxy and
server, and the proxy, which has no API, is the server of the one and the client of the other. Behind
a router that translates addresses there are `front` and `back` too, on the client's side of it and on
the server's, with the same two endpoints. `open` is true where no packet of the capture shows the
connection's end, whatever an API reports: such a connection has no verdict.

"""


def peers(truth):
    pairs = {}
    for c in truth["connections"]:
        client, server = (f"{c[side]['implementation']} {c[side]['version']}"
                          if not c[side]["implementation"].startswith("scripted")
                          else c[side]["implementation"] for side in ("client", "server"))
        pairs.setdefault(server, [])
        if client not in pairs[server]:
            pairs[server].append(client)
    return "; ".join(f"{', '.join(clients)} -> {server}" for server, clients in pairs.items())


def write(out):
    recorded = []
    connections = 0
    for s in scenarios.SCENARIOS:
        with open(os.path.join(out, s["name"] + ".truth.json"), encoding="utf-8") as f:
            truth = json.load(f)
        n = len(truth["connections"])
        connections += n
        recorded.append(f"| `{s['name']}` | {s['shows']} | {n} | {peers(truth)} |")
    text = HEAD.format(recorded=len(recorded), connections=connections)
    text += "## Recorded\n\n| capture | shows | connections | client -> server |\n"
    text += "| --- | --- | --- | --- |\n" + "\n".join(recorded)
    text += "\n\n## Derived\n\n| capture | shows | command |\n| --- | --- | --- |\n"
    text += "\n".join(f"| `{row[0]}` | {row[2]} | `{' '.join(derive.command(row))}` |"
                      for row in derive.TABLE)
    text += "\n\n## Generated\n\n| capture | shows |\n| --- | --- |\n"
    text += "\n".join(f"| `{name}` | {shows} |" for name, (shows, _) in generate.FILES.items())
    with open(os.path.join(out, "README.md"), "w", encoding="utf-8") as f:
        f.write(text + "\n")
