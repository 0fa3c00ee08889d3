#
# golden.py - what the tests on captures share: the captures, and what tshark prints of them
#
# SPDX-License-Identifier: GPL-2.0-or-later
#
"""Run the real tshark on the shipped captures, as an ordinary user with an empty home."""

import argparse
import bisect
import concurrent.futures
import contextlib
import itertools
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, os.path.dirname(HERE))

from tshark_home import SetupError, Tshark, make_readable  # noqa: E402 (the folder above)

CAPTURES = os.path.join(ROOT, "captures")

# What Wireshark has to be told: that it is WebSocket where no handshake says so, keys that are beside
# the capture.
ARGUMENTS = {
    "ws-1010-reason-declined-midstream": ["-d", "tcp.port==8080,websocket"],
    "ws-1010-reason-declined-midstream-response": ["-d", "tcp.port==8080,websocket"],
    "h2-closes-ws-midstream": ["-d", "tcp.port==8080,http2"],
    "h2-deflate-ws-midstream": ["-d", "tcp.port==8080,http2"],
    "tls-keylog-beside": ["-o", "tls.keylog_file:" +
                          os.path.join(CAPTURES, "tls-keylog-beside.keys.log")],
    # Wireshark 4.6 dissects what came out of order anyway.
    "segments-reordered": ["-o", "tcp.reassemble_out_of_order:TRUE"],
    "segments-reordered-h2": ["-o", "tcp.reassemble_out_of_order:TRUE"],
}

# A boolean is 1 or 0 in Wireshark 4.0, True or False since 4.4.
BOOLEANS = {"True": "1", "False": "0"}


class Setup:
    """Filled by main(): tshark, and a home with the plugin."""

    tshark = None
    plugin = None
    home = None
    update = False
    sample = 1


def capture_names():
    return sorted(name[:-len(".pcapng")] for name in os.listdir(CAPTURES)
                  if name.endswith(".pcapng"))


def capture_path(name):
    """A shipped capture by its name, any other one by its path."""
    return name if os.path.isabs(name) else os.path.join(CAPTURES, name + ".pcapng")


def tshark(name, *args):
    """Lines that tshark prints of a capture."""
    return Setup.tshark.lines(Setup.home, ["-r", capture_path(name), *ARGUMENTS.get(name, []),
                                           *args])


def connections_in(lines):
    """The objects of -z wsclose,json that are connections: all but the last one."""
    *rows, coverage = map(json.loads, lines)
    assert coverage["type"] == "coverage" and coverage["connections"] == len(rows), coverage
    assert all("wsclose.stream" in row for row in rows)
    return rows


def registered():
    """(name to filter with, label, type) of every field of the protocol, expert items included."""
    columns = [line.split("\t") for line in Setup.tshark.lines(Setup.home, ["-G", "fields"])]
    # An expert item beside a field of the same name.
    return [(column[2], column[1], column[3]) for column in columns
            if column[0] == "F" and column[2].startswith("wsclose.")
            and not column[2].endswith(".expert")]


def findings(*severities):
    """{name: what the decoder knows of it} of all that can be found, or of those severities."""
    command = os.path.join(os.path.dirname(Setup.plugin), "..", "decoder", "wsclose")
    lines = subprocess.run([command, "findings", "--json"], check=True, text=True,
                           stdout=subprocess.PIPE).stdout.splitlines()
    rows = [json.loads(line) for line in lines]
    return {row["name"]: row for row in rows if not severities or row["severity"] in severities}


def field_names():
    return [name for name, _, _ in registered()]


def field_labels():
    """{label: name without "wsclose."} of what has a value: not of expert items."""
    labels = [(label, name[len("wsclose."):]) for name, label, kind in registered()
              if kind != "FT_NONE"]
    assert len(labels) == len(dict(labels)), "two fields have the same label"
    return dict(labels)


def fields_printed(fields):
    """Arguments for lines that rows_of() reads."""
    return ["-T", "fields", "-E", "separator=\x1f", "-E", "aggregator=\x1e",
            *(part for field in ["frame.number", *fields] for part in ("-e", field))]


def rows_of(lines, fields):
    """{frame number: {field: values}} of the packets that have an item of ours."""
    rows = {}
    for line in lines:
        number, *values = line.split("\x1f")
        row = {field: BOOLEANS.get(value, value) for field, value in zip(fields, values) if value}
        if "wsclose.event" in row:
            rows[int(number)] = row
    return rows


def field_rows(name, fields, *args):
    return rows_of(tshark(name, *fields_printed(fields), *args), fields)


SECONDS = {"seconds": 1, "milliseconds": 1e-3, "microseconds": 1e-6, "nanoseconds": 1e-9}


def seconds_in(match):
    hours, minutes, seconds = (float(part or 0) for part in match.groups())
    if not any(match.groups()):
        return match[0]
    return f"{hours * 3600 + minutes * 60 + seconds:.9f} seconds]"


def normalised(line):
    """What differs between Wireshark's versions, said as 4.0 says it."""
    # The line below an expert item has its text again, and whole.
    line = re.sub(r"\[.*(Expert Info \([^)]*\)):.*", r"[\1]", line)
    # What cannot be printed is escaped in other ways, or since 4.4 not at all.
    line = line.replace(r"\x1B", r"\033").replace("\u202e", r"\u202E")
    # 4.6 has "286.000 microseconds" and "2 minutes, 11.000 milliseconds".
    line = re.sub(r"([\d.]+) ((?:milli|micro|nano)?seconds)\]",
                  lambda match: f"{float(match.group(1)) * SECONDS[match.group(2)]:.9f} seconds]",
                  line)
    return re.sub(r"(?:(\d+) hours?(?:, |(?=\])))?(?:(\d+) minutes?(?:, |(?=\])))?(?:([\d.]+) seconds)?\]",
                  seconds_in, line)


def explanation(name, *args):
    """What tshark -V says of our items: a text to read."""
    lines = []
    ours = False
    for line in tshark(name, "-Y", "wsclose", "-O", "wsclose", *args):
        frame = re.match(r"Frame (\d+)[:,]", line)
        if frame:
            lines.append(f"frame {frame.group(1)}")
            ours = False
        elif re.match(r"\[?WebSocket close", line):
            ours = True
        elif not line.startswith(" "):
            ours = False
        if ours and line:
            lines.append(normalised(line))
    return lines


# sharkd keeps some 11 MB of each capture that it has loaded, so it gets so many.
CAPTURES_OF_SHARKD = 30


class Sharkd:
    """Wireshark without its window: dissects one capture after the other, and starts up once."""

    def __init__(self, home, env=None):
        program = os.path.join(os.path.dirname(Setup.tshark.program), "sharkd")
        if not os.path.exists(program):
            raise SetupError("there is no sharkd: it comes with Debian's package tshark")
        self.process = subprocess.Popen(
            [program, "-"], env=Setup.tshark.environment(home, **(env or {})), cwd=home, text=True,
            encoding="utf-8", errors="replace", stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, **Setup.tshark.user())
        self.asked = 0

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait()

    def ask(self, method, **params):
        """The result of a request."""
        self.asked += 1
        print(json.dumps({"jsonrpc": "2.0", "id": self.asked, "method": method, "params": params}),
              file=self.process.stdin, flush=True)
        line = "\n"
        while not line.strip():
            line = self.process.stdout.readline() or "it has ended"
        answer = json.loads(line) if line.startswith("{") else {}
        if "result" not in answer:
            raise SetupError(f"sharkd, {method} {params}: {line}")
        return answer["result"]

    def load(self, name):
        self.ask("load", file=capture_path(name))

    def frames(self, display_filter=None):
        """What its window would list."""
        if display_filter is None:
            return self.ask("frames")
        # It remembers what a filter has found, beyond the capture: no filter twice.
        return self.ask("frames",
                        filter=f"({display_filter}) || frame.number == {10**8 + self.asked}")


def by_sharkd(look, names, *homes):
    """[look(name, sharkd, ...)] for all names, each sharkd with one of the homes; captures that need
    arguments are none for it."""
    def some(part):
        with contextlib.ExitStack() as stack:
            sharkds = [stack.enter_context(Sharkd(home)) for home in homes]
            return [look(name, *sharkds) for name in part]

    parts = [names[i:i + CAPTURES_OF_SHARKD] for i in range(0, len(names), CAPTURES_OF_SHARKD)]
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        return [found for part in pool.map(some, parts) for found in part]


def explanation_of_sharkd(name, sharkd):
    """What explanation(name, "-2") gives."""
    lines = []

    def walk(items, depth):
        for item in items:
            lines.append(normalised("    " * depth + f"[{item['l']}]"))
            walk(item.get("n", []), depth + 1)

    sharkd.load(name)
    for frame in sharkd.frames("wsclose"):
        lines.append(f"frame {frame['num']}")
        walk((item for item in sharkd.ask("frame", frame=frame["num"], proto=True)["tree"]
              if item["l"].startswith("WebSocket close")), 0)
    return lines


def explanations():
    """{capture: explanation(name, "-2")} for all of them."""
    loaded = [name for name in capture_names() if name not in ARGUMENTS]
    found = dict(zip(loaded, by_sharkd(explanation_of_sharkd, loaded, Setup.home)))
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        found.update(zip(ARGUMENTS, pool.map(lambda name: explanation(name, "-2"), ARGUMENTS)))
    return {name: found[name] for name in capture_names()}


class MergedCaptures(unittest.TestCase):
    """Tests on one file of all captures, one behind the other: start-up is paid for once."""

    @classmethod
    def setUpClass(cls):
        cls.directory = tempfile.TemporaryDirectory()
        make_readable(cls.directory.name)
        cls.all = merge(os.path.join(cls.directory.name, "all.pcapng"), capture_names())

    @classmethod
    def tearDownClass(cls):
        cls.directory.cleanup()


def merge(path, names):
    """One file of captures, one behind the other."""
    subprocess.run(["mergecap", "-a", "-I", "none", "-w", path, *map(capture_path, names)],
                   check=True)
    make_readable(path)
    return path


def packets_of_each(names, *args):
    """(name, number of the packet, number of its capture's first TCP stream, packet in PDML), for what
    tshark prints with these arguments. Most captures are in one file, whose streams count on from one
    to the next; those that need arguments, or have the same connections as another one, are alone."""
    merged = [name for name in names if name not in ARGUMENTS]
    with tempfile.TemporaryDirectory() as directory:
        make_readable(directory)
        path = merge(os.path.join(directory, "merged.pcapng"), merged)
        counts = subprocess.run(["capinfos", "-T", "-r", "-m", "-c", *map(capture_path, merged)],
                                check=True, text=True, stdout=subprocess.PIPE).stdout
        ends = list(itertools.accumulate(int(line.rsplit(",", 1)[1])
                                         for line in counts.splitlines()))
        first = {}      # stream of a capture
        sent_in = {}    # capture that has a segment of these ports and this sequence number
        alone = set(ARGUMENTS) & set(names)
        for line in tshark(path, "-Y", "tcp", "-T", "fields", "-E", "occurrence=f", "-e",
                           "frame.number", "-e", "tcp.stream", "-e", "tcp.srcport", "-e",
                           "tcp.dstport", "-e", "tcp.seq_raw"):
            number, stream, *segment = map(int, line.split("\t"))
            name = merged[bisect.bisect_left(ends, number)]
            first.setdefault(name, stream)
            other = sent_in.setdefault(tuple(segment), name)
            if other != name:
                alone |= {name, other}
        for packet in packets(path, *args):
            which = bisect.bisect_left(ends, number_of(packet))
            if merged[which] not in alone:
                yield (merged[which], number_of(packet) - (ends[which - 1] if which else 0),
                       first[merged[which]], packet)
    for name in sorted(alone):
        for packet in packets(name, *args):
            yield name, number_of(packet), 0, packet


def packets(name, *args):
    """What tshark prints of a capture with -T pdml, one packet after the other."""
    parser = xml.etree.ElementTree.XMLPullParser(["end"])
    args = ["-r", capture_path(name), *ARGUMENTS.get(name, []), "-T", "pdml", *args]
    with tempfile.TemporaryFile() as errors, Setup.tshark.popen(
            Setup.home, args, text=True, encoding="utf-8", errors="replace",
            stdout=subprocess.PIPE, stderr=errors) as process:
        for part in iter(lambda: process.stdout.read(1 << 16), ""):
            parser.feed(part)
            for _, element in parser.read_events():
                if element.tag == "packet":
                    yield element
                    element.clear()
        if process.wait() != 0:
            errors.seek(0)
            raise SetupError(f"tshark {' '.join(args)}: exit status {process.returncode}\n"
                             + errors.read().decode(errors="replace"))


def number_of(packet):
    return int(packet.find("proto[@name='geninfo']/field[@name='num']").get("show"))


def give(folder):
    """Make a folder and all in it that of the user whom root becomes."""
    user = Setup.tshark.user()
    for root, _, files in os.walk(folder):
        for name in [root, *(os.path.join(root, file) for file in files)]:
            if user:
                os.chown(name, user["user"], user["group"])


@contextlib.contextmanager
def prepared(plugin, program="tshark"):
    """Setup, filled: a home with this plugin, and captures that the user of tshark can read."""
    global CAPTURES
    Setup.tshark = Tshark(program)
    Setup.plugin = plugin
    with tempfile.TemporaryDirectory() as directory:
        make_readable(directory)
        if os.geteuid() == 0:
            # tshark runs as nobody then, who may be barred from the source.
            readable = os.path.join(directory, "captures")
            os.mkdir(readable)
            for name in os.listdir(CAPTURES):
                if os.path.isfile(os.path.join(CAPTURES, name)):
                    make_readable(shutil.copy(os.path.join(CAPTURES, name), readable))
            make_readable(readable)
            for args in ARGUMENTS.values():
                args[:] = [arg.replace(CAPTURES, readable) for arg in args]
            CAPTURES = readable
        Setup.home = Setup.tshark.make_home(os.path.join(directory, "home"), plugin)
        Setup.tshark.require_plugin(Setup.home)
        yield directory


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--plugin", required=True, help="the plugin to test, wsclose.so")
    parser.add_argument("--tshark", default="tshark")
    parser.add_argument("--update", action="store_true", help="write the goldens anew")
    parser.add_argument("--sample", type=int, default=1, metavar="N",
                        help="of what is tried on very many connections: every Nth one")
    options, rest = parser.parse_known_args()
    Setup.update = options.update
    Setup.sample = options.sample
    with prepared(options.plugin, options.tshark):
        unittest.main(module="__main__", argv=[sys.argv[0], *rest], verbosity=1)
