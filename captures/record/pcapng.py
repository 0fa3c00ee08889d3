# pcapng.py - read and write the few pcapng blocks that these captures have.
# SPDX-License-Identifier: GPL-2.0-or-later

import struct

SECTION = 0x0A0D0D0A
INTERFACE = 1
PACKET = 6
SECRETS = 10
ETHERNET = 1
TLS_KEY_LOG = 0x544C534B


def block(kind, body):
    body += b"\0" * (-len(body) % 4)
    length = len(body) + 12
    return struct.pack("<II", kind, length) + body + struct.pack("<I", length)


def packet_block(time_us, data, length=None):
    return block(PACKET, struct.pack("<IIIII", 0, time_us >> 32, time_us & 0xFFFFFFFF, len(data),
                                     len(data) if length is None else length) + data)


def header(link=ETHERNET):
    """A section with one interface and no option, so nothing about any machine."""
    return (block(SECTION, struct.pack("<IHHq", 0x1A2B3C4D, 1, 0, -1))
            + block(INTERFACE, struct.pack("<HHI", link, 0, 262144)))


def blocks(path):
    """(kind, body) of each block of a little-endian file."""
    with open(path, "rb") as f:
        data = f.read()
    at = 0
    while at < len(data):
        kind, length = struct.unpack_from("<II", data, at)
        yield kind, data[at + 8:at + length - 4]
        at += length


def secrets_block(secrets):
    """A key log of TLS, for those who read the file."""
    return block(SECRETS, struct.pack("<II", TLS_KEY_LOG, len(secrets)) + secrets)


def secrets_of(body):
    """The key log of TLS in a block of secrets; nothing of another kind of secrets."""
    kind, length = struct.unpack_from("<II", body)
    return body[8:8 + length] if kind == TLS_KEY_LOG else b""


def read(path):
    """Packets of a little-endian file with one interface: [(time in microseconds, octets)]."""
    packets = []
    for kind, body in blocks(path):
        if kind == PACKET:
            _, high, low, captured, _ = struct.unpack_from("<IIIII", body)
            packets.append((high << 32 | low, body[20:20 + captured]))
    return packets


def write(path, packets, link=ETHERNET, secrets=b""):
    """Packets as read() gives them; a third value is the length of one that was cut.

    The secrets are a key log of TLS."""
    with open(path, "wb") as f:
        f.write(header(link))
        if secrets:
            f.write(secrets_block(secrets))
        for packet in packets:
            f.write(packet_block(*packet))
