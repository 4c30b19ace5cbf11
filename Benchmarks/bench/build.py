"""Where things are, and building those that only the benchmark needs."""

import platform
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCES = ROOT / "Benchmarks"
OUT = ROOT / "build" / "bench"

FAULTLINE = ROOT / "build" / "bin" / "faultline"
RESULT = ROOT / "build" / "bench.json"
WORKLOAD = OUT / "workload"
FAULTS = OUT / "faults"
FLOOR = OUT / "floor"
FTRACE = OUT / "ftrace"
FLOOR_OBJECT = OUT / "floor.bpf.o"
DECODER = OUT / "decode-benchmark"
EXPORTER = OUT / "export-benchmark"
RECORDER = OUT / "recording-benchmark"
RECORDING = OUT / "recording.flt"


class Missing(Exception):
    """Something that must be there before measuring; the text says what to do."""


def agent(arch):
    return ROOT / "build" / "agents" / arch / "faultline-agent"


def programs():
    """The controller and the agent, which must be there, and the workload."""
    for needed in (FAULTLINE, agent(platform.machine())):
        if not needed.exists():
            raise Missing(f"{needed.relative_to(ROOT)} is not there; run make release first")
    OUT.mkdir(parents=True, exist_ok=True)
    _call("cc", "-O2", "-fno-omit-frame-pointer", "-Wall", "-Wextra", "-o", WORKLOAD, SOURCES / "workload.c", "-lpthread")


def faults():
    """The tests' workload, whose faults can be foretold."""
    _call("cc", "-O2", "-Wall", "-Wextra", "-static", "-o", FAULTS, *sorted((ROOT / "Tests" / "Workload").glob("*.c")))


def everything():
    programs()
    _call("cc", "-O2", "-Wall", "-Wextra", "-o", FLOOR, SOURCES / "floor.c", "-lbpf")
    _call("cc", "-O2", "-Wall", "-Wextra", "-o", FTRACE, SOURCES / "ftrace.c", "-lpthread")
    _call(
        "clang", "-target", "bpf", "-mcpu=v2", "-O2", "-g", "-Wall", "-Werror", "-ffreestanding",
        "-idirafter", "/usr/include", "-idirafter", f"/usr/include/{platform.machine()}-linux-gnu",
        "-c", SOURCES / "floor.bpf.c", "-o", FLOOR_OBJECT)
    _swift_benchmarks()


def _swift_benchmarks():
    swift = ("swift", "build", "-c", "release", "--package-path", SOURCES, "--scratch-path", ROOT / ".build" / "bench")
    folder = _call(*swift, "--show-bin-path").strip()
    for program in (DECODER, EXPORTER, RECORDER):
        _call(*swift, "--product", program.name)
        program.unlink(missing_ok=True)
        program.symlink_to(Path(folder) / program.name)


def _call(*words):
    done = subprocess.run(list(map(str, words)), capture_output=True, text=True)
    if done.returncode:
        raise Missing(f"{' '.join(map(str, words))} failed:\n{done.stdout}{done.stderr}")
    return done.stdout
