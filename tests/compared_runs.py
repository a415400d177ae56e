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
        self.moves: dict[str, list[str]] = defaultdict(list)
        self.spells: list[tuple[str, str, int, str, str]] = []
        moves = run.transitions
        days = ((moves.date - np.datetime64(run.world.scenario.start)) / np.timedelta64(1, "D")).astype(int)
        paths: dict[tuple[str, str], list[tuple[int, str]]] = defaultdict(list)
        causes: dict[tuple[str, str], list[str]] = defaultdict(list)
        for person, track, step, day, cause in zip(moves.person, moves.track, moves.to, days, moves.cause, strict=True):
            paths[person, track].append((day, step))
            causes[person, track].append(cause)
            self.moves[person].append(step)
            self.entries[person, step] += 1
            self.first.setdefault((person, step), day)
            self.there[step].add(person)
        for (person, _), path in paths.items():
            for (day, step), (until, _) in pairwise([*path, (run.world.end_day + 1, "")]):
                self.days[person, step] += until - day
        for (person, track), path in paths.items():
            nexts = [*path[1:], (run.world.end_day, "")]
            for (day, step), (until, to), how in zip(path, nexts, [*causes[person, track][1:], ""], strict=True):
                self.spells.append((person, step, until - day, to, how))

    def followed(self, person: str, steps: tuple[str, ...], then: tuple[str, ...], before: tuple[str, ...]) -> bool:
        """Return whether one of ``then`` came after the first of ``steps``, and none of ``before`` before."""
        moves = self.moves[person]
        first = min(moves.index(step) for step in steps if step in moves)
        return bool(set(moves[first + 1 :]) & set(then)) and not set(moves[:first]) & set(before)

    def spells_of(self, steps: tuple[str, ...], among: set[str]) -> list[tuple[int, str, bool]]:
        """Return days, what came next (empty: still there), and whether by a branch, of each spell in some steps."""
        return [
            (days, to, how.startswith(f"{step}/"))
            for person, step, days, to, how in self.spells
            if step in steps and person in among
        ]

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
