#!/usr/bin/env python3
#
# abi.py - do programs that were linked with the last release run with this library?
#
# SPDX-License-Identifier: GPL-2.0-or-later
#
"""abi.py LIBRARY SOURCE_DIR [--update]

decoder/libwsclose.abi says what the library of the last release gave to programs: a line for each function
with the version of its symbol, for each type of the public headers with its layout, for each constant with
its value. Each has to be there as it was; there may be more. --update writes it anew, at a release.

The types are read from the debug information of a file that does nothing but include the headers. Needs
python3-pyelftools. Exit status: 0 they run, 1 they may fail, 2 cannot tell.
"""

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from elftools.elf.elffile import ELFFile

HEAD = """\
# What the library of the last release gives to programs: see "Releases" in CONTRIBUTING.md. Written by
# tests/install/abi.py.
"""
WORDS = {"structure": "struct", "union": "union", "enumeration": "enum"}


def symbols(library):
    """The functions that the library exports, each with its version."""
    with open(library, "rb") as file:
        elf = ELFFile(file)
        table = elf.get_section_by_name(".dynsym")
        versions = elf.get_section_by_name(".gnu.version")
        definitions = {verdef["vd_ndx"]: next(names).name for verdef, names in
                       elf.get_section_by_name(".gnu.version_d").iter_versions()}
        return {symbol.name: definitions[versions.get_symbol(number)["ndx"]]
                for number, symbol in enumerate(table.iter_symbols())
                if symbol["st_shndx"] != "SHN_UNDEF" and symbol["st_info"]["type"] == "STT_FUNC"}


class Types:
    """The debug information of one file."""

    def __init__(self, elf):
        dwarf = elf.get_dwarf_info()
        unit = next(dwarf.iter_CUs())
        self.top = unit.get_top_DIE()
        program = dwarf.line_program_for_CU(unit)
        self.folders = [program["include_directory"][entry["dir_index"]] for entry in program["file_entry"]]

    def is_ours(self, die):
        place = die.attributes.get("DW_AT_decl_file")
        return place is not None and self.folders[place.value].endswith(b"/wsclose")

    @staticmethod
    def name(die):
        attribute = die.attributes.get("DW_AT_name")
        return attribute.value.decode() if attribute else ""

    @staticmethod
    def target(die):
        return die.get_DIE_from_attribute("DW_AT_type") if "DW_AT_type" in die.attributes else None

    def spelled(self, die):
        """A type as C has it, more or less."""
        if die is None:
            return "void"
        kind = die.tag[len("DW_TAG_"):].removesuffix("_type")
        target = self.target(die)
        if kind == "pointer":
            return self.spelled(target) + "*"
        if kind in ("const", "volatile"):
            return f"{self.spelled(target)} {kind}"
        if kind == "array":
            sizes = [child.attributes["DW_AT_upper_bound"].value + 1 for child in die.iter_children()]
            return self.spelled(target) + "".join(f"[{size}]" for size in sizes)
        if kind == "subroutine":
            return self.called(die)
        if kind in WORDS and not self.name(die):
            return "{" + self.layout(die) + "}"
        return f"{WORDS[kind]} {self.name(die)}" if kind in WORDS else self.name(die)

    def called(self, die):
        """What a function gets and gives."""
        arguments = ["..." if child.tag == "DW_TAG_unspecified_parameters" else self.spelled(self.target(child))
                     for child in die.iter_children()]
        return f"{self.spelled(self.target(die))}({', '.join(arguments)})"

    def layout(self, die):
        """Where the members of a struct are; how large an enum is."""
        size = die.attributes["DW_AT_byte_size"].value
        members = []
        for child in die.iter_children():
            if child.tag != "DW_TAG_member":
                continue
            facts = child.attributes
            if "DW_AT_bit_size" in facts:
                place = f"bit {facts['DW_AT_data_bit_offset'].value}:{facts['DW_AT_bit_size'].value}"
            else:
                place = facts["DW_AT_data_member_location"].value if "DW_AT_data_member_location" in facts else 0
            members.append(f" {place} {self.name(child)} {self.spelled(self.target(child))};")
        return f"{size} octets;{''.join(members)}"

    def lines(self, versions):
        for die in self.top.iter_children():
            kind = die.tag[len("DW_TAG_"):].removesuffix("_type")
            if not self.is_ours(die):
                continue
            if kind == "subprogram":
                name = self.name(die)
                yield f"function {name} {versions.get(name, '(not exported)')} {self.called(die)}"
            elif kind in WORDS and "DW_AT_declaration" not in die.attributes:
                if self.name(die):
                    yield f"type {self.spelled(die)}: {self.layout(die)}"
                for child in die.iter_children() if kind == "enumeration" else []:
                    yield f"constant {self.name(child)} {child.attributes['DW_AT_const_value'].value}"
            elif kind == "typedef":
                yield f"type {self.name(die)}: {self.spelled(self.target(die))}"


def described(library, source):
    """The lines for the library as it is now."""
    headers = source / "decoder/include"
    versions = symbols(library)
    with tempfile.TemporaryDirectory() as folder:
        program = Path(folder, "all.c")
        # Debug information has the types and functions that somebody uses; so use them all.
        program.write_text("#include <wsclose/wsclose.h>\nvoid *const all[] = {"
                           + ", ".join(f"(void *){name}" for name in sorted(versions)) + "};\n")
        subprocess.run([os.environ.get("CC", "cc"), "-std=c11", "-gdwarf-5", "-fno-lto",
                        "-fno-eliminate-unused-debug-types", f"-I{headers}", "-c", program.name, "-o", "all.o"],
                       cwd=folder, check=True)
        with open(Path(folder, "all.o"), "rb") as file:
            elf = ELFFile(file)
            return elf.elfclass, sorted(set(Types(elf).lines(versions)))


def named(line):
    """What a line is about."""
    return re.match(r"\w+ (?:(?:struct|union|enum) )?\w+", line)[0]


def main():
    if len(sys.argv) not in (3, 4) or sys.argv[3:] not in ([], ["--update"]):
        print(__doc__, file=sys.stderr)
        return 2
    library, source = sys.argv[1], Path(sys.argv[2]).resolve()
    released = source / "decoder/libwsclose.abi"
    bits, now = described(library, source)
    with open(library, "rb") as file:
        soname = next(tag.soname for tag in ELFFile(file).get_section_by_name(".dynamic").iter_tags("DT_SONAME"))
    now = [f"library {soname}, {bits} bits", *now]
    if sys.argv[3:]:
        released.write_text(HEAD + "\n".join(now) + "\n")
        return 0

    if not released.exists():
        print(f"NOT CHECKED: there is no {released.name}, so there was no release")
        return 0
    then = [line for line in released.read_text().splitlines() if not line.startswith("#")]
    if then[0] != now[0]:
        # Another soname is another library; of a machine with other words the list says nothing.
        print(f"NOT CHECKED: the last release is {then[0]}, this one is {now[0]}")
        return 0
    # How many constants there are may change with those that are new.
    gone = [line for line in then if line not in set(now) and not re.match(r"constant \w+_COUNT ", line)]
    by_name = {named(line): line for line in now}
    for line in gone:
        print(f"was:    {line}\nis now: {by_name.get(named(line), 'not there')}")
    if gone:
        print("A program that was linked with the last release may fail: see \"Releases\" in CONTRIBUTING.md.")
        return 1
    print(f"{len(then)} lines as in the last release, {len(set(now) - set(then))} more")
    return 0


sys.exit(main())
