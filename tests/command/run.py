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

MAN_PAGE = pathlib.Path(__file__).resolve().parents[2] / "decoder" / "wsclose.1.adoc"
BINARY = None

GOOD, BREACH, USAGE, NOT_WRITTEN = 0, 1, 2, 3
SUBCOMMANDS = {
    "code": ["--help", "--json"],
    "compare": ["--help", "--json"],
    "extensions": ["--help", "--json", "--no-offer", "--no-response"],
    "close": ["--help", "--json"],
    "findings": ["--help", "--json"],
}
DEFLATE = "permessage-deflate"


def run(*args, **options):
    """Run the command; arguments are str or bytes."""
    # No locale: the answer is UTF-8 all the same.
    env = {k: v for k, v in os.environ.items() if not k.startswith("LC_") and k != "LANG"}
    return subprocess.run([BINARY, *args], stdin=subprocess.DEVNULL, capture_output=True,
                          timeout=60, env=env, **options)


class CommandTest(unittest.TestCase):
    maxDiff = None

    def answer(self, status, *args):
        """Text on standard output, with nothing on standard error."""
        done = run(*args)
        self.assertEqual((done.returncode, done.stderr), (status, b""), args)
        text = done.stdout.decode("utf-8")  # strict: the output is always UTF-8
        self.assertTrue(text.endswith("\n"), args)
        return text

    def objects(self, status, *args):
        lines = self.answer(status, *args).splitlines()
        return [json.loads(line) for line in lines]

    def object(self, status, *args):
        objects = self.objects(status, *args)
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
                got = self.object(GOOD if on_wire else BREACH, "code", str(code), "--json")
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
            self.assertIn(clause, self.rows(self.answer(BREACH, "code", code))["breach"])
            breaches = self.object(BREACH, "code", code, "--json")["breaches"]
            self.assertEqual(len(breaches), 1)
            self.assertIn(clause, breaches[0]["text"])
        self.assertEqual(self.object(GOOD, "code", "1010", "--json")["breaches"], [])
        self.assertNotIn("breach", self.rows(self.answer(GOOD, "code", "1010")))

    def test_text_says_what_json_says(self):
        text = self.answer(BREACH, "code", "1005")
        got = self.object(BREACH, "code", "1005", "--json")
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
        got = self.objects(BREACH, "code", "1005", "1010", "--json")
        self.assertEqual([o["code"] for o in got], [1005, 1010])
        got = self.objects(GOOD, "code", "1000", "1010", "1000", "--json")
        self.assertEqual([o["code"] for o in got], [1000, 1010, 1000])
        text = self.answer(BREACH, "code", "1000", "1006")
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
    def test_json(self):
        got = self.object(GOOD, "compare", "1005", "1010", "--json")
        self.assertEqual(list(got), ["codes", "key_difference", "which_when"])
        self.assertEqual(got["codes"], self.objects(BREACH, "code", "1005", "1010", "--json"))
        for word in ("1005", "1010", "wire"):
            self.assertIn(word, got["key_difference"])
        self.assertTrue(got["which_when"])

    def test_any_two_codes(self):
        for a, b in (("0", "65535"), ("1000", "1000"), ("1006", "1005"), ("4000", "4001"),
                     ("2000", "3008")):
            got = self.object(GOOD, "compare", a, b, "--json")
            self.assertEqual([o["code"] for o in got["codes"]], [int(a), int(b)])

    def test_side_by_side(self):
        text = self.answer(GOOD, "compare", "1005", "1010")
        lines = text.splitlines()
        self.assertRegex(lines[0], r"^ {15}1005 .* 1010 ")
        second = lines[0].index("1010")
        for line in lines[:lines.index("")]:
            self.assertEqual(line[second - 2:second].strip(), "", line)
        self.assertEqual(lines[1][15:second].rstrip(), "reserved")
        self.assertEqual(lines[1][second:], "protocol")
        left, right = [], []
        for line in lines[lines.index("") - 1::-1]:
            left.insert(0, line[15:second].strip())
            right.insert(0, line[second:].strip())
        codes = self.objects(BREACH, "code", "1005", "1010", "--json")
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

    def test_bad_usage(self):
        for args in ([], ["--no-response"], ["--no-offer"], ["a", "b", "c"],
                     ["a", "b", "--no-offer"], ["a", "b", "--no-response"],
                     ["a", "--no-offer", "--no-response"], ["a", "--no-such"], ["-x", "a"]):
            self.refused(["extensions", *args], "wsclose extensions")


class Close(CommandTest):
    KEYS = ["code", "on_wire", "class", "name", "reason", "reason_hex", "valid", "breaches", "told",
            "fails_with", "needed", "meaning", "seen_when", "fix", "source"]

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
                    info = self.objects(run("code", str(code)).returncode, "code", str(code),
                                        "--json")[0]
                    self.assertEqual([got["class"], got["name"], got["source"]],
                                     [info["class"], info["name"], info["source"]])
                else:
                    self.assertEqual([got["class"], got["name"], got["source"]], [None] * 3)
                for key in ("meaning", "seen_when", "fix"):
                    self.assertTrue(got[key], key)

    def test_legal_body_is_explained_as_its_code(self):
        for octets, code in (("", "1005"), ("03e8", "1000"), ("03f2", "1010"), ("1000", "4096")):
            got = self.object(GOOD, "close", octets, "--json")
            info = json.loads(run("code", code, "--json").stdout)
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
                     ["1005"], ["--no-offer", "extensions", "a"], [b"\xff"], [b"--\xff"]):
            self.refused(args, "wsclose")
        for name in SUBCOMMANDS:
            self.refused([name, "1000", "1000", "--no-such"], f"wsclose {name}")
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
                           ("compare", ["codes", "key_difference", "which_when"])):
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
