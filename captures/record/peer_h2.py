#!/usr/bin/python3
# peer_h2.py - WebSocket over HTTP/2 (RFC 8441) in Python, driven by a JSON script.
# SPDX-License-Identifier: GPL-2.0-or-later
#
# HTTP/2 is h2's, the frames and the negotiation of extensions are wsproto's.
# Usage: peer_h2.py SPEC, as peer.py, for a specification with "transport"; see scenarios.py.
#
# Options of either side: padding N (octets in each DATA frame), cut N (at most N octets of data
# in a DATA frame), cut_headers N (the same for header blocks: HEADERS and CONTINUATION frames).

import asyncio
import base64
import os
import signal

import h2.config
import h2.connection
import h2.errors
import h2.events
import h2.exceptions
import h2.settings
import wsproto
from hyperframe.frame import GoAwayFrame
from wsproto import events
from wsproto.connection import Connection, ConnectionType
from wsproto.frame_protocol import CloseReason
from wsproto.handshake import client_extensions_handshake, server_extensions_handshake

import peer
from peer import OPTIONS, SPEC, api, emit

NAME = "wsproto (Python h2)"
CONNECT_PROTOCOL = h2.settings.SettingCodes.ENABLE_CONNECT_PROTOCOL


class Over(Exception):
    """The WebSocket connection came to an end while a script wanted a message."""


class Ends:
    """The steps of a script that end something, as peer.run_script() asks a transport for them."""

    def __init__(self, stream):
        self.stream = stream

    def close(self):
        self.stream.end()

    def get_extra_info(self, _):
        return None

    def abort(self, code=h2.errors.ErrorCodes.CANCEL):
        self.stream.session.conn.reset_stream(self.stream.id, code)
        self.stream.session.flush()
        self.stream.over.set()

    def tcp_close(self):
        self.stream.session.writer.close()

    def tcp_abort(self):
        session = self.stream.session
        if session.closed:
            return
        session.closed = True
        peer.reset(session.writer.get_extra_info("socket"))
        session.writer.transport.abort()
        for stream in session.streams.values():
            stream.over.set()

    def goaway(self, code=0, last=None):
        # h2's own call would end the connection at once, and its open streams with it.
        conn = self.stream.session.conn
        self.stream.session.writer.write(GoAwayFrame(
            0, conn.highest_inbound_stream_id if last is None else last, code).serialize())


class Stream:
    """A stream that has become a WebSocket connection, or may still become one."""

    def __init__(self, session, number, path):
        self.session = session
        self.id = number
        self.path = path
        self.inbox = asyncio.Queue()
        self.over = asyncio.Event()
        self.response = asyncio.get_running_loop().create_future()
        self.ws = None
        self.waiting = b""
        self.ending = False
        self.ended = False
        self.told = api()
        self.answered = False
        self.partial = None

    # ------------------------------------------------------------- sending

    def send(self, data):
        self.waiting += data
        self.flush()

    def end(self):
        self.ending = True
        self.flush()

    def flush(self):
        """Send what the windows allow."""
        try:
            self.send_waiting()
        except h2.exceptions.ProtocolError:
            self.waiting = b""    # the other side has reset the stream, and it was not told yet
        self.session.flush()

    def send_waiting(self):
        conn = self.session.conn
        padding = OPTIONS.get("padding")
        extra = 0 if padding is None else padding + 1
        while self.waiting:
            room = min(conn.local_flow_control_window(self.id), conn.max_outbound_frame_size)
            size = min(room - extra, OPTIONS.get("cut") or room)
            if size <= 0:
                return
            conn.send_data(self.id, self.waiting[:size], pad_length=padding)
            self.waiting = self.waiting[size:]
        if self.ending and not self.ended:
            self.ended = True
            conn.end_stream(self.id)

    # ----------------------------------------------------------- WebSocket

    def open(self, extensions):
        kind = ConnectionType.CLIENT if self.session.client else ConnectionType.SERVER
        self.ws = Connection(kind, extensions)

    def close_seen(self, event):
        if not self.answered:
            self.answered = True
            self.told.update(code=int(event.code), reason=event.reason)

    def data(self, data):
        """Octets of the stream, or None for its end."""
        if self.over.is_set() or self.ws is None:
            return
        self.ws.receive_data(data)
        for event in self.ws.events():
            if isinstance(event, events.CloseConnection):
                self.close_seen(event)
                if self.ws.state.name == "REMOTE_CLOSING":
                    self.send(self.ws.send(event.response()))
            elif isinstance(event, events.Message):
                self.partial = (event.data if self.partial is None
                                else self.partial + event.data)
                if event.message_finished:
                    self.inbox.put_nowait(self.partial)
                    self.partial = None
        if self.ws.state.name == "CLOSED":
            if not self.session.closed:
                self.end()
            self.over.set()

    def lost(self, exception):
        if not self.response.done():
            self.response.set_exception(exception)
        if self.ws and not self.over.is_set():
            self.told["exception"] = f"{type(exception).__name__}: {exception}"
        self.over.set()

    async def run(self, script):
        """Take the steps, then wait for the end: what the API reported."""
        async def send(m):
            kind = events.TextMessage if isinstance(m, str) else events.BytesMessage
            self.send(self.ws.send(kind(data=m)))

        async def recv():
            getter = asyncio.ensure_future(self.inbox.get())
            over = asyncio.ensure_future(self.over.wait())
            await asyncio.wait((getter, over), return_when=asyncio.FIRST_COMPLETED)
            over.cancel()
            if getter.done():
                return getter.result()
            getter.cancel()
            raise Over

        async def close(code=CloseReason.NO_STATUS_RCVD, reason=None):
            self.send(self.ws.send(events.CloseConnection(code=code, reason=reason)))

        try:
            await peer.run_script(script, send, recv, close, lambda: Ends(self))
            await asyncio.wait_for(self.over.wait(), 5)
        except Over:
            pass
        except Exception as e:
            self.told["exception"] = f"{type(e).__name__}: {e}"
        return self.told


class Session:
    """One TCP connection."""

    def __init__(self, reader, writer, client):
        self.reader = reader
        self.writer = writer
        self.client = client
        self.port = writer.get_extra_info("sockname" if client else "peername")[1]
        self.conn = h2.connection.H2Connection(h2.config.H2Configuration(
            client_side=client, header_encoding="utf-8"))
        self.streams = {}
        self.ready = asyncio.Event()
        self.closed = False
        self.tasks = []
        if not client:
            self.conn.local_settings = h2.settings.Settings(
                client=False, initial_values={CONNECT_PROTOCOL: 1})

    def flush(self):
        data = self.conn.data_to_send()
        if data and not self.writer.is_closing():
            self.writer.write(data)

    def send_headers(self, number, headers, end_stream=False):
        """HEADERS, cut into CONTINUATION frames where wanted."""
        normal = self.conn.max_outbound_frame_size
        cut = OPTIONS.get("cut_headers", normal)
        self.conn.max_outbound_frame_size = max(cut, 10)
        if number in self.conn.streams:
            self.conn.streams[number].max_outbound_frame_size = cut
        self.conn.send_headers(number, headers, end_stream=end_stream)
        self.conn.max_outbound_frame_size = normal
        self.conn.streams[number].max_outbound_frame_size = normal
        self.flush()

    async def read(self):
        try:
            while True:
                data = await self.reader.read(65536)
                if not data:
                    break
                for event in self.conn.receive_data(data):
                    self.event(event)
                self.flush()
            end = None
        except (OSError, h2.exceptions.H2Error) as e:
            end = e
            if not isinstance(e, OSError):
                emit({"log": repr(e)})
        self.closed = True
        for stream in list(self.streams.values()):
            if end is None:
                stream.data(None)
            stream.lost(end or ConnectionError("end of TCP"))
        self.writer.close()

    def event(self, event):
        stream = self.streams.get(getattr(event, "stream_id", None))
        if isinstance(event, h2.events.RequestReceived):
            self.request(event)
        elif isinstance(event, h2.events.ResponseReceived):
            if stream:
                stream.response.set_result(dict(event.headers))
        elif isinstance(event, h2.events.DataReceived):
            self.conn.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
            if stream:
                stream.data(event.data)
        elif isinstance(event, h2.events.StreamEnded):
            if stream:
                stream.data(None)
        elif isinstance(event, h2.events.StreamReset):
            if stream:
                stream.lost(ConnectionResetError(
                    "StreamReset, " + getattr(event.error_code, "name", str(event.error_code))))
        elif isinstance(event, h2.events.RemoteSettingsChanged):
            if self.conn.remote_settings.enable_connect_protocol:
                self.ready.set()
        elif isinstance(event, h2.events.ConnectionTerminated):
            emit({"log": f"GOAWAY, {event.error_code!r}, last stream {event.last_stream_id}"})
        if isinstance(event, (h2.events.WindowUpdated, h2.events.RemoteSettingsChanged)):
            for other in self.streams.values():
                if other.waiting:
                    other.flush()

    # -------------------------------------------------------------- server

    def request(self, event):
        headers = dict(event.headers)
        number = event.stream_id
        path = headers[":path"]
        if headers.get(":protocol") != "websocket":
            self.ordinary(number, path)
            return
        refusal = OPTIONS.get("refuse", {}).get(path)
        if refusal:
            emit({"report": {"port": self.port, "stream": number, "path": path, "api": None}})
            if refusal == "reset":
                self.conn.reset_stream(number, h2.errors.ErrorCodes.REFUSED_STREAM)
            else:
                self.send_headers(number, [(":status", refusal.split(" ")[0]),
                                           ("content-type", "text/plain")])
                self.conn.send_data(number, b"refused\n", end_stream=True)
            self.flush()
            return
        stream = self.streams[number] = Stream(self, number, path)
        supported = peer.wsproto_extensions(OPTIONS)
        answer = [(":status", "200")]
        accepted = server_extensions_handshake(
            [v for n, v in event.headers if n == "sec-websocket-extensions"], supported)
        answer += OPTIONS.get("headers", {}).items()
        if accepted:
            answer.append(("sec-websocket-extensions", accepted.decode()))
        stream.open([e for e in supported if e.enabled()])
        self.send_headers(number, answer)
        self.tasks.append(asyncio.ensure_future(self.serve(stream)))

    async def serve(self, stream):
        told = await stream.run(peer.script_for(stream.path))
        emit({"report": {"port": self.port, "stream": stream.id, "path": stream.path,
                         "api": told}})

    def ordinary(self, number, path):
        self.send_headers(number, [(":status", "200"), ("content-type", "text/html")])
        self.conn.send_data(number, b"<!doctype html><title>wsclose</title>" + path.encode()
                            + b"\n", end_stream=True)
        self.flush()

    # -------------------------------------------------------------- client

    async def open(self, row):
        """Open a WebSocket: a task that gives the report."""
        wanted = row.get("options") or {}
        supported = peer.wsproto_extensions(wanted)
        headers = [(":method", "CONNECT"), (":protocol", "websocket"),
                   (":scheme", "https" if SPEC.get("tls") else "http"), (":path", row["path"]),
                   (":authority", f"{SPEC['host']}:{SPEC['port']}"),
                   ("sec-websocket-version", "13"), *wanted.get("headers", {}).items()]
        headers += [("sec-websocket-extensions", peer.wsproto_offer(e)) for e in supported]
        number = self.conn.get_next_available_stream_id()
        stream = self.streams[number] = Stream(self, number, row["path"])
        self.send_headers(number, headers)
        status = None
        try:
            answer = await stream.response
            status = int(answer[":status"])
            if not 200 <= status <= 299:
                stream.end()
                raise ConnectionError(f"ResponseReceived, :status {status}")
            response = answer.get("sec-websocket-extensions")
            stream.open(client_extensions_handshake(
                response.split(",") if response else [], supported))
        except Exception as e:
            return self.refused(number, status, e)
        return asyncio.ensure_future(self.use(stream, status, row["script"]))

    def refused(self, number, status, exception):
        done = asyncio.get_running_loop().create_future()
        done.set_result({"port": self.port, "stream": number, "status": status,
                         "api": api(exception=exception)})
        return done

    async def use(self, stream, status, script):
        told = await stream.run(script)
        return {"port": self.port, "stream": stream.id, "status": status, "api": told}

    async def get(self, row):
        number = self.conn.get_next_available_stream_id()
        stream = self.streams[number] = Stream(self, number, row["ordinary"])
        body = b"x" * row.get("body", 0)
        self.send_headers(number, [
            (":method", "POST" if body else "GET"), (":path", row["ordinary"]),
            (":scheme", "https" if SPEC.get("tls") else "http"),
            (":authority", f"{SPEC['host']}:{SPEC['port']}")], end_stream=not body)
        if body:
            stream.send(body)
            stream.end()
        await stream.response


async def upgrade_client(session):
    """Cleartext HTTP/2 after Upgrade: h2c (RFC 7540 section 3.2)."""
    settings = session.conn.initiate_upgrade_connection()
    session.writer.write("\r\n".join([
        "GET / HTTP/1.1", f"Host: {SPEC['host']}:{SPEC['port']}",
        "Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c",
        "HTTP2-Settings: " + settings.decode(), "", ""]).encode())
    head = await session.reader.readuntil(b"\r\n\r\n")
    if not head.startswith(b"HTTP/1.1 101"):
        raise ConnectionError(head.decode())


async def upgrade_server(session, head):
    lines = head.decode().split("\r\n")
    settings = next(line.split(":", 1)[1].strip() for line in lines
                    if line.lower().startswith("http2-settings:"))
    session.writer.write(b"HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\n"
                         b"Upgrade: h2c\r\n\r\n")
    session.conn.initiate_upgrade_connection(settings)
    session.ordinary(1, lines[0].split(" ")[1])


async def client():
    peer.announce(NAME, wsproto.__version__)
    context = peer.tls_context(False)
    if context:
        context.set_alpn_protocols(["h2"])
    session = Session(*await asyncio.open_connection(SPEC["host"], SPEC["port"], ssl=context), True)
    if OPTIONS.get("upgrade"):
        await upgrade_client(session)
    else:
        session.conn.initiate_connection()
    session.flush()
    reading = asyncio.ensure_future(session.read())
    await asyncio.wait_for(session.ready.wait(), 5)
    running = []
    for row in SPEC["streams"]:
        if "ordinary" in row:
            await session.get(row)
            continue
        running.append(await session.open(row))
        if not OPTIONS.get("together"):
            await running[-1]
    for task in running:
        emit({"report": await task})
    await asyncio.sleep(0.1)
    if not session.closed:
        session.conn.close_connection()
        session.flush()
        session.writer.close()
    await asyncio.wait_for(reading, 5)


async def server():
    context = peer.tls_context(True)
    if context:
        context.set_alpn_protocols(["h2"])

    async def connected(reader, writer):
        session = Session(reader, writer, False)
        if OPTIONS.get("upgrade"):
            await upgrade_server(session, await reader.readuntil(b"\r\n\r\n"))
        else:
            session.conn.initiate_connection()
        session.flush()
        await session.read()

    await asyncio.start_server(connected, SPEC["host"], SPEC["port"], ssl=context)
    peer.listening(NAME, wsproto.__version__)
    await peer.forever()


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    asyncio.run({"client": client, "server": server}[SPEC["role"]]())
