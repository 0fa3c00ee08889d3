# between.py - what stands between a client and a server: proxies, and a router that translates
# addresses.
# SPDX-License-Identifier: GPL-2.0-or-later

import os
import signal
import subprocess
import time

PORTS = "50000 56000"
SIGNALS = {"kill": signal.SIGKILL, "stop": signal.SIGTERM, "pause": signal.SIGSTOP,
           "go-on": signal.SIGCONT}


class Haproxy:
    """HTTP/2, or HTTP/1.1, by how a client begins."""

    CONFIG = """\
{globally}
defaults
    mode http
    timeout connect 2s
    timeout client {client}
    timeout server {server}
    {tunnel}
frontend front
    bind {host}:{port}
    default_backend back
backend back
    server peer {host}:{behind}
"""
    SIGNALS = {**SIGNALS, "reload": signal.SIGUSR2}
    VALUES = {"globally": "", "client": "20s", "server": "20s"}

    def __init__(self, folder, **values):
        path = f"{folder}/haproxy.cfg"
        values = {**self.VALUES, **values}
        values["tunnel"] = f"timeout tunnel {values['tunnel']}" if values.get("tunnel") else ""
        if values.get("more"):
            values["tunnel"] += "\n    " + values["more"]
        with open(path, "w") as f:
            f.write(self.CONFIG.format(**values))
        about = subprocess.run(["haproxy", "-v"], capture_output=True, text=True, check=True).stdout
        self.name = {"implementation": "HAProxy", "version": about.split()[2].split("-")[0]}
        # A master is what a reload needs.
        self.process = subprocess.Popen(["haproxy", "-W", "-db", "-q", "-f", path])
        time.sleep(0.5)

    def signal(self, name):
        self.process.send_signal(self.SIGNALS[name])

    def stop(self):
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(3)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


class Nginx(Haproxy):
    CONFIG = """\
daemon off;
user root;
worker_processes 1;
worker_shutdown_timeout 2s;
pid {folder}/nginx.pid;
error_log {folder}/nginx.log;
events {{ }}
http {{
    access_log off;
    server {{
        listen {host}:{port}{ssl};
        proxy_http_version 1.1;
        proxy_set_header Host $http_host;
        proxy_set_header Upgrade $http_upgrade;
        proxy_set_header Connection "upgrade";
        {lines}
        location / {{ proxy_pass http://{host}:{behind}; }}
        {locations}
    }}
}}
"""
    # What a location repeats, since its own proxy_set_header lines replace those of the server.
    AS_USUAL = ("proxy_set_header Host $http_host; proxy_set_header Upgrade $http_upgrade; "
                "proxy_set_header Connection \"upgrade\";")
    SIGNALS = {**SIGNALS, "reload": signal.SIGHUP}

    def __init__(self, folder, host, port, behind, lines=(), locations=None, tls=None):
        path = f"{folder}/nginx.conf"
        lines = list(lines)
        if tls:
            lines += [f"ssl_certificate {tls['cert']};", f"ssl_certificate_key {tls['key']};",
                      f"ssl_protocols {tls['version']};"]
        text = "\n        ".join(
            f"location {where} {{ {asked.replace('AS_USUAL;', self.AS_USUAL)} "
            f"proxy_pass http://{host}:{behind}; }}" for where, asked in (locations or {}).items())
        with open(path, "w") as f:
            f.write(self.CONFIG.format(folder=folder, host=host, port=port, behind=behind,
                                       ssl=" ssl" if tls else "", locations=text,
                                       lines="\n        ".join(lines)))
        about = subprocess.run(["nginx", "-v"], capture_output=True, text=True, check=True).stderr
        self.name = {"implementation": "nginx", "version": about.split("/")[1].split()[0]}
        self.process = subprocess.Popen(["nginx", "-p", folder, "-c", path,
                                         "-e", f"{folder}/nginx.log"])
        time.sleep(0.5)


def run(command):
    subprocess.run(["sh", "-ec", command], check=True)


class Router:
    """This namespace routes between two more: one of a container, with the addresses of a private
    network, and one outside. how: "masquerade" (the client is in the container) or "publish" (the
    server is: DNAT). With a bridge the container's packets pass two interfaces of this side."""

    INSIDE, OUTSIDE = "10.1.0.2", "10.2.0.2"
    GATEWAY, PUBLIC = "10.1.0.1", "10.2.0.1"

    def __init__(self, how, port, bridge=False, forget=None):
        self.holders = {}
        for name in ("inside", "outside"):
            holder = subprocess.Popen(["unshare", "-n", "sleep", "1000"])
            self.holders[name] = holder
            own = os.readlink("/proc/self/ns/net")
            while os.readlink(f"/proc/{holder.pid}/ns/net") == own:
                time.sleep(0.01)
        for name, address, gateway in (("inside", self.INSIDE, self.GATEWAY),
                                       ("outside", self.OUTSIDE, self.PUBLIC)):
            run(f"ip link add {name} type veth peer name wire netns {self.holders[name].pid}; "
                f"ip link set {name} up")
            device = name
            if bridge and name == "inside":
                run("ip link add bridge type bridge; ip link set bridge up; "
                    "ip link set inside master bridge")
                device = "bridge"
            run(f"ip addr add {gateway}/24 dev {device}")
            subprocess.run([*self.into(name), "sh", "-ec",
                            f"ip link set lo up; ip addr add {address}/24 dev wire; "
                            "ip link set wire up; echo " + PORTS +
                            " > /proc/sys/net/ipv4/ip_local_port_range; "
                            f"ip route add default via {gateway}"], check=True)
        run("echo 1 > /proc/sys/net/ipv4/ip_forward")
        rule = (f"oifname outside masquerade" if how == "masquerade"
                else f"iifname outside tcp dport {port} dnat to {self.INSIDE}:{port}")
        hook = "postrouting priority 100" if how == "masquerade" else "prerouting priority -100"
        run("nft add table ip t; nft add chain ip t c '{ type nat hook " + hook + "; }'; "
            f"nft add rule ip t c {rule}")
        if forget:
            # A flow that was idle for so long is forgotten, and what then comes of it is refused.
            run("echo 0 > /proc/sys/net/netfilter/nf_conntrack_tcp_loose; "
                f"echo {forget} > /proc/sys/net/netfilter/nf_conntrack_tcp_timeout_established; "
                "nft add chain ip t f '{ type filter hook forward priority 0; }'; "
                "nft add rule ip t f ct state invalid reject with tcp reset")
        self.client, self.server = (("inside", "outside") if how == "masquerade"
                                    else ("outside", "inside"))
        self.listens = self.OUTSIDE if how == "masquerade" else self.INSIDE
        self.calls = self.OUTSIDE if how == "masquerade" else self.PUBLIC
        time.sleep(0.3)

    def into(self, name):
        return ["nsenter", "-t", str(self.holders[name].pid), "-n"]

    def stop(self):
        for holder in self.holders.values():
            holder.kill()
            holder.wait()
