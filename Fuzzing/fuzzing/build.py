"""Where things are, and building the targets."""

import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCES = ROOT / "Fuzzing"
OUT = ROOT / "build" / "fuzzing"
FINDINGS = OUT / "findings"

# Everything is instrumented, the C parts too. Of several sanitizers swiftc takes the last one, so that it has to be told both at once. What
# is internal to a module is open to the targets.
SWIFT = ("swift", "build", "--package-path", SOURCES, "--scratch-path", ROOT / ".build" / "fuzzing",
         "--sanitize", "fuzzer", "--sanitize", "address", "-Xswiftc", "-enable-testing", "-Xswiftc", "-sanitize=fuzzer,address")


class Missing(Exception):
    """Something that must be there before fuzzing; the text says what to do."""


def programs(is_optimised):
    """Builds all targets; the folder where they are."""
    swift = (*SWIFT, "-c", "release" if is_optimised else "debug")
    _call("make", "--no-print-directory", "-C", ROOT, "bpf")
    _call(*swift)
    FINDINGS.mkdir(parents=True, exist_ok=True)
    return Path(_call(*swift, "--show-bin-path").strip())


def _call(*words):
    done = subprocess.run(list(map(str, words)), capture_output=True, text=True)
    if done.returncode:
        raise Missing(f"{' '.join(map(str, words))} failed:\n{done.stdout}{done.stderr}")
    return done.stdout
