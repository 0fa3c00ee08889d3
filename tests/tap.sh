# tap.sh
# Sourced by tests in shell: a line for each check, and what went wrong where one fails. Needs $tmp, a folder.
#
# SPDX-License-Identifier: GPL-2.0-or-later

count=0
failures=0

# check NAME COMMAND...: one line per check, and what the command said where it fails
check() {
    name=$1
    shift
    count=$((count + 1))
    if "$@" > "$tmp/log" 2>&1; then
        echo "ok $count - $name"
    else
        echo "not ok $count - $name"
        sed 's/^/    /' "$tmp/log"
        failures=$((failures + 1))
    fi
}

same() {
    [ "$1" = "$2" ] || {
        printf 'got:\n%s\nexpected:\n%s\n' "$1" "$2"
        return 1
    }
}

# finish: the last line, and the exit status
finish() {
    echo "1..$count"
    if [ "$failures" -gt 0 ]; then
        echo "# $failures of $count failed"
        exit 1
    fi
    exit 0
}
