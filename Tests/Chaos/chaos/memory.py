"""Little memory, by a control group, for the agent and for the controller."""

import os
import time
from pathlib import Path

from . import leftovers
from .programs import Agent, Counted, NoAgent, seen, trace

_V1 = Path("/sys/fs/cgroup/memory")
_V2 = next((path for path in (Path("/sys/fs/cgroup"), Path("/sys/fs/cgroup/unified"))
            if (path / "cgroup.controllers").exists() and "memory" in (path / "cgroup.controllers").read_text().split()), None)


class _Group:
    """A control group whose processes have so much memory together, of any kind."""

    def __init__(self, limit_mb):
        root, file = (_V2, "memory.max") if _V2 else (_V1, "memory.limit_in_bytes")
        self._folder = root / f"faultline-chaos-{os.getpid()}"
        self._folder.mkdir()
        if _V2:
            (_V2 / "cgroup.subtree_control").write_text("+memory")
        (self._folder / file).write_text(str(limit_mb << 20))

    def enter(self):
        """To be called in the new process."""
        (self._folder / "cgroup.procs").write_text(str(os.getpid()))

    def remove(self):
        for _ in range(100):
            try:
                return self._folder.rmdir()
            except OSError:
                time.sleep(0.1)
        self._folder.rmdir()


def play(lab):
    """memory limited by a control group, for the agent and for the controller"""
    if not _V2 and not (_V1 / "cgroup.procs").exists():
        return lab.skip("limits of memory", "there is no control group of memory here")
    for who, limits in (("agent", (2, 6, 12, 20, 32, 64)), ("controller", (1, 2, 4, 8, 24))):
        for limit in limits[::2] if lab.quick else limits:
            _play(lab, who, limit)


def _play(lab, who, limit_mb):
    what = f"{who} with {limit_mb} MiB"
    before, group, work = leftovers.Before(), _Group(limit_mb), Counted("flood", "2000", "2")
    try:
        outcome = _outcome(group, who, work)
    finally:
        left = before.left()[0]
        group.remove()
    lab.check(f"{what}: exact, refused or told", outcome[0], outcome[1])
    lab.check(f"{what}: nothing is left", not left, "; ".join(left[:6]))


def _outcome(group, who, work):
    try:
        agent = Agent(group.enter if who == "agent" else None)
    except NoAgent as refused:
        return refused.ended.status == -9 or refused.ended.failed_in_one_sentence, f"before it listened, {refused}"
    controller = trace(port=agent.port, prepare=group.enter if who == "controller" else None, command=work.command).ended(30)
    if who == "controller" and controller.status == -9:
        agent.send(15)  # it may have been killed before it came
    agent = agent.ended(30)
    if controller.status == 0:
        faults = work.faults
        return seen(controller.summary) == faults, f"exact, {controller.summary['events']:,} + {controller.summary['lost']:,} of {faults:,}"
    if who == "controller":
        told = (controller.status == -9 or controller.failed_in_one_sentence) and agent.status >= 0
        return told, f"the controller ended with {controller}, the agent with {agent.status}"
    return controller.failed_in_one_sentence, f"the agent ended with {agent.status}, and the controller: {controller}"
