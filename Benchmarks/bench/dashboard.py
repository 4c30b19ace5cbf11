"""`faultline serve` under load, and its page in a browser: what both do and take."""

import os
import platform
import signal
import statistics
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass, field

from chromium import Chromium

from . import build, proc, viewer
from .repeater import TOKEN, Repeater
from .tier import Served
from .workload import Workload

RATE = 500_000
RECORDED_S = 20
SETTLE_S = 5
LONGEST_MS = 3_600_000  # it is ended before
MIB = 1 << 20
# Short-lived programs beside the one that faults most, so that every table has rows.
BUSY = "while :; do ls -R /usr/share/doc >/dev/null; python3 -c 'import json'; done"


@dataclass
class Figures:
    """Of one source."""

    rate: float = 0
    lost: int = 0
    still: viewer.Smoothness = None
    moving: viewer.Smoothness = None
    openings: list = field(default_factory=list)
    shares: dict = field(default_factory=dict)  # of one CPU, by part
    peak_rss: dict = field(default_factory=dict)  # of ours, by part
    minutes: float = 0  # that the memory was watched
    renderer: list = field(default_factory=list)  # its memory over these minutes
    renderer_moved: int = 0  # after a pointer has moved
    renderer_rss: int = 0  # at the end, with the browser's own pages
    heap: list = field(default_factory=list)


# MARK: Sources


@contextmanager
def live():
    """This machine, of which one thread does nothing but fault."""
    with Workload(build.WORKLOAD, build.OUT) as workload, Served("--local") as served:
        served.await_live()
        workload.ask(1, LONGEST_MS)
        agent = next(pid for pid in proc.children(served.process.pid) if proc.name(pid) == "faultline-agent")
        try:
            yield served, {"agent": [agent], "workload": [workload.pid]}
        finally:
            os.kill(workload.pid, signal.SIGKILL)


@contextmanager
def repeated(path):
    """A recording's frames at a steady rate, from an agent that costs next to nothing."""
    with Repeater(path, RATE) as repeater:
        with Served("--connect", repeater.place, environment={"FAULTLINE_TOKEN": TOKEN}) as served:
            served.await_live()
            yield served, {"repeater": [os.getpid()]}


def record():
    """A machine on which one thread faults and short programs come and go."""
    build.RECORDING.unlink(missing_ok=True)
    busy = subprocess.Popen(["sh", "-c", BUSY], start_new_session=True)
    try:
        with Workload(build.WORKLOAD, build.OUT) as workload:
            trace = subprocess.Popen(
                [build.FAULTLINE, "trace", "--local", "--quiet", "--duration", f"{RECORDED_S}s", "--output", build.RECORDING],
                stderr=subprocess.DEVNULL)
            workload.run(1, RECORDED_S * 1000)
            trace.wait(60)
    finally:
        os.killpg(busy.pid, 15)
        busy.wait()
    return build.RECORDING


# MARK: Measuring


def measure(source, seconds, openings, minutes):
    figures = Figures(minutes=minutes)
    with source as (served, ours):
        ours["controller"] = [served.process.pid]
        time.sleep(SETTLE_S)
        with Chromium() as chromium, viewer.empty_page() as empty:
            figures.openings = [viewer.opening(chromium, served.address, empty) for _ in range(openings)]
        with Chromium() as chromium:
            _watch(figures, served, chromium, ours, seconds)
        figures.peak_rss = {part: sum(map(proc.peak_rss_bytes, pids)) for part, pids in ours.items()}
        figures.lost = served.snapshot()["lost"]
    return figures


def _watch(figures, served, chromium, ours, seconds):
    page = chromium.page(served.address)
    page.send("Network.disable")  # it would keep what comes
    time.sleep(SETTLE_S)
    renderer = viewer.renderer(chromium, page)
    _window(figures, served, page, {**ours, **_theirs(chromium, renderer)}, seconds)
    _memory(figures, page, renderer)
    figures.moving = viewer.smoothness(page, seconds / 2, moves=True)
    figures.renderer_moved = proc.footprint_bytes(renderer)
    figures.renderer_rss = proc.rss_bytes(renderer)
    page.close()


def _window(figures, served, page, parts, seconds):
    """While nobody touches the page."""
    began, events = time.monotonic(), served.snapshot()["events"]
    before = {part: _cpu(pids) for part, pids in parts.items()}
    figures.still = viewer.smoothness(page, seconds)
    took = time.monotonic() - began
    figures.rate = (served.snapshot()["events"] - events) / took
    for part, taken in before.items():
        figures.shares[part] = sum(ns - taken[pid] for pid, ns in _cpu(taken).items()) / took / 1e9


def _memory(figures, page, renderer):
    for sample in range(int(figures.minutes * 6) + 1):
        time.sleep(10 if sample else 0)
        figures.renderer.append(proc.footprint_bytes(renderer))
        figures.heap.append(viewer.heap_bytes(page))


def _theirs(chromium, renderer):
    others = [pid for pids in viewer.processes(chromium).values() for pid in pids if pid != renderer]
    return {"page's renderer": [renderer], "rest of Chromium": others}


def _cpu(pids):
    """Of those that live: the browser ends what it needs no more."""
    return {pid: proc.cpu_ns(pid) for pid in pids if os.path.exists(f"/proc/{pid}")}


# MARK: The table


def markdown(columns, load):
    """- columns: figures by source's name."""
    lines = [f"| | {' | '.join(columns)} | target | |", "|---" * (len(columns) + 3) + "|"]
    for name, show, target, is_met in ROWS:
        verdict = "" if is_met is None or all(map(is_met, columns.values())) else "missed"
        lines.append(f"| {name} | {' | '.join(map(show, columns.values()))} | {target} | {verdict} |")
    parts = sorted({part for figures in columns.values() for part in figures.shares})
    for part in parts:
        shares = [figures.shares.get(part) for figures in columns.values()]
        shown = " | ".join("" if share is None else f"{share:.0%}" for share in shares)
        lines.append(f"| CPU, {part} | {shown} | {_target(part)} | {_verdict(part, shares)} |")
    return "\n".join([*lines, "", f"Linux {platform.release()} {platform.machine()}, {os.cpu_count()} CPUs, load {load:.1f} before."])


def _target(part):
    return "100%" if part == "controller" else ""


def _verdict(part, shares):
    return "missed" if part == "controller" and any(share is not None and share >= 1 for share in shares) else ""


def _frames(smoothness):
    return f"{smoothness.median:.0f}, {min(smoothness.frames)}"


def _tasks(smoothness):
    return f"{len(smoothness.tasks_ms)}" + (f", longest {max(smoothness.tasks_ms):.0f} ms" if smoothness.tasks_ms else "")


def _spread(values, unit):
    return f"{statistics.median(values):.0f}, {max(values):.0f} {unit}"


def _course(values):
    """First, highest and last."""
    return f"{values[0] / MIB:.0f}, {max(values) / MIB:.0f}, {values[-1] / MIB:.0f} MiB"


ROWS = [
    ("events a second", lambda f: f"{f.rate:,.0f}", f"{RATE:,}", lambda f: f.rate >= RATE * 0.99),
    ("lost", lambda f: f"{f.lost:,}", "", None),
    ("frames a second: median, worst second", lambda f: _frames(f.still), "30", lambda f: min(f.still.frames) >= 30),
    ("… while a pointer moves over the charts", lambda f: _frames(f.moving), "30", lambda f: min(f.moving.frames) >= 30),
    ("longest between two frames", lambda f: f"{f.still.longest_ms:.0f} ms", "", None),
    ("tasks of 50 ms and more", lambda f: _tasks(f.still), "", None),
    ("news a second", lambda f: f"{f.still.news_per_second:.1f}", "", None),
    ("opens, first paint: median, worst", lambda f: _spread([each.first_paint_ms for each in f.openings], "ms"), "300 ms",
     lambda f: max(each.first_paint_ms for each in f.openings) < 300),
    ("opens, with data: median, worst", lambda f: _spread([each.with_data_ms for each in f.openings], "ms"), "300 ms",
     lambda f: max(each.with_data_ms for each in f.openings) < 300),
    ("an empty page opens: median, worst", lambda f: _spread([each.empty_page_ms for each in f.openings], "ms"), "", None),
    ("controller's memory, peak", lambda f: f"{f.peak_rss['controller'] / MIB:.0f} MiB", "150 MiB", lambda f: f.peak_rss["controller"] < 150 * MIB),
    ("agent's memory, peak", lambda f: f"{f.peak_rss['agent'] / MIB:.0f} MiB" if "agent" in f.peak_rss else "", "", None),
    ("memory watched for", lambda f: f"{f.minutes:g} min", "10 min", None),
    ("page's memory: first, highest, last", lambda f: _course(f.renderer), "200 MB", lambda f: max(f.renderer) < 200e6),
    ("… after a pointer has moved over the charts", lambda f: f"{f.renderer_moved / MIB:.0f} MiB", "200 MB", lambda f: f.renderer_moved < 200e6),
    ("… with the browser's own pages, resident", lambda f: f"{f.renderer_rss / MIB:.0f} MiB", "", None),
    ("scripts' heap: first, highest, last", lambda f: _course(f.heap), "", None),
]


def run(quick):
    load = os.getloadavg()[0]
    seconds, openings, minutes = (20, 3, 0.5) if quick else (40, 10, 10)
    print("live", file=sys.stderr)
    columns = {"live": measure(live(), seconds, openings, 0.5)}
    print("repeated", file=sys.stderr)
    try:
        columns["repeated"] = measure(repeated(record()), seconds, openings, minutes)
    finally:
        build.RECORDING.unlink(missing_ok=True)
    return markdown(columns, load)
