// peer_h2.js - WebSocket over HTTP/2 (RFC 8441) on Node.js, driven by a JSON script.
// SPDX-License-Identifier: GPL-2.0-or-later
//
// HTTP/2 is Node.js's own http2 module, the frames and the negotiation of extensions are ws's.
// peer.js runs what is here for a specification with "transport"; see scenarios.py.
'use strict';

const fs = require('fs');
const http2 = require('http2');
const net = require('net');
const tls = require('tls');

const { WebSocket, PerMessageDeflate, extension } = require('ws');
const { NGHTTP2_CANCEL, NGHTTP2_REFUSED_STREAM } = http2.constants;
const DEFLATE = PerMessageDeflate.extensionName;
const CODES = Object.fromEntries(Object.entries(http2.constants).filter(
    ([name]) => /^NGHTTP2_[A-Z0-9_]+$/.test(name) && !name.includes('_ERR_')
        && !name.includes('FLAG') && !name.includes('SETTINGS')).map(([name, n]) => [n, name]));

module.exports = ({ spec, emit, api, sleep, Inbox, runScript, scriptFor, reportEvents }) => {
    const options = spec.options || {};

    function webSocket(isServer) {
        // What WebSocketServer passes on; the class takes a stream only as a server's.
        const ws = new WebSocket(null, undefined, { closeTimeout: 2000, autoPong: true });
        ws._isServer = isServer;
        return ws;
    }

    // What the steps of a script that end something do, on a stream and on its TCP connection.
    function ends(stream, socket) {
        return {
            cork: () => stream.cork(),
            uncork: () => stream.uncork(),
            end: () => stream.end(),
            resetAndDestroy: (code) => stream.close(code === undefined ? NGHTTP2_CANCEL : code),
            tcpEnd: () => socket.end(),
            tcpReset: () => socket.resetAndDestroy(),
            goaway: (...args) => stream.session.goaway(...args),
        };
    }

    function drive(ws, stream, socket, script, settings) {
        const inbox = new Inbox();
        let ended = false;
        ws.on('close', () => { ended = true; });
        ws.on('message', (data, isBinary) => inbox.put(isBinary ? data : data.toString()));
        ws.setSocket(stream, Buffer.alloc(0), { maxPayload: 100 * 1024 * 1024, ...settings });
        const actions = ends(stream, socket);
        return runScript(script, {
            send: (m) => ws.send(m), close: (...a) => ws.close(...a),
            terminate: () => ws.terminate(), socket: () => actions, inbox, ended: () => ended,
        }).catch((e) => emit({ log: String(e) }));
    }

    function accept(stream, headers, port, socket) {
        const path = headers[':path'];
        const refusal = (options.refuse || {})[path];
        if (refusal) {
            emit({ report: { port, stream: stream.id, path, api: null } });
            stream.on('error', () => {});
            if (refusal === 'reset') {
                stream.close(NGHTTP2_REFUSED_STREAM);
            } else {
                stream.respond({ ':status': parseInt(refusal, 10), 'content-type': 'text/plain' });
                stream.end('refused\n');
            }
            return;
        }
        const answer = { ':status': 200, ...options.headers };
        const ws = webSocket(true);
        const offer = headers['sec-websocket-extensions'];
        if (options.deflate && offer !== undefined) {
            const offers = extension.parse(offer);
            if (offers[DEFLATE]) {
                const deflate = new PerMessageDeflate({ ...options.deflate, isServer: true });
                deflate.accept(offers[DEFLATE]);
                ws._extensions[DEFLATE] = deflate;
                answer['sec-websocket-extensions'] = extension.format(
                    { [DEFLATE]: [deflate.params] });
            }
        }
        stream.respond(answer);
        reportEvents(ws, () => ({ port, stream: stream.id, path }));
        drive(ws, stream, socket, scriptFor(path), {});
    }

    function serve() {
        const settings = { enableConnectProtocol: true };
        const server = spec.tls ? http2.createSecureServer({
            key: fs.readFileSync(spec.tls.key), cert: fs.readFileSync(spec.tls.cert),
            minVersion: spec.tls.version, maxVersion: spec.tls.version, settings,
        }) : http2.createServer({ settings });
        let socket = null;
        server.prependListener('connection', (s) => { socket = s; });
        server.on('session', (session) => {
            session.on('error', (e) => emit({ log: 'session: ' + e.message }));
            session.wscloseSocket = socket;
            session.wsclosePort = session.socket.remotePort;
        });
        server.on('stream', (stream, headers) => {
            if (headers[':method'] === 'CONNECT' && headers[':protocol'] === 'websocket') {
                accept(stream, headers, stream.session.wsclosePort, stream.session.wscloseSocket);
                return;
            }
            stream.on('error', () => {});
            stream.resume();
            stream.respond({ ':status': 200, 'content-type': 'text/html' });
            stream.end('<!doctype html><title>wsclose</title>' + headers[':path'] + '\n');
        });
        server.listen(spec.port, spec.host, () => emit({
            listening: true, implementation: 'ws (Node.js http2)', version: wsVersion() }));
    }

    function wsVersion() {
        return require('ws/package.json').version;
    }

    // Opens one WebSocket: { ended } once it is open or refused; "ended" gives the report.
    function open(session, socket, row) {
        const wanted = row.options || {};
        const headers = {
            ':method': 'CONNECT', ':protocol': 'websocket', ':path': row.path,
            ':scheme': spec.tls ? 'https' : 'http', 'sec-websocket-version': '13',
            ...wanted.headers,
        };
        const deflate = wanted.deflate
            ? new PerMessageDeflate({ ...wanted.deflate, isServer: false }) : null;
        if (deflate) {
            headers['sec-websocket-extensions'] = extension.format({ [DEFLATE]: deflate.offer() });
        }
        const stream = session.request(headers, { endStream: false });
        const port = socket.localPort;
        let status = null;
        return new Promise((opened) => {
            const refused = (text) => {
                const told = { port, stream: stream.id, status,
                    api: api(undefined, undefined, undefined, text) };
                opened({ ended: Promise.resolve(told) });
            };
            const failed = (e) => refused('error event: ' + e.message);
            const closed = () => refused('close event: ' + CODES[stream.rstCode]);
            stream.on('error', failed);
            stream.on('close', closed);
            stream.once('response', (answer) => {
                stream.off('close', closed);
                status = answer[':status'];
                if (status < 200 || status > 299) {
                    stream.resume();
                    refused('response event: ' + status);
                    stream.end();
                    return;
                }
                stream.off('error', failed);
                const ws = webSocket(false);
                const response = answer['sec-websocket-extensions'];
                if (response !== undefined) {
                    deflate.accept(extension.parse(response)[DEFLATE]);
                    ws._extensions[DEFLATE] = deflate;
                }
                const ended = reportEvents(ws, () => ({ port, stream: stream.id, status }), true);
                drive(ws, stream, socket, row.script, {});
                opened({ ended });
            });
        });
    }

    function ordinary(session, row) {
        return new Promise((resolve) => {
            const body = row.body ? 'x'.repeat(row.body) : null;
            const stream = session.request({ ':path': row.ordinary,
                ':method': body ? 'POST' : 'GET' }, { endStream: !body });
            stream.on('error', resolve).on('close', resolve).resume();
            if (body) stream.end(body);
        });
    }

    async function connect() {
        emit({ implementation: 'ws (Node.js http2)', version: wsVersion() });
        const socket = net.connect({ host: spec.host, port: spec.port, noDelay: true });
        const session = http2.connect((spec.tls ? 'https://' : 'http://') + spec.host + ':'
            + spec.port, {
            createConnection: () => (spec.tls
                ? tls.connect({ socket, ALPNProtocols: ['h2'], rejectUnauthorized: false })
                : socket),
        });
        const over = new Promise((resolve) => session.on('close', resolve));
        session.on('error', (e) => emit({ log: 'session: ' + e.message }));
        await new Promise((resolve) => session.once('remoteSettings', resolve));
        const all = [];
        for (const row of spec.streams) {
            if (row.ordinary) {
                await ordinary(session, row);
                continue;
            }
            const { ended } = await open(session, socket, row);
            if (options.together) all.push(ended);
            else emit({ report: await ended });
        }
        for (const ended of all) emit({ report: await ended });
        await sleep(0.1);
        if (!session.destroyed) session.close();
        await Promise.race([over, sleep(2)]);
    }

    return { server: { ws: serve }, client: { ws: connect } };
};
