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

import os
import shutil
import subprocess
import sys
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "golden"))

import golden  # noqa: E402

NONE_CLOSES = "No WebSocket connection closes in this capture."
PROGRAMS = {"cmake": "", "dpkg-query": "printf installed"}


class Demo(unittest.TestCase):

    @classmethod
    def setUpClass(cls):
        cls.directory = golden.tempfile.mkdtemp(prefix="wsclose-demo-")
        golden.make_readable(cls.directory)
        for folder in ("tests", "build/plugin", "build/decoder", "bin"):
            os.makedirs(os.path.join(cls.directory, folder))
        for script in ("demo.sh", "setup.sh"):
            shutil.copy(os.path.join(golden.ROOT, "tests", script),
                        os.path.join(cls.directory, "tests"))
        plugin = golden.Setup.plugin
        shutil.copy(plugin, os.path.join(cls.directory, "build/plugin"))
        for library in golden.Setup.tshark.libraries(plugin, "libwsclose"):
            shutil.copy(library, os.path.join(cls.directory, "build/decoder"))
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

    def demo(self, capture, tshark=None, stdout=subprocess.PIPE):
        """Exit status, standard output and standard error; tshark is what one that reads does."""
        if tshark is not None:
            self.program("tshark", f"""
                case $1 in
                --version) exec '{golden.Setup.tshark.program}' --version ;;
                esac
                {tshark}""")
        environment = {**os.environ, "LC_ALL": "C.UTF-8",
                       "PATH": os.path.join(self.directory, "bin") + ":" + os.environ["PATH"]}
        done = subprocess.run(["sh", os.path.join(self.directory, "tests/demo.sh"), capture],
                              env=environment, stdin=subprocess.DEVNULL, stdout=stdout,
                              stderr=subprocess.PIPE, text=True, encoding="utf-8", check=False)
        if tshark is not None:
            os.unlink(os.path.join(self.directory, "bin", "tshark"))
        return done.returncode, done.stdout, done.stderr

    def failed(self, capture, tshark, expected_status, expected_output, *expected_errors):
        status, out, err = self.demo(capture, tshark)
        self.assertEqual(status, expected_status, err)
        self.assertEqual(out, expected_output)
        for expected in (*expected_errors, "What the capture holds is not known, or not all of it."):
            self.assertIn(expected, err)

    def test_explains(self):
        status, out, err = self.demo(golden.capture_path("ws-1010-reason-declined"))
        self.assertEqual(status, 0, err)
        self.assertIn("Client closes with 1010 Mandatory Extension", out)
        self.assertNotIn(NONE_CLOSES, out)
        self.assertNotIn("is not known", err)

    def test_none_closes(self):
        status, out, err = self.demo(golden.capture_path("generated-no-websocket"))
        self.assertEqual((status, out), (0, NONE_CLOSES + "\n"), err)
        self.assertNotIn("is not known", err)

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
        self.failed(os.path.join(golden.ROOT, "README.md"), None, 2, "",
                    "tshark failed (exit status 2).")

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
            status, _, err = self.demo(golden.capture_path("ws-1010-reason-declined"), "exec yes",
                                       closed)
        self.assertEqual(status, 128 + 13, err)
        self.assertNotIn("is not known", err)


if __name__ == "__main__":
    golden.main()
