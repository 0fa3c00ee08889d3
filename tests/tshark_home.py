#
# tshark_home.py - run tshark as an ordinary user with a home directory of its own
#
# SPDX-License-Identifier: GPL-2.0-or-later
#
"""Homes that hold nothing but the plugin under test, or nothing at all.

tshark that is started as root ignores personal plugins, so root becomes nobody here.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile

NOBODY = 65534


class SetupError(Exception):
    """The measurement cannot start; says why."""


def make_readable(path):
    """Let nobody read a directory that mkdtemp() made, or a file in it."""
    os.chmod(path, 0o755 if os.path.isdir(path) else 0o644)


class Tshark:
    """One tshark program, and what it needs to find a plugin."""

    def __init__(self, program="tshark"):
        self.program = shutil.which(program)
        if self.program is None:
            raise SetupError(f"{program}: no such program")
        self.about = subprocess.run([self.program, "--version"], check=True, text=True,
                                    stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout
        match = re.search(r"\b(\d+)\.(\d+)\.\d+", self.about)
        if match is None:
            raise SetupError(f"{program} --version names no version")
        self.version = match.group(0)
        self.plugin_dir = f".local/lib/wireshark/plugins/{match.group(1)}.{match.group(2)}/epan"
        self.sanitized = {}

    def has_lua(self):
        return re.search(r"\bwith Lua\b", self.about.replace("\n", " ")) is not None

    def make_home(self, path, plugin=None, lua=None):
        """An empty home directory, or one with just this plugin."""
        directories = os.path.join(path, self.plugin_dir)
        os.makedirs(directories)
        if plugin is not None:
            shutil.copy(plugin, os.path.join(directories, "wsclose.so"))
            # A build tree may be out of nobody's reach, so its library travels along.
            os.makedirs(os.path.join(path, "lib"))
            for library in self.libraries(plugin, "libwsclose"):
                shutil.copy(library, os.path.join(path, "lib"))
            self.sanitized[path] = self.sanitizer_settings(plugin, path)
        if lua is not None:
            shutil.copy(lua, os.path.dirname(os.path.dirname(directories)))
        for root, _, files in os.walk(path):
            make_readable(root)
            for name in files:
                make_readable(os.path.join(root, name))
        return path

    @staticmethod
    def libraries(plugin, name):
        listing = subprocess.run(["ldd", plugin], check=True, text=True,
                                 stdout=subprocess.PIPE, stderr=subprocess.PIPE).stdout
        return re.findall(name + r"\S* => (/.+) \(0x", listing)

    def sanitizer_settings(self, plugin, home):
        """What a tshark without sanitizers needs to run a plugin that has them."""
        runtime = self.libraries(plugin, "libasan")
        if not runtime:
            return {}
        return {"LD_PRELOAD": runtime[0], "ASAN_OPTIONS": "detect_leaks=1",
                "UBSAN_OPTIONS": "print_stacktrace=1",
                # Programs that tshark starts inherit all this, and some hang then.
                "WIRESHARK_EXTCAP_DIR": os.path.join(home, "no-extcap"),
                # Else Wireshark hands out pieces of large blocks, whose ends nobody watches.
                "WIRESHARK_DEBUG_WMEM_OVERRIDE": "simple"}

    def environment(self, home, **more):
        return {"HOME": home, "PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C.UTF-8",
                "TZ": "UTC", "LD_LIBRARY_PATH": os.path.join(home, "lib"),
                **self.sanitized.get(home, {}), **more}

    @staticmethod
    def user():
        """Arguments for subprocess that give up root."""
        if os.geteuid() != 0:
            return {}
        return {"user": NOBODY, "group": NOBODY, "extra_groups": []}

    def popen(self, home, args, env=None, wrapper=(), stdin=subprocess.DEVNULL, **streams):
        return subprocess.Popen([*wrapper, self.program, *args], env=self.environment(home, **(env or {})),
                                cwd=home, stdin=stdin, **streams, **self.user())

    def lines(self, home, args, env=None):
        """Run to the end; returns the lines of its output."""
        # Wireshark's own fields can hold any octet.
        with self.popen(home, args, env, text=True, encoding="utf-8", errors="replace",
                        stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
            out, err = process.communicate()
        if process.returncode != 0:
            raise SetupError(f"tshark {' '.join(args)}: exit status {process.returncode}\n{err}")
        # Not splitlines(): values may hold separators that it takes for line ends.
        return out.split("\n")[:-1]

    def knows_wsclose(self, home):
        """Does the protocol wsclose exist with this home?"""
        # Name, short name, filter name; later versions than 4.0 add columns.
        return any(line.split("\t")[2:3] == ["wsclose"]
                   for line in self.lines(home, ["-G", "protocols"]))

    def require_plugin(self, home):
        if not self.knows_wsclose(home):
            raise SetupError("the plugin does not load: tshark -G protocols has no wsclose")

    def require_no_plugin(self, home):
        if self.knows_wsclose(home):
            raise SetupError("wsclose is installed for all users of this machine: "
                             "there is no stock tshark to compare with")


def stock_and_plugin(tshark, directory, plugin):
    """Two homes in a directory: an empty one, and one with the plugin, which is seen to load."""
    stock = tshark.make_home(os.path.join(directory, "stock"))
    with_plugin = tshark.make_home(os.path.join(directory, "plugin"), plugin=plugin)
    tshark.require_no_plugin(stock)
    tshark.require_plugin(with_plugin)
    return stock, with_plugin


def measure_in(measure, prefix, parent=None):
    """Exit status of measure(directory), in a directory of its own; 2 where it cannot start."""
    directory = tempfile.mkdtemp(prefix=prefix, dir=parent)
    try:
        make_readable(directory)
        return measure(directory)
    except (SetupError, OSError, subprocess.CalledProcessError) as error:
        print(f"cannot measure: {error}", file=sys.stderr)
        return 2
    finally:
        shutil.rmtree(directory)
