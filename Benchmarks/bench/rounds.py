"""Measures all variants round by round, in a new order each time, with doing nothing in between."""

import random
import sys
import time
from dataclasses import dataclass, field

from .plan import THREADS
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
    endings: list = field(default_factory=list)
    faults: list = field(default_factory=list)  # made while the tool ran, one number a round
    peak_rss: list = field(default_factory=list)  # by process name
    failure: str | None = None


def measure(baseline, variants, workload, plan):
    nothing, measured = Runs(baseline), [Runs(variant) for variant in variants]
    for number in range(plan.rounds):
        print(f"round {number + 1} of {plan.rounds}", file=sys.stderr)
        for runs in random.Random(number).sample(measured, len(measured)):
            _measure_windows(nothing, None, workload, 1, plan.window_ms)
            if not runs.failure:
                _measure_once(runs, workload, plan)
    return [nothing, *measured]


def _measure_once(runs, workload, plan):
    try:
        tool = Tool(runs.variant)
        faults = _measure_windows(runs, tool, workload, plan.windows, plan.window_ms)
        runs.peak_rss.append(tool.peak_rss_bytes())
        runs.endings.append(tool.stop())
        runs.faults.append(faults)
    except (Failed, FileNotFoundError) as failed:
        runs.failure = str(failed)


def _measure_windows(runs, tool, workload, windows, window_ms):
    """Returns how many faults were made."""
    faults = 0
    for _ in range(windows):
        for threads in THREADS:
            window = _window(tool, workload, threads, window_ms)
            runs.windows[threads].append(window)
            faults += window.touched.faults
    return faults


def _window(tool, workload, threads, window_ms):
    if not tool:
        return Window(workload.run(threads, window_ms), {})
    before = tool.cpu_ns()
    touched = workload.run(threads, window_ms)
    time.sleep(DRAIN_S)
    after = tool.cpu_ns()
    return Window(touched, {name: after[name] - before.get(name, 0) for name in after})
