"""How the controller's cost grows with the rate of events and with devices: agents of the benchmark's own send what one recorded."""

import contextlib
import os
import subprocess
import sys
import time
from dataclasses import dataclass

from . import build, proc
from .repeater import TOKEN, Repeater
from .tier import Served

SETTLE_S = 3
DEVICE_RATE = 20_000  # events a second of each of many devices


@dataclass
class Load:
    """What the controller took under a load."""

    label: str
    asked: int  # events a second
    events: float  # that came, a second
    lost: int
    cpu_share: float  # of one CPU
    peak_bytes: int

    @property
    def cpu_ns(self):
        return self.cpu_share * 1e9 / self.events


def rates(recording, quick):
    """By the rate of one device."""
    for rate in (100_000, 3_000_000) if quick else (100_000, 300_000, 1_000_000, 3_000_000, 6_000_000):
        print(f"{rate:,} events a second", file=sys.stderr)
        yield _traced(recording, rate, 5 if quick else 15)
        yield _served(recording, rate, 1, 5 if quick else 15)


def devices(recording, quick):
    """By their number."""
    for count in (1, 8) if quick else (1, 2, 8, 32):
        print(f"{count} device{'s' * (count > 1)}", file=sys.stderr)
        yield _served(recording, DEVICE_RATE, count, 5 if quick else 15)


def _traced(recording, rate, seconds):
    words = [build.FAULTLINE, "trace", "--quiet", "--no-symbols", "--connect"]
    with Repeater(recording, rate) as repeater:
        process = subprocess.Popen(
            list(map(str, [*words, repeater.place])), env={**os.environ, "FAULTLINE_TOKEN": TOKEN},
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            return _watched("trace", process.pid, rate, lambda: repeater.sent, lambda: 0, seconds)
        finally:
            process.kill()
            process.wait()


def _served(recording, rate, count, seconds):
    with contextlib.ExitStack() as stack:
        repeaters = [stack.enter_context(Repeater(recording, rate)) for _ in range(count)]
        targets = [word for repeater in repeaters for word in ("--connect", repeater.place)]
        served = stack.enter_context(Served(*targets, environment={"FAULTLINE_TOKEN": TOKEN}))
        return _watched(
            f"serve, {count} device{'s' * (count > 1)}", served.process.pid, rate * count,
            lambda: sum(repeater.sent for repeater in repeaters), lambda: served.snapshot()["lost"], seconds)


def _watched(label, pid, asked, sent, lost, seconds):
    """What has been sent has been read: a controller that is behind stops the sender, as the socket takes no more."""
    time.sleep(SETTLE_S)
    began, cpu, events = time.monotonic(), proc.cpu_ns(pid), sent()
    time.sleep(seconds)
    took = time.monotonic() - began
    return Load(
        label, asked, (sent() - events) / took, lost(), (proc.cpu_ns(pid) - cpu) / took / 1e9, proc.peak_rss_bytes(pid))


def markdown(title, loads):
    rows = [f"**{title}**", "", "| | asked a second | came | lost | CPU | ns an event | memory, MiB |", "|---" * 7 + "|"]
    for load in loads:
        rows.append(
            f"| {load.label} | {load.asked:,} | {load.events:,.0f} | {load.lost:,} | {load.cpu_share:.0%} | {load.cpu_ns:.0f} "
            f"| {load.peak_bytes / 2**20:.0f} |")
    return "\n".join(rows)
