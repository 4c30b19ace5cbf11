"""What an abuse has left behind: in the kernel, among the processes, among the files."""

import os
import time
from pathlib import Path

from . import bpf, proc, stage

# An agent whose controller has vanished without a word waits 10 s for one; all else goes at once.
PATIENCE_S = 15


class Before:
    """What there was, to be compared with what there is."""

    def __init__(self):
        self._kernel = bpf.loaded()
        self._probes, self._probes_were_seen = _probes(), os.path.ismount(stage.TRACEFS)
        self._mounts = _mounts()
        self._files = _files()

    def left(self, patience_s=PATIENCE_S):
        """Waits until nothing is left, or for so long. Returns what is, as words, and after how many seconds that was so."""
        began = time.monotonic()
        while (left := self._now()) and time.monotonic() - began < patience_s:
            time.sleep(0.05)
        return left, time.monotonic() - began

    def _now(self):
        return [
            *(f"process {pid} ({name})" for pid, name in proc.ours().items()),
            *(f"file {path}" for path in sorted(_files() - self._files)),
            *(f"perf event of process {pid}" for pid in proc.ours() if "anon_inode:[perf_event]" in proc.files(pid).values()),
            *(f"tracefs has {probe}" for probe in sorted(_probes() - self._probes) if self._probes_were_seen),
            *(f"mount {mount}" for mount in sorted(_mounts() - self._mounts)),
            *(f"BPF {kind} {number}" for kind, number in sorted(self._kernel_objects())),
        ]

    def _kernel_objects(self):
        """Other people's tracers may come and go beside us: what their descriptors hold is theirs."""
        new = bpf.loaded() - self._kernel
        if not new:
            return new
        return new - set().union(*(proc.kernel_objects(pid) for pid in proc.pids() if not proc.is_ours(pid)))


def _probes():
    """Instances, and dynamic events by name."""
    found = {f"instance {entry}" for entry in _entries(stage.TRACEFS / "instances")}
    for file in ("kprobe_events", "uprobe_events"):
        try:
            found |= {line.strip() for line in (stage.TRACEFS / file).read_text().splitlines()}
        except OSError:
            pass
    return found


def _entries(folder):
    try:
        return os.listdir(folder)
    except OSError:
        return []


def _files():
    return {str(path) for folder in [*stage.TEMPORARY, stage.WORK] for path in Path(folder).rglob("*") if path.is_file()}


def _mounts():
    """By place; a second one at the same place bears its number."""
    places = [line.split()[4] for line in Path("/proc/self/mountinfo").read_text().splitlines()]
    return {f"{place} ({places[:index].count(place) + 1})" for index, place in enumerate(places)}
