"""Measures all variants round by round, in a new order each time, with doing nothing in between."""

import random
import sys
import time
from dataclasses import dataclass, field

from .plan import KINDS, THREADS
from .tool import Failed, Tool
from .workload import Touched

DRAIN_S = 0.06  # what a tool has got by the end of a window is also worked off


@dataclass
class Window:
    """One variant with one number of threads for a moment."""

    touched: Touched
    tool_cpu_ns: dict  # by process name


@dataclass
class Runs:
    """All that was measured of one variant."""

    variant: object
    windows: dict = field(default_factory=lambda: {threads: [] for threads in THREADS})
    kinds: dict = field(default_factory=lambda: {kind: [] for kind in KINDS})  # windows of one thread
    endings: list = field(default_factory=list)
    faults: list = field(default_factory=list)  # made while the tool ran, one number a round
    peak_rss: list = field(default_factory=list)  # by process name
    failure: str | None = None


def measure(baseline, variants, workload, plan):
    nothing, measured = Runs(baseline), [Runs(variant) for variant in variants]
    for number in range(plan.rounds):
        print(f"round {number + 1} of {plan.rounds}", file=sys.stderr)
        for runs in random.Random(number).sample(measured, len(measured)):
            _measure_windows(nothing, None, workload, plan, 1, runs.variant.meets_kinds)
            if not runs.failure:
                _measure_once(runs, workload, plan)
    return [nothing, *measured]


def _measure_once(runs, workload, plan):
    try:
        tool = Tool(runs.variant)
        faults = _measure_windows(runs, tool, workload, plan, plan.windows, runs.variant.meets_kinds)
        runs.peak_rss.append(tool.peak_rss_bytes())
        runs.endings.append(tool.stop())
        runs.faults.append(faults)
    except (Failed, FileNotFoundError) as failed:
        runs.failure = str(failed)


def _measure_windows(runs, tool, workload, plan, windows, meets_kinds):
    """Returns how many faults were made."""
    made = []
    for _ in range(windows):
        for threads in THREADS:
            runs.windows[threads].append(_window(tool, workload, threads, plan.window_ms))
            made.append(runs.windows[threads][-1])
    for kind in KINDS if meets_kinds else ():
        runs.kinds[kind].append(_window(tool, workload, 1, plan.kind_ms, kind))
        made.append(runs.kinds[kind][-1])
    return sum(window.touched.faults for window in made)


def _window(tool, workload, threads, window_ms, kind="anonymous"):
    if not tool:
        return Window(workload.run(threads, window_ms, kind), {})
    before = tool.cpu_ns()
    touched = workload.run(threads, window_ms, kind)
    time.sleep(DRAIN_S)
    after = tool.cpu_ns()
    return Window(touched, {name: after[name] - before.get(name, 0) for name in after})
