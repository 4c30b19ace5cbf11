"""How long everything is measured."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Plan:
    rounds: int
    windows: int  # of each variant with each number of threads in a round
    window_ms: int
    kind_ms: int  # of a window with another kind of fault
    idle_seconds: int
    loss_seconds: int
    starts: int  # how often the time to the first event is taken
    decoded_events: int
    exported_events: int
    recorded_events: int
    mixed_ms: int  # of each kind, in a recording of all of them


THREADS = (1, 2)
KINDS = {  # of faults beside the first touch of anonymous memory, and what to call them
    "copy": "copy on write", "file": "file, cached", "cold": "file, from the disk", "storm": "a program's start"}
FULL = Plan(
    rounds=10, windows=3, window_ms=80, kind_ms=120, idle_seconds=10, loss_seconds=10, starts=7,
    decoded_events=20_000_000, exported_events=3_000_000, recorded_events=100_000_000, mixed_ms=1500)
QUICK = Plan(
    rounds=2, windows=3, window_ms=60, kind_ms=80, idle_seconds=4, loss_seconds=4, starts=3,
    decoded_events=5_000_000, exported_events=1_000_000, recorded_events=10_000_000, mixed_ms=500)
