"""How long everything is measured."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Plan:
    rounds: int
    window_ms: int  # one measurement of one variant with one number of threads
    loss_seconds: int
    starts: int  # how often the time to the first event is taken
    decoded_events: int


THREADS = (1, 2)
FULL = Plan(rounds=8, window_ms=250, loss_seconds=10, starts=7, decoded_events=20_000_000)
QUICK = Plan(rounds=2, window_ms=150, loss_seconds=4, starts=3, decoded_events=5_000_000)
