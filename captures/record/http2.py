# http2.py - the octets of HTTP/2 frames and of HPACK, for generate.py.
# SPDX-License-Identifier: GPL-2.0-or-later

import struct

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"

DATA, HEADERS, PRIORITY, RST_STREAM, SETTINGS = 0, 1, 2, 3, 4
PUSH_PROMISE, PING, GOAWAY, WINDOW_UPDATE, CONTINUATION = 5, 6, 7, 8, 9
END_STREAM, ACK, END_HEADERS, PADDED = 1, 1, 4, 8
ENABLE_CONNECT_PROTOCOL = 8

# What is used of the static table: whole fields, and names (RFC 7541 appendix A).
FIELDS = {(":method", "GET"): 2, (":method", "POST"): 3, (":path", "/"): 4, (":scheme", "http"): 6,
          (":status", "200"): 8, (":status", "204"): 9, (":status", "404"): 13}
NAMES = {":authority": 1, ":method": 2, ":path": 4, ":scheme": 6, ":status": 8}


def frame(kind, stream, payload=b"", flags=0, length=None):
    """A frame; `length` is what its header says instead of the truth."""
    size = len(payload) if length is None else length
    return struct.pack("!I", size)[1:] + struct.pack("!BBI", kind, flags, stream) + payload


def padded(payload, padding):
    return bytes([padding]) + payload + b"\0" * padding


def rst_stream(stream, error):
    return frame(RST_STREAM, stream, struct.pack("!I", error))


def goaway(last, error=0):
    return frame(GOAWAY, 0, struct.pack("!II", last, error))


def settings(*values):
    return frame(SETTINGS, 0, b"".join(struct.pack("!HI", *value) for value in values))


def integer(value, bits, first):
    limit = (1 << bits) - 1
    if value < limit:
        return bytes([first | value])
    out = bytes([first | limit])
    value -= limit
    while value >= 0x80:
        out += bytes([0x80 | value & 0x7F])
        value >>= 7
    return out + bytes([value])


def string(text):
    octets = text if isinstance(text, bytes) else text.encode()
    return integer(len(octets), 7, 0) + octets


class Encoder:
    """HPACK of one direction, without Huffman. What was sent once comes from the dynamic table."""

    def __init__(self):
        self.table = []    # the newest first

    def encode(self, fields):
        out = b""
        for field in fields:
            name, value = field
            if field in FIELDS:
                out += integer(FIELDS[field], 7, 0x80)
            elif field in self.table:
                out += integer(62 + self.table.index(field), 7, 0x80)
            else:
                index = NAMES.get(name, 0)
                out += integer(index, 6, 0x40) + (b"" if index else string(name)) + string(value)
                self.table.insert(0, field)
        return out
