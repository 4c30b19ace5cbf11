"""The programs under abuse: a controller, an agent, and the workload that knows its own faults."""

import json
import os
import re
import signal
import subprocess
import tempfile
import time
from dataclasses import dataclass

from . import proc, stage

TOKEN = "chaos"
_ENDS_S = 60


@dataclass
class Ended:
    """How a program has ended: what it wrote, and its status, negative for a signal."""

    status: int
    output: str
    errors: str

    @property
    def summary(self):
        """Of `trace --format json`; empty where it did not come to one."""
        last = self.output.strip().rpartition("\n")[2]
        return json.loads(last).get("summary", {}) if last.startswith('{"summary"') else {}

    @property
    def sentence(self):
        """Its own last line on standard error."""
        return ([line for line in self.errors.splitlines() if line.startswith("faultline")] or [""])[-1]

    @property
    def crashed(self):
        """Whether a signal that nobody sent has ended it, or the language's run-time did."""
        return self.status in (-4, -5, -6, -7, -8, -11, -31, 132, 133, 134, 139) or "Fatal error" in self.errors

    @property
    def failed_in_one_sentence(self):
        return self.status > 0 and not self.crashed and len(re.findall(r"^faultline", self.errors, re.M)) == 1

    def __str__(self):
        if self.status == 0:
            return "status 0"
        return f"status {self.status}, {self.sentence or self.errors.strip()[-300:]!r}"


class Program:
    """One that runs, known by its mark."""

    def __init__(self, command, prepare=None, **environment):
        self._output, self._errors = tempfile.TemporaryFile(dir=stage.WORK), tempfile.TemporaryFile(dir=stage.WORK)
        self.process = subprocess.Popen(
            list(map(str, command)), stdin=subprocess.DEVNULL, stdout=self._output, stderr=self._errors, cwd="/",
            env=proc.marked_environment(**environment), preexec_fn=prepare)
        self.pid = self.process.pid

    @property
    def runs(self):
        return self.process.poll() is None

    @property
    def output(self):
        return _text(self._output)

    @property
    def errors(self):
        return _text(self._errors)

    def send(self, number):
        if self.runs:
            os.kill(self.pid, number)

    def ended(self, within_s=_ENDS_S):
        """Waits for its end. One that does not come is made, and shows in the status."""
        try:
            self.process.wait(within_s)
        except subprocess.TimeoutExpired:
            self.send(signal.SIGKILL)
            self.process.wait()
        return Ended(self.process.returncode, self.output, self.errors)


class NoAgent(Exception):
    """It has ended before it listened."""

    def __init__(self, ended):
        super().__init__(f"the agent ended with {ended}")
        self.ended = ended


class Agent(Program):
    """An agent that serves one controller."""

    def __init__(self, prepare=None, options=()):
        super().__init__([stage.AGENT, "serve", *options], prepare, FAULTLINE_TOKEN=TOKEN)
        self.port = until(self._port, "the agent listens")

    def _port(self):
        found = re.match(r"listening .*:(\d+)\n", self.output)
        if not found and not self.runs:
            raise NoAgent(self.ended())
        return int(found[1]) if found else None


def trace(*options, port=None, prepare=None, command=()):
    """`faultline trace`, of this machine or through the agent at a port."""
    target = ["--connect", f"127.0.0.1:{port}"] if port else ["--local"]
    return Program(
        [stage.FAULTLINE, "trace", *target, "--quiet", "--format", "json", *options, *(["--", *command] if command else [])], prepare,
        FAULTLINE_TOKEN=TOKEN)


def report(recording):
    """What `faultline report --json` makes of it, and how it ended."""
    ended = Program([stage.FAULTLINE, "report", recording, "--json"]).ended()
    return (json.loads(ended.output) if ended.output.startswith("{") else {}), ended


def opened(cut_recording):
    """Reads a recording that was cut, and removes it: its report must say that the rest is missing, or that nothing can be told.

    Returns what is wrong with that, and how many events there are.
    """
    content, ended = report(cut_recording)
    size = cut_recording.stat().st_size
    cut_recording.unlink()
    summary = content.get("summary", {})
    told = ended.status == 0 and summary.get("complete") is False or ended.failed_in_one_sentence
    return "" if told else f"the report of the cut recording of {size} bytes ended with {ended}", summary.get("events", 0)


class Counted:
    """The workload, which writes what it did into a file."""

    def __init__(self, *phase):
        self.command = [stage.COUNTED, stage.COUNT, *phase]

    @property
    def faults(self):
        """Those that a trace of it has: getrusage's without the page that each execve(2) fetches for its arguments."""
        counted, execs = map(int, stage.COUNT.read_text().split())
        return counted - execs


def seen(summary):
    return summary.get("events", -1) + summary.get("lost", 0)


def until(condition, what, within_s=20):
    """Waits until it holds, and returns what it is then."""
    end = time.monotonic() + within_s
    while not (found := condition()):
        if time.monotonic() > end:
            raise TimeoutError(f"waited {within_s} s until {what}")
        time.sleep(0.005)
    return found


def _text(file):
    return os.pread(file.fileno(), 1 << 24, 0).decode(errors="replace")
