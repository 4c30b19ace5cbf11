"""What /proc tells of processes. One that has ended meanwhile tells nothing."""

import os
import signal
from pathlib import Path

# Every process that a scenario starts inherits it, and is known by it wherever it goes.
_MARK = f"FAULTLINE_CHAOS={os.getpid()}"


def marked_environment(**more):
    """Small and always the same: how many pages execve(2) fetches for it depends on its length."""
    key, value = _MARK.split("=")
    return {"PATH": os.environ["PATH"], key: value, **more}


def _read(path, otherwise=b""):
    try:
        return path.read_bytes()
    except OSError:
        return otherwise


def pids():
    return [int(entry) for entry in os.listdir("/proc") if entry.isdigit()]


def is_ours(pid):
    return _MARK.encode() in _read(Path(f"/proc/{pid}/environ")).split(b"\0")


def name(pid):
    return _read(Path(f"/proc/{pid}/comm")).decode(errors="replace").strip()


def ours():
    """Those that live, by id."""
    return {pid: name(pid) for pid in pids() if pid != os.getpid() and is_ours(pid)}


def child(pid, of_name):
    """The child of that name, or None while there is none."""
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for found in map(int, _read(task).split()):
            if name(found) == of_name:
                return found
    return None


def files(pid):
    """What its descriptors lead to, by number."""
    try:
        return {int(fd): os.readlink(f"/proc/{pid}/fd/{fd}") for fd in os.listdir(f"/proc/{pid}/fd")}
    except OSError:
        return {}


def kernel_objects(pid):
    """The BPF objects that its descriptors hold, as ("prog", 12)."""
    found = set()
    for entry in files(pid):
        for line in _read(Path(f"/proc/{pid}/fdinfo/{entry}")).decode(errors="replace").splitlines():
            kind, _, number = line.partition("_id:")
            if kind in ("prog", "map", "link") and number.strip().isdigit():
                found.add((kind, int(number)))
    return found


def _status_kb(pid, key):
    for line in _read(Path(f"/proc/{pid}/status")).decode(errors="replace").splitlines():
        if line.startswith(key + ":"):
            return int(line.split()[1])
    return 0


def resident_kb(pid):
    return _status_kb(pid, "VmRSS")


def peak_kb(pid):
    return _status_kb(pid, "VmHWM")


def end_all_of_ours():
    for pid in ours():
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
