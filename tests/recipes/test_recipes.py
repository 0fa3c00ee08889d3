#!/usr/bin/env python3
#
# test_recipes.py - the batch recipes of docs/recipes.md and README, run as they are printed
#
# SPDX-License-Identifier: GPL-2.0-or-later
#
"""test_recipes.py --plugin BUILD/plugin/wsclose.so

Each indented block of docs/recipes.md, and of README's section "Many captures", is run by bash as an
ordinary user, whose home has the plugin. Names of hosts stand for a server of SSH that this test has on loopback, and
port 9200 for an HTTP server of its own. A block that no test here knows fails the test.
"""

import asyncio
import collections
import csv
import functools
import http.server
import io
import ipaddress
import json
import os
import re
import shutil
import subprocess
import sys
import threading
import time
import unittest

import asyncssh

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "golden"))

import golden  # noqa: E402

sys.path.insert(0, os.path.join(golden.ROOT, "captures", "record"))

import generate  # noqa: E402
import pcapng  # noqa: E402

# The folder of captures: some of all kinds, since each takes tshark a third of a second.
FOLDER = ["chromium-close-no-code", "chromium-deflate-declined", "fin-without-close",
          "generated-host-hostile", "generated-no-websocket", "generated-open-at-end", "matrix-faye",
          "matrix-ws", "segments-reordered", "upgrade-refused", "ws-1010-reason-declined",
          "ws-1010-reason-declined-midstream", "ws-illegal-close"]
AWKWARD = ('"', 'say "no", then go', "one,two,,", "two\nlines\r\n", '",\n"=1+1', "\x1b[31m\u202e")
BROKEN = ("cut-short.pcapng", "empty.pcapng", "no-capture.pcapng")

RECIPES = {     # a part of the block that no other one has: what tests it
    "| parallel --will-cite wsclose-report": "test_folder",
    "--sshlogin": "test_hosts",
    "reduce (inputs": "test_totals",
    "select(.ended) | .": "test_causes",
    "halt_error": "test_gate",
    "select(.ended) | [": "test_csv_of_verdicts",
    ".closes[]?": "test_csv_of_closes",
    "elastic-mapping": "test_elasticsearch",
    "-i lo": "test_live.py",
    "-z expert": "test_sentences",
    "-Y wsclose.ext_required_declined": "test_declined",
    "-d tcp.port==8080,websocket": "test_midstream",
    "captures/segments-reordered.pcapng": "test_out_of_order",
}


def recipes():
    """The blocks, in order."""
    with open(os.path.join(golden.ROOT, "docs", "recipes.md"), encoding="utf-8") as file:
        text = file.read()
    with open(os.path.join(golden.ROOT, "README.md"), encoding="utf-8") as file:
        text += re.search(r"^## Many captures$(.*?)^## ", file.read(), re.S | re.M)[1]
    blocks = re.findall(r"(?:^ {4}.*\n)+", text, re.M)
    return [re.sub(r"^ {4}", "", block, flags=re.M) for block in blocks]


def no_duplicates(pairs):
    """Elasticsearch refuses an object that has a key twice."""
    keys = [key for key, _ in pairs]
    assert len(keys) == len(set(keys)), keys
    return dict(pairs)


RANGES = {"byte": 7, "short": 15, "integer": 31, "long": 63}


def fits(kind, value):
    """Whether Elasticsearch takes a value for a field of this type."""
    if value is None:
        return True
    if isinstance(value, list):
        return all(fits(kind, one) for one in value)
    try:
        if kind == "unsigned_long":
            return 0 <= int(value) < 2 ** 64
        if kind in RANGES:
            return -2 ** RANGES[kind] <= int(value) < 2 ** RANGES[kind]
        if kind in ("float", "double"):
            return float(value) is not None
        if kind == "ip":
            return ipaddress.ip_address(value) is not None
        if kind == "date":
            return re.fullmatch(r"\d+|\d{4}-\d\d-\d\dT.*", value) is not None
    except ValueError:
        return False
    return kind == "boolean" and value in (True, False, "true", "false")


class Recipes(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        for tool in ("bash", "curl", "find", "jq", "parallel", "rsync", "ssh"):
            assert shutil.which(tool), f"{tool}: no such program; tests/setup.sh installs it"
        cls.directory = golden.tempfile.mkdtemp(prefix="wsclose-recipes-")
        cls.work = os.path.join(cls.directory, "work")
        cls.home = golden.Setup.tshark.make_home(os.path.join(cls.directory, "home"),
                                                 golden.Setup.plugin)
        cls.bin = os.path.join(cls.directory, "bin")
        os.mkdir(cls.bin)
        shutil.copy(os.path.join(golden.ROOT, "plugin", "wsclose-report"), cls.bin)
        captures = os.path.join(cls.work, "captures")
        os.makedirs(captures)
        for name in FOLDER:
            shutil.copy(golden.capture_path(name), captures)
        with open(golden.capture_path("matrix-ws"), "rb") as whole:
            octets = whole.read()
        for name, content in zip(BROKEN, (octets[:9000], b"", b"no capture\n" * 100)):
            with open(os.path.join(captures, name), "wb") as file:
                file.write(content)
        golden.give(cls.directory)
        cls.blocks = recipes()

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.directory)

    @classmethod
    def environment(cls):
        env = golden.Setup.tshark.environment(cls.home)
        tshark = os.path.dirname(golden.Setup.tshark.program)
        env["PATH"] = os.pathsep.join([cls.bin, tshark, "/usr/bin", "/bin"])
        return env

    def block(self, part):
        found = [block for block in self.blocks if part in block]
        self.assertEqual(len(found), 1, part)
        return found[0]

    def run_bash(self, script):
        return subprocess.run(["bash", "-c", script], cwd=self.work, env=self.environment(),
                              stdin=subprocess.DEVNULL, text=True, check=False, timeout=300,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              **golden.Setup.tshark.user())

    def recipe(self, part, *replaced):
        script = self.block(part)
        for old, new in replaced:
            self.assertIn(old, script)
            script = script.replace(old, new)
        return self.run_bash(script)

    def lines_of(self, name="closes.jsonl"):
        with open(os.path.join(self.work, name), encoding="utf-8") as file:
            return [json.loads(line, object_pairs_hook=no_duplicates) for line in file]

    @classmethod
    @functools.cache
    def expected_lines(cls):
        """One by one, by tshark itself."""
        return {(f"captures/{name}.pcapng", line) for name in FOLDER
                for line in golden.Setup.tshark.lines(
                    cls.home, ["-r", golden.capture_path(name), "-q", "-z", "wsclose,json"])}

    def assert_folder_is_told(self, done):
        told = self.lines_of()
        def which(row):
            return row.get("wsclose.stream", row.get("type"))

        expected = {(file, which(json.loads(line))) for file, line in self.expected_lines()}
        self.assertEqual(len(told), len(expected), done.stderr)
        self.assertEqual({(row["file"], which(row)) for row in told}, expected)
        self.assertEqual({row["file"] for row in told if row.get("type") == "coverage"},
                         {f"captures/{name}.pcapng" for name in FOLDER})
        for name in BROKEN:
            self.assertIn(f"captures/{name}: ", done.stderr)
        self.assertEqual(done.returncode, len(BROKEN), done.stderr)

    def test_every_recipe_is_known(self):
        for block in self.blocks:
            self.assertEqual(len([part for part in RECIPES if part in block]), 1, block)
        for part, name in RECIPES.items():
            self.block(part)
            self.assertTrue(hasattr(self, name) or
                            os.path.exists(os.path.join(golden.HERE, name)), name)

    def test_folder(self):
        self.assert_folder_is_told(self.recipe("| parallel --will-cite wsclose-report"))
        for file, line in self.expected_lines():
            row = {"file": file, **json.loads(line)}
            self.assertIn(row, self.lines_of())

    def test_partial_is_marked(self):
        done = self.run_bash("wsclose-report --partial captures/cut-short.pcapng "
                             "captures/matrix-faye.pcapng > partial.jsonl")
        self.assertEqual(done.returncode, 1)
        rows = self.lines_of("partial.jsonl")
        self.assertEqual({row["file"]: row.get("partial") for row in rows},
                         {"captures/cut-short.pcapng": True, "captures/matrix-faye.pcapng": None})

    def test_help_and_bad_usage(self):
        helped = self.run_bash("wsclose-report --help")
        self.assertEqual((helped.returncode, helped.stderr), (0, ""))
        for part in ("What closed the WebSocket connections", "wsclose-report [--partial] CAPTURE",
                     '"type": "coverage"', "TLS\nwithout keys", "a file that is no capture",
                     "Exit status: 0"):
            self.assertIn(part, helped.stdout)
        self.assertNotIn("SPDX", helped.stdout)
        refused = self.run_bash("wsclose-report")
        self.assertEqual((refused.returncode, refused.stdout), (2, ""))
        self.assertIn("usage: wsclose-report [--partial] CAPTURE", refused.stderr)

    def test_version(self):
        said = self.run_bash("wsclose-report --version")
        self.assertEqual((said.returncode, said.stderr), (0, ""))
        self.assertRegex(said.stdout, r"^wsclose-report \S.*\n$")

    def test_names_are_said_without_what_a_terminal_obeys(self):
        name = "an \x1b[31m\x9b\u202e\u2066é\n\x7f.pcapng"
        with open(golden.capture_path("matrix-ws"), "rb") as whole:
            octets = whole.read()
        for content in (octets[:9000], b"", octets):
            with open(os.path.join(self.work, name), "wb") as file:
                file.write(content)
            golden.make_readable(os.path.join(self.work, name))
            done = self.run_bash("wsclose-report an*.pcapng")
            said = "" if content == octets else \
                r"wsclose-report: an \u001b[31m\u009b\u202e\u2066é\u000a\u007f.pcapng: "
            self.assertTrue(done.stderr.startswith(said), done.stderr)
            self.assertEqual(bool(done.stderr), bool(said))
            self.assertNotRegex(done.stderr, "[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e\u2066]")
        os.unlink(os.path.join(self.work, name))
        self.assertEqual({json.loads(line)["file"] for line in done.stdout.splitlines()}, {name})

    def test_no_file_is_left(self):
        """Whatever ends it; and where nobody reads, it ends."""
        os.makedirs(os.path.join(self.work, "tmp"), exist_ok=True)
        golden.give(self.work)
        captures = " ".join(["captures/matrix-ws.pcapng"] * 40)
        for sign in ("PIPE", "TERM", "INT", "HUP"):
            done = self.run_bash(f"""
                set -m      # else INT is ignored in the background
                TMPDIR=tmp wsclose-report {captures} > signal.jsonl &
                until [ -s signal.jsonl ]; do sleep 0.1; done
                kill -{sign} $!
                wait
                ls tmp; wc -l < signal.jsonl""")
            left, = done.stdout.split()
            self.assertLess(int(left), 40 * 30, sign)
        began = time.time()
        done = self.run_bash(f"TMPDIR=tmp wsclose-report {captures} | head -n 1; ls tmp")
        self.assertEqual(len(done.stdout.splitlines()), 1, done.stdout)
        self.assertLess(time.time() - began, 10)

    def test_what_is_too_large_is_named(self):
        """tshark that runs out of memory, as on a huge capture, takes no other one along."""
        done = self.run_bash("""
            printf '#!/bin/sh\\ncase $2 in *matrix-ws*) ulimit -v 200000 ;; esac\\nexec %s "$@"\\n' \
                "$(command -v tshark)" > ../bin/tshark
            chmod +x ../bin/tshark
            wsclose-report captures/matrix-ws.pcapng captures/matrix-faye.pcapng > large.jsonl
            status=$?
            rm ../bin/tshark
            exit $status""")
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertIn("captures/matrix-ws.pcapng: not read to its end", done.stderr)
        self.assertEqual({row["file"] for row in self.lines_of("large.jsonl")},
                         {"captures/matrix-faye.pcapng"})

    def test_hosts(self):
        with SshHost(self) as host:
            done = self.recipe("--sshlogin")
            self.assert_folder_is_told(done)
            self.assertGreater(host.logins, 0)

    def connections(self):
        return [row for row in self.lines() if row.get("type") != "coverage"]

    def lines(self):
        """Lines of the folder, in the file that the recipes name."""
        path = os.path.join(self.work, "closes.jsonl")
        if not os.path.exists(path):
            self.run_bash(self.block("| parallel --will-cite wsclose-report"))
        return self.lines_of()

    def test_totals(self):
        rows = self.connections()
        done = self.recipe("reduce (inputs")
        total = collections.Counter(str(row.get("wsclose.client.code", "unknown")) for row in rows)
        self.assertEqual(json.loads(done.stdout), total)
        # Merging is addition.
        parts = collections.Counter()
        for half in (rows[::2], rows[1::2]):
            with open(os.path.join(self.work, "half.jsonl"), "w", encoding="utf-8") as file:
                file.writelines(json.dumps(row) + "\n" for row in half)
            parts.update(json.loads(self.recipe("reduce (inputs",
                                                ("closes.jsonl", "half.jsonl")).stdout))
        self.assertEqual(parts, total)

    def test_causes(self):
        done = self.recipe("select(.ended) | .")
        rows = self.connections()
        self.assertEqual({row["file"] for row in self.lines()},
                         {f"captures/{name}.pcapng" for name in FOLDER})
        self.assertEqual(
            {word: int(count) for count, word in map(str.split, done.stdout.splitlines())},
            collections.Counter(row["wsclose.cause"] for row in rows if row["ended"]))

    def test_gate(self):
        rows = self.lines()
        bad = [row for row in self.connections()
               if row["breach"] or "wsclose.mandatory_ext" in row["expert"]]
        self.assertGreater(len(bad), 5)
        unread = [row for row in rows if row.get("whole") is False]
        self.assertEqual([row["file"] for row in unread],
                         ["captures/ws-1010-reason-declined-midstream.pcapng"])
        expected = [f"{row['file']}: not all of it could be read" if row in unread else
                    f"{row['file']}, connection {row['wsclose.stream']}: {row.get('wsclose.verdict')}"
                    for row in rows if row in bad or row in unread]
        done = self.recipe("halt_error")
        self.assertEqual((done.returncode, done.stderr), (1, ""))
        self.assertEqual(done.stdout.splitlines(), expected)

        def gate(rows):
            """With bash -e, as builds are run."""
            with open(os.path.join(self.work, "some.jsonl"), "w", encoding="utf-8") as file:
                file.writelines(json.dumps(row) + "\n" for row in rows)
            script = self.block("halt_error").replace("closes.jsonl", "some.jsonl")
            done = self.run_bash(f"set -e\n{script}\necho passed")
            self.assertEqual(done.stderr, "")
            return done.stdout.splitlines()

        good = [row for row in rows if row not in bad and row not in unread]
        self.assertEqual(gate(good), ["passed"])
        self.assertEqual(len(gate(good + bad[:1])), 1)
        self.assertNotIn("passed", gate(good + bad[:1]))
        self.assertEqual(gate(good + unread), [f"{unread[0]['file']}: not all of it could be read"])
        self.assertEqual(gate([]), ["nothing was read"])

    def csv_of(self, part, name, path):
        """Rows of a recipe for a capture: as many cells in each as there are columns."""
        done = self.recipe(part, ("captures/matrix-ws.pcapng", name))
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        heading, *rows = csv.reader(io.StringIO(done.stdout), strict=True)
        self.assertEqual({len(row) for row in rows}, {len(heading)})
        told = golden.connections_in(golden.Setup.tshark.lines(
            self.home, ["-r", path, "-q", "-z", "wsclose,json"]))
        return [dict(zip(heading, row)) for row in rows], told

    def csv_captures(self):
        """One with a Close frame and a verdict in the same packet, and one with reasons that break rows."""
        awkward = generate.Capture(40000)
        for reason in AWKWARD:
            generate.from_client(awkward, generate.close(4000, reason), 4000)
        path = os.path.join(self.work, "awkward.pcapng")
        pcapng.write(path, awkward.packets)
        golden.make_readable(path)
        yield "captures/matrix-ws.pcapng", golden.capture_path("matrix-ws")
        yield "awkward.pcapng", path

    @staticmethod
    def cell(value):
        """As a spreadsheet has it."""
        return "" if value is None else value if isinstance(value, str) else json.dumps(value)

    def assert_row(self, row, expected):
        for column, cell in row.items():
            # Line ends are read as one of them.
            self.assertEqual(cell, self.cell(expected.get(column)).replace("\r\n", "\n"), column)

    def test_csv_of_verdicts(self):
        for name, path in self.csv_captures():
            rows, told = self.csv_of("select(.ended) | [", name, path)
            self.assertGreater(len(rows), 4)
            self.assertEqual(len(rows), len(told))
            for row, expected in zip(rows, told):
                self.assert_row(row, {"file": name, **expected})

    def test_csv_of_closes(self):
        for name, path in self.csv_captures():
            rows, told = self.csv_of(".closes[]?", name, path)
            expected = [{"file": name, **row, **close} for row in told for close in row["closes"]]
            frames = golden.Setup.tshark.lines(self.home, ["-r", path, "-Y", "wsclose.sender", "-T",
                                                           "fields", "-e", "frame.number"])
            self.assertEqual([row["frame.number"] for row in rows], frames)
            self.assertEqual(len(rows), len(expected))
            for row, wanted in zip(rows, expected):
                self.assert_row(row, wanted)
        self.assertEqual([row["wsclose.reason"] for row in rows[::2]],
                         [reason.replace("\r\n", "\n") for reason in AWKWARD])

    def test_elasticsearch(self):
        with Elasticsearch() as server:
            done = self.recipe("elastic-mapping", ("localhost:9200", f"127.0.0.1:{server.port}"))
            self.assertEqual((done.returncode, done.stderr), (0, ""))
            (create, kind, mapping), (bulk, bulk_kind, lines) = server.requests
        self.assertEqual((create, kind), ("PUT /wsclose", "application/json"))
        self.assertEqual((bulk, bulk_kind), ("POST /_bulk", "application/x-ndjson"))
        self.assertTrue(lines.endswith("\n"))
        layers = json.loads(mapping)["mappings"]["properties"]["layers"]["properties"]
        types = {name: field["type"] for layer in layers.values()
                 for name, field in layer["properties"].items()}
        stock = json.loads("\n".join(golden.Setup.tshark.lines(
            self.home, ["-G", "elastic-mapping", "--elastic-mapping-filter", "wsclose"])))
        names = stock["mappings"]["properties"]["layers"]["properties"]["wsclose"]["properties"]
        self.assertLessEqual(set(names), set(types))
        objects = [json.loads(line, object_pairs_hook=no_duplicates)
                   for line in lines.splitlines()]
        self.assertEqual(len(objects), 58)
        self.assertEqual(objects[::2], [{"index": {"_index": "wsclose"}}] * 29)
        used = set()
        for document in objects[1::2]:
            self.assertTrue(fits("date", document["timestamp"]))
            events = document["layers"]["wsclose"]
            for layer in [*(events if isinstance(events, list) else [events]),
                          document["layers"]["ip"], document["layers"]["ipv6"]]:
                for name, value in layer.items():
                    if name in types:
                        self.assertTrue(fits(types[name], value), (name, types[name], value))
                        used.add(name)
                    elif name != "_ws_expert":
                        self.assertIsInstance(value, (str, list), name)
        for name in ("duration", "clean", "client_code", "initiator", "frames_client"):
            self.assertIn("wsclose_wsclose_" + name, used)
        self.assertIn("ip_ip_src", used)

    def test_sentences(self):
        self.assertIn("a reserved value that must never be on the wire",
                      self.recipe("-z expert").stdout)

    def test_declined(self):
        self.assertRegex(self.recipe("-Y wsclose.ext_required_declined").stdout,
                         r"127\.0\.0\.1\t\d+\tpermessage-deflate\n")

    def test_midstream(self):
        done = self.recipe("-d tcp.port==8080,websocket")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertRegex(done.stdout, r"^Client sent a Close frame with 1010 .* both report 1010\..*\n$")

    def test_out_of_order(self):
        done = self.recipe("captures/segments-reordered.pcapng")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertRegex(done.stdout, r"^Client closed with 1010 for want of permessage-deflate, .*\n$")


class Elasticsearch:
    """What a server would be sent."""

    def __enter__(self):
        requests = self.requests = []

        class Handler(http.server.BaseHTTPRequestHandler):
            def take(self):
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                requests.append((f"{self.command} {self.path}", self.headers["Content-Type"], body))
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            do_PUT = do_POST = take

            def log_message(self, *_):
                pass

        self.server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()


class SshHost(asyncssh.SSHServer):
    """A server of SSH on loopback for one key; host1 and host2 are its names. Its commands run as the
    user of the recipes, on a machine with wsclose installed."""

    logins = 0

    def __init__(self, test):
        self.test = test
        self.directory = os.path.join(test.directory, "ssh")

    def path(self, name):
        return os.path.join(self.directory, name)

    def __enter__(self):
        os.mkdir(self.directory)
        self.key = asyncssh.generate_private_key("ssh-ed25519")
        self.key.write_private_key(self.path("key"))
        os.chmod(self.path("key"), 0o600)
        self.loop = asyncio.new_event_loop()
        threading.Thread(target=self.loop.run_forever, daemon=True).start()
        self.server = asyncio.run_coroutine_threadsafe(self.listen(), self.loop).result(10)
        with open(self.path("config"), "w", encoding="utf-8") as file:
            file.write(f"""
                Host host1 host2
                    HostName 127.0.0.1
                    Port {self.server.sockets[0].getsockname()[1]}
                    User recipes
                    IdentityFile {self.path('key')}
                    IdentitiesOnly yes
                    StrictHostKeyChecking no
                    UserKnownHostsFile /dev/null
                    LogLevel ERROR
                """)
        with open(os.path.join(self.test.bin, "ssh"), "w", encoding="utf-8") as file:
            file.write(f"#!/bin/sh\nexec /usr/bin/ssh -F {self.path('config')} \"$@\"\n")
        os.chmod(os.path.join(self.test.bin, "ssh"), 0o755)
        golden.give(self.directory)
        return self

    async def listen(self):
        return await asyncssh.listen(
            "127.0.0.1", 0, server_factory=lambda: self, process_factory=self.run, encoding=None,
            server_host_keys=[asyncssh.generate_private_key("ssh-ed25519")])

    def public_key_auth_supported(self):
        return True

    def validate_public_key(self, username, key):
        known = key.public_data == self.key.public_data
        self.logins += known
        return known

    async def run(self, process):
        far = await asyncio.create_subprocess_shell(
            process.command, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE, cwd=self.test.home,
            env={**self.test.environment(), "SHELL": "/bin/bash"}, **golden.Setup.tshark.user())
        await process.redirect(far.stdin, far.stdout, far.stderr)
        await process.stdout.drain()
        await process.stderr.drain()
        process.exit(await far.wait())

    def __exit__(self, *_):
        self.loop.call_soon_threadsafe(self.server.close)
        self.loop.call_soon_threadsafe(self.loop.stop)
        os.unlink(os.path.join(self.test.bin, "ssh"))


if __name__ == "__main__":
    golden.main()
