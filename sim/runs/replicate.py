"""One replicate of a comparison: the same people through every regime, reduced to small arrays."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.agents.population import Population
from sim.outcomes.counted import Counted
from sim.outcomes.groups import (
    CAUSES,
    EXIT_STEPS,
    OUTCOMES,
    RULE_GROUPS,
    Groups,
    arrived,
    exits,
    stands,
)
from sim.outcomes.history import History, Wanted, history
from sim.outcomes.incidence import incidence_by_group
from sim.outcomes.measures import Measures
from sim.outcomes.parting import Moves, Parted, parted
from sim.outcomes.pools import pool_values
from sim.outcomes.recorded import STEPS as RECORDED_STEPS
from sim.outcomes.recorded import Days, Period
from sim.runs.shared import Branching, outcomes
from sim.runs.world import Outcome, World
from sim.scenarios.scenario import Scenario

Floats = NDArray[np.float64]
INCIDENCE_STEP_DAYS: Final = 10
INCIDENCE_LAST_DAY: Final = 1460


@dataclass(frozen=True)
class Reduced:
    """One replicate; K regimes, M measures, G groups, O outcomes, C causes.

    Attributes
    ----------
    replicate
        Its number, from 0.
    values
        ``[K, M, G]``.
    rule_values
        ``[K - 1, 2, M, 2]``: for each reform, baseline and reform, for those whose rule made a difference and the rest.
    pairs
        ``[K - 1, G, O, O]`` persons.
    curves
        ``[K, G, C, days]`` cumulative incidence.
    transitions
        Number of moves, per regime.
    population_hash
        Of the people, in hexadecimal.
    """

    replicate: int
    values: Floats
    rule_values: Floats
    pairs: Floats
    curves: Floats
    transitions: NDArray[np.int64]
    population_hash: str


def incidence_grid(days: int) -> NDArray[np.int64]:
    """Return the days since arrival at which incidence is given."""
    return np.arange(0, min(days, INCIDENCE_LAST_DAY) + 1, INCIDENCE_STEP_DAYS)


def wanted(measures: Measures, groups: Groups) -> Wanted:
    """Return the steps that a history must keep for measures, groups, registers and exits."""
    return measures.wanted(*groups.steps(), *RECORDED_STEPS, *EXIT_STEPS)


def period_of(scenario: Scenario) -> Period:
    """Return the days of a scenario that are measured."""
    return Period(scenario.start, scenario.end)


def history_of(world: World, outcome: Outcome, population: Population, measures: Measures) -> History:
    """Return the history of each entity from the log of a run; its opening remembers what ``wanted`` asks, or all."""
    return history(
        outcome.log,
        world.catalogue,
        np.array(world.catalogue.slots, np.int32),
        outcome.state.step,
        world.end_day,
        wanted(measures, Groups.load(world.scenario.own)),
        outcome.opening,
        population.arrival,
    )


def days_of(world: World) -> Days:
    """Return the days that are simulated, and the first of them that is measured."""
    dates: NDArray[np.datetime64] = np.datetime64(world.calendar.start) + np.arange(world.end_day + 1)
    return Days(dates, world.start_day)


def counted(world: World, outcome: Outcome, population: Population, measures: Measures, past: History) -> Counted:
    """Count the measures of one run."""
    return Counted(measures, past, population, world.parameters, days_of(world))


def complete_values(count: Counted, groups: NDArray[np.bool_], names: tuple[str, ...], pools: Floats) -> Floats:
    """Return ``[M, G]``: measures of people, networks and pools; NaN for a measure without meaning for a group.

    Parameters
    ----------
    pools
        Values of the measures of pools.
    """
    people = count.values(groups)
    for row, values in count.network_values(names).items():
        people[row] = values
    table = np.full((pools.size, groups.shape[0]), np.nan)
    if "all" in names:
        table[:, names.index("all")] = pools
    return np.concatenate([people, table])


def values_of_pools(world: World, outcome: Outcome, pools: Sequence[str]) -> Floats:
    """Return the value of every measure of some pools; NaN for a pool that this world does not have."""
    return pool_values(outcome.state.pool_sums, world.catalogue.pools, pools, world.measured_days)


def pool_names(worlds: Sequence[World]) -> tuple[str, ...]:
    """Return the pools of all worlds, each once."""
    return tuple(dict.fromkeys(pool for world in worlds for pool in world.catalogue.pools))


@dataclass(frozen=True)
class Reading:
    """One replicate of a session; K regimes, M measures, G groups, O outcomes.

    Attributes
    ----------
    replicate
        Its number, from 0.
    values
        ``[K, M, G]``; NaN where a measure is undefined.
    pairs
        ``[K - 1, G, O, O]`` persons by outcome under the baseline and under each reform.
    parted
        For each reform the persons whose lives part.
    """

    replicate: int
    values: Floats
    pairs: Floats
    parted: tuple[Parted, ...]


@dataclass(frozen=True)
class Setting:
    """What all replicates share: worlds, people and what is counted of them.

    Attributes
    ----------
    worlds
        The baseline, compiled with the first reform as reference, then the reforms with the baseline as reference.
    baselines
        The baseline with each further reform as reference: run only to mark persons to whom rules make a difference.
    measures, groups
        What is counted, and for whom.
    pools
        The pools of all worlds.
    population
        Returns the people of a replicate.
    begins
        Where each world, and then each of ``baselines``, begins.
    """

    worlds: tuple[World, ...]
    baselines: tuple[World, ...]
    measures: Measures
    groups: Groups
    pools: tuple[str, ...]
    population: Callable[[int], Population]
    begins: tuple[Branching | None, ...]

    def run(self, population: Population) -> Iterator[Outcome]:
        """Run the worlds, then the baselines, on the same people, and yield the outcome of each."""
        return outcomes((*self.worlds, *self.baselines), self.begins, population, self.remembered)

    @cached_property
    def remembered(self) -> tuple[str, ...]:
        """The steps that are asked for however long ago they were entered."""
        return wanted(self.measures, self.groups).remembered

    @cached_property
    def steps(self) -> tuple[str, ...]:
        """The steps of all worlds, each once."""
        return tuple(dict.fromkeys(step for world in self.worlds for step in world.catalogue.steps))


@dataclass(frozen=True)
class Lived:
    """The people of one replicate after their life in one world.

    Attributes
    ----------
    outcome
        Log and last state.
    past
        Histories.
    count, of_pools
        Measures of people and of pools.
    """

    world: World
    outcome: Outcome
    past: History
    count: Counted
    of_pools: Floats

    def ruled(self, persons: int) -> NDArray[np.bool_]:
        """Return the persons to whom a rule makes a difference."""
        return np.asarray(self.outcome.state.ruled[:persons] > 0)

    def measured(self, persons: int) -> NDArray[np.bool_]:
        """Return the persons who are measured, ``bool[persons]``."""
        return np.isin(np.arange(persons), self.past.persons(persons), assume_unique=True)

    def moves(self, steps: Sequence[str], persons: int) -> Moves:
        """Return the moves of the persons, with the numbers of steps among ``steps``."""
        numbers, log = {step: number for number, step in enumerate(steps)}, self.outcome.log
        return Moves(
            log=log._replace(day=log.day - np.int16(self.world.start_day)),
            steps=np.array([numbers[step] for step in self.world.catalogue.steps], np.int16),
            outcome=stands(self.past, self.world.catalogue, persons),
            ruled=self.ruled(persons),
        )


def lived(setting: Setting, world: World, outcome: Outcome, population: Population) -> Lived:
    """Count what happened in a world."""
    past = history_of(world, outcome, population, setting.measures)
    count = counted(world, outcome, population, setting.measures, past)
    return Lived(world, outcome, past, count, values_of_pools(world, outcome, setting.pools))


def values_by_regime(
    setting: Setting, population: Population, runs: Iterator[Outcome] | None = None
) -> Iterator[tuple[Lived, NDArray[np.bool_], Floats]]:
    """Yield for each world, baseline first, the lives in it, the members of each group, and the values ``[M, G]``.

    Parameters
    ----------
    runs
        Those of ``Setting.run``, for a caller who needs the ones after the worlds.
    """
    here = arrived(population, setting.worlds[0].end_day)
    members = np.zeros((0, here.size), bool)
    for world, outcome in zip(setting.worlds, runs or setting.run(population), strict=False):
        lives = lived(setting, world, outcome, population)
        if world is setting.worlds[0]:
            # Groups have the same people under every regime: their conditions are evaluated under the baseline.
            members = setting.groups.members(population, here, lives.past)
        yield lives, members, complete_values(lives.count, members, setting.groups.names, lives.of_pools)


def read_replicate(setting: Setting, replicate: int) -> Reading:
    """Run one replicate of a session: every regime on the same people."""
    population = setting.population(replicate)
    persons = population.entities.persons
    values, pairs, apart = [], [], []
    baseline: Moves | None = None
    mine = np.zeros(persons, bool)
    for lives, members, value in values_by_regime(setting, population):
        values.append(value)
        moves = lives.moves(setting.steps, persons)
        if baseline is None:
            baseline, mine = moves, lives.measured(persons)
            continue
        pairs.append(_crossed(baseline.outcome, moves.outcome, members & (mine | lives.measured(persons))))
        apart.append(parted(baseline, moves))
    size = (0, len(setting.groups.names), len(OUTCOMES), len(OUTCOMES))
    return Reading(replicate, np.stack(values), np.stack(pairs) if pairs else np.zeros(size), tuple(apart))


def reduce_replicate(setting: Setting, replicate: int) -> Reduced:
    """Run one replicate of a comparison: baseline first, then each reform, on the same people."""
    population = setting.population(replicate)
    persons = population.entities.persons
    end_day = setting.worlds[0].end_day
    here = arrived(population, end_day)
    grid = incidence_grid(setting.worlds[0].measured_days - 1)
    values, curves, counts, stand, ruled, transitions, mine = [], [], [], [], [], [], []
    groups = np.zeros((0, persons), bool)
    runs = setting.run(population)
    for lives, groups, value in values_by_regime(setting, population, runs):
        values.append(value)
        counts.append((lives.count, lives.of_pools))
        curves.append(curves_of(lives.world, population, lives.past, groups, grid))
        mine.append(lives.measured(persons))
        stand.append(stands(lives.past, lives.world.catalogue, persons))
        ruled.append(lives.ruled(persons))
        transitions.append(lives.outcome.log.day.size)
    pairs, rule_values = [], []
    for k in range(1, len(setting.worlds)):
        other = ruled[0] if k == 1 else next(runs).state.ruled[:persons] > 0
        changed = ruled[k] | other
        split = np.stack([changed & here, ~changed & here])
        both = [complete_values(c, split, RULE_GROUPS, of_pools) for c, of_pools in (counts[0], counts[k])]
        rule_values.append(np.stack(both))
        pairs.append(_crossed(stand[0], stand[k], groups & (mine[0] | mine[k])))
    size = len(setting.groups.names)
    return Reduced(
        replicate=replicate,
        values=np.stack(values),
        rule_values=np.stack(rule_values) if rule_values else np.zeros((0, 2, values[0].shape[0], 2)),
        pairs=np.stack(pairs) if pairs else np.zeros((0, size, len(OUTCOMES), len(OUTCOMES))),
        curves=np.stack(curves),
        transitions=np.array(transitions, np.int64),
        population_hash=population_hash(population),
    )


def curves_of(
    world: World, population: Population, past: History, groups: NDArray[np.bool_], grid: NDArray[np.int64]
) -> Floats:
    """Return the cumulative incidence of the exits of each group, of those who come in the period."""
    mine = past.persons(population.entities.persons)
    arrival = population.entities.arrival[mine]
    time, cause = exits(past, np.where(arrival <= world.end_day, arrival, 0).astype(np.int16), world.end_day)
    came = arrival >= world.start_day
    return incidence_by_group(time[came], cause[came], groups[:, mine[came]], len(CAUSES), grid)


def _crossed(before: NDArray[np.int64], after: NDArray[np.int64], groups: NDArray[np.bool_]) -> Floats:
    """Return the counts of persons by outcome under the baseline and under the reform, for each group."""
    size = len(OUTCOMES)
    cell = before * size + after
    return np.stack([np.bincount(cell[group], minlength=size * size).reshape(size, size) for group in groups]).astype(
        np.float64
    )


def population_hash(population: Population) -> str:
    """Return the hash of the people and networks of one replicate."""
    digest = hashlib.sha256()
    for array in population.entities:
        digest.update(np.ascontiguousarray(array).tobytes() if isinstance(array, np.ndarray) else str(array).encode())
    return digest.hexdigest()
