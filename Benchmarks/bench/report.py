"""The figures as Markdown and as JSON."""

import dataclasses
import json
import os
import platform

from . import stats, targets
from .plan import KINDS, THREADS

PART_NAMES = {"faultline-agent": "agent", "faultline": "controller"}
UNKNOWN = "-"


class Figures:
    def __init__(self, measured, checks, plan, load):
        """`load`: how much else the machine had to do when it began."""
        self._load = load
        self._runs = {runs.variant.key: runs for runs in measured}
        self._checks = checks
        self._plan = plan

    # Markdown

    def markdown(self):
        parts = [[self._preface()], self._variants(), [self._legend()], self._kinds(), [self._kinds_legend()], self._targets()]
        return "\n\n".join("\n".join(part) for part in parts)

    def _preface(self):
        windows = f"{self._plan.rounds} rounds of {self._plan.windows} windows of {self._plan.window_ms} ms"
        base = [
            stats.quartiles(window.touched.quiet_ns for window in self._runs["baseline"].windows[threads])
            for threads in THREADS]
        return (
            f"{_machine()}, load {self._load:.1f} before; {windows}. Without a tracer a fault takes "
            f"{' and '.join(f'{quartiles[stats.QUIET]:.0f}' for quartiles in base)} ns of CPU with "
            f"{' and '.join(map(str, THREADS))} threads.")

    def _variants(self):
        head = (
            "tracer", "ns added, 1 thread", "ns added, 2 threads", "x empty", "wall, 1 and 2 threads", "seen", "lost",
            "tool's CPU, ns an event", "tool's memory, MiB", "bytes an event", "first event, ms")
        yield from _row(head, rule=True)
        for key, runs in self._runs.items():
            if key != "baseline":
                yield from _row(self._cells(key, runs))

    def _cells(self, key, runs):
        if runs.failure:
            return (runs.variant.label, f"did not run: {runs.failure}", *[""] * 9)
        baseline = self._runs["baseline"]
        added = [stats.added_ns(runs, baseline, threads) for threads in THREADS]
        wall = [stats.added_ns(runs, baseline, threads, "wall_ns")[stats.MEDIAN] for threads in THREADS]
        ratios = [targets.ratio(self._runs, key, threads) for threads in THREADS]
        return (
            runs.variant.label,
            *(f"{quiet:.0f} ({median:.0f}, {noisy:.0f})" for quiet, median, noisy in added),
            ", ".join(f"{ratio:.1f}" for ratio in ratios if ratio) or UNKNOWN,
            ", ".join(f"{value:.0f}" for value in wall),
            _percent(stats.share_seen(runs)), _percent(stats.share_lost(runs)),
            _parts(runs, stats.tool_cpu_ns_per_fault(runs, THREADS[0]), 1),
            _parts(runs, stats.peak_rss_bytes(runs), targets.MIB),
            _decimal(stats.median_or_none(ending.bytes_per_event for ending in runs.endings)),
            _whole(stats.median_or_none(self._checks.first_event_ms.get(key, []))))

    @staticmethod
    def _legend():
        return (
            "ns added: CPU time of the faulting thread, in the least disturbed tenth of each window; the lower "
            "quartile of the windows (their median, their upper quartile), each less the same quartile without a "
            "tracer. x empty: the first of these over the empty program's on the same hook, 1 and 2 threads. wall: "
            "means, the median of the windows; here the tool's own use of the cores shows. seen: events that the tool "
            "counted, of the faults made (other processes fault too).")

    def _kinds(self):
        yield from _row(("tracer", *KINDS.values()), rule=True)
        for key, runs in self._runs.items():
            if key == "baseline":
                found = (stats.quartiles(window.touched.cpu_ns for window in runs.kinds[kind])[stats.MEDIAN] for kind in KINDS)
                yield from _row(("nothing: what a fault takes", *(f"{value:.0f}" for value in found)))
            elif runs.variant.meets_kinds and not runs.failure:
                found = (stats.added_of_kind_ns(runs, self._runs["baseline"], kind)[stats.MEDIAN] for kind in KINDS)
                yield from _row((runs.variant.label, *(f"{value:+.0f}" for value in found)))

    @staticmethod
    def _kinds_legend():
        return (
            "The other kinds of faults, one thread: ns of CPU that a fault takes without a tracer, and what each adds to it; the median of "
            "the windows. A program's start is all that it takes from fork to exit, over its faults.")

    def _targets(self):
        yield from _row(("target", "found", ""), rule=True)
        for target in targets.judge(self._runs, self._checks):
            yield from _row((target.text, target.found, "met" if target.met else "**missed**"))

    # JSON

    def json(self):
        figures = {
            "machine": _machine(),
            "load_before": self._load,
            "plan": dataclasses.asdict(self._plan),
            "variants": {key: self._raw(runs) for key, runs in self._runs.items()},
            "checks": dataclasses.asdict(self._checks),
            "targets": [dataclasses.asdict(target) for target in targets.judge(self._runs, self._checks)],
        }
        return json.dumps(figures, indent=1) + "\n"

    def _raw(self, runs):
        raw = {field: getattr(runs, field) for field in ("failure", "faults", "peak_rss")}
        raw["command"] = [str(word) for word in runs.variant.command]
        raw["endings"] = [dataclasses.asdict(ending) for ending in runs.endings]
        raw["windows"] = {
            load: [dataclasses.asdict(window) for window in windows] for load, windows in (runs.windows | runs.kinds).items()}
        return raw


def _row(cells, rule=False):
    yield "| " + " | ".join(cells) + " |"
    if rule:
        yield "|" + " --- |" * len(cells)


def _percent(share):
    return UNKNOWN if share is None else f"{share:.1%}"


def _decimal(value):
    return UNKNOWN if value is None else f"{value:.1f}"


def _whole(value):
    return UNKNOWN if value is None else f"{value:.0f}"


def _parts(runs, values, unit):
    """`agent 48, controller 90`; a tool of one process without its name, the empty program's loader not at all, nor what rounds to 0."""
    values = {name: value for name, value in values.items() if round(value / unit)}
    if runs.variant.is_floor or not values:
        return UNKNOWN
    if len(values) == 1:
        return f"{next(iter(values.values())) / unit:.0f}"
    return ", ".join(
        f"{PART_NAMES.get(name, name)} {value / unit:.0f}" for name, value in sorted(values.items(), reverse=True))


def _machine():
    return f"Linux {platform.release()} {platform.machine()}, {os.cpu_count()} cores"
