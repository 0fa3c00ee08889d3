#!/usr/bin/env python3
#
# test_profile.py - the profile of colours, buttons and columns, and the command that installs it
#
# SPDX-License-Identifier: GPL-2.0-or-later
#
"""test_profile.py --plugin BUILD/plugin/wsclose.so"""

import csv
import os
import re
import shutil
import subprocess
import unittest

import golden

SOURCE = os.path.join(golden.ROOT, "plugin", "profile")
FILES = ["colorfilters", "dfilter_buttons", "preferences"]


def contents(folder):
    """{path: octets} of all files in a folder, None for a folder, a link's target."""
    found = {}
    for root, folders, files in os.walk(folder):
        for name in folders:
            found[os.path.relpath(os.path.join(root, name), folder)] = None
        for name in files:
            path = os.path.join(root, name)
            if os.path.islink(path):
                found[os.path.relpath(path, folder)] = os.readlink(path)
                continue
            with open(path, "rb") as file:
                found[os.path.relpath(path, folder)] = file.read()
    return found


class Profile(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        self.directory = golden.tempfile.mkdtemp(prefix="wsclose-profile-")
        self.addCleanup(shutil.rmtree, self.directory)
        self.source = shutil.copytree(SOURCE, os.path.join(self.directory, "source"))
        self.home = golden.Setup.tshark.make_home(os.path.join(self.directory, "home"),
                                                  golden.Setup.plugin)
        golden.give(self.directory)
        self.profile = os.path.join(self.home, ".config", "wireshark", "profiles", "wsclose")

    def run_it(self, *args, **env):
        environment = golden.Setup.tshark.environment(self.home)
        environment["PATH"] = os.path.dirname(golden.Setup.tshark.program) + ":/usr/bin:/bin"
        return subprocess.run(["/bin/sh", os.path.join(self.source, "wsclose-profile"), *args],
                              env={**environment, **env}, cwd=self.home, text=True, check=False,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, **golden.Setup.tshark.user())

    def done(self, *args):
        result = self.run_it(*args)
        self.assertEqual(result.returncode, 0, result.stdout)
        return result.stdout

    def refused(self, *args, **env):
        before = contents(self.home)
        result = self.run_it(*args, **env)
        self.assertEqual(result.returncode, 1, result.stdout)
        self.assertEqual(contents(self.home), before)
        return result.stdout

    def write(self, path, text):
        """A file of the user's."""
        path = os.path.join(self.home, path)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        golden.give(os.path.join(self.home, ".config"))

    def tshark(self, name, *args):
        """(lines, what is said on standard error), with the profile."""
        with golden.Setup.tshark.popen(
                self.home, ["-C", "wsclose", "-r", golden.capture_path(name), *args], text=True,
                encoding="utf-8", stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
            out, err = process.communicate()
        self.assertEqual(process.returncode, 0, err)
        return out.splitlines(), err

    def test_it_goes_as_it_came(self):
        for prepared in (False, True):
            if prepared:
                self.write(".config/wireshark/preferences", "gui.ask_unsaved: FALSE\n")
                self.write(".config/wireshark/profiles/mine/colorfilters",
                           "@Mine@tcp@[0,0,0][1,1,1]\n")
            before = contents(self.home)
            said = self.done("install")
            self.assertIn("wireshark -C wsclose", said)
            after = contents(self.home)
            self.assertEqual({path: after[path] for path in before}, before)
            self.assertEqual(sorted(os.listdir(self.profile)), [".wsclose-profile", *FILES])
            self.done("install")    # again, as after an upgrade
            with open(os.path.join(self.profile, "recent"), "w", encoding="utf-8"):
                pass                # as the window leaves it
            self.done("remove")
            self.assertEqual(contents(self.home), before)

    def test_it_refuses(self):
        self.assertIn("there is no profile", self.refused("remove"))
        self.write(".config/wireshark/profiles/wsclose/preferences", "mine\n")
        self.assertIn("not from here", self.refused("install"))
        self.assertIn("not from here", self.refused("remove"))
        self.assertIn("not from here", self.refused("remove", "--force"))
        shutil.rmtree(self.profile)

        self.done("install")
        self.write(os.path.join(self.profile, "colorfilters"), "@Mine@tcp@[0,0,0][1,1,1]\n")
        self.write(os.path.join(self.profile, "cfilters"), '"mine" tcp\n')
        for command in ("install", "remove"):
            said = self.refused(command)
            self.assertIn("    colorfilters\n    cfilters\n", said)
            self.assertNotIn("    preferences", said)
        self.done("remove", "--force")
        self.assertFalse(os.path.exists(self.profile))

        self.done("install")
        self.write(os.path.join(self.profile, "preferences"), "mine\n")
        self.write(os.path.join(self.profile, "recent", "mine"), "mine\n")
        self.write(os.path.join(self.profile, ".wsclose-profile"), "")
        said = self.refused("remove")
        for name in [*FILES, "recent"]:
            self.assertIn(f"    {name}\n", said)
        self.done("remove", "--force")

        self.assertIn("tshark is not there", self.refused("install", PATH="/nowhere:"
                                                          + self.no_tshark()))
        for args in ((), ("installed",), ("install", "--force"), ("remove", "all")):
            result = self.run_it(*args)
            self.assertEqual(result.returncode, 2, args)
            self.assertIn("usage:", result.stdout)

    def test_help_and_version(self):
        for option in ("-h", "--help"):
            said = self.done(option)
            for part in ("A Wireshark profile", "wsclose-profile install", "wsclose-profile remove [--force]",
                         "Exit status: 0"):
                self.assertIn(part, said)
            self.assertNotIn("SPDX", said)
        self.assertRegex(self.done("--version"), r"^wsclose-profile \S.*\n$")

    def test_a_folder_with_a_line_end_is_not_cut(self):
        home = os.path.join(self.home, "a\nb")
        os.makedirs(home)
        golden.give(self.home)
        for command in ("install", "remove"):
            self.assertIn("a line end", self.refused(command, HOME=home))

    def test_an_installation_that_fails_leaves_nothing(self):
        preferences = os.path.join(self.source, "preferences")
        for already in (False, True):
            os.chmod(preferences, 0)
            self.assertIn("was not made", self.refused("install"))
            os.chmod(preferences, 0o644)
            if not already:
                self.done("install")
        self.done("remove")
        os.makedirs(os.path.dirname(self.profile))
        os.symlink("nowhere", self.profile)
        for command in ("install", "remove"):
            self.assertIn("not from here", self.refused(command))

    def no_tshark(self):
        """A folder of the programs that the command needs, tshark aside."""
        folder = os.path.join(self.directory, "bin")
        os.mkdir(folder)
        for name in ("sed", "dirname", "readlink", "head", "grep"):
            os.symlink(shutil.which(name), os.path.join(folder, name))
        return folder

    def test_wireshark_takes_it(self):
        self.done("install")
        lines, said = self.tshark("ws-1010-reason-declined", "--color")
        self.assertEqual(said, "")
        self.assertTrue(lines)
        for name, column in (("colorfilters", None), ("dfilter_buttons", 2)):
            with open(os.path.join(SOURCE, name), encoding="utf-8") as file:
                lines = [line for line in file.read().splitlines() if not line.startswith("#")]
            filters = [row[column] for row in csv.reader(lines)] if column else \
                [line.split("@")[2] for line in lines]
            self.assertGreater(len(filters), 4)
            for given in filters:
                _, said = self.tshark("ws-1010-reason-declined", "-Y", given)
                self.assertEqual(said, "")

    def test_all_errors_are_breaches(self):
        errors = golden.findings("Error")
        self.assertGreater(len(errors), 4)
        for name in ("colorfilters", "dfilter_buttons"):
            with open(os.path.join(SOURCE, name), encoding="utf-8") as file:
                line = [line for line in file if "reserved_on_wire" in line]
            self.assertEqual(len(line), 1, name)
            self.assertEqual(set(re.findall(r"wsclose\.\w+", line[0])), set(errors))

    def test_text_stands_out(self):
        """The contrast that WCAG 2 asks of text, 4.5."""
        with open(os.path.join(SOURCE, "colorfilters"), encoding="utf-8") as file:
            pairs = re.findall(r"@\[(\d+),(\d+),(\d+)\]\[(\d+),(\d+),(\d+)\]", file.read())
        self.assertGreater(len(pairs), 3)
        for pair in pairs:
            parts = [int(part) / 65535 for part in pair]
            linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4
                      for part in parts]
            dark, light = sorted(0.2126 * red + 0.7152 * green + 0.0722 * blue
                                 for red, green, blue in (linear[:3], linear[3:]))
            self.assertGreaterEqual((light + 0.05) / (dark + 0.05), 4.5, pair)

    def rules(self, name):
        lines, said = self.tshark(name, "--color", "-T", "fields", "-e", "frame.number", "-e",
                                  "frame.coloring_rule.name")
        self.assertEqual(said, "")
        return dict(line.split("\t") for line in lines)

    def test_colours(self):
        self.done("install")
        for name, found, rule in (
                ("ws-1010-reason-declined", "wsclose.mandatory_ext", "1010 Mandatory Extension"),
                ("chromium-close-no-code", "wsclose.no_status", "1005 No Status Received"),
                ("fin-without-close", "wsclose.abnormal", "1006, abnormal or refused"),
                ("upgrade-refused", "wsclose.handshake_failed", "1006, abnormal or refused"),
                ("ws-illegal-close", "wsclose.reserved_on_wire", "protocol breach"),
                ("generated-data-after-close", "wsclose.data_after_close", "protocol breach")):
            rules = self.rules(name)
            numbers = golden.tshark(name, "-Y", found, "-T", "fields", "-e", "frame.number")
            self.assertTrue(numbers, name)
            for number in numbers:
                self.assertEqual(rules[number], "WebSocket close: " + rule)
            others = {rules[number] for number in rules if number not in numbers}
            self.assertTrue(others & {"HTTP", "TCP", "TCP SYN/FIN"}, "stock rules follow ours")

    def test_columns(self):
        """One of several values: these packets hold a Close event too, which has the same code."""
        self.done("install")
        for name, begin, told in (
                ("aiohttp-1010-answered-1000",
                 "Client closed with 1010 for want of permessage-deflate, the server answered",
                 "1000 1010 extension_declined"),
                ("aiohttp-breach", "Client sent a frame that breaks the protocol "
                                   "(a reserved bit is set), and the server closed with 1002",
                 "1002 1006 frame_breach")):
            packets = golden.tshark(name, "-Y", "wsclose.verdict", "-T", "fields", "-e",
                                    "frame.number", "-e", "wsclose.client.code", "-e",
                                    "wsclose.server.code")
            self.assertTrue([packet for packet in packets if "," in packet], name)
            lines, _ = self.tshark(name, "-Y", "wsclose.verdict")
            found = [line for line in lines if begin in line]
            self.assertTrue(found, name)
            for line in found:
                self.assertIn(f" {told} {begin}", line)


if __name__ == "__main__":
    golden.main()
