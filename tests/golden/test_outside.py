#!/usr/bin/env python3
#
# test_outside.py - TLS connections that nobody decrypts, told from outside where a user lists their server
#
# SPDX-License-Identifier: GPL-2.0-or-later
#
"""test_outside.py --plugin BUILD/plugin/wsclose.so

The shipped captures of TLS are read without their keys, and what is told of them with what is told where
the keys are there. A ClientHello with a server's name comes from Python's ssl.
"""

import json
import os
import ssl
import struct
import subprocess
import sys
import tempfile
import unittest

import golden

sys.path.insert(0, os.path.join(golden.ROOT, "captures", "record"))

import pcapng  # noqa: E402 (the folder above)

CAPTURES = ["h1-tls-closes", "h2-tls-closes", "nginx-tls", "tls-alert", "tls-alert-from-client",
            "tls12-1010-declined", "tls13-close-no-code"]
CAUSES = {"idle_timeout", "lifetime_limit", "flow_forgotten", "path_dead", "tls_alert", "shared_end",
          "transport_end"}

CLIENT, SERVER = 0, 1
ADDRESSES = (bytes((192, 0, 2, 1)), bytes((192, 0, 2, 80)))
PORTS = (50000, 8443)
FIN, SYN, ACK = 1, 2, 16


def client_hello(name):
    context = ssl.create_default_context()
    context.set_alpn_protocols(["http/1.1"])
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    connection = context.wrap_bio(incoming, outgoing, server_hostname=name)
    try:
        connection.do_handshake()
    except ssl.SSLWantReadError:
        pass
    return outgoing.read()


def record(length):
    """One that nobody decrypts."""
    return struct.pack(">BHH", 23, 0x0303, length) + bytes(length)


class Conversation:
    """Packets of one TCP connection."""

    def __init__(self):
        self.time, self.packets, self.next = 1_000_000, [], [1000, 5000]

    def send(self, side, payload=b"", flags=ACK, wait=0.001):
        self.time += int(wait * 1e6)
        tcp = struct.pack(">HHIIBBHHH", PORTS[side], PORTS[1 - side], self.next[side],
                          self.next[1 - side] if flags & ACK else 0, 0x50, flags, 65535, 0, 0)
        ip = struct.pack(">BBHHHBBH", 0x45, 0, 40 + len(payload), 0, 0, 64, 6, 0)
        self.packets.append((self.time, bytes(12) + b"\x08\0" + ip + ADDRESSES[side] +
                             ADDRESSES[1 - side] + tcp + payload))
        self.next[side] += len(payload) + bool(flags & (SYN | FIN))

    def open(self, name):
        self.send(CLIENT, flags=SYN)
        self.send(SERVER, flags=SYN | ACK)
        self.send(CLIENT, client_hello(name))
        server_hello = b"\x02" + struct.pack(">I", 4)[1:] + b"abcd"
        self.send(SERVER, struct.pack(">BHH", 22, 0x0303, len(server_hello)) + server_hello +
                  record(900))
        self.send(CLIENT, record(53) + record(300))
        self.send(SERVER, record(250))

    def end(self, first, wait):
        self.send(first, record(19), wait=wait)
        self.send(first, flags=FIN | ACK)
        self.send(1 - first, flags=FIN | ACK)


class Outside(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory(prefix="wsclose-outside-")
        self.addCleanup(self.folder.cleanup)
        golden.make_readable(self.folder.name)

    def written(self, packets):
        path = os.path.join(self.folder.name, "capture.pcapng")
        pcapng.write(path, packets)
        golden.make_readable(path)
        return path

    def without_keys(self, name):
        return self.written(pcapng.read(golden.capture_path(name)))

    def connections(self, name, servers=None):
        args = ["-o", f"wsclose.tls_servers:{servers}"] if servers else []
        lines = golden.tshark(name, "-q", "-z", "wsclose,json", *args)
        rows = [json.loads(line) for line in lines]
        return [row for row in rows if "wsclose.stream" in row]

    def made(self):
        conversation = Conversation()
        conversation.open("ws.example.com")
        conversation.end(SERVER, 60)
        return self.written(conversation.packets)

    def test_what_is_told(self):
        for name in CAPTURES:
            with self.subTest(name):
                read = self.connections(name)
                ports = {row["client.port"] for row in read if row["server.port"] == 443}
                told = [row for row in self.connections(self.without_keys(name), "443")
                        if row["server.port"] == 443]
                self.assertEqual({row["client.port"] for row in told}, ports)
                for row in told:
                    self.assertTrue(row["tls"])
                    self.assertTrue(row["ended"])
                    self.assertIn(row["wsclose.cause"], CAUSES)
                    self.assertTrue(row["wsclose.incomplete"])
                    self.assertFalse({key for key in row if key.endswith(".code")})
                    self.assertNotIn("wsclose.clean", row)
                    self.assertNotIn("path", row)
                    self.assertIn("TLS without keys", row["wsclose.verdict"])

    def test_idle_timeout_of_a_real_proxy(self):
        rows = self.connections(self.without_keys("nginx-tls"), "all")
        causes = {row["wsclose.cause"]: row for row in rows if "tls" in row}
        idle = causes["idle_timeout"]
        self.assertAlmostEqual(idle["wsclose.idle"], 12, delta=0.1)
        self.assertEqual(idle["wsclose.cause_by"], 3)
        self.assertFalse(idle["wsclose.cause_certain"])
        self.assertIn("12.0 s", idle["wsclose.description"])

    def test_nothing_unasked(self):
        for name in CAPTURES:
            rows = self.connections(self.without_keys(name))
            self.assertFalse([row for row in rows if row["server.port"] == 443])

    def test_keys_go_before_the_list(self):
        for name in CAPTURES:
            self.assertEqual(self.connections(name, "all"), self.connections(name))

    def test_who_is_listed(self):
        path = self.made()
        for servers, expected in (("all", 1), ("8443", 1), ("443", 0), ("192.0.2.80", 1),
                                  ("192.0.2.1", 0), ("192.0.2.0/24", 1), ("192.0.2.80:8443", 1),
                                  ("192.0.2.80:443", 0), ("ws.example.com", 1),
                                  ("*.example.com", 1), ("example.com", 0),
                                  ("www.example.org, ws.example.com", 1)):
            with self.subTest(servers):
                self.assertEqual(len(self.connections(path, servers)), expected)

    def test_client_hello(self):
        path = self.made()
        row, = self.connections(path, "all")
        self.assertEqual(row["tls.server_name"], "ws.example.com")
        self.assertEqual(row["tls.alpn"], "http/1.1")
        self.assertEqual(row["client.port"], PORTS[CLIENT])
        self.assertEqual(row["wsclose.cause"], "idle_timeout")
        self.assertIn("proxy_read_timeout", row["wsclose.seen_when"])
        self.assertIn("looks like an alert of TLS", row["wsclose.description"])
        fields = ["wsclose.event", "wsclose.tls", "wsclose.tls.server_name", "wsclose.tls.alpn",
                  "wsclose.client.code", "wsclose.clean", "wsclose.initiator"]
        event, = golden.field_rows(path, fields, "-o", "wsclose.tls_servers:all").values()
        self.assertEqual(event, {"wsclose.event": "3", "wsclose.tls": "1",
                                 "wsclose.tls.server_name": "ws.example.com",
                                 "wsclose.tls.alpn": "http/1.1", "wsclose.initiator": "0"})
        table = "\n".join(golden.tshark(path, "-q", "-z", "wsclose,conn", "-o",
                                        "wsclose.tls_servers:all", "-o",
                                        "wsclose.table_width:0"))
        self.assertIn("ws.example.com", table)
        self.assertIn("idle_timeout", table)

    def test_mistake_in_the_list(self):
        process = golden.Setup.tshark.popen(
            golden.Setup.home, ["-r", self.made(), "-q", "-z", "wsclose,json", "-o",
                                "wsclose.tls_servers:[2001:db8::1,8443"],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        with process:
            out, errors = process.communicate()
        self.assertIn("wsclose.tls_servers: '[2001:db8::1' is no address, port or name", errors)
        self.assertIn('"tls":true', out)


if __name__ == "__main__":
    golden.main()
