"""The socket between agent and controller, with a proxy of ours in it: cut, stalled, slowed."""

import time

from . import leftovers, stage
from .programs import Agent, Counted, opened, trace
from .proxy import Proxy

_RECORDING = stage.WORK / "cut.flt"


def play(lab):
    """the connection cut, stalled for seconds, slowed"""
    for seconds in (8,) if lab.quick else (1, 3, 6, 8):
        _stall(lab, seconds)
    _stall_for_good(lab)
    for rate in (200_000,) if lab.quick else (50_000, 200_000, 400_000, 1_000_000):
        _slow(lab, rate)
    _cut(lab, 4 if lab.quick else 40)


def _stall(lab, seconds):
    """For less than the agent's and the controller's patience of 10 s."""
    def stall(proxy):
        time.sleep(1)
        proxy.stall()
        time.sleep(seconds)
        proxy.go_on()

    lost = _whole(lab, f"stalled for {seconds} s", (seconds + 2) * 1000, stall)
    if seconds >= 8:  # by then the agent's queue and the kernel's buffer are full
        lab.check(f"stalled for {seconds} s: losses are told", lost > 0, f"{lost:,} lost")


def _slow(lab, rate):
    def slow(proxy):
        proxy.rate = rate

    _whole(lab, f"slowed to {rate // 1000} kB/s", 4000, slow)


def _whole(lab, what, ms, abuse):
    """A trace through the proxy that ends of its own accord. Returns what it has lost."""
    before, work = leftovers.Before(), Counted("flood", str(ms), "2")
    agent = Agent()
    with Proxy(agent.port) as proxy:
        controller = trace("--buffer", "256K", port=proxy.port, command=work.command)
        abuse(proxy)
        ended = controller.ended(120)
    lab.check(f"{what}: the trace ends well", ended.status == 0, "" if ended.status == 0 else str(ended))
    summary = ended.summary
    lab.exact(f"{what}: ", summary, work.faults)
    agent.ended(15)
    lab.leaves_nothing(before, f"{what}: nothing is left")
    return summary.get("lost", 0)


def _stall_for_good(lab):
    """Longer than anybody's patience: both give up, each by itself."""
    before, work = leftovers.Before(), Counted("flood", "60000", "2")
    agent = Agent()
    with Proxy(agent.port) as proxy:
        controller = trace(port=proxy.port, command=work.command)
        time.sleep(1.5)
        proxy.stall()
        began = time.monotonic()
        ended, agent_ended = controller.ended(30), agent.ended(30)
        lab.check("stalled for good: both give up", ended.failed_in_one_sentence and agent_ended.status >= 0,
                  f"after {time.monotonic() - began:.1f} s, {ended}")
        lab.leaves_nothing(before, "stalled for good: nothing is left")


def _cut(lab, rounds):
    problems, events = [], 0
    before = leftovers.Before()
    for number in range(rounds):
        moment_s = lab.random(number).uniform(0, 1.5)
        found, count = _cut_once(moment_s)
        events += count
        problems += [f"at {moment_s:.3f} s: {problem}" for problem in found]
    lab.check("cut at a random moment: the controller says so, the recording opens", not problems,
              "; ".join(problems[:4]) or f"{rounds} times; {events:,} events in the recordings")
    lab.leaves_nothing(before, "cut at a random moment: nothing is left")


def _cut_once(moment_s):
    agent = Agent()
    with Proxy(agent.port) as proxy:
        controller = trace("--output", _RECORDING, port=proxy.port, command=Counted("flood", "3000", "2").command)
        time.sleep(moment_s)
        proxy.cut()
        ended = controller.ended(20)
    agent_ended = agent.ended(70 if not proxy.was_used else 20)
    problems = [] if ended.failed_in_one_sentence else [f"the controller ended with {ended}"]
    if agent_ended.status < 0:
        problems.append(f"the agent ended with {agent_ended}")
    if not _RECORDING.exists():
        return problems, 0
    problem, events = opened(_RECORDING)
    return problems + [problem] * bool(problem), events
