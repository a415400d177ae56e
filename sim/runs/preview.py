"""Default + change: the whole country as it is, and the change measured in a small one.

A small country is not only noisy, its levels are wrong: queues with a fraction of a case a day wait otherwise. What a
change does to it is nearer the truth than the level under the change. So the whole country is run once under the
default, and what the change does to the small country is added, replicate by replicate on the same draws: a control
variate. Of changes that move queues themselves (capacities, inflow) a small country shows the direction only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from threading import Lock
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

from sim.files.errors import InputError
from sim.files.numbers import MOST_REPLICATES, whole_number
from sim.outcomes.intervals import CONFIDENCE
from sim.outcomes.measures import Measures
from sim.outcomes.pairing import MeasureLabel
from sim.runs.kinds import Kind, is_whole, kind_of
from sim.runs.people import KeptPeople
from sim.runs.replicate import read_replicate
from sim.runs.session import Cancel, Session

Floats = NDArray[np.float64]
GROWS, STAYS, UNKNOWN = range(3)
"""What a measure does with the size of a country: a count grows, a share stays; networks are as many in a small one."""


class Interval(NamedTuple):
    """A mean with its 95% interval."""

    mean: Floats
    low: Floats
    high: Floats


@dataclass(frozen=True)
class Sample:
    """Values of some replicates, and of how many people.

    Attributes
    ----------
    values
        ``[replicate, regime, measure, group]``.
    people
        How many are listed.
    """

    values: Floats
    people: int


@dataclass(frozen=True)
class Preview:
    """What the whole country would show under a change, from its default and a small country.

    Attributes
    ----------
    kind
        ``computed``, ``preview``, or ``direction only``: then only the sign of a change says something.
    level
        Under each regime, ``[regime, measure, group]``; NaN for networks, which a small country has as many of.
    difference
        Reform minus baseline, ``[reform, measure, group]``.
    """

    kind: Kind
    level: Interval
    difference: Interval


class SmallCountry:
    """A small country beside a session of the whole one: previews of changes while they are made.

    Threads may share it.

    Parameters
    ----------
    whole
        The session; its numbers as in the scenario are the default.
    persons
        How many people are listed in the small one; capacities are in proportion.
    replicates
        Replicates of the whole country under the default. They are run when the first preview is asked for.

    Raises
    ------
    InputError
        When a number is not accepted, or the session is of a small country itself.
    """

    def __init__(self, whole: Session, persons: int = 10_000, replicates: int = 8) -> None:
        scenario = whole.asked.scenario
        if not is_whole(scenario):
            problem = "a small country beside a small country"
            accepted = "a session of a scenario with inflow.scale = 1"
            raise InputError(problem, file=scenario.file, key="inflow", value=persons, accepted=accepted)
        self.replicates = whole_number(replicates, "replicates", 2, MOST_REPLICATES)
        fewer = whole_number(persons, "persons", 1, len(whole.people.names))
        inflow = {"scale": None, "persons": fewer, "capacities": "in_proportion"}
        self.whole, self.session = whole, Session.of(replace(whole.asked, scenario=scenario.replace(inflow=inflow)))
        self._sizes = sizes_of(Measures.load(scenario.own), whole.labels)
        self._before: dict[int, Floats] = {}
        self._lock = Lock()

    @cached_property
    def default(self) -> Sample:
        """The whole country as in the scenario."""
        same = Session.of(self.whole.asked, kept=KeptPeople(most=0))
        return Sample(np.stack([reading.values for reading in same.readings(self.replicates)]), len(same.people.names))

    def preview(self, changes: Mapping[str, float], replicates: int = 20, cancel: Cancel | None = None) -> Preview:
        """Return what the whole country would show under changes: its default plus the change of this small one.

        Parameters
        ----------
        changes
            As for ``Session.set``.
        replicates
            Of the small country, others than those of the default. Those without changes are kept for the next time.
        cancel
            When it is set, no further replicate is run; what is finished is shown.

        Raises
        ------
        InputError
            For changes that a session does not accept.
        """
        wanted = whole_number(replicates, "replicates", 2, MOST_REPLICATES)
        first = self.replicates
        with self._lock:
            self.session.set({})
            people, unchanged = len(self.session.people.names), self.session.setting
            self.session.set(changes)
            kind = kind_of(tuple(self.session.changes), self.session.queues, self.session.asked.scenario)
            readings = self.session.readings(wanted, first, cancel)
        before, after = [], []
        for reading in readings:
            if reading.replicate not in self._before:
                self._before[reading.replicate] = read_replicate(unchanged, reading.replicate).values
            before.append(self._before[reading.replicate])
            after.append(reading.values)
        shape = (len(before), *self.default.values.shape[1:])
        small = Sample(np.array(before).reshape(shape), people)
        changed = Sample(np.array(after).reshape(shape), people)
        return default_plus_change(self.default, small, changed, self._sizes, kind)


def default_plus_change(
    default: Sample, before: Sample, after: Sample, sizes: NDArray[np.int64], kind: Kind
) -> Preview:
    """Return the default of the whole country plus the change of a small one.

    Parameters
    ----------
    default
        The whole country without the change.
    before, after
        The small country without and with it: the same replicates, which are others than those of ``default``.
    sizes
        For each measure ``GROWS``, ``STAYS`` or ``UNKNOWN``, as ``sizes_of`` gives it.
    kind
        What the change is, as ``kind_of`` gives it.
    """
    ratio = np.where(sizes == GROWS, default.people / max(before.people, 1), 1.0)
    ratio = np.where(sizes == UNKNOWN, np.nan, ratio)[:, None]
    change = (after.values - before.values) * ratio
    level = _sum(default.values, change)
    difference = _sum(default.values[:, 1:] - default.values[:, :1], change[:, 1:] - change[:, :1])
    return Preview(kind, level, difference)


def _sum(one: Floats, other: Floats) -> Interval:
    """Return the sum of the means of two independent samples, with the interval of Welch and Satterthwaite."""
    (mean, square, count), (its_mean, its_square, its_count) = _moments(one), _moments(other)
    with np.errstate(invalid="ignore", divide="ignore"):
        freedom = (square + its_square) ** 2 / (square**2 / (count - 1) + its_square**2 / (its_count - 1))
        freedom = np.where(square + its_square > 0, freedom, 1.0)
        half = stdtrit(freedom, 0.5 + CONFIDENCE / 2) * np.sqrt(square + its_square)
    total = mean + its_mean
    return Interval(total, total - half, total + half)


def _moments(sample: Floats) -> tuple[Floats, Floats, NDArray[np.int64]]:
    """Return mean, squared standard error and number over the first axis, without what is undefined."""
    used = ~np.isnan(sample)
    count = used.sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.where(used, sample, 0.0).sum(axis=0) / count
        variance = np.where(used, sample - mean, 0.0) ** 2
        square = variance.sum(axis=0) / (count - 1) / count
    return mean, np.where(count > 1, square, np.nan), count


def sizes_of(measures: Measures, labels: tuple[MeasureLabel, ...]) -> NDArray[np.int64]:
    """Return what each measure does with the size of a country."""
    found = []
    for label in labels:
        measure = measures.measure.get(label.name) if label.world == "simulated" else None
        kind = label.unit if measure is None else measure.kind
        counts = ("persons", "cases", "entries", "days") if measure is not None else ("persons", "cases")
        found.append(UNKNOWN if kind == "networks" else GROWS if kind in counts else STAYS)
    return np.array(found, np.int64)
