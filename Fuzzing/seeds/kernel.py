"""Files of this machine's kernel, cut to a size that a fuzzer gets through, and lists of phones that the tests have."""

import gzip
import re
import subprocess
from pathlib import Path

from .places import ROOT, texts

SEPARATOR = b"\n--- next ---\n"  # the one in FuzzInput
EVENTS = Path("/sys/kernel/tracing/events")
PLACES = rb" / (/|/proc|/sys|/dev|/dev/shm|/dev/pts) "


def seeds():
    yield from _dumps()
    yield from _preflight()
    yield from _processes()


def _dumps():
    config = _configuration()
    events = b"\n".join(_lines(EVENTS.parent / "available_events")[:40] + _matching(EVENTS.parent / "available_events", b"exceptions|task:")) + b"\n"
    symbols = b"".join(line + b"\n" for line in _lines("/proc/kallsyms")[:40] + _matching("/proc/kallsyms", rb" (T|t) (handle_mm_fault|start_kernel|_stext)$"))
    yield "kernel-dumps", "config", config
    yield "kernel-dumps", "config.gz", gzip.compress(config, mtime=0)
    yield "kernel-dumps", "config-utf16", config.decode().encode("utf-16")
    yield "kernel-dumps", "config-windows", b"\xef\xbb\xbf" + config.replace(b"\n", b"\r\n")
    yield "kernel-dumps", "events", events
    yield "kernel-dumps", "events-paths", b"".join(b"%s\n" % str(path).encode() for path in sorted(EVENTS.glob("exceptions/*/id")))
    yield "kernel-dumps", "symbols", symbols
    yield "kernel-dumps", "all", SEPARATOR.join([config, events, symbols])
    yield "kernel-dumps", "complaint", b"cat: /proc/config.gz: No such file or directory\n"


def _configuration():
    """The heading, the options that decide, and some others."""
    text = gzip.decompress(Path("/proc/config.gz").read_bytes())
    known = set(re.findall(r'"CONFIG_(\w+)"', (ROOT / "Sources/KernelConfiguration/KernelOption.swift").read_text()))
    lines = text.splitlines()
    wanted = [line for line in lines if (name := re.search(rb"CONFIG_(\w+)", line)) and name[1].decode() in known]
    return b"\n".join(lines[:60] + wanted) + b"\n"


def _preflight():
    files = ["/proc/filesystems", "/proc/self/status", "/proc/self/uid_map", "/proc/sys/kernel/perf_event_paranoid",
             "/proc/sys/kernel/osrelease", *sorted(EVENTS.glob("exceptions/*/id")), *sorted(EVENTS.glob("exceptions/*/format"))]
    for path in files:
        yield "kernel-files", str(path).strip("/").replace("/", "-"), Path(path).read_bytes()[:4096]
    yield "kernel-files", "config.gz", gzip.compress(_configuration()[:2000], mtime=0)
    yield "kernel-files", "lockdown", b"none [integrity] confidentiality\n"
    for place, text in enumerate(texts("Tests/PreflightTests/DenialTests.swift")):
        yield "kernel-files", f"log-{place}", text


def _processes():
    mounts = b"\n".join(_matching("/proc/self/mountinfo", PLACES)) + b"\n"
    with subprocess.Popen(["sleep", "60"]) as process:
        while not (maps := Path(f"/proc/{process.pid}/maps").read_bytes()).count(b"sleep"):
            pass
        process.kill()
    yield "process-files", "maps", maps
    yield "process-files", "maps-and-mounts", maps + SEPARATOR + mounts
    yield "process-files", "mountinfo", mounts
    for name in ("PackageListTests", "MapsFileTests"):
        for place, text in enumerate(texts(f"Tests/FaultProbeTests/{name}.swift")):
            yield "process-files", f"{name}-{place}", text


def _lines(path):
    return Path(path).read_bytes().splitlines()


def _matching(path, pattern):
    return [line for line in _lines(path) if re.search(pattern, line)]
