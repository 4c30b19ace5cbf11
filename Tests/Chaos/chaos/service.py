"""What lives on while traces come and go: `faultline serve`, whose agents are killed again and again."""

import os
import signal
import time

from . import leftovers, proc, stage
from .programs import Program, until

_GROWTH_MB = 8
_PATIENCE_S = 60  # it waits ten seconds between two attempts, and a preflight may take as long on a busy machine


def play(lab):
    """faultline serve, whose agent is killed again and again: no growth of memory or descriptors"""
    before = leftovers.Before()
    view = Program([stage.FAULTLINE, "serve", "--local", "--listen", "127.0.0.1:0", "--comm", "none-such"])
    sizes, count = [], 4 if lab.quick else 30
    for number in range(count):
        agent = until(lambda: _tracing(view) or not view.runs, "serve has an agent again", _PATIENCE_S)
        if not view.runs:
            break
        sizes.append((proc.resident_kb(view.pid), len(proc.files(view.pid))))
        os.kill(agent, signal.SIGKILL)
        until(lambda: proc.child(view.pid, "faultline-agent") != agent, "the killed agent is gone")
    runs = view.runs
    view.send(signal.SIGINT)
    ended = view.ended(15)
    lab.check("serve goes on", runs and ended.status == 0, f"{count} agents killed" if runs else str(ended))
    # The first few traces fill pools and caches.
    settled, last = sizes[min(2, count - 1)], sizes[-1]
    lab.check("descriptors do not grow", last[1] <= settled[1], f"{settled[1]}, then {last[1]}")
    lab.check("memory does not grow", last[0] - settled[0] < _GROWTH_MB * 1024, f"{settled[0] / 1024:.1f} MiB, then {last[0] / 1024:.1f}")
    lab.leaves_nothing(before)


def _tracing(view):
    """The agent, once it holds programs."""
    agent = proc.child(view.pid, "faultline-agent")
    time.sleep(0.05)
    return agent if agent and any(kind == "link" for kind, _ in proc.kernel_objects(agent)) else None
