#!/usr/bin/env python3
#
# test_demo.py - what demo.sh says of a capture, and of a tshark that does not get through it
#
# SPDX-License-Identifier: GPL-2.0-or-later
#
"""test_demo.py --plugin BUILD/plugin/wsclose.so

demo.sh runs in a folder that looks like the source and has this plugin in place of a build. Programs
that install and build do nothing there; tshark is the real one, or one that fails as it is told.
"""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "golden"))

import golden  # noqa: E402 (the folder above)

sys.path.insert(0, os.path.join(golden.ROOT, "captures", "record"))

import pcapng  # noqa: E402

NONE_CLOSES = "No WebSocket connection closes in this capture."
NOT_ALL = "but not everything could be looked into"
PROGRAMS = {"cmake": "", "dpkg-query": "printf installed"}

CONNECTION = re.compile(r"^Connection (\d+), packet \d+: ", re.M)


def flat(text):
    """Without the line ends and the indents that folding makes."""
    return " ".join(text.split())


class Folder(unittest.TestCase):
    """A folder that looks like the source, and demo.sh in it."""

    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.directory = golden.tempfile.mkdtemp(prefix="wsclose-demo-")
        golden.make_readable(cls.directory)
        for folder in ("tests", "build/plugin", "build/decoder", "build-command/decoder", "bin"):
            os.makedirs(os.path.join(cls.directory, folder))
        for script in ("demo.sh", "demo.py", "setup.sh"):
            shutil.copy(os.path.join(golden.ROOT, "tests", script),
                        os.path.join(cls.directory, "tests"))
        plugin = golden.Setup.plugin
        shutil.copy(plugin, os.path.join(cls.directory, "build/plugin"))
        for library in golden.Setup.tshark.libraries(plugin, "libwsclose"):
            shutil.copy(library, os.path.join(cls.directory, "build/decoder"))
        # It finds its library where it was built.
        os.symlink(os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(plugin))),
                                "decoder/wsclose"),
                   os.path.join(cls.directory, "build-command/decoder/wsclose"))
        for name, command in PROGRAMS.items():
            cls.program(name, command)

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.directory)

    @classmethod
    def program(cls, name, command):
        path = os.path.join(cls.directory, "bin", name)
        with open(path, "w", encoding="utf-8") as file:
            file.write(f"#!/bin/sh\n{command}\n")
        os.chmod(path, 0o755)

    @classmethod
    def file(cls, name, content=b""):
        path = os.path.join(cls.directory, name)
        with open(path, "wb") as file:
            file.write(content)
        golden.make_readable(path)
        return path

    @classmethod
    def capture(cls, name, packets):
        path = os.path.join(cls.directory, name)
        pcapng.write(path, packets)
        golden.make_readable(path)
        return path

    def demo(self, *args, tshark=None, stdout=subprocess.PIPE, columns=100, cwd=None):
        """Exit status, standard output and standard error; tshark is what one that reads does."""
        if tshark is not None:
            self.program("tshark", f"""
                case $1 in
                --version) exec '{golden.Setup.tshark.program}' --version ;;
                esac
                {tshark}""")
        environment = {**os.environ, "LC_ALL": "C.UTF-8", "COLUMNS": str(columns),
                       "PATH": os.path.join(self.directory, "bin") + ":" + os.environ["PATH"]}
        done = subprocess.run(["sh", os.path.join(self.directory, "tests/demo.sh"), *args],
                              cwd=cwd, env=environment, stdin=subprocess.DEVNULL, stdout=stdout,
                              stderr=subprocess.PIPE, text=True, encoding="utf-8", check=False)
        if tshark is not None:
            os.unlink(os.path.join(self.directory, "bin", "tshark"))
        return done.returncode, done.stdout, done.stderr


class Demo(Folder):
    def failed(self, capture, tshark, expected_status, expected_output, *expected_errors):
        status, out, err = self.demo(capture, tshark=tshark)
        self.assertEqual(status, expected_status, err)
        self.assertEqual(out, expected_output)
        for expected in (*expected_errors, "What the capture holds is not known, or not all of it."):
            self.assertIn(expected, err)

    def test_full(self):
        status, out, err = self.demo("--full", golden.capture_path("ws-1010-reason-declined"))
        self.assertEqual(status, 0, err)
        self.assertIn("Client closes with 1010 Mandatory Extension", out)
        self.assertNotIn(NONE_CLOSES, out)
        self.assertNotIn("is not known", err)
        self.assertEqual(out.rstrip("\n").splitlines(), [
            line.rstrip() for line in "\n".join(golden.tshark(
                "ws-1010-reason-declined", "-Y", "wsclose", "-O", "wsclose")).rstrip().split("\n")])

    def explained(self, name, *args):
        """The table's lines, and what is said of each connection, held against the report."""
        status, out, err = self.demo(golden.capture_path(name), *args)
        self.assertEqual(status, 0, err)
        self.assertNotIn(NONE_CLOSES, out)
        self.assertNotIn("is not known", err)
        table, rest = re.split("^=+\n", out, flags=re.M)[1:]
        self.assertTrue(out.startswith("=" * 80 + "\nWebSocket connections: "), out)
        rows = golden.connections_in(golden.tshark(name, "-q", "-z", "wsclose,json"))
        ended = [row for row in rows if row["ended"]]
        said = [f"Connection {row['wsclose.stream']}, packet {row['wsclose.verdict_in']}: "
                f"{row['wsclose.verdict']} Meaning: {row['wsclose.description']} "
                f"What to do: {row['wsclose.fix']}" for row in ended[:5]]
        if len(ended) > 5:
            said.append(f"{len(ended) - 5} more ended: see the table.")
        self.assertEqual(flat(rest), " ".join(said))
        lines = table.split("\n\n", 1)[1].split("\n")[2:-1]
        self.assertEqual([int(line.split()[0]) for line in lines],
                         [row["wsclose.stream"] for row in rows])
        return lines

    def test_explains(self):
        line, = self.explained("ws-1010-reason-declined")
        self.assertIn(" 1010 permessage-deflate extension_declined 1010 1010 client ", " " + line)

    def test_explains_the_first_few(self):
        self.assertEqual(len(self.explained("matrix-ws")), 29)

    def test_fits_the_terminal(self):
        for columns in (60, 80, 120, 200):
            _, out, _ = self.demo(golden.capture_path("matrix-ws"), columns=columns)
            table, text = re.split("^=+$", out, flags=re.M)[1], CONNECTION.split(out, 1)[2]
            self.assertLessEqual(max(map(len, table.splitlines())), columns)
            self.assertLessEqual(max(map(len, text.splitlines())), min(columns, 100))
            # The answer is there all the same.
            self.assertRegex(table, r"\n *0 \S.* application +\d{4} \d{4}\b")
            self.assertEqual("\nNo room for: " in table, columns < 200)
            self.assertNotRegex(table, r"\d\u2026")

    def test_open_connections(self):
        """They are in the table, and none of them closes."""
        name = "generated-open-at-end"
        rows = golden.connections_in(golden.tshark(name, "-q", "-z", "wsclose,json"))
        self.assertTrue(rows and not any(row["ended"] for row in rows))
        status, out, err = self.demo(golden.capture_path(name))
        self.assertEqual(status, 0, err)
        self.assertIn(f"\nWebSocket connections: {len(rows)}\n", out)
        self.assertTrue(out.endswith("\n" + NONE_CLOSES + "\n"), out)

    def test_none_closes(self):
        status, out, err = self.demo(golden.capture_path("generated-no-websocket"))
        self.assertEqual((status, out), (0, NONE_CLOSES + "\n"), err)
        self.assertNotIn("is not known", err)
        self.assertNotIn("--full", err)
        _, out, _ = self.demo("--full", golden.capture_path("generated-no-websocket"))
        self.assertEqual(out, NONE_CLOSES + "\n")

    def test_not_everything_could_be_read(self):
        """Then it is not said that none closes."""
        tls = self.capture("no-keys.pcapng",
                           pcapng.read(golden.capture_path("tls13-close-no-code")))
        whole = pcapng.read(golden.capture_path("generated-open-at-end"))
        cut = self.capture("cut.pcapng", [(time, data[:70], len(data)) for time, data in whole])
        udp = self.capture("no-tcp.pcapng", [(0, bytes(12) + b"\x08\x06" + bytes(28))])
        empty = self.capture("no-packets.pcapng", [])
        for path, part in ((tls, "TLS without keys"), (cut, "only the start was captured"),
                           (udp, "There is no TCP in this capture"),
                           (empty, "This capture has no packets.")):
            with self.subTest(part):
                status, out, err = self.demo(path)
                self.assertEqual(status, 0, err)
                self.assertIn(part, flat(out))
                self.assertNotIn(NONE_CLOSES, out)
                self.assertNotIn("=====", out)
                self.assertNotIn(part, err)
                self.assertEqual(NOT_ALL in flat(out), path in (tls, cut))
        status, out, err = self.demo("--full", tls)
        self.assertIn(NOT_ALL, out)
        self.assertNotIn(NONE_CLOSES, out)
        self.assertEqual(err.count("is TLS without keys"), 1)

    def test_cut_short(self):
        """What could be read is told, and nothing of the rest."""
        with open(golden.capture_path("matrix-ws"), "rb") as file:
            octets = file.read()
        for length, is_told in ((9000, True), (500, False)):
            status, out, err = self.demo(self.file("short.pcapng", octets[:length]))
            self.assertGreater(status, 1)   # 2, or 14 in Wireshark 4.6
            self.assertEqual(CONNECTION.search(out) is not None, is_told, out)
            self.assertNotIn(NONE_CLOSES, out)
            self.assertIn("cut short", err)
            self.assertIn("What the capture holds is not known, or not all of it.", err)
            self.assertNotIn("install", err)

    def test_options(self):
        """They go to tshark; where a key log is not there, Wireshark would not say so."""
        keys = os.path.relpath(os.path.join(golden.CAPTURES, "tls-keylog-beside.keys.log"),
                               self.directory)
        capture = golden.capture_path("tls-keylog-beside")
        for args in (["-o", "tls.keylog_file:" + keys], ["-otls.keylog_file:" + keys]):
            status, out, err = self.demo(capture, *args, cwd=self.directory)
            self.assertEqual(status, 0, err)
            self.assertIn("WebSocket connections: 1\n", out)
        status, out, err = self.demo(capture, "-o", "tls.keylog_file:/no/such/keys")
        self.assertEqual((status, out), (2, ""))
        self.assertEqual(err, "demo.sh: /no/such/keys: no such file\n")
        status, out, err = self.demo(capture, "-o", "tls.no_such:1")
        self.assertNotEqual(status, 0)
        self.assertIn("no_such", err)

    def test_next(self):
        """The commands at the end work as they are printed."""
        name = 'it\'s a $(capture) \\ "1".pcapng'
        shutil.copy(golden.capture_path("ws-1010-reason-declined-midstream"),
                    os.path.join(self.directory, name))
        capture = os.path.join(self.directory, name)
        golden.make_readable(capture)
        status, _, err = self.demo(name, "-d", "tcp.port==8080,websocket", cwd=self.directory)
        self.assertEqual(status, 0, err)
        again, = re.findall(r"^    (sh .*)$", err, re.M)
        self.assertEqual(shlex.split(again),
                         ["sh", os.path.join(os.path.realpath(self.directory), "tests/demo.sh"),
                          "--full", os.path.realpath(capture), "-d", "tcp.port==8080,websocket"])
        status, out, err_again = self.demo(*shlex.split(again)[2:], cwd="/")
        self.assertEqual(status, 0, err_again)
        self.assertIn("[WebSocket close: Client sends a Close frame with 1010 ", out)
        shown, = re.findall(r"^    tshark (.*)$", err, re.M)
        lines = golden.Setup.tshark.lines(golden.Setup.home, shlex.split(shown))
        self.assertEqual(len(lines), 1)
        self.assertIn("cmake --install", err)

    def test_next_without_keys(self):
        """What can be told from outside is one command away."""
        status, _, err = self.demo(golden.capture_path("tls-keylog-beside"))
        self.assertEqual(status, 0, err)
        self.assertNotIn("install", err)
        again, = re.findall(r"^    (sh .*)$", err, re.M)
        status, out, err = self.demo(*shlex.split(again)[2:])
        self.assertEqual(status, 0, err)
        self.assertIn("Connection 0, packet 18: Client ended TCP ", out)

    def test_next_where_it_is_installed(self):
        real = golden.Setup.tshark.program
        _, _, err = self.demo(golden.capture_path("ws-1010-reason-declined"), tshark=f"""
            case $1 in
            -G) printf 'WebSocket close explanation\\twsclose\\twsclose\\n' ;;
            *) exec '{real}' "$@" ;;
            esac""")
        self.assertIn("    tshark -r ", err)
        self.assertNotIn("install", err)

    def test_usage(self):
        status, out, err = self.demo("--help")
        self.assertEqual((status, err), (0, ""))
        self.assertIn("demo.sh [--full] [CAPTURE [TSHARK-OPTION...]]", out)
        self.assertNotIn("SPDX", out)
        for args in (["--nothing"], ["-Y", "wsclose"]):
            status, out, err = self.demo(*args)
            self.assertEqual((status, out), (2, ""))
            self.assertIn("usage: demo.sh [--full] [CAPTURE [TSHARK-OPTION...]]", err)
        status, out, err = self.demo("/no/such/capture")
        self.assertEqual((status, out, err), (2, "", "demo.sh: /no/such/capture: no such file\n"))

    def test_crash(self):
        capture = golden.capture_path("ws-1010-reason-declined")
        for name, number in (("ABRT", 6), ("SEGV", 11), ("KILL", 9)):
            with self.subTest(name):
                self.failed(capture, f"kill -{name} $$", 128 + number, "",
                            f"tshark crashed or was killed (signal {number}, {name}).")

    def test_crash_after_output(self):
        self.failed(golden.capture_path("ws-1010-reason-declined"), "echo one; kill -ABRT $$", 134,
                    "one\n", "tshark crashed or was killed (signal 6, ABRT).")

    def test_status(self):
        for number in (1, 2, 127):
            with self.subTest(number):
                self.failed(golden.capture_path("ws-1010-reason-declined"), f"exit {number}", number, "",
                            f"tshark failed (exit status {number}).")

    def test_no_capture(self):
        for name, content, part in (("text", b"no capture\n" * 100, "no capture that Wireshark can read"),
                                    ("nothing", b"", "the file is empty")):
            for args in ([], ["--full"]):
                path = self.file(name, content)
                status, out, err = self.demo(*args, path)
                self.assertEqual((status, out), (1, ""), err)
                self.assertEqual(err.count(f"demo.sh: {os.path.realpath(path)}: {part}"), 1, err)
                self.assertNotIn("tshark failed", err)

    def test_says_what_it_installs(self):
        """Before it begins, and once: nothing else is run when that fails."""
        said = os.path.join(self.directory, "apt-get.log")
        programs = {
            "dpkg-query": "case $* in *' ninja-build'|*' tshark') ;; *) printf installed ;; esac",
            "sudo": 'exec "$@"',
            "apt-get": f"""echo "$@" >> '{said}'
                case $* in
                *--assume-no*)
                    echo '0 upgraded, 42 newly installed, 0 to remove and 3 not upgraded.'
                    echo 'Need to get 598 MB/600 MB of archives.' ;;
                *install*) exit 100 ;;
                esac""",
        }
        for name, command in programs.items():
            self.program(name, command)
        try:
            status, out, err = self.demo(golden.capture_path("ws-1010-reason-declined"))
        finally:
            for name in programs:
                os.unlink(os.path.join(self.directory, "bin", name))
            self.program("dpkg-query", PROGRAMS["dpkg-query"])
        self.assertEqual((status, out), (2, ""), err)
        self.assertEqual(err.splitlines()[:2], [
            "Installing 2 missing packages: ninja-build tshark.",
            "With what they need they are 42, 598 MB to download; this takes about 3 min."])
        with open(said, encoding="utf-8") as file:
            update, plan, install = (line.split() for line in file)
        self.assertIn("update", update)
        self.assertIn("--assume-no", plan)
        self.assertEqual(install[-2:], ["ninja-build", "tshark"])

    def test_nobody_reads(self):
        """As with "| head": that tshark cannot write is not its failure."""
        read, write = os.pipe()
        os.close(read)
        with open(write, "wb") as closed:
            status, _, err = self.demo(golden.capture_path("ws-1010-reason-declined"), tshark="exec yes",
                                       stdout=closed)
        self.assertEqual(status, 128 + 13, err)
        self.assertNotIn("is not known", err)


def commands():
    """What README names for each thing that people have: {thing: arguments of demo.sh}."""
    with open(os.path.join(golden.ROOT, "README.md"), encoding="utf-8") as file:
        rows = re.findall(r"^\| (.*?) \| `sh tests/demo\.sh (.*?)` \|$", file.read(), re.M)
    return {thing: shlex.split(line) for thing, line in rows}


class Persons(Folder):
    """Each of them has a capture that lacks something, and README."""

    LINE = "a line of a log, and no capture"
    NO_KEYS, WITH_KEYS = "a capture", "one of TLS, and its keys in a file"
    OUTSIDE, LATE = "one of TLS, and no keys are to be had", "one that began after the connection"

    def run_command(self, thing, capture, keys=None):
        args = [arg.replace("CAPTURE", capture).replace("KEYS", keys or "KEYS")
                for arg in commands()[thing]]
        status, out, err = self.demo(*args)
        self.assertEqual(status, 0, err)
        return flat(out)

    def test_line_of_a_log(self):
        line = ("websockets.exceptions.ConnectionClosedError: sent 1011 (unexpected error) keepalive ping "
                "timeout; no close frame received")
        args = [arg.replace("LINE", line) for arg in commands()[self.LINE]]
        status, out, err = self.demo(*args)
        self.assertEqual(status, 0, err)
        said = flat(out)
        for part in ("said by websockets (Python)", "cause ping_unanswered",
                     "change on the other side than the one that writes this",
                     "raise ping_interval and ping_timeout",
                     "-Y 'wsclose.cause == \"ping_unanswered\"'"):
            self.assertIn(part, said)
        status, out, err = self.demo(*args[:1], "took 1005 ms")
        self.assertEqual((status, "What else to look for" in out + err), (1, True))

    def tls(self):
        """A capture, and the keys that are not in it."""
        keys = golden.capture_path("tls-keylog-beside").replace(".pcapng", ".keys.log")
        return golden.capture_path("tls-keylog-beside"), keys

    def test_tls_without_keys(self):
        said = self.run_command(self.NO_KEYS, self.tls()[0])
        self.assertTrue(said.startswith(
            "No WebSocket connection was found, but not everything could be looked into. "
            "1 TCP connection is TLS without keys"), said)
        for way in ("SSLKEYLOGFILE=FILE", "browsers, curl and Python", "--tls-keylog=FILE",
                    "extract-tls-secrets", "-o tls.keylog_file:FILE", "editcap --inject-secrets"):
            self.assertIn(way, said)
        self.assertIn("-o wsclose.tls_servers:all", said)
        self.assertIn("Connection 0, packet 18: Client ended TCP less than 1 ms after the last record. "
                      "TLS without keys: neither code is known Meaning: ",
                      self.run_command(self.OUTSIDE, self.tls()[0]))

    def test_tls_with_keys(self):
        capture, keys = self.tls()
        said = self.run_command(self.WITH_KEYS, capture, keys)
        self.assertIn("WebSocket connections: 1 ", said)
        row, = golden.connections_in(golden.tshark("tls-keylog-beside", "-q", "-z", "wsclose,json"))
        for field in ("wsclose.verdict", "wsclose.description", "wsclose.fix"):
            self.assertIn(row[field], said)
        self.assertNotIn("could not be", said)
        self.assertNotIn("without keys", said)

    def test_late(self):
        """Of the connection there is one Close frame and TCP's end: too little to be sure unasked."""
        packets = pcapng.read(golden.capture_path("ws-1010-reason-declined"))
        late = self.capture("late.pcapng", packets[10:])
        said = self.run_command(self.NO_KEYS, late)
        self.assertIn("1 TCP connection began before the capture", said)
        self.assertIn("-d tcp.port==PORT,websocket", said)
        self.assertNotIn("Connection 0", said)
        said = self.run_command(self.LATE, late)
        self.assertIn("Connection 0, packet 5: Server sent a Close frame with 1010 'permessage-deflate', "
                      "and no Close of the client is in the capture.", said)

    def test_late_with_more(self):
        """Where the frames leave no doubt one command is enough."""
        packets = pcapng.read(golden.capture_path("ws-1010-reason-declined"))
        said = self.run_command(self.NO_KEYS, self.capture("late.pcapng", packets[6:]))
        self.assertIn("Connection 0, packet 5: Client sent a Close frame with 1010 ", said)
        self.assertIn("1 TCP connection began before the capture", said)


if __name__ == "__main__":
    golden.main()
