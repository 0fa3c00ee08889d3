#!/usr/bin/env python3
#
# examples.py - do the examples of docs/ build against an installed library, and print what is beside them?
#
# SPDX-License-Identifier: GPL-2.0-or-later
#
"""examples.py BUILD_DIR SOURCE_DIR [--update]

docs/examples/NAME.c is a program that a user would copy from, docs/examples/NAME.out what it prints. Each is
built as C against an installation of the library, with what pkg-config says and nothing else, and compiled as
C++ too. Together they call every function that the library exports: what links to it says which. docs/library.md
leads to each. --update writes what they print. Exit status: 0 all is well, 1 something is not, 2 cannot tell.
"""

import difflib
import os
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

WARNINGS = ["-Wall", "-Wextra", "-Wshadow", "-Wwrite-strings", "-Wstrict-prototypes", "-Wmissing-prototypes",
            "-pedantic", "-Werror"]
# C++ wants every member of a struct by name, C does not.
CXX_WARNINGS = [*WARNINGS[:4], "-pedantic", "-Werror", "-Wno-missing-field-initializers"]


def output_of(*command, **options):
    return subprocess.run(command, check=True, text=True, stdout=subprocess.PIPE, **options).stdout


def install(build, folder):
    """Headers, library and pkg-config file; returns the folder with the library."""
    for component in ("library", "development"):
        manifest = Path(build, f"install_manifest_{component}.txt")
        was_there = manifest.exists()
        output_of("cmake", "--install", str(build), "--prefix", str(folder), "--component", component)
        if not was_there:
            manifest.unlink()
    return next(folder.glob("**/pkgconfig")).parent


def symbols(*options, file):
    """The functions of ours in a table of symbols."""
    names = (line.split()[-1].partition("@")[0] for line in output_of("nm", "-D", *options, str(file)).splitlines())
    return {name for name in names if name.startswith("wsclose_")}


def faults_of(source, program, flags, libraries, update):
    """What is wrong with one example."""
    compiled = subprocess.run([*shlex.split(os.environ.get("CC", "cc")), "-std=c11", *WARNINGS, str(source),
                               "-o", str(program), *flags], stderr=subprocess.PIPE, text=True)
    if compiled.returncode != 0:
        return [compiled.stderr]
    as_cxx = subprocess.run([*shlex.split(os.environ.get("CXX", "c++")), "-std=c++20", *CXX_WARNINGS,
                             "-fsyntax-only", "-x", "c++", str(source), *flags], stderr=subprocess.PIPE, text=True)
    faults = [as_cxx.stderr] if as_cxx.returncode != 0 else []
    ran = subprocess.run([str(program)], stdout=subprocess.PIPE, encoding="utf-8",
                         env={**os.environ, "LD_LIBRARY_PATH": str(libraries)})
    beside = source.with_suffix(".out")
    if ran.returncode != 0:
        faults.append(f"it ends with {ran.returncode}\n")
    elif update:
        beside.write_text(ran.stdout)
    else:
        expected = beside.read_text() if beside.exists() else ""
        faults += ["".join(difflib.unified_diff(expected.splitlines(True), ran.stdout.splitlines(True),
                                                str(beside), "what it prints"))]
    return [fault for fault in faults if fault]


def main():
    if len(sys.argv) not in (3, 4) or sys.argv[3:] not in ([], ["--update"]):
        print(__doc__, file=sys.stderr)
        return 2
    build, source = (Path(argument).resolve() for argument in sys.argv[1:3])
    examples = sorted(Path(source, "docs/examples").glob("*.c"))
    is_bad = not examples
    with tempfile.TemporaryDirectory() as directory:
        libraries = install(build, Path(directory, "installed"))
        flags = output_of("pkg-config", "--cflags", "--libs", "wsclose",
                          env={**os.environ, "PKG_CONFIG_PATH": str(libraries / "pkgconfig")}).split()
        never_called = symbols("--defined-only", file=libraries / "libwsclose.so")
        for example in examples:
            program = Path(directory, example.stem)
            faults = faults_of(example, program, flags, libraries, bool(sys.argv[3:]))
            print(f"{'not ok' if faults else 'ok'} - {example.stem}", *faults, sep="\n", end="" if faults else "\n")
            is_bad |= bool(faults)
            if program.exists():
                never_called -= symbols("--undefined-only", file=program)
    outputs = {output.stem for output in Path(source, "docs/examples").glob("*.out")}
    guide = Path(source, "docs/library.md").read_text()
    for example in examples:
        if f"(examples/{example.name})" not in guide:
            print(f"not ok - docs/library.md does not name {example.name}")
            is_bad = True
    for name in sorted(outputs - {example.stem for example in examples}):
        print(f"not ok - {name}.out is beside no example")
        is_bad = True
    for name in sorted(never_called):
        print(f"not ok - no example calls {name}()")
    return 1 if is_bad or never_called else 0


sys.exit(main())
