"""How long everything is measured."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Plan:
    rounds: int
    windows: int  # of each variant with each number of threads in a round
    window_ms: int
    loss_seconds: int
    starts: int  # how often the time to the first event is taken
    decoded_events: int
    exported_events: int
    recorded_events: int


THREADS = (1, 2)
FULL = Plan(rounds=10, windows=3, window_ms=80, loss_seconds=10, starts=7, decoded_events=20_000_000, exported_events=3_000_000, recorded_events=100_000_000)
QUICK = Plan(rounds=2, windows=3, window_ms=60, loss_seconds=4, starts=3, decoded_events=5_000_000, exported_events=1_000_000, recorded_events=10_000_000)
