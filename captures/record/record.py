#!/usr/bin/python3
# record.py - record the captures of real WebSocket peers again.
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Usage, as root:   captures/record/record.py             all of them
#                   captures/record/record.py NAME...     just these
#                   captures/record/record.py --list      what there is
#                   captures/record/record.py --readme    write captures/README.md anew
#
# Needs (nothing is installed by this script):
#   Debian: tshark iproute2 openssl gcc pkg-config libwebsockets-dev chromium haproxy nginx
#           nftables nodejs (20 or newer) npm python3-websockets python3-aiohttp python3-tornado
#           python3-autobahn python3-wsproto python3-websocket python3-h2
#   npm:    `npm ci --ignore-scripts` in this folder
#
# Each scenario of scenarios.py makes captures/NAME.pcapng and captures/NAME.truth.json: what the
# API of each endpoint reported. Everything runs in a network namespace of its own, so that the
# ports are always free and the capture holds nothing else; it is gone when the script ends.

import ctypes
import fcntl
import json
import os
import select
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
OUT = os.path.dirname(HERE)
PYTHON = "/usr/bin/python3"
CLONE_NEWNET = 0x40000000
TIMEOUT = 30
BEHIND = 8088    # of a server behind a proxy, where both legs are captured: HTTP, for Wireshark

sys.path.insert(0, HERE)
sys.dont_write_bytecode = True
import readme  # noqa: E402
import scenarios  # noqa: E402
import between  # noqa: E402
import derive  # noqa: E402
import generate  # noqa: E402
import link  # noqa: E402


class Failed(Exception):
    pass


def need_everything():
    missing = [f"{tool} (package {package})" for tool, package in (
        ("dumpcap", "tshark"), ("editcap", "tshark"), ("tshark", "tshark"), ("ip", "iproute2"),
        ("openssl", "openssl"), ("node", "nodejs"), ("gcc", "gcc"), ("pkg-config", "pkg-config"),
        ("haproxy", "haproxy"), ("nginx", "nginx"), ("nft", "nftables"),
        ("chromium", "chromium")) if not shutil.which(tool)]
    for module in ("websockets", "aiohttp", "tornado", "autobahn", "wsproto", "websocket", "h2"):
        if subprocess.run([PYTHON, "-c", f"import {module}"], stderr=subprocess.DEVNULL).returncode:
            missing.append(f"Python module {module} (package python3-{module})")
    if shutil.which("pkg-config") and subprocess.run(
            ["pkg-config", "--exists", "libwebsockets"]).returncode:
        missing.append("libwebsockets headers (package libwebsockets-dev)")
    for name in json.load(open(f"{HERE}/package.json"))["dependencies"]:
        if not os.path.isdir(f"{HERE}/node_modules/{name}"):
            missing.append(f"npm package {name} (run npm ci --ignore-scripts in captures/record)")
    if os.geteuid() != 0:
        missing.append("root rights (a network namespace and a capture need them)")
    if missing:
        sys.exit("record.py: missing:\n  " + "\n  ".join(missing))


def enter_namespace():
    """A network namespace for this process and its children; it ends with the last of them."""
    if ctypes.CDLL(None, use_errno=True).unshare(CLONE_NEWNET) != 0:
        raise Failed(f"unshare: {os.strerror(ctypes.get_errno())}")
    subprocess.run(["ip", "link", "set", "lo", "up", "mtu", "1500"], check=True)
    # Other protocols have no port of this range to their name in Wireshark.
    with open("/proc/sys/net/ipv4/ip_local_port_range", "w") as f:
        f.write(between.PORTS)
    # Segmentation offload would show segments that are larger than any real network has.
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        for command in (0x1F, 0x24, 0x2C):    # ETHTOOL_STSO, ETHTOOL_SGSO, ETHTOOL_SGRO: off
            value = ctypes.create_string_buffer(struct.pack("II", command, 0))
            try:
                fcntl.ioctl(sock, 0x8946, struct.pack("16sP", b"lo", ctypes.addressof(value)))
            except OSError:
                pass


class Peer:
    """A child process that writes JSON lines."""

    def __init__(self, role, spec, env, keylog, into=()):
        self.buffer = b""
        self.reports = []
        self.name = {}
        impl = spec["impl"]
        if impl == "lws":
            argv = [LWS, role, spec["host"], str(spec["port"])]
            if role == "server" and spec.get("transport"):
                argv.append(spec["transport"])
            if role == "client":
                argv.append(spec["path"])
                close = [s for s in spec["script"] if s[0] == "close"]
                if not close:
                    argv.append("wait")
                else:
                    argv += [str(a) for a in close[0][1:]]
        elif impl in ("ws", "undici", "faye", "websocket", "chromium"):
            argv = ["node"] + ([f"--tls-keylog={keylog}"] if keylog and impl != "chromium" else [])
            argv += [f"{HERE}/peer.js", json.dumps(spec)]
        else:
            script = "peer_h2.py" if spec.get("transport") else "peer.py"
            argv = [PYTHON, f"{HERE}/{script}", json.dumps(spec)]
        self.errors = tempfile.TemporaryFile("w+")
        self.process = subprocess.Popen([*into, *argv], stdout=subprocess.PIPE, stderr=self.errors,
                                        env=env, cwd=HERE)

    def read(self, deadline):
        """The next line as an object, or None at the end or at the deadline."""
        while b"\n" not in self.buffer:
            left = deadline - time.time()
            if left <= 0 or not select.select([self.process.stdout], [], [], left)[0]:
                return None
            more = os.read(self.process.stdout.fileno(), 65536)
            if not more:
                return None
            self.buffer += more
        line, self.buffer = self.buffer.split(b"\n", 1)
        obj = json.loads(line)
        if "implementation" in obj:
            self.name = {"implementation": obj["implementation"], "version": obj["version"]}
        if "log" in obj:
            print("    peer says:", obj["log"])
        return obj

    def report(self, deadline):
        while True:
            obj = self.read(deadline)
            if obj is None or "report" in obj:
                return obj and obj["report"]

    def report_of(self, told, path, deadline):
        """The report on the stream that the other side told of, or else on that path."""
        while True:
            for report in self.reports:
                if (report["path"] == path and told.get("stream") in (None, report["stream"])
                        and told["port"] in (None, report["port"])):
                    self.reports.remove(report)
                    return report
            report = self.report(deadline)
            if report is None:
                return None
            self.reports.append(report)

    def report_of_any(self, deadline):
        report = self.report(deadline)
        if report is not None:
            self.reports.append(report)
        return report is not None

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGCONT)
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(3)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.process.stdout.close()

    def last_words(self):
        self.errors.seek(0)
        return self.errors.read()[-1500:]


def fields(path, display_filter, *names, options=()):
    # Root needs no plugin here, and an unprivileged user may not read the temporary folder.
    argv = ["tshark", "-n", *options, "-r", path, "-Y", display_filter, "-T", "fields"]
    for name in names:
        argv += ["-e", name]
    out = subprocess.run(argv, capture_output=True, text=True, check=True).stdout
    return [line.split("\t") for line in out.splitlines()]


def wait_until_over(*ports):
    """Until no TCP connection of the namespace is in use any more."""
    either = " or ".join(f"sport = :{port} or dport = :{port}" for port in ports)
    deadline = time.time() + 8
    while time.time() < deadline:
        out = subprocess.run(["ss", "-Htan", "state", "connected", "exclude", "time-wait",
                              f"( {either} )"],
                             capture_output=True, text=True, check=True).stdout
        if not out.strip():
            return
        time.sleep(0.05)
    raise Failed("connections are still open:\n" + out)


def check_frames(scenario, result):
    found = len(fields(result, "websocket || tls" if scenario.get("keys_beside") else "websocket",
                       "frame.number"))
    if found == 0 and not scenario.get("no_websocket"):
        raise Failed("stock tshark shows no WebSocket frame")
    upgraded = {s for s, in fields(result, "http.response.code == 101", "tcp.stream")}
    shown = {s for s, in fields(result, "websocket", "tcp.stream")}
    if len(upgraded - shown) > scenario.get("without_frames", 0):
        raise Failed("stock tshark shows no WebSocket frame on a connection")


def check_streams(result, connections):
    """Stock tshark shows the request of each connection that is over HTTP/2."""
    shown = {(int(tcp), int(number))
             for tcp, numbers in fields(result, 'http2.header.value == "websocket"', "tcp.stream",
                                        "http2.streamid") for number in numbers.split(",")}
    for c in connections:
        if "http2_stream" in c and (c["tcp_stream"], c["http2_stream"]) not in shown:
            raise Failed(f"stock tshark shows no request for {c['path']} over HTTP/2")
    requests = fields(result, 'http2.header.value == "websocket"', "http2.header.value")
    if sum(row[0].split(",").count("websocket") for row in requests) != len(connections):
        raise Failed("a request over HTTP/2 is in no report")


def retried(server, connections, before):
    """The attempts that a client made on its own before the one that it reported."""
    while server.report_of_any(time.time() + 0.2):
        pass
    for at in range(len(connections) - 1, before - 1, -1):
        last = connections[at]
        for report in [r for r in server.reports if r["path"] == last["path"]]:
            server.reports.remove(report)
            first = {**last, "client": {**last["client"], "api": None}, "retried": True}
            del first["client_port"]
            connections.insert(at, {"client_port": report["port"], **first})
            at += 1
            last["http2_stream"] = report["stream"]


class Stage:
    """All that a scenario needs while it is recorded."""

    def __init__(self, scenario, folder):
        self.scenario = scenario
        self.folder = folder
        server = scenario["server"]
        self.proxied = dict(server.get("proxy") or {})
        self.legs = self.proxied.pop("legs", False)
        program = self.proxied.pop("program", "haproxy")
        front_tls = self.proxied.pop("tls", None)
        tls = server.get("tls") or front_tls
        self.over = server.get("transport")
        self.port = server.get("port") or (443 if tls else 8080)
        self.behind = self.port if not self.proxied and not self.legs else (
            BEHIND if self.legs else self.port + 1)
        # Whether the server tells of streams, as one does not that has HTTP/1.1, or is
        # libwebsockets.
        self.by_stream = (not server.get("proxy") and server["impl"] != "lws")
        self.host = server.get("host", "127.0.0.1")
        self.raw = f"{folder}/raw.pcap"
        self.keylog = f"{folder}/keys.log" if tls else None
        self.env = {k: v for k, v in os.environ.items() if k in ("PATH", "LANG", "HOME")}
        self.env["HOME"] = folder
        self.env["PYTHONDONTWRITEBYTECODE"] = "1"
        if tls:
            self.env["SSLKEYLOGFILE"] = self.keylog
            tls = {"version": tls, "key": f"{folder}/key.pem", "cert": f"{folder}/cert.pem"}
            subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                            "ec_paramgen_curve:prime256v1", "-nodes", "-days", "3650", "-subj",
                            "/CN=wsclose example", "-addext", "subjectAltName=IP:127.0.0.1",
                            "-keyout", tls["key"], "-out", tls["cert"]], check=True,
                           stderr=subprocess.DEVNULL)
        self.tls = tls
        self.server_tls = None if front_tls else tls
        self.calls = self.host
        self.lossy = self.router = self.proxy = self.server = None
        self.peers = []
        interface = "lo"
        if "link" in scenario:
            self.lossy = link.Link(scenario["link"]["rules"])
            interface = link.DEVICE[scenario["link"]["capture"]]
            self.host, self.calls = link.SERVER_LISTENS, link.CLIENT_CALLS
        if "router" in scenario:
            self.router = between.Router(port=self.port, **scenario["router"])
            interface = "any"
            self.host, self.calls = self.router.listens, self.router.calls
        ports = sorted({self.port, self.behind}) if self.legs else [self.port]
        # Plain pcap first: dumpcap would write the machine's processor and kernel into a pcapng.
        self.dumpcap = subprocess.Popen(
            ["dumpcap", "-q", "-P", "-i", interface, "-f",
             " or ".join(f"tcp port {port}" for port in ports), "-w", self.raw],
            stderr=subprocess.PIPE)
        self.common = {"host": self.host, "port": self.port, "tls": tls, "transport": self.over,
                       "scripts": {}}
        self.program = {"haproxy": between.Haproxy, "nginx": between.Nginx}[program]
        self.front_tls = front_tls

    def start(self):
        while True:
            line = self.dumpcap.stderr.readline()
            if line.startswith(b"File:"):
                break
            if not line:
                raise Failed("dumpcap did not start")
        server = self.scenario["server"]
        behind = {"transport": None, "port": self.behind} if server.get("proxy") else {}
        self.server = Peer("server", {**self.common, **server, "tls": self.server_tls,
                                      "role": "server", **behind}, self.env, self.keylog,
                           self.router.into(self.router.server) if self.router else ())
        self.peers.append(self.server)
        obj = self.server.read(time.time() + TIMEOUT)
        if not obj or "listening" not in obj:
            raise Failed("the server did not start")
        if server["impl"] == "lws":
            time.sleep(0.3)
        if server.get("proxy"):
            if self.front_tls:
                self.proxied["tls"] = self.tls
            self.proxy = self.program(self.folder, host=self.host, port=self.port,
                                      behind=self.behind, **self.proxied)

    def client(self, row, spec):
        client = Peer("client", {**self.common, **spec, "host": self.calls, "role": "client"},
                      self.env, self.keylog,
                      self.router.into(self.router.client) if self.router else ())
        self.peers.append(client)
        return client

    def stop(self):
        for peer in self.peers:
            peer.stop()
        self.dumpcap.send_signal(signal.SIGINT)
        self.dumpcap.wait(10)
        self.dumpcap.stderr.close()
        for helper in (self.lossy, self.router, self.proxy):
            if helper:
                helper.stop()


def proxy_name(stage):
    return f"{stage.proxy.name['implementation']} {stage.proxy.name['version']}"


def one_after_another(stage):
    """Each client when the one before it has ended; a list of connections, but for what only the
    capture tells."""
    scenario, server, over = stage.scenario, stage.server, stage.over
    connections = []
    for row in scenario["clients"]:
        path = row.get("path", "/")
        spec = {"script": [], "path": path, **row}
        client = stage.client(row, spec)
        before = len(connections)
        handshakes = [s for s in row.get("streams", [spec]) if "path" in s]
        while True:
            told = client.report(time.time() + TIMEOUT)
            if told is None:
                break
            part = handshakes[min(len(connections) - before, len(handshakes) - 1)]
            path = part["path"]
            # A refused upgrade never reaches the server's WebSocket API.
            status = told.get("status")
            refused = part.get("refused") or (status is not None and status != 101 and not (
                over and 200 <= status <= 299))
            if over and stage.by_stream:
                answer = server.report_of(told, path, time.time() + 6)
            else:
                answer = None if refused or row.get("server_silent") else server.report(
                    time.time() + 6)
            if answer is None and not refused and not row.get("server_silent"):
                raise Failed(f"the server's API reported nothing ({row['impl']}, {path})")
            connections.append({
                "client_port": told["port"] or (answer and answer["port"]),
                "client": {**client.name, "api": told["api"]},
                "server": {**server.name, "api": answer and answer["api"]},
                **({"proxy": proxy_name(stage)} if stage.proxy else {}),
                "path": path,
                "client_script": part["script"],
                "server_script": scenario["server"].get("scripts", {}).get(
                    path, [["echo"]]) if not refused else None,
            })
            for key in ("cause", "cause_or"):
                if part.get(key, scenario.get(key)):
                    connections[-1][key] = part.get(key, scenario.get(key))
            if over:
                connections[-1]["transport"] = over
                connections[-1]["http2_stream"] = told.get("stream") or answer["stream"]
            if refused and status is not None:
                connections[-1]["handshake_status"] = status
        if over and stage.by_stream:
            retried(server, connections, before)
        try:
            status = client.process.wait(5)
        except subprocess.TimeoutExpired:
            status = -1
        if status != 0 or len(connections) == before:
            raise Failed(f"client {row['impl']} failed ({path}, status {status}, "
                         f"{len(connections) - before} reports)")
    return connections


def act(stage, clients, what, which, how=None):
    """A step of a scenario's "actions": who is what, and a signal or what happens to it."""
    if what == "link":
        stage.lossy.cut = which == "cut"
    elif what == "proxy":
        stage.proxy.signal(which)
    elif what == "server":
        stage.server.process.send_signal(between.SIGNALS[which])
    else:
        clients[which].process.send_signal(between.SIGNALS[how])


def at_one_time(stage):
    """Every client "after" so many seconds, and the "actions" at theirs; each has a path of its
    own. Returns [(row, the client's report, its name)] and the server's reports by port."""
    scenario = stage.scenario
    rows = scenario["clients"]
    plan = sorted([(row.get("after", 0), 0, number) for number, row in enumerate(rows)]
                  + [(action[0], 1, action[1:]) for action in scenario.get("actions", ())],
                  key=lambda event: event[:2])
    began = time.time()
    clients = {}
    for at, kind, what in plan:
        time.sleep(max(0, began + at - time.time()))
        if kind == 0:
            row = rows[what]
            clients[row["path"]] = stage.client(row, {"script": [], **row})
        else:
            act(stage, clients, *what)
    reports = []
    for row in rows:
        client = clients[row["path"]]
        told = None
        if not row.get("client_silent"):
            told = client.report(time.time() + TIMEOUT)
            if told is None:
                raise Failed(f"client {row['impl']} reported nothing ({row['path']})")
        elif client.report(time.time() + 0.1):
            raise Failed(f"client {row['impl']} reported something ({row['path']})")
        reports.append((row, told, client.name))
    wanted = sum(not (row.get("server_silent") or row.get("refused")) for row in rows)
    deadline = time.time() + 8
    while len(stage.server.reports) < wanted:
        if not stage.server.report_of_any(deadline):
            raise Failed(f"the server's API reported {len(stage.server.reports)} of {wanted}")
    return reports


def requests_of(stage):
    """Each opening request of the capture: TCP stream, ports, path, key."""
    options = ["-o", f"tls.keylog_file:{stage.keylog}"] if stage.keylog else []
    return [(int(stream), int(source), int(port), path, key) for stream, source, port, path, key in
            fields(stage.raw, "http.request", "tcp.stream", "tcp.srcport", "tcp.dstport",
                   "http.request.uri", "http.sec_websocket_key", options=options)]


def from_capture(stage, reports):
    """The connections of at_one_time(), in the order of their TCP connections."""
    scenario, server = stage.scenario, stage.server
    connections = []
    requests = {}
    for request in requests_of(stage):
        requests.setdefault(request[0], request)    # not what TCP sent again
    for row, told, name in reports:
        of_path = [r for r in requests.values() if r[3] == row["path"]]
        legs = ["front", "back"] if stage.legs or stage.router else [None]
        if stage.legs and row.get("refused") == "by the proxy":
            legs = ["front"]
        if len(of_path) != len(legs) or len({r[4] for r in of_path}) != 1:
            raise Failed(f"{len(of_path)} requests for {row['path']} in the capture")
        of_path.sort(key=lambda r: (r[2] != stage.port, r[0]))
        silent = row.get("server_silent") or row.get("refused")
        answer = [r for r in server.reports if r["port"] == of_path[-1][1]]
        if len(answer) != (not silent):
            raise Failed(f"{len(answer)} reports of the server for {row['path']}")
        for leg, (stream, port, _, path, _) in zip(legs, of_path):
            ends = {"client": {**name, "api": told and told["api"]},
                    "server": {**server.name, "api": answer[0]["api"] if answer else None}}
            if stage.legs:
                ends["server" if leg == "front" else "client"] = {**stage.proxy.name, "api": None}
            one = {"client_port": port, **ends}
            if stage.proxy:
                one["proxy"] = proxy_name(stage)
            if leg:
                one["leg"] = leg
            for key in ("cause", "cause_or", "open"):
                value = row.get(key, scenario.get(key))
                value = value.get(leg) if isinstance(value, dict) else value
                if value:
                    one[key] = value
            one.update(path=path, client_script=row["script"], server_script=(
                None if row.get("refused") else scenario["server"].get("scripts", {}).get(
                    path, scenario["server"].get("scripts", {}).get("*", [["echo"]]))))
            if row.get("refused") and told and told.get("status"):
                one["handshake_status"] = told["status"]
            connections.append({**one, "tcp_stream": stream})
    return sorted(connections, key=lambda c: c["tcp_stream"])


def find_streams(stage, connections):
    """The TCP stream of each connection of one_after_another()."""
    starts = [int(p) for p, in fields(stage.raw, "tcp.flags.syn==1 && tcp.flags.ack==0",
                                      "tcp.srcport")]
    known = {c["client_port"] for c in connections}
    left = [p for p in starts if p not in known]
    nameless = [c for c in connections if not c["client_port"]]
    if len(left) != len(nameless):
        raise Failed("cannot tell the client's port")
    for c, port in zip(nameless, left):
        c["client_port"] = port
    taken = {}
    for c in connections:
        of_port = [i for i, p in enumerate(starts) if p == c["client_port"]]
        nth = taken[c["client_port"]] = taken.get(c["client_port"], -1) + 1
        c["tcp_stream"] = of_port[min(nth, len(of_port) - 1)]


def capture(scenario, folder):
    stage = Stage(scenario, folder)
    killed = any(action[1:3] == ("server", "kill") for action in scenario.get("actions", ()))
    unfinished = killed or stage.router or any(row.get("open") for row in scenario["clients"])
    together = scenario.get("together")
    try:
        stage.start()
        found = at_one_time(stage) if together else one_after_another(stage)
        ports = {stage.port, stage.behind}
        if unfinished:
            time.sleep(scenario.get("linger", 0.5))
        else:
            try:
                wait_until_over(*ports)
            except Failed as e:
                print(f"    {e}")
        if not any(row.get("open") for row in scenario["clients"]):
            stage.server.stop()
            if stage.server.process.returncode != 0 and not killed:
                raise Failed("the server failed")
        if not unfinished:
            wait_until_over(*ports)
        time.sleep(0.4)    # dumpcap writes what it holds in steps
        if unfinished:
            # What is cut short here must not be seen.
            stage.dumpcap.send_signal(signal.SIGINT)
            stage.dumpcap.wait(10)
    except Failed:
        for peer in stage.peers:
            if peer.last_words():
                print(f"    {peer.name.get('implementation')}:", peer.last_words())
        raise
    finally:
        stage.stop()

    raw, keylog, over = stage.raw, stage.keylog, stage.over
    connections = from_capture(stage, found) if together else found
    ends = {s for s, in fields(raw, "tcp.flags.fin==1 || tcp.flags.reset==1", "tcp.stream")}
    streams = {s for s, in fields(raw, "tcp", "tcp.stream")}
    still = {str(c["tcp_stream"]) for c in connections if c.get("open")}
    if streams - ends != still:
        raise Failed(f"not only {sorted(still)} are open at the end: {sorted(streams - ends)}")
    if not together:
        find_streams(stage, connections)

    result = f"{folder}/result.pcapng"
    argv = ["editcap", "-F", "pcapng"]
    if keylog:
        lines = sorted(set(open(keylog).read().splitlines()))
        lines = [line for line in lines if line and not line.startswith("#")]
        with open(keylog, "w") as f:
            f.write("\n".join(lines) + "\n")
        if not scenario.get("keys_beside"):
            argv += ["--inject-secrets", f"tls,{keylog}"]
    subprocess.run(argv + [raw, result], check=True)

    if over:
        check_streams(result, connections)
    else:
        check_frames(scenario, result)
    check = scenario.get("check")
    if check and len(fields(result, check[0], "frame.number")) != check[1]:
        raise Failed(f"expected {check[1]} packets with {check[0]}")
    return result, keylog, {"capture": scenario["name"] + ".pcapng", "connections": connections}


def record(scenario):
    name = scenario["name"]
    for attempt in range(1, 4):
        folder = tempfile.mkdtemp(prefix="wsclose-record-")
        try:
            enter_namespace()    # nothing is left there of the last one
            result, keylog, truth = capture(scenario, folder)
            shutil.move(result, f"{OUT}/{name}.pcapng")
            os.chmod(f"{OUT}/{name}.pcapng", 0o644)
            if scenario.get("keys_beside"):
                shutil.move(keylog, f"{OUT}/{name}.keys.log")
                os.chmod(f"{OUT}/{name}.keys.log", 0o644)
            with open(f"{OUT}/{name}.truth.json", "w") as f:
                json.dump(truth, f, indent=1, ensure_ascii=False)
                f.write("\n")
            size = os.path.getsize(f"{OUT}/{name}.pcapng")
            print(f"{name}: {len(truth['connections'])} connections, {size} octets")
            return True
        except Failed as e:
            print(f"{name}: attempt {attempt}: {e}")
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    return False


def main():
    names = sys.argv[1:]
    table = scenarios.SCENARIOS
    if names == ["--list"]:
        for s in table:
            print(f"{s['name']}: {s['shows']}")
        return 0
    if names == ["--readme"]:
        readme.write(OUT)
        return 0
    unknown = set(names) - {s["name"] for s in table}
    if unknown:
        sys.exit(f"record.py: no such scenario: {', '.join(sorted(unknown))}")
    need_everything()
    build = tempfile.mkdtemp(prefix="wsclose-record-")
    global LWS
    LWS = f"{build}/peer_lws"
    try:
        flags = subprocess.run(["pkg-config", "--cflags", "--libs", "libwebsockets"],
                               capture_output=True, text=True, check=True).stdout.split()
        subprocess.run(["gcc", "-o", LWS, f"{HERE}/peer_lws.c", *flags], check=True)
        failed = [s["name"] for s in table if (not names or s["name"] in names)
                  and not record(s)]
    finally:
        shutil.rmtree(build)
    if not names:
        generate.main(OUT)
        derive.main()
        readme.write(OUT)
    if failed:
        print("record.py: failed:", ", ".join(failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
