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
#   Debian: tshark iproute2 openssl gcc pkg-config libwebsockets-dev chromium haproxy nodejs
#           (20 or newer) npm python3-websockets python3-aiohttp python3-tornado python3-autobahn
#           python3-wsproto python3-websocket python3-h2
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

sys.path.insert(0, HERE)
sys.dont_write_bytecode = True
import readme  # noqa: E402
import scenarios  # noqa: E402
import derive  # noqa: E402
import generate  # noqa: E402
import link  # noqa: E402


class Failed(Exception):
    pass


def need_everything():
    missing = [f"{tool} (package {package})" for tool, package in (
        ("dumpcap", "tshark"), ("editcap", "tshark"), ("tshark", "tshark"), ("ip", "iproute2"),
        ("openssl", "openssl"), ("node", "nodejs"), ("gcc", "gcc"), ("pkg-config", "pkg-config"),
        ("haproxy", "haproxy"), ("chromium", "chromium")) if not shutil.which(tool)]
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
        f.write("50000 56000")
    # Segmentation offload would show segments that are larger than any real network has.
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        for command in (0x1F, 0x24, 0x2C):    # ETHTOOL_STSO, ETHTOOL_SGSO, ETHTOOL_SGRO: off
            value = ctypes.create_string_buffer(struct.pack("II", command, 0))
            try:
                fcntl.ioctl(sock, 0x8946, struct.pack("16sP", b"lo", ctypes.addressof(value)))
            except OSError:
                pass


class Proxy:
    """HAProxy in front of the server: HTTP/2, or HTTP/1.1, by how a client begins."""

    CONFIG = """\
defaults
    mode http
    timeout connect 2s
    timeout client 20s
    timeout server 20s
    timeout tunnel {tunnel}
frontend front
    bind {host}:{port}
    default_backend back
backend back
    server peer {host}:{behind}
"""

    def __init__(self, folder, **values):
        path = f"{folder}/haproxy.cfg"
        with open(path, "w") as f:
            f.write(self.CONFIG.format(**values))
        about = subprocess.run(["haproxy", "-v"], capture_output=True, text=True, check=True).stdout
        self.name = "HAProxy " + about.split()[2].split("-")[0]
        self.process = subprocess.Popen(["haproxy", "-db", "-q", "-f", path])
        time.sleep(0.5)

    def stop(self):
        self.process.kill()
        self.process.wait()


class Peer:
    """A child process that writes JSON lines."""

    def __init__(self, role, spec, env, keylog):
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
        self.process = subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=self.errors, env=env,
                                        cwd=HERE)

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


def fields(path, display_filter, *names):
    # Root needs no plugin here, and an unprivileged user may not read the temporary folder.
    argv = ["tshark", "-n", "-r", path, "-Y", display_filter, "-T", "fields"]
    for name in names:
        argv += ["-e", name]
    out = subprocess.run(argv, capture_output=True, text=True, check=True).stdout
    return [line.split("\t") for line in out.splitlines()]


def wait_until_over(port):
    """Until no TCP connection of the namespace is in use any more."""
    deadline = time.time() + 8
    while time.time() < deadline:
        out = subprocess.run(["ss", "-Htan", "state", "connected", "exclude", "time-wait",
                              f"( sport = :{port} or dport = :{port} )"],
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


def capture(scenario, folder):
    tls = scenario["server"].get("tls")
    over = scenario["server"].get("transport")
    port = scenario["server"].get("port") or (443 if tls else 8080)
    host = scenario["server"].get("host", "127.0.0.1")
    raw = f"{folder}/raw.pcap"
    keylog = f"{folder}/keys.log" if tls else None
    env = {k: v for k, v in os.environ.items() if k in ("PATH", "LANG", "HOME")}
    env["HOME"] = folder
    env["PYTHONDONTWRITEBYTECODE"] = "1"
    if keylog:
        env["SSLKEYLOGFILE"] = keylog
        tls = {"version": tls, "key": f"{folder}/key.pem", "cert": f"{folder}/cert.pem"}
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                        "ec_paramgen_curve:prime256v1", "-nodes", "-days", "3650", "-subj",
                        "/CN=wsclose example", "-addext", "subjectAltName=IP:127.0.0.1",
                        "-keyout", tls["key"], "-out", tls["cert"]], check=True,
                       stderr=subprocess.DEVNULL)

    lossy = proxy = None
    proxied = scenario["server"].get("proxy")
    # Whether the server tells of streams, as one does not that has HTTP/1.1, or is libwebsockets.
    by_stream = not proxied and scenario["server"]["impl"] != "lws"
    interface = "lo"
    if "link" in scenario:
        lossy = link.Link(scenario["link"]["rules"])
        interface = link.DEVICE[scenario["link"]["capture"]]
        host = link.SERVER_LISTENS
    # Plain pcap first: dumpcap would write the machine's processor and kernel into a pcapng.
    dumpcap = subprocess.Popen(["dumpcap", "-q", "-P", "-i", interface, "-f", f"tcp port {port}",
                                "-w", raw], stderr=subprocess.PIPE)
    peers = []
    try:
        while True:
            line = dumpcap.stderr.readline()
            if line.startswith(b"File:"):
                break
            if not line:
                raise Failed("dumpcap did not start")

        common = {"host": host, "port": port, "tls": tls, "transport": over, "scripts": {}}
        behind = {"transport": None, "port": port + 1} if proxied else {}
        server = Peer("server", {**common, **scenario["server"], "tls": tls, "role": "server",
                                 **behind}, env, keylog)
        peers.append(server)
        deadline = time.time() + TIMEOUT
        obj = server.read(deadline)
        if not obj or "listening" not in obj:
            raise Failed("the server did not start")
        if server.process.args[0] == LWS:
            time.sleep(0.3)

        if proxied:
            proxy = Proxy(folder, host=host, port=port, behind=port + 1, **proxied)
        connections = []
        for row in scenario["clients"]:
            path = row.get("path", "/")
            spec = {"script": [], "path": path, **row}
            if lossy:
                spec["host"] = link.CLIENT_CALLS
            client = Peer("client", {**common, **spec, "role": "client"}, env, keylog)
            peers.append(client)
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
                if over and by_stream:
                    answer = server.report_of(told, path, time.time() + 6)
                else:
                    answer = None if refused else server.report(time.time() + 6)
                if answer is None and not refused and not row.get("server_silent"):
                    raise Failed(f"the server's API reported nothing ({row['impl']}, {path})")
                connections.append({
                    "client_port": told["port"] or (answer and answer["port"]),
                    "client": {**client.name, "api": told["api"]},
                    "server": {**server.name, "api": answer and answer["api"]},
                    **({"proxy": proxy.name} if proxied else {}),
                    "path": path,
                    "client_script": part["script"],
                    "server_script": scenario["server"].get("scripts", {}).get(
                        path, [["echo"]]) if not refused else None,
                })
                if over:
                    connections[-1]["transport"] = over
                    connections[-1]["http2_stream"] = told.get("stream") or answer["stream"]
                if refused and status is not None:
                    connections[-1]["handshake_status"] = status
            if over and by_stream:
                retried(server, connections, before)
            try:
                status = client.process.wait(5)
            except subprocess.TimeoutExpired:
                status = -1
            if status != 0 or len(connections) == before:
                raise Failed(f"client {row['impl']} failed ({path}, status {status}, "
                             f"{len(connections) - before} reports)")
        try:
            wait_until_over(port)
        except Failed as e:
            print(f"    {e}")
        server.stop()
        if server.process.returncode != 0:
            raise Failed("the server failed")
        wait_until_over(port)
        time.sleep(0.4)    # dumpcap writes what it holds in steps
    except Failed:
        for peer in peers:
            if peer.last_words():
                print(f"    {peer.name.get('implementation')}:", peer.last_words())
        raise
    finally:
        for peer in peers:
            peer.stop()
        dumpcap.send_signal(signal.SIGINT)
        dumpcap.wait(10)
        dumpcap.stderr.close()
        for helper in (lossy, proxy):
            if helper:
                helper.stop()

    starts = [int(p) for p, in fields(raw, "tcp.flags.syn==1 && tcp.flags.ack==0", "tcp.srcport")]
    ends = {s for s, in fields(raw, "tcp.flags.fin==1 || tcp.flags.reset==1", "tcp.stream")}
    streams = {s for s, in fields(raw, "tcp", "tcp.stream")}
    if streams - ends:
        raise Failed("a connection's end is not in the capture")
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
        enter_namespace()
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
