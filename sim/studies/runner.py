"""One point of a study: all regimes on the same people, reduced to the readings of the study.

This is the only place where a study touches the engine. A worker keeps a session for each variant, so that a point is
a few written cells.
"""

from __future__ import annotations

import hashlib
import pickle
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import ThreadpoolController

from sim.files.errors import B8simError
from sim.policies.regime import Regime
from sim.runs.loading import Asked
from sim.runs.people import KeptPeople
from sim.runs.replicate import values_by_regime
from sim.runs.session import Session
from sim.scenarios.scenario import Scenario
from sim.studies.points import Point, Variety
from sim.studies.precision import FEWEST, enough, half_widths
from sim.studies.readings import Readings

if TYPE_CHECKING:
    from sim.studies.study import Study

Floats = NDArray[np.float64]
MOST_SESSIONS: Final = 32
"""Variants of a study that stay compiled; points come variant by variant."""


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
    """Runs points of one job, one after another, on a session for each variant that it keeps."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self._people, self._algebra = KeptPeople(), ThreadpoolController()
        self._sessions: OrderedDict[Variety, Session] = OrderedDict()

    def run(self, point: Point) -> Result:
        """Run a point; a failure is a result too, and stops nothing."""
        try:
            with self._algebra.limit(limits=1):
                return self._run(point)
        except B8simError as error:
            return Result(point.id, np.empty((0, 0, 0, 0)), f"{error}")
        except Exception as error:  # whatever it is, the other points must not be lost
            return Result(point.id, np.empty((0, 0, 0, 0)), f"{type(error).__name__}: {error}")

    def session(self, variant: Variety) -> Session:
        """Return the session of a variant: compiled once, and kept."""
        if variant not in self._sessions:
            scenario, regimes = self.job.variants[variant]
            # Persons to whom a rule makes a difference are in no reading of a study.
            self._sessions[variant] = Session.of(
                Asked(scenario.replace(seed=self.job.seed), regimes, {}, ""),
                kept=self._people,
                references=False,
                measures=self.job.readings.measures,
                groups=self.job.readings.groups,
            )
            while len(self._sessions) > MOST_SESSIONS:
                self._sessions.popitem(last=False)
        self._sessions.move_to_end(variant)
        return self._sessions[variant]

    def _run(self, point: Point) -> Result:
        session = self.session(point.variant)
        session.set(point.values)
        setting = session.setting
        digest = hashlib.sha256()
        values: list[Floats] = []
        history: list[dict[str, float]] = []
        while not self._done(len(values), history):
            with session.held() as held:
                population = setting.population(len(values), held.take)
                digest.update(population.hash.encode())
                by_regime = [counted.values for counted in values_by_regime(setting, population, held.take)]
            values.append(np.stack(by_regime)[:, self.job.readings.rows])
            if self.job.precision and len(values) >= FEWEST:
                history.append(half_widths(np.stack(values), self.job.readings.labels, self.job.precision))
        return Result(point.id, np.stack(values), "", digest.hexdigest(), history[-1] if history else None)

    def _done(self, replicates: int, history: list[dict[str, float]]) -> bool:
        if not self.job.precision:
            return replicates >= self.job.replicates
        if replicates >= max(self.job.most_replicates, self.job.replicates):
            return True
        return replicates >= self.job.replicates and bool(history) and enough(history)


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
