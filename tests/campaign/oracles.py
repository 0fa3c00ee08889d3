#
# oracles.py - what is held against what, for a file of changed connections
#
# SPDX-License-Identifier: GPL-2.0-or-later
#
"""An oracle runs tshark on a file and returns what is wrong. Those on what is said are in
statements.py."""

import collections
import os
import re
import subprocess
import tempfile
import threading

import segments
import golden
import statements
import stock
from statements import Problem

# What a run may take, however busy the machine is; of CPU time and of memory against stock.
HANG_SECONDS = 120
TIME_FACTOR, TIME_MORE = 1.5, 0.3
MEMORY_MORE_KB = 60_000
CHUNK = 1 << 20

REPORTS = ["conn", "tree", "table", "json"]
TAPS = [part for report in REPORTS for part in ("-z", "wsclose," + report)] + ["-z", "expert"]

SANITIZER = re.compile(rb"ERROR: \w+Sanitizer|runtime error:")
OUR_FUNCTION = re.compile(rb"#\d+ \S+ in (\w+) [^\n]*/(?:plugin|decoder)/")
BUG = re.compile(rb"(?:Dissector bug|Malformed Packet)[^\n]*wsclose[^\n]*")
FRAME = {"-V": re.compile(rb"^Frame (\d+)[:,]", re.MULTILINE),
         "-T pdml": re.compile(rb'^    <field name="num" [^\n]*show="(\d+)"', re.MULTILINE)}

# Of these stock takes the connection for WebSocket in a pass without a tree, and not in one with
# it.
GARBLED_VERSION = re.compile(rb"HTTP/(?!1\.)")

# It keeps the opcode of a message under a number that may be that of an inflated payload too, and then
# prints eight bits of an address for it, or crashes.
ADDRESS_PRINTED = re.compile(rb"Websocket Opcode \((?:1[6-9]|[2-9]\d|\d{3})\)")

# What differs between any two runs, on stderr.
RUN = re.compile(rb"\(tshark:\d+\) [\d:.]+")

Ran = collections.namedtuple("Ran", "status out err seconds kilobytes hangs")


class Homes:
    """Home directories for tshark."""

    def __init__(self, options, directory):
        make_home = golden.Setup.tshark.make_home
        self.usual = golden.Setup.home
        self.stock = make_home(os.path.join(directory, "stock"))
        golden.Setup.tshark.require_no_plugin(self.stock)
        self.plugin = make_home(os.path.join(directory, "plugin"), options.plugin)
        self.sanitized = make_home(os.path.join(directory, "sanitized"), options.sanitized)
        golden.Setup.tshark.require_plugin(self.sanitized)
        for home in (self.plugin, self.sanitized):
            stock.write_preferences(home)
        self.sanitizers = golden.Setup.tshark.sanitized[self.sanitized]
        if not self.sanitizers:
            raise golden.SetupError(f"{options.sanitized} has no sanitizers in it")


class Trial:
    """A file, and the connections in it where they are known."""

    def __init__(self, path, connections=(), link=segments.ETHERNET, mingled=False):
        self.path, self.connections, self.link, self.mingled = path, connections, link, mingled
        self.statements = 0
        self.executions = 0
        self.numbers = {}    # of a packet: place of its connection
        if connections:
            numbers = segments.write(path, connections, link, mingled)
            self.numbers = {number: place for place, of in enumerate(numbers) for number in of}

    def is_garbled(self, number):
        """Whether the packet is of a connection on which stock's passes differ."""
        return number in self.numbers and any(
            GARBLED_VERSION.match(segment.payload if segment.captured < 0
                                  else segment.payload[:segment.captured])
            for segment in self.connections[self.numbers[number]].segments)

    def problem(self, kind, signature, text, number=None):
        return Problem(kind, signature, text, self.numbers.get(number))


def memory_of(pid):
    """Its peak so far; None where it has ended. What wait4() tells is at least our own size, which a
    child has before it becomes tshark."""
    try:
        with open(f"/proc/{pid}/status", encoding="utf-8", errors="replace") as file:
            match = re.search(r"^VmHWM:\s*(\d+) kB", file.read(), re.MULTILINE)
    except OSError:
        return None
    return int(match.group(1)) if match else None


def run(home, args, env=None):
    """Run tshark to its end, or end it after HANG_SECONDS."""
    with tempfile.TemporaryFile() as errors, golden.Setup.tshark.popen(
            home, args, env, stdout=subprocess.PIPE, stderr=errors) as process:
        hangs = threading.Event()
        watch = threading.Timer(HANG_SECONDS, lambda: (hangs.set(), process.kill()))
        watch.start()
        parts = []
        kilobytes = 0
        while part := process.stdout.read(CHUNK):
            parts.append(part)
            kilobytes = memory_of(process.pid) or kilobytes
        _, status, usage = os.wait4(process.pid, 0)
        watch.cancel()
        process.returncode = os.waitstatus_to_exitcode(status)
        errors.seek(0)
        return Ran(process.returncode, b"".join(parts), errors.read(),
                   usage.ru_utime + usage.ru_stime, kilobytes, hangs.is_set())


class StockFails(Exception):
    """Why nothing can be said of a file: of what Wireshark does with it without us."""


def without_us(args):
    """The same of a tshark that does not know us."""
    kept = []
    for arg in args:
        if arg.startswith("wsclose,") or "wsclose" in arg.split():
            kept.pop()      # its option
        else:
            kept.append(arg)
    return kept


def crashes(homes, trial, ran, args):
    """What is no matter of what is said."""
    found = crashes_of(trial, ran, args)
    if found and (ran.hangs or not OUR_FUNCTION.search(ran.err)):
        sanitizers = homes.sanitizers if SANITIZER.search(ran.err) else None
        # It dissects more where somebody asks for all of it.
        for more in ([], ["-2", "-V"]):
            of_stock = run(homes.stock, [*without_us(args), *more], sanitizers)
            if of_stock.hangs or of_stock.status < 0 or SANITIZER.search(of_stock.err):
                raise StockFails("Wireshark crashes on it, or loses memory, without us")
    return found


def crashes_of(trial, ran, args):
    command = f"tshark {' '.join(args)}"
    if ran.hangs:
        return [trial.problem("crashes", f"hang {args[0]}",
                              f"still runs after {HANG_SECONDS} s: {command}")]
    report = SANITIZER.search(ran.err)
    if report:
        where = OUR_FUNCTION.search(ran.err, report.start())
        where = where.group(1).decode() if where else "not in our code"
        text = ran.err[report.start():report.start() + 4000].decode(errors="replace")
        return [trial.problem("crashes", f"sanitizer {where}", f"{where}: {text}\n{command}")]
    if ran.status < 0 or ran.status > 2:
        return [trial.problem("crashes", f"exit status {ran.status}",
                              f"exit status {ran.status}: {command}\n"
                              + ran.err[-2000:].decode(errors="replace"))]
    bug = BUG.search(ran.out)
    if bug:
        return [trial.problem("crashes", "bug", bug.group(0)[:600].decode(errors="replace")
                              + "\n" + command)]
    return []


def frame_of(style, out, line):
    """The packet that a line of the output is about."""
    at = -1
    for _ in range(line - 1):
        at = out.find(b"\n", at + 1)
    numbers = FRAME[style].findall(out[:at + 1])
    return int(numbers[-1]) if numbers else None


def against_stock(trial, without, ours, style, args):
    """What differs once our items are taken out."""
    without, ours = (ran._replace(err=RUN.sub(b"", ran.err)) for ran in (without, ours))
    differences, items = stock.differences(without, ours, style)
    if differences and any(ADDRESS_PRINTED.search(ran.out) for ran in (without, ours)):
        raise StockFails("Wireshark prints a part of an address for an opcode of it")
    trial.statements += items
    return [trial.problem("untrue", f"stock {what} {style}",
                          f"{what} differs from stock's: tshark {' '.join(args)}\n{detail}",
                          frame_of(style, stock.timeless(without.out),
                                   int(re.match(r"line (\d+)", detail).group(1)))
                          if what == "stdout" else None)
            for what, detail in differences]


def read(trial, *args):
    return ["-r", trial.path, *args]


# The oracles.

def sanitized_text(homes, trial):
    # The lines of the list of packets, too: columns are not for us.
    args = read(trial, "-2", "-n", "-x", "-V", "-P")
    ours = run(homes.sanitized, args)
    trial.executions += 1
    found = crashes(homes, trial, ours, args)
    if found:
        return found
    return (statements.of_text(trial, ours.out)
            + against_stock(trial, run(homes.stock, args), ours, "-V", args))


def sanitized_reports(homes, trial):
    args = read(trial, "-T", "json", *TAPS)
    ours = run(homes.sanitized, args)
    trial.executions += 1
    return crashes(homes, trial, ours, args) or statements.of_reports(trial, ours.out)


def passes(homes, trial):
    style = ["-Y", "wsclose", "-T", "json", "-J", "frame wsclose", "-z", "wsclose,json"]
    told = []
    for how in ([], ["-2"]):
        args = read(trial, *how, *style)
        ours = run(homes.usual, args)
        trial.executions += 1
        found = crashes(homes, trial, ours, args)
        if found:
            return found
        told.append(statements.Told(ours.out))
    return statements.compared(trial, *told)


def cost(homes, trial):
    """Time and memory; and what is printed as PDML."""
    args = read(trial, "-T", "pdml")
    without, ours = run(homes.stock, args), run(homes.plugin, args)
    trial.executions += 1
    found = crashes(homes, trial, ours, args)
    if found:
        return found
    found = against_stock(trial, without, ours, "-T pdml", args)
    trial.statements += 2
    for again in range(3):
        slow = ours.seconds > TIME_FACTOR * without.seconds + TIME_MORE
        large = ours.kilobytes > without.kilobytes + MEMORY_MORE_KB
        if not slow and not large:
            return found
        if again < 2:
            # The machine may have been busy.
            without, ours = run(homes.stock, args), run(homes.plugin, args)
    text = (f"{ours.seconds:.2f} s and {ours.kilobytes} kB, stock {without.seconds:.2f} s and "
            f"{without.kilobytes} kB: tshark {' '.join(args)}")
    return found + [trial.problem("untrue", "slow" if slow else "large", text)]


ORACLES = (sanitized_text, sanitized_reports, passes, cost)
