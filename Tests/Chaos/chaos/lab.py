"""Plays scenarios, keeps what they found, and prints it."""

import random
import sys
import time
import traceback
from dataclasses import dataclass

from . import leftovers, proc


@dataclass
class Check:
    scenario: str
    what: str
    held: bool
    figures: str


class Lab:
    def __init__(self, quick, seed):
        self.quick, self._seed = quick, seed
        self.checks, self._scenario, self._told = [], "", []

    # MARK: For scenarios

    def random(self, *round_of):
        """The same numbers for the same round of the same scenario, whatever ran before."""
        return random.Random(f"{self._seed} {self._scenario} {round_of}")

    def check(self, what, held, figures=""):
        """One line of the output and of the table."""
        self.checks.append(Check(self._scenario, what, bool(held), figures))
        print(f"{'ok  ' if held else 'FAIL'} {self._scenario}: {what}{': ' if figures else ''}{figures}", flush=True)
        return held

    def same(self, what, ours, theirs, figures=""):
        return self.check(what, ours == theirs, figures if ours == theirs else f"{ours!r} is not {theirs!r} {figures}".strip())

    def exact(self, what, summary, faults):
        """Events and losses of a trace are as many as the workload's faults by getrusage(2)."""
        events, lost = summary.get("events", -1), summary.get("lost", 0)
        figures = f"{events:,} + {lost:,}"
        if events + lost != faults:
            figures += f" are not {faults:,}: " + str({key: summary.get(key) for key in ("command", "by_outcome", "process_count", "complete")})
        return self.check(f"{what}events + lost = getrusage's", events + lost == faults, figures)

    def progress(self, text):
        print(f"     {self._scenario}: {text}", file=sys.stderr, flush=True)

    def leaves_nothing(self, before, what="nothing is left"):
        left, after_s = before.left()
        return self.check(what, not left, "; ".join(left[:6]) or f"after {after_s:.1f} s at the most")

    def skip(self, what, reason):
        """Something that this machine cannot be made to do."""
        print(f"skip {self._scenario}: {what}: {reason}", flush=True)
        self._told.append((self._scenario, what, reason))

    # MARK: For the program

    def play(self, name, scenario):
        self._scenario = name
        began = time.monotonic()
        try:
            scenario(self)
        except Exception:  # the others are played all the same
            self.check("it could be played", False, traceback.format_exc(limit=-3).strip().replace("\n", " | "))
        finally:
            proc.end_all_of_ours()
        self.progress(f"took {time.monotonic() - began:.0f} s")

    @property
    def failures(self):
        return [check for check in self.checks if not check.held]

    def markdown(self):
        rows = [(check.scenario, check.what, "yes" if check.held else "**no**", check.figures) for check in self.checks]
        rows += [(scenario, what, "not played", reason) for scenario, what, reason in self._told]
        lines = ["", "| Scenario | What must hold | Holds | Figures |", "|---|---|---|---|"]
        lines += ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows]
        return "\n".join([*lines, "", f"{len(self.checks)} checks, {len(self.failures)} failed, seed {self._seed}"])


Before = leftovers.Before
