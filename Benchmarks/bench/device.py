"""A trace through adb: the time to the first event beyond adb's own, and the sustained rate."""

import os
import platform
import re
import signal
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass

from loopback import Loopback

from . import build

START_TARGET_S = 1.5
RATE_TARGET = 300_000
SIZE_TARGET = 12


class Phone(Loopback):
    """This machine as a device, and traces of it."""

    def trace(self, *options, **keywords):
        command = [build.FAULTLINE, "trace", "--device", self.serial, *options]
        return subprocess.Popen(list(map(str, command)), env=self.environment, **keywords)


@dataclass
class Figures:
    first_event_s: list
    bare_adb_s: list
    seconds: float
    made: int  # by the workload
    events: int
    lost: int
    bytes_per_event: float

    def markdown(self):
        start = statistics.median(self.first_event_s) - statistics.median(self.bare_adb_s)
        rate = self.events / self.seconds
        return "\n".join([
            "| | measured | target | |", "|---|---|---|---|",
            _row("first event beyond the bare adb calls", f"{start:.2f} s", f"{START_TARGET_S} s", start <= START_TARGET_S),
            _row("events a second", f"{rate:,.0f}", f"{RATE_TARGET:,}", rate >= RATE_TARGET),
            _row("lost", f"{self.lost:,} of {self.events + self.lost:,}", "0", self.lost == 0),
            _row("bytes an event", f"{self.bytes_per_event:.1f}", str(SIZE_TARGET), self.bytes_per_event <= SIZE_TARGET),
            "",
            f"The start: {_span(self.first_event_s)} s in all, of which the bare adb calls {_span(self.bare_adb_s)} s.",
        ])


def measure(loopback, workload, starts, seconds):
    print("start", file=sys.stderr)
    bare = [_timed(lambda: _bare_calls(loopback)) for _ in range(starts)]
    first = [_first_event(loopback, workload) for _ in range(starts)]
    print("rate", file=sys.stderr)
    return Figures(first, bare, seconds, *_rate(loopback, workload, seconds))


def _bare_calls(loopback):
    """What any tool would have to do: list, ask, push, run, forward, remove the forward and the file."""
    remote = "/dev/shm/faultline-bare"
    loopback.adb("devices", "-l")
    loopback.shell("id -u; uname -m")
    loopback.adb("-s", loopback.serial, "push", str(build.agent(platform.machine())), remote)
    loopback.shell(f"{remote} version")
    port = loopback.adb("-s", loopback.serial, "forward", "tcp:0", "tcp:7").stdout.strip()
    loopback.adb("-s", loopback.serial, "forward", "--remove", f"tcp:{port}")
    loopback.shell(f"rm {remote}")


def _first_event(loopback, workload):
    """From the command to its first line, while one thread faults."""
    workload.ask(1, 4000)
    process = None

    def start():
        nonlocal process
        process = loopback.trace("--format", "json", stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        process.stdout.read(1)

    took = _timed(start)
    process.stdout.close()
    process.send_signal(signal.SIGINT)
    process.wait(timeout=20)
    workload.answer()
    return took


def _rate(loopback, workload, seconds):
    """A thread for each CPU does nothing but fault, and agent, adbd, adb and controller take of these CPUs what they need."""
    process = loopback.trace("--quiet", stderr=subprocess.PIPE, text=True)
    time.sleep(3)
    touched = workload.run(os.cpu_count(), int(seconds * 1000))
    process.send_signal(signal.SIGINT)
    report = process.communicate(timeout=20)[1]
    events = re.search(r"([\d,]+) page faults? in .*?, (?:none|([\d,]+)) lost", report)
    size = re.search(r"([\d.]+) bytes an event sent", report)
    if not events or not size:
        raise build.Missing(f"the trace through adb failed:\n{report}")
    return touched.faults, _number(events[1]), _number(events[2] or "0"), float(size[1])


def _timed(body):
    began = time.monotonic()
    body()
    return time.monotonic() - began


def _number(text):
    return int(text.replace(",", ""))


def _span(values):
    return f"{min(values):.2f} to {max(values):.2f}"


def _row(name, measured, target, is_met):
    return f"| {name} | {measured} | {target} | {'' if is_met else 'missed'} |"
