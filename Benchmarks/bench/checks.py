"""What is measured once, for its own sake: losses, starts, an idle agent, the agent's file, the controller's speed."""

import json
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, replace

from . import build
from .plan import KINDS, THREADS
from .tool import Ending, Tool
from .variants import all_variants, faultline_variant, lossy_peer

ARCHITECTURES = ("x86_64", "aarch64")


@dataclass
class Checks:
    loss: Ending
    loss_faults: int  # made by the workload in that time
    loss_rate: float  # a second
    peer_loss: Ending  # of the peer that loses most
    peer_loss_faults: int
    first_event_ms: dict  # by variant
    idle_share: float  # of one core, by the agent while nothing that it traces faults
    agent_bytes: dict  # by architecture
    decoded_per_second: dict  # by pattern
    exported_per_second: dict  # by format
    recording: dict  # what recording-benchmark prints
    mixed_bytes_per_event: float  # in a recording of the workload's kinds in turn


def run(workload, plan):
    print("losses, starts, idling, decoding, exports, recording", file=sys.stderr)
    loss, faults = _loss(faultline_variant(), workload, plan.loss_seconds)
    peer_loss, peer_faults = _loss(lossy_peer(), workload, plan.loss_seconds)
    return Checks(
        loss, faults, faults / plan.loss_seconds, peer_loss, peer_faults,
        {
            variant.key: [_first_event_ms(variant, workload) for _ in range(plan.starts)]
            for variant in all_variants() if variant.prints_first},
        _idle_share(workload, plan.idle_seconds),
        {arch: build.agent(arch).stat().st_size for arch in ARCHITECTURES if build.agent(arch).exists()},
        json.loads(subprocess.check_output([build.DECODER, str(plan.decoded_events)])),
        json.loads(subprocess.check_output([build.EXPORTER, str(plan.exported_events), build.OUT])),
        _recording(plan.recorded_events), _mixed_bytes_per_event(workload, plan.mixed_ms))


def _recording(events):
    """A recording of a busy machine's pattern, made and reported."""
    try:
        return json.loads(subprocess.check_output([build.RECORDER, str(events), build.RECORDING]))
    finally:
        build.RECORDING.unlink(missing_ok=True)


def _mixed_bytes_per_event(workload, milliseconds):
    """Of real faults: of each kind for so long, by one thread and by two."""
    variant = faultline_variant()
    build.RECORDING.unlink(missing_ok=True)
    try:
        tool = Tool(replace(variant, command=(*variant.command, "--output", build.RECORDING)))
        for kind in ("anonymous", *KINDS):
            for threads in THREADS:
                workload.run(threads, milliseconds, kind)
        events = tool.stop().events
        return build.RECORDING.stat().st_size / events
    finally:
        build.RECORDING.unlink(missing_ok=True)


def _loss(variant, workload, seconds):
    """Two threads that do nothing but fault."""
    tool = Tool(variant)
    touched = workload.run(2, seconds * 1000)
    return tool.stop(), touched.faults


def _first_event_ms(variant, workload):
    """From the command to its first event on standard output, while one thread faults."""
    workload.ask(1, int(variant.settle_s * 1000) + 1500)
    time.sleep(0.05)
    began = time.monotonic()
    process = subprocess.Popen(list(map(str, variant.command)), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    while _is_preamble(process.stdout.readline(64)):
        pass
    took = time.monotonic() - began
    process.stdout.close()
    process.send_signal(signal.SIGINT)
    process.wait(timeout=20)
    workload.answer()
    return took * 1000


def _is_preamble(line):
    return line.startswith(b"Attaching") or line == b"\n"


def _idle_share(workload, seconds):
    """Of a process that sleeps, because no machine with anything else on it stands still."""
    variant = faultline_variant()
    tool = Tool(replace(variant, command=(*variant.command, "--pid", workload.pid)))
    before = tool.cpu_ns()["faultline-agent"]
    time.sleep(seconds)
    share = (tool.cpu_ns()["faultline-agent"] - before) / (seconds * 1e9)
    tool.stop()
    return share
