"""Full rate for long."""

import time

from . import leftovers, proc
from .programs import Counted, trace

_GROWTH_KB = 2048


def play(lab):
    """two threads that only fault, for half an hour: exact, and no growth after the first minute"""
    seconds, settled_after_s = (20, 5) if lab.quick else (1800, 60)
    before, work = leftovers.Before(), Counted("flood", str(seconds * 1000), "2")
    controller, sizes, began = trace(command=work.command), [], time.monotonic()
    while controller.runs:
        agent = proc.child(controller.pid, "faultline-agent")
        sizes.append((time.monotonic() - began, proc.resident_kb(controller.pid), proc.resident_kb(agent or 0)))
        time.sleep(1)
    ended = controller.ended()
    summary = ended.summary
    lab.check(f"{seconds} s: the trace ends well", ended.status == 0, "" if ended.status == 0 else str(ended))
    lab.exact(f"{seconds} s: ", summary, work.faults)
    for column, who in ((1, "controller"), (2, "agent")):
        _grows_not(lab, f"{seconds} s: the {who}'s memory", [(at, size[column - 1]) for at, *size in sizes if at > settled_after_s])
    lab.leaves_nothing(before)


def _grows_not(lab, what, sizes):
    """Compares the highest of the first and of the last quarter."""
    sizes = [size for _, size in sizes if size]  # an agent that has ended has none
    quarter = max(1, len(sizes) // 4)
    first, last = max(sizes[:quarter]), max(sizes[-quarter:])
    lab.check(f"{what} does not grow", last - first < _GROWTH_KB, f"{first / 1024:.1f} MiB, {last / 1024:.1f} at the end, {len(sizes)} samples")
