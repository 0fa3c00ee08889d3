#
# key_log.py - the secrets of TLS that captures have within them or beside them
#
# SPDX-License-Identifier: GPL-2.0-or-later
#
"""Read them, as lines of a key log."""

import os
import sys

import golden

sys.path.insert(0, os.path.join(golden.ROOT, "captures", "record"))

import pcapng  # noqa: E402 (the folder above)

# Which lines of a key log can be missing: those of one side, of TLS 1.3, or all of TLS 1.2.
SECRETS = ("CLIENT_HANDSHAKE_TRAFFIC_SECRET", "SERVER_HANDSHAKE_TRAFFIC_SECRET",
           "CLIENT_TRAFFIC_SECRET_0", "SERVER_TRAFFIC_SECRET_0", "CLIENT_RANDOM")


def secrets_of(path):
    """Key log lines that a capture has within it."""
    return [line for kind, body in pcapng.blocks(path) if kind == pcapng.SECRETS
            for line in pcapng.secrets_of(body).decode().splitlines()]


def key_log(names):
    """Key log lines of all these captures, within them or beside them."""
    lines = []
    for name in names:
        lines += secrets_of(golden.capture_path(name))
        beside = os.path.join(golden.CAPTURES, name + ".keys.log")
        if os.path.exists(beside):
            with open(beside, encoding="ascii") as file:
                lines += file.read().splitlines()
    return lines


def is_tls(name):
    """Whether a shipped capture has TLS in it."""
    return name.startswith("tls") or "-tls-" in name
