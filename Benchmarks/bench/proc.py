"""What /proc tells of other processes."""

from pathlib import Path


def children(pid):
    """The processes that any thread of a process has started, and theirs; those of one that ends meanwhile may be missing."""
    found = []
    try:
        for tasks in Path(f"/proc/{pid}/task").glob("*/children"):
            for child in map(int, tasks.read_text().split()):
                found += [child, *children(child)]
    except (FileNotFoundError, ProcessLookupError):
        pass
    return found


def name(pid):
    return Path(f"/proc/{pid}/comm").read_text().strip()


def cpu_ns(pid):
    """CPU time of the threads that live."""
    return sum(int(_first_word(task / "schedstat")) for task in Path(f"/proc/{pid}/task").iterdir())


def rss_bytes(pid):
    return _status_bytes(pid, "VmRSS:")


def footprint_bytes(pid):
    """What is the process's alone, as Chromium's task manager reckons it: neither its program's pages nor others that it shares."""
    return _status_bytes(pid, "RssAnon:") + _status_bytes(pid, "VmSwap:")


def peak_rss_bytes(pid):
    return _status_bytes(pid, "VmHWM:")


def _status_bytes(pid, key):
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(key):
            return int(line.split()[1]) * 1024
    return 0


def _first_word(path):
    try:
        return path.read_text().split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return "0"


def option(pid, prefix):
    """What stands behind `prefix` in the command line; None: it is not there. A process that names itself has blanks between the words."""
    words = Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace").replace("\0", " ").split()
    return next((word.removeprefix(prefix) for word in words if word.startswith(prefix)), None)
