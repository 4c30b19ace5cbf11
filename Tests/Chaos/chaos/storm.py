"""Thousands of processes that live for a moment."""

import json
import time

from . import leftovers, proc, stage
from .programs import Counted, Program, trace

_RECORDING = stage.WORK / "storm.flt"
_MOST_MB = 64


def play(lab):
    """thousands of processes that fork, run programs and exit under a trace"""
    for options in ([], ["--stacks"]):
        _storm(lab, 1000 if lab.quick else 15_000, options)  # no more than there are process ids (kernel.pid_max)


def _storm(lab, count, options):
    what = " ".join([f"{count * 2:,} processes", *options])
    before, work = leftovers.Before(), Counted("storm", str(count))
    began = time.monotonic()
    controller = trace("--output", _RECORDING, *options, command=work.command)
    peaks = _peaks(controller)
    ended, took_s = controller.ended(300), time.monotonic() - began
    summary = ended.summary
    lab.exact(f"{what}: ", summary, work.faults)
    lab.same(f"{what}: all processes are told", summary.get("process_count"), count * 2 + 1, f"in {took_s:.0f} s")
    nameless, events = _nameless()
    lab.check(f"{what}: every event has its process's name", events > 0 and not nameless, f"{nameless} of {events:,} have none")
    sizes = f"{peaks[1] / 1024:.0f} MiB at the most, the controller {peaks[0] / 1024:.0f}"
    lab.check(f"{what}: the agent stays small", 0 < peaks[1] < _MOST_MB * 1024, sizes)
    _RECORDING.unlink()
    lab.leaves_nothing(before, f"{what}: nothing is left")


def _peaks(controller):
    """The highest resident sizes of controller and agent, in kB."""
    peaks = (0, 0)
    while controller.runs:
        agent = proc.child(controller.pid, "faultline-agent")
        now = (proc.peak_kb(controller.pid), proc.peak_kb(agent) if agent else 0)
        peaks = tuple(map(max, peaks, now))
        time.sleep(0.1)
    return peaks


def _nameless():
    """How many events of the recording have no process's name, and how many there are."""
    lines = stage.WORK / "storm.json"
    ended = Program([stage.FAULTLINE, "export", _RECORDING, "--to", "json", "--output", lines]).ended(300)
    assert ended.status == 0, str(ended)
    with lines.open() as file:
        names = [event["process"] for event in map(json.loads, file) if "process" in event]
    lines.unlink()
    return names.count(None) + names.count(""), len(names)
