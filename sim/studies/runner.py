"""One point of a study: all regimes on the same people, reduced to the readings of the study.

This is the only place where a study touches the engine. What it keeps between points are the people; all else is made
for each point.
"""

from __future__ import annotations

import hashlib
import itertools
import pickle
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from sim.agents.population import Population
from sim.files.errors import B8simError
from sim.outcomes.groups import arrived
from sim.policies.regime import Regime
from sim.runs.executors import one_thread_for_algebra
from sim.runs.memory import Memory
from sim.runs.replicate import complete_values, counted, history_of, population_hash, values_of_pools, wanted
from sim.runs.world import World, make_world, people_of, population_of, run_world
from sim.scenarios.scenario import Scenario
from sim.studies.points import Point, Variety
from sim.studies.precision import FEWEST, enough, half_widths
from sim.studies.readings import Readings

if TYPE_CHECKING:
    from sim.studies.study import Study

Floats = NDArray[np.float64]
MOST_PERSONS_KEPT: Final = 400_000
"""People kept between points, over all replicates: some 150 MB."""


@dataclass(frozen=True)
class Job:
    """What a worker needs to run any point of a study; it can be pickled.

    Attributes
    ----------
    variants
        By presets, readings and drivers: scenario and regimes.
    readings, seed, replicates, precision, most_replicates
        As the study says.
    """

    variants: Mapping[Variety, tuple[Scenario, tuple[Regime, ...]]]
    readings: Readings
    seed: int
    replicates: int
    precision: Mapping[str, float]
    most_replicates: int

    @classmethod
    def of(cls, study: Study) -> Job:
        """Return the job of a study."""
        head = study.document.study
        variants = {key: (v.asked.scenario, v.asked.regimes) for key, v in study.variants.items()}
        return cls(variants, study.readings, study.seed, head.replicates, dict(head.precision), head.most_replicates)


@dataclass(frozen=True)
class Result:
    """What came of one point.

    Attributes
    ----------
    point
        Its identity.
    values
        ``[replicates, regimes, readings, groups]``; NaN where a measure is undefined. Empty if it failed.
    error
        Why it failed; empty if it did not.
    people_hash
        SHA-256 over the people of all replicates.
    precision
        Half width of the interval in parts of what was asked, by measure.
    """

    point: str
    values: Floats
    error: str = ""
    people_hash: str = ""
    precision: Mapping[str, float] | None = None


class Runner:
    """Runs points of one job, one after another."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self._people, self._populations = Memory(MOST_PERSONS_KEPT), Memory(MOST_PERSONS_KEPT)
        self._numbers = itertools.count()
        self._remember = wanted(job.readings.measures, job.readings.groups).remembered

    def run(self, point: Point) -> Result:
        """Run a point; a failure is a result too, and stops nothing."""
        try:
            with one_thread_for_algebra():
                return self._run(point)
        except B8simError as error:
            return Result(point.id, np.empty((0, 0, 0, 0)), f"{error}")
        except Exception as error:  # whatever it is, the other points must not be lost
            return Result(point.id, np.empty((0, 0, 0, 0)), f"{type(error).__name__}: {error}")

    def _run(self, point: Point) -> Result:
        scenario, regimes = self.job.variants[point.variant]
        scenario = scenario.replace(**point.changes) if point.changes else scenario
        worlds = [make_world(scenario, regime) for regime in regimes]
        parameters = scenario.parameter_values()
        number, people = self._people.get(
            point.variant,
            parameters,
            lambda p: (next(self._numbers), people_of(scenario, p)),
            lambda m: len(m[1].names),
        )
        digest = hashlib.sha256()
        values: list[Floats] = []
        history: list[dict[str, float]] = []
        while not self._done(len(values), history):
            replicate = len(values)
            make = partial(population_of, scenario, people, self.job.seed, replicate)
            population = self._populations.get((number, replicate), parameters, make, _persons)
            digest.update(population_hash(population).encode())
            values.append(self._replicate(worlds, population))
            if self.job.precision and len(values) >= FEWEST:
                history.append(half_widths(np.stack(values), self.job.readings.labels, self.job.precision))
        return Result(point.id, np.stack(values), "", digest.hexdigest(), history[-1] if history else None)

    def _done(self, replicates: int, history: list[dict[str, float]]) -> bool:
        if not self.job.precision:
            return replicates >= self.job.replicates
        if replicates >= max(self.job.most_replicates, self.job.replicates):
            return True
        return replicates >= self.job.replicates and bool(history) and enough(history)

    def _replicate(self, worlds: list[World], population: Population) -> Floats:
        """Return the readings of one replicate under each regime, ``[regimes, readings, groups]``."""
        readings = self.job.readings
        here = arrived(population, worlds[0].end_day)
        groups = np.zeros((0, 0), bool)
        out = []
        for world in worlds:
            outcome = run_world(world, population, self._remember)
            past = history_of(world, outcome, population, readings.measures)
            if world is worlds[0]:
                # The same people under every regime: conditions of a group look at the baseline.
                groups = readings.groups.members(population, here, past)
            count = counted(world, outcome, population, readings.measures, past)
            of_pools = values_of_pools(world, outcome, readings.pools)
            out.append(complete_values(count, groups, readings.groups.names, of_pools)[readings.rows])
        return np.stack(out)


def _persons(population: Population) -> int:
    return int(population.entities.persons)


def packed(job: Job) -> bytes:
    """Return a job as bytes, to send it to workers."""
    return pickle.dumps(job)


@lru_cache(maxsize=2)
def runner_of(job: bytes) -> Runner:
    """Return the runner of a job in this process: made once, and kept."""
    loaded: Any = pickle.loads(job)
    return Runner(loaded)


def run_points(job: bytes, points: tuple[Point, ...]) -> list[Result]:
    """Run some points in this process, for an executor."""
    runner = runner_of(job)
    return [runner.run(point) for point in points]
