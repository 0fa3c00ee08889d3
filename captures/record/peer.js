// peer.js - WebSocket clients and servers on Node.js, driven by a JSON script.
// SPDX-License-Identifier: GPL-2.0-or-later
//
// Usage: node peer.js SPEC, where SPEC is one JSON object (see scenarios.py).
// Writes JSON lines to stdout: {"listening": true}, {"report": {...}}, {"log": "..."}.
'use strict';

const http = require('http');
const https = require('https');
const fs = require('fs');

const spec = JSON.parse(process.argv[2]);
const options = spec.options || {};

function emit(object) {
    process.stdout.write(JSON.stringify(object) + '\n');
}

function sleep(seconds) {
    return new Promise((resolve) => setTimeout(resolve, seconds * 1000));
}

// Both sides of a crossing Close spin to the same instant: timers are too coarse for it.
function spinUntil(epochSeconds) {
    while (Date.now() + (performance.now() % 1) < epochSeconds * 1000);
}

function version(name) {
    return require(name + '/package.json').version;
}

function api(code, reason, wasClean, exception) {
    return {
        code: code === undefined ? null : code,
        reason: reason === undefined ? null : reason,
        wasClean: wasClean === undefined ? null : wasClean,
        exception: exception || null,
    };
}

// Messages that arrived and that the script has not asked for yet.
class Inbox {
    constructor() {
        this.messages = [];
        this.waiting = [];
    }

    put(message) {
        const next = this.waiting.shift();
        if (next) next(message);
        else this.messages.push(message);
    }

    take() {
        if (this.messages.length) return Promise.resolve(this.messages.shift());
        return new Promise((resolve) => this.waiting.push(resolve));
    }
}

// conn: { send, close, socket, inbox, ended }
async function runScript(script, conn) {
    for (const [verb, ...args] of script) {
        if (conn.ended()) return;
        switch (verb) {
        case 'send': conn.send(args[0]); break;
        case 'binary': conn.send(Buffer.alloc(args[0], 'wsclose ')); break;
        case 'parts':
            // One message, a frame for each.
            args.forEach((part, i) => conn.parts(part, i === args.length - 1));
            break;
        case 'every':
            for (let i = 0; i < args[1] && !conn.ended(); i += 1) {
                await sleep(args[0]);
                conn.send('news');
            }
            break;
        case 'write': conn.socket().write(args[0]); break;    // no frame: straight into the socket
        case 'recv': await conn.inbox.take(); break;
        case 'echo': {
            const over = args.length ? sleep(args[0]) : new Promise(() => {});
            for (;;) {
                const message = await Promise.race([conn.inbox.take(), over]);
                if (message === undefined) break;
                conn.send(message);
            }
            break;
        }
        case 'sleep': await sleep(args[0]); break;
        case 'crossing': {
            const t = Number(await conn.inbox.take());
            spinUntil(t);
            break;
        }
        case 'announce': {
            const t = Date.now() / 1000 + 0.2;
            conn.send(String(t));
            await sleep(0.1);
            spinUntil(t);
            break;
        }
        case 'close': conn.close(...args); break;
        case 'cork': conn.socket().cork(); break;
        case 'uncork': conn.socket().uncork(); break;
        case 'fin': conn.socket().end(); break;
        case 'rst': {
            const socket = conn.socket();
            (socket._parent || socket).resetAndDestroy(...args);    // TLS has no reset of its own
            break;
        }
        case 'tcp-fin': conn.socket().tcpEnd(); break;
        case 'tcp-rst': conn.socket().tcpReset(); break;
        case 'goaway': conn.socket().goaway(...args); break;
        case 'terminate': conn.terminate(); break;
        case 'block': spinUntil(Date.now() / 1000 + args[0]); break;
        default: throw new Error('unknown step ' + verb);
        }
    }
}

function scriptFor(url) {
    return spec.scripts[url] || spec.scripts['*'] || [['echo']];
}

// What the documentation of ws recommends: whoever has not answered the last Ping is terminated.
function heartbeat(ws, seconds) {
    let alive = true;
    ws.on('pong', () => { alive = true; });
    const timer = setInterval(() => {
        if (!alive) {
            clearInterval(timer);
            ws.terminate();
            return;
        }
        alive = false;
        ws.ping();
    }, seconds * 1000);
    ws.on('close', () => clearInterval(timer));
}

// ---------------------------------------------------------------- servers

function httpServer() {
    const answer = (req, res) => {
        res.setHeader('Content-Type', 'text/html');
        res.end('<!doctype html><title>wsclose</title>' + req.url + '\n');
    };
    if (!spec.tls) return http.createServer(answer);
    return https.createServer({
        key: fs.readFileSync(spec.tls.key),
        cert: fs.readFileSync(spec.tls.cert),
        minVersion: spec.tls.version,
        maxVersion: spec.tls.version,
    }, answer);
}

// Tells what the events report, or resolves with it if it shall be told later.
function reportEvents(target, extra, later) {
    // Error event first, close event last: one report holds both.
    const tell = (report) => { if (!later) emit({ report }); };
    let exception = null;
    let done = false;
    target.addEventListener('error', (e) => {
        exception = e.message || (e.error && String(e.error.message || e.error)) || 'error event';
        if (e.error && e.error.code) exception += ' (' + e.error.code + ')';
        // undici can fire "error" and never "close".
        setTimeout(() => {
            if (!done) {
                done = true;
                tell({ ...extra(), api: api(undefined, undefined, undefined,
                    exception + ' (no close event followed)') });
            }
        }, 3000).unref();
    });
    return new Promise((resolve) => target.addEventListener('close', (e) => {
        if (done) return;
        done = true;
        const report = { ...extra(), api: api(e.code, e.reason, e.wasClean, exception) };
        tell(report);
        resolve(report);
    }));
}

function serveWs() {
    const { WebSocketServer } = require('ws');
    const server = httpServer();
    const serve = (ws, req) => {
        if (options.heartbeat) heartbeat(ws, options.heartbeat);
        const { socket } = req;
        const inbox = new Inbox();
        let ended = false;
        const port = socket.remotePort;
        reportEvents(ws, () => ({ port })).then(() => { ended = true; });
        ws.on('message', (data, isBinary) => inbox.put(isBinary ? data : data.toString()));
        runScript(scriptFor(req.url), {
            send: (m) => ws.send(m), close: (...a) => ws.close(...a),
            parts: (m, fin) => ws.send(m, { fin }),
            terminate: () => ws.terminate(), socket: () => socket, inbox, ended: () => ended,
        }).catch((e) => emit({ log: String(e) }));
    };
    // Several servers on one HTTP server: each answers every upgrade, with 400 if it is not its own.
    for (const path of options.paths || []) {
        new WebSocketServer({ server, path, closeTimeout: 2000 }).on('connection', serve);
    }
    const wss = new WebSocketServer({
        noServer: true,
        perMessageDeflate: options.deflate || false,
        maxPayload: options.maxPayload || 100 * 1024 * 1024,
        closeTimeout: 2000,
    });
    wss.on('headers', (headers) => headers.push(...(options.headers || [])));
    if (!options.paths) server.on('upgrade', (req, socket, head) => {
        const refusal = (options.refuse || {})[req.url];
        if (refusal) socket.on('error', () => {});
        if (refusal === 'reset') {
            (socket._parent || socket).resetAndDestroy();
            return;
        }
        if (refusal) {
            socket.end('HTTP/1.1 ' + refusal + '\r\nConnection: close\r\n'
                + 'Content-Type: text/plain\r\nContent-Length: 8\r\n\r\nrefused\n');
            return;
        }
        if (options.corkGreeting) {
            socket.cork();
            setImmediate(() => socket.uncork());
        }
        wss.handleUpgrade(req, socket, head, (ws) => serve(ws, req));
    });
    server.listen(spec.port, spec.host, () => emit({
        listening: true, implementation: 'ws (Node.js)', version: version('ws') }));
}

function serveFaye() {
    const Faye = require('faye-websocket');
    const server = httpServer();
    server.on('upgrade', (req, socket, head) => {
        const ws = new Faye(req, socket, head);
        const inbox = new Inbox();
        let ended = false;
        const port = socket.remotePort;
        reportEvents(ws, () => ({ port })).then(() => { ended = true; });
        ws.on('message', (e) => inbox.put(e.data));
        runScript(scriptFor(req.url), {
            send: (m) => ws.send(m), close: (...a) => ws.close(...a),
            socket: () => socket, inbox, ended: () => ended,
        }).catch((e) => emit({ log: String(e) }));
    });
    server.listen(spec.port, spec.host, () => emit({
        listening: true, implementation: 'faye-websocket (Node.js)',
        version: version('faye-websocket') }));
}

function serveWebsocketNode() {
    const { server: Server } = require('websocket');
    const server = httpServer();
    const wss = new Server({ httpServer: server, closeTimeout: 2000 });
    wss.on('request', (request) => {
        const conn = request.accept(null, request.origin);
        const inbox = new Inbox();
        let ended = false;
        let exception = null;
        const port = request.socket.remotePort;
        conn.on('error', (e) => { exception = e.message; });
        conn.on('close', (code, description) => {
            ended = true;
            emit({ report: { port, api: api(code, description, undefined, exception) } });
        });
        conn.on('message', (m) => inbox.put(m.utf8Data !== undefined ? m.utf8Data : m.binaryData));
        runScript(scriptFor(request.resource), {
            send: (m) => conn.send(m), close: (...a) => conn.close(...a),
            socket: () => request.socket, inbox, ended: () => ended,
        }).catch((e) => emit({ log: String(e) }));
    });
    server.listen(spec.port, spec.host, () => emit({
        listening: true, implementation: 'websocket (Node.js)', version: version('websocket') }));
}

// ---------------------------------------------------------------- clients

function urlFor(path) {
    const host = spec.host.includes(':') ? '[' + spec.host + ']' : spec.host;
    const standard = spec.tls ? 443 : 80;
    return (spec.tls ? 'wss://' : 'ws://') + host
        + (spec.port === standard ? '' : ':' + spec.port) + path;
}

async function clientWs() {
    const { WebSocket } = require('ws');
    emit({ implementation: 'ws (Node.js)', version: version('ws') });
    // One agent with one socket: what comes after an answer goes over the same TCP connection.
    const agent = options.keepAlive
        ? new http.Agent({ keepAlive: true, maxSockets: 1 }) : undefined;
    for (const path of options.gets || []) {
        await new Promise((resolve, reject) => http.get(
            { host: spec.host, port: spec.port, path, agent },
            (res) => res.resume().on('end', () => setTimeout(resolve, 20))).on('error', reject));
    }
    const attempts = options.attempts || [{}];
    for (const attempt of attempts) {
        const ws = new WebSocket(urlFor(spec.path), options.subprotocols || [], {
            perMessageDeflate: options.deflate || false,
            headers: { ...options.headers, ...attempt.headers },
            rejectUnauthorized: false,
            closeTimeout: 2000,
            maxPayload: options.maxPayload || 100 * 1024 * 1024,
            agent,
        });
        if (options.heartbeat) ws.on('open', () => heartbeat(ws, options.heartbeat));
        const inbox = new Inbox();
        let ended = false;
        let status = null;
        let port = null;
        let socket = null;
        ws.on('upgrade', (res) => { status = res.statusCode; });
        ws.on('open', () => { socket = ws._socket; port = socket.localPort; });
        ws.on('message', (data, isBinary) => inbox.put(isBinary ? data : data.toString()));
        let closed;
        if (options.keepAlive) {
            // ws drops the connection after a refusal unless the caller takes the response.
            closed = new Promise((resolve) => {
                ws.on('unexpected-response', (req, res) => {
                    port = req.socket.localPort;
                    emit({ report: { port, status: res.statusCode, api: api(undefined, undefined,
                        undefined, 'unexpected-response event: ' + res.statusCode) } });
                    res.resume().on('end', () => setTimeout(resolve, 20));
                });
                reportEvents(ws, () => ({ port, status })).then(resolve);
            });
        } else {
            closed = reportEvents(ws, () => ({ port, status }));
        }
        closed.then(() => { ended = true; });
        ws.on('open', () => runScript(spec.script, {
            send: (m) => ws.send(m), close: (...a) => ws.close(...a),
            parts: (m, fin) => ws.send(m, { fin }),
            terminate: () => ws.terminate(), socket: () => socket, inbox, ended: () => ended,
        }).catch((e) => emit({ log: String(e) })));
        await closed;
    }
    if (agent) agent.destroy();
}

async function clientEventTarget(ws, extra) {
    const inbox = new Inbox();
    let ended = false;
    const closed = reportEvents(ws, extra).then(() => { ended = true; });
    ws.addEventListener('message', (e) => inbox.put(e.data));
    ws.addEventListener('open', () => runScript(spec.script, {
        send: (m) => ws.send(m), close: (...a) => ws.close(...a),
        socket: () => { throw new Error('no socket in this API'); },
        inbox, ended: () => ended,
    }).catch((e) => emit({ log: String(e) })));
    await Promise.race([closed, sleep(options.timeout || 8)]);
}

function clientUndici() {
    const { WebSocket, Agent } = require('undici');
    emit({ implementation: 'undici (Node.js)', version: version('undici') });
    const dispatcher = new Agent({ connect: { rejectUnauthorized: false } });
    const ws = new WebSocket(urlFor(spec.path), {
        dispatcher, protocols: options.subprotocols || [] });
    return clientEventTarget(ws, () => ({ port: null }));
}

function clientFaye() {
    const Faye = require('faye-websocket');
    emit({ implementation: 'faye-websocket (Node.js)', version: version('faye-websocket') });
    return clientEventTarget(new Faye.Client(urlFor(spec.path)), () => ({ port: null }));
}

function clientWebsocketNode() {
    const { w3cwebsocket } = require('websocket');
    emit({ implementation: 'websocket (Node.js)', version: version('websocket') });
    return clientEventTarget(new w3cwebsocket(urlFor(spec.path)), () => ({ port: null }));
}

async function clientChromium() {
    const { chromium } = require('playwright-core');
    const browser = await chromium.launch({
        executablePath: '/usr/bin/chromium',
        headless: true,
        args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
            '--disable-background-networking', '--disable-component-update', '--disable-sync',
            '--ignore-certificate-errors', '--disable-features=LocalNetworkAccessChecks'],
    });
    emit({ implementation: 'Chromium', version: browser.version() });
    const page = await browser.newPage();
    if (spec.transport) {
        // The page's own connection; its WebSockets over HTTP/2 take the same one.
        await page.goto(urlFor('/').replace('wss:', 'https:'));
    }
    const run = (path, steps) => page.evaluate(async ([url, script, subprotocols]) => {
        const ws = new WebSocket(url, subprotocols);
        const messages = [];
        const waiting = [];
        let errors = 0;
        ws.addEventListener('message', (e) => {
            if (waiting.length) waiting.shift()(e.data);
            else messages.push(e.data);
        });
        ws.addEventListener('error', () => { errors += 1; });
        const closed = new Promise((resolve) => ws.addEventListener('close', (e) => resolve({
            code: e.code, reason: e.reason, wasClean: e.wasClean,
            exception: errors ? 'error event' : null })));
        const take = () => (messages.length ? Promise.resolve(messages.shift())
            : new Promise((resolve) => waiting.push(resolve)));
        ws.addEventListener('open', async () => {
            for (const [verb, ...args] of script) {
                if (verb === 'send') ws.send(args[0]);
                else if (verb === 'recv') await take();
                else if (verb === 'sleep') await new Promise((r) => setTimeout(r, args[0] * 1000));
                else if (verb === 'close') ws.close(...args);
                else if (verb === 'crossing') {
                    const t = Number(await take());
                    while (performance.timeOrigin + performance.now() < t * 1000);
                } else if (verb === 'tab') window.location.hash = 'ready';
                else throw new Error('unknown step ' + verb);
            }
        });
        return closed;
    }, [urlFor(path), steps, options.subprotocols || []]);
    const told = [];
    for (const row of spec.streams || [spec]) {
        if (row.ordinary) {
            await page.evaluate((path) => fetch(path).then((r) => r.text()), row.ordinary);
            continue;
        }
        const running = run(row.path, row.script);
        if (row.script.some(([verb]) => verb === 'tab')) {
            // The page is gone with its tab, and nobody is left to be told anything.
            running.catch(() => {});
            await page.waitForURL('**#ready', { waitUntil: 'commit' });
            await page.close();
            told.push(null);
            await sleep(0.3);
        } else {
            told.push(options.together ? running : await running);
            if (options.together) await sleep(0.1);
        }
    }
    for (const report of told) emit({ report: { port: null, api: await report } });
    await browser.close();
}

const roles = {
    server: { ws: serveWs, faye: serveFaye, websocket: serveWebsocketNode },
    client: { ws: clientWs, undici: clientUndici, faye: clientFaye,
        websocket: clientWebsocketNode, chromium: clientChromium },
};
if (spec.transport) {
    const over = require('./peer_h2.js')({
        spec, emit, api, sleep, Inbox, runScript, scriptFor, reportEvents });
    for (const role of Object.keys(over)) Object.assign(roles[role], over[role]);
}
process.on('SIGTERM', () => process.exit(0));
Promise.resolve(roles[spec.role][spec.impl]()).then(() => {
    if (spec.role === 'client') process.exit(0);
}).catch((e) => {
    emit({ log: String(e.stack || e) });
    process.exit(1);
});
