"""A machine where nobody has mounted tracefs."""

import os
import signal
import subprocess
import time

from . import leftovers, stage
from .programs import Counted, Program, seen, trace


def play(lab):
    """tracefs not mounted before: it is not after, either"""
    subprocess.run(["umount", stage.TRACEFS], check=False)
    if os.path.ismount(stage.TRACEFS):
        return lab.skip("a machine without tracefs", "it cannot be unmounted here")
    try:
        _trace(lab)
        _preflight(lab)
        _killed(lab, 3 if lab.quick else 20)
    finally:
        if not os.path.ismount(stage.TRACEFS):
            subprocess.run(["mount", "-t", "tracefs", "tracefs", stage.TRACEFS], check=True)


def _trace(lab):
    before, work = leftovers.Before(), Counted("touch", "1000")
    ended = trace(command=work.command).ended()
    lab.same("a trace finds its way", (seen(ended.summary), ended.summary.get("source")), (work.faults, "tracepoint"), f"{seen(ended.summary):,}")
    lab.leaves_nothing(before, "a trace leaves it unmounted")


def _preflight(lab):
    before = leftovers.Before()
    ended = Program([stage.AGENT, "preflight"]).ended()
    lab.check("the preflight passes", ended.status == 0, "" if ended.status == 0 else str(ended))
    lab.leaves_nothing(before, "the preflight leaves it unmounted")


def _killed(lab, rounds):
    """At a moment before it is attached, too."""
    before = leftovers.Before()
    for number in range(rounds):
        preflight = Program([stage.AGENT, "preflight"])
        time.sleep(lab.random(number).uniform(0, 0.4))
        preflight.send(signal.SIGKILL)
        preflight.ended()
    lab.leaves_nothing(before, f"{rounds} agents that were killed leave it unmounted")
