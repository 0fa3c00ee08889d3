#
# mutate_units.py - change connections: frames of WebSocket and HTTP/2, HTTP heads, TLS records
#
# SPDX-License-Identifier: GPL-2.0-or-later
#
"""A unit is a frame, a head or a record that begins in a segment; what is behind the last whole one
stays as it is."""

import struct

from segments import CLIENT, with_data, with_payload

HTTP_STARTS = (b"GET ", b"HTTP/", b"POST ", b"CONNECT ", b"HEAD ")
PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
TLS_STARTS = tuple(bytes((kind, 3)) for kind in (20, 21, 22, 23))

# Lengths that frames say, where parsers go wrong.
LENGTHS = (0, 1, 2, 125, 126, 127, 0xFFFF, 0x10000, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, 1 << 32,
           (1 << 63) - 1, 1 << 63, (1 << 64) - 1, (1 << 64) - 14)
CODES = (0, 1, 999, 1000, 1001, 1002, 1003, 1004, 1005, 1006, 1007, 1008, 1009, 1010, 1011, 1012,
         1013, 1014, 1015, 1016, 2999, 3000, 3999, 4000, 4999, 5000, 65535)
# Texts that a program could take for more than text.
TEXTS = (b"\x1b[2J", b"\x1b]0;x\x07", b"\xc2\x9b31m", b"\xe2\x80\xae", b"\xe2\x81\xa6", b"\0",
         b"\x7f", b"\xc2\x85", b'"\\', b"{First} {code}", b"%s%n", b"<b>&amp;", b"\xff\xfe",
         b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xe2\x82", b"\r\n", b"a" * 300, "\u00e9".encode())


def is_h2(connection):
    return any(PREFACE[:24] in segment.payload for segment in connection.segments[:12])


# WebSocket frames.

def ws_frame(octets):
    """(head without length and key, length, masked, key, payload, octets of it all), None if it is
    not whole."""
    if len(octets) < 2:
        return None
    length = octets[1] & 0x7F
    at = 2
    if length >= 126:
        size = 2 if length == 126 else 8
        if len(octets) < at + size:
            return None
        length = int.from_bytes(octets[at:at + size], "big")
        at += size
    masked = octets[1] >= 0x80
    key = octets[at:at + 4] if masked else b""
    at += len(key)
    if len(octets) < at + length:
        return None
    return octets[0], masked, key, masking(key, octets[at:at + length]), at + length


def masking(key, octets):
    if not key:
        return octets
    return bytes(octet ^ key[place % len(key)] for place, octet in enumerate(octets))


def ws_made(first, masked, key, payload, length=None, size=None):
    """size: of the length's field, the shortest if it is left out."""
    length = len(payload) if length is None else length
    if size is None:
        size = 0 if length < 126 else 2 if length < 65536 else 8
    bit = 0x80 if masked else 0
    if size == 0:
        head = bytes((first, bit | min(length, 125)))
    else:
        head = bytes((first, bit | (126 if size == 2 else 127))) + (
            length & (1 << 8 * size) - 1).to_bytes(size, "big")
    return head + key + masking(key, payload)


def ws_length(random, first, masked, key, payload):
    if random.random() < 0.4:
        length = max(0, len(payload) + random.choice((-2, -1, 1, 2)))
    else:
        length = random.choice(LENGTHS)
    return ws_made(first, masked, key, payload, length,
                   random.choice((None, None, 2, 8)) if length < 65536 else 8)


def ws_first_octet(random, first, masked, key, payload):
    return ws_made(random.choice((first ^ 1 << random.randrange(8), random.randrange(256))), masked,
                   key, payload)


def ws_mask(random, first, masked, key, payload):
    if masked and random.random() < 0.5:
        return ws_made(first, True, bytes(4), payload)
    return ws_made(first, not masked, b"" if masked else random.randbytes(4), payload)


def ws_body(random, first, masked, key, payload):
    text = random.choice(TEXTS)
    at = random.randrange(len(payload) + 1)
    return ws_made(first, masked, key, payload[:at] + text + payload[at:])


def ws_close(random, first, masked, key, payload):
    """A Close frame, instead of this one or before it."""
    body = random.choice((b"", b"\x03", struct.pack(">H", random.choice(CODES))))
    if len(body) == 2:
        body += random.choice((b"", *TEXTS, random.randbytes(random.randrange(130))))
    if random.random() < 0.7:
        body = body[:125]
    close = ws_made(0x88, masked, key, body)
    return close + random.choice((b"", ws_made(first, masked, key, payload),
                                  close * random.choice((1, 20))))


def ws_more(random, first, masked, key, payload):
    """More frames before or behind it."""
    frame = ws_made(first, masked, key, payload)
    kinds = (ws_made(0x89, masked, key, b"ping"), ws_made(0x8A, masked, key, b"pong"),
             ws_made(0x01, masked, key, b"part"), ws_made(0x00, masked, key, b"part"),
             ws_made(0x80, masked, key, b"end"), ws_made(0x81, masked, key, random.choice(TEXTS)),
             ws_made(0xC1, masked, key, random.randbytes(9)), ws_made(0x82, masked, key, b""))
    more = random.choice(kinds) * random.choice((1, 1, 2, 40))
    return more + frame if random.random() < 0.5 else frame + more


WS_CHANGES = (ws_length, ws_length, ws_first_octet, ws_mask, ws_body, ws_close, ws_more)


def ws_changed(random, octets):
    """One frame of some, changed."""
    frames = []
    rest = octets
    while (frame := ws_frame(rest)) is not None:
        frames.append(rest[:frame[-1]])
        rest = rest[frame[-1]:]
    if not frames:
        return None
    place = random.randrange(len(frames))
    *parts, _ = ws_frame(frames[place])
    frames[place] = random.choice(WS_CHANGES)(random, *parts)
    return b"".join(frames) + rest


def websocket(random, connection):
    places = [place for place in with_data(connection)
              if not connection.segments[place].payload.startswith(HTTP_STARTS)
              or b"\r\n\r\n" in connection.segments[place].payload[:-4]]
    if not places:
        return None
    place = random.choice(places)
    payload = connection.segments[place].payload
    head = b""
    if payload.startswith(HTTP_STARTS):
        at = payload.index(b"\r\n\r\n") + 4
        head, payload = payload[:at], payload[at:]
    result = ws_changed(random, payload)
    return None if result is None else with_payload(connection, place, head + result)


# HTTP heads.

HEADERS = (b"Sec-WebSocket-Extensions: permessage-deflate", b"Sec-WebSocket-Extensions:",
           b'Sec-WebSocket-Extensions: a; b="\\"x\\"", permessage-deflate; client_max_window_bits',
           b"Sec-WebSocket-Extensions: x;=,;;\"", b"Sec-WebSocket-Protocol: chat, superchat",
           b"Sec-WebSocket-Accept: AAAAAAAAAAAAAAAAAAAAAAAAAAA=", b"Upgrade: h2c, websocket",
           b"Connection: close, Upgrade", b"Content-Length: 18446744073709551616",
           b"Content-Length: 5", b"Content-Length: -1", b"Transfer-Encoding: chunked",
           b"Sec-WebSocket-Version: 8", b"Host: \x1b[31m.example", b": no name", b"no colon",
           b"Sec-WebSocket-Extensions: " + b"x" * 200)
VERSIONS = (b"HTTP/1.0", b"HTTP/1.2", b"HTTP/2.0", b"HTTP/11.1", b"HTTP/.1", b"http/1.1",
            b"HTTP/1.", b"HTTP/1.1 ", b"HTTP")
STATUSES = (b"101", b"100", b"102", b"200", b"204", b"301", b"400", b"401", b"403", b"404", b"426",
            b"500", b"503", b"000", b"999", b"1010", b"10", b"-101", b"")


def http_line(random, lines):
    """The first line: its version, status or method, or what parts them."""
    start = lines[0].split(b" ")
    if start[0].startswith(b"HTTP"):
        if random.random() < 0.6 and len(start) > 1:
            start[1] = random.choice(STATUSES)
        else:
            start[0] = random.choice(VERSIONS)
    else:
        at = random.randrange(len(start))
        start[at] = random.choice((b"GET", b"POST", b"get", b"/" + random.choice(TEXTS),
                                   b"/" + b"x" * random.choice((300, 5000)), *VERSIONS))
    lines[0] = random.choice((b" ", b" ", b" ", b"  ", b"\t")).join(start)


def http_fold(random, lines):
    place = random.randrange(1, len(lines)) if len(lines) > 1 else 0
    name, colon, value = lines[place].partition(b":")
    fold = random.choice((b"\r\n ", b"\r\n\t", b"\n ", b"\r\n    \r\n ", b"\r\n  " * 200))
    lines[place] = name + colon + fold + value


def http_name(random, lines):
    place = random.randrange(1, len(lines)) if len(lines) > 1 else 0
    name, colon, value = lines[place].partition(b":")
    lines[place] = random.choice((name.upper() + colon + value, name.lower() + colon + value,
                                  name + b" " + colon + value, name + colon + value.strip(),
                                  name + colon + b"\t  " + value + b" \t", b" " + lines[place],
                                  name + colon + value.upper(), name + colon,
                                  name + colon * 2 + value))


def http_text(random, lines):
    place = random.randrange(len(lines))
    at = random.randrange(len(lines[place]) + 1)
    lines[place] = lines[place][:at] + random.choice(TEXTS) + lines[place][at:]


def http_lines(random, lines):
    """Lines twice, left out, in another order, or more of them."""
    place = random.randrange(1, len(lines)) if len(lines) > 1 else 0
    kind = random.randrange(4)
    if kind == 0:
        lines.insert(random.randrange(1, len(lines) + 1), lines[place])
    elif kind == 1 and len(lines) > 1:
        del lines[place]
    elif kind == 2:
        rest = lines[1:]
        random.shuffle(rest)
        lines[1:] = rest
    else:
        lines.insert(random.randrange(1, len(lines) + 1), random.choice(HEADERS))


def http_much(random, lines):
    """Very many lines, or a very long one."""
    lines.insert(random.randrange(1, len(lines) + 1), random.choice((
        b"\r\n".join(b"X-%d: y" % number for number in range(20_000)),
        b"\r\n".join([b"Sec-WebSocket-Extensions: a"] * 2000), b"X: " + b"y" * 200_000,
        b"Sec-WebSocket-Extensions: " + b", ".join(b"x%d; a=1" % n for n in range(3000)),
        b"X: " + b"y" * 9000)))


HTTP_CHANGES = (http_line, http_fold, http_name, http_name, http_text, http_text, http_lines,
                http_lines, http_lines, http_much)


def http_head(random, connection):
    places = [place for place in with_data(connection)
              if connection.segments[place].payload.startswith(HTTP_STARTS)]
    if not places:
        return None
    place = random.choice(places)
    payload = connection.segments[place].payload
    head, blank, rest = payload.partition(b"\r\n\r\n")
    lines = head.split(b"\r\n")
    for _ in range(random.choice((1, 1, 2, 3))):
        random.choice(HTTP_CHANGES)(random, lines)
    end = random.choice((b"\r\n",) * 6 + (b"\n", b"\r", b"\r\n\0"))
    head = end.join(lines)
    if blank:
        blank = end * 2 if random.random() < 0.9 else random.choice((b"\n\r\n", b"\r\n \r\n", b""))
    return with_payload(connection, place, head + blank + rest)


# HTTP/2 frames.

def h2_frames(octets):
    """(frames of 9 octets and payload, the rest)"""
    frames = []
    while len(octets) >= 9 and len(octets) >= 9 + int.from_bytes(octets[:3], "big"):
        end = 9 + int.from_bytes(octets[:3], "big")
        frames.append(octets[:end])
        octets = octets[end:]
    return frames, octets


def h2_made(kind, flags, stream, payload):
    return (len(payload).to_bytes(3, "big") + bytes((kind, flags)) + stream.to_bytes(4, "big")
            + payload)


def h2_frame_changed(random, frame):
    kind, flags, stream, payload = frame[3], frame[4], int.from_bytes(frame[5:9], "big"), frame[9:]
    what = random.randrange(8)
    if what == 0:
        return h2_made(random.randrange(14), flags, stream, payload)
    if what == 1:
        return h2_made(kind, flags ^ 1 << random.randrange(8), stream, payload)
    if what == 2:
        length = random.choice((0, 1, len(payload) - 1, len(payload) + 1, 16384, 0xFFFFFF))
        return max(length, 0).to_bytes(3, "big") + frame[3:]
    if what == 3:
        return h2_made(kind, flags, random.choice((0, 1, 2, 3, stream + 2, stream ^ 1, 0x7FFFFFFF,
                                                   stream | 1 << 31, 0xFFFFFFFF)), payload)
    if what == 4:
        padding = random.choice((0, 1, 30, 255))
        return h2_made(kind, flags | 8, stream, bytes((padding,)) + payload + bytes(
            random.choice((padding, padding, padding // 2))))
    if what == 5 and kind == 0:
        changed = ws_changed(random, payload)
        return frame if changed is None else h2_made(kind, flags, stream, changed)
    if what == 6 and kind == 0:
        at = random.randrange(len(payload) + 1)
        return h2_made(0, 0, stream, payload[:at]) + h2_made(0, flags, stream, payload[at:])
    data = bytearray(payload or b"\0")
    data[random.randrange(len(data))] = random.randrange(256)
    return h2_made(kind, flags, stream, bytes(data))


def h2_extra(random, stream):
    """A frame that ends something, or that is none of this connection's business."""
    error = struct.pack(">I", random.choice((0, 1, 2, 5, 8, 11, 0xFFFFFFFF)))
    return random.choice((
        h2_made(3, 0, stream, error), h2_made(3, 0, stream, error[:3]),
        h2_made(7, 0, 0, struct.pack(">I", random.choice((0, stream, 0x7FFFFFFF))) + error
                + random.choice(TEXTS)),
        h2_made(0, 1, stream, b""), h2_made(0, 8, stream, b"\0"),
        h2_made(1, 4 | random.randrange(2), stream, random.choice((b"\x88", b"\x8d", b"\x40\x01"))),
        h2_made(9, random.choice((0, 4)), stream, b"\x88"), h2_made(5, 4, stream, bytes(4)),
        h2_made(8, 0, stream, bytes(4)), h2_made(4, random.randrange(2), 0, b"\0\x08\0\0\0\1"),
        h2_made(6, 0, 0, bytes(8)), h2_made(0xFA, 0xFF, stream, b"x")))


def http2(random, connection):
    if not is_h2(connection):
        return None
    place = random.choice(with_data(connection))
    payload = connection.segments[place].payload
    start = payload.find(PREFACE) + len(PREFACE) if PREFACE in payload else 0
    frames, rest = h2_frames(payload[start:])
    if not frames:
        return None
    at = random.randrange(len(frames))
    kind = random.randrange(5)
    if kind == 0:
        stream = int.from_bytes(frames[at][5:9], "big") or 1
        frames.insert(at + random.randrange(2), h2_extra(random, stream))
    elif kind == 1:
        frames.insert(random.randrange(len(frames) + 1), frames[at])
    elif kind == 2:
        random.shuffle(frames)
    else:
        frames[at] = h2_frame_changed(random, frames[at])
    return with_payload(connection, place, payload[:start] + b"".join(frames) + rest)


# TLS records.

def tls_records(octets):
    records = []
    while len(octets) >= 5 and len(octets) >= 5 + int.from_bytes(octets[3:5], "big"):
        end = 5 + int.from_bytes(octets[3:5], "big")
        records.append(octets[:end])
        octets = octets[end:]
    return records, octets


def hello_changed(random, record):
    """Lengths within a ClientHello or ServerHello, and what they are of."""
    data = bytearray(record)
    if random.random() < 0.5:
        # The handshake message's length, that of the session id, the first octets of the lists.
        at = min(random.choice((5, 6, 7, 8, 9, 10, 43, 44, 76, 77, 78)), len(data) - 1)
    else:
        at = random.randrange(5, len(data)) if len(data) > 5 else 0
    data[at] = random.choice((0, 1, 0x7F, 0xFF, random.randrange(256)))
    if random.random() < 0.3:
        data = data[:at] + random.randbytes(random.randrange(40)) + data[at:]
        data[3:5] = (len(data) - 5).to_bytes(2, "big")
    return bytes(data)


def record_changed(random, record):
    kind = random.randrange(6)
    if kind == 0:
        return bytes((random.choice((20, 21, 22, 23, 24, 26, 0, 255)),)) + record[1:]
    if kind == 1:
        return record[:1] + random.choice((b"\3\0", b"\3\1", b"\3\4", b"\2\0", b"\xfe\xfd", b"\7\7")
                                          ) + record[3:]
    if kind == 2:
        length = random.choice((0, 1, len(record) - 6, len(record) - 4, 0x4000, 0x4001, 0xFFFF))
        return record[:3] + max(length, 0).to_bytes(2, "big") + record[5:]
    if kind == 3:
        alert = bytes((21, 3, 3, 0, 2, random.choice((1, 2, 3)),
                       random.choice((0, 20, 40, 47, 255))))
        return alert + record if random.random() < 0.5 else record + alert
    if kind == 4 or record[0] == 22:
        return hello_changed(random, record)
    return record[:-1] + bytes((record[-1] ^ 1,))


def tls(random, connection):
    places = [place for place in with_data(connection)
              if connection.segments[place].payload.startswith(TLS_STARTS)]
    if not places:
        return None
    place = random.choice(places)
    records, rest = tls_records(connection.segments[place].payload)
    if not records:
        return None
    at = random.randrange(len(records))
    kind = random.randrange(6)
    if kind == 0:
        del records[at]
    elif kind == 1:
        records.insert(random.randrange(len(records) + 1), records[at])
    else:
        records[at] = record_changed(random, records[at])
    return with_payload(connection, place, b"".join(records) + rest)


def of(connection):
    """The mutations for what this connection carries."""
    payloads = [segment.payload for segment in connection.segments if segment.side == CLIENT]
    if any(payload.startswith(TLS_STARTS) for payload in payloads[:8]):
        return (tls,)
    if is_h2(connection):
        return (http2, http2, http2, http_head) if any(
            payload.startswith(HTTP_STARTS) for payload in payloads) else (http2,)
    return websocket, websocket, http_head
