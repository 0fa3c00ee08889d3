#
# key_log.py - the secrets of TLS that captures have within them or beside them
#
# SPDX-License-Identifier: GPL-2.0-or-later
#
"""Read them, as lines of a key log."""

import os
import struct

import golden

SECRETS_BLOCK = 10        # pcapng: Decryption Secrets
TLS_KEY_LOG = 0x544C534B

# Which lines of a key log can be missing: those of one side, of TLS 1.3, or all of TLS 1.2.
SECRETS = ("CLIENT_HANDSHAKE_TRAFFIC_SECRET", "SERVER_HANDSHAKE_TRAFFIC_SECRET",
           "CLIENT_TRAFFIC_SECRET_0", "SERVER_TRAFFIC_SECRET_0", "CLIENT_RANDOM")


def secrets_of(path):
    """Key log lines that a capture has within it."""
    with open(path, "rb") as file:
        data = file.read()
    lines = []
    at = 0
    while at < len(data):
        kind, length = struct.unpack_from("<II", data, at)
        if kind == SECRETS_BLOCK and struct.unpack_from("<I", data, at + 8)[0] == TLS_KEY_LOG:
            size = struct.unpack_from("<I", data, at + 12)[0]
            lines += data[at + 16:at + 16 + size].decode().splitlines()
        at += length
    return lines


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
