"""kill -9 at random moments: of agent, controller and recorder."""

import os
import signal
import time
from dataclasses import dataclass

from . import leftovers, proc, stage
from .programs import Agent, Counted, Program, opened, trace, until

_RECORDING = stage.WORK / "killed.flt"
_LATEST_S = 0.6  # a trace begins after a third of a second, later where the machine is busy


@dataclass
class Victim:
    """Who is killed, and who is left to say so."""

    pid: int
    controller: Program | None
    survivor: Program | None


def _local(of_agent, options, command):
    controller = trace(*options, command=command)
    return controller, lambda: Victim(proc.child(controller.pid, "faultline-agent") if of_agent else controller.pid, controller, None)


def _connected(of_agent, options, command):
    agent = Agent()
    controller = trace(*options, port=agent.port, command=command)
    return controller, lambda: Victim(agent.pid if of_agent else controller.pid, controller, None if of_agent else agent)


def _agent_recording(_, options, command):
    recorder = Program([stage.AGENT, "record", "--min-free", "1M", *options])
    Program(command)
    return recorder, lambda: Victim(recorder.pid, None, None)


# How it is begun, whether the agent is the victim, and whether a recording is kept.
_WAYS = {
    "agent of a local trace": (_local, True, False),
    "controller of a local trace": (_local, False, False),
    "agent of a trace over TCP": (_connected, True, False),
    "controller of a trace over TCP": (_connected, False, False),
    "agent of a recorder": (_local, True, True),
    "recorder": (_local, False, True),
    "recorder over TCP": (_connected, False, True),
    "recording agent": (_agent_recording, True, True),
}


def play(lab):
    """kill -9 of agent, controller and recorder at random moments"""
    rounds = 2 if lab.quick else 25
    for way in _WAYS:
        outcomes = [_kill(lab, way, number) for number in range(rounds)]
        problems = [problem for outcome in outcomes for problem in outcome.problems]
        slowest = max(outcome.gone_after_s for outcome in outcomes)
        within = sum(outcome.was_tracing for outcome in outcomes)
        figures = f"{rounds} kills, {within} of them within a trace; all gone after {slowest:.1f} s at the most"
        lab.check(f"kill -9 of the {way}", not problems, "; ".join(problems[:4]) or figures)


@dataclass
class _Outcome:
    problems: list
    was_tracing: bool
    gone_after_s: float


def _kill(lab, way, number):
    begin, of_agent, records = _WAYS[way]
    random = lab.random(way, number)
    moment_s, before = random.uniform(0, _LATEST_S), leftovers.Before()
    program, victim = begin(of_agent, ["--output", _RECORDING] if records else [], Counted("flood", "4000", "2").command)
    if number % 2:  # the other half of the kills hits a start
        until(lambda: _command() or not program.runs, "the traced program runs")
    time.sleep(moment_s)
    victim = victim()
    was_tracing = _command() is not None
    if victim.pid:
        os.kill(victim.pid, signal.SIGKILL)
    problems = _told(of_agent and victim.pid, victim, was_tracing)
    problems += _recorded() if records and _RECORDING.exists() else []
    _end_command(problems, goes_on=of_agent and was_tracing and victim.pid)
    left, after_s = before.left()
    _end_rest(program)
    when = f"{moment_s:.3f} s after the {'traced program' if number % 2 else 'start'}"
    return _Outcome([f"{when}: {problem}" for problem in [*problems, *left]], was_tracing, after_s)


def _told(agent_killed, victim, was_tracing):
    """What the one says who is left: a controller in one sentence, an agent by ending of its own accord."""
    if victim.pid is None:  # it was too early for an agent
        victim.controller.send(signal.SIGKILL)
        return []
    if agent_killed and victim.controller:
        ended = victim.controller.ended(15)
        return [] if ended.failed_in_one_sentence else [f"the controller ended with {ended}"]
    if victim.survivor:
        # The controller may have been killed before it came; nobody else will.
        ended = victim.survivor.ended(15) if was_tracing else None
        return [f"the agent ended with {ended}"] if ended and (ended.status < 0 or ended.crashed) else _dismiss(victim.survivor)
    return []


def _dismiss(agent):
    agent.send(signal.SIGTERM)
    ended = agent.ended(15)
    return [f"the agent ended with {ended} after SIGTERM"] if ended.status < 0 else []


def _recorded():
    if _RECORDING.stat().st_size == 0:
        _RECORDING.unlink()
        return []
    problem, _ = opened(_RECORDING)
    return [problem] if problem else []


def _command():
    return next((pid for pid, name in proc.ours().items() if name == "counted"), None)


def _end_command(problems, goes_on):
    """The traced program is the user's: an agent that is killed does not take it along."""
    command = _command()
    if goes_on and not command:
        problems.append("the traced program did not go on")
    if command and goes_on:  # else the agent ends it in a moment, or it counts as left
        os.kill(command, signal.SIGKILL)


def _end_rest(program):
    program.ended(5)
    proc.end_all_of_ours()
