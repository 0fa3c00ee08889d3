#!/usr/bin/env python3
#
# doxygen_filter.py - a public header, or docs/library.md, as Doxygen wants it
#
# SPDX-License-Identifier: GPL-2.0-or-later
#
"""doxygen_filter.py HEADER|LIBRARY.MD

The headers' comments are for who reads the headers. This gives Doxygen the same in its own words, line by line:
"name  what" becomes a parameter, "Returns" what is returned, and the comment at the top that of the file. The
header of all headers gets the examples too, each of which becomes a page, and the document links to those.
"""

import re
import sys
from pathlib import Path

EXAMPLES = Path(__file__).parent / "examples"

PARAMETER = re.compile(r"^ \*  ([a-z]\w*(?:, [a-z]\w*)*)  +(?=\S)")


def header(text):
    text = re.sub(r"^/\* ", "/** @file ", text, count=1)
    text = re.sub(r"^ \* SPDX-License-Identifier:.*", " *", text, count=1, flags=re.M)
    in_comment = False
    for line in text.splitlines(keepends=True):
        in_comment |= "/**" in line
        if in_comment:
            # What stands there for octets and escapes is no command.
            line = line.replace("\\", "\\\\")
            line = PARAMETER.sub(lambda match: f" *  @param {match[1].replace(', ', ',')} ", line)
            line = re.sub(r"^ \*  Returns ", " *  @return ", line)
        in_comment &= "*/" not in line
        yield line


def examples():
    """The comment at the top of each, with the name of the file first."""
    for path in sorted(EXAMPLES.glob("*.c")):
        comment = re.match(r"/\* (.*?) \*\n \* SPDX", path.read_text(encoding="utf-8"), re.S)[1]
        yield f"/** @example {comment} */\n"


def page_of(match):
    return f"({match[1].replace('.', '_8')}-example.html)"


def main():
    path = Path(sys.argv[1])
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".h":
        sys.stdout.writelines(header(text))
        if path.name == "wsclose.h":
            sys.stdout.writelines(examples())
    else:
        text = text.replace("(../decoder/include/wsclose)", "(files.html)")
        print(re.sub(r"\(examples/(\w+\.c)\)", page_of, text))


main()
