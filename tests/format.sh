#!/bin/sh
# format.sh
# Are the C sources formatted as .clang-format says? With --fix: format them.
#
#     sh tests/format.sh [--fix]
#
# SPDX-License-Identifier: GPL-2.0-or-later
set -eu
cd -- "$(dirname -- "$0")/.."

case ${1-} in
"") how="--dry-run -Werror" ;;
--fix) how=-i ;;
*) echo "usage: format.sh [--fix]" >&2 && exit 2 ;;
esac
command -v clang-format > /dev/null || { echo "format.sh: there is no clang-format" >&2 && exit 2; }

find decoder plugin docs/examples -name '*.[ch]' -print0 | sort -z | xargs -0 clang-format $how
