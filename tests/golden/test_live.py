#!/usr/bin/env python3
#
# test_live.py - a live capture tells of each connection as it ends
#
# SPDX-License-Identifier: GPL-2.0-or-later
#
"""test_live.py --plugin BUILD/plugin/wsclose.so

A real server and a real client (Python's websockets) talk on loopback while tshark captures there.
tshark runs as an ordinary user who may capture; root, or sudo, gives that right.
"""

import json
import os
import re
import select
import shlex
import signal
import socket
import subprocess
import sys
import time
import unittest

import golden

DEADLINE = 30

# Ports that the HTTP dissector has to its name.
PORTS = (8080, 8088, 3128, 3132, 5985, 2869, 11371)

SERVER = """
import asyncio, sys, websockets

async def handler(socket, *_):
    async for message in socket:
        if message == "bye":
            await socket.close(4001, "asked for")

async def main():
    async with websockets.serve(handler, "127.0.0.1", int(sys.argv[1])):
        print("ready", flush=True)
        await asyncio.Future()

asyncio.run(main())
"""

CLIENT = """
import asyncio, sys, websockets

async def main():
    async with websockets.connect("ws://127.0.0.1:" + sys.argv[1] + sys.argv[3]) as socket:
        if sys.argv[2] == "bye":
            await socket.send("bye")
            await socket.wait_closed()
        else:
            await socket.close(int(sys.argv[2]))

asyncio.run(main())
"""


def free_port():
    for port in PORTS:
        with socket.socket() as probe:
            # As the server does: connections that have ended keep no port from it.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
                return port
            except OSError:
                continue
    raise AssertionError(f"none of the ports {PORTS} is free")


def capturing(command, env):
    """A command run as an ordinary user with the right to capture."""
    user = golden.Setup.tshark.user()
    uid, gid = (user["user"], user["group"]) if user else (os.getuid(), os.getgid())
    rights = "+net_raw,+net_admin"
    return [*([] if user else ["sudo", "-n"]), "setpriv", f"--reuid={uid}", f"--regid={gid}",
            "--clear-groups", f"--inh-caps={rights}", f"--ambient-caps={rights}", "env", "-i",
            *(f"{key}={value}" for key, value in env.items()), *command]


class Live(unittest.TestCase):
    def setUp(self):
        self.port = free_port()
        self.server = subprocess.Popen([sys.executable, "-c", SERVER, str(self.port)], text=True,
                                       stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        self.addCleanup(self.stop, self.server)
        self.assertEqual(self.server.stdout.readline(), "ready\n")
        self.directory = golden.tempfile.mkdtemp(prefix="wsclose-live-")
        self.addCleanup(golden.shutil.rmtree, self.directory)
        os.chmod(self.directory, 0o777)

    @staticmethod
    def stop(process, sign=signal.SIGTERM):
        if process.poll() is None:
            process.send_signal(sign)
        process.wait()
        for stream in (process.stdout, process.stderr):
            if stream:
                stream.close()

    def tshark(self, *args):
        env = golden.Setup.tshark.environment(golden.Setup.home)
        process = subprocess.Popen(
            capturing([golden.Setup.tshark.program, "-i", "lo", "-f", f"tcp port {self.port}",
                       *args], env), cwd=self.directory, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.addCleanup(self.stop, process)
        self.wait_for(process.stderr, b"Capturing on", process)
        return process

    def warm_up(self, is_captured):
        """tshark says that it captures a moment before it does: connect until one is seen."""
        deadline = time.time() + DEADLINE
        while True:
            self.connect(3999, "/warm-up")
            until = time.time() + 3
            while time.time() < until:
                if is_captured():
                    return
                time.sleep(0.1)
            self.assertLess(time.time(), deadline, "nothing is captured")

    @staticmethod
    def read(stream, seconds):
        ready, _, _ = select.select([stream], [], [], seconds)
        return os.read(stream.fileno(), 1 << 16) if ready else b""

    def wait_for(self, stream, wanted, process):
        said = b""
        deadline = time.time() + DEADLINE
        while wanted not in said:
            if time.time() > deadline or (process.poll() is not None and
                                          not select.select([stream], [], [], 0)[0]):
                errors = self.read(process.stderr, 0) if stream is not process.stderr else b""
                self.fail(f"{wanted} is not said: {said} {errors}")
            said += self.read(stream, 0.2)
        return said

    def interrupt(self, process):
        """What it still says when the user stops it."""
        process.send_signal(signal.SIGINT)
        return self.rest_of(process)

    def rest_of(self, process):
        said = b""
        while more := self.read(process.stdout, DEADLINE):
            said += more
        self.assertEqual(process.wait(), 0)
        return said

    def connect(self, close, path="/"):
        subprocess.run([sys.executable, "-c", CLIENT, str(self.port), str(close), path], check=True,
                       timeout=DEADLINE)

    def test_verdicts_as_they_happen(self):
        process = self.tshark("-Y", "wsclose.verdict", "-T", "json", "-l")
        said = b""

        def is_captured():
            nonlocal said
            said += self.read(process.stdout, 0)
            return b"with 3999" in said

        self.warm_up(is_captured)
        for close, told in ((1000, b"Client closed with 1000, the server answered with 1000"),
                            ("bye", b"Server closed with 4001"),
                            (3000, b"Client closed with 3000")):
            self.assertNotIn(told, said)
            self.connect(close)
            # tshark still runs, and no later connection helps to push this one out.
            said += self.wait_for(process.stdout, told, process)
        packets = json.loads(said + self.interrupt(process))
        self.assertEqual(len([packet for packet in packets
                              if "3999" not in json.dumps(packet["_source"]["layers"]["wsclose"])]),
                         3)

    def test_recipe(self):
        """Root captures, a user who may not reads: verdicts as they happen, and a whole end."""
        with open(os.path.join(golden.ROOT, "docs/recipes.md"), encoding="utf-8") as file:
            recipe, = re.findall(r"^ {4}(sudo dumpcap .*-i lo .*)$", file.read(), re.M)
        root, user = recipe.split(" | ")
        self.assertIn(" -l", user)
        root = shlex.split(root) + ["-f", f"tcp port {self.port}"]
        dumpcap = subprocess.Popen(root[1:] if os.geteuid() == 0 else ["sudo", "-n", *root[1:]],
                                   stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                   stderr=subprocess.DEVNULL)
        self.addCleanup(self.stop, dumpcap)
        process = golden.Setup.tshark.popen(golden.Setup.home, shlex.split(user)[1:],
                                            stdin=dumpcap.stdout, stdout=subprocess.PIPE,
                                            stderr=subprocess.PIPE)
        self.addCleanup(self.stop, process)
        said = b""

        def is_captured():
            nonlocal said
            said += self.read(process.stdout, 0)
            return b"with 3999" in said

        self.warm_up(is_captured)
        self.connect(1000)
        said += self.wait_for(process.stdout, b"Client closed with 1000", process)
        # A terminal interrupts both, and then tshark may say that its last packet was cut short.
        dumpcap.send_signal(signal.SIGINT)
        self.assertTrue(json.loads(said + self.rest_of(process)))

    def test_several_files_make_one_report(self):
        process = self.tshark("-q", "-w", os.path.join(self.directory, "ring.pcapng"), "-b",
                              "duration:2", "-z", "wsclose,json", "-z", "wsclose,conn")
        self.warm_up(lambda: sum(os.path.getsize(os.path.join(self.directory, name))
                                 for name in os.listdir(self.directory)) > 2000)
        for number in range(3):
            self.connect(1000 + number % 2, f"/{number}")
            time.sleep(2.5)
        lines = self.interrupt(process).decode().splitlines()
        self.assertGreater(len(os.listdir(self.directory)), 2)
        told = [line for line in lines if line.startswith("{")]
        rows = golden.connections_in(told)
        coverage = json.loads(told[-1])
        self.assertTrue(coverage["whole"])
        self.assertGreaterEqual(coverage["tcp_connections"], len(rows))     # of all files
        self.assertEqual([row["path"] for row in rows if row["path"] != "/warm-up"],
                         ["/0", "/1", "/2"])
        self.assertIn(f"WebSocket connections: {len(rows)}", lines)


if __name__ == "__main__":
    golden.main()
