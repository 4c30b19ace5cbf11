"""A CPU that goes and comes back while a trace runs."""

import time
from pathlib import Path

from . import leftovers
from .programs import Counted, seen, trace

_ONLINE = Path("/sys/devices/system/cpu/cpu1/online")
_MISSED = 0.03  # it is back twice within seven seconds


def play(lab):
    """a CPU taken off and brought back under a trace"""
    try:
        _ONLINE.write_text("1")
    except OSError as refused:
        return lab.skip("a CPU taken off", f"this kernel does not do it ({refused})")
    for source in ("tracepoint", "perf_bpf") if lab.quick else ("tracepoint", "perf_bpf", "perf_ring"):
        _under(lab, source, off_first=False)
    if not lab.quick:
        _under(lab, "tracepoint", off_first=True)
        _under(lab, "tracepoint", off_first=False, transport="perfbuf")


def _through(source, transport):
    return [] if source == "perf_ring" else ["--transport", transport]


def _under(lab, source, off_first, transport="ringbuf"):
    what = source + (f", {transport}" if transport != "ringbuf" else "") + (", off at the start" if off_first else "")
    before, work = leftovers.Before(), Counted("flood", "7000", "2")
    try:
        if off_first:
            _ONLINE.write_text("0")
        controller = trace("--source", source, *_through(source, transport), command=work.command)
        for state in "101" if off_first else "0101":
            time.sleep(1.2)
            _ONLINE.write_text(state)
    finally:
        _ONLINE.write_text("1")
    ended = controller.ended(30)
    summary, faults = ended.summary, work.faults
    lab.check(f"{what}: the trace ends well", ended.status == 0, "" if ended.status == 0 else str(ended))
    outcomes = {row["outcome"]: row["events"] for row in summary.get("by_outcome", [])}
    if source == "tracepoint":
        lab.exact(f"{what}: ", summary, faults)
    else:
        missed = faults - seen(summary)
        lab.check(f"{what}: a moment is missed when the CPU is back, and no more", 0 <= missed < _MISSED * faults, f"{missed:,} of {faults:,}")
    lab.check(f"{what}: no fault is told as failed", not outcomes.get("failed"), str(outcomes))
    lab.leaves_nothing(before, f"{what}: nothing is left")
