"""One target: its corpus read again, then new inputs for a time."""

import os
import re
import subprocess
import sys
from dataclasses import dataclass, field

from . import build, targets

# Far beyond what any input of these sizes needs; half of the memory goes to the sanitizer.
LIMITS = ("-timeout=10", "-rss_limit_mb=1536")
# A Swift program that breaks would otherwise wait for its backtrace.
# Short stacks of allocations make a run a tenth faster; who runs a finding again has whole ones.
ENVIRONMENT = {**os.environ, "SWIFT_BACKTRACE": "enable=no", "ASAN_OPTIONS": "malloc_context_size=2"}


@dataclass
class Fuzzed:
    """What came of a target."""

    name: str
    runs: int = 0
    cpu: float = 0
    edges: int = 0
    findings: list = field(default_factory=list)

    @staticmethod
    def of(name, program, seconds, seed):
        fuzzed = Fuzzed(name)
        fuzzed._replay(program)
        while not fuzzed.findings and seconds - fuzzed.cpu >= 1:
            fuzzed._search(program, seconds - fuzzed.cpu, seed)
        print(f"{name}: {fuzzed.runs:,} runs, {fuzzed.edges:,} edges, {len(fuzzed.findings)} findings", file=sys.stderr, flush=True)
        return fuzzed

    def row(self):
        return f"| {self.name} | {self.runs:,} | {self.cpu:.0f} | {self.edges:,} | {len(self.findings) or 'none'} |"

    def _replay(self, program):
        """Each input that is committed, whole, whatever its size."""
        inputs = sorted((build.SOURCES / "Corpora" / self.name).iterdir())
        self._run(program, *inputs)
        self.runs += len(inputs)

    def _search(self, program, seconds, seed):
        corpus, words = build.OUT / self.name, build.SOURCES / "Dictionaries" / self.name
        corpus.mkdir(parents=True, exist_ok=True)
        output = self._run(
            program, corpus, build.SOURCES / "Corpora" / self.name, f"-max_total_time={int(seconds)}", f"-max_len={targets.ALL[self.name]}",
            f"-seed={seed}", "-print_final_stats=1", *([f"-dict={words}"] if words.exists() else []))
        self.runs += int(_last(r"stat::number_of_executed_units: (\d+)", output))
        self.edges = max(self.edges, int(_last(r"cov: (\d+)", output)))

    def _run(self, program, *arguments):
        before = set(build.FINDINGS.iterdir())
        words = [str(word) for word in (program, *LIMITS, f"-artifact_prefix={build.FINDINGS}/{self.name}-", *arguments)]
        output, status, self.cpu = _output(words, self.cpu)
        if status:
            self._keep(program, set(build.FINDINGS.iterdir()) - before, output)
        return output

    def _keep(self, program, inputs, output):
        (build.OUT / f"{self.name}.log").write_text(output)
        command = f"SWIFT_BACKTRACE=enable=no {program.relative_to(build.ROOT)}"
        found = [str(path.relative_to(build.ROOT)) for path in inputs]
        if not found:  # a committed one: it is in its place already
            found = re.findall(r"^Running: (.*)$", output, re.M)[-1:]
        self.findings += [f"{command} {path}" for path in found] or [f"{command} (see build/fuzzing/{self.name}.log)"]


def _output(words, cpu):
    """What a program printed, its status, and the CPU time with its own added."""
    with subprocess.Popen(words, env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as process:
        output = process.stdout.read().decode(errors="replace")
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    return output, process.returncode, cpu + usage.ru_utime + usage.ru_stime


def _last(pattern, text):
    return (re.findall(pattern, text) or ["0"])[-1]
