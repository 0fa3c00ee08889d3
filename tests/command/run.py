#!/usr/bin/env python3
# run.py
# What the wsclose command promises: answers, JSON, exit status, bad usage.
#
#     tests/command/run.py WSCLOSE_BINARY [UNITTEST_ARGUMENT...]
#
# SPDX-License-Identifier: GPL-2.0-or-later
import json
import os
import pathlib
import re
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

import strict_json  # noqa: E402 (the folder above)

MAN_PAGE = pathlib.Path(__file__).resolve().parents[2] / "decoder" / "wsclose.1.adoc"
BINARY = None

GOOD, BREACH, USAGE, NOT_WRITTEN = 0, 1, 2, 3
NO_ANSWER = 1

# What a terminal may obey; no argument has NUL.
OBEYED = [code for code in range(1, 0x10000) if strict_json.OBEYED.match(chr(code))]
SUBCOMMANDS = {
    "code": ["--help", "--json"],
    "compare": ["--help", "--json"],
    "extensions": ["--help", "--json", "--no-offer", "--no-response"],
    "close": ["--help", "--json"],
    "explain": ["--help", "--json", "--list"],
    "findings": ["--help", "--json"],
}
DEFLATE = "permessage-deflate"


def run(*args, **options):
    """Run the command; arguments are str or bytes."""
    # No locale: the answer is UTF-8 all the same.
    env = {k: v for k, v in os.environ.items() if not k.startswith("LC_") and k != "LANG"}
    if "input" not in options:
        options["stdin"] = subprocess.DEVNULL
    return subprocess.run([BINARY, *args], capture_output=True, timeout=60, env=env, **options)


class CommandTest(unittest.TestCase):
    maxDiff = None

    def answer(self, status, *args, **options):
        """Text on standard output, with nothing on standard error."""
        done = run(*args, **options)
        self.assertEqual((done.returncode, done.stderr), (status, b""), args)
        text = done.stdout.decode("utf-8")  # strict: the output is always UTF-8
        self.assertTrue(text.endswith("\n"), args)
        return text

    def objects(self, status, *args, **options):
        lines = self.answer(status, *args, **options).splitlines()
        return [json.loads(line) for line in lines]

    def object(self, status, *args, **options):
        objects = self.objects(status, *args, **options)
        self.assertEqual(len(objects), 1, args)
        return objects[0]

    def refused(self, args, hint):
        """Bad usage: nothing on standard output, a hint on standard error."""
        done = run(*args)
        self.assertEqual((done.returncode, done.stdout), (USAGE, b""), args)
        error = done.stderr.decode("utf-8")
        self.assertTrue(error.startswith("wsclose: "), error)
        self.assertTrue(error.endswith(f"Try '{hint} --help'.\n"), error)
        return error

    def rows(self, text):
        """Rows of a text answer: label to words, wrapped lines joined."""
        found, label = {}, None
        for line in text.splitlines():
            match = re.fullmatch(r"  (.{11})  (.*)", line)
            if not match:
                continue
            label = match[1].strip() or label
            found[label] = (found.get(label, "") + " " + match[2]).strip()
        return found


class StrictJson(CommandTest):
    """RFC 8259, and nothing in it that a terminal obeys; strings give back what was put in."""

    def strict(self, statuses, *args, **options):
        done = run(*args, **options)
        self.assertIn(done.returncode, statuses, args)
        return [strict_json.read(line) for line in done.stdout.decode("utf-8").split("\n")[:-1]]

    def test_version(self):
        shown = self.answer(GOOD, "--version").split()[1]
        for args in (["--version", "--json"], ["--json", "--version"]):
            self.assertEqual(self.strict([GOOD], *args), [{"version": shown}])

    def test_every_octet(self):
        for octet in range(256):
            value = bytes([octet])
            [close] = self.strict([GOOD, BREACH], "close", "--json", "03e8" + value.hex())
            if octet < 0x80:
                # A string of C has no NUL; the hexadecimal form does.
                self.assertEqual(close["reason"], value.decode() if octet else "\ufffd", octet)
            self.assertEqual(close["reason_hex"], value.hex())
            if octet > 0:    # no argument has it
                self.strict([GOOD, BREACH], "extensions", "--json", b"--", b"a;b=\"" + value + b"\"",
                            b"a" + value)
        log = b"".join(b"WebSocket closed with code 4%03d %c\n" % (octet, octet) for octet in range(256))
        [found] = self.strict([GOOD], "explain", "--json", "-", input=log)
        self.assertGreater(len(found["messages"]), 200)

    def test_what_a_terminal_obeys(self):
        for code in [*OBEYED, 0x10ffff]:
            text = "a" + chr(code) + "b"
            [close] = self.strict([GOOD], "close", "--json", "03e8" + text.encode().hex())
            self.assertEqual(close["reason"], text)
            self.strict([GOOD], "explain", "--json", "--", "WebSocket closed with code 1006 " + text)

    def test_whole_lists(self):
        for args in (["findings"], ["explain", "--list"], ["code", "1000", "1010", "4999"],
                     ["compare", "1005", "1010"]):
            self.assertTrue(self.strict([GOOD], args[0], "--json", *args[1:]), args)


class Code(CommandTest):
    KEYS = ["code", "range", "name", "class", "may_send", "on_wire", "breaches", "meaning",
            "seen_when", "fix", "source"]

    # code, class, who may send it, may stand in a Close frame
    TABLE = [
        (0, "invalid", "nobody", False),
        (999, "invalid", "nobody", False),
        (1000, "protocol", "either side", True),
        (1001, "protocol", "either side", True),
        (1002, "protocol", "either side", True),
        (1003, "protocol", "either side", True),
        (1004, "reserved", "nobody", False),
        (1005, "reserved", "nobody", False),
        (1006, "reserved", "nobody", False),
        (1007, "protocol", "either side", True),
        (1008, "protocol", "either side", True),
        (1009, "protocol", "either side", True),
        (1010, "protocol", "the client only", True),
        (1011, "protocol", None, True),
        (1012, "protocol", None, True),
        (1013, "protocol", None, True),
        (1014, "protocol", None, True),
        (1015, "reserved", "nobody", False),
        (1016, "unassigned", "nobody", False),
        (2999, "unassigned", "nobody", False),
        (3000, "registered", None, True),
        (3003, "registered", None, True),
        (3008, "registered", None, True),
        (3999, "registered", None, True),
        (4000, "private", "either side", True),
        (4999, "private", "either side", True),
        (5000, "invalid", "nobody", False),
        (65535, "invalid", "nobody", False),
    ]

    def test_table(self):
        for code, code_class, may_send, on_wire in self.TABLE:
            with self.subTest(code=code):
                got = self.object(GOOD, "code", str(code), "--json")
                self.assertEqual(list(got), self.KEYS)
                self.assertEqual((got["code"], got["class"], got["on_wire"]),
                                 (code, code_class, on_wire))
                if may_send:
                    self.assertEqual(got["may_send"], may_send)
                self.assertTrue(got["range"][0] <= code <= got["range"][1])
                for key in ("name", "meaning", "seen_when", "fix", "source"):
                    self.assertTrue(got[key], key)

    def test_breach_names_the_clause(self):
        for code, clause in (("1005", "RFC 6455 section 7.4.1"), ("1015", "RFC 6455 section 7.4.1"),
                             ("2000", "RFC 6455 section 7.4.2"), ("999", "RFC 6455 section 7.4.2")):
            self.assertIn(clause, self.rows(self.answer(GOOD, "code", code))["breach"])
            breaches = self.object(GOOD, "code", code, "--json")["breaches"]
            self.assertEqual(len(breaches), 1)
            self.assertIn(clause, breaches[0]["text"])
        self.assertEqual(self.object(GOOD, "code", "1010", "--json")["breaches"], [])
        self.assertNotIn("breach", self.rows(self.answer(GOOD, "code", "1010")))

    def test_meaning_comes_first(self):
        """Who asks for 1005 breaks no rule: the rule against sending it comes later."""
        labels = list(self.rows(self.answer(GOOD, "code", "1005")))
        self.assertEqual(labels, ["meaning", "seen when", "how to fix", "class", "may send it",
                                  "breach", "source"])

    def test_without_the_subcommand(self):
        for args in (["1006"], ["1005", "1010"], ["1006", "--json"], ["--json", "1006"], ["0"]):
            with self.subTest(args=args):
                options = [arg for arg in args if arg.startswith("-")]
                codes = [arg for arg in args if not arg.startswith("-")]
                self.assertEqual(self.answer(GOOD, *args),
                                 self.answer(GOOD, "code", *codes, *options))
        self.assertIn("'70000'", self.refused(["70000"], "wsclose code"))
        self.assertIn("'x'", self.refused(["1006", "x"], "wsclose code"))

    def test_text_says_what_json_says(self):
        text = self.answer(GOOD, "code", "1005")
        got = self.object(GOOD, "code", "1005", "--json")
        self.assertEqual(text.splitlines()[0], "1005 " + got["name"])
        rows = self.rows(text)
        for label, key in (("class", "class"), ("may send it", "may_send"), ("meaning", "meaning"),
                           ("seen when", "seen_when"), ("how to fix", "fix"),
                           ("source", "source")):
            self.assertEqual(rows[label], got[key])

    def test_range_is_named(self):
        self.assertRegex(self.answer(GOOD, "code", "4321"), r"^4321 .* \(4000-4999\)\n")
        self.assertEqual(self.object(GOOD, "code", "4321", "--json")["range"], [4000, 4999])

    def test_several(self):
        got = self.objects(GOOD, "code", "1005", "1010", "--json")
        self.assertEqual([o["code"] for o in got], [1005, 1010])
        got = self.objects(GOOD, "code", "1000", "1010", "1000", "--json")
        self.assertEqual([o["code"] for o in got], [1000, 1010, 1000])
        text = self.answer(GOOD, "code", "1000", "1006")
        titles = [line for line in text.splitlines() if line and line[0] != " "]
        self.assertEqual([title[:5] for title in titles], ["1000 ", "1006 "])
        self.assertIn("\n\n1006 ", text)

    def test_width(self):
        for code in ("1005", "1010", "1006", "3500"):
            for line in run("code", code).stdout.decode().splitlines():
                self.assertLessEqual(len(line), 80, line)
                self.assertEqual(line, line.rstrip())

    def test_not_a_code(self):
        for bad in ("x", "", " 1000", "1000 ", "10.5", "0x3e8", "65536", "99999999999999999999",
                    "1000,1001", "+1000", "١٠٠٠", b"\xff", "\x1b[31m"):
            error = self.refused(["code", bad], "wsclose code")
            self.assertIn("not a status code", error)
            self.assertNotIn("\x1b", error)
        self.refused(["code", "-5"], "wsclose code")
        self.assertIn("'-5'", self.refused(["code", "--", "-5"], "wsclose code"))
        self.refused(["code"], "wsclose code")
        # No half answers.
        self.refused(["code", "1000", "x"], "wsclose code")
        self.refused(["code", "--json", "1000", "x"], "wsclose code")


class Compare(CommandTest):
    KEYS = ["codes", "on_wire", "in_short", "key_difference", "which_when"]

    def test_json(self):
        got = self.object(GOOD, "compare", "1005", "1010", "--json")
        self.assertEqual(list(got), self.KEYS)
        self.assertEqual(got["codes"], self.objects(GOOD, "code", "1005", "1010", "--json"))
        self.assertEqual(got["on_wire"], [False, True])
        for word in ("1005", "1010", "wire"):
            self.assertIn(word, got["key_difference"])
        self.assertTrue(got["which_when"])

    def test_any_two_codes(self):
        for a, b in (("0", "65535"), ("1000", "1000"), ("1006", "1005"), ("4000", "4001"),
                     ("2000", "3008")):
            got = self.object(GOOD, "compare", a, b, "--json")
            self.assertEqual([o["code"] for o in got["codes"]], [int(a), int(b)])

    def test_begins_with_one_sentence(self):
        for a, b in (("1005", "1010"), ("1000", "1000"), ("4000", "4001"), ("1002", "3001"),
                     ("2000", "2001"), ("0", "65535"), ("3001", "3500"), ("1012", "1013")):
            with self.subTest(codes=(a, b)):
                got = self.object(GOOD, "compare", a, b, "--json")
                self.assertRegex(got["in_short"], r"^[^.]+\.$")
                text = self.answer(GOOD, "compare", a, b)
                first, rest = text.split("\n\n", 1)
                self.assertEqual(self.rows(first), {"in short": got["in_short"]})
                self.assertNotIn(got["in_short"], self.rows(rest)["difference"])
                # Below it nothing is missing.
                self.assertTrue(got["key_difference"].endswith(self.rows(rest)["difference"]))

    def test_on_the_wire(self):
        text = self.answer(GOOD, "compare", "1005", "1010")
        self.assertRegex(text, r"(?m)^  on the wire  never +yes$")

    def test_side_by_side(self):
        text = self.answer(GOOD, "compare", "1005", "1010").split("\n\n", 1)[1]
        lines = text.splitlines()
        self.assertRegex(lines[0], r"^ {15}1005 .* 1010 ")
        second = lines[0].index("1010")
        for line in lines[:lines.index("")]:
            self.assertEqual(line[second - 2:second].strip(), "", line)
        self.assertEqual(lines[2][15:second].rstrip(), "reserved")
        self.assertEqual(lines[2][second:], "protocol")
        left, right = [], []
        for line in lines[lines.index("") - 1::-1]:
            left.insert(0, line[15:second].strip())
            right.insert(0, line[second:].strip())
        codes = self.objects(GOOD, "code", "1005", "1010", "--json")
        for key in ("meaning", "seen_when", "fix", "source"):
            self.assertIn(codes[0][key], " ".join(filter(None, left)))
            self.assertIn(codes[1][key], " ".join(filter(None, right)))
        rows = self.rows(text[text.index("\n\n"):])
        got = self.object(GOOD, "compare", "1005", "1010", "--json")
        self.assertEqual(rows["difference"], got["key_difference"])
        self.assertEqual(rows["which when"], got["which_when"])
        for line in lines:
            self.assertLessEqual(len(line), 80, line)
            self.assertEqual(line, line.rstrip())

    def test_bad_usage(self):
        for args in ([], ["1005"], ["1005", "1006", "1007"], ["1005", "x"], ["1005", "70000"]):
            self.refused(["compare", *args], "wsclose compare")


class Extensions(CommandTest):
    KEYS = ["offer", "response", "verdict", "matches", "declined", "invalid"]

    def judged(self, status, *args):
        got = self.object(status, "extensions", "--json", *args)
        self.assertEqual(list(got), self.KEYS)
        return got

    def test_shape(self):
        got = self.judged(GOOD, f"{DEFLATE}; client_max_window_bits, x-other", DEFLATE)
        self.assertEqual(got["offer"], {
            "valid": True,
            "extensions": [{"name": DEFLATE, "params": [["client_max_window_bits", None]]},
                           {"name": "x-other", "params": []}]})
        self.assertEqual(got["response"],
                         {"valid": True, "extensions": [{"name": DEFLATE, "params": []}]})
        self.assertEqual(got["verdict"], "accepted")
        self.assertEqual([(m["name"], m["verdict"]) for m in got["matches"]],
                         [(DEFLATE, "accepted")])
        self.assertEqual(list(got["matches"][0]), ["name", "verdict", "why"])
        self.assertTrue(got["matches"][0]["why"])
        self.assertEqual(got["declined"], ["x-other"])
        self.assertEqual(got["invalid"], [])

    def test_values(self):
        got = self.judged(GOOD, r'a; x=1; y="t\wo"; z , b;q,, c')
        self.assertEqual(got["offer"]["extensions"], [
            {"name": "a", "params": [["x", "1"], ["y", "two"], ["z", None]]},
            {"name": "b", "params": [["q", None]]}, {"name": "c", "params": []}])

    # status, verdict, arguments
    VERDICTS = [
        (GOOD, "accepted", [DEFLATE, DEFLATE]),
        (GOOD, "accepted", ["a, b", "b, a"]),
        (GOOD, "declined", ["a", "--no-response"]),
        (GOOD, "declined", ["--no-response", "a"]),
        (GOOD, None, ["a"]),
        (BREACH, "unsolicited", ["a", "b"]),
        (BREACH, "unsolicited", ["a", "a, b"]),
        (BREACH, "unsolicited", [DEFLATE, "--no-offer"]),
        (BREACH, "invalid", ["a", "a;"]),
        (BREACH, "invalid", ["a", ""]),
        (BREACH, "invalid", ["a", "a, a"]),
        (BREACH, "invalid", [DEFLATE, f"{DEFLATE}; client_max_window_bits=10"]),
        (BREACH, "invalid", [f"{DEFLATE}; server_max_window_bits=10",
                             f"{DEFLATE}; server_max_window_bits=12"]),
        (BREACH, "invalid", [f"{DEFLATE}", f"{DEFLATE}; x, b"]),
        # The offer breaks a rule, whatever the response made of it.
        (BREACH, "declined", [f"{DEFLATE}; server_max_window_bits=7", "--no-response"]),
        (BREACH, "declined", ["", "--no-response"]),
        (BREACH, "accepted", ["a, b;", "a"]),
        (BREACH, None, [""]),
        (BREACH, None, [","]),
        (BREACH, None, ["a b"]),
        (BREACH, None, [f"{DEFLATE}; server_max_window_bits=7"]),
        # Dashes belong to tokens.
        (GOOD, "accepted", ["--", "-x", "-x"]),
        (GOOD, "accepted", ["--", "--json", "--json"]),
        (GOOD, "accepted", ["-", "-"]),
    ]

    def test_verdicts(self):
        for status, verdict, args in self.VERDICTS:
            with self.subTest(args=args):
                self.assertEqual(self.judged(status, *args)["verdict"], verdict)
                text = self.answer(status, "extensions", *args)
                rows = self.rows(text)
                self.assertEqual(rows.get("verdict"), verdict)
                if status == BREACH:
                    self.assertRegex(text.replace("\n               ", " "), r"RFC \d{4} section")

    def test_side_not_given(self):
        got = self.judged(GOOD, "a")
        self.assertEqual((got["response"], got["matches"], got["declined"]), (None, [], []))
        got = self.judged(GOOD, "a, b", "--no-response")
        self.assertEqual((got["response"], got["matches"], got["declined"]), (None, [], ["a", "b"]))
        got = self.judged(BREACH, "a", "--no-offer")
        self.assertEqual((got["offer"], got["declined"]), (None, []))
        self.assertEqual(got["response"]["extensions"], [{"name": "a", "params": []}])

    def test_error(self):
        got = self.judged(BREACH, "ok; p, a b, c")
        self.assertIs(got["offer"]["valid"], False)
        self.assertEqual([e["name"] for e in got["offer"]["extensions"]], ["ok"])
        error = got["offer"]["error"]
        self.assertEqual(list(error), ["offset", "message", "clause", "text"])
        self.assertEqual(error["offset"], 9)
        self.assertTrue(error["message"])
        self.assertRegex(error["clause"], r"^RFC \d+ section [\d.]+$")
        self.assertEqual([i["sender"] for i in got["invalid"]], ["client"])
        self.assertIn("octet 9", got["invalid"][0]["why"])
        got = self.judged(BREACH, "a", "a=1")
        self.assertNotIn("error", got["offer"])
        self.assertEqual(got["response"]["error"]["offset"], 1)
        self.assertEqual([i["sender"] for i in got["invalid"]], ["server"])
        rows = self.rows(self.answer(BREACH, "extensions", "ok; p, a b, c"))
        self.assertIn("octet 9", rows["offer"])
        self.assertIn('"a b"', rows["invalid"])

    def test_octets(self):
        for octets in (b"\xff", b"a\xc3", b"\xe2\x80\xae", b"a;\x80", b"a\x1b[2J", b"a\x7f"):
            got = self.judged(BREACH, octets)
            self.assertIs(got["offer"]["valid"], False)
            self.answer(BREACH, "extensions", octets, octets)
            self.assertNotIn("\x1b", self.answer(BREACH, "extensions", octets))
        # The offset is in octets, not in characters, whatever the locale.
        self.assertEqual(self.judged(BREACH, 'a; b="é"; c'.encode())["offer"]["error"]["offset"], 6)

    def test_long(self):
        offer = ", ".join(f"x-{i}; p=1" for i in range(4000))
        self.assertGreater(len(offer), 50000)
        got = self.judged(GOOD, offer, "--no-response")
        self.assertEqual(len(got["declined"]), 4000)
        self.answer(GOOD, "extensions", offer, offer)

    def test_text(self):
        rows = self.rows(self.answer(GOOD, "extensions", "a;x , b", "a"))
        self.assertEqual(rows["offer"], "follows the grammar a; x b")
        self.assertEqual(rows["response"], "follows the grammar a")
        self.assertEqual(rows["declined"], "b")
        self.assertIn("a: ", rows["accepted"])
        rows = self.rows(self.answer(GOOD, "extensions", "a", "--no-response"))
        self.assertEqual(rows["response"], "the header was not sent")
        rows = self.rows(self.answer(GOOD, "extensions", "a"))
        self.assertEqual(rows["response"], "not given")

    def test_pasted_header_lines(self):
        name = "Sec-WebSocket-Extensions"
        plain = self.judged(GOOD, "a; x, b", "b, a; x")
        for offer in (f"{name}: a; x, b", f"{name.lower()}: a; x, b\r", f"{name.upper()}:a; x, b",
                      f"{name} : a; x, b \r\n", f"{name}: a; x\r\n{name}: b\r\n",
                      f"> {name}: a; x, b", f"  {name}:\ta; x, b",
                      f"GET / HTTP/1.1\r\nUpgrade: websocket\r\n{name}: a; x, b\r\n\r\n"):
            with self.subTest(offer=offer):
                self.assertEqual(self.judged(GOOD, offer, "b, a; x"), plain)
                self.assertEqual(self.judged(GOOD, offer, f"< {name.lower()}: b, a; x\r"), plain)
        self.assertEqual(self.judged(BREACH, f"{name}: b", "--no-offer")["verdict"], "unsolicited")
        # A header with an empty value is a breach, however it is written.
        self.assertEqual(self.judged(BREACH, f"{name}:")["offer"]["error"]["offset"], 0)
        # A token of that name is none of the header.
        self.assertEqual(self.judged(GOOD, name)["offer"]["extensions"][0]["name"], name)

    def test_bad_usage(self):
        for args in ([], ["--no-response"], ["--no-offer"], ["a", "b", "c"],
                     ["a", "b", "--no-offer"], ["a", "b", "--no-response"],
                     ["a", "--no-offer", "--no-response"], ["a", "--no-such"], ["-x", "a"]):
            self.refused(["extensions", *args], "wsclose extensions")


class Close(CommandTest):
    KEYS = ["code", "on_wire", "class", "name", "reason", "reason_hex", "valid", "breaches", "told",
            "fails_with", "needed", "meaning", "seen_when", "fix", "source", "taken_as", "note"]

    # hex, code, on the wire, reason, told, what the receiver fails with, clauses of the breaches
    TABLE = [
        ("", 1005, False, None, 1005, None, []),
        ("03e8", 1000, True, None, 1000, None, []),
        ("03E8", 1000, True, None, 1000, None, []),
        ("03e8627965", 1000, True, "bye", 1000, None, []),
        ("03e8c3a9", 1000, True, "é", 1000, None, []),
        ("0fa0" + "78" * 123, 4000, True, "x" * 123, 4000, None, []),
        ("0fa0" + "78" * 124, 4000, True, "x" * 124, 1006, 1002, ["5.5"]),
        ("03", None, False, None, 1006, 1002, ["5.5.1"]),
        ("03ec", 1004, True, None, 1006, 1002, ["7.4.1"]),
        ("03ed", 1005, True, None, 1006, 1002, ["7.4.1"]),
        ("03ee", 1006, True, None, 1006, 1002, ["7.4.1"]),
        ("03f7", 1015, True, None, 1006, 1002, ["7.4.1"]),
        ("0000", 0, True, None, 1006, 1002, ["7.4.2"]),
        ("07d0", 2000, True, None, 1006, 1002, ["7.4.2"]),
        ("1388", 5000, True, None, 1006, 1002, ["7.4.2"]),
        ("ffff", 65535, True, None, 1006, 1002, ["7.4.2"]),
        ("03e8ff", 1000, True, "\ufffd", 1006, 1007, ["5.5.1"]),
        ("03e8c3", 1000, True, "\ufffd", 1006, 1007, ["5.5.1"]),
        ("03edff", 1005, True, "\ufffd", 1006, 1002, ["5.5.1", "7.4.1"]),
        # U+0000 is UTF-8 like any other character.
        ("03e8610062", 1000, True, "a\ufffdb", 1000, None, []),
    ]

    def test_table(self):
        for octets, code, on_wire, reason, told, fails_with, clauses in self.TABLE:
            with self.subTest(octets=octets):
                got = self.object(BREACH if clauses else GOOD, "close", octets, "--json")
                self.assertEqual(list(got), self.KEYS)
                self.assertEqual([got["code"], got["on_wire"], got["reason"], got["valid"],
                                  got["told"], got["fails_with"]],
                                 [code, on_wire, reason, not clauses, told, fails_with])
                self.assertEqual(got["reason_hex"], octets[4:].lower() or None)
                self.assertEqual(len(got["breaches"]), len(clauses))
                for breach, clause in zip(got["breaches"], clauses):
                    self.assertIn(f"RFC 6455 section {clause})", breach["text"])
                if code is not None:
                    info = self.object(GOOD, "code", str(code), "--json")
                    self.assertEqual([got["class"], got["name"], got["source"]],
                                     [info["class"], info["name"], info["source"]])
                else:
                    self.assertEqual([got["class"], got["name"], got["source"]], [None] * 3)
                for key in ("meaning", "seen_when", "fix"):
                    self.assertTrue(got[key], key)

    def test_legal_body_is_explained_as_its_code(self):
        for octets, code in (("", "1005"), ("03e8", "1000"), ("03f2", "1010"), ("1000", "4096")):
            got = self.object(GOOD, "close", octets, "--json")
            info = self.object(GOOD, "code", code, "--json")
            for key in ("meaning", "seen_when", "fix"):
                self.assertEqual(got[key], info[key])

    def test_breach_is_not_explained_as_legal(self):
        got = self.object(BREACH, "close", "03ed", "--json")
        self.assertIn("7.4.1", got["meaning"])
        self.assertIn("sender", got["fix"])
        rows = self.rows(self.answer(BREACH, "close", "03ed"))
        self.assertIn("7.4.1", rows["breach"])
        self.assertTrue(rows["API reports"].startswith("1006, "), rows)
        self.assertIn("1002", rows["API reports"])

    def test_ways_to_write_hex(self):
        want = self.object(GOOD, "close", "03e8627965", "--json")
        for args in (["03 e8 62 79 65"], ["03:e8:62:79:65"], ["0x03e8627965"],
                     ["0x03 0xe8 0x62 0x79 0x65"], ["0x03,0xE8,0x62,0X79,0x65"], ["03e8 6279 65"],
                     [" 03e8627965\n"], ["03", "e8", "62", "79", "65"], ["03e8", "", "627965"]):
            self.assertEqual(self.object(GOOD, "close", "--json", *args), want, args)
        for args in ([" "], ["", ""]):
            self.assertEqual(self.object(GOOD, "close", "--json", *args)["code"], 1005, args)

    def test_whole_frame(self):
        body = self.object(GOOD, "close", "03f2782d6d7578", "--json")
        self.assertEqual((body["taken_as"], body["note"]), ("body", None))
        for octets, kind in (("88 07 03f2782d6d7578", "frame"),
                             ("88 87 01020304 02f07b296c777b", "masked frame")):
            got = self.object(GOOD, "close", octets, "--json")
            self.assertEqual(got, {**body, "taken_as": kind})
            rows = self.rows(self.answer(GOOD, "close", octets))
            self.assertIn("whole frame", rows["taken as"])
            self.assertEqual("masked" in rows["taken as"], kind == "masked frame")
        self.assertEqual(self.object(GOOD, "close", "88", "02", "03", "f2", "--json")["code"], 1010)
        self.assertEqual(self.object(GOOD, "close", "8800", "--json")["code"], 1005)
        self.assertEqual(self.object(GOOD, "close", "888001020304", "--json")["code"], 1005)
        # A frame whose body is wrong, and one that is longer than it may be.
        self.assertEqual(self.object(BREACH, "close", "880203ed", "--json")["code"], 1005)
        long = self.object(BREACH, "close", "887e007e03e8" + "78" * 124, "--json")
        self.assertEqual((long["taken_as"], long["code"]), ("frame", 1000))
        self.assertNotIn("taken as", self.rows(self.answer(GOOD, "close", "03f2")))

    def test_no_whole_frame(self):
        """Cut, with more behind it, of another kind, in fragments: a body, and no legal one."""
        for octets in ("880203", "880203f200", "88", "887e", "8882010203", "080203f2", "890203f2",
                       "c80203f2"):
            got = run("close", octets, "--json")
            self.assertEqual(json.loads(got.stdout)["taken_as"], "body", octets)

    def test_a_code_in_place_of_hex(self):
        rows = self.rows(self.answer(GOOD, "close", "1010"))
        self.assertIn("4112", rows["note"])
        self.assertTrue(rows["note"].endswith("wsclose code 1010"), rows)
        self.assertEqual(self.object(GOOD, "close", "1010", "--json")["note"], rows["note"])
        for args in (["03f2"], ["0x1010"], ["10 10"], ["10", "10"], ["0100"], ["5000"], ["101010"]):
            self.assertIsNone(json.loads(run("close", "--json", *args).stdout)["note"], args)

    def test_bad_hex(self):
        for bad in ("3", "03e", "3:e8", "0 3", "zz", "0x", "x03", "03e8g", "03-e8", "0x0x03",
                    "03é8", b"\xff", "\\x03"):
            self.assertIn("hex", self.refused(["close", bad], "wsclose close"))
            self.refused(["close", "03e8", bad], "wsclose close")
        self.refused(["close"], "wsclose close")
        self.refused(["close", "--json"], "wsclose close")

    def test_needed(self):
        reason = "permessage-deflate, x-mux".encode().hex()
        self.assertEqual(self.object(GOOD, "close", "03f2" + reason, "--json")["needed"],
                         [DEFLATE, "x-mux"])
        self.assertEqual(self.object(GOOD, "close", "03f2", "--json")["needed"], [])
        self.assertIsNone(self.object(GOOD, "close", "03e8" + reason, "--json")["needed"])
        rows = self.rows(self.answer(GOOD, "close", "03f2" + reason))
        self.assertEqual(rows["it needs"], "permessage-deflate, x-mux")

    def test_text(self):
        text = self.answer(GOOD, "close", "")
        rows = self.rows(text)
        self.assertTrue(text.startswith("1005 "), text)
        self.assertTrue(rows["on the wire"].startswith("no"), rows)
        self.assertEqual(rows["API reports"], "1005")
        self.assertNotIn("breach", rows)
        self.assertEqual(self.rows(self.answer(GOOD, "close", "03e8"))["on the wire"], "yes")
        self.assertTrue(self.answer(BREACH, "close", "03").startswith("No status code\n"))

    def test_reason_cannot_drive_the_terminal(self):
        reasons = (("1b5d303b78", r"\x1b]0;x"), ("0a", r"\x0a"), ("c285", r"\u{85}"),
                   ("e280ae", r"\u{202e}"), ("00", r"\x00"), ("f09f9880", "\U0001f600"))
        for octets, shown in reasons:
            text = self.answer(GOOD, "close", "03e8" + octets)
            self.assertEqual(self.rows(text)["reason"], shown)
        for code in OBEYED:
            text = self.answer(GOOD, "close", "03e8" + ("a" + chr(code) + "b").encode().hex())
            self.assertTrue(re.fullmatch(r"a\\.*b", self.rows(text)["reason"]), hex(code))
        self.assertEqual(self.rows(self.answer(BREACH, "close", "03e8ff20"))["reason"], r"\xff")
        # Spaces are the sender's: not wrapped, not joined.
        long_reason = ("a  b " * 24).strip()
        text = self.answer(GOOD, "close", "03e8" + long_reason.encode().hex())
        self.assertIn(long_reason + "\n", text)


class Findings(CommandTest):
    KEYS = ["name", "severity", "group", "summary", "when"]

    def test_all(self):
        rows = self.objects(GOOD, "findings", "--json")
        self.assertGreater(len(rows), 15)
        for row in rows:
            self.assertEqual(list(row), self.KEYS)
            self.assertRegex(row["name"], r"^wsclose\.[a-z0-9_]+$")
            self.assertIn(row["severity"], ("Chat", "Note", "Warning", "Error"))
            self.assertIn(row["group"], ("Sequence", "Protocol", "Malformed", "Response code"))
            self.assertTrue(row["summary"] and row["when"])
        titles = re.findall(r"(?m)^\S+$", self.answer(GOOD, "findings"))
        self.assertEqual(titles, [row["name"] for row in rows])

    def test_some(self):
        rows = self.objects(GOOD, "findings", "wsclose.abnormal", "wsclose.no_status", "--json")
        self.assertEqual([row["name"] for row in rows], ["wsclose.no_status", "wsclose.abnormal"])
        text = self.answer(GOOD, "findings", "wsclose.no_status")
        self.assertRegex(text, r"(?m)^  severity +Note, Sequence$")
        self.refused(["findings", "wsclose.no_such"], "wsclose findings")


class Explain(CommandTest):
    KEYS = ["line", "text", "library", "said_by", "cause", "code", "status", "side", "meaning",
            "seen_when", "fix", "filter", "source", "pattern"]
    MASK = "Error: Invalid WebSocket frame: MASK must be set"

    def messages(self, status, *args, **options):
        got = self.object(status, "explain", "--json", *args, **options)
        self.assertEqual(list(got), ["messages"])
        for message in got["messages"]:
            self.assertEqual(list(message), self.KEYS)
        return got["messages"]

    def test_shape(self):
        message, = self.messages(GOOD, self.MASK)
        self.assertEqual([message[key] for key in ("line", "text", "library", "cause", "code",
                                                   "status", "side", "said_by", "filter")],
                         [1, self.MASK, ["ws"], "frame_breach", 1006, None, "client", "server",
                          'wsclose.cause == "frame_breach"'])
        for key in ("meaning", "fix"):
            self.assertTrue(message[key])
        self.assertRegex(message["source"][0], r"^ws: \d")

    def test_text(self):
        text = self.answer(GOOD, "explain", self.MASK)
        self.assertTrue(text.startswith(self.MASK + "\n  said by"), text)
        message, = self.messages(GOOD, self.MASK)
        rows = self.rows(text)
        self.assertEqual(rows["said by"], "ws, as a server")
        self.assertTrue(rows["code"].startswith("1006 Abnormal Closure, which the API "))
        self.assertEqual(rows["change on"], "the client")
        self.assertEqual(rows["filter"], f"tshark -r CAPTURE -Y '{message['filter']}'")
        for label, key in (("cause", "cause"), ("meaning", "meaning"), ("how to fix", "fix")):
            self.assertEqual(rows[label], message[key])
        self.assertEqual(rows["seen in"], message["source"][0])

    def test_number(self):
        message, = self.messages(GOOD, "closed with code=1006")
        info = self.object(GOOD, "code", "1006", "--json")
        self.assertEqual([message[key] for key in ("library", "code", "side", "cause", "pattern")],
                         [[], 1006, None, "unknown", None])
        for key in ("meaning", "seen_when", "fix"):
            self.assertEqual(message[key], info[key])
        rows = self.rows(self.answer(GOOD, "explain", "closed with code=1006"))
        self.assertEqual(rows["code"], "1006 Abnormal Closure, as the line says")

    def test_status(self):
        message, = self.messages(GOOD, "Error: Unexpected server response: 404")
        self.assertEqual((message["status"], message["cause"], message["side"], message["filter"]),
                         (404, "handshake_refused", "server", "wsclose.handshake_status == 404"))
        self.assertIn("404 (Not Found)", message["meaning"])

    def test_arguments_are_one_text(self):
        self.assertEqual(self.messages(GOOD, *self.MASK.split(" ")),
                         self.messages(GOOD, self.MASK))
        lines = self.messages(GOOD, f"hello\n{self.MASK}\r\nclosed with code=1001")
        self.assertEqual([(m["line"], m["code"]) for m in lines], [(2, 1006), (3, 1001)])
        self.assertEqual(self.messages(GOOD, "--", "--- closed with code=1006")[0]["code"], 1006)

    def test_nothing(self):
        for args in (["hello"], [""], ["took 1005 ms"], ["a\nb"], ["-", "no input"], ["\x1b[31m"],
                     [b"\xff"]):
            self.assertEqual(self.messages(NO_ANSWER, *args), [], args)
            text = self.answer(NO_ANSWER, "explain", *args)
            for word in ("log of the other side", "capture", "code", "--list"):
                self.assertIn(word, text)
        self.assertEqual(run("explain", "--json", "hello").stdout, b'{"messages": []}\n')

    def test_input(self):
        log = (f"start\n{self.MASK}\nnoise 1006\n\nclosed with code=1001\r\n"
               f"again {self.MASK}\nlast: {self.MASK}").encode()
        got = self.messages(GOOD, "-", input=log)
        self.assertEqual([(m["line"], m["code"]) for m in got],
                         [(2, 1006), (5, 1001), (6, 1006), (7, 1006)])
        text = self.answer(GOOD, "explain", "-", input=log)
        heads = [line for line in text.splitlines() if line and line[0] != " "]
        self.assertEqual(heads, [f"line 2: {self.MASK}", "line 5: closed with code=1001"])
        self.assertEqual(self.rows(text)["lines"], "3 such lines; this is the first")
        self.assertEqual(self.messages(NO_ANSWER, "-", input=b""), [])
        self.assertEqual(self.messages(NO_ANSWER, "-", input=b"\n\n\0\n"), [])

    def test_other_codes_are_other_answers(self):
        text = self.answer(GOOD, "explain", "-", input=b"close code: 1001\nclose code: 1006\n")
        self.assertIn("line 1: ", text)
        self.assertIn("line 2: ", text)

    def test_line_is_shown_harmless_and_short(self):
        text = self.answer(GOOD, "explain", "-",
                           input=b"\x1b]0;x\x07 closed with code=1006 \xff" + b"y" * 100000)
        first = text.splitlines()[0]
        self.assertTrue(first.startswith(r"\x1b]0;x\x07 closed with code=1006 \xffyyy"), first)
        self.assertLess(len(first), 400)
        self.assertTrue(first.endswith("y\u2026"), first)
        self.assertNotIn("\x1b", text)
        # Not cut within a character.
        text = self.answer(GOOD, "explain", "closed with code=1006 " + "\u20ac" * 100)
        self.assertNotIn(r"\x", text)

    def test_many_lines(self):
        log = f"{self.MASK}\nnothing\n".encode() * 3000
        got = self.messages(GOOD, "-", input=log)
        self.assertEqual(len(got), 3000)
        self.assertEqual(got[-1]["line"], 5999)

    def test_long_line(self):
        """What is read of a line is bounded, and the next line is read all the same."""
        log = b"x" * (20 << 20) + b" close code: 1006\nclose code: 1001"
        got = self.messages(GOOD, "-", input=log)
        self.assertEqual([(m["line"], m["code"]) for m in got], [(2, 1001)])

    def test_list(self):
        rows = self.objects(GOOD, "explain", "--list", "--json")
        self.assertGreaterEqual(len(rows), 150)
        for row in rows:
            self.assertEqual(list(row), self.KEYS[2:])
        text = self.answer(GOOD, "explain", "--list")
        self.assertTrue(text.rstrip().endswith("kinds of software"))
        self.assertIn(f"\n{len(rows)} messages of ", text)
        for library in {library for row in rows for library in row["library"]}:
            count = sum(library in row["library"] for row in rows)
            self.assertIn(f"{library} ({count})\n", text)
        for row in rows:
            self.assertIn(f"  {row['pattern']}\n", text)
            for source in row["source"]:
                self.assertIn(source, text)

    def test_width(self):
        for args in ([self.MASK], ["closed with code=1006"], ["Unexpected server response: 404"]):
            for line in self.answer(GOOD, "explain", *args).splitlines():
                if not line.startswith("  filter "):
                    self.assertLessEqual(len(line), 80, line)
                self.assertEqual(line, line.rstrip())

    def test_bad_usage(self):
        for args in ([], ["--list", "ws"], ["--no-such"], ["-x"]):
            self.refused(["explain", *args], "wsclose explain")
        unreadable = os.open(os.path.dirname(BINARY), os.O_RDONLY)
        done = subprocess.run([BINARY, "explain", "-"], stdin=unreadable, capture_output=True,
                              timeout=60)
        os.close(unreadable)
        self.assertEqual(done.returncode, USAGE)
        self.assertIn(b"cannot read standard input", done.stderr)


class Usage(CommandTest):
    def test_overall_help(self):
        for args in (["--help"], ["-h"], ["--help", "code"]):
            text = self.answer(GOOD, *args)
            for word in [*SUBCOMMANDS, "--help", "--json", "--version"]:
                self.assertIn(word, text)
            for line in text.splitlines():
                self.assertLessEqual(len(line), 80, line)

    def test_help_of_each(self):
        for name, options in SUBCOMMANDS.items():
            for args in ([name, "--help"], [name, "-h"], [name, "1000", "--help"]):
                text = self.answer(GOOD, *args)
                self.assertIn(f"wsclose {name} ", text)
                self.assertIn("Exit status:", text)
                self.assertEqual(sorted(set(re.findall(r"--[a-z-]+", text))), sorted(options))
                for line in text.splitlines():
                    self.assertLessEqual(len(line), 80, line)

    def test_version(self):
        self.assertRegex(self.answer(GOOD, "--version"), r"^wsclose \d+\.\d+\.\d+\n$")

    def test_options_anywhere(self):
        want = self.answer(GOOD, "code", "1000", "1010", "--json")
        for args in (["--json", "code", "1000", "1010"], ["code", "--json", "1000", "1010"],
                     ["code", "1000", "--json", "1010"], ["code", "--json", "--", "1000", "1010"]):
            self.assertEqual(self.answer(GOOD, *args), want)

    def test_bad_usage(self):
        for args in ([], ["--"], ["--json"], ["cod"], [""], ["CODE", "1000"], ["--no-such"], ["-x"],
                     ["--no-offer", "extensions", "a"], [b"\xff"], [b"--\xff"]):
            self.refused(args, "wsclose")
        for name in SUBCOMMANDS:
            self.refused([name, "1000", "1000", "--no-such"], f"wsclose {name}")
            if name != "explain":
                self.refused([name, "1000", "1000", "--list"], f"wsclose {name}")
            if name != "extensions":
                self.refused([name, "1000", "1000", "--no-offer"], f"wsclose {name}")
                self.refused([name, "1000", "1000", "--no-response"], f"wsclose {name}")

    def test_answer_not_written(self):
        for args in (["code", "1000"], ["code", "1005", "--json"], ["--help"], ["--version"]):
            with open("/dev/full", "wb") as full:
                done = subprocess.run([BINARY, *args], stdout=full, stderr=subprocess.PIPE)
            self.assertEqual(done.returncode, NOT_WRITTEN)
            self.assertIn(b"cannot write", done.stderr)
            done = subprocess.run(["sh", "-c", 'exec "$@" >&-', "sh", BINARY, *args],
                                  stderr=subprocess.PIPE)
            self.assertEqual(done.returncode, NOT_WRITTEN)
            self.assertIn(b"cannot write", done.stderr)

    def test_closed_pipe(self):
        reader, writer = os.pipe()
        os.close(reader)
        done = subprocess.run([BINARY, "code", "1000"], stdout=writer, stderr=subprocess.PIPE)
        os.close(writer)
        self.assertNotEqual(done.returncode, 0)

    def test_bad_usage_needs_no_output(self):
        with open("/dev/full", "wb") as full:
            done = subprocess.run([BINARY, "code", "x"], stdout=full, stderr=subprocess.PIPE)
        self.assertEqual(done.returncode, USAGE)


class ManPage(CommandTest):
    def setUp(self):
        self.source = MAN_PAGE.read_text(encoding="ascii")

    def section(self, name):
        return self.source.split(f"\n== {name}\n")[1].split("\n== ")[0]

    def test_subcommands_and_options(self):
        described = self.section("DESCRIPTION")
        for name, options in SUBCOMMANDS.items():
            self.assertRegex(described, rf"(?m)^\*{name}\* .*::$")
            self.assertIn(f"*wsclose {name}* ", self.section("SYNOPSIS"))
            self.assertIn(f"*{name}*: ", self.section("EXIT STATUS"))
            for option in options:
                self.assertRegex(described, rf"(?m)^(\*-h\*, )?\*{option}\*::$")
        self.assertIn("\n*--version*::\n", described)

    def test_exit_statuses(self):
        for status in (GOOD, BREACH, USAGE, NOT_WRITTEN):
            self.assertIn(f"\n{status}::\n", self.section("EXIT STATUS"))

    def test_json_members(self):
        shapes = self.section("JSON")
        for name, keys in (("code", Code.KEYS), ("extensions", Extensions.KEYS),
                           ("close", Close.KEYS),
                           ("findings", Findings.KEYS),
                           ("compare", Compare.KEYS),
                           ("explain", ["messages", *Explain.KEYS])):
            part = shapes.split(f"=== {name}\n")[1].split("\n=== ")[0]
            items = set()
            for item in re.findall(r"^([a-z_, ]+)::", part, re.M):
                items.update(item.split(", "))
            self.assertEqual(items, set(keys), name)

    def test_examples(self):
        checked = 0
        for block in re.findall(r"^----\n(.*?)\n----$", self.section("EXAMPLES"), re.S | re.M):
            line, _, want = block.partition("\n")
            # jq need not be there: what it prints is left to the eye.
            command = line.partition(" | ")[0]
            if command.startswith("$ journalctl "):
                continue
            self.assertTrue(command.startswith("$ wsclose "), command)
            done = subprocess.run(["sh", "-c", f'"$0" {command[len("$ wsclose "):]}', BINARY],
                                  capture_output=True, text=True, encoding="utf-8")
            self.assertIn(done.returncode, (GOOD, BREACH), command)
            self.assertEqual(done.stderr, "")
            if want and command == line:
                self.assertEqual(done.stdout, want + "\n")
                checked += 1
        self.assertGreater(checked, 0)


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit("usage: run.py WSCLOSE_BINARY [UNITTEST_ARGUMENT...]")
    BINARY = os.path.abspath(sys.argv.pop(1))
    unittest.main()
