"""One replicate of a comparison: the same people through every regime, reduced to small arrays."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.agents.population import Population
from sim.engine.held import Take, fresh
from sim.outcomes import cohorts
from sim.outcomes.count import Counts
from sim.outcomes.crossing import cross
from sim.outcomes.groups import OUTCOMES, RULE_GROUPS, Groups, arrived
from sim.outcomes.measures import Measures
from sim.outcomes.parting import Parted, Side, parted
from sim.outcomes.recorded import Period
from sim.runs.admission import Admission
from sim.runs.lives import Lives, lives_of, ruled_in
from sim.runs.parting import Parting, parting_of
from sim.runs.shared import ALL_ADMITTED, Branching, outcomes, shared_days
from sim.runs.world import Outcome, World
from sim.scenarios.scenario import Scenario

Floats = NDArray[np.float64]
INCIDENCE_STEP_DAYS: Final = 10
INCIDENCE_LAST_DAY: Final = 1460
TOLD: Final = 0
"""The replicate of which lives are told: the first, which every comparison has."""


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
    cohort_curves
        ``[K, cohorts, C, days]``: of the cohorts of the setting.
    pool_years
        What was used and offered of each pool in each year, per regime: ``[years, pools of the world, 2]``.
    transitions
        Number of moves, per regime.
    population_hash
        Of the people, in hexadecimal.
    parting
        Whose lives part, and where; of replicate ``TOLD`` only.
    """

    replicate: int
    values: Floats
    rule_values: Floats
    pairs: Floats
    curves: Floats
    cohort_curves: Floats
    pool_years: tuple[Floats, ...]
    transitions: NDArray[np.int64]
    population_hash: str
    parting: Parting | None = None


def incidence_grid(days: int) -> NDArray[np.int64]:
    """Return the days since arrival at which incidence is given."""
    return np.arange(0, min(days, INCIDENCE_LAST_DAY) + 1, INCIDENCE_STEP_DAYS)


def period_of(scenario: Scenario) -> Period:
    """Return the days of a scenario that are measured."""
    return Period(scenario.start, scenario.end)


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
        Returns the people of a replicate; their arrays are taken, or new where people are kept.
    remembered
        The steps that are asked for however long ago they were entered.
    steps
        The steps of all worlds, each once.
    numbers
        For each world the number of each of its steps among those of all worlds.
    begins
        Where each world, and then each of ``baselines``, begins.
    """

    worlds: tuple[World, ...]
    baselines: tuple[World, ...]
    measures: Measures
    groups: Groups
    pools: tuple[str, ...]
    population: Callable[[int, Take], Population]
    remembered: tuple[str, ...]
    steps: tuple[str, ...]
    numbers: tuple[NDArray[np.int16], ...]
    begins: tuple[Branching | None, ...]

    def run(self, population: Population, take: Take = fresh, admission: Admission = ALL_ADMITTED) -> Iterator[Outcome]:
        """Run the worlds, then the baselines, on the same people, and yield the outcome of each (see ``outcomes``)."""
        return outcomes((*self.worlds, *self.baselines), self.begins, population, self.remembered, take, admission)

    @cached_property
    def cohorts(self) -> list[cohorts.Cohort]:
        """The cohorts for whom exits are given apart."""
        first = self.worlds[0]
        parts = [shared_days(first, world) for world in self.worlds[1:]]
        days = (first.start_day, first.end_day)
        return cohorts.cohorts_of(first.calendar.start, *days, min(parts, default=None), self.groups.names)


class Counted(NamedTuple):
    """One world of a replicate: lives, what is counted of them, values ``[M, G]``, and members ``bool[G, persons]``."""

    lives: Lives
    counts: Counts
    values: Floats
    members: NDArray[np.bool_]


def values_by_regime(setting: Setting, population: Population, take: Take = fresh) -> Iterator[Counted]:
    """Yield what is counted in each world, baseline first.

    With ``take`` the lives under a reform last until those under the next one; those under the baseline remain.
    """
    names = setting.groups.names
    members = np.zeros((0, 0), bool)
    for world, outcome in zip(setting.worlds, setting.run(population, take), strict=False):
        is_baseline = world is setting.worlds[0]
        lives = lives_of(world, outcome, population, take, 0 if is_baseline else 1)
        if is_baseline:
            members = members_of(setting, lives)
        counts = lives.counts(setting.measures, names, members)
        yield Counted(lives, counts, lives.complete(counts.values, names, setting.pools), members)


def members_of(setting: Setting, baseline: Lives) -> NDArray[np.bool_]:
    """Return the members of each group, the same under every regime: conditions are evaluated under the baseline."""
    here = arrived(baseline.population, baseline.world.end_day)
    return setting.groups.members(baseline.population, here, baseline.ever)


def _side(numbers: NDArray[np.int16], lives: Lives, counts: Counts) -> Side:
    """Return the persons in a world, with the numbers of its steps among those of all worlds."""
    return Side(
        moves=lives.moves,
        first_day=lives.world.start_day,
        steps=numbers,
        outcome=counts.outcome,
        ruled=lives.ruled,
    )


def read_replicate(setting: Setting, replicate: int, take: Take = fresh) -> Reading:
    """Run one replicate of a session: every regime on the same people.

    Parameters
    ----------
    take
        Gives the arrays that are needed meanwhile; by default they are new.
    """
    population = setting.population(replicate, take)
    values, pairs, apart = [], [], []
    first: tuple[Counts, Side] | None = None
    regimes = zip(setting.numbers, values_by_regime(setting, population, take), strict=True)
    for numbers, (lives, counts, value, members) in regimes:
        values.append(value)
        side = _side(numbers, lives, counts)
        if first is None:
            first = counts, side
            continue
        pairs.append(_crossed(first[0], counts, members))
        apart.append(parted(first[1], side, take))
    size = (0, len(setting.groups.names), len(OUTCOMES), len(OUTCOMES))
    return Reading(replicate, np.array(values), np.array(pairs) if pairs else np.zeros(size), tuple(apart))


def reduce_replicate(setting: Setting, take: Take, replicate: int, admission: Admission = ALL_ADMITTED) -> Reduced:
    """Run one replicate of a comparison: baseline first, then each reform, on the same people.

    Parameters
    ----------
    take
        Gives the arrays that are needed meanwhile.
    admission
        As that of ``outcomes``.
    """
    population, names = setting.population(replicate, take), setting.groups.names
    runs = setting.run(population, take, admission)
    lived = [lives_of(world, next(runs), population, take, k) for k, world in enumerate(setting.worlds)]
    baseline, end_day = lived[0], setting.worlds[0].end_day
    here, groups = arrived(population, end_day), members_of(setting, baseline)
    grid, size, sides = (
        incidence_grid(baseline.world.measured_days - 1).astype(np.int32),
        len(names),
        (*names, *RULE_GROUPS),
    )
    by_arrival = cohorts.members_of(setting.cohorts, population.entities.arrival[: here.size], groups, names)
    sides = (*sides, *(f"{c.group} {c.name}" for c in setting.cohorts))
    counted, pairs, rule_values, ruled = [], [], [], []
    for k, lives in enumerate(lived[1:], start=1):
        changed = lives.ruled | (baseline.ruled if k == 1 else ruled_in(next(runs), population))
        ruled.append(changed)
        split = [changed & here, ~changed & here]
        # Whose rule changed is known after both runs, so that both are counted then.
        both = [*groups, *split, *by_arrival]
        if k == 1:
            counted.append(baseline.counts(setting.measures, sides, both, grid))
            before = counted[0].values[:, size : size + 2]
        else:
            before = baseline.counts(setting.measures, RULE_GROUPS, split).values
        counted.append(lives.counts(setting.measures, sides, both, grid))
        two = ((baseline, before), (lives, counted[k].values[:, size : size + 2]))
        rule_values.append(np.stack([one.complete(side, RULE_GROUPS, setting.pools) for one, side in two]))
        pairs.append(_crossed(counted[0], counted[k], groups))
    if not counted:
        nobody = np.zeros_like(here)
        counted = [baseline.counts(setting.measures, sides, [*groups, nobody, nobody, *by_arrival], grid)]
    values = [
        lives.complete(counts.values[:, :size], names, setting.pools)
        for lives, counts in zip(lived, counted, strict=True)
    ]
    return Reduced(
        replicate=replicate,
        values=np.stack(values),
        rule_values=np.stack(rule_values) if rule_values else np.zeros((0, 2, values[0].shape[0], 2)),
        pairs=np.stack(pairs) if pairs else np.zeros((0, size, len(OUTCOMES), len(OUTCOMES))),
        curves=np.stack([counts.curves[:size] for counts in counted]),
        cohort_curves=np.stack([counts.curves[size + 2 :] for counts in counted]),
        pool_years=tuple(lives.pool_years for lives in lived if lives.pool_years is not None),
        transitions=np.array([lives.moves.day.size for lives in lived], np.int64),
        population_hash=population.hash,
        parting=parting_of(replicate, lived, counted, ruled, groups) if ruled and replicate == TOLD else None,
    )


def _crossed(before: Counts, after: Counts, groups: NDArray[np.bool_]) -> Floats:
    """Return the counts of persons who are measured, by outcome under the baseline and the reform, for each group."""
    return cross(before.outcome, after.outcome, before.measured | after.measured, groups, len(OUTCOMES))
