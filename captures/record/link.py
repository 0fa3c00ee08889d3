# link.py - a network link between two addresses of this machine that drops, repeats and holds
# back chosen TCP segments.
# SPDX-License-Identifier: GPL-2.0-or-later

import collections
import fcntl
import os
import select
import struct
import subprocess
import threading
import time

TUNSETIFF = 0x400454CA
IFF_TUN = 1
IFF_NO_PI = 0x1000

# The client is 10.0.0.1 and calls the server 10.0.1.2; the server is 10.0.1.1 and sees the client
# as 10.0.0.2. With these four the checksums stay right when the link rewrites the addresses.
SERVER_LISTENS = "10.0.1.1"
CLIENT_CALLS = "10.0.1.2"
REWRITE = {
    bytes([10, 0, 0, 1, 10, 0, 1, 2]): bytes([10, 0, 0, 2, 10, 0, 1, 1]),
    bytes([10, 0, 1, 1, 10, 0, 0, 2]): bytes([10, 0, 1, 2, 10, 0, 0, 1]),
}
DEVICE = {"client": "wsclient", "server": "wsserver"}


def tun(name, address, route):
    fd = os.open("/dev/net/tun", os.O_RDWR)
    fcntl.ioctl(fd, TUNSETIFF, struct.pack("16sH22x", name.encode(), IFF_TUN | IFF_NO_PI))
    for argv in (["addr", "add", address, "dev", name], ["link", "set", name, "up", "mtu", "1500"],
                 ["route", "add", route, "dev", name]):
        subprocess.run(["ip", *argv], check=True)
    return fd


class Link:
    """Rules: [sender, n, what]: the sender's nth segment with data (from 1) is dropped, sent
    twice ("repeat"), held back until its next segment with data has passed ("hold"), or on its
    way for a while ("slow"). While the link is cut, it drops whatever comes."""

    cut = False

    def __init__(self, rules):
        self.rules = {(sender, n): what for sender, n, what in rules}
        self.count = {"client": 0, "server": 0}
        self.held = {}
        self.due = {}
        self.waiting = collections.defaultdict(list)
        self.fds = {"client": tun(DEVICE["client"], "10.0.0.1/32", "10.0.1.2/32"),
                    "server": tun(DEVICE["server"], "10.0.1.1/32", "10.0.0.2/32")}
        self.stop_read, self.stop_write = os.pipe()
        self.thread = threading.Thread(target=self.run)
        self.thread.start()

    def forward(self, sender, packet):
        receiver = "server" if sender == "client" else "client"
        addresses = REWRITE.get(packet[12:20])
        if addresses is None or packet[0] != 0x45 or packet[9] != 6 or self.cut:
            return
        out = packet[:12] + addresses + packet[20:]
        if len(packet) == 20 + (packet[32] >> 4) * 4:
            self.deliver(receiver, out)
            return
        self.count[sender] += 1
        what = self.rules.get((sender, self.count[sender]))
        if what == "drop":
            return
        if what == "hold":
            self.held[sender] = out
            return
        if what == "slow":
            # Nothing of this sender overtakes it.
            self.due[receiver] = time.monotonic() + 0.03
        self.deliver(receiver, out)
        if what == "repeat":
            self.deliver(receiver, out)
        if sender in self.held:
            self.deliver(receiver, self.held.pop(sender))

    def deliver(self, receiver, packet):
        if receiver in self.due:
            self.waiting[receiver].append(packet)
        else:
            os.write(self.fds[receiver], packet)

    def deliver_what_is_due(self):
        now = time.monotonic()
        for receiver in [r for r, due in self.due.items() if due <= now]:
            del self.due[receiver]
            for packet in self.waiting.pop(receiver, []):
                os.write(self.fds[receiver], packet)

    def run(self):
        while True:
            left = min(self.due.values(), default=None)
            ready = select.select([self.stop_read, *self.fds.values()], [], [],
                                  left and max(0, left - time.monotonic()))[0]
            self.deliver_what_is_due()
            if self.stop_read in ready:
                return
            for sender, fd in self.fds.items():
                if fd in ready:
                    self.forward(sender, os.read(fd, 65536))

    def stop(self):
        os.write(self.stop_write, b"x")
        self.thread.join()
        for fd in (self.stop_read, self.stop_write, *self.fds.values()):
            os.close(fd)
