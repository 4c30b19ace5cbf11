"""The wall clock stepped while a trace runs."""

import ctypes
import re
import time

from . import leftovers, stage
from .programs import Counted, Program, trace

_RECORDING = stage.WORK / "clock.flt"
_EVENT = re.compile(r'^{"time_ns":(\d+),.*"latency_ns":(\d+)', re.MULTILINE)
_ADJ_SETOFFSET, _ADJ_NANO = 0x0100, 0x2000
_STEP_S = 15  # more than the patience of agent and controller, so that whoever measures it by this clock loses it


class _Timex(ctypes.Structure):
    """struct timex (linux/timex.h)."""

    _fields_ = [("modes", ctypes.c_uint), ("before", ctypes.c_long * 8), ("seconds", ctypes.c_long), ("nanoseconds", ctypes.c_long),
                ("after", ctypes.c_byte * 200)]


def _step(seconds):
    """Relative, so that steps which add up to nothing put the clock back to the nanosecond."""
    timex = _Timex(modes=_ADJ_SETOFFSET | _ADJ_NANO, seconds=seconds)
    if ctypes.CDLL(None, use_errno=True).adjtimex(ctypes.byref(timex)) < 0:
        raise OSError(ctypes.get_errno(), "adjtimex")


def play(lab):
    """CLOCK_REALTIME stepped by a quarter of a minute, there and back"""
    try:
        _step(0)
    except OSError as refused:
        return lab.skip("a stepped clock", f"the clock cannot be set here ({refused})")
    before, work = leftovers.Before(), Counted("flood", "3000", "2")
    stepped, began = 0, time.monotonic()
    try:
        controller = trace("--output", _RECORDING, command=work.command)
        time.sleep(1)
        for step in (_STEP_S, -2 * _STEP_S):
            _step(step)
            stepped += step
            time.sleep(0.7)
    finally:
        _step(-stepped)
    ended = controller.ended(30)
    took_s, summary = time.monotonic() - began, ended.summary
    lab.check("the trace ends well", ended.status == 0, "" if ended.status == 0 else str(ended))
    lab.exact("", summary, work.faults)
    duration_s = summary.get("duration_ns", 0) / 1e9
    lab.check("the duration is right", 2.9 < duration_s < took_s, f"{duration_s:.2f} s within {took_s:.2f} s")
    _times(lab, summary.get("duration_ns", 0), summary.get("events"))
    _RECORDING.unlink()
    lab.leaves_nothing(before)


def _times(lab, duration_ns, events_told):
    lines = stage.WORK / "clock.json"
    Program([stage.FAULTLINE, "export", _RECORDING, "--to", "json", "--output", lines]).ended(120)
    events = _EVENT.findall(lines.read_text())
    lines.unlink()
    times, latencies = [int(time_ns) for time_ns, _ in events], [int(latency_ns) for _, latency_ns in events]
    lab.check("times never go back", times == sorted(times) and len(times) == events_told, f"{len(times):,} events")
    lab.check("times and latencies lie within the trace", times[-1] - times[0] < duration_ns and max(latencies) < duration_ns,
              f"{(times[-1] - times[0]) / 1e9:.2f} s, {max(latencies) / 1e6:.1f} ms the longest")
