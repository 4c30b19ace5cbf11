"""How cost grows: with processes, mappings and the size of a recording. Each step is a trace of its own."""

import json
import subprocess
import sys
import time
from dataclasses import dataclass

from . import build, proc

SAMPLE_S = 0.05


@dataclass
class Step:
    """One size, and what it took."""

    size: int
    seconds: float
    events: int
    lost: int
    agent_ns: float  # CPU, an event
    agent_bytes: int
    controller_ns: float
    controller_bytes: int


@dataclass
class Curve:
    title: str
    unit: str
    steps: list


def curves(quick):
    return [
        _commands("processes that come and go", "processes", "spawn", (100, 1000) if quick else (100, 1000, 5000, 20_000)),
        _commands("processes at once", "processes", "fork", (100, 1000) if quick else (100, 1000, 5000, 20_000), ("sleep", "3000", "write", "10")),
        _commands("mappings of one process", "mappings", "many", (100, 1000) if quick else (100, 1000, 10_000, 50_000), ("sleep", "500")),
    ]


def recordings(quick):
    """By events in the file: what recording-benchmark says. With --sample 10 the largest stands for a billion faults."""
    found = []
    for events in (1_000_000, 10_000_000) if quick else (1_000_000, 10_000_000, 100_000_000):
        print(f"recording of {events:,}", file=sys.stderr)
        try:
            found.append(json.loads(subprocess.check_output([build.RECORDER, str(events), build.RECORDING])))
        finally:
            build.RECORDING.unlink(missing_ok=True)
    return found


def _commands(title, unit, phase, sizes, rest=()):
    steps = []
    for size in sizes:
        print(f"{size:,} {title}", file=sys.stderr)
        steps.append(_traced(size, (phase, str(size), *rest)))
    return Curve(title, unit, steps)


def _traced(size, phases):
    command = [build.FAULTLINE, "trace", "--local", "--format", "json", "--no-symbols", "--", build.FAULTS, *phases]
    began = time.monotonic()
    with open(build.OUT / "scale.jsonl", "w+") as output:
        process = subprocess.Popen(list(map(str, command)), stdout=output, stderr=subprocess.DEVNULL)
        used = _watched(process)
        seconds = time.monotonic() - began
        output.seek(0)
        summary = json.loads(output.readlines()[-1])["summary"]
    if process.returncode:
        raise build.Missing(f"{' '.join(map(str, phases))}: the trace ended with {process.returncode}")
    events = max(1, summary["events"])
    return Step(
        size, seconds, summary["events"], summary["lost"], used["faultline-agent"][0] / events, used["faultline-agent"][1],
        used["faultline"][0] / events, used["faultline"][1])


def _watched(process):
    """CPU time and most memory of the controller and its agent, by name, as last seen alive."""
    used = {"faultline": (0, 0), "faultline-agent": (0, 0)}
    while process.poll() is None:
        for pid in (process.pid, *proc.children(process.pid)):
            try:
                if proc.name(pid) in used:
                    used[proc.name(pid)] = (proc.cpu_ns(pid), proc.peak_rss_bytes(pid))
            except (FileNotFoundError, ProcessLookupError):
                pass
        time.sleep(SAMPLE_S)
    return used


def curve(curve):
    rows = [f"**{curve.title.capitalize()}**", "", f"| {curve.unit} | events | lost | s | agent, ns an event | agent, MiB | controller, ns an event | controller, MiB |", "|---" * 8 + "|"]
    for step in curve.steps:
        rows.append(
            f"| {step.size:,} | {step.events:,} | {step.lost:,} | {step.seconds:.1f} | {step.agent_ns:.0f} | {step.agent_bytes / 2**20:.0f} "
            f"| {step.controller_ns:.0f} | {step.controller_bytes / 2**20:.0f} |")
    return "\n".join(rows)


def recorded(recordings):
    rows = ["**Events in a recording**", "", "| events | bytes an event | ns an event to record | events a second in a report | memory, MiB |", "|---" * 5 + "|"]
    for each in recordings:
        rates = each["reported_per_second"]
        rows.append(
            f"| {each['events']:,} | {each['bytes_per_event']:.1f} | {each['record_ns']:.1f} | {rates['process'] / 1e6:.1f} million "
            f"| {each['peak_bytes'] / 2**20:.0f} |")
    return "\n".join(rows)
