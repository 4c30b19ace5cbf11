"""Measures all variants round by round, each against doing nothing just before it."""

import random
import sys
import time
from dataclasses import dataclass, field

from .plan import THREADS
from .tool import Ending, Failed, Tool

DRAIN_S = 0.06  # what a tool has got by the end of a window is also worked off


@dataclass
class Window:
    """One variant with one number of threads, once."""

    base: object  # Touched, without the tool
    traced: object
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


def measure(variants, workload, plan):
    measured = [Runs(variant) for variant in variants]
    for number in range(plan.rounds):
        print(f"round {number + 1} of {plan.rounds}", file=sys.stderr)
        for runs in random.Random(number).sample(measured, len(measured)):
            if not runs.failure:
                _measure_once(runs, workload, plan)
    return measured


def _measure_once(runs, workload, plan):
    bases = {threads: workload.run(threads, plan.window_ms) for threads in THREADS}
    try:
        _measure_traced(runs, bases, workload, plan)
    except (Failed, FileNotFoundError) as failed:
        runs.failure = str(failed)


def _measure_traced(runs, bases, workload, plan):
    tool = Tool(runs.variant) if runs.variant.command else Nothing()
    windows = {threads: _window(tool, base, workload, threads, plan) for threads, base in bases.items()}
    runs.peak_rss.append(tool.peak_rss_bytes())
    runs.endings.append(tool.stop())
    runs.faults.append(sum(window.traced.faults for window in windows.values()))
    for threads, window in windows.items():
        runs.windows[threads].append(window)


def _window(tool, base, workload, threads, plan):
    before = tool.cpu_ns()
    traced = workload.run(threads, plan.window_ms)
    time.sleep(DRAIN_S)
    after = tool.cpu_ns()
    return Window(base, traced, {name: after[name] - before.get(name, 0) for name in after})


class Nothing:
    """Stands where a tool stands, to show how much two equal measurements differ."""

    def cpu_ns(self):
        return {}

    def peak_rss_bytes(self):
        return {}

    def stop(self):
        return Ending()
