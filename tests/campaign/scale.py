#!/usr/bin/env python3
#
# scale.py - the campaign: very many connections, Close frames and extensions, and a long day
#
# SPDX-License-Identifier: GPL-2.0-or-later
#
"""Captures of a size that nobody looks at by hand, read by the plugin and by stock tshark.

Memory per connection above stock stays below the limit of tests/bench/many.py; the time for a packet
does not grow with the number of connections, or of Close frames on one; what is printed of one
connection is bounded; and of a day that is captured live the memory of the plugin grows no faster than
by that limit. Sizes go by the minutes: those of the whole where there is time for them.
"""

import os
import random
import struct
import subprocess
import sys
import tempfile
import time

import part

# captures/record has a generate.py too.
sys.path.insert(0, os.path.join(part.ROOT, "tests", "bench"))

import generate
import golden
import run as bench
import tshark_home

# At so many minutes and more a size is tried: (minutes, size), the largest first.
CONNECTIONS = ((12, 1_000_000), (4, 100_000), (0, 20_000))
OPEN = ((12, 100_000), (4, 50_000), (0, 20_000))
CLOSES = ((0, 10_000),)
EXTENSIONS = ((0, 20_000),)
LIVE = ((12, 100_000), (4, 40_000), (0, 20_000))

DAY = 86_400              # seconds
# How much more a packet may cost where there are four times as many.
GROWTH_MAX = 1.3
# Repetitions of a short measurement, which another program on this machine may disturb.
TRIES = 3
SHORT = 20_000
# What takes less beyond start-up is not measured well, and counts as so much.
SECONDS_MIN = 0.25
PART_OF_SIZE = 4          # what a size is compared with
PRINTED_MAX = 200_000     # octets of our own text on one connection
# A connection that goes on has what is kept of it, and what it is read with.
OPEN_OCTETS = 2 * bench.LIMIT_OCTETS
HEADER_LINE = 100         # extensions in a header line


def size_for(sizes, minutes):
    return next(size for least, size in sizes if minutes >= least)


# Captures.

def write(path, packets, step):
    """A pcap file of Ethernet packets, so many microseconds apart; returns how many."""
    count = 0
    with open(path, "wb") as file:
        file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, 1))
        for data in packets:
            seconds, rest = divmod(1_700_000_000_000_000 + count * step, 1_000_000)
            file.write(struct.pack("<IIII", int(seconds), int(rest), len(data), len(data)) + data)
            count += 1
    golden.make_readable(path)
    return count


def connection(index, frames=1):
    """Packets of one WebSocket connection that closes."""
    return generate.websocket(random.Random(index), index, frames, POOLS, 0)


POOLS = generate.frame_pools(random.Random(1))


def in_turn(count):
    """Connections that are all open at once: each sends its first packet, then each its second."""
    every = [connection(index) for index in range(count)]
    while every:
        left = []
        for packets in every:
            data = next(packets, None)
            if data is not None:
                yield data
                left.append(packets)
        every = left


def one_after_another(count):
    for index in range(count):
        yield from connection(index)


def close_frames(count):
    """One connection, on which the client closes again and again."""
    rng = random.Random(count)
    tcp = generate.Tcp(rng, 0)
    yield from tcp.open()
    for who, octets in enumerate(generate.upgrade(rng, False, 0)):
        yield from tcp.segments(who, octets)
    for number in range(count):
        yield from tcp.segments(0, generate.close_frame(rng, True, 1000 + number % 4, "again"))
    yield from tcp.segments(1, generate.close_frame(rng, False, 1000, ""))
    yield from tcp.close(1)


def extensions(count):
    """One connection whose request offers so many, and whose client closes for want of them."""
    rng = random.Random(count)
    tcp = generate.Tcp(rng, 0)
    names = [f"x-{number}" for number in range(count)]
    lines = b"".join(b"Sec-WebSocket-Extensions: "
                     + ", ".join(names[i:i + HEADER_LINE]).encode() + b"\r\n"
                     for i in range(0, count, HEADER_LINE))
    request, response = generate.upgrade(rng, False, 0)
    yield from tcp.open()
    yield from tcp.segments(0, request[:-2] + lines + b"\r\n")
    yield from tcp.segments(1, response)
    yield from tcp.segments(0, generate.close_frame(rng, True, 1010, ", ".join(names[:10])))
    yield from tcp.segments(1, generate.close_frame(rng, False, 1010, ""))
    yield from tcp.close(1)


# Measurements.

class Scale:
    def __init__(self, run, directory):
        self.run = run
        self.directory = directory
        self.tshark = golden.Setup.tshark
        self.homes = tshark_home.stock_and_plugin(self.tshark, directory, run.options.plugin)
        self.capture = os.path.join(directory, "scale.pcap")

    def size(self, sizes, what):
        """The size that there is time for; says so where it is not the largest."""
        size = size_for(sizes, self.run.options.minutes)
        if size != sizes[0][1]:
            self.run.not_tried_here(f"{sizes[0][1]:,} {what}: {size:,} in this time")
        return size

    def costs(self, home, *args):
        """(seconds of the processor, KiB at most) of a run."""
        self.run.count(executions=1)
        before = os.times()
        _, kib = bench.measure(self.tshark, home, ["-r", self.capture, *args])
        after = os.times()
        return after.children_user - before.children_user, kib

    def hold(self, what, value, most):
        """Count a statement, and tell where it is broken."""
        self.run.count(statements=1)
        print(f"scale: {what}: {value:,.2f}, at most {most:,.2f}", flush=True)
        if value > most:
            self.run.found("untrue", f"{what}: {value:,.2f}, more than {most:,.2f}")

    def try_growth(self, what, make, size, limit):
        """The time per packet on size against a part of it, and octets per connection above stock,
        if there is a limit of those."""
        measured = []
        for number in (1, size // PART_OF_SIZE, size):
            packets = write(self.capture, make(number), 200)
            self.run.count(inputs=1)
            measured.append((packets, *([min(values) for values in zip(*(
                self.costs(home, "-Y", bench.CLOSE_FILTER)
                for _ in range(TRIES if number <= SHORT else 1)))]
                for home in self.homes)))
        # Start-up is no packet's; where a packet costs stock more, that is not ours.
        (none, *started), (few, *parts), (many, *wholes) = measured
        growth = [((whole[0] - start[0]) / (many - none)) / (
            max(some[0] - start[0], SECONDS_MIN) / (few - none))
            for start, some, whole in zip(started, parts, wholes)]
        self.hold(f"{what}: time per packet of {size:,} against {size // PART_OF_SIZE:,}, beside "
                  "stock's growth", growth[1] / max(growth[0], 1), GROWTH_MAX)
        if limit:
            self.hold(f"{what}: octets per connection above stock, of {size:,}",
                      (wholes[1][1] - wholes[0][1] - started[1][1] + started[0][1]) * 1024 / size,
                      limit)

    def try_printed(self, what, make, size):
        """What is printed of one connection."""
        write(self.capture, make(size), 200)
        self.run.count(inputs=1, executions=1)
        octets = sum(len(line.encode()) + 1 for line in golden.explanation(self.capture))
        self.hold(f"{what}: octets of our own text, of {size:,}", octets, PRINTED_MAX)

    def live(self, home, packets):
        """KiB that tshark -i - has after a part and after all of a day's capture."""
        sampled = []
        marks = (packets // PART_OF_SIZE, packets)
        environment = {"TMPDIR": self.pipe_folder()}
        with self.tshark.popen(home, ["-i", "-", "-l", "-Y", bench.CLOSE_FILTER, "-T", "fields",
                                      "-e", "frame.number"], environment,
                               stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                               stderr=subprocess.DEVNULL) as process, \
                open(self.capture, "rb") as file:
            process.stdin.write(file.read(24))
            done = 0
            for mark in marks:
                while done < mark:
                    header = file.read(16)
                    process.stdin.write(header + file.read(struct.unpack_from("<I", header, 8)[0]))
                    done += 1
                    os.set_blocking(process.stdout.fileno(), False)
                    process.stdout.read1(1 << 16)
                process.stdin.flush()
                sampled.append(self.settled_memory(process))
            process.stdin.close()
            while process.poll() is None:
                process.stdout.read1(1 << 16)
                time.sleep(0.05)
        return sampled

    def pipe_folder(self):
        folder = os.path.join(self.directory, "live")
        os.makedirs(folder, exist_ok=True)
        os.chmod(folder, 0o777)
        return folder

    @staticmethod
    def settled_memory(process):
        """KiB in memory once it has read what it was sent."""
        before = -1
        while True:
            process.stdout.read1(1 << 16)
            with open(f"/proc/{process.pid}/stat", encoding="ascii") as file:
                ticks = int(file.read().rsplit(")", 1)[1].split()[11])
            if ticks == before:
                break
            before = ticks
            time.sleep(0.5)
        with open(f"/proc/{process.pid}/status", encoding="ascii") as file:
            return next(int(line.split()[1]) for line in file if line.startswith("VmRSS:"))

    def try_day(self, size):
        """A day of connections, which come through a pipe as from an interface."""
        packets = write(self.capture, one_after_another(size), DAY * 1_000_000 // (size * 11))
        self.run.count(inputs=1, executions=2)
        stock, ours = (self.live(home, packets) for home in self.homes)
        grown = size - size // PART_OF_SIZE
        self.hold(f"a day of capture: octets per connection above stock, of {size:,}",
                  ((ours[1] - ours[0]) - (stock[1] - stock[0])) * 1024 / grown, bench.LIMIT_OCTETS)

    def go_on(self):
        self.try_printed("extensions in a header", extensions, self.size(EXTENSIONS, "extensions"))
        for what, make, sizes, limit in (
                ("Close frames on one connection", close_frames, CLOSES, None),
                ("connections open at once", in_turn, OPEN, OPEN_OCTETS),
                ("connections", one_after_another, CONNECTIONS, bench.LIMIT_OCTETS)):
            self.try_growth(what, make, self.size(sizes, what), limit)
        self.try_day(self.size(LIVE, "connections in a day"))


def run_scale(run, directory):
    with tempfile.TemporaryDirectory(dir=directory) as folder:
        golden.make_readable(folder)
        Scale(run, folder).go_on()


if __name__ == "__main__":
    sys.exit(part.main("scale", __doc__, run_scale))
