#
# desktop.py - a screen of its own, and Wireshark on it, as assistive technology sees and drives it
#
# SPDX-License-Identifier: GPL-2.0-or-later
#
"""Xvfb, an accessibility bus, and the tree of what is on the screen (AT-SPI over D-Bus).

Windows, menus, trees and tables are found by their names and read as text; the mouse is moved only
where a test is about the mouse. Nothing sleeps for a fixed time: wait_for() polls.
"""

import os
import shutil
import subprocess
import time

from gi.repository import Gio, GLib
from PIL import ImageGrab
from Xlib import X, XK
from Xlib.display import Display
from Xlib.ext import xtest

SIZE = (1100, 700)
# Of one step; all steps take a fraction of it where nothing else runs.
PATIENCE = 30
POLL = 0.05

PROGRAMS = ("Xvfb", "dbus-daemon", "wireshark")
BUS_CONFIG = "/usr/share/defaults/at-spi2/accessibility.conf"
REGISTRY = ("org.a11y.atspi.Registry", "/org/a11y/atspi/accessible/root")
# What has just gone.
NOTHING = "/org/a11y/atspi/null"
# Bits of AT-SPI's first word of states.
STATE_SHOWING = 1 << 25


def missing():
    """What a desktop needs and this machine has not."""
    return ([program for program in PROGRAMS if shutil.which(program) is None] +
            [path for path in (BUS_CONFIG,) if not os.path.exists(path)])


class Timeout(AssertionError):
    """Something did not appear in time; says what."""


def wait_for(what, condition):
    """What condition() returns, as soon as that is true."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            result = condition()
        except GLib.Error:
            # An object that has just gone.
            result = None
        if result:
            return result
        if time.monotonic() > deadline:
            raise Timeout(f"{what}: not within {PATIENCE} s; last seen: {result!r}")
        time.sleep(POLL)


class Node:
    """An accessible object: a window, a menu item, a cell."""

    def __init__(self, bus, reference):
        self.bus = bus
        self.reference = tuple(reference)

    def call(self, interface, method, signature="()", *args):
        name, path = self.reference
        return self.bus.call_sync(name, path, "org.a11y.atspi." + interface, method,
                                  GLib.Variant(signature, args), None,
                                  Gio.DBusCallFlags.NONE, PATIENCE * 1000, None).unpack()

    def read(self, interface, name):
        sender, path = self.reference
        wanted = GLib.Variant("(ss)", ("org.a11y.atspi." + interface, name))
        return self.bus.call_sync(sender, path, "org.freedesktop.DBus.Properties", "Get", wanted,
                                  None, Gio.DBusCallFlags.NONE, PATIENCE * 1000, None).unpack()[0]

    @property
    def name(self):
        return self.read("Accessible", "Name")

    @property
    def role(self):
        return self.call("Accessible", "GetRoleName")[0]

    @property
    def showing(self):
        return bool(self.call("Accessible", "GetState")[0][0] & STATE_SHOWING)

    @property
    def rect(self):
        """Left, top, width, height on the screen."""
        return self.call("Component", "GetExtents", "(u)", 0)[0]

    @property
    def text(self):
        return self.call("Text", "GetText", "(ii)", 0, -1)[0]

    def children(self):
        return [Node(self.bus, reference)
                for reference in self.call("Accessible", "GetChildren")[0]
                if reference[1] != NOTHING]

    def child(self, role, name=None):
        """The first child of a role, and of a name; None where there is none."""
        return next((child for child in self.children()
                     if child.role == role and name in (None, child.name)), None)

    def find_all(self, role, name=None):
        """Everything below of a role, and of a name."""
        for child in self.children():
            if child.role == role and name in (None, child.name):
                yield child
            yield from child.find_all(role, name)

    def find(self, role, name=None):
        return next(self.find_all(role, name), None)

    def press(self):
        """What a click does; does not wait for it, since a menu item may open a dialog and stay."""
        name, path = self.reference
        self.bus.call(name, path, "org.a11y.atspi.Action", "DoAction", GLib.Variant("(i)", (0,)),
                      None, Gio.DBusCallFlags.NO_AUTO_START, PATIENCE * 1000, None, None)
        self.bus.flush_sync(None)

    def rows(self):
        """Texts of a table or tree, all rows that are expanded, by columns."""
        columns = self.read("Table", "NColumns")
        return [tuple(self.cell(row, column).name for column in range(columns))
                for row in range(self.read("Table", "NRows"))]

    def texts(self):
        """Texts of the first column."""
        return [self.cell(row).name for row in range(self.read("Table", "NRows"))]

    def selected_rows(self):
        return self.call("Table", "GetSelectedRows")[0]

    def cell(self, row, column=0):
        return Node(self.bus, self.call("Table", "GetAccessibleAt", "(ii)", row, column)[0])


def menu_item(menu, names):
    """An item of a menu, or of a menu in it, once it is there."""
    def find():
        item = menu.child("menu item", names[0])
        for name in names[1:]:
            popup = item and item.child("popup menu")
            item = popup and popup.child("menu item", name)
        return item
    return wait_for("menu item " + " > ".join(names), find)


class Desktop:
    """A screen without a window manager; everything on it runs as the user of this process."""

    def __init__(self, directory, environment):
        self.processes = []
        self.directory = directory
        address = "unix:path=" + os.path.join(directory, "bus")
        # Qt 6 and AT-SPI's registry take the address from here; Qt 5 from the screen, see below.
        # It is the session's bus too: nobody else is in this session.
        self.environment = {**environment, "AT_SPI_BUS_ADDRESS": address,
                            "DBUS_SESSION_BUS_ADDRESS": address, "XDG_RUNTIME_DIR": directory,
                            "QT_ACCESSIBILITY": "1", "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1",
                            "QT_QPA_PLATFORM": "xcb"}
        try:
            self.start_screen()
            self.start_bus(address)
        except BaseException:
            self.close()
            raise

    def start(self, *command, pass_fds=(), **environment):
        with open(os.path.join(self.directory, "log"), "ab") as log:
            process = subprocess.Popen(command, env={**self.environment, **environment},
                                       cwd=self.directory, pass_fds=pass_fds,
                                       stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        self.processes.append(process)
        return process

    def start_screen(self):
        reader, writer = os.pipe()
        with os.fdopen(reader) as chosen:
            # Its abstract socket is enough: a file would stay in /tmp for a killed server.
            self.start("Xvfb", "-displayfd", str(writer), "-screen", "0", "{}x{}x24".format(*SIZE),
                       "-nolisten", "tcp", "-nolisten", "unix", "-noreset", pass_fds=[writer])
            os.close(writer)
            number = chosen.readline().strip()
        if not number:
            raise Timeout("Xvfb does not start:\n" + self.log())
        self.environment["DISPLAY"] = ":" + number
        self.screen = Display(":" + number)

    def start_bus(self, address):
        self.start("dbus-daemon", "--config-file=" + BUS_CONFIG, "--nofork", "--nopidfile",
                   "--address=" + address)
        wait_for("accessibility bus", lambda: os.path.exists(os.path.join(self.directory, "bus")))
        self.bus = Gio.DBusConnection.new_for_address_sync(
            address, Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT |
            Gio.DBusConnectionFlags.MESSAGE_BUS_CONNECTION, None, None)
        # The first call starts the registry; an application that is earlier is never listed.
        Node(self.bus, REGISTRY).children()
        root = self.screen.screen().root
        root.change_property(self.screen.intern_atom("AT_SPI_BUS"),
                             self.screen.intern_atom("STRING"), 8, address.encode())
        self.screen.sync()

    def log(self):
        with open(os.path.join(self.directory, "log"), errors="replace") as log:
            return log.read()

    def application(self, process):
        """The windows of a process, once it has told the registry of itself."""
        def registered():
            if process.poll() is not None:
                raise Timeout(f"{process.args[0]} ends by itself, with {process.returncode}:\n" +
                              self.log())
            return next((child for child in Node(self.bus, REGISTRY).children()
                         if self.owner(child) == process.pid), None)
        return wait_for(process.args[0] + " on the accessibility bus", registered)

    def owner(self, node):
        return self.bus.call_sync("org.freedesktop.DBus", "/", "org.freedesktop.DBus",
                                  "GetConnectionUnixProcessID",
                                  GLib.Variant("(s)", (node.reference[0],)), None,
                                  Gio.DBusCallFlags.NONE, -1, None).unpack()[0]

    def stop(self, process):
        if process not in self.processes:
            return
        self.processes.remove(process)
        process.terminate()
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def close(self):
        for process in reversed(self.processes[:]):
            self.stop(process)

    def key(self, name):
        code = self.screen.keysym_to_keycode(XK.string_to_keysym(name))
        xtest.fake_input(self.screen, X.KeyPress, code)
        xtest.fake_input(self.screen, X.KeyRelease, code)
        self.screen.sync()

    def reveal(self, node, view):
        """Turn the mouse wheel over a view until a node of it is there to be clicked."""
        _, top, _, height = view.rect

        def distance():
            """How far it is out of sight: below zero above the view, beyond zero below it."""
            _, y, _, h = node.rect
            return min(y - top, 0) or max(y + h - top - height, 0)

        def visible():
            far = distance()
            if far:
                self.click(view, button=4 if far < 0 else 5)
                # Else the wheel is turned on before the view has moved, and then too far.
                wait_for("view that moves", lambda: distance() != far)
            return not far
        wait_for("view that shows what is to be clicked", visible)

    def context_menu(self, node):
        """What a right click opens: it is no child of anything, but its items take the focus."""
        focused = []
        registry = (REGISTRY[0], "/org/a11y/atspi/registry")
        self.bus.call_sync(*registry, REGISTRY[0], "RegisterEvent",
                           GLib.Variant("(s)", ("focus:",)), None, Gio.DBusCallFlags.NONE, -1, None)
        heard = self.bus.signal_subscribe(
            None, "org.a11y.atspi.Event.Focus", None, None, None, Gio.DBusSignalFlags.NONE,
            lambda bus, sender, path, *rest: focused.append(Node(self.bus, (sender, path))))

        def focused_item():
            while GLib.MainContext.default().iteration(False):
                pass
            item = next((node for node in reversed(focused) if node.role == "menu item"), None)
            if item is None:
                # The menu may not have been there yet for the key before.
                self.key("Down")
            return item
        try:
            self.click(node, button=3)
            item = wait_for("context menu", focused_item)
        finally:
            self.bus.signal_unsubscribe(heard)
        return Node(self.bus, item.read("Accessible", "Parent"))

    def choose(self, node, *names):
        """Press an item of what a right click opens."""
        menu = self.context_menu(node)

        def closed():
            try:
                return not menu.showing
            except GLib.Error:
                return True
        menu_item(menu, names).press()
        # Pressed from afar, an item leaves its menu open.
        self.key("Escape")
        wait_for("closed context menu", closed)

    def click(self, node, button=1, times=1):
        """A real click of the mouse, in the middle of a node or near its left end."""
        left, top, width, height = node.rect
        xtest.fake_input(self.screen, X.MotionNotify, x=left + min(width // 2, 60),
                         y=top + height // 2)
        for _ in range(times):
            xtest.fake_input(self.screen, X.ButtonPress, button)
            xtest.fake_input(self.screen, X.ButtonRelease, button)
        self.screen.sync()

    def resize(self, window, width, height):
        """Move a window to the corner of the screen, with a size."""
        for candidate in self.screen.screen().root.query_tree().children:
            is_at = candidate.get_geometry()
            if (is_at.x, is_at.y, is_at.width, is_at.height) == window.rect:
                candidate.configure(x=0, y=0, width=width, height=height)
        self.screen.sync()
        wait_for("resized window", lambda: window.rect[2:] == (width, height))

    def picture(self, rect=None):
        """What is on the screen, or in a rectangle of it (left, top, width, height)."""
        if rect is not None:
            left, top, width, height = rect
            rect = (left, top, left + width, top + height)
        return ImageGrab.grab(rect, xdisplay=self.environment["DISPLAY"])
