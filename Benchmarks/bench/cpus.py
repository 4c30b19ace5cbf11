"""How the agent's cost grows with CPUs, each of which has rings of its own: on an emulated device with more of them than this machine has."""

import json
import subprocess
import sys
import time
from dataclasses import dataclass

from . import build, guest

WAYS = {"perf_bpf, ringbuf": ("--source", "perf_bpf"), "perf_bpf, perfbuf": ("--source", "perf_bpf", "--transport", "perfbuf"),
        "perf_ring": ("--source", "perf_ring")}
SHORT_S, LONG_S = 3, 13
TRIES = 5  # the next agent may not listen yet


@dataclass
class Step:
    cpus: int
    way: str
    start_s: float  # from the command to the trace and from its end to the command's
    idle_share: float  # of one emulated CPU, while nothing that is traced faults


def steps(quick):
    for cpus in (2, 8) if quick else (1, 2, 4, 8, 16, 32):
        print(f"{cpus} emulated CPUs", file=sys.stderr)
        with guest.guest(cpus) as place:
            for name, options in WAYS.items():
                yield _step(place, cpus, name, options)


def _step(place, cpus, way, options):
    """The agent says what it has taken in all; between a short and a long trace there is nothing but idling."""
    short, start_s = _traced(place, options, SHORT_S)
    long, _ = _traced(place, options, LONG_S)
    return Step(cpus, way, start_s, (long - short) / (LONG_S - SHORT_S) / 1e9)


def _traced(place, options, seconds):
    """The agent's CPU time in nanoseconds, and how long it took beside the trace itself. Process 1 waits and has no faults."""
    words, environment = guest.controller("trace", place, "--quiet", "--format", "json", "--pid", "1", "--duration", f"{seconds}s", *options)
    for _ in range(TRIES):
        began = time.monotonic()
        trace = subprocess.run(words, env=environment, capture_output=True, text=True)
        took = time.monotonic() - began
        if trace.returncode == 0:
            return json.loads(trace.stdout.splitlines()[-1])["summary"]["agent"]["cpu_time_ns"], took - seconds
        time.sleep(1)
    raise build.Missing(f"the emulated device cannot be traced: {trace.stderr}")


def markdown(steps):
    rows = ["**CPUs of a device**", "", "| CPUs | source | s to start and to end | idle agent, of an emulated CPU |", "|---" * 4 + "|"]
    rows += [f"| {step.cpus} | {step.way} | {step.start_s:.1f} | {step.idle_share:.1%} |" for step in steps]
    return "\n".join(rows)
