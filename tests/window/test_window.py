#!/usr/bin/env python3
#
# test_window.py - the plugin in Wireshark's window: items, filters, links, marks, dialogs
#
# SPDX-License-Identifier: GPL-2.0-or-later
#
"""test_window.py --plugin BUILD/plugin/wsclose.so [--shots DIR] [unittest's options]

--shots DIR  keep pictures of what was tested
"""

import argparse
import os
import re
import shutil
import signal
import sys
import tempfile
import traceback
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
CAPTURES = os.path.join(os.path.dirname(os.path.dirname(HERE)), "captures")
sys.path.insert(0, os.path.dirname(HERE))

from tshark_home import NOBODY, SetupError, Tshark, make_readable  # noqa: E402 (the folder above)

try:
    import desktop
    from desktop import wait_for
except ImportError as error:
    sys.exit(f"test_window.py: {error}; it needs Debian's python3-gi, python3-xlib, python3-pil")

# Packets 4 and 6 are the opening handshake, 10 and 11 the Close frames; 11 has the verdict too.
DECLINED = "ws-1010-reason-declined.pcapng"
MATRIX = "matrix-ws.pcapng"

# Of all tests, in seconds.
DEADLINE = 240

# No question whether to look for updates, no pane of bytes.
PREFERENCES = """
gui.update.enabled: FALSE
gui.layout_content_3: NONE
"""
# The window fills the screen; no colours, so that rows differ by their marks only.
RECENT = """
gui.geometry_main_x: 0
gui.geometry_main_y: 0
gui.geometry_main_width: {}
gui.geometry_main_height: {}
gui.geometry_main_maximized: FALSE
gui.geometry_main_upper_pane: 160
gui.packet_list_colorize: FALSE
""".format(*desktop.SIZE)


class Setup:
    """Filled before the tests run."""

    tshark = None
    directory = None
    home = None
    stock_home = None
    desktop = None


def make_home(name, plugin=None):
    home = Setup.tshark.make_home(os.path.join(Setup.directory, name), plugin)
    settings = os.path.join(home, ".config", "wireshark")
    os.makedirs(settings)
    for file, text in (("preferences", PREFERENCES), ("recent", RECENT),
                       ("recent_common", RECENT)):
        with open(os.path.join(settings, file), "w") as out:
            out.write(text)
    return home


def capture_path(capture):
    return os.path.join(Setup.directory, "captures", capture)


def report(capture, name):
    """Lines of tshark -z NAME."""
    return Setup.tshark.lines(Setup.home, ["-r", capture_path(capture), "-q", "-z", name])


def settled(look):
    """What look() returns, once it is twice the same: painting goes on after the text is there."""
    last = None

    def unchanged():
        nonlocal last
        before, last = last, look()
        return before == last
    wait_for("picture that stays the same", unchanged)
    return last


def keep_picture(name, window=None):
    if window is not None:
        Setup.desktop.resize(window, desktop.SIZE[0], 560)
    settled(lambda: Setup.desktop.picture(window and window.rect)).save(
        os.path.join(Setup.directory, "shots", name + ".png"))


class Wireshark:
    """A window with a capture, and one packet of it selected."""

    def __init__(self, test, capture, packet, *options, home=None):
        self.process = Setup.desktop.start("wireshark", "-r", capture_path(capture), "-g",
                                           str(packet), *options, HOME=home or Setup.home)
        test.addCleanup(Setup.desktop.stop, self.process)
        self.application = Setup.desktop.application(self.process)
        self.main = wait_for("main window",
                             lambda: self.application.child("frame", capture))
        self.packets = wait_for("packet list", lambda: self.main.find("tree", "Packet list"))
        self.details = wait_for("packet tree", lambda: self.main.find("tree", "Packet details"))
        self.wait_for_packet(packet)
        # Others of the same name are hidden.
        self.entry = next(entry for entry in self.main.find_all("text", "Display filter entry")
                          if entry.showing)

    def wait_for_packet(self, packet):
        wait_for(f"details of packet {packet}",
                 lambda: [text for text in self.details.texts()[:1]
                          if text.startswith(f"Frame {packet}:")])

    def menu(self, *names):
        """Press an item of the main menu."""
        desktop.menu_item(self.main.child("menu bar"), names).press()

    def dialog(self, title):
        return wait_for(f"window {title}", lambda: next(
            (window for window in self.application.children() if title in window.name), None))

    def row(self, text):
        """The line of the packet tree that begins so, as it is now."""
        return next((row for row, line in enumerate(self.details.texts())
                     if line.startswith(text)), None)

    def cell(self, text):
        row = wait_for(text, lambda: [row for row in [self.row(text)] if row is not None])[0]
        cell = self.details.cell(row)
        Setup.desktop.reveal(cell, self.details)
        return cell

    def expand(self, text):
        before = len(self.details.texts())
        Setup.desktop.click(self.cell(text), times=2)
        wait_for(f"{text}, expanded", lambda: len(self.details.texts()) > before)

    def select(self, text):
        Setup.desktop.click(self.cell(text))


def tree_counts(lines):
    """(item, count) of what tshark -z wsclose,tree prints."""
    rows = [re.match(r" *(\S.*?)  +(\d+)(?: |$)", line) for line in lines]
    return [row.groups() for row in rows if row]


def table_rows(lines):
    """Heading and rows of what tshark -z wsclose,table prints."""
    rows = [[cell.strip() for cell in line.split("|")[:-1]] for line in lines if "|" in line]
    return rows[0], rows[1:]


class Items(unittest.TestCase):
    maxDiff = None

    def test_packet_tree(self):
        window = Wireshark(self, DECLINED, 10, "-Y", "wsclose")
        title = "[WebSocket close: Client closes with 1010 Mandatory Extension]"
        window.expand(title)
        lines = window.details.texts()
        leaves = lines[lines.index(title) + 1:]
        for leaf in ("[Event: Close frame (2)]", "[Opening handshake requested in: 4]",
                     "[Opening handshake answered in: 6]", "[Sender: client (1)]",
                     "[Status code: Mandatory Extension (1010)]", "[On the wire: True]",
                     "[Reason: permessage-deflate]", "[Extension missing: permessage-deflate]"):
            self.assertIn(leaf, leaves)
        # As on every second look at a packet, what comes later is known.
        self.assertIn("[The other side's Close frame in: 11]", leaves)
        self.assertIn("[Connection verdict in: 11]", leaves)
        self.assertEqual(window.packets.texts(), ["6", "10", "11"])
        window.select("[Status code")
        keep_picture("packet-tree")

    def test_expert_information(self):
        window = Wireshark(self, DECLINED, 10)
        window.menu("Analyze", "Expert Information")
        dialog = window.dialog("Expert Information")
        tree = dialog.find("tree")

        def ours():
            # Severity, summary, group, protocol, count.
            return {row[1]: (row[0], row[4]) for row in tree.rows() if "wsclose" in row}
        found = wait_for("two expert items", lambda: len(ours()) >= 2 and ours())
        self.assertEqual(found, {
            "Close with 1010: an extension that the client needs was not negotiated":
                ("Warning", "2"),
            "An offered extension was not accepted": ("Chat", "1"),
        })
        keep_picture("expert-information", dialog)


class Statistics(unittest.TestCase):
    maxDiff = None

    def test_close_codes(self):
        expected = tree_counts(report(MATRIX, "wsclose,tree"))
        self.assertGreater(len(expected), 20)
        window = Wireshark(self, MATRIX, 1)
        window.menu("Statistics", "WebSocket Close Codes")
        dialog = window.dialog("WebSocket Close Codes")
        tree = dialog.find("tree")
        self.assertEqual([header.name for header in tree.children()
                          if header.role == "column header"][:2], ["Topic / Item", "Count"])
        wait_for("rows", lambda: len(tree.texts()) >= len(expected))
        self.assertCountEqual([row[:2] for row in tree.rows()], expected)
        keep_picture("close-codes", dialog)

    def test_connections(self):
        heading, expected = table_rows(report(MATRIX, "wsclose,table"))
        self.assertGreater(len(expected), 20)
        window = Wireshark(self, MATRIX, 1)
        window.menu("Statistics", "WebSocket Connections")
        dialog = window.dialog("WebSocket Connections")
        tree = dialog.find("tree")
        wait_for("rows", lambda: len(tree.texts()) >= len(expected))
        self.assertEqual([header.name for header in tree.children()
                          if header.role == "column header"], heading)
        self.assertCountEqual([[cell.strip() for cell in row] for row in tree.rows()], expected)
        keep_picture("connections", dialog)


class Fields(unittest.TestCase):
    # Of a string, a number, a boolean, a frame number and a time.
    FILTERS = {"[Reason:": 'wsclose.reason == "permessage-deflate"',
               "[Status code:": "wsclose.code == 1010",
               "[On the wire:": "wsclose.code.on_wire == ",
               "[Opening handshake requested in:": "wsclose.request_in == 4",
               "[Time since": "wsclose.close_rtt == "}

    def test_apply_as_filter(self):
        """Right click on every leaf of a Close frame and of a verdict."""
        window = Wireshark(self, DECLINED, 11)
        before = set(window.details.texts())
        window.expand("[WebSocket close: Client closed")
        window.expand("[WebSocket close: Server answers")
        leaves = [line for line in window.details.texts() if line not in before]
        self.assertGreater(len(leaves), 30)
        self.assertEqual([start for start in self.FILTERS
                          if not any(leaf.startswith(start) for leaf in leaves)], [])
        for leaf in dict.fromkeys(leaves):
            last = window.entry.text
            Setup.desktop.choose(window.cell(leaf), "Apply as Filter", "Selected")
            wait_for(f"filter of {leaf}", lambda: window.entry.text not in ("", last))
            # The whole capture has more packets than any of these filters keeps.
            wait_for(f"packets that {window.entry.text} keeps",
                     lambda: "11" in window.packets.texts() and len(window.packets.texts()) < 4)
            wanted = next((text for start, text in self.FILTERS.items() if leaf.startswith(start)),
                          "wsclose.")
            self.assertTrue(window.entry.text.startswith(wanted), window.entry.text)

    def test_links(self):
        window = Wireshark(self, DECLINED, 10)
        window.expand("[WebSocket close: Client closes")
        Setup.desktop.click(window.cell("[Opening handshake requested in: 4]"), times=2)
        window.wait_for_packet(4)
        self.assertEqual(window.packets.selected_rows(), [3])


class Marks(unittest.TestCase):
    """Related packets have a mark at the left of the packet list, which is painted only."""

    # What is out of sight is not painted. Packet 7 acknowledges, and nothing points to it.
    PAINTED = "frame.number in {4..7,9..11}"
    PLAIN = "7"

    def marked(self, packet, home=None):
        window = Wireshark(self, DECLINED, packet, "-Y", self.PAINTED, home=home)

        def look():
            marks = {}
            for row, number in enumerate(window.packets.texts()):
                left, top, _, height = window.packets.cell(row).rect
                marks[number] = Setup.desktop.picture((left, top, height, height)).tobytes()
            return marks
        wait_for("seven packets", lambda: len(window.packets.texts()) == 7)
        marks = settled(look)
        if home is None:
            keep_picture(f"related-{packet}")
        Setup.desktop.stop(window.process)
        # The selected one has another background.
        return {number for number, mark in marks.items()
                if mark != marks[self.PLAIN]} - {str(packet)}

    def test_related_packets(self):
        for packet, others in ((10, {"4", "6", "11"}), (11, {"4", "6", "10"}),
                               (6, {"4", "10", "11"})):
            with self.subTest(packet=packet):
                self.assertLessEqual(others, self.marked(packet))

    def test_without_plugin(self):
        """The marks are the plugin's doing: Wireshark's own are others."""
        self.assertFalse({"4", "6", "11"} & self.marked(10, home=Setup.stock_home))


def setUpModule():
    screen = os.path.join(Setup.directory, "screen")
    os.mkdir(screen, 0o700)
    Setup.desktop = desktop.Desktop(screen, Setup.tshark.environment(Setup.home))
    unittest.addModuleCleanup(Setup.desktop.close)


def run_tests(arguments):
    """In a process of its own, which gives up root; returns its exit status."""
    child = os.fork()
    if child == 0:
        status = 1
        try:
            # All that is started is in this group, so that nothing of it can be left over.
            os.setpgid(0, 0)
            if os.geteuid() == 0:
                os.setgroups([])
                os.setgid(NOBODY)
                os.setuid(NOBODY)
            program = unittest.main(argv=arguments, exit=False)
            status = 0 if program.result.wasSuccessful() and program.result.testsRun else 1
        except SystemExit as leave:
            status = leave.code or 0
        except BaseException:
            traceback.print_exc()
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(status)
    for end in (signal.SIGTERM, signal.SIGINT, signal.SIGALRM):
        signal.signal(end, lambda number, frame: sys.exit(f"ended by signal {number}"))
    signal.alarm(DEADLINE)
    try:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    finally:
        try:
            os.killpg(child, signal.SIGKILL)
        except ProcessLookupError:
            pass


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--plugin", required=True)
    parser.add_argument("--shots", metavar="DIR")
    options, rest = parser.parse_known_args()
    missing = desktop.missing()
    if missing:
        sys.exit("test_window.py: missing: " + ", ".join(missing))
    Setup.directory = tempfile.mkdtemp(prefix="wsclose-window-")
    try:
        make_readable(Setup.directory)
        Setup.tshark = Tshark()
        Setup.home = make_home("home", os.path.abspath(options.plugin))
        Setup.stock_home = make_home("stock")
        shots = os.path.join(Setup.directory, "shots")
        os.mkdir(shots)
        shutil.copytree(CAPTURES, os.path.dirname(capture_path("")),
                        ignore=shutil.ignore_patterns("record"))
        if os.geteuid() == 0:
            for folder, _, files in os.walk(Setup.directory):
                for path in [folder, *(os.path.join(folder, file) for file in files)]:
                    os.chown(path, NOBODY, NOBODY)
        status = run_tests([sys.argv[0], *rest])
        if options.shots:
            shutil.copytree(shots, options.shots, dirs_exist_ok=True)
        return status
    except SetupError as error:
        sys.exit(f"test_window.py: {error}")
    finally:
        shutil.rmtree(Setup.directory)


if __name__ == "__main__":
    sys.exit(main())
