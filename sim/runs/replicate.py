"""One replicate of a comparison: the same people through every regime, reduced to small arrays."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.agents.candidates import Candidates
from sim.agents.population import Population
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
from sim.outcomes.measures import Counted, Measures
from sim.outcomes.pools import pool_values
from sim.outcomes.recorded import STEPS as RECORDED_STEPS
from sim.outcomes.recorded import Days, Period
from sim.runs.world import Outcome, World, population_of, run_world
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
    days = np.datetime64(world.calendar.start) + np.arange(world.end_day + 1)
    return Days(days.astype("datetime64[Y]").astype(np.int64) + 1970, world.start_day)


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


def pool_names(worlds: list[World]) -> tuple[str, ...]:
    """Return the pools of all worlds, each once."""
    return tuple(dict.fromkeys(pool for world in worlds for pool in world.catalogue.pools))


def reduce_replicate(
    scenario: Scenario,
    worlds: list[World],
    baselines: list[World],
    people: Candidates,
    measures: Measures,
    seed: int,
    replicate: int,
) -> Reduced:
    """Run one replicate of a comparison: baseline first, then each reform, on the same people.

    Parameters
    ----------
    worlds
        The baseline, compiled with the first reform as reference, then the reforms with the baseline as reference.
    baselines
        The baseline with each further reform as reference: run only to mark persons to whom rules make a difference.
    """
    population = population_of(scenario, people, seed, replicate)
    persons = population.entities.persons
    here = arrived(population, worlds[0].end_day)
    grid = incidence_grid(worlds[0].measured_days - 1)
    pools = pool_names(worlds)
    all_groups, groups = Groups.load(scenario.own), np.zeros((0, persons), bool)
    remember = wanted(measures, all_groups).remembered
    values, curves, counts, stand, ruled, transitions, mine = [], [], [], [], [], [], []
    for world in worlds:
        outcome = run_world(world, population, remember)
        past = history_of(world, outcome, population, measures)
        if world is worlds[0]:
            # Groups have the same people under every regime: their conditions are evaluated under the baseline.
            groups = all_groups.members(population, here, past)
        count = counted(world, outcome, population, measures, past)
        of_pools = values_of_pools(world, outcome, pools)
        values.append(complete_values(count, groups, all_groups.names, of_pools))
        counts.append((count, of_pools))
        curves.append(curves_of(world, population, past, groups, grid))
        mine.append(np.isin(np.arange(persons), past.persons(persons), assume_unique=True))
        stand.append(stands(past, world.catalogue, persons))
        ruled.append(outcome.state.ruled[:persons] > 0)
        transitions.append(outcome.log.day.size)
        del outcome, past
    pairs, rule_values = [], []
    for k in range(1, len(worlds)):
        other = ruled[0] if k == 1 else run_world(baselines[k - 2], population, ()).state.ruled[:persons] > 0
        changed = ruled[k] | other
        split = np.stack([changed & here, ~changed & here])
        both = [complete_values(c, split, RULE_GROUPS, of_pools) for c, of_pools in (counts[0], counts[k])]
        rule_values.append(np.stack(both))
        pairs.append(_crossed(stand[0], stand[k], groups & (mine[0] | mine[k])))
    return Reduced(
        replicate=replicate,
        values=np.stack(values),
        rule_values=np.stack(rule_values) if rule_values else np.zeros((0, 2, values[0].shape[0], 2)),
        pairs=np.stack(pairs) if pairs else np.zeros((0, len(all_groups.names), len(OUTCOMES), len(OUTCOMES))),
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
