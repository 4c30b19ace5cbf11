"""A tracer that runs beside the workload, from its start to what it says at its end."""

import signal
import subprocess
import tempfile
import time
from dataclasses import dataclass

from . import proc


@dataclass
class Ending:
    """What a tool says of its own trace; None where it does not tell."""

    events: int | None = None
    lost: int | None = None
    bytes_per_event: float | None = None


class Failed(Exception):
    """A tool does not work on this machine."""


class Tool:
    """One run of one variant."""

    def __init__(self, variant):
        self._variant = variant
        self._output = tempfile.TemporaryFile() if variant.keeps_output else None
        self._errors = tempfile.TemporaryFile()
        self._process = subprocess.Popen(
            list(map(str, variant.command)), stdin=subprocess.DEVNULL, stdout=self._output or subprocess.DEVNULL,
            stderr=self._errors)
        time.sleep(variant.settle_s)
        if self._process.poll() is not None:
            raise Failed(self._last_words() or f"ended at once with status {self._process.returncode}")

    def cpu_ns(self):
        """By process: the tool's own and those that it started."""
        return {proc.name(pid): proc.cpu_ns(pid) for pid in self._processes()}

    def peak_rss_bytes(self):
        return {proc.name(pid): proc.peak_rss_bytes(pid) for pid in self._processes()}

    def stop(self):
        self._process.send_signal(signal.SIGINT)
        try:
            self._process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
            raise Failed("did not end within 20 s of SIGINT") from None
        return self._variant.ending(_text(self._output), _text(self._errors))

    def _processes(self):
        return [self._process.pid, *proc.children(self._process.pid)]

    def _last_words(self):
        lines = _text(self._errors).split("\n")
        return next((line for line in reversed(lines) if line.strip()), "")


def _text(file):
    if not file:
        return ""
    file.seek(0)
    return file.read().decode(errors="replace")
