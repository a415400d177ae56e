"""A comparison and the single runs that it must agree with, made once for the tests of runs and outcomes."""

from __future__ import annotations

import functools
from collections import Counter, defaultdict
from itertools import pairwise

import numpy as np

import sim
from sim.runs.comparison import Comparison
from sim.runs.single import Run
from verification.small_worlds import netherlands

REPLICATES, SEED = 5, 21
REGIMES = ["vc_2018", "vc_2019_08", "recognition_panel"]
SCENARIO = netherlands(0.1).replace(capacity={"avim.report": 0.08, "coa.reception": 700})
KEYS = ["measure", "world", "group"]


@functools.cache
def compared() -> Comparison:
    """Return the comparison of the regimes."""
    return sim.compare(SCENARIO, REGIMES, replicates=REPLICATES, seed=SEED)


@functools.cache
def ran(regime: str, replicate: int) -> Run:
    """Return one of its runs, made alone."""
    return sim.run(SCENARIO, regime, seed=SEED, replicate=replicate)


class Reader:
    """Counts by hand, from the transitions of a run."""

    def __init__(self, run: Run) -> None:
        self.entries: Counter[tuple[str, str]] = Counter()
        self.first: dict[tuple[str, str], int] = {}
        self.days: Counter[tuple[str, str]] = Counter()
        self.there: dict[str, set[str]] = defaultdict(set)
        moves = run.transitions
        days = ((moves.date - np.datetime64(run.world.scenario.start)) / np.timedelta64(1, "D")).astype(int)
        paths: dict[tuple[str, str], list[tuple[int, str]]] = defaultdict(list)
        for person, track, step, day in zip(moves.person, moves.track, moves.to, days, strict=True):
            paths[person, track].append((day, step))
            self.entries[person, step] += 1
            self.first.setdefault((person, step), day)
            self.there[step].add(person)
        for (person, _), path in paths.items():
            for (day, step), (until, _) in pairwise([*path, (run.world.end_day + 1, "")]):
                self.days[person, step] += until - day

    def who(self, steps: tuple[str, ...]) -> set[str]:
        """Return who was ever in one of the steps."""
        return set().union(*(self.there[step] for step in steps))

    def entered(self, steps: tuple[str, ...], among: set[str]) -> int:
        """Return how often some people entered the steps."""
        return sum(self.entries[person, step] for step in steps for person in among)

    def soonest(self, person: str, steps: tuple[str, ...]) -> int:
        """Return the first day in one of the steps; 32767: never."""
        return min(self.first.get((person, step), 32767) for step in steps)

    def spent(self, person: str, steps: tuple[str, ...]) -> int:
        """Return the days spent in the steps."""
        return sum(self.days[person, step] for step in steps)
