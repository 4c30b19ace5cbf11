"""What is measured once, without a comparison: losses, the start, the agent's file, the controller's speed."""

import json
import signal
import subprocess
import sys
import time
from dataclasses import dataclass

from . import build
from .tool import Ending, Tool
from .variants import faultline, faultline_variant

ARCHITECTURES = ("x86_64", "aarch64")


@dataclass
class Checks:
    loss: Ending
    loss_faults: int  # made by the workload in that time
    loss_rate: float  # a second
    first_event_ms: list
    agent_bytes: dict  # by architecture
    decoded_per_second: dict  # by pattern
    exported_per_second: dict  # by format
    recording: dict  # what recording-benchmark prints


def run(workload, plan):
    print("losses, start, decoding, exports, recording", file=sys.stderr)
    loss, faults = _loss(workload, plan.loss_seconds)
    return Checks(
        loss, faults, faults / plan.loss_seconds,
        [_first_event_ms(workload) for _ in range(plan.starts)],
        {arch: build.agent(arch).stat().st_size for arch in ARCHITECTURES if build.agent(arch).exists()},
        json.loads(subprocess.check_output([build.DECODER, str(plan.decoded_events)])),
        json.loads(subprocess.check_output([build.EXPORTER, str(plan.exported_events), build.OUT])),
        _recording(plan.recorded_events))


def _recording(events):
    """A recording of a busy machine's pattern, made and reported."""
    try:
        return json.loads(subprocess.check_output([build.RECORDER, str(events), build.RECORDING]))
    finally:
        build.RECORDING.unlink(missing_ok=True)


def _loss(workload, seconds):
    """Two threads that do nothing but fault."""
    tool = Tool(faultline_variant())
    touched = workload.run(2, seconds * 1000)
    return tool.stop(), touched.faults


def _first_event_ms(workload):
    """From the command to its first line, while one thread faults."""
    workload.ask(1, 1500)
    time.sleep(0.05)
    began = time.monotonic()
    process = subprocess.Popen(
        list(map(str, faultline("trace", "--format", "json"))), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    process.stdout.read(1)
    took = time.monotonic() - began
    process.stdout.close()
    process.send_signal(signal.SIGINT)
    process.wait(timeout=20)
    workload.answer()
    return took * 1000
