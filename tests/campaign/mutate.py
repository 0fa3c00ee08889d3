#
# mutate.py - change connections: packets, times, borders of segments, octets
#
# SPDX-License-Identifier: GPL-2.0-or-later
#
"""Each mutation is a function of a generator of random numbers and a connection; it returns the
changed connection, or None where the connection has nothing that it could change. Those of one
protocol's units are in mutate_units.py."""

import dataclasses
import itertools
import tempfile

import segments
import mutate_units
import tls_made
from segments import ACK, CLIENT, FIN, RST, SYN, Segment, cut_up, with_data, with_payload

# Of one connection, so that one does not stand for all of the time.
SEGMENTS_MAX = 600
# Octets where parsers differ.
TELLING = (0x00, 0x01, 0x0A, 0x0D, 0x1B, 0x20, 0x7E, 0x7F, 0x80, 0x88, 0x9B, 0xC2, 0xFE, 0xFF)


def at_random(random, connection, among=None):
    """A place in the segments, None where there is none."""
    places = range(len(connection.segments)) if among is None else among
    return random.choice(places) if places else None


def changed(segment, **fields):
    return dataclasses.replace(segment, **fields)


# Packets.

def lost(random, connection):
    many = random.choice((1, 1, 2, len(connection.segments) // 3 + 1))
    gone = set(random.sample(range(len(connection.segments)),
                             min(many, len(connection.segments) - 1)))
    return connection.with_segments(segment for place, segment in enumerate(connection.segments)
                                    if place not in gone)


def one_side(random, connection):
    side = random.randrange(2)
    kept = [segment for segment in connection.segments if segment.side == side]
    return connection.with_segments(kept) if kept else None


def begun_late(random, connection):
    return connection.with_segments(
        connection.segments[at_random(random, connection):])


def ended_early(random, connection):
    return connection.with_segments(
        connection.segments[:at_random(random, connection) + 1])


def repeated(random, connection):
    place = at_random(random, connection)
    later = random.randrange(place, len(connection.segments))
    segment = changed(connection.segments[place], time=connection.segments[later].time)
    return connection.with_segments(
        (*connection.segments[:later + 1], *[segment] * random.choice((1, 1, 5)),
         *connection.segments[later + 1:]))


def all_twice(_, connection):
    """As captured on two interfaces."""
    return connection.with_segments(segment for segment in connection.segments
                                    for _ in range(2))


def reordered(random, connection):
    order = list(connection.segments)
    if len(order) < 2:
        return None
    start = random.randrange(len(order) - 1)
    end = min(len(order), start + random.choice((2, 2, 3, 10)))
    part = order[start:end]
    times = [segment.time for segment in part]
    random.shuffle(part)
    order[start:end] = [changed(segment, time=time) for segment, time in zip(part, times)]
    return connection.with_segments(order)


def cut(random, connection):
    """By a snaplen, or one packet."""
    octets = random.choice((0, 1, 2, 6, 20, 60, 200))
    only = at_random(random, connection) if random.random() < 0.5 else None
    return connection.with_segments(
        changed(segment, captured=octets) if only in (None, place) else segment
        for place, segment in enumerate(connection.segments))


# Borders of segments.

def smaller(random, connection):
    """One octet in a segment, or a few; no more segments than SEGMENTS_MAX."""
    octets = sum(len(segment.payload) for segment in connection.segments)
    most = random.choice((1, 1, 2, 3, 7, 13)) + octets // SEGMENTS_MAX
    return connection.with_segments(
        part for segment in connection.segments
        for part in cut_up(segment, [most] * (len(segment.payload) // most)))


def borders_anywhere(random, connection):
    return connection.with_segments(
        part for segment in connection.segments
        for part in cut_up(segment, [random.randrange(1, len(segment.payload) + 1)
                                     for _ in range(3)] if segment.payload else []))


def joined(_, connection):
    """What one side sends until the other one does, in one segment."""
    out = []
    for segment in connection.segments:
        last = next((place for place in range(len(out) - 1, -1, -1) if out[place].payload), None)
        if (segment.payload and last is not None and out[last].side == segment.side
                and out[last].end == segment.seq
                and len(out[last].payload + segment.payload) <= segments.PAYLOAD_MAX):
            out[last] = changed(segment, seq=out[last].seq, time=out[last].time,
                                payload=out[last].payload + segment.payload)
        else:
            out.append(segment)
    return connection.with_segments(out)


def overlapping(random, connection):
    """A segment that begins within what was sent; its octets may be others."""
    place = at_random(random, connection, with_data(connection))
    if place is None:
        return None
    segment = connection.segments[place]
    back = random.randrange(len(segment.payload)) + 1
    octets = segment.payload[-back:]
    if random.random() < 0.5:
        octets = bytes(octet ^ 0x20 for octet in octets)
    again = changed(segment, seq=segment.end - bool(segment.flags & FIN) - back,
                    payload=octets + random.randbytes(random.randrange(4)))
    return connection.with_segments((*connection.segments[:place + 1], again,
                                     *connection.segments[place + 1:]))


# TCP.

def flags(random, connection):
    place = at_random(random, connection)
    segment = connection.segments[place]
    flag = random.choice((FIN, SYN, RST, ACK, RST | ACK, FIN | RST, SYN | FIN))
    return connection.with_segments((*connection.segments[:place],
                                     changed(segment, flags=segment.flags ^ flag),
                                     *connection.segments[place + 1:]))


def ended_by(random, connection):
    """FIN or RST in the middle; what follows is sent all the same, or not."""
    place = at_random(random, connection)
    segment = connection.segments[place]
    side = random.randrange(2)
    ends = ((segment.end, segment.ack) if side == segment.side else (segment.ack, segment.end))
    end = Segment(segment.time, side, *ends, random.choice((FIN | ACK, RST, RST | ACK)))
    rest = connection.segments[place + 1:] if random.random() < 0.5 else ()
    return connection.with_segments((*connection.segments[:place + 1], end, *rest))


def numbers(random, connection):
    """Sequence numbers or acknowledgements that jump, once or from there on."""
    place = at_random(random, connection)
    by = random.choice((1, -1, 100, 70_000, 1 << 31, 0xFFFFFFF0))
    field = random.choice(("seq", "ack"))
    once = random.random() < 0.5
    side = connection.segments[place].side
    return connection.with_segments(
        changed(segment, **{field: (getattr(segment, field) + by) & 0xFFFFFFFF})
        if at == place or at > place and not once and segment.side == side else segment
        for at, segment in enumerate(connection.segments))


def again_on_its_ports(random, connection):
    """The same ports twice, the second time from another sequence number."""
    gap = random.choice((1, 1000, 10 ** 7))
    last = connection.segments[-1]
    by = random.choice((0, 1 << 20, 1 << 30))
    more = [changed(segment, time=last.time + gap + segment.time - connection.segments[0].time,
                    seq=segment.seq + by, ack=segment.ack + by if segment.flags & ACK else 0)
            for segment in connection.segments]
    return connection.with_segments((*connection.segments, *more))


# Times.

def times(random, connection):
    kind = random.choice(("backwards", "equal", "zero", "future", "jump", "random", "slow"))
    start = connection.segments[0].time
    place = at_random(random, connection)

    def moment(at, time):
        return {"backwards": 2 * start - time + 10 ** 9, "equal": start, "zero": 0,
                "future": (1 << 62) + time if at >= place else time,
                "jump": time + (10 ** 12 if at >= place else 0),
                "random": start + random.randrange(10 ** 10),
                "slow": start + (time - start) * 10 ** random.randrange(1, 6)}[kind]
    return connection.with_segments(changed(segment, time=moment(at, segment.time))
                                    for at, segment in enumerate(connection.segments))


def long_pause(random, connection):
    """As long as a limit that somebody has set."""
    place = at_random(random, connection)
    pause = random.choice((5, 10, 30, 60, 75, 300, 350, 3600, 86400)) * 10 ** 6
    return connection.with_segments(changed(segment, time=segment.time + pause)
                                    if at >= place else segment
                                    for at, segment in enumerate(connection.segments))


# Octets.

def octets_changed(random, connection):
    places = with_data(connection)
    if not places:
        return None
    for _ in range(random.choice((1, 1, 2, 8))):
        place = random.choice(places)
        data = bytearray(connection.segments[place].payload)
        if not data:
            continue
        at = random.randrange(min(len(data), random.choice((2, 12, 1 << 16))))
        data[at] = random.choice((random.randrange(256), random.choice(TELLING),
                                  data[at] ^ 1 << random.randrange(8)))
        connection = with_payload(connection, place, bytes(data))
    return connection


def octets_more_or_less(random, connection):
    place = at_random(random, connection, with_data(connection))
    if place is None:
        return None
    data = connection.segments[place].payload
    start = random.randrange(len(data) + 1)
    end = min(len(data), start + random.choice((0, 0, 1, 2, 30)))
    more = random.randbytes(random.choice((0, 1, 2, 9, 200)))
    return with_payload(connection, place, data[:start] + more + data[end:])


def spliced(random, connection):
    """What another connection sends, before, within, behind or instead of what this one does."""
    places = with_data(connection)
    other = random.choice(segments.every_connection())
    donors = with_data(other)
    if not places or not donors:
        return None
    place = random.choice(places)
    data = connection.segments[place].payload
    more = other.segments[random.choice(donors)].payload[:2000]
    at = random.choice((0, len(data), random.randrange(len(data) + 1)))
    rest = data[at:] if random.random() < 0.7 else b""
    return with_payload(dataclasses.replace(
        connection, secrets=connection.secrets or other.secrets), place, data[:at] + more + rest)


def halves(random, connection):
    """The one half of this connection, the other one of another."""
    other = random.choice(segments.every_connection())
    side = random.randrange(2)
    mine = [segment for segment in connection.segments if segment.side == side]
    its = [segment for segment in other.segments if segment.side != side]
    late = connection.segments[0].time - other.segments[0].time
    its = [changed(segment, time=segment.time + late) for segment in its]
    return connection.with_segments(sorted((*mine, *its), key=lambda segment: segment.time))


PACKETS = (lost, one_side, begun_late, ended_early, repeated, all_twice, reordered, cut, smaller,
           borders_anywhere, joined, overlapping, flags, ended_by, numbers, again_on_its_ports,
           times, long_pause)
OCTETS = (octets_changed, octets_more_or_less, spliced, halves)


# Within TLS.

def within_tls(random, connection):
    """The same octets, changed or not, sent through TLS, whose keys no seed decides."""
    if connection.secrets or sum(len(s.payload) for s in connection.segments) > 60_000:
        return None
    with tempfile.TemporaryDirectory() as folder:
        talk = tls_made.begun(folder, connection.ports[CLIENT], random.choice(("1.2", "1.3")))
        previous = None
        for segment in connection.segments:
            if segment.payload and segment != previous:
                talk.write(segment.side, segment.payload)
            previous = segment
        if connection.segments[-1].flags & RST:
            talk.segment(connection.segments[-1].side, flags=RST | ACK)
        elif connection.segments[-1].flags & FIN or random.random() < 0.5:
            talk.end()
        with open(f"{folder}/keys", "rb") as file:
            secrets = file.read()
    start = connection.segments[0].time
    parts = [Segment(start + packet.time, packet.side, packet.seq, max(packet.ack, 0), packet.flags,
                     packet.data[packet.offset:]) for packet in talk.packets]
    return dataclasses.replace(connection, segments=tuple(parts), secrets=secrets,
                               ports=(connection.ports[CLIENT], tls_made.PORT))


# All together.

def heavy(connection):
    return sum(len(segment.payload) for segment in connection.segments) > 100_000


def mutated(random, connection, may_be_heavy):
    """A connection, changed once to four times: its octets, then its packets."""
    units = mutate_units.of(connection)
    plan = [random.choice(units) if units and random.random() < 0.7 else random.choice(OCTETS)
            for _ in range(random.choice((0, 1, 1, 1, 2)))]
    if random.random() < 0.08:
        plan.append(within_tls)
    plan += [random.choice(PACKETS) for _ in range(random.choice((0, 0, 1, 1, 2))
                                                   if plan else random.choice((1, 2)))]
    for change in plan:
        result = change(random, connection)
        if result is None or not result.segments or len(result.segments) > 2 * SEGMENTS_MAX or (
                heavy(result) and not may_be_heavy):
            continue
        connection = dataclasses.replace(result, changes=(*connection.changes, change.__name__))
    return dataclasses.replace(connection, version=random.choice((4, 4, 6)))


def stream_of(random):
    """Mutated connections without end; every 40th may be large."""
    by_capture = {}
    for connection in segments.every_connection():
        by_capture.setdefault(connection.name.split(":")[0], []).append(connection)
    captures = sorted(by_capture)
    for number in itertools.count():
        connection = random.choice(by_capture[random.choice(captures)])
        yield mutated(random, connection, number % 40 == 0)
