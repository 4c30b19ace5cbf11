"""Few descriptors: ulimit -n."""

import resource
import signal

from . import leftovers, stage
from .programs import Agent, Counted, NoAgent, Program, seen, trace

_LIMITS = (6, 8, 10, 12, 16, 20, 24, 32, 48, 64, 100, 128, 200, 256)


def _at_most(limit):
    return lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit))


def play(lab):
    """ulimit -n from 6 on, for controller and agent"""
    before, limits = leftovers.Before(), _LIMITS[::2] if lab.quick else _LIMITS
    for what, outcome in (("local trace", _local), ("agent", _agent), ("report", _reading("report")), ("serve", _reading("serve"))):
        outcomes = {limit: outcome(limit) for limit in limits}
        problems = [f"{limit}: {words}" for limit, words in outcomes.items() if words not in (_WHOLE, _REFUSED)]
        worked = [limit for limit, words in outcomes.items() if words == _WHOLE]
        figures = f"refused in one sentence {len(limits) - len(worked)} times" + (f", whole from {worked[0]} on" if worked else "")
        lab.check(f"{what} with ulimit -n of {limits[0]} to {limits[-1]}", not problems, "; ".join(problems[:3]) or figures)
    lab.leaves_nothing(before)


_WHOLE, _REFUSED = "whole", "refused"


def _judged(ended, work=None):
    """Either what was asked for, exactly, or one sentence and a status."""
    if work and ended.status == 0 and seen(ended.summary) == work.faults:
        return _WHOLE
    return _REFUSED if ended.failed_in_one_sentence else str(ended)


def _local(limit):
    work = Counted("touch", "1000")
    return _judged(trace(prepare=_at_most(limit), command=work.command).ended(30), work)


def _reading(command):
    return lambda limit: _judged(Program([stage.FAULTLINE, command, "/none"], _at_most(limit)).ended(30))


def _agent(limit):
    work = Counted("touch", "1000")
    try:
        agent = Agent(_at_most(limit))
    except NoAgent as refused:
        return _judged(refused.ended)
    ended = trace(port=agent.port, command=work.command).ended(30)
    agent.send(signal.SIGTERM)
    agent.ended(15)
    # It said that it listens, so it has what it takes.
    return _WHOLE if ended.status == 0 and seen(ended.summary) == work.faults else str(ended)
