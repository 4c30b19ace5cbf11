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
    """One run of one variant.

    `parts` names the processes of which CPU and memory are told: the tool itself is the first, a child that it starts
    the second.
    """

    def __init__(self, variant):
        self._variant = variant
        self._output = tempfile.TemporaryFile() if variant.keeps_output else subprocess.DEVNULL
        self._errors = tempfile.TemporaryFile()
        self._process = subprocess.Popen(
            list(map(str, variant.command)), stdin=subprocess.DEVNULL, stdout=self._output, stderr=self._errors)
        time.sleep(variant.settle_s)
        if self._process.poll() is not None:
            raise Failed(self._text(self._errors).strip().splitlines()[-1:] or [f"exit {self._process.returncode}"])

    def parts(self):
        return [self._process.pid, *proc.children(self._process.pid)]

    def cpu_ns(self):
        return {proc.name(pid): proc.cpu_ns(pid) for pid in self.parts()}

    def peak_rss_bytes(self):
        return {proc.name(pid): proc.peak_rss_bytes(pid) for pid in self.parts()}

    def stop(self):
        self._process.send_signal(signal.SIGINT)
        try:
            self._process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
            raise Failed(["did not end within 20 s of SIGINT"]) from None
        output = self._text(self._output) if self._variant.keeps_output else ""
        return self._variant.ending(output, self._text(self._errors))

    @staticmethod
    def _text(file):
        file.seek(0)
        return file.read().decode(errors="replace")
