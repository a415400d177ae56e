"""The lives of the people of one replicate in one world: what is kept of a run until it is counted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from sim.agents.population import Population
from sim.engine.columns import NEVER, Floats, Ints
from sim.engine.compiled import on_arrays
from sim.engine.held import ROWS, Take, fresh
from sim.outcomes.by_person import Moves, moves_of
from sim.outcomes.count import NO_CURVES, Counts, count
from sim.outcomes.groups import Groups
from sim.outcomes.limits import Limit, limits, used_by_year
from sim.outcomes.measures import Measures
from sim.outcomes.opening import Opening
from sim.outcomes.plan import plan_of
from sim.outcomes.pooled import pool_values
from sim.outcomes.recorded import STEPS as RECORDED_STEPS
from sim.outcomes.recorded import Days
from sim.runs.world import Outcome, World

Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Lives:
    """One run, as far as counting needs it: its moves by person, and neither its log nor the rows of its people.

    Attributes
    ----------
    moves
        What people and networks do.
    ruled
        To whom a rule makes a difference, ``bool[persons]``.
    pool_sums
        What the engine summed of each pool.
    opening
        What a history left behind; None: there was none.
    take
        Gives the scratch arrays of counting.
    turns
        What the engine had summed of each pool at the end of each year; empty: not known.
    """

    world: World
    population: Population
    moves: Moves
    ruled: Bools
    pool_sums: Floats
    opening: Opening | None = None
    take: Take = fresh
    turns: tuple[Floats, ...] = ()

    @property
    def pool_years(self) -> Floats | None:
        """What ``sim.outcomes.limits.used_by_year`` says; None: not known."""
        return used_by_year(self.turns) if self.turns else None

    def ever(self, *steps: str) -> Bools:
        """Return who entered one of the steps, in the period or in the history before it, ``bool[persons]``."""
        persons, catalogue = self.population.entities.persons, self.world.catalogue
        wanted = np.isin(np.array(catalogue.steps), steps)
        out = np.zeros(persons, bool)
        _mark_entered(self.moves, wanted, out)
        if self.opening is not None:
            known = (step for step in steps if step in catalogue.steps)
            before = self.opening.first_day(*known)[:persons] < NEVER
            out[: before.size] |= before
        return out

    def counts(
        self, measures: Measures, groups: Sequence[str], members: Sequence[Bools] | Bools, grid: Ints = NO_CURVES
    ) -> Counts:
        """Count the measures of people and networks.

        Parameters
        ----------
        measures, groups
            What is counted, and the names of the groups.
        members
            For each group who belongs to it, ``bool[persons]``.
        grid
            Days since arrival at which the curves of exits are drawn.
        """
        plan = plan_of(measures, groups, self.world.catalogue, days_of(self.world))
        return count(plan, self.world.parameters, self.moves, self.population, members, grid, self.opening, self.take)

    def complete(self, values: Floats, groups: Sequence[str], pools: Sequence[str]) -> Floats:
        """Return ``[M, G]``: values of people and networks, then those of pools, which are of everybody only."""
        world = self.world
        of_pools = pool_values(self.pool_sums, world.catalogue.pools, pools, world.measured_days)
        table = np.full((len(values) + of_pools.size, len(groups)), np.nan)
        table[: len(values)] = values
        if "all" in groups:
            table[len(values) :, groups.index("all")] = of_pools
        return table


def days_of(world: World) -> Days:
    """Return the days that are simulated, and the first of them that is measured."""
    return _days(world.calendar.start, world.end_day, world.start_day)


@lru_cache(maxsize=16)
def _days(start: dt.date, end_day: int, first: int) -> Days:
    dates: NDArray[np.datetime64] = np.datetime64(start) + np.arange(end_day + 1)
    return Days(dates, first)


def remembered(measures: Measures, groups: Groups) -> tuple[str, ...]:
    """Return the steps that measures and groups ask for however long ago they were entered."""
    return tuple(dict.fromkeys((*groups.steps(), *RECORDED_STEPS, *measures.remembered())))


def lives_of(world: World, outcome: Outcome, population: Population, take: Take = fresh, number: int = 0) -> Lives:
    """Return the lives in a run that is at hand; of its state nothing is needed from then on.

    Parameters
    ----------
    take
        Gives the arrays of the lives and of counting; by default they are new.
    number
        Tells apart lives that are needed at the same time: those of a number last until the next ones of it.
    """
    state, ruled = outcome.state, ruled_in(outcome, population)
    if outcome.turnover is not None:
        take(ROWS, (0,), np.uint8)  # they are many, and not needed any more
    moves = moves_of(state.logged, population.entities.key.size, take, f"lives {number}")
    turns = tuple(state.turns[day] for day in world.turns.values())
    return Lives(world, population, moves, ruled, state.pool_sums.copy(), outcome.opening, take, turns)


def ruled_in(outcome: Outcome, population: Population) -> Bools:
    """Return to whom a rule makes a difference in a run that is at hand, ``bool[persons]``."""
    state, turnover = outcome.state, outcome.turnover
    ruled = state.ruled if turnover is None else turnover.ruled_in(state)
    return np.asarray(ruled[: population.entities.persons] > 0)


def limits_in(world: World, regime: str, measures: Measures, used: Floats) -> list[Limit]:
    """Return the figures that a capacity sets in a world.

    Parameters
    ----------
    regime
        Its name beside others.
    used
        ``pool_years`` of each replicate, ``[replicates, years, pools, 2]``.
    """
    return list(limits(world.statute, measures.measure, regime, used, world.catalogue.pools, tuple(world.turns)))


@on_arrays
def _mark_entered(moves: Moves, wanted: Bools, entered: Bools) -> None:
    """Mark the persons who enter one of the wanted steps."""
    for e in range(entered.size):
        for row in range(moves.start[e], moves.start[e + 1]):
            if wanted[moves.move[row] >> 8 & 0xFF]:
                entered[e] = True
                break
