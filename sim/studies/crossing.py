"""At which value of one factor something crosses a bound: by bisection, on the same people with the same draws.

Turning points: where the sign of a paired difference changes. What it would take: the smallest value at which a regime
reaches a target. Both with the width within which the replicates cannot tell.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Final, Literal

import numpy as np

from sim.files.errors import B8simError, InputError
from sim.files.place import Place
from sim.outcomes.intervals import mean_interval
from sim.studies.factors import CAPACITY, Factor, factors_of
from sim.studies.points import Point
from sim.studies.readings import readings_of
from sim.studies.runner import Job, Runner
from sim.studies.sample import Floats
from sim.studies.study import NOT_PUBLISHED, Study

FIRST_LOOK: Final = 9
"""Values over the range that are tried first, so that more than one crossing is found."""
HALVINGS: Final = 6
FEWEST_REPLICATES: Final = 5


@dataclass(frozen=True)
class Tried:
    """What came of one value: mean and 95% t-interval over replicates of what is to cross 0."""

    at: float
    mean: float
    low: float
    high: float

    @property
    def sign(self) -> int:
        """-1 or 1 where the interval is on one side of 0; 0 where it cannot be told."""
        return 1 if self.low > 0 else -1 if self.high < 0 else 0


@dataclass(frozen=True)
class Crossing:
    """Where a mean crosses 0.

    Attributes
    ----------
    at
        Between the last two values that were tried.
    low, high
        Between these the replicates cannot tell on which side it is; the end of the range where that goes on to it.
    rises
        Whether it is below 0 on the left.
    """

    at: float
    low: float
    high: float
    rises: bool


@dataclass(frozen=True)
class Search:
    """What came of a search.

    Attributes
    ----------
    factor
        What was varied.
    subject
        Of what the crossing is: a regime, or reform less baseline.
    target
        The bound.
    tried
        Every value that was tried, in order; means and intervals are those of the measure less the bound.
    crossings
        What was found; none where the sign is the same over the whole range.
    """

    factor: Factor
    subject: str
    target: float
    tried: tuple[Tried, ...]
    crossings: tuple[Crossing, ...]


def turning(
    study: Study, measure: str, by: str, *, replicates: int | None = None, low: float | None = None,
    high: float | None = None, group: str | None = None, variant: str | None = None,
) -> list[Search]:  # fmt: skip
    """Find the values of a factor at which the paired difference of a measure changes its sign, for each reform.

    Parameters
    ----------
    study
        Scenario and regimes; everything but the factor is as in its scenario.
    measure, group
        Whose difference; the first group of the study by default.
    by
        A parameter, or ``capacity.POOL``.
    replicates
        At each value; at least 5, and those of the study by default.
    low, high
        The range; that of the study or of the passport by default.
    variant
        Presets and readings, as the study names them ("H5", "as it is"); the first by default.

    Raises
    ------
    InputError
        When a name is unknown, or the factor is one that no published study varies.
    """
    ask = _Question(study, measure, by, replicates, low, high, group, variant)
    baseline = study.regimes[0]
    return [
        ask.search(f"{reform} less {baseline}", 0.0, partial(_difference, k), zero_is_no_sign=True)
        for k, reform in enumerate(study.regimes[1:], start=1)
    ]


def needed(
    study: Study, measure: str, by: str, target: float, side: Literal["at_most", "at_least"], *,
    replicates: int | None = None, low: float | None = None, high: float | None = None, group: str | None = None,
    variant: str | None = None,
) -> list[Search]:  # fmt: skip
    """Find the values of a lever at which each regime reaches a target; arguments as for `turning`.

    A mean below 0 in ``tried`` misses the target, one above 0 reaches it. What is needed is the first that rises;
    from its ``high`` on the target is reached beyond doubt.
    """
    ask = _Question(study, measure, by, replicates, low, high, group, variant)
    sign = -1.0 if side == "at_most" else 1.0
    return [ask.search(regime, target, partial(_reach, k, sign, target)) for k, regime in enumerate(study.regimes)]


def _variant(study: Study, name: str | None) -> tuple[Any, ...]:
    """Return presets, readings and drivers of the variant of a name."""
    named = {Point({}, *variant).variant_text: variant for variant in study.variants}
    if name is not None and name not in named:
        raise Place(study.file, "variant").unknown("variant of the study", name, named)
    return next(iter(named.values())) if name is None else named[name]


def _difference(k: int, values: Floats) -> Floats:
    return np.asarray(values[:, k] - values[:, 0])


def _reach(k: int, sign: float, target: float, values: Floats) -> Floats:
    return np.asarray(sign * (values[:, k] - target))


class _Question:
    """Runs a study at values of one factor, and keeps what it ran."""

    def __init__(
        self, study: Study, measure: str, by: str, replicates: int | None, low: float | None, high: float | None,
        group: str | None, variant: str | None,
    ) -> None:  # fmt: skip
        self.study = study
        self.factor = _factor(study, by, low, high)
        groups = study.readings.groups.names
        if group is not None and group not in groups:
            raise Place(study.file, "group").unknown("group among those of the study", group, groups)
        readings = readings_of(
            [measure], [group or groups[0]], study.readings.pools, _period(study), study.asked.scenario.own, study.place
        )
        wanted = max(replicates or study.document.study.replicates, FEWEST_REPLICATES)
        job = replace(Job.of(study), readings=readings, replicates=wanted, precision={})
        self.runner = Runner(job)
        self.variant = _variant(study, variant)
        self._values: dict[float, Floats] = {}

    def values(self, at: float) -> Floats:
        """Return the measure in every replicate under each regime, ``[replicates, regimes]``."""
        if at not in self._values:
            result = self.runner.run(Point({self.factor.name: at}, *self.variant))
            if result.error:
                raise B8simError(f"{self.factor.name} = {at:g}: {result.error}")
            self._values[at] = result.values[:, :, 0, 0]
        return self._values[at]

    def search(
        self, subject: str, target: float, of: Callable[[Floats], Floats], *, zero_is_no_sign: bool = False
    ) -> Search:
        """Look over the range, then halve every step over which the sign of the mean changes.

        A difference of exactly 0 has no sign: it lies between two signs, or beside one. A target that is met exactly is
        reached.
        """
        tried: dict[float, Tried] = {}

        def tryout(at: float) -> Tried:
            if at not in tried:
                found = mean_interval(of(self.values(at)))
                tried[at] = Tried(at, float(found.mean), float(found.low), float(found.high))
            return tried[at]

        first = [tryout(at) for at in self.factor.levels(FIRST_LOOK)]
        crossings = []
        for one, other in itertools.pairwise(t for t in first if not (zero_is_no_sign and t.mean == 0)):
            if (one.mean >= 0) != (other.mean >= 0):
                crossings.append(self._halved(one, other, tryout))
        every = sorted(tried.values(), key=lambda t: t.at)
        return Search(self.factor, subject, target, tuple(every), tuple(_widened(c, every) for c in crossings))

    def _halved(self, one: Tried, other: Tried, tryout: Callable[[float], Tried]) -> Crossing:
        rises = one.mean < other.mean
        for _ in range(HALVINGS):
            middle = self.factor.rounded((one.at + other.at) / 2)
            if middle in (one.at, other.at) or self.factor.values:
                break
            found = tryout(middle)
            if (found.mean >= 0) == rises:
                other = found
            else:
                one = found
        # Of the two the one that reaches it: what is needed is enough.
        at = other.at if rises else one.at
        return Crossing(at, one.at, other.at, rises)


def _widened(crossing: Crossing, tried: Sequence[Tried]) -> Crossing:
    """Return a crossing with the width within which the sign cannot be told."""
    left = [t.at for t in tried if t.at <= crossing.low and t.sign == (-1 if crossing.rises else 1)]
    right = [t.at for t in tried if t.at >= crossing.high and t.sign == (1 if crossing.rises else -1)]
    low = max(left, default=tried[0].at)
    high = min(right, default=tried[-1].at)
    return replace(crossing, low=low, high=high)


def _factor(study: Study, by: str, low: float | None, high: float | None) -> Factor:
    """Return the factor to vary: one of the study, or any parameter or capacity."""
    place = Place(study.file, "")
    if study.document.study.publication:
        for start, why in NOT_PUBLISHED.items():
            if by.startswith(start):
                raise InputError(f"{why}, so no study for publication searches over it", key="--by", value=by,
                                 accepted="publication = false in [study], for a study that stays inside")  # fmt: skip
    own = {factor.name: factor for factor in study.factors}
    if by in own and low is None and high is None:
        return own[by]
    scenario = study.asked.scenario
    known = scenario.parameter_values()
    given: Any = "passport"
    if low is not None or high is not None:
        usual = _factor(study, by, None, None)
        given = [usual.low if low is None else low, usual.high if high is None else high]
    tables: tuple[dict[str, Any], dict[str, Any]] = ({}, {})
    tables[by.startswith(CAPACITY)][by.removeprefix(CAPACITY)] = given
    found, _ = factors_of(*tables, known, place, scenario.document.capacity)
    return found[0]


def _period(study: Study) -> Any:
    from sim.runs.replicate import period_of

    return period_of(study.asked.scenario)
