"""The process that makes the page faults."""

import subprocess
from dataclasses import dataclass


@dataclass
class Touched:
    faults: int
    wall_ns: float  # of one thread, for one fault; these two are means
    cpu_ns: float
    quiet_ns: float  # the lower decile of CPU time


class Workload:
    def __init__(self, path, folder):
        self._process = subprocess.Popen([path, folder], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.pid = self._process.pid

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._process.stdin.close()
        self._process.wait()

    def ask(self, threads, milliseconds, kind="anonymous"):
        """Begins; `answer` waits for the end."""
        self._process.stdin.write(f"{kind} {threads} {milliseconds}\n")
        self._process.stdin.flush()

    def answer(self):
        faults, *times = self._process.stdout.readline().split()
        return Touched(int(faults), *map(float, times))

    def run(self, threads, milliseconds, kind="anonymous"):
        self.ask(threads, milliseconds, kind)
        return self.answer()
