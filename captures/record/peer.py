#!/usr/bin/python3
# peer.py - WebSocket clients and servers in Python, driven by a JSON script.
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Usage: peer.py SPEC, where SPEC is one JSON object (see scenarios.py).
# Writes JSON lines to stdout: {"listening": true}, {"report": {...}}, {"log": "..."}.

import asyncio
import base64
import hashlib
import json
import os
import signal
import socket
import ssl
import struct
import sys
import threading
import time

SPEC = json.loads(sys.argv[1])
OPTIONS = SPEC.get("options") or {}


def emit(obj):
    print(json.dumps(obj), flush=True)


def api(code=None, reason=None, clean=None, exception=None):
    if isinstance(exception, BaseException):
        exception = f"{type(exception).__name__}: {exception}"
    return {"code": None if code is None else int(code), "reason": reason, "wasClean": clean,
            "exception": exception}


def report(port, answer, status=None):
    emit({"report": {"port": port, "status": status, "api": answer}})


def announce(name, version):
    emit({"implementation": name, "version": version})


def listening(name, version):
    emit({"listening": True, "implementation": name, "version": version})


def script_for(path):
    return SPEC["scripts"].get(path) or SPEC["scripts"].get("*") or [["echo"]]


def url():
    host = f"[{SPEC['host']}]" if ":" in SPEC["host"] else SPEC["host"]
    secure = bool(SPEC.get("tls"))
    port = "" if SPEC["port"] == (443 if secure else 80) else f":{SPEC['port']}"
    return f"{'wss' if secure else 'ws'}://{host}{port}{SPEC['path']}"


def tls_context(server):
    if not SPEC.get("tls"):
        return None
    if server:
        ctx = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        ctx.load_cert_chain(SPEC["tls"]["cert"], SPEC["tls"]["key"])
    else:
        ctx = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        ctx.check_hostname = False
        ctx.verify_mode = ssl.CERT_NONE
    version = {"TLSv1.2": ssl.TLSVersion.TLSv1_2, "TLSv1.3": ssl.TLSVersion.TLSv1_3}
    ctx.minimum_version = ctx.maximum_version = version[SPEC["tls"]["version"]]
    if os.environ.get("SSLKEYLOGFILE"):
        ctx.keylog_filename = os.environ["SSLKEYLOGFILE"]
    return ctx


def reset(sock):
    # An abort with zero linger time sends RST in place of FIN.
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


async def run_script(script, send, recv, close, transport):
    """Run the steps; recv returns a message or raises when the connection is over."""
    for verb, *args in script:
        if verb == "send":
            await send(args[0])
        elif verb == "binary":
            await send(b"wsclose " * (args[0] // 8))
        elif verb == "parts":
            await send(args)    # one message, a frame for each
        elif verb == "every":
            for _ in range(args[1]):
                await asyncio.sleep(args[0])
                await send("news")
        elif verb == "recv":
            await recv()
        elif verb == "echo":
            until = time.time() + args[0] if args else None
            while True:
                try:
                    message = await asyncio.wait_for(recv(), until and until - time.time())
                except asyncio.TimeoutError:
                    break
                await send(message)
        elif verb == "sleep":
            await asyncio.sleep(args[0])
        elif verb == "block":
            time.sleep(args[0])    # the event loop sees nothing meanwhile
        elif verb == "announce":
            at = time.time() + 0.2
            await send(repr(at))
            await asyncio.sleep(0.1)
            while time.time() < at:
                pass
        elif verb == "crossing":
            at = float(await recv())
            while time.time() < at:
                pass
        elif verb == "close":
            await close(*args)
        elif verb == "fin":
            transport().close()
        elif verb == "rst":
            sock = transport().get_extra_info("socket")
            if sock:
                reset(sock)
            transport().abort(*args)
        elif verb == "garble":
            # A record of TLS that cannot be deciphered.
            os.write(transport().get_extra_info("socket").fileno(),
                     b"\x17\x03\x03\x00\x20" + b"wsclose " * 4)
        elif verb == "tcp-fin":
            transport().tcp_close()
        elif verb == "tcp-rst":
            transport().tcp_abort()
        elif verb == "goaway":
            transport().goaway(*args)
        else:
            raise ValueError(f"unknown step {verb}")


async def forever():
    await asyncio.get_running_loop().create_future()


# -------------------------------------------------------------- websockets

async def websockets_drive(ws, script, port):
    exception = None
    try:
        await run_script(script, ws.send, ws.recv, ws.close, lambda: ws.transport)
        while True:
            await ws.recv()
    except Exception as e:
        exception = e
    await ws.wait_closed()
    report(port, api(ws.close_code, ws.close_reason, None, exception), 101)


def websockets_extensions(server):
    """permessage-deflate with the wanted parameters, and an extension that does nothing."""
    from websockets.extensions import permessage_deflate as pmd

    class Trace:
        name = "x-trace"

        def decode(self, frame, *, max_size=None):
            return frame

        def encode(self, frame):
            return frame

    class TraceFactory:
        name = "x-trace"

        def get_request_params(self):
            return []

        def process_response_params(self, params, accepted):
            return Trace()

    made = []
    deflate = OPTIONS.get("deflate")
    if deflate is not None:
        made.append((pmd.ServerPerMessageDeflateFactory if server
                     else pmd.ClientPerMessageDeflateFactory)(**deflate))
    if OPTIONS.get("trace"):
        made.append(TraceFactory())
    return made or None


async def websockets_server():
    import websockets

    async def handler(ws, path):
        await websockets_drive(ws, script_for(path), ws.remote_address[1])

    await websockets.serve(
        handler, SPEC["host"], SPEC["port"], ssl=tls_context(True), compression=None,
        extensions=websockets_extensions(True), close_timeout=OPTIONS.get("close_timeout", 2),
        ping_interval=OPTIONS.get("ping_interval"), ping_timeout=OPTIONS.get("ping_timeout"),
        max_size=OPTIONS.get("max_size", 2 ** 20))
    listening("websockets (Python)", websockets.__version__)
    await forever()


async def websockets_client():
    import websockets
    announce("websockets (Python)", websockets.__version__)
    try:
        ws = await websockets.connect(
            url(), ssl=tls_context(False), compression=None, close_timeout=2,
            extensions=websockets_extensions(False), ping_interval=OPTIONS.get("ping_interval"),
            ping_timeout=OPTIONS.get("ping_timeout"), max_size=OPTIONS.get("max_size", 2 ** 20),
            subprotocols=OPTIONS.get("subprotocols"),
            extra_headers=[tuple(h) for h in OPTIONS.get("headers", [])])
    except Exception as e:
        report(None, api(exception=e), getattr(e, "status_code", None))
        return
    await websockets_drive(ws, SPEC["script"], ws.local_address[1])


# ----------------------------------------------------------------- aiohttp

async def aiohttp_drive(ws, script, port, transport):
    from aiohttp import WSMsgType
    seen = {"code": None, "reason": None, "exception": None}

    class Over(Exception):
        pass

    async def recv():
        msg = await ws.receive()
        if msg.type in (WSMsgType.TEXT, WSMsgType.BINARY):
            return msg.data
        if msg.type == WSMsgType.CLOSE:
            seen["reason"] = msg.extra
        if msg.type == WSMsgType.ERROR:
            seen["exception"] = msg.data
        raise Over

    async def send(m):
        await (ws.send_bytes(m) if isinstance(m, bytes) else ws.send_str(m))

    async def close(code=1000, reason=""):
        await ws.close(code=code, message=reason.encode())

    try:
        await run_script(script, send, recv, close, lambda: transport)
        while not ws.closed:
            await recv()
    except Over:
        pass
    except Exception as e:
        seen["exception"] = e
    report(port, api(ws.close_code, seen["reason"], None, seen["exception"] or ws.exception()),
           101)


async def aiohttp_server():
    import aiohttp
    from aiohttp import web

    async def handler(request):
        wanted = OPTIONS.get("authorization")
        if wanted and request.headers.get("Authorization") != wanted:
            return web.Response(status=401, headers={"WWW-Authenticate": 'Basic realm="ws"'},
                                text="log in first\n")
        if request.headers.get("Upgrade", "").lower() != "websocket":
            return web.Response(text=request.path + "\n")
        ws = web.WebSocketResponse(timeout=2, compress=OPTIONS.get("compress", False),
                                   max_msg_size=OPTIONS.get("max_size", 2 ** 22),
                                   heartbeat=OPTIONS.get("heartbeat"))
        await ws.prepare(request)
        port = request.transport.get_extra_info("peername")[1]
        await aiohttp_drive(ws, script_for(request.path), port, request.transport)
        return ws

    app = web.Application()
    app.router.add_get("/{tail:.*}", handler)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, SPEC["host"], SPEC["port"], ssl_context=tls_context(True)).start()
    listening("aiohttp (Python)", aiohttp.__version__)
    await forever()


async def aiohttp_client():
    import aiohttp
    announce("aiohttp (Python)", aiohttp.__version__)
    async with aiohttp.ClientSession() as session:
        http = url().replace("ws", "http", 1).rsplit("/", 1)[0]
        for path in OPTIONS.get("gets", []):
            async with session.get(http + path) as answer:
                await answer.read()
        try:
            ws = await session.ws_connect(url(), ssl=tls_context(False), timeout=2,
                                          compress=OPTIONS.get("compress", 0),
                                          heartbeat=OPTIONS.get("heartbeat"),
                                          max_msg_size=OPTIONS.get("max_size", 2 ** 22),
                                          protocols=OPTIONS.get("subprotocols", ()),
                                          headers=OPTIONS.get("headers"))
        except Exception as e:
            report(None, api(exception=e), getattr(e, "status", None))
            return
        port = ws.get_extra_info("sockname")[1]
        await aiohttp_drive(ws, SPEC["script"], port, ws._response.connection.transport)


# ----------------------------------------------------------------- tornado

class TornadoTransport:
    """The steps that end TCP, on a stream of tornado."""

    def __init__(self, stream):
        self.stream = stream
        self.close = self.abort = stream.close

    def get_extra_info(self, _):
        return self.stream.socket


def tornado_server():
    import tornado
    import tornado.ioloop
    import tornado.web
    import tornado.websocket

    class Handler(tornado.websocket.WebSocketHandler):
        def check_origin(self, origin):
            return True

        def get_compression_options(self):
            return {} if OPTIONS.get("deflate") else None

        async def drive(self):
            async def send(m):
                await self.write_message(m, binary=isinstance(m, bytes))

            async def close(code=None, reason=None):
                self.close(code, reason)
            try:
                await run_script(script_for(self.request.path), send, self.inbox.get, close,
                                 lambda: TornadoTransport(self.ws_connection.stream))
            except Exception as e:
                emit({"log": repr(e)})

        def open(self):
            self.inbox = asyncio.Queue()
            self.port = self.request.connection.context.address[1]
            self.task = asyncio.ensure_future(self.drive())

        def on_message(self, message):
            self.inbox.put_nowait(message)

        def on_close(self):
            self.task.cancel()
            report(self.port, api(self.close_code, self.close_reason), 101)

    class Plain(tornado.web.RequestHandler):
        def get(self):
            self.write("hello\n")

    app = tornado.web.Application([("/plain.*", Plain), ("/.*", Handler)],
                                  websocket_max_message_size=OPTIONS.get("max_size", 2 ** 22),
                                  websocket_ping_interval=OPTIONS.get("ping_interval"),
                                  websocket_ping_timeout=OPTIONS.get("ping_timeout"))
    app.listen(SPEC["port"], SPEC["host"])
    listening("tornado (Python)", tornado.version)
    return forever()


async def tornado_client():
    import tornado
    import tornado.websocket
    announce("tornado (Python)", tornado.version)
    try:
        ws = await tornado.websocket.websocket_connect(
            url(), compression_options={} if OPTIONS.get("deflate") else None,
            ping_interval=OPTIONS.get("ping_interval"), ping_timeout=OPTIONS.get("ping_timeout"),
            max_message_size=OPTIONS.get("max_size", 2 ** 22),
            subprotocols=OPTIONS.get("subprotocols"))
    except Exception as e:
        report(None, api(exception=e), getattr(e, "code", None))
        return
    port = ws.stream.socket.getsockname()[1]

    class Over(Exception):
        pass

    async def recv():
        message = await ws.read_message()
        if message is None:
            raise Over
        return message

    async def send(m):
        await ws.write_message(m, binary=isinstance(m, bytes))

    async def close(code=None, reason=None):
        ws.close(code, reason)

    try:
        await run_script(SPEC["script"], send, recv, close, lambda: TornadoTransport(ws.stream))
        while True:
            await recv()
    except Over:
        pass
    report(port, api(ws.close_code, ws.close_reason), 101)
    await asyncio.sleep(0.1)


# ---------------------------------------------------------------- autobahn

def autobahn_parts(base):
    class Protocol(base):
        script = None
        port = None

        async def drive(self):
            async def send(m):
                self.sendMessage(m if isinstance(m, bytes) else m.encode(), isinstance(m, bytes))

            async def close(code=None, reason=None):
                self.sendClose(code, reason)
            try:
                await run_script(self.script, send, self.inbox.get, close,
                                 lambda: self.transport)
            except Exception as e:
                emit({"log": repr(e)})

        def begin(self, script, port):
            self.script = script
            self.port = port
            self.inbox = asyncio.Queue()
            self.task = asyncio.ensure_future(self.drive())

        def onMessage(self, payload, is_binary):
            self.inbox.put_nowait(payload if is_binary else payload.decode())

        def onClose(self, was_clean, code, reason):
            if self.script is not None:
                self.task.cancel()
            report(self.port, api(code, reason, was_clean),
                   101 if self.script is not None else None)
            self.over()

        def over(self):
            pass
    return Protocol


def autobahn_options(factory, server):
    """Its own name for each option, and permessage-deflate."""
    from autobahn.websocket import compress
    names = {"ping_interval": "autoPingInterval", "ping_timeout": "autoPingTimeout",
             "max_size": "maxMessagePayloadSize"}
    asked = {names[name]: value for name, value in OPTIONS.items() if name in names}
    if OPTIONS.get("deflate") and server:
        asked["perMessageCompressionAccept"] = lambda offers: (
            compress.PerMessageDeflateOfferAccept(offers[0]) if offers else None)
    elif OPTIONS.get("deflate"):
        asked["perMessageCompressionOffers"] = [compress.PerMessageDeflateOffer()]
        asked["perMessageCompressionAccept"] = compress.PerMessageDeflateResponseAccept
    factory.setProtocolOptions(**asked)


async def autobahn_server():
    import autobahn
    from autobahn.asyncio.websocket import WebSocketServerFactory, WebSocketServerProtocol

    class Protocol(autobahn_parts(WebSocketServerProtocol)):
        def onConnect(self, request):
            self.path = request.path

        def onOpen(self):
            self.begin(script_for(self.path), self.transport.get_extra_info("peername")[1])

    factory = WebSocketServerFactory()
    factory.protocol = Protocol
    autobahn_options(factory, True)
    await asyncio.get_running_loop().create_server(factory, SPEC["host"], SPEC["port"])
    listening("autobahn (Python)", autobahn.__version__)
    await forever()


async def autobahn_client():
    import autobahn
    from autobahn.asyncio.websocket import WebSocketClientFactory, WebSocketClientProtocol
    announce("autobahn (Python)", autobahn.__version__)
    done = asyncio.get_running_loop().create_future()

    class Protocol(autobahn_parts(WebSocketClientProtocol)):
        def onOpen(self):
            self.begin(SPEC["script"], self.transport.get_extra_info("sockname")[1])

        def over(self):
            done.set_result(None)

    factory = WebSocketClientFactory(url())
    factory.protocol = Protocol
    autobahn_options(factory, False)
    await asyncio.get_running_loop().create_connection(factory, SPEC["host"], SPEC["port"])
    await asyncio.wait_for(done, OPTIONS.get("timeout", 8))


# -------------------------------------------------------- websocket-client

async def websocket_client_client():
    import websocket
    announce("websocket-client (Python)", websocket.__version__)
    try:
        ws = websocket.create_connection(url(), timeout=5, header=OPTIONS.get("headers") or [])
    except Exception as e:
        report(None, api(exception=e), getattr(e, "status_code", None))
        return
    port = ws.sock.getsockname()[1]
    answer = api()
    try:
        for verb, *args in SPEC["script"]:
            if verb == "send":
                ws.send(args[0])
            elif verb == "recv":
                ws.recv()
            elif verb == "sleep":
                time.sleep(args[0])
            elif verb == "close":
                code, reason = (args + [1000, ""])[:2] if args else (1000, "")
                ws.close(status=code, reason=reason.encode(), timeout=2)
        while ws.connected:
            opcode, data = ws.recv_data(control_frame=True)
            if opcode == websocket.ABNF.OPCODE_CLOSE:
                answer = api(struct.unpack("!H", data[:2])[0] if len(data) > 1 else None,
                             data[2:].decode() or None)
                ws.shutdown()
    except Exception as e:
        answer = api(exception=e)
    report(port, answer, 101)


# ----------------------------------------------------------------- wsproto

def wsproto_loop(sock, conn, script, port):
    """One connection; the script's steps are taken whenever nothing more is to be read."""
    from wsproto import events
    steps = list(script)
    inbox = []
    answer = api()
    answered = failed = False
    partial = None
    sock.settimeout(5)
    try:
        while True:
            while steps:
                verb, *args = steps[0]
                if verb in ("recv", "echo") and not inbox:
                    break
                if verb == "echo":
                    message = inbox.pop(0)
                    kind = (events.BytesMessage if isinstance(message, (bytes, bytearray))
                            else events.TextMessage)
                    sock.sendall(conn.send(kind(data=message)))
                    continue
                steps.pop(0)
                if verb == "recv":
                    inbox.pop(0)
                elif verb == "send":
                    sock.sendall(conn.send(events.TextMessage(data=args[0])))
                elif verb == "binary":
                    sock.sendall(conn.send(events.BytesMessage(data=b"wsclose " * (args[0] // 8))))
                elif verb == "sleep":
                    time.sleep(args[0])
                elif verb == "fin":
                    sock.shutdown(socket.SHUT_WR)
                elif verb == "rst":
                    reset(sock)
                    sock.close()
                    report(port, answer, 101)
                    return
                elif verb == "close":
                    from wsproto.frame_protocol import CloseReason
                    code = args[0] if args else CloseReason.NO_STATUS_RCVD
                    reason = args[1] if len(args) > 1 else None
                    sock.sendall(conn.send(events.CloseConnection(code=code, reason=reason)))
            data = sock.recv(65536)
            conn.receive_data(data or None)
            for event in conn.events():
                if isinstance(event, events.CloseConnection):
                    if not answered:
                        answer = api(event.code, event.reason)
                        answered = True
                    # In state OPEN it is wsproto's own verdict on what came; it reads no more.
                    failed = conn.state.name == "OPEN"
                    if failed or conn.state.name == "REMOTE_CLOSING":
                        sock.sendall(conn.send(event.response()))
                elif isinstance(event, events.Message):
                    partial = event.data if partial is None else partial + event.data
                    if event.message_finished:
                        inbox.append(partial)
                        partial = None
            if not data or failed or conn.state.name == "CLOSED":
                break
    except Exception as e:
        answer["exception"] = f"{type(e).__name__}: {e}"
    sock.close()
    report(port, answer, 101)


def wsproto_extensions(options):
    """permessage-deflate where the options ask for it, with what they say about it."""
    from wsproto.extensions import PerMessageDeflate
    deflate = options.get("deflate")
    if not deflate:
        return []
    return [PerMessageDeflate(**(deflate if isinstance(deflate, dict) else {}))]


def wsproto_offer(extension):
    """An element of Sec-WebSocket-Extensions, as wsproto's own request has it."""
    params = extension.offer()
    return extension.name if params is True else f"{extension.name}; {params}"


def wsproto_handshake(sock, conn, kind):
    """Feed the opening handshake until the wanted event comes."""
    from wsproto import events
    while True:
        data = sock.recv(65536)
        conn.receive_data(data or None)
        for event in conn.events():
            if isinstance(event, kind):
                return event
            e = ConnectionError(type(event).__name__)
            if isinstance(event, events.RejectConnection):
                e = ConnectionError(f"RejectConnection, status_code {event.status_code}")
                e.status = event.status_code
            raise e
        if not data:
            raise ConnectionError("end of stream")


async def wsproto_server():
    import wsproto
    from wsproto import WSConnection, events
    from wsproto.connection import ConnectionType
    lsock = socket.create_server((SPEC["host"], SPEC["port"]))
    context = tls_context(True)
    listening("wsproto (Python)", wsproto.__version__)
    while True:
        sock, peer = lsock.accept()
        if context:
            sock = context.wrap_socket(sock, server_side=True)
        conn = WSConnection(ConnectionType.SERVER)
        request = wsproto_handshake(sock, conn, events.Request)
        refusal = OPTIONS.get("refuse", {}).get(request.target)
        if refusal == "reset":
            reset(sock)
            sock.close()
            continue
        if refusal:
            sock.sendall(conn.send(events.RejectConnection(status_code=int(refusal[:3]))))
            sock.close()
            continue
        sock.sendall(conn.send(events.AcceptConnection(
            extra_headers=[(n.encode(), v.encode())
                           for n, v in OPTIONS.get("headers", {}).items()],
            extensions=wsproto_extensions(OPTIONS))))
        wsproto_loop(sock, conn, script_for(request.target), peer[1])


async def wsproto_client():
    import wsproto
    from wsproto import WSConnection, events
    from wsproto.connection import ConnectionType
    announce("wsproto (Python)", wsproto.__version__)
    sock = socket.create_connection((SPEC["host"], SPEC["port"]))
    context = tls_context(False)
    if context:
        sock = context.wrap_socket(sock)
    port = sock.getsockname()[1]
    conn = WSConnection(ConnectionType.CLIENT)
    sock.sendall(conn.send(events.Request(
        host=f"{SPEC['host']}:{SPEC['port']}", target=SPEC["path"],
        extra_headers=[(n.encode(), v.encode())
                       for n, v in OPTIONS.get("headers", {}).items()],
        extensions=wsproto_extensions(OPTIONS))))
    try:
        wsproto_handshake(sock, conn, events.AcceptConnection)
    except Exception as e:
        report(port, api(exception=e), getattr(e, "status", None))
        return
    wsproto_loop(sock, conn, SPEC["script"], port)


# ------------------------------------------------------------ scripted peer

MASK = b"\x37\xfa\x21\x3d"


def frame(opcode, payload, mask=MASK, first=None):
    """A frame; `first` replaces the first octet whole, mask None leaves it unmasked."""
    head = bytes([0x80 | opcode if first is None else first])
    bit = 0x80 if mask else 0
    if len(payload) < 126:
        head += bytes([bit | len(payload)])
    else:
        head += bytes([bit | 126]) + struct.pack("!H", len(payload))
    if mask:
        payload = bytes(b ^ mask[i % 4] for i, b in enumerate(payload))
        head += mask
    return head + payload


def close_body(code=None, reason=""):
    return b"" if code is None else struct.pack("!H", code) + reason.encode()


def read_frame(sock, received):
    """The next frame: its opcode, its payload, what was received behind it."""
    def have(size):
        nonlocal received
        while len(received) < size:
            more = sock.recv(65536)
            if not more:
                raise ConnectionError("end of stream before any Close")
            received += more

    have(2)
    masked, size, at = received[1] & 0x80, received[1] & 0x7F, 2
    if size > 125:
        at = 4 if size == 126 else 10
        have(at)
        size = int.from_bytes(received[2:at], "big")
    key = bytes(4)
    if masked:
        have(at + 4)
        key, at = received[at:at + 4], at + 4
    have(at + size)
    payload = bytes(b ^ key[i % 4] for i, b in enumerate(received[at:at + size]))
    return received[0] & 0x0F, payload, received[at + size:]


def raw_steps(sock, script, mask, key=b""):
    """A peer over a plain socket: sends just what the script says, checks nothing. Returns the
    status of the response, if one was read, and what went wrong."""
    status = None
    received = b""
    corked = None

    def send(data):
        nonlocal corked
        if corked is None:
            sock.sendall(data)
        else:
            corked += data

    try:
        for verb, *args in script:
            if verb == "request":
                path, extra = (args + [SPEC["path"], []])[:2] if args else (SPEC["path"], [])
                lines = [f"GET {path} HTTP/1.1", f"Host: {SPEC['host']}:{SPEC['port']}",
                         "Upgrade: websocket", "Connection: Upgrade",
                         "Sec-WebSocket-Key: " + base64.b64encode(os.urandom(16)).decode(),
                         "Sec-WebSocket-Version: 13", *extra, "", ""]
                request = "\r\n".join(lines).encode()
                pieces = OPTIONS.get("pieces") or [len(request)]
                for size in pieces + [len(request)]:
                    if request:
                        send(request[:size])
                        time.sleep(0.03)
                    request = request[size:]
            elif verb == "response":
                while b"\r\n\r\n" not in received:
                    more = sock.recv(65536)
                    if not more:
                        raise ConnectionError("end of stream in the opening handshake")
                    received += more
                head, received = received.split(b"\r\n\r\n", 1)
                status = int(head.split(b" ", 2)[1])
            elif verb == "accept":
                # [more header lines, the digest if it shall be another one ("" for none), the header
                # that is left out]
                digest = base64.b64encode(hashlib.sha1(
                    key + b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11").digest()).decode()
                more, other, without = (args + [[], None, None][len(args):])
                digest = digest if other is None else other
                lines = ["HTTP/1.1 101 Switching Protocols", "Upgrade: websocket",
                         "Connection: Upgrade", *more]
                lines = [line for line in lines if line.split(":")[0] != without]
                if digest:
                    lines.append("Sec-WebSocket-Accept: " + digest)
                send("\r\n".join([*lines, "", ""]).encode())
            elif verb == "recv":
                if not received:
                    received = sock.recv(65536)
                received = b""
            elif verb == "answer":
                # The Close that ends what the other side sends, if it sends one: sent back.
                opcode = None
                while opcode != 8:
                    opcode, body, received = read_frame(sock, received)
                send(frame(8, body, mask))
            elif verb == "every":
                for _ in range(args[1]):
                    time.sleep(args[0])
                    send(frame(1, b"news", mask))
            elif verb == "text":
                send(args[0].encode())
            elif verb == "send":
                send(frame(1, args[0].encode(), mask))
            elif verb == "close":
                send(frame(8, close_body(*args), mask))
            elif verb == "frame":
                # [first octet, payload in hex, masked]
                send(frame(0, bytes.fromhex(args[1]), MASK if args[2] else None, first=args[0]))
            elif verb == "octets":
                send(bytes.fromhex(args[0]))
            elif verb == "cork":
                corked = b""
            elif verb == "uncork":
                sock.sendall(corked)
                corked = None
            elif verb == "sleep":
                time.sleep(args[0])
            elif verb == "eof":
                while sock.recv(65536):
                    pass
            elif verb == "fin":
                sock.shutdown(socket.SHUT_WR)
            elif verb == "rst":
                reset(sock)
            else:
                raise ValueError(f"unknown step {verb}")
    except (OSError, ConnectionError) as e:
        return status, str(e)
    return status, None


def raw_report(port, status, note):
    # This peer has no WebSocket API: it is told nothing.
    emit({"report": {"port": port, "status": status, "api": None, "note": note}})


async def raw_client():
    announce("scripted client", "1")
    for script in OPTIONS.get("connections") or [SPEC["script"]]:
        sock = socket.socket(socket.AF_INET6 if ":" in SPEC["host"] else socket.AF_INET)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if OPTIONS.get("port"):
            sock.bind((SPEC["host"], OPTIONS["port"]))
        sock.settimeout(OPTIONS.get("timeout", 5))
        sock.connect((SPEC["host"], SPEC["port"]))
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        port = sock.getsockname()[1]
        status, note = raw_steps(sock, script, MASK)
        sock.close()
        raw_report(port, status, note)


def raw_serve(sock, peer):
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    sock.settimeout(OPTIONS.get("timeout", 5))
    request = b""
    while b"\r\n\r\n" not in request:
        request += sock.recv(65536)
    lines = request.decode().split("\r\n")
    key = next(line.split(":", 1)[1].strip().encode() for line in lines
               if line.lower().startswith("sec-websocket-key:"))
    _, note = raw_steps(sock, script_for(lines[0].split(" ")[1]), None, key)
    sock.close()
    raw_report(peer[1], None, note)


async def raw_server():
    lsock = socket.create_server((SPEC["host"], SPEC["port"]))
    listening("scripted server", "1")
    while True:
        threading.Thread(target=raw_serve, args=lsock.accept(), daemon=True).start()


# ---------------------------------------------------------------------------

ROLES = {
    "server": {"websockets": websockets_server, "aiohttp": aiohttp_server,
               "tornado": tornado_server, "autobahn": autobahn_server,
               "wsproto": wsproto_server, "raw": raw_server},
    "client": {"websockets": websockets_client, "aiohttp": aiohttp_client,
               "tornado": tornado_client, "autobahn": autobahn_client,
               "websocket-client": websocket_client_client, "wsproto": wsproto_client,
               "raw": raw_client},
}


async def main():
    await ROLES[SPEC["role"]][SPEC["impl"]]()


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    asyncio.run(main())
